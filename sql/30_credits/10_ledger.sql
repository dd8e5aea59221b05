-- The ledger's own bookkeeping. An insert into credit_entries locks the account, retires expired
-- lots, numbers the entry, moves the balance and the lots. Invariants, after every statement:
--   account.balance_amount = sum of the account's entries
--   sum of the account's lots.remaining_amount = greatest(balance_amount, 0)

create function private.tg_credit_entries__number()
returns trigger
language plpgsql
security definer -- definer because accounts and lots are written by nobody but the ledger
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
declare
  v_expired bigint;
  v_has_account boolean := false;
begin
  loop
    -- Locks the account and moves it, as far as the settings allow.
    update public.credit_accounts as a
    set
      balance_amount = a.balance_amount + new.amount,
      last_number = a.last_number + 1,
      overdraft_amount = case when new.amount < 0 then s.credit_overdraft_amount else a.overdraft_amount end
    from public.organization_settings as s
    where a.client_id = new.client_id
      and a.currency = new.currency
      and s.organization_id = new.organization_id
      and (new.amount < 0 and a.balance_amount + new.amount < -s.credit_overdraft_amount) is not true
    returning a.balance_amount, a.last_number into new.balance_after_amount, new.number;

    if found then
      exit when new.kind = 'expiry';
      v_expired := private.expired_credits(new.client_id, new.currency, now());
      exit when v_expired = 0;
      -- Credit that has expired leaves first, with an entry of its own: one step back.
      update public.credit_accounts as a
      set balance_amount = a.balance_amount - new.amount, last_number = a.last_number - 1
      where a.client_id = new.client_id and a.currency = new.currency;
      insert into public.credit_entries (organization_id, client_id, kind, amount, currency)
      values (new.organization_id, new.client_id, 'expiry', -v_expired, new.currency);
    elsif v_has_account then
      perform private.fail(
        'insufficient_credits',
        'The unexpired credits do not cover this amount.',
        'Top up first, or pay in another way.'
      );
    else
      insert into public.credit_accounts (organization_id, client_id, currency)
      values (new.organization_id, new.client_id, new.currency)
      on conflict (client_id, currency) do nothing;
      v_has_account := true;
    end if;
  end loop;
  new.created_at := now();
  return new;
end
$$;

create function private.tg_credit_entries__allocate()
returns trigger
language plpgsql
security definer -- definer because accounts and lots are written by nobody but the ledger
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
declare
  v_before bigint := new.balance_after_amount - new.amount;
  v_open bigint := abs(greatest(new.balance_after_amount, 0) - greatest(v_before, 0));
  v_lot record;
  v_part bigint;
begin
  if new.amount < 0 then
    -- Earliest expiry first. Nearly always one lot holds it all: one statement.
    with lot as (
      update public.credit_lots as l
      set remaining_amount = l.remaining_amount - v_open
      where l.remaining_amount >= v_open
        and l.entry_id = (
          select f.entry_id
          from public.credit_lots as f
          where f.client_id = new.client_id and f.currency = new.currency and f.remaining_amount > 0
          order by f.expires_at, f.number
          limit 1
        )
      returning l.entry_id
    )
    insert into public.credit_allocations (organization_id, entry_id, lot_id, amount)
    select new.organization_id, new.id, lot.entry_id, v_open
    from lot;
    if found then
      return null;
    end if;
    -- What no lot covers is overdraft.
    for v_lot in
      select l.entry_id, l.remaining_amount
      from public.credit_lots as l
      where l.client_id = new.client_id and l.currency = new.currency and l.remaining_amount > 0
      order by l.expires_at, l.number
    loop
      exit when v_open = 0;
      v_part := least(v_open, v_lot.remaining_amount);
      update public.credit_lots as l
      set remaining_amount = l.remaining_amount - v_part
      where l.entry_id = v_lot.entry_id;
      insert into public.credit_allocations (organization_id, entry_id, lot_id, amount)
      values (new.organization_id, new.id, v_lot.entry_id, v_part);
      v_open := v_open - v_part;
    end loop;
    return null;
  end if;

  if new.kind = 'refund' then
    -- Back to the lots that the spend took from; the part that repays an overdraft stays with it.
    for v_lot in
      select l.entry_id, a.amount
      from public.credit_entries as e
      join public.credit_allocations as a on a.entry_id = e.id
      join public.credit_lots as l on l.entry_id = a.lot_id
      where e.appointment_id = new.appointment_id and e.kind = 'spend'
      order by l.expires_at desc, l.number desc
    loop
      exit when v_open = 0;
      v_part := least(v_open, v_lot.amount);
      update public.credit_lots as l
      set remaining_amount = l.remaining_amount + v_part
      where l.entry_id = v_lot.entry_id;
      insert into public.credit_allocations (organization_id, entry_id, lot_id, amount)
      values (new.organization_id, new.id, v_lot.entry_id, -v_part);
      v_open := v_open - v_part;
    end loop;
    -- The spend was overdraft that later credit repaid: the refund is new credit.
    if v_open > 0 then
      insert into public.credit_lots
        (entry_id, organization_id, client_id, currency, remaining_amount, created_at, number)
      values
        (new.id, new.organization_id, new.client_id, new.currency, v_open, new.created_at, new.number);
    end if;
    return null;
  end if;

  insert into public.credit_lots
    (entry_id, organization_id, client_id, currency, remaining_amount, expires_at, created_at, number)
  values (
    new.id, new.organization_id, new.client_id, new.currency, v_open, new.expires_at, new.created_at, new.number
  );
  if new.amount > v_open then
    insert into public.credit_allocations (organization_id, entry_id, lot_id, amount)
    values (new.organization_id, new.id, new.id, new.amount - v_open);
  end if;
  return null;
