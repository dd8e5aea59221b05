-- Hosted Supabase keeps secrets in the extension Vault, encrypted. The embedded stack has its interface, so
-- that the same SQL runs; what is kept here is of this machine only, and encrypted by nobody.

create schema vault authorization postgres;
revoke all on schema vault from public;

create table vault.secrets (
  id uuid primary key default gen_random_uuid(),
  name text unique,
  description text not null default '',
  secret text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create view vault.decrypted_secrets as
select s.id, s.name, s.description, s.secret, s.secret as decrypted_secret, s.created_at, s.updated_at
from vault.secrets as s;

create function vault.create_secret(new_secret text, new_name text default null, new_description text default '')
returns uuid language sql set search_path = '' as $$
  insert into vault.secrets (secret, name, description) values (new_secret, new_name, new_description) returning id
$$;

create function vault.update_secret(
  secret_id uuid, new_secret text default null, new_name text default null, new_description text default null
)
returns void language sql set search_path = '' as $$
  update vault.secrets
  set
    secret = coalesce(new_secret, secret),
    name = coalesce(new_name, name),
    description = coalesce(new_description, description),
    updated_at = now()
  where id = secret_id
$$;

revoke execute on all functions in schema vault from public;
grant usage on schema vault to postgres;
grant all on vault.secrets, vault.decrypted_secrets to postgres;
grant execute on all functions in schema vault to postgres;
