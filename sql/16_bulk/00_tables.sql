-- Progress of work on many records: an operation with one item per record. A mechanism below all
-- domains that do such work: what an item means is theirs, that the counts are true is kept here.

create type public.bulk_operation_status as enum ('running', 'completed', 'cancelled');
comment on type public.bulk_operation_status is
  'running until the last item is finished (completed) or somebody stops it (cancelled). Both are final.';

create type public.bulk_item_status as enum ('pending', 'done', 'failed', 'skipped');
comment on type public.bulk_item_status is
  'pending → done, failed (refused, with a code) or skipped (there was nothing to do). All three are final.';

-- bulk_operations ---------------------------------------------------------------------------------

create table public.bulk_operations (
  id uuid primary key default private.create_id(),
  organization_id uuid not null references public.organizations (id) on delete restrict,
  kind text not null,
  status public.bulk_operation_status not null default 'running',
  managers_only boolean not null default false,
  parameters jsonb not null default '{}',
  total_count integer not null default 0,
  done_count integer not null default 0,
  failed_count integer not null default 0,
  skipped_count integer not null default 0,
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  unique (organization_id, id),
  constraint bulk_operations_kind_is_a_word check (kind ~ '^[a-z][a-z_]{2,62}$'),
  constraint bulk_operations_parameters_are_a_small_object
    check (jsonb_typeof(parameters) = 'object' and length(parameters::text) <= 10000),
  constraint bulk_operations_counts_are_possible check (
    least(total_count, done_count, failed_count, skipped_count) >= 0
    and done_count + failed_count + skipped_count <= total_count
  ),
  constraint bulk_operations_completed_is_all_items
    check (status <> 'completed' or done_count + failed_count + skipped_count = total_count),
  constraint bulk_operations_end_has_a_time check ((status = 'running') = (finished_at is null))
);

comment on table public.bulk_operations is
  'One piece of work on many records, with its progress. Started by the function that does the work; never deleted.';
comment on column public.bulk_operations.kind is 'What is done: cancel_day, move_day, import_clients, …';
comment on column public.bulk_operations.managers_only is
  'Whether only owner and admin may follow it; otherwise the desk and whoever started it.';
comment on column public.bulk_operations.parameters is 'What was asked for, as the starting function received it.';
comment on column public.bulk_operations.total_count is 'Items. This and the other counts are kept by the items.';
comment on column public.bulk_operations.finished_at is 'Set by the database when status leaves running.';

create index bulk_operations_organization_idx on public.bulk_operations (organization_id, created_at);
create index bulk_operations_created_by_idx on public.bulk_operations (created_by, organization_id);
create index bulk_operations_running_idx on public.bulk_operations (kind, created_at) where status = 'running';

create function private.tg_bulk_operations__guard()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if tg_op = 'INSERT' then
    new.status := 'running';
    new.total_count := 0;
    new.done_count := 0;
    new.failed_count := 0;
    new.skipped_count := 0;
    new.finished_at := null;
    return new;
  end if;
  if old.status <> 'running' then
    perform private.fail(
      'invalid_state', format('This operation is %s.', old.status), 'Start a new one for what is left.'
    );
  end if;
  if (new.id, new.organization_id, new.kind, new.managers_only, new.parameters, new.created_by, new.created_at)
    is distinct from
    (old.id, old.organization_id, old.kind, old.managers_only, old.parameters, old.created_by, old.created_at)
  then
    perform private.fail('invalid_state', 'What an operation was started for never changes.');
  end if;
  -- Only the items' own trigger is deeper.
  if pg_trigger_depth() < 2
    and (new.total_count, new.done_count, new.failed_count, new.skipped_count)
      is distinct from (old.total_count, old.done_count, old.failed_count, old.skipped_count)
  then
    perform private.fail('invalid_state', 'The counts are kept by the items.', 'Change the items.');
  end if;
  if new.total_count > 0 and new.done_count + new.failed_count + new.skipped_count = new.total_count then
    new.status := 'completed';
  end if;
  new.finished_at := case when new.status <> 'running' then now() end;
  return new;
end
$$;

comment on function private.tg_bulk_operations__guard() is
  'An operation begins empty and running, is completed by its last item, and never changes once it has ended.';

create trigger bulk_operations_guard before insert or update on public.bulk_operations
  for each row execute function private.tg_bulk_operations__guard();
create function private.tg_bulk_operations__check_items()
returns trigger
language plpgsql
security definer -- definer because the rule reads the operation whatever the writer may see
set search_path = ''
as $$
begin
  if exists (
    select 1 from public.bulk_operations as o where o.id = new.id and o.status = 'running' and o.total_count = 0
  ) then
    perform private.fail('invalid_state', 'An operation that runs has items.', 'Add items in the same transaction.');
  end if;
  return null;
end
$$;

comment on function private.tg_bulk_operations__check_items() is
  'At commit: nothing would ever end an operation that has no items.';

create constraint trigger bulk_operations_have_items
  after insert on public.bulk_operations
  deferrable initially deferred
  for each row execute function private.tg_bulk_operations__check_items();
create trigger bulk_operations_never_deleted before delete on public.bulk_operations
  for each row execute function private.tg__refuse_change();
create trigger bulk_operations_no_truncate before truncate on public.bulk_operations
  for each statement execute function private.tg__refuse_change();

-- bulk_operation_items ----------------------------------------------------------------------------

