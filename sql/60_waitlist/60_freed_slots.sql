-- Time that a cancellation or a move frees is noted by a trigger, which never stands in the way of the
-- cancellation, and offered by a job. The job tries locks and never waits for one: it holds those of many
-- people until it ends, so that a wait could be a deadlock. What is busy now is taken up a minute later.

create function private.tg_appointments__note_freed_slot()
returns trigger
language plpgsql
security definer -- definer because nobody is granted the table of freed slots
set search_path = ''
as $$
begin
  insert into private.freed_slots (organization_id, practitioner_id, client_id, during)
  select old.organization_id, old.practitioner_id, old.client_id, old.during
  from public.organization_settings as s
  where s.organization_id = old.organization_id
    and s.waitlist_automatic_offers
    and upper(old.during) > now()
    and exists (
      select 1
      from public.waitlist_entries as e
      where e.organization_id = old.organization_id and e.status in ('waiting', 'offered')
    );
  return null;
end
$$;

-- Not when a hold is given up: the time was free before it, or is being offered already.
create trigger appointments_note_freed_slot
  after update of status, during, practitioner_id on public.appointments
  for each row when (
    old.held_until is null and old.status <> 'cancelled' and old.overlap_allowed_by is null
    and (
      new.status = 'cancelled'
      or (new.during, new.practitioner_id) is distinct from (old.during, old.practitioner_id)
    )
  )
  execute function private.tg_appointments__note_freed_slot();

create function private.expire_offers(batch_size integer)
returns integer
language plpgsql
security definer -- definer because nobody is granted update on appointments and offers
set search_path = ''
as $$
declare
  v_offer public.waitlist_offers;
  v_count integer := 0;
begin
  for v_offer in
    select o.*
    from public.waitlist_offers as o
    where o.status = 'open' and o.expires_at <= clock_timestamp()
    order by o.expires_at
    limit batch_size
  loop
    -- Somebody is answering it at this moment: one of the two comes first.
    continue when not pg_try_advisory_xact_lock(hashtextextended(v_offer.client_id::text, 3));
    perform 1
    from public.appointments as a
    join public.waitlist_offers as o on o.appointment_id = a.id
    join public.waitlist_entries as e on e.id = o.waitlist_entry_id
    where a.id = v_offer.appointment_id and o.status = 'open'
    for update skip locked;
    continue when not found;
    perform private.release_offer(v_offer, 'expired');
    v_count := v_count + 1;
  end loop;

  -- An array is chosen once, a list might be for each row, and so without a limit.
  update public.waitlist_entries as e
  set status = 'expired'
  where e.id = any (
    array(
      select w.id
      from public.waitlist_entries as w
      where w.status = 'waiting'
        and w.preferences ? 'to_date'
        -- Past everywhere: dates are those of the locations.
        and (w.preferences ->> 'to_date')::date < (
          select min((now() at time zone l.timezone)::date)
          from public.locations as l
          where l.organization_id = w.organization_id
        )
      limit batch_size
      for update of w skip locked
    )
  );
  return v_count;
end
$$;

comment on function private.expire_offers(integer) is
  'Gives up offers whose time is over and ends entries whose last date is past; returns how many offers.';

-- Who could take a piece of a freed time, and where it would be, best first. One row per entry and start.
create type private.waitlist_candidate as (
  entry public.waitlist_entries,
  service public.services,
  slot private.open_slot
);
comment on type private.waitlist_candidate is 'An entry that waits and an open slot that it would take.';

create function private.waitlist_candidates(freed private.freed_slots)
returns setof private.waitlist_candidate
language plpgsql
stable
security definer -- definer because free time depends on appointments that the caller may not see
set search_path = ''
as $$
declare
  v_service public.services;
