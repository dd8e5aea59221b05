-- Importing clients: who, which rows are taken, what counts as a duplicate, and going on after a stop.
begin;
select * from no_plan();
select tests.practice('north');
select tests.practice('south');

create function pg_temp.hash() returns text language sql as $$ select repeat('a', 64) $$;
create function pg_temp.preview(rows text, on_duplicate text default 'skip') returns text
language sql as $$
  select string_agg(
    concat_ws(' ', o ->> 'outcome', o ->> 'field', o ->> 'code'), ', ' order by (o ->> 'number')::integer
  )
  from json_array_elements(
    tests.act('reception', format('select public.preview_client_import(%L, %L)', rows, on_duplicate))::json
  ) as o
$$;
create function pg_temp.start(name text, row_count integer, on_duplicate text default 'skip', key text default null)
returns void
language sql as $$
  select tests.remember(
    name,
    tests.act(
      'reception',
      format(
        'select (public.start_client_import(%s, %L, %L, null, %L)).id', row_count, repeat('a', 64), on_duplicate, key
      )
    )::uuid
  )
$$;
create function pg_temp.import(name text, rows text) returns text
language sql as $$
  select tests.act(
    'reception',
    format(
      'select concat_ws('' '', o.status, o.total_count, o.done_count, o.failed_count, o.skipped_count)'
      ' from public.import_clients(%L, %L) as o', tests.id(name), rows
    )
  )
$$;
create function pg_temp.progress(name text) returns jsonb
language sql as $$
  select tests.act('reception', format('select public.client_import_progress(%L)', tests.id(name)))::jsonb
$$;
create function pg_temp.known() returns bigint
language sql as $$ select count(*) from public.clients where organization_id = tests.id('organization') $$;

