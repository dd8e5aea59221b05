-- Cancelling: policy × who × refund flag, inside and outside the window.
begin;
select * from no_plan();
select tests.practice('north');
select tests.practice('south');
select tests.set('cancellation_window_minutes = 1440, minimum_notice_minutes = 0');
select tests.top_up('client', 10000000);
update public.working_hours set start_time = '00:00', end_time = '24:00';

-- late: in about two hours, on the grid. early: the day after tomorrow.
select tests.book('early', 'client', 'talk', 'therapist', tests.at(2, '12:00'));
select tests.book(
  'late', 'client', 'talk', 'colleague', date_bin('15 minutes', now(), '2000-01-01Z') + interval '2 hours'
);
select tests.book('unpaid', 'other', 'talk', 'therapist', tests.at(2, '15:00'));

create function pg_temp.cancel(who text, appointment text, refund text) returns text
language plpgsql as $$
declare
  v_result text;
begin
  begin
    v_result := tests.act(
      who,
      format(
        'select (c).status || %L || (c).payment_status from (select public.cancel_appointment(tests.id(%L), refund => %s) as c) as x',
        ' ', appointment, refund
      )
    );
    raise exception using errcode = 'PX999';
  exception
    when sqlstate 'PX999' then return v_result;
    when others then return sqlerrm;
  end;
end
$$;

select is(
  pg_temp.cancel(who, appointment, refund), expected,
  format('%s cancels %s under %s with refund %s: %s', who, appointment, policy, refund, expected)
)
from (
  select *, tests.set(format('late_cancellation = %L', policy)) as done
  from (
    values
      ('refuse', 'client', 'early', 'null', 'cancelled refunded'),
      ('refuse', 'client', 'early', 'true', 'cancelled refunded'),
      ('refuse', 'client', 'early', 'false', 'cancelled paid'), ('refuse', 'client', 'late', 'null', 'too_late'),
      ('refuse', 'client', 'late', 'true', 'too_late'),
      ('refuse', 'client', 'late', 'false', 'too_late'), ('refuse', 'reception', 'early', 'null', 'cancelled refunded'),
      ('refuse', 'reception', 'late', 'null', 'cancelled refunded'),
      ('refuse', 'reception', 'late', 'false', 'cancelled paid'),
      ('keep_payment', 'client', 'early', 'null', 'cancelled refunded'),
      ('keep_payment', 'client', 'late', 'null', 'cancelled paid'),
      ('keep_payment', 'client', 'late', 'true', 'cancelled paid'),
      ('keep_payment', 'client', 'late', 'false', 'cancelled paid'),
      ('keep_payment', 'reception', 'late', 'null', 'cancelled refunded'),
      ('keep_payment', 'reception', 'late', 'true', 'cancelled refunded'),
      ('keep_payment', 'reception', 'late', 'false', 'cancelled paid'),
      ('refund', 'client', 'early', 'null', 'cancelled refunded'),
      ('refund', 'client', 'late', 'null', 'cancelled refunded'),
      ('refund', 'client', 'late', 'false', 'cancelled paid'),
      ('refund', 'reception', 'late', 'null', 'cancelled refunded'),
      ('refund', 'reception', 'late', 'false', 'cancelled paid')
  ) as t (policy, who, appointment, refund, expected)
  offset 0
) as t;
select is(
  pg_temp.cancel(who, 'unpaid', refund), 'cancelled unpaid',
  format('%s cancels what is unpaid: nothing to give back', who)
)
from (values ('other', 'null'), ('reception', 'true')) as t (who, refund);

-- The window, to the minute.
select tests.set('late_cancellation = ''refuse''');
create function pg_temp.window(appointment text, more interval) returns void
language plpgsql as $$
begin
  perform tests.set(format(
    'cancellation_window_minutes = %s',
    floor(
      extract(
        epoch from (select a.starts_at from public.appointments as a where a.id = tests.id(appointment)) - now() + more
      ) / 60
    )
  ));
end
$$;
select pg_temp.window('late', interval '0');
select is(
  pg_temp.cancel('client', 'late', 'null'), 'cancelled refunded', 'when the whole window remains, it is not late'
);
select pg_temp.window('late', interval '1 minute');
select is(pg_temp.cancel('client', 'late', 'null'), 'too_late', 'when less than the window remains, it is');
select tests.set('cancellation_window_minutes = 0');
select is(pg_temp.cancel('client', 'late', 'null'), 'cancelled refunded', 'without a window, until the start');

