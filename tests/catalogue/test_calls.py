"""Every function of the API, called by everybody with everything: a token, never an accident.

Generated from the catalogue, so that a new function is covered before anyone remembers it.
"""

from __future__ import annotations

import itertools
import re
import uuid
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.catalogue.test_security import FUNCTIONS
from tests.conftest import AsUser, Connection

STAFF = ("owner@pristav.test", "reception@pristav.test", "therapist@pristav.test")
OUTSIDERS = ("owner@harbour.test", "client@harbour.test")
EVERYBODY = (*STAFF, "client@pristav.test", *OUTSIDERS)

# Values that break careless code, by type of the argument.
EXTREMES: dict[str, list[str]] = {
    "uuid": ["null", "gen_random_uuid()", "'00000000-0000-0000-0000-000000000000'"],
    "text": [
        "null",
        "''",
        "' '",
        "repeat('x', 10000)",
        "'%'",
        "'\\'",
        "''' or true --'",
        "E'\\x01\\uFFFF'",
        "'🙂'",
    ],
    "date": [
        "null",
        "'infinity'",
        "'-infinity'",
        "'0044-03-15 BC'",
        "'5874897-12-31'",
        "'2028-02-29'",
    ],
    "time without time zone": ["null", "'00:00'", "'24:00'", "'23:59:59.999999'"],
    "timestamp with time zone": [
        "null",
        "'infinity'",
        "'-infinity'",
        "'0044-03-15 12:00 BC'",
        "'294276-12-31'",
        "'2027-03-28 02:30 Europe/Prague'",
        "'2027-10-31 02:30 Europe/Prague'",
        "now()",
        "now() + interval '3 days'",
    ],
    "integer": ["null", "0", "-1", "1", "2147483647", "-2147483648"],
    "bigint": ["null", "0", "-1", "1", "9223372036854775807", "-9223372036854775808"],
    "boolean": ["null", "true", "false"],
    "uuid[]": [
        "null",
        "'{}'",
        "array[null]::uuid[]",
        "array[gen_random_uuid()]",
        "array[array[gen_random_uuid()]]",
    ],
    "jsonb": [
        "null",
        "'null'",
        "'{}'",
        "'[]'",
        "'[null, 1, \"x\", {}]'",
        "'\"text\"'",
        "'1e300'",
        """'{"weekdays": [0]}'""",
        '\'[{"description": "x", "unit_price_amount": 1e400}]\'',
        '\'[{"booked_on": "2026-02-31", "amount": 1, "currency": "CZK"}]\'',
    ],
    "member_role": ["null", "'owner'", "'practitioner'"],
}
# An ordinary value for the arguments that are not varied: what the demo practice has, by name.
# Each may use those before it.
ORDINARY = {
    "practitioner_id": (
        "select p.id from public.practitioners as p join auth.users as u on u.id = p.user_id"
        " where p.organization_id = :organization_id and u.email = 'therapist@pristav.test'"
    ),
    "client_id": (
        "select c.id from public.clients as c join auth.users as u on u.id = c.user_id"
        " where c.organization_id = :organization_id and u.email = 'client@pristav.test'"
    ),
    "service_id": (
        "select s.id from public.services as s join public.service_practitioners as o"
        " on o.service_id = s.id"
        " where o.practitioner_id = :practitioner_id and s.is_public order by s.name limit 1"
    ),
    "starts_at": (
        "select min(o.starts_at) from public.services as s cross join lateral"
        " private.open_slots(s, array[:practitioner_id::uuid], current_date + 2,"
        " current_date + 9) as o"
        " where s.id = :service_id"
    ),
    "appointment_id": (
        "select id from public.appointments where organization_id = :organization_id"
        " and status = 'confirmed'"
        " and starts_at > now() order by client_id = :client_id desc,"
        " practitioner_id = :practitioner_id desc,"
        " starts_at, id limit 1"
    ),
    "member_id": "select id from public.members where organization_id = :organization_id"
    " and role = 'receptionist'",
    "organization_slug": "'pristav'",
    "role": "'receptionist'",
    "email": "'somebody@example.test'",
    "given_name": "'Ada'",
    "family_name": "'Lovelace'",
    "query": "'novak'",
    "reason": "'why not'",
    "scope": "'this'",
    "amount": "100",
    "occurrences": "2",
    "interval_weeks": "1",
    "is_open": "true",
    "from_date": "current_date + 1",
    "to_date": "current_date + 3",
    "period_start": "'2026-10-01'",
    "period_end": "'2026-11-01'",
    "appointment_ids": (
        "select array_agg(id) from (select id from public.appointments"
        " where organization_id = :organization_id"
        " and status = 'completed' and payment_status in ('unpaid', 'paid')"
        " order by id limit 2) as a"
    ),
    "token": "'guess'",
    "invitation_id": "gen_random_uuid()",
    "preferences": "'{}'",
    "slot_start": ":starts_at",
    "slot_end": "(:starts_at)::timestamptz + interval '2 hours'",
    "waitlist_entry_id": (
        "select id from public.waitlist_entries where organization_id = :organization_id"
        " and status = 'waiting' order by created_at, id limit 1"
    ),
    "waitlist_offer_id": (
        "select id from public.waitlist_offers where organization_id = :organization_id"
        " and status = 'open' order by created_at, id limit 1"
    ),
    "operation_id": "select id from public.bulk_operations where organization_id ="
    " :organization_id and kind = 'import_clients' and status = 'running' limit 1",
    "day": "current_date + 2",
    "from_day": "current_date + 2",
    "to_day": "current_date + 3",
    "file_hash": "repeat('a', 64)",
    "row_count": "1",
}
# Arguments that may be left out, but without which little happens.
ALSO_GIVEN = {
    "accept_offer": {"waitlist_offer_id"},
    "book_appointment": {"practitioner_id", "client_id"},
    "decline_offer": {"waitlist_offer_id"},
    "join_waitlist": {"client_id"},
    "create_invitation": {"role"},
}


