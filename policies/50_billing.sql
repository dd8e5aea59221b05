-- Access to billing: owner and admin.

-- billing_reports ---------------------------------------------------------------------------------

alter table public.billing_reports enable row level security;

grant select on public.billing_reports to authenticated;
grant select, insert on public.billing_reports to service_role;

create policy select_managers on public.billing_reports
  for select to authenticated
  using (
    organization_id = any (array(select id from private.current_managed_organizations))
  );

-- billing_report_lines ----------------------------------------------------------------------------

alter table public.billing_report_lines enable row level security;

grant select on public.billing_report_lines to authenticated;
grant select, insert on public.billing_report_lines to service_role;

create policy select_managers on public.billing_report_lines
  for select to authenticated
  using (
    organization_id = any (array(select id from private.current_managed_organizations))
  );

-- billing_report_summaries ------------------------------------------------------------------------

-- The view runs with the rights of its reader, so billing_report_lines' policy decides.
grant select on public.billing_report_summaries to authenticated;
grant select on public.billing_report_summaries to service_role;

-- billing_settings --------------------------------------------------------------------------------

alter table public.billing_settings enable row level security;

grant select on public.billing_settings to authenticated;
grant insert (
  organization_id, legal_name, registration_number, vat_number, is_vat_payer, street, city, postal_code, country,
  email, phone, website, register_note, footer, logo_path, prices_include_tax, default_tax_rate,
  default_tax_category, due_days, reminder_after_days, reminder_fee_amount
) on public.billing_settings to authenticated;
grant update (
  legal_name, registration_number, vat_number, is_vat_payer, street, city, postal_code, country, email, phone,
  website, register_note, footer, logo_path, prices_include_tax, default_tax_rate, default_tax_category, due_days,
  reminder_after_days, reminder_fee_amount
) on public.billing_settings to authenticated;
grant select, insert, update on public.billing_settings to service_role;

create policy select_desk on public.billing_settings
  for select to authenticated
  using (
    organization_id = any (array(select id from private.current_desk_organizations))
  );
create policy insert_managers on public.billing_settings
  for insert to authenticated
  with check (
    organization_id = any (array(select id from private.current_managed_organizations))
  );
create policy update_managers on public.billing_settings
  for update to authenticated
  using (
    organization_id = any (array(select id from private.current_managed_organizations))
  )
  with check (
    organization_id = any (array(select id from private.current_managed_organizations))
  );

-- service_taxes -----------------------------------------------------------------------------------

alter table public.service_taxes enable row level security;

grant select, delete on public.service_taxes to authenticated;
grant insert (organization_id, service_id, tax_rate, tax_category) on public.service_taxes to authenticated;
grant update (tax_rate, tax_category) on public.service_taxes to authenticated;
grant select, insert, update, delete on public.service_taxes to service_role;

create policy select_desk on public.service_taxes
  for select to authenticated
  using (
    organization_id = any (array(select id from private.current_desk_organizations))
  );
create policy insert_managers on public.service_taxes
  for insert to authenticated
  with check (
    organization_id = any (array(select id from private.current_managed_organizations))
  );
create policy update_managers on public.service_taxes
  for update to authenticated
  using (
    organization_id = any (array(select id from private.current_managed_organizations))
  )
  with check (
    organization_id = any (array(select id from private.current_managed_organizations))
  );
create policy delete_managers on public.service_taxes
  for delete to authenticated
  using (
    organization_id = any (array(select id from private.current_managed_organizations))
  );

-- bank_accounts -----------------------------------------------------------------------------------

alter table public.bank_accounts enable row level security;

grant select on public.bank_accounts to authenticated;
grant insert (organization_id, name, iban, account_number, bic, currency, provider, is_default)
  on public.bank_accounts to authenticated;
grant update (name, bic, provider, is_default, is_active) on public.bank_accounts to authenticated;
grant select, insert, update on public.bank_accounts to service_role;

create policy select_desk on public.bank_accounts
  for select to authenticated
  using (
    organization_id = any (array(select id from private.current_desk_organizations))
  );
create policy insert_managers on public.bank_accounts
  for insert to authenticated
  with check (
    organization_id = any (array(select id from private.current_managed_organizations))
  );
create policy update_managers on public.bank_accounts
  for update to authenticated
  using (
    organization_id = any (array(select id from private.current_managed_organizations))
  )
  with check (
    organization_id = any (array(select id from private.current_managed_organizations))
  );

-- payers ------------------------------------------------------------------------------------------

alter table public.payers enable row level security;

grant select on public.payers to authenticated;
grant insert (
  organization_id, name, registration_number, vat_number, street, city, postal_code, country, email, locale
) on public.payers to authenticated;
grant update (
  name, registration_number, vat_number, street, city, postal_code, country, email, locale
) on public.payers to authenticated;
grant select, insert, update, delete on public.payers to service_role;

create policy select_desk on public.payers
  for select to authenticated
  using (
    organization_id = any (array(select id from private.current_desk_organizations))
  );
create policy insert_desk on public.payers
  for insert to authenticated
  with check (
    organization_id = any (array(select id from private.current_desk_organizations))
  );
create policy update_desk on public.payers
  for update to authenticated
  using (
    organization_id = any (array(select id from private.current_desk_organizations))
  )
  with check (
    organization_id = any (array(select id from private.current_desk_organizations))
  );

-- client_payers -----------------------------------------------------------------------------------

alter table public.client_payers enable row level security;

