-- Clients: who reads and writes them, registration, archive, notes, search; practitioners and profiles.
begin;
select * from no_plan();
select tests.practice('north');
select tests.practice('south');

-- Reading -----------------------------------------------------------------------------------------
select tests.gets(who, 'select * from public.clients', expected, who || ' reads clients: ' || expected)
from (
  values
    ('owner', 'ok 3'), ('admin', 'ok 3'), ('reception', 'ok 3'), ('therapist', 'ok 3'), ('client', 'ok 1'),
    ('other', 'ok 1'), ('removed', 'ok 0'), ('stranger', 'ok 0'), ('nobody', 'ok 0'), ('anon', '42501'),
    ('south.owner', 'ok 3')
) as t (who, expected);
select tests.gets(
  who,
  $$ select * from public.clients where id = tests.id('walkin') or organization_id = tests.id('organization') and email like '%' $$,
  'ok 0', who || ' can NOT read a foreign client by id'
)
from unnest(array['south.owner', 'south.client', 'removed', 'stranger']) as who;

-- Writing -----------------------------------------------------------------------------------------
select tests.gets(
  who,
  $$ insert into public.clients (organization_id, given_name, family_name) values (tests.id('organization'), 'New', 'Client') $$,
  expected, who || ' adds a client: ' || expected
)
from (
  values
    ('owner', 'ok 1'), ('admin', 'ok 1'), ('reception', 'ok 1'), ('therapist', 'ok 1'), ('client', '42501'),
    ('south.owner', '42501'), ('removed', '42501'), ('stranger', '42501'), ('anon', '42501')
) as t (who, expected);
select tests.gets(who, statement, expected, who || ': ' || statement || ' → ' || expected)
from (
  values
    ('reception', 'update public.clients set phone = ''777 000 111''', 'ok 3'),
    ('therapist', 'update public.clients set phone = ''777 000 111''', 'ok 3'),
    ('client', 'update public.clients set phone = ''777 000 111''', 'ok 1'),
    ('removed', 'update public.clients set phone = ''777 000 111''', 'ok 0'),
    ('south.owner', 'update public.clients set phone = ''777 000 111'' where id = tests.id(''client'')', 'ok 0'),
    ('anon', 'update public.clients set phone = ''777 000 111''', '42501'),
    ('client', 'update public.clients set user_id = auth.uid()', '42501'),
    ('owner', 'update public.clients set user_id = auth.uid()', '42501'),
    ('client', 'update public.clients set archived_at = null', '42501'),
    ('owner', 'update public.clients set archived_at = now()', '42501'),
    ('client', 'update public.clients set organization_id = tests.id(''south.organization'')', '42501'),
    ('owner', 'update public.clients set organization_id = tests.id(''south.organization'')', '42501'),
    ('client', 'update public.clients set id = gen_random_uuid()', '42501'),
    ('client', 'update public.clients set search_text = ''x''', '428C9'),
    ('client', 'update public.clients set created_at = now()', '42501'),
    ('owner', 'delete from public.clients where id = tests.id(''walkin'')', 'ok 1'),
    ('admin', 'delete from public.clients where id = tests.id(''walkin'')', 'ok 1'),
    ('reception', 'delete from public.clients', 'ok 0'),
    ('client', 'delete from public.clients', 'ok 0'),
    ('south.owner', 'delete from public.clients where id = tests.id(''walkin'')', 'ok 0'),
    (
      'stranger',
      'insert into public.clients (organization_id, user_id, given_name, family_name)'
      || ' values (tests.id(''organization''), auth.uid(), ''A'', ''B'')',
      '42501'
    ),
    (
      'owner',
      'insert into public.clients (id, organization_id, given_name, family_name)'
      || ' values (tests.id(''south.client''), tests.id(''organization''), ''A'', ''B'')',
      '42501'
    )
) as t (who, statement, expected);
select tests.gets(
  'reception', 'update public.clients set ' || assignment, '23514 ' || rule, assignment || ' is refused'
)
from (
  values
    ('given_name = '' ''', 'clients_name_is_given'), ('family_name = repeat(''x'', 101)', 'clients_name_is_given'),
    ('email = ''nobody''', 'clients_email_is_valid'), ('phone = ''call me''', 'clients_phone_is_valid'),
    ('birth_date = ''1700-01-01''', 'clients_birth_date_is_sensible'),
    ('birth_date = ''infinity''', 'clients_birth_date_is_sensible'),
    ('timezone = ''Mars/Phobos''', 'clients_timezone_is_known'), ('locale = ''xx''', 'clients_locale_is_supported')
) as t (assignment, rule);
select tests.book('kept', 'client', 'talk', 'therapist', tests.at(3, '10:00'));
select tests.gets(
  'owner', $$ delete from public.clients where id = tests.id('client') $$,
  '23503 appointments_organization_id_client_id_fkey',
  'a client with appointments can NOT be deleted'
);

