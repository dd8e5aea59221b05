"""The SQL of docs/scale.md runs and does what the text says; its figures agree with one another."""

from __future__ import annotations

import math
import re
import time
from typing import Any

import psycopg
import pytest

from kernel.settings import Settings
from tests.conftest import AsUser, ClientFor, Connection
from tests.docs.documents import DOCS, ROOT, read, rows

SCALE = read(DOCS / "scale.md")
ORGANIZATION = "10000000-0000-4000-8000-000000001000"
OWNER = "owner@pristav.test"
SERVICE = "20000000-0000-4000-8000-000000001004"
# Below the server's deadlock_timeout: between a test that runs at the same time and this one, it
# is always this one that lets go.
LOCK_TIMEOUT = "500ms"
ATTEMPTS = 60


def sql(heading: str) -> list[str]:
    """Return the SQL blocks under one heading."""
    return [block.text for block in SCALE.under(heading) if block.language == "sql"]


def value(db: Connection, query: str, *parameters: object) -> Any:
    """Return the only value that a query answers."""
    row = db.execute(query.encode(), parameters).fetchone()
    assert row is not None
    return next(iter(row.values()))


def plan(db: Connection, query: str) -> str:
    """Return a plan as text."""
    return "\n".join(str(next(iter(row.values()))) for row in db.execute(query.encode()).fetchall())


def alone(db: Connection, tables: str, *statements: str) -> None:
    """Run statements with tables locked, giving way to whoever holds something they need."""
    # The scheduler seals each minute; from here on it finds that somebody does already.
    db.execute("select pg_advisory_xact_lock(hashtextextended('private.seal_audit', 0))")
    db.execute(f"set local lock_timeout = '{LOCK_TIMEOUT}'".encode())
    for _ in range(ATTEMPTS):
        try:
            with db.transaction():
                db.execute(f"lock table {tables} in access exclusive mode".encode())
                for statement in statements:
                    db.execute(statement.encode())
        except psycopg.errors.LockNotAvailable:
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"{tables} could not be locked")


def numbers(table: str, column: int) -> list[float]:
    """Return a column of a table of the document that begins with this heading."""
    start = SCALE.text.index(table)
    lines = SCALE.text[start:].split("\n\n", 1)[0]
    return [float(row[column].split()[0].replace(",", "")) for row in rows(lines)]


# The figures ------------------------------------------------------------------------------------


def test_the_ratios_are_those_of_the_run() -> None:
    run = rows(read(DOCS / "speed.md").section("Figures"))
    measured = {row[0]: row[2] for row in run}
    growth = rows(SCALE.text[SCALE.text.index("| measure | hundredfold") :].split("\n\n", 1)[0])
    assert {row[0] for row in growth} == {name for name in measured if name.startswith("growth")}
    for name, hundredfold, tenfold in growth:
        assert hundredfold == measured[name], name
        assert math.isclose(math.sqrt(float(hundredfold)), float(tenfold), abs_tol=0.006), name

    rate = measured["book_appointment, 8 connections"]
    assert f"40 ÷ {rate}," in SCALE.text
    assert f"| {40 / float(rate):.0f} | 40 ÷" in SCALE.text
    assert f"by processor time: {run[1][2]} of" in SCALE.text
    assert f"got {measured['50 callers for one slot: answers']} times" in SCALE.text
    assert f"| {measured['POST /booking, 8 clients']} for `POST" in SCALE.text
    assert f"| {measured['memory of a 100,000-line csv export']} times" in SCALE.text


def test_the_bytes_add_up() -> None:
    table = "| table | rows | table | indexes | all |"
    for column in range(1, 5):
        *parts, together = numbers(table, column)
        # Each part is rounded by itself.
        assert abs(sum(parts) - together) <= 2

    together, audit = numbers(table, 4)[-1], numbers(table, 4)[2]
    indexes = sum(numbers(table, 3)[:2])
    for appointments, disk, trail, hot in zip(
        *(numbers("| appointments | disk", column) for column in range(4)), strict=True
    ):
        for bytes_each, shown in ((together, disk), (audit, trail), (indexes, hot)):
            assert math.isclose(appointments * bytes_each / 1e9, shown, rel_tol=0.05)
    for gigabytes, appointments in zip(
        numbers("| memory | appointments |", 0),
        numbers("| memory | appointments |", 1),
        strict=True,
    ):
        assert math.isclose(gigabytes * 1e9 / 2 / indexes, appointments, rel_tol=0.05)


