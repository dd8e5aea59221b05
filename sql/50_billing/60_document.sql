-- What a rendered invoice says: one document, the same for PDF, ISDOC and every frontend.

create function public.invoice_document(invoice_id uuid)
returns json
language plpgsql
stable
set search_path = ''
as $$
declare
  v_document json;
begin
  perform private.require_user();
  -- RLS decides who sees the invoice.
  select json_build_object(
    'id', i.id, 'organization_id', i.organization_id, 'kind', i.kind, 'number', i.number, 'series', i.series,
    'status', i.status, 'issued_on', i.issued_on, 'due_on', i.due_on, 'supplied_on', i.supplied_on,
    'currency', i.currency, 'locale', i.locale, 'variable_symbol', i.variable_symbol, 'note', i.note,
    'prices_include_tax', i.prices_include_tax, 'net_amount', i.net_amount, 'tax_amount', i.tax_amount,
    'total_amount', i.total_amount, 'paid_amount', i.paid_amount, 'open_amount', i.open_amount,
    -- A draft shows what it would copy if it were issued now.
    'supplier', coalesce(i.supplier, private.supplier_document(i.organization_id)) - 'footer',
    'payer', coalesce(i.payer, private.payer_document(i.organization_id, i.client_id, i.payer_id)),
    'client', (
      select json_build_object('id', c.id, 'name', concat_ws(' ', c.given_name, c.family_name))
      from public.clients as c
      where c.id = i.client_id
    ),
    'bank_account', case
      when i.issued_at is null then private.bank_account_document(i.organization_id, i.currency)
      else i.bank_account
    end,
    'footer', coalesce(i.supplier, private.supplier_document(i.organization_id)) ->> 'footer',
    'lines', (
      select coalesce(json_agg(json_build_object(
        'position', l.position, 'description', l.description, 'quantity', l.quantity::text, 'unit', l.unit,
        'unit_price_amount', l.unit_price_amount, 'discount_percent', l.discount_percent::text,
        'tax_rate', l.tax_rate::text, 'tax_category', l.tax_category, 'net_amount', l.net_amount,
        'tax_amount', l.tax_amount, 'gross_amount', l.gross_amount, 'performed_on', l.performed_on
      ) order by l.position), '[]')
      from public.invoice_lines as l
      where l.invoice_id = i.id
    ),
    'taxes', (
      select coalesce(json_agg(json_build_object(
        'tax_rate', t.tax_rate::text, 'tax_category', t.tax_category, 'net_amount', t.net_amount,
        'tax_amount', t.tax_amount, 'gross_amount', t.gross_amount
      ) order by t.tax_rate desc, t.tax_category), '[]')
      from public.invoice_taxes as t
      where t.invoice_id = i.id
    ),
    'corrects', (
      select json_build_object('id', c.id, 'number', c.number, 'issued_on', c.issued_on)
      from public.invoices as c
      where c.id = i.corrects_invoice_id
    )
  )
  into v_document
  from public.invoices as i
  where i.id = invoice_document.invoice_id;
  if v_document is null then
    perform private.fail('not_found', 'There is no such invoice.', 'Check the identifier.');
  end if;
  return v_document;
end
$$;

comment on function public.invoice_document(uuid) is
  'Everything that an invoice says, as one JSON document: what PDF and ISDOC are rendered from. RLS decides who may. '
  'Error: not_found.';

grant execute on function public.invoice_document(uuid) to authenticated;
