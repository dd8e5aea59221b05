-- Documents of clients: who announces, reads, shows and archives them, what Storage gives and takes,
-- versions, quota, erasure, and what the scheduler clears up.
begin;
select * from no_plan();
select tests.practice('north');
select tests.practice('south');
select private.ensure_buckets();

-- The client and the therapist have met; the colleague has only a cancelled appointment with the client.
select tests.book('met', 'client', 'talk', 'therapist', tests.at(3, '10:00'));
select tests.book('off', 'client', 'talk', 'colleague', tests.at(4, '10:00'));
select tests.act('reception', $$ select public.cancel_appointment(tests.id('off')) $$);
select tests.book('south.met', 'south.client', 'south.talk', 'south.therapist', tests.at(3, '10:00'));

create function pg_temp.prepare(arguments text default '', size integer default 100) returns text
language sql as $$
  select format(
    'select (public.prepare_client_report(tests.id(''north.client''), ''Report'', ''report.pdf'', ''application/pdf'', %s%s)).id',
    size, arguments
  )
$$;
-- What Storage and the cloud function do with the secret key: the file comes, and is looked at.
create function pg_temp.store(name text, arguments text default '', who text default 'therapist') returns uuid
language plpgsql as $$
declare
  v_id uuid := tests.remember(name, tests.act(who, pg_temp.prepare(arguments))::uuid);
begin
  insert into storage.objects (bucket_id, name, metadata)
  select 'client-reports', r.storage_path, jsonb_build_object('size', r.size_bytes)
  from public.client_reports as r where r.id = v_id;
  perform public.settle_client_report(v_id, 'application/pdf', 100, repeat('a', 64));
  return v_id;
end
$$;

-- Announcing ----------------------------------------------------------------------------------------
select tests.gets(who, pg_temp.prepare(), expected, who || ' announces a document: ' || expected)
from (
  values
    ('owner', 'ok 1'), ('admin', 'ok 1'), ('therapist', 'ok 1'), ('colleague', 'PT403 forbidden'),
    ('reception', 'PT403 forbidden'), ('client', 'PT403 forbidden'), ('other', 'PT404 not_found'),
    ('removed', 'PT404 not_found'), ('stranger', 'PT404 not_found'), ('south.owner', 'PT404 not_found'),
    ('south.therapist', 'PT404 not_found'), ('nobody', 'PT401 unauthenticated'), ('anon', '42501')
) as t (who, expected);
select tests.gets('therapist', format('select public.prepare_client_report(%s)', arguments), expected, arguments || ' → ' || expected)
from (
  values
    ($$ tests.id('other'), 'R', 'r.pdf', 'application/pdf', 1 $$, 'PT403 forbidden'),
    ($$ tests.id('south.client'), 'R', 'r.pdf', 'application/pdf', 1 $$, 'PT404 not_found'),
    ($$ gen_random_uuid(), 'R', 'r.pdf', 'application/pdf', 1 $$, 'PT404 not_found'),
    ($$ null, 'R', 'r.pdf', 'application/pdf', 1 $$, 'PT404 not_found'),
    ($$ tests.id('client'), ' ', 'r.pdf', 'application/pdf', 1 $$, 'PT422 invalid_argument'),
    ($$ tests.id('client'), null, 'r.pdf', 'application/pdf', 1 $$, 'PT422 invalid_argument'),
    ($$ tests.id('client'), repeat('x', 201), 'r.pdf', 'application/pdf', 1 $$, 'PT422 invalid_argument'),
    ($$ tests.id('client'), 'R', '../r.pdf', 'application/pdf', 1 $$, 'PT422 invalid_argument'),
    ($$ tests.id('client'), 'R', 'a\r.pdf', 'application/pdf', 1 $$, 'PT422 invalid_argument'),
    ($$ tests.id('client'), 'R', '..', 'application/pdf', 1 $$, 'PT422 invalid_argument'),
    ($$ tests.id('client'), 'R', E'a\nr.pdf', 'application/pdf', 1 $$, 'PT422 invalid_argument'),
    ($$ tests.id('client'), 'R', '', 'application/pdf', 1 $$, 'PT422 invalid_argument'),
    ($$ tests.id('client'), 'R', null, 'application/pdf', 1 $$, 'PT422 invalid_argument'),
    ($$ tests.id('client'), 'R', '%2e%2e%2fr.pdf', 'application/pdf', 1 $$, 'ok 1'),
    ($$ tests.id('client'), 'R', 'r.html', 'text/html', 1 $$, 'PT422 invalid_argument'),
    ($$ tests.id('client'), 'R', 'r.svg', 'image/svg+xml', 1 $$, 'PT422 invalid_argument'),
    ($$ tests.id('client'), 'R', 'r.pdf', null, 1 $$, 'PT422 invalid_argument'),
    ($$ tests.id('client'), 'R', 'r.pdf', 'application/pdf', 0 $$, 'PT422 invalid_argument'),
    ($$ tests.id('client'), 'R', 'r.pdf', 'application/pdf', -1 $$, 'PT422 invalid_argument'),
    ($$ tests.id('client'), 'R', 'r.pdf', 'application/pdf', 26214400 $$, 'ok 1'),
    ($$ tests.id('client'), 'R', 'r.pdf', 'application/pdf', 26214401 $$, 'PT422 invalid_argument'),
    ($$ tests.id('client'), 'R', 'r.pdf', 'application/pdf', null $$, 'PT422 invalid_argument'),
    ($$ tests.id('client'), 'R', 'r.pdf', 'application/pdf', 1, tests.id('met') $$, 'ok 1'),
    ($$ tests.id('client'), 'R', 'r.pdf', 'application/pdf', 1, tests.id('south.met') $$, 'PT404 not_found'),
    ($$ tests.id('client'), 'R', 'r.pdf', 'application/pdf', 1, gen_random_uuid() $$, 'PT404 not_found'),
    ($$ tests.id('client'), 'R', 'r.pdf', 'application/pdf', 1, previous_id => gen_random_uuid() $$, 'PT404 not_found')
) as t (arguments, expected);

