-- What no row may say, whoever writes it: scheduling, by hand.
begin;
select * from no_plan();
select tests.practice('north');
select tests.practice('south');
insert into public.time_off (organization_id, during)
values (tests.id('organization'), tstzrange(now(), now() + interval '1 day')) returning tests.remember('closing', id);
insert into public.extra_hours (organization_id, practitioner_id, location_id, during)
values (
  tests.id('organization'), tests.id('therapist'), tests.id('location'), tstzrange(now(), now() + interval '1 day')
)
returning tests.remember('extra', id);

select tests.gets(
  'operator', format('update public.%I set %s where %s', relation, assignment, condition), expected,
  format('%s: %s → %s', relation, assignment, expected)
)
from (
  values
    ('services', 'description = repeat(''x'', 5001)', 'id = tests.id(''talk'')', '23514 services_description_is_short'),
    (
      'services', 'organization_id = gen_random_uuid()', 'id = tests.id(''talk'')',
      '23503 service_practitioners_organization_id_service_id_fkey'
    ),
    ('rooms', 'name = '' ''', 'id = tests.id(''laser'')', '23514 rooms_name_is_given'),
    ('rooms', 'organization_id = gen_random_uuid()', 'id = tests.id(''laser'')', '23503 rooms_organization_id_fkey'),
    (
      'service_practitioners', 'service_id = tests.id(''south.talk'')',
      'service_id = tests.id(''talk'') and practitioner_id = tests.id(''therapist'')',
      '23503 service_practitioners_organization_id_service_id_fkey'
    ),
    (
      'service_rooms', 'service_id = tests.id(''south.talk'')', 'room_id = tests.id(''room1'')',
      '23503 service_rooms_organization_id_service_id_fkey'
    ),
    (
      'working_hours', 'location_id = tests.id(''south.location'')', 'practitioner_id = tests.id(''therapist'')',
      '23503 working_hours_organization_id_location_id_fkey'
    ),
    (
      'extra_hours', 'practitioner_id = tests.id(''south.therapist'')', 'id = tests.id(''extra'')',
      '23503 extra_hours_organization_id_practitioner_id_fkey'
    ),
    (
      'extra_hours', 'location_id = tests.id(''south.location'')', 'id = tests.id(''extra'')',
      '23503 extra_hours_organization_id_location_id_fkey'
    ),
    ('time_off', 'reason = repeat(''x'', 501)', 'id = tests.id(''closing'')', '23514 time_off_reason_is_short'),
    (
      'time_off', 'organization_id = gen_random_uuid()', 'id = tests.id(''closing'')',
      '23503 time_off_organization_id_fkey'
    ),
    (
      'time_off', 'location_id = tests.id(''south.location'')', 'id = tests.id(''closing'')',
      '23503 time_off_organization_id_location_id_fkey'
    ),
    (
      'time_off', 'room_id = tests.id(''south.room1'')', 'id = tests.id(''closing'')',
      '23503 time_off_organization_id_room_id_fkey'
    ),
    (
      'booking_activations', 'day = ''1999-12-31''',
      'practitioner_id = tests.id(''therapist'') and day = tests.today()',
      '23514 booking_activations_day_is_sensible'
    ),
    (
      'booking_activations', 'practitioner_id = tests.id(''south.therapist'')',
      'practitioner_id = tests.id(''therapist'') and day = tests.today()',
      '23505 booking_activations_pkey'
    ),
    (
      'booking_activations', 'practitioner_id = tests.id(''south.freelancer'')',
      'practitioner_id = tests.id(''therapist'') and day = tests.today()',
      '23503 booking_activations_organization_id_practitioner_id_fkey'
    )
) as t (relation, assignment, condition, expected);
select tests.gets(
  'operator',
  $$ insert into public.services (organization_id, name, duration_minutes, currency)
    values (gen_random_uuid(), 'x', 60, 'CZK') $$,
  '23503 services_organization_id_fkey', 'a service belongs to an organization'
);

-- What goes along when something is deleted.
delete from public.practitioners where id = tests.id('colleague');
select is_empty(
  $$ select 1 from public.working_hours where practitioner_id = tests.id('colleague')
    union all select 1 from public.booking_activations where practitioner_id = tests.id('colleague')
    union all select 1 from public.service_practitioners where practitioner_id = tests.id('colleague') $$,
  'hours, activations and offers go with a practitioner who never had an appointment'
);
select tests.book('a', 'client', 'talk', 'therapist', tests.at(3, '10:00'));
select tests.gets(
  'owner', $$ delete from public.practitioners where id = tests.id('therapist') $$,
  '23503 appointments_organization_id_practitioner_id_fkey', 'one who had some can NOT be deleted'
);
select tests.gets(
  'owner', $$ delete from public.services where id = tests.id('talk') $$,
  '23503 appointments_organization_id_service_id_fkey', 'nor a service that was booked'
);

select * from finish();
rollback;
