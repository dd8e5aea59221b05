"""Fixtures of the property tests, and how many examples they try.

PRAXIS_EXAMPLES multiplies the number of examples: 1 keeps the folder under a minute, with the same
examples in every run. Above 1 they are new ones each time, and one that fails is made as small as
possible, which can take minutes, and printed so that it can be repeated.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, settings
from psycopg.rows import dict_row

from tests.concurrency.practice import Practice
from tests.conftest import Connection
from tests.stack_fixture import TestStack

MULTIPLIER = float(os.environ.get("PRAXIS_EXAMPLES", "1"))


def examples(count: int) -> settings:
    """Return settings for this many examples."""
    return settings(
        max_examples=max(1, round(count * MULTIPLIER)),
        derandomize=MULTIPLIER <= 1,
        print_blob=True,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate, *([Phase.shrink] if MULTIPLIER > 1 else [])],
        suppress_health_check=[
            HealthCheck.function_scoped_fixture,
            HealthCheck.too_slow,
            HealthCheck.data_too_large,
        ],
    )


@pytest.fixture
def draft(stack: TestStack) -> Iterator[Connection]:
    """SQL as the schema's owner in a transaction that is never committed."""
    with psycopg.connect(stack.db_url, row_factory=dict_row) as connection:
        # A call that never ends is a failure and should say so.
        connection.execute("select set_config('statement_timeout', '20s', false)")
        yield connection
        connection.rollback()


@pytest.fixture
def practice(draft: Connection) -> Practice:
    """A practice that only this transaction knows."""
    return Practice(draft)
