-- What providers report afterwards, each report once, states only forward; and the workers' heartbeat.

create function public.record_delivery_event(
  provider text,
  event_id text,
  state text,
  message_id uuid default null,
  provider_id text default null,
  detail text default null,
  address text default null
)
returns text
language plpgsql
security definer -- definer because nobody is granted writes on messages
set search_path = ''
as $$
declare
  v_message public.messages;
  v_address text;
begin
  if coalesce(length(provider), 0) not between 1 and 50 or coalesce(length(event_id), 0) not between 1 and 255
    or state is null
    or state not in (
      'sent', 'delayed', 'delivered', 'bounced', 'complained', 'stopped', 'unreachable', 'failed'
    )
  then
    perform private.fail('invalid_argument', 'A report has a provider, an event id and a known state.');
  end if;
  insert into private.delivery_events (provider, event_id, message_id, state)
  values (provider, event_id, message_id, state)
  on conflict on constraint delivery_events_pkey do nothing;
  if not found then
    return 'known';
  end if;

  select m.* into v_message
  from public.messages as m
  where m.id = record_delivery_event.message_id
    or (
      record_delivery_event.message_id is null
      and m.provider = record_delivery_event.provider and m.provider_id = record_delivery_event.provider_id
    )
  for update;
  if not found then
    return 'unknown';
  end if;

  if state in ('bounced', 'complained', 'stopped', 'unreachable') then
    -- Where it went, not where it would go by now: the desk may have corrected it meanwhile. Numbers come back in
    -- the network's spelling, so there it is whether it still is the same.
    v_address := private.message_recipient(v_message) ->> 'address';
    if v_message.channel = 'email' then
      v_address := coalesce(record_delivery_event.address, v_address);
    elsif regexp_replace(record_delivery_event.address, '\D', '', 'g')
      not like '%' || ltrim(regexp_replace(v_address, '\D', '', 'g'), '0')
    then
      v_address := null;
    end if;
    perform private.suppress_address(
      v_message.organization_id, v_message.channel, v_address, case state when 'stopped' then 'complained' else state end
    );
  end if;
  -- Reports come in any order, also before the worker has said that it sent the message, or when it could not know.
  if state in ('delivered', 'complained')
    and (v_message.status in ('sending', 'sent') or v_message.status = 'pending' and v_message.attempts > 0)
  then
    update public.messages as m
    set status = 'delivered', delivered_at = now(), sent_at = coalesce(m.sent_at, now()), error = null,
      lease = null, leased_by = null, leased_until = null, provider = record_delivery_event.provider,
      provider_id = coalesce(record_delivery_event.provider_id, m.provider_id)
    where m.id = v_message.id;
  elsif state in ('bounced', 'stopped', 'unreachable', 'failed') and v_message.status in ('sending', 'sent') then
    update public.messages as m
    set status = 'failed', error = left(concat_ws(': ', state, detail), 500),
      lease = null, leased_by = null, leased_until = null, provider = record_delivery_event.provider,
      provider_id = coalesce(record_delivery_event.provider_id, m.provider_id)
    where m.id = v_message.id;
  end if;
  return 'recorded';
end
$$;

comment on function public.record_delivery_event(text, text, text, uuid, text, text, text) is
  'One report of a provider about a message, named by our id or the provider''s: sent, delayed, delivered, bounced, '
  'complained (of what arrived), stopped (wants nothing more), unreachable, failed; address: where it went. Returns '
  'recorded, known (seen before: nothing changes) or unknown. A dead address is suppressed. For service_role. Errors: '
  'invalid_argument.';

grant execute on function public.record_delivery_event(text, text, text, uuid, text, text, text) to service_role;

create function public.drop_push_device(registration text)
returns boolean
language plpgsql
security definer -- definer because nobody is granted the table of devices
set search_path = ''
as $$
begin
  delete from private.push_devices as d where d.registration = drop_push_device.registration;
  return found;
end
$$;

comment on function public.drop_push_device(text) is
  'Forgets a device that the provider no longer knows; returns whether it was there. For service_role.';

grant execute on function public.drop_push_device(text) to service_role;

create function private.delete_old_delivery_events()
returns bigint
language sql
security definer -- definer because nobody is granted the table of reports
set search_path = ''
as $$
  with gone as (
    -- Providers repeat a report for days, not for months.
    delete from private.delivery_events where received_at < now() - interval '90 days' returning 1
  )
  select count(*) from gone
$$;

comment on function private.delete_old_delivery_events() is
  'Forgets reports of providers after ninety days; returns how many. Run by the scheduler.';

grant execute on function private.delete_old_delivery_events() to service_role;

-- worker_runs -------------------------------------------------------------------------------------

create table private.worker_runs (
  worker text primary key,
  started_at timestamptz not null,
  finished_at timestamptz not null,
  counts jsonb not null default '{}',
  constraint worker_runs_worker_is_short check (length(worker) between 1 and 100)
);

comment on table private.worker_runs is
  'The last run of each worker outside the database, and what it did: its heartbeat. Written by record_worker_run.';

alter table private.worker_runs enable row level security;

create function public.record_worker_run(worker text, started_at timestamptz, counts jsonb default '{}')
returns timestamptz
language sql
security definer -- definer because nobody is granted the table of runs
set search_path = ''
as $$
  insert into private.worker_runs as r (worker, started_at, finished_at, counts)
  values (worker, started_at, clock_timestamp(), counts)
  on conflict on constraint worker_runs_pkey do update
    set started_at = excluded.started_at, finished_at = excluded.finished_at, counts = excluded.counts
  returning r.finished_at
$$;

comment on function public.record_worker_run(text, timestamptz, jsonb) is
  'A worker says that it ran, and what it did; returns when. For service_role.';

grant execute on function public.record_worker_run(text, timestamptz, jsonb) to service_role;
