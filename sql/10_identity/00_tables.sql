-- Who you are and whose data it is: organizations, their staff, practitioners and clients.
-- Staff access comes from `members` and client access from `clients.user_id`, looked up at every
-- request and never taken from the token, so that removal acts on a token that is still valid.

create type public.member_role as enum ('owner', 'admin', 'receptionist', 'practitioner');
comment on type public.member_role is
  'Staff roles. owner, admin: everything; receptionist: calendar, clients, credits; practitioner: reads and '
  'changes the own calendar, books into any.';

create type public.late_cancellation_policy as enum ('refuse', 'keep_payment', 'refund');
comment on type public.late_cancellation_policy is
  'What happens when a client cancels inside the cancellation window.';

-- organizations -----------------------------------------------------------------------------------

create table public.organizations (
  id uuid primary key default gen_random_uuid(),
  slug text not null unique,
  name text not null,
  timezone text not null,
  currency text not null,
  locale text not null default 'en',
  contact_email text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint organizations_slug_is_url_safe check (slug ~ '^[a-z0-9](-?[a-z0-9]){1,62}$'),
  constraint organizations_name_is_given check (length(btrim(name)) between 1 and 200),
  constraint organizations_timezone_is_known check (private.is_timezone(timezone)),
  constraint organizations_currency_is_iso_4217 check (currency ~ '^[A-Z]{3}$'),
  constraint organizations_locale_is_supported check (locale in ('cs', 'en', 'de', 'da')),
  constraint organizations_contact_email_is_valid check (contact_email ~ '^[^@\s]+@[^@\s]+$')
);

comment on table public.organizations is
  'A practice, clinic, centre or store chain (FHIR Organization): the tenant. Created by create_organization.';
comment on column public.organizations.locale is
  'Its own conventions, as for phone numbers and imported files. People are written to in their language, else in '
  'default_locale of the settings.';
comment on column public.organizations.slug is 'Stable short name for links and self-registration.';
comment on column public.organizations.timezone is
  'IANA zone of the organization: dates in reports are local dates of this zone.';
comment on column public.organizations.currency is 'ISO 4217 code that new services and credits use.';
comment on column public.organizations.contact_email is 'Shown to clients; organizer of calendar invitations.';

create trigger organizations_set_updated_at before update on public.organizations
  for each row execute function private.tg__set_updated_at();

-- organization_settings ---------------------------------------------------------------------------

create table public.organization_settings (
  organization_id uuid primary key references public.organizations (id) on delete cascade,
  version integer not null default 1,
  booking_horizon_days integer not null default 90,
  minimum_notice_minutes integer not null default 60,
  slot_step_minutes integer not null default 15,
  activation_required boolean not null default true,
  auto_confirm boolean not null default true,
  cancellation_window_minutes integer not null default 1440,
  late_cancellation public.late_cancellation_policy not null default 'keep_payment',
  self_registration boolean not null default true,
  credit_overdraft_amount bigint not null default 0,
  video_early_join_minutes integer not null default 15,
  video_late_leave_minutes integer not null default 60,
  waitlist_automatic_offers boolean not null default true,
  waitlist_offer_minutes integer not null default 120,
  default_locale text not null default 'en',
  report_quota_bytes bigint not null default 5368709120,
  updated_by uuid,
  updated_at timestamptz not null default now(),
  constraint organization_settings_horizon_is_sensible check (booking_horizon_days between 1 and 730),
  constraint organization_settings_notice_is_sensible check (minimum_notice_minutes between 0 and 43200),
  -- Steps divide an hour, so that the grid is the same before and after a clock change.
  constraint organization_settings_step_divides_an_hour check (slot_step_minutes in (5, 10, 15, 20, 30, 60)),
  constraint organization_settings_window_is_sensible
    check (cancellation_window_minutes between 0 and 43200),
  constraint organization_settings_overdraft_is_sensible
    check (credit_overdraft_amount between 0 and 1000000000),
  constraint organization_settings_video_window_is_sensible
    check (video_early_join_minutes between 0 and 1440 and video_late_leave_minutes between 0 and 1440),
  constraint organization_settings_offer_is_sensible check (waitlist_offer_minutes between 5 and 10080),
  constraint organization_settings_quota_is_sensible check (report_quota_bytes between 0 and 1099511627776),
  constraint organization_settings_locale_is_supported check (default_locale in ('cs', 'en', 'de', 'da'))
);

comment on table public.organization_settings is
  'Rules of one organization, one typed column each. Members read, owner and admin write. To avoid lost '
  'updates, filter an update by the version that was read.';
comment on column public.organization_settings.version is
  'Raised by one at every change, by the database.';
comment on column public.organization_settings.booking_horizon_days is
  'How many local days ahead clients may book.';
comment on column public.organization_settings.minimum_notice_minutes is
  'Shortest time in minutes between a client''s booking and its start.';
comment on column public.organization_settings.slot_step_minutes is
  'Slots start at local minutes divisible by this many minutes.';
comment on column public.organization_settings.activation_required is
  'Whether clients see only days opened by set_booking_activation.';
