-- What a worker needs to word and address the messages it has claimed, as things stand at that moment:
-- what is no longer true, not wanted or not reachable is settled without being sent.

create function private.appointment_facts(appointment_ids uuid[])
returns jsonb
language sql
stable
security definer -- definer because it is asked on behalf of the recipient
set search_path = ''
as $$
  select coalesce(
    jsonb_agg(
      jsonb_build_object(
        'id', a.id, 'starts_at', a.starts_at, 'ends_at', a.ends_at, 'status', a.status, 'mode', a.mode,
        'service_name', s.name, 'practitioner_name', p.display_name, 'location_name', l.name,
        'location_address', l.address, 'timezone', l.timezone
      )
      order by a.starts_at
    ),
    '[]'
  )
  from public.appointments as a
  join public.services as s on s.id = a.service_id
  join public.practitioners as p on p.id = a.practitioner_id
  join public.locations as l on l.id = a.location_id
  where a.id = any (appointment_ids)
$$;

comment on function private.appointment_facts(uuid[]) is 'What a message may tell about these appointments.';

create function private.told_appointment_ids(message public.messages)
returns uuid[]
language sql
stable
security definer -- definer because it is asked on behalf of the recipient
set search_path = ''
as $$
  -- The message is about one appointment, or about what happened to a series at one moment. Nothing: it is no
  -- longer true.
  select array_agg(a.id order by a.starts_at)
  from (
    select a.id, a.starts_at
    from public.appointments as a
    where a.organization_id = (message).organization_id
      and (
        a.id = ((message).data ->> 'appointment_id')::uuid
        or a.block_id = (message).subject_id and case (message).kind
          when 'appointment_booked' then true
          when 'appointment_cancelled' then a.cancelled_at = ((message).data ->> 'told_at')::timestamptz
          else a.updated_at >= ((message).data ->> 'told_at')::timestamptz
        end
      )
      and a.starts_at > now()
      and case (message).kind
        when 'appointment_cancelled' then a.status = 'cancelled'
        when 'appointment_confirmed' then a.status = 'confirmed'
        else a.status in ('pending', 'confirmed')
      end
      and (
        a.block_id is not distinct from (message).subject_id
        or a.starts_at = ((message).data ->> 'starts_at')::timestamptz
      )
    order by a.starts_at
    limit 60
  ) as a
$$;

comment on function private.told_appointment_ids(public.messages) is
  'The appointments that a message tells of, where they still stand as told.';

create function private.digest_appointment_ids(organization_id uuid, user_id uuid, day date)
returns uuid[]
language sql
stable
security definer -- definer because it is asked on behalf of the recipient
set search_path = ''
as $$
  -- Practitioners get their own day, the desk everybody's.
  select array_agg(a.id order by a.starts_at)
  from (
    select a.id, a.starts_at
    from public.organizations as o
    join public.members as m on m.organization_id = o.id and m.user_id = digest_appointment_ids.user_id
    join public.appointments as a on a.organization_id = o.id
    left join public.practitioners as p on p.id = a.practitioner_id
    where o.id = digest_appointment_ids.organization_id
      and a.starts_at >= day::timestamp at time zone o.timezone
      and a.starts_at < (day + 1)::timestamp at time zone o.timezone
      and a.status in ('pending', 'confirmed', 'in_progress')
      and a.held_until is null
      and (m.role <> 'practitioner' or p.user_id = m.user_id)
    order by a.starts_at
    limit 100
  ) as a
$$;

comment on function private.digest_appointment_ids(uuid, uuid, date) is 'The appointments of a member''s local day.';

create function private.message_recipient(message public.messages)
returns jsonb
language sql
stable
security definer -- definer because it reads addresses that only a worker needs
set search_path = ''
as $$
  select jsonb_build_object(
    'name', coalesce(c.given_name || ' ' || c.family_name, m.display_name, ''),
    'locale', coalesce((message).locale, c.locale, p.locale, s.default_locale),
    'timezone', coalesce(c.timezone, p.timezone, o.timezone),
    'is_client', c.id is not null,
    'address', coalesce(
      (message).address,
      case (message).channel
        when 'email' then coalesce(c.email, case when m.id is not null then u.email end)
        when 'sms' then coalesce(c.phone, case when m.id is not null then p.phone end)
      end
    ),
    'registrations', case
      when (message).channel = 'push' then
        (
          select coalesce(jsonb_agg(d.registration order by d.id), '[]')
          from private.push_devices as d
          where d.user_id = coalesce((message).user_id, c.user_id)
        )
    end,
    'organization', jsonb_build_object(
      'name', o.name, 'slug', o.slug, 'contact_email', o.contact_email, 'locale', o.locale, 'timezone', o.timezone,
      'default_locale', s.default_locale
    )
  )
  from public.organizations as o
  join public.organization_settings as s on s.organization_id = o.id
  left join public.clients as c on c.id = (message).client_id
  left join public.members as m on m.organization_id = o.id and m.user_id = (message).user_id
  left join auth.users as u on u.id = (message).user_id
  left join public.profiles as p on p.user_id = coalesce((message).user_id, c.user_id)
  where o.id = (message).organization_id
$$;

comment on function private.message_recipient(public.messages) is 'Who gets a message, where, in which language.';

