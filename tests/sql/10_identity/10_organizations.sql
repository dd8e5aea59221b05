-- Organizations, their settings and locations: who reads, who writes, what is refused.
begin;
select * from no_plan();
select tests.practice('north');
select tests.practice('south');

-- Reading -----------------------------------------------------------------------------------------
select tests.gets(who, 'select * from public.organizations', expected, who || ' reads organizations: ' || expected)
from (
  values
    ('owner', 'ok 1'), ('admin', 'ok 1'), ('reception', 'ok 1'), ('therapist', 'ok 1'), ('client', 'ok 1'),
    ('removed', 'ok 0'), ('stranger', 'ok 0'), ('nobody', 'ok 0'), ('anon', '42501')
) as t (who, expected);
select tests.gets(
  who, $$ select * from public.organizations where id = tests.id('organization') $$, 'ok 0',
  who || ' can NOT read a foreign organization'
)
from unnest(array['south.owner', 'south.client', 'removed', 'stranger']) as who;

select tests.gets(who, 'select * from public.organization_settings', expected, who || ' reads settings: ' || expected)
from (
  values
    ('owner', 'ok 1'), ('admin', 'ok 1'), ('reception', 'ok 1'), ('therapist', 'ok 1'), ('client', 'ok 0'),
    ('removed', 'ok 0'), ('stranger', 'ok 0'), ('anon', '42501')
) as t (who, expected);
select tests.gets(who, 'select * from public.locations', expected, who || ' reads locations: ' || expected)
from (
  values
    ('owner', 'ok 1'), ('reception', 'ok 1'), ('therapist', 'ok 1'), ('client', 'ok 1'), ('removed', 'ok 0'),
    ('stranger', 'ok 0'), ('anon', '42501')
) as t (who, expected);

-- Writing -----------------------------------------------------------------------------------------
select tests.gets(who, statement, expected, who || ': ' || statement || ' → ' || expected)
from (
  values
    ('update public.organizations set name = ''New''', 'ok 1', 'ok 0', 'ok 0', '42501'),
    ('update public.organizations set slug = ''new''', '42501', '42501', '42501', '42501'),
    ('update public.organizations set currency = ''EUR''', '42501', '42501', '42501', '42501'),
    ('update public.organizations set id = gen_random_uuid()', '42501', '42501', '42501', '42501'),
    (
      'insert into public.organizations (slug, name, timezone, currency) values (''x-y'', ''X'', ''UTC'', ''EUR'')',
      '42501', '42501', '42501', '42501'
    ),
    ('delete from public.organizations', '42501', '42501', '42501', '42501'),
    ('truncate public.organizations cascade', '42501', '42501', '42501', '42501'),
    ('update public.organization_settings set auto_confirm = false', 'ok 1', 'ok 0', 'ok 0', '42501'),
    ('update public.organization_settings set version = 9', '42501', '42501', '42501', '42501'),
    ('update public.organization_settings set organization_id = gen_random_uuid()', '42501', '42501', '42501', '42501'),
    (
      'insert into public.organization_settings (organization_id) values (gen_random_uuid())',
      '42501', '42501', '42501', '42501'
    ),
    ('delete from public.organization_settings', '42501', '42501', '42501', '42501'),
    ('update public.locations set name = ''New''', 'ok 1', 'ok 0', 'ok 0', '42501'),
    ('update public.locations set organization_id = gen_random_uuid()', '42501', '42501', '42501', '42501')
) as t (statement, manager, staff, outsider, visitor)
cross join lateral (
  values
    ('owner', manager), ('admin', manager), ('reception', staff), ('therapist', staff), ('client', outsider),
    ('removed', outsider), ('stranger', outsider), ('anon', visitor)
) as p (who, expected);

select tests.gets(
  who,
  $$ insert into public.locations (organization_id, name, timezone) values (tests.id('organization'), 'Branch', 'UTC') $$,
  expected, who || ' adds a location: ' || expected
)
from (
  values
    ('owner', 'ok 1'), ('admin', 'ok 1'), ('reception', '42501'), ('therapist', '42501'), ('client', '42501'),
    ('south.owner', '42501'), ('removed', '42501'), ('stranger', '42501'), ('anon', '42501')
) as t (who, expected);
select tests.gets(
  'south.owner', format(statement, tests.id('organization')), 'ok 0', 'a foreign owner can NOT: ' || statement
)
from (
  values
    ('update public.organizations set name = ''Mine'' where id = %L'),
    ('update public.organization_settings set auto_confirm = false where organization_id = %L'),
    ('update public.locations set name = ''Mine'' where organization_id = %L'),
    ('delete from public.locations where organization_id = %L')
) as t (statement);
select tests.gets(
  'owner', $$ update public.locations set is_active = false $$, 'ok 1', 'an unscoped update reaches own rows only'
);
select tests.gets(
  'owner', $$ delete from public.locations $$, '23503 rooms_organization_id_location_id_fkey',
  'a location that is in use can NOT be deleted'
);

