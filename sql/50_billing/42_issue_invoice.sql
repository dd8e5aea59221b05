-- From draft to invoice, and how an invoice is withdrawn or corrected.

create function public.issue_invoice(
  invoice_id uuid, issued_on date default null, idempotency_key text default null
)
returns public.invoices
language plpgsql
security definer -- definer because invoices are written by functions
set search_path = ''
as $$
declare
  v_invoice public.invoices := private.require_invoice(invoice_id, 'owner', 'admin', 'receptionist');
  v_answer jsonb;
  v_unready uuid;
begin
  perform private.require_date(issued_on, 'issued_on');
  v_answer := private.claim_idempotency_key(
    v_invoice.organization_id, 'issue_invoice', idempotency_key, jsonb_build_array(invoice_id, issued_on)
  );
  if v_answer is not null then
    return jsonb_populate_record(null::public.invoices, v_answer);
  end if;
  if v_invoice.issued_at is not null then
    perform private.fail('invalid_state', format('This invoice is %s.', v_invoice.status));
  end if;

  -- Everything that can be refused comes before the number.
  perform 1
  from public.appointments as a
  where a.organization_id = v_invoice.organization_id and a.invoice_id = v_invoice.id
  order by a.id
  for update;
  select a.id into v_unready
  from public.appointments as a
  where a.organization_id = v_invoice.organization_id
    and a.invoice_id = v_invoice.id
    and (a.payment_status <> 'unpaid' or a.status not in ('completed', 'no_show'))
  limit 1;
  if found then
    perform private.fail(
      'invalid_state', format('Appointment %s is no longer to be invoiced.', v_unready), 'Delete its line.'
    );
  end if;

  update public.invoices as i
  set issued_at = now(), issued_on = issue_invoice.issued_on
  where i.id = v_invoice.id
  returning i.* into v_invoice;

  if idempotency_key is not null then
    perform private.store_idempotent_response(
      v_invoice.organization_id, 'issue_invoice', idempotency_key, to_jsonb(v_invoice)
    );
  end if;
  return v_invoice;
end
$$;

comment on function public.issue_invoice(uuid, date, text) is
  'Numbers a draft, gapless per organization, series and year; from then on it never changes, and its appointments '
  'are invoiced. issued_on: today, or an earlier day that is not before the last number''s. For owner, admin, '
  'receptionist. Errors: invalid_state, invalid_argument, not_found, forbidden.';

create function public.void_invoice(invoice_id uuid, reason text, idempotency_key text default null)
returns public.invoices
language plpgsql
security definer -- definer because invoices are written by functions
set search_path = ''
as $$
declare
  v_invoice public.invoices := private.require_invoice(invoice_id, 'owner', 'admin');
  v_answer jsonb;
begin
  perform private.require_text(reason, 'reason', 500);
  v_answer := private.claim_idempotency_key(
    v_invoice.organization_id, 'void_invoice', idempotency_key, jsonb_build_array(invoice_id, reason)
  );
  if v_answer is not null then
    return jsonb_populate_record(null::public.invoices, v_answer);
  end if;
  if v_invoice.voided_at is not null then
    perform private.fail('invalid_state', 'This invoice is void.');
  end if;

  -- The invoice's own trigger knows what may be void.
  update public.invoices as i
  set voided_at = now(), voided_by = auth.uid(), void_reason = btrim(reason)
  where i.id = v_invoice.id
  returning i.* into v_invoice;

  if idempotency_key is not null then
    perform private.store_idempotent_response(
      v_invoice.organization_id, 'void_invoice', idempotency_key, to_jsonb(v_invoice)
    );
  end if;
  return v_invoice;
end
$$;

comment on function public.void_invoice(uuid, text, text) is
  'Withdraws an issued, unpaid invoice: it keeps its number, its appointments are unpaid again. For owner and admin. '
  'Errors: invalid_state (draft, paid, corrected), invalid_argument, not_found, forbidden.';

create function private.lock_with_corrections(invoice_ids uuid[])
returns void
language plpgsql
security definer -- definer because it decides for callers who may not read the invoices
set search_path = ''
as $$
begin
  perform 1
  from public.invoices as i
  where i.id in (
    select unnest(invoice_ids)
    union
    select n.corrects_invoice_id from public.invoices as n where n.id = any (invoice_ids)
    union
    select n.id
    from public.invoices as n
    join public.invoices as c on c.organization_id = n.organization_id and c.id = n.corrects_invoice_id
    where c.id = any (invoice_ids)
  )
  order by i.id
  for update;
end
$$;

comment on function private.lock_with_corrections(uuid[]) is
  'Locks invoices, by id, with those that correct them and those that they correct.';

create function private.offset_credit_notes(invoice_id uuid)
returns void
language plpgsql
security definer -- definer because payments are written by functions
set search_path = ''
as $$
declare
  v_note public.invoices;
  v_invoice public.invoices;
  v_offset bigint;
  v_today date;
