-- Time that is freed is offered by itself: to whom, by which rules, one after the other.
begin;
select * from no_plan();
select tests.practice('north');
select tests.set('minimum_notice_minutes = 60, cancellation_window_minutes = 0, waitlist_offer_minutes = 45');

-- How many offers the scheduler makes here: other organizations have their own.
create function pg_temp.run_job() returns integer
language plpgsql as $$
declare
  v_before bigint := (select count(*) from public.waitlist_offers as o where o.organization_id = tests.id('organization'));
begin
  perform private.offer_freed_slots();
  return (select count(*) from public.waitlist_offers as o where o.organization_id = tests.id('organization')) - v_before;
end
$$;
create function pg_temp.wait(name text, client text, preferences text default '{}', service text default 'talk')
returns uuid
language sql as $$
  select tests.remember(name, tests.act(
    'reception',
    format('select (public.join_waitlist(tests.id(%L), %L, tests.id(%L))).id', service, preferences, client)
  )::uuid)
$$;
-- Books, cancels, lets the scheduler work, says who has an offer for what; then it never was.
create function pg_temp.freed(starts_at timestamptz, service text default 'talk', change text default 'cancel')
returns text
language plpgsql as $$
declare
  v_result text;
begin
  begin
    perform tests.book('to be freed', 'owner_client', service, 'therapist', starts_at);
    if change = 'cancel' then
      perform tests.act('reception', 'select public.cancel_appointment(tests.id(''to be freed''))');
    else
      perform tests.act('reception', change);
    end if;
    perform private.offer_freed_slots();
    select string_agg(
      format('%s %s %s', i.key, s.name, to_char(o.starts_at at time zone 'Europe/Prague', 'HH24:MI')), ', '
    )
    into v_result
    from public.waitlist_offers as o
    join public.waitlist_entries as e on e.id = o.waitlist_entry_id
    join public.services as s on s.id = e.service_id
    join tests.ids as i on i.id = e.id
    where o.status = 'open' and o.organization_id = tests.id('organization');
    set constraints all immediate;
    raise exception using errcode = 'PX999';
  exception
    when sqlstate 'PX999' then return coalesce(v_result, 'nobody');
  end;
end
$$;
insert into public.clients (organization_id, given_name, family_name)
values (tests.id('organization'), 'Olga', 'Owner')
returning tests.remember('owner_client', id);

select is(pg_temp.freed(tests.at(3, '10:00')), 'nobody', 'where nobody waits, nothing is offered');
insert into public.clients (organization_id, given_name, family_name)
values (tests.id('organization'), 'Mia', 'Mute')
returning tests.remember('mute', id);
select pg_temp.wait('mute waits', 'mute');
select is(pg_temp.freed(tests.at(3, '10:00')), 'nobody', 'nothing is held for somebody who cannot be told');
update public.clients set phone = '+420777000222' where id = tests.id('mute');
select is(pg_temp.freed(tests.at(3, '10:00')), 'north.mute waits talk 10:00', 'who has a telephone can');
select tests.act('reception', $$ select public.leave_waitlist(tests.id('mute waits')) $$);
select pg_temp.wait('first', 'client');
select is(pg_temp.freed(tests.at(3, '10:00')), 'north.first talk 10:00', 'a cancelled time is offered');
select is(
  pg_temp.freed(
    tests.at(3, '10:00'), 'talk',
    format('select public.reschedule_appointment(tests.id(''to be freed''), %L)', tests.at(4, '10:00'))
  ),
  'north.first talk 10:00', 'so is one that was moved away'
);
select is(
  pg_temp.freed(tests.at(3, '10:00'), 'talk', 'select public.confirm_appointment(tests.id(''to be freed'')) where false'),
  'nobody', 'and only those'
);
select is(
  pg_temp.freed(tests.at(3, '10:00'), 'massage'), 'north.first talk 10:00', 'it need not be the same service'
);
select is(pg_temp.freed(tests.at(3, '10:00'), 'call'), 'north.first talk 10:00', 'nor as long');

