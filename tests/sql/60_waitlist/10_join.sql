-- Joining, changing, leaving: who CAN and who can NOT, and what preferences are taken.
begin;
select * from no_plan();
select tests.practice('north');
select tests.practice('south');

-- Who joins --------------------------------------------------------------------------------------
select tests.gets(
  who, $$ select public.join_waitlist(tests.id('north.talk'), '{}') $$, expected, who || ' joins: ' || expected
)
from (
  values
    ('client', 'ok 1'), ('other', 'ok 1'), ('reception', 'PT422 invalid_argument'), ('south.client', 'PT404 not_found'),
    ('south.owner', 'PT404 not_found'), ('stranger', 'PT404 not_found'), ('removed', 'PT404 not_found'),
    ('nobody', 'PT401 unauthenticated'), ('anon', '42501')
) as t (who, expected);
select tests.gets(
  who, $$ select public.join_waitlist(tests.id('talk'), '{}', tests.id('north.walkin')) $$, expected,
  who || ' puts a client on the list: ' || expected
)
from (
  values
    ('owner', 'ok 1'), ('admin', 'ok 1'), ('reception', 'ok 1'), ('therapist', 'ok 1'),
    ('client', 'PT404 not_found'), ('south.owner', 'PT404 not_found'), ('removed', 'PT404 not_found')
) as t (who, expected);
select tests.gets(
  'reception', $$ select public.join_waitlist(tests.id('talk'), '{}', tests.id('south.client')) $$, 'PT404 not_found',
  'staff can NOT put a client of another organization on the list'
);
select tests.gets(
  'client', $$ select public.join_waitlist(tests.id('internal'), '{}') $$, 'PT404 not_found',
  'a service that only staff book does not exist for clients'
);
select tests.gets(
  'client', $$ select public.join_waitlist(tests.id('talk'), '{}', priority => 1) $$, 'PT403 forbidden',
  'a client can NOT say who comes first'
);
select tests.gets(
  'reception', $$ select public.join_waitlist(tests.id('talk'), '{}', tests.id('client'), 10) $$,
  'PT422 invalid_argument', 'a priority is from 1 to 9'
);
select tests.gets(
  'reception', $$ select public.join_waitlist(tests.id('talk'), '{}', tests.id('client'), 1) $$, 'ok 1',
  'staff CAN say who comes first'
);

-- Preferences -------------------------------------------------------------------------------------
select tests.gets(
  'client', format('select public.join_waitlist(tests.id(''talk''), %L)', preferences), expected,
  preferences || ': ' || expected
)
from (
  values
    ('{}', 'ok 1'),
    ('{"weekdays": [1, 7]}', 'ok 1'),
    ('{"weekdays": [], "times": null}', 'ok 1'),
    ('{"weekdays": [0]}', 'PT422 invalid_argument'),
    ('{"weekdays": [8]}', 'PT422 invalid_argument'),
    ('{"weekdays": [1.5]}', 'PT422 invalid_argument'),
    ('{"weekdays": ["1"]}', 'PT422 invalid_argument'),
    ('{"weekdays": 1}', 'PT422 invalid_argument'),
    ('{"weekdays": [1,2,3,4,5,6,7,1]}', 'PT422 invalid_argument'),
    ('{"times": [{"start_time": "08:00", "end_time": "12:00"}]}', 'ok 1'),
    ('{"times": [{"start_time": "22:00", "end_time": "02:00"}]}', 'ok 1'),
    ('{"times": [{"start_time": "00:00", "end_time": "24:00"}]}', 'ok 1'),
    ('{"times": [{"start_time": "24:00", "end_time": "02:00"}]}', 'PT422 invalid_argument'),
    ('{"times": [{"start_time": "08:00", "end_time": "08:00"}]}', 'PT422 invalid_argument'),
    ('{"times": [{"start_time": "8:00", "end_time": "12:00"}]}', 'PT422 invalid_argument'),
    ('{"times": [{"start_time": "08:00"}]}', 'PT422 invalid_argument'),
    ('{"times": [{"start_time": "08:00", "end_time": "12:00", "x": 1}]}', 'PT422 invalid_argument'),
    ('{"minimum_notice_minutes": 1440}', 'ok 1'),
    ('{"minimum_notice_minutes": -1}', 'PT422 invalid_argument'),
    ('{"minimum_notice_minutes": 43201}', 'PT422 invalid_argument'),
    ('{"minimum_notice_minutes": 1e300}', 'PT422 invalid_argument'),
    ('{"minimum_notice_minutes": "60"}', 'PT422 invalid_argument'),
    ('{"from_date": "2027-02-28", "to_date": "2027-02-28"}', 'ok 1'),
    ('{"from_date": "2027-03-01", "to_date": "2027-02-28"}', 'PT422 invalid_argument'),
    ('{"from_date": "2027-02-29"}', 'PT422 invalid_argument'),
    ('{"to_date": "infinity"}', 'PT422 invalid_argument'),
    ('{"to_date": 20270228}', 'PT422 invalid_argument'),
    ('{"practitioner_ids": ["00000000-0000-4000-8000-000000000000"]}', 'PT404 not_found'),
    ('{"practitioner_ids": ["therapist"]}', 'PT422 invalid_argument'),
    ('{"location_ids": ["00000000-0000-4000-8000-000000000000"]}', 'PT404 not_found'),
    ('{"colour": "red"}', 'PT422 invalid_argument'),
    ('[]', 'PT422 invalid_argument'),
    ('"talk"', 'PT422 invalid_argument'),
    ('null', 'PT422 invalid_argument')
) as t (preferences, expected);
select tests.gets(
  'client',
  format(
    'select public.join_waitlist(tests.id(''talk''), jsonb_build_object(''practitioner_ids'', array[upper(%L)], ''location_ids'', array[%L]))',
    tests.id('therapist'), tests.id('location')
  ),
  'ok 1', 'practitioners and locations of the organization, in any spelling'
);
select tests.gets(
  'client',
  format(
    'select public.join_waitlist(tests.id(''talk''), jsonb_build_object(%L, array[%L]))', key, tests.id('south.' || what)
  ),
  'PT404 not_found', 'a foreign ' || what || ' is as good as absent'
)
from (values ('practitioner_ids', 'therapist'), ('location_ids', 'location')) as t (key, what);

