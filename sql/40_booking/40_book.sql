-- Booking. Guard order: signed in, found, permitted, arguments, idempotency, locks, then the slot.

create function private.client_is_busy(client_id uuid, during tstzrange, ignored_ids uuid[] default '{}')
returns boolean
language plpgsql
stable
security definer -- definer because the rule counts all appointments of the client
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
begin
  return exists (
    select 1
    from public.appointments as a
    where a.client_id = client_is_busy.client_id
      and a.status <> 'cancelled'
      -- The instants bound the index read: no session is longer than a day.
      and a.starts_at > lower(client_is_busy.during) - interval '24 hours'
      and a.starts_at < upper(client_is_busy.during)
      and a.during && client_is_busy.during
      and a.id <> all (ignored_ids)
  );
end
$$;

create function private.blocked_during(service public.services, slot private.open_slot)
returns tstzrange
language plpgsql
stable
set search_path = ''
as $$
declare
  v_blocked_during tstzrange;
begin
  -- Who joins a session takes the place it has, whatever the service's buffers are by now.
  if slot.session_id is not null then
    select a.blocked_during into v_blocked_during
    from public.appointments as a
    where a.practitioner_id = slot.practitioner_id
      and a.starts_at = slot.starts_at
      and a.session_id = slot.session_id
      and a.status <> 'cancelled'
    limit 1;
  end if;
  -- Also where the last participant cancelled since the slot was found.
  return coalesce(
    v_blocked_during,
    tstzrange(
      slot.starts_at - make_interval(mins => service.buffer_before_minutes),
      slot.ends_at + make_interval(mins => service.buffer_after_minutes)
    )
  );
end
$$;

comment on function private.blocked_during(public.services, private.open_slot) is
  'The interval of a slot with its buffers: in it practitioner and room are not free.';

-- Inserts one appointment into an open slot and pays it; null when the slot was lost to a parallel
-- booking of its room. The caller holds the calendars of practitioner and client.
create function private.insert_appointment(
  service public.services,
  slot private.open_slot,
  client_id uuid,
  note text,
  status public.appointment_status,
  block_id uuid default null,
  overlap_reason text default null
)
returns public.appointments
language plpgsql
security definer -- definer because nobody is granted insert on appointments
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
declare
  v_id uuid := private.create_id();
  v_is_paid boolean := service.price_amount = 0
    or private.can_spend_credits(service.organization_id, client_id, service.price_amount, service.currency);
  v_appointment public.appointments;
begin
  -- The client is looked at again under their calendar, which archiving and erasing take, too.
  insert into public.appointments (
    id, organization_id, location_id, client_id, practitioner_id, service_id, room_id, block_id, session_id,
    during, blocked_during, status, payment_status, price_amount, currency, mode, note,
    overlap_allowed_by, overlap_reason, created_by
  )
  select
    v_id, service.organization_id, slot.location_id, c.id, slot.practitioner_id, service.id, slot.room_id,
    block_id, coalesce(slot.session_id, v_id), tstzrange(slot.starts_at, slot.ends_at),
    private.blocked_during(service, slot),
    status, case when v_is_paid then 'paid' else 'unpaid' end::public.payment_status,
    service.price_amount, service.currency, service.mode, note,
    case when overlap_reason is not null then auth.uid() end, overlap_reason, auth.uid()
  from public.clients as c
  where c.id = client_id and c.archived_at is null
  -- Of the calendars only the room's may be lost: the others are held. Named, it is the only one that is looked
  -- at before the row is written as well as after.
  on conflict on constraint appointments_room_is_free do nothing
  returning * into v_appointment;

  if not found then
    if exists (select 1 from public.clients as c where c.id = client_id and c.archived_at is not null) then
      perform private.fail(
        'invalid_state', 'This client is archived.', 'Take the client back first (archive_client).'
      );
    end if;
  elsif v_is_paid and service.price_amount > 0 then
    perform private.spend_credits(
      service.organization_id, client_id, v_id, service.price_amount, service.currency
    );
  end if;
  return v_appointment;
end
$$;

-- Books one start with one practitioner. The caller holds the calendars of practitioner and client.
create function private.book_start(
  service public.services,
  practitioner_id uuid,
  client_id uuid,
  starts_at timestamptz,
  only_location_id uuid,
  only_room_id uuid,
  as_client boolean,
  note text,
  status public.appointment_status,
  block_id uuid default null
)
returns public.appointments
language plpgsql
security definer -- definer because nobody is granted insert on appointments
set search_path = ''
as $$
declare
  v_avoided uuid[] := '{}';
  v_may_wait boolean := false;
  v_slot private.open_slot;
  v_appointment public.appointments;
