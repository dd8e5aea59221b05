-- Services, rooms, hours, closings, activations: who reads and who writes what.
begin;
select * from no_plan();
select tests.practice('north');
select tests.practice('south');

insert into public.time_off (organization_id, practitioner_id, during, reason)
values (
  tests.id('organization'), tests.id('therapist'), tstzrange(tests.at(20, '00:00'), tests.at(21, '00:00')), 'flu'
);
insert into public.extra_hours (organization_id, practitioner_id, location_id, during)
values (
  tests.id('organization'), tests.id('therapist'), tests.id('location'),
  tstzrange(tests.at(5, '18:00'), tests.at(5, '20:00'))
);

-- Reading -----------------------------------------------------------------------------------------
select tests.gets(
  who, 'select * from public.' || relation, expected, format('%s reads %s: %s', who, relation, expected)
)
from (
  values
    ('services', 'ok 6', 'ok 5'), ('rooms', 'ok 3', 'ok 3'), ('service_practitioners', 'ok 12', 'ok 12'),
    ('service_rooms', 'ok 2', 'ok 2'), ('working_hours', 'ok 14', 'ok 0'), ('extra_hours', 'ok 1', 'ok 0'),
    ('time_off', 'ok 1', 'ok 0'), ('booking_activations', 'ok 122', 'ok 0')
) as t (relation, staff, client)
cross join lateral (
  values
    ('owner', staff), ('admin', staff), ('reception', staff), ('therapist', staff), ('client', client),
    ('removed', 'ok 0'), ('stranger', 'ok 0'), ('nobody', 'ok 0'), ('anon', '42501')
) as p (who, expected);
select tests.gets(
  who, format('select * from public.%I where organization_id = tests.id(%L)', relation, 'organization'), 'ok 0',
  format('%s can NOT read foreign %s', who, relation)
)
from unnest(array[
  'services', 'rooms', 'service_practitioners', 'service_rooms', 'working_hours', 'extra_hours', 'time_off',
  'booking_activations'
]) as relation
cross join unnest(array['south.owner', 'south.client']) as who;

-- A service that only staff book does not exist for clients, until they have an appointment of it.
select tests.gets(
  'client', $$ select * from public.services where name = 'internal' $$, 'ok 0',
  'a client can NOT see a service that only staff book'
);
select tests.book('internal_one', 'client', 'internal', 'therapist', tests.at(3, '10:00'));
select tests.gets(
  'client', $$ select * from public.services where name = 'internal' $$, 'ok 1',
  'a client CAN see what was booked for them'
);
select tests.gets(
  'other', $$ select * from public.services where name = 'internal' $$, 'ok 0', 'which shows it to nobody else'
);
select isnt(
  tests.act('client', format('select public.appointment_calendar(%L)', tests.id('internal_one'))), null,
  'and CAN get its calendar entry'
);

