-- What happens to appointments is told: to the client, and to the practitioner unless it was the
-- practitioner. A place that is only held for an offer is nothing to tell of. Reminders are
-- outbox rows, one per appointment time and rule, cancelled with the time they tell of.
--
-- A booking leaves one row here, because everybody waits for bookings and up to a dozen rows come of
-- telling: worker and job write those a moment later. Changes are told at once.

-- booking_announcements -------------------------------------------------------------------------------

create table private.booking_announcements (
  -- No foreign keys: written with the appointment by its trigger, and appointments are never deleted.
  appointment_id uuid primary key,
  organization_id uuid not null,
  booked_by uuid,
  booked_at timestamptz not null
);

comment on table private.booking_announcements is
  'Bookings that nobody has been told of yet. announce_bookings turns each into messages, and removes it.';
comment on column private.booking_announcements.booked_by is 'Who booked, and so is not told in the inbox.';

alter table private.booking_announcements enable row level security;

create function private.has_device(user_id uuid)
returns boolean
language plpgsql
stable
security definer -- definer because nobody is granted the table of devices
set search_path = ''
as $$
begin
  return user_id is not null
    and exists (select 1 from private.push_devices as d where d.user_id = has_device.user_id);
end
$$;

comment on function private.has_device(uuid) is 'Whether push messages reach this user.';

create function private.tell_of_appointment(
  appointment public.appointments, kind text, subject_id uuid, tag text, reminds boolean, actor_id uuid
)
returns void
language plpgsql
security definer -- definer because nobody is granted insert on messages
set search_path = ''
as $$
declare
  v_key text := concat_ws(':', kind, subject_id, tag);
  v_data jsonb := jsonb_build_object('appointment_id', appointment.id, 'starts_at', appointment.starts_at);
  v_client_user_id uuid;
  v_practitioner_user_id uuid;
begin
  -- Whoever did it knows it; the others hear of it in the inbox, and on their devices.
  if kind is not null then
    select
      nullif(c.user_id, actor_id),
      case when kind <> 'appointment_confirmed' then nullif(p.user_id, actor_id) end
    into v_client_user_id, v_practitioner_user_id
    from public.clients as c, public.practitioners as p
    where c.id = appointment.client_id and p.id = appointment.practitioner_id;
  end if;

  insert into public.messages as m (
    organization_id, key, kind, channel, client_id, user_id, data, priority, send_after, expires_at, subject_id
  )
  select
    appointment.organization_id, concat_ws(':', v_key, t.channel, t.audience), kind, t.channel, t.client_id, t.user_id,
    v_data || jsonb_build_object('told_at', now()), 3, now(), appointment.starts_at, subject_id
  from (
    values
      ('email'::public.message_channel, 'client', appointment.client_id, null::uuid, kind is not null),
      ('in_app', 'client', appointment.client_id, null, v_client_user_id is not null),
      ('push', 'client', appointment.client_id, null, private.has_device(v_client_user_id)),
      ('in_app', 'practitioner', null, v_practitioner_user_id, v_practitioner_user_id is not null),
      ('push', 'practitioner', null, v_practitioner_user_id, private.has_device(v_practitioner_user_id))
  ) as t (channel, audience, client_id, user_id, is_told)
  where t.is_told
  union all
  -- A rule whose moment has passed, or nearly, is skipped. A reminder that is late makes room for the next.
  select
    r.organization_id,
    format('appointment_reminder:%s:%s:%s', appointment.id, extract(epoch from appointment.starts_at)::bigint, r.id),
    r.kind, r.channel, appointment.client_id, null, v_data || jsonb_build_object('rule_id', r.id), 2,
    case
      when r.channel in ('sms', 'push')
        then private.waking_time(r.due_at, r.next_at, r.organization_id, appointment.client_id)
      else r.due_at
    end,
    r.next_at, appointment.id
  from (
    select
      u.*,
      appointment.starts_at - make_interval(mins => u.minutes_before) as due_at,
      -- Rules for the same moment, on different channels, do not replace one another.
      appointment.starts_at - make_interval(mins => coalesce(
        max(u.minutes_before) over (order by u.minutes_before groups between 1 preceding and 1 preceding), 0
      )) as next_at
    from public.reminder_rules as u
    where reminds and u.organization_id = appointment.organization_id and u.is_active
  ) as r
  where r.due_at > now() + interval '30 minutes'
  -- Once per appointment time and rule: a reminder that was cancelled with a move comes back when the appointment
  -- does; one that went out does not go out again.
  on conflict on constraint messages_organization_id_key_key do update
    set
      status = 'pending', error = null, attempts = 0,
      send_after = excluded.send_after, expires_at = excluded.expires_at
    where m.status = 'cancelled' and m.error = 'superseded';
