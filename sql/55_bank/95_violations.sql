-- What must be true of bank lines, as queries that find nothing (private.violations asks them).

create function private.bank_violations(only_organization_id uuid default null)
returns table (invariant text, organization_id uuid, record_id uuid, detail text)
language sql
stable
security definer -- definer because invariants span what no single caller may read
set search_path = ''
as $$
  select 'bank_line_is_matched_by_payments', t.organization_id, t.id,
    format('%s: %s of %s, payments %s', t.status, t.matched_amount, t.amount, coalesce(p.amount, 0))
  from public.bank_transactions as t
  left join (
    select p.bank_transaction_id, sum(p.amount) as amount
    from public.payments as p
    where p.bank_transaction_id is not null
      and (only_organization_id is null or p.organization_id = only_organization_id)
    group by p.bank_transaction_id
  ) as p on p.bank_transaction_id = t.id
  where (only_organization_id is null or t.organization_id = only_organization_id)
    and (
      t.matched_amount <> coalesce(p.amount, 0)
      or abs(t.matched_amount) > abs(t.amount)
      or (t.status = 'matched') <> (t.matched_amount = t.amount)
    )
$$;

comment on function private.bank_violations(uuid) is 'Broken invariants of bank lines: none.';
