"""Whom the waiting list suggests, against a naive reading of the same preferences.

Days and times are local: many examples lie on clock changes.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.concurrency.practice import Practice
from tests.conftest import Connection
from tests.properties.conftest import examples
from tests.properties.oracle import DAY, MINUTE, local_to_utc, midnight
from tests.properties.worlds import ZONES, clock_changes

TODAY = dt.datetime.now(dt.UTC).date()
PEOPLE = 2
MET = "select private.met_preferences(%s, %s, %s, %s, %s, null, %s) as met"


def clock(text: str) -> int:
    """Return the minutes of a time of day."""
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def met(
    preferences: dict[str, Any],
    start: dt.datetime,
    end: dt.datetime,
    zone: ZoneInfo,
    person: str | None,
    at: dt.datetime,
) -> list[str] | None:
    """Return the preferences that a session meets, or None when it fails one."""
    day = start.astimezone(zone).date()
    found = {
        "weekday": day.isoweekday() in preferences.get("weekdays", range(1, 8)),
        "time": any(within(w, day, start, end, zone) for w in preferences["times"])
        if "times" in preferences
        else True,
        "practitioner": person is None or person in preferences.get("practitioner_ids", [person]),
        "notice": start - at >= preferences.get("minimum_notice_minutes", -(10**7)) * MINUTE,
        "date": preferences.get("from_date", "0001-01-01")
        <= day.isoformat()
        <= preferences.get("to_date", "9999-12-31"),
    }
    if not all(found.values()):
        return None
    stated = {
        "weekday": "weekdays" in preferences,
        "time": "times" in preferences,
        "practitioner": "practitioner_ids" in preferences and person is not None,
        "notice": "minimum_notice_minutes" in preferences,
        "date": bool({"from_date", "to_date"} & preferences.keys()),
    }
    return [name for name in found if stated[name]]


def within(
    window: dict[str, str], day: dt.date, start: dt.datetime, end: dt.datetime, zone: ZoneInfo
) -> bool:
    """Say whether every minute of the session is one of a single evening's or day's window."""
    opens, closes = clock(window["start_time"]), clock(window["end_time"])
    closes += 1440 if closes <= opens else 0
    session = minutes_between(start, end)
    return any(
        session
        <= minutes_between(
            local_to_utc(midnight(first) + opens * MINUTE, zone),
            local_to_utc(midnight(first) + closes * MINUTE, zone),
        )
        for first in (day - DAY, day)
    )


def minutes_between(start: dt.datetime, end: dt.datetime) -> set[dt.datetime]:
    """Return every minute from one instant to the other."""
    count = max(0, (end - start) // MINUTE)
    return {start + n * MINUTE for n in range(count)}


times = st.integers(0, 1439).map(lambda n: f"{n // 60:02}:{n % 60:02}")
round_times = st.integers(0, 47).map(lambda n: f"{n // 2:02}:{n % 2 * 30:02}")
windows = st.builds(
    lambda start, end: {"start_time": start, "end_time": end},
    round_times | times,
    round_times | times | st.just("24:00"),
).filter(lambda window: window["start_time"] != window["end_time"])


@st.composite
def wishes(draw: st.DrawFn, near: dt.date) -> dict[str, Any]:
    """Draw what somebody would take; practitioners are numbers here."""
    days = st.integers(-2, 2).map(lambda n: (near + n * DAY).isoformat())
    dates = sorted(draw(st.lists(days, min_size=2, max_size=2)))
    whole = {
        "weekdays": st.lists(st.integers(1, 7), min_size=1, max_size=7),
        "times": st.lists(windows, min_size=1, max_size=3),
        "practitioner_ids": st.lists(st.integers(0, PEOPLE - 1), min_size=1, max_size=2),
        "minimum_notice_minutes": st.integers(0, 43200),
        "from_date": st.just(dates[0]),
        "to_date": st.just(dates[1]),
    }
    chosen = draw(st.sets(st.sampled_from(sorted(whole)), max_size=3))
    return {name: draw(whole[name]) for name in sorted(chosen)}


@st.composite
def sessions(draw: st.DrawFn) -> tuple[str, dt.datetime, int]:
    """Draw a zone, a start that is often near a clock change, and a length in minutes."""
    zone = draw(st.sampled_from(ZONES))
    changes = clock_changes(zone, TODAY + 10 * DAY, 380)
    day = TODAY + draw(st.integers(5, 40)) * DAY
    if changes and draw(st.integers(0, 1)) > 0:
        day = draw(st.sampled_from(changes))
    first = local_to_utc(midnight(day), ZoneInfo(zone)).replace(second=0)
    minutes = draw(st.one_of(st.integers(-2, 5), st.integers(-24, 60))) * 30
    return zone, first + minutes * MINUTE, draw(st.sampled_from((30, 60, 90)))


@given(data=st.data(), session=sessions())
@examples(400)
def test_preferences_are_read_as_a_person_would(
    draft: Connection, data: st.DataObject, session: tuple[str, dt.datetime, int]
) -> None:
    zone, start, length = session
    end = start + length * MINUTE
    day = start.astimezone(ZoneInfo(zone)).date()
    wish = data.draw(wishes(day))
    person = data.draw(st.sampled_from([None, 0, 1]))
    at = start - data.draw(st.integers(0, 50_000)) * MINUTE
    ids = [f"00000000-0000-4000-8000-00000000000{n}" for n in range(PEOPLE)]
    stored = named(wish, ids)
    row = draft.execute(
        MET,
        [
            json.dumps(stored),
            start,
            end,
            zone,
            None if person is None else ids[person],
            at,
        ],
    ).fetchone()
    assert row is not None
    who = None if person is None else ids[person]
    assert row["met"] == met(stored, start, end, ZoneInfo(zone), who, at)


def named(wish: dict[str, Any], ids: list[str]) -> dict[str, Any]:
    """Put the practitioners' ids in the place of their numbers."""
    if "practitioner_ids" not in wish:
        return wish
    return {**wish, "practitioner_ids": [ids[n] for n in wish["practitioner_ids"]]}


