-- What became of the appointments that were booked: held, missed, cancelled, by whom and how late.

create function private.outcomes(scope private.stats_scope)
returns table (
  practitioner_id uuid, day date, currency text, price_amount bigint, client_id uuid,
  status public.appointment_status, payment_status public.payment_status, cancelled_by text, is_late boolean
)
language plpgsql
stable
security definer -- definer because it is asked for practitioners and the desk alike
set search_path = ''
as $$
begin
  return query
  select
    a.practitioner_id,
    -- Of a midnight hour that clocks repeat, the first pass is the day before's, as in minutes_by_day.
    d.shown - (a.starts_at < d.shown::timestamp at time zone scope.timezone)::integer,
    a.currency,
    a.price_amount,
    a.client_id,
    a.status,
    a.payment_status,
    case
      when a.status <> 'cancelled' then null
      when a.cancelled_by is null then 'system'
      when a.cancelled_by = c.user_id then 'client'
      else 'staff'
    end,
    a.status = 'cancelled' and a.cancelled_at > a.starts_at - s.cancellation_window
  from public.appointments as a
  join public.clients as c on c.id = a.client_id
  cross join lateral (select (a.starts_at at time zone scope.timezone)::date as shown) as d
  cross join (
    select make_interval(mins => o.cancellation_window_minutes) as cancellation_window
    from public.organization_settings as o
    where o.organization_id = scope.organization_id
  ) as s
  where a.organization_id = scope.organization_id
    and a.starts_at >= scope.opens
    and a.starts_at < scope.closes
    -- Nor is an offer that lapsed a cancellation.
    and a.held_until is null
    and a.practitioner_id = any (scope.practitioner_ids)
    and (scope.location_id is null or a.location_id = scope.location_id);
end
$$;

comment on function private.outcomes(private.stats_scope) is
  'The appointments that start in the period, each with its local day, who cancelled it (client, staff, or system '
  'when nobody was signed in), and whether less than the cancellation window of today''s settings remained.';

create function private.outcome_figures(
  appointments bigint, completed bigint, missed bigint, cancelled bigint, by_client bigint, by_staff bigint,
  late bigint, late_by_client bigint
)
returns jsonb
language plpgsql
immutable
set search_path = ''
as $$
begin
  return jsonb_build_object(
    'appointment_count', appointments,
    'completed_count', completed,
    'no_show_count', missed,
    'cancelled_count', cancelled,
    'cancelled_by_client_count', by_client,
    'cancelled_by_staff_count', by_staff,
    'cancelled_by_system_count', cancelled - by_client - by_staff,
    'late_count', late,
    'late_by_client_count', late_by_client,
    'cancellation_rate', private.rate(cancelled, appointments),
    'late_rate', private.rate(late, cancelled),
    'no_show_rate', private.rate(missed, completed + missed)
  );
end
$$;

create function public.cancellation_stats(
  from_date date,
  to_date date,
  practitioner_id uuid default null,
  location_id uuid default null,
  organization_id uuid default null
)
returns json
language plpgsql
stable
security definer -- definer because it counts appointments whatever the caller may see
set search_path = ''
as $$
declare
  v_scope private.stats_scope := private.authorize_stats(
    organization_id, from_date, to_date, 366, practitioner_id, location_id
  );
begin
  return private.stats_document(
    v_scope,
    private.outcome_figures(0, 0, 0, 0, 0, 0, 0, 0),
    array(
      select
        row(
          o.practitioner_id,
          o.day,
          private.outcome_figures(
            count(*),
            count(*) filter (where o.status = 'completed'),
            count(*) filter (where o.status = 'no_show'),
            count(*) filter (where o.status = 'cancelled'),
            count(*) filter (where o.cancelled_by = 'client'),
            count(*) filter (where o.cancelled_by = 'staff'),
            count(*) filter (where o.is_late),
            count(*) filter (where o.is_late and o.cancelled_by = 'client')
          )
        )::private.stats_figure
      from private.outcomes(v_scope) as o
      group by grouping sets ((o.practitioner_id), (o.day), ())
    )
  );
end
$$;

comment on function public.cancellation_stats(date, date, uuid, uuid, uuid) is
  'What became of the appointments that start in the local days from_date to to_date, both included, at most 366: '
  'counts and rates in total, per practitioner and per day. Rates have four decimals: cancelled of all, late of the '
  'cancelled, missed of those that were due. The desk gets all, practitioners the own figures. Errors: '
  'invalid_argument, not_found, forbidden.';

grant execute on function public.cancellation_stats(date, date, uuid, uuid, uuid) to authenticated;
