"""A practice on the real stack with someone in every role, each with a real access token."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from psycopg.sql import SQL, Identifier

from tests.concurrency.practice import Client, Practice, monday

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import httpx
    from psycopg import Connection
    from psycopg.rows import DictRow

    from tests.conftest import ClientFor, User

PRICE = 50_000
ABSENT = "00000000-0000-4000-8000-000000000000"
STAFF = ("owner", "admin", "receptionist", "practitioner")


@dataclass
class House:
    """The practice, its people, and HTTP clients that act as them."""

    practice: Practice
    functions: ClientFor
    rest: ClientFor
    users: dict[str, User]
    practitioner_ids: list[str]
    service_id: str
    video_service_id: str
    client_id: str
    other_client_id: str
    hours: Iterator[int] = field(default_factory=lambda: itertools.count(0))

    def as_(self, role: str | None) -> httpx.Client:
        """The functions as someone of the house, as a stranger, or as nobody."""
        return self.functions(None if role is None else self.users[role])

    @property
    def client(self) -> Client:
        """The house's client, for arranging."""
        return Client(self.client_id, self.users["client"].id)

    def next_start(self) -> str:
        """An hour of the fortnight after next that no other test has used."""
        start = monday(2) + dt.timedelta(hours=next(self.hours))
        return start.isoformat()

    def booking(self, **changes: Any) -> dict[str, Any]:
        """Arguments of a booking for the house's client."""
        return {
            "service_id": self.service_id,
            "starts_at": self.next_start(),
            "practitioner_id": self.practitioner_ids[0],
            "client_id": self.client_id,
            **changes,
        }

    def book(self, **changes: Any) -> dict[str, Any]:
        """Book as the receptionist."""
        response = self.as_("receptionist").post("/booking", json=self.booking(**changes))
        assert response.status_code == 201, response.text
        appointment: dict[str, Any] = response.json()
        return appointment

    def count(self, table: str) -> int:
        """Rows of the organization in one table."""
        statement = SQL("select count(*) from public.{} where organization_id = %s")
        found = self.practice.sql.execute(statement.format(Identifier(table)), [self.practice.id])
        row = found.fetchone()
        assert row is not None
        return int(row["count"])


def open_house(
    sql: Connection[DictRow],
    fresh_user: Callable[[], User],
    functions: ClientFor,
    rest: ClientFor,
) -> House:
    """Furnish a house."""
    users = {role: fresh_user() for role in (*STAFF, "client", "other_client", "stranger")}
    practice = Practice(sql, "Europe/Prague", owner_id=users["owner"].id)
    for role in STAFF[1:]:
        practice.member(role, users[role].id)
    practitioner_ids = practice.practitioners(2)
    sql.execute(
        "update public.practitioners set user_id = %s where id = %s",
        [users["practitioner"].id, practitioner_ids[0]],
    )
    rooms = practice.rooms(2)
    service_id = practice.service(practitioner_ids, rooms, price_amount=PRICE)
    video_id = practice.service(practitioner_ids, mode="video", price_amount=PRICE)
    clients = practice.clients(2, logins=False)
    for client, role in zip(clients, ("client", "other_client"), strict=True):
        sql.execute(
            "update public.clients set user_id = %s, email = %s where id = %s",
            [users[role].id, users[role].email, client.id],
        )
    sql.execute(
        "update public.organizations set contact_email = 'desk@house.test' where id = %s",
        [practice.id],
    )
    # A foreign organization, so that the stranger is somebody somewhere.
    Practice(sql, owner_id=users["stranger"].id)
    return House(
        practice,
        functions,
        rest,
        users,
        practitioner_ids,
        service_id,
        video_id,
        clients[0].id,
        clients[1].id,
    )


def problem(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """Check that an answer is a whole problem document; return it."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert (body["status"], body["code"]) == (status, code)
    assert body["title"]
    assert body["detail"]
    assert body["instance"].endswith(response.headers["x-request-id"])
    return body
