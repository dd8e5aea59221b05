-- find_slots and find_bookable_days: who may ask what, and that what is listed can be booked.
begin;
select * from no_plan();
select tests.practice('north');
select tests.practice('south');

create function pg_temp.count(who text, service text, arguments text default '') returns text
language sql as $$
  select tests.act(
    who,
    format(
      'select json_array_length(public.find_slots(tests.id(%L), %L, %L%s))', service, tests.today() + 3,
      tests.today() + 3, arguments
    )
  )
$$;

select is(pg_temp.count('client', 'talk'), '74', 'a client sees the free starts of both practitioners');
select is(pg_temp.count('client', 'talk', format(', tests.id(%L)', 'therapist')), '37', 'or of one');
select is(pg_temp.count('reception', 'internal'), '74', 'staff see what only staff book');
select is(
  tests.act(
    'client',
    format(
      'select string_agg(k, %L order by k) from json_object_keys(public.find_slots(tests.id(%L), %L, %L) -> 0) as k',
      ' ', 'massage', tests.today() + 3, tests.today() + 3
    )
  ),
  'ends_at practitioner_id room_id starts_at', 'a slot says who, where and when, and nothing of others'
);
select is(
  tests.act(
    'client',
    format(
      'select public.find_slots(tests.id(%L), %L, %L) #>> %L', 'massage', tests.today() + 3, tests.today() + 3,
      '{0,room_id}'
    )
  )::uuid,
  tests.id('room1'), 'with its room'
);
select tests.gets(
  who, format('select public.%I(tests.id(%L), %L, %L)', function, service, tests.today() + 3, tests.today() + 4),
  expected,
  format('%s asks %s for %s: %s', who, function, service, expected)
)
from (
  values
    ('owner', 'north.talk', 'ok 1'), ('reception', 'north.talk', 'ok 1'), ('therapist', 'north.talk', 'ok 1'),
    ('client', 'north.talk', 'ok 1'),
    ('client', 'north.internal', 'PT404 not_found'), ('reception', 'north.internal', 'ok 1'),
    ('south.owner', 'north.talk', 'PT404 not_found'),
    ('south.client', 'north.talk', 'PT404 not_found'), ('removed', 'north.talk', 'PT404 not_found'),
    ('stranger', 'north.talk', 'PT404 not_found'),
    ('nobody', 'north.talk', 'PT401 unauthenticated'), ('anon', 'north.talk', '42501')
) as t (who, service, expected)
cross join unnest(array['find_slots', 'find_bookable_days']) as function;
select tests.gets(
  'client', format('select public.%I(%s)', function, arguments), expected, format('%s: %s', function, title)
)
from (
  values
    ($$ gen_random_uuid(), '2027-01-01', '2027-01-02' $$, 'PT404 not_found', 'an unknown service'),
    ($$ null, '2027-01-01', '2027-01-02' $$, 'PT404 not_found', 'no service'),
    ($$ tests.id('talk'), null, '2027-01-02' $$, 'PT422 invalid_argument', 'no first day'),
    ($$ tests.id('talk'), '2027-01-01', null $$, 'PT422 invalid_argument', 'no last day'),
    (
      $$ tests.id('talk'), '2027-01-02', '2027-01-01' $$, 'PT422 invalid_argument',
      'a period that ends before it begins'
    ),
    ($$ tests.id('talk'), '2027-01-01', '2027-04-03' $$, 'ok 1', '93 days'),
    ($$ tests.id('talk'), '2027-01-01', '2027-04-04' $$, 'PT422 invalid_argument', '94 days'),
    ($$ tests.id('talk'), '-infinity', '2027-01-02' $$, 'PT422 invalid_argument', 'since ever'),
    ($$ tests.id('talk'), '2027-01-01', 'infinity' $$, 'PT422 invalid_argument', 'for ever'),
    ($$ tests.id('talk'), '0044-03-15 BC', '0044-03-16 BC' $$, 'PT422 invalid_argument', 'before our time'),
    ($$ tests.id('talk'), '5874897-01-01', '5874897-01-02' $$, 'PT422 invalid_argument', 'the last year there is'),
    (
      $$ tests.id('talk'), '2027-01-01', '2027-01-02', gen_random_uuid() $$, 'PT404 not_found',
      'an unknown practitioner'
    ),
    (
      $$ tests.id('talk'), '2027-01-01', '2027-01-02', tests.id('freelancer') $$, 'PT404 not_found',
      'a practitioner who does not offer it'
    ),
    (
      $$ tests.id('talk'), '2027-01-01', '2027-01-02', tests.id('south.therapist') $$, 'PT404 not_found',
      'a foreign practitioner'
    )
) as t (arguments, expected, title)
cross join unnest(array['find_slots', 'find_bookable_days']) as function;
select is(pg_temp.count('client', 'talk', ', location_id => ' || location), '0', 'nothing is free at ' || title)
from (
  values ('gen_random_uuid()', 'an unknown location'), ('tests.id(''south.location'')', 'a foreign location')
) as t (location, title);

