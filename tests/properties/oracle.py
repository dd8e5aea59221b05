"""What can be booked, worked out the slow way: minute by minute, on a model of a practice.

Deliberately naive, and sharing nothing with the SQL: working time is a set of minutes, every start
is tried on its own, local time comes from zoneinfo. Instants are whole minutes since 1970 in UTC.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property
from zoneinfo import ZoneInfo

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
DAY = dt.timedelta(days=1)


def minute(instant: dt.datetime) -> int:
    """Return the minutes since 1970."""
    return int((instant - EPOCH) // MINUTE)


def instant(minutes: int) -> dt.datetime:
    """Return the instant of a minute."""
    return EPOCH + minutes * MINUTE


def local_to_utc(local: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """Return the instant of a wall time, by PostgreSQL's rule.

    A time that a clock change skips keeps the offset from before it; of a time that happens twice
    the second one counts.
    """
    first = local.replace(tzinfo=zone, fold=0)
    second = local.replace(tzinfo=zone, fold=1)
    before, after = first.utcoffset(), second.utcoffset()
    assert before is not None
    assert after is not None
    return (second if before > after else first).astimezone(dt.UTC)


@dataclass(frozen=True)
class Hours:
    """A weekly shift: minutes of the local day, the end at or before the start on the next day."""

    practitioner: int
    location: int
    weekday: int
    start: int
    end: int
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None


@dataclass(frozen=True)
class Extra:
    """An opening beyond the weekly hours."""

    practitioner: int
    location: int
    start: int
    end: int


@dataclass(frozen=True)
class Closing:
    """Time off of a practitioner, a location, both, a room, or everybody."""

    start: int
    end: int
    practitioner: int | None = None
    location: int | None = None
    room: int | None = None


@dataclass(frozen=True)
class Busy:
    """An appointment that is there already."""

    practitioner: int
    location: int
    start: int
    end: int
    blocked_start: int
    blocked_end: int
    client: int
    room: int | None = None
    session: int | None = None
    # Of the service that is asked for, or of another one.
    same_service: bool = False
    status: str = "confirmed"
    overlap: bool = False

    @property
    def is_active(self) -> bool:
        """A cancelled appointment is in nobody's way."""
        return self.status != "cancelled"


@dataclass(frozen=True)
class World:
    """A practice, one of its services and everything that decides when it can be booked."""

    zones: tuple[str, ...]
    rooms: tuple[int, ...]
    practitioners: int
    step: int
    duration: int
    buffer_before: int
    buffer_after: int
    seats: int
    # Rooms that the service needs one of; empty when it needs none.
    service_rooms: tuple[int, ...]
    hours: tuple[Hours, ...]
    extra: tuple[Extra, ...]
    closings: tuple[Closing, ...]
    busy: tuple[Busy, ...]
    open_days: frozenset[tuple[int, dt.date]]
    activation_required: bool
    notice: int
    horizon: int
    first_day: dt.date
    last_day: dt.date


@dataclass(frozen=True)
class Place:
    """How a start could be taken: the rooms that would do, or the session that would be joined."""

    location: int
    rooms: frozenset[int | None]
    end: int
    session: int | None = None


