-- What is told of appointments: to whom, once, never of a time that no longer stands.
begin;
select * from no_plan();
select tests.practice('north');
select tests.practice('south');
select tests.operator();

create function pg_temp.told(about text, of_kind text default null) returns text
language sql as $$
  select coalesce(string_agg(concat_ws('/', m.kind, m.channel, m.status), ' ' order by m.kind, m.channel, m.user_id is null, m.status::text), '')
  from public.messages as m
  where m.subject_id = tests.id(about) and m.kind <> 'appointment_reminder'
    and (of_kind is null or m.kind = 'appointment_' || of_kind)
$$;
create function pg_temp.reminders(about text) returns text
language sql as $$
  select coalesce(string_agg(
    concat_ws('/', m.channel, round(extract(epoch from (m.data ->> 'starts_at')::timestamptz - m.send_after) / 60), m.status),
    ' ' order by m.send_after, m.channel), '')
  from public.messages as m
  where m.subject_id = tests.id(about) and m.kind = 'appointment_reminder' and m.status <> 'cancelled'
$$;

-- Who hears of what --------------------------------------------------------------------------------
select tests.book('a', 'client', 'talk', 'therapist', tests.at(5, '10:00'));
select is(pg_temp.told('a'), '', 'whoever books does not wait for what is told');
select cmp_ok(public.announce_bookings(), '>=', 1, 'it is told a moment later');
select is(public.announce_bookings(), 0, 'once');
select is(
  pg_temp.told('a'),
  'appointment_booked/email/pending appointment_booked/in_app/delivered appointment_booked/in_app/delivered',
  'the desk books: the client is written to, client and practitioner find it in their inbox'
);
select is(
  tests.act('therapist', 'select count(*) from public.notifications where read_at is null'), '1',
  'the practitioner CAN read it'
);
select is(tests.act('client', 'select kind from public.notifications'), 'appointment_booked', 'the client CAN read it');
select is(tests.act(who, 'select count(*) from public.notifications'), '0', who || ' can NOT')
from unnest(array['owner', 'reception', 'colleague', 'other', 'stranger', 'south.owner', 'removed']) as who;

select tests.remember('b', tests.act('client', format(
  'select (public.book_appointment(%L, %L, %L)).id', tests.id('free'), tests.at(6, '10:00'), tests.id('therapist')
))::uuid);
select public.announce_bookings();
select is(
  pg_temp.told('b'), 'appointment_booked/email/pending appointment_booked/in_app/delivered',
  'whoever books for themselves gets the e-mail, and nothing in the inbox'
);

-- On devices, where there are some.
create function pg_temp.pushed(about text) returns text
language sql as $$
  select string_agg(case when m.client_id is null then 'practitioner' else 'client' end, ' ' order by m.client_id)
  from public.messages as m where m.subject_id = tests.id(about) and m.channel = 'push'
$$;
select tests.act('client', 'select public.register_push_device(''device-of-the-client'', ''ios'')');
select tests.book('c', 'client', 'free', 'therapist', tests.at(7, '10:00'));
select public.announce_bookings();
select is(pg_temp.pushed('c'), 'client', 'who has a device gets it there, too');
select tests.act('therapist', 'select public.register_push_device(''device-of-the-therapist'', ''ios'')');
select tests.book('d', 'client', 'free', 'therapist', tests.at(7, '12:00'));
select public.announce_bookings();
select is(pg_temp.pushed('d'), 'client practitioner', 'the practitioner as well');
select tests.act('client', 'select public.unregister_push_device(''device-of-the-client'')');
select tests.act('therapist', 'select public.unregister_push_device(''device-of-the-therapist'')');

-- Nothing to tell --------------------------------------------------------------------------------
insert into public.appointments (organization_id, location_id, client_id, practitioner_id, service_id, during, status)
select tests.id('organization'), tests.id('location'), tests.id('client'), tests.id('therapist'), tests.id('talk'),
  tstzrange(tests.at(-3, '10:00'), tests.at(-3, '11:00')), 'confirmed'
