-- Staff open or close days for booking by clients.

create function private.require_practitioner(practitioner_id uuid)
returns public.practitioners
language plpgsql
stable
security definer -- definer because it decides for callers of every role
set search_path = ''
as $$
declare
  v_practitioner public.practitioners;
  v_role public.member_role;
begin
  perform private.require_user();
  select p.* into v_practitioner
  from public.practitioners as p
  where p.id = require_practitioner.practitioner_id;
  if not found then
    perform private.fail('not_found', 'There is no such record.', 'Check the identifier.');
  end if;
  v_role := private.require_role(
    v_practitioner.organization_id, 'owner', 'admin', 'receptionist', 'practitioner'
  );
  if v_role = 'practitioner' and v_practitioner.user_id is distinct from auth.uid() then
    perform private.fail('forbidden', 'Practitioners change only their own days.');
  end if;
  return v_practitioner;
end
$$;

comment on function private.require_practitioner(uuid) is
  'The practitioner, when the caller may open, close and clear days of that calendar: the desk, or the practitioner. '
  'Errors: not_found, forbidden.';

create function public.set_booking_activation(
  practitioner_id uuid,
  from_date date,
  to_date date,
  is_open boolean
)
returns integer
language plpgsql
security definer -- definer because nobody is granted writes on booking_activations
set search_path = ''
as $$
declare
  v_practitioner public.practitioners := private.require_practitioner(practitioner_id);
  v_count integer;
begin
  if is_open is null or from_date is null or to_date is null
    or not isfinite(from_date) or not isfinite(to_date)
    or from_date not between date '2000-01-01' and date '2200-01-01'
    or to_date not between from_date and least(from_date + 365, date '2200-01-01')
  then
    perform private.fail(
      'invalid_argument', 'from_date and to_date are an ordered period of at most 366 days, and is_open is given.'
    );
  end if;

  insert into public.booking_activations as b (organization_id, practitioner_id, day, is_open, set_by)
  select v_practitioner.organization_id, v_practitioner.id, from_date + n, set_booking_activation.is_open, auth.uid()
  from generate_series(0, to_date - from_date) as n
  on conflict on constraint booking_activations_pkey do update
    set is_open = excluded.is_open, set_by = excluded.set_by, set_at = now()
    where b.is_open <> excluded.is_open;
  get diagnostics v_count = row_count;
  return v_count;
end
$$;

comment on function public.set_booking_activation(uuid, date, date, boolean) is
  'Opens or closes the local days from_date to to_date (both included, at most 366) of a practitioner for booking by '
  'clients; returns how many days changed. For owner, admin, receptionist, and practitioners for themselves. Errors: '
  'not_found, forbidden, invalid_argument.';

grant execute on function public.set_booking_activation(uuid, date, date, boolean) to authenticated;
