-- Moving: same rules as booking anew, except that an appointment does not stand in its own way.

create function private.move_one(
  appointment public.appointments,
  starts_at timestamptz,
  practitioner_id uuid,
  room_id uuid,
  as_client boolean,
  ignored_ids uuid[],
  overlap_reason text default null,
  only_location_id uuid default null
)
returns text
language plpgsql
security definer -- definer because nobody is granted update on appointments
set search_path = ''
as $$
declare
  v_service public.services;
  v_slot private.open_slot;
begin
  select s.* into v_service from public.services as s where s.id = appointment.service_id;
  -- An appointment keeps the length and buffers it was booked with.
  v_service.duration_minutes := extract(epoch from appointment.ends_at - appointment.starts_at) / 60;
  v_service.buffer_before_minutes :=
    extract(epoch from lower(appointment.during) - lower(appointment.blocked_during)) / 60;
  v_service.buffer_after_minutes :=
    extract(epoch from upper(appointment.blocked_during) - upper(appointment.during)) / 60;

  if overlap_reason is not null then
    v_slot := private.overlap_slot(
      v_service, practitioner_id, starts_at, appointment.location_id, coalesce(room_id, appointment.room_id)
    );
  else
    v_slot := private.open_start(
      v_service, practitioner_id, starts_at, only_location_id, room_id, as_client, ignored_ids => ignored_ids
    );
    if v_slot.starts_at is null then
      return private.refuse_slot(
        v_service, array[practitioner_id], starts_at, only_location_id, room_id, as_client, ignored_ids
      );
    end if;
    if private.client_is_busy(appointment.client_id, tstzrange(v_slot.starts_at, v_slot.ends_at), ignored_ids) then
      return 'client_busy';
    end if;
  end if;

  update public.appointments as a
  set
    during = tstzrange(v_slot.starts_at, v_slot.ends_at),
    blocked_during = private.blocked_during(v_service, v_slot),
    practitioner_id = v_slot.practitioner_id,
    location_id = v_slot.location_id,
    room_id = v_slot.room_id,
    session_id = coalesce(v_slot.session_id, a.session_id),
    overlap_allowed_by = case when move_one.overlap_reason is not null then auth.uid() else a.overlap_allowed_by end,
    overlap_reason = coalesce(move_one.overlap_reason, a.overlap_reason)
  where a.id = appointment.id;
  return null;
exception
  when exclusion_violation then return 'slot_taken';
end
$$;

comment on function private.move_one(
  public.appointments, timestamptz, uuid, uuid, boolean, uuid[], text, uuid
) is
  'Moves one locked appointment; returns null, or the error token when the new time is refused. The caller holds '
  'the calendars of both practitioners, the service''s rooms and the client.';

create function private.prepare_move(appointment_id uuid, starts_at timestamptz, practitioner_id uuid, room_id uuid)
returns private.appointment_change
language plpgsql
security definer -- definer because it decides for clients and staff alike
set search_path = ''
as $$
declare
  v_change private.appointment_change := private.authorize_change(appointment_id, true);
  v_appointment public.appointments := v_change.appointment;
begin
  perform private.require_starts_at(starts_at);
  perform private.require_room(v_appointment.organization_id, room_id, v_appointment.service_id);
  if private.serving_practitioner_ids(
    v_appointment.service_id, coalesce(practitioner_id, v_appointment.practitioner_id)
  ) = '{}' then
    perform private.fail('not_found', 'No such practitioner offers this service.');
  end if;
  return v_change;
end
$$;

create function private.lock_for_move(appointment public.appointments, scope text, practitioner_id uuid)
returns uuid[]
language plpgsql
security definer -- definer because it is asked on behalf of clients and staff alike
set search_path = ''
as $$
declare
  v_ids uuid[];
  v_practitioner_ids uuid[];
