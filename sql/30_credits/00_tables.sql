-- The purse: an append-only ledger in lots. `credit_entries` is the truth; accounts, lots and
-- allocations are derived from it by its own trigger, in the same transaction, and refuse any other
-- writer. So an entry inserted by hand in the dashboard is as safe as one from an RPC.

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
  constraint credit_entries_reason_is_short check (length(reason) <= 500)
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
comment on column public.credit_entries.created_by is 'The user who caused it; null: the system.';

create unique index credit_entries_one_spend_per_appointment
  on public.credit_entries (appointment_id) where kind = 'spend';
create unique index credit_entries_one_refund_per_appointment
  on public.credit_entries (appointment_id) where kind = 'refund';
create unique index credit_entries_account_order
  on public.credit_entries (client_id, currency, number);

create table public.credit_accounts (
  organization_id uuid not null,
  client_id uuid not null,
  currency text not null,
  balance_amount bigint not null default 0,
  last_number bigint not null default 0,
  overdraft_amount bigint not null default 0,
  primary key (client_id, currency),
  foreign key (organization_id, client_id)
    references public.clients (organization_id, id) on delete restrict,
  constraint credit_accounts_stay_above_the_overdraft
    check (balance_amount >= 0 or balance_amount >= -overdraft_amount)
);

comment on table public.credit_accounts is
  'Balance per client and currency: the sum of the ledger, kept by the ledger''s trigger. Its row is the lock '
  'that makes parallel spends take turns.';
comment on column public.credit_accounts.overdraft_amount is
  'How far below zero the account was allowed to go when it last went down (organization_settings).';

create index credit_accounts_organization_idx on public.credit_accounts (organization_id);

create table public.credit_lots (
  entry_id uuid primary key,
  organization_id uuid not null,
  client_id uuid not null,
  currency text not null,
  remaining_amount bigint not null,
  expires_at timestamptz,
  created_at timestamptz not null,
  number bigint not null,
  unique (organization_id, entry_id),
  foreign key (organization_id, entry_id)
    references public.credit_entries (organization_id, id) on delete restrict,
  constraint credit_lots_remaining_is_not_negative check (remaining_amount >= 0)
);

comment on table public.credit_lots is
  'What is left of each credit that was added (the entry of the same id). Spent earliest expiry first.';
comment on column public.credit_lots.remaining_amount is 'Unspent part in minor units.';

-- Without remaining_amount in a key or predicate, so that spending is a heap-only update.
create index credit_lots_account_idx on public.credit_lots (client_id, currency, expires_at, number);
create index credit_lots_expiry_idx on public.credit_lots (expires_at) where expires_at is not null;

create table public.credit_allocations (
  organization_id uuid not null,
  entry_id uuid not null,
  lot_id uuid not null,
  amount bigint not null,
  primary key (entry_id, lot_id),
  foreign key (organization_id, entry_id)
    references public.credit_entries (organization_id, id) on delete restrict,
  foreign key (organization_id, lot_id)
    references public.credit_lots (organization_id, entry_id) on delete restrict,
  constraint credit_allocations_amount_is_not_zero check (amount <> 0)
);

comment on table public.credit_allocations is
  'Which lots an entry took from (positive amount) or gave back to (negative amount, refunds). A lot that repays '
  'an overdraft takes from itself.';
