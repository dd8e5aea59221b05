-- Who hears of a document: its client, when it is there to be read, without a word of what it is.
begin;
select * from no_plan();
select tests.practice('north');
select tests.book('met', 'client', 'talk', 'therapist', tests.at(3, '10:00'));
select tests.book('met other', 'other', 'talk', 'therapist', tests.at(4, '10:00'));
update public.clients set user_id = null where id = tests.id('other');
update public.clients set email = 'somebody@example.test' where id in (tests.id('client'), tests.id('other'));

create function pg_temp.announce(name text, client text, is_shown boolean, previous text default null) returns uuid
language sql as $$
  select tests.remember(name, tests.act('therapist', format(
    $q$ select (public.prepare_client_report(
      tests.id(%L), 'Diagnosis', 'diagnosis.pdf', 'application/pdf', 100, visible_to_client => %L, previous_id => %L
    )).id $q$, client, is_shown, case when previous is not null then tests.id(previous) end
  ))::uuid)
$$;
create function pg_temp.told(name text) returns text
language sql as $$
  select coalesce(string_agg(m.channel || ' ' || m.status, ', ' order by m.channel), 'nothing')
  from public.messages as m
  where m.subject_id = tests.id(name) and m.kind = 'client_report_shared'
$$;
create function pg_temp.store(name text) returns void
language sql as $$
  select public.settle_client_report(tests.id(name), 'application/pdf', 100, repeat('a', 64))
$$;
create function pg_temp.show(name text, is_shown boolean) returns void
language sql as $$
  select tests.act('therapist', format('select public.set_report_visibility(tests.id(%L), %L)', name, is_shown))
$$;

select pg_temp.announce('first', 'client', true);
select is(pg_temp.told('first'), 'nothing', 'what is announced is not there yet');
select pg_temp.store('first');
select is(pg_temp.told('first'), 'email pending, in_app delivered', 'its client hears of a document that is shown');
select is(
  (select count(*)::integer from public.notifications as n where n.subject_id = tests.id('first')), 1,
  'and finds it in the inbox'
);
select is(
  (select count(*)::integer from public.messages as m where m.subject_id = tests.id('first') and m::text like '%iagnosis%'),
  0, 'no message says which document it is'
);

select pg_temp.announce('second', 'client', true, 'first');
select pg_temp.store('second');
select is(pg_temp.told('second'), 'email pending, in_app delivered', 'a new version is told as well');

select pg_temp.announce('hidden', 'client', false);
select pg_temp.store('hidden');
select is(pg_temp.told('hidden'), 'nothing', 'what is not shown is not told');
select pg_temp.show('hidden', true);
select is(pg_temp.told('hidden'), 'email pending, in_app delivered', 'showing it tells it');
select pg_temp.show('hidden', true);
select is(pg_temp.told('hidden'), 'email pending, in_app delivered', 'once');
select pg_temp.show('hidden', false);
select is(pg_temp.told('hidden'), 'email cancelled, in_app delivered', 'what is hidden again is not mailed any more');
select tests.act('therapist', $$ select public.archive_client_report(tests.id('first')) $$);
select is(pg_temp.told('first'), 'email cancelled, in_app delivered', 'nor what is archived');

select pg_temp.announce('nobody''s', 'other', true);
select pg_temp.store('nobody''s');
select is(pg_temp.told('nobody''s'), 'nothing', 'who has no login could not read it');

select * from finish();
rollback;
