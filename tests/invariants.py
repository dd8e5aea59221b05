"""What must be true of the data at any moment, whatever happened before.

Each query lists what breaks one rule, with the organization it belongs to, and must find nothing.
`assert_invariants` runs them all; tests call it after they have done their worst.
"""

from __future__ import annotations

from typing import LiteralString

import psycopg
from psycopg import sql
from psycopg.rows import DictRow, dict_row

# Two appointments that share a session are one occupation of practitioner and room. Deliberate
# overlaps stand outside the rule, as they do in the constraints.
OVERLAP: LiteralString = """
    select a.organization_id, a.id, b.id as other_id, a.{key} as shared
    from public.appointments as a
    join public.appointments as b on b.{key} = a.{key} and b.id > a.id and a.{range} && b.{range}
    where a.status <> 'cancelled' and a.overlap_allowed_by is null
      and b.status <> 'cancelled' and b.overlap_allowed_by is null
"""

INVARIANTS: dict[str, LiteralString] = {
    "the balance is the sum of the ledger": """
        select e.organization_id, e.client_id, e.currency, a.balance_amount, sum(e.amount)
        from public.credit_entries as e
        left join public.credit_accounts as a using (client_id, currency)
        group by e.organization_id, e.client_id, e.currency, a.balance_amount
        having a.balance_amount is distinct from sum(e.amount)
        union all
        select a.organization_id, a.client_id, a.currency, a.balance_amount, null
        from public.credit_accounts as a
        where a.balance_amount <> 0 and not exists (
          select 1 from public.credit_entries as e
          where e.client_id = a.client_id and e.currency = a.currency
        )
    """,
    "a balance is below zero only by an overdraft": """
        select a.organization_id, a.client_id, a.balance_amount, a.overdraft_amount
        from public.credit_accounts as a
        where a.balance_amount < 0 and a.balance_amount < -a.overdraft_amount
    """,
    # A changed or deleted entry leaves a hole in the numbers or a jump in the running balance.
    "entries are numbered without gaps and their balances run on": """
        select e.organization_id, e.client_id, e.currency, e.number, e.balance_after_amount
        from (
          select
            e.*,
            row_number() over account as position,
            sum(e.amount) over account as running
          from public.credit_entries as e
          window account as (partition by e.client_id, e.currency order by e.number)
        ) as e
        where e.number <> e.position or e.balance_after_amount <> e.running
        union all
        select a.organization_id, a.client_id, a.currency, a.last_number, max(e.number)
        from public.credit_accounts as a
        left join public.credit_entries as e using (client_id, currency)
        group by a.organization_id, a.client_id, a.currency, a.last_number
        having a.last_number <> coalesce(max(e.number), 0)
    """,
    "what is left in the lots is the balance": """
        select a.organization_id, a.client_id, a.currency, a.balance_amount, sum(l.remaining_amount)
        from public.credit_accounts as a
        left join public.credit_lots as l using (client_id, currency)
        group by a.organization_id, a.client_id, a.currency, a.balance_amount
        having coalesce(sum(l.remaining_amount), 0) <> greatest(a.balance_amount, 0)
    """,
    "the lots of every entry hold its balance, in the order in which they are spent": """
        select e.organization_id, e.id, e.balance_after_amount, e.lot_amounts
        from public.credit_entries as e
        cross join lateral (
          select
            coalesce(sum(l.amount), 0) as amount,
            coalesce(array_agg(l.lot_id order by a.expires_at, a.number), '{}') as lot_ids,
            coalesce(array_agg(a.expires_at order by a.expires_at, a.number), '{}') as lot_expiries,
            coalesce(
              bool_and(
                l.amount between 1 and a.amount and a.number <= e.number
                and (a.client_id, a.currency) = (e.client_id, e.currency)
              ),
              true
            ) as are_its_own
          from unnest(e.lot_ids, e.lot_amounts) as l (lot_id, amount)
          left join public.credit_entries as a on a.id = l.lot_id
        ) as lots
        where lots.amount <> greatest(e.balance_after_amount, 0)
          or not lots.are_its_own
          or (lots.lot_ids, lots.lot_expiries) is distinct from (e.lot_ids, e.lot_expiries)
    """,
    # Of the lots before it, one that takes leaves the last ones whole, and at most one in part.
    "an entry takes from the lots that expire first": """
        select e.organization_id, e.id, e.amount, b.lot_amounts as before, e.lot_amounts as after
        from public.credit_entries as e
        left join public.credit_entries as b
          on (b.client_id, b.currency, b.number) = (e.client_id, e.currency, e.number - 1)
        cross join lateral (
          select cardinality(b.lot_ids) - cardinality(e.lot_ids) as emptied
        ) as lots
        where e.amount < 0 and (
            e.lot_ids <> b.lot_ids[lots.emptied + 1:]
            or e.lot_amounts[2:] <> b.lot_amounts[lots.emptied + 2:]
            or e.lot_amounts[1] > b.lot_amounts[lots.emptied + 1]
          )
    """,
    "no practitioner is booked twice": OVERLAP.replace("{key}", "practitioner_id").replace(
        "{range}", "blocked_during"
    )
    + "and a.session_id <> b.session_id",
    "no room is booked twice": OVERLAP.replace("{key}", "room_id").replace(
        "{range}", "blocked_during"
    )
    + "and a.session_id <> b.session_id",
    "no client is booked twice": OVERLAP.replace("{key}", "client_id").replace("{range}", "during"),
    "those who share a session share its service, practitioner, place and time": """
        select a.organization_id, a.session_id, count(*)
        from public.appointments as a
        where a.status <> 'cancelled'
        group by a.organization_id, a.session_id
        having count(distinct (
          a.service_id, a.practitioner_id, a.location_id, coalesce(a.room_id, a.location_id),
          a.during
        )) > 1
    """,
    "a session has no more clients than seats": """
        select a.organization_id, a.session_id, count(*), min(s.seats)
        from public.appointments as a
        join public.services as s on s.id = a.service_id
        where a.status <> 'cancelled'
        group by a.organization_id, a.session_id
        having count(*) > min(s.seats)
    """,
    "what is paid was paid once, what is refunded was refunded once": """
        select a.organization_id, a.id, a.payment_status, a.price_amount, e.spends, e.refunds
        from public.appointments as a
        cross join lateral (
          select
            count(*) filter (where e.kind = 'spend') as spends,
            count(*) filter (where e.kind = 'refund') as refunds,
            count(*) filter (
              where e.client_id <> a.client_id or e.currency <> a.currency
                or abs(e.amount) <> a.price_amount
            ) as strangers
          from public.credit_entries as e
          where e.appointment_id = a.id
        ) as e
        where e.strangers > 0 or not case
            when a.price_amount = 0 then e.spends = 0 and e.refunds = 0
            -- Its invoice is paid instead.
            when a.invoice_id is not null then e.spends = 0 and e.refunds = 0
            when a.payment_status = 'unpaid' then e.spends = 0 and e.refunds = 0
            when a.payment_status = 'paid' then e.spends = 1 and e.refunds = 0
            when a.payment_status = 'refunded' then e.spends = 1 and e.refunds = 1
            else e.spends <= 1 and e.refunds = 0
          end
    """,
    "a used idempotency key has an answer": """
        select k.organization_id, k.user_id, k.operation, k.key
        from private.idempotency_keys as k
        where k.response is null
    """,
    "an invitation is used once, in time, and its secret is not stored": """
        select i.organization_id, i.id
        from public.invitations as i
        where octet_length(i.token_hash) <> 32
          or num_nonnulls(i.accepted_at, i.revoked_at) > 1
          or i.accepted_at > i.expires_at
        union all
        select i.organization_id, i.client_id
        from public.invitations as i
        where i.accepted_at is not null and i.client_id is not null
        group by i.organization_id, i.client_id
        having count(distinct i.accepted_by) > 1
    """,
    "an organization has an owner": """
        select o.id as organization_id, o.slug
        from public.organizations as o
        where not exists (
          select 1 from public.members as m where m.organization_id = o.id and m.role = 'owner'
        )
    """,
    "who signs in as a practitioner is a member": """
        select p.organization_id, p.id, p.user_id
        from public.practitioners as p
        where p.user_id is not null and not exists (
          select 1 from public.members as m
          where m.organization_id = p.organization_id and m.user_id = p.user_id
        )
    """,
    "a cancelled appointment has a date, a block has one client": """
        select a.organization_id, a.id
        from public.appointments as a
        where (a.status = 'cancelled') <> (a.cancelled_at is not null)
        union all
        select a.organization_id, a.id
        from public.appointments as a
        join public.appointment_blocks as b on b.id = a.block_id
        where (a.client_id, a.service_id) <> (b.client_id, b.service_id)
    """,
    "a report's totals and count are those of its lines": """
        select r.organization_id, r.id, r.line_count, count(l.*)
        from public.billing_reports as r
        left join public.billing_report_lines as l on l.report_id = r.id
        group by r.id
        having r.line_count <> count(l.*) or r.line_count <> coalesce(max(l.line_number), 0)
        union all
        select coalesce(s.organization_id, c.organization_id), coalesce(s.id, c.id), s.n, c.n
        from (
          select r.organization_id, r.id, t ->> 'currency' as currency, kind.name,
            (kind.value -> 'count')::bigint as n, (kind.value -> 'amount')::bigint as amount
          from public.billing_reports as r
          cross join jsonb_array_elements(r.totals) as t
          cross join jsonb_each(t - 'currency') as kind (name, value)
          where (kind.value -> 'count')::bigint > 0
        ) as s
        full join (
          select l.organization_id, l.report_id as id, l.currency,
            case l.status
              when 'no_show' then 'no_show'
              else 'completed_' || l.payment_status
            end as name,
            count(*) as n, sum(l.price_amount) as amount
          from public.billing_report_lines as l
          group by 1, 2, 3, 4
        ) as c on (c.id, c.currency, c.name) = (s.id, s.currency, s.name)
        where s.n is distinct from c.n or s.amount is distinct from c.amount
    """,
    "an appointment has its entry in the audit trail": """
        select a.organization_id, a.id, a.created_at
        from public.appointments as a
        where a.created_at > now() - interval '1 year' and not exists (
          select 1 from public.audit_entries as e
          where e.record_id = a.id and e.action = 'insert' and e.table_name = 'appointments'
        )
    """,
    # What owners can ask for themselves must agree with what is asked here.
    "the database's own check finds nothing": """
        select v.organization_id, v.invariant, v.record_id, v.detail
        from private.violations(%(organization_id)s::uuid) as v
    """,
    "constraints hold, indexes are valid, triggers are on": """
        select null::uuid as organization_id, c.conname as name
        from pg_constraint as c
        where c.connamespace in ('public'::regnamespace, 'private'::regnamespace)
          and not c.convalidated
        union all
        select null, c.relname
        from pg_index as i
        join pg_class as c on c.oid = i.indexrelid
        where c.relnamespace in ('public'::regnamespace, 'private'::regnamespace)
          and not (i.indisvalid and i.indisready)
        union all
        select null, t.tgname
        from pg_trigger as t
        join pg_class as c on c.oid = t.tgrelid
        where c.relnamespace in ('public'::regnamespace, 'private'::regnamespace)
          and t.tgenabled = 'D'
    """,
}

