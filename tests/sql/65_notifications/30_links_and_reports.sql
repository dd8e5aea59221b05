-- Links in messages act once, by the client's own rules; reports of providers count once, forward only.
begin;
select * from no_plan();
select tests.practice('north');
select tests.operator();
-- What others left, bookings that are not told of yet among it.
select public.announce_bookings(10000);
update public.messages set status = 'cancelled', error = 'test', lease = null, leased_until = null
where status in ('pending', 'sending');

select tests.book('a', 'client', 'talk', 'therapist', tests.at(5, '10:00'));
select tests.book('b', 'client', 'talk', 'therapist', tests.at(6, '10:00'));
select public.announce_bookings();
select tests.remember('mail_' || n, (select m.id from public.messages as m where m.subject_id = tests.id(n) and m.channel = 'email'))
from unnest(array['a', 'b']) as n;
create temporary table claimed as
select * from json_to_recordset(tests.act('service', 'select public.claim_messages(''w'', 50)')::json) as c (id uuid, lease uuid);
create function pg_temp.register(message text, purpose text, token text, lease uuid default null) returns text
language sql as $$
  select tests.act('service', format('select public.register_message_links(%L, %L)',
    coalesce(lease, (select c.lease from claimed as c limit 1)),
    json_build_array(json_build_object(
      'message_id', tests.id(message), 'purpose', purpose, 'token_hash', encode(private.hash_token(token), 'hex')
    ))
  ))
$$;
create function pg_temp.call(name text, token text) returns jsonb
language sql as $$ select tests.act('service', format('select public.%I(%L)', name, token))::jsonb $$;

select is(pg_temp.register('mail_a', 'appointment_cancel', 'secret-a'), '1', 'a worker CAN register a link');
select is(pg_temp.register('mail_a', 'appointment_cancel', 'secret-a'), '0', 'again does no more');
select is(pg_temp.register('mail_b', 'appointment_cancel', 'secret-b', gen_random_uuid()), '0', 'not without the lease');
select pg_temp.register('mail_b', 'appointment_confirm', 'confirm-b');
select pg_temp.register('mail_b', 'appointment_cancel', 'secret-b');

select results_eq(
  $$
    select f.id, f.starts_at, f.ends_at, f.status, f.mode, f.service_name, f.practitioner_name, f.timezone
    from json_to_recordset(
      tests.act('service', format(
        'select public.prepare_messages(%L, %L) -> 0 -> ''appointments''', array[tests.id('mail_a')],
        (select lease from claimed limit 1)
      ))::json
    ) as f (
      id uuid, starts_at timestamptz, ends_at timestamptz, status text, mode text, service_name text,
      practitioner_name text, timezone text
    )
  $$,
  $$
    values (
      tests.id('a'), tests.at(5, '10:00'), tests.at(5, '11:00'), 'confirmed', 'in_person', 'talk', 'Therapist',
      'Europe/Prague'
    )
  $$, 'it is told when, where, with whom and what for'
);

-- Looking changes nothing -------------------------------------------------------------------------
select is(pg_temp.call('look_up_link', 'secret-a') ->> 'purpose', 'appointment_cancel', 'a link tells what it is for');
select is(pg_temp.call('look_up_link', 'secret-a') ->> 'purpose', 'appointment_cancel', 'as often as one looks');
select is((select status from public.appointments where id = tests.id('a')), 'confirmed', 'and nothing has changed');
select is((pg_temp.call('look_up_link', 'secret-a') ? 'client_id'), false, 'it names no person');

