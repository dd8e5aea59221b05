"""`make bench` and `make bench-short`: load, measure, print one table of ratios."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from bench import bank, booking, data, http_load, lists, slots
from local import schema
from local.stack import ROOT, Stack
from tests.stack_fixture import own_stack

HERE = Path(__file__).parent
LOCK = HERE / "requirements.lock"
PEER_VENV = ROOT / ".venv-bench"
RESULTS = HERE / "results" / "latest.json"
STARTED = time.monotonic()
SMALL = data.Size(2, data.MOST_PER_PRACTITIONER)


@dataclass(frozen=True)
class Line:
    """One measure: a ratio with its floor, its goal, and whether more or less is better."""

    measure: str
    floor: str
    ratio: float
    goal: float
    at_least: bool = False
    note: str = ""

    @property
    def met(self) -> bool:
        """Say whether the goal is reached."""
        return self.ratio >= self.goal if self.at_least else self.ratio <= self.goal


def main() -> int:
    """Run all measures on a stack of their own."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="appointments to load")
    parser.add_argument("--seconds", type=float, default=5.0, help="for each measure")
    parser.add_argument("--short", action="store_true", help="10,000 appointments, under a minute")
    options = parser.parse_args()
    size = data.Size.of(10_000 if options.short else options.rows)
    seconds = 1.0 if options.short else options.seconds
    python = install_peer()
    with ExitStack() as resources:
        stack = resources.enter_context(measured_stack())
        database = data.fill(stack, "postgres", size)
        lines: list[Line] = []
        try:
            lines.extend(measure(stack, database, python, seconds))
            if not options.short:
                name = resources.enter_context(data.scratch(stack, "small"))
                lines.extend(growth(database, data.fill(stack, name, SMALL), seconds))
        finally:
            # What was measured is worth seeing even when something later fails.
            report(lines, size, time.monotonic() - STARTED)
    return 0


def measure(stack: Stack, database: data.Database, python: Path, seconds: float) -> Iterator[Line]:
    """Run the measures that need one database."""
    short = seconds <= 1
    rounds = 2 if short else 5
    say("booking")
    found = booking.against_floor(database, rounds, seconds)
    yield Line(
        "book_appointment, 8 connections",
        "bare insert: rate",
        found["rate"],
        0.70,
        at_least=True,
        note=f"clients {found['client_share']:.0%} of the processors",
    )
    yield Line("the same", "bare insert: processor time", found["processor"], 0.70, at_least=True)

    say("rush")
    found = booking.rush(database, 1 if short else 3, seconds)
    if found["given"] != found["wanted"]:
        raise RuntimeError(f"{found['given']} bookings for {found['wanted']} contested slots")
    yield Line(
        "50 callers for one slot: answers",
        "their own slots",
        found["ratio"],
        0.8,
        at_least=True,
    )
    yield Line("50 callers for one slot: deadlocks", "none", found["deadlocks"], 0)

    say("slots")
    with slots.peer(python, database) as other:
        answers = slots.compare(database, other, seconds)
    if not answers["same"]:
        raise RuntimeError("find_slots and django-appointment do not agree")
    note = f"{answers['compared']:,} slots, all the same"
    yield Line(
        "find_slots, 1 practitioner, 31 days",
        "django-appointment",
        answers["one"],
        250,
        at_least=True,
        note=note,
    )
    yield Line(
        "find_slots, 10 practitioners, 31 days",
        "django-appointment",
        answers["ten"],
        400,
        at_least=True,
    )

    say("lists")
    ratios = lists.ratios(database, seconds)
    for name, goal in (("client", 1.2), ("practitioner", 1.2), ("week", 1.2), ("open", 2.0)):
        yield Line(f"list of 50 under RLS: {name}", "without RLS", ratios[name], goal)
    yield Line("unfiltered read under RLS", "the filtered list", ratios["unfiltered"], 25)

    say("bank")
    count, invoices = (1_000, 10_000) if short else (10_000, 100_000)
    found = bank.against_payments(database, count, invoices)
    yield Line(
        f"matching {count:,} bank lines, each",
        "record_payment",
        found["ratio"],
        1,
        note=f"{invoices:,} open invoices, {found['seconds']:.1f} s in all",
    )

    say("functions")
    found = http_load.against_api(stack, database, rounds, seconds)
    yield Line(
        "POST /booking, 8 clients",
        "the RPC on the API",
        found["ratio"],
        0.85,
        at_least=True,
        note=f"clients {found['client_share']:.0%} of the processors",
    )
    if sys.platform == "linux":
        count, forms = (20_000, ("csv",)) if short else (100_000, ("csv", "xlsx"))
        for form, ratio in http_load.exports(stack, database, count, forms).items():
            yield Line(f"memory of a {count:,}-line {form} export", "1,000 lines", ratio, 1.2)


