"""Statistics against an oracle that counts minutes one by one and appointments one by one."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.concurrency.practice import Client, Practice
from tests.conftest import Connection
from tests.properties.conftest import examples
from tests.properties.oracle import DAY, Busy, Oracle, instant, local_to_utc, midnight, minute
from tests.properties.worlds import CLIENTS, ZONES, Written, clock_changes, worlds, write

PAST = dt.date(2025, 1, 1)
YEARS = 2 * 365
# Of a session whose participants differ, the first of these counts.
STATES = ("completed", "in_progress", "confirmed", "pending", "no_show")
# Clocks that jump over midnight, or show it twice.
MIDNIGHT_ZONES = ("Africa/Cairo", "America/Santiago", "America/Havana", "Asia/Beirut")


@pytest.fixture
def clients(practice: Practice) -> list[Client]:
    """Whoever the appointments are for."""
    return practice.clients(CLIENTS)


def rate(part: int, whole: int) -> float | None:
    """Return part of whole to four decimals, halves away from zero, without floats."""
    return None if whole == 0 else ((part * 20_000 + whole) // (2 * whole)) / 10_000


class Counted:
    """What the statistics should say of one world."""

    def __init__(self, written: Written, zone: str, location: int | None) -> None:
        self.world = written.world
        self.location = location
        self.zone = ZoneInfo(zone)
        self.oracle = Oracle(written.world, instant(0))
        self.days = [
            self.world.first_day + n * DAY
            for n in range((self.world.last_day - self.world.first_day).days + 1)
        ]
        self.day_of = {
            m: day for day in self.days for m in range(self.begin_of(day), self.begin_of(day + DAY))
        }

    def begin_of(self, day: dt.date) -> int:
        """Return the minute at which a local day begins."""
        return minute(local_to_utc(midnight(day), self.zone))

    def busy(self, practitioners: Iterable[int]) -> list[Busy]:
        """Return the appointments that count, wherever in time."""
        return [
            b
            for b in self.world.busy
            if b.practitioner in practitioners and self.location in {None, b.location}
        ]

    def occupancy(self, practitioners: Iterable[int], days: list[dt.date]) -> dict[str, Any]:
        """Count the minutes of some people on some days."""
        found: Counter[str] = Counter(dict.fromkeys([*STATES, "working", "outside"], 0))
        for person in practitioners:
            working = {
                m
                for place in range(len(self.world.zones))
                if self.location in {None, place}
                for m in self.oracle.working(person, place)
            }
            state_of: dict[int, str] = {}
            for b in self.busy([person]):
                if b.is_active:
                    for m in range(b.start, b.end):
                        state_of[m] = min(state_of.get(m, b.status), b.status, key=STATES.index)
            for m, day in self.day_of.items():
                if day in days:
                    found["working"] += m in working
                    found["outside"] += m in state_of and m not in working
                    if m in state_of:
                        found[state_of[m]] += 1
        booked = sum(found[state] for state in STATES)
        return {
            "booked_minutes": booked,
            "occupancy_rate": rate(booked - found["outside"], found["working"]),
            **{f"{name}_minutes": count for name, count in found.items()},
        }

    def outcomes(
        self, practitioners: Iterable[int], days: list[dt.date], cancelled: Mapping[Busy, Any]
    ) -> dict[str, Any]:
        """Count the appointments of some people that start on some days."""
        counted = [b for b in self.busy(practitioners) if self.day_of.get(b.start) in days]
        states = Counter(b.status for b in counted)
        gone = [cancelled[b] for b in counted if b.status == "cancelled"]
        whose = Counter(who for who, _ in gone)
        late = sum(is_late for _, is_late in gone)
        return {
            "appointment_count": len(counted),
            "completed_count": states["completed"],
            "no_show_count": states["no_show"],
            "cancelled_count": len(gone),
            "cancelled_by_client_count": whose["client"],
            "cancelled_by_staff_count": whose["staff"],
            "cancelled_by_system_count": whose["system"],
            "late_count": late,
            "late_by_client_count": sum(is_late for who, is_late in gone if who == "client"),
            "cancellation_rate": rate(len(gone), len(counted)),
            "late_rate": rate(late, len(gone)),
            "no_show_rate": rate(states["no_show"], states["completed"] + states["no_show"]),
        }


def ask(sql: Connection, practice: Practice, name: str, counted: Counted, place: Any) -> Any:
    """Call a statistic as the practice's owner."""
    claims = json.dumps({"sub": practice.owner_id, "role": "authenticated"})
    sql.execute("select set_config('request.jwt.claims', %s, true)", [claims])
    row = sql.execute(
        f"select public.{name}(%s, %s, location_id => %s) as answer".encode(),
        [counted.days[0], counted.days[-1], place],
    ).fetchone()
    assert row is not None
    return row["answer"]


