-- Invariants of the outbox.

create function private.outbox_violations(only_organization_id uuid default null)
returns table (invariant text, organization_id uuid, record_id uuid, detail text)
language sql
stable
security definer -- definer because invariants span what no single caller may read
set search_path = ''
as $$
  with message as (
    select m.*
    from public.messages as m
    where only_organization_id is null or m.organization_id = only_organization_id
  )
  select 'message_is_sent_once', m.organization_id, m.id, format('%s %s', m.provider, m.provider_id)
  from message as m
  join message as other
    on other.provider = m.provider and other.provider_id = m.provider_id and other.id <> m.id
  union all
  select 'message_lease_ends', m.organization_id, m.id, format('since %s', m.leased_until)
  from message as m
  where m.status = 'sending' and m.leased_until < now() - interval '1 hour'
  union all
  select 'message_is_given_up_in_time', m.organization_id, m.id, format('%s attempts', m.attempts)
  from message as m
  where m.status = 'pending' and m.attempts >= private.message_attempt_limit()
$$;

comment on function private.outbox_violations(uuid) is
  'Broken invariants of the outbox: a message sent under two names, a lease nobody ended, retries without bound.';

grant execute on function private.outbox_violations(uuid) to service_role;
