-- Changes of inboxes: what has arrived, and what was read on another device.

create function private.tg_notifications__broadcast()
returns trigger
language plpgsql
security definer -- definer because nobody is granted sending
set search_path = ''
as $$
begin
  perform private.broadcast(
    array[private.user_topic(new.user_id)],
    'notification:created',
    jsonb_build_object('notification_id', new.id, 'organization_id', new.organization_id)
  );
  return null;
end
$$;

comment on function private.tg_notifications__broadcast() is 'Tells a user that something is in the inbox.';

create trigger notifications_broadcast_insert after insert on public.notifications
  for each row execute function private.tg_notifications__broadcast();

create function private.tg_notifications__broadcast_read()
returns trigger
language plpgsql
security definer -- definer because nobody is granted sending
set search_path = ''
as $$
declare
  v_inbox record;
begin
  for v_inbox in select distinct n.user_id, n.organization_id from changed as n loop
    perform private.broadcast(
      array[private.user_topic(v_inbox.user_id)],
      'notification:read',
      jsonb_build_object('organization_id', v_inbox.organization_id)
    );
  end loop;
  return null;
end
$$;

comment on function private.tg_notifications__broadcast_read() is
  'Tells a user''s other devices that notifications were read: once per statement, however many.';

create trigger notifications_broadcast_read after update on public.notifications
  referencing new table as changed
  for each statement execute function private.tg_notifications__broadcast_read();
