"""A practice whose people can sign in, for tests of what they hear."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import psycopg
from psycopg.rows import dict_row

from tests.concurrency.practice import Practice, monday
from tests.conftest import ClientFor, User
from tests.stack_fixture import TestStack


@dataclass(frozen=True)
class House:
    """A practice whose people can sign in."""

    practice: Practice
    owner: User
    reception: User
    therapist: User
    client: User
    client_id: str
    practitioner_id: str
    service_id: str
    weeks: Iterator[int]

    @property
    def calendar(self) -> str:
        return f"organization:{self.practice.id}:calendar"

    def next_start(self) -> str:
        """Return a start that no other test has taken."""
        return monday(next(self.weeks)).isoformat()

    def book(self, rest: ClientFor) -> dict[str, Any]:
        """Book as the client, over HTTP."""
        return call(
            rest(self.client),
            "book_appointment",
            service_id=self.service_id,
            practitioner_id=self.practitioner_id,
            starts_at=self.next_start(),
        )


def call(api: httpx.Client, name: str, **arguments: Any) -> dict[str, Any]:
    """Call a database function."""
    answer = api.post(f"/rpc/{name}", json=arguments)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


@contextlib.contextmanager
def open_house(stack: TestStack, fresh_user: Callable[[], User]) -> Iterator[House]:
    """Make a practice that nobody else knows."""
    owner, reception, therapist, client = (fresh_user() for _ in range(4))
    with psycopg.connect(stack.db_url, autocommit=True, row_factory=dict_row) as sql:
        practice = Practice(sql, owner_id=owner.id)
        practice.member("receptionist", reception.id)
        practice.member("practitioner", therapist.id)
        [practitioner_id] = practice.practitioners()
        sql.execute(
            "update public.practitioners set user_id = %s where id = %s",
            [therapist.id, practitioner_id],
        )
        person = practice.client(logins=False)
        sql.execute("update public.clients set user_id = %s where id = %s", [client.id, person.id])
        service_id = practice.service([practitioner_id])
        people = (owner, reception, therapist, client)
        yield House(practice, *people, person.id, practitioner_id, service_id, itertools.count(2))


def own_topic(user: User) -> str:
    """Return the topic of one person."""
    return f"user:{user.id}"
