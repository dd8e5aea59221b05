"""The embedded stack's pg_cron: due jobs every minute, and what the functions do on their own."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
import urllib.error
import urllib.request

import psycopg

TICK_SECONDS = 60.0
RETRY_SECONDS = 5.0
# Which address of which function, with which scope, how often.
CALLS = (
    ("notifications", "run", "notifications:run", 5.0),
    ("reports", "sweep", "reports:sweep", 3600.0),
)
ANSWER_SECONDS = 120.0


def main() -> None:
    """Tick until told to stop; a database that is away is tried again."""
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    if os.environ.get("SERVICE_TOKEN_SECRET"):
        for call in CALLS:
            threading.Thread(target=keep_calling, args=(stopped, *call), daemon=True).start()
    wait = RETRY_SECONDS
    while not stopped.wait(wait):
        started = time.monotonic()
        try:
            with psycopg.connect(os.environ["PRAXIS_DB_URL"], autocommit=True) as connection:
                connection.execute("select private.run_due_jobs()")
        except psycopg.Error as error:
            # Before the first migration, and while a database is rebuilt, there is nothing to run.
            print(f"scheduler: {error}", file=sys.stderr, flush=True)
            wait = RETRY_SECONDS
        else:
            wait = max(TICK_SECONDS - (time.monotonic() - started), 1.0)


def keep_calling(
    stopped: threading.Event, function: str, route: str, scope: str, seconds: float
) -> None:
    """Call one address of the functions again and again, as a scheduler would."""
    # The functions' own, so only where there are functions.
    from kernel.machines import sign  # noqa: PLC0415
    from kernel.settings import settings  # noqa: PLC0415

    url = f"{settings().server_url(function)}/{function}/{route}"
    while not stopped.wait(seconds):
        token = sign("local-scheduler", scope)
        headers = {"Authorization": f"Bearer {token}"}
        request = urllib.request.Request(url, b"", headers, method="POST")  # noqa: S310 - our own
        try:
            with urllib.request.urlopen(request, timeout=ANSWER_SECONDS):  # noqa: S310
                pass
        except (OSError, urllib.error.URLError) as error:
            print(f"scheduler: {function}: {error}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
