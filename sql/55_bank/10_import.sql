-- Statements come in as rows that a parser has read; here each becomes a line, once.

create function private.require_bank_account(bank_account_id uuid)
returns public.bank_accounts
language plpgsql
stable
security definer -- definer because it decides for callers who may not read the account
set search_path = ''
as $$
declare
  v_account public.bank_accounts;
begin
  select b.* into v_account from public.bank_accounts as b where b.id = require_bank_account.bank_account_id;
  perform private.require_staff(v_account.organization_id, 'bank account', 'owner', 'admin');
  return v_account;
end
$$;

comment on function private.require_bank_account(uuid) is
  'The account, when the caller is owner or admin of its organization. Errors: not_found, forbidden.';

create function public.find_bank_account(
  account text default null, currency text default null, organization_id uuid default null
)
returns public.bank_accounts
language plpgsql
stable
security definer -- definer because it decides for callers who may not read the account
set search_path = ''
as $$
declare
  v_organization_id uuid := private.resolve_organization(organization_id);
  v_wanted text := upper(regexp_replace(account, '\s', '', 'g'));
  v_accounts public.bank_accounts[];
begin
  perform private.require_role(v_organization_id, 'owner', 'admin');
  v_accounts := array(
    select b
    from public.bank_accounts as b
    where b.organization_id = v_organization_id
      and b.is_active
      and (find_bank_account.currency is null or b.currency = find_bank_account.currency)
      and (
        v_wanted is null
        or b.iban = v_wanted
        -- Leading zeros of the parts of a domestic number mean nothing; files leave the bank out at times.
        or regexp_replace(b.account_number, '(^|-)0+', '\1', 'g') in (
          regexp_replace(v_wanted, '(^|-)0+', '\1', 'g'),
          regexp_replace(v_wanted, '(^|-)0+', '\1', 'g') || '/' || right(b.account_number, 4)
        )
        -- A Czech or Slovak IBAN is bank, prefix and number.
        or (
          b.iban ~ '^(CZ|SK)'
          and regexp_replace(substr(b.iban, 9, 6) || '-' || substr(b.iban, 15), '(^|-)0+', '\1', 'g') in (
            regexp_replace(split_part(v_wanted, '/', 1), '(^|-)0+', '\1', 'g'),
            '-' || regexp_replace(split_part(v_wanted, '/', 1), '(^|-)0+', '\1', 'g')
          )
        )
      )
    limit 2
  );
  if cardinality(v_accounts) = 0 then
    perform private.fail(
      'not_found', 'The statement is not of one of your bank accounts.', 'Add the account, or name it.'
    );
  elsif cardinality(v_accounts) > 1 then
    perform private.fail(
      'invalid_argument', 'There is more than one such bank account.', 'Name one in bank_account_id.'
    );
  end if;
  return v_accounts[1];
end
$$;

comment on function public.find_bank_account(text, text, uuid) is
  'The organization''s one bank account with this IBAN or domestic number and currency; without them, the only one. '
  'For owner and admin. Errors: not_found, invalid_argument (several), forbidden.';

create function public.import_bank_transactions(
  bank_account_id uuid, transactions jsonb, source text, idempotency_key text default null
)
returns json
language plpgsql
security definer -- definer because bank lines are written by functions
set search_path = ''
as $$
declare
  v_account public.bank_accounts := private.require_bank_account(bank_account_id);
  v_answer jsonb;
  v_refused jsonb;
  v_valid integer;
  v_new integer;
