"""The embedded stack's pg_cron: runs the database's due jobs every minute."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

import psycopg

TICK_SECONDS = 60.0
RETRY_SECONDS = 5.0


def main() -> None:
    """Tick until told to stop; a database that is away is tried again."""
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
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


if __name__ == "__main__":
    main()
