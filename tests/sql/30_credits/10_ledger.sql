-- The ledger: lots, expiry, overdraft, running balance; and that no hand edit breaks it.
begin;
select * from no_plan();
select tests.practice('north');
select tests.practice('south');

create function pg_temp.entry(
  kind text, amount bigint, expires_at timestamptz default null, reason text default 'test',
  client text default 'client'
) returns uuid
language sql as $$
  insert into public.credit_entries (organization_id, client_id, kind, amount, currency, expires_at, reason)
  select c.organization_id, c.id, kind::public.credit_entry_kind, amount, 'CZK', expires_at, reason
  from public.clients as c where c.id = tests.id(client)
  returning id
$$;
-- Lots as 'remaining/expires in days', by number.
create function pg_temp.lots(client text default 'client') returns text
language sql as $$
  select coalesce(
    string_agg(
      l.remaining_amount::text || coalesce('/' || extract(day from l.expires_at - now()), ''), ' ' order by l.number
    ),
    '-'
  )
  from public.credit_lots as l where l.client_id = tests.id(client)
$$;
create function pg_temp.balance(client text default 'client') returns bigint
language sql as $$
  select a.balance_amount from public.credit_accounts as a where a.client_id = tests.id(client) and a.currency = 'CZK'
$$;
-- What must hold after any statement, over everything that this file did.
create function pg_temp.broken() returns bigint
language sql as $$
  select
    (
      select count(*) from public.credit_accounts as a
      where a.balance_amount <> coalesce(
        (select sum(e.amount) from public.credit_entries as e where e.client_id = a.client_id and e.currency = a.currency),
        0
      )
        or greatest(a.balance_amount, 0) <> coalesce(
          (select sum(l.remaining_amount) from public.credit_lots as l where l.client_id = a.client_id and l.currency = a.currency),
          0
        )
        or a.balance_amount < -a.overdraft_amount
        or a.last_number <> (select count(*) from public.credit_entries as e where e.client_id = a.client_id and e.currency = a.currency)
    )
    + (
      select count(*) from (
        select e.balance_after_amount, sum(e.amount) over (
          partition by e.client_id, e.currency order by e.number
        ) as running
        from public.credit_entries as e
      ) as r where r.balance_after_amount <> r.running
    )
    + (
      select count(*) from public.credit_entries as e
      where greatest(e.balance_after_amount, 0) <> (select coalesce(sum(l), 0) from unnest(e.lot_amounts) as l)
        or cardinality(e.lot_ids) <> cardinality(e.lot_amounts)
    )
$$;

-- Adding and taking ---------------------------------------------------------------------------------------
select pg_temp.entry('top_up', 1000, now() + interval '30 days');
select pg_temp.entry('top_up', 500, now() + interval '10 days');
select pg_temp.entry('top_up', 300);
select is(pg_temp.lots(), '1000/30 500/10 300', 'each credit is a lot of its own');
select is(pg_temp.balance(), 1800::bigint, 'the balance is their sum');
select pg_temp.entry('adjustment', -600);
select is(pg_temp.lots(), '900/30 0/10 300', 'what expires first is spent first');
select pg_temp.entry('adjustment', -1000);
select is(pg_temp.lots(), '0/30 0/10 200', 'credit that never expires is spent last');
select is(pg_temp.broken(), 0::bigint, 'all adds up');
select results_eq(
  $$ select e.number, e.amount, e.balance_after_amount from public.credit_entries as e where e.client_id = tests.id('client') order by e.number $$,
  $$ values (1::bigint, 1000::bigint, 1000::bigint), (2, 500, 1500), (3, 300, 1800), (4, -600, 1200), (5, -1000, 200) $$,
  'entries are numbered and carry the running balance'
);
select tests.gets(
  'operator', $$ select pg_temp.entry('adjustment', -201) $$, 'PT409 insufficient_credits',
  'the balance can NOT go below zero'
);
select tests.gets('operator', $$ select pg_temp.entry('adjustment', -200) $$, 'ok 1', 'down to zero it CAN');

