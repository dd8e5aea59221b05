"""Seats of a group session, taken, left and moved into at the same moment."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from tests.concurrency.practice import Practice, monday
from tests.concurrency.race import Crew, rpc, tokens


def test_the_last_two_seats(practice: Practice, crew: Crew) -> None:
    [leader] = practice.practitioners()
    service = practice.service([leader], practice.rooms(2), seats=6)
    first = crew.race(
        [
            rpc(str(c.user_id), "book_appointment", service_id=service, starts_at=monday())
            for c in practice.clients(4)
        ]
    )
    assert tokens(first) == {"ok": 4}
    late = crew.race(
        [
            rpc(str(c.user_id), "book_appointment", service_id=service, starts_at=monday())
            for c in practice.clients(40)
        ]
    )
    assert tokens(late) == {"ok": 2, "slot_taken": 38}
    assert len({(a["session_id"], a["room_id"]) for a in practice.appointments()}) == 1


def test_groups_fill_one_after_the_other(practice: Practice, crew: Crew) -> None:
    leaders = practice.practitioners(3)
    service = practice.service(leaders, practice.rooms(2), seats=5)
    outcomes = crew.race(
        [
            rpc(str(c.user_id), "book_appointment", service_id=service, starts_at=monday())
            for c in practice.clients(30)
        ]
    )
    # Three leaders, two rooms: two sessions of five.
    assert tokens(outcomes) == {"ok": 10, "slot_taken": 20}
    sessions = Counter(a["session_id"] for a in practice.appointments())
    assert sorted(sessions.values()) == [5, 5]


def test_joining_leaving_and_moving(practice: Practice, crew: Crew) -> None:
    leaders = practice.practitioners(2)
    service = practice.service(leaders, practice.rooms(2), seats=3)
    times = [monday(), monday() + dt.timedelta(hours=1)]
    clients = practice.clients(24)
    crew.race(
        [
            rpc(str(c.user_id), "book_appointment", service_id=service, starts_at=times[n % 2])
            for n, c in enumerate(clients)
        ]
    )
    for _ in range(4):
        seated = practice.appointments()
        # Every other one moves to the other hour, every third leaves, and those without try again.
        calls = [
            rpc(
                practice.owner_id,
                "reschedule_appointment",
                appointment_id=a["id"],
                starts_at=times[a["starts_at"] == times[0]],
                practitioner_id=leaders[n % 4 // 2],
            )
            if n % 2
            else rpc(practice.owner_id, "cancel_appointment", appointment_id=a["id"])
            for n, a in enumerate(seated)
            if n % 6
        ]
        calls += [
            rpc(
                practice.owner_id,
                "book_appointment",
                service_id=service,
                starts_at=times[n % 2],
                client_id=c.id,
            )
            for n, c in enumerate(clients)
        ]
        outcomes = crew.race(calls)
        assert set(tokens(outcomes)) <= {"ok", "slot_taken", "client_busy"}
        per_session = Counter(a["session_id"] for a in practice.appointments())
        assert max(per_session.values()) <= 3


def test_the_first_of_a_group_leaves_while_others_join(practice: Practice, crew: Crew) -> None:
    [leader] = practice.practitioners()
    service = practice.service([leader], practice.rooms(), seats=8)
    for _ in range(3):
        first, *others = practice.clients(7)
        opened = crew.race(
            [
                rpc(
                    str(first.user_id),
                    "book_appointment",
                    service_id=service,
                    starts_at=monday(),
                )
            ]
        )
        calls = [
            rpc(str(c.user_id), "book_appointment", service_id=service, starts_at=monday())
            for c in others
        ]
        calls.insert(
            3,
            rpc(
                str(first.user_id),
                "reschedule_appointment",
                appointment_id=opened[0].row["id"],
                starts_at=monday() + dt.timedelta(hours=3),
            ),
        )
        assert tokens(crew.race(calls)) == {"ok": 7}
        stayed = [a for a in practice.appointments() if a["starts_at"] == monday()]
        assert len({a["session_id"] for a in stayed}) == 1
        assert len(stayed) == 6
        practice.sql.execute(
            "update public.appointments set status = 'cancelled', cancelled_at = now()"
            " where organization_id = %s and status = 'confirmed'",
            [practice.id],
        )


def test_a_session_keeps_its_place_when_its_service_changes(practice: Practice, crew: Crew) -> None:
    [leader] = practice.practitioners()
    service = practice.service([leader], practice.rooms(), seats=4)
    other = practice.service([leader])
    first, neighbour, *late = practice.clients(12)
    practice.appointment(service, leader, first, monday())
    practice.appointment(other, leader, neighbour, monday() + dt.timedelta(hours=1))
    # Sessions that exist are what they were; only new ones get the longer break.
    practice.sql.execute(
        "update public.services set buffer_after_minutes = 30, duration_minutes = 30 where id = %s",
        [service],
    )
    outcomes = crew.race(
        [
            rpc(str(c.user_id), "book_appointment", service_id=service, starts_at=monday())
            for c in late
        ]
    )
    assert tokens(outcomes) == {"ok": 3, "slot_taken": 7}
    seated = [a for a in practice.appointments() if a["starts_at"] == monday()]
    assert {a["ends_at"] for a in seated} == {monday() + dt.timedelta(hours=1)}


def test_a_deliberate_overlap_leaves_the_seats_of_a_session_free(
    practice: Practice, crew: Crew
) -> None:
    [leader] = practice.practitioners()
    service = practice.service([leader], seats=3)
    other = practice.service([leader])
    first, squeezed, *late = practice.clients(8)
    practice.appointment(service, leader, first, monday())
    overlap = crew.race(
        [
            rpc(
                practice.owner_id,
                "book_appointment",
                service_id=other,
                starts_at=monday() + dt.timedelta(minutes=30),
                practitioner_id=leader,
                client_id=squeezed.id,
                allow_overlap=True,
                overlap_reason="emergency",
            )
        ]
    )
    assert tokens(overlap) == {"ok": 1}
    outcomes = crew.race(
        [
            rpc(str(c.user_id), "book_appointment", service_id=service, starts_at=monday())
            for c in late
        ]
    )
    # A seat in a session that exists takes nothing from the practitioner.
    assert tokens(outcomes) == {"ok": 2, "slot_taken": 4}