create function private.is_overrun(message public.messages)
returns boolean
language sql
stable
security definer -- definer because it counts messages whatever the asker may see
set search_path = ''
as $$
  -- Whoever books and cancels in a loop costs the practice a message each time.
  select (message).client_id is not null
    and (message).kind not in ('invoice', 'invoice_reminder')
    and count(*) >= case (message).channel when 'sms' then 20 else 60 end
  from public.messages as m
  where m.organization_id = (message).organization_id
    and m.client_id = (message).client_id
    and m.channel = (message).channel
    and m.sent_at > now() - interval '1 day'
$$;

comment on function private.is_overrun(public.messages) is
  'Whether this client got 20 sms, or 60 e-mails or push messages, within a day: more is not sent.';

create function private.prepare_message(message public.messages)
returns jsonb
language plpgsql
stable
security definer -- definer because it reads whatever a message tells of
set search_path = ''
as $$
declare
  v_recipient jsonb := private.message_recipient(message);
  v_ids uuid[];
  v_template public.message_templates;
  v_quiet_end timestamptz;
begin
  if message.kind like 'appointment\_%' then
    v_ids := private.told_appointment_ids(message);
    if v_ids is null then
      return jsonb_build_object('outcome', 'cancelled', 'error', 'superseded');
    end if;
  elsif message.kind = 'daily_digest' then
    v_ids := private.digest_appointment_ids(
      message.organization_id, message.user_id, (message.data ->> 'day')::date
    );
    if v_ids is null then
      return jsonb_build_object('outcome', 'cancelled', 'error', 'superseded');
    end if;
  end if;

  if message.kind = 'staff_message' and exists (
    select 1 from public.bulk_operations as o where o.id = message.subject_id and o.status = 'cancelled'
  ) then
    return jsonb_build_object('outcome', 'cancelled', 'error', 'superseded');
  end if;
  if not private.is_wanted(
    message.organization_id, message.client_id, message.user_id, message.channel, message.kind
  ) then
    return jsonb_build_object('outcome', 'cancelled', 'error', 'not_wanted');
  end if;
  if coalesce(v_recipient ->> 'address', '') = ''
    and message.channel in ('email', 'sms')
    or v_recipient -> 'registrations' = '[]'
    or (message.channel = 'in_app' and private.inbox_user(message.client_id, message.user_id) is null)
  then
    return jsonb_build_object('outcome', 'cancelled', 'error', 'no_address');
  end if;
  if message.channel <> 'in_app' and private.is_overrun(message) then
    return jsonb_build_object('outcome', 'cancelled', 'error', 'too_many');
  end if;
  if exists (
    select 1
    from public.suppressed_addresses as s
    where s.organization_id = message.organization_id
      and s.channel = message.channel
      and s.address = lower(btrim(v_recipient ->> 'address'))
  ) then
    return jsonb_build_object('outcome', 'failed', 'error', 'address_suppressed');
  end if;
  if message.channel in ('sms', 'push') then
    v_quiet_end := private.quiet_end(now(), message.organization_id, message.client_id, message.user_id);
    -- What would be too late after them disturbs.
    if v_quiet_end is not null and (message.expires_at is null or v_quiet_end < message.expires_at) then
      return jsonb_build_object('outcome', 'postponed', 'send_after', v_quiet_end, 'error', 'quiet_hours');
    end if;
  end if;

  select t.* into v_template
  from public.message_templates as t
  where t.organization_id = message.organization_id
    and t.kind = message.kind
    and t.channel = message.channel
    and t.locale in (v_recipient ->> 'locale', v_recipient #>> '{organization,default_locale}')
  order by t.locale <> v_recipient ->> 'locale'
  limit 1;

  return jsonb_build_object(
    'outcome', 'deliver',
    'recipient', v_recipient,
    'data', message.data,
    'subject_id', message.subject_id,
    'attachments', message.attachments,
    'expires_at', message.expires_at,
    'key', concat_ws('.', message.id, extract(epoch from message.requeued_at)::bigint),
    'queued_at', coalesce(message.requeued_at, message.created_at),
    'appointments', private.appointment_facts(v_ids),
    'template', case when v_template.id is not null then
      jsonb_build_object(
        'subject', v_template.subject, 'body', v_template.body, 'html', v_template.html, 'locale', v_template.locale
      )
    end,
    'links', private.link_purposes(message, v_ids)
  );
end
$$;

comment on function private.prepare_message(public.messages) is
  'One message as it is to be sent: {outcome: deliver, recipient, data, appointments, template, links …}, or an '
  'outcome to settle it with.';

create function public.prepare_messages(message_ids uuid[], lease uuid)
returns json
language plpgsql
volatile -- a lease is fresh: only the primary knows it
security definer -- definer because it reads whatever messages tell of
set search_path = ''
as $$
declare
  v_message public.messages;
  v_prepared jsonb;
  v_all jsonb[] := '{}';
begin
  for v_message in
    select m.*
    from public.messages as m
    where m.id = any (message_ids) and m.status = 'sending' and m.lease = prepare_messages.lease
    order by m.priority, m.due_at
  loop
    begin
      v_prepared := private.prepare_message(v_message);
    exception
      -- One that was written by hand, and makes no sense, must not take those beside it along.
      when data_exception then v_prepared := jsonb_build_object('outcome', 'failed', 'error', 'unreadable');
    end;
    v_all := v_all || (v_prepared || jsonb_build_object('id', v_message.id));
  end loop;
  return to_json(v_all);
end
$$;

comment on function public.prepare_messages(uuid[], uuid) is
  'For a worker that holds the lease: each message with its recipient, the facts it tells and its template, or the '
  'outcome to settle it with because it is no longer true, wanted or reachable. For service_role.';

grant execute on function public.prepare_messages(uuid[], uuid) to service_role;
