-- Access to bank lines: owner and admin. Statements hold more than clients' payments.

-- bank_transactions -------------------------------------------------------------------------------

alter table public.bank_transactions enable row level security;

grant select on public.bank_transactions to authenticated;
grant select, insert, update on public.bank_transactions to service_role;

create policy select_managers on public.bank_transactions
  for select to authenticated
  using (
    organization_id = any (array(select id from private.current_managed_organizations))
  );
