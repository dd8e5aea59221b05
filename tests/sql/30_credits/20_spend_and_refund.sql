-- Booking spends from lots, cancelling gives back to the lots it came from, once.
begin;
select * from no_plan();
select tests.practice('north');

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
create function pg_temp.kinds(appointment text) returns text
language sql as $$
  select coalesce(string_agg(e.kind || ' ' || e.amount, ', ' order by e.number), '-')
  from public.credit_entries as e where e.appointment_id = tests.id(appointment)
$$;
create function pg_temp.payment(appointment text) returns text
language sql as $$ select a.payment_status::text from public.appointments as a where a.id = tests.id(appointment) $$;

-- Paying with a booking -----------------------------------------------------------------------------------
select tests.book('a0', 'client', 'talk', 'therapist', tests.at(3, '08:00'));
select is(pg_temp.payment('a0') || ': ' || pg_temp.kinds('a0'), 'unpaid: -', 'without credit a booking is unpaid');
select tests.top_up('client', 60000, now() + interval '90 days');
select tests.top_up('client', 99999 - 60000, now() + interval '20 days');
select tests.book('a1', 'client', 'talk', 'therapist', tests.at(3, '09:00'));
select is(pg_temp.payment('a1'), 'unpaid', 'credit that does not cover the whole price is not touched');
select is(pg_temp.lots(), '60000/90 39999/20', 'not at all');
select tests.top_up('client', 50000);
select tests.book('a2', 'client', 'talk', 'therapist', tests.at(3, '10:00'));
select is(
  pg_temp.payment('a2') || ': ' || pg_temp.kinds('a2'), 'paid: spend -100000', 'credit that covers the price pays'
);
select is(pg_temp.lots(), '0/90 0/20 49999', 'from what expires first, over several lots');
select is(
  (select string_agg(b.lot_amounts::text || ' ' || e.lot_amounts::text, ' ') from public.credit_entries as e
    join public.credit_entries as b on b.client_id = e.client_id and b.number = e.number - 1
    where e.appointment_id = tests.id('a2')),
  '{39999,60000,50000} {49999}', 'and says from which'
);
select tests.book('a3', 'client', 'free', 'therapist', tests.at(3, '11:00'));
select is(
  pg_temp.payment('a3') || ': ' || pg_temp.kinds('a3'), 'paid: -', 'what costs nothing is paid without an entry'
);

-- Giving back -----------------------------------------------------------------------------------------------
select tests.act('client', $$ select public.cancel_appointment(tests.id('a2')) $$);
select is(
  pg_temp.payment('a2') || ': ' || pg_temp.kinds('a2'), 'refunded: spend -100000, refund 100000',
  'cancelling in time refunds, once'
);
select is(pg_temp.lots(), '60000/90 39999/20 50000', 'to the lots it came from');
select tests.gets(
  who, $$ select public.cancel_appointment(tests.id('a2')) $$, 'PT409 invalid_state', who || ' can NOT cancel twice'
)
from unnest(array['client', 'reception']) as who;
select tests.gets(
  'service',
  $$ insert into public.credit_entries (organization_id, client_id, kind, amount, currency, appointment_id)
    values (tests.id('organization'), tests.id('client'), 'refund', 100000, 'CZK', tests.id('a2')) $$,
  '23505 credit_entries_one_refund_per_appointment', 'a second refund can NOT be written by hand'
);
select tests.gets(
  'service',
  $$ insert into public.credit_entries (organization_id, client_id, kind, amount, currency, appointment_id)
    values (tests.id('organization'), tests.id('client'), 'spend', -100000, 'CZK', tests.id('a2')) $$,
  '23505 credit_entries_one_spend_per_appointment', 'nor a second spend'
);
select tests.act('client', $$ select public.cancel_appointment(tests.id('a3')) $$);
select is(
  pg_temp.payment('a3') || ': ' || pg_temp.kinds('a3'), 'paid: -',
  'there is nothing to give back for what cost nothing'
);

-- A lot that expired meanwhile gets its share back and keeps its expiry.
select tests.top_up('other', 100000, now());
select is(pg_temp.lots('other'), '100000/0', 'a lot that expires now');
select tests.book('b1', 'other', 'talk', 'colleague', tests.at(3, '08:00'));
select is(pg_temp.payment('b1'), 'unpaid', 'pays nothing');
select tests.top_up('other', 100000, now() + interval '1 day');
select tests.book('b2', 'other', 'talk', 'colleague', tests.at(3, '09:00'));
select is(pg_temp.payment('b2'), 'paid', 'one that expires tomorrow pays');
select tests.act('reception', $$ select public.cancel_appointment(tests.id('b2')) $$);
select is(pg_temp.lots('other'), '0/0 100000/1', 'and gets it back with its expiry: a refund prolongs nothing');

