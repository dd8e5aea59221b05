-- Moving one appointment: the rules of booking anew, except that it does not stand in its own way.
begin;
select * from no_plan();
select tests.practice('north');
select tests.practice('south');
select tests.top_up('client', 100000);
select tests.book('a', 'client', 'talk', 'therapist', tests.at(5, '10:00'));
select tests.book('b', 'other', 'talk', 'therapist', tests.at(5, '14:00'));

create function pg_temp.move(appointment text, starts_at timestamptz, options text default '') returns text
language sql as $$ select format('select public.reschedule_appointment(tests.id(%L), %L%s)', appointment, starts_at, options) $$;

select tests.gets(who, pg_temp.move('north.a', tests.at(5, '12:00')), expected, who || ' moves: ' || expected)
from (
  values
    ('owner', 'ok 1'), ('admin', 'ok 1'), ('reception', 'ok 1'), ('therapist', 'ok 1'), ('client', 'ok 1'),
    ('colleague', 'PT404 not_found'),
    ('other', 'PT404 not_found'), ('south.owner', 'PT404 not_found'), ('south.client', 'PT404 not_found'),
    ('removed', 'PT404 not_found'),
    ('stranger', 'PT404 not_found'), ('nobody', 'PT401 unauthenticated'), ('anon', '42501')
) as t (who, expected);
select tests.gets(who, pg_temp.move('a', starts_at), expected, format('%s moves: %s', who, title))
from (
  values
    ('client', tests.at(5, '10:15'), 'ok 1', 'into the own old time'),
    ('client', tests.at(5, '09:30'), 'ok 1', 'into it from before'),
    ('client', tests.at(5, '10:00'), 'ok 1', 'nowhere'),
    ('client', tests.at(5, '14:00'), 'PT409 slot_taken', 'onto another appointment'),
    ('client', tests.at(5, '13:30'), 'PT409 slot_taken', 'into another appointment'),
    ('client', tests.at(5, '13:00'), 'ok 1', 'right before another'),
    ('client', tests.at(5, '15:00'), 'ok 1', 'right after another'),
    ('client', tests.at(5, '07:00'), 'PT422 outside_working_hours', 'before hours'),
    ('client', tests.at(5, '10:05'), 'PT422 outside_working_hours', 'off the grid'),
    ('client', tests.at(61, '10:00'), 'PT422 not_activated', 'to a day that is not open'),
    ('client', now() + interval '30 minutes', 'PT422 too_late', 'into the minimum notice'),
    ('client', tests.at(-1, '10:00'), 'PT422 too_late', 'into the past'),
    ('reception', tests.at(61, '10:00'), 'ok 1', 'staff to a day that is not open'),
    ('reception', tests.at(-1, '10:00'), 'PT422 too_late', 'staff into the past'),
    ('reception', null, 'PT422 invalid_argument', 'to no time'),
    ('reception', 'infinity', 'PT422 invalid_argument', 'to infinity'),
    ('reception', '0044-03-15 12:00 BC', 'PT422 invalid_argument', 'to the Ides of March'),
    ('reception', tests.at(tests.next('leap day'), '10:00'), 'ok 1', 'to 29 February')
) as t (who, starts_at, expected, title);
select tests.gets('reception', pg_temp.move('a', tests.at(5, '12:00'), options), expected, 'moving: ' || title)
from (
  values
    (', practitioner_id => tests.id(''colleague'')', 'ok 1', 'to a colleague'),
    (', practitioner_id => tests.id(''freelancer'')', 'PT404 not_found', 'to who does not offer the service'),
    (', practitioner_id => tests.id(''south.therapist'')', 'PT404 not_found', 'to a foreign practitioner'),
    (', practitioner_id => gen_random_uuid()', 'PT404 not_found', 'to an unknown practitioner'),
    (', room_id => tests.id(''south.room1'')', 'PT404 not_found', 'to a foreign room'),
    (', room_id => tests.id(''room1'')', 'PT422 invalid_argument', 'to a room of another service'),
    (', idempotency_key => ''''', 'PT422 invalid_argument', 'with an empty key')
) as t (options, expected, title);
select tests.gets(
  'reception', $$ select public.reschedule_appointment(gen_random_uuid(), tests.at(5, '12:00')) $$, 'PT404 not_found',
  'an unknown appointment is not found'
);
select tests.gets(
  'reception', $$ select public.reschedule_appointment(null, tests.at(5, '12:00')) $$, 'PT404 not_found',
  'nor is none'
);

-- The client elsewhere.
select tests.book('elsewhere', 'client', 'call', 'colleague', tests.at(5, '16:00'));
select tests.gets(
  'client', pg_temp.move('a', tests.at(5, '15:30')), 'PT409 client_busy',
  'a client can NOT move into another appointment of their own'
);
select tests.gets('client', pg_temp.move('a', tests.at(5, '16:30')), 'ok 1', 'after it they CAN');

-- Price and payment stay, the old time is free, nothing is doubled ------------------------------------------------------
update public.services set price_amount = 5, duration_minutes = 30, buffer_after_minutes = 60 where id = tests.id('talk');
select tests.act('client', pg_temp.move('a', tests.at(6, '11:00'), ', idempotency_key => ''m'''));
select results_eq(
  $$ select a.starts_at, a.ends_at, upper(a.blocked_during), a.price_amount, a.payment_status::text, a.status::text, a.revision from public.appointments as a where a.id = tests.id('a') $$,
  $$ values (tests.at(6, '11:00'), tests.at(6, '12:00'), tests.at(6, '12:00'), 100000::bigint, 'paid', 'confirmed', 1) $$,
  'a moved appointment keeps length, buffers, price and payment of its booking'
);
select is(
  (select count(*) from public.credit_entries as e where e.appointment_id = tests.id('a')), 1::bigint,
  'no credit moves'
);
select is(
  tests.act(
    'client',
    'select (x).starts_at from (' || pg_temp.move(
      'a', tests.at(6, '11:00'), ', idempotency_key => ''m'''
    ) || ' as x) as y'
  )::timestamptz,
  tests.at(6, '11:00'), 'a repeat answers the same'
);
select is((select a.revision from public.appointments as a where a.id = tests.id('a')), 1, 'and moves nothing');
select tests.gets(
  'client', pg_temp.move('a', tests.at(6, '12:00'), ', idempotency_key => ''m'''), 'PT422 idempotency_mismatch',
  'another time with the key is refused'
);
select tests.gets(
  'other',
  format('select public.book_appointment(tests.id(%L), %L, tests.id(%L))', 'talk', tests.at(5, '10:00'), 'therapist'),
  'ok 1', 'the old time is free at once'
);
update public.services set price_amount = 100000, duration_minutes = 60, buffer_after_minutes = 0 where id = tests.id('talk');

