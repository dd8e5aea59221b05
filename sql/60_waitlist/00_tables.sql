-- Who waits for a time, and the offers made to them. An offer holds its place by an ordinary
-- appointment that is pending and has held_until, so that everything else respects it by construction.

create type public.waitlist_status as enum ('waiting', 'offered', 'booked', 'withdrawn', 'expired');
comment on type public.waitlist_status is
  'waiting ⇄ offered → booked; withdrawn and expired end it without an appointment. The last three are final.';

create type public.offer_status as enum ('open', 'accepted', 'declined', 'expired', 'withdrawn');
comment on type public.offer_status is
  'open → accepted or declined by the client, expired by time, withdrawn by staff. All but open are final.';

-- waitlist_entries --------------------------------------------------------------------------------

create table public.waitlist_entries (
  id uuid primary key default gen_random_uuid(),
  organization_id uuid not null,
  client_id uuid not null,
  service_id uuid not null,
  preferences jsonb not null default '{}',
  priority smallint not null default 5,
  status public.waitlist_status not null default 'waiting',
  appointment_id uuid,
  ended_at timestamptz,
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (organization_id, id),
  foreign key (organization_id, client_id)
    references public.clients (organization_id, id) on delete cascade,
  foreign key (organization_id, service_id)
    references public.services (organization_id, id) on delete restrict,
  foreign key (organization_id, appointment_id)
    references public.appointments (organization_id, id) on delete restrict,
  constraint waitlist_entries_preferences_are_known check (private.is_waitlist_preferences(preferences)),
  constraint waitlist_entries_priority_is_sensible check (priority between 1 and 9),
  constraint waitlist_entries_booked_has_its_appointment check ((status = 'booked') = (appointment_id is not null)),
  constraint waitlist_entries_end_is_dated check ((status in ('waiting', 'offered')) = (ended_at is null))
);

comment on table public.waitlist_entries is
  'Clients who wait for a time (FHIR Appointment with status waitlist). One live entry per client and service. Written '
  'by join_waitlist, update_waitlist_entry, leave_waitlist and by what becomes of offers.';
comment on column public.waitlist_entries.preferences is
  'What the client would take; what is not stated does not matter. {weekdays: [1-7], times: [{start_time, end_time}], '
  'practitioner_ids, location_ids, minimum_notice_minutes, from_date, to_date}, in local time of the location.';
comment on column public.waitlist_entries.priority is
  '1 first to 9 last, 5 unless staff say otherwise; within one priority who came first is first.';
comment on column public.waitlist_entries.appointment_id is 'The appointment that ended the waiting.';
comment on column public.waitlist_entries.ended_at is 'When it was booked, withdrawn or expired.';

create unique index waitlist_entries_one_live_per_service
  on public.waitlist_entries (client_id, service_id) where status in ('waiting', 'offered');
create index waitlist_entries_queue_idx
  on public.waitlist_entries (organization_id, service_id, priority, created_at)
  where status in ('waiting', 'offered');
create index waitlist_entries_client_idx on public.waitlist_entries (organization_id, client_id, created_at);
create index waitlist_entries_appointment_idx on public.waitlist_entries (organization_id, appointment_id)
  where appointment_id is not null;

-- waitlist_offers ---------------------------------------------------------------------------------

create table public.waitlist_offers (
  id uuid primary key default private.create_id(),
  organization_id uuid not null,
  waitlist_entry_id uuid not null,
  client_id uuid not null,
  practitioner_id uuid not null,
  appointment_id uuid not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  status public.offer_status not null default 'open',
  is_automatic boolean not null default false,
  expires_at timestamptz not null,
  answered_at timestamptz,
  token_hash bytea,
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  foreign key (organization_id, waitlist_entry_id)
    references public.waitlist_entries (organization_id, id) on delete restrict,
  foreign key (organization_id, client_id)
    references public.clients (organization_id, id) on delete restrict,
  foreign key (organization_id, practitioner_id)
    references public.practitioners (organization_id, id) on delete restrict,
  foreign key (organization_id, appointment_id)
    references public.appointments (organization_id, id) on delete restrict,
  constraint waitlist_offers_token_is_hashed check (length(token_hash) = 32),
  constraint waitlist_offers_expires_before_the_session check (
    expires_at <= starts_at and starts_at < ends_at and isfinite(expires_at) and isfinite(ends_at)
  ),
  constraint waitlist_offers_answer_is_dated check ((status = 'open') = (answered_at is null))
);

