-- Joining the list, changing one's mind, leaving. Everything here and in what follows writes a client's
-- entries and offers under the client's calendar, so that two of them never meet.

create function private.require_preferences(preferences jsonb, service public.services)
returns jsonb
language plpgsql
stable
security definer -- definer because it decides for clients and staff alike
set search_path = ''
as $$
declare
  v_tidy jsonb := private.tidy_preferences(preferences);
begin
  if not private.is_waitlist_preferences(v_tidy) then
    perform private.fail(
      'invalid_argument',
      'preferences is an object of weekdays [1-7], times [{start_time, end_time}], practitioner_ids, location_ids, '
      'minimum_notice_minutes (0 to 43200), from_date and to_date.',
      'Leave out what does not matter.'
    );
  end if;
  if exists (
    select 1
    from jsonb_array_elements_text(v_tidy -> 'practitioner_ids') as p (id)
    where p.id::uuid <> all (private.serving_practitioner_ids(service.id))
  ) then
    perform private.fail('not_found', 'No such practitioner offers this service.');
  end if;
  if exists (
    select 1
    from jsonb_array_elements_text(v_tidy -> 'location_ids') as w (id)
    where not exists (
      select 1
      from public.locations as l
      where l.id = w.id::uuid and l.organization_id = service.organization_id and l.is_active
    )
  ) then
    perform private.fail('not_found', 'There is no such location.');
  end if;
  return v_tidy;
end
$$;

comment on function private.require_preferences(jsonb, public.services) is
  'The preferences as they are stored, or error invalid_argument or not_found.';

create function public.join_waitlist(
  service_id uuid,
  preferences jsonb default '{}',
  client_id uuid default null,
  priority integer default null,
  idempotency_key text default null
)
returns public.waitlist_entries
language plpgsql
security definer -- definer because nobody is granted insert on entries
set search_path = ''
as $$
declare
  v_request private.booking_request := private.authorize_booking(service_id, client_id);
  v_service public.services := v_request.service;
  v_preferences jsonb;
  v_answer jsonb;
  v_entry public.waitlist_entries;
begin
  if v_request.as_client and priority is not null then
    perform private.fail('forbidden', 'Only staff say who comes first.', 'Leave out priority.');
  end if;
  if priority not between 1 and 9 then
    perform private.fail('invalid_argument', 'priority is from 1, first, to 9, last.');
  end if;
  v_preferences := private.require_preferences(preferences, v_service);

  v_answer := private.claim_idempotency_key(
    v_service.organization_id, 'join_waitlist', idempotency_key,
    jsonb_build_array(service_id, v_preferences, v_request.client_id, priority)
  );
  if v_answer is not null then
    return jsonb_populate_record(null::public.waitlist_entries, v_answer);
  end if;
  -- Entries are few; whoever joins and leaves by the dozen is no person.
  perform private.require_token('waitlist:' || v_request.client_id, 20, 1);

  perform private.lock_calendar('{}', '{}', array[v_request.client_id]);
  if exists (
    select 1 from public.clients as c where c.id = v_request.client_id and c.archived_at is not null
  ) then
    perform private.fail('invalid_state', 'This client is archived.', 'Take the client back first (archive_client).');
  end if;
  insert into public.waitlist_entries (organization_id, client_id, service_id, preferences, priority, created_by)
  values (
    v_service.organization_id, v_request.client_id, v_service.id, v_preferences, coalesce(priority, 5), auth.uid()
  )
  on conflict do nothing
  returning * into v_entry;
  if v_entry.id is null then
    perform private.fail(
      'already_exists', 'This client waits for this service already.', 'Change that entry with update_waitlist_entry.'
    );
  end if;

  if idempotency_key is not null then
    perform private.store_idempotent_response(
      v_service.organization_id, 'join_waitlist', idempotency_key, to_jsonb(v_entry)
    );
  end if;
  return v_entry;
end
$$;

comment on function public.join_waitlist(uuid, jsonb, uuid, integer, text) is
  'Puts a client on the waiting list for a service: clients themselves, staff any client, with a priority (1 first, 5 '
  'default). preferences as waitlist_entries.preferences. Returns the entry. Errors: already_exists (one live entry '
  'per client and service), not_found, forbidden, invalid_state, invalid_argument, rate_limited.';

grant execute on function public.join_waitlist(uuid, jsonb, uuid, integer, text) to authenticated;

create function private.authorize_entry(waitlist_entry_id uuid)
returns public.waitlist_entries
language plpgsql
stable
security definer -- definer because it decides for clients and staff alike
set search_path = ''
as $$
declare
  v_entry public.waitlist_entries;
begin
  perform private.require_user();
  select e.* into v_entry from public.waitlist_entries as e where e.id = authorize_entry.waitlist_entry_id;
  if not found or (
    private.current_role_in(v_entry.organization_id) is null
    and v_entry.client_id <> all (private.current_client_ids())
  ) then
    perform private.fail('not_found', 'There is no such record.', 'Check the identifier.');
  end if;
  return v_entry;
