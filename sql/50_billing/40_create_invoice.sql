-- Drafts: from a client's finished sessions, from a billing report, from a top-up of credits, or by hand.

create function private.require_invoice(invoice_id uuid, variadic roles public.member_role[])
returns public.invoices
language plpgsql
security definer -- definer because it decides for callers who may not read the invoice
set search_path = ''
as $$
declare
  v_invoice public.invoices;
begin
  perform private.require_user();
  select i.* into v_invoice from public.invoices as i where i.id = require_invoice.invoice_id;
  -- A client knows of the own issued invoices; nobody else outside the organization of any.
  if not found or (
    private.current_role_in(v_invoice.organization_id) is null
    and not (
      v_invoice.issued_at is not null and coalesce(v_invoice.client_id = any (private.current_client_ids()), false)
    )
  ) then
    perform private.fail('not_found', 'There is no such invoice.', 'Check the identifier.');
  end if;
  perform private.require_role(v_invoice.organization_id, variadic roles);
  select i.* into v_invoice from public.invoices as i where i.id = require_invoice.invoice_id for update;
  if not found then
    -- A draft that somebody deleted while this waited.
    perform private.fail('not_found', 'There is no such invoice.', 'Check the identifier.');
  end if;
  return v_invoice;
end
$$;

comment on function private.require_invoice(uuid, public.member_role[]) is
  'The invoice, locked, when the caller''s role is one of `roles`. Errors: not_found, forbidden.';

create function private.require_payer(payer_id uuid, organization_id uuid)
returns void
language plpgsql
stable
set search_path = ''
as $$
begin
  if payer_id is not null and not exists (
    select 1 from public.payers as p
    where p.id = require_payer.payer_id and p.organization_id = require_payer.organization_id
  ) then
    perform private.fail('not_found', 'There is no such payer.', 'Check the identifier.');
  end if;
end
$$;

comment on function private.require_payer(uuid, uuid) is
  'A payer, if one is named, is of the organization. Runs with the rights of its caller. Error: not_found.';

create function private.line_number(line jsonb, name text, default_value numeric)
returns numeric
language plpgsql
immutable
set search_path = ''
as $$
declare
  v_text text := line ->> name;
begin
  if v_text is null then
    return default_value;
  end if;
  if v_text !~ '^-?[0-9]{1,15}(\.[0-9]{1,6})?$' then
    perform private.fail('invalid_argument', format('%s of a line is a plain number.', name));
  end if;
  return v_text::numeric;
end
$$;

create function private.read_invoice_line(line jsonb, settings public.billing_settings)
returns public.invoice_lines
language plpgsql
stable
set search_path = ''
as $$
declare
  v_known constant text[] := array[
    'description', 'quantity', 'unit', 'unit_price_amount', 'discount_percent', 'tax_rate', 'tax_category',
    'performed_on'
  ];
  v_rate numeric;
  v_line public.invoice_lines;
begin
  if jsonb_typeof(line) <> 'object' or exists (
    select 1 from jsonb_object_keys(line) as k (name) where k.name <> all (v_known)
  ) then
    perform private.fail('invalid_argument', format('A line has only %s.', array_to_string(v_known, ', ')));
  end if;
  v_rate := private.line_number(line, 'tax_rate', null);
  v_line.tax_category := coalesce(
    (line ->> 'tax_category')::public.tax_category,
    case when v_rate > 0 then 'standard' when v_rate = 0 then 'exempt' else settings.default_tax_category end
  );
  v_line.tax_rate := coalesce(
    v_rate, case when v_line.tax_category in ('standard', 'reduced') then settings.default_tax_rate else 0 end
  );
  v_line.description := line ->> 'description';
  v_line.quantity := private.line_number(line, 'quantity', 1);
  v_line.unit := line ->> 'unit';
  v_line.unit_price_amount := private.line_number(line, 'unit_price_amount', null);
  v_line.discount_percent := private.line_number(line, 'discount_percent', 0);
  v_line.performed_on := (line ->> 'performed_on')::date;
  return v_line;
end
$$;

create function private.add_invoice_lines(invoice public.invoices, lines jsonb)
returns void
language plpgsql
security definer -- definer because lines of drafts are written by functions
set search_path = ''
as $$
declare
  v_settings public.billing_settings := private.billing_settings_of(invoice.organization_id);
  v_last integer := coalesce(
    (select max(l.position) from public.invoice_lines as l where l.invoice_id = invoice.id), 0
  );
  v_middle integer;
