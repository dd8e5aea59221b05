-- Access to the audit trail: owner and admin read, nobody writes.

-- audit_entries -----------------------------------------------------------------------------------

alter table public.audit_entries enable row level security;

grant select on public.audit_entries to authenticated;
grant select on public.audit_entries to service_role;

create policy select_managers on public.audit_entries
  for select to authenticated
  using (
    organization_id = any (array(select id from private.current_managed_organizations))
  );

-- audit_checkpoints -------------------------------------------------------------------------------

alter table public.audit_checkpoints enable row level security;

grant select on public.audit_checkpoints to authenticated;
grant select on public.audit_checkpoints to service_role;

create policy select_managers on public.audit_checkpoints
  for select to authenticated
  using (
    organization_id = any (array(select id from private.current_managed_organizations))
  );
