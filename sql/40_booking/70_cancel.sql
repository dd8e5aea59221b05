-- Cancelling: the policy decides for clients, staff decide themselves; credits go back once, to the
-- lots they came from.

create function private.cancel_one(appointment_id uuid, reason text, refund boolean, as_client boolean)
returns public.appointments
language plpgsql
security definer -- definer because nobody is granted update on appointments
set search_path = ''
as $$
declare
  v_appointment public.appointments;
  v_settings public.organization_settings;
  v_is_late boolean;
  v_refund boolean;
begin
  v_appointment := private.lock_appointment(appointment_id, 'pending', 'confirmed', 'in_progress');
  select s.* into v_settings
  from public.organization_settings as s
  where s.organization_id = v_appointment.organization_id;

  v_is_late := now() > v_appointment.starts_at - make_interval(mins => v_settings.cancellation_window_minutes);
  if as_client then
    -- A session may be held before its time.
    if now() >= v_appointment.starts_at
      or v_appointment.status = 'in_progress'
      or (v_is_late and v_settings.late_cancellation = 'refuse')
    then
      perform private.fail('too_late', 'It is too late to cancel this appointment.', 'Ask the practice.');
    end if;
    -- A client may waive a refund but not award one.
    v_refund := coalesce(refund, true) and (not v_is_late or v_settings.late_cancellation = 'refund');
  else
    v_refund := coalesce(refund, true);
  end if;

  v_refund := v_refund and v_appointment.payment_status = 'paid' and v_appointment.price_amount > 0;

  update public.appointments as a
  set
    status = 'cancelled',
    cancelled_at = now(),
    cancelled_by = auth.uid(),
    cancellation_reason = nullif(btrim(cancel_one.reason), ''),
    payment_status = case when v_refund then 'refunded' else a.payment_status end
  where a.id = v_appointment.id
  returning a.* into v_appointment;
  if v_refund then
    perform private.refund_credits(v_appointment.id);
  end if;
  return v_appointment;
end
$$;

comment on function private.cancel_one(uuid, text, boolean, boolean) is
  'Cancels one appointment and refunds its credits as the policy says. The caller holds the client''s calendar.';

create function public.cancel_appointment(
  appointment_id uuid,
  reason text default null,
  refund boolean default null,
  idempotency_key text default null
)
returns public.appointments
language plpgsql
security definer -- definer because nobody is granted update on appointments
set search_path = ''
as $$
declare
  v_change private.appointment_change := private.authorize_change(appointment_id, true);
  v_organization_id uuid := (v_change.appointment).organization_id;
  v_answer jsonb;
  v_appointment public.appointments;
begin
  perform private.require_text(reason, 'reason', 500, shortest => 0);
  v_answer := private.claim_idempotency_key(
    v_organization_id, 'cancel_appointment', idempotency_key, jsonb_build_array(appointment_id, reason, refund)
  );
  if v_answer is not null then
    return jsonb_populate_record(null::public.appointments, v_answer);
  end if;

  perform private.lock_calendar('{}', '{}', array[(v_change.appointment).client_id]);
  v_appointment := private.cancel_one(appointment_id, reason, refund, v_change.as_client);
  perform private.require_still_permitted(v_change, v_appointment);

  if idempotency_key is not null then
    perform private.store_idempotent_response(
      v_organization_id, 'cancel_appointment', idempotency_key, to_jsonb(v_appointment)
    );
  end if;
  return v_appointment;
end
$$;

comment on function public.cancel_appointment(uuid, text, boolean, text) is
  'Cancels an appointment. Clients: per the cancellation policy (too_late when refused or begun; refund=false waives). '
  'Staff: any time, refund unless refund=false. Returns the appointment. Errors: too_late, invalid_state, not_found.';

grant execute on function public.cancel_appointment(uuid, text, boolean, text) to authenticated;

create function public.cancel_block(
  appointment_id uuid,
  scope text,
  reason text default null,
  refund boolean default null,
  idempotency_key text default null
)
returns setof public.appointments
language plpgsql
security definer -- definer because nobody is granted update on appointments
set search_path = ''
as $$
declare
  v_change private.appointment_change := private.authorize_change(appointment_id, true);
  v_organization_id uuid := (v_change.appointment).organization_id;
  v_answer jsonb;
  v_appointment public.appointments;
  v_id uuid;
  v_cancelled public.appointments[] := '{}';
begin
  perform private.require_text(reason, 'reason', 500, shortest => 0);
  v_answer := private.claim_idempotency_key(
    v_organization_id, 'cancel_block', idempotency_key, jsonb_build_array(appointment_id, scope, reason, refund)
  );
  if v_answer is not null then
    return query select * from jsonb_populate_recordset(null::public.appointments, v_answer);
    return;
  end if;

  perform private.lock_calendar('{}', '{}', array[(v_change.appointment).client_id]);
  select a.* into v_appointment from public.appointments as a where a.id = appointment_id;
  perform private.require_still_permitted(v_change, v_appointment);
  foreach v_id in array private.lock_block(v_appointment, scope) loop
    v_cancelled := v_cancelled || private.cancel_one(v_id, reason, refund, v_change.as_client);
  end loop;

  if idempotency_key is not null then
    perform private.store_idempotent_response(
      v_organization_id, 'cancel_block', idempotency_key, to_jsonb(v_cancelled)
    );
  end if;
  return query select * from unnest(v_cancelled);
end
$$;

comment on function public.cancel_block(uuid, text, text, boolean, text) is
  'Cancels appointments of a series, all or none: scope this, this_and_following or all_future, seen from '
  'appointment_id; the latter two leave out what is past. Returns the cancelled appointments. Errors as '
  'cancel_appointment.';

grant execute on function public.cancel_block(uuid, text, text, boolean, text) to authenticated;
