-- Announcing a file: its row, its name in Storage and its place in the quota. The file itself goes
-- straight to Storage, which takes it under that name from this caller only, and only once.

create function public.prepare_client_report(
  client_id uuid,
  title text,
  file_name text,
  content_type text,
  size_bytes bigint,
  appointment_id uuid default null,
  previous_id uuid default null,
  visible_to_client boolean default null,
  idempotency_key text default null
)
returns public.client_reports
language plpgsql
security definer -- definer because nobody is granted insert on reports
set search_path = ''
as $$
declare
  v_user_id uuid := private.require_user();
  v_organization_id uuid;
  v_previous public.client_reports;
  v_answer jsonb;
  v_report public.client_reports;
begin
  select c.organization_id into v_organization_id
  from public.clients as c
  where c.id = prepare_client_report.client_id;
  if not found then
    perform private.fail('not_found', 'There is no such record.', 'Check the identifier.');
  end if;
  perform private.require_report_right(v_organization_id, client_id);

  if coalesce(length(btrim(title)), 0) not between 1 and 200 then
    perform private.fail('invalid_argument', 'title has 1 to 200 characters.');
  end if;
  if coalesce(length(file_name), 0) not between 1 and 200
    or file_name ~ '[/\\[:cntrl:]]' or file_name ~ '^\.+$'
  then
    perform private.fail('invalid_argument', 'file_name has 1 to 200 characters and no slashes.');
  end if;
  if content_type is null or content_type not in (
    'application/pdf', 'image/png', 'image/jpeg', 'text/plain', 'application/vnd.oasis.opendocument.text',
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
  ) then
    perform private.fail('invalid_argument', 'content_type is that of a PDF, DOCX, ODT, PNG, JPEG or plain text.');
  end if;
  if size_bytes is null or size_bytes not between 1 and 26214400 then
    perform private.fail('invalid_argument', 'size_bytes is between 1 and 26214400 (25 MiB).');
  end if;

  v_answer := private.claim_idempotency_key(
    v_organization_id, 'prepare_client_report', idempotency_key,
    jsonb_build_array(
      client_id, title, file_name, content_type, size_bytes, appointment_id, previous_id, visible_to_client
    )
  );
  if v_answer is not null then
    return jsonb_populate_record(null::public.client_reports, v_answer);
  end if;

  perform private.require_token('reports:' || v_user_id, 120, 60);
  if previous_id is not null then
    -- Its row's lock: of two corrections at once the second sees the first.
    select r.* into v_previous
    from public.client_reports as r
    where r.id = prepare_client_report.previous_id
      and r.organization_id = v_organization_id
      and r.client_id = prepare_client_report.client_id
    for update;
    if not found then
      perform private.fail('not_found', 'This client has no such document.', 'Check the identifier.');
    end if;
    if v_previous.status <> 'stored' then
      perform private.fail('invalid_state', format('The previous version is %s.', v_previous.status));
    end if;
    if exists (
      select 1
      from public.client_reports as r
      where r.organization_id = v_organization_id
        and r.client_id = prepare_client_report.client_id
        and r.previous_id = v_previous.id
        and r.status <> 'refused'
    ) then
      perform private.fail('invalid_state', 'There is a newer version already.', 'Follow the newest one.');
    end if;
  end if;

  insert into public.client_reports (
    organization_id, client_id, appointment_id, previous_id, title, file_name, content_type, size_bytes,
    visible_to_client, created_by
  )
  values (
    v_organization_id, client_id, appointment_id, previous_id, btrim(title), file_name, content_type, size_bytes,
    coalesce(visible_to_client, v_previous.visible_to_client, false), v_user_id
  )
  returning * into v_report;

  if idempotency_key is not null then
    perform private.store_idempotent_response(
      v_organization_id, 'prepare_client_report', idempotency_key, to_jsonb(v_report)
    );
  end if;
  return v_report;
end
$$;

comment on function public.prepare_client_report(uuid, text, text, text, bigint, uuid, uuid, boolean, text) is
  'Announces a document of a client: returns its row, whose storage_path is the name to upload it under within a day. '
  'previous_id makes it the next version. For owner, admin and the client''s practitioners. Errors: invalid_argument, '
  'invalid_state (quota used up, not the newest version), not_found, forbidden, rate_limited.';

grant execute on function public.prepare_client_report(uuid, text, text, text, bigint, uuid, uuid, boolean, text)
  to authenticated;