select tests.act('client', pg_temp.move('a', tests.at(6, '14:00')));
select is(
  tests.act(
    'client',
    'select (x).starts_at from (' || pg_temp.move('a', tests.at(6, '11:00'), ', idempotency_key => ''m''') || ' as x) as y'
  )::timestamptz,
  tests.at(6, '11:00'), 'a late repeat answers what was done then'
);
select is(
  (select a.starts_at from public.appointments as a where a.id = tests.id('a')), tests.at(6, '14:00'),
  'and does not undo what came after'
);
select tests.act('client', pg_temp.move('a', tests.at(6, '11:00')));

-- The cancellation window binds clients -----------------------------------------------------------------------------------
select tests.set('cancellation_window_minutes = 43200');
select tests.gets(
  'client', pg_temp.move('a', tests.at(6, '13:00')), 'PT422 too_late',
  'inside the cancellation window a client can NOT move'
);
select tests.gets('reception', pg_temp.move('a', tests.at(6, '13:00')), 'ok 1', 'staff CAN');
select tests.set('cancellation_window_minutes = 1440');

-- Rooms ---------------------------------------------------------------------------------------------------------------------
insert into public.service_rooms (organization_id, service_id, room_id) values (
  tests.id('organization'), tests.id('massage'), tests.id('laser')
);
select tests.book(
  'm', 'client', 'massage', 'therapist', tests.at(7, '10:00'), format(', room_id => tests.id(%L)', 'laser')
);
select tests.book(
  'n', 'other', 'massage', 'colleague', tests.at(7, '10:00'), format(', room_id => tests.id(%L)', 'room1')
);
select tests.gets(
  'reception', pg_temp.move('m', tests.at(7, '10:00'), ', room_id => tests.id(''room1'')'), 'PT409 slot_taken',
  'a room that is taken can NOT be moved into'
);
select tests.gets(
  'reception', pg_temp.move('m', tests.at(7, '12:00'), ', room_id => tests.id(''room1'')'), 'ok 1', 'a free one CAN'
);
select tests.gets(
  'reception', pg_temp.move('m', tests.at(7, '10:15')), 'ok 1', 'the own room does not stand in the way'
);

