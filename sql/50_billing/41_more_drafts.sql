-- More ways to a draft: a billing report, a top-up of credits; and changing one.

create function public.create_invoices_from_report(billing_report_id uuid, idempotency_key text default null)
returns setof public.invoices
language plpgsql
security definer -- definer because invoices are written by functions
set search_path = ''
as $$
declare
  v_organization_id uuid;
  v_answer jsonb;
  v_payer record;
  v_invoice public.invoices;
  v_invoices public.invoices[] := '{}';
begin
  select r.organization_id into v_organization_id
  from public.billing_reports as r
  where r.id = create_invoices_from_report.billing_report_id;
  perform private.require_staff(v_organization_id, 'report', 'owner', 'admin');

  v_answer := private.claim_idempotency_key(
    v_organization_id, 'create_invoices_from_report', idempotency_key, jsonb_build_array(billing_report_id)
  );
  if v_answer is not null then
    return query select * from jsonb_populate_recordset(null::public.invoices, v_answer);
    return;
  end if;

  -- What the report counted and is still unpaid and uninvoiced; one draft per payer and currency.
  for v_payer in
    select
      cp.payer_id,
      case when cp.payer_id is null then a.client_id end as client_id,
      a.currency,
      array_agg(a.id order by a.starts_at, a.id) as appointment_ids
    from public.billing_report_lines as l
    join public.appointments as a on a.id = l.appointment_id
    left join public.client_payers as cp on cp.client_id = a.client_id
    where l.report_id = create_invoices_from_report.billing_report_id
      and a.status = 'completed'
      and a.payment_status = 'unpaid'
      and a.invoice_id is null
      and a.price_amount > 0
    group by 1, 2, 3
    order by 1, 2, 3
  loop
    insert into public.invoices (organization_id, client_id, payer_id, billing_report_id, currency, created_by)
    values (
      v_organization_id, v_payer.client_id, v_payer.payer_id, create_invoices_from_report.billing_report_id,
      v_payer.currency, auth.uid()
    )
    returning * into v_invoice;
    perform private.add_appointment_lines(v_invoice, v_payer.appointment_ids);
    select i.* into v_invoice from public.invoices as i where i.id = v_invoice.id;
    v_invoices := v_invoices || v_invoice;
  end loop;

  if idempotency_key is not null then
    perform private.store_idempotent_response(
      v_organization_id, 'create_invoices_from_report', idempotency_key, to_jsonb(v_invoices)
    );
  end if;
  return query select * from unnest(v_invoices);
end
$$;

comment on function public.create_invoices_from_report(uuid, text) is
  'Drafts for what a billing report counted as completed and is still unpaid: one per payer and currency. For owner '
  'and admin. Returns the drafts. Errors: not_found, forbidden.';

create function public.create_top_up_invoice(
  client_id uuid,
  amount bigint,
  due_on date default null,
  currency text default null,
  idempotency_key text default null
)
returns public.invoices
language plpgsql
security definer -- definer because invoices are written by functions
set search_path = ''
as $$
declare
  v_client public.clients := private.require_client(client_id, 'owner', 'admin', 'receptionist');
  v_currency text;
  v_answer jsonb;
  v_invoice public.invoices;
begin
  if amount is null or amount not between 1 and 1000000000000 then
    perform private.fail('invalid_argument', 'amount is between 1 and 10^12 minor units.');
  end if;
  perform private.require_date(due_on, 'due_on');
  v_currency := private.resolve_currency(currency, v_client.organization_id);

  v_answer := private.claim_idempotency_key(
    v_client.organization_id, 'create_top_up_invoice', idempotency_key,
    jsonb_build_array(client_id, amount, due_on, currency)
  );
  if v_answer is not null then
    return jsonb_populate_record(null::public.invoices, v_answer);
  end if;

  insert into public.invoices (organization_id, client_id, due_on, currency, created_by)
  values (v_client.organization_id, v_client.id, due_on, v_currency, auth.uid())
  returning * into v_invoice;
  insert into public.invoice_lines (
    organization_id, invoice_id, position, description, unit_price_amount, tax_category, credit_amount
  )
  values (
    v_invoice.organization_id, v_invoice.id, 1,
    case v_invoice.locale
      when 'cs' then 'Dobití kreditu'
      when 'de' then 'Aufladung des Guthabens'
      when 'da' then 'Optankning af saldo'
      else 'Credit top-up'
    end,
    amount, 'out_of_scope', amount
  );
  select i.* into v_invoice from public.invoices as i where i.id = v_invoice.id;

  if idempotency_key is not null then
    perform private.store_idempotent_response(
      v_client.organization_id, 'create_top_up_invoice', idempotency_key, to_jsonb(v_invoice)
    );
  end if;
  return v_invoice;
