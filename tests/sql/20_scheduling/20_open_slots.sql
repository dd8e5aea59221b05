-- When time is free: the grid, buffers, closings, clock changes, midnight, notice, horizon, rooms.
-- Everything is asked at a fixed moment, Monday 1 March 2027, 08:00 UTC.
begin;
select * from no_plan();
select tests.practice('north');

-- Practitioners of this file work only as each test says.
delete from public.working_hours;
delete from public.booking_activations;
select tests.set(
  'slot_step_minutes = 60, minimum_notice_minutes = 0, booking_horizon_days = 365, activation_required = false'
);

create function pg_temp.work(
  weekday integer, opens time, closes time, valid_from date default '2000-01-01', valid_to date default null,
  practitioner text default 'therapist', location text default 'location'
)
returns void
language sql as $$
  insert into public.working_hours (
    organization_id, practitioner_id, location_id, weekday, start_time, end_time, valid_from, valid_to
  )
  values (
    tests.id('organization'), tests.id(practitioner), tests.id(location), weekday, opens, closes, valid_from, valid_to
  )
$$;

-- Free starts as local wall time, a blank between them; the day only where it changes.
create function pg_temp.free(
  from_day date, to_day date default null, service text default 'talk', as_client boolean default true,
  practitioner text default 'therapist', at timestamptz default '2027-03-01T08:00Z', room text default null,
  ignored uuid[] default '{}', only_start timestamptz default null, zone text default 'Europe/Prague'
)
returns text
language sql as $$
  select coalesce(string_agg(to_char(s.starts_at at time zone zone, 'DD.HH24:MI'), ' ' order by s.starts_at), '-')
  from private.open_slots(
    (select v from public.services as v where v.id = tests.id(service)), array[tests.id(practitioner)],
    from_day, coalesce(to_day, from_day), only_start,
    only_room_id => case when room is not null then tests.id(room) end,
    as_client => as_client, ignored_ids => ignored, at => at
  ) as s
$$;

-- An appointment as it would have been booked, without the rules in between.
create function pg_temp.busy(
  name text, local_start timestamp, service text default 'talk', minutes integer default 60, before integer default 0,
  after integer default 0, practitioner text default 'therapist', client text default 'walkin', room text default null
)
returns void
language plpgsql as $$
declare
  v_id uuid;
  v_start timestamptz := local_start at time zone 'Europe/Prague';
begin
  insert into public.appointments (
    organization_id, location_id, client_id, practitioner_id, service_id, room_id, during, blocked_during,
    price_amount, currency, mode
  )
  values (
    tests.id('organization'), tests.id('location'), tests.id(client), tests.id(practitioner), tests.id(service),
    case when room is not null then tests.id(room) end,
    tstzrange(v_start, v_start + make_interval(mins => minutes)),
    tstzrange(v_start - make_interval(mins => before), v_start + make_interval(mins => minutes + after)),
    0, 'CZK', 'in_person'
  )
  returning id into v_id;
  perform tests.remember(name, v_id);
end
$$;
create function pg_temp.cancel(name text) returns void
language sql as $$
  update public.appointments set status = 'cancelled', cancelled_at = now() where id = tests.id(name)
$$;
create function pg_temp.set(name text, assignments text) returns void
language plpgsql as $$
begin
  execute format('update public.services set %s where id = tests.id(%L)', assignments, name);
end
$$;

-- Weekly hours ------------------------------------------------------------------------------------------
-- 2027-03-02 is a Tuesday.
select is(pg_temp.free('2027-03-02'), '-', 'without hours nothing is free');
select pg_temp.work(2, '08:00', '12:00');
select is(
  pg_temp.free('2027-03-02'), '02.08:00 02.09:00 02.10:00 02.11:00',
  'hours of the weekday are free, to the last that fits'
);
select is(pg_temp.free('2027-03-03'), '-', 'other weekdays are not');
select is(
  pg_temp.free('2027-03-01', '2027-03-16'),
  '02.08:00 02.09:00 02.10:00 02.11:00 09.08:00 09.09:00 09.10:00 09.11:00 16.08:00 16.09:00 16.10:00 16.11:00',
  'and again every week, last day included'
);
select is(pg_temp.free('2027-03-02', practitioner => 'colleague'), '-', 'hours belong to one practitioner');
select pg_temp.set('talk', 'duration_minutes = 90');
select is(
  pg_temp.free('2027-03-02'), '02.08:00 02.09:00 02.10:00', 'a longer session starts earlier at the end of the day'
);
select pg_temp.set('talk', 'duration_minutes = 240');
select is(pg_temp.free('2027-03-02'), '02.08:00', 'a session may fill the shift exactly');
select pg_temp.set('talk', 'duration_minutes = 245');
select is(pg_temp.free('2027-03-02'), '-', 'and not exceed it');
select pg_temp.set('talk', 'duration_minutes = 60');