-- Acting ------------------------------------------------------------------------------------------
select is(pg_temp.call('use_link', 'secret-a') ->> 'purpose', 'appointment_cancel', 'using it does it');
select is((select status from public.appointments where id = tests.id('a')), 'cancelled', 'the appointment is cancelled');
select is(pg_temp.call(name, token), null, format('44: %s(%s) finds nothing', name, token))
from unnest(array['use_link', 'look_up_link']) as name
cross join unnest(array['secret-a', 'secret-', 'secret-aa', 'SECRET-A', '', 'unknown']) as token;
select is(pg_temp.call('use_link', 'confirm-b') ->> 'purpose', 'appointment_confirm', 'a client CAN say that they come');
select is(
  tests.act('therapist', format('select count(*) from public.appointment_confirmations where appointment_id = %L', tests.id('b'))),
  '1', 'and staff CAN read it'
);
select is(tests.act('client', 'select count(*) from public.appointment_confirmations'), '0', 'others can NOT');

-- The policy holds, and a refusal burns nothing.
select tests.set('cancellation_window_minutes = 43200, late_cancellation = ''refuse''');
select tests.gets('service', 'select public.use_link(''secret-b'')', 'PT422 too_late', 'too late is too late');
select is(pg_temp.call('look_up_link', 'secret-b') ->> 'purpose', 'appointment_cancel', 'the link still works');
update private.message_links set expires_at = now() - interval '1 second' where purpose = 'appointment_cancel';
select is(pg_temp.call('use_link', 'secret-b'), null, 'an expired one does not');
select tests.gets(who, format('select public.%I(''x'')', name), '42501', format('%s can NOT call %s', who, name))
from unnest(array['owner', 'client', 'anon']) as who cross join unnest(array['use_link', 'look_up_link', 'drop_push_device']) as name;

-- A link is good for the time that its message told, and as long as that is to come.
select tests.set('cancellation_window_minutes = 0');
insert into public.reminder_rules (organization_id, minutes_before, channel)
values (tests.id('organization'), 2880, 'email'), (tests.id('organization'), 180, 'sms');
select tests.book('c', 'client', 'talk', 'therapist', tests.at(12, '10:00'));
select public.announce_bookings();
select tests.remember('reminder', (
  select m.id from public.messages as m
  where m.subject_id = tests.id('c') and m.kind = 'appointment_reminder' and m.channel = 'email'
));
update public.messages set send_after = now() where id = tests.id('reminder');
truncate claimed;
insert into claimed
select * from json_to_recordset(tests.act('service', 'select public.claim_messages(''w'', 50)')::json) as c (id uuid, lease uuid);
create function pg_temp.links(message uuid) returns text
language sql as $$
  select tests.act('service', format(
    'select public.prepare_messages(%L, %L) -> 0 -> ''links''', array[message], (select lease from claimed limit 1)
  ))
$$;
select is(
  pg_temp.links(tests.id('reminder'))::jsonb, '["appointment_confirm", "appointment_cancel"]', 'a reminder can be answered'
);
select pg_temp.register('reminder', 'appointment_confirm', 'confirm-c');
select pg_temp.register('reminder', 'appointment_cancel', 'secret-c');
select is(
  (pg_temp.call('look_up_link', 'confirm-c') ->> 'expires_at')::timestamptz, tests.at(12, '10:00'),
  'until it is time, also when the next reminder has come'
);
select tests.act('reception', format('select public.reschedule_appointment(%L, %L)', tests.id('c'), tests.at(13, '10:00')));
select tests.gets(
  'service', format('select public.use_link(%L)', token), 'PT409 invalid_state',
  'of another time, the old message neither confirms nor cancels: ' || token
)
from unnest(array['confirm-c', 'secret-c']) as token;
select tests.act('reception', format('select public.reschedule_appointment(%L, %L)', tests.id('c'), tests.at(12, '10:00')));
select is(pg_temp.call('use_link', 'confirm-c') ->> 'purpose', 'appointment_confirm', 'moved back, the message is true again');