end
$$;

comment on function private.tell_of_appointment(public.appointments, text, uuid, text, boolean, uuid) is
  'Tells client and practitioner, once per subject and tag, and queues what reminds of the appointment; without a kind '
  'the reminders alone. actor_id: who did it, and so is not told in the inbox.';

create function private.reminder_rules_lock(organization_id uuid)
returns bigint
language sql
immutable
parallel safe
set search_path = ''
as $$
  select hashtextextended('private.reminder_rules:' || organization_id, 0)
$$;

comment on function private.reminder_rules_lock(uuid) is
  'The advisory lock that appointments are told of under, and alone the rules of reminders changed: neither would see '
  'what the other has not committed, and they would lock the same reminders crosswise.';

create function public.announce_bookings(batch_size integer default 500)
returns integer
language plpgsql
security definer -- definer because nobody is granted writes on messages
set search_path = ''
as $$
declare
  v_ids uuid[];
  v_taken private.booking_announcements[];
  v_booking record;
begin
  if coalesce(batch_size, 0) not between 1 and 10000 then
    perform private.fail('invalid_argument', 'batch_size is 1 to 10000.');
  end if;
  -- Chosen once: as a condition of the delete, plans for a table that is nearly always empty choose anew for each
  -- row, and so without a limit.
  select array_agg(d.appointment_id) into v_ids
  from (
    select due.appointment_id
    from private.booking_announcements as due
    -- Where the rules of reminders change at this moment, whoever changes them looks at the bookings of before.
    where pg_try_advisory_xact_lock_shared(private.reminder_rules_lock(due.organization_id))
    -- Ids grow with time. What another worker or a change of the appointment holds is theirs.
    order by due.appointment_id
    limit batch_size
    for update skip locked
  ) as d;
  with taken as (
    delete from private.booking_announcements as q
    where q.appointment_id = any (v_ids)
    returning q.*
  )
  select array_agg(t) into v_taken from taken as t;

  -- A statement of its own: whoever changed one of them before it was taken has committed by now.
  for v_booking in
    select a as appointment, t.booked_by
    from unnest(v_taken) as t
    join public.appointments as a on a.id = t.appointment_id
    where a.status in ('pending', 'confirmed') and a.starts_at > t.booked_at
    order by a.id
  loop
    -- A series that is booked as one is told as one.
    perform private.tell_of_appointment(
      v_booking.appointment,
      'appointment_booked',
      coalesce((v_booking.appointment).block_id, (v_booking.appointment).id),
      case when (v_booking.appointment).block_id is null then (v_booking.appointment).revision::text end,
      true,
      v_booking.booked_by
    );
  end loop;
  return coalesce(cardinality(v_taken), 0);
end
$$;

comment on function public.announce_bookings(integer) is
  'Tells of up to batch_size bookings, as they are by now, and queues their reminders; returns how many were dealt '
  'with. Called by each worker''s run and every minute by the scheduler. For service_role. Errors: invalid_argument.';

grant execute on function public.announce_bookings(integer) to service_role;

create function private.tg_appointments__queue_announcement()
returns trigger
language plpgsql
security definer -- definer because nobody is granted the table of announcements
set search_path = ''
as $$
begin
  if new.held_until is null and new.status in ('pending', 'confirmed') then
    insert into private.booking_announcements (appointment_id, organization_id, booked_by, booked_at)
    values (new.id, new.organization_id, auth.uid(), now());
  end if;
  return null;
end
$$;

comment on function private.tg_appointments__queue_announcement() is
  'What is booked will be told, if the booking stands.';

