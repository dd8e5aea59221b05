-- Who is told what of offers, and that no secret is told.
begin;
select * from no_plan();
select tests.practice('north');
select tests.set('minimum_notice_minutes = 0, cancellation_window_minutes = 0');

create function pg_temp.told(subject uuid) returns text
language sql as $$
  select coalesce(
    string_agg(concat_ws(' ', m.kind, m.channel, coalesce(i.key, u.email), case when m.channel <> 'in_app' then m.status end), ', ' order by m.kind, m.channel, u.email),
    'nothing'
  )
  from public.messages as m
  left join tests.ids as i on i.id = m.client_id
  left join auth.users as u on u.id = m.user_id
  where m.subject_id = told.subject
$$;
create function pg_temp.offer(name text, client text, day integer) returns void
language plpgsql as $$
declare
  v_answer jsonb;
begin
  perform tests.remember(name || ' entry', tests.act(
    'reception', format('select (public.join_waitlist(tests.id(''talk''), ''{}'', tests.id(%L))).id', client)
  )::uuid);
  v_answer := tests.act(
    'reception',
    format(
      'select public.offer_slot(tests.id(%L), tests.id(''therapist''), %L)', name || ' entry', tests.at(day, '10:00')
    )
  )::jsonb;
  perform tests.remember(name, (v_answer ->> 'waitlist_offer_id')::uuid);
  perform tests.remember(name || ' held', (v_answer ->> 'appointment_id')::uuid);
  perform set_config('tests.token', v_answer ->> 'token', true);
end
$$;

select pg_temp.offer('a', 'client', 3);
select is(
  pg_temp.told(tests.id('a')),
  'waitlist_offer email north.client pending, waitlist_offer in_app north.client',
  'a client with an address and a login is told twice'
);
select is(
  (select count(*) from public.messages as m where m::text like '%' || current_setting('tests.token') || '%'), 0::bigint,
  'no message holds the secret'
);
select results_eq(
  $$ select m.data ->> 'service_name', m.data ->> 'practitioner_name', (m.data ->> 'starts_at')::timestamptz, m.data ->> 'timezone', m.expires_at, m.priority
     from public.messages as m where m.subject_id = tests.id('a') and m.channel = 'email' $$,
  $$ values ('talk', 'Therapist', tests.at(3, '10:00'), 'Europe/Prague', now() + interval '120 minutes', 1::smallint) $$,
  'they are told what, with whom, when and until when'
);
select is(pg_temp.told(tests.id('a held')), 'nothing', 'a held place is not announced as booked');
select tests.act('client', $$ select public.decline_offer(waitlist_offer_id => tests.id('a')) $$);
select is(
  pg_temp.told(tests.id('a')),
  'waitlist_offer email north.client cancelled, waitlist_offer in_app north.client, waitlist_unfilled in_app reception@north.example',
  'what is answered is not sent any more; who offered it learns that it was declined'
);

select tests.act('client', $$ select public.leave_waitlist(tests.id('a entry')) $$);
select pg_temp.offer('b', 'walkin', 4);
select is(
  pg_temp.told(tests.id('b')), 'waitlist_offer sms north.walkin pending', 'without an address the telephone has to do'
);
update public.messages set status = 'failed', error = 'test' where subject_id = tests.id('b');
select tests.act('reception', $$ select public.cancel_appointment(tests.id('b held')) $$);
select is(
  pg_temp.told(tests.id('b')),
  'waitlist_offer sms north.walkin failed, waitlist_offer_expired sms north.walkin pending',
  'an offer that was withdrawn after it was told is taken back'
);

select pg_temp.offer('c', 'other', 5);
select tests.act('other', $$ select public.accept_offer(waitlist_offer_id => tests.id('c')) $$);
select is(pg_temp.told(tests.id('c')), 'waitlist_offer in_app north.other', 'accepting tells nothing more here');

-- Nobody is left: the desk and the practitioner learn of it -------------------------------------------------------
select tests.act('reception', $$ select public.leave_waitlist(tests.id('b entry')) $$);
select tests.remember('d entry', tests.act('client', $$ select (public.join_waitlist(tests.id('talk'), '{}')).id $$)::uuid);
select tests.book('place', 'walkin', 'talk', 'therapist', tests.at(6, '10:00'));
select tests.act('reception', $$ select public.cancel_appointment(tests.id('place')) $$);
select private.offer_freed_slots();
select tests.act(
  'client',
  $$ select public.decline_offer(waitlist_offer_id => (select o.id from public.waitlist_offers as o where o.status = 'open' and o.organization_id = tests.id('organization'))) $$
);
select private.offer_freed_slots();
select is(
  (
    select string_agg(split_part(u.email, '@', 1), ' ' order by u.email)
    from public.messages as m
    join auth.users as u on u.id = m.user_id
    where m.kind = 'waitlist_unfilled' and m.data ? 'offer_count' and m.organization_id = tests.id('organization')
  ),
  'admin owner reception therapist', 'who could do something about it is told'
);
select is_empty($$ select * from private.waitlist_violations(tests.id('organization')) $$, 'the list is sound');
select lives_ok('set constraints all immediate', 'all of it holds at commit');
select * from finish();
rollback;
