"""A function's request beside the same RPC straight on the API; the memory of an export."""

from __future__ import annotations

import http.client
import json
import multiprocessing
import os
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any
from uuid import uuid4

import jwt

from bench.booking import CLIENTS, Target, take
from bench.data import Database
from local.stack import Stack

FEW_LINES = 1_000
CHUNK = 65_536


@dataclass(frozen=True)
class Request:
    """One POST, ready to be sent."""

    path: str
    headers: dict[str, str]
    body: bytes


def token(stack: Stack, user_id: str) -> str:
    """Return an access token as Auth signs them."""
    now = int(time.time())
    known = {"sub": user_id, "role": "authenticated", "aud": "authenticated", "iat": now}
    return jwt.encode({**known, "exp": now + 3600}, stack.secrets.jwt_secret, algorithm="HS256")


def against_api(stack: Stack, database: Database, rounds: int, seconds: float) -> dict[str, float]:
    """Return the rate of POST /booking per rate of the RPC behind it, at eight clients."""
    ports = {"function": stack.functions_port, "api": stack.api_port}
    rates: dict[str, list[float]] = {"function": [], "api": []}
    client_share = 0.0
    for number in range(rounds + 1):
        for kind, port in ports.items():
            shares = [
                take(database, int(seconds * 120), share, CLIENTS) for share in range(CLIENTS)
            ]
            work = [requests(stack, kind, share) for share in shares]
            good, bad, passed, used = run(port, work, seconds)
            if bad:
                raise RuntimeError(f"{kind} answered {bad}")
            if number:
                rates[kind].append(good / passed)
                client_share = max(client_share, used / (passed * (os.cpu_count() or 1)))
    ratio = statistics.median(rates["function"]) / statistics.median(rates["api"])
    return {"ratio": ratio, "client_share": client_share}


def requests(stack: Stack, kind: str, targets: Sequence[Target]) -> list[Request]:
    """Return the same bookings as the function or the API takes them, each with a key."""
    tokens = {desk_id: token(stack, desk_id) for desk_id in {t.desk_id for t in targets}}
    made = []
    for target in targets:
        arguments = {
            "service_id": target.service_id,
            "starts_at": target.starts_at,
            "practitioner_id": target.practitioner_id,
            "client_id": target.client_id,
        }
        headers = {
            "authorization": f"Bearer {tokens[target.desk_id]}",
            "content-type": "application/json",
            "apikey": stack.secrets.publishable_key,
        }
        key = str(uuid4())
        if kind == "function":
            path, headers = "/booking", {**headers, "idempotency-key": key}
        else:
            path, arguments = "/rest/v1/rpc/book_appointment", {**arguments, "idempotency_key": key}
        made.append(Request(path, headers, json.dumps(arguments).encode()))
    return made


def run(
    port: int, work: Sequence[Sequence[Request]], seconds: float
) -> tuple[int, str, float, float]:
    """Let each client send its requests one after another for so long.

    Returns how many were answered, the first refusal, the seconds that passed, and the seconds of
    processor time that the clients took for themselves.
    """
    context = multiprocessing.get_context("fork")
    barrier = context.Barrier(len(work))
    with context.Pool(len(work), initializer=_remember, initargs=(barrier,)) as pool:
        parts = pool.starmap(_work, [(port, share, seconds) for share in work], chunksize=1)
    passed = max(part[3] for part in parts) - min(part[2] for part in parts)
    bad = next((part[1] for part in parts if part[1]), "")
    return sum(part[0] for part in parts), bad, passed, sum(part[4] for part in parts)


_barrier: Barrier


def _remember(barrier: Barrier) -> None:
    global _barrier  # noqa: PLW0603 - how a pool hands its workers a barrier
    _barrier = barrier


def _work(
    port: int, share: Sequence[Request], seconds: float
) -> tuple[int, str, float, float, float]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.connect()
    good, bad = 0, ""
    _barrier.wait()
    begun, used = time.monotonic(), time.process_time()
    for request in share:
        connection.request("POST", request.path, request.body, request.headers)
        answer = connection.getresponse()
        content = answer.read()
        if answer.status in {200, 201}:
            good += 1
        else:
            bad = bad or f"{answer.status} {content[:300].decode(errors='replace')}"
        if time.monotonic() - begun > seconds:
            break
    ended, used = time.monotonic(), time.process_time() - used
    connection.close()
    return good, bad, begun, ended, used


def exports(stack: Stack, database: Database, lines: int, forms: Sequence[str]) -> dict[str, float]:
    """Return the peak memory of a worker that writes so many lines per that with 1,000."""
    owner_id, organization_id = database.rows(
        "select owner_id, id from bench.organizations where n = 1"
    )[0]
    access = token(stack, str(owner_id))
    counts = {"small": FEW_LINES, "large": lines}
    reports = {
        size: make_report(database, organization_id, count) for size, count in counts.items()
    }
    found = {}
    for form in forms:
        peaks: dict[str, int] = {}
        for size in ("small", "large"):
            workers = worker_ids(stack)
            for process_id in workers:
                Path(f"/proc/{process_id}/clear_refs").write_text("5", "ascii")
            length = download(stack, access, reports[size], form)
            if length < counts[size] * 10:
                raise RuntimeError(f"the {form} export of {counts[size]} lines has {length} bytes")
            peaks[size] = max(peak_memory(process_id) for process_id in workers)
        found[form] = peaks["large"] / peaks["small"]
    return found


def make_report(database: Database, organization_id: Any, lines: int) -> str:
    """Write a billing report of so many lines; a real practice would need years for it."""
    with database.connect() as connection, connection.transaction():
        connection.execute("set local session_replication_role = replica")
        row = connection.execute(
            """
            insert into public.billing_reports
              (organization_id, period_start, period_end, timezone, line_count, totals)
            values (%s, current_date - 30, current_date, 'Europe/Prague', %s, '[]')
            returning id
            """,
            [organization_id, lines],
        ).fetchone()
        assert row is not None
        connection.execute(
            """
            insert into public.billing_report_lines
            select %s, n, a.organization_id, a.id, a.starts_at, a.ends_at, a.practitioner_id,
              'Practitioner ' || n, a.service_id, 'Session', a.client_id, 'Client ' || n,
              'completed', 'unpaid', 1000, 'CZK'
            from (select * from public.appointments where organization_id = %s limit 1) as a,
              generate_series(1, %s) as n
            """,
            [row[0], organization_id, lines],
        )
    return str(row[0])


def worker_ids(stack: Stack) -> list[int]:
    """Return the processes of the functions server."""
    wanted = f"--bind=127.0.0.1:{stack.functions_port}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            arguments = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if wanted in arguments:
            found.append(int(folder.name))
    return found


def peak_memory(process_id: int) -> int:
    """Return the most memory that a process has held since its mark was reset, in kilobytes."""
    for line in Path(f"/proc/{process_id}/status").read_text("utf-8").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1])
    return 0


def download(stack: Stack, access: str, report_id: str, form: str) -> int:
    """Fetch an export piece by piece, as a browser does; returns its length."""
    connection = http.client.HTTPConnection("127.0.0.1", stack.functions_port, timeout=120)
    connection.request(
        "GET",
        f"/billing/reports/{report_id}/export?format={form}",
        headers={"authorization": f"Bearer {access}"},
    )
    answer = connection.getresponse()
    if answer.status != 200:
        raise RuntimeError(f"export answered {answer.status}: {answer.read(300)!r}")
    length = 0
    while piece := answer.read(CHUNK):
        length += len(piece)
    connection.close()
    return length
