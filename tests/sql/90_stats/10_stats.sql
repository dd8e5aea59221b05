-- Statistics: who gets which figures, the period, and what the views show to whom. The figures
-- themselves are compared with an oracle in tests/properties/test_statistics.py.
begin;
select * from no_plan();
select tests.practice('north');
select tests.practice('south');

-- Appointments of the past, by hand: local start in Prague.
create function pg_temp.past(
  local_start timestamp, status text, cancelled_by uuid default null, hours_before integer default 100,
  client text default 'client', practitioner text default 'therapist', service text default 'talk'
)
returns void
language plpgsql as $$
declare
  v_start timestamptz := local_start at time zone 'Europe/Prague';
begin
  insert into public.appointments (
    organization_id, location_id, client_id, practitioner_id, service_id, during, status, cancelled_at, cancelled_by
  )
  select
    c.organization_id, (select l.id from public.locations as l where l.organization_id = c.organization_id), c.id,
    tests.id(practitioner), tests.id(service), tstzrange(v_start, v_start + interval '1 hour'),
    past.status::public.appointment_status,
    case when past.status = 'cancelled' then v_start - make_interval(hours => hours_before) end, past.cancelled_by
  from public.clients as c where c.id = tests.id(client);
end
$$;

-- 2 to 8 March 2026, Monday to Sunday; of the days around it only the half hour after midnight counts.
select pg_temp.past('2026-03-01 23:30', 'completed');
select pg_temp.past('2026-03-02 09:00', 'completed');
select pg_temp.past('2026-03-02 11:00', 'no_show');
select pg_temp.past('2026-03-03 09:00', 'cancelled', tests.id('client_user'), 2);
select pg_temp.past('2026-03-03 11:00', 'cancelled', tests.id('reception_user'), 2);
select pg_temp.past('2026-03-03 13:00', 'cancelled', null);
select pg_temp.past('2026-03-04 20:00', 'completed', client => 'other', practitioner => 'colleague');
select pg_temp.past('2026-03-09 00:00', 'completed');
select pg_temp.past(
  '2026-03-04 10:00', 'completed', client => 'south.client', practitioner => 'south.therapist', service => 'south.talk'
);
-- Everybody in one group session, of whom one did not come.
select pg_temp.past('2026-03-05 09:00', 'completed', client => 'client', practitioner => 'colleague', service => 'group');

-- Who ----------------------------------------------------------------------------------------------
select tests.gets(who, format('select public.%s', call), expected, format('%s: %s → %s', who, call, expected))
from unnest(array[
  $$occupancy_stats('2026-03-02', '2026-03-08', organization_id => tests.id('north.organization'))$$,
  $$cancellation_stats('2026-03-02', '2026-03-08', organization_id => tests.id('north.organization'))$$,
  $$monthly_overview('2026-03-02', '2026-03-08', organization_id => tests.id('north.organization'))$$,
  $$client_tag_stats(tests.id('north.organization'))$$
]) as call
cross join (
  values
    ('owner', 'ok 1'), ('admin', 'ok 1'), ('reception', 'ok 1'), ('therapist', 'ok 1'), ('client', 'PT403 forbidden'),
    ('removed', 'PT404 not_found'), ('stranger', 'PT404 not_found'), ('south.owner', 'PT404 not_found'),
    ('nobody', 'PT401 unauthenticated'), ('anon', '42501')
) as p (who, expected);

create function pg_temp.figures(who text, call text, path text) returns text
language sql as $$
  select tests.act(who, format('select public.%s::jsonb #>> %L', call, path))