begin
  if jsonb_typeof(lines) <> 'array' or jsonb_array_length(lines) > 1000 then
    perform private.fail('invalid_argument', 'lines is an array of at most 1000 objects.');
  end if;
  v_middle := jsonb_array_length(lines) / 2;
  begin
    insert into public.invoice_lines (
      organization_id, invoice_id, position, description, quantity, unit, unit_price_amount, discount_percent,
      tax_rate, tax_category, performed_on
    )
    select
      invoice.organization_id, invoice.id, v_last + e.number, l.description, l.quantity, l.unit,
      l.unit_price_amount, l.discount_percent, l.tax_rate, l.tax_category, l.performed_on
    from jsonb_array_elements(lines) with ordinality as e (value, number)
    cross join lateral private.read_invoice_line(e.value, v_settings) as l;
  exception
    when check_violation or not_null_violation or numeric_value_out_of_range or invalid_text_representation
      or invalid_datetime_format or datetime_field_overflow or sqlstate 'PT422'
    then
      if v_middle > 0 then
        -- By halves, down to the first line that is not acceptable.
        perform private.add_invoice_lines(invoice, h.half)
        from (
          select jsonb_agg(e.value order by e.number) as half
          from jsonb_array_elements(lines) with ordinality as e (value, number)
          group by e.number > v_middle
          order by e.number > v_middle
        ) as h;
      elsif sqlstate = 'PT422' then
        raise;
      else
        perform private.fail(
          'invalid_argument', format('Line %s is not acceptable.', v_last + 1),
          'description (1-500 characters), quantity (not 0), unit_price_amount (minor units), discount_percent '
          '(0-100), tax_rate (0-100, above 0 for standard and reduced only), performed_on (date).'
        );
      end if;
  end;
end
$$;

comment on function private.add_invoice_lines(public.invoices, jsonb) is
  'Appends lines {description, unit_price_amount, quantity?, unit?, discount_percent?, tax_rate?, tax_category?, '
  'performed_on?} to a draft. Error: invalid_argument.';

create function private.add_appointment_lines(invoice public.invoices, appointment_ids uuid[])
returns void
language plpgsql
security definer -- definer because lines of drafts are written by functions
set search_path = ''
-- For a few appointments, planning anew takes longer than all else.
set plan_cache_mode = force_generic_plan
as $$
declare
  v_settings public.billing_settings := private.billing_settings_of(invoice.organization_id);
  v_bad record;
begin
  perform 1 from public.appointments as a where a.id = any (appointment_ids) order by a.id for update;
  select a.id, a.status, a.payment_status, a.invoice_id, a.currency into v_bad
  from public.appointments as a
  where a.id = any (appointment_ids)
    and (
      a.status not in ('completed', 'no_show')
      or a.payment_status <> 'unpaid'
      or a.invoice_id is not null
      or a.currency <> invoice.currency
    )
  order by a.id
  limit 1;
  if found then
    perform private.fail(
      'invalid_state',
      case
        when v_bad.currency <> invoice.currency
          then format('Appointment %s is in %s, the invoice in %s.', v_bad.id, v_bad.currency, invoice.currency)
        when v_bad.invoice_id is not null then format('Appointment %s is on an invoice already.', v_bad.id)
        else format('Appointment %s is %s and %s.', v_bad.id, v_bad.status, v_bad.payment_status)
      end,
      'Completed or missed appointments that are unpaid can be invoiced, once.'
    );
  end if;

  insert into public.invoice_lines (
    organization_id, invoice_id, position, description, unit_price_amount, tax_rate, tax_category, appointment_id,
    performed_on
  )
  select
    a.organization_id,
    invoice.id,
    row_number() over (order by a.starts_at, a.id) + coalesce(
      (select max(l.position) from public.invoice_lines as l where l.invoice_id = invoice.id), 0
    ),
    -- An invoice for somebody else says whose session it was.
    left(concat_ws(
      ', ', s.name, case when invoice.client_id is null then concat_ws(' ', c.given_name, c.family_name) end
    ), 500),
    a.price_amount,
    case when v_settings.is_vat_payer then coalesce(t.tax_rate, v_settings.default_tax_rate) else 0 end,
    case
      when v_settings.is_vat_payer then coalesce(t.tax_category, v_settings.default_tax_category)
      else 'exempt'
    end,
    a.id,
    (a.starts_at at time zone l.timezone)::date
  from public.appointments as a
  join public.services as s on s.id = a.service_id
  join public.clients as c on c.id = a.client_id
  join public.locations as l on l.id = a.location_id
  left join public.service_taxes as t on t.service_id = a.service_id
  where a.id = any (appointment_ids);
end
$$;

create function private.invoiceable_appointments(
  organization_id uuid, client_id uuid, currency text, period_start date, period_end date
)
returns uuid[]
language plpgsql
stable
security definer -- definer because the rule reads appointments whatever the caller may see
set search_path = ''
as $$
declare
  v_timezone text := (select o.timezone from public.organizations as o where o.id = organization_id);
