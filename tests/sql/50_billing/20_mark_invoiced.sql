-- mark_invoiced: all or nothing, once, for owner and admin.
begin;
select * from no_plan();
select tests.practice('north');
select tests.practice('south');
insert into public.appointments (
  organization_id, location_id, client_id, practitioner_id, service_id, during, status, cancelled_at, payment_status
)
select
  tests.id(p || '.organization'), tests.id(p || '.location'), tests.id(p || '.client'), tests.id(p || '.therapist'),
  tests.id(p || '.talk'),
  tstzrange(now() - n * interval '1 day', now() - n * interval '1 day' + interval '1 hour'),
  status::public.appointment_status,
  case when status = 'cancelled' then now() end, 'unpaid'
from (
  values ('north', 1, 'completed'), ('north', 2, 'completed'), ('north', 3, 'no_show'), ('north', 4, 'confirmed'),
  ('north', 5, 'cancelled'), ('north', 6, 'in_progress'), ('south', 1, 'completed')
) as t (p, n, status)
returning tests.remember(
  case when organization_id = tests.id('south.organization') then 'south.' else 'north.' end || left(status::text, 4) || extract(day from now() - starts_at),
  id
);

create function pg_temp.mark(keys text, options text default '') returns text
language sql as $$
  select format(
    'select public.mark_invoiced(array[%s]::uuid[]%s)',
    (select string_agg(format('tests.id(%L)', k), ', ') from unnest(string_to_array(keys, ' ')) as k), options
  )
$$;
select tests.gets(who, pg_temp.mark('north.comp1 north.no_s3'), expected, who || ' marks: ' || expected)
from (
  values
    ('owner', 'ok 1'), ('admin', 'ok 1'), ('reception', 'PT403 forbidden'), ('therapist', 'PT403 forbidden'),
    ('client', 'PT403 forbidden'),
    ('other', 'PT404 not_found'), ('south.owner', 'PT404 not_found'), ('removed', 'PT404 not_found'),
    ('stranger', 'PT404 not_found'), ('nobody', 'PT401 unauthenticated'),
    ('anon', '42501')
) as t (who, expected);
select tests.gets('owner', statement, expected, 'marking: ' || title)
from (
  values
    ('select public.mark_invoiced(null)', 'PT422 invalid_argument', 'null'),
    ('select public.mark_invoiced(array[]::uuid[])', 'PT422 invalid_argument', 'nothing'),
    ('select public.mark_invoiced(array[null]::uuid[])', 'PT422 invalid_argument', 'a null'),
    ('select public.mark_invoiced(array[gen_random_uuid()])', 'PT404 not_found', 'something unknown'),
    (
      'select public.mark_invoiced(array(select gen_random_uuid() from generate_series(1, 10001)))',
      'PT422 invalid_argument', 'more than 10,000'
    ),
    (pg_temp.mark('comp1 south.comp1'), 'PT404 not_found', 'one of another organization'),
    (pg_temp.mark('comp1 conf4'), 'PT409 invalid_state', 'one that is not over'),
    (pg_temp.mark('comp1 canc5'), 'PT409 invalid_state', 'one that was cancelled'),
    (pg_temp.mark('comp1 in_p6'), 'PT409 invalid_state', 'one that is running')
) as t (statement, expected, title);
select is(
  (select count(*) from public.appointments as a where a.payment_status = 'invoiced' and a.organization_id = tests.id('organization')),
  0::bigint, 'a refusal marks nothing'
);
select is(
  tests.act('owner', pg_temp.mark('comp1 comp1 no_s3', ', ''m1''')), '2',
  'each is marked once, however often it is named'
);
select is(tests.act('owner', pg_temp.mark('no_s3 comp1', ', ''m1''')), '2', 'a repeat answers the same, in any order');
select tests.gets(
  'owner', pg_temp.mark('comp2', ', ''m1'''), 'PT422 idempotency_mismatch', 'others with the key are refused'
);
select tests.gets(
  'owner', pg_temp.mark('comp1 comp2'), 'PT409 invalid_state', 'what is invoiced can NOT be invoiced again'
);
select is(
  (select a.payment_status::text from public.appointments as a where a.id = tests.id('comp2')), 'unpaid',
  'and spoils the whole list'
);
select tests.gets(
  'client', $$ select public.pay_appointment(tests.id('comp1')) $$, 'PT409 invalid_state',
  'what is invoiced can NOT be paid with credits'
);

-- One person, two organizations.
insert into public.members (organization_id, user_id, role, display_name) values (
  tests.id('south.organization'), tests.id('owner_user'), 'owner', 'Both'
);
select tests.gets(
  'owner', pg_temp.mark('comp2 south.comp1'), 'PT422 invalid_argument', 'a list is of one organization'
);
update public.members set role = 'receptionist' where organization_id = tests.id('south.organization') and user_id = tests.id('owner_user');
select tests.gets(
  'owner', pg_temp.mark('south.comp1'), 'PT403 forbidden',
  'an owner here who is receptionist there can NOT mark there'
);

-- A paid appointment CAN be invoiced, too.
select tests.top_up('client', 100000);
select tests.act('reception', $$ select public.pay_appointment(tests.id('comp2')) $$);
select is(tests.act('admin', pg_temp.mark('comp2')), '1', 'a paid one CAN be marked');
select lives_ok('set constraints all immediate', 'all of it holds at commit');

select * from finish();
rollback;
