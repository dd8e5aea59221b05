-- Invoices: what a client or another payer owes, and what was paid. A draft may change; an issued
-- invoice never does. Amounts of lines, number, status and paid amount are the database's to write,
-- whoever else tries.

create type public.invoice_status as enum ('draft', 'issued', 'sent', 'paid', 'overdue', 'void');
comment on type public.invoice_status is
  'draft → issued → sent → paid; overdue: issued or sent, unpaid after due_on; void: withdrawn unpaid. Derived.';

create type public.invoice_kind as enum ('invoice', 'credit_note');
comment on type public.invoice_kind is 'credit_note: corrects an issued invoice; its amounts are negative.';

-- invoice_series ----------------------------------------------------------------------------------

create table public.invoice_series (
  organization_id uuid not null references public.organizations (id) on delete restrict,
  code text not null,
  kind public.invoice_kind not null default 'invoice',
  digit smallint not null,
  prefix text not null default '',
  primary key (organization_id, code),
  unique (organization_id, digit),
  constraint invoice_series_code_is_short check (code ~ '^[a-z][a-z0-9_-]{0,19}$'),
  constraint invoice_series_digit_is_one check (digit between 1 and 9),
  constraint invoice_series_everybody_has_main_and_credit check (
    case code
      when 'main' then (kind, digit) = ('invoice', 1)
      when 'credit' then (kind, digit) = ('credit_note', 2)
      else digit > 2
    end
  ),
  constraint invoice_series_prefix_is_short check (prefix ~ '^[A-Z0-9/-]{0,10}$')
);

comment on table public.invoice_series is
  'Sequences of numbers. `main` and `credit` are made when first used; others by owner and admin.';
comment on column public.invoice_series.digit is
  'Stands in every number and variable symbol after the year, so that those of two series never meet. 1 is of '
  '`main`, 2 of `credit`.';

create table private.invoice_counters (
  organization_id uuid not null,
  series text not null,
  year integer not null,
  last_number integer not null default 0,
  primary key (organization_id, series, year),
  foreign key (organization_id, series) references public.invoice_series (organization_id, code) on delete restrict
);

comment on table private.invoice_counters is
  'The last number given. The row is locked from the number to the commit: no gaps, also after a rollback.';

alter table private.invoice_counters enable row level security;

-- Written by number_invoice only, inside the invoices' own trigger: a hand here would make a gap.
create trigger invoice_counters_derived before insert or update or delete on private.invoice_counters
  for each row when (pg_trigger_depth() = 0) execute function private.tg__refuse_direct_write('Issue an invoice.');
create trigger invoice_counters_no_truncate before truncate on private.invoice_counters
  for each statement execute function private.tg__refuse_change();

-- invoices ----------------------------------------------------------------------------------------

create table public.invoices (
  id uuid primary key default private.create_id(),
  organization_id uuid not null,
  client_id uuid,
  payer_id uuid,
  kind public.invoice_kind not null default 'invoice',
  status public.invoice_status not null default 'draft',
  series text not null default 'main',
  year integer,
  sequence integer,
  number text,
  variable_symbol text,
  issued_on date,
  due_on date,
  supplied_on date,
  currency text not null,
  locale text not null,
  prices_include_tax boolean not null,
  net_amount bigint not null default 0,
  tax_amount bigint not null default 0,
  total_amount bigint not null default 0,
  paid_amount bigint not null default 0,
  open_amount bigint not null generated always as (total_amount - paid_amount) stored,
  supplier jsonb,
  payer jsonb,
  bank_account jsonb,
  note text,
  corrects_invoice_id uuid,
  billing_report_id uuid,
  issued_at timestamptz,
  sent_at timestamptz,
  voided_at timestamptz,
  voided_by uuid,
  void_reason text,
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (organization_id, id),
  foreign key (organization_id, client_id)
    references public.clients (organization_id, id) on delete restrict,
  foreign key (organization_id, payer_id)
    references public.payers (organization_id, id) on delete restrict,
  foreign key (organization_id, series)
    references public.invoice_series (organization_id, code) on delete restrict,
  foreign key (organization_id, corrects_invoice_id)
    references public.invoices (organization_id, id) on delete restrict,
  foreign key (organization_id, billing_report_id)
    references public.billing_reports (organization_id, id) on delete restrict,
  constraint invoices_have_a_payer check (num_nonnulls(client_id, payer_id) > 0),
  constraint invoices_number_is_used_once unique (organization_id, series, year, sequence),
  constraint invoices_number_is_complete check (
    (issued_at is null and num_nonnulls(number, year, sequence, variable_symbol, issued_on, supplier, payer) = 0)
    or (
      issued_at is not null
      and num_nulls(number, year, sequence, variable_symbol, issued_on, due_on, supplied_on, supplier, payer) = 0
    )
  ),
  constraint invoices_draft_has_no_number check ((status = 'draft') = (number is null)),
  constraint invoices_void_is_dated check ((status = 'void') = (voided_at is not null)),
  constraint invoices_variable_symbol_is_short check (variable_symbol ~ '^[1-9][0-9]{0,9}$'),
  constraint invoices_currency_is_iso_4217 check (currency ~ '^[A-Z]{3}$'),
  constraint invoices_locale_is_supported check (locale in ('cs', 'en', 'de', 'da')),
  constraint invoices_total_is_net_and_tax check (total_amount = net_amount + tax_amount),
  constraint invoices_amounts_are_sensible check (
    total_amount between -100000000000000 and 100000000000000
    and (status = 'draft' or case kind when 'invoice' then total_amount >= 0 else total_amount <= 0 end)
  ),
  constraint invoices_paid_is_between_nothing_and_total check (
    paid_amount between least(total_amount, 0) and greatest(total_amount, 0)
  ),
  constraint invoices_credit_note_has_its_invoice
    check ((kind = 'credit_note') = (corrects_invoice_id is not null)),
  constraint invoices_dates_are_sensible check (
    due_on between date '2000-01-01' and date '2200-01-01'
    and supplied_on between date '2000-01-01' and date '2200-01-01'
    and (status = 'draft' or due_on >= issued_on)
  ),
  constraint invoices_text_is_short check (length(note) <= 2000 and length(void_reason) <= 500)
);

