-- Links in messages: single-use, hashed, for one purpose. Looking changes nothing; acting does what
-- the client could do signed in, by the same rules.

create function private.link_purposes(message public.messages, appointment_ids uuid[])
returns text[]
language sql
stable
security definer -- definer because it is asked on behalf of the recipient
set search_path = ''
as $$
  select case
    when (message).client_id is null or (message).channel not in ('email', 'sms') then '{}'
    when (message).kind = 'waitlist_offer' then array['waitlist_accept', 'waitlist_decline']
    -- A link is good for one appointment at one time.
    when not exists (
      select 1
      from public.appointments as a
      where array[a.id] = appointment_ids
        and a.id = ((message).data ->> 'appointment_id')::uuid
        and a.starts_at = ((message).data ->> 'starts_at')::timestamptz
    ) then '{}'
    when (message).kind = 'appointment_reminder' then array['appointment_confirm', 'appointment_cancel']
    when (message).kind in ('appointment_booked', 'appointment_moved') then array['appointment_cancel']
    else '{}'
  end::text[]
$$;

comment on function private.link_purposes(public.messages, uuid[]) is 'Which links a message carries.';

create function public.register_message_links(lease uuid, links json)
returns integer
language plpgsql
security definer -- definer because nobody is granted the table of links
set search_path = ''
as $$
declare
  v_count integer;
begin
  if links is null or json_typeof(links) <> 'array' or json_array_length(links) > 1000 then
    perform private.fail('invalid_argument', 'links is an array of {message_id, purpose, token_hash}, up to 1000.');
  end if;
  insert into private.message_links (token_hash, organization_id, message_id, purpose, subject_id, expires_at)
  select
    decode(l.token_hash, 'hex'), m.organization_id, m.id, l.purpose,
    coalesce(m.data ->> 'waitlist_offer_id', m.data ->> 'appointment_id')::uuid,
    least(
      coalesce(
        -- The next reminder replaces this one, yet not what this one's links are for.
        case when l.purpose like 'appointment\_%' then (m.data ->> 'starts_at')::timestamptz end,
        m.expires_at,
        now() + interval '30 days'
      ),
      now() + interval '60 days'
    )
  from json_to_recordset(links) as l (message_id uuid, purpose text, token_hash text)
  join public.messages as m
    on m.id = l.message_id and m.status = 'sending' and m.lease = register_message_links.lease
  where coalesce(m.data ->> 'waitlist_offer_id', m.data ->> 'appointment_id') is not null
  -- A message that is sent again carries the same links.
  on conflict do nothing;
  get diagnostics v_count = row_count;
  return v_count;
end
$$;

comment on function public.register_message_links(uuid, json) is
  'For a worker that holds the lease: makes links [{message_id, purpose, token_hash (hex of SHA-256)}] usable; returns '
  'how many are new. For service_role. Errors: invalid_argument.';

grant execute on function public.register_message_links(uuid, json) to service_role;

create function private.usable_link(token text)
returns private.message_links
language plpgsql
security definer -- definer because nobody is granted the table of links
set search_path = ''
as $$
declare
  v_link private.message_links;
begin
  select l.* into v_link
  from private.message_links as l
  where l.token_hash = private.hash_token(token) and l.used_at is null and l.expires_at > now()
  for update;
  -- Guesses share one bucket, whoever makes them; a link that works is never in it.
  if not found and private.take_tokens('links:unknown', 300, 120) = 0 then
    perform private.fail('rate_limited', 'Too many requests.', 'Wait a minute and try again.');
  end if;
  return v_link;
end
$$;

comment on function private.usable_link(text) is
  'The link of this secret, locked, or nothing: unknown, used and expired look the same.';

create function private.link_facts(link private.message_links)
returns jsonb
language sql
stable
security definer -- definer because it is asked on behalf of whoever has the secret
set search_path = ''
as $$
  select jsonb_build_object(
    'purpose', (link).purpose,
    'expires_at', (link).expires_at,
    'organization_name', o.name,
    'contact_email', o.contact_email,
    'locale', private.message_recipient(m) ->> 'locale',
    'starts_at', coalesce(m.data ->> 'starts_at', a.starts_at::text),
    'timezone', coalesce(m.data ->> 'timezone', l.timezone, o.timezone),
    'service_name', coalesce(m.data ->> 'service_name', s.name)
  )
  from public.messages as m
  join public.organizations as o on o.id = m.organization_id
  left join public.appointments as a on a.id = (m.data ->> 'appointment_id')::uuid
  left join public.locations as l on l.id = a.location_id
  left join public.services as s on s.id = a.service_id
  where m.id = (link).message_id
$$;

comment on function private.link_facts(private.message_links) is
  'What the page behind a link shows: what it does and to which time. No names of people.';

create function public.look_up_link(token text)
returns json
language plpgsql
security definer -- definer because nobody is granted the table of links
set search_path = ''
as $$
declare
  v_link private.message_links := private.usable_link(token);
