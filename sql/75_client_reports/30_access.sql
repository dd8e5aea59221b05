-- Who may do what with a client's documents: owner and admin with all, practitioners with those of
-- clients who have an appointment with them, clients with what is shown to them. The front desk is kept
-- out: what is written after a session is not its business.

create function private.current_treated_client_ids()
returns uuid[]
language plpgsql
stable
security definer -- definer because policies call it and must not depend on other policies
set search_path = ''
as $$
declare
  v_practitioner_ids uuid[] := private.current_practitioner_ids();
begin
  return array(
    select distinct a.client_id
    from public.appointments as a
    where a.practitioner_id = any (v_practitioner_ids) and a.status <> 'cancelled' and a.held_until is null
  );
end
$$;

comment on function private.current_treated_client_ids() is
  'Clients who have an appointment with the caller that was not cancelled.';

grant execute on function private.current_treated_client_ids() to authenticated;

-- Both of these run with the caller's rights, so that Storage and the tables cannot disagree.
create function private.current_upload_paths()
returns text[]
language plpgsql
stable
set search_path = ''
as $$
declare
  v_user_id uuid := auth.uid();
begin
  return array(
    select r.storage_path
    from public.client_reports as r
    where r.created_by = v_user_id and r.status = 'pending' and r.created_at > now() - interval '1 day'
  );
end
$$;

comment on function private.current_upload_paths() is 'Names under which the caller has announced files.';

create function private.current_viewed_paths()
returns text[]
language plpgsql
stable
set search_path = ''
as $$
declare
  v_user_id uuid := auth.uid();
begin
  return array(
    select r.storage_path
    from public.report_views as v
    join public.client_reports as r on r.organization_id = v.organization_id and r.id = v.report_id
    where v.viewed_by = v_user_id
      and v.viewed_at > now() - interval '5 minutes'
      and r.status in ('stored', 'archived')
  );
end
$$;

comment on function private.current_viewed_paths() is
  'Names of files whose opening by the caller has just been recorded, and that the caller may still read.';

grant execute on function private.current_upload_paths() to authenticated;
grant execute on function private.current_viewed_paths() to authenticated;

create function private.require_report_right(organization_id uuid, client_id uuid)
returns public.member_role
language plpgsql
stable
security definer -- definer because it decides for callers who see only part of the clients
set search_path = ''
as $$
declare
  v_role public.member_role := private.current_role_in(organization_id);
begin
  -- To a client, other clients do not exist.
  if v_role is null
    and private.current_client_in(organization_id) is distinct from require_report_right.client_id
  then
    perform private.fail('not_found', 'There is no such record.', 'Check the identifier.');
  end if;
  if v_role is null or (
    v_role not in ('owner', 'admin') and client_id <> all (private.current_treated_client_ids())
  ) then
    perform private.fail(
      'forbidden', 'Documents are for owner, admin and the client''s practitioners.', 'Ask one of them.'
    );
  end if;
  return v_role;
end
$$;

comment on function private.require_report_right(uuid, uuid) is
  'The caller''s role, if the caller works with documents of this client; else error forbidden, or not_found.';

create function private.authorize_report(report_id uuid)
returns public.client_reports
language plpgsql
stable
security definer -- definer because it decides for callers who see only part of the documents
set search_path = ''
as $$
declare
  v_report public.client_reports;
  v_role public.member_role;
begin
  perform private.require_user();
  select r.* into v_report from public.client_reports as r where r.id = report_id;
  -- What is not shown to a client does not exist for them.
  if not found or (
    private.current_role_in(v_report.organization_id) is null
    and not (v_report.visible_to_client and v_report.status = 'stored')
  ) then
    perform private.fail('not_found', 'There is no such record.', 'Check the identifier.');
  end if;
  -- A statement of its own: beside a condition that is false the planner would leave the call out.
  v_role := private.require_report_right(v_report.organization_id, v_report.client_id);
  if v_role not in ('owner', 'admin') and v_report.status = 'archived' then
    perform private.fail('forbidden', 'Archived documents are for owner and admin.', 'Ask one of them.');
  end if;
  return v_report;
end
$$;

comment on function private.authorize_report(uuid) is
  'The document, if the caller works with it; else error forbidden, or not_found.';

create function private.lock_report(report_id uuid)
returns public.client_reports
language plpgsql
security definer -- definer because nobody is granted update on reports
set search_path = ''
as $$
begin
  perform 1 from public.client_reports as r where r.id = report_id for update;
  -- Somebody may have archived it meanwhile, and then it is for fewer.
  return private.authorize_report(report_id);
end
$$;

comment on function private.lock_report(uuid) is
  'The document as it stands once its row is locked, if the caller still works with it. For callers who were allowed '
  'before it was locked.';
