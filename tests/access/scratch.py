"""Databases to measure and to mutate in: the declared schema and the world, and nobody else.

Measuring takes locks and weakens rights for the length of a transaction, which the database that
other tests share must not feel.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable, Iterator

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from local.schema import TEMPLATE, apply_declared_files
from tests.access import world


def nothing_more(_: str) -> None:
    """Leave a database as it is."""


@contextlib.contextmanager
def databases(
    db_url: str, count: int = 1, furnish: Callable[[str], None] = nothing_more
) -> Iterator[list[str]]:
    """Lend databases of an embedded stack's server, all alike; yields their addresses."""
    names = [f"praxis_scratch_{secrets.token_hex(4)}_{number}" for number in range(count)]
    with psycopg.connect(db_url, autocommit=True) as connection:
        try:
            create(connection, names[0], TEMPLATE)
            url = make_conninfo(db_url, dbname=names[0])
            apply_declared_files(url)
            with world.connect(url) as filling:
                world.build(filling, world.MEASURED)
            furnish(url)
            with psycopg.connect(url, autocommit=True) as filled:
                filled.execute("analyze")
            for name in names[1:]:
                create(connection, name, names[0])
            yield [make_conninfo(db_url, dbname=name) for name in names]
        finally:
            for name in names:
                connection.execute(
                    sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
                )


def create(connection: psycopg.Connection[tuple[object, ...]], name: str, template: str) -> None:
    new = sql.Identifier(name)
    connection.execute(
        sql.SQL("create database {} template {}").format(new, sql.Identifier(template))
    )
    connection.execute(
        sql.SQL('alter database {} set search_path = "$user", public, extensions').format(new)
    )
