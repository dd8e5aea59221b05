-- What must be true of documents whoever writes them, the dashboard included.

create function private.tg_client_reports__guard_insert()
returns trigger
language plpgsql
security definer -- definer because the rules read appointments and versions whatever the writer may see
set search_path = ''
as $$
begin
  if new.status <> 'pending' then
    perform private.fail('invalid_state', 'A document is announced before it is stored.');
  end if;
  if new.previous_id is not null then
    new.version := 1 + (
      select r.version
      from public.client_reports as r
      where r.organization_id = new.organization_id and r.id = new.previous_id
    );
  end if;
  if new.appointment_id is not null and not exists (
    select 1
    from public.appointments as a
    where a.id = new.appointment_id and a.organization_id = new.organization_id and a.client_id = new.client_id
  ) then
    perform private.fail('not_found', 'This client has no such appointment.', 'Check the identifier.');
  end if;
  return new;
end
$$;

create trigger client_reports_guard_insert before insert on public.client_reports
  for each row execute function private.tg_client_reports__guard_insert();

create function private.tg_client_reports__guard_update()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if (new.id, new.organization_id, new.client_id, new.version, new.content_type, new.size_bytes, new.created_at)
    is distinct from
    (old.id, old.organization_id, old.client_id, old.version, old.content_type, old.size_bytes, old.created_at)
    or (new.appointment_id, new.previous_id, new.created_by)
    is distinct from (old.appointment_id, old.previous_id, old.created_by)
    or (old.sha256 is not null and new.sha256 is distinct from old.sha256)
  then
    perform private.fail(
      'invalid_state', 'A document keeps its client, type, size and content.', 'Prepare a new version.'
    );
  end if;
  if new.status <> old.status and (old.status, new.status) not in (
    ('pending', 'stored'), ('pending', 'refused'), ('stored', 'archived'), ('archived', 'stored')
  ) then
    perform private.fail('invalid_state', format('A %s document does not become %s.', old.status, new.status));
  end if;
  return new;
end
$$;

create trigger client_reports_guard_update before update on public.client_reports
  for each row execute function private.tg_client_reports__guard_update();

create function private.tg_client_reports__count_bytes()
returns trigger
language plpgsql
security definer -- definer because nobody is granted the usage
set search_path = ''
as $$
declare
  v_used_bytes bigint;
begin
  insert into private.report_usages as u (organization_id, used_bytes)
  values (new.organization_id, case tg_op when 'INSERT' then new.size_bytes else 0 end)
  on conflict on constraint report_usages_pkey do update
    set used_bytes = u.used_bytes + case tg_op when 'INSERT' then new.size_bytes else -new.size_bytes end
  returning u.used_bytes into v_used_bytes;
  if tg_op = 'INSERT' and v_used_bytes > (
    select s.report_quota_bytes
    from public.organization_settings as s
    where s.organization_id = new.organization_id
  ) then
    perform private.fail(
      'invalid_state', 'The organization''s space for documents is used up.', 'Ask the operator for more.'
    );
  end if;
  return null;
end
$$;

create trigger client_reports_count_bytes after insert on public.client_reports
  for each row execute function private.tg_client_reports__count_bytes();
create trigger client_reports_release_bytes after update on public.client_reports
  for each row when (old.status <> 'refused' and new.status = 'refused')
  execute function private.tg_client_reports__count_bytes();

create trigger report_usages_derived before insert or update or delete on private.report_usages
  for each row when (pg_trigger_depth() = 0)
  execute function private.tg__refuse_direct_write('Documents are counted by themselves.');
create trigger report_usages_no_truncate before truncate on private.report_usages
  for each statement execute function private.tg__refuse_change();
