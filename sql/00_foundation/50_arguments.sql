-- What many functions ask of an argument, each with its one sentence.

create function private.require_text(value text, name text, longest integer, shortest integer default 1)
returns void
language plpgsql
immutable
set search_path = ''
as $$
begin
  if shortest = 0 and length(value) > longest then
    perform private.fail('invalid_argument', format('%s has at most %s characters.', name, longest));
  elsif shortest > 0 and coalesce(length(btrim(value)), 0) not between shortest and longest then
    perform private.fail('invalid_argument', format('%s has %s to %s characters.', name, shortest, longest));
  end if;
end
$$;

comment on function private.require_text(text, text, integer, integer) is
  'Text of a sensible length, without the blanks around it; with shortest 0 it may be left out, and blanks count. '
  'Error: invalid_argument.';

create function private.require_date(value date, name text, is_required boolean default false)
returns void
language plpgsql
immutable
set search_path = ''
as $$
begin
  if (value is null and is_required)
    or (value is not null and (not isfinite(value) or value not between date '2000-01-01' and date '2199-12-31'))
  then
    perform private.fail('invalid_argument', format('%s is a date between 2000 and 2199.', name));
  end if;
end
$$;

comment on function private.require_date(date, text, boolean) is
  'A day that calendars and accounts can mean; unless is_required it may be left out. Error: invalid_argument.';
