-- Staff: change a role, remove a member. Owners may do everything; admins everything but touch owners.

create function private.require_member_management(member_id uuid, new_role public.member_role)
returns public.members
language plpgsql
security definer -- definer because it decides for callers who are not granted writes on members
set search_path = ''
as $$
declare
  v_member public.members;
  v_role public.member_role;
begin
  select m.* into v_member from public.members as m where m.id = member_id for update;
  v_role := private.require_staff(v_member.organization_id, 'member', 'owner', 'admin');
  if v_role <> 'owner' and 'owner' in (v_member.role, new_role) then
    perform private.fail('forbidden', 'Only an owner may make, change or remove an owner.');
  end if;
  return v_member;
end
$$;

create function public.set_member_role(member_id uuid, role public.member_role)
returns public.members
language plpgsql
security definer -- definer because nobody is granted update on members
set search_path = ''
as $$
declare
  v_member public.members;
begin
  if role is null then
    perform private.fail('invalid_argument', 'role is required.');
  end if;
  v_member := private.require_member_management(member_id, role);
  update public.members as m set role = set_member_role.role
  where m.id = v_member.id
  returning m.* into v_member;
  return v_member;
end
$$;

comment on function public.set_member_role(uuid, public.member_role) is
  'Owner or admin gives a member another role. Errors: forbidden, not_found, last_owner.';

grant execute on function public.set_member_role(uuid, public.member_role) to authenticated;

create function public.remove_member(member_id uuid)
returns void
language plpgsql
security definer -- definer because nobody is granted delete on members
set search_path = ''
as $$
declare
  v_member public.members;
begin
  select m.* into v_member from public.members as m where m.id = member_id and m.user_id = auth.uid();
  if not found then
    v_member := private.require_member_management(member_id, null);
  end if;
  delete from public.members as m where m.id = v_member.id;
end
$$;

comment on function public.remove_member(uuid) is
  'Owner or admin removes a member, or a member leaves. Access ends at once, also for tokens still valid; the '
  'practitioner record stays. Errors: forbidden, not_found, last_owner.';

grant execute on function public.remove_member(uuid) to authenticated;
