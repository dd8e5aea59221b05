-- The outbox: once per key, forward only, leased, retried with bounds, cancelled with its cause; and
-- who may look into it.
begin;
select * from no_plan();
select tests.practice('north');
select tests.practice('south');
select tests.operator();

create function pg_temp.enqueue(name text, options text default '') returns uuid
language plpgsql set search_path = '' as $$
declare
  v_id uuid;
begin
  execute format(
    'select private.enqueue_message(%L, %L, ''staff_message'', ''email'', client_id => %L%s)',
    tests.id('organization'), name, tests.id('client'), options
  ) into v_id;
  return tests.remember(name, v_id);
end
$$;

-- What others left, bookings that are not told of yet among it.
select public.announce_bookings(10000);
update public.messages set status = 'cancelled', error = 'test', lease = null, leased_until = null
where status in ('pending', 'sending');

-- Enqueuing --------------------------------------------------------------------------------------
select pg_temp.enqueue('first');
select is(pg_temp.enqueue('first'), tests.id('first'), 'the same key again returns the first message');
select is(
  (select count(*) from public.messages where organization_id = tests.id('organization') and key = 'first'), 1::bigint,
  'and enqueues nothing'
);
select isnt(
  private.enqueue_message(tests.id('south.organization'), 'first', 'a', 'email', address => 'a@b.example'),
  tests.id('first'), 'another organization''s keys are its own'
);
select throws_ok(
  format(
    'select private.enqueue_message(%L, ''k'', ''a'', ''email'', client_id => %L)', tests.id('organization'),
    tests.id('south.client')
  ),
  '23503', null, 'a client of another organization can NOT be written to'
);
select throws_ok(
  $$select private.enqueue_message(gen_random_uuid(), 'nobody', 'staff_message', 'email', address => 'a@b.test')$$,
  '23503', null, 'an address is written to by an organization that exists'
);
select throws_ok(
  format('select private.enqueue_message(%L, ''k'', ''a'', ''email'')', tests.id('organization')),
  '23514', null, 'a message without a recipient is none'
);
select throws_ok(
  format(
    'select private.enqueue_message(%L, ''k'', ''a'', ''email'', address => E''a@b.example\r\nBcc: c@d.example'')',
    tests.id('organization')
  ),
  '23514', null, 'an address is one line'
);
delete from public.messages where organization_id = tests.id('south.organization');

-- Who may look -----------------------------------------------------------------------------------
select is(
  tests.act(who, format('select count(*) from public.messages where id = %L', tests.id('first'))), '1',
  who || ' CAN read the outbox'
)
from unnest(array['owner', 'admin', 'reception']) as who;
select is(
  tests.act(who, 'select count(*) from public.messages'), '0', who || ' can NOT read the outbox'
)
from unnest(array['therapist', 'client', 'stranger', 'removed', 'south.owner']) as who;
select tests.gets('anon', 'select id from public.messages', '42501', 'a visitor can NOT');
select tests.gets(who, statement, '42501', who || ' can NOT: ' || statement)
from unnest(array['owner', 'client', 'service']) as who
cross join unnest(array[
  'update public.messages set status = ''sent''', 'delete from public.messages',
  'insert into public.messages (key) values (''x'')', 'insert into public.suppressed_addresses (address) values (''x'')'
]) as statement;
select tests.gets(who, statement, '42501', who || ' can NOT work the outbox: ' || statement)
from unnest(array['owner', 'client', 'anon']) as who
cross join unnest(array[
  'select public.claim_messages(''me'')',
  'select public.settle_message(gen_random_uuid(), gen_random_uuid(), ''sent'')',
  'select private.cancel_messages(gen_random_uuid())'
]) as statement;

-- Claiming ---------------------------------------------------------------------------------------
select pg_temp.enqueue('urgent', ', priority => 1::smallint');
select pg_temp.enqueue('later', ', send_after => now() + interval ''1 hour'', priority => 1::smallint');
select pg_temp.enqueue('stale', ', expires_at => now() - interval ''1 second''');

create temporary table claimed as
select m.*
from json_to_recordset(tests.act('service', 'select public.claim_messages(''one'', 10, 60)')::json)
  as m (id uuid, attempts integer, was_interrupted boolean, lease uuid);

select results_eq(
  'select id from claimed', array[tests.id('urgent'), tests.id('first')],
  'a worker gets what is due, the urgent first, and nothing that waits or is stale'
);
select ok((select bool_and(attempts = 1 and not was_interrupted) from claimed), 'as the first attempt');
select is(
  (select (status, error)::text from public.messages where id = tests.id('stale')), '(failed,expired)',
  'what came too late is a failure with its reason'
);
select is(tests.act('service', 'select public.claim_messages(''two'')'), '[]', 'a second worker gets nothing of it');

