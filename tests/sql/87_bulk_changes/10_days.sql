-- cancel_day and move_day: who, which appointments, what becomes of each, and going on after a stop.
begin;
select * from no_plan();
select tests.practice('north');
select tests.practice('south');
select tests.top_up('client', 300000);
select tests.book('first', 'client', 'talk', 'therapist', tests.at(3, '09:00'));
select tests.book('second', 'other', 'massage', 'therapist', tests.at(3, '11:00'));
select tests.book('third', 'walkin', 'talk', 'therapist', tests.at(3, '16:00'));
select tests.book('elsewhere', 'client', 'talk', 'colleague', tests.at(3, '14:00'));
select tests.book('tomorrow', 'other', 'talk', 'therapist', tests.at(4, '16:00'));
select tests.book('south.first', 'south.client', 'south.talk', 'south.therapist', tests.at(3, '09:00'));

-- In calls, day(3) is three days from today.
create function pg_temp.start(who text, call text) returns void
language sql as $$
  select tests.remember(
    'operation',
    tests.act(
      who, regexp_replace(format('select (public.%s).id', call), '\mday\((\d+)\)', '(tests.today() + \1)', 'g')
    )::uuid
  )
$$;
create function pg_temp.run(who text default 'reception', max_items integer default 25) returns text
language sql as $$
  select tests.act(
    who,
    format(
      'select concat_ws('' '', o.status, o.total_count, o.done_count, o.failed_count, o.skipped_count)'
      ' from public.run_bulk_operation(%L, %s) as o',
      tests.id('operation'), max_items
    )
  )
$$;
create function pg_temp.items() returns text
language sql as $$
  select string_agg(concat_ws(' ', i.status, i.code), ', ' order by i.number)
  from public.bulk_operation_items as i where i.operation_id = tests.id('operation')
$$;
create function pg_temp.local(name text) returns text
language sql as $$
  select format('%s %s', p.display_name, to_char(a.starts_at at time zone 'Europe/Prague', 'HH24:MI'))
    || format(' +%s', (a.starts_at at time zone 'Europe/Prague')::date - tests.today())
  from public.appointments as a join public.practitioners as p on p.id = a.practitioner_id
  where a.id = tests.id(name)
$$;

create function pg_temp.state(name text) returns text
language sql as $$
  select concat_ws(' ', a.status, a.payment_status, a.cancellation_reason)
  from public.appointments as a where a.id = tests.id(name)
$$;
create function pg_temp.age() returns void
language plpgsql as $$
begin
  set constraints all immediate;
  set constraints all deferred;
  alter table public.bulk_operations disable trigger user;
  update public.bulk_operations set created_at = now() - interval '5 minutes' where id = tests.id('operation');
  alter table public.bulk_operations enable trigger user;
end
$$;
-- Does one thing after another, returns what each answered, and takes it all back.
create function pg_temp.story(variadic statements text[]) returns text
language plpgsql set search_path = pg_temp, public, extensions as $$
declare
  v_statement text;
  v_value text;
  v_values text[] := '{}';
begin
  begin
    foreach v_statement in array statements loop
      execute 'select (' || v_statement || ')::text' into v_value;
      v_values := v_values || nullif(v_value, '');
    end loop;
    raise exception using errcode = 'PX999';
  exception
    when sqlstate 'PX999' then null;
  end;
  return array_to_string(v_values, ' | ');
end
$$;

