-- Whom the list suggests for a time: in which order, why, and who is left out.
begin;
select * from no_plan();
select tests.practice('north');
select tests.practice('south');

create function pg_temp.wait(name text, client text, preferences text, options text default '') returns uuid
language sql as $$
  select tests.remember(name, tests.act(
    'reception',
    format(
      'select (public.join_waitlist(tests.id(''talk''), %L, tests.id(%L)%s)).id', preferences, client, options
    )
  )::uuid)
$$;
-- What the first suggestions say, as text.
create function pg_temp.suggested(field text, slot_start timestamptz, minutes integer default 60, options text default '')
returns text
language sql as $$
  select coalesce(string_agg(s ->> field, ' ' order by (s ->> 'position')::integer), '')
  from json_array_elements(tests.act(
    'reception',
    format(
      'select public.suggest_waitlist(%L, %L, tests.id(''talk'')%s)', slot_start,
      slot_start + make_interval(mins => minutes), options
    )
  )::json) as s
$$;

select pg_temp.wait('first', 'client', '{}');
select pg_temp.wait('second', 'other', '{}');
select pg_temp.wait('third', 'walkin', '{}', ', 2');
-- In one transaction all are of one moment.
set constraints all immediate;
alter table public.waitlist_entries disable trigger waitlist_entries_guard_update;
update public.waitlist_entries set created_at = now() - interval '2 days' where id = tests.id('first');
update public.waitlist_entries set created_at = now() - interval '1 days' where id = tests.id('second');
alter table public.waitlist_entries enable trigger waitlist_entries_guard_update;
set constraints all deferred;

select is(
  pg_temp.suggested('waitlist_entry_id', tests.at(3, '10:00')),
  concat_ws(' ', tests.id('third'), tests.id('first'), tests.id('second')),
  'priority first, then who has waited longest'
);
select is(
  pg_temp.suggested('reasons', tests.at(3, '10:00')),
  '["priority","any_time"] ["waiting_longest","any_time"] ["any_time"]', 'with reasons'
);
select is(
  pg_temp.suggested('client_name', tests.at(3, '10:00')), 'Walter Walkin Jana Nováková Karel Dvořák', 'and names'
);
select is(
  pg_temp.suggested('waitlist_entry_id', tests.at(3, '10:00'), 59), '', 'a slot that is too short suits nobody'
);
select is(
  pg_temp.suggested('position', tests.at(3, '10:00'), 120), '1 2 3', 'a longer one suits all'
);

-- Who is busy, archived or has an offer is left out ------------------------------------------------------
select tests.book('elsewhere', 'other', 'massage', 'colleague', tests.at(3, '10:30'));
select is(
  pg_temp.suggested('client_name', tests.at(3, '10:00')), 'Walter Walkin Jana Nováková', 'who is busy is left out'
);
select tests.act('reception', $$ select public.archive_client(tests.id('walkin')) $$);
select is(pg_temp.suggested('client_name', tests.at(3, '10:00')), 'Jana Nováková', 'who is archived, too');
select tests.act(
  'reception',
  format('select public.offer_slot(tests.id(''first''), tests.id(''therapist''), %L)', tests.at(4, '10:00'))
);
select is(pg_temp.suggested('client_name', tests.at(3, '10:00')), '', 'and who has an offer');
select tests.act(
  'client', $$ select public.decline_offer(waitlist_offer_id => (select o.id from public.waitlist_offers as o where o.organization_id = tests.id('organization'))) $$
);
select is(pg_temp.suggested('client_name', tests.at(3, '10:00')), 'Jana Nováková', 'until it is declined');
select is(
  pg_temp.suggested('reasons', tests.at(4, '10:00')),
  '["any_time"] ["waiting_longest","any_time","offered_before"]',
  'who had an offer for this very time comes last'
);

-- Preferences, each alone: met, and not met ---------------------------------------------------------------
create function pg_temp.prefers(preferences text, slot_start timestamptz, options text default '') returns text
language plpgsql as $$
begin
  perform tests.act(
    'reception', format('select public.update_waitlist_entry(tests.id(''second''), %L)', preferences)
  );
  return (
    select coalesce(
      (
        select s ->> 'reasons'
        from json_array_elements(tests.act(
          'reception',
          format(
            'select public.suggest_waitlist(%L, %L, tests.id(''talk'')%s)', slot_start,
            slot_start + interval '1 hour', options
          )
        )::json) as s
        where s ->> 'waitlist_entry_id' = tests.id('second')::text
      ),
      'no'
    )
  );