-- The grid ----------------------------------------------------------------------------------------------
select tests.set('slot_step_minutes = 15');
select is(
  pg_temp.free('2027-03-02'),
  '02.08:00 02.08:15 02.08:30 02.08:45 02.09:00 02.09:15 02.09:30 02.09:45 02.10:00 02.10:15 02.10:30 02.10:45 02.11:00',
  'slots start on the step'
);
select tests.set('slot_step_minutes = 60');
update public.working_hours set start_time = '08:10', end_time = '11:59';
select is(pg_temp.free('2027-03-02'), '02.09:00 02.10:00', 'the grid is the clock''s, not the shift''s');
update public.working_hours set start_time = '08:00', end_time = '12:00';
select is(
  pg_temp.free('2027-03-02', only_start => '2027-03-02T09:00+01'), '02.09:00', 'one start CAN be asked for'
);
select is(pg_temp.free('2027-03-02', only_start => instant), '-', 'a start is not offered: ' || title)
from (
  values
    (timestamptz '2027-03-02T09:30+01', 'off the grid'), ('2027-03-02T09:00:00.000001+01', 'a microsecond late'),
    ('2027-03-02T11:30+01', 'too late to fit'), ('2027-03-02T07:00+01', 'before the shift'),
    ('2027-03-02T12:00+01', 'at the end of the shift')
) as t (instant, title);

-- Validity ----------------------------------------------------------------------------------------------
update public.working_hours set valid_from = '2027-03-09', valid_to = '2027-03-16';
select is(
  pg_temp.free('2027-03-01', '2027-03-31'), '09.08:00 09.09:00 09.10:00 09.11:00 16.08:00 16.09:00 16.10:00 16.11:00',
  'hours hold from valid_from to valid_to, both included'
);
update public.working_hours set valid_from = '2000-01-01', valid_to = null;
select pg_temp.work(2, '12:00', '13:00');
select is(pg_temp.free('2027-03-02'), '02.08:00 02.09:00 02.10:00 02.11:00 02.12:00', 'adjacent shifts are one');
select pg_temp.set('talk', 'duration_minutes = 120');
select is(
  pg_temp.free('2027-03-02'), '02.08:00 02.09:00 02.10:00 02.11:00', 'a session may cross from one to the next'
);
select pg_temp.set('talk', 'duration_minutes = 60');
select pg_temp.work(2, '11:00', '12:30');
select is(
  pg_temp.free('2027-03-02'), '02.08:00 02.09:00 02.10:00 02.11:00 02.12:00', 'overlapping shifts offer nothing twice'
);
delete from public.working_hours where start_time <> '08:00';

