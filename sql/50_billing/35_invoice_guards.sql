-- What must be true of invoices whoever writes them: a draft becomes an invoice by getting its number,
-- then never changes; status and paid amount follow from facts; appointments and credits follow from status.

create function private.number_invoice(invoice public.invoices)
returns public.invoices
language plpgsql
security definer -- definer because the counters are readable by nobody
set search_path = ''
as $$
declare
  v_settings public.billing_settings := private.billing_settings_of(invoice.organization_id);
  v_series public.invoice_series;
  v_today date := private.local_day(invoice.organization_id);
  v_lines record;
begin
  select
    count(*) as count,
    coalesce(bool_or(l.tax_rate > 0), false) as has_tax,
    coalesce(bool_or(l.credit_amount is not null), false) as has_credit,
    max(l.performed_on) as performed_on
  into v_lines
  from public.invoice_lines as l
  where l.invoice_id = invoice.id;
  if v_lines.count = 0 then
    perform private.fail('invalid_state', 'This invoice has no lines.', 'Add a line first.');
  end if;
  if (invoice.kind = 'invoice') <> (invoice.total_amount >= 0) and invoice.total_amount <> 0 then
    perform private.fail('invalid_state', 'The total of an invoice is not below zero.', 'Make a credit note.');
  end if;
  if v_lines.has_tax and not v_settings.is_vat_payer then
    perform private.fail(
      'invalid_state', 'The organization does not charge VAT, but a line has a tax rate.',
      'Set is_vat_payer in the billing settings, or the rate to 0.'
    );
  end if;
  if v_lines.has_credit and invoice.client_id is null then
    perform private.fail('invalid_state', 'Credits are topped up for a client.', 'Name the client.');
  end if;

  select s.* into v_series
  from public.invoice_series as s
  where s.organization_id = invoice.organization_id and s.code = invoice.series;
  if v_series.kind <> invoice.kind then
    perform private.fail(
      'invalid_state', format('Series %s numbers documents of kind %s.', v_series.code, v_series.kind)
    );
  end if;

  invoice.issued_at := now();
  invoice.issued_on := coalesce(invoice.issued_on, v_today);
  if invoice.issued_on > v_today or invoice.issued_on < v_today - 366 then
    perform private.fail('invalid_argument', 'issued_on is today or up to a year ago.');
  end if;
  invoice.due_on := greatest(coalesce(invoice.due_on, invoice.issued_on + v_settings.due_days), invoice.issued_on);
  -- A correction counts when it is made: the tax of the period that it corrects may have been declared.
  invoice.supplied_on := coalesce(
    invoice.supplied_on, case invoice.kind when 'invoice' then v_lines.performed_on end, invoice.issued_on
  );
  invoice.payer := private.payer_document(invoice.organization_id, invoice.client_id, invoice.payer_id);
  invoice.supplier := private.supplier_document(invoice.organization_id);
  invoice.bank_account := private.bank_account_document(invoice.organization_id, invoice.currency);

  -- Last of all: from here to the commit nobody else gets a number of this series.
  invoice.year := extract(year from invoice.issued_on)::integer;
  insert into private.invoice_counters as c (organization_id, series, year, last_number)
  values (invoice.organization_id, invoice.series, invoice.year, 1)
  on conflict (organization_id, series, year) do update set last_number = c.last_number + 1
  returning c.last_number into invoice.sequence;
  if exists (
    select 1
    from public.invoices as i
    where i.organization_id = invoice.organization_id
      and i.series = invoice.series
      and i.issued_on > invoice.issued_on
  ) then
    perform private.fail(
      'invalid_argument', 'A later number never has an earlier date: issued_on is before that of the last one.'
    );
  end if;
  invoice.variable_symbol := ltrim(
    lpad((invoice.year % 100)::text, 2, '0') || v_series.digit || lpad(invoice.sequence::text, 6, '0'), '0'
  );
  invoice.number := v_series.prefix || invoice.variable_symbol;
  return invoice;
end
$$;

comment on function private.number_invoice(public.invoices) is
  'A draft with its number, dates and copies of who owes whom. Takes the counter''s lock until the commit.';