-- Services and rooms: managers ----------------------------------------------------------------------
select tests.gets(who, statement, expected, who || ': ' || statement || ' → ' || expected)
from (
  values
    (
      'insert into public.services (organization_id, name, duration_minutes) values (tests.id(''north.organization''), ''New'', 50)',
      'ok 1', '42501'
    ),
    (
      'update public.services set price_amount = 1 where organization_id = tests.id(''north.organization'')', 'ok 6',
      'ok 0'
    ),
    ('update public.services set organization_id = tests.id(''south.organization'')', '42501', '42501'),
    ('update public.services set id = gen_random_uuid()', '42501', '42501'),
    ('update public.services set created_at = now()', '42501', '42501'),
    (
      'insert into public.rooms (organization_id, location_id, name) values'
      || ' (tests.id(''north.organization''), tests.id(''north.location''), ''New'')',
      'ok 1', '42501'
    ),
    (
      'update public.rooms set is_active = false where organization_id = tests.id(''north.organization'')', 'ok 3',
      'ok 0'
    ),
    ('update public.rooms set organization_id = tests.id(''south.organization'')', '42501', '42501'),
    ('delete from public.rooms where id = tests.id(''north.laser'')', 'ok 1', 'ok 0'),
    ('delete from public.services where id = tests.id(''north.free'')', 'ok 1', 'ok 0'),
    (
      'insert into public.service_practitioners (organization_id, service_id, practitioner_id) values'
      || ' (tests.id(''north.organization''), tests.id(''north.talk''), tests.id(''north.freelancer''))',
      'ok 1', '42501'
    ),
    ('update public.service_practitioners set practitioner_id = gen_random_uuid()', '42501', '42501'),
    ('delete from public.service_practitioners where service_id = tests.id(''north.talk'')', 'ok 2', 'ok 0'),
    (
      'insert into public.service_rooms (organization_id, service_id, room_id) values'
      || ' (tests.id(''north.organization''), tests.id(''north.talk''), tests.id(''north.laser''))',
      'ok 1', '42501'
    ),
    ('delete from public.service_rooms where service_id = tests.id(''north.massage'')', 'ok 1', 'ok 0')
) as t (statement, manager, others)
cross join lateral (
  values
    ('owner', manager), ('admin', manager), ('reception', others), ('therapist', others), ('client', others),
    ('south.owner', others), ('removed', others), ('stranger', others)
) as p (who, expected);
select tests.gets('anon', statement, '42501', 'a visitor can NOT: ' || statement)
from (
  values
    ('update public.services set price_amount = 1'), ('delete from public.rooms'),
    ('select * from public.working_hours'),
    (
      'insert into public.time_off (organization_id, during) values (gen_random_uuid(), tstzrange(now(), now() + interval ''1 day''))'
    )
) as t (statement);

-- Hours and closings: the desk for all, practitioners for themselves -----------------------------------
select tests.gets(who, statement, expected, who || ': ' || statement || ' → ' || expected)
from (
  values
    (
      'insert into public.working_hours (organization_id, practitioner_id, location_id, weekday, start_time, end_time) values'
      || ' (tests.id(''north.organization''), tests.id(''north.therapist''), tests.id(''north.location''), 1, ''06:00'', ''07:00'')',
      'ok 1', 'ok 1', '42501', '42501'
    ),
    (
      'update public.working_hours set end_time = ''17:00'' where practitioner_id = tests.id(''north.therapist'')',
      'ok 7', 'ok 7', 'ok 0', 'ok 0'
    ),
    (
      'delete from public.working_hours where practitioner_id = tests.id(''north.therapist'')', 'ok 7', 'ok 7',
      'ok 0', 'ok 0'
    ),
    (
      'update public.working_hours set practitioner_id = tests.id(''north.colleague'')', '42501', '42501', '42501',
      '42501'
    ),
    (
      'insert into public.extra_hours (organization_id, practitioner_id, location_id, during) values'
      || ' (tests.id(''north.organization''), tests.id(''north.therapist''), tests.id(''north.location''), tstzrange(now(), now() + interval ''1 hour''))',
      'ok 1', 'ok 1', '42501', '42501'
    ),
    (
      'delete from public.extra_hours where practitioner_id = tests.id(''north.therapist'')', 'ok 1', 'ok 1', 'ok 0',
      'ok 0'
    ),
    (
      'insert into public.time_off (organization_id, practitioner_id, during) values'
      || ' (tests.id(''north.organization''), tests.id(''north.therapist''), tstzrange(now(), now() + interval ''1 hour''))',
      'ok 1', 'ok 1', '42501', '42501'
    ),
    (
      'insert into public.time_off (organization_id, during) values'
      || ' (tests.id(''north.organization''), tstzrange(now(), now() + interval ''1 hour''))',
      'ok 1', '42501', '42501', '42501'
    ),
    (
      'insert into public.time_off (organization_id, location_id, during) values'
      || ' (tests.id(''north.organization''), tests.id(''north.location''), tstzrange(now(), now() + interval ''1 hour''))',
      'ok 1', '42501', '42501', '42501'
    ),
    (
      'insert into public.time_off (organization_id, room_id, during) values'
      || ' (tests.id(''north.organization''), tests.id(''north.room1''), tstzrange(now(), now() + interval ''1 hour''))',
      'ok 1', '42501', '42501', '42501'
    ),
    (
      'update public.time_off set reason = ''x'' where organization_id = tests.id(''north.organization'')', 'ok 1',
      'ok 1', 'ok 0', 'ok 0'
    ),
    ('update public.time_off set practitioner_id = null', '42501', '42501', '42501', '42501'),
    (
      'delete from public.time_off where organization_id = tests.id(''north.organization'')', 'ok 1', 'ok 1', 'ok 0',
      'ok 0'
    ),
    (
      'insert into public.booking_activations (organization_id, practitioner_id, day, is_open) values'
      || ' (tests.id(''north.organization''), tests.id(''north.therapist''), ''2030-01-01'', true)',
      '42501', '42501', '42501', '42501'
    ),
    ('update public.booking_activations set is_open = true', '42501', '42501', '42501', '42501'),
    ('delete from public.booking_activations', '42501', '42501', '42501', '42501')
) as t (statement, desk, own, colleague, outsider)
cross join lateral (
  values
    ('owner', desk), ('reception', desk), ('therapist', own), ('colleague', colleague), ('client', outsider),
    ('south.owner', outsider), ('removed', outsider)
) as p (who, expected);

