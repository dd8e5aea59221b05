-- What invoices say and who pays them: settings, taxes of services, accounts, payers.

create type public.tax_category as enum ('standard', 'reduced', 'exempt', 'reverse_charge', 'out_of_scope');
comment on type public.tax_category is
  'standard, reduced: taxed at tax_rate; exempt: health and similar services; reverse_charge: the payer accounts '
  'for it; out_of_scope: not a supply, such as a top-up of credits.';

create function private.is_iban(value text)
returns boolean
language plpgsql
immutable
set search_path = ''
as $$
declare
  v_digits text := '';
  v_char text;
begin
  if value is null then
    return null;
  end if;
  if value !~ '^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$' then
    return false;
  end if;
  -- ISO 13616: the first four go to the end, letters count from 10, the whole modulo 97 is 1.
  foreach v_char in array regexp_split_to_array(substr(value, 5) || left(value, 4), '') loop
    v_digits := v_digits || case when v_char between '0' and '9' then v_char else (ascii(v_char) - 55)::text end;
  end loop;
  return v_digits::numeric % 97 = 1;
end
$$;

comment on function private.is_iban(text) is 'Is this an IBAN (ISO 13616) with right check digits, without blanks?';

grant execute on function private.is_iban(text) to authenticated, service_role;

-- billing_settings --------------------------------------------------------------------------------

create table public.billing_settings (
  organization_id uuid primary key references public.organizations (id) on delete cascade,
  legal_name text,
  registration_number text,
  vat_number text,
  is_vat_payer boolean not null default false,
  street text,
  city text,
  postal_code text,
  country text,
  email text,
  phone text,
  website text,
  register_note text,
  footer text,
  logo_path text,
  prices_include_tax boolean not null default true,
  default_tax_rate numeric(5, 2) not null default 0,
  default_tax_category public.tax_category not null default 'exempt',
  due_days integer not null default 14,
  reminder_after_days integer[] not null default '{7,14,30}',
  reminder_fee_amount bigint not null default 0,
  updated_at timestamptz not null default now(),
  constraint billing_settings_text_is_short check (
    length(legal_name) <= 200 and length(street) <= 200 and length(city) <= 100 and length(postal_code) <= 20
    and length(phone) <= 50 and length(website) <= 200 and length(register_note) <= 500 and length(footer) <= 2000
    and length(registration_number) <= 30 and length(vat_number) <= 30 and length(email) <= 254
  ),
  constraint billing_settings_country_is_iso_3166 check (country ~ '^[A-Z]{2}$'),
  -- The logo is a file of the organization's own folder.
  constraint billing_settings_logo_is_the_organizations
    check (logo_path ~ ('^' || organization_id::text || '/logo/[A-Za-z0-9_-]{1,80}\.(png|jpg|jpeg)$')),
  constraint billing_settings_tax_rate_is_sensible check (default_tax_rate between 0 and 100),
  constraint billing_settings_tax_fits_its_category
    check ((default_tax_category in ('standard', 'reduced')) = (default_tax_rate > 0)),
  constraint billing_settings_due_is_sensible check (due_days between 0 and 365),
  constraint billing_settings_reminders_are_sensible check (
    cardinality(reminder_after_days) <= 5 and coalesce(array_ndims(reminder_after_days), 1) = 1
    and coalesce(0 < all (reminder_after_days) and 366 > all (reminder_after_days), false)
  ),
  constraint billing_settings_fee_is_sensible check (reminder_fee_amount between 0 and 100000000)
);

comment on table public.billing_settings is
  'What invoices say about the organization, and its billing rules. Copied into each invoice as it is issued.';
comment on column public.billing_settings.legal_name is 'Name on invoices; null: the organization''s name.';
comment on column public.billing_settings.registration_number is 'Company number, such as IČO or CVR.';
comment on column public.billing_settings.vat_number is 'VAT identification number, such as DIČ.';
comment on column public.billing_settings.is_vat_payer is 'Whether invoices state VAT at all.';
comment on column public.billing_settings.country is 'ISO 3166-1 alpha-2.';
comment on column public.billing_settings.register_note is 'Register entry, as company law demands on letters.';
comment on column public.billing_settings.logo_path is 'PNG or JPEG in the bucket `documents`.';
comment on column public.billing_settings.prices_include_tax is 'Whether unit prices of new invoices include VAT.';
comment on column public.billing_settings.default_tax_rate is 'Per cent, where service_taxes has nothing.';
comment on column public.billing_settings.due_days is 'Days from issue to due date.';
comment on column public.billing_settings.reminder_after_days is
  'One reminder level each: days after the due date, at most 5.';
comment on column public.billing_settings.reminder_fee_amount is
  'Fee named in each reminder, minor units of the organization''s currency; 0: none.';

create trigger billing_settings_set_updated_at before update on public.billing_settings
  for each row execute function private.tg__set_updated_at();