-- The rules of find_slots for clients --------------------------------------------------------------------
select is(
  tests.set(setting) || pg_temp.freed(starts_at) || tests.set(back), expected, setting || ': ' || expected
)
from (
  values
    ('minimum_notice_minutes = 43200', tests.at(3, '10:00'), 'minimum_notice_minutes = 60', 'nobody'),
    ('booking_horizon_days = 1', tests.at(3, '10:00'), 'booking_horizon_days = 90', 'nobody'),
    ('waitlist_automatic_offers = false', tests.at(3, '10:00'), 'waitlist_automatic_offers = true', 'nobody'),
    ('waitlist_offer_minutes = 5', tests.at(3, '10:00'), 'waitlist_offer_minutes = 45', 'north.first talk 10:00')
) as t (setting, starts_at, back, expected);
update public.booking_activations set is_open = false where day = tests.today() + 3;
select is(pg_temp.freed(tests.at(3, '10:00')), 'nobody', 'a day that is closed is not offered');
update public.booking_activations set is_open = true where day = tests.today() + 3;
insert into public.time_off (organization_id, practitioner_id, during)
values (tests.id('organization'), tests.id('therapist'), tstzrange(tests.at(4, '00:00'), tests.at(5, '00:00')));
select is(pg_temp.freed(tests.at(5, '10:00')), 'north.first talk 10:00', 'a working day is');

-- Who is left out ------------------------------------------------------------------------------------------
select pg_temp.wait('second', 'other');
select tests.act('reception', $$ select public.update_waitlist_entry(tests.id('second'), priority => 6) $$);
select tests.act(
  'client', $$ select public.update_waitlist_entry(tests.id('first'), '{"times": [{"start_time": "12:00", "end_time": "18:00"}]}') $$
);
select is(pg_temp.freed(tests.at(3, '10:00')), 'north.second talk 10:00', 'who prefers otherwise is left out');
select is(pg_temp.freed(tests.at(3, '12:00')), 'north.first talk 12:00', 'and comes first at the preferred time');
select is(
  pg_temp.freed(tests.at(3, '11:30')), 'north.first talk 12:00',
  'a start that was not possible before is enough'
);
select tests.book('elsewhere', 'other', 'massage', 'colleague', tests.at(3, '09:30'));
select is(pg_temp.freed(tests.at(3, '10:00')), 'north.second talk 10:30', 'who is busy gets what fits');
select tests.act('reception', $$ select public.cancel_appointment(tests.id('elsewhere')) $$);
delete from private.freed_slots where organization_id = tests.id('organization');
select is(
  pg_temp.freed(
    tests.at(3, '10:00'), 'talk',
    $$ select public.cancel_appointment(tests.id('to be freed')), (select count(*) from public.archive_client(tests.id('other'))) $$
  ),
  'nobody', 'who is archived is left out'
);
select tests.act('client', $$ select public.update_waitlist_entry(tests.id('first'), '{}') $$);
select tests.act('reception', $$ select public.leave_waitlist(tests.id('second')) $$);
select pg_temp.wait('own', 'owner_client', '{}', 'talk');
select tests.act('reception', $$ select public.update_waitlist_entry(tests.id('own'), priority => 1) $$);
update public.waitlist_entries set status = 'waiting' where id = tests.id('own');
select is(
  pg_temp.freed(tests.at(3, '10:00'), 'massage'), 'north.first talk 10:00',
  'who gave the time up is not offered it again'
);
select tests.act('reception', $$ select public.leave_waitlist(tests.id('own')) $$);

-- One after the other, nobody twice ---------------------------------------------------------------------------
create function pg_temp.open_offer() returns text
language sql as $$
  select i.key from public.waitlist_offers as o join tests.ids as i on i.id = o.waitlist_entry_id where o.status = 'open' and o.organization_id = tests.id('organization')
$$;
create function pg_temp.answer(operation text) returns text
language sql as $$
  select tests.act(
    'reception',
    format(
      'select (public.%s(waitlist_offer_id => %L)).status', operation,
      (select o.id from public.waitlist_offers as o where o.status = 'open' and o.organization_id = tests.id('organization'))
    )
  )
$$;
select pg_temp.wait('third', 'walkin');
select tests.act('reception', $$ select public.update_waitlist_entry(tests.id('third'), priority => 6) $$);
select tests.book('place', 'owner_client', 'talk', 'therapist', tests.at(6, '10:00'));
select tests.act('reception', $$ select public.cancel_appointment(tests.id('place')) $$);
select is(pg_temp.run_job(), 1, 'one offer is made');
select is(pg_temp.run_job(), 0, 'and no second one while it is open');
select is(pg_temp.open_offer(), 'north.first', 'to the first');
select results_eq(
  $$ select o.is_automatic, o.token_hash is null, o.expires_at from public.waitlist_offers as o where o.status = 'open' and o.organization_id = tests.id('organization') $$,
  $$ values (true, true, now() + interval '45 minutes') $$, 'as long as the settings say'
);
select is(pg_temp.answer('decline_offer'), 'cancelled', 'the first declines');
select is(pg_temp.run_job(), 1, 'then the next');
select is(pg_temp.open_offer(), 'north.third', 'is offered it');
select is(pg_temp.answer('decline_offer'), 'cancelled', 'who declines, too');
select is(pg_temp.run_job(), 0, 'nobody is asked twice');
select results_eq(
  $$ select f.outcome, f.offer_count from private.freed_slots as f where f.organization_id = tests.id('organization') $$, $$ values ('unfilled', 2) $$,
  'then it is given up'
);
select tests.book('place', 'owner_client', 'talk', 'therapist', tests.at(6, '10:00'));
select tests.act('reception', $$ select public.cancel_appointment(tests.id('place')) $$);
select is(pg_temp.run_job(), 0, 'and not begun anew when the same time is freed again');

