"""Money in another order: who holds what the next one wants, one step after the other.

Each test lets one transaction hold something and starts the other beside it, so that nothing
depends on who is faster: jobs and batches pass over what is held, everybody else takes turns.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import threading
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.concurrency.practice import UTC, Client, Practice, monday
from tests.concurrency.race import Call, Crew, Outcome, attempt, become, rpc, tokens, wait_for_lock
from tests.conftest import Connection

LINES = '[{"description": "Session", "unit_price_amount": 1000}]'


@contextlib.contextmanager
def beside(crew: Crew, sql: Connection, call: Call) -> Iterator[list[Outcome]]:
    """Start a call that has to wait; what it got is there when the block is left."""
    connection = crew.hire(1)[0]
    become(connection, call)
    found: list[Outcome] = []
    thread = threading.Thread(target=lambda: found.append(attempt(connection, call)), daemon=True)
    thread.start()
    wait_for_lock(sql, [connection.info.backend_pid])
    yield found
    thread.join()


@contextlib.contextmanager
def holding(crew: Crew, query: str, parameters: list[Any]) -> Iterator[psycopg.Connection[Any]]:
    """Keep open a transaction of the schema's owner that holds what the query locks."""
    with psycopg.connect(crew.db_url) as connection:
        connection.execute(query.encode(), parameters)
        yield connection
        connection.rollback()


def made(practice: Practice, crew: Crew, *calls: Call) -> list[dict[str, Any]]:
    """Make calls one after the other, all of which succeed."""
    return [crew.race([call])[0].row for call in calls]


def top_up_invoice(practice: Practice, crew: Crew, client: Client, amount: int) -> dict[str, Any]:
    owner = practice.owner_id
    [draft] = made(
        practice, crew, rpc(owner, "create_top_up_invoice", client_id=client.id, amount=amount)
    )
    [invoice] = made(practice, crew, rpc(owner, "issue_invoice", invoice_id=draft["id"]))
    return invoice


def bank_account(practice: Practice) -> str:
    row = practice.one(
        "insert into public.bank_accounts (organization_id, name, account_number, currency)"
        " values (%s, 'main', '19/0800', 'CZK') returning id",
        [practice.id],
    )
    return str(row["id"])


def statement(practice: Practice, account: str, lines: list[dict[str, Any]]) -> Call:
    return Call(
        practice.owner_id,
        "select public.import_bank_transactions(%s, %s, 'test') as report",
        [
            account,
            Jsonb([{"booked_on": "2026-11-01", "currency": "CZK", **line} for line in lines]),
        ],
    )


def bank_lines(practice: Practice) -> list[dict[str, Any]]:
    return practice.sql.execute(
        "select * from public.bank_transactions where organization_id = %s order by amount, id",
        [practice.id],
    ).fetchall()


def statuses(practice: Practice, invoices: list[dict[str, Any]]) -> list[str]:
    rows = practice.sql.execute(
        "select status from public.invoices where id = any (%s) order by id",
        [[invoice["id"] for invoice in invoices]],
    ).fetchall()
    return [row["status"] for row in rows]


INVOICE = "select 1 from public.invoices where id = %s for update"


def test_a_bank_line_is_taken_back_while_one_of_its_invoices_is_opened_again(
    practice: Practice, crew: Crew, owner_sql: Connection
) -> None:
    """Both give up credits of one client: the second invoice must not be waited for with those."""
    owner = practice.owner_id
    client = practice.client()
    invoices = [top_up_invoice(practice, crew, client, 100) for _ in range(2)]
    invoices.sort(key=lambda invoice: str(invoice["id"]))
    made(practice, crew, statement(practice, bank_account(practice), [{"amount": 150}]))
    [line] = bank_lines(practice)
    *_, paid = made(
        practice,
        crew,
        *(
            rpc(
                owner,
                "match_bank_transaction",
                bank_transaction_id=line["id"],
                invoice_id=invoice["id"],
            )
            for invoice in invoices
        ),
        rpc(owner, "record_payment", invoice_id=invoices[1]["id"], amount=50),
    )
    payment_id = paid["record_payment"]["id"]
    taking_back = rpc(
        owner, "unmatch_bank_transaction", bank_transaction_id=line["id"], reason="mistaken"
    )
    with holding(crew, INVOICE, [invoices[1]["id"]]) as reversing:
        become(reversing, Call(owner, "select 1"))
        with beside(crew, owner_sql, taking_back) as found:
            reversing.execute("select public.reverse_payment(%s, 'mistaken')", [payment_id])
            reversing.commit()
    assert tokens(found) == {"ok": 1}
    assert statuses(practice, invoices) == ["issued", "issued"]
    assert practice.balance(client) == 0