-- A series that is down to one occurrence is told without links: they would be about the first.
select tests.remember('s1', tests.act('reception', format(
  'select id from public.book_block(%L, %L, %L, %L, 2) order by starts_at', tests.id('talk'), tests.id('therapist'),
  tests.id('client'), tests.at(14, '09:00')
))::uuid);
select public.announce_bookings();
select tests.remember('series', (
  select m.id from public.messages as m
  join public.appointments as a on a.block_id = m.subject_id
  where a.id = tests.id('s1') and m.kind = 'appointment_booked' and m.channel = 'email'
));
select tests.act('reception', format('select public.cancel_appointment(%L)', tests.id('s1')));
truncate claimed;
insert into claimed
select * from json_to_recordset(tests.act('service', 'select public.claim_messages(''w'', 50)')::json) as c (id uuid, lease uuid);
select is(pg_temp.links(tests.id('series')), '[]', 'a mail about the second occurrence has no link about the first');

-- Offers of the waiting list are answered by links too.
select tests.set('minimum_notice_minutes = 0, cancellation_window_minutes = 0');
select tests.remember('entry', tests.act('client', $$ select (public.join_waitlist(tests.id('talk'), '{}')).id $$)::uuid);
select tests.act('reception', format(
  'select public.offer_slot(%L, %L, %L)', tests.id('entry'), tests.id('therapist'), tests.at(9, '10:00')
));
select tests.remember('offer', (select o.id from public.waitlist_offers as o where o.waitlist_entry_id = tests.id('entry')));
select tests.remember(
  'mail_offer', (select m.id from public.messages as m where m.subject_id = tests.id('offer') and m.channel = 'email')
);
truncate claimed;
insert into claimed
select * from json_to_recordset(tests.act('service', 'select public.claim_messages(''w'', 50)')::json) as c (id uuid, lease uuid);
select is(
  tests.act('service', format(
    'select public.prepare_messages(%L, %L) -> 0 -> ''links''', array[tests.id('mail_offer')], (select lease from claimed limit 1)
  ))::jsonb, '["waitlist_accept", "waitlist_decline"]', 'an offer carries both answers'
);
select pg_temp.register('mail_offer', 'waitlist_accept', 'accept');
select pg_temp.register('mail_offer', 'waitlist_decline', 'decline');
select is(pg_temp.call('look_up_link', 'accept') ->> 'service_name', 'talk', 'its page tells what is offered');
select is((select status::text from public.waitlist_offers where id = tests.id('offer')), 'open', 'and answers nothing');
select is(pg_temp.call('use_link', 'accept') ->> 'purpose', 'waitlist_accept', 'the client CAN take the place');
select is((select status::text from public.waitlist_offers where id = tests.id('offer')), 'accepted', 'which is theirs');
select tests.gets('service', 'select public.use_link(''decline'')', 'PT409 invalid_state', 'and CAN no longer be declined');
select is(pg_temp.call('use_link', 'accept'), null, 'once');

-- Guesses are limited, links that work are not.
update private.message_links set expires_at = now() + interval '1 day';
update private.rate_limits set tokens = 0, refilled_at = clock_timestamp() where bucket = 'links:unknown';
select tests.gets('service', 'select public.look_up_link(''guess'')', 'PT429 rate_limited', '70: guesses share one bucket');
select is(pg_temp.call('look_up_link', 'secret-b') ->> 'purpose', 'appointment_cancel', 'a link that works is not in it');

-- Unsubscribing -----------------------------------------------------------------------------------
create function pg_temp.unsubscribe(message text, confirm boolean) returns json
language sql as $$ select tests.act('service', format('select public.unsubscribe(%L, %L)', tests.id(message), confirm))::json $$;
select is(pg_temp.unsubscribe('mail_b', false) ->> 'kind', 'appointment_booked', 'looking tells what would be turned off');
select is((select count(*) from public.notification_preferences where client_id = tests.id('client')), 0::bigint, 'and changes nothing');
select pg_temp.unsubscribe('mail_b', true), pg_temp.unsubscribe('mail_b', true);
select is(
  (select string_agg(concat_ws(' ', channel, kind, is_enabled), ',') from public.notification_preferences where client_id = tests.id('client')),
  'email appointment_booked f', 'one click turns this kind off, once'
);
select is(tests.act('service', 'select public.unsubscribe(gen_random_uuid())'), null, 'of an unknown message nothing');
select tests.remember('to_address', private.enqueue_message(tests.id('organization'), 'k', 'staff_message', 'email', address => 'who@example.test'));
select pg_temp.unsubscribe('to_address', true);
select is(
  (select reason from public.suppressed_addresses where address = 'who@example.test'), 'manual',
  'a bare address is left alone from then on'
);

