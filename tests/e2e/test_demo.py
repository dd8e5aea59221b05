"""`make demo` does the main job on a running stack, again and again; without one it says so."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.stack_fixture import TestStack

ROOT = Path(__file__).resolve().parents[2]
EXPECTED = (
    r"client +Vojtěch Říhánek",
    r"bookable days +\d+ of 14",
    r"POST /booking 201 +confirmed, paid",
    r"credits +[\d,.]+ CZK → [\d,.]+ CZK \(-1,000\.00 CZK\)",
    r"POST /booking 201 +the same appointment, paid once",
    r"POST /booking 409 +slot_taken",
    r"client +participant",
    r"therapist +moderator",
    r"room +[0-9a-f]{32}",
    r"moderator false",
    r"METHOD +REQUEST",
    r"DTSTART +TZID=Europe/Prague:\d{8}T\d{6}",
    r"status +confirmed → completed",
    r"document +[\d,]+ bytes, stored",
    r"the client reads +application/pdf, the same bytes",
    r"on record +opened by the client",
    r"export CSV +\d+ lines",
    r"marked +1, now invoiced",
    r"once more +409 invalid_state",
    r"still paid",
)


def demo(path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "local.demo", "--stack", str(path)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": "supabase", "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


@pytest.fixture
def stack_file(stack: TestStack, tmp_path: Path) -> Path:
    path = tmp_path / "stack.json"
    path.write_text(json.dumps(asdict(stack)), encoding="utf-8")
    return path


def test_the_main_job_twice_in_a_row(stack_file: Path) -> None:
    appointments = []
    for _ in range(2):
        done = demo(stack_file)
        assert done.returncode == 0, done.stdout + done.stderr
        missing = [line for line in EXPECTED if not re.search(line, done.stdout)]
        assert missing == [], done.stdout
        assert "\033[" not in done.stdout, "colours are for people, not for files"
        appointments += re.findall(r"appointment +([0-9a-f-]{36})", done.stdout)
    assert len(set(appointments)) == 2


def test_without_a_stack_it_says_so(tmp_path: Path) -> None:
    done = demo(tmp_path / "stack.json")
    assert done.returncode == 1
    assert "No stack is running" in done.stderr


def test_with_a_stack_that_does_not_answer_it_says_so(stack: TestStack, tmp_path: Path) -> None:
    path = tmp_path / "stack.json"
    gone = {**asdict(stack), "api_url": "http://127.0.0.1:9", "functions_url": "http://127.0.0.1:9"}
    path.write_text(json.dumps(gone), encoding="utf-8")
    done = demo(path)
    assert done.returncode == 1
    assert "make dev" in done.stderr
    assert "Traceback" not in done.stderr
