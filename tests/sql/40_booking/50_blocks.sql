-- A series: all or nothing, or skipping conflicts; the same local time across the clock change.
begin;
select * from no_plan();
select tests.practice('north');
select tests.practice('south');

create function pg_temp.block(
  starts_at timestamptz, occurrences text default '3', options text default '', practitioner text default 'therapist',
  client text default 'client', service text default 'talk'
)
returns text
language sql as $$
  select format(
    'select * from public.book_block(tests.id(%L), tests.id(%L), tests.id(%L), %L, %s%s)', service, practitioner,
    client, starts_at, occurrences, options
  )
$$;

-- Booking -----------------------------------------------------------------------------------------------------
select tests.gets('reception', pg_temp.block(tests.at(3, '10:00')), 'ok 3', 'a block of three is three appointments');
select tests.act('reception', pg_temp.block(tests.at(3, '10:00')));
select tests.remember('block', b.id) from public.appointment_blocks as b where b.organization_id = tests.id('organization');
select results_eq(
  $$ select a.starts_at, a.status::text, a.block_id = tests.id('block'), a.session_id = a.id from public.appointments as a where a.organization_id = tests.id('organization') order by a.starts_at $$,
  $$ values (tests.at(3, '10:00'), 'confirmed', true, true), (tests.at(10, '10:00'), 'confirmed', true, true), (tests.at(17, '10:00'), 'confirmed', true, true) $$,
  'every week at the same local time'
);
select results_eq(
  $$ select b.occurrences, b.interval_weeks, b.starts_at, b.client_id from public.appointment_blocks as b where b.id = tests.id('block') $$,
  $$ values (3, 1, tests.at(3, '10:00'), tests.id('client')) $$, 'the block remembers how it was booked'
);
select tests.gets('reception', pg_temp.block(tests.at(3, '12:00'), '4', ', 2'), 'ok 4', 'every second week');
select tests.gets('client', pg_temp.block(tests.at(3, '12:00')), 'ok 3', 'a client CAN book a block');
select tests.gets(
  'client', pg_temp.block(tests.at(3, '12:00'), client => 'other'), 'PT404 not_found', 'for themselves only'
);
select tests.gets('client', pg_temp.block(tests.at(3, '12:00'), '10'), 'PT422 not_activated', 'and only on open days');
select tests.gets('reception', pg_temp.block(tests.at(3, '12:00'), '10'), 'ok 10', 'staff CAN beyond them');

-- Who ----------------------------------------------------------------------------------------------------------
select tests.gets(
  who,
  pg_temp.block(
    tests.at(3, '14:00'), practitioner => 'north.therapist', client => 'north.client', service => 'north.talk'
  ),
  expected, who || ' books a block: ' || expected
)
from (
  values
    ('owner', 'ok 3'), ('admin', 'ok 3'), ('reception', 'ok 3'), ('therapist', 'ok 3'), ('client', 'ok 3'),
    ('other', 'PT404 not_found'),
    ('south.owner', 'PT404 not_found'), ('removed', 'PT404 not_found'), ('stranger', 'PT404 not_found'),
    ('nobody', 'PT401 unauthenticated'), ('anon', '42501')
) as t (who, expected);

