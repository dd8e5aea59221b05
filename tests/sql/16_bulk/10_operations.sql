-- Bulk operations: counts follow the items, what has ended never changes, and who may follow one.
begin;
select * from no_plan();
select tests.practice('north');
select tests.practice('south');

create function pg_temp.start(name text, who text, items integer, managers_only boolean default false)
returns void
language plpgsql as $$
declare
  v_id uuid;
begin
  -- The starting functions are definers: the caller's claims, the owner's rights.
  perform set_config('request.jwt.claims', jsonb_build_object('sub', tests.id(who || '_user'))::text, true);
  perform set_config('request.jwt.claim.sub', tests.id(who || '_user')::text, true);
  v_id := (
    private.start_bulk(
      tests.id(case when who like 'south.%' then 'south' else 'north' end || '.organization'), 'test_work',
      '{"asked": "for"}', array_fill('{}'::jsonb, array[items]), null, managers_only
    )
  ).id;
  perform tests.operator();
  perform tests.remember(name, v_id);
end
$$;

create function pg_temp.counts(name text) returns text
language sql as $$
  select concat_ws(' ', o.status, o.total_count, o.done_count, o.failed_count, o.skipped_count, o.finished_at is not null)
  from public.bulk_operations as o where o.id = tests.id(name)
$$;

create function pg_temp.finish(name text, number integer, status text, code text default null) returns void
language sql as $$
  select private.finish_bulk_item(tests.id(name), number, status, code, 'A sentence.', '{"of": "result"}')
$$;

-- Progress ------------------------------------------------------------------------------------------
select pg_temp.start('work', 'reception', 3);
select is(pg_temp.counts('work'), 'running 3 0 0 0 f', 'an operation starts with its items pending');
select is(
  (select o.created_by from public.bulk_operations as o where o.id = tests.id('work')), tests.id('reception_user'),
  'it knows who started it'
);
select pg_temp.finish('work', 1, 'done');
select is(pg_temp.counts('work'), 'running 3 1 0 0 f', 'a finished item counts');
select pg_temp.finish('work', 1, 'failed', 'slot_taken');
select is(
  (
    select concat_ws(' ', i.status, i.code, i.detail, i.result, i.finished_at is not null)
    from public.bulk_operation_items as i where i.operation_id = tests.id('work') and i.number = 1
  ),
  'done A sentence. {"of": "result"} t', 'finished again, an item keeps its first result'
);
select pg_temp.finish('work', 2, 'failed', 'slot_taken');
select pg_temp.finish('work', 3, 'skipped', 'invalid_state');
select is(pg_temp.counts('work'), 'completed 3 1 1 1 t', 'the last item completes the operation');

select pg_temp.start('empty', 'reception', 0);
select is(pg_temp.counts('empty'), 'completed 0 0 0 0 t', 'an operation without items is completed at once');
select throws_ok(
  format(
    'select private.start_bulk(%L, %L, null, array[%L]::jsonb[], array[]::uuid[])', tests.id('organization'),
    'test_work', '{}'
  ),
  'PT422', 'invalid_argument', 'subjects and payloads are as many'
);

-- What is checked at commit is checked, so that the tables can be emptied and altered.
set constraints all immediate;
set constraints all deferred;
-- What has ended never changes, for any role ----------------------------------------------------------
select tests.gets(
  who, statement, expected, format('%s: %s', who, statement)
)
from unnest(array['operator', 'service']) as who
cross join (
  values
    ('update public.bulk_operations set status = ''running'' where id = tests.id(''work'')', 'PT409 invalid_state'),
    ('update public.bulk_operations set kind = ''other'' where id = tests.id(''work'')', 'PT409 invalid_state'),
    (
      'update public.bulk_operation_items set status = ''done'' where operation_id = tests.id(''work'') and number = 2',
      'PT409 invalid_state'
    ),
    (
      'update public.bulk_operation_items set detail = ''x'' where operation_id = tests.id(''work'')',
      'PT409 invalid_state'
    ),
    (
      'insert into public.bulk_operation_items (operation_id, number, organization_id)'
      ' values (tests.id(''work''), 4, tests.id(''organization''))',
      'PT409 invalid_state'
    )
) as t (statement, expected);
select tests.gets('operator', statement, expected, statement)
from (
  values
    ('delete from public.bulk_operations where id = tests.id(''work'')', 'PT409 invalid_state'),
    ('delete from public.bulk_operation_items where operation_id = tests.id(''work'')', 'PT409 invalid_state'),
    ('truncate public.bulk_operations cascade', 'PT409 invalid_state'),
    ('truncate public.bulk_operation_items', 'PT409 invalid_state')
) as t (statement, expected);

