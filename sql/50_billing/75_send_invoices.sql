-- Sending many invoices: a bulk operation whose items are sent one by one, since the billing function
-- stores each document before its message is enqueued.

create function public.start_sending_invoices(
  invoice_ids uuid[],
  resend boolean default false,
  organization_id uuid default null,
  idempotency_key text default null
)
returns public.bulk_operations
language plpgsql
security definer -- definer because nobody is granted insert on operations
set search_path = ''
as $$
declare
  v_organization_id uuid := private.resolve_organization(organization_id);
  v_ids uuid[];
  v_answer jsonb;
  v_operation public.bulk_operations;
begin
  perform private.require_role(v_organization_id, 'owner', 'admin', 'receptionist');
  if coalesce(cardinality(invoice_ids), 0) not between 1 and 1000
    or exists (select 1 from unnest(invoice_ids) as i (id) where i.id is null)
  then
    perform private.fail('invalid_argument', 'invoice_ids are 1 to 1000 identifiers.');
  end if;
  v_ids := array(select i.id from unnest(invoice_ids) with ordinality as i (id, n) group by i.id order by min(i.n));
  v_answer := private.claim_idempotency_key(
    v_organization_id, 'start_sending_invoices', idempotency_key, jsonb_build_array(v_ids, coalesce(resend, false))
  );
  if v_answer is not null then
    return jsonb_populate_record(null::public.bulk_operations, v_answer);
  end if;

  v_operation := private.start_bulk(
    v_organization_id, 'send_invoices', jsonb_build_object('resend', coalesce(resend, false)),
    array_fill('{}'::jsonb, array[cardinality(v_ids)]), v_ids
  );

  if idempotency_key is not null then
    perform private.store_idempotent_response(
      v_organization_id, 'start_sending_invoices', idempotency_key, to_jsonb(v_operation)
    );
  end if;
  return v_operation;
end
$$;

comment on function public.start_sending_invoices(uuid[], boolean, uuid, text) is
  'Starts a bulk operation (send_invoices) with one item per invoice, at most 1000; POST /billing/invoices/send-bulk '
  'works through it. For owner, admin, receptionist. Errors: invalid_argument, not_found, forbidden.';

create function public.send_bulk_invoice(operation_id uuid, number integer)
returns public.bulk_operation_items
language plpgsql
security definer -- definer because nobody is granted update on items
set search_path = ''
as $$
declare
  v_operation public.bulk_operations := private.visible_bulk(operation_id);
  v_item public.bulk_operation_items;
  v_status text;
  v_code text;
  v_detail text;
  v_result jsonb;
  v_state text;
begin
  if v_operation.kind <> 'send_invoices' then
    perform private.fail('invalid_argument', 'Operations of this kind do not send invoices.');
  end if;
  -- Rights may have gone since it was started.
  perform private.require_role(v_operation.organization_id, 'owner', 'admin', 'receptionist');
  v_operation := private.lock_bulk(operation_id);
  select i.* into v_item
  from public.bulk_operation_items as i
  where i.operation_id = send_bulk_invoice.operation_id and i.number = send_bulk_invoice.number;
  if not found then
    perform private.fail('not_found', 'There is no such item.', 'Items are numbered from 1.');
  end if;
  if v_item.status <> 'pending' then
    return v_item;
  end if;
  if v_operation.status <> 'running' then
    perform private.fail('invalid_state', format('This operation is %s.', v_operation.status));
  end if;

  begin
    -- The identifiers came from outside: another organization's invoice is none.
    perform 1
    from public.invoices as i
    where i.id = v_item.subject_id and i.organization_id = v_operation.organization_id;
    if not found then
      perform private.fail('not_found', 'There is no such invoice.', 'Check the identifier.');
    end if;
    v_result := public.send_invoice(v_item.subject_id, (v_operation.parameters ->> 'resend')::boolean);
    v_status := case when v_result ->> 'message_id' is null then 'skipped' else 'done' end;
  exception
    when others then
      get stacked diagnostics v_state = returned_sqlstate, v_code = message_text, v_detail = pg_exception_detail;
      -- A refusal is the item's result; anything else leaves it pending.
      if v_state !~ '^PT4' then
        raise;
      end if;
      v_status := 'failed';
      v_result := null;
  end;
  perform private.finish_bulk_item(operation_id, number, v_status, v_code, v_detail, v_result);

  select i.* into v_item
  from public.bulk_operation_items as i
  where i.operation_id = send_bulk_invoice.operation_id and i.number = send_bulk_invoice.number;
  return v_item;
end
$$;

comment on function public.send_bulk_invoice(uuid, integer) is
  'Sends one invoice of a send_invoices operation and records the result: done, skipped (sent before), or failed with '
  'code and detail. Repeating it changes nothing. For owner, admin, receptionist. Errors: not_found, forbidden, '
  'invalid_argument, invalid_state (cancelled).';

grant execute on function public.start_sending_invoices(uuid[], boolean, uuid, text) to authenticated;
grant execute on function public.send_bulk_invoice(uuid, integer) to authenticated;
