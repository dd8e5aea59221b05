-- The floor of booking: the same table, keys, exclusions and foreign keys, without triggers.
create table bench.floor (like public.appointments including all);

insert into bench.floor (
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

do $$
declare
  v_key text;
begin
  for v_key in
    select pg_get_constraintdef(c.oid)
    from pg_constraint as c
    where c.conrelid = 'public.appointments'::regclass and c.contype = 'f'
  loop
    execute 'alter table bench.floor add ' || v_key;
  end loop;
end
$$;