-- Accepted, as bookings are confirmed -----------------------------------------------------------------------------
select tests.set('auto_confirm = false');
select tests.book('place', 'owner_client', 'talk', 'therapist', tests.at(7, '10:00'));
select tests.act('reception', $$ select public.cancel_appointment(tests.id('place')) $$);
select is(pg_temp.run_job(), 1, 'another time is offered');
select is(
  (select private.offer_freed_slot(f) from private.freed_slots as f where f.organization_id = tests.id('organization') and f.closed_at is null), 'busy',
  'a scheduler that chose it before the offer was made does not give it up for taken'
);
select is(
  pg_temp.answer('accept_offer'), 'pending', 'where bookings wait for staff, so does an automatic offer that is accepted'
);
select private.offer_freed_slots();
select is(
  (select f.outcome from private.freed_slots as f where f.organization_id = tests.id('organization') order by f.created_at desc, f.id desc limit 1), 'taken',
  'what is taken is not offered on'
);
select tests.set('auto_confirm = true');
select tests.book('place', 'owner_client', 'talk', 'therapist', tests.at(8, '10:00'));
select tests.act('reception', $$ select public.cancel_appointment(tests.id('place')) $$);
select private.offer_freed_slots();
select is(pg_temp.answer('accept_offer'), 'confirmed', 'else it is confirmed');

-- A seat in a group ------------------------------------------------------------------------------------------------
select pg_temp.wait('seat', 'other', '{}', 'group');
select tests.book('seat one', 'client', 'group', 'therapist', tests.at(9, '10:00'));
select tests.book('seat two', 'walkin', 'group', 'therapist', tests.at(9, '10:00'));
select tests.book('seat three', 'owner_client', 'group', 'therapist', tests.at(9, '10:00'));
select tests.act('reception', $$ select public.cancel_appointment(tests.id('seat two')) $$);
select is(pg_temp.run_job(), 1, 'a seat that is freed is offered');
select results_eq(
  $$ select a.session_id = (select b.session_id from public.appointments as b where b.id = tests.id('seat one')), a.status::text
     from public.appointments as a where a.client_id = tests.id('other') and a.held_until is not null and a.status = 'pending' $$,
  $$ values (true, 'pending') $$, 'in the session that exists'
);
select tests.gets(
  'reception',
  format(
    'select public.book_appointment(tests.id(''group''), %L, tests.id(''therapist''), tests.id(''walkin''))',
    tests.at(9, '10:00')
  ),
  'PT409 slot_taken', 'and held'
);

select is(pg_temp.answer('decline_offer'), 'cancelled', 'when nobody wants it');
select is(pg_temp.run_job(), 0, 'and nobody else waits');
select is(
  (select f.outcome from private.freed_slots as f where f.organization_id = tests.id('organization') order by f.id desc limit 1),
  'unfilled', 'it is not taken by those who sit in the session'
);
update public.waitlist_entries set status = 'withdrawn'
where organization_id = tests.id('organization') and status = 'waiting' and service_id = tests.id('talk');
select pg_temp.wait(
  'not for this', 'owner_client', jsonb_build_object('practitioner_ids', array[tests.id('colleague')])::text, 'call'
);
select tests.book('from elsewhere', 'walkin', 'group', 'therapist', tests.at(9, '15:00'));
select tests.book('leaves', 'other', 'group', 'therapist', tests.at(9, '10:00'));
select tests.act('reception', $$ select public.cancel_appointment(tests.id('leaves')) $$);
select tests.act(
  'reception', format('select public.reschedule_appointment(tests.id(''from elsewhere''), %L)', tests.at(9, '10:00'))
);
select private.offer_freed_slots();
select is(
  (select f.outcome from private.freed_slots as f where f.organization_id = tests.id('organization') and f.client_id = tests.id('other')),
  'taken', 'unless somebody moves there'
);