def test_reminders_take_invoices_in_the_order_of_all(
    practice: Practice, crew: Crew, owner_sql: Connection
) -> None:
    owner = practice.owner_id
    client = practice.client()
    today = dt.datetime.now(UTC).date()
    drafts = made(
        practice,
        crew,
        *[
            Call(
                owner,
                "select * from public.create_invoice(%s, lines => %s, due_on => %s)",
                [client.id, LINES, today - dt.timedelta(days=20 - day)],
            )
            for day in range(2)
        ],
    )
    early, late = sorted(drafts, key=lambda draft: str(draft["id"]))
    # The one that comes later by its key is due before the other.
    practice.sql.execute(
        "update public.invoices set due_on = %s where id = %s",
        [today - dt.timedelta(days=30), late["id"]],
    )
    made(
        practice,
        crew,
        *[
            rpc(
                owner,
                "issue_invoice",
                invoice_id=draft["id"],
                issued_on=today - dt.timedelta(days=40),
            )
            for draft in (early, late)
        ],
    )
    with (
        holding(crew, INVOICE, [early["id"]]) as other,
        beside(crew, owner_sql, rpc(owner, "send_overdue_reminders")) as found,
    ):
        other.execute(INVOICE + " nowait", [late["id"]])
        other.commit()
    assert tokens(found) == {"ok": 1}


def test_sessions_of_an_invoice_are_paid_in_the_order_of_all(
    practice: Practice, crew: Crew, owner_sql: Connection
) -> None:
    owner = practice.owner_id
    [person] = practice.practitioners()
    service = practice.service([person], price_amount=100)
    client = practice.client()
    # Booked first, held last.
    ids = sorted(
        practice.appointment(
            service, person, client, monday() + dt.timedelta(hours=9 - n), status="completed"
        )
        for n in range(2)
    )
    [draft] = made(practice, crew, rpc(owner, "create_invoice", client_id=client.id))
    [invoice] = made(practice, crew, rpc(owner, "issue_invoice", invoice_id=draft["id"]))
    query = "select 1 from public.appointments where id = %s for update"
    paying = rpc(owner, "record_payment", invoice_id=invoice["id"], amount=200)
    with (
        holding(crew, query, [ids[0]]) as other,
        beside(crew, owner_sql, paying) as found,
    ):
        other.execute(query + " nowait", [ids[1]])
        other.commit()
    assert tokens(found) == {"ok": 1}


def test_a_report_waits_for_nobody(practice: Practice, crew: Crew) -> None:
    [person] = practice.practitioners()
    service = practice.service([person], price_amount=100)
    made_id = practice.appointment(service, person, practice.client(), monday(), status="completed")
    period = {"period_start": monday().date(), "period_end": monday().date() + dt.timedelta(days=1)}
    with (
        holding(crew, "select 1 from public.appointments where id = %s for update", [made_id]),
        crew.acting(practice.owner_id) as reporting,
    ):
        reporting.execute("set local lock_timeout = '1s'")
        row = reporting.execute(
            "select * from public.create_billing_report(%(period_start)s, %(period_end)s)",
            period,
        ).fetchone()
        reporting.commit()
    assert row is not None
    assert row["line_count"] == 1
    assert row["totals"][0]["completed_unpaid"] == {"count": 1, "amount": 100}


def test_what_is_due_becomes_overdue_although_somebody_holds_another(
    make_practice: Callable[..., Practice], crew: Crew
) -> None:
    practice = make_practice(timezone="Pacific/Midway")
    client = practice.client()
    owner = practice.owner_id
    row = practice.one("select private.local_day(%s) as today", [practice.id])
    invoices = []
    for _ in range(3):
        [draft] = made(
            practice,
            crew,
            Call(
                owner,
                "select * from public.create_invoice(%s, lines => %s, due_on => %s)",
                [client.id, LINES, row["today"]],
            ),
        )
        invoices += made(practice, crew, rpc(owner, "issue_invoice", invoice_id=draft["id"]))
    # The next day, by moving to where it has begun.
    practice.sql.execute(
        "update public.organizations set timezone = 'Pacific/Kiritimati' where id = %s",
        [practice.id],
    )
    job = "select private.mark_overdue_invoices()"
    with holding(crew, INVOICE, [invoices[1]["id"]]):
        practice.sql.execute("set lock_timeout = '1s'")
        practice.sql.execute(job)
        practice.sql.execute("reset lock_timeout")
        assert statuses(practice, invoices) == ["overdue", "issued", "overdue"]
    practice.sql.execute(job)
    assert statuses(practice, invoices) == ["overdue"] * 3


