-- What constraints alone cannot say about appointments: the state machine, what never changes, seats
-- of a group, deliberate overlaps, and that "paid" is backed by the ledger. Binding for every role.

create function private.lock_calendar(
  practitioner_ids uuid[], room_ids uuid[] default '{}', client_ids uuid[] default '{}'
)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_key bigint;
begin
  -- One fixed order, practitioners, rooms, clients, each by key: nobody who waits here can be
  -- waited for by somebody further down.
  if cardinality(practitioner_ids) = 1 then
    perform pg_advisory_xact_lock(hashtextextended(practitioner_ids[1]::text, 1));
  elsif practitioner_ids <> '{}' then
    for v_key in select hashtextextended(p::text, 1) from unnest(practitioner_ids) as p order by 1 loop
      perform pg_advisory_xact_lock(v_key);
    end loop;
  end if;
  if room_ids <> '{}' then
    for v_key in select hashtextextended(r::text, 2) from unnest(room_ids) as r order by 1 loop
      perform pg_advisory_xact_lock(v_key);
    end loop;
  end if;
  if cardinality(client_ids) = 1 then
    perform pg_advisory_xact_lock(hashtextextended(client_ids[1]::text, 3));
  elsif client_ids <> '{}' then
    for v_key in select hashtextextended(c::text, 3) from unnest(client_ids) as c order by 1 loop
      perform pg_advisory_xact_lock(v_key);
    end loop;
  end if;
end
$$;

comment on function private.lock_calendar(uuid[], uuid[], uuid[]) is
  'Takes the calendars of practitioners, rooms and clients until the end of the transaction, without deadlock.';

create function private.tg_appointments__guard_insert()
returns trigger
language plpgsql
security definer -- definer because the rules count appointments whatever the writer may see
set search_path = ''
as $$
declare
  v_service public.services;
begin
  new.session_id := coalesce(new.session_id, new.id);
  new.revision := 0;
  -- A row made by hand needs no more than what a person would fill in.
  if new.blocked_during is null or new.price_amount is null or new.currency is null or new.mode is null then
    select s.* into v_service from public.services as s where s.id = new.service_id;
    new.blocked_during := coalesce(
      new.blocked_during,
      tstzrange(
        lower(new.during) - make_interval(mins => v_service.buffer_before_minutes),
        upper(new.during) + make_interval(mins => v_service.buffer_after_minutes)
      )
    );
    new.price_amount := coalesce(new.price_amount, v_service.price_amount);
    new.currency := coalesce(new.currency, v_service.currency);
    new.mode := coalesce(new.mode, v_service.mode);
  end if;
  if new.status <> 'cancelled' then
    perform private.guard_calendar(new, new.session_id <> new.id);
  end if;
  return new;
end
$$;

create function private.tg_appointments__guard_update()
returns trigger
language plpgsql
security definer -- definer because the rules count appointments whatever the writer may see
set search_path = ''
as $$
declare
  v_is_moved boolean := (new.during, new.blocked_during, new.practitioner_id, new.location_id)
    is distinct from (old.during, old.blocked_during, old.practitioner_id, old.location_id)
    or new.room_id is distinct from old.room_id;
begin
  if num_nonnulls(old.held_until, new.held_until) > 0 then
    perform private.guard_hold(old, new, v_is_moved);
  end if;

  if (new.id, new.organization_id, new.client_id, new.service_id, new.price_amount, new.currency, new.created_at)
    is distinct from
    (old.id, old.organization_id, old.client_id, old.service_id, old.price_amount, old.currency, old.created_at)
    or new.created_by is distinct from old.created_by
    or (old.overlap_allowed_by is not null and new.overlap_allowed_by is distinct from old.overlap_allowed_by)
  then
    perform private.fail(
      'invalid_state',
      'Client, service, price and origin of an appointment never change.',
      'Cancel it and book another one.'
    );
  end if;

  if new.status <> old.status and not (
    case old.status
      when 'pending' then new.status in ('confirmed', 'cancelled')
      when 'confirmed' then new.status in ('in_progress', 'completed', 'cancelled', 'no_show')
      when 'in_progress' then new.status in ('completed', 'cancelled', 'no_show')
      else false
    end
  ) then
    perform private.fail(
      'invalid_state', format('An appointment that is %s cannot become %s.', old.status, new.status)
    );
  end if;

  if v_is_moved or new.session_id <> old.session_id then
    if old.status not in ('pending', 'confirmed') then
      perform private.fail('invalid_state', format('An appointment that is %s cannot be moved.', old.status));
    end if;
    -- Who moves leaves the group session to those who stay.
    if v_is_moved and new.session_id = old.session_id and exists (
      select 1
      from public.appointments as a
      where a.practitioner_id = old.practitioner_id
        and a.starts_at = old.starts_at
        and a.session_id = old.session_id
        and a.id <> old.id
    ) then
      new.session_id := gen_random_uuid();
    end if;
    if new.status <> 'cancelled' then
      -- Whoever comes here holds the row: waiting for a calendar now could be a deadlock. The RPCs hold
      -- it already; anybody else tries again.
      if not pg_try_advisory_xact_lock(hashtextextended(new.practitioner_id::text, 1))
        or not pg_try_advisory_xact_lock(hashtextextended(new.client_id::text, 3))
      then
        perform private.fail('slot_taken', 'This calendar is being changed by somebody else.', 'Try again.');
      end if;
      perform private.guard_calendar(new, true);
    end if;
  end if;

  if new.payment_status <> old.payment_status and not (
    case old.payment_status
      when 'unpaid' then new.payment_status in ('paid', 'invoiced')
      when 'paid' then new.payment_status in ('refunded', 'invoiced')
      -- An invoice of ours can be paid or withdrawn; what was invoiced elsewhere stays so.
      when 'invoiced' then old.invoice_id is not null and new.payment_status in ('paid', 'unpaid')
      else false
    end
  ) then
    perform private.fail(
      'invalid_state',
      format('A payment that is %s cannot become %s.', old.payment_status, new.payment_status)
    );
  end if;

  if v_is_moved or new.status <> old.status then
    new.revision := old.revision + 1;
  else
    new.revision := old.revision;
  end if;
  new.updated_at := now();
  return new;
