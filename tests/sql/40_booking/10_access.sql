-- Appointments and blocks: who reads them, and that nobody writes them past the functions.
begin;
select * from no_plan();
select tests.practice('north');
select tests.practice('south');
select tests.book('c1', 'client', 'talk', 'therapist', tests.at(3, '08:00'));
select tests.book('c2', 'client', 'talk', 'colleague', tests.at(3, '09:00'));
select tests.book('o1', 'other', 'talk', 'therapist', tests.at(3, '10:00'));
select tests.book('w1', 'walkin', 'talk', 'colleague', tests.at(3, '11:00'));
select tests.book('south.c1', 'south.client', 'south.talk', 'south.therapist', tests.at(3, '08:00'));
select tests.act('reception', format(
  'select public.book_block(tests.id(%L), tests.id(%L), tests.id(%L), %L, 2)', 'talk', 'therapist', 'client',
  tests.at(4, '08:00')
));

-- Reading -----------------------------------------------------------------------------------------
select tests.gets(who, 'select * from public.appointments', expected, who || ' reads appointments: ' || expected)
from (
  values
    ('owner', 'ok 6'), ('admin', 'ok 6'), ('reception', 'ok 6'), ('therapist', 'ok 4'), ('colleague', 'ok 2'),
    ('client', 'ok 4'),
    ('other', 'ok 1'), ('south.owner', 'ok 1'), ('south.client', 'ok 1'), ('removed', 'ok 0'), ('stranger', 'ok 0'),
    ('nobody', 'ok 0'),
    ('anon', '42501')
) as t (who, expected);
select tests.gets(who, 'select * from public.appointment_blocks', expected, who || ' reads blocks: ' || expected)
from (
  values
    ('owner', 'ok 1'), ('reception', 'ok 1'), ('therapist', 'ok 1'), ('colleague', 'ok 0'), ('client', 'ok 1'),
    ('other', 'ok 0'),
    ('south.owner', 'ok 0'), ('removed', 'ok 0'), ('anon', '42501')
) as t (who, expected);
select tests.gets(
  who,
  $$ select * from public.appointments where id = tests.id('north.o1') or starts_at > '2000-01-01' and client_id = tests.id('north.other') $$,
  'ok 0', who || ' can NOT read another client''s appointment by id'
)
from unnest(array['client', 'colleague', 'south.owner', 'south.client', 'removed', 'stranger']) as who;
select tests.gets(
  'client', 'select c.* from public.appointments as a join public.clients as c on true', 'ok 4',
  'a join does not widen what a client reads'
);

-- Writing -----------------------------------------------------------------------------------------
select tests.gets(who, statement, '42501', who || ' can NOT: ' || statement)
from (
  values
    ('update public.appointments set status = ''completed'''),
    ('update public.appointments set payment_status = ''paid'''),
    ('update public.appointments set price_amount = 0'), ('update public.appointments set during = ''empty'''),
    ('update public.appointments set client_id = tests.id(''north.other'')'),
    ('update public.appointments set organization_id = gen_random_uuid()'),
    ('update public.appointments set overlap_allowed_by = auth.uid(), overlap_reason = ''x'''),
    ('update public.appointments set room_id = null'),
    ('update public.appointments set session_id = gen_random_uuid()'), ('update public.appointments set revision = 9'),
    ('delete from public.appointments'), ('truncate public.appointments cascade'),
    (
      'insert into public.appointments (organization_id, location_id, client_id, practitioner_id, service_id, during)'
      || ' values (tests.id(''north.organization''), tests.id(''north.location''), tests.id(''north.client''), tests.id(''north.therapist''),'
      || ' tests.id(''north.talk''), tstzrange(now(), now() + interval ''1 hour''))'
    ),
    ('update public.appointment_blocks set occurrences = 1'), ('delete from public.appointment_blocks'),
    (
      'insert into public.appointment_blocks (organization_id, client_id, practitioner_id, service_id, starts_at, occurrences, interval_weeks)'
      || ' values (tests.id(''north.organization''), tests.id(''north.client''), tests.id(''north.therapist''), tests.id(''north.talk''), now(), 1, 1)'
    )
) as t (statement)
cross join unnest(array['owner', 'reception', 'therapist', 'client', 'south.owner', 'anon']) as who;
select tests.gets(
  who, 'update public.appointments set note = ''Bring a towel''', expected, who || ' writes the note: ' || expected
)
from (
  values
    ('owner', 'ok 6'), ('reception', 'ok 6'), ('therapist', 'ok 4'), ('colleague', 'ok 2'), ('client', 'ok 0'),
    ('south.owner', 'ok 1'),
    ('removed', 'ok 0'), ('stranger', 'ok 0'), ('anon', '42501')
) as t (who, expected);
select tests.gets(
  'reception', $$ update public.appointments set note = repeat('x', 2001) where id = tests.id('c1') $$,
  '23514 appointments_text_is_short',
  'a note has an end'
);