-- One live entry per client and service, repeats ----------------------------------------------------
select tests.remember('entry', tests.act(
  'client', $$ select (public.join_waitlist(tests.id('talk'), '{"weekdays": [1]}', idempotency_key => 'j1')).id $$
)::uuid);
select is(
  tests.act(
    'client', $$ select (public.join_waitlist(tests.id('talk'), '{"weekdays": [1]}', idempotency_key => 'j1')).id $$
  )::uuid,
  tests.id('entry'), 'a repeat with the key answers the same entry'
);
select tests.gets(
  'client', $$ select public.join_waitlist(tests.id('talk'), '{"weekdays": [2]}', idempotency_key => 'j1') $$,
  'PT422 idempotency_mismatch', 'with other preferences it is another request'
);
select tests.gets(
  who, $$ select public.join_waitlist(tests.id('talk'), '{}', tests.id('client')) $$, 'PT409 already_exists',
  who || ' can NOT enter a client twice for a service'
)
from (values ('client'), ('reception')) as t (who);
select tests.gets(
  'client', $$ select public.join_waitlist(tests.id('massage'), '{}') $$, 'ok 1', 'for another service one CAN'
);
select tests.act('reception', $$ select public.archive_client(tests.id('walkin')) $$);
select tests.gets(
  'reception', $$ select public.join_waitlist(tests.id('talk'), '{}', tests.id('walkin')) $$, 'PT409 invalid_state',
  'who is archived does not join'
);

-- Reading: staff of the organization, the client; nobody writes -----------------------------------------
select tests.gets(
  who, $$ select e.* from public.waitlist_entries as e where e.id = tests.id('north.entry') $$, expected,
  who || ' reads the entry: ' || expected
)
from (
  values
    ('owner', 'ok 1'), ('reception', 'ok 1'), ('therapist', 'ok 1'), ('colleague', 'ok 1'), ('client', 'ok 1'),
    ('other', 'ok 0'), ('south.owner', 'ok 0'), ('stranger', 'ok 0'), ('removed', 'ok 0'), ('nobody', 'ok 0'),
    ('anon', '42501')
) as t (who, expected);
select tests.gets(who, statement, '42501', who || ' can NOT: ' || statement)
from
  unnest(array['owner', 'client', 'south.owner']) as who,
  unnest(array[
    $$ update public.waitlist_entries set priority = 1 $$,
    $$ delete from public.waitlist_entries $$,
    $$ insert into public.waitlist_entries (organization_id, client_id, service_id) values (tests.id('north.organization'), tests.id('north.other'), tests.id('north.talk')) $$
  ]) as statement;

