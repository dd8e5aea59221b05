"""Supply for fewer than ask: exactly as many succeed as there are practitioners and rooms."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.concurrency.practice import Practice, monday
from tests.concurrency.race import Crew, rpc, tokens


@pytest.mark.parametrize(("callers", "free"), [(60, 7), (12, 12), (5, 9)])
def test_any_practitioner_serves_as_many_as_are_free(
    practice: Practice, crew: Crew, callers: int, free: int
) -> None:
    practitioners = practice.practitioners(free + 2)
    service = practice.service(practitioners)
    # Two of them are not free: one is busy, one has the day off.
    practice.appointment(
        service, practitioners[0], practice.client(), monday() + dt.timedelta(minutes=30)
    )
    practice.sql.execute(
        "insert into public.time_off (organization_id, practitioner_id, during)"
        " values (%s, %s, tstzrange(%s, %s))",
        [practice.id, practitioners[1], monday(), monday() + dt.timedelta(hours=1)],
    )
    outcomes = crew.race(
        [
            rpc(str(c.user_id), "book_appointment", service_id=service, starts_at=monday())
            for c in practice.clients(callers)
        ]
    )
    served = min(callers, free)
    assert tokens(outcomes) == dict(
        filter(lambda item: item[1], {"ok": served, "slot_taken": callers - served}.items())
    )
    chosen = {str(o.row["practitioner_id"]) for o in outcomes if o.token == "ok"}
    assert len(chosen) == served
    assert chosen <= set(practitioners[2:])


@pytest.mark.parametrize(("practitioners", "rooms"), [(40, 5), (40, 24), (12, 12)])
def test_as_many_sessions_at_one_time_as_there_are_rooms(
    practice: Practice, crew: Crew, practitioners: int, rooms: int
) -> None:
    people = practice.practitioners(practitioners)
    service = practice.service(people, practice.rooms(rooms), buffer_after_minutes=15)
    clients = practice.clients(practitioners)
    outcomes = crew.race(
        [
            rpc(
                str(client.user_id),
                "book_appointment",
                service_id=service,
                starts_at=monday(),
                practitioner_id=person,
            )
            for client, person in zip(clients, people, strict=True)
        ]
    )
    expected = {"ok": rooms, "slot_taken": practitioners - rooms}
    assert tokens(outcomes) == {name: count for name, count in expected.items() if count}
    assert len({a["room_id"] for a in practice.appointments()}) == rooms


@pytest.mark.parametrize(("practitioners", "rooms"), [(9, 4), (4, 14), (14, 14)])
def test_any_practitioner_and_few_rooms(
    practice: Practice, crew: Crew, practitioners: int, rooms: int
) -> None:
    people = practice.practitioners(practitioners)
    service = practice.service(people, practice.rooms(rooms))
    outcomes = crew.race(
        [
            rpc(str(c.user_id), "book_appointment", service_id=service, starts_at=monday())
            for c in practice.clients(40)
        ]
    )
    served = min(practitioners, rooms)
    assert tokens(outcomes) == {"ok": served, "slot_taken": 40 - served}


def test_overlapping_times_share_few_rooms(practice: Practice, crew: Crew) -> None:
    people = practice.practitioners(60)
    service = practice.service(people, practice.rooms(3))
    clients = practice.clients(60)
    outcomes = crew.race(
        [
            rpc(
                str(client.user_id),
                "book_appointment",
                service_id=service,
                starts_at=monday() + dt.timedelta(minutes=15 * (n % 4)),
                practitioner_id=person,
            )
            for n, (client, person) in enumerate(zip(clients, people, strict=True))
        ]
    )
    # All starts lie within one hour, so every session overlaps every other one.
    assert tokens(outcomes) == {"ok": 3, "slot_taken": 57}


def test_two_services_share_equipment(practice: Practice, crew: Crew) -> None:
    people = practice.practitioners(40)
    [shared] = practice.rooms()
    # Different lengths and buffers over one device.
    services = [
        practice.service(people, [shared], duration_minutes=60, buffer_after_minutes=30),
        practice.service(people, [shared], duration_minutes=45, buffer_before_minutes=15),
    ]
    clients = practice.clients(40)
    outcomes = crew.race(
        [
            rpc(
                str(client.user_id),
                "book_appointment",
                service_id=services[n % 2],
                starts_at=monday() + dt.timedelta(minutes=60 * (n % 2)),
                practitioner_id=person,
            )
            for n, (client, person) in enumerate(zip(clients, people, strict=True))
        ]
    )
    # 10:00-11:00 with its buffer until 11:30 and 11:00-11:45 from 10:45 exclude one another.
    assert tokens(outcomes) == {"ok": 1, "slot_taken": 39}


def test_a_chosen_room_goes_to_one(practice: Practice, crew: Crew) -> None:
    people = practice.practitioners(30)
    rooms = practice.rooms(3)
    service = practice.service(people, rooms)
    clients = practice.clients(30)
    outcomes = crew.race(
        [
            rpc(
                practice.owner_id,
                "book_appointment",
                service_id=service,
                starts_at=monday(),
                practitioner_id=person,
                client_id=client.id,
                room_id=rooms[n % 2],
            )
            for n, (client, person) in enumerate(zip(clients, people, strict=True))
        ]
    )
    assert tokens(outcomes) == {"ok": 2, "slot_taken": 28}
