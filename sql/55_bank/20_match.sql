-- Matching: exact on its own, the rest as ranked suggestions for a person. A wrong amount is never paid.

create function private.payment_symbol(line public.bank_transactions)
returns text
language plpgsql
immutable
set search_path = ''
as $$
begin
  -- Where there is no variable symbol, people write the number as the reference or the whole message.
  return coalesce(
    line.variable_symbol,
    substring(line.reference from '^\s*0*([1-9][0-9]{0,9})\s*$'),
    substring(line.message from '^\s*0*([1-9][0-9]{0,9})\s*$')
  );
end
$$;

comment on function private.payment_symbol(public.bank_transactions) is
  'The payment reference of a bank line, without leading zeros, or null.';

create function private.is_payable_to(bank_account jsonb, account public.bank_accounts)
returns boolean
language plpgsql
immutable
set search_path = ''
as $$
begin
  return bank_account is null or coalesce(
    bank_account ->> 'iban' = account.iban or bank_account ->> 'account_number' = account.account_number, false
  );
end
$$;

comment on function private.is_payable_to(jsonb, public.bank_accounts) is
  'Does invoices.bank_account name no account, or this one?';

create function private.exact_invoice(line public.bank_transactions)
returns uuid
language plpgsql
stable
security definer -- definer because the rule reads invoices whatever the caller may see
set search_path = ''
as $$
begin
  return (
    select i.id
    from public.invoices as i
    join public.bank_accounts as b on b.id = line.bank_account_id
    where i.organization_id = line.organization_id
      and i.variable_symbol = private.payment_symbol(line)
      and i.status in ('issued', 'sent', 'overdue')
      and i.currency = line.currency
      and i.open_amount = line.amount - line.matched_amount
      and private.is_payable_to(i.bank_account, b)
      -- What a person has taken back is theirs to decide.
      and not exists (
        select 1
        from public.payments as p
        where p.organization_id = line.organization_id
          and p.bank_transaction_id = line.id
          and p.invoice_id = i.id
          and p.reverses_payment_id is not null
      )
  );
end
$$;

comment on function private.exact_invoice(public.bank_transactions) is
  'The open invoice whose reference, amount, currency and account are this line''s, unless the line was taken back '
  'from it; or null.';

create function private.suggest_invoices(line public.bank_transactions)
returns jsonb
language plpgsql
stable
security definer -- definer because the rule reads invoices whatever the caller may see
set search_path = ''
-- Planned once for all lines: a plan for each took longer than running it.
set plan_cache_mode = force_generic_plan
as $$
declare
  v_symbol text := private.payment_symbol(line);
  v_left bigint := line.amount - line.matched_amount;
  v_key text := private.name_key(line.counterparty);
  -- Numbers in the message that could be an invoice's, with spaces inside forgiven.
  v_numbers text[] := array(
    select distinct ltrim(replace(m.match[1], ' ', ''), '0')
    from regexp_matches(concat_ws(' | ', line.message, line.reference), '([0-9][0-9 ]{2,12}[0-9])', 'g') as m (match)
    limit 10
  );
