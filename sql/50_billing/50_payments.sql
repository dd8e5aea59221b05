-- Payments: where money went. Append-only; a payment taken back is a row of its own.

create function private.tg_payments__guard()
returns trigger
language plpgsql
security definer -- definer because the rule reads the invoice whatever the writer may see
set search_path = ''
as $$
declare
  v_invoice public.invoices;
  v_reversed public.payments;
begin
  if new.reverses_payment_id is not null then
    select p.* into v_reversed from public.payments as p where p.id = new.reverses_payment_id;
    if v_reversed.reverses_payment_id is not null
      or v_reversed.amount <> -new.amount
      or (v_reversed.currency, v_reversed.method) is distinct from (new.currency, new.method)
      or (v_reversed.invoice_id, v_reversed.bank_transaction_id) is distinct from
        (new.invoice_id, new.bank_transaction_id)
    then
      perform private.fail('invalid_state', 'A reversal takes one payment back, whole.');
    end if;
  end if;
  if new.invoice_id is null then
    if not exists (
      select 1
      from public.credit_entries as e
      where e.id = new.credit_entry_id
        and e.organization_id = new.organization_id
        and e.amount = new.amount
        and e.currency = new.currency
    ) then
      perform private.fail('invalid_state', 'The credit entry is of the same amount and currency.');
    end if;
    return new;
  end if;

  -- Payments of one invoice take turns.
  select i.* into v_invoice
  from public.invoices as i
  where i.id = new.invoice_id and i.organization_id = new.organization_id
  for update;
  if not found then
    return new; -- the foreign key answers
  end if;
  if v_invoice.status in ('draft', 'void') then
    perform private.fail('invalid_state', format('This invoice is %s: nothing is paid on it.', v_invoice.status));
  end if;
  if v_invoice.currency <> new.currency then
    perform private.fail(
      'invalid_argument', format('The invoice is in %s, the payment in %s.', v_invoice.currency, new.currency)
    );
  end if;
  if v_invoice.paid_amount + new.amount not between
    least(v_invoice.total_amount, 0) and greatest(v_invoice.total_amount, 0)
  then
    perform private.fail(
      'invalid_state', format('Only %s is open on this invoice.', v_invoice.open_amount),
      'What is more goes to another invoice, or into credits.'
    );
  end if;
  return new;
end
$$;

create function private.tg_payments__apply()
returns trigger
language plpgsql
security definer -- definer because nobody is granted update of what is paid
set search_path = ''
as $$
begin
  -- The invoice's own trigger adds its payments up.
  update public.invoices as i set updated_at = now() where i.id = new.invoice_id;
  return null;
end
$$;

create trigger payments_guard before insert on public.payments
  for each row execute function private.tg_payments__guard();
create trigger payments_apply after insert on public.payments
  for each row when (new.invoice_id is not null) execute function private.tg_payments__apply();
create trigger payments_append_only before update or delete on public.payments
  for each row execute function private.tg__refuse_change();
create trigger payments_no_truncate before truncate on public.payments
  for each statement execute function private.tg__refuse_change();
create trigger invoice_credits_append_only before update or delete on public.invoice_credits
  for each row execute function private.tg__refuse_change();
create trigger invoice_credits_derived before insert on public.invoice_credits
  for each row execute function private.tg__refuse_direct_write('Pay the invoice.');
create trigger invoice_credits_no_truncate before truncate on public.invoice_credits
  for each statement execute function private.tg__refuse_change();
create trigger invoice_reminders_append_only before update or delete on public.invoice_reminders
  for each row execute function private.tg__refuse_change();
create trigger invoice_reminders_no_truncate before truncate on public.invoice_reminders
  for each statement execute function private.tg__refuse_change();

create function private.pay_into_credits(
  organization_id uuid, client_id uuid, amount bigint, currency text, reason text
)
returns uuid
language plpgsql
security definer -- definer because the ledger is written by nobody but functions
set search_path = ''
as $$
declare
  v_id uuid;
begin
  if amount > 1000000000000 then
    perform private.fail('invalid_argument', 'At most 10^12 minor units become credits at once.');
  end if;
  insert into public.credit_entries (organization_id, client_id, kind, amount, currency, reason)
  values (organization_id, client_id, 'top_up', amount, currency, reason)
  returning id into v_id;
  return v_id;
end
$$;

comment on function private.pay_into_credits(uuid, uuid, bigint, text, text) is
  'Money that belongs to no invoice becomes credits of a client; returns the ledger entry. Error: invalid_argument.';

