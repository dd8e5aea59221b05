"""Reschedules against bookings, cancellations and each other, crossing in both directions."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any, LiteralString

import pytest

from tests.concurrency.practice import Practice, monday
from tests.concurrency.race import Call, Crew, rpc, run_together, tokens, wait_for_lock
from tests.conftest import Connection

HOUR = dt.timedelta(hours=1)
REFUSALS = {"slot_taken", "client_busy", "invalid_state"}


def test_neighbours_swap_rooms_and_practitioners(practice: Practice, crew: Crew) -> None:
    people = practice.practitioners(2)
    rooms = practice.rooms(2)
    service = practice.service(people, rooms)
    clients = practice.clients(2)
    for day in range(6):
        start = monday() + dt.timedelta(days=day)
        ids = [
            practice.appointment(service, people[n], clients[n], start + n * HOUR, room_id=rooms[n])
            for n in range(2)
        ]
        # Each wants exactly where the other one is, at the same time: at most one can go first.
        outcomes = crew.race(
            [
                rpc(
                    practice.owner_id,
                    "reschedule_appointment",
                    appointment_id=ids[n],
                    starts_at=start + (1 - n) * HOUR,
                    practitioner_id=people[1 - n],
                    room_id=rooms[1 - n],
                )
                for n in range(2)
            ]
        )
        assert tokens(outcomes) == {"slot_taken": 2}


def test_a_chain_moves_up_by_one(practice: Practice, crew: Crew) -> None:
    [person] = practice.practitioners()
    service = practice.service([person], practice.rooms())
    clients = practice.clients(10)
    ids = [
        practice.appointment(service, person, client, monday() + n * HOUR)
        for n, client in enumerate(clients)
    ]
    outcomes = crew.race(
        [
            rpc(
                str(client.user_id),
                "reschedule_appointment",
                appointment_id=i,
                starts_at=monday() + (n + 1) * HOUR,
            )
            for n, (i, client) in enumerate(zip(ids, clients, strict=True))
        ]
    )
    # The last can always move; the others as far as those before them have gone.
    counted = tokens(outcomes)
    assert counted["ok"] >= 1
    assert counted["ok"] + counted["slot_taken"] == 10


def test_many_move_into_one_slot(practice: Practice, crew: Crew) -> None:
    people = practice.practitioners(3)
    service = practice.service(people, practice.rooms(2))
    clients = practice.clients(24)
    ids = [
        practice.appointment(service, people[n % 3], client, monday() + (n // 3 + 2) * HOUR)
        for n, client in enumerate(clients)
    ]
    outcomes = crew.race(
        [
            rpc(
                str(client.user_id),
                "reschedule_appointment",
                appointment_id=i,
                starts_at=monday(),
                practitioner_id=people[0],
            )
            for i, client in zip(ids, clients, strict=True)
        ]
    )
    assert tokens(outcomes) == {"ok": 1, "slot_taken": 23}


def test_one_appointment_is_moved_by_everybody(practice: Practice, crew: Crew) -> None:
    people = practice.practitioners(4)
    service = practice.service(people, practice.rooms(2))
    client = practice.client()
    made = practice.appointment(service, people[0], client, monday())
    users = [practice.owner_id, str(client.user_id)]
    calls = [
        rpc(
            users[n % 2],
            "reschedule_appointment",
            appointment_id=made,
            starts_at=monday() + (n % 3) * HOUR,
            **({"practitioner_id": people[n % 4]} if n % 3 else {}),
        )
        for n in range(40)
    ]
    calls += [
        rpc(
            practice.owner_id,
            "book_appointment",
            service_id=service,
            starts_at=monday() + (n % 3) * HOUR,
            practitioner_id=people[n % 4],
            client_id=client.id,
        )
        for n in range(12)
    ]
    outcomes = crew.race(calls)
    assert set(tokens(outcomes)) <= {"ok", *REFUSALS}


def test_a_move_behind_a_move_to_another_practitioner(
    practice: Practice, crew: Crew, owner_sql: Connection
) -> None:
    first, second = practice.practitioners(2)
    service = practice.service([first, second])
    client = practice.client()
    made = practice.appointment(service, first, client, monday())
    move = "select * from public.reschedule_appointment(%s, %s, practitioner_id => %s)"
    with (
        crew.acting(practice.owner_id) as mover,
        crew.acting(practice.owner_id) as follower,
        crew.acting(practice.owner_id) as booker,
    ):
        mover.execute(move, [made, monday(), second])

        # The follower knows the appointment where it was; the booker holds what it then needs.
        def follow() -> None:
            follower.execute(move, [made, monday() + HOUR, None])
            follower.commit()

        def book() -> None:
            wait_for_lock(owner_sql, [follower.info.backend_pid])
            booker.execute(
                "select * from public.book_appointment(%s, %s, practitioner_id => %s,"
                " client_id => %s)",
                [service, monday() + 5 * HOUR, second, client.id],
            )
            booker.commit()

        def finish() -> None:
            wait_for_lock(owner_sql, [follower.info.backend_pid, booker.info.backend_pid])
            mover.commit()

        run_together([follow, book, finish])
    times = {(str(a["practitioner_id"]), a["starts_at"]) for a in practice.appointments()}
    assert times == {(second, monday() + HOUR), (second, monday() + 5 * HOUR)}


def test_book_move_cancel_for_a_while(practice: Practice, crew: Crew) -> None:
    people = practice.practitioners(4)
    rooms = practice.rooms(3)
    services = [
        practice.service(people, rooms, price_amount=300),
        practice.service(people[:3], rooms[1:], duration_minutes=45, buffer_after_minutes=15),
        practice.service(people[1:], rooms[:2], duration_minutes=90, seats=3, price_amount=100),
    ]
    clients = practice.clients(12, credit=1500)
    chance = random.Random(20261120)

    def start() -> dt.datetime:
        return monday() + dt.timedelta(minutes=15 * chance.randrange(24))

    def script(worker: int) -> list[Call]:
        calls: list[Call] = []
        for _ in range(25):
            client = chance.choice(clients)
            actor = practice.owner_id if worker % 2 else str(client.user_id)
            # The appointment is chosen when the statement runs: any that is open at that moment.
            target = {
                "target": client.id,
                "starts_at": start(),
                "practitioner_id": chance.choice([None, *people]),
            }
            kind = chance.random()
            if kind < 0.4:
                calls.append(
                    rpc(
                        actor,
                        "book_appointment",
                        service_id=chance.choice(services),
                        client_id=client.id,
                        starts_at=target["starts_at"],
                        practitioner_id=target["practitioner_id"],
                    )
                )
            elif kind < 0.75:
                calls.append(Call(actor, MOVE_ANY, target))
            elif kind < 0.95:
                calls.append(Call(actor, CANCEL_ANY, target))
            else:
                calls.append(
                    rpc(
                        practice.owner_id,
                        "book_block",
                        service_id=services[0],
                        practitioner_id=people[0],
                        client_id=client.id,
                        starts_at=target["starts_at"],
                        occurrences=3,
                        skip_conflicts=True,
                    )
                )
        return calls

    outcomes = crew.run([script(worker) for worker in range(16)])
    assert set(tokens(outcomes)) <= {"ok", "not_found", *REFUSALS}
    assert tokens(outcomes)["ok"] > 50


ANY_OPEN = """(
    select a.id from public.appointments as a
    where a.client_id = %(target)s and a.status in ('pending', 'confirmed')
    order by random() limit 1
)"""
MOVE_ANY = f"""
    select r.* from {ANY_OPEN} as one
    cross join public.reschedule_appointment(one.id, %(starts_at)s, %(practitioner_id)s) as r