grant select, delete on public.client_payers to authenticated;
grant insert (organization_id, client_id, payer_id) on public.client_payers to authenticated;
grant update (payer_id) on public.client_payers to authenticated;
grant select, insert, update, delete on public.client_payers to service_role;

create policy select_desk on public.client_payers
  for select to authenticated
  using (
    organization_id = any (array(select id from private.current_desk_organizations))
  );
create policy insert_desk on public.client_payers
  for insert to authenticated
  with check (
    organization_id = any (array(select id from private.current_desk_organizations))
  );
create policy update_desk on public.client_payers
  for update to authenticated
  using (
    organization_id = any (array(select id from private.current_desk_organizations))
  )
  with check (
    organization_id = any (array(select id from private.current_desk_organizations))
  );
create policy delete_desk on public.client_payers
  for delete to authenticated
  using (
    organization_id = any (array(select id from private.current_desk_organizations))
  );

-- invoice_series ----------------------------------------------------------------------------------

alter table public.invoice_series enable row level security;

grant select on public.invoice_series to authenticated;
grant insert (organization_id, code, kind, digit, prefix) on public.invoice_series to authenticated;
grant update (prefix) on public.invoice_series to authenticated;
grant select, insert, update on public.invoice_series to service_role;

create policy select_desk on public.invoice_series
  for select to authenticated
  using (
    organization_id = any (array(select id from private.current_desk_organizations))
  );
create policy insert_managers on public.invoice_series
  for insert to authenticated
  with check (
    organization_id = any (array(select id from private.current_managed_organizations))
  );
create policy update_managers on public.invoice_series
  for update to authenticated
  using (
    organization_id = any (array(select id from private.current_managed_organizations))
  )
  with check (
    organization_id = any (array(select id from private.current_managed_organizations))
  );

-- invoices ----------------------------------------------------------------------------------------

alter table public.invoices enable row level security;

-- Written by the invoice functions; a draft may be thrown away.
grant select, delete on public.invoices to authenticated;
grant select, insert, update, delete on public.invoices to service_role;

create policy select_desk_or_own on public.invoices
  for select to authenticated
  using (
    (client_id = any (array(select id from private.current_clients)) and issued_at is not null)
    or organization_id = any (array(select id from private.current_desk_organizations))
  );
create policy delete_desk_drafts on public.invoices
  for delete to authenticated
  using (
    organization_id = any (array(select id from private.current_desk_organizations)) and issued_at is null
  );

-- invoice_lines -----------------------------------------------------------------------------------

alter table public.invoice_lines enable row level security;

grant select on public.invoice_lines to authenticated;
grant select, insert, update, delete on public.invoice_lines to service_role;

create policy select_desk_or_own on public.invoice_lines
  for select to authenticated
  using (
    organization_id = any (array(select id from private.current_desk_organizations))
    or invoice_id = any ((select private.current_invoice_ids())::uuid[])
  );

-- The view runs with the rights of its reader, so invoice_lines' policy decides.
grant select on public.invoice_taxes to authenticated;
grant select on public.invoice_taxes to service_role;

-- payments ----------------------------------------------------------------------------------------

alter table public.payments enable row level security;

grant select on public.payments to authenticated;
grant select, insert on public.payments to service_role;

create policy select_desk_or_own on public.payments
  for select to authenticated
  using (
    organization_id = any (array(select id from private.current_desk_organizations))
    or invoice_id = any ((select private.current_invoice_ids())::uuid[])
  );

-- The view runs with the rights of its reader, so the policy of payments decides.
grant select on public.cash_movements to authenticated;
grant select on public.cash_movements to service_role;

-- invoice_credits ---------------------------------------------------------------------------------

alter table public.invoice_credits enable row level security;

grant select on public.invoice_credits to authenticated;
grant select on public.invoice_credits to service_role;

create policy select_desk on public.invoice_credits
  for select to authenticated
  using (
    organization_id = any (array(select id from private.current_desk_organizations))
  );

-- invoice_reminders -------------------------------------------------------------------------------

alter table public.invoice_reminders enable row level security;

grant select on public.invoice_reminders to authenticated;
grant select, insert on public.invoice_reminders to service_role;

create policy select_desk on public.invoice_reminders
  for select to authenticated
  using (
    organization_id = any (array(select id from private.current_desk_organizations))
  );

-- The bucket `documents` ------------------------------------------------------------------------------

-- PDFs of invoices are written by the billing function alone; who sees the invoice reads them.
create policy select_documents on storage.objects
  for select to authenticated
  using (
    bucket_id = 'documents'
    and (
      (storage.foldername(name))[1] = any (array(select id::text from private.current_desk_organizations))
      or name = any ((select private.current_document_paths())::text[])
    )
  );
create policy insert_logos on storage.objects
  for insert to authenticated
  with check (
    bucket_id = 'documents'
    and (storage.foldername(name))[1] = any (array(select id::text from private.current_managed_organizations))
    and (storage.foldername(name))[2] = 'logo'
    and cardinality(storage.foldername(name)) = 2
    and storage.filename(name) ~ '^[A-Za-z0-9_-]{1,80}\.(png|jpg|jpeg)$'
  );
create policy delete_logos on storage.objects
  for delete to authenticated
  using (
    bucket_id = 'documents'
    and (storage.foldername(name))[1] = any (array(select id::text from private.current_managed_organizations))
    and (storage.foldername(name))[2] = 'logo'
  );
