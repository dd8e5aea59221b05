-- Supply: what can be booked, where, by whom and when. Nothing here knows of appointments.
-- Working hours are local wall time of a location, so that a clock change moves nothing.

create type public.service_mode as enum ('in_person', 'video');
comment on type public.service_mode is 'Where a session takes place.';

create type public.room_kind as enum ('room', 'equipment');
comment on type public.room_kind is 'A room, or a device that one session at a time can use.';

-- services ----------------------------------------------------------------------------------------

create table public.services (
  id uuid primary key default gen_random_uuid(),
  organization_id uuid not null references public.organizations (id) on delete restrict,
  name text not null,
  description text,
  duration_minutes integer not null,
  buffer_before_minutes integer not null default 0,
  buffer_after_minutes integer not null default 0,
  price_amount bigint not null default 0,
  currency text not null,
  colour text not null default '#5b7fa4',
  mode public.service_mode not null default 'in_person',
  seats integer not null default 1,
  is_public boolean not null default true,
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (organization_id, id),
  constraint services_name_is_given check (length(btrim(name)) between 1 and 200),
  constraint services_description_is_short check (length(description) <= 5000),
  constraint services_duration_is_sensible check (duration_minutes between 5 and 1440),
  constraint services_buffers_are_sensible
    check (buffer_before_minutes between 0 and 240 and buffer_after_minutes between 0 and 240),
  constraint services_price_is_sensible check (price_amount between 0 and 1000000000000),
  constraint services_currency_is_iso_4217 check (currency ~ '^[A-Z]{3}$'),
  constraint services_colour_is_hex check (colour ~ '^#[0-9a-f]{6}$'),
  constraint services_seats_are_sensible check (seats between 1 and 500)
);

comment on table public.services is
  'Appointment types (FHIR HealthcareService). Appointments copy duration, buffers, price and mode when booked.';
comment on column public.services.duration_minutes is 'Length of a session in minutes, without buffers.';
comment on column public.services.buffer_before_minutes is
  'Minutes before the start in which practitioner and room are not free.';
comment on column public.services.buffer_after_minutes is
  'Minutes after the end in which practitioner and room are not free.';
comment on column public.services.price_amount is 'Price of one seat in minor units of `currency`.';
comment on column public.services.currency is 'ISO 4217; null on insert takes the organization''s.';
comment on column public.services.seats is 'Clients per session; above 1 the service is a group.';
comment on column public.services.is_public is 'Whether clients may book it themselves; otherwise staff book.';

create trigger services_set_updated_at before update on public.services
  for each row execute function private.tg__set_updated_at();

create function private.tg_services__default_currency()
returns trigger
language plpgsql
security definer -- definer because the default does not depend on what the writer may read
set search_path = ''
as $$
begin
  new.currency := (select o.currency from public.organizations as o where o.id = new.organization_id);
  return new;
end
$$;

create trigger services_default_currency before insert on public.services
  for each row when (new.currency is null) execute function private.tg_services__default_currency();

-- rooms -------------------------------------------------------------------------------------------

create table public.rooms (
  id uuid primary key default gen_random_uuid(),
  organization_id uuid not null references public.organizations (id) on delete restrict,
  location_id uuid not null,
  name text not null,
  kind public.room_kind not null default 'room',
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (organization_id, id),
  foreign key (organization_id, location_id)
    references public.locations (organization_id, id) on delete restrict,
  constraint rooms_name_is_given check (length(btrim(name)) between 1 and 200)
);

comment on table public.rooms is 'Rooms and bookable equipment of a location.';

create index rooms_location_idx on public.rooms (organization_id, location_id);

create trigger rooms_set_updated_at before update on public.rooms
  for each row execute function private.tg__set_updated_at();

-- who and what can serve a service ----------------------------------------------------------------

create table public.service_practitioners (
  organization_id uuid not null,
  service_id uuid not null,
  practitioner_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (service_id, practitioner_id),
  foreign key (organization_id, service_id)
    references public.services (organization_id, id) on delete cascade,
  foreign key (organization_id, practitioner_id)
    references public.practitioners (organization_id, id) on delete cascade
);

comment on table public.service_practitioners is 'Which practitioners offer which service.';

create index service_practitioners_service_idx on public.service_practitioners (organization_id, service_id);
create index service_practitioners_practitioner_idx
  on public.service_practitioners (organization_id, practitioner_id);

create table public.service_rooms (
  organization_id uuid not null,
  service_id uuid not null,
  room_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (service_id, room_id),
  foreign key (organization_id, service_id)
    references public.services (organization_id, id) on delete cascade,
  foreign key (organization_id, room_id)
    references public.rooms (organization_id, id) on delete cascade
);

comment on table public.service_rooms is
  'Which rooms can hold a service. A service with rooms is booked only when one of them is free; one without '
  'needs none.';

create index service_rooms_service_idx on public.service_rooms (organization_id, service_id);
create index service_rooms_room_idx on public.service_rooms (organization_id, room_id);

-- working_hours -----------------------------------------------------------------------------------

