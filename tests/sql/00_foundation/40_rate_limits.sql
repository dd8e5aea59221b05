-- Token buckets: they empty, refill, never overflow, and belong to one caller.
begin;
select * from no_plan();
select tests.practice('north');
select tests.operator();

select is(private.take_tokens('test', 5, 60, 3), 3, 'a full bucket gives what is wanted');
select is(private.take_tokens('test', 5, 60, 3), 2, 'then what is left');
select is(private.take_tokens('test', 5, 60, 3), 0, 'then nothing');
update private.rate_limits set refilled_at = clock_timestamp() - interval '2 seconds' where bucket = 'test';
select is(private.take_tokens('test', 5, 60, 5), 2, 'it refills by the minute');
update private.rate_limits set refilled_at = clock_timestamp() - interval '1 day' where bucket = 'test';
select is(private.take_tokens('test', 5, 60, 50), 5, 'and never holds more than its capacity');
update private.rate_limits set refilled_at = clock_timestamp() + interval '1 hour' where bucket = 'test';
select is(private.take_tokens('test', 5, 60, 5), 0, 'a clock that was set back gives nothing away');
select throws_ok($$
  select private.require_token('empty', 1, 1), private.require_token('empty', 1, 1)
$$, 'PT429', 'rate_limited', 'who needs a token and finds none is refused');

select is(
  tests.act('client', 'select public.lease_requests(''export'', 3) ->> ''granted'''), '3', 'a caller CAN lease requests'
);
select tests.operator();
update private.rate_limits set tokens = 0, refilled_at = clock_timestamp() where bucket like 'user:%:export';
select is(
  tests.act('client', 'select public.lease_requests(''export'') ->> ''granted'''), '0', 'an empty bucket leases nothing'
);
select is(
  tests.act('client', 'select public.lease_requests(''read'') ->> ''granted'''), '1', 'each class has its own bucket'
);
select is(
  tests.act('owner', 'select public.lease_requests(''export'') ->> ''granted'''), '1', 'each caller has their own'
);
select tests.gets(
  'client', 'select public.lease_requests(''everything'')', 'PT422 invalid_argument', 'classes are fixed'
);
select tests.gets(
  'client', 'select public.lease_requests(''read'', 51)', 'PT422 invalid_argument', 'leases are small'
);
select tests.gets('anon', 'select public.lease_requests(''read'')', '42501', 'a visitor can NOT lease');
select tests.gets('nobody', 'select public.lease_requests(''read'')', 'PT401 unauthenticated', 'nor a token without user');

-- Registrations share the organization's bucket.
select tests.operator();
insert into private.rate_limits (bucket, tokens, refilled_at)
values ('register:' || tests.id('organization'), 0, clock_timestamp())
on conflict on constraint rate_limits_pkey do update set tokens = 0, refilled_at = clock_timestamp();
select tests.gets(
  'stranger', 'select public.register_client(''north-practice'', ''A'', ''B'')', 'PT429 rate_limited',
  'an organization overrun by registrations takes no more'
);

select tests.operator();
update private.rate_limits set refilled_at = now() - interval '2 hours' where bucket = 'test';
select cmp_ok(private.delete_idle_rate_limits(), '>=', 1::bigint, 'idle buckets are forgotten');

select * from finish();
rollback;
