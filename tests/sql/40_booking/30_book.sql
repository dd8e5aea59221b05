-- book_appointment: for whom, with whom, and every way it is refused.
begin;
select * from no_plan();
select tests.practice('north');
select tests.practice('south');

create function pg_temp.booking(
  starts_at timestamptz, options text default '', service text default 'talk', practitioner text default 'therapist'
) returns text
language sql as $$
  select format(
    'select public.book_appointment(tests.id(%L), %L%s%s)', service, starts_at,
    case when practitioner is not null then format(', practitioner_id => tests.id(%L)', practitioner) else '' end,
    options
  )
$$;
create function pg_temp.for(client text) returns text
language sql as $$ select format(', client_id => tests.id(%L)', client) $$;

-- Who books for whom ----------------------------------------------------------------------------------------------
select tests.gets(who, pg_temp.booking(tests.at(3, '10:00'), case when client is null then '' else pg_temp.for(client) end, 'north.talk', 'north.therapist'), expected,
  format('%s books for %s: %s', who, coalesce(client, 'themselves'), expected))
from (
  values
    ('client', null, 'ok 1'), ('client', 'client', 'ok 1'), ('client', 'other', 'PT404 not_found'),
    ('client', 'south.client', 'PT404 not_found'),
    ('owner', 'client', 'ok 1'), ('admin', 'client', 'ok 1'), ('reception', 'client', 'ok 1'),
    ('reception', 'walkin', 'ok 1'),
    ('therapist', 'client', 'ok 1'), ('colleague', 'client', 'ok 1'), ('reception', null, 'PT422 invalid_argument'),
    ('reception', 'south.client', 'PT404 not_found'), ('south.owner', 'south.client', 'PT404 not_found'),
    ('south.client', null, 'PT404 not_found'),
    ('removed', 'north.client', 'PT404 not_found'), ('stranger', null, 'PT404 not_found'),
    ('nobody', null, 'PT401 unauthenticated'), ('anon', null, '42501')
) as t (who, client, expected);
select tests.gets(
  'client', pg_temp.booking(tests.at(3, '10:00'), service => 'internal'), 'PT404 not_found',
  'a client can NOT book what only staff book'
);
select tests.gets(
  'reception', pg_temp.booking(tests.at(3, '10:00'), pg_temp.for('client'), 'internal'), 'ok 1', 'staff CAN'
);

-- What is booked ----------------------------------------------------------------------------------------------------
select tests.book('m1', 'client', 'massage', 'therapist', tests.at(3, '10:00'), format(', note => %L', 'First time'));
select results_eq(
  $$ select a.status::text, a.payment_status::text, a.price_amount, a.currency, a.mode::text, a.room_id, a.location_id, a.note, a.starts_at, a.ends_at,
      upper(a.blocked_during) - a.ends_at, a.starts_at - lower(a.blocked_during), a.created_by, a.session_id = a.id,
      a.overlap_allowed_by
    from public.appointments as a where a.id = tests.id('m1') $$,
  $$ values ('confirmed', 'unpaid', 100000::bigint, 'CZK', 'in_person', tests.id('room1'), tests.id('location'), 'First time', tests.at(3, '10:00'),
      tests.at(3, '11:00'), interval '15 minutes', interval '0', tests.id('reception_user'), true, null::uuid) $$,
  'the appointment takes duration, buffers, price and room of its service'
);
update public.services set price_amount = 1, duration_minutes = 30, buffer_after_minutes = 0 where id = tests.id('massage');
select is(
  (select a.price_amount || ' ' || (a.ends_at - a.starts_at) from public.appointments as a where a.id = tests.id('m1')),
  '100000 01:00:00', 'later changes of the service do not reach it'
);
update public.services set price_amount = 100000, duration_minutes = 60, buffer_after_minutes = 15 where id = tests.id('massage');

select tests.set('auto_confirm = false');
select is(
  tests.act('client', pg_temp.booking(tests.at(4, '10:00')) || ' as a')::text is not null, true,
  'without auto_confirm'
);
select is(
  (select a.status::text from public.appointments as a where a.starts_at = tests.at(4, '10:00') and a.organization_id = tests.id('organization')),
  'pending', 'a client''s booking is pending'
);
select tests.gets('other', pg_temp.booking(tests.at(4, '10:00')), 'PT409 slot_taken', 'and takes the slot already');
select is(
  tests.act(
    'reception',
    'select (x).status from (' || pg_temp.booking(tests.at(4, '11:00'), pg_temp.for('client')) || ' as x) as y'
  ),
  'confirmed', 'a booking by staff is confirmed'
);
select tests.set('auto_confirm = true');