begin
  return array(
    select a.id
    from public.appointments as a
    where a.client_id = invoiceable_appointments.client_id
      and a.organization_id = invoiceable_appointments.organization_id
      and a.status = 'completed'
      and a.payment_status = 'unpaid'
      and a.invoice_id is null
      and a.currency = invoiceable_appointments.currency
      and a.price_amount > 0
      and (period_start is null or a.starts_at >= period_start::timestamp at time zone v_timezone)
      and (period_end is null or a.starts_at < period_end::timestamp at time zone v_timezone)
    order by a.starts_at, a.id
  );
end
$$;

comment on function private.invoiceable_appointments(uuid, uuid, text, date, date) is
  'A client''s completed, unpaid appointments that are on no invoice, of the local days [period_start, period_end).';

create function public.create_invoice(
  client_id uuid,
  appointment_ids uuid[] default null,
  lines jsonb default null,
  due_on date default null,
  payer_id uuid default null,
  period_start date default null,
  period_end date default null,
  note text default null,
  currency text default null,
  series text default 'main',
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
  v_ids uuid[];
  v_series text := coalesce(series, 'main');
  v_answer jsonb;
  v_invoice public.invoices;
begin
  perform private.require_payer(payer_id, v_client.organization_id);
  v_ids := array(select distinct i from unnest(appointment_ids) as i where i is not null);
  if cardinality(v_ids) > 1000 then
    perform private.fail('invalid_argument', 'appointment_ids names at most 1000 appointments.');
  end if;
  if (
    select count(*) from public.appointments as a
    where a.id = any (v_ids) and a.organization_id = v_client.organization_id and a.client_id = v_client.id
  ) <> cardinality(v_ids) then
    perform private.fail('not_found', 'At least one of these appointments is not this client''s.');
  end if;
  perform private.require_date(due_on, 'due_on');
  perform private.require_date(period_start, 'period_start');
  perform private.require_date(period_end, 'period_end');
  perform private.require_text(note, 'note', 2000, shortest => 0);
  v_currency := private.resolve_currency(
    coalesce(currency, (select min(a.currency) from public.appointments as a where a.id = any (v_ids))),
    v_client.organization_id
  );
  if v_series <> 'main' and not exists (
    select 1 from public.invoice_series as s
    where s.organization_id = v_client.organization_id and s.code = v_series and s.kind = 'invoice'
  ) then
    perform private.fail('not_found', 'There is no such series of invoices.');
  end if;

  v_answer := private.claim_idempotency_key(
    v_client.organization_id, 'create_invoice', idempotency_key,
    jsonb_build_array(
      client_id, v_ids, lines, due_on, payer_id, period_start, period_end, note, currency, v_series
    )
  );
  if v_answer is not null then
    return jsonb_populate_record(null::public.invoices, v_answer);
  end if;

  -- Neither appointments nor lines: everything that is unpaid, of the period if there is one.
  if appointment_ids is null and lines is null then
    v_ids := private.invoiceable_appointments(
      v_client.organization_id, v_client.id, v_currency, period_start, period_end
    );
    if v_ids = '{}' then
      perform private.fail('invalid_state', 'There is nothing to invoice.', 'Name appointments, or give lines.');
    end if;
  elsif v_ids = '{}' and coalesce(lines, '[]') = '[]' then
    perform private.fail('invalid_argument', 'An invoice has at least one appointment or line.');
  end if;

  insert into public.invoices (organization_id, client_id, payer_id, due_on, note, currency, series, created_by)
  values (
    v_client.organization_id, v_client.id,
    coalesce(payer_id, (select cp.payer_id from public.client_payers as cp where cp.client_id = v_client.id)),
    due_on, nullif(btrim(note), ''), v_currency, v_series, auth.uid()
  )
  returning * into v_invoice;
  if v_ids <> '{}' then
    perform private.add_appointment_lines(v_invoice, v_ids);
  end if;
  if lines is not null then
    perform private.add_invoice_lines(v_invoice, lines);
  end if;
  select i.* into v_invoice from public.invoices as i where i.id = v_invoice.id;

  if idempotency_key is not null then
    perform private.store_idempotent_response(
      v_client.organization_id, 'create_invoice', idempotency_key, to_jsonb(v_invoice)
    );
  end if;
  return v_invoice;
end
$$;

comment on function public.create_invoice(
  uuid, uuid[], jsonb, date, uuid, date, date, text, text, text, text
) is
  'Makes a draft for a client, or for payer_id in the client''s place, from appointments and lines '
  '({description, unit_price_amount, quantity?, unit?, discount_percent?, tax_rate?, tax_category?, performed_on?}); '
  'with neither, from all completed unpaid appointments [of the local days period_start, period_end excluded]. For '
  'owner, admin, receptionist. Errors: invalid_state, invalid_argument, not_found, forbidden.';

grant execute on function public.create_invoice(
  uuid, uuid[], jsonb, date, uuid, date, date, text, text, text, text
) to authenticated;