returning tests.remember('past', id);
select public.announce_bookings();
select is(pg_temp.told('past'), '', 'what is over is not announced');
insert into public.appointments (
  organization_id, location_id, client_id, practitioner_id, service_id, during, status, held_until
)
select tests.id('organization'), tests.id('location'), tests.id('client'), tests.id('therapist'), tests.id('talk'),
  tstzrange(tests.at(8, '10:00'), tests.at(8, '11:00')), 'pending', now() + interval '1 hour'
returning tests.remember('held', id);
select public.announce_bookings();
select is(pg_temp.told('held'), '', 'a place that is held is not announced');
update public.appointments set held_until = null, status = 'confirmed' where id = tests.id('held');
select public.announce_bookings();
select matches(pg_temp.told('held'), 'appointment_booked/email/pending', 'when the offer is taken, it is');

-- A move and a cancellation -----------------------------------------------------------------------
select tests.act('reception', format('select public.reschedule_appointment(%L, %L)', tests.id('a'), tests.at(5, '12:00')));
select matches(
  pg_temp.told('a'), 'appointment_booked/email/cancelled.*appointment_booked/email/pending',
  'a booking that nobody has heard of yet is told with its new time'
);
update public.messages set status = 'sending', lease = gen_random_uuid(), leased_until = now()
where subject_id = tests.id('a') and status = 'pending';
update public.messages set status = 'sent', sent_at = now(), lease = null, leased_until = null
where subject_id = tests.id('a') and status = 'sending';
select tests.act('reception', format('select public.reschedule_appointment(%L, %L)', tests.id('a'), tests.at(5, '13:00')));
select is(
  pg_temp.told('a', 'moved'), 'appointment_moved/email/pending appointment_moved/in_app/delivered appointment_moved/in_app/delivered',
  'later moves are told as moves'
);
select tests.act('reception', format('select public.cancel_appointment(%L)', tests.id('a')));
select is(
  pg_temp.told('a', 'moved'), 'appointment_moved/email/cancelled appointment_moved/in_app/delivered appointment_moved/in_app/delivered',
  'a cancellation takes back what waits'
);
select matches(pg_temp.told('a', 'cancelled'), 'appointment_cancelled/email/pending', 'and is told');
select matches(pg_temp.told('b'), 'appointment_booked/email/pending', 'what waits about others stays');

-- Changed before anybody was told -------------------------------------------------------------------
select tests.book('quick', 'client', 'talk', 'therapist', tests.at(14, '10:00'));
select tests.act('reception', format('select public.reschedule_appointment(%L, %L)', tests.id('quick'), tests.at(14, '12:00')));
select is(pg_temp.told('quick'), '', 'a booking that moves before it is told');
select public.announce_bookings();
select is(
  pg_temp.told('quick'),
  'appointment_booked/email/pending appointment_booked/in_app/delivered appointment_booked/in_app/delivered',
  'is told once, as a booking'
);
select is(
  (select distinct (m.data ->> 'starts_at')::timestamptz from public.messages as m where m.subject_id = tests.id('quick')),
  tests.at(14, '12:00'), 'with the time that stands'
);
select tests.book('gone', 'client', 'talk', 'therapist', tests.at(15, '10:00'));
select tests.act('reception', format('select public.cancel_appointment(%L)', tests.id('gone')));
select is(public.announce_bookings(), 0, 'one that is cancelled before it is told');
select is(
  pg_temp.told('gone'),
  'appointment_cancelled/email/pending appointment_cancelled/in_app/delivered appointment_cancelled/in_app/delivered',
  'is told as cancelled, never as booked'
);
insert into public.appointments (organization_id, location_id, client_id, practitioner_id, service_id, during, status)
select tests.id('organization'), tests.id('location'), tests.id('client'), tests.id('therapist'), tests.id('talk'),
  tstzrange(tests.at(16, '10:00'), tests.at(16, '11:00')), 'pending'
