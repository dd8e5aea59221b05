-- Invitations: single use, expiring, bound to a confirmed address, never a way around the roles.
begin;
select * from no_plan();
select tests.practice('north');
select tests.practice('south');
select tests.remember('invitee_user', tests.create_user('invitee@new.example'));
select tests.remember('intruder_user', tests.create_user('intruder@new.example'));
select tests.remember('second_owner_user', tests.create_user('second.owner@north.example'));

create temp table tokens (name text primary key, token text, id uuid);
grant all on tokens to anon, authenticated;

create function pg_temp.invite(name text, who text, arguments text) returns void
language plpgsql as $$
declare
  v_answer json := tests.act(who, 'select public.create_invitation(' || arguments || ')');
begin
  insert into tokens values (name, v_answer ->> 'token', (v_answer ->> 'invitation_id')::uuid);
end
$$;
create function pg_temp.accept(name text) returns text
language sql as $$ select format('select public.accept_invitation(%L)', t.token) from tokens as t where t.name = accept.name $$;
create function pg_temp.invitation(name text) returns uuid
language sql as $$ select t.id from tokens as t where t.name = invitation.name $$;

-- Who may invite whom -------------------------------------------------------------------------------
select tests.gets(
  who, format('select public.create_invitation(%L, %L)', 'x@new.example', role), expected,
  format('%s invites %s: %s', who, role, expected)
)
from (
  values
    ('owner', 'owner', 'ok 1'), ('owner', 'admin', 'ok 1'), ('owner', 'practitioner', 'ok 1'),
    ('admin', 'owner', 'PT403 forbidden'), ('admin', 'admin', 'ok 1'), ('admin', 'receptionist', 'ok 1'),
    ('reception', 'practitioner', 'PT403 forbidden'), ('therapist', 'practitioner', 'PT403 forbidden'),
    ('client', 'receptionist', 'PT403 forbidden'), ('removed', 'admin', 'PT403 forbidden'),
    ('stranger', 'admin', 'PT403 forbidden'), ('nobody', 'admin', 'PT401 unauthenticated'), ('anon', 'admin', '42501')
) as t (who, role, expected);
select tests.gets(
  who,
  $$ select public.create_invitation('x@new.example', 'admin', organization_id => tests.id('organization')) $$,
  'PT404 not_found', who || ' can NOT invite into a foreign organization'
)
from unnest(array['south.owner', 'removed', 'stranger']) as who;
select tests.gets(
  who, $$ select public.create_invitation('x@new.example', client_id => tests.id('walkin')) $$, expected,
  who || ' invites a client: ' || expected
)
from (
  values
    ('owner', 'ok 1'), ('reception', 'ok 1'), ('therapist', 'PT403 forbidden'), ('client', 'PT403 forbidden'),
    ('south.owner', 'PT404 not_found'), ('stranger', 'PT403 forbidden'), ('anon', '42501')
) as t (who, expected);
select tests.gets(
  'owner', 'select public.create_invitation(' || arguments || ')', expected, 'an invitation is refused: ' || title
)
from (
  values
    ($$ 'x@new.example' $$, 'PT422 invalid_argument', 'neither role nor client'),
    ($$ 'x@new.example', 'admin', tests.id('walkin') $$, 'PT422 invalid_argument', 'role and client'),
    ($$ null, 'admin' $$, 'PT422 invalid_argument', 'no address'),
    ($$ 'nobody', 'admin' $$, 'PT422 invalid_argument', 'no address at all'),
    ($$ 'a@b@c', 'admin' $$, 'PT422 invalid_argument', 'two at signs'),
    ($$ 'a b@c', 'admin' $$, 'PT422 invalid_argument', 'a blank'),
    ($$ repeat('x', 250) || '@new.example', 'admin' $$, 'PT422 invalid_argument', 'too long'),
    ($$ 'x@new.example', 'admin', expires_in_hours => 0 $$, 'PT422 invalid_argument', 'expires at once'),
    ($$ 'x@new.example', 'admin', expires_in_hours => 721 $$, 'PT422 invalid_argument', 'lasts too long'),
    ($$ 'x@new.example', 'admin', expires_in_hours => null $$, 'PT422 invalid_argument', 'no expiry'),
    (
      $$ 'x@new.example', 'admin', display_name => '' $$, 'PT422 invalid_argument',
      'an empty name, which no member may have'
    ),
    (
      $$ 'x@new.example', 'admin', display_name => repeat('x', 201) $$, 'PT422 invalid_argument',
      'a name too long for a member'
    ),
    ($$ 'x@new.example', client_id => gen_random_uuid() $$, 'PT404 not_found', 'a client that does not exist'),
    ($$ 'x@new.example', client_id => tests.id('south.walkin') $$, 'PT404 not_found', 'a foreign client'),
    ($$ 'x@new.example', client_id => tests.id('client') $$, 'PT409 invalid_state', 'a client with a login'),
    (
      $$ 'x@new.example', 'admin', organization_id => gen_random_uuid() $$, 'PT404 not_found',
      'an organization that does not exist'
    )
) as t (arguments, expected, title);