begin
  if coalesce(jsonb_typeof(transactions), '') <> 'array' or jsonb_array_length(transactions) > 1000 then
    perform private.fail('invalid_argument', 'transactions is an array of at most 1000 objects.');
  end if;
  if coalesce(length(source), 0) not between 1 and 40 then
    perform private.fail('invalid_argument', 'source names the format in 1 to 40 characters.');
  end if;
  v_answer := private.claim_idempotency_key(
    v_account.organization_id, 'import_bank_transactions', idempotency_key,
    jsonb_build_array(bank_account_id, transactions, source)
  );
  if v_answer is not null then
    return v_answer;
  end if;

  -- Imports of one account take turns: two files with the same lines in another order would wait for each other.
  perform 1 from public.bank_accounts as b where b.id = v_account.id for no key update;
  with line as (
    select
      e.number - 1 as position,
      jsonb_typeof(e.value) = 'object' as is_object,
      case when jsonb_typeof(e.value) = 'object' then e.value else '{}' end as value
    from jsonb_array_elements(transactions) with ordinality as e (value, number)
  ),
  checked as (
    select
      l.position,
      l.value,
      case
        when not l.is_object then 'A transaction is an object.'
        when coalesce(l.value ->> 'amount', '') !~ '^-?[1-9][0-9]{0,13}$'
          then 'amount is a whole number of minor units, not 0.'
        when coalesce(l.value ->> 'currency', '') !~ '^[A-Z]{3}$' then 'currency is an ISO 4217 code.'
        when l.value ->> 'currency' <> v_account.currency
          then format('The account is in %s.', v_account.currency)
        when not coalesce(
          l.value ->> 'booked_on' ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'
            and pg_input_is_valid(l.value ->> 'booked_on', 'date')
            and l.value ->> 'booked_on' between '2000-01-01' and '2199-12-31',
          false
        ) then 'booked_on is a date between 2000 and 2199.'
        when not coalesce(
          l.value ->> 'valued_on' ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'
            and pg_input_is_valid(l.value ->> 'valued_on', 'date')
            and l.value ->> 'valued_on' between '2000-01-01' and '2199-12-31',
          true
        ) then 'valued_on is a date between 2000 and 2199.'
        when coalesce(ltrim(l.value ->> 'variable_symbol', '0'), '') !~ '^[0-9]{0,10}$'
          then 'variable_symbol has at most ten digits.'
        when coalesce(l.value ->> 'ordinal', '0') !~ '^[0-9]{1,6}$' then 'ordinal counts from 0.'
        when coalesce(l.value ->> 'is_reversal', 'false') not in ('true', 'false') then 'is_reversal is a boolean.'
      end as refusal
    from line as l
  ),
  valid as (
    select
      c.position,
      (c.value ->> 'booked_on')::date as booked_on,
      (c.value ->> 'valued_on')::date as valued_on,
      (c.value ->> 'amount')::bigint as amount,
      c.value ->> 'currency' as currency,
      nullif(ltrim(c.value ->> 'variable_symbol', '0'), '') as variable_symbol,
      left(nullif(c.value ->> 'constant_symbol', ''), 10) as constant_symbol,
      left(nullif(c.value ->> 'specific_symbol', ''), 10) as specific_symbol,
      left(nullif(btrim(c.value ->> 'counterparty'), ''), 200) as counterparty,
      left(nullif(btrim(c.value ->> 'counterparty_account'), ''), 60) as counterparty_account,
      left(nullif(btrim(c.value ->> 'message'), ''), 1000) as message,
      left(nullif(btrim(c.value ->> 'reference'), ''), 140) as reference,
      left(nullif(btrim(c.value ->> 'bank_reference'), ''), 140) as bank_reference,
      coalesce((c.value ->> 'is_reversal')::boolean, false) as is_reversal,
      coalesce((c.value ->> 'ordinal')::integer, 0) as ordinal
    from checked as c
    where c.refusal is null
  ),
  inserted as (
    insert into public.bank_transactions (
      organization_id, bank_account_id, booked_on, valued_on, amount, currency, variable_symbol, constant_symbol,
      specific_symbol, counterparty, counterparty_account, message, reference, bank_reference, is_reversal, source,
      dedupe_key
    )
    select
      v_account.organization_id, v_account.id, v.booked_on, v.valued_on, v.amount, v.currency, v.variable_symbol,
      v.constant_symbol, v.specific_symbol, v.counterparty, v.counterparty_account, v.message, v.reference,
      v.bank_reference, v.is_reversal, import_bank_transactions.source,
      extensions.digest(
        case
          when v.bank_reference is not null
            then jsonb_build_array('id', v.bank_reference, v.booked_on, v.amount, v.ordinal)
          else jsonb_build_array(
            v.booked_on, v.amount, v.currency, v.variable_symbol, v.constant_symbol, v.specific_symbol,
            v.counterparty, v.counterparty_account, v.message, v.reference, v.is_reversal, v.ordinal
          )
        end::text,
        'sha256'
      )
    from valid as v
    order by v.position
    on conflict on constraint bank_transactions_are_imported_once do nothing
    returning 1
  )
  select
    coalesce(
      (
        select jsonb_agg(
          jsonb_build_object('position', c.position, 'code', 'invalid_argument', 'detail', c.refusal)
          order by c.position
        )
        from checked as c
        where c.refusal is not null
      ),
      '[]'
    ),
    (select count(*) from valid),
    (select count(*) from inserted)
  into v_refused, v_valid, v_new;
  v_answer := jsonb_build_object('new_count', v_new, 'known_count', v_valid - v_new, 'refused', v_refused);

  if idempotency_key is not null then
    perform private.store_idempotent_response(
      v_account.organization_id, 'import_bank_transactions', idempotency_key, v_answer
    );
  end if;
  return v_answer;
end
$$;

comment on function public.import_bank_transactions(uuid, jsonb, text, text) is
  'Imports lines of a statement [{booked_on, amount, currency, variable_symbol?, counterparty?, message?, '
  'bank_reference?, ordinal?, …}], at most 1000 a call; lines that are there already are known. Returns {new_count, '
  'known_count, refused: [{position, code, detail}]}. For owner and admin. Errors: invalid_argument, not_found, '
  'forbidden.';

