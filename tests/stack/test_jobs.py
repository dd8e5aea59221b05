"""The scheduler runs the database's jobs, and `make verify` says what is wrong with the data."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import psycopg
import pytest

from tests.stack_fixture import TestStack

DEADLINE_SECONDS = 60


def environment(stack: TestStack) -> dict[str, str]:
    return os.environ | {
        "DB_URL": stack.db_url,
        "PRAXIS_DB_URL": stack.db_url,
        "PYTHONPATH": "supabase",
    }


def test_the_scheduler_runs_what_is_due(stack: TestStack) -> None:
    with psycopg.connect(stack.db_url, autocommit=True) as connection:
        connection.execute("delete from private.job_runs")
        scheduler = subprocess.Popen(
            [sys.executable, "-m", "local.scheduler"], env=environment(stack)
        )
        try:
            deadline = time.monotonic() + DEADLINE_SECONDS
            rows: list[tuple[str, str | None]] = []
            while not rows and time.monotonic() < deadline:
                rows = connection.execute("select name, error from private.job_runs").fetchall()
                time.sleep(0.2)
        finally:
            scheduler.send_signal(signal.SIGTERM)
            assert scheduler.wait(DEADLINE_SECONDS) == 0
    assert {error for _, error in rows} == {None}


def verify(stack: TestStack) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "local", "verify"],
        env=environment(stack),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("is_broken", [False, True])
def test_verify_finds_what_is_broken(stack: TestStack, *, is_broken: bool) -> None:
    with psycopg.connect(stack.db_url, autocommit=True) as connection:
        if is_broken:
            connection.execute(
                "insert into private.idempotency_keys"
                " (organization_id, user_id, operation, key, request_hash)"
                " select o.id, gen_random_uuid(), 'test', 'left-open', ''"
                " from public.organizations as o limit 1"
            )
        try:
            found = verify(stack)
        finally:
            connection.execute("delete from private.idempotency_keys where key = 'left-open'")
    named = "idempotency_key_has_an_answer" in found.stdout
    assert named is is_broken, found.stdout + found.stderr
    if is_broken:
        assert found.returncode == 1
