-- Answering offers: by the secret, by id; twice, too late, by the wrong one.
begin;
select * from no_plan();
select tests.practice('north');
select tests.practice('south');
select tests.set('minimum_notice_minutes = 0, auto_confirm = false');

-- A fresh offer to the client each time: everything about it under the name given.
create temporary table secrets (name text primary key, token text);
grant select on secrets to public;
create function pg_temp.offer(name text, day integer, service text default 'talk', client text default 'client')
returns void
language plpgsql as $$
declare
  v_answer jsonb;
begin
  perform tests.remember(name || ' entry', tests.act(
    'reception', format('select (public.join_waitlist(tests.id(%L), ''{}'', tests.id(%L))).id', service, client)
  )::uuid);
  v_answer := tests.act(
    'reception',
    format(
      'select public.offer_slot(tests.id(%L), tests.id(''therapist''), %L)', name || ' entry', tests.at(day, '10:00')
    )
  )::jsonb;
  perform tests.remember(name || ' offer', (v_answer ->> 'waitlist_offer_id')::uuid);
  perform tests.remember(name, (v_answer ->> 'appointment_id')::uuid);
  insert into secrets values (name, v_answer ->> 'token');
end
$$;
create function pg_temp.state(name text) returns text
language sql as $$
  select concat_ws(' ', o.status, e.status, a.status, a.payment_status, a.held_until is not null)
  from public.waitlist_offers as o
  join public.waitlist_entries as e on e.id = o.waitlist_entry_id
  join public.appointments as a on a.id = o.appointment_id
  where o.id = tests.id(name || ' offer')
$$;

-- Who answers ------------------------------------------------------------------------------------------
select pg_temp.offer('a', 3);
select tests.gets(
  who, format('select public.%s(waitlist_offer_id => tests.id(''north.a offer''))', answer), expected,
  format('%s by id, %s: %s', answer, who, expected)
)
from
  (
    values
      ('client', 'ok 1'), ('owner', 'ok 1'), ('reception', 'ok 1'), ('therapist', 'ok 1'), ('service', '42501'),
      ('colleague', 'PT404 not_found'), ('other', 'PT404 not_found'), ('south.owner', 'PT404 not_found'),
      ('south.client', 'PT404 not_found'), ('removed', 'PT404 not_found'), ('stranger', 'PT404 not_found'),
      ('nobody', 'PT401 unauthenticated'), ('anon', '42501')
  ) as t (who, expected),
  unnest(array['accept_offer', 'decline_offer']) as answer;
select tests.gets(
  who, format('select public.accept_offer((select token from secrets where name = ''a''))'), expected,
  format('%s brings the secret: %s', who, expected)
)
from (
  values
    ('client', 'ok 1'), ('stranger', 'ok 1'), ('service', '42501'), ('nobody', 'PT401 unauthenticated'), ('anon', '42501')
) as t (who, expected);
select tests.gets(who, format('select public.accept_offer(%s)', token), expected, format('%s: %s', token, expected))
from
  unnest(array['client', 'stranger']) as who,
  (
    values
      ('''guess''', 'PT404 not_found'), ('''''', 'PT404 not_found'),
      ('(select left(token, -1) from secrets where name = ''a'')', 'PT404 not_found'),
      ('(select upper(token) from secrets where name = ''a'')', 'PT404 not_found'),
      ('(select encode(extensions.digest(token, ''sha256''), ''hex'') from secrets where name = ''a'')',
        'PT404 not_found'),
      ('repeat(''x'', 100000)', 'PT404 not_found'),
      ('null', 'PT422 invalid_argument')
  ) as t (token, expected);
select tests.gets(
  'client',
  'select public.accept_offer((select token from secrets where name = ''a''), tests.id(''a offer''))',
  'PT422 invalid_argument', 'one name for an offer is enough'
);