def test_the_sizes_are_read_from_the_database(db: Connection) -> None:
    (query,) = sql("What one project carries")
    found = {row["table_name"]: row for row in db.execute(query.encode()).fetchall()}
    assert len(found) == 3
    count = value(db, "select count(*) from public.appointments")
    for row in found.values():
        assert row["total_bytes"] >= row["table_bytes"] + row["index_bytes"] > 0
        each = row["total_bytes"] // count
        assert math.isclose(row["per_appointment"], each, rel_tol=0.05)


def test_an_appointment_takes_about_that_much(db: Connection) -> None:
    # In a table of its own: the stack's may have free pages from earlier tests. Ten practitioners
    # with a session an hour.
    rows_made = 5000
    db.execute("create table private.sizes (like public.appointments including all)")
    db.execute(
        """
        insert into private.sizes (
          organization_id, location_id, client_id, practitioner_id, service_id, room_id, session_id,
          during, blocked_during, price_amount, currency, mode
        )
        select %s, %s, md5((n %% 600)::text)::uuid, md5('p' || n %% 10)::uuid, %s,
          md5('r' || n %% 10)::uuid, gen_random_uuid(), d.during, d.during, 1000, 'CZK', 'in_person'
        from generate_series(1, %s) as n
        cross join lateral (
          select timestamptz '2026-01-01Z' + interval '1 hour' * (n / 10) as starts_at
        ) as t
        cross join lateral (
          select tstzrange(t.starts_at, t.starts_at + interval '50 minutes') as during
        ) as d
        """,
        [ORGANIZATION, ORGANIZATION, SERVICE, rows_made],
    )
    each = value(db, "select pg_total_relation_size('private.sizes')") / rows_made
    documented = numbers("| table | rows | table | indexes | all |", 4)[0]
    assert 0.6 < each / documented < 1.4, each


def test_the_limits_are_those_of_the_settings(db: Connection) -> None:
    deploy = (ROOT / "functions" / "deploy.sh").read_text(encoding="utf-8")
    instances = re.search(r"MAX_INSTANCES:-(\d+)", deploy)
    at_once = re.search(r"CONCURRENCY=\D*(\d+)", deploy)
    assert instances
    assert at_once
    assert f"default of {instances[1]} |" in SCALE.text
    assert f"{at_once[1]} requests: {int(instances[1]) * int(at_once[1])} with" in SCALE.text
    assert f"per process, {Settings.model_fields['upstream_connections'].default}," in SCALE.text
    arguments = value(
        db, "select pg_get_function_arguments('private.seal_audit(integer)'::regprocedure)"
    )
    assert arguments.endswith(" 10000")
    assert "up to 10,000 entries" in SCALE.text


# Pooling and replicas -----------------------------------------------------------------------------


def test_no_function_leaves_anything_in_a_session() -> None:
    for path in [*(ROOT / "sql").rglob("*.sql"), *(ROOT / "policies").glob("*.sql")]:
        source = re.sub(r"--.*", "", path.read_text(encoding="utf-8")).lower()
        assert not re.search(r"pg_(try_)?advisory_(lock|unlock)", source), path
        assert not re.search(r"create temp|\blisten\b|with hold|\bdiscard\b", source), path
        assert not re.search(
            r"^\s*(set|prepare) (?!local)[\w.]+ (=|to|as) .*;$", source, re.MULTILINE
        ), path
        for ending in re.findall(r"set_config\([^)]*,\s*(\w+)\)", source):
            assert ending == "true", path


def test_the_functions_hold_no_database_connection() -> None:
    for path in (ROOT / "functions").rglob("*.py"):
        assert "psycopg" not in path.read_text(encoding="utf-8"), path


def test_an_identity_ends_with_its_transaction(db: Connection) -> None:
    db.execute("select set_config('request.jwt.claims', '{\"sub\": \"x\"}', true)")
    db.rollback()
    assert not value(db, "select current_setting('request.jwt.claims', true)")
    assert value(db, "select current_user") == "postgres"


def test_what_may_read_on_a_replica_is_listed(db: Connection) -> None:
    section = SCALE.section("Read replicas").split("| must not")[0]
    stable = db.execute(
        """
        select p.proname from pg_catalog.pg_proc as p
        where p.pronamespace = 'public'::regnamespace and p.provolatile <> 'v'
          and p.prorettype <> 'trigger'::regtype
        """
    ).fetchall()
    named = {name for row in rows(section) for name in re.findall(r"`(\w+)`", row[0])}
    assert named == {row["proname"] for row in stable}


