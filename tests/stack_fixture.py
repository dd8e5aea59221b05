"""The stack that tests run against: one of their own, or any that the environment names."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Self

from local.stack import free_base

ROOT = Path(__file__).resolve().parents[1]
STATE = ROOT / ".praxis"
START_SECONDS = 300
PORTS_PER_STACK = 6


@dataclass(frozen=True)
class TestStack:
    """Addresses and keys: of an embedded stack, of `supabase start`, or of a hosted project."""

    __test__ = False

    api_url: str
    functions_url: str
    publishable_key: str
    secret_key: str
    db_url: str
    jwt_secret: str = ""
    mail_url: str = ""
    studio_url: str = ""
    video_secret: str = ""
    service_token_secret: str = ""
    link_secret: str = ""
    webhook_secret: str = ""
    smtp_port: int = 0
    port_base: int = 0

    @classmethod
    def from_file(cls, path: Path) -> Self:
        """Read a stack.json."""
        found = json.loads(path.read_text(encoding="utf-8"))
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in found.items() if name in known})

    @classmethod
    def from_environment(cls) -> Self | None:
        """Read PRAXIS_TEST_STACK, or SUPABASE_URL and its companions."""
        if path := os.environ.get("PRAXIS_TEST_STACK"):
            return cls.from_file(Path(path))
        url = os.environ.get("SUPABASE_URL", "").rstrip("/")
        if not url:
            return None
        return cls(
            api_url=url,
            functions_url=os.environ.get("FUNCTIONS_URL", f"{url}/functions/v1").rstrip("/"),
            publishable_key=os.environ["SUPABASE_PUBLISHABLE_KEY"],
            secret_key=os.environ["SUPABASE_SECRET_KEY"],
            db_url=os.environ["DB_URL"],
            jwt_secret=os.environ.get("SUPABASE_JWT_SECRET", ""),
            video_secret=os.environ.get("JITSI_APP_SECRET", ""),
            service_token_secret=os.environ.get("SERVICE_TOKEN_SECRET", ""),
            link_secret=os.environ.get("LINK_SECRET", ""),
            webhook_secret=os.environ.get("TWILIO_AUTH_TOKEN", ""),
        )

    @property
    def is_embedded(self) -> bool:
        """Say whether this is a stack of this checkout, with processes that can be looked at."""
        return self.port_base > 0

    @property
    def state(self) -> Path:
        """Where an embedded stack keeps its logs."""
        return STATE / str(self.port_base)


@contextlib.contextmanager
def own_stack() -> Iterator[Path]:
    """Start a stack with a fresh database; yields its stack.json and removes it all afterwards."""
    base = free_base()
    state = STATE / str(base)
    state.mkdir(parents=True)
    with (state / "output.log").open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "local", "dev", "--temporary"],
            cwd=ROOT,
            env={
                **os.environ,
                "PYTHONPATH": str(ROOT / "supabase"),
                "PRAXIS_PORT_BASE": str(base),
            },
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_until_announced(process, state)
        yield state / "stack.json"
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        shutil.rmtree(state, ignore_errors=True)


def wait_until_announced(process: subprocess.Popen[bytes], state: Path) -> None:
    """Return once the stack says it is ready; show what it printed if it never does."""
    deadline = time.monotonic() + START_SECONDS
    while not (state / "stack.json").exists():
        if process.poll() is not None or time.monotonic() > deadline:
            printed = (state / "output.log").read_text(encoding="utf-8", errors="replace")
            message = f"The stack did not start:\n{printed}"
            raise RuntimeError(message)
        time.sleep(0.05)
