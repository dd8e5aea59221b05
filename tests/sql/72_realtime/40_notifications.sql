-- What is told of inboxes.
begin;
select * from no_plan();
select tests.practice('north');
select tests.practice('south');
delete from realtime.messages;

create function pg_temp.notify(user_name text, key text) returns uuid
language sql as $$
  select private.enqueue_message(
    tests.id('organization'), key, 'notice', 'in_app', user_id => tests.id(user_name || '_user'),
    data => '{"text": "Mrs Nováková is ill"}'
  )
$$;
-- Who heard what since the last look.
create function pg_temp.heard() returns text
language sql as $$
  with taken as (
    delete from realtime.messages returning *
  )
  select string_agg(
    coalesce(replace(replace(i.key, 'north.', ''), '_user', ''), t.topic) || ' ' || t.event || ' '
    || (select string_agg(k, ' ' order by k) from jsonb_object_keys(t.payload) as k),
    ', ' order by t.event, i.key
  )
  from taken as t
  left join tests.ids as i on private.user_topic(i.id) = t.topic
$$;

select tests.remember('first', pg_temp.notify('reception', 'n1'));
select is(
  pg_temp.heard(), 'reception notification:created id notification_id organization_id',
  'a notification is told to its user, by its id alone'
);
select pg_temp.notify('reception', 'n2');
select pg_temp.notify('reception', 'n3');
select pg_temp.notify('owner', 'n4');
select is(pg_temp.notify('reception', 'n1'), tests.id('first'), 'one that is there already');
select pg_temp.heard();
select tests.act('reception', 'select (public.mark_notification_read(tests.id(''first''))).id');
select is(pg_temp.heard(), 'reception notification:read id organization_id', 'reading is told to the own devices');
select tests.act('reception', 'select public.mark_all_notifications_read()');
select is(pg_temp.heard(), 'reception notification:read id organization_id', 'once, however many are read');
select tests.act('reception', 'select public.mark_all_notifications_read()');
select is(pg_temp.heard(), null, 'and where nothing is read nothing is told');
select * from finish();
rollback;