@dataclass
class Oracle:
    """Answers for one world at one moment."""

    world: World
    at: dt.datetime
    ignored: Busy | None = None
    _working: dict[tuple[int, int], set[int]] = field(default_factory=dict)

    @cached_property
    def zones(self) -> list[ZoneInfo]:
        """The locations' zones."""
        return [ZoneInfo(name) for name in self.world.zones]

    @cached_property
    def active(self) -> list[Busy]:
        """Appointments that stand in the way."""
        return [b for b in self.world.busy if b.is_active and b is not self.ignored]

    def local(self, start: int, location: int) -> dt.datetime:
        """Return the wall time at a location."""
        return instant(start).astimezone(self.zones[location])

    def working(self, practitioner: int, location: int) -> set[int]:
        """Every minute in which the practitioner works there, around the days asked for."""
        key = (practitioner, location)
        if key in self._working:
            return self._working[key]
        found: set[int] = set()
        for shift in self.world.hours:
            if (shift.practitioner, shift.location) == key:
                found |= self.shift_minutes(shift)
        for extra in self.world.extra:
            if (extra.practitioner, extra.location) == key:
                found |= set(range(extra.start, extra.end))
        for closing in self.world.closings:
            if (
                closing.room is None
                and closing.practitioner in (None, practitioner)
                and closing.location in (None, location)
            ):
                found -= set(range(closing.start, closing.end))
        self._working[key] = found
        return found

    def shift_minutes(self, shift: Hours) -> set[int]:
        """The minutes of a weekly shift on every day that could matter."""
        found: set[int] = set()
        day = self.world.first_day - 4 * DAY
        while day <= self.world.last_day + 4 * DAY:
            valid = (shift.valid_from is None or day >= shift.valid_from) and (
                shift.valid_to is None or day <= shift.valid_to
            )
            if valid and day.isoweekday() == shift.weekday:
                midnight = dt.datetime.combine(day, dt.time())
                length = shift.end if shift.end > shift.start else shift.end + 1440
                zone = self.zones[shift.location]
                opens = local_to_utc(midnight + shift.start * MINUTE, zone)
                closes = local_to_utc(midnight + length * MINUTE, zone)
                found |= set(range(minute(opens), minute(closes)))
            day += DAY
        return found

    def places(
        self,
        practitioner: int,
        start: int,
        *,
        as_client: bool,
        client: int | None = None,
        ignore_busy: bool = False,
    ) -> list[Place]:
        """Return how this start could be booked; nothing when it cannot."""
        return [
            place
            for location in range(len(self.world.zones))
            for place in self.places_at(
                practitioner,
                location,
                start,
                as_client=as_client,
                client=client,
                ignore_busy=ignore_busy,
            )
        ]

    def places_at(
        self,
        practitioner: int,
        location: int,
        start: int,
        *,
        as_client: bool,
        client: int | None,
        ignore_busy: bool,
    ) -> list[Place]:
        """Return how this start could be booked at a location."""
        if instant(start) < self.at or (
            as_client and not self.allows(practitioner, location, start)
        ):
            return []
        if not ignore_busy and (seat := self.seat(practitioner, location, start)):
            return [] if self.client_is_busy(client, start, seat.end) else [seat]
        end = start + self.world.duration
        if self.client_is_busy(client, start, end):
            return []
        working = self.working(practitioner, location)
        if (
            self.local(start, location).minute % self.world.step
            or any(m not in working for m in range(start, end))
            or (not ignore_busy and self.is_taken(start, end, practitioner=practitioner))
        ):
            return []
        if not self.world.service_rooms:
            return [Place(location, frozenset([None]), end)]
        free: set[int | None] = {
            room
            for room in self.world.service_rooms
            if self.world.rooms[room] == location
            and not self.room_is_closed(room, start, end)
            and (ignore_busy or not self.is_taken(start, end, room=room))
        }
        return [Place(location, frozenset(free), end)] if free else []

    def is_taken(
        self, start: int, end: int, *, practitioner: int | None = None, room: int | None = None
    ) -> bool:
        """Is the practitioner or the room in use, buffers on both sides included?"""
        blocked = (start - self.world.buffer_before, end + self.world.buffer_after)
        return any(
            (b.practitioner == practitioner or (room is not None and b.room == room))
            and overlap(*blocked, b.blocked_start, b.blocked_end)
            for b in self.active
        )

    def seat(self, practitioner: int, location: int, start: int) -> Place | None:
        """Return a group session that has begun to fill at exactly this start."""
        world = self.world
        if world.seats == 1:
            return None
        sessions: dict[int, list[Busy]] = {}
        for b in self.active:
            if b.same_service and (b.practitioner, b.location, b.start) == (
                practitioner,
                location,
                start,
            ):
                assert b.session is not None
                sessions.setdefault(b.session, []).append(b)
        for session, rows in sessions.items():
            one = rows[0]
            working = self.working(practitioner, location)
            if (
                len(rows) < world.seats
                and not any(row.overlap for row in rows)
                and all(m in working for m in range(one.start, one.end))
                and not (one.room is not None and self.room_is_closed(one.room, one.start, one.end))
            ):
                return Place(location, frozenset([one.room]), one.end, session)
        return None

    def allows(self, practitioner: int, location: int, start: int) -> bool:
        """Notice, horizon and activation: what holds for clients only."""
        world = self.world
        day = self.local(start, location).date()
        today = self.at.astimezone(self.zones[location]).date()
        return (
            instant(start) >= self.at + world.notice * MINUTE
            and day <= today + world.horizon * DAY
            and (not world.activation_required or (practitioner, day) in world.open_days)
        )

    def client_is_busy(self, client: int | None, start: int, end: int) -> bool:
        """Is the client elsewhere? Buffers do not matter to clients."""
        return any(b.client == client and overlap(start, end, b.start, b.end) for b in self.active)

    def room_is_closed(self, room: int, start: int, end: int) -> bool:
        """Is the room closed during the session?"""
        return any(
            c.room == room and overlap(start, end, c.start, c.end) for c in self.world.closings
        )

    def slots(
        self, *, as_client: bool, client: int | None = None
    ) -> dict[tuple[int, int], list[Place]]:
        """Return every (start, practitioner) on the local days that are asked for."""
        found: dict[tuple[int, int], list[Place]] = {}
        for location in range(len(self.world.zones)):
            opens = local_to_utc(midnight(self.world.first_day), self.zones[location])
            closes = local_to_utc(midnight(self.world.last_day + DAY), self.zones[location])
            for start in range(minute(opens), minute(closes)):
                for practitioner in range(self.world.practitioners):
                    places = self.places_at(
                        practitioner,
                        location,
                        start,
                        as_client=as_client,
                        client=client,
                        ignore_busy=False,
                    )
                    if places:
                        found.setdefault((start, practitioner), []).extend(places)
        return found

    def refusal(self, practitioners: list[int], start: int, *, client: int, as_client: bool) -> str:
        """Return what booking this start answers: `ok` or an error's token."""
        free = [
            place for p in practitioners for place in self.places(p, start, as_client=as_client)
        ]
        if any(not self.client_is_busy(client, start, place.end) for place in free):
            return "ok"
        if free or self.client_is_busy(client, start, start + self.world.duration):
            return "client_busy"
        return self.reason(practitioners, start, as_client=as_client)

    def reason(self, practitioners: list[int], start: int, *, as_client: bool) -> str:
        """Return why a start that is not free is not."""
        notice = self.world.notice if as_client else 0
        if instant(start) < self.at + notice * MINUTE:
            return "too_late"
        for as_whom, token in ((False, "outside_working_hours"), (True, "not_activated")):
            if (as_client or not as_whom) and not any(
                self.places(p, start, as_client=as_whom, ignore_busy=True) for p in practitioners
            ):
                return token
        return "slot_taken"


def overlap(start: int, end: int, other_start: int, other_end: int) -> bool:
    """Do two half-open intervals share a minute?"""
    return any(other_start <= m < other_end for m in (start, end - 1)) or (
        start <= other_start < end
    )


def midnight(day: dt.date) -> dt.datetime:
    """Return the wall time at which a day begins."""
    return dt.datetime.combine(day, dt.time())
