-- Taking a client out of booking, or back; under the client's calendar, as booking is.

create function public.archive_client(client_id uuid, is_archived boolean default true)
returns public.clients
language plpgsql
security definer -- definer because archived_at is granted to nobody
set search_path = ''
as $$
declare
  v_client public.clients := private.require_client(client_id, 'owner', 'admin', 'receptionist');
begin
  -- A booking on its way is finished first, or sees the client archived.
  perform private.lock_calendar('{}', '{}', array[v_client.id]);
  update public.clients as c
  set archived_at = case when coalesce(is_archived, true) then coalesce(c.archived_at, now()) end
  where c.id = v_client.id
  returning c.* into v_client;
  return v_client;
end
$$;

comment on function public.archive_client(uuid, boolean) is
  'Takes a client out of search and booking, or back. History stays. For owner, admin, receptionist. Errors: '
  'not_found, forbidden.';

grant execute on function public.archive_client(uuid, boolean) to authenticated;
