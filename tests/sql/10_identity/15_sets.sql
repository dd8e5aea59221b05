-- The sets that policies ask: whoever asks finds themselves in them, and nobody else.
begin;
select * from no_plan();
select tests.practice('north');
select tests.practice('south');

-- The owner of one practice is a client of the other; a client may be archived, a practitioner may have
-- left.
insert into public.clients (organization_id, user_id, given_name, family_name)
values (tests.id('organization'), tests.id('south.owner_user'), 'Olga', 'Owner')
returning tests.remember('guest', id);
update public.clients set archived_at = now() where id = tests.id('other');
delete from public.members where id = tests.id('colleague_member');

create function tests.keys(ids uuid[]) returns text
language sql security definer set search_path = '' as $$
  select coalesce(string_agg(i.key, ' ' order by i.key), '-') from tests.ids as i where i.id = any (ids)
$$;
create view tests.sets with (security_invoker) as
select concat_ws(
  ', ',
  tests.keys(array(select id from private.current_organizations)),
  tests.keys(array(select id from private.current_desk_organizations)),
  tests.keys(array(select id from private.current_managed_organizations)),
  tests.keys(array(select id from private.current_practitioners)),
  tests.keys(array(select id from private.current_clients)),
  tests.keys(array(select id from private.current_client_organizations))
) as views,
concat_ws(
  ', ',
  tests.keys(private.current_organization_ids()),
  tests.keys(private.current_desk_organization_ids()),
  tests.keys(private.current_managed_organization_ids()),
  tests.keys(private.current_practitioner_ids()),
  tests.keys(private.current_client_ids()),
  tests.keys(private.current_client_organization_ids())
) as functions;
grant execute on function tests.keys to authenticated;
grant select on tests.sets to authenticated;

select is(tests.act(who, 'select views from tests.sets'), expected, who || ' finds ' || expected)
from (
  values
    ('owner', 'north.organization, north.organization, north.organization, -, -, -'),
    ('admin', 'north.organization, north.organization, north.organization, -, -, -'),
    ('reception', 'north.organization, north.organization, -, -, -, -'),
    ('therapist', 'north.organization, -, -, north.therapist, -, -'),
    ('colleague', '-, -, -, -, -, -'),
    ('removed', '-, -, -, -, -, -'),
    ('client', '-, -, -, -, north.client, north.organization'),
    ('other', '-, -, -, -, north.other, north.organization'),
    (
      'south.owner',
      'south.organization, south.organization, south.organization, -, north.guest, north.organization'
    ),
    ('stranger', '-, -, -, -, -, -'),
    ('nobody', '-, -, -, -, -, -')
) as t (who, expected);
select is(
  tests.act(who, 'select functions from tests.sets'), tests.act(who, 'select views from tests.sets'),
  'RPCs take the same sets, for ' || who
)
from unnest(array['owner', 'reception', 'therapist', 'client', 'south.owner', 'stranger', 'nobody']) as who;

-- Removal acts at once, on a session that goes on --------------------------------------------------
delete from public.members where id = tests.id('reception_member');
select is(
  tests.act('reception', 'select views from tests.sets'), '-, -, -, -, -, -', 'who was removed a moment ago'
);

-- Nothing but reading, and nothing behind the barrier ----------------------------------------------
create function tests.tells(id uuid) returns boolean
language plpgsql cost 0.0001 as $$
begin
  raise exception using errcode = 'PX001', message = id;
end
$$;
grant execute on function tests.tells to authenticated;
select tests.gets(who, replace(statement, '%', name), expected, who || ': ' || name || ' → ' || expected)
from (
  values
    ('owner', 'insert into private.% default values', '42501'),
    ('owner', 'update private.% set id = id', '42501'),
    ('owner', 'delete from private.%', '42501'),
    ('stranger', 'select id from private.% where tests.tells(id)', 'ok 0'),
    ('anon', 'select id from private.%', '42501'),
    ('service', 'select id from private.%', '42501')
) as t (who, statement, expected)
cross join unnest(array[
  'current_organizations', 'current_desk_organizations', 'current_managed_organizations', 'current_practitioners',
  'current_clients', 'current_client_organizations'
]) as name;

select * from finish();
rollback;
