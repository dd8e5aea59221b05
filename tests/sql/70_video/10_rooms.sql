-- open_video_room: one room a session, who enters it as what, and when.
begin;
select * from no_plan();
select tests.practice('north');
select tests.practice('south');
select tests.book('a', 'client', 'call', 'therapist', tests.at(3, '10:00'));
select tests.book('b', 'other', 'call', 'therapist', tests.at(3, '11:00'));

create function pg_temp.room(who text, appointment text, field text) returns text
language sql as $$ select tests.act(who, format('select public.open_video_room(tests.id(%L)) ->> %L', appointment, field)) $$;

-- Who ---------------------------------------------------------------------------------------------------------------
select tests.gets(
  who, $$ select public.open_video_room(tests.id('north.a')) $$, expected, who || ' enters: ' || expected
)
from (
  values
    ('client', 'ok 1'), ('therapist', 'ok 1'), ('owner', 'ok 1'), ('admin', 'ok 1'), ('reception', 'PT403 forbidden'),
    ('colleague', 'PT404 not_found'),
    ('other', 'PT404 not_found'), ('south.owner', 'PT404 not_found'), ('south.client', 'PT404 not_found'),
    ('removed', 'PT404 not_found'),
    ('stranger', 'PT404 not_found'), ('nobody', 'PT401 unauthenticated'), ('anon', '42501'), ('service', '42501')
) as t (who, expected);
select is(
  pg_temp.room(who, 'a', 'is_moderator'), expected,
  format('%s is %s moderator', who, case expected when 'true' then 'a' else 'no' end)
)
from (values ('client', 'false'), ('therapist', 'true'), ('owner', 'true'), ('admin', 'true')) as t (who, expected);
select is(pg_temp.room(who, 'a', 'display_name'), expected, format('%s appears as %s', who, expected))
from (
  values ('client', 'Jana Nováková'), ('therapist', 'Therapist'), ('owner', 'Owner'), ('admin', 'admin')
) as t (who, expected);
-- An owner who is the client of a session is a client in it.
update public.clients set user_id = tests.id('owner_user') where id = tests.id('walkin');
select tests.book('mine', 'walkin', 'call', 'colleague', tests.at(3, '12:00'));
select is(
  pg_temp.room('owner', 'mine', 'is_moderator'), 'false', 'an owner in the own session as client is no moderator'
);
select tests.gets(
  'client', 'select public.open_video_room(' || id || ')', 'PT404 not_found', 'an appointment is not found: ' || id
)
from unnest(array['null', 'gen_random_uuid()']) as id;

-- The room ------------------------------------------------------------------------------------------------------------
select is(
  pg_temp.room('client', 'a', 'room_name'), pg_temp.room('therapist', 'a', 'room_name'),
  'all of one appointment meet in one room'
);
select matches(pg_temp.room('client', 'a', 'room_name'), '^[0-9a-f]{32}$', 'whose name is 128 random bits');
select isnt(
  pg_temp.room('client', 'a', 'room_name'), pg_temp.room('other', 'b', 'room_name'),
  'another appointment has another room'
);
select is(
  (select count(*) from private.video_rooms as r where r.organization_id = tests.id('organization')), 3::bigint,
  'asking again makes no further room'
);
select is(pg_temp.room('client', 'a', field), expected, format('%s is %s', field, expected))
from (
  values
    ('appointment_id', tests.id('a')::text), ('organization_id', tests.id('organization')::text),
    ('user_id', tests.id('client_user')::text), ('subject', 'call')
) as t (field, expected);
select is(
  pg_temp.room('client', 'a', 'starts_at')::timestamptz, tests.at(3, '10:00'), 'it says when the session starts'
);
select is(
  pg_temp.room('client', 'a', 'not_before')::timestamptz, tests.at(3, '09:45'),
  'the room opens early as the settings say'
);
select is(pg_temp.room('client', 'a', 'expires_at')::timestamptz, tests.at(3, '11:30'), 'and closes late');
select tests.set('video_early_join_minutes = 0, video_late_leave_minutes = 5');
select is(
  pg_temp.room('client', 'a', 'not_before')::timestamptz, tests.at(3, '10:00'), 'other settings, other opening'
);
select is(pg_temp.room('client', 'a', 'expires_at')::timestamptz, tests.at(3, '10:35'), 'and closing');
select tests.act(
  'reception', format('select public.reschedule_appointment(tests.id(%L), %L)', 'a', tests.at(4, '10:00'))
);
select is(pg_temp.room('client', 'a', 'expires_at')::timestamptz, tests.at(4, '10:35'), 'a move takes the room along');

