-- Access to scheduling: managers set up services and rooms; hours are kept by the desk and by
-- practitioners for themselves. Clients read what they choose from, and free time from find_slots only.

-- services ----------------------------------------------------------------------------------------

alter table public.services enable row level security;

grant select on public.services to authenticated;
grant insert (
  organization_id, name, description, duration_minutes, buffer_before_minutes, buffer_after_minutes, price_amount,
  currency, colour, mode, seats, is_public, is_active
) on public.services to authenticated;
grant update (
  name, description, duration_minutes, buffer_before_minutes, buffer_after_minutes, price_amount, currency, colour,
  mode, seats, is_public, is_active
) on public.services to authenticated;
grant delete on public.services to authenticated;
grant select, insert, update, delete on public.services to service_role;

-- Clients see what they can book, and what they have booked.
create policy select_people on public.services
  for select to authenticated
  using (
    (is_public and organization_id = any (array(select id from private.current_client_organizations)))
    or organization_id = any (array(select id from private.current_organizations))
    or id = any ((select private.current_booked_service_ids())::uuid[])
  );

create policy insert_managers on public.services
  for insert to authenticated
  with check (
    organization_id = any (array(select id from private.current_managed_organizations))
  );

create policy update_managers on public.services
  for update to authenticated
  using (
    organization_id = any (array(select id from private.current_managed_organizations))
  )
  with check (
    organization_id = any (array(select id from private.current_managed_organizations))
  );

create policy delete_managers on public.services
  for delete to authenticated
  using (
    organization_id = any (array(select id from private.current_managed_organizations))
  );

-- rooms -------------------------------------------------------------------------------------------

alter table public.rooms enable row level security;

grant select on public.rooms to authenticated;
grant insert (organization_id, location_id, name, kind, is_active) on public.rooms to authenticated;
grant update (location_id, name, kind, is_active) on public.rooms to authenticated;
grant delete on public.rooms to authenticated;
grant select, insert, update, delete on public.rooms to service_role;

create policy select_people on public.rooms
  for select to authenticated
  using (
    organization_id = any (array(select id from private.current_client_organizations))
    or organization_id = any (array(select id from private.current_organizations))
  );

create policy insert_managers on public.rooms
  for insert to authenticated
  with check (
    organization_id = any (array(select id from private.current_managed_organizations))
  );

create policy update_managers on public.rooms
  for update to authenticated
  using (
    organization_id = any (array(select id from private.current_managed_organizations))
  )
  with check (
    organization_id = any (array(select id from private.current_managed_organizations))
  );

create policy delete_managers on public.rooms
  for delete to authenticated
  using (
    organization_id = any (array(select id from private.current_managed_organizations))
  );

-- service_practitioners ---------------------------------------------------------------------------

alter table public.service_practitioners enable row level security;

-- Update is not granted: a link exists or does not.
grant select on public.service_practitioners to authenticated;
grant insert (organization_id, service_id, practitioner_id) on public.service_practitioners to authenticated;
grant delete on public.service_practitioners to authenticated;
grant select, insert, update, delete on public.service_practitioners to service_role;

create policy select_people on public.service_practitioners
  for select to authenticated
  using (
    organization_id = any (array(select id from private.current_client_organizations))
    or organization_id = any (array(select id from private.current_organizations))
  );

create policy insert_managers on public.service_practitioners
  for insert to authenticated
  with check (
    organization_id = any (array(select id from private.current_managed_organizations))
  );

create policy delete_managers on public.service_practitioners
  for delete to authenticated
  using (
    organization_id = any (array(select id from private.current_managed_organizations))
  );

-- service_rooms -----------------------------------------------------------------------------------

alter table public.service_rooms enable row level security;

-- Update is not granted: a link exists or does not.
grant select on public.service_rooms to authenticated;
grant insert (organization_id, service_id, room_id) on public.service_rooms to authenticated;
grant delete on public.service_rooms to authenticated;
grant select, insert, update, delete on public.service_rooms to service_role;

create policy select_people on public.service_rooms
  for select to authenticated
  using (
    organization_id = any (array(select id from private.current_client_organizations))
    or organization_id = any (array(select id from private.current_organizations))
  );

create policy insert_managers on public.service_rooms
  for insert to authenticated
  with check (
    organization_id = any (array(select id from private.current_managed_organizations))
  );

create policy delete_managers on public.service_rooms
  for delete to authenticated
  using (
    organization_id = any (array(select id from private.current_managed_organizations))
  );

-- working_hours -----------------------------------------------------------------------------------

alter table public.working_hours enable row level security;

grant select on public.working_hours to authenticated;
grant insert (
  organization_id, practitioner_id, location_id, weekday, start_time, end_time, valid_from, valid_to
) on public.working_hours to authenticated;
grant update (
  location_id, weekday, start_time, end_time, valid_from, valid_to
) on public.working_hours to authenticated;
grant delete on public.working_hours to authenticated;
grant select, insert, update, delete on public.working_hours to service_role;

