-- Which rows does the caller reach, and as what? Policies ask the views, RPCs the functions below.
-- The views are definers because policies of the tables that they read ask them (recursion). Each holds
-- the ids of the caller's own rows, by nothing but auth.uid(); the barrier keeps conditions of whoever
-- reads it off the rows of others. A policy takes one as an array in a sub-select, so it is read once
-- per statement, and only when the condition comes to it. A function there costs more than what it
-- looks up, since each statement enters it anew.

create view private.current_organizations with (security_barrier) as
select m.organization_id as id
from public.members as m
where m.user_id = (select auth.uid());

comment on view private.current_organizations is 'Organizations where the caller is staff, in any role.';

create view private.current_desk_organizations with (security_barrier) as
select m.organization_id as id
from public.members as m
where m.user_id = (select auth.uid()) and m.role in ('owner', 'admin', 'receptionist');

comment on view private.current_desk_organizations is
  'Organizations whose whole calendar and credits the caller works with: owner, admin, receptionist.';

create view private.current_managed_organizations with (security_barrier) as
select m.organization_id as id
from public.members as m
where m.user_id = (select auth.uid()) and m.role in ('owner', 'admin');

comment on view private.current_managed_organizations is
  'Organizations that the caller manages: owner, admin.';

create view private.current_practitioners with (security_barrier) as
select p.id
from public.practitioners as p
where p.user_id = (select auth.uid());

comment on view private.current_practitioners is
  'Practitioners that the caller signs in as. The foreign key to members makes them members too.';

create view private.current_clients with (security_barrier) as
select c.id
from public.clients as c
where c.user_id = (select auth.uid());

comment on view private.current_clients is 'The caller''s own client records.';

create view private.current_client_organizations with (security_barrier) as
select c.organization_id as id
from public.clients as c
where c.user_id = (select auth.uid());

comment on view private.current_client_organizations is 'Organizations whose client the caller is.';

grant select on private.current_organizations to authenticated;
grant select on private.current_desk_organizations to authenticated;
grant select on private.current_managed_organizations to authenticated;
grant select on private.current_practitioners to authenticated;
grant select on private.current_clients to authenticated;
grant select on private.current_client_organizations to authenticated;

-- The same as arrays, for RPCs; plpgsql keeps the plan.

create function private.current_organization_ids()
returns uuid[]
language plpgsql
stable
set search_path = ''
as $$
begin
  return array(select id from private.current_organizations);
end
$$;

comment on function private.current_organization_ids() is 'All of private.current_organizations.';

create function private.current_desk_organization_ids()
returns uuid[]
language plpgsql
stable
set search_path = ''
as $$
begin
  return array(select id from private.current_desk_organizations);
end
$$;

comment on function private.current_desk_organization_ids() is 'All of private.current_desk_organizations.';

create function private.current_managed_organization_ids()
returns uuid[]
language plpgsql
stable
set search_path = ''
as $$
begin
  return array(select id from private.current_managed_organizations);
end
$$;

comment on function private.current_managed_organization_ids() is 'All of private.current_managed_organizations.';

create function private.current_practitioner_ids()
returns uuid[]
language plpgsql
stable
set search_path = ''
as $$
begin
  return array(select id from private.current_practitioners);
end
$$;

comment on function private.current_practitioner_ids() is 'All of private.current_practitioners.';

create function private.current_client_ids()
returns uuid[]
language plpgsql
stable
set search_path = ''
as $$
begin
  return array(select id from private.current_clients);
end
$$;

comment on function private.current_client_ids() is 'All of private.current_clients.';

create function private.current_client_organization_ids()
returns uuid[]
language plpgsql
stable
set search_path = ''
as $$
begin
  return array(select id from private.current_client_organizations);
end
$$;

comment on function private.current_client_organization_ids() is 'All of private.current_client_organizations.';

grant execute on function private.current_organization_ids() to authenticated;
grant execute on function private.current_desk_organization_ids() to authenticated;
grant execute on function private.current_managed_organization_ids() to authenticated;
grant execute on function private.current_practitioner_ids() to authenticated;
grant execute on function private.current_client_ids() to authenticated;
grant execute on function private.current_client_organization_ids() to authenticated;

-- For RPCs: what is the caller to one organization? -------------------------------------------------

create function private.current_role_in(organization_id uuid)
returns public.member_role
language plpgsql
stable
security definer -- definer because it asks for callers who may not read members
set search_path = ''
as $$
declare
  v_user_id uuid := auth.uid();
begin
  return (
    select m.role
    from public.members as m
    where m.organization_id = current_role_in.organization_id and m.user_id = v_user_id
  );
end
$$;

comment on function private.current_role_in(uuid) is 'The caller''s staff role in the organization, or null.';

create function private.current_client_in(organization_id uuid)
returns uuid
language plpgsql
stable
security definer -- definer because it asks for callers who may not read members
set search_path = ''
as $$
declare
  v_user_id uuid := auth.uid();
begin
  return (
    select c.id
    from public.clients as c
    where c.organization_id = current_client_in.organization_id and c.user_id = v_user_id
  );
end
$$;

comment on function private.current_client_in(uuid) is 'The caller''s client record in the organization, or null.';

create function private.require_role(organization_id uuid, variadic roles public.member_role[])
returns public.member_role
language plpgsql
stable
security definer -- definer because it asks for callers who may not read members
set search_path = ''
as $$
declare
  v_role public.member_role := private.current_role_in(organization_id);
begin
  perform private.require_user();
  if v_role = any (roles) then
    return v_role;
  end if;
  -- To a stranger, a foreign organization and none look the same.
  if v_role is null and private.current_client_in(organization_id) is null then
    perform private.fail('not_found', 'There is no such record.', 'Check the identifier.');
  end if;
  perform private.fail('forbidden', 'Your role does not allow this.', 'Ask an owner or admin of the organization.');
  return null;
end
$$;

comment on function private.require_role(uuid, public.member_role[]) is
  'Returns the caller''s role when it is one of `roles`; error forbidden for others of the organization, '
  'not_found for strangers, unauthenticated without a user.';

create function private.require_staff(organization_id uuid, record text, variadic roles public.member_role[])
returns public.member_role
language plpgsql
stable
set search_path = ''
as $$
begin
  perform private.require_user();
  if private.current_role_in(organization_id) is null then
    perform private.fail('not_found', format('There is no such %s.', record), 'Check the identifier.');
  end if;
  return private.require_role(organization_id, variadic roles);
end
$$;

comment on function private.require_staff(uuid, text, public.member_role[]) is
  'require_role for a kind of record that only staff know of: to everybody else, clients included, one of the '
  'organization and none (organization_id null) look the same. `record` names the kind.';

create function private.resolve_organization(organization_id uuid)
returns uuid
language plpgsql
stable
security definer -- definer because it asks for callers who may not read members
set search_path = ''
as $$
declare
  v_ids uuid[];
begin
  perform private.require_user();
  if organization_id is not null then
    return organization_id;
  end if;
  v_ids := private.current_organization_ids();
  if cardinality(v_ids) = 0 then
    v_ids := private.current_client_organization_ids();
  end if;
  if cardinality(v_ids) = 1 then
    return v_ids[1];
  elsif cardinality(v_ids) = 0 then
    perform private.fail('forbidden', 'You do not belong to any organization.');
  end if;
  perform private.fail(
    'invalid_argument', 'You belong to more than one organization.', 'Name one in organization_id.'
  );
  return null;
end
$$;

comment on function private.resolve_organization(uuid) is
  'The organization named, or the caller''s only one. Grants nothing: callers check the role next.';