begin
  for v_service in
    select s.*
    from public.service_practitioners as sp
    join public.practitioners as p on p.id = sp.practitioner_id and p.is_active
    join public.services as s on s.id = sp.service_id and s.is_active
    where sp.organization_id = freed.organization_id
      and sp.practitioner_id = freed.practitioner_id
      and exists (
        select 1
        from public.waitlist_entries as e
        where e.organization_id = s.organization_id and e.service_id = s.id and e.status = 'waiting'
      )
  loop
    -- A session that meets the freed time was not possible before it was free.
    return query
    select e, v_service, slot
    from private.open_slots(
      v_service, array[freed.practitioner_id],
      (lower(freed.during) at time zone 'UTC')::date - 1, (upper(freed.during) at time zone 'UTC')::date + 1,
      as_client => true
    ) as slot
    join public.locations as l on l.id = slot.location_id
    join public.waitlist_entries as e
      on e.organization_id = v_service.organization_id and e.service_id = v_service.id and e.status = 'waiting'
    -- Nobody could tell of the offer who has neither address nor login: the desk asks them, if anybody does.
    join public.clients as c
      on c.id = e.client_id and c.archived_at is null and num_nonnulls(c.user_id, c.email, c.phone) > 0
    where tstzrange(slot.starts_at, slot.ends_at) && freed.during
      and e.client_id <> freed.client_id
      and private.met_preferences(
        e.preferences, slot.starts_at, slot.ends_at, l.timezone, slot.practitioner_id, slot.location_id, now()
      ) is not null
      and not exists (
        select 1
        from public.waitlist_offers as o
        where o.organization_id = e.organization_id
          and o.waitlist_entry_id = e.id
          and o.is_automatic
          and o.practitioner_id = freed.practitioner_id
          and tstzrange(o.starts_at, o.ends_at) && freed.during
      )
      and not private.client_is_busy(e.client_id, tstzrange(slot.starts_at, slot.ends_at));
  end loop;
end
$$;

comment on function private.waitlist_candidates(private.freed_slots) is
  'Entries that wait and the open starts in the freed time that they would take, by the rules of find_slots for '
  'clients, without those who had an offer for this time. In no order.';

create function private.is_on_offer(freed private.freed_slots)
returns boolean
language sql
stable
set search_path = ''
as $$
  select exists (
    select 1
    from public.waitlist_offers as o
    where o.practitioner_id = freed.practitioner_id
      and o.status = 'open'
      and tstzrange(o.starts_at, o.ends_at) && freed.during
  )
$$;

comment on function private.is_on_offer(private.freed_slots) is
  'Whether somebody has an open offer for a piece of a freed time. One person is asked after the other.';

create function private.offer_freed_slot(freed private.freed_slots)
returns text
language plpgsql
security definer -- definer because nobody is granted insert on appointments and offers
set search_path = ''
as $$
declare
  v_candidate private.waitlist_candidate;
  v_entry public.waitlist_entries;
  v_slot private.open_slot;
  v_offer public.waitlist_offers;
  v_is_busy boolean := false;
  v_tried uuid[] := '{}';
begin
  if not pg_try_advisory_xact_lock(hashtextextended(freed.practitioner_id::text, 1)) then
    return 'busy';
  end if;
  -- Whoever chose this time may have done so before the last offer was made: the time would look taken for good.
  if private.is_on_offer(freed) then
    return 'busy';
  end if;
  for v_candidate in
    select c.*
    from private.waitlist_candidates(freed) as c
    order by
      (c.entry).priority, (c.entry).created_at, (c.entry).id,
      -- The start that became free, else one inside, else the earliest.
      (c.slot).starts_at <> lower(freed.during),
      not freed.during @> tstzrange((c.slot).starts_at, (c.slot).ends_at),
      (c.slot).starts_at, (c.slot).session_id
    limit 500
  loop
    v_entry := v_candidate.entry;
    v_slot := v_candidate.slot;
    continue when v_entry.id = any (v_tried);
    if v_slot.room_id is not null and v_slot.session_id is null
      and not pg_try_advisory_xact_lock(hashtextextended(v_slot.room_id::text, 2))
    then
      v_is_busy := true;
      continue;
    end if;
    v_tried := v_tried || v_entry.id;
    if not pg_try_advisory_xact_lock(hashtextextended(v_entry.client_id::text, 3)) then
      v_is_busy := true;
      continue;
    end if;
    -- All calendars are held: look again, at the room and the person.
    perform 1
    from public.waitlist_entries as e
    where e.id = v_entry.id and e.status = 'waiting' and e.preferences = v_entry.preferences
    for update skip locked;
    if not found
      or exists (select 1 from public.clients as c where c.id = v_entry.client_id and c.archived_at is not null)
      or private.client_is_busy(v_entry.client_id, tstzrange(v_slot.starts_at, v_slot.ends_at))
      or not exists (
        select 1
        from private.open_slots(
          v_candidate.service, array[v_slot.practitioner_id], (v_slot.starts_at at time zone 'UTC')::date - 1,
          (v_slot.starts_at at time zone 'UTC')::date + 1, v_slot.starts_at, v_slot.location_id, v_slot.room_id, true
        ) as s
        where s.session_id is not distinct from v_slot.session_id
      )
    then
      v_is_busy := true;
      continue;
    end if;
    v_offer := private.make_offer(
      v_entry, v_candidate.service, v_slot,
      now() + private.offer_duration(null, freed.organization_id), true
    );
    if v_offer.id is not null then
      return 'offered';
    end if;
    v_is_busy := true;
  end loop;
  -- Who has another offer may decline it and would be next. A place that is held around this time may be given up,
  -- and then a room, or somebody who waits, is free.
  if v_is_busy or exists (
    select 1
    from public.waitlist_entries as e
    join public.service_practitioners as sp
      on sp.service_id = e.service_id and sp.practitioner_id = freed.practitioner_id
    where e.organization_id = freed.organization_id
      and e.client_id <> freed.client_id
      and (
        e.status = 'offered'
        or (
          e.status = 'waiting'
          and exists (
            select 1
            from public.waitlist_offers as o
            where o.organization_id = freed.organization_id
              and o.status = 'open'
              and o.starts_at < upper(freed.during) + interval '1 day'
              and o.ends_at > lower(freed.during) - interval '1 day'
          )
        )
      )
      and not exists (
        select 1
        from public.waitlist_offers as o
        where o.organization_id = e.organization_id
          and o.waitlist_entry_id = e.id
          and o.is_automatic
          and o.practitioner_id = freed.practitioner_id
          and tstzrange(o.starts_at, o.ends_at) && freed.during
      )
  ) then
    return 'busy';
  end if;
  return 'nobody';
