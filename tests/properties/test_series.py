"""Series across clock changes: every occurrence keeps the wall time, whatever the clocks do."""

from __future__ import annotations

import datetime as dt
import json
from zoneinfo import ZoneInfo

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.concurrency.practice import Client, Practice
from tests.conftest import Connection
from tests.properties.conftest import examples
from tests.properties.oracle import DAY, MINUTE, local_to_utc, midnight
from tests.properties.worlds import ZONES, clock_changes

TODAY = dt.datetime.now(dt.UTC).date()
BOOK = "select * from public.book_block(%s, %s, %s, %s, 5, skip_conflicts => %s)"


def furnish(practice: Practice, zone: str) -> tuple[list[str], str, Client]:
    """Two practitioners who are always there, a service on a fine grid, and a client."""
    practice.set(slot_step_minutes=5)
    practice.sql.execute(
        "update public.locations set timezone = %s where id = %s", [zone, practice.location_id]
    )
    people = practice.practitioners(2)
    claims = {"sub": practice.owner_id, "role": "authenticated"}
    practice.sql.execute("select set_config('request.jwt.claims', %s, true)", [json.dumps(claims)])
    return people, practice.service(people), practice.client(logins=False)


def weeks_later(start: dt.datetime, zone: str, days: int, minutes: int = 0) -> dt.datetime:
    """Return the instant with the same wall time so many days (and minutes) later."""
    wall = start.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    return local_to_utc(wall + days * DAY + minutes * MINUTE, ZoneInfo(zone))


@st.composite
def starts(draw: st.DrawFn) -> tuple[str, dt.datetime]:
    """Draw a zone and a start that often comes near a clock change, or falls right on one."""
    zone = draw(st.sampled_from(ZONES))
    changes = clock_changes(zone, TODAY + 10 * DAY, 380)
    day = TODAY + draw(st.integers(10, 380)) * DAY
    if changes and draw(st.integers(0, 3)) > 0:
        day = draw(st.sampled_from(changes)) - draw(st.integers(0, 3)) * 7 * DAY
        day = max(day, TODAY + 3 * DAY)
    # From the evening before to the morning after, in instants: also both passes of an hour.
    first = local_to_utc(midnight(day), ZoneInfo(zone)).replace(second=0)
    minutes = draw(st.one_of(st.integers(0, 60), st.integers(-24, 287))) * 5
    return zone, first + minutes * MINUTE


@given(given_start=starts(), occurrences=st.integers(1, 6), interval_weeks=st.integers(1, 3))
@examples(60)
def test_a_series_keeps_its_wall_time(
    draft: Connection,
    practice: Practice,
    given_start: tuple[str, dt.datetime],
    occurrences: int,
    interval_weeks: int,
) -> None:
    zone, start = given_start
    with draft.transaction(force_rollback=True):
        people, service, client = furnish(practice, zone)
        rows = draft.execute(
            "select * from public.book_block(%s, %s, %s, %s, %s, interval_weeks => %s)",
            [service, people[0], client.id, start, occurrences, interval_weeks],
        ).fetchall()
    assert [row["starts_at"] for row in rows] == [
        # The first one is the instant that was asked for, also in the hour that comes twice.
        start if n == 0 else weeks_later(start, zone, 7 * n * interval_weeks)
        for n in range(occurrences)
    ]
    assert {row["ends_at"] - row["starts_at"] for row in rows} == {dt.timedelta(hours=1)}


@given(
    given_start=starts(),
    shift=st.integers(-100, 100).map(lambda n: 15 * n),
    chosen=st.integers(0, 3),
    scope=st.sampled_from(["this", "this_and_following", "all_future"]),
    other=st.booleans(),
)
@examples(60)
def test_a_series_moves_by_the_same_wall_time(
    draft: Connection,
    practice: Practice,
    given_start: tuple[str, dt.datetime],
    shift: int,
    chosen: int,
    scope: str,
    *,
    other: bool,
) -> None:
    zone, start = given_start
    with draft.transaction(force_rollback=True):
        people, service, client = furnish(practice, zone)
        booked = draft.execute(
            "select * from public.book_block(%s, %s, %s, %s, 4)",
            [service, people[0], client.id, start],
        ).fetchall()
        before = [row["starts_at"] for row in booked]
        target = weeks_later(before[chosen], zone, 0, shift)
        moved = draft.execute(
            "select * from public.reschedule_block(%s, %s, %s, practitioner_id => %s)",
            [booked[chosen]["id"], scope, target, people[1] if other else None],
        ).fetchall()
        after = draft.execute(
            "select * from public.appointments where block_id = %s", [booked[0]["block_id"]]
        ).fetchall()
    first = {"this": chosen, "this_and_following": chosen, "all_future": 0}[scope]
    last = chosen if scope == "this" else 3
    found = {row["id"]: row["starts_at"] for row in after}
    wall = target.astimezone(ZoneInfo(zone)).replace(tzinfo=None) - before[chosen].astimezone(
        ZoneInfo(zone)
    ).replace(tzinfo=None)
    expected = {
        row["id"]: target
        if n == chosen
        else weeks_later(before[n], zone, 0, int(wall / MINUTE))
        if first <= n <= last
        else before[n]
        for n, row in enumerate(booked)
    }
    assert found == expected
    assert len(moved) == last - first + 1
    assert {str(row["practitioner_id"]) for row in moved} == {people[1 if other else 0]}


@given(given_start=starts(), skip=st.booleans(), taken=st.sets(st.integers(0, 4), min_size=1))
@examples(30)
def test_conflicts_are_listed_or_left_out(
    draft: Connection,
    practice: Practice,
    given_start: tuple[str, dt.datetime],
    taken: set[int],
    *,
    skip: bool,
) -> None:
    zone, start = given_start
    with draft.transaction(force_rollback=True):
        people, service, client = furnish(practice, zone)
        times = [start, *(weeks_later(start, zone, 7 * n) for n in range(1, 5))]
        for n in taken:
            # Half of them in the way by the practitioner, the others by the client.
            practice.appointment(
                service,
                people[n % 2],
                client if n % 2 else practice.client(logins=False),
                times[n] + 30 * MINUTE,
            )
        conflicts = [
            {
                "occurrence": n + 1,
                "starts_at": times[n],
                "code": "client_busy" if n % 2 else "slot_taken",
            }
            for n in sorted(taken)
        ]
        arguments = [service, people[0], client.id, start, skip]
        if skip and len(taken) < 5:
            booked = draft.execute(BOOK, arguments).fetchall()
            assert [row["starts_at"] for row in booked] == [
                time for n, time in enumerate(times) if n not in taken
            ]
            return
        with pytest.raises(psycopg.Error) as refused, draft.transaction():
            draft.execute(BOOK, arguments)
        assert refused.value.diag.message_primary == conflicts[0]["code"]
        listed = json.loads(refused.value.diag.message_detail or "")
        assert [
            {**one, "starts_at": dt.datetime.fromisoformat(one["starts_at"])} for one in listed
        ] == conflicts
        row = draft.execute(
            "select count(*) as n from public.appointment_blocks where organization_id = %s",
            [practice.id],
        ).fetchone()
        assert row == {"n": 0}
