-- Money received, reminded of, and turned into credits.

create type public.payment_method as enum ('bank_transfer', 'cash', 'card', 'credits', 'offset', 'other');
comment on type public.payment_method is 'How money came. offset: an invoice against its credit note.';

-- payments ----------------------------------------------------------------------------------------

create table public.payments (
  id uuid primary key default private.create_id(),
  organization_id uuid not null,
  invoice_id uuid,
  credit_entry_id uuid,
  bank_transaction_id uuid,
  amount bigint not null,
  currency text not null,
  method public.payment_method not null,
  paid_on date not null,
  note text,
  reverses_payment_id uuid,
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  unique (organization_id, id),
  foreign key (organization_id, invoice_id)
    references public.invoices (organization_id, id) on delete restrict,
  foreign key (organization_id, credit_entry_id)
    references public.credit_entries (organization_id, id) on delete restrict,
  foreign key (organization_id, reverses_payment_id)
    references public.payments (organization_id, id) on delete restrict,
  constraint payments_are_for_one_place check (num_nonnulls(invoice_id, credit_entry_id) = 1),
  constraint payments_amount_is_sensible
    check (amount <> 0 and amount between -100000000000000 and 100000000000000),
  constraint payments_currency_is_iso_4217 check (currency ~ '^[A-Z]{3}$'),
  constraint payments_date_is_sensible check (paid_on between date '2000-01-01' and date '2200-01-01'),
  constraint payments_note_is_short check (length(note) <= 500)
);

comment on table public.payments is
  'Money received, where it went: to an invoice, or into credits. Append-only: a mistake is reversed by another row.';
comment on column public.payments.amount is
  'Minor units; negative: reversed, or paid out for a credit note.';
comment on column public.payments.paid_on is 'Local day on which the money came, or left.';
comment on column public.payments.credit_entry_id is 'The ledger entry that this money became: surplus of a payment.';
comment on column public.payments.bank_transaction_id is 'The line of the bank statement that it came by.';
comment on column public.payments.reverses_payment_id is 'The payment that this one takes back, whole.';

create index payments_invoice_idx on public.payments (invoice_id, organization_id) where invoice_id is not null;
create unique index payments_credit_entry_idx on public.payments (organization_id, credit_entry_id)
  where credit_entry_id is not null;
create index payments_bank_transaction_idx on public.payments (organization_id, bank_transaction_id)
  where bank_transaction_id is not null;
create unique index payments_are_reversed_once on public.payments (organization_id, reverses_payment_id)
  where reverses_payment_id is not null;
create index payments_date_idx on public.payments (organization_id, paid_on, id);

create table public.invoice_credits (
  credit_entry_id uuid primary key,
  organization_id uuid not null,
  invoice_line_id uuid not null,
  foreign key (organization_id, credit_entry_id)
    references public.credit_entries (organization_id, id) on delete restrict,
  foreign key (organization_id, invoice_line_id)
    references public.invoice_lines (organization_id, id) on delete restrict
);

comment on table public.invoice_credits is
  'Ledger entries that paid top-up lines became, and their reversals. Written by the database.';

create index invoice_credits_entry_idx on public.invoice_credits (organization_id, credit_entry_id);
create index invoice_credits_line_idx on public.invoice_credits (organization_id, invoice_line_id);

create table public.invoice_reminders (
  id uuid primary key default gen_random_uuid(),
  organization_id uuid not null,
  invoice_id uuid not null,
  level integer not null,
  fee_amount bigint not null default 0,
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  foreign key (organization_id, invoice_id)
    references public.invoices (organization_id, id) on delete restrict,
  constraint invoice_reminders_once_per_level unique (organization_id, invoice_id, level),
  constraint invoice_reminders_level_is_sensible check (level between 1 and 5),
  constraint invoice_reminders_fee_is_sensible check (fee_amount between 0 and 100000000)
);

comment on table public.invoice_reminders is 'Reminders of overdue invoices: one per level, never two.';
comment on column public.invoice_reminders.fee_amount is
  'Fee named in the reminder, minor units: billing_settings'' at that time.';
