-- What no row may say, whoever writes it: booking, billing, keys and rooms, by hand.
begin;
select * from no_plan();
select tests.practice('north');
select tests.practice('south');
select tests.act('reception', format(
  'select public.book_block(tests.id(%L), tests.id(%L), tests.id(%L), %L, 2)', 'talk', 'therapist', 'client',
  tests.at(3, '10:00')
));
select tests.remember('block', b.id) from public.appointment_blocks as b where b.organization_id = tests.id('organization');
select tests.remember('a', a.id) from public.appointments as a where a.block_id = tests.id('block') order by a.starts_at limit 1;
-- A series without appointments: nothing but the row itself refuses its change.
insert into public.appointment_blocks
  (organization_id, client_id, practitioner_id, service_id, starts_at, occurrences, interval_weeks)
select b.organization_id, b.client_id, b.practitioner_id, b.service_id, b.starts_at, 1, 1
from public.appointment_blocks as b
where b.id = tests.id('block')
returning tests.remember('bare', id);
select tests.book('others', 'other', 'talk', 'therapist', tests.at(4, '10:00'));

select tests.gets(
  'operator', format('update public.%I set %s where %s', relation, assignment, condition), expected,
  format('%s: %s → %s', relation, assignment, expected)
)
from (
  values
    (
      'appointment_blocks', 'occurrences = 0', 'id = tests.id(''block'')',
      '23514 appointment_blocks_occurrences_are_sensible'
    ),
    (
      'appointment_blocks', 'interval_weeks = 0', 'id = tests.id(''block'')',
      '23514 appointment_blocks_interval_is_sensible'
    ),
    (
      'appointment_blocks', 'client_id = tests.id(''south.client'')', 'id = tests.id(''bare'')',
      '23503 appointment_blocks_organization_id_client_id_fkey'
    ),
    (
      'appointment_blocks', 'practitioner_id = tests.id(''south.therapist'')', 'id = tests.id(''block'')',
      '23503 appointment_blocks_organization_id_practitioner_id_fkey'
    ),
    (
      'appointment_blocks', 'service_id = tests.id(''south.talk'')', 'id = tests.id(''bare'')',
      '23503 appointment_blocks_organization_id_service_id_fkey'
    ),
    (
      'appointments', 'location_id = tests.id(''south.location'')', 'id = tests.id(''a'')',
      '23503 appointments_organization_id_location_id_fkey'
    ),
    (
      'appointments', 'block_id = gen_random_uuid()', 'id = tests.id(''a'')',
      '23503 appointments_organization_id_block_id_client_id_service_id_fkey'
    ),
    -- Whoever may cancel a series may cancel all that is in it.
    (
      'appointments', 'block_id = tests.id(''block'')', 'id = tests.id(''others'')',
      '23503 appointments_organization_id_block_id_client_id_service_id_fkey'
    ),
    (
      'appointment_blocks', 'client_id = tests.id(''other'')', 'id = tests.id(''block'')',
      '23503 appointments_organization_id_block_id_client_id_service_id_fkey'
    ),
    (
      'appointments', 'note = repeat(''x'', 2001)', 'id = tests.id(''a'')', '23514 appointments_text_is_short'
    )
) as t (relation, assignment, condition, expected);

create function pg_temp.copy(columns text, vals text) returns text
language sql as $$
  select format(
    'insert into public.appointments (organization_id, location_id, client_id, practitioner_id, service_id, during, %s)'
    || ' values (tests.id(%L), tests.id(%L), tests.id(%L), tests.id(%L), tests.id(%L), tstzrange(%L, %L), %s)',
    columns, 'organization', 'location', 'other', 'colleague', 'talk', tests.at(5, '10:00'), tests.at(5, '11:00'), vals
  )
$$;
select tests.gets('operator', pg_temp.copy(columns, vals), expected, format('an appointment with %s %s: %s', columns, vals, expected))
from (
  values
    ('note', '''x''', 'ok 1'),
    ('price_amount', '-1', '23514 appointments_price_is_sensible'),
    ('price_amount', '1000000000001', '23514 appointments_price_is_sensible'),
    ('currency', '''czk''', '23514 appointments_currency_is_iso_4217'),
    ('payment_status', '''invoiced''', '23514 appointments_invoiced_are_over'),
    ('payment_status', '''refunded''', 'PT409 invalid_state'),
    ('overlap_reason', '''x''', '23514 appointments_overlap_has_a_reason'),
    ('starts_at', 'now()', '428C9')
) as t (columns, vals, expected);
select tests.gets(
  'operator',
  $$ insert into public.appointments (organization_id, location_id, client_id, practitioner_id, service_id, during)
    values (
      tests.id('organization'), tests.id('location'), tests.id('south.client'), tests.id('colleague'), tests.id('talk'),
      tstzrange(tests.at(5, '10:00'), tests.at(5, '11:00'))
    ) $$,
  '23503 appointments_organization_id_client_id_fkey', 'an appointment has a client of its organization'
);
select tests.gets(
  'operator',
  $$ insert into public.appointments (
      organization_id, location_id, client_id, practitioner_id, service_id, during, blocked_during, price_amount,
      currency, mode
    )
    values (
      tests.id('organization'), tests.id('location'), tests.id('client'), tests.id('colleague'), tests.id('south.talk'),
      tstzrange(tests.at(5, '10:00'), tests.at(5, '11:00')), tstzrange(tests.at(5, '10:00'), tests.at(5, '11:00')), 0,
      'CZK', 'in_person'
    ) $$,
  '23503 appointments_organization_id_service_id_fkey', 'and a service of its organization'
);

