-- search_clients: accents, typing errors, phone spellings, pages without gaps or repeats, no wildcards.
begin;
select * from no_plan();
select tests.practice('north');
select tests.practice('south');

insert into public.clients (organization_id, given_name, family_name, email, phone)
values
  (tests.id('organization'), 'Žofie', 'Řeháková', 'zofie.rehakova@mail.example', '+420 608 111 222'),
  (tests.id('organization'), 'Søren', 'Ærø', 'soren@mail.example', null),
  (tests.id('organization'), 'Percy', 'Hundred%', 'percy_100%@mail.example', null),
  (tests.id('organization'), 'Under', 'Scored_Name', null, '0 12-34.56 (78)'),
  (tests.id('organization'), 'Back', 'Slash\Name', null, null),
  (tests.id('south.organization'), 'Žofie', 'Řeháková', null, null);

create function pg_temp.best(query text) returns text
language sql as $$
  select coalesce(
    tests.act('reception', format('select family_name from public.search_clients(%L) limit 1', query)), '-'
  )
$$;

select is(pg_temp.best(query), expected, format('%L finds %s first', query, expected))
from (
  values
    ('rehakova', 'Řeháková'), ('ŘEHÁKOVÁ', 'Řeháková'), ('zofie rehakova', 'Řeháková'), ('Řeháková Žofie', 'Řeháková'),
    ('rehakovva', 'Řeháková'), ('Zofie Rehacova', 'Řeháková'), ('soren', 'Ærø'), ('aero', 'Ærø'),
    ('zofie.rehakova@mail', 'Řeháková'), ('608 111 222', 'Řeháková'), ('+420608111222', 'Řeháková'),
    ('608-111-222', 'Řeháková'), ('00420 608 111 222', 'Řeháková'), ('777123456', 'Walkin'),
    ('0123 45678', 'Scored_Name'),
    ('qqqqqqqq', '-'), ('hundred%', 'Hundred%'), ('percy_100', 'Hundred%'), ('d_n', 'Scored_Name'),
    ('h\n', 'Slash\Name'),
    ('100%', 'Hundred%'), (''' or true --', '-')
) as t (query, expected);

-- Wildcards stand for themselves.
select cmp_ok(
  tests.act('reception', format('select count(*) from public.search_clients(%L) where score = 1000', query))::integer,
  '<=', 1,
  format('%L is no wildcard', query)
)
from unnest(array['%%', '__', '%a%', '_a', '\\', '\%', '%\']) as query;

select tests.gets(
  'reception', format('select public.search_clients(%L)', query), 'PT422 invalid_argument',
  'a query is refused: ' || title
)
from (
  values
    (null, 'null'), ('', 'empty'), ('  ', 'blank'), ('a', 'one letter'), (repeat('x', 101), '101 letters'),
    ('--', 'punctuation only'), ('( )', 'brackets only')
) as t (query, title);
select tests.gets(
  'reception', 'select public.search_clients(' || arguments || ')', 'PT422 invalid_argument', 'refused: ' || arguments
)
from (
  values
    ($$ 'nova', page_size => 0 $$), ($$ 'nova', page_size => 101 $$), ($$ 'nova', page_size => null $$),
    ($$ 'nova', after => '' $$), ($$ 'nova', after => 'x' $$), ($$ 'nova', after => '1:2' $$),
    ($$ 'nova', after => '-1:00000000-0000-0000-0000-000000000000' $$),
    ($$ 'nova', after => '99999:00000000-0000-0000-0000-000000000000' $$)
) as t (arguments);

-- Who may search.
select tests.gets(
  who, $$ select * from public.search_clients('walter walkin') $$, expected, who || ' searches: ' || expected
)
from (
  values
    ('owner', 'ok 1'), ('admin', 'ok 1'), ('reception', 'ok 1'), ('therapist', 'ok 1'), ('client', 'PT403 forbidden'),
    ('removed', 'PT403 forbidden'), ('stranger', 'PT403 forbidden'), ('nobody', 'PT401 unauthenticated'),
    ('anon', '42501')
) as t (who, expected);
select tests.gets(
  who, $$ select * from public.search_clients('novakova', organization_id => tests.id('organization')) $$,
  'PT404 not_found',
  who || ' can NOT search a foreign organization'
)
from unnest(array['south.owner', 'south.client', 'removed', 'stranger']) as who;
select tests.gets(
  'client', $$ select * from public.search_clients('novakova', organization_id => tests.id('organization')) $$,
  'PT403 forbidden',
  'a client can NOT search the own practice'
);
insert into public.members (organization_id, user_id, role, display_name)
values (tests.id('south.organization'), tests.id('reception_user'), 'practitioner', 'Both');
select tests.gets(
  'reception', $$ select * from public.search_clients('novakova') $$, 'PT422 invalid_argument',
  'who works in two organizations names one'
);
select tests.gets(
  'reception',
  $$ select * from public.search_clients('walter walkin', organization_id => tests.id('south.organization')) $$,
  'ok 1', 'and CAN search it'
);
delete from public.members where user_id = tests.id('reception_user') and organization_id = tests.id('south.organization');

-- Pages: every client once, in one order.
insert into public.clients (organization_id, given_name, family_name)
select tests.id('organization'), (array['Marek', 'Márek', 'Marrek', 'Karek'])[1 + n % 4], 'Testovič ' || n
from generate_series(1, 57) as n;

create function pg_temp.pages(query text, size integer) returns table (id uuid, score integer, page integer)
language plpgsql as $$
declare
  v_after text;
  v_row record;
  v_rows integer;
begin
  for v_page in 1..100 loop
    v_rows := 0;
    for v_row in
      select * from public.search_clients(
        query, organization_id => tests.id('organization'), page_size => size, after => v_after
      )
    loop
      v_rows := v_rows + 1;
      v_after := v_row.cursor;
      id := v_row.id;
      score := v_row.score;
      page := v_page;
      return next;
    end loop;
    exit when v_rows < size;
  end loop;
end
$$;
grant execute on function pg_temp.pages(text, integer) to authenticated;
select tests.sign_in_as(tests.id('reception_user'));
create temp table whole as select s.id, s.score from public.search_clients('marek', tests.id('organization'), 100) as s;
create temp table paged as select * from pg_temp.pages('marek', 5);
select tests.operator();
select cmp_ok((select count(*) from whole), '>', 40::bigint, 'the search finds many');
select results_eq(
  'select count(*), count(distinct id) from paged', 'select count(*), count(*) from whole',
  'pages repeat nobody and leave nobody out'
);
select set_eq('select id from paged', 'select id from whole', 'and find the same people');
select is(
  (select bool_and(p.score >= n.score) from paged as p join paged as n on n.page = p.page + 1), true,
  'the best come first'
);
select cmp_ok((select min(score) from whole), '>=', 0, 'scores are not negative');
select cmp_ok((select max(score) from whole), '<=', 1000, 'and at most 1000');

select * from finish();
rollback;
