-- Staff: roles, the last owner, removal that acts at once.
begin;
select * from no_plan();
select tests.practice('north');
select tests.practice('south');

-- Reading and direct writes -----------------------------------------------------------------------
select tests.gets(who, 'select * from public.members', expected, who || ' reads members: ' || expected)
from (
  values
    ('owner', 'ok 5'), ('admin', 'ok 5'), ('reception', 'ok 5'), ('therapist', 'ok 5'), ('client', 'ok 0'),
    ('removed', 'ok 0'), ('stranger', 'ok 0'), ('nobody', 'ok 0'), ('anon', '42501'), ('south.owner', 'ok 5')
) as t (who, expected);
select tests.gets(who, statement, expected, who || ': ' || statement || ' → ' || expected)
from (
  values
    ('owner', 'update public.members set role = ''owner''', '42501'),
    ('therapist', 'update public.members set role = ''owner''', '42501'),
    ('owner', 'update public.members set user_id = auth.uid()', '42501'),
    ('owner', 'update public.members set organization_id = tests.id(''south.organization'')', '42501'),
    (
      'owner',
      'insert into public.members (organization_id, user_id, role, display_name)'
      || ' values (tests.id(''organization''), tests.id(''stranger_user''), ''owner'', ''X'')',
      '42501'
    ),
    (
      'stranger',
      'insert into public.members (organization_id, user_id, role, display_name)'
      || ' values (tests.id(''organization''), auth.uid(), ''owner'', ''X'')',
      '42501'
    ),
    ('owner', 'delete from public.members', '42501'),
    ('owner', 'update public.members set display_name = ''X''', 'ok 5'),
    ('admin', 'update public.members set display_name = ''X''', 'ok 5'),
    ('reception', 'update public.members set display_name = ''X''', 'ok 1'),
    ('therapist', 'update public.members set display_name = ''X''', 'ok 1'),
    ('client', 'update public.members set display_name = ''X''', 'ok 0'),
    ('removed', 'update public.members set display_name = ''X''', 'ok 0'),
    ('south.owner', 'update public.members set display_name = ''X'' where id = tests.id(''reception_member'')', 'ok 0'),
    (
      'owner', 'update public.members set display_name = '''' where id = tests.id(''owner_member'')',
      '23514 members_display_name_is_given'
    )
) as t (who, statement, expected);

-- set_member_role ---------------------------------------------------------------------------------
select tests.gets(
  who, format('select public.set_member_role(tests.id(%L), %L)', member, role), expected,
  format('%s makes %s %s: %s', who, member, role, expected)
)
from (
  values
    ('owner', 'reception_member', 'admin', 'ok 1'),
    ('owner', 'reception_member', 'owner', 'ok 1'),
    ('owner', 'owner_member', 'admin', 'PT409 last_owner'),
    ('owner', 'owner_member', 'owner', 'ok 1'),
    ('admin', 'reception_member', 'admin', 'ok 1'),
    ('admin', 'reception_member', 'owner', 'PT403 forbidden'),
    ('admin', 'admin_member', 'owner', 'PT403 forbidden'),
    ('admin', 'owner_member', 'receptionist', 'PT403 forbidden'),
    ('admin', 'admin_member', 'receptionist', 'ok 1'),
    ('reception', 'therapist_member', 'receptionist', 'PT403 forbidden'),
    ('reception', 'reception_member', 'owner', 'PT403 forbidden'),
    ('therapist', 'therapist_member', 'admin', 'PT403 forbidden'),
    ('client', 'reception_member', 'practitioner', 'PT404 not_found'),
    ('south.owner', 'reception_member', 'admin', 'PT404 not_found'),
    ('removed', 'reception_member', 'admin', 'PT404 not_found'),
    ('stranger', 'reception_member', 'admin', 'PT404 not_found'),
    ('nobody', 'reception_member', 'admin', 'PT401 unauthenticated'),
    ('anon', 'reception_member', 'admin', '42501')
) as t (who, member, role, expected);
select tests.gets(
  'owner', $$ select public.set_member_role(gen_random_uuid(), 'admin') $$, 'PT404 not_found',
  'a member that does not exist is not found'
);
select tests.gets(
  'owner', $$ select public.set_member_role(tests.id('reception_member'), null) $$, 'PT422 invalid_argument',
  'a role is required'
);
select tests.gets('owner', $$ select public.set_member_role(null, 'admin') $$, 'PT404 not_found', 'null names nobody');

-- remove_member -----------------------------------------------------------------------------------
select tests.gets(
  who, format('select public.remove_member(tests.id(%L))', member), expected,
  format('%s removes %s: %s', who, member, expected)
)
from (
  values
    ('owner', 'reception_member', 'ok 1'),
    ('owner', 'admin_member', 'ok 1'),
    ('owner', 'owner_member', 'PT409 last_owner'),
    ('admin', 'reception_member', 'ok 1'),
    ('admin', 'owner_member', 'PT403 forbidden'),
    ('admin', 'admin_member', 'ok 1'),
    ('reception', 'therapist_member', 'PT403 forbidden'),
    ('reception', 'reception_member', 'ok 1'),
    ('therapist', 'therapist_member', 'ok 1'),
    ('client', 'reception_member', 'PT404 not_found'),
    ('south.owner', 'reception_member', 'PT404 not_found'),
    ('removed', 'reception_member', 'PT404 not_found'),
    ('stranger', 'reception_member', 'PT404 not_found'),
    ('nobody', 'reception_member', 'PT401 unauthenticated'),
    ('anon', 'reception_member', '42501')
) as t (who, member, expected);

-- The last owner, also by hand --------------------------------------------------------------------
select tests.gets('operator', statement, 'PT409 last_owner', 'by hand: ' || statement)
from (
  values
    ($$ delete from public.members where id = tests.id('owner_member') $$),
    ($$ update public.members set role = 'admin' where id = tests.id('owner_member') $$),
    (
      $$ update public.members set organization_id = tests.id('south.organization') where id = tests.id('owner_member') $$
    ),
    ($$ delete from public.members where organization_id = tests.id('organization') $$),
    ($$ delete from auth.users where id = tests.id('owner_user') $$)
) as t (statement);
select tests.gets(
  'service', $$ delete from public.members where id = tests.id('owner_member') $$, 'PT409 last_owner',
  'the secret key is bound too'
);
select tests.act('owner', $$ select public.set_member_role(tests.id('admin_member'), 'owner') $$);
select tests.gets(
  'owner', $$ select public.remove_member(tests.id('owner_member')) $$, 'ok 1',
  'an owner CAN leave when another stays'
);
select tests.gets(
  'operator', $$ delete from auth.users where id = tests.id('owner_user') $$, 'ok 1',
  'the login of one of two owners CAN be deleted'
);
select tests.gets(
  'operator', $$ delete from public.members where organization_id = tests.id('organization') and role = 'owner' $$,
  'PT409 last_owner', 'both owners can NOT go at once'
);

-- Auth deletes logins as a role of its own, which reads nothing of ours: the rule must not need more than that.
create role tests_auth_service nologin bypassrls;
grant tests_auth_service to postgres;
grant usage on schema public to tests_auth_service;
grant select, delete on public.members to tests_auth_service;
grant usage on schema tests to tests_auth_service;
grant execute on all functions in schema tests to tests_auth_service;
select tests.gets(
  'operator',
  $$ with role as materialized (select set_config('role', 'tests_auth_service', true)) select role.* from role $$,
  'ok 1', 'a role like that of Auth exists'
);
create function pg_temp.delete_as_auth_service(member text) returns text
language plpgsql as $$
declare
  v_state text;
begin
  begin
    perform set_config('role', 'tests_auth_service', true);
    delete from public.members where id = tests.id(member);
    raise exception using errcode = 'PX999';
  exception when others then
    get stacked diagnostics v_state = returned_sqlstate;
  end;
  return case when v_state = 'PX999' then 'ok' else v_state end;
end
$$;
select is(pg_temp.delete_as_auth_service('owner_member'), 'ok', 'it CAN delete one of two owners');
select tests.act('admin', $$ select public.set_member_role(tests.id('admin_member'), 'admin') $$);
select is(pg_temp.delete_as_auth_service('owner_member'), 'PT409', 'it can NOT delete the last owner');

-- Removal acts at once on a token that is still valid ----------------------------------------------
select tests.act('owner', $$ select public.remove_member(tests.id('therapist_member')) $$);
select tests.gets('therapist', 'select * from public.' || relation, 'ok 0', 'a removed member reads no ' || relation)
from unnest(array[
  'organizations', 'members', 'clients', 'appointments', 'services', 'rooms', 'working_hours', 'time_off',
  'organization_settings', 'practitioners', 'credit_entries', 'client_notes'
]) as relation;
select is(
  (select p.user_id from public.practitioners as p where p.id = tests.id('therapist')), null,
  'the practitioner stays, without the login'
);
select tests.gets(
  'therapist',
  format('select public.set_booking_activation(%L, %L, %L, true)', tests.id('therapist'), tests.today(), tests.today()),
  'PT404 not_found', 'a removed practitioner can NOT open days'
);
select is(
  tests.act('therapist', $$ select public.current_identity() -> 'memberships' $$), '[]',
  'a removed member belongs nowhere'
);

-- Deleting a login keeps what the practice must keep -------------------------------------------------
select tests.book('kept', 'client', 'talk', 'colleague', tests.at(3, '10:00'));
select lives_ok($$ delete from auth.users where id = tests.id('client_user') $$, 'a client''s login CAN be deleted');
select is(
  (select count(*) from public.clients where id = tests.id('client') and user_id is null), 1::bigint,
  'the client''s record and history stay, without a login'
);
select is((select count(*) from public.appointments where id = tests.id('kept')), 1::bigint, 'and the appointments');

select * from finish();
rollback;
