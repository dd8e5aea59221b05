-- An organization is born complete: settings, first location and an owner, in one transaction.
-- It never loses its last owner, whoever deletes or demotes, the dashboard and the deletion of a login included.

create function private.resolve_currency(currency text, organization_id uuid)
returns text
language plpgsql
stable
set search_path = ''
as $$
begin
  if currency !~ '^[A-Z]{3}$' then
    perform private.fail('invalid_argument', 'currency is an ISO 4217 code.');
  end if;
  return coalesce(
    currency, (select o.currency from public.organizations as o where o.id = resolve_currency.organization_id)
  );
end
$$;

comment on function private.resolve_currency(text, uuid) is
  'The currency named, or the organization''s. Runs with the rights of its caller. Error: invalid_argument.';

create function private.tg_organizations__create_settings()
returns trigger
language plpgsql
security definer -- definer because nobody is granted insert on organization_settings
set search_path = ''
as $$
begin
  insert into public.organization_settings (organization_id, default_locale) values (new.id, new.locale);
  return null;
end
$$;

create trigger organizations_create_settings after insert on public.organizations
  for each row execute function private.tg_organizations__create_settings();

create function private.tg__require_owner()
returns trigger
language plpgsql
security definer -- definer because the rule counts owners whatever the caller may see
set search_path = ''
as $$
declare
  v_organization_id uuid := case
    when tg_table_name = 'organizations' then (to_jsonb(new) ->> 'id')::uuid
    else (to_jsonb(old) ->> 'organization_id')::uuid
  end;
begin
  -- The lock makes two owners who remove each other take turns.
  perform 1 from public.organizations as o where o.id = v_organization_id for no key update;
  if found and not exists (
    select 1 from public.members as m where m.organization_id = v_organization_id and m.role = 'owner'
  ) then
    perform private.fail(
      'last_owner', 'An organization always has an owner.', 'Make another member owner first.'
    );
  end if;
  return null;
end
$$;

comment on function private.tg__require_owner() is 'Refuses what would leave an organization without an owner.';

create constraint trigger organizations_have_an_owner after insert on public.organizations
  deferrable initially deferred
  for each row execute function private.tg__require_owner();

create trigger members_keep_an_owner_on_delete after delete on public.members
  for each row when (old.role = 'owner') execute function private.tg__require_owner();

create trigger members_keep_an_owner_on_update after update on public.members
  for each row when (
    old.role = 'owner' and (new.role <> 'owner' or new.organization_id <> old.organization_id)
  )
  execute function private.tg__require_owner();

create function public.create_organization(
  name text,
  slug text,
  owner_user_id uuid,
  timezone text,
  currency text,
  locale text default 'en',
  owner_name text default 'Owner'
)
returns public.organizations
language plpgsql
set search_path = ''
as $$
declare
  v_organization public.organizations;
begin
  insert into public.organizations (name, slug, timezone, currency, locale)
  values (name, slug, timezone, currency, locale)
  returning * into v_organization;

  insert into public.members (organization_id, user_id, role, display_name)
  values (v_organization.id, owner_user_id, 'owner', owner_name);

  insert into public.locations (organization_id, name, timezone)
  values (v_organization.id, name, timezone);

  return v_organization;
end
$$;

comment on function public.create_organization(text, text, uuid, text, text, text, text) is
  'Creates an organization with default settings, one location and its owner. For the operator (service '
  'role or SQL editor): users cannot create organizations.';

grant execute on function public.create_organization(text, text, uuid, text, text, text, text) to service_role;
