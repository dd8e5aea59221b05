-- Whether one start can be booked: what each booking and each move asks. open_runs decides. The ordinary
-- case, a session for one inside a weekly shift with nothing unusual around it, is seen here by one query
-- first, because to begin each of the questions of open_runs costs more than to answer it. So this says
-- only yes, and whenever it hesitates, open_runs is asked.

create function private.open_start(
  service public.services,
  practitioner_id uuid,
  starts_at timestamptz,
  only_location_id uuid,
  only_room_id uuid,
  as_client boolean,
  busy_client_id uuid default null,
  ignored_ids uuid[] default '{}',
  avoided_room_ids uuid[] default '{}'
)
returns private.open_slot
language plpgsql
stable
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
declare
  v_ends_at timestamptz := starts_at + make_interval(mins => service.duration_minutes);
  v_blocked tstzrange := tstzrange(
    starts_at - make_interval(mins => service.buffer_before_minutes),
    v_ends_at + make_interval(mins => service.buffer_after_minutes)
  );
  v_place record;
  v_is_open boolean;
  v_room_id uuid;
  v_rooms integer;
  v_slot private.open_slot;
  v_day date;
begin
  if service.seats = 1 and only_room_id is null and avoided_room_ids = '{}' then
    select
      l.id,
      l.timezone,
      s.activation_required,
      s.minimum_notice_minutes,
      s.booking_horizon_days,
      array(
        select r.id
        from public.service_rooms as sr
        join public.rooms as r on r.id = sr.room_id
        where sr.service_id = service.id and r.location_id = l.id and r.is_active
        order by r.name, r.id
      ) as room_ids
    into v_place
    from public.organization_settings as s
    join public.working_hours as w on w.organization_id = s.organization_id
    join public.locations as l on l.organization_id = s.organization_id and l.id = w.location_id
    cross join lateral (
      select starts_at at time zone l.timezone as start, (starts_at at time zone l.timezone)::date as day
    ) as wall
    where s.organization_id = service.organization_id
      and starts_at >= now()
      and w.practitioner_id = open_start.practitioner_id
      and l.is_active
      and (only_location_id is null or l.id = only_location_id)
      and w.weekday = extract(isodow from wall.day)::smallint
      and wall.day between w.valid_from and coalesce(w.valid_to, wall.day)
      and (wall.day + w.start_time) at time zone l.timezone <= starts_at
      and (wall.day + w.end_time) at time zone l.timezone >= v_ends_at
      and date_bin(make_interval(mins => s.slot_step_minutes), wall.start, timestamp '2000-01-01') = wall.start
      -- A location that goes first, a closing, a deliberate overlap: open_runs decides.
      and (
        only_location_id is not null
        or not exists (
          select 1 from public.locations as o where o.organization_id = service.organization_id and o.id < l.id
        )
      )
      and not exists (
        select 1
        from public.time_off as t
        where t.organization_id = service.organization_id
          and upper(t.during) > starts_at
          and lower(t.during) < v_ends_at
          and (t.practitioner_id is null or t.practitioner_id = open_start.practitioner_id)
      )
      and not exists (
        select 1
        from public.appointments as a
        where a.organization_id = service.organization_id
          and a.overlap_allowed_by is not null
          and a.starts_at > lower(v_blocked) - interval '28 hours'
          and a.starts_at < upper(v_blocked) + interval '4 hours'
      )
      and not exists (
        select 1
        from public.appointments as a
        where a.practitioner_id = open_start.practitioner_id
          and a.starts_at > lower(v_blocked) - interval '28 hours'
          and a.starts_at < upper(v_blocked) + interval '4 hours'
          and a.blocked_during && v_blocked
          and a.status <> 'cancelled'
          and a.id <> all (ignored_ids)
      )
      and not exists (
        select 1
        from public.appointments as a
        where a.client_id = busy_client_id
          and a.starts_at > open_start.starts_at - interval '24 hours'
          and a.starts_at < v_ends_at
          and a.ends_at > open_start.starts_at
          and a.status <> 'cancelled'
          and a.id <> all (ignored_ids)
      )
    limit 1;
    v_is_open := found;
    if v_is_open and as_client then
      v_day := (starts_at at time zone v_place.timezone)::date;
      v_is_open := starts_at >= now() + make_interval(mins => v_place.minimum_notice_minutes)
        and v_day - (now() at time zone v_place.timezone)::date <= v_place.booking_horizon_days
        and (
          not v_place.activation_required
          or exists (
            select 1
            from public.booking_activations as b
            where b.practitioner_id = open_start.practitioner_id
              and b.day = v_day
              and b.is_open
              and v_day::timestamp at time zone v_place.timezone <= starts_at
          )
        );
    end if;
    if v_is_open then
      v_slot := (practitioner_id, v_place.id, null, null, starts_at, v_ends_at);
      v_rooms := cardinality(v_place.room_ids);
      if v_rooms = 0 and not exists (select 1 from public.service_rooms as sr where sr.service_id = service.id) then
        return v_slot;
      end if;
      -- In the order of open_runs: a practitioner's rooms begin at a place of their own.
      for v_position in 1..v_rooms loop
        v_room_id := v_place.room_ids[1 + mod(abs(hashtext(practitioner_id::text)::bigint) + v_position, v_rooms)];
        if not exists (
          select 1
          from public.appointments as a
          where a.room_id = v_room_id
            and a.blocked_during && v_blocked
            and a.status <> 'cancelled'
            and a.overlap_allowed_by is null
            and a.id <> all (ignored_ids)
        ) then
          v_slot.room_id := v_room_id;
          return v_slot;
        end if;
      end loop;
    end if;
  end if;

  v_day := (starts_at at time zone 'UTC')::date;
  select r.practitioner_id, r.location_id, r.room_id, r.session_id, r.firsts[1], r.firsts[1] + r.duration into v_slot
  from private.open_runs(
    service, array[practitioner_id], v_day - 1, v_day + 1, starts_at, only_location_id, only_room_id, as_client,
    busy_client_id, ignored_ids, avoided_room_ids => avoided_room_ids
  ) as r
  order by r.session_id, r.location_id
  limit 1;
  return v_slot;
end
$$;

comment on function private.open_start(
  public.services, uuid, timestamptz, uuid, uuid, boolean, uuid, uuid[], uuid[]
) is
  'What open_runs offers first at exactly this start, or null. Authorises nobody: callers do.';
