-- How many clients carry which tag.

create function public.client_tag_stats(organization_id uuid default null)
returns json
language plpgsql
stable
security definer -- definer because it counts clients by appointments that the caller may not see
set search_path = ''
as $$
declare
  v_organization_id uuid := private.resolve_organization(organization_id);
  v_is_practitioner boolean := private.require_role(
    v_organization_id, 'owner', 'admin', 'receptionist', 'practitioner'
  ) = 'practitioner';
  v_own_ids uuid[] := private.current_practitioner_ids();
begin
  return (
    with counted as materialized (
      select c.id
      from public.clients as c
      where c.organization_id = v_organization_id
        and c.archived_at is null
        and (
          not v_is_practitioner
          or exists (
            select 1
            from public.appointments as a
            where a.client_id = c.id
              and a.practitioner_id = any (v_own_ids)
              and a.status <> 'cancelled'
              and a.held_until is null
          )
        )
    ),
    tagged as materialized (
      select t.client_id, t.tag_id
      from public.client_tags as t
      where t.organization_id = v_organization_id and t.client_id in (select c.id from counted as c)
    ),
    whole as (
      select
        count(*) as clients,
        count(*) filter (where c.id not in (select t.client_id from tagged as t)) as untagged
      from counted as c
    ),
    tag as (
      select g.id as tag_id, g.name, g.colour, count(t.client_id) as client_count
      from public.tags as g
      left join tagged as t on t.tag_id = g.id
      where g.organization_id = v_organization_id
      group by g.id
    )
    select json_build_object(
      'client_count', w.clients,
      'untagged_count', w.untagged,
      'tags', (
        select coalesce(
          json_agg(
            json_build_object(
              'tag_id', t.tag_id,
              'name', t.name,
              'colour', t.colour,
              'client_count', t.client_count,
              'client_rate', private.rate(t.client_count, w.clients)
            )
            order by t.client_count desc, t.name
          ),
          '[]'
        )
        from tag as t
      )
    )
    from whole as w
  );
end
$$;

comment on function public.client_tag_stats(uuid) is
  'How many clients carry each tag, most first; client_rate is their part of all clients counted, four decimals. '
  'Archived clients do not count; for practitioners only clients with an appointment of theirs. Errors: '
  'invalid_argument, forbidden, not_found.';

grant execute on function public.client_tag_stats(uuid) to authenticated;