-- Who -------------------------------------------------------------------------------------------------
select tests.gets(
  who, format(call, tests.id(practitioner), tests.today() + 3), expected,
  format('%s clears the day of %s: %s', who, practitioner, expected)
)
from (
  values
    ('owner', 'therapist', 'ok 1'), ('admin', 'therapist', 'ok 1'), ('reception', 'therapist', 'ok 1'),
    ('therapist', 'therapist', 'ok 1'), ('colleague', 'therapist', 'PT403 forbidden'),
    ('client', 'therapist', 'PT403 forbidden'), ('removed', 'therapist', 'PT404 not_found'),
    ('stranger', 'therapist', 'PT404 not_found'), ('south.owner', 'therapist', 'PT404 not_found'),
    ('reception', 'south.therapist', 'PT404 not_found'), ('reception', 'client', 'PT404 not_found'),
    ('nobody', 'therapist', 'PT401 unauthenticated'), ('anon', 'therapist', '42501')
) as t (who, practitioner, expected)
cross join (
  values
    ('select public.cancel_day(%1$L, %2$L)'), ('select public.move_day(%1$L, %2$L, %2$L::date + 1)')
) as c (call);
select tests.gets('reception', format(call, tests.id('therapist'), tests.today()), expected, call)
from (
  values
    ('select public.cancel_day(%L, null)', 'PT422 invalid_argument'),
    ('select public.cancel_day(%L, ''infinity'')', 'PT422 invalid_argument'),
    ('select public.cancel_day(%1$L, %2$L::date - 1)', 'PT422 too_late'),
    ('select public.cancel_day(%1$L, %2$L, repeat(''x'', 501))', 'PT422 invalid_argument'),
    ('select public.cancel_day(%1$L, %2$L, close_day => null)', 'ok 1'),
    ('select public.move_day(%1$L, %2$L, null)', 'PT422 invalid_argument'),
    ('select public.move_day(%1$L, ''-infinity'', %2$L)', 'PT422 invalid_argument'),
    ('select public.move_day(%1$L, %2$L, %2$L)', 'PT422 invalid_argument'),
    ('select public.move_day(%1$L, %2$L, %2$L, latest_day => %2$L::date + 1)', 'PT422 invalid_argument'),
    ('select public.move_day(%1$L, %2$L, %2$L::date + 1, latest_day => %2$L)', 'PT422 invalid_argument'),
    ('select public.move_day(%1$L, %2$L, %2$L::date + 1, latest_day => %2$L::date + 33)', 'PT422 invalid_argument'),
    ('select public.move_day(%1$L, %2$L, %2$L::date + 1, tests.id(''south.therapist''))', 'PT404 not_found'),
    ('select public.move_day(%1$L, %2$L, %2$L::date + 1, %1$L, %2$L::date + 32)', 'ok 1')
) as t (call, expected);

-- Cancelling a day ------------------------------------------------------------------------------------
create function pg_temp.closings() returns text
language sql as $$
  select format('%s %s', count(*), max(t.reason)) from public.time_off as t
  where t.organization_id = tests.id('organization')
$$;
create function pg_temp.closed_in(zone text) returns text
language plpgsql as $$
begin
  update public.locations set timezone = zone where id = tests.id('location');
  perform pg_temp.start('reception', 'cancel_day(tests.id(''therapist''), day(3))');
  return (
    select format('%s to %s', lower(t.during) at time zone zone, upper(t.during) at time zone zone)
    from public.time_off as t
    where t.organization_id = tests.id('organization')
  );
end
$$;
create function pg_temp.cancelled() returns bigint
language sql as $$
  select count(*) from public.appointments as a
  where a.organization_id = tests.id('organization') and a.status = 'cancelled'
$$;
create function pg_temp.book_then() returns text
language sql as $$
  select tests.try(
    'reception',
    format(
      'select public.book_appointment(%L, %L, %L, %L)', tests.id('talk'), tests.at(3, '13:00'), tests.id('therapist'),
      tests.id('other')
    )
  )
