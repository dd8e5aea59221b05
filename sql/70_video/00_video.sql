-- Video: the one room of a session, and who may enter it when. Only the video function signs tokens;
-- what they may say is decided here. Room names live in `private`: with a public server, the name is the key.

create table private.video_rooms (
  session_id uuid primary key,
  organization_id uuid not null references public.organizations (id) on delete cascade,
  room_name text not null unique,
  created_at timestamptz not null default now(),
  constraint video_rooms_name_is_unguessable check (room_name ~ '^[0-9a-f]{32}$')
);

comment on table private.video_rooms is
  'One room per session: an appointment alone, or the appointments of one group session together.';
comment on column private.video_rooms.room_name is '128 random bits, hexadecimal.';

create index video_rooms_organization_idx on private.video_rooms (organization_id);

alter table private.video_rooms enable row level security;

create function public.open_video_room(appointment_id uuid)
returns json
language plpgsql
security definer -- definer because room names are readable by nobody
set search_path = ''
as $$
declare
  v_user_id uuid := private.require_user();
  v_appointment public.appointments;
  v_settings public.organization_settings;
  v_service public.services;
  v_role public.member_role;
  v_is_practitioner boolean;
  v_is_client boolean;
  v_not_before timestamptz;
  v_expires_at timestamptz;
  v_room_name text;
  v_display_name text;
begin
  select a.* into v_appointment from public.appointments as a where a.id = appointment_id;
  if found then
    v_role := private.current_role_in(v_appointment.organization_id);
    v_is_practitioner := v_appointment.practitioner_id = any (private.current_practitioner_ids());
    v_is_client := v_appointment.client_id = any (private.current_client_ids());
  end if;
  if v_appointment.id is null or not (
    v_is_practitioner or v_is_client or coalesce(v_role in ('owner', 'admin', 'receptionist'), false)
  ) then
    perform private.fail('not_found', 'There is no such record.', 'Check the identifier.');
  end if;
  -- What is said in a session is not the front desk's business.
  if v_role = 'receptionist' and not v_is_practitioner and not v_is_client then
    perform private.fail('forbidden', 'Only the participants and the owner or admins enter a session.');
  end if;
  if v_appointment.status not in ('pending', 'confirmed', 'in_progress') then
    perform private.fail('invalid_state', format('This appointment is %s.', v_appointment.status));
  end if;
  -- Whoever has not accepted takes no part, least of all in a group of others.
  if v_appointment.held_until is not null then
    perform private.fail('invalid_state', 'This place is only held for an offer.', 'Accept the offer first.');
  end if;

  select s.* into v_settings
  from public.organization_settings as s
  where s.organization_id = v_appointment.organization_id;
  v_not_before := v_appointment.starts_at - make_interval(mins => v_settings.video_early_join_minutes);
  v_expires_at := v_appointment.ends_at + make_interval(mins => v_settings.video_late_leave_minutes);
  if v_expires_at <= now() then
    perform private.fail('invalid_state', 'The room of this appointment is closed: its time is over.');
  end if;

  insert into private.video_rooms as r (session_id, organization_id, room_name)
  values (
    v_appointment.session_id, v_appointment.organization_id, encode(extensions.gen_random_bytes(16), 'hex')
  )
  on conflict (session_id) do update set room_name = r.room_name
  returning r.room_name into v_room_name;

  select s.* into v_service from public.services as s where s.id = v_appointment.service_id;
  v_display_name := case
    when v_is_client and v_service.seats > 1
      then (select c.given_name from public.clients as c where c.id = v_appointment.client_id)
    when v_is_client
      then (
        select concat_ws(' ', c.given_name, c.family_name)
        from public.clients as c
        where c.id = v_appointment.client_id
      )
    when v_is_practitioner
      then (select p.display_name from public.practitioners as p where p.id = v_appointment.practitioner_id)
    else (
      select m.display_name
      from public.members as m
      where m.organization_id = v_appointment.organization_id and m.user_id = v_user_id
    )
  end;

  return json_build_object(
    'appointment_id', v_appointment.id,
    'organization_id', v_appointment.organization_id,
    'room_name', v_room_name,
    'user_id', v_user_id,
    'is_moderator', v_is_practitioner or coalesce(v_role in ('owner', 'admin') and not v_is_client, false),
    'display_name', v_display_name,
    'subject', v_service.name,
    'not_before', v_not_before,
    'expires_at', v_expires_at,
    'starts_at', v_appointment.starts_at,
    'ends_at', v_appointment.ends_at
  );
end
$$;

comment on function public.open_video_room(uuid) is
  'Makes or returns the one room of an appointment and what the caller may do in it: {appointment_id, '
  'organization_id, room_name, user_id, is_moderator, display_name, subject, not_before, expires_at, starts_at, '
  'ends_at}. For its client, its practitioner, owner and admin. Repeating it is safe and answers the same room. '
  'Errors: not_found, forbidden, invalid_state.';

grant execute on function public.open_video_room(uuid) to authenticated;
