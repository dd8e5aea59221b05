-- Working through an operation: each item in a savepoint of its own, so that one refusal undoes
-- nothing else; small portions, so that calendars are not held for long.

create function private.require_still_there(appointment public.appointments, parameters jsonb)
returns void
language plpgsql
stable
set search_path = ''
as $$
begin
  if appointment.status not in ('pending', 'confirmed') then
    raise exception using errcode = 'PX004', message = format('This appointment is %s.', appointment.status);
  elsif appointment.starts_at <= now() then
    raise exception using errcode = 'PX004', message = 'This appointment has begun.';
  elsif appointment.practitioner_id <> (parameters ->> 'practitioner_id')::uuid
    or (parameters ->> 'day')::date <> (
      select (appointment.starts_at at time zone l.timezone)::date
      from public.locations as l
      where l.id = appointment.location_id
    )
  then
    raise exception using errcode = 'PX004', message = 'This appointment was moved meanwhile.';
  end if;
end
$$;

comment on function private.require_still_there(public.appointments, jsonb) is
  'Raises PX004, the sign to skip an item, when its appointment is no longer an open one of the day.';

create function private.move_to_day(appointment public.appointments, parameters jsonb)
returns jsonb
language plpgsql
security definer -- definer because nobody is granted update on appointments
set search_path = ''
as $$
declare
  v_service public.services;
  v_to_id uuid := (parameters ->> 'to_practitioner_id')::uuid;
  v_wanted timestamptz;
  v_start timestamptz;
  v_token text;
begin
  select s.* into v_service from public.services as s where s.id = appointment.service_id;
  if private.serving_practitioner_ids(v_service.id, v_to_id) = '{}' then
    perform private.fail('not_found', 'This practitioner does not offer the service.');
  end if;
  -- It keeps the length and buffers it was booked with.
  v_service.duration_minutes := extract(epoch from appointment.ends_at - appointment.starts_at) / 60;
  v_service.buffer_before_minutes :=
    extract(epoch from lower(appointment.during) - lower(appointment.blocked_during)) / 60;
  v_service.buffer_after_minutes :=
    extract(epoch from upper(appointment.blocked_during) - upper(appointment.during)) / 60;
  select ((parameters ->> 'to_day')::date + (appointment.starts_at at time zone l.timezone)::time) at time zone l.timezone
  into v_wanted
  from public.locations as l
  where l.id = appointment.location_id;

  for v_start in
    select distinct s.starts_at
    from private.open_slots(
      v_service, array[v_to_id], (parameters ->> 'to_day')::date, (parameters ->> 'latest_day')::date,
      only_location_id => appointment.location_id, ignored_ids => array[appointment.id]
    ) as s
    where s.starts_at >= v_wanted
    order by s.starts_at
    limit 50
  loop
    v_token := private.move_one(
      appointment, v_start, v_to_id, null, false, array[appointment.id], only_location_id => appointment.location_id
    );
    if v_token is null then
      return jsonb_build_object('from', appointment.starts_at, 'starts_at', v_start);
    end if;
  end loop;
  perform private.fail_slot(
    coalesce(
      v_token,
      private.refuse_slot(
        v_service, array[v_to_id], v_wanted, appointment.location_id, null, false, array[appointment.id]
      )
    )
  );
  return null;
end
$$;

comment on function private.move_to_day(public.appointments, jsonb) is
  'Moves a locked appointment as move_day was asked; returns {from, starts_at}, or raises why there is no start.';

create function private.change_item(kind text, subject_id uuid, parameters jsonb)
returns jsonb
language plpgsql
security definer -- definer because nobody is granted update on appointments
set search_path = ''
as $$
declare
  v_appointment public.appointments;
begin
  select a.* into v_appointment from public.appointments as a where a.id = subject_id;
  perform private.require_still_there(v_appointment, parameters);
  -- A place that is held for an offer is not moved: it is given up.
  if kind = 'move_day' and v_appointment.held_until is null then
    return private.move_to_day(v_appointment, parameters);
  end if;
  v_appointment := private.cancel_one(
    v_appointment.id, parameters ->> 'reason', (parameters ->> 'refund')::boolean, false
  );
  return jsonb_build_object('payment_status', v_appointment.payment_status);
