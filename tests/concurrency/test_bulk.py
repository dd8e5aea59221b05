"""Bulk operations run by several at once, stopped, killed and asked for twice."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest

from tests.concurrency.practice import Client, Practice, monday
from tests.concurrency.race import Call, Crew, Outcome, rpc, tokens
from tests.conftest import Connection
from tests.stack_fixture import TestStack

HOUR = dt.timedelta(hours=1)
PRICE = 1_000
SESSIONS = 12


@dataclass
class Ill:
    """A practice whose practitioner falls ill before a full day, paid with credits."""

    practice: Practice
    practitioner: str
    colleague: str
    service: str
    rooms: list[str]
    clients: list[Client]
    ids: list[str]
    day: dt.date

    @property
    def reception(self) -> str:
        """Somebody of the desk."""
        return self.practice.owner_id

    def cancel_day(self, key: str | None = None) -> Call:
        """Start cancelling the day."""
        return rpc(
            self.reception,
            "cancel_day",
            practitioner_id=self.practitioner,
            day=self.day,
            idempotency_key=key,
        )

    def operations(self) -> list[dict[str, Any]]:
        """All operations, first to last."""
        return self.practice.sql.execute(
            "select * from public.bulk_operations where organization_id = %s order by created_at",
            [self.practice.id],
        ).fetchall()

    def cancelled(self) -> int:
        """How many sessions of the day are cancelled."""
        return sum(row["status"] == "cancelled" for row in self.practice.appointments(active=False))

    def assert_sound(self) -> None:
        """Every cancelled session was refunded once, and the operations say what happened."""
        for client, appointment in zip(self.clients, self.ids, strict=True):
            row = self.practice.one(
                "select status, payment_status from public.appointments where id = %s",
                [appointment],
            )
            is_cancelled = row["status"] == "cancelled"
            assert row["payment_status"] == ("refunded" if is_cancelled else "paid")
            assert self.practice.balance(client) == (PRICE if is_cancelled else 0)
        for name in ("bulk_violations", "bulk_changes_violations"):
            found = self.practice.sql.execute(
                f"select * from private.{name}(%s)".encode(), [self.practice.id]
            ).fetchall()
            assert found == []


@pytest.fixture
def ill(practice: Practice, crew: Crew) -> Ill:
    practitioner, colleague = practice.practitioners(2)
    rooms = practice.rooms(2)
    service = practice.service([practitioner, colleague], rooms, price_amount=PRICE)
    clients = practice.clients(SESSIONS, credit=PRICE)
    start = monday().replace(hour=6)
    outcomes = crew.run(
        [
            [
                rpc(
                    practice.owner_id,
                    "book_appointment",
                    service_id=service,
                    starts_at=start + n * HOUR,
                    practitioner_id=practitioner,
                    client_id=client.id,
                )
                for n, client in enumerate(clients)
            ]
        ]
    )
    ids = [str(outcome.row["id"]) for outcome in outcomes]
    return Ill(practice, practitioner, colleague, service, rooms, clients, ids, start.date())


def started(crew: Crew, call: Call) -> str:
    [outcome] = crew.run([[call]])
    return str(outcome.row["id"])


def run(ill: Ill, operation: str, max_items: int = 1) -> Call:
    return rpc(ill.reception, "run_bulk_operation", operation_id=operation, max_items=max_items)


def failures(outcomes: list[Outcome]) -> list[str]:
    return [outcome.token for outcome in outcomes if outcome.error is not None]


def test_runners_do_every_item_once(ill: Ill, crew: Crew) -> None:
    operation = started(crew, ill.cancel_day())
    outcomes = crew.run([[run(ill, operation, 2)] * SESSIONS for _ in range(6)])
    # Who finds the operation taken does nothing, so all may have come in vain for the last items.
    outcomes += crew.run([[run(ill, operation, 2)] * SESSIONS])
    assert failures(outcomes) == []
    [found] = ill.operations()
    assert (found["status"], found["done_count"], found["failed_count"]) == (
        "completed",
        SESSIONS,
        0,
    )
    assert ill.cancelled() == SESSIONS
    ill.assert_sound()


def test_a_runner_is_killed(ill: Ill, crew: Crew, stack: TestStack, owner_sql: Connection) -> None:
    operation = started(crew, ill.cancel_day())
    with psycopg.connect(stack.db_url) as runner:
        runner.execute(
            "select set_config('request.jwt.claims', %s, true), set_config('role', %s, true)",
            [json.dumps({"sub": ill.reception, "role": "authenticated"}), "authenticated"],
        )
        runner.execute("select public.run_bulk_operation(%s, 5)", [operation])
        # A second one meanwhile has nothing to do, and does not wait.
        [meanwhile] = crew.run([[run(ill, operation, 5)]])
        assert (meanwhile.row["status"], meanwhile.row["done_count"]) == ("running", 0)
        owner_sql.execute("select pg_terminate_backend(%s)", [runner.info.backend_pid])
        with pytest.raises(psycopg.OperationalError):
            runner.execute("select 1")
    assert ill.cancelled() == 0
    outcomes = crew.run([[run(ill, operation, 5)] * 3])
    assert [outcome.row["done_count"] for outcome in outcomes] == [5, 10, SESSIONS]
    ill.assert_sound()


def test_it_is_stopped_while_it_runs(ill: Ill, crew: Crew) -> None:
    for _ in range(3):
        operation = started(crew, ill.cancel_day())
        stop = rpc(ill.reception, "cancel_bulk_operation", operation_id=operation)
        outcomes = crew.run([[run(ill, operation)] * SESSIONS, [run(ill, operation), stop]])
        assert set(failures(outcomes)) <= {"invalid_state"}
        found = ill.operations()[-1]
        assert found["status"] in {"cancelled", "completed"}
        done = sum(row["done_count"] for row in ill.operations())
        assert ill.cancelled() == done
        ill.assert_sound()


def test_one_key_starts_one_operation(ill: Ill, crew: Crew) -> None:
    outcomes = crew.race([ill.cancel_day("ill") for _ in range(10)])
    assert tokens(outcomes).keys() <= {"ok", "idempotency_in_flight"}
    assert len(ill.operations()) == 1
    assert {str(outcome.row["id"]) for outcome in outcomes if outcome.error is None} == {
        str(ill.operations()[0]["id"])
    }


def test_two_operations_over_one_day(ill: Ill, crew: Crew) -> None:
    operations = [started(crew, ill.cancel_day()) for _ in range(2)]
    outcomes = crew.run([[run(ill, operation, 3)] * 6 for operation in operations])
    assert failures(outcomes) == []
    found = ill.operations()
    assert sum(row["done_count"] for row in found) == SESSIONS
    assert sum(row["skipped_count"] for row in found) == SESSIONS
    ill.assert_sound()


def test_a_day_moves_while_others_book_and_cancel(ill: Ill, crew: Crew) -> None:
    """Locks are taken in the order of everybody else: somebody loses, nobody is stuck."""
    to_day = ill.day + dt.timedelta(days=1)
    operation = started(
        crew,
        rpc(
            ill.reception,
            "move_day",
            practitioner_id=ill.practitioner,
            from_day=ill.day,
            to_day=to_day,
            to_practitioner_id=ill.colleague,
        ),
    )
    others = ill.practice.clients(SESSIONS, credit=PRICE)
    start = monday().replace(hour=6) + dt.timedelta(days=1)
    book = [
        rpc(
            str(client.user_id),
            "book_appointment",
            service_id=ill.service,
            starts_at=start + n * HOUR,
            practitioner_id=ill.colleague,
        )
        for n, client in enumerate(others)
    ]
    cancel = [
        rpc(str(client.user_id), "cancel_appointment", appointment_id=appointment)
        for client, appointment in list(zip(ill.clients, ill.ids, strict=True))[::3]
    ]
    move = [
        rpc(
            str(client.user_id),
            "reschedule_appointment",
            appointment_id=appointment,
            starts_at=start + n * HOUR,
            practitioner_id=ill.colleague,
        )
        for n, (client, appointment) in enumerate(
            zip(ill.clients[1::3], ill.ids[1::3], strict=True)
        )
    ]
    outcomes = crew.run(
        [[run(ill, operation, 4)] * 6, [run(ill, operation, 4)] * 6, book, cancel, move]
    )
    refusals = {"slot_taken", "client_busy", "invalid_state", "insufficient_credits"}
    assert set(failures(outcomes)) <= refusals
    crew.run([[run(ill, operation, 100)] * 2])
    [found] = ill.operations()
    assert found["status"] == "completed"
    assert found["done_count"] + found["failed_count"] + found["skipped_count"] == SESSIONS
    codes = ill.practice.sql.execute(
        "select distinct code from public.bulk_operation_items where operation_id = %s",
        [operation],
    ).fetchall()
    assert {row["code"] for row in codes} <= {None, *refusals}


def test_lists_with_the_same_clients_meet(practice: Practice, crew: Crew) -> None:
    rows = [
        {
            "number": n,
            "given_name": "Client",
            "family_name": str(n),
            "email": f"{n}.{practice.slug}@x.test",
        }
        for n in range(1, 41)
    ]
    operations = [
        started(
            crew,
            rpc(
                practice.owner_id,
                "start_client_import",
                row_count=len(rows),
                file_hash=uuid.uuid4().hex * 2,
                organization_id=practice.id,
            ),
        )
        for _ in range(4)
    ]
    batches = [rows[at : at + 10] for at in range(0, len(rows), 10)]
    outcomes = crew.run(
        [
            [
                rpc(
                    practice.owner_id,
                    "import_clients",
                    operation_id=operation,
                    rows=json.dumps(batch),
                )
                # The same batches in another order, and each of them twice.
                for batch in (batches[turn:] + batches[:turn]) * 2
            ]
            for turn, operation in enumerate(operations)
        ]
    )
    assert failures(outcomes) == []
    found = practice.sql.execute(
        "select status, done_count, skipped_count from public.bulk_operations"
        " where organization_id = %s",
        [practice.id],
    ).fetchall()
    assert {row["status"] for row in found} == {"completed"}
    assert sum(row["done_count"] for row in found) == len(rows)
    assert sum(row["skipped_count"] for row in found) == 3 * len(rows)
    known = practice.one(
        "select count(*) as count, count(distinct email) as emails from public.clients"
        " where organization_id = %s",
        [practice.id],
    )
    assert (known["count"], known["emails"]) == (len(rows), len(rows))
