-- Invitations: how a login becomes a member, or is linked to a client record that staff made.
-- The secret is answered once, to the inviter, who passes it on: nothing here sends it.

create function public.create_invitation(
  email text,
  role public.member_role default null,
  client_id uuid default null,
  organization_id uuid default null,
  display_name text default null,
  expires_in_hours integer default 168
)
returns json
language plpgsql
security definer -- definer because token_hash is granted to nobody
set search_path = ''
as $$
declare
  v_organization_id uuid := private.resolve_organization(organization_id);
  v_role public.member_role;
  v_token text := private.create_token();
  v_client public.clients;
  v_invitation public.invitations;
begin
  if num_nonnulls(role, client_id) <> 1 then
    perform private.fail('invalid_argument', 'An invitation names either a role or a client.');
  end if;
  if expires_in_hours is null or expires_in_hours not between 1 and 720 then
    perform private.fail('invalid_argument', 'expires_in_hours is between 1 and 720.');
  end if;
  if email is null or email !~ '^[^@\s]+@[^@\s]+$' or length(email) > 254 then
    perform private.fail('invalid_argument', 'email is not an e-mail address.');
  end if;

  if length(btrim(display_name)) not between 1 and 200 then
    perform private.fail('invalid_argument', 'display_name has 1 to 200 characters.');
  end if;

  if role is not null then
    -- Whoever removes or demotes the caller waits for this invitation, and then revokes it.
    perform 1
    from public.members as m
    where m.organization_id = v_organization_id and m.user_id = auth.uid()
    for share;
    v_role := private.require_role(v_organization_id, 'owner', 'admin');
    if role = 'owner' and v_role <> 'owner' then
      perform private.fail('forbidden', 'Only an owner may invite an owner.');
    end if;
  else
    perform private.require_role(v_organization_id, 'owner', 'admin', 'receptionist');
    -- Whoever archives or erases the client waits for this invitation, and then finds it.
    select c.* into v_client
    from public.clients as c
    where c.id = create_invitation.client_id
      and c.organization_id = v_organization_id
      and c.archived_at is null
    for share;
    if not found then
      perform private.fail('not_found', 'There is no such client.');
    end if;
    if v_client.user_id is not null then
      perform private.fail('invalid_state', 'This client already has a login.');
    end if;
  end if;

  -- An invitation becomes a mail to somebody who has not asked for it.
  perform private.require_token('invite:' || v_organization_id, 500, 30);
  perform private.require_token(
    'invite:' || v_organization_id || ':' || encode(private.hash_token(lower(btrim(email))), 'hex'), 20, 1
  );

  insert into public.invitations (
    organization_id, email, role, client_id, display_name, token_hash, created_by, expires_at
  )
  values (
    v_organization_id, lower(btrim(email)), role, client_id, display_name, private.hash_token(v_token),
    auth.uid(), now() + make_interval(hours => expires_in_hours)
  )
  returning * into v_invitation;

  return json_build_object(
    'invitation_id', v_invitation.id, 'token', v_token, 'expires_at', v_invitation.expires_at
  );
end
$$;

comment on function public.create_invitation(text, public.member_role, uuid, uuid, text, integer) is
  'Invites an e-mail address to become a member with `role` (owner, admin) or to link a login to `client_id` '
  '(also receptionist). Returns {invitation_id, token, expires_at}; the token is shown only here. Errors: '
  'invalid_argument, invalid_state (the client has a login), not_found, forbidden, rate_limited.';

grant execute on function public.create_invitation(text, public.member_role, uuid, uuid, text, integer)
  to authenticated;

create function public.revoke_invitation(invitation_id uuid)
returns void
language plpgsql
security definer -- definer because nobody is granted update on invitations
set search_path = ''
as $$
declare
  v_invitation public.invitations;
begin
  select i.* into v_invitation from public.invitations as i where i.id = invitation_id for update;
  perform private.require_staff(v_invitation.organization_id, 'invitation', 'owner', 'admin', 'receptionist');
  if v_invitation.role is not null then
    perform private.require_role(v_invitation.organization_id, 'owner', 'admin');
  end if;
  if v_invitation.accepted_at is not null then
    perform private.fail('invalid_state', 'This invitation was accepted already.');
  end if;
  update public.invitations as i set revoked_at = now()
  where i.id = invitation_id and i.revoked_at is null;
