-- Access to the waiting list: all staff see who waits, as all of them book; offers hold a place in a
-- calendar, so they are read as appointments are. Clients see their own. Only functions write.

-- waitlist_entries --------------------------------------------------------------------------------

alter table public.waitlist_entries enable row level security;

grant select on public.waitlist_entries to authenticated;
grant select on public.waitlist_entries to service_role;

create policy select_members_or_own on public.waitlist_entries
  for select to authenticated
  using (
    client_id = any (array(select id from private.current_clients))
    or organization_id = any (array(select id from private.current_organizations))
  );

-- waitlist_offers ---------------------------------------------------------------------------------

alter table public.waitlist_offers enable row level security;

-- token_hash is granted to nobody.
grant select (
  id, organization_id, waitlist_entry_id, client_id, practitioner_id, appointment_id, starts_at, ends_at, status,
  is_automatic, expires_at, answered_at, created_by, created_at
) on public.waitlist_offers to authenticated, service_role;

create policy select_desk_or_own on public.waitlist_offers
  for select to authenticated
  using (
    client_id = any (array(select id from private.current_clients))
    or practitioner_id = any (array(select id from private.current_practitioners))
    or organization_id = any (array(select id from private.current_desk_organizations))
  );
