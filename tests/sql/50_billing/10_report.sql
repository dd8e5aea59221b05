-- create_billing_report: the period in local time, what is counted, and that a report never changes.
begin;
select * from no_plan();
select tests.practice('north');
select tests.practice('south');

-- Appointments of the past, by hand: local start in Prague, status, payment.
create function pg_temp.past(
  name text, local_start timestamp, status text default 'completed', payment text default 'unpaid',
  amount bigint default 1000, currency text default 'CZK',
  client text default 'client', practitioner text default 'therapist', service text default 'talk'
)
returns void
language plpgsql as $$
declare
  v_start timestamptz := local_start at time zone 'Europe/Prague';
  v_id uuid;
begin
  insert into public.appointments (
    organization_id, location_id, client_id, practitioner_id, service_id, during, status, cancelled_at,
    payment_status, price_amount, currency
  )
  select c.organization_id, (select l.id from public.locations as l where l.organization_id = c.organization_id), c.id, tests.id(practitioner), tests.id(service),
    tstzrange(v_start, v_start + interval '1 hour'), status::public.appointment_status,
    case when status = 'cancelled' then now() end,
    payment::public.payment_status, amount, currency
  from public.clients as c where c.id = tests.id(client)
  returning id into v_id;
  perform tests.remember(name, v_id);
  if payment = 'paid' then
    insert into public.credit_entries (organization_id, client_id, kind, amount, currency)
    select a.organization_id, a.client_id, 'top_up', a.price_amount, a.currency from public.appointments as a where a.id = v_id;
    insert into public.credit_entries (organization_id, client_id, kind, amount, currency, appointment_id)
    select a.organization_id, a.client_id, 'spend', -a.price_amount, a.currency, a.id from public.appointments as a where a.id = v_id;
  end if;
end
$$;
select pg_temp.past('first', '2026-03-01 00:00', amount => 100);
select pg_temp.past('before', '2026-02-28 23:59', client => 'other', practitioner => 'colleague');
select pg_temp.past('last', '2026-03-31 23:30', amount => 200);
select pg_temp.past('after', '2026-04-01 00:00', client => 'other', practitioner => 'colleague');
select pg_temp.past('paid', '2026-03-02 10:00', payment => 'paid', amount => 400);
select pg_temp.past('no_show', '2026-03-03 10:00', 'no_show', amount => 800);
select pg_temp.past('invoiced', '2026-03-04 10:00', payment => 'invoiced', amount => 1600);
select pg_temp.past('cancelled', '2026-03-05 10:00', 'cancelled');
select pg_temp.past('open', '2026-03-06 10:00', 'confirmed');
select pg_temp.past('running', '2026-03-07 10:00', 'in_progress');
select pg_temp.past(
  'euro', '2026-03-08 10:00', amount => 50, currency => 'EUR', client => 'other', practitioner => 'colleague',
  service => 'call'
);
select pg_temp.past(
  'foreign', '2026-03-08 10:00', client => 'south.client', practitioner => 'south.therapist', service => 'south.talk'
);
set constraints all immediate;
set constraints all deferred;

-- Who -------------------------------------------------------------------------------------------------------------------
select tests.gets(
  who, $$ select public.create_billing_report('2026-03-01', '2026-04-01', tests.id('north.organization')) $$,
  expected, who || ' makes a report: ' || expected
)
from (
  values
    ('owner', 'ok 1'), ('admin', 'ok 1'), ('reception', 'PT403 forbidden'), ('therapist', 'PT403 forbidden'),
    ('client', 'PT403 forbidden'),
    ('south.owner', 'PT404 not_found'), ('removed', 'PT404 not_found'), ('stranger', 'PT404 not_found'),
    ('nobody', 'PT401 unauthenticated'), ('anon', '42501')
) as t (who, expected);
select tests.gets(
  'owner', format('select public.create_billing_report(%s)', arguments), expected, 'a report: ' || title
)
from (
  values
    ($$ '2026-03-01', '2026-04-01' $$, 'ok 1', 'of the only organization'),
    ($$ '2026-03-01', '2026-04-01', gen_random_uuid() $$, 'PT404 not_found', 'of an unknown organization'),
    ($$ '2026-03-01', '2026-03-01' $$, 'PT422 invalid_argument', 'of no day'),
    ($$ '2026-03-02', '2026-03-01' $$, 'PT422 invalid_argument', 'of days in reverse'),
    ($$ '2026-03-01', '2027-03-02' $$, 'ok 1', 'of 366 days'),
    ($$ '2026-03-01', '2027-03-03' $$, 'PT422 invalid_argument', 'of 367 days'),
    ($$ null, '2026-04-01' $$, 'PT422 invalid_argument', 'without a first day'),
    ($$ '2026-03-01', null $$, 'PT422 invalid_argument', 'without a last day'),
    ($$ '-infinity', '2026-04-01' $$, 'PT422 invalid_argument', 'since ever'),
    ($$ '2026-03-01', 'infinity' $$, 'PT422 invalid_argument', 'for ever'),
    ($$ '0044-03-15 BC', '2026-04-01' $$, 'PT422 invalid_argument', 'since Caesar'),
    ($$ '2028-02-29', '2028-03-01' $$, 'ok 1', 'of 29 February'),
    ($$ '2026-03-01', '2026-04-01', idempotency_key => '' $$, 'PT422 invalid_argument', 'with an empty key')
) as t (arguments, expected, title);
select tests.gets(
  'service', $$ select public.create_billing_report('2026-03-01', '2026-04-01') $$, '42501',
  'the secret key can NOT make one without being anybody'
);

