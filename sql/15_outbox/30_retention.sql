-- How long it is kept what people were told.

create function private.delete_old_messages(older_than interval default '400 days')
returns bigint
language sql
security definer -- definer because nobody is granted delete on messages
set search_path = ''
as $$
  with gone as (
    delete from public.messages
    where created_at < now() - greatest(older_than, interval '90 days')
      and status in ('sent', 'delivered', 'failed', 'cancelled')
    returning 1
  )
  select count(*) from gone
$$;

comment on function private.delete_old_messages(interval) is
  'Forgets messages older than the given age (default 400 days, at least 90), with the inbox and the links in them; '
  'returns how many. Run by the scheduler.';

grant execute on function private.delete_old_messages(interval) to service_role;
