-- What happens to appointments is told: to the client, and to the practitioner unless it was the
-- practitioner. A place that is only held for an offer is nothing to tell of. Reminders are
-- outbox rows, one per appointment time and rule, cancelled with the time they tell of.

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
  appointment public.appointments, kind text, subject_id uuid, tag text, reminds boolean
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
      nullif(c.user_id, auth.uid()),
      case when kind <> 'appointment_confirmed' then nullif(p.user_id, auth.uid()) end
    into v_client_user_id, v_practitioner_user_id
    from public.clients as c, public.practitioners as p
    where c.id = appointment.client_id and p.id = appointment.practitioner_id;
  end if;

  -- One statement for all, because a booking waits for it.
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
        then private.waking_time(r.due_at, appointment.starts_at, r.organization_id, appointment.client_id)
      else r.due_at
    end,
    coalesce(lag(r.due_at) over (order by r.due_at desc), appointment.starts_at), appointment.id
  from (
    select u.*, appointment.starts_at - make_interval(mins => u.minutes_before) as due_at
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

comment on function private.tell_of_appointment(public.appointments, text, uuid, text, boolean) is
  'Tells client and practitioner, once per subject and tag, and queues what reminds of the appointment; without a kind '
  'the reminders alone.';

create function private.tg_appointments__announce()
returns trigger
language plpgsql
security definer -- definer because nobody is granted writes on messages
set search_path = ''
as $$
declare
  v_is_new boolean := tg_op = 'INSERT' or (old.held_until is not null and new.held_until is null);
  v_is_active boolean := new.status in ('pending', 'confirmed');
  -- A series that is booked, moved or cancelled as one is told as one.
  v_subject_id uuid := coalesce(new.block_id, new.id);
  v_tag text := case
    when new.block_id is null then new.revision::text else pg_catalog.pg_current_xact_id()::text
  end;
  v_was_untold boolean;
begin
  if v_is_new then
    if v_is_active and new.starts_at > now() then
      perform private.tell_of_appointment(
        new, 'appointment_booked', v_subject_id, case when new.block_id is null then v_tag end, true
      );
    end if;
    return null;
  end if;

  if not v_is_active then
    perform private.cancel_messages(new.id);
    if new.status = 'cancelled' and old.status <> 'cancelled' and new.starts_at > now() then
      perform private.tell_of_appointment(new, 'appointment_cancelled', v_subject_id, v_tag, false);
    end if;
    return null;
  end if;

  if (new.starts_at, new.practitioner_id, new.location_id)
    is distinct from (old.starts_at, old.practitioner_id, old.location_id)
  then
    v_was_untold := private.cancel_messages(new.id, array['appointment_booked']) > 0;
    perform private.cancel_messages(new.id);
    if new.starts_at > now() then
      perform private.tell_of_appointment(
        new, case when v_was_untold then 'appointment_booked' else 'appointment_moved' end, v_subject_id, v_tag, true
      );
    end if;
  elsif old.status = 'pending' and new.status = 'confirmed' and new.starts_at > now() then
    perform private.tell_of_appointment(new, 'appointment_confirmed', v_subject_id, v_tag, false);
  end if;
  return null;
end
$$;

comment on function private.tg_appointments__announce() is
  'Tells of an appointment that is booked, moved, confirmed or cancelled, and keeps its reminders true.';

create trigger appointments_announce_booking after insert on public.appointments
  for each row when (new.held_until is null and new.status in ('pending', 'confirmed'))
  execute function private.tg_appointments__announce();
create trigger appointments_announce_change after update on public.appointments
  for each row
  when (
    new.held_until is null
    and (
      old.held_until is not null or old.status is distinct from new.status
      or old.during is distinct from new.during
      or old.practitioner_id is distinct from new.practitioner_id
      or old.location_id is distinct from new.location_id
    )
  )
  execute function private.tg_appointments__announce();

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
      perform private.tell_of_appointment(v_appointment, null, v_appointment.id, null, true);
    end loop;
  end if;
  return null;
end
$$;

comment on function private.tg_reminder_rules__replan() is 'What is queued follows the rules.';

create trigger reminder_rules_replan after insert or update or delete on public.reminder_rules
  for each row execute function private.tg_reminder_rules__replan();
