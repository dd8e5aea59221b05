-- Group sessions: seats, joining and leaving, and that participants do not see one another.
begin;
select * from no_plan();
select tests.practice('north');
select tests.practice('south');
insert into public.clients (organization_id, given_name, family_name)
values (tests.id('organization'), 'Fourth', 'Person') returning tests.remember('fourth', id);

select tests.book('g1', 'client', 'group', 'therapist', tests.at(3, '10:00'));
select tests.book('g2', 'other', 'group', 'therapist', tests.at(3, '10:00'));
select is(
  (
    select a.session_id = b.session_id and a.room_id = b.room_id from public.appointments as a,
    public.appointments as b where a.id = tests.id('g1') and b.id = tests.id('g2')
  ),
  true, 'two seats share one session and one room'
);
select tests.gets('client', 'select * from public.appointments', 'ok 1', 'a participant can NOT see the others');
select tests.gets(
  'client', $$ select public.cancel_appointment(tests.id('g2')) $$, 'PT404 not_found', 'nor cancel them'
);
select tests.gets(
  'client', $$ select public.reschedule_appointment(tests.id('g2'), tests.at(3, '12:00')) $$, 'PT404 not_found',
  'nor move them'
);
select tests.gets(
  'client', format('select public.book_appointment(tests.id(%L), %L)', 'group', tests.at(3, '10:00')),
  'PT409 client_busy', 'nobody sits on two seats'
);
select tests.book('g3', 'walkin', 'group', 'therapist', tests.at(3, '10:00'));

create function pg_temp.join(client text, starts_at timestamptz, service text default 'group') returns text
language sql as $$
  select format(
    'select public.book_appointment(tests.id(%L), %L, tests.id(%L), tests.id(%L))', service, starts_at, 'therapist',
    client
  )
$$;
select tests.gets(
  'reception', pg_temp.join('fourth', tests.at(3, '10:00')), 'PT409 slot_taken', 'a full session is taken'
);
select tests.gets(
  'reception', pg_temp.join('fourth', tests.at(3, '10:15')), 'PT409 slot_taken', 'a quarter of an hour later too'
);
select tests.gets(
  'reception', pg_temp.join('fourth', tests.at(3, '10:00'), 'talk'), 'PT409 slot_taken', 'and for other services'
);
select tests.gets(
  'reception', pg_temp.join('fourth', tests.at(3, '11:00')), 'ok 1', 'the next session CAN begin right after it'
);
select tests.gets(
  'operator',
  $$ insert into public.appointments (organization_id, location_id, client_id, practitioner_id, service_id, room_id, session_id, during)
    select a.organization_id, a.location_id, tests.id('fourth'), a.practitioner_id, a.service_id, a.room_id, a.session_id, a.during
    from public.appointments as a where a.id = tests.id('g1') $$,
  'PT409 slot_taken', 'no fourth of three seats, even by hand'
);
select tests.book('alone', 'walkin', 'talk', 'colleague', tests.at(9, '10:00'));
select tests.gets(
  'operator',
  format(
    $$ insert into public.appointments (organization_id, location_id, client_id, practitioner_id, service_id, room_id, session_id, during)
      select a.organization_id, a.location_id, tests.id('fourth'), %s, %s, a.room_id, a.session_id, %s
      from public.appointments as a where a.id = tests.id('g1') $$, practitioner, service, during
  ),
  'PT409 slot_taken', 'by hand, one session has one ' || title
)
from (
  values
    ('a.practitioner_id', 'tests.id(''talk'')', 'a.during', 'service'),
    ('tests.id(''colleague'')', 'a.service_id', 'a.during', 'practitioner'),
    (
      'a.practitioner_id', 'a.service_id', 'tstzrange(lower(a.during) + interval ''30 minutes'', upper(a.during))',
      'time'
    ),
    (
      'a.practitioner_id', 'a.service_id', 'tstzrange(lower(a.during) + interval ''1 day'', upper(a.during) + interval ''1 day'')',
      'day'
    )
) as t (practitioner, service, during, title);
select tests.gets(
  'operator',
  $$ update public.appointments as a set session_id = b.session_id
    from public.appointments as b
    where a.id = tests.id('alone') and b.id = tests.id('g1') $$,
  'PT409 slot_taken', 'nor does an appointment elsewhere join it by its name alone'
);

-- Leaving -----------------------------------------------------------------------------------------------------------------
select tests.act('other', $$ select public.cancel_appointment(tests.id('g2')) $$);
select tests.gets(
  'reception', pg_temp.join('fourth', tests.at(3, '10:00')), 'ok 1', 'a cancelled seat CAN be taken again'
);
select tests.act('client', $$ select public.reschedule_appointment(tests.id('g1'), tests.at(3, '14:00')) $$);
select isnt(
  (select a.session_id from public.appointments as a where a.id = tests.id('g1')),
  (select a.session_id from public.appointments as a where a.id = tests.id('g3')),
  'who moves away leaves the session to those who stay'
);
select is(
  (select a.starts_at from public.appointments as a where a.id = tests.id('g3')), tests.at(3, '10:00'),
  'who stay where they were'
);
select tests.book('g4', 'fourth', 'group', 'therapist', tests.at(3, '10:00'));
select tests.book('g5', 'other', 'group', 'therapist', tests.at(3, '10:00'));
select is(
  (select count(distinct a.session_id) from public.appointments as a where a.id in (tests.id('g3'), tests.id('g4'), tests.id('g5'))),
  1::bigint,
  'others CAN take the seats that became free'
);
select tests.gets(
  'client', $$ select public.reschedule_appointment(tests.id('g1'), tests.at(3, '10:00')) $$, 'PT409 slot_taken',
  'then there is no way back'
);
select tests.gets(
  'operator',
  $$ update public.appointments as a set during = b.during, blocked_during = b.blocked_during, session_id = b.session_id
    from public.appointments as b where a.id = tests.id('g1') and b.id = tests.id('g3') $$,
  'PT409 slot_taken', 'not by hand either, though the session bears the own name'
);
select tests.act('reception', $$ select public.cancel_appointment(tests.id('g5')) $$);
select tests.gets(
  'client', $$ select public.reschedule_appointment(tests.id('g1'), tests.at(3, '10:00')) $$, 'ok 1',
  'into a free seat there is'
);
select tests.act('client', $$ select public.reschedule_appointment(tests.id('g1'), tests.at(3, '10:00')) $$);
select is(
  (select count(distinct a.session_id) from public.appointments as a where a.id in (tests.id('g1'), tests.id('g3'), tests.id('g4'))),
  1::bigint,
  'who moves into a session joins it'
);
select tests.gets(
  'reception', $$ select public.reschedule_appointment(tests.id('g1'), tests.at(3, '10:15')) $$, 'PT409 slot_taken',
  'a participant can NOT drag the session along'
);

