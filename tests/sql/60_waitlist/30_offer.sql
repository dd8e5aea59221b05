-- Offering a place: who may, what is held meanwhile, and that nobody else touches it.
begin;
select * from no_plan();
select tests.practice('north');
select tests.practice('south');
select tests.set('minimum_notice_minutes = 0, auto_confirm = false');
select tests.remember('entry', tests.act('client', $$ select (public.join_waitlist(tests.id('talk'), '{}')).id $$)::uuid);
select tests.remember('second', tests.act('other', $$ select (public.join_waitlist(tests.id('talk'), '{}')).id $$)::uuid);

create function pg_temp.offer(options text default '') returns text
language sql as $$
  select format(
    'select public.offer_slot(tests.id(''north.entry''), tests.id(''north.therapist''), %L%s)', tests.at(3, '10:00'), options
  )
$$;

select tests.gets(who, pg_temp.offer(), expected, who || ' offers: ' || expected)
from (
  values
    ('owner', 'ok 1'), ('admin', 'ok 1'), ('reception', 'ok 1'), ('therapist', 'ok 1'), ('colleague', 'ok 1'),
    ('client', 'PT403 forbidden'), ('other', 'PT404 not_found'), ('south.owner', 'PT404 not_found'),
    ('removed', 'PT404 not_found'), ('stranger', 'PT404 not_found'), ('nobody', 'PT401 unauthenticated'),
    ('anon', '42501')
) as t (who, expected);
select tests.gets('reception', pg_temp.offer(', ' || expires_in), expected, 'expires_in ' || expires_in || ': ' || expected)
from (
  values
    ('null', 'ok 1'), ('''30''', 'ok 1'), ('''PT2H''', 'ok 1'), ('''2 hours''', 'ok 1'), ('''10080''', 'ok 1'),
    ('''0''', 'PT422 invalid_argument'), ('''10081''', 'PT422 invalid_argument'), ('''-5''', 'PT422 invalid_argument'),
    ('''infinity''', 'PT422 invalid_argument'), ('''soon''', 'PT422 invalid_argument'),
    ('''''', 'PT422 invalid_argument'), ('''999999999999''', 'PT422 invalid_argument'),
    ('''1 month''', 'PT422 invalid_argument'), ('''59 seconds''', 'PT422 invalid_argument')
) as t (expires_in, expected);
select tests.gets(
  'reception',
  format('select public.offer_slot(tests.id(''entry''), %s, %L)', practitioner, starts_at), expected,
  format('%s at %s: %s', practitioner, starts_at, expected)
)
from (
  values
    ('tests.id(''freelancer'')', tests.at(3, '10:00'), 'PT404 not_found'),
    ('tests.id(''south.therapist'')', tests.at(3, '10:00'), 'PT404 not_found'),
    ('null', tests.at(3, '10:00'), 'PT404 not_found'),
    ('tests.id(''therapist'')', tests.at(3, '10:05'), 'PT422 outside_working_hours'),
    ('tests.id(''therapist'')', tests.at(3, '20:00'), 'PT422 outside_working_hours'),
    ('tests.id(''therapist'')', tests.at(-3, '10:00'), 'PT422 too_late'),
    ('tests.id(''therapist'')', null, 'PT422 invalid_argument'),
    ('tests.id(''therapist'')', 'infinity', 'PT422 invalid_argument')
) as t (practitioner, starts_at, expected);

select tests.book('taken', 'walkin', 'talk', 'therapist', tests.at(3, '12:00'));
select tests.gets(
  'reception',
  format('select public.offer_slot(tests.id(''entry''), tests.id(''therapist''), %L)', tests.at(3, '11:30')),
  'PT409 slot_taken', 'what is taken can NOT be offered'
);
select tests.book('elsewhere', 'client', 'massage', 'colleague', tests.at(3, '14:00'));
select tests.gets(
  'reception',
  format('select public.offer_slot(tests.id(''entry''), tests.id(''therapist''), %L)', tests.at(3, '14:30')),
  'PT409 client_busy', 'nor is a busy client offered anything'
);

