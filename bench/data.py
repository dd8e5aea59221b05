"""Databases to measure in: the declared schema, filled by SQL files and checked by another."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import psycopg

from local import schema
from local.scripts import run_script
from local.stack import Stack

FOLDER = Path(__file__).parent
PRACTITIONERS = 10
# Two years have a few more working days than this.
MOST_PER_PRACTITIONER = 500
# So that eight clients can each work in organizations of their own.
FEWEST_ORGANIZATIONS = 8


@dataclass(frozen=True)
class Size:
    """How many organizations of ten practitioners, and how many appointments for each of these."""

    organizations: int
    per_practitioner: int

    @property
    def rows(self) -> int:
        """Appointments in all."""
        return self.organizations * PRACTITIONERS * self.per_practitioner

    @classmethod
    def of(cls, rows: int) -> Size:
        """Choose as many organizations as a full calendar of two years allows."""
        full = rows // (PRACTITIONERS * MOST_PER_PRACTITIONER)
        organizations = max(full, FEWEST_ORGANIZATIONS)
        return cls(organizations, rows // (organizations * PRACTITIONERS))


@dataclass(frozen=True)
class Database:
    """One filled database, as the superuser reaches it."""

    name: str
    url: str
    size: Size

    def connect(self) -> psycopg.Connection[Any]:
        """Connect as the superuser, each statement its own transaction."""
        return psycopg.connect(self.url, autocommit=True)

    def rows(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Run one query."""
        with self.connect() as connection:
            return connection.execute(query.encode(), parameters).fetchall()

    def value(self, query: str, *parameters: object) -> Any:
        """Run one query of one value."""
        return self.rows(query, *parameters)[0][0]


def fill(stack: Stack, name: str, size: Size) -> Database:
    """Put a fresh database in place, load it, prove it valid."""
    started = time.monotonic()
    database = Database(name, stack.db_url(name, role="supabase_admin"), size)
    load(database, "data.sql")
    # The two tables of a million rows take most of the time: one processor each.
    with ThreadPoolExecutor() as threads:
        list(threads.map(partial(load, database), ("calendar.sql", "floor.sql")))
    with database.connect() as connection:
        connection.execute("drop table bench.appointments, bench.accounts")
        connection.execute("vacuum analyze")
        check(connection)
        connection.execute("checkpoint")
    seconds = time.monotonic() - started
    print(f"Loaded {size.rows:,} appointments into {name} in {seconds:.0f} s.", flush=True)
    return database


def load(database: Database, name: str) -> None:
    """Run one of the files that make data, without triggers."""
    with psycopg.connect(database.url) as connection:
        connection.execute("set session_replication_role = replica")
        connection.execute("set local synchronous_commit = off")
        connection.execute("set local work_mem = '256MB'")
        for setting, value in (
            ("bench.organizations", database.size.organizations),
            ("bench.appointments", database.size.per_practitioner),
        ):
            connection.execute("select set_config(%s, %s, false)", [setting, str(value)])
        run_script(connection, FOLDER / name)


def check(connection: psycopg.Connection[Any]) -> None:
    """Stop when the data break a rule: what is measured must be what could really be there."""
    queries = (FOLDER / "check.sql").read_text(encoding="utf-8")
    faults = [row for row in connection.execute(queries.encode()).fetchall() if row[1]]
    for table, columns, parent, keys in connection.execute("""
        select c.conrelid::regclass::text, k.columns, c.confrelid::regclass::text, k.keys
        from pg_constraint as c
        cross join lateral (
          select array_agg(quote_ident(a.attname) order by u.n),
            array_agg(quote_ident(f.attname) order by u.n)
          from unnest(c.conkey, c.confkey) with ordinality as u (own, other, n)
          join pg_attribute as a on a.attrelid = c.conrelid and a.attnum = u.own
          join pg_attribute as f on f.attrelid = c.confrelid and f.attnum = u.other
        ) as k (columns, keys)
        where c.contype = 'f' and c.connamespace = 'public'::regnamespace
    """).fetchall():
        own, other = (
            ", ".join(f"{side}.{name}" for name in names)
            for side, names in (("c", columns), ("p", keys))
        )
        given = " and ".join(f"c.{name} is not null" for name in columns)
        query = (
            f"select count(*) from {table} as c"
            f" where {given} and not exists (select 1 from {parent} as p where ({own}) = ({other}))"
        )
        row = connection.execute(query.encode()).fetchone()
        if row is not None and row[0]:
            faults.append((f"{table} points at nothing in {parent}", row[0]))
    if faults:
        message = f"The generated data are not valid: {faults}"
        raise RuntimeError(message)


@contextlib.contextmanager
def scratch(stack: Stack, name: str) -> Iterator[str]:
    """Lend a second database beside the stack's own; yields its name."""
    with schema.scratch_database(stack, name) as url:
        schema.apply_declared_files(url)
        yield url.rsplit("/", 1)[1]
