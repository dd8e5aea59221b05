-- Erasure and verification: who may, what goes, what stays, and that violations are found.
begin;
select * from no_plan();
select tests.practice('north');
select tests.practice('south');

-- Verification -------------------------------------------------------------------------------------

select tests.operator();
select is(
  (
    select count(*) from private.violations() as v
    where v.organization_id in (tests.id('north.organization'), tests.id('south.organization'))
  ),
  0::bigint, 'a sound practice has no violations'
);
select is(tests.act('owner', 'select public.verify_organization()'), '[]', 'and its owner hears so');
select tests.gets(
  'reception', 'select public.verify_organization()', 'PT403 forbidden', 'a receptionist can NOT verify'
);
select tests.gets('client', 'select public.verify_organization()', 'PT403 forbidden', 'a client can NOT verify');
select tests.gets(
  'owner', format('select public.verify_organization(%L)', tests.id('south.organization')),
  'PT404 not_found', 'an owner can NOT verify another organization'
);

select tests.operator();
select tests.act('reception', format('select public.adjust_credits(%L, 5000, ''top up'')', tests.id('client')));
select tests.operator();
select is(
  tests.broken_after($$
    alter table public.members disable trigger user;
    delete from public.members as m where m.organization_id = tests.id('north.organization') and m.role = 'owner'
  $$),
  'organization_has_an_owner', 'an organization without owner is found'
);
select is(
  tests.broken_after($$
    alter table public.credit_entries disable trigger user;
    update public.credit_entries as e set balance_after_amount = e.balance_after_amount + 1
    where e.client_id = tests.id('client')
  $$),
  'balance_is_sum_of_ledger lots_hold_the_balance', 'a wrong balance is found'
);

-- Erasure ------------------------------------------------------------------------------------------

select tests.be('reception');
insert into public.client_notes (organization_id, client_id, body)
values (tests.id('organization'), tests.id('client'), 'private');
update public.clients set phone = '+420 777 000 111' where id = tests.id('client');
select tests.operator();
select tests.book('missed', 'client', 'talk', 'therapist', tests.at(3, '10:00'));
select tests.act(
  'client', format('select public.cancel_appointment(%L, ''My mother has died.'')', tests.id('missed'))
);
select tests.operator();
insert into public.suppressed_addresses (organization_id, channel, address, reason)
values
  (tests.id('organization'), 'sms', '+420 777 000 111', 'unreachable'),
  (tests.id('organization'), 'email', 'family@example.test', 'complained');
update public.clients set email = 'Family@example.test'
where id in (tests.id('client'), tests.id('other'));
select private.seal_audit();

select tests.gets(
  'reception', format('select public.erase_client(%L, ''asked'')', tests.id('client')),
  'PT403 forbidden', 'a receptionist can NOT erase'
);
select tests.gets(
  'client', format('select public.erase_client(%L, ''asked'')', tests.id('client')),
  'PT403 forbidden', 'a client can NOT erase, not even the own record'
);
select tests.gets(
  'south.owner', format('select public.erase_client(%L, ''asked'')', tests.id('north.client')),
  'PT404 not_found', 'another organization''s owner can NOT erase'
);
select tests.gets(
  'owner', format('select public.erase_client(%L, '' '')', tests.id('client')),
  'PT422 invalid_argument', 'erasing takes a reason'
);

select tests.act('owner', format('select public.erase_client(%L, ''asked in writing'')', tests.id('client')));
select tests.operator();
select is(
  (
    select (c.given_name, c.family_name, c.email, c.phone, c.birth_date, c.user_id)::text
    from public.clients as c where c.id = tests.id('client')
  ),
  '(—,—,,,,)', 'what identifies the person is gone'
);
select is(
  (select count(*) from public.client_notes as n where n.client_id = tests.id('client')), 0::bigint, 'notes are gone'
);
select is(
  (
    select a.status || coalesce(a.cancellation_reason, ' without a word')
    from public.appointments as a
    where a.id = tests.id('missed')
  ),
  'cancelled without a word', 'why they did not come is gone'
);
select is(
  (
    select string_agg(s.address, ' ') from public.suppressed_addresses as s
    where s.organization_id = tests.id('organization')
  ),
  'family@example.test', 'an address of theirs alone may be written to again, one that others share may not'
);
select is(
  (
    select string_agg(concat_ws(' ', e.role, e.table_name, e.changes), ', ') from public.audit_entries as e
    where e.client_id = tests.id('client') and e.changes is not null
  ),
  'owner clients {"erasure": [null, "asked in writing"]}', 'of the contents of the trail only this is left: who did it, and why'
);
select cmp_ok(
  (select count(*) from public.credit_entries as e where e.client_id = tests.id('client')), '>', 0::bigint,
  'the ledger stays'
);
select private.seal_audit();
select is(
  (select count(*) from private.violations(tests.id('north.organization'))), 0::bigint, 'and the chain still verifies'
);
select tests.gets('client', 'select * from public.appointments', 'ok 0', 'the login reaches nothing any more');

select * from finish();
rollback;