begin
  -- Every round is lost to another booking, so the rounds end; the bound is for what nobody thought of.
  for v_round in 1..100 loop
    v_slot := private.open_start(
      service, practitioner_id, starts_at, only_location_id, only_room_id, as_client, client_id,
      avoided_room_ids => v_avoided
    );
    if v_slot.starts_at is null then
      exit when v_avoided = '{}';
      -- No other room is left: ask again, and now wait for whoever is booking them.
      v_avoided := '{}';
      v_may_wait := true;
      continue;
    end if;

    -- A room that somebody else is booking this moment is passed over rather than waited for.
    if v_slot.room_id is not null and v_slot.session_id is null and not v_may_wait
      and not pg_try_advisory_xact_lock(hashtextextended(v_slot.room_id::text, 2))
    then
      v_avoided := v_avoided || v_slot.room_id;
      continue;
    end if;

    -- Lost to somebody whose booking of the room is visible by now: the next look decides.
    v_appointment := private.insert_appointment(service, v_slot, client_id, note, status, block_id);
    exit when v_appointment.id is not null;
  end loop;
  return v_appointment;
end
$$;

create type private.booking_request as (
  service public.services,
  client_id uuid,
  as_client boolean,
  status public.appointment_status
);
comment on type private.booking_request is
  'Who books what for whom, and the status it begins with: shared by single appointments and blocks.';

create function private.authorize_booking(service_id uuid, client_id uuid)
returns private.booking_request
language plpgsql
stable
security definer -- definer because it decides for clients and staff alike
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
declare
  v_request private.booking_request;
  v_user_id uuid := coalesce(auth.uid(), private.require_user());
  v_found record;
begin
  -- bookable_service and all that follows from it in one query: this is where every booking passes.
  select
    s as service,
    m.role,
    own.id as own_client_id,
    c.id as client_id,
    c.archived_at,
    st.auto_confirm
  into v_found
  from public.services as s
  join public.organization_settings as st on st.organization_id = s.organization_id
  left join public.members as m on m.organization_id = s.organization_id and m.user_id = v_user_id
  left join public.clients as own on own.organization_id = s.organization_id and own.user_id = v_user_id
  left join public.clients as c
    on c.organization_id = s.organization_id and c.id = coalesce(authorize_booking.client_id, own.id)
  where s.id = service_id and s.is_active;
  v_request.service := v_found.service;
  v_request.as_client := v_found.role is null;

  -- A service that only staff book does not exist for clients.
  if not found or (
    v_request.as_client and (v_found.own_client_id is null or not (v_request.service).is_public)
  ) then
    perform private.fail('not_found', 'There is no such service.', 'Choose a service of your organization.');
  end if;
  if client_id is null and v_found.own_client_id is null then
    perform private.fail('invalid_argument', 'client_id is required for staff.', 'Say whom the appointment is for.');
  end if;
  -- To a client, other clients do not exist.
  if v_found.client_id is null or (v_request.as_client and v_found.client_id <> v_found.own_client_id) then
    perform private.fail('not_found', 'There is no such client.');
  end if;
  if v_found.archived_at is not null then
    perform private.fail('invalid_state', 'This client is archived.', 'Take the client back first (archive_client).');
  end if;
  v_request.client_id := v_found.client_id;
  v_request.status := case when v_request.as_client and not v_found.auto_confirm then 'pending' else 'confirmed' end;
  return v_request;
end
$$;

comment on function private.authorize_booking(uuid, uuid) is
  'A client books for the own record, staff for any client of the organization. Errors: not_found, '
  'invalid_argument, invalid_state.';

create function private.require_room(organization_id uuid, room_id uuid, service_id uuid)
returns void
language plpgsql
stable
security definer -- definer because it decides for clients and staff alike
set search_path = ''
as $$
begin
  if room_id is null then
    return;
  end if;
  perform 1
  from public.rooms as r
  where r.id = require_room.room_id and r.organization_id = require_room.organization_id and r.is_active;
  if not found then
    perform private.fail('not_found', 'There is no such room.');
  end if;
  if not exists (
    select 1 from public.service_rooms as sr
    where sr.room_id = require_room.room_id and sr.service_id = require_room.service_id
  ) then
    perform private.fail('invalid_argument', 'This room does not hold this service.', 'Choose a room of the service.');
  end if;
