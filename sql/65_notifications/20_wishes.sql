-- What a person says about being told: preferences, quiet hours, devices.

create type private.person as (organization_id uuid, client_id uuid, user_id uuid);

comment on type private.person is 'Somebody of an organization: a client or a member.';

create function private.resolve_person(organization_id uuid)
returns private.person
language plpgsql
stable
security definer -- definer because it decides for clients and staff alike
set search_path = ''
as $$
declare
  v_organization_id uuid := private.resolve_organization(organization_id);
  v_client_id uuid;
begin
  if private.current_role_in(v_organization_id) is not null then
    return row(v_organization_id, null, auth.uid())::private.person;
  end if;
  v_client_id := private.current_client_in(v_organization_id);
  if v_client_id is null then
    perform private.fail('not_found', 'There is no such record.', 'Check the identifier.');
  end if;
  return row(v_organization_id, v_client_id, null)::private.person;
end
$$;

comment on function private.resolve_person(uuid) is
  'Who the caller is to the organization: a member, else a client. Errors: not_found.';

create function private.message_kinds()
returns text[]
language sql
immutable
set search_path = ''
as $$
  select array[
    'appointment_booked', 'appointment_cancelled', 'appointment_confirmed', 'appointment_moved', 'appointment_reminder',
    'client_report_shared', 'daily_digest', 'invoice', 'invoice_reminder', 'staff_message', 'waitlist_offer',
    'waitlist_offer_expired', 'waitlist_unfilled'
  ]
$$;

comment on function private.message_kinds() is 'Every kind of message that this product sends.';

create function public.set_notification_preference(
  channel text, is_enabled boolean, kind text default null, organization_id uuid default null
)
returns public.notification_preferences
language plpgsql
security definer -- definer because nobody is granted writes on preferences
set search_path = ''
as $$
declare
  v_person private.person := private.resolve_person(organization_id);
  v_preference public.notification_preferences;
begin
  if channel is null or channel not in ('email', 'sms', 'push', 'in_app') then
    perform private.fail('invalid_argument', 'channel is email, sms, push or in_app.');
  end if;
  if is_enabled is null or kind <> all (private.message_kinds()) then
    perform private.fail(
      'invalid_argument', 'is_enabled is true or false, kind one of those that are sent.', 'See docs/api/messages.md.'
    );
  end if;
  insert into public.notification_preferences as p (organization_id, client_id, user_id, channel, kind, is_enabled)
  values (
    v_person.organization_id, v_person.client_id, v_person.user_id, channel::public.message_channel, kind, is_enabled
  )
  on conflict on constraint notification_preferences_are_unique do update set is_enabled = excluded.is_enabled
  returning p.* into v_preference;
  return v_preference;
end
$$;

comment on function public.set_notification_preference(text, boolean, text, uuid) is
  'Turns a channel (email, sms, push, in_app), or one kind on it, on or off for the caller in one organization. '
  'Invoices are sent all the same. Errors: invalid_argument, not_found.';

grant execute on function public.set_notification_preference(text, boolean, text, uuid) to authenticated;

create function public.set_quiet_hours(
  start_time time, end_time time, timezone text default null, organization_id uuid default null
)
returns public.quiet_hours
language plpgsql
security definer -- definer because nobody is granted writes on quiet hours
set search_path = ''
as $$
declare
  v_person private.person := private.resolve_person(organization_id);
  v_hours public.quiet_hours;
begin
  if num_nonnulls(start_time, end_time) = 0 then
    delete from public.quiet_hours as q
    where q.organization_id = v_person.organization_id
      and q.client_id is not distinct from v_person.client_id
      and q.user_id is not distinct from v_person.user_id
    returning q.* into v_hours;
    return v_hours;
  end if;
  if num_nonnulls(start_time, end_time) <> 2
    or start_time = end_time
    or (timezone is not null and not private.is_timezone(timezone))
  then
    perform private.fail(
      'invalid_argument', 'Quiet hours have a start and another end, and an IANA zone.',
      'Pass null for both to have none.'
    );
  end if;
  insert into public.quiet_hours as q (organization_id, client_id, user_id, start_time, end_time, timezone)
  values (v_person.organization_id, v_person.client_id, v_person.user_id, start_time, end_time, timezone)
  on conflict on constraint quiet_hours_are_unique do update
    set start_time = excluded.start_time, end_time = excluded.end_time, timezone = excluded.timezone
  returning q.* into v_hours;
  return v_hours;
end
$$;

comment on function public.set_quiet_hours(time, time, text, uuid) is
  'When the caller is not to be disturbed by sms and push: local times of day; null for both: no quiet hours. '
  'Errors: invalid_argument, not_found.';

grant execute on function public.set_quiet_hours(time, time, text, uuid) to authenticated;

create function public.register_push_device(registration text, platform text)
returns timestamptz
language plpgsql
security definer -- definer because nobody is granted the table of devices
set search_path = ''
as $$
declare
  v_user_id uuid := private.require_user();
  v_seen_at timestamptz;
begin
  if coalesce(length(registration), 0) not between 10 and 4096
    or registration !~ '^[!-~]+$'
    or coalesce(platform, '') not in ('android', 'ios', 'web')
  then
    perform private.fail('invalid_argument', 'registration is a token of FCM, platform android, ios or web.');
  end if;
  perform private.require_token(concat_ws(':', 'push', v_user_id), 30, 10);
  -- A device belongs to whoever signed in last.
  insert into private.push_devices as d (user_id, registration, platform)
  values (v_user_id, registration, platform)
  on conflict on constraint push_devices_registration_key do update
    set user_id = excluded.user_id, platform = excluded.platform, seen_at = now()
  returning d.seen_at into v_seen_at;
  -- The oldest go: nobody uses so many.
  delete from private.push_devices as d
  where d.user_id = v_user_id
    and d.id not in (
      select e.id from private.push_devices as e where e.user_id = v_user_id order by e.seen_at desc, e.id limit 10
    );
  return v_seen_at;
end
$$;

comment on function public.register_push_device(text, text) is
  'Registers this device (its FCM token; android, ios or web) for the caller''s push messages; again to keep it known. '
  'Returns when. Errors: invalid_argument, rate_limited.';

grant execute on function public.register_push_device(text, text) to authenticated;

create function public.unregister_push_device(registration text)
returns boolean
language plpgsql
security definer -- definer because nobody is granted the table of devices
set search_path = ''
as $$
declare
  v_user_id uuid := private.require_user();
begin
  delete from private.push_devices as d
  where d.user_id = v_user_id and d.registration = unregister_push_device.registration;
  return found;
end
$$;

comment on function public.unregister_push_device(text) is
  'Forgets this device of the caller, as on signing out; returns whether it was known.';

grant execute on function public.unregister_push_device(text) to authenticated;
