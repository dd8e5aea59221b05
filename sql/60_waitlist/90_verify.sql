-- What must be true of the waiting list, as queries that find nothing.

create function private.waitlist_violations(only_organization_id uuid default null)
returns table (invariant text, organization_id uuid, record_id uuid, detail text)
language sql
stable
security definer -- definer because invariants span what no single caller may read
set search_path = ''
as $$
  with offer as (
    select
      o.*, e.status as entry_status, e.appointment_id as entry_appointment_id, e.service_id,
      a.status as appointment_status, a.held_until, a.client_id as appointment_client_id,
      a.service_id as appointment_service_id
    from public.waitlist_offers as o
    join public.waitlist_entries as e on e.id = o.waitlist_entry_id
    join public.appointments as a on a.id = o.appointment_id
    where only_organization_id is null or o.organization_id = only_organization_id
  )
  select 'open_offer_holds_its_place', o.organization_id, o.id, format('%s, held until %s', o.appointment_status, o.held_until)
  from offer as o
  where o.status = 'open'
    and (o.appointment_status <> 'pending' or o.held_until is distinct from o.expires_at or o.entry_status <> 'offered')
  union all
  select 'offer_fits_its_appointment', o.organization_id, o.id, o.appointment_id::text
  from offer as o
  where o.client_id <> o.appointment_client_id or o.service_id <> o.appointment_service_id
  union all
  select 'hold_has_an_open_offer', a.organization_id, a.id, format('%s, held until %s', a.status, a.held_until)
  from public.appointments as a
  where (only_organization_id is null or a.organization_id = only_organization_id)
    and a.held_until is not null
    and a.status <> 'cancelled'
    and not exists (
      select 1 from public.waitlist_offers as o where o.appointment_id = a.id and o.status = 'open'
    )
  union all
  select 'accepted_offer_is_booked', o.organization_id, o.id, format('entry %s', o.entry_status)
  from offer as o
  where o.status = 'accepted'
    and (o.held_until is not null or o.entry_status <> 'booked' or o.entry_appointment_id <> o.appointment_id)
  union all
  select 'offer_is_accepted_once_per_entry', o.organization_id, o.waitlist_entry_id, format('%s times', count(*))
  from offer as o
  where o.status = 'accepted'
  group by o.organization_id, o.waitlist_entry_id
  having count(*) > 1
  union all
  select 'offer_that_is_over_holds_nothing', o.organization_id, o.id, format('%s, appointment %s', o.status, o.appointment_status)
  from offer as o
  where o.status in ('declined', 'expired', 'withdrawn') and o.appointment_status <> 'cancelled'
  union all
  select 'entry_is_offered_by_its_offer', e.organization_id, e.id, e.status::text
  from public.waitlist_entries as e
  where (only_organization_id is null or e.organization_id = only_organization_id)
    and (e.status = 'offered') <> exists (
      select 1 from public.waitlist_offers as o where o.waitlist_entry_id = e.id and o.status = 'open'
    )
  union all
  -- Nobody waits for a place that they have.
  select 'nobody_waits_for_what_they_have', e.organization_id, e.id, a.id::text
  from public.waitlist_entries as e
  join public.waitlist_offers as o on o.waitlist_entry_id = e.id
  join public.appointments as a
    on a.client_id = e.client_id
    and a.service_id = e.service_id
    and a.practitioner_id = o.practitioner_id
    and a.starts_at = o.starts_at
    and a.status <> 'cancelled'
    and a.id <> o.appointment_id
  where (only_organization_id is null or e.organization_id = only_organization_id) and o.status = 'open'
  union all
  select 'place_is_promoted_once', a.organization_id, a.id, format('with %s', b.id)
  from offer as a
  join offer as b
    on b.organization_id = a.organization_id
    and b.practitioner_id = a.practitioner_id
    and b.starts_at = a.starts_at
    and b.id > a.id
  join public.appointments as x on x.id = a.appointment_id
  join public.appointments as y on y.id = b.appointment_id
  where a.status in ('open', 'accepted')
    and b.status in ('open', 'accepted')
    and x.status <> 'cancelled'
    and y.status <> 'cancelled'
    and x.practitioner_id = y.practitioner_id
    and x.during && y.during
    and x.session_id <> y.session_id
    and num_nonnulls(x.overlap_allowed_by, y.overlap_allowed_by) = 0
  union all
  select 'offer_that_is_due_has_expired', o.organization_id, o.id, format('since %s', o.expires_at)
  from offer as o
  where o.status = 'open' and o.expires_at < now() - interval '1 hour'
  union all
  select 'offer_secret_is_hashed', o.organization_id, o.id, format('%s bytes', length(o.token_hash))
  from offer as o
  where length(o.token_hash) <> 32
$$;

comment on function private.waitlist_violations(uuid) is
  'Every broken invariant of the waiting list of one organization or all: none in a sound database.';

grant execute on function private.waitlist_violations(uuid) to service_role;
