-- Clients: look one up for what staff do, register oneself, search.

create function private.require_client(client_id uuid, variadic roles public.member_role[])
returns public.clients
language plpgsql
stable
security definer -- definer because it decides for callers who may not read the client
set search_path = ''
as $$
declare
  v_client public.clients;
begin
  perform private.require_user();
  select c.* into v_client from public.clients as c where c.id = require_client.client_id;
  -- A client knows of the own record; to everybody outside the organization there is none.
  if not found
    or (private.current_role_in(v_client.organization_id) is null and v_client.user_id is distinct from auth.uid())
  then
    perform private.fail('not_found', 'There is no such client.', 'Check the identifier.');
  end if;
  perform private.require_role(v_client.organization_id, variadic roles);
  return v_client;
end
$$;

comment on function private.require_client(uuid, public.member_role[]) is
  'The client, when the caller''s role is one of `roles`. Errors: not_found, forbidden.';

create function public.register_client(
  organization_slug text,
  given_name text,
  family_name text,
  phone text default null
)
returns public.clients
language plpgsql
security definer -- definer because the caller has no rights in the organization yet
set search_path = ''
as $$
declare
  v_user_id uuid := private.require_user();
  v_organization_id uuid;
  v_email text;
  v_client public.clients;
begin
  select u.email into v_email from auth.users as u where u.id = v_user_id;
  if not found then
    perform private.fail('unauthenticated', 'This login has been deleted.', 'Sign in again.');
  end if;
  select o.id into v_organization_id
  from public.organizations as o
  join public.organization_settings as s on s.organization_id = o.id
  where o.slug = organization_slug and s.self_registration;
  if not found then
    perform private.fail(
      'not_found', 'No such organization takes registrations.', 'Ask the practice for an invitation.'
    );
  end if;
  if coalesce(length(btrim(given_name)), 0) not between 1 and 100
    or coalesce(length(btrim(family_name)), 0) not between 1 and 100
  then
    perform private.fail('invalid_argument', 'given_name and family_name have 1 to 100 characters.');
  end if;
  if phone !~ '^\+?[0-9][0-9 ()/.-]{3,30}$' then
    perform private.fail('invalid_argument', 'phone is not a phone number.');
  end if;

  -- One bucket for the whole organization: whoever makes up logins by the hundred shares it. One for the
  -- caller, who would otherwise register with every practice there is.
  perform private.require_token('register:' || v_organization_id, 300, 300);
  perform private.require_token('register:' || v_user_id, 20, 1);

  -- An existing record with the same address is not taken over: a mistyped address would open
  -- somebody else's history. Staff link records by invitation.
  insert into public.clients (organization_id, user_id, given_name, family_name, email, phone)
  values (v_organization_id, v_user_id, btrim(given_name), btrim(family_name), v_email, phone)
  on conflict (user_id, organization_id) where user_id is not null do nothing
  returning * into v_client;
  if not found then
    select c.* into v_client
    from public.clients as c
    where c.organization_id = v_organization_id and c.user_id = v_user_id;
  end if;
  return v_client;
end
$$;

comment on function public.register_client(text, text, text, text) is
  'The signed-in user becomes a client of the organization, if its settings allow self-registration. Repeating '
  'answers the existing record. Errors: not_found, invalid_argument, rate_limited.';

grant execute on function public.register_client(text, text, text, text) to authenticated;

create type public.client_search_result as (
  id uuid,
  given_name text,
  family_name text,
  email text,
  phone text,
  birth_date date,
  score integer,
  cursor text
);
comment on type public.client_search_result is
  'A row of search_clients: score is the similarity from 0 to 1000; `cursor` of the last row continues the search as '
  'argument `after`.';

create function public.search_clients(
  query text,
  organization_id uuid default null,
  page_size integer default 20,
  after text default null
)
returns setof public.client_search_result
language plpgsql
stable
security definer -- definer because trigram operators are not leakproof: under RLS their index is lost
set search_path = ''
as $$
declare
  v_organization_id uuid := private.resolve_organization(organization_id);
  v_query text;
  v_pattern text;
  v_after_score integer;
  v_after_id uuid;
begin
  perform private.require_role(v_organization_id, 'owner', 'admin', 'receptionist', 'practitioner');
  v_query := private.normalize_search(btrim(coalesce(query, '')));
  -- A phone number is found however it is written.
  if v_query ~ '^[0-9 ()/.+-]+$' then
    v_query := regexp_replace(v_query, '[^0-9]', '', 'g');
  end if;
  if length(v_query) not between 2 and 100 then
    perform private.fail('invalid_argument', 'query has 2 to 100 characters that can be searched for.');
  end if;
  if page_size is null or page_size not between 1 and 100 then
    perform private.fail('invalid_argument', 'page_size is between 1 and 100.');
  end if;
  v_pattern := regexp_replace(v_query, '([\\%_])', '\\\1', 'g');
  if after is not null then
    if after !~ '^[0-9]{1,4}:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then
      perform private.fail('invalid_argument', 'after is not a cursor of this search.');
    end if;
    v_after_score := split_part(after, ':', 1)::integer;
    v_after_id := split_part(after, ':', 2)::uuid;
  end if;

  -- Local to the transaction. A SET clause of the function would need superuser until pg_trgm is loaded.
  perform set_config('pg_trgm.word_similarity_threshold', '0.4', true);

  return query
  select
    found.id, found.given_name, found.family_name, found.email, found.phone, found.birth_date, found.score,
    found.score || ':' || found.id
  from (
    select
      c.id, c.given_name, c.family_name, c.email, c.phone, c.birth_date,
      case when strpos(c.search_text, v_query) > 0 then 1000
        else round(extensions.word_similarity(v_query, c.search_text) * 1000)::integer
      end as score
    from public.clients as c
    where c.organization_id = v_organization_id
      and c.archived_at is null
      and (v_query operator (extensions.<%) c.search_text or c.search_text like '%' || v_pattern || '%')
  ) as found
  where after is null or (-found.score, found.id) > (-v_after_score, v_after_id)
  order by found.score desc, found.id
  limit page_size;
end
$$;

comment on function public.search_clients(text, uuid, integer, text) is
  'Finds clients of the caller''s organization by name, e-mail or phone, best first; accents and typing errors do not '
  'matter. Staff only. Keyset pages: pass the last row''s cursor as `after`. Errors: invalid_argument, forbidden, '
  'not_found.';

grant execute on function public.search_clients(text, uuid, integer, text) to authenticated;
