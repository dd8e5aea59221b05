-- Rate limits: token buckets, one row each. A bucket belongs to a caller or an organization and to a
-- class of routes, never to an address or a path, so that no header and no spelling evades it.

create table private.rate_limits (
  bucket text primary key,
  tokens double precision not null,
  refilled_at timestamptz not null,
  constraint rate_limits_bucket_is_short check (length(bucket) between 1 and 200),
  constraint rate_limits_tokens_are_not_negative check (tokens >= 0 and tokens < 'infinity')
);

comment on table private.rate_limits is 'Token buckets: what is left, and when it was last counted.';

create index rate_limits_refilled_at_idx on private.rate_limits (refilled_at);

alter table private.rate_limits enable row level security;

create function private.take_tokens(bucket text, capacity integer, per_minute integer, wanted integer default 1)
returns integer
language plpgsql
security definer -- definer because nobody is granted the table of buckets
set search_path = ''
as $$
declare
  v_bucket private.rate_limits;
  v_granted integer;
begin
  insert into private.rate_limits (bucket, tokens, refilled_at)
  values (take_tokens.bucket, capacity, clock_timestamp())
  on conflict on constraint rate_limits_pkey do nothing;

  -- The row lock makes parallel takers take turns.
  select l.* into v_bucket from private.rate_limits as l where l.bucket = take_tokens.bucket for update;
  v_bucket.tokens := least(
    capacity,
    v_bucket.tokens
      + greatest(extract(epoch from clock_timestamp() - v_bucket.refilled_at), 0) * per_minute / 60.0
  );
  v_granted := least(wanted, floor(v_bucket.tokens)::integer);
  update private.rate_limits as l
  set tokens = v_bucket.tokens - v_granted, refilled_at = clock_timestamp()
  where l.bucket = take_tokens.bucket;
  return v_granted;
end
$$;

comment on function private.take_tokens(text, integer, integer, integer) is
  'Takes up to `wanted` tokens from a bucket of `capacity` that refills by per_minute; returns how many were left to '
  'take.';

create function private.require_token(bucket text, capacity integer, per_minute integer)
returns void
language plpgsql
set search_path = ''
as $$
begin
  if private.take_tokens(bucket, capacity, per_minute) = 0 then
    perform private.fail('rate_limited', 'Too many requests.', 'Wait a minute and try again.');
  end if;
end
$$;

comment on function private.require_token(text, integer, integer) is
  'Takes one token or raises rate_limited. Within an RPC it counts what succeeded: a failed call takes nothing.';

create function public.lease_requests(class text, wanted integer default 1)
returns json
language plpgsql
security definer -- definer because nobody is granted the table of buckets
set search_path = ''
as $$
declare
  v_user_id uuid := private.require_user();
  v_per_minute integer := case class when 'read' then 24000 when 'write' then 12000 when 'export' then 240 end;
  v_granted integer;
begin
  if v_per_minute is null then
    perform private.fail('invalid_argument', 'class is read, write or export.');
  end if;
  if wanted is null or wanted not between 1 and 50 then
    perform private.fail('invalid_argument', 'wanted is between 1 and 50.');
  end if;
  v_granted := private.take_tokens(
    concat_ws(':', 'user', v_user_id, class), v_per_minute, v_per_minute, wanted
  );
  return json_build_object(
    'granted', v_granted,
    'retry_after', case when v_granted = 0 then ceil(60.0 / v_per_minute)::integer else 0 end
  );
end
$$;

comment on function public.lease_requests(text, integer) is
  'Asked by the functions on the caller''s behalf before they work: takes up to `wanted` (1-50) requests of a class '
  'from the caller''s bucket: read 24000, write 12000, export 240 a minute. Returns {granted, retry_after}, the latter '
  'in seconds. Its transaction is its own, so that failed requests count too. Errors: invalid_argument.';

grant execute on function public.lease_requests(text, integer) to authenticated;

create function private.delete_idle_rate_limits()
returns bigint
language sql
security definer -- definer because nobody is granted the table of buckets
set search_path = ''
as $$
  with gone as (
    -- After an hour every bucket is full again, as a new one is. One that is locked is in use, and whoever uses it
    -- may wait for what this job's transaction holds. An array is made once, a list might be for each row.
    delete from private.rate_limits
    where bucket = any (
      array(
        select l.bucket from private.rate_limits as l
        where l.refilled_at < now() - interval '1 hour'
        for update skip locked
      )
    )
    returning 1
  )
  select count(*) from gone
$$;

comment on function private.delete_idle_rate_limits() is
  'Forgets buckets that nobody used for an hour; returns how many. Run by the scheduler.';

grant execute on function private.delete_idle_rate_limits() to service_role;
