"""Load on PostgreSQL that costs little itself: a process per connection, prepared statements, and
libpq without a layer above it. A client sends its transaction in one piece and waits for the
answer before it sends the next, as callers do."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from psycopg import pq
from psycopg.pq.abc import PGconn

FINE = (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK)


@dataclass(frozen=True)
class Work:
    """One connection's share: each job is one transaction, of one parameter list per statement."""

    session: Sequence[str]
    statements: Sequence[str]
    jobs: Sequence[Sequence[Sequence[str | None]]]


@dataclass(frozen=True)
class Done:
    """What all connections did together."""

    good: int
    refused: int
    seconds: float
    client_seconds: float
    server_seconds: float
    messages: tuple[str, ...]

    @property
    def rate(self) -> float:
        """Transactions that went through, per second."""
        return self.good / self.seconds

    @property
    def client_share(self) -> float:
        """The part of the machine's processor time that the clients took for themselves."""
        return self.client_seconds / (self.seconds * (os.cpu_count() or 1))


def run(url: str, shares: Sequence[Work], seconds: float) -> Done:
    """Let every connection work for so long, or until it has nothing left."""
    context = multiprocessing.get_context("fork")
    barrier = context.Barrier(len(shares))
    with context.Pool(
        len(shares), initializer=_remember, initargs=(barrier,), maxtasksperchild=1
    ) as pool:
        parts = pool.starmap(_work, [(url, share, seconds) for share in shares], chunksize=1)
    begun, ended = min(part[2] for part in parts), max(part[3] for part in parts)
    messages = sorted({message for part in parts for message in part[6]})
    return Done(
        sum(part[0] for part in parts),
        sum(part[1] for part in parts),
        ended - begun,
        sum(part[4] for part in parts),
        sum(part[5] for part in parts),
        tuple(messages),
    )


Part = tuple[int, int, float, float, float, float, list[str]]
_barrier: Barrier


def _remember(barrier: Barrier) -> None:
    global _barrier  # noqa: PLW0603 - how a pool hands its workers a barrier
    _barrier = barrier


def _work(url: str, work: Work, seconds: float) -> Part:
    connection = pq.PGconn.connect(url.encode())
    if connection.status != pq.ConnStatus.OK:
        raise RuntimeError(connection.get_error_message())
    for command in work.session:
        _expect(connection.exec_(command.encode()))
    names = [f"s{number}".encode() for number in range(len(work.statements))]
    for name, statement in zip(names, work.statements, strict=True):
        _expect(connection.prepare(name, statement.encode()))
    jobs = [
        [[None if value is None else value.encode() for value in values] for values in job]
        for job in work.jobs
    ]
    connection.enter_pipeline_mode()
    messages: set[str] = set()
    good = refused = 0
    _barrier.wait()
    begun, used, served = (
        time.monotonic(),
        time.process_time(),
        running_time(connection.backend_pid),
    )
    for job in jobs:
        for name, values in zip(names, job, strict=True):
            connection.send_query_prepared(name, values)
        connection.pipeline_sync()
        went = _answer(connection, messages)
        good += went
        refused += not went
        if time.monotonic() - begun > seconds:
            break
    ended, used = time.monotonic(), time.process_time() - used
    served = running_time(connection.backend_pid) - served
    connection.finish()
    return good, refused, begun, ended, used, served, list(messages)


def running_time(process_id: int) -> float:
    """Return the seconds of processor time that a process has had; NaN where /proc is silent."""
    try:
        text = Path(f"/proc/{process_id}/schedstat").read_text("ascii")
    except OSError:
        return float("nan")
    return int(text.split()[0]) / 1e9


def _answer(connection: PGconn, messages: set[str]) -> bool:
    """Read one transaction's answers, up to its sync."""
    went = True
    while True:
        result = connection.get_result()
        if result is None:
            continue
        if result.status == pq.ExecStatus.PIPELINE_SYNC:
            return went
        if result.status not in FINE:
            went = False
            if result.status == pq.ExecStatus.FATAL_ERROR:
                messages.add(result.error_message.decode(errors="replace").splitlines()[0])


def _expect(result: Any) -> None:
    if result.status not in FINE:
        raise RuntimeError(result.error_message.decode())
