-- What a person decides about a bank line: into credits, taken back, set aside.

create function public.credit_bank_transaction(
  bank_transaction_id uuid, client_id uuid, amount bigint default null, idempotency_key text default null
)
returns public.bank_transactions
language plpgsql
security definer -- definer because bank lines are written by functions
set search_path = ''
as $$
declare
  v_line public.bank_transactions := private.require_bank_line(bank_transaction_id);
  v_left bigint := v_line.amount - v_line.matched_amount;
  v_answer jsonb;
begin
  if not exists (
    select 1 from public.clients as c
    where c.id = credit_bank_transaction.client_id and c.organization_id = v_line.organization_id
  ) then
    perform private.fail('not_found', 'There is no such client.', 'Check the identifier.');
  end if;
  v_answer := private.claim_idempotency_key(
    v_line.organization_id, 'credit_bank_transaction', idempotency_key,
    jsonb_build_array(bank_transaction_id, client_id, amount)
  );
  if v_answer is not null then
    return jsonb_populate_record(null::public.bank_transactions, v_answer);
  end if;
  if v_line.status in ('matched', 'ignored') or v_left < 0 then
    perform private.fail('invalid_state', 'Nothing is left of this bank line.');
  end if;
  if amount not between 1 and v_left then
    perform private.fail('invalid_argument', format('amount is between 1 and %s, what is left of the line.', v_left));
  end if;

  insert into public.payments (
    organization_id, credit_entry_id, bank_transaction_id, amount, currency, method, paid_on, note
  )
  values (
    v_line.organization_id,
    private.pay_into_credits(
      v_line.organization_id, client_id, coalesce(amount, v_left), v_line.currency,
      left(coalesce(v_line.message, v_line.counterparty), 500)
    ),
    v_line.id, coalesce(amount, v_left), v_line.currency, 'bank_transfer', v_line.booked_on, left(v_line.message, 500)
  );
  select t.* into v_line from public.bank_transactions as t where t.id = v_line.id;

  if idempotency_key is not null then
    perform private.store_idempotent_response(
      v_line.organization_id, 'credit_bank_transaction', idempotency_key, to_jsonb(v_line)
    );
  end if;
  return v_line;
end
$$;

comment on function public.credit_bank_transaction(uuid, uuid, bigint, text) is
  'Money that belongs to no invoice, or is more than it, becomes credits of a client: `amount`, or what is left of the '
  'line. Returns the line. For owner and admin. Errors: invalid_state, invalid_argument, not_found, forbidden.';

create function public.unmatch_bank_transaction(
  bank_transaction_id uuid, reason text, idempotency_key text default null
)
returns public.bank_transactions
language plpgsql
security definer -- definer because bank lines are written by functions
set search_path = ''
as $$
declare
  v_line public.bank_transactions := private.require_bank_line(bank_transaction_id);
  v_answer jsonb;
  v_payment public.payments;
  v_invoice_ids uuid[];
  v_invoice_id uuid;
begin
  perform private.require_text(reason, 'reason', 500);
  v_answer := private.claim_idempotency_key(
    v_line.organization_id, 'unmatch_bank_transaction', idempotency_key, jsonb_build_array(bank_transaction_id, reason)
  );
  if v_answer is not null then
    return jsonb_populate_record(null::public.bank_transactions, v_answer);
  end if;
  if v_line.matched_amount = 0 then
    perform private.fail('invalid_state', 'Nothing of this bank line is matched.');
  end if;
  -- All invoices first and by id: taking back the first one holds credits, for which others wait who hold the next.
  v_invoice_ids := array(
    select distinct p.invoice_id
    from public.payments as p
    where p.organization_id = v_line.organization_id and p.bank_transaction_id = v_line.id
    order by p.invoice_id
  );
  perform private.lock_with_corrections(v_invoice_ids);
  for v_payment in
    select p.*
    from public.payments as p
    where p.organization_id = v_line.organization_id
      and p.bank_transaction_id = v_line.id
      and p.reverses_payment_id is null
      and not exists (
        select 1 from public.payments as r
        where r.organization_id = p.organization_id and r.reverses_payment_id = p.id
      )
    order by p.invoice_id, p.id
  loop
    perform private.reverse_one_payment(v_payment, btrim(reason));
  end loop;
  foreach v_invoice_id in array v_invoice_ids loop
    perform private.offset_credit_notes(v_invoice_id);
  end loop;
  select t.* into v_line from public.bank_transactions as t where t.id = v_line.id;

  if idempotency_key is not null then
    perform private.store_idempotent_response(
      v_line.organization_id, 'unmatch_bank_transaction', idempotency_key, to_jsonb(v_line)
    );
  end if;
  return v_line;
end
$$;

comment on function public.unmatch_bank_transaction(uuid, text, text) is
  'Takes back everything that a bank line paid: invoices are open again, credits withdrawn, each by a payment that '
  'reverses another. Returns the line. For owner and admin. Errors: invalid_state, insufficient_credits, '
  'invalid_argument, not_found, forbidden.';

create function public.ignore_bank_transaction(
  bank_transaction_id uuid, reason text default null, is_ignored boolean default true, idempotency_key text default null
)
returns public.bank_transactions
language plpgsql
security definer -- definer because bank lines are written by functions
set search_path = ''
as $$
declare
  v_line public.bank_transactions := private.require_bank_line(bank_transaction_id);
  v_answer jsonb;
begin
  perform private.require_text(reason, 'reason', 500, shortest => 0);
  v_answer := private.claim_idempotency_key(
    v_line.organization_id, 'ignore_bank_transaction', idempotency_key,
    jsonb_build_array(bank_transaction_id, reason, is_ignored)
  );
  if v_answer is not null then
    return jsonb_populate_record(null::public.bank_transactions, v_answer);
  end if;
  if v_line.matched_amount <> 0 then
    perform private.fail('invalid_state', 'This bank line is matched.', 'Unmatch it first.');
  end if;
  update public.bank_transactions as t
  set
    ignored_at = case when is_ignored then coalesce(t.ignored_at, now()) end,
    ignored_by = case when is_ignored then auth.uid() end,
    ignore_reason = case when is_ignored then nullif(btrim(reason), '') end
  where t.id = v_line.id
  returning t.* into v_line;

  if idempotency_key is not null then
    perform private.store_idempotent_response(
      v_line.organization_id, 'ignore_bank_transaction', idempotency_key, to_jsonb(v_line)
    );
  end if;
  return v_line;
end
$$;

comment on function public.ignore_bank_transaction(uuid, text, boolean, text) is
  'Sets a bank line aside, or takes it back (is_ignored false). Returns the line. For owner and admin. Errors: '
  'invalid_state (matched), invalid_argument, not_found, forbidden.';

grant execute on function public.credit_bank_transaction(uuid, uuid, bigint, text) to authenticated;
grant execute on function public.unmatch_bank_transaction(uuid, text, text) to authenticated;
grant execute on function public.ignore_bank_transaction(uuid, text, boolean, text) to authenticated;