-- Refund of what an overdraft paid ---------------------------------------------------------------------------
select tests.set('credit_overdraft_amount = 200000');
select tests.top_up('walkin', 30000, now() + interval '9 days');
select tests.book('c1', 'walkin', 'talk', 'therapist', tests.at(4, '08:00'));
select is(
  pg_temp.payment('c1') || ' ' || pg_temp.lots('walkin'), 'paid 0/9',
  'with an overdraft a booking is paid from credit and debt'
);
select tests.act('reception', $$ select public.cancel_appointment(tests.id('c1')) $$);
select is(pg_temp.lots('walkin'), '30000/9', 'cancelling returns the credit and clears the debt');
select tests.book('c2', 'walkin', 'talk', 'therapist', tests.at(4, '08:00'));
select tests.top_up('walkin', 200000, now() + interval '50 days');
select is(pg_temp.lots('walkin'), '0/9 130000/50', 'a top-up repays the debt first');
select tests.act('reception', $$ select public.cancel_appointment(tests.id('c2')) $$);
select is(pg_temp.lots('walkin'), '30000/9 130000/50 70000', 'a debt that was repaid comes back as new credit');
select is(
  (select a.balance_amount from public.credit_accounts as a where a.client_id = tests.id('walkin')), 230000::bigint,
  'and the balance is what was paid in'
);
select tests.set('credit_overdraft_amount = 0');

-- pay_appointment -----------------------------------------------------------------------------------------------
select tests.gets(who, $$ select public.pay_appointment(tests.id('a0')) $$, expected, who || ' pays: ' || expected)
from (
  values
    ('owner', 'ok 1'), ('admin', 'ok 1'), ('reception', 'ok 1'), ('therapist', 'ok 1'), ('client', 'ok 1'),
    ('colleague', 'PT404 not_found'), ('other', 'PT404 not_found'), ('removed', 'PT404 not_found'),
    ('stranger', 'PT404 not_found'),
    ('nobody', 'PT401 unauthenticated'), ('anon', '42501')
) as t (who, expected);
select tests.act('client', $$ select public.pay_appointment(tests.id('a0')) $$);
select is(
  pg_temp.payment('a0') || ': ' || pg_temp.kinds('a0'), 'paid: spend -100000',
  'an unpaid appointment CAN be paid later'
);
select tests.gets('client', $$ select public.pay_appointment(tests.id('a0')) $$, 'PT409 invalid_state', 'once');
select tests.gets(
  'client', $$ select public.pay_appointment(tests.id('a1')) $$, 'PT409 insufficient_credits',
  'without enough credit it can NOT'
);
select tests.gets(
  'client', $$ select public.pay_appointment(tests.id('a2')) $$, 'PT409 invalid_state',
  'a cancelled one can NOT be paid'
);
select tests.gets(
  'client', $$ select public.pay_appointment(gen_random_uuid()) $$, 'PT404 not_found', 'nor one that does not exist'
);
select tests.top_up('client', 500000);
select is(
  tests.act('client', $$ select (public.pay_appointment(tests.id('a1'), 'pay-1')).payment_status $$), 'paid',
  'with a key it is paid'
);
select is(
  tests.act('client', $$ select (public.pay_appointment(tests.id('a1'), 'pay-1')).payment_status $$), 'paid',
  'and a repeat answers the same'
);
select is(pg_temp.kinds('a1'), 'spend -100000', 'without a second entry');
select tests.act('reception', $$ select public.mark_no_show(tests.id('a1')) $$);
select is(pg_temp.payment('a1'), 'paid', 'who does not come has paid');

-- Every paid appointment has exactly one spend, every refunded one exactly one refund.
select is_empty(
  $$ select a.id from public.appointments as a
    where a.price_amount > 0
      and (a.payment_status = 'paid') <> (
        (select count(*) from public.credit_entries as e where e.appointment_id = a.id and e.kind = 'spend') = 1
        and not exists (select 1 from public.credit_entries as e where e.appointment_id = a.id and e.kind = 'refund')
      ) and a.organization_id = tests.id('organization') $$,
  'paid means one spend and no refund'
);
select lives_ok('set constraints all immediate', 'all of it holds at commit');

select * from finish();
rollback;
