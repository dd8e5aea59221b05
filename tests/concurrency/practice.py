"""A practice made for one test, straight in SQL: its people, rooms, hours and money.

Everything goes through the schema's owner, so that a test states only what it is about and runs the
same on the embedded stack and on a hosted one. Hours are in UTC and never end, unless said.
"""

from __future__ import annotations

import datetime as dt
import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString

import psycopg
from psycopg.rows import DictRow
from psycopg.types.range import TimestamptzRange

UTC = dt.UTC
# Read once: a test that begins on a Sunday means the same week after midnight.
TODAY = dt.datetime.now(UTC).replace(hour=10, minute=0, second=0, microsecond=0)


def monday(weeks: int = 2) -> dt.datetime:
    """Return ten o'clock UTC on a Monday that is at least a week away."""
    return TODAY + dt.timedelta(days=7 * weeks - TODAY.weekday())


def new_user(sql: psycopg.Connection[DictRow], email: str | None = None) -> str:
    """Make a login with a confirmed address; it needs no password here."""
    return new_users(sql, [email or f"{secrets.token_hex(8)}@example.test"])[0]


def new_users(sql: psycopg.Connection[DictRow], emails: list[str]) -> list[str]:
    """Make several logins at once."""
    ids = [str(uuid.uuid4()) for _ in emails]
    sql.execute(
        """
        insert into auth.users (
          id, instance_id, aud, role, email, email_confirmed_at, raw_app_meta_data,
          raw_user_meta_data, created_at, updated_at
        )
        select
          u.id, '00000000-0000-0000-0000-000000000000', 'authenticated', 'authenticated', u.email,
          now(), '{"provider": "email", "providers": ["email"]}', '{}', now(), now()
        from unnest(%s::uuid[], %s::text[]) as u (id, email)
        """,
        [ids, emails],
    )
    return ids


@dataclass
class Client:
    """A client and, if it has one, its login."""

    id: str
    user_id: str | None


