-- The file has come, or it never will. Its content is read by the cloud function `reports`, which is
-- why these are for the secret key alone: what a caller says about a file is not what is in it.

create function public.settle_client_report(report_id uuid, content_type text, size_bytes bigint, digest text)
returns public.client_reports
language plpgsql
set search_path = ''
as $$
declare
  v_report public.client_reports;
  v_refusal text;
begin
  select r.* into v_report from public.client_reports as r where r.id = report_id for update;
  if not found then
    perform private.fail('not_found', 'There is no such record.', 'Check the identifier.');
  end if;
  -- Settled meanwhile, by a repeat of this call.
  if v_report.status <> 'pending' then
    return v_report;
  end if;
  v_refusal := case
    when settle_client_report.content_type is distinct from v_report.content_type then 'content_type'
    when settle_client_report.size_bytes is distinct from v_report.size_bytes then 'size'
  end;
  update public.client_reports as r
  set
    status = case when v_refusal is null then 'stored' else 'refused' end::public.client_report_status,
    refusal = v_refusal,
    sha256 = case when v_refusal is null then digest end,
    stored_at = case when v_refusal is null then now() end
  where r.id = v_report.id
  returning r.* into v_report;
  return v_report;
end
$$;

comment on function public.settle_client_report(uuid, text, bigint, text) is
  'Called with the secret key after the content was read: stores the document if type and size are as announced, '
  'else refuses it; digest is the content''s SHA-256 in hexadecimal. Returns the row; one that is settled stays '
  'as it is. Errors: not_found.';

grant execute on function public.settle_client_report(uuid, text, bigint, text) to service_role;

create function private.abandon_client_reports()
returns bigint
language sql
security definer -- definer because only functions write reports
set search_path = ''
as $$
  with gone as (
    update public.client_reports
    set status = 'refused', refusal = 'abandoned'
    where status = 'pending' and created_at < now() - interval '1 day'
    returning 1
  )
  select count(*) from gone
$$;

comment on function private.abandon_client_reports() is
  'Gives up on documents that were announced a day ago and never finished; returns how many. Run by the scheduler.';

grant execute on function private.abandon_client_reports() to service_role;

create function public.orphaned_report_files(page_size integer default 100)
returns json
language plpgsql
-- Volatile, so that no replica answers: a document that it does not know yet would lose its file.
volatile
security definer -- definer because Storage's own table is no business of the API's roles
set search_path = ''
as $$
begin
  if page_size is null or page_size not between 1 and 1000 then
    perform private.fail('invalid_argument', 'page_size is between 1 and 1000.');
  end if;
  return (
    select coalesce(json_agg(found.name order by found.name), '[]')
    from (
      select o.name
      from storage.objects as o
      where o.bucket_id = 'client-reports'
        -- An upload on its way is nobody's orphan.
        and o.created_at < now() - interval '1 hour'
        and not exists (
          select 1
          from public.client_reports as r
          where r.storage_path = o.name and r.status <> 'refused'
        )
      order by o.name
      limit page_size
    ) as found
  );
end
$$;

comment on function public.orphaned_report_files(integer) is
  'Names of files in the bucket client-reports that no document has any more, at most page_size. Called with the '
  'secret key by the function that removes them: deleting Storage''s rows would leave the files. Errors: '
  'invalid_argument.';

grant execute on function public.orphaned_report_files(integer) to service_role;