comment on column public.organization_settings.auto_confirm is
  'Whether a client''s booking is confirmed at once; otherwise it is pending until staff confirm.';
comment on column public.organization_settings.cancellation_window_minutes is
  'A client''s cancellation or move is late when fewer minutes than this remain until the start.';
comment on column public.organization_settings.late_cancellation is
  'A client''s late cancellation is refused, keeps the payment, or refunds it.';
comment on column public.organization_settings.credit_overdraft_amount is
  'How far below zero a client''s credits may go, in minor units of the credits'' currency. 0: never.';
comment on column public.organization_settings.video_early_join_minutes is
  'A video room opens this many minutes before the start.';
comment on column public.organization_settings.video_late_leave_minutes is
  'A video room closes this many minutes after the end.';
comment on column public.organization_settings.waitlist_automatic_offers is
  'Whether time that a cancellation frees is offered to the waiting list by itself, one person after the other.';
comment on column public.organization_settings.default_locale is
  'Language of messages and invoices for whoever has chosen none; at first the organization''s locale.';
comment on column public.organization_settings.waitlist_offer_minutes is
  'How many minutes an offer is open when nobody says otherwise.';
comment on column public.organization_settings.report_quota_bytes is
  'Space for documents of clients, in bytes; granted to nobody, so the operator''s to change.';
comment on column public.organization_settings.updated_by is 'The user of the last change; null: the system.';

create function private.tg_organization_settings__version()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  new.version := old.version + 1;
  new.updated_at := now();
  new.updated_by := auth.uid();
  return new;
end
$$;

-- The row goes only with its organization: without it no rule would hold.
create trigger organization_settings_never_deleted before delete on public.organization_settings
  for each row when (pg_trigger_depth() = 0) execute function private.tg__refuse_change();
create trigger organization_settings_version before update on public.organization_settings
  for each row execute function private.tg_organization_settings__version();

-- locations ---------------------------------------------------------------------------------------

create table public.locations (
  id uuid primary key default gen_random_uuid(),
  organization_id uuid not null references public.organizations (id) on delete restrict,
  name text not null,
  timezone text not null,
  address text,
  phone text,
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (organization_id, id),
  constraint locations_name_is_given check (length(btrim(name)) between 1 and 200),
  constraint locations_timezone_is_known check (private.is_timezone(timezone)),
  constraint locations_text_is_short check (length(address) <= 500 and length(phone) <= 50)
);

comment on table public.locations is 'A branch or store (FHIR Location). Its clock decides what a local day is.';
comment on column public.locations.timezone is 'IANA zone; working hours and slots are local times of it.';

create trigger locations_set_updated_at before update on public.locations
  for each row execute function private.tg__set_updated_at();

-- members -----------------------------------------------------------------------------------------

create table public.members (
  id uuid primary key default gen_random_uuid(),
  organization_id uuid not null references public.organizations (id) on delete restrict,
  user_id uuid not null references auth.users (id) on delete cascade,
  role public.member_role not null,
  display_name text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (organization_id, user_id),
  constraint members_display_name_is_given check (length(btrim(display_name)) between 1 and 200)
);

comment on table public.members is
  'Staff accounts. Written by create_organization, accept_invitation, set_member_role and remove_member. Deleting a '
  'row ends access at once.';

create index members_user_id_idx on public.members (user_id, organization_id, role);

create trigger members_set_updated_at before update on public.members
  for each row execute function private.tg__set_updated_at();

-- practitioners -----------------------------------------------------------------------------------

create table public.practitioners (
  id uuid primary key default gen_random_uuid(),
  organization_id uuid not null references public.organizations (id) on delete restrict,
  user_id uuid,
  display_name text not null,
  title text,
  biography text,
  colour text not null default '#5b7fa4',
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (organization_id, id),
  unique (organization_id, user_id),
  -- A login is a staff account of the same organization; removing the account keeps the practitioner.
  foreign key (organization_id, user_id) references public.members (organization_id, user_id)
    on delete set null (user_id),
  constraint practitioners_display_name_is_given check (length(btrim(display_name)) between 1 and 200),
  constraint practitioners_text_is_short check (length(title) <= 100 and length(biography) <= 5000),
  constraint practitioners_colour_is_hex check (colour ~ '^#[0-9a-f]{6}$')
);

comment on table public.practitioners is
  'Therapists, counsellors, dentists, opticians (FHIR Practitioner). Visible to clients: no private data here.';
comment on column public.practitioners.user_id is 'The member who signs in as this practitioner, if any.';

create index practitioners_user_id_idx on public.practitioners (user_id) where user_id is not null;

create trigger practitioners_set_updated_at before update on public.practitioners
  for each row execute function private.tg__set_updated_at();

-- clients -----------------------------------------------------------------------------------------

