-- Invariants of notifications.

create function private.notification_violations(only_organization_id uuid default null)
returns table (invariant text, organization_id uuid, record_id uuid, detail text)
language sql
stable
security definer -- definer because invariants span what no single caller may read
set search_path = ''
as $$
  select 'reminder_tells_the_time_that_stands', m.organization_id, m.id, m.data ->> 'starts_at'
  from public.messages as m
  left join public.appointments as a on a.organization_id = m.organization_id and a.id = m.subject_id
  where m.kind = 'appointment_reminder'
    and m.status = 'pending'
    and (only_organization_id is null or m.organization_id = only_organization_id)
    and (
      a.id is null
      or a.status not in ('pending', 'confirmed')
      or a.starts_at <> (m.data ->> 'starts_at')::timestamptz
    )
  union all
  select 'appointment_is_announced', a.organization_id, a.id, a.starts_at::text
  from public.appointments as a
  where a.starts_at > now()
    and a.status in ('pending', 'confirmed')
    and a.held_until is null
    and (only_organization_id is null or a.organization_id = only_organization_id)
    -- Booked before there was an outbox: nobody was told of it here.
    and a.created_at >= (
      select min(f.created_at) from public.messages as f where f.organization_id = a.organization_id
    )
    and not exists (
      select 1
      from public.messages as m
      where m.subject_id in (a.id, a.block_id) and m.client_id = a.client_id
    )
    and not exists (
      select 1
      from private.booking_announcements as q
      where q.appointment_id = a.id and q.booked_at > now() - interval '1 hour'
    )
  union all
  select 'message_in_the_inbox_has_arrived', m.organization_id, m.id, m.status::text
  from public.messages as m
  where m.channel = 'in_app'
    and m.status in ('sent', 'delivered')
    and (only_organization_id is null or m.organization_id = only_organization_id)
    and not exists (select 1 from public.notifications as n where n.id = m.id)
  union all
  select 'worker_runs', null, null, format('%s, last %s', r.worker, r.finished_at)
  from private.worker_runs as r
  where only_organization_id is null
    and r.worker = 'notifications'
    and r.finished_at < now() - interval '1 hour'
    and exists (
      select 1
      from public.messages as m
      where m.status in ('pending', 'sending') and m.due_at < now() - interval '1 hour'
    )
$$;

comment on function private.notification_violations(uuid) is
  'Broken invariants of notifications: a reminder of a time that no longer stands, an appointment nobody was told of, '
  'an in_app message in no inbox, messages that wait for a worker that no longer runs.';

grant execute on function private.notification_violations(uuid) to service_role;
