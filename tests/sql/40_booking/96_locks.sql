-- Writers of a calendar take turns: which calendars a call holds until its transaction ends. What
-- comes of it when several come at once is tested in tests/concurrency.

begin;
select plan(15);
select tests.practice('north');

-- The calendars that this transaction holds, of those that the test knows.
create function pg_temp.held() returns text language sql as $$
  select string_agg(i.key, ' ' order by i.key)
  from tests.ids as i
  where exists (
    select 1
    from pg_catalog.pg_locks as l
    cross join generate_series(1, 3) as calendar
    where l.locktype = 'advisory' and l.pid = pg_backend_pid() and l.granted and l.objsubid = 1
      and (l.classid::bigint << 32) + l.objid::bigint
        = hashtextextended(i.id::text, calendar)
  )
$$;
-- What a call holds that it did not hold before; the call and its locks are taken back.
create function pg_temp.holds(who text, statement text) returns text language plpgsql as $$
declare
  v_held text;
begin
  perform tests.operator();
  begin
    perform tests.be(who);
    execute statement;
    perform tests.operator();
    v_held := pg_temp.held();
    raise exception using errcode = 'PX999', message = 'done';
  exception when sqlstate 'PX999' then
    null;
  end;
  perform tests.operator();
  return coalesce(v_held, 'nothing');
end
$$;
create function pg_temp.call(name text, arguments text) returns text language sql as $$
  select format('select count(*) from public.%I(%s)', name, arguments)
$$;

select is(pg_temp.held(), null, 'nothing is held at first');

select is(
  pg_temp.holds('operator', format('select private.lock_calendar(array[%L]::uuid[])', tests.id('therapist'))),
  'north.therapist', 'the calendar of a practitioner'
);
select is(
  pg_temp.holds(
    'operator',
    format(
      'select private.lock_calendar(array[%L]::uuid[], array[%L, %L]::uuid[], array[%L]::uuid[])',
      tests.id('therapist'), tests.id('room1'), tests.id('room2'), tests.id('client')
    )
  ),
  'north.client north.room1 north.room2 north.therapist', 'of practitioners, rooms and clients'
);
select isnt(
  hashtextextended(tests.id('client')::text, 1), hashtextextended(tests.id('client')::text, 3),
  'one id in two roles is two calendars'
);

select alike(
  pg_temp.holds('reception', pg_temp.call('book_appointment', format(
    '%L, %L, %L, %L', tests.id('talk'), tests.at(3, '10:00'), tests.id('therapist'), tests.id('client')
  ))),
  '%north.therapist%', 'booking holds the calendar that it writes into'
);
select unalike(
  pg_temp.holds('reception', pg_temp.call('book_appointment', format(
    '%L, %L, %L, %L', tests.id('talk'), tests.at(3, '10:00'), tests.id('therapist'), tests.id('client')
  ))),
  '%north.colleague%', 'and not those of others'
);
insert into public.service_rooms (organization_id, service_id, room_id)
values (tests.id('organization'), tests.id('massage'), tests.id('room2'));
select is(
  pg_temp.holds('reception', pg_temp.call('book_block', format(
    '%L, %L, %L, %L, 2', tests.id('massage'), tests.id('therapist'), tests.id('client'), tests.at(3, '10:00')
  ))),
  'north.client north.room1 north.room2 north.therapist',
  'a series holds practitioner, client and every room it may need'
);
delete from public.service_rooms where service_id = tests.id('massage') and room_id = tests.id('room2');
select is(
  pg_temp.holds('reception', pg_temp.call('book_block', format(
    '%L, %L, %L, %L, 2', tests.id('talk'), tests.id('therapist'), tests.id('client'), tests.at(3, '10:00')
  ))),
  'north.client north.therapist', 'and no room where none is needed'
);

select tests.book('first', 'client', 'massage', 'therapist', tests.at(4, '10:00'));
select alike(
  pg_temp.holds('reception', pg_temp.call('reschedule_appointment', format(
    '%L, %L', tests.id('first'), tests.at(5, '10:00')
  ))),
  '%north.client%north.room1%north.therapist%', 'moving holds client, room and practitioner'
);
select alike(
  pg_temp.holds('reception', pg_temp.call('reschedule_appointment', format(
    '%L, %L, %L', tests.id('first'), tests.at(5, '10:00'), tests.id('colleague')
  ))),
  '%north.colleague%', 'and the calendar that it moves to'
);
select is(
  pg_temp.holds('reception', pg_temp.call('find_slots', format(
    '%L, %L, %L', tests.id('talk'), tests.today(), tests.today() + 7
  ))),
  coalesce(pg_temp.held(), 'nothing'), 'looking for slots holds nothing more'
);
select isnt(pg_temp.held(), null, 'what was booked is held until the end of the transaction');

-- Whose it was when it was read, and whose it is when the lock is there.
create function pg_temp.still_permitted(who text, was_of text) returns void
language plpgsql as $$
declare
  v_appointment public.appointments;
  v_before public.appointments;
begin
  select a.* into v_appointment from public.appointments as a where a.id = tests.id('first');
  v_before := v_appointment;
  v_before.practitioner_id := tests.id(was_of);
  perform tests.become('none', jsonb_build_object('sub', tests.id(who || '_user')));
  perform private.require_still_permitted(row(v_before, false), v_appointment);
end
$$;
select throws_ok(
  $$ select pg_temp.still_permitted('colleague', 'colleague') $$, 'PT404', 'not_found',
  'whose appointment was passed on while they waited can NOT change it'
);
select lives_ok($$ select pg_temp.still_permitted('reception', 'colleague') $$, 'the desk CAN');
select lives_ok($$ select pg_temp.still_permitted('therapist', 'therapist') $$, 'as its practitioner CAN');
select tests.operator();

select * from finish();
rollback;