create table public.bulk_operation_items (
  operation_id uuid not null,
  number integer not null,
  organization_id uuid not null,
  managers_only boolean not null default false,
  subject_id uuid,
  payload jsonb not null default '{}',
  status public.bulk_item_status not null default 'pending',
  code text,
  detail text,
  result jsonb,
  finished_at timestamptz,
  primary key (operation_id, number),
  foreign key (organization_id, operation_id)
    references public.bulk_operations (organization_id, id) on delete restrict,
  constraint bulk_operation_items_number_is_positive check (number >= 1),
  constraint bulk_operation_items_payload_and_result_are_small check (
    jsonb_typeof(payload) = 'object' and length(payload::text) <= 20000
    and (result is null or length(result::text) <= 20000)
  ),
  constraint bulk_operation_items_code_is_a_word check (code ~ '^[a-z][a-z_]{0,62}$'),
  constraint bulk_operation_items_detail_is_short check (length(detail) <= 1000),
  constraint bulk_operation_items_outcome_fits_the_status check (
    (status = 'pending') = (finished_at is null)
    and case status
      when 'pending' then num_nonnulls(code, detail, result) = 0
      when 'failed' then code is not null
      else true
    end
  )
);

comment on table public.bulk_operation_items is
  'One record of a bulk operation each: what became of it. Finished items never change.';
comment on column public.bulk_operation_items.number is 'Position within the operation, 1, 2, 3 …: the key to page by.';
comment on column public.bulk_operation_items.managers_only is 'That of the operation, copied for the policy.';
comment on column public.bulk_operation_items.subject_id is
  'The record that it is about, if there was one: an appointment, a client. No foreign key: the record may go.';
comment on column public.bulk_operation_items.payload is 'What is needed to do it; its keys are those of the kind.';
comment on column public.bulk_operation_items.code is
  'Why it failed or was skipped: an error token (docs/errors.md), or of a mailing the error of its message.';
comment on column public.bulk_operation_items.detail is 'A sentence for people. No values of the record.';
comment on column public.bulk_operation_items.finished_at is 'Set by the database when status leaves pending.';

create index bulk_operation_items_operation_idx on public.bulk_operation_items (organization_id, operation_id);
create index bulk_operation_items_pending_idx on public.bulk_operation_items (operation_id, number)
  where status = 'pending';
create index bulk_operation_items_subject_idx on public.bulk_operation_items (subject_id)
  where subject_id is not null;

create function private.tg_bulk_operation_items__guard()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if tg_op = 'UPDATE' then
    if old.status <> 'pending' then
      perform private.fail('invalid_state', format('This item is %s.', old.status));
    end if;
    if (new.operation_id, new.number, new.organization_id, new.managers_only, new.subject_id, new.payload)
      is distinct from
      (old.operation_id, old.number, old.organization_id, old.managers_only, old.subject_id, old.payload)
    then
      perform private.fail('invalid_state', 'What an item is about never changes.');
    end if;
  else
    if new.status <> 'pending' then
      perform private.fail('invalid_state', 'An item begins pending.');
    end if;
    new.managers_only := coalesce(
      (select o.managers_only from public.bulk_operations as o where o.id = new.operation_id), true
    );
  end if;
  new.finished_at := case when new.status <> 'pending' then now() end;
  return new;
end
$$;

comment on function private.tg_bulk_operation_items__guard() is
  'An item begins pending, ends once, and stays what it was about.';

create function private.tg_bulk_operation_items__count()
returns trigger
language plpgsql
security definer -- definer because the counts follow the items whatever the writer may write
set search_path = ''
as $$
begin
  -- Once per statement: a batch of items is one change of its operation.
  if tg_op = 'INSERT' then
    update public.bulk_operations as o
    set total_count = o.total_count + n.items
    from (select i.operation_id, count(*)::integer as items from new_items as i group by i.operation_id) as n
    where o.id = n.operation_id;
  else
    update public.bulk_operations as o
    set
      done_count = o.done_count + n.done,
      failed_count = o.failed_count + n.failed,
      skipped_count = o.skipped_count + n.skipped
    from (
      select
        i.operation_id,
        count(*) filter (where i.status = 'done')::integer as done,
        count(*) filter (where i.status = 'failed')::integer as failed,
        count(*) filter (where i.status = 'skipped')::integer as skipped
      from new_items as i
      group by i.operation_id
    ) as n
    where o.id = n.operation_id;
  end if;
  return null;
end
$$;

comment on function private.tg_bulk_operation_items__count() is
  'Keeps the operation''s counts. Its row refuses them once it has ended, and with that the items too.';

create trigger bulk_operation_items_guard before insert or update on public.bulk_operation_items
  for each row execute function private.tg_bulk_operation_items__guard();
create trigger bulk_operation_items_count_new after insert on public.bulk_operation_items
  referencing new table as new_items
  for each statement execute function private.tg_bulk_operation_items__count();
create trigger bulk_operation_items_count_finished after update on public.bulk_operation_items
  referencing new table as new_items
  for each statement execute function private.tg_bulk_operation_items__count();
create trigger bulk_operation_items_never_deleted before delete on public.bulk_operation_items
  for each row execute function private.tg__refuse_change();
create trigger bulk_operation_items_no_truncate before truncate on public.bulk_operation_items
  for each statement execute function private.tg__refuse_change();
