-- Sealing and verifying the chain, retention and erasure.

create function private.audit_hash(previous_hash bytea, entry public.audit_entries)
returns bytea
language sql
immutable
set search_path = ''
as $$
  select extensions.digest(
    coalesce(previous_hash, ''::bytea) || convert_to(
      jsonb_build_array(
        entry.id, entry.organization_id, entry.number,
        floor(extract(epoch from entry.occurred_at) * 1000000)::bigint, entry.user_id, entry.role,
        entry.request_id, entry.action, entry.table_name, entry.record_id, entry.client_id,
        encode(entry.changes_hash, 'hex')
      )::text,
      'UTF8'
    ),
    'sha256'
  )
$$;

comment on function private.audit_hash(bytea, public.audit_entries) is
  'SHA-256 of the previous hash (nothing for the first) followed by the entry as a JSON array in UTF-8: id, '
  'organization_id, number, microseconds since 1970, user_id, role, request_id, action, table_name, record_id, '
  'client_id, changes_hash in hexadecimal.';

create function private.tg_audit_entries__guard()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  -- Two changes are allowed, both by the functions of this file: sealing once, and erasing contents.
  if tg_op = 'UPDATE'
    and (to_jsonb(new) - array['number', 'hash', 'changes']) = (to_jsonb(old) - array['number', 'hash', 'changes'])
    and (new.number is not distinct from old.number and new.hash is not distinct from old.hash or old.number is null)
    and (new.changes is not distinct from old.changes or new.changes is null)
  then
    return new;
  end if;
  -- Retention removes from the start of the chain, behind its checkpoint.
  if tg_op = 'DELETE' and exists (
    select 1
    from public.audit_checkpoints as c
    where c.organization_id = old.organization_id and old.number <= c.number
  ) then
    return old;
  end if;
  perform private.fail('invalid_state', 'The audit trail is never changed.');
  return null;
end
$$;

create trigger audit_entries_append_only before update or delete on public.audit_entries
  for each row execute function private.tg_audit_entries__guard();
create trigger audit_entries_no_truncate before truncate on public.audit_entries
  for each statement execute function private.tg__refuse_change();

create function private.tg_audit_checkpoints__guard()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  -- A checkpoint is a sealed entry old enough to go, and only moves forward.
  if tg_op <> 'DELETE' and (tg_op = 'INSERT' or new.number > old.number) and exists (
    select 1
    from public.audit_entries as e
    where e.organization_id = new.organization_id
      and e.number = new.number
      and e.hash = new.hash
      and e.occurred_at < now() - interval '1 year'
  ) then
    return new;
  end if;
  perform private.fail('invalid_state', 'Checkpoints are moved by retention only.');
  return null;
end
$$;

create trigger audit_checkpoints_guard before insert or update or delete on public.audit_checkpoints
  for each row execute function private.tg_audit_checkpoints__guard();
create trigger audit_checkpoints_no_truncate before truncate on public.audit_checkpoints
  for each statement execute function private.tg__refuse_change();

create function private.seal_audit(batch_size integer default 10000)
returns bigint
language plpgsql
security definer -- definer because nobody is granted writes on the trail
set search_path = ''
as $$
declare
  v_entry public.audit_entries;
  v_number bigint;
  v_hash bytea;
  v_organization_id uuid;
  v_count bigint := 0;
begin
  -- One sealer at a time; a second one has nothing to do.
  if not pg_try_advisory_xact_lock(hashtextextended('private.seal_audit', 0)) then
    return 0;
  end if;
  for v_entry in
    select e.*
    from (select u.id from public.audit_entries as u where u.number is null order by u.id limit batch_size) as open
    join public.audit_entries as e on e.id = open.id
    order by e.organization_id, e.id
  loop
    if v_organization_id is distinct from v_entry.organization_id then
      v_organization_id := v_entry.organization_id;
      select last.number, last.hash into v_number, v_hash
      from (
        (
          select s.number, s.hash
          from public.audit_entries as s
          where s.organization_id = v_organization_id and s.number is not null
          order by s.number desc
          limit 1
        )
        union all
        select c.number, c.hash from public.audit_checkpoints as c where c.organization_id = v_organization_id
      ) as last
      order by last.number desc
      limit 1;
    end if;
    v_number := coalesce(v_number, 0) + 1;
    v_entry.number := v_number;
    v_hash := private.audit_hash(v_hash, v_entry);
    update public.audit_entries as e set number = v_number, hash = v_hash where e.id = v_entry.id;
    v_count := v_count + 1;
  end loop;
  return v_count;
end
$$;

comment on function private.seal_audit(integer) is
  'Numbers and chains entries that are committed but not sealed; returns how many. Run by the scheduler each minute.';

create function private.broken_audit_entries(organization_id uuid default null)
returns setof public.audit_entries
language sql
stable
security definer -- definer because the check reads the whole trail
set search_path = ''
as $$
  select (e.entry).*
  from (
    select
      s as entry,
      lag(s.number) over chain as previous_number,
      lag(s.hash) over chain as previous_hash,
      c.number as checkpoint_number,
      c.hash as checkpoint_hash
    from public.audit_entries as s
    left join public.audit_checkpoints as c on c.organization_id = s.organization_id
    where s.number is not null
      and (broken_audit_entries.organization_id is null or s.organization_id = broken_audit_entries.organization_id)
    window chain as (partition by s.organization_id order by s.number)
  ) as e
  where (e.entry).number <> coalesce(e.previous_number, e.checkpoint_number, 0) + 1
    or (e.entry).hash <> private.audit_hash(coalesce(e.previous_hash, e.checkpoint_hash), e.entry)
    or (
      (e.entry).changes is not null
      and (e.entry).changes_hash <> extensions.digest((e.entry).changes::text, 'sha256')
    )
$$;

comment on function private.broken_audit_entries(uuid) is
  'Sealed entries that do not fit the chain: changed, removed before them, or reordered. None: the trail is whole.';

create function private.purge_audit(older_than interval default '10 years')
returns bigint
language plpgsql
security definer -- definer because nobody is granted writes on the trail
set search_path = ''
as $$
declare
  v_count bigint;
begin
  if older_than < interval '1 year' then
    perform private.fail('invalid_argument', 'The trail is kept for at least a year.');
  end if;
  insert into public.audit_checkpoints as c (organization_id, number, hash)
  select distinct on (e.organization_id) e.organization_id, e.number, e.hash
  from public.audit_entries as e
  where e.number is not null and e.occurred_at < now() - older_than
  order by e.organization_id, e.number desc
  on conflict on constraint audit_checkpoints_pkey do update
    set number = excluded.number, hash = excluded.hash
    where c.number < excluded.number;
  delete from public.audit_entries as e
  using public.audit_checkpoints as c
  where c.organization_id = e.organization_id and e.number <= c.number;
  get diagnostics v_count = row_count;
  return v_count;
end
$$;

comment on function private.purge_audit(interval) is
  'Removes entries older than the given age (at least a year) from the start of each chain, behind a checkpoint from '
  'which the rest still verifies; returns how many. Run by the scheduler.';

grant execute on function private.seal_audit(integer) to service_role;
grant execute on function private.broken_audit_entries(uuid) to service_role;
grant execute on function private.purge_audit(interval) to service_role;
