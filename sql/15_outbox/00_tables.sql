-- The outbox: what somebody shall be told, written in the transaction of its cause and delivered
-- later, at least once, under a key that the receiver can dedupe on. It knows no business noun above
-- people: what a message says is a template, when it is due and whether it still stands is decided by
-- later domains.

create type public.message_channel as enum ('email', 'sms', 'push', 'in_app');
comment on type public.message_channel is 'How a message travels. in_app needs no delivery: it is there at once.';

create type public.message_status as enum ('pending', 'sending', 'sent', 'delivered', 'failed', 'cancelled');
comment on type public.message_status is
  'pending → sending → sent → delivered; failed and cancelled say why in error, and may become pending again.';

create function private.message_attempt_limit()
returns integer
language sql
immutable
parallel safe
set search_path = ''
as $$
  -- With the waits between them about five hours: far beyond an outage, well within the day for which
  -- providers remember keys.
  select 12
$$;

comment on function private.message_attempt_limit() is 'After so many attempts a message has failed.';

-- messages ----------------------------------------------------------------------------------------

create table public.messages (
  id uuid primary key default private.create_id(),
  organization_id uuid not null,
  -- Client and member vouch for the organization of theirs; only a bare address needs it checked, and only then
  -- its row is locked, which every booking would share otherwise.
  vouched_organization_id uuid generated always as (
    case when num_nonnulls(client_id, user_id) = 0 then organization_id end
  ) stored references public.organizations (id) on delete restrict,
  key text not null,
  kind text not null,
  channel public.message_channel not null,
  client_id uuid,
  user_id uuid,
  address text,
  data jsonb not null default '{}',
  attachments jsonb not null default '[]',
  locale text,
  priority smallint not null default 5,
  send_after timestamptz not null default now(),
  expires_at timestamptz,
  subject_id uuid,
  status public.message_status not null default 'pending',
  attempts integer not null default 0,
  lease uuid,
  leased_by text,
  leased_until timestamptz,
  due_at timestamptz not null generated always as (
    case when status = 'sending' then leased_until else send_after end
  ) stored,
  provider text,
  provider_id text,
  error text,
  created_at timestamptz not null default now(),
  requeued_at timestamptz,
  sent_at timestamptz,
  delivered_at timestamptz,
  -- Ids grow with time: this is also the order in which the desk reads.
  unique (organization_id, id),
  unique (organization_id, key),
  foreign key (organization_id, client_id) references public.clients (organization_id, id) on delete cascade,
  -- Whoever is no longer staff is told nothing more.
  foreign key (organization_id, user_id) references public.members (organization_id, user_id) on delete cascade,
  constraint messages_key_is_short check (length(key) between 1 and 255),
  constraint messages_kind_is_a_word check (kind ~ '^[a-z][a-z_]{0,63}$'),
  constraint messages_have_one_recipient check (
    num_nonnulls(client_id, user_id) <= 1 and num_nonnulls(client_id, user_id, address) >= 1
  ),
  constraint messages_address_is_one_line check (address !~ '[[:cntrl:]]' and length(address) between 1 and 320),
  constraint messages_data_is_a_small_object check (jsonb_typeof(data) = 'object' and pg_column_size(data) < 32768),
  constraint messages_attachments_are_a_short_list check (
    jsonb_typeof(attachments) = 'array' and jsonb_array_length(attachments) <= 10
    and pg_column_size(attachments) < 8192
  ),
  constraint messages_locale_is_supported check (locale in ('cs', 'en', 'de', 'da')),
  constraint messages_priority_is_a_digit check (priority between 1 and 9),
  constraint messages_times_are_finite check (isfinite(send_after) and isfinite(expires_at)),
  -- The limit in digits: a function here would be read anew by every insert.
  constraint messages_attempts_are_bounded check (attempts between 0 and 12),
  constraint messages_lease_is_whole check (
    (status = 'sending') = (lease is not null) and (status = 'sending') = (leased_until is not null)
  ),
  constraint messages_failure_has_a_reason check (status not in ('failed', 'cancelled') or error is not null),
  constraint messages_error_is_short check (length(error) <= 500),
  constraint messages_sending_is_dated check (status not in ('sent', 'delivered') or sent_at is not null),
  constraint messages_delivery_is_dated check ((status = 'delivered') = (delivered_at is not null))
);