create function private.invoice_status(invoice public.invoices)
returns public.invoice_status
language plpgsql
stable
set search_path = ''
as $$
begin
  return case
    when invoice.issued_at is null then 'draft'
    when invoice.voided_at is not null then 'void'
    when invoice.paid_amount = invoice.total_amount then 'paid'
    when invoice.kind = 'invoice' and invoice.due_on < private.local_day(invoice.organization_id) then 'overdue'
    when invoice.sent_at is not null then 'sent'
    else 'issued'
  end;
end
$$;

create function private.tg_invoices__guard_insert()
returns trigger
language plpgsql
security definer -- definer because the defaults are read whatever the writer may see
set search_path = ''
as $$
declare
  v_organization public.organizations;
begin
  if new.issued_at is not null or new.voided_at is not null then
    perform private.fail('invalid_state', 'An invoice begins as a draft.', 'Issue it with issue_invoice.');
  end if;
  select o.* into v_organization from public.organizations as o where o.id = new.organization_id;
  new.currency := coalesce(new.currency, v_organization.currency);
  new.locale := coalesce(
    new.locale,
    (select p.locale from public.payers as p where p.id = new.payer_id),
    (select c.locale from public.clients as c where c.id = new.client_id and new.payer_id is null),
    (select s.default_locale from public.organization_settings as s where s.organization_id = new.organization_id)
  );
  new.prices_include_tax := coalesce(
    new.prices_include_tax, (private.billing_settings_of(new.organization_id)).prices_include_tax
  );
  new.status := 'draft';
  new.net_amount := 0;
  new.tax_amount := 0;
  new.total_amount := 0;
  new.paid_amount := 0;
  new.sent_at := null;
  -- The two series that everybody has; others are made by owner and admin.
  if new.series in ('main', 'credit') then
    insert into public.invoice_series (organization_id, code, kind, digit)
    values (
      new.organization_id, new.series,
      case new.series when 'main' then 'invoice' else 'credit_note' end::public.invoice_kind,
      case new.series when 'main' then 1 else 2 end
    )
    on conflict do nothing;
  end if;
  return new;
end
$$;

create function private.tg_invoices__guard_update()
returns trigger
language plpgsql
security definer -- definer because the rules read lines and payments whatever the writer may see
set search_path = ''
as $$
declare
  v_free constant text[] := array[
    'status', 'paid_amount', 'open_amount', 'sent_at', 'voided_at', 'voided_by', 'void_reason', 'updated_at'
  ];
begin
  new.updated_at := now();
  if (new.id, new.organization_id, new.kind, new.created_at) is distinct from
    (old.id, old.organization_id, old.kind, old.created_at)
    or new.corrects_invoice_id is distinct from old.corrects_invoice_id
  then
    perform private.fail('invalid_state', 'Origin and kind of an invoice never change.');
  end if;

  if old.issued_at is null then
    if new.voided_at is not null or new.sent_at is not null then
      perform private.fail('invalid_state', 'This invoice is a draft.', 'Issue it first, or delete it.');
    end if;
    -- The lines would be computed after they were summed up.
    if new.issued_at is not null and new.prices_include_tax <> old.prices_include_tax then
      perform private.fail('invalid_state', 'Prices of a draft change before it is issued.', 'Issue it afterwards.');
    end if;
    new.number := null;
    new.year := null;
    new.sequence := null;
    new.variable_symbol := null;
    -- Only together with issued_at is a date of issue proposed.
    new.issued_on := case when new.issued_at is not null then new.issued_on end;
    new.supplier := null;
    new.payer := null;
    new.bank_account := null;
    select coalesce(sum(l.net_amount), 0), coalesce(sum(l.tax_amount), 0)
    into new.net_amount, new.tax_amount
    from public.invoice_lines as l
    where l.invoice_id = new.id;
    new.total_amount := new.net_amount + new.tax_amount;
    new.paid_amount := 0;
    if new.issued_at is not null then
      new := private.number_invoice(new);
    end if;
  else
    if to_jsonb(new) - v_free is distinct from to_jsonb(old) - v_free then
      perform private.fail(
        'invalid_state', 'An issued invoice never changes.', 'Correct it by a credit note, or void it.'
      );
    end if;
    new.sent_at := coalesce(new.sent_at, old.sent_at);
    new.paid_amount := (
      select coalesce(sum(p.amount), 0) from public.payments as p where p.invoice_id = new.id
    );
    if old.voided_at is not null then
      if (new.voided_at, new.voided_by, new.void_reason) is distinct from
        (old.voided_at, old.voided_by, old.void_reason)
      then
        perform private.fail('invalid_state', 'This invoice is void.');
      end if;
    elsif new.voided_at is not null then
      -- One without a total is paid from the start: its sessions are, and its credits are given.
      if old.status = 'paid' or new.paid_amount <> 0 or new.kind = 'credit_note' or exists (
        select 1 from public.invoices as c where c.corrects_invoice_id = new.id and c.issued_at is not null
      ) then
        perform private.fail(
          'invalid_state', 'Only an invoice that is neither paid nor corrected becomes void.',
          'Make a credit note instead.'
        );
      end if;
    end if;
  end if;
  new.status := private.invoice_status(new);
  return new;
