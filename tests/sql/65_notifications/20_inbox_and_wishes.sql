-- The inbox, preferences, quiet hours, devices, templates: each person's own; and what a worker gets.
begin;
select * from no_plan();
select tests.practice('north');
select tests.practice('south');
select tests.operator();
-- What others left, bookings that are not told of yet among it.
select public.announce_bookings(10000);
update public.messages set status = 'cancelled', error = 'test', lease = null, leased_until = null
where status in ('pending', 'sending');

create function pg_temp.enqueue(name text, channel text, who text, options text default '') returns uuid
language plpgsql set search_path = '' as $$
declare
  v_id uuid;
begin
  execute format(
    'select private.enqueue_message(%L, %L, ''staff_message'', %L, %s%s)', tests.id('organization'), name, channel, who,
    options
  ) into v_id;
  return tests.remember(name, v_id);
end
$$;
create function pg_temp.state(name text) returns text
language sql as $$ select concat_ws(' ', status, error) from public.messages where id = tests.id(name) $$;

-- The inbox ---------------------------------------------------------------------------------------
select pg_temp.enqueue('in1', 'in_app', format('client_id => %L', tests.id('client')));
select pg_temp.enqueue('in2', 'in_app', format('user_id => %L', tests.id('therapist_user')));
select pg_temp.enqueue('in3', 'in_app', format('client_id => %L', tests.id('walkin')));
select is(pg_temp.state('in1'), 'delivered', 'an in_app message arrives at once');
select is(pg_temp.state('in3'), 'cancelled no_address', 'whoever has no login has no inbox');
select is(tests.act('client', 'select count(*) from public.notifications where read_at is null'), '1', 'one is unread');
select is(tests.act('therapist', 'select count(*) from public.notifications'), '1', 'each has the own');
select tests.gets(who, format('select public.mark_notification_read(%L)', tests.id('in1')), expected, who || ' marks: ' || expected)
from (values
  ('client', 'ok 1'), ('other', 'PT404 not_found'), ('owner', 'PT404 not_found'), ('south.client', 'PT404 not_found'),
  ('nobody', 'PT401 unauthenticated'), ('anon', '42501')
) as t (who, expected);
select tests.gets('client', 'update public.notifications set read_at = now()', '42501', 'nobody writes the inbox by hand');
select tests.act('client', format('select public.mark_notification_read(%L)', tests.id('in1')));
update public.notifications set read_at = read_at - interval '1 hour' where id = tests.id('in1');
select tests.act('client', format('select public.mark_notification_read(%L)', tests.id('in1')));
select ok(
  (select read_at < now() from public.notifications where id = tests.id('in1')), 'what was read keeps its time'
);
select pg_temp.enqueue('in4', 'in_app', format('client_id => %L', tests.id('client')));
select pg_temp.enqueue('in5', 'in_app', format('client_id => %L', tests.id('client')));
select is(tests.act('client', format('select public.mark_all_notifications_read(%L)', tests.id('south.organization'))), '0', 'only of the organization named');
select is(tests.act('client', 'select public.mark_all_notifications_read()'), '2', 'all that were unread are read');
select is(tests.act('client', 'select public.mark_all_notifications_read()'), '0', 'once');
select is(tests.act('therapist', 'select count(*) from public.notifications where read_at is null'), '1', 'and only the own');
delete from public.members where user_id = tests.id('therapist_user');
select is(tests.act('therapist', 'select count(*) from public.notifications'), '0', 'a removed member reads nothing more');
select pg_temp.enqueue('in6', 'in_app', format('client_id => %L', tests.id('client')), ', send_after => now() + interval ''1 hour''');
select is(pg_temp.state('in6'), 'pending', 'one for later waits for a worker');