-- The secret is stored nowhere and read by nobody -----------------------------------------------------
select pg_temp.invite('staff', 'owner', $$ 'Invitee@New.Example', 'receptionist', display_name => 'Ines' $$);
select is(
  (select count(*) from public.invitations as i join tokens as t on t.id = i.id where to_jsonb(i)::text like '%' || t.token || '%'),
  0::bigint, 'the token itself is not stored'
);
select is(
  (select i.email from public.invitations as i where i.id = pg_temp.invitation('staff')), 'invitee@new.example',
  'addresses are compared in lower case'
);
select tests.gets(who, 'select token_hash from public.invitations', '42501', who || ' can NOT read token hashes')
from unnest(array['owner', 'reception', 'client', 'anon']) as who;
select tests.gets('owner', 'select * from public.invitations', '42501', 'not with * either');
select tests.gets('owner', statement, '42501', 'nobody writes invitations: ' || statement)
from (
  values
    ('update public.invitations set accepted_at = null'), ('update public.invitations set role = ''owner'''),
    ('delete from public.invitations'),
    (
      'insert into public.invitations (organization_id, email, role, token_hash, created_by, expires_at)'
      || ' values (tests.id(''organization''), ''a@b.c'', ''owner'', ''x'', auth.uid(), now() + interval ''1 day'')'
    )
) as t (statement);
select pg_temp.invite('portal', 'reception', $$ 'invitee@new.example', client_id => tests.id('walkin') $$);
select tests.gets(
  who, 'select id, email, role from public.invitations', expected, who || ' reads invitations: ' || expected
)
from (
  values
    ('owner', 'ok 2'), ('admin', 'ok 2'), ('reception', 'ok 1'), ('therapist', 'ok 0'), ('client', 'ok 0'),
    ('south.owner', 'ok 0'), ('removed', 'ok 0'), ('invitee', 'ok 0'), ('anon', '42501')
) as t (who, expected);

-- Accepting -------------------------------------------------------------------------------------------
select tests.gets('intruder', pg_temp.accept('staff'), 'PT403 forbidden', 'another address can NOT accept');
select tests.gets('nobody', pg_temp.accept('staff'), 'PT401 unauthenticated', 'a token without a user can NOT accept');
select tests.gets('anon', pg_temp.accept('staff'), '42501', 'a visitor can NOT accept');
update auth.users set email_confirmed_at = null where id = tests.id('invitee_user');
select tests.gets('invitee', pg_temp.accept('staff'), 'PT403 forbidden', 'an unconfirmed address can NOT accept');
update auth.users set email_confirmed_at = now() where id = tests.id('invitee_user');
select tests.gets(
  'invitee', format('select public.accept_invitation(%L)', token), 'PT410 invitation_unusable',
  'a guess is unusable: ' || title
)
from (
  select 'truncated' as title, left(t.token, 20) as token from tokens as t where t.name = 'staff'
  union all select 'in other case', upper(t.token) from tokens as t where t.name = 'staff'
  union all select 'empty', ''
  union all select 'null', null
) as t;

select tests.gets('invitee', pg_temp.accept('staff'), 'ok 1', 'the invited person CAN accept');
update public.invitations set created_at = now() - interval '2 days', expires_at = now() - interval '1 second'
where id = pg_temp.invitation('staff');
select tests.gets('invitee', pg_temp.accept('staff'), 'PT410 invitation_unusable', 'an expired invitation is unusable');
select tests.gets('intruder', pg_temp.accept('staff'), 'PT410 invitation_unusable', 'and looks so to everybody');
update public.invitations set expires_at = now() + interval '1 day' where id = pg_temp.invitation('staff');

select tests.act('invitee', pg_temp.accept('staff'));
select results_eq(
  $$ select m.role::text, m.display_name from public.members as m
    where m.organization_id = tests.id('organization') and m.user_id = tests.id('invitee_user') $$,
  $$ values ('receptionist', 'Ines') $$,
  'accepting makes a member with the invited role'
);
select tests.gets('invitee', pg_temp.accept('staff'), 'PT410 invitation_unusable', 'an invitation is used once');
select tests.gets('invitee', $$ select * from public.organization_settings $$, 'ok 1', 'the new member works at once');
select tests.gets(
  'owner', format('select public.revoke_invitation(%L)', pg_temp.invitation('staff')), 'PT409 invalid_state',
  'an accepted invitation can NOT be revoked'
);

select pg_temp.invite('promotion', 'owner', $$ 'invitee@new.example', 'owner' $$);
select tests.gets(
  'invitee', pg_temp.accept('promotion'), 'PT403 forbidden', 'an invitation does not change the role of a member'
);
select is(
  (select m.role::text from public.members as m where m.user_id = tests.id('invitee_user')), 'receptionist',
  'and did not'
);

