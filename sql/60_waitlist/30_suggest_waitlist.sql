-- Who on the list would take a time, for staff: before they offer it, or before they free it.

create function public.suggest_waitlist(
  slot_start timestamptz,
  slot_end timestamptz,
  service_id uuid,
  practitioner_id uuid default null,
  location_id uuid default null
)
returns json
language plpgsql
stable
security definer -- definer because who is busy then depends on appointments that the caller may not see
set search_path = ''
as $$
declare
  v_service public.services := (private.bookable_service(service_id)).service;
  v_practitioner_ids uuid[];
  v_timezone text;
  v_end timestamptz;
begin
  perform private.require_role(v_service.organization_id, 'owner', 'admin', 'receptionist', 'practitioner');
  if slot_start is null or slot_end is null or not isfinite(slot_start) or not isfinite(slot_end)
    or slot_start not between timestamptz '2000-01-02Z' and timestamptz '2199-12-30Z'
    or slot_end <= slot_start or slot_end - slot_start > interval '24 hours'
  then
    perform private.fail('invalid_argument', 'slot_start and slot_end are the bounds of a time of at most 24 hours.');
  end if;
  v_practitioner_ids := private.serving_practitioner_ids(service_id, practitioner_id);
  if practitioner_id is not null and v_practitioner_ids = '{}' then
    perform private.fail('not_found', 'No such practitioner offers this service.');
  end if;
  if location_id is null then
    v_timezone := private.practitioner_timezone(v_service, practitioner_id, slot_start);
  else
    select l.timezone into v_timezone
    from public.locations as l
    where l.id = suggest_waitlist.location_id and l.organization_id = v_service.organization_id and l.is_active;
    if not found then
      perform private.fail('not_found', 'There is no such location.');
    end if;
  end if;
  v_end := slot_start + make_interval(mins => v_service.duration_minutes);
  if v_end > slot_end then
    return '[]';
  end if;

  return (
    select coalesce(json_agg(ranked order by ranked.position), '[]')
    from (
      select
        row_number() over (order by f.was_offered, f.priority, f.created_at, f.id) as position,
        f.id as waitlist_entry_id,
        f.client_id,
        f.client_name,
        f.practitioner_ids,
        f.priority,
        f.created_at as waiting_since,
        case when f.priority < 5 then array['priority'] else '{}' end
          || case when f.created_at = min(f.created_at) over () then array['waiting_longest'] else '{}' end
          || f.met
          || case when f.met = '{}' then array['any_time'] else '{}' end
          || case when f.was_offered then array['offered_before'] else '{}' end as reasons
      from (
        select
          e.id, e.client_id, e.priority, e.created_at, fit.met, fit.practitioner_ids,
          concat_ws(' ', c.given_name, c.family_name) as client_name,
          exists (
            select 1
            from public.waitlist_offers as o
            where o.organization_id = e.organization_id
              and o.waitlist_entry_id = e.id
              and o.practitioner_id = any (fit.practitioner_ids)
              and o.starts_at = suggest_waitlist.slot_start
          ) as was_offered
        from public.waitlist_entries as e
        join public.clients as c on c.id = e.client_id and c.archived_at is null
        cross join lateral (
          select
            min(p.met) as met,
            array_agg(p.id order by p.id) as practitioner_ids
          from (
            select
              s.id,
              private.met_preferences(
                e.preferences, slot_start, v_end, v_timezone, s.id, suggest_waitlist.location_id, now()
              ) as met
            from unnest(v_practitioner_ids) as s (id)
          ) as p
          where p.met is not null
        ) as fit
        where e.organization_id = v_service.organization_id
          and e.service_id = v_service.id
          and e.status = 'waiting'
          and fit.met is not null
          and not private.client_is_busy(e.client_id, tstzrange(slot_start, v_end))
      ) as f
      order by position
      limit 100
    ) as ranked
  );
end
$$;

comment on function public.suggest_waitlist(timestamptz, timestamptz, uuid, uuid, uuid) is
  'Who waits for the service and would take slot_start, best first, as one JSON array of {position, waitlist_entry_id, '
  'client_id, client_name, practitioner_ids, priority, waiting_since, reasons}, at most 100; [] when the service does '
  'not fit into the slot. By priority, then by waiting time. Who is busy then, archived or prefers otherwise is left '
  'out. Staff only. Errors: not_found, forbidden, invalid_argument.';

grant execute on function public.suggest_waitlist(timestamptz, timestamptz, uuid, uuid, uuid) to authenticated;
