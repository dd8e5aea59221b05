-- Paying an appointment with credits and giving that back; called by booking.

create function private.can_spend_credits(
  organization_id uuid, client_id uuid, amount bigint, currency text
)
returns boolean
language plpgsql
security definer -- definer because the answer does not depend on what the caller may read
set search_path = ''
as $$
declare
  v_available bigint;
  v_expires_at timestamptz;
begin
  -- The lock keeps the answer true until the transaction ends.
  perform pg_advisory_xact_lock(hashtextextended(client_id::text, 5));
  select e.balance_after_amount, e.lot_expiries[1] into v_available, v_expires_at
  from public.credit_entries as e
  where e.client_id = can_spend_credits.client_id and e.currency = can_spend_credits.currency
  order by e.number desc
  limit 1;
  if v_expires_at <= now() then
    v_available := v_available - private.expired_credits(client_id, currency, now());
  end if;
  if v_available >= amount then
    return true;
  end if;
  return coalesce(v_available, 0) - amount >= -(
    select s.credit_overdraft_amount
    from public.organization_settings as s
    where s.organization_id = can_spend_credits.organization_id
  );
end
$$;

comment on function private.can_spend_credits(uuid, uuid, bigint, text) is
  'Do unexpired credits, with the overdraft that the settings allow, cover the amount? Locks the account.';

create function private.spend_credits(
  organization_id uuid, client_id uuid, appointment_id uuid, amount bigint, currency text
)
returns void
language plpgsql
security definer -- definer because the ledger is written by nobody but functions
set search_path = ''
as $$
begin
  if amount > 0 then
    insert into public.credit_entries (organization_id, client_id, kind, amount, currency, appointment_id)
    values (organization_id, client_id, 'spend', -amount, currency, appointment_id);
  end if;
end
$$;

comment on function private.spend_credits(uuid, uuid, uuid, bigint, text) is
  'Pays an appointment, which is paid already, from the client''s lots. Error: insufficient_credits.';

create function private.refund_credits(appointment_id uuid)
returns void
language plpgsql
security definer -- definer because the ledger is written by nobody but functions
set search_path = ''
as $$
begin
  insert into public.credit_entries (organization_id, client_id, kind, amount, currency, appointment_id)
  select e.organization_id, e.client_id, 'refund', -e.amount, e.currency, e.appointment_id
  from public.credit_entries as e
  where e.appointment_id = refund_credits.appointment_id and e.kind = 'spend';
end
$$;

comment on function private.refund_credits(uuid) is
  'Returns what an appointment was paid with to the lots it came from, once. The appointment is refunded already.';

create function private.expire_credits(batch_size integer default 1000)
returns integer
language plpgsql
security definer -- definer because the ledger is written by nobody but functions
set search_path = ''
as $$
declare
  v_account record;
  v_expired bigint;
  v_count integer := 0;
begin
  for v_account in
    select last.organization_id, last.client_id, last.currency
    from (
      select distinct
        e.client_id,
        e.currency
      from public.credit_entries as e
      where e.expires_at <= now()
    ) as due
    cross join lateral (
      select e.*
      from public.credit_entries as e
      where e.client_id = due.client_id and e.currency = due.currency
      order by e.number desc
      limit 1
    ) as last
    where last.lot_expiries[1] <= now()
    order by last.client_id, last.currency
    limit batch_size
  loop
    -- Never waits, since it keeps the accounts of many clients: whoever has this one writes the entry with the next
    -- of its own, or the next run does.
    continue when not pg_try_advisory_xact_lock(hashtextextended(v_account.client_id::text, 5));
    v_expired := least(
      private.expired_credits(v_account.client_id, v_account.currency, now()), 1000000000000
    );
    if v_expired > 0 then
      insert into public.credit_entries (organization_id, client_id, kind, amount, currency)
      values (v_account.organization_id, v_account.client_id, 'expiry', -v_expired, v_account.currency);
      v_count := v_count + 1;
    end if;
  end loop;
  return v_count;
end
$$;

comment on function private.expire_credits(integer) is
  'Writes expiry entries for lots past their time; returns how many accounts changed. Only for tidy statements: '
  'expired credit is unspendable before this runs. Run by the scheduler.';

grant execute on function private.expire_credits(integer) to service_role;