begin
  return (
    with found as (
      select i.id, false as has_name
      from public.invoices as i
      where i.organization_id = line.organization_id
        and i.variable_symbol = any (v_symbol || v_numbers)
        -- A second payment of the same invoice is somebody's to look at.
        and i.status in ('issued', 'sent', 'overdue', 'paid')
        and i.kind = 'invoice'
      union all
      (
        select i.id, false
        from public.invoices as i
        where i.organization_id = line.organization_id
          and i.currency = line.currency
          and i.open_amount = v_left
          and i.status in ('issued', 'sent', 'overdue')
          and i.kind = 'invoice'
        order by i.due_on
        limit 20
      )
      union all
      (
        select i.id, true
        from public.invoices as i
        where i.organization_id = line.organization_id
          and private.name_key(i.payer ->> 'name') = v_key
          and i.status in ('issued', 'sent', 'overdue')
          and i.kind = 'invoice'
        order by i.due_on
        limit 20
      )
    ),
    candidate as (
      select f.id, bool_or(f.has_name) as has_name
      from found as f
      group by f.id
    ),
    -- Materialized, or each mention of a name's key would work it out again.
    named as materialized (
      select
        c.id,
        case when c.has_name then v_key else private.name_key(i.payer ->> 'name') end as name_key
      from candidate as c
      join public.invoices as i on i.id = c.id
    ),
    reason as materialized (
      select
        i.id,
        i.number,
        i.open_amount,
        i.currency,
        i.due_on,
        i.status = 'paid' as is_paid,
        coalesce(i.variable_symbol = v_symbol, false) as has_symbol,
        i.variable_symbol = any (v_numbers) as has_number,
        i.currency = line.currency and i.open_amount = v_left as has_amount,
        case
          when v_key is null then 0
          when n.name_key = v_key then 1
          else extensions.similarity(n.name_key, v_key)
        end as name_similarity,
        line.booked_on between i.issued_on and i.due_on + 30 as has_date,
        not private.is_payable_to(i.bank_account, b) as is_other_account
      from named as n
      join public.invoices as i on i.id = n.id
      join public.bank_accounts as b on b.id = line.bank_account_id
    ),
    scored as (
      select
        r.*,
        case when r.has_symbol then 50 else 0 end
          + case when r.has_number and not r.has_symbol then 40 else 0 end
          + case when r.has_amount then 25 else 0 end
          + case when r.name_similarity >= 0.4 then (r.name_similarity * 20)::integer else 0 end
          + case when r.has_date then 5 else 0 end as score
      from reason as r
    )
    select coalesce(jsonb_agg(
      jsonb_build_object(
        'invoice_id', s.id, 'number', s.number, 'open_amount', s.open_amount, 'currency', s.currency,
        'score', s.score,
        'reasons', to_jsonb(array_remove(
          array[
            case when s.has_symbol then 'variable_symbol' end,
            case when s.has_number and not s.has_symbol then 'number_in_message' end,
            case when s.is_paid then 'already_paid' when s.has_amount then 'amount' else 'amount_differs' end,
            case when s.name_similarity >= 0.4 then 'name' end,
            case when s.has_date then 'date' end,
            case when s.is_other_account then 'other_account' end
          ],
          null
        ))
      )
      order by s.score desc, s.due_on, s.id
    ), '[]')
    from (
      select * from scored as x where x.score >= 25 order by x.score desc, x.due_on, x.id limit 5
    ) as s
  );
end
$$;

comment on function private.suggest_invoices(public.bank_transactions) is
  'Up to five invoices, open or paid already, that this line may be for, best first, each with its reasons '
  '(bank_transactions.suggestions).';

create function private.pay_from_bank(line public.bank_transactions, invoice_id uuid, amount bigint)
returns void
language plpgsql
security definer -- definer because payments are written by functions
set search_path = ''
as $$
begin
  insert into public.payments (
    organization_id, invoice_id, bank_transaction_id, amount, currency, method, paid_on, note
  )
  values (
    line.organization_id, invoice_id, line.id, amount, line.currency, 'bank_transfer', line.booked_on,
    left(line.message, 500)
  );
end
$$;

create function private.match_line(line_id uuid)
returns public.bank_transaction_status
language plpgsql
security definer -- definer because bank lines are written by functions
set search_path = ''
as $$
declare
  v_line public.bank_transactions;
  v_invoice_id uuid;
  v_client_id uuid;
