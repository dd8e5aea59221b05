"""find_slots and booking against the oracle: what is listed can be booked, what is not cannot."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.concurrency.practice import Client, Practice
from tests.conftest import Connection
from tests.properties.conftest import examples
from tests.properties.oracle import MINUTE, Busy, Oracle, Place, instant, minute
from tests.properties.worlds import CLIENTS, Written, worlds, write

# Years with clock changes in every zone; nothing here depends on today.
PAST = dt.date(2025, 1, 1)
YEARS = 2 * 365
TODAY = dt.datetime.now(dt.UTC).date()
# The booking functions know only the present, so they are asked about the coming year.
SOON = TODAY + dt.timedelta(days=3)


@pytest.fixture
def clients(practice: Practice) -> list[Client]:
    """Whoever the appointments are for."""
    return practice.clients(CLIENTS)


def as_database(written: Written, slots: dict[tuple[int, int], list[Place]]) -> dict[Any, Any]:
    """Return the oracle's slots as (start, practitioner) → the place that is preferred."""
    found = {}
    for (start, person), places in slots.items():
        # A seat in a session first, then the location whose id comes first.
        place = min(places, key=lambda p: (p.session is None, written.locations[p.location]))
        found[instant(start), written.practitioners[person]] = (
            {None if room is None else written.rooms[room] for room in place.rooms},
            instant(place.end),
            None if place.session is None else written.sessions[place.session],
        )
    return found


def assert_same(listed: list[Any], expected: dict[Any, Any], *, sessions: bool) -> None:
    """Compare what the database lists with what the oracle found."""
    starts = {(row["starts_at"], str(row["practitioner_id"])) for row in listed}
    assert starts == set(expected), {
        "listed, but not free": sorted(starts - set(expected)),
        "free, but not listed": sorted(set(expected) - starts),
    }
    for row in listed:
        rooms, end, session = expected[row["starts_at"], str(row["practitioner_id"])]
        assert (row["room_id"] and str(row["room_id"])) in rooms
        assert row["ends_at"] == end
        if sessions:
            assert (row["session_id"] and str(row["session_id"])) == session


@given(data=st.data())
@examples(60)
def test_open_slots_are_the_oracle_s(
    draft: Connection, practice: Practice, clients: list[Client], data: st.DataObject
) -> None:
    world = data.draw(worlds(PAST, YEARS))
    before = data.draw(st.integers(-2000, 4000))
    at = dt.datetime.combine(world.first_day, dt.time(), tzinfo=dt.UTC) - before * MINUTE
    as_client = data.draw(st.booleans())
    client = data.draw(st.none() | st.integers(0, CLIENTS - 1))
    with draft.transaction(force_rollback=True):
        written = write(practice, world, clients)
        # Who works at two places at once is offered at each; find_slots keeps the first.
        listed = draft.execute(
            """
            select distinct on (s.starts_at, s.practitioner_id) s.*
            from public.services as v
            cross join private.open_slots(
              v, %(people)s::uuid[], %(from)s, %(to)s, as_client => %(as_client)s,
              busy_client_id => %(client)s, at => %(at)s
            ) as s
            where v.id = %(service)s
            order by s.starts_at, s.practitioner_id, s.session_id, s.location_id
            """,
            {
                "people": written.practitioners,
                "from": world.first_day,
                "to": world.last_day,
                "as_client": as_client,
                "client": None if client is None else clients[client].id,
                "at": at,
                "service": written.service_id,
            },
        ).fetchall()
    slots = Oracle(written.world, at).slots(as_client=as_client, client=client)
    assert_same(listed, as_database(written, slots), sessions=True)


@given(data=st.data())
@examples(50)
def test_what_is_listed_can_be_booked_and_nothing_else(
    draft: Connection, practice: Practice, clients: list[Client], data: st.DataObject
) -> None:
    world = data.draw(worlds(SOON, 400))
    as_client = data.draw(st.booleans())
    client = data.draw(st.integers(0, CLIENTS - 1))
    with draft.transaction(force_rollback=True):
        written = write(practice, world, clients)
        oracle = Oracle(written.world, now(draft))
        act(draft, str(clients[client].user_id) if as_client else practice.owner_id)
        listed = find_slots(draft, written)
        expected = as_database(
            written,
            oracle.slots(as_client=as_client, client=client if as_client else None),
        )
        assert_same(listed, expected, sessions=False)
        assert_days(draft, written, expected)
        for start, person in instants(data, written, listed):
            people = range(world.practitioners) if person is None else [person]
            answer = book(draft, written, start, person, clients[client])
            wanted = oracle.refusal(list(people), minute(start), client=client, as_client=as_client)
            assert answer == wanted, (start, person, as_client)


