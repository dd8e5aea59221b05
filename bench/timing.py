"""Time two or more ways of doing something side by side, and compare the medians."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import psycopg

WARM_UP = 3


def alternate(
    ways: Mapping[str, Callable[[int], object]],
    *,
    seconds: float,
    before: Callable[[int], object] | None = None,
    most: int = 600,
) -> dict[str, float]:
    """Run all ways in turn, A B, B A, A B, for so long; returns each way's median in milliseconds.

    A way is called with the number of the turn, so that all ways ask for the same thing in a turn,
    and none of them always finds what another has just read. `before` is not timed.
    """
    taken: dict[str, list[float]] = {name: [] for name in ways}
    deadline = time.monotonic() + seconds
    turn = 0
    while turn < WARM_UP + 5 or (time.monotonic() < deadline and turn < most):
        if before is not None:
            before(turn)
        for name, way in list(ways.items())[:: 1 if turn % 2 else -1]:
            started = time.perf_counter()
            way(turn)
            if turn >= WARM_UP:
                taken[name].append(time.perf_counter() - started)
        turn += 1
    return {name: statistics.median(times) * 1000 for name, times in taken.items()}


class Session:
    """A connection that speaks as one signed-in user after another, or as the superuser."""

    def __init__(self, url: str, *, as_user: bool) -> None:
        self.connection = psycopg.connect(url, autocommit=True)
        # What the API does for each request is done once per user here: the statement is measured.
        self.connection.prepare_threshold = 0
        if as_user:
            self.connection.execute("set role authenticated")

    def sign_in(self, user_id: object) -> object:
        """Become a user."""
        return self.connection.execute(
            "select set_config('request.jwt.claims', %s, false)",
            [f'{{"sub":"{user_id}","role":"authenticated"}}'],
        )

    def run(self, query: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Run one prepared query and read all of its answer."""
        return self.connection.execute(query.encode(), parameters).fetchall()

    def close(self) -> None:
        """End the connection."""
        self.connection.close()