class Practice:
    """An organization and short ways to furnish it."""

    def __init__(
        self,
        sql: psycopg.Connection[DictRow],
        timezone: str = "UTC",
        owner_id: str | None = None,
        **settings: Any,
    ) -> None:
        """Make the organization with its owner; settings override those that allow everything."""
        self.sql = sql
        self.owner_id = owner_id or new_user(sql)
        slug = f"test-{secrets.token_hex(6)}"
        row = self.one(
            "select id from public.create_organization(%s, %s, %s, %s, 'CZK')",
            [f"Practice {slug}", slug, self.owner_id, timezone],
        )
        self.slug = slug
        self.id = str(row["id"])
        self.location_id = str(
            self.one("select id from public.locations where organization_id = %s", [self.id])["id"]
        )
        self.set(
            **{
                "activation_required": False,
                "minimum_notice_minutes": 0,
                "booking_horizon_days": 730,
                "cancellation_window_minutes": 0,
                **settings,
            }
        )

    def one(self, query: LiteralString, parameters: Sequence[Any] | Mapping[str, Any]) -> DictRow:
        """Run a statement that answers one row."""
        row = self.sql.execute(query, parameters).fetchone()
        assert row is not None
        return row

    def set(self, **settings: Any) -> None:
        """Change settings of the organization."""
        for name, value in settings.items():
            self.sql.execute(
                psycopg.sql.SQL(
                    "update public.organization_settings set {} = %s where organization_id = %s"
                ).format(psycopg.sql.Identifier(name)),
                [value, self.id],
            )

    def member(self, role: str = "receptionist", user_id: str | None = None) -> str:
        """Add a member of staff; returns the user."""
        user_id = user_id or new_user(self.sql)
        self.sql.execute(
            "insert into public.members (organization_id, user_id, role, display_name)"
            " values (%s, %s, %s, 'Member')",
            [self.id, user_id, role],
        )
        return user_id

    def location(self, timezone: str) -> str:
        """Add a location."""
        row = self.one(
            "insert into public.locations (organization_id, name, timezone)"
            " values (%s, 'Branch', %s) returning id",
            [self.id, timezone],
        )
        return str(row["id"])

    def practitioners(self, count: int = 1, *, always: bool = True) -> list[str]:
        """Add practitioners who work at any time, or have no hours yet."""
        rows = self.sql.execute(
            "insert into public.practitioners (organization_id, display_name)"
            " select %s, 'Practitioner ' || n from generate_series(1, %s) as n returning id",
            [self.id, count],
        ).fetchall()
        found = [str(row["id"]) for row in rows]
        if always:
            self.sql.execute(
                "insert into public.working_hours"
                " (organization_id, practitioner_id, location_id, weekday, start_time, end_time)"
                " select %s, p, %s, day, '00:00', '24:00'"
                " from unnest(%s::uuid[]) as p, generate_series(1, 7) as day",
                [self.id, self.location_id, found],
            )
        return found

    def rooms(self, count: int = 1, location_id: str | None = None) -> list[str]:
        """Add rooms."""
        rows = self.sql.execute(
            "insert into public.rooms (organization_id, location_id, name)"
            " select %s, %s, 'Room ' || to_char(n, 'FM000') from generate_series(1, %s) as n"
            " returning id",
            [self.id, location_id or self.location_id, count],
        ).fetchall()
        return [str(row["id"]) for row in rows]

    def service(
        self, practitioners: list[str], rooms: list[str] | None = None, **columns: Any
    ) -> str:
        """Add a service of an hour that these practitioners offer, in these rooms if any."""
        values = {"name": "Session", "duration_minutes": 60, **columns}
        row = self.one(
            """
            insert into public.services (
              organization_id, name, duration_minutes, buffer_before_minutes, buffer_after_minutes,
              price_amount, mode, seats, is_public
            )
            values (
              %(organization_id)s, %(name)s, %(duration_minutes)s,
              coalesce(%(buffer_before_minutes)s, 0), coalesce(%(buffer_after_minutes)s, 0),
              coalesce(%(price_amount)s, 0), coalesce(%(mode)s, 'in_person')::public.service_mode,
              coalesce(%(seats)s, 1), coalesce(%(is_public)s, true)
            )
            returning id
            """,
            {
                "organization_id": self.id,
                "buffer_before_minutes": None,
                "buffer_after_minutes": None,
                "price_amount": None,
                "mode": None,
                "seats": None,
                "is_public": None,
                **values,
            },
        )
        service_id = str(row["id"])
        self.sql.execute(
            "insert into public.service_practitioners"
            " (organization_id, service_id, practitioner_id)"
            " select %s, %s, p from unnest(%s::uuid[]) as p",
            [self.id, service_id, practitioners],
        )
        self.sql.execute(
            "insert into public.service_rooms (organization_id, service_id, room_id)"
            " select %s, %s, r from unnest(%s::uuid[]) as r",
            [self.id, service_id, rooms or []],
        )
        return service_id

    def clients(self, count: int = 1, *, logins: bool = True, credit: int = 0) -> list[Client]:
        """Add clients, with logins and credit if wanted."""
        users: list[str | None] = [None] * count
        if logins:
            users = list(
                new_users(self.sql, [f"{secrets.token_hex(8)}@example.test" for _ in users])
            )
        rows = self.sql.execute(
            "insert into public.clients (organization_id, user_id, given_name, family_name)"
            " select %s, u.id, 'Client', u.n::text"
            " from unnest(%s::uuid[]) with ordinality as u (id, n) returning id, user_id",
            [self.id, users],
        ).fetchall()
        found = [Client(str(r["id"]), r["user_id"] and str(r["user_id"])) for r in rows]
        if credit:
            for client in found:
                self.top_up(client, credit)
        return found

    def client(self, *, logins: bool = True, credit: int = 0) -> Client:
        """Add one client."""
        return self.clients(1, logins=logins, credit=credit)[0]

    def top_up(self, client: Client, amount: int, expires_at: dt.datetime | None = None) -> str:
        """Give a client credit, as the ledger's owner: also credit that has expired."""
        row = self.one(
            "insert into public.credit_entries"
            " (organization_id, client_id, kind, amount, currency, expires_at)"
            " values (%s, %s, 'top_up', %s, 'CZK', %s) returning id",
            [self.id, client.id, amount, expires_at],
        )
        return str(row["id"])

    def balance(self, client: Client) -> int:
        """Return what the account says."""
        row = self.sql.execute(
            "select balance_amount from public.credit_accounts where client_id = %s", [client.id]
        ).fetchone()
        return int(row["balance_amount"]) if row else 0

    def appointment(
        self,
        service_id: str,
        practitioner_id: str,
        client: Client,
        starts_at: dt.datetime,
        minutes: int = 60,
        **columns: Any,
    ) -> str:
        """Insert an appointment as somebody with the dashboard would."""
        values = {"status": "confirmed", "room_id": None, "session_id": None, **columns}
        row = self.one(
            """
            insert into public.appointments (
              organization_id, location_id, client_id, practitioner_id, service_id, room_id,
              session_id, during, status, cancelled_at
            )
            values (
              %(organization_id)s, %(location_id)s, %(client_id)s, %(practitioner_id)s,
              %(service_id)s, %(room_id)s, %(session_id)s, %(during)s,
              %(status)s::public.appointment_status,
              case when %(status)s::public.appointment_status = 'cancelled' then now() end
            )
            returning id
            """,
            {
                "organization_id": self.id,
                "location_id": self.location_id,
                "client_id": client.id,
                "practitioner_id": practitioner_id,
                "service_id": service_id,
                "during": TimestamptzRange(starts_at, starts_at + dt.timedelta(minutes=minutes)),
                **values,
            },
        )
        return str(row["id"])

    def appointments(self, *, active: bool = True) -> list[DictRow]:
        """Return the appointments there are."""
        return self.sql.execute(
            "select * from public.appointments where organization_id = %s"
            " and (status <> 'cancelled' or not %s) order by starts_at, id",
            [self.id, active],
        ).fetchall()
