"""The same key at the same moment: one effect, and all hear of that one or are told to wait."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.concurrency.practice import Practice, monday
from tests.concurrency.race import Call, Crew, Outcome, rpc, tokens

CALLERS = 40


def settle(crew: Crew, calls: list[Call]) -> list[Outcome]:
    """Race, then ask again as a client would: now everybody gets the one answer."""
    outcomes = crew.race(calls)
    assert set(tokens(outcomes)) <= {"ok", "idempotency_in_flight"}
    again = crew.race(calls[:1])
    assert tokens(again) == {"ok": 1}
    answers = [o.rows for o in [*outcomes, *again] if o.token == "ok"]
    assert len(answers) >= 2
    assert all(rows == answers[0] for rows in answers)
    return again


def test_one_booking_per_key(practice: Practice, crew: Crew) -> None:
    people = practice.practitioners(3)
    service = practice.service(people, price_amount=200)
    client = practice.client(credit=1000)
    settle(
        crew,
        [
            rpc(
                str(client.user_id),
                "book_appointment",
                service_id=service,
                starts_at=monday(),
                idempotency_key="the-same",
            )
        ]
        * CALLERS,
    )
    assert len(practice.appointments()) == 1
    assert practice.balance(client) == 800


def test_one_adjustment_per_key(practice: Practice, crew: Crew) -> None:
    client = practice.client()
    settle(
        crew,
        [
            rpc(
                practice.owner_id,
                "adjust_credits",
                client_id=client.id,
                amount=250,
                reason="top-up",
                idempotency_key="the-same",
            )
        ]
        * CALLERS,
    )
    assert practice.balance(client) == 250


def test_one_block_per_key(practice: Practice, crew: Crew) -> None:
    [person] = practice.practitioners()
    service = practice.service([person])
    client = practice.client()
    [answer] = settle(
        crew,
        [
            rpc(
                practice.owner_id,
                "book_block",
                service_id=service,
                practitioner_id=person,
                client_id=client.id,
                starts_at=monday(),
                occurrences=4,
                idempotency_key="the-same",
            )
        ]
        * CALLERS,
    )
    assert len(answer.rows) == len(practice.appointments()) == 4


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        ("reschedule_appointment", {"starts_at": monday() + dt.timedelta(hours=2)}),
        ("cancel_appointment", {}),
        ("cancel_block", {"scope": "this"}),
        ("reschedule_block", {"scope": "this", "starts_at": monday() + dt.timedelta(hours=2)}),
        ("confirm_appointment", {}),
        ("pay_appointment", {}),
    ],
)
def test_one_change_per_key(
    practice: Practice, crew: Crew, function: str, arguments: dict[str, Any]
) -> None:
    [person] = practice.practitioners()
    service = practice.service([person], price_amount=100)
    client = practice.client(credit=300)
    made = practice.appointment(service, person, client, monday(), status="pending")
    settle(
        crew,
        [
            rpc(
                practice.owner_id,
                function,
                appointment_id=made,
                idempotency_key="the-same",
                **arguments,
            )
        ]
        * CALLERS,
    )
    [row] = practice.appointments(active=False)
    assert row["revision"] == (0 if function == "pay_appointment" else 1)


def test_a_session_has_one_video_room(practice: Practice, crew: Crew) -> None:
    [person] = practice.practitioners()
    service = practice.service([person], mode="video")
    client = practice.client()
    made = practice.appointment(service, person, client, monday())
    users = [practice.owner_id, str(client.user_id)]
    outcomes = crew.race(
        [rpc(users[n % 2], "open_video_room", appointment_id=made) for n in range(CALLERS)]
    )
    assert tokens(outcomes) == {"ok": CALLERS}
    assert len({o.row["open_video_room"]["room_name"] for o in outcomes}) == 1


def test_one_report_per_key(practice: Practice, crew: Crew) -> None:
    settle(
        crew,
        [
            rpc(
                practice.owner_id,
                "create_billing_report",
                period_start=dt.date(2026, 1, 1),
                period_end=dt.date(2026, 2, 1),
                idempotency_key="the-same",
            )
        ]
        * CALLERS,
    )
    row = practice.one(
        "select count(*) as n from public.billing_reports where organization_id = %s",
        [practice.id],
    )
    assert row["n"] == 1


def test_one_key_for_two_requests(practice: Practice, crew: Crew) -> None:
    client = practice.client()
    outcomes = crew.race(
        [
            rpc(
                practice.owner_id,
                "adjust_credits",
                client_id=client.id,
                amount=[100, 200][n % 2],
                reason="top-up",
                idempotency_key="the-same",
            )
            for n in range(CALLERS)
        ]
    )
    assert set(tokens(outcomes)) <= {"ok", "idempotency_in_flight", "idempotency_mismatch"}
    assert len({o.row["id"] for o in outcomes if o.token == "ok"}) == 1
    assert practice.balance(client) in {100, 200}


def test_callers_do_not_share_keys(practice: Practice, crew: Crew) -> None:
    people = practice.practitioners(8)
    service = practice.service(people)
    clients = practice.clients(8)
    outcomes = crew.race(
        [
            rpc(
                str(client.user_id),
                "book_appointment",
                service_id=service,
                starts_at=monday(),
                practitioner_id=person,
                idempotency_key="everybody-s",
            )
            for client, person in zip(clients, people, strict=True)
        ]
    )
    assert tokens(outcomes) == {"ok": 8}


def test_a_key_that_failed_can_be_used_again(practice: Practice, crew: Crew) -> None:
    [person] = practice.practitioners()
    service = practice.service([person])
    clients = practice.clients(30)
    calls = [
        rpc(
            str(client.user_id),
            "book_appointment",
            service_id=service,
            starts_at=monday(),
            idempotency_key="mine",
        )
        for client in clients
    ]
    first = crew.race(calls)
    assert tokens(first) == {"ok": 1, "slot_taken": 29}
    winner = next(n for n, o in enumerate(first) if o.token == "ok")
    [row] = practice.appointments()
    crew.race([rpc(practice.owner_id, "cancel_appointment", appointment_id=row["id"])])
    # The winner's repeat gets the old answer; of the others, one gets the slot with its old key.
    second = crew.race(calls)
    assert second[winner].row["id"] == row["id"]
    assert tokens(second) == {"ok": 2, "slot_taken": 28}