end
$$;

create function private.tg_invoices__guard_delete()
returns trigger
language plpgsql
security definer -- definer because nobody is granted update of an appointment's invoice
set search_path = ''
as $$
begin
  if old.issued_at is not null then
    perform private.fail('invalid_state', 'An issued invoice is never deleted.', 'Void it, or make a credit note.');
  end if;
  update public.appointments as a set invoice_id = null
  where a.organization_id = old.organization_id and a.invoice_id = old.id;
  return old;
end
$$;

-- Appointments and credits follow. ---------------------------------------------------------------

create function private.settle_credits(invoice public.invoices, are_due boolean)
returns void
language plpgsql
security definer -- definer because the ledger is written by nobody but functions
set search_path = ''
as $$
declare
  v_line record;
  v_entry_id uuid;
begin
  for v_line in
    select
      l.id,
      case when are_due and not private.is_line_credited(l.id) then l.credit_amount else 0 end
        - coalesce(given.amount, 0) as amount
    from public.invoice_lines as l
    left join lateral (
      select sum(e.amount) as amount
      from public.invoice_credits as ic
      join public.credit_entries as e on e.id = ic.credit_entry_id
      where ic.invoice_line_id = l.id
    ) as given on true
    where l.invoice_id = invoice.id and l.credit_amount is not null
    order by l.position
  loop
    continue when v_line.amount = 0;
    insert into public.credit_entries (organization_id, client_id, kind, amount, currency, reason)
    values (
      invoice.organization_id, invoice.client_id,
      case when v_line.amount > 0 then 'top_up' else 'adjustment' end::public.credit_entry_kind,
      v_line.amount, invoice.currency, invoice.number
    )
    returning id into v_entry_id;
    insert into public.invoice_credits (credit_entry_id, organization_id, invoice_line_id)
    values (v_entry_id, invoice.organization_id, v_line.id);
  end loop;
end
$$;

comment on function private.settle_credits(public.invoices, boolean) is
  'Gives the credits of top-up lines, once, or takes them back. Error: insufficient_credits when they are spent.';

create function private.tg_invoices__follow_status()
returns trigger
language plpgsql
security definer -- definer because appointments and ledger are written by nobody but functions
set search_path = ''
as $$
declare
  v_corrected public.invoices;
begin
  if new.status in ('void', 'paid') or old.status in ('draft', 'paid') then
    -- By id, as everybody locks them.
    perform 1
    from public.appointments as a
    where a.organization_id = new.organization_id and a.invoice_id = new.id
    order by a.id
    for no key update;
  end if;
  -- Nobody is reminded of what is paid, nor sent what is withdrawn, however long the mail was held up.
  if new.status = 'void' then
    perform private.cancel_messages(new.id);
  elsif new.status = 'paid' then
    perform private.cancel_messages(new.id, array['invoice_reminder']);
  end if;
  if new.status = 'void' then
    update public.appointments as a set payment_status = 'unpaid', invoice_id = null
    where a.organization_id = new.organization_id and a.invoice_id = new.id and a.payment_status = 'invoiced';
    return null;
  end if;
  if old.status = 'draft' then
    update public.appointments as a set payment_status = 'invoiced'
    where a.organization_id = new.organization_id and a.invoice_id = new.id and a.payment_status = 'unpaid';
    if new.kind = 'credit_note' then
      select i.* into v_corrected from public.invoices as i where i.id = new.corrects_invoice_id;
      perform private.settle_credits(v_corrected, v_corrected.status = 'paid');
    end if;
  end if;
  if new.status = 'paid' then
    update public.appointments as a set payment_status = 'paid'
    where a.organization_id = new.organization_id and a.invoice_id = new.id and a.payment_status = 'invoiced';
    perform private.settle_credits(new, true);
  elsif old.status = 'paid' then
    update public.appointments as a set payment_status = 'invoiced'
    where a.organization_id = new.organization_id and a.invoice_id = new.id and a.payment_status = 'paid';
    perform private.settle_credits(new, false);
  end if;
  return null;
