-- The month for billing, in one statement's snapshot: nobody waits for a report, nor a report for anybody.

create function public.create_billing_report(
  period_start date,
  period_end date,
  organization_id uuid default null,
  idempotency_key text default null
)
returns public.billing_reports
language plpgsql
security definer -- definer because nobody is granted insert on reports
set search_path = ''
as $$
declare
  v_organization_id uuid := private.resolve_organization(organization_id);
  v_timezone text;
  v_from timestamptz;
  v_until timestamptz;
  v_answer jsonb;
  v_id uuid := gen_random_uuid();
  v_report public.billing_reports;
begin
  perform private.require_role(v_organization_id, 'owner', 'admin');
  if period_start is null or period_end is null or not isfinite(period_start) or not isfinite(period_end)
    or period_start not between date '2000-01-01' and date '2200-01-01'
    or period_end <= period_start or period_end - period_start > 366
  then
    perform private.fail(
      'invalid_argument', 'period_start and period_end (excluded) are an ordered period of at most 366 days.'
    );
  end if;

  v_answer := private.claim_idempotency_key(
    v_organization_id, 'create_billing_report', idempotency_key, jsonb_build_array(period_start, period_end)
  );
  if v_answer is not null then
    return jsonb_populate_record(null::public.billing_reports, v_answer);
  end if;

  select o.timezone into v_timezone from public.organizations as o where o.id = v_organization_id;
  v_from := period_start::timestamp at time zone v_timezone;
  v_until := period_end::timestamp at time zone v_timezone;

  -- Totals and lines come from one list of rows, in one statement: what is paid or finished meanwhile is in both
  -- or in neither.
  with counted as materialized (
    select
      a.id,
      a.starts_at,
      a.ends_at,
      a.practitioner_id,
      a.service_id,
      a.client_id,
      a.status,
      a.payment_status,
      a.price_amount,
      a.currency
    from public.appointments as a
    where a.organization_id = v_organization_id
      and a.starts_at >= v_from
      and a.starts_at < v_until
      and a.status in ('completed', 'no_show')
  ),
  total as (
    select
      c.currency,
      count(*) filter (where c.status = 'completed' and c.payment_status = 'unpaid') as unpaid_count,
      coalesce(sum(c.price_amount) filter (where c.status = 'completed' and c.payment_status = 'unpaid'), 0)
        as unpaid_amount,
      count(*) filter (where c.status = 'completed' and c.payment_status = 'paid') as paid_count,
      coalesce(sum(c.price_amount) filter (where c.status = 'completed' and c.payment_status = 'paid'), 0)
        as paid_amount,
      count(*) filter (where c.status = 'completed' and c.payment_status = 'invoiced') as invoiced_count,
      coalesce(sum(c.price_amount) filter (where c.status = 'completed' and c.payment_status = 'invoiced'), 0)
        as invoiced_amount,
      count(*) filter (where c.status = 'no_show') as no_show_count,
      coalesce(sum(c.price_amount) filter (where c.status = 'no_show'), 0) as no_show_amount
    from counted as c
    group by c.currency
  ),
  report as (
    insert into public.billing_reports
      (id, organization_id, period_start, period_end, timezone, line_count, totals, created_by)
    select
      v_id, v_organization_id, create_billing_report.period_start, create_billing_report.period_end, v_timezone,
      (select count(*) from counted),
      coalesce(
        jsonb_agg(
          jsonb_build_object(
            'currency', t.currency,
            'completed_unpaid', jsonb_build_object('count', t.unpaid_count, 'amount', t.unpaid_amount),
            'completed_paid', jsonb_build_object('count', t.paid_count, 'amount', t.paid_amount),
            'completed_invoiced', jsonb_build_object('count', t.invoiced_count, 'amount', t.invoiced_amount),
            'no_show', jsonb_build_object('count', t.no_show_count, 'amount', t.no_show_amount)
          )
          order by t.currency
        ),
        '[]'
      ),
      auth.uid()
    from total as t
    returning *
  ),
  line as (
    insert into public.billing_report_lines (
      report_id, line_number, organization_id, appointment_id, starts_at, ends_at, practitioner_id,
      practitioner_name, service_id, service_name, client_id, client_name, status, payment_status, price_amount,
      currency
    )
    select
      v_id,
      row_number() over (order by c.starts_at, c.id),
      v_organization_id,
      c.id,
      c.starts_at,
      c.ends_at,
      c.practitioner_id,
      p.display_name,
      c.service_id,
      s.name,
      c.client_id,
      concat_ws(' ', cl.given_name, cl.family_name),
      c.status,
      c.payment_status,
      c.price_amount,
      c.currency
    from counted as c
    join public.practitioners as p on p.id = c.practitioner_id
    join public.services as s on s.id = c.service_id
    join public.clients as cl on cl.id = c.client_id
  )
  select r.* into v_report from report as r;

  if idempotency_key is not null then
    perform private.store_idempotent_response(
      v_organization_id, 'create_billing_report', idempotency_key, to_jsonb(v_report)
    );
  end if;
  return v_report;
end
$$;

comment on function public.create_billing_report(date, date, uuid, text) is
  'Snapshots completed and missed appointments whose start lies in the local days [period_start, period_end), at most '
  '366. For owner and admin. Returns the report; lines are in billing_report_lines. Errors: invalid_argument, '
  'forbidden, not_found.';

grant execute on function public.create_billing_report(date, date, uuid, text) to authenticated;
