-- Recording: one trigger function for every table.

create function private.write_audit_entry(
  organization_id uuid,
  action public.audit_action,
  table_name text,
  record_id uuid,
  client_id uuid,
  changes jsonb,
  acting_as text default null
)
returns void
language plpgsql
security definer -- definer because nobody is granted insert on the trail
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
declare
  v_user_id uuid := auth.uid();
begin
  insert into public.audit_entries (
    organization_id, user_id, role, request_id, action, table_name, record_id, client_id, changes, changes_hash
  )
  values (
    organization_id,
    v_user_id,
    case
      when v_user_id is null then coalesce(nullif(current_setting('role'), 'none'), session_user)
      else coalesce(
        acting_as,
        (
          select m.role::text
          from public.members as m
          where m.organization_id = write_audit_entry.organization_id and m.user_id = v_user_id
        ),
        'client'
      )
    end,
    left(nullif(current_setting('request.headers', true), '')::jsonb ->> 'x-request-id', 128),
    action,
    table_name,
    record_id,
    client_id,
    changes,
    sha256(convert_to(coalesce(changes::text, ''), 'UTF8'))
  );
end
$$;

comment on function private.write_audit_entry(uuid, public.audit_action, text, uuid, uuid, jsonb, text) is
  'Appends what the caller of this request has just done, as `acting_as` or else in the role that the caller has now.';

create function private.tg__audit()
returns trigger
language plpgsql
security definer -- definer because nobody is granted insert on the trail
set search_path = ''
as $$
declare
  -- Arguments: the column that identifies the record, then columns that are left out.
  v_row jsonb := to_jsonb(case when tg_op = 'DELETE' then old else new end);
  v_old jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) end;
  v_changes jsonb;
begin
  if tg_op = 'UPDATE' then
    select jsonb_object_agg(n.key, jsonb_build_array(v_old -> n.key, n.value))
    into v_changes
    from jsonb_each(v_row) as n
    where n.value is distinct from v_old -> n.key
      and n.key <> 'updated_at'
      and n.key <> all (tg_argv[1:]);
    if v_changes is null then
      return null;
    end if;
  elsif tg_op = 'DELETE' then
    v_changes := v_row - tg_argv[1:];
  end if;

  perform private.write_audit_entry(
    coalesce(v_row ->> 'organization_id', v_row ->> 'id')::uuid,
    lower(tg_op)::public.audit_action,
    tg_table_name,
    (v_row ->> tg_argv[0])::uuid,
    case when tg_table_name = 'clients' then v_row ->> 'id' else v_row ->> 'client_id' end::uuid,
    v_changes,
    -- Who leaves or steps down did so as what they were.
    case when tg_table_name = 'members' and v_old ->> 'user_id' = auth.uid()::text then v_old ->> 'role' end
  );
  return null;
end
$$;

comment on function private.tg__audit() is
  'Writes one audit entry per changed row. Arguments: the identifying column, then columns left out. An update '
  'that changes nothing else leaves no entry.';

create function private.tg_appointments__audit_insert()
returns trigger
language plpgsql
security definer -- definer because nobody is granted insert on the trail
set search_path = ''
as $$
begin
  perform private.write_audit_entry(new.organization_id, 'insert', 'appointments', new.id, new.client_id, null);
  return null;
end
$$;

comment on function private.tg_appointments__audit_insert() is
  'What tg__audit does, without the row as JSON: everybody waits for bookings.';

-- The ledger, billing lines and what derives from them are append-only and name their author: they
-- are their own trail. So is the outbox, which only goes forward.
create trigger organizations_audit after insert or update or delete on public.organizations
  for each row execute function private.tg__audit('id');
create trigger organization_settings_audit after update on public.organization_settings
  for each row execute function private.tg__audit('organization_id');
create trigger locations_audit after insert or update or delete on public.locations
  for each row execute function private.tg__audit('id');
create trigger members_audit after insert or update or delete on public.members
  for each row execute function private.tg__audit('id');
create trigger practitioners_audit after insert or update or delete on public.practitioners
  for each row execute function private.tg__audit('id');
create trigger clients_audit after insert or update or delete on public.clients
  for each row execute function private.tg__audit('id', 'search_text');
