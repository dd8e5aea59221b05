-- Sending: a message in the outbox, with the rendered document by reference. The billing function renders
-- and stores it first.

create function private.document_path(organization_id uuid, invoice_id uuid)
returns text
language plpgsql
immutable
set search_path = ''
as $$
begin
  return organization_id || '/invoices/' || invoice_id || '.pdf';
end
$$;

comment on function private.document_path(uuid, uuid) is 'Where the PDF of an invoice is, in the bucket `documents`.';

grant execute on function private.document_path(uuid, uuid) to authenticated, service_role;

create function private.has_document(invoice public.invoices)
returns boolean
language plpgsql
stable
security definer -- definer because storage is not readable by everybody
set search_path = ''
as $$
begin
  return exists (
    select 1
    from storage.objects as o
    where o.bucket_id = 'documents' and o.name = private.document_path(invoice.organization_id, invoice.id)
  );
end
$$;

create function private.invoice_recipient(invoice public.invoices)
returns text
language plpgsql
stable
security definer -- definer because it decides for callers who may not read the client
set search_path = ''
as $$
begin
  -- Where the payer or client reads mail today, not when it was issued.
  return coalesce(
    (select p.email from public.payers as p where p.id = invoice.payer_id),
    (select c.email from public.clients as c where c.id = invoice.client_id),
    invoice.payer ->> 'email'
  );
end
$$;

create function private.enqueue_invoice(
  invoice public.invoices, kind text, key text, address text, more jsonb default '{}'
)
returns uuid
language plpgsql
security definer -- definer because the outbox is written by functions
set search_path = ''
as $$
begin
  return private.enqueue_message(
    organization_id => invoice.organization_id,
    key => enqueue_invoice.key,
    kind => enqueue_invoice.kind,
    channel => 'email',
    client_id => invoice.client_id,
    address => enqueue_invoice.address,
    data => jsonb_build_object(
      'number', invoice.number,
      'kind', invoice.kind,
      'recipient_name', invoice.payer ->> 'name',
      'organization_name', invoice.supplier ->> 'name',
      'total_amount', invoice.total_amount,
      'open_amount', invoice.open_amount,
      'currency', invoice.currency,
      'issued_on', invoice.issued_on,
      'due_on', invoice.due_on,
      'variable_symbol', invoice.variable_symbol,
      'account', coalesce(invoice.bank_account ->> 'account_number', invoice.bank_account ->> 'iban')
    ) || more,
    attachments => jsonb_build_array(jsonb_build_object(
      'bucket', 'documents',
      'path', private.document_path(invoice.organization_id, invoice.id),
      'filename', invoice.number || '.pdf',
      'content_type', 'application/pdf'
    )),
    locale => invoice.locale,
    subject_id => invoice.id
  );
end
$$;

create function public.send_invoice(invoice_id uuid, resend boolean default false, idempotency_key text default null)
returns json
language plpgsql
security definer -- definer because the outbox is written by functions
set search_path = ''
as $$
declare
  v_invoice public.invoices := private.require_invoice(invoice_id, 'owner', 'admin', 'receptionist');
  v_answer jsonb;
  v_address text;
  v_was_sent boolean := v_invoice.sent_at is not null;
  v_message_id uuid;
begin
  v_answer := private.claim_idempotency_key(
    v_invoice.organization_id, 'send_invoice', idempotency_key, jsonb_build_array(invoice_id, resend)
  );
  if v_answer is not null then
    return v_answer;
  end if;
  if v_invoice.status in ('draft', 'void') then
    perform private.fail('invalid_state', format('This invoice is %s.', v_invoice.status), 'Issue it first.');
  end if;
  v_address := private.invoice_recipient(v_invoice);
  if v_address is null then
    perform private.fail('invalid_state', 'Payer and client have no e-mail address.', 'Add one.');
  end if;

  if not v_was_sent or resend then
    if not private.has_document(v_invoice) then
      perform private.fail(
        'invalid_state', 'The document of this invoice is not stored yet.',
        'POST /billing/invoices/{id}/send renders, stores and sends it.'
      );
    end if;
    v_message_id := private.enqueue_invoice(
      v_invoice, 'invoice',
      concat_ws(':', 'invoice', v_invoice.id, case when v_was_sent then extract(epoch from now())::text end),
      v_address
    );
    update public.invoices as i set sent_at = now() where i.id = v_invoice.id returning i.* into v_invoice;
  end if;
  v_answer := jsonb_build_object(
    'invoice_id', v_invoice.id, 'number', v_invoice.number, 'status', v_invoice.status, 'sent_at', v_invoice.sent_at,
    'message_id', v_message_id, 'was_sent', v_was_sent
  );

  if idempotency_key is not null then
    perform private.store_idempotent_response(v_invoice.organization_id, 'send_invoice', idempotency_key, v_answer);
  end if;
  return v_answer;
end
$$;

comment on function public.send_invoice(uuid, boolean, text) is
  'Puts an issued invoice into the outbox, to the payer''s or client''s e-mail address, with its stored PDF. Once: '
  'repeating it sends nothing, unless resend is true. Returns {invoice_id, number, status, sent_at, message_id, '
  'was_sent}. For owner, admin, receptionist. Errors: invalid_state, not_found, forbidden.';

grant execute on function public.send_invoice(uuid, boolean, text) to authenticated;

create function private.due_reminders(organization_id uuid)
returns table (invoice_id uuid, level integer)
language plpgsql
stable
security definer -- definer because the rule reads invoices whatever the caller may see
set search_path = ''
as $$
declare
  v_days integer[] := (private.billing_settings_of(organization_id)).reminder_after_days;
  v_today date := private.local_day(organization_id);
