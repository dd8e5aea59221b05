-- What is told of the waiting list; a place that is held is not told as a booking.
begin;
select * from no_plan();
select tests.practice('north');
select tests.set('minimum_notice_minutes = 0, auto_confirm = false');
delete from realtime.messages;
create table pg_temp.told (event text, payload jsonb);

-- Who heard what since the last look: 'calendar changed, client changed'.
create function pg_temp.heard() returns text
language sql as $$
  with names as (
    select private.calendar_topic(i.id) as topic, 'calendar' as name
    from tests.ids as i
    where i.key = 'north.organization'
    union all
    select private.user_topic(i.id), replace(replace(i.key, 'north.', ''), '_user', '')
    from tests.ids as i
    where i.key like 'north.%\_user'
  ), taken as (
    delete from realtime.messages where event ~ '^(appointment|waitlist):' returning *
  ), kept as (
    insert into pg_temp.told (event, payload) select t.event, t.payload from taken as t
  )
  select string_agg(n.name || ' ' || split_part(t.event, ':', 2), ', ' order by t.event, n.name)
  from taken as t
  left join names as n on n.topic = t.topic
$$;
create function pg_temp.offer() returns void
language plpgsql as $$
begin
  perform tests.remember('offer', (
    tests.act(
      'reception',
      format('select public.offer_slot(tests.id(''entry''), tests.id(''therapist''), %L)', tests.at(3, '10:00'))
    )::jsonb ->> 'waitlist_offer_id'
  )::uuid);
end
$$;

select tests.remember('entry', tests.act('client', $$ select (public.join_waitlist(tests.id('talk'), '{}')).id $$)::uuid);
select is(pg_temp.heard(), 'calendar changed, client changed', 'who joins the waiting list, and the desk, hear it');
select pg_temp.offer();
select is(
  pg_temp.heard(),
  'calendar changed, client changed, calendar offered, client offered, therapist offered',
  'an offer is told also to whose time it is, and nobody hears of a booking'
);
select tests.act('client', 'select (public.decline_offer(waitlist_offer_id => tests.id(''offer''))).id');
select is(
  pg_temp.heard(),
  'calendar answered, client answered, therapist answered, calendar changed, client changed',
  'so is its end, and nobody hears of a cancellation'
);
select pg_temp.offer();
select pg_temp.heard();
select tests.act('client', 'select (public.accept_offer(waitlist_offer_id => tests.id(''offer''))).id');
select is(
  pg_temp.heard(),
  'calendar created, client created, therapist created,'
  || ' calendar answered, client answered, therapist answered, calendar changed, client changed',
  'an offer accepted is a booking'
);
select is(
  (select string_agg(distinct k.key, ' ' order by k.key) from pg_temp.told as t, jsonb_object_keys(t.payload) as k (key)),
  'appointment_id ends_at expires_at id organization_id practitioner_id starts_at waitlist_entry_id waitlist_offer_id',
  'ids and times only'
);
select is(
  (
    select count(*)
    from pg_temp.told as t, jsonb_each_text(t.payload) as v
    where v.value !~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' and v.value !~ '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d'
      or v.value = tests.id('client')::text
  ),
  0::bigint, 'nothing of the person'
);
select * from finish();
rollback;
