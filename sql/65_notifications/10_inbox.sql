-- The inbox: in_app messages arrive in the transaction that writes them, and are read.

create function private.is_wanted(
  organization_id uuid, client_id uuid, user_id uuid, channel public.message_channel, kind text
)
returns boolean
language plpgsql
stable
security definer -- definer because it is asked whatever the writer may see
set search_path = ''
as $$
begin
  -- What is owed is always told.
  if kind in ('invoice', 'invoice_reminder') then
    return true;
  end if;
  return coalesce(
    (
      select p.is_enabled
      from public.notification_preferences as p
      where p.organization_id = is_wanted.organization_id
        and (p.client_id = is_wanted.client_id or p.user_id = is_wanted.user_id)
        and p.channel = is_wanted.channel
        and (p.kind = is_wanted.kind or p.kind is null)
      order by p.kind nulls last
      limit 1
    ),
    true
  );
end
$$;

comment on function private.is_wanted(uuid, uuid, uuid, public.message_channel, text) is
  'Whether this client or member wants this kind on this channel.';

create function private.inbox_user(client_id uuid, user_id uuid)
returns uuid
language plpgsql
stable
security definer -- definer because it is asked whatever the writer may see
set search_path = ''
as $$
begin
  return coalesce(
    inbox_user.user_id, (select c.user_id from public.clients as c where c.id = inbox_user.client_id)
  );
end
$$;

comment on function private.inbox_user(uuid, uuid) is 'Whose inbox a message is for; null: they have none.';

create function private.tg_messages__deliver_in_app()
returns trigger
language plpgsql
security definer -- definer because it reads preferences whatever the writer may see
set search_path = ''
as $$
begin
  if new.status <> 'pending' or new.send_after > now() then
    return new;
  end if;
  if private.inbox_user(new.client_id, new.user_id) is null then
    new.status := 'cancelled';
    new.error := 'no_address';
  elsif not private.is_wanted(new.organization_id, new.client_id, new.user_id, 'in_app', new.kind) then
    new.status := 'cancelled';
    new.error := 'not_wanted';
  else
    new.status := 'delivered';
    new.sent_at := now();
    new.delivered_at := now();
  end if;
  return new;
end
$$;

comment on function private.tg_messages__deliver_in_app() is 'An in_app message that is due needs no worker.';

create trigger messages_deliver_in_app before insert on public.messages
  for each row when (new.channel = 'in_app') execute function private.tg_messages__deliver_in_app();

create function private.tg_messages__fill_inbox()
returns trigger
language plpgsql
security definer -- definer because nobody is granted insert on notifications
set search_path = ''
as $$
declare
  v_user_id uuid := case when new.channel = 'in_app' then private.inbox_user(new.client_id, new.user_id) end;
begin
  if v_user_id is not null then
    insert into public.notifications (id, organization_id, user_id, kind, subject_id, data)
    values (new.id, new.organization_id, v_user_id, new.kind, new.subject_id, new.data)
    on conflict on constraint notifications_pkey do nothing;
  end if;
  return null;
end
$$;

comment on function private.tg_messages__fill_inbox() is 'Puts an in_app message that is there into its inbox.';

create trigger messages_fill_inbox after insert on public.messages
  for each row when (new.status = 'delivered') execute function private.tg_messages__fill_inbox();
create trigger messages_fill_inbox_later after update of status on public.messages
  for each row when (new.channel = 'in_app' and new.status = 'sent')
  execute function private.tg_messages__fill_inbox();

-- With its message it goes, by erasure and retention; by itself it does not.
create trigger notifications_go_with_their_message before delete on public.notifications
  for each row when (pg_trigger_depth() = 0)
  execute function private.tg__refuse_direct_write('Mark it as read.');
create trigger notifications_no_truncate before truncate on public.notifications
  for each statement execute function private.tg__refuse_change();

create function public.mark_notification_read(notification_id uuid)
returns public.notifications
language plpgsql
security definer -- definer because read_at is granted to nobody
set search_path = ''
as $$
declare
  v_user_id uuid := private.require_user();
  v_notification public.notifications;
begin
  update public.notifications as n
  set read_at = coalesce(n.read_at, now())
  where n.id = notification_id and n.user_id = v_user_id
  returning n.* into v_notification;
  if not found then
    perform private.fail('not_found', 'There is no such record.', 'Check the identifier.');
  end if;
  return v_notification;
end
$$;

comment on function public.mark_notification_read(uuid) is
  'Marks one of the caller''s notifications as read; once read it keeps its time. Errors: not_found.';

grant execute on function public.mark_notification_read(uuid) to authenticated;

create function public.mark_all_notifications_read(organization_id uuid default null)
returns bigint
language plpgsql
security definer -- definer because read_at is granted to nobody
set search_path = ''
as $$
declare
  v_user_id uuid := private.require_user();
  v_count bigint;
begin
  update public.notifications as n
  set read_at = now()
  where n.user_id = v_user_id
    and n.read_at is null
    and (
      mark_all_notifications_read.organization_id is null
      or n.organization_id = mark_all_notifications_read.organization_id
    );
  get diagnostics v_count = row_count;
  return v_count;
end
$$;

comment on function public.mark_all_notifications_read(uuid) is
  'Marks the caller''s unread notifications as read, of one organization or all; returns how many there were.';

grant execute on function public.mark_all_notifications_read(uuid) to authenticated;
