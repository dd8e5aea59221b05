"""Clients that book, cancel and top up without pause, and do not give up when something breaks.

Every request has a key of its own. A request without a clear answer (no connection, a server error,
still in flight) is made again with the same key until there is one. What was ever acknowledged is
kept, with the answer.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import secrets
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import psycopg
from psycopg.rows import DictRow, dict_row

from tests.concurrency.practice import Client, Practice, monday
from tests.conftest import User, sign_in
from tests.invariants import assert_invariants
from tests.stack_fixture import TestStack

CLIENTS = 4
PRACTITIONERS = 3
PRICE = 100
CREDIT = 1_000
# The latest moment at which a request may still be without a clear answer.
GIVE_UP_SECONDS = 120
PAUSE_SECONDS = 0.1
# A call takes a fraction of a second. Who waits longer has been forgotten, and asks again.
HTTP_SECONDS = 6


@dataclass(frozen=True)
class Acknowledged:
    """A clear answer to one request."""

    kind: str
    key: str
    status: int
    document: Any
    attempts: int


@dataclass
class Journal:
    """What the clients were told, in the order in which they heard it."""

    answers: list[Acknowledged] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def note(self, answer: Acknowledged) -> None:
        """Keep an answer."""
        with self.changed:
            self.answers.append(answer)
            self.changed.notify_all()

    def wait_for(self, count: int) -> None:
        """Return once this many requests have succeeded."""
        with self.changed:
            found = self.changed.wait_for(
                lambda: self.failures or len(self.of("book")) + len(self.of("adjust")) >= count,
                GIVE_UP_SECONDS,
            )
        assert found, "the load did not get going"
        assert not self.failures, self.failures

    def of(self, kind: str) -> list[Acknowledged]:
        """Return the successes of one kind."""
        return [a for a in self.answers if a.kind == kind and a.status in {200, 201}]


class Caller:
    """One person with one connection."""

    def __init__(self, stack: TestStack, user: User, journal: Journal) -> None:
        self.journal = journal
        self.http = httpx.Client(
            base_url=stack.functions_url,
            headers={
                "apikey": stack.publishable_key,
                "authorization": f"Bearer {user.token}",
            },
            timeout=HTTP_SECONDS,
        )

    def ask(self, kind: str, path: str, body: dict[str, Any]) -> Acknowledged:
        """Make a request until the answer is clear."""
        key = secrets.token_hex(16)
        deadline = time.monotonic() + GIVE_UP_SECONDS
        attempts = 0
        while True:
            attempts += 1
            with contextlib.suppress(httpx.TransportError):
                response = self.http.post(path, json=body, headers={"Idempotency-Key": key})
                if is_clear(response):
                    answer = Acknowledged(
                        kind, key, response.status_code, response.json(), attempts
                    )
                    self.journal.note(answer)
                    return answer
                assert_helpful(response)
            if time.monotonic() > deadline:
                message = f"{kind} has had no clear answer in {attempts} attempts"
                raise TimeoutError(message)
            time.sleep(PAUSE_SECONDS)


def is_clear(response: httpx.Response) -> bool:
    """Say whether a request is settled."""
    if response.status_code < 400:
        return True
    return response.status_code < 500 and response.json()["code"] != "idempotency_in_flight"


def assert_helpful(response: httpx.Response) -> None:
    """Not now, the caller is told, and nothing of the inside."""
    assert response.headers["content-type"] == "application/problem+json", response.text
    assert response.status_code in {409, 503}, response.text
    if response.status_code == 503:
        assert int(response.headers["retry-after"]) > 0
    assert "Traceback" not in response.text


@dataclass
class Workplace:
    """A practice under load."""

    stack: TestStack
    owner: User
    users: list[User]
    practice: Practice
    practitioners: list[str]
    service: str
    clients: list[Client]

    @classmethod
    def furnish(
        cls, stack: TestStack, sql: psycopg.Connection[DictRow], owner: User, users: list[User]
    ) -> Workplace:
        """Make a practice for these people."""
        practice = Practice(sql, owner_id=owner.id)
        practitioners = practice.practitioners(PRACTITIONERS)
        service = practice.service(practitioners, practice.rooms(PRACTITIONERS), price_amount=PRICE)
        clients = []
        for user in users:
            client = practice.client(logins=False, credit=CREDIT)
            sql.execute(
                "update public.clients set user_id = %s where id = %s", [user.id, client.id]
            )
            clients.append(Client(client.id, user.id))
        return cls(stack, owner, users, practice, practitioners, service, clients)

    @contextlib.contextmanager
    def busy(self) -> Iterator[Journal]:
        """Let everybody work until the block ends, and finish what they have begun."""
        journal = Journal()
        tasks = [
            threading.Thread(target=self.guarded, args=[journal, n], daemon=True)
            for n in range(len(self.users) + 1)
        ]
        for task in tasks:
            task.start()
        try:
            yield journal
        finally:
            journal.stopping.set()
            for task in tasks:
                task.join(2 * GIVE_UP_SECONDS)
        assert not any(task.is_alive() for task in tasks)
        assert not journal.failures, journal.failures

    def guarded(self, journal: Journal, number: int) -> None:
        """Work, and tell what went wrong."""
        try:
            if number == len(self.users):
                self.top_up(journal)
            else:
                self.book_and_cancel(journal, number)
        except BaseException as error:  # noqa: BLE001 - shown by the test that started the thread
            with journal.changed:
                journal.failures.append(repr(error))
                journal.changed.notify_all()

    def book_and_cancel(self, journal: Journal, number: int) -> None:
        """Book one start after another, against everybody else, and cancel every third."""
        caller = Caller(self.stack, self.users[number], journal)
        with caller.http:
            for n in range(1_000):
                if journal.stopping.is_set():
                    return
                start = monday() + dt.timedelta(hours=n)
                answer = caller.ask(
                    "book",
                    "/booking",
                    {
                        "service_id": self.service,
                        "starts_at": start.isoformat(),
                        "practitioner_id": self.practitioners[n % 2],
                    },
                )
                if answer.status == 201 and n % 3 == number % 3:
                    caller.ask("cancel", f"/booking/{answer.document['id']}/cancel", {})

    def top_up(self, journal: Journal) -> None:
        """Add credit, one unit at a time, each client in turn."""
        caller = Caller(self.stack, self.owner, journal)
        with caller.http:
            for n in range(1_000):
                if journal.stopping.is_set():
                    return
                client = self.clients[n % len(self.clients)]
                caller.ask("adjust", f"/credits/{client.id}/adjust", {"amount": 1, "reason": "1"})

    def assert_sound(self, journal: Journal) -> None:
        """Acknowledged is persisted, once, and the other way round; every rule holds."""
        with reconnect(self.stack) as sql:
            rows = sql.execute(
                "select * from public.appointments where organization_id = %s", [self.practice.id]
            ).fetchall()
            found = {str(row["id"]): row for row in rows}
            booked = {a.document["id"]: a.document for a in journal.of("book")}
            assert len(booked) == len(journal.of("book"))
            # Every request was repeated until it was settled: nothing is there that nobody knows.
            assert found.keys() == booked.keys()
            for appointment_id, told in booked.items():
                row = found[appointment_id]
                assert str(row["client_id"]) == told["client_id"]
                assert row["starts_at"] == dt.datetime.fromisoformat(told["starts_at"])
            cancelled = {a.document["id"] for a in journal.of("cancel")}
            assert {i for i, row in found.items() if row["status"] == "cancelled"} == cancelled
            topped_up = {a.document["id"] for a in journal.of("adjust")}
            entries = sql.execute(
                "select id from public.credit_entries"
                " where organization_id = %s and kind = 'top_up' and amount = 1",
                [self.practice.id],
            ).fetchall()
            assert {str(row["id"]) for row in entries} == topped_up
            assert_invariants(sql, self.practice.id)


def reconnect(stack: TestStack) -> psycopg.Connection[DictRow]:
    """Return a connection as the schema's owner, as soon as the server takes one."""
    deadline = time.monotonic() + GIVE_UP_SECONDS
    while True:
        try:
            return psycopg.connect(
                stack.db_url, autocommit=True, row_factory=dict_row, connect_timeout=10
            )
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(PAUSE_SECONDS)


def make_user(stack: TestStack) -> User:
    """Make somebody who can sign in to this stack."""
    email, password = f"{secrets.token_hex(8)}@example.test", secrets.token_urlsafe(16)
    response = httpx.post(
        f"{stack.api_url}/auth/v1/admin/users",
        headers={"apikey": stack.secret_key, "authorization": f"Bearer {stack.secret_key}"},
        json={"email": email, "password": password, "email_confirm": True},
        timeout=60,
    )
    assert response.status_code == 200, response.text
    return User(response.json()["id"], email, password, sign_in(stack, email, password))