-- Refusals -----------------------------------------------------------------------------------------------------------
select tests.book('taken', 'other', 'talk', 'therapist', tests.at(3, '14:00'));
select tests.gets('client', pg_temp.booking(starts_at), expected, 'a client books: ' || title)
from (
  values
    (tests.at(3, '14:00'), 'PT409 slot_taken', 'a taken start'),
    (tests.at(3, '13:30'), 'PT409 slot_taken', 'into a taken start'),
    (tests.at(3, '14:45'), 'PT409 slot_taken', 'out of a taken start'),
    (tests.at(3, '13:00'), 'ok 1', 'right before it'),
    (tests.at(3, '15:00'), 'ok 1', 'right after it'),
    (tests.at(3, '07:00'), 'PT422 outside_working_hours', 'before hours'),
    (tests.at(3, '17:30'), 'PT422 outside_working_hours', 'past the end of hours'),
    (tests.at(3, '14:07'), 'PT422 outside_working_hours', 'off the grid'),
    (tests.at(3, '16:00') + interval '1 microsecond', 'PT422 outside_working_hours', 'a microsecond off the grid'),
    (tests.at(-1, '10:00'), 'PT422 too_late', 'yesterday'),
    (now(), 'PT422 too_late', 'now'),
    (now() + interval '59 minutes', 'PT422 too_late', 'within the minimum notice'),
    (tests.at(61, '10:00'), 'PT422 not_activated', 'a day that is not open'),
    (tests.at(91, '10:00'), 'PT422 not_activated', 'beyond the horizon'),
    (null, 'PT422 invalid_argument', 'no start'),
    ('infinity', 'PT422 invalid_argument', 'infinity'),
    ('-infinity', 'PT422 invalid_argument', 'minus infinity'),
    ('0044-03-15 12:00 BC', 'PT422 invalid_argument', 'the Ides of March'),
    ('294276-12-31 23:00', 'PT422 invalid_argument', 'the last day there is'),
    ('2199-12-31 12:00', 'PT422 invalid_argument', 'a day too far')
) as t (starts_at, expected, title);
select tests.gets('reception', pg_temp.booking(starts_at, pg_temp.for('client')), expected, 'staff book: ' || title)
from (
  values
    (tests.at(3, '14:00'), 'PT409 slot_taken', 'a taken start'),
    (tests.at(3, '07:00'), 'PT422 outside_working_hours', 'before hours'),
    (tests.at(-1, '10:00'), 'PT422 too_late', 'yesterday'),
    (tests.at(61, '10:00'), 'ok 1', 'a day that is not open to clients'),
    (tests.at(400, '10:00'), 'ok 1', 'beyond the horizon')
) as t (starts_at, expected, title);
select tests.gets(
  'reception', 'select public.book_appointment(' || arguments || ')', expected, 'book_appointment: ' || title
)
from (
  values
    ($$ gen_random_uuid(), now() $$, 'PT404 not_found', 'an unknown service'),
    ($$ null, now() $$, 'PT404 not_found', 'no service'),
    ($$ tests.id('south.talk'), now() $$, 'PT404 not_found', 'a foreign service'),
    (
      $$ tests.id('talk'), tests.at(3, '10:00'), gen_random_uuid(), tests.id('client') $$, 'PT404 not_found',
      'an unknown practitioner'
    ),
    (
      $$ tests.id('talk'), tests.at(3, '10:00'), tests.id('south.therapist'), tests.id('client') $$,
      'PT404 not_found', 'a foreign practitioner'
    ),
    (
      $$ tests.id('talk'), tests.at(3, '10:00'), tests.id('freelancer'), tests.id('client') $$, 'PT404 not_found',
      'a practitioner who does not offer it'
    ),
    ($$ tests.id('talk'), tests.at(3, '10:00'), null, gen_random_uuid() $$, 'PT404 not_found', 'an unknown client'),
    (
      $$ tests.id('massage'), tests.at(3, '12:00'), null, tests.id('client'), gen_random_uuid() $$, 'PT404 not_found',
      'an unknown room'
    ),
    (
      $$ tests.id('massage'), tests.at(3, '12:00'), null, tests.id('client'), tests.id('south.room1') $$,
      'PT404 not_found', 'a foreign room'
    ),
    (
      $$ tests.id('massage'), tests.at(3, '12:00'), null, tests.id('client'), tests.id('room2') $$,
      'PT422 invalid_argument', 'a room of another service'
    ),
    (
      $$ tests.id('massage'), tests.at(3, '12:00'), null, tests.id('client'), tests.id('room1') $$, 'ok 1',
      'the room of the service'
    ),
    (
      $$ tests.id('talk'), tests.at(3, '12:00'), null, tests.id('client'), note => repeat('x', 2001) $$,
      'PT422 invalid_argument', 'a note too long'
    ),
    (
      $$ tests.id('talk'), tests.at(3, '12:00'), null, tests.id('client'), location_id => gen_random_uuid() $$,
      'PT404 not_found', 'an unknown location'
    ),
    (
      $$ tests.id('talk'), tests.at(3, '12:00'), null, tests.id('client'), location_id => tests.id('south.location') $$,
      'PT404 not_found', 'a foreign location'
    ),
    (
      $$ tests.id('talk'), tests.at(3, '12:00'), null, tests.id('client'), location_id => tests.id('location') $$,
      'ok 1', 'the own location'
    ),
    (
      $$ tests.id('talk'), tests.at(3, '12:00'), null, tests.id('client'), idempotency_key => '' $$,
      'PT422 invalid_argument', 'an empty key'
    )
) as t (arguments, expected, title);

