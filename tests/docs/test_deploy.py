"""The SQL that docs/deploy.md tells the operator to run does run, as the role that runs it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Connection, User
from tests.docs.documents import DOCS, Block, read

BLOCKS = [block for block in read(DOCS / "deploy.md").blocks if block.language == "sql"]


@pytest.mark.parametrize("block", [pytest.param(block, id=block.heading) for block in BLOCKS])
def test_the_statement_runs(block: Block, db: Connection, fresh_user: Callable[[], User]) -> None:
    db.execute(block.text.replace("<user id>", fresh_user().id).encode())
    # Deferred rules speak at commit, which does not come.
    db.execute("set constraints all immediate")


def test_the_scheduled_jobs_can_be_called(db: Connection) -> None:
    for job in ("private.expire_credits()", "private.delete_old_idempotency_keys()"):
        assert any(job in block.text for block in BLOCKS)
        db.execute("set local role service_role")
        assert db.execute(f"select {job} as count".encode()).fetchone() is not None
        db.execute("reset role")