def growth(large: data.Database, small: data.Database, seconds: float) -> Iterator[Line]:
    """Compare a full database with one of 10,000 appointments in the same cluster."""
    say("growth")
    floor = f"at {small.size.rows:,} appointments"
    yield Line("growth: book_appointment", floor, booking.growth(large, small, seconds), 1.2)
    yield Line("growth: find_slots", floor, slots.growth(large, small, seconds), 1.2)
    for name, ratio in lists.growth(large, small, seconds).items():
        yield Line(f"growth: list, {name}", floor, ratio, 1.2)


@contextmanager
def measured_stack() -> Iterator[Stack]:
    """Start a stack with the declared schema and no seed; it is gone afterwards."""
    say("starting a stack")
    with own_stack() as path:
        stack = Stack(int(json.loads(path.read_text("utf-8"))["port_base"]))
        with schema.admin_connection(stack) as connection:
            # A checkpoint in the middle would charge one side for pages that the other has used.
            connection.execute("alter system set checkpoint_timeout = '1h'")
            connection.execute("alter system set max_wal_size = '16GB'")
            connection.execute("select pg_reload_conf()")
        schema.build(stack, schema.apply_declared_files)
        yield stack


def install_peer() -> Path:
    """Put django-appointment into an environment of its own, from its lock; returns its Python."""
    python = PEER_VENV / "bin" / "python"
    stamp = PEER_VENV / ".praxis-stamp"
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text("ascii") == wanted:
        return python
    say("installing django-appointment into .venv-bench")
    uv = [sys.executable, "-m", "uv"]
    subprocess.run([*uv, "venv", "--quiet", "--clear", str(PEER_VENV)], check=True)
    subprocess.run(
        [*uv, "pip", "install", "--quiet", f"--python={python}", "--require-hashes", f"-r{LOCK}"],
        check=True,
    )
    stamp.write_text(wanted, "ascii")
    return python


def report(lines: list[Line], size: data.Size, seconds: float) -> None:
    """Print the table, and keep it for whoever compares."""
    print(
        f"\n{size.rows:,} appointments, {size.organizations} organizations, "
        f"{size.organizations * data.PRACTITIONERS:,} practitioners; {os.cpu_count()} processors; "
        f"{seconds:.0f} s in all\n"
    )
    headings = ("measure", "beside", "ratio", "goal", "met")
    rows = [
        (
            line.measure,
            line.floor,
            f"{line.ratio:.2f}" if line.ratio < 100 else f"{line.ratio:.0f}",
            f"{'≥' if line.at_least else '≤'} {line.goal:g}",
            "yes" if line.met else "no",
            line.note,
        )
        for line in lines
    ]
    widths = [max(len(row[column]) for row in [headings, *rows]) for column in range(5)]
    for row in [headings, tuple("-" * width for width in widths), *rows]:
        cells = [text.ljust(width) for text, width in zip(row, widths, strict=False)]
        print("  ".join([*cells, *row[5:]]).rstrip())
    RESULTS.parent.mkdir(exist_ok=True)
    kept = {"size": asdict(size), "lines": [{**asdict(line), "met": line.met} for line in lines]}
    RESULTS.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n", "utf-8")
    met = sum(line.met for line in lines)
    print(f"\n{met} of {len(lines)} goals met; {RESULTS.relative_to(ROOT)} has the figures.")


def say(what: str) -> None:
    """Show on the terminal what takes time now, and how far into the run that is."""
    print(f"{time.monotonic() - STARTED:5.0f} s  {what} …", flush=True)


if __name__ == "__main__":
    sys.exit(main())
