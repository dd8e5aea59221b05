-- Erasure (GDPR article 17): what identifies a client goes, what the law makes the practice keep
-- (sessions, payments, billing snapshots) stays, and the audit chain still verifies.

create function public.erase_client(client_id uuid, reason text)
returns public.clients
language plpgsql
security definer -- definer because erasing reaches tables that nobody is granted writes on
set search_path = ''
as $$
declare
  v_client public.clients := private.require_client(client_id, 'owner', 'admin');
begin
  perform private.require_text(reason, 'reason', 500);
  -- Locks in the order of everybody else: the calendar, rows that refer to the client by their keys, and the client
  -- last, whom every new row of theirs locks, too. From then on nothing is added.
  perform private.lock_calendar('{}', '{}', array[v_client.id]);
  perform 1 from public.appointments as a where a.client_id = v_client.id order by a.id for update;
  perform 1 from public.client_reports as r where r.client_id = v_client.id order by r.id for update;
  perform 1 from public.messages as m where m.client_id = v_client.id order by m.id for update;
  -- As it is now: what was read before waiting may have been changed.
  select c.* into v_client from public.clients as c where c.id = v_client.id for update;
  if not found then
    perform private.fail('not_found', 'There is no such client.', 'Check the identifier.');
  end if;
  if exists (
    select 1
    from public.appointments as a
    where a.client_id = v_client.id and a.status in ('pending', 'confirmed', 'in_progress') and a.starts_at > now()
  ) then
    perform private.fail('invalid_state', 'This client has appointments to come.', 'Cancel them first.');
  end if;

  delete from public.client_notes as n where n.client_id = v_client.id;
  delete from public.client_tags as t where t.client_id = v_client.id;
  delete from public.invitations as i where i.client_id = v_client.id;
  -- What they were told, with the inbox and the links in it.
  delete from public.messages as m where m.client_id = v_client.id;
  delete from public.notification_preferences as p where p.client_id = v_client.id;
  delete from public.quiet_hours as q where q.client_id = v_client.id;
  -- An address that somebody else shares is theirs, too: it stays as dead as it is.
  delete from public.suppressed_addresses as s
  where s.organization_id = v_client.organization_id
    and s.address in (lower(btrim(v_client.email)), lower(btrim(v_client.phone)))
    and not exists (
      select 1
      from public.clients as c
      where c.organization_id = v_client.organization_id
        and c.id <> v_client.id
        and s.address in (lower(btrim(c.email)), lower(btrim(c.phone)))
    );
  -- Clinical documents are kept by law, for owner and admin alone, and without what names the person.
  update public.client_reports as r
  set
    status = case r.status when 'pending' then 'refused' when 'stored' then 'archived' else r.status end,
    refusal = case r.status when 'pending' then 'erased' else r.refusal end,
    archived_at = case r.status when 'stored' then now() else r.archived_at end,
    visible_to_client = false, title = '—', file_name = '—'
  where r.client_id = v_client.id;
  update public.appointments as a
  set note = null, cancellation_reason = null
  where a.client_id = v_client.id and num_nonnulls(a.note, a.cancellation_reason) > 0;
  update public.clients as c
  set
    user_id = null, given_name = '—', family_name = '—', email = null, phone = null, birth_date = null, locale = null,
    timezone = null, archived_at = coalesce(c.archived_at, now())
  where c.id = v_client.id
  returning c.* into v_client;

  -- After the changes above, whose own entries would repeat what they erased.
  perform 1 from public.audit_entries as e where e.client_id = v_client.id order by e.id for update;
  update public.audit_entries as e set changes = null where e.client_id = v_client.id and e.changes is not null;
  -- What the practice answers for: that it was done, by whom and why.
  perform private.write_audit_entry(
    v_client.organization_id, 'update', 'clients', v_client.id, v_client.id,
    jsonb_build_object('erasure', jsonb_build_array(null, btrim(reason)))
  );
  delete from private.idempotency_keys as k
  where k.organization_id = v_client.organization_id
    and k.operation <> 'erase_client'
    and k.response::text like '%' || v_client.id || '%';
  return v_client;
end
$$;

comment on function public.erase_client(uuid, text) is
  'Removes what identifies a client: names, contact, notes, tags, messages, wishes, reasons of cancellations, login '
  'link, and their traces in the audit trail, whose chain still verifies. Sessions, ledger, billing snapshots, '
  'invoices and documents (without their titles) stay, as the law demands. reason goes into the trail. For owner and '
  'admin. Errors: invalid_state (appointments to come), not_found, forbidden, invalid_argument.';

grant execute on function public.erase_client(uuid, text) to authenticated;
