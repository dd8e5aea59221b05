-- Regular work, last of all because it calls what the other domains offer. One entry point, called
-- every minute by pg_cron on hosted Supabase and by the embedded stack's scheduler; which job is due
-- is decided here, so that both run the same.

create table private.job_runs (
  name text primary key,
  started_at timestamptz not null,
  finished_at timestamptz not null,
  result bigint,
  error text
);

comment on table private.job_runs is
  'The last run of each job: a heartbeat, and what went wrong if something did. Written by run_due_jobs.';
comment on column private.job_runs.result is 'How many rows the job dealt with; null after an error.';

alter table private.job_runs enable row level security;

create function private.run_job(name text)
returns bigint
language plpgsql
security definer -- definer because jobs reach what no caller is granted
set search_path = ''
as $$
begin
  return case name
    when 'seal_audit' then private.seal_audit()
    when 'announce_bookings' then public.announce_bookings(10000)
    when 'expire_credits' then private.expire_credits()
    when 'mark_overdue_invoices' then private.mark_overdue_invoices()
    when 'ensure_buckets' then private.ensure_buckets()
    when 'abandon_client_reports' then private.abandon_client_reports()
    when 'delete_idle_rate_limits' then private.delete_idle_rate_limits()
    when 'delete_old_idempotency_keys' then private.delete_old_idempotency_keys()
    when 'purge_audit' then private.purge_audit()
    when 'enqueue_daily_digests' then private.enqueue_daily_digests()
    when 'delete_old_delivery_events' then private.delete_old_delivery_events()
    when 'delete_old_messages' then private.delete_old_messages()
    when 'run_pending_bulk_operations' then private.run_pending_bulk_operations()
    when 'offer_freed_slots' then private.offer_freed_slots()
  end;
end
$$;

comment on function private.run_job(text) is 'Runs one job now, due or not; returns how many rows it dealt with.';

create function private.run_due_jobs(at timestamptz default now())
returns integer
language plpgsql
security definer -- definer because nobody is granted the table of runs
set search_path = ''
as $$
declare
  v_job record;
  v_result bigint;
  v_error text;
  v_count integer := 0;
begin
  -- Two schedulers do no harm: the second finds the lock taken and nothing to do.
  if not pg_try_advisory_xact_lock(hashtextextended('private.run_due_jobs', 0)) then
    return 0;
  end if;
  for v_job in
    select j.name
    from (
      values
        ('seal_audit', interval '1 minute'),
        ('announce_bookings', interval '1 minute'),
        ('run_pending_bulk_operations', interval '1 minute'),
        ('enqueue_daily_digests', interval '15 minutes'),
        ('delete_old_delivery_events', interval '1 day'),
        ('delete_old_messages', interval '1 day'),
        ('expire_credits', interval '1 hour'),
        ('mark_overdue_invoices', interval '1 hour'),
        ('ensure_buckets', interval '1 hour'),
        ('abandon_client_reports', interval '1 hour'),
        ('delete_idle_rate_limits', interval '1 hour'),
        ('delete_old_idempotency_keys', interval '1 day'),
        ('purge_audit', interval '1 day'),
        ('offer_freed_slots', interval '1 minute')
    ) as j (name, every)
    left join private.job_runs as r on r.name = j.name
    -- A few seconds early counts as due: schedulers do not tick exactly.
    where r.name is null or r.started_at <= at - j.every + interval '5 seconds'
    -- Sealing last: the others lock clients before they write entries, as everybody does. Just before it those
    -- that keep bookings or calendars to the end, without waiting for any: the others may wait for an account.
    order by
      j.name = 'seal_audit', j.name = 'announce_bookings', j.name = 'offer_freed_slots',
      j.name = 'run_pending_bulk_operations', j.every, j.name
  loop
    v_error := null;
    v_result := null;
    begin
      v_result := private.run_job(v_job.name);
    exception
      -- One job that fails must not keep the others from running.
      when others then v_error := left(sqlerrm, 1000);
    end;
    insert into private.job_runs as r (name, started_at, finished_at, result, error)
    values (v_job.name, at, clock_timestamp(), v_result, v_error)
    on conflict on constraint job_runs_pkey do update
      set started_at = excluded.started_at,
        finished_at = excluded.finished_at,
        result = excluded.result,
        error = excluded.error;
    v_count := v_count + 1;
  end loop;
  return v_count;
end
$$;

comment on function private.run_due_jobs(timestamptz) is
  'Runs the jobs that are due and records each in job_runs; returns how many ran. Called every minute.';

grant execute on function private.run_job(text) to service_role;
grant execute on function private.run_due_jobs(timestamptz) to service_role;
