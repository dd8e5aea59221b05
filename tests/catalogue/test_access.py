"""The committed snapshot of all rights equals the database."""

from __future__ import annotations

import os

from tests.catalogue.access import SNAPSHOT, describe
from tests.conftest import Connection


def test_rights_are_the_committed_ones(db: Connection) -> None:
    found = describe(db)
    if os.environ.get("UPDATE_ACCESS"):
        SNAPSHOT.write_text(found, encoding="utf-8")
    committed = SNAPSHOT.read_text(encoding="utf-8").splitlines()
    # Sets, so that the message shows only what differs.
    assert (
        sorted(set(found.splitlines()) - set(committed)),
        sorted(set(committed) - set(found.splitlines())),
    ) == (
        [],
        [],
    )
    assert found.splitlines() == committed
