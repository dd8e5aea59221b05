-- Access to notifications: the inbox and wishes are each person's own, templates and rules are the
-- managers'. Devices, links and reports are in `private`.

-- notifications -----------------------------------------------------------------------------------

alter table public.notifications enable row level security;

grant select on public.notifications to authenticated;
grant select on public.notifications to service_role;

-- Whoever belongs no more to the organization reads nothing of it.
create policy select_own on public.notifications
  for select to authenticated
  using (
    user_id = (select auth.uid())
    and (
      organization_id = any (array(select id from private.current_client_organizations))
      or organization_id = any (array(select id from private.current_organizations))
    )
  );

-- notification_preferences ------------------------------------------------------------------------

alter table public.notification_preferences enable row level security;

grant select on public.notification_preferences to authenticated;
grant select on public.notification_preferences to service_role;

create policy select_own_or_desk on public.notification_preferences
  for select to authenticated
  using (
    client_id = any (array(select id from private.current_clients))
    or (
      user_id = (select auth.uid())
      and organization_id = any (array(select id from private.current_organizations))
    )
    or (
      client_id is not null
      and organization_id = any (array(select id from private.current_desk_organizations))
    )
  );

-- quiet_hours -------------------------------------------------------------------------------------

alter table public.quiet_hours enable row level security;

grant select on public.quiet_hours to authenticated;
grant select on public.quiet_hours to service_role;

create policy select_own on public.quiet_hours
  for select to authenticated
  using (
    client_id = any (array(select id from private.current_clients))
    or (
      user_id = (select auth.uid())
      and organization_id = any (array(select id from private.current_organizations))
    )
  );

-- message_templates -------------------------------------------------------------------------------

alter table public.message_templates enable row level security;

grant select, delete on public.message_templates to authenticated;
grant insert (organization_id, kind, channel, locale, subject, body, html) on public.message_templates to authenticated;
grant update (subject, body, html) on public.message_templates to authenticated;
grant select, insert, update, delete on public.message_templates to service_role;

create policy select_staff on public.message_templates
  for select to authenticated
  using (organization_id = any (array(select id from private.current_organizations)));

create policy insert_managers on public.message_templates
  for insert to authenticated
  with check (organization_id = any (array(select id from private.current_managed_organizations)));

create policy update_managers on public.message_templates
  for update to authenticated
  using (organization_id = any (array(select id from private.current_managed_organizations)))
  with check (organization_id = any (array(select id from private.current_managed_organizations)));

create policy delete_managers on public.message_templates
  for delete to authenticated
  using (organization_id = any (array(select id from private.current_managed_organizations)));

-- reminder_rules ----------------------------------------------------------------------------------

alter table public.reminder_rules enable row level security;

grant select, delete on public.reminder_rules to authenticated;
grant insert (organization_id, minutes_before, channel, kind, is_active) on public.reminder_rules to authenticated;
grant update (minutes_before, channel, is_active) on public.reminder_rules to authenticated;
grant select, insert, update, delete on public.reminder_rules to service_role;

create policy select_staff on public.reminder_rules
  for select to authenticated
  using (organization_id = any (array(select id from private.current_organizations)));

create policy insert_managers on public.reminder_rules
  for insert to authenticated
  with check (organization_id = any (array(select id from private.current_managed_organizations)));

create policy update_managers on public.reminder_rules
  for update to authenticated
  using (organization_id = any (array(select id from private.current_managed_organizations)))
  with check (organization_id = any (array(select id from private.current_managed_organizations)));

create policy delete_managers on public.reminder_rules
  for delete to authenticated
  using (organization_id = any (array(select id from private.current_managed_organizations)));

-- appointment_confirmations -----------------------------------------------------------------------

alter table public.appointment_confirmations enable row level security;

grant select on public.appointment_confirmations to authenticated;
grant select on public.appointment_confirmations to service_role;

create policy select_staff on public.appointment_confirmations
  for select to authenticated
  using (organization_id = any (array(select id from private.current_organizations)));
