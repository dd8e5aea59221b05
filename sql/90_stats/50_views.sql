-- Views for the dashboard and for lists in an app. They run with the rights of whoever reads them, so
-- the policies below decide: the desk reads its organization, practitioners and clients their own.

create view public.today_appointments
with (security_invoker = true)
as
select
  a.organization_id,
  a.id as appointment_id,
  a.starts_at,
  a.ends_at,
  l.name as location_name,
  p.display_name as practitioner_name,
  r.name as room_name,
  s.name as service_name,
  c.phone as client_phone,
  a.status,
  a.payment_status,
  a.price_amount,
  a.currency,
  (a.starts_at at time zone l.timezone)::time as local_start_time,
  concat_ws(' ', c.given_name, c.family_name) as client_name
from public.locations as l
inner join public.appointments as a
  on l.organization_id = a.organization_id
  and l.id = a.location_id
  -- Bounds that an index can use; no local day is longer.
  and a.starts_at > now() - interval '26 hours'
  and a.starts_at < now() + interval '26 hours'
  and a.starts_at >= date_trunc('day', now() at time zone l.timezone) at time zone l.timezone
  and a.starts_at < (date_trunc('day', now() at time zone l.timezone) + interval '1 day') at time zone l.timezone
inner join public.practitioners as p on a.practitioner_id = p.id
inner join public.services as s on a.service_id = s.id
inner join public.clients as c on a.client_id = c.id
left join public.rooms as r on a.room_id = r.id
where a.held_until is null;

comment on view public.today_appointments is
  'Appointments that start today by the clock of their location: cancelled ones too, places held for an offer not.';

create view public.unpaid_appointments
with (security_invoker = true)
as
select
  a.organization_id,
  a.id as appointment_id,
  a.client_id,
  p.display_name as practitioner_name,
  s.name as service_name,
  a.starts_at,
  a.status,
  a.price_amount,
  a.currency,
  concat_ws(' ', c.given_name, c.family_name) as client_name,
  extract(day from now() - a.ends_at)::integer as days_since
from public.appointments as a
inner join public.practitioners as p on a.practitioner_id = p.id
inner join public.services as s on a.service_id = s.id
inner join public.clients as c on a.client_id = c.id
where a.status in ('completed', 'no_show') and a.payment_status = 'unpaid' and a.price_amount > 0;

comment on view public.unpaid_appointments is
  'Sessions that were held or missed and are neither paid nor invoiced; price_amount in minor units of currency, '
  'days_since in whole days from the end of the session.';

create view public.practitioner_months
with (security_invoker = true)
as
select
  a.organization_id,
  a.practitioner_id,
  p.display_name as practitioner_name,
  a.currency,
  date_trunc('month', a.starts_at at time zone o.timezone)::date as month,
  count(*) filter (where a.status = 'completed') as completed_count,
  count(*) filter (where a.status = 'no_show') as no_show_count,
  count(*) filter (where a.status = 'cancelled') as cancelled_count,
  count(*) filter (where a.status in ('pending', 'confirmed', 'in_progress')) as open_count,
  count(distinct a.client_id) filter (where a.status = 'completed') as client_count,
  coalesce(sum(a.price_amount) filter (where a.status = 'completed'), 0)::bigint as completed_amount
from public.appointments as a
inner join public.organizations as o on a.organization_id = o.id
inner join public.practitioners as p on a.practitioner_id = p.id
where a.held_until is null
group by a.organization_id, a.practitioner_id, p.display_name, month, a.currency;

comment on view public.practitioner_months is
  'Appointments per practitioner, local month of the organization and currency; completed_amount is what the '
  'completed ones cost, in minor units. Filter by month: without it all history is read.';

create view public.organization_months
with (security_invoker = true)
as
select
  a.organization_id,
  a.currency,
  date_trunc('month', a.starts_at at time zone o.timezone)::date as month,
  count(*) filter (where a.status = 'completed') as completed_count,
  count(*) filter (where a.status = 'no_show') as no_show_count,
  count(*) filter (where a.status = 'cancelled') as cancelled_count,
  count(*) filter (where a.status in ('pending', 'confirmed', 'in_progress')) as open_count,
  count(distinct a.client_id) filter (where a.status = 'completed') as client_count,
  coalesce(sum(a.price_amount) filter (where a.status = 'completed'), 0)::bigint as completed_amount,
  coalesce(sum(a.price_amount) filter (where a.status = 'completed' and a.payment_status = 'unpaid'), 0)::bigint
    as unpaid_amount
from public.appointments as a
inner join public.organizations as o on a.organization_id = o.id
where a.held_until is null
group by a.organization_id, month, a.currency;

comment on view public.organization_months is
  'The practice''s months for the dashboard, by local month and currency, amounts in minor units. monthly_overview '
  'adds working time, occupancy and new clients.';
