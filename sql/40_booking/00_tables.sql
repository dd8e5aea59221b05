-- Where demand meets supply. Appointments are written only by the functions of this domain; what
-- must be true of them is a constraint or a trigger all the same, because the dashboard can write too.

create type public.appointment_status as enum (
  'pending', 'confirmed', 'in_progress', 'completed', 'cancelled', 'no_show'
);
comment on type public.appointment_status is
  'pending → confirmed → in_progress → completed; cancelled and no_show end it. The last three are final.';

create type public.payment_status as enum ('unpaid', 'paid', 'refunded', 'invoiced');
comment on type public.payment_status is
  'unpaid → paid → refunded; unpaid or paid → invoiced once the session is over. invoiced → paid when its invoice '
  'is paid, back when that payment is reversed, → unpaid when the invoice is void.';

-- appointment_blocks ------------------------------------------------------------------------------

create table public.appointment_blocks (
  id uuid primary key default gen_random_uuid(),
  organization_id uuid not null,
  client_id uuid not null,
  practitioner_id uuid not null,
  service_id uuid not null,
  starts_at timestamptz not null,
  occurrences integer not null,
  interval_weeks integer not null,
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  unique (organization_id, id, client_id, service_id),
  foreign key (organization_id, client_id)
    references public.clients (organization_id, id) on delete restrict,
  foreign key (organization_id, practitioner_id)
    references public.practitioners (organization_id, id) on delete restrict,
  foreign key (organization_id, service_id)
    references public.services (organization_id, id) on delete restrict,
  constraint appointment_blocks_occurrences_are_sensible check (occurrences between 1 and 104),
  constraint appointment_blocks_interval_is_sensible check (interval_weeks between 1 and 52)
);

comment on table public.appointment_blocks is
  'A series as it was booked. Its appointments are changed one by one, this and following, or all future.';
comment on column public.appointment_blocks.starts_at is
  'Start of the first occurrence; the others keep its local wall time.';
comment on column public.appointment_blocks.interval_weeks is 'Weeks between occurrences.';

create index appointment_blocks_organization_idx on public.appointment_blocks (organization_id);
create index appointment_blocks_client_idx on public.appointment_blocks (client_id);
create index appointment_blocks_practitioner_idx on public.appointment_blocks (practitioner_id);

-- appointments ------------------------------------------------------------------------------------

