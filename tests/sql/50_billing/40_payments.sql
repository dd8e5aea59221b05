-- Payments: parts, surplus, reversal, top-ups; overdue, reminders and reports.
begin;
select * from no_plan();
select tests.practice('north');
select tests.practice('south');

create function pg_temp.invoice(name text, amount bigint, client text default 'client', days_ago integer default 0)
returns void
language plpgsql as $$
begin
  perform tests.remember(name, tests.act('owner', format(
    'select (public.issue_invoice((public.create_invoice(%L, lines => %L, due_on => tests.today() - %s)).id, tests.today() - %s)).id',
    tests.id(client), jsonb_build_array(jsonb_build_object('description', 'x', 'unit_price_amount', amount)), days_ago, days_ago
  ))::uuid);
end
$$;
select pg_temp.invoice('reminded', 300, 'client', 30);
select pg_temp.invoice('old', 500, 'client', 20);
select pg_temp.invoice('bill', 1000);

select tests.gets(who, $$ select public.record_payment(tests.id('bill'), 100) $$, expected, who || ' records: ' || expected)
from (
  values
    ('owner', 'ok 1'), ('reception', 'ok 1'), ('therapist', 'PT403 forbidden'), ('client', 'PT403 forbidden'),
    ('other', 'PT404 not_found'), ('south.owner', 'PT404 not_found'), ('nobody', 'PT401 unauthenticated'), ('anon', '42501')
) as t (who, expected);
select tests.gets('owner', format('select public.record_payment(tests.id(''bill''), %s)', arguments), expected, 'a payment of ' || arguments)
from (
  values
    ('1000', 'ok 1'), ('1', 'ok 1'), ('0', 'PT422 invalid_argument'), ('-1', 'PT422 invalid_argument'), ('null', 'PT422 invalid_argument'),
    ('9223372036854775807', 'PT422 invalid_argument'), ('1000000001001', 'PT422 invalid_argument'), ('5, tests.today() + 2', 'PT422 invalid_argument'), ($$5, 'infinity'$$, 'PT422 invalid_argument'),
    ($$5, method => 'offset'$$, 'PT422 invalid_argument'), ($$5, method => 'gold'$$, 'PT422 invalid_argument'), ($$5, method => null$$, 'PT422 invalid_argument')
) as t (arguments, expected);
select tests.gets('reception', $$ insert into public.payments (organization_id, invoice_id, amount, currency, method, paid_on)
  values (tests.id('organization'), tests.id('bill'), 1, 'CZK', 'cash', tests.today()) $$, '42501', 'nobody writes payments but functions');
select tests.gets('operator', format(
  $$ insert into public.payments (organization_id, invoice_id, amount, currency, method, paid_on) values (tests.id('organization'), tests.id('bill'), %s, %L, 'cash', tests.today()) $$,
  amount, currency), expected, format('by hand %s %s: %s', amount, currency, expected))
from (values (1000, 'CZK', 'ok 1'), (1001, 'CZK', 'PT409 invalid_state'), (-1, 'CZK', 'PT409 invalid_state'), (10, 'EUR', 'PT422 invalid_argument')) as t (amount, currency, expected);

