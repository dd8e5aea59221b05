"""The ledger under load: sums are right, nobody goes below the limit, nothing is spent twice."""

from __future__ import annotations

import datetime as dt
import itertools
import random
import uuid
from typing import LiteralString

import psycopg
import pytest

from tests.concurrency.practice import UTC, Practice, monday
from tests.concurrency.race import Call, Crew, rpc, tokens
from tests.stack_fixture import TestStack

HOUR = dt.timedelta(hours=1)


def test_parallel_top_ups_add_up(practice: Practice, crew: Crew) -> None:
    # The account does not exist yet: its first row is contended as well.
    client = practice.client()
    outcomes = crew.race(
        [
            rpc(
                practice.owner_id,
                "adjust_credits",
                client_id=client.id,
                amount=n + 1,
                reason="top-up",
                expires_at=dt.datetime.now(UTC) + dt.timedelta(days=n) if n % 3 else None,
            )
            for n in range(100)
        ]
    )
    assert tokens(outcomes) == {"ok": 100}
    assert practice.balance(client) == 5050
    assert sorted(o.row["number"] for o in outcomes) == list(range(1, 101))


@pytest.mark.parametrize("overdraft", [0, 250])
def test_parallel_withdrawals_stop_at_the_limit(
    practice: Practice, crew: Crew, overdraft: int
) -> None:
    practice.set(credit_overdraft_amount=overdraft)
    client = practice.client(credit=1000)
    outcomes = crew.race(
        [
            rpc(
                practice.owner_id,
                "adjust_credits",
                client_id=client.id,
                amount=-70,
                reason="correction",
            )
            for _ in range(60)
        ]
    )
    fits = (1000 + overdraft) // 70
    assert tokens(outcomes) == {"ok": fits, "insufficient_credits": 60 - fits}
    assert practice.balance(client) == 1000 - 70 * fits


def test_parallel_bookings_spend_what_there_is(practice: Practice, crew: Crew) -> None:
    people = practice.practitioners(20)
    service = practice.service(people, price_amount=300)
    client = practice.client(credit=1000)
    outcomes = crew.race(
        [
            rpc(
                practice.owner_id,
                "book_appointment",
                service_id=service,
                practitioner_id=person,
                client_id=client.id,
                starts_at=monday() + n * HOUR,
            )
            for n, person in enumerate(people)
        ]
    )
    assert tokens(outcomes) == {"ok": 20}
    assert sorted(o.row["payment_status"] for o in outcomes) == ["paid"] * 3 + ["unpaid"] * 17
    assert practice.balance(client) == 100


def test_parallel_payments_of_different_appointments(practice: Practice, crew: Crew) -> None:
    [person] = practice.practitioners()
    service = practice.service([person], price_amount=100)
    client = practice.client()
    ids = [practice.appointment(service, person, client, monday() + n * HOUR) for n in range(12)]
    practice.top_up(client, 500)
    users = [practice.owner_id, str(client.user_id)]
    outcomes = crew.race(
        [
            rpc(users[n], "pay_appointment", appointment_id=made)
            for made, n in itertools.product(ids, range(2))
        ]
    )
    # A second payment of a paid one is invalid_state; after the fifth the purse is empty.
    counted = tokens(outcomes)
    assert set(counted) <= {"ok", "insufficient_credits", "invalid_state"}
    assert counted["ok"] == 5
    assert practice.balance(client) == 0


def test_spending_expiring_and_adjusting(practice: Practice, crew: Crew) -> None:
    people = practice.practitioners(6)
    service = practice.service(people, price_amount=90)
    clients = practice.clients(4)
    now = dt.datetime.now(UTC)
    chance = random.Random(7)
    for client in clients:
        practice.top_up(client, 400, now + dt.timedelta(days=30))
        # Gone already, though nothing has swept it yet.
        practice.top_up(client, 250, now - dt.timedelta(hours=1))
        practice.top_up(client, 35, now - dt.timedelta(days=3))
    calls: list[Call] = []
    for n in range(60):
        client = clients[n % 4]
        calls.append(
            rpc(
                practice.owner_id,
                "book_appointment",
                service_id=service,
                practitioner_id=people[n % 6],
                client_id=client.id,
                starts_at=monday() + n * HOUR,
            )
        )
        calls.append(
            rpc(
                practice.owner_id,
                "adjust_credits",
                client_id=client.id,
                amount=chance.choice([-60, -10, 25, 80]),
                reason="correction",
            )
        )
        if n % 3 == 0:
            calls.append(Call(None, "select private.expire_credits()"))
    outcomes = crew.race(calls)
    assert set(tokens(outcomes)) <= {"ok", "insufficient_credits"}
    crew.race([Call(None, "select private.expire_credits()")])
    left = practice.sql.execute(
        "select balance_amount, available_amount from public.credit_balances"
        " where organization_id = %s",
        [practice.id],
    ).fetchall()
    assert all(row["balance_amount"] == row["available_amount"] >= 0 for row in left)