end
$$;

create function private.guard_calendar(appointment public.appointments, may_have_companions boolean)
returns void
language plpgsql
security definer -- definer because the rules count appointments whatever the writer may see
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
declare
  v_companions integer := 0;
  v_strangers integer;
  v_seats integer;
begin
  -- Writers of one practitioner's or client's calendar take turns, so that what is counted here stays true. As
  -- lock_calendar does, which would cost the ordinary booking, who has both, ten times as much.
  perform pg_advisory_xact_lock(hashtextextended(appointment.practitioner_id::text, 1));
  perform pg_advisory_xact_lock(hashtextextended(appointment.client_id::text, 3));

  if may_have_companions then
    select
      count(*) filter (
        where a.practitioner_id = appointment.practitioner_id
          and a.service_id = appointment.service_id
          and a.location_id = appointment.location_id
          and a.during = appointment.during
          and a.room_id is not distinct from appointment.room_id
      ),
      count(*)
    into v_companions, v_strangers
    from public.appointments as a
    where a.organization_id = appointment.organization_id
      and a.starts_at > lower(appointment.during) - interval '36 hours'
      and a.starts_at < upper(appointment.during) + interval '8 hours'
      and a.session_id = appointment.session_id
      and a.id <> appointment.id
      and a.status <> 'cancelled'
      and a.blocked_during && appointment.blocked_during;
    if v_strangers > v_companions then
      perform private.fail(
        'slot_taken', 'Appointments of one session share service, practitioner, room and time.'
      );
    end if;
    -- A session has one place and time, so whoever joins one meets somebody there.
    if v_companions = 0 and exists (
      select 1
      from public.appointments as a
      where a.organization_id = appointment.organization_id
        and a.session_id = appointment.session_id
        and a.id <> appointment.id
        and a.status <> 'cancelled'
    ) then
      perform private.fail('slot_taken', 'Appointments of one session share service, practitioner, room and time.');
    end if;
    if v_companions > 0 then
      v_seats := (select s.seats from public.services as s where s.id = appointment.service_id);
      if v_companions >= v_seats then
        perform private.fail('slot_taken', 'All seats of this session are taken.', 'Choose another slot.');
      end if;
    end if;
  end if;

  -- Deliberate overlaps stand outside the exclusion constraints, yet nobody else may book over them.
  if appointment.overlap_allowed_by is null and exists (
    select 1
    from public.appointments as o
    where o.organization_id = appointment.organization_id
      and o.overlap_allowed_by is not null
      and o.status <> 'cancelled'
      and o.id <> appointment.id
      and o.starts_at > lower(appointment.during) - interval '36 hours'
      and o.starts_at < upper(appointment.during) + interval '8 hours'
      and (
        -- A seat in a session that exists takes nothing from practitioner and room.
        (
          v_companions = 0
          and (o.practitioner_id = appointment.practitioner_id or o.room_id = appointment.room_id)
          and o.blocked_during && appointment.blocked_during
        )
        or (o.client_id = appointment.client_id and o.during && appointment.during)
      )
  ) then
    perform private.fail('slot_taken', 'This time is taken.', 'Choose another slot.');
  end if;
end
$$;

