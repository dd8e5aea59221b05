"""book_appointment beside a bare insert, beside itself on a small database, and in a rush."""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bench import load
from bench.data import Database
from bench.timing import Session, alternate

CLIENTS = 8
CALLERS = 50
# More than a client can do in a second on any machine that this has run on.
MOST_PER_SECOND = 400

SIGN_IN = "select set_config('request.jwt.claims', $1, true)"
BOOK = "select (public.book_appointment($1::uuid, $2::timestamptz, $3::uuid, $4::uuid)).id"
INSERT = """
insert into bench.floor (
  organization_id, location_id, client_id, practitioner_id, service_id, room_id, session_id, during,
  blocked_during, payment_status, price_amount, currency, mode
)
values (
  $1::uuid, $2::uuid, $3::uuid, $4::uuid, $5::uuid, $6::uuid, gen_random_uuid(),
  tstzrange($7::timestamptz, $7::timestamptz + interval '1 hour'),
  tstzrange($7::timestamptz, $7::timestamptz + interval '1 hour'), 'paid', 1000, 'CZK', 'in_person'
)
"""


@dataclass(frozen=True)
class Target:
    """A start that is free for everyone who takes part, and for nobody else's measure."""

    organization_id: str
    desk_id: str
    user_id: str
    location_id: str
    service_id: str
    practitioner_id: str
    room_id: str
    client_id: str
    starts_at: str


def take(database: Database, count: int, share: int = 0, shares: int = 1) -> list[Target]:
    """Take targets out of the store, of the organizations that belong to one share only."""
    rows = database.rows(
        """
        delete from bench.targets
        where turn in (
          select turn from bench.targets where organization_n %% %s = %s order by turn limit %s
        )
        returning organization_id::text, desk_id::text, user_id::text, location_id::text,
          service_id::text, practitioner_id::text, room_id::text, client_id::text,
          to_char(starts_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
        """,
        shares,
        share,
        count,
    )
    return [Target(*row) for row in rows]


def claims(user_id: str) -> str:
    """Return what the API hands on of a token."""
    return json.dumps({"sub": user_id, "role": "authenticated"})


def bookings(targets: Sequence[Target]) -> load.Work:
    """One connection that books, each call signed in for itself as the API does it."""
    return load.Work(
        ["set role authenticated"],
        [SIGN_IN, BOOK],
        [
            [[claims(t.desk_id)], [t.service_id, t.starts_at, t.practitioner_id, t.client_id]]
            for t in targets
        ],
    )


def inserts(targets: Sequence[Target]) -> load.Work:
    """One connection that writes the same rows with nothing around them."""
    return load.Work(
        [],
        [INSERT],
        [
            [
                [
                    t.organization_id,
                    t.location_id,
                    t.client_id,
                    t.practitioner_id,
                    t.service_id,
                    t.room_id,
                    t.starts_at,
                ]
            ]
            for t in targets
        ],
    )


def against_floor(database: Database, rounds: int, seconds: float) -> dict[str, float]:
    """Return the rate of bookings per rate of inserts, at eight connections."""
    done: dict[str, list[load.Done]] = {"book": [], "insert": []}
    for number in range(rounds + 1):
        count = int(seconds * MOST_PER_SECOND)
        shares = [take(database, count, share, CLIENTS) for share in range(CLIENTS)]
        for kind, make in (("insert", inserts), ("book", bookings)):
            result = load.run(database.url, [make(share) for share in shares], seconds)
            if result.refused:
                raise RuntimeError(f"{kind} was refused: {result.messages}")
            # The first round pays for cold caches and first touches of pages after the load.
            if number:
                done[kind].append(result)

    def median(kind: str, what: Callable[[load.Done], float]) -> float:
        return statistics.median(what(result) for result in done[kind])

    return {
        "rate": median("book", lambda d: d.rate) / median("insert", lambda d: d.rate),
        "processor": (
            median("insert", lambda d: d.server_seconds / d.good)
            / median("book", lambda d: d.server_seconds / d.good)
        ),
        "client_share": max(d.client_share for results in done.values() for d in results),
    }


