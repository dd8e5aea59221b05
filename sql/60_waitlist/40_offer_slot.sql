-- Offering a place to one person: it is held for a limited time, for nobody else.

-- Holds the slot and makes the offer. The caller holds the calendars of practitioner, room and client.
-- Null when the place was lost.
create function private.make_offer(
  entry public.waitlist_entries,
  service public.services,
  slot private.open_slot,
  expires_at timestamptz,
  is_automatic boolean,
  token_hash bytea default null
)
returns public.waitlist_offers
language plpgsql
security definer -- definer because nobody is granted insert on appointments and offers
set search_path = ''
as $$
declare
  v_id uuid := private.create_id();
  v_expires_at timestamptz := least(expires_at, slot.starts_at);
  v_offer public.waitlist_offers;
begin
  insert into public.appointments (
    id, organization_id, location_id, client_id, practitioner_id, service_id, room_id, session_id, during,
    blocked_during, status, held_until, price_amount, currency, mode
  )
  values (
    v_id, entry.organization_id, slot.location_id, entry.client_id, slot.practitioner_id, service.id, slot.room_id,
    coalesce(slot.session_id, v_id), tstzrange(slot.starts_at, slot.ends_at),
    private.blocked_during(service, slot), 'pending', v_expires_at, service.price_amount, service.currency, service.mode
  )
  on conflict do nothing;
  if not found then
    return null;
  end if;

  update public.waitlist_entries as e set status = 'offered' where e.id = entry.id;
  insert into public.waitlist_offers (
    organization_id, waitlist_entry_id, client_id, practitioner_id, appointment_id, starts_at, ends_at, is_automatic,
    expires_at, token_hash
  )
  values (
    entry.organization_id, entry.id, entry.client_id, slot.practitioner_id, v_id, slot.starts_at, slot.ends_at,
    is_automatic, v_expires_at, token_hash
  )
  returning * into v_offer;
  return v_offer;
end
$$;

comment on function private.make_offer(
  public.waitlist_entries, public.services, private.open_slot, timestamptz, boolean, bytea
) is
  'Holds an open slot for a waiting entry until expires_at, at most until its start, and makes the offer.';

create function private.offer_duration(expires_in text, organization_id uuid)
returns interval
language plpgsql
stable
security definer -- definer because practitioners' and clients' calls read the setting alike
set search_path = ''
as $$
declare
  v_duration interval;
begin
  if expires_in is null then
    return make_interval(
      mins => (
        select s.waitlist_offer_minutes
        from public.organization_settings as s
        where s.organization_id = offer_duration.organization_id
      )
    );
  end if;
  begin
    v_duration := case
      when expires_in ~ '^[0-9]{1,9}$' then make_interval(mins => expires_in::integer)
      else expires_in::interval
    end;
  exception
    when data_exception then v_duration := null;
  end;
  if v_duration is null or not v_duration between interval '1 minute' and interval '7 days' then
    perform private.fail(
      'invalid_argument',
      'expires_in is a number of minutes, or a duration such as PT2H or "2 hours", from 1 minute to 7 days.'
    );
  end if;
  return v_duration;
end
$$;

comment on function private.offer_duration(text, uuid) is
  'How long an offer is open: whole minutes, an ISO 8601 duration or an interval; null: the organization''s setting.';

create function public.offer_slot(
  waitlist_entry_id uuid,
  practitioner_id uuid,
  starts_at timestamptz,
  expires_in text default null,
  idempotency_key text default null
)
returns json
language plpgsql
security definer -- definer because nobody is granted insert on appointments and offers
set search_path = ''
as $$
declare
  v_entry public.waitlist_entries := private.authorize_entry(waitlist_entry_id);
  v_service public.services;
  v_duration interval;
  v_day date;
  v_answer jsonb;
  v_slot private.open_slot;
  v_token text := private.create_token();
  v_offer public.waitlist_offers;
begin
  perform private.require_role(v_entry.organization_id, 'owner', 'admin', 'receptionist', 'practitioner');
  perform private.require_starts_at(starts_at);
  v_duration := private.offer_duration(expires_in, v_entry.organization_id);
  select s.* into v_service from public.services as s where s.id = v_entry.service_id and s.is_active;
  if not found then
    perform private.fail('invalid_state', 'This service is not offered any more.');
  end if;
  if practitioner_id is null or private.serving_practitioner_ids(v_service.id, practitioner_id) = '{}' then
    perform private.fail('not_found', 'No such practitioner offers this service.');
  end if;

  v_answer := private.claim_idempotency_key(
    v_entry.organization_id, 'offer_slot', idempotency_key,
    jsonb_build_array(waitlist_entry_id, practitioner_id, extract(epoch from starts_at), expires_in)
  );
  if v_answer is not null then
    return v_answer;
  end if;
  -- Each offer is a message to this person.
  perform private.require_token('waitlist_offer:' || v_entry.client_id, 20, 1);

  perform private.lock_calendar(
    array[practitioner_id], private.service_room_ids(v_service.id), array[v_entry.client_id]
  );
  select e.* into v_entry from public.waitlist_entries as e where e.id = offer_slot.waitlist_entry_id;
  if v_entry.status <> 'waiting' then
    perform private.fail('invalid_state', format('This entry is %s.', v_entry.status), 'Offer it to somebody else.');
  end if;
  v_day := (starts_at at time zone 'UTC')::date;
  select s.* into v_slot
  from private.open_slots(v_service, array[practitioner_id], v_day - 1, v_day + 1, starts_at) as s
  order by s.session_id, s.location_id
  limit 1;
  if not found then
    perform private.fail_slot(
      private.refuse_slot(v_service, array[practitioner_id], starts_at, null, null, false, '{}')
    );
  end if;
  if private.client_is_busy(v_entry.client_id, tstzrange(v_slot.starts_at, v_slot.ends_at)) then
    perform private.fail_slot('client_busy');
  end if;
  v_offer := private.make_offer(
    v_entry, v_service, v_slot, now() + v_duration, false, private.hash_token(v_token)
  );
  if v_offer.id is null then
    perform private.fail_slot('slot_taken');
  end if;

  v_answer := jsonb_build_object(
    'waitlist_offer_id', v_offer.id,
    'waitlist_entry_id', v_offer.waitlist_entry_id,
    'appointment_id', v_offer.appointment_id,
    'practitioner_id', v_offer.practitioner_id,
    'starts_at', v_offer.starts_at,
    'ends_at', v_offer.ends_at,
    'expires_at', v_offer.expires_at,
    'token', null
  );
  -- The secret is answered once and kept by nobody: a repeat gets everything else.
  if idempotency_key is not null then
    perform private.store_idempotent_response(
      v_entry.organization_id, 'offer_slot', idempotency_key, v_answer
    );
  end if;
  return v_answer || jsonb_build_object('token', v_token);
end
$$;

comment on function public.offer_slot(uuid, uuid, timestamptz, text, text) is
  'Staff offer a free start to somebody who waits and hold it for them: expires_in minutes (or a duration such as '
  'PT2H), by default waitlist_offer_minutes, at most until the start. Returns {waitlist_offer_id, waitlist_entry_id, '
  'appointment_id, practitioner_id, starts_at, ends_at, expires_at, token}; the token accepts or declines, once, and '
  'is shown only here. Errors: slot_taken, client_busy, outside_working_hours, too_late, invalid_state, not_found, '
  'forbidden, invalid_argument, rate_limited, idempotency_mismatch, idempotency_in_flight.';

grant execute on function public.offer_slot(uuid, uuid, timestamptz, text, text) to authenticated;