def test_the_sweep_passes_over_an_account_that_somebody_has(practice: Practice, crew: Crew) -> None:
    clients = practice.clients(3, logins=False)
    for client in clients:
        practice.top_up(client, 100, dt.datetime.now(UTC) - dt.timedelta(minutes=5))
    account = "select pg_advisory_xact_lock(hashtextextended(%s, 5))"
    # However many accounts other tests have left.
    sweep = "select private.expire_credits(1000000)"
    with holding(crew, account, [clients[1].id]):
        practice.sql.execute("set lock_timeout = '1s'")
        practice.sql.execute(sweep)
        practice.sql.execute("reset lock_timeout")
        assert [practice.balance(client) for client in clients] == [0, 100, 0]
    practice.sql.execute(sweep)
    assert [practice.balance(client) for client in clients] == [0, 0, 0]


def test_matching_passes_over_a_top_up_of_an_account_that_somebody_has(
    practice: Practice, crew: Crew
) -> None:
    clients = practice.clients(3, logins=False)
    invoices = [top_up_invoice(practice, crew, client, 100 + n) for n, client in enumerate(clients)]
    lines = [
        {"amount": 100 + n, "variable_symbol": invoice["variable_symbol"]}
        for n, invoice in enumerate(invoices)
    ]
    made(practice, crew, statement(practice, bank_account(practice), lines))
    account = "select pg_advisory_xact_lock(hashtextextended(%s, 5))"
    with (
        holding(crew, account, [clients[1].id]),
        crew.acting(practice.owner_id) as matching,
    ):
        matching.execute("set local lock_timeout = '1s'")
        matching.execute("select public.match_bank_transactions()")
        matching.commit()
        found = [line["status"] for line in bank_lines(practice)]
        assert found == ["matched", "suggested", "matched"]
    made(practice, crew, rpc(practice.owner_id, "match_bank_transactions"))
    assert [line["status"] for line in bank_lines(practice)] == ["matched"] * 3
    assert [practice.balance(client) for client in clients] == [100, 101, 102]


def test_one_statement_in_two_orders_at_once(practice: Practice, crew: Crew) -> None:
    account = bank_account(practice)
    lines = [{"amount": 1 + n, "message": "m"} for n in range(1000)]
    outcomes = crew.race(
        [
            statement(practice, account, ordered)
            for ordered in (lines, lines[::-1], lines[500:] + lines[:500])
        ]
    )
    assert tokens(outcomes) == {"ok": 3}
    reports = [outcome.row["report"] for outcome in outcomes]
    assert sum(report["new_count"] for report in reports) == 1000
    assert sum(report["known_count"] for report in reports) == 2000


def test_a_surplus_is_taken_back_once(practice: Practice, crew: Crew) -> None:
    owner = practice.owner_id
    client = practice.client(credit=10_000)
    invoice = top_up_invoice(practice, crew, client, 100)
    made(practice, crew, rpc(owner, "record_payment", invoice_id=invoice["id"], amount=150))
    row = practice.one(
        "select id from public.payments where organization_id = %s and credit_entry_id is not null",
        [practice.id],
    )
    again = rpc(owner, "reverse_payment", payment_id=row["id"], reason="mistaken")
    assert tokens(crew.race([again] * 8)) == {"ok": 1, "invalid_state": 7}
    assert practice.balance(client) == 10_100


@pytest.mark.parametrize("function", ["issue_invoice", "update_invoice", "send_invoice"])
def test_a_draft_that_is_deleted_meanwhile_is_not_found(
    practice: Practice, crew: Crew, owner_sql: Connection, function: str
) -> None:
    owner = practice.owner_id
    [draft] = made(
        practice,
        crew,
        rpc(owner, "create_top_up_invoice", client_id=practice.client().id, amount=100),
    )
    late = {
        "issue_invoice": rpc(owner, "issue_invoice", invoice_id=draft["id"]),
        "update_invoice": rpc(owner, "update_invoice", invoice_id=draft["id"], note="late"),
        "send_invoice": rpc(owner, "send_invoice", invoice_id=draft["id"]),
    }[function]
    with (
        holding(crew, "delete from public.invoices where id = %s", [draft["id"]]) as deleting,
        beside(crew, owner_sql, late) as found,
    ):
        deleting.commit()
    assert tokens(found) == {"not_found": 1}
