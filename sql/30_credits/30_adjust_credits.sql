-- Staff add or take credits, with a reason and their name on it.

create function public.adjust_credits(
  client_id uuid,
  amount bigint,
  reason text,
  expires_at timestamptz default null,
  idempotency_key text default null,
  currency text default null
)
returns public.credit_entries
language plpgsql
security definer -- definer because the ledger is written by nobody but functions
set search_path = ''
as $$
declare
  v_client public.clients := private.require_client(client_id, 'owner', 'admin', 'receptionist');
  v_currency text;
  v_answer jsonb;
  v_entry public.credit_entries;
begin
  if amount is null or amount = 0 or abs(amount::numeric) > 1000000000000 then
    perform private.fail(
      'invalid_argument', 'amount is a whole number of minor units, not 0, within ±10^12.'
    );
  end if;
  perform private.require_text(reason, 'reason', 500);
  if expires_at is not null and (amount < 0 or not isfinite(expires_at)) then
    perform private.fail('invalid_argument', 'expires_at is an instant, and only for credit that is added.');
  end if;
  v_currency := private.resolve_currency(currency, v_client.organization_id);

  v_answer := private.claim_idempotency_key(
    v_client.organization_id, 'adjust_credits', idempotency_key,
    jsonb_build_array(client_id, amount, reason, extract(epoch from expires_at), currency)
  );
  if v_answer is not null then
    return jsonb_populate_record(null::public.credit_entries, v_answer);
  end if;
  -- After the key: a repeat gets its answer also when the time has passed meanwhile.
  if expires_at <= now() then
    perform private.fail('invalid_argument', 'expires_at is in the future.');
  end if;

  insert into public.credit_entries
    (organization_id, client_id, kind, amount, currency, expires_at, reason, created_by)
  values (
    v_client.organization_id, v_client.id,
    case when amount > 0 then 'top_up' else 'adjustment' end::public.credit_entry_kind,
    amount, v_currency, expires_at, btrim(reason), auth.uid()
  )
  returning * into v_entry;

  if idempotency_key is not null then
    perform private.store_idempotent_response(
      v_client.organization_id, 'adjust_credits', idempotency_key, to_jsonb(v_entry)
    );
  end if;
  return v_entry;
end
$$;

comment on function public.adjust_credits(uuid, bigint, text, timestamptz, text, text) is
  'Adds (amount > 0) or takes (amount < 0) credits of a client in minor units, with a reason; returns the ledger '
  'entry. For owner, admin, receptionist. Errors: insufficient_credits, invalid_argument, not_found, forbidden.';

grant execute on function public.adjust_credits(uuid, bigint, text, timestamptz, text, text) to authenticated;
