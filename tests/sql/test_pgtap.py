"""Runs every pgTAP file under tests/sql: one file, one test, one transaction, rolled back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from local.scripts import explain, run_script, split
from tests.stack_fixture import TestStack

FOLDER = Path(__file__).parent
HELPERS = FOLDER / "_helpers.sql"
FILES = sorted(path for path in FOLDER.rglob("*.sql") if not path.name.startswith("_"))
PLAN = re.compile(r"^1\.\.(?P<count>\d+)")
RESULT = re.compile(r"^(?P<failed>not )?ok \d+(?P<rest>.*)", re.DOTALL)
# The runner owns the transaction; files keep these so that `supabase test db` runs them too.
TRANSACTION_CONTROL = re.compile(r"^(begin|rollback|start\s+transaction)$", re.IGNORECASE)


@pytest.fixture(scope="module")
def pgtap(stack: TestStack) -> Iterator[None]:
    """Install pgTAP for the time of these tests, where it is not installed already."""
    with psycopg.connect(stack.db_url, autocommit=True) as connection:
        installed = connection.execute(
            "select 1 from pg_catalog.pg_extension where extname = 'pgtap'"
        ).fetchone()
        connection.execute("create extension if not exists pgtap with schema extensions")
        # Assertions run as the role under test, and new functions are nobody's by default.
        assertions = connection.execute(
            "select string_agg(d.objid::regprocedure::text, ', ')"
            " from pg_catalog.pg_depend as d"
            " join pg_catalog.pg_extension as e on e.oid = d.refobjid"
            " where d.classid = 'pg_catalog.pg_proc'::regclass"
            " and d.refclassid = 'pg_catalog.pg_extension'::regclass and e.extname = 'pgtap'"
        ).fetchone()
        assert assertions is not None
        connection.execute(
            f"grant execute on function {assertions[0]} to anon, authenticated, service_role"
        )
        yield
        if not installed:
            connection.execute("drop extension pgtap")


@pytest.mark.usefixtures("pgtap")
@pytest.mark.parametrize(
    "path", FILES, ids=[str(path.relative_to(FOLDER).with_suffix("")) for path in FILES]
)
def test_sql(path: Path, stack: TestStack) -> None:
    with psycopg.connect(stack.db_url) as connection:
        run_script(connection, HELPERS)
        report = list(run(connection, path))
        connection.rollback()
    if report:
        pytest.fail("\n".join(report), pytrace=False)


def run(connection: psycopg.Connection[Any], path: Path) -> Iterator[str]:
    """Execute a file and yield what is wrong: failed assertions, or a plan that was not met."""
    script = path.read_text(encoding="utf-8")
    planned: int | None = None
    done = 0
    for statement in split(script):
        if TRANSACTION_CONTROL.match(statement.text.strip()):
            continue
        try:
            with connection.transaction():
                cursor = connection.execute(statement.text.encode())
        except psycopg.Error as error:
            # The statement's effects are gone; the rest of the file still has something to say.
            yield explain(error, path, script, statement)
            continue
        if cursor.description is None:
            continue
        line = script.count("\n", 0, statement.offset) + 1
        for row in cursor.fetchall():
            text = str(row[0]) if row and row[0] is not None else ""
            if plan := PLAN.match(text):
                planned = int(plan["count"])
            elif result := RESULT.match(text):
                done += 1
                if result["failed"] and "# TODO" not in text:
                    yield f"{path.name}:{line}: {text}"
    if planned is None and not done:
        yield f"{path.name}: no assertion ran"
    elif planned is not None and planned != done:
        yield f"{path.name}: planned {planned} assertions, ran {done}"