-- Refusals --------------------------------------------------------------------------------------------------------
select tests.gets(
  'reception', pg_temp.block(starts_at, occurrences, options), expected, 'a block is refused: ' || title
)
from (
  values
    (tests.at(3, '14:00'), '0', '', 'PT422 invalid_argument', 'no occurrence'),
    (tests.at(3, '14:00'), '-1', '', 'PT422 invalid_argument', 'minus one occurrence'),
    (tests.at(3, '14:00'), '105', '', 'PT422 invalid_argument', '105 occurrences'),
    (tests.at(3, '14:00'), 'null', '', 'PT422 invalid_argument', 'null occurrences'),
    (tests.at(3, '14:00'), '2147483647', '', 'PT422 invalid_argument', 'very many occurrences'),
    (tests.at(3, '14:00'), '3', ', 0', 'PT422 invalid_argument', 'every 0 weeks'),
    (tests.at(3, '14:00'), '3', ', 53', 'PT422 invalid_argument', 'every 53 weeks'),
    (tests.at(3, '14:00'), '3', ', 2147483647', 'PT422 invalid_argument', 'very rarely'),
    (tests.at(3, '14:00'), '3', ', null', 'PT422 invalid_argument', 'every null weeks'),
    ('2199-01-01 10:00+00', '104', ', 52', 'PT422 invalid_argument', 'beyond the calendar'),
    ('infinity', '3', '', 'PT422 invalid_argument', 'infinity'),
    (null, '3', '', 'PT422 invalid_argument', 'no start'),
    (tests.at(3, '14:00'), '3', ', note => repeat(''x'', 2001)', 'PT422 invalid_argument', 'a note too long'),
    (tests.at(3, '14:00'), '3', ', room_id => tests.id(''south.room1'')', 'PT404 not_found', 'a foreign room'),
    (tests.at(3, '14:00'), '3', ', idempotency_key => ''''', 'PT422 invalid_argument', 'an empty key')
) as t (starts_at, occurrences, options, expected, title);
select tests.gets(
  'reception', pg_temp.block(tests.at(3, '14:00'), practitioner => practitioner, client => client), 'PT404 not_found',
  format('%s with %s is not found', client, practitioner)
)
from (
  values ('freelancer', 'client'), ('south.therapist', 'client'), ('therapist', 'south.client')
) as t (practitioner, client);
select tests.gets(
  'reception',
  format('select public.book_block(tests.id(%L), null, tests.id(%L), %L, 2)', 'talk', 'client', tests.at(3, '14:00')),
  'PT422 invalid_argument', 'a block names its practitioner'
);

-- Conflicts ---------------------------------------------------------------------------------------------------------
select tests.book('taken', 'other', 'talk', 'therapist', tests.at(10, '15:00'));
select tests.gets(
  'reception', pg_temp.block(tests.at(3, '15:00')), 'PT409 slot_taken', 'one conflict refuses the whole block'
);
select is(
  (select count(*) from public.appointments as a where a.starts_at = tests.at(3, '15:00') and a.organization_id = tests.id('organization')),
  0::bigint, 'and nothing of it is booked'
);
select tests.book('elsewhere', 'client', 'talk', 'colleague', tests.at(17, '15:00'));
select is(
  tests.error_detail('reception', pg_temp.block(tests.at(3, '15:00'), '4'))::jsonb,
  jsonb_build_array(
    jsonb_build_object('occurrence', 2, 'starts_at', tests.at(10, '15:00'), 'code', 'slot_taken'),
    jsonb_build_object('occurrence', 3, 'starts_at', tests.at(17, '15:00'), 'code', 'client_busy')
  ),
  'all conflicts are listed, each with its reason'
);
select tests.gets(
  'reception', pg_temp.block(tests.at(3, '15:00'), '4', ', skip_conflicts => true'), 'ok 2',
  'skip_conflicts books the others'
);
select tests.gets(
  'reception', pg_temp.block(tests.at(10, '15:00'), '1', ', skip_conflicts => true'), 'PT409 slot_taken',
  'when all conflict, there is nothing to book'
);
select is(
  (select count(*) from public.appointment_blocks as b where b.starts_at = tests.at(10, '15:00') and b.organization_id = tests.id('organization')),
  0::bigint, 'nor a block'
);
select tests.gets(
  'reception', pg_temp.block(tests.at(3, '15:00'), '4', ', skip_conflicts => null'), 'PT409 slot_taken',
  'null skips nothing'
);
insert into public.time_off (organization_id, during) values (
  tests.id('organization'), tstzrange(tests.at(10, '00:00'), tests.at(11, '00:00'))
);
select is(
  (tests.error_detail('reception', pg_temp.block(tests.at(3, '12:00')))::jsonb -> 0) - 'starts_at',
  '{"occurrence": 2, "code": "outside_working_hours"}'::jsonb,
  'a closed day is a conflict too'
);
delete from public.time_off;
-- An overlap on purpose elsewhere makes the client busy like any other appointment.
select tests.book(
  'over', 'walkin', 'talk', 'colleague', tests.at(10, '15:30'),
  ', allow_overlap => true, overlap_reason => ''family'''
);
select is(
  (
    tests.error_detail('reception', pg_temp.block(tests.at(3, '16:00'), client => 'walkin'))::jsonb -> 0
  ) - 'starts_at',
  '{"occurrence": 2, "code": "client_busy"}'::jsonb,
  'an overlap on purpose is listed as a conflict'
);
select tests.gets(
  'reception', pg_temp.block(tests.at(3, '16:00'), '3', ', skip_conflicts => true', client => 'walkin'), 'ok 2',
  'and skipped like any other'
);

-- The same local time across the clock changes ----------------------------------------------------------------
select tests.act('reception', pg_temp.block(tests.at(tests.next('spring') - 7, '10:00'), '3'));
select tests.act('reception', pg_temp.block(tests.at(tests.next('autumn') - 7, '10:00'), '3'));
select set_eq(
  format(
    $$ select a.starts_at from public.appointments as a
      where a.organization_id = tests.id('organization') and a.starts_at between %1$L::date - 10 and %1$L::date + 10 $$,
    tests.next(special)
  ),
  format(
    $$ values (tests.at(%1$L::date - 7, '10:00')), (tests.at(%1$L::date, '10:00')), (tests.at(%1$L::date + 7, '10:00')) $$,
    tests.next(special)
  ),
  'in ' || special
)
from unnest(array['spring', 'autumn']) as special;
select is(
  tests.at(tests.next(special), '10:00') - tests.at(tests.next(special) - 7, '10:00'), expected,
  'where a week has its own length in ' || special
)
from (values ('spring', interval '167 hours'), ('autumn', '169 hours')) as t (special, expected);
select tests.gets('reception', pg_temp.block(tests.at(tests.next('new year') - 8, '12:00'), '3'), 'ok 3', 'over the year''s end');
select tests.gets('reception', pg_temp.block(tests.at(tests.next('leap day'), '12:00'), '2', ', 52'), 'ok 2', 'from 29 February');

-- Credits: as many occurrences as the credit covers are paid ---------------------------------------------------------------
select tests.top_up('other', 250000);
select is(
  tests.act(
    'reception',
    'select string_agg(b.payment_status::text, '' '' order by b.starts_at) from (' || pg_temp.block(
      tests.at(3, '17:00'), client => 'other'
    ) || ') as b'
  ),
  'paid paid unpaid', 'the earliest occurrences are paid while the credit lasts'
);

-- Idempotency -------------------------------------------------------------------------------------------------------------------
create function pg_temp.ids(statement text) returns text
language sql as $$ select tests.act('reception', 'select string_agg(b.id::text, '' '' order by b.starts_at) from (' || statement || ') as b') $$;
select is(pg_temp.ids(s), pg_temp.ids(s), 'a repeat answers the same appointments')
from (select pg_temp.block(tests.at(4, '09:00'), '2', ', idempotency_key => ''b1''') as s) as once;
select tests.gets(
  'reception', pg_temp.block(tests.at(4, '09:00'), '3', ', idempotency_key => ''b1'''), 'PT422 idempotency_mismatch',
  'another number with the same key is refused'
);

-- Cancelling: this, this and following, all future --------------------------------------------------------------------------------
select tests.act('reception', pg_temp.block(tests.at(5, '08:00'), '5', client => 'other'));
select tests.remember('s' || row_number() over (order by a.starts_at), a.id)
from public.appointments as a
where a.client_id = tests.id('other') and (a.starts_at at time zone 'Europe/Prague')::time = '08:00';
create function pg_temp.states() returns text
language sql as $$
  select string_agg(
    left(a.status::text, 4), ' ' order by i.key
  ) from tests.ids as i join public.appointments as a on a.id = i.id where i.key ~ '^north.s\d$'
$$;
select tests.gets(
  'other', format('select * from public.cancel_block(tests.id(%L), %L)', 's3', scope), expected,
  format('scope %L: %s', scope, expected)
)
from (
  values
    ('this', 'ok 1'), ('this_and_following', 'ok 3'), ('all_future', 'ok 5'),
    ('everything', 'PT422 invalid_argument'), ('', 'PT422 invalid_argument'),
    (null, 'PT422 invalid_argument')
) as t (scope, expected);
select tests.gets(
  who, $$ select * from public.cancel_block(tests.id('north.s3'), 'this_and_following') $$, expected,
  who || ' cancels a part of a block: ' || expected
)
from (
  values
    ('owner', 'ok 3'), ('reception', 'ok 3'), ('therapist', 'ok 3'), ('other', 'ok 3'),
    ('colleague', 'PT404 not_found'), ('client', 'PT404 not_found'),
    ('south.owner', 'PT404 not_found'), ('removed', 'PT404 not_found'), ('nobody', 'PT401 unauthenticated'),
    ('anon', '42501')
) as t (who, expected);
select tests.gets(
  'reception', $$ select * from public.cancel_block(tests.id('taken'), 'all_future') $$, 'PT409 invalid_state',
  'an appointment outside a block has no series'
);
select tests.gets(
  'reception', $$ select * from public.cancel_block(tests.id('taken'), 'this') $$, 'ok 1',
  'but CAN be cancelled itself'
);
select tests.gets(
  'reception', $$ select * from public.cancel_block(gen_random_uuid(), 'this') $$, 'PT404 not_found',
  'an unknown appointment is not found'
);
select tests.gets(
  'reception', $$ select * from public.cancel_block(tests.id('s3'), 'this', repeat('x', 501)) $$,
  'PT422 invalid_argument', 'a reason has an end'
);
select tests.act('other', $$ select * from public.cancel_block(tests.id('s2'), 'this', idempotency_key => 'cb') $$);
select is(
  tests.act('other', $$ select id from public.cancel_block(tests.id('s2'), 'this', idempotency_key => 'cb') $$)::uuid,
  tests.id('s2'), 'a repeat of a cancellation answers the same'
);
select tests.gets(
  'other', $$ select * from public.cancel_block(tests.id('s3'), 'this', idempotency_key => 'cb') $$,
  'PT422 idempotency_mismatch', 'its key is for that cancellation'
);
select is(pg_temp.states(), 'conf canc conf conf conf', 'this is only this');
select tests.gets(
  'other', $$ select * from public.cancel_block(tests.id('s2'), 'this') $$, 'PT409 invalid_state', 'once'
);
select tests.act('other', $$ select * from public.cancel_block(tests.id('s4'), 'this_and_following') $$);
select is(pg_temp.states(), 'conf canc conf canc canc', 'this and following');
select tests.gets(
  'other', $$ select * from public.cancel_block(tests.id('s4'), 'this_and_following') $$, 'ok 0',
  'with nothing left it changes nothing'
);
-- The past never changes.
update public.appointments
set during = tstzrange(
  tests.at(-2, '08:00'), tests.at(-2, '09:00')
), blocked_during = tstzrange(tests.at(-2, '08:00'), tests.at(-2, '09:00'))
where id = tests.id('s1');
select tests.act('reception', $$ select * from public.cancel_block(tests.id('s3'), 'all_future') $$);
select is(pg_temp.states(), 'conf canc canc canc canc', 'all future leaves the past as it was');

-- Moving: the same scopes --------------------------------------------------------------------------------------------------------------
select tests.act('reception', pg_temp.block(tests.at(6, '08:00'), '4', client => 'walkin'));
select tests.remember('m' || row_number() over (order by a.starts_at), a.id)
from public.appointments as a
where a.client_id = tests.id('walkin') and (a.starts_at at time zone 'Europe/Prague')::time = '08:00';
create function pg_temp.starts() returns text
language sql as $$
  select string_agg(
    to_char(a.starts_at at time zone 'Europe/Prague', 'HH24:MI') || '+' || (
      (a.starts_at at time zone 'Europe/Prague')::date - tests.today()
    ),
    ' ' order by i.key
  )
  from tests.ids as i join public.appointments as a on a.id = i.id where i.key ~ '^north.m\d$'
$$;
create function pg_temp.move(appointment text, scope text, starts_at timestamptz, options text default '') returns text
language sql as $$ select format('select * from public.reschedule_block(tests.id(%L), %L, %L%s)', appointment, scope, starts_at, options) $$;
select is(pg_temp.starts(), '08:00+6 08:00+13 08:00+20 08:00+27', 'four Saturdays, so to speak');
select tests.act('reception', pg_temp.move('m2', 'this_and_following', tests.at(13, '09:30')));
select is(pg_temp.starts(), '08:00+6 09:30+13 09:30+20 09:30+27', 'this and following move by the same local time');
select tests.act('reception', pg_temp.move('m2', 'this', tests.at(14, '09:30')));
select is(pg_temp.starts(), '08:00+6 09:30+14 09:30+20 09:30+27', 'this alone');
select tests.act('reception', pg_temp.move('m1', 'all_future', tests.at(13, '08:00')));
select is(
  pg_temp.starts(), '08:00+13 09:30+21 09:30+27 09:30+34', 'all by a week: nobody stands in the way of a sibling'
);
select tests.act('reception', pg_temp.move('m1', 'all_future', tests.at(6, '08:00')));
select is(pg_temp.starts(), '08:00+6 09:30+14 09:30+20 09:30+27', 'and back');
select tests.gets(
  'reception', pg_temp.move('m1', 'all_future', tests.at(6, '08:15')), 'ok 4',
  'by a quarter of an hour: nobody stands in the own way'
);
select tests.book('in the way', 'other', 'talk', 'therapist', tests.at(20, '12:00'));
select tests.gets(
  'reception', pg_temp.move('m2', 'all_future', tests.at(14, '12:00')), 'PT409 slot_taken',
  'one conflict refuses the whole move'
);
select is(pg_temp.starts(), '08:00+6 09:30+14 09:30+20 09:30+27', 'and nothing moved');
select is(
  (select jsonb_agg(c -> 'appointment_id') from jsonb_array_elements(tests.error_detail('reception', pg_temp.move('m2', 'all_future', tests.at(14, '12:00')))::jsonb) as c),
  jsonb_build_array(tests.id('m3')), 'the conflict names its occurrence'
);
select tests.book('behind them', 'other', 'talk', 'therapist', tests.at(34, '09:30'));
select is(
  (select jsonb_agg(c -> 'appointment_id') from jsonb_array_elements(tests.error_detail('reception', pg_temp.move('m1', 'all_future', tests.at(13, '08:00')))::jsonb) as c),
  jsonb_build_array(tests.id('m4')), 'a sibling whose place would be free is none'
);
select tests.gets(
  'reception',
  pg_temp.move('m2', 'all_future', tests.at(14, '12:00'), format(', practitioner_id => tests.id(%L)', 'colleague')),
  'ok 4', 'with a colleague it CAN'
);
select tests.gets(
  who, pg_temp.move('north.m2', 'this', tests.at(14, '13:00')), expected,
  who || ' moves a part of a block: ' || expected
)
from (
  values
    ('owner', 'ok 1'), ('therapist', 'ok 1'), ('colleague', 'PT404 not_found'), ('client', 'PT404 not_found'),
    ('south.owner', 'PT404 not_found'),
    ('removed', 'PT404 not_found'), ('anon', '42501')
) as t (who, expected);
select tests.gets('reception', statement, expected, 'moving a block is refused: ' || title)
from (
  values
    (pg_temp.move('m2', 'everything', tests.at(14, '13:00')), 'PT422 invalid_argument', 'an unknown scope'),
    (pg_temp.move('m2', 'this', null), 'PT422 invalid_argument', 'no start'),
    (pg_temp.move('m2', 'this', 'infinity'), 'PT422 invalid_argument', 'infinity'),
    (pg_temp.move('m2', 'all_future', '2200-01-01 10:00+00'), 'PT422 invalid_argument', 'beyond the calendar'),
    (pg_temp.move('taken', 'all_future', tests.at(14, '13:00')), 'PT409 invalid_state', 'no block'),
    (
      pg_temp.move('m2', 'this', tests.at(14, '13:00'), ', practitioner_id => tests.id(''south.therapist'')'),
      'PT404 not_found', 'a foreign practitioner'
    ),
    (
      pg_temp.move('m2', 'this', tests.at(14, '13:00'), ', room_id => tests.id(''room1'')'), 'PT422 invalid_argument',
      'a room of another service'
    )
) as t (statement, expected, title);
select is(
  pg_temp.ids(pg_temp.move('m2', 'this', tests.at(14, '15:00'), ', idempotency_key => ''mv''')),
  pg_temp.ids(pg_temp.move('m2', 'this', tests.at(14, '15:00'), ', idempotency_key => ''mv''')),
  'a repeat of a move answers the same'
);

select tests.act('reception', pg_temp.move('m2', 'this', tests.at(14, '16:00')));
select tests.act('reception', pg_temp.move('m2', 'this', tests.at(14, '15:00'), ', idempotency_key => ''mv'''));
select is(
  (select a.starts_at from public.appointments as a where a.id = tests.id('m2')), tests.at(14, '16:00'),
  'and does not undo what came after'
);

-- Nothing of it is left to move: answered, and the same to a repeat.
select tests.act('reception', pg_temp.block(tests.at(5, '14:00'), '2', client => 'walkin'));
select tests.remember(case when a.starts_at < tests.at(6, '00:00') then 'begun' else 'gone' end, a.id)
from public.appointments as a
where a.client_id = tests.id('walkin') and a.starts_at in (tests.at(5, '14:00'), tests.at(12, '14:00'));
select tests.act('reception', $$ select public.cancel_appointment(tests.id('gone')) $$);
update public.appointments
set during = tstzrange(now() - interval '1 hour', now()), blocked_during = tstzrange(now() - interval '1 hour', now())
where id = tests.id('begun');
select tests.act('reception', pg_temp.move('begun', 'all_future', tests.at(13, '14:00'), ', idempotency_key => ''none'''));
select is(
  (select k.response from private.idempotency_keys as k where k.key = 'none' and k.organization_id = tests.id('organization')),
  '[]', 'a move of nothing is an answer, too'
);

-- The cancellation window binds clients, not staff.
select tests.act('reception', pg_temp.block(tests.at(8, '08:00'), '2', client => 'client'));
select tests.remember('late', a.id)
from public.appointments as a
where a.client_id = tests.id('client') and a.starts_at = tests.at(8, '08:00');
select tests.gets(who, pg_temp.move('late', 'all_future', tests.at(8, '09:00')), 'ok 2', who || ' moves a block in time')
from unnest(array['client', 'reception']) as who;
select tests.set('cancellation_window_minutes = 43200');
select tests.gets(
  who, pg_temp.move('late', 'all_future', tests.at(8, '09:00')), expected,
  format('%s moves a block inside the cancellation window: %s', who, expected)
)
from (values ('client', 'PT422 too_late'), ('reception', 'ok 2')) as t (who, expected);

-- The wall clock of the place where the first session is -----------------------------------------------------
insert into public.locations (id, organization_id, name, timezone)
values (tests.remember('branch', gen_random_uuid()), tests.id('organization'), 'Branch', 'Asia/Tokyo');
insert into public.working_hours (
  organization_id, practitioner_id, location_id, weekday, start_time, end_time, valid_to
)
select tests.id('organization'), tests.id(practitioner), tests.id(location), n, start_time, end_time, valid_to::date
from (
  values
    ('therapist', 'branch', time '04:00', time '08:00', null),
    ('freelancer', 'location', '08:00', '18:00', '2020-01-01'), ('freelancer', 'branch', '08:00', '18:00', null)
) as w (practitioner, location, start_time, end_time, valid_to)
cross join generate_series(1, 7) as n;
select is(
  tests.act(
    'reception',
    format(
      'select max(b.starts_at) - min(b.starts_at) from (%s) as b',
      pg_temp.block((tests.next('spring') - 3 + time '05:00') at time zone 'Asia/Tokyo', '2', client => 'other')
    )
  ),
  '7 days', 'a series in Tokyo does not follow the clocks of Prague, where the practitioner works that day as well'
);
select is(
  private.practitioner_timezone(s, tests.id('freelancer'), tests.at(3, '12:00')), 'Asia/Tokyo',
  'hours that are over do not count'
)
from public.services as s
where s.id = tests.id('talk');

select lives_ok('set constraints all immediate', 'all of it holds at commit');
select * from finish();
rollback;
