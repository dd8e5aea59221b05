-- The appointments themselves with the credits that paid them, and what the measures will book. Runs
-- beside floor.sql, which fills the other table of a million rows.

insert into public.appointments (
  id, organization_id, location_id, client_id, practitioner_id, service_id, room_id, session_id, during,
  blocked_during, status, payment_status, price_amount, currency, mode, cancelled_at, created_by, created_at,
  updated_at
)
select
  a.id, a.organization_id, a.location_id, a.client_id, a.practitioner_id, a.service_id, a.room_id, a.id, a.during,
  a.during, a.status, case when a.is_paid then 'paid' else 'unpaid' end::public.payment_status, 1000, 'CZK',
  'in_person', case when a.status = 'cancelled' then lower(a.during) - interval '2 days' end, null,
  lower(a.during) - interval '14 days', lower(a.during) - interval '14 days'
from bench.appointments as a
-- Calendars fill up by date, practice after practice: not sorted by any index.
order by a.day, a.practitioner_id;

analyze bench.appointments;

-- Credits: one lot that paid everything so far, one that is still whole.
create table bench.accounts as
select
  c.organization_id, c.id as client_id, gen_random_uuid() as spent_id, gen_random_uuid() as whole_id,
  1000 * count(a.id) as spent_amount, count(a.id) as spends
from bench.clients as c
left join bench.appointments as a on a.client_id = c.id and a.is_paid
group by c.organization_id, c.id;

insert into public.credit_entries (
  id, organization_id, client_id, kind, amount, currency, expires_at, balance_after_amount, number, created_by,
  created_at
)
select spent_id, organization_id, client_id, 'top_up'::public.credit_entry_kind, spent_amount, 'CZK', null::timestamptz,
  spent_amount, 1, null::uuid, now() - interval '380 days'
from bench.accounts
where spent_amount > 0
union all
select whole_id, organization_id, client_id, 'top_up', 100000000, 'CZK', now() + interval '730 days',
  spent_amount + 100000000, case when spent_amount > 0 then 2 else 1 end, null, now() - interval '380 days'
from bench.accounts;

analyze bench.accounts;
analyze public.credit_entries;

insert into public.credit_entries (
  organization_id, client_id, kind, amount, currency, appointment_id, balance_after_amount, number, created_by,
  created_at
)
select
  a.organization_id, a.client_id, 'spend', -1000, 'CZK', a.id,
  b.spent_amount + 100000000 - 1000 * row_number() over account, 2 + row_number() over account, null,
  lower(a.during) - interval '14 days'
from bench.appointments as a
join bench.accounts as b on b.client_id = a.client_id
where a.is_paid
window account as (partition by a.client_id order by a.during);

insert into public.credit_accounts (organization_id, client_id, currency, balance_amount, last_number)
select organization_id, client_id, 'CZK', 100000000, case when spends > 0 then spends + 2 else 1 end from bench.accounts;

insert into public.credit_lots (
  entry_id, organization_id, client_id, currency, remaining_amount, expires_at, created_at, number
)
select e.id, e.organization_id, e.client_id, e.currency, case when e.expires_at is null then 0 else e.amount end,
  e.expires_at, e.created_at, e.number
from public.credit_entries as e
join bench.accounts as b on e.id in (b.spent_id, b.whole_id);

insert into public.credit_allocations (organization_id, entry_id, lot_id, amount)
select e.organization_id, e.id, b.spent_id, 1000
from public.credit_entries as e
join bench.accounts as b on b.client_id = e.client_id
where e.kind = 'spend';

-- What the measures book: full hours on which practitioner, room and client are free. `turn` is
-- random: each run of a measure takes the next ones.
create table bench.targets as
select
  row_number() over (order by random()) as turn, p.organization_n, p.organization_id, o.desk_id, c.user_id, p.location_id,
  p.service_id, p.id as practitioner_id, p.room_id, c.id as client_id, t.starts_at
from bench.practitioners as p
join bench.organizations as o on o.n = p.organization_n
cross join bench.visits as v
cross join generate_series(0, 7) as h
join bench.clients as c on c.organization_id = p.organization_id and c.i = (v.k * 10 + 10 + h * 10 + p.i) % 300
cross join lateral (select (v.day + time '09:00' + interval '1 hour' * h) at time zone 'Europe/Prague' as starts_at) as t
join bench.appointments as a on a.practitioner_id = p.id and a.k = v.k
where v.day between current_date + 7
    and current_date + case when current_setting('bench.organizations')::integer > 50 then 110 else 360 end
  and not a.during && tstzrange(t.starts_at, t.starts_at + interval '1 hour');
create index on bench.targets (organization_n, turn);