-- Busy time and buffers -----------------------------------------------------------------------------------
select pg_temp.busy('b1', '2027-03-02 09:00');
select is(pg_temp.free('2027-03-02'), '02.08:00 02.10:00 02.11:00', 'a booked hour is gone, its neighbours are not');
select is(
  pg_temp.free('2027-03-02', ignored => array[tests.id('b1')]), '02.08:00 02.09:00 02.10:00 02.11:00',
  'an appointment about to move does not stand in its own way'
);
select pg_temp.cancel('b1');
select is(pg_temp.free('2027-03-02'), '02.08:00 02.09:00 02.10:00 02.11:00', 'a cancelled hour is free at once');
select pg_temp.busy('b2', '2027-03-02 09:15', minutes => 15);
select is(pg_temp.free('2027-03-02'), '02.08:00 02.10:00 02.11:00', 'a short appointment takes the slot it overlaps');
select pg_temp.cancel('b2');
select pg_temp.busy('b3', '2027-03-02 09:00', after => 15);
select is(pg_temp.free('2027-03-02'), '02.08:00 02.11:00', 'the buffer after a neighbour counts');
select pg_temp.cancel('b3');
select pg_temp.busy('b4', '2027-03-02 10:00', before => 15);
select is(pg_temp.free('2027-03-02'), '02.08:00 02.11:00', 'the buffer before a neighbour counts');
select pg_temp.cancel('b4');
select pg_temp.busy('b5', '2027-03-02 10:00');
select pg_temp.set('talk', 'buffer_after_minutes = 15');
select is(pg_temp.free('2027-03-02'), '02.08:00 02.11:00', 'the own buffer after counts');
select pg_temp.set('talk', 'buffer_after_minutes = 0, buffer_before_minutes = 15');
select is(pg_temp.free('2027-03-02'), '02.08:00 02.09:00', 'the own buffer before counts');
select pg_temp.set('talk', 'buffer_before_minutes = 0');
select pg_temp.cancel('b5');
select tests.set('slot_step_minutes = 15');
select pg_temp.busy('b6', '2027-03-02 08:00', after => 15);
select pg_temp.set('talk', 'buffer_before_minutes = 15');
select is(
  pg_temp.free('2027-03-02'), '02.09:30 02.09:45 02.10:00 02.10:15 02.10:30 02.10:45 02.11:00',
  'buffers of two neighbours add up'
);
select pg_temp.set('talk', 'buffer_before_minutes = 0');
select pg_temp.cancel('b6');
select tests.set('slot_step_minutes = 60');
select pg_temp.busy('b7', '2027-03-02 06:00', minutes => 120, after => 30);
select is(
  pg_temp.free('2027-03-02'), '02.09:00 02.10:00 02.11:00', 'a neighbour before the shift counts with its buffer'
);
select pg_temp.cancel('b7');
select pg_temp.busy('b8', '2027-03-02 12:00', before => 240);
select is(pg_temp.free('2027-03-02'), '-', 'a neighbour after the shift counts with its buffer');
select pg_temp.cancel('b8');
select pg_temp.busy('b9', '2027-03-01 08:30', minutes => 1440, after => 0);
select is(
  pg_temp.free('2027-03-02'), '02.09:00 02.10:00 02.11:00',
  'a session of a whole day that began the day before counts'
);
select pg_temp.cancel('b9');
select pg_temp.busy('b10', '2027-03-01 05:00', minutes => 1440, after => 240);
select is(
  pg_temp.free('2027-03-02'), '02.09:00 02.10:00 02.11:00', 'and so does the longest buffer of the longest session'
);
select pg_temp.cancel('b10');

-- Closings ----------------------------------------------------------------------------------------------
create function pg_temp.close(
  during tstzrange, practitioner text default null, location text default null, room text default null
) returns void
language sql as $$
  insert into public.time_off (organization_id, practitioner_id, location_id, room_id, during)
  values (
    tests.id('organization'), case when practitioner is not null then tests.id(practitioner) end,
    case when location is not null then tests.id(location) end, case when room is not null then tests.id(room) end,
    during
  )
$$;
select pg_temp.close('[2027-03-02 09:00+01,2027-03-02 10:00+01)', practitioner => 'therapist');
select is(pg_temp.free('2027-03-02'), '02.08:00 02.10:00 02.11:00', 'time off of the practitioner closes');
delete from public.time_off;
select pg_temp.close('[2027-03-02 09:00+01,2027-03-02 10:00+01)', practitioner => 'colleague');
select is(pg_temp.free('2027-03-02'), '02.08:00 02.09:00 02.10:00 02.11:00', 'time off of a colleague does not');
delete from public.time_off;
select pg_temp.close('[2027-03-02 09:00+01,2027-03-02 10:00+01)', location => 'location');
select is(pg_temp.free('2027-03-02'), '02.08:00 02.10:00 02.11:00', 'a closed location closes');
delete from public.time_off;
select pg_temp.close('[2027-03-02 00:00+01,2027-03-03 00:00+01)');
select is(pg_temp.free('2027-03-02'), '-', 'a closed organization closes the day');
select is(pg_temp.free('2027-03-02', as_client => false), '-', 'for staff too');
delete from public.time_off;
select pg_temp.close('[2027-03-02 08:59+01,2027-03-02 09:01+01)');
select is(pg_temp.free('2027-03-02'), '02.10:00 02.11:00', 'a session does not run into a closing');
delete from public.time_off;
select pg_temp.close('[2027-03-02 07:00+01,2027-03-02 08:00+01)');
select pg_temp.close('[2027-03-02 12:00+01,2027-03-02 13:00+01)');
select is(
  pg_temp.free('2027-03-02'), '02.08:00 02.09:00 02.10:00 02.11:00', 'closings that touch the shift take nothing'
);
delete from public.time_off;