comment on table public.waitlist_offers is
  'One place offered to one person for a limited time. The place is held by appointment_id. Written by offer_slot, '
  'accept_offer, decline_offer and the scheduler.';
comment on column public.waitlist_offers.starts_at is 'Start that was offered; the appointment may be moved later.';
comment on column public.waitlist_offers.is_automatic is
  'Made by the scheduler for time that a cancellation freed: to one person not twice for one place.';
comment on column public.waitlist_offers.expires_at is 'Until when it can be accepted: held_until of the appointment.';
comment on column public.waitlist_offers.answered_at is 'When it was accepted, declined, withdrawn or given up.';
comment on column public.waitlist_offers.token_hash is
  'SHA-256 of the secret that offer_slot answered; null: none was handed out.';

create unique index waitlist_offers_one_open_per_entry
  on public.waitlist_offers (waitlist_entry_id) where status = 'open';
create unique index waitlist_offers_one_per_appointment on public.waitlist_offers (appointment_id);
create unique index waitlist_offers_one_per_token on public.waitlist_offers (token_hash) where token_hash is not null;
create unique index waitlist_offers_automatic_only_once
  on public.waitlist_offers (waitlist_entry_id, practitioner_id, starts_at) where is_automatic;
create index waitlist_offers_entry_idx on public.waitlist_offers (organization_id, waitlist_entry_id);
create index waitlist_offers_due_idx on public.waitlist_offers (expires_at) where status = 'open';
create index waitlist_offers_organization_idx on public.waitlist_offers (organization_id, created_at);
create index waitlist_offers_client_idx on public.waitlist_offers (client_id, created_at);
create index waitlist_offers_practitioner_idx on public.waitlist_offers (practitioner_id, starts_at);

-- freed_slots -------------------------------------------------------------------------------------

create table private.freed_slots (
  id uuid primary key default private.create_id(),
  organization_id uuid not null,
  practitioner_id uuid not null,
  client_id uuid not null,
  during tstzrange not null,
  offer_count integer not null default 0,
  tried_at timestamptz not null default now(),
  closed_at timestamptz,
  outcome text,
  created_at timestamptz not null default now(),
  foreign key (organization_id, practitioner_id)
    references public.practitioners (organization_id, id) on delete cascade,
  foreign key (organization_id, client_id)
    references public.clients (organization_id, id) on delete cascade,
  constraint freed_slots_during_is_bounded check (
    not isempty(during) and not lower_inf(during) and not upper_inf(during)
    and isfinite(lower(during)) and isfinite(upper(during))
  ),
  constraint freed_slots_outcome_is_known check (outcome in ('taken', 'unfilled', 'over')),
  constraint freed_slots_close_has_an_outcome check ((closed_at is null) = (outcome is null))
);

comment on table private.freed_slots is
  'Time of a practitioner that a cancellation or move freed and that the scheduler offers to the waiting list, one '
  'person after the other, until it is taken, nobody is left, or it is over.';

comment on column private.freed_slots.client_id is 'Whose appointment it was: they are not offered it again.';
comment on column private.freed_slots.tried_at is 'When the scheduler looked last: who has waited longest comes next.';
comment on column private.freed_slots.outcome is 'taken, unfilled (nobody is left) or over (it is past).';

create index freed_slots_open_idx on private.freed_slots (tried_at) where closed_at is null;
create index freed_slots_closed_idx on private.freed_slots (closed_at) where closed_at is not null;
create index freed_slots_practitioner_idx on private.freed_slots (organization_id, practitioner_id);
create index freed_slots_client_idx on private.freed_slots (organization_id, client_id);

alter table private.freed_slots enable row level security;