create table public.clients (
  id uuid primary key default gen_random_uuid(),
  organization_id uuid not null references public.organizations (id) on delete restrict,
  user_id uuid references auth.users (id) on delete set null,
  given_name text not null,
  family_name text not null,
  email text,
  phone text,
  birth_date date,
  locale text,
  timezone text,
  archived_at timestamptz,
  search_text text not null generated always as (
    private.normalize_search(
      given_name || ' ' || family_name
      || ' ' || coalesce(email, '')
      || ' ' || regexp_replace(coalesce(phone, ''), '[^0-9]', '', 'g')
    )
  ) stored,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (organization_id, id),
  constraint clients_name_is_given
    check (length(btrim(given_name)) between 1 and 100 and length(btrim(family_name)) between 1 and 100),
  constraint clients_email_is_valid check (email ~ '^[^@\s]+@[^@\s]+$' and length(email) <= 254),
  constraint clients_phone_is_valid check (phone ~ '^\+?[0-9][0-9 ()/.-]{3,30}$'),
  constraint clients_birth_date_is_sensible check (birth_date between date '1880-01-01' and date '2200-01-01'),
  constraint clients_locale_is_supported check (locale in ('cs', 'en', 'de', 'da')),
  constraint clients_timezone_is_known check (timezone is null or private.is_timezone(timezone))
);

comment on table public.clients is
  'Patients and customers (FHIR Patient) of one organization, with or without a login. The client reads the '
  'own row; what staff keep to themselves is in client_notes.';
comment on column public.clients.user_id is
  'The login of this client, set by register_client or accept_invitation only.';
comment on column public.clients.birth_date is 'A calendar date, without a time zone.';
comment on column public.clients.timezone is
  'IANA zone of this client, for messages and calendar files; null: that of the profile, if any.';
comment on column public.clients.archived_at is 'Set by archive_client: no new bookings; history stays.';
comment on column public.clients.search_text is 'Generated: what search_clients compares with.';

create unique index clients_user_id_idx on public.clients (user_id, organization_id) where user_id is not null;
create index clients_name_idx on public.clients (organization_id, family_name, given_name, id);
create index clients_search_idx on public.clients
  using gin (organization_id, search_text extensions.gin_trgm_ops);

create trigger clients_set_updated_at before update on public.clients
  for each row execute function private.tg__set_updated_at();

-- client_notes ------------------------------------------------------------------------------------

create table public.client_notes (
  id uuid primary key default gen_random_uuid(),
  organization_id uuid not null,
  client_id uuid not null,
  body text not null,
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  foreign key (organization_id, client_id) references public.clients (organization_id, id) on delete cascade,
  constraint client_notes_body_is_given check (length(btrim(body)) between 1 and 10000)
);

comment on table public.client_notes is 'Internal notes on a client. Staff only: clients never see them.';

create index client_notes_client_idx on public.client_notes (organization_id, client_id, created_at);

create trigger client_notes_set_updated_at before update on public.client_notes
  for each row execute function private.tg__set_updated_at();

-- profiles ----------------------------------------------------------------------------------------

create table public.profiles (
  user_id uuid primary key default auth.uid() references auth.users (id) on delete cascade,
  display_name text,
  phone text,
  locale text,
  timezone text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint profiles_text_is_short check (length(display_name) <= 200 and length(phone) <= 50),
  constraint profiles_locale_is_supported check (locale in ('cs', 'en', 'de', 'da')),
  constraint profiles_timezone_is_known check (timezone is null or private.is_timezone(timezone))
);

comment on table public.profiles is
  'What a user says about themselves, over all organizations. Grants no access to anything.';

create trigger profiles_set_updated_at before update on public.profiles
  for each row execute function private.tg__set_updated_at();

-- invitations -------------------------------------------------------------------------------------

create table public.invitations (
  id uuid primary key default gen_random_uuid(),
  organization_id uuid not null references public.organizations (id) on delete cascade,
  email text not null,
  role public.member_role,
  client_id uuid,
  display_name text,
  token_hash bytea not null unique,
  created_by uuid not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  accepted_at timestamptz,
  accepted_by uuid,
  revoked_at timestamptz,
  foreign key (organization_id, client_id) references public.clients (organization_id, id) on delete cascade,
  constraint invitations_email_is_valid check (email ~ '^[^@\s]+@[^@\s]+$' and email = lower(email)),
  constraint invitations_display_name_is_given check (length(btrim(display_name)) between 1 and 200),
  constraint invitations_are_for_one_purpose check (num_nonnulls(role, client_id) = 1),
  constraint invitations_end_once check (num_nonnulls(accepted_at, revoked_at) <= 1),
  constraint invitations_acceptance_is_complete check ((accepted_at is null) = (accepted_by is null)),
  constraint invitations_expire_later check (expires_at > created_at),
  constraint invitations_are_accepted_in_time check (accepted_at <= expires_at),
  constraint invitations_secret_is_hashed check (octet_length(token_hash) = 32)
);

comment on table public.invitations is
  'Single-use, expiring invitations bound to an e-mail address: to become a member with `role`, or to link a '
  'login to the client record `client_id`.';
comment on column public.invitations.token_hash is
  'SHA-256 of the secret in the link; the secret itself is answered once, to the inviter, and never stored.';

create index invitations_organization_idx on public.invitations (organization_id, created_at);
create index invitations_client_idx on public.invitations (organization_id, client_id) where client_id is not null;