# Both sides of every foreign key that carry an organization, so that a new table is covered by
# being there.
FOREIGN_KEYS: LiteralString = """
    select
      k.conname as name,
      k.conrelid::regclass::text as child,
      k.confrelid::regclass::text as parent,
      array(
        select (array[a.attname, b.attname])::text[]
        from unnest(k.conkey, k.confkey) as pair (a, b)
        join pg_attribute as a on a.attrelid = k.conrelid and a.attnum = pair.a
        join pg_attribute as b on b.attrelid = k.confrelid and b.attnum = pair.b
        where a.attname <> 'organization_id'
          -- What is unique together with its organization only, as a member's login, says nothing.
          and exists (
            select 1 from pg_index as i
            where i.indrelid = k.confrelid and i.indisunique and i.indnatts = 1
              and i.indkey[0] = b.attnum
          )
      ) as columns
    from pg_constraint as k
    where k.contype = 'f'
      and k.connamespace in ('public'::regnamespace, 'private'::regnamespace)
      and 2 = (
        select count(*)
        from pg_attribute as a
        where a.attrelid in (k.conrelid, k.confrelid) and a.attname = 'organization_id'
      )
    order by k.conname
"""

RANGES: LiteralString = """
    select
      c.oid::regclass::text as relation,
      a.attname as name,
      exists (
        select 1 from pg_attribute as o where o.attrelid = c.oid and o.attname = 'organization_id'
      ) as has_organization
    from pg_attribute as a
    join pg_class as c on c.oid = a.attrelid
    join pg_range as r on r.rngtypid = a.atttypid
    where c.relkind in ('r', 'p')
      and c.relnamespace in ('public'::regnamespace, 'private'::regnamespace)
      and a.attnum > 0 and not a.attisdropped
    order by 1, 2
"""


