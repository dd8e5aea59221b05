-- What a frontend asks first after sign-in: who am I, and where?

create function public.current_identity()
returns json
language sql
stable
set search_path = ''
as $$
  select json_build_object(
    'user_id', private.require_user(),
    'profile', (
      select row_to_json(p) from public.profiles as p where p.user_id = (select auth.uid())
    ),
    'memberships', coalesce(
      (
        select json_agg(
          json_build_object(
            'member_id', m.id, 'organization_id', o.id, 'organization_slug', o.slug,
            'organization_name', o.name, 'role', m.role,
            'practitioner_id', (
              select p.id
              from public.practitioners as p
              where p.organization_id = m.organization_id and p.user_id = m.user_id
            )
          )
          order by o.name, o.id
        )
        from public.members as m
        join public.organizations as o on o.id = m.organization_id
        where m.user_id = (select auth.uid())
      ),
      '[]'
    ),
    'clients', coalesce(
      (
        select json_agg(
          json_build_object(
            'client_id', c.id, 'organization_id', o.id, 'organization_slug', o.slug, 'organization_name', o.name
          )
          order by o.name, o.id
        )
        from public.clients as c
        join public.organizations as o on o.id = c.organization_id
        where c.user_id = (select auth.uid())
      ),
      '[]'
    )
  )
$$;

comment on function public.current_identity() is
  'The signed-in user: {user_id, profile, memberships[], clients[]}. RLS applies to everything in it.';

grant execute on function public.current_identity() to authenticated;

create function public.booking_rules(organization_id uuid default null)
returns json
language plpgsql
stable
security definer -- definer because clients are not granted the settings, of which these concern them
set search_path = ''
as $$
declare
  v_organization_id uuid := private.resolve_organization(organization_id);
begin
  if private.current_role_in(v_organization_id) is null and private.current_client_in(v_organization_id) is null then
    perform private.fail('not_found', 'There is no such record.', 'Check the identifier.');
  end if;
  return (
    select json_build_object(
      'organization_id', s.organization_id,
      'auto_confirm', s.auto_confirm,
      'minimum_notice_minutes', s.minimum_notice_minutes,
      'booking_horizon_days', s.booking_horizon_days,
      'cancellation_window_minutes', s.cancellation_window_minutes,
      'late_cancellation', s.late_cancellation,
      'video_early_join_minutes', s.video_early_join_minutes,
      'video_late_leave_minutes', s.video_late_leave_minutes,
      'waitlist_offer_minutes', s.waitlist_offer_minutes
    )
    from public.organization_settings as s
    where s.organization_id = v_organization_id
  );
end
$$;

comment on function public.booking_rules(uuid) is
  'What holds when a client books, moves, cancels or joins, so that an app can say it before: {organization_id, '
  'auto_confirm, minimum_notice_minutes, booking_horizon_days, cancellation_window_minutes, late_cancellation, '
  'video_early_join_minutes, video_late_leave_minutes, waitlist_offer_minutes}, as in organization_settings. Staff and '
  'clients of the organization. Errors: not_found, forbidden, invalid_argument.';

grant execute on function public.booking_rules(uuid) to authenticated;
