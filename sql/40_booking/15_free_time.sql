-- Free time as a set of possible starts, kept as a multirange: a session of length d fits into a piece
-- [a, b) of working time when it starts in [a, b - d], and a busy interval [l, u) forbids the starts in
-- (l - d, u). A busy interval is first widened by the buffers of the service asked for, so that the
-- buffers of two neighbours add up, exactly as in the exclusion constraints.
--
-- The questions of open_slots, one small query each. Their plans do not depend on the arguments, and
-- making them takes longer than running them: open_slots forces generic plans for all that it calls.

-- What is asked: the service's times, the bounds that apply to the caller, and what is left out.
create type private.slot_query as (
  organization_id uuid,
  duration interval,
  buffer_before interval,
  buffer_after interval,
  location_id uuid,
  timezone text,
  opens timestamptz,
  closes timestamptz,
  only_activated boolean,
  ignored_ids uuid[],
  ignore_busy boolean
);
comment on type private.slot_query is
  'One location''s part of a question for free starts in [opens, closes).';

create function private.practitioner_hours(query private.slot_query, practitioner_id uuid)
returns tstzmultirange
language plpgsql
stable
security definer -- definer because free time depends on rows that the caller may not see
set search_path = ''
as $$
declare
  -- From the day before, whose shift may cross midnight.
  v_first_day date := (query.opens at time zone query.timezone)::date - 1;
  -- To the day on which the last session ends, whose shift may continue the one before it.
  v_days integer := ((query.closes + query.duration) at time zone query.timezone)::date - v_first_day;
begin
  return (
    select coalesce(range_agg(tstzrange(shift.opens, shift.closes)), '{}')
    from (
      select
        (day.day + w.start_time) at time zone query.timezone as opens,
        (day.day + w.end_time + case when w.end_time <= w.start_time then interval '1 day' else '0' end)
          at time zone query.timezone as closes
      from public.working_hours as w
      cross join lateral (
        select v_first_day + (w.weekday + 7 - extract(isodow from v_first_day)::integer) % 7 + week * 7 as day
        from generate_series(0, v_days / 7) as week
      ) as day
      where w.organization_id = query.organization_id
        and w.practitioner_id = practitioner_hours.practitioner_id
        and w.location_id = query.location_id
        and day.day >= w.valid_from
        and (w.valid_to is null or day.day <= w.valid_to)
      union all
      select lower(x.during), upper(x.during)
      from public.extra_hours as x
      where x.organization_id = query.organization_id
        and x.practitioner_id = practitioner_hours.practitioner_id
        and x.location_id = query.location_id
        and upper(x.during) > query.opens
        and lower(x.during) < query.closes + query.duration
    ) as shift
    -- A shift that lies inside the hour that a clock change skips does not take place.
    where shift.opens < shift.closes
  ) - (
    select coalesce(range_agg(t.during), '{}')
    from public.time_off as t
    where t.organization_id = query.organization_id
      and upper(t.during) > query.opens
      and lower(t.during) < query.closes + query.duration
      and t.room_id is null
      and (t.practitioner_id is null or t.practitioner_id = practitioner_hours.practitioner_id)
      and (t.location_id is null or t.location_id = query.location_id)
  );
end
$$;

comment on function private.practitioner_hours(private.slot_query, uuid) is
  'Working time at the location around [opens, closes): weekly hours and extra hours, without closings.';

create function private.allowed_starts(query private.slot_query, practitioner_id uuid)
returns tstzmultirange
language plpgsql
stable
security definer -- definer because clients do not read activations
set search_path = ''
as $$
begin
  if not query.only_activated then
    return tstzmultirange(tstzrange(query.opens, query.closes));
  end if;
  return (
    select coalesce(
      range_agg(
        tstzrange(
          b.day::timestamp at time zone query.timezone, (b.day + 1)::timestamp at time zone query.timezone
        )
      ),
      '{}'
    )
    from public.booking_activations as b
    where b.practitioner_id = allowed_starts.practitioner_id
      and b.is_open
      and b.day between (query.opens at time zone query.timezone)::date
      and (query.closes at time zone query.timezone)::date
  ) * tstzmultirange(tstzrange(query.opens, query.closes));
end
$$;

comment on function private.allowed_starts(private.slot_query, uuid) is
  'Starts in [opens, closes) on days that are open to the caller.';

create function private.starts_taken_of_practitioner(query private.slot_query, practitioner_id uuid)
returns tstzmultirange
language plpgsql
stable
security definer -- definer because free time depends on rows that the caller may not see
set search_path = ''
as $$
begin
  return (
    select coalesce(
      range_agg(
        tstzrange(
          lower(a.blocked_during) - query.buffer_after - query.duration,
          upper(a.blocked_during) + query.buffer_before,
          '()'
        )
      ),
      '{}'
    )
    from public.appointments as a
    where a.practitioner_id = starts_taken_of_practitioner.practitioner_id
      -- No session with its buffers reaches further than this; the index on starts_at does the rest.
      and a.starts_at > query.opens - query.buffer_before - interval '28 hours'
      and a.starts_at < query.closes + query.duration + query.buffer_after + interval '4 hours'
      and a.status <> 'cancelled'
      and a.id <> all (query.ignored_ids)
  );
