"""Random practices for the slot tests: drawn by hypothesis, then written into the database."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

import psycopg
from hypothesis import strategies as st
from psycopg.types.range import TimestamptzRange

from tests.concurrency.practice import Client, Practice
from tests.properties.oracle import (
    DAY,
    MINUTE,
    Busy,
    Closing,
    Extra,
    Hours,
    World,
    instant,
    local_to_utc,
    midnight,
    minute,
)

ZONES = (
    "Europe/Prague",
    "Europe/London",
    "America/New_York",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "America/St_Johns",
    "UTC",
)
CLIENTS = 5


def clock_changes(zone: str, since: dt.date, days: int) -> list[dt.date]:
    """Return the local days on which the clocks change."""
    info = ZoneInfo(zone)
    found = []
    for n in range(days):
        day = since + n * DAY
        before = local_to_utc(midnight(day), info)
        if local_to_utc(midnight(day + DAY), info) - before != DAY:
            found.append(day)
    return found


@st.composite
def worlds(draw: st.DrawFn, since: dt.date, within: int) -> World:  # noqa: C901, PLR0915 - one draw each
    """Draw a practice around an ordinary day or a clock change between two dates.

    Every other one is crowded: everybody works all day and is booked out, so that what decides is
    who sits where.
    """
    crowded = draw(st.booleans())
    zones = [draw(st.sampled_from(ZONES))]
    if draw(st.integers(0, 3)) == 0:
        zones.append(draw(st.sampled_from(ZONES)))
    changes = clock_changes(zones[0], since, within)
    ordinary = since + draw(st.integers(0, within)) * DAY
    focus = draw(st.sampled_from([*changes, ordinary])) if draw(st.booleans()) else ordinary
    practitioners = draw(st.integers(1, 2))
    people = st.integers(0, practitioners - 1)
    places = st.integers(0, len(zones) - 1)
    rooms: tuple[int, ...] = tuple(draw(st.lists(places, max_size=3)))
    base = minute(dt.datetime.combine(focus, dt.time(), tzinfo=dt.UTC))
    # Whole quarters mostly, and now and then a minute that fits no grid.
    instants = st.one_of(
        st.integers(-24, 24 * 5).map(lambda n: base + 15 * n),
        st.integers(-24, 24 * 5).map(lambda n: base + 15 * n),
        st.integers(-3000, 3000).map(lambda n: base + n),
    )
    lengths = st.sampled_from([15, 30, 45, 60, 90, 240])
    if crowded:
        instants = st.integers(0, 48).map(lambda n: base + 15 * n)
    step = draw(st.sampled_from([15, 30] if crowded else [5, 10, 15, 20, 30, 60]))
    duration = draw(st.sampled_from([15, 25, 30, 45, 50, 60, 90, 120]))
    seats = draw(st.sampled_from([1, 3, 3] if crowded else [1, 1, 3]))
    buffers = st.sampled_from([0, 0, 5, 10, 15, 30])
    before, after = draw(buffers), draw(buffers)
    service_rooms: tuple[int, ...] = ()
    uses_rooms: bool = draw(st.booleans())
    if rooms and uses_rooms:
        service_rooms = tuple(sorted(draw(st.sets(st.integers(0, len(rooms) - 1), min_size=1))))
    wall = st.integers(0, 95).map(lambda n: 15 * n)

    @st.composite
    def shifts(draw: st.DrawFn) -> Hours:
        start = draw(wall)
        end = draw(st.one_of(wall, st.just(1440)).filter(lambda end: end != start))
        dates = st.integers(-3, 3).map(lambda n: focus + n * DAY)
        valid_from = draw(st.none() | dates)
        valid_to = draw(st.none() | dates)
        if valid_from and valid_to and valid_to < valid_from:
            valid_from, valid_to = valid_to, valid_from
        return Hours(
            draw(people), draw(places), draw(st.integers(1, 7)), start, end, valid_from, valid_to
        )

    @st.composite
    def closings(draw: st.DrawFn) -> Closing:
        start = draw(instants)
        closing = Closing(start, start + draw(lengths))
        kind = draw(st.sampled_from(["practitioner", "location", "both", "room", "all"]))
        if kind == "room" and rooms:
            return replace(closing, room=draw(st.integers(0, len(rooms) - 1)))
        if kind in {"practitioner", "both"}:
            closing = replace(closing, practitioner=draw(people))
        if kind in {"location", "both"}:
            closing = replace(closing, location=draw(places))
        return closing

    @st.composite
    def bookings(draw: st.DrawFn) -> list[Busy]:
        start = draw(instants)
        location = draw(places)
        same = draw(st.booleans())
        # A service may have had another length and other buffers when it was booked.
        is_current = same and draw(st.integers(0, 3)) > 0
        length = duration if is_current else draw(st.sampled_from([15, 45, 60, 120]))
        here = [n for n, room in enumerate(rooms) if room == location]
        if same:
            here = [n for n in here if n in service_rooms]
        one = Busy(
            practitioner=draw(people),
            location=location,
            start=start,
            end=start + length,
            blocked_start=start - (before if is_current else draw(buffers)),
            blocked_end=start + length + (after if is_current else draw(buffers)),
            client=draw(st.integers(0, CLIENTS - 1)),
            room=draw(st.sampled_from([None, *here])),
            same_service=same,
            status=draw(
                st.sampled_from(["confirmed", "pending", "completed", "no_show", "cancelled"])
            ),
            overlap=draw(st.integers(0, 9)) == 0,
        )
        if not same or seats == 1:
            return [one]
        members = draw(st.lists(st.integers(0, CLIENTS - 1), unique=True, max_size=3))
        return [one, *(replace(one, client=c) for c in members if c != one.client)][:seats]

    days = LONG_DAYS[:1] if crowded else LONG_DAYS
    weekly = [
        # Everybody works on the day that the test is about.
        Hours(person, draw(places), focus.isoweekday(), *draw(st.sampled_from(days)))
        for person in range(practitioners)
    ]
    groups = draw(st.lists(bookings(), min_size=4 * crowded, max_size=12 if crowded else 6))
    return World(
        zones=tuple(zones),
        rooms=rooms,
        practitioners=practitioners,
        step=step,
        duration=duration,
        buffer_before=before,
        buffer_after=after,
        seats=seats,
        service_rooms=service_rooms,
        hours=(*weekly, *draw(st.lists(shifts(), max_size=4))),
        extra=tuple(
            Extra(draw(people), draw(places), start, start + draw(lengths))
            for start in draw(st.lists(instants, max_size=1))
        ),
        closings=tuple(draw(st.lists(closings(), max_size=0 if crowded else 2))),
        busy=tuple(replace(b, session=n) for n, group in enumerate(groups) for b in group),
        open_days=frozenset(
            (person, focus + n * DAY)
            for person in range(practitioners)
            for n in draw(st.sets(st.integers(-2, 2)))
        ),
        activation_required=not crowded and draw(st.booleans()),
        notice=draw(st.sampled_from([0, 60, 90, 1440])),
        horizon=draw(st.sampled_from([1, 2, 30, 730])),
        first_day=focus - draw(st.integers(0, 1)) * DAY,
        last_day=focus + draw(st.integers(0, 1)) * DAY,
    )


LONG_DAYS = [
    (0, 1440),
    (0, 1440),
    (420, 1200),
    (22 * 60, 6 * 60),
    (60, 300),
    (0, 150),
    (20 * 60, 1440),
]


@dataclass
class Written:
    """A world in the database: what its numbers became."""

    practice: Practice
    world: World
    service_id: str
    locations: list[str]
    practitioners: list[str]
    rooms: list[str]
    clients: list[Client]
    # The appointments that the database took, and their rows.
    kept: list[tuple[Busy, str]] = field(default_factory=list)
    sessions: dict[int, str] = field(default_factory=dict)


def write(practice: Practice, world: World, clients: list[Client]) -> Written:
    """Write a world; what the constraints do not take is left out of it."""
    sql = practice.sql
    practice.set(
        slot_step_minutes=world.step,
        activation_required=world.activation_required,
        minimum_notice_minutes=world.notice,
        booking_horizon_days=world.horizon,
    )
    sql.execute(
        "update public.locations set timezone = %s where id = %s",
        [world.zones[0], practice.location_id],
    )
    locations = [practice.location_id, *(practice.location(zone) for zone in world.zones[1:])]
    people = practice.practitioners(world.practitioners, always=False)
    rooms = [practice.rooms(1, locations[place])[0] for place in world.rooms]
    service_id = practice.service(
        people,
        [rooms[n] for n in world.service_rooms],
        duration_minutes=world.duration,
        buffer_before_minutes=world.buffer_before,
        buffer_after_minutes=world.buffer_after,
        seats=world.seats,
    )
    other_id = practice.service(people)
    with sql.cursor() as cursor:
        cursor.executemany(
            "insert into public.working_hours (organization_id, practitioner_id, location_id,"
            " weekday, start_time, end_time, valid_from, valid_to)"
            " values (%s, %s, %s, %s, %s, %s, coalesce(%s, date '2000-01-01'), %s)",
            [
                (
                    practice.id,
                    people[h.practitioner],
                    locations[h.location],
                    h.weekday,
                    clock(h.start),
                    clock(h.end),
                    h.valid_from,
                    h.valid_to,
                )
                for h in world.hours
            ],
        )
        cursor.executemany(
            "insert into public.extra_hours (organization_id, practitioner_id, location_id, during)"
            " values (%s, %s, %s, %s)",
            [
                (
                    practice.id,
                    people[x.practitioner],
                    locations[x.location],
                    interval(x.start, x.end),
                )
                for x in world.extra
            ],
        )
        cursor.executemany(
            "insert into public.time_off"
            " (organization_id, practitioner_id, location_id, room_id, during)"
            " values (%s, %s, %s, %s, %s)",
            [
                (
                    practice.id,
                    None if c.practitioner is None else people[c.practitioner],
                    None if c.location is None else locations[c.location],
                    None if c.room is None else rooms[c.room],
                    interval(c.start, c.end),
                )
                for c in world.closings
            ],
        )
        cursor.executemany(
            "insert into public.booking_activations"
            " (organization_id, practitioner_id, day, is_open) values (%s, %s, %s, true)",
            [(practice.id, people[person], day) for person, day in world.open_days],
        )
    written = Written(practice, world, service_id, locations, people, rooms, clients)
    for b in world.busy:
        if appointment_id := insert(written, b, service_id if b.same_service else other_id):
            written.kept.append((b, appointment_id))
    # The oracle is asked about what is there, not about what was refused.
    written.world = replace(world, busy=tuple(b for b, _ in written.kept))
    return written


def insert(written: Written, b: Busy, service_id: str) -> str | None:
    """Insert an appointment as it is; None when a constraint does not allow it."""
    practice = written.practice
    assert b.session is not None
    session = written.sessions.setdefault(b.session, str(uuid.uuid4()))
    try:
        with practice.sql.transaction():
            row = practice.sql.execute(
                """
                insert into public.appointments (
                  organization_id, location_id, client_id, practitioner_id, service_id, room_id,
                  session_id, during, blocked_during, status, cancelled_at, overlap_allowed_by,
                  overlap_reason
                )
                values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
                returning id
                """,
                [
                    practice.id,
                    written.locations[b.location],
                    written.clients[b.client].id,
                    written.practitioners[b.practitioner],
                    service_id,
                    None if b.room is None else written.rooms[b.room],
                    session,
                    interval(b.start, b.end),
                    interval(b.blocked_start, b.blocked_end),
                    b.status,
                    None if b.is_active else dt.datetime.now(dt.UTC),
                    practice.owner_id if b.overlap else None,
                    "on purpose" if b.overlap else None,
                ],
            ).fetchone()
    except psycopg.Error as error:
        # Somebody is there already, or the group is not one: exactly what the world must not have.
        if error.sqlstate not in {"23P01", "PT409"}:
            raise
        return None
    assert row is not None
    return str(row["id"])


def interval(start: int, end: int) -> TimestamptzRange:
    """Return the interval between two minutes."""
    return TimestamptzRange(instant(start), instant(end))


def clock(minutes: int) -> str:
    """Return a minute of the day as the database writes it: 24:00 is the end of the day."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


__all__ = ["CLIENTS", "MINUTE", "Written", "worlds", "write"]