-- What is held for somebody changes in two ways only: it is given up, or it is taken in time and so
-- becomes an ordinary appointment. Who takes it is decided where the offer is.
create function private.guard_hold(stored public.appointments, wanted public.appointments, is_moved boolean)
returns void
language plpgsql
set search_path = ''
as $$
begin
  if stored.held_until is null then
    perform private.fail('invalid_state', 'What is booked cannot be held for somebody.');
  elsif is_moved or wanted.session_id <> stored.session_id
    or wanted.overlap_allowed_by is distinct from stored.overlap_allowed_by
    or (wanted.held_until is not null and (
      wanted.held_until <> stored.held_until
      or wanted.status not in (stored.status, 'cancelled')
      or wanted.payment_status <> stored.payment_status
    ))
  then
    perform private.fail(
      'invalid_state', 'This time is held for an offer.', 'Wait for the answer, or cancel it, which withdraws the offer.'
    );
  elsif wanted.held_until is null and (
    stored.status <> 'pending'
    or wanted.status not in ('pending', 'confirmed')
    -- The wall clock: the transaction may have begun before the time was over.
    or stored.held_until <= clock_timestamp()
  ) then
    perform private.fail('invalid_state', 'This hold is over.', 'Book another slot.');
  end if;
end
$$;

create trigger appointments_guard_insert before insert on public.appointments
  for each row execute function private.tg_appointments__guard_insert();
create trigger appointments_guard_update before update on public.appointments
  for each row execute function private.tg_appointments__guard_update();
create trigger appointments_never_deleted before delete on public.appointments
  for each row execute function private.tg__refuse_change();
create trigger appointments_no_truncate before truncate on public.appointments
  for each statement execute function private.tg__refuse_change();

create function private.tg_appointments__check_payment()
returns trigger
language plpgsql
security definer -- definer because the rule reads the ledger whatever the writer may see
set search_path = ''
as $$
begin
  if new.price_amount > 0 and not (
    -- Each kind has its own partial index by appointment. One query for both could use neither, and would
    -- read every entry of the client.
    case new.payment_status
      when 'paid' then exists (
        select 1
        from public.credit_entries as e
        where e.appointment_id = new.id
          and e.kind = 'spend'
          and e.amount = -new.price_amount
          and e.currency = new.currency
          and e.client_id = new.client_id
      )
      else exists (
        select 1
        from public.credit_entries as e
        where e.appointment_id = new.id
          and e.kind = 'refund'
          and e.amount = new.price_amount
          and e.currency = new.currency
          and e.client_id = new.client_id
      )
    end
  ) then
    perform private.fail(
      'invalid_state',
      format('The ledger has no entry that makes this appointment %s.', new.payment_status),
      'Use pay_appointment or cancel_appointment.'
    );
  end if;
  return null;
end
$$;

comment on function private.tg_appointments__check_payment() is
  'At commit: paid and refunded appointments have their ledger entry. Those on an invoice are billing''s to check.';

create constraint trigger appointments_payment_is_backed_on_insert
  after insert on public.appointments
  deferrable initially deferred
  for each row when (new.payment_status in ('paid', 'refunded') and new.invoice_id is null)
  execute function private.tg_appointments__check_payment();
create constraint trigger appointments_payment_is_backed_on_update
  after update on public.appointments
  deferrable initially deferred
  for each row when (
    new.payment_status in ('paid', 'refunded')
    and new.invoice_id is null
    and (new.payment_status, old.invoice_id is null) is distinct from (old.payment_status, true)
  )
  execute function private.tg_appointments__check_payment();

create function private.tg_credit_entries__check_appointment()
returns trigger
language plpgsql
security definer -- definer because the rule reads the appointment whatever the writer may see
set search_path = ''
as $$
begin
  if new.appointment_id is not null and not exists (
    select 1
    from public.appointments as a
    where a.id = new.appointment_id
      and a.client_id = new.client_id
      and a.currency = new.currency
      and a.price_amount = abs(new.amount)
      and case new.kind
        when 'refund' then a.payment_status = 'refunded'
        -- Refunded without an invoice: tg_appointments__check_payment asks for the refund at commit.
        else a.payment_status in ('paid', 'invoiced')
          or (a.payment_status = 'refunded' and a.invoice_id is null)
      end
  ) then
    perform private.fail(
      'invalid_state', 'This entry does not fit the payment of its appointment.', 'Use pay_appointment or cancel_appointment.'
    );
  end if;
  return null;
end
$$;

comment on function private.tg_credit_entries__check_appointment() is
  'A spend or refund belongs to an appointment of that client, price and payment status, which is set before.';

create trigger credit_entries_fit_their_appointment after insert on public.credit_entries
  for each row execute function private.tg_credit_entries__check_appointment();