def violations(
    connection: psycopg.Connection[DictRow], organization_id: str | None = None
) -> dict[str, list[DictRow]]:
    """Return what breaks a rule, by rule; of one organization only, if given."""
    queries: dict[str, sql.Composable] = {name: sql.SQL(q) for name, q in INVARIANTS.items()}
    with connection.cursor(row_factory=dict_row) as cursor:
        for key in cursor.execute(FOREIGN_KEYS).fetchall():
            if key["columns"]:
                queries[f"{key['name']} stays in one organization"] = foreign_key_query(key)
        for column in cursor.execute(RANGES).fetchall():
            name = f"{column['relation']}.{column['name']} is bounded and not empty"
            queries[name] = range_query(column)
        found: dict[str, list[DictRow]] = {}
        for name, query in queries.items():
            wrapped = sql.SQL(
                "select v.* from ({}) as v"
                " where %(organization_id)s::uuid is null or v.organization_id is null"
                " or v.organization_id = %(organization_id)s::uuid"
                " limit 10"
            ).format(query)
            if rows := cursor.execute(wrapped, {"organization_id": organization_id}).fetchall():
                found[name] = rows
    return found


def assert_invariants(
    connection: psycopg.Connection[DictRow], organization_id: str | None = None
) -> None:
    """Fail with the first offenders of every rule that is broken."""
    found = violations(connection, organization_id)
    lines = [
        line for name, rows in found.items() for line in [f"{name}:", *(f"  {row}" for row in rows)]
    ]
    assert not found, "\n".join(lines)


