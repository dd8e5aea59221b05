-- Access to identity. Per table: RLS on, grants, then one policy per command.
-- service_role is the dashboard and trusted jobs; constraints and triggers bind it too.

-- organizations -----------------------------------------------------------------------------------

alter table public.organizations enable row level security;

-- Insert is not granted: create_organization is the operator's. Delete is not: history would go
-- with it. slug and currency are fixed: links and money depend on them.
grant select on public.organizations to authenticated;
grant update (name, timezone, locale, contact_email) on public.organizations to authenticated;
grant select, insert, update, delete on public.organizations to service_role;

create policy select_people on public.organizations
  for select to authenticated
  using (
    id = any (array(select id from private.current_client_organizations))
    or id = any (array(select id from private.current_organizations))
  );

create policy update_managers on public.organizations
  for update to authenticated
  using (
    id = any (array(select id from private.current_managed_organizations))
  )
  with check (
    id = any (array(select id from private.current_managed_organizations))
  );

-- organization_settings ---------------------------------------------------------------------------

alter table public.organization_settings enable row level security;

-- Insert is not granted: the row comes with the organization. version is the database's.
grant select on public.organization_settings to authenticated;
grant update (
  booking_horizon_days, minimum_notice_minutes, slot_step_minutes, activation_required, auto_confirm,
  cancellation_window_minutes, late_cancellation, self_registration, credit_overdraft_amount,
  video_early_join_minutes, video_late_leave_minutes, waitlist_automatic_offers, waitlist_offer_minutes, default_locale
) on public.organization_settings to authenticated;
grant select, update on public.organization_settings to service_role;

create policy select_members on public.organization_settings
  for select to authenticated
  using (
    organization_id = any (array(select id from private.current_organizations))
  );

create policy update_managers on public.organization_settings
  for update to authenticated
  using (
    organization_id = any (array(select id from private.current_managed_organizations))
  )
  with check (
    organization_id = any (array(select id from private.current_managed_organizations))
  );

-- locations ---------------------------------------------------------------------------------------

alter table public.locations enable row level security;

grant select on public.locations to authenticated;
grant insert (organization_id, name, timezone, address, phone, is_active) on public.locations to authenticated;
grant update (name, timezone, address, phone, is_active) on public.locations to authenticated;
grant delete on public.locations to authenticated;
grant select, insert, update, delete on public.locations to service_role;

create policy select_people on public.locations
  for select to authenticated
  using (
    organization_id = any (array(select id from private.current_client_organizations))
    or organization_id = any (array(select id from private.current_organizations))
  );

create policy insert_managers on public.locations
  for insert to authenticated
  with check (
    organization_id = any (array(select id from private.current_managed_organizations))
  );

create policy update_managers on public.locations
  for update to authenticated
  using (
    organization_id = any (array(select id from private.current_managed_organizations))
  )
  with check (
    organization_id = any (array(select id from private.current_managed_organizations))
  );

create policy delete_managers on public.locations
  for delete to authenticated
  using (
    organization_id = any (array(select id from private.current_managed_organizations))
  );

-- members -----------------------------------------------------------------------------------------

alter table public.members enable row level security;

-- Insert, delete and the role are not granted: accept_invitation, remove_member and
-- set_member_role keep the rules.
grant select on public.members to authenticated;
grant update (display_name) on public.members to authenticated;
grant select, insert, update, delete on public.members to service_role;

create policy select_members on public.members
  for select to authenticated
  using (
    organization_id = any (array(select id from private.current_organizations))
  );

create policy update_self_or_managers on public.members
  for update to authenticated
  using (
    user_id = (select auth.uid())
    or organization_id = any (array(select id from private.current_managed_organizations))
  )
  with check (
    user_id = (select auth.uid())
    or organization_id = any (array(select id from private.current_managed_organizations))
  );

-- practitioners -----------------------------------------------------------------------------------

alter table public.practitioners enable row level security;

-- Clients see practitioners to choose one. Who has appointments cannot be deleted (foreign keys),
-- but deactivated.
grant select on public.practitioners to authenticated;
grant insert (
  organization_id, user_id, display_name, title, biography, colour, is_active
) on public.practitioners to authenticated;
grant update (user_id, display_name, title, biography, colour, is_active) on public.practitioners to authenticated;
grant delete on public.practitioners to authenticated;
grant select, insert, update, delete on public.practitioners to service_role;

create policy select_people on public.practitioners
  for select to authenticated
  using (
    organization_id = any (array(select id from private.current_client_organizations))
    or organization_id = any (array(select id from private.current_organizations))
  );

create policy insert_managers on public.practitioners
  for insert to authenticated
  with check (
    organization_id = any (array(select id from private.current_managed_organizations))
  );

create policy update_managers on public.practitioners
  for update to authenticated
  using (
    organization_id = any (array(select id from private.current_managed_organizations))
  )
  with check (
    organization_id = any (array(select id from private.current_managed_organizations))
  );

create policy delete_managers on public.practitioners
  for delete to authenticated
  using (
    organization_id = any (array(select id from private.current_managed_organizations))
  );

-- clients -----------------------------------------------------------------------------------------

alter table public.clients enable row level security;

-- user_id is not granted: a login is linked by register_client or accept_invitation. archived_at
-- is set by archive_client.
grant select on public.clients to authenticated;
grant insert (
  organization_id, given_name, family_name, email, phone, birth_date, locale, timezone
) on public.clients to authenticated;
grant update (given_name, family_name, email, phone, birth_date, locale, timezone) on public.clients to authenticated;
grant delete on public.clients to authenticated;
grant select, insert, update, delete on public.clients to service_role;