begin
  return case when v_link.token_hash is not null then private.link_facts(v_link)::json end;
end
$$;

comment on function public.look_up_link(text) is
  'What a link in a message would do: {purpose, starts_at, timezone, service_name, organization_name, contact_email, '
  'locale, expires_at}, or null. Changes nothing. For service_role. Errors: rate_limited.';

grant execute on function public.look_up_link(text) to service_role;

create function private.require_told_time(link private.message_links)
returns void
language plpgsql
security definer -- definer because it is asked on behalf of whoever has the secret
set search_path = ''
as $$
begin
  if not exists (
    select 1
    from public.messages as m
    join public.appointments as a on a.id = (link).subject_id
    where m.id = (link).message_id and a.starts_at = (m.data ->> 'starts_at')::timestamptz
  ) then
    perform private.fail(
      'invalid_state', 'This appointment was moved after the message.', 'Use the message about its new time.'
    );
  end if;
end
$$;

comment on function private.require_told_time(private.message_links) is
  'Refuses a link whose message tells of another time than the appointment has by now. Called under its locks.';

create function private.confirm_attendance(link private.message_links)
returns void
language plpgsql
security definer -- definer because nobody is granted update on appointments
set search_path = ''
as $$
declare
  v_appointment public.appointments;
begin
  select a.* into v_appointment from public.appointments as a where a.id = (link).subject_id for update;
  if v_appointment.status not in ('pending', 'confirmed') or v_appointment.starts_at <= now() then
    perform private.fail('invalid_state', 'This appointment can no longer be confirmed.', 'Ask the practice.');
  end if;
  perform private.require_told_time(link);
  insert into public.appointment_confirmations (organization_id, appointment_id, starts_at)
  values (v_appointment.organization_id, v_appointment.id, v_appointment.starts_at)
  on conflict on constraint appointment_confirmations_pkey do nothing;
end
$$;

comment on function private.confirm_attendance(private.message_links) is
  'Notes that the client will come. A booking that waits for the practice keeps waiting for it.';

create function public.use_link(token text)
returns json
language plpgsql
security definer -- definer because it acts for whoever has the secret
set search_path = ''
as $$
declare
  v_link private.message_links := private.usable_link(token);
  v_client_id uuid;
begin
  if v_link.token_hash is null then
    return null;
  end if;
  -- What is refused below leaves the link as it was: nothing burns it but its use.
  update private.message_links as l set used_at = now() where l.token_hash = v_link.token_hash;
  case v_link.purpose
    when 'appointment_confirm' then
      perform private.confirm_attendance(v_link);
    when 'appointment_cancel' then
      select a.client_id into v_client_id from public.appointments as a where a.id = v_link.subject_id;
      perform private.lock_calendar('{}', '{}', array[v_client_id]);
      perform private.require_told_time(v_link);
      perform private.cancel_one(v_link.subject_id, null, null, true);
    when 'waitlist_accept' then
      perform private.answer_offer(v_link.subject_id, true);
    when 'waitlist_decline' then
      perform private.answer_offer(v_link.subject_id, false);
  end case;
  return private.link_facts(v_link);
end
$$;

comment on function public.use_link(text) is
  'Does what a link in a message is for, once: notes that the client will come, cancels an appointment, answers an '
  'offer, by the rules that hold for the client. Returns what it did, as look_up_link, or null. For service_role. '
  'Errors: too_late, invalid_state, rate_limited; a refusal leaves the link usable.';

grant execute on function public.use_link(text) to service_role;

create function public.unsubscribe(message_id uuid, confirm boolean default true)
returns json
language plpgsql
security definer -- definer because it acts for whoever has the signed link
set search_path = ''
as $$
declare
  v_message public.messages;
begin
  select m.* into v_message from public.messages as m where m.id = message_id;
  if not found then
    return null;
  end if;
  if confirm and num_nonnulls(v_message.client_id, v_message.user_id) = 1 then
    insert into public.notification_preferences (organization_id, client_id, user_id, channel, kind, is_enabled)
    values (
      v_message.organization_id, v_message.client_id, v_message.user_id, v_message.channel, v_message.kind, false
    )
    on conflict on constraint notification_preferences_are_unique do update set is_enabled = false;
  elsif confirm then
    perform private.suppress_address(v_message.organization_id, v_message.channel, v_message.address, 'manual');
  end if;
  return json_build_object(
    'kind', v_message.kind,
    'channel', v_message.channel,
    'organization_name', (select o.name from public.organizations as o where o.id = v_message.organization_id),
    'locale', private.message_recipient(v_message) ->> 'locale'
  );
end
$$;

comment on function public.unsubscribe(uuid, boolean) is
  'Turns off the kind and channel of a message for its recipient, as a one-click link does; confirm=false only tells '
  'what it would do. Again does no more. Returns {kind, channel, organization_name, locale}, or null. For '
  'service_role.';

grant execute on function public.unsubscribe(uuid, boolean) to service_role;
