-- Clients from a list: rows are read, looked up and written in batches; the table's own constraints
-- decide about each. The `imports` function reads the file; what a row may hold is decided here.

create function private.phone_digits(phone text)
returns text
language sql
immutable
strict
parallel safe
set search_path = ''
as $$
  select regexp_replace(phone, '[^0-9]', '', 'g')
$$;

comment on function private.phone_digits(text) is 'A phone number as far as two spellings of it agree: its digits.';

-- Whoever writes a client's row computes the index.
grant execute on function private.phone_digits(text) to authenticated, service_role;

-- What duplicates are looked up by.
create index clients_email_idx on public.clients (organization_id, lower(email)) where email is not null;
create index clients_phone_idx on public.clients (organization_id, private.phone_digits(phone)) where phone is not null;
-- With the name: old programs know one birth date for everybody whose own they do not know.
create index clients_birth_date_idx on public.clients (
  organization_id, birth_date, private.normalize_search(family_name), private.normalize_search(given_name)
) where birth_date is not null;

create type private.client_row as (
  number integer,
  row integer,
  given_name text,
  family_name text,
  email text,
  phone text,
  phone_forms text[],
  birth_date text,
  locale text
);
comment on type private.client_row is
  'A client of a list: number is its place, row that in the file; phone is E.164, phone_forms the digits it may be '
  'stored as; birth_date is ISO 8601.';

create type private.client_match as (client_id uuid, field text);
comment on type private.client_match is 'A client that a row is the same as, and the column that says so.';

create function private.find_duplicates(organization_id uuid, given private.client_row)
returns setof private.client_match
language plpgsql
stable
security definer -- definer because it decides for callers who see only part of the clients
set search_path = ''
as $$
begin
  -- plpgsql keeps the plan: this is asked for every row.
  return query
  select c.id, 'email'::text
  from public.clients as c
  where c.organization_id = find_duplicates.organization_id and lower(c.email) = lower(given.email)
    and c.archived_at is null
  union all
  select c.id, 'phone'::text
  from public.clients as c
  where c.organization_id = find_duplicates.organization_id
    and private.phone_digits(c.phone) = any (given.phone_forms || private.phone_digits(given.phone))
    and c.archived_at is null
  union all
  select c.id, 'birth_date'::text
  from public.clients as c
  where c.organization_id = find_duplicates.organization_id
    and c.birth_date = given.birth_date::date
    and private.normalize_search(c.given_name) = private.normalize_search(given.given_name)
    and private.normalize_search(c.family_name) = private.normalize_search(given.family_name)
    and c.archived_at is null;
end
$$;

comment on function private.find_duplicates(uuid, private.client_row) is
  'Clients with the same e-mail, the same phone, or the same name and birth date. Archived ones do not count.';

create function private.clean_client_row(given jsonb)
returns private.client_row
language plpgsql
stable
set search_path = ''
as $$
declare
  v_row private.client_row := jsonb_populate_record(null::private.client_row, given);
begin
  v_row.row := coalesce(v_row.row, v_row.number);
  v_row.given_name := coalesce(btrim(v_row.given_name), '');
  v_row.family_name := coalesce(btrim(v_row.family_name), '');
  v_row.email := nullif(btrim(v_row.email), '');
  v_row.phone := nullif(btrim(v_row.phone), '');
  v_row.phone_forms := coalesce(v_row.phone_forms[1:10], '{}');
  v_row.birth_date := nullif(btrim(v_row.birth_date), '');
  v_row.locale := nullif(lower(btrim(v_row.locale)), '');
  return v_row;
end
$$;

create function private.write_client_row(
  organization_id uuid, given private.client_row, on_duplicate text, is_trial boolean
)
returns jsonb
language plpgsql
security definer -- definer because it writes on behalf of a caller who was checked once per batch
set search_path = ''
as $$
declare
  v_matches private.client_match[];
  v_ids uuid[];
  v_id uuid;
  v_outcome text := 'created';
  v_field text;
  v_constraint text;
