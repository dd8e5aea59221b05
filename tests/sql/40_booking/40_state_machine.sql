-- pending → confirmed → in_progress → completed; cancelled and no_show end it. Every step from every state.
begin;
select * from no_plan();
select tests.practice('north');
select tests.practice('south');

-- One appointment in each state; inserts by hand may begin anywhere.
insert into public.appointments (
  organization_id, location_id, client_id, practitioner_id, service_id, during, status, cancelled_at
)
select
  tests.id('organization'), tests.id('location'), tests.id('client'), tests.id('therapist'), tests.id('talk'),
  tstzrange(tests.at(3, '08:00') + s.n * interval '1 hour', tests.at(3, '09:00') + s.n * interval '1 hour'), s.status,
  case when s.status = 'cancelled' then now() end
from (select status, row_number() over () as n from unnest(enum_range(null::public.appointment_status)) as status) as s;
select tests.remember(a.status::text, a.id) from public.appointments as a where a.organization_id = tests.id('organization');

-- By hand: all 36 pairs ------------------------------------------------------------------------------------
select tests.gets(
  'operator',
  format(
    'update public.appointments set status = %L, cancelled_at = %s where id = tests.id(%L)', new_status,
    case when new_status = 'cancelled' then 'now()' else 'null' end, old_status
  ),
  case
    when new_status = old_status then 'ok 1'
    when (old_status, new_status) in (
      ('pending', 'confirmed'), ('pending', 'cancelled'), ('confirmed', 'in_progress'), ('confirmed', 'completed'),
      ('confirmed', 'cancelled'),
      ('confirmed', 'no_show'), ('in_progress', 'completed'), ('in_progress', 'cancelled'), ('in_progress', 'no_show')
    ) then 'ok 1'
    else 'PT409 invalid_state'
  end,
  format('%s becomes %s by hand', old_status, new_status)
)
from unnest(enum_range(null::public.appointment_status)) as old_status
cross join unnest(enum_range(null::public.appointment_status)) as new_status;

-- By the functions -------------------------------------------------------------------------------------------
select tests.gets(
  'reception', format('select public.%I(tests.id(%L))', function, status),
  case when status = any (string_to_array(from_statuses, ' ')) then 'ok 1' else 'PT409 invalid_state' end,
  format('%s of an appointment that is %s', function, status)
)
from (
  values
    ('confirm_appointment', 'pending'), ('start_appointment', 'confirmed'),
    ('complete_appointment', 'confirmed in_progress'),
    ('mark_no_show', 'confirmed in_progress'), ('cancel_appointment', 'pending confirmed in_progress')
) as t (function, from_statuses)
cross join unnest(enum_range(null::public.appointment_status)::text[]) as status;
select tests.gets(
  'reception', format('select public.reschedule_appointment(tests.id(%L), %L)', status, tests.at(5, '10:00')),
  case when status in ('pending', 'confirmed') then 'ok 1' else 'PT409 invalid_state' end,
  'moving an appointment that is ' || status
)
from unnest(enum_range(null::public.appointment_status)::text[]) as status;
select tests.gets(
  'operator',
  format(
    'update public.appointments set during = %L, blocked_during = %L where id = tests.id(%L)', d.during, d.during,
    status
  ),
  case when status in ('pending', 'confirmed') then 'ok 1' else 'PT409 invalid_state' end,
  'moving by hand an appointment that is ' || status
)
from unnest(enum_range(null::public.appointment_status)::text[]) as status
cross join (select tstzrange(tests.at(5, '10:00'), tests.at(5, '11:00')) as during) as d;

