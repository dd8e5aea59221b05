-- What moving, cancelling and finishing share: who may change an appointment, and locking it.

create type private.appointment_change as (
  appointment public.appointments,
  as_client boolean
);
comment on type private.appointment_change is 'An appointment that the caller may change, as its client or as staff.';

create function private.authorize_change(appointment_id uuid, client_may boolean)
returns private.appointment_change
language plpgsql
security definer -- definer because it decides for clients and staff alike
set search_path = ''
as $$
declare
  v_change private.appointment_change;
  v_appointment public.appointments;
  v_role public.member_role;
begin
  perform private.require_user();
  select a.* into v_appointment from public.appointments as a where a.id = appointment_id;
  if not found then
    perform private.fail('not_found', 'There is no such record.', 'Check the identifier.');
  end if;
  v_role := private.current_role_in(v_appointment.organization_id);
  v_change.appointment := v_appointment;
  v_change.as_client := false;
  if v_role in ('owner', 'admin', 'receptionist')
    or (v_role = 'practitioner' and v_appointment.practitioner_id = any (private.current_practitioner_ids()))
  then
    return v_change;
  end if;
  if v_appointment.client_id = any (private.current_client_ids()) then
    if not client_may then
      perform private.fail('forbidden', 'Only staff may do this.', 'Ask the practice.');
    end if;
    v_change.as_client := true;
    return v_change;
  end if;
  -- Other people's appointments do not exist for anybody else.
  perform private.fail('not_found', 'There is no such record.', 'Check the identifier.');
  return null;
end
$$;

comment on function private.authorize_change(uuid, boolean) is
  'The appointment, if the caller may change it: desk staff of its organization, its practitioner, or (client_may) '
  'its client. Errors: not_found, forbidden.';

create function private.require_still_permitted(
  change private.appointment_change, appointment public.appointments
)
returns void
language plpgsql
set search_path = ''
as $$
begin
  -- Whoever waited for a lock may have been overtaken by a move to a colleague.
  if appointment.practitioner_id <> (change.appointment).practitioner_id then
    perform private.authorize_change(appointment.id, change.as_client);
  end if;
end
$$;

comment on function private.require_still_permitted(private.appointment_change, public.appointments) is
  'authorize_change once more, under the locks, when the appointment is another practitioner''s by now.';

create function private.lock_appointment(appointment_id uuid, variadic statuses public.appointment_status[])
returns public.appointments
language plpgsql
security definer -- definer because nobody is granted update on appointments
set search_path = ''
as $$
declare
  v_appointment public.appointments;
begin
  select a.* into v_appointment from public.appointments as a where a.id = appointment_id for update;
  if v_appointment.status <> all (statuses) then
    perform private.fail(
      'invalid_state',
      format('This appointment is %s.', v_appointment.status),
      format('It would have to be %s.', array_to_string(statuses, ' or '))
    );
  end if;
  return v_appointment;
end
$$;

-- The appointments of a block that a scope means, seen from one of them. The past never changes.
create function private.block_appointment_ids(appointment public.appointments, scope text)
returns uuid[]
language plpgsql
stable
security definer -- definer because it is asked on behalf of clients and staff alike
set search_path = ''
as $$
begin
  if scope is null or scope not in ('this', 'this_and_following', 'all_future') then
    perform private.fail('invalid_argument', 'scope is this, this_and_following or all_future.');
  end if;
  if scope = 'this' then
    return array[appointment.id];
  end if;
  if appointment.block_id is null then
    perform private.fail('invalid_state', 'This appointment is not part of a block.');
  end if;
  return coalesce(
    (
      select array_agg(a.id order by a.starts_at)
      from public.appointments as a
      where a.organization_id = appointment.organization_id
        and a.block_id = appointment.block_id
        and a.status in ('pending', 'confirmed')
        and a.starts_at > now()
        -- Its start as it is by now: the caller may have waited for a lock since it was read.
        and (
          scope = 'all_future'
          or a.starts_at >= (select n.starts_at from public.appointments as n where n.id = appointment.id)
        )
    ),
    '{}'
  );
end
$$;

comment on function private.block_appointment_ids(public.appointments, text) is
  'Appointments of the block that are still open and in the future: this, this_and_following or all_future.';

create function private.lock_block(appointment public.appointments, scope text)
returns uuid[]
language plpgsql
security definer -- definer because it is asked on behalf of clients and staff alike
set search_path = ''
as $$
begin
  perform 1
  from public.appointments as a
  where a.id = any (private.block_appointment_ids(appointment, scope))
  order by a.id
  for update;
  -- Whoever had one of them may have ended it: then it is the past, and left out.
  return private.block_appointment_ids(appointment, scope);
end
$$;

comment on function private.lock_block(public.appointments, text) is
  'Locks the appointments of block_appointment_ids and returns those that are open still. The caller holds the '
  'client''s calendar.';
