"""Where access is measured: a database of its own, or, on a hosted stack, one transaction."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest

from tests.access import probes, scratch, world
from tests.access.world import World
from tests.conftest import Connection
from tests.stack_fixture import TestStack


@pytest.fixture(scope="session")
def scratch_url(stack: TestStack) -> Iterator[str | None]:
    """A database that nothing else looks at; None where none can be made."""
    with contextlib.ExitStack() as opened:
        if stack.is_embedded:
            (url,) = opened.enter_context(scratch.databases(stack.db_url))
            yield url
        else:
            yield None


@pytest.fixture
def sql(stack: TestStack, scratch_url: str | None) -> Iterator[Connection]:
    """A connection that can probe, with the world in its database; rolled back."""
    with world.connect(scratch_url or stack.db_url) as connection:
        if scratch_url is None:
            world.build(connection, world.MEASURED)
            connection.execute("set constraints all immediate")
            connection.execute("set constraints all deferred")
        probes.prepare(connection)
        yield connection
        connection.rollback()


@pytest.fixture
def practices() -> World:
    """The world of `sql`."""
    return World(world.MEASURED)