-- The hold --------------------------------------------------------------------------------------------
create temporary table answers as
select tests.act('reception', pg_temp.offer(', ''60'', ''o1'''))::jsonb as answer;
grant select on answers to public;
select tests.remember('offer', (select (answer ->> 'waitlist_offer_id')::uuid from answers));
select tests.remember('held', (select (answer ->> 'appointment_id')::uuid from answers));
select results_eq(
  $$ select a.status::text, a.payment_status::text, a.held_until, a.price_amount from public.appointments as a where a.id = tests.id('held') $$,
  $$ values ('pending', 'unpaid', now() + interval '60 minutes', 100000::bigint) $$,
  'an offer holds its place by a pending, unpaid appointment'
);
select results_eq(
  $$ select o.status::text, o.expires_at, e.status::text from public.waitlist_offers as o join public.waitlist_entries as e on e.id = o.waitlist_entry_id where o.id = tests.id('offer') $$,
  $$ values ('open', now() + interval '60 minutes', 'offered') $$, 'and is open until the hold ends'
);
select is(
  (select length(answer ->> 'token') from answers) >= 43
    and (select o.token_hash = extensions.digest(a.answer ->> 'token', 'sha256') from public.waitlist_offers as o, answers as a where o.id = tests.id('offer')),
  true, 'the token is answered, its hash is kept'
);
select is(
  (
    select count(*)
    from answers as s, private.idempotency_keys as k
    where k.response::text like '%' || (s.answer ->> 'token') || '%'
  ),
  0::bigint, 'and the token is kept nowhere else'
);
select is(
  tests.act('reception', pg_temp.offer(', ''60'', ''o1'''))::jsonb,
  (select answer || '{"token": null}' from answers), 'a repeat with the key answers the same without the token'
);
select tests.gets(
  'reception', pg_temp.offer(', ''90'', ''o1'''), 'PT422 idempotency_mismatch', 'another duration is another request'
);
select tests.gets('reception', pg_temp.offer(), 'PT409 invalid_state', 'who has an offer does not get a second one');
select tests.gets(
  'other',
  format('select public.book_appointment(tests.id(''talk''), %L, tests.id(''therapist''))', tests.at(3, '10:00')),
  'PT409 slot_taken', 'nobody else books what is held'
);
select is(
  tests.act(
    'other',
    format(
      'select count(*) from json_array_elements(public.find_slots(tests.id(''talk''), %L, %L, tests.id(''therapist''))) as s where (s ->> ''starts_at'')::timestamptz = %L',
      tests.today() + 3, tests.today() + 3, tests.at(3, '10:00')
    )
  ),
  '0', 'find_slots does not list it'
);
select tests.gets(
  'reception',
  format('select public.offer_slot(tests.id(''second''), tests.id(''therapist''), %L)', tests.at(3, '10:00')),
  'PT409 slot_taken', 'nor is it offered twice'
);

-- Nobody makes anything else of it -----------------------------------------------------------------------
select tests.top_up('client', 10000000);
select tests.gets(
  who, format('select public.%s(tests.id(''held'')%s)', operation, arguments), 'PT409 invalid_state',
  format('%s can NOT %s what is held', who, operation)
)
from (
  values
    ('owner', 'confirm_appointment', ''), ('therapist', 'confirm_appointment', ''),
    ('reception', 'complete_appointment', ''), ('reception', 'start_appointment', ''), ('reception', 'mark_no_show', ''),
    ('client', 'pay_appointment', ''), ('reception', 'pay_appointment', ''),
    ('client', 'reschedule_appointment', format(', %L', tests.at(4, '10:00'))),
    ('reception', 'reschedule_appointment', format(', %L', tests.at(4, '10:00')))
) as t (who, operation, arguments);
select tests.gets('operator', statement, expected, 'by hand: ' || statement)
from (
  values
    ($$ update public.appointments set status = 'confirmed' where id = tests.id('held') $$, 'PT409 invalid_state'),
    ($$ update public.appointments set held_until = null where id = tests.id('held') $$, 'PT409 invalid_state'),
    ($$ update public.appointments set held_until = null, status = 'confirmed' where id = tests.id('held') $$,
      'PT409 invalid_state'),
    ($$ update public.appointments set held_until = held_until + interval '1 hour' where id = tests.id('held') $$,
      'PT409 invalid_state'),
    ($$ update public.appointments set payment_status = 'paid' where id = tests.id('held') $$, 'PT409 invalid_state'),
    ($$ update public.appointments set held_until = now() + interval '1 hour' where id = tests.id('taken') $$,
      'PT409 invalid_state'),
    ($$ update public.appointments set note = 'call first' where id = tests.id('held') $$, 'ok 1'),
    ($$ update public.waitlist_offers set status = 'accepted', answered_at = now() $$, 'PT409 invalid_state'),
    ($$ update public.waitlist_offers set status = 'declined', answered_at = now() $$, 'PT409 invalid_state'),
    ($$ update public.waitlist_offers set expires_at = expires_at + interval '1 hour' $$, 'PT409 invalid_state'),
    ($$ update public.waitlist_offers set token_hash = null $$, 'PT409 invalid_state'),
    ($$ delete from public.waitlist_offers $$, 'PT409 invalid_state'),
    ($$ with booked as (update public.waitlist_entries set status = 'booked', appointment_id = tests.id('held') where id = tests.id('entry')) update public.waitlist_offers set status = 'accepted', answered_at = now() $$,
      'PT409 invalid_state'),
    ($$ insert into public.waitlist_offers (organization_id, waitlist_entry_id, client_id, practitioner_id, appointment_id, starts_at, ends_at, status, expires_at, answered_at) select organization_id, tests.id('second'), client_id, practitioner_id, id, starts_at, ends_at, 'accepted', now(), now() from public.appointments where id = tests.id('taken') $$,
      'PT409 invalid_state'),
    ($$ update public.waitlist_entries set status = 'waiting' where id = tests.id('entry') $$, 'PT409 invalid_state'),
    ($$ update public.waitlist_entries set status = 'withdrawn' where id = tests.id('entry') $$, 'PT409 invalid_state'),
    ($$ insert into public.appointments (organization_id, location_id, client_id, practitioner_id, service_id, during, status, held_until) values (tests.id('organization'), tests.id('location'), tests.id('other'), tests.id('colleague'), tests.id('talk'), tstzrange(tests.at(9, '10:00'), tests.at(9, '11:00')), 'pending', now() + interval '1 hour') $$,
      'PT409 invalid_state'),
    ($$ insert into public.appointments (organization_id, location_id, client_id, practitioner_id, service_id, during, status, held_until) values (tests.id('organization'), tests.id('location'), tests.id('other'), tests.id('colleague'), tests.id('talk'), tstzrange(tests.at(9, '10:00'), tests.at(9, '11:00')), 'confirmed', now() + interval '1 hour') $$,
      '23514 appointments_held_are_pending_and_unpaid'),
    ($$ insert into public.appointments (organization_id, location_id, client_id, practitioner_id, service_id, during, status, held_until) values (tests.id('organization'), tests.id('location'), tests.id('other'), tests.id('colleague'), tests.id('talk'), tstzrange(tests.at(9, '10:00'), tests.at(9, '11:00')), 'pending', tests.at(9, '10:01')) $$,
      '23514 appointments_hold_ends_before_the_session')
) as t (statement, expected);

