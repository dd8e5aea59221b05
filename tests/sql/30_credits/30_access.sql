-- Credits: who reads, adjust_credits, the balance and the statement.
begin;
select * from no_plan();
select tests.practice('north');
select tests.practice('south');
select tests.top_up('client', 1000);
select tests.top_up('other', 50);
select tests.act('reception', $$ select public.adjust_credits(tests.id('client'), -100, 'typo') $$);

select tests.gets(
  who, 'select * from public.' || relation, expected, format('%s reads %s: %s', who, relation, expected)
)
from (
  values
    ('credit_entries', 'ok 3', 'ok 2', 'ok 1'), ('credit_accounts', 'ok 2', 'ok 1', 'ok 1'),
    ('credit_lots', 'ok 2', 'ok 1', 'ok 1'), ('credit_balances', 'ok 2', 'ok 1', 'ok 1')
) as t (relation, desk, client, other)
cross join lateral (
  values
    ('owner', desk), ('admin', desk), ('reception', desk), ('therapist', 'ok 0'), ('client', client), ('other', other),
    ('removed', 'ok 0'), ('stranger', 'ok 0'), ('nobody', 'ok 0'), ('south.owner', 'ok 0'), ('anon', '42501')
) as p (who, expected);

-- adjust_credits ------------------------------------------------------------------------------------------------
select tests.gets(
  who, $$ select public.adjust_credits(tests.id('north.client'), 500, 'gift') $$, expected,
  who || ' adds credit: ' || expected
)
from (
  values
    ('owner', 'ok 1'), ('admin', 'ok 1'), ('reception', 'ok 1'), ('therapist', 'PT403 forbidden'),
    ('client', 'PT403 forbidden'),
    ('other', 'PT404 not_found'), ('south.owner', 'PT404 not_found'), ('removed', 'PT404 not_found'),
    ('stranger', 'PT404 not_found'),
    ('nobody', 'PT401 unauthenticated'), ('anon', '42501'), ('service', '42501')
) as t (who, expected);
select tests.gets(
  'reception', format('select public.adjust_credits(%s)', arguments), expected, 'adjust_credits: ' || title
)
from (
  values
    ($$ gen_random_uuid(), 5, 'x' $$, 'PT404 not_found', 'an unknown client'),
    ($$ tests.id('south.client'), 5, 'x' $$, 'PT404 not_found', 'a foreign client'),
    ($$ null, 5, 'x' $$, 'PT404 not_found', 'no client'),
    ($$ tests.id('client'), 0, 'x' $$, 'PT422 invalid_argument', 'zero'),
    ($$ tests.id('client'), null, 'x' $$, 'PT422 invalid_argument', 'no amount'),
    ($$ tests.id('client'), 1000000000001, 'x' $$, 'PT422 invalid_argument', 'too much'),
    ($$ tests.id('client'), -9223372036854775808, 'x' $$, 'PT422 invalid_argument', 'the smallest number there is'),
    ($$ tests.id('client'), 1000000000000, 'x' $$, 'ok 1', 'the most'),
    ($$ tests.id('client'), 5, '' $$, 'PT422 invalid_argument', 'an empty reason'),
    ($$ tests.id('client'), 5, null $$, 'PT422 invalid_argument', 'no reason'),
    ($$ tests.id('client'), 5, repeat('x', 501) $$, 'PT422 invalid_argument', 'a reason too long'),
    ($$ tests.id('client'), 5, 'x', now() $$, 'PT422 invalid_argument', 'expired at once'),
    ($$ tests.id('client'), 5, 'x', 'infinity' $$, 'PT422 invalid_argument', 'an infinite expiry'),
    ($$ tests.id('client'), -5, 'x', now() + interval '1 day' $$, 'PT422 invalid_argument', 'a debit that expires'),
    ($$ tests.id('client'), 5, 'x', now() + interval '1 day' $$, 'ok 1', 'a credit that expires'),
    ($$ tests.id('client'), 5, 'x', currency => 'eur' $$, 'PT422 invalid_argument', 'a currency in lower case'),
    ($$ tests.id('client'), 5, 'x', currency => 'EUR' $$, 'ok 1', 'another currency'),
    ($$ tests.id('client'), -5, 'x', currency => 'EUR' $$, 'PT409 insufficient_credits', 'nothing of that currency'),
    ($$ tests.id('client'), -901, 'x' $$, 'PT409 insufficient_credits', 'more than there is'),
    ($$ tests.id('client'), -900, 'x' $$, 'ok 1', 'all there is')
) as t (arguments, expected, title);
select is(
  tests.act('admin', $$ select concat_ws(' ', e.kind, e.amount, e.currency, e.balance_after_amount, e.reason, e.created_by = tests.id('admin_user'))
    from public.adjust_credits(tests.id('client'), 50, ' bonus ') as e $$),
  'top_up 50 CZK 950 bonus t', 'the entry says what, why and who'
);
select is(
  tests.act('admin', $$ select (public.adjust_credits(tests.id('client'), -50, 'no bonus')).kind $$), 'adjustment',
  'taking is an adjustment'
);

-- credit_statement ------------------------------------------------------------------------------------------------
select is(
  tests.act(
    'client',
    $$ select string_agg(s.number || ':' || s.amount || '=' || s.balance_after_amount, ' ') from public.credit_statement(tests.id('client')) as s $$
  ),
  '4:-50=900 3:50=950 2:-100=900 1:1000=1000', 'the statement is newest first, with the running balance'
);
select tests.gets(
  who, $$ select * from public.credit_statement(tests.id('north.client')) $$, expected,
  who || ' reads the statement: ' || expected
)
from (
  values
    ('client', 'ok 4'), ('reception', 'ok 4'), ('owner', 'ok 4'), ('therapist', 'ok 0'), ('other', 'ok 0'),
    ('south.owner', 'ok 0'),
    ('removed', 'ok 0'), ('stranger', 'ok 0'), ('anon', '42501')
) as t (who, expected);
select is(
  tests.act(
    'client',
    $$ select string_agg(s.number::text, ' ') from public.credit_statement(tests.id('client'), 'CZK', 3, 1) as s $$
  ),
  '2',
  'pages continue before a number'
);
select tests.gets(
  'client', $$ select * from public.credit_statement(tests.id('client'), 'EUR') $$, 'ok 0',
  'a currency without entries has none'
);
select tests.gets(
  'client', format('select * from public.credit_statement(tests.id(%L), page_size => %s)', 'client', size),
  'PT422 invalid_argument', 'a page of ' || size || ' is refused'
)
from unnest(array['0', '-1', '1001', 'null']) as size;

-- Sweeps belong to the scheduler.
select tests.gets(who, 'select private.expire_credits()', expected, who || ' runs the sweep: ' || expected)
from (values ('service', 'ok 1'), ('owner', '42501'), ('client', '42501'), ('anon', '42501')) as t (who, expected);
select tests.gets(who, statement, '42501', who || ' can NOT call ' || statement)
from (
  values
    ($$ select private.spend_credits(tests.id('organization'), tests.id('client'), gen_random_uuid(), 5, 'CZK') $$),
    ($$ select private.refund_credits(gen_random_uuid()) $$),
    ($$ select private.can_spend_credits(tests.id('organization'), tests.id('client'), 5, 'CZK') $$)
) as t (statement)
cross join unnest(array['owner', 'client', 'anon']) as who;

select * from finish();
rollback;