-- What is in it ------------------------------------------------------------------------------------------------------------
select tests.remember(
  'report',
  tests.act(
    'owner', $$ select (public.create_billing_report('2026-03-01', '2026-04-01', idempotency_key => 'march')).id $$
  )::uuid
);
select is(
  (select string_agg(i.key, ' ' order by l.line_number) from public.billing_report_lines as l join tests.ids as i on i.id = l.appointment_id where l.report_id = tests.id('report')),
  'north.first north.paid north.no_show north.invoiced north.euro north.last',
  'completed and missed sessions whose start is in the local days, last day excluded, by start'
);
select is(
  (select r.totals from public.billing_reports as r where r.id = tests.id('report')),
  '[
    {"currency": "CZK", "completed_unpaid": {"count": 2, "amount": 300}, "completed_paid": {"count": 1, "amount": 400},
     "completed_invoiced": {"count": 1, "amount": 1600}, "no_show": {"count": 1, "amount": 800}},
    {"currency": "EUR", "completed_unpaid": {"count": 1, "amount": 50}, "completed_paid": {"count": 0, "amount": 0},
     "completed_invoiced": {"count": 0, "amount": 0}, "no_show": {"count": 0, "amount": 0}}
  ]'::jsonb,
  'totals per currency'
);
select results_eq(
  $$ select r.line_count, r.timezone, r.period_start, r.period_end, r.created_by from public.billing_reports as r where r.id = tests.id('report') $$,
  $$ values (6, 'Europe/Prague', date '2026-03-01', date '2026-04-01', tests.id('owner_user')) $$,
  'the report says of what and by whom'
);
select results_eq(
  $$ select s.currency, s.practitioner_name, s.service_name, s.client_name, s.completed_unpaid_amount, s.completed_paid_amount, s.completed_invoiced_amount, s.no_show_amount
    from public.billing_report_summaries as s where s.report_id = tests.id('report') order by 1 $$,
  $$ values ('CZK', 'Therapist', 'talk', 'Jana Nováková', 300::bigint, 400::bigint, 1600::bigint, 800::bigint), ('EUR', 'Colleague', 'call', 'Karel Dvořák', 50, 0, 0, 0) $$,
  'summaries per practitioner, service, client and currency'
);
select is(
  (select sum((t ->> 'amount')::bigint) from public.billing_reports as r cross join jsonb_array_elements(r.totals) as c cross join jsonb_each(c - 'currency') as e (k, t) where r.id = tests.id('report')),
  (select sum(l.price_amount) from public.billing_report_lines as l where l.report_id = tests.id('report')),
  'totals and lines agree'
);
-- Other organizations and empty periods.
select is(
  (tests.act('south.owner', $$ select (public.create_billing_report('2026-03-01', '2026-04-01')).line_count $$)), '1',
  'each organization has its own'
);
select is(
  (tests.act('owner', $$ select (public.create_billing_report('2020-03-01', '2020-04-01')).totals $$)), '[]',
  'an empty period is an empty report'
);
-- The local day of the clock change is 23 hours long.
select pg_temp.past('dst 1', '2026-03-29 00:00');
select pg_temp.past('dst 2', '2026-03-29 23:00');
select is(
  (tests.act('owner', $$ select (public.create_billing_report('2026-03-29', '2026-03-30')).line_count $$)), '2',
  'the day of the clock change is a whole local day'
);
select is(
  (tests.act('owner', $$ select (public.create_billing_report('2026-03-30', '2026-03-31')).line_count $$)), '0',
  'and takes nothing of the next'
);