def assert_same(written: Written, answer: Any, counted: Counted, expected: Any) -> None:
    """Compare total, people and days; `expected` counts some people on some days."""
    everybody = range(counted.world.practitioners)
    assert answer["timezone"] == counted.zone.key
    assert answer["total"] == expected(everybody, counted.days)
    people = {row.pop("practitioner_id"): row for row in answer["practitioners"]}
    assert people == {
        written.practitioners[person]: {
            "display_name": f"Practitioner {person + 1}",
            **expected([person], counted.days),
        }
        for person in everybody
    }
    assert answer["days"] == [
        {"day": day.isoformat(), **expected(everybody, [day])} for day in counted.days
    ]


@given(data=st.data())
@examples(60)
def test_statistics_are_the_oracle_s(
    draft: Connection, practice: Practice, clients: list[Client], data: st.DataObject
) -> None:
    # The days are the organization's, or the location's when one is named; half of the worlds are
    # around a change of the organization's clocks.
    zone = data.draw(st.sampled_from([*ZONES, *MIDNIGHT_ZONES]))
    changes = clock_changes(zone, PAST, YEARS)
    since, within = PAST, YEARS
    around_a_change: bool = data.draw(st.booleans())
    if changes and around_a_change:
        since, within = data.draw(st.sampled_from(changes)) - DAY, 2
    world = data.draw(worlds(since, within))
    location = data.draw(st.none() | st.integers(0, len(world.zones) - 1))
    if data.draw(st.booleans()):
        world = replace(world, last_day=world.last_day + data.draw(st.integers(0, 3)) * DAY)
    window = data.draw(st.sampled_from([0, 60, 1440]))
    with draft.transaction(force_rollback=True):
        written = write(practice, world, clients)
        practice.set(cancellation_window_minutes=window)
        draft.execute(
            "update public.organizations set timezone = %s where id = %s", [zone, practice.id]
        )
        cancelled = {}
        for b, appointment_id in written.kept:
            if b.status == "cancelled":
                who = data.draw(st.sampled_from(["client", "staff", "system"]))
                before = window + data.draw(st.sampled_from([-120, -1, 0, 1, 120]))
                cancelled[b] = (who, before < window)
                user = {"client": clients[b.client].user_id, "staff": practice.owner_id}.get(who)
                draft.execute(
                    "update public.appointments set cancelled_by = %s, cancelled_at = %s"
                    " where id = %s",
                    [user, instant(b.start - before), appointment_id],
                )
        place = None if location is None else written.locations[location]
        counted = Counted(written, zone if location is None else world.zones[location], location)
        answer = ask(draft, practice, "occupancy_stats", counted, place)
        assert_same(written, answer, counted, counted.occupancy)
        answer = ask(draft, practice, "cancellation_stats", counted, place)
        assert_same(
            written,
            answer,
            counted,
            lambda people, days: counted.outcomes(people, days, cancelled),
        )


@given(data=st.data())
@examples(15)
def test_the_months_are_the_oracle_s(
    draft: Connection, practice: Practice, clients: list[Client], data: st.DataObject
) -> None:
    # Around the turn of a month; the whole of both is counted.
    turn = dt.date(2025, data.draw(st.integers(2, 12)), 1)
    world = data.draw(worlds(turn, 0))
    zone = data.draw(st.sampled_from([*ZONES, *MIDNIGHT_ZONES]))
    first = (turn - DAY).replace(day=1)
    last = (turn + 31 * DAY).replace(day=1) - DAY
    with draft.transaction(force_rollback=True):
        written = write(practice, world, clients)
        written.world = replace(written.world, first_day=first, last_day=last)
        draft.execute(
            "update public.organizations set timezone = %s where id = %s", [zone, practice.id]
        )
        counted = Counted(written, zone, None)
        # Any day of a month means the month.
        counted.days, days = [first, turn], counted.days
        answer = ask(draft, practice, "monthly_overview", counted, None)
    everybody = range(world.practitioners)
    seen: set[int] = set()
    for month, row in zip([first, turn], answer, strict=True):
        within = [day for day in days if day.replace(day=1) == month]
        time = counted.occupancy(everybody, within)
        outcome = counted.outcomes(everybody, within, defaultdict(lambda: (None, False)))
        came = {
            b.client
            for b in counted.busy(everybody)
            if b.status == "completed" and counted.day_of.get(b.start) in within
        }
        shared = ("working_minutes", "booked_minutes", "occupancy_rate")
        told = ("appointment_count", "completed_count", "no_show_count", "cancellation_rate")
        amounts = [{"currency": "CZK", "completed_amount": 0}] if came else []
        assert [{**a, "completed_amount": 0} for a in row.pop("amounts")] == [
            {**a, "paid_amount": 0, "unpaid_amount": 0, "invoiced_amount": 0} for a in amounts
        ]
        assert row == {
            "month": month.isoformat(),
            **{name: time[name] for name in shared},
            **{name: outcome[name] for name in told},
            "cancelled_count": outcome["cancelled_count"],
            "client_count": len(came),
            "new_client_count": len(came - seen),
        }
        seen |= came
