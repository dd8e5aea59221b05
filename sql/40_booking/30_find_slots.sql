-- What callers see of free time. One JSON document, because the API cuts row sets at 1,000.

create type private.slot_reader as (
  service public.services,
  client_id uuid,
  as_client boolean
);
comment on type private.slot_reader is
  'Who looks for slots of what: as_client with the own client record, or staff.';

create function private.bookable_service(service_id uuid)
returns private.slot_reader
language plpgsql
stable
security definer -- definer because it decides for clients and staff alike
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
declare
  v_user_id uuid := coalesce(auth.uid(), private.require_user());
  v_reader private.slot_reader;
begin
  select s as service, c.id as client_id, m.role is null as as_client into v_reader
  from public.services as s
  left join public.members as m on m.organization_id = s.organization_id and m.user_id = v_user_id
  left join public.clients as c on c.organization_id = s.organization_id and c.user_id = v_user_id
  where s.id = service_id and s.is_active;
  -- A service that only staff book does not exist for clients.
  if not found or (v_reader.as_client and (v_reader.client_id is null or not (v_reader.service).is_public)) then
    perform private.fail('not_found', 'There is no such service.', 'Choose a service of your organization.');
  end if;
  return v_reader;
end
$$;

comment on function private.bookable_service(uuid) is
  'The active service, if the caller may book it as staff or client; else error not_found.';

create function private.asked_practitioner_ids(
  service_id uuid, from_date date, to_date date, practitioner_id uuid
)
returns uuid[]
language plpgsql
stable
security definer -- definer because it is asked on behalf of clients and staff alike
set search_path = ''
as $$
declare
  v_practitioner_ids uuid[];
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
  return v_practitioner_ids;
end
$$;

comment on function private.asked_practitioner_ids(uuid, date, date, uuid) is
  'Whose slots a valid question is about; else error not_found or invalid_argument.';

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
set plan_cache_mode = force_generic_plan
as $$
declare
  v_reader private.slot_reader := private.bookable_service(service_id);
  v_practitioner_ids uuid[] := private.asked_practitioner_ids(service_id, from_date, to_date, practitioner_id);
  v_runs private.slot_runs[];
  v_place private.slot_runs;
  v_texts record;
  v_heads text[];
  v_tails text[];
begin
  v_runs := array(
    select r
    from private.open_runs(
      v_reader.service, v_practitioner_ids, from_date, to_date,
      only_location_id => location_id,
      as_client => v_reader.as_client,
      busy_client_id => case when v_reader.as_client then v_reader.client_id end
    ) as r
  );
  if v_runs = '{}' then
    return '[]';
  end if;

  -- A single place has its slots in order, and no texts to share.
  if cardinality(v_runs) = 1 then
    v_place := v_runs[1];
    return (
      select json_agg(slot)
      from (
        select v_place.practitioner_id, v_place.room_id, s.starts_at, s.starts_at + v_place.duration as ends_at
        from (
          select generate_series(unnest(v_place.firsts), unnest(v_place.lasts), v_place.step) as starts_at
        ) as s
      ) as slot
    );
  end if;

  v_texts := private.slot_texts(v_runs);
  if v_texts.heads is not null then
    v_heads := v_texts.heads;
    v_tails := v_texts.tails;
    -- In one expression: to hand on a long text is to copy it.
    return (
      select string_agg(v_tails[slot >> 20], v_heads[slot & 1048575])::json
      from (
        select generate_series(unnest(v_texts.firsts), unnest(v_texts.lasts), 1 << 20) as slot
        order by slot
      ) as slots
    );
  end if;

  return (
    select json_agg(slot)
    from (
      -- Who works at two locations at once is offered at the first.
      select distinct on (s.starts_at, s.practitioner_id)
        s.practitioner_id, s.room_id, s.starts_at, s.starts_at + s.duration as ends_at
      from (
        select r.*, generate_series(unnest(r.firsts), unnest(r.lasts), r.step) as starts_at
        from unnest(v_runs) as r
      ) as s
      order by s.starts_at, s.practitioner_id, s.session_id, s.location_id
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
set plan_cache_mode = force_generic_plan
as $$
declare
  v_reader private.slot_reader := private.bookable_service(service_id);
  v_practitioner_ids uuid[] := private.asked_practitioner_ids(service_id, from_date, to_date, practitioner_id);
begin
  return (
    select coalesce(
      json_agg(json_build_object('day', d.day, 'slot_count', d.slot_count) order by d.day), '[]'
    )
    from (
      select (s.starts_at at time zone l.timezone)::date as day, count(*) as slot_count
      from (
        select distinct on (r.starts_at, r.practitioner_id) r.starts_at, r.location_id
        from (
          select f.*, generate_series(unnest(f.firsts), unnest(f.lasts), f.step) as starts_at
          from private.open_runs(
            v_reader.service, v_practitioner_ids, from_date, to_date,
            only_location_id => location_id,
            as_client => v_reader.as_client,
            busy_client_id => case when v_reader.as_client then v_reader.client_id end
          ) as f
        ) as r
        order by r.starts_at, r.practitioner_id, r.session_id, r.location_id
      ) as s
      join public.locations as l on l.id = s.location_id
      group by 1
    ) as d
  );
end
$$;

comment on function public.find_bookable_days(uuid, date, date, uuid, uuid) is
  'Local days with at least one free slot, as one JSON array of {day, slot_count}; same rules as find_slots.';

grant execute on function public.find_bookable_days(uuid, date, date, uuid, uuid) to authenticated;