end
$$;

create function private.run_items(operation public.bulk_operations, max_items integer)
returns void
language plpgsql
security definer -- definer because nobody is granted update on items
set search_path = ''
as $$
declare
  v_item public.bulk_operation_items;
  v_ids uuid[];
  v_status text;
  v_state text;
  v_code text;
  v_detail text;
  v_result jsonb;
begin
  v_ids := array(
    select i.subject_id
    from public.bulk_operation_items as i
    where i.operation_id = operation.id and i.status = 'pending'
    order by i.number
    limit max_items
  );
  -- Everything that the portion needs, once, in the order of everybody else; then nothing has to wait.
  perform private.lock_calendar(
    case when operation.kind = 'move_day' then array[
      (operation.parameters ->> 'practitioner_id')::uuid, (operation.parameters ->> 'to_practitioner_id')::uuid
    ] else '{}' end,
    case when operation.kind = 'move_day' then array(
      select distinct unnest(private.service_room_ids(s.service_id))
      from (select distinct a.service_id from public.appointments as a where a.id = any (v_ids)) as s
    ) else '{}' end,
    array(select distinct a.client_id from public.appointments as a where a.id = any (v_ids))
  );
  perform 1 from public.appointments as a where a.id = any (v_ids) order by a.id for update;

  for v_item in
    select i.*
    from public.bulk_operation_items as i
    where i.operation_id = operation.id and i.status = 'pending'
    order by i.number
    limit max_items
  loop
    v_status := 'done';
    v_code := null;
    v_detail := null;
    begin
      v_result := private.change_item(operation.kind, v_item.subject_id, operation.parameters);
      -- What is checked at commit would undo the whole portion there.
      set constraints all immediate;
      set constraints all deferred;
    exception
      when sqlstate 'PX004' then
        get stacked diagnostics v_detail = message_text;
        v_status := 'skipped';
        v_code := 'invalid_state';
        v_result := null;
      -- Not the item's fault: the whole portion is done again.
      when deadlock_detected or lock_not_available or serialization_failure then
        raise;
      when others then
        get stacked diagnostics v_state = returned_sqlstate, v_code = message_text, v_detail = pg_exception_detail;
        if v_state !~ '^PT4' then
          raise warning 'bulk operation % item %: % %', operation.id, v_item.number, v_state, v_code;
          v_code := 'internal_error';
          v_detail := 'Something went wrong on our side.';
        end if;
        v_status := 'failed';
        v_result := null;
    end;
    perform private.finish_bulk_item(operation.id, v_item.number, v_status, v_code, v_detail, v_result);
  end loop;
end
$$;

comment on function private.run_items(public.bulk_operations, integer) is
  'Deals with the next pending items of a locked operation. A refusal is the item''s result; a lock that cannot be had '
  'is an error and leaves everything pending.';

create function public.run_bulk_operation(operation_id uuid, max_items integer default 25)
returns public.bulk_operations
language plpgsql
security definer -- definer because nobody is granted update on items
set search_path = ''
as $$
declare
  v_operation public.bulk_operations := private.visible_bulk(operation_id);
begin
  if v_operation.kind not in ('cancel_day', 'move_day') then
    perform private.fail('invalid_argument', 'Operations of this kind are not run by calls.');
  end if;
  -- Rights may have gone since it was started.
  perform private.require_practitioner((v_operation.parameters ->> 'practitioner_id')::uuid);
  if max_items is null or max_items not between 1 and 100 then
    perform private.fail('invalid_argument', 'max_items is between 1 and 100.');
  end if;
  -- One runner at a time: a second one finds the row locked and has nothing to do.
  select o.* into v_operation
  from public.bulk_operations as o
  where o.id = operation_id and o.status = 'running'
  for no key update skip locked;
  if found then
    perform private.run_items(v_operation, max_items);
  end if;
  return private.visible_bulk(operation_id);
end
$$;

comment on function public.run_bulk_operation(uuid, integer) is
  'Deals with the next max_items (1-100) pending items of a cancel_day or move_day; returns the operation. Call until '
  'status is no longer running; what is left undone is finished by the scheduler. Two callers never do an item twice. '
  'Errors: not_found, forbidden, invalid_argument.';