@given(data=st.data(), session=sessions())
@examples(40)
def test_suggestions_are_ranked_and_leave_out_who_would_not_come(
    draft: Connection,
    practice: Practice,
    data: st.DataObject,
    session: tuple[str, dt.datetime, int],
) -> None:
    zone, start, length = session
    end = start + length * MINUTE
    day = start.astimezone(ZoneInfo(zone)).date()
    count = data.draw(st.integers(0, 6))
    with draft.transaction(force_rollback=True):
        draft.execute(
            "update public.locations set timezone = %s where id = %s", [zone, practice.location_id]
        )
        people = practice.practitioners(PEOPLE)
        service = practice.service(people, duration_minutes=length)
        clients = practice.clients(count, logins=False)
        row = practice.one("select now() as now", [])
        now: dt.datetime = row["now"]
        expected = []
        for client in clients:
            wish = named(data.draw(wishes(day)), people)
            priority = data.draw(st.integers(4, 6))
            since = now - data.draw(st.integers(0, 3)) * DAY
            busy = data.draw(st.integers(0, 4)) == 0
            archived = data.draw(st.integers(0, 4)) == 0
            entry = practice.one(
                "insert into public.waitlist_entries"
                " (organization_id, client_id, service_id, preferences, priority, created_at)"
                " values (%s, %s, %s, %s, %s, %s) returning id",
                [practice.id, client.id, service, json.dumps(wish), priority, since],
            )["id"]
            if busy:
                practice.appointment(service, practice.practitioners(1)[0], client, start)
            if archived:
                draft.execute(
                    "update public.clients set archived_at = now() where id = %s", [client.id]
                )
            takes = [p for p in people if met(wish, start, end, ZoneInfo(zone), p, now) is not None]
            if takes and not busy and not archived:
                expected.append((priority, since, entry, sorted(takes)))
        claims = json.dumps({"sub": practice.owner_id, "role": "authenticated"})
        draft.execute("select set_config('request.jwt.claims', %s, true)", [claims])
        answer = practice.one(
            "select public.suggest_waitlist(%s, %s, %s) as found", [start, end, service]
        )["found"]
    expected.sort(key=lambda one: one[:3])
    assert [
        (one["priority"], one["waitlist_entry_id"], sorted(one["practitioner_ids"]))
        for one in answer
    ] == [(priority, str(entry), takes) for priority, _, entry, takes in expected]
    assert [one["position"] for one in answer] == list(range(1, len(answer) + 1))
    oldest = min((since for _, since, _, _ in expected), default=None)
    assert [("waiting_longest" in one["reasons"]) for one in answer] == [
        since == oldest for _, since, _, _ in expected
    ]
    assert [("priority" in one["reasons"]) for one in answer] == [
        priority < 5 for priority, _, _, _ in expected
    ]


@given(
    preferences=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=12),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "weekdays",
                        "times",
                        "practitioner_ids",
                        "minimum_notice_minutes",
                        "from_date",
                        "x",
                    ]
                ),
                inner,
                max_size=3,
            )
        ),
        max_leaves=8,
    )
)
@examples(200)
def test_anything_else_is_refused_or_stored_whole(
    draft: Connection, practice: Practice, preferences: Any
) -> None:
    """No document breaks the check, and the constraint takes nothing that the function refuses."""
    text = json.dumps(preferences)
    if "\\u0000" in text:
        return
    row = draft.execute("select private.is_waitlist_preferences(%s) as fits", [text]).fetchone()
    assert row is not None
    assert row["fits"] in (True, False)
    service = practice.service(practice.practitioners(1)) if row["fits"] else None
    if service:
        client = practice.client(logins=False)
        with draft.transaction(force_rollback=True):
            draft.execute(
                "insert into public.waitlist_entries"
                " (organization_id, client_id, service_id, preferences) values (%s, %s, %s, %s)",
                [practice.id, client.id, service, text],
            )
    else:
        with pytest.raises(psycopg.errors.CheckViolation), draft.transaction(force_rollback=True):
            draft.execute(
                "insert into public.waitlist_entries"
                " (organization_id, client_id, service_id, preferences)"
                " values (%s, gen_random_uuid(), gen_random_uuid(), %s)",
                [practice.id, text],
            )