-- A second location in another zone, where the same practitioner works in the afternoon.
insert into public.locations (organization_id, name, timezone)
values (tests.id('organization'), 'London', 'Europe/London') returning tests.remember('london', id);
select pg_temp.work(2, '12:00', '14:00', location => 'london');
select is(
  pg_temp.free('2027-03-02'), '02.08:00 02.09:00 02.10:00 02.11:00 02.13:00 02.14:00',
  'hours are local times of their location'
);
select pg_temp.close('[2027-03-02 00:00+01,2027-03-03 00:00+01)', practitioner => 'therapist', location => 'london');
select is(
  pg_temp.free('2027-03-02'), '02.08:00 02.09:00 02.10:00 02.11:00', 'time off at one location leaves the other'
);
delete from public.time_off;
update public.locations set is_active = false where id = tests.id('london');
select is(pg_temp.free('2027-03-02'), '02.08:00 02.09:00 02.10:00 02.11:00', 'an inactive location offers nothing');
delete from public.working_hours where location_id = tests.id('london');

-- Extra hours -------------------------------------------------------------------------------------------
create function pg_temp.extra(during tstzrange) returns void
language sql as $$
  insert into public.extra_hours (organization_id, practitioner_id, location_id, during)
  values (tests.id('organization'), tests.id('therapist'), tests.id('location'), during)
$$;
select pg_temp.extra('[2027-03-06 10:00+01,2027-03-06 12:00+01)');
select is(pg_temp.free('2027-03-06'), '06.10:00 06.11:00', 'extra hours open a free Saturday');
select is(pg_temp.free('2027-03-13'), '-', 'once');
select pg_temp.close('[2027-03-06 10:00+01,2027-03-06 11:00+01)', practitioner => 'therapist');
select is(pg_temp.free('2027-03-06'), '06.11:00', 'a closing wins over extra hours');
delete from public.time_off;
select pg_temp.extra('[2027-03-02 12:00+01,2027-03-02 13:30+01)');
select tests.set('slot_step_minutes = 30');
select is(
  pg_temp.free('2027-03-02'),
  '02.08:00 02.08:30 02.09:00 02.09:30 02.10:00 02.10:30 02.11:00 02.11:30 02.12:00 02.12:30',
  'extra hours continue a shift'
);
select is(
  pg_temp.free('2027-03-02', only_start => '2027-03-02T11:30+01'), '02.11:30',
  'and what crosses into them CAN be booked'
);
select pg_temp.extra('[2027-03-02 23:00+01,2027-03-03 00:00+01)');
select pg_temp.extra('[2027-03-03 00:00+01,2027-03-03 01:00+01)');
select is(pg_temp.free('2027-03-03', only_start => '2027-03-02T23:30+01'), '02.23:30', 'also across midnight');
select is(pg_temp.free('2027-03-03'), '03.00:00', 'each day lists the starts of that day');
delete from public.extra_hours;
select tests.set('slot_step_minutes = 60');

