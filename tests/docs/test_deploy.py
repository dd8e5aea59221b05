"""The SQL that docs/deploy.md tells the operator to run does run, as the role that runs it."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable

import pytest

from tests.conftest import Connection, User
from tests.docs.documents import DOCS, ROOT, Block, read, rows

BLOCKS = [block for block in read(DOCS / "deploy.md").blocks if block.language == "sql"]


@pytest.mark.parametrize("block", [pytest.param(block, id=block.heading) for block in BLOCKS])
def test_the_statement_runs(block: Block, db: Connection, fresh_user: Callable[[], User]) -> None:
    db.execute(block.text.replace("<user id>", fresh_user().id).encode())
    # Deferred rules speak at commit, which does not come.
    db.execute("set constraints all immediate")


def test_a_scheduler_signs_its_token_as_it_is_told_to() -> None:
    text = next(
        block.text
        for block in read(DOCS / "deploy.md").under("Documents of clients")
        if block.language == "bash"
    )
    printed = re.search(r"TOKEN=(\$\(.+?\))\n", text, re.DOTALL)
    assert printed
    command = printed[1].replace("<ref>", "ref").replace("…", "x" * 40)
    answer = subprocess.run(
        ["/bin/bash", "-c", f"printf %s {command}"],
        cwd=ROOT,
        # Nothing but what the page says: an operator's terminal has none of our variables.
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )
    assert re.fullmatch(r"[\w-]+\.[\w-]+\.[\w-]+", answer.stdout), answer.stderr


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


def test_each_job_runs_as_often_as_it_says() -> None:
    source = (ROOT / "sql" / "97_jobs" / "00_jobs.sql").read_text(encoding="utf-8")
    words = {"minute": "every minute", "hour": "hourly", "day": "daily"}
    runs = {
        name: words[unit] if count == "1" else f"every {count} {unit}s"
        for name, count, unit in re.findall(r"\('(\w+)', interval '(\d+) (\w+?)s?'\)", source)
    }
    described = {
        row[0].strip("`"): row[1]
        for row in rows(read(DOCS / "deploy.md").section("Scheduled jobs"))
    }
    assert described == runs
