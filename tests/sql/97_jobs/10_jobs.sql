-- The scheduler's one entry point: what is due runs, what is not does not, a failure is recorded.
begin;
select * from no_plan();
select tests.practice('north');
select tests.operator();

delete from private.job_runs;
select is(private.run_due_jobs(), 5, 'at first every job is due');
select is(private.run_due_jobs(), 0, 'and then none');
select is(private.run_due_jobs(now() + interval '58 seconds'), 1, 'a minute later the one of every minute');
select is(private.run_due_jobs(now() + interval '61 minutes'), 3, 'an hour later those of every hour, too');
select is(private.run_due_jobs(now() + interval '49 hours'), 5, 'two days later all of them');
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
select is(private.run_due_jobs(now() + interval '99 hours'), 5, 'all run although one fails');
select is(
  (select r.error from private.job_runs as r where r.name = 'seal_audit'), 'no seal today', 'its error is recorded'
);
select is(
  (select count(*) from private.job_runs as r where r.error is null), 4::bigint, 'the others went well'
);

select tests.gets('owner', 'select private.run_due_jobs()', '42501', 'an owner can NOT run jobs');
select tests.gets('service', 'select private.run_due_jobs()', 'ok 1', 'the secret key CAN');

select * from finish();
rollback;
