-- Access to credits: the desk and the client read; only functions write, through the ledger.

-- credit_entries ----------------------------------------------------------------------------------

alter table public.credit_entries enable row level security;

grant select on public.credit_entries to authenticated;
grant select, insert on public.credit_entries to service_role;

create policy select_desk_or_own on public.credit_entries
  for select to authenticated
  using (
    client_id = any (array(select id from private.current_clients))
    or organization_id = any (array(select id from private.current_desk_organizations))
  );

-- credit_accounts, credit_lots, credit_balances -----------------------------------------------------

-- The views run with the rights of their reader, so the policy of credit_entries decides.
grant select on public.credit_accounts to authenticated, service_role;
grant select on public.credit_lots to authenticated, service_role;
grant select on public.credit_balances to authenticated, service_role;