returning tests.remember('asked', id);
select tests.act('reception', format('select public.confirm_appointment(%L)', tests.id('asked')));
select public.announce_bookings();
select is(
  pg_temp.told('asked'),
  'appointment_booked/email/pending appointment_booked/in_app/delivered appointment_booked/in_app/delivered',
  'one that is confirmed before it is told is told as it is'
);
select tests.gets(who, 'select public.announce_bookings()', '42501', who || ' can NOT announce')
from unnest(array['owner', 'reception', 'therapist', 'client', 'anon']) as who;
select tests.gets('service', 'select public.announce_bookings(0)', 'PT422 invalid_argument', 'a batch is not empty');

-- A batch is no larger than asked for, also by a plan that was made when there was nothing to tell.
select public.announce_bookings(10000);
analyze private.booking_announcements;
select public.announce_bookings(10) from generate_series(1, 10);
insert into private.booking_announcements (appointment_id, organization_id, booked_at)
select gen_random_uuid(), tests.id('organization'), now() from generate_series(1, 600);
select is(public.announce_bookings(10), 10, 'as many as were asked for');
select is((select count(*) from private.booking_announcements), 590::bigint, 'the others wait');
delete from private.booking_announcements;

-- A series is told as one --------------------------------------------------------------------------
select tests.remember('s1', tests.act('reception', format(
  'select id from public.book_block(%L, %L, %L, %L, 4) order by starts_at', tests.id('talk'), tests.id('colleague'),
  tests.id('other'), tests.at(10, '09:00')
))::uuid);
select tests.remember('block', (select block_id from public.appointments where id = tests.id('s1')));
select public.announce_bookings();
select is(
  (select count(*) from public.messages where subject_id = tests.id('block') and channel = 'email'), 1::bigint,
  'a series is one e-mail'
);
select is(
  cardinality(private.told_appointment_ids(m)), 4, 'which tells of all four'
) from public.messages as m where m.subject_id = tests.id('block') and m.channel = 'email';
select tests.act('reception', format('select public.cancel_block(%L, ''all_future'')', tests.id('s1')));
select is(
  (select count(*) from public.messages where subject_id = tests.id('block') and kind = 'appointment_cancelled'
    and channel = 'email'), 1::bigint, 'so is its end'
);
select ok(
  (select private.told_appointment_ids(m) is null from public.messages as m
    where m.subject_id = tests.id('block') and m.kind = 'appointment_booked' and m.channel = 'email'),
  'and the booking is no longer true'
);

-- Reminders ---------------------------------------------------------------------------------------
select tests.gets(who, format(
  'insert into public.reminder_rules (organization_id, minutes_before, channel) values (%L, 60, ''email'')',
  tests.id('organization')
), expected, who || ' makes a rule: ' || expected)
from (values
  ('owner', 'ok 1'), ('admin', 'ok 1'), ('reception', '42501'), ('therapist', '42501'), ('client', '42501'),
  ('south.owner', '42501'), ('anon', '42501')
) as t (who, expected);
insert into public.reminder_rules (organization_id, minutes_before, channel)
values (tests.id('organization'), 2880, 'email'), (tests.id('organization'), 180, 'sms');
select is(pg_temp.reminders('b'), 'email/2880/pending sms/180/pending', 'rules reach what is booked already');
select tests.book('d', 'client', 'talk', 'therapist', tests.at(9, '10:00'));
select public.announce_bookings();
select is(pg_temp.reminders('d'), 'email/2880/pending sms/180/pending', 'a booking is reminded by every rule');
select is(
  (select expires_at from public.messages where subject_id = tests.id('d') and channel = 'email'
    and kind = 'appointment_reminder'),
  tests.at(9, '07:00'), 'one that is late makes room for the next'
);
insert into public.appointments (organization_id, location_id, client_id, practitioner_id, service_id, during)
select tests.id('organization'), tests.id('location'), tests.id('walkin'), tests.id('freelancer'), tests.id('talk'),
  tstzrange(now() + interval '24 hours', now() + interval '25 hours')
returning tests.remember('soon', id);
select public.announce_bookings();
select is(pg_temp.reminders('soon'), 'sms/180/pending', 'booked inside a window: only what is still to come');
insert into public.appointments (organization_id, location_id, client_id, practitioner_id, service_id, during)
select tests.id('organization'), tests.id('location'), tests.id('walkin'), tests.id('freelancer'), tests.id('talk'),
  tstzrange(now() + interval '3 hours 20 minutes', now() + interval '4 hours')
