-- What no row may say, whoever writes it: identity, by hand.
begin;
select * from no_plan();
select tests.practice('north');
select tests.practice('south');
insert into public.client_notes (organization_id, client_id, body)
values (tests.id('organization'), tests.id('client'), 'x') returning tests.remember('note', id);
insert into public.profiles (user_id, display_name) values (tests.id('client_user'), 'Jana');
insert into public.invitations (organization_id, email, role, token_hash, created_by, expires_at)
values (
  tests.id('organization'), 'somebody@new.example', 'admin', sha256('x'), tests.id('owner_user'), now() + interval '1 day'
)
returning tests.remember('invitation', id);

select tests.gets(
  'operator', format('update public.%I set %s where %s', relation, assignment, condition), expected,
  format('%s: %s → %s', relation, assignment, expected)
)
from (
  values
    ('locations', 'name = '' ''', 'id = tests.id(''location'')', '23514 locations_name_is_given'),
    ('locations', 'timezone = ''Nowhere''', 'id = tests.id(''location'')', '23514 locations_timezone_is_known'),
    ('locations', 'address = repeat(''x'', 501)', 'id = tests.id(''location'')', '23514 locations_text_is_short'),
    (
      'locations', 'organization_id = gen_random_uuid()', 'id = tests.id(''location'')',
      '23503 rooms_organization_id_location_id_fkey'
    ),
    ('members', 'user_id = gen_random_uuid()', 'id = tests.id(''admin_member'')', '23503 members_user_id_fkey'),
    (
      'members', 'organization_id = gen_random_uuid()', 'id = tests.id(''admin_member'')',
      '23503 members_organization_id_fkey'
    ),
    (
      'members', 'user_id = tests.id(''owner_user'')', 'id = tests.id(''admin_member'')',
      '23505 members_organization_id_user_id_key'
    ),
    (
      'practitioners', 'display_name = '' ''', 'id = tests.id(''therapist'')',
      '23514 practitioners_display_name_is_given'
    ),
    ('practitioners', 'title = repeat(''x'', 101)', 'id = tests.id(''therapist'')', '23514 practitioners_text_is_short'),
    ('practitioners', 'colour = ''red''', 'id = tests.id(''therapist'')', '23514 practitioners_colour_is_hex'),
    (
      'practitioners', 'organization_id = gen_random_uuid()', 'id = tests.id(''freelancer'')',
      '23503 practitioners_organization_id_fkey'
    ),
    (
      'practitioners', 'user_id = tests.id(''colleague_user'')', 'id = tests.id(''therapist'')',
      '23505 practitioners_organization_id_user_id_key'
    ),
    ('clients', 'organization_id = gen_random_uuid()', 'id = tests.id(''walkin'')', '23503 clients_organization_id_fkey'),
    ('clients', 'user_id = gen_random_uuid()', 'id = tests.id(''walkin'')', '23503 clients_user_id_fkey'),
    ('clients', 'user_id = tests.id(''client_user'')', 'id = tests.id(''walkin'')', '23505 clients_user_id_idx'),
    ('client_notes', 'body = '' ''', 'id = tests.id(''note'')', '23514 client_notes_body_is_given'),
    ('client_notes', 'body = repeat(''x'', 10001)', 'id = tests.id(''note'')', '23514 client_notes_body_is_given'),
    (
      'profiles', 'display_name = repeat(''x'', 201)', 'user_id = tests.id(''client_user'')',
      '23514 profiles_text_is_short'
    ),
    ('profiles', 'locale = ''xx''', 'user_id = tests.id(''client_user'')', '23514 profiles_locale_is_supported'),
    ('profiles', 'timezone = ''xx''', 'user_id = tests.id(''client_user'')', '23514 profiles_timezone_is_known'),
    ('profiles', 'user_id = gen_random_uuid()', 'user_id = tests.id(''client_user'')', '23503 profiles_user_id_fkey'),
    ('invitations', 'email = ''A@b.c''', 'id = tests.id(''invitation'')', '23514 invitations_email_is_valid'),
    ('invitations', 'email = ''nobody''', 'id = tests.id(''invitation'')', '23514 invitations_email_is_valid'),
    (
      'invitations', 'display_name = '' ''', 'id = tests.id(''invitation'')',
      '23514 invitations_display_name_is_given'
    ),
    ('invitations', 'role = null', 'id = tests.id(''invitation'')', '23514 invitations_are_for_one_purpose'),
    (
      'invitations', 'client_id = tests.id(''walkin'')', 'id = tests.id(''invitation'')',
      '23514 invitations_are_for_one_purpose'
    ),
    ('invitations', 'expires_at = created_at', 'id = tests.id(''invitation'')', '23514 invitations_expire_later'),
    ('invitations', 'accepted_at = now()', 'id = tests.id(''invitation'')', '23514 invitations_acceptance_is_complete'),
    (
      'invitations', 'accepted_at = now(), accepted_by = gen_random_uuid(), revoked_at = now()',
      'id = tests.id(''invitation'')', '23514 invitations_end_once'
    ),
    (
      'invitations', 'accepted_at = expires_at + interval ''1 second'', accepted_by = gen_random_uuid()',
      'id = tests.id(''invitation'')', '23514 invitations_are_accepted_in_time'
    ),
    ('invitations', 'token_hash = ''secret''', 'id = tests.id(''invitation'')', '23514 invitations_secret_is_hashed'),
    (
      'invitations', 'organization_id = gen_random_uuid()', 'id = tests.id(''invitation'')',
      '23503 invitations_organization_id_fkey'
    ),
    (
      'invitations', 'role = null, client_id = tests.id(''south.walkin'')', 'id = tests.id(''invitation'')',
      '23503 invitations_organization_id_client_id_fkey'
    )
) as t (relation, assignment, condition, expected);

-- What goes along and what stays when something is deleted.
select throws_ok(
  $$ delete from public.organizations where id = tests.id('organization') $$, '23503', null,
  'an organization with history can NOT be deleted'
);
delete from public.clients where id = tests.id('client');
select is(
  (select count(*) from public.client_notes as n where n.id = tests.id('note')), 0::bigint,
  'the notes on a client go with the client'
);
delete from auth.users where id = tests.id('client_user');
select is(
  (select count(*) from public.profiles as p where p.user_id = tests.id('client_user')), 0::bigint,
  'a profile goes with its login'
);

select * from finish();
rollback;