$$;
select is(
  pg_temp.story(
    $$ pg_temp.start('reception', 'cancel_day(tests.id(''therapist''), day(3), ''Ill'')') $$,
    $$ pg_temp.cancelled() $$, $$ pg_temp.book_then() $$, $$ pg_temp.closings() $$
  ),
  '0 | PT422 outside_working_hours | 1 Ill', 'starting cancels nothing yet, but closes the day at once, with the reason'
);
select is(
  pg_temp.story(format('pg_temp.closed_in(%L)', zone)),
  format('%s to %s', (tests.today() + 3)::timestamp, (tests.today() + 4)::timestamp),
  'a day lasts from midnight to midnight in ' || zone
)
from unnest(array['Europe/Prague', 'America/New_York', 'Pacific/Auckland']) as zone;
select is(
  pg_temp.story(
    $$ pg_temp.start('reception', 'cancel_day(tests.id(''therapist''), day(3), ''Ill'')') $$,
    $$ pg_temp.run(max_items => 1) $$, $$ pg_temp.state('first') $$,
    $$ (select a.cancelled_by = tests.id('reception_user') from public.appointments as a where a.id = tests.id('first')) $$
  ),
  'running 3 1 0 0 | cancelled refunded Ill | true', 'a portion at a time, with refund, in the caller''s name'
);
select is(
  pg_temp.story(
    $$ pg_temp.start('reception', 'cancel_day(tests.id(''therapist''), day(3))') $$,
    $$ left(tests.act('reception', 'select public.cancel_appointment(tests.id(''second''))'), 0) $$,
    $$ pg_temp.run() $$, $$ pg_temp.items() $$, $$ pg_temp.run() $$
  ),
  'completed 3 2 0 1 | done, skipped invalid_state, done | completed 3 2 0 1',
  'what was cancelled meanwhile is skipped; a completed operation does nothing more'
);
select is(
  pg_temp.story(
    $$ pg_temp.start('reception', 'cancel_day(tests.id(''therapist''), day(3))') $$,
    $$ left(tests.act(
      'reception',
      format('select public.reschedule_appointment(tests.id(''second''), %L)', tests.at(5, '12:00'))
    ), 0) $$,
    $$ left(tests.act(
      'reception',
      format(
        'select public.reschedule_appointment(tests.id(''third''), %L, tests.id(''colleague''))', tests.at(3, '16:00')
      )
    ), 0) $$,
    $$ pg_temp.run() $$, $$ pg_temp.state('second') $$, $$ pg_temp.state('third') $$
  ),
  'completed 3 1 0 2 | confirmed unpaid | confirmed unpaid', 'and what was moved away meanwhile stays'
);
select is(
  pg_temp.story(
    $$ pg_temp.start('reception', 'cancel_day(tests.id(''therapist''), day(3))') $$, $$ pg_temp.run() $$,
    $$ pg_temp.state('elsewhere') $$, $$ pg_temp.state('tomorrow') $$, $$ pg_temp.state('south.first') $$
  ),
  'completed 3 3 0 0 | confirmed paid | confirmed unpaid | confirmed unpaid',
  'other calendars, days and practices are left alone'
);
select is(
  pg_temp.story(
    $$ pg_temp.start('therapist', 'cancel_day(tests.id(''therapist''), day(3), refund => false, close_day => false)') $$,
    $$ pg_temp.run('therapist') $$, $$ pg_temp.state('first') $$, $$ pg_temp.closings() $$
  ),
  'completed 3 3 0 0 | cancelled paid | 0 ', 'practitioners do it for themselves; without refund, without closing'
);
select is(
  pg_temp.story(
    $$ pg_temp.start('therapist', 'cancel_day(tests.id(''therapist''), day(9))') $$,
    $$ pg_temp.start('therapist', 'cancel_day(tests.id(''therapist''), day(9))') $$,
    $$ pg_temp.run('therapist') $$, $$ pg_temp.closings() $$
  ),
  'completed 0 0 0 0 | 1 ', 'an empty day is done at once, and closed once'
);

-- The same key goes on --------------------------------------------------------------------------------
select is(
  pg_temp.story(
    $$ pg_temp.start('reception', 'cancel_day(tests.id(''therapist''), day(3), idempotency_key => ''ill'')') $$,
    $$ left(tests.remember('known', tests.id('operation'))::text, 0) $$,
    $$ pg_temp.run(max_items => 2) $$,
    $$ pg_temp.start('reception', 'cancel_day(tests.id(''therapist''), day(3), idempotency_key => ''ill'')') $$,
    $$ tests.id('operation') = tests.id('known') $$,
    $$ tests.act(
      'reception',
      'select (public.cancel_day(tests.id(''therapist''), tests.today() + 3, idempotency_key => ''ill'')).done_count'
    ) $$,
    $$ tests.try(
      'reception', 'select public.cancel_day(tests.id(''therapist''), tests.today() + 4, idempotency_key => ''ill'')'
    ) $$,
    $$ pg_temp.run() $$
  ),
  'running 3 2 0 0 | true | 2 | PT422 idempotency_mismatch | completed 3 3 0 0',
  'the same key answers the operation as it is now; another day needs another key'
);
select is(
  pg_temp.story(
    $$ pg_temp.start('reception', 'cancel_day(tests.id(''therapist''), day(3))') $$, $$ pg_temp.run(max_items => 2) $$,
    $$ left(tests.act('reception', format('select public.cancel_bulk_operation(%L)', tests.id('operation'))), 0) $$,
    $$ pg_temp.run() $$, $$ pg_temp.state('third') $$
  ),
  'running 3 2 0 0 | cancelled 3 2 0 0 | confirmed unpaid', 'a stopped operation leaves the rest alone'
);