-- Expiry: unspendable before any sweep runs ---------------------------------------------------------------
select tests.practice('east');
select pg_temp.entry('top_up', 100, now() - interval '1 second', client => 'east.client');
select pg_temp.entry('top_up', 50, client => 'east.client');
select is(
  tests.act('east.client', 'select balance_amount || '' '' || available_amount from public.credit_balances'), '50 50',
  'credit that has expired leaves with the next entry'
);
select is(
  (select string_agg(e.kind || ' ' || e.amount, ', ' order by e.number) from public.credit_entries as e where e.client_id = tests.id('east.client')),
  'top_up 100, expiry -100, top_up 50', 'as an entry of its own'
);
select pg_temp.entry('top_up', 70, now(), client => 'east.other');
select is(
  tests.act('east.other', 'select balance_amount || '' '' || available_amount from public.credit_balances'), '70 0',
  'before any entry or sweep, expired credit is in the balance but not available'
);
select tests.gets(
  'operator', $$ select pg_temp.entry('adjustment', -1, client => 'east.other') $$, 'PT409 insufficient_credits',
  'and can NOT be spent'
);
select is(
  private.can_spend_credits(tests.id('east.organization'), tests.id('east.other'), 1, 'CZK'), false,
  'booking does not count on it'
);
select is(private.expire_credits(), 1, 'the sweep writes it off');
select is(private.expire_credits(), 0, 'once');
select is(pg_temp.balance('east.other'), 0::bigint, 'then the balance says so too');
-- Together more than one entry can say. Their time is let pass by the table's owner, without its protection.
create function pg_temp.expire_two_of_the_largest() returns void
language plpgsql as $$
begin
  perform pg_temp.entry('top_up', 1000000000000, now() + interval '1 day', client => 'east.other') from generate_series(1, 2);
  alter table public.credit_entries disable trigger credit_entries_append_only;
  update public.credit_entries as e
  set expires_at = case when e.expires_at is not null then now() end,
    lot_expiries = array_replace(e.lot_expiries, now() + interval '1 day', now())
  where e.client_id = tests.id('east.other');
  alter table public.credit_entries enable trigger credit_entries_append_only;
end
$$;
select pg_temp.expire_two_of_the_largest();
select is(private.expire_credits() + private.expire_credits(), 2, 'the largest amounts that expire together are written off in turn');
select pg_temp.expire_two_of_the_largest();
select pg_temp.entry('top_up', 30, client => 'east.other');
select is(pg_temp.balance('east.other'), 30::bigint, 'as they are by the next entry');
select pg_temp.entry('adjustment', -30, client => 'east.other');
select is(pg_temp.broken(), 0::bigint, 'all adds up');

-- Overdraft -------------------------------------------------------------------------------------------------
select tests.set('credit_overdraft_amount = 500', 'south');
select pg_temp.entry('top_up', 300, client => 'south.client');
select pg_temp.entry('adjustment', -700, client => 'south.client');
select is(pg_temp.balance('south.client'), -400::bigint, 'the balance CAN go below zero as far as the settings allow');
select is(pg_temp.lots('south.client'), '0', 'lots can NOT');
select tests.gets(
  'operator', $$ select pg_temp.entry('adjustment', -101, client => 'south.client') $$, 'PT409 insufficient_credits',
  'not further'
);
select tests.gets(
  'operator', $$ select pg_temp.entry('adjustment', -100, client => 'south.client') $$, 'ok 1', 'to the limit it CAN'
);
select is(
  tests.act('south.client', 'select available_amount from public.credit_balances'), '-400', 'the client sees it'
);
select tests.set('credit_overdraft_amount = 0', 'south');
select pg_temp.entry('top_up', 100, client => 'south.client');
select is(
  pg_temp.balance('south.client'), -300::bigint, 'when the settings take it back, the debt stays and CAN be repaid'
);
select is(pg_temp.lots('south.client'), '0 0', 'what repays is not spendable');
select tests.gets(
  'operator', $$ select pg_temp.entry('adjustment', -1, client => 'south.client') $$, 'PT409 insufficient_credits',
  'and the debt can NOT grow'
);
select pg_temp.entry('top_up', 1000, now() + interval '5 days', client => 'south.client');
select is(pg_temp.balance('south.client'), 700::bigint, 'a larger credit repays first');
select is(pg_temp.lots('south.client'), '0 0 700/5', 'and leaves the rest');
select is(pg_temp.broken(), 0::bigint, 'all adds up');

