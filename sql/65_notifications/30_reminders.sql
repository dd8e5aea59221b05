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
  due_at timestamptz, latest_at timestamptz, organization_id uuid, client_id uuid, channel public.message_channel
)
returns timestamptz
language plpgsql
stable
set search_path = ''
as $$
declare
  v_end timestamptz;
begin
  if channel not in ('sms', 'push') then
    return due_at;
  end if;
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

comment on function private.waking_time(timestamptz, timestamptz, uuid, uuid, public.message_channel) is
  'When a reminder goes out that is due in quiet hours: after them, or before them where that would be too late.';

create function private.plan_reminders(
  organization_id uuid, appointment_id uuid default null, rule_id uuid default null
)
returns void
language sql
security definer -- definer because nobody is granted insert on messages
set search_path = ''
as $$
  insert into public.messages as m (
    organization_id, key, kind, channel, client_id, data, priority, send_after, expires_at, subject_id
  )
  select
    a.organization_id,
    format('appointment_reminder:%s:%s:%s', a.id, extract(epoch from a.starts_at)::bigint, r.id),
    r.kind, r.channel, a.client_id,
    jsonb_build_object('appointment_id', a.id, 'starts_at', a.starts_at, 'rule_id', r.id),
    2,
    private.waking_time(d.due_at, a.starts_at, a.organization_id, a.client_id, r.channel),
    -- One that is late makes room for the next.
    coalesce(
      (
        select a.starts_at - make_interval(mins => max(n.minutes_before))
        from public.reminder_rules as n
        where n.organization_id = a.organization_id and n.is_active and n.minutes_before < r.minutes_before
      ),
      a.starts_at
    ),
    a.id
  from public.reminder_rules as r
  join public.appointments as a on a.organization_id = r.organization_id
  cross join lateral (select a.starts_at - make_interval(mins => r.minutes_before) as due_at) as d
  where r.organization_id = plan_reminders.organization_id
    and (rule_id is null or r.id = rule_id)
    and r.is_active
    and (appointment_id is null or a.id = appointment_id)
    and a.status in ('pending', 'confirmed')
    and to_jsonb(a) ->> 'held_until' is null
    and a.starts_at > now()
    -- Whoever was told just now needs no reminder yet.
    and d.due_at > now() + interval '30 minutes'
  on conflict on constraint messages_organization_id_key_key do update
    set status = 'pending', error = null, send_after = excluded.send_after, expires_at = excluded.expires_at, attempts = 0
    where m.status = 'cancelled' and m.error = 'superseded'
$$;

comment on function private.plan_reminders(uuid, uuid, uuid) is
  'Queues what reminds of one appointment, or of all to come. Once per appointment time and rule: a reminder that was '
  'cancelled with a move comes back when the appointment does, one that went out does not go out again.';

create function private.tg_reminder_rules__replan()
returns trigger
language plpgsql
security definer -- definer because nobody is granted writes on messages
set search_path = ''
as $$
begin
  if tg_op <> 'INSERT' then
    update public.messages as m
    set status = 'cancelled', error = 'superseded'
    where m.organization_id = old.organization_id
      and m.kind = old.kind
      and m.status = 'pending'
      and m.data ->> 'rule_id' = old.id::text;
  end if;
  if tg_op <> 'DELETE' and new.is_active then
    perform private.plan_reminders(new.organization_id, null, new.id);
  end if;
  return null;
end
$$;

comment on function private.tg_reminder_rules__replan() is 'What is queued follows the rules.';

create trigger reminder_rules_replan after insert or update or delete on public.reminder_rules
  for each row execute function private.tg_reminder_rules__replan();
