"""Fixtures of the fault tests: a house to work in, and a stack of their own to break."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import psycopg
import pytest
from psycopg.rows import dict_row

from tests.conftest import ClientFor, User
from tests.functions.house import House, open_house
from tests.stack_fixture import TestStack, own_stack


@pytest.fixture(scope="module")
def own() -> Iterator[TestStack]:
    """A stack whose processes this module kills."""
    with own_stack() as path:
        yield TestStack.from_file(path)


@pytest.fixture(scope="module")
def house(
    stack: TestStack, fresh_user: Callable[[], User], functions: ClientFor, rest: ClientFor
) -> Iterator[House]:
    """A practice on the stack that all tests share, which is not broken here."""
    with psycopg.connect(stack.db_url, autocommit=True, row_factory=dict_row) as sql:
        yield open_house(sql, fresh_user, functions, rest)