-- A report is what it was ----------------------------------------------------------------------------------------------------
select md5(
  string_agg(l::text, '|' order by l.line_number)
) as digest into temp before_changes from public.billing_report_lines as l where l.report_id = tests.id('report');
select tests.act('owner', $$ select public.mark_invoiced(array[tests.id('first'), tests.id('last')]) $$);
update public.clients set family_name = 'Married' where id = tests.id('client');
update public.services set name = 'conversation', price_amount = 1 where id = tests.id('talk');
update public.practitioners set display_name = 'Doctor' where id = tests.id('therapist');
update public.organizations set timezone = 'Asia/Tokyo' where id = tests.id('organization');
select is(
  (select md5(string_agg(l::text, '|' order by l.line_number)) from public.billing_report_lines as l where l.report_id = tests.id('report')),
  (select digest from before_changes),
  'later changes of appointments, names, prices and zone do not reach it'
);
select is(
  tests.act(
    'owner', $$ select (public.create_billing_report('2026-03-01', '2026-04-01', idempotency_key => 'march')).id $$
  )::uuid,
  tests.id('report'), 'a repeat answers the same report'
);
select tests.gets(
  'owner', $$ select public.create_billing_report('2026-03-01', '2026-04-02', idempotency_key => 'march') $$,
  'PT422 idempotency_mismatch', 'another period with the key is refused'
);
update public.organizations set timezone = 'Europe/Prague' where id = tests.id('organization');
update public.services set name = 'talk' where id = tests.id('talk');

-- Nothing waits for the commit any more, or the tables could not be truncated whoever asks.
set constraints all immediate;
set constraints all deferred;
select tests.gets(who, statement, expected, who || ': ' || statement || ' → ' || expected)
from (
  values
    ('update public.billing_reports set line_count = 0', '42501', 'PT409 invalid_state'),
    ('delete from public.billing_reports', '42501', 'PT409 invalid_state'),
    ('truncate public.billing_reports cascade', '42501', 'PT409 invalid_state'),
    ('update public.billing_report_lines set price_amount = 0', '42501', 'PT409 invalid_state'),
    ('delete from public.billing_report_lines', '42501', 'PT409 invalid_state'),
    ('truncate public.billing_report_lines', '42501', 'PT409 invalid_state')
) as t (statement, others, operator)
cross join lateral (
  values ('owner', others), ('service', others), ('reception', others), ('anon', others), ('operator', operator)
) as p (who, expected);
select tests.gets(
  'owner', $$ insert into public.billing_reports (organization_id, period_start, period_end, timezone, line_count, totals)
    values (tests.id('organization'), '2026-01-01', '2026-02-01', 'UTC', 0, '[]') $$, '42501', 'an owner can NOT write a report by hand'
);

select tests.gets(
  who, format($$ insert into public.billing_reports (organization_id, period_start, period_end, timezone, line_count, totals)
    values (tests.id('organization'), '2026-01-01', '2026-02-01', 'UTC', %s, '[]') $$, lines), expected, title
)
from (values ('operator'), ('service')) as w (who)
cross join (
  values (0, 'ok 1', 'a report of nothing is whole'), (1, 'PT409 invalid_state', 'one that lacks its line is NOT')
) as t (lines, expected, title);

-- A line that comes later: the report is complete once it is made.
insert into public.billing_reports (organization_id, period_start, period_end, timezone, line_count, totals, created_at)
values (tests.id('organization'), '2026-01-01', '2026-02-01', 'UTC', 0, '[]', now() - interval '1 day')
returning tests.remember('old report', id);
select tests.gets(
  'service',
  $$ insert into public.billing_report_lines (
      report_id, line_number, organization_id, appointment_id, starts_at, ends_at, practitioner_id, practitioner_name,
      service_id, service_name, client_id, client_name, status, payment_status, price_amount, currency
    )
    select tests.id('old report'), 1, tests.id('organization'), tests.id('first'), now(), now(), tests.id('therapist'),
      'x', tests.id('talk'), 'x', tests.id('client'), 'x', 'completed', 'unpaid', 1, 'CZK' $$,
  'PT409 invalid_state', 'a line can NOT be added to a report that was made before'
);

-- Reading ------------------------------------------------------------------------------------------------------------------------
select tests.gets(
  who, format('select * from public.%I where organization_id = tests.id(%L)', relation, 'north.organization'),
  case sees when 'yes' then lines else sees end, format('%s reads %s', who, relation)
)
from (values ('billing_report_lines', 'ok 8'), ('billing_report_summaries', 'ok 3')) as r (relation, lines)
cross join (
  values
    ('owner', 'yes'), ('admin', 'yes'), ('reception', 'ok 0'), ('therapist', 'ok 0'), ('client', 'ok 0'),
    ('south.owner', 'ok 0'), ('removed', 'ok 0'),
    ('stranger', 'ok 0'), ('anon', '42501')
) as t (who, sees);
select tests.gets(who, 'select * from public.billing_reports', expected, who || ' reads reports: ' || expected)
from (
  values ('owner', 'ok 5'), ('admin', 'ok 5'), ('reception', 'ok 0'), ('client', 'ok 0'), ('south.owner', 'ok 1'),
  ('anon', '42501')
) as t (who, expected);

select * from finish();
rollback;