def test_several_sweeps_write_each_expiry_once(practice: Practice, crew: Crew) -> None:
    clients = practice.clients(20, logins=False)
    for client in clients:
        practice.top_up(client, 100, dt.datetime.now(UTC) - dt.timedelta(minutes=5))
    outcomes = crew.race([Call(None, "select private.expire_credits() as changed")] * 12)
    assert set(tokens(outcomes)) == {"ok"}
    row = practice.one(
        "select count(*) as n, sum(amount) as total from public.credit_entries"
        " where organization_id = %s and kind = 'expiry'",
        [practice.id],
    )
    assert (row["n"], row["total"]) == (20, -2000)


def test_the_limit_is_lowered_while_it_is_used(practice: Practice, crew: Crew) -> None:
    practice.set(credit_overdraft_amount=500)
    clients = practice.clients(6, logins=False)
    calls = [
        rpc(
            practice.owner_id,
            "adjust_credits",
            client_id=client.id,
            amount=-100,
            reason="correction",
        )
        for client in clients
        for _ in range(8)
    ]
    lower = Call(
        None,
        "update public.organization_settings set credit_overdraft_amount = 200"
        " where organization_id = %s",
        [practice.id],
    )
    outcomes = crew.race([*calls[:20], lower, *calls[20:]])
    assert set(tokens(outcomes)) == {"ok", "insufficient_credits"}
    assert all(-500 <= practice.balance(client) <= -200 for client in clients)


def test_an_entry_that_is_sent_many_times_at_once_counts_once(
    practice: Practice, crew: Crew
) -> None:
    clients = practice.clients(2, logins=False, credit=1000)
    entry = """
        insert into public.credit_entries
          (id, organization_id, client_id, kind, amount, currency, reason)
        values (%s, %s, %s, 'adjustment', -70, 'CZK', 'by hand')
        on conflict do nothing returning id
    """
    identity = str(uuid.uuid4())
    outcomes = crew.race(
        [Call(None, entry, [identity, practice.id, clients[n % 2].id]) for n in range(24)]
    )
    assert tokens(outcomes) == {"ok": 24}
    assert sum(len(outcome.rows) for outcome in outcomes) == 1
    assert sorted(practice.balance(client) for client in clients) == [930, 1000]


def test_entries_of_one_statement_take_turns_with_others(practice: Practice, crew: Crew) -> None:
    client = practice.client(credit=1000)
    entries = """
        insert into public.credit_entries
          (organization_id, client_id, kind, amount, currency, reason)
        select %s, %s, 'adjustment', n, 'CZK', 'by hand'
        from unnest(array[-10, 7, -20, 1]) as n
    """
    outcomes = crew.race(
        [
            Call(None, entries, [practice.id, client.id])
            if n % 2
            else rpc(
                practice.owner_id,
                "adjust_credits",
                client_id=client.id,
                amount=-5,
                reason="correction",
            )
            for n in range(40)
        ]
    )
    assert tokens(outcomes) == {"ok": 40}
    assert practice.balance(client) == 1000 - 20 * 22 - 20 * 5


def test_an_entry_that_cannot_see_the_last_one_is_refused(
    practice: Practice, stack: TestStack
) -> None:
    client = practice.client(credit=100)
    entry: LiteralString = """
        insert into public.credit_entries
          (organization_id, client_id, kind, amount, currency, reason)
        values (%s, %s, 'adjustment', -70, 'CZK', 'by hand')
    """
    with psycopg.connect(stack.db_url) as late:
        late.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        late.execute("select 1")
        practice.sql.execute(entry, [practice.id, client.id])
        with pytest.raises(psycopg.errors.UniqueViolation, match="credit_entries_account_order"):
            late.execute(entry, [practice.id, client.id])
    assert practice.balance(client) == 30
