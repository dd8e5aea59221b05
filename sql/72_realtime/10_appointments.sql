-- Changes of appointments, as they look on each topic: there `created` means that an appointment has
-- appeared, `cancelled` that it is gone. So a practitioner who passes a session on sees it go. What is
-- held for an offer is not booked yet, and appears when the offer is accepted.

create function private.appointment_event(appointment public.appointments)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
begin
  return jsonb_build_object(
    'appointment_id', appointment.id,
    'organization_id', appointment.organization_id,
    'practitioner_id', appointment.practitioner_id,
    'starts_at', appointment.starts_at,
    'ends_at', appointment.ends_at
  );
end
$$;

comment on function private.appointment_event(public.appointments) is
  'What a broadcast tells of an appointment: enough to know which view to read again, and nothing of its client.';

create function private.tg_appointments__broadcast()
returns trigger
language plpgsql
security definer -- definer because nobody is granted sending, nor reading whose login a client has
set search_path = ''
as $$
declare
  v_payload jsonb := private.appointment_event(new);
  v_calendar text := private.calendar_topic(new.organization_id);
  v_client text := private.user_topic((select c.user_id from public.clients as c where c.id = new.client_id));
  v_practitioner text := private.user_topic(
    (select p.user_id from public.practitioners as p where p.id = new.practitioner_id)
  );
  v_predecessor text;
begin
  if tg_op = 'INSERT' or old.held_until is not null then
    perform private.broadcast(array[v_calendar, v_client, v_practitioner], 'appointment:created', v_payload);
  elsif new.status = 'cancelled' and old.status <> 'cancelled' then
    perform private.broadcast(array[v_calendar, v_client, v_practitioner], 'appointment:cancelled', v_payload);
  else
    if new.practitioner_id <> old.practitioner_id then
      v_predecessor := private.user_topic(
        (select p.user_id from public.practitioners as p where p.id = old.practitioner_id)
      );
      perform private.broadcast(array[v_predecessor], 'appointment:cancelled', private.appointment_event(old));
      perform private.broadcast(array[v_practitioner], 'appointment:created', v_payload);
      v_practitioner := null;
    end if;
    if new.during <> old.during or new.practitioner_id <> old.practitioner_id then
      v_payload := v_payload || jsonb_build_object(
        'previous_practitioner_id', old.practitioner_id,
        'previous_starts_at', old.starts_at,
        'previous_ends_at', old.ends_at
      );
    end if;
    perform private.broadcast(array[v_calendar, v_client, v_practitioner], 'appointment:updated', v_payload);
  end if;
  return null;
end
$$;

comment on function private.tg_appointments__broadcast() is
  'Tells the desk, the client and the practitioner of a change. Those without a login have no topic.';

create trigger appointments_broadcast_insert after insert on public.appointments
  for each row when (new.held_until is null)
  execute function private.tg_appointments__broadcast();
create trigger appointments_broadcast_update after update on public.appointments
  for each row when (new.held_until is null and old.* is distinct from new.*)
  execute function private.tg_appointments__broadcast();