end
$$;

comment on function private.offer_freed_slot(private.freed_slots) is
  'Offers a freed time to the first who would take it: offered, nobody, or busy (try again later).';

create function private.offer_freed_slots(batch_size integer default 100)
returns integer
language plpgsql
security definer -- definer because nobody is granted the table of freed slots
set search_path = ''
as $$
declare
  v_freed private.freed_slots;
  v_result text;
  v_count integer := private.expire_offers(batch_size * 2);
begin
  for v_freed in
    select f.*
    from private.freed_slots as f
    join public.organization_settings as s on s.organization_id = f.organization_id
    where f.closed_at is null
      -- One person after the other: while somebody thinks it over, nobody else is asked.
      and (upper(f.during) <= now() or (s.waitlist_automatic_offers and not private.is_on_offer(f)))
    order by f.tried_at, f.id
    limit batch_size
    for update of f skip locked
  loop
    v_result := case when upper(v_freed.during) <= now() then 'over' else private.offer_freed_slot(v_freed) end;
    if v_result = 'offered' then
      v_count := v_count + 1;
    elsif v_result = 'nobody' then
      v_result := case
        when exists (
          select 1
          from public.appointments as a
          join public.services as s on s.id = a.service_id
          where a.practitioner_id = v_freed.practitioner_id
            and a.starts_at > lower(v_freed.during) - interval '24 hours'
            and a.starts_at < upper(v_freed.during)
            and a.status <> 'cancelled'
            and a.during && v_freed.during
            -- Those who were in the group session before take nobody's seat, unless others make it full.
            and (
              s.seats = 1
              or a.created_at > v_freed.created_at
              or s.seats <= (
                select count(*)
                from public.appointments as m
                where m.practitioner_id = a.practitioner_id
                  and m.starts_at = a.starts_at
                  and m.session_id = a.session_id
                  and m.status <> 'cancelled'
              )
            )
        ) then 'taken'
        else 'unfilled'
      end;
    end if;
    update private.freed_slots as f
    set
      tried_at = clock_timestamp(),
      offer_count = f.offer_count + case when v_result = 'offered' then 1 else 0 end,
      closed_at = case when v_result in ('over', 'taken', 'unfilled') then now() end,
      outcome = case when v_result in ('over', 'taken', 'unfilled') then v_result end
    where f.id = v_freed.id;
  end loop;
  delete from private.freed_slots as f where f.closed_at < now() - interval '90 days';
  return v_count;
end
$$;

comment on function private.offer_freed_slots(integer) is
  'Gives up offers that are over and offers freed times to the next person each; returns how many offers changed. Run '
  'by the scheduler, each minute.';

grant execute on function private.offer_freed_slots(integer) to service_role;
