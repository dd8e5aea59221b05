-- Small mechanisms without a business noun: time stamps, text normalisation, append-only tables,
-- local time, random tokens.

create function private.tg__set_updated_at()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  new.updated_at := now();
  return new;
end
$$;

comment on function private.tg__set_updated_at() is
  'Keeps updated_at true whoever writes: no role is granted that column.';

create function private.tg__refuse_change()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  perform private.fail(
    'invalid_state',
    format('Rows of %I are never changed or deleted.', tg_table_name),
    'Record a new entry that corrects the old one.'
  );
  return null;
end
$$;

comment on function private.tg__refuse_change() is
  'Makes a table append-only for every role, the dashboard included.';

create function private.tg__refuse_direct_write()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if pg_trigger_depth() > 1 then
    return case when tg_op = 'DELETE' then old else new end;
  end if;
  perform private.fail(
    'invalid_state',
    format('%I is derived and kept by the database itself.', tg_table_name),
    tg_argv[0]
  );
  return null;
end
$$;

comment on function private.tg__refuse_direct_write() is
  'For tables that another table''s trigger maintains: refuses writes that do not come from a trigger.';

-- The two-argument form of unaccent() is immutable in fact: it names its dictionary.
create function private.normalize_search(value text)
returns text
language sql
immutable
parallel safe
set search_path = ''
as $$
  select lower(extensions.unaccent('extensions.unaccent'::regdictionary, value))
$$;

comment on function private.normalize_search(text) is
  'Lower case without accents: what names, e-mails and search queries are compared by.';

grant execute on function private.normalize_search(text) to authenticated, service_role;

create function private.is_timezone(value text)
returns boolean
language plpgsql
stable
set search_path = ''
as $$
begin
  -- PostgreSQL would also take 'Foo/Bar5' (a POSIX rule) and any spelling of a name; other software
  -- would not. The exact list takes some milliseconds to read, so the pattern goes first.
  return value ~ '^(UTC|[A-Z][A-Za-z]*(/[A-Z][A-Za-z_+-]*[0-9]*){1,2})$'
    and exists (select 1 from pg_catalog.pg_timezone_names as z where z.name = value);
end
$$;

comment on function private.is_timezone(text) is 'Is this an IANA time zone name that PostgreSQL knows?';

grant execute on function private.is_timezone(text) to authenticated, service_role;

create function private.create_id()
returns uuid
language plpgsql
volatile
set search_path = ''
as $$
begin
  return encode(
    set_bit(
      set_bit(
        overlay(
          uuid_send(gen_random_uuid())
          placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6
        ),
        52, 1
      ),
      53, 1
    ),
    'hex'
  )::uuid;
end
$$;

comment on function private.create_id() is
  'A UUID version 7 (RFC 9562): milliseconds, then 74 random bits. For tables that grow for ever: new keys go to '
  'the end of their indexes, where random ones would touch another page each time.';

grant execute on function private.create_id() to authenticated, service_role;

create function private.create_token()
returns text
language sql
volatile
set search_path = ''
as $$
  select translate(encode(extensions.gen_random_bytes(32), 'base64'), '+/=', '-_')
$$;

comment on function private.create_token() is '256 random bits, base64url: a single-use secret for a link.';

create function private.hash_token(token text)
returns bytea
language sql
immutable
strict
set search_path = ''
as $$
  select extensions.digest(token, 'sha256')
$$;

comment on function private.hash_token(text) is 'What is stored in place of a single-use secret.';

create function private.require_user()
returns uuid
language plpgsql
stable
set search_path = ''
as $$
declare
  v_user_id uuid := auth.uid();
begin
  if v_user_id is null then
    perform private.fail('unauthenticated', 'Nobody is signed in.', 'Send the access token of a signed-in user.');
  end if;
  return v_user_id;
end
$$;

comment on function private.require_user() is 'The signed-in user''s id, or error unauthenticated.';

grant execute on function private.require_user() to authenticated;