end
$$;

comment on function public.revoke_invitation(uuid) is
  'Makes an open invitation unusable. Errors: not_found, forbidden, invalid_state (already accepted).';

grant execute on function public.revoke_invitation(uuid) to authenticated;

create function public.accept_invitation(token text)
returns json
language plpgsql
security definer -- definer because the invited user has no rights in the organization yet
set search_path = ''
as $$
declare
  v_user_id uuid := private.require_user();
  v_invitation public.invitations;
  v_email text;
begin
  -- The client before the invitation, as erasing and deleting take them.
  perform 1
  from public.clients as c
  where c.id = (select i.client_id from public.invitations as i where i.token_hash = private.hash_token(token))
  for no key update;
  -- The row lock makes a second acceptance wait and then find the invitation used.
  select i.* into v_invitation
  from public.invitations as i
  where i.token_hash = private.hash_token(token)
  for update;

  -- Unknown, used, revoked and expired look the same to whoever guesses.
  if not found
    or v_invitation.accepted_at is not null
    or v_invitation.revoked_at is not null
    or v_invitation.expires_at <= now()
  then
    perform private.fail(
      'invitation_unusable', 'This invitation is unknown, used, revoked or expired.', 'Ask for a new one.'
    );
  end if;

  -- Only a confirmed address proves that the caller is the one invited.
  select lower(u.email) into v_email
  from auth.users as u
  where u.id = v_user_id and u.email_confirmed_at is not null;
  if v_email is distinct from v_invitation.email then
    perform private.fail(
      'forbidden',
      'This invitation is for another e-mail address.',
      'Sign in with the invited, confirmed address.'
    );
  end if;

  if v_invitation.role is not null then
    insert into public.members (organization_id, user_id, role, display_name)
    values (
      v_invitation.organization_id, v_user_id, v_invitation.role,
      coalesce(v_invitation.display_name, left(split_part(v_email, '@', 1), 200))
    )
    on conflict (organization_id, user_id) do nothing;
    if not found then
      perform private.fail('forbidden', 'You are already a member; an invitation does not change your role.');
    end if;
  else
    if private.current_client_in(v_invitation.organization_id) is not null then
      perform private.fail('forbidden', 'Your login is already linked to a client of this organization.');
    end if;
    begin
      update public.clients as c set user_id = v_user_id
      where c.id = v_invitation.client_id and c.user_id is null and c.archived_at is null;
      if not found then
        perform private.fail('invitation_unusable', 'This client already has a login or was archived.');
      end if;
    exception
      -- Linked to another record of the organization at the same moment.
      when unique_violation then
        perform private.fail('forbidden', 'Your login is already linked to a client of this organization.');
    end;
  end if;

  update public.invitations as i set accepted_at = now(), accepted_by = v_user_id
  where i.id = v_invitation.id;

  return json_build_object(
    'organization_id', v_invitation.organization_id,
    'role', v_invitation.role,
    'client_id', v_invitation.client_id
  );
end
$$;

comment on function public.accept_invitation(text) is
  'The signed-in, confirmed owner of the invited e-mail address accepts, once. Returns {organization_id, role, '
  'client_id}. Errors: invitation_unusable (410), forbidden (another address, already a member or client).';

grant execute on function public.accept_invitation(text) to authenticated;

create function private.tg_members__revoke_invitations()
returns trigger
language plpgsql
security definer -- definer because nobody is granted update on invitations
set search_path = ''
as $$
begin
  update public.invitations as i set revoked_at = now()
  where i.organization_id = old.organization_id
    and i.created_by = old.user_id
    and i.role is not null
    and (tg_op = 'DELETE' or new.role <> 'admin' or i.role = 'owner')
    and i.accepted_at is null
    and i.revoked_at is null;
  return null;
end
$$;

comment on function private.tg_members__revoke_invitations() is
  'Whoever may no longer invite members leaves no open door behind.';

create trigger members_revoke_invitations_on_delete after delete on public.members
  for each row when (old.role in ('owner', 'admin')) execute function private.tg_members__revoke_invitations();
create trigger members_revoke_invitations_on_update after update on public.members
  for each row when (old.role in ('owner', 'admin') and new.role not in ('owner', old.role))
  execute function private.tg_members__revoke_invitations();
