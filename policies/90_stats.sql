-- Access to statistics. The views run with the rights of their reader: the policies of appointments
-- and of what they join decide.

-- today_appointments ------------------------------------------------------------------------------

grant select on public.today_appointments to authenticated;
grant select on public.today_appointments to service_role;

-- unpaid_appointments -----------------------------------------------------------------------------

grant select on public.unpaid_appointments to authenticated;
grant select on public.unpaid_appointments to service_role;

-- practitioner_months -----------------------------------------------------------------------------

grant select on public.practitioner_months to authenticated;
grant select on public.practitioner_months to service_role;

-- organization_months -----------------------------------------------------------------------------

grant select on public.organization_months to authenticated;
grant select on public.organization_months to service_role;