-- A running one keeps its own account -----------------------------------------------------------------
select pg_temp.start('open', 'reception', 2);
select tests.gets(
  'operator', format(statement, tests.id('open'), tests.id('organization'), tests.id('south.organization')), expected,
  title
)
from (
  values
    ('update public.bulk_operations set done_count = 1 where id = %1$L', 'PT409 invalid_state', 'counts are not edited'),
    ('update public.bulk_operations set total_count = 0 where id = %1$L', 'PT409 invalid_state', 'nor the total'),
    ('update public.bulk_operations set parameters = ''{}'' where id = %1$L', 'PT409 invalid_state', 'nor what was asked'),
    (
      'update public.bulk_operations set organization_id = %3$L where id = %1$L', 'PT409 invalid_state',
      'nor the organization'
    ),
    (
      'update public.bulk_operations set status = ''completed'' where id = %1$L',
      '23514 bulk_operations_completed_is_all_items', 'it is not completed while items are pending'
    ),
    (
      'update public.bulk_operation_items set subject_id = %2$L where operation_id = %1$L', 'PT409 invalid_state',
      'an item stays what it was about'
    ),
    (
      'update public.bulk_operation_items set code = ''word'' where operation_id = %1$L',
      '23514 bulk_operation_items_outcome_fits_the_status', 'a pending item has no code'
    ),
    (
      'update public.bulk_operation_items set status = ''failed'' where operation_id = %1$L',
      '23514 bulk_operation_items_outcome_fits_the_status', 'a failed item has one'
    ),
    (
      'update public.bulk_operation_items set status = ''failed'', code = ''A b'' where operation_id = %1$L',
      '23514 bulk_operation_items_code_is_a_word', 'which is a word'
    ),
    (
      'insert into public.bulk_operation_items (operation_id, number, organization_id, status)'
      ' values (%1$L, 3, %2$L, ''done'')', 'PT409 invalid_state', 'an item begins pending'
    ),
    (
      'insert into public.bulk_operation_items (operation_id, number, organization_id) values (%1$L, 3, %3$L)',
      '23503 bulk_operation_items_organization_id_operation_id_fkey', 'and belongs to the operation''s organization'
    ),
    (
      'insert into public.bulk_operation_items (operation_id, number, organization_id) values (%1$L, 0, %2$L)',
      '23514 bulk_operation_items_number_is_positive', 'and is numbered from 1'
    ),
    (
      'insert into public.bulk_operations (organization_id, kind) values (%2$L, ''No word'')',
      '23514 bulk_operations_kind_is_a_word', 'the kind is a word'
    ),
    (
      'insert into public.bulk_operations (organization_id, kind, parameters) values (%2$L, ''word'', ''[]'')',
      '23514 bulk_operations_parameters_are_a_small_object', 'parameters are an object'
    )
) as t (statement, expected, title);
insert into public.bulk_operations (organization_id, kind, status, total_count, done_count, finished_at)
values (tests.id('organization'), 'by_hand', 'completed', 5, 5, now());
select is(
  (select concat_ws(' ', o.status, o.total_count, o.done_count) from public.bulk_operations as o where o.kind = 'by_hand'),
  'running 0 0', 'an operation made by hand begins empty and running as well'
);
update public.bulk_operations set status = 'completed' where kind = 'by_hand';
select tests.gets(
  'operator', format(
    'insert into public.bulk_operations (organization_id, kind) values (%L, %L)', tests.id('organization'), 'by_hand'
  ),
  'PT409 invalid_state', 'and is given items before the commit'
);