select pg_temp.store('first');
select is(
  (select r.storage_path from public.client_reports as r where r.id = tests.id('first')),
  format('%s/%s/%s/v1.pdf', tests.id('organization'), tests.id('client'), tests.id('first')),
  'the name of the file is made of keys'
);
select tests.gets('operator', statement, expected, statement || ' → ' || expected)
from (
  values
    ($$ update public.client_reports set storage_path = 'x' $$, '428C9'),
    ($$ update public.client_reports set client_id = tests.id('other') where id = tests.id('first') $$, 'PT409 invalid_state'),
    ($$ update public.client_reports set size_bytes = 1 where id = tests.id('first') $$, 'PT409 invalid_state'),
    ($$ update public.client_reports set sha256 = repeat('b', 64) where id = tests.id('first') $$, 'PT409 invalid_state'),
    ($$ update public.client_reports set status = 'pending' where id = tests.id('first') $$, 'PT409 invalid_state'),
    ($$ update public.client_reports set status = 'refused', refusal = 'size' where id = tests.id('first') $$, 'PT409 invalid_state'),
    ($$ update public.client_reports set status = 'archived' where id = tests.id('first') $$, '23514 client_reports_archived_are_dated'),
    ($$ delete from public.client_reports where id = tests.id('first') $$, 'PT409 invalid_state'),
    ($$ insert into public.client_reports (organization_id, client_id, title, file_name, content_type, size_bytes, status, sha256, stored_at)
        values (tests.id('organization'), tests.id('client'), 'R', 'r.pdf', 'application/pdf', 1, 'stored', repeat('a', 64), now()) $$,
      'PT409 invalid_state'),
    ($$ insert into public.client_reports (organization_id, client_id, title, file_name, content_type, size_bytes)
        values (tests.id('organization'), tests.id('client'), 'R', '../r.pdf', 'application/pdf', 1) $$,
      '23514 client_reports_file_name_is_plain'),
    ($$ insert into public.client_reports (organization_id, client_id, title, file_name, content_type, size_bytes, previous_id)
        values (tests.id('organization'), tests.id('other'), 'R', 'r.pdf', 'application/pdf', 1, tests.id('first')) $$,
      '23503 client_reports_organization_id_client_id_previous_id_fkey'),
    ($$ insert into public.client_reports (organization_id, client_id, title, file_name, content_type, size_bytes, appointment_id)
        values (tests.id('organization'), tests.id('other'), 'R', 'r.pdf', 'application/pdf', 1, tests.id('met')) $$,
      'PT404 not_found'),
    ($$ truncate public.client_reports cascade $$, 'PT409 invalid_state')
) as t (statement, expected);