select tests.remember('part', (tests.act('owner', $$ select public.record_payment(tests.id('bill'), 400, idempotency_key => 'part') $$)::json ->> 'id')::uuid);
select tests.act('owner', $$ select public.record_payment(tests.id('bill'), 400, idempotency_key => 'part') $$);
select results_eq($$ select i.status::text, i.paid_amount, i.open_amount from public.invoices as i where i.id = tests.id('bill') $$, $$ values ('issued', 400::bigint, 600::bigint) $$, 'a part leaves the rest open; the same key pays once');
select tests.gets('owner', $$ select public.void_invoice(tests.id('bill'), 'x') $$, 'PT409 invalid_state', 'a partly paid invoice is NOT voided');
select is((tests.act('owner', $$ select public.record_payment(tests.id('bill'), 750) $$)::json ->> 'credited_amount'), '150', 'a surplus becomes credits');
select results_eq(
  $$ select i.status::text, i.open_amount, b.balance_amount from public.invoices as i join public.credit_balances as b on b.client_id = i.client_id where i.id = tests.id('bill') $$,
  $$ values ('paid', 0::bigint, 150::bigint) $$, 'and the invoice is paid'
);
select tests.gets('owner', $$ select public.record_payment(tests.id('bill'), 1) $$, 'PT409 invalid_state', 'a paid invoice takes no more');
select tests.gets(who, $$ select public.reverse_payment(tests.id('part'), 'wrong') $$, expected, who || ' reverses: ' || expected)
from (values ('owner', 'ok 1'), ('reception', 'PT403 forbidden'), ('client', 'PT404 not_found'), ('south.owner', 'PT404 not_found')) as t (who, expected);
select tests.act('owner', $$ select public.reverse_payment(tests.id('part'), 'wrong') $$);
select results_eq($$ select i.status::text, i.open_amount from public.invoices as i where i.id = tests.id('bill') $$, $$ values ('issued', 400::bigint) $$, 'a reversal opens the invoice again');
select tests.gets('owner', $$ select public.reverse_payment(tests.id('part'), 'again') $$, 'PT409 invalid_state', 'NOT twice');
select tests.gets('operator', $$ update public.payments set amount = 1 $$, 'PT409 invalid_state', 'payments never change');
select tests.gets('operator', $$ delete from public.payments $$, 'PT409 invalid_state', 'nor go');
select tests.gets('operator', $$ insert into public.payments (organization_id, invoice_id, amount, currency, method, paid_on, reverses_payment_id)
  values (tests.id('organization'), tests.id('bill'), -1, 'CZK', 'bank_transfer', tests.today(), tests.id('part')) $$, 'PT409 invalid_state', 'a reversal is whole');
select tests.gets('client', $$ select * from public.payments where invoice_id = tests.id('bill') $$, 'ok 3', 'a client CAN see payments of the own invoices');
select tests.gets('other', $$ select * from public.payments $$, 'ok 0', 'another can NOT');

-- Top-ups --------------------------------------------------------------------------------------------------
select tests.remember('topup', tests.act('reception', $$ select (public.issue_invoice((public.create_top_up_invoice(tests.id('other'), 5000)).id)).id $$)::uuid);
select is((select count(*)::integer from public.credit_entries as e where e.client_id = tests.id('other')), 0, 'no credits before the payment');
select tests.remember('topup_payment', (tests.act('owner', $$ select public.record_payment(tests.id('topup'), 5000) $$)::json ->> 'id')::uuid);
select is((select b.balance_amount from public.credit_balances as b where b.client_id = tests.id('other')), 5000::bigint, 'paid: credits, once');
select tests.act('owner', $$ select public.reverse_payment(tests.id('topup_payment'), 'bounced') $$);
select is((select b.balance_amount from public.credit_balances as b where b.client_id = tests.id('other')), 0::bigint, 'reversed: taken back');
select tests.remember('topup_payment', (tests.act('owner', $$ select public.record_payment(tests.id('topup'), 5000) $$)::json ->> 'id')::uuid);
select tests.act('owner', $$ select (public.adjust_credits(tests.id('other'), -1, 'used')).id $$);
select tests.gets('owner', $$ select public.reverse_payment(tests.id('topup_payment'), 'bounced') $$, 'PT409 insufficient_credits', 'what is spent is NOT taken back');
select tests.gets('owner', $$ select public.create_credit_note(tests.id('topup'), 'back') $$, 'PT409 insufficient_credits', 'by a credit note NEITHER');
select tests.act('owner', $$ select (public.adjust_credits(tests.id('other'), 1, 'found')).id $$);
select is(tests.act('owner', $$ select (public.create_credit_note(tests.id('topup'), 'back')).open_amount $$), '-5000', 'a credit note of a top-up is to be paid out');
select is((select b.balance_amount from public.credit_balances as b where b.client_id = tests.id('other')), 0::bigint, 'and its credits are gone');
select tests.remember('free', tests.act('reception', $$ select (public.update_invoice((public.create_top_up_invoice(tests.id('other'), 70)).id,
  lines => '[{"description": "rebate", "unit_price_amount": -70}]')).id $$)::uuid);