-- Nobody reads names of rooms.
select tests.gets(
  who, 'select * from private.video_rooms', '42501', who || ' can NOT read rooms'
) from unnest(array['owner', 'client', 'anon', 'service']) as who;

-- States --------------------------------------------------------------------------------------------------------------------
insert into public.appointments (
  organization_id, location_id, client_id, practitioner_id, service_id, during, status, cancelled_at
)
select
  tests.id('organization'), tests.id('location'), tests.id('client'), tests.id('therapist'), tests.id('call'),
  tstzrange(tests.at(6, '08:00') + s.n * interval '1 hour', tests.at(6, '09:00') + s.n * interval '1 hour'), s.status,
  case when s.status = 'cancelled' then now() end
from (select status, row_number() over () as n from unnest(enum_range(null::public.appointment_status)) as status) as s
returning tests.remember('is ' || status, id);
select tests.gets(
  'client', format('select public.open_video_room(tests.id(%L))', 'is ' || status),
  case when status in ('pending', 'confirmed', 'in_progress') then 'ok 1' else 'PT409 invalid_state' end,
  'a room of an appointment that is ' || status
)
from unnest(enum_range(null::public.appointment_status)::text[]) as status;
insert into public.appointments (organization_id, location_id, client_id, practitioner_id, service_id, during)
select tests.id('organization'), tests.id('location'), tests.id('other'), tests.id('colleague'), tests.id('call'), tstzrange(now() - ends_ago - interval '30 minutes', now() - ends_ago)
from (values (interval '5 minutes'), (interval '4 hours')) as t (ends_ago)
returning tests.remember('ended ' || extract(hour from now() - ends_at), id);
select tests.gets(
  'other', $$ select public.open_video_room(tests.id('ended 0')) $$, 'PT409 invalid_state',
  'when the time to leave is over, the room is closed'
);
select tests.set('video_late_leave_minutes = 60');
select tests.gets('other', $$ select public.open_video_room(tests.id('ended 0')) $$, 'ok 1', 'within it, it is open');
select tests.gets(
  'other', $$ select public.open_video_room(tests.id('ended 4')) $$, 'PT409 invalid_state', 'later it is not'
);

-- A place that is held for an offer is nobody's yet.
select tests.remember('entry', tests.act('client', $$ select (public.join_waitlist(tests.id('call'), '{}')).id $$)::uuid);
select tests.act('reception', format(
  'select public.offer_slot(%L, %L, %L)', tests.id('entry'), tests.id('therapist'), tests.at(9, '10:00')
));
select tests.remember('held', (
  select o.appointment_id from public.waitlist_offers as o where o.waitlist_entry_id = tests.id('entry')
));
select tests.gets(
  who, $$ select public.open_video_room(tests.id('north.held')) $$, 'PT409 invalid_state',
  'a held place has no room: ' || who
)
from unnest(array['client', 'therapist']) as who;

-- Groups share a room and do not learn one another's family names -------------------------------------------------------------
update public.services set mode = 'video' where id = tests.id('group');
select tests.book('g1', 'client', 'group', 'therapist', tests.at(7, '10:00'));
select tests.book('g2', 'other', 'group', 'therapist', tests.at(7, '10:00'));
select is(
  pg_temp.room('client', 'g1', 'room_name'), pg_temp.room('other', 'g2', 'room_name'),
  'participants of a group meet in one room'
);
select is(pg_temp.room('client', 'g1', 'display_name'), 'Jana', 'under their given names');
select tests.gets(
  'client', $$ select public.open_video_room(tests.id('g2')) $$, 'PT404 not_found',
  'each through their own appointment only'
);
select tests.remember('group room', md5(pg_temp.room('therapist', 'g1', 'room_name'))::uuid);
select tests.act(
  'client', format('select public.reschedule_appointment(tests.id(%L), %L)', 'g1', tests.at(8, '10:00'))
);
select isnt(
  md5(pg_temp.room('client', 'g1', 'room_name'))::uuid, tests.id('group room'),
  'who left the session has another room'
);
select is(md5(pg_temp.room('other', 'g2', 'room_name'))::uuid, tests.id('group room'), 'who stayed has the old one');

select * from finish();
rollback;