create function private.payment_answer(payment_id uuid, credited_amount bigint default 0)
returns json
language plpgsql
security definer -- definer because it answers what its caller has just written
set search_path = ''
as $$
begin
  return (
    select (
      to_jsonb(p) || jsonb_build_object('invoice', to_jsonb(i), 'credited_amount', payment_answer.credited_amount)
    )::json
    from public.payments as p
    left join public.invoices as i on i.id = p.invoice_id
    where p.id = payment_answer.payment_id
  );
end
$$;

create function public.record_payment(
  invoice_id uuid,
  amount bigint,
  paid_on date default null,
  method text default 'bank_transfer',
  note text default null,
  idempotency_key text default null
)
returns json
language plpgsql
security definer -- definer because payments are written by functions
set search_path = ''
as $$
declare
  v_invoice public.invoices := private.require_invoice(invoice_id, 'owner', 'admin', 'receptionist');
  v_today date := private.local_day(v_invoice.organization_id);
  v_paid_on date := coalesce(paid_on, v_today);
  v_part bigint;
  v_surplus bigint;
  v_answer jsonb;
  v_id uuid;
begin
  if amount is null or amount = 0 or abs(amount::numeric) > 100000000000000 then
    perform private.fail('invalid_argument', 'amount is a whole number of minor units, not 0.');
  end if;
  perform private.require_date(paid_on, 'paid_on');
  if v_paid_on > v_today + 1 then
    perform private.fail('invalid_argument', 'paid_on is not in the future.');
  end if;
  if method is null or method not in ('bank_transfer', 'cash', 'card', 'other') then
    perform private.fail('invalid_argument', 'method is bank_transfer, cash, card or other.');
  end if;
  perform private.require_text(note, 'note', 500, shortest => 0);

  v_answer := private.claim_idempotency_key(
    v_invoice.organization_id, 'record_payment', idempotency_key,
    jsonb_build_array(invoice_id, amount, paid_on, method, note)
  );
  if v_answer is not null then
    return v_answer;
  end if;
  if v_invoice.status in ('draft', 'void', 'paid') then
    perform private.fail('invalid_state', format('This invoice is %s.', v_invoice.status));
  end if;
  if sign(amount) <> sign(v_invoice.open_amount) then
    perform private.fail(
      'invalid_argument', 'A payment has the sign of what is open: negative for a credit note.',
      'Take a payment back by reverse_payment.'
    );
  end if;
  v_part := case
    when amount > 0 then least(amount, v_invoice.open_amount)
    else greatest(amount, v_invoice.open_amount)
  end;
  v_surplus := amount - v_part;
  if v_surplus <> 0 and (v_surplus < 0 or v_invoice.client_id is null) then
    perform private.fail(
      'invalid_argument', format('Only %s is open on this invoice.', v_invoice.open_amount),
      'A surplus becomes credits of the client, where the invoice has one.'
    );
  end if;

  insert into public.payments (organization_id, invoice_id, amount, currency, method, paid_on, note)
  values (
    v_invoice.organization_id, v_invoice.id, v_part, v_invoice.currency, method::public.payment_method, v_paid_on,
    nullif(btrim(note), '')
  )
  returning id into v_id;
  if v_surplus > 0 then
    insert into public.payments (organization_id, credit_entry_id, amount, currency, method, paid_on, note)
    values (
      v_invoice.organization_id,
      private.pay_into_credits(
        v_invoice.organization_id, v_invoice.client_id, v_surplus, v_invoice.currency, v_invoice.number
      ),
      v_surplus, v_invoice.currency, method::public.payment_method, v_paid_on, v_invoice.number
    );
  end if;
  v_answer := private.payment_answer(v_id, v_surplus);

  if idempotency_key is not null then
    perform private.store_idempotent_response(
      v_invoice.organization_id, 'record_payment', idempotency_key, v_answer
    );
  end if;
  return v_answer;
end
$$;

comment on function public.record_payment(uuid, bigint, date, text, text, text) is
  'Records money received for an issued invoice (negative: paid out for a credit note), in minor units of its '
  'currency; paid_on defaults to today. A surplus becomes the client''s credits. Returns the payment with `invoice` '
  'and `credited_amount`. For owner, admin, receptionist. Errors: invalid_state, '
  'invalid_argument, not_found, forbidden.';

