"""A second stack, for tests that kill, stop and alter what others are using; a practice to hear."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import User
from tests.stack.house import House, open_house
from tests.stack_fixture import ROOT, START_SECONDS, TestStack, own_stack


@pytest.fixture(scope="module")
def own() -> Iterator[TestStack]:
    """A stack that only this module uses."""
    with own_stack() as path:
        yield TestStack.from_file(path)


@pytest.fixture(scope="module")
def house(stack: TestStack, fresh_user: Callable[[], User]) -> Iterator[House]:
    """A practice that only this module knows."""
    with open_house(stack, fresh_user) as made:
        yield made


def run_local(*arguments: str, base: int | str) -> subprocess.CompletedProcess[str]:
    """Run one of the stack's commands, as the Makefile does."""
    return subprocess.run(
        [sys.executable, "-m", "local", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": "supabase", "PRAXIS_PORT_BASE": str(base)},
        capture_output=True,
        text=True,
        timeout=START_SECONDS,
        check=False,
    )


def supervisor_of(stack: TestStack) -> int:
    """Return the process id of a stack's supervisor."""
    return int((stack.state / "supervisor.pid").read_text(encoding="utf-8"))


def descendants(pid: int) -> dict[int, str]:
    """Return every process below one, with its command line."""
    found: dict[int, str] = {}
    waiting = [pid]
    while waiting:
        parent = waiting.pop()
        try:
            children = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="utf-8")
        except FileNotFoundError:
            continue
        for child in map(int, children.split()):
            found[child] = command_line(child)
            waiting.append(child)
    return found


def command_line(pid: int) -> str:
    """Return a process's command line, or nothing if it is gone or a zombie."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8").replace("\0", " ").strip()
    except FileNotFoundError:
        return ""


def kill(pid: int) -> None:
    """End a process without giving it a chance to clean up."""
    os.kill(pid, signal.SIGKILL)
