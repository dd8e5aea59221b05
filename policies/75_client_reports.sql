-- Access to documents. The tables decide, and Storage asks them: its policies compare names with lists
-- that are read with the caller's own rights.

-- client_reports ----------------------------------------------------------------------------------

alter table public.client_reports enable row level security;

-- Writing is the functions'. Titles alone tell of a person's health, so the front desk reads no row.
grant select on public.client_reports to authenticated;
grant select, insert, update on public.client_reports to service_role;

create policy select_treating_or_shown on public.client_reports
  for select to authenticated
  using (
    (visible_to_client and status = 'stored' and client_id = any (array(select id from private.current_clients)))
    or organization_id = any (array(select id from private.current_managed_organizations))
    or (status <> 'archived' and client_id = any ((select private.current_treated_client_ids())::uuid[]))
  );

-- report_views ------------------------------------------------------------------------------------

alter table public.report_views enable row level security;

grant select on public.report_views to authenticated;
grant select, insert on public.report_views to service_role;

create policy select_managers_or_reader on public.report_views
  for select to authenticated
  using (
    viewed_by = (select auth.uid())
    or organization_id = any (array(select id from private.current_managed_organizations))
  );

-- latest_client_reports ---------------------------------------------------------------------------

-- The view runs with the rights of its reader, so client_reports' policy decides.
grant select on public.latest_client_reports to authenticated;
grant select on public.latest_client_reports to service_role;

-- storage.objects ---------------------------------------------------------------------------------

-- Nothing is updated or deleted by users, so nothing is overwritten, moved or removed; and nothing is
-- listed, copied or signed: reading is downloading what was just opened. Signed addresses are made by
-- the cloud function, which knows for how long.
create policy client_reports_insert_announced on storage.objects
  for insert to authenticated
  with check (
    bucket_id = 'client-reports' and name = any ((select private.current_upload_paths())::text[])
  );

create policy client_reports_select_opened on storage.objects
  for select to authenticated
  using (
    bucket_id = 'client-reports'
    -- Spelled with and without its prefix, depending on Storage's version.
    and (select replace(storage.operation(), 'storage.', '')) = 'object.get_authenticated'
    and name = any ((select private.current_viewed_paths())::text[])
  );
