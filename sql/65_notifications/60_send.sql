-- The desk writes to clients: one message each, with the progress of a bulk operation.

create function private.audience_client_ids(
  organization_id uuid, client_ids uuid[], tag_id uuid, day date, practitioner_id uuid
)
returns uuid[]
language plpgsql
stable
security definer -- definer because it is asked after the caller's right was checked
set search_path = ''
as $$
begin
  if client_ids is not null then
    if exists (
      select 1
      from unnest(client_ids) as i (id)
      left join public.clients as c
        on c.id = i.id and c.organization_id = audience_client_ids.organization_id and c.archived_at is null
      where c.id is null
    ) then
      perform private.fail('not_found', 'There is no such client.', 'Check the identifiers.');
    end if;
    return array(select distinct i.id from unnest(client_ids) as i (id) order by 1);
  end if;
  if tag_id is not null then
    return array(
      select c.id
      from public.client_tags as t
      join public.clients as c on c.id = t.client_id
      where t.organization_id = audience_client_ids.organization_id
        and t.tag_id = audience_client_ids.tag_id
        and c.archived_at is null
      order by 1
    );
  end if;
  if day is not null then
    return array(
      select distinct a.client_id
      from public.appointments as a
      join public.locations as l on l.id = a.location_id
      where a.organization_id = audience_client_ids.organization_id
        and a.starts_at >= (day - 1)::timestamp at time zone 'UTC'
        and a.starts_at < (day + 2)::timestamp at time zone 'UTC'
        and (a.starts_at at time zone l.timezone)::date = day
        and a.status in ('pending', 'confirmed', 'in_progress')
        and a.held_until is null
        and (audience_client_ids.practitioner_id is null or a.practitioner_id = audience_client_ids.practitioner_id)
      order by 1
    );
  end if;
  return array(
    select c.id
    from public.clients as c
    where c.organization_id = audience_client_ids.organization_id and c.archived_at is null
    order by 1
  );
end
$$;

comment on function private.audience_client_ids(uuid, uuid[], uuid, date, uuid) is
  'The clients named, with a tag, of a day (of one practitioner), or all.';

create function public.send_message_to_clients(
  channel text,
  body text,
  subject text default null,
  client_ids uuid[] default null,
  tag_id uuid default null,
  day date default null,
  practitioner_id uuid default null,
  all_clients boolean default false,
  organization_id uuid default null,
  idempotency_key text default null
)
returns public.bulk_operations
language plpgsql
security definer -- definer because nobody is granted insert on messages
set search_path = ''
as $$
declare
  v_organization_id uuid := private.resolve_organization(organization_id);
  v_answer jsonb;
  v_ids uuid[];
  v_operation public.bulk_operations;
