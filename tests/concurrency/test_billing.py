"""Reports and marks while sessions are being finished."""

from __future__ import annotations

import datetime as dt
import random

from tests.concurrency.practice import Practice, monday
from tests.concurrency.race import Crew, rpc, tokens

HOUR = dt.timedelta(hours=1)


def finished(practice: Practice, count: int, status: str = "completed") -> list[str]:
    """Make sessions of one practitioner and client, one an hour."""
    [person] = practice.practitioners()
    service = practice.service([person], price_amount=100)
    client = practice.client()
    return [
        practice.appointment(service, person, client, monday() + n * HOUR, status=status)
        for n in range(count)
    ]


def test_overlapping_sets_are_marked_by_one_caller_each(practice: Practice, crew: Crew) -> None:
    ids = finished(practice, 40)
    chance = random.Random(3)
    outcomes = crew.race(
        [
            rpc(
                practice.owner_id,
                "mark_invoiced",
                appointment_ids=chance.sample(ids[n : n + 25], 20),
            )
            for n in range(16)
        ]
    )
    counted = tokens(outcomes)
    assert set(counted) <= {"ok", "invalid_state"}
    marked = [o for o in outcomes if o.token == "ok"]
    assert marked
    # All or none: what was marked is exactly what the winners named, each once.
    named = [str(i) for o in marked for i in o.call.parameters["appointment_ids"]]  # type: ignore[call-overload]
    assert len(named) == len(set(named))
    invoiced = {str(a["id"]) for a in practice.appointments() if a["payment_status"] == "invoiced"}
    assert invoiced == set(named)


def test_marking_while_paying(practice: Practice, crew: Crew) -> None:
    ids = finished(practice, 12)
    [client_id] = {str(a["client_id"]) for a in practice.appointments()}
    crew.race(
        [
            rpc(
                practice.owner_id,
                "adjust_credits",
                client_id=client_id,
                amount=800,
                reason="top-up",
            )
        ]
    )
    outcomes = crew.race(
        [rpc(practice.owner_id, "pay_appointment", appointment_id=i) for i in ids]
        + [
            rpc(practice.owner_id, "mark_invoiced", appointment_ids=ids[n : n + 6])
            for n in (0, 3, 6)
        ]
    )
    assert set(tokens(outcomes)) <= {"ok", "invalid_state", "insufficient_credits"}


def test_marking_never_deadlocks_with_series(practice: Practice, crew: Crew) -> None:
    [person] = practice.practitioners()
    service = practice.service([person])
    for day in range(4):
        client = practice.client()
        [made] = crew.race(
            [
                rpc(
                    practice.owner_id,
                    "book_block",
                    service_id=service,
                    practitioner_id=person,
                    client_id=client.id,
                    starts_at=monday() + dt.timedelta(days=day),
                    occurrences=40,
                )
            ]
        )
        ids = [row["id"] for row in made.rows]
        # What is not over cannot be marked, and asking for it must not get in anybody's way.
        outcomes = crew.race(
            [rpc(practice.owner_id, "mark_invoiced", appointment_ids=ids)] * 4
            + [
                rpc(
                    practice.owner_id,
                    "reschedule_block",
                    appointment_id=ids[0],
                    scope="all_future",
                    starts_at=made.rows[0]["starts_at"] + HOUR,
                ),
                rpc(practice.owner_id, "cancel_block", appointment_id=ids[1], scope="all_future"),
            ]
        )
        assert set(tokens(outcomes)) <= {"ok", "invalid_state"}
        assert tokens(outcomes[:4]) == {"invalid_state": 4}


def test_reports_while_sessions_finish(practice: Practice, crew: Crew) -> None:
    confirmed = finished(practice, 40, status="confirmed")
    over = finished(practice, 20)
    period = {
        "period_start": monday().date(),
        "period_end": monday().date() + dt.timedelta(days=7),
    }
    calls = [
        rpc(
            practice.owner_id,
            "mark_no_show" if n % 4 == 0 else "complete_appointment",
            appointment_id=made,
        )
        for n, made in enumerate(confirmed)
    ]
    calls += [
        rpc(practice.owner_id, "mark_invoiced", appointment_ids=over[n * 4 : n * 4 + 4])
        for n in range(5)
    ]
    reports = [rpc(practice.owner_id, "create_billing_report", **period)] * 10
    mixed = [*calls, *reports]
    random.Random(5).shuffle(mixed)
    outcomes = crew.race(mixed)
    assert set(tokens(outcomes)) == {"ok"}
    [last] = crew.race(reports[:1])
    assert last.row["line_count"] == 60