-- Reading offers ------------------------------------------------------------------------------------------
select tests.gets(
  who, $$ select o.id, o.status from public.waitlist_offers as o where o.id = tests.id('north.offer') $$, expected,
  who || ' reads the offer: ' || expected
)
from (
  values
    ('owner', 'ok 1'), ('reception', 'ok 1'), ('therapist', 'ok 1'), ('colleague', 'ok 0'), ('client', 'ok 1'),
    ('other', 'ok 0'), ('south.owner', 'ok 0'), ('stranger', 'ok 0'), ('removed', 'ok 0'), ('service', 'ok 1'),
    ('anon', '42501')
) as t (who, expected);
select tests.gets(
  who, $$ select o.token_hash from public.waitlist_offers as o $$, '42501', who || ' can NOT read the hash'
)
from unnest(array['owner', 'client', 'service']) as who;
select tests.gets(
  who, $$ update public.waitlist_offers set status = 'accepted' $$, '42501', who || ' can NOT write offers'
)
from unnest(array['owner', 'client', 'service']) as who;

-- Cancelling withdraws it --------------------------------------------------------------------------------------
select tests.act('reception', $$ select public.cancel_appointment(tests.id('held'), 'a mistake') $$);
select results_eq(
  $$ select o.status::text, o.answered_at, e.status::text, a.status::text, a.held_until is not null
     from public.waitlist_offers as o join public.waitlist_entries as e on e.id = o.waitlist_entry_id
     join public.appointments as a on a.id = o.appointment_id where o.id = tests.id('offer') $$,
  $$ values ('withdrawn', now(), 'waiting', 'cancelled', true) $$, 'cancelling a hold withdraws the offer'
);
select tests.gets('reception', pg_temp.offer(), 'ok 1', 'and the person CAN be offered something again');
select tests.gets(
  'operator', $$ update public.waitlist_offers set status = 'open', answered_at = null $$, 'PT409 invalid_state',
  'what is withdrawn stays so'
);

-- An offer ends at the latest when the session begins ------------------------------------------------------------
update public.working_hours set start_time = '00:00', end_time = '24:00';
select is(
  tests.act(
    'reception',
    format(
      'select (o ->> ''expires_at'')::timestamptz = (o ->> ''starts_at'')::timestamptz from public.offer_slot(tests.id(''entry''), tests.id(''therapist''), %L, ''1440'') as o',
      date_bin('15 minutes', now(), '2000-01-01Z') + interval '2 hours'
    )
  ),
  'true', 'an offer ends with the start of its session'
);
select is_empty($$ select * from private.waitlist_violations(tests.id('organization')) $$, 'the list is sound');
select lives_ok('set constraints all immediate', 'all of it holds at commit');
select * from finish();
rollback;
