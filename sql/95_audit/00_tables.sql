-- The audit trail: who changed what, when, in which request. One generic trigger, one line per table.
-- Entries are written with the change they tell of, in one transaction, and sealed afterwards: a job
-- numbers them per organization and chains their hashes, so that bookings of one organization need
-- not wait for one another. What is sealed can neither be changed, removed nor reordered unnoticed.

create type public.audit_action as enum ('insert', 'update', 'delete');
comment on type public.audit_action is 'What happened to the record.';

create table public.audit_entries (
  id bigint generated always as identity primary key,
  organization_id uuid not null,
  occurred_at timestamptz not null default now(),
  user_id uuid,
  role text not null,
  request_id text,
  action public.audit_action not null,
  table_name text not null,
  record_id uuid not null,
  client_id uuid,
  changes jsonb,
  changes_hash bytea not null,
  number bigint,
  hash bytea,
  unique (organization_id, number),
  constraint audit_entries_are_sealed_at_once check ((number is null) = (hash is null))
);

comment on table public.audit_entries is
  'Append-only trail of changes, hash-chained per organization. Readable by owner and admin.';
comment on column public.audit_entries.organization_id is
  'Not a foreign key: the trail outlives what it tells of.';
comment on column public.audit_entries.user_id is 'Who was signed in; null: the system or the dashboard.';
comment on column public.audit_entries.role is
  'Staff role of the user in the organization, client, or the database role when nobody was signed in.';
comment on column public.audit_entries.request_id is 'X-Request-Id of the request, as in the functions'' logs.';
comment on column public.audit_entries.client_id is 'Whose data it was, so that erasure finds it.';
comment on column public.audit_entries.changes is
  'update: {column: [old, new]}; delete: the row; insert: null, as later entries tell every change since. Null too '
  'once erased, which changes_hash outlives.';
comment on column public.audit_entries.changes_hash is 'SHA-256 of changes as written.';
comment on column public.audit_entries.number is 'Place in the organization''s chain, 1, 2, 3 …; null: not sealed yet.';
comment on column public.audit_entries.hash is
  'SHA-256 over the previous entry''s hash and this entry (private.audit_hash).';

create index audit_entries_record_idx on public.audit_entries (record_id, id);
create index audit_entries_client_idx on public.audit_entries (client_id, id) where client_id is not null;
create index audit_entries_unsealed_idx on public.audit_entries (id) where number is null;

create table public.audit_checkpoints (
  organization_id uuid primary key,
  number bigint not null,
  hash bytea not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

comment on table public.audit_checkpoints is
  'The last entry that retention removed per organization: the chain is verified from there.';

create trigger audit_checkpoints_set_updated_at before update on public.audit_checkpoints
  for each row execute function private.tg__set_updated_at();
