-- Text, time zones, tokens, and who is signed in.
begin;
select * from no_plan();

select is(
  private.normalize_search('Nováková ŘEŠÍ žluťoučký'), 'novakova resi zlutoucky', 'search ignores accents and case'
);
select is(
  private.normalize_search('Sørensen Ægir Müller'), 'sorensen aegir muller',
  'search ignores Danish and German letters'
);
select is(private.normalize_search(null), null, 'nothing stays nothing');

select is(private.is_timezone(zone), true, zone || ' is a time zone')
from (values ('UTC'), ('Europe/Prague'), ('America/Argentina/Buenos_Aires'), ('America/Port-au-Prince')) as t (zone);

select is(private.is_timezone(zone), false, zone || ' is not a time zone')
from (
  values
    ('Europe/Nowhere'), ('CET'), ('+02:00'), ('Europe/Prague+2'), ('Foo/Bar5'), ('europe/prague'), (''),
    ('../etc/passwd')
) as t (zone);

select isnt(private.create_token(), private.create_token(), 'tokens differ');
select matches(private.create_token(), '^[A-Za-z0-9_-]{43}$', 'a token is 256 bits in base64url');
select is(
  encode(private.hash_token('abc'), 'hex'),
  'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  'a token is stored as its SHA-256'
);

select tests.practice('north');
select tests.gets('client', 'select private.require_user()', 'ok 1', 'someone signed in has a user id');
select tests.gets(
  'nobody', 'select private.require_user()', 'PT401 unauthenticated', 'a token without a user is nobody'
);
select tests.gets('anon', 'select private.require_user()', '42501', 'a visitor can NOT call it');

select * from finish();
rollback;