-- Midnight ----------------------------------------------------------------------------------------------
delete from public.working_hours;
select pg_temp.work(2, '22:00', '02:00');
select is(
  pg_temp.free('2027-03-02', '2027-03-03'), '02.22:00 02.23:00 03.00:00 03.01:00', 'a shift may cross midnight'
);
select is(pg_temp.free('2027-03-03'), '03.00:00 03.01:00', 'its second half belongs to the next day');
select is(
  pg_temp.free('2027-03-02'), '02.22:00 02.23:00',
  'its first half to the first, with sessions that end after midnight'
);
select is(
  pg_temp.free('2027-03-03', only_start => '2027-03-02T23:00+01'), '02.23:00',
  'a session across midnight CAN be booked'
);
update public.working_hours set end_time = '24:00';
select is(pg_temp.free('2027-03-02', '2027-03-03'), '02.22:00 02.23:00', '24:00 ends a shift at midnight');
update public.working_hours set end_time = '00:00';
select is(pg_temp.free('2027-03-02', '2027-03-03'), '02.22:00 02.23:00', 'and so does 00:00');
update public.working_hours set end_time = '02:00', valid_to = '2027-03-02';
select is(
  pg_temp.free('2027-03-02', '2027-03-03'), '02.22:00 02.23:00 03.00:00 03.01:00',
  'validity is of the day on which a shift starts'
);
delete from public.working_hours;
select pg_temp.work(7, '23:00', '01:00');
select is(
  pg_temp.free('2027-02-28', '2027-03-01', at => '2027-02-01T00:00Z'), '28.23:00 01.00:00',
  'from Sunday to Monday, from February to March'
);
select is(pg_temp.free('2027-03-01', at => '2027-02-01T00:00Z'), '01.00:00', 'also when only Monday is asked for');
delete from public.working_hours;
select pg_temp.work(5, '23:00', '01:00');
select is(
  pg_temp.free('2027-12-31', '2028-01-01', at => '2027-12-01T00:00Z'), '31.23:00 01.00:00', 'and over the year''s end'
);
delete from public.working_hours;
select pg_temp.work(2, '10:00', '11:00');
select is(pg_temp.free('2028-02-29', at => '2028-02-01T00:00Z'), '29.10:00', '29 February is a day like others');

-- Clock changes: 28 March 2027 02:00 becomes 03:00, 31 October 2027 03:00 becomes 02:00 --------------------
delete from public.working_hours;
select pg_temp.work(7, '00:00', '06:00');
select is(
  pg_temp.free('2027-03-28'), '28.00:00 28.01:00 28.03:00 28.04:00 28.05:00',
  'in spring the skipped hour offers nothing'
);
select is(
  pg_temp.free('2027-10-31'), '31.00:00 31.01:00 31.02:00 31.02:00 31.03:00 31.04:00 31.05:00',
  'in autumn the repeated hour is there twice'
);
select is(
  pg_temp.free('2027-10-31', zone => 'UTC'), '30.22:00 30.23:00 31.00:00 31.01:00 31.02:00 31.03:00 31.04:00',
  'as instants they differ'
);
select is(
  pg_temp.free('2027-03-28', only_start => '2027-03-28T01:00Z'), '28.03:00',
  'the first hour after the gap CAN be booked'
);
select is(pg_temp.free('2027-10-31', only_start => instant), expected, 'both repeated hours CAN be booked')
from (values (timestamptz '2027-10-31T00:00Z', '31.02:00'), ('2027-10-31T01:00Z', '31.02:00')) as t (instant, expected);
select pg_temp.set('talk', 'duration_minutes = 120');
select is(
  pg_temp.free('2027-03-28'), '28.00:00 28.01:00 28.03:00 28.04:00',
  'a session of two hours takes two real hours in spring'
);
select is(pg_temp.free('2027-10-31'), '31.00:00 31.01:00 31.02:00 31.02:00 31.03:00 31.04:00', 'and in autumn');
select pg_temp.set('talk', 'duration_minutes = 60');
delete from public.working_hours;
select pg_temp.work(7, '08:00', '10:00');
select is(
  pg_temp.free('2027-03-21', '2027-04-04'), '21.08:00 21.09:00 28.08:00 28.09:00 04.08:00 04.09:00',
  'weekly hours stay at local time in spring'
);
select is(
  pg_temp.free('2027-03-21', '2027-03-28', zone => 'UTC'), '21.07:00 21.08:00 28.06:00 28.07:00',
  'which is another instant'
);
select is(
  pg_temp.free('2027-10-24', '2027-11-07'), '24.08:00 24.09:00 31.08:00 31.09:00 07.08:00 07.09:00', 'and in autumn'
);
delete from public.working_hours;
select pg_temp.work(6, '22:00', '06:00');
select is(
  pg_temp.free('2027-03-27', '2027-03-28'), '27.22:00 27.23:00 28.00:00 28.01:00 28.03:00 28.04:00 28.05:00',
  'a night shift is an hour shorter in spring'
);
select is(
  pg_temp.free('2027-10-30', '2027-10-31'),
  '30.22:00 30.23:00 31.00:00 31.01:00 31.02:00 31.02:00 31.03:00 31.04:00 31.05:00', 'and an hour longer in autumn'
);
delete from public.working_hours;
select pg_temp.work(7, '02:00', '03:00');
select is(pg_temp.free('2027-03-28'), '-', 'a shift inside the skipped hour does not take place');
select is(pg_temp.free('2027-03-21'), '21.02:00', 'on other days it does');
delete from public.working_hours;
select pg_temp.work(7, '00:00', '06:00');
select pg_temp.busy('dst', '2027-03-28 01:00');
select is(
  pg_temp.free('2027-03-28'), '28.00:00 28.03:00 28.04:00 28.05:00',
  'an appointment up to the gap leaves the hour after it free'
);
select pg_temp.cancel('dst');
-- Minimum notice over the change: 24 hours are 24 hours.
select tests.set('minimum_notice_minutes = 1440');
select is(
  pg_temp.free('2027-03-28', at => '2027-03-27T02:00+01'), '28.03:00 28.04:00 28.05:00',
  'a notice of 24 hours is 24 real hours in spring'
);
select is(
  pg_temp.free('2027-10-31', at => '2027-10-30T02:00+02'), '31.02:00 31.02:00 31.03:00 31.04:00 31.05:00',
  'and in autumn'
);
select tests.set('minimum_notice_minutes = 0');
-- A location whose clock moves by half an hour.
update public.locations set timezone = 'Australia/Lord_Howe' where id = tests.id('location');
select is(
  pg_temp.free('2027-04-04', zone => 'Australia/Lord_Howe'), '04.00:00 04.01:00 04.02:00 04.03:00 04.04:00 04.05:00',
  'where the clock moves by half an hour, the grid stays on the hour'
);
select is(
  (
    select bool_and(pg_temp.free('2027-04-04', only_start => s.starts_at) <> '-')
    from private.open_slots(
      (select v from public.services as v where v.id = tests.id('talk')), array[tests.id('therapist')], '2027-04-04',
      '2027-04-04', at => '2027-03-01T08:00Z'
    ) as s
  ),
  true, 'where the clock moves by half an hour, what is listed CAN be booked'
);
update public.locations set timezone = 'Europe/Prague' where id = tests.id('location');

