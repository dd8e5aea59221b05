-- Somebody who pays for clients, entered once, however often the request comes.

create function public.create_payer(
  name text,
  registration_number text default null,
  vat_number text default null,
  street text default null,
  city text default null,
  postal_code text default null,
  country text default null,
  email text default null,
  locale text default null,
  organization_id uuid default null,
  idempotency_key text default null
)
returns public.payers
language plpgsql
security definer -- definer because idempotency keys are written by functions
set search_path = ''
as $$
declare
  v_organization_id uuid := private.resolve_organization(organization_id);
  v_answer jsonb;
  v_payer public.payers;
  v_constraint text;
begin
  perform private.require_role(v_organization_id, 'owner', 'admin', 'receptionist');
  perform private.require_text(name, 'name', 200);
  v_answer := private.claim_idempotency_key(
    v_organization_id, 'create_payer', idempotency_key,
    jsonb_build_array(name, registration_number, vat_number, street, city, postal_code, country, email, locale)
  );
  if v_answer is not null then
    return jsonb_populate_record(null::public.payers, v_answer);
  end if;

  begin
    insert into public.payers (
      organization_id, name, registration_number, vat_number, street, city, postal_code, country, email, locale
    )
    values (
      v_organization_id, btrim(create_payer.name), create_payer.registration_number, create_payer.vat_number,
      create_payer.street, create_payer.city, create_payer.postal_code, create_payer.country, create_payer.email,
      create_payer.locale
    )
    returning * into v_payer;
  exception
    -- What a payer looks like is written down once, in the table's constraints.
    when check_violation then
      get stacked diagnostics v_constraint = constraint_name;
      perform private.fail('invalid_argument', replace(v_constraint, '_', ' ') || ': this one is not so.');
  end;

  if idempotency_key is not null then
    perform private.store_idempotent_response(
      v_organization_id, 'create_payer', idempotency_key, to_jsonb(v_payer)
    );
  end if;
  return v_payer;
end
$$;

comment on function public.create_payer(text, text, text, text, text, text, text, text, text, uuid, text) is
  'Enters who pays for clients. POST /billing/payers checks the numbers against their country''s rules first. For '
  'owner, admin, receptionist. Errors: invalid_argument, not_found, forbidden.';

grant execute on function public.create_payer(text, text, text, text, text, text, text, text, text, uuid, text)
  to authenticated;