-- Reading rows ----------------------------------------------------------------------------------------
select tests.act('therapist', pg_temp.prepare());
select tests.gets(who, 'select * from public.client_reports', expected, who || ' reads rows: ' || expected)
from (
  values
    ('owner', 'ok 2'), ('admin', 'ok 2'), ('therapist', 'ok 2'), ('colleague', 'ok 0'), ('reception', 'ok 0'),
    ('client', 'ok 0'), ('other', 'ok 0'), ('removed', 'ok 0'), ('stranger', 'ok 0'), ('nobody', 'ok 0'),
    ('anon', '42501'), ('south.owner', 'ok 0'), ('south.therapist', 'ok 0')
) as t (who, expected);
select tests.gets(who, statement, '42501', format('%s can NOT write: %s', who, statement))
from unnest(array['owner', 'therapist', 'client']) as who
cross join unnest(array[
  'update public.client_reports set visible_to_client = true', 'delete from public.client_reports',
  'insert into public.client_reports default values', 'insert into public.report_views default values',
  'delete from public.report_views', 'update public.report_views set viewed_at = now()',
  'update public.organization_settings set report_quota_bytes = 0',
  'select public.settle_client_report(tests.id(''first''), ''application/pdf'', 100, repeat(''a'', 64))',
  'select public.orphaned_report_files()', 'select private.abandon_client_reports()'
]) as statement;

-- Showing ---------------------------------------------------------------------------------------------
select tests.gets(who, format('select public.%s', call), expected, format('%s: %s → %s', who, call, expected))
from unnest(array[
  $$set_report_visibility(tests.id('north.first'), true)$$, $$archive_client_report(tests.id('north.first'))$$
]) as call
cross join (
  values
    ('owner', 'ok 1'), ('admin', 'ok 1'), ('therapist', 'ok 1'), ('colleague', 'PT403 forbidden'),
    ('reception', 'PT403 forbidden'), ('client', 'PT404 not_found'), ('other', 'PT404 not_found'),
    ('removed', 'PT404 not_found'), ('stranger', 'PT404 not_found'), ('south.owner', 'PT404 not_found'),
    ('nobody', 'PT401 unauthenticated'), ('anon', '42501')
) as p (who, expected);
select tests.gets('owner', format('select public.%s', call), expected, call || ' → ' || expected)
from (
  values
    ($$set_report_visibility(gen_random_uuid(), true)$$, 'PT404 not_found'),
    ($$set_report_visibility(null, true)$$, 'PT404 not_found'),
    ($$set_report_visibility(tests.id('first'), null)$$, 'PT422 invalid_argument'),
    ($$archive_client_report(tests.id('first'), null)$$, 'PT422 invalid_argument'),
    ($$archive_client_report(gen_random_uuid())$$, 'PT404 not_found'),
    ($$view_client_report(gen_random_uuid())$$, 'PT404 not_found')
) as t (call, expected);
select tests.act('therapist', $$ select public.set_report_visibility(tests.id('first'), true) $$);
select tests.gets(who, 'select * from public.client_reports', expected, format('once shown, %s reads %s', who, expected))
from (values ('client', 'ok 1'), ('other', 'ok 0'), ('reception', 'ok 0'), ('south.client', 'ok 0')) as t (who, expected);
select tests.gets(
  'client', $$ select public.set_report_visibility(tests.id('first'), false) $$, 'PT403 forbidden',
  'the client can NOT change what is shown'
);

-- Opening, and what Storage gives ---------------------------------------------------------------------
select tests.gets(who, $$ select public.view_client_report(tests.id('north.first')) $$, expected, format('%s opens: %s', who, expected))
from (
  values
    ('owner', 'ok 1'), ('therapist', 'ok 1'), ('client', 'ok 1'), ('colleague', 'PT403 forbidden'),
    ('reception', 'PT403 forbidden'), ('other', 'PT404 not_found'), ('south.owner', 'PT404 not_found'),
    ('stranger', 'PT404 not_found'), ('nobody', 'PT401 unauthenticated'), ('anon', '42501')
) as t (who, expected);

create function pg_temp.storage(who text, operation text, statement text) returns text
language plpgsql as $$
begin
  perform set_config('storage.operation', operation, true);
  return tests.try(who, statement);