-- Who takes the steps -----------------------------------------------------------------------------------------
select tests.gets(
  who, format('select public.%I(tests.id(%L))', function, 'north.' || status), expected,
  format('%s: %s → %s', who, function, expected)
)
from (
  values
    ('confirm_appointment', 'pending'), ('start_appointment', 'confirmed'), ('complete_appointment', 'in_progress'),
    ('mark_no_show', 'confirmed')
) as f (function, status)
cross join lateral (
  values
    ('owner', 'ok 1'), ('admin', 'ok 1'), ('reception', 'ok 1'), ('therapist', 'ok 1'),
    ('colleague', 'PT404 not_found'), ('client', 'PT403 forbidden'),
    ('other', 'PT404 not_found'), ('south.owner', 'PT404 not_found'), ('south.client', 'PT404 not_found'),
    ('removed', 'PT404 not_found'),
    ('stranger', 'PT404 not_found'), ('nobody', 'PT401 unauthenticated'), ('anon', '42501')
) as p (who, expected);
select tests.gets(
  'reception', format('select public.%I(%s)', function, id), 'PT404 not_found',
  format('%s of %s is not found', function, id)
)
from unnest(
  array['confirm_appointment', 'start_appointment', 'complete_appointment', 'mark_no_show', 'cancel_appointment', 'pay_appointment']
) as function
cross join unnest(array['null', 'gen_random_uuid()']) as id;

-- Foreign and absent look the same, down to the sentence.
select is(
  tests.error_detail('client', $$ select public.complete_appointment(gen_random_uuid()) $$),
  tests.error_detail('other', $$ select public.complete_appointment(tests.id('confirmed')) $$),
  'an appointment of somebody else looks like none'
);

-- Payment by hand: all 16 pairs; what needs the ledger is refused at commit --------------------------------------
select tests.gets(
  'operator',
  format('update public.appointments set payment_status = %L where id = tests.id(%L)', new_status, 'completed'),
  case new_status when 'unpaid' then 'ok 1' when 'invoiced' then 'ok 1' else 'PT409 invalid_state' end,
  'an unpaid appointment becomes ' || new_status || ' by hand'
)
from unnest(enum_range(null::public.payment_status)::text[]) as new_status;
update public.appointments set payment_status = 'invoiced' where id = tests.id('no_show');
select tests.gets(
  'operator',
  format('update public.appointments set payment_status = %L where id = tests.id(%L)', new_status, 'no_show'),
  case new_status when 'invoiced' then 'ok 1' else 'PT409 invalid_state' end,
  'an invoiced appointment becomes ' || new_status || ' by hand'
)
from unnest(enum_range(null::public.payment_status)::text[]) as new_status;

-- The revision counts what a calendar must hear of ------------------------------------------------------------------
select is(
  (select a.revision from public.appointments as a where a.id = tests.id('pending')), 0,
  'a new appointment has revision 0'
);
select is(
  tests.act('reception', $$ select (public.confirm_appointment(tests.id('pending'))).revision $$), '1',
  'confirming raises it'
);
select tests.act(
  'reception', $$ update public.appointments set note = 'x' where id = tests.id('pending') returning id $$
);
select is((select a.revision from public.appointments as a where a.id = tests.id('pending')), 1, 'a note does not');
select is(
  tests.act(
    'reception',
    format('select (public.reschedule_appointment(tests.id(%L), %L)).revision', 'pending', tests.at(6, '10:00'))
  ),
  '2', 'moving raises it'
);
select is(
  tests.act('reception', $$ select (public.cancel_appointment(tests.id('pending'))).revision $$), '3',
  'cancelling raises it'
);
select tests.gets(
  'operator', $$ update public.appointments set revision = 0 where id = tests.id('pending') $$, 'ok 1',
  'nobody else does'
);
update public.appointments set revision = 0 where id = tests.id('pending');
select is(
  (select a.revision from public.appointments as a where a.id = tests.id('pending')), 3,
  'an edit by hand has no effect'
);

-- Idempotency of the steps ---------------------------------------------------------------------------------------------
select is(
  tests.act('reception', $$ select (public.complete_appointment(tests.id('in_progress'), 'key')).status $$),
  'completed', 'completed with a key'
);
select is(
  tests.act('reception', $$ select (public.complete_appointment(tests.id('in_progress'), 'key')).status $$),
  'completed', 'and again, which answers the same'
);
select tests.gets(
  'reception', $$ select public.complete_appointment(tests.id('confirmed'), 'key') $$, 'PT422 idempotency_mismatch',
  'the key is for that appointment'
);
select tests.gets(
  'reception', $$ select public.mark_no_show(tests.id('confirmed'), 'key') $$, 'ok 1', 'and for that operation'
);

select * from finish();
rollback;