returning tests.remember('sooner', id);
select public.announce_bookings();
select is(pg_temp.reminders('sooner'), '', 'whoever was told just now is not reminded');

select tests.act('reception', format('select public.reschedule_appointment(%L, %L)', tests.id('d'), tests.at(11, '10:00')));
select is(pg_temp.reminders('d'), 'email/2880/pending sms/180/pending', 'a move has its own reminders');
select is(
  (select count(*) from public.messages where subject_id = tests.id('d') and kind = 'appointment_reminder'
    and status = 'cancelled' and error = 'superseded'), 2::bigint, 'and the old time''s are cancelled'
);
select tests.act('reception', format('select public.reschedule_appointment(%L, %L)', tests.id('d'), tests.at(9, '10:00')));
select is(
  (select count(*) from public.messages where subject_id = tests.id('d') and kind = 'appointment_reminder'), 4::bigint,
  'moved back: the first reminders come back, and no others'
);
select is(pg_temp.reminders('d'), 'email/2880/pending sms/180/pending', 'each once');
update public.messages set status = 'sending', lease = gen_random_uuid(), leased_until = now()
where subject_id = tests.id('d') and kind = 'appointment_reminder' and status = 'pending' and channel = 'email';
update public.messages set status = 'sent', sent_at = now(), lease = null, leased_until = null
where subject_id = tests.id('d') and status = 'sending';
select tests.act('reception', format('select public.reschedule_appointment(%L, %L)', tests.id('d'), tests.at(11, '10:00')));
select tests.act('reception', format('select public.reschedule_appointment(%L, %L)', tests.id('d'), tests.at(9, '10:00')));
select is(
  pg_temp.reminders('d'), 'email/2880/sent sms/180/pending', 'what went out for this time does not go out again'
);
update public.reminder_rules set is_active = false where organization_id = tests.id('organization') and channel = 'sms';
select is(pg_temp.reminders('d'), 'email/2880/sent', 'a rule that is switched off takes its reminders along');
update public.reminder_rules set is_active = true where organization_id = tests.id('organization') and channel = 'sms';
select is(pg_temp.reminders('d'), 'email/2880/sent sms/180/pending', 'and brings them back');
select tests.act('reception', format('select public.cancel_appointment(%L)', tests.id('d')));
select is(pg_temp.reminders('d'), 'email/2880/sent', 'a cancelled appointment reminds of nothing');
select is(pg_temp.reminders('b'), 'email/2880/pending sms/180/pending', 'others keep theirs');
delete from public.reminder_rules where organization_id = tests.id('organization');
select is(pg_temp.reminders('b'), '', 'without rules there are no reminders');

-- Quiet hours -------------------------------------------------------------------------------------
select tests.act('client', 'select public.set_quiet_hours(''22:00'', ''07:00'', ''Europe/Prague'')');
insert into public.reminder_rules (organization_id, minutes_before, channel) values (tests.id('organization'), 180, 'sms');
insert into public.appointments (organization_id, location_id, client_id, practitioner_id, service_id, during)
select tests.id('organization'), tests.id('location'), tests.id('client'), tests.id('therapist'), tests.id('talk'),
  tstzrange(tests.at(12, '08:30'), tests.at(12, '09:30'))
returning tests.remember('early', id);
insert into public.appointments (organization_id, location_id, client_id, practitioner_id, service_id, during)
select tests.id('organization'), tests.id('location'), tests.id('client'), tests.id('therapist'), tests.id('talk'),
  tstzrange(tests.at(13, '06:30'), tests.at(13, '07:30'))