-- What is held elsewhere may be given up ------------------------------------------------------------------------------
update public.waitlist_entries set status = 'withdrawn'
where organization_id = tests.id('organization') and status = 'waiting';
select pg_temp.wait('for this', 'walkin', '{"times": [{"start_time": "10:00", "end_time": "11:00"}]}');
select pg_temp.wait('for that', 'walkin', '{}', 'call');
select tests.act('reception', format('select public.offer_slot(%L, %L, %L)', tests.id('for that'), tests.id('colleague'), tests.at(10, '10:00')));
select tests.book('place', 'owner_client', 'talk', 'therapist', tests.at(10, '10:00'));
select tests.act('reception', $$ select public.cancel_appointment(tests.id('place')) $$);
select is(pg_temp.run_job(), 0, 'who has an offer for something else at that time is not asked');
select tests.act('reception', $$ select public.leave_waitlist(tests.id('for that')) $$);
select tests.set('waitlist_automatic_offers = false');
select is(pg_temp.run_job(), 0, '(unless the practice has switched automatic offers off since)');
select tests.set('waitlist_automatic_offers = true');
select is(pg_temp.run_job(), 1, 'but once they have answered that');
select is(pg_temp.open_offer(), 'north.for this', 'they are');
select tests.act('reception', $$ select public.leave_waitlist(tests.id('for this')) $$);

-- Booking ends the waiting if it is what was waited for ---------------------------------------------------------------
create function pg_temp.status(name text) returns text
language sql as $$
  select concat_ws(' ', e.status, i.key)
  from public.waitlist_entries as e
  left join tests.ids as i on i.id = e.appointment_id
  where e.id = tests.id(name)
$$;
select pg_temp.wait('early', 'walkin', jsonb_build_object('to_date', tests.today() + 12)::text, 'call');
select tests.book('late', 'walkin', 'call', 'colleague', tests.at(20, '10:00'));
select is(pg_temp.status('early'), 'waiting', 'who booked a late time still waits for an early one');
select tests.book('other service', 'walkin', 'talk', 'colleague', tests.at(12, '10:00'));
select is(pg_temp.status('early'), 'waiting', 'another service is something else');
select tests.act(
  'reception', format('select public.reschedule_appointment(tests.id(''late''), %L)', tests.at(11, '10:00'))
);
select is(pg_temp.status('early'), 'booked north.late', 'moving it to the right time ends the waiting');
select pg_temp.wait('again', 'walkin', '{}', 'massage');
select tests.book('right', 'walkin', 'massage', 'colleague', tests.at(13, '10:00'));
select is(pg_temp.status('again'), 'booked north.right', 'so does booking it');
select tests.gets(
  'reception', $$ select public.cancel_appointment(tests.id('right')) $$, 'ok 1', 'which CAN be cancelled again'
);

-- One after the other, also where a freed time has room for several -----------------------------------------------------------
delete from private.freed_slots where organization_id = tests.id('organization');
select pg_temp.wait('first', 'walkin');
select pg_temp.wait('second', 'other');
insert into private.freed_slots (organization_id, practitioner_id, client_id, during)
values (
  tests.id('organization'), tests.id('therapist'), tests.id('client'),
  tstzrange(tests.at(14, '10:00'), tests.at(14, '12:00'))
);
select is(pg_temp.run_job(), 1, 'a piece of it is offered');
select is(pg_temp.run_job(), 0, 'while that is thought over, nobody is asked about the rest');
select is(pg_temp.answer('decline_offer'), 'cancelled', 'when it is declined');
select is(pg_temp.run_job(), 1, 'somebody else is');
select is(pg_temp.answer('decline_offer'), 'cancelled', 'who declines, too');

-- Overlaps on purpose free nothing; what is over is closed -----------------------------------------------------------------
delete from private.freed_slots where organization_id = tests.id('organization');
insert into private.freed_slots (organization_id, practitioner_id, client_id, during)
values (
  tests.id('organization'), tests.id('therapist'), tests.id('client'),
  tstzrange(now() - interval '2 hours', now() - interval '1 hour')
);
select private.offer_freed_slots();
select is((select f.outcome from private.freed_slots as f where f.organization_id = tests.id('organization')), 'over', 'what is past is over');

select tests.gets(who, 'select private.offer_freed_slots()', expected, who || ' runs the job: ' || expected)
from (values ('service', 'ok 1'), ('owner', '42501'), ('client', '42501'), ('anon', '42501')) as t (who, expected);
select tests.gets(who, 'select * from private.freed_slots', '42501', who || ' can NOT read what was freed')
from unnest(array['service', 'owner', 'client', 'anon']) as who;

select is_empty($$ select * from private.waitlist_violations(tests.id('organization')) $$, 'the list is sound');
select lives_ok('set constraints all immediate', 'all of it holds at commit');
select * from finish();
rollback;
