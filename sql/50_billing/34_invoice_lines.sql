-- Lines: written while the invoice is a draft, computed by one rule, and claiming their appointment.

create function private.tg_invoice_lines__guard()
returns trigger
language plpgsql
security definer -- definer because the rule reads the invoice whatever the writer may see
set search_path = ''
as $$
declare
  v_invoice_id uuid := case when tg_op = 'INSERT' then new.invoice_id else old.invoice_id end;
  v_issued_at timestamptz;
begin
  -- Locked, so that no line changes while the invoice is being issued. Gone: it is deleted, lines and all.
  select i.issued_at into v_issued_at from public.invoices as i where i.id = v_invoice_id for no key update;
  if v_issued_at is not null then
    perform private.fail(
      'invalid_state', 'Lines of an issued invoice never change.', 'Correct it by a credit note, or void it.'
    );
  end if;
  if tg_op = 'DELETE' then
    return old;
  end if;
  if tg_op = 'UPDATE' and (new.invoice_id, new.organization_id) is distinct from (old.invoice_id, old.organization_id)
  then
    perform private.fail('invalid_state', 'A line stays with its invoice.', 'Delete it and write a new one.');
  end if;
  return new;
end
$$;

create function private.tg_invoice_lines__claim()
returns trigger
language plpgsql
security definer -- definer because nobody is granted update of an appointment's invoice
set search_path = ''
as $$
begin
  if tg_op <> 'INSERT' and old.appointment_id is not null
    and (tg_op = 'DELETE' or new.appointment_id is distinct from old.appointment_id)
  then
    update public.appointments as a set invoice_id = null
    where a.id = old.appointment_id and a.invoice_id = old.invoice_id;
  end if;
  if tg_op <> 'DELETE' and new.appointment_id is not null
    and (tg_op = 'INSERT' or new.appointment_id is distinct from old.appointment_id)
  then
    update public.appointments as a set invoice_id = new.invoice_id
    where a.id = new.appointment_id and a.invoice_id is null;
    if not found then
      perform private.fail(
        'invalid_state', format('Appointment %s is on an invoice already.', new.appointment_id),
        'Delete that draft or void that invoice first.'
      );
    end if;
  end if;
  return null;
end
$$;

create function private.compute_invoices(invoice_ids uuid[])
returns void
language plpgsql
security definer -- definer because amounts are granted to nobody
set search_path = ''
as $$
begin
  -- Price × quantity − discount is rounded once per line, half away from zero. Tax is rounded on the running
  -- sum of each rate, so that the lines' tax adds up to the tax of their sum. A line that takes another back
  -- has its amounts, negative.
  with base as (
    select
      l.id,
      l.invoice_id,
      l.position,
      l.tax_category,
      l.tax_rate,
      i.prices_include_tax,
      l.corrects_line_id,
      -- A factor, because a quotient of large numbers is itself rounded, before round() sees it.
      round(l.quantity * l.unit_price_amount * (100 - l.discount_percent) * 0.01) as amount
    from public.invoice_lines as l
    join public.invoices as i on i.id = l.invoice_id
    where l.invoice_id = any (invoice_ids) and i.issued_at is null
  ),
  running as (
    select
      b.*,
      sum(b.amount) over (
        partition by b.invoice_id, b.tax_category, b.tax_rate order by b.position
      ) as until_here,
      -- As many places as tell any amount from a half: the quotient has at least its divisor's.
      case when b.prices_include_tax then 100 + b.tax_rate else 100 end::numeric(18, 12) as divisor
    from base as b
    where b.corrects_line_id is null
  ),
  taxed as (
    select
      r.id,
      r.prices_include_tax,
      r.amount,
      -- Multiplied before it is divided, or the half of a minor unit is missed by a hair.
      round(r.until_here * r.tax_rate / r.divisor)
      - round((r.until_here - r.amount) * r.tax_rate / r.divisor) as tax
    from running as r
  ),
  computed as (
    select
      t.id,
      case when t.prices_include_tax then t.amount - t.tax else t.amount end as net,
      t.tax,
      case when t.prices_include_tax then t.amount else t.amount + t.tax end as gross
    from taxed as t
    union all
    select b.id, -c.net_amount, -c.tax_amount, -c.gross_amount
    from base as b
    join public.invoice_lines as c on c.id = b.corrects_line_id
  )
  update public.invoice_lines as l
  set net_amount = c.net, tax_amount = c.tax, gross_amount = c.gross
  from computed as c
  where l.id = c.id
    and (l.net_amount, l.tax_amount, l.gross_amount) is distinct from (c.net::bigint, c.tax::bigint, c.gross::bigint);

  -- The invoice's own trigger adds the lines up.
  update public.invoices as i set updated_at = now() where i.id = any (invoice_ids) and i.issued_at is null;
end
$$;

comment on function private.compute_invoices(uuid[]) is
  'Computes lines and totals of drafts. The one rule of rounding: docs/architecture.md, Rounding.';

create function private.tg_invoice_lines__compute_new()
returns trigger
language plpgsql
security definer -- definer because amounts are granted to nobody
set search_path = ''
as $$
declare
  v_ids uuid[] := array(select distinct n.invoice_id from new_lines as n);
begin
  -- What compute_invoices itself writes comes here again, at a depth of its own.
  if v_ids <> '{}' and pg_trigger_depth() < 2 then
    perform private.compute_invoices(v_ids);
  end if;
  return null;
end
$$;

create function private.tg_invoice_lines__compute_old()
returns trigger
language plpgsql
security definer -- definer because amounts are granted to nobody
set search_path = ''
as $$
declare
  v_ids uuid[] := array(select distinct o.invoice_id from old_lines as o);
begin
  if v_ids <> '{}' then
    perform private.compute_invoices(v_ids);
  end if;
  return null;
end
$$;

create trigger invoice_lines_guard before insert or update or delete on public.invoice_lines
  for each row execute function private.tg_invoice_lines__guard();
create trigger invoice_lines_claim after insert or update or delete on public.invoice_lines
  for each row execute function private.tg_invoice_lines__claim();
create trigger invoice_lines_compute_inserted after insert on public.invoice_lines
  referencing new table as new_lines
  for each statement execute function private.tg_invoice_lines__compute_new();
create trigger invoice_lines_compute_updated after update on public.invoice_lines
  referencing new table as new_lines
  for each statement execute function private.tg_invoice_lines__compute_new();
create trigger invoice_lines_compute_deleted after delete on public.invoice_lines
  referencing old table as old_lines
  for each statement execute function private.tg_invoice_lines__compute_old();
create trigger invoice_lines_no_truncate before truncate on public.invoice_lines
  for each statement execute function private.tg__refuse_change();