end
$$;

create function private.tg_credit_entries__check_refund()
returns trigger
language plpgsql
security definer -- definer because the rule reads the spend whatever the writer may see
set search_path = ''
as $$
begin
  if not exists (
    select 1
    from public.credit_entries as e
    where e.appointment_id = new.appointment_id
      and e.kind = 'spend'
      and e.client_id = new.client_id
      and e.currency = new.currency
      and e.amount = -new.amount
  ) then
    perform private.fail('invalid_state', 'A refund gives back exactly what this appointment was paid with.');
  end if;
  return new;
end
$$;

create function private.expired_credits(client_id uuid, currency text, at timestamptz)
returns bigint
language plpgsql
stable
set search_path = ''
as $$
begin
  return coalesce(
    (
      select sum(l.remaining_amount)
      from public.credit_lots as l
      where l.client_id = expired_credits.client_id
        and l.currency = expired_credits.currency
        and l.remaining_amount > 0
        and l.expires_at <= at
    ),
    0
  )::bigint;
end
$$;

comment on function private.expired_credits(uuid, text, timestamptz) is
  'Credit in minor units that has expired but is still in the account: never spendable.';

-- Triggers of one kind fire in the order of their names.
create trigger credit_entries_0_check_refund before insert on public.credit_entries
  for each row when (new.kind = 'refund') execute function private.tg_credit_entries__check_refund();
create trigger credit_entries_1_number before insert on public.credit_entries
  for each row execute function private.tg_credit_entries__number();
create trigger credit_entries_allocate after insert on public.credit_entries
  for each row execute function private.tg_credit_entries__allocate();

create trigger credit_entries_append_only before update or delete on public.credit_entries
  for each row execute function private.tg__refuse_change();
create trigger credit_entries_no_truncate before truncate on public.credit_entries
  for each statement execute function private.tg__refuse_change();
create trigger credit_accounts_derived before insert or update or delete on public.credit_accounts
  for each row when (pg_trigger_depth() = 0)
  execute function private.tg__refuse_direct_write('Insert a row into credit_entries.');
create trigger credit_accounts_no_truncate before truncate on public.credit_accounts
  for each statement execute function private.tg__refuse_change();
create trigger credit_lots_derived before insert or update or delete on public.credit_lots
  for each row when (pg_trigger_depth() = 0)
  execute function private.tg__refuse_direct_write('Insert a row into credit_entries.');
create trigger credit_lots_no_truncate before truncate on public.credit_lots
  for each statement execute function private.tg__refuse_change();
create trigger credit_allocations_derived before insert or update or delete on public.credit_allocations
  for each row when (pg_trigger_depth() = 0)
  execute function private.tg__refuse_direct_write('Insert a row into credit_entries.');
create trigger credit_allocations_no_truncate before truncate on public.credit_allocations
  for each statement execute function private.tg__refuse_change();

create function private.tg_credit_accounts__follow_entries()
returns trigger
language plpgsql
security definer -- definer because the rule reads the ledger whatever the writer may see
set search_path = ''
as $$
begin
  if not exists (
    select 1
    from public.credit_entries as e
    where e.client_id = new.client_id and e.currency = new.currency and e.number = new.last_number
  ) then
    perform private.fail('invalid_state', 'The balance of an account moves with an entry of the ledger only.');
  end if;
  return null;
end
$$;

comment on function private.tg_credit_accounts__follow_entries() is
  'At commit: the account''s last number is an entry''s. An insert that gives way to a conflict moved the account, '
  'but left no entry.';

create constraint trigger credit_accounts_follow_entries
  after update on public.credit_accounts
  deferrable initially deferred
  for each row when (new.last_number <> old.last_number)
  execute function private.tg_credit_accounts__follow_entries();
