-- Delivery, for workers with the secret key: claim some messages under a lease, settle each. A worker
-- that dies leaves its lease to run out; then another claims the message under the same id, which
-- providers know it by, so that nothing doubles.

create function public.claim_messages(worker text, batch_size integer default 20, lease_seconds integer default 120)
returns json
language plpgsql
security definer -- definer because nobody is granted update on messages
set search_path = ''
as $$
declare
  v_lease uuid := gen_random_uuid();
  v_priority smallint;
  v_found uuid[];
  v_ids uuid[] := '{}';
  v_claimed json;
begin
  if coalesce(length(worker), 0) not between 1 and 100
    or coalesce(batch_size, 0) not between 1 and 500
    or coalesce(lease_seconds, 0) not between 5 and 3600
  then
    perform private.fail(
      'invalid_argument', 'worker has 1 to 100 characters, batch_size is 1 to 500, lease_seconds 5 to 3600.'
    );
  end if;

  -- One priority after the other: each is read in the order of its index, past what is not due yet.
  for v_priority in 1..9 loop
    select array_agg(d.id) into v_found
    from (
      select m.id
      from public.messages as m
      where m.status in ('pending', 'sending') and m.priority = v_priority and m.due_at <= now()
      order by m.due_at
      limit batch_size - cardinality(v_ids)
      for update skip locked
    ) as d;
    v_ids := v_ids || coalesce(v_found, '{}');
    exit when cardinality(v_ids) >= batch_size;
  end loop;

  update public.messages as m
  set status = 'failed', lease = null, leased_by = null, leased_until = null,
    error = case when m.expires_at <= now() then 'expired' else 'attempts_exhausted' end
  where m.id = any (v_ids)
    and (m.expires_at <= now() or m.attempts >= private.message_attempt_limit());

  with claimed as (
    update public.messages as m
    set status = 'sending', attempts = m.attempts + 1, lease = v_lease, leased_by = worker,
      leased_until = now() + make_interval(secs => lease_seconds)
    from public.messages as before
    where m.id = any (v_ids) and before.id = m.id and m.status in ('pending', 'sending')
    returning m.*, before.status = 'sending' as was_interrupted
  )
  select json_agg(
    json_build_object(
      'id', c.id, 'organization_id', c.organization_id, 'kind', c.kind, 'channel', c.channel,
      'attempts', c.attempts, 'was_interrupted', c.was_interrupted, 'lease', c.lease,
      'leased_until', c.leased_until
    )
    order by c.priority, c.send_after
  )
  into v_claimed
  from claimed as c;
  return coalesce(v_claimed, '[]');
end
$$;

comment on function public.claim_messages(text, integer, integer) is
  'Takes up to batch_size due messages for this worker, by priority, and counts the attempt. Returns a JSON array of '
  '{id, organization_id, kind, channel, attempts, was_interrupted, lease, leased_until}; was_interrupted: an earlier '
  'worker may have sent it already. For service_role. Errors: invalid_argument.';

create function private.suppress_address(
  organization_id uuid, channel public.message_channel, address text, reason text
)
returns void
language sql
security definer -- definer because nobody is granted insert on suppressed_addresses
set search_path = ''
as $$
  insert into public.suppressed_addresses (organization_id, channel, address, reason)
  select suppress_address.organization_id, suppress_address.channel, lower(btrim(address)), suppress_address.reason
  where suppress_address.channel in ('email', 'sms') and length(btrim(address)) between 1 and 320
  on conflict on constraint suppressed_addresses_organization_id_channel_address_key do nothing
$$;

comment on function private.suppress_address(uuid, public.message_channel, text, text) is
  'Remembers that nothing more is sent to an address.';

create function public.settle_message(
  message_id uuid,
  lease uuid,
  outcome text,
  provider text default null,
  provider_id text default null,
  error text default null,
  retry_after_seconds integer default null,
  send_after timestamptz default null
)
returns text
language plpgsql
security definer -- definer because nobody is granted update on messages
set search_path = ''
as $$
declare
  v_message public.messages;
  v_reason text := coalesce(left(settle_message.error, 500), 'unknown');
  v_status public.message_status;
  v_again_at timestamptz;
