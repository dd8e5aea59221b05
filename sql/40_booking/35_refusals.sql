-- Why a start is refused. Asked only after open_slots did not offer it, and by the same formulation.

create function private.require_starts_at(starts_at timestamptz)
returns void
language plpgsql
set search_path = ''
as $$
begin
  if starts_at is null or not isfinite(starts_at)
    or starts_at not between timestamptz '2000-01-02Z' and timestamptz '2199-12-30Z'
  then
    perform private.fail('invalid_argument', 'starts_at is an instant between 2000 and 2199.');
  end if;
end
$$;

create function private.refuse_slot(
  service public.services,
  practitioner_ids uuid[],
  starts_at timestamptz,
  only_location_id uuid,
  only_room_id uuid,
  as_client boolean,
  ignored_ids uuid[],
  at timestamptz default now()
)
returns text
language plpgsql
stable
security definer -- definer because free time depends on appointments that the caller may not see
set search_path = ''
as $$
declare
  v_day date := (starts_at at time zone 'UTC')::date;
  v_settings public.organization_settings;
begin
  select s.* into v_settings
  from public.organization_settings as s
  where s.organization_id = service.organization_id;

  if starts_at < at or (as_client and starts_at < at + make_interval(mins => v_settings.minimum_notice_minutes)) then
    return 'too_late';
  elsif not exists (
    select 1
    from private.open_slots(
      service, practitioner_ids, v_day - 1, v_day + 1, starts_at, only_location_id, only_room_id,
      ignored_ids => ignored_ids, ignore_busy => true, at => at
    )
  ) then
    return 'outside_working_hours';
  elsif as_client and not exists (
    select 1
    from private.open_slots(
      service, practitioner_ids, v_day - 1, v_day + 1, starts_at, only_location_id, only_room_id,
      as_client => true, ignored_ids => ignored_ids, ignore_busy => true, at => at
    )
  ) then
    return 'not_activated';
  end if;
  return 'slot_taken';
end
$$;

comment on function private.refuse_slot(
  public.services, uuid[], timestamptz, uuid, uuid, boolean, uuid[], timestamptz
) is
  'Why open_slots does not offer this start, as an error token: asked only after it refused.';

create function private.fail_slot(token text)
returns void
language plpgsql
set search_path = ''
as $$
begin
  case token
    when 'too_late' then
      perform private.fail('too_late', 'This start is in the past or too soon.', 'Choose a later slot.');
    when 'outside_working_hours' then
      perform private.fail(
        'outside_working_hours',
        'Nobody who offers this service works then, or the start is not on the slot grid.',
        'Choose a start from find_slots.'
      );
    when 'not_activated' then
      perform private.fail(
        'not_activated', 'This day is not open for booking yet.', 'Choose a day from find_bookable_days.'
      );
    when 'client_busy' then
      perform private.fail('client_busy', 'The client has another appointment at this time.', 'Choose another slot.');
    else
      perform private.fail('slot_taken', 'This time was just taken.', 'Choose another slot.');
  end case;
end
$$;

create function private.wanted_during(service public.services, practitioner_ids uuid[], starts_at timestamptz)
returns tstzrange
language plpgsql
stable
security definer -- definer because it is asked on behalf of clients and staff alike
set search_path = ''
as $$
declare
  v_ends_at timestamptz := starts_at + make_interval(mins => service.duration_minutes);
begin
  if service.seats > 1 then
    v_ends_at := greatest(
      v_ends_at,
      (
        select max(a.ends_at)
        from public.appointments as a
        where a.practitioner_id = any (practitioner_ids)
          and a.starts_at = wanted_during.starts_at
          and a.service_id = service.id
          and a.status <> 'cancelled'
      )
    );
  end if;
  return tstzrange(starts_at, v_ends_at);
end
$$;

comment on function private.wanted_during(public.services, uuid[], timestamptz) is
  'For how long a client who books this start must be free: a group session that exists keeps its length, whatever '
  'the service''s is by now.';