-- Settings ----------------------------------------------------------------------------------------
select is(
  (select s.version from public.organization_settings as s where s.organization_id = tests.id('organization')), 1,
  'settings come with the organization'
);
select tests.act('owner', 'update public.organization_settings set slot_step_minutes = 30 returning version');
select results_eq(
  $$ select s.version, s.updated_by from public.organization_settings as s where s.organization_id = tests.id('organization') $$,
  $$ values (2, tests.id('owner_user')) $$,
  'each change raises the version and names its author'
);
select tests.gets(
  'admin', 'update public.organization_settings set auto_confirm = false where version = 1', 'ok 0',
  'an update that was based on an older version changes nothing'
);
select tests.gets(
  'owner', 'update public.organization_settings set ' || assignment, '23514 ' || rule, assignment || ' is refused'
)
from (
  values
    ('booking_horizon_days = 0', 'organization_settings_horizon_is_sensible'),
    ('booking_horizon_days = 731', 'organization_settings_horizon_is_sensible'),
    ('minimum_notice_minutes = -1', 'organization_settings_notice_is_sensible'),
    ('slot_step_minutes = 7', 'organization_settings_step_divides_an_hour'),
    ('slot_step_minutes = 0', 'organization_settings_step_divides_an_hour'),
    ('cancellation_window_minutes = -1', 'organization_settings_window_is_sensible'),
    ('credit_overdraft_amount = -1', 'organization_settings_overdraft_is_sensible'),
    ('video_early_join_minutes = 2000', 'organization_settings_video_window_is_sensible'),
    ('default_locale = ''xx''', 'organization_settings_locale_is_supported')
) as t (assignment, rule);
select tests.gets(
  'owner', 'update public.organization_settings set ' || assignment, '23502', assignment || ' is refused'
)
from (
  values ('slot_step_minutes = null'), ('late_cancellation = null'), ('self_registration = null')
) as t (assignment);
select tests.gets(
  'owner', $$ update public.organization_settings set late_cancellation = 'sometimes' $$, '22P02',
  'a policy that does not exist is refused'
);
select tests.gets(
  'owner', 'update public.organizations set ' || assignment, '23514 ' || rule, assignment || ' is refused'
)
from (
  values
    ('timezone = ''Mars/Phobos''', 'organizations_timezone_is_known'),
    ('timezone = ''CET-1''', 'organizations_timezone_is_known'),
    ('name = ''  ''', 'organizations_name_is_given'),
    ('locale = ''xx''', 'organizations_locale_is_supported'),
    ('contact_email = ''nobody''', 'organizations_contact_email_is_valid')
) as t (assignment, rule);

select tests.gets(
  who, 'delete from public.organization_settings', expected, who || ' deletes settings, which would open everything: ' || expected
)
from (values ('operator', 'PT409 invalid_state'), ('service', '42501')) as t (who, expected);

-- Creating ----------------------------------------------------------------------------------------
select tests.gets(
  who,
  $$ select public.create_organization('X', 'x-practice', tests.id('stranger_user'), 'UTC', 'EUR') $$,
  expected, who || ' creates an organization: ' || expected
)
from (
  values
    ('service', 'ok 1'), ('operator', 'ok 1'), ('owner', '42501'), ('client', '42501'), ('stranger', '42501'),
    ('anon', '42501')
) as t (who, expected);
select tests.gets(
  'operator',
  $$ insert into public.organizations (slug, name, timezone, currency) values ('ownerless', 'X', 'UTC', 'EUR') $$,
  'PT409 last_owner', 'an organization without an owner can NOT be made, even by hand'
);
select tests.gets(
  'operator',
  format('select public.create_organization(%L, %L, tests.id(%L), %L, %L)', 'X', slug, 'owner_user', zone, currency),
  expected, 'create_organization refuses: ' || title
)
from (
  values
    ('north-practice', 'UTC', 'EUR', '23505 organizations_slug_key', 'a slug that is taken'),
    ('North Practice', 'UTC', 'EUR', '23514 organizations_slug_is_url_safe', 'a slug with blanks'),
    ('-x', 'UTC', 'EUR', '23514 organizations_slug_is_url_safe', 'a slug that begins with a hyphen'),
    ('xy', 'Nowhere', 'EUR', '23514 organizations_timezone_is_known', 'an unknown time zone'),
    ('xy', 'UTC', 'eur', '23514 organizations_currency_is_iso_4217', 'a currency in lower case')
) as t (slug, zone, currency, expected, title);

-- What clients may know of the rules ----------------------------------------------------------------
update public.organization_settings set cancellation_window_minutes = 720, late_cancellation = 'refuse'
where organization_id = tests.id('organization');
select is(
  (
    select rules ->> 'cancellation_window_minutes' || ' ' || (rules ->> 'late_cancellation')
    from (select tests.act(who, 'select public.booking_rules()')::jsonb as rules) as r
  ),
  '720 refuse', who || ' CAN read the rules of booking'
)
from unnest(array['owner', 'reception', 'therapist', 'client']) as who;
select tests.gets(
  who, format('select public.booking_rules(%L)', tests.id('organization')), 'PT404 not_found', who || ' can NOT'
)
from unnest(array['south.owner', 'removed', 'stranger']) as who;
select tests.gets('owner', 'select public.booking_rules(gen_random_uuid())', 'PT404 not_found', 'nor of nowhere');
select tests.gets('anon', 'select public.booking_rules()', '42501', 'nor without signing in');

select * from finish();
rollback;
