"""Kept-open connections to one server, and nothing else: no redirects, cookies or proxies.

Every request of every function passes here, so the library is urllib3: its pool spends a fraction
of what a client object with middlewares and event hooks does, which shows in what a function costs
beside the SQL function behind it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from urllib3 import Timeout, connection_from_url
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NewConnectionError,
    ReadTimeoutError,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

CONNECT_SECONDS: Final = 3.0
NO_CONTENT: Final = 204

_SIZED: Final = ("content-length", "transfer-encoding")


class NotSentError(Exception):
    """No connection: the server has seen nothing of the request."""


class CutError(Exception):
    """The connection broke before the answer was complete: the request may have been served."""


class TooSlowError(Exception):
    """No answer in time: the request may still be served."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, unread."""

    status: int
    content: bytes
    retry_after: str | None = None
    content_type: str | None = None


class Pool:
    """Connections to one server; safe to use from many threads."""

    def __init__(self, address: str, *, most_idle: int, wait_seconds: float) -> None:
        self._new_pool = partial(
            connection_from_url,
            address,
            maxsize=most_idle,
            timeout=Timeout(connect=CONNECT_SECONDS, read=wait_seconds),
            retries=False,
        )
        self._pool = self._new_pool()

    def exchange(
        self,
        method: str,
        target: str,
        headers: Mapping[str, str],
        content: bytes,
        *,
        anew: bool = False,
    ) -> Answer:
        """Send one request and read its answer, `anew` on a connection that nobody has used."""
        pool = self._new_pool() if anew else self._pool
        try:
            response = pool.urlopen(
                method,
                target,
                body=content or None,
                headers=headers,
                redirect=False,
                assert_same_host=False,
                decode_content=False,
            )
        except (ConnectTimeoutError, NewConnectionError) as error:
            raise NotSentError from error
        except ReadTimeoutError as error:
            raise TooSlowError from error
        except HTTPError as error:
            raise CutError from error
        has_length = any(name in response.headers for name in _SIZED)
        if response.status != NO_CONTENT and not has_length:
            # The library takes a head that breaks off for an empty answer.
            raise CutError("an answer without a length")
        found = response.headers
        return Answer(
            response.status, response.data, found.get("retry-after"), found.get("content-type")
        )