-- The client elsewhere at that time --------------------------------------------------------------------------------------
select tests.gets(
  'reception', pg_temp.booking(tests.at(3, '14:00'), pg_temp.for('other'), practitioner => practitioner),
  'PT409 client_busy', 'the same client can NOT be in two rooms at once, with ' || coalesce(practitioner, 'anybody')
)
from unnest(array['colleague', 'therapist', null]) as practitioner;
select tests.gets(
  'other', pg_temp.booking(tests.at(3, '14:30'), practitioner => 'colleague'), 'PT409 client_busy', 'not for a moment'
);
select tests.gets(
  'other', pg_temp.booking(tests.at(3, '15:00'), practitioner => 'colleague'), 'ok 1', 'right after it they CAN'
);

-- Any practitioner --------------------------------------------------------------------------------------------------------
select is(
  tests.act(
    'client',
    'select (x).practitioner_id from (' || pg_temp.booking(
      tests.at(3, '14:00'), practitioner => null
    ) || ' as x) as y'
  )::uuid,
  tests.id('colleague'),
  'without a practitioner, a free one is found'
);
select tests.gets(
  'reception', pg_temp.booking(tests.at(3, '14:00'), pg_temp.for('walkin'), practitioner => null), 'PT409 slot_taken',
  'when all are busy, the slot is taken'
);
select tests.gets(
  'reception', pg_temp.booking(tests.at(3, '06:00'), pg_temp.for('walkin'), practitioner => null),
  'PT422 outside_working_hours', 'when nobody works, it is outside working hours'
);
select tests.book('busy day', 'walkin', 'talk', 'therapist', tests.at(8, '08:00'));
select is(
  tests.act(
    'client',
    'select (x).practitioner_id from (' || pg_temp.booking(
      tests.at(8, '12:00'), practitioner => null
    ) || ' as x) as y'
  )::uuid,
  tests.id('colleague'),
  'who has least to do that day is chosen'
);

-- Rooms ---------------------------------------------------------------------------------------------------------------------
select tests.book('room1 taken', 'other', 'massage', 'therapist', tests.at(9, '10:00'));
select tests.gets(
  'reception', pg_temp.booking(tests.at(9, '10:00'), pg_temp.for('walkin'), 'massage', 'colleague'),
  'PT409 slot_taken', 'when the room is taken, the slot is'
);
select tests.gets(
  'reception', pg_temp.booking(tests.at(9, '11:00'), pg_temp.for('walkin'), 'massage', 'colleague'),
  'PT409 slot_taken', 'its buffer included'
);
select tests.gets(
  'reception', pg_temp.booking(tests.at(9, '11:15'), pg_temp.for('walkin'), 'massage', 'colleague'), 'ok 1',
  'after the buffer it is free'
);
update public.rooms set is_active = false where id = tests.id('room1');
select tests.gets(
  'reception', pg_temp.booking(tests.at(9, '13:00'), pg_temp.for('walkin'), 'massage'), 'PT422 outside_working_hours',
  'without an active room nothing is booked'
);
update public.rooms set is_active = true where id = tests.id('room1');

