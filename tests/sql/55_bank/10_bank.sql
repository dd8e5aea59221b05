-- Bank lines: each once, immutable, matched exactly or by a person, and taken back on record.
begin;
select * from no_plan();
select tests.practice('north');
select tests.practice('south');
insert into public.bank_accounts (id, organization_id, name, iban, account_number, currency, is_default)
values
  (tests.remember('account', gen_random_uuid()), tests.id('organization'), 'main', 'CZ6508000000192000145399', '19-2000145399/0800', 'CZK', true),
  (tests.remember('second', gen_random_uuid()), tests.id('organization'), 'other', null, '123456789/2010', 'CZK', false);

create function pg_temp.invoice(name text, amount bigint, client text default 'client')
returns text
language plpgsql as $$
begin
  perform tests.remember(name, tests.act('owner', format(
    'select (public.issue_invoice((public.create_invoice(%L, lines => %L)).id)).id',
    tests.id(client), jsonb_build_array(jsonb_build_object('description', 'x', 'unit_price_amount', amount))
  ))::uuid);
  return (select i.variable_symbol from public.invoices as i where i.id = tests.id(name));
end
$$;
create function pg_temp.line(name text, more jsonb, account text default 'account')
returns void
language plpgsql as $$
begin
  perform tests.act('owner', format(
    'select public.import_bank_transactions(%L, %L, %L)', tests.id(account),
    jsonb_build_array('{"booked_on": "2026-11-02", "currency": "CZK"}' || jsonb_build_object('bank_reference', name) || more), 'test'
  ));
  perform tests.remember(name, (select t.id from public.bank_transactions as t where t.bank_reference = name));
end
$$;
create function pg_temp.is_now(name text, expected text, title text)
returns text
language sql as $$
  select is((select concat_ws(' ', t.status, t.matched_amount) from public.bank_transactions as t where t.id = tests.id(name)), expected, title)
$$;

-- Accounts --------------------------------------------------------------------------------------------
select tests.gets(who, $$ insert into public.bank_accounts (organization_id, name, account_number, currency) values (tests.id('organization'), 'x', '11/0100', 'CZK') $$, expected, who || ' adds an account: ' || expected)
from (values ('owner', 'ok 1'), ('reception', '42501'), ('client', '42501'), ('south.owner', '42501'), ('anon', '42501')) as t (who, expected);
select tests.gets('owner', format($$ insert into public.bank_accounts (organization_id, name, iban, account_number, currency) values (tests.id('organization'), 'x', %L, %L, 'CZK') $$, iban, number), expected, title)
from (
  values
    ('CZ6508000000192000145398', null, '23514 bank_accounts_iban_is_valid', 'NOT with wrong check digits'),
    ('DE89370400440532013000', null, 'ok 1', 'an IBAN of another country'),
    ('cz6508000000192000145399', null, '23514 bank_accounts_iban_is_valid', 'NOT in lower case'),
    (null, null, '23514 bank_accounts_have_a_number', 'NOT without a number'),
    (null, '1; drop table', '23514 bank_accounts_number_is_domestic', 'NOT with something else')
) as t (iban, number, expected, title);
select tests.gets('owner', format('select public.find_bank_account(%s)', arguments), expected, 'find ' || arguments)
from (
  values
    ($$'CZ65 0800 0000 1920 0014 5399'$$, 'ok 1'), ($$'19-2000145399/0800'$$, 'ok 1'), ($$'000019-2000145399'$$, 'ok 1'), ($$'0123456789/2010'$$, 'ok 1'),
    ($$'1/0800'$$, 'PT404 not_found'), ('', 'PT422 invalid_argument'), ($$currency => 'EUR'$$, 'PT404 not_found')
) as t (arguments, expected);
select tests.gets(who, 'select public.find_bank_account()', expected, who || ' finds accounts: ' || expected)
from (values ('reception', 'PT403 forbidden'), ('client', 'PT403 forbidden'), ('stranger', 'PT403 forbidden')) as t (who, expected);

