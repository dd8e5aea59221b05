"""The SQL that docs/deploy.md tells the operator to run does run, as the role that runs it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Connection, User
from tests.docs.documents import DOCS, Block, read, rows

BLOCKS = [block for block in read(DOCS / "deploy.md").blocks if block.language == "sql"]


@pytest.mark.parametrize("block", [pytest.param(block, id=block.heading) for block in BLOCKS])
def test_the_statement_runs(block: Block, db: Connection, fresh_user: Callable[[], User]) -> None:
    db.execute(block.text.replace("<user id>", fresh_user().id).encode())
    # Deferred rules speak at commit, which does not come.
    db.execute("set constraints all immediate")


def test_the_scheduled_jobs_run(db: Connection) -> None:
    assert any("private.run_due_jobs()" in block.text for block in BLOCKS)
    # Other tests leave rows of their own here; this transaction is rolled back.
    db.execute("delete from private.job_runs")
    db.execute("set local role service_role")
    db.execute("select private.run_due_jobs(now() + interval '2 days')")
    db.execute("reset role")
    runs = db.execute("select name, error from private.job_runs order by name").fetchall()
    assert [row["error"] for row in runs] == [None] * len(runs)
    described = {
        row[0].strip("`") for row in rows(read(DOCS / "deploy.md").section("Scheduled jobs"))
    }
    assert {row["name"] for row in runs} == described