create function private.tg_appointments__announce_change()
returns trigger
language plpgsql
security definer -- definer because nobody is granted writes on messages
set search_path = ''
as $$
declare
  v_is_active boolean := new.status in ('pending', 'confirmed');
  -- A series that is moved or cancelled as one is told as one.
  v_subject_id uuid := coalesce(new.block_id, new.id);
  v_tag text := case
    when new.block_id is null then new.revision::text else pg_catalog.pg_current_xact_id()::text
  end;
  v_was_untold boolean;
begin
  perform pg_advisory_xact_lock_shared(private.reminder_rules_lock(new.organization_id));
  if not v_is_active then
    delete from private.booking_announcements as q where q.appointment_id = new.id;
    perform private.cancel_messages(new.id);
    if new.status = 'cancelled' and old.status <> 'cancelled' and new.starts_at > now() then
      perform private.tell_of_appointment(new, 'appointment_cancelled', v_subject_id, v_tag, false, auth.uid());
    end if;
    return null;
  end if;

  -- Nobody has heard of the booking: it will be told as it is now.
  perform 1 from private.booking_announcements as q where q.appointment_id = new.id for update;
  if found then
    return null;
  end if;

  if (new.starts_at, new.practitioner_id, new.location_id)
    is distinct from (old.starts_at, old.practitioner_id, old.location_id)
  then
    v_was_untold := private.cancel_messages(new.id, array['appointment_booked']) > 0;
    perform private.cancel_messages(new.id);
    if new.starts_at > now() then
      perform private.tell_of_appointment(
        new, case when v_was_untold then 'appointment_booked' else 'appointment_moved' end, v_subject_id, v_tag, true,
        auth.uid()
      );
    end if;
  elsif old.status = 'pending' and new.status = 'confirmed' and new.starts_at > now() then
    perform private.tell_of_appointment(new, 'appointment_confirmed', v_subject_id, v_tag, false, auth.uid());
  end if;
  return null;
end
$$;

comment on function private.tg_appointments__announce_change() is
  'Tells of an appointment that is moved, confirmed or cancelled, and keeps its reminders true.';

-- No condition here: one that nearly always holds is only read once more for each insert.
create trigger appointments_queue_announcement after insert on public.appointments
  for each row execute function private.tg_appointments__queue_announcement();
create trigger appointments_queue_announcement_of_hold after update of held_until on public.appointments
  for each row when (old.held_until is not null)
  execute function private.tg_appointments__queue_announcement();
create trigger appointments_announce_change after update on public.appointments
  for each row
  when (
    new.held_until is null
    and old.held_until is null
    and (
      old.status is distinct from new.status
      or old.during is distinct from new.during
      or old.practitioner_id is distinct from new.practitioner_id
      or old.location_id is distinct from new.location_id
    )
  )
  execute function private.tg_appointments__announce_change();

create function private.tg_reminder_rules__replan()
returns trigger
language plpgsql
security definer -- definer because nobody is granted writes on messages
set search_path = ''
as $$
declare
  v_organization_id uuid := case when tg_op = 'DELETE' then old.organization_id else new.organization_id end;
  v_appointment public.appointments;
begin
  perform pg_advisory_xact_lock(private.reminder_rules_lock(v_organization_id));
  if tg_op <> 'INSERT' then
    update public.messages as m
    set status = 'cancelled', error = 'superseded'
    where m.organization_id = v_organization_id
      and m.kind = old.kind
      and m.status = 'pending'
      and m.data ->> 'rule_id' = old.id::text;
  end if;
  if tg_op <> 'DELETE' and new.is_active then
    for v_appointment in
      select a.*
      from public.appointments as a
      where a.organization_id = v_organization_id
        and a.starts_at > now()
        and a.status in ('pending', 'confirmed')
        and a.held_until is null
    loop
      perform private.tell_of_appointment(v_appointment, null, v_appointment.id, null, true, null);
    end loop;
  end if;
  return null;
end
$$;

comment on function private.tg_reminder_rules__replan() is 'What is queued follows the rules.';

create trigger reminder_rules_replan after insert or update or delete on public.reminder_rules
  for each row execute function private.tg_reminder_rules__replan();
