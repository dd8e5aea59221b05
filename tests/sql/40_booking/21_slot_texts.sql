-- A long answer of find_slots is put together from texts: each must read as PostgreSQL writes the slots one by one.
begin;
select * from no_plan();
select tests.practice('north');

create function pg_temp.asked(service text, from_day date, to_day date) returns jsonb
language sql as $$
  select tests.act(
    'reception', format('select public.find_slots(tests.id(%L), %L, %L)', service, from_day, to_day)
  )::jsonb
$$;

create function pg_temp.one_by_one(service text, from_day date, to_day date) returns jsonb
language sql as $$
  select coalesce(jsonb_agg(to_jsonb(slot)), '[]')
  from (
    select distinct on (s.starts_at, s.practitioner_id) s.practitioner_id, s.room_id, s.starts_at, s.ends_at
    from public.services as v
    cross join private.open_slots(v, private.serving_practitioner_ids(v.id), from_day, to_day) as s
    where v.id = tests.id(service)
    order by s.starts_at, s.practitioner_id, s.session_id, s.location_id
  ) as slot
$$;

-- The first place at which they differ.
create function pg_temp.difference(asked jsonb, expected jsonb) returns text
language sql as $$
  select coalesce(
    (
      select format('%s is %s, not %s', a.n, a.slot, e.slot)
      from jsonb_array_elements(asked) with ordinality as a (slot, n)
      full join jsonb_array_elements(expected) with ordinality as e (slot, n) on e.n = a.n
      where a.slot is distinct from e.slot
      order by a.n
      limit 1
    ),
    '-'
  )
$$;

create function pg_temp.check_answer(
  title text, zone text, session_zone text, step integer, minutes integer, opens time, closes time, service text
)
returns setof text
language plpgsql as $$
declare
  v_from date := date '2029-03-12';
  v_to date := date '2029-04-11';
  v_asked jsonb;
begin
  perform tests.set(format('slot_step_minutes = %s', step));
  update public.locations set timezone = zone where id = tests.id('location');
  update public.services set duration_minutes = minutes where id = tests.id(service);
  -- Not equally long, so that a day does not begin or end for all at once.
  update public.working_hours as w
  set
    start_time = case when w.practitioner_id = tests.id('therapist') then opens else opens + interval '70 minutes' end,
    end_time = case when w.weekday % 2 = 1 then closes else closes - interval '95 minutes' end
  where w.organization_id = tests.id('organization');
  perform set_config('TimeZone', session_zone, true);
  v_asked := pg_temp.asked(service, v_from, v_to);
  return next cmp_ok(jsonb_array_length(v_asked), '>', 30, title || ': there are slots');
  return next is(pg_temp.difference(v_asked, pg_temp.one_by_one(service, v_from, v_to)), '-', title);
  perform set_config('TimeZone', 'UTC', true);
end
$$;

delete from public.working_hours where organization_id = tests.id('organization');
insert into public.working_hours (organization_id, practitioner_id, location_id, weekday, start_time, end_time)
select tests.id('organization'), tests.id(p), tests.id('location'), weekday, '08:00', '16:00'
from unnest(array['therapist', 'colleague']) as p
cross join generate_series(1, 7) as weekday;
set local timezone = 'UTC';

select pg_temp.check_answer('an ordinary month', 'Europe/Prague', 'UTC', 15, 50, '08:00', '17:00', 'talk');
select pg_temp.check_answer('the finest grid', 'Europe/Prague', 'UTC', 5, 45, '08:00', '17:00', 'talk');
select pg_temp.check_answer('with rooms', 'Europe/Prague', 'UTC', 30, 60, '08:00', '17:00', 'massage');
select pg_temp.check_answer(
  'a grid that is not on the hour of UTC', 'Asia/Kolkata', 'UTC', 60, 60, '08:00', '17:00', 'talk'
);
select pg_temp.check_answer('over midnight', 'Europe/Prague', 'UTC', 20, 60, '20:00', '05:00', 'talk');
select pg_temp.check_answer('over midnight of UTC', 'America/Los_Angeles', 'UTC', 30, 90, '12:00', '20:00', 'talk');
select pg_temp.check_answer('a day before UTC', 'Pacific/Kiritimati', 'UTC', 30, 60, '08:00', '17:00', 'talk');
select pg_temp.check_answer('long sessions over midnight', 'Europe/Prague', 'UTC', 60, 420, '20:00', '06:00', 'talk');
select pg_temp.check_answer(
  'a clock change of 30 minutes', 'Australia/Lord_Howe', 'UTC', 20, 60, '08:00', '17:00', 'talk'
);
select pg_temp.check_answer(
  'in the zone that was asked for', 'Europe/Prague', 'Europe/Prague', 15, 60, '08:00', '17:00', 'talk'
);

-- Of two locations and of a group there is more than one way to a start.
select tests.set('slot_step_minutes = 30');
select is(
  pg_temp.difference(
    pg_temp.asked('group', '2029-03-12', '2029-04-11'), pg_temp.one_by_one('group', '2029-03-12', '2029-04-11')
  ),
  '-', 'a group that nobody has joined'
);
insert into public.locations (organization_id, name, timezone)
values (tests.id('organization'), 'Branch', 'Europe/Prague');
insert into public.working_hours (organization_id, practitioner_id, location_id, weekday, start_time, end_time)
select l.organization_id, tests.id('therapist'), l.id, 2, '06:00', '21:00'
from public.locations as l
where l.name = 'Branch' and l.organization_id = tests.id('organization');
select is(
  pg_temp.difference(
    pg_temp.asked('talk', '2029-03-12', '2029-04-11'), pg_temp.one_by_one('talk', '2029-03-12', '2029-04-11')
  ),
  '-', 'two locations at once'
);

-- Which answers are put together so: a slower way to the same would not show otherwise.
select is(
  (
    select (cardinality(t.heads), cardinality(t.tails) > 16, cardinality(t.firsts) = cardinality(t.lasts))
    from private.slot_texts(array[
      row(
        tests.id('therapist'), tests.id('location'), null, session_id,
        array[timestamptz '2029-03-12 08:00Z'], array[timestamptz '2029-03-12 16:00Z'], interval '30 minutes',
        interval '1 hour'
      )::private.slot_runs
    ]) as t
  ),
  expected, title
)
from (
  values
    (null::uuid, (1, true, true), 'one grid of one place is'),
    (tests.id('location'), (null::integer, null::boolean, null::boolean), 'a group session is NOT')
) as t (session_id, expected, title);

select * from finish();
rollback;
