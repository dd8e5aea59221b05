"""Makes the database that is mutated, and asks of every mutant who kills it.

A mutant lives in a transaction that is rolled back, so that hundreds of them need one database per
worker and no copy each; what changed the catalogue is undone with it.
"""

from __future__ import annotations

import contextlib
import hashlib
import queue
from collections.abc import Callable, Container, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
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
    """What became of a mutant."""

    mutant: Mutant
    behaviour: str
    snapshot: bool
    impossible: str = ""

    @property
    def survived(self) -> bool:
        """Say whether nothing at all turned red."""
        return not (self.behaviour or self.snapshot or self.impossible)


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
def laboratory(url: str) -> Iterator[tuple[Connection, Killers]]:
    """Open a connection on one of the databases, ready to mutate."""
    with world.connect(url) as connection:
        connection.autocommit = True
        probes.prepare(connection)
        connection.execute("set statement_timeout = '60s'")
        yield connection, Killers.of(connection, World(MEASURED))


def judge(db: Connection, found: Killers, mutant: Mutant, ignored: Container[str] = ()) -> Verdict:
    """Apply one mutant, find who kills it, and take it back."""
    with db.transaction(force_rollback=True):
        try:
            for statement in mutant.statements:
                db.execute(statement.encode())
        except psycopg.Error as error:
            return Verdict(mutant, "", snapshot=False, impossible=str(error).splitlines()[0])
        by_snapshot = (
            mutant.kind in RIGHTS
            and "snapshot" not in ignored
            and bool(killers.outcome(killers.snapshot, db))
        )
        for name, test in found.behaviour(mutant):
            if name in ignored:
                continue
            if said := killers.outcome(test, db):
                return Verdict(mutant, f"{name}: {said}", snapshot=by_snapshot)
        return Verdict(mutant, "", snapshot=by_snapshot)


def all_mutants(url: str) -> list[Mutant]:
    """Return every mutant of the schema."""
    with world.connect(url) as connection:
        return mutants(connection)


def survey(
    urls: Sequence[str],
    chosen: Sequence[Mutant],
    tell: Callable[[Verdict], None] = lambda _: None,
    ignored: Container[str] = (),
) -> list[Verdict]:
    """Judge mutants, as many at a time as there are databases."""
    with contextlib.ExitStack() as opened, ThreadPoolExecutor(len(urls)) as pool:
        free: queue.Queue[tuple[Connection, Killers]] = queue.Queue()
        for url in urls:
            free.put(opened.enter_context(laboratory(url)))

        def work(mutant: Mutant) -> Verdict:
            place = free.get()
            try:
                verdict = judge(*place, mutant, ignored)
            finally:
                free.put(place)
            tell(verdict)
            return verdict

        return list(pool.map(work, chosen))


def unharmed(url: str) -> dict[str, str]:
    """Return which tests are red before anything was changed: they would kill every mutant."""
    with laboratory(url) as (db, found):
        tests: list[tuple[str, killers.Test]] = [("snapshot", killers.snapshot)]
        for relation in found.relations.values():
            tests += found.of_relation(relation, constraint=False)
        for name in found.functions:
            tests += found.of_function(name)
        tests += found.files()
        red = {}
        for name, test in tests:
            with db.transaction(force_rollback=True):
                if said := killers.outcome(test, db):
                    red[name] = said
        return red


def sample(found: Sequence[Mutant], count: int) -> list[Mutant]:
    """Return the same few every time, of every kind."""

    def key(mutant: Mutant) -> str:
        return hashlib.sha256(mutant.id.encode()).hexdigest()

    by_kind: dict[str, list[Mutant]] = {}
    for mutant in sorted(found, key=key):
        by_kind.setdefault(mutant.kind, []).append(mutant)
    share = count // len(by_kind)
    return [mutant for kind in sorted(by_kind) for mutant in by_kind[kind][:share]]


def excused() -> dict[str, str]:
    """Return the committed survivors, each with its reason."""
    found = {}
    for line in SURVIVORS.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            mutant, _, reason = line.partition(": ")
            found[mutant] = reason
    return found