-- Revoking ----------------------------------------------------------------------------------------------
select tests.gets(
  who, format('select public.revoke_invitation(%L)', pg_temp.invitation(invitation)), expected,
  format('%s revokes the %s invitation: %s', who, invitation, expected)
)
from (
  values
    ('owner', 'promotion', 'ok 1'), ('admin', 'promotion', 'ok 1'), ('reception', 'promotion', 'PT403 forbidden'),
    ('therapist', 'promotion', 'PT403 forbidden'), ('client', 'promotion', 'PT404 not_found'),
    ('south.owner', 'promotion', 'PT404 not_found'), ('stranger', 'promotion', 'PT404 not_found'),
    ('anon', 'promotion', '42501'),
    ('reception', 'portal', 'ok 1'), ('therapist', 'portal', 'PT403 forbidden'),
    ('south.owner', 'portal', 'PT404 not_found')
) as t (who, invitation, expected);
select tests.gets(
  'owner', 'select public.revoke_invitation(gen_random_uuid())', 'PT404 not_found',
  'an invitation that does not exist is not found'
);
select tests.act('admin', format('select public.revoke_invitation(%L)', pg_temp.invitation('promotion')));
select tests.gets(
  'invitee', pg_temp.accept('promotion'), 'PT410 invitation_unusable', 'a revoked invitation is unusable'
);
select tests.gets(
  'admin', format('select public.revoke_invitation(%L)', pg_temp.invitation('promotion')), 'ok 1',
  'revoking twice is the same'
);

-- Linking a login to a client ---------------------------------------------------------------------------
select tests.gets(
  'intruder', pg_temp.accept('portal'), 'PT403 forbidden', 'another address can NOT take over a client'
);
select tests.act('invitee', pg_temp.accept('portal'));
select is(
  (select c.user_id from public.clients as c where c.id = tests.id('walkin')), tests.id('invitee_user'),
  'the client has a login'
);
select tests.gets(
  'invitee', $$ select * from public.clients where id = tests.id('walkin') $$, 'ok 1', 'and reads the own record'
);

insert into public.clients (organization_id, given_name, family_name)
values (tests.id('organization'), 'Second', 'Record') returning tests.remember('second', id);
select pg_temp.invite('second', 'reception', $$ 'invitee@new.example', client_id => tests.id('second') $$);
select tests.gets(
  'invitee', pg_temp.accept('second'), 'PT403 forbidden', 'a login is linked to one client of an organization'
);
select pg_temp.invite('third', 'reception', $$ 'intruder@new.example', client_id => tests.id('second') $$);
select tests.act('owner', $$ select public.archive_client(tests.id('second')) $$);
select tests.gets(
  'intruder', pg_temp.accept('third'), 'PT410 invitation_unusable', 'an archived client can NOT be linked'
);
select tests.gets(
  'reception', $$ select public.create_invitation('y@new.example', client_id => tests.id('second')) $$,
  'PT404 not_found',
  'nor invited'
);
select tests.act('owner', $$ select public.archive_client(tests.id('second'), false) $$);
select pg_temp.invite('race', 'reception', $$ 'stranger@nowhere.example', client_id => tests.id('second') $$);
select tests.gets('intruder', pg_temp.accept('third'), 'ok 1', 'two invitations to one client: the first CAN accept');
select tests.act('intruder', pg_temp.accept('third'));
select tests.gets('stranger', pg_temp.accept('race'), 'PT410 invitation_unusable', 'the second can NOT take it over');

-- Whoever may no longer invite leaves no open door behind ------------------------------------------------
select pg_temp.invite('by admin', 'admin', $$ 'a@new.example', 'admin' $$);
insert into public.members (organization_id, user_id, role, display_name)
values (
  tests.id('organization'), tests.id('second_owner_user'), 'owner', 'Second owner'
) returning tests.remember('second_owner_member', id);
select pg_temp.invite('owner by owner', 'second_owner', $$ 'o@new.example', 'owner' $$);
select pg_temp.invite('admin by owner', 'second_owner', $$ 'p@new.example', 'admin' $$);
create function pg_temp.is_open(name text) returns boolean
language sql as $$ select i.revoked_at is null from public.invitations as i where i.id = pg_temp.invitation(name) $$;
select is(pg_temp.is_open('by admin'), true, 'an invitation is open');
select tests.act('owner', $$ select public.set_member_role(tests.id('second_owner_member'), 'admin') $$);
select is(pg_temp.is_open('owner by owner'), false, 'an owner who becomes admin has no open invitation of owners left');
select is(pg_temp.is_open('admin by owner'), true, 'those that an admin may make stay open');
select tests.act('owner', $$ select public.set_member_role(tests.id('admin_member'), 'receptionist') $$);
select is(pg_temp.is_open('by admin'), false, 'an admin who becomes receptionist has no open invitation of staff left');
select tests.act('owner', $$ select public.remove_member(tests.id('second_owner_member')) $$);
select is(pg_temp.is_open('admin by owner'), false, 'nor has who was removed');

-- An address that makes no good name.
select tests.remember('long_user', tests.create_user(repeat('x', 210) || '@new.example'));
select pg_temp.invite('long', 'owner', $$ repeat('x', 210) || '@new.example', 'practitioner' $$);
select tests.gets('long', pg_temp.accept('long'), 'ok 1', 'a very long address CAN accept');

select * from finish();
rollback;