comment on table public.messages is
  'What people are told, once per key (FHIR Communication). Written by functions only; the desk reads it to see what '
  'went out and why something did not.';
comment on column public.messages.key is 'One effect per key and organization: the same key again enqueues nothing.';
comment on column public.messages.address is 'Overrides the address of the client or member.';
comment on column public.messages.data is 'What the template may print. Erased with its client.';
comment on column public.messages.attachments is
  'Stored files, read at delivery: [{"bucket", "path", "filename", "content_type"}].';
comment on column public.messages.locale is 'Language; null: the recipient''s, else default_locale of the settings.';
comment on column public.messages.priority is '1 first … 9 last.';
comment on column public.messages.send_after is 'Not before this instant; moved by retries.';
comment on column public.messages.expires_at is 'Not worth sending later than this.';
comment on column public.messages.subject_id is
  'The appointment, invoice, offer … it is about, so that it can be cancelled with its cause.';
comment on column public.messages.lease is 'Proves a worker''s claim while status is sending.';
comment on column public.messages.leased_until is 'Then another worker may claim it.';
comment on column public.messages.vouched_organization_id is
  'Generated: the organization, where neither client nor member names it.';
comment on column public.messages.due_at is 'Generated: when a worker may take it.';
comment on column public.messages.provider_id is 'The provider''s name of the message, for its reports.';
comment on column public.messages.requeued_at is
  'When it was last queued again by hand: to providers, which would take it for a repeat, it is another message then.';
comment on column public.messages.error is 'The last fault, or why it was given up: a word, perhaps with a detail.';

create index messages_due_idx on public.messages (priority, due_at) where status in ('pending', 'sending');
create index messages_subject_idx on public.messages (subject_id) where subject_id is not null;
create index messages_provider_idx on public.messages (provider, provider_id) where provider_id is not null;
create index messages_vouched_organization_idx on public.messages (vouched_organization_id)
  where vouched_organization_id is not null;
create index messages_client_idx on public.messages (organization_id, client_id) where client_id is not null;
create index messages_user_idx on public.messages (organization_id, user_id) where user_id is not null;

create function private.tg_messages__guard()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if (new.organization_id, new.key, new.kind, new.channel, new.client_id, new.user_id, new.subject_id, new.created_at)
    is distinct from
    (old.organization_id, old.key, old.kind, old.channel, old.client_id, old.user_id, old.subject_id, old.created_at)
    or (new.data, new.attachments) is distinct from (old.data, old.attachments)
  then
    perform private.fail(
      'invalid_state', 'What a message is about and for whom never changes.', 'Cancel it and enqueue another.'
    );
  end if;
  if new.status <> old.status and not (
    case old.status
      -- Delivered: by an attempt whose answer was lost.
      when 'pending' then new.status in ('sending', 'failed', 'cancelled')
        or new.status = 'delivered' and old.attempts > 0
      when 'sending' then true
      when 'sent' then new.status in ('delivered', 'failed')
      -- Neither went out: it may be queued again, by hand or because its cause is back.
      when 'failed' then new.status = 'pending'
      when 'cancelled' then new.status = 'pending'
      else false
    end
  ) then
    perform private.fail('invalid_state', format('A message never goes from %s to %s.', old.status, new.status));
  end if;
  return new;
end
$$;

comment on function private.tg_messages__guard() is
  'A message goes forward only, whoever writes. What failed or was cancelled may be queued again, what was delivered '
  'never.';

create trigger messages_guard before update on public.messages
  for each row execute function private.tg_messages__guard();

-- suppressed_addresses ----------------------------------------------------------------------------

create table public.suppressed_addresses (
  id uuid primary key default gen_random_uuid(),
  organization_id uuid not null references public.organizations (id) on delete cascade,
  channel public.message_channel not null,
  address text not null,
  reason text not null,
  created_at timestamptz not null default now(),
  unique (organization_id, channel, address),
  constraint suppressed_addresses_are_addresses check (
    channel in ('email', 'sms') and address = lower(btrim(address)) and length(address) between 1 and 320
  ),
  constraint suppressed_addresses_reason_is_known check (reason in ('bounced', 'complained', 'unreachable', 'manual'))
);

comment on table public.suppressed_addresses is
  'Addresses that providers report as dead, that complained, or that unsubscribed without being a client''s or '
  'member''s: nothing is sent there until the desk deletes the row.';
comment on column public.suppressed_addresses.address is 'Lower case.';
