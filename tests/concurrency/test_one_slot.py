"""Many callers, one slot: one of them gets it, the others hear slot_taken and nothing worse."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from tests.concurrency.practice import Practice, monday
from tests.concurrency.race import Crew, rpc, run_together, tokens, wait_for_lock
from tests.conftest import Connection

CALLERS = 200
BOOK = """
    select * from public.book_appointment(service_id => %s, starts_at => %s, practitioner_id => %s)
"""


def test_two_hundred_clients_want_one_slot(practice: Practice, crew: Crew) -> None:
    [practitioner] = practice.practitioners()
    service = practice.service([practitioner], practice.rooms(2), price_amount=500)
    clients = practice.clients(CALLERS, credit=500)
    outcomes = crew.race(
        [
            rpc(
                str(c.user_id),
                "book_appointment",
                service_id=service,
                starts_at=monday(),
                practitioner_id=practitioner,
            )
            for c in clients
        ]
    )
    assert tokens(outcomes) == {"ok": 1, "slot_taken": CALLERS - 1}
    assert {o.sqlstate for o in outcomes} == {"", "PT409"}
    [booked] = practice.appointments()
    assert booked["payment_status"] == "paid"
    assert Counter(practice.balance(c) for c in clients) == {0: 1, 500: CALLERS - 1}


def test_two_hundred_overlapping_starts_leave_no_overlap(practice: Practice, crew: Crew) -> None:
    [practitioner] = practice.practitioners()
    service = practice.service([practitioner], buffer_before_minutes=10, buffer_after_minutes=5)
    clients = practice.clients(CALLERS)
    outcomes = crew.race(
        [
            rpc(
                str(c.user_id),
                "book_appointment",
                service_id=service,
                starts_at=monday() + dt.timedelta(minutes=15 * (n % 8)),
                practitioner_id=practitioner,
            )
            for n, c in enumerate(clients)
        ]
    )
    # Of eight starts within two hours, one or two sessions of 75 minutes fit.
    counted = tokens(outcomes)
    assert counted["ok"] in {1, 2}
    assert counted["ok"] + counted["slot_taken"] == CALLERS


def test_one_client_wants_one_slot_two_hundred_times(practice: Practice, crew: Crew) -> None:
    [practitioner] = practice.practitioners()
    service = practice.service([practitioner])
    client = practice.client()
    outcomes = crew.race(
        [
            rpc(
                str(client.user_id),
                "book_appointment",
                service_id=service,
                starts_at=monday(),
                practitioner_id=practitioner,
            )
        ]
        * CALLERS
    )
    counted = tokens(outcomes)
    assert counted["ok"] == 1
    assert counted["client_busy"] + counted["slot_taken"] == CALLERS - 1


def test_one_client_wants_every_practitioner_at_once(practice: Practice, crew: Crew) -> None:
    practitioners = practice.practitioners(40)
    service = practice.service(practitioners, practice.rooms(40))
    client = practice.client()
    outcomes = crew.race(
        [
            rpc(
                str(client.user_id),
                "book_appointment",
                service_id=service,
                starts_at=monday(),
                practitioner_id=practitioner,
            )
            for practitioner in practitioners
        ]
    )
    assert tokens(outcomes) == {"ok": 1, "client_busy": 39}


def test_the_slot_of_a_caller_who_gives_up_goes_to_the_one_who_waits(
    practice: Practice, crew: Crew, owner_sql: Connection
) -> None:
    [practitioner] = practice.practitioners()
    service = practice.service([practitioner], practice.rooms())
    first, second = practice.clients(2)
    arguments = [service, monday(), practitioner]
    with crew.acting(str(first.user_id)) as holder, crew.acting(str(second.user_id)) as waiter:
        holder.execute(BOOK, arguments)

        def wait() -> None:
            waiter.execute(BOOK, arguments)
            waiter.commit()

        def give_up() -> None:
            wait_for_lock(owner_sql, [waiter.info.backend_pid])
            holder.rollback()

        run_together([wait, give_up])
    [booked] = practice.appointments()
    assert str(booked["client_id"]) == second.id


def test_deliberate_overlaps_race_with_bookings(practice: Practice, crew: Crew) -> None:
    people = practice.practitioners(3)
    rooms = practice.rooms(2)
    service = practice.service(people, rooms)
    clients = practice.clients(60)
    outcomes = crew.race(
        [
            rpc(
                practice.owner_id,
                "book_appointment",
                service_id=service,
                starts_at=monday(),
                practitioner_id=people[n % 3],
                client_id=client.id,
                **(
                    {
                        "room_id": rooms[n % 2],
                        "allow_overlap": True,
                        "overlap_reason": "emergency",
                    }
                    if n % 10 == 0
                    else {}
                ),
            )
            for n, client in enumerate(clients)
        ]
    )
    assert tokens(outcomes[::10]) == {"ok": 6}
    assert set(tokens(outcomes)) <= {"ok", "slot_taken"}
    assert sum(not a["overlap_allowed_by"] for a in practice.appointments()) <= 2
    # Once they are there, nobody who keeps to the rules gets in.
    late = crew.race(
        [
            rpc(
                str(clients[1].user_id),
                "book_appointment",
                service_id=service,
                starts_at=monday() + dt.timedelta(minutes=30),
                practitioner_id=person,
            )
            for person in people
        ]
    )
    assert set(tokens(late)) <= {"slot_taken", "client_busy"}