$$;
select is(pg_temp.figures(who, call, path), expected, format('%s: %s of %s is %s', who, path, call, expected))
from (
  values
    ('owner', $$occupancy_stats('2026-03-02', '2026-03-08')$$, '{total,working_minutes}', '8400'),
    ('owner', $$occupancy_stats('2026-03-02', '2026-03-08')$$, '{total,booked_minutes}', '270'),
    ('owner', $$occupancy_stats('2026-03-02', '2026-03-08')$$, '{total,completed_minutes}', '210'),
    ('owner', $$occupancy_stats('2026-03-02', '2026-03-08')$$, '{total,no_show_minutes}', '60'),
    ('owner', $$occupancy_stats('2026-03-02', '2026-03-08')$$, '{total,outside_minutes}', '90'),
    ('owner', $$occupancy_stats('2026-03-02', '2026-03-08')$$, '{total,occupancy_rate}', '0.0214'),
    ('owner', $$occupancy_stats('2026-03-02', '2026-03-08')$$, '{timezone}', 'Europe/Prague'),
    ('owner', $$occupancy_stats('2026-03-02', '2026-03-08')$$, '{days,0,day}', '2026-03-02'),
    ('owner', $$occupancy_stats('2026-03-02', '2026-03-08')$$, '{days,6,working_minutes}', '1200'),
    ('owner', $$occupancy_stats('2026-03-02', '2026-03-08')$$, '{days,7}', null),
    ('owner', $$occupancy_stats('2026-03-02', '2026-03-08')$$, '{practitioners,0,display_name}', 'Colleague'),
    ('owner', $$occupancy_stats('2026-03-02', '2026-03-08')$$, '{practitioners,1,occupancy_rate}', null),
    ('owner', $$occupancy_stats('2026-03-02', '2026-03-08')$$, '{practitioners,2,booked_minutes}', '150'),
    ('therapist', $$occupancy_stats('2026-03-02', '2026-03-08')$$, '{total,booked_minutes}', '150'),
    ('therapist', $$occupancy_stats('2026-03-02', '2026-03-08')$$, '{practitioners,1}', null),
    ('colleague', $$occupancy_stats('2026-03-02', '2026-03-08')$$, '{practitioners,0,outside_minutes}', '60'),
    -- Clocks go forward on 29 March: the night is shorter, the day of work is not.
    ('owner', $$occupancy_stats('2026-03-29', '2026-03-29')$$, '{total,working_minutes}', '1200'),
    ('owner', $$cancellation_stats('2026-03-02', '2026-03-08')$$, '{total,appointment_count}', '7'),
    ('owner', $$cancellation_stats('2026-03-02', '2026-03-08')$$, '{total,cancelled_count}', '3'),
    ('owner', $$cancellation_stats('2026-03-02', '2026-03-08')$$, '{total,cancelled_by_client_count}', '1'),
    ('owner', $$cancellation_stats('2026-03-02', '2026-03-08')$$, '{total,cancelled_by_staff_count}', '1'),
    ('owner', $$cancellation_stats('2026-03-02', '2026-03-08')$$, '{total,cancelled_by_system_count}', '1'),
    ('owner', $$cancellation_stats('2026-03-02', '2026-03-08')$$, '{total,late_count}', '2'),
    ('owner', $$cancellation_stats('2026-03-02', '2026-03-08')$$, '{total,late_by_client_count}', '1'),
    ('owner', $$cancellation_stats('2026-03-02', '2026-03-08')$$, '{total,cancellation_rate}', '0.4286'),
    ('owner', $$cancellation_stats('2026-03-02', '2026-03-08')$$, '{total,late_rate}', '0.6667'),
    ('owner', $$cancellation_stats('2026-03-02', '2026-03-08')$$, '{total,no_show_rate}', '0.2500'),
    ('owner', $$cancellation_stats('2026-03-02', '2026-03-08')$$, '{days,1,cancelled_count}', '3'),
    ('owner', $$cancellation_stats('2026-03-07', '2026-03-08')$$, '{total,cancellation_rate}', null),
    ('colleague', $$cancellation_stats('2026-03-02', '2026-03-08')$$, '{total,appointment_count}', '2'),
    ('owner', $$monthly_overview('2026-02-14', '2026-03-08')$$, '{0,month}', '2026-02-01'),
    ('owner', $$monthly_overview('2026-02-14', '2026-03-08')$$, '{0,appointment_count}', '0'),
    ('owner', $$monthly_overview('2026-02-14', '2026-03-08')$$, '{1,appointment_count}', '9'),
    ('owner', $$monthly_overview('2026-02-14', '2026-03-08')$$, '{1,client_count}', '2'),
    ('owner', $$monthly_overview('2026-02-14', '2026-03-08')$$, '{1,new_client_count}', '2'),
    ('owner', $$monthly_overview('2026-02-14', '2026-03-08')$$, '{1,amounts,0,completed_amount}', '430000'),
    ('owner', $$monthly_overview('2026-02-14', '2026-03-08')$$, '{1,amounts,0,unpaid_amount}', '430000'),
    ('colleague', $$monthly_overview('2026-03-14', '2026-03-14')$$, '{0,completed_count}', '2'),
    ('owner', $$monthly_overview('2026-03-14', '2026-03-14')$$, '{1}', null)
) as t (who, call, path, expected);