-- Settling ---------------------------------------------------------------------------------------
create function pg_temp.settle(name text, outcome text, options text default '') returns text
language plpgsql set search_path = '' as $$
begin
  return tests.act('service', format(
    'select public.settle_message(%L, %L, %L%s)', tests.id(name),
    (select m.lease from public.messages as m where m.id = tests.id(name)), outcome, options
  ));
end
$$;

select is(
  tests.act('service', format('select public.settle_message(%L, gen_random_uuid(), ''failed'')', tests.id('urgent'))),
  'sending', 'whoever does not hold the lease changes nothing'
);
select is(
  pg_temp.settle('urgent', 'sent', ', provider => ''resend'', provider_id => ''p-1'''), 'sent',
  'what went out is sent'
);
select is(
  tests.act('service', format(
    'select public.settle_message(%L, %L, ''failed'')', tests.id('urgent'),
    (select lease from claimed limit 1)
  )), 'sent', 'and stays so, whatever a late worker says'
);
select is(pg_temp.settle('first', 'retry', ', error => ''http_503'''), 'pending', 'a fault means another attempt');
select ok(
  (select send_after between now() + interval '23 seconds' and now() + interval '37 seconds' and attempts = 1
    from public.messages where id = tests.id('first')),
  'after half a minute, give or take a fifth'
);
select is(tests.act('service', 'select public.claim_messages(''two'')'), '[]', 'and not before');
select tests.gets('service', statement, expected, statement)
from (values
  ('select public.claim_messages('''')', 'PT422 invalid_argument'),
  ('select public.claim_messages(''w'', 501)', 'PT422 invalid_argument'),
  ('select public.claim_messages(''w'', 1, 4)', 'PT422 invalid_argument'),
  ('select public.settle_message(gen_random_uuid(), gen_random_uuid(), ''sent'')', 'PT404 not_found'),
  ('select public.settle_message(gen_random_uuid(), gen_random_uuid(), ''done'')', 'PT422 invalid_argument'),
  ('select public.settle_message(gen_random_uuid(), gen_random_uuid(), ''postponed'')', 'PT422 invalid_argument')
) as t (statement, expected);

-- A lease that ran out.
update public.messages set send_after = now() where id = tests.id('first');
select tests.act('service', 'select public.claim_messages(''two'')');
update public.messages set leased_until = now() - interval '1 second' where id = tests.id('first');
select is(
  (tests.act('service', 'select public.claim_messages(''three'')')::json -> 0 ->> 'was_interrupted'), 'true',
  'a message whose worker died is claimed again, and marked'
);
select is(
  pg_temp.settle('first', 'postponed', ', send_after => now() + interval ''1 hour'''), 'pending',
  'a message CAN wait for the morning'
);
select is((select attempts from public.messages where id = tests.id('first')), 2, 'which is no attempt');
select is(
  pg_temp.settle('first', 'sent'), 'pending', 'without a lease nothing is settled'
);

-- Retries end.
update public.messages set send_after = now(), attempts = 11 where id = tests.id('first');
select tests.act('service', 'select public.claim_messages(''four'')');
select is(pg_temp.settle('first', 'retry', ', error => ''http_503'''), 'failed', 'the last attempt ends in failure');
select is((select error from public.messages where id = tests.id('first')), 'http_503', 'with its reason');

-- A provider's wait, and a message that would come too late.
select pg_temp.enqueue('brief', ', expires_at => now() + interval ''10 minutes''');
select tests.act('service', 'select public.claim_messages(''five'')');
select is(
  pg_temp.settle('brief', 'retry', ', retry_after_seconds => 3600'), 'failed', 'not retried past its expiry'
);

-- Requeue ----------------------------------------------------------------------------------------
select tests.gets(who, format('select public.requeue_message(%L)', tests.id('first')), expected, who || ': ' || expected)
from (values
  ('owner', 'ok 1'), ('admin', 'ok 1'), ('reception', 'PT403 forbidden'), ('therapist', 'PT403 forbidden'),
  ('client', 'PT404 not_found'), ('stranger', 'PT404 not_found'), ('south.owner', 'PT404 not_found'), ('anon', '42501')
) as t (who, expected);
select tests.gets(
  'owner', format('select public.requeue_message(%L)', tests.id(name)), 'PT409 invalid_state', name || ' stays'
)
from unnest(array['urgent', 'stale']) as name;
select is(
  tests.act('owner', format('select (public.requeue_message(%L)).attempts', tests.id('first'))), '0',
  'an owner CAN queue a failed message again'
);
select is(
  tests.act('owner', format('select (public.requeue_message(%L)).status', tests.id('first'))), 'pending',
  'twice does no more than once'
);
select isnt((select requeued_at from public.messages where id = tests.id('first')), null, 'and it is noted when');

