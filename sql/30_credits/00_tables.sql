-- The purse: an append-only ledger in lots, in one table. Each entry carries the account on: its number,
-- its balance and what is left in its lots. So the last entry is the account, nothing can disagree with
-- the ledger, and an entry inserted by hand in the dashboard is as safe as one from an RPC.

create type public.credit_entry_kind as enum ('top_up', 'adjustment', 'spend', 'refund', 'expiry');
comment on type public.credit_entry_kind is
  'top_up, refund: positive; spend, expiry: negative; adjustment: either, with a reason.';

create table public.credit_entries (
  id uuid primary key default private.create_id(),
  organization_id uuid not null,
  client_id uuid not null,
  kind public.credit_entry_kind not null,
  amount bigint not null,
  currency text not null,
  expires_at timestamptz,
  appointment_id uuid,
  reason text,
  balance_after_amount bigint not null default 0,
  number bigint not null default 0,
  overdraft_amount bigint not null default 0,
  lot_ids uuid[] not null default '{}',
  lot_amounts bigint[] not null default '{}',
  lot_expiries timestamptz[] not null default '{}',
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  unique (organization_id, id),
  foreign key (organization_id, client_id)
    references public.clients (organization_id, id) on delete restrict,
  constraint credit_entries_amount_is_sensible
    check (amount <> 0 and amount between -1000000000000 and 1000000000000),
  constraint credit_entries_currency_is_iso_4217 check (currency ~ '^[A-Z]{3}$'),
  constraint credit_entries_sign_fits_kind check (
    case when kind in ('top_up', 'refund') then amount > 0
      when kind in ('spend', 'expiry') then amount < 0
      else true
    end
  ),
  constraint credit_entries_only_new_credit_expires
    check (expires_at is null or (amount > 0 and kind <> 'refund' and isfinite(expires_at))),
  constraint credit_entries_spend_names_its_appointment
    check ((kind in ('spend', 'refund')) = (appointment_id is not null)),
  constraint credit_entries_adjustment_has_a_reason
    check (kind <> 'adjustment' or coalesce(length(btrim(reason)), 0) > 0),
  constraint credit_entries_reason_is_short check (length(reason) <= 500),
  constraint credit_entries_stay_above_the_overdraft check (balance_after_amount >= -overdraft_amount)
);

comment on table public.credit_entries is
  'The credit ledger: one row per movement, never changed or deleted. Corrections are new entries.';
comment on column public.credit_entries.amount is 'Signed, in minor units of `currency`.';
comment on column public.credit_entries.expires_at is
  'When this credit stops being spendable; null: never. Only for credit that is added.';
comment on column public.credit_entries.balance_after_amount is
  'Balance of the client''s account in this currency after this entry. Set by the database.';
comment on column public.credit_entries.number is
  'Order of the entries of one account, 1, 2, 3 … Set by the database.';
comment on column public.credit_entries.overdraft_amount is
  'How far below zero the account was allowed to go when it last went there (organization_settings); 0: it is not '
  'below zero. Set by the database.';
comment on column public.credit_entries.lot_ids is
  'The lots of the account after this entry: the entries that added what is left, in the order in which it is spent, '
  'earliest expiry first. What an entry took from a lot is the difference to the entry before. Set by the database.';
comment on column public.credit_entries.lot_amounts is 'What is left of each of `lot_ids`, in minor units: never 0.';
comment on column public.credit_entries.lot_expiries is 'When each of `lot_ids` expires; null: never.';
comment on column public.credit_entries.created_by is 'The user who caused it; null: the system.';

create unique index credit_entries_one_spend_per_appointment
  on public.credit_entries (appointment_id) where kind = 'spend';
create unique index credit_entries_one_refund_per_appointment
  on public.credit_entries (appointment_id) where kind = 'refund';
create unique index credit_entries_account_order
  on public.credit_entries (client_id, currency, number);
-- What the views begin with: the first entry of each account, and what opened a lot.
create index credit_entries_lots_idx on public.credit_entries (organization_id, client_id, currency, number)
  where amount > 0 or number = 1;
create index credit_entries_expiry_idx on public.credit_entries (expires_at, client_id, currency)
  where expires_at is not null;