-- Archived, removed, inactive ---------------------------------------------------------------------------------------------------
select tests.act('owner', $$ select public.archive_client(tests.id('client')) $$);
select tests.gets(
  'client', pg_temp.booking(tests.at(10, '10:00')), 'PT409 invalid_state', 'an archived client can NOT book'
);
select tests.act('owner', $$ select public.archive_client(tests.id('client'), null) $$);
select isnt(
  (select c.archived_at from public.clients as c where c.id = tests.id('client')), null, 'saying nothing takes nobody back'
);
select tests.act('owner', $$ select public.archive_client(tests.id('client'), false) $$);

-- Idempotency -------------------------------------------------------------------------------------------------------------------
select tests.remember(
  'i1',
  tests.act(
    'client',
    'select (x).id from (' || pg_temp.booking(tests.at(11, '10:00'), ', idempotency_key => ''k''') || ' as x) as y'
  )::uuid
);
select is(
  tests.act(
    'client',
    'select (x).id from (' || pg_temp.booking(tests.at(11, '10:00'), ', idempotency_key => ''k''') || ' as x) as y'
  )::uuid,
  tests.id('i1'), 'a repeat answers the same appointment'
);
select is(
  (select count(*) from public.appointments as a where a.starts_at = tests.at(11, '10:00') and a.organization_id = tests.id('organization')),
  1::bigint, 'and books nothing'
);
select tests.gets(
  'client', pg_temp.booking(tests.at(11, '11:00'), ', idempotency_key => ''k'''), 'PT422 idempotency_mismatch',
  'another start with the same key is refused'
);
select tests.gets(
  'client', pg_temp.booking(tests.at(11, '10:00'), ', idempotency_key => ''k'', note => ''x'''),
  'PT422 idempotency_mismatch', 'another note too'
);
select tests.gets(
  'other', pg_temp.booking(tests.at(11, '11:00'), ', idempotency_key => ''k'''), 'ok 1',
  'another client CAN use the same key'
);
select tests.act('reception', $$ select public.cancel_appointment(tests.id('i1')) $$);
select is(
  tests.act(
    'client',
    'select (x).status from (' || pg_temp.booking(
      tests.at(11, '10:00'), ', idempotency_key => ''k'''
    ) || ' as x) as y'
  ),
  'confirmed',
  'a repeat after a cancellation answers what was booked then, and books nothing anew'
);

-- 29 February, year end, clock changes ------------------------------------------------------------------------------------------
select tests.gets('reception', pg_temp.booking(starts_at, pg_temp.for('walkin')), 'ok 1', 'booked: ' || title)
from (
  values
    (tests.at(tests.next('leap day'), '10:00'), '29 February'),
    (tests.at(tests.next('new year') - 1, '17:00'), 'the last hour of a year'),
    (tests.at(tests.next('new year'), '08:00'), 'the first of a year'),
    (tests.at(tests.next('spring'), '08:00'), 'the morning of the spring change'),
    (tests.at(tests.next('autumn'), '08:00'), 'the morning of the autumn change')
) as t (starts_at, title);
select tests.gets(
  'reception', pg_temp.booking(tests.at(tests.next('spring'), '07:00'), pg_temp.for('walkin')), 'PT422 outside_working_hours',
  'an hour earlier it is before hours'
);

-- An overlap on purpose: staff, with a reason, on record --------------------------------------------------------------------------
select tests.book('base', 'other', 'talk', 'therapist', tests.at(12, '10:00'));
select tests.gets(who, pg_temp.booking(tests.at(12, '10:00'), pg_temp.for('client') || ', allow_overlap => true, overlap_reason => ''emergency''', practitioner => practitioner), expected,
  format('%s overlaps in the calendar of %s: %s', who, coalesce(practitioner, 'anybody'), expected))
