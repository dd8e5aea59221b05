-- Quiet hours: when a person is not to be disturbed, and when a reminder goes out instead.

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
