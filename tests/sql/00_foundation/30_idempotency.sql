-- Idempotency keys, seen through an RPC that uses them, and the functions behind it.
begin;
select * from no_plan();
select tests.practice('north');
select tests.practice('south');

-- adjust_credits of amount $2 with key $1, as the text of a statement.
create function pg_temp.top_up(key text, amount bigint, client text default 'client') returns text
language sql as $$
  select format(
    'select (public.adjust_credits(%L, %s, %L, idempotency_key => %L)).id', tests.id(client), amount, 'gift', key
  )
$$;

select tests.remember('first', tests.act('reception', pg_temp.top_up('k1', 500))::uuid);
select is(
  tests.act('reception', pg_temp.top_up('k1', 500))::uuid, tests.id('first'), 'a repeat answers the first result'
);
select is(
  (select sum(amount) from public.credit_entries where client_id = tests.id('client')), 500::numeric,
  'and has no second effect'
);
select tests.gets(
  'reception', pg_temp.top_up('k1', 600), 'PT422 idempotency_mismatch', 'the same key with another amount is refused'
);
select tests.gets(
  'reception', pg_temp.top_up('k1', 500, 'other'), 'PT422 idempotency_mismatch',
  'the same key for another client is refused'
);
select tests.gets('admin', pg_temp.top_up('k1', 600), 'ok 1', 'a key belongs to its caller: another user CAN use it');
select tests.gets('reception', pg_temp.top_up('k2', 500), 'ok 1', 'another key is another request');
select tests.gets(
  'south.reception', pg_temp.top_up('k1', 700, 'south.client'), 'ok 1', 'another organization is independent'
);

-- One person who works in both organizations.
insert into public.members (organization_id, user_id, role, display_name)
values (tests.id('south.organization'), tests.id('reception_user'), 'receptionist', 'Both');
select tests.gets(
  'reception', pg_temp.top_up('k1', 700, 'south.client'), 'ok 1',
  'the same person CAN use the same key in another organization'
);
select tests.gets(
  'reception',
  format('select public.cancel_appointment(%L, idempotency_key => %L)', gen_random_uuid(), 'k1'),
  'PT404 not_found',
  'a key grants nothing'
);

select tests.gets('reception', pg_temp.top_up(key, 500), 'PT422 invalid_argument', 'a key is visible ASCII: ' || title)
from (
  values
    ('', 'empty'), (repeat('x', 256), '256 characters'), ('a b', 'blank'), (E'a\nb', 'line break'), ('klíč', 'accent')
) as t (key, title);
select tests.gets('reception', pg_temp.top_up(repeat('x', 255), 500), 'ok 1', 'a key has up to 255 characters');

select is(
  (select count(*) from private.idempotency_keys where response is null and operation = 'adjust_credits'), 0::bigint,
  'a committed key has its answer'
);

-- A failed request leaves no key behind.
select tests.gets('reception', pg_temp.top_up('k3', 0), 'PT422 invalid_argument', 'a refused request fails');
select is(
  tests.act('reception', pg_temp.top_up('k3', 5)) is not null, true, 'and its key is free for the corrected one'
);

-- A repeat is judged by its instants, not by how the session prints them.
select tests.act('reception', format(
  'select (public.book_appointment(%L, %L, %L, %L, idempotency_key => %L)).id',
  tests.id('talk'), tests.at(3, '10:00'), tests.id('therapist'), tests.id('client'), 'zone'
));
set local timezone = 'Asia/Tokyo';
select tests.gets(
  'reception',
  format(
    'select (public.book_appointment(%L, %L, %L, %L, idempotency_key => %L)).id',
    tests.id('talk'), tests.at(3, '10:00'), tests.id('therapist'), tests.id('client'), 'zone'
  ),
  'ok 1',
  'a repeat from a session with another time zone is a repeat'
);
set local timezone = 'UTC';

-- Removal acts at once: a repeat by somebody who was removed answers nothing.
delete from public.members where id = tests.id('reception_member');
select tests.gets(
  'reception', pg_temp.top_up('k1', 500), 'PT404 not_found', 'a removed member can NOT replay a request'
);

select tests.gets(
  'operator', 'update private.idempotency_keys set response = ' || response, 'PT409 invalid_state',
  'an answer is never changed, as to ' || response
)
from unnest(array['null', '''{}''']) as response;

-- Old keys are forgotten.
update private.idempotency_keys set created_at = now() - interval '8 days' where key = 'k2' or key = 'k1';
select cmp_ok(private.delete_old_idempotency_keys(), '>=', 1::bigint, 'old keys are deleted');
select is((select count(*) from private.idempotency_keys where key = 'k1'), 0::bigint, 'and gone');
select cmp_ok((select count(*) from private.idempotency_keys), '>', 0::bigint, 'younger ones stay');

select tests.gets(who, 'select * from private.idempotency_keys', '42501', who || ' can NOT read keys')
from unnest(array['owner', 'client', 'anon', 'service']) as who;
select tests.gets(who, 'select private.delete_old_idempotency_keys()', '42501', who || ' can NOT delete keys')
from unnest(array['owner', 'client', 'anon']) as who;
select tests.gets('service', 'select private.delete_old_idempotency_keys()', 'ok 1', 'the scheduler CAN');
select tests.gets(
  who, $$ select private.claim_idempotency_key(tests.id('organization'), 'x', 'y', '{}') $$, '42501',
  who || ' can NOT claim keys directly'
)
from unnest(array['owner', 'client', 'anon']) as who;

select * from finish();
rollback;
