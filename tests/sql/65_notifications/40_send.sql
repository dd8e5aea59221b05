-- The desk writes to clients: who may, to whom, once per key, with progress to the end.
begin;
select * from no_plan();
select tests.practice('north');
select tests.practice('south');
select tests.operator();
-- What others left, bookings that are not told of yet among it.
select public.announce_bookings(10000);
update public.messages set status = 'cancelled', error = 'test', lease = null, leased_until = null
where status in ('pending', 'sending');

create function pg_temp.send(options text, channel text default 'email') returns text
language sql as $$
  select format('select (public.send_message_to_clients(%L, ''Closed on Friday'', ''News'', %s)).id', channel, options)
$$;
select tests.gets(who, pg_temp.send('all_clients => true'), expected, who || ' writes: ' || expected)
from (values
  ('owner', 'ok 1'), ('admin', 'ok 1'), ('reception', 'ok 1'), ('therapist', 'PT403 forbidden'), ('client', 'PT403 forbidden'),
  ('stranger', 'PT403 forbidden'), ('nobody', 'PT401 unauthenticated'), ('anon', '42501')
) as t (who, expected);
select tests.gets('reception', statement, expected, statement)
from (values
  (pg_temp.send('all_clients => false'), 'PT422 invalid_argument'),
  (pg_temp.send('all_clients => true, day => current_date'), 'PT422 invalid_argument'),
  (pg_temp.send('client_ids => ''{}'''), 'PT422 invalid_argument'),
  (pg_temp.send('day => ''infinity'''), 'PT422 invalid_argument'),
  (pg_temp.send('all_clients => true', 'fax'), 'PT422 invalid_argument'),
  (pg_temp.send(format('client_ids => array[%L]::uuid[]', tests.id('south.client'))), 'PT404 not_found'),
  ('select public.send_message_to_clients(''email'', ''text'', all_clients => true)', 'PT422 invalid_argument'),
  ('select public.send_message_to_clients(''email'', '' '', ''s'', all_clients => true)', 'PT422 invalid_argument'),
  (E'select public.send_message_to_clients(''email'', ''text'', E''a\\r\\nBcc: b'', all_clients => true)', 'PT422 invalid_argument')
) as t (statement, expected);

-- Progress ----------------------------------------------------------------------------------------
create function pg_temp.progress(name text) returns text
language sql as $$
  select concat_ws(' ', status, total_count, done_count, failed_count, skipped_count)
  from public.bulk_operations where id = tests.id(name)
$$;
select tests.remember('mail', tests.act('reception', pg_temp.send('all_clients => true, idempotency_key => ''k1'''))::uuid);
select is(
  tests.act('reception', pg_temp.send('all_clients => true, idempotency_key => ''k1''')), tests.id('mail')::text,
  'a repeat writes nothing'
);
select tests.gets('reception', pg_temp.send('all_clients => true, idempotency_key => ''k1''', 'in_app'), 'PT422 idempotency_mismatch', 'another request needs another key');
select is(pg_temp.progress('mail'), 'running 3 0 0 0', 'each client is an item');
select is((select count(*) from public.messages where subject_id = tests.id('mail')), 3::bigint, 'and a message');
create temporary table claimed as
select * from json_to_recordset(tests.act('service', 'select public.claim_messages(''w'', 50)')::json) as c (id uuid, lease uuid);
select tests.act('service', format('select public.settle_message(%L, %L, %L, error => %L)', c.id, c.lease, t.outcome, t.error))
from (select c.*, row_number() over () as n from claimed as c) as c
join (values (1, 'sent', null), (2, 'failed', 'http_422: bad'), (3, 'cancelled', 'no_address')) as t (n, outcome, error) on t.n = c.n;
select is(pg_temp.progress('mail'), 'completed 3 1 1 1', 'what becomes of the messages becomes of the items');
select set_eq(
  format('select coalesce(code, ''-'') from public.bulk_operation_items where operation_id = %L', tests.id('mail')),
  array['-', 'not_delivered', 'no_address'], 'with the reason'
);
select tests.remember('inbox', tests.act('reception', pg_temp.send('all_clients => true', 'in_app'))::uuid);
select is(pg_temp.progress('inbox'), 'completed 3 2 0 1', 'in_app is done at once; whoever has no login is skipped');

-- A stopped operation -----------------------------------------------------------------------------
select tests.remember('stopped', tests.act('reception', pg_temp.send(format('client_ids => array[%L]::uuid[]', tests.id('client'))))::uuid);
select tests.act('reception', format('select public.cancel_bulk_operation(%L)', tests.id('stopped')));
truncate claimed;
insert into claimed
select * from json_to_recordset(tests.act('service', 'select public.claim_messages(''w'', 50)')::json) as c (id uuid, lease uuid);
select is(
  tests.act('service', format('select public.prepare_messages(%L, %L)', (select array_agg(id) from claimed), (select lease from claimed limit 1)))::json
    -> 0 ->> 'error', 'superseded', 'what was stopped is not sent'
);
select is(
  tests.act('service', format('select public.settle_message(%L, %L, ''cancelled'', error => ''superseded'')', c.id, c.lease)), 'cancelled',
  'and can be settled'
) from claimed as c;

-- Groups ------------------------------------------------------------------------------------------
select tests.book('a', 'client', 'talk', 'therapist', tests.at(5, '10:00'));
select tests.book('b', 'other', 'talk', 'colleague', tests.at(5, '12:00'));
select tests.remember('day', tests.act('reception', pg_temp.send(format('day => %L', tests.today() + 5)))::uuid);
select is(pg_temp.progress('day'), 'running 2 0 0 0', 'the clients of a day');
select tests.remember('his', tests.act('reception', pg_temp.send(format('day => %L, practitioner_id => %L', tests.today() + 5, tests.id('therapist'))))::uuid);
select is(pg_temp.progress('his'), 'running 1 0 0 0', 'of one practitioner');
select tests.remember('tag', id) from (
  select gen_random_uuid() as id
) as t;
insert into public.tags (id, organization_id, name) values (tests.id('tag'), tests.id('organization'), 'quiet');
insert into public.client_tags (organization_id, client_id, tag_id) values (tests.id('organization'), tests.id('other'), tests.id('tag'));
select tests.remember('tagged', tests.act('reception', pg_temp.send(format('tag_id => %L', tests.id('tag'))))::uuid);
select is(pg_temp.progress('tagged'), 'running 1 0 0 0', 'those with a tag');
select is(
  tests.act('south.reception', 'select count(*) from public.bulk_operations'), '0', 'others see nothing of it'
);

-- Somebody who is erased before it goes out ---------------------------------------------------------
select tests.remember('to_two', tests.act('reception', pg_temp.send(
  format('client_ids => array[%L, %L]::uuid[]', tests.id('other'), tests.id('walkin'))
))::uuid);
select tests.act('owner', format('select public.erase_client(%L, ''asked for it'')', tests.id('walkin')));
select set_eq(
  format('select subject_id, status, code from public.bulk_operation_items where operation_id = %L', tests.id('to_two')),
  $$ values
    (tests.id('other'), 'pending'::public.bulk_item_status, null),
    (tests.id('walkin'), 'skipped'::public.bulk_item_status, 'erased') $$,
  'is skipped, so that the operation ends without them'
);

select * from finish();
rollback;