create policy select_members on public.working_hours
  for select to authenticated
  using (
    organization_id = any (array(select id from private.current_organizations))
  );

create policy insert_desk_or_own on public.working_hours
  for insert to authenticated
  with check (
    organization_id = any (array(select id from private.current_desk_organizations))
    or (
      organization_id = any (array(select id from private.current_organizations))
      and practitioner_id = any (array(select id from private.current_practitioners))
    )
  );

create policy update_desk_or_own on public.working_hours
  for update to authenticated
  using (
    organization_id = any (array(select id from private.current_desk_organizations))
    or (
      organization_id = any (array(select id from private.current_organizations))
      and practitioner_id = any (array(select id from private.current_practitioners))
    )
  )
  with check (
    organization_id = any (array(select id from private.current_desk_organizations))
    or (
      organization_id = any (array(select id from private.current_organizations))
      and practitioner_id = any (array(select id from private.current_practitioners))
    )
  );

create policy delete_desk_or_own on public.working_hours
  for delete to authenticated
  using (
    organization_id = any (array(select id from private.current_desk_organizations))
    or (
      organization_id = any (array(select id from private.current_organizations))
      and practitioner_id = any (array(select id from private.current_practitioners))
    )
  );

-- extra_hours -------------------------------------------------------------------------------------

alter table public.extra_hours enable row level security;

grant select on public.extra_hours to authenticated;
grant insert (organization_id, practitioner_id, location_id, during) on public.extra_hours to authenticated;
grant update (location_id, during) on public.extra_hours to authenticated;
grant delete on public.extra_hours to authenticated;
grant select, insert, update, delete on public.extra_hours to service_role;

create policy select_members on public.extra_hours
  for select to authenticated
  using (
    organization_id = any (array(select id from private.current_organizations))
  );

create policy insert_desk_or_own on public.extra_hours
  for insert to authenticated
  with check (
    organization_id = any (array(select id from private.current_desk_organizations))
    or (
      organization_id = any (array(select id from private.current_organizations))
      and practitioner_id = any (array(select id from private.current_practitioners))
    )
  );

create policy update_desk_or_own on public.extra_hours
  for update to authenticated
  using (
    organization_id = any (array(select id from private.current_desk_organizations))
    or (
      organization_id = any (array(select id from private.current_organizations))
      and practitioner_id = any (array(select id from private.current_practitioners))
    )
  )
  with check (
    organization_id = any (array(select id from private.current_desk_organizations))
    or (
      organization_id = any (array(select id from private.current_organizations))
      and practitioner_id = any (array(select id from private.current_practitioners))
    )
  );

create policy delete_desk_or_own on public.extra_hours
  for delete to authenticated
  using (
    organization_id = any (array(select id from private.current_desk_organizations))
    or (
      organization_id = any (array(select id from private.current_organizations))
      and practitioner_id = any (array(select id from private.current_practitioners))
    )
  );

-- time_off ----------------------------------------------------------------------------------------

alter table public.time_off enable row level security;

-- A practitioner closes only their own time; the desk also closes locations, rooms and the whole
-- organization.
grant select on public.time_off to authenticated;
grant insert (
  organization_id, practitioner_id, location_id, room_id, during, reason
) on public.time_off to authenticated;
grant update (location_id, during, reason) on public.time_off to authenticated;
grant delete on public.time_off to authenticated;
grant select, insert, update, delete on public.time_off to service_role;

create policy select_members on public.time_off
  for select to authenticated
  using (
    organization_id = any (array(select id from private.current_organizations))
  );

create policy insert_desk_or_own on public.time_off
  for insert to authenticated
  with check (
    organization_id = any (array(select id from private.current_desk_organizations))
    or (
      organization_id = any (array(select id from private.current_organizations))
      and practitioner_id = any (array(select id from private.current_practitioners))
    )
  );

create policy update_desk_or_own on public.time_off
  for update to authenticated
  using (
    organization_id = any (array(select id from private.current_desk_organizations))
    or (
      organization_id = any (array(select id from private.current_organizations))
      and practitioner_id = any (array(select id from private.current_practitioners))
    )
  )
  with check (
    organization_id = any (array(select id from private.current_desk_organizations))
    or (
      organization_id = any (array(select id from private.current_organizations))
      and practitioner_id = any (array(select id from private.current_practitioners))
    )
  );

create policy delete_desk_or_own on public.time_off
  for delete to authenticated
  using (
    organization_id = any (array(select id from private.current_desk_organizations))
    or (
      organization_id = any (array(select id from private.current_organizations))
      and practitioner_id = any (array(select id from private.current_practitioners))
    )
  );

-- booking_activations -----------------------------------------------------------------------------

alter table public.booking_activations enable row level security;

-- Written by set_booking_activation.
grant select on public.booking_activations to authenticated;
grant select, insert, update, delete on public.booking_activations to service_role;

create policy select_members on public.booking_activations
  for select to authenticated
  using (
    organization_id = any (array(select id from private.current_organizations))
  );
