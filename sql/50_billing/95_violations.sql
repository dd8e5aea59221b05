-- What must be true of invoices and payments, as queries that find nothing (private.violations asks them).

create function private.billing_violations(only_organization_id uuid default null)
returns table (invariant text, organization_id uuid, record_id uuid, detail text)
language sql
stable
security definer -- definer because invariants span what no single caller may read
set search_path = ''
as $$
  with invoice as (
    select i.*
    from public.invoices as i
    where only_organization_id is null or i.organization_id = only_organization_id
  ),
  line as (
    select l.invoice_id, sum(l.net_amount) as net, sum(l.tax_amount) as tax, sum(l.gross_amount) as gross
    from public.invoice_lines as l
    where only_organization_id is null or l.organization_id = only_organization_id
    group by l.invoice_id
  ),
  paid as (
    select p.invoice_id, sum(p.amount) as amount
    from public.payments as p
    where p.invoice_id is not null and (only_organization_id is null or p.organization_id = only_organization_id)
    group by p.invoice_id
  )
  select 'invoice_numbers_are_gapless', n.organization_id, null::uuid,
    format('%s %s: %s numbers up to %s, counter %s', n.series, n.year, n.count, n.last, c.last_number)
  from (
    select i.organization_id, i.series, i.year, count(*) as count, max(i.sequence) as last
    from invoice as i
    where i.issued_at is not null
    group by i.organization_id, i.series, i.year
  ) as n
  left join private.invoice_counters as c
    on c.organization_id = n.organization_id and c.series = n.series and c.year = n.year
  where n.count <> n.last or n.last is distinct from c.last_number
  union all
  select 'invoice_is_sum_of_lines', i.organization_id, i.id,
    format('%s + %s = %s, lines %s', i.net_amount, i.tax_amount, i.total_amount, coalesce(l.gross, 0))
  from invoice as i
  left join line as l on l.invoice_id = i.id
  where (i.net_amount, i.tax_amount, i.total_amount) is distinct from
    (coalesce(l.net, 0)::bigint, coalesce(l.tax, 0)::bigint, coalesce(l.gross, 0)::bigint)
  union all
  select 'invoice_is_paid_by_payments', i.organization_id, i.id,
    format('%s: paid %s, payments %s', i.status, i.paid_amount, coalesce(p.amount, 0))
  from invoice as i
  left join paid as p on p.invoice_id = i.id
  where i.paid_amount <> coalesce(p.amount, 0)
    or (i.status = 'paid') <> (i.issued_at is not null and i.voided_at is null and i.paid_amount = i.total_amount)
    or (i.status in ('draft', 'void') and i.paid_amount <> 0)
  union all
  select 'invoice_and_appointment_agree', a.organization_id, a.id,
    format('%s on an invoice that is %s', a.payment_status, coalesce(i.status::text, 'missing'))
  from public.appointments as a
  left join invoice as i on i.id = a.invoice_id
  where a.invoice_id is not null
    and (only_organization_id is null or a.organization_id = only_organization_id)
    and (
      i.id is null
      or not exists (
        select 1 from public.invoice_lines as l where l.invoice_id = i.id and l.appointment_id = a.id
      )
      or (a.payment_status, i.status = 'draft', i.status = 'paid') not in (
        ('unpaid', true, false), ('paid', false, true), ('invoiced', false, false),
        ('refunded', false, true), ('refunded', false, false)
      )
      or i.status = 'void'
    )
  union all
  select 'appointment_is_invoiced_once', l.organization_id, l.appointment_id, format('%s lines', count(*))
  from public.invoice_lines as l
  join invoice as i on i.id = l.invoice_id
  where l.appointment_id is not null and i.status <> 'void' and not private.is_line_credited(l.id)
  group by l.organization_id, l.appointment_id
  having count(*) > 1
  union all
  select 'credits_follow_paid_invoices', l.organization_id, l.id,
    format('%s: credits %s of %s', i.status, coalesce(sum(e.amount), 0), l.credit_amount)
  from public.invoice_lines as l
  join invoice as i on i.id = l.invoice_id
  left join public.invoice_credits as ic on ic.invoice_line_id = l.id
  left join public.credit_entries as e on e.id = ic.credit_entry_id
  where l.credit_amount is not null
  group by l.organization_id, l.id, l.credit_amount, i.status
  having coalesce(sum(e.amount), 0) <>
    case when i.status = 'paid' and not private.is_line_credited(l.id) then l.credit_amount else 0 end
$$;

comment on function private.billing_violations(uuid) is 'Broken invariants of invoices and payments: none.';