begin
  if given.phone !~ '^\+[1-9][0-9]{5,14}$' then
    return private.refused_row('phone', 'This is not a phone number.');
  elsif given.birth_date !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' then
    return private.refused_row('birth_date', 'This is not a date.');
  end if;
  begin
    v_matches := array(select m from private.find_duplicates(organization_id, given) as m);
    v_ids := array(select distinct m.client_id from unnest(v_matches) as m);
    if v_ids <> '{}' and on_duplicate <> 'create' then
      v_field := v_matches[1].field;
      if on_duplicate = 'skip' then
        return jsonb_build_object(
          'outcome', 'skipped', 'field', v_field, 'code', 'already_exists', 'client_id', v_ids[1],
          'detail', 'This client exists already.'
        );
      elsif cardinality(v_ids) > 1 then
        return private.refused_row(v_field, 'More than one client matches.', 'already_exists');
      end if;
      update public.clients as c
      set
        given_name = given.given_name,
        family_name = given.family_name,
        email = coalesce(given.email, c.email),
        phone = coalesce(given.phone, c.phone),
        birth_date = coalesce(given.birth_date::date, c.birth_date),
        locale = coalesce(given.locale, c.locale)
      -- Not who was archived or erased while this waited: what was erased must not come back.
      where c.id = v_ids[1] and c.archived_at is null
      returning c.id into v_id;
      if not found then
        return private.write_client_row(organization_id, given, on_duplicate, is_trial);
      end if;
      v_outcome := 'updated';
    else
      insert into public.clients (organization_id, given_name, family_name, email, phone, birth_date, locale)
      values (
        organization_id, given.given_name, given.family_name, given.email, given.phone, given.birth_date::date,
        given.locale
      )
      returning id into v_id;
    end if;
    if is_trial then
      raise exception using errcode = 'PX005', message = 'only a trial';
    end if;
  exception
    when sqlstate 'PX005' then v_id := null;
    when datetime_field_overflow then
      return private.refused_row('birth_date', 'This is not a date.');
    when check_violation then
      get stacked diagnostics v_constraint = constraint_name;
      v_field := case v_constraint
        when 'clients_name_is_given' then
          case when length(given.given_name) between 1 and 100 then 'family_name' else 'given_name' end
        when 'clients_email_is_valid' then 'email'
        when 'clients_phone_is_valid' then 'phone'
        when 'clients_birth_date_is_sensible' then 'birth_date'
        when 'clients_locale_is_supported' then 'locale'
      end;
      return private.refused_row(
        v_field,
        case v_field
          when 'given_name' then 'A given name has 1 to 100 characters.'
          when 'family_name' then 'A family name has 1 to 100 characters.'
          when 'email' then 'This is not an e-mail address.'
          when 'locale' then 'A locale is cs, en, de or da.'
          when 'birth_date' then 'This is not a birth date.'
          else 'The database refused this row.'
        end
      );
  end;
  return jsonb_strip_nulls(jsonb_build_object('outcome', v_outcome, 'client_id', v_id));
end
$$;

comment on function private.write_client_row(uuid, private.client_row, text, boolean) is
  'Creates or updates one client from a row, or says why not: {outcome: created, updated, skipped or failed, '
  'client_id?, field?, code?, detail?}. A trial takes back what it did.';

create function private.refused_row(field text, detail text, code text default 'invalid_argument')
returns jsonb
language sql
immutable
set search_path = ''
as $$
  select jsonb_strip_nulls(
    jsonb_build_object('outcome', 'failed', 'field', field, 'code', code, 'detail', detail)
  )
$$;

-- Batches ---------------------------------------------------------------------------------------------

create function private.require_client_rows(rows jsonb, on_duplicate text)
returns private.client_row[]
language plpgsql
stable
set search_path = ''
as $$
declare
  v_rows private.client_row[];
begin
  if on_duplicate is null or on_duplicate not in ('skip', 'update', 'create') then
    perform private.fail('invalid_argument', 'on_duplicate is skip, update or create.');
  end if;
  if jsonb_typeof(rows) is distinct from 'array' or jsonb_array_length(rows) not between 1 and 500 then
    perform private.fail('invalid_argument', 'rows is an array of 1 to 500 rows.');
  end if;
  begin
    v_rows := array(
      select private.clean_client_row(r.value) from jsonb_array_elements(rows) with ordinality as r (value, position)
      order by r.position
    );
  exception
    when data_exception then
      perform private.fail('invalid_argument', 'A row is an object of texts with a whole number.');
  end;
  if (select count(distinct r.number) from unnest(v_rows) as r where r.number >= 1) <> cardinality(v_rows) then
    perform private.fail('invalid_argument', 'Each row has a number of its own, from 1.');
  end if;
  return v_rows;
end
$$;

create function private.take_import_rows(organization_id uuid, row_count integer)
returns void
language plpgsql
set search_path = ''
as $$
begin
  if private.take_tokens('import:' || organization_id, 200000, 5000, row_count) < row_count then
    perform private.fail('rate_limited', 'Too many rows at once.', 'Wait some minutes and try again.');
  end if;
end
$$;