create table public.appointments (
  id uuid primary key default private.create_id(),
  organization_id uuid not null,
  location_id uuid not null,
  client_id uuid not null,
  practitioner_id uuid not null,
  service_id uuid not null,
  room_id uuid,
  block_id uuid,
  session_id uuid not null,
  during tstzrange not null,
  blocked_during tstzrange not null,
  starts_at timestamptz not null generated always as (lower(during)) stored,
  ends_at timestamptz not null generated always as (upper(during)) stored,
  status public.appointment_status not null default 'confirmed',
  held_until timestamptz,
  payment_status public.payment_status not null default 'unpaid',
  price_amount bigint not null,
  currency text not null,
  mode public.service_mode not null,
  note text,
  revision integer not null default 0,
  invoice_id uuid,
  cancelled_at timestamptz,
  cancelled_by uuid,
  cancellation_reason text,
  overlap_allowed_by uuid,
  overlap_reason text,
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (organization_id, id),
  foreign key (organization_id, location_id)
    references public.locations (organization_id, id) on delete restrict,
  foreign key (organization_id, client_id)
    references public.clients (organization_id, id) on delete restrict,
  foreign key (organization_id, practitioner_id)
    references public.practitioners (organization_id, id) on delete restrict,
  foreign key (organization_id, service_id)
    references public.services (organization_id, id) on delete restrict,
  foreign key (organization_id, room_id)
    references public.rooms (organization_id, id) on delete restrict,
  -- A series is of one client and service: whoever may cancel it may cancel all that is in it.
  foreign key (organization_id, block_id, client_id, service_id)
    references public.appointment_blocks (organization_id, id, client_id, service_id) on delete restrict,
  constraint appointments_during_is_bounded check (
    not isempty(during) and not lower_inf(during) and not upper_inf(during)
    and lower(during) > '-infinity' and upper(during) < 'infinity'
    and lower_inc(during) and not upper_inc(during)
    and upper(during) - lower(during) <= interval '24 hours'
  ),
  constraint appointments_blocked_during_covers_session check (
    blocked_during @> during and not lower_inf(blocked_during) and not upper_inf(blocked_during)
    and lower(blocked_during) >= lower(during) - interval '4 hours'
    and upper(blocked_during) <= upper(during) + interval '4 hours'
  ),
  constraint appointments_price_is_sensible check (price_amount between 0 and 1000000000000),
  constraint appointments_currency_is_iso_4217 check (currency ~ '^[A-Z]{3}$'),
  constraint appointments_text_is_short check (
    length(note) <= 2000 and length(cancellation_reason) <= 500 and length(overlap_reason) <= 500
  ),
  constraint appointments_held_are_pending_and_unpaid check (
    held_until is null or (status in ('pending', 'cancelled') and payment_status = 'unpaid')
  ),
  constraint appointments_hold_ends_before_the_session check (held_until <= starts_at and isfinite(held_until)),
  constraint appointments_cancellation_is_dated check ((status = 'cancelled') = (cancelled_at is not null)),
  constraint appointments_overlap_has_a_reason check ((overlap_allowed_by is null) = (overlap_reason is null)),
  constraint appointments_invoiced_are_over check (
    payment_status <> 'invoiced' or status in ('completed', 'no_show')
  ),
  -- Rows of one group session share session_id and do not exclude one another.
  constraint appointments_practitioner_is_free
    exclude using gist (practitioner_id with =, blocked_during with &&, session_id with <>)
    where (status <> 'cancelled' and overlap_allowed_by is null),
  constraint appointments_room_is_free
    exclude using gist (room_id with =, blocked_during with &&, session_id with <>)
    where (status <> 'cancelled' and overlap_allowed_by is null),
  constraint appointments_client_is_free
    exclude using gist (client_id with =, during with &&)
    where (status <> 'cancelled' and overlap_allowed_by is null)
);

comment on table public.appointments is
  'Booked sessions (FHIR Appointment). Written by the booking functions only; never deleted, but cancelled.';
comment on column public.appointments.room_id is 'Room or device held for the session; null: none needed.';
comment on column public.appointments.block_id is 'The series it was booked in, if any.';
comment on column public.appointments.session_id is
  'Shared by the appointments of one group session; otherwise unique to the appointment.';
comment on column public.appointments.during is 'Half-open interval [start, end) of the session.';
comment on column public.appointments.blocked_during is
  'during with the service''s buffers at booking time: practitioner and room are not free in it.';
comment on column public.appointments.held_until is
  'The place is held for an offer until then: not booked yet. Null: an ordinary appointment. A hold that was given '
  'up keeps it. Written by the waiting list only.';
comment on column public.appointments.price_amount is 'Price at booking time, in minor units of `currency`.';
comment on column public.appointments.note is 'What client and practice agreed on; both see it.';
comment on column public.appointments.revision is
  'Raised by the database whenever time, place, person or status change; SEQUENCE of the calendar invitation.';
comment on column public.appointments.invoice_id is
  'The invoice that charges it, from the draft on; null: none. Written by billing.';
comment on column public.appointments.overlap_allowed_by is
  'The member who booked over other appointments on purpose; null: the rules applied.';
comment on column public.appointments.overlap_reason is 'Why the overlap was allowed; the client can read it.';

-- Covers the busy times of a practitioner, the hottest read of find_slots, without touching the table.
create index appointments_practitioner_idx on public.appointments (practitioner_id, starts_at)
  include (blocked_during, status, id);
create index appointments_organization_idx on public.appointments (organization_id, starts_at);
create index appointments_client_idx on public.appointments (client_id, starts_at);
create index appointments_block_idx on public.appointments (organization_id, block_id, starts_at)
  where block_id is not null;
create index appointments_overlap_idx on public.appointments (organization_id, starts_at)
  where overlap_allowed_by is not null;

alter table public.credit_entries
  add foreign key (organization_id, appointment_id)
  references public.appointments (organization_id, id) on delete restrict;
