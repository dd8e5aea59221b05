-- What a frontend asks first after sign-in: who am I, and where?

create function public.current_identity()
returns json
language sql
stable
set search_path = ''
as $$
  select json_build_object(
    'user_id', private.require_user(),
    'profile', (
      select row_to_json(p) from public.profiles as p where p.user_id = (select auth.uid())
    ),
    'memberships', coalesce(
      (
        select json_agg(
          json_build_object(
            'member_id', m.id, 'organization_id', o.id, 'organization_slug', o.slug,
            'organization_name', o.name, 'role', m.role,
            'practitioner_id', (
              select p.id
              from public.practitioners as p
              where p.organization_id = m.organization_id and p.user_id = m.user_id
            )
          )
          order by o.name, o.id
        )
        from public.members as m
        join public.organizations as o on o.id = m.organization_id
        where m.user_id = (select auth.uid())
      ),
      '[]'
    ),
    'clients', coalesce(
      (
        select json_agg(
          json_build_object(
            'client_id', c.id, 'organization_id', o.id, 'organization_slug', o.slug, 'organization_name', o.name
          )
          order by o.name, o.id
        )
        from public.clients as c
        join public.organizations as o on o.id = c.organization_id
        where c.user_id = (select auth.uid())
      ),
      '[]'
    )
  )
$$;

comment on function public.current_identity() is
  'The signed-in user: {user_id, profile, memberships[], clients[]}. RLS applies to everything in it.';

grant execute on function public.current_identity() to authenticated;