-- Two currencies are two accounts.
insert into public.credit_entries (organization_id, client_id, kind, amount, currency)
values (tests.id('organization'), tests.id('client'), 'top_up', 90, 'EUR');
select is(
  (select count(*) from public.credit_accounts where client_id = tests.id('client')), 2::bigint,
  'currencies do not mix'
);
select is(pg_temp.balance(), 200::bigint, 'nor their balances');

-- Hand edits ------------------------------------------------------------------------------------------------
-- What commit checks is checked now: a table with pending checks cannot be truncated at all.
set constraints all immediate;
set constraints all deferred;
select tests.gets(who, statement, expected, who || ': ' || statement || ' → ' || expected)
from (
  values
    ('update public.credit_entries set amount = 1', 'PT409 invalid_state', '42501'),
    ('update public.credit_entries set reason = ''x''', 'PT409 invalid_state', '42501'),
    ('delete from public.credit_entries', 'PT409 invalid_state', '42501'),
    ('truncate public.credit_entries cascade', 'PT409 invalid_state', '42501'),
    ('update public.credit_accounts set balance_amount = 1000000', 'PT409 invalid_state', '42501'),
    ('update public.credit_accounts set overdraft_amount = 1000000', 'PT409 invalid_state', '42501'),
    ('delete from public.credit_accounts', 'PT409 invalid_state', '42501'),
    (
      'insert into public.credit_accounts (organization_id, client_id, currency, balance_amount)'
      || ' values (tests.id(''organization''), tests.id(''walkin''), ''CZK'', 5)',
      'PT409 invalid_state', '42501'
    ),
    ('update public.credit_lots set remaining_amount = 1', 'PT409 invalid_state', '42501'),
    ('update public.credit_lots set expires_at = null', 'PT409 invalid_state', '42501'),
    ('delete from public.credit_lots', 'PT409 invalid_state', '42501'),
    ('update public.credit_entries set lot_amounts = ''{5}''', 'PT409 invalid_state', '42501'),
    (
      'insert into public.credit_lots (entry_id, organization_id, client_id, currency, remaining_amount)'
      || ' values (gen_random_uuid(), tests.id(''organization''), tests.id(''walkin''), ''CZK'', 5)',
      'PT409 invalid_state', '42501'
    )
) as t (statement, owner_of_schema, others)
cross join lateral (
  values
    ('operator', owner_of_schema), ('service', others), ('owner', others), ('reception', others), ('client', others),
    ('anon', others)
) as p (who, expected);
select tests.gets(
  who,
  $$ insert into public.credit_entries (organization_id, client_id, kind, amount, currency)
    values (tests.id('organization'), tests.id('client'), 'top_up', 5, 'CZK') $$,
  expected, who || ' inserts an entry by hand: ' || expected
)
from (
  values ('operator', 'ok 1'), ('service', 'ok 1'), ('owner', '42501'), ('reception', '42501'), ('client', '42501'),
  ('anon', '42501')
) as t (who, expected);
select tests.act(
  'service',
  $$ insert into public.credit_entries (
      organization_id, client_id, kind, amount, currency, balance_after_amount, number, created_at, overdraft_amount,
      lot_ids, lot_amounts, lot_expiries
    )
    values (
      tests.id('organization'), tests.id('client'), 'top_up', 5, 'CZK', 999999, 77, '2000-01-01', 999999,
      array[gen_random_uuid()], array[999999], array['2099-01-01'::timestamptz]
    ) returning id $$
);
select is(pg_temp.lots(), '0/30 90 0/10 200 5', 'and its lots');
select results_eq(
  $$ select e.number, e.balance_after_amount, e.created_at from public.credit_entries as e
    where e.client_id = tests.id('client') and e.currency = 'CZK' order by e.number desc limit 1 $$,
  $$ values (6::bigint, 205::bigint, now()) $$,
  'an entry by hand gets its number, balance and time from the database'
);
select tests.act(
  'service',
  $$ insert into public.credit_entries (organization_id, client_id, kind, amount, currency, reason) values
      (tests.id('organization'), tests.id('client'), 'top_up', 10, 'CZK', null),
      (tests.id('organization'), tests.id('client'), 'adjustment', -15, 'CZK', 'typo'),
      (tests.id('organization'), tests.id('client'), 'top_up', 1, 'CZK', null)
    returning id $$
);
select is(pg_temp.balance(), 201::bigint, 'several rows in one statement are several entries');
select is(pg_temp.broken(), 0::bigint, 'all adds up');
select tests.gets('service', statement, expected, 'an entry is refused: ' || title)
from (
  select
    format(
      'insert into public.credit_entries (organization_id, client_id, kind, amount, currency, expires_at, appointment_id, reason)'
      || ' values (tests.id(%L), tests.id(%L), %L, %s, %L, %L, %L, %L)',
      organization, client, kind, amount, currency, expires_at, appointment_id, reason
    ) as statement,
    expected, title
  from (
    values
      (
        'organization', 'client', 'top_up', 0, 'CZK', null::text, null::text, null::text,
        '23514 credit_entries_amount_is_sensible', 'zero'
      ),
      (
        'organization', 'client', 'top_up', -5, 'CZK', null, null, null, '23514 credit_entries_sign_fits_kind',
        'a negative top-up'
      ),
      (
        'organization', 'client', 'expiry', 5, 'CZK', null, null, null, '23514 credit_entries_sign_fits_kind',
        'a positive expiry'
      ),
      (
        'organization', 'client', 'top_up', 5, 'czk', null, null, null, '23514 credit_entries_currency_is_iso_4217',
        'a currency in lower case'
      ),
      (
        'organization', 'client', 'top_up', 5, 'CZK', 'infinity', null, null,
        '23514 credit_entries_only_new_credit_expires', 'an infinite expiry'
      ),
      (
        'organization', 'client', 'adjustment', -5, 'CZK', '2099-01-01', null, 'x',
        '23514 credit_entries_only_new_credit_expires', 'a debit that expires'
      ),
      (
        'organization', 'client', 'adjustment', 5, 'CZK', null, null, null,
        '23514 credit_entries_adjustment_has_a_reason', 'an adjustment without a reason'
      ),
      (
        'organization', 'client', 'spend', -5, 'CZK', null, null, null,
        '23514 credit_entries_spend_names_its_appointment', 'a spend without its appointment'
      ),
      ('organization', 'client', 'refund', 5, 'CZK', null, null, null, 'PT409 invalid_state', 'a refund of nothing'),
      (
        'organization', 'south.client', 'top_up', 5, 'CZK', null, null, null,
        '23503 credit_entries_organization_id_client_id_fkey', 'a foreign client'
      )
  ) as t (organization, client, kind, amount, currency, expires_at, appointment_id, reason, expected, title)
) as s;

