-- Error tokens and their HTTP statuses.
begin;
select * from no_plan();

select is(
  tests.try('operator', format('select private.fail(%L, %L, %L)', token, 'why', 'what to do')),
  code || ' ' || token,
  token || ' is raised as ' || code
)
from (
  values
    ('unauthenticated', 'PT401'), ('forbidden', 'PT403'), ('not_found', 'PT404'),
    ('slot_taken', 'PT409'), ('client_busy', 'PT409'), ('insufficient_credits', 'PT409'),
    ('invalid_state', 'PT409'), ('idempotency_in_flight', 'PT409'), ('last_owner', 'PT409'),
    ('invitation_unusable', 'PT410'), ('outside_working_hours', 'PT422'), ('not_activated', 'PT422'),
    ('too_late', 'PT422'), ('invalid_argument', 'PT422'), ('idempotency_mismatch', 'PT422'),
    ('rate_limited', 'PT429')
) as expected (token, code);

select is(
  tests.error_detail('operator', $$ select private.fail('not_found', 'There is no such thing.') $$),
  'There is no such thing.',
  'an error carries its sentence'
);
select tests.gets(
  'operator', $$ select private.fail('no_such_token') $$, '22004', 'an unknown token is itself an error'
);

select * from finish();
rollback;