-- Notes on clients: staff only ------------------------------------------------------------------------
select tests.act('therapist', $$ insert into public.client_notes (organization_id, client_id, body)
  values (tests.id('organization'), tests.id('client'), 'Afraid of dogs') returning id $$);
select tests.gets(who, 'select * from public.client_notes', expected, who || ' reads notes: ' || expected)
from (
  values
    ('owner', 'ok 1'), ('reception', 'ok 1'), ('therapist', 'ok 1'), ('client', 'ok 0'), ('other', 'ok 0'),
    ('south.owner', 'ok 0'), ('removed', 'ok 0'), ('stranger', 'ok 0'), ('anon', '42501')
) as t (who, expected);
select tests.gets(who, statement, expected, who || ': ' || statement || ' → ' || expected)
from (
  values
    ('therapist', 'update public.client_notes set body = ''Likes dogs''', 'ok 1'),
    ('colleague', 'update public.client_notes set body = ''Likes dogs''', 'ok 0'),
    ('owner', 'update public.client_notes set body = ''Likes dogs''', 'ok 0'),
    ('client', 'update public.client_notes set body = ''Likes dogs''', 'ok 0'),
    ('therapist', 'update public.client_notes set created_by = null', '42501'),
    ('therapist', 'update public.client_notes set client_id = tests.id(''other'')', '42501'),
    ('colleague', 'delete from public.client_notes', 'ok 0'),
    ('owner', 'delete from public.client_notes', 'ok 1'),
    ('therapist', 'delete from public.client_notes', 'ok 1'),
    ('client', 'delete from public.client_notes', 'ok 0'),
    ('south.owner', 'delete from public.client_notes', 'ok 0')
) as t (who, statement, expected);
select tests.gets(
  who,
  format(
    'insert into public.client_notes (organization_id, client_id, body) values (tests.id(%L), tests.id(%L), %L)',
    organization, client, 'x'
  ),
  expected, format('%s notes something on %s: %s', who, client, expected)
)
from (
  values
    ('reception', 'organization', 'client', 'ok 1'),
    ('client', 'organization', 'client', '42501'),
    ('south.owner', 'organization', 'client', '42501'),
    ('owner', 'organization', 'south.client', '23503 client_notes_organization_id_client_id_fkey'),
    ('removed', 'organization', 'client', '42501')
) as t (who, organization, client, expected);
select tests.gets(
  'reception',
  $$ insert into public.client_notes (organization_id, client_id, body, created_by)
    values (tests.id('organization'), tests.id('client'), 'x', tests.id('owner_user')) $$,
  '42501', 'nobody writes a note in another name'
);