end
$$;
select is(
  pg_temp.storage(who, 'storage.object.get_authenticated', 'select * from storage.objects where bucket_id = ''client-reports'''),
  'ok 0', who || ' gets nothing from Storage without opening it'
)
from unnest(array['owner', 'therapist', 'client', 'reception', 'south.owner', 'stranger']) as who;
select tests.act('client', $$ select public.view_client_report(tests.id('first')) $$);
select tests.act('owner', $$ select public.view_client_report(tests.id('first')) $$);
select is(
  pg_temp.storage(who, operation, 'select * from storage.objects where bucket_id = ''client-reports'''), expected,
  format('after opening, %s: %s → %s', who, operation, expected)
)
from (
  values
    ('client', 'storage.object.get_authenticated', 'ok 1'), ('client', 'object.get_authenticated', 'ok 1'),
    ('client', 'object.get_authenticated_info', 'ok 0'), ('owner', 'storage.object.get_authenticated', 'ok 1'),
    ('therapist', 'storage.object.get_authenticated', 'ok 0'), ('other', 'storage.object.get_authenticated', 'ok 0'),
    ('client', 'storage.object.sign', 'ok 0'), ('client', 'storage.object.sign_many', 'ok 0'),
    ('client', 'storage.object.list', 'ok 0'), ('client', 'storage.object.copy', 'ok 0'),
    ('client', 'storage.object.move', 'ok 0'), ('client', 'storage.s3.object.get', 'ok 0'), ('owner', '', 'ok 0')
) as t (who, operation, expected);
select is(
  pg_temp.storage(
    'client', 'storage.object.get_authenticated', statement
  ), 'ok 0', 'an opened file can NOT be changed: ' || statement
)
from unnest(array[
  'update storage.objects set name = name where bucket_id = ''client-reports''',
  'delete from storage.objects where bucket_id = ''client-reports'''
]) as statement;
select is(
  (select array_agg(v.role order by v.role) from public.report_views as v where v.report_id = tests.id('first')),
  array['client', 'owner'], 'each opening is on record'
);
select tests.gets(who, 'select * from public.report_views', expected, format('%s reads the record: %s', who, expected))
from (values ('owner', 'ok 2'), ('admin', 'ok 2'), ('therapist', 'ok 0'), ('client', 'ok 1'), ('reception', 'ok 0'), ('south.owner', 'ok 0')) as t (who, expected);
select tests.gets('operator', statement, 'PT409 invalid_state', 'nobody rewrites it: ' || statement)
from unnest(array[
  'update public.report_views set viewed_at = now() - interval ''1 year''', 'delete from public.report_views',
  'truncate public.report_views'
]) as statement;
-- Five minutes later, and when it is no longer shown.
alter table public.report_views disable trigger user;
update public.report_views set viewed_at = now() - interval '5 minutes' where role = 'owner';
alter table public.report_views enable trigger user;
select is(
  pg_temp.storage('owner', 'storage.object.get_authenticated', 'select * from storage.objects where bucket_id = ''client-reports'''),
  'ok 0', 'an opening is good for five minutes'
);
select tests.act('therapist', $$ select public.set_report_visibility(tests.id('first'), false) $$);
select is(
  pg_temp.storage('client', 'storage.object.get_authenticated', 'select * from storage.objects where bucket_id = ''client-reports'''),
  'ok 0', 'what is shown no longer is gone at once'
);

-- What Storage takes ----------------------------------------------------------------------------------
select tests.remember('second', tests.act('therapist', pg_temp.prepare())::uuid);
create function pg_temp.put(bucket text, name text) returns text
language sql as $$
  select format('insert into storage.objects (bucket_id, name, owner_id) values (%L, %L, ''x'')', bucket, name)
$$;
select is(
  pg_temp.storage(who, 'storage.object.upload', pg_temp.put(bucket, replace(name, 'PATH', r.storage_path))), expected,
  format('%s puts %s into %s → %s', who, name, bucket, expected)
)
from public.client_reports as r
cross join (
  values
    ('therapist', 'client-reports', 'PATH', 'ok 1'),
    ('therapist', 'client-reports', 'PATH2', '42501'),
    ('therapist', 'client-reports', '../PATH', '42501'),
    ('therapist', 'client-reports', 'free.pdf', '42501'),
    ('therapist', 'documents', 'PATH', '42501'),
    -- Not even who could have announced it.
    ('owner', 'client-reports', 'PATH', '42501'), ('colleague', 'client-reports', 'PATH', '42501'),
    ('client', 'client-reports', 'PATH', '42501'), ('reception', 'client-reports', 'PATH', '42501'),
    ('south.owner', 'client-reports', 'PATH', '42501'), ('anon', 'client-reports', 'PATH', '42501')
) as t (who, bucket, name, expected)
where r.id = tests.id('second');
select is(
  pg_temp.storage('therapist', 'storage.object.upload', pg_temp.put('client-reports', r.storage_path)), '42501',
  'a stored file can NOT be written again'
)
from public.client_reports as r where r.id = tests.id('first');

