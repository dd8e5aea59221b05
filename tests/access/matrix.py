"""Renders what everybody may do as lines: a relation and an operation, or a function, each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.access import probes
from tests.access.probes import PERSONAS, Function, Relation, Table
from tests.access.world import World
from tests.conftest import Connection

COMMITTED = Path(__file__).with_name("matrix.txt")
LABEL_WIDTH = 54
CELL_WIDTH = 13
HEADER = """\
# What everybody may do, as measured. tests/access/test_matrix.py compares this with the database;
# to measure anew, after looking at what changed:
#
#   UPDATE_ACCESS=1 .venv/bin/pytest tests/access/test_matrix.py
#
# Personas: anon has no token; stranger is signed in and belongs nowhere; foreign is the owner of
# another practice; removed was an admin and still holds a valid token; client and other are clients
# of the practice, practitioner has sessions with client; operator is the role that owns the schema.
#
# Rows of the practice that are seen or written: all, own (about oneself), part, none. Insert: ok,
# own, policy (row level security refuses the row), or two outcomes: for a row about oneself / about
# others. denied: the right is not granted.
# +theirs: rows of another practice, too. A token or SQLSTATE is what the attempt ended in.
# write: whether a view lets anything through but reading.
# cascade: only a table that goes with it refuses. Hand over: giving all rows that one may change to
# somebody else. Functions: ok, empty, or the token; within: let in, and denied what it wanted to
# read. Columns in parentheses are those that a line is about.
"""


def title() -> str:
    return cells("", PERSONAS).rstrip()


def cells(label: str, values: Iterable[str]) -> str:
    return f"{label:<{LABEL_WIDTH}}" + "".join(f"{value:<{CELL_WIDTH}} " for value in values)


def line(label: str, values: Iterable[str], columns: Iterable[str] = ()) -> str:
    listed = " ".join(columns)
    return (cells(label, values) + (f"({listed})" if listed else "")).rstrip()


def grouped(label: str, by_persona: dict[str, dict[str, str]]) -> Iterator[str]:
    """Yield one line per set of columns that behave alike."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for column in next(iter(by_persona.values())):
        key = tuple(by_persona[persona][column] for persona in by_persona)
        groups.setdefault(key, []).append(column)
    for values, columns in groups.items():
        yield line(label, values, [column or "required" for column in columns])


def relation_lines(db: Connection, world: World, relation: Relation) -> Iterator[str]:
    """Yield the lines of one relation."""
    table = Table(db, world, relation)
    name = relation.name
    if not table.total:
        message = f"tests/access/world.py makes no row of {name} in the practice"
        raise LookupError(message)
    select = [table.select(persona) for persona in PERSONAS]
    yield line(f"{name} select", select)
    if relation.kind != "r":
        yield line(f"{name} write", [table.write_through(persona) for persona in PERSONAS])
        return
    readable = {persona: table.columns_read(persona) for persona in PERSONAS}
    for number, column in enumerate(relation.columns):
        values = [readable[persona][number] for persona in PERSONAS]
        expected = ["denied" if value == "denied" else "ok" for value in select]
        if values != expected:
            yield line(f"{name} select", values, [column.name])
    yield from grouped(f"{name} insert", {p: table.inserts(p) for p in PERSONAS})
    yield from grouped(f"{name} update", {p: table.updates(p) for p in PERSONAS})
    yield line(f"{name} delete", [table.delete(p) for p in PERSONAS])
    yield line(f"{name} truncate", [table.truncate(p) for p in PERSONAS])


def policy_lines(db: Connection, world: World, relation: Relation) -> Iterator[str]:
    """Yield what the policies alone hold back: the same attempts with every right granted."""
    table = Table(db, world, relation)
    name = relation.name
    people = [persona for persona in PERSONAS if persona not in {"anon", "operator"}]
    tried = [persona for persona in PERSONAS if persona != "operator"]
    with db.transaction(force_rollback=True):
        db.execute(f"grant all on {relation.qualified} to authenticated, anon".encode())
        db.execute(f"alter table {relation.qualified} disable trigger user".encode())
        yield line(f"{name} select", [table.select(p) for p in tried])
        inserted = {p: table.inserts(p) for p in tried}
        for extra in inserted["anon"]:
            if not extra or owner_of(relation, extra):
                values = [inserted[p][extra] for p in tried]
                yield line(f"{name} insert", values, [extra] if extra else [])
        yield line(f"{name} update", [next(iter(table.updates(p).values())) for p in tried])
        yield line(f"{name} delete", [table.delete(p) for p in tried])
        for column in relation.columns:
            owner = owner_of(relation, column.name)
            if owner is None:
                continue
            target = world.id(owner)
            # Without a condition: reading a column would bring in the policy of select.
            statement = f"update {relation.qualified} set {column.name} = '{target}'"
            found = [
                {"ok 0": "none"}.get(result, result.split()[0])
                for persona in people
                for result in probes.run(db, world, persona, [statement])
            ]
            seen = iter(found)
            yield line(
                f"{name} hand over",
                ["-" if p == "anon" else next(seen) for p in PERSONAS if p != "operator"],
                [column.name],
            )


def owner_of(relation: Relation, column: str) -> str | None:
    """Return whom of the other practice a column that says whose a row is may be set to."""
    if column == "organization_id" or (relation.name == "organizations" and column == "id"):
        return "theirs.organization"
    return "theirs.owner" if column in {"user_id", "created_by"} else None


def function_lines(db: Connection, world: World, function: Function) -> Iterator[str]:
    """Yield the lines of one function: one, or one for each of two sets of records."""
    found: dict[str, list[str]] = {}
    for persona in PERSONAS:
        if function.schema == "private" and persona == "operator":
            # Nothing to learn, and some of them would work through the whole database.
            found[""].append("-")
            continue
        labelled = list(probes.calls(world, function))
        results = probes.run(db, world, persona, [statement for _, statement in labelled])
        for (label, _), result in zip(labelled, results, strict=True):
            found.setdefault(label, []).append(probes.outcome(function, result))
    name = f"{function.schema}.{function.name}"
    if len(set(map(tuple, found.values()))) == 1:
        yield line(name, next(iter(found.values())))
        return
    for label, values in found.items():
        yield line(f"{name} {label}", values)


def sections(db: Connection, world: World) -> Iterator[tuple[str, list[str]]]:
    """Yield the parts of the matrix."""
    known = probes.relations(db)
    public = [relation for relation in known if relation.is_public]
    private = [relation for relation in known if not relation.is_public]
    callable_ = probes.functions(db)
    yield (
        "Relations of the API",
        [text for relation in public for text in relation_lines(db, world, relation)],
    )
    yield (
        "Relations if every right were granted: policies alone",
        [
            text
            for relation in known
            if relation.kind == "r"
            for text in policy_lines(db, world, relation)
        ],
    )
    yield (
        "Functions of the API",
        [
            text
            for function in callable_
            if function.schema == "public"
            for text in function_lines(db, world, function)
        ],
    )
    yield (
        "Schema private: relations",
        [text for relation in private for text in relation_lines(db, world, relation)],
    )
    yield (
        "Schema private: functions",
        [
            text
            for function in callable_
            if function.schema == "private"
            for text in function_lines(db, world, function)
        ],
    )


def render(db: Connection, world: World) -> str:
    """Return the whole file."""
    parts = [HEADER]
    for name, lines in sections(db, world):
        parts.append(f"\n## {name}\n{title()}\n" + "".join(f"{text}\n" for text in lines))
    return "".join(parts)