-- Registration ----------------------------------------------------------------------------------------
select tests.gets(
  'stranger', $$ select public.register_client('north-practice', 'Nora', 'Nová', '+420 777 000 222') $$, 'ok 1',
  'a signed-in person CAN register'
);
select tests.gets(
  'anon', $$ select public.register_client('north-practice', 'Nora', 'Nová') $$, '42501', 'a visitor can NOT'
);
select tests.gets(
  'nobody', $$ select public.register_client('north-practice', 'Nora', 'Nová') $$, 'PT401 unauthenticated',
  'nor a token without a user'
);
select tests.gets(
  'stranger', 'select public.register_client(' || arguments || ')', expected, 'registration is refused: ' || title
)
from (
  values
    ($$ 'nowhere', 'Nora', 'Nová' $$, 'PT404 not_found', 'an unknown practice'),
    ($$ null, 'Nora', 'Nová' $$, 'PT404 not_found', 'no practice'),
    ($$ 'north-practice', '', 'Nová' $$, 'PT422 invalid_argument', 'no given name'),
    ($$ 'north-practice', 'Nora', null $$, 'PT422 invalid_argument', 'no family name'),
    ($$ 'north-practice', 'Nora', repeat('x', 101) $$, 'PT422 invalid_argument', 'a name too long'),
    ($$ 'north-practice', 'Nora', 'Nová', 'call me' $$, 'PT422 invalid_argument', 'no phone number'),
    ($$ 'north-practice', 'Nora', 'Nová', '' $$, 'PT422 invalid_argument', 'an empty phone number')
) as t (arguments, expected, title);
select tests.remember(
  'registered',
  tests.act('stranger', $$ select (public.register_client('north-practice', 'Nora', 'Nová')).id $$)::uuid
);
select is(
  tests.act('stranger', $$ select (public.register_client('north-practice', 'Other', 'Name')).id $$)::uuid,
  tests.id('registered'),
  'registering again answers the same record'
);
select is(
  (select c.given_name from public.clients as c where c.id = tests.id('registered')), 'Nora', 'and does not change it'
);
select is(
  tests.act('client', $$ select (public.register_client('north-practice', 'Evil', 'Twin')).given_name $$), 'Jana',
  'a client who registers gets the own record'
);
select tests.remember('same_user', tests.create_user('walter@walkin.example'));
update public.clients set email = 'walter@walkin.example' where id = tests.id('walkin');
select isnt(
  tests.act('same', $$ select (public.register_client('north-practice', 'Walter', 'Walkin')).id $$)::uuid,
  tests.id('walkin'),
  'registration can NOT take over a record with the same address'
);
select tests.remember('deleted_user', tests.create_user('deleted@nowhere.example'));
delete from auth.users as u where u.id = tests.id('deleted_user');
select tests.gets(
  'deleted', $$ select public.register_client('north-practice', 'Nora', 'Nová') $$, 'PT401 unauthenticated',
  'a deleted login whose token still lives can NOT register'
);
select tests.operator();
select tests.set('self_registration = false');
select tests.gets(
  'south.client', $$ select public.register_client('north-practice', 'Nora', 'Nová') $$, 'PT404 not_found',
  'a practice that takes no registrations looks like none'
);
select tests.set('self_registration = true');
select tests.gets(
  'south.client', $$ select public.register_client('north-practice', 'Jana', 'Dvojí') $$, 'ok 1',
  'a client of one practice CAN register with another'
);
select tests.gets('stranger', 'select * from public.members', 'ok 0', 'registering makes nobody staff');

-- Archive ---------------------------------------------------------------------------------------------
select tests.gets(
  who, $$ select public.archive_client(tests.id('walkin')) $$, expected, who || ' archives a client: ' || expected
)
from (
  values
    ('owner', 'ok 1'), ('admin', 'ok 1'), ('reception', 'ok 1'), ('therapist', 'PT403 forbidden'),
    ('client', 'PT404 not_found'),
    ('south.owner', 'PT404 not_found'), ('removed', 'PT404 not_found'), ('nobody', 'PT401 unauthenticated'),
    ('anon', '42501')
) as t (who, expected);
select tests.gets(
  'owner', 'select public.archive_client(gen_random_uuid())', 'PT404 not_found',
  'a client that does not exist is not found'
);
select tests.act('owner', $$ select public.archive_client(tests.id('walkin')) $$);
select tests.gets(
  'reception', $$ select * from public.search_clients('walkin') where id = tests.id('walkin') $$, 'ok 0',
  'an archived client is not found by search'
);
select tests.gets(
  'reception',
  format(
    'select public.book_appointment(tests.id(%L), %L, tests.id(%L), tests.id(%L))', 'talk', tests.at(4, '10:00'),
    'therapist', 'walkin'
  ),
  'PT409 invalid_state', 'an archived client can NOT be booked'
);
select tests.act('owner', $$ select public.archive_client(tests.id('walkin'), false) $$);
select tests.gets(
  'reception', $$ select * from public.search_clients('walkin') where id = tests.id('walkin') $$, 'ok 1',
  'a client taken back is found again'
);