-- Seats and buffers that change after the session was made --------------------------------------------------------------------
update public.services set seats = 2 where id = tests.id('group');
select tests.act('reception', $$ select public.cancel_appointment(tests.id('g4')) $$);
select tests.gets(
  'reception', pg_temp.join('fourth', tests.at(3, '10:00')), 'PT409 slot_taken',
  'fewer seats hold for sessions that exist'
);
update public.services set seats = 3 where id = tests.id('group');
select tests.book('next', 'other', 'talk', 'therapist', tests.at(3, '11:00'));
update public.services set buffer_after_minutes = 15 where id = tests.id('group');
set local statement_timeout = '10s';
select tests.gets(
  'reception', pg_temp.join('fourth', tests.at(3, '10:00')), 'ok 1',
  'who joins takes the session as it was booked, whatever the buffers are now'
);
set local statement_timeout = 0;
update public.services set buffer_after_minutes = 0 where id = tests.id('group');

-- Blocks of seats ----------------------------------------------------------------------------------------------------------------
select tests.act(
  'reception',
  format(
    'select public.book_block(tests.id(%L), tests.id(%L), tests.id(%L), %L, 2)', 'group', 'therapist', client,
    tests.at(4, '10:00')
  )
)
from unnest(array['client', 'other', 'walkin']) as client;
select tests.gets(
  'reception',
  format(
    'select public.book_block(tests.id(%L), tests.id(%L), tests.id(%L), %L, 2)', 'group', 'therapist', 'fourth',
    tests.at(4, '10:00')
  ),
  'PT409 slot_taken', 'a course has as many seats as its sessions'
);
select is(
  (select string_agg(n::text, ' ') from (select count(*) as n from public.appointments as a where a.organization_id = tests.id('organization') and a.starts_at in (tests.at(4, '10:00'), tests.at(11, '10:00')) group by a.session_id) as s),
  '3 3', 'each of its sessions is one session'
);

-- A service whose length changes while its sessions exist ------------------------------------------------------------------------
select tests.act('reception', pg_temp.join('client', tests.at(5, '10:00')));
select tests.book('at the end', 'other', 'call', 'colleague', tests.at(5, '10:30'));
update public.services set duration_minutes = 30 where id = tests.id('group');
create function pg_temp.offered(who text, day integer) returns boolean
language sql as $$
  select exists (
    select 1
    from json_array_elements(
      tests.act(
        who,
        format('select public.find_slots(tests.id(%L), %L, %L)', 'group', tests.today() + day, tests.today() + day)
      )::json
    ) as s
    where (s.value ->> 'starts_at')::timestamptz = tests.at(day, '10:00')
      and s.value ->> 'practitioner_id' = tests.id('therapist')::text
  )
$$;
select ok(not pg_temp.offered('other', 5), 'a session that goes on when the client is elsewhere is NOT offered');
select ok(pg_temp.offered('reception', 5), 'staff see it');
select tests.gets(
  'reception', replace(pg_temp.join('other', tests.at(5, '10:00')), 'tests.id(''therapist'')', practitioner), 'PT409 client_busy',
  'who is elsewhere before the session ends can NOT join it, with practitioner ' || practitioner
)
from unnest(array['tests.id(''therapist'')', 'null']) as practitioner;
select tests.gets(
  'reception',
  format(
    'select public.book_block(tests.id(%L), tests.id(%L), tests.id(%L), %L, 1)', 'group', 'therapist', 'other',
    tests.at(5, '10:00')
  ),
  'PT409 client_busy', 'nor with a series'
);
select tests.gets('reception', pg_temp.join('walkin', tests.at(5, '10:00')), 'ok 1', 'who is free CAN');
select tests.act('reception', $$ select public.cancel_appointment(tests.id('at the end')) $$);
select tests.book('just after', 'other', 'call', 'colleague', tests.at(5, '11:00'));
update public.services set duration_minutes = 120 where id = tests.id('group');
select ok(pg_temp.offered('other', 5), 'one that is over by then is, though sessions last longer by now');
select tests.gets('other', pg_temp.join('other', tests.at(5, '10:00')), 'ok 1', 'and can be joined');
update public.services set duration_minutes = 60 where id = tests.id('group');
select is(
  private.blocked_during(
    s, row(tests.id('therapist'), null, null, gen_random_uuid(), tests.at(5, '12:00'), tests.at(5, '13:00'))
  ),
  tstzrange(tests.at(5, '12:00'), tests.at(5, '13:15')),
  'a session whose last participant has cancelled is as long as any other'
)
from public.services as s
where s.id = tests.id('massage');

select lives_ok('set constraints all immediate', 'all of it holds at commit');
select * from finish();
rollback;
