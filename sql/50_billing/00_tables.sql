-- Completed facts become money owed: a report is a snapshot of a period, immutable once made.

create table public.billing_reports (
  id uuid primary key default gen_random_uuid(),
  organization_id uuid not null references public.organizations (id) on delete restrict,
  period_start date not null,
  period_end date not null,
  timezone text not null,
  line_count integer not null,
  totals jsonb not null,
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  unique (organization_id, id),
  constraint billing_reports_period_is_ordered check (period_end > period_start)
);

comment on table public.billing_reports is
  'Snapshots of a period for billing, made by create_billing_report and never changed afterwards.';
comment on column public.billing_reports.period_start is 'First local day of the organization, included.';
comment on column public.billing_reports.period_end is 'Local day after the last one: excluded.';
comment on column public.billing_reports.timezone is 'The organization''s zone when the report was made.';
comment on column public.billing_reports.totals is
  'One object per currency: {currency, completed_unpaid, completed_paid, completed_invoiced, no_show}, each '
  '{count, amount} in minor units.';

create index billing_reports_organization_idx on public.billing_reports (organization_id, created_at);

create table public.billing_report_lines (
  report_id uuid not null,
  line_number integer not null,
  organization_id uuid not null,
  appointment_id uuid not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  practitioner_id uuid not null,
  practitioner_name text not null,
  service_id uuid not null,
  service_name text not null,
  client_id uuid not null,
  client_name text not null,
  status public.appointment_status not null,
  payment_status public.payment_status not null,
  price_amount bigint not null,
  currency text not null,
  primary key (report_id, line_number),
  foreign key (organization_id, report_id)
    references public.billing_reports (organization_id, id) on delete restrict
);

comment on table public.billing_report_lines is
  'One completed or missed appointment each, as it was when the report was made; names are copies.';
comment on column public.billing_report_lines.line_number is 'Position by start, 1, 2, 3 …: the key to page by.';
comment on column public.billing_report_lines.price_amount is 'Minor units of `currency`.';

create index billing_report_lines_report_idx on public.billing_report_lines (organization_id, report_id);

create trigger billing_reports_immutable before update or delete on public.billing_reports
  for each row execute function private.tg__refuse_change();
create trigger billing_reports_no_truncate before truncate on public.billing_reports
  for each statement execute function private.tg__refuse_change();
create trigger billing_report_lines_immutable before update or delete on public.billing_report_lines
  for each row execute function private.tg__refuse_change();
create trigger billing_report_lines_no_truncate before truncate on public.billing_report_lines
  for each statement execute function private.tg__refuse_change();

create function private.tg_billing_report_lines__same_transaction()
returns trigger
language plpgsql
security definer -- definer because the rule reads the report whatever the writer may see
set search_path = ''
as $$
begin
  if exists (
    select 1
    from new_lines as l
    join public.billing_reports as r on r.id = l.report_id
    where r.created_at <> now()
  ) then
    perform private.fail(
      'invalid_state', 'A report is complete once it is made.', 'Make a new report of the period.'
    );
  end if;
  return null;
end
$$;

create trigger billing_report_lines_same_transaction after insert on public.billing_report_lines
  referencing new table as new_lines
  for each statement execute function private.tg_billing_report_lines__same_transaction();

create function private.tg_billing_reports__is_whole()
returns trigger
language plpgsql
security definer -- definer because the rule reads the lines whatever the writer may see
set search_path = ''
as $$
begin
  if new.line_count <> (
    select count(*)
    from public.billing_report_lines as l
    where l.organization_id = new.organization_id and l.report_id = new.id
  ) then
    perform private.fail(
      'invalid_state', 'A report has as many lines as it says.', 'Make it with create_billing_report.'
    );
  end if;
  return null;
end
$$;

create constraint trigger billing_reports_are_whole after insert on public.billing_reports
  deferrable initially deferred
  for each row execute function private.tg_billing_reports__is_whole();

create view public.billing_report_summaries
with (security_invoker = true)
as
select
  l.organization_id,
  l.report_id,
  l.practitioner_id,
  l.practitioner_name,
  l.service_id,
  l.service_name,
  l.client_id,
  l.client_name,
  l.currency,
  count(*) filter (where l.status = 'completed' and l.payment_status = 'unpaid') as completed_unpaid_count,
  coalesce(sum(l.price_amount) filter (where l.status = 'completed' and l.payment_status = 'unpaid'), 0)::bigint
    as completed_unpaid_amount,
  count(*) filter (where l.status = 'completed' and l.payment_status = 'paid') as completed_paid_count,
  coalesce(sum(l.price_amount) filter (where l.status = 'completed' and l.payment_status = 'paid'), 0)::bigint
    as completed_paid_amount,
  count(*) filter (where l.status = 'completed' and l.payment_status = 'invoiced') as completed_invoiced_count,
  coalesce(sum(l.price_amount) filter (where l.status = 'completed' and l.payment_status = 'invoiced'), 0)::bigint
    as completed_invoiced_amount,
  count(*) filter (where l.status = 'no_show') as no_show_count,
  coalesce(sum(l.price_amount) filter (where l.status = 'no_show'), 0)::bigint as no_show_amount
from public.billing_report_lines as l
group by
  l.organization_id, l.report_id, l.practitioner_id, l.practitioner_name, l.service_id, l.service_name,
  l.client_id, l.client_name, l.currency;

comment on view public.billing_report_summaries is
  'Lines of a report per practitioner, service, client and currency; amounts in minor units.';