-- Preferences -------------------------------------------------------------------------------------
select is(
  tests.act('client', 'select (public.set_notification_preference(''in_app'', false)).client_id'), tests.id('client')::text,
  'a client CAN turn a channel off'
);
select pg_temp.enqueue('off', 'in_app', format('client_id => %L', tests.id('client')));
select is(pg_temp.state('off'), 'cancelled not_wanted', 'then nothing comes on it');
select tests.act('client', 'select public.set_notification_preference(''in_app'', true, ''staff_message'')');
select pg_temp.enqueue('on', 'in_app', format('client_id => %L', tests.id('client')));
select is(pg_temp.state('on'), 'delivered', 'but a kind that was turned on');
select tests.act('client', 'select public.set_notification_preference(''in_app'', true)');
select is(
  tests.act('client', 'select count(*) from public.notification_preferences'), '2', 'a wish changes, and is not repeated'
);
select is(
  tests.act('owner', 'select (public.set_notification_preference(''email'', false, ''daily_digest'')).user_id'),
  tests.id('owner_user')::text, 'a member''s wish is the member''s'
);
select is(tests.act(who, 'select count(*) from public.notification_preferences'), expected, who || ' reads ' || expected)
from (values ('client', '2'), ('other', '0'), ('reception', '2'), ('colleague', '0'), ('south.owner', '0'), ('owner', '3')) as t (who, expected);
select tests.gets(who, statement, expected, who || ': ' || statement)
from (values
  ('client', 'select public.set_notification_preference(''fax'', true)', 'PT422 invalid_argument'),
  ('client', 'select public.set_notification_preference(null, true)', 'PT422 invalid_argument'),
  ('client', 'select public.set_notification_preference(''email'', null)', 'PT422 invalid_argument'),
  ('client', 'select public.set_notification_preference(''email'', true, ''No Word'')', 'PT422 invalid_argument'),
  ('stranger', 'select public.set_notification_preference(''email'', true)', 'PT403 forbidden'),
  ('anon', 'select public.set_notification_preference(''email'', true)', '42501'),
  ('client', 'insert into public.notification_preferences (channel) values (''email'')', '42501'),
  ('client', 'select public.set_quiet_hours(''22:00'', ''22:00'')', 'PT422 invalid_argument'),
  ('client', 'select public.set_quiet_hours(''22:00'', null)', 'PT422 invalid_argument'),
  ('client', 'select public.set_quiet_hours(''22:00'', ''07:00'', ''Mars/Base'')', 'PT422 invalid_argument'),
  ('anon', 'select public.set_quiet_hours(''22:00'', ''07:00'')', '42501')
) as t (who, statement, expected);
select tests.gets(
  'client', format('select public.set_notification_preference(''email'', true, null, %L)', tests.id('south.organization')),
  'PT404 not_found', 'not in an organization of others'
);
select ok(
  private.is_wanted(tests.id('organization'), tests.id('client'), null, 'email', 'invoice'), 'invoices are always told'
);

-- Quiet hours, devices ----------------------------------------------------------------------------
select is(tests.act('client', 'select (public.set_quiet_hours(''22:00'', ''07:00'')).start_time'), '22:00:00', 'quiet hours CAN be set');
select is(tests.act('client', 'select (public.set_quiet_hours(''23:00'', ''06:00'')).start_time'), '23:00:00', 'and changed');
select is(tests.act('client', 'select count(*) from public.quiet_hours'), '1', 'there is one set of them');
select is(tests.act(who, 'select count(*) from public.quiet_hours'), '0', who || ' can NOT read them')
from unnest(array['other', 'reception', 'south.client']) as who;
select tests.act('client', 'select public.set_quiet_hours(null, null)');
select is(tests.act('client', 'select count(*) from public.quiet_hours'), '0', 'and removed');

select isnt(tests.act('client', 'select public.register_push_device(''device-of-the-client'', ''ios'')'), null, 'a device CAN be registered');
select tests.act('other', 'select public.register_push_device(''device-of-the-client'', ''ios'')');
select is(
  (select user_id from private.push_devices where registration = 'device-of-the-client'), tests.id('other_user'),
  'a device belongs to whoever signed in last'
);
select is(tests.act('client', 'select public.unregister_push_device(''device-of-the-client'')'), 'false', 'nobody else CAN forget it');
select is(tests.act('other', 'select public.unregister_push_device(''device-of-the-client'')'), 'true', 'its user CAN');
select tests.act('client', format('select public.register_push_device(''device-number-%s'', ''web'')', n)) from generate_series(1, 12) as n;
select is((select count(*) from private.push_devices where user_id = tests.id('client_user')), 10::bigint, 'only so many are kept');
select tests.gets('client', statement, 'PT422 invalid_argument', statement)
from unnest(array[
  'select public.register_push_device(''short'', ''ios'')', 'select public.register_push_device(''long enough, but spaced'', ''ios'')',
  'select public.register_push_device(''device-of-mine'', ''fridge'')', 'select public.register_push_device(null, null)'
]) as statement;

-- Templates ---------------------------------------------------------------------------------------
select tests.gets(who, format(
  'insert into public.message_templates (organization_id, kind, channel, locale, subject, body)
   values (%L, ''staff_message'', ''email'', ''cs'', ''S'', ''B'')', tests.id('organization')
), expected, who || ' writes a template: ' || expected)
from (values
  ('owner', 'ok 1'), ('admin', 'ok 1'), ('reception', '42501'), ('client', '42501'), ('south.owner', '42501')
) as t (who, expected);
select throws_ok(format(
  'insert into public.message_templates (organization_id, kind, channel, locale, subject, body)
   values (%L, ''a'', ''email'', ''cs'', E''S\r\nBcc: x'', ''B'')', tests.id('organization')
), '23514', null, 'a subject is one line');

-- What a worker gets ------------------------------------------------------------------------------
insert into public.message_templates (organization_id, kind, channel, locale, subject, body)
values
  (tests.id('organization'), 'staff_message', 'email', 'de', 'Betreff', 'Text'),
  (tests.id('organization'), 'staff_message', 'email', 'da', 'Emne', 'Tekst'),
  (tests.id('organization'), 'staff_message', 'email', 'en', 'Subject', 'Text');
