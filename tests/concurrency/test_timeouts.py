"""A caller whose statement is cut off leaves nothing behind and can try again with the same key."""

from __future__ import annotations

import datetime as dt

import psycopg
import pytest

from tests.concurrency.practice import Practice, monday
from tests.concurrency.race import Crew, become, rpc, run_together, tokens, wait_for_lock
from tests.conftest import Connection

BOOK = """
    select * from public.book_appointment(
      service_id => %s, starts_at => %s, practitioner_id => %s, idempotency_key => 'again'
    )
"""


def test_a_booking_that_is_cut_off_can_be_repeated(practice: Practice, crew: Crew) -> None:
    [person] = practice.practitioners()
    service = practice.service([person], price_amount=100)
    holder, late = practice.clients(2, credit=100)
    arguments = [service, monday(), person]
    with crew.acting(str(holder.user_id)) as holding, crew.acting(str(late.user_id)) as waiting:
        # Somebody keeps a transaction open that has the practitioner's calendar.
        holding.execute(BOOK, [service, monday() + dt.timedelta(hours=3), person])
        waiting.execute("select set_config('statement_timeout', '100ms', true)")
        with pytest.raises(psycopg.errors.QueryCanceled):
            waiting.execute(BOOK, arguments)
        waiting.rollback()
        assert practice.balance(late) == 100
        holding.rollback()
    again = rpc(
        str(late.user_id),
        "book_appointment",
        service_id=service,
        starts_at=monday(),
        practitioner_id=person,
        idempotency_key="again",
    )
    outcomes = crew.race([again])
    assert tokens(outcomes) == {"ok": 1}
    assert crew.race([again])[0].row["id"] == outcomes[0].row["id"]
    assert practice.balance(late) == 0


def test_a_connection_that_dies_takes_its_booking_along(
    practice: Practice, crew: Crew, owner_sql: Connection
) -> None:
    [person] = practice.practitioners()
    service = practice.service([person], practice.rooms(), price_amount=100)
    first, second = practice.clients(2, credit=100)
    arguments = [service, monday(), person]
    with crew.acting(str(second.user_id)) as waiting:
        dying = crew.hire(1)[0]
        become(dying, rpc(str(first.user_id), "book_appointment"))
        dying.execute("begin")
        dying.execute(BOOK, arguments)

        def wait() -> None:
            waiting.execute(BOOK, arguments)
            waiting.commit()

        def kill() -> None:
            wait_for_lock(owner_sql, [waiting.info.backend_pid])
            owner_sql.execute("select pg_terminate_backend(%s)", [dying.info.backend_pid])

        run_together([wait, kill])
        crew.connections.remove(dying)
        dying.close()
    [booked] = practice.appointments()
    assert str(booked["client_id"]) == second.id
    assert (practice.balance(first), practice.balance(second)) == (100, 0)


def test_reading_slots_waits_for_nobody(practice: Practice, crew: Crew) -> None:
    people = practice.practitioners(2)
    service = practice.service(people, practice.rooms(2))
    client = practice.client()
    day = monday().date()
    with crew.acting(practice.owner_id) as holding, crew.acting(str(client.user_id)) as reading:
        holding.execute(
            "select * from public.book_appointment(%s, %s, practitioner_id => %s, client_id => %s)",
            [service, monday(), people[0], client.id],
        )
        reading.execute("select set_config('lock_timeout', '1ms', true)")
        row = reading.execute(
            "select json_array_length(public.find_slots(%s, %s, %s)) as n", [service, day, day]
        ).fetchone()
        assert row is not None
        assert row["n"] > 0
        holding.rollback()


def test_many_short_timeouts_leave_a_sound_calendar(practice: Practice, crew: Crew) -> None:
    people = practice.practitioners(2)
    service = practice.service(people, practice.rooms(1), price_amount=50)
    clients = practice.clients(40, credit=50)
    # Each caller gives up at another moment of its own booking.
    query = """
        with limits as materialized (
          select set_config('statement_timeout', %(limit)s, false)
        )
        select 1 from limits
    """
    results: list[str] = []
    for turn in range(5):
        scripts = []
        for n, client in enumerate(clients[turn * 8 : turn * 8 + 8]):
            book = rpc(
                str(client.user_id),
                "book_appointment",
                service_id=service,
                starts_at=monday() + dt.timedelta(hours=n % 3),
            )
            scripts.append((f"{1 + n}ms", book))
        for limit, book in scripts:
            with crew.acting(str(book.user_id)) as sql:
                sql.execute(query, {"limit": limit})
                try:
                    sql.execute(book.query, book.parameters)
                    sql.commit()
                    results.append("ok")
                except psycopg.Error as error:
                    sql.rollback()
                    results.append(str(error.sqlstate))
    assert set(results) <= {"ok", "57014", "PT409"}
