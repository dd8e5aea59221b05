-- What happens to appointments is told: to the client, and to the practitioner unless it was the
-- practitioner. A place that is only held for an offer is nothing to tell of.

create function private.announce_appointment(appointment public.appointments, kind text, subject_id uuid, tag text)
returns void
language plpgsql
security definer -- definer because nobody is granted insert on messages
set search_path = ''
as $$
declare
  v_key text := concat_ws(':', kind, subject_id, tag);
  v_data jsonb := jsonb_build_object(
    'appointment_id', appointment.id, 'starts_at', appointment.starts_at, 'status', appointment.status, 'told_at', now()
  );
  v_client_user_id uuid;
  v_practitioner_user_id uuid;
begin
  select
    nullif(c.user_id, auth.uid()),
    case when kind <> 'appointment_confirmed' then nullif(p.user_id, auth.uid()) end
  into v_client_user_id, v_practitioner_user_id
  from public.clients as c, public.practitioners as p
  where c.id = appointment.client_id and p.id = appointment.practitioner_id;

  insert into public.messages (
    organization_id, key, kind, channel, client_id, data, priority, expires_at, subject_id
  )
  values (
    appointment.organization_id, v_key || ':email:client', kind, 'email', appointment.client_id, v_data, 3,
    appointment.starts_at, subject_id
  )
  on conflict on constraint messages_organization_id_key_key do nothing;
  if num_nonnulls(v_client_user_id, v_practitioner_user_id) = 0 then
    return;
  end if;

  -- Whoever did it knows it; the others hear of it in the inbox, and on their devices.
  insert into public.messages (
    organization_id, key, kind, channel, client_id, user_id, data, priority, expires_at, subject_id
  )
  select
    appointment.organization_id, concat_ws(':', v_key, w.channel, t.audience), kind, w.channel, t.client_id,
    case when t.client_id is null then t.user_id end, v_data, 3, appointment.starts_at, subject_id
  from (
    values
      ('client', v_client_user_id, appointment.client_id),
      ('practitioner', v_practitioner_user_id, null)
  ) as t (audience, user_id, client_id)
  cross join (values ('in_app'::public.message_channel), ('push')) as w (channel)
  where t.user_id is not null
    and (w.channel = 'in_app' or exists (select 1 from private.push_devices as d where d.user_id = t.user_id))
  on conflict on constraint messages_organization_id_key_key do nothing;
end
$$;

comment on function private.announce_appointment(public.appointments, text, uuid, text) is
  'Tells client and practitioner, once per subject and tag.';

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
      perform private.announce_appointment(
        new, 'appointment_booked', v_subject_id, case when new.block_id is null then v_tag end
      );
      perform private.plan_reminders(new);
    end if;
    return null;
  end if;

  if not v_is_active then
    perform private.cancel_messages(new.id);
    if new.status = 'cancelled' and old.status <> 'cancelled' and new.starts_at > now() then
      perform private.announce_appointment(new, 'appointment_cancelled', v_subject_id, v_tag);
    end if;
    return null;
  end if;

  if (new.starts_at, new.practitioner_id, new.location_id)
    is distinct from (old.starts_at, old.practitioner_id, old.location_id)
  then
    v_was_untold := private.cancel_messages(new.id, array['appointment_booked']) > 0;
    perform private.cancel_messages(new.id);
    if new.starts_at > now() then
      perform private.announce_appointment(
        new, case when v_was_untold then 'appointment_booked' else 'appointment_moved' end, v_subject_id, v_tag
      );
      perform private.plan_reminders(new);
    end if;
  elsif old.status = 'pending' and new.status = 'confirmed' and new.starts_at > now() then
    perform private.announce_appointment(new, 'appointment_confirmed', v_subject_id, v_tag);
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
