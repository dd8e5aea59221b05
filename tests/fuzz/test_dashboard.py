"""Edits by hand, as the dashboard makes them: rows changed, copied, deleted at random.

Whoever writes as the schema's owner passes every policy, but no invariant: each edit is refused, or
leaves all of them true. The database is one of its own, with a row of everything.
"""

from __future__ import annotations

import contextlib
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import pytest
from psycopg.rows import dict_row

from tests import invariants
from tests.access import scratch
from tests.conftest import Connection
from tests.fuzz.conftest import times
from tests.stack_fixture import TestStack

EDITS = 250
ROWS = 40
# Classes of SQLSTATE: of values, of constraints, of statements, and our own.
REFUSALS = {"22", "23", "42", "PT"}
# What is said of the trail is that tampering shows, which is tested with the trail.
NOT_HERE = ("audit_entries", "audit_checkpoints")
HOSTILE = {
    "bigint": ("0", "-1", "999999", "-999999999"),
    "boolean": ("true", "false"),
    "bytea": ("''", "sha256('x')"),
    "date": ("current_date - 400", "current_date + 400", "'infinity'"),
    "double precision": ("'NaN'", "'Infinity'", "-1"),
    "integer": ("0", "-1", "999999"),
    "jsonb": ("'{}'", "'[]'", "'null'", "'1'"),
    "numeric": ("'NaN'", "-1", "999999"),
    "smallint": ("0", "-1", "99"),
    "text": ("''", "' '", "'x'", "'EUR'", "repeat('x', 3000)"),
    "time without time zone": ("'00:00'", "'24:00'"),
    "timestamp with time zone": (
        "now()",
        "now() - interval '400 days'",
        "now() + interval '400 days'",
        "'infinity'",
    ),
    "tstzrange": ("'empty'", "'(,)'", "tstzrange(now(), now() + interval '1 hour', '[]')"),
    "uuid": ("gen_random_uuid()",),
}


@dataclass(frozen=True)
class Column:
    """A column and, as SQL, what it may be set to: nothing, nonsense, what other rows have."""

    name: str
    values: tuple[str, ...]
    is_id: bool


@dataclass(frozen=True)
class Table:
    """A table and where its rows are."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[str, ...]


@pytest.fixture(scope="module")
def sql(stack: TestStack) -> Iterator[Connection]:
    """A database of its own with two practices in it."""
    if not stack.is_embedded:
        pytest.skip("needs a database to itself")
    with contextlib.ExitStack() as opened:
        (url,) = opened.enter_context(scratch.databases(stack.db_url))
        yield opened.enter_context(psycopg.connect(url, autocommit=True, row_factory=dict_row))


def tables(sql: Connection) -> list[Table]:
    """Return every table that has rows."""
    found = sql.execute(
        """
        select
          c.oid::regclass::text as name, a.attname::text as column,
          format_type(a.atttypid, null) as type, a.attname = 'id' as is_id, enum_range.labels
        from pg_class as c
        join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        cross join lateral (
          select array_agg(e.enumlabel::text order by e.enumsortorder) as labels
          from pg_enum as e where e.enumtypid = a.atttypid
        ) as enum_range
        where c.relkind = 'r'
          and c.relnamespace in ('public'::regnamespace, 'private'::regnamespace)
          and a.attgenerated = '' and a.attidentity = ''
          and c.relname <> all (%s)
        order by c.relname, a.attnum
        """,
        [list(NOT_HERE)],
    ).fetchall()
    columns: dict[str, list[Column]] = {}
    for row in found:
        name, column = row["name"], f'"{row["column"]}"'
        others = sql.execute(
            f"select distinct quote_literal({column}::text) || '::{row['type']}' as value"
            f" from {name} where {column} is not null order by 1 limit 12".encode()
        ).fetchall()
        values = (
            "null",
            *(f"'{label}'" for label in row["labels"] or ()),
            *HOSTILE.get(row["type"], ()),
            *(other["value"] for other in others),
        )
        columns.setdefault(name, []).append(Column(column, values, bool(row["is_id"])))
    filled = []
    for name, those in columns.items():
        rows = sql.execute(f"select ctid::text as row from {name} limit {ROWS}".encode()).fetchall()
        if rows:
            filled.append(Table(name, tuple(those), tuple(str(row["row"]) for row in rows)))
    return filled


def edit(chance: random.Random, table: Table) -> str:
    """Make up one statement."""
    where = f"where ctid = '{chance.choice(table.rows)}'"
    if chance.random() < 0.1:
        return f"delete from {table.name} {where}"
    chosen = chance.sample(table.columns, min(len(table.columns), chance.choice((1, 1, 2, 3))))
    changes = {column.name: chance.choice(column.values) for column in chosen}
    if chance.random() < 0.3:
        fresh = {c.name: "gen_random_uuid()" for c in table.columns if c.is_id} | changes
        names = ", ".join(column.name for column in table.columns)
        values = ", ".join(fresh.get(column.name, column.name) for column in table.columns)
        return f"insert into {table.name} ({names}) select {values} from {table.name} {where}"
    assignments = ", ".join(f"{name} = {value}" for name, value in changes.items())
    return f"update {table.name} set {assignments} {where if chance.random() < 0.9 else ''}"


def test_no_edit_by_hand_breaks_an_invariant(sql: Connection) -> None:
    chance = random.Random(2026)
    every = tables(sql)
    assert len(every) > 60
    assert invariants.violations(sql) == {}
    outcomes: Counter[str] = Counter()
    broken = []
    for number in range(times(EDITS)):
        statement = edit(chance, every[number % len(every)])
        try:
            with sql.transaction(force_rollback=True):
                sql.execute(statement.encode())
                sql.execute("set constraints all immediate")
                if found := invariants.violations(sql):
                    broken.append((statement, found))
                outcomes["kept"] += 1
        except psycopg.Error as error:
            outcomes[(error.sqlstate or "")[:2]] += 1
            if (error.sqlstate or "")[:2] not in REFUSALS:
                raise
    assert not broken, "\n".join(f"{statement}\n  {found}" for statement, found in broken)
    # Neither is everything refused, nor nothing.
    assert outcomes["kept"] > times(EDITS) / 10
    assert outcomes["23"] + outcomes["PT"] > times(EDITS) / 10
