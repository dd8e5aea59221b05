-- The daily digest: each morning staff hear what the day brings.

create function private.enqueue_daily_digests(at timestamptz default now())
returns bigint
language sql
security definer -- definer because nobody is granted insert on messages
set search_path = ''
as $$
  with local as (
    select o.id, o.timezone, (enqueue_daily_digests.at at time zone o.timezone)::date as day,
      (enqueue_daily_digests.at at time zone o.timezone)::time as clock
    from public.organizations as o
  ),
  queued as (
    insert into public.messages (
      organization_id, key, kind, channel, user_id, data, priority, expires_at, subject_id
    )
    select
      l.id, format('daily_digest:%s:%s', m.user_id, l.day), 'daily_digest', 'email', m.user_id,
      jsonb_build_object('day', l.day), 5, (l.day + time '12:00') at time zone l.timezone, m.id
    from local as l
    join public.members as m on m.organization_id = l.id
    where l.clock >= time '06:00' and l.clock < time '10:00'
      and private.digest_appointment_ids(l.id, m.user_id, l.day) is not null
    on conflict on constraint messages_organization_id_key_key do nothing
    returning 1
  )
  select count(*) from queued
$$;

comment on function private.enqueue_daily_digests(timestamptz) is
  'Queues today''s digest for every member with appointments to hear of, once a day, between six and ten local time; '
  'returns how many are new. Run by the scheduler.';

grant execute on function private.enqueue_daily_digests(timestamptz) to service_role;
