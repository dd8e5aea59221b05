-- Who owes whom, and which day it is there: what an invoice copies at its issue.

create function private.local_day(organization_id uuid, instant timestamptz default now())
returns date
language plpgsql
stable
security definer -- definer because the answer does not depend on what the caller may read
set search_path = ''
as $$
begin
  return (
    select (instant at time zone o.timezone)::date
    from public.organizations as o
    where o.id = local_day.organization_id
  );
end
$$;

comment on function private.local_day(uuid, timestamptz) is
  'The local day of the organization; today, unless `instant` is another.';

create function private.billing_settings_of(organization_id uuid)
returns public.billing_settings
language plpgsql
stable
security definer -- definer because the answer does not depend on what the caller may read
set search_path = ''
as $$
declare
  v_settings public.billing_settings;
begin
  select b.* into v_settings
  from public.billing_settings as b
  where b.organization_id = billing_settings_of.organization_id;
  if not found then
    v_settings.organization_id := organization_id;
    v_settings.is_vat_payer := false;
    v_settings.prices_include_tax := true;
    v_settings.default_tax_rate := 0;
    v_settings.default_tax_category := 'exempt';
    v_settings.due_days := 14;
    v_settings.reminder_after_days := '{7,14,30}';
    v_settings.reminder_fee_amount := 0;
  end if;
  return v_settings;
end
$$;

comment on function private.billing_settings_of(uuid) is 'The organization''s settings, or the defaults of the table.';

create function private.payer_document(organization_id uuid, client_id uuid, payer_id uuid)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
begin
  if payer_id is not null then
    return (
      select jsonb_build_object(
        'name', p.name, 'registration_number', p.registration_number, 'vat_number', p.vat_number,
        'street', p.street, 'city', p.city, 'postal_code', p.postal_code, 'country', p.country, 'email', p.email
      )
      from public.payers as p
      where p.id = payer_document.payer_id and p.organization_id = payer_document.organization_id
    );
  end if;
  return (
    select jsonb_build_object(
      'name', concat_ws(' ', c.given_name, c.family_name), 'registration_number', null, 'vat_number', null,
      'street', null, 'city', null, 'postal_code', null, 'country', null, 'email', c.email
    )
    from public.clients as c
    where c.id = payer_document.client_id and c.organization_id = payer_document.organization_id
  );
end
$$;

comment on function private.payer_document(uuid, uuid, uuid) is
  'Who pays, as an invoice copies it. Runs with the rights of its caller.';

grant execute on function private.payer_document(uuid, uuid, uuid) to authenticated, service_role;

create function private.supplier_document(organization_id uuid)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
begin
  return (
    select jsonb_build_object(
      'name', coalesce(b.legal_name, o.name), 'registration_number', b.registration_number,
      'vat_number', b.vat_number, 'street', b.street, 'city', b.city, 'postal_code', b.postal_code,
      'country', b.country, 'email', coalesce(b.email, o.contact_email), 'phone', b.phone, 'website', b.website,
      'register_note', b.register_note, 'footer', b.footer, 'is_vat_payer', coalesce(b.is_vat_payer, false),
      'logo_path', b.logo_path
    )
    from public.organizations as o
    left join public.billing_settings as b on b.organization_id = o.id
    where o.id = supplier_document.organization_id
  );
end
$$;

comment on function private.supplier_document(uuid) is
  'The organization as an invoice copies it. Runs with the rights of its caller.';

create function private.bank_account_document(organization_id uuid, currency text)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
begin
  return (
    select jsonb_build_object(
      'account_number', b.account_number, 'iban', b.iban, 'bic', b.bic, 'currency', b.currency
    )
    from public.bank_accounts as b
    where b.organization_id = bank_account_document.organization_id
      and b.currency = bank_account_document.currency
      and b.is_active
    order by b.is_default desc, b.created_at, b.id
    limit 1
  );
end
$$;

comment on function private.bank_account_document(uuid, text) is
  'The account that an invoice in this currency names, or null. Runs with the rights of its caller.';

grant execute on function private.supplier_document(uuid) to authenticated, service_role;
grant execute on function private.bank_account_document(uuid, text) to authenticated, service_role;
