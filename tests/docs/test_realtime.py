"""docs/api/realtime.md names every event that the database sends, with every key, and no others."""

from __future__ import annotations

import json
import re

from tests.conftest import Connection
from tests.docs.documents import DOCS, read, rows

PAGE = read(DOCS / "api" / "realtime.md")


def sources(db: Connection) -> str:
    """Return the functions of the domain."""
    found = db.execute(
        """
        select p.prosrc from pg_catalog.pg_proc as p
        where p.pronamespace = 'private'::regnamespace
          and (p.prosrc like '%private.broadcast%' or p.proname like '%\\_event')
        """
    ).fetchall()
    return "\n".join(row["prosrc"] for row in found)


def test_every_event_is_described(db: Connection) -> None:
    described = {row[0].strip("`") for row in rows(PAGE.section("Events")) if ":" in row[0]}
    assert described == set(re.findall(r"'([a-z]+:[a-z]+)'", sources(db)))


def test_every_key_is_shown(db: Connection) -> None:
    shown = set(re.findall(r"`([a-z]+_id)`", PAGE.section("Events")))
    for block in PAGE.blocks:
        if block.language == "json":
            shown |= json.loads(block.text)["payload"].keys()
    # realtime.send adds the id.
    assert shown == {"id", *re.findall(r"'([a-z]+(?:_[a-z]+)+)',", sources(db))}


def test_every_topic_is_described(db: Connection) -> None:
    topics = {row[0].strip("`") for row in rows(PAGE.section("Topics"))}
    made = db.execute(
        "select private.calendar_topic(i), private.user_topic(i) from gen_random_uuid() as i"
    )
    row = made.fetchone()
    assert row is not None
    shapes = {re.sub(r"[0-9a-f-]{36}", "<id>", topic) for topic in row.values()}
    assert {re.sub(r"<\w+ id>", "<id>", topic) for topic in topics} == shapes
