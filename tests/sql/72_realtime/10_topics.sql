-- Who may join which topic, read its messages and show up there: asked as Realtime asks.
begin;
select * from no_plan();
select tests.practice('north');
select tests.practice('south');

-- A row that Realtime puts there for the caller to see, or not.
create function pg_temp.reads(who text, topic text, extension text) returns text
language plpgsql as $$
begin
  perform tests.operator();
  delete from realtime.messages;
  insert into realtime.messages (topic, extension) values (topic, extension);
  perform set_config('realtime.topic', topic, true);
  return tests.try(
    who, format('select 1 from realtime.messages as m where m.topic = %L and m.extension = %L', topic, extension)
  );
end
$$;
create function pg_temp.writes(who text, topic text, extension text) returns text
language plpgsql as $$
begin
  perform set_config('realtime.topic', topic, true);
  return tests.try(who, format('insert into realtime.messages (topic, extension) values (%L, %L)', topic, extension));
end
$$;
create function pg_temp.calendar(practice text) returns text
language sql as $$ select private.calendar_topic(tests.id(practice || '.organization')) $$;
create function pg_temp.own(who text) returns text
language sql as $$ select private.user_topic(tests.id(who || '_user')) $$;

select is(
  pg_temp.calendar('north'), 'organization:' || tests.id('organization') || ':calendar',
  'a calendar has its organization''s id'
);
select is(private.user_topic(null), null, 'who has no login has no topic');

-- The calendar --------------------------------------------------------------------------------------------------------
select is(
  pg_temp.reads(who, pg_temp.calendar('north'), extension), expected,
  format('%s %s %s of the calendar', who, case expected when 'ok 1' then 'CAN hear' else 'can NOT hear' end, extension)
)
from (
  values
    ('owner', 'ok 1'), ('admin', 'ok 1'), ('reception', 'ok 1'),
    ('therapist', 'ok 0'), ('client', 'ok 0'), ('removed', 'ok 0'), ('stranger', 'ok 0'), ('nobody', 'ok 0'),
    ('anon', 'ok 0'), ('south.owner', 'ok 0'), ('south.reception', 'ok 0'), ('south.client', 'ok 0')
) as t (who, expected)
cross join (values ('broadcast'), ('presence')) as e (extension);

select is(
  pg_temp.writes(who, pg_temp.calendar('north'), 'presence'), expected,
  format('%s %s show up at the calendar', who, case expected when 'ok 1' then 'CAN' else 'can NOT' end)
)
from (
  values
    ('owner', 'ok 1'), ('admin', 'ok 1'), ('reception', 'ok 1'),
    ('therapist', '42501'), ('client', '42501'), ('removed', '42501'), ('stranger', '42501'), ('nobody', '42501'),
    ('anon', '42501'), ('south.owner', '42501')
) as t (who, expected);
select is(
  pg_temp.writes(who, pg_temp.calendar('north'), extension), '42501', format('%s can NOT send %s there', who, extension)
)
from unnest(array['owner', 'admin', 'reception', 'therapist', 'client', 'stranger', 'anon']) as who
cross join unnest(array['broadcast', 'postgres_changes']) as extension;

-- The own topic -------------------------------------------------------------------------------------------------------
select is(
  pg_temp.reads(who, pg_temp.own(who), 'broadcast'), 'ok 1', format('%s CAN hear the own topic', who)
)
from unnest(array['owner', 'reception', 'therapist', 'client', 'removed', 'stranger']) as who;
select is(
  pg_temp.reads(who, pg_temp.own('client'), 'broadcast'), 'ok 0', format('%s can NOT hear a client''s topic', who)
)
from unnest(
  array['owner', 'admin', 'reception', 'therapist', 'other', 'stranger', 'nobody', 'anon', 'south.owner']
) as who;
select is(
  pg_temp.reads('client', pg_temp.own('client'), 'presence'), 'ok 0', 'nobody watches who is there on a person''s topic'
);
select is(
  pg_temp.writes('client', pg_temp.own('client'), extension), '42501', 'a client can NOT send on it: ' || extension
)
from unnest(array['broadcast', 'presence']) as extension;

-- Other topics --------------------------------------------------------------------------------------------------------
select is(pg_temp.reads(who, topic, 'broadcast'), 'ok 0', format('%s can NOT hear %L', who, topic))
from unnest(array['owner', 'client', 'nobody', 'anon']) as who
cross join unnest(array[
  '', 'user:', 'user:null', 'user', 'organization::calendar', 'organization', '*', 'user:*', 'organization:*:calendar',
  'organization:' || tests.id('organization'), 'organization:' || tests.id('organization') || ':calendar ',
  'Organization:' || tests.id('organization') || ':calendar',
  'organization:' || upper(tests.id('organization')::text) || ':calendar', 'x'' or true --'
]) as topic;
-- The topic that is asked for and the row agree.
select is(pg_temp.reads('client', pg_temp.own('client'), 'broadcast'), 'ok 1', 'the own topic, again');
select set_config('realtime.topic', topic, true) from unnest(array['user:x']) as topic;
select is(
  tests.try('client', 'select 1 from realtime.messages'), 'ok 0', 'is NOT seen while another one is asked for'
);
select is(
  tests.try(
    'reception',
    format('insert into realtime.messages (topic, extension) values (%L, ''presence'')', pg_temp.calendar('north'))
  ),
  '42501', 'nor written'
);

-- At once -------------------------------------------------------------------------------------------------------------
select is(pg_temp.reads('admin', pg_temp.calendar('north'), 'broadcast'), 'ok 1', 'an admin CAN hear');
delete from public.members where id = tests.id('admin_member');
select is(
  pg_temp.reads('admin', pg_temp.calendar('north'), 'broadcast'), 'ok 0',
  'and can NOT once removed, with the same token'
);
update public.members set role = 'practitioner' where id = tests.id('reception_member');
select is(
  pg_temp.reads('reception', pg_temp.calendar('north'), 'broadcast'), 'ok 0', 'nor in another role'
);

select is(
  tests.try(who, format('update realtime.messages set topic = %L', pg_temp.own('client'))), expected,
  who || ' can NOT change messages'
)
from (values ('owner', 'ok 0'), ('client', 'ok 0'), ('anon', 'ok 0')) as t (who, expected);
select is(tests.try(who, 'delete from realtime.messages'), '42501', who || ' can NOT delete messages')
from unnest(array['owner', 'client', 'anon']) as who;
select * from finish();
rollback;
