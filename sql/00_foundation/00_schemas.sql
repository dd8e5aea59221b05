-- Schemas, extensions and default rights that every later file stands on.
-- `public` is the API; `private` holds predicates, triggers and secrets and is exposed nowhere.
-- Nothing is reachable until a file grants it: hosted Supabase and PostgreSQL differ in what they
-- grant by default, so both defaults are taken back here.

create schema if not exists private;
comment on schema private is
  'Predicates, trigger functions and server-side state. Not exposed by the API.';

create extension if not exists btree_gist with schema extensions;
create extension if not exists btree_gin with schema extensions;
create extension if not exists pgcrypto with schema extensions;
create extension if not exists pg_trgm with schema extensions;
create extension if not exists unaccent with schema extensions;

alter default privileges revoke execute on functions from public;
alter default privileges in schema public
  revoke execute on functions from public, anon, authenticated, service_role;
alter default privileges in schema public
  revoke all on tables from public, anon, authenticated, service_role;
alter default privileges in schema public
  revoke all on sequences from public, anon, authenticated, service_role;

-- Policies call predicates in `private`; the API roles may look names up there and nothing more.
grant usage on schema private to anon, authenticated, service_role;
