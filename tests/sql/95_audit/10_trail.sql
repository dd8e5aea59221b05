-- The audit trail: what is recorded, who reads it, that it never changes, and that the chain shows it if it does.
begin;
select * from no_plan();
select tests.practice('north');
select tests.practice('south');

create function pg_temp.entries(table_name text, action text, record_id uuid) returns bigint
language sql as $$
  select count(*) from public.audit_entries as e
  where e.table_name = entries.table_name and e.action::text = entries.action and e.record_id = entries.record_id
$$;
-- Entries that the verification finds after a statement, which is taken back.
create function pg_temp.broken_after(statement text default 'select 1') returns bigint
language plpgsql as $$
declare
  v_count bigint;
begin
  begin
    alter table public.audit_entries disable trigger user;
    execute statement;
    alter table public.audit_entries enable trigger user;
    select count(*) into v_count from private.broken_audit_entries();
    raise exception using errcode = 'PX999';
  exception
    when sqlstate 'PX999' then return v_count;
  end;
end
$$;

-- What is recorded ---------------------------------------------------------------------------------

select tests.be('reception');
update public.clients set phone = '+420 777 000 111' where id = tests.id('client');
select tests.operator();
select is(
  (
    select e.changes -> 'phone' ->> 1 from public.audit_entries as e
    where e.record_id = tests.id('client') and e.action = 'update' order by e.id desc limit 1
  ),
  '+420 777 000 111', 'an update records the new value'
);
select is(
  (
    select (e.user_id, e.role) from public.audit_entries as e
    where e.record_id = tests.id('client') and e.action = 'update' order by e.id desc limit 1
  ),
  (tests.id('reception_user'), 'receptionist'::text), 'and who did it, as what'
);
select is(
  (
    select e.changes ?| array['search_text', 'updated_at'] from public.audit_entries as e
    where e.record_id = tests.id('client') and e.action = 'update' order by e.id desc limit 1
  ),
  false, 'but not what the database derives'
);
select tests.be('reception');
update public.clients set phone = phone where id = tests.id('client');
select tests.operator();
select is(
  pg_temp.entries('clients', 'update', tests.id('client')), 1::bigint, 'an update that changes nothing leaves no entry'
);
select tests.book('booked', 'client', 'talk', 'therapist', tests.at(3, '10:00'));
select results_eq(
  $$
    select e.organization_id, e.table_name, e.action::text, e.client_id, e.user_id, e.role, e.changes
    from public.audit_entries as e where e.record_id = tests.id('booked')
  $$,
  $$
    values (
      tests.id('organization'), 'appointments', 'insert', tests.id('client'), tests.id('reception_user'),
      'receptionist', null::jsonb
    )
  $$,
  'a booking leaves one, too: whose it is and who made it'
);
select is(
  (select count(*) from public.audit_entries as e where e.changes ? 'token_hash'), 0::bigint,
  'the hash of an invitation is never recorded'
);
select tests.act('owner', format('select public.remove_member(%L)', tests.id('reception_member')));
select is(
  (
    select e.changes ->> 'role' from public.audit_entries as e
    where e.table_name = 'members' and e.action = 'delete' and e.record_id = tests.id('reception_member')
  ),
  'receptionist', 'a deletion records the row'
);
select tests.act('admin', format('select public.set_member_role(%L, ''receptionist'')', tests.id('admin_member')));
select tests.act('therapist', format('select public.remove_member(%L)', tests.id('therapist_member')));
select results_eq(
  $$
    select e.action::text, e.role from public.audit_entries as e
    where e.table_name = 'members' and e.record_id in (tests.id('admin_member'), tests.id('therapist_member'))
      and e.action <> 'insert'
    order by e.id
  $$,
  $$ values ('update', 'admin'), ('delete', 'practitioner') $$,
  'who steps down or leaves did so as what they were'
);
select tests.act('owner', format('select public.set_member_role(%L, ''admin'')', tests.id('admin_member')));
select set_config('request.headers', '{"x-request-id": "request-4711"}', true);
select tests.be('owner');
update public.rooms set name = 'Other' where id = tests.id('room1');
select tests.operator();
select is(
  (
    select e.request_id from public.audit_entries as e
    where e.record_id = tests.id('room1') and e.action = 'update' order by e.id desc limit 1
  ),
  'request-4711', 'the request id is recorded'
);
select set_config('request.headers', '', true);

-- Who reads it -------------------------------------------------------------------------------------

select isnt(tests.try('owner', 'select * from public.audit_entries'), 'ok 0', 'an owner CAN read the trail');
select isnt(tests.try('admin', 'select * from public.audit_entries'), 'ok 0', 'an admin CAN read the trail');
select tests.gets('therapist', 'select * from public.audit_entries', 'ok 0', 'a practitioner can NOT');
select tests.gets('client', 'select * from public.audit_entries', 'ok 0', 'a client can NOT');
select tests.gets(
  'owner',
  format('select * from public.audit_entries where organization_id = %L', tests.id('south.organization')),
  'ok 0', 'an owner can NOT read another organization''s trail'
);

-- It never changes ---------------------------------------------------------------------------------

select tests.gets('owner', 'delete from public.audit_entries', '42501', 'an owner can NOT delete entries');
select tests.gets('service', 'delete from public.audit_entries', '42501', 'nor can the secret key');
select tests.gets('operator', 'delete from public.audit_entries', 'PT409 invalid_state', 'nor can the operator');
select tests.gets(
  'operator', 'update public.audit_entries set role = ''owner''', 'PT409 invalid_state', 'nor change them'
);
select tests.gets(
  'operator', 'update public.audit_entries set changes = ''{}''', 'PT409 invalid_state', 'nor their contents'
);
select tests.gets('operator', 'truncate public.audit_entries', 'PT409 invalid_state', 'nor empty the table');

