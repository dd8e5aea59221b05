-- Which tables leave a trail, and of what: a trigger that is lost is lost in silence otherwise.
begin;
select * from no_plan();
select is(
  (
    select string_agg(
      event.name, ' or ' order by event.number
    )
    from pg_catalog.pg_trigger as t
    cross join (values (1, 'insert', 4), (2, 'update', 16), (3, 'delete', 8)) as event (number, name, bit)
    where t.tgrelid = ('public.' || audited.name)::regclass
      and t.tgfoid in ('private.tg__audit'::regproc, 'private.tg_appointments__audit_insert'::regproc)
      and t.tgenabled = 'O'
      and t.tgtype & event.bit > 0
  ),
  audited.events, audited.name || ' leaves its trail'
)
from (
  values
    ('organizations', 'insert or update or delete'),
    ('organization_settings', 'update'),
    ('locations', 'insert or update or delete'),
    ('members', 'insert or update or delete'),
    ('practitioners', 'insert or update or delete'),
    ('clients', 'insert or update or delete'),
    ('client_notes', 'insert or update or delete'),
    ('tags', 'insert or update or delete'),
    ('client_tags', 'insert or update or delete'),
    ('invitations', 'insert or update or delete'),
    ('bulk_operations', 'insert or update'),
    ('suppressed_addresses', 'insert or update or delete'),
    ('notification_preferences', 'insert or update or delete'),
    ('message_templates', 'insert or update or delete'),
    ('reminder_rules', 'insert or update or delete'),
    ('services', 'insert or update or delete'),
    ('rooms', 'insert or update or delete'),
    ('service_practitioners', 'insert or delete'),
    ('service_rooms', 'insert or delete'),
    ('working_hours', 'insert or update or delete'),
    ('extra_hours', 'insert or update or delete'),
    ('time_off', 'insert or update or delete'),
    ('booking_activations', 'insert or update or delete'),
    ('appointments', 'insert or update'),
    ('appointment_blocks', 'insert or update or delete'),
    ('client_reports', 'insert or update'),
    ('billing_reports', 'insert'),
    ('billing_settings', 'insert or update or delete'),
    ('service_taxes', 'insert or update or delete'),
    ('bank_accounts', 'insert or update or delete'),
    ('payers', 'insert or update or delete'),
    ('client_payers', 'insert or update or delete'),
    ('invoice_series', 'insert or update or delete'),
    ('invoices', 'insert or update or delete'),
    ('invoice_reminders', 'insert'),
    ('payments', 'insert'),
    ('bank_transactions', 'update'),
    ('waitlist_entries', 'insert or update or delete'),
    ('waitlist_offers', 'insert or update')
) as audited (name, events);
select is_empty(
  $$
    select c.relname
    from pg_catalog.pg_trigger as t
    join pg_catalog.pg_class as c on c.oid = t.tgrelid
    where t.tgfoid = 'private.tg__audit'::regproc
      and c.relname not in (
        'organizations', 'organization_settings', 'locations', 'members', 'practitioners', 'clients', 'client_notes', 'tags', 'client_tags', 'invitations', 'bulk_operations', 'suppressed_addresses', 'notification_preferences', 'message_templates', 'reminder_rules', 'services', 'rooms', 'service_practitioners', 'service_rooms', 'working_hours', 'extra_hours', 'time_off', 'booking_activations', 'appointments', 'appointment_blocks', 'client_reports', 'billing_reports', 'billing_settings', 'service_taxes', 'bank_accounts', 'payers', 'client_payers', 'invoice_series', 'invoices', 'invoice_reminders', 'payments', 'bank_transactions', 'waitlist_entries', 'waitlist_offers'
      )
  $$,
  'and this list has all of them'
);
select * from finish();
rollback;
