-- A practice chain's worth of data, made where it is needed: `bench.organizations` organizations of
-- ten practitioners, `bench.appointments` appointments for each, over two years. Run as a superuser
-- with triggers off, because a million rows one by one would take an hour; check.sql proves
-- afterwards that the triggers would have agreed.

create schema bench;
grant usage on schema bench to authenticated;

-- Working days of a year back and a year ahead, numbered, and which appointment falls on which.
create table bench.days as
select row_number() over (order by d) - 1 as n, d::date as day
from generate_series(current_date - 365, current_date + 364, interval '1 day') as d
where extract(isodow from d) < 6;

create table bench.visits as
select k, d.day
from generate_series(0, current_setting('bench.appointments')::integer - 1) as k
join bench.days as d
  on d.n = k * (select count(*) from bench.days) / current_setting('bench.appointments')::integer;

create table bench.organizations as
select
  n::integer,
  gen_random_uuid() as id,
  gen_random_uuid() as owner_id,
  gen_random_uuid() as desk_id,
  gen_random_uuid() as location_id,
  gen_random_uuid() as service_id,
  gen_random_uuid() as plain_service_id
from generate_series(1, current_setting('bench.organizations')::integer) as n;

create table bench.practitioners as
select
  o.n * 10 + i as n, o.id as organization_id, o.n as organization_n, i, gen_random_uuid() as id,
  gen_random_uuid() as user_id, gen_random_uuid() as room_id, o.location_id, o.service_id
from bench.organizations as o, generate_series(0, 9) as i;

create table bench.clients as
select o.id as organization_id, i, gen_random_uuid() as id, gen_random_uuid() as user_id, o.n as organization_n
from bench.organizations as o, generate_series(0, 299) as i;
create unique index on bench.clients (organization_id, i);
analyze;

insert into auth.users (id, aud, role, email, created_at, updated_at)
select id, 'authenticated', 'authenticated', id || '@bench.test', now(), now()
from (
  select owner_id as id from bench.organizations
  union all
  select desk_id from bench.organizations
  union all
  select user_id from bench.practitioners
  union all
  select user_id from bench.clients
) as users;

insert into public.organizations (id, slug, name, timezone, currency)
select id, 'bench-' || n, 'Practice ' || n, 'Europe/Prague', 'CZK' from bench.organizations;

insert into public.organization_settings (organization_id, slot_step_minutes, booking_horizon_days)
select id, 30, 365 from bench.organizations;

insert into public.locations (id, organization_id, name, timezone)
select location_id, id, 'Main street', 'Europe/Prague' from bench.organizations;

insert into public.members (organization_id, user_id, role, display_name)
select id, owner_id, 'owner'::public.member_role, 'Owner' from bench.organizations
union all
select id, desk_id, 'receptionist', 'Reception' from bench.organizations
union all
select organization_id, user_id, 'practitioner', 'Practitioner' from bench.practitioners;

insert into public.practitioners (id, organization_id, user_id, display_name)
select id, organization_id, user_id, 'Practitioner ' || i from bench.practitioners;

insert into public.clients (id, organization_id, user_id, given_name, family_name)
select id, organization_id, user_id, 'Given' || i, 'Family' || i from bench.clients;

insert into public.services (id, organization_id, name, duration_minutes, price_amount, currency)
select service_id, id, 'Session', 60, 1000, 'CZK' from bench.organizations
union all
select plain_service_id, id, 'Session without a room', 60, 1000, 'CZK' from bench.organizations;

insert into public.service_practitioners (organization_id, service_id, practitioner_id)
select p.organization_id, s.id, p.id
from bench.practitioners as p
join public.services as s on s.organization_id = p.organization_id;

insert into public.rooms (id, organization_id, location_id, name)
select room_id, organization_id, location_id, 'Room ' || i from bench.practitioners;

insert into public.service_rooms (organization_id, service_id, room_id)
select organization_id, service_id, room_id from bench.practitioners;

insert into public.working_hours (organization_id, practitioner_id, location_id, weekday, start_time, end_time)
select p.organization_id, p.id, p.location_id, weekday, '09:00', '17:00'
from bench.practitioners as p, generate_series(1, 5) as weekday;

insert into public.booking_activations (organization_id, practitioner_id, day, is_open)
select p.organization_id, p.id, current_date + d, true
from bench.practitioners as p, generate_series(0, 120) as d;

-- Appointments: on a visit's day practitioner i sees client 10 k + i in room i, so nobody is ever
-- in two places.
create table bench.appointments as
select
  gen_random_uuid() as id, p.organization_id, p.location_id, c.id as client_id, p.id as practitioner_id,
  p.service_id, p.room_id, v.k, v.day,
  tstzrange(t.starts_at, t.starts_at + interval '60 minutes') as during,
  case
    when (v.k * 7 + p.i) % 20 = 0 then 'cancelled'
    when t.starts_at > now() - interval '1 hour' then 'confirmed'
    when (v.k * 3 + p.i) % 25 = 0 then 'no_show'
    else 'completed'
  end::public.appointment_status as status,
  v.k % 2 = 0 and (v.k * 7 + p.i) % 20 <> 0 as is_paid
from bench.practitioners as p
cross join bench.visits as v
join bench.clients as c on c.organization_id = p.organization_id and c.i = (v.k * 10 + p.i) % 300
cross join lateral (
  select (v.day + time '09:00' + interval '30 minutes' * ((v.k * 7919 + p.n * 104729) % 15))
    at time zone 'Europe/Prague' as starts_at
) as t;
