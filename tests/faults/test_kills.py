"""Processes are killed while people book: nothing acknowledged is lost, nothing is doubled.

Each part of a stack of this module's own is killed outright, at several moments. The clients repeat
what had no clear answer with the same key. Afterwards exactly the acknowledged is in the database,
the invariants hold, and the service is back without anybody's help.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.conftest import User
from tests.faults.load import CLIENTS, Workplace, make_user, reconnect
from tests.fuzz.conftest import times
from tests.stack.conftest import descendants, supervisor_of
from tests.stack_fixture import TestStack

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="processes are found through /proc"
)

FIND_SECONDS = 60
# How many successes there are before the kill: at once, and in full swing.
MOMENTS = (1, 25)
SUCCESSES_AFTERWARDS = 12


def postmaster(stack: TestStack) -> list[int]:
    """The server that starts all others."""
    return matching(stack, r"bin/postgres -D")


def backends(stack: TestStack) -> list[int]:
    """Servers that work for the API at this moment."""
    return matching(stack, r"^postgres: supabase_admin postgres ")


def checkpointer(stack: TestStack) -> list[int]:
    """One of the server's own helpers."""
    return matching(stack, r"^postgres: checkpointer")


def api(stack: TestStack) -> list[int]:
    """The Data API."""
    return matching(stack, r"server\.mjs")


def functions_master(stack: TestStack) -> list[int]:
    """The process that starts the functions' workers."""
    return [pid for pid in gunicorn(stack) if gunicorn_children(pid)]


def functions_worker(stack: TestStack) -> list[int]:
    """The processes that serve functions."""
    return [child for pid in functions_master(stack) for child in gunicorn_children(pid)]


def gunicorn(stack: TestStack) -> list[int]:
    """All of gunicorn's processes."""
    return matching(stack, r"gunicorn")


def gunicorn_children(pid: int) -> list[int]:
    """A master's workers."""
    return [child for child, command in descendants(pid).items() if "gunicorn" in command]


def matching(stack: TestStack, pattern: str) -> list[int]:
    """Return the stack's processes whose command matches."""
    found = descendants(supervisor_of(stack))
    return [pid for pid, command in found.items() if re.search(pattern, command)]


VICTIMS: dict[str, Callable[[TestStack], list[int]]] = {
    "the functions master": functions_master,
    "the postmaster": postmaster,
    "a functions worker": functions_worker,
    "the API": api,
    "a database backend": backends,
}


@dataclass
class Crowd:
    """Who works on the stack that is broken."""

    owner: User
    clients: list[User]


@pytest.fixture(scope="module")
def crowd(own: TestStack) -> Crowd:
    """People with tokens, made before anything is broken."""
    return Crowd(make_user(own), [make_user(own) for _ in range(CLIENTS)])


@pytest.fixture
def workplace(own: TestStack, crowd: Crowd) -> Workplace:
    """A practice that is new to each test."""
    with reconnect(own) as sql:
        return Workplace.furnish(own, sql, crowd.owner, crowd.clients)


def kill_one(own: TestStack, victim: str) -> None:
    """Kill the first process of this kind; it may take a moment until there is one again."""
    deadline = time.monotonic() + FIND_SECONDS
    while time.monotonic() < deadline:
        for pid in VICTIMS[victim](own)[:1]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                return
        time.sleep(0.05)
    pytest.fail(f"there is no {victim}")


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("victim", VICTIMS)
def test_a_kill_under_load(own: TestStack, workplace: Workplace, victim: str, moment: int) -> None:
    with workplace.busy() as journal:
        journal.wait_for(moment)
        for _ in range(times(1)):
            kill_one(own, victim)
            # Back by itself: the same clients go on with no more than their retries.
            journal.wait_for(
                len(journal.of("book")) + len(journal.of("adjust")) + SUCCESSES_AFTERWARDS
            )
    workplace.assert_sound(journal)


def test_one_kill_after_the_other(own: TestStack, workplace: Workplace) -> None:
    with workplace.busy() as journal:
        for victim in ("a functions worker", "a database backend", "the API"):
            journal.wait_for(len(journal.of("book")) + len(journal.of("adjust")) + 3)
            kill_one(own, victim)
        journal.wait_for(len(journal.of("book")) + len(journal.of("adjust")) + SUCCESSES_AFTERWARDS)
    workplace.assert_sound(journal)