def functions(db: Connection) -> list[dict[str, Any]]:
    return db.execute(
        f"""
        select f.proname, coalesce(p.proargnames[:p.pronargs], array[]::text[]) as names,
          p.pronargs - p.pronargdefaults as required,
          array(select format_type(t, null) from unnest(p.proargtypes) with ordinality as a (t,
            n) order by n) as types
        from ({FUNCTIONS}) as f
        join pg_catalog.pg_proc as p on p.oid = f.oid
        where f.schema = 'public' and has_function_privilege('authenticated', f.oid, 'execute')
        order by 1
        """.encode()
    ).fetchall()


def ordinary(db: Connection) -> dict[str, str]:
    """Look the ordinary values up once, so that callers need not be able to."""
    values = {"organization_id": "(select id from public.organizations where slug = 'pristav')"}
    for name, expression in ORDINARY.items():
        query = re.sub(r"(?<!:):(\w+)", lambda found: values[found[1]], expression)
        row = db.execute(f"select ({query})::text as value".encode()).fetchone()
        assert row is not None
        assert row["value"] is not None, f"the demo data has no {name}"
        values[name] = f"'{row['value']}'"
    organization = db.execute(
        "select id from public.organizations where slug = 'pristav'"
    ).fetchone()
    assert organization is not None
    return {**values, "organization_id": f"'{organization['id']}'"}


def user_id(db: Connection, email: str) -> str:
    row = db.execute("select id::text from auth.users where email = %s", [email]).fetchone()
    assert row is not None, f"the demo data has no {email}"
    return str(row["id"])


def outcome(sql: Connection, statement: str) -> str:
    """Return 'ok' or the SQLSTATE with its message; what the call did is taken back."""
    try:
        with sql.transaction(force_rollback=True):
            sql.execute(statement.encode())
            sql.execute("set constraints all immediate")
    except psycopg.Error as error:
        return f"{error.sqlstate} {error.diag.message_primary}"
    return "ok"


