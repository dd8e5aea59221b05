-- Enqueuing and cancelling, for the functions and triggers of later domains.

create function private.enqueue_message(
  organization_id uuid,
  key text,
  kind text,
  channel text,
  client_id uuid default null,
  user_id uuid default null,
  address text default null,
  data jsonb default '{}',
  attachments jsonb default '[]',
  locale text default null,
  priority smallint default 5,
  send_after timestamptz default now(),
  expires_at timestamptz default null,
  subject_id uuid default null
)
returns uuid
language plpgsql
security definer -- definer because nobody is granted insert on messages
set search_path = ''
as $$
declare
  v_id uuid;
begin
  insert into public.messages (
    organization_id, key, kind, channel, client_id, user_id, address, data, attachments, locale, priority, send_after,
    expires_at, subject_id
  )
  values (
    organization_id, key, kind, channel::public.message_channel, client_id, user_id, address, coalesce(data, '{}'),
    coalesce(attachments, '[]'), locale, coalesce(priority, 5), coalesce(send_after, now()), expires_at, subject_id
  )
  on conflict on constraint messages_organization_id_key_key do nothing
  returning id into v_id;
  if v_id is null then
    select m.id into v_id
    from public.messages as m
    where m.organization_id = enqueue_message.organization_id and m.key = enqueue_message.key;
  end if;
  return v_id;
end
$$;

comment on function private.enqueue_message(
  uuid, text, text, text, uuid, uuid, text, jsonb, jsonb, text, smallint, timestamptz, timestamptz, uuid
) is
  'Puts a message into the outbox, in the transaction of its cause. The same key again enqueues nothing and returns '
  'the first message''s id.';

create function private.cancel_messages(subject_id uuid, kinds text[] default null)
returns integer
language plpgsql
security definer -- definer because nobody is granted update on messages
set search_path = ''
as $$
declare
  v_count integer;
begin
  update public.messages as m
  set status = 'cancelled', error = 'superseded'
  where m.subject_id = cancel_messages.subject_id
    and m.status = 'pending'
    and (kinds is null or m.kind = any (kinds));
  get diagnostics v_count = row_count;
  return v_count;
end
$$;

comment on function private.cancel_messages(uuid, text[]) is
  'Cancels what still waits about this subject, and nothing about others; returns how many. What a worker has taken '
  'already is checked once more before it goes out.';
