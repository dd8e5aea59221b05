"""Keeps the stack's processes running: starts them, restarts what fails, ends them all."""

from __future__ import annotations

import ctypes
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

LONGEST_DELAY = 10.0
# A process that ran this long has recovered: its next failure is a new one.
STEADY_SECONDS = 30.0
PR_SET_PDEATHSIG = 1


@dataclass
class Service:
    """One process and how to run it."""

    name: str
    command: list[str]
    log: Path
    env: dict[str, str]
    cwd: Path
    uid: int | None = None
    gid: int | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 5.0
    process: subprocess.Popen[bytes] | None = None
    failures: int = 0
    started_at: float = 0.0
    restart_at: float = field(default=0.0)

    def start(self) -> None:
        """Start the process, tied to the life of this one."""
        # A log covers one run of the stack, with everything that was restarted in it.
        with self.log.open("ab" if self.process else "wb") as log:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self.env,
                cwd=self.cwd,
                user=self.uid,
                group=self.gid,
                extra_groups=[] if self.uid is not None else None,
                # Ctrl-C goes to the supervisor alone, which ends the others in order.
                start_new_session=True,
                # Safe here: the supervisor has no threads.
                preexec_fn=die_with_parent(self.stop_signal),  # noqa: PLW1509
            )
        self.started_at = time.monotonic()

    def is_alive(self) -> bool:
        """Say whether the process runs."""
        return self.process is not None and self.process.poll() is None

    def restart_if_ended(self) -> None:
        """Restart a process that ended, waiting longer after each failure in a row."""
        if self.is_alive():
            return
        now = time.monotonic()
        if not self.restart_at:
            self.failures = 1 if now - self.started_at > STEADY_SECONDS else self.failures + 1
            delay = 0.0 if self.failures == 1 else min(0.25 * 2**self.failures, LONGEST_DELAY)
            self.restart_at = now + delay
            print(f"{self.name} ended; starting it again (log: {self.log})", flush=True)
        if now >= self.restart_at:
            self.restart_at = 0.0
            self.start()

    def stop(self) -> None:
        """Ask the process to end, and insist if it does not."""
        if self.process is None:
            return
        if self.process.stdin is not None:
            self.process.stdin.close()
        if self.is_alive():
            self.process.send_signal(self.stop_signal)
        try:
            self.process.wait(self.stop_seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def last_lines(self, count: int = 15) -> str:
        """Return the end of the log, for an error message."""
        try:
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-count:])
        except OSError:
            return ""


class Supervisor:
    """Runs services in the order they were added and ends them in reverse."""

    def __init__(self) -> None:
        self.services: list[Service] = []
        self.stopping = False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # What we were told to ignore stays ignored: `nohup make dev &` outlives its shell.
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._stop_requested)

    def add(self, service: Service) -> Service:
        """Start a service and watch it from now on."""
        service.start()
        self.services.append(service)
        return service

    def check(self) -> None:
        """Restart what has ended since the last look."""
        for service in self.services:
            service.restart_if_ended()

    def stop(self) -> None:
        """End every service, the last started first."""
        # A second Ctrl-C must not leave processes behind.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        for service in reversed(self.services):
            service.stop()

    def _stop_requested(self, *_: object) -> None:
        if not self.stopping:
            self.stopping = True
            # While starting, nothing polls `stopping`: leave through the caller's `finally`.
            raise SystemExit(0)


def die_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    """Have the kernel end a child whose supervisor was killed outright (Linux only)."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None, use_errno=True)

    def ask_kernel() -> None:
        libc.prctl(PR_SET_PDEATHSIG, number)

    return ask_kernel