-- Who runs it -----------------------------------------------------------------------------------------
select is(
  pg_temp.story(
    $$ pg_temp.start('reception', 'cancel_day(tests.id(''therapist''), day(3))') $$,
    format(
      $$ tests.try(%L, format('select public.run_bulk_operation(%%L%s)', tests.id('operation'))) $$, who, extra
    )
  ),
  expected, format('%s runs it%s: %s', who, extra, expected)
)
from (
  values
    ('owner', '', 'ok 1'), ('admin', '', 'ok 1'), ('therapist', '', 'PT404 not_found'),
    ('client', '', 'PT404 not_found'), ('south.owner', '', 'PT404 not_found'), ('removed', '', 'PT404 not_found'),
    ('nobody', '', 'PT401 unauthenticated'), ('anon', '', '42501'),
    ('owner', ', 0', 'PT422 invalid_argument'), ('owner', ', 101', 'PT422 invalid_argument'),
    ('owner', ', null', 'PT422 invalid_argument')
) as t (who, extra, expected);
select tests.remember(
  'other_work', (private.start_bulk(tests.id('organization'), 'other_work', '{}', array['{}']::jsonb[])).id
);
select tests.gets(
  'owner', 'select public.run_bulk_operation(tests.id(''other_work''))', 'PT422 invalid_argument',
  'operations of other kinds are not run here'
);

-- Moving a day ----------------------------------------------------------------------------------------
select is(
  pg_temp.story(
    $$ pg_temp.start('reception', 'move_day(tests.id(''therapist''), day(3), day(4))') $$, $$ pg_temp.run() $$,
    $$ pg_temp.local('first') $$, $$ pg_temp.local('second') $$, $$ pg_temp.local('third') $$,
    $$ pg_temp.state('first') $$,
    $$ (
      select (i.result ->> 'starts_at')::timestamptz = tests.at(4, '17:00')
      from public.bulk_operation_items as i where i.operation_id = tests.id('operation') and i.number = 3
    ) $$
  ),
  'completed 3 3 0 0 | Therapist 09:00 +4 | Therapist 11:00 +4 | Therapist 17:00 +4 | confirmed paid | true',
  'to the same local time, or to the next free start; what was paid stays paid'
);
select is(
  pg_temp.story(
    $$ left(tests.book('evening', 'client', 'talk', 'therapist', tests.at(4, '17:00'))::text, 0) $$,
    $$ pg_temp.start('reception', 'move_day(tests.id(''therapist''), day(3), day(4))') $$, $$ pg_temp.run() $$,
    $$ pg_temp.items() $$, $$ pg_temp.local('third') $$
  ),
  'completed 3 2 1 0 | done, done, failed slot_taken | Therapist 16:00 +3',
  'one that finds no start stays where it was and undoes nothing else'
);
select is(
  pg_temp.story(
    $$ left(tests.book('evening', 'client', 'talk', 'therapist', tests.at(4, '17:00'))::text, 0) $$,
    $$ pg_temp.start('reception', 'move_day(tests.id(''therapist''), day(3), day(4), latest_day => day(5))') $$,
    $$ pg_temp.run() $$, $$ pg_temp.local('third') $$
  ),
  'completed 3 3 0 0 | Therapist 08:00 +5', 'with more days to choose from it goes to the next morning'
);
select is(
  pg_temp.story(
    $$ pg_temp.start('therapist', 'move_day(tests.id(''therapist''), day(3), day(3), tests.id(''colleague''))') $$,
    $$ pg_temp.run('therapist') $$, $$ pg_temp.local('first') $$, $$ pg_temp.local('third') $$,
    $$ (select count(*) from public.time_off as t where t.practitioner_id = tests.id('colleague')) $$
  ),
  'completed 3 3 0 0 | Colleague 09:00 +3 | Colleague 16:00 +3 | 0',
  'a colleague, whose day stays open, takes the day over'
);
select is(
  pg_temp.story(
    $$ pg_temp.start('reception', 'move_day(tests.id(''therapist''), day(3), day(3), tests.id(''freelancer''))') $$,
    $$ pg_temp.run() $$, $$ pg_temp.items() $$
  ),
  'completed 3 0 3 0 | failed not_found, failed not_found, failed not_found',
  'nobody is moved to who does not offer the service'
);
select is(
  pg_temp.story(
    $$ left(tests.book('busy', 'client', 'talk', 'colleague', tests.at(4, '09:00'))::text, 0) $$,
    $$ pg_temp.start('reception', 'move_day(tests.id(''therapist''), day(3), day(4))') $$,
    $$ left(pg_temp.run(), 0) $$, $$ pg_temp.local('first') $$
  ),
  'Therapist 10:00 +4', 'the client''s other appointment is stepped over'
);
select is(
  pg_temp.story(
    $$ left(tests.book('eve', 'client', 'talk', 'therapist', tests.at(tests.next('spring') - 1, '09:00'))::text, 0) $$,
    $$ pg_temp.start(
      'reception', 'move_day(tests.id(''therapist''), tests.next(''spring'') - 1, tests.next(''spring''))'
    ) $$,
    $$ pg_temp.run() $$,
    $$ (select a.starts_at = tests.at(tests.next('spring'), '09:00') from public.appointments as a
      where a.id = tests.id('eve')) $$
  ),
  'completed 1 1 0 0 | true', 'across a clock change the local time stays'
);