-- Cancelling -------------------------------------------------------------------------------------
select pg_temp.enqueue('about-a', format(', subject_id => %L', tests.id('therapist')));
select pg_temp.enqueue('about-b', format(', subject_id => %L', tests.id('colleague')));
select is(private.cancel_messages(tests.id('therapist'), array['other']), 0, 'other kinds stay');
select is(private.cancel_messages(tests.id('therapist')), 1, 'what waits about a subject CAN be cancelled');
select is(
  (select (status, error)::text from public.messages where id = tests.id('about-a')), '(cancelled,superseded)', 'so it is'
);
select is(
  (select status from public.messages where id = tests.id('about-b')), 'pending', 'messages about others stay'
);
select is(private.cancel_messages(null), 0, 'no subject, nothing cancelled');

-- By hand ----------------------------------------------------------------------------------------
select tests.gets('operator', format(statement, tests.id('urgent')), 'PT409 invalid_state', statement)
from unnest(array[
  'update public.messages set status = ''pending'' where id = %L',
  'update public.messages set status = ''cancelled'', error = ''x'' where id = %L',
  'update public.messages set key = ''other'' where id = %L',
  'update public.messages set data = ''{"starts_at": "2030-01-01T00:00:00Z"}'' where id = %L',
  'update public.messages set attachments = ''[{}]'' where id = %L',
  'update public.messages set client_id = null, address = ''a@b.example'' where id = %L'
]) as statement;
select tests.gets(
  'operator', format(
    'update public.messages set attempts = %s, status = ''delivered'', sent_at = now(), delivered_at = now() where id = %L',
    1, tests.id('about-b')
  ), 'PT409 invalid_state', 'what was never tried has not arrived'
);
update public.messages set attempts = 1 where id = tests.id('about-b');
select tests.gets(
  'operator', format(
    'update public.messages set status = ''delivered'', sent_at = now(), delivered_at = now() where id = %L', tests.id('about-b')
  ), 'ok 1', 'what was tried may have'
);
select throws_ok(
  format('update public.messages set status = ''sending'', leased_until = now() where id = %L', tests.id('first')),
  '23514', null, 'nothing is being sent without a lease'
);
select throws_ok(
  format('update public.messages set status = ''failed'' where id = %L', tests.id('first')), '23514', null,
  'a failure has a reason'
);

-- Suppressed addresses ----------------------------------------------------------------------------
select private.suppress_address(tests.id('organization'), 'email', ' Dead@Example.test ', 'bounced');
select private.suppress_address(tests.id('organization'), 'email', 'dead@example.test', 'complained');
select is(
  tests.act('reception', 'select string_agg(address || reason, '','') from public.suppressed_addresses'),
  'dead@example.testbounced', 'the desk CAN read which addresses are dead'
);
select is(tests.act(who, 'select count(*) from public.suppressed_addresses'), '0', who || ' can NOT')
from unnest(array['therapist', 'client', 'south.owner']) as who;
select tests.gets('south.owner', 'delete from public.suppressed_addresses', 'ok 0', 'a foreign owner deletes none');
select tests.gets('reception', 'delete from public.suppressed_addresses', 'ok 1', 'the desk CAN write there again');

-- Retention ---------------------------------------------------------------------------------------
alter table public.messages disable trigger user;
update public.messages set created_at = now() - interval '80 days'
where id in (tests.id('urgent'), tests.id('about-b'), tests.id('stale'));
update public.messages set created_at = now() - interval '401 days' where id in (tests.id('about-b'), tests.id('stale'));
alter table public.messages enable trigger user;
select private.delete_old_messages();
select set_eq(
  format('select id from public.messages where id = any (%L)', array[tests.id('urgent'), tests.id('about-b'), tests.id('stale')]),
  array[tests.id('urgent'), tests.id('about-b')], 'what was told long ago is forgotten, what waits is not'
);
select private.delete_old_messages('1 day');
select isnt_empty(
  format('select 1 from public.messages where id = %L', tests.id('urgent')),
  'what is younger than ninety days stays, whatever one asks'
);

-- Invariants --------------------------------------------------------------------------------------
select is_empty(
  format('select * from private.outbox_violations(%L)', tests.id('organization')), 'the outbox is sound'
);
select pg_temp.enqueue('twin');
select tests.act('service', 'select public.claim_messages(''six'', 100)');
select pg_temp.settle('twin', 'sent', ', provider => ''resend'', provider_id => ''p-1''');
update public.messages set leased_until = now() - interval '2 hours' where id = tests.id('first');
select set_eq(
  format('select invariant from private.outbox_violations(%L)', tests.id('organization')),
  array['message_is_sent_once', 'message_lease_ends'], 'what is not sound shows'
);

select * from finish();
rollback;
