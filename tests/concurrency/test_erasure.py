"""Erasing and archiving clients while they are being booked, and while the trail is sealed."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import LiteralString

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.concurrency.practice import UTC, Client, Practice, monday, new_user
from tests.concurrency.race import (
    Call,
    Crew,
    attempt,
    attempt_behind,
    rpc,
    run_together,
    tokens,
    wait_for_lock,
)
from tests.conftest import Connection

HOUR = dt.timedelta(hours=1)
SEAL = Call(None, "select private.seal_audit()")


def erase(practice: Practice, client: Client) -> Call:
    """Let the owner erase a client."""
    return rpc(practice.owner_id, "erase_client", client_id=client.id, reason="asked for it")


def seal(practice: Practice, crew: Crew) -> None:
    """Seal everything of this practice; somebody else may be sealing at the moment."""
    for _ in range(100):
        crew.race([SEAL])
        row = practice.one(
            "select count(*) as n from public.audit_entries"
            " where organization_id = %s and number is null",
            [practice.id],
        )
        if row["n"] == 0:
            return
    message = "The trail is never sealed."
    raise AssertionError(message)


def future_of_erased(practice: Practice) -> list[str]:
    """Return open appointments of clients who are erased."""
    return [
        str(row["id"])
        for row in practice.sql.execute(
            "select a.id from public.appointments as a"
            " join public.clients as c on c.id = a.client_id"
            " where a.organization_id = %s and a.status in ('pending', 'confirmed')"
            " and c.given_name = '—'",
            [practice.id],
        )
    ]


def test_a_client_is_erased_or_booked(practice: Practice, crew: Crew) -> None:
    people = practice.practitioners(4)
    service = practice.service(people)
    clients = practice.clients(12)
    calls = []
    for n, client in enumerate(clients):
        calls.append(erase(practice, client))
        calls += [
            rpc(
                user,
                "book_appointment",
                service_id=service,
                starts_at=monday() + n * HOUR,
                practitioner_id=person,
                client_id=client.id,
            )
            for user, person in (
                (practice.owner_id, people[0]),
                (str(client.user_id), people[1]),
            )
        ]
    outcomes = crew.race(calls)
    assert set(tokens(outcomes[::3])) <= {"ok", "invalid_state"}
    assert set(tokens(outcomes)) <= {"ok", "invalid_state", "client_busy", "not_found"}
    assert future_of_erased(practice) == []


def test_a_booking_behind_an_erasure(practice: Practice, crew: Crew, owner_sql: Connection) -> None:
    [person] = practice.practitioners()
    service = practice.service([person])
    client = practice.client()
    booking = rpc(
        str(client.user_id),
        "book_appointment",
        service_id=service,
        starts_at=monday(),
        practitioner_id=person,
    )
    answers: list[str] = []
    with (
        crew.acting(practice.owner_id) as eraser,
        crew.acting(str(client.user_id)) as booker,
    ):
        eraser.execute(erase(practice, client).query, erase(practice, client).parameters)

        def book() -> None:
            # Known as a client when it began; no longer when its turn comes.
            try:
                booker.execute(booking.query, booking.parameters)
                booker.commit()
                answers.append("ok")
            except Exception as error:  # noqa: BLE001 - looked at below
                answers.append(str(error))

        def finish() -> None:
            wait_for_lock(owner_sql, [booker.info.backend_pid])
            eraser.commit()

        run_together([book, finish])
    assert answers != ["ok"]
    assert "invalid_state" in answers[0]
    assert practice.appointments() == []


def test_an_invitation_behind_an_erasure(
    practice: Practice, crew: Crew, owner_sql: Connection
) -> None:
    client = practice.client(logins=False)
    desk = practice.member()
    invitation = rpc(desk, "create_invitation", email="gone@example.test", client_id=client.id)
    with crew.acting(practice.owner_id) as eraser, crew.acting(desk) as inviter:
        assert attempt(eraser, erase(practice, client)).token == "ok"
        assert attempt_behind(owner_sql, eraser, inviter, invitation).token == "not_found"
    row = practice.one(
        "select count(*) as n from public.invitations where client_id = %s", [client.id]
    )
    assert row["n"] == 0


def test_an_erasure_behind_an_invitation(
    practice: Practice, crew: Crew, owner_sql: Connection
) -> None:
    client = practice.client(logins=False)
    desk = practice.member()
    invitation = rpc(desk, "create_invitation", email="gone@example.test", client_id=client.id)
    with crew.acting(desk) as inviter, crew.acting(practice.owner_id) as eraser:
        assert attempt(inviter, invitation).token == "ok"
        outcome = attempt_behind(owner_sql, inviter, eraser, erase(practice, client))
        assert outcome.token == "ok"
    row = practice.one(
        "select count(*) as n from public.invitations where client_id = %s", [client.id]
    )
    assert row["n"] == 0


def test_an_invitation_is_accepted_or_erased(practice: Practice, crew: Crew) -> None:
    """Both take the client first: whoever took the invitation first met the other half-way."""
    for client in practice.clients(20, logins=False):
        email = f"{secrets.token_hex(8)}@example.test"
        user = new_user(practice.sql, email)
        [made] = crew.race(
            [rpc(practice.owner_id, "create_invitation", email=email, client_id=client.id)]
        )
        token = made.row["create_invitation"]["token"]
        erased, accepted = crew.race(
            [erase(practice, client), rpc(user, "accept_invitation", token=token)]
        )
        assert erased.token == "ok"
        assert accepted.token in {"ok", "invitation_unusable"}
        row = practice.one("select user_id from public.clients where id = %s", [client.id])
        assert row["user_id"] is None


def test_an_acceptance_behind_an_erasure(
    practice: Practice, crew: Crew, owner_sql: Connection
) -> None:
    client = practice.client(logins=False)
    email = f"{secrets.token_hex(8)}@example.test"
    user = new_user(practice.sql, email)
    [made] = crew.race(
        [rpc(practice.owner_id, "create_invitation", email=email, client_id=client.id)]
    )
    accept = rpc(user, "accept_invitation", token=made.row["create_invitation"]["token"])
    with crew.acting(practice.owner_id) as eraser, crew.acting(user) as invited:
        # The client's row, as the first thing of an erasure; then the acceptance; then the rest.
        eraser.execute("set local role postgres")
        eraser.execute("select 1 from public.clients where id = %s for update", [client.id])
        answers: list[str] = []

        def finish() -> None:
            wait_for_lock(owner_sql, [invited.info.backend_pid])
            eraser.execute("set local role authenticated")
            answers.append(attempt(eraser, erase(practice, client)).token)
            eraser.commit()

        def follow() -> None:
            answers.append(attempt(invited, accept).token)
            invited.commit()

        run_together([follow, finish])
    assert answers == ["ok", "invitation_unusable"]


@pytest.mark.parametrize("table", ["appointments", "client_reports", "messages"])
def test_an_erasure_behind_work_on_what_refers_to_the_client(
    practice: Practice, crew: Crew, owner_sql: Connection, table: LiteralString
) -> None:
    """Such work holds its row, and then the client's to add something: jobs do, and finishing."""
    [person] = practice.practitioners()
    client = practice.client(logins=False)
    past = monday() - dt.timedelta(days=30)
    practice.appointment(practice.service([person]), person, client, past)
    practice.sql.execute(
        "insert into public.client_reports (organization_id, client_id, title, file_name,"
        " content_type, size_bytes, created_by)"
        " values (%s, %s, 'Report', 'report.pdf', 'application/pdf', 10, %s)",
        [practice.id, client.id, practice.owner_id],
    )
    practice.sql.execute(
        "insert into public.messages (organization_id, key, kind, channel, client_id)"
        " values (%s, 'told', 'custom', 'email', %s)",
        [practice.id, client.id],
    )
    erased: list[str] = []
    with crew.acting(practice.owner_id) as worker, crew.acting(practice.owner_id) as eraser:
        worker.execute("set local role postgres")
        worker.execute(
            f"select 1 from public.{table} where client_id = %s for update",
            [client.id],
        )

        def follow() -> None:
            erased.append(attempt(eraser, erase(practice, client)).token)
            eraser.commit()

        def lead() -> None:
            try:
                wait_for_lock(owner_sql, [eraser.info.backend_pid])
                worker.execute(
                    "insert into public.client_notes (organization_id, client_id, body)"
                    " values (%s, %s, 'Done.')",
                    [practice.id, client.id],
                )
            finally:
                worker.commit()

        run_together([follow, lead])
    assert erased == ["ok"]
    row = practice.one(
        "select count(*) as n from public.client_notes where client_id = %s", [client.id]
    )
    assert row["n"] == 0


