-- The one formulation of "this time can be booked". find_slots, find_bookable_days, booking, moving
-- and the explanation of a refusal all ask here, so that what is listed can be booked and what is
-- not listed cannot.
--
-- Working time minus closings minus busy time, as multiranges; only what is left is cut into slots.
-- A busy interval is widened by the buffers of the service asked for, so that the session itself can
-- be compared with it: the buffers of two neighbours add up, exactly as in the exclusion constraints.

create type private.open_slot as (
  practitioner_id uuid,
  location_id uuid,
  room_id uuid,
  session_id uuid,
  starts_at timestamptz,
  ends_at timestamptz
);
comment on type private.open_slot is
  'A time that can be booked and the place it takes; session_id names the group session that it joins, if any.';

create function private.open_slots(
  service public.services,
  practitioner_ids uuid[],
  from_date date,
  to_date date,
  only_start timestamptz default null,
  only_location_id uuid default null,
  only_room_id uuid default null,
  as_client boolean default false,
  busy_client_id uuid default null,
  ignored_ids uuid[] default '{}',
  ignore_busy boolean default false,
  at timestamptz default now()
)
returns setof private.open_slot
language plpgsql
stable
security definer -- definer because free time depends on appointments that the caller may not see
set search_path = ''
as $$
declare
  v_duration interval := make_interval(mins => service.duration_minutes);
  v_before interval := make_interval(mins => service.buffer_before_minutes);
  v_after interval := make_interval(mins => service.buffer_after_minutes);
  -- No appointment, buffers included, is longer than this: it bounds the reads below.
  v_longest constant interval := '32 hours';
  v_settings public.organization_settings;
  v_step integer;
  v_needs_room boolean := only_room_id is not null;
  v_own tstzmultirange := '{}';
