"""A practice twice, in the database and in the model, and the people who use it.

Every call is a transaction of its own that is committed, made under the role and the claims that
the API sets, on a database that others use meanwhile. What is arranged beforehand is written by the
schema's owner.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, LiteralString

import psycopg
from psycopg.rows import DictRow
from psycopg.types.range import TimestamptzRange

from tests.concurrency.practice import Client, Practice, new_user
from tests.fuzz.practice_model import Appointment, Caller, PracticeModel, Service
from tests.properties.ledger_model import Entry
from tests.properties.oracle import Hours, instant, minute

# Two practitioners who work from eight to six and from ten to eight, every day.
SHIFTS = ((8 * 60, 18 * 60), (10 * 60, 20 * 60))
SERVICES = (
    Service(60, 0, 15, 300, 1, (0, 1), (0, 1)),
    # By video: no room, and for free.
    Service(45, 0, 0, 0, 1, (), (0, 1)),
    # A group, and only in one room.
    Service(60, 15, 0, 100, 3, (0,), (0,)),
    # What only staff book.
    Service(30, 0, 0, 250, 1, (), (1,), is_public=False),
)
ROOMS = 2
CLIENTS = 3


@dataclass
class Outcome:
    """What a call answered, and at which moment by the database's clock."""

    at: dt.datetime
    rows: list[DictRow] = field(default_factory=list)
    token: str = "ok"
    detail: str = ""

    @property
    def row(self) -> DictRow:
        """The only row."""
        [row] = self.rows
        return row


def call(
    sql: psycopg.Connection[DictRow],
    user_id: str,
    query: LiteralString,
    parameters: Sequence[Any] | dict[str, Any],
) -> Outcome:
    """Make one call, committed or refused; an error that is no refusal is a failure."""
    claims = json.dumps({"sub": user_id, "aud": "authenticated", "role": "authenticated"})
    outcome = Outcome(dt.datetime.now(dt.UTC))
    try:
        with sql.transaction():
            row = sql.execute(
                "select set_config('request.jwt.claims', %s, true),"
                " set_config('role', 'authenticated', true), now() as at",
                [claims],
            ).fetchone()
            assert row is not None
            outcome.at = row["at"]
            cursor = sql.execute(query, parameters)
            outcome.rows = cursor.fetchall() if cursor.description else []
    except psycopg.errors.InsufficientPrivilege:
        outcome.token = "forbidden"
    except psycopg.Error as error:
        if not str(error.sqlstate).startswith("PT"):
            raise
        outcome.token = str(error.diag.message_primary)
        outcome.detail = error.diag.message_detail or ""
    return outcome


