"""Rows written by hand, as in the dashboard or by the service role, racing with the API."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from psycopg.types.range import TimestamptzRange

from tests.concurrency.practice import Client, Practice, monday
from tests.concurrency.race import Call, Crew, rpc, tokens

HOUR = dt.timedelta(hours=1)
# What a person at the dashboard sees: the name of the rule, or that it was too busy to tell.
BY_HAND = {"", "23P01", "40P01", "PT409"}
INSERT = """
    insert into public.appointments (
      organization_id, location_id, client_id, practitioner_id, service_id, room_id, session_id,
      during
    )
    values (
      %(organization_id)s, %(location_id)s, %(client_id)s, %(practitioner_id)s, %(service_id)s,
      %(room_id)s, %(session_id)s, %(during)s
    )
    returning *
"""


def by_hand(
    practice: Practice,
    service_id: str,
    practitioner_id: str,
    client: Client,
    starts_at: dt.datetime,
    *,
    role: str | None = None,
    room_id: str | None = None,
    session_id: str | None = None,
) -> Call:
    """Insert an appointment directly."""
    return Call(
        # The service role has no user; any id will do to have the role set.
        str(uuid.uuid4()) if role else None,
        INSERT,
        {
            "organization_id": practice.id,
            "location_id": practice.location_id,
            "client_id": client.id,
            "practitioner_id": practitioner_id,
            "service_id": service_id,
            "room_id": room_id,
            "session_id": session_id,
            "during": TimestamptzRange(starts_at, starts_at + HOUR),
        },
        role=role or "authenticated",
    )


@pytest.mark.parametrize("role", [None, "service_role"])
def test_inserts_race_with_bookings_for_one_slot(
    practice: Practice, crew: Crew, role: str | None
) -> None:
    [person] = practice.practitioners()
    [room] = practice.rooms()
    service = practice.service([person], [room])
    clients = practice.clients(80)
    outcomes = crew.race(
        [
            rpc(str(c.user_id), "book_appointment", service_id=service, starts_at=monday())
            if n % 2
            else by_hand(practice, service, person, c, monday(), role=role, room_id=room)
            for n, c in enumerate(clients)
        ]
    )
    assert tokens(outcomes)["ok"] == 1
    assert set(tokens(outcomes[1::2])) <= {"ok", "slot_taken"}
    assert {o.sqlstate for o in outcomes[::2]} <= BY_HAND


def test_inserts_race_with_bookings_for_rooms(practice: Practice, crew: Crew) -> None:
    people = practice.practitioners(60)
    rooms = practice.rooms(3)
    service = practice.service(people, rooms)
    clients = practice.clients(60)
    outcomes = crew.race(
        [
            rpc(
                str(client.user_id),
                "book_appointment",
                service_id=service,
                starts_at=monday(),
                practitioner_id=person,
            )
            if n % 3
            else by_hand(practice, service, person, client, monday(), room_id=rooms[n % 2])
            for n, (client, person) in enumerate(zip(clients, people, strict=True))
        ]
    )
    # A person's insert may lose to another one's; the API's callers hear only its own words.
    assert 2 <= tokens(outcomes)["ok"] <= 3
    by_api = [o for n, o in enumerate(outcomes) if n % 3]
    assert set(tokens(by_api)) <= {"ok", "slot_taken"}
    assert {o.sqlstate for n, o in enumerate(outcomes) if n % 3 == 0} <= BY_HAND


def test_inserts_race_with_series(practice: Practice, crew: Crew) -> None:
    people = practice.practitioners(12)
    [room] = practice.rooms()
    service = practice.service(people, [room])
    clients = practice.clients(12)
    calls: list[Call] = []
    for n, (person, client) in enumerate(zip(people, clients, strict=True)):
        calls.append(
            rpc(
                practice.owner_id,
                "book_block",
                service_id=service,
                practitioner_id=person,
                client_id=client.id,
                starts_at=monday() + HOUR * (n % 2),
                occurrences=6,
            )
        )
        for week in range(6):
            start = monday() + dt.timedelta(weeks=week, minutes=30)
            calls.append(by_hand(practice, service, person, client, start, room_id=room))
    outcomes = crew.race(calls)
    assert set(tokens([o for o in outcomes if o.call.user_id])) <= {
        "ok",
        "slot_taken",
        "client_busy",
    }
    assert {o.sqlstate for o in outcomes if not o.call.user_id} <= BY_HAND


def test_moves_by_hand_race_with_the_api(practice: Practice, crew: Crew) -> None:
    people = practice.practitioners(3)
    rooms = practice.rooms(2)
    service = practice.service(people, rooms)
    clients = practice.clients(6)
    ids = [
        practice.appointment(service, people[n % 3], client, monday() + HOUR * (n // 3))
        for n, client in enumerate(clients)
    ]
    move = """
        update public.appointments
        set during = %(during)s, blocked_during = %(during)s, practitioner_id = %(practitioner_id)s
        where id = %(id)s
        returning *
    """
    for turn in range(4):
        calls: list[Call] = []
        for n, (made, client) in enumerate(zip(ids, clients, strict=True)):
            start = monday() + HOUR * ((n + turn) % 5)
            person = people[(n + turn) % 3]
            calls += [
                rpc(
                    str(client.user_id),
                    "reschedule_appointment",
                    appointment_id=made,
                    starts_at=start,
                    practitioner_id=person,
                ),
                Call(
                    None,
                    move,
                    {
                        "during": TimestamptzRange(start + HOUR, start + 2 * HOUR),
                        "practitioner_id": people[(n + turn + 1) % 3],
                        "id": made,
                    },
                ),
                rpc(
                    practice.owner_id,
                    "book_appointment",
                    service_id=service,
                    client_id=client.id,
                    starts_at=start + 2 * HOUR,
                    practitioner_id=person,
                ),
            ]
        outcomes = crew.race(calls)
        assert set(tokens([o for o in outcomes if o.call.user_id])) <= {
            "ok",
            "slot_taken",
            "client_busy",
        }
        assert {o.sqlstate for o in outcomes if not o.call.user_id} <= BY_HAND


def test_seats_are_counted_for_inserts_as_well(practice: Practice, crew: Crew) -> None:
    [leader] = practice.practitioners()
    service = practice.service([leader], seats=4)
    first, *clients = practice.clients(30)
    opened = practice.appointment(service, leader, first, monday())
    outcomes = crew.race(
        [
            rpc(str(c.user_id), "book_appointment", service_id=service, starts_at=monday())
            if n % 2
            else by_hand(practice, service, leader, c, monday(), session_id=opened)
            for n, c in enumerate(clients)
        ]
    )
    assert tokens(outcomes) == {"ok": 3, "slot_taken": 26}


def test_who_founded_a_session_does_not_come_back_over_its_seats(practice: Practice) -> None:
    [leader] = practice.practitioners()
    service = practice.service([leader], seats=2)
    founder, second, third = practice.clients(3)
    opened = practice.appointment(service, leader, founder, monday())
    practice.appointment(service, leader, second, monday(), session_id=opened)
    move = """
        update public.appointments
        set during = tstzrange(%(start)s, %(start)s + interval '1 hour'),
            blocked_during = tstzrange(%(start)s, %(start)s + interval '1 hour'),
            session_id = coalesce(%(session)s, session_id)
        where id = %(id)s
    """
    practice.sql.execute(move, {"start": monday() + 2 * HOUR, "session": None, "id": opened})
    practice.appointment(service, leader, third, monday(), session_id=opened)
    with pytest.raises(Exception, match="slot_taken"):
        practice.sql.execute(move, {"start": monday(), "session": opened, "id": opened})


def test_a_ledger_entry_by_hand_races_with_bookings(practice: Practice, crew: Crew) -> None:
    people = practice.practitioners(10)
    service = practice.service(people, price_amount=100)
    client = practice.client(credit=500)
    entry = """
        insert into public.credit_entries
          (organization_id, client_id, kind, amount, currency, reason)
        values (%s, %s, 'adjustment', %s, 'CZK', 'by hand')
    """
    calls: list[Call] = []
    for n, person in enumerate(people):
        calls.append(
            rpc(
                str(client.user_id),
                "book_appointment",
                service_id=service,
                practitioner_id=person,
                starts_at=monday() + n * HOUR,
            )
        )
        calls.append(Call(None, entry, [practice.id, client.id, [-60, 40][n % 2]]))
    outcomes = crew.race(calls)
    assert set(tokens(outcomes)) <= {"ok", "insufficient_credits"}
    assert {o.token for o in outcomes[::2]} == {"ok"}