end
$$;

comment on function private.starts_taken_of_practitioner(private.slot_query, uuid) is
  'Starts that the practitioner''s appointments, buffers on both sides included, forbid.';

create function private.starts_taken_of_room(query private.slot_query, room_id uuid)
returns tstzmultirange
language plpgsql
stable
security definer -- definer because free time depends on rows that the caller may not see
set search_path = ''
as $$
declare
  v_window tstzrange := tstzrange(
    query.opens - query.buffer_before, query.closes + query.duration + query.buffer_after
  );
begin
  return (
    select coalesce(range_agg(tstzrange(busy.opens - query.duration, busy.closes, '()')), '{}')
    from (
      -- Two reads, so that each finds its partial index: the exclusion constraint's, and overlaps.
      select
        lower(a.blocked_during) - query.buffer_after as opens,
        upper(a.blocked_during) + query.buffer_before as closes
      from public.appointments as a
      where a.room_id = starts_taken_of_room.room_id
        and a.status <> 'cancelled'
        and a.overlap_allowed_by is null
        and a.blocked_during && v_window
        and a.id <> all (query.ignored_ids)
        and not query.ignore_busy
      union all
      select lower(a.blocked_during) - query.buffer_after, upper(a.blocked_during) + query.buffer_before
      from public.appointments as a
      where a.organization_id = query.organization_id
        and a.overlap_allowed_by is not null
        and a.starts_at > lower(v_window) - interval '28 hours'
        and a.starts_at < upper(v_window) + interval '4 hours'
        and a.room_id = starts_taken_of_room.room_id
        and a.status <> 'cancelled'
        and a.id <> all (query.ignored_ids)
        and not query.ignore_busy
      union all
      select lower(t.during), upper(t.during)
      from public.time_off as t
      where t.organization_id = query.organization_id
        and t.room_id = starts_taken_of_room.room_id
        and upper(t.during) > query.opens
        and lower(t.during) < query.closes + query.duration
    ) as busy
  );
end
$$;

comment on function private.starts_taken_of_room(private.slot_query, uuid) is
  'Starts that the room''s appointments, buffers on both sides included, and closings forbid.';

create function private.starts_taken_of_client(query private.slot_query, client_id uuid)
returns tstzmultirange
language plpgsql
stable
security definer -- definer because it is asked on behalf of clients and staff alike
set search_path = ''
as $$
begin
  return (
    select coalesce(range_agg(tstzrange(lower(a.during) - query.duration, upper(a.during), '()')), '{}')
    from public.appointments as a
    where a.client_id = starts_taken_of_client.client_id
      and a.starts_at > query.opens - interval '24 hours'
      and a.starts_at < query.closes + query.duration
      and a.status <> 'cancelled'
      and a.id <> all (query.ignored_ids)
  );
end
$$;

comment on function private.starts_taken_of_client(private.slot_query, uuid) is
  'Starts at which the client is elsewhere; buffers do not matter to clients.';

create type private.grid_run as (first timestamptz, last timestamptz);
comment on type private.grid_run is 'Instants on the slot grid from first to last, a step apart.';

create function private.grid_runs(starts tstzmultirange, timezone text, step interval)
returns setof private.grid_run
language plpgsql
stable
rows 100
set search_path = ''
as $$
declare
  v_moment constant interval := '1 microsecond';
begin
  return query
  select run.first, run.last
  from (
    select
      p as starts,
      lower(p) as opens,
      upper(p) as closes,
      lower(p) at time zone timezone as wall_opens,
      upper(p) at time zone timezone as wall_closes
    from unnest(starts) as p
    offset 0 -- so that the clock is read twice for a piece, not for each mention
  ) as piece
  cross join lateral (
    -- The next local minute on the grid, and from there in steps. An open end is no start itself.
    select
      piece.opens + (
        date_bin(
          step,
          piece.wall_opens + step - case when lower_inc(piece.starts) then v_moment else interval '0' end,
          timestamp '2000-01-01'
        ) - piece.wall_opens
      ) as first,
      piece.closes - case when upper_inc(piece.starts) then interval '0' else v_moment end as last
    where piece.wall_closes - piece.wall_opens = piece.closes - piece.opens
    union all
    -- A clock change inside a piece may shift the grid (by 30 minutes on Lord Howe Island).
    select slot.starts_at, slot.starts_at
    from generate_series(
      date_bin('5 minutes', piece.opens, timestamptz '2000-01-01Z'), piece.closes, interval '5 minutes'
    ) as slot (starts_at)
    where piece.wall_closes - piece.wall_opens <> piece.closes - piece.opens
      and piece.starts @> slot.starts_at
      and date_bin(step, slot.starts_at at time zone timezone, timestamp '2000-01-01')
        = slot.starts_at at time zone timezone
  ) as run
  where run.first <= run.last;
end
$$;

comment on function private.grid_runs(tstzmultirange, text, interval) is
  'The instants of a set of starts whose local minute is divisible by the step, as runs.';