comment on table public.invoices is
  'Invoices and credit notes (FHIR Invoice). Drafts are made by create_invoice and numbered by issue_invoice; an '
  'issued one never changes, but is paid, sent, corrected by a credit note, or voided. Amounts are minor units of '
  '`currency`.';
comment on column public.invoices.number is
  'Prefix of the series, year (two digits), digit of the series, sequence: gapless per organization, series, year.';
comment on column public.invoices.sequence is '1, 2, 3 … within series and year of issue.';
comment on column public.invoices.variable_symbol is
  'Payment reference: number without the prefix of its series. Compared as a number.';
comment on column public.invoices.issued_on is
  'Local date of the organization: never before that of the number before.';
comment on column public.invoices.supplied_on is 'Date of the taxable supply.';
comment on column public.invoices.payer_id is 'Who pays in the client''s place; null: the client.';
comment on column public.invoices.prices_include_tax is 'Whether unit prices of the lines include tax.';
comment on column public.invoices.net_amount is 'Without tax; minor units of `currency`. Sum of the lines.';
comment on column public.invoices.tax_amount is 'Sum of the lines'' tax.';
comment on column public.invoices.total_amount is 'net_amount + tax_amount.';
comment on column public.invoices.paid_amount is 'Sum of payments. Written by the database.';
comment on column public.invoices.open_amount is 'total_amount - paid_amount.';
comment on column public.invoices.supplier is 'Copy of billing_settings at issue.';
comment on column public.invoices.payer is
  'Copy of the payer at issue: {name, registration_number, vat_number, street, city, postal_code, country, email}.';
comment on column public.invoices.bank_account is 'Copy at issue: {account_number, iban, bic, currency}, or null.';
comment on column public.invoices.corrects_invoice_id is 'On a credit note: the invoice whose lines it takes back.';
comment on column public.invoices.sent_at is 'When it was last put into the outbox.';
comment on column public.invoices.status is 'Derived by the database from number, dates and payments.';

create index invoices_organization_idx on public.invoices (organization_id, issued_on desc, id);
create index invoices_client_idx on public.invoices (organization_id, client_id, issued_on);
create index invoices_own_idx on public.invoices (client_id) where issued_at is not null;
create index invoices_payer_idx on public.invoices (organization_id, payer_id) where payer_id is not null;
create index invoices_corrects_idx on public.invoices (organization_id, corrects_invoice_id)
  where corrects_invoice_id is not null;
create index invoices_report_idx on public.invoices (organization_id, billing_report_id)
  where billing_report_id is not null;
create unique index invoices_variable_symbol_idx on public.invoices (organization_id, variable_symbol);
-- What matching looks through: only what is still owed, and of one amount those first that are due first.
create index invoices_open_idx on public.invoices (organization_id, currency, open_amount, due_on)
  where status in ('issued', 'sent', 'overdue') and kind = 'invoice';
create index invoices_due_idx on public.invoices (due_on) where status in ('issued', 'sent');

