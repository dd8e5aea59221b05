"""The tests that a mutant must turn red, run inside the mutant's own transaction.

Each returns what it has to say, or nothing. All of them read what is committed in tests/: the
access matrix, the refusals, the pgTAP files, and the snapshot of rights.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import psycopg
from psycopg.rows import dict_row, tuple_row

from tests.access import matrix, probes, refusals
from tests.access.world import World
from tests.catalogue.access import SNAPSHOT, describe
from tests.conftest import Connection
from tests.mutants.catalogue import Mutant, domains_with
from tests.sql import test_pgtap as pgtap

Test = Callable[[Connection], str]
# How many pgTAP files come before the slower measurements, where those seldom say anything.
NEAR = 2


@dataclass
class Killers:
    """Everything that can kill, for one database."""

    world: World
    relations: dict[str, probes.Relation]
    functions: dict[str, probes.Function]
    callers: dict[str, set[str]]
    # The tables whose triggers call a function, and those whose foreign keys point at a table.
    triggered: dict[str, list[str]]
    referring: dict[str, list[str]]
    # What each test that killed says of the database as it should be.
    unharmed: dict[str, str]

    @classmethod
    def of(cls, db: Connection, world: World, unharmed: dict[str, str] | None = None) -> Killers:
        """Read the database as it was before any mutation."""
        relations = {relation.name: relation for relation in probes.relations(db)}
        functions = {f"{f.schema}.{f.name}": f for f in probes.functions(db)}
        unharmed = {} if unharmed is None else unharmed
        return cls(world, relations, functions, callers(db), triggered(db), referring(db), unharmed)

    def unharmed_says(self, name: str, db: Connection) -> str:
        """Return what a test says before anything is changed."""
        if name not in self.unharmed:
            self.unharmed[name] = outcome(self.test(name), db)
        return self.unharmed[name]

    def test(self, name: str) -> Test:
        """Return a test by its name."""
        kind, _, subject = name.partition(" ")
        if kind == "sql":
            return functools.partial(self.file, pgtap.FOLDER / subject)
        if kind == "refusals":
            return functools.partial(self.refused, self.relations[subject])
        if subject in self.functions:
            return functools.partial(self.function, self.functions[subject])
        return functools.partial(self.relation, self.relations[subject])

    def behaviour(self, mutant: Mutant) -> list[str]:
        """Return the names of the tests of behaviour, the likeliest first."""
        relation = self.relations.get(mutant.subject)
        measured = self.of_relation(relation) if relation else []
        if mutant.kind in {"constraint", "not null", "trigger"}:
            measured.reverse()
        if mutant.kind == "constraint":
            # With a key go the foreign keys that need it.
            measured += [f"refusals {name}" for name in self.referring.get(mutant.subject, [])]
        reached = self.callers.get(mutant.subject, set()) | {mutant.subject}
        measured += [
            f"matrix {name}"
            for name in sorted(reached & set(self.functions))
            if mutant.kind == "grant" or name.startswith("public.")
        ]
        # Of a set that policies ask, the pgTAP files tell.
        if mutant.kind == "grant" and measured:
            return measured
        files = self.ranked(mutant, {name.partition(".")[2] or name for name in reached})
        if mutant.kind == "trigger":
            return [*measured[:1], *files[:NEAR], *measured[1:], *files[NEAR:]]
        tables = self.triggered.get(mutant.subject, [])
        if mutant.kind in {"body", "policy"}:
            tables = [*tables, "rooms", "clients", "appointments", "credit_entries"]
        others = [
            name
            for table in dict.fromkeys(tables)
            for name in self.of_relation(self.relations[table])
            if name not in measured
        ]
        return [*measured, *files, *others]

    def of_relation(self, relation: probes.Relation) -> list[str]:
        names = [f"matrix {relation.name}", f"refusals {relation.name}"]
        return names if relation.kind == "r" else names[:1]

    def ranked(self, mutant: Mutant, names: set[str]) -> list[str]:
        """Order the pgTAP files by how much they say about the mutant."""

        home = domains_with(mutant.name) | {mutant.domain}

        def score(path: Path) -> tuple[bool, bool, int, str]:
            text = text_of(path)
            said = sum(len(re.findall(rf"\b{re.escape(name)}\b", text)) for name in names)
            return mutant.name not in text, path.parent.name not in home, -said, str(path)

        # What must not be null is refused at once or by nobody: no use in asking every file.
        near = mutant.kind == "not null"
        return [
            f"sql {path.relative_to(pgtap.FOLDER)}"
            for path in sorted(pgtap.FILES, key=score)
            if not near or path.parent.name in home
        ]

    # Tests --------------------------------------------------------------------------------------

    def relation(self, relation: probes.Relation, db: Connection) -> str:
        measured = matrix.relation_lines(db, self.world, relation)
        if difference := unlike(measured, relation.name, section=0 if relation.is_public else 3):
            return difference
        if relation.kind == "r":
            measured = matrix.policy_lines(db, self.world, relation)
            return unlike(measured, relation.name, section=1)
        return ""

    def function(self, function: probes.Function, db: Connection) -> str:
        name = f"{function.schema}.{function.name}"
        measured = matrix.function_lines(db, self.world, function)
        return unlike(measured, name, section=2 if function.schema == "public" else 4)

    def refused(self, relation: probes.Relation, db: Connection) -> str:
        measured = refusals.relation_lines(db, self.world, relation)
        return first_difference(refusals.committed(relation.name), measured)

    def file(self, path: Path, db: Connection) -> str:
        # That runner reads rows by position.
        plain = cast("psycopg.Connection[Any]", db)
        plain.row_factory = tuple_row
        try:
            return next(pgtap.run(plain, path), "")
        finally:
            db.row_factory = dict_row


def snapshot(db: Connection) -> str:
    """Compare the rights with their committed snapshot."""
    return first_difference(
        SNAPSHOT.read_text(encoding="utf-8").splitlines(), describe(db).splitlines()
    )


@functools.cache
def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@functools.cache
def committed_sections() -> list[list[str]]:
    parts = matrix.COMMITTED.read_text(encoding="utf-8").split("\n## ")[1:]
    return [part.splitlines()[2:] for part in parts]


def unlike(measured: Iterable[str], name: str, *, section: int) -> str:
    wanted = [line for line in committed_sections()[section] if line.split(" ")[0] == name]
    return first_difference(wanted, measured)


def first_difference(committed: list[str], measured: Iterable[str]) -> str:
    """Compare without measuring more than it takes."""
    left = set(committed)
    for text in measured:
        if text not in committed:
            return text
        left.discard(text)
    return f"gone: {min(left)}" if left else ""


def callers(db: Connection) -> dict[str, set[str]]:
    """Return, for each function and table trigger, which functions of the API come to it."""
    sources = {
        f"{row['schema']}.{row['name']}": str(row["source"])
        for row in db.execute(
            """
            select n.nspname as schema, p.proname as name, p.prosrc as source
            from pg_catalog.pg_proc as p
            join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
            where n.nspname in ('public', 'private')
            """
        )
    }
    called = {
        name: set(re.findall(r"\b(?:private|public)\.\w+(?=\s*\()", source)) & set(sources)
        for name, source in sources.items()
    }
    found: dict[str, set[str]] = {name: set() for name in sources}
    for name in sources:
        reached: set[str] = set()
        todo = [name]
        while todo:
            for other in called[todo.pop()] - reached:
                reached.add(other)
                todo.append(other)
        for other in reached:
            found[other].add(name)
    return found


def triggered(db: Connection) -> dict[str, list[str]]:
    """Return, for each trigger function, the tables whose triggers call it."""
    return {
        row["name"]: row["tables"]
        for row in db.execute(
            """
            select p.pronamespace::regnamespace::text || '.' || p.proname as name,
              array_agg(distinct t.tgrelid::regclass::text) as tables
            from pg_catalog.pg_trigger as t
            join pg_catalog.pg_proc as p on p.oid = t.tgfoid
            where not t.tgisinternal and p.pronamespace = 'private'::regnamespace
            group by 1
            """
        )
    }


def referring(db: Connection) -> dict[str, list[str]]:
    """Return, for each table, the other tables whose foreign keys point at it."""
    return {
        row["name"]: row["tables"]
        for row in db.execute(
            """
            select k.confrelid::regclass::text as name,
              array_agg(distinct k.conrelid::regclass::text) as tables
            from pg_catalog.pg_constraint as k
            where k.contype = 'f' and k.conrelid <> k.confrelid
              and k.connamespace in ('public'::regnamespace, 'private'::regnamespace)
            group by 1
            """
        )
    }


def outcome(test: Test, db: Connection) -> str:
    """Run one test and take back what it did."""
    try:
        # PostgreSQL does not take this back with a savepoint if an inner one was released.
        db.execute("set constraints all deferred")
        with db.transaction(force_rollback=True):
            return test(db)
    except Exception as error:  # noqa: BLE001 - whatever it is, pytest would call it red
        return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
