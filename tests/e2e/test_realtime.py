"""supabase-js, unchanged, hears an appointment's whole life."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from local.stack import LOCAL, NODE_BIN
from tests.conftest import DEMO_PASSWORD
from tests.stack_fixture import TestStack

PROGRAM = Path(__file__).with_name("realtime.mjs")


def test_supabase_js_hears_of_an_appointment_from_booking_to_cancellation(stack: TestStack) -> None:
    done = subprocess.run(
        [NODE_BIN / "node", "--no-warnings", "--input-type=module", "-"],
        # Where the packages are: Node looks for them from the working folder.
        cwd=LOCAL,
        env={
            "PATH": os.environ.get("PATH", ""),
            "API": stack.api_url,
            "KEY": stack.publishable_key,
            "PASSWORD": DEMO_PASSWORD,
        },
        input=PROGRAM.read_text(encoding="utf-8"),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