-- Who -------------------------------------------------------------------------------------------------
select tests.gets(who, format(call, tests.id('organization')), expected, format('%s: %s', who, call))
from (
  values
    ('owner', 'ok 1'), ('admin', 'ok 1'), ('reception', 'ok 1'), ('therapist', 'PT403 forbidden'),
    ('client', 'PT403 forbidden'), ('removed', 'PT404 not_found'), ('stranger', 'PT404 not_found'),
    ('south.owner', 'PT404 not_found'), ('nobody', 'PT401 unauthenticated'), ('anon', '42501')
) as t (who, expected)
cross join (
  values
    ('select public.start_client_import(2, repeat(''a'', 64), organization_id => %L)'),
    (
      'select public.preview_client_import('
      '''[{"number": 1, "given_name": "A", "family_name": "B"}]'', organization_id => %L)'
    )
) as c (call);
select tests.gets('owner', call, 'PT422 invalid_argument', call)
from (
  values
    ('select public.start_client_import(0, repeat(''a'', 64))'),
    ('select public.start_client_import(50001, repeat(''a'', 64))'),
    ('select public.start_client_import(1, ''short'')'),
    ('select public.start_client_import(1, null)'),
    ('select public.start_client_import(1, repeat(''a'', 64), ''replace'')'),
    ('select public.start_client_import(1, repeat(''a'', 64), null)'),
    ('select public.preview_client_import(null)'),
    ('select public.preview_client_import(''{}'')'),
    ('select public.preview_client_import(''[]'')'),
    ('select public.preview_client_import(''[1]'')'),
    ('select public.preview_client_import(''["x"]'')'),
    ('select public.preview_client_import(''[null]'')'),
    ('select public.preview_client_import(''[[]]'')'),
    ('select public.preview_client_import(''[{"number": "x"}]'')'),
    ('select public.preview_client_import(''[{"number": 1e400}]'')'),
    ('select public.preview_client_import(''[{"number": 0}]'')'),
    ('select public.preview_client_import(''[{"given_name": "A"}]'')'),
    ('select public.preview_client_import(''[{"number": 1}, {"number": 1}]'')'),
    ('select public.preview_client_import(''[{"number": 1, "phone_forms": "x"}]'')'),
    ('select public.preview_client_import(''[{"number": 1}]'', ''replace'')'),
    (
      'select public.preview_client_import('
      '(select jsonb_agg(jsonb_build_object(''number'', n)) from generate_series(1, 501) as n))'
    )
) as t (call);

-- Which rows are taken ---------------------------------------------------------------------------------
select is(
  pg_temp.preview(format('[{"number": 1, %s}]', fields)), expected, format('a row with %s: %s', fields, expected)
)
from (
  values
    ('"given_name": "Eva", "family_name": "Malá"', 'created'),
    ('"given_name": " Eva ", "family_name": "Malá", "email": "", "phone": " ", "birth_date": "", "locale": ""', 'created'),
    (
      '"given_name": "Eva", "family_name": "Malá", "email": "eva@example.test", "phone": "+420777111222",'
      ' "birth_date": "1990-02-28", "locale": "CS"', 'created'
    ),
    ('"given_name": "=1+1", "family_name": "<b>&"', 'created'),
    ('"given_name": "Eva"', 'failed family_name invalid_argument'),
    ('"family_name": "Malá"', 'failed given_name invalid_argument'),
    ('"given_name": "  ", "family_name": "Malá"', 'failed given_name invalid_argument'),
    (format('"given_name": "Eva", "family_name": "%s"', repeat('x', 101)), 'failed family_name invalid_argument'),
    ('"given_name": "Eva", "family_name": "Malá", "email": "no address"', 'failed email invalid_argument'),
    ('"given_name": "Eva", "family_name": "Malá", "phone": "777111222"', 'failed phone invalid_argument'),
    ('"given_name": "Eva", "family_name": "Malá", "phone": "call me"', 'failed phone invalid_argument'),
    ('"given_name": "Eva", "family_name": "Malá", "birth_date": "28.2.1990"', 'failed birth_date invalid_argument'),
    ('"given_name": "Eva", "family_name": "Malá", "birth_date": "1990-02-30"', 'failed birth_date invalid_argument'),
    ('"given_name": "Eva", "family_name": "Malá", "birth_date": "today"', 'failed birth_date invalid_argument'),
    ('"given_name": "Eva", "family_name": "Malá", "birth_date": "1066-01-01"', 'failed birth_date invalid_argument'),
    ('"given_name": "Eva", "family_name": "Malá", "locale": "fr"', 'failed locale invalid_argument')
) as t (fields, expected);
select is(pg_temp.known(), 3::bigint, 'trying changes nothing');

-- Duplicates -------------------------------------------------------------------------------------------
-- client: client@north.example; walkin: +420 777 123 456.
update public.clients set birth_date = '1980-05-05' where id = tests.id('other');
insert into public.clients (organization_id, given_name, family_name, email, archived_at)
values (tests.id('organization'), 'Gone', 'Away', 'gone@example.test', now());
select is(
  concat_ws(
    ' | ', pg_temp.preview(r.given, 'skip'), pg_temp.preview(r.given, 'update'), pg_temp.preview(r.given, 'create')
  ),
  expected, 'the same ' || title
)
from (
  values
    ('"email": "CLIENT@north.example"', 'skipped email already_exists | updated | created', 'e-mail'),
    ('"phone": "+420777123456"', 'skipped phone already_exists | updated | created', 'phone'),
    (
      '"phone": "+420777000999", "phone_forms": ["420777123456"]',
      'skipped phone already_exists | updated | created', 'phone in another spelling'
    ),
    ('"birth_date": "1980-05-05"', 'created | created | created', 'birth date of somebody else'),
    ('"email": "gone@example.test"', 'created | created | created', 'e-mail of an archived client'),
    ('"email": "client@south.example"', 'created | created | created', 'e-mail in another practice'),
    (
      '"email": "client@north.example", "phone": "+420777123456"',
      'skipped email already_exists | failed email already_exists | created', 'e-mail and phone as two clients'
    )
) as t (fields, expected, title)
cross join lateral (
  select format('[{"number": 1, "given_name": "Eva", "family_name": "Malá", %s}]', t.fields) as given
) as r;
select is(
  pg_temp.preview('[{"number": 1, "given_name": "KAREL", "family_name": "Dvorak", "birth_date": "1980-05-05"}]'),
  'skipped birth_date already_exists', 'the same name and birth date, whatever the accents'
);
select is(
  (
    select r.value ->> 'keys'
    from json_array_elements(
      tests.act(
        'reception',
        $$ select public.preview_client_import(
          '[{"number": 1, "given_name": "Eva", "family_name": "Malá", "email": "E@x.test", "phone": "+420777111222",
          "birth_date": "1990-01-01"}]'
        ) $$
      )::json
    ) as r
  )::jsonb,
  '["email:e@x.test", "phone:420777111222", "birth_date:1990-01-01 mala eva"]'::jsonb,
  'rows of one list find one another by keys'
);

-- An import --------------------------------------------------------------------------------------------
select pg_temp.start('list', 5);
select is(
  pg_temp.import(
    'list',
    '[{"number": 1, "given_name": "Eva", "family_name": "Malá", "email": "eva@example.test", "locale": "cs"},
      {"number": 2, "given_name": "", "family_name": "Nobody"},
      {"number": 3, "given_name": "Eva", "family_name": "Malá", "email": "EVA@example.test"}]'
  ),
  'running 5 1 1 1', 'a batch is done; a row that repeats one of the same list is a duplicate too'
);
select is(
  (
    select concat_ws(' ', c.given_name, c.family_name, c.email, c.locale)
    from public.clients as c where c.organization_id = tests.id('organization') and c.email = 'eva@example.test'
  ),
  'Eva Malá eva@example.test cs', 'the client is there'
);
select is(
  pg_temp.import(
    'list',
    '[{"number": 1, "given_name": "Other", "family_name": "Person"},
      {"number": 4, "given_name": "Adam", "family_name": "Starý"}]'
  ),
  'running 5 2 1 1', 'a row that was done is not done again'
);
select is((select count(*) from public.clients where family_name = 'Person'), 0::bigint, 'whatever it says now');
select is(
  pg_temp.progress('list') - 'operation_id' #- '{errors,1,client_id}',
  '{"status": "running", "total": 5, "created": 2, "updated": 0, "skipped": 1, "failed": 1, "next_after": null, "errors": [
    {"number": 2, "row": 2, "outcome": "failed", "field": "given_name", "code": "invalid_argument",
      "detail": "A given name has 1 to 100 characters.", "client_id": null},
    {"number": 3, "row": 3, "outcome": "skipped", "field": "email", "code": "already_exists",
      "detail": "This client exists already."}]}'::jsonb,
  'progress says what became of the rows'
);
select tests.gets(
  'reception', format('select public.import_clients(tests.id(''list''), %L)', rows), 'PT422 invalid_argument',
  'a batch of ' || rows
)
from unnest(array['[]', '{}', '[{"number": 6, "given_name": "A", "family_name": "B"}]']) as rows;
select is(
  pg_temp.import('list', '[{"number": 5, "given_name": "Jana", "family_name": "Nováková"}]'), 'completed 5 3 1 1',
  'the last row completes it'
);
select is(
  pg_temp.import('list', '[{"number": 5, "given_name": "Jana", "family_name": "Nováková"}]'), 'completed 5 3 1 1',
  'and once more changes nothing'
);
select tests.gets(who, format(call, tests.id('list')), expected, format('%s: %s', who, call))
from (
  values
    ('owner', 'ok 1'), ('therapist', 'PT404 not_found'), ('client', 'PT404 not_found'),
    ('south.owner', 'PT404 not_found'), ('removed', 'PT404 not_found'), ('nobody', 'PT401 unauthenticated'),
    ('anon', '42501')
) as t (who, expected)
cross join (
  values
    ('select public.client_import_progress(%L)'),
    ('select public.import_clients(%L, ''[{"number": 1, "given_name": "A", "family_name": "B"}]'')')
) as c (call);
select tests.gets('owner', format(call, tests.id('list')), 'PT422 invalid_argument', call)
from (
  values
    ('select public.client_import_progress(%L, -1)'), ('select public.client_import_progress(%L, null)'),
    ('select public.client_import_progress(%L, 0, 0)'), ('select public.client_import_progress(%L, 0, 1001)')
) as t (call);
select is(
  (
    select p ->> 'next_after' || ' ' || json_array_length(p -> 'errors')
    from (
      select tests.act('owner', format('select public.client_import_progress(%L, 0, 1)', tests.id('list')))::json as p
    ) as x
  ),
  '2 1', 'errors come in pages'
);

-- What is done about duplicates ---------------------------------------------------------------------------
select pg_temp.start('update', 1, 'update');
select is(
  pg_temp.import(
    'update',
    '[{"number": 1, "given_name": "Jana", "family_name": "Nová", "email": "client@north.example", "phone": "+420777111222"}]'
  ),
  'completed 1 1 0 0', 'a duplicate is updated on request'
);
select is(
  (select concat_ws(' ', c.family_name, c.phone, c.user_id is not null) from public.clients as c where c.id = tests.id('client')),
  'Nová +420777111222 t', 'with what the row says'
);
select is(pg_temp.progress('update') ->> 'updated', '1', 'and counted as such');
select pg_temp.start('create', 1, 'create');
select is(
  pg_temp.import('create', '[{"number": 1, "given_name": "Jan", "family_name": "Nový", "email": "client@north.example"}]'),
  'completed 1 1 0 0', 'or created next to the other'
);

-- Going on ------------------------------------------------------------------------------------------------
select pg_temp.start('first_try', 2, 'skip', 'key');
select pg_temp.import('first_try', '[{"number": 1, "given_name": "Part", "family_name": "One"}]');
select pg_temp.start('second_try', 2, 'skip', 'key');
select is(tests.id('second_try'), tests.id('first_try'), 'the same key and list go on with the same import');
select tests.gets(
  'reception', format('select public.start_client_import(%s, repeat(%L, 64), idempotency_key => ''key'')', n, letter),
  'PT422 idempotency_mismatch', 'another list needs another key'
)
from (values (3, 'a'), (2, 'b')) as t (n, letter);
select tests.act('reception', format('select public.cancel_bulk_operation(%L)', tests.id('first_try')));
select tests.gets(
  'reception',
  'select public.import_clients(tests.id(''first_try''), ''[{"number": 2, "given_name": "A", "family_name": "B"}]'')',
  'PT409 invalid_state', 'a stopped import takes no more rows'
);

-- Not an import; too many rows; what was left behind -------------------------------------------------------
select tests.remember(
  'other_work', (private.start_bulk(tests.id('organization'), 'other_work', '{}', array['{}']::jsonb[])).id
);
select tests.gets('owner', 'select public.client_import_progress(tests.id(''other_work''))', 'PT404 not_found', 'no import');
select tests.gets(
  'owner', 'select public.import_clients(tests.id(''other_work''), ''[{"number": 1}]'')', 'PT422 invalid_argument',
  'no import either'
);
select is(
  private.take_tokens('import:' || tests.id('organization'), 200000, 5000, 199000) > 100000, true, 'many rows were brought'
);
select tests.gets(
  'owner', 'select public.start_client_import(50000, repeat(''c'', 64))', 'PT429 rate_limited', 'no more for now'
);
select tests.gets(
  'south.owner', 'select public.start_client_import(50000, repeat(''c'', 64))', 'ok 1', 'other practices have their own'
);
select pg_temp.start('left', 1);
set constraints all immediate;
set constraints all deferred;
alter table public.bulk_operations disable trigger user;
update public.bulk_operations set created_at = now() - interval '8 days' where id = tests.id('left');
alter table public.bulk_operations enable trigger user;
select private.run_pending_bulk_operations();
select is(
  (select o.status::text from public.bulk_operations as o where o.id = tests.id('left')), 'cancelled',
  'an import that nobody goes on with is cancelled after a week'
);
select is_empty('select * from private.bulk_violations(tests.id(''organization''))', 'no invariant is broken');
select * from finish();
rollback;
