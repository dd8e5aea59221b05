"""The tests that a mutant must turn red, run inside the mutant's own transaction.

Each returns what it has to say, or nothing. All of them read what is committed in tests/: the
access matrix, the refusals, the pgTAP files, and the snapshot of rights.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import psycopg
from psycopg.rows import dict_row, tuple_row

from tests.access import matrix, probes, refusals
from tests.access.world import World
from tests.catalogue.access import SNAPSHOT, describe
from tests.conftest import Connection
from tests.mutants.catalogue import Mutant
from tests.sql import test_pgtap as pgtap

Test = Callable[[Connection], str]


@dataclass
class Killers:
    """Everything that can kill, for one database."""

    world: World
    relations: dict[str, probes.Relation]
    functions: dict[str, probes.Function]
    callers: dict[str, set[str]]
    known: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, db: Connection, world: World) -> Killers:
        """Read the database as it was before any mutation."""
        relations = {relation.name: relation for relation in probes.relations(db)}
        functions = {f"{f.schema}.{f.name}": f for f in probes.functions(db)}
        return cls(world, relations, functions, callers(db))

    def behaviour(self, mutant: Mutant) -> list[tuple[str, Test]]:
        """Return the tests of behaviour, the likeliest first."""
        tests: list[tuple[str, Test]] = []
        if relation := self.relations.get(mutant.subject):
            tests = self.of_relation(relation, constraint=mutant.kind in {"constraint", "not null"})
        reached = self.callers.get(mutant.subject, set()) | {mutant.subject}
        for name in sorted(reached & set(self.functions)):
            if mutant.kind == "grant" or name.startswith("public."):
                tests += self.of_function(name)
        if mutant.kind == "grant":
            return tests
        names = {name.partition(".")[2] or name for name in reached}
        tests += [
            (f"sql {path.relative_to(pgtap.FOLDER)}", functools.partial(self.file, path))
            for path in self.ranked(mutant, names)
        ]
        if mutant.kind in {"body", "policy"}:
            for name in ("rooms", "clients", "appointments", "credit_entries"):
                tests += self.of_relation(self.relations[name], constraint=False)
        return tests

    def of_function(self, name: str) -> list[tuple[str, Test]]:
        """Return the test of one function's access."""
        return [(f"matrix {name}", functools.partial(self.function, self.functions[name]))]

    def files(self) -> list[tuple[str, Test]]:
        """Return the pgTAP files."""
        return [
            (f"sql {path.relative_to(pgtap.FOLDER)}", functools.partial(self.file, path))
            for path in pgtap.FILES
        ]

    def of_relation(self, relation: probes.Relation, *, constraint: bool) -> list[tuple[str, Test]]:
        access: tuple[str, Test] = (
            f"matrix {relation.name}",
            functools.partial(self.relation, relation),
        )
        if relation.kind != "r":
            return [access]
        refused: tuple[str, Test] = (
            f"refusals {relation.name}",
            functools.partial(self.refused, relation),
        )
        return [refused, access] if constraint else [access, refused]

    def ranked(self, mutant: Mutant, names: set[str]) -> list[Path]:
        """Order the pgTAP files by how much they say about the mutant."""

        def score(path: Path) -> tuple[float, str]:
            text = text_of(path)
            said = sum(len(re.findall(rf"\b{re.escape(name)}\b", text)) for name in names)
            return -1000 * text.count(mutant.name) - said, str(path)

        return sorted(pgtap.FILES, key=score)

    # Tests --------------------------------------------------------------------------------------

    def relation(self, relation: probes.Relation, db: Connection) -> str:
        measured = list(matrix.relation_lines(db, self.world, relation))
        if difference := unlike(measured, relation.name, section=0 if relation.is_public else 3):
            return difference
        if relation.kind == "r":
            measured = list(matrix.policy_lines(db, self.world, relation))
            return unlike(measured, relation.name, section=1)
        return ""

    def function(self, function: probes.Function, db: Connection) -> str:
        name = f"{function.schema}.{function.name}"
        measured = list(matrix.function_lines(db, self.world, function))
        return unlike(measured, name, section=2 if function.schema == "public" else 4)

    def refused(self, relation: probes.Relation, db: Connection) -> str:
        measured = list(refusals.relation_lines(db, self.world, relation))
        return first_difference(refusals.committed(relation.name), measured)

    def file(self, path: Path, db: Connection) -> str:
        # That runner reads rows by position.
        plain = cast("psycopg.Connection[Any]", db)
        plain.row_factory = tuple_row
        try:
            report = pgtap.run(plain, path)
        finally:
            db.row_factory = dict_row
        return report[0] if report else ""


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


def unlike(measured: list[str], name: str, *, section: int) -> str:
    wanted = [line for line in committed_sections()[section] if line.split(" ")[0] == name]
    return first_difference(wanted, measured)


def first_difference(committed: list[str], measured: list[str]) -> str:
    for text in measured:
        if text not in committed:
            return text
    for text in committed:
        if text not in measured:
            return f"gone: {text}"
    return ""


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


def outcome(test: Test, db: Connection) -> str:
    """Run one test and take back what it did."""
    try:
        # PostgreSQL does not take this back with a savepoint if an inner one was released.
        db.execute("set constraints all deferred")
        with db.transaction(force_rollback=True):
            return test(db)
    except Exception as error:  # noqa: BLE001 - whatever it is, pytest would call it red
        return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