-- Whom and what one may name --------------------------------------------------------------------------
select tests.gets(who, format('select public.%s(%s)', name, arguments), expected, format('%s: %s(%s)', who, name, arguments))
from unnest(array['occupancy_stats', 'cancellation_stats', 'monthly_overview']) as name
cross join (
  values
    ('owner', $$'2026-03-02', '2026-03-08', tests.id('therapist')$$, 'ok 1'),
    ('owner', $$'2026-03-02', '2026-03-08', tests.id('south.therapist')$$, 'PT404 not_found'),
    ('owner', $$'2026-03-02', '2026-03-08', gen_random_uuid()$$, 'PT404 not_found'),
    ('owner', $$'2026-03-02', '2026-03-08', location_id => tests.id('location')$$, 'ok 1'),
    ('owner', $$'2026-03-02', '2026-03-08', location_id => tests.id('south.location')$$, 'PT404 not_found'),
    ('therapist', $$'2026-03-02', '2026-03-08', tests.id('therapist')$$, 'ok 1'),
    ('therapist', $$'2026-03-02', '2026-03-08', tests.id('colleague')$$, 'PT403 forbidden'),
    ('therapist', $$'2026-03-02', '2026-03-08', tests.id('south.therapist')$$, 'PT404 not_found'),
    ('owner', $$'2026-03-02', '2026-03-08', organization_id => gen_random_uuid()$$, 'PT404 not_found'),
    ('owner', $$'2026-03-02', '2026-03-01'$$, 'PT422 invalid_argument'),
    ('owner', $$null, '2026-03-01'$$, 'PT422 invalid_argument'),
    ('owner', $$'2026-03-02', null$$, 'PT422 invalid_argument'),
    ('owner', $$'-infinity', '2026-03-01'$$, 'PT422 invalid_argument'),
    ('owner', $$'2026-03-02', 'infinity'$$, 'PT422 invalid_argument'),
    ('owner', $$'0044-03-15 BC', '2026-03-01'$$, 'PT422 invalid_argument'),
    ('owner', $$'5874000-01-01', '5874897-12-31'$$, 'PT422 invalid_argument'),
    ('owner', $$'2020-01-01', '2026-03-01'$$, 'PT422 invalid_argument')
) as t (who, arguments, expected);
select tests.gets('owner', 'select public.' || call, expected, call || ' → ' || expected)
from (
  values
    ($$occupancy_stats('2026-01-01', '2027-01-01')$$, 'ok 1'),
    ($$occupancy_stats('2026-01-01', '2027-01-02')$$, 'PT422 invalid_argument'),
    ($$monthly_overview('2026-01-31', '2027-12-01')$$, 'ok 1'),
    ($$monthly_overview('2026-01-31', '2028-01-01')$$, 'PT422 invalid_argument')
) as t (call, expected);
-- Statistics write nothing, and say so: they can be read with GET.
select is(
  array(select p.provolatile::text from pg_catalog.pg_proc as p where p.proname ~ '_stats$|^monthly_overview$' and p.pronamespace = 'public'::regnamespace),
  array['s', 's', 's', 's'], 'statistics only read'
);