def test_a_database_that_only_reads_serves_them(db: Connection, as_user: AsUser) -> None:
    user = value(db, "select id from auth.users where email = %s", OWNER)
    # Not any client: of one without credits the statement is empty.
    client = value(
        db,
        "select client_id from public.credit_entries where organization_id = %s limit 1",
        ORGANIZATION,
    )
    appointment = value(
        db, "select id from public.appointments where organization_id = %s limit 1", ORGANIZATION
    )
    with as_user(user) as reader:
        reader.execute("set transaction read only")
        for query, parameters in (
            ("select public.find_slots(%s, current_date + 1, current_date + 14)", [SERVICE]),
            ("select public.find_bookable_days(%s, current_date, current_date + 14)", [SERVICE]),
            ("select public.current_identity()", []),
            ("select public.search_clients('an', %s)", [ORGANIZATION]),
            ("select public.credit_statement(%s)", [client]),
            ("select public.appointment_calendar(%s)", [appointment]),
            ("select count(*) from public.appointments", []),
            ("select count(*) from public.billing_report_lines", []),
        ):
            assert reader.execute(query.encode(), parameters).fetchall()
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            reader.execute(
                "select public.book_appointment(%s, (s.slot ->> 'starts_at')::timestamptz,"
                " (s.slot ->> 'practitioner_id')::uuid, %s)"
                " from json_array_elements(public.find_slots("
                "%s, current_date + 1, current_date + 14)) as s (slot) limit 1",
                [SERVICE, client, SERVICE],
            )


def test_find_slots_answers_to_get(rest: ClientFor) -> None:
    arguments = {"service_id": SERVICE, "from_date": "2026-01-01", "to_date": "2026-01-07"}
    response = rest(OWNER).get("/rpc/find_slots", params=arguments)
    assert response.status_code == 200, response.text


# The audit trail by time --------------------------------------------------------------------------


def partition_audit(db: Connection) -> tuple[str, str]:
    """Run the block that divides the trail; return those that read and drop a year."""
    divide, next_year, read_year, drop_year = sql("The audit trail by time")
    # An old year, so that there is one to drop, sealed with whatever else is not yet.
    old_entries = """
        insert into public.audit_entries
          (organization_id, occurred_at, role, action, table_name, record_id, changes_hash)
        select o.id, timestamptz '2015-06-01Z' + interval '1 day' * n, 'system', 'update',
          'organizations', o.id, extensions.digest('', 'sha256')
        from public.organizations as o, generate_series(1, 3) as n
    """
    seal = "select private.seal_audit(10000000)"
    alone(db, "public.audit_entries", old_entries, seal, divide, next_year)
    return read_year, drop_year


def trail_faults(db: Connection) -> list[Any]:
    """Return what the verification finds wrong with the trail."""
    return db.execute("select * from private.broken_audit_entries()").fetchall()


def test_the_trail_is_the_same_when_divided(db: Connection) -> None:
    read_year, _ = partition_audit(db)
    difference = """
        select count(*) from (
          (select * from public.audit_entries except
            select * from private.audit_entries_unpartitioned)
          union all
          (select * from private.audit_entries_unpartitioned except
            select * from public.audit_entries)
        ) as d
    """
    assert value(db, difference) == 0
    assert value(db, "select count(*) from public.audit_entries") > 0
    assert trail_faults(db) == []

    # Reading a year reads its partition alone.
    found = plan(db, read_year)
    assert "audit_entries_2026" in found
    assert set(re.findall(r"audit_entries_\d{4}(?!\d)", found)) == {"audit_entries_2026"}

    # What is written now is numbered behind, and chained.
    last = value(db, "select max(id) from public.audit_entries")
    db.execute(
        "insert into public.organizations (slug, name, timezone, currency)"
        " values ('scale', 'Scale', 'Europe/Prague', 'CZK')"
    )
    assert value(db, "select max(id) from public.audit_entries") > last
    assert value(db, "select private.seal_audit()") >= 1
    assert trail_faults(db) == []