begin
  select t.* into v_line from public.bank_transactions as t where t.id = line_id for update;
  if v_line.status not in ('unmatched', 'suggested') then
    return v_line.status;
  end if;
  v_invoice_id := private.exact_invoice(v_line);
  if v_invoice_id is not null then
    -- Nobody who holds lines waits for an invoice, or for the credits that it tops up: what somebody has this
    -- moment is only suggested.
    select i.client_id into v_client_id from public.invoices as i where i.id = v_invoice_id for update skip locked;
    if found and private.exact_invoice(v_line) = v_invoice_id and (
      not exists (
        select 1 from public.invoice_lines as l where l.invoice_id = v_invoice_id and l.credit_amount is not null
      )
      or pg_try_advisory_xact_lock(hashtextextended(v_client_id::text, 5))
    ) then
      perform private.pay_from_bank(v_line, v_invoice_id, v_line.amount - v_line.matched_amount);
      return 'matched';
    end if;
  end if;
  update public.bank_transactions as t
  set
    suggestions = case when v_line.amount > 0 then private.suggest_invoices(v_line) else '[]' end,
    -- Money that left is not the invoices' business; a reversal is somebody's to look at.
    ignored_at = case when v_line.amount < 0 and not v_line.is_reversal and v_line.matched_amount = 0 then now() end,
    ignore_reason = case
      when v_line.amount < 0 and not v_line.is_reversal and v_line.matched_amount = 0 then 'outgoing'
    end
  where t.id = v_line.id
  returning t.status into v_line.status;
  return v_line.status;
end
$$;

comment on function private.match_line(uuid) is
  'Matches one line exactly, or writes its suggestions; returns its status. The caller has checked the role.';

create function private.require_bank_line(bank_transaction_id uuid)
returns public.bank_transactions
language plpgsql
security definer -- definer because it decides for callers who may not read the line
set search_path = ''
as $$
declare
  v_line public.bank_transactions;
begin
  select t.* into v_line from public.bank_transactions as t where t.id = require_bank_line.bank_transaction_id;
  perform private.require_staff(v_line.organization_id, 'bank line', 'owner', 'admin');
  select t.* into v_line
  from public.bank_transactions as t
  where t.id = require_bank_line.bank_transaction_id
  for update;
  return v_line;
end
$$;

comment on function private.require_bank_line(uuid) is
  'The line, locked, when the caller is owner or admin of its organization. Errors: not_found, forbidden.';

create function public.match_bank_transaction(
  bank_transaction_id uuid,
  invoice_id uuid default null,
  amount bigint default null,
  idempotency_key text default null
)
returns public.bank_transactions
language plpgsql
security definer -- definer because bank lines are written by functions
set search_path = ''
as $$
declare
  v_line public.bank_transactions := private.require_bank_line(bank_transaction_id);
  v_left bigint;
  v_invoice public.invoices;
  v_answer jsonb;
begin
  if amount = 0 or (amount is not null and invoice_id is null) then
    perform private.fail('invalid_argument', 'amount is not 0, and goes with an invoice_id.');
  end if;
  if invoice_id is not null and not exists (
    select 1 from public.invoices as i
    where i.id = match_bank_transaction.invoice_id and i.organization_id = v_line.organization_id
  ) then
    perform private.fail('not_found', 'There is no such invoice.', 'Check the identifier.');
  end if;
  v_answer := private.claim_idempotency_key(
    v_line.organization_id, 'match_bank_transaction', idempotency_key,
    jsonb_build_array(bank_transaction_id, invoice_id, amount)
  );
  if v_answer is not null then
    return jsonb_populate_record(null::public.bank_transactions, v_answer);
  end if;
  if v_line.status in ('matched', 'ignored') then
    perform private.fail('invalid_state', format('This bank line is %s.', v_line.status), 'Unmatch it first.');
  end if;

  if invoice_id is null then
    perform private.match_line(v_line.id);
  else
    select i.* into v_invoice from public.invoices as i where i.id = match_bank_transaction.invoice_id for update;
    if v_invoice.status not in ('issued', 'sent', 'overdue') then
      perform private.fail('invalid_state', format('This invoice is %s.', v_invoice.status));
    end if;
    if v_invoice.currency <> v_line.currency then
      perform private.fail(
        'invalid_argument', format('The bank line is in %s, the invoice in %s.', v_line.currency, v_invoice.currency)
      );
    end if;
    v_left := v_line.amount - v_line.matched_amount;
    if sign(v_left) <> sign(v_invoice.open_amount) or sign(coalesce(amount, v_left)) <> sign(v_left) then
      perform private.fail('invalid_argument', 'Money that came pays invoices, money that left pays credit notes.');
    end if;
    -- A person has decided: as much as both sides have. The rest of either stays open.
    if amount is null then
      amount := sign(v_left) * least(abs(v_left), abs(v_invoice.open_amount));
    end if;
    perform private.pay_from_bank(v_line, v_invoice.id, amount);
    -- What is left is suggested anew.
    select t.* into v_line from public.bank_transactions as t where t.id = v_line.id;
    if v_line.status <> 'matched' then
      update public.bank_transactions as t set suggestions = private.suggest_invoices(v_line) where t.id = v_line.id;
    end if;
  end if;
  select t.* into v_line from public.bank_transactions as t where t.id = v_line.id;

  if idempotency_key is not null then
    perform private.store_idempotent_response(
      v_line.organization_id, 'match_bank_transaction', idempotency_key, to_jsonb(v_line)
    );
  end if;
  return v_line;
