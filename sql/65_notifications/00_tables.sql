-- What people are told and how they want it: the inbox, preferences, quiet hours, templates, reminder
-- rules, devices, links in messages and reports of providers. It listens to appointments; nothing
-- waits for it.

-- notifications -----------------------------------------------------------------------------------

create table public.notifications (
  id uuid primary key,
  organization_id uuid not null,
  user_id uuid not null references auth.users (id) on delete cascade,
  kind text not null,
  subject_id uuid,
  data jsonb not null default '{}',
  created_at timestamptz not null default now(),
  read_at timestamptz,
  foreign key (organization_id, id) references public.messages (organization_id, id) on delete cascade
);

comment on table public.notifications is
  'The inbox of each user (FHIR Communication): an in_app message that has arrived. Unread: read_at is null. Written '
  'with its message; read by mark_notification_read.';
comment on column public.notifications.id is 'That of its message.';
comment on column public.notifications.subject_id is 'What it is about: an appointment, a series, an offer …';
comment on column public.notifications.data is 'What the frontend may print; its keys are those of the kind.';

create index notifications_user_idx on public.notifications (user_id, created_at);
create index notifications_unread_idx on public.notifications (user_id) where read_at is null;
create index notifications_message_idx on public.notifications (organization_id, id);

-- notification_preferences ------------------------------------------------------------------------

create table public.notification_preferences (
  id uuid primary key default gen_random_uuid(),
  organization_id uuid not null,
  client_id uuid,
  user_id uuid,
  channel public.message_channel not null,
  kind text,
  is_enabled boolean not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  foreign key (organization_id, client_id) references public.clients (organization_id, id) on delete cascade,
  foreign key (organization_id, user_id) references public.members (organization_id, user_id) on delete cascade,
  constraint notification_preferences_are_of_one_person check (num_nonnulls(client_id, user_id) = 1),
  constraint notification_preferences_kind_is_a_word check (kind ~ '^[a-z][a-z_]{0,63}$'),
  constraint notification_preferences_are_unique
    unique nulls not distinct (organization_id, client_id, user_id, channel, kind)
);

comment on table public.notification_preferences is
  'What a client or member wants to hear and how; without a row everything is on. A row for the kind wins over one for '
  'the channel. Written by set_notification_preference and by unsubscribing.';
comment on column public.notification_preferences.kind is 'Null: every kind of this channel.';

create index notification_preferences_client_idx on public.notification_preferences (client_id)
  where client_id is not null;
create index notification_preferences_user_idx on public.notification_preferences (user_id, organization_id)
  where user_id is not null;

create trigger notification_preferences_set_updated_at before update on public.notification_preferences
  for each row execute function private.tg__set_updated_at();

-- quiet_hours -------------------------------------------------------------------------------------

create table public.quiet_hours (
  id uuid primary key default gen_random_uuid(),
  organization_id uuid not null,
  client_id uuid,
  user_id uuid,
  start_time time not null,
  end_time time not null,
  timezone text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  foreign key (organization_id, client_id) references public.clients (organization_id, id) on delete cascade,
  foreign key (organization_id, user_id) references public.members (organization_id, user_id) on delete cascade,
  constraint quiet_hours_are_of_one_person check (num_nonnulls(client_id, user_id) = 1),
  constraint quiet_hours_have_a_length check (start_time <> end_time),
  constraint quiet_hours_timezone_is_known check (timezone is null or private.is_timezone(timezone)),
  constraint quiet_hours_are_unique unique nulls not distinct (organization_id, client_id, user_id)
);

comment on table public.quiet_hours is
  'When a client or member is not to be disturbed by sms and push: local times of day, over midnight where the end is '
  'before the start. Written by set_quiet_hours.';
comment on column public.quiet_hours.timezone is 'IANA zone; null: the person''s, else the organization''s.';

create index quiet_hours_client_idx on public.quiet_hours (client_id) where client_id is not null;
create index quiet_hours_user_idx on public.quiet_hours (user_id, organization_id) where user_id is not null;

create trigger quiet_hours_set_updated_at before update on public.quiet_hours
  for each row execute function private.tg__set_updated_at();

-- message_templates -------------------------------------------------------------------------------

