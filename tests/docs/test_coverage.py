"""docs/coverage.csv: which call serves each endpoint of the plans, and which test exercises it.

`served_by` names one or more of table:, view:, rpc:, function:METHOD /path, auth:route,
storage:bucket, realtime:event and job:name, separated by "; ". Empty cells are work that is still
to come.
"""

from __future__ import annotations

import csv
import hashlib
import re
from pathlib import Path

import httpx
import pytest

from tests.conftest import Connection
from tests.docs.catalogue import TARGETS, function_routes, public_functions, public_relations
from tests.docs.documents import DOCS, ROOT, read, rows
from tests.stack_fixture import TestStack

COLUMNS = ["system", "method", "path", "note", "served_by", "test"]
# The plans' own list, heading included: rows may be filled in, but neither added, lost nor changed.
LIST_LENGTH = 193
LIST_HASH = "9045daffca3b14f89fa2f64172facbf63f3afa41b721a7aaf3f935fb35c0f403"
REALTIME = read(DOCS / "api" / "realtime.md")
# Systems of which nothing may be missing any more.
FINISHED: frozenset[str] = frozenset({"therapy", "appointments"})

with (DOCS / "coverage.csv").open(encoding="utf-8", newline="") as file:
    TABLE = list(csv.reader(file))
ROWS = [dict(zip(COLUMNS, row, strict=True)) for row in TABLE[1:]]


def served_by(kind: str) -> set[str]:
    entries = {entry for row in ROWS for entry in row["served_by"].split("; ") if entry}
    return {entry.partition(":")[2] for entry in entries if entry.partition(":")[0] == kind}


def test_the_list_is_the_one_of_the_plans() -> None:
    assert TABLE[0] == COLUMNS
    assert len(TABLE) == LIST_LENGTH
    text = "\n".join("\t".join(row[:4]) for row in TABLE)
    assert hashlib.sha256(text.encode()).hexdigest() == LIST_HASH


def test_rows_are_filled_in_whole() -> None:
    for row in ROWS:
        assert bool(row["served_by"]) == bool(row["test"]), row
        assert row["test"] or row["system"] not in FINISHED, row


def test_every_entry_is_of_a_known_kind() -> None:
    known = re.compile(r"(table|view|rpc|function|auth|storage|realtime|job):\S.*")
    for row in ROWS:
        for entry in filter(None, row["served_by"].split("; ")):
            assert known.fullmatch(entry), row


def test_tables_views_and_functions_of_the_database_exist(db: Connection) -> None:
    relations = public_relations(db)
    for kind in ("table", "view"):
        assert served_by(kind) <= {name for name in relations if relations[name] == kind}
    assert served_by("rpc") <= public_functions(db).keys()


def test_storage_buckets_exist(db: Connection) -> None:
    found = db.execute("select id from storage.buckets").fetchall()
    assert served_by("storage") <= {row["id"] for row in found}


def test_events_of_realtime_are_described() -> None:
    # That they are sent is compared in test_realtime.py.
    events = {row[0].strip("`") for row in rows(REALTIME.section("Events"))}
    assert served_by("realtime") <= events


def test_jobs_exist(db: Connection) -> None:
    found = db.execute(
        """
        select (regexp_matches(p.prosrc, 'when ''(\\w+)'' then', 'g'))[1] as name
        from pg_catalog.pg_proc as p where p.oid = 'private.run_job'::regproc
        """
    ).fetchall()
    assert served_by("job") <= {row["name"] for row in found}


def test_routes_of_the_cloud_functions_exist() -> None:
    health = {f"GET /{name}/health" for name in TARGETS}
    assert served_by("function") <= function_routes() | health


def test_routes_of_auth_exist(stack: TestStack) -> None:
    for route in served_by("auth"):
        statuses = {
            httpx.request(
                method,
                f"{stack.api_url}/auth/v1/{route}",
                headers={"apikey": stack.publishable_key},
                json={} if method == "POST" else None,
            ).status_code
            for method in ("GET", "POST")
        }
        assert statuses - {404, 405}, route


@pytest.mark.parametrize("test", sorted({row["test"] for row in ROWS if row["test"]}))
def test_the_tests_exist(test: str) -> None:
    name, _, function = test.partition("::")
    path = ROOT / name
    assert path.is_file()
    assert Path("tests") in path.relative_to(ROOT).parents
    if function:
        assert f"def {function}(" in path.read_text(encoding="utf-8")