def test_an_erasure_behind_a_new_address(
    practice: Practice, crew: Crew, owner_sql: Connection
) -> None:
    client = practice.client(logins=False)
    practice.sql.execute(
        "insert into public.suppressed_addresses (organization_id, channel, address, reason)"
        " values (%s, 'email', 'new@example.test', 'bounced')",
        [practice.id],
    )
    with crew.acting(practice.owner_id) as editor, crew.acting(practice.owner_id) as eraser:
        editor.execute(
            "update public.clients set email = 'New@example.test' where id = %s", [client.id]
        )
        assert attempt_behind(owner_sql, editor, eraser, erase(practice, client)).token == "ok"
    row = practice.one(
        "select count(*) as n from public.suppressed_addresses where organization_id = %s",
        [practice.id],
    )
    assert row["n"] == 0


def test_queueing_a_message_again_behind_an_erasure(
    practice: Practice, crew: Crew, owner_sql: Connection
) -> None:
    client = practice.client(logins=False)
    row = practice.one(
        "insert into public.messages (organization_id, key, kind, channel, client_id, error)"
        " values (%s, 'again', 'custom', 'email', %s, null) returning id",
        [practice.id, client.id],
    )
    practice.sql.execute(
        "update public.messages set status = 'failed', error = 'refused' where id = %s", [row["id"]]
    )
    requeue = rpc(practice.owner_id, "requeue_message", message_id=row["id"])
    with crew.acting(practice.owner_id) as eraser, crew.acting(practice.owner_id) as desk:
        assert attempt(eraser, erase(practice, client)).token == "ok"
        assert attempt_behind(owner_sql, eraser, desk, requeue).token == "not_found"


