"""How often one caller may ask. The database counts; a process borrows a few requests at a time.

A bucket belongs to a user and a class of routes, so no header, path or spelling evades it. Asking
the database for every request would cost as much as the request; with leases the limit is exact to
within what the processes hold, a small part of what a minute allows.
"""

from __future__ import annotations

import threading
import time
from functools import cache
from typing import TYPE_CHECKING, Final, Literal

from kernel.errors import Problem

if TYPE_CHECKING:
    from kernel.auth import Caller
    from kernel.database import Database

Class = Literal["read", "write", "export"]

LEASE_SIZES: Final[dict[Class, int]] = {"read": 50, "write": 50, "export": 1}
LEASE_SECONDS: Final = 30.0
LEASES_MAX_COUNT: Final = 4096


class Leases:
    """Requests that this process may still serve before it asks again."""

    def __init__(self) -> None:
        self._left: dict[tuple[str, Class], tuple[int, float]] = {}
        self._lock = threading.Lock()

    def take(self, database: Database, caller: Caller, class_: Class) -> None:
        """Count one request of the caller, or raise `rate_limited`."""
        key = (caller.user_id, class_)
        with self._lock:
            if left := self._held(key):
                self._left[key] = (left - 1, self._left[key][1])
                return
        size = LEASE_SIZES[class_]
        # Repeating the question after a cut connection costs the caller a lease at most.
        answer = database.rpc("lease_requests", {"class": class_, "wanted": size}, repeatable=True)
        if answer["granted"] < 1:
            raise Problem(
                429,
                "rate_limited",
                "Too many requests.",
                hint="Wait and try again.",
                headers={"Retry-After": str(answer["retry_after"])},
            )
        with self._lock:
            # Requests of one caller that ask at the same moment share what they were granted.
            left = self._held(key) + answer["granted"] - 1
            while len(self._left) >= LEASES_MAX_COUNT:
                self._left.pop(next(iter(self._left)))
            self._left[key] = (left, time.monotonic() + LEASE_SECONDS)

    def _held(self, key: tuple[str, Class]) -> int:
        left, expires_at = self._left.get(key, (0, 0.0))
        return left if time.monotonic() < expires_at else 0


@cache
def leases() -> Leases:
    """The process's leases."""
    return Leases()