comment on function private.take_import_rows(uuid, integer) is
  'Rows are counted per organization: 200,000 at once, 5,000 more a minute.';

create function public.preview_client_import(
  rows jsonb, on_duplicate text default 'skip', organization_id uuid default null
)
returns json
language plpgsql
security definer -- definer because it tries on behalf of a caller who was checked once
set search_path = ''
as $$
declare
  v_organization_id uuid := private.resolve_organization(organization_id);
  v_rows private.client_row[];
begin
  perform private.require_role(v_organization_id, 'owner', 'admin', 'receptionist');
  v_rows := private.require_client_rows(rows, on_duplicate);
  perform private.take_import_rows(v_organization_id, cardinality(v_rows));
  return coalesce(
    (
      select json_agg(
        jsonb_build_object(
          'number', r.number,
          'row', r.row,
          -- By these the caller finds rows of the same list that are the same client.
          'keys', array_remove(
            array[
              'email:' || lower(r.email),
              'phone:' || private.phone_digits(r.phone),
              'birth_date:' || r.birth_date || ' ' || private.normalize_search(r.family_name)
                || ' ' || private.normalize_search(r.given_name)
            ], null
          )
        ) || private.write_client_row(v_organization_id, r, on_duplicate, true)
        order by r.number
      )
      from unnest(v_rows) as r
    ),
    '[]'
  );
end
$$;

comment on function public.preview_client_import(jsonb, text, uuid) is
  'Tries up to 500 rows of a list of clients and changes nothing: [{number, row, outcome, field?, code?, detail?, '
  'client_id?, keys}], keys being what rows of the same client have in common. For the desk. Errors: invalid_argument, '
  'not_found, forbidden, rate_limited.';

grant execute on function public.preview_client_import(jsonb, text, uuid) to authenticated;

create function public.start_client_import(
  row_count integer,
  file_hash text,
  on_duplicate text default 'skip',
  organization_id uuid default null,
  idempotency_key text default null
)
returns public.bulk_operations
language plpgsql
security definer -- definer because nobody is granted insert on operations
set search_path = ''
as $$
declare
  v_organization_id uuid := private.resolve_organization(organization_id);
  v_answer jsonb;
  v_operation public.bulk_operations;
begin
  perform private.require_role(v_organization_id, 'owner', 'admin', 'receptionist');
  if row_count is null or row_count not between 1 and 50000 then
    perform private.fail('invalid_argument', 'A list has 1 to 50,000 rows.', 'Split it.');
  end if;
  if file_hash is null or file_hash !~ '^[0-9a-f]{64}$' then
    perform private.fail('invalid_argument', 'file_hash is a SHA-256 in hexadecimal digits.');
  end if;
  if on_duplicate is null or on_duplicate not in ('skip', 'update', 'create') then
    perform private.fail('invalid_argument', 'on_duplicate is skip, update or create.');
  end if;
  v_answer := private.claim_idempotency_key(
    v_organization_id, 'start_client_import', idempotency_key, jsonb_build_array(row_count, file_hash, on_duplicate)
  );
  if v_answer is not null then
    -- The same list again goes on where the first attempt stopped.
    return private.visible_bulk((v_answer ->> 'id')::uuid);
  end if;
  perform private.take_import_rows(v_organization_id, row_count);
  v_operation := private.start_bulk(
    v_organization_id, 'import_clients',
    jsonb_build_object('on_duplicate', on_duplicate, 'file_hash', file_hash),
    array_fill('{}'::jsonb, array[row_count])
  );
  if idempotency_key is not null then
    perform private.store_idempotent_response(
      v_organization_id, 'start_client_import', idempotency_key, to_jsonb(v_operation)
    );
  end if;
  return v_operation;
end
$$;

comment on function public.start_client_import(integer, text, text, uuid, text) is
  'Starts an import of row_count (1-50,000) clients; import_clients then brings the rows. The same key with the same '
  'file_hash (SHA-256) answers the running import. on_duplicate: skip, update or create. For the desk. Errors: '
  'invalid_argument, not_found, forbidden, rate_limited.';

grant execute on function public.start_client_import(integer, text, text, uuid, text) to authenticated;

create function public.import_clients(operation_id uuid, rows jsonb)
returns public.bulk_operations
language plpgsql
security definer -- definer because nobody is granted update on items
set search_path = ''
as $$
declare
  v_operation public.bulk_operations := private.visible_bulk(operation_id);
  v_rows private.client_row[];
  v_row private.client_row;
  v_outcomes jsonb := '[]';
