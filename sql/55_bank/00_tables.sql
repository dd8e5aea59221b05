-- Lines of bank statements, each once, and what they were matched with.

create type public.bank_transaction_status as enum ('unmatched', 'suggested', 'matched', 'ignored');
comment on type public.bank_transaction_status is
  'suggested: a person decides, also when only a part was matched; matched: all of it is; ignored: not for us. '
  'Derived.';

create table public.bank_transactions (
  id uuid primary key default private.create_id(),
  organization_id uuid not null,
  bank_account_id uuid not null,
  booked_on date not null,
  valued_on date,
  amount bigint not null,
  currency text not null,
  variable_symbol text,
  constant_symbol text,
  specific_symbol text,
  counterparty text,
  counterparty_account text,
  message text,
  reference text,
  bank_reference text,
  is_reversal boolean not null default false,
  source text not null,
  dedupe_key bytea not null,
  status public.bank_transaction_status not null default 'unmatched',
  matched_amount bigint not null default 0,
  suggestions jsonb not null default '[]',
  ignored_at timestamptz,
  ignored_by uuid,
  ignore_reason text,
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (organization_id, id),
  foreign key (organization_id, bank_account_id)
    references public.bank_accounts (organization_id, id) on delete restrict,
  constraint bank_transactions_are_imported_once unique (bank_account_id, dedupe_key),
  constraint bank_transactions_amount_is_sensible
    check (amount <> 0 and amount between -100000000000000 and 100000000000000),
  constraint bank_transactions_currency_is_iso_4217 check (currency ~ '^[A-Z]{3}$'),
  constraint bank_transactions_dates_are_sensible check (
    booked_on between date '2000-01-01' and date '2200-01-01'
    and valued_on between date '2000-01-01' and date '2200-01-01'
  ),
  constraint bank_transactions_variable_symbol_is_a_number check (variable_symbol ~ '^[1-9][0-9]{0,9}$'),
  constraint bank_transactions_text_is_short check (
    length(constant_symbol) <= 10 and length(specific_symbol) <= 10 and length(counterparty) <= 200
    and length(counterparty_account) <= 60 and length(message) <= 1000 and length(reference) <= 140
    and length(bank_reference) <= 140 and length(source) between 1 and 40 and length(ignore_reason) <= 500
  ),
  constraint bank_transactions_matched_is_within_amount
    check (matched_amount between least(amount, 0) and greatest(amount, 0)),
  constraint bank_transactions_ignored_is_dated check ((status = 'ignored') = (ignored_at is not null)),
  constraint bank_transactions_matched_is_whole check ((status = 'matched') = (matched_amount = amount))
);

comment on table public.bank_transactions is
  'Lines of bank statements, imported once however often the statement comes. What the bank said never changes.';
comment on column public.bank_transactions.booked_on is 'Day on which the bank booked it; payments count from it.';
comment on column public.bank_transactions.valued_on is 'Day from which the bank counts interest.';
comment on column public.bank_transactions.source is 'Format of the statement that it came by, or the bank''s API.';
comment on column public.bank_transactions.amount is 'Minor units of `currency`; negative: money that left.';
comment on column public.bank_transactions.variable_symbol is 'Payment reference as a number, without leading zeros.';
comment on column public.bank_transactions.counterparty is 'Name of the other side, as the bank tells it.';
comment on column public.bank_transactions.reference is 'End-to-end or creditor reference.';
comment on column public.bank_transactions.bank_reference is 'The bank''s own id of the movement, where it has one.';
comment on column public.bank_transactions.dedupe_key is
  'SHA-256 of bank_reference, day and amount, or, without one, of the whole line; and of its place among equal ones of '
  'its statement.';
comment on column public.bank_transactions.matched_amount is
  'Sum of its payments, in minor units. Written by the database.';
comment on column public.bank_transactions.suggestions is
  'Ranked: [{invoice_id, number, open_amount, currency, score, reasons}]; reasons: variable_symbol, number_in_message, '
  'amount, amount_differs, already_paid, name, date, other_account.';

create index bank_transactions_organization_idx on public.bank_transactions (organization_id, booked_on desc, id);
create index bank_transactions_account_idx on public.bank_transactions (organization_id, bank_account_id, booked_on);
create index bank_transactions_undecided_idx on public.bank_transactions (organization_id, id)
  where status in ('unmatched', 'suggested');

alter table public.payments
  add foreign key (organization_id, bank_transaction_id)
  references public.bank_transactions (organization_id, id) on delete restrict;

create table private.bank_syncs (
  bank_account_id uuid primary key references public.bank_accounts (id) on delete cascade,
  requested_at timestamptz not null,
  synced_at timestamptz,
  last_day date
);

comment on table private.bank_syncs is 'When a bank''s API was last asked for an account, and how far it was read.';