create policy select_staff_or_self on public.clients
  for select to authenticated
  using (
    user_id = (select auth.uid())
    or organization_id = any (array(select id from private.current_organizations))
  );

create policy insert_staff on public.clients
  for insert to authenticated
  with check (
    organization_id = any (array(select id from private.current_organizations))
  );

create policy update_staff_or_self on public.clients
  for update to authenticated
  using (
    user_id = (select auth.uid())
    or organization_id = any (array(select id from private.current_organizations))
  )
  with check (
    user_id = (select auth.uid())
    or organization_id = any (array(select id from private.current_organizations))
  );

create policy delete_managers on public.clients
  for delete to authenticated
  using (
    organization_id = any (array(select id from private.current_managed_organizations))
  );

-- client_notes ------------------------------------------------------------------------------------

alter table public.client_notes enable row level security;

-- Internal: clients have no policy here at all.
grant select on public.client_notes to authenticated;
grant insert (organization_id, client_id, body) on public.client_notes to authenticated;
grant update (body) on public.client_notes to authenticated;
grant delete on public.client_notes to authenticated;
grant select, insert, update, delete on public.client_notes to service_role;

create policy select_staff on public.client_notes
  for select to authenticated
  using (
    organization_id = any (array(select id from private.current_organizations))
  );

create policy insert_staff on public.client_notes
  for insert to authenticated
  with check (
    organization_id = any (array(select id from private.current_organizations))
    and created_by = (select auth.uid())
  );

create policy update_author on public.client_notes
  for update to authenticated
  using (
    organization_id = any (array(select id from private.current_organizations))
    and created_by = (select auth.uid())
  )
  with check (
    organization_id = any (array(select id from private.current_organizations))
    and created_by = (select auth.uid())
  );

create policy delete_author_or_managers on public.client_notes
  for delete to authenticated
  using (
    (
      organization_id = any (array(select id from private.current_organizations))
      and created_by = (select auth.uid())
    )
    or organization_id = any (array(select id from private.current_managed_organizations))
  );

-- profiles ----------------------------------------------------------------------------------------

alter table public.profiles enable row level security;

-- user_id defaults to the caller and is not granted.
grant select on public.profiles to authenticated;
grant insert (display_name, phone, locale, timezone) on public.profiles to authenticated;
grant update (display_name, phone, locale, timezone) on public.profiles to authenticated;
grant select, insert, update, delete on public.profiles to service_role;

create policy select_self on public.profiles
  for select to authenticated
  using (
    user_id = (select auth.uid())
  );

create policy insert_self on public.profiles
  for insert to authenticated
  with check (
    user_id = (select auth.uid())
  );

create policy update_self on public.profiles
  for update to authenticated
  using (
    user_id = (select auth.uid())
  )
  with check (
    user_id = (select auth.uid())
  );

-- invitations -------------------------------------------------------------------------------------

alter table public.invitations enable row level security;

-- token_hash is granted to nobody; writing is create_invitation, revoke_invitation and
-- accept_invitation.
grant select (
  id, organization_id, email, role, client_id, display_name, created_by, created_at, expires_at, accepted_at,
  accepted_by, revoked_at
) on public.invitations to authenticated;
grant select, insert, update, delete on public.invitations to service_role;

create policy select_desk on public.invitations
  for select to authenticated
  using (
    organization_id = any (array(select id from private.current_managed_organizations))
    or (client_id is not null and organization_id = any (array(select id from private.current_desk_organizations)))
  );

-- tags --------------------------------------------------------------------------------------------

alter table public.tags enable row level security;

-- The desk keeps the vocabulary; clients have no policy here at all.
grant select on public.tags to authenticated;
grant insert (organization_id, name, colour) on public.tags to authenticated;
grant update (name, colour) on public.tags to authenticated;
grant delete on public.tags to authenticated;
grant select, insert, update, delete on public.tags to service_role;

create policy select_staff on public.tags
  for select to authenticated
  using (
    organization_id = any (array(select id from private.current_organizations))
  );

create policy insert_desk on public.tags
  for insert to authenticated
  with check (
    organization_id = any (array(select id from private.current_desk_organizations))
  );

create policy update_desk on public.tags
  for update to authenticated
  using (
    organization_id = any (array(select id from private.current_desk_organizations))
  )
  with check (
    organization_id = any (array(select id from private.current_desk_organizations))
  );

create policy delete_desk on public.tags
  for delete to authenticated
  using (
    organization_id = any (array(select id from private.current_desk_organizations))
  );

-- client_tags -------------------------------------------------------------------------------------

alter table public.client_tags enable row level security;

-- A tag is put on or taken off, never changed.
grant select on public.client_tags to authenticated;
grant insert (organization_id, client_id, tag_id) on public.client_tags to authenticated;
grant delete on public.client_tags to authenticated;
grant select, insert, update, delete on public.client_tags to service_role;

create policy select_staff on public.client_tags
  for select to authenticated
  using (
    organization_id = any (array(select id from private.current_organizations))
  );

create policy insert_staff on public.client_tags
  for insert to authenticated
  with check (
    organization_id = any (array(select id from private.current_organizations))
    and created_by = (select auth.uid())
  );

create policy delete_staff on public.client_tags
  for delete to authenticated
  using (
    organization_id = any (array(select id from private.current_organizations))
  );
