-- What statistics are about, who may ask for them, and the shape of the answer. Statistics read what the
-- other domains own and own nothing; every figure is worked out when it is asked for.

create type private.stats_scope as (
  organization_id uuid,
  practitioner_ids uuid[],
  location_id uuid,
  timezone text,
  first_day date,
  last_day date,
  opens timestamptz,
  closes timestamptz
);
comment on type private.stats_scope is
  'A period of local days, the practitioners that the caller may ask about, and perhaps one location.';

create function private.authorize_stats(
  organization_id uuid,
  from_date date,
  to_date date,
  longest_days integer,
  practitioner_id uuid default null,
  location_id uuid default null
)
returns private.stats_scope
language plpgsql
stable
security definer -- definer because it decides for callers who see only part of the calendar
set search_path = ''
as $$
declare
  v_scope private.stats_scope;
  v_own_ids uuid[];
begin
  v_scope.organization_id := private.resolve_organization(organization_id);
  -- Practitioners see their own figures, the desk everybody's.
  if private.require_role(
    v_scope.organization_id, 'owner', 'admin', 'receptionist', 'practitioner'
  ) = 'practitioner' then
    v_own_ids := private.current_practitioner_ids();
  end if;
  if from_date is null or to_date is null or not isfinite(from_date) or not isfinite(to_date)
    or from_date not between date '2000-01-01' and date '2200-01-01'
    or to_date < from_date or to_date - from_date >= longest_days
  then
    perform private.fail(
      'invalid_argument', format('from_date and to_date are an ordered period of at most %s days.', longest_days)
    );
  end if;

  v_scope.practitioner_ids := array(
    select p.id
    from public.practitioners as p
    where p.organization_id = v_scope.organization_id
      and (authorize_stats.practitioner_id is null or p.id = authorize_stats.practitioner_id)
  );
  if practitioner_id is not null and v_scope.practitioner_ids = '{}' then
    perform private.fail('not_found', 'There is no such practitioner.', 'Check the identifier.');
  end if;
  if v_own_ids is not null then
    if practitioner_id <> all (v_own_ids) then
      perform private.fail('forbidden', 'Practitioners see their own figures.', 'Ask the desk for the others.');
    end if;
    v_scope.practitioner_ids := array(
      select i from unnest(v_scope.practitioner_ids) as i where i = any (v_own_ids)
    );
  end if;

  v_scope.location_id := location_id;
  select coalesce(l.timezone, case when location_id is null then o.timezone end)
  into v_scope.timezone
  from public.organizations as o
  left join public.locations as l on l.organization_id = o.id and l.id = authorize_stats.location_id
  where o.id = v_scope.organization_id;
  if v_scope.timezone is null then
    perform private.fail('not_found', 'There is no such location.', 'Check the identifier.');
  end if;
  v_scope.first_day := from_date;
  v_scope.last_day := to_date;
  v_scope.opens := from_date::timestamp at time zone v_scope.timezone;
  v_scope.closes := (to_date + 1)::timestamp at time zone v_scope.timezone;
  return v_scope;
end
$$;

comment on function private.authorize_stats(uuid, date, date, integer, uuid, uuid) is
  'The period and the practitioners that the caller gets figures of: the desk all, practitioners the own. Days are '
  'local days of the location asked for, else of the organization. Errors: invalid_argument, not_found, forbidden.';

create function private.rate(part numeric, whole numeric)
returns numeric
language sql
immutable
parallel safe
set search_path = ''
as $$
  select round(part / nullif(whole, 0), 4)
$$;

comment on function private.rate(numeric, numeric) is
  'part of whole from 0 to 1, rounded half up to four decimals; null where there is nothing to be a part of.';

create type private.stats_figure as (practitioner_id uuid, day date, figures jsonb);
comment on type private.stats_figure is
  'Figures of a practitioner in the whole period, of all of them on one day, or (without either) of everything.';

create function private.stats_document(
  scope private.stats_scope, nothing jsonb, known private.stats_figure[]
)
returns json
language plpgsql
stable
security definer -- definer because it is asked for practitioners and the desk alike
set search_path = ''
as $$
begin
  return json_build_object(
    'from_date', scope.first_day,
    'to_date', scope.last_day,
    'timezone', scope.timezone,
    'total', coalesce(
      (select f.figures from unnest(known) as f where f.practitioner_id is null and f.day is null), nothing
    ),
    'practitioners', (
      select coalesce(
        json_agg(
          jsonb_build_object('practitioner_id', p.id, 'display_name', p.display_name)
          || coalesce(f.figures, nothing)
          order by p.display_name, p.id
        ),
        '[]'
      )
      from public.practitioners as p
      left join unnest(known) as f on f.practitioner_id = p.id
      where p.id = any (scope.practitioner_ids) and (p.is_active or f.practitioner_id is not null)
    ),
    'days', (
      select json_agg(jsonb_build_object('day', scope.first_day + n) || coalesce(f.figures, nothing) order by n)
      from generate_series(0, scope.last_day - scope.first_day) as n
      left join unnest(known) as f on f.day = scope.first_day + n
    )
  );
end
$$;

comment on function private.stats_document(private.stats_scope, jsonb, private.stats_figure[]) is
  'The answer of a statistic: period, total, practitioners by name, every day. Days and active practitioners of whom '
  'there is nothing to tell are in it with `nothing`.';