end
$$;
select is(
  pg_temp.prefers(preferences, slot_start, options), expected,
  format('%s at %s%s: %s', preferences, slot_start at time zone 'Europe/Prague', options, expected)
)
from (
  values
    (jsonb_build_object('weekdays', array[extract(isodow from tests.today() + 5)])::text, tests.at(5, '10:00'), '',
      '["weekday"]'),
    (jsonb_build_object('weekdays', array[extract(isodow from tests.today() + 6)])::text, tests.at(5, '10:00'), '',
      'no'),
    ('{"times": [{"start_time": "10:00", "end_time": "11:00"}]}', tests.at(5, '10:00'), '', '["time"]'),
    ('{"times": [{"start_time": "10:01", "end_time": "11:00"}]}', tests.at(5, '10:00'), '', 'no'),
    ('{"times": [{"start_time": "10:00", "end_time": "10:59"}]}', tests.at(5, '10:00'), '', 'no'),
    ('{"times": [{"start_time": "07:00", "end_time": "08:00"}, {"start_time": "09:00", "end_time": "24:00"}]}',
      tests.at(5, '10:00'), '', '["time"]'),
    ('{"times": [{"start_time": "22:00", "end_time": "02:00"}]}', tests.at(5, '23:30'), '', '["time"]'),
    ('{"times": [{"start_time": "22:00", "end_time": "02:00"}]}', tests.at(5, '01:00'), '', '["time"]'),
    ('{"times": [{"start_time": "22:00", "end_time": "02:00"}]}', tests.at(5, '01:30'), '', 'no'),
    -- The night of a clock change: two o'clock comes twice, or not at all.
    ('{"times": [{"start_time": "01:00", "end_time": "03:00"}]}', tests.at(tests.next('spring'), '01:00'), '',
      '["time"]'),
    ('{"times": [{"start_time": "01:00", "end_time": "02:59"}]}', tests.at(tests.next('autumn'), '01:30'), '',
      '["time"]'),
    ('{"times": [{"start_time": "08:00", "end_time": "12:00"}]}', tests.at(tests.next('spring'), '08:00'), '',
      '["time"]'),
    ('{"times": [{"start_time": "08:00", "end_time": "12:00"}]}', tests.at(tests.next('autumn'), '11:00'), '',
      '["time"]'),
    ('{"minimum_notice_minutes": 2880}', tests.at(5, '10:00'), '', '["notice"]'),
    ('{"minimum_notice_minutes": 14400}', tests.at(5, '10:00'), '', 'no'),
    (jsonb_build_object('from_date', tests.today() + 5, 'to_date', tests.today() + 5)::text, tests.at(5, '10:00'), '',
      '["date"]'),
    (jsonb_build_object('from_date', tests.today() + 6)::text, tests.at(5, '10:00'), '', 'no'),
    (jsonb_build_object('to_date', tests.today() + 4)::text, tests.at(5, '10:00'), '', 'no'),
    (jsonb_build_object('practitioner_ids', array[tests.id('therapist')])::text, tests.at(5, '10:00'), '',
      '["practitioner"]'),
    (jsonb_build_object('practitioner_ids', array[tests.id('therapist')])::text, tests.at(5, '10:00'),
      ', tests.id(''therapist'')', '["practitioner"]'),
    (jsonb_build_object('practitioner_ids', array[tests.id('therapist')])::text, tests.at(5, '10:00'),
      ', tests.id(''colleague'')', 'no'),
    (jsonb_build_object('location_ids', array[tests.id('location')])::text, tests.at(5, '10:00'),
      ', location_id => tests.id(''location'')', '["location"]')
) as t (preferences, slot_start, options, expected);
select is(
  pg_temp.suggested('practitioner_ids', tests.at(5, '10:00'), 60, ', tests.id(''colleague'')'),
  format('["%1$s"] ["%1$s"]', tests.id('colleague')), 'it says with whom'
);

-- Who asks ---------------------------------------------------------------------------------------------------
select tests.gets(
  who,
  format('select public.suggest_waitlist(%L, %L, tests.id(''north.talk''))', tests.at(3, '10:00'), tests.at(3, '11:00')),
  expected, who || ' asks: ' || expected
)
from (
  values
    ('owner', 'ok 1'), ('admin', 'ok 1'), ('reception', 'ok 1'), ('therapist', 'ok 1'), ('client', 'PT403 forbidden'),
    ('south.owner', 'PT404 not_found'), ('south.client', 'PT404 not_found'), ('removed', 'PT404 not_found'),
    ('stranger', 'PT404 not_found'), ('nobody', 'PT401 unauthenticated'), ('anon', '42501')
) as t (who, expected);
select tests.gets(
  'reception', format('select public.suggest_waitlist(%s, tests.id(''talk'')%s)', slot, options), expected, slot || options
)
from (
  values
    ('null, now()', '', 'PT422 invalid_argument'), ('now(), null', '', 'PT422 invalid_argument'),
    ('now(), now()', '', 'PT422 invalid_argument'), ('now(), ''infinity''', '', 'PT422 invalid_argument'),
    ('now(), now() + interval ''25 hours''', '', 'PT422 invalid_argument'),
    ('now(), now() + interval ''1 hour''', ', tests.id(''freelancer'')', 'PT404 not_found'),
    ('now(), now() + interval ''1 hour''', ', tests.id(''south.therapist'')', 'PT404 not_found'),
    ('now(), now() + interval ''1 hour''', ', location_id => tests.id(''south.location'')', 'PT404 not_found')
) as t (slot, options, expected);

select * from finish();
rollback;
