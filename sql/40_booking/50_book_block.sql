-- A series at the same local time, all or nothing (with every conflict listed), or skipping conflicts.

create function private.fail_with_conflicts(conflicts jsonb)
returns void
language plpgsql
set search_path = ''
as $$
begin
  -- detail is the list itself, so that a frontend can show each occurrence.
  perform private.fail(
    conflicts -> 0 ->> 'code', conflicts::text,
    'Choose other times, or pass skip_conflicts to leave these occurrences out.'
  );
end
$$;

comment on function private.fail_with_conflicts(jsonb) is
  'Raises the first conflict''s token with detail = JSON array of {occurrence, starts_at, code}.';

create function private.service_room_ids(service_id uuid)
returns uuid[]
language sql
stable
security definer -- definer because it is asked on behalf of clients and staff alike
set search_path = ''
as $$
  select coalesce(array_agg(sr.room_id), '{}')
  from public.service_rooms as sr
  where sr.service_id = service_room_ids.service_id
$$;

create function private.practitioner_timezone(service public.services, practitioner_id uuid, starts_at timestamptz)
returns text
language sql
stable
security definer -- definer because it is asked on behalf of clients and staff alike
set search_path = ''
as $$
  select l.timezone
  from public.locations as l
  left join public.working_hours as w on w.location_id = l.id and w.practitioner_id = practitioner_timezone.practitioner_id
  where l.organization_id = service.organization_id and l.is_active
  order by
    w.id is null,
    not (
      w.weekday = extract(isodow from starts_at at time zone l.timezone)
      and (starts_at at time zone l.timezone)::date between w.valid_from and coalesce(w.valid_to, 'infinity')
    ),
    l.created_at,
    l.id
  limit 1
$$;

comment on function private.practitioner_timezone(public.services, uuid, timestamptz) is
  'The zone whose wall clock a series keeps: of the location where the practitioner works on that day.';

create function public.book_block(
  service_id uuid,
  practitioner_id uuid,
  client_id uuid,
  starts_at timestamptz,
  occurrences integer,
  interval_weeks integer default 1,
  skip_conflicts boolean default false,
  idempotency_key text default null,
  room_id uuid default null,
  note text default null
)
returns setof public.appointments
language plpgsql
security definer -- definer because nobody is granted insert on appointments
set search_path = ''
as $$
declare
  v_request private.booking_request := private.authorize_booking(service_id, client_id);
  v_service public.services := v_request.service;
  v_answer jsonb;
  v_block_id uuid;
  v_timezone text;
  v_start timestamptz;
  v_token text;
  v_appointment public.appointments;
  v_booked public.appointments[] := '{}';
  v_conflicts jsonb := '[]';
begin
  perform private.require_starts_at(starts_at);
  if occurrences is null or occurrences not between 1 and 104 then
    perform private.fail('invalid_argument', 'occurrences is between 1 and 104.');
  end if;
  if interval_weeks is null or interval_weeks not between 1 and 52 then
    perform private.fail('invalid_argument', 'interval_weeks is between 1 and 52.');
  end if;
  perform private.require_starts_at(starts_at + make_interval(weeks => occurrences * interval_weeks));
  if length(note) > 2000 then
    perform private.fail('invalid_argument', 'note has at most 2000 characters.');
  end if;
  perform private.require_room(v_service.organization_id, room_id, v_service.id);
  if practitioner_id is null then
    perform private.fail('invalid_argument', 'practitioner_id is required.');
  end if;
  if private.serving_practitioner_ids(service_id, practitioner_id) = '{}' then
    perform private.fail('not_found', 'No such practitioner offers this service.');
  end if;

  v_answer := private.claim_idempotency_key(
    v_service.organization_id, 'book_block', idempotency_key,
    jsonb_build_array(
      service_id, practitioner_id, v_request.client_id, extract(epoch from starts_at), occurrences, interval_weeks, skip_conflicts,
      room_id, note
    )
  );
  if v_answer is not null then
    return query select * from jsonb_populate_recordset(null::public.appointments, v_answer);
    return;
  end if;

  perform private.lock_calendar(
    array[practitioner_id], private.service_room_ids(service_id), array[v_request.client_id]
  );
  insert into public.appointment_blocks (
    organization_id, client_id, practitioner_id, service_id, starts_at, occurrences, interval_weeks, created_by
  )
  values (
    v_service.organization_id, v_request.client_id, practitioner_id, service_id, starts_at, occurrences,
    interval_weeks, auth.uid()
  )
  returning id into v_block_id;

  v_timezone := private.practitioner_timezone(v_service, practitioner_id, starts_at);
  for v_number in 0..occurrences - 1 loop
    -- The first is the instant asked for, which its wall clock alone does not say in a repeated hour.
    v_start := case when v_number = 0 then starts_at
      else ((starts_at at time zone v_timezone) + make_interval(weeks => v_number * interval_weeks))
        at time zone v_timezone
    end;
    v_appointment := private.book_start(
      v_service, practitioner_id, v_request.client_id, v_start, null, room_id, v_request.as_client, note,
      v_request.status, v_block_id
    );
    if v_appointment.id is not null then
      v_booked := v_booked || v_appointment;
      if v_number = 0 then
        v_timezone := (select l.timezone from public.locations as l where l.id = v_appointment.location_id);
      end if;
      continue;
    end if;
    if private.client_is_busy(
      v_request.client_id, private.wanted_during(v_service, array[practitioner_id], v_start)
    ) then
      v_token := 'client_busy';
    else
      v_token := private.refuse_slot(
        v_service, array[practitioner_id], v_start, null, room_id, v_request.as_client, '{}'
      );
    end if;
    v_conflicts := v_conflicts
      || jsonb_build_object('occurrence', v_number + 1, 'starts_at', v_start, 'code', v_token);
  end loop;

  if v_conflicts <> '[]' and (v_booked = '{}' or skip_conflicts is not true) then
    perform private.fail_with_conflicts(v_conflicts);
  end if;

  if idempotency_key is not null then
    perform private.store_idempotent_response(
      v_service.organization_id, 'book_block', idempotency_key, to_jsonb(v_booked)
    );
  end if;
  return query select * from unnest(v_booked);
end
$$;

comment on function public.book_block(
  uuid, uuid, uuid, timestamptz, integer, integer, boolean, text, uuid, text
) is
  'Books occurrences (1-104) every interval_weeks at the same local time. With conflicts nothing is booked and the '
  'error''s detail lists them as JSON [{occurrence, starts_at, code}]; skip_conflicts books the others. Returns the '
  'appointments. Errors as book_appointment.';

grant execute on function public.book_block(
  uuid, uuid, uuid, timestamptz, integer, integer, boolean, text, uuid, text
) to authenticated;