from (
  values
    ('owner', 'therapist', 'ok 1'), ('admin', 'therapist', 'ok 1'), ('reception', 'therapist', 'ok 1'),
    ('therapist', 'therapist', 'ok 1'),
    ('colleague', 'therapist', 'PT403 forbidden'), ('client', 'therapist', 'PT403 forbidden'),
    ('reception', null, 'PT422 invalid_argument'),
    ('anon', 'therapist', '42501')
) as t (who, practitioner, expected);
select tests.gets(
  'reception', pg_temp.booking(tests.at(12, '10:00'), pg_temp.for('client') || options), expected,
  'an overlap is refused: ' || title
)
from (
  values
    (', allow_overlap => true', 'PT422 invalid_argument', 'no reason'),
    (', allow_overlap => true, overlap_reason => '' ''', 'PT422 invalid_argument', 'a blank reason'),
    (', allow_overlap => true, overlap_reason => repeat(''x'', 501)', 'PT422 invalid_argument', 'a reason too long'),
    (', overlap_reason => ''emergency''', 'PT409 slot_taken', 'a reason without the flag'),
    (', allow_overlap => null, overlap_reason => ''emergency''', 'PT409 slot_taken', 'a flag that is null'),
    (
      ', allow_overlap => true, overlap_reason => ''x'', location_id => tests.id(''south.location'')',
      'PT404 not_found', 'a foreign location'
    ),
    (
      ', allow_overlap => true, overlap_reason => ''x'', room_id => tests.id(''south.room1'')', 'PT404 not_found',
      'a foreign room'
    )
) as t (options, expected, title);
select tests.book(
  'over', 'client', 'talk', 'therapist', tests.at(12, '10:30'),
  ', allow_overlap => true, overlap_reason => ''emergency'''
);
select results_eq(
  $$ select a.overlap_allowed_by, a.overlap_reason from public.appointments as a where a.id = tests.id('over') $$,
  $$ values (tests.id('reception_user'), 'emergency') $$, 'an overlap names who allowed it and why'
);
select tests.gets(
  'reception', pg_temp.booking(tests.at(12, '11:00'), pg_temp.for('walkin')), 'PT409 slot_taken',
  'nobody books over an overlap by the way'
);
select tests.gets(
  'reception', pg_temp.booking(tests.at(12, '11:00'), pg_temp.for('client'), practitioner => 'colleague'),
  'PT409 client_busy', 'its client is busy elsewhere too'
);
select tests.gets(
  'reception', pg_temp.booking(tests.at(12, '11:00'), pg_temp.for('client'), practitioner => null),
  'PT409 client_busy', 'with anybody'
);
select tests.gets(
  'reception', pg_temp.booking(tests.at(12, '11:30'), pg_temp.for('walkin')), 'ok 1', 'after it the time is free'
);
select is(
  tests.act('client', format('select count(*) from json_array_elements(public.find_slots(tests.id(%L), %L, %L, tests.id(%L))) as s where (s ->> %L)::timestamptz < %L and (s ->> %L)::timestamptz > %L',
    'talk', tests.today() + 12, tests.today() + 12, 'therapist', 'starts_at', tests.at(12, '11:30'), 'ends_at', tests.at(12, '10:00'))),
  '0', 'find_slots offers nothing over it'
);
select tests.gets(
  'service',
  $$ update public.appointments set overlap_allowed_by = null, overlap_reason = null where id = tests.id('over') $$,
  'PT409 invalid_state', 'the record of an overlap can NOT be wiped out'
);
select tests.gets(
  'service',
  $$ update public.appointments set overlap_allowed_by = tests.id('owner_user') where id = tests.id('over') $$,
  'PT409 invalid_state', 'nor put on somebody else'
);
select tests.act('reception', $$ select public.cancel_appointment(tests.id('over')) $$);
select tests.gets(
  'reception', pg_temp.booking(tests.at(12, '11:00'), pg_temp.for('walkin')), 'ok 1', 'cancelled, it takes nothing'
);
select tests.gets(
  'reception',
  pg_temp.booking(
    tests.at(12, '03:00'), pg_temp.for('walkin') || ', allow_overlap => true, overlap_reason => ''night'''
  ),
  'ok 1', 'on purpose, staff CAN book outside hours'
);

-- Nothing of these functions is called directly.
select tests.gets(who, statement, '42501', who || ' can NOT call ' || statement)
from (
  values
    (
      'select private.open_slots(s, array[tests.id(''north.therapist'')], current_date, current_date) from public.services as s'
    ),
    ('select private.insert_appointment(null, null, tests.id(''north.client''), null, ''confirmed'')'),
    ('select private.book_start(null, null, null, null, null, null, true, null, ''confirmed'')'),
    ('select private.cancel_one(gen_random_uuid(), null, true, false)'),
    ('select private.set_status(''x'', gen_random_uuid(), null, ''completed'', ''pending'')'),
    ('select private.authorize_change(gen_random_uuid(), true)')
) as t (statement)
cross join unnest(array['owner', 'client', 'anon']) as who;

select lives_ok('set constraints all immediate', 'all of it holds at commit');
select * from finish();
rollback;
