-- The roles that a hosted Supabase project has, with the rights they have there: nothing in this
-- repository may depend on superuser rights, so `postgres` has none. Run once per cluster, as
-- supabase_admin.

create role postgres login createrole createdb bypassrls replication;
create role anon nologin noinherit;
create role authenticated nologin noinherit;
create role service_role nologin noinherit bypassrls;
create role authenticator nologin noinherit;
create role supabase_auth_admin nologin noinherit createrole;
create role supabase_storage_admin nologin noinherit createrole;
create role supabase_realtime_admin nologin noinherit;

grant anon, authenticated, service_role to authenticator;
-- `postgres` acts as each of them in tests, and owns policies on storage.objects and realtime.messages.
grant anon, authenticated, service_role to postgres with admin option;
grant supabase_storage_admin, supabase_realtime_admin to postgres;
grant pg_read_all_data, pg_signal_backend, pg_monitor to postgres;

alter role anon set statement_timeout = '3s';
alter role authenticated set statement_timeout = '8s';
alter role authenticator set statement_timeout = '8s';
