"""Series that cross one another: all of one or nothing of it, and nobody deadlocks."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter
from typing import LiteralString

import pytest

from tests.concurrency.practice import Practice, monday
from tests.concurrency.race import Crew, rpc, tokens

HOUR = dt.timedelta(hours=1)
WEEK = dt.timedelta(weeks=1)
REFUSALS = {"slot_taken", "client_busy"}


def test_blocks_cross_on_rooms_in_opposite_order(practice: Practice, crew: Crew) -> None:
    people = practice.practitioners(16)
    service = practice.service(people, practice.rooms(2))
    clients = practice.clients(16)
    # Each starts a week later than the one before; two rooms hold two of the overlapping series.
    outcomes = crew.race(
        [
            rpc(
                practice.owner_id,
                "book_block",
                service_id=service,
                practitioner_id=person,
                client_id=client.id,
                starts_at=monday() + WEEK * (n % 4),
                occurrences=8,
            )
            for n, (person, client) in enumerate(zip(people, clients, strict=True))
        ]
    )
    assert len(outcomes) == 16
    counted = Counter(o.token for o in outcomes)
    assert counted == {"ok": 2, "slot_taken": 14}
    assert sorted(Counter(a["block_id"] for a in practice.appointments()).values()) == [8, 8]


def test_blocks_and_single_bookings_share_everything(practice: Practice, crew: Crew) -> None:
    people = practice.practitioners(4)
    rooms = practice.rooms(3)
    forwards = practice.service(people, rooms)
    backwards = practice.service(people[::-1], rooms[::-1], duration_minutes=45)
    clients = practice.clients(5)
    calls = []
    for n, (person, client) in enumerate(itertools.product(people, clients)):
        shared = {
            "service_id": [forwards, backwards][n % 2],
            "practitioner_id": person,
            "client_id": client.id,
        }
        calls.append(
            rpc(
                practice.owner_id,
                "book_block",
                **shared,
                starts_at=monday() + dt.timedelta(minutes=30 * (n % 3)),
                occurrences=5,
                skip_conflicts=n % 4 == 0,
            )
        )
        calls.append(
            rpc(
                practice.owner_id,
                "book_appointment",
                **shared,
                starts_at=monday() + WEEK * (n % 5) + dt.timedelta(minutes=15 * (n % 5)),
            )
        )
    outcomes = crew.race(calls)
    assert set(tokens(outcomes)) <= {"ok", *REFUSALS}
    assert tokens(outcomes)["ok"] > 0


def test_blocks_of_one_client_with_many_practitioners(practice: Practice, crew: Crew) -> None:
    people = practice.practitioners(12)
    service = practice.service(people)
    client = practice.client()
    outcomes = crew.race(
        [
            rpc(
                practice.owner_id,
                "book_block",
                service_id=service,
                practitioner_id=person,
                client_id=client.id,
                starts_at=monday() + WEEK * (n % 3),
                occurrences=6,
            )
            for n, person in enumerate(people)
        ]
    )
    assert tokens(outcomes) == {"ok": 1, "client_busy": 11}


def test_blocks_that_skip_what_others_took(practice: Practice, crew: Crew) -> None:
    [person] = practice.practitioners()
    service = practice.service([person])
    outcomes = crew.race(
        [
            rpc(
                practice.owner_id,
                "book_block",
                service_id=service,
                practitioner_id=person,
                client_id=client.id,
                starts_at=monday() + WEEK * n,
                occurrences=6,
                skip_conflicts=True,
            )
            for n, client in enumerate(practice.clients(10, logins=False))
        ]
    )
    assert set(tokens(outcomes)) <= {"ok", "slot_taken"}
    # Whatever the order, every week that somebody wanted is taken exactly once.
    starts = [a["starts_at"] for a in practice.appointments()]
    assert len(starts) == len(set(starts)) == sum(len(o.rows) for o in outcomes)
    assert starts == [monday() + WEEK * n for n in range(15)]


def test_cancelling_a_series_and_its_parts(practice: Practice, crew: Crew) -> None:
    [person] = practice.practitioners()
    service = practice.service([person], practice.rooms(), price_amount=100)
    for day in range(3):
        client = practice.client(credit=800)
        [made] = crew.race(
            [
                rpc(
                    practice.owner_id,
                    "book_block",
                    service_id=service,
                    practitioner_id=person,
                    client_id=client.id,
                    starts_at=monday() + dt.timedelta(days=day),
                    occurrences=8,
                )
            ]
        )
        ids = [row["id"] for row in made.rows]
        users = [practice.owner_id, str(client.user_id)]
        calls = [
            rpc(users[n % 2], "cancel_appointment", appointment_id=i)
            for n, i in enumerate(reversed(ids))
        ]
        calls += [
            rpc(users[n % 2], "cancel_block", appointment_id=ids[2 * n], scope=scope)
            for n, scope in enumerate(["all_future", "this_and_following", "this", "all_future"])
        ]
        calls += [rpc(practice.owner_id, "complete_appointment", appointment_id=ids[-1])]
        outcomes = crew.race(calls)
        assert set(tokens(outcomes)) <= {"ok", "invalid_state"}, ids
        refunded = [
            a
            for a in practice.appointments(active=False)
            if a["client_id"] == made.rows[0]["client_id"] and a["payment_status"] == "refunded"
        ]
        assert practice.balance(client) == 100 * len(refunded)
        assert len(refunded) in {7, 8}


def test_moving_a_series_while_its_parts_move_and_go(practice: Practice, crew: Crew) -> None:
    people = practice.practitioners(3)
    service = practice.service(people, practice.rooms(2))
    clients = practice.clients(3)
    blocks = [
        crew.race(
            [
                rpc(
                    practice.owner_id,
                    "book_block",
                    service_id=service,
                    practitioner_id=person,
                    client_id=client.id,
                    starts_at=monday() + dt.timedelta(hours=n),
                    occurrences=5,
                )
            ]
        )[0].rows
        for n, (person, client) in enumerate(zip(people, clients, strict=True))
    ]
    calls = []
    for n, rows in enumerate(blocks):
        other = people[(n + 1) % 3]
        calls += [
            rpc(
                practice.owner_id,
                "reschedule_block",
                appointment_id=rows[1]["id"],
                scope="all_future",
                starts_at=rows[1]["starts_at"] + dt.timedelta(hours=1),
                practitioner_id=other,
            ),
            rpc(
                practice.owner_id,
                "reschedule_block",
                appointment_id=rows[2]["id"],
                scope="this_and_following",
                starts_at=rows[2]["starts_at"] - dt.timedelta(hours=1),
            ),
            rpc(
                practice.owner_id,
                "reschedule_appointment",
                appointment_id=rows[3]["id"],
                starts_at=rows[3]["starts_at"],
                practitioner_id=people[(n + 2) % 3],
            ),
            rpc(practice.owner_id, "cancel_appointment", appointment_id=rows[4]["id"]),
            rpc(
                practice.owner_id,
                "book_appointment",
                service_id=service,
                client_id=clients[(n + 2) % 3].id,
                practitioner_id=other,
                starts_at=rows[0]["starts_at"] + WEEK,
            ),
        ]
    outcomes = crew.race(calls)
    assert set(tokens(outcomes)) <= {"ok", "invalid_state", *REFUSALS}


@pytest.mark.parametrize("change", ["cancel_block", "reschedule_block"])
def test_what_follows_is_decided_when_its_turn_comes(
    practice: Practice, crew: Crew, change: LiteralString
) -> None:
    [person] = practice.practitioners()
    service, client = practice.service([person]), practice.client()
    [booked] = crew.race(
        [
            rpc(
                practice.owner_id,
                "book_block",
                service_id=service,
                practitioner_id=person,
                client_id=client.id,
                starts_at=monday(),
                occurrences=5,
            )
        ]
    )
    ids = [row["id"] for row in booked.rows]
    # The second goes behind the fourth, while somebody asks for it and all that follow.
    place = monday() + 3 * WEEK + HOUR
    moves = rpc(practice.owner_id, "reschedule_appointment", appointment_id=ids[1], starts_at=place)
    asks = {"appointment_id": ids[1], "scope": "this_and_following"}
    if change == "reschedule_block":
        asks["starts_at"] = place + HOUR
    outcome = crew.behind(moves, rpc(practice.owner_id, change, **asks))
    assert [row["id"] for row in outcome.rows] == [ids[1], ids[4]]


@pytest.mark.parametrize("change", ["cancel_block", "reschedule_block"])
def test_what_ends_meanwhile_is_left_out(
    practice: Practice, crew: Crew, change: LiteralString
) -> None:
    [person] = practice.practitioners()
    service, client = practice.service([person]), practice.client()
    booking = rpc(
        practice.owner_id,
        "book_block",
        service_id=service,
        practitioner_id=person,
        client_id=client.id,
        starts_at=monday(),
        occurrences=3,
    )
    ids = [row["id"] for row in crew.race([booking])[0].rows]
    asks = {"appointment_id": ids[0], "scope": "all_future"}
    if change == "reschedule_block":
        asks["starts_at"] = monday() + HOUR
    ends = rpc(practice.owner_id, "complete_appointment", appointment_id=ids[1])
    outcome = crew.behind(ends, rpc(practice.owner_id, change, **asks))
    assert [row["id"] for row in outcome.rows] == [ids[0], ids[2]]