create table public.message_templates (
  id uuid primary key default gen_random_uuid(),
  organization_id uuid not null references public.organizations (id) on delete cascade,
  kind text not null,
  channel public.message_channel not null,
  locale text not null,
  subject text not null default '',
  body text not null,
  html text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (organization_id, kind, channel, locale),
  constraint message_templates_kind_is_a_word check (kind ~ '^[a-z][a-z_]{0,63}$'),
  constraint message_templates_channel_has_text check (channel <> 'in_app'),
  constraint message_templates_locale_is_supported check (locale in ('cs', 'en', 'de', 'da')),
  constraint message_templates_text_is_given check (
    length(subject) <= 200 and subject !~ '[[:cntrl:]]'
    and length(btrim(body)) between 1 and 10000 and length(html) <= 50000
  ),
  constraint message_templates_html_is_for_email check (html is null or channel = 'email')
);

comment on table public.message_templates is
  'An organization''s own words for a kind of message, in a language and channel; without a row the built-in ones '
  'apply. Jinja without calls; POST /notifications/preview shows the result. Managers write.';
comment on column public.message_templates.body is 'Plain text; in e-mails also the HTML part, where html is null.';
comment on column public.message_templates.html is 'The HTML part of an e-mail; what it prints is escaped.';

create trigger message_templates_set_updated_at before update on public.message_templates
  for each row execute function private.tg__set_updated_at();

-- reminder_rules ----------------------------------------------------------------------------------

create table public.reminder_rules (
  id uuid primary key default gen_random_uuid(),
  organization_id uuid not null references public.organizations (id) on delete cascade,
  minutes_before integer not null,
  channel public.message_channel not null,
  kind text not null default 'appointment_reminder',
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (organization_id, minutes_before, channel),
  constraint reminder_rules_lead_is_sensible check (minutes_before between 15 and 43200),
  constraint reminder_rules_kind_is_a_reminder check (kind in ('appointment_reminder'))
);

comment on table public.reminder_rules is
  'When clients are reminded of an appointment, for example 2880 minutes before by email and 180 by sms. Managers '
  'write; what is queued already follows.';
comment on column public.reminder_rules.minutes_before is 'Real minutes before the start.';

create trigger reminder_rules_set_updated_at before update on public.reminder_rules
  for each row execute function private.tg__set_updated_at();

-- appointment_confirmations -----------------------------------------------------------------------

create table public.appointment_confirmations (
  organization_id uuid not null,
  appointment_id uuid not null,
  starts_at timestamptz not null,
  confirmed_at timestamptz not null default now(),
  primary key (appointment_id, starts_at),
  foreign key (organization_id, appointment_id)
    references public.appointments (organization_id, id) on delete restrict
);

comment on table public.appointment_confirmations is
  'That the client said, by the link in a message, to come at this time. Another time needs another word.';

create index appointment_confirmations_organization_idx
  on public.appointment_confirmations (organization_id, appointment_id);

-- push_devices ------------------------------------------------------------------------------------

create table private.push_devices (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  registration text not null unique,
  platform text not null,
  created_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  constraint push_devices_registration_is_short check (
    registration ~ '^[!-~]+$' and length(registration) between 10 and 4096
  ),
  constraint push_devices_platform_is_known check (platform in ('android', 'ios', 'web'))
);

comment on table private.push_devices is 'Where push messages to a user go. Dropped when the provider says so.';
comment on column private.push_devices.registration is 'FCM''s token: whoever has it can be written to.';

create index push_devices_user_idx on private.push_devices (user_id);

alter table private.push_devices enable row level security;

-- message_links -----------------------------------------------------------------------------------

create table private.message_links (
  token_hash bytea primary key,
  organization_id uuid not null,
  message_id uuid not null,
  purpose text not null,
  subject_id uuid not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  used_at timestamptz,
  foreign key (organization_id, message_id) references public.messages (organization_id, id) on delete cascade,
  unique (message_id, purpose),
  constraint message_links_hash_is_sha256 check (length(token_hash) = 32),
  constraint message_links_purpose_is_known check (
    purpose in ('appointment_confirm', 'appointment_cancel', 'waitlist_accept', 'waitlist_decline')
  )
);

comment on table private.message_links is
  'Links in messages that act without a login: one purpose, one use, until they expire. Only the hash is here.';

create index message_links_message_idx on private.message_links (organization_id, message_id);

alter table private.message_links enable row level security;

-- delivery_events ---------------------------------------------------------------------------------

create table private.delivery_events (
  provider text not null,
  event_id text not null,
  message_id uuid,
  state text not null,
  received_at timestamptz not null default now(),
  primary key (provider, event_id),
  constraint delivery_events_id_is_short check (length(event_id) between 1 and 255)
);

comment on table private.delivery_events is
  'Reports of providers, each once: a report that comes again changes nothing. Forgotten after ninety days.';

create index delivery_events_received_idx on private.delivery_events (received_at);

alter table private.delivery_events enable row level security;
