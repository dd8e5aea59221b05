-- Appointments leave for the invoicing program: all of them, once, or none.

create function private.require_invoiceable(appointment_ids uuid[])
returns void
language plpgsql
security definer -- definer because the rule reads appointments whatever the caller may see
set search_path = ''
as $$
declare
  v_bad record;
begin
  select a.id, a.status, a.payment_status into v_bad
  from public.appointments as a
  where a.id = any (appointment_ids)
    and (a.status not in ('completed', 'no_show') or a.payment_status not in ('unpaid', 'paid'))
  order by a.id
  limit 1;
  if found then
    perform private.fail(
      'invalid_state',
      format('Appointment %s is %s and %s; nothing was marked.', v_bad.id, v_bad.status, v_bad.payment_status),
      'Only completed or missed appointments that are unpaid or paid can be marked.'
    );
  end if;
end
$$;

create function public.mark_invoiced(appointment_ids uuid[], idempotency_key text default null)
returns integer
language plpgsql
security definer -- definer because nobody is granted update on appointments
set search_path = ''
as $$
declare
  v_ids uuid[];
  v_organization_ids uuid[];
  v_answer jsonb;
  v_count integer;
begin
  perform private.require_user();
  v_ids := array(select distinct i from unnest(appointment_ids) as i where i is not null order by i);
  if cardinality(v_ids) not between 1 and 10000 then
    perform private.fail('invalid_argument', 'appointment_ids names 1 to 10000 appointments.');
  end if;

  select array_agg(distinct a.organization_id), count(*)
  into v_organization_ids, v_count
  from public.appointments as a
  where a.id = any (v_ids)
    and a.organization_id = any (private.current_organization_ids());
  if v_count is distinct from cardinality(v_ids) then
    if v_count = 0 and exists (
      select 1 from public.appointments as a
      where a.id = any (v_ids) and a.client_id = any (private.current_client_ids())
    ) then
      perform private.fail('forbidden', 'Only owner and admin mark appointments as invoiced.');
    end if;
    perform private.fail('not_found', 'At least one of these appointments does not exist.', 'Check the identifiers.');
  end if;
  if cardinality(v_organization_ids) > 1 then
    perform private.fail('invalid_argument', 'All appointments belong to one organization.');
  end if;
  perform private.require_role(v_organization_ids[1], 'owner', 'admin');

  v_answer := private.claim_idempotency_key(
    v_organization_ids[1], 'mark_invoiced', idempotency_key, to_jsonb(v_ids)
  );
  if v_answer is not null then
    return v_answer::integer;
  end if;

  -- First without locks, so that only rows are locked that nobody cancels or moves any more.
  perform private.require_invoiceable(v_ids);
  perform 1 from public.appointments as a where a.id = any (v_ids) order by a.id for update;
  perform private.require_invoiceable(v_ids);

  update public.appointments as a set payment_status = 'invoiced' where a.id = any (v_ids);
  get diagnostics v_count = row_count;

  if idempotency_key is not null then
    perform private.store_idempotent_response(
      v_organization_ids[1], 'mark_invoiced', idempotency_key, to_jsonb(v_count)
    );
  end if;
  return v_count;
end
$$;

comment on function public.mark_invoiced(uuid[], text) is
  'Sets payment_status invoiced on completed or missed appointments of one organization, all or none; returns how '
  'many. For owner and admin. Errors: invalid_state (also when already invoiced), not_found, forbidden.';

grant execute on function public.mark_invoiced(uuid[], text) to authenticated;
