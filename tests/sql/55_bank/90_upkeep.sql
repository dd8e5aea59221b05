-- What a hand in the dashboard can and can NOT make of a bank line, and that a broken one is found.
begin;
select * from no_plan();
select tests.practice('north');
select tests.operator();

insert into public.bank_accounts (id, organization_id, name, iban, currency)
values (tests.remember('account', gen_random_uuid()), tests.id('organization'), 'Main', 'CZ6508000000192000145399', 'CZK');
insert into public.bank_transactions (
  id, organization_id, bank_account_id, booked_on, amount, currency, source, status, matched_amount, suggestions
)
values (
  tests.remember('line', gen_random_uuid()), tests.id('organization'), tests.id('account'), current_date, 500, 'CZK',
  'hand', 'matched', 500, '[{}]'
);
select is(
  (
    select (t.status, t.matched_amount, t.suggestions, t.dedupe_key is not null)::text
    from public.bank_transactions as t
    where t.id = tests.id('line')
  ),
  '(unmatched,0,[],t)', 'a line begins unmatched, whatever its writer says'
);

update public.bank_transactions as t set ignored_at = now() where t.id = tests.id('line');
select is(
  (
    select count(*) from public.audit_entries as e
    where e.organization_id = tests.id('organization') and e.table_name = 'bank_transactions'
  ),
  1::bigint, 'a decision about a line is in the audit trail'
);

select is(
  (select count(*) from private.bank_violations(tests.id('organization'))), 0::bigint, 'nothing is broken so far'
);
set constraints all immediate;
set constraints all deferred;
alter table public.bank_transactions disable trigger user;
update public.bank_transactions as t set matched_amount = 200, ignored_at = null, status = 'suggested'
where t.id = tests.id('line');
select is(
  (select array_agg(v.invariant) from private.bank_violations(tests.id('organization')) as v),
  array['bank_line_is_matched_by_payments'], 'a line that no payment matched is found'
);

select * from finish();
rollback;