-- Tags -----------------------------------------------------------------------------------------------
insert into public.tags (organization_id, name)
values (tests.id('organization'), 'Adults'), (tests.id('organization'), 'Unused');
insert into public.client_tags (organization_id, client_id, tag_id)
select t.organization_id, tests.id(who), t.id
from public.tags as t cross join unnest(array['client', 'other']) as who
where t.organization_id = tests.id('organization') and t.name = 'Adults';
select is(pg_temp.figures(who, 'client_tag_stats()', path), expected, format('%s: %s of the tags is %s', who, path, expected))
from (
  values
    ('owner', '{client_count}', '3'), ('owner', '{untagged_count}', '1'), ('owner', '{tags,0,name}', 'Adults'),
    ('owner', '{tags,0,client_count}', '2'), ('owner', '{tags,0,client_rate}', '0.6667'),
    ('owner', '{tags,1,client_count}', '0'), ('owner', '{tags,1,client_rate}', '0.0000'),
    -- Walter never came to the therapist, and Karel only to the colleague.
    ('therapist', '{client_count}', '1'), ('therapist', '{tags,0,client_count}', '1'),
    ('colleague', '{client_count}', '2'), ('south.owner', '{tags}', '[]'), ('south.owner', '{untagged_count}', '3')
) as t (who, path, expected);
select tests.act('reception', $$ select public.archive_client(tests.id('walkin')) $$);
select is(pg_temp.figures('owner', 'client_tag_stats()', '{untagged_count}'), '0', 'archived clients do not count');

-- Views ----------------------------------------------------------------------------------------------
-- An hour that is today in Prague whenever the tests run.
select pg_temp.past((now() at time zone 'Europe/Prague')::date + time '00:30', 'confirmed');
select tests.gets(who, 'select * from public.' || name, expected, format('%s reads %s: %s', who, name, expected))
from (
  values
    ('today_appointments', 'ok 1', 'ok 1', 'ok 0', 'ok 1'),
    ('unpaid_appointments', 'ok 6', 'ok 4', 'ok 2', 'ok 5'),
    ('practitioner_months', 'ok 3', 'ok 2', 'ok 1', 'ok 3'),
    ('organization_months', 'ok 2', 'ok 2', 'ok 1', 'ok 2')
) as v (name, desk, therapist, colleague, client)
cross join lateral (
  values
    ('owner', desk), ('admin', desk), ('reception', desk), ('therapist', therapist), ('colleague', colleague),
    ('client', client), ('removed', 'ok 0'), ('stranger', 'ok 0'), ('nobody', 'ok 0'), ('anon', '42501')
) as p (who, expected);
select tests.gets(
  'south.owner', format('select * from public.%I where organization_id = tests.id(%L)', name, 'north.organization'),
  'ok 0', 'a foreign owner can NOT read ' || name
)
from unnest(array['today_appointments', 'unpaid_appointments', 'practitioner_months', 'organization_months']) as name;

-- Where clocks show midnight twice --------------------------------------------------------------------
-- In Havana 1 November 2026 begins at 05:00 UTC; the hour before shows the same times. Each minute and
-- each appointment belongs to one day all the same.
update public.organizations set timezone = 'America/Havana' where id = tests.id('organization');
select pg_temp.past('2026-11-01 05:10', 'completed', practitioner => 'freelancer');
select is(pg_temp.figures('owner', call, path), expected, format('%s of %s is %s', path, call, expected))
from (
  values
    ($$occupancy_stats('2026-10-31', '2026-11-01', tests.id('freelancer'))$$, '{total,booked_minutes}', '60'),
    ($$occupancy_stats('2026-10-31', '2026-11-01', tests.id('freelancer'))$$, '{days,0,booked_minutes}', '50'),
    ($$occupancy_stats('2026-10-31', '2026-11-01', tests.id('freelancer'))$$, '{days,1,booked_minutes}', '10'),
    ($$occupancy_stats('2026-10-31', '2026-10-31', tests.id('freelancer'))$$, '{total,booked_minutes}', '50'),
    ($$occupancy_stats('2026-11-01', '2026-11-01', tests.id('freelancer'))$$, '{total,booked_minutes}', '10'),
    ($$cancellation_stats('2026-10-31', '2026-11-01', tests.id('freelancer'))$$, '{days,0,appointment_count}', '1'),
    ($$cancellation_stats('2026-10-31', '2026-11-01', tests.id('freelancer'))$$, '{days,1,appointment_count}', '0'),
    ($$cancellation_stats('2026-11-01', '2026-11-01', tests.id('freelancer'))$$, '{total,appointment_count}', '0')
) as t (call, path, expected);

select * from finish();
rollback;
