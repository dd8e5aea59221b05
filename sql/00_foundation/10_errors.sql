-- One place that turns a stable error token into an HTTP status, so that the same refusal has the
-- same shape from every function. PostgREST answers SQLSTATE `PTxyz` with HTTP status xyz.

create function private.fail(token text, detail text default null, hint text default null)
returns void
language plpgsql
set search_path = ''
as $$
begin
  raise exception using
    errcode = case token
      when 'unauthenticated' then 'PT401'
      when 'forbidden' then 'PT403'
      when 'not_found' then 'PT404'
      when 'slot_taken' then 'PT409'
      when 'client_busy' then 'PT409'
      when 'insufficient_credits' then 'PT409'
      when 'invalid_state' then 'PT409'
      when 'idempotency_in_flight' then 'PT409'
      when 'last_owner' then 'PT409'
      when 'already_exists' then 'PT409'
      when 'invitation_unusable' then 'PT410'
      when 'outside_working_hours' then 'PT422'
      when 'not_activated' then 'PT422'
      when 'too_late' then 'PT422'
      when 'invalid_argument' then 'PT422'
      when 'idempotency_mismatch' then 'PT422'
      when 'rate_limited' then 'PT429'
    end,
    message = token,
    detail = coalesce(detail, ''),
    hint = coalesce(hint, '');
end
$$;

comment on function private.fail(text, text, text) is
  'Raises the business error `token` (docs/errors.md) as SQLSTATE PTxyz, with a sentence and a remedy. '
  'Never returns. An unknown token is itself an error (errcode null).';

grant execute on function private.fail(text, text, text) to authenticated, service_role;