select is(tests.act('reception', $$ select (public.issue_invoice(tests.id('free'))).status::text $$), 'paid', 'what costs nothing is paid from the start');
select tests.gets('owner', $$ select public.void_invoice(tests.id('free'), 'x') $$, 'PT409 invalid_state', 'so it is NOT voided');
select tests.gets('owner', format('select public.create_top_up_invoice(tests.id(''client''), %s)', amount), 'PT422 invalid_argument', 'NOT a top-up of ' || amount)
from (values ('0'), ('-5'), ('null'), ('9223372036854775807')) as t (amount);
select tests.gets('operator', $$ insert into public.invoice_credits (credit_entry_id, organization_id, invoice_line_id)
  select e.id, e.organization_id, l.id from public.credit_entries as e cross join public.invoice_lines as l where l.organization_id = e.organization_id limit 1 $$, 'PT409 invalid_state', 'credits of invoices are NOT linked by hand');

-- Overdue, reminders ---------------------------------------------------------------------------------------
select is((select i.status::text from public.invoices as i where i.id = tests.id('old')), 'overdue', 'past its due date');
select is((select i.status::text from public.invoices as i where i.id = tests.id('bill')), 'issued', 'due today is not overdue');
insert into storage.buckets (id, name, public) values ('documents', 'documents', false) on conflict do nothing;
update public.clients set email = 'jana@example.test' where id = tests.id('client');
-- Days are the practice's: half past midnight in Prague is still the day before in Greenwich.
insert into public.invoice_reminders (organization_id, invoice_id, level, created_at)
values (tests.id('organization'), tests.id('reminded'), 1, tests.at(-6, '00:30'));
select is_empty($$ select * from private.due_reminders(tests.id('organization')) as d where d.invoice_id = tests.id('reminded') $$, 'six days after the first level the second, a week later, is not due');
select is(
  (tests.act('reception', 'select public.list_due_reminders()')::json -> 0 ->> 'level')::integer, 1, 'twenty days after the due date, the first level comes first'
);
select is((tests.act('reception', 'select public.send_overdue_reminders()')::json -> 'results' -> 0 ->> 'detail'), 'No stored document.', 'nothing is sent without the document');
insert into storage.objects (bucket_id, name)
select 'documents', private.document_path(i.organization_id, i.id) from public.invoices as i where i.organization_id = tests.id('organization') and i.number is not null;
select is((tests.act('reception', 'select public.send_overdue_reminders()')::json ->> 'sent_count')::integer, 1, 'then it is');
select is((tests.act('reception', 'select public.send_overdue_reminders()')::json ->> 'sent_count')::integer, 0, 'a repeat sends nothing, nor the next level at once');
select is((select count(*)::integer from public.messages as m where m.kind = 'invoice_reminder' and m.subject_id = tests.id('old')), 1, 'one message');
select tests.gets('therapist', 'select public.send_overdue_reminders()', 'PT403 forbidden', 'a practitioner can NOT remind');
select tests.gets('operator', $$ insert into public.invoice_reminders (organization_id, invoice_id, level) values (tests.id('organization'), tests.id('old'), 1) $$, '23505 invoice_reminders_once_per_level', 'never two of one level');
select is((tests.act('reception', $$ select public.send_invoice(tests.id('bill')) $$)::json ->> 'status'), 'sent', 'an invoice is sent');
select is((tests.act('reception', $$ select public.send_invoice(tests.id('bill')) $$)::json ->> 'message_id'), null, 'once');
select is((select count(*)::integer from public.messages as m where m.kind = 'invoice' and m.subject_id = tests.id('bill')), 1, 'one message');
select isnt((tests.act('reception', $$ select public.send_invoice(tests.id('bill'), true) $$)::json ->> 'message_id'), null, 'unless it is asked for again');
select tests.gets('client', $$ select public.send_invoice(tests.id('bill')) $$, 'PT403 forbidden', 'a client can NOT send');

