-- Answering an offer: by its secret, which is a right of its own, or by its id as the client or staff.
-- Order of locks: the client's calendar, the held appointment, then offer, entry and credits.

create function private.lock_offer(waitlist_offer_id uuid)
returns public.waitlist_offers
language plpgsql
security definer -- definer because it decides for clients and staff alike
set search_path = ''
as $$
declare
  v_offer public.waitlist_offers;
begin
  select o.* into v_offer from public.waitlist_offers as o where o.id = waitlist_offer_id;
  if not found then
    perform private.fail('not_found', 'There is no such record.', 'Check the identifier.');
  end if;
  perform private.lock_calendar('{}', '{}', array[v_offer.client_id]);
  perform 1 from public.appointments as a where a.id = v_offer.appointment_id for update;
  select o.* into v_offer from public.waitlist_offers as o where o.id = waitlist_offer_id for update;
  -- The wall clock: whoever waited for the lock may have waited too long.
  if v_offer.status <> 'open' or v_offer.expires_at <= clock_timestamp() then
    perform private.fail(
      'invalid_state',
      case when v_offer.status = 'open' then 'This offer has expired.' else format('This offer is %s.', v_offer.status) end,
      'Book another slot, or wait for the next offer.'
    );
  end if;
  return v_offer;
end
$$;

create function private.accept_locked(offer public.waitlist_offers)
returns public.appointments
language plpgsql
security definer -- definer because nobody is granted update on appointments and offers
set search_path = ''
as $$
declare
  v_appointment public.appointments;
  v_is_paid boolean;
begin
  select a.* into v_appointment from public.appointments as a where a.id = offer.appointment_id;
  v_is_paid := v_appointment.price_amount = 0 or private.can_spend_credits(
    v_appointment.organization_id, v_appointment.client_id, v_appointment.price_amount, v_appointment.currency
  );
  update public.waitlist_offers as o set status = 'accepted', answered_at = now() where o.id = offer.id;
  update public.waitlist_entries as e
  set status = 'booked', appointment_id = offer.appointment_id
  where e.id = offer.waitlist_entry_id;
  update public.appointments as a
  set
    held_until = null,
    -- What staff offered by hand they have confirmed.
    status = case
      when not offer.is_automatic or s.auto_confirm then 'confirmed'
      else 'pending'
    end::public.appointment_status,
    payment_status = case when v_is_paid then 'paid' else 'unpaid' end::public.payment_status
  from public.organization_settings as s
  where a.id = offer.appointment_id and s.organization_id = a.organization_id
  returning a.* into v_appointment;
  if v_is_paid then
    perform private.spend_credits(
      v_appointment.organization_id, v_appointment.client_id, v_appointment.id, v_appointment.price_amount,
      v_appointment.currency
    );
  end if;
  return v_appointment;
end
$$;

comment on function private.accept_locked(public.waitlist_offers) is
  'Turns the hold of an open offer into an appointment and pays it with credits when they cover the price.';

create function private.release_offer(offer public.waitlist_offers, new_status public.offer_status)
returns void
language plpgsql
security definer -- definer because nobody is granted update on appointments and offers
set search_path = ''
as $$
begin
  perform 1 from public.appointments as a where a.id = offer.appointment_id for update;
  update public.waitlist_offers as o
  set status = new_status, answered_at = now()
  where o.id = offer.id and o.status = 'open';
  -- The entry follows by a trigger.
  update public.appointments as a
  set
    status = 'cancelled',
    cancelled_at = now(),
    cancelled_by = auth.uid(),
    cancellation_reason = format('offer %s', new_status)
  where a.id = offer.appointment_id and a.status = 'pending' and a.held_until is not null;
end
$$;

comment on function private.release_offer(public.waitlist_offers, public.offer_status) is
  'Gives an open offer up: the place is free again, the entry waits again. The caller holds the client''s calendar.';

create function private.answer_offer(waitlist_offer_id uuid, accepts boolean)
returns public.appointments
language plpgsql
security definer -- definer because nobody is granted update on appointments and offers
set search_path = ''
as $$
declare
  v_offer public.waitlist_offers := private.lock_offer(waitlist_offer_id);
  v_appointment public.appointments;
begin
  if accepts then
    return private.accept_locked(v_offer);
  end if;
  perform private.release_offer(v_offer, 'declined');
  select a.* into v_appointment from public.appointments as a where a.id = v_offer.appointment_id;
  return v_appointment;