-- Looked at -------------------------------------------------------------------------------------------
select is(
  (select (s.status, s.refusal)::text from public.settle_client_report(tests.id('second'), 'text/plain', 100, repeat('a', 64)) as s),
  '(refused,content_type)', 'another type is refused'
);
select is(
  (select (s.status, s.refusal)::text from public.settle_client_report(tests.id('second'), 'application/pdf', 100, repeat('a', 64)) as s),
  '(refused,content_type)', 'for good'
);
select tests.remember('third', tests.act('therapist', pg_temp.prepare())::uuid);
select is(
  (select (s.status, s.refusal)::text from public.settle_client_report(tests.id('third'), 'application/pdf', 99, repeat('a', 64)) as s),
  '(refused,size)', 'another size is refused'
);
select tests.gets('service', statement, expected, statement || ' → ' || expected)
from (
  values
    ($$ select public.settle_client_report(gen_random_uuid(), 'application/pdf', 1, repeat('a', 64)) $$, 'PT404 not_found'),
    ($$ select public.settle_client_report(tests.id('first'), 'text/plain', 1, repeat('a', 64)) $$, 'ok 1'),
    ('select public.orphaned_report_files()', 'ok 1'), ('select public.orphaned_report_files(0)', 'PT422 invalid_argument'),
    ('select public.orphaned_report_files(null)', 'PT422 invalid_argument')
) as t (statement, expected);
select is((select r.status from public.client_reports as r where r.id = tests.id('first'))::text, 'stored', 'what is stored stays so');
select tests.gets(
  'therapist', format('select public.%s(tests.id(''second'')%s)', name, argument), 'PT409 invalid_state', 'a refused one: ' || name
)
from (values ('view_client_report', ''), ('set_report_visibility', ', true'), ('archive_client_report', '')) as t (name, argument);

-- Versions --------------------------------------------------------------------------------------------
select tests.act('therapist', $$ select public.set_report_visibility(tests.id('first'), true) $$);
select pg_temp.store('next', ', previous_id => tests.id(''first'')');
select is(
  (select (r.version, r.visible_to_client)::text from public.client_reports as r where r.id = tests.id('next')), '(2,t)',
  'a new version counts on, and is shown as the one before'
);
select is(
  (select r.status::text from public.client_reports as r where r.id = tests.id('first')), 'stored', 'the old version is kept'
);
select tests.gets('therapist', pg_temp.prepare(', previous_id => tests.id(''first'')'), 'PT409 invalid_state', 'only the newest has a successor');
select tests.gets('therapist', pg_temp.prepare(', previous_id => tests.id(''second'')'), 'PT409 invalid_state', 'a refused one has none');
select tests.act('operator', $$ select 1 $$);
select results_eq(
  $$ select id from public.latest_client_reports where organization_id = tests.id('organization') $$,
  $$ select tests.id('next') $$, 'the newest is the latest'
);
select tests.act('therapist', $$ select public.set_report_visibility(tests.id('next'), false) $$);
select tests.gets('client', 'select * from public.latest_client_reports', 'ok 1', 'a client who is not shown it still has the one before');

-- Once: idempotency ------------------------------------------------------------------------------------
select is(
  tests.act('therapist', pg_temp.prepare(', idempotency_key => ''k1''')),
  tests.act('therapist', pg_temp.prepare(', idempotency_key => ''k1''')), 'the same key announces once'
);
select tests.gets(
  'therapist', pg_temp.prepare(', idempotency_key => ''k1''', 99), 'PT422 idempotency_mismatch', 'for the same document'
);

-- Archive ----------------------------------------------------------------------------------------------
select tests.act('therapist', $$ select public.archive_client_report(tests.id('first')) $$);
select is(
  (select (r.status, r.visible_to_client)::text from public.client_reports as r where r.id = tests.id('first')), '(archived,f)',
  'an archived document is shown to nobody'
);
select tests.gets(who, $$ select public.view_client_report(tests.id('first')) $$, expected, format('%s opens an archived one: %s', who, expected))
from (values ('owner', 'ok 1'), ('therapist', 'PT403 forbidden'), ('client', 'PT404 not_found')) as t (who, expected);
select tests.gets(who, $$ select public.archive_client_report(tests.id('first'), false) $$, expected, format('%s takes it out again: %s', who, expected))
from (values ('owner', 'ok 1'), ('therapist', 'PT403 forbidden'), ('reception', 'PT403 forbidden')) as t (who, expected);
select tests.gets('therapist', $$ select * from public.client_reports where status = 'archived' $$, 'ok 0', 'practitioners do not list it');