select tests.set('default_locale = ''da''');
update public.clients set locale = 'de', timezone = 'Europe/Berlin' where id = tests.id('client');
update public.messages set status = 'cancelled', error = 'test' where status = 'pending';
select pg_temp.enqueue('mail', 'email', format('client_id => %L', tests.id('client')), ', data => ''{"body": "hi"}''');
select pg_temp.enqueue('nomail', 'email', format('client_id => %L', tests.id('other')));
select pg_temp.enqueue('staff', 'email', format('user_id => %L', tests.id('owner_user')));
select pg_temp.enqueue('dead', 'email', 'address => ''dead@example.test''');
select pg_temp.enqueue('nosms', 'sms', format('client_id => %L', tests.id('client')));
select pg_temp.enqueue('push', 'push', format('client_id => %L', tests.id('client')));
select private.suppress_address(tests.id('organization'), 'email', 'dead@example.test', 'bounced');
create temporary table claimed as
select * from json_to_recordset(tests.act('service', 'select public.claim_messages(''w'', 50)')::json) as c (id uuid, lease uuid);
create temporary table prepared as
select p.value ->> 'id' as id, p.value as row
from json_array_elements(tests.act('service', format(
  'select public.prepare_messages(%L, %L)', (select array_agg(id) from claimed), (select lease from claimed limit 1)
))::json) as p;
create function pg_temp.got(name text, path text[]) returns text
language sql as $$ select row #>> path from prepared where id = tests.id(name)::text $$;
select is(pg_temp.got('mail', '{outcome}'), 'deliver', 'what is wanted and reachable is delivered');
select is(pg_temp.got('mail', '{recipient,address}'), 'client@north.example', 'to the client''s address');
select is(pg_temp.got('mail', '{recipient,locale}'), 'de', 'in the client''s language');
select is(pg_temp.got('mail', '{template,subject}'), 'Betreff', 'in the organization''s words');
select is(pg_temp.got('staff', '{recipient,locale}'), 'da', 'who has chosen no language is written to in the default one');
select is(pg_temp.got('staff', '{template,subject}'), 'Emne', 'in its words');
select is(pg_temp.got('mail', '{data,body}'), 'hi', 'with its values');
select is(pg_temp.got('staff', '{recipient,address}'), 'owner@north.example', 'a member''s address is the login''s');
select is(pg_temp.got(name, '{outcome}') || ' ' || pg_temp.got(name, '{error}'), expected, name || ': ' || expected)
from (values ('nomail', 'cancelled no_address'), ('nosms', 'cancelled no_address'), ('dead', 'failed address_suppressed')) as t (name, expected);
select is(json_array_length((select row #> '{recipient,registrations}' from prepared where id = tests.id('push')::text)), 10, 'push goes to every device');
select is(
  tests.act('service', format('select public.prepare_messages(%L, gen_random_uuid())', array[tests.id('mail')])), '[]',
  'without the lease a worker gets nothing'
);
select tests.act('client', 'select public.set_quiet_hours(''00:00'', ''23:59'', ''Etc/UTC'')');
select is(
  json_array_element(tests.act('service', format(
    'select public.prepare_messages(%L, %L)', array[tests.id('push')], (select lease from claimed limit 1)
  ))::json, 0) ->> 'outcome',
  case when (now() at time zone 'UTC')::time < '23:59' then 'postponed' else 'deliver' end, 'push waits in quiet hours'
);
insert into public.messages (organization_id, key, kind, channel, client_id, status, sent_at)
select tests.id('organization'), 'many' || n, 'appointment_booked', 'email', tests.id('client'), 'sent', now()
from generate_series(1, 60) as n;
select is(
  private.prepare_message(m) ->> 'error', 'too_many', 'whoever got sixty e-mails today gets no more'
) from public.messages as m where m.id = tests.id('mail');
select tests.gets(who, 'select public.prepare_messages(null, null)', '42501', who || ' can NOT prepare')
from unnest(array['owner', 'client', 'anon']) as who;

-- An inbox holds what has arrived, whoever writes.
select tests.gets('operator', 'delete from public.notifications', 'PT409 invalid_state', 'by hand nobody empties it');
select tests.gets('operator', 'truncate public.notifications', 'PT409 invalid_state', 'nor all at once');
select tests.gets(
  'client', 'select public.set_notification_preference(''email'', true, ''appointment_remind'')', 'PT422 invalid_argument',
  'a kind that is never sent is no wish'
);
-- One for later: a worker says when it is there --------------------------------------------------------
select pg_temp.enqueue('later', 'in_app', format('client_id => %L', tests.id('client')), ', send_after => now() + interval ''1 hour''');
update public.messages set send_after = now() where id = tests.id('later');
create function pg_temp.unread() returns text
language sql as $$ select tests.act('client', format('select count(*) from public.notifications where id = %L', tests.id('later'))) $$;
select is(pg_temp.unread(), '0', 'it is in no inbox yet');
select tests.act('service', format('select public.settle_message(%L, %L, ''sent'')', c.id, c.lease))
from json_to_recordset(tests.act('service', 'select public.claim_messages(''w'', 50)')::json) as c (id uuid, lease uuid)
where c.id = tests.id('later');
select is(pg_temp.unread(), '1', 'then it is');

select * from finish();
rollback;