end
$$;

comment on function private.authorize_entry(uuid) is
  'The entry, if the caller is staff of its organization or its client; else error not_found.';

create function private.require_live(entry public.waitlist_entries)
returns void
language plpgsql
set search_path = ''
as $$
begin
  if entry.status not in ('waiting', 'offered') then
    perform private.fail('invalid_state', format('This entry is %s.', entry.status), 'Join again.');
  end if;
end
$$;

create function public.update_waitlist_entry(
  waitlist_entry_id uuid,
  preferences jsonb default null,
  priority integer default null,
  idempotency_key text default null
)
returns public.waitlist_entries
language plpgsql
security definer -- definer because nobody is granted update on entries
set search_path = ''
as $$
declare
  v_entry public.waitlist_entries := private.authorize_entry(waitlist_entry_id);
  v_service public.services;
  v_preferences jsonb;
  v_answer jsonb;
begin
  if priority is not null and private.current_role_in(v_entry.organization_id) is null then
    perform private.fail('forbidden', 'Only staff say who comes first.', 'Leave out priority.');
  end if;
  if priority not between 1 and 9 then
    perform private.fail('invalid_argument', 'priority is from 1, first, to 9, last.');
  end if;
  select s.* into v_service from public.services as s where s.id = v_entry.service_id;
  if preferences is not null then
    v_preferences := private.require_preferences(preferences, v_service);
  end if;

  v_answer := private.claim_idempotency_key(
    v_entry.organization_id, 'update_waitlist_entry', idempotency_key,
    jsonb_build_array(waitlist_entry_id, v_preferences, priority)
  );
  if v_answer is not null then
    return jsonb_populate_record(null::public.waitlist_entries, v_answer);
  end if;

  perform private.lock_calendar('{}', '{}', array[v_entry.client_id]);
  select e.* into v_entry
  from public.waitlist_entries as e
  where e.id = update_waitlist_entry.waitlist_entry_id
  for update;
  perform private.require_live(v_entry);
  update public.waitlist_entries as e
  set
    preferences = coalesce(v_preferences, e.preferences),
    priority = coalesce(update_waitlist_entry.priority, e.priority)
  where e.id = v_entry.id
  returning e.* into v_entry;

  if idempotency_key is not null then
    perform private.store_idempotent_response(
      v_entry.organization_id, 'update_waitlist_entry', idempotency_key, to_jsonb(v_entry)
    );
  end if;
  return v_entry;
end
$$;

comment on function public.update_waitlist_entry(uuid, jsonb, integer, text) is
  'Replaces the preferences of a live entry (its client, staff) or its priority (staff); the place in the queue stays. '
  'Returns the entry. Errors: not_found, forbidden, invalid_state, invalid_argument.';

grant execute on function public.update_waitlist_entry(uuid, jsonb, integer, text) to authenticated;

create function public.leave_waitlist(waitlist_entry_id uuid, idempotency_key text default null)
returns public.waitlist_entries
language plpgsql
security definer -- definer because nobody is granted update on entries
set search_path = ''
as $$
declare
  v_entry public.waitlist_entries := private.authorize_entry(waitlist_entry_id);
  v_answer jsonb;
begin
  v_answer := private.claim_idempotency_key(
    v_entry.organization_id, 'leave_waitlist', idempotency_key, jsonb_build_array(waitlist_entry_id)
  );
  if v_answer is not null then
    return jsonb_populate_record(null::public.waitlist_entries, v_answer);
  end if;

  perform private.lock_calendar('{}', '{}', array[v_entry.client_id]);
  select e.* into v_entry from public.waitlist_entries as e where e.id = leave_waitlist.waitlist_entry_id;
  perform private.require_live(v_entry);
  -- The offer first: appointments are locked before entries, everywhere. It may end the entry by itself.
  perform private.release_offer(o, 'declined')
  from public.waitlist_offers as o
  where o.waitlist_entry_id = v_entry.id and o.status = 'open';
  update public.waitlist_entries as e
  set status = 'withdrawn'
  where e.id = v_entry.id and e.status = 'waiting';
  select e.* into v_entry from public.waitlist_entries as e where e.id = leave_waitlist.waitlist_entry_id;

  if idempotency_key is not null then
    perform private.store_idempotent_response(
      v_entry.organization_id, 'leave_waitlist', idempotency_key, to_jsonb(v_entry)
    );
  end if;
  return v_entry;
end
$$;

comment on function public.leave_waitlist(uuid, text) is
  'Takes a live entry off the list; an open offer is declined with it. Its client or staff. Returns the entry. Errors: '
  'not_found, invalid_state.';

grant execute on function public.leave_waitlist(uuid, text) to authenticated;
