-- What must stay true of entries, offers and the places they hold, whoever writes: the dashboard, too.

create function private.tg_waitlist_entries__guard_update()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if (new.id, new.organization_id, new.client_id, new.service_id, new.created_at)
    is distinct from (old.id, old.organization_id, old.client_id, old.service_id, old.created_at)
    or new.created_by is distinct from old.created_by
  then
    perform private.fail('invalid_state', 'Client, service and origin of an entry never change.', 'Make a new entry.');
  end if;
  if old.status not in ('waiting', 'offered')
    and (new.status, new.appointment_id) is distinct from (old.status, old.appointment_id)
  then
    perform private.fail('invalid_state', format('An entry that is %s stays so.', old.status), 'Make a new entry.');
  end if;
  new.ended_at := case
    when new.status in ('waiting', 'offered') then null
    when new.status = old.status then old.ended_at
    else now()
  end;
  new.updated_at := now();
  return new;
end
$$;

create trigger waitlist_entries_guard_update before update on public.waitlist_entries
  for each row execute function private.tg_waitlist_entries__guard_update();

create function private.tg_waitlist_offers__guard_update()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if to_jsonb(new) - array['status', 'answered_at'] <> to_jsonb(old) - array['status', 'answered_at'] then
    perform private.fail('invalid_state', 'An offer never changes.', 'Withdraw it and make another one.');
  end if;
  if old.status <> 'open' and (new.status, new.answered_at) is distinct from (old.status, old.answered_at) then
    perform private.fail('invalid_state', format('An offer that is %s stays so.', old.status));
  end if;
  return new;
end
$$;

create trigger waitlist_offers_guard_update before update on public.waitlist_offers
  for each row execute function private.tg_waitlist_offers__guard_update();
create trigger waitlist_offers_never_deleted before delete on public.waitlist_offers
  for each row execute function private.tg__refuse_change();
create trigger waitlist_offers_no_truncate before truncate on public.waitlist_offers
  for each statement execute function private.tg__refuse_change();

-- At commit, since an offer, its hold and its entry change one after the other in one transaction.
create function private.require_sound_offer(appointment_id uuid)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_found record;
begin
  select
    a.status, a.held_until, o.status as offer_status,
    o.id is null or (
      o.client_id = a.client_id and e.client_id = a.client_id and e.service_id = a.service_id
      and (e.status = 'offered' or o.status <> 'open')
    ) as fits,
    o.expires_at
  into v_found
  from public.appointments as a
  left join public.waitlist_offers as o on o.appointment_id = a.id
  left join public.waitlist_entries as e on e.id = o.waitlist_entry_id
  where a.id = require_sound_offer.appointment_id;

  if not v_found.fits or (case
    -- Held by an open offer, until the same moment; given up; or taken.
    when v_found.held_until is not null and v_found.status = 'pending'
      then v_found.offer_status = 'open' and v_found.expires_at = v_found.held_until
    when v_found.held_until is not null then coalesce(v_found.offer_status not in ('open', 'accepted'), true)
    else coalesce(v_found.offer_status = 'accepted', true)
  end) is not true then
    perform private.fail(
      'invalid_state', 'A held appointment belongs to an open offer, and an offer to what it holds.',
      'Use offer_slot, accept_offer, decline_offer or cancel_appointment.'
    );
  end if;
end
$$;

create function private.tg_appointments__check_offer()
returns trigger
language plpgsql
security definer -- definer because the rule reads appointment and offer whatever the writer may see
set search_path = ''
as $$
begin
  perform private.require_sound_offer(new.id);
  return null;
end
$$;

create constraint trigger appointments_hold_has_its_offer_on_insert
  after insert on public.appointments
  deferrable initially deferred
  for each row when (new.held_until is not null)
  execute function private.tg_appointments__check_offer();
create constraint trigger appointments_hold_has_its_offer_on_update
  after update on public.appointments
  deferrable initially deferred
  for each row when (old.held_until is not null)
  execute function private.tg_appointments__check_offer();

create function private.tg_waitlist_offers__check_hold()
returns trigger
language plpgsql
security definer -- definer because the rule reads appointment and offer whatever the writer may see
set search_path = ''
as $$
begin
  perform private.require_sound_offer(new.appointment_id);
  return null;
end
$$;

create constraint trigger waitlist_offers_fit_their_hold
  after insert or update on public.waitlist_offers
  deferrable initially deferred
  for each row execute function private.tg_waitlist_offers__check_hold();

create function private.tg_waitlist_entries__check_offer()
returns trigger
language plpgsql
security definer -- definer because the rule reads offers whatever the writer may see
set search_path = ''
as $$
begin
  -- The row as it is by now: it may have changed again since.
  if exists (
    select 1
    from public.waitlist_entries as e
    where e.id = new.id
      and (e.status = 'offered') <> exists (
        select 1 from public.waitlist_offers as o where o.waitlist_entry_id = e.id and o.status = 'open'
      )
  ) then
    perform private.fail('invalid_state', 'An entry is offered while it has an open offer, and only then.');
  end if;
  return null;
