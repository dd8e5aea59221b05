-- Access to appointments: the desk reads all of its organization, practitioners their own calendar,
-- clients their own appointments. Writing is the booking functions', except the shared note.

-- appointment_blocks ------------------------------------------------------------------------------

alter table public.appointment_blocks enable row level security;

grant select on public.appointment_blocks to authenticated;
grant select, insert, update on public.appointment_blocks to service_role;

create policy select_desk_or_own on public.appointment_blocks
  for select to authenticated
  using (
    organization_id = any ((select private.current_desk_organization_ids())::uuid[])
    or practitioner_id = any ((select private.current_practitioner_ids())::uuid[])
    or client_id = any ((select private.current_client_ids())::uuid[])
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
    organization_id = any ((select private.current_desk_organization_ids())::uuid[])
    or practitioner_id = any ((select private.current_practitioner_ids())::uuid[])
    or client_id = any ((select private.current_client_ids())::uuid[])
  );

create policy update_staff on public.appointments
  for update to authenticated
  using (
    organization_id = any ((select private.current_desk_organization_ids())::uuid[])
    or practitioner_id = any ((select private.current_practitioner_ids())::uuid[])
  )
  with check (
    organization_id = any ((select private.current_desk_organization_ids())::uuid[])
    or practitioner_id = any ((select private.current_practitioner_ids())::uuid[])
  );
