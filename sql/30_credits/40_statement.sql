-- What clients and staff read: balances and the statement.

create view public.credit_balances
with (security_invoker = true)
as
select
  a.organization_id,
  a.client_id,
  a.currency,
  a.balance_amount,
  a.balance_amount - private.expired_credits(a.client_id, a.currency, now()) as available_amount
from public.credit_accounts as a;

comment on view public.credit_balances is
  'Per client and currency, in minor units: balance_amount is the sum of the ledger, available_amount what can '
  'be spent now (without credit that has expired but was not yet written off).';

grant execute on function private.expired_credits(uuid, text, timestamptz) to authenticated, service_role;

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
