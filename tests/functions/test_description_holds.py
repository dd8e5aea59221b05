"""What openapi.json promises is what the functions do: generated requests on the real stack.

No answer is a server error, has an undocumented status or media type, or differs from its schema;
undocumented methods and missing tokens are refused; what breaks the schema is not accepted.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import main
from tests.conftest import HTTP_SECONDS

if TYPE_CHECKING:
    from tests.functions.house import House
    from tests.stack_fixture import TestStack

EXAMPLES = 8


@pytest.mark.parametrize("name", main.TARGETS)
def test_description_holds(house: House, stack: TestStack, name: str, tmp_path: Path) -> None:
    found = subprocess.run(
        [
            str(Path(sys.executable).with_name("st")),
            "run",
            f"{stack.functions_url}/{name}/openapi.json",
            f"--header=Authorization: Bearer {house.users['owner'].token}",
            # Business rules refuse much that a schema cannot exclude.
            "--exclude-checks=positive_data_acceptance",
            "--phases=examples,coverage,fuzzing",
            f"--max-examples={EXAMPLES}",
            f"--request-timeout={HTTP_SECONDS}",
            "--generation-deterministic",
            "--no-color",
        ],
        cwd=tmp_path,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
        capture_output=True,
        text=True,
        check=False,
    )
    # The report quotes a tool's own sources when the tool fails: what matters is its end.
    assert found.returncode == 0, found.stdout[-6000:]
