-- The one formulation of "this time can be booked". find_slots, find_bookable_days, booking, moving
-- and the explanation of a refusal all ask here, so that what is listed can be booked and what is
-- not listed cannot. Only the starts that remain of free time are cut into slots on the grid.

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

create type private.slot_runs as (
  practitioner_id uuid,
  location_id uuid,
  room_id uuid,
  session_id uuid,
  firsts timestamptz[],
  lasts timestamptz[],
  step interval,
  duration interval
);
comment on type private.slot_runs is
  'Slots of one place, in runs: the nth starts at firsts[n] and goes on in steps until lasts[n], on the grid or not; '
  'session_id as in open_slot.';

create function private.open_runs(
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
  avoided_room_ids uuid[] default '{}',
  at timestamptz default now()
)
returns setof private.slot_runs
language plpgsql
stable
rows 100 -- what the caller's plan expects: with the default it would look worth compiling
security definer -- definer because free time depends on appointments that the caller may not see
set search_path = ''
set plan_cache_mode = force_generic_plan
set timezone = 'UTC' -- until a location's is known
as $$
declare
  v_origin constant timestamp := '2000-01-01';
  v_moment constant interval := '1 microsecond';
  v_place record;
  v_query private.slot_query;
  v_step interval;
  v_hours tstzmultirange[];
  v_allowed tstzmultirange[];
  v_client_taken tstzmultirange;
  v_starts tstzmultirange[];
  v_room_ids uuid[];
  v_room_taken tstzmultirange[];
  v_room integer;
  v_rest tstzmultirange;
  v_part tstzmultirange;
  v_part_practitioner_ids uuid[];
  v_part_room_ids uuid[];
  v_parts tstzmultirange[];
  v_grid timestamptz;
  v_grid_step interval;
