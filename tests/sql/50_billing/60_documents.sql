-- Files in the bucket `documents`: whose logo it is puts and deletes it; the desk reads; nobody writes a document.
begin;
select * from no_plan();
select tests.practice('north');
select tests.practice('south');
select private.ensure_buckets();

create function pg_temp.path(rest text, practice text default 'north') returns text
language sql as $$ select tests.id(practice || '.organization')::text || '/' || rest $$;
create function pg_temp.put(rest text, bucket text default 'documents') returns text
language sql as $$ select format('insert into storage.objects (bucket_id, name) values (%L, %L)', bucket, pg_temp.path(rest)) $$;

-- Logos ---------------------------------------------------------------------------------------------
select tests.gets(who, pg_temp.put('logo/blue.png'), expected, format('%s puts a logo: %s', who, expected))
from (
  values
    ('owner', 'ok 1'), ('admin', 'ok 1'), ('reception', '42501'), ('therapist', '42501'), ('client', '42501'),
    ('south.owner', '42501'), ('removed', '42501'), ('stranger', '42501'), ('nobody', '42501'), ('anon', '42501')
) as t (who, expected);
select tests.gets('owner', pg_temp.put(rest), expected, format('the owner puts %s: %s', rest, expected))
from (
  values
    ('logo/blue-2.jpeg', 'ok 1'), ('logo/blue.svg', '42501'), ('logo/.png', '42501'), ('logo/a b.png', '42501'),
    ('logo/deeper/blue.png', '42501'), ('blue.png', '42501'), ('invoices/blue.png', '42501'),
    ('logo/' || repeat('x', 81) || '.png', '42501')
) as t (rest, expected);
select tests.gets('owner', pg_temp.put('logo/blue.png', 'client-reports'), '42501', 'NOT into another bucket');

insert into storage.objects (bucket_id, name)
select 'documents', pg_temp.path(rest, practice)
from (values ('logo/blue.png', 'north'), ('logo/red.png', 'south'), ('invoices/one.pdf', 'north')) as t (rest, practice);
insert into storage.objects (bucket_id, name) values ('client-reports', pg_temp.path('logo/other.png'));

-- Deleting, also without a condition, which would bring in what one may read.
select set_config('storage.allow_delete_query', 'true', true);
select tests.gets(who, 'delete from storage.objects', expected, format('%s deletes logos: %s', who, expected))
from (
  values
    ('owner', 'ok 1'), ('admin', 'ok 1'), ('south.owner', 'ok 1'), ('reception', 'ok 0'), ('therapist', 'ok 0'),
    ('client', 'ok 0'), ('removed', 'ok 0'), ('stranger', 'ok 0'), ('nobody', 'ok 0')
) as t (who, expected);

-- Reading, by exactly those who see the practice's money ------------------------------------------------
select tests.gets(
  who, $$ select * from storage.objects where bucket_id = 'documents' $$, expected, format('%s reads: %s', who, expected)
)
from (
  values
    ('owner', 'ok 2'), ('admin', 'ok 2'), ('reception', 'ok 2'), ('south.owner', 'ok 1'), ('therapist', 'ok 0'),
    ('client', 'ok 0'), ('removed', 'ok 0'), ('stranger', 'ok 0'), ('nobody', 'ok 0')
) as t (who, expected);
select tests.gets(
  'owner', $$ update storage.objects set name = name || 'x' $$, 'ok 0', 'a file that is there can NOT be changed'
);

select * from finish();
rollback;
