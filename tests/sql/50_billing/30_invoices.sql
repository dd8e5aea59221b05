-- Drafts, numbers, and that an issued invoice never changes, whoever tries.
begin;
select * from no_plan();
select tests.practice('north');
select tests.practice('south');

create function pg_temp.past(name text, days integer, status text default 'completed', client text default 'client', amount bigint default 1000)
returns void
language plpgsql as $$
declare
  v_id uuid;
begin
  insert into public.appointments (
    organization_id, location_id, client_id, practitioner_id, service_id, during, status, price_amount
  )
  select
    c.organization_id, (select l.id from public.locations as l where l.organization_id = c.organization_id), c.id,
    tests.id(case when client like 'south.%' then 'south.therapist' else 'therapist' end),
    tests.id(case when client like 'south.%' then 'south.talk' else 'talk' end),
    tstzrange(tests.at(-days, '10:00'), tests.at(-days, '11:00')), status::public.appointment_status, amount
  from public.clients as c
  where c.id = tests.id(client)
  returning id into v_id;
  perform tests.remember(name, v_id);
end
$$;
select pg_temp.past('first', 10);
select pg_temp.past('second', 9);
select pg_temp.past('missed', 8, 'no_show');
select pg_temp.past('coming', -3, 'confirmed');
select pg_temp.past('others', 7, 'completed', 'other');
select pg_temp.past('foreign', 7, 'completed', 'south.client');
insert into public.bank_accounts (organization_id, name, iban, account_number, currency, is_default)
values (tests.id('organization'), 'main', 'CZ6508000000192000145399', '19-2000145399/0800', 'CZK', true);
insert into public.billing_settings (organization_id, legal_name, is_vat_payer, due_days)
values (tests.id('organization'), 'North Ltd', true, 10);

-- Who makes drafts ------------------------------------------------------------------------------------
select tests.gets(
  who, $$ select public.create_invoice(tests.id('client'), lines => '[{"description": "x", "unit_price_amount": 5}]') $$,
  expected, who || ' makes a draft: ' || expected
)
from (
  values
    ('owner', 'ok 1'), ('admin', 'ok 1'), ('reception', 'ok 1'), ('therapist', 'PT403 forbidden'),
    ('client', 'PT403 forbidden'), ('other', 'PT404 not_found'), ('south.owner', 'PT404 not_found'),
    ('removed', 'PT404 not_found'), ('stranger', 'PT404 not_found'), ('nobody', 'PT401 unauthenticated'),
    ('anon', '42501')
) as t (who, expected);
select tests.gets('owner', format('select public.create_invoice(tests.id(%L)%s)', client, arguments), expected, title)
from (
  values
    ('client', $$, array[tests.id('first')]$$, 'ok 1', 'a draft of a session'),
    ('client', $$, array[tests.id('missed')]$$, 'ok 1', 'a draft of a missed session'),
    ('client', $$, array[tests.id('coming')]$$, 'PT409 invalid_state', 'NOT of one that is to come'),
    ('client', $$, array[tests.id('others')]$$, 'PT404 not_found', 'NOT of another client''s'),
    ('client', $$, array[tests.id('foreign')]$$, 'PT404 not_found', 'NOT of another organization''s'),
    ('client', $$, array[gen_random_uuid()]$$, 'PT404 not_found', 'NOT of none'),
    ('client', '', 'ok 1', 'a draft of all that is unpaid'),
    ('client', $$, period_start => tests.today() - 10, period_end => tests.today() - 9$$, 'ok 1', 'of a period'),
    ('client', $$, period_start => tests.today() - 40, period_end => tests.today() - 30$$, 'PT409 invalid_state', 'NOT of an empty one'),
    ('client', $$, '{}', '[]'$$, 'PT422 invalid_argument', 'NOT of nothing'),
    ('client', $$, lines => '{}'$$, 'PT422 invalid_argument', 'NOT with lines that are no list'),
    ('client', $$, lines => '[{"description": "", "unit_price_amount": 1}]'$$, 'PT422 invalid_argument', 'NOT without a description'),
    ('client', $$, lines => '[{"description": "x", "unit_price_amount": 1.5}]'$$, 'ok 1', 'parts of a minor unit are rounded'),
    ('client', $$, lines => '[{"description": "x", "unit_price_amount": "NaN"}]'$$, 'PT422 invalid_argument', 'NOT NaN'),
    ('client', $$, lines => '[{"description": "x", "unit_price_amount": 1e400}]'$$, 'PT422 invalid_argument', 'NOT beyond numbers'),
    ('client', $$, lines => '[{"description": "x", "unit_price_amount": 1, "quantity": 0}]'$$, 'PT422 invalid_argument', 'NOT of no quantity'),
    ('client', $$, lines => '[{"description": "x", "unit_price_amount": 1, "discount_percent": 101}]'$$, 'PT422 invalid_argument', 'NOT with 101 % off'),
    ('client', $$, lines => '[{"description": "x", "unit_price_amount": 1, "total": 5}]'$$, 'PT422 invalid_argument', 'NOT with a key of its own'),
    ('client', $$, lines => '[{"description": "x", "unit_price_amount": 1, "tax_rate": 21, "tax_category": "exempt"}]'$$, 'PT422 invalid_argument', 'NOT exempt and taxed'),
    ('client', $$, due_on => 'infinity', lines => '[{"description": "x", "unit_price_amount": 1}]'$$, 'PT422 invalid_argument', 'NOT due never'),
    ('client', $$, payer_id => gen_random_uuid()$$, 'PT404 not_found', 'NOT for a payer that is not there'),
    ('client', $$, series => 'nothing'$$, 'PT404 not_found', 'NOT in a series that is not there'),
    ('client', $$, currency => 'x'$$, 'PT422 invalid_argument', 'NOT in no currency')
) as t (client, arguments, expected, title);