-- Reports -----------------------------------------------------------------------------------------
create function pg_temp.report(event text, state text, message text) returns text
language sql as $$
  select tests.act('service', format(
    'select public.record_delivery_event(''resend'', %L, %L, %L, ''p-9'', ''detail'')', event, state, tests.id(message)
  ))
$$;
create function pg_temp.state(name text) returns text
language sql as $$ select concat_ws(' ', status, error) from public.messages where id = tests.id(name) $$;
select tests.act('service', format('select public.settle_message(%L, %L, ''sent'', ''resend'', ''p-9'')', tests.id('mail_a'), (select lease from claimed limit 1)));
select is(pg_temp.report('e1', 'delivered', 'mail_a'), 'recorded', 'a report is taken');
select is(pg_temp.report('e1', 'delivered', 'mail_a'), 'known', '54: once');
select is(pg_temp.state('mail_a'), 'delivered', 'and counts');
select is(pg_temp.report('e0', 'sent', 'mail_a'), 'recorded', 'a late one is taken');
select is(pg_temp.report('e2', 'failed', 'mail_a'), 'recorded', 'a contrary one too');
select is(pg_temp.state('mail_a'), 'delivered', 'but a state never goes back');
select is(pg_temp.report('e3', 'bounced', 'mail_b'), 'recorded', 'a report may come before the worker''s word');
select is(pg_temp.state('mail_b'), 'failed bounced: detail', 'what bounced has failed');
select is(
  tests.act('service', format('select public.settle_message(%L, %L, ''sent'')', tests.id('mail_b'), (select lease from claimed limit 1))),
  'failed', 'and the worker''s word comes too late'
);
select is(
  (select reason from public.suppressed_addresses where address = 'client@north.example'), 'bounced', 'the address is dead'
);
select is(
  tests.act('service', 'select public.record_delivery_event(''resend'', ''e4'', ''delivered'', null, ''p-9'')'), 'recorded',
  'the provider''s own name will do'
);
select is(
  tests.act('service', 'select public.record_delivery_event(''resend'', ''e5'', ''delivered'', null, ''nobody'')'), 'unknown',
  'of a message that is not ours nothing changes'
);
-- An attempt whose answer was lost has arrived: no further one is made.
select tests.remember('cut', private.enqueue_message(
  tests.id('organization'), 'cut', 'staff_message', 'email', client_id => tests.id('client')
));
truncate claimed;
insert into claimed
select * from json_to_recordset(tests.act('service', 'select public.claim_messages(''w'', 50)')::json) as c (id uuid, lease uuid);
select tests.act('service', format(
  'select public.settle_message(%L, %L, ''retry'', ''resend'', null, ''no_answer'')', tests.id('cut'), (select lease from claimed limit 1)
));
select is(pg_temp.state('cut'), 'pending no_answer', 'whoever hears nothing tries again');
select pg_temp.report('cut', 'delivered', 'cut');
select is(pg_temp.state('cut'), 'delivered', 'unless the provider says that it is there');
select tests.remember('fresh', private.enqueue_message(
  tests.id('organization'), 'fresh', 'staff_message', 'email', client_id => tests.id('client')
));
select pg_temp.report('fresh', 'delivered', 'fresh');
select is(pg_temp.state('fresh'), 'pending', 'what was never tried has not arrived');

