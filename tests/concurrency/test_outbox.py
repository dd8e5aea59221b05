"""The outbox under several workers, reminders under moves: nobody twice, no old times."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import fcntl
import secrets
import threading
from collections import Counter
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg.rows import dict_row

from tests.concurrency.practice import Practice, monday
from tests.concurrency.race import Call, Crew, rpc, run_together, tokens, wait_for_lock
from tests.conftest import Connection
from tests.stack_fixture import STATE, TestStack

if TYPE_CHECKING:
    from collections.abc import Iterator

WORKERS = 6
MESSAGES = 240
CLAIM = "select public.claim_messages(%s, %s, %s) as claimed"
SETTLE = "select public.settle_message(%s, %s, %s, error => %s) as status"


@pytest.fixture(autouse=True)
def alone(stack: TestStack) -> Iterator[None]:
    """Workers take whatever is due: only one test at a time has any."""
    STATE.mkdir(exist_ok=True)
    with contextlib.ExitStack() as opened:
        lock = opened.enter_context((STATE / "outbox.lock").open("w"))
        fcntl.flock(lock, fcntl.LOCK_EX)
        with psycopg.connect(stack.db_url, autocommit=True) as sql:
            sql.execute(
                "select public.announce_bookings(10000);"
                "update public.messages set status = 'cancelled', error = 'test', lease = null,"
                " leased_until = null where status in ('pending', 'sending')"
            )
        yield


@contextlib.contextmanager
def worker(stack: TestStack) -> Iterator[psycopg.Connection[Any]]:
    """A connection with the rights of the secret key."""
    with psycopg.connect(stack.db_url, autocommit=True, row_factory=dict_row) as connection:
        connection.execute("set role service_role")
        yield connection


def enqueue(practice: Practice, count: int, **options: Any) -> list[str]:
    """Queue messages of the practice."""
    names = "".join(f", {name} => %({name})s" for name in options)
    found = practice.sql.execute(
        f"""
        select private.enqueue_message(
          %(id)s, %(prefix)s || n, 'staff_message', 'email', address => n || '@example.test'{names}
        ) as id
        from generate_series(1, %(count)s) as n
        """.encode(),
        {"id": practice.id, "prefix": secrets.token_hex(6), "count": count, **options},
    ).fetchall()
    return [str(row["id"]) for row in found]


def test_54_workers_share_the_outbox(practice: Practice, stack: TestStack) -> None:
    ids = enqueue(practice, MESSAGES)
    sent: Counter[str] = Counter()
    start = threading.Barrier(WORKERS)
    lock = threading.Lock()

    def work(number: int) -> None:
        with worker(stack) as sql:
            start.wait()
            while True:
                row = sql.execute(CLAIM, [f"w{number}", 7, 60]).fetchone()
                assert row is not None
                if not row["claimed"]:
                    return
                for turn, message in enumerate(row["claimed"]):
                    with lock:
                        sent[message["id"]] += 1
                    # One in seven dies with its worker, before it could tell.
                    if turn != 3:
                        sql.execute(SETTLE, [message["id"], message["lease"], "sent", None])

    threads = [threading.Thread(target=work, args=[number]) for number in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # Workers take whatever is due: also what other tests queue meanwhile.
    assert set(sent) >= set(ids)
    assert set(sent.values()) == {1}, "nobody is claimed twice while a lease runs"

    orphans = practice.sql.execute(
        "update public.messages set leased_until = now() - interval '1 second'"
        " where organization_id = %s and status = 'sending' returning id",
        [practice.id],
    ).fetchall()
    assert orphans
    with worker(stack) as sql:
        row = sql.execute(CLAIM, ["heir", 500, 60]).fetchone()
        assert row is not None
        interrupted = {message["id"] for message in row["claimed"] if message["was_interrupted"]}
        assert interrupted == {str(orphan["id"]) for orphan in orphans}
        for message in row["claimed"]:
            sql.execute(SETTLE, [message["id"], message["lease"], "sent", None])
    states = practice.sql.execute(
        "select status, count(*) as n from public.messages where organization_id = %s group by 1",
        [practice.id],
    ).fetchall()
    assert [(row["status"], row["n"]) for row in states] == [("sent", MESSAGES)]


def test_a_lease_that_another_took_over_settles_nothing(
    practice: Practice, stack: TestStack
) -> None:
    [message] = enqueue(practice, 1)
    with worker(stack) as slow, worker(stack) as quick:
        first = slow.execute(CLAIM, ["slow", 1, 60]).fetchone()
        practice.sql.execute(
            "update public.messages set leased_until = now() where id = %s", [message]
        )
        second = quick.execute(CLAIM, ["quick", 1, 60]).fetchone()
        assert first is not None
        assert second is not None
        told = slow.execute(SETTLE, [message, first["claimed"][0]["lease"], "failed", "x"])
        assert told.fetchone() == {"status": "sending"}
        told = quick.execute(SETTLE, [message, second["claimed"][0]["lease"], "sent", None])
        assert told.fetchone() == {"status": "sent"}


def test_claiming_waits_for_nobody(practice: Practice, stack: TestStack) -> None:
    ids = enqueue(practice, 2)
    with psycopg.connect(stack.db_url) as holder, worker(stack) as sql:
        holder.execute("select 1 from public.messages where id = %s for update", [ids[0]])
        sql.execute("set lock_timeout = '200ms'")
        row = sql.execute(CLAIM, ["w", 10, 60]).fetchone()
        assert row is not None
        assert [message["id"] for message in row["claimed"]] == [ids[1]]
        holder.rollback()


def test_the_same_key_at_the_same_moment(practice: Practice, crew: Crew) -> None:
    call = Call(
        None,
        "select private.enqueue_message(%s, 'one', 'a', 'email', address => 'a@b.test') as id",
        [practice.id],
    )
    outcomes = crew.race([call] * 12)
    assert len({outcome.row["id"] for outcome in outcomes}) == 1


def test_reminders_under_moves_and_cancellations(practice: Practice, crew: Crew) -> None:
    """Whatever wins, what is queued tells the time that stands, once per rule."""
    [person] = practice.practitioners()
    service = practice.service([person])
    practice.sql.execute(
        "insert into public.reminder_rules (organization_id, minutes_before, channel)"
        " values (%(id)s, 2880, 'email'), (%(id)s, 180, 'email')",
        {"id": practice.id},
    )
    for week in range(4):
        client = practice.client()
        starts = monday(2) + dt.timedelta(days=week)
        [booked] = crew.race(
            [
                rpc(
                    practice.owner_id,
                    "book_appointment",
                    service_id=service,
                    starts_at=starts,
                    practitioner_id=person,
                    client_id=client.id,
                )
            ]
        )
        appointment = booked.row["id"]
        moves = [
            rpc(
                practice.owner_id,
                "reschedule_appointment",
                appointment_id=appointment,
                starts_at=starts + dt.timedelta(hours=hours),
            )
            for hours in (1, 2, 3, 1, 0, 2)
        ]
        if week % 2:
            moves.insert(
                3, rpc(practice.owner_id, "cancel_appointment", appointment_id=appointment)
            )
        # Told in the middle of it, by several workers.
        tellers = [Call(None, "select public.announce_bookings()", {})] * 3
        outcomes = crew.race([*moves[:2], *tellers, *moves[2:]])
        assert set(tokens(outcomes)) <= {"ok", "invalid_state", "slot_taken"}, tokens(outcomes)
        crew.race(tellers)
        row = practice.one("select * from public.appointments where id = %s", [appointment])
        queued = practice.sql.execute(
            "select (data ->> 'starts_at')::timestamptz as starts_at from public.messages"
            " where subject_id = %s and kind = 'appointment_reminder' and status = 'pending'",
            [appointment],
        ).fetchall()
        is_active = row["status"] == "confirmed"
        assert [entry["starts_at"] for entry in queued] == [row["starts_at"]] * (2 * is_active)
    found = practice.sql.execute(
        "select * from private.notification_violations(%s)", [practice.id]
    ).fetchall()
    assert found == []


@pytest.mark.parametrize("is_made", [True, False])
def test_a_rule_that_changes_while_bookings_are_told(
    practice: Practice, crew: Crew, owner_sql: Connection, *, is_made: bool
) -> None:
    """Told before or after the change: reminded by the rules that hold in the end."""
    made = b"""
        insert into public.reminder_rules (organization_id, minutes_before, channel)
        values (%s, 180, 'email')
        """
    change = made if is_made else b"delete from public.reminder_rules where organization_id = %s"
    if not is_made:
        practice.sql.execute(made, [practice.id])
    [person] = practice.practitioners()
    service = practice.service([person])
    client = practice.client()
    call = rpc(
        practice.owner_id,
        "book_appointment",
        service_id=service,
        starts_at=monday(2),
        practitioner_id=person,
        client_id=client.id,
    )

    def book(hours: int) -> None:
        later = {"starts_at": monday(2) + dt.timedelta(hours=hours)}
        crew.race([dataclasses.replace(call, parameters={**dict(call.parameters), **later})])

    def reminders() -> int:
        row = practice.one(
            "select count(*) as n from public.messages where organization_id = %s"
            " and kind = 'appointment_reminder' and status = 'pending'",
            [practice.id],
        )
        return int(row["n"])

    # The rule changes while a worker is telling.
    book(0)
    with crew.acting(practice.owner_id) as teller, crew.acting(practice.owner_id) as manager:
        teller.execute("set role none")
        teller.execute("select public.announce_bookings(10000)")

        def follow() -> None:
            manager.execute(change, [practice.id])
            manager.commit()

        def finish() -> None:
            wait_for_lock(owner_sql, [manager.info.backend_pid])
            teller.commit()

        run_together([follow, finish])
    assert reminders() == is_made

    # And back: a worker that comes while it changes leaves the practice's bookings for later.
    with crew.acting(practice.owner_id) as manager:
        change = made if change is not made else change.replace(b"180", b"120")
        manager.execute(change, [practice.id])
        book(1)
        practice.sql.execute("select public.announce_bookings(10000)")
        manager.commit()
    practice.sql.execute("select public.announce_bookings(10000)")
    assert reminders() == (4 if is_made else 2)


RULED = """
  select a.id, r.id as rule
  from public.appointments as a
  join public.reminder_rules as r on r.organization_id = a.organization_id and r.is_active
  where a.organization_id = %s and a.status = 'confirmed'
