-- The scheduler's one entry point: what is due runs, what is not does not, a failure is recorded.
begin;
select * from no_plan();
select tests.practice('north');
select tests.operator();

-- Which of three jobs, of every minute, hour and day, run some time from now.
create function pg_temp.due(after interval) returns text
language plpgsql as $$
begin
  perform private.run_due_jobs(now() + after);
  return (
    select string_agg(r.name, ' ' order by r.name)
    from private.job_runs as r
    where r.name in ('seal_audit', 'expire_credits', 'purge_audit') and r.started_at = now() + after
  );
end
$$;

delete from private.job_runs;
select is(pg_temp.due('0'), 'expire_credits purge_audit seal_audit', 'at first every job is due');
select is(private.run_due_jobs(), 0, 'and then none');
select is(pg_temp.due('58 seconds'), 'seal_audit', 'a minute later those of every minute');
select is(pg_temp.due('61 minutes'), 'expire_credits seal_audit', 'an hour later those of every hour, too');
select is(pg_temp.due('49 hours'), 'expire_credits purge_audit seal_audit', 'two days later all of them');
select is((select count(*) from private.job_runs as r where r.error is not null), 0::bigint, 'none failed');

-- Expired credit is written off by the job.
insert into public.credit_entries (organization_id, client_id, kind, amount, currency, expires_at)
values (tests.id('organization'), tests.id('client'), 'top_up', 700, 'CZK', now() - interval '1 hour');
select is(private.run_job('expire_credits'), 1::bigint, 'one account had expired credit');
select is(
  (select a.balance_amount from public.credit_accounts as a where a.client_id = tests.id('client')), 0::bigint,
  'and has none now'
);

-- A job that fails is recorded and does not stop the others.
create or replace function private.seal_audit(batch_size integer default 10000) returns bigint
language plpgsql set search_path = '' as $$ begin raise exception 'no seal today'; end $$;
select is(pg_temp.due('99 hours'), 'expire_credits purge_audit seal_audit', 'all run although one fails');
select is(
  (select r.error from private.job_runs as r where r.name = 'seal_audit'), 'no seal today', 'its error is recorded'
);
select is(
  (select count(*) from private.job_runs as r where r.error is not null), 1::bigint, 'the others went well'
);

select tests.gets('owner', 'select private.run_due_jobs()', '42501', 'an owner can NOT run jobs');
select tests.gets('service', 'select private.run_due_jobs()', 'ok 1', 'the secret key CAN');

select * from finish();
rollback;