-- Groups move together ----------------------------------------------------------------------------------
select tests.book('seat1', 'client', 'group', 'therapist', tests.at(5, '10:00'));
select tests.book('seat2', 'other', 'group', 'therapist', tests.at(5, '10:00'));
select is(
  pg_temp.story(
    $$ pg_temp.start('reception', 'move_day(tests.id(''therapist''), day(5), day(6))') $$, $$ pg_temp.run() $$,
    $$ pg_temp.local('seat1') $$, $$ pg_temp.local('seat2') $$,
    $$ (select count(distinct a.session_id) from public.appointments as a
      where a.id in (tests.id('seat1'), tests.id('seat2'))) $$
  ),
  'completed 2 2 0 0 | Therapist 10:00 +6 | Therapist 10:00 +6 | 1', 'a group stays one session'
);

-- Waiting list: neither holds nor what is freed on a closed day --------------------------------------
select tests.remember('entry', tests.act('other', $$ select (public.join_waitlist(tests.id('talk'), '{}')).id $$)::uuid);
select tests.act(
  'reception',
  format('select public.offer_slot(tests.id(''entry''), tests.id(''therapist''), %L)', tests.at(8, '10:00'))
);
select tests.book('paid', 'client', 'talk', 'therapist', tests.at(8, '12:00'));
create function pg_temp.holds() returns text
language sql as $$
  select string_agg(o.status::text, ' ' order by o.created_at) from public.waitlist_offers as o
  where o.organization_id = tests.id('organization')
$$;
select is(
  pg_temp.story(
    $$ pg_temp.start('reception', 'cancel_day(tests.id(''therapist''), day(8))') $$, $$ pg_temp.run() $$,
    $$ pg_temp.holds() $$, $$ left(private.offer_freed_slots()::text, 0) $$, $$ pg_temp.holds() $$
  ),
  'completed 2 2 0 0 | withdrawn | withdrawn', 'a cancelled day ends its offers and makes no new ones'
);
select is(
  pg_temp.story(
    $$ pg_temp.start('reception', 'move_day(tests.id(''therapist''), day(8), day(11))') $$, $$ pg_temp.run() $$,
    $$ pg_temp.holds() $$, $$ pg_temp.local('paid') $$
  ),
  'completed 2 2 0 0 | withdrawn | Therapist 12:00 +11', 'nor does a moved day take a held place along'
);

select is(
  pg_temp.story(
    $$ pg_temp.start('reception', 'cancel_day(tests.id(''therapist''), day(3))') $$,
    $$ tests.try('operator', 'update public.bulk_operation_items set status = ''done'' where operation_id = tests.id(''operation'')') $$,
    $$ tests.try(
      'operator',
      'insert into public.bulk_operation_items (operation_id, number, organization_id, subject_id)'
      ' values (tests.id(''operation''), 99, tests.id(''organization''), gen_random_uuid())'
    ) $$
  ),
  'PT409 invalid_state | PT409 invalid_state', 'by hand, nothing is done that did not happen, or to nobody'
);

-- What others left would be dealt with first.
update public.bulk_operations set status = 'cancelled'
where status = 'running' and organization_id <> tests.id('organization');

-- The day of the location, at the location -----------------------------------------------------------
create function pg_temp.at(days integer, local_time time) returns timestamptz
language sql as $$
  select (tests.today() + days + local_time) at time zone l.timezone
  from public.locations as l where l.id = tests.id('location')