-- Import ------------------------------------------------------------------------------------------------
select tests.gets(who, $$ select public.import_bank_transactions(tests.id('account'), '[]', 'x') $$, expected, who || ' imports: ' || expected)
from (
  values
    ('owner', 'ok 1'), ('admin', 'ok 1'), ('reception', 'PT403 forbidden'), ('therapist', 'PT403 forbidden'), ('client', 'PT404 not_found'),
    ('south.owner', 'PT404 not_found'), ('nobody', 'PT401 unauthenticated'), ('anon', '42501')
) as t (who, expected);
select is(
  tests.act('owner', format('select public.import_bank_transactions(tests.id(''account''), %L, ''x'')', jsonb_build_array(line)))::json -> 'refused' -> 0 ->> 'detail',
  detail, 'refused: ' || detail
)
from (
  values
    ('{"amount": 5, "currency": "CZK"}'::jsonb, 'booked_on is a date between 2000 and 2199.'), ('{"amount": 5, "currency": "CZK", "booked_on": "2026-02-30"}', 'booked_on is a date between 2000 and 2199.'),
    ('{"amount": 5, "currency": "CZK", "booked_on": "1999-12-31"}', 'booked_on is a date between 2000 and 2199.'),
    ('{"amount": 0, "currency": "CZK", "booked_on": "2026-02-20"}', 'amount is a whole number of minor units, not 0.'),
    ('{"amount": 1.5, "currency": "CZK", "booked_on": "2026-02-20"}', 'amount is a whole number of minor units, not 0.'),
    ('{"amount": "1e5", "currency": "CZK", "booked_on": "2026-02-20"}', 'amount is a whole number of minor units, not 0.'),
    ('{"amount": 5, "currency": "EUR", "booked_on": "2026-02-20"}', 'The account is in CZK.'),
    ('{"amount": 5, "currency": "CZK", "booked_on": "2026-02-20", "variable_symbol": "12a"}', 'variable_symbol has at most ten digits.'),
    ('5', 'A transaction is an object.')
) as t (line, detail);
select is(
  (tests.act('owner', $$ select public.import_bank_transactions(tests.id('account'),
    '[{"booked_on": "2026-11-01", "amount": 700, "currency": "CZK", "message": "a"}, {"booked_on": "2026-11-01", "amount": 700, "currency": "CZK", "message": "a", "ordinal": 1}]', 'x') $$)::json ->> 'new_count')::integer,
  2, 'two genuine equal payments both stay'
);
select is(
  (tests.act('owner', $$ select public.import_bank_transactions(tests.id('account'),
    '[{"booked_on": "2026-11-01", "amount": 700, "currency": "CZK", "message": "a"}, {"booked_on": "2026-11-01", "amount": 700, "currency": "CZK", "message": "a", "ordinal": 1}]', 'y') $$)::json ->> 'known_count')::integer,
  2, 'the same statement again adds nothing'
);
select tests.gets('reception', 'select * from public.bank_transactions', 'ok 0', 'the front desk does NOT read statements');
select tests.gets('owner', 'select * from public.bank_transactions', 'ok 2', 'the owner does');
select tests.gets('owner', 'update public.bank_transactions set message = message', '42501', 'nobody writes them but functions');
select tests.gets('operator', statement, 'PT409 invalid_state', statement)
from (values ('update public.bank_transactions set amount = amount + 1'), ('update public.bank_transactions set message = ''x'''), ('delete from public.bank_transactions')) as t (statement);
update public.bank_transactions set status = 'matched', matched_amount = amount;
select is((select string_agg(t.status::text, ' ') from public.bank_transactions as t where t.organization_id = tests.id('organization')), 'unmatched unmatched', 'nothing is matched by saying so');

-- Exact -----------------------------------------------------------------------------------------------------
select pg_temp.line('exact', jsonb_build_object('amount', 1000, 'variable_symbol', '000' || pg_temp.invoice('a', 1000)));
select tests.gets(who, $$ select public.match_bank_transaction(tests.id('exact')) $$, expected, who || ' matches: ' || expected)
from (values ('owner', 'ok 1'), ('reception', 'PT403 forbidden'), ('therapist', 'PT403 forbidden'), ('client', 'PT404 not_found'), ('south.owner', 'PT404 not_found')) as t (who, expected);
select tests.act('owner', $$ select (public.match_bank_transaction(tests.id('exact'))).id $$);
select pg_temp.is_now('exact', 'matched 1000', 'reference as a number, amount, currency and account: matched');
select is((select i.status::text from public.invoices as i where i.id = tests.id('a')), 'paid', 'the invoice is paid');
select tests.gets('owner', $$ select public.match_bank_transaction(tests.id('exact')) $$, 'PT409 invalid_state', 'NOT twice');
select tests.gets('owner', $$ select public.reverse_payment(p.id, 'x') from public.payments as p where p.bank_transaction_id = tests.id('exact') $$, 'PT409 invalid_state', 'what the bank paid is NOT reversed behind its line');