returning tests.remember('dawn', id);
select public.announce_bookings();
select is(
  (select send_after from public.messages where subject_id = tests.id('early') and kind = 'appointment_reminder'),
  tests.at(12, '07:00'), 'a reminder due in quiet hours waits for their end'
);
select is(
  (select send_after from public.messages where subject_id = tests.id('dawn') and kind = 'appointment_reminder'),
  tests.at(12, '21:45'), 'or goes out before them, where the end would be too late'
);
select is(private.quiet_end(tests.at(1, '23:00'), tests.id('organization'), tests.id('client'), null), tests.at(2, '07:00'), 'over midnight');
select is(private.quiet_end(tests.at(1, '07:00'), tests.id('organization'), tests.id('client'), null), null, 'their end is outside');
select is(private.quiet_end(tests.at(1, '12:00'), tests.id('organization'), tests.id('client'), null), null, 'noon is not quiet');
select is(
  private.quiet_end(tests.at(tests.next('autumn'), '01:00'), tests.id('organization'), tests.id('client'), null),
  tests.at(tests.next('autumn'), '07:00'), 'local time, also in the night when clocks change'
);

-- Two rules for one moment, and one whose moment is quiet while the next is not far.
insert into public.reminder_rules (organization_id, minutes_before, channel)
values (tests.id('organization'), 180, 'email'), (tests.id('organization'), 600, 'sms'), (tests.id('organization'), 420, 'email');
select tests.book('twice', 'client', 'talk', 'therapist', tests.at(19, '15:00'));
select tests.book('noon', 'client', 'talk', 'therapist', tests.at(20, '12:00'));
select public.announce_bookings();
select is(pg_temp.reminders(about), expected, 'each rule has its reminder: ' || about)
from (values
  ('twice', 'sms/480/pending email/420/pending email/180/pending sms/180/pending'),
  -- 02:00 is quiet, and 07:00 too late for the one of 05:00.
  ('noon', 'sms/855/pending email/420/pending email/180/pending sms/180/pending')
) as t (about, expected);
select is_empty($$
  select m.id from public.messages as m
  where m.organization_id = tests.id('organization') and m.kind = 'appointment_reminder' and m.expires_at <= m.send_after
$$, 'and none is over before it is due');
delete from public.reminder_rules
where organization_id = tests.id('organization') and (minutes_before <> 180 or channel = 'email');

-- The digest --------------------------------------------------------------------------------------
select is(
  (
    select count(*) from public.messages as m
    where m.organization_id = tests.id('organization') and m.kind = 'daily_digest'
  ), 0::bigint, 'no digest yet'
);
select private.enqueue_daily_digests(tests.at(12, '05:59'));
select private.enqueue_daily_digests(tests.at(12, '06:10'));
select private.enqueue_daily_digests(tests.at(12, '06:25'));
select set_eq(
  format('select user_id from public.messages where organization_id = %L and kind = ''daily_digest''', tests.id('organization')),
  array[tests.id('owner_user'), tests.id('admin_user'), tests.id('reception_user'), tests.id('therapist_user')],
  'once a day the desk hears of the day, and the practitioners who work'
);

select is_empty(
  format('select * from private.notification_violations(%L)', tests.id('organization')), 'nothing is amiss'
);
set constraints all immediate;
alter table public.messages disable trigger messages_guard;
update public.messages set data = data || '{"starts_at": "2030-01-01T00:00:00Z"}'
where subject_id = tests.id('early') and kind = 'appointment_reminder';
delete from public.messages where subject_id = tests.id('dawn');
select tests.book('stuck', 'client', 'talk', 'therapist', tests.at(17, '10:00'));
select is_empty(
  format('select * from private.notification_violations(%L) where record_id = %L', tests.id('organization'), tests.id('stuck')),
  'a booking may wait a moment'
);
update private.booking_announcements set booked_at = now() - interval '2 hours' where appointment_id = tests.id('stuck');
select isnt_empty(
  format('select * from private.notification_violations(%L) where record_id = %L', tests.id('organization'), tests.id('stuck')),
  'but not for hours'
);
delete from private.booking_announcements where appointment_id = tests.id('stuck');
select set_eq(
  format('select invariant from private.notification_violations(%L)', tests.id('organization')),
  array['reminder_tells_the_time_that_stands', 'appointment_is_announced'], 'what is amiss shows'
);

select * from finish();
rollback;
