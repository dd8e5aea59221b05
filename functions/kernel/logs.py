"""Structured logs on stdout, one JSON object a line, as Cloud Logging reads them.

No bodies, tokens, names, addresses or user ids: a line says what happened to which request, and
the request id ties it to what the caller saw.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from structlog.typing import FilteringBoundLogger


def _severity(
    _logger: object, method: str, event: MutableMapping[str, object]
) -> MutableMapping[str, object]:
    event["severity"] = method.upper()
    return event


def _frames(
    _logger: object, _method: str, event: MutableMapping[str, object]
) -> MutableMapping[str, object]:
    # The message of an exception may quote the input that caused it; where it was raised and what
    # kind it is suffice to find the fault.
    error = event.pop("error", None)
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        frames = []
        trace = error.__traceback__
        while trace is not None:
            code = trace.tb_frame.f_code
            frames.append(f"{code.co_filename}:{trace.tb_lineno} {code.co_name}")
            trace = trace.tb_next
        event["frames"] = frames[-12:]
    return event


class _Stdout:
    """Writes whole lines to whatever stdout is at the moment."""

    @staticmethod
    def _write(line: str) -> None:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()

    info = warning = error = _write


structlog.configure(
    processors=[
        _severity,
        _frames,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        structlog.processors.EventRenamer("message"),
        structlog.processors.JSONRenderer(sort_keys=False),
    ],
    logger_factory=lambda *_: _Stdout(),
    cache_logger_on_first_use=True,
)

log: FilteringBoundLogger = structlog.get_logger()