-- By hand in the dashboard: the rules are the same ----------------------------------------------------------
select tests.gets(who, statement, expected, who || ': ' || statement || ' → ' || expected)
from (
  values
    ('delete from public.appointments where id = tests.id(''c1'')', '42501', 'PT409 invalid_state'),
    ('truncate public.appointments cascade', '42501', 'PT409 invalid_state'),
    (
      'update public.appointments set price_amount = 5 where id = tests.id(''c1'')', 'PT409 invalid_state',
      'PT409 invalid_state'
    ),
    (
      'update public.appointments set currency = ''EUR'' where id = tests.id(''c1'')', 'PT409 invalid_state',
      'PT409 invalid_state'
    ),
    (
      'update public.appointments set client_id = tests.id(''other'') where id = tests.id(''c1'')',
      'PT409 invalid_state', 'PT409 invalid_state'
    ),
    (
      'update public.appointments set service_id = tests.id(''call'') where id = tests.id(''c1'')',
      'PT409 invalid_state', 'PT409 invalid_state'
    ),
    (
      'update public.appointments set organization_id = tests.id(''south.organization'') where id = tests.id(''c1'')',
      'PT409 invalid_state', 'PT409 invalid_state'
    ),
    (
      'update public.appointments set id = gen_random_uuid() where id = tests.id(''c1'')', 'PT409 invalid_state',
      'PT409 invalid_state'
    ),
    (
      'update public.appointments set created_at = now() - interval ''1 day'' where id = tests.id(''c1'')',
      'PT409 invalid_state', 'PT409 invalid_state'
    ),
    (
      'update public.appointments set created_by = null where id = tests.id(''c1'')', 'PT409 invalid_state',
      'PT409 invalid_state'
    ),
    (
      'update public.appointments set status = ''cancelled'' where id = tests.id(''c1'')',
      '23514 appointments_cancellation_is_dated', '23514 appointments_cancellation_is_dated'
    ),
    (
      'update public.appointments set status = ''cancelled'', cancelled_at = now() where id = tests.id(''c1'')',
      'ok 1', 'ok 1'
    ),
    (
      'update public.appointments set payment_status = ''invoiced'' where id = tests.id(''c1'')',
      '23514 appointments_invoiced_are_over', '23514 appointments_invoiced_are_over'
    ),
    (
      'update public.appointments set payment_status = ''refunded'' where id = tests.id(''c1'')',
      'PT409 invalid_state', 'PT409 invalid_state'
    ),
    (
      'update public.appointments set overlap_reason = ''x'' where id = tests.id(''c1'')',
      '23514 appointments_overlap_has_a_reason', '23514 appointments_overlap_has_a_reason'
    ),
    (
      'update public.appointments set during = (select during from public.appointments where id = tests.id(''o1'')),'
      || ' blocked_during = (select blocked_during from public.appointments where id = tests.id(''o1'')) where id = tests.id(''c1'')',
      '23P01 appointments_practitioner_is_free', '23P01 appointments_practitioner_is_free'
    ),
    (
      'update public.appointments set practitioner_id = tests.id(''south.colleague'') where id = tests.id(''c1'')',
      '23503 appointments_organization_id_practitioner_id_fkey',
      '23503 appointments_organization_id_practitioner_id_fkey'
    ),
    (
      'update public.appointments set room_id = tests.id(''south.room1'') where id = tests.id(''c1'')',
      '23503 appointments_organization_id_room_id_fkey', '23503 appointments_organization_id_room_id_fkey'
    )
) as t (statement, service, operator)
cross join lateral (values ('service', service), ('operator', operator)) as p (who, expected);

