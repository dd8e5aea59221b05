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

-- credit_accounts ---------------------------------------------------------------------------------

alter table public.credit_accounts enable row level security;

grant select on public.credit_accounts to authenticated;
grant select on public.credit_accounts to service_role;

create policy select_desk_or_own on public.credit_accounts
  for select to authenticated
  using (
    client_id = any (array(select id from private.current_clients))
    or organization_id = any (array(select id from private.current_desk_organizations))
  );

-- credit_lots -------------------------------------------------------------------------------------

alter table public.credit_lots enable row level security;

grant select on public.credit_lots to authenticated;
grant select on public.credit_lots to service_role;

create policy select_desk_or_own on public.credit_lots
  for select to authenticated
  using (
    client_id = any (array(select id from private.current_clients))
    or organization_id = any (array(select id from private.current_desk_organizations))
  );

-- credit_allocations ------------------------------------------------------------------------------

-- For operators: callers read lots and entries, so nobody else is granted anything.
alter table public.credit_allocations enable row level security;

grant select on public.credit_allocations to service_role;

-- credit_balances ---------------------------------------------------------------------------------

-- The view runs with the rights of its reader, so credit_accounts' and credit_lots' policies decide.
grant select on public.credit_balances to authenticated;
grant select on public.credit_balances to service_role;