def test_the_divided_trail_is_as_closed_as_before(db: Connection) -> None:
    compared = """
        select relrowsecurity, (
          select array_agg(format('%%s %%s', a.privilege_type, a.grantee::regrole) order by 1)
          from aclexplode(c.relacl) as a
          where a.grantee::regrole::text in ('anon', 'authenticated', 'service_role')
        ) as granted,
        (select array_agg(p.polname::text || pg_get_expr(p.polqual, p.polrelid))
          from pg_policy as p where p.polrelid = c.oid) as policies,
        (select array_agg(t.tgname::text order by 1) from pg_trigger as t
          where t.tgrelid = c.oid and not t.tgisinternal) as triggers,
        (select array_agg(format('%%s %%s %%s', p.oid::regprocedure, p.prosecdef,
            (select array_agg(a.grantee::regrole::text order by 1)
              from aclexplode(p.proacl) as a)) order by p.proname)
          from pg_proc as p where p.proname in ('audit_hash', 'broken_audit_entries')) as functions
        from pg_class as c where c.oid = 'public.audit_entries'::regclass
    """.replace("%%", "%")
    before = db.execute(compared.encode()).fetchone()
    partition_audit(db)
    assert db.execute(compared.encode()).fetchone() == before
    partitions = db.execute(
        """
        select c.relrowsecurity and c.relacl is null as is_closed,
          c.relnamespace::regnamespace::text as schema
        from pg_inherits as i
        join pg_class as c on c.oid = i.inhrelid
        where i.inhparent = 'public.audit_entries'::regclass
        """
    ).fetchall()
    assert partitions
    assert all(row["is_closed"] and row["schema"] == "private" for row in partitions)
    for change in (
        "update public.audit_entries set role = 'x'",
        "delete from public.audit_entries",
    ):
        with pytest.raises(psycopg.DatabaseError, match="never changed"), db.transaction():
            db.execute(change.encode())


def test_a_number_twice_is_found_but_not_refused(db: Connection) -> None:
    partition_audit(db)
    db.execute(
        """
        insert into public.audit_entries
          (organization_id, role, action, table_name, record_id, changes_hash, number, hash)
        select organization_id, 'x', 'update', 'organizations', organization_id, changes_hash,
          number, hash
        from public.audit_entries where organization_id = %s and number = 1
        """,
        [ORGANIZATION],
    )
    assert trail_faults(db) != []


def test_an_old_year_goes_and_the_rest_verifies(db: Connection) -> None:
    _, drop_year = partition_audit(db)
    old = "select count(*) from public.audit_entries where occurred_at < timestamptz '2016-01-01Z'"
    assert value(db, old) > 0
    db.execute(drop_year.encode())
    assert value(db, old) == 0
    assert value(db, "select to_regclass('private.audit_entries_2015')") is None
    assert trail_faults(db) == []


def test_a_year_that_is_not_sealed_does_not_go(db: Connection) -> None:
    _, drop_year = partition_audit(db)
    db.execute(
        """
        insert into public.audit_entries
          (organization_id, occurred_at, role, action, table_name, record_id, changes_hash)
        values (%s, '2015-07-01Z', 'x', 'update', 'organizations', %s, '')
        """,
        [ORGANIZATION, ORGANIZATION],
    )
    with pytest.raises(psycopg.errors.RaiseException, match="not sealed"):
        db.execute(drop_year.encode())


# Appointments by organization ---------------------------------------------------------------------

COPY = "private.appointments_partitioned"


def test_the_copy_holds_every_appointment_in_one_partition_per_organization(db: Connection) -> None:
    (block,) = sql("Appointments by organization")
    # One view of the table throughout, whatever other tests book meanwhile.
    db.execute("set transaction isolation level repeatable read")
    db.execute(block.encode())
    difference = f"""
        select count(*) from (
          (select * from public.appointments except select * from {COPY})
          union all
          (select * from {COPY} except select * from public.appointments)
        ) as d
    """
    assert value(db, difference) == 0
    spread = db.execute(
        f"select count(distinct tableoid) as n from {COPY} group by organization_id".encode()
    ).fetchall()
    assert {row["n"] for row in spread} == {1}

    # With the organization one partition is asked, without it all eight.
    query = f"explain select * from {COPY} where practitioner_id = gen_random_uuid()"
    asked = re.compile(r" on (appointments_\d)\b")
    assert len(set(asked.findall(plan(db, query)))) == 8
    assert len(set(asked.findall(plan(db, f"{query} and organization_id = '{ORGANIZATION}'")))) == 1


