"""The embedded stack's pg_cron: due jobs every minute, messages every few seconds."""

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
MESSAGES_SECONDS = 5.0
ANSWER_SECONDS = 120.0


def main() -> None:
    """Tick until told to stop; a database that is away is tried again."""
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    if os.environ.get("SERVICE_TOKEN_SECRET"):
        threading.Thread(target=deliver_messages, args=(stopped,), daemon=True).start()
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


def deliver_messages(stopped: threading.Event) -> None:
    """Call the worker of the functions again and again, as a scheduler would."""
    # The functions' own, so only where there are functions.
    from kernel.machines import sign  # noqa: PLC0415
    from kernel.settings import settings  # noqa: PLC0415

    url = f"{settings().server_url('notifications')}/notifications/run"
    while not stopped.wait(MESSAGES_SECONDS):
        token = sign("local-scheduler", "notifications:run")
        headers = {"Authorization": f"Bearer {token}"}
        request = urllib.request.Request(url, b"", headers, method="POST")  # noqa: S310 - our own
        try:
            with urllib.request.urlopen(request, timeout=ANSWER_SECONDS):  # noqa: S310
                pass
        except (OSError, urllib.error.URLError) as error:
            print(f"scheduler: messages: {error}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