create trigger client_notes_audit after insert or update or delete on public.client_notes
  for each row execute function private.tg__audit('id');
create trigger tags_audit after insert or update or delete on public.tags
  for each row execute function private.tg__audit('id');
create trigger client_tags_audit after insert or update or delete on public.client_tags
  for each row execute function private.tg__audit('client_id');
create trigger invitations_audit after insert or update or delete on public.invitations
  for each row execute function private.tg__audit('id', 'token_hash');
-- Progress is told by the items; the trail has the start and the end.
create trigger bulk_operations_audit after insert or update on public.bulk_operations
  for each row execute function private.tg__audit('id', 'total_count', 'done_count', 'failed_count', 'skipped_count');
create trigger suppressed_addresses_audit after insert or update or delete on public.suppressed_addresses
  for each row execute function private.tg__audit('id');
create trigger notification_preferences_audit after insert or update or delete on public.notification_preferences
  for each row execute function private.tg__audit('id');
create trigger message_templates_audit after insert or update or delete on public.message_templates
  for each row execute function private.tg__audit('id');
create trigger reminder_rules_audit after insert or update or delete on public.reminder_rules
  for each row execute function private.tg__audit('id');
create trigger services_audit after insert or update or delete on public.services
  for each row execute function private.tg__audit('id');
create trigger rooms_audit after insert or update or delete on public.rooms
  for each row execute function private.tg__audit('id');
create trigger service_practitioners_audit after insert or delete on public.service_practitioners
  for each row execute function private.tg__audit('service_id');
create trigger service_rooms_audit after insert or delete on public.service_rooms
  for each row execute function private.tg__audit('service_id');
create trigger working_hours_audit after insert or update or delete on public.working_hours
  for each row execute function private.tg__audit('id');
create trigger extra_hours_audit after insert or update or delete on public.extra_hours
  for each row execute function private.tg__audit('id');
create trigger time_off_audit after insert or update or delete on public.time_off
  for each row execute function private.tg__audit('id');
create trigger booking_activations_audit after insert or update or delete on public.booking_activations
  for each row execute function private.tg__audit('practitioner_id');
create trigger appointments_audit after update on public.appointments
  for each row execute function private.tg__audit('id', 'starts_at', 'ends_at');
create trigger appointments_audit_insert after insert on public.appointments
  for each row execute function private.tg_appointments__audit_insert();
create trigger appointment_blocks_audit after insert or update or delete on public.appointment_blocks
  for each row execute function private.tg__audit('id');
create trigger client_reports_audit after insert or update on public.client_reports
  for each row execute function private.tg__audit('id', 'storage_path');
create trigger billing_reports_audit after insert on public.billing_reports
  for each row execute function private.tg__audit('id');
create trigger billing_settings_audit after insert or update or delete on public.billing_settings
  for each row execute function private.tg__audit('organization_id');
create trigger service_taxes_audit after insert or update or delete on public.service_taxes
  for each row execute function private.tg__audit('service_id');
create trigger bank_accounts_audit after insert or update or delete on public.bank_accounts
  for each row execute function private.tg__audit('id');
create trigger payers_audit after insert or update or delete on public.payers
  for each row execute function private.tg__audit('id');
create trigger client_payers_audit after insert or update or delete on public.client_payers
  for each row execute function private.tg__audit('client_id');
create trigger invoice_series_audit after insert or update or delete on public.invoice_series
  for each row execute function private.tg__audit('organization_id');
create trigger invoices_audit after insert or update or delete on public.invoices
  for each row execute function private.tg__audit('id', 'open_amount', 'supplier', 'payer', 'bank_account');
create trigger invoice_reminders_audit after insert on public.invoice_reminders
  for each row execute function private.tg__audit('id');
create trigger payments_audit after insert on public.payments
  for each row execute function private.tg__audit('id');
create trigger bank_transactions_audit after update on public.bank_transactions
  for each row execute function private.tg__audit('id', 'suggestions');
create trigger waitlist_entries_audit after insert or update or delete on public.waitlist_entries
  for each row execute function private.tg__audit('id');
create trigger waitlist_offers_audit after insert or update on public.waitlist_offers
  for each row execute function private.tg__audit('id', 'token_hash');
