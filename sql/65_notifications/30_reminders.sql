-- Reminders: outbox rows, one per appointment time and rule, cancelled with the time they tell of.

create function private.quiet_end(at timestamptz, organization_id uuid, client_id uuid, user_id uuid)
returns timestamptz
language sql
stable
security definer -- definer because it is asked whatever the writer may see
set search_path = ''
as $$
  select (
    case when q.end_time > l.at::time then l.at::date else l.at::date + 1 end + q.end_time
  ) at time zone l.zone
  from public.quiet_hours as q
  join public.organizations as o on o.id = q.organization_id
  left join public.clients as c on c.id = q.client_id
  left join public.profiles as p on p.user_id = coalesce(q.user_id, c.user_id)
  cross join lateral (
    select coalesce(q.timezone, c.timezone, p.timezone, o.timezone) as zone
  ) as z
  cross join lateral (select quiet_end.at at time zone z.zone as at, z.zone) as l
  where q.organization_id = quiet_end.organization_id
    and q.client_id is not distinct from quiet_end.client_id
    and q.user_id is not distinct from quiet_end.user_id
    and case
      when q.start_time < q.end_time then l.at::time >= q.start_time and l.at::time < q.end_time
      else l.at::time >= q.start_time or l.at::time < q.end_time
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
begin
  v_end := private.quiet_end(due_at, organization_id, client_id, null);
  if v_end is null then
    return due_at;
  end if;
  if v_end <= latest_at - interval '1 hour' then
    return v_end;
  end if;
  -- The morning is too late: the evening before, while one is still awake.
  return greatest(
    due_at - (
      select case when q.start_time < l.at then l.at - q.start_time else l.at - q.start_time + interval '24 hours' end
      from public.quiet_hours as q
      cross join lateral (
        select (due_at at time zone coalesce(q.timezone, c.timezone, o.timezone))::time as at
        from public.clients as c
        join public.organizations as o on o.id = c.organization_id
        where c.id = q.client_id
      ) as l
      where q.organization_id = waking_time.organization_id and q.client_id = waking_time.client_id
    ) - interval '15 minutes',
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
