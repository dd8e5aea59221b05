-- Lines: written while the invoice is a draft, computed by one rule, and claiming their appointment. Each
-- statement is looked at once, at its end: a hundred lines take one lock of their invoice, one update of
-- their appointments and one computation.

create type private.line_claim as (invoice_id uuid, appointment_id uuid);
comment on type private.line_claim is 'What a line charges, before or after a statement.';

create function private.lock_drafts(invoice_ids uuid[])
returns void
language plpgsql
security definer -- definer because the rule reads the invoice whatever the writer may see
set search_path = ''
as $$
declare
  v_has_issued boolean;
begin
  -- Locked, so that no line changes while the invoice is being issued; by id, so that statements over several
  -- invoices take turns. Gone: it is deleted, lines and all.
  select bool_or(locked.issued_at is not null) into v_has_issued
  from (
    select i.issued_at from public.invoices as i where i.id = any (invoice_ids) order by i.id for no key update
  ) as locked;
  if v_has_issued then
    perform private.fail(
      'invalid_state', 'Lines of an issued invoice never change.', 'Correct it by a credit note, or void it.'
    );
  end if;
end
$$;

create function private.move_claims(old_claims private.line_claim[], new_claims private.line_claim[])
returns void
language plpgsql
security definer -- definer because nobody is granted update of an appointment's invoice
set search_path = ''
-- For a few lines, planning anew takes longer than all else.
set plan_cache_mode = force_generic_plan
as $$
declare
  v_released private.line_claim[];
  v_claimed private.line_claim[];
  v_taken_id uuid;
begin
  -- Nearly every statement leaves the claims as they are, that of compute_invoices above all.
  if old_claims = new_claims then
    return;
  end if;
  v_released := array(
    select row(c.invoice_id, c.appointment_id)::private.line_claim
    from (select * from unnest(old_claims) except all select * from unnest(new_claims)) as c
    where c.appointment_id is not null
  );
  v_claimed := array(
    select row(c.invoice_id, c.appointment_id)::private.line_claim
    from (select * from unnest(new_claims) except all select * from unnest(old_claims)) as c
    where c.appointment_id is not null
  );
  if v_released = '{}' and v_claimed = '{}' then
    return;
  end if;
  perform 1
  from public.appointments as a
  where a.id in (select c.appointment_id from unnest(v_released || v_claimed) as c)
  order by a.id
  for no key update;
  update public.appointments as a set invoice_id = null
  from unnest(v_released) as r
  where a.id = r.appointment_id and a.invoice_id = r.invoice_id;

  select c.appointment_id into v_taken_id
  from unnest(v_claimed) as c
  left join public.appointments as a on a.id = c.appointment_id and a.invoice_id is null
  group by c.appointment_id
  having count(a.id) <> 1
  order by c.appointment_id
  limit 1;
  if found then
    perform private.fail(
      'invalid_state', format('Appointment %s is on an invoice already.', v_taken_id),
      'Delete that draft or void that invoice first.'
    );
  end if;
  update public.appointments as a set invoice_id = c.invoice_id
  from unnest(v_claimed) as c
  where a.id = c.appointment_id;
end
$$;

comment on function private.move_claims(private.line_claim[], private.line_claim[]) is
  'Appointments that lines no longer charge are on no invoice, those that they charge now are on theirs. Error: '
  'invalid_state, when one is on an invoice already or charged twice.';

create function private.compute_invoices(invoice_ids uuid[])
returns void
language plpgsql
security definer -- definer because amounts are granted to nobody
set search_path = ''
set plan_cache_mode = force_generic_plan -- as for claims
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

create function private.tg_invoice_lines__stay()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  perform private.fail('invalid_state', 'A line stays with its invoice.', 'Delete it and write a new one.');
  return null;
end
$$;

create function private.tg_invoice_lines__follow()
returns trigger
language plpgsql
security definer -- definer because appointments and amounts follow whatever the writer may write
set search_path = ''
as $$
declare
  v_old private.line_claim[] := '{}';
  v_new private.line_claim[] := '{}';
  v_invoice_ids uuid[];
begin
  if tg_op <> 'INSERT' then
    v_old := array(select row(o.invoice_id, o.appointment_id)::private.line_claim from old_lines as o);
  end if;
  if tg_op <> 'DELETE' then
    v_new := array(select row(n.invoice_id, n.appointment_id)::private.line_claim from new_lines as n);
  end if;
  v_invoice_ids := array(select distinct c.invoice_id from unnest(v_old || v_new) as c);
  if v_invoice_ids = '{}' then
    return null;
  end if;
  perform private.lock_drafts(v_invoice_ids);
  perform private.move_claims(v_old, v_new);
  -- What compute_invoices itself writes comes here again, at a depth of its own.
  if pg_trigger_depth() < 2 then
    perform private.compute_invoices(v_invoice_ids);
  end if;
  return null;
end
$$;

comment on function private.tg_invoice_lines__follow() is
  'After each statement that writes lines: refuses those of issued invoices, moves claims on appointments, computes '
  'the drafts anew.';

create trigger invoice_lines_stay before update on public.invoice_lines
  for each row when ((new.invoice_id, new.organization_id) is distinct from (old.invoice_id, old.organization_id))
  execute function private.tg_invoice_lines__stay();
create trigger invoice_lines_follow_insert after insert on public.invoice_lines
  referencing new table as new_lines
  for each statement execute function private.tg_invoice_lines__follow();
create trigger invoice_lines_follow_update after update on public.invoice_lines
  referencing old table as old_lines new table as new_lines
  for each statement execute function private.tg_invoice_lines__follow();
create trigger invoice_lines_follow_delete after delete on public.invoice_lines
  referencing old table as old_lines
  for each statement execute function private.tg_invoice_lines__follow();
create trigger invoice_lines_no_truncate before truncate on public.invoice_lines
  for each statement execute function private.tg__refuse_change();