create function pg_temp.offer(service text, practitioner text) returns void
language sql as $$
  insert into public.service_practitioners (organization_id, service_id, practitioner_id)
  values (tests.id('organization'), tests.id(service), tests.id(practitioner))
$$;

-- Three ways to be in two places at once.
insert into public.service_rooms (organization_id, service_id, room_id)
values (tests.id('organization'), tests.id('talk'), tests.id('room1'));
select tests.book('m', 'other', 'massage', 'colleague', tests.at(6, '10:00'));
create function pg_temp.place(client text, practitioner text, room text, starts_at timestamptz) returns text
language sql as $$
  select format(
    'insert into public.appointments (organization_id, location_id, client_id, practitioner_id, service_id, room_id, during)'
    || ' values (tests.id(%L), tests.id(%L), tests.id(%L), tests.id(%L), tests.id(%L), %s, tstzrange(%L, %L))',
    'organization', 'location', client, practitioner, 'talk',
    case when room is null then 'null' else format('tests.id(%L)', room) end, starts_at, starts_at + interval '1 hour'
  )
$$;
select tests.gets('operator', pg_temp.place(client, practitioner, room, tests.at(6, '10:45')), expected, 'by hand: ' || expected)
from (
  values
    ('client', 'colleague', null, '23P01 appointments_practitioner_is_free'),
    ('client', 'therapist', 'room1', '23P01 appointments_room_is_free'),
    ('other', 'therapist', null, '23P01 appointments_client_is_free'),
    ('client', 'therapist', 'room2', 'ok 1')
) as t (client, practitioner, room, expected);
select tests.gets(
  'operator', pg_temp.place('client', 'therapist', 'room1', tests.at(6, '11:00')), '23P01 appointments_room_is_free',
  'the room is not free in the buffer'
);
select tests.gets(
  'operator', pg_temp.place('other', 'therapist', null, tests.at(6, '11:00')), 'ok 1', 'the client is: buffers are not theirs'
);

-- An overlap on purpose stands outside the constraints, and is guarded all the same.
select pg_temp.offer('massage', 'freelancer');
select tests.book(
  'over', 'walkin', 'massage', 'freelancer', tests.at(7, '10:00'),
  format(', room_id => tests.id(%L), allow_overlap => true, overlap_reason => %L', 'room1', 'emergency')
);
select tests.gets(
  'operator', pg_temp.place(client, practitioner, room, tests.at(7, '10:30')), expected,
  format('by hand over an overlap of %s: %s', what, expected)
)
from (
  values
    ('client', 'freelancer', null, 'the practitioner', 'PT409 slot_taken'),
    ('client', 'therapist', 'room1', 'the room', 'PT409 slot_taken'),
    ('walkin', 'therapist', null, 'the client', 'PT409 slot_taken'),
    ('client', 'therapist', 'room2', 'nobody', 'ok 1')
) as t (client, practitioner, room, what, expected);

-- Reports, keys, rooms.
select tests.gets(
  'operator',
  $$ insert into public.billing_reports (organization_id, period_start, period_end, timezone, line_count, totals)
    values (tests.id('organization'), '2026-02-01', '2026-02-01', 'UTC', 0, '[]') $$,
  '23514 billing_reports_period_is_ordered', 'a report is of at least one day'
);
select tests.act('owner', $$ select public.create_billing_report('2026-01-01', '2026-02-01') $$);
select tests.gets(
  'service',
  $$ insert into public.billing_report_lines (
      report_id, line_number, organization_id, appointment_id, starts_at, ends_at, practitioner_id, practitioner_name,
      service_id, service_name, client_id, client_name, status, payment_status, price_amount, currency
    )
    select gen_random_uuid(), 1, tests.id('organization'), tests.id('a'), now(), now(), tests.id('therapist'), 'x',
      tests.id('talk'), 'x', tests.id('client'), 'x', 'completed', 'unpaid', 1, 'CZK' $$,
  '23503 billing_report_lines_organization_id_report_id_fkey', 'a line has its report'
);
select tests.gets(
  'operator',
  format(
    'insert into private.idempotency_keys (organization_id, user_id, operation, key, request_hash)'
    || ' values (gen_random_uuid(), gen_random_uuid(), %L, %L, %L)', 'x', key, 'x'
  ),
  '23514 idempotency_keys_key_is_short', 'a key has 1 to 255 characters, not ' || length(key)
)
from unnest(array['', repeat('x', 256)]) as key;
select tests.gets(
  'operator',
  format(
    'insert into private.video_rooms (session_id, organization_id, room_name) values (gen_random_uuid(), tests.id(%L), %L)',
    'organization', name
  ),
  expected, format('a room named %L: %s', name, expected)
)
from (
  values
    ('my room', '23514 video_rooms_name_is_unguessable'), ('0123456789abcdef', '23514 video_rooms_name_is_unguessable'),
    (md5('x'), 'ok 1')
) as t (name, expected);
select tests.gets(
  'operator',
  $$ insert into private.video_rooms (session_id, organization_id, room_name)
    values (gen_random_uuid(), gen_random_uuid(), md5('x')) $$,
  '23503 video_rooms_organization_id_fkey', 'a room belongs to an organization'
);

select * from finish();
rollback;