grant execute on function public.find_bank_account(text, text, uuid) to authenticated;
grant execute on function public.import_bank_transactions(uuid, jsonb, text, text) to authenticated;

-- The bank's own API -----------------------------------------------------------------------------------

create function public.claim_bank_sync(bank_account_id uuid)
returns json
language plpgsql
security definer -- definer because nobody is granted the table of requests
set search_path = ''
as $$
declare
  v_account public.bank_accounts := private.require_bank_account(bank_account_id);
  v_wait constant interval := '30 seconds';
  v_sync private.bank_syncs;
begin
  if v_account.provider is null or not v_account.is_active then
    perform private.fail(
      'invalid_state', 'This account is not connected to its bank.', 'Set its provider, or import statements.'
    );
  end if;
  -- Fio answers one request per token in 30 seconds; whoever comes sooner is told so without asking the bank.
  insert into private.bank_syncs as s (bank_account_id, requested_at)
  values (v_account.id, clock_timestamp())
  on conflict on constraint bank_syncs_pkey do update set requested_at = excluded.requested_at
    where s.requested_at <= excluded.requested_at - v_wait
  returning * into v_sync;
  if not found then
    perform private.fail('rate_limited', 'The bank was asked less than 30 seconds ago.', 'Wait half a minute.');
  end if;
  return json_build_object(
    'bank_account_id', v_account.id, 'provider', v_account.provider, 'currency', v_account.currency,
    'account', coalesce(v_account.iban, v_account.account_number), 'synced_until', v_sync.last_day
  );
end
$$;

comment on function public.claim_bank_sync(uuid) is
  'Asks leave to ask the bank, at most once in 30 seconds per account: {bank_account_id, provider, account, currency, '
  'synced_until}. For owner and admin. Errors: rate_limited, invalid_state, not_found, forbidden.';

create function public.finish_bank_sync(bank_account_id uuid, synced_until date)
returns void
language plpgsql
security definer -- definer because nobody is granted the table of requests
set search_path = ''
as $$
declare
  v_account public.bank_accounts := private.require_bank_account(bank_account_id);
begin
  perform private.require_date(synced_until, 'synced_until');
  update private.bank_syncs as s
  set synced_at = now(), last_day = greatest(s.last_day, finish_bank_sync.synced_until)
  where s.bank_account_id = v_account.id;
end
$$;

comment on function public.finish_bank_sync(uuid, date) is
  'Remembers how far an account was read; the date never goes back. For owner and admin. Errors: not_found, forbidden, '
  'invalid_argument.';

create function public.set_bank_account_token(bank_account_id uuid, token text)
returns void
language plpgsql
security definer -- definer because Vault is open to nobody
set search_path = ''
as $$
declare
  v_account public.bank_accounts := private.require_bank_account(bank_account_id);
  v_name text := 'bank_account:' || v_account.id;
  v_id uuid;
begin
  if coalesce(token, '') !~ '^[A-Za-z0-9_-]{16,200}$' then
    perform private.fail('invalid_argument', 'token is what the bank issued: 16 to 200 letters and digits.');
  end if;
  if to_regclass('vault.secrets') is null then
    perform private.fail(
      'invalid_state', 'This database has no Vault.', 'Give the token to the billing function as BANK_TOKENS.'
    );
  end if;
  select s.id into v_id from vault.secrets as s where s.name = v_name;
  if v_id is null then
    perform vault.create_secret(token, v_name);
  else
    perform vault.update_secret(v_id, token);
  end if;
end
$$;

comment on function public.set_bank_account_token(uuid, text) is
  'Keeps the bank''s access token in Vault, from where only the billing function reads it. For owner and admin. '
  'Errors: invalid_state (no Vault), invalid_argument, not_found, forbidden.';

create function public.bank_account_token(bank_account_id uuid)
returns text
language plpgsql
security definer -- definer because Vault is open to nobody
set search_path = ''
as $$
declare
  v_token text;
begin
  if to_regclass('vault.decrypted_secrets') is not null then
    select s.decrypted_secret into v_token
    from vault.decrypted_secrets as s
    where s.name = 'bank_account:' || bank_account_id;
  end if;
  return v_token;
end
$$;

comment on function public.bank_account_token(uuid) is
  'The access token of an account from Vault; null: none there. For the service role only.';

grant execute on function public.claim_bank_sync(uuid) to authenticated;
grant execute on function public.finish_bank_sync(uuid, date) to authenticated;
grant execute on function public.set_bank_account_token(uuid, text) to authenticated;
grant execute on function public.bank_account_token(uuid) to service_role;