grant execute on function public.run_bulk_operation(uuid, integer) to authenticated;

create function private.run_pending_bulk_operations()
returns bigint
language plpgsql
security definer -- definer because nobody is granted update on operations
set search_path = ''
as $$
declare
  v_claims text := coalesce(current_setting('request.jwt.claims', true), '');
  v_lock_timeout text := current_setting('lock_timeout');
  v_operation public.bulk_operations;
  v_state text;
begin
  -- An import waits for its file; whoever sent it has had a week to send it again.
  update public.bulk_operations as o
  set status = 'cancelled'
  where o.kind = 'import_clients' and o.status = 'running' and o.created_at < now() - interval '7 days';

  select o.* into v_operation
  from public.bulk_operations as o
  -- The caller who started it goes first.
  where o.kind in ('cancel_day', 'move_day') and o.status = 'running' and o.created_at < now() - interval '1 minute'
  order by o.created_at
  limit 1
  for no key update skip locked;
  if not found then
    return 0;
  end if;
  begin
    -- In the name of whoever asked, with the rights they have now. Jobs share a transaction with locks
    -- of their own, so this one does not wait for calendars: it tries again in a minute.
    perform set_config(
      'request.jwt.claims', jsonb_build_object('sub', v_operation.created_by, 'role', 'authenticated')::text, true
    );
    perform set_config('lock_timeout', '100ms', true);
    v_operation := public.run_bulk_operation(v_operation.id, 100);
  exception
    when lock_not_available then null;
    when others then
      get stacked diagnostics v_state = returned_sqlstate;
      if v_state not in ('PT401', 'PT403', 'PT404') then
        raise;
      end if;
      update public.bulk_operations as o set status = 'cancelled' where o.id = v_operation.id;
  end;
  perform set_config('request.jwt.claims', v_claims, true);
  perform set_config('lock_timeout', v_lock_timeout, true);
  return 1;
end
$$;

comment on function private.run_pending_bulk_operations() is
  'Goes on with the oldest operation that its caller left; returns how many it worked on. Whoever may no longer do it: '
  'it is cancelled. Run by the scheduler.';

create function private.tg_bulk_operation_items__check_change()
returns trigger
language plpgsql
security definer -- definer because the rule reads the appointment whatever the writer may see
set search_path = ''
as $$
begin
  if exists (
    select 1
    from public.bulk_operations as o
    left join public.appointments as a on a.id = new.subject_id and a.organization_id = new.organization_id
    where o.id = new.operation_id
      and o.kind in ('cancel_day', 'move_day')
      and (a.id is null or (o.kind = 'cancel_day' and new.status = 'done' and a.status <> 'cancelled'))
  ) then
    perform private.fail(
      'invalid_state', 'This item is of an appointment, and done when that is cancelled.', 'Use run_bulk_operation.'
    );
  end if;
  return null;
end
$$;

comment on function private.tg_bulk_operation_items__check_change() is
  'At commit: an item of cancel_day or move_day names an appointment, and did what it says.';

create constraint trigger bulk_operation_items_do_what_they_say
  after insert or update on public.bulk_operation_items
  deferrable initially deferred
  for each row execute function private.tg_bulk_operation_items__check_change();

create function private.bulk_changes_violations(only_organization_id uuid default null)
returns table (invariant text, organization_id uuid, record_id uuid, detail text)
language sql
stable
security definer -- definer because invariants span what no single caller may read
set search_path = ''
as $$
  select 'bulk_item_did_what_it_says', i.organization_id, i.subject_id, format('%s item %s', o.kind, i.number)
  from public.bulk_operations as o
  join public.bulk_operation_items as i on i.operation_id = o.id
  left join public.appointments as a on a.id = i.subject_id and a.organization_id = o.organization_id
  where (only_organization_id is null or o.organization_id = only_organization_id)
    and o.kind in ('cancel_day', 'move_day')
    and (a.id is null or (o.kind = 'cancel_day' and i.status = 'done' and a.status <> 'cancelled'))
$$;

comment on function private.bulk_changes_violations(uuid) is
  'Broken invariants of bulk changes: none in a sound database.';
