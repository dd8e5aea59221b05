-- Reminders: outbox rows, one per appointment time and rule, cancelled with the time they tell of.

create function private.quiet_zone(hours public.quiet_hours)
returns text
language sql
stable
security definer -- definer because it is asked whatever the writer may see
set search_path = ''
as $$
  select coalesce((hours).timezone, c.timezone, p.timezone, o.timezone)
  from public.organizations as o
  left join public.clients as c on c.id = (hours).client_id
  left join public.profiles as p on p.user_id = coalesce((hours).user_id, c.user_id)
  where o.id = (hours).organization_id
$$;

comment on function private.quiet_zone(public.quiet_hours) is
  'The zone of quiet hours: their own, the person''s, the organization''s.';

create function private.quiet_end(at timestamptz, organization_id uuid, client_id uuid, user_id uuid)
returns timestamptz
language plpgsql
stable
security definer -- definer because it is asked whatever the writer may see
set search_path = ''
as $$
declare
  v_hours public.quiet_hours;
  v_zone text;
  v_local timestamp;
begin
  select q.* into v_hours
  from public.quiet_hours as q
  where q.organization_id = quiet_end.organization_id
    and (q.client_id = quiet_end.client_id or q.user_id = quiet_end.user_id);
  if not found then
    return null;
  end if;
  v_zone := private.quiet_zone(v_hours);
  v_local := at at time zone v_zone;
  return case
    when (
      v_hours.start_time < v_hours.end_time
      and (v_local::time < v_hours.start_time or v_local::time >= v_hours.end_time)
    ) or (
      v_hours.start_time > v_hours.end_time and v_local::time >= v_hours.end_time
      and v_local::time < v_hours.start_time
    ) then null
    else (
      v_local::date + case when v_hours.end_time > v_local::time then 0 else 1 end + v_hours.end_time
    ) at time zone v_zone
  end;
end
$$;

comment on function private.quiet_end(timestamptz, uuid, uuid, uuid) is
  'When the quiet hours end that this person has at this instant; null: the person may be disturbed.';

create function private.waking_time(
  due_at timestamptz, latest_at timestamptz, organization_id uuid, client_id uuid
)
returns timestamptz
language plpgsql
stable
set search_path = ''
as $$
declare
  v_end timestamptz;
  v_hours public.quiet_hours;
  v_local timestamp;
begin
  v_end := private.quiet_end(due_at, organization_id, client_id, null);
  if v_end is null then
    return due_at;
  end if;
  if v_end <= latest_at - interval '1 hour' then
    return v_end;
  end if;
  -- The morning is too late: the evening before, while one is still awake.
  select q.* into v_hours
  from public.quiet_hours as q
  where q.organization_id = waking_time.organization_id and q.client_id = waking_time.client_id;
  v_local := due_at at time zone private.quiet_zone(v_hours);
  return greatest(
    (
      v_local::date - case when v_local::time >= v_hours.start_time then 0 else 1 end
      + v_hours.start_time - interval '15 minutes'
    ) at time zone private.quiet_zone(v_hours),
    now()
  );
end
$$;

comment on function private.waking_time(timestamptz, timestamptz, uuid, uuid) is
  'When a reminder goes out that is due in quiet hours: after them, or before them where that would be too late.';

create function private.plan_reminders(appointment public.appointments)
returns void
language plpgsql
security definer -- definer because nobody is granted insert on messages
set search_path = ''
as $$
begin
  -- Whoever was told just now needs no reminder yet. One that is late makes room for the next.
  insert into public.messages as m (
    organization_id, key, kind, channel, client_id, data, priority, send_after, expires_at, subject_id
  )
  select
    r.organization_id,
    format('appointment_reminder:%s:%s:%s', appointment.id, extract(epoch from appointment.starts_at)::bigint, r.id),
    r.kind, r.channel, appointment.client_id,
    jsonb_build_object('appointment_id', appointment.id, 'starts_at', appointment.starts_at, 'rule_id', r.id),
    2,
    case
      when r.channel in ('sms', 'push')
        then private.waking_time(r.due_at, appointment.starts_at, r.organization_id, appointment.client_id)
      else r.due_at
    end,
    coalesce(lag(r.due_at) over (order by r.due_at desc), appointment.starts_at), appointment.id
  from (
    select u.*, appointment.starts_at - make_interval(mins => u.minutes_before) as due_at
    from public.reminder_rules as u
    where u.organization_id = appointment.organization_id and u.is_active
  ) as r
  where r.due_at > now() + interval '30 minutes'
  on conflict on constraint messages_organization_id_key_key do update
    set
      status = 'pending', error = null, attempts = 0,
      send_after = excluded.send_after, expires_at = excluded.expires_at
    where m.status = 'cancelled' and m.error = 'superseded';
end
$$;

comment on function private.plan_reminders(public.appointments) is
  'Queues what reminds of an appointment. Once per appointment time and rule: a reminder that was '
  'cancelled with a move comes back when the appointment does, one that went out does not go out again.';

create function private.tg_reminder_rules__replan()
returns trigger
language plpgsql
security definer -- definer because nobody is granted writes on messages
set search_path = ''
as $$
declare
  v_organization_id uuid := case when tg_op = 'DELETE' then old.organization_id else new.organization_id end;
  v_appointment public.appointments;
begin
  if tg_op <> 'INSERT' then
    update public.messages as m
    set status = 'cancelled', error = 'superseded'
    where m.organization_id = v_organization_id
      and m.kind = old.kind
      and m.status = 'pending'
      and m.data ->> 'rule_id' = old.id::text;
  end if;
  if tg_op <> 'DELETE' and new.is_active then
    for v_appointment in
      select a.*
      from public.appointments as a
      where a.organization_id = v_organization_id
        and a.starts_at > now()
        and a.status in ('pending', 'confirmed')
        and a.held_until is null
    loop
      perform private.plan_reminders(v_appointment);
    end loop;
  end if;
  return null;
end
$$;

comment on function private.tg_reminder_rules__replan() is 'What is queued follows the rules.';

create trigger reminder_rules_replan after insert or update or delete on public.reminder_rules
  for each row execute function private.tg_reminder_rules__replan();