create table public.working_hours (
  id uuid primary key default gen_random_uuid(),
  organization_id uuid not null,
  practitioner_id uuid not null,
  location_id uuid not null,
  weekday smallint not null,
  start_time time not null,
  end_time time not null,
  valid_from date not null default date '2000-01-01',
  valid_to date,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  foreign key (organization_id, practitioner_id)
    references public.practitioners (organization_id, id) on delete cascade,
  foreign key (organization_id, location_id)
    references public.locations (organization_id, id) on delete restrict,
  constraint working_hours_weekday_is_iso check (weekday between 1 and 7),
  constraint working_hours_are_not_empty check (start_time <> end_time and start_time < time '24:00'),
  constraint working_hours_validity_is_ordered check (valid_to >= valid_from),
  constraint working_hours_validity_is_sensible
    check (valid_from between date '1990-01-01' and date '2200-01-01' and valid_to <= date '2200-01-01')
);

comment on table public.working_hours is
  'Weekly hours of a practitioner at a location (FHIR Schedule), as local wall time of that location.';
comment on column public.working_hours.weekday is 'ISO weekday on which the shift starts: 1 Monday to 7 Sunday.';
comment on column public.working_hours.end_time is
  'Local end; at or before start_time it is on the next day. 24:00 is midnight at the end of the day.';
comment on column public.working_hours.valid_from is 'First local day on which a shift may start.';
comment on column public.working_hours.valid_to is 'Last local day on which a shift may start; null: open.';

create index working_hours_practitioner_idx on public.working_hours (organization_id, practitioner_id, location_id);
create index working_hours_location_idx on public.working_hours (organization_id, location_id);

create trigger working_hours_set_updated_at before update on public.working_hours
  for each row execute function private.tg__set_updated_at();

-- exceptions --------------------------------------------------------------------------------------

create table public.extra_hours (
  id uuid primary key default gen_random_uuid(),
  organization_id uuid not null,
  practitioner_id uuid not null,
  location_id uuid not null,
  during tstzrange not null,
  created_at timestamptz not null default now(),
  foreign key (organization_id, practitioner_id)
    references public.practitioners (organization_id, id) on delete cascade,
  foreign key (organization_id, location_id)
    references public.locations (organization_id, id) on delete restrict,
  constraint extra_hours_during_is_bounded check (
    not isempty(during) and not lower_inf(during) and not upper_inf(during)
    and lower(during) > '-infinity' and upper(during) < 'infinity'
    and lower_inc(during) and not upper_inc(during)
    and upper(during) - lower(during) <= interval '7 days'
  )
);

comment on table public.extra_hours is
  'Openings beyond the weekly hours: a practitioner works at a location in this interval. time_off still wins.';
comment on column public.extra_hours.during is 'Half-open interval [start, end), at most 7 days.';

create index extra_hours_practitioner_idx on public.extra_hours (organization_id, practitioner_id);
create index extra_hours_location_idx on public.extra_hours (organization_id, location_id);

create table public.time_off (
  id uuid primary key default gen_random_uuid(),
  organization_id uuid not null references public.organizations (id) on delete restrict,
  practitioner_id uuid,
  location_id uuid,
  room_id uuid,
  during tstzrange not null,
  reason text,
  created_at timestamptz not null default now(),
  foreign key (organization_id, practitioner_id)
    references public.practitioners (organization_id, id) on delete cascade,
  foreign key (organization_id, location_id)
    references public.locations (organization_id, id) on delete cascade,
  foreign key (organization_id, room_id)
    references public.rooms (organization_id, id) on delete cascade,
  constraint time_off_has_one_scope check (
    num_nonnulls(practitioner_id, room_id) <= 1 and num_nonnulls(location_id, room_id) <= 1
  ),
  constraint time_off_during_is_bounded check (
    not isempty(during) and not lower_inf(during) and not upper_inf(during)
    and lower(during) > '-infinity' and upper(during) < 'infinity'
    and lower_inc(during) and not upper_inc(during)
  ),
  constraint time_off_reason_is_short check (length(reason) <= 500)
);

comment on table public.time_off is
  'Closings: holidays, illness, maintenance. Nothing is offered in this interval, whatever the hours say; '
  'appointments already booked stay.';
comment on column public.time_off.practitioner_id is
  'Whose time off; null with no room: the whole location, or organization when that is null too.';
comment on column public.time_off.location_id is 'Only at this location; null: everywhere.';
comment on column public.time_off.room_id is 'A room or device that cannot be used.';
comment on column public.time_off.during is 'Half-open interval [start, end).';

create index time_off_practitioner_idx on public.time_off (organization_id, practitioner_id);
create index time_off_end_idx on public.time_off (organization_id, upper(during));
create index time_off_location_idx on public.time_off (organization_id, location_id) where location_id is not null;
create index time_off_room_idx on public.time_off (organization_id, room_id) where room_id is not null;

-- booking_activations -----------------------------------------------------------------------------

create table public.booking_activations (
  organization_id uuid not null,
  practitioner_id uuid not null,
  day date not null,
  is_open boolean not null,
  set_by uuid,
  set_at timestamptz not null default now(),
  primary key (practitioner_id, day),
  foreign key (organization_id, practitioner_id)
    references public.practitioners (organization_id, id) on delete cascade,
  constraint booking_activations_day_is_sensible check (day between date '2000-01-01' and date '2200-01-01')
);

comment on table public.booking_activations is
  'Days that staff opened for booking by clients. A day without a row is closed. Written by set_booking_activation.';
comment on column public.booking_activations.day is 'Local day of the location where the session starts.';

create index booking_activations_practitioner_idx
  on public.booking_activations (organization_id, practitioner_id, day);
