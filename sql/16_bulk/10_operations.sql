-- What the domains that do bulk work call: start an operation, finish its items. And for callers:
-- which they follow, and stopping one.

create function private.current_bulk_operation_ids()
returns uuid[]
language plpgsql
stable
security definer -- definer because the policy of operations calls it
set search_path = ''
as $$
declare
  v_user_id uuid := auth.uid();
begin
  return array(
    select o.id
    from public.members as m
    join public.bulk_operations as o on o.organization_id = m.organization_id and o.created_by = m.user_id
    where m.user_id = v_user_id and m.role = 'practitioner' and not o.managers_only
  );
end
$$;

comment on function private.current_bulk_operation_ids() is
  'Operations that the caller started as a practitioner. The desk follows whole organizations.';

grant execute on function private.current_bulk_operation_ids() to authenticated;

create function private.start_bulk(
  organization_id uuid,
  kind text,
  parameters jsonb,
  payloads jsonb[],
  subject_ids uuid[] default null,
  managers_only boolean default false
)
returns public.bulk_operations
language plpgsql
security definer -- definer because nobody is granted insert on operations
set search_path = ''
as $$
declare
  v_operation public.bulk_operations;
  v_count integer := coalesce(cardinality(payloads), 0);
begin
  if subject_ids is not null and cardinality(subject_ids) <> v_count then
    perform private.fail('invalid_argument', 'There are as many subjects as payloads.');
  end if;
  insert into public.bulk_operations (organization_id, kind, managers_only, parameters)
  values (organization_id, kind, managers_only, coalesce(parameters, '{}'))
  returning * into v_operation;

  insert into public.bulk_operation_items (operation_id, number, organization_id, subject_id, payload)
  select v_operation.id, p.number, v_operation.organization_id, subject_ids[p.number], coalesce(p.payload, '{}')
  from unnest(payloads) with ordinality as p (payload, number);

  if v_count = 0 then
    update public.bulk_operations as o set status = 'completed' where o.id = v_operation.id;
  end if;
  select o.* into v_operation from public.bulk_operations as o where o.id = v_operation.id;
  return v_operation;
end
$$;

comment on function private.start_bulk(uuid, text, jsonb, jsonb[], uuid[], boolean) is
  'Starts an operation with one pending item per payload, numbered from 1; without any it is completed at once. '
  'The caller has checked the right to the organization, and guards repeats with an idempotency key.';

create function private.lock_bulk(operation_id uuid)
returns public.bulk_operations
language plpgsql
security definer -- definer because nobody is granted update on operations
set search_path = ''
as $$
declare
  v_operation public.bulk_operations;
begin
  select o.* into v_operation from public.bulk_operations as o where o.id = operation_id for no key update;
  return v_operation;
end
$$;

comment on function private.lock_bulk(uuid) is
  'Locks the operation''s row, so that items are finished by one transaction at a time. Before calendars and items.';

create function private.finish_bulk_item(
  operation_id uuid,
  number integer,
  status text,
  code text default null,
  detail text default null,
  result jsonb default null
)
returns void
language plpgsql
security definer -- definer because nobody is granted update on items
set search_path = ''
as $$
begin
  perform private.lock_bulk(operation_id);
  -- A worker that does an item again after a crash finds it finished: the first result stays.
  update public.bulk_operation_items as i
  set
    status = finish_bulk_item.status::public.bulk_item_status,
    code = finish_bulk_item.code,
    detail = left(finish_bulk_item.detail, 1000),
    result = finish_bulk_item.result
  where i.operation_id = finish_bulk_item.operation_id
    and i.number = finish_bulk_item.number
    and i.status = 'pending';
end
$$;

comment on function private.finish_bulk_item(uuid, integer, text, text, text, jsonb) is
  'Records what became of a pending item (done, failed, skipped); a finished one keeps its first result. Refused with '
  'invalid_state when the operation was cancelled, which undoes the item''s work with it.';

create function private.visible_bulk(operation_id uuid)
returns public.bulk_operations
language plpgsql
stable
security definer -- definer because it decides for callers of every role
set search_path = ''
as $$
declare
  v_operation public.bulk_operations;
  v_role public.member_role;
begin
  perform private.require_user();
  select o.* into v_operation from public.bulk_operations as o where o.id = operation_id;
  v_role := private.current_role_in(v_operation.organization_id);
  if v_role in ('owner', 'admin')
    or (not v_operation.managers_only and v_role = 'receptionist')
    or operation_id = any (private.current_bulk_operation_ids())
  then
    return v_operation;
  end if;
  perform private.fail('not_found', 'There is no such record.', 'Check the identifier.');
  return null;
end
$$;

comment on function private.visible_bulk(uuid) is
  'The operation, if the caller may follow it as the policy says; error not_found otherwise.';

create function public.cancel_bulk_operation(operation_id uuid)
returns public.bulk_operations
language plpgsql
security definer -- definer because nobody is granted update on operations
set search_path = ''
as $$
declare
  v_operation public.bulk_operations := private.visible_bulk(operation_id);
begin
  v_operation := private.lock_bulk(operation_id);
  if v_operation.status = 'cancelled' then
    return v_operation;
  end if;
  update public.bulk_operations as o set status = 'cancelled'
  where o.id = operation_id
  returning o.* into v_operation;
  return v_operation;
end
$$;

comment on function public.cancel_bulk_operation(uuid) is
  'Stops an operation: what is done stays done, pending items are left alone. Repeating answers the same. For '
  'whoever may follow it. Errors: not_found, invalid_state (completed).';

grant execute on function public.cancel_bulk_operation(uuid) to authenticated;

create function private.bulk_violations(only_organization_id uuid default null)
returns table (invariant text, organization_id uuid, record_id uuid, detail text)
language sql
stable
security definer -- definer because invariants span what no single caller may read
set search_path = ''
as $$
  with counted as (
    select
      o.id,
      count(i.number) as total,
      count(*) filter (where i.status = 'done') as done,
      count(*) filter (where i.status = 'failed') as failed,
      count(*) filter (where i.status = 'skipped') as skipped,
      count(*) filter (where i.organization_id <> o.organization_id) as foreign_items
    from public.bulk_operations as o
    left join public.bulk_operation_items as i on i.operation_id = o.id
    where only_organization_id is null or o.organization_id = only_organization_id
    group by o.id
  )
  select 'bulk_counts_are_those_of_the_items', o.organization_id, o.id, format('%s items', c.total)
  from counted as c
  join public.bulk_operations as o on o.id = c.id
  where (o.total_count, o.done_count, o.failed_count, o.skipped_count)
    is distinct from (c.total::integer, c.done::integer, c.failed::integer, c.skipped::integer)
    or c.foreign_items > 0
  union all
  select 'bulk_operation_ends_with_its_last_item', o.organization_id, o.id, o.status::text
  from counted as c
  join public.bulk_operations as o on o.id = c.id
  where (o.status = 'running') and c.done + c.failed + c.skipped = c.total
    or o.status = 'completed' and c.done + c.failed + c.skipped < c.total
$$;

comment on function private.bulk_violations(uuid) is
  'Broken invariants of bulk operations: none in a sound database.';
