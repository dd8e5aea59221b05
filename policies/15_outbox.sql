-- Access to the outbox: the desk reads what went out; functions alone write.

-- messages ----------------------------------------------------------------------------------------

alter table public.messages enable row level security;

grant select on public.messages to authenticated;
grant select on public.messages to service_role;

create policy select_desk on public.messages
  for select to authenticated
  using (organization_id = any (array(select id from private.current_desk_organizations)));

-- suppressed_addresses ----------------------------------------------------------------------------

alter table public.suppressed_addresses enable row level security;

grant select, delete on public.suppressed_addresses to authenticated;
grant select, delete on public.suppressed_addresses to service_role;

create policy select_desk on public.suppressed_addresses
  for select to authenticated
  using (organization_id = any (array(select id from private.current_desk_organizations)));

create policy delete_desk on public.suppressed_addresses
  for delete to authenticated
  using (organization_id = any (array(select id from private.current_desk_organizations)));