-- An appointment's payment and the ledger agree, or the transaction fails.
select tests.book('unpaid', 'other', 'talk', 'therapist', tests.at(3, '10:00'));
select tests.top_up('other', 500000);
select tests.book('spent', 'other', 'talk', 'therapist', tests.at(3, '12:00'));
select tests.gets(
  'service',
  format(
    $$ insert into public.credit_entries (organization_id, client_id, kind, amount, currency, appointment_id)
      values (tests.id('organization'), tests.id(%L), 'spend', %s, 'CZK', tests.id('unpaid')) $$, client, amount
  ),
  expected, title
)
from (
  values
    ('other', -100000, 'PT409 invalid_state', 'a spend by hand for an appointment that stays unpaid is refused'),
    ('other', -50000, 'PT409 invalid_state', 'and one of another amount'),
    ('client', -100, 'PT409 invalid_state', 'and one of another client')
) as t (client, amount, expected, title);
select tests.gets(
  who, $$ update public.appointments set payment_status = 'paid' where id = tests.id('unpaid') $$,
  'PT409 invalid_state',
  who || ' can NOT mark an appointment paid without its entry'
)
from unnest(array['operator', 'service']) as who;
select tests.gets(
  'operator',
  $$ with spent as (
      insert into public.credit_entries (organization_id, client_id, kind, amount, currency, appointment_id)
      values (tests.id('organization'), tests.id('other'), 'spend', -100000, 'CZK', tests.id('unpaid'))
    )
    update public.appointments set payment_status = 'paid' where id = tests.id('unpaid') $$,
  'ok 1', 'both together CAN be done by hand'
);
select tests.gets(
  'service',
  $$ insert into public.credit_entries (organization_id, client_id, kind, amount, currency, appointment_id)
    values (tests.id('organization'), tests.id('other'), 'refund', 100000, 'CZK', tests.id('spent')) $$,
  'PT409 invalid_state', 'a refund by hand for an appointment that stays paid is refused'
);