-- Practitioners -----------------------------------------------------------------------------------------
select tests.gets(who, 'select * from public.practitioners', expected, who || ' reads practitioners: ' || expected)
from (
  values
    ('owner', 'ok 3'), ('reception', 'ok 3'), ('therapist', 'ok 3'), ('client', 'ok 3'), ('removed', 'ok 0'),
    ('anon', '42501')
) as t (who, expected);
select tests.gets(who, statement, expected, who || ': ' || statement || ' → ' || expected)
from (
  values
    ('owner', 'update public.practitioners set biography = ''x''', 'ok 3'),
    ('reception', 'update public.practitioners set biography = ''x''', 'ok 0'),
    ('therapist', 'update public.practitioners set biography = ''x''', 'ok 0'),
    ('client', 'update public.practitioners set biography = ''x''', 'ok 0'),
    ('therapist', 'update public.practitioners set user_id = auth.uid() where id = tests.id(''colleague'')', 'ok 0'),
    ('owner', 'update public.practitioners set organization_id = tests.id(''south.organization'')', '42501'),
    ('owner', 'delete from public.practitioners where id = tests.id(''freelancer'')', 'ok 1'),
    ('reception', 'delete from public.practitioners', 'ok 0'),
    ('south.owner', 'delete from public.practitioners where id = tests.id(''freelancer'')', 'ok 0'),
    (
      'owner',
      'insert into public.practitioners (organization_id, display_name) values (tests.id(''organization''), ''X'')',
      'ok 1'
    ),
    (
      'reception',
      'insert into public.practitioners (organization_id, display_name) values (tests.id(''organization''), ''X'')',
      '42501'
    ),
    (
      'south.owner',
      'insert into public.practitioners (organization_id, display_name) values (tests.id(''organization''), ''X'')',
      '42501'
    ),
    (
      'owner',
      'update public.practitioners set user_id = tests.id(''client_user'') where id = tests.id(''freelancer'')',
      '23503 practitioners_organization_id_user_id_fkey'
    ),
    (
      'owner',
      'update public.practitioners set user_id = tests.id(''south.owner_user'') where id = tests.id(''freelancer'')',
      '23503 practitioners_organization_id_user_id_fkey'
    )
) as t (who, statement, expected);

-- Profiles --------------------------------------------------------------------------------------------
select tests.act('client', $$ insert into public.profiles (display_name) values ('Jana') returning user_id $$);
select tests.gets(who, statement, expected, who || ': ' || statement || ' → ' || expected)
from (
  values
    ('client', 'select * from public.profiles', 'ok 1'),
    ('owner', 'select * from public.profiles', 'ok 0'),
    ('other', 'select * from public.profiles', 'ok 0'),
    ('anon', 'select * from public.profiles', '42501'),
    ('client', 'update public.profiles set display_name = ''J.''', 'ok 1'),
    ('owner', 'update public.profiles set display_name = ''J.''', 'ok 0'),
    ('other', 'insert into public.profiles (user_id, display_name) values (tests.id(''owner_user''), ''X'')', '42501'),
    ('other', 'insert into public.profiles (display_name) values (''X'')', 'ok 1'),
    ('client', 'update public.profiles set user_id = tests.id(''owner_user'')', '42501'),
    ('client', 'delete from public.profiles', '42501')
) as t (who, statement, expected);

-- current_identity ------------------------------------------------------------------------------------
select is(
  tests.act('client', $$ select public.current_identity() #>> '{clients,0,client_id}' $$)::uuid, tests.id('client'),
  'a client CAN ask who they are'
);
select is(
  tests.act('client', $$ select public.current_identity() #>> '{memberships}' $$), '[]', 'and is staff nowhere'
);
select is(
  tests.act('therapist', $$ select public.current_identity() #>> '{memberships,0,role}' $$), 'practitioner',
  'staff see their role'
);
select is(
  tests.act('therapist', $$ select public.current_identity() #>> '{memberships,0,practitioner_id}' $$)::uuid,
  tests.id('therapist'),
  'and as which practitioner they work'
);
select tests.gets(
  'nobody', 'select public.current_identity()', 'PT401 unauthenticated', 'a token without a user is nobody'
);
select tests.gets('anon', 'select public.current_identity()', '42501', 'a visitor can NOT ask');

select * from finish();
rollback;