begin
  -- Which calendars to lock is read before they are locked; when somebody moved the appointment
  -- meanwhile, the savepoint lets go of the locks and the next round asks again.
  loop
    begin
      v_practitioner_ids := array(
        select distinct a.practitioner_id
        from public.appointments as a
        where a.id = any (private.block_appointment_ids(appointment, scope))
      ) || lock_for_move.practitioner_id;
      perform private.lock_calendar(
        v_practitioner_ids, private.service_room_ids(appointment.service_id), array[appointment.client_id]
      );
      v_ids := private.block_appointment_ids(appointment, scope);
      perform 1 from public.appointments as a where a.id = any (v_ids) order by a.id for update;
      if not exists (
        select 1
        from public.appointments as a
        where a.id = any (v_ids) and a.practitioner_id <> all (v_practitioner_ids)
      ) then
        return v_ids;
      end if;
      raise exception using errcode = 'PX002', message = 'moved meanwhile';
    exception
      when sqlstate 'PX002' then null;
    end;
  end loop;
end
$$;

comment on function private.lock_for_move(public.appointments, text, uuid) is
  'Locks the calendars that a move touches and the appointments themselves; returns the appointments'' ids.';

create function private.require_client_may_move(appointment public.appointments)
returns void
language plpgsql
stable
security definer -- definer because clients do not read organization_settings
set search_path = ''
as $$
begin
  if now() > appointment.starts_at - make_interval(
    mins => (
      select s.cancellation_window_minutes
      from public.organization_settings as s
      where s.organization_id = appointment.organization_id
    )
  ) then
    perform private.fail('too_late', 'It is too late to move this appointment.', 'Ask the practice.');
  end if;
end
$$;

create function public.reschedule_appointment(
  appointment_id uuid,
  starts_at timestamptz,
  practitioner_id uuid default null,
  room_id uuid default null,
  idempotency_key text default null,
  allow_overlap boolean default false,
  overlap_reason text default null
)
returns public.appointments
language plpgsql
security definer -- definer because nobody is granted update on appointments
set search_path = ''
as $$
declare
  v_change private.appointment_change := private.prepare_move(appointment_id, starts_at, practitioner_id, room_id);
  v_appointment public.appointments := v_change.appointment;
  v_answer jsonb;
  v_practitioner_id uuid := coalesce(practitioner_id, v_appointment.practitioner_id);
  v_token text;
begin
  if allow_overlap then
    perform private.require_overlap_right(v_appointment.organization_id, v_practitioner_id, overlap_reason);
  end if;
  v_answer := private.claim_idempotency_key(
    v_appointment.organization_id, 'reschedule_appointment', idempotency_key,
    jsonb_build_array(appointment_id, extract(epoch from starts_at), practitioner_id, room_id, allow_overlap, overlap_reason)
  );
  if v_answer is not null then
    return jsonb_populate_record(null::public.appointments, v_answer);
  end if;

  perform private.lock_for_move(v_appointment, 'this', v_practitioner_id);
  v_appointment := private.lock_appointment(appointment_id, 'pending', 'confirmed');
  perform private.require_still_permitted(v_change, v_appointment);
  if v_change.as_client then
    perform private.require_client_may_move(v_appointment);
  end if;

  v_token := private.move_one(
    v_appointment, starts_at, coalesce(practitioner_id, v_appointment.practitioner_id), room_id,
    v_change.as_client, array[appointment_id], case when allow_overlap then btrim(overlap_reason) end
  );
  if v_token is not null then
    perform private.fail_slot(v_token);
  end if;
  select a.* into v_appointment from public.appointments as a where a.id = appointment_id;

  if idempotency_key is not null then
    perform private.store_idempotent_response(
      v_appointment.organization_id, 'reschedule_appointment', idempotency_key, to_jsonb(v_appointment)
    );
  end if;
  return v_appointment;
end
$$;

comment on function public.reschedule_appointment(uuid, timestamptz, uuid, uuid, text, boolean, text) is
  'Moves an appointment to another free start, optionally practitioner or room; it may overlap its own old time. '
  'Price and payment stay. Clients: not inside the cancellation window. Returns the appointment. Errors as '
  'book_appointment.';

grant execute on function public.reschedule_appointment(uuid, timestamptz, uuid, uuid, text, boolean, text)
  to authenticated;

