-- Idempotency keys: claimed in the transaction of the RPC that they guard, so that the key and its
-- effect are stored together or not at all. A key belongs to one organization, caller and operation.

create table private.idempotency_keys (
  organization_id uuid not null,
  user_id uuid not null,
  operation text not null,
  key text not null,
  request_hash bytea not null,
  response jsonb,
  created_at timestamptz not null default now(),
  primary key (organization_id, user_id, operation, key),
  constraint idempotency_keys_key_is_short check (length(key) between 1 and 255)
);

comment on table private.idempotency_keys is
  'One row per accepted key: the hash of the request and the answer that a repeat receives.';
comment on column private.idempotency_keys.response is
  'The first answer, as JSON. Never null after commit: the claiming transaction stores it.';

create index idempotency_keys_created_at_idx on private.idempotency_keys (created_at);

alter table private.idempotency_keys enable row level security;

create trigger idempotency_keys_keep_their_answer before update on private.idempotency_keys
  for each row when (old.response is not null and new.response is distinct from old.response)
  execute function private.tg__refuse_change();

create function private.claim_idempotency_key(
  organization_id uuid, operation text, key text, request jsonb
)
returns jsonb
language plpgsql
security definer -- definer because nobody is granted the table of keys
set search_path = ''
as $$
declare
  v_user_id uuid := private.require_user();
  v_hash bytea := extensions.digest(request::text, 'sha256');
  v_known private.idempotency_keys;
begin
  if key is null then
    return null;
  end if;
  if length(key) not between 1 and 255 or key !~ '^[\x21-\x7e]+$' then
    perform private.fail('invalid_argument', 'idempotency_key is 1 to 255 visible ASCII characters.');
  end if;

  -- A repeat while the first is still running must not wait for it: the caller may be retrying
  -- because it is slow. The lock ends with the transaction, whichever way that ends.
  if not pg_try_advisory_xact_lock(
    hashtextextended(concat_ws('|', organization_id, v_user_id, operation, key), 0)
  ) then
    perform private.fail(
      'idempotency_in_flight', 'A request with this key is still being processed.', 'Retry in a moment.'
    );
  end if;

  select k.* into v_known
  from private.idempotency_keys as k
  where k.organization_id = claim_idempotency_key.organization_id
    and k.user_id = v_user_id
    and k.operation = claim_idempotency_key.operation
    and k.key = claim_idempotency_key.key;

  if found then
    if v_known.request_hash <> v_hash then
      perform private.fail(
        'idempotency_mismatch', 'This key was used for another request.', 'Use a new key for a new request.'
      );
    end if;
    return v_known.response;
  end if;

  insert into private.idempotency_keys (organization_id, user_id, operation, key, request_hash)
  values (organization_id, v_user_id, operation, key, v_hash);
  return null;
end
$$;

comment on function private.claim_idempotency_key(uuid, text, text, jsonb) is
  'Returns the stored answer when this caller already made this request with this key, else claims the '
  'key and returns null. Errors: idempotency_mismatch, idempotency_in_flight, invalid_argument.';

create function private.store_idempotent_response(
  organization_id uuid, operation text, key text, response jsonb
)
returns void
language plpgsql
security definer -- definer because nobody is granted the table of keys
set search_path = ''
as $$
begin
  update private.idempotency_keys as k
  set response = store_idempotent_response.response
  where k.organization_id = store_idempotent_response.organization_id
    and k.user_id = auth.uid()
    and k.operation = store_idempotent_response.operation
    and k.key = store_idempotent_response.key;
end
$$;

comment on function private.store_idempotent_response(uuid, text, text, jsonb) is
  'Completes a claimed key with the answer that repeats receive.';

create function private.delete_old_idempotency_keys(older_than interval default '7 days')
returns bigint
language sql
security definer -- definer because nobody is granted the table of keys
set search_path = ''
as $$
  with gone as (
    delete from private.idempotency_keys where created_at < now() - older_than returning 1
  )
  select count(*) from gone
$$;

comment on function private.delete_old_idempotency_keys(interval) is
  'Forgets keys older than the given age (default 7 days); returns how many. Run by the scheduler.';

grant execute on function private.delete_old_idempotency_keys(interval) to service_role;
