-- What follows from rows without anybody asking: totals after a line is gone, what is overdue, whose PDFs
-- are whose, and the trail of money.
begin;
select * from no_plan();
select tests.practice('north');
select tests.operator();

insert into public.invoices (id, organization_id, client_id)
values (tests.remember('draft', gen_random_uuid()), tests.id('organization'), tests.id('client'));
insert into public.invoice_lines (organization_id, invoice_id, position, description, unit_price_amount)
select tests.id('organization'), tests.id('draft'), n, 'Report', n * 100 from generate_series(1, 2) as n;
delete from public.invoice_lines as l where l.invoice_id = tests.id('draft') and l.position = 2;
select is(
  (select i.total_amount from public.invoices as i where i.id = tests.id('draft')), 100::bigint,
  'a line that is gone is owed no more'
);

update public.invoices as i set issued_at = now() where i.id = tests.id('draft');
select tests.be('client');
select is(
  private.current_document_paths(),
  array[private.document_path(tests.id('organization'), tests.id('draft'))], 'a client''s own PDF is theirs'
);
select tests.be('therapist');
select is(private.current_document_paths(), '{}'::text[], 'and nobody else''s');
select tests.operator();

set constraints all immediate;
set constraints all deferred;
alter table public.invoices disable trigger user;
update public.invoices as i set issued_on = i.issued_on - 30, due_on = i.due_on - 30 where i.id = tests.id('draft');
alter table public.invoices enable trigger user;
select private.mark_overdue_invoices();
select is(
  (select i.status::text from public.invoices as i where i.id = tests.id('draft')), 'overdue',
  'what is due and unpaid becomes overdue'
);

insert into public.payments (id, organization_id, invoice_id, amount, currency, method, paid_on)
select tests.remember('payment', gen_random_uuid()), i.organization_id, i.id, 40, i.currency, 'cash', current_date
from public.invoices as i where i.id = tests.id('draft');
select is(
  (
    select count(*) from public.audit_entries as e
    where e.organization_id = tests.id('organization') and e.table_name = 'payments'
  ),
  1::bigint, 'a payment is in the audit trail'
);

-- What is broken by hand is found.
select is(
  (select count(*) from private.billing_violations(tests.id('organization'))), 0::bigint, 'nothing is broken so far'
);
set constraints all immediate;
set constraints all deferred;
alter table public.invoices disable trigger user;
update public.invoices as i set paid_amount = 50 where i.id = tests.id('draft');
select is(
  (select array_agg(v.invariant) from private.billing_violations(tests.id('organization')) as v),
  array['invoice_is_paid_by_payments'], 'a wrong paid amount is found'
);

select * from finish();
rollback;