select is(pg_temp.broken(), 0::bigint, 'all adds up in the end');

-- Inserts that give way to a conflict -----------------------------------------------------------------
create temporary table stored on commit drop as
select a.*, (select e.id from public.credit_entries as e order by e.number limit 1) as taken_id
from public.credit_accounts as a;
create function pg_temp.insert_entry(client text, kind text, amount bigint, appointment text, conflict text) returns text
language sql as $$
  select format(
    'insert into public.credit_entries (id, organization_id, client_id, kind, amount, currency, appointment_id, reason)'
    || ' values (%L, tests.id(''organization''), tests.id(%L), %L, %s, ''CZK'', %s, ''x'')'
    || ' on conflict %s returning id',
    case when appointment is null then (select s.taken_id from pg_temp.stored as s limit 1) else gen_random_uuid() end,
    client, kind, amount, coalesce('tests.id(' || quote_literal(appointment) || ')', 'null'), conflict
  )
$$;
select tests.gets('service', pg_temp.insert_entry(client, kind, amount, appointment, conflict), expected, title)
from (
  values
    ('client', 'top_up', 5, null, 'do nothing', 'ok 0', 'an insert gives way to an entry of the same id'),
    ('client', 'adjustment', -5, null, '(id) do nothing', 'ok 0', 'so does one that takes'),
    ('other', 'spend', -100000, 'spent', 'do nothing', 'ok 0', 'and a second spend'),
    ('client', 'spend', -5, 'spent', 'do nothing', 'ok 0', 'even one from a purse that is not concerned'),
    (
      'client', 'spend', -5, 'spent', '(appointment_id) where kind = ''spend'' do nothing', 'ok 0',
      'also when the conflict is named'
    ),
    ('client', 'top_up', 5, null, '(id) do update set amount = 9', '42501', 'but no entry is changed')
) as t (client, kind, amount, appointment, conflict, expected, title);
select results_eq(
  $$ select a.* from public.credit_accounts as a order by a.client_id, a.currency $$,
  $$ select s.organization_id, s.client_id, s.currency, s.balance_amount, s.last_number, s.overdraft_amount
    from pg_temp.stored as s order by s.client_id, s.currency $$,
  'no account moves without its entry'
);
select tests.act(
  'service',
  format(
    $$ insert into public.credit_entries (id, organization_id, client_id, kind, amount, currency)
      select i.id, tests.id('organization'), tests.id('client'), 'top_up', i.amount, 'CZK'
      from (values (%1$L::uuid, 3), (gen_random_uuid(), 7), (%1$L, 11)) as i (id, amount)
      on conflict do nothing returning id $$,
    (select s.taken_id from pg_temp.stored as s limit 1)
  )
);
select is(
  pg_temp.balance() - (select s.balance_amount from pg_temp.stored as s where s.client_id = tests.id('client') and s.currency = 'CZK'),
  7::bigint, 'of several entries those count that were written'
);
select is(pg_temp.broken(), 0::bigint, 'all adds up after all');

select * from finish();
rollback;