-- Reports -----------------------------------------------------------------------------------------------------
select tests.act('owner', $$ select (public.void_invoice(tests.id('reminded'), 'x')).id $$);
select is((tests.act('owner', 'select public.debtors_report()')::json -> 0 ->> 'days_1_30_amount')::integer, 500, 'what is overdue, by age');
set constraints all immediate;
set constraints all deferred;
alter table public.invoices disable trigger user;
update public.invoices as i set voided_at = tests.at(-1, '00:30') where i.id = tests.id('reminded');
alter table public.invoices enable trigger user;
select is(
  (tests.act('owner', format('select public.debtors_report(as_of => tests.today() - %s)', days))::json -> 0 ->> 'total_amount')::integer, expected,
  'what is void was owed until the day on which it became so: ' || days
)
from (values (2, 800), (1, 500)) as t (days, expected);
select tests.gets(who, call, expected, who || ' ' || call)
from (values ('admin', 'ok 1'), ('reception', 'PT403 forbidden'), ('therapist', 'PT403 forbidden'), ('client', 'PT403 forbidden'), ('anon', '42501')) as t (who, expected)
cross join (
  values ('select public.debtors_report()'), ($$select public.tax_report('2026-01-01', '2026-12-31')$$), ($$select public.revenue_report('2026-01-01', '2026-12-31')$$)
) as c (call);
select tests.gets('owner', format('select public.tax_report(%s)', days), 'PT422 invalid_argument', 'NOT for ' || days)
from (values ($$'2026-02-01', '2026-01-01'$$), ($$null, '2026-01-01'$$), ($$'-infinity', '2026-01-01'$$), ($$'2000-01-01', '2100-01-01'$$)) as t (days);
-- A payment that is taken back after its invoice was credited ------------------------------------------------------
select pg_temp.invoice('undone', 1000);
select tests.remember('bounced', (tests.act('owner', $$ select public.record_payment(tests.id('undone'), 1000) $$)::json ->> 'id')::uuid);
select tests.remember('undoing', tests.act('owner', $$ select (public.create_credit_note(tests.id('undone'), 'not held')).id $$)::uuid);
select tests.remember('paid_out', (tests.act('owner', $$ select public.record_payment(tests.id('undoing'), -300) $$)::json ->> 'id')::uuid);
create function pg_temp.stand() returns text
language sql as $$
  select string_agg(i.status || ' ' || i.open_amount, ', ' order by i.total_amount desc) from public.invoices as i where i.id in (tests.id('undone'), tests.id('undoing'))
$$;
select is(pg_temp.stand(), 'paid 0, issued -700', 'a part of what is to be paid back is paid out');
select tests.act('owner', $$ select public.reverse_payment(tests.id('bounced'), 'bounced') $$);
select is(pg_temp.stand(), 'issued 300, paid 0', 'the payment never was: only what was paid out is owed');
select tests.act('owner', $$ select public.reverse_payment(tests.id('paid_out'), 'bounced') $$);
select is(pg_temp.stand(), 'paid 0, paid 0', 'nor was that: nobody owes anything');

-- What waits in the outbox ------------------------------------------------------------------------------------
create function pg_temp.waiting(name text) returns text
language sql as $$
  select string_agg(concat_ws(' ', m.kind, m.status, m.error), ', ' order by m.kind) from public.messages as m where m.subject_id = tests.id(name)
$$;
select tests.act('reception', $$ select public.send_invoice(tests.id('old')) $$);
select is(pg_temp.waiting('old'), 'invoice pending, invoice_reminder pending', 'sent and reminded of');
select tests.act('owner', $$ select public.record_payment(tests.id('old'), 499) $$);
select is(pg_temp.waiting('old'), 'invoice pending, invoice_reminder pending', 'paid in part');
select tests.act('owner', $$ select public.record_payment(tests.id('old'), 1) $$);
select is(pg_temp.waiting('old'), 'invoice pending, invoice_reminder cancelled superseded', 'paid before the mail goes out: it is NOT reminded of');
select pg_temp.invoice('mistake', 600);
insert into storage.objects (bucket_id, name) values ('documents', private.document_path(tests.id('organization'), tests.id('mistake')));
select tests.act('reception', $$ select public.send_invoice(tests.id('mistake')) $$);
select tests.act('owner', $$ select (public.void_invoice(tests.id('mistake'), 'x')).id $$);
select is(pg_temp.waiting('mistake'), 'invoice cancelled superseded', 'withdrawn before the mail goes out: it is NOT sent');
select is_empty($$ select * from private.violations(tests.id('organization')) $$, 'every invariant holds');
select * from finish();
rollback;
