"""What constraints refuse is what is committed, and every constraint is seen refusing."""

from __future__ import annotations

import os

import pytest

from tests.access import probes, refusals
from tests.access.test_matrix import differences
from tests.access.world import World
from tests.conftest import Connection


def test_constraints_refuse_what_is_committed(sql: Connection, practices: World) -> None:
    measured = refusals.render(sql, practices)
    if os.environ.get("UPDATE_ACCESS"):
        refusals.COMMITTED.write_text(measured, encoding="utf-8")
    if changes := differences(refusals.COMMITTED.read_text(encoding="utf-8"), measured):
        pytest.fail("Not as in tests/access/refusals.txt:\n" + changes, pytrace=False)


def test_every_constraint_is_seen_refusing(sql: Connection) -> None:
    seen = refusals.exercised(refusals.COMMITTED.read_text(encoding="utf-8"))
    # A unique key that contains the primary key refuses nothing more: foreign keys point at it.
    implied = {
        row["name"]
        for row in sql.execute(
            """
            select k.conname as name from pg_catalog.pg_constraint as k
            join pg_catalog.pg_constraint as p on p.conrelid = k.conrelid and p.contype = 'p'
            where k.contype = 'u' and p.conkey <@ k.conkey
            """
        )
    }
    # A room's location is of the same organization, and locations point at theirs.
    implied.add("rooms_organization_id_fkey")
    # Generated columns are not set: tests/sql/15_outbox has a message to nobody's organization.
    implied.add("messages_vouched_organization_id_fkey")
    # The path of a document is generated from its id.
    implied.add("client_reports_storage_path_key")
    unseen = [
        f"{row['table']} {row['name']}"
        for row in refusals.guarded(sql)
        if row["name"] not in seen | implied
    ]
    assert unseen == []


def test_a_constraint_that_is_gone_is_seen(sql: Connection, practices: World) -> None:
    sql.execute("alter table public.clients drop constraint clients_phone_is_valid")
    (relation,) = [found for found in probes.relations(sql) if found.name == "clients"]
    measured = list(refusals.relation_lines(sql, practices, relation))
    changed = differences("\n".join(refusals.committed("clients")), "\n".join(measured))
    assert "clients_phone_is_valid" in changed
