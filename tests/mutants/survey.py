"""Makes the database that is mutated, and asks of every mutant who kills it.

A mutant lives in a transaction that is rolled back, so that hundreds of them need one database per
worker and no copy each; what changed the catalogue is undone with it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import queue
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg

from local.scripts import run_script
from tests.access import probes, scratch, world
from tests.access.world import MEASURED, World
from tests.conftest import Connection
from tests.mutants import killers
from tests.mutants.catalogue import Mutant, mutants
from tests.mutants.killers import Killers
from tests.sql import test_pgtap as pgtap

SURVIVORS = Path(__file__).with_name("survivors.txt")
ALLOW_ASSERTIONS = """
do $$
begin
  execute (
    select 'grant execute on function ' || string_agg(d.objid::regprocedure::text, ', ')
      || ' to anon, authenticated, service_role'
    from pg_catalog.pg_depend as d
    join pg_catalog.pg_extension as e on e.oid = d.refobjid
    where d.classid = 'pg_catalog.pg_proc'::regclass
      and d.refclassid = 'pg_catalog.pg_extension'::regclass and e.extname = 'pgtap'
  );
end
$$
"""
# The snapshot of rights says nothing of the other kinds.
RIGHTS = {"policy", "grant"}


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant, after how many tests."""

    mutant: Mutant
    killer: str = ""
    said: str = ""
    snapshot: bool = False
    impossible: str = ""
    tests: int = 0
    seconds: float = 0

    @property
    def survived(self) -> bool:
        """Say whether nothing at all turned red."""
        return not (self.killer or self.snapshot or self.impossible)


def databases(db_url: str, count: int) -> AbstractContextManager[list[str]]:
    """Lend databases with the world, pgTAP and its helpers."""
    return scratch.databases(db_url, count, furnish)


def furnish(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("create extension if not exists pgtap with schema extensions")
        # Assertions run as the role under test.
        connection.execute(ALLOW_ASSERTIONS)
    with psycopg.connect(url) as connection:
        run_script(connection, pgtap.HELPERS)


@contextlib.contextmanager
def laboratory(
    url: str, unharmed: dict[str, str] | None = None
) -> Iterator[tuple[Connection, Killers]]:
    """Open a connection on one of the databases, ready to mutate."""
    with world.connect(url) as connection:
        connection.autocommit = True
        probes.prepare(connection)
        connection.execute("set statement_timeout = '60s'")
        yield connection, Killers.of(connection, World(MEASURED), unharmed)


def judge(db: Connection, found: Killers, mutant: Mutant, ignored: Iterable[str] = ()) -> Verdict:
    """Find who kills one mutant."""
    started = time.monotonic()
    passed_over = set(ignored)
    while True:
        verdict = attempt(db, found, mutant, passed_over)
        if not verdict.killer or not found.unharmed_says(verdict.killer, db):
            return replace(verdict, seconds=time.monotonic() - started)
        # Red without the mutant, too.
        passed_over.add(verdict.killer)


def attempt(db: Connection, found: Killers, mutant: Mutant, ignored: AbstractSet[str]) -> Verdict:
    """Apply one mutant, run tests until one is red, and take it all back."""
    with db.transaction(force_rollback=True):
        try:
            for statement in mutant.statements:
                db.execute(statement.encode())
        except psycopg.Error as error:
            return Verdict(mutant, impossible=str(error).splitlines()[0])
        tests = [name for name in found.behaviour(mutant) if name not in ignored]
        for number, name in enumerate(tests, 1):
            if said := killers.outcome(found.test(name), db):
                return Verdict(mutant, name, said, tests=number)
        by_snapshot = (
            mutant.kind in RIGHTS
            and "snapshot" not in ignored
            and bool(killers.outcome(killers.snapshot, db))
        )
        return Verdict(mutant, snapshot=by_snapshot, tests=len(tests))


def all_mutants(url: str) -> list[Mutant]:
    """Return every mutant of the schema."""
    with world.connect(url) as connection:
        return mutants(connection)


def survey(
    urls: Sequence[str],
    chosen: Sequence[Mutant],
    tell: Callable[[Verdict], None] = lambda _: None,
    unharmed: dict[str, str] | None = None,
) -> list[Verdict]:
    """Judge mutants, as many at a time as there are databases.

    `unharmed` gets what each killer says before anything is changed; what is red then is no killer.
    """
    unharmed = {} if unharmed is None else unharmed
    with contextlib.ExitStack() as opened, ThreadPoolExecutor(len(urls)) as pool:
        free: queue.Queue[tuple[Connection, Killers]] = queue.Queue()
        for url in urls:
            free.put(opened.enter_context(laboratory(url, unharmed)))

        def work(mutant: Mutant) -> Verdict:
            place = free.get()
            try:
                verdict = judge(*place, mutant)
            finally:
                free.put(place)
            tell(verdict)
            return verdict

        return list(pool.map(work, chosen))


def sample(found: Sequence[Mutant], count: int) -> list[Mutant]:
    """Return the same few every time, of every kind."""

    def key(mutant: Mutant) -> str:
        return hashlib.sha256(mutant.id.encode()).hexdigest()

    by_kind: dict[str, list[Mutant]] = {}
    for mutant in sorted(found, key=key):
        by_kind.setdefault(mutant.kind, []).append(mutant)
    share = count // len(by_kind)
    return [mutant for kind in sorted(by_kind) for mutant in by_kind[kind][:share]]


def write(log: Path, verdict: Verdict) -> None:
    """Add a verdict to a file, so that a survey can be taken up where it was stopped."""
    text = json.dumps({**vars(verdict), "mutant": verdict.mutant.id}, ensure_ascii=False)
    with log.open("a", encoding="utf-8") as file:
        file.write(f"{text}\n")


def read(log: Path, chosen: Sequence[Mutant]) -> list[Verdict]:
    """Return what a file says of those that were killed or could not be made."""
    by_id = {mutant.id: mutant for mutant in chosen}
    lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
    found = {one["mutant"]: one for one in map(json.loads, lines) if one["mutant"] in by_id}
    verdicts = [Verdict(**{**one, "mutant": by_id[name]}) for name, one in found.items()]
    return [verdict for verdict in verdicts if verdict.killer or verdict.impossible]


def excused() -> dict[str, str]:
    """Return the committed survivors, each with its reason."""
    found = {}
    for line in SURVIVORS.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            mutant, _, reason = line.partition(": ")
            found[mutant] = reason
    return found
