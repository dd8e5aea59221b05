-- The one formulation of "this time can be booked". find_slots, find_bookable_days, booking, moving
-- and the explanation of a refusal all ask here, so that what is listed can be booked and what is
-- not listed cannot. Only the starts that remain of free time are cut into slots on the grid.

create type private.open_slot as (
  practitioner_id uuid,
  location_id uuid,
  room_id uuid,
  session_id uuid,
  starts_at timestamptz,
  ends_at timestamptz
);
comment on type private.open_slot is
  'A time that can be booked and the place it takes; session_id names the group session that it joins, if any.';

create type private.slot_run as (
  practitioner_id uuid,
  location_id uuid,
  room_id uuid,
  session_id uuid,
  first timestamptz,
  last timestamptz,
  step interval,
  duration interval
);
comment on type private.slot_run is
  'Slots of one place in a row, which start from first to last in steps; session_id as in open_slot.';

create function private.open_runs(
  service public.services,
  practitioner_ids uuid[],
  from_date date,
  to_date date,
  only_start timestamptz default null,
  only_location_id uuid default null,
  only_room_id uuid default null,
  as_client boolean default false,
  busy_client_id uuid default null,
  ignored_ids uuid[] default '{}',
  ignore_busy boolean default false,
  avoided_room_ids uuid[] default '{}',
  at timestamptz default now()
)
returns setof private.slot_run
language plpgsql
stable
rows 100 -- what the caller's plan expects: with the default it would look worth compiling
security definer -- definer because free time depends on appointments that the caller may not see
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
declare
  v_settings record;
  v_place record;
  v_run private.slot_run;
  v_query private.slot_query;
  v_step interval;
  v_room_ids uuid[];
  v_room_taken tstzmultirange[];
  v_room integer;
  v_practitioner_id uuid;
  v_hours tstzmultirange;
  v_allowed tstzmultirange;
  v_client_taken tstzmultirange;
  v_starts tstzmultirange;
  v_part tstzmultirange;
begin
  select
    s.slot_step_minutes,
    s.activation_required,
    s.minimum_notice_minutes,
    s.booking_horizon_days,
    only_room_id is not null
      or exists (select 1 from public.service_rooms as sr where sr.service_id = service.id) as needs_room
  into v_settings
  from public.organization_settings as s
  where s.organization_id = service.organization_id;

  v_step := make_interval(mins => v_settings.slot_step_minutes);
  v_query.organization_id := service.organization_id;
  v_query.duration := make_interval(mins => service.duration_minutes);
  v_query.buffer_before := make_interval(mins => service.buffer_before_minutes);
  v_query.buffer_after := make_interval(mins => service.buffer_after_minutes);
  v_query.only_activated := as_client and v_settings.activation_required;
  v_query.ignored_ids := ignored_ids;
  v_query.ignore_busy := ignore_busy;

  for v_place in
    select l.id, l.timezone
    from public.locations as l
    where l.organization_id = service.organization_id
      and l.is_active
      and (only_location_id is null or l.id = only_location_id)
    order by l.id
  loop
    -- Each location's own local days decide which instants are asked for.
    v_query.location_id := v_place.id;
    v_query.timezone := v_place.timezone;
    v_query.opens := greatest(coalesce(only_start, from_date::timestamp at time zone v_place.timezone), at);
    v_query.closes := coalesce(
      only_start + interval '1 microsecond', (to_date + 1)::timestamp at time zone v_place.timezone
    );
    if as_client then
      v_query.opens := greatest(v_query.opens, at + make_interval(mins => v_settings.minimum_notice_minutes));
      v_query.closes := least(
        v_query.closes,
        ((at at time zone v_place.timezone)::date + v_settings.booking_horizon_days + 1)::timestamp
          at time zone v_place.timezone
      );
    end if;
    continue when v_query.opens >= v_query.closes;

    v_room_ids := null;
    v_room_taken := '{}';
    v_client_taken := null;

    foreach v_practitioner_id in array practitioner_ids loop
      v_hours := private.practitioner_hours(v_query, v_practitioner_id);
      continue when isempty(v_hours);
      v_allowed := private.allowed_starts(v_query, v_practitioner_id);
      continue when isempty(v_allowed);
      if busy_client_id is not null then
        v_client_taken := coalesce(v_client_taken, private.starts_taken_of_client(v_query, busy_client_id));
        v_allowed := v_allowed - v_client_taken;
      end if;

      -- A seat in a group session that exists already.
      if service.seats > 1 and not ignore_busy then
        return query
        select
          a.practitioner_id, a.location_id, a.room_id, a.session_id, a.starts_at, a.starts_at, v_step,
          make_interval(secs => extract(epoch from a.ends_at - a.starts_at)::double precision)
        from public.appointments as a
        where a.practitioner_id = v_practitioner_id
          and a.starts_at >= v_query.opens
          and a.starts_at < v_query.closes
          and a.service_id = service.id
          and a.location_id = v_place.id
          and a.status <> 'cancelled'
          and a.id <> all (ignored_ids)
          and v_allowed @> a.starts_at
          and v_hours @> a.during
          and (only_room_id is null or a.room_id = only_room_id)
          and not exists (
            select 1
            from public.time_off as t
            where t.organization_id = service.organization_id and t.room_id = a.room_id and t.during && a.during
          )
        group by a.practitioner_id, a.location_id, a.room_id, a.session_id, a.starts_at, a.ends_at
        having count(*) < service.seats and bool_and(a.overlap_allowed_by is null);
      end if;

      if only_start is not null then
        -- The same for one start, which asks no query: long enough, allowed, and on the grid.
        continue when not v_hours @> tstzrange(only_start, only_start + v_query.duration)
          or not v_allowed @> only_start
          or date_bin(v_step, only_start at time zone v_place.timezone, timestamp '2000-01-01')
            <> only_start at time zone v_place.timezone;
        v_starts := tstzmultirange(tstzrange(only_start, only_start, '[]'));
      else
        v_starts := v_allowed * (
          select coalesce(range_agg(tstzrange(lower(piece), upper(piece) - v_query.duration, '[]')), '{}')
          from unnest(v_hours) as piece
          where upper(piece) - lower(piece) >= v_query.duration
        );
      end if;
      if not ignore_busy then
        v_starts := v_starts - private.starts_taken_of_practitioner(v_query, v_practitioner_id);
      end if;
      continue when isempty(v_starts);

      if not v_settings.needs_room and only_start is not null then
        v_run := (v_practitioner_id, v_place.id, null, null, only_start, only_start, v_step, v_query.duration);
        return next v_run;
        continue;
      elsif not v_settings.needs_room then
        return query
        select v_practitioner_id, v_place.id, null::uuid, null::uuid, run.first, run.last, v_step, v_query.duration
        from private.grid_runs(v_starts, v_place.timezone, v_step) as run;
        continue;
      end if;

      -- Each room takes the starts that those before it could not. A practitioner's rooms begin at a place
      -- of their own: people keep their room, and parallel bookings do not queue for the first one.
      v_room_ids := coalesce(
        v_room_ids,
        array(
          select r.id
          from public.rooms as r
          where r.organization_id = service.organization_id
            and r.location_id = v_place.id
            and r.is_active
            and (only_room_id is null or r.id = only_room_id)
            and r.id <> all (avoided_room_ids)
            and (
              only_room_id is not null
              or exists (
                select 1 from public.service_rooms as sr where sr.service_id = service.id and sr.room_id = r.id
              )
            )
          order by r.name, r.id
        )
      );
      for v_position in 1..cardinality(v_room_ids) loop
        v_room := 1 + mod(
          abs(hashtext(v_practitioner_id::text)::bigint) + v_position, cardinality(v_room_ids)
        )::integer;
        if v_room_taken[v_room] is null then
          v_room_taken[v_room] := private.starts_taken_of_room(v_query, v_room_ids[v_room]);
        end if;
        v_part := v_starts - v_room_taken[v_room];
        continue when isempty(v_part);
        if only_start is not null then
          v_run := (
            v_practitioner_id, v_place.id, v_room_ids[v_room], null, only_start, only_start, v_step, v_query.duration
          );
          return next v_run;
          exit;
        end if;
        return query
        select
          v_practitioner_id, v_place.id, v_room_ids[v_room], null::uuid, run.first, run.last, v_step, v_query.duration
        from private.grid_runs(v_part, v_place.timezone, v_step) as run;
        v_starts := v_starts - v_part;
        exit when isempty(v_starts);
      end loop;
    end loop;
  end loop;
