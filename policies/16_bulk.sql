-- Access to bulk operations: the desk follows all of its organization, except what is for managers
-- only; practitioners what they started themselves. Nobody writes but the functions that do the work.

-- bulk_operations ---------------------------------------------------------------------------------

alter table public.bulk_operations enable row level security;

grant select on public.bulk_operations to authenticated;
grant select, insert, update on public.bulk_operations to service_role;

create policy select_followers on public.bulk_operations
  for select to authenticated
  using (
    organization_id = any (array(select id from private.current_managed_organizations))
    or (
      not managers_only
      and organization_id = any (array(select id from private.current_desk_organizations))
    )
    or id = any ((select private.current_bulk_operation_ids())::uuid[])
  );

-- bulk_operation_items ----------------------------------------------------------------------------

alter table public.bulk_operation_items enable row level security;

grant select on public.bulk_operation_items to authenticated;
grant select, insert, update on public.bulk_operation_items to service_role;

create policy select_followers on public.bulk_operation_items
  for select to authenticated
  using (
    organization_id = any (array(select id from private.current_managed_organizations))
    or (
      not managers_only
      and organization_id = any (array(select id from private.current_desk_organizations))
    )
    or operation_id = any ((select private.current_bulk_operation_ids())::uuid[])
  );
