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
  now() + interval '365 days' as spent_until, now() + interval '730 days' as whole_until,
  1000 * count(a.id) as spent_amount, count(a.id) as spends
from bench.clients as c
left join bench.appointments as a on a.client_id = c.id and a.is_paid
group by c.organization_id, c.id;

insert into public.credit_entries (
  id, organization_id, client_id, kind, amount, currency, expires_at, balance_after_amount, number, lot_ids,
  lot_amounts, lot_expiries, created_by, created_at
)
select
  l.id, a.organization_id, a.client_id, 'top_up', l.amount, 'CZK', l.expires_at, l.balance_after_amount, l.number,
  l.lot_ids, l.lot_amounts, l.lot_expiries, null, now() - interval '380 days'
from bench.accounts as a
cross join lateral (
  values
    (
      a.spent_id, a.spent_amount, a.spent_until, a.spent_amount, 1, array[a.spent_id], array[a.spent_amount],
      array[a.spent_until]
    ),
    (
      a.whole_id, 100000000, a.whole_until, a.spent_amount + 100000000, case when a.spends > 0 then 2 else 1 end,
      array_remove(array[case when a.spends > 0 then a.spent_id end, a.whole_id], null),
      array_remove(array[nullif(a.spent_amount, 0), 100000000], null),
      array_remove(array[case when a.spends > 0 then a.spent_until end, a.whole_until], null)
    )
) as l (id, amount, expires_at, balance_after_amount, number, lot_ids, lot_amounts, lot_expiries)
where l.amount > 0;

analyze bench.accounts;
analyze public.credit_entries;

insert into public.credit_entries (
  organization_id, client_id, kind, amount, currency, appointment_id, balance_after_amount, number, lot_ids,
  lot_amounts, lot_expiries, created_by, created_at
)
select
  s.organization_id, s.client_id, 'spend', -1000, 'CZK', s.appointment_id, s.left_amount + 100000000, 2 + s.n,
  array_remove(array[case when s.left_amount > 0 then s.spent_id end, s.whole_id], null),
  array_remove(array[nullif(s.left_amount, 0), 100000000], null),
  array_remove(array[case when s.left_amount > 0 then s.spent_until end, s.whole_until], null),
  null, lower(s.during) - interval '14 days'
from (
  select
    b.*, a.id as appointment_id, a.during, row_number() over account as n,
    b.spent_amount - 1000 * row_number() over account as left_amount
  from bench.appointments as a
  join bench.accounts as b on b.client_id = a.client_id
  where a.is_paid
  window account as (partition by a.client_id order by a.during)
) as s;

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
create index on bench.targets (client_id, starts_at);