-- Foreign keys do not reach across organizations: a foreign id is refused exactly like one that does not exist.
select tests.gets(
  'owner', format(statement, id), expected,
  format('%s: %s', case id when tests.id('south.therapist') then 'foreign' else 'unknown' end, expected)
)
from (
  values
    (
      'insert into public.working_hours (organization_id, practitioner_id, location_id, weekday, start_time, end_time)'
      || ' values (tests.id(''organization''), %L, tests.id(''location''), 1, ''06:00'', ''07:00'')',
      '23503 working_hours_organization_id_practitioner_id_fkey'
    ),
    (
      'insert into public.service_practitioners (organization_id, service_id, practitioner_id)'
      || ' values (tests.id(''organization''), tests.id(''talk''), %L)',
      '23503 service_practitioners_organization_id_practitioner_id_fkey'
    ),
    (
      'insert into public.time_off (organization_id, practitioner_id, during)'
      || ' values (tests.id(''organization''), %L, tstzrange(now(), now() + interval ''1 hour''))',
      '23503 time_off_organization_id_practitioner_id_fkey'
    )
) as t (statement, expected)
cross join (values (tests.id('south.therapist')), ('00000000-0000-4000-8000-000000000000')) as i (id);
select tests.gets('owner', statement, expected, 'a foreign row can NOT be used: ' || expected)
from (
  values
    (
      'insert into public.rooms (organization_id, location_id, name) values (tests.id(''organization''), tests.id(''south.location''), ''X'')',
      '23503 rooms_organization_id_location_id_fkey'
    ),
    (
      'insert into public.service_rooms (organization_id, service_id, room_id)'
      || ' values (tests.id(''organization''), tests.id(''talk''), tests.id(''south.room1''))',
      '23503 service_rooms_organization_id_room_id_fkey'
    ),
    (
      'insert into public.service_rooms (organization_id, service_id, room_id)'
      || ' values (tests.id(''south.organization''), tests.id(''south.talk''), tests.id(''south.room2''))',
      '42501'
    ),
    (
      'update public.rooms set location_id = tests.id(''south.location'') where id = tests.id(''room1'')',
      '23503 rooms_organization_id_location_id_fkey'
    )
) as t (statement, expected);