begin
  select s.* into v_settings
  from public.organization_settings as s
  where s.organization_id = service.organization_id;
  v_step := v_settings.slot_step_minutes * 60;

  if not v_needs_room then
    v_needs_room := exists (select 1 from public.service_rooms as sr where sr.service_id = service.id);
  end if;

  if busy_client_id is not null then
    v_own := coalesce(
      (
        select range_agg(a.during)
        from public.appointments as a
        where a.client_id = busy_client_id
          and a.starts_at > (from_date - 3)::timestamp at time zone 'UTC'
          and a.starts_at < (to_date + 3)::timestamp at time zone 'UTC'
          and a.status <> 'cancelled'
          and a.id <> all (ignored_ids)
      ),
      '{}'
    );
  end if;

  return query
  with place as materialized (
    -- Each location's own local days decide which instants are asked for.
    select
      l.id,
      l.timezone,
      greatest(
        coalesce(only_start, from_date::timestamp at time zone l.timezone),
        case when as_client
          then at + make_interval(mins => v_settings.minimum_notice_minutes)
          else at
        end
      ) as opens,
      least(
        coalesce(
          only_start + interval '1 microsecond', (to_date + 1)::timestamp at time zone l.timezone
        ),
        case when as_client
          then ((at at time zone l.timezone)::date + v_settings.booking_horizon_days + 1)::timestamp
            at time zone l.timezone
        end
      ) as closes
    from public.locations as l
    where l.organization_id = service.organization_id
      and l.is_active
      and (only_location_id is null or l.id = only_location_id)
  ),
  shift as (
    select
      w.practitioner_id,
      w.location_id,
      (day.day + w.start_time) at time zone p.timezone as opens,
      (day.day + w.end_time + case when w.end_time <= w.start_time then interval '1 day' else '0' end)
        at time zone p.timezone as closes
    from place as p
    join public.working_hours as w
      on w.organization_id = service.organization_id
      and w.practitioner_id = any (practitioner_ids)
      and w.location_id = p.id
    -- From the day before, whose shift may cross midnight, in steps of a week from the right weekday.
    cross join lateral (
      select (p.opens at time zone p.timezone)::date - 1 as first_day
    ) as bound
    cross join lateral (
      select bound.first_day + (w.weekday + 7 - extract(isodow from bound.first_day)::integer) % 7 + week * 7 as day
      from generate_series(0, ((p.closes at time zone p.timezone)::date - bound.first_day) / 7) as week
    ) as day
    where p.opens < p.closes
      and day.day >= w.valid_from
      and (w.valid_to is null or day.day <= w.valid_to)
    union all
    select x.practitioner_id, x.location_id, lower(x.during), upper(x.during)
    from place as p
    join public.extra_hours as x
      on x.organization_id = service.organization_id
      and x.practitioner_id = any (practitioner_ids)
      and x.location_id = p.id
    where p.opens < p.closes and upper(x.during) > p.opens and lower(x.during) < p.closes
  ),
  work as (
    select s.practitioner_id, s.location_id, range_agg(tstzrange(s.opens, s.closes)) as hours
    from shift as s
    where s.opens < s.closes
    group by s.practitioner_id, s.location_id
  ),
  supply as materialized (
    select
      w.practitioner_id,
      w.location_id,
      p.timezone,
      w.hours - coalesce(closing.times, '{}') as hours,
      case when as_client and v_settings.activation_required
        then coalesce(activated.days, '{}') * tstzmultirange(tstzrange(p.opens, p.closes))
        else tstzmultirange(tstzrange(p.opens, p.closes))
      end as allowed,
      p.opens,
      p.closes
    from work as w
    join place as p on p.id = w.location_id
    left join lateral (
      select range_agg(t.during) as times
      from public.time_off as t
      where t.organization_id = service.organization_id
        and t.room_id is null
        and (t.practitioner_id is null or t.practitioner_id = w.practitioner_id)
        and (t.location_id is null or t.location_id = w.location_id)
        and upper(t.during) > p.opens
        and lower(t.during) < p.closes + v_duration
    ) as closing on true
    left join lateral (
      select range_agg(
        tstzrange(b.day::timestamp at time zone p.timezone, (b.day + 1)::timestamp at time zone p.timezone)
      ) as days
      from public.booking_activations as b
      where as_client
        and v_settings.activation_required
        and b.practitioner_id = w.practitioner_id
        and b.is_open
        and b.day between (p.opens at time zone p.timezone)::date and (p.closes at time zone p.timezone)::date
    ) as activated on true
  ),
  room as materialized (
    select r.id, r.location_id, r.name, busy.times as busy
    from public.rooms as r
    join place as p on p.id = r.location_id
    cross join lateral (
      select coalesce(range_agg(b.during), '{}') as times
      from (
        select tstzrange(lower(a.blocked_during) - v_after, upper(a.blocked_during) + v_before) as during
        from public.appointments as a
        where a.room_id = r.id
          and a.status <> 'cancelled'
          and a.blocked_during && tstzrange(p.opens - v_before, p.closes + v_duration + v_after)
          and a.id <> all (ignored_ids)
          and not ignore_busy
        union all
        select t.during
        from public.time_off as t
        where t.organization_id = service.organization_id
          and t.room_id = r.id
          and upper(t.during) > p.opens
          and lower(t.during) < p.closes + v_duration
      ) as b
    ) as busy
    where v_needs_room
      and r.organization_id = service.organization_id
      and r.is_active
      and p.opens < p.closes
      and (only_room_id is null or r.id = only_room_id)
      and (
        only_room_id is not null
        or r.id in (select sr.room_id from public.service_rooms as sr where sr.service_id = service.id)
      )
  ),
  candidate as (
    select
      s.practitioner_id,
      s.location_id,
      slot.starts_at,
      slot.starts_at + v_duration as ends_at
    from supply as s
    left join lateral (
      select range_agg(
        tstzrange(lower(a.blocked_during) - v_after, upper(a.blocked_during) + v_before)
      ) as times
      from public.appointments as a
      where a.practitioner_id = s.practitioner_id
        and a.starts_at > s.opens - v_before - v_longest
        and a.starts_at < s.closes + v_duration + v_after + interval '4 hours'
        and a.status <> 'cancelled'
        and a.id <> all (ignored_ids)
        and not ignore_busy
    ) as busy on true
    cross join lateral unnest(s.hours - coalesce(busy.times, '{}') - v_own) as piece
    -- Starts from which the whole session fits into the piece, on the days that may be booked.
    cross join lateral unnest(
      tstzmultirange(
        tstzrange(
          lower(piece),
          greatest(upper(piece) - v_duration, lower(piece)),
          case when upper(piece) - lower(piece) >= v_duration then '[]' else '()' end
        )
      ) * s.allowed
    ) as window_
    -- The next local minute on the grid; a piece keeps it across clock changes because steps divide an hour.
    cross join lateral (
      select (
        v_step - mod(extract(epoch from lower(window_) at time zone s.timezone), v_step)
      ) as until_grid
    ) as grid
    cross join lateral generate_series(
      lower(window_) + case when grid.until_grid = v_step then interval '0'
        else make_interval(secs => grid.until_grid::double precision)
      end,
      upper(window_),
      make_interval(secs => v_step)
    ) as slot (starts_at)
    where window_ @> slot.starts_at
  ),
  open_session as (
    -- A seat in a group session that exists already.
    select
      a.practitioner_id, a.location_id, a.room_id, a.session_id, a.starts_at, a.ends_at
    from supply as s
    join public.appointments as a
      on a.practitioner_id = s.practitioner_id
      and a.location_id = s.location_id
      and a.starts_at >= s.opens
      and a.starts_at < s.closes
    where service.seats > 1
      and not ignore_busy
      and a.service_id = service.id
      and a.status <> 'cancelled'
      and a.id <> all (ignored_ids)
      and s.allowed @> a.starts_at
      and s.hours @> a.during
      and not v_own && a.during
      and (only_room_id is null or a.room_id = only_room_id)
    group by a.practitioner_id, a.location_id, a.room_id, a.session_id, a.starts_at, a.ends_at
    having count(*) < service.seats and bool_and(a.overlap_allowed_by is null)
  )
  select distinct on (found.starts_at, found.practitioner_id) found.*
  from (
    select c.practitioner_id, c.location_id, r.id as room_id, null::uuid as session_id, c.starts_at, c.ends_at
    from candidate as c
    left join lateral (
      select room.id
      from room
      where room.location_id = c.location_id and not room.busy && tstzrange(c.starts_at, c.ends_at)
      order by room.name, room.id
      limit 1
    ) as r on v_needs_room
    where r.id is not null or not v_needs_room
    union all
    select o.practitioner_id, o.location_id, o.room_id, o.session_id, o.starts_at, o.ends_at
    from open_session as o
  ) as found
  order by found.starts_at, found.practitioner_id, found.session_id, found.location_id;
end
$$;

comment on function private.open_slots(
  public.services, uuid[], date, date, timestamptz, uuid, uuid, boolean, uuid, uuid[], boolean, timestamptz
) is
  'Every start at which the service can be booked with one of the practitioners on the local days from_date to '
  'to_date (or at exactly only_start), with the place it would take. as_client applies notice, horizon and '
  'activation; ignore_busy asks for working time only; ignored_ids are appointments about to move. Authorises '
  'nobody: callers do.';

create function private.serving_practitioner_ids(service_id uuid, practitioner_id uuid default null)
returns uuid[]
language sql
stable
security definer -- definer because it is asked on behalf of clients and staff alike
set search_path = ''
as $$
  select coalesce(array_agg(p.id order by p.id), '{}')
  from public.service_practitioners as sp
  join public.practitioners as p on p.id = sp.practitioner_id
  where sp.service_id = serving_practitioner_ids.service_id
    and p.is_active
    and (serving_practitioner_ids.practitioner_id is null or p.id = serving_practitioner_ids.practitioner_id)
$$;

comment on function private.serving_practitioner_ids(uuid, uuid) is
  'Active practitioners who offer the service: all, or the one named.';