def rush(database: Database, rounds: int, seconds: float) -> dict[str, float]:
    """Return what fifty callers for the same slots get answered per booking without a rival.

    Every slot is wanted by all; each must be given exactly once, and nobody may deadlock.
    """
    rates: dict[str, list[float]] = {"rush": [], "calm": []}
    before = deadlocks(database)
    given = wanted = 0
    for number in range(rounds + 1):
        calm = [take(database, int(seconds * 40), share, CLIENTS) for share in range(CLIENTS)]
        own = [
            calm[caller % CLIENTS][caller // CLIENTS :: CALLERS // CLIENTS + 1]
            for caller in range(CALLERS)
        ]
        done = load.run(database.url, [bookings(share) for share in own], seconds)
        contested = take(database, int(seconds * 20), number % CLIENTS, CLIENTS)
        rivals = [
            bookings(
                [replace(t, client_id=client) for t, client in zip(contested, clients, strict=True)]
            )
            for clients in others(database, contested)
        ]
        fought = load.run(database.url, rivals, seconds * 10)
        given, wanted = given + fought.good, wanted + len(contested)
        if number:
            rates["calm"].append(done.rate)
            rates["rush"].append((fought.good + fought.refused) / fought.seconds)
    return {
        "ratio": statistics.median(rates["rush"]) / statistics.median(rates["calm"]),
        "deadlocks": deadlocks(database) - before,
        "given": given,
        "wanted": wanted,
    }


def others(database: Database, targets: Sequence[Target]) -> list[list[str]]:
    """Return, for each caller, the client for whom they want each target."""
    columns = [
        [
            row[0]
            for row in database.rows(
                """
                select c.id::text
                from bench.clients as c
                where c.organization_id = %s and not exists (
                  select 1 from public.appointments as a
                  where a.client_id = c.id
                    and a.starts_at > %s::timestamptz - interval '1 day'
                    and a.starts_at < %s::timestamptz + interval '1 day'
                )
                -- Nor has a later measure counted on their time.
                and not exists (
                  select 1 from bench.targets as t
                  where t.client_id = c.id
                    and t.starts_at > %s::timestamptz - interval '1 day'
                    and t.starts_at < %s::timestamptz + interval '1 day'
                )
                limit %s
                """,
                target.organization_id,
                *[target.starts_at] * 4,
                CALLERS,
            )
        ]
        for target in targets
    ]
    return [[column[caller % len(column)] for column in columns] for caller in range(CALLERS)]


def deadlocks(database: Database) -> int:
    """Return how many deadlocks this database has seen."""
    with database.connect() as connection:
        connection.execute("select pg_stat_force_next_flush()")
        row = connection.execute(
            "select deadlocks from pg_stat_database where datname = current_database()"
        ).fetchone()
    return int(row[0]) if row else 0


def growth(large: Database, small: Database, seconds: float) -> float:
    """Return the time of a booking in the large database per that in the small one, unhurried."""
    ways = {}
    sessions = []
    fewest = 600
    for name, database in (("large", large), ("small", small)):
        session = Session(database.url, as_user=True)
        sessions.append(session)
        # In as many organizations on both sides: what is compared is the size of the tables.
        targets = take(database, 700, 0, database.size.organizations // small.size.organizations)
        fewest = min(fewest, len(targets))

        def book(turn: int, session: Session = session, targets: list[Target] = targets) -> object:
            target = targets[turn]
            session.sign_in(target.desk_id)
            return session.run(
                "select (public.book_appointment(%s, %s, %s, %s)).id",
                [target.service_id, target.starts_at, target.practitioner_id, target.client_id],
            )

        ways[name] = book
    medians = alternate(ways, seconds=seconds, most=fewest)
    for session in sessions:
        session.close()
    return medians["large"] / medians["small"]