begin
  if outcome is null or outcome not in ('sent', 'retry', 'failed', 'cancelled', 'postponed') then
    perform private.fail('invalid_argument', 'outcome is sent, retry, failed, cancelled or postponed.');
  end if;
  if outcome = 'postponed' and not coalesce(isfinite(settle_message.send_after), false) then
    perform private.fail('invalid_argument', 'A message is postponed to send_after.');
  end if;
  select m.* into v_message from public.messages as m where m.id = message_id for update;
  if not found then
    perform private.fail('not_found', 'There is no such message.');
  end if;
  if v_message.status <> 'sending' or v_message.lease is distinct from settle_message.lease then
    -- Another worker has it, or it is settled: this worker's news come too late to matter.
    return v_message.status;
  end if;

  v_status := case outcome when 'sent' then 'sent' when 'cancelled' then 'cancelled' else 'failed' end;
  if outcome in ('retry', 'postponed') then
    v_again_at := case
      when outcome = 'postponed' then settle_message.send_after
      else now() + make_interval(
        secs => greatest(
          -- Doubling from half a minute to an hour, spread by a fifth so that a provider that comes back is not
          -- met by everybody at once.
          least(3600, 30 * 2 ^ (v_message.attempts - 1)) * (0.8 + 0.4 * random()),
          least(coalesce(retry_after_seconds, 0), 86400)
        )
      )
    end;
    if v_again_at >= v_message.expires_at then
      v_reason := 'expired';
    elsif outcome = 'postponed' or v_message.attempts < private.message_attempt_limit() then
      v_status := 'pending';
    end if;
  end if;

  update public.messages as m
  set status = v_status,
    lease = null,
    leased_by = null,
    leased_until = null,
    send_after = case when v_status = 'pending' then v_again_at else m.send_after end,
    -- Waiting for the morning is no attempt.
    attempts = m.attempts - (outcome = 'postponed')::integer,
    provider = coalesce(settle_message.provider, m.provider),
    provider_id = coalesce(settle_message.provider_id, m.provider_id),
    error = case when v_status = 'sent' then null else v_reason end,
    sent_at = case when v_status = 'sent' then now() else m.sent_at end
  where m.id = message_id;
  return v_status;
end
$$;

comment on function public.settle_message(uuid, uuid, text, text, text, text, integer, timestamptz) is
  'Ends a worker''s claim: sent; retry, after a wait that doubles, or failed when that was the last attempt; failed; '
  'cancelled; postponed to send_after, which is no attempt. Returns the message''s status. News of a worker whose '
  'lease another one has taken over change nothing. For service_role. Errors: invalid_argument, not_found.';

grant execute on function public.claim_messages(text, integer, integer) to service_role;
grant execute on function public.settle_message(uuid, uuid, text, text, text, text, integer, timestamptz)
  to service_role;

create function public.requeue_message(message_id uuid)
returns public.messages
language plpgsql
security definer -- definer because nobody is granted update on messages
set search_path = ''
as $$
declare
  v_message public.messages;
begin
  select m.* into v_message from public.messages as m where m.id = message_id for update;
  perform private.require_staff(v_message.organization_id, 'message', 'owner', 'admin');
  if v_message.status in ('pending', 'sending') then
    return v_message;
  end if;
  if v_message.status <> 'failed' or v_message.expires_at <= now() then
    perform private.fail('invalid_state', 'Only a failed message that has not expired can be queued again.');
  end if;
  update public.messages as m
  set status = 'pending', attempts = 0, send_after = now(), requeued_at = now(), error = null
  where m.id = message_id
  returning m.* into v_message;
  return v_message;
end
$$;

comment on function public.requeue_message(uuid) is
  'Queues a failed message again, with fresh attempts; one that waits already stays as it is. Owner and admin. '
  'Errors: invalid_state, not_found, forbidden.';

grant execute on function public.requeue_message(uuid) to authenticated;