end
$$;

create constraint trigger waitlist_entries_fit_their_offers
  after insert or update on public.waitlist_entries
  deferrable initially deferred
  for each row execute function private.tg_waitlist_entries__check_offer();

-- Effects of what happens to appointments and clients ----------------------------------------------

create function private.tg_appointments__withdraw_offer()
returns trigger
language plpgsql
security definer -- definer because nobody is granted update on offers and entries
set search_path = ''
as $$
declare
  v_entry_id uuid;
begin
  -- Declined and expired offers are answered before their hold is cancelled; else staff cancelled it.
  update public.waitlist_offers as o
  set status = 'withdrawn', answered_at = now()
  where o.appointment_id = new.id and o.status = 'open';

  select o.waitlist_entry_id into v_entry_id from public.waitlist_offers as o where o.appointment_id = new.id;
  update public.waitlist_entries as e
  set
    status = case
      when c.archived_at is not null then 'withdrawn'
      when booked.id is not null then 'booked'
      else 'waiting'
    end::public.waitlist_status,
    appointment_id = case when c.archived_at is null then booked.id end
  from public.clients as c
  left join lateral private.satisfying_appointment(v_entry_id) as booked (id) on true
  where e.id = v_entry_id and e.status = 'offered' and c.id = e.client_id;
  return null;
end
$$;

create trigger appointments_withdraw_offer after update of status on public.appointments
  for each row when (new.held_until is not null and old.status <> 'cancelled' and new.status = 'cancelled')
  execute function private.tg_appointments__withdraw_offer();

create function private.satisfying_appointment(waitlist_entry_id uuid)
returns uuid
language sql
stable
security definer -- definer because the rule reads appointments whatever the writer may see
set search_path = ''
as $$
  select a.id
  from public.waitlist_entries as e
  join public.appointments as a
    on a.client_id = e.client_id and a.service_id = e.service_id and a.created_at > e.created_at
  join public.locations as l on l.id = a.location_id
  where e.id = satisfying_appointment.waitlist_entry_id
    and a.starts_at > now()
    and a.status in ('pending', 'confirmed')
    and a.held_until is null
    and private.met_preferences(
      e.preferences, a.starts_at, a.ends_at, l.timezone, a.practitioner_id, a.location_id, now()
    ) is not null
  order by a.starts_at, a.id
  limit 1
$$;

comment on function private.satisfying_appointment(uuid) is
  'What the client booked since joining that is what they were waiting for; null: nothing.';

create function private.tg_appointments__end_waiting()
returns trigger
language plpgsql
security definer -- definer because nobody is granted update on entries
set search_path = ''
as $$
declare
  v_timezone text;
begin
  if new.held_until is not null or new.status not in ('pending', 'confirmed') or not exists (
    select 1
    from public.waitlist_entries as e
    where e.client_id = new.client_id and e.service_id = new.service_id and e.status = 'waiting'
  ) then
    return null;
  end if;
  select l.timezone into v_timezone from public.locations as l where l.id = new.location_id;
  -- Only what the client was waiting for ends the waiting: who has booked a late date still waits for an
  -- early one.
  update public.waitlist_entries as e
  set status = 'booked', appointment_id = new.id
  where e.client_id = new.client_id
    and e.service_id = new.service_id
    and e.status = 'waiting'
    and private.met_preferences(
      e.preferences, lower(new.during), upper(new.during), v_timezone, new.practitioner_id, new.location_id, now()
    ) is not null;
  return null;
end
$$;

create trigger appointments_end_waiting_on_insert after insert on public.appointments
  for each row execute function private.tg_appointments__end_waiting();
create trigger appointments_end_waiting_on_move
  after update of during, practitioner_id, location_id on public.appointments
  for each row when (
    new.held_until is null and new.status in ('pending', 'confirmed')
    -- Spelled out: compared as a row, the generated migration would differ by its brackets.
    and (
      new.during <> old.during or new.practitioner_id <> old.practitioner_id or new.location_id <> old.location_id
    )
  )
  execute function private.tg_appointments__end_waiting();

create function private.tg_clients__leave_waitlist()
returns trigger
language plpgsql
security definer -- definer because nobody is granted update on entries
set search_path = ''
as $$
begin
  -- An offer that is open keeps its hold as bookings stay booked; it ends the entry when it ends.
  update public.waitlist_entries as e
  set status = 'withdrawn'
  where e.organization_id = new.organization_id and e.client_id = new.id and e.status = 'waiting';
  return null;
end
$$;

create trigger clients_leave_waitlist after update of archived_at on public.clients
  for each row when (old.archived_at is null and new.archived_at is not null)
  execute function private.tg_clients__leave_waitlist();
