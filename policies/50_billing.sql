-- Access to billing: owner and admin.

-- billing_reports ---------------------------------------------------------------------------------

alter table public.billing_reports enable row level security;

grant select on public.billing_reports to authenticated;
grant select, insert on public.billing_reports to service_role;

create policy select_managers on public.billing_reports
  for select to authenticated
  using (
    organization_id = any ((select private.current_managed_organization_ids())::uuid[])
  );

-- billing_report_lines ----------------------------------------------------------------------------

alter table public.billing_report_lines enable row level security;

grant select on public.billing_report_lines to authenticated;
grant select, insert on public.billing_report_lines to service_role;

create policy select_managers on public.billing_report_lines
  for select to authenticated
  using (
    organization_id = any ((select private.current_managed_organization_ids())::uuid[])
  );

-- billing_report_summaries ------------------------------------------------------------------------

-- The view runs with the rights of its reader, so billing_report_lines' policy decides.
grant select on public.billing_report_summaries to authenticated;
grant select on public.billing_report_summaries to service_role;
