-- Predicates for policies: which invoices are the caller's own?

create function private.current_invoice_ids()
returns uuid[]
language plpgsql
stable
security definer -- definer because the policies of lines and payments must not depend on other policies
set search_path = ''
as $$
begin
  return array(
    select i.id
    from public.invoices as i
    where i.client_id = any (private.current_client_ids()) and i.issued_at is not null
  );
end
$$;

comment on function private.current_invoice_ids() is 'Issued invoices of the caller as a client.';

create function private.current_document_paths()
returns text[]
language plpgsql
stable
security definer -- definer because the policies of storage must not depend on other policies
set search_path = ''
as $$
begin
  return array(
    select private.document_path(i.organization_id, i.id)
    from public.invoices as i
    where i.client_id = any (private.current_client_ids()) and i.issued_at is not null
  );
end
$$;

comment on function private.current_document_paths() is 'Where the PDFs of the caller''s own invoices are.';

grant execute on function private.current_invoice_ids() to authenticated;
grant execute on function private.current_document_paths() to authenticated;