end
$$;

comment on function public.create_top_up_invoice(uuid, bigint, date, text, text) is
  'A draft for a top-up of credits: they are added once, when the invoice is paid. For owner, admin, receptionist. '
  'Errors: invalid_argument, not_found, forbidden.';

create function public.update_invoice(
  invoice_id uuid,
  lines jsonb default null,
  due_on date default null,
  payer_id uuid default null,
  note text default null,
  locale text default null,
  supplied_on date default null,
  prices_include_tax boolean default null,
  idempotency_key text default null
)
returns public.invoices
language plpgsql
security definer -- definer because invoices are written by functions
set search_path = ''
as $$
declare
  v_invoice public.invoices := private.require_invoice(invoice_id, 'owner', 'admin', 'receptionist');
  v_answer jsonb;
begin
  perform private.require_date(due_on, 'due_on');
  perform private.require_date(supplied_on, 'supplied_on');
  perform private.require_text(note, 'note', 2000, shortest => 0);
  if locale not in ('cs', 'en', 'de', 'da') then
    perform private.fail('invalid_argument', 'locale is cs, en, de or da.');
  end if;
  perform private.require_payer(payer_id, v_invoice.organization_id);
  v_answer := private.claim_idempotency_key(
    v_invoice.organization_id, 'update_invoice', idempotency_key,
    jsonb_build_array(invoice_id, lines, due_on, payer_id, note, locale, supplied_on, prices_include_tax)
  );
  if v_answer is not null then
    return jsonb_populate_record(null::public.invoices, v_answer);
  end if;
  if v_invoice.issued_at is not null then
    perform private.fail(
      'invalid_state', format('This invoice is %s.', v_invoice.status), 'Correct it by a credit note, or void it.'
    );
  end if;

  update public.invoices as i
  set
    due_on = coalesce(update_invoice.due_on, i.due_on),
    supplied_on = coalesce(update_invoice.supplied_on, i.supplied_on),
    payer_id = coalesce(update_invoice.payer_id, i.payer_id),
    note = coalesce(update_invoice.note, i.note),
    locale = coalesce(update_invoice.locale, i.locale),
    prices_include_tax = coalesce(update_invoice.prices_include_tax, i.prices_include_tax)
  where i.id = v_invoice.id;
  -- Lines by hand are replaced as a whole; those of appointments and top-ups stay.
  if lines is not null then
    delete from public.invoice_lines as l
    where l.invoice_id = v_invoice.id and l.appointment_id is null and l.credit_amount is null;
    perform private.add_invoice_lines(v_invoice, lines);
  end if;
  select i.* into v_invoice from public.invoices as i where i.id = v_invoice.id;

  if idempotency_key is not null then
    perform private.store_idempotent_response(
      v_invoice.organization_id, 'update_invoice', idempotency_key, to_jsonb(v_invoice)
    );
  end if;
  return v_invoice;
end
$$;

comment on function public.update_invoice(uuid, jsonb, date, uuid, text, text, date, boolean, text) is
  'Changes a draft; null leaves a value, lines replace those written by hand. For owner, admin, receptionist. Errors: '
  'invalid_state (issued), invalid_argument, not_found, forbidden.';

grant execute on function public.create_invoices_from_report(uuid, text) to authenticated;
grant execute on function public.create_top_up_invoice(uuid, bigint, date, text, text) to authenticated;
grant execute on function public.update_invoice(uuid, jsonb, date, uuid, text, text, date, boolean, text)
  to authenticated;
