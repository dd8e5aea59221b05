-- Every invariant of the waiting list is noticed when it is broken.
begin;
select * from no_plan();
select tests.practice('north');
select tests.set('minimum_notice_minutes = 0');

-- One offer is open, one is accepted, and somebody waits for another service.
create function pg_temp.offer(client text, day integer) returns void
language plpgsql as $$
declare
  v_answer jsonb;
begin
  perform tests.remember(client || ' entry', tests.act(
    'reception', format('select (public.join_waitlist(tests.id(''talk''), ''{}'', tests.id(%L))).id', client)
  )::uuid);
  v_answer := tests.act(
    'reception',
    format(
      'select public.offer_slot(tests.id(%L), tests.id(''therapist''), %L)', client || ' entry', tests.at(day, '10:00')
    )
  )::jsonb;
  perform tests.remember(client || ' offer', (v_answer ->> 'waitlist_offer_id')::uuid);
  perform tests.remember(client || ' place', (v_answer ->> 'appointment_id')::uuid);
end
$$;
select pg_temp.offer('client', 3);
select pg_temp.offer('other', 4);
select tests.act('other', $$ select public.accept_offer(waitlist_offer_id => tests.id('other offer')) $$);
select tests.remember('waiting', tests.act(
  'reception', $$ select (public.join_waitlist(tests.id('free'), '{}', tests.id('walkin'))).id $$
)::uuid);
select tests.book('later', 'client', 'talk', 'therapist', tests.at(5, '10:00'));
select tests.book('other later', 'other', 'talk', 'therapist', tests.at(6, '10:00'));

select is_empty($$ select * from private.waitlist_violations(tests.id('organization')) $$, 'the list is sound');
select is(
  tests.broken_after(
    $$
      alter table public.appointments disable trigger user;
      alter table public.waitlist_entries disable trigger user;
      alter table public.waitlist_offers disable trigger user;
    $$ || statements,
    'waitlist_violations'
  ),
  expected, expected
)
from (
  values
    ($$ update public.waitlist_offers set expires_at = expires_at - interval '1 minute' where id = tests.id('client offer') $$,
      'open_offer_holds_its_place'),
    ($$ update public.waitlist_offers set client_id = tests.id('walkin') where id = tests.id('other offer') $$,
      'offer_fits_its_appointment'),
    ($$ update public.waitlist_offers set status = 'declined', answered_at = now() where id = tests.id('client offer') $$,
      'entry_is_offered_by_its_offer hold_has_an_open_offer offer_that_is_over_holds_nothing'),
    ($$ update public.waitlist_entries set status = 'waiting', appointment_id = null, ended_at = null where id = tests.id('other entry') $$,
      'accepted_offer_is_booked'),
    ($$ insert into public.waitlist_offers (organization_id, waitlist_entry_id, client_id, practitioner_id, appointment_id, starts_at, ends_at, status, expires_at, answered_at) select organization_id, tests.id('other entry'), client_id, practitioner_id, id, starts_at, ends_at, 'accepted', now(), now() from public.appointments where id = tests.id('other later') $$,
      'accepted_offer_is_booked offer_is_accepted_once_per_entry'),
    ($$ update public.waitlist_offers set status = 'declined' where id = tests.id('other offer') $$,
      'offer_that_is_over_holds_nothing'),
    ($$ update public.waitlist_entries set status = 'offered' where id = tests.id('waiting') $$,
      'entry_is_offered_by_its_offer'),
    ($$ update public.waitlist_offers set starts_at = tests.at(5, '10:00'), ends_at = tests.at(5, '11:00') where id = tests.id('client offer') $$,
      'nobody_waits_for_what_they_have'),
    ($$ alter table public.appointments drop constraint appointments_practitioner_is_free; update public.appointments set during = tstzrange(tests.at(4, '10:00'), tests.at(4, '11:00')), blocked_during = tstzrange(tests.at(4, '10:00'), tests.at(4, '11:00')) where id = tests.id('client place'); update public.waitlist_offers set starts_at = tests.at(4, '10:00'), ends_at = tests.at(4, '11:00') where id = tests.id('client offer') $$,
      'place_is_promoted_once'),
    ($$ update public.waitlist_offers set expires_at = now() - interval '2 hours' where id = tests.id('client offer'); update public.appointments set held_until = now() - interval '2 hours' where id = tests.id('client place') $$,
      'offer_that_is_due_has_expired'),
    ($$ alter table public.waitlist_offers drop constraint waitlist_offers_token_is_hashed; update public.waitlist_offers set token_hash = 'secret' where id = tests.id('client offer') $$,
      'offer_secret_is_hashed')
) as t (statements, expected);

select * from finish();
rollback;
