-- What is told of appointments, to whom, and what is never told.
begin;
select * from no_plan();
select tests.practice('north');
select tests.practice('south');
delete from realtime.messages;
create table pg_temp.told (position bigint generated always as identity, topic text, event text, payload jsonb);

-- Who heard what since the last look, in order: 'calendar created, client created'.
create function pg_temp.heard() returns text
language sql as $$
  with names as (
    select private.calendar_topic(i.id) as topic, 'calendar' as name
    from tests.ids as i
    where i.key = 'north.organization'
    union all
    select private.user_topic(i.id), replace(replace(i.key, 'north.', ''), '_user', '')
    from tests.ids as i
    where i.key like 'north.%\_user'
  ), taken as (
    delete from realtime.messages where event like 'appointment:%' returning *
  ), kept as (
    insert into pg_temp.told (topic, event, payload) select t.topic, t.event, t.payload from taken as t
  )
  select string_agg(
    coalesce(n.name, t.topic) || ' ' || replace(t.event, 'appointment:', ''), ', ' order by t.event, n.name
  )
  from taken as t
  left join names as n on n.topic = t.topic
$$;
select is(pg_temp.heard(), null, 'making a practice is told to nobody');

-- Each change ---------------------------------------------------------------------------------------------------------
select tests.book('a', 'client', 'talk', 'therapist', tests.at(3, '10:00'));
select is(
  pg_temp.heard(), 'calendar created, client created, therapist created',
  'a booking is told to the desk, the client and the practitioner'
);
select tests.act(
  'reception', format('select public.reschedule_appointment(tests.id(''a''), %L)', tests.at(3, '12:00'))
);
select is(pg_temp.heard(), 'calendar updated, client updated, therapist updated', 'a move');
select is(
  (
    select jsonb_build_array(
      t.payload -> 'previous_starts_at', t.payload -> 'starts_at', t.payload -> 'previous_practitioner_id'
    )
    from pg_temp.told as t order by t.position desc limit 1
  ),
  jsonb_build_array(tests.at(3, '10:00'), tests.at(3, '12:00'), tests.id('therapist')),
  'says from when to when'
);
select tests.act(
  'reception',
  format('select public.reschedule_appointment(tests.id(''a''), %L, tests.id(''colleague''))', tests.at(3, '13:00'))
);
select is(
  pg_temp.heard(), 'therapist cancelled, colleague created, calendar updated, client updated',
  'a session passed on: gone for one practitioner, new for the other'
);
select is(
  (
    select jsonb_build_array(t.payload -> 'practitioner_id', t.payload -> 'starts_at')
    from pg_temp.told as t where t.event = 'appointment:cancelled'
  ),
  jsonb_build_array(tests.id('therapist'), tests.at(3, '12:00')),
  'and who loses it does not learn who has it now, nor when'
);
update public.appointments set note = 'Bring the X-rays' where id = tests.id('a');
select is(
  pg_temp.heard(), 'calendar updated, client updated, colleague updated', 'a note, also by hand in the dashboard'
);
select tests.act('client', 'select public.cancel_appointment(tests.id(''a''), ''I am ill'')');
select is(pg_temp.heard(), 'calendar cancelled, client cancelled, colleague cancelled', 'a cancellation');
select tests.book('c', 'client', 'talk', 'therapist', tests.at(4, '10:00'));
select pg_temp.heard();
select tests.act('therapist', 'select public.complete_appointment(tests.id(''c''))');
select is(pg_temp.heard(), 'calendar updated, client updated, therapist updated', 'a session held');
select is(pg_temp.heard(), null, 'what is told is told once');

-- Who has no login, and who is concerned twice ------------------------------------------------------------------------
select tests.book('d', 'walkin', 'talk', 'therapist', tests.at(5, '10:00'));
select is(pg_temp.heard(), 'calendar created, therapist created', 'a client without a login has no topic');
update public.clients set user_id = tests.id('therapist_user') where id = tests.id('walkin');
select tests.book('e', 'walkin', 'talk', 'therapist', tests.at(5, '12:00'));
select is(pg_temp.heard(), 'calendar created, therapist created', 'a therapist who is the own client hears it once');

-- Refused, so not told ------------------------------------------------------------------------------------------------
select is(
  tests.try(
    'reception',
    format(
      'select public.book_appointment(%L, %L, %L, %L)', tests.id('talk'), tests.at(5, '12:00'), tests.id('therapist'),
      tests.id('other')
    )
  ),
  'PT409 slot_taken', 'a refused booking'
);
select is(pg_temp.heard(), null, 'is told to nobody');

-- What stands in it ---------------------------------------------------------------------------------------------------
select is(
  (
    select string_agg(distinct k.key, ' ' order by k.key)
    from pg_temp.told as t, jsonb_object_keys(t.payload) as k (key)
  ),
  'appointment_id ends_at id organization_id practitioner_id previous_ends_at previous_practitioner_id'
  || ' previous_starts_at starts_at',
  'ids and times only'
);
select is(
  (
    select count(*)
    from pg_temp.told as t, jsonb_each_text(t.payload) as v
    where v.value !~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
      and v.value !~ '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$'
  ),
  0::bigint, 'no text of any person'
);
select is(
  (select count(*) from pg_temp.told as t where t.payload::text like '%' || tests.id('client') || '%'), 0::bigint,
  'not even which client it is'
);
select tests.book('f', 'client', 'talk', 'therapist', tests.at(6, '10:00'));
select is((select bool_and(m.private) from realtime.messages as m), true, 'every message is private');

-- A broadcast that fails ----------------------------------------------------------------------------------------------
delete from realtime.messages;
create function pg_temp.fail() returns trigger language plpgsql as $$ begin raise exception 'disk full'; end $$;
create trigger fails before insert on realtime.messages for each row execute function pg_temp.fail();
select tests.book('g', 'client', 'talk', 'therapist', tests.at(6, '12:00'));
select is(
  (select a.status::text from public.appointments as a where a.id = tests.id('g')), 'confirmed',
  'a booking stands also if it can be told to nobody'
);
select is(pg_temp.heard(), null, 'as here');
select * from finish();
rollback;