-- Inactive things are not offered, but still kept.
update public.practitioners set is_active = false where id = tests.id('colleague');
select is(pg_temp.count('client', 'talk'), '37', 'an inactive practitioner is not offered');
update public.practitioners set is_active = true where id = tests.id('colleague');
update public.services set is_active = false where id = tests.id('talk');
select tests.gets(
  who, format('select public.find_slots(tests.id(%L), %L, %L)', 'talk', tests.today(), tests.today()),
  'PT404 not_found', who || ' can NOT book an inactive service'
)
from unnest(array['client', 'reception']) as who;
update public.services set is_active = true where id = tests.id('talk');

-- A client is not offered times of the own appointments, staff are.
select tests.book('own', 'client', 'talk', 'therapist', tests.at(3, '10:00'));
select is(
  pg_temp.count('client', 'talk', format(', tests.id(%L)', 'colleague')), '30',
  'a client is not offered what overlaps their own appointment'
);
select is(pg_temp.count('other', 'talk', format(', tests.id(%L)', 'colleague')), '37', 'another client is');
select is(pg_temp.count('other', 'talk', format(', tests.id(%L)', 'therapist')), '30', 'but not the busy practitioner');
select is(
  pg_temp.count('reception', 'talk', format(', tests.id(%L)', 'colleague')), '37',
  'staff see all free time of the practitioner'
);

-- find_bookable_days counts the same slots.
select is(
  tests.act(
    'client',
    format('select public.find_bookable_days(tests.id(%L), %L, %L)', 'talk', tests.today() + 3, tests.today() + 4)
  )::jsonb,
  jsonb_build_array(
    jsonb_build_object('day', tests.today() + 3, 'slot_count', pg_temp.count('client', 'talk')::integer),
    jsonb_build_object('day', tests.today() + 4, 'slot_count', 74)
  ),
  'find_bookable_days counts what find_slots lists, per local day'
);
select tests.act(
  'reception',
  format('select public.set_booking_activation(tests.id(%L), %L, %L, false)', p, tests.today(), tests.today() + 60)
)
from unnest(array['therapist', 'colleague']) as p;
select is(
  tests.act(
    'client',
    format('select public.find_bookable_days(tests.id(%L), %L, %L)', 'talk', tests.today(), tests.today() + 60)
  ),
  '[]', 'closed days are no bookable days for clients'
);
select is(
  tests.act(
    'reception',
    format(
      'select json_array_length(public.find_bookable_days(tests.id(%L), %L, %L))', 'talk', tests.today() + 1,
      tests.today() + 60
    )
  ),
  '60',
  'for staff they are'
);

-- More than a thousand slots are one answer.
select cmp_ok(
  tests.act(
    'reception',
    format(
      'select json_array_length(public.find_slots(tests.id(%L), %L, %L))', 'talk', tests.today() + 1,
      tests.today() + 60
    )
  )::integer,
  '>', 4000,
  'long lists come whole'
);

-- What each caller is offered, each CAN book; a sample of every kind of service.
select tests.act(
  'reception',
  format('select public.set_booking_activation(tests.id(%L), %L, %L, true)', p, tests.today(), tests.today() + 60)
)
from unnest(array['therapist', 'colleague']) as p;
select is(
  tests.try(
    who,
    format(
      'select public.book_appointment(tests.id(%L), %L, %L)', service, slot ->> 'starts_at',
      slot ->> 'practitioner_id'
    )
  ),
  'ok 1',
  format('%s CAN book the %s that is offered first', who, service)
)
from unnest(array['client', 'other']) as who
cross join unnest(array['talk', 'massage', 'group', 'call', 'free']) as service
cross join lateral (
  select tests.act(
    who, format('select public.find_slots(tests.id(%L), %L, %L) -> 0', service, tests.today() + 3, tests.today() + 3)
  )::json as slot
) as s;

select * from finish();
rollback;