def variations(function: dict[str, Any], values: dict[str, str]) -> Iterator[str]:
    """Calls that vary one argument at a time, and one where all are null."""
    pairs = list(zip(function["names"], function["types"], strict=True))

    def literal(name: str, kind: str) -> str:
        if name == "idempotency_key":
            return "null"
        return f"{values[name]}::{kind}" if name in values else "null"

    def call(arguments: dict[str, str]) -> str:
        listed = ", ".join(f"{name} => {value}" for name, value in arguments.items())
        return f"select public.{function['proname']}({listed})"

    also = ALSO_GIVEN.get(function["proname"], set())
    base = {
        name: literal(name, kind)
        for position, (name, kind) in enumerate(pairs)
        if position < function["required"] or name in also
    }
    yield call(base)
    yield call({name: f"null::{kind}" for name, kind in pairs})
    for name, kind in pairs:
        for extreme in EXTREMES[kind.removeprefix("public.")]:
            yield call({**base, name: f"({extreme})::{kind}"})


def test_every_type_of_argument_has_extremes(db: Connection) -> None:
    kinds = set(itertools.chain.from_iterable(function["types"] for function in functions(db)))
    assert {kind.removeprefix("public.") for kind in kinds} <= EXTREMES.keys()


@pytest.mark.parametrize("email", EVERYBODY)
def test_no_argument_breaks_a_function(db: Connection, as_user: AsUser, email: str) -> None:
    values = ordinary(db)
    broken = []
    with as_user(user_id(db, email)) as sql:
        sql.execute("set local statement_timeout = '20s'")
        for function in functions(db):
            for statement in variations(function, values):
                result = outcome(sql, statement)
                if result != "ok" and not result.startswith("PT4"):
                    broken.append(f"{result}: {statement[:200]}")
    assert broken == []


@pytest.mark.parametrize("email", OUTSIDERS)
def test_another_organization_is_as_good_as_absent(
    db: Connection, as_user: AsUser, email: str
) -> None:
    """A caller from elsewhere learns nothing from ids of this organization."""
    values = ordinary(db)
    unknown = {name: f"'{uuid.uuid4()}'" for name in values if name.endswith("_id")}
    unknown["appointment_ids"] = f"'{{{uuid.uuid4()}}}'"
    told = []
    with as_user(user_id(db, email)) as sql:
        for function in functions(db):
            names = function["names"][: function["required"]]
            known = set(names) & unknown.keys()
            if not known:
                continue
            statements = []
            for given in (values, {**values, **unknown}):
                arguments = ", ".join(
                    f"{name} => {given.get(name, 'null')}::{kind}"
                    for name, kind in zip(names, function["types"], strict=False)
                )
                statements.append(f"select public.{function['proname']}({arguments})")
            foreign, absent = (outcome(sql, statement) for statement in statements)
            if foreign != absent:
                told.append(f"{function['proname']}: {foreign} instead of {absent}")
            if foreign != "ok" and not foreign.startswith("PT404"):
                told.append(f"{function['proname']}: {foreign}")
            if foreign == "ok":
                row = next(iter(sql.execute(statements[0].encode())), None)
                assert row is None or set(row.values()) <= {None, 0}, function["proname"]
    assert told == []


def test_visitors_call_nothing(db: Connection, as_user: AsUser) -> None:
    values = ordinary(db)
    with as_user(None, role="anon") as sql:
        results = {
            function["proname"]: outcome(sql, next(variations(function, values)))
            for function in functions(db)
        }
    assert {
        name: result for name, result in results.items() if not result.startswith("42501")
    } == {}


def test_a_token_without_a_user_calls_nothing(db: Connection, as_user: AsUser) -> None:
    """Reading functions that leave everything to the policies may answer with nothing."""
    values = ordinary(db)
    with as_user(None) as sql:
        results = {}
        for function in functions(db):
            statement = next(variations(function, values))
            results[function["proname"]] = outcome(sql, statement)
            if results[function["proname"]] == "ok":
                row = next(iter(sql.execute(statement.encode())), None)
                assert row is None or set(row.values()) == {None}, function["proname"]
    refused = {"PT401 unauthenticated"}
    assert {
        name: result for name, result in results.items() if result not in refused and result != "ok"
    } == {}