begin
  perform private.require_role(v_operation.organization_id, 'owner', 'admin', 'receptionist');
  if v_operation.kind <> 'import_clients' then
    perform private.fail('invalid_argument', 'This operation is not an import of clients.');
  end if;
  v_rows := private.require_client_rows(rows, v_operation.parameters ->> 'on_duplicate');
  if (select max(r.number) from unnest(v_rows) as r) > v_operation.total_count then
    perform private.fail('invalid_argument', 'The import was started with fewer rows.');
  end if;

  v_operation := private.lock_bulk(operation_id);
  if v_operation.status = 'cancelled' then
    perform private.fail('invalid_state', 'This operation is cancelled.', 'Start a new one.');
  end if;
  -- Two imports of one organization take turns, so that neither misses what the other creates.
  perform pg_advisory_xact_lock(hashtextextended(v_operation.organization_id::text, 4));
  for v_row in
    select r.*
    from unnest(v_rows) as r
    join public.bulk_operation_items as i
      on i.operation_id = v_operation.id and i.number = r.number and i.status = 'pending'
    order by r.number
  loop
    v_outcomes := v_outcomes || (
      private.write_client_row(
        v_operation.organization_id, v_row, v_operation.parameters ->> 'on_duplicate', false
      ) || jsonb_build_object('number', v_row.number, 'row', v_row.row)
    );
  end loop;

  update public.bulk_operation_items as i
  set
    status = case when o.outcome in ('created', 'updated') then 'done' else o.outcome end::public.bulk_item_status,
    code = o.code,
    detail = o.detail,
    result = jsonb_strip_nulls(
      jsonb_build_object('outcome', o.outcome, 'client_id', o.client_id, 'field', o.field, 'row', o.row)
    )
  from jsonb_to_recordset(v_outcomes) as o (
    number integer, "row" integer, outcome text, client_id uuid, field text, code text, detail text
  )
  where i.operation_id = v_operation.id and i.number = o.number;
  return private.visible_bulk(operation_id);
end
$$;

comment on function public.import_clients(uuid, jsonb) is
  'Brings up to 500 rows {number, row?, given_name, family_name, email?, phone? (E.164), phone_forms?, birth_date?, '
  'locale?} of an import; each is done once, however often it is sent. Returns the operation. Errors: not_found, '
  'forbidden, invalid_argument, invalid_state (cancelled).';

grant execute on function public.import_clients(uuid, jsonb) to authenticated;

create function public.client_import_progress(operation_id uuid, after integer default 0, page_size integer default 500)
returns json
language plpgsql
stable
security definer -- definer because it is asked for operations that private.visible_bulk has checked
set search_path = ''
as $$
declare
  v_operation public.bulk_operations := private.visible_bulk(operation_id);
  v_updated integer;
  v_errors json;
begin
  if v_operation.kind <> 'import_clients' then
    perform private.fail('not_found', 'There is no such record.', 'Check the identifier.');
  end if;
  if after is null or after < 0 then
    perform private.fail('invalid_argument', 'after is the number of a row.');
  end if;
  if page_size is null or page_size not between 1 and 1000 then
    perform private.fail('invalid_argument', 'page_size is between 1 and 1000.');
  end if;
  select count(*) into v_updated
  from public.bulk_operation_items as i
  where i.operation_id = v_operation.id and i.status = 'done' and i.result ->> 'outcome' = 'updated';
  select json_agg(
    json_build_object(
      'number', e.number, 'row', (e.result ->> 'row')::integer, 'outcome', e.status, 'field', e.result ->> 'field', 'code', e.code, 'detail', e.detail,
      'client_id', e.result ->> 'client_id'
    )
    order by e.number
  )
  into v_errors
  from (
    select i.*
    from public.bulk_operation_items as i
    where i.operation_id = v_operation.id
      and i.number > after
      and i.status in ('failed', 'skipped')
    order by i.number
    limit page_size
  ) as e;
  return json_build_object(
    'operation_id', v_operation.id,
    'status', v_operation.status,
    'total', v_operation.total_count,
    'created', v_operation.done_count - v_updated,
    'updated', v_updated,
    'skipped', v_operation.skipped_count,
    'failed', v_operation.failed_count,
    'errors', coalesce(v_errors, '[]'),
    'next_after', case when json_array_length(v_errors) = page_size then v_errors -> -1 -> 'number' end
  );
end
$$;

comment on function public.client_import_progress(uuid, integer, integer) is
  'How far an import is: {operation_id, status, total, created, updated, skipped, failed, errors, next_after}; errors '
  'are the rows after `after` that were refused or skipped. Errors: not_found, invalid_argument.';

grant execute on function public.client_import_progress(uuid, integer, integer) to authenticated;
