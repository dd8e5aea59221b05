-- What is cheap to spam is limited: per caller, per organization, per address that gets mail.
begin;
select * from no_plan();
select tests.practice('north');
select tests.practice('south');

-- Makes calls until one is refused; answers how many went well, and with what the last one ended.
create function pg_temp.spam(who text, call text, most integer) returns text
language plpgsql as $$
declare
  v_end text;
begin
  perform tests.be(who);
  for v_count in 0..most - 1 loop
    begin
      execute replace(call, '#', v_count::text);
    exception when others then
      v_end := format('%s, then %s', v_count, sqlerrm);
    end;
    exit when v_end is not null;
  end loop;
  perform tests.operator();
  return coalesce(v_end, most::text);
end
$$;

-- Registering ---------------------------------------------------------------------------------------
select is(
  pg_temp.spam('stranger', 'select public.register_client(''north-practice'', ''A'', ''B'')', 30),
  '20, then rate_limited', 'a login registers only so often'
);
select tests.gets(
  'stranger', 'select public.register_client(''south-practice'', ''A'', ''B'')', 'PT429 rate_limited',
  'with whichever practice'
);
select tests.gets(
  'colleague', 'select public.register_client(''north-practice'', ''A'', ''B'')', 'ok 1', 'others are not held up'
);

-- Inviting ------------------------------------------------------------------------------------------
select is(
  pg_temp.spam(
    'owner', 'select public.create_invitation(''victim@example.test'', ''receptionist'')', 30
  ),
  '20, then rate_limited', 'an address is not flooded with invitations'
);
select tests.gets(
  'owner', format('select public.create_invitation(%L, ''receptionist'')', address), expected, address || ': ' || expected
)
from (
  values
    ('VICTIM@Example.test', 'PT429 rate_limited'), ('victim@example.test', 'PT429 rate_limited'),
    ('other@example.test', 'ok 1')
) as t (address, expected);
select tests.gets(
  'admin', 'select public.create_invitation(''victim@example.test'', ''receptionist'')', 'PT429 rate_limited',
  'whoever of the practice sends them'
);
select is(
  pg_temp.spam('owner', 'select public.create_invitation(''person.#@example.test'', ''receptionist'')', 600) ~
    '^(4[89]\d|5\d\d), then rate_limited$',
  true, 'a practice sends only so many'
);
select tests.gets(
  'south.owner', 'select public.create_invitation(''victim@example.test'', ''receptionist'')', 'ok 1',
  'another practice may still invite'
);

-- Clearing days -------------------------------------------------------------------------------------
select is(
  pg_temp.spam(
    'therapist', 'select public.cancel_day(tests.id(''therapist''), tests.today() + 20 + #)', 150
  ) ~ '^1\d\d, then rate_limited$',
  true, 'days are cleared only so often'
);
select * from finish();
rollback;
