-- The rest of an appointment's life: confirmed, started, completed, missed, paid. Staff only, except paying.

create function private.set_status(
  operation text,
  appointment_id uuid,
  idempotency_key text,
  new_status public.appointment_status,
  variadic from_statuses public.appointment_status[]
)
returns public.appointments
language plpgsql
security definer -- definer because nobody is granted update on appointments
set search_path = ''
as $$
declare
  v_change private.appointment_change := private.authorize_change(appointment_id, false);
  v_organization_id uuid := (v_change.appointment).organization_id;
  v_answer jsonb;
  v_appointment public.appointments;
begin
  v_answer := private.claim_idempotency_key(
    v_organization_id, operation, idempotency_key, jsonb_build_array(appointment_id)
  );
  if v_answer is not null then
    return jsonb_populate_record(null::public.appointments, v_answer);
  end if;

  v_appointment := private.lock_appointment(appointment_id, variadic from_statuses);
  perform private.require_still_permitted(v_change, v_appointment);
  update public.appointments as a set status = new_status
  where a.id = appointment_id
  returning a.* into v_appointment;

  if idempotency_key is not null then
    perform private.store_idempotent_response(
      v_organization_id, operation, idempotency_key, to_jsonb(v_appointment)
    );
  end if;
  return v_appointment;
end
$$;

comment on function private.set_status(
  text, uuid, text, public.appointment_status, public.appointment_status[]
) is
  'One step of the state machine by staff. Errors: not_found, forbidden, invalid_state.';

create function public.confirm_appointment(appointment_id uuid, idempotency_key text default null)
returns public.appointments
language plpgsql
security definer -- definer because nobody is granted update on appointments
set search_path = ''
as $$
begin
  return private.set_status('confirm_appointment', appointment_id, idempotency_key, 'confirmed', 'pending');
end
$$;

comment on function public.confirm_appointment(uuid, text) is
  'Staff confirm a pending appointment. Errors: invalid_state, not_found, forbidden.';

create function public.start_appointment(appointment_id uuid, idempotency_key text default null)
returns public.appointments
language plpgsql
security definer -- definer because nobody is granted update on appointments
set search_path = ''
as $$
begin
  return private.set_status('start_appointment', appointment_id, idempotency_key, 'in_progress', 'confirmed');
end
$$;

comment on function public.start_appointment(uuid, text) is
  'Staff mark a confirmed appointment as in progress. Errors: invalid_state, not_found, forbidden.';

create function public.complete_appointment(appointment_id uuid, idempotency_key text default null)
returns public.appointments
language plpgsql
security definer -- definer because nobody is granted update on appointments
set search_path = ''
as $$
begin
  return private.set_status(
    'complete_appointment', appointment_id, idempotency_key, 'completed', 'confirmed', 'in_progress'
  );
end
$$;

comment on function public.complete_appointment(uuid, text) is
  'Staff complete a confirmed or running appointment; it then counts for billing. Errors: invalid_state, not_found, '
  'forbidden.';

create function public.mark_no_show(appointment_id uuid, idempotency_key text default null)
returns public.appointments
language plpgsql
security definer -- definer because nobody is granted update on appointments
set search_path = ''
as $$
begin
  return private.set_status(
    'mark_no_show', appointment_id, idempotency_key, 'no_show', 'confirmed', 'in_progress'
  );
end
$$;

comment on function public.mark_no_show(uuid, text) is
  'Staff record that the client did not come; a payment is kept. Errors: invalid_state, not_found, forbidden.';

grant execute on function public.confirm_appointment(uuid, text) to authenticated;
grant execute on function public.start_appointment(uuid, text) to authenticated;
grant execute on function public.complete_appointment(uuid, text) to authenticated;
grant execute on function public.mark_no_show(uuid, text) to authenticated;

