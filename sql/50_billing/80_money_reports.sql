-- Reports on money, for owner and admin. Amounts are minor units, one row per currency; days are local
-- days of the organization, both ends included.

create function private.require_period(from_date date, to_date date)
returns void
language plpgsql
immutable
set search_path = ''
as $$
begin
  perform private.require_date(from_date, 'from_date', is_required => true);
  perform private.require_date(to_date, 'to_date', is_required => true);
  if to_date < from_date or to_date - from_date > 3660 then
    perform private.fail('invalid_argument', 'from_date and to_date are an ordered period of at most ten years.');
  end if;
end
$$;

create function public.debtors_report(organization_id uuid default null, as_of date default null)
returns json
language plpgsql
stable
security definer -- definer because the report sums what it has checked the role for
set search_path = ''
as $$
declare
  v_organization_id uuid := private.resolve_organization(organization_id);
  v_as_of date;
begin
  perform private.require_role(v_organization_id, 'owner', 'admin');
  perform private.require_date(as_of, 'as_of');
  v_as_of := coalesce(as_of, private.local_day(v_organization_id));
  return (
    with owed as (
      select
        i.client_id,
        i.payer_id,
        min(i.payer ->> 'name') as name,
        i.currency,
        i.due_on,
        -- What was open on that day: later payments do not count yet.
        i.total_amount - coalesce(sum(p.amount) filter (where p.paid_on <= v_as_of), 0) as amount
      from public.invoices as i
      left join public.payments as p on p.organization_id = i.organization_id and p.invoice_id = i.id
      where i.organization_id = v_organization_id
        and i.kind = 'invoice'
        and i.issued_on <= v_as_of
        and (i.voided_at is null or private.local_day(v_organization_id, i.voided_at) > v_as_of)
      group by i.id
    ),
    summed as (
      select
        o.client_id,
        o.payer_id,
        min(o.name) as name,
        o.currency,
        count(*) as invoice_count,
        min(o.due_on) as oldest_due_on,
        sum(o.amount) as total,
        sum(o.amount) filter (where o.due_on >= v_as_of) as not_due,
        sum(o.amount) filter (where v_as_of - o.due_on between 1 and 30) as days_1_30,
        sum(o.amount) filter (where v_as_of - o.due_on between 31 and 60) as days_31_60,
        sum(o.amount) filter (where v_as_of - o.due_on between 61 and 90) as days_61_90,
        sum(o.amount) filter (where v_as_of - o.due_on > 90) as days_over_90
      from owed as o
      where o.amount > 0
      group by o.client_id, o.payer_id, o.currency
    )
    select coalesce(json_agg(json_build_object(
      'client_id', s.client_id, 'payer_id', s.payer_id, 'name', s.name, 'currency', s.currency,
      'invoice_count', s.invoice_count, 'oldest_due_on', s.oldest_due_on, 'total_amount', s.total,
      'not_due_amount', coalesce(s.not_due, 0), 'days_1_30_amount', coalesce(s.days_1_30, 0),
      'days_31_60_amount', coalesce(s.days_31_60, 0), 'days_61_90_amount', coalesce(s.days_61_90, 0),
      'days_over_90_amount', coalesce(s.days_over_90, 0)
    ) order by s.currency, s.total desc, s.name), '[]')
    from summed as s
  );
end
$$;

comment on function public.debtors_report(uuid, date) is
  'Who owes what on a day (default today), by age of the debt: a JSON array of {client_id, payer_id, name, currency, '
  'invoice_count, oldest_due_on, total_amount, not_due_amount, days_1_30_amount, days_31_60_amount, days_61_90_amount, '
  'days_over_90_amount}. For owner and admin. Errors: forbidden, not_found.';

create function public.tax_report(from_date date, to_date date, organization_id uuid default null)
returns json
language plpgsql
stable
security definer -- definer because the report sums what it has checked the role for
set search_path = ''
as $$
declare
  v_organization_id uuid := private.resolve_organization(organization_id);
