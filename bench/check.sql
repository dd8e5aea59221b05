-- What the triggers that were off would have refused; every count must be 0. Constraints of the
-- tables themselves (checks, keys, exclusions) were on all the time.
select 'balance is not the sum of the ledger' as fault, count(*)
from public.credit_accounts as a
where (a.balance_amount, a.last_number) is distinct from (
  select (sum(e.amount)::bigint, max(e.number)) from public.credit_entries as e
  where e.client_id = a.client_id and e.currency = a.currency
)
union all
select 'lots are not the balance', count(*)
from public.credit_accounts as a
where a.balance_amount is distinct from (
  select sum(l.remaining_amount) from public.credit_lots as l where l.client_id = a.client_id
)
union all
select 'an entry''s lots are not its balance', count(*)
from public.credit_entries as e
where e.balance_after_amount <> (select sum(l) from unnest(e.lot_amounts) as l)
union all
select 'a running balance jumps', count(*)
from (
  select e.balance_after_amount, sum(e.amount) over (partition by e.client_id order by e.number) as running
  from public.credit_entries as e
) as e
where e.balance_after_amount <> e.running
union all
select 'a paid appointment has no entry', count(*)
from public.appointments as a
where a.payment_status = 'paid' and not exists (
  select 1 from public.credit_entries as e
  where e.appointment_id = a.id and e.kind = 'spend' and e.amount = -a.price_amount and e.client_id = a.client_id
)
union all
select 'an appointment is outside working hours', count(*)
from public.appointments as a
join public.locations as l on l.id = a.location_id
where not exists (
  select 1 from public.working_hours as w
  where w.practitioner_id = a.practitioner_id
    and w.weekday = extract(isodow from a.starts_at at time zone l.timezone)
    and w.start_time <= (a.starts_at at time zone l.timezone)::time
    and w.end_time >= (a.ends_at at time zone l.timezone)::time
)
