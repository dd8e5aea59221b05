-- How much of the working time is booked. Time is kept as sets of instants: what overlaps counts once,
-- a group session counts once however many sit in it, and clock changes need no thought.

create type private.minutes_of_day as (
  practitioner_id uuid,
  day date,
  working_minutes numeric,
  completed_minutes numeric,
  in_progress_minutes numeric,
  confirmed_minutes numeric,
  pending_minutes numeric,
  no_show_minutes numeric,
  outside_minutes numeric
);
comment on type private.minutes_of_day is
  'Working time and sessions of one practitioner on one local day. The states share no minute: their sum is what is '
  'booked; outside_minutes is the part of it outside of working time.';

create function private.working_time(scope private.stats_scope, practitioner_id uuid)
returns tstzmultirange
language plpgsql
stable
security definer -- definer because it is asked for practitioners and the desk alike
set search_path = ''
as $$
begin
  -- At two locations at once is still one person's time.
  return (
    select coalesce(range_agg(piece), '{}')
    from public.locations as l
    cross join lateral unnest(
      (private.practitioner_hours(
        row(
          scope.organization_id, interval '0', interval '0', interval '0', l.id, l.timezone, scope.opens,
          scope.closes, false, '{}', false
        )::private.slot_query,
        array[practitioner_id]
      ))[1]
    ) as piece
    where l.organization_id = scope.organization_id
      and (scope.location_id is null or l.id = scope.location_id)
  ) * tstzmultirange(tstzrange(scope.opens, scope.closes));
end
$$;

comment on function private.working_time(private.stats_scope, uuid) is
  'Working time within the period, as bookings see it: weekly hours and extra hours, without closings.';

create function private.minutes_by_day(scope private.stats_scope)
returns setof private.minutes_of_day
language plpgsql
stable
security definer -- definer because it is asked for practitioners and the desk alike
set search_path = ''
as $$
begin
  return query
  with session as materialized (
    select
      a.practitioner_id,
      coalesce(range_agg(a.during) filter (where a.status = 'completed'), '{}') as completed,
      coalesce(range_agg(a.during) filter (where a.status = 'in_progress'), '{}') as in_progress,
      coalesce(range_agg(a.during) filter (where a.status = 'confirmed'), '{}') as confirmed,
      coalesce(range_agg(a.during) filter (where a.status = 'pending'), '{}') as pending,
      coalesce(range_agg(a.during) filter (where a.status = 'no_show'), '{}') as no_show,
      range_agg(a.during) as booked
    from public.appointments as a
    where a.organization_id = scope.organization_id
      -- No session is longer than a day; the index on starts_at does the rest.
      and a.starts_at > scope.opens - interval '24 hours'
      and a.starts_at < scope.closes
      and a.status <> 'cancelled'
      -- What is only held for somebody's answer is not booked.
      and a.held_until is null
      and a.practitioner_id = any (scope.practitioner_ids)
      and (scope.location_id is null or a.location_id = scope.location_id)
    group by a.practitioner_id
  ),
  working as materialized (
    select person.id as practitioner_id, private.working_time(scope, person.id) as during
    from unnest(scope.practitioner_ids) as person (id)
  ),
  -- Of a session whose participants differ, the first of these states that anybody has counts.
  part as (
    select w.practitioner_id, kind.number, kind.during * tstzmultirange(tstzrange(scope.opens, scope.closes)) as during
    from working as w
    left join session as s on s.practitioner_id = w.practitioner_id
    cross join lateral (
      values
        (0, w.during),
        (1, s.completed),
        (2, s.in_progress - s.completed),
        (3, s.confirmed - s.in_progress - s.completed),
        (4, s.pending - s.confirmed - s.in_progress - s.completed),
        (5, s.no_show - s.pending - s.confirmed - s.in_progress - s.completed),
        (6, s.booked - w.during)
    ) as kind (number, during)
  ),
  shared as (
    select
      p.practitioner_id, p.number, d.day,
      extract(epoch from least(upper(piece), d.closes) - greatest(lower(piece), d.opens)) / 60 as minutes
    from part as p
    cross join lateral unnest(p.during) as piece
    cross join lateral (
      select
        n as day,
        n::timestamp at time zone scope.timezone as opens,
        (n + 1)::timestamp at time zone scope.timezone as closes
      from (
        -- A midnight hour that is repeated shows the next date already before that day begins.
        select (lower(piece) at time zone scope.timezone)::date - 1 + i as n
        from generate_series(
          0, 1 + (upper(piece) at time zone scope.timezone)::date - (lower(piece) at time zone scope.timezone)::date
        ) as i
      ) as candidate
    ) as d
    where lower(piece) < d.closes and upper(piece) > d.opens
  )
  select
    s.practitioner_id,
    s.day,
    coalesce(sum(s.minutes) filter (where s.number = 0), 0),
    coalesce(sum(s.minutes) filter (where s.number = 1), 0),
    coalesce(sum(s.minutes) filter (where s.number = 2), 0),
    coalesce(sum(s.minutes) filter (where s.number = 3), 0),
    coalesce(sum(s.minutes) filter (where s.number = 4), 0),
    coalesce(sum(s.minutes) filter (where s.number = 5), 0),
    coalesce(sum(s.minutes) filter (where s.number = 6), 0)
  from shared as s
  group by s.practitioner_id, s.day;
