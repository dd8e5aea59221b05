"""find_slots beside django-appointment: the same questions, and the same answers."""

from __future__ import annotations

import contextlib
import json
import statistics
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.data import Database
from bench.timing import Session, alternate

PEER = Path(__file__).with_name("django_peer.py")
DAYS = 31
FIND = "select public.find_slots(%s, %s, %s, %s)"
Slots = set[tuple[int, datetime]]


class Peer:
    """The other program, in an environment and a process of its own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def ask(self, practitioners: list[int], first: date, last: date) -> tuple[float, Slots]:
        """Return the seconds that it took, by its own clock, and the slots."""
        assert self.process.stdin is not None
        request = {"practitioners": practitioners, "from": str(first), "to": str(last)}
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        found = self.read()
        return found["seconds"], {
            (number, datetime.fromisoformat(at)) for number, at in found["slots"]
        }

    def read(self) -> dict[str, Any]:
        """Read one answer."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("django-appointment ended; its message is above")
        found: dict[str, Any] = json.loads(line)
        return found


@contextlib.contextmanager
def peer(python: Path, database: Database) -> Iterator[Peer]:
    """Start the peer on this database and load it."""
    process = subprocess.Popen(
        [str(python), str(PEER), database.url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        started = Peer(process)
        started.read()
        yield started
    finally:
        process.terminate()
        process.wait()


class Ours:
    """find_slots as the desk asks it: without notice, horizon and opened days, like the peer."""

    def __init__(self, database: Database, organization: int) -> None:
        self.session = Session(database.url, as_user=True)
        self.numbers = {
            str(practitioner_id): n
            for n, practitioner_id in database.rows(
                "select n, id from bench.practitioners where organization_n = %s", organization
            )
        }
        self.ids = {n: practitioner_id for practitioner_id, n in self.numbers.items()}
        desk, self.service_id = database.rows(
            "select desk_id, plain_service_id from bench.organizations where n = %s", organization
        )[0]
        self.session.sign_in(desk)

    def ask(self, practitioner: int | None, first: date, last: date) -> tuple[float, Slots]:
        """Return the seconds from the query to the parsed document, and the slots."""
        chosen = None if practitioner is None else self.ids[practitioner]
        started = time.perf_counter()
        slots = self.session.run(FIND, [self.service_id, first, last, chosen])[0][0]
        seconds = time.perf_counter() - started
        return seconds, {
            (
                self.numbers[slot["practitioner_id"]],
                datetime.fromisoformat(slot["starts_at"]).astimezone(UTC),
            )
            for slot in slots
        }


def compare(database: Database, other: Peer, seconds: float) -> dict[str, float | bool | int]:
    """Ask both in turn; returns how often faster we are, and whether every answer was the same."""
    everything: dict[str, float | bool | int] = {}
    organizations = min(database.size.organizations, 20)
    ours = [Ours(database, n + 1) for n in range(organizations)]
    # Connections of a pool live long; PostgreSQL settles on a plan with a statement's sixth call.
    soon = datetime.now(UTC).date() + timedelta(days=2)
    for us in ours:
        for _ in range(6):
            us.ask(None, soon, soon + timedelta(days=1))
    same, compared = True, 0
    for name, many in (("one", False), ("ten", True)):
        taken: dict[str, list[float]] = {"ours": [], "peer": []}
        deadline = time.monotonic() + seconds
        turn = 0
        while turn < 3 or time.monotonic() < deadline:
            us = ours[turn % organizations]
            # From the day after tomorrow: today's slots depend on the minute.
            first = datetime.now(UTC).date() + timedelta(days=2 + turn % 40)
            last = first + timedelta(days=DAYS - 1)
            numbers = sorted(us.ids)
            chosen = numbers if many else [numbers[turn % len(numbers)]]
            us.ask(None if many else chosen[0], first, last)
            our_seconds, our_slots = us.ask(None if many else chosen[0], first, last)
            peer_seconds, peer_slots = other.ask(chosen, first, last)
            same, compared = same and our_slots == peer_slots, compared + len(our_slots)
            if turn:
                taken["ours"].append(our_seconds)
                taken["peer"].append(peer_seconds)
            turn += 1
        everything[name] = statistics.median(taken["peer"]) / statistics.median(taken["ours"])
    for us in ours:
        us.session.close()
    return {**everything, "same": same, "compared": compared}


def growth(large: Database, small: Database, seconds: float) -> float:
    """Return the time of find_slots in the large database per that in the small one."""
    ways = {}
    asked = []
    for name, database in (("large", large), ("small", small)):
        # As many askers on both sides.
        ours = [Ours(database, n + 1) for n in range(min(small.size.organizations, 20))]
        asked += ours

        def ask(turn: int, ours: list[Ours] = ours) -> object:
            us = ours[turn % len(ours)]
            first = datetime.now(UTC).date() + timedelta(days=2 + turn % 40)
            return us.ask(sorted(us.ids)[turn % 10], first, first + timedelta(days=DAYS - 1))

        ways[name] = ask
    medians = alternate(ways, seconds=seconds)
    for us in asked:
        us.session.close()
    return medians["large"] / medians["small"]