-- Begun or over.
insert into public.appointments (organization_id, location_id, client_id, practitioner_id, service_id, during)
values
  (
    tests.id('organization'), tests.id('location'), tests.id('walkin'), tests.id('therapist'), tests.id('talk'),
    tstzrange(now() - interval '3 days', now() - interval '3 days' + interval '1 hour')
  )
returning tests.remember('past', id);
insert into public.appointments (organization_id, location_id, client_id, practitioner_id, service_id, during)
values
  (
    tests.id('organization'), tests.id('location'), tests.id('other'), tests.id('therapist'), tests.id('talk'),
    tstzrange(now() - interval '5 days', now() - interval '5 days' + interval '1 hour')
  )
returning tests.remember('others past', id);
select tests.set('late_cancellation = ''refund''');
select is(pg_temp.cancel('other', 'others past', 'null'), 'too_late', 'a client can NOT cancel what has begun');
select is(pg_temp.cancel('reception', 'past', 'null'), 'cancelled unpaid', 'staff CAN');

-- Who -------------------------------------------------------------------------------------------------------------------
select tests.gets(
  who, $$ select public.cancel_appointment(tests.id('north.early')) $$, expected, who || ' cancels: ' || expected
)
from (
  values
    ('owner', 'ok 1'), ('admin', 'ok 1'), ('reception', 'ok 1'), ('therapist', 'ok 1'),
    ('colleague', 'PT404 not_found'), ('client', 'ok 1'),
    ('other', 'PT404 not_found'), ('south.owner', 'PT404 not_found'), ('removed', 'PT404 not_found'),
    ('stranger', 'PT404 not_found'),
    ('nobody', 'PT401 unauthenticated'), ('anon', '42501')
) as t (who, expected);
select tests.gets(
  'client', $$ select public.cancel_appointment(tests.id('early'), repeat('x', 501)) $$, 'PT422 invalid_argument',
  'a reason has an end'
);

-- What is written, and what becomes free ------------------------------------------------------------------------------------
select tests.act('client', $$ select public.cancel_appointment(tests.id('early'), ' ill ', idempotency_key => 'c1') $$);
select results_eq(
  $$ select a.status::text, a.cancelled_at = now(), a.cancelled_by, a.cancellation_reason, a.payment_status::text from public.appointments as a where a.id = tests.id('early') $$,
  $$ values ('cancelled', true, tests.id('client_user'), 'ill', 'refunded') $$,
  'a cancellation says when, by whom and why'
);
select is(
  tests.act(
    'client', $$ select (public.cancel_appointment(tests.id('early'), ' ill ', idempotency_key => 'c1')).status $$
  ),
  'cancelled', 'a repeat with the key answers the same'
);
select is(
  (select count(*) from public.credit_entries as e where e.appointment_id = tests.id('early') and e.kind = 'refund'),
  1::bigint, 'and refunds once'
);
select tests.gets(
  'client', $$ select public.cancel_appointment(tests.id('early'), 'other', idempotency_key => 'c1') $$,
  'PT422 idempotency_mismatch', 'with another reason it is another request'
);
select tests.gets(
  'other',
  format('select public.book_appointment(tests.id(%L), %L, tests.id(%L))', 'talk', tests.at(2, '12:00'), 'therapist'),
  'ok 1', 'the slot is free at once'
);
select tests.gets(
  'client',
  format('select public.book_appointment(tests.id(%L), %L, tests.id(%L))', 'talk', tests.at(2, '12:00'), 'therapist'),
  'ok 1', 'also for who cancelled it'
);

select tests.book('held early', 'client', 'talk', 'therapist', tests.at(20, '12:00'));
select tests.act('reception', $$ select public.start_appointment(tests.id('held early')) $$);
select tests.gets(
  who, $$ select public.cancel_appointment(tests.id('held early')) $$, expected,
  format('%s cancels what is held before its time: %s', who, expected)
)
from (values ('client', 'PT422 too_late'), ('reception', 'ok 1')) as t (who, expected);

select lives_ok('set constraints all immediate', 'all of it holds at commit');
select * from finish();
rollback;
