-- A practitioner is ill: every appointment of a day is cancelled or moved. Starting closes the day
-- and lists the appointments; run_bulk_operation then deals with them in small portions.

create function private.clear_day(
  practitioner public.practitioners, day date, kind text, parameters jsonb, close_day boolean, reason text
)
returns public.bulk_operations
language plpgsql
security definer -- definer because nobody is granted insert on operations
set search_path = ''
as $$
declare
  v_during tstzrange;
  v_ids uuid[];
begin
  perform private.require_token('clear_day:' || practitioner.organization_id, 100, 10);
  -- Locations in several zones: the day lasts from the first midnight to the last. A timestamp, since a date alone
  -- would be read as midnight of the session's zone.
  select tstzrange(
    min(clear_day.day::timestamp at time zone l.timezone), max((clear_day.day + 1)::timestamp at time zone l.timezone)
  )
  into v_during
  from public.locations as l
  where l.organization_id = practitioner.organization_id;
  if upper_inf(v_during) then
    perform private.fail('invalid_state', 'The organization has no location, so no day of it begins or ends.');
  elsif upper(v_during) <= now() then
    perform private.fail('too_late', 'This day is over.', 'Choose today or a later day.');
  end if;
  v_during := v_during * tstzrange(now(), null);

  -- Under the calendar: a booking on its way is listed, a later one finds the day closed.
  perform private.lock_calendar(array[practitioner.id]);
  if close_day and not exists (
    select 1
    from public.time_off as t
    where t.organization_id = practitioner.organization_id
      and t.practitioner_id = practitioner.id
      and t.location_id is null
      and t.during @> v_during
  ) then
    insert into public.time_off (organization_id, practitioner_id, during, reason)
    values (practitioner.organization_id, practitioner.id, v_during, nullif(btrim(clear_day.reason), ''));
  end if;

  v_ids := array(
    select a.id
    from public.appointments as a
    join public.locations as l on l.id = a.location_id
    where a.practitioner_id = practitioner.id
      and a.status in ('pending', 'confirmed')
      and a.starts_at >= lower(v_during)
      and a.starts_at < upper(v_during)
      and (a.starts_at at time zone l.timezone)::date = clear_day.day
    order by a.starts_at, a.id
  );
  return private.start_bulk(
    practitioner.organization_id, kind, parameters, array_fill('{}'::jsonb, array[cardinality(v_ids)]), v_ids
  );
end
$$;

comment on function private.clear_day(public.practitioners, date, text, jsonb, boolean, text) is
  'Closes the day from now on and starts an operation over its open appointments to come, first to last.';

create function public.cancel_day(
  practitioner_id uuid,
  day date,
  reason text default null,
  refund boolean default null,
  close_day boolean default true,
  idempotency_key text default null
)
returns public.bulk_operations
language plpgsql
security definer -- definer because nobody is granted insert on operations
set search_path = ''
as $$
declare
  v_practitioner public.practitioners := private.require_practitioner(practitioner_id);
  v_answer jsonb;
  v_operation public.bulk_operations;
begin
  perform private.require_date(day, 'day', is_required => true);
  perform private.require_text(reason, 'reason', 500, shortest => 0);
  v_answer := private.claim_idempotency_key(
    v_practitioner.organization_id, 'cancel_day', idempotency_key,
    jsonb_build_array(practitioner_id, day, reason, refund, close_day)
  );
  if v_answer is not null then
    -- A repeat goes on with what the first one started.
    return private.visible_bulk((v_answer ->> 'id')::uuid);
  end if;
  v_operation := private.clear_day(
    v_practitioner, day, 'cancel_day',
    jsonb_strip_nulls(
      jsonb_build_object('practitioner_id', practitioner_id, 'day', day, 'reason', reason, 'refund', refund)
    ),
    coalesce(close_day, true), reason
  );
  if idempotency_key is not null then
    perform private.store_idempotent_response(
      v_practitioner.organization_id, 'cancel_day', idempotency_key, to_jsonb(v_operation)
    );
  end if;
  return v_operation;
end
$$;

comment on function public.cancel_day(uuid, date, text, boolean, boolean, text) is
  'Starts cancelling all appointments to come of a practitioner''s local day, with refund unless refund=false, and '
  'closes the day unless close_day=false. Returns the operation: run_bulk_operation does it. For the desk, and '
  'practitioners for themselves. Errors: not_found, forbidden, invalid_argument, too_late, rate_limited.';

grant execute on function public.cancel_day(uuid, date, text, boolean, boolean, text) to authenticated;

create function public.move_day(
  practitioner_id uuid,
  from_day date,
  to_day date,
  to_practitioner_id uuid default null,
  latest_day date default null,
  close_day boolean default true,
  reason text default null,
  idempotency_key text default null
)
returns public.bulk_operations
language plpgsql
security definer -- definer because nobody is granted insert on operations
set search_path = ''
as $$
declare
  v_practitioner public.practitioners := private.require_practitioner(practitioner_id);
  v_to_id uuid := coalesce(to_practitioner_id, practitioner_id);
  v_latest_day date := coalesce(latest_day, to_day);
  v_answer jsonb;
  v_operation public.bulk_operations;
begin
  perform 1
  from public.practitioners as p
  where p.organization_id = v_practitioner.organization_id and p.id = v_to_id and p.is_active;
  if not found then
    perform private.fail('not_found', 'There is no such record.', 'Check the identifier.');
  end if;
  perform private.require_date(from_day, 'from_day', is_required => true);
  perform private.require_date(to_day, 'to_day', is_required => true);
  perform private.require_text(reason, 'reason', 500, shortest => 0);
  if v_latest_day not between to_day and to_day + 31 then
    perform private.fail('invalid_argument', 'latest_day is to_day or one of the 31 days after it.');
  end if;
  if from_day = to_day and v_to_id = practitioner_id then
    perform private.fail('invalid_argument', 'A day is moved to another day or another practitioner.');
  end if;
  v_answer := private.claim_idempotency_key(
    v_practitioner.organization_id, 'move_day', idempotency_key,
    jsonb_build_array(practitioner_id, from_day, to_day, to_practitioner_id, latest_day, close_day, reason)
  );
  if v_answer is not null then
    return private.visible_bulk((v_answer ->> 'id')::uuid);
  end if;
  v_operation := private.clear_day(
    v_practitioner, from_day, 'move_day',
    jsonb_build_object(
      'practitioner_id', practitioner_id, 'day', from_day, 'to_day', to_day, 'to_practitioner_id', v_to_id,
      'latest_day', v_latest_day
    ),
    coalesce(close_day, true), reason
  );
  if idempotency_key is not null then
    perform private.store_idempotent_response(
      v_practitioner.organization_id, 'move_day', idempotency_key, to_jsonb(v_operation)
    );
  end if;
  return v_operation;
end
$$;

comment on function public.move_day(uuid, date, date, uuid, date, boolean, text, text) is
  'Starts moving all appointments to come of a practitioner''s local day to another day or practitioner: to the same '
  'local time, else to the next free start until the end of latest_day (default to_day), at the same location. Closes '
  'from_day unless close_day=false. Returns the operation: run_bulk_operation does it. Rights as cancel_day. Errors: '
  'not_found, forbidden, invalid_argument, too_late, rate_limited.';

grant execute on function public.move_day(uuid, date, date, uuid, date, boolean, text, text) to authenticated;
