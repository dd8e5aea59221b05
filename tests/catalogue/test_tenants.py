"""Two organizations and every table: nothing of one is seen, written or pointed at by the other."""

from __future__ import annotations

import json
from typing import Any

import psycopg
import pytest

from tests.catalogue.test_conventions import FOREIGN_KEYS
from tests.catalogue.test_security import names
from tests.conftest import AsUser, Connection

MINE, THEIRS = "harbour", "pristav"
# The highest staff role and a client of the one, against the other.
CALLERS = ("owner@harbour.test", "client@harbour.test")


def organization(db: Connection, slug: str) -> str:
    row = db.execute("select id::text from public.organizations where slug = %s", [slug]).fetchone()
    assert row is not None, "needs the demo data"
    return str(row["id"])


def caller(db: Connection, email: str) -> str:
    row = db.execute("select id::text from auth.users where email = %s", [email]).fetchone()
    assert row is not None
    return str(row["id"])


def tenant_relations(db: Connection, privilege: str = "select") -> list[str]:
    return names(
        db,
        f"""
        select c.relname::text from pg_catalog.pg_class as c
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v')
          and exists (
            select 1 from pg_catalog.pg_attribute as a
            where a.attrelid = c.oid and a.attname = 'organization_id' and not a.attisdropped
          )
          and (
            has_table_privilege('authenticated', c.oid, '{privilege}')
            or '{privilege}' <> 'delete' and has_any_column_privilege('authenticated', c.oid,
              '{privilege}')
          )
        order by 1
        """,
    )


def granted_columns(db: Connection, table: str, privilege: str) -> list[str]:
    return names(
        db,
        f"""
        select a.attname from pg_catalog.pg_attribute as a
        where a.attrelid = 'public.{table}'::regclass and a.attnum > 0 and not a.attisdropped
          and has_column_privilege('authenticated', a.attrelid, a.attnum, '{privilege}')
        order by a.attnum
        """,
    )


def a_row(db: Connection, table: str, organization_id: str) -> dict[str, Any] | None:
    row = db.execute(
        f"select to_json(t) as row from public.{table} as t"
        f" where organization_id = %s limit 1".encode(),
        [organization_id],
    ).fetchone()
    return None if row is None else row["row"]


def state_of(sql: Connection, statement: str, parameters: list[Any]) -> str:
    """Return 'ok <rows>' or the SQLSTATE; what happened is taken back."""
    try:
        with sql.transaction(force_rollback=True):
            count = sql.execute(statement.encode(), parameters).rowcount
            sql.execute("set constraints all immediate")
    except psycopg.Error as error:
        return str(error.sqlstate)
    return f"ok {count}"


@pytest.mark.parametrize("email", CALLERS)
def test_foreign_rows_are_not_seen(db: Connection, as_user: AsUser, email: str) -> None:
    theirs = organization(db, THEIRS)
    relations = tenant_relations(db)
    assert len(relations) > 15
    seen = {}
    with as_user(caller(db, email)) as sql:
        for relation in relations:
            for condition in ("organization_id = %(id)s", "organization_id <> %(mine)s", "true"):
                row = sql.execute(
                    f"select count(*) filter (where organization_id = %(id)s) as n"
                    f" from public.{relation}"
                    f" where {condition}".encode(),
                    {"id": theirs, "mine": organization(db, MINE)},
                ).fetchone()
                assert row is not None
                if row["n"]:
                    seen[relation, condition] = row["n"]
    assert seen == {}


@pytest.mark.parametrize("email", CALLERS)
def test_foreign_rows_are_not_changed(db: Connection, as_user: AsUser, email: str) -> None:
    theirs = organization(db, THEIRS)
    changed = {}
    with as_user(caller(db, email)) as sql:
        for table in tenant_relations(db, "delete"):
            changed[f"delete {table}"] = state_of(
                sql, f"delete from public.{table} where organization_id = %s", [theirs]
            )
        for table in tenant_relations(db, "update"):
            for column in granted_columns(db, table, "update"):
                changed[f"update {table}.{column}"] = state_of(
                    sql,
                    f"update public.{table} set {column} = {column} where organization_id = %s",
                    [theirs],
                )
    assert changed
    assert {what: result for what, result in changed.items() if result != "ok 0"} == {}


@pytest.mark.parametrize("email", CALLERS)
def test_nothing_is_written_into_a_foreign_organization(
    db: Connection, as_user: AsUser, email: str
) -> None:
    """A copy of a row that is already there: as plausible as an attempt can be."""
    theirs = organization(db, THEIRS)
    results = {}
    with as_user(caller(db, email)) as sql:
        for table in tenant_relations(db, "insert"):
            row = a_row(db, table, theirs)
            if row is None:
                row = {"organization_id": theirs}
            columns = ", ".join(granted_columns(db, table, "insert"))
            results[table] = state_of(
                sql,
                f"insert into public.{table} ({columns})"
                f" select {columns} from json_populate_record(null::public.{table}, %s)",
                [json.dumps(row)],
            )
    assert len(results) > 8
    assert {table: result for table, result in results.items() if result != "42501"} == {}


def test_foreign_keys_do_not_reach_a_foreign_organization(db: Connection, as_user: AsUser) -> None:
    """An id of another organization is refused exactly like one that does not exist."""
    mine, theirs = organization(db, MINE), organization(db, THEIRS)
    insertable = set(tenant_relations(db, "insert"))
    told = []
    tried = 0
    with as_user(caller(db, "owner@harbour.test")) as sql:
        for key in db.execute(FOREIGN_KEYS.encode()).fetchall():
            table, columns = key["table"], [c for c in key["columns"] if c != "organization_id"]
            if (
                table not in insertable
                or len(columns) != 1
                or "organization_id" not in key["columns"]
            ):
                continue
            (column,) = columns
            own, foreign = (
                a_row(db, table, mine),
                a_row(db, key["target"].removeprefix("public."), theirs),
            )
            if foreign is None:
                continue
            row = own or {**(a_row(db, table, theirs) or {}), "organization_id": mine}
            granted = ", ".join(granted_columns(db, table, "insert"))
            statement = (
                f"insert into public.{table} ({granted})"
                f" select {granted} from json_populate_record(null::public.{table}, %s)"
            )
            target_column = "user_id" if column == "user_id" else "id"
            outcomes = [
                state_of(sql, statement, [json.dumps({**row, column: value})])
                for value in (foreign[target_column], "00000000-0000-4000-8000-000000000000")
                if value is not None
            ]
            tried += 1
            if any(outcome.startswith("ok") for outcome in outcomes) or len(set(outcomes)) > 1:
                told.append(f"{table}.{column}: {outcomes}")
    assert tried > 8
    assert told == []