end
$$;

comment on function public.match_bank_transaction(uuid, uuid, bigint, text) is
  'Without invoice_id: matches a bank line whose reference, amount, currency and account are exactly an open '
  'invoice''s, else writes ranked suggestions. With one: pays it as a person decided, by `amount` or as much as '
  'line and invoice both have; repeat it to split a line over invoices. Returns the line. For owner and '
  'admin. Errors: invalid_state, '
  'invalid_argument, not_found, forbidden.';

create function public.match_bank_transactions(
  organization_id uuid default null, after_id uuid default null, batch_size integer default 500
)
returns json
language plpgsql
security definer -- definer because bank lines are written by functions
set search_path = ''
as $$
declare
  v_organization_id uuid := private.resolve_organization(organization_id);
  v_id uuid;
  v_last_id uuid;
  v_status public.bank_transaction_status;
  v_counts jsonb := '{"matched": 0, "suggested": 0, "unmatched": 0, "ignored": 0}';
begin
  perform private.require_role(v_organization_id, 'owner', 'admin');
  if batch_size is null or batch_size not between 1 and 1000 then
    perform private.fail('invalid_argument', 'batch_size is between 1 and 1000.');
  end if;
  -- One batch of an organization at a time; what a person matches this moment is passed over.
  perform pg_advisory_xact_lock(hashtextextended('match_bank_transactions|' || v_organization_id, 0));
  for v_id in
    select t.id
    from public.bank_transactions as t
    where t.organization_id = v_organization_id
      and t.status in ('unmatched', 'suggested')
      and (after_id is null or t.id > after_id)
    order by t.id
    limit batch_size
    for update skip locked
  loop
    v_status := private.match_line(v_id);
    v_counts := jsonb_set(v_counts, array[v_status::text], to_jsonb((v_counts ->> v_status::text)::integer + 1));
    v_last_id := v_id;
  end loop;
  return json_build_object(
    'matched_count', v_counts -> 'matched', 'suggested_count', v_counts -> 'suggested',
    'unmatched_count', v_counts -> 'unmatched', 'ignored_count', v_counts -> 'ignored', 'last_id', v_last_id
  );
end
$$;

comment on function public.match_bank_transactions(uuid, uuid, integer) is
  'Goes through the undecided bank lines of an organization, batch by batch (after_id: last_id of the batch before): '
  'exact ones are matched, the others get suggestions, money that left is ignored unless it is a reversal. Returns '
  '{matched_count, suggested_count, unmatched_count, ignored_count, last_id}; last_id is null at the end. Repeating it '
  'is safe. For owner and admin. Errors: forbidden, not_found, invalid_argument.';

grant execute on function public.match_bank_transaction(uuid, uuid, bigint, text) to authenticated;
grant execute on function public.match_bank_transactions(uuid, uuid, integer) to authenticated;