-- From draft to number ---------------------------------------------------------------------------------
select tests.set('default_locale = ''de''');
select tests.remember('draft', tests.act('reception', $$
  select (public.create_invoice(tests.id('client'), array[tests.id('first')],
    '[{"description": "Book", "unit_price_amount": 9999, "quantity": 3, "discount_percent": 10, "tax_rate": 21},
      {"description": "Pen", "unit_price_amount": 333, "quantity": 3, "tax_rate": 21}]', idempotency_key => 'one')).id
$$)::uuid);
select is(
  tests.act('reception', $$
    select (public.create_invoice(tests.id('client'), array[tests.id('first')],
      '[{"description": "Book", "unit_price_amount": 9999, "quantity": 3, "discount_percent": 10, "tax_rate": 21},
        {"description": "Pen", "unit_price_amount": 333, "quantity": 3, "tax_rate": 21}]', idempotency_key => 'one')).id
  $$)::uuid, tests.id('draft'), 'the same key is the same draft'
);
select results_eq(
  $$ select i.status::text, i.number, i.total_amount, i.net_amount + i.tax_amount, i.paid_amount from public.invoices as i where i.id = tests.id('draft') $$,
  $$ values ('draft', null::text, 28996::bigint, 28996::bigint, 0::bigint) $$, 'a draft has no number; its total is its lines'
);
select results_eq(
  $$ select l.gross_amount, l.tax_amount from public.invoice_lines as l where l.invoice_id = tests.id('draft') order by l.position $$,
  -- 26997 and 999 at 21 % inside: 4685.43 → 4685; (27996 → 4858.81 → 4859) − 4685 = 174, not 173.
  $$ values (1000::bigint, 0::bigint), (26997, 4685), (999, 174) $$, 'the tax of lines adds up to the tax of their sum'
);
select is((select i.locale from public.invoices as i where i.id = tests.id('draft')), 'de', 'who has chosen no language is billed in the default one');
select is((select a.invoice_id from public.appointments as a where a.id = tests.id('first')), tests.id('draft'), 'a draft holds its sessions');
select tests.gets('owner', $$ select public.create_invoice(tests.id('client'), array[tests.id('first')]) $$, 'PT409 invalid_state', 'a session is NOT drafted twice');
select tests.gets('client', $$ select public.pay_appointment(tests.id('first')) $$, 'PT409 insufficient_credits', 'no credits yet');
select tests.top_up('client', 100000);
select tests.gets('client', $$ select public.pay_appointment(tests.id('first')) $$, 'PT409 invalid_state', 'a session on a draft is NOT paid with credits');
select tests.gets('operator', $$ update public.invoices set total_amount = 5, net_amount = 5, status = 'paid', paid_amount = 5, number = 'X1' where id = tests.id('draft') $$, 'ok 1', 'a hand edit of a draft passes');
select is((select (i.total_amount, i.status, i.number)::text from public.invoices as i where i.id = tests.id('draft')), '(28996,draft,)', 'and changes nothing that is derived');
update public.invoice_lines set net_amount = 1, gross_amount = 1, tax_amount = 0 where invoice_id = tests.id('draft');
select is((select sum(l.gross_amount)::bigint from public.invoice_lines as l where l.invoice_id = tests.id('draft')), 28996::bigint, 'lines are computed anew after a hand edit');
select tests.gets('operator', $$ update public.appointments set invoice_id = null where id = tests.id('first') $$, 'PT409 invalid_state', 'a session does NOT leave its draft by hand');
select tests.gets('operator', $$ update public.appointments set payment_status = 'invoiced' where id = tests.id('first') $$, 'PT409 invalid_state', 'NOR becomes invoiced by hand');
select tests.gets('operator', $$
  insert into public.appointments (
    organization_id, location_id, client_id, practitioner_id, service_id, during, status, invoice_id
  )
  select
    a.organization_id, a.location_id, a.client_id, a.practitioner_id, a.service_id,
    tstzrange(a.starts_at - interval '40 days', a.ends_at - interval '40 days'), 'completed', tests.id('draft')
  from public.appointments as a
  where a.id = tests.id('first')
$$, 'PT409 invalid_state', 'NOR begins on an invoice that does not charge it');
select tests.gets('reception', $$ select public.update_invoice(tests.id('draft'), '[{"description": "Pen", "unit_price_amount": 100}]') $$, 'ok 1', 'the desk CAN change a draft');
select tests.gets('therapist', $$ select public.update_invoice(tests.id('draft'), note => 'x') $$, 'PT403 forbidden', 'a practitioner can NOT');
select tests.gets('reception', $$ delete from public.invoices where id = tests.id('draft') $$, 'ok 1', 'the desk CAN delete a draft');
select tests.gets('therapist', $$ delete from public.invoices where id = tests.id('draft') $$, 'ok 0', 'a practitioner can NOT');
select tests.gets('client', $$ select * from public.invoices $$, 'ok 0', 'a client does NOT see drafts');
select tests.gets('reception', $$ update public.invoices set note = 'x' $$, '42501', 'nobody writes invoices but functions');
select tests.gets('reception', $$ insert into public.invoices (organization_id, client_id) values (tests.id('organization'), tests.id('client')) $$, '42501', 'nor adds them');
select tests.gets('operator', $$ insert into public.invoices (organization_id, client_id, issued_at, number) values (tests.id('organization'), tests.id('client'), now(), '1') $$, 'PT409 invalid_state', 'an invoice does NOT begin issued');

select tests.gets(who, $$ select public.issue_invoice(tests.id('draft')) $$, expected, who || ' issues: ' || expected)
from (
  values
    ('owner', 'ok 1'), ('reception', 'ok 1'), ('therapist', 'PT403 forbidden'), ('client', 'PT404 not_found'),
    ('south.owner', 'PT404 not_found'), ('stranger', 'PT404 not_found'), ('anon', '42501')
) as t (who, expected);
select tests.gets('owner', format('select public.issue_invoice(tests.id(''draft''), %s)', day), expected, 'issued on ' || day || ': ' || expected)
from (
  values
    ('tests.today()', 'ok 1'), ('tests.today() - 30', 'ok 1'), ('tests.today() + 1', 'PT422 invalid_argument'),
    ('tests.today() - 400', 'PT422 invalid_argument'), ($$'infinity'$$, 'PT422 invalid_argument')
) as t (day, expected);
select tests.act('reception', $$ select (public.issue_invoice(tests.id('draft'), tests.today() - 5)).id $$);
select results_eq(
  $$ select i.status::text, i.sequence, i.number, i.variable_symbol, i.issued_on, i.due_on, i.supplier ->> 'name', i.payer ->> 'name', i.bank_account ->> 'iban'
    from public.invoices as i where i.id = tests.id('draft') $$,
  $$ values ('issued', 1, to_char(tests.today() - 5, 'YY') || '1000001', to_char(tests.today() - 5, 'YY') || '1000001', tests.today() - 5, tests.today() + 5,
    'North Ltd', 'Jana Nováková', 'CZ6508000000192000145399') $$,
  'the first number; supplier, payer and account are copied'
);
select is((select a.payment_status::text from public.appointments as a where a.id = tests.id('first')), 'invoiced', 'its session is invoiced');
update public.billing_settings set legal_name = 'Renamed Ltd' where organization_id = tests.id('organization');
update public.clients set family_name = 'Changed' where id = tests.id('client');
select is((select i.supplier ->> 'name' || ' ' || (i.payer ->> 'name') from public.invoices as i where i.id = tests.id('draft')), 'North Ltd Jana Nováková', 'later changes do not reach it');

select tests.gets('operator', statement, expected, statement)
from (
  values
    ($$ update public.invoices set number = '9' where id = tests.id('draft') $$, 'PT409 invalid_state'),
    ($$ update public.invoices set total_amount = 1, net_amount = 1, tax_amount = 0 where id = tests.id('draft') $$, 'PT409 invalid_state'),
    ($$ update public.invoices set due_on = due_on + 1 where id = tests.id('draft') $$, 'PT409 invalid_state'),
    ($$ update public.invoices set issued_at = null where id = tests.id('draft') $$, 'PT409 invalid_state'),
    ($$ update public.invoices set payer = '{"name": "x"}' where id = tests.id('draft') $$, 'PT409 invalid_state'),
    ($$ update public.invoices set client_id = tests.id('other') where id = tests.id('draft') $$, 'PT409 invalid_state'),
    ($$ update public.invoices set currency = 'EUR' where id = tests.id('draft') $$, 'PT409 invalid_state'),
    ($$ delete from public.invoices where id = tests.id('draft') $$, 'PT409 invalid_state'),
    ($$ update public.invoice_lines set description = 'x' where invoice_id = tests.id('draft') $$, 'PT409 invalid_state'),
    ($$ delete from public.invoice_lines where invoice_id = tests.id('draft') $$, 'PT409 invalid_state'),
    ($$ insert into public.invoice_lines (organization_id, invoice_id, position, description, unit_price_amount)
      values (tests.id('organization'), tests.id('draft'), 9, 'x', 1) $$, 'PT409 invalid_state'),
    ($$ update public.appointments set payment_status = 'paid' where id = tests.id('first') $$, 'PT409 invalid_state'),
    ($$ update public.appointments set payment_status = 'unpaid', invoice_id = null where id = tests.id('first') $$, 'PT409 invalid_state'),
    ($$ update public.invoices set paid_amount = total_amount, status = 'paid' where id = tests.id('draft') $$, 'ok 1')
) as t (statement, expected);
update public.invoices set paid_amount = total_amount, status = 'paid' where id = tests.id('draft');
select is((select (i.paid_amount, i.status)::text from public.invoices as i where i.id = tests.id('draft')), '(0,issued)', 'nothing is paid by saying so');
select tests.gets('reception', $$ select public.issue_invoice(tests.id('draft')) $$, 'PT409 invalid_state', 'an invoice is NOT issued twice');
select tests.gets('reception', $$ select public.update_invoice(tests.id('draft'), note => 'x') $$, 'PT409 invalid_state', 'NOR changed');
select tests.gets('client', $$ select * from public.invoices $$, 'ok 1', 'its client CAN see it');
select tests.gets('client', $$ select * from public.invoice_lines $$, 'ok 3', 'with its lines');
select tests.gets('client', $$ select public.invoice_document(tests.id('draft')) $$, 'ok 1', 'and as a document');
select tests.gets('other', $$ select public.invoice_document(tests.id('draft')) $$, 'PT404 not_found', 'another client can NOT');
select tests.gets('therapist', $$ select public.invoice_document(tests.id('draft')) $$, 'PT404 not_found', 'a practitioner can NOT');
select tests.gets('therapist', $$ select * from public.invoices $$, 'ok 0', 'practitioners see no invoices');
select tests.gets('south.owner', $$ select * from public.invoices where organization_id = tests.id('organization') $$, 'ok 0', 'nor do strangers');

-- Numbers --------------------------------------------------------------------------------------------------
select tests.remember('next', tests.act('owner', $$ select (public.create_invoice(tests.id('client'), lines => '[{"description": "x", "unit_price_amount": 100}]')).id $$)::uuid);
select tests.gets('owner', $$ select public.issue_invoice(tests.id('next'), tests.today() - 6) $$, 'PT422 invalid_argument', 'a later number has NO earlier date');
-- On the day of the last one: numbers begin anew with each year.
select tests.act('owner', $$ select (public.issue_invoice(tests.id('next'), tests.today() - 5)).id $$);
select is((select i.sequence from public.invoices as i where i.id = tests.id('next')), 2, 'a refusal leaves no gap');
select tests.gets('owner', $$ insert into public.invoice_series (organization_id, code, digit, prefix) values (tests.id('organization'), 'shop', 3, 'E') $$, 'ok 1', 'the owner CAN add a series');
select tests.gets('reception', $$ insert into public.invoice_series (organization_id, code, digit) values (tests.id('organization'), 'shop', 3) $$, '42501', 'the front desk can NOT');
select tests.gets(
  'operator',
  format('insert into public.invoice_series (organization_id, code, kind, digit) values (tests.id(%L), %L, %L, %s)', 'south.organization', code, kind, digit),
  expected, format('before the first invoice, %s of kind %s with digit %s: %s', code, kind, digit, expected)
)
from (
  values
    ('shop', 'invoice', 1, '23514 invoice_series_everybody_has_main_and_credit'), ('shop', 'invoice', 2, '23514 invoice_series_everybody_has_main_and_credit'),
    ('main', 'invoice', 3, '23514 invoice_series_everybody_has_main_and_credit'), ('main', 'credit_note', 1, '23514 invoice_series_everybody_has_main_and_credit'),
    ('credit', 'invoice', 2, '23514 invoice_series_everybody_has_main_and_credit'),
    ('main', 'invoice', 1, 'ok 1'), ('credit', 'credit_note', 2, 'ok 1'), ('shop', 'credit_note', 9, 'ok 1')
) as t (code, kind, digit, expected);
insert into public.invoice_series (organization_id, code, digit, prefix) values (tests.id('organization'), 'shop', 3, 'E');
select tests.remember('shop', tests.act('owner', $$ select (public.create_invoice(tests.id('client'), lines => '[{"description": "x", "unit_price_amount": 100}]', series => 'shop')).id $$)::uuid);
select is(
  tests.act('owner', $$ select (public.issue_invoice(tests.id('shop'))).number $$), 'E' || to_char(tests.today(), 'YY') || '3000001',
  'each series counts for itself'
);

select tests.gets('operator', statement, 'PT409 invalid_state', statement)
from (
  values
    ($$ update private.invoice_counters set last_number = 0 where organization_id = tests.id('organization') $$),
    ($$ delete from private.invoice_counters where organization_id = tests.id('organization') $$),
    ($$ insert into private.invoice_counters (organization_id, series, year) values (tests.id('organization'), 'main', 2000) $$),
    ($$ truncate private.invoice_counters $$)
) as t (statement);

-- Void and credit ------------------------------------------------------------------------------------------
select tests.gets(who, $$ select public.void_invoice(tests.id('draft'), 'wrong') $$, expected, who || ' voids: ' || expected)
from (
  values
    ('owner', 'ok 1'), ('admin', 'ok 1'), ('reception', 'PT403 forbidden'), ('therapist', 'PT403 forbidden'),
    ('client', 'PT403 forbidden'), ('other', 'PT404 not_found'), ('south.owner', 'PT404 not_found')
) as t (who, expected);
select tests.gets('owner', $$ select public.void_invoice(tests.id('draft'), ' ') $$, 'PT422 invalid_argument', 'a void has a reason');
select tests.act('owner', $$ select (public.void_invoice(tests.id('draft'), 'wrong')).id $$);
select results_eq(
  $$ select i.status::text, i.number is not null, a.payment_status::text, a.invoice_id
    from public.invoices as i cross join public.appointments as a where i.id = tests.id('draft') and a.id = tests.id('first') $$,
  $$ values ('void', true, 'unpaid', null::uuid) $$, 'a void invoice keeps its number and lets its sessions go'
);
select tests.gets('owner', $$ select public.void_invoice(tests.id('draft'), 'again') $$, 'PT409 invalid_state', 'NOT twice');
select tests.gets('owner', $$ select public.record_payment(tests.id('draft'), 1) $$, 'PT409 invalid_state', 'nothing is paid on it');
select tests.gets('operator', $$ update public.invoices set voided_at = null, void_reason = null, voided_by = null where id = tests.id('draft') $$, 'PT409 invalid_state', 'it does NOT come back');

select tests.remember('again', tests.act('owner', $$ select (public.create_invoice(tests.id('client'), array[tests.id('first'), tests.id('second')])).id $$)::uuid);
select tests.act('owner', $$ select (public.issue_invoice(tests.id('again'))).id $$);
select tests.gets('reception', $$ select public.create_credit_note(tests.id('again'), 'x') $$, 'PT403 forbidden', 'the front desk can NOT credit');
select tests.gets('owner', $$ select public.create_credit_note(tests.id('again'), 'x', array[gen_random_uuid()]) $$, 'PT409 invalid_state', 'lines that are not there are NOT credited');
select tests.remember('note', tests.act('owner', $$
  select (public.create_credit_note(tests.id('again'), 'one of two',
    array[(select l.id from public.invoice_lines as l where l.invoice_id = tests.id('again') and l.appointment_id = tests.id('first'))])).id
$$)::uuid);
select results_eq(
  $$ select n.status::text, n.total_amount, n.open_amount, i.status::text, i.open_amount, a.payment_status::text, a.invoice_id, b.payment_status::text
    from public.invoices as n cross join public.invoices as i cross join public.appointments as a cross join public.appointments as b
    where n.id = tests.id('note') and i.id = tests.id('again') and a.id = tests.id('first') and b.id = tests.id('second') $$,
  $$ values ('paid', -1000::bigint, 0::bigint, 'issued', 1000::bigint, 'unpaid', null::uuid, 'invoiced') $$,
  'a credit note settles what was owed; its session can be invoiced anew'
);
select tests.gets('owner', $$ select public.void_invoice(tests.id('again'), 'x') $$, 'PT409 invalid_state', 'a corrected invoice is NOT voided');
select tests.act('owner', $$ select public.record_payment(tests.id('again'), 1000) $$);
select tests.remember('rest', tests.act('owner', $$ select (public.create_credit_note(tests.id('again'), 'the other')).id $$)::uuid);
select results_eq(
  $$ select n.status::text, n.open_amount, b.payment_status::text from public.invoices as n cross join public.appointments as b where n.id = tests.id('rest') and b.id = tests.id('second') $$,
  $$ values ('issued', -1000::bigint, 'refunded') $$, 'what was paid is open on the credit note; its session is refunded'
);
select results_eq(
  $$ select i.supplied_on < tests.today(), n.supplied_on from public.invoices as i cross join public.invoices as n where i.id = tests.id('again') and n.id = tests.id('rest') $$,
  $$ values (true, tests.today()) $$, 'it counts on the day of its issue, not in the period that it corrects'
);
select tests.gets('owner', $$ select public.create_credit_note(tests.id('again'), 'x') $$, 'PT409 invalid_state', 'nothing is credited twice');
select tests.gets('owner', $$ select public.record_payment(tests.id('rest'), 500) $$, 'PT422 invalid_argument', 'money does NOT come in for a credit note');
select tests.gets('owner', $$ select public.record_payment(tests.id('rest'), -1001) $$, 'PT422 invalid_argument', 'NOR more than it leave');
select tests.act('owner', $$ select public.record_payment(tests.id('rest'), -1000, method => 'cash') $$);
select is((select i.status::text from public.invoices as i where i.id = tests.id('rest')), 'paid', 'it is paid out');
select is_empty($$ select * from private.violations(tests.id('organization')) $$, 'every invariant holds');
select * from finish();
rollback;
