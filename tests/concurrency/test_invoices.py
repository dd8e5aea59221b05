"""Numbers, payments and bank lines when many want them at once."""

from __future__ import annotations

import random
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.concurrency.practice import Practice, monday
from tests.concurrency.race import Call, Crew, rpc, tokens

LINES = '[{"description": "Session", "unit_price_amount": 1000}]'


def drafts(practice: Practice, crew: Crew, count: int, series: str = "main") -> list[str]:
    """Make drafts of one client."""
    client = practice.client()
    call = Call(
        practice.owner_id,
        "select * from public.create_invoice(%s, lines => %s, series => %s)",
        [client.id, LINES, series],
    )
    made = crew.race([call] * count)
    assert tokens(made) == {"ok": count}
    return [str(outcome.row["id"]) for outcome in made]


def issue(practice: Practice, invoice_id: str) -> Call:
    return rpc(practice.owner_id, "issue_invoice", invoice_id=invoice_id)


def issued(practice: Practice, crew: Crew, count: int) -> list[dict[str, Any]]:
    outcomes = crew.race([issue(practice, i) for i in drafts(practice, crew, count)])
    assert tokens(outcomes) == {"ok": count}
    return [outcome.row for outcome in outcomes]


def sequences(practice: Practice, series: str) -> list[int]:
    rows = practice.sql.execute(
        "select sequence from public.invoices where organization_id = %s and series = %s"
        " and number is not null order by sequence",
        [practice.id, series],
    ).fetchall()
    return [int(row["sequence"]) for row in rows]


def test_fifty_numbers_in_each_of_two_series(practice: Practice, crew: Crew) -> None:
    practice.sql.execute(
        "insert into public.invoice_series (organization_id, code, digit) values (%s, 'shop', 3)",
        [practice.id],
    )
    ids = drafts(practice, crew, 50) + drafts(practice, crew, 50, "shop")
    random.Random(1).shuffle(ids)
    outcomes = crew.race([issue(practice, i) for i in ids])
    assert tokens(outcomes) == {"ok": 100}
    assert sequences(practice, "main") == list(range(1, 51))
    assert sequences(practice, "shop") == list(range(1, 51))
    assert len({o.row["variable_symbol"] for o in outcomes}) == 100


def test_rollbacks_leave_no_gap(practice: Practice, crew: Crew) -> None:
    ids = drafts(practice, crew, 60)
    # Half of them get their number and then fail, as a crash or a refused commit would.
    failing = [
        Call(
            practice.owner_id,
            "select (public.issue_invoice(%s)).id, 1 / 0 from pg_sleep(0.001)",
            [i],
        )
        for i in ids[:30]
    ]
    outcomes = crew.race([*failing, *(issue(practice, i) for i in ids[30:])])
    assert tokens(outcomes) == {"ok": 30, "22012 division by zero": 30}
    assert sequences(practice, "main") == list(range(1, 31))
    # A caller that dies while it holds the number gives it back.
    with psycopg.connect(crew.db_url) as dying:
        dying.execute("select set_config('request.jwt.claims', %s, true)", [claims(practice)])
        dying.execute("select public.issue_invoice(%s)", [ids[0]])
        practice.sql.execute("select pg_terminate_backend(%s)", [dying.info.backend_pid])
        with pytest.raises(psycopg.OperationalError):
            dying.execute("select 1")
    assert tokens(crew.race([issue(practice, i) for i in ids[:30]])) == {"ok": 30}
    assert sequences(practice, "main") == list(range(1, 61))


def claims(practice: Practice) -> str:
    return f'{{"sub": "{practice.owner_id}", "role": "authenticated"}}'


def test_one_draft_gets_one_number(practice: Practice, crew: Crew) -> None:
    [draft] = drafts(practice, crew, 1)
    outcomes = crew.race([issue(practice, draft)] * 20)
    assert tokens(outcomes) == {"ok": 1, "invalid_state": 19}
    assert sequences(practice, "main") == [1]


def test_lines_by_hand_while_their_invoices_are_issued(practice: Practice, crew: Crew) -> None:
    """Each statement writes to two drafts, some in the one order, some in the other."""
    ids = drafts(practice, crew, 8)
    insert = """
        insert into public.invoice_lines
          (organization_id, invoice_id, position, description, unit_price_amount)
        select %s, l.invoice_id::uuid, %s, 'by hand', 10
        from unnest(%s::text[]) as l (invoice_id)
    """
    pairs = [pair for one in range(8) for pair in ((one, (one + 3) % 8), ((one + 3) % 8, one))]
    by_hand = [
        Call(
            practice.owner_id,
            insert,
            [practice.id, 100 + place, [ids[pair[0]], ids[pair[1]]]],
            role="service_role",
        )
        for place, pair in enumerate(pairs * 2)
    ]
    calls = by_hand + [issue(practice, i) for i in ids[:4]]
    random.Random(7).shuffle(calls)
    outcomes = crew.race(calls)
    # Whoever comes after an issue is refused whole; nobody waits in a circle.
    assert set(tokens(outcomes)) <= {"ok", "invalid_state"}
    written = sum(o.token == "ok" and o.call.role == "service_role" for o in outcomes)
    assert sequences(practice, "main") == [1, 2, 3, 4]
    rows = practice.sql.execute(
        "select i.total_amount, count(l.id) as count"
        " from public.invoices as i join public.invoice_lines as l on l.invoice_id = i.id"
        " where i.organization_id = %s group by i.id",
        [practice.id],
    ).fetchall()
    assert all(row["total_amount"] == 1000 + 10 * (row["count"] - 1) for row in rows)
    assert sum(row["count"] - 1 for row in rows) == 2 * written