-- Who follows an operation -----------------------------------------------------------------------------
select pg_temp.start('own', 'therapist', 1);
select pg_temp.start('secret', 'owner', 1, true);
select pg_temp.start('former', 'removed', 1);
select pg_temp.start('south.work', 'south.reception', 1);
select tests.gets(
  who,
  format(
    'select 1 from public.%s where %s = any (%L::uuid[])', source, key,
    array[tests.id('open'), tests.id('own'), tests.id('secret'), tests.id('former'), tests.id('south.work')]
  ),
  expected, format('%s reads of %s: %s', who, source, expected)
)
from (
  values ('bulk_operations', 'id', 0), ('bulk_operation_items', 'operation_id', 1)
) as s (source, key, extra)
cross join lateral (
  values
    ('owner', 'ok ' || 4 + extra), ('admin', 'ok ' || 4 + extra), ('reception', 'ok ' || 3 + extra),
    ('therapist', 'ok 1'), ('colleague', 'ok 0'), ('client', 'ok 0'), ('removed', 'ok 0'), ('stranger', 'ok 0'),
    ('south.owner', 'ok 1'), ('anon', '42501'), ('service', 'ok ' || 5 + extra)
) as t (who, expected);
select tests.gets(who, statement, '42501', format('%s can NOT: %s', who, statement))
from unnest(array['owner', 'client', 'anon']) as who
cross join (
  values
    ('insert into public.bulk_operations (organization_id, kind) values (tests.id(''organization''), ''word'')'),
    ('update public.bulk_operations set status = ''cancelled'''),
    ('delete from public.bulk_operations'),
    ('insert into public.bulk_operation_items (operation_id, number, organization_id)'
      ' values (tests.id(''open''), 3, tests.id(''organization''))'),
    ('update public.bulk_operation_items set status = ''done'''),
    ('delete from public.bulk_operation_items'),
    ('select private.finish_bulk_item(tests.id(''open''), 1, ''done'')')
) as t (statement);

-- Stopping one -----------------------------------------------------------------------------------------
select tests.gets(
  who, format('select public.cancel_bulk_operation(%L)', tests.id(name)), expected,
  format('%s stops %s: %s', who, name, expected)
)
from (
  values
    ('owner', 'open', 'ok 1'), ('admin', 'open', 'ok 1'), ('reception', 'open', 'ok 1'),
    ('therapist', 'open', 'PT404 not_found'), ('therapist', 'own', 'ok 1'), ('colleague', 'own', 'PT404 not_found'),
    ('owner', 'secret', 'ok 1'), ('reception', 'secret', 'PT404 not_found'),
    ('client', 'open', 'PT404 not_found'), ('removed', 'former', 'PT404 not_found'),
    ('stranger', 'open', 'PT404 not_found'), ('south.owner', 'open', 'PT404 not_found'),
    ('nobody', 'open', 'PT401 unauthenticated'), ('anon', 'open', '42501'),
    ('owner', 'work', 'PT409 invalid_state'), ('owner', 'organization', 'PT404 not_found')
) as t (who, name, expected);
select pg_temp.finish('open', 1, 'done');
select tests.act('reception', format('select public.cancel_bulk_operation(%L)', tests.id('open')));
select is(pg_temp.counts('open'), 'cancelled 2 1 0 0 t', 'what is done stays done');
select tests.gets(
  'reception', format('select public.cancel_bulk_operation(%L)', tests.id('open')), 'ok 1', 'twice is once'
);
select tests.gets(
  'operator', 'select private.finish_bulk_item(tests.id(''open''), 2, ''done'')', 'PT409 invalid_state',
  'what is left is not done any more'
);

select is_empty('select * from private.bulk_violations(tests.id(''organization''))', 'no invariant is broken');
select is_empty('select * from private.bulk_violations(tests.id(''south.organization''))', 'nor in the other practice');
set constraints all immediate;
alter table public.bulk_operations disable trigger user;
update public.bulk_operations set total_count = 7 where id = tests.id('own');
alter table public.bulk_operations enable trigger user;
select is(
  (select string_agg(v.invariant, ' ') from private.bulk_violations() as v where v.record_id = tests.id('own')),
  'bulk_counts_are_those_of_the_items', 'a wrong count is found'
);
select * from finish();
rollback;
