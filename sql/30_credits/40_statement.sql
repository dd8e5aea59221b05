-- What clients and staff read: balances and the statement.

create view public.credit_accounts
with (security_invoker = true)
as
select
  f.organization_id,
  f.client_id,
  f.currency,
  last.balance_after_amount as balance_amount,
  last.number as last_number,
  last.overdraft_amount
from public.credit_entries as f
cross join lateral (
  select
    e.balance_after_amount,
    e.number,
    e.overdraft_amount
  from public.credit_entries as e
  where e.client_id = f.client_id and e.currency = f.currency
  order by e.number desc
  limit 1
) as last
where f.number = 1;

comment on view public.credit_accounts is
  'Balance per client and currency, in minor units: that of the last entry, which is the sum of the ledger. '
  'overdraft_amount: how far below zero the account was allowed to go when it last went there (organization_settings); '
  '0: it is not below zero.';

create view public.credit_lots
with (security_invoker = true)
as
select
  e.id as entry_id,
  e.organization_id,
  e.client_id,
  e.currency,
  e.expires_at,
  e.created_at,
  e.number,
  coalesce(
    (
      select l.amount
      from (
        select
          o.lot_ids,
          o.lot_amounts
        from public.credit_entries as o
        where o.client_id = e.client_id and o.currency = e.currency
        order by o.number desc
        limit 1
      ) as last
      cross join unnest(last.lot_ids, last.lot_amounts) as l (lot_id, amount)
      where l.lot_id = e.id
    ),
    0
  ) as remaining_amount
from public.credit_entries as e
where e.amount > 0 and (e.kind <> 'refund' or e.id = any (e.lot_ids));

comment on view public.credit_lots is
  'What is left of each credit that was added (the entry of the same id), in minor units. Spent earliest expiry first.';

-- Without these the refusal would be one of views, not of the ledger.
create trigger credit_accounts_derived instead of insert or update or delete on public.credit_accounts
  for each row execute function private.tg__refuse_change();
create trigger credit_lots_derived instead of insert or update or delete on public.credit_lots
  for each row execute function private.tg__refuse_change();

create view public.credit_balances
with (security_invoker = true)
as
select
  f.organization_id,
  f.client_id,
  f.currency,
  last.balance_after_amount as balance_amount,
  last.balance_after_amount - case
    when last.lot_expiries[1] <= now()
      then (
        select sum(l.amount)::bigint
        from unnest(last.lot_amounts, last.lot_expiries) as l (amount, expires_at)
        where l.expires_at <= now()
      )
    else 0
  end as available_amount
from public.credit_entries as f
cross join lateral (
  select
    e.balance_after_amount,
    e.lot_amounts,
    e.lot_expiries
  from public.credit_entries as e
  where e.client_id = f.client_id and e.currency = f.currency
  order by e.number desc
  limit 1
) as last
where f.number = 1;

comment on view public.credit_balances is
  'Per client and currency, in minor units: balance_amount is the sum of the ledger, available_amount what can '
  'be spent now (without credit that has expired but was not yet written off).';

create function public.credit_statement(
  client_id uuid,
  currency text default null,
  before bigint default null,
  page_size integer default 50
)
returns setof public.credit_entries
language plpgsql
stable
set search_path = ''
as $$
begin
  if page_size is null or page_size not between 1 and 1000 then
    perform private.fail('invalid_argument', 'page_size is between 1 and 1000.');
  end if;
  return query
  select e.*
  from public.credit_entries as e
  where e.client_id = credit_statement.client_id
    and (credit_statement.currency is null or e.currency = credit_statement.currency)
    and (credit_statement.before is null or e.number < credit_statement.before)
  order by e.number desc, e.currency
  limit page_size;
end
$$;

comment on function public.credit_statement(uuid, text, bigint, integer) is
  'The ledger of a client, newest first, with the running balance in balance_after_amount. Next page: pass the '
  'last row''s number as `before`, with the currency. RLS decides whose.';

grant execute on function public.credit_statement(uuid, text, bigint, integer) to authenticated;