"""
CANCEL_ANY = f"select r.* from {ANY_OPEN} as one cross join public.cancel_appointment(one.id) as r"


@pytest.mark.parametrize(
    ("change", "arguments"),
    [
        ("reschedule_appointment", {"starts_at": monday() + 3 * HOUR}),
        (
            "reschedule_block",
            {"starts_at": monday() + 3 * HOUR, "scope": "this"},
        ),
        ("cancel_appointment", {}),
        ("cancel_block", {"scope": "this"}),
        ("complete_appointment", {}),
        ("pay_appointment", {}),
    ],
)
def test_what_a_colleague_took_over_meanwhile_is_theirs(
    practice: Practice, crew: Crew, change: LiteralString, arguments: dict[str, Any]
) -> None:
    people = practice.practitioners(2)
    service = practice.service(people)
    login = practice.member("practitioner")
    practice.sql.execute(
        "update public.practitioners set user_id = %s where id = %s", [login, people[0]]
    )
    appointment = practice.appointment(service, people[0], practice.client(), monday())
    takes_over = rpc(
        practice.owner_id,
        "reschedule_appointment",
        appointment_id=appointment,
        starts_at=monday() + HOUR,
        practitioner_id=people[1],
    )
    outcome = crew.behind(takes_over, rpc(login, change, appointment_id=appointment, **arguments))
    assert outcome.token == "not_found"
    [row] = practice.appointments()
    assert str(row["practitioner_id"]) == people[1]
    assert (row["starts_at"], row["status"]) == (monday() + HOUR, "confirmed")