@given(data=st.data())
@examples(40)
def test_an_appointment_moves_to_what_is_free_without_it(
    draft: Connection, practice: Practice, clients: list[Client], data: st.DataObject
) -> None:
    world = data.draw(worlds(SOON, 400))
    with draft.transaction(force_rollback=True):
        written = write(practice, world, clients)
        movable = [
            (b, found)
            for b, found in written.kept
            if b.same_service and not b.overlap and b.status in {"confirmed", "pending"}
        ]
        if not movable:
            return
        moved, appointment_id = data.draw(st.sampled_from(movable))
        # It keeps the length and the buffers that it was booked with.
        as_booked = replace(
            written.world,
            duration=moved.end - moved.start,
            buffer_before=moved.start - moved.blocked_start,
            buffer_after=moved.blocked_end - moved.end,
        )
        oracle = Oracle(as_booked, now(draft), ignored=moved)
        act(draft, practice.owner_id)
        listed = find_slots(draft, written)
        for start, person in instants(data, written, listed, near=moved):
            chosen = moved.practitioner if person is None else person
            wanted = move_answer(oracle, moved, chosen, minute(start))
            answer = attempt(
                draft,
                "select * from public.reschedule_appointment(%s, %s, practitioner_id => %s)",
                [
                    appointment_id,
                    start,
                    None if person is None else written.practitioners[person],
                ],
            )
            assert answer == wanted, (start, person)


def move_answer(oracle: Oracle, moved: Busy, person: int, start: int) -> str:
    """Return what moving an appointment answers."""
    places = oracle.places(person, start, as_client=False)
    if not places:
        return oracle.reason([person], start, as_client=False)
    busy = all(oracle.client_is_busy(moved.client, start, place.end) for place in places)
    return "client_busy" if busy else "ok"


def instants(
    data: st.DataObject, written: Written, listed: list[Any], near: Busy | None = None
) -> list[tuple[dt.datetime, int | None]]:
    """Draw starts worth trying: listed ones, their neighbours, and any others."""
    world = written.world
    chosen: list[dt.datetime] = []
    if listed:
        some = data.draw(st.lists(st.sampled_from(listed), min_size=1, max_size=3))
        offsets = (0, 0, -1, 1, -world.step, world.step)
        chosen += [row["starts_at"] + data.draw(st.sampled_from(offsets)) * MINUTE for row in some]
    if near is not None:
        chosen.append(instant(near.start + data.draw(st.integers(-6, 6)) * world.step))
    middle = dt.datetime.combine(world.first_day, dt.time(), tzinfo=dt.UTC)
    steps = 60 // world.step
    anywhere = st.integers(-6 * steps, 54 * steps).map(lambda n: middle + world.step * n * MINUTE)
    chosen += data.draw(st.lists(anywhere, min_size=1, max_size=3))
    # Where somebody sits is where a rule may be broken: on the grid just before, in and after it.
    for b in data.draw(st.lists(st.sampled_from(world.busy), max_size=3)) if world.busy else []:
        start = b.start + data.draw(st.integers(-world.duration, b.end - b.start))
        chosen += [instant(start - start % world.step), instant(b.start)]
    if world.seats > 1:
        chosen += [instant(b.start) for b in world.busy if b.same_service][:4]
    people = st.none() | st.integers(0, world.practitioners - 1)
    return [(start, data.draw(people)) for start in chosen]


def now(sql: Connection) -> dt.datetime:
    """Return the transaction's present, which is what the functions go by."""
    row = sql.execute("select now() as at").fetchone()
    assert row is not None
    at = row["at"]
    assert isinstance(at, dt.datetime)
    return at


def act(sql: Connection, user_id: str) -> None:
    """Act as somebody until the end of the example."""
    claims = json.dumps({"sub": user_id, "aud": "authenticated", "role": "authenticated"})
    sql.execute(
        "select set_config('request.jwt.claims', %s, true), set_config('role', %s, true)",
        [claims, "authenticated"],
    )


def find_slots(sql: Connection, written: Written) -> list[dict[str, Any]]:
    """Ask the API's function."""
    row = sql.execute(
        "select public.find_slots(%s, %s, %s) as slots",
        [written.service_id, written.world.first_day, written.world.last_day],
    ).fetchone()
    assert row is not None
    return [
        {
            **slot,
            "starts_at": dt.datetime.fromisoformat(slot["starts_at"]),
            "ends_at": dt.datetime.fromisoformat(slot["ends_at"]),
        }
        for slot in row["slots"]
    ]


def assert_days(sql: Connection, written: Written, expected: dict[Any, Any]) -> None:
    """Compare find_bookable_days with the same slots, counted by local day."""
    if len(written.world.zones) > 1:
        return
    row = sql.execute(
        "select public.find_bookable_days(%s, %s, %s) as days",
        [written.service_id, written.world.first_day, written.world.last_day],
    ).fetchone()
    assert row is not None
    counted: dict[str, int] = {}
    zone = Oracle(written.world, dt.datetime.now(dt.UTC)).zones[0]
    for start, _ in sorted(expected):
        day = start.astimezone(zone).date().isoformat()
        counted[day] = counted.get(day, 0) + 1
    assert row["days"] == [{"day": d, "slot_count": n} for d, n in counted.items()]


def book(
    sql: Connection, written: Written, start: dt.datetime, person: int | None, client: Client
) -> str:
    """Book and undo it; returns `ok` or the error's token."""
    return attempt(
        sql,
        "select * from public.book_appointment(%s, %s, practitioner_id => %s, client_id => %s)",
        [
            written.service_id,
            start,
            None if person is None else written.practitioners[person],
            client.id,
        ],
    )


def attempt(sql: Connection, query: str, parameters: list[Any]) -> str:
    """Call and undo it; returns `ok` or the error's token."""
    try:
        with sql.transaction(force_rollback=True):
            sql.execute(query.encode(), parameters)
    except psycopg.Error as error:
        if not str(error.sqlstate).startswith("PT"):
            raise
        return str(error.diag.message_primary)
    return "ok"