begin
  perform private.require_role(v_organization_id, 'owner', 'admin');
  perform private.require_period(from_date, to_date);
  return (
    select coalesce(json_agg(json_build_object(
      'currency', t.currency, 'tax_category', t.tax_category, 'tax_rate', t.tax_rate::text,
      'document_count', t.documents, 'net_amount', t.net, 'tax_amount', t.tax, 'gross_amount', t.gross
    ) order by t.currency, t.tax_rate desc, t.tax_category), '[]')
    from (
      select
        i.currency,
        l.tax_category,
        l.tax_rate,
        count(distinct i.id) as documents,
        sum(l.net_amount) as net,
        sum(l.tax_amount) as tax,
        sum(l.gross_amount) as gross
      from public.invoices as i
      join public.invoice_lines as l on l.organization_id = i.organization_id and l.invoice_id = i.id
      where i.organization_id = v_organization_id
        and i.issued_at is not null
        and i.voided_at is null
        and i.supplied_on between from_date and to_date
      group by i.currency, l.tax_category, l.tax_rate
    ) as t
  );
end
$$;

comment on function public.tax_report(date, date, uuid) is
  'VAT recap of a period by date of supply, credit notes included: a JSON array of {currency, tax_category, tax_rate, '
  'document_count, net_amount, tax_amount, gross_amount}. For owner and admin. Errors: invalid_argument, forbidden, '
  'not_found.';

create function public.revenue_report(from_date date, to_date date, organization_id uuid default null)
returns json
language plpgsql
stable
security definer -- definer because the report sums what it has checked the role for
set search_path = ''
as $$
declare
  v_organization_id uuid := private.resolve_organization(organization_id);
  v_timezone text;
begin
  perform private.require_role(v_organization_id, 'owner', 'admin');
  perform private.require_period(from_date, to_date);
  v_timezone := (select o.timezone from public.organizations as o where o.id = v_organization_id);
  return (
    select coalesce(json_agg(json_build_object(
      'month', t.month, 'practitioner_id', t.practitioner_id, 'practitioner_name', p.display_name,
      'service_id', t.service_id, 'service_name', s.name, 'currency', t.currency, 'session_count', t.sessions,
      'amount', t.amount, 'paid_amount', t.paid, 'invoiced_amount', t.invoiced, 'unpaid_amount', t.unpaid
    ) order by t.month, p.display_name, s.name, t.currency), '[]')
    from (
      select
        to_char(a.starts_at at time zone v_timezone, 'YYYY-MM') as month,
        a.practitioner_id,
        a.service_id,
        a.currency,
        count(*) as sessions,
        sum(a.price_amount) as amount,
        coalesce(sum(a.price_amount) filter (where a.payment_status = 'paid'), 0) as paid,
        coalesce(sum(a.price_amount) filter (where a.payment_status = 'invoiced'), 0) as invoiced,
        coalesce(sum(a.price_amount) filter (where a.payment_status = 'unpaid'), 0) as unpaid
      from public.appointments as a
      where a.organization_id = v_organization_id
        and a.status in ('completed', 'no_show')
        and a.payment_status <> 'refunded'
        and a.starts_at >= from_date::timestamp at time zone v_timezone
        and a.starts_at < (to_date + 1)::timestamp at time zone v_timezone
      group by 1, 2, 3, 4
    ) as t
    join public.practitioners as p on t.practitioner_id = p.id
    join public.services as s on t.service_id = s.id
  );
end
$$;

comment on function public.revenue_report(date, date, uuid) is
  'Completed and missed sessions of a period, without refunded ones, by month, practitioner, service: a JSON array of '
  '{month, practitioner_id, practitioner_name, service_id, service_name, currency, session_count, amount, paid_amount, '
  'invoiced_amount, unpaid_amount}. For owner and admin. Errors: invalid_argument, forbidden, not_found.';

grant execute on function public.debtors_report(uuid, date) to authenticated;
grant execute on function public.tax_report(date, date, uuid) to authenticated;
grant execute on function public.revenue_report(date, date, uuid) to authenticated;

create view public.cash_movements
with (security_invoker = true)
as
select
  p.organization_id,
  p.id as payment_id,
  p.paid_on,
  p.method,
  p.amount,
  p.currency,
  i.number as invoice_number,
  p.note,
  p.bank_transaction_id,
  p.reverses_payment_id,
  p.created_at,
  coalesce(i.payer ->> 'name', concat_ws(' ', c.given_name, c.family_name)) as name
from public.payments as p
left join public.invoices as i on p.invoice_id = i.id
left join public.credit_entries as e on p.credit_entry_id = e.id
left join public.clients as c on e.client_id = c.id
where p.method <> 'offset';

comment on view public.cash_movements is
  'Every movement of money: income positive, money paid out or reversed negative. Order it by paid_on and payment_id.';
