-- A practice month by month: time, sessions, people, money.

create function public.monthly_overview(
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
  v_scope private.stats_scope;
begin
  -- Whole months; what is no period of this time is refused below.
  if from_date between date '2000-01-01' and to_date and to_date <= date '2202-01-01' then
    from_date := date_trunc('month', from_date::timestamp);
    to_date := date_trunc('month', to_date::timestamp) + interval '1 month - 1 day';
  end if;
  v_scope := private.authorize_stats(organization_id, from_date, to_date, 731, practitioner_id, location_id);
  return (
    with outcome as materialized (
      select date_trunc('month', o.day::timestamp)::date as month, o.*
      from private.outcomes(v_scope) as o
    ),
    -- The first month in which somebody came, of those who came in the period.
    newcomer as materialized (
      select o.client_id, min(o.month) as month
      from outcome as o
      where o.status = 'completed'
        and not exists (
          select 1
          from public.appointments as a
          where a.client_id = o.client_id
            and a.starts_at < v_scope.opens
            and a.status = 'completed'
            and a.practitioner_id = any (v_scope.practitioner_ids)
            and (v_scope.location_id is null or a.location_id = v_scope.location_id)
        )
      group by o.client_id
    ),
    time as (
      select
        date_trunc('month', m.day::timestamp)::date as month,
        round(sum(m.working_minutes))::bigint as working_minutes,
        round(
          sum(m.completed_minutes + m.in_progress_minutes + m.confirmed_minutes + m.pending_minutes + m.no_show_minutes)
        )::bigint as booked_minutes,
        round(sum(m.outside_minutes))::bigint as outside_minutes
      from private.minutes_by_day(v_scope) as m
      group by 1
    ),
    figure as (
      select
        o.month,
        count(*) as appointments,
        count(*) filter (where o.status = 'completed') as completed,
        count(*) filter (where o.status = 'no_show') as missed,
        count(*) filter (where o.status = 'cancelled') as cancelled,
        count(distinct o.client_id) filter (where o.status = 'completed') as clients
      from outcome as o
      group by o.month
    ),
    money as (
      select
        o.month,
        json_agg(
          json_build_object(
            'currency', o.currency,
            'completed_amount', o.completed_amount,
            'unpaid_amount', o.unpaid_amount,
            'paid_amount', o.paid_amount,
            'invoiced_amount', o.invoiced_amount
          )
          order by o.currency
        ) as amounts
      from (
        select
          o.month,
          o.currency,
          sum(o.price_amount) as completed_amount,
          coalesce(sum(o.price_amount) filter (where o.payment_status = 'unpaid'), 0) as unpaid_amount,
          coalesce(sum(o.price_amount) filter (where o.payment_status = 'paid'), 0) as paid_amount,
          coalesce(sum(o.price_amount) filter (where o.payment_status = 'invoiced'), 0) as invoiced_amount
        from outcome as o
        where o.status = 'completed'
        group by o.month, o.currency
      ) as o
      group by o.month
    )
    select json_agg(
      json_build_object(
        'month', m.month,
        'working_minutes', coalesce(t.working_minutes, 0),
        'booked_minutes', coalesce(t.booked_minutes, 0),
        'occupancy_rate', private.rate(t.booked_minutes - t.outside_minutes, t.working_minutes),
        'appointment_count', coalesce(f.appointments, 0),
        'completed_count', coalesce(f.completed, 0),
        'no_show_count', coalesce(f.missed, 0),
        'cancelled_count', coalesce(f.cancelled, 0),
        'cancellation_rate', private.rate(f.cancelled, f.appointments),
        'client_count', coalesce(f.clients, 0),
        'new_client_count', (select count(*) from newcomer as n where n.month = m.month),
        'amounts', coalesce(y.amounts, '[]')
      )
      order by m.month
    )
    from (
      select generate_series(v_scope.first_day::timestamp, v_scope.last_day::timestamp, '1 month')::date as month
    ) as m
    left join time as t on t.month = m.month
    left join figure as f on f.month = m.month
    left join money as y on y.month = m.month
  );
end
$$;

comment on function public.monthly_overview(date, date, uuid, uuid, uuid) is
  'Month by month, from the local month of from_date to that of to_date, at most 24: minutes, appointments, clients '
  'who came (new ones for the first time), and what completed sessions cost per currency, in minor units. The desk '
  'gets all, practitioners the own figures. Errors: invalid_argument, not_found, forbidden.';

grant execute on function public.monthly_overview(date, date, uuid, uuid, uuid) to authenticated;