create function public.pay_appointment(appointment_id uuid, idempotency_key text default null)
returns public.appointments
language plpgsql
security definer -- definer because nobody is granted update on appointments
set search_path = ''
as $$
declare
  v_change private.appointment_change := private.authorize_change(appointment_id, true);
  v_appointment public.appointments := v_change.appointment;
  v_answer jsonb;
begin
  v_answer := private.claim_idempotency_key(
    v_appointment.organization_id, 'pay_appointment', idempotency_key, jsonb_build_array(appointment_id)
  );
  if v_answer is not null then
    return jsonb_populate_record(null::public.appointments, v_answer);
  end if;

  perform private.lock_calendar('{}', '{}', array[v_appointment.client_id]);
  v_appointment := private.lock_appointment(
    appointment_id, 'pending', 'confirmed', 'in_progress', 'completed', 'no_show'
  );
  perform private.require_still_permitted(v_change, v_appointment);
  if v_appointment.payment_status <> 'unpaid' then
    perform private.fail('invalid_state', format('This appointment is %s.', v_appointment.payment_status));
  end if;
  update public.appointments as a set payment_status = 'paid'
  where a.id = appointment_id
  returning a.* into v_appointment;
  perform private.spend_credits(
    v_appointment.organization_id, v_appointment.client_id, v_appointment.id, v_appointment.price_amount,
    v_appointment.currency
  );

  if idempotency_key is not null then
    perform private.store_idempotent_response(
      v_appointment.organization_id, 'pay_appointment', idempotency_key, to_jsonb(v_appointment)
    );
  end if;
  return v_appointment;
end
$$;

comment on function public.pay_appointment(uuid, text) is
  'Pays an unpaid appointment with the client''s credits; by the client or staff. Errors: insufficient_credits, '
  'invalid_state, not_found.';

grant execute on function public.pay_appointment(uuid, text) to authenticated;

create function private.current_booked_service_ids()
returns uuid[]
language plpgsql
stable
security definer -- definer because the policy of services must not depend on other policies
set search_path = ''
as $$
begin
  return array(
    select distinct a.service_id
    from public.appointments as a
    where a.client_id = any (private.current_client_ids())
  );
end
$$;

comment on function private.current_booked_service_ids() is 'Services of the caller''s own appointments.';

grant execute on function private.current_booked_service_ids() to authenticated;

create function public.appointment_calendar(appointment_id uuid)
returns json
language sql
stable
set search_path = ''
as $$
  select json_build_object(
    'appointment_id', a.id,
    'revision', a.revision,
    'status', a.status,
    'mode', a.mode,
    'starts_at', a.starts_at,
    'ends_at', a.ends_at,
    'timezone', coalesce(
      case when c.user_id = (select auth.uid()) then coalesce(c.timezone, p.timezone) end, l.timezone
    ),
    'location_timezone', l.timezone,
    'summary', concat_ws(', ', s.name, o.name),
    'description', concat_ws(E'\n', s.description, a.note),
    'location_name', l.name,
    'location_address', l.address,
    'organization_name', o.name,
    'organizer_email', o.contact_email,
    'practitioner_name', pr.display_name,
    'attendee_name', concat_ws(' ', c.given_name, c.family_name),
    'attendee_email', c.email,
    'cancelled_at', a.cancelled_at,
    'created_at', a.created_at,
    'updated_at', a.updated_at
  )
  from public.appointments as a
  join public.services as s on s.id = a.service_id
  join public.locations as l on l.id = a.location_id
  join public.organizations as o on o.id = a.organization_id
  join public.practitioners as pr on pr.id = a.practitioner_id
  join public.clients as c on c.id = a.client_id
  left join public.profiles as p on p.user_id = c.user_id
  where a.id = appointment_calendar.appointment_id
$$;

comment on function public.appointment_calendar(uuid) is
  'What a calendar invitation (RFC 5545) says about an appointment; timezone is the client''s own where the client '
  'asks, else the location''s. Null when the caller may not see it: RLS decides.';

grant execute on function public.appointment_calendar(uuid) to authenticated;