-- What may be written -----------------------------------------------------------------------------------
select tests.gets(
  'owner', 'update public.services set ' || assignment || ' where id = tests.id(''talk'')', '23514 ' || rule,
  assignment || ' is refused'
)
from (
  values
    ('name = '' ''', 'services_name_is_given'), ('duration_minutes = 0', 'services_duration_is_sensible'),
    ('duration_minutes = 1441', 'services_duration_is_sensible'),
    ('buffer_before_minutes = -1', 'services_buffers_are_sensible'),
    ('buffer_after_minutes = 241', 'services_buffers_are_sensible'),
    ('price_amount = -1', 'services_price_is_sensible'),
    ('price_amount = 1000000000001', 'services_price_is_sensible'),
    ('currency = ''eur''', 'services_currency_is_iso_4217'),
    ('colour = ''red''', 'services_colour_is_hex'), ('seats = 0', 'services_seats_are_sensible'),
    ('seats = 501', 'services_seats_are_sensible')
) as t (assignment, rule);
select is(
  tests.act(
    'owner',
    $$ insert into public.services (organization_id, name, duration_minutes) values (tests.id('organization'), 'New', 50) returning currency $$
  ),
  'CZK', 'a service takes the currency of its organization'
);
select tests.gets(
  'owner',
  format(
    'insert into public.working_hours (organization_id, practitioner_id, location_id, weekday, start_time, end_time, valid_from, valid_to)'
    || ' values (tests.id(%L), tests.id(%L), tests.id(%L), %s, %L, %L, %L, %L)',
    'organization', 'therapist', 'location', weekday, opens, closes, valid_from, valid_to
  ),
  expected, 'working hours: ' || title
)
from (
  values
    (1, '08:00', '24:00', '2027-01-01', '2027-01-01', 'ok 1', 'until midnight, for one day'),
    (7, '22:00', '06:00', '2027-01-01', null, 'ok 1', 'across midnight'),
    (0, '08:00', '09:00', '2027-01-01', null, '23514 working_hours_weekday_is_iso', 'weekday 0'),
    (8, '08:00', '09:00', '2027-01-01', null, '23514 working_hours_weekday_is_iso', 'weekday 8'),
    (1, '08:00', '08:00', '2027-01-01', null, '23514 working_hours_are_not_empty', 'empty'),
    (1, '24:00', '08:00', '2027-01-01', null, '23514 working_hours_are_not_empty', 'start at 24:00'),
    (
      1, '08:00', '09:00', '2027-01-02', '2027-01-01', '23514 working_hours_validity_is_ordered',
      'ends before it begins'
    ),
    (1, '08:00', '09:00', '-infinity', null, '23514 working_hours_validity_is_sensible', 'since ever'),
    (1, '08:00', '09:00', '2027-01-01', 'infinity', '23514 working_hours_validity_is_sensible', 'for ever')
) as t (weekday, opens, closes, valid_from, valid_to, expected, title);
select tests.gets(
  'owner',
  format('insert into public.time_off (organization_id, during) values (tests.id(%L), %L)', 'organization', during),
  expected, 'time off: ' || title
)
from (
  values
    ('[2027-01-01,2027-01-02)', 'ok 1', 'a bounded interval'),
    ('empty', '23514 time_off_during_is_bounded', 'empty'),
    ('[2027-01-01,)', '23514 time_off_during_is_bounded', 'no end'),
    ('(,2027-01-01)', '23514 time_off_during_is_bounded', 'no start'),
    ('[2027-01-01,infinity)', '23514 time_off_during_is_bounded', 'infinite'),
    ('[-infinity,2027-01-01)', '23514 time_off_during_is_bounded', 'since ever'),
    ('[2027-01-01,2027-01-02]', '23514 time_off_during_is_bounded', 'closed end'),
    ('(2027-01-01,2027-01-02)', '23514 time_off_during_is_bounded', 'open start')
) as t (during, expected, title);
select tests.gets(
  'owner',
  format(
    'insert into public.extra_hours (organization_id, practitioner_id, location_id, during) values (tests.id(%L), tests.id(%L), tests.id(%L), %L)',
    'organization', 'therapist', 'location', during
  ),
  expected, 'extra hours: ' || title
)
from (
  values
    ('[2027-01-01,2027-01-08)', 'ok 1', 'seven days'),
    ('[2027-01-01,2027-01-09)', '23514 extra_hours_during_is_bounded', 'eight days'),
    ('empty', '23514 extra_hours_during_is_bounded', 'empty'),
    ('[2027-01-01,)', '23514 extra_hours_during_is_bounded', 'no end')
) as t (during, expected, title);
select tests.gets(
  'owner',
  $$ insert into public.time_off (organization_id, practitioner_id, room_id, during)
    values (tests.id('organization'), tests.id('therapist'), tests.id('room1'), tstzrange(now(), now() + interval '1 hour')) $$,
  '23514 time_off_has_one_scope', 'a closing is for a practitioner or a room, not both'
);

