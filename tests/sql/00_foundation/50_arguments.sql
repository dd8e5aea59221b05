-- What arguments have in common: text of a length, days that calendars know.
begin;
select * from no_plan();

select tests.gets('operator', format('select private.require_text(%L, ''reason'', 5, %s)', value, shortest), expected, title)
from (
  values
    ('12345', 1, 'ok 1', 'text as long as it may be'),
    ('  12345  ', 1, 'ok 1', 'blanks around it not counted'),
    ('123456', 1, 'PT422 invalid_argument', 'NOT longer'),
    ('   ', 1, 'PT422 invalid_argument', 'NOT blank'),
    (null, 1, 'PT422 invalid_argument', 'NOT left out'),
    (null, 0, 'ok 1', 'left out where it may be'),
    ('', 0, 'ok 1', 'or empty'),
    ('123456', 0, 'PT422 invalid_argument', 'but NOT longer')
) as t (value, shortest, expected, title);
select is(tests.error_detail('operator', $$ select private.require_text('', 'reason', 500) $$), 'reason has 1 to 500 characters.', 'a required one says both bounds');
select is(
  tests.error_detail('operator', $$ select private.require_text(repeat('x', 501), 'note', 500, shortest => 0) $$), 'note has at most 500 characters.',
  'one that may be left out only the upper'
);

select tests.gets('operator', format('select private.require_date(%L, ''day'', %L)', value, is_required), expected, title)
from (
  values
    ('2000-01-01', true, 'ok 1', 'the first day'), ('2199-12-31', true, 'ok 1', 'the last day'),
    ('1999-12-31', false, 'PT422 invalid_argument', 'NOT the day before'), ('2200-01-01', false, 'PT422 invalid_argument', 'NOT the day after'),
    ('infinity', false, 'PT422 invalid_argument', 'NOT never'), ('-infinity', false, 'PT422 invalid_argument', 'NOT always'),
    (null, false, 'ok 1', 'no day'), (null, true, 'PT422 invalid_argument', 'NOT none where one is required')
) as t (value, is_required, expected, title);
select is(tests.error_detail('operator', $$ select private.require_date(null, 'from_day', true) $$), 'from_day is a date between 2000 and 2199.', 'it is named');
select * from finish();
rollback;