class Twin:
    """One organization in the database, and the same one in the model."""

    def __init__(
        self, sql: psycopg.Connection[DictRow], zone: str, logins: Sequence[str | None]
    ) -> None:
        """Found and furnish it; its first client is the same person in every organization."""
        self.sql = sql
        practice = self.practice = Practice(sql, zone)
        self.people = practice.practitioners(2, always=False)
        self.rooms = practice.rooms(ROOMS)
        for person, (opens, closes) in zip(self.people, SHIFTS, strict=True):
            sql.execute(
                "insert into public.working_hours"
                " (organization_id, practitioner_id, location_id, weekday, start_time, end_time)"
                " select %s, %s, %s, day, make_time(%s, 0, 0), make_time(%s, 0, 0)"
                " from generate_series(1, 7) as day",
                [practice.id, person, practice.location_id, opens // 60, closes // 60],
            )
        self.services = [
            practice.service(
                [self.people[n] for n in sold.practitioners],
                [self.rooms[n] for n in sold.rooms],
                duration_minutes=sold.duration,
                buffer_before_minutes=sold.before,
                buffer_after_minutes=sold.after,
                price_amount=sold.price,
                seats=sold.seats,
                is_public=sold.is_public,
                mode="in_person" if sold.rooms else "video",
            )
            for sold in SERVICES
        ]
        self.clients = []
        for login in logins:
            client = practice.client(logins=False)
            sql.execute("update public.clients set user_id = %s where id = %s", [login, client.id])
            self.clients.append(Client(client.id, login))
        self.desk = practice.member("receptionist")
        self.therapist = practice.member("practitioner")
        sql.execute(
            "update public.practitioners set user_id = %s where id = %s",
            [self.therapist, self.people[0]],
        )
        self.model = PracticeModel(
            zone=zone,
            services=[replace(sold) for sold in SERVICES],
            hours=tuple(
                Hours(person, 0, day, opens, closes)
                for person, (opens, closes) in enumerate(SHIFTS)
                for day in range(1, 8)
            ),
            rooms=ROOMS,
            clients=len(logins),
        )
        self.roles = {
            practice.owner_id: "owner",
            self.desk: "receptionist",
            self.therapist: "practitioner",
        }

    def caller(self, user_id: str) -> Caller:
        """Return who somebody is here."""
        return Caller(
            self.roles.get(user_id),
            next((n for n, c in enumerate(self.clients) if c.user_id == user_id), None),
        )

    def room(self, row: DictRow) -> int | None:
        """Return the number of a row's room."""
        return None if row["room_id"] is None else self.rooms.index(str(row["room_id"]))

    def practitioner(self, row: DictRow) -> int:
        """Return the number of a row's practitioner."""
        return self.people.index(str(row["practitioner_id"]))

    def write_past(
        self, service: int, client: int, practitioner: int, start: int, block: str | None
    ) -> bool:
        """Insert an appointment as time would have left it; says whether there was room for it."""
        sold = self.model.services[service]
        end = start + sold.duration
        low, high = start - sold.before, end + sold.after
        if any(
            (a.practitioner == practitioner and low < a.end + a.after and a.start - a.before < high)
            or (a.client == client and start < a.end and a.start < end)
            for a in self.model.appointments
            if a.is_active
        ):
            return False
        row = self.practice.one(
            "insert into public.appointments (organization_id, location_id, client_id,"
            " practitioner_id, service_id, block_id, during, status)"
            " values (%s, %s, %s, %s, %s, %s, %s, 'confirmed') returning id",
            [
                self.practice.id,
                self.practice.location_id,
                self.clients[client].id,
                self.people[practitioner],
                self.services[service],
                block,
                TimestamptzRange(instant(start), instant(end)),
            ],
        )
        self.model.sessions += 1
        self.model.appointments.append(
            Appointment(
                id=str(row["id"]),
                service=service,
                practitioner=practitioner,
                client=client,
                start=start,
                end=end,
                before=sold.before,
                after=sold.after,
                room=None,
                session=self.model.sessions,
                status="confirmed",
                price=sold.price,
                block=block,
            )
        )
        return True

    def assert_same(self) -> None:
        """Compare calendar, ledger and balances, all of them."""
        rows = self.sql.execute(
            "select * from public.appointments where organization_id = %s", [self.practice.id]
        ).fetchall()
        found = {str(row["id"]): self.calendar_line(row) for row in rows}
        assert found == {a.id: model_line(a) for a in self.model.appointments}
        groups = defaultdict(set)
        for row in rows:
            if row["status"] != "cancelled":
                groups[row["session_id"]].add(str(row["id"]))
        expected = defaultdict(set)
        for a in self.model.appointments:
            if a.is_active:
                expected[a.session].add(a.id)
        assert sorted(map(sorted, groups.values())) == sorted(map(sorted, expected.values()))
        self.assert_same_money()

    def assert_same_money(self) -> None:
        """Compare every entry and every balance."""
        entries: dict[str, list[Entry]] = defaultdict(list)
        for row in self.sql.execute(
            "select client_id, kind, amount, balance_after_amount from public.credit_entries"
            " where organization_id = %s order by client_id, number",
            [self.practice.id],
        ):
            client, *rest = row.values()
            entries[str(client)].append(Entry(*rest))
        balances = {
            str(row["client_id"]): (row["balance_amount"], row["available_amount"])
            for row in self.sql.execute(
                "select client_id, balance_amount, available_amount from public.credit_balances"
                " where organization_id = %s",
                [self.practice.id],
            )
        }
        for client, account in zip(self.clients, self.model.accounts, strict=True):
            assert entries[client.id] == account.entries
            assert balances.get(client.id, (0, 0)) == (
                account.balance,
                account.balance - account.expired,
            )

    def calendar_line(self, row: DictRow) -> tuple[object, ...]:
        """Return what the model knows too of an appointment in the database."""
        return (
            self.services.index(str(row["service_id"])),
            self.practitioner(row),
            [c.id for c in self.clients].index(str(row["client_id"])),
            self.room(row),
            minute(row["starts_at"]),
            minute(row["ends_at"]),
            minute(row["blocked_during"].lower),
            minute(row["blocked_during"].upper),
            row["status"],
            row["payment_status"],
            row["price_amount"],
            None if row["block_id"] is None else str(row["block_id"]),
            row["overlap_allowed_by"] is not None,
            row["revision"],
        )


def model_line(a: Appointment) -> tuple[object, ...]:
    """Return an appointment of the model in the same form."""
    return (
        a.service,
        a.practitioner,
        a.client,
        a.room,
        a.start,
        a.end,
        a.start - a.before,
        a.end + a.after,
        a.status,
        a.payment,
        a.price,
        a.block,
        a.overlap,
        a.revision,
    )


def outsider(sql: psycopg.Connection[DictRow]) -> str:
    """Make somebody who belongs to nobody."""
    return new_user(sql)