-- Accepted ------------------------------------------------------------------------------------------------
select is(
  tests.act('stranger', $$ select (public.accept_offer((select token from secrets where name = 'a'), idempotency_key => 'k')).status $$),
  'confirmed', 'what staff offered is confirmed when it is accepted'
);
select is(pg_temp.state('a'), 'accepted booked confirmed unpaid f', 'it is an ordinary appointment now');
select is(
  tests.act('stranger', $$ select (public.accept_offer((select token from secrets where name = 'a'), idempotency_key => 'k')).id $$)::uuid,
  tests.id('a'), 'a repeat with the key answers the same'
);
select tests.gets(
  who, format('select public.%s((select token from secrets where name = ''a''))', answer), 'PT404 not_found',
  format('%s can NOT use a secret twice: %s', who, answer)
)
from unnest(array['client', 'stranger']) as who, unnest(array['accept_offer', 'decline_offer']) as answer;
select tests.gets(
  'client', format('select public.%s(waitlist_offer_id => tests.id(''a offer''))', answer), 'PT409 invalid_state',
  'nor answer twice: ' || answer
)
from unnest(array['accept_offer', 'decline_offer']) as answer;
select tests.gets(
  'reception', $$ select public.cancel_appointment(tests.id('a')) $$, 'ok 1', 'what was accepted CAN be cancelled'
);
select tests.gets(
  'operator', $$ update public.appointments set held_until = now() + interval '1 hour' where id = tests.id('a') $$,
  'PT409 invalid_state', 'what was accepted is not held again'
);

-- Paid with credits when they cover the price; free of charge at once ------------------------------------------
select tests.top_up('client', 150000);
select pg_temp.offer('b', 4);
select tests.act('client', $$ select public.accept_offer(waitlist_offer_id => tests.id('b offer')) $$);
select is(pg_temp.state('b'), 'accepted booked confirmed paid f', 'credits pay what is accepted');
select is(
  (select a.balance_amount from public.credit_accounts as a where a.client_id = tests.id('client')), 50000::bigint,
  'once'
);
select pg_temp.offer('c', 5);
select tests.act('client', $$ select public.accept_offer(waitlist_offer_id => tests.id('c offer')) $$);
select is(pg_temp.state('c'), 'accepted booked confirmed unpaid f', 'as far as they go');
select pg_temp.offer('d', 6, 'free');
select is(pg_temp.state('d'), 'open offered pending unpaid t', 'a hold is unpaid even where nothing is to pay');
select tests.act('client', $$ select public.accept_offer(waitlist_offer_id => tests.id('d offer')) $$);
select is(pg_temp.state('d'), 'accepted booked confirmed paid f', 'which is settled when it is accepted');

-- For callers who have proved otherwise that they may, such as links in messages.
select pg_temp.offer('l', 12, 'call');
select tests.gets(
  who, $$ select private.answer_offer(tests.id('north.l offer'), true) $$, '42501', who || ' can NOT call what trusts its caller'
)
from unnest(array['client', 'owner', 'service', 'anon']) as who;
select is((private.answer_offer(tests.id('l offer'), true)).status::text, 'confirmed', 'links accept');
select throws_ok($$ select private.answer_offer(tests.id('l offer'), false) $$, 'PT409', 'invalid_state', 'once');
select throws_ok($$ select private.answer_offer(gen_random_uuid(), true) $$, 'PT404', 'not_found', 'what there is');

-- Declined ----------------------------------------------------------------------------------------------------
select pg_temp.offer('e', 7);
select is(
  tests.act('stranger', $$ select (public.decline_offer((select token from secrets where name = 'e'))).cancellation_reason $$),
  'offer declined', 'declining says so'
);
select is(pg_temp.state('e'), 'declined waiting cancelled unpaid t', 'gives the place back and waits on');
select tests.gets(
  'client', $$ select public.accept_offer((select token from secrets where name = 'e')) $$, 'PT404 not_found',
  'what was declined can NOT be accepted'
);
select tests.gets(
  'other',
  format('select public.book_appointment(tests.id(''talk''), %L, tests.id(''therapist''))', tests.at(7, '10:00')),
  'ok 1', 'the place is free at once'
);

-- Left with an offer open ------------------------------------------------------------------------------------------
select pg_temp.offer('f', 8, 'talk', 'other');
select tests.act('other', $$ select public.leave_waitlist(tests.id('f entry')) $$);
select is(pg_temp.state('f'), 'declined withdrawn cancelled unpaid t', 'who leaves declines');

