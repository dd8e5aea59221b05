"""Generated requests by those who may least, and by nobody: openapi.json holds for them too.

tests/functions/test_description_holds.py walks through every operation as the owner. Here the same
document is held against other callers, against identifiers that exist (so that requests get past
the first lookup), and against bodies that break the schema on purpose: no server error, no status
or media type that is not declared, no answer that differs from its schema. Afterwards the data of
the practice is sound, whatever has been booked, moved and cancelled by chance.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.concurrency.practice import monday
from tests.conftest import HTTP_SECONDS
from tests.functions.house import House
from tests.fuzz.conftest import times
from tests.invariants import assert_invariants
from tests.stack_fixture import TestStack

EXAMPLES = 5
# Business rules refuse much that a schema cannot exclude.
UNSAID = "positive_data_acceptance"
CONFORMANCE = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)


def run(stack: TestStack, folder: Path, *options: str, token: str = "", hooks: str = "") -> None:
    """Run schemathesis over the joined description of all functions."""
    header = [f"--header=Authorization: Bearer {token}"] if token else []
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    if hooks:
        (folder / "hooks.py").write_text(hooks, encoding="utf-8")
        environment["SCHEMATHESIS_HOOKS"] = "hooks"
        environment["PYTHONPATH"] = str(folder)
    found = subprocess.run(
        [
            str(Path(sys.executable).with_name("st")),
            "run",
            f"{stack.functions_url}/openapi.json",
            *header,
            "--phases=fuzzing",
            f"--max-examples={times(EXAMPLES)}",
            f"--request-timeout={HTTP_SECONDS}",
            "--generation-deterministic",
            "--no-color",
            *options,
        ],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    # The report quotes a tool's own sources when the tool fails: what matters is its end.
    assert found.returncode == 0, found.stdout[-6000:] + found.stderr[-2000:]


def test_it_holds_for_strangers(house: House, stack: TestStack, tmp_path: Path) -> None:
    token = house.users["stranger"].token
    run(stack, tmp_path, f"--exclude-checks={UNSAID}", token=token)


def test_bodies_that_break_the_schema_are_refused(
    house: House, stack: TestStack, tmp_path: Path
) -> None:
    checks = ",".join([*CONFORMANCE, "negative_data_rejection"])
    token = house.users["owner"].token
    run(stack, tmp_path, "--mode=negative", f"--checks={checks}", token=token)


def test_nobody_gets_in(stack: TestStack, tmp_path: Path) -> None:
    run(stack, tmp_path, f"--checks={','.join([*CONFORMANCE, 'ignored_auth'])}")


# Random identifiers never exist: these put real ones into what has been generated.
HOOKS = """
import random
import schemathesis

REAL = {real!r}
STARTS = {starts!r}


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    if path_parameters:
        for name in path_parameters:
            if name in REAL:
                path_parameters[name] = REAL[name]
    return path_parameters


@schemathesis.hook
def map_body(context, body):
    if isinstance(body, dict):
        for name in list(body):
            if name in REAL and isinstance(body[name], str):
                body[name] = REAL[name]
            elif name == "room_id":
                del body[name]
            elif name == "starts_at" and isinstance(body[name], str):
                body[name] = STARTS[len(str(body)) % len(STARTS)]
    return body
"""


@pytest.mark.parametrize(("who", "weeks"), [("owner", 6), ("practitioner", 16), ("client", 26)])
def test_it_holds_for_what_exists(
    house: House, stack: TestStack, who: str, weeks: int, tmp_path: Path
) -> None:
    report = house.as_("owner").post(
        "/billing/reports",
        json={
            "period_start": "2026-01-01",
            "period_end": "2026-02-01",
            "organization_id": house.practice.id,
        },
    )
    assert report.status_code == 201
    imported = house.as_("owner").post(
        "/imports/clients",
        params={"organization_id": house.practice.id},
        content="First name,Last name\nNew,Client\n",
        headers={"Content-Type": "text/csv"},
    )
    assert imported.status_code == 200
    real = {
        "operation_id": imported.json()["operation_id"],
        "appointment_id": house.book()["id"],
        "client_id": house.client_id,
        "report_id": report.json()["id"],
        "service_id": house.service_id,
        "practitioner_id": house.practitioner_ids[0],
        "organization_id": house.practice.id,
        "location_id": house.practice.location_id,
    }
    starts = [monday(weeks + n).isoformat() for n in range(10)]
    before = house.count("appointments")
    run(
        stack,
        tmp_path,
        f"--exclude-checks={UNSAID},negative_data_rejection",
        token=house.users[who].token,
        hooks=HOOKS.format(real=real, starts=starts),
    )
    # Some of it was good enough to book.
    assert house.count("appointments") > before
    assert_invariants(house.practice.sql, house.practice.id)
