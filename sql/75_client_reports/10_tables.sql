-- Documents of clients: a row says what a file is and who may read it, the file is in the private bucket
-- client-reports under the name that the row gives it. Files are written once: a correction is a new
-- version, and clinical documents are kept.

create type public.client_report_status as enum ('pending', 'stored', 'refused', 'archived');
comment on type public.client_report_status is
  'pending (announced, the file is on its way) → stored or refused; stored ↔ archived. Only stored files are read.';

create table public.client_reports (
  id uuid primary key default private.create_id(),
  organization_id uuid not null,
  client_id uuid not null,
  appointment_id uuid,
  previous_id uuid,
  version integer not null default 1,
  title text not null,
  file_name text not null,
  content_type text not null,
  size_bytes bigint not null,
  sha256 text,
  visible_to_client boolean not null default false,
  status public.client_report_status not null default 'pending',
  refusal text,
  -- The name of the file: made of keys alone, so that it cannot leave the client's folder.
  storage_path text not null generated always as (
    organization_id::text || '/' || client_id::text || '/' || id::text || '/v' || version::text || '.'
    || case content_type
      when 'application/pdf' then 'pdf'
      when 'image/png' then 'png'
      when 'image/jpeg' then 'jpg'
      when 'text/plain' then 'txt'
      when 'application/vnd.oasis.opendocument.text' then 'odt'
      else 'docx'
    end
  ) stored,
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  stored_at timestamptz,
  archived_at timestamptz,
  unique (organization_id, id),
  unique (organization_id, client_id, id),
  unique (storage_path),
  foreign key (organization_id, client_id) references public.clients (organization_id, id) on delete restrict,
  foreign key (organization_id, appointment_id)
    references public.appointments (organization_id, id) on delete restrict,
  -- A version follows one of the same client.
  foreign key (organization_id, client_id, previous_id)
    references public.client_reports (organization_id, client_id, id) on delete restrict,
  constraint client_reports_title_is_given check (length(btrim(title)) between 1 and 200),
  constraint client_reports_file_name_is_plain check (
    length(file_name) between 1 and 200 and file_name !~ '[/\\[:cntrl:]]' and file_name !~ '^\.+$'
  ),
  constraint client_reports_content_type_is_accepted check (
    content_type in (
      'application/pdf', 'image/png', 'image/jpeg', 'text/plain', 'application/vnd.oasis.opendocument.text',
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
    )
  ),
  constraint client_reports_size_is_sensible check (size_bytes between 1 and 26214400),
  constraint client_reports_sha256_is_hex check (sha256 ~ '^[0-9a-f]{64}$'),
  constraint client_reports_version_is_counted
    check ((previous_id is null) = (version = 1) and version between 1 and 1000),
  constraint client_reports_refusal_has_a_reason check (
    (status = 'refused') = (refusal is not null)
    and refusal in ('content_type', 'size', 'abandoned', 'erased')
  ),
  constraint client_reports_stored_are_complete check (
    (status in ('stored', 'archived')) = (sha256 is not null) and (sha256 is null) = (stored_at is null)
  ),
  constraint client_reports_archived_are_dated check ((status = 'archived') = (archived_at is not null)),
  constraint client_reports_are_shown_when_stored check (not visible_to_client or status <> 'archived')
);

comment on table public.client_reports is
  'Documents of clients (FHIR DocumentReference), one row per version. Read by owner, admin and the client''s '
  'practitioners; by the client where visible_to_client says so; not by the front desk. Written by functions only, '
  'never deleted.';
comment on column public.client_reports.appointment_id is 'The session it is about, if any.';
comment on column public.client_reports.previous_id is 'The version that this one replaces; both are kept.';
comment on column public.client_reports.file_name is
  'What the file is called when it is saved; no part of its storage name.';
comment on column public.client_reports.content_type is
  'Announced type; the content is checked against it before it is stored.';
comment on column public.client_reports.size_bytes is 'Announced size; reserved of the quota at once, and checked.';
comment on column public.client_reports.sha256 is 'Digest of the stored content.';
comment on column public.client_reports.refusal is
  'Why the file was not taken: content_type, size (it is not what was announced), abandoned (it never came), erased.';
comment on column public.client_reports.storage_path is
  'Generated: name in the bucket client-reports, <organization>/<client>/<report>/v<version>.<extension>.';

create index client_reports_client_idx on public.client_reports (client_id, created_at);
create index client_reports_appointment_idx on public.client_reports (organization_id, appointment_id)
  where appointment_id is not null;
create index client_reports_pending_idx on public.client_reports (created_by, created_at) where status = 'pending';
-- Two corrections of one version would leave open which is valid.
create unique index client_reports_previous_has_one_successor
  on public.client_reports (organization_id, client_id, previous_id)
  where previous_id is not null and status <> 'refused';

create trigger client_reports_set_updated_at before update on public.client_reports
  for each row execute function private.tg__set_updated_at();
create trigger client_reports_never_deleted before delete on public.client_reports
  for each row execute function private.tg__refuse_change();
create trigger client_reports_no_truncate before truncate on public.client_reports
  for each statement execute function private.tg__refuse_change();

-- report_views ------------------------------------------------------------------------------------

create table public.report_views (
  id uuid primary key default private.create_id(),
  organization_id uuid not null,
  report_id uuid not null,
  viewed_by uuid not null default auth.uid(),
  role text not null,
  viewed_at timestamptz not null default now(),
  foreign key (organization_id, report_id)
    references public.client_reports (organization_id, id) on delete restrict,
  constraint report_views_role_is_known check (role in ('owner', 'admin', 'receptionist', 'practitioner', 'client'))
);

comment on table public.report_views is
  'Who opened which document, and when: without an entry of the last five minutes Storage gives nothing out. '
  'Append-only; written by view_client_report.';
comment on column public.report_views.role is 'What the reader was to the organization then.';

create index report_views_report_idx on public.report_views (organization_id, report_id, viewed_at);
create index report_views_reader_idx on public.report_views (viewed_by, viewed_at);

create trigger report_views_immutable before update or delete on public.report_views
  for each row execute function private.tg__refuse_change();
create trigger report_views_no_truncate before truncate on public.report_views
  for each statement execute function private.tg__refuse_change();

-- quota -------------------------------------------------------------------------------------------

create table private.report_usages (
  organization_id uuid primary key references public.organizations (id) on delete cascade,
  used_bytes bigint not null,
  constraint report_usages_are_not_negative check (used_bytes >= 0)
);

comment on table private.report_usages is
  'Bytes of an organization''s documents, announced ones included. Its row is the lock that makes parallel uploads '
  'take turns at the quota. Kept by the table of reports.';

alter table private.report_usages enable row level security;
