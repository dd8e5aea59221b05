-- The buckets: made where they are missing, closed to the world, with their limits.
begin;
select * from no_plan();

select set_config('storage.allow_delete_query', 'true', true);
delete from storage.objects as o where o.bucket_id in ('client-reports', 'documents');
delete from storage.buckets as b where b.id in ('client-reports', 'documents');
select is(private.ensure_buckets(), 2::bigint, 'both are made');
select results_eq(
  $$
    select b.id::text, b.public, b.file_size_limit, 'application/pdf' = any (b.allowed_mime_types)
    from storage.buckets as b where b.id in ('client-reports', 'documents') order by b.id
  $$,
  $$ values ('client-reports', false, 26214400::bigint, true), ('documents', false, 10485760::bigint, true) $$,
  'not public, with a limit of size and kinds'
);
update storage.buckets as b set file_size_limit = 1000 where b.id = 'documents';
select is(private.ensure_buckets(), 0::bigint, 'once they are there nothing is made');
select is(
  (select b.file_size_limit from storage.buckets as b where b.id = 'documents'), 1000::bigint,
  'and what somebody set stays'
);
select tests.gets(who, 'select private.ensure_buckets()', expected, who || ' makes buckets: ' || expected)
from (values ('anon', '42501'), ('nobody', '42501'), ('service', 'ok 1')) as t (who, expected);

select * from finish();
rollback;