-- invoice_lines -----------------------------------------------------------------------------------

create table public.invoice_lines (
  id uuid primary key default private.create_id(),
  organization_id uuid not null,
  invoice_id uuid not null,
  position integer not null,
  description text not null,
  quantity numeric(12, 3) not null default 1,
  unit text,
  unit_price_amount bigint not null,
  discount_percent numeric(5, 2) not null default 0,
  tax_rate numeric(5, 2) not null default 0,
  tax_category public.tax_category not null default 'exempt',
  net_amount bigint not null default 0,
  tax_amount bigint not null default 0,
  gross_amount bigint not null default 0,
  appointment_id uuid,
  credit_amount bigint,
  corrects_line_id uuid,
  performed_on date,
  unique (organization_id, id),
  unique (invoice_id, position),
  foreign key (organization_id, invoice_id)
    references public.invoices (organization_id, id) on delete cascade,
  foreign key (organization_id, appointment_id)
    references public.appointments (organization_id, id) on delete restrict,
  foreign key (organization_id, corrects_line_id)
    references public.invoice_lines (organization_id, id) on delete restrict,
  constraint invoice_lines_position_is_sensible check (position between 1 and 10000),
  constraint invoice_lines_description_is_given check (length(btrim(description)) between 1 and 500),
  constraint invoice_lines_unit_is_short check (length(unit) <= 20),
  constraint invoice_lines_quantity_is_sensible check (quantity <> 0 and abs(quantity) <= 1000000),
  constraint invoice_lines_price_is_sensible check (unit_price_amount between -1000000000000 and 1000000000000),
  constraint invoice_lines_discount_is_sensible check (discount_percent between 0 and 100),
  constraint invoice_lines_tax_rate_is_sensible check (tax_rate between 0 and 100),
  constraint invoice_lines_tax_fits_its_category check ((tax_category in ('standard', 'reduced')) = (tax_rate > 0)),
  constraint invoice_lines_gross_is_net_and_tax check (gross_amount = net_amount + tax_amount),
  constraint invoice_lines_date_is_sensible
    check (performed_on between date '2000-01-01' and date '2200-01-01'),
  constraint invoice_lines_are_for_one_thing check (num_nonnulls(appointment_id, credit_amount) <= 1),
  constraint invoice_lines_credit_is_positive check (
    credit_amount is null or (credit_amount > 0 and tax_category = 'out_of_scope')
  )
);

comment on table public.invoice_lines is
  'Lines of an invoice; their amounts are computed by the database (docs/architecture.md, Rounding), in minor '
  'units of the invoice''s currency.';
comment on column public.invoice_lines.unit_price_amount is
  'Minor units, with or without tax as the invoice''s prices_include_tax says.';
comment on column public.invoice_lines.quantity is 'In `unit`; on a credit note the opposite of what it takes back.';
comment on column public.invoice_lines.discount_percent is 'Taken off quantity × unit price.';
comment on column public.invoice_lines.tax_rate is 'Per cent.';
comment on column public.invoice_lines.performed_on is 'Local day of what is charged.';
comment on column public.invoice_lines.appointment_id is 'The appointment that this line charges.';
comment on column public.invoice_lines.credit_amount is
  'Credits that the client receives once the invoice is paid, in minor units.';
comment on column public.invoice_lines.corrects_line_id is 'On a credit note: the line that it takes back.';

create index invoice_lines_invoice_idx on public.invoice_lines (organization_id, invoice_id);
create index invoice_lines_appointment_idx on public.invoice_lines (organization_id, appointment_id)
  where appointment_id is not null;
create index invoice_lines_corrects_idx on public.invoice_lines (organization_id, corrects_line_id)
  where corrects_line_id is not null;

-- An appointment stands on one invoice at a time, from the draft on.
alter table public.appointments
  add foreign key (organization_id, invoice_id) references public.invoices (organization_id, id) on delete restrict;
create index appointments_invoice_idx on public.appointments (organization_id, invoice_id)
  where invoice_id is not null;

create view public.invoice_taxes
with (security_invoker = true)
as
select
  l.organization_id,
  l.invoice_id,
  l.tax_category,
  l.tax_rate,
  sum(l.net_amount)::bigint as net_amount,
  sum(l.tax_amount)::bigint as tax_amount,
  sum(l.gross_amount)::bigint as gross_amount
from public.invoice_lines as l
group by l.organization_id, l.invoice_id, l.tax_category, l.tax_rate;

comment on view public.invoice_taxes is 'Tax recap of each invoice: the sums of its lines per category and rate.';
