"""How much the fuzzing tries.

PRAXIS_FUZZ_EXAMPLES multiplies the number of examples: 1 keeps each file of this folder under a
minute, with the same examples in every run. Above 1 they are new ones each time, and one that fails
is made as small as possible, which can take minutes, and printed so that it can be repeated.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import psycopg
import pytest
from psycopg.rows import dict_row

from tests.conftest import ClientFor, User
from tests.functions.house import House, open_house
from tests.stack_fixture import TestStack

MULTIPLIER = float(os.environ.get("PRAXIS_FUZZ_EXAMPLES", "1"))


def times(count: int) -> int:
    """Return how many examples to try where one run of `make test` tries this many."""
    return max(1, round(count * MULTIPLIER))


@pytest.fixture(scope="session")
def house(
    stack: TestStack, fresh_user: Callable[[], User], functions: ClientFor, rest: ClientFor
) -> Iterator[House]:
    """A practice on the real stack with someone in every role, and a stranger with one too."""
    with psycopg.connect(stack.db_url, autocommit=True, row_factory=dict_row) as sql:
        yield open_house(sql, fresh_user, functions, rest)