begin
  for v_note in
    select n.*
    from public.invoices as n
    join public.invoices as i on i.organization_id = n.organization_id and i.id = n.corrects_invoice_id
    where offset_credit_notes.invoice_id in (n.id, i.id) and n.issued_at is not null and n.open_amount < 0
    order by n.id
  loop
    select i.* into v_invoice from public.invoices as i where i.id = v_note.corrects_invoice_id;
    v_offset := least(v_invoice.open_amount, -v_note.open_amount);
    continue when v_offset <= 0;
    v_today := private.local_day(v_note.organization_id);
    insert into public.payments (organization_id, invoice_id, amount, currency, method, paid_on, note)
    values
      (v_note.organization_id, v_invoice.id, v_offset, v_note.currency, 'offset', v_today, v_note.number),
      (v_note.organization_id, v_note.id, -v_offset, v_note.currency, 'offset', v_today, v_invoice.number);
  end loop;
end
$$;

comment on function private.offset_credit_notes(uuid) is
  'What is open on an invoice is settled by what is open on its credit notes; the caller has locked them.';

create function public.create_credit_note(
  invoice_id uuid,
  reason text,
  line_ids uuid[] default null,
  idempotency_key text default null
)
returns public.invoices
language plpgsql
security definer -- definer because invoices are written by functions
set search_path = ''
as $$
declare
  v_invoice public.invoices := private.require_invoice(invoice_id, 'owner', 'admin');
  v_answer jsonb;
  v_ids uuid[];
  v_note public.invoices;
begin
  perform private.require_text(reason, 'reason', 500);
  v_answer := private.claim_idempotency_key(
    v_invoice.organization_id, 'create_credit_note', idempotency_key, jsonb_build_array(invoice_id, reason, line_ids)
  );
  if v_answer is not null then
    return jsonb_populate_record(null::public.invoices, v_answer);
  end if;
  if v_invoice.kind <> 'invoice' or v_invoice.status in ('draft', 'void') then
    perform private.fail('invalid_state', 'Only an issued invoice is corrected by a credit note.');
  end if;
  v_ids := array(
    select l.id
    from public.invoice_lines as l
    where l.invoice_id = v_invoice.id
      and (line_ids is null or l.id = any (line_ids))
      and not private.is_line_credited(l.id)
    order by l.position
  );
  if v_ids = '{}' or cardinality(v_ids) < cardinality(line_ids) then
    perform private.fail('invalid_state', 'These lines are not this invoice''s, or credited already.');
  end if;

  insert into public.invoices (
    organization_id, client_id, payer_id, kind, series, currency, locale, prices_include_tax, note,
    corrects_invoice_id, created_by
  )
  values (
    v_invoice.organization_id, v_invoice.client_id, v_invoice.payer_id, 'credit_note', 'credit', v_invoice.currency,
    v_invoice.locale, v_invoice.prices_include_tax, btrim(reason), v_invoice.id, auth.uid()
  )
  returning * into v_note;
  insert into public.invoice_lines (
    organization_id, invoice_id, position, description, quantity, unit, unit_price_amount, discount_percent,
    tax_rate, tax_category, corrects_line_id, performed_on
  )
  select
    l.organization_id, v_note.id, row_number() over (order by l.position), l.description, -l.quantity, l.unit,
    l.unit_price_amount, l.discount_percent, l.tax_rate, l.tax_category, l.id, l.performed_on
  from public.invoice_lines as l
  where l.id = any (v_ids);

  perform 1
  from public.appointments as a
  where a.organization_id = v_invoice.organization_id and a.invoice_id = v_invoice.id
  order by a.id
  for update;
  -- Sessions that nobody has to pay any more can be invoiced anew; paid ones are given back.
  update public.appointments as a
  set
    payment_status = case a.payment_status when 'paid' then 'refunded' else 'unpaid' end::public.payment_status,
    invoice_id = case a.payment_status when 'paid' then a.invoice_id end
  from public.invoice_lines as l
  where l.id = any (v_ids)
    and a.organization_id = l.organization_id
    and a.id = l.appointment_id
    and a.invoice_id = v_invoice.id
    and a.payment_status in ('paid', 'invoiced');

  update public.invoices as i set issued_at = now() where i.id = v_note.id returning i.* into v_note;
  -- What the client still owed is settled by it; the rest is to be paid out.
  perform private.offset_credit_notes(v_note.id);
  select i.* into v_note from public.invoices as i where i.id = v_note.id;

  if idempotency_key is not null then
    perform private.store_idempotent_response(
      v_invoice.organization_id, 'create_credit_note', idempotency_key, to_jsonb(v_note)
    );
  end if;
  return v_note;
end
$$;

comment on function public.create_credit_note(uuid, text, uuid[], text) is
  'Takes lines of an issued invoice back (all, unless line_ids names some) by an issued credit note. What was unpaid '
  'is settled by it; what was paid is open on the credit note until record_payment pays it out. For owner and admin. '
  'Errors: invalid_state, insufficient_credits (a top-up that is spent), invalid_argument, not_found, forbidden.';

grant execute on function public.issue_invoice(uuid, date, text) to authenticated;
grant execute on function public.void_invoice(uuid, text, text) to authenticated;
grant execute on function public.create_credit_note(uuid, text, uuid[], text) to authenticated;