-- Booked elsewhere meanwhile -----------------------------------------------------------------------------------------
select pg_temp.offer('g', 9, 'massage');
set constraints all immediate;
alter table public.waitlist_entries disable trigger user;
update public.waitlist_entries set created_at = now() - interval '1 day' where id = tests.id('g entry');
alter table public.waitlist_entries enable trigger user;
set constraints all deferred;
select tests.book('elsewhere', 'client', 'massage', 'colleague', tests.at(10, '10:00'));
select is(pg_temp.state('g'), 'open offered pending unpaid t', 'who has an offer may look for something better');
select tests.act('client', $$ select public.decline_offer(waitlist_offer_id => tests.id('g offer')) $$);
select is(
  pg_temp.state('g') || (select e.appointment_id = tests.id('elsewhere') from public.waitlist_entries as e where e.id = tests.id('g entry')),
  'declined booked cancelled unpaid ttrue', 'and then waits no longer'
);
select tests.gets(
  'operator', format('update public.waitlist_entries set appointment_id = %L where id = %L', tests.id('g'), tests.id('g entry')),
  'PT409 invalid_state', 'what ended an entry stays what it was'
);

-- Too late: the hold is over, whether or not the scheduler has been ------------------------------------------------
select pg_temp.offer('h', 11, 'call');
set constraints all immediate;
alter table public.appointments disable trigger user;
alter table public.waitlist_offers disable trigger user;
update public.appointments set held_until = now() where id = tests.id('h');
update public.waitlist_offers set expires_at = now() where id = tests.id('h offer');
alter table public.appointments enable trigger user;
alter table public.waitlist_offers enable trigger user;
set constraints all deferred;
select tests.gets(
  'client', $$ select public.accept_offer((select token from secrets where name = 'h')) $$, 'PT404 not_found',
  'a secret that is over looks like none'
);
select tests.gets(
  who, format('select public.%s(waitlist_offer_id => tests.id(''h offer''))', answer), 'PT409 invalid_state',
  format('%s can NOT answer what is over: %s', who, answer)
)
from unnest(array['client', 'reception']) as who, unnest(array['accept_offer', 'decline_offer']) as answer;
select tests.gets(
  'operator',
  $$ update public.appointments set held_until = null, status = 'confirmed' where id = tests.id('h') $$,
  'PT409 invalid_state', 'by hand neither'
);
select private.offer_freed_slots();
select is(pg_temp.state('h'), 'expired waiting cancelled unpaid t', 'the scheduler gives it up, and the person waits on');

-- Entries whose last day is past end --------------------------------------------------------------------------------
select tests.act(
  'other',
  format('select public.join_waitlist(tests.id(''group''), %L)', jsonb_build_object('to_date', tests.today() - 1))
);
select tests.act(
  'other',
  format('select public.join_waitlist(tests.id(''talk''), %L)', jsonb_build_object('to_date', tests.today()))
);
select private.offer_freed_slots();
select results_eq(
  $$ select e.status::text from public.waitlist_entries as e where e.client_id = tests.id('other') and e.service_id in (tests.id('group'), tests.id('talk')) and e.preferences <> '{}' order by e.service_id = tests.id('talk') $$,
  $$ values ('expired'), ('waiting') $$, 'an entry ends after its last day'
);
-- These two never have the same date.
update public.organizations set timezone = 'Pacific/Kiritimati' where id = tests.id('organization');
update public.locations set timezone = 'Pacific/Pago_Pago' where id = tests.id('location');
select tests.act('other', $$ select public.leave_waitlist(e.id) from public.waitlist_entries as e where e.status = 'waiting' $$);
select tests.remember('last day', tests.act(
  'other',
  format(
    'select (public.join_waitlist(tests.id(''talk''), %L)).id',
    jsonb_build_object('to_date', (now() at time zone 'Pacific/Pago_Pago')::date)
  )
)::uuid);
select private.offer_freed_slots();
select is(
  (select e.status::text from public.waitlist_entries as e where e.id = tests.id('last day')), 'waiting',
  'which is a day of the location'
);
update public.locations set timezone = 'Pacific/Kiritimati' where id = tests.id('location');
select private.offer_freed_slots();
select is(
  (select e.status::text from public.waitlist_entries as e where e.id = tests.id('last day')), 'expired',
  'and there it is over, too'
);

select is_empty($$ select * from private.waitlist_violations(tests.id('organization')) $$, 'the list is sound');
select lives_ok('set constraints all immediate', 'all of it holds at commit');
select * from finish();
rollback;
