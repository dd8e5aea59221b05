"""The stack's processes: they come back when they fail, and none is left when it ends."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable

import httpx
import psycopg
import pytest

from local.stack import free_base
from tests.stack.conftest import command_line, descendants, kill, run_local, supervisor_of
from tests.stack_fixture import PORTS_PER_STACK, ROOT, START_SECONDS, TestStack, own_stack

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="processes are found through /proc"
)

# Processes that come back start from nothing, which takes its time on a machine that is busy.
SECONDS = 60


def eventually(check: Callable[[], bool], seconds: float = SECONDS) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(httpx.TransportError, psycopg.OperationalError):
            if check():
                return True
        time.sleep(0.1)
    return False


def answers(url: str) -> bool:
    return httpx.get(url, timeout=5).status_code == 200


def process(stack: TestStack, part_of_command: str) -> int:
    found = [
        pid
        for pid, command in descendants(supervisor_of(stack)).items()
        if part_of_command in command
    ]
    assert found, f"no process runs {part_of_command}"
    return found[0]


def test_killed_api_comes_back(own: TestStack) -> None:
    kill(process(own, "server.mjs"))
    assert eventually(lambda: answers(f"{own.api_url}/health"))


def test_killed_functions_worker_comes_back(own: TestStack) -> None:
    master = process(own, "gunicorn")
    before = set(descendants(master))
    kill(before.pop())
    assert eventually(lambda: len(descendants(master)) > len(before))
    assert eventually(lambda: answers(f"{own.functions_url}/booking/health"))


def test_killed_functions_server_is_a_clear_503_and_comes_back(own: TestStack) -> None:
    kill(process(own, "gunicorn"))
    response = httpx.get(f"{own.functions_url}/booking/health", timeout=SECONDS)
    assert response.status_code in {200, 503}
    if response.status_code == 503:
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json()["code"] == "functions_unavailable"
    assert eventually(lambda: answers(f"{own.functions_url}/booking/health"))


def test_killed_database_comes_back_with_its_data(own: TestStack) -> None:
    with psycopg.connect(own.db_url, autocommit=True) as connection:
        connection.execute("create table private.survivor as select 42 as answer")
    kill(process(own, "bin/postgres -D"))

    def still_there() -> bool:
        with psycopg.connect(own.db_url, autocommit=True) as connection:
            return connection.execute("select answer from private.survivor").fetchone() == (42,)

    assert eventually(still_there)
    key = {"apikey": own.publishable_key}
    health = f"{own.api_url}/rest/v1/rpc/find_slots"
    assert eventually(lambda: httpx.post(health, headers=key, json={}).status_code < 500)


def test_second_start_says_it_is_running(own: TestStack) -> None:
    done = run_local("dev", base=own.port_base)
    assert done.returncode == 0
    assert own.api_url in done.stdout


def test_stop_leaves_no_process() -> None:
    with own_stack() as path:
        stack = TestStack.from_file(path)
        processes = descendants(supervisor_of(stack))
        assert len(processes) > 5
        assert run_local("stop", base=stack.port_base).returncode == 0
        assert not path.exists()
        assert [pid for pid in processes if command_line(pid)] == []
        for offset in range(1, PORTS_PER_STACK + 1):
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(("127.0.0.1", stack.port_base + offset))


def test_killed_supervisor_leaves_no_process() -> None:
    with own_stack() as path:
        stack = TestStack.from_file(path)
        supervisor = supervisor_of(stack)
        processes = descendants(supervisor)
        kill(supervisor)
        assert eventually(lambda: not any(command_line(pid) for pid in processes))


def test_temporary_stack_ends_with_its_caller() -> None:
    base = free_base()
    state = ROOT / ".praxis" / str(base)
    caller = subprocess.Popen(
        ["sh", "-c", f"PRAXIS_PORT_BASE={base} {sys.executable} -m local dev --temporary & wait"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": "supabase"},
        stdout=subprocess.DEVNULL,
    )
    assert eventually((state / "stack.json").exists, START_SECONDS)
    kill(caller.pid)
    caller.wait()
    assert eventually(lambda: not state.exists())


def test_used_port_is_named() -> None:
    base = free_base()
    with socket.socket() as other:
        other.bind(("127.0.0.1", base + 1))
        other.listen()
        done = run_local("dev", "--temporary", base=base)
    assert done.returncode == 1
    assert f"Port {base + 1} (API) is used by another program" in done.stderr


@pytest.mark.parametrize("base", ["abc", "80", "65530", "-1"])
def test_senseless_port_base_is_refused(base: str) -> None:
    done = run_local("dev", base=base)
    assert done.returncode == 1
    assert "PRAXIS_PORT_BASE" in done.stderr


def test_stopping_what_does_not_run_is_no_error() -> None:
    done = run_local("stop", base=free_base())
    assert done.returncode == 0
    assert "No stack is running" in done.stdout
