-- Opening a document, showing it to the client, taking it out of use.

create function public.view_client_report(report_id uuid)
returns public.client_reports
language plpgsql
security definer -- definer because nobody is granted insert on views
set search_path = ''
as $$
declare
  v_user_id uuid := private.require_user();
  v_report public.client_reports;
begin
  select r.* into v_report from public.client_reports as r where r.id = report_id;
  if not found
    or private.current_role_in(v_report.organization_id) is not null
    or private.current_client_in(v_report.organization_id) is distinct from v_report.client_id
    or not v_report.visible_to_client
  then
    v_report := private.authorize_report(report_id);
  end if;
  if v_report.status not in ('stored', 'archived') then
    perform private.fail('invalid_state', format('This document is %s.', v_report.status));
  end if;
  insert into public.report_views (organization_id, report_id, viewed_by, role)
  values (
    v_report.organization_id, v_report.id, v_user_id,
    coalesce(private.current_role_in(v_report.organization_id)::text, 'client')
  );
  return v_report;
end
$$;

comment on function public.view_client_report(uuid) is
  'Records that the caller opens a document; for five minutes Storage gives it out to them under storage_path. For '
  'owner, admin, the client''s practitioners, and the client where it is shown. Errors: not_found, forbidden, '
  'invalid_state.';

grant execute on function public.view_client_report(uuid) to authenticated;

create function public.set_report_visibility(report_id uuid, visible_to_client boolean)
returns public.client_reports
language plpgsql
security definer -- definer because nobody is granted update on reports
set search_path = ''
as $$
declare
  v_report public.client_reports := private.authorize_report(report_id);
begin
  if visible_to_client is null then
    perform private.fail('invalid_argument', 'visible_to_client is true or false.');
  end if;
  v_report := private.lock_report(report_id);
  if v_report.status not in ('pending', 'stored') then
    perform private.fail('invalid_state', format('This document is %s.', v_report.status));
  end if;
  update public.client_reports as r
  set visible_to_client = set_report_visibility.visible_to_client
  where r.id = v_report.id
  returning r.* into v_report;
  return v_report;
end
$$;

comment on function public.set_report_visibility(uuid, boolean) is
  'Shows a document to its client, or no longer. For owner, admin and the client''s practitioners. Errors: '
  'invalid_state, not_found, forbidden, invalid_argument.';

grant execute on function public.set_report_visibility(uuid, boolean) to authenticated;

create function public.archive_client_report(report_id uuid, is_archived boolean default true)
returns public.client_reports
language plpgsql
security definer -- definer because nobody is granted update on reports
set search_path = ''
as $$
declare
  v_report public.client_reports := private.authorize_report(report_id);
begin
  if is_archived is null then
    perform private.fail('invalid_argument', 'is_archived is true or false.');
  end if;
  v_report := private.lock_report(report_id);
  if v_report.status not in ('stored', 'archived') then
    perform private.fail('invalid_state', format('This document is %s.', v_report.status));
  end if;
  update public.client_reports as r
  set
    status = case when is_archived then 'archived' else 'stored' end::public.client_report_status,
    archived_at = case when is_archived then coalesce(r.archived_at, now()) end,
    -- Who takes it out again decides anew whether the client sees it.
    visible_to_client = r.visible_to_client and not is_archived
  where r.id = v_report.id
  returning r.* into v_report;
  return v_report;
end
$$;

comment on function public.archive_client_report(uuid, boolean) is
  'Takes a document out of use, or (owner and admin) back: from then on only owner and admin read it. The file is '
  'kept. For owner, admin and the client''s practitioners. Errors: invalid_state, not_found, forbidden.';

grant execute on function public.archive_client_report(uuid, boolean) to authenticated;

create view public.latest_client_reports
with (security_invoker = true)
as
select
  r.id,
  r.organization_id,
  r.client_id,
  r.appointment_id,
  r.previous_id,
  r.version,
  r.title,
  r.file_name,
  r.content_type,
  r.size_bytes,
  r.sha256,
  r.visible_to_client,
  r.storage_path,
  r.created_by,
  r.created_at,
  r.stored_at
from public.client_reports as r
where r.status = 'stored'
  and not exists (
    select 1
    from public.client_reports as newer
    where newer.organization_id = r.organization_id
      and newer.client_id = r.client_id
      and newer.previous_id = r.id
      and newer.status = 'stored'
  );

comment on view public.latest_client_reports is
  'Stored documents that no newer version replaces, of those that the reader may see: a client who is not shown the '
  'newest version still has the one before it.';