end
$$;

comment on function private.open_runs(
  public.services, uuid[], date, date, timestamptz, uuid, uuid, boolean, uuid, uuid[], boolean, uuid[], timestamptz
) is
  'Every start at which the service can be booked with one of the practitioners on the local days from_date to '
  'to_date (or at exactly only_start), with the place it would take, in no order. as_client applies notice, horizon '
  'and activation; ignore_busy asks for working time only; ignored_ids are appointments about to move; '
  'avoided_room_ids are left out. Authorises nobody: callers do.';

create function private.open_slots(
  service public.services,
  practitioner_ids uuid[],
  from_date date,
  to_date date,
  only_start timestamptz default null,
  only_location_id uuid default null,
  only_room_id uuid default null,
  as_client boolean default false,
  busy_client_id uuid default null,
  ignored_ids uuid[] default '{}',
  ignore_busy boolean default false,
  avoided_room_ids uuid[] default '{}',
  at timestamptz default now()
)
returns setof private.open_slot
language plpgsql
stable
security definer -- definer because free time depends on appointments that the caller may not see
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
begin
  return query
  select s.practitioner_id, s.location_id, s.room_id, s.session_id, s.starts_at, s.starts_at + s.duration
  from (
    select r.*, generate_series(r.first, r.last, r.step) as starts_at
    from private.open_runs(
      service, practitioner_ids, from_date, to_date, only_start, only_location_id, only_room_id, as_client,
      busy_client_id, ignored_ids, ignore_busy, avoided_room_ids, at
    ) as r
  ) as s;
end
$$;

comment on function private.open_slots(
  public.services, uuid[], date, date, timestamptz, uuid, uuid, boolean, uuid, uuid[], boolean, uuid[], timestamptz
) is 'The slots of open_runs one by one.';

create function private.serving_practitioner_ids(service_id uuid, practitioner_id uuid default null)
returns uuid[]
language plpgsql
stable
security definer -- definer because it is asked on behalf of clients and staff alike
set search_path = ''
as $$
begin
  if practitioner_id is not null then
    return array(
      select p.id
      from public.service_practitioners as sp
      join public.practitioners as p on p.id = sp.practitioner_id
      where sp.service_id = serving_practitioner_ids.service_id
        and sp.practitioner_id = serving_practitioner_ids.practitioner_id
        and p.is_active
    );
  end if;
  return array(
    select p.id
    from public.service_practitioners as sp
    join public.practitioners as p on p.id = sp.practitioner_id
    where sp.service_id = serving_practitioner_ids.service_id and p.is_active
    order by p.id
  );
end
$$;

comment on function private.serving_practitioner_ids(uuid, uuid) is
  'Active practitioners who offer the service: all, or the one named.';
