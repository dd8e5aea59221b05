-- How an answer of thousands of slots is written. PostgreSQL takes longer to render a row as JSON than it
-- took to find the slot. But slots on one grid consist of few texts: a head for each place, and a tail for
-- each start, which places share; and all days are alike but for their dates. So a slot is a number: its
-- tail's in front of its place's. These numbers sort as the slots do, and are exchanged for the texts last.

create function private.slot_texts(
  runs private.slot_runs[],
  out heads text[],
  out tails text[],
  out firsts bigint[],
  out lasts bigint[]
)
language plpgsql
stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set datestyle = 'ISO'
as $$
declare
  -- Worked out when it is planned, once in a session. A third of a long answer's time goes into memory that is
  -- given back to the system and asked for again page by page. Once it has freed a block of this size, glibc
  -- keeps that much.
  v_block constant integer := octet_length(repeat(' ', 2 << 20));
  v_step integer := date_part('epoch', runs[1].step);
  v_duration integer := date_part('epoch', runs[1].duration);
  v_phase integer := date_part('epoch', runs[1].firsts[1])::bigint % v_step;
  v_days record;
  v_date date;
  v_today text;
  v_tomorrow text;
  v_first bigint;
begin
  -- In seconds since 1970, and days of UTC. Once a run goes on over midnight, a day has starts all day.
  with run as materialized (
    select r.place, r.is_plain, r.first, r.first + (r.last - r.first) / v_step * v_step as last
    from (
      select
        p.place,
        p.session_id is null and p.location_id = runs[1].location_id as is_plain,
        date_part('epoch', unnest(p.firsts))::bigint as first,
        floor(date_part('epoch', unnest(p.lasts)))::bigint as last
      from unnest(runs) with ordinality as p (
        practitioner_id, location_id, room_id, session_id, firsts, lasts, step, duration, place
      )
    ) as r
  ),
  days as materialized (
    select
      bool_and(run.is_plain and run.first % v_step = v_phase) and current_setting('TimeZone') = 'UTC' as are_plain,
      min(run.first) / 86400 as first,
      max(run.last) / 86400 as last,
      case when bool_and(run.first / 86400 = run.last / 86400) then min(run.first % 86400) else v_phase end as opens,
      case when bool_and(run.first / 86400 = run.last / 86400) then max(run.last % 86400) else 86399 end as closes
    from run
  )
  select days.*, slots.*
  into v_days
  from days
  cross join lateral (
    -- The first tail is kept for what the whole begins with.
    select
      array_agg((2 + x.first / 86400 * x.a_day + (x.first % 86400 - days.opens) / v_step) << 20 | x.place) as firsts,
      array_agg((2 + x.last / 86400 * x.a_day + (x.last % 86400 - days.opens) / v_step) << 20 | x.place) as lasts
    from (
      select
        run.place,
        run.first - days.first * 86400 as first,
        run.last - days.first * 86400 as last,
        (days.closes - days.opens) / v_step + 1 as a_day
      from run
      offset 0
    ) as x
  ) as slots;
  if not v_days.are_plain then
    return;
  end if;

  heads := array(
    select
      ',{"practitioner_id":"' || r.practitioner_id || '","room_id":' || coalesce('"' || r.room_id || '"', 'null') || ','
    from unnest(runs) as r
  );
  v_date := date '1970-01-01' + v_days.first::integer;
  v_today := v_date;
  v_tomorrow := v_date + 1;
  tails := string_to_array(
    (
      -- Where sessions end tomorrow, that is replaced first: it may be what today becomes.
      select
        string_agg(
          replace(
            case
              when v_days.closes + v_duration < 86400 then first_day.slots
              else replace(first_day.slots, v_tomorrow, (v_date + day + 1)::text)
            end,
            v_today,
            (v_date + day)::text
          ),
          ''
        )
      from (
        select string_agg(row_to_json(slot)::text, '') as slots
        from (
          select starts_at, starts_at + runs[1].duration as ends_at
          from generate_series(
            v_date::timestamptz + make_interval(secs => v_days.opens),
            v_date::timestamptz + make_interval(secs => v_days.closes),
            runs[1].step
          ) as starts_at
        ) as slot
      ) as first_day
      cross join generate_series(0, (v_days.last - v_days.first)::integer) as day
    ) || '{]',
    '{'
  );

  -- No comma precedes the first slot: its head is part of the beginning, and it has no place of its own.
  firsts := v_days.firsts;
  v_first := (select min(slot) from unnest(firsts) as slot);
  tails[1] := '[' || substr(heads[v_first & 1048575], 2);
  firsts[array_position(firsts, v_first)] := v_first + (1 << 20);
  firsts := firsts || array[1::bigint << 20, v_first >> 20 << 20, cardinality(tails)::bigint << 20];
  lasts := v_days.lasts || array[1::bigint << 20, v_first >> 20 << 20, cardinality(tails)::bigint << 20];
end
$$;

comment on function private.slot_texts(private.slot_runs[]) is
  'What an answer is put together from, or nulls if there are group sessions, several locations, several grids or a '
  'zone other than UTC. The slots from firsts[n] to lasts[n], 1 << 20 apart, are each the number of a tail << 20 and '
  'that of the place whose head precedes it. runs are not empty, and in the order of their practitioners.';