-- Notice, horizon, the past -------------------------------------------------------------------------------
delete from public.working_hours;
select pg_temp.work(weekday, '08:00', '10:00') from generate_series(1, 7) as weekday;
select is(
  pg_temp.free('2027-03-01', at => '2027-03-01T08:00Z'), '01.09:00',
  'a start that is now is still offered, the past is not'
);
select is(pg_temp.free('2027-03-01', at => '2027-03-01T08:00:01Z'), '-', 'a second later it is past');
select is(pg_temp.free('2027-03-01', at => '2027-03-01T07:30Z', as_client => false), '01.09:00', 'for staff too');
select tests.set('minimum_notice_minutes = 60');
select is(
  pg_temp.free('2027-03-01', at => '2027-03-01T07:00Z'), '01.09:00',
  'a client needs the minimum notice, to the minute'
);
select is(pg_temp.free('2027-03-01', at => '2027-03-01T07:01Z'), '-', 'and no less');
select is(pg_temp.free('2027-03-01', at => '2027-03-01T07:01Z', as_client => false), '01.09:00', 'staff need none');
select tests.set('minimum_notice_minutes = 0, booking_horizon_days = 2');
select is(
  pg_temp.free('2027-03-01', '2027-03-05'), '01.09:00 02.08:00 02.09:00 03.08:00 03.09:00',
  'clients see the horizon''s local days'
);
select is(
  pg_temp.free('2027-03-03', '2027-03-04', as_client => false), '03.08:00 03.09:00 04.08:00 04.09:00',
  'staff see further'
);
select is(
  pg_temp.free('2027-03-04', only_start => '2027-03-04T08:00+01'), '-',
  'nothing beyond the horizon CAN be booked by clients'
);
select is(
  pg_temp.free('2027-03-03', at => '2027-03-01T22:59Z'), '03.08:00 03.09:00',
  'the horizon counts local days: before local midnight'
);
select is(pg_temp.free('2027-03-04', at => '2027-03-01T23:00Z'), '04.08:00 04.09:00', 'and after');
select is(
  pg_temp.free('2027-03-01', '2027-03-05', at => '2027-04-01T00:00Z'), '-', 'a period that is over offers nothing'
);
select tests.set('booking_horizon_days = 365');

