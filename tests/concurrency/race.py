"""Callers that act at the same moment, each on a connection of its own.

A race sets every caller up first (role and claims, exactly what the API sets before a request),
lets them all go at once, and hands back what each of them got: rows or an error.
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, LiteralString

import psycopg
from psycopg.rows import DictRow, dict_row

# Nothing here is slow; a caller that hangs is a failure and should say so.
STATEMENT_SECONDS = 60
# One in so many is left to everybody else on the same server.
SPARE_CONNECTIONS = 8


@dataclass(frozen=True)
class Call:
    """One statement by one user; without a user, by the schema's owner."""

    user_id: str | None
    query: LiteralString
    parameters: Sequence[Any] | dict[str, Any] = ()
    role: str = "authenticated"


@dataclass(frozen=True)
class Outcome:
    """What a caller got."""

    call: Call
    rows: list[DictRow] = field(default_factory=list)
    error: psycopg.Error | None = None

    @property
    def row(self) -> DictRow:
        """The only row of a success."""
        assert self.error is None, self.error
        assert len(self.rows) == 1
        return self.rows[0]

    @property
    def sqlstate(self) -> str:
        """The error's code; empty for a success."""
        return "" if self.error is None else str(self.error.sqlstate)

    @property
    def token(self) -> str:
        """`ok`, a business error's token, or the code of an error that is none."""
        if self.error is None:
            return "ok"
        if self.sqlstate.startswith("PT"):
            return str(self.error.diag.message_primary)
        return f"{self.sqlstate} {self.error.diag.message_primary}"


def rpc(user_id: str, function: LiteralString, **arguments: Any) -> Call:
    """Call a function of the API by its argument names."""
    names = ", ".join(f"{name} => %({name})s" for name in arguments)
    query = f"select * from public.{function}({names})"
    return Call(user_id, query, arguments)


def tokens(outcomes: Sequence[Outcome]) -> Counter[str]:
    """Count what came out."""
    return Counter(outcome.token for outcome in outcomes)