-- What is not offered any more ------------------------------------------------------------------------------------------------
update public.practitioners set is_active = false where id = tests.id('therapist');
select tests.gets(
  who, pg_temp.move('a', tests.at(6, '13:00')), 'PT404 not_found',
  who || ' can NOT move to a time of a practitioner who is inactive'
)
from unnest(array['client', 'reception']) as who;
select tests.gets(
  'reception', pg_temp.move('a', tests.at(6, '13:00'), ', practitioner_id => tests.id(''colleague'')'), 'ok 1',
  'but to a colleague'
);
update public.practitioners set is_active = true where id = tests.id('therapist');
delete from public.service_practitioners where service_id = tests.id('talk') and practitioner_id = tests.id('therapist');
select tests.gets(
  'client', pg_temp.move('a', tests.at(6, '13:00')), 'PT404 not_found',
  'nor with one who no longer offers the service'
);
insert into public.service_practitioners (organization_id, service_id, practitioner_id) values (
  tests.id('organization'), tests.id('talk'), tests.id('therapist')
);

-- An overlap on purpose ----------------------------------------------------------------------------------------------------------
select tests.gets(
  who, pg_temp.move('a', tests.at(5, '14:00'), ', allow_overlap => true, overlap_reason => ''urgent'''), expected,
  who || ' moves over another: ' || expected
)
from (
  values ('reception', 'ok 1'), ('therapist', 'ok 1'), ('client', 'PT403 forbidden'), ('colleague', 'PT404 not_found')
) as t (who, expected);
select tests.gets(
  'therapist',
  pg_temp.move(
    'a', tests.at(5, '14:00'),
    ', practitioner_id => tests.id(''colleague''), allow_overlap => true, overlap_reason => ''urgent'''
  ),
  'PT403 forbidden', 'a practitioner can NOT allow overlaps in a colleague''s calendar'
);
select tests.gets(
  'reception', pg_temp.move('a', tests.at(5, '14:00'), ', allow_overlap => true'), 'PT422 invalid_argument',
  'an overlap needs a reason'
);
select tests.act(
  'reception', pg_temp.move('a', tests.at(5, '14:00'), ', allow_overlap => true, overlap_reason => ''urgent''')
);
select results_eq(
  $$ select a.overlap_allowed_by, a.overlap_reason from public.appointments as a where a.id = tests.id('a') $$,
  $$ values (tests.id('reception_user'), 'urgent') $$, 'it is on record'
);
select tests.gets(
  'reception', pg_temp.move('b', tests.at(5, '14:15')), 'PT409 slot_taken', 'others do not move into it'
);
select tests.gets('reception', pg_temp.move('a', tests.at(5, '11:00')), 'ok 1', 'it CAN move on to free time');
select tests.gets(
  'reception', pg_temp.move('a', tests.at(5, '14:30')), 'PT409 slot_taken',
  'and not over others without saying so again'
);

select lives_ok('set constraints all immediate', 'all of it holds at commit');
select * from finish();
rollback;
