-- Free time as a set of possible starts, kept as a multirange: a session of length d fits into a piece
-- [a, b) of working time when it starts in [a, b - d], and a busy interval [l, u) forbids the starts in
-- (l - d, u). A busy interval is first widened by the buffers of the service asked for, so that the
-- buffers of two neighbours add up, exactly as in the exclusion constraints.
--
-- The questions of open_runs, one query each for all practitioners: to begin a query costs more than to go on
-- with it. Plans do not depend on the arguments, and making them takes longer than running them: open_runs
-- forces generic plans for all that it calls.

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

create function private.practitioner_hours(query private.slot_query, practitioner_ids uuid[])
returns tstzmultirange[]
language plpgsql
stable
security definer -- definer because free time depends on rows that the caller may not see
set search_path = ''
set timezone = 'UTC' -- until the location's is known
as $$
declare
  -- Wall time becomes an instant by the session's zone twice as fast as by a zone that must be looked up by name.
  v_timezone constant text := set_config('TimeZone', query.timezone, true);
  -- From the day before, whose shift may cross midnight.
  v_first_day constant date := query.opens::date - 1;
  v_first_weekday constant integer := extract(isodow from v_first_day);
  -- To the day on which the last session ends, whose shift may continue the one before it.
  v_weeks constant integer := ((query.closes + query.duration)::date - v_first_day) / 7;
begin
  return array(
    select (
      select coalesce(range_agg(tstzrange(shift.opens, shift.closes)), '{}')
      from (
        select
          (day.day + w.start_time)::timestamptz as opens,
          (
            day.day + w.end_time + case when w.end_time <= w.start_time then interval '1 day' else '0' end
          )::timestamptz as closes
        from public.working_hours as w
        cross join lateral (
          select v_first_day + (w.weekday + 7 - v_first_weekday) % 7 + week * 7 as day
          from generate_series(0, v_weeks) as week
        ) as day
        where w.organization_id = query.organization_id
          and w.practitioner_id = p.id
          and w.location_id = query.location_id
          and day.day >= w.valid_from
          and (w.valid_to is null or day.day <= w.valid_to)
        union all
        select lower(x.during), upper(x.during)
        from public.extra_hours as x
        where x.organization_id = query.organization_id
          and x.practitioner_id = p.id
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
        and (t.practitioner_id is null or t.practitioner_id = p.id)
        and (t.location_id is null or t.location_id = query.location_id)
    )
    from unnest(practitioner_ids) as p (id)
  );
end
$$;

comment on function private.practitioner_hours(private.slot_query, uuid[]) is
  'Each practitioner''s working time at the location around [opens, closes): weekly hours and extra hours, without '
  'closings.';

create function private.allowed_starts(query private.slot_query, practitioner_ids uuid[])
returns tstzmultirange[]
language plpgsql
stable
security definer -- definer because clients do not read activations
set search_path = ''
set timezone = 'UTC' -- until the location's is known
as $$
declare
  v_period constant tstzmultirange := tstzmultirange(tstzrange(query.opens, query.closes));
  v_timezone text;
begin
  if not query.only_activated then
    return array_fill(v_period, array[cardinality(practitioner_ids)]);
  end if;
  v_timezone := set_config('TimeZone', query.timezone, true);
  return array(
    select v_period * (
      select coalesce(range_agg(tstzrange(b.day::timestamptz, (b.day + 1)::timestamptz)), '{}')
      from public.booking_activations as b
      where b.practitioner_id = p.id and b.is_open and b.day between query.opens::date and query.closes::date
    )
    from unnest(practitioner_ids) as p (id)
  );
end
$$;

comment on function private.allowed_starts(private.slot_query, uuid[]) is
  'Starts in [opens, closes) on days that are open to the caller, for each practitioner.';

create function private.free_starts(
  query private.slot_query, practitioner_ids uuid[], hours tstzmultirange[], allowed tstzmultirange[]
)
returns tstzmultirange[]
language plpgsql
stable
security definer -- definer because free time depends on rows that the caller may not see
set search_path = ''
as $$
begin
  return array(
    select
      p.allowed * (
        select coalesce(range_agg(tstzrange(lower(piece), upper(piece) - query.duration, '[]')), '{}')
        from unnest(p.hours) as piece
        where upper(piece) - query.duration >= lower(piece)
      ) - (
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
        where not query.ignore_busy
          and a.practitioner_id = p.id
          -- No session with its buffers reaches further than this; the index on starts_at does the rest.
          and a.starts_at > query.opens - query.buffer_before - interval '28 hours'
          and a.starts_at < query.closes + query.duration + query.buffer_after + interval '4 hours'
          and a.status <> 'cancelled'
          and a.id <> all (query.ignored_ids)
      )
    from unnest(practitioner_ids, hours, allowed) as p (id, hours, allowed)
  );
end
$$;

comment on function private.free_starts(private.slot_query, uuid[], tstzmultirange[], tstzmultirange[]) is
  'Those of each practitioner''s allowed starts that leave time for the session within the hours and that no '
  'appointment of theirs, buffers on both sides included, forbids.';

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