"""
REMINDED = """
  select m.subject_id as id, (m.data ->> 'rule_id')::uuid as rule
  from public.messages as m
  join public.appointments as a on a.id = m.subject_id
  where m.organization_id = %s and m.kind = 'appointment_reminder' and m.status = 'pending'
    and (m.data ->> 'starts_at')::timestamptz = a.starts_at and a.status = 'confirmed'
"""


def test_rules_that_change_under_moves_and_cancellations(practice: Practice, crew: Crew) -> None:
    """Neither deadlocks; in the end each appointment is reminded by the rules that hold."""
    [person] = practice.practitioners()
    service = practice.service([person])
    practice.sql.execute(
        "insert into public.reminder_rules (organization_id, minutes_before, channel)"
        " values (%(id)s, 2880, 'email'), (%(id)s, 180, 'email'), (%(id)s, 60, 'email')",
        {"id": practice.id},
    )
    clients = practice.clients(12)
    made = [
        practice.appointment(service, person, client, monday(2) + dt.timedelta(days=n % 4, hours=n))
        for n, client in enumerate(clients)
    ]
    practice.sql.execute("select public.announce_bookings(10000)")
    toggle = Call(
        practice.owner_id,
        "update public.reminder_rules set is_active = not is_active where organization_id = %s"
        " returning id",
        [practice.id],
    )
    for week in range(1, 5):
        changes = [
            rpc(
                practice.owner_id,
                "reschedule_appointment",
                appointment_id=appointment,
                starts_at=monday(2 + week) + dt.timedelta(days=n % 4, hours=n),
            )
            for n, appointment in enumerate(made[week:])
        ]
        changes.insert(
            5, rpc(practice.owner_id, "cancel_appointment", appointment_id=made[week - 1])
        )
        # Three times: what was off is on again, in the end.
        outcomes = crew.race([toggle, *changes[:6], toggle, *changes[6:], toggle])
        assert tokens(outcomes) == {"ok": len(outcomes)}
        crew.race([toggle])
        due = practice.sql.execute(RULED, [practice.id]).fetchall()
        queued = practice.sql.execute(REMINDED, [practice.id]).fetchall()
        assert {(row["id"], row["rule"]) for row in queued} == {
            (row["id"], row["rule"]) for row in due
        }
        assert len(queued) == len(due) == 3 * (12 - week)


def test_claims_beside_bookings_that_are_cancelled(
    practice: Practice, crew: Crew, stack: TestStack
) -> None:
    """Workers and callers that touch the same messages neither deadlock nor lose any."""
    [person] = practice.practitioners()
    service = practice.service([person])
    clients = practice.clients(8)
    stopped = threading.Event()
    raised: list[BaseException] = []

    def work() -> None:
        try:
            with worker(stack) as sql:
                while not stopped.is_set():
                    sql.execute("select public.announce_bookings()")
                    row = sql.execute(CLAIM, ["busy", 5, 60]).fetchone()
                    for message in row["claimed"] if row else []:
                        sql.execute(SETTLE, [message["id"], message["lease"], "retry", "http_503"])
        except psycopg.Error as error:
            raised.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        for day in range(4):
            start = monday(3) + dt.timedelta(days=day)
            booked = crew.race(
                [
                    rpc(
                        str(client.user_id),
                        "book_appointment",
                        service_id=service,
                        starts_at=start + dt.timedelta(hours=n),
                        practitioner_id=person,
                    )
                    for n, client in enumerate(clients)
                ]
            )
            assert tokens(booked) == {"ok": len(clients)}
            cancelled = crew.race(
                [
                    rpc(practice.owner_id, "cancel_appointment", appointment_id=b.row["id"])
                    for b in booked
                ]
            )
            assert tokens(cancelled) == {"ok": len(clients)}
    finally:
        stopped.set()
        thread.join()
    assert raised == []
    left = practice.sql.execute(
        "select kind, count(*) as n from public.messages where organization_id = %s"
        " and channel = 'email' and kind = 'appointment_cancelled' group by 1",
        [practice.id],
    ).fetchall()
    assert [(row["kind"], row["n"]) for row in left] == [("appointment_cancelled", 32)]
