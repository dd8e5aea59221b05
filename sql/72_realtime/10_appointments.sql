-- Changes of appointments, as they look on each topic: there `created` means that an appointment has
-- appeared, `cancelled` that it is gone. So a practitioner who passes a session on sees it go. What is
-- held for an offer is not booked yet, and appears when the offer is accepted.

create function private.broadcast_appointment(
  event text, organization_id uuid, client_id uuid, practitioner_id uuid, payload jsonb
)
returns void
language plpgsql
security definer -- definer because nobody is granted sending, nor reading whose login a client has
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
declare
  v_client_user_id uuid;
  v_practitioner_user_id uuid;
begin
  select
    (select c.user_id from public.clients as c where c.id = broadcast_appointment.client_id),
    (select p.user_id from public.practitioners as p where p.id = broadcast_appointment.practitioner_id)
  into v_client_user_id, v_practitioner_user_id;
  perform private.broadcast(
    array[
      private.calendar_topic(organization_id),
      private.user_topic(v_client_user_id),
      private.user_topic(v_practitioner_user_id)
    ],
    event,
    payload
  );
end
$$;

comment on function private.broadcast_appointment(text, uuid, uuid, uuid, jsonb) is
  'Tells the desk of the organization, the client and the practitioner; null: not that one. Those without a login have '
  'no topic.';

create function private.tg_appointments__broadcast()
returns trigger
language plpgsql
security definer -- definer because nobody is granted sending, nor reading whose login a client has
set search_path = ''
as $$
declare
  -- Enough to know which view to read again, and nothing of the client.
  v_payload jsonb := jsonb_build_object(
    'appointment_id', new.id,
    'organization_id', new.organization_id,
    'practitioner_id', new.practitioner_id,
    'starts_at', new.starts_at,
    'ends_at', new.ends_at
  );
begin
  if new.held_until is not null then
    return null;
  end if;
  if tg_op = 'INSERT' or old.held_until is not null then
    perform private.broadcast_appointment(
      'appointment:created', new.organization_id, new.client_id, new.practitioner_id, v_payload
    );
  elsif new.status = 'cancelled' and old.status <> 'cancelled' then
    perform private.broadcast_appointment(
      'appointment:cancelled', new.organization_id, new.client_id, new.practitioner_id, v_payload
    );
  elsif new.practitioner_id <> old.practitioner_id then
    perform private.broadcast_appointment(
      'appointment:cancelled', null, null, old.practitioner_id,
      v_payload || jsonb_build_object(
        'practitioner_id', old.practitioner_id, 'starts_at', old.starts_at, 'ends_at', old.ends_at
      )
    );
    perform private.broadcast_appointment('appointment:created', null, null, new.practitioner_id, v_payload);
    perform private.broadcast_appointment(
      'appointment:updated', new.organization_id, new.client_id, null,
      v_payload || jsonb_build_object(
        'previous_practitioner_id', old.practitioner_id,
        'previous_starts_at', old.starts_at,
        'previous_ends_at', old.ends_at
      )
    );
  else
    if new.during <> old.during then
      v_payload := v_payload || jsonb_build_object(
        'previous_practitioner_id', old.practitioner_id,
        'previous_starts_at', old.starts_at,
        'previous_ends_at', old.ends_at
      );
    end if;
    perform private.broadcast_appointment(
      'appointment:updated', new.organization_id, new.client_id, new.practitioner_id, v_payload
    );
  end if;
  return null;
end
$$;

comment on function private.tg_appointments__broadcast() is
  'Tells the desk, the client and the practitioner of a change: ids and times only.';

create trigger appointments_broadcast_insert after insert on public.appointments
  for each row execute function private.tg_appointments__broadcast();
create trigger appointments_broadcast_update after update on public.appointments
  for each row when (old.* is distinct from new.*)
  execute function private.tg_appointments__broadcast();