$$;
create function pg_temp.move_to(zone text) returns void
language sql as $$
  update public.locations set timezone = zone where id = tests.id('location')
$$;
select is(
  pg_temp.story(
    format('pg_temp.move_to(%L)', zone),
    $$ left(tests.book('morning', 'client', 'talk', 'therapist', pg_temp.at(4, '08:00'))::text, 0) $$,
    $$ left(tests.book('evening', 'client', 'talk', 'therapist', pg_temp.at(4, '17:00'))::text, 0) $$,
    $$ pg_temp.start('reception', 'cancel_day(tests.id(''therapist''), day(4))') $$, $$ left(pg_temp.run(), 0) $$,
    $$ pg_temp.state('morning') $$, $$ pg_temp.state('evening') $$,
    $$
      (
        select t.during = tstzrange(pg_temp.at(4, '00:00'), pg_temp.at(5, '00:00'))
        from public.time_off as t where t.practitioner_id = tests.id('therapist')
      )
    $$
  ),
  'cancelled unpaid | cancelled unpaid | true', 'a day is cleared from midnight to midnight in ' || zone
)
from unnest(array['America/New_York', 'Asia/Tokyo']) as zone;
insert into public.locations (id, organization_id, name, timezone)
values ('00000000-0000-4000-8000-000000000001', tests.id('organization'), 'Branch', 'Europe/Prague');
insert into public.working_hours (organization_id, practitioner_id, location_id, weekday, start_time, end_time)
select tests.id('organization'), tests.id('therapist'), '00000000-0000-4000-8000-000000000001', n, '08:00', '18:00'
from generate_series(1, 7) as n;
select is(
  pg_temp.story(
    $$ pg_temp.start('reception', 'move_day(tests.id(''therapist''), day(3), day(5))') $$, $$ left(pg_temp.run(), 0) $$,
    $$ pg_temp.local('first') $$,
    $$ (select a.location_id = tests.id('location') from public.appointments as a where a.id = tests.id('first')) $$
  ),
  'Therapist 09:00 +5 | true', 'who works at two places at once keeps the appointment where it was'
);

-- What the scheduler does with the rest ---------------------------------------------------------------
select is(
  pg_temp.story(
    $$ pg_temp.start('reception', 'cancel_day(tests.id(''therapist''), day(3))') $$,
    -- How many it did is not asked: others may have left operations, too.
    $$ left(private.run_pending_bulk_operations()::text, 0) $$, $$ pg_temp.items() $$, $$ pg_temp.age() $$,
    $$ left(private.run_pending_bulk_operations()::text, 0) $$, $$ pg_temp.items() $$,
    $$ (select a.cancelled_by = tests.id('reception_user') from public.appointments as a where a.id = tests.id('third')) $$,
    $$ current_setting('request.jwt.claims', true) $$,
    $$ (select count(*) from private.bulk_changes_violations()) $$
  ),
  'pending, pending, pending | done, done, done | true | 0',
  'the scheduler leaves a new operation to its caller, and finishes a left one in the caller''s name'
);
select is(
  pg_temp.story(
    $$ pg_temp.start('reception', 'cancel_day(tests.id(''therapist''), day(3))') $$, $$ left(pg_temp.run(), 0) $$,
    $$
      tests.broken_after(
        'alter table public.appointments disable trigger user;'
        'update public.appointments set status = ''confirmed'', cancelled_at = null where id = tests.id(''third'')',
        'bulk_changes_violations'
      )
    $$,
    $$ tests.broken_after('', 'bulk_changes_violations') $$
  ),
  'bulk_item_did_what_it_says', 'what an operation says it did, and it is not so, is noticed'
);
select is(
  pg_temp.story(
    $$ pg_temp.start('reception', 'cancel_day(tests.id(''therapist''), day(3))') $$, $$ pg_temp.age() $$,
    $$ left(tests.act('operator', 'delete from public.members where user_id = tests.id(''reception_user'') returning 1'), 0) $$,
    $$ private.run_pending_bulk_operations() $$,
    $$ (select o.status from public.bulk_operations as o where o.id = tests.id('operation')) $$,
    $$ pg_temp.state('third') $$
  ),
  '1 | cancelled | confirmed unpaid', 'what nobody may do any more is stopped'
);
select * from finish();
rollback;