create function private.reverse_one_payment(payment public.payments, reason text)
returns uuid
language plpgsql
security definer -- definer because payments are written by functions
set search_path = ''
as $$
declare
  v_entry_id uuid;
  v_id uuid;
begin
  if payment.credit_entry_id is not null then
    insert into public.credit_entries (organization_id, client_id, kind, amount, currency, reason)
    select e.organization_id, e.client_id, 'adjustment', -e.amount, e.currency, reverse_one_payment.reason
    from public.credit_entries as e
    where e.id = payment.credit_entry_id
    returning id into v_entry_id;
  end if;
  insert into public.payments (
    organization_id, invoice_id, credit_entry_id, bank_transaction_id, amount, currency, method, paid_on, note,
    reverses_payment_id
  )
  values (
    payment.organization_id, payment.invoice_id, v_entry_id, payment.bank_transaction_id, -payment.amount,
    payment.currency, payment.method, private.local_day(payment.organization_id), reason, payment.id
  )
  returning id into v_id;
  return v_id;
end
$$;

comment on function private.reverse_one_payment(public.payments, text) is
  'Takes a payment back by a row of its own, and the credits that it became. Returns the reversal.';

create function public.reverse_payment(payment_id uuid, reason text, idempotency_key text default null)
returns json
language plpgsql
security definer -- definer because payments are written by functions
set search_path = ''
as $$
declare
  v_payment public.payments;
  v_answer jsonb;
  v_id uuid;
begin
  select p.* into v_payment from public.payments as p where p.id = reverse_payment.payment_id;
  perform private.require_staff(v_payment.organization_id, 'payment', 'owner', 'admin');
  perform private.require_text(reason, 'reason', 500);
  v_answer := private.claim_idempotency_key(
    v_payment.organization_id, 'reverse_payment', idempotency_key, jsonb_build_array(payment_id, reason)
  );
  if v_answer is not null then
    return v_answer;
  end if;

  if v_payment.bank_transaction_id is not null then
    perform private.fail('invalid_state', 'This payment came by the bank.', 'Use unmatch_bank_transaction.');
  end if;
  -- Reversals of one payment take turns, also where it has no invoice to lock.
  perform 1 from public.payments as p where p.id = v_payment.id for update;
  perform private.lock_with_corrections(array[v_payment.invoice_id]);
  if v_payment.method = 'offset' or v_payment.reverses_payment_id is not null or exists (
    select 1 from public.payments as p
    where p.organization_id = v_payment.organization_id and p.reverses_payment_id = v_payment.id
  ) then
    perform private.fail('invalid_state', 'This payment is reversed already, or never was money.');
  end if;
  v_id := private.reverse_one_payment(v_payment, btrim(reason));
  perform private.offset_credit_notes(v_payment.invoice_id);
  v_answer := private.payment_answer(v_id);

  if idempotency_key is not null then
    perform private.store_idempotent_response(
      v_payment.organization_id, 'reverse_payment', idempotency_key, v_answer
    );
  end if;
  return v_answer;
end
$$;

comment on function public.reverse_payment(uuid, text, text) is
  'Takes a payment back, by a row of its own: the invoice is open again, credits that it became are withdrawn. For '
  'owner and admin. Returns the reversal with `invoice`. Errors: invalid_state, insufficient_credits, '
  'invalid_argument, not_found, forbidden.';

grant execute on function public.record_payment(uuid, bigint, date, text, text, text) to authenticated;
grant execute on function public.reverse_payment(uuid, text, text) to authenticated;

create function private.mark_overdue_invoices()
returns bigint
language plpgsql
security definer -- definer because invoices are written by nobody but functions
set search_path = ''
as $$
declare
  v_count bigint;
begin
  -- Any update derives the status anew: whoever holds an invoice now makes it overdue, or the next run does. This
  -- one waits for none, since it holds those of everybody. A day's width over the date, because zones differ.
  update public.invoices as i set updated_at = now()
  where i.id = any (
    array(
      select d.id
      from public.invoices as d
      join public.organizations as o on o.id = d.organization_id
      where d.status in ('issued', 'sent')
        and d.kind = 'invoice'
        and d.due_on < current_date + 1
        and d.due_on < (now() at time zone o.timezone)::date
      for no key update of d skip locked
    )
  );
  get diagnostics v_count = row_count;
  return v_count;
end
$$;

comment on function private.mark_overdue_invoices() is
  'Invoices whose due date has passed in their organization''s zone become overdue; returns how many. Run by the '
  'scheduler.';

grant execute on function private.mark_overdue_invoices() to service_role;