class Crew:
    """Connections that are kept between races."""

    def __init__(self, db_url: str) -> None:
        """Open nothing yet."""
        self.db_url = db_url
        self.connections: list[psycopg.Connection[DictRow]] = []
        self.limit = 0

    def hire(self, count: int) -> list[psycopg.Connection[DictRow]]:
        """Return this many connections, or as many as the server has to give."""
        if not self.limit:
            with psycopg.connect(self.db_url, autocommit=True) as one:
                row = one.execute(
                    "select m.n - m.n / %s - (select count(*) from pg_stat_activity)"
                    " from (select current_setting('max_connections')::integer) as m (n)",
                    [SPARE_CONNECTIONS],
                ).fetchone()
            # With pytest-xdist, every worker has a crew of its own.
            crews = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
            self.limit = max(4, int(row[0] if row else 0) // crews)
        while len(self.connections) < min(count, self.limit):
            self.connections.append(
                psycopg.connect(self.db_url, autocommit=True, row_factory=dict_row)
            )
        return self.connections[:count]

    def race(self, calls: Sequence[Call]) -> list[Outcome]:
        """Make all calls at the same moment; the outcomes are in the order of the calls."""
        connections = self.hire(len(calls))
        outcomes: list[Outcome | None] = [None] * len(calls)
        start = threading.Barrier(len(connections))

        def work(worker: int) -> None:
            # With fewer connections than calls, each makes several, one after the other.
            for turn, index in enumerate(range(worker, len(calls), len(connections))):
                become(connections[worker], calls[index])
                if turn == 0:
                    start.wait()
                outcomes[index] = attempt(connections[worker], calls[index])

        run_together([lambda worker=worker: work(worker) for worker in range(len(connections))])
        return [outcome for outcome in outcomes if outcome is not None]

    def run(self, scripts: Sequence[Sequence[Call]]) -> list[Outcome]:
        """Let each connection work through its own list of calls, all lists side by side."""
        connections = self.hire(len(scripts))
        assert len(connections) == len(scripts)
        outcomes: list[list[Outcome]] = [[] for _ in scripts]
        start = threading.Barrier(len(scripts))

        def work(worker: int) -> None:
            start.wait()
            for call in scripts[worker]:
                become(connections[worker], call)
                outcomes[worker].append(attempt(connections[worker], call))

        run_together([lambda worker=worker: work(worker) for worker in range(len(scripts))])
        return [outcome for made in outcomes for outcome in made]

    def behind(self, first: Call, second: Call) -> Outcome:
        """Let the first make its call, the second wait for it, the first commit.

        What the second read before it waited is old by the time it goes on.
        """
        outcomes: list[Outcome] = []
        with (
            psycopg.connect(self.db_url, row_factory=dict_row) as holder,
            psycopg.connect(self.db_url, row_factory=dict_row) as waiter,
            psycopg.connect(self.db_url, autocommit=True, row_factory=dict_row) as observer,
        ):
            become(holder, first)
            holder.execute(first.query, first.parameters)
            become(waiter, second)

            def follow() -> None:
                outcomes.append(attempt(waiter, second))
                waiter.commit()

            def finish() -> None:
                wait_for_lock(observer, [waiter.info.backend_pid])
                holder.commit()

            run_together([follow, finish])
        return outcomes[0]

    @contextlib.contextmanager
    def acting(self, user_id: str) -> Iterator[psycopg.Connection[DictRow]]:
        """Open a transaction of this user that the test ends itself."""
        with psycopg.connect(self.db_url, row_factory=dict_row) as connection:
            become(connection, Call(user_id, "select 1"))
            yield connection
            connection.rollback()

    def close(self) -> None:
        """Close all connections."""
        for connection in self.connections:
            connection.close()


def become(connection: psycopg.Connection[DictRow], call: Call) -> None:
    """Set the caller's role and claims, as the API does before a request."""
    role = "none" if call.user_id is None else call.role
    claims = {"sub": call.user_id, "aud": "authenticated", "role": call.role}
    connection.execute(
        "select set_config('role', 'none', false),"
        " set_config('statement_timeout', %s, false),"
        " set_config('request.jwt.claims', %s, false), set_config('role', %s, false)",
        [f"{STATEMENT_SECONDS}s", "" if call.user_id is None else json.dumps(claims), role],
    )


def attempt(connection: psycopg.Connection[DictRow], call: Call) -> Outcome:
    """Make the call and keep what comes of it."""
    try:
        cursor = connection.execute(call.query, call.parameters)
        return Outcome(call, cursor.fetchall() if cursor.description else [])
    except psycopg.Error as error:
        return Outcome(call, error=error)


def run_together(tasks: Sequence[Any]) -> None:
    """Run each task on a thread of its own and pass on what any of them raises."""
    raised: list[BaseException] = []

    def guarded(task: Any) -> None:
        try:
            task()
        except BaseException as error:  # noqa: BLE001 - shown by the test that started the thread
            raised.append(error)

    threads = [threading.Thread(target=guarded, args=[task], daemon=True) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if raised:
        raise raised[0]


def wait_for_lock(
    connection: psycopg.Connection[DictRow], process_ids: Sequence[int], *, rounds: int = 2000
) -> None:
    """Return once every one of these server processes waits for a lock."""
    for _ in range(rounds):
        row = connection.execute(
            "select count(*) as n from pg_stat_activity"
            " where pid = any (%s) and wait_event_type = 'Lock'",
            [list(process_ids)],
        ).fetchone()
        assert row is not None
        if row["n"] == len(process_ids):
            return
        connection.execute("select pg_sleep(0.005)")
    message = "The callers never came to wait for a lock."
    raise AssertionError(message)


def attempt_behind(
    watcher: psycopg.Connection[DictRow],
    ahead: psycopg.Connection[DictRow],
    behind: psycopg.Connection[DictRow],
    call: Call,
) -> Outcome:
    """Make the call `behind` a transaction that is committed once the call waits for it."""
    outcomes: list[Outcome] = []

    def follow() -> None:
        outcomes.append(attempt(behind, call))
        behind.commit()

    def lead() -> None:
        try:
            wait_for_lock(watcher, [behind.info.backend_pid])
        finally:
            ahead.commit()

    run_together([follow, lead])
    return outcomes[0]
