-- The ledger's own bookkeeping: an insert into credit_entries locks the account, retires expired lots,
-- and carries number, balance and lots on from the entry before. Invariants, of every entry:
--   balance_after_amount = sum of the account's amounts up to it
--   sum of lot_amounts = greatest(balance_after_amount, 0)

create function private.expired_credits(client_id uuid, currency text, at timestamptz)
returns bigint
language plpgsql
stable
set search_path = ''
as $$
begin
  return coalesce(
    (
      select sum(l.amount)
      from (
        select e.lot_amounts, e.lot_expiries
        from public.credit_entries as e
        where e.client_id = expired_credits.client_id and e.currency = expired_credits.currency
        order by e.number desc
        limit 1
      ) as last
      cross join unnest(last.lot_amounts, last.lot_expiries) as l (amount, expires_at)
      where l.expires_at <= at
    ),
    0
  )::bigint;
end
$$;

comment on function private.expired_credits(uuid, text, timestamptz) is
  'Credit in minor units that has expired but is still in the account: never spendable.';

create function private.return_to_lots(entry public.credit_entries, amount bigint)
returns public.credit_entries
language plpgsql
stable
set search_path = ''
as $$
begin
  -- Latest expiry first; the part that repays an overdraft stays with it.
  with taken as (
    select
      before.lot_id,
      lot.expires_at,
      lot.number,
      before.amount - coalesce(after.amount, 0) as amount
    from public.credit_entries as spend
    join public.credit_entries as previous
      on previous.client_id = spend.client_id
      and previous.currency = spend.currency
      and previous.number = spend.number - 1
    cross join unnest(previous.lot_ids, previous.lot_amounts) as before (lot_id, amount)
    left join unnest(spend.lot_ids, spend.lot_amounts) as after (lot_id, amount) on after.lot_id = before.lot_id
    join public.credit_entries as lot on lot.id = before.lot_id
    where spend.appointment_id = entry.appointment_id and spend.kind = 'spend'
  ),
  returned as (
    select
      t.lot_id,
      least(
        t.amount,
        return_to_lots.amount - sum(t.amount) over (order by t.expires_at desc, t.number desc) + t.amount
      ) as amount
    from taken as t
    where t.amount > 0
  ),
  lots as (
    select l.lot_id, sum(l.amount)::bigint as amount
    from (
      select r.lot_id, r.amount from returned as r where r.amount > 0
      union all
      select o.lot_id, o.amount from unnest(entry.lot_ids, entry.lot_amounts) as o (lot_id, amount)
    ) as l
    group by l.lot_id
  )
  select
    coalesce(array_agg(l.lot_id order by lot.expires_at, lot.number), '{}'),
    coalesce(array_agg(l.amount order by lot.expires_at, lot.number), '{}'),
    coalesce(array_agg(lot.expires_at order by lot.expires_at, lot.number), '{}')
  into entry.lot_ids, entry.lot_amounts, entry.lot_expiries
  from lots as l
  join public.credit_entries as lot on lot.id = l.lot_id;
  return entry;
end
$$;

comment on function private.return_to_lots(public.credit_entries, bigint) is
  'A refund with its amount back in the lots that the spend took from, as far as the spend took from any.';

create function private.tg_credit_entries__carry_on()
returns trigger
language plpgsql
security definer -- definer because the account does not depend on what the writer may read
set search_path = ''
as $$
declare
  v_before bigint;
  v_open bigint;
  v_place integer;
begin
  -- The account is locked until the transaction ends, so that its entries take turns.
  perform pg_advisory_xact_lock(hashtextextended(new.client_id::text, 5));
  loop
    -- Rows that the same statement inserted before are seen, too.
    select e.number + 1, e.balance_after_amount, e.overdraft_amount, e.lot_ids, e.lot_amounts, e.lot_expiries
    into new.number, v_before, new.overdraft_amount, new.lot_ids, new.lot_amounts, new.lot_expiries
    from public.credit_entries as e
    where e.client_id = new.client_id and e.currency = new.currency
    order by e.number desc
    limit 1;
    if not found then
      new.number := 1;
      v_before := 0;
      new.overdraft_amount := 0;
      new.lot_ids := '{}';
      new.lot_amounts := '{}';
      new.lot_expiries := '{}';
    end if;
    exit when new.kind = 'expiry' or (new.lot_expiries[1] <= now()) is not true;
    -- Credit that has expired leaves first, with entries of its own: as many as the largest amount asks for.
    insert into public.credit_entries (organization_id, client_id, kind, amount, currency)
    values (
      new.organization_id, new.client_id, 'expiry',
      -least(private.expired_credits(new.client_id, new.currency, now()), 1000000000000), new.currency
    );
  end loop;

  new.created_at := now();
  new.balance_after_amount := v_before + new.amount;
  v_open := abs(greatest(new.balance_after_amount, 0) - greatest(v_before, 0));
  if new.amount < 0 then
    if new.balance_after_amount < 0 then
      new.overdraft_amount := (
        select s.credit_overdraft_amount
        from public.organization_settings as s
        where s.organization_id = new.organization_id
      );
      if (new.balance_after_amount >= -new.overdraft_amount) is not true then
        perform private.fail(
          'insufficient_credits',
          'The unexpired credits do not cover this amount.',
          'Top up first, or pay in another way.'
        );
      end if;
    end if;
    -- What no lot covers is overdraft.
    while v_open >= new.lot_amounts[1] loop
      v_open := v_open - new.lot_amounts[1];
      new.lot_ids := new.lot_ids[2:];
      new.lot_amounts := new.lot_amounts[2:];
      new.lot_expiries := new.lot_expiries[2:];
    end loop;
    if v_open > 0 then
      new.lot_amounts[1] := new.lot_amounts[1] - v_open;
    end if;
    return new;
  end if;

  if new.balance_after_amount >= 0 then
    new.overdraft_amount := 0;
  end if;
  if new.kind = 'refund' then
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
    new := private.return_to_lots(new, v_open);
    v_open := new.balance_after_amount - (select coalesce(sum(l), 0) from unnest(new.lot_amounts) as l);
  end if;
  -- New credit is a lot of its own. So is a refund of what was overdraft that later credit repaid.
  if v_open > 0 then
    v_place := (
      select count(*)
      from unnest(new.lot_expiries) as l
      where new.expires_at is null or l <= new.expires_at
    );
    new.lot_ids := new.lot_ids[:v_place] || new.id || new.lot_ids[v_place + 1:];
    new.lot_amounts := new.lot_amounts[:v_place] || v_open || new.lot_amounts[v_place + 1:];
    new.lot_expiries := new.lot_expiries[:v_place] || new.expires_at || new.lot_expiries[v_place + 1:];
  end if;
  return new;
end
$$;

create trigger credit_entries_carry_on before insert on public.credit_entries
  for each row execute function private.tg_credit_entries__carry_on();
create trigger credit_entries_append_only before update or delete on public.credit_entries
  for each row execute function private.tg__refuse_change();
create trigger credit_entries_no_truncate before truncate on public.credit_entries
  for each statement execute function private.tg__refuse_change();