def test_an_invoice_is_paid_once(practice: Practice, crew: Crew) -> None:
    [invoice] = issued(practice, crew, 1)
    pay = rpc(practice.owner_id, "record_payment", invoice_id=invoice["id"], amount=1000)
    assert tokens(crew.race([pay] * 20)) == {"ok": 1, "invalid_state": 19}


def test_paid_or_void(practice: Practice, crew: Crew) -> None:
    for invoice in issued(practice, crew, 10):
        outcomes = crew.race(
            [
                rpc(practice.owner_id, "record_payment", invoice_id=invoice["id"], amount=1000),
                rpc(practice.owner_id, "void_invoice", invoice_id=invoice["id"], reason="x"),
                rpc(practice.owner_id, "create_credit_note", invoice_id=invoice["id"], reason="x"),
            ]
        )
        assert set(tokens(outcomes)) <= {"ok", "invalid_state"}
        # Paid and then credited is sound; void is alone.
        assert outcomes[1].token != "ok" or {outcomes[0].token, outcomes[2].token} == {
            "invalid_state"
        }


def test_a_session_is_paid_by_invoice_or_by_credits(practice: Practice, crew: Crew) -> None:
    [person] = practice.practitioners()
    service = practice.service([person], price_amount=100)
    for week in range(6):
        client = practice.client(credit=100)
        made = practice.appointment(service, person, client, monday(2 + week), status="completed")
        outcomes = crew.race(
            [
                rpc(practice.owner_id, "pay_appointment", appointment_id=made),
                rpc(
                    practice.owner_id, "create_invoice", client_id=client.id, appointment_ids=[made]
                ),
                rpc(practice.owner_id, "mark_invoiced", appointment_ids=[made]),
            ]
        )
        assert set(tokens(outcomes)) <= {"ok", "invalid_state"}
        # What is paid may be marked as invoiced elsewhere; what is on an invoice may not be paid.
        assert {outcomes[0].token, outcomes[1].token} != {"ok"}
        assert tokens(outcomes)["ok"] >= 1


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
        [account, Jsonb(lines)],
    )


def test_one_statement_from_many_at_once(practice: Practice, crew: Crew) -> None:
    account = bank_account(practice)
    lines = [
        {"booked_on": "2026-11-01", "amount": 100 + n, "currency": "CZK", "message": "m"}
        for n in range(100)
    ]
    calls = []
    for n in range(10):
        shuffled = lines[:]
        random.Random(n).shuffle(shuffled)
        calls.append(statement(practice, account, sorted(shuffled, key=str)))
    outcomes = crew.race(calls)
    assert tokens(outcomes) == {"ok": 10}
    reports = [outcome.row["report"] for outcome in outcomes]
    assert sum(report["new_count"] for report in reports) == 100
    assert sum(report["known_count"] for report in reports) == 900


def test_matching_from_everywhere(practice: Practice, crew: Crew) -> None:
    account = bank_account(practice)
    invoices = issued(practice, crew, 20)
    # Two genuine payments of each: one pays, the other waits for a person.
    lines = [
        {
            "booked_on": "2026-11-01",
            "amount": 1000,
            "currency": "CZK",
            "variable_symbol": invoice["variable_symbol"],
            "ordinal": copy,
        }
        for invoice in invoices
        for copy in (0, 1)
    ]
    [imported] = crew.race([statement(practice, account, lines)])
    assert imported.row["report"]["new_count"] == 40
    rows = practice.sql.execute(
        "select id from public.bank_transactions where organization_id = %s", [practice.id]
    ).fetchall()
    calls = [
        rpc(practice.owner_id, "match_bank_transaction", bank_transaction_id=row["id"])
        for row in rows
    ]
    calls += [rpc(practice.owner_id, "match_bank_transactions")] * 6
    calls += [
        rpc(practice.owner_id, "record_payment", invoice_id=invoice["id"], amount=1000)
        for invoice in invoices[:5]
    ]
    random.Random(4).shuffle(calls)
    outcomes = crew.race(calls)
    assert set(tokens(outcomes)) <= {"ok", "invalid_state"}
    crew.race([rpc(practice.owner_id, "match_bank_transactions")])
    paid = practice.one(
        "select count(*) as count from public.invoices where organization_id = %s"
        " and status = 'paid'",
        [practice.id],
    )
    assert paid["count"] == 20
    matched = practice.one(
        "select count(*) as count from public.bank_transactions where organization_id = %s"
        " and status = 'matched'",
        [practice.id],
    )
    assert 15 <= matched["count"] <= 20