-- Activation --------------------------------------------------------------------------------------------
select tests.set('activation_required = true');
select is(pg_temp.free('2027-03-02', '2027-03-04'), '-', 'clients see no day that staff did not open');
select is(pg_temp.free('2027-03-02'), '-', 'not one');
select is(pg_temp.free('2027-03-02', as_client => false), '02.08:00 02.09:00', 'staff see all');
select tests.act(
  'reception', $$ select public.set_booking_activation(tests.id('therapist'), '2027-03-03', '2027-03-03', true) $$
);
select is(pg_temp.free('2027-03-02', '2027-03-04'), '03.08:00 03.09:00', 'an opened day is seen');
select is(pg_temp.free('2027-03-02', only_start => '2027-03-03T08:00+01'), '03.08:00', 'and CAN be booked');
select tests.act(
  'reception', $$ select public.set_booking_activation(tests.id('therapist'), '2027-03-03', '2027-03-03', false) $$
);
select is(pg_temp.free('2027-03-02', '2027-03-04'), '-', 'a closed day is gone');
delete from public.working_hours;
select pg_temp.work(3, '22:00', '02:00');
select tests.act(
  'reception', $$ select public.set_booking_activation(tests.id('therapist'), '2027-03-03', '2027-03-03', true) $$
);
select is(
  pg_temp.free('2027-03-03', '2027-03-04'), '03.22:00 03.23:00',
  'the day is where a session starts: after midnight is the next one'
);
select tests.act(
  'reception', $$ select public.set_booking_activation(tests.id('therapist'), '2027-03-28', '2027-03-28', true) $$
);
select pg_temp.work(7, '00:00', '24:00');
select is(
  (select count(*) from regexp_split_to_table(pg_temp.free('2027-03-27', '2027-03-29'), ' ')), 23::bigint,
  'an opened day of the clock change has its 23 hours'
);
select tests.set('activation_required = false');

-- Rooms -------------------------------------------------------------------------------------------------
delete from public.working_hours;
select pg_temp.work(2, '08:00', '10:00');
select pg_temp.work(2, '08:00', '10:00', practitioner => 'colleague');
select pg_temp.set('massage', 'buffer_after_minutes = 0');
select is(
  pg_temp.free('2027-03-02', service => 'massage'), '02.08:00 02.09:00',
  'a service with a room is free when the room is'
);
select pg_temp.busy('r1', '2027-03-02 08:00', practitioner => 'colleague', service => 'massage', room => 'room1');
select is(pg_temp.free('2027-03-02', service => 'massage'), '02.09:00', 'rooms exhausted: nothing is free');
select is(pg_temp.free('2027-03-02'), '02.08:00 02.09:00', 'a service without a room is not concerned');
insert into public.service_rooms (organization_id, service_id, room_id) values (
  tests.id('organization'), tests.id('massage'), tests.id('laser')
);
select is(pg_temp.free('2027-03-02', service => 'massage'), '02.08:00 02.09:00', 'another room or device CAN take it');
select is(pg_temp.free('2027-03-02', service => 'massage', room => 'room1'), '02.09:00', 'unless one is asked for');
select is(pg_temp.free('2027-03-02', service => 'massage', room => 'laser'), '02.08:00 02.09:00', 'and is free');
update public.rooms set is_active = false where id = tests.id('laser');
select is(pg_temp.free('2027-03-02', service => 'massage'), '02.09:00', 'an inactive room takes nothing');
select is(pg_temp.free('2027-03-02', service => 'massage', room => 'laser'), '-', 'not even when asked for');
update public.rooms set is_active = true where id = tests.id('laser');
select pg_temp.close('[2027-03-02 08:30+01,2027-03-02 09:00+01)', room => 'laser');
select is(pg_temp.free('2027-03-02', service => 'massage'), '02.09:00', 'a closed room takes nothing');
delete from public.time_off;
select pg_temp.busy(
  'r2', '2027-03-02 07:00', practitioner => 'freelancer', client => 'client', service => 'massage', room => 'laser',
  minutes => 60, after => 15
);
select is(pg_temp.free('2027-03-02', service => 'massage', room => 'laser'), '02.09:00', 'buffers hold for rooms too');
select pg_temp.cancel('r1');
select pg_temp.cancel('r2');
insert into public.rooms (organization_id, location_id, name)
values (tests.id('organization'), tests.id('london'), 'Far away') returning tests.remember('far', id);
delete from public.service_rooms where service_id = tests.id('massage');
insert into public.service_rooms (organization_id, service_id, room_id) values (
  tests.id('organization'), tests.id('massage'), tests.id('far')
);
select is(pg_temp.free('2027-03-02', service => 'massage'), '-', 'a room of another location is no use');

