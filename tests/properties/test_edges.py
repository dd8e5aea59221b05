"""Worlds worth stating one by one: what lies just outside the days that are asked for."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from tests.concurrency.practice import Practice
from tests.conftest import Connection
from tests.properties.oracle import (
    DAY,
    Busy,
    Closing,
    Extra,
    Hours,
    Oracle,
    World,
    instant,
    local_to_utc,
    midnight,
    minute,
)
from tests.properties.worlds import CLIENTS, write

MONDAY = dt.date(2027, 5, 3)
PLAIN = World(
    zones=("Europe/Prague",),
    rooms=(0, 0),
    practitioners=1,
    step=15,
    duration=60,
    buffer_before=0,
    buffer_after=0,
    seats=1,
    service_rooms=(),
    hours=tuple(Hours(0, 0, day, 0, 1440) for day in range(1, 8)),
    extra=(),
    closings=(),
    busy=(),
    open_days=frozenset(),
    activation_required=False,
    notice=0,
    horizon=730,
    first_day=MONDAY,
    last_day=MONDAY,
)


def at(hours: float, day: dt.date = MONDAY, zone: int = 0, world: World = PLAIN) -> int:
    """Return the minute so many hours after a local midnight."""
    info = Oracle(world, dt.datetime.now(dt.UTC)).zones[zone]
    return minute(local_to_utc(midnight(day), info)) + round(hours * 60)


def sits(start: float, end: float, before: int = 0, after: int = 0, **more: object) -> Busy:
    """Return an appointment between these hours of the Monday, with buffers in minutes."""
    one = Busy(0, 0, at(start), at(end), at(start) - before, at(end) + after, client=1, session=0)
    return replace(one, **more)  # type: ignore[arg-type]


def with_rooms(world: World) -> World:
    """Let the service need the first room."""
    return replace(world, service_rooms=(0,))


WORLDS = {
    "a plain day": PLAIN,
    "a session until one in the morning, begun the day before": replace(
        PLAIN, busy=(sits(-22, 1),)
    ),
    "a buffer that reaches back over midnight": replace(
        PLAIN, busy=(sits(27, 28, before=240),), duration=30
    ),
    "a buffer that reaches on over midnight": replace(
        PLAIN, busy=(sits(-3, -1, after=240),), buffer_before=30
    ),
    "buffers of both neighbours add up": replace(
        PLAIN, busy=(sits(10, 11, 15, 15),), buffer_before=10, buffer_after=20
    ),
    "the client is still elsewhere": replace(PLAIN, busy=(sits(-10, 2, client=0, practitioner=0),)),
    "the client is elsewhere soon": replace(PLAIN, busy=(sits(24.5, 26, client=0),), duration=120),
    "a room in use since the day before": with_rooms(
        replace(PLAIN, busy=(sits(-20, 2, after=120, room=0),), practitioners=1)
    ),
    "a room whose next session has a long buffer": with_rooms(
        replace(PLAIN, busy=(sits(28, 29, before=240, room=0),))
    ),
    "a room that is painted overnight": with_rooms(
        replace(PLAIN, closings=(Closing(at(-5), at(3.25), room=0),))
    ),
    "a shift from ten at night to six": replace(
        PLAIN, hours=tuple(Hours(0, 0, day, 22 * 60, 6 * 60) for day in range(1, 8))
    ),
    "a shift that only the day before had": replace(
        PLAIN, hours=(Hours(0, 0, 7, 23 * 60, 4 * 60, valid_to=MONDAY - DAY),)
    ),
    "a shift that begins tomorrow and continues today's": replace(
        PLAIN,
        hours=(Hours(0, 0, 1, 20 * 60, 1440), Hours(0, 0, 2, 0, 120)),
        duration=120,
    ),
    "extra hours that begin at midnight": replace(
        PLAIN,
        hours=(Hours(0, 0, 1, 22 * 60, 1440),),
        extra=(Extra(0, 0, at(24), at(26)),),
        duration=90,
    ),
    "closed for a moment": replace(PLAIN, closings=(Closing(at(12), at(12) + 1),)),
    "closed from the next midnight": replace(
        PLAIN, closings=(Closing(at(24), at(48)),), duration=90
    ),
    "a group with a seat left": replace(
        PLAIN,
        seats=2,
        duration=90,
        busy=(
            sits(9, 10.5, same_service=True),
            sits(9, 10.5, same_service=True, status="cancelled"),
        ),
    ),
    "a group that is full": replace(
        PLAIN,
        seats=2,
        busy=(sits(9, 10, same_service=True), sits(9, 10, same_service=True, client=2)),
    ),
    "a group off the grid, before a neighbour that the new buffer would touch": replace(
        PLAIN,
        seats=3,
        buffer_after=30,
        busy=(
            sits(9.1, 10.1, same_service=True),
            sits(10.1, 11, session=1, client=2),
        ),
    ),
    "clocks go forward at two": replace(
        PLAIN, first_day=dt.date(2027, 3, 27), last_day=dt.date(2027, 3, 28), step=60
    ),
    "clocks go back at three": replace(
        PLAIN, first_day=dt.date(2027, 10, 31), last_day=dt.date(2027, 10, 31), step=30
    ),
    "clocks go forward by half an hour": replace(
        PLAIN,
        zones=("Australia/Lord_Howe",),
        first_day=dt.date(2027, 10, 3),
        last_day=dt.date(2027, 10, 3),
        step=60,
    ),
    "clocks go back by half an hour": replace(
        PLAIN,
        zones=("Australia/Lord_Howe",),
        first_day=dt.date(2027, 4, 4),
        last_day=dt.date(2027, 4, 4),
        step=20,
    ),
    "a shift inside the hour that is skipped": replace(
        PLAIN,
        first_day=dt.date(2027, 3, 28),
        last_day=dt.date(2027, 3, 28),
        hours=(Hours(0, 0, 7, 135, 165), Hours(0, 0, 7, 600, 720)),
        step=5,
        duration=15,
    ),
}


@pytest.mark.parametrize("as_client", [False, True], ids=["staff", "client"])
@pytest.mark.parametrize("name", WORLDS)
def test_edges(draft: Connection, practice: Practice, name: str, *, as_client: bool) -> None:
    world = WORLDS[name]
    clients = practice.clients(CLIENTS)
    moment = dt.datetime.combine(world.first_day, dt.time(), tzinfo=dt.UTC) - 2 * DAY
    written = write(practice, world, clients)
    assert len(written.kept) == len(world.busy)
    listed = draft.execute(
        """
        select s.starts_at, s.room_id, s.session_id
        from public.services as v
        cross join private.open_slots(
          v, %s::uuid[], %s, %s, as_client => %s, busy_client_id => %s, at => %s
        ) as s
        where v.id = %s
        """,
        [
            written.practitioners,
            world.first_day,
            world.last_day,
            as_client,
            clients[0].id if as_client else None,
            moment,
            written.service_id,
        ],
    ).fetchall()
    slots = Oracle(written.world, moment).slots(
        as_client=as_client, client=0 if as_client else None
    )
    found = {(row["starts_at"], row["session_id"] is not None) for row in listed}
    assert found == {
        (instant(start), place.session is not None) for (start, _), [place] in slots.items()
    }
    assert found
