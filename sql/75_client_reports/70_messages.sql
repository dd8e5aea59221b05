-- A client hears that a document is there to be read. The front desk reads the outbox but no documents, so no
-- message says which document it is: the app finds it by subject_id, under the rules for reading.

create function private.tg_client_reports__tell()
returns trigger
language plpgsql
security definer -- definer because nobody is granted writes on messages
set search_path = ''
as $$
begin
  if new.status = 'stored' and new.visible_to_client then
    -- Only with a login can it be read. Who is shown it again is told again.
    perform private.enqueue_message(
      new.organization_id,
      concat_ws(':', 'client_report_shared', new.id, extract(epoch from now()), way.channel),
      'client_report_shared', way.channel, client_id => new.client_id, subject_id => new.id
    )
    from public.clients as c
    cross join lateral (values ('email', c.email is not null), ('in_app', true)) as way (channel, is_open)
    where c.id = new.client_id and c.user_id is not null and way.is_open;
  else
    perform private.cancel_messages(new.id);
  end if;
  return null;
end
$$;

create trigger client_reports_tell after update on public.client_reports
  for each row when (
    (new.status = 'stored' and new.visible_to_client) <> (old.status = 'stored' and old.visible_to_client)
  )
  execute function private.tg_client_reports__tell();
