-- What callers see of free time. One JSON document, because the API cuts row sets at 1,000.

create function private.bookable_service(service_id uuid)
returns public.services
language plpgsql
stable
security definer -- definer because it decides for clients and staff alike
set search_path = ''
as $$
declare
  v_service public.services;
begin
  perform private.require_user();
  select s.* into v_service from public.services as s where s.id = service_id and s.is_active;
  -- A service that only staff book does not exist for clients.
  if not found or (
    private.current_role_in(v_service.organization_id) is null
    and (private.current_client_in(v_service.organization_id) is null or not v_service.is_public)
  ) then
    perform private.fail('not_found', 'There is no such service.', 'Choose a service of your organization.');
  end if;
  return v_service;
end
$$;

comment on function private.bookable_service(uuid) is
  'The active service, if the caller may book it as staff or client; else error not_found.';

-- Ordered by start and practitioner.
create function private.find_open_slots(
  service_id uuid, from_date date, to_date date, practitioner_id uuid, location_id uuid
)
returns setof private.open_slot
language plpgsql
stable
security definer -- definer because free time depends on appointments that the caller may not see
set search_path = ''
as $$
declare
  v_service public.services := private.bookable_service(service_id);
  v_practitioner_ids uuid[];
  v_is_client boolean := private.current_role_in(v_service.organization_id) is null;
begin
  if from_date is null or to_date is null or not isfinite(from_date) or not isfinite(to_date)
    or from_date not between date '2000-01-01' and date '2200-01-01' or to_date < from_date or to_date - from_date > 92
  then
    perform private.fail(
      'invalid_argument', 'from_date and to_date are an ordered period of at most 93 days.'
    );
  end if;
  v_practitioner_ids := private.serving_practitioner_ids(service_id, practitioner_id);
  if practitioner_id is not null and v_practitioner_ids = '{}' then
    perform private.fail('not_found', 'No such practitioner offers this service.');
  end if;

  -- Who works at two locations at once is offered at the first.
  return query
  select distinct on (s.starts_at, s.practitioner_id) s.*
  from private.open_slots(
    v_service, v_practitioner_ids, from_date, to_date,
    only_location_id => location_id,
    as_client => v_is_client,
    busy_client_id => case when v_is_client then private.current_client_in(v_service.organization_id) end
  ) as s
  order by s.starts_at, s.practitioner_id, s.session_id, s.location_id;
end
$$;

create function public.find_slots(
  service_id uuid,
  from_date date,
  to_date date,
  practitioner_id uuid default null,
  location_id uuid default null
)
returns json
language plpgsql
stable
security definer -- definer because free time depends on appointments that the caller may not see
set search_path = ''
as $$
begin
  -- Aggregating whole rows is several times faster than building each object; and plpgsql keeps its plan,
  -- where a function in SQL would be planned anew by every call.
  return (
    select coalesce(json_agg(slot), '[]')
    from (
      select s.practitioner_id, s.room_id, s.starts_at, s.ends_at
      from private.find_open_slots(service_id, from_date, to_date, practitioner_id, location_id) as s
    ) as slot
  );
end
$$;

comment on function public.find_slots(uuid, date, date, uuid, uuid) is
  'Free slots as one JSON array of {practitioner_id, room_id, starts_at, ends_at}, by start. Dates are local days of '
  'the location, both included, at most 93. Clients see opened days within notice and horizon, without their own '
  'busy times; staff see all. Errors: not_found, invalid_argument.';

grant execute on function public.find_slots(uuid, date, date, uuid, uuid) to authenticated;

create function public.find_bookable_days(
  service_id uuid,
  from_date date,
  to_date date,
  practitioner_id uuid default null,
  location_id uuid default null
)
returns json
language plpgsql
stable
security definer -- definer because free time depends on appointments that the caller may not see
set search_path = ''
as $$
begin
  return (
    select coalesce(
      json_agg(json_build_object('day', d.day, 'slot_count', d.slot_count) order by d.day), '[]'
    )
    from (
      select (s.starts_at at time zone l.timezone)::date as day, count(*) as slot_count
      from private.find_open_slots(service_id, from_date, to_date, practitioner_id, location_id) as s
      join public.locations as l on l.id = s.location_id
      group by 1
    ) as d
  );
end
$$;

comment on function public.find_bookable_days(uuid, date, date, uuid, uuid) is
  'Local days with at least one free slot, as one JSON array of {day, slot_count}; same rules as find_slots.';

grant execute on function public.find_bookable_days(uuid, date, date, uuid, uuid) to authenticated;