-- Groups ------------------------------------------------------------------------------------------------
select pg_temp.busy('g1', '2027-03-02 08:00', service => 'group', room => 'room2', client => 'walkin');
select is(
  pg_temp.free('2027-03-02', service => 'group'), '02.08:00 02.09:00', 'a group session with seats left is offered'
);
select is(pg_temp.free('2027-03-02'), '02.09:00', 'to others the practitioner is busy');
insert into public.appointments (
  organization_id, location_id, client_id, practitioner_id, service_id, room_id, session_id, during, blocked_during,
  price_amount, currency, mode
)
select a.organization_id, a.location_id, c.id, a.practitioner_id, a.service_id, a.room_id, a.session_id, a.during, a.blocked_during, 0, 'CZK', 'in_person'
from public.appointments as a cross join public.clients as c
where a.id = tests.id('g1') and c.id in (tests.id('client'), tests.id('other'));
select is(pg_temp.free('2027-03-02', service => 'group'), '02.09:00', 'a full one is not');
update public.appointments set status = 'cancelled', cancelled_at = now() where client_id = tests.id('client') and service_id = tests.id('group');
select is(pg_temp.free('2027-03-02', service => 'group'), '02.08:00 02.09:00', 'a seat given back is offered again');
select pg_temp.close('[2027-03-02 08:30+01,2027-03-02 09:00+01)', room => 'room2');
select is(pg_temp.free('2027-03-02', service => 'group'), '02.09:00', 'not in a room that was closed since');
delete from public.time_off;
select pg_temp.close('[2027-03-02 08:30+01,2027-03-02 09:00+01)', practitioner => 'therapist');
select is(pg_temp.free('2027-03-02', service => 'group'), '02.09:00', 'nor with a practitioner who is away since');
delete from public.time_off;

-- Whatever is offered is offered once, and each of it CAN be booked ------------------------------------------
select pg_temp.work(weekday, '06:15', '22:45') from generate_series(1, 7) as weekday;
select pg_temp.busy(
  'x' || n, timestamp '2027-03-04 07:00' + n * interval '5 hours 25 minutes', minutes => 25 + n * 7, before => n,
  after => 2 * n
)
from generate_series(1, 12) as n;
select pg_temp.set('talk', 'duration_minutes = 50, buffer_before_minutes = 5, buffer_after_minutes = 10');
select tests.set('slot_step_minutes = 5');
create temp table listed as
select s.starts_at
from private.open_slots(
  (select v from public.services as v where v.id = tests.id('talk')), array[tests.id('therapist')], '2027-03-04',
  '2027-03-06', at => '2027-03-01T08:00Z'
) as s;
select cmp_ok((select count(*) from listed), '>', 100::bigint, 'three days have many slots');
select is((select count(distinct starts_at) from listed), (select count(*) from listed), 'each is listed once');
select is(
  (
    select count(*)
    from generate_series(timestamptz '2027-03-04 00:00+01', '2027-03-06 23:55+01', '5 minutes') as instant
    where (pg_temp.free('2027-03-04', only_start => instant) <> '-') <> (instant in (select starts_at from listed))
  ),
  0::bigint, 'what is listed CAN be booked, and what is not listed can NOT'
);

select * from finish();
rollback;