select pg_temp.line('twice', jsonb_build_object('amount', 1000, 'variable_symbol', (select i.variable_symbol from public.invoices as i where i.id = tests.id('a'))));
select pg_temp.line('wrong', jsonb_build_object('amount', 999, 'variable_symbol', pg_temp.invoice('b', 1000)));
select pg_temp.line('elsewhere', jsonb_build_object('amount', 1000, 'variable_symbol', (select i.variable_symbol from public.invoices as i where i.id = tests.id('b'))), 'second');
select pg_temp.line('reference', jsonb_build_object('amount', 300, 'reference', '00' || pg_temp.invoice('c', 300)));
select pg_temp.line('message', jsonb_build_object('amount', 2500, 'message', 'platba fa ' || pg_temp.invoice('d', 2000)));
select pg_temp.line('name', jsonb_build_object('amount', 4321, 'counterparty', 'NOVAKOVA JANA', 'booked_on', tests.today()));
select pg_temp.line('silent', '{"amount": 31}');
select pg_temp.line('outgoing', '{"amount": -500}');
select pg_temp.line('reversal', '{"amount": -500, "is_reversal": true}');
select is(
  tests.act('owner', 'select public.match_bank_transactions()')::jsonb - 'last_id',
  '{"matched_count": 1, "suggested_count": 5, "unmatched_count": 4, "ignored_count": 1}', 'the rest of the lines'
);
select pg_temp.is_now(name, expected, name || ' is ' || expected)
from (
  values
    ('twice', 'suggested 0'), ('wrong', 'suggested 0'), ('elsewhere', 'suggested 0'), ('reference', 'matched 300'), ('message', 'suggested 0'),
    ('name', 'suggested 0'), ('silent', 'unmatched 0'), ('outgoing', 'ignored 0'), ('reversal', 'unmatched 0')
) as t (name, expected);
select is(
  (select t.suggestions -> 0 -> 'reasons' @> reason from public.bank_transactions as t where t.id = tests.id(name)), true, name || ': ' || reason
)
from (
  values
    ('twice', '["variable_symbol", "already_paid"]'::jsonb), ('wrong', '["variable_symbol", "amount_differs"]'), ('elsewhere', '["variable_symbol", "amount", "other_account"]'),
    ('message', '["number_in_message", "amount_differs"]'), ('name', '["name", "amount_differs"]')
) as t (name, reason);
select is((select i.paid_amount from public.invoices as i where i.id = tests.id('b')), 0::bigint, 'a wrong amount is never paid by itself');