begin
  return query
  select i.id, coalesce(last.level, 0) + 1
  from public.invoices as i
  left join lateral (
    select r.level, private.local_day(r.organization_id, r.created_at) as sent_on
    from public.invoice_reminders as r
    where r.organization_id = i.organization_id and r.invoice_id = i.id
    order by r.level desc
    limit 1
  ) as last on true
  where i.organization_id = due_reminders.organization_id
    and i.kind = 'invoice'
    and i.status in ('issued', 'sent', 'overdue')
    and i.due_on + v_days[coalesce(last.level, 0) + 1] <= v_today
    -- Whoever was never reminded gets the levels one after another, not all at once.
    and (last.level is null or last.sent_on + (v_days[last.level + 1] - v_days[last.level]) <= v_today)
  order by i.due_on, i.id;
end
$$;

comment on function private.due_reminders(uuid) is
  'Invoices whose next reminder level is due: so many days after the due date, and after the level before.';

create function public.list_due_reminders(organization_id uuid default null)
returns json
language plpgsql
stable
security definer -- definer because storage is not readable by everybody
set search_path = ''
as $$
declare
  v_organization_id uuid := private.resolve_organization(organization_id);
begin
  perform private.require_role(v_organization_id, 'owner', 'admin', 'receptionist');
  return (
    select coalesce(json_agg(json_build_object(
      'invoice_id', i.id, 'number', i.number, 'level', d.level, 'open_amount', i.open_amount, 'currency', i.currency,
      'due_on', i.due_on, 'has_address', private.invoice_recipient(i) is not null,
      'has_document', private.has_document(i)
    ) order by i.due_on, i.id), '[]')
    from private.due_reminders(v_organization_id) as d
    join public.invoices as i on i.id = d.invoice_id
  );
end
$$;

comment on function public.list_due_reminders(uuid) is
  'Which overdue invoices send_overdue_reminders would remind of, as a JSON array of {invoice_id, number, level, '
  'open_amount, currency, due_on, has_address, has_document}. For owner, admin, receptionist. Errors: forbidden, '
  'not_found.';

create function public.send_overdue_reminders(organization_id uuid default null, idempotency_key text default null)
returns json
language plpgsql
security definer -- definer because the outbox is written by functions
set search_path = ''
as $$
declare
  v_organization_id uuid := private.resolve_organization(organization_id);
  v_settings public.billing_settings;
  v_due record;
  v_invoice public.invoices;
  v_address text;
  v_result jsonb;
  v_results jsonb := '[]';
  v_sent integer := 0;
  v_answer jsonb;
begin
  perform private.require_role(v_organization_id, 'owner', 'admin', 'receptionist');
  v_answer := private.claim_idempotency_key(
    v_organization_id, 'send_overdue_reminders', idempotency_key, '[]'
  );
  if v_answer is not null then
    return v_answer;
  end if;
  v_settings := private.billing_settings_of(v_organization_id);

  -- All at once and by id, as everybody who takes several. Then looked at again: somebody may have paid or reminded.
  perform 1
  from public.invoices as i
  where i.id in (select d.invoice_id from private.due_reminders(v_organization_id) as d)
  order by i.id
  for update;
  for v_due in select d.invoice_id, d.level from private.due_reminders(v_organization_id) as d loop
    -- One that has become due since is locked here.
    select i.* into v_invoice from public.invoices as i where i.id = v_due.invoice_id for update;
    continue when v_invoice.status not in ('issued', 'sent', 'overdue');
    v_address := private.invoice_recipient(v_invoice);
    v_result := jsonb_build_object('invoice_id', v_invoice.id, 'number', v_invoice.number, 'level', v_due.level);
    if v_address is null then
      v_result := v_result || '{"status": "failed", "code": "invalid_state", "detail": "No e-mail address."}';
    elsif not private.has_document(v_invoice) then
      v_result := v_result || '{"status": "failed", "code": "invalid_state", "detail": "No stored document."}';
    else
      insert into public.invoice_reminders (organization_id, invoice_id, level, fee_amount)
      values (v_organization_id, v_invoice.id, v_due.level, v_settings.reminder_fee_amount)
      on conflict on constraint invoice_reminders_once_per_level do nothing;
      continue when not found;
      perform private.enqueue_invoice(
        v_invoice, 'invoice_reminder', concat_ws(':', 'invoice_reminder', v_invoice.id, v_due.level), v_address,
        jsonb_build_object(
          'level', v_due.level,
          'days_overdue', private.local_day(v_organization_id) - v_invoice.due_on,
          'fee_amount', v_settings.reminder_fee_amount
        )
      );
      v_sent := v_sent + 1;
      v_result := v_result || '{"status": "sent"}';
    end if;
    v_results := v_results || jsonb_build_array(v_result);
  end loop;
  v_answer := jsonb_build_object('sent_count', v_sent, 'results', v_results);

  if idempotency_key is not null then
    perform private.store_idempotent_response(
      v_organization_id, 'send_overdue_reminders', idempotency_key, v_answer
    );
  end if;
  return v_answer;
end
$$;

comment on function public.send_overdue_reminders(uuid, text) is
  'Puts a reminder of the next level that is due into the outbox for each overdue invoice: each level once per '
  'invoice, so repeating it is safe. Returns {sent_count, results: [{invoice_id, number, level, status, code?, '
  'detail?}]}. '
  'For owner, admin, receptionist. Errors: not_found, forbidden.';

grant execute on function public.list_due_reminders(uuid) to authenticated;
grant execute on function public.send_overdue_reminders(uuid, text) to authenticated;
