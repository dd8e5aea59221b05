-- Every invariant as a query that finds nothing. `make verify` and the RPC for owners run them all on
-- a live database; tests run them after every fault.

create function private.violations(only_organization_id uuid default null)
returns table (invariant text, organization_id uuid, record_id uuid, detail text)
language sql
stable
security definer -- definer because invariants span what no single caller may read
set search_path = ''
as $$
  with account as (
    select a.organization_id, a.client_id, a.currency, a.balance_amount, a.last_number, a.overdraft_amount
    from public.credit_accounts as a
    where only_organization_id is null or a.organization_id = only_organization_id
  ),
  ledger as (
    select e.client_id, e.currency, sum(e.amount) as amount, count(*) as entries, max(e.number) as last_number
    from public.credit_entries as e
    where only_organization_id is null or e.organization_id = only_organization_id
    group by e.client_id, e.currency
  ),
  lots as (
    select l.client_id, l.currency, sum(l.remaining_amount) as amount
    from public.credit_lots as l
    where only_organization_id is null or l.organization_id = only_organization_id
    group by l.client_id, l.currency
  ),
  active as (
    select a.*
    from public.appointments as a
    where a.status <> 'cancelled' and (only_organization_id is null or a.organization_id = only_organization_id)
  )
  select 'balance_is_sum_of_ledger', a.organization_id, a.client_id,
    format('%s %s, ledger %s', a.balance_amount, a.currency, coalesce(g.amount, 0))
  from account as a
  left join ledger as g on g.client_id = a.client_id and g.currency = a.currency
  where a.balance_amount <> coalesce(g.amount, 0)
    or a.last_number <> coalesce(g.last_number, 0)
    or a.last_number <> coalesce(g.entries, 0)
  union all
  select 'balance_respects_overdraft', a.organization_id, a.client_id, format('%s %s', a.balance_amount, a.currency)
  from account as a
  where a.balance_amount < 0 and a.balance_amount < -a.overdraft_amount
  union all
  select 'lots_hold_the_balance', a.organization_id, a.client_id,
    format('%s %s, lots %s', a.balance_amount, a.currency, coalesce(l.amount, 0))
  from account as a
  left join lots as l on l.client_id = a.client_id and l.currency = a.currency
  where greatest(a.balance_amount, 0) <> coalesce(l.amount, 0)
  union all
  select 'appointments_do_not_overlap', a.organization_id, a.id,
    format('with %s on one %s', b.id, case when a.client_id = b.client_id then 'client'
      when a.practitioner_id = b.practitioner_id then 'practitioner' else 'room' end)
  from active as a
  join active as b
    on b.organization_id = a.organization_id
    and b.starts_at >= a.starts_at
    and b.starts_at < a.starts_at + interval '36 hours'
    and b.id <> a.id
    and (b.starts_at > a.starts_at or b.id > a.id)
  where a.overlap_allowed_by is null
    and b.overlap_allowed_by is null
    and (
      (a.client_id = b.client_id and a.during && b.during)
      or (
        a.session_id <> b.session_id
        and (a.practitioner_id = b.practitioner_id or a.room_id = b.room_id)
        and a.blocked_during && b.blocked_during
      )
    )
  union all
  select 'session_is_one_place', a.organization_id, a.session_id, format('%s appointments', count(*))
  from active as a
  group by a.organization_id, a.session_id
  having count(*) > 1
    and (
      count(distinct (a.service_id, a.practitioner_id, a.location_id, a.during)) > 1
      or count(distinct a.room_id) > 1
    )
  union all
  select 'seats_are_not_exceeded', s.organization_id, s.session_id, format('%s of %s', s.taken, v.seats)
  from (
    select a.organization_id, a.session_id, a.service_id, count(*) as taken
    from active as a
    group by a.organization_id, a.session_id, a.service_id
  ) as s
  join public.services as v on v.id = s.service_id
  -- The offer may shrink afterwards; what was sold stays.
  where s.taken > v.seats and v.updated_at < now() - interval '1 day'
  union all
  select 'payment_is_in_the_ledger', a.organization_id, a.id, format('%s %s', a.status, a.payment_status)
  from public.appointments as a
  left join public.credit_entries as spend on spend.appointment_id = a.id and spend.kind = 'spend'
  left join public.credit_entries as refund on refund.appointment_id = a.id and refund.kind = 'refund'
  where (only_organization_id is null or a.organization_id = only_organization_id)
    -- What an invoice charges is invoice_and_appointment_agree's.
    and a.invoice_id is null
    and case a.payment_status
      when 'paid' then (a.price_amount > 0 and spend.id is null) or refund.id is not null
      when 'refunded' then spend.id is null or refund.id is null or spend.amount + refund.amount <> 0
      when 'unpaid' then spend.id is not null
      else refund.id is not null
    end
  union all
  select 'range_is_bounded', a.organization_id, a.id, a.during::text
  from active as a
  where isempty(a.during) or lower_inf(a.during) or upper_inf(a.during) or not a.blocked_during @> a.during
  union all
  select 'organization_has_an_owner', o.id, o.id, o.slug
  from public.organizations as o
  where (only_organization_id is null or o.id = only_organization_id)
    and not exists (select 1 from public.members as m where m.organization_id = o.id and m.role = 'owner')
  union all
  select 'invitation_is_used_once', i.organization_id, i.id, i.email
  from public.invitations as i
  where (only_organization_id is null or i.organization_id = only_organization_id)
    and i.accepted_at is not null and i.revoked_at is not null
  union all
  select 'idempotency_key_has_an_answer', k.organization_id, null, k.operation
  from private.idempotency_keys as k
  where (only_organization_id is null or k.organization_id = only_organization_id)
    and k.response is null
  union all
  select 'report_equals_its_lines', r.organization_id, r.id, format('%s lines', r.line_count)
  from public.billing_reports as r
  where (only_organization_id is null or r.organization_id = only_organization_id)
    and r.line_count <> (select count(*) from public.billing_report_lines as l where l.report_id = r.id)
  union all
  select v.invariant, v.organization_id, v.record_id, v.detail
  from private.outbox_violations(only_organization_id) as v
  union all
  select v.invariant, v.organization_id, v.record_id, v.detail
  from private.bulk_violations(only_organization_id) as v
  union all
  select v.invariant, v.organization_id, v.record_id, v.detail
  from private.billing_violations(only_organization_id) as v
  union all
  select v.invariant, v.organization_id, v.record_id, v.detail
  from private.bank_violations(only_organization_id) as v
  union all
  select v.invariant, v.organization_id, v.record_id, v.detail
  from private.notification_violations(only_organization_id) as v
  union all
  select v.invariant, v.organization_id, v.record_id, v.detail
  from private.waitlist_violations(only_organization_id) as v
  union all
  select v.invariant, v.organization_id, v.record_id, v.detail
  from private.client_reports_violations(only_organization_id) as v
  union all
  select v.invariant, v.organization_id, v.record_id, v.detail
  from private.bulk_changes_violations(only_organization_id) as v
  union all
  select 'audit_chain_is_whole', e.organization_id, e.record_id, format('entry %s', e.number)
  from private.broken_audit_entries(only_organization_id) as e
  union all
  select 'audit_is_sealed', e.organization_id, e.record_id, format('since %s', e.occurred_at)
  from public.audit_entries as e
  where e.number is null
    and e.occurred_at < now() - interval '1 hour'
    and (only_organization_id is null or e.organization_id = only_organization_id)
$$;

comment on function private.violations(uuid) is
  'Every broken invariant of one organization or all, by a name that says what should be: none in a sound database.';

create function public.verify_organization(organization_id uuid default null)
returns json
language plpgsql
security definer -- definer because invariants span what no single caller may read
set search_path = ''
as $$
declare
  v_organization_id uuid := private.resolve_organization(organization_id);
begin
  perform private.require_role(v_organization_id, 'owner', 'admin');
  return coalesce(
    (select json_agg(v order by v.invariant, v.record_id) from private.violations(v_organization_id) as v), '[]'
  );
end
$$;

comment on function public.verify_organization(uuid) is
  'Checks every invariant of the organization''s data and the audit chain; returns the violations as a JSON array of '
  '{invariant, organization_id, record_id, detail}, [] when all is well. For owner and admin. Errors: forbidden, '
  'not_found, invalid_argument.';

grant execute on function public.verify_organization(uuid) to authenticated;
grant execute on function private.violations(uuid) to service_role;