end
$$;

comment on function private.tg_invoices__follow_status() is
  'Appointments of an invoice are invoiced when it is issued, paid when it is paid, unpaid again when it is void; '
  'top-up lines become credits when it is paid, until a credit note takes them back. What still waits in the outbox '
  'about a paid or void one is cancelled.';

create function private.tg_invoices__compute()
returns trigger
language plpgsql
security definer -- definer because amounts are granted to nobody
set search_path = ''
as $$
begin
  perform private.compute_invoices(array[new.id]);
  return null;
end
$$;

create trigger invoices_guard_insert before insert on public.invoices
  for each row execute function private.tg_invoices__guard_insert();
create trigger invoices_guard_update before update on public.invoices
  for each row execute function private.tg_invoices__guard_update();
create trigger invoices_guard_delete before delete on public.invoices
  for each row execute function private.tg_invoices__guard_delete();
create trigger invoices_no_truncate before truncate on public.invoices
  for each statement execute function private.tg__refuse_change();
create trigger invoices_compute after update on public.invoices
  for each row when (new.issued_at is null and new.prices_include_tax <> old.prices_include_tax)
  execute function private.tg_invoices__compute();
create trigger invoices_follow_status after update on public.invoices
  for each row when (new.status <> old.status) execute function private.tg_invoices__follow_status();

create function private.tg_appointments__check_invoice()
returns trigger
language plpgsql
security definer -- definer because the rule reads the invoice whatever the writer may see
set search_path = ''
as $$
begin
  -- As it stands at the end of the transaction, not as it was when this was queued.
  if exists (
    select 1
    from public.appointments as a
    left join lateral (
      select i.id, i.status, private.is_line_credited(l.id) as is_credited
      from public.invoice_lines as l
      join public.invoices as i on i.id = l.invoice_id
      where l.organization_id = a.organization_id
        and l.appointment_id = a.id
        and i.status <> 'void'
        and (i.id = a.invoice_id or (a.invoice_id is null and not private.is_line_credited(l.id)))
      limit 1
    ) as charged on true
    where a.id = new.id
      and (
        charged.id is distinct from a.invoice_id
        or a.payment_status <> case
          when charged.is_credited then 'refunded'
          when charged.status = 'draft' then 'unpaid'
          when charged.status = 'paid' then 'paid'
          when charged.status is not null then 'invoiced'
        end::public.payment_status
      )
  ) then
    perform private.fail(
      'invalid_state', 'The payment of this appointment is its invoice''s.',
      'Pay, void or credit the invoice; delete it while it is a draft.'
    );
  end if;
  return null;
end
$$;

comment on function private.tg_appointments__check_invoice() is
  'At commit: an appointment names the invoice that charges it, and is paid when that is paid.';

create function private.is_line_credited(line_id uuid)
returns boolean
language plpgsql
stable
security definer -- definer because the rule reads lines whatever the caller may see
set search_path = ''
as $$
begin
  return exists (
    select 1
    from public.invoice_lines as l
    join public.invoices as i on i.id = l.invoice_id
    where l.organization_id = (select o.organization_id from public.invoice_lines as o where o.id = line_id)
      and l.corrects_line_id = line_id
      and i.issued_at is not null
  );
end
$$;

comment on function private.is_line_credited(uuid) is 'Has an issued credit note taken this line back?';

create constraint trigger appointments_follow_their_invoice
  after update on public.appointments
  deferrable initially deferred
  for each row when (
    (new.invoice_id is not null or old.invoice_id is not null)
    and (new.invoice_id, new.payment_status) is distinct from (old.invoice_id, old.payment_status)
  )
  execute function private.tg_appointments__check_invoice();
create constraint trigger appointments_begin_without_invoice
  after insert on public.appointments
  deferrable initially deferred
  for each row when (new.invoice_id is not null)
  execute function private.tg_appointments__check_invoice();
