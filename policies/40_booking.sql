-- Access to appointments: the desk reads all of its organization, practitioners their own calendar,
-- clients their own appointments. Writing is the booking functions', except the shared note.

-- appointment_blocks ------------------------------------------------------------------------------

alter table public.appointment_blocks enable row level security;

grant select on public.appointment_blocks to authenticated;
grant select, insert, update on public.appointment_blocks to service_role;

create policy select_desk_or_own on public.appointment_blocks
  for select to authenticated
  using (
    client_id = any (array(select id from private.current_clients))
    or practitioner_id = any (array(select id from private.current_practitioners))
    or organization_id = any (array(select id from private.current_desk_organizations))
  );

-- appointments ------------------------------------------------------------------------------------

alter table public.appointments enable row level security;

-- Everything but the note goes through book_appointment and its siblings. Nothing is ever deleted.
grant select on public.appointments to authenticated;
grant update (note) on public.appointments to authenticated;
grant select, insert, update on public.appointments to service_role;

create policy select_desk_or_own on public.appointments
  for select to authenticated
  using (
    client_id = any (array(select id from private.current_clients))
    or practitioner_id = any (array(select id from private.current_practitioners))
    or organization_id = any (array(select id from private.current_desk_organizations))
  );

create policy update_staff on public.appointments
  for update to authenticated
  using (
    practitioner_id = any (array(select id from private.current_practitioners))
    or organization_id = any (array(select id from private.current_desk_organizations))
  )
  with check (
    practitioner_id = any (array(select id from private.current_practitioners))
    or organization_id = any (array(select id from private.current_desk_organizations))
  );
