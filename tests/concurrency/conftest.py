"""Fixtures of the concurrency tests: a crew of connections and a practice per test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from tests.concurrency.practice import Practice
from tests.concurrency.race import Crew
from tests.conftest import Connection
from tests.invariants import assert_invariants
from tests.stack_fixture import TestStack


@pytest.fixture(scope="session")
def crew(stack: TestStack) -> Iterator[Crew]:
    """Callers on connections of their own."""
    hired = Crew(stack.db_url)
    yield hired
    hired.close()


@pytest.fixture
def owner_sql(stack: TestStack) -> Iterator[Connection]:
    """SQL as the schema's owner, committed at once: what other connections are to see."""
    with psycopg.connect(stack.db_url, autocommit=True, row_factory=dict_row) as connection:
        yield connection


@pytest.fixture
def make_practice(owner_sql: Connection) -> Iterator[Callable[..., Practice]]:
    """Make a practice; when the test is over, its data must be sound whatever was done to it."""
    made: list[Practice] = []

    def make(**arguments: Any) -> Practice:
        practice = Practice(owner_sql, **arguments)
        made.append(practice)
        return practice

    yield make
    for practice in made:
        assert_invariants(owner_sql, practice.id)


@pytest.fixture
def practice(make_practice: Callable[..., Practice]) -> Practice:
    """One practice that allows everything."""
    return make_practice()
