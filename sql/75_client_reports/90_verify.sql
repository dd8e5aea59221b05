-- Invariants of documents: rows and files agree, and nothing lies outside its folder.

create function private.client_reports_violations(only_organization_id uuid default null)
returns table (invariant text, organization_id uuid, record_id uuid, detail text)
language sql
stable
security definer -- definer because invariants span what no single caller may read
set search_path = ''
as $$
  with report as (
    select r.*, o.id as file_id, (o.metadata ->> 'size')::bigint as file_bytes
    from public.client_reports as r
    left join storage.objects as o on o.bucket_id = 'client-reports' and o.name = r.storage_path
    where only_organization_id is null or r.organization_id = only_organization_id
  )
  select 'report_has_its_file', r.organization_id, r.id, r.storage_path
  from report as r
  where r.status in ('stored', 'archived') and r.file_id is null
  union all
  select 'report_file_has_its_size', r.organization_id, r.id, format('%s of %s bytes', r.file_bytes, r.size_bytes)
  from report as r
  where r.status in ('stored', 'archived') and r.file_bytes <> r.size_bytes
  union all
  select 'announced_report_ends', r.organization_id, r.id, format('since %s', r.created_at)
  from report as r
  where r.status = 'pending' and r.created_at < now() - interval '26 hours'
  union all
  -- An hour in which it may be on its way, a day in which the sweep removes it.
  select 'file_has_its_report', org.id, o.id, o.name
  from storage.objects as o
  left join public.organizations as org on org.id::text = split_part(o.name, '/', 1)
  where o.bucket_id = 'client-reports'
    and o.created_at < now() - interval '26 hours'
    and (only_organization_id is null or org.id = only_organization_id)
    and not exists (
      select 1 from public.client_reports as r where r.storage_path = o.name and r.status <> 'refused'
    )
  union all
  select 'report_usage_is_the_sum', u.organization_id, null, format('%s bytes', u.used_bytes)
  from private.report_usages as u
  where (only_organization_id is null or u.organization_id = only_organization_id)
    and u.used_bytes <> (
      select coalesce(sum(r.size_bytes), 0)
      from public.client_reports as r
      where r.organization_id = u.organization_id and r.status <> 'refused'
    )
$$;

comment on function private.client_reports_violations(uuid) is
  'Broken invariants of documents: a row without its file, a file without its row, another size, a wrong sum.';

grant execute on function private.client_reports_violations(uuid) to service_role;