-- A person decides --------------------------------------------------------------------------------------------
select tests.gets('owner', format('select public.match_bank_transaction(tests.id(''message''), %s)', arguments), expected, 'match ' || arguments)
from (
  values
    ($$tests.id('d')$$, 'ok 1'), ($$tests.id('d'), 2000$$, 'ok 1'), ($$tests.id('d'), 2001$$, 'PT409 invalid_state'), ($$tests.id('d'), 0$$, 'PT422 invalid_argument'),
    ($$tests.id('d'), -5$$, 'PT422 invalid_argument'), ('null, 5', 'PT422 invalid_argument'), ('gen_random_uuid()', 'PT404 not_found'), ($$tests.id('a')$$, 'PT409 invalid_state')
) as t (arguments, expected);
select tests.act('owner', $$ select (public.match_bank_transaction(tests.id('message'), tests.id('d'))).id $$);
select pg_temp.is_now('message', 'suggested 2000', 'what is left of the line waits');
select tests.act('owner', $$ select (public.match_bank_transaction(tests.id('message'), tests.id('b'), 200)).id $$);
select tests.act('owner', $$ select (public.credit_bank_transaction(tests.id('message'), tests.id('other'))).id $$);
select pg_temp.is_now('message', 'matched 2500', 'one line: two invoices and credits');
select is((select b.balance_amount from public.credit_balances as b where b.client_id = tests.id('other')), 300::bigint, 'the rest became credits');
select tests.act('owner', $$ select (public.match_bank_transaction(tests.id('wrong'), tests.id('b'))).id $$);
select is((select (i.status, i.paid_amount)::text from public.invoices as i where i.id = tests.id('b')), '(paid,1000)', 'several lines pay one invoice');
select pg_temp.is_now('wrong', 'suggested 800', 'no more than is open');
select tests.gets(who, $$ select public.unmatch_bank_transaction(tests.id('message'), 'x') $$, expected, who || ' unmatches: ' || expected)
from (values ('owner', 'ok 1'), ('reception', 'PT403 forbidden'), ('client', 'PT404 not_found'), ('south.owner', 'PT404 not_found')) as t (who, expected);
select tests.act('owner', $$ select (public.unmatch_bank_transaction(tests.id('message'), 'wrong')).id $$);
select pg_temp.is_now('message', 'unmatched 0', 'everything is taken back');
select is((select (i.status, i.paid_amount)::text from public.invoices as i where i.id = tests.id('b')), '(issued,800)', 'from each invoice');
select is((select b.balance_amount from public.credit_balances as b where b.client_id = tests.id('other')), 0::bigint, 'and from the credits');
select tests.gets('owner', $$ select public.unmatch_bank_transaction(tests.id('message'), 'x') $$, 'PT409 invalid_state', 'NOT twice');
select tests.gets('owner', $$ select public.ignore_bank_transaction(tests.id('wrong')) $$, 'PT409 invalid_state', 'a matched line is NOT ignored');
select tests.act('owner', $$ select (public.ignore_bank_transaction(tests.id('message'), 'private')).id $$);
select pg_temp.is_now('message', 'ignored 0', 'set aside');
select tests.gets('owner', $$ select public.match_bank_transaction(tests.id('message'), tests.id('b')) $$, 'PT409 invalid_state', 'an ignored line pays nothing');
select tests.act('owner', $$ select (public.ignore_bank_transaction(tests.id('message'), is_ignored => false)).id $$);
select pg_temp.is_now('message', 'unmatched 0', 'and taken back');
select tests.gets('operator', $$ insert into public.payments (organization_id, invoice_id, bank_transaction_id, amount, currency, method, paid_on)
  values (tests.id('organization'), tests.id('b'), tests.id('silent'), 32, 'CZK', 'bank_transfer', current_date) $$, 'PT409 invalid_state', 'a line pays no more than it has');

-- Taken back ----------------------------------------------------------------------------------------------------
select pg_temp.line('mistaken', jsonb_build_object('amount', 4321, 'variable_symbol', pg_temp.invoice('m', 4321)));
select tests.act('owner', $$ select (public.match_bank_transaction(tests.id('mistaken'))).id $$);
select pg_temp.is_now('mistaken', 'matched 4321', 'an exact line is matched by itself');
select tests.act('owner', $$ select (public.unmatch_bank_transaction(tests.id('mistaken'), 'wrong client')).id $$);
select tests.act('owner', 'select public.match_bank_transactions()');
select pg_temp.is_now('mistaken', 'suggested 0', 'but NOT again, once a person has taken it back');
select tests.act('owner', $$ select (public.match_bank_transaction(tests.id('mistaken'), tests.id('m'))).id $$);
select pg_temp.is_now('mistaken', 'matched 4321', 'unless a person says so');

-- The bank's own API --------------------------------------------------------------------------------------------
select tests.gets('owner', $$ select public.claim_bank_sync(tests.id('account')) $$, 'PT409 invalid_state', 'an account without provider is NOT asked for');
update public.bank_accounts set provider = 'fio' where id = tests.id('account');
select tests.gets(who, $$ select public.claim_bank_sync(tests.id('account')) $$, expected, who || ' asks: ' || expected)
from (values ('owner', 'ok 1'), ('reception', 'PT403 forbidden'), ('south.owner', 'PT404 not_found')) as t (who, expected);
select tests.act('owner', $$ select public.claim_bank_sync(tests.id('account')) $$);
select tests.gets('owner', $$ select public.claim_bank_sync(tests.id('account')) $$, 'PT429 rate_limited', 'NOT again within half a minute');
select tests.act('owner', $$ select public.set_bank_account_token(tests.id('account'), 'token-of-sixteen-letters') $$);
select tests.gets(who, $$ select public.bank_account_token(tests.id('account')) $$, expected, who || ' reads the token: ' || expected)
from (values ('service', 'ok 1'), ('owner', '42501'), ('anon', '42501')) as t (who, expected);
select tests.gets('owner', format($$ select public.set_bank_account_token(tests.id('account'), %L) $$, token), 'PT422 invalid_argument', 'NOT a token')
from (values (''), ('short'), ('with blanks in it, and more'), (null)) as t (token);
select is_empty($$ select * from private.violations(tests.id('organization')) $$, 'every invariant holds');
select * from finish();
rollback;