begin
  v_query.organization_id := service.organization_id;
  v_query.duration := make_interval(mins => service.duration_minutes);
  v_query.buffer_before := make_interval(mins => service.buffer_before_minutes);
  v_query.buffer_after := make_interval(mins => service.buffer_after_minutes);
  v_query.ignored_ids := ignored_ids;
  v_query.ignore_busy := ignore_busy;

  for v_place in
    select
      l.id,
      l.timezone,
      s.slot_step_minutes,
      s.activation_required,
      s.minimum_notice_minutes,
      s.booking_horizon_days,
      only_room_id is not null
        or exists (select 1 from public.service_rooms as sr where sr.service_id = service.id) as needs_room
    from public.locations as l
    join public.organization_settings as s on s.organization_id = l.organization_id
    where l.organization_id = service.organization_id
      and l.is_active
      and (only_location_id is null or l.id = only_location_id)
    order by l.id
  loop
    -- Each location's own local days decide which instants are asked for: its clock is the session's meanwhile.
    v_query.timezone := set_config('TimeZone', v_place.timezone, true);
    v_query.location_id := v_place.id;
    v_step := make_interval(mins => v_place.slot_step_minutes);
    v_query.only_activated := as_client and v_place.activation_required;
    v_query.opens := greatest(coalesce(only_start, from_date::timestamptz), at);
    v_query.closes := coalesce(only_start + v_moment, (to_date + 1)::timestamptz);
    if as_client then
      v_query.opens := greatest(v_query.opens, at + make_interval(mins => v_place.minimum_notice_minutes));
      v_query.closes := least(v_query.closes, (at::date + v_place.booking_horizon_days + 1)::timestamptz);
    end if;
    continue when v_query.opens >= v_query.closes;

    -- One answer for each practitioner, in their order.
    v_hours := private.practitioner_hours(v_query, practitioner_ids);
    continue when '{}'::tstzmultirange = all (v_hours);
    v_allowed := private.allowed_starts(v_query, practitioner_ids);

    -- A seat in a group session that exists already, and may last longer or less long than the service does now.
    if service.seats > 1 and not ignore_busy then
      return query
      select
        a.practitioner_id, a.location_id, a.room_id, a.session_id, array[a.starts_at], array[a.starts_at], v_step,
        make_interval(secs => extract(epoch from a.ends_at - a.starts_at)::double precision)
      from unnest(practitioner_ids, v_hours, v_allowed) as p (id, hours, allowed)
      join public.appointments as a on a.practitioner_id = p.id
      where a.starts_at >= v_query.opens
        and a.starts_at < v_query.closes
        and a.service_id = service.id
        and a.location_id = v_place.id
        and a.status <> 'cancelled'
        and a.id <> all (ignored_ids)
        and p.allowed @> a.starts_at
        and p.hours @> a.during
        and (only_room_id is null or a.room_id = only_room_id)
        and not exists (
          select 1
          from public.time_off as t
          where t.organization_id = service.organization_id and t.room_id = a.room_id and t.during && a.during
        )
        and not exists (
          select 1
          from public.appointments as own
          where own.client_id = busy_client_id
            and own.starts_at > a.starts_at - interval '24 hours'
            and own.starts_at < a.ends_at
            and own.ends_at > a.starts_at
            and own.status <> 'cancelled'
            and own.id <> all (ignored_ids)
        )
      group by a.practitioner_id, a.location_id, a.room_id, a.session_id, a.starts_at, a.ends_at
      having count(*) < service.seats and bool_and(a.overlap_allowed_by is null);
    end if;

    continue when date_bin(v_step, only_start::timestamp, v_origin) <> only_start::timestamp;
    if busy_client_id is not null then
      v_client_taken := private.starts_taken_of_client(v_query, busy_client_id);
      v_allowed := array(select allowed - v_client_taken from unnest(v_allowed) as allowed);
    end if;
    v_starts := private.free_starts(v_query, practitioner_ids, v_hours, v_allowed);
    continue when '{}'::tstzmultirange = all (v_starts);

    v_part_practitioner_ids := practitioner_ids;
    v_part_room_ids := '{}';
    v_parts := v_starts;
    if v_place.needs_room then
      v_room_ids := array(
        select r.id
        from public.rooms as r
        where r.organization_id = service.organization_id
          and r.location_id = v_place.id
          and r.is_active
          and (only_room_id is null or r.id = only_room_id)
          and r.id <> all (avoided_room_ids)
          and (
            only_room_id is not null
            or exists (
              select 1 from public.service_rooms as sr where sr.service_id = service.id and sr.room_id = r.id
            )
          )
        order by r.name, r.id
      );
      v_room_taken := '{}';
      v_part_practitioner_ids := '{}';
      v_parts := '{}';
      -- Each room takes the starts that those before it could not. A practitioner's rooms begin at a place
      -- of their own: people keep their room, and parallel bookings do not queue for the first one.
      for v_nth in 1..cardinality(practitioner_ids) loop
        v_rest := v_starts[v_nth];
        for v_position in 1..cardinality(v_room_ids) loop
          exit when isempty(v_rest);
          v_room := 1 + mod(
            abs(hashtext(practitioner_ids[v_nth]::text)::bigint) + v_position, cardinality(v_room_ids)
          )::integer;
          if v_room_taken[v_room] is null then
            v_room_taken[v_room] := private.starts_taken_of_room(v_query, v_room_ids[v_room]);
          end if;
          v_part := v_rest - v_room_taken[v_room];
          continue when isempty(v_part);
          v_part_practitioner_ids := v_part_practitioner_ids || practitioner_ids[v_nth];
          v_part_room_ids := v_part_room_ids || v_room_ids[v_room];
          v_parts := v_parts || v_part;
          v_rest := v_rest - v_part;
        end loop;
      end loop;
    end if;

    if only_start is not null then
      return query
      select
        p.practitioner_id, v_place.id, p.room_id, null::uuid, array[only_start], array[only_start], v_step,
        v_query.duration
      from unnest(v_part_practitioner_ids, v_part_room_ids, v_parts) as p (practitioner_id, room_id, starts)
      where not isempty(p.starts);
      continue;
    end if;

    -- An instant on the grid. If the window's end is on the same grid, all between is: no zone moves its clock
    -- by less than a step and back again within one window.
    v_grid := v_query.opens - (v_query.opens::timestamp - date_bin(v_step, v_query.opens::timestamp, v_origin));
    v_grid_step := v_step;
    if v_query.closes::timestamp - date_bin(v_step, v_query.closes::timestamp, v_origin)
      <> v_query.closes - date_bin(v_step, v_query.closes, v_grid)
    then
      -- A clock change shifts the grid (by 30 minutes on Lord Howe Island): each start is a run of its own.
      v_grid_step := '5 minutes';
      v_parts := array(
        select (
          select coalesce(range_agg(tstzrange(slot.starts_at, slot.starts_at, '[]')), '{}')
          from unnest(p.starts) as piece
          cross join lateral generate_series(
            date_bin(v_grid_step, lower(piece), timestamptz '2000-01-01Z'), upper(piece), v_grid_step
          ) as slot (starts_at)
          where piece @> slot.starts_at
            and date_bin(v_step, slot.starts_at::timestamp, v_origin) = slot.starts_at::timestamp
        )
        from unnest(v_parts) as p (starts)
      );
    end if;
    return query
    select
      p.practitioner_id, v_place.id, p.room_id, null::uuid, runs.firsts, runs.lasts, v_step, v_query.duration
    from unnest(v_part_practitioner_ids, v_part_room_ids, v_parts) as p (practitioner_id, room_id, starts)
    cross join lateral (
      select array_agg(run.first) as firsts, array_agg(run.last) as lasts
      from (
        -- From the next start on the grid. An open end is no start itself.
        select
          date_bin(
            v_grid_step,
            lower(piece) + case when lower_inc(piece) then v_grid_step - v_moment else v_grid_step end,
            v_grid
          ) as first,
          case when upper_inc(piece) then upper(piece) else upper(piece) - v_moment end as last
        from unnest(p.starts) as piece
        offset 0 -- so that the start is worked out once, not for each mention
      ) as run
      where run.first <= run.last
    ) as runs
    where runs.firsts is not null;
  end loop;