end
$$;

comment on function private.minutes_by_day(private.stats_scope) is
  'Minutes worked and booked per practitioner and local day; days on which nothing is are left out. A session over '
  'midnight is divided between its days.';

create function private.occupancy_figures(
  working numeric, completed numeric, in_progress numeric, confirmed numeric, pending numeric, no_show numeric,
  outside numeric
)
returns jsonb
language plpgsql
immutable
set search_path = ''
as $$
declare
  v_booked numeric := completed + in_progress + confirmed + pending + no_show;
begin
  return jsonb_build_object(
    'working_minutes', round(working),
    'booked_minutes', round(v_booked),
    'completed_minutes', round(completed),
    'in_progress_minutes', round(in_progress),
    'confirmed_minutes', round(confirmed),
    'pending_minutes', round(pending),
    'no_show_minutes', round(no_show),
    'outside_minutes', round(outside),
    'occupancy_rate', private.rate(v_booked - outside, working)
  );
end
$$;

create function public.occupancy_stats(
  from_date date,
  to_date date,
  practitioner_id uuid default null,
  location_id uuid default null,
  organization_id uuid default null
)
returns json
language plpgsql
stable
security definer -- definer because working time is worked out from rows that the caller may not see
set search_path = ''
as $$
declare
  v_scope private.stats_scope := private.authorize_stats(
    organization_id, from_date, to_date, 366, practitioner_id, location_id
  );
begin
  return private.stats_document(
    v_scope,
    private.occupancy_figures(0, 0, 0, 0, 0, 0, 0),
    array(
      select
        row(
          m.practitioner_id,
          m.day,
          private.occupancy_figures(
            sum(m.working_minutes), sum(m.completed_minutes), sum(m.in_progress_minutes), sum(m.confirmed_minutes),
            sum(m.pending_minutes), sum(m.no_show_minutes), sum(m.outside_minutes)
          )
        )::private.stats_figure
      from private.minutes_by_day(v_scope) as m
      group by grouping sets ((m.practitioner_id), (m.day), ())
      having count(*) > 0
    )
  );
end
$$;

comment on function public.occupancy_stats(date, date, uuid, uuid, uuid) is
  'Working and booked minutes in the local days from_date to to_date, both included, at most 366: in total, per '
  'practitioner and per day. occupancy_rate is the booked part of the working time, four decimals, null without '
  'working time. The desk gets all, practitioners the own figures. Errors: invalid_argument, not_found, forbidden.';

grant execute on function public.occupancy_stats(date, date, uuid, uuid, uuid) to authenticated;