-- The chain ----------------------------------------------------------------------------------------

select tests.operator();
select cmp_ok(private.seal_audit(), '>', 0::bigint, 'sealing numbers what is open');
do $$ begin while private.seal_audit() > 0 loop end loop; end $$;
select is(private.seal_audit(), 0::bigint, 'and has nothing to do once all is sealed');
select is(
  (select count(*) from public.audit_entries as e where e.number is null), 0::bigint, 'every entry is sealed'
);
select is(
  (
    select count(*) from (
      select e.number - row_number() over (partition by e.organization_id order by e.number) as gap
      from public.audit_entries as e
      where e.organization_id in (tests.id('north.organization'), tests.id('south.organization'))
    ) as n where n.gap <> 0
  ),
  0::bigint, 'numbers are gapless per organization'
);
select is(pg_temp.broken_after(), 0::bigint, 'an untouched chain verifies');
select tests.gets(
  'operator', 'update public.audit_entries set number = number + 1', 'PT409 invalid_state', 'a seal can NOT be broken'
);

-- Somebody with the power to switch the guards off is found out.
select is(
  pg_temp.broken_after($$
    update public.audit_entries as e set role = 'owner'
    where e.number = 2 and e.organization_id = tests.id('north.organization')
  $$),
  1::bigint, 'a changed entry shows'
);
select is(
  pg_temp.broken_after($$
    update public.audit_entries as e set changes = '{"phone": ["a", "b"]}'
    where e.record_id = tests.id('client') and e.action = 'update'
  $$),
  1::bigint, 'changed contents show'
);
select is(
  pg_temp.broken_after($$
    delete from public.audit_entries as e
    where e.number = 3 and e.organization_id = tests.id('north.organization')
  $$),
  1::bigint, 'a removed entry shows'
);
select cmp_ok(
  pg_temp.broken_after($$
    with pair as (
      select e.id, e.number, e.hash from public.audit_entries as e
      where e.number in (3, 4) and e.organization_id = tests.id('north.organization')
    ),
    cleared as (
      update public.audit_entries as e set number = 1000000 + e.number from pair where e.id = pair.id returning e.id
    )
    select count(*) from cleared
  $$),
  '>', 0::bigint, 'renumbered entries show'
);

-- Retention ----------------------------------------------------------------------------------------

select throws_ok(
  $$ select private.purge_audit(interval '1 month') $$, 'PT422', 'invalid_argument', 'the trail is kept for a year'
);
select is(private.purge_audit(), 0::bigint, 'what is young stays');
-- Entries of long ago, sealed as they would have been then.
alter table public.audit_entries disable trigger user;
update public.audit_entries as e set number = null, hash = null
where e.organization_id = tests.id('south.organization');
update public.audit_entries as e set occurred_at = now() - interval '11 years'
where e.organization_id = tests.id('south.organization')
  and e.id in (
    select s.id from public.audit_entries as s
    where s.organization_id = tests.id('south.organization')
    order by s.id
    limit 5
  );
alter table public.audit_entries enable trigger user;
select cmp_ok(private.seal_audit(), '>', 0::bigint, 'they are sealed');
select is(private.purge_audit(), 5::bigint, 'retention removes what is old');
select is(
  (
    select min(e.number) from public.audit_entries as e where e.organization_id = tests.id('south.organization')
  ),
  6::bigint, 'from the start of the chain'
);
select is(pg_temp.broken_after(), 0::bigint, 'the rest verifies from the checkpoint');
select is(
  pg_temp.broken_after($$
    delete from public.audit_entries as e
    where e.number = 6 and e.organization_id = tests.id('south.organization')
  $$),
  1::bigint, 'and shows when more is missing than the checkpoint says'
);
select tests.gets('operator', statement, 'PT409 invalid_state', 'NOT even by hand: ' || statement)
from (
  values
    ($$ update public.audit_checkpoints set number = number + 1 $$),
    ($$ update public.audit_checkpoints set number = number - 1 $$),
    ($$ update public.audit_checkpoints set hash = 'x' $$),
    ($$ delete from public.audit_checkpoints $$),
    ($$ insert into public.audit_checkpoints (organization_id, number, hash) select e.organization_id, e.number, e.hash from public.audit_entries as e where e.organization_id = tests.id('north.organization') and e.number = 1 $$)
) as t (statement);

-- Years later.
alter table public.audit_entries disable trigger user;
alter table public.audit_checkpoints disable trigger user;
update public.audit_entries as e set occurred_at = now() - interval '11 years'
where e.organization_id = tests.id('south.organization') and e.number <= 8;
update public.audit_checkpoints as c set updated_at = now() - interval '5 years'
where c.organization_id = tests.id('south.organization');
alter table public.audit_entries enable trigger user;
alter table public.audit_checkpoints enable trigger user;
select is(private.purge_audit(), 3::bigint, 'later retention removes what has become old');
select results_eq(
  $$
    select c.number, c.updated_at from public.audit_checkpoints as c
    where c.organization_id = tests.id('south.organization')
  $$,
  $$ values (8::bigint, now()) $$, 'the checkpoint moves forward, and says when it did'
);

select * from finish();
rollback;