select tests.gets(
  'operator',
  format(
    'update public.appointments set during = %L, blocked_during = %L where id = tests.id(%L)', during, blocked, 'c1'
  ),
  expected, 'an interval is refused: ' || title
)
from (
  values
    ('empty', 'empty', '23502', 'empty'),
    ('[2027-05-01,)', '[2027-05-01,)', '23502', 'no end'),
    ('(,2027-05-01)', '(,2027-05-01)', '23502', 'no start'),
    (
      '[2027-05-01 10:00+00,2027-05-02 10:01+00)', '[2027-05-01 10:00+00,2027-05-02 10:01+00)',
      '23514 appointments_during_is_bounded', 'more than a day'
    ),
    (
      '[2027-05-01 10:00+00,2027-05-01 11:00+00]', '[2027-05-01 10:00+00,2027-05-01 11:00+00]',
      '23514 appointments_during_is_bounded', 'closed end'
    ),
    (
      '[2027-05-01 10:00+00,2027-05-01 11:00+00)', '[2027-05-01 10:30+00,2027-05-01 11:00+00)',
      '23514 appointments_blocked_during_covers_session', 'a buffer inside the session'
    ),
    (
      '[2027-05-01 10:00+00,2027-05-01 11:00+00)', '[2027-05-01 05:00+00,2027-05-01 11:00+00)',
      '23514 appointments_blocked_during_covers_session', 'a buffer too long'
    ),
    (
      '[2027-05-01 10:00+00,2027-05-01 11:00+00)', '[2027-05-01 10:00+00,)',
      '23514 appointments_blocked_during_covers_session', 'a buffer without end'
    ),
    (
      '[2027-05-01 10:00+00,2027-05-01 11:00+00)', '(,2027-05-01 11:00+00)',
      '23514 appointments_blocked_during_covers_session', 'a buffer without start'
    )
) as t (during, blocked, expected, title);

-- A row made by hand gets what a person leaves out, and meets the same rules.
create function pg_temp.insert_by_hand(
  starts_at timestamptz, columns text default '', vals text default ''
) returns text
language sql as $$
  select format(
    'insert into public.appointments (organization_id, location_id, client_id, practitioner_id, service_id, during%s)'
    || ' values (tests.id(%L), tests.id(%L), tests.id(%L), tests.id(%L), tests.id(%L), tstzrange(%L, %L)%s)',
    columns, 'organization', 'location', 'walkin', 'therapist', 'massage', starts_at, starts_at + interval '1 hour',
    vals
  )
$$;
select tests.gets(
  'service', pg_temp.insert_by_hand(tests.at(6, '08:00')), 'ok 1', 'a row by hand needs only what a person knows'
);
select tests.act('service', pg_temp.insert_by_hand(tests.at(6, '08:00')) || ' returning tests.remember(''hand'', id)');
select results_eq(
  $$ select a.price_amount, a.currency, a.session_id = a.id, upper(a.blocked_during) = a.ends_at + interval '15 minutes', a.status::text
    from public.appointments as a where a.id = tests.id('hand') $$,
  $$ values (100000::bigint, 'CZK', true, true, 'confirmed') $$,
  'price, currency and buffers are the service''s'
);
select tests.gets(
  'service', pg_temp.insert_by_hand(tests.at(6, '09:00')), '23P01 appointments_practitioner_is_free',
  'a row by hand can NOT overlap a buffer'
);
select tests.gets(
  'service', pg_temp.insert_by_hand(tests.at(7, '08:00'), ', payment_status', ', ''paid'''), 'PT409 invalid_state',
  'nor be paid without its entry'
);
select tests.gets(
  'service', pg_temp.insert_by_hand(tests.at(7, '08:00'), ', status', ', ''cancelled'''),
  '23514 appointments_cancellation_is_dated', 'nor be cancelled at no time'
);
select tests.gets(
  'service', pg_temp.insert_by_hand(tests.at(7, '08:00'), ', revision', ', 7') || ' returning revision', 'ok 1',
  'the revision is the database''s'
);
select is(
  (select a.revision from public.appointments as a where a.id = tests.id('hand')), 0, 'and starts at 0'
);

select * from finish();
rollback;