-- set_booking_activation --------------------------------------------------------------------------------
select tests.gets(
  who,
  format(
    'select public.set_booking_activation(tests.id(%L), %L, %L, true)', practitioner, '2027-01-01', '2027-01-07'
  ),
  expected,
  format('%s opens days of %s: %s', who, practitioner, expected)
)
from (
  values
    ('owner', 'therapist', 'ok 1'), ('admin', 'therapist', 'ok 1'), ('reception', 'therapist', 'ok 1'),
    ('therapist', 'therapist', 'ok 1'),
    ('therapist', 'colleague', 'PT403 forbidden'), ('client', 'therapist', 'PT403 forbidden'),
    ('south.owner', 'therapist', 'PT404 not_found'),
    ('removed', 'therapist', 'PT404 not_found'), ('stranger', 'therapist', 'PT404 not_found'),
    ('nobody', 'therapist', 'PT401 unauthenticated'),
    ('anon', 'therapist', '42501'), ('owner', 'south.therapist', 'PT404 not_found')
) as t (who, practitioner, expected);
select tests.gets(
  'owner', format('select public.set_booking_activation(%s)', arguments), expected, 'activation: ' || title
)
from (
  values
    ($$ gen_random_uuid(), '2027-01-01', '2027-01-01', true $$, 'PT404 not_found', 'an unknown practitioner'),
    ($$ null, '2027-01-01', '2027-01-01', true $$, 'PT404 not_found', 'no practitioner'),
    (
      $$ tests.id('therapist'), '2027-01-02', '2027-01-01', true $$, 'PT422 invalid_argument',
      'a period that ends before it begins'
    ),
    ($$ tests.id('therapist'), '2027-01-01', '2028-01-01', true $$, 'ok 1', '366 days'),
    ($$ tests.id('therapist'), '2027-01-01', '2028-01-02', true $$, 'PT422 invalid_argument', '367 days'),
    ($$ tests.id('therapist'), null, '2027-01-01', true $$, 'PT422 invalid_argument', 'no first day'),
    ($$ tests.id('therapist'), '2027-01-01', null, true $$, 'PT422 invalid_argument', 'no last day'),
    (
      $$ tests.id('therapist'), '2027-01-01', '2027-01-01', null $$, 'PT422 invalid_argument',
      'neither open nor closed'
    ),
    ($$ tests.id('therapist'), '-infinity', '2027-01-01', true $$, 'PT422 invalid_argument', 'since ever'),
    ($$ tests.id('therapist'), '2027-01-01', 'infinity', true $$, 'PT422 invalid_argument', 'for ever'),
    ($$ tests.id('therapist'), '1999-12-31', '2000-01-02', true $$, 'PT422 invalid_argument', 'too long ago'),
    ($$ tests.id('therapist'), '2199-12-31', '2200-06-01', true $$, 'PT422 invalid_argument', 'too far ahead')
) as t (arguments, expected, title);
select is(
  tests.act(
    'reception', $$ select public.set_booking_activation(tests.id('therapist'), '2096-02-28', '2096-03-01', true) $$
  ),
  '3', '29 February is a day'
);
select is(
  tests.act(
    'reception', $$ select public.set_booking_activation(tests.id('therapist'), '2096-02-28', '2096-03-01', true) $$
  ),
  '0', 'opening again changes nothing'
);
select is(
  tests.act(
    'reception', $$ select public.set_booking_activation(tests.id('therapist'), '2096-02-29', '2096-02-29', false) $$
  ),
  '1', 'closing one day changes one day'
);
select is(
  tests.act(
    'reception', $$ select public.set_booking_activation(tests.id('therapist'), '2096-12-31', '2097-01-01', true) $$
  ),
  '2', 'a period CAN cross the year'
);

select * from finish();
rollback;