create table public.service_taxes (
  service_id uuid primary key,
  organization_id uuid not null,
  tax_rate numeric(5, 2) not null,
  tax_category public.tax_category not null,
  foreign key (organization_id, service_id)
    references public.services (organization_id, id) on delete cascade,
  constraint service_taxes_rate_is_sensible check (tax_rate between 0 and 100),
  constraint service_taxes_rate_fits_its_category check ((tax_category in ('standard', 'reduced')) = (tax_rate > 0))
);

comment on table public.service_taxes is 'VAT of a service where it differs from billing_settings.';
comment on column public.service_taxes.tax_rate is 'Per cent.';

create index service_taxes_organization_idx on public.service_taxes (organization_id, service_id);

-- payers ------------------------------------------------------------------------------------------

create table public.payers (
  id uuid primary key default gen_random_uuid(),
  organization_id uuid not null references public.organizations (id) on delete restrict,
  name text not null,
  registration_number text,
  vat_number text,
  street text,
  city text,
  postal_code text,
  country text,
  email text,
  locale text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (organization_id, id),
  constraint payers_name_is_given check (length(btrim(name)) between 1 and 200),
  constraint payers_text_is_short check (
    length(street) <= 200 and length(city) <= 100 and length(postal_code) <= 20
  ),
  constraint payers_registration_number_is_plain check (registration_number ~ '^[A-Z0-9][A-Z0-9 ./-]{1,29}$'),
  constraint payers_vat_number_is_plain check (vat_number ~ '^[A-Z]{2}[A-Z0-9+*]{2,13}$'),
  constraint payers_country_is_iso_3166 check (country ~ '^[A-Z]{2}$'),
  constraint payers_email_is_valid check (email ~ '^[^@\s]+@[^@\s]+$' and length(email) <= 254),
  constraint payers_locale_is_supported check (locale in ('cs', 'en', 'de', 'da'))
);

comment on table public.payers is
  'Who pays for clients instead of them: an employer, an insurer, a parent. POST /billing/payers checks the numbers.';
comment on column public.payers.registration_number is 'Company number, such as IČO or CVR.';
comment on column public.payers.vat_number is 'With its country prefix, such as CZ12345678.';

create index payers_organization_idx on public.payers (organization_id, name);

create trigger payers_set_updated_at before update on public.payers
  for each row execute function private.tg__set_updated_at();

create table public.client_payers (
  client_id uuid primary key,
  organization_id uuid not null,
  payer_id uuid not null,
  foreign key (organization_id, client_id) references public.clients (organization_id, id) on delete cascade,
  foreign key (organization_id, payer_id) references public.payers (organization_id, id) on delete cascade
);

comment on table public.client_payers is 'Who pays for a client; without a row, the client.';

create index client_payers_client_idx on public.client_payers (organization_id, client_id);
create index client_payers_payer_idx on public.client_payers (organization_id, payer_id);

-- bank_accounts -----------------------------------------------------------------------------------

create table public.bank_accounts (
  id uuid primary key default gen_random_uuid(),
  organization_id uuid not null references public.organizations (id) on delete restrict,
  name text not null,
  iban text,
  account_number text,
  bic text,
  currency text not null,
  provider text,
  is_default boolean not null default false,
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (organization_id, id),
  constraint bank_accounts_name_is_given check (length(btrim(name)) between 1 and 100),
  constraint bank_accounts_have_a_number check (num_nonnulls(iban, account_number) > 0),
  constraint bank_accounts_iban_is_valid check (private.is_iban(iban)),
  constraint bank_accounts_number_is_domestic check (account_number ~ '^([0-9]{1,6}-)?[0-9]{2,16}/[0-9]{4}$'),
  constraint bank_accounts_bic_is_plain check (bic ~ '^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$'),
  constraint bank_accounts_currency_is_iso_4217 check (currency ~ '^[A-Z]{3}$'),
  constraint bank_accounts_provider_is_known check (provider in ('fio'))
);

comment on table public.bank_accounts is 'Accounts that clients pay to. Access tokens of banks are never here.';
comment on column public.bank_accounts.iban is 'Without blanks; its check digits are verified.';
comment on column public.bank_accounts.account_number is 'Domestic form, such as 19-2000145399/0800.';
comment on column public.bank_accounts.provider is
  'Bank whose API POST /billing/bank/sync reads; null: statements only.';
comment on column public.bank_accounts.is_default is 'Named on new invoices of its currency.';

create unique index bank_accounts_iban_idx on public.bank_accounts (organization_id, iban, currency);
create unique index bank_accounts_number_idx on public.bank_accounts (organization_id, account_number, currency);
create unique index bank_accounts_one_default_per_currency
  on public.bank_accounts (organization_id, currency) where is_default and is_active;

create trigger bank_accounts_set_updated_at before update on public.bank_accounts
  for each row execute function private.tg__set_updated_at();