alter table private.bank_syncs enable row level security;

create function private.name_key(name text)
returns text
language plpgsql
immutable
set search_path = ''
as $$
begin
  return (
    select string_agg(w.word, ' ' order by w.word)
    from (
      select distinct m.match[1] as word
      from regexp_matches(private.normalize_search(name), '[a-z0-9]{2,}', 'g') as m (match)
    ) as w
  );
end
$$;

comment on function private.name_key(text) is
  'The words of a name in alphabetical order, without accents and case: NOVÁK Jan and Jan Novak are the same.';

grant execute on function private.name_key(text) to authenticated, service_role;

create index invoices_open_name_idx on public.invoices (organization_id, private.name_key(payer ->> 'name'))
  where status in ('issued', 'sent', 'overdue') and kind = 'invoice';

-- Guards ----------------------------------------------------------------------------------------------

create function private.tg_bank_transactions__guard_insert()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  new.status := 'unmatched';
  new.matched_amount := 0;
  new.suggestions := '[]';
  new.ignored_at := null;
  new.ignored_by := null;
  new.ignore_reason := null;
  -- A line written by hand is a line of its own.
  new.dedupe_key := coalesce(new.dedupe_key, extensions.digest(new.id::text, 'sha256'));
  return new;
end
$$;

create function private.tg_bank_transactions__guard_update()
returns trigger
language plpgsql
security definer -- definer because the rule adds payments up whatever the writer may see
set search_path = ''
as $$
declare
  v_free constant text[] := array[
    'status', 'matched_amount', 'suggestions', 'ignored_at', 'ignored_by', 'ignore_reason', 'updated_at'
  ];
begin
  if to_jsonb(new) - v_free is distinct from to_jsonb(old) - v_free then
    perform private.fail('invalid_state', 'What the bank said never changes.');
  end if;
  new.updated_at := now();
  new.matched_amount := (
    select coalesce(sum(p.amount), 0)
    from public.payments as p
    where p.organization_id = new.organization_id and p.bank_transaction_id = new.id
  );
  if new.ignored_at is not null and new.matched_amount <> 0 then
    perform private.fail('invalid_state', 'This line is matched.', 'Unmatch it first.');
  end if;
  if new.matched_amount = new.amount or new.ignored_at is not null then
    new.suggestions := '[]';
  end if;
  new.status := case
    when new.ignored_at is not null then 'ignored'
    when new.matched_amount = new.amount then 'matched'
    when new.matched_amount <> 0 or new.suggestions <> '[]' then 'suggested'
    else 'unmatched'
  end;
  return new;
end
$$;

create trigger bank_transactions_guard_insert before insert on public.bank_transactions
  for each row execute function private.tg_bank_transactions__guard_insert();
create trigger bank_transactions_guard_update before update on public.bank_transactions
  for each row execute function private.tg_bank_transactions__guard_update();
create trigger bank_transactions_never_deleted before delete on public.bank_transactions
  for each row execute function private.tg__refuse_change();
create trigger bank_transactions_no_truncate before truncate on public.bank_transactions
  for each statement execute function private.tg__refuse_change();

create function private.tg_payments__guard_bank()
returns trigger
language plpgsql
security definer -- definer because the rule reads the bank line whatever the writer may see
set search_path = ''
as $$
declare
  v_line public.bank_transactions;
begin
  select t.* into v_line
  from public.bank_transactions as t
  where t.id = new.bank_transaction_id and t.organization_id = new.organization_id
  for update;
  if not found then
    return new; -- the foreign key answers
  end if;
  if v_line.currency <> new.currency then
    perform private.fail(
      'invalid_argument', format('The bank line is in %s, the invoice in %s.', v_line.currency, new.currency)
    );
  end if;
  if v_line.ignored_at is not null
    or v_line.matched_amount + new.amount not between least(v_line.amount, 0) and greatest(v_line.amount, 0)
  then
    perform private.fail(
      'invalid_state', format('Only %s is left of this bank line.', v_line.amount - v_line.matched_amount)
    );
  end if;
  return new;
end
$$;

create function private.tg_payments__apply_bank()
returns trigger
language plpgsql
security definer -- definer because nobody is granted update of what is matched
set search_path = ''
as $$
begin
  -- The line's own trigger adds its payments up.
  update public.bank_transactions as t set updated_at = now() where t.id = new.bank_transaction_id;
  return null;
end
$$;

-- Before the invoice's guard: a bank line is always locked before its invoice.
create trigger payments_0_guard_bank before insert on public.payments
  for each row when (new.bank_transaction_id is not null) execute function private.tg_payments__guard_bank();
create trigger payments_apply_bank after insert on public.payments
  for each row when (new.bank_transaction_id is not null) execute function private.tg_payments__apply_bank();