@pytest.mark.parametrize("kept", ["practitioner_id", "room_id", "client_id"])
def test_the_copy_refuses_an_overlap(kept: str, db: Connection) -> None:
    (block,) = sql("Appointments by organization")
    # One view of the table throughout, whatever other tests book meanwhile.
    db.execute("set transaction isolation level repeatable read")
    db.execute(block.encode())
    changed = {
        "id": "gen_random_uuid()",
        "session_id": "gen_random_uuid()",
        "practitioner_id": "gen_random_uuid()",
        "room_id": "gen_random_uuid()",
        "client_id": "gen_random_uuid()",
    }
    columns = [
        str(row["name"])
        for row in db.execute(
            "select attname as name from pg_attribute where attrelid = %s::regclass"
            " and attnum > 0 and not attisdropped and attgenerated = '' order by attnum",
            [COPY],
        ).fetchall()
    ]

    def repeat(*, same: set[str]) -> None:
        names = [name if name in same else changed.get(name, name) for name in columns]
        db.execute(
            f"""
            insert into {COPY} ({", ".join(columns)})
            select {", ".join(names)} from public.appointments
            where status <> 'cancelled' and overlap_allowed_by is null and room_id is not null
            limit 1
            """.encode()
        )

    # Somebody else at the same time is no overlap.
    with db.transaction():
        repeat(same=set())
    # Each partition has constraints of its own, under names of its own.
    key = rf"Key \(organization_id, {kept}, "
    with pytest.raises(psycopg.errors.ExclusionViolation, match=key):
        repeat(same={kept})


# Moving an organization ---------------------------------------------------------------------------


def test_an_organization_leaves_and_comes_back_whole(db: Connection) -> None:
    (block,) = sql("More projects")
    found = db.execute(block.replace("<organization id>", ORGANIZATION).encode()).fetchall()
    tables = [str(row["table_name"]) for row in found]
    alone(db, ", ".join(tables))
    db.execute("set constraints all immediate")

    parts: list[bytes] = []
    counts: list[int] = []
    for row in found:
        with db.cursor().copy(str(row["statement"]).encode()) as copy:
            parts.append(b"".join(bytes(part) for part in copy))
        counts.append(parts[-1].count(b"\n"))
    assert sum(counts) > 100

    for table in tables:
        db.execute(f"alter table {table} disable trigger user".encode())
    key = [("id" if table == "public.organizations" else "organization_id") for table in tables]
    for table, column in reversed(list(zip(tables, key, strict=True))):
        db.execute(f"delete from {table} where {column} = %s".encode(), [ORGANIZATION])

    for table, row, part in zip(tables, found, parts, strict=True):
        match = re.match(r"copy \(select (.*) from ", str(row["statement"]))
        assert match
        with db.cursor().copy(f"copy {table} ({match[1]}) from stdin".encode()) as copy:
            copy.write(part)
    for table in tables:
        db.execute(f"alter table {table} enable trigger user".encode())

    for table, column, count in zip(tables, key, counts, strict=True):
        query = f"select count(*) from {table} where {column} = %s"
        assert value(db, query, ORGANIZATION) == count, table
    assert value(db, "select count(*) from private.violations(%s)", ORGANIZATION) == 0


def test_the_order_of_the_tables_has_parents_first(db: Connection) -> None:
    (block,) = sql("More projects")
    tables = [str(row["table_name"]) for row in db.execute(block.encode()).fetchall()]
    owned = db.execute(
        """
        select format('%s.%I', c.relnamespace::regnamespace, c.relname) as name
        from pg_class as c
        join pg_attribute as a on a.attrelid = c.oid and a.attname = 'organization_id'
        where c.relkind = 'r'
          and c.relnamespace in ('public'::regnamespace, 'private'::regnamespace)
        """
    ).fetchall()
    assert sorted(tables) == sorted({"public.organizations", *(str(row["name"]) for row in owned)})
    references = db.execute(
        """
        select format('%s.%I', c.relnamespace::regnamespace, c.relname) as child,
          format('%s.%I', p.relnamespace::regnamespace, p.relname) as parent
        from pg_constraint as f
        join pg_class as c on c.oid = f.conrelid
        join pg_class as p on p.oid = f.confrelid
        where f.contype = 'f' and f.conrelid <> f.confrelid
        """
    ).fetchall()
    for row in references:
        if row["child"] in tables and row["parent"] in tables:
            assert tables.index(row["parent"]) < tables.index(row["child"]), row


def test_every_block_is_run_here() -> None:
    headings = {block.heading for block in SCALE.blocks if block.language == "sql"}
    assert headings == {
        "What one project carries",
        "The audit trail by time",
        "Appointments by organization",
        "More projects",
    }
