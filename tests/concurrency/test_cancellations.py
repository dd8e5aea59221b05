"""Cancelling twice, from both sides, and while paying: one refund, to the lots it came from."""

from __future__ import annotations

import datetime as dt

from tests.concurrency.practice import UTC, Practice, monday
from tests.concurrency.race import Crew, rpc, tokens


def test_parallel_cancellations_refund_once(practice: Practice, crew: Crew) -> None:
    [person] = practice.practitioners()
    service = practice.service([person], price_amount=700)
    client = practice.client(credit=300)
    soon = practice.top_up(client, 500, dt.datetime.now(UTC) + dt.timedelta(days=90))
    [booked] = crew.race(
        [
            rpc(
                str(client.user_id),
                "book_appointment",
                service_id=service,
                starts_at=monday(),
            )
        ]
    )
    assert practice.balance(client) == 100
    users = [practice.owner_id, str(client.user_id)]
    outcomes = crew.race(
        [
            rpc(
                users[n % 2],
                "cancel_appointment",
                appointment_id=booked.row["id"],
                reason=f"caller {n}",
            )
            for n in range(60)
        ]
    )
    assert tokens(outcomes) == {"ok": 1, "invalid_state": 59}
    assert practice.balance(client) == 800
    lots = practice.sql.execute(
        "select entry_id, remaining_amount from public.credit_lots where client_id = %s",
        [client.id],
    ).fetchall()
    assert {str(lot["entry_id"]) == soon: lot["remaining_amount"] for lot in lots} == {
        True: 500,
        False: 300,
    }


def test_cancelling_paying_and_completing_one_appointment(practice: Practice, crew: Crew) -> None:
    [person] = practice.practitioners()
    service = practice.service([person], price_amount=400)
    for day in range(6):
        client = practice.client()
        [booked] = crew.race(
            [
                rpc(
                    str(client.user_id),
                    "book_appointment",
                    service_id=service,
                    starts_at=monday() + dt.timedelta(days=day),
                )
            ]
        )
        assert booked.row["payment_status"] == "unpaid"
        practice.top_up(client, 1000)
        made = booked.row["id"]
        users = [practice.owner_id, str(client.user_id)]
        outcomes = crew.race(
            [
                rpc(users[n % 2], function, appointment_id=made)
                for function in ("pay_appointment", "cancel_appointment")
                for n in range(6)
            ]
            + [rpc(practice.owner_id, "complete_appointment", appointment_id=made)]
            + [rpc(practice.owner_id, "mark_no_show", appointment_id=made)]
        )
        assert set(tokens(outcomes)) <= {"ok", "invalid_state"}
        final = practice.one("select * from public.appointments where id = %s", [made])
        left = 600 if final["payment_status"] == "paid" else 1000
        assert practice.balance(client) == left


def test_a_cancelled_slot_goes_to_exactly_one(practice: Practice, crew: Crew) -> None:
    [person] = practice.practitioners()
    service = practice.service([person], practice.rooms())
    holder = practice.client()
    made = practice.appointment(service, person, holder, monday())
    others = practice.clients(60)
    calls = [
        rpc(str(c.user_id), "book_appointment", service_id=service, starts_at=monday())
        for c in others
    ]
    calls.insert(20, rpc(str(holder.user_id), "cancel_appointment", appointment_id=made))
    outcomes = crew.race(calls)
    assert outcomes[20].token == "ok"
    counted = tokens(outcomes[:20] + outcomes[21:])
    assert counted["ok"] <= 1
    assert counted["ok"] + counted["slot_taken"] == 60
    # Whoever comes now finds it free, unless somebody already has it.
    late = crew.race(
        [rpc(str(others[0].user_id), "book_appointment", service_id=service, starts_at=monday())]
    )
    assert counted["ok"] + tokens(late)["ok"] == 1


def test_the_whole_series_is_cancelled_from_every_end(practice: Practice, crew: Crew) -> None:
    [person] = practice.practitioners()
    service = practice.service([person], price_amount=100)
    client = practice.client(credit=600)
    [made] = crew.race(
        [
            rpc(
                practice.owner_id,
                "book_block",
                service_id=service,
                practitioner_id=person,
                client_id=client.id,
                starts_at=monday(),
                occurrences=6,
            )
        ]
    )
    assert practice.balance(client) == 0
    users = [practice.owner_id, str(client.user_id)]
    outcomes = crew.race(
        [
            rpc(
                users[n % 2],
                "cancel_block",
                appointment_id=made.rows[n % 6]["id"],
                scope="all_future",
            )
            for n in range(24)
        ]
    )
    assert set(tokens(outcomes)) == {"ok"}
    assert sum(len(o.rows) for o in outcomes) == 6
    assert practice.balance(client) == 600
