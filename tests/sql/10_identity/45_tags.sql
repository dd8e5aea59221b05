-- Tags: who reads, keeps the vocabulary, and sorts clients with it.
begin;
select * from no_plan();
select tests.practice('north');
select tests.practice('south');

insert into public.tags (organization_id, name, colour)
values (tests.id('organization'), 'Úzkost', '#aa0000'), (tests.id('organization'), 'Group', '#00aa00');
insert into public.tags (organization_id, name) values (tests.id('south.organization'), 'Group');
select tests.remember('tag', t.id) from public.tags as t where t.name = 'Úzkost';
select tests.remember('group_tag', t.id)
from public.tags as t where t.name = 'Group' and t.organization_id = tests.id('organization');
select tests.remember('south.tag', t.id)
from public.tags as t where t.organization_id = tests.id('south.organization');
insert into public.client_tags (organization_id, client_id, tag_id)
values (tests.id('organization'), tests.id('client'), tests.id('tag'));

-- Reading -----------------------------------------------------------------------------------------
select tests.gets(who, 'select * from public.' || relation, expected, format('%s reads %s: %s', who, relation, expected))
from (values ('tags', 'ok 2', 'ok 1'), ('client_tags', 'ok 1', 'ok 0')) as t (relation, staff, foreigner)
cross join lateral (
  values
    ('owner', staff), ('admin', staff), ('reception', staff), ('therapist', staff), ('colleague', staff),
    ('client', 'ok 0'), ('other', 'ok 0'), ('removed', 'ok 0'), ('stranger', 'ok 0'), ('nobody', 'ok 0'),
    ('anon', '42501'), ('south.owner', foreigner)
) as p (who, expected);

-- The vocabulary is the desk's ----------------------------------------------------------------------
select tests.gets(who, statement, expected, format('%s: %s → %s', who, statement, expected))
from (
  values
    (
      $$ insert into public.tags (organization_id, name) values (tests.id('north.organization'), 'New') $$, 'ok 1',
      '42501', '42501'
    ),
    ($$ update public.tags set name = 'Fear', colour = '#123456' where id = tests.id('north.tag') $$, 'ok 1', 'ok 0', 'ok 0'),
    ($$ delete from public.tags where id = tests.id('north.tag') $$, 'ok 1', 'ok 0', 'ok 0')
) as t (statement, desk, practitioner, others)
cross join lateral (
  values
    ('owner', desk), ('admin', desk), ('reception', desk), ('therapist', practitioner), ('client', others),
    ('removed', others), ('stranger', others), ('south.owner', others), ('anon', '42501')
) as p (who, expected);
select tests.gets('reception', statement, expected, statement || ' → ' || expected)
from (
  values
    ($$ insert into public.tags (organization_id, name) values (tests.id('organization'), 'úZKOST') $$, '23505 tags_name_is_unique'),
    ($$ insert into public.tags (organization_id, name) values (tests.id('organization'), '') $$, '23514 tags_name_is_given'),
    ($$ insert into public.tags (organization_id, name) values (tests.id('organization'), ' x ') $$, '23514 tags_name_is_given'),
    ($$ insert into public.tags (organization_id, name) values (tests.id('organization'), repeat('x', 51)) $$, '23514 tags_name_is_given'),
    ($$ insert into public.tags (organization_id, name, colour) values (tests.id('organization'), 'x', 'red') $$, '23514 tags_colour_is_hex'),
    ($$ insert into public.tags (organization_id, name) values (tests.id('south.organization'), 'x') $$, '42501'),
    ($$ update public.tags set organization_id = tests.id('south.organization') $$, '42501'),
    ($$ update public.tags set name = 'GROUP' where id = tests.id('tag') $$, '23505 tags_name_is_unique')
) as t (statement, expected);

-- Sorting clients is every member's -------------------------------------------------------------------
select tests.gets(who, statement, expected, format('%s: %s → %s', who, statement, expected))
from (
  values
    (
      $$ insert into public.client_tags (organization_id, client_id, tag_id)
         values (tests.id('north.organization'), tests.id('north.other'), tests.id('north.tag')) $$,
      'ok 1', '42501'
    ),
    ($$ delete from public.client_tags where client_id = tests.id('north.client') $$, 'ok 1', 'ok 0')
) as t (statement, staff, others)
cross join lateral (
  values
    ('owner', staff), ('admin', staff), ('reception', staff), ('therapist', staff), ('client', others),
    ('removed', others), ('stranger', others), ('south.owner', others), ('anon', '42501')
) as p (who, expected);
select tests.gets('therapist', statement, expected, statement || ' → ' || expected)
from (
  values
    (
      $$ insert into public.client_tags (organization_id, client_id, tag_id)
         values (tests.id('organization'), tests.id('client'), tests.id('tag')) $$, '23505 client_tags_pkey'
    ),
    (
      $$ insert into public.client_tags (organization_id, client_id, tag_id)
         values (tests.id('organization'), tests.id('client'), tests.id('south.tag')) $$,
      '23503 client_tags_organization_id_tag_id_fkey'
    ),
    (
      $$ insert into public.client_tags (organization_id, client_id, tag_id)
         values (tests.id('organization'), tests.id('south.client'), tests.id('tag')) $$,
      '23503 client_tags_organization_id_client_id_fkey'
    ),
    (
      $$ insert into public.client_tags (organization_id, client_id, tag_id)
         values (tests.id('organization'), gen_random_uuid(), tests.id('tag')) $$,
      '23503 client_tags_organization_id_client_id_fkey'
    ),
    ($$ update public.client_tags set tag_id = tests.id('group_tag') $$, '42501'),
    (
      $$ insert into public.client_tags (organization_id, client_id, tag_id, created_by)
         values (tests.id('organization'), tests.id('other'), tests.id('tag'), tests.id('owner_user')) $$, '42501'
    )
) as t (statement, expected);

-- Deleting a tag takes it off; erasing a client takes off all tags ------------------------------------
select tests.act('reception', $$ delete from public.tags where id = tests.id('tag') returning 1 $$);
select is((select count(*) from public.client_tags as t where t.organization_id = tests.id('organization')), 0::bigint, 'a deleted tag is on nobody');
insert into public.client_tags (organization_id, client_id, tag_id)
values (tests.id('organization'), tests.id('walkin'), tests.id('group_tag'));
select tests.act('owner', $$ select public.erase_client(tests.id('walkin'), 'asked for') $$);
select is((select count(*) from public.client_tags as t where t.organization_id = tests.id('organization')), 0::bigint, 'an erased client carries no tag');
select is(
  (
    select count(*) from public.audit_entries as e
    where e.table_name = 'client_tags' and e.client_id = tests.id('walkin') and e.changes is not null
  ),
  0::bigint, 'and the trail no longer tells which'
);

select * from finish();
rollback;
