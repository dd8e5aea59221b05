-- Open invoices of one organization, and nothing paid on them: `bench.invoices` of 5,000 payers, at the
-- few prices that a practice has. Run as a superuser with triggers off; check.sql and the database's
-- own checks prove afterwards that the triggers would have agreed.

insert into public.invoice_series (organization_id, code, kind, digit)
select id, 'main', 'invoice', 1 from bench.organizations where n = 1;

insert into private.invoice_counters (organization_id, series, year, last_number)
select id, 'main', extract(year from current_date), current_setting('bench.invoices')::integer
from bench.organizations
where n = 1;

insert into public.bank_accounts (organization_id, name, account_number, currency)
select id, 'Main', '19-2000145399/0800', 'CZK' from bench.organizations where n = 1;

create table bench.invoices as
select
  private.create_id() as id, o.id as organization_id, c.id as client_id, k as i,
  -- One to eight sessions at one of twenty prices.
  (60000 + 5000 * (k * 7 % 20)) * (1 + k % 8) as amount,
  to_char(current_date, 'YY') || '1' || lpad(k::text, 6, '0') as number,
  (array['Jan', 'Eva', 'Petr', 'Marie', 'Tomáš', 'Lucie', 'Jiří', 'Hana', 'Karel', 'Věra'])[1 + k % 10]
  || ' Novák' || k % 5000 / 10 as name
from bench.organizations as o
cross join generate_series(1, current_setting('bench.invoices')::integer) as k
join bench.clients as c on c.organization_id = o.id and c.i = k % 300
where o.n = 1;

insert into public.invoices (
  id, organization_id, client_id, status, year, sequence, number, variable_symbol, issued_on, due_on, supplied_on,
  currency, locale, prices_include_tax, net_amount, total_amount, supplier, payer, bank_account, issued_at
)
select
  id, organization_id, client_id, 'issued', extract(year from current_date), i, number, number, current_date,
  current_date + i % 30, current_date, 'CZK', 'cs', true, amount, amount, '{"name": "Practice 1"}',
  jsonb_build_object('name', name), '{"account_number": "19-2000145399/0800"}', now()
from bench.invoices;

insert into public.invoice_lines (
  organization_id, invoice_id, position, description, unit_price_amount, net_amount, gross_amount
)
select organization_id, id, 1, 'Session', amount, amount, amount from bench.invoices;