-- Changing --------------------------------------------------------------------------------------------
select tests.gets(
  who, format('select public.update_waitlist_entry(tests.id(''north.entry''), %s)', arguments), expected,
  format('%s changes %s: %s', who, arguments, expected)
)
from (
  values
    ('client', $$ '{"weekdays": [5]}' $$, 'ok 1'), ('client', $$ priority => 1 $$, 'PT403 forbidden'),
    ('client', $$ '{"weekdays": [9]}' $$, 'PT422 invalid_argument'),
    ('reception', $$ '{}', 2 $$, 'ok 1'), ('therapist', $$ priority => 9 $$, 'ok 1'),
    ('reception', $$ priority => 0 $$, 'PT422 invalid_argument'),
    ('other', $$ '{}' $$, 'PT404 not_found'), ('south.owner', $$ priority => 1 $$, 'PT404 not_found'),
    ('stranger', $$ '{}' $$, 'PT404 not_found'), ('removed', $$ '{}' $$, 'PT404 not_found'),
    ('nobody', $$ '{}' $$, 'PT401 unauthenticated'), ('anon', $$ '{}' $$, '42501')
) as t (who, arguments, expected);
select is(
  tests.act(
    'client',
    $$ select e.preferences || to_jsonb(e.created_at = (select w.created_at from public.waitlist_entries as w where w.id = e.id)) from public.update_waitlist_entry(tests.id('entry'), '{"weekdays": [5]}') as e $$
  ),
  '[{"weekdays": [5]}, true]', 'new preferences replace the old; the place in the queue stays'
);

-- Leaving ----------------------------------------------------------------------------------------------
select tests.gets(
  who, $$ select public.leave_waitlist(tests.id('north.entry')) $$, expected, who || ' leaves: ' || expected
)
from (
  values
    ('client', 'ok 1'), ('reception', 'ok 1'), ('therapist', 'ok 1'), ('other', 'PT404 not_found'),
    ('south.client', 'PT404 not_found'), ('south.owner', 'PT404 not_found'), ('stranger', 'PT404 not_found'),
    ('nobody', 'PT401 unauthenticated'), ('anon', '42501')
) as t (who, expected);
select is(
  tests.act('client', $$ select (public.leave_waitlist(tests.id('entry'), 'l1')).status $$), 'withdrawn',
  'who leaves has withdrawn'
);
select is(
  tests.act('client', $$ select (public.leave_waitlist(tests.id('entry'), 'l1')).status $$), 'withdrawn',
  'a repeat with the key answers the same'
);
select tests.gets(
  'client', statement, 'PT409 invalid_state', 'what is over can NOT be changed: ' || statement
)
from (
  values
    ($$ select public.leave_waitlist(tests.id('entry')) $$),
    ($$ select public.update_waitlist_entry(tests.id('entry'), '{}') $$)
) as t (statement);
select tests.gets(
  'client', $$ select public.join_waitlist(tests.id('talk'), '{}') $$, 'ok 1', 'who left CAN join again'
);

-- The dashboard is bound, too ---------------------------------------------------------------------------
select tests.gets('operator', statement, expected, 'by hand: ' || statement)
from (
  values
    ($$ update public.waitlist_entries set status = 'waiting' where id = tests.id('entry') $$, 'PT409 invalid_state'),
    ($$ update public.waitlist_entries set client_id = tests.id('other') where id = tests.id('entry') $$,
      'PT409 invalid_state'),
    ($$ update public.waitlist_entries set preferences = '{"weekdays": [0]}' $$,
      '23514 waitlist_entries_preferences_are_known'),
    ($$ insert into public.waitlist_entries (organization_id, client_id, service_id) values (tests.id('organization'), tests.id('south.client'), tests.id('talk')) $$,
      '23503 waitlist_entries_organization_id_client_id_fkey'),
    ($$ insert into public.waitlist_entries (organization_id, client_id, service_id) values (tests.id('organization'), tests.id('client'), tests.id('south.talk')) $$,
      '23503 waitlist_entries_organization_id_service_id_fkey'),
    ($$ insert into public.waitlist_entries (organization_id, client_id, service_id, status) values (tests.id('organization'), tests.id('client'), tests.id('talk'), 'offered') $$,
      'PT409 invalid_state'),
    ($$ insert into public.waitlist_entries (organization_id, client_id, service_id, status, ended_at) values (tests.id('organization'), tests.id('client'), tests.id('talk'), 'booked', now()) $$,
      '23514 waitlist_entries_booked_has_its_appointment')
) as t (statement, expected);

-- Archiving takes off the list ---------------------------------------------------------------------------
select tests.remember('second', tests.act(
  'other', $$ select (public.join_waitlist(tests.id('talk'), '{}')).id $$
)::uuid);
select tests.act('reception', $$ select public.archive_client(tests.id('other')) $$);
select is(
  (select e.status::text from public.waitlist_entries as e where e.id = tests.id('second')), 'withdrawn',
  'who is archived waits no longer'
);

select is_empty($$ select * from private.waitlist_violations(tests.id('organization')) $$, 'the list is sound');
select lives_ok('set constraints all immediate', 'all of it holds at commit');
select * from finish();
rollback;