begin
  perform private.require_role(v_organization_id, 'owner', 'admin', 'receptionist');
  if channel is null or channel not in ('email', 'sms', 'push', 'in_app') then
    perform private.fail('invalid_argument', 'channel is email, sms, push or in_app.');
  end if;
  if coalesce(length(btrim(body)), 0) not between 1 and 5000 or (channel = 'sms' and length(body) > 1000) then
    perform private.fail('invalid_argument', 'body has 1 to 5000 characters, in an sms 1000.');
  end if;
  if length(btrim(subject)) not between 1 and 200 or subject ~ '[[:cntrl:]]'
    or (channel = 'email' and subject is null)
  then
    perform private.fail('invalid_argument', 'subject is one line of 1 to 200 characters; an e-mail has one.');
  end if;
  if num_nonnulls(client_ids, tag_id, day, nullif(all_clients, false)) <> 1
    or (practitioner_id is not null and day is null)
    or cardinality(client_ids) not between 1 and 5000
    or (day is not null and (not isfinite(day) or day not between date '2000-01-01' and date '2199-12-31'))
  then
    perform private.fail(
      'invalid_argument',
      'Name the recipients in one way: client_ids (1 to 5000), tag_id, day (with practitioner_id), or all_clients.'
    );
  end if;
  v_answer := private.claim_idempotency_key(
    v_organization_id, 'send_message_to_clients', idempotency_key,
    jsonb_build_array(channel, body, subject, client_ids, tag_id, day, practitioner_id, all_clients)
  );
  if v_answer is not null then
    return private.visible_bulk((v_answer ->> 'id')::uuid);
  end if;
  perform private.require_token(concat_ws(':', 'send', v_organization_id), 60, 20);

  v_ids := private.audience_client_ids(v_organization_id, client_ids, tag_id, day, practitioner_id);
  if cardinality(v_ids) > 5000 then
    perform private.fail('invalid_argument', 'More than 5000 recipients.', 'Send to several tags.');
  end if;
  v_operation := private.start_bulk(
    v_organization_id, 'send_message',
    jsonb_strip_nulls(jsonb_build_object(
      'channel', channel, 'subject', subject, 'tag_id', tag_id, 'day', day, 'practitioner_id', practitioner_id
    )),
    array_fill('{}'::jsonb, array[cardinality(v_ids)]), v_ids
  );
  insert into public.messages (organization_id, key, kind, channel, client_id, data, priority, expires_at, subject_id)
  select
    v_organization_id, format('staff_message:%s:%s', v_operation.id, i.number), 'staff_message',
    channel::public.message_channel, i.id,
    jsonb_strip_nulls(jsonb_build_object('subject', btrim(subject), 'body', btrim(body), 'number', i.number)),
    -- Many at once make room for what is due.
    7, now() + interval '2 days', v_operation.id
  from unnest(v_ids) with ordinality as i (id, number);

  select o.* into v_operation from public.bulk_operations as o where o.id = v_operation.id;
  if idempotency_key is not null then
    perform private.store_idempotent_response(
      v_organization_id, 'send_message_to_clients', idempotency_key, to_jsonb(v_operation)
    );
  end if;
  return v_operation;
end
$$;

comment on function public.send_message_to_clients(
  text, text, text, uuid[], uuid, date, uuid, boolean, uuid, text
) is
  'The desk writes to clients by email, sms, push or in_app: to those named, with a tag, of a local day, or all. '
  'Returns the bulk operation, whose items say per client what became of it. Errors: invalid_argument, not_found, '
  'forbidden, rate_limited, idempotency_mismatch.';

grant execute on function public.send_message_to_clients(
  text, text, text, uuid[], uuid, date, uuid, boolean, uuid, text
) to authenticated;

create function private.tg_messages__finish_item()
returns trigger
language plpgsql
security definer -- definer because nobody is granted update on items
set search_path = ''
as $$
begin
  if tg_op = 'DELETE' then
    new := old;
    new.status := 'cancelled';
    new.error := 'erased';
  end if;
  if new.kind <> 'staff_message' or not new.data ? 'number' then
    return null;
  end if;
  -- An operation that was stopped stays as it is; what went out before that went out.
  if (private.lock_bulk(new.subject_id)).status = 'running' then
    perform private.finish_bulk_item(
      new.subject_id, (new.data ->> 'number')::integer,
      case new.status when 'failed' then 'failed' when 'cancelled' then 'skipped' else 'done' end,
      case
        when new.status not in ('failed', 'cancelled') then null
        when new.error ~ '^[a-z][a-z_]{0,62}$' then new.error
        else 'not_delivered'
      end,
      case when new.status in ('failed', 'cancelled') then new.error end
    );
  end if;
  return null;
end
$$;

comment on function private.tg_messages__finish_item() is 'What becomes of a message is what became of its recipient.';

create trigger messages_finish_item after insert on public.messages
  for each row when (new.status <> 'pending') execute function private.tg_messages__finish_item();
create trigger messages_finish_item_later after update of status on public.messages
  for each row
  when (old.status in ('pending', 'sending') and new.status in ('sent', 'delivered', 'failed', 'cancelled'))
  execute function private.tg_messages__finish_item();
-- With its client.
create trigger messages_finish_item_of_erased after delete on public.messages
  for each row when (old.status in ('pending', 'sending')) execute function private.tg_messages__finish_item();