end
$$;

-- The place of an appointment that staff put over others on purpose.
create function private.overlap_slot(
  service public.services, practitioner_id uuid, starts_at timestamptz, location_id uuid, room_id uuid
)
returns private.open_slot
language plpgsql
stable
security definer -- definer because it decides for callers who see only part of the supply
set search_path = ''
as $$
declare
  v_slot private.open_slot;
begin
  v_slot.practitioner_id := practitioner_id;
  v_slot.room_id := room_id;
  v_slot.starts_at := starts_at;
  v_slot.ends_at := starts_at + make_interval(mins => service.duration_minutes);
  v_slot.location_id := coalesce(
    (select r.location_id from public.rooms as r where r.id = overlap_slot.room_id),
    location_id,
    (
      select w.location_id
      from public.working_hours as w
      where w.organization_id = service.organization_id and w.practitioner_id = overlap_slot.practitioner_id
      order by w.valid_to is null desc, w.valid_to desc, w.weekday, w.location_id
      limit 1
    ),
    (
      select l.id
      from public.locations as l
      where l.organization_id = service.organization_id and l.is_active
      order by l.created_at, l.id
      limit 1
    )
  );
  return v_slot;
end
$$;

create function private.require_overlap_right(organization_id uuid, practitioner_id uuid, overlap_reason text)
returns void
language plpgsql
stable
security definer -- definer because it decides for callers who see only part of the supply
set search_path = ''
as $$
declare
  v_role public.member_role;
begin
  v_role := private.require_role(organization_id, 'owner', 'admin', 'receptionist', 'practitioner');
  if practitioner_id is null then
    perform private.fail('invalid_argument', 'An overlap names its practitioner.');
  end if;
  if v_role = 'practitioner' and practitioner_id <> all (private.current_practitioner_ids()) then
    perform private.fail('forbidden', 'A practitioner allows overlaps only in their own calendar.');
  end if;
  if coalesce(length(btrim(overlap_reason)), 0) not between 1 and 500 then
    perform private.fail('invalid_argument', 'An overlap has an overlap_reason of 1 to 500 characters.');
  end if;
end
$$;

create function public.book_appointment(
  service_id uuid,
  starts_at timestamptz,
  practitioner_id uuid default null,
  client_id uuid default null,
  room_id uuid default null,
  note text default null,
  idempotency_key text default null,
  location_id uuid default null,
  allow_overlap boolean default false,
  overlap_reason text default null
)
returns public.appointments
language plpgsql
security definer -- definer because nobody is granted insert on appointments
set search_path = ''
as $$
declare
  v_request private.booking_request := private.authorize_booking(service_id, client_id);
  v_service public.services := v_request.service;
  v_organization_id uuid := v_service.organization_id;
  v_practitioner_ids uuid[];
  v_practitioner_id uuid;
  v_is_taken boolean;
  v_slot private.open_slot;
  v_during tstzrange;
  v_answer jsonb;
  v_appointment public.appointments;