-- Quota ------------------------------------------------------------------------------------------------
select is(
  (select u.used_bytes from private.report_usages as u where u.organization_id = tests.id('organization')),
  (select sum(r.size_bytes) from public.client_reports as r where r.organization_id = tests.id('organization') and r.status <> 'refused')::bigint,
  'what is refused gives its place back'
);
select tests.set('report_quota_bytes = ' || 100 + (select u.used_bytes from private.report_usages as u where u.organization_id = tests.id('organization')));
select tests.gets('therapist', pg_temp.prepare(size => 101), 'PT409 invalid_state', 'a byte too many');
select tests.gets('therapist', pg_temp.prepare(size => 100), 'ok 1', 'and the last that fits');
select tests.set('report_quota_bytes = 1000000');
select tests.gets('operator', statement, 'PT409 invalid_state', 'what is used is not edited: ' || statement)
from (
  values
    ('update private.report_usages set used_bytes = 0 where organization_id = tests.id(''organization'')'),
    ('delete from private.report_usages where organization_id = tests.id(''organization'')'),
    ('insert into private.report_usages (organization_id, used_bytes) values (tests.id(''south.organization''), 1)'),
    ('truncate private.report_usages')
) as t (statement);

-- The scheduler -----------------------------------------------------------------------------------------
alter table public.client_reports disable trigger user;
update public.client_reports set created_at = now() - interval '25 hours' where status = 'pending';
alter table public.client_reports enable trigger user;
select cmp_ok(private.abandon_client_reports(), '>=', 2::bigint, 'what never came is given up after a day');
select is(
  (select count(*) from public.client_reports as r where r.organization_id = tests.id('organization') and r.status = 'pending'), 0::bigint, 'all of it'
);
insert into storage.objects (bucket_id, name, created_at)
select 'client-reports', r.storage_path, now() - interval '61 minutes' from public.client_reports as r where r.id = tests.id('second')
union all values ('client-reports', 'stray', now() - interval '27 hours'), ('client-reports', 'fresh', now());
select ok(
  public.orphaned_report_files(1000)::jsonb @> to_jsonb(array['stray', r.storage_path])
  and not public.orphaned_report_files(1000)::jsonb ? 'fresh',
  'files without a document are found, those on their way are not'
)
from public.client_reports as r where r.id = tests.id('second');
select is(
  (select array_agg(v.invariant || ' ' || v.detail) from private.client_reports_violations() as v where v.detail = 'stray'),
  array['file_has_its_report stray'], 'a stray file shows'
);
select is_empty(
  $$ select * from private.client_reports_violations(tests.id('organization')) $$, 'otherwise rows and files agree'
);
update storage.objects set name = 'elsewhere' where name = (select r.storage_path from public.client_reports as r where r.id = tests.id('next'));
alter table private.report_usages disable trigger user;
update private.report_usages set used_bytes = used_bytes + 1 where organization_id = tests.id('organization');
select is(
  (select array_agg(v.invariant order by v.invariant) from private.client_reports_violations(tests.id('organization')) as v),
  array['report_has_its_file', 'report_usage_is_the_sum'], 'a missing file and a wrong sum show'
);
update private.report_usages set used_bytes = used_bytes - 1 where organization_id = tests.id('organization');
alter table private.report_usages enable trigger user;

-- Erasing -----------------------------------------------------------------------------------------------
select tests.act('therapist', $$ select public.complete_appointment(tests.id('met')) $$);
select tests.act('therapist', pg_temp.prepare());
select tests.act('owner', $$ select public.erase_client(tests.id('client'), 'asked for') $$);
select is(
  (
    select array_agg(distinct (r.status, r.title, r.file_name, r.visible_to_client)::text)
    from public.client_reports as r
    where r.client_id = tests.id('client') and r.status <> 'refused'
  ),
  array['(archived,—,—,f)'], 'documents of an erased client are kept for owner and admin, without names'
);
select is(
  (select count(*) from public.client_reports as r where r.client_id = tests.id('client') and r.refusal = 'erased'), 1::bigint,
  'what was on its way is refused'
);
select tests.gets(who, 'select * from public.client_reports where status = ''archived''', expected, format('%s reads %s of them', who, expected))
from (values ('owner', 'ok 2'), ('therapist', 'ok 0'), ('client', 'ok 0')) as t (who, expected);

select * from finish();
rollback;