create function public.reschedule_block(
  appointment_id uuid,
  scope text,
  starts_at timestamptz,
  practitioner_id uuid default null,
  room_id uuid default null,
  idempotency_key text default null
)
returns setof public.appointments
language plpgsql
security definer -- definer because nobody is granted update on appointments
set search_path = ''
as $$
declare
  v_change private.appointment_change := private.prepare_move(appointment_id, starts_at, practitioner_id, room_id);
  v_appointment public.appointments := v_change.appointment;
  v_answer jsonb;
  v_timezone text;
  v_shift interval;
  v_ids uuid[];
  v_start timestamptz;
  v_token text;
  v_conflicts jsonb := '[]';
begin
  v_answer := private.claim_idempotency_key(
    v_appointment.organization_id, 'reschedule_block', idempotency_key,
    jsonb_build_array(appointment_id, scope, extract(epoch from starts_at), practitioner_id, room_id)
  );
  if v_answer is not null then
    return query select * from jsonb_populate_recordset(null::public.appointments, v_answer);
    return;
  end if;

  -- Every occurrence moves by the same local time.
  v_ids := private.lock_for_move(v_appointment, scope, coalesce(practitioner_id, v_appointment.practitioner_id));
  v_appointment := private.lock_appointment(appointment_id, 'pending', 'confirmed');
  perform private.require_still_permitted(v_change, v_appointment);
  v_timezone := (select l.timezone from public.locations as l where l.id = v_appointment.location_id);
  v_shift := (starts_at at time zone v_timezone) - (v_appointment.starts_at at time zone v_timezone);

  -- In the direction of the move, so that an occurrence never meets one that has yet to make room.
  for v_appointment in
    select a.*
    from public.appointments as a
    where a.id = any (v_ids)
    order by
      case when v_shift > interval '0' then a.starts_at end desc,
      case when v_shift <= interval '0' then a.starts_at end
  loop
    if v_change.as_client then
      perform private.require_client_may_move(v_appointment);
    end if;
    -- The one named is moved to the instant asked for, which its wall clock alone does not say in a
    -- repeated hour.
    v_start := case when v_appointment.id = reschedule_block.appointment_id then reschedule_block.starts_at
      else ((v_appointment.starts_at at time zone v_timezone) + v_shift) at time zone v_timezone
    end;
    v_token := private.move_one(
      v_appointment, v_start, coalesce(practitioner_id, v_appointment.practitioner_id), room_id,
      v_change.as_client, array[v_appointment.id]
    );
    if v_token is not null then
      v_conflicts := v_conflicts || jsonb_build_object(
        'appointment_id', v_appointment.id, 'starts_at', v_start, 'code', v_token
      );
      -- What could not make room is out of the way of the others until all is taken back: theirs is no conflict.
      update public.appointments as a set status = 'cancelled', cancelled_at = now()
      where a.id = v_appointment.id;
    end if;
  end loop;

  if v_conflicts <> '[]' then
    perform private.fail(
      v_conflicts -> 0 ->> 'code', v_conflicts::text, 'Choose another time, or move the occurrences one by one.'
    );
  end if;

  if idempotency_key is not null then
    perform private.store_idempotent_response(
      (v_change.appointment).organization_id, 'reschedule_block', idempotency_key,
      (
        select coalesce(jsonb_agg(to_jsonb(a) order by a.starts_at), '[]')
        from public.appointments as a
        where a.id = any (v_ids)
      )
    );
  end if;
  return query
  select a.* from public.appointments as a where a.id = any (v_ids) order by a.starts_at;
end
$$;

comment on function public.reschedule_block(uuid, text, timestamptz, uuid, uuid, text) is
  'Moves appointments of a series, all or none, by the local time between appointment_id''s start and starts_at; '
  'scope as in cancel_block. On conflicts detail lists them as JSON [{appointment_id, starts_at, code}]. Returns '
  'the moved appointments. Errors as book_appointment.';

grant execute on function public.reschedule_block(uuid, text, timestamptz, uuid, uuid, text) to authenticated;