def test_erasing_while_the_trail_is_sealed(practice: Practice, crew: Crew) -> None:
    people = practice.practitioners(3)
    service = practice.service(people, price_amount=10)
    clients = practice.clients(8, credit=100)
    for client in clients:
        practice.top_up(client, 50, dt.datetime.now(UTC) - HOUR)
    booked = crew.race(
        [
            rpc(
                practice.owner_id,
                "book_appointment",
                service_id=service,
                starts_at=monday() + n // 3 * HOUR,
                practitioner_id=people[n % 3],
                client_id=clients[n // 3].id,
                note="private",
            )
            for n in range(24)
        ]
    )
    made = [o.row["id"] for o in booked if o.token == "ok"]
    seal(practice, crew)
    crew.race([rpc(practice.owner_id, "complete_appointment", appointment_id=i) for i in made])
    outcomes = crew.race(
        [erase(practice, client) for client in clients]
        + [SEAL] * 3
        + [Call(None, "select private.expire_credits()")] * 2
        + [rpc(practice.owner_id, "mark_invoiced", appointment_ids=made[::-1])]
        + [Call(None, "select private.run_due_jobs(now() + interval '2 days')")] * 2
    )
    assert set(tokens(outcomes)) == {"ok"}
    seal(practice, crew)
    broken = practice.sql.execute("select * from private.broken_audit_entries(%s)", [practice.id])
    assert broken.fetchall() == []


def test_sealing_from_several_places_while_everybody_works(practice: Practice, crew: Crew) -> None:
    people = practice.practitioners(10)
    service = practice.service(people)
    clients = practice.clients(10, logins=False)
    calls: list[Call] = []
    for n in range(60):
        calls.append(
            rpc(
                practice.owner_id,
                "book_appointment",
                service_id=service,
                starts_at=monday() + n // 10 * HOUR,
                practitioner_id=people[n % 10],
                client_id=clients[n % 10].id,
            )
        )
        if n % 5 == 0:
            calls.append(SEAL)
    outcomes = crew.race(calls)
    assert tokens(outcomes) == {"ok": len(calls)}
    seal(practice, crew)
    row = practice.one(
        "select count(*) as n, min(number) as first, max(number) as last,"
        " count(distinct number) as numbers, count(*) filter (where table_name = 'appointments')"
        " as appointments from public.audit_entries where organization_id = %s",
        [practice.id],
    )
    assert row["first"] == 1
    assert row["n"] == row["last"] == row["numbers"]
    assert row["appointments"] == 60
    broken = practice.sql.execute("select * from private.broken_audit_entries(%s)", [practice.id])
    assert broken.fetchall() == []


def test_a_bucket_gives_what_it_holds(crew: Crew, owner_sql: Connection) -> None:
    bucket = f"test:{dt.datetime.now(UTC).timestamp()}"
    outcomes = crew.race(
        [Call(None, "select private.take_tokens(%s, 25, 1, 2) as granted", [bucket])] * 60
    )
    # A drop falls in per minute, so the race may be given one more than the bucket held.
    assert sum(o.row["granted"] for o in outcomes) in {25, 26}
    owner_sql.execute("delete from private.rate_limits where bucket = %s", [bucket])


@pytest.mark.parametrize("leaves", ["erase_client", "archive_client"])
def test_a_list_brings_nobody_back(practice: Practice, crew: Crew, leaves: LiteralString) -> None:
    row = practice.one(
        "insert into public.clients (organization_id, given_name, family_name, email)"
        " values (%s, 'Eva', 'Novak', 'back@example.test') returning id",
        [practice.id],
    )
    [started] = crew.race(
        [
            rpc(
                practice.owner_id,
                "start_client_import",
                row_count=1,
                file_hash="0" * 64,
                on_duplicate="update",
                organization_id=practice.id,
            )
        ]
    )
    given = {"number": 1, "given_name": "Eva", "family_name": "New", "email": "back@example.test"}
    reason = {"reason": "asked for it"} if leaves == "erase_client" else {}
    rows = Jsonb([given])
    outcome = crew.behind(
        rpc(practice.owner_id, leaves, client_id=row["id"], **reason),
        rpc(practice.owner_id, "import_clients", operation_id=started.row["id"], rows=rows),
    )
    assert outcome.token == "ok"
    found = practice.sql.execute(
        "select id = %s as is_old, family_name, archived_at is null as is_active"
        " from public.clients where organization_id = %s order by created_at",
        [row["id"], practice.id],
    ).fetchall()
    # Known when the import looked, gone when it came to write: as if it had come afterwards.
    assert [(r["is_old"], r["is_active"]) for r in found] == [(True, False), (False, True)]
    assert found[0]["family_name"] != "New"


def test_forgetting_buckets_waits_for_nobody(crew: Crew, owner_sql: Connection) -> None:
    buckets = [f"test:{secrets.token_hex(8)}" for _ in range(2)]
    for bucket in buckets:
        owner_sql.execute(
            "insert into private.rate_limits (bucket, tokens, refilled_at)"
            " values (%s, 1, now() - interval '2 hours')",
            [bucket],
        )
    with crew.acting(new_user(owner_sql)) as taker:
        taker.execute("set local role postgres")
        taker.execute("select private.take_tokens(%s, 5, 1)", [buckets[0]])
        with psycopg.connect(owner_sql.info.dsn, password=owner_sql.info.password) as job:
            job.execute("set lock_timeout = '2s'")
            job.execute("select private.delete_idle_rate_limits()")
        taker.commit()
    left = owner_sql.execute(
        "select bucket from private.rate_limits where bucket = any (%s)", [buckets]
    ).fetchall()
    assert [row["bucket"] for row in left] == buckets[:1]
    owner_sql.execute("delete from private.rate_limits where bucket = any (%s)", [buckets])