begin
  perform private.require_starts_at(starts_at);
  if length(note) > 2000 then
    perform private.fail('invalid_argument', 'note has at most 2000 characters.');
  end if;
  if room_id is not null then
    perform private.require_room(v_organization_id, room_id, v_service.id);
  end if;
  if practitioner_id is null then
    v_practitioner_ids := private.serving_practitioner_ids(service_id);
  else
    -- Somebody who sits exactly there is seen without waiting for the calendar, so that the losers of
    -- a rush for one slot do not queue behind one another.
    select
      array[sp.practitioner_id],
      v_service.seats = 1 and exists (
        select 1
        from public.appointments as a
        where a.practitioner_id = book_appointment.practitioner_id
          and a.starts_at = book_appointment.starts_at
          and a.status <> 'cancelled'
      )
    into v_practitioner_ids, v_is_taken
    from public.service_practitioners as sp
    join public.practitioners as p on p.id = sp.practitioner_id and p.is_active
    where sp.service_id = v_service.id and sp.practitioner_id = book_appointment.practitioner_id;
    if not found then
      perform private.fail('not_found', 'No such practitioner offers this service.');
    end if;
  end if;
  if location_id is not null and not exists (
    select 1
    from public.locations as l
    where l.id = book_appointment.location_id and l.organization_id = v_organization_id and l.is_active
  ) then
    perform private.fail('not_found', 'There is no such location.');
  end if;
  if allow_overlap then
    perform private.require_overlap_right(v_organization_id, practitioner_id, overlap_reason);
  end if;

  if idempotency_key is not null then
    v_answer := private.claim_idempotency_key(
      v_organization_id, 'book_appointment', idempotency_key,
      jsonb_build_array(
        service_id, extract(epoch from starts_at), practitioner_id, v_request.client_id, room_id, note, location_id,
        allow_overlap, overlap_reason
      )
    );
    if v_answer is not null then
      return jsonb_populate_record(null::public.appointments, v_answer);
    end if;
  end if;

  v_during := tstzrange(starts_at, starts_at + make_interval(mins => v_service.duration_minutes));
  if allow_overlap then
    perform private.lock_calendar(array[practitioner_id], '{}', array[v_request.client_id]);
    v_appointment := private.insert_appointment(
      v_service,
      private.overlap_slot(v_service, practitioner_id, starts_at, location_id, room_id),
      v_request.client_id, note, v_request.status, null, btrim(overlap_reason)
    );
  elsif practitioner_id is not null then
    if not v_is_taken then
      perform private.lock_calendar(array[practitioner_id], '{}', array[v_request.client_id]);
      v_appointment := private.book_start(
        v_service, practitioner_id, v_request.client_id, starts_at, location_id, room_id,
        v_request.as_client, note, v_request.status
      );
    end if;
  else
    -- Any practitioner: first where a session of the service can be joined, then who has least to do
    -- around that time. Each try holds one practitioner's calendar at a time; a lost one is let go with
    -- its savepoint.
    for v_practitioner_id in
      select p.id
      from unnest(v_practitioner_ids) as p (id)
      cross join lateral (
        select
          count(*) as count,
          coalesce(bool_or(a.starts_at = lower(v_during) and a.service_id = v_service.id), false) as has_session,
          coalesce(bool_or(a.during && v_during), false) as is_taken
        from public.appointments as a
        where a.practitioner_id = p.id
          and a.status <> 'cancelled'
          and a.starts_at > lower(v_during) - interval '24 hours'
          and a.starts_at < lower(v_during) + interval '24 hours'
      ) as load
      where not load.is_taken or (load.has_session and v_service.seats > 1)
      order by load.is_taken desc, load.count, p.id
    loop
      -- Asked before waiting for the calendar: most who are not free are known not to be.
      v_slot := private.open_start(
        v_service, v_practitioner_id, starts_at, location_id, room_id, v_request.as_client
      );
      continue when v_slot.starts_at is null;
      begin
        perform private.lock_calendar(array[v_practitioner_id], '{}', array[v_request.client_id]);
        v_appointment := private.book_start(
          v_service, v_practitioner_id, v_request.client_id, starts_at, location_id, room_id,
          v_request.as_client, note, v_request.status
        );
        exit when v_appointment.id is not null or private.client_is_busy(v_request.client_id, v_during);
        raise exception using errcode = 'PX001', message = 'next practitioner';
      exception
        when sqlstate 'PX001' then null;
      end;
    end loop;
  end if;

  if v_appointment.id is null then
    if private.client_is_busy(
      v_request.client_id, private.wanted_during(v_service, v_practitioner_ids, starts_at)
    ) then
      perform private.fail_slot('client_busy');
    end if;
    perform private.fail_slot(
      private.refuse_slot(
        v_service, v_practitioner_ids, starts_at, location_id, room_id, v_request.as_client, '{}'
      )
    );
  end if;

  if idempotency_key is not null then
    perform private.store_idempotent_response(
      v_organization_id, 'book_appointment', idempotency_key, to_jsonb(v_appointment)
    );
  end if;
  return v_appointment;
end
$$;

comment on function public.book_appointment(
  uuid, timestamptz, uuid, uuid, uuid, text, text, uuid, boolean, text
) is
  'Books a start that find_slots offers and pays it with credits when they cover the price. No practitioner_id: any '
  'free one; no client_id: the caller. allow_overlap (staff, with overlap_reason) books over everything, on record. '
  'Returns the appointment. Errors: slot_taken, client_busy, outside_working_hours, not_activated, too_late, '
  'not_found, forbidden, invalid_state, invalid_argument, idempotency_mismatch, idempotency_in_flight.';

grant execute on function public.book_appointment(
  uuid, timestamptz, uuid, uuid, uuid, text, text, uuid, boolean, text
) to authenticated;