end
$$;

comment on function private.open_runs(
  public.services, uuid[], date, date, timestamptz, uuid, uuid, boolean, uuid, uuid[], boolean, uuid[], timestamptz
) is
  'Every start at which the service can be booked with one of the practitioners on the local days from_date to '
  'to_date (or at exactly only_start), with the place it would take: a row for each place, location by location, seats '
  'in group sessions first, then in the order of practitioner_ids. as_client applies notice, horizon and activation; '
  'ignore_busy asks for working time only; ignored_ids are appointments about to move; avoided_room_ids are left out. '
  'Authorises nobody: callers do.';

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
  avoided_room_ids uuid[] default '{}',
  at timestamptz default now()
)
returns setof private.open_slot
language plpgsql
stable
security definer -- definer because free time depends on appointments that the caller may not see
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
begin
  return query
  select s.practitioner_id, s.location_id, s.room_id, s.session_id, s.starts_at, s.starts_at + s.duration
  from (
    select r.*, generate_series(unnest(r.firsts), unnest(r.lasts), r.step) as starts_at
    from private.open_runs(
      service, practitioner_ids, from_date, to_date, only_start, only_location_id, only_room_id, as_client,
      busy_client_id, ignored_ids, ignore_busy, avoided_room_ids, at
    ) as r
  ) as s;
end
$$;

comment on function private.open_slots(
  public.services, uuid[], date, date, timestamptz, uuid, uuid, boolean, uuid, uuid[], boolean, uuid[], timestamptz
) is 'The slots of open_runs one by one.';

create function private.serving_practitioner_ids(service_id uuid, practitioner_id uuid default null)
returns uuid[]
language plpgsql
stable
security definer -- definer because it is asked on behalf of clients and staff alike
set search_path = ''
as $$
begin
  if practitioner_id is not null then
    return array(
      select p.id
      from public.service_practitioners as sp
      join public.practitioners as p on p.id = sp.practitioner_id
      where sp.service_id = serving_practitioner_ids.service_id
        and sp.practitioner_id = serving_practitioner_ids.practitioner_id
        and p.is_active
    );
  end if;
  return array(
    select p.id
    from public.service_practitioners as sp
    join public.practitioners as p on p.id = sp.practitioner_id
    where sp.service_id = serving_practitioner_ids.service_id and p.is_active
    order by p.id
  );
end
$$;

comment on function private.serving_practitioner_ids(uuid, uuid) is
  'Active practitioners who offer the service: all, or the one named.';