def foreign_key_query(key: DictRow) -> sql.Composable:
    """Rows of the child whose parent belongs to another organization."""
    joined = sql.SQL(" and ").join(
        sql.SQL("c.{} = p.{}").format(sql.Identifier(child), sql.Identifier(parent))
        for child, parent in key["columns"]
    )
    return sql.SQL(
        "select c.organization_id, p.organization_id as parent_organization_id"
        " from {} as c join {} as p on {} where c.organization_id <> p.organization_id"
    ).format(quoted(key["child"]), quoted(key["parent"]), joined)


def range_query(column: DictRow) -> sql.Composable:
    """Rows whose interval is empty or has no end. Null is for the column's own constraint."""
    name = sql.Identifier(column["name"])
    organization = "t.organization_id" if column["has_organization"] else "null::uuid"
    return sql.SQL(
        "select {organization} as organization_id, t.{name} from {relation} as t"
        " where isempty(t.{name}) or lower_inf(t.{name}) or upper_inf(t.{name})"
        " or not isfinite(lower(t.{name})) or not isfinite(upper(t.{name}))"
    ).format(
        organization=sql.SQL(organization),
        name=name,
        relation=quoted(column["relation"]),
    )


def quoted(relation: str) -> sql.Composable:
    """Return a relation's name as the catalogue wrote it: quoted where it needs to be."""
    return sql.SQL(relation)