end
$$;

comment on function private.answer_offer(uuid, boolean) is
  'Accepts or declines an open offer and returns its appointment: for callers who have proved that they may, by a '
  'secret of their own. Error: invalid_state.';

create function private.authorize_offer(token text, waitlist_offer_id uuid)
returns public.waitlist_offers
language plpgsql
security definer -- definer because it decides for holders of a secret, clients and staff alike
set search_path = ''
as $$
declare
  v_offer public.waitlist_offers;
begin
  perform private.require_user();
  if num_nonnulls(token, waitlist_offer_id) <> 1 then
    perform private.fail('invalid_argument', 'An offer is named by its token or by waitlist_offer_id.');
  end if;
  if token is not null then
    -- A secret that was used, is over or was never given looks the same.
    select o.* into v_offer
    from public.waitlist_offers as o
    where o.token_hash = private.hash_token(token);
  else
    select o.* into v_offer
    from public.waitlist_offers as o
    where o.id = authorize_offer.waitlist_offer_id
      and (
        o.client_id = any (private.current_client_ids())
        or o.organization_id = any (private.current_desk_organization_ids())
        or o.practitioner_id = any (private.current_practitioner_ids())
      );
  end if;
  if v_offer.id is null then
    perform private.fail('not_found', 'There is no such offer, or it is over.', 'Ask the practice for another one.');
  end if;
  return v_offer;
end
$$;

comment on function private.authorize_offer(text, uuid) is
  'The offer that the secret opens, whichever user brings it, or the one named, for its client, the desk and its '
  'practitioner. Error: not_found.';

create function private.answer(
  operation text, token text, waitlist_offer_id uuid, idempotency_key text, accepts boolean
)
returns public.appointments
language plpgsql
security definer -- definer because nobody is granted update on appointments and offers
set search_path = ''
as $$
declare
  v_offer public.waitlist_offers := private.authorize_offer(token, waitlist_offer_id);
  v_answer jsonb;
  v_appointment public.appointments;
begin
  v_answer := private.claim_idempotency_key(
    v_offer.organization_id, operation, idempotency_key, jsonb_build_array(v_offer.id, token is null)
  );
  if v_answer is not null then
    return jsonb_populate_record(null::public.appointments, v_answer);
  end if;
  begin
    v_appointment := private.answer_offer(v_offer.id, accepts);
  exception
    when sqlstate 'PT409' then
      if token is null or sqlerrm <> 'invalid_state' then
        raise;
      end if;
      perform private.fail('not_found', 'There is no such offer, or it is over.', 'Ask the practice for another one.');
  end;
  if idempotency_key is not null then
    perform private.store_idempotent_response(
      v_offer.organization_id, operation, idempotency_key, to_jsonb(v_appointment)
    );
  end if;
  return v_appointment;
end
$$;

create function public.accept_offer(
  token text default null, waitlist_offer_id uuid default null, idempotency_key text default null
)
returns public.appointments
language plpgsql
security definer -- definer because nobody is granted update on appointments and offers
set search_path = ''
as $$
begin
  return private.answer('accept_offer', token, waitlist_offer_id, idempotency_key, true);
end
$$;

comment on function public.accept_offer(text, uuid, text) is
  'Accepts an open offer: by its token, whoever brings it, once; or by waitlist_offer_id as its client, the desk or '
  'its practitioner. The held appointment becomes an ordinary one, confirmed unless the offer was automatic and '
  'bookings wait for staff, and is paid with credits when they cover the price. Returns the appointment. Errors: '
  'not_found (also a token that is used or over), invalid_state, invalid_argument, idempotency_mismatch, '
  'idempotency_in_flight.';

create function public.decline_offer(
  token text default null, waitlist_offer_id uuid default null, idempotency_key text default null
)
returns public.appointments
language plpgsql
security definer -- definer because nobody is granted update on appointments and offers
set search_path = ''
as $$
begin
  return private.answer('decline_offer', token, waitlist_offer_id, idempotency_key, false);
end
$$;

comment on function public.decline_offer(text, uuid, text) is
  'Declines an open offer, by its token or by waitlist_offer_id as accept_offer: the place is free again, the client '
  'waits on. Returns the cancelled appointment. Errors as accept_offer.';

grant execute on function public.accept_offer(text, uuid, text) to authenticated;
grant execute on function public.decline_offer(text, uuid, text) to authenticated;