-- A message that was written by hand, and the one beside it.
delete from public.suppressed_addresses where organization_id = tests.id('organization');
select tests.remember('odd', private.enqueue_message(
  tests.id('organization'), 'odd', 'appointment_reminder', 'email', client_id => tests.id('client'),
  data => '{"appointment_id": "next Monday"}'
));
truncate claimed;
insert into claimed
select * from json_to_recordset(tests.act('service', 'select public.claim_messages(''w'', 50)')::json) as c (id uuid, lease uuid);
select is(
  (
    select string_agg(concat_ws(' ', p.outcome, p.error), ', ' order by p.outcome)
    from json_to_recordset(tests.act('service', format(
      'select public.prepare_messages(%L, %L)', array[tests.id('odd'), tests.id('fresh')], (select lease from claimed limit 1)
    ))::json) as p (outcome text, error text)
  ),
  'deliver, failed unreadable', 'one that makes no sense takes none along'
);

-- A report that comes after the address was corrected.
create function pg_temp.sent(channel text) returns uuid
language sql as $$
  select private.enqueue_message(
    tests.id('organization'), gen_random_uuid()::text, 'staff_message', channel, client_id => tests.id('client')
  )
$$;
create function pg_temp.suppressed(channel text) returns text
language sql as $$
  select string_agg(concat_ws(' ', s.address, s.reason), ', ' order by s.address)
  from public.suppressed_addresses as s
  where s.organization_id = tests.id('organization') and s.channel = suppressed.channel::public.message_channel
$$;
create function pg_temp.late(event text, state text, message text, address text) returns text
language sql as $$
  select tests.act('service', format(
    'select public.record_delivery_event(''late'', %L, %L, %L, null, null, %L)', event, state, tests.id(message), address
  ))
$$;
update public.clients set email = 'corrected@north.example', phone = '777 111 222' where id = tests.id('client');
select tests.remember('late_mail', pg_temp.sent('email'));
select tests.remember('late_sms', pg_temp.sent('sms'));
select pg_temp.late('l1', 'bounced', 'late_mail', 'Mistyped@north.example');
select is(pg_temp.suppressed('email'), 'mistyped@north.example bounced', 'a late bounce is about where it went');
select pg_temp.late('l2', 'unreachable', 'late_sms', '+420777999888');
select is(pg_temp.suppressed('sms'), null, 'the number that is right by now is left alone');
select pg_temp.late('l3', 'unreachable', 'late_sms', '+420777111222');
select is(pg_temp.suppressed('sms'), '777 111 222 unreachable', 'the same number in the network''s spelling is dead');

-- Whoever said stop was not reached.
delete from public.suppressed_addresses where organization_id = tests.id('organization');
select tests.act('service', 'select public.claim_messages(''w'', 50)');
select pg_temp.late('l4', 'stopped', 'late_sms', '777 111 222');
select is(pg_temp.state('late_sms'), 'failed stopped', 'what was refused has failed');
select is(pg_temp.suppressed('sms'), '777 111 222 complained', 'and nothing more is sent');
select tests.gets('service', 'select public.record_delivery_event(''resend'', ''e6'', ''exploded'')', 'PT422 invalid_argument', 'states are known words');
select tests.gets('owner', 'select public.record_delivery_event(''resend'', ''e7'', ''delivered'')', '42501', 'nobody else reports');
insert into private.delivery_events (provider, event_id, state, received_at)
values ('resend', 'old', 'sent', now() - interval '91 days'), ('resend', 'recent', 'sent', now() - interval '89 days');
select private.delete_old_delivery_events();
select is(
  (select string_agg(e.event_id, ' ') from private.delivery_events as e where e.event_id in ('old', 'recent')), 'recent',
  'reports are forgotten after ninety days'
);
select is_empty(format('select * from private.notification_violations(%L)', tests.id('organization')), 'nothing is amiss');

select * from finish();
rollback;
