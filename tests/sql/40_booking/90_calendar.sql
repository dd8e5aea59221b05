-- appointment_calendar: what an invitation says, and to whom.
begin;
select * from no_plan();
select tests.practice('north');
select tests.practice('south');
select tests.book('a', 'client', 'talk', 'therapist', tests.at(3, '10:00'), ', note => ''Bring a towel''');
update public.organizations set contact_email = 'desk@north.example' where id = tests.id('organization');

create function pg_temp.calendar(who text, field text) returns text
language sql as $$ select tests.act(who, format('select public.appointment_calendar(tests.id(%L)) ->> %L', 'north.a', field)) $$;

select is(pg_temp.calendar('client', field), expected, format('%s is %s', field, expected))
from (
  values
    ('appointment_id', tests.id('a')::text), ('revision', '0'), ('status', 'confirmed'), ('mode', 'in_person'),
    ('timezone', 'Europe/Prague'),
    ('location_timezone', 'Europe/Prague'), ('summary', 'talk, North'), ('description', 'Bring a towel'),
    ('location_name', 'North'),
    ('organization_name', 'North'), ('organizer_email', 'desk@north.example'), ('practitioner_name', 'Therapist'),
    ('attendee_name', 'Jana Nováková'), ('attendee_email', 'client@north.example'), ('cancelled_at', null)
) as t (field, expected);

select is(
  pg_temp.calendar(who, 'appointment_id') is not null, sees,
  who || case when sees then ' CAN get it' else ' can NOT get it' end
)
from (
  values
    ('client', true), ('reception', true), ('owner', true), ('therapist', true), ('colleague', false),
    ('other', false), ('south.owner', false),
    ('removed', false), ('stranger', false)
) as t (who, sees);
select tests.gets('anon', $$ select public.appointment_calendar(tests.id('a')) $$, '42501', 'a visitor can NOT ask');
select is(
  tests.act('client', 'select public.appointment_calendar(gen_random_uuid())'), null,
  'an unknown appointment has no entry, just like a foreign one'
);

-- The recipient's zone: the client record's, else the profile's, else the location's.
select tests.act('client', $$ insert into public.profiles (timezone) values ('America/New_York') returning user_id $$);
select is(pg_temp.calendar('client', 'timezone'), 'America/New_York', 'the zone of the client''s profile');
select tests.act('client', $$ update public.clients set timezone = 'Asia/Tokyo' returning id $$);
select is(pg_temp.calendar('client', 'timezone'), 'Asia/Tokyo', 'or of the client''s record at this practice');
select is(pg_temp.calendar('reception', 'timezone'), 'Europe/Prague', 'staff get the location''s');
select is(pg_temp.calendar('client', 'location_timezone'), 'Europe/Prague', 'which is named besides');

-- Moving and cancelling raise the sequence.
select tests.act('client', format('select public.reschedule_appointment(tests.id(%L), %L)', 'a', tests.at(3, '12:00')));
select is(pg_temp.calendar('client', 'revision'), '1', 'a move raises the revision');
select tests.act('client', $$ select public.cancel_appointment(tests.id('a')) $$);
select is(
  pg_temp.calendar('client', 'revision') || ' ' || pg_temp.calendar('client', 'status'), '2 cancelled',
  'so does a cancellation'
);
select isnt(pg_temp.calendar('client', 'cancelled_at'), null, 'which is dated');

select * from finish();
rollback;
