"""What seed.sql promises: people who can sign in, a lived-in calendar, free time tomorrow."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from psycopg import sql

from tests.conftest import ClientFor, Connection
from tests.invariants import INVARIANTS

SEED = Path(__file__).resolve().parents[2] / "seed.sql"
ZONES = {"pristav": "Europe/Prague", "harbour": "Europe/London"}
NAMES = ("owner", "reception", "therapist", "client")
ACCOUNTS = [f"{name}@{slug}.test" for slug in ZONES for name in NAMES]
ROLES = {"owner": "owner", "reception": "receptionist", "therapist": "practitioner"}
# Rows of the seed have ids of their own (see its head); other tests may have added more.
SEEDED = "000000-0000-4000-8000-00000000%"

# SECURITY's numbers: each finds what must not exist.
VIOLATIONS = {
    "1 balance is not the sum of the ledger, or below the overdraft": """
        select a.client_id, a.currency
        from public.credit_accounts as a
        left join public.credit_entries as e using (client_id, currency)
        group by a.client_id, a.currency, a.balance_amount, a.overdraft_amount
        having a.balance_amount <> coalesce(sum(e.amount), 0)
            or a.balance_amount < -a.overdraft_amount
    """,
    "1 lots do not add up to the balance": """
        select a.client_id, a.currency
        from public.credit_accounts as a
        left join public.credit_lots as l using (client_id, currency)
        group by a.client_id, a.currency, a.balance_amount
        having greatest(a.balance_amount, 0) <> coalesce(sum(l.remaining_amount), 0)
    """,
    "3 two active appointments overlap": """
        select a.id, b.id
        from public.appointments as a
        join public.appointments as b on a.id < b.id and a.organization_id = b.organization_id
        where 'cancelled' not in (a.status::text, b.status::text)
            and num_nonnulls(a.overlap_allowed_by, b.overlap_allowed_by) = 0
            and (
                a.client_id = b.client_id and a.during && b.during
                or a.session_id <> b.session_id
                and a.blocked_during && b.blocked_during
                and (a.practitioner_id = b.practitioner_id or a.room_id = b.room_id)
            )
    """,
    "3 more people in a session than seats": """
        select a.session_id
        from public.appointments as a
        join public.services as s on s.id = a.service_id
        where a.status <> 'cancelled' and a.overlap_allowed_by is null
        group by a.session_id, s.seats
        having count(*) > s.seats
    """,
    "4 paid without one debit, refunded without one refund": INVARIANTS[
        "what is paid was paid once, what is refunded was refunded once"
    ],
    "13 empty or unbounded ranges": """
        select during
        from (
            select during from public.appointments
            union all select blocked_during from public.appointments
            union all select during from public.time_off
            union all select during from public.extra_hours
        ) as found
        where isempty(during) or lower_inf(during) or upper_inf(during)
            or not isfinite(lower(during)) or not isfinite(upper(during))
    """,
    "16 an organization without owner": """
        select o.id
        from public.organizations as o
        where not exists (
            select from public.members as m where m.organization_id = o.id and m.role = 'owner'
        )
    """,
    "a pure date in a report does not match its lines": """
        select r.id
        from public.billing_reports as r
        join public.billing_report_lines as l on l.report_id = r.id
        join public.organizations as o on o.id = r.organization_id
        where o.slug in ('pristav', 'harbour')
            and (l.starts_at at time zone r.timezone)::date not between r.period_start
            and r.period_end - 1
    """,
}


@pytest.mark.parametrize("account", ACCOUNTS)
def test_demo_accounts_sign_in_and_are_who_they_should_be(account: str, rest: ClientFor) -> None:
    name, slug = account.removesuffix(".test").split("@")
    identity = rest(account).post("/rpc/current_identity", json={}).json()
    memberships = [(m["organization_slug"], m["role"]) for m in identity["memberships"]]
    clients = [c["organization_slug"] for c in identity["clients"]]
    assert memberships == ([(slug, ROLES[name])] if name in ROLES else [])
    assert clients == ([slug] if name == "client" else [])
    if name == "therapist":
        assert identity["memberships"][0]["practitioner_id"] is not None


@pytest.mark.parametrize(
    ("kind", "table", "condition", "count"),
    [
        (14, "practitioners", "true", 6),
        (15, "clients", "true", 40),
        (20, "services", "seats > 1", 2),
        (20, "services", "mode = 'video'", 3),
        (20, "services", "buffer_before_minutes > 0 and buffer_after_minutes > 0", 7),
        (21, "rooms", "kind = 'equipment'", 1),
        (16, "invitations", "accepted_at is null and expires_at > now()", 2),
        (16, "invitations", "expires_at < now()", 2),
    ],
)
def test_there_is_as_much_as_promised(
    kind: int, table: str, condition: str, count: int, db: Connection
) -> None:
    found = db.execute(
        f"select count(*) as count from public.{table} where {condition} and id::text like %s",
        [f"{kind}{SEEDED}"],
    ).fetchone()
    assert found == {"count": count}


def test_history_and_future_are_lived_in(db: Connection) -> None:
    found = db.execute(
        """
        select
          count(*) as all,
          now() - min(starts_at) > interval '80 days' as has_history,
          max(starts_at) - now() > interval '13 days' as has_future,
          count(*) filter (where status = 'completed') > 200 as completed,
          count(*) filter (where status = 'no_show') > 5 as missed,
          count(*) filter (where payment_status = 'refunded') > 5 as refunded,
          count(*) filter (where payment_status = 'invoiced') > 20 as invoiced,
          count(*) filter (where status = 'completed' and payment_status = 'unpaid') > 10 as unpaid,
          count(distinct block_id) >= 1 as has_block,
          count(distinct client_id) = 40 as everyone_came
        from public.appointments
        where id::text like %s
        """,
        [f"40{SEEDED}"],
    ).fetchone()
    assert found is not None
    assert 350 <= found.pop("all") <= 450
    assert [name for name, holds in found.items() if not holds] == []


def test_special_hours_are_there(db: Connection) -> None:
    found = db.execute(
        """
        select
          bool_or(w.end_time <= w.start_time) as across_midnight,
          bool_or(w.valid_from > current_date) as in_the_future,
          exists (
            select from public.working_hours as a
            join public.working_hours as b using (practitioner_id, weekday, location_id)
            where a.end_time < b.start_time and a.start_time < a.end_time
          ) as split_shift,
          exists (select from public.extra_hours) as extra,
          (
            select count(distinct (practitioner_id is null, location_id is null, room_id is null))
            from public.time_off
          ) >= 3 as kinds_of_closing
        from public.working_hours as w
        """
    ).fetchone()
    assert found is not None
    assert [name for name, holds in found.items() if not holds] == []


@pytest.mark.parametrize("slug", ZONES)
def test_every_service_has_free_slots_tomorrow(slug: str, rest: ClientFor) -> None:
    client = rest(f"client@{slug}.test")
    tomorrow = datetime.now(ZoneInfo(ZONES[slug])).date() + timedelta(days=1)
    services = client.get("/services", params={"select": "id,name", "is_public": "is.true"})
    assert len(services.json()) >= 5
    full = []
    for service in services.json():
        slots = client.post(
            "/rpc/find_slots",
            json={
                "service_id": service["id"],
                "from_date": tomorrow.isoformat(),
                "to_date": tomorrow.isoformat(),
            },
        )
        assert slots.status_code == 200, slots.text
        # Other tests may have services of their own, without anybody to serve them.
        if service["id"].startswith("20000000-0000-4000-8000-") and not slots.json():
            full.append(service["name"])
    assert full == []


@pytest.mark.parametrize("slug", ZONES)
def test_client_and_therapist_have_a_past_and_a_future(slug: str, rest: ClientFor) -> None:
    now = datetime.now(tz=ZoneInfo("UTC")).isoformat()
    for account in (f"client@{slug}.test", f"therapist@{slug}.test"):
        api = rest(account)
        for condition in ("lt", "gt"):
            rows = api.get(
                "/appointments", params={"starts_at": f"{condition}.{now}", "limit": "1"}
            )
            assert len(rows.json()) == 1, (account, condition)


@pytest.mark.parametrize("slug", ZONES)
def test_the_client_starts_with_credits_for_several_sessions(slug: str, db: Connection) -> None:
    # What was there at the moment of loading: tests and demos spend from it.
    found = db.execute(
        """
        select sum(e.amount) >= 3 * (
          select max(s.price_amount) from public.services as s where s.organization_id = o.id
        ) as covers
        from public.organizations as o
        join public.clients as c on c.organization_id = o.id
        join auth.users as u on u.id = c.user_id
        join public.credit_entries as e on e.client_id = c.id and e.created_at = o.created_at
        where o.slug = %(slug)s and u.email = 'client@' || %(slug)s || '.test'
        group by o.id
        """,
        {"slug": slug},
    ).fetchone()
    assert found == {"covers": True}


@pytest.mark.parametrize("slug", ZONES)
def test_the_owner_has_the_report_of_last_month(slug: str, rest: ClientFor, db: Connection) -> None:
    # Seen from the moment of loading: since then a month may have ended.
    found = db.execute(
        "select date_trunc('month', created_at at time zone %s)::date::text as first"
        " from public.organizations where slug = %s",
        [ZONES[slug], slug],
    ).fetchone()
    assert found is not None
    reports = rest(f"owner@{slug}.test").get(
        "/billing_reports", params={"period_end": f"eq.{found['first']}"}
    )
    assert reports.json()[0]["line_count"] > 10


@pytest.mark.parametrize("rule", VIOLATIONS)
def test_nothing_violates(rule: str, db: Connection) -> None:
    assert db.execute(VIOLATIONS[rule]).fetchall() == []


def test_no_reference_leaves_its_organization(db: Connection) -> None:
    references = db.execute(
        """
        select
          c.conrelid::regclass::text as child, c.confrelid::regclass::text as parent,
          array_agg(k.attname::text order by u.position) as child_columns,
          array_agg(f.attname::text order by u.position) as parent_columns
        from pg_catalog.pg_constraint as c
        cross join lateral unnest(c.conkey, c.confkey)
          with ordinality as u (child, parent, position)
        join pg_catalog.pg_attribute as k on k.attrelid = c.conrelid and k.attnum = u.child
        join pg_catalog.pg_attribute as f on f.attrelid = c.confrelid and f.attnum = u.parent
        where c.contype = 'f'
          and c.connamespace = 'public'::regnamespace
          and (
            select count(*) = 2 from pg_catalog.pg_attribute as o
            where o.attrelid in (c.conrelid, c.confrelid) and o.attname = 'organization_id'
          )
          and c.conrelid <> c.confrelid
          -- A word such as a series' code is its organization's only together with it.
          and not exists (
            select 1 from pg_catalog.pg_attribute as w
            where w.attrelid = c.conrelid and w.attnum = any (c.conkey)
              and w.atttypid <> 'uuid'::regtype
          )
        group by c.oid, c.conrelid, c.confrelid
        """
    ).fetchall()
    assert len(references) > 20
    for reference in references:
        pairs = [
            sql.SQL("c.{} = p.{}").format(sql.Identifier(child), sql.Identifier(parent))
            for child, parent in zip(
                reference["child_columns"], reference["parent_columns"], strict=True
            )
            if child != "organization_id"
        ]
        query = sql.SQL(
            "select c.* from {} as c join {} as p on {} "
            "where c.organization_id <> p.organization_id"
        ).format(
            sql.Identifier(*reference["child"].split(".")),
            sql.Identifier(*reference["parent"].split(".")),
            sql.SQL(" and ").join(pairs),
        )
        assert db.execute(query).fetchall() == [], reference


@pytest.mark.parametrize("slug", ZONES)
def test_bulk_work_is_done_and_under_way(db: Connection, slug: str) -> None:
    found = db.execute(
        """
        select b.kind, b.status::text, b.done_count > 0 as done, b.failed_count > 0 as failed
        from public.bulk_operations as b
        join public.organizations as o on o.id = b.organization_id
        where o.slug = %s and b.id::text like %s
        order by b.id
        """,
        [slug, f"60{SEEDED}"],
    ).fetchall()
    assert [tuple(row.values()) for row in found] == [
        ("cancel_day", "completed", True, False),
        ("import_clients", "running", True, True),
    ]


def test_loading_it_again_changes_nothing(db: Connection) -> None:
    before = contents(db)
    db.execute(SEED.read_bytes())
    assert contents(db) == before


def contents(db: Connection) -> dict[str, object]:
    tables = db.execute(
        "select schemaname, tablename from pg_catalog.pg_tables "
        "where schemaname in ('public', 'private') or schemaname = 'auth' and tablename = 'users'"
    ).fetchall()
    found: dict[str, object] = {}
    for table in tables:
        name = sql.Identifier(table["schemaname"], table["tablename"])
        query = sql.SQL(
            "select count(*), md5(string_agg(t::text, '|' order by t::text)) from {} as t"
        )
        row = db.execute(query.format(name)).fetchone()
        found[f"{table['schemaname']}.{table['tablename']}"] = row
    return found
