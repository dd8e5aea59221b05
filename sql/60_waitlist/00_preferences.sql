-- What somebody who waits would take: the shape of the JSON document, and whether a time fits it.
-- Pure functions: nothing here reads a table.

create function private.is_json_list(list jsonb, pattern text, most integer)
returns boolean
language plpgsql
immutable
set search_path = ''
as $$
begin
  if list is null then
    return true;
  end if;
  return jsonb_typeof(list) = 'array'
    and jsonb_array_length(list) between 1 and most
    and not exists (select 1 from jsonb_array_elements(list) as e (item) where e.item::text !~ pattern);
end
$$;

comment on function private.is_json_list(jsonb, text, integer) is
  'Is this nothing, or an array of 1 to `most` items that each, as JSON text, match the pattern?';

create function private.is_waitlist_preferences(preferences jsonb)
returns boolean
language plpgsql
immutable
set search_path = ''
as $$
begin
  if jsonb_typeof(preferences) <> 'object' or preferences - array[
    'weekdays', 'times', 'practitioner_ids', 'location_ids', 'minimum_notice_minutes', 'from_date', 'to_date'
  ] <> '{}' then
    return false;
  end if;
  return coalesce(
    private.is_json_list(preferences -> 'weekdays', '^[1-7]$', 7)
    and private.is_json_list(
      preferences -> 'times',
      '^\{"end_time": "(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)", "start_time": "([01][0-9]|2[0-3]):[0-5][0-9]"\}$', 20
    )
    and not jsonb_path_exists(preferences, '$.times[*] ? (@.start_time == @.end_time)')
    and private.is_json_list(preferences -> 'practitioner_ids', '^"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"$', 50)
    and private.is_json_list(preferences -> 'location_ids', '^"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"$', 50)
    and coalesce((preferences -> 'minimum_notice_minutes')::text, '0') ~ '^[0-9]{1,5}$'
    and coalesce((preferences -> 'minimum_notice_minutes')::integer, 0) <= 43200
    and coalesce((preferences -> 'from_date')::text, '"2000-01-01"') ~ '^"2[01][0-9]{2}-[0-9]{2}-[0-9]{2}"$'
    and coalesce((preferences -> 'to_date')::text, '"2000-01-01"') ~ '^"2[01][0-9]{2}-[0-9]{2}-[0-9]{2}"$'
    and coalesce((preferences ->> 'from_date')::date, '-infinity')
      <= coalesce((preferences ->> 'to_date')::date, 'infinity'),
    false
  );
exception
  -- A date such as 31 April, a number beyond all numbers.
  when data_exception then return false;
end
$$;

comment on function private.is_waitlist_preferences(jsonb) is
  'Has the document only known preferences, each of its shape? See waitlist_entries.preferences.';

create function private.tidy_preferences(preferences jsonb)
returns jsonb
language sql
immutable
set search_path = ''
as $$
  -- Forms send what was left empty as null or [], and identifiers in any case.
  select case
    when jsonb_typeof(preferences) = 'object' then
      coalesce(
        (
          select jsonb_object_agg(p.key, case when p.key ~ '_ids$' then lower(p.value::text)::jsonb else p.value end)
          from jsonb_each(preferences) as p
          where p.value not in ('null', '[]')
        ),
        '{}'
      )
    else coalesce(preferences, '{}')
  end
$$;

create function private.met_preferences(
  preferences jsonb,
  starts_at timestamptz,
  ends_at timestamptz,
  timezone text,
  practitioner_id uuid,
  location_id uuid,
  at timestamptz
)
returns text[]
language plpgsql
immutable
set search_path = ''
as $$
declare
  v_day date := (starts_at at time zone timezone)::date;
  v_met text[] := '{}';
begin
  if preferences ? 'weekdays' then
    if not preferences -> 'weekdays' @> to_jsonb(extract(isodow from v_day)::integer) then
      return null;
    end if;
    v_met := v_met || 'weekday'::text;
  end if;

  if preferences ? 'times' then
    -- As working hours are read: wall time of the location, an end at or before the start is on the next
    -- day. Bounds are compared and no range is made, since a clock change may put the end before the start.
    if not exists (
      select 1
      from jsonb_array_elements(preferences -> 'times') as e (item)
      cross join lateral (
        select (e.item ->> 'start_time')::time as opens, (e.item ->> 'end_time')::time as closes
      ) as t
      cross join unnest(array[v_day - 1, v_day]) as d (day)
      where (d.day + t.opens) at time zone timezone <= met_preferences.starts_at
        and (d.day + t.closes + case when t.closes <= t.opens then interval '1 day' else '0' end)
          at time zone timezone >= met_preferences.ends_at
    ) then
      return null;
    end if;
    v_met := v_met || 'time'::text;
  end if;

  if preferences ? 'practitioner_ids' and practitioner_id is not null then
    if not preferences -> 'practitioner_ids' ? practitioner_id::text then
      return null;
    end if;
    v_met := v_met || 'practitioner'::text;
  end if;

  if preferences ? 'location_ids' and location_id is not null then
    if not preferences -> 'location_ids' ? location_id::text then
      return null;
    end if;
    v_met := v_met || 'location'::text;
  end if;

  if preferences ? 'minimum_notice_minutes' then
    if starts_at < at + make_interval(mins => (preferences -> 'minimum_notice_minutes')::integer) then
      return null;
    end if;
    v_met := v_met || 'notice'::text;
  end if;

  if preferences ?| array['from_date', 'to_date'] then
    if v_day < (preferences ->> 'from_date')::date or v_day > (preferences ->> 'to_date')::date then
      return null;
    end if;
    v_met := v_met || 'date'::text;
  end if;
  return v_met;
end
$$;

comment on function private.met_preferences(jsonb, timestamptz, timestamptz, text, uuid, uuid, timestamptz) is
  'Which stated preferences a session meets (weekday, time, practitioner, location, notice, date); null when it fails '
  'one. No practitioner or no location: any. Days and times are local ones of the time zone, the weekday and the date '
  'those of the start; the whole session lies within one of the times.';
