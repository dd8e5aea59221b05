"""Kept-open connections to one server, and nothing else: no redirects, cookies or proxies.

Every request of every function passes here, and a general client was most of what a function cost
beside the SQL function behind it. So this sends a request in one piece, and llhttp, the parser of
Node.js, reads the answer.
"""

from __future__ import annotations

import contextlib
import select
import socket
import ssl
import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

if TYPE_CHECKING:
    from collections.abc import Mapping

CONNECT_SECONDS: Final = 3.0
# What stands between may forget a silent connection without a word to either end.
IDLE_SECONDS: Final = 60.0
HEAD_MAX_BYTES: Final = 64 * 1024
CHUNK_BYTES: Final = 64 * 1024
# Answers below this announce another one.
FINAL: Final = 200
WITHOUT_CONTENT: Final = {204, 304}


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
        parts = urlsplit(address)
        self._host = parts.hostname or ""
        self._port = parts.port or (443 if parts.scheme == "https" else 80)
        self._host_header = parts.netloc.rpartition("@")[2]
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None
        self._wait_seconds = wait_seconds
        self._most_idle = most_idle
        self._idle: deque[_Connection] = deque()

    def exchange(
        self, method: str, target: str, headers: Mapping[str, str], content: bytes
    ) -> Answer:
        """Send one request and read its answer."""
        request = self._request(method, target, headers, content)
        connection = self._kept() or self._opened()
        try:
            answer = connection.exchange(request)
        except TimeoutError as error:
            connection.close()
            raise TooSlowError from error
        except (OSError, HttpParserError, HttpParserUpgrade) as error:
            connection.close()
            # What ended one of them has likely ended all: a second try begins afresh.
            self._forget()
            raise CutError from error
        if connection.is_reusable and len(self._idle) < self._most_idle:
            self._idle.append(connection)
        else:
            connection.close()
        return answer

    def _request(
        self, method: str, target: str, headers: Mapping[str, str], content: bytes
    ) -> bytes:
        lines = [f"{method} {target} HTTP/1.1", f"host: {self._host_header}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if content or method != "GET":
            lines.append(f"content-length: {len(content)}")
        # A line break in a value would begin a header of the caller's own.
        if not all(map(str.isprintable, lines)):
            raise ValueError("a header holds a control character")
        return "\r\n".join((*lines, "accept-encoding: identity", "", "")).encode("ascii") + content

    def _kept(self) -> _Connection | None:
        with contextlib.suppress(IndexError):
            while True:
                connection = self._idle.pop()
                if connection.is_quiet():
                    return connection
                connection.close()
        return None

    def _opened(self) -> _Connection:
        try:
            opened = socket.create_connection((self._host, self._port), CONNECT_SECONDS)
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._tls:
                opened = self._tls.wrap_socket(opened, server_hostname=self._host)
            opened.settimeout(self._wait_seconds)
        except OSError as error:
            raise NotSentError from error
        return _Connection(opened)

    def _forget(self) -> None:
        with contextlib.suppress(IndexError):
            while True:
                self._idle.pop().close()


class _Connection:
    """One connection, and what its parser tells of the answer that is being read."""

    def __init__(self, opened: socket.socket) -> None:
        self._socket = opened
        self._poll = select.poll()
        self._poll.register(opened, select.POLLIN)
        self._parser = HttpResponseParser(self)
        self._begin()

    def exchange(self, request: bytes) -> Answer:
        """Send a request and read its answer."""
        self._begin()
        # A server that refuses a large body answers and closes before it has read all of it.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self._socket.sendall(request)
        while self._answer is None:
            piece = self._socket.recv(CHUNK_BYTES)
            if not piece:
                raise ConnectionError("the connection ended before the answer")
            self._parser.feed_data(piece)
        self._used_at = time.monotonic()
        return self._answer

    def is_quiet(self) -> bool:
        """Whether it can be used again: what can be read from it now is its end, or nonsense."""
        return time.monotonic() - self._used_at < IDLE_SECONDS and not self._poll.poll(0)

    def close(self) -> None:
        """End it."""
        self._socket.close()

    def _begin(self) -> None:
        self._answer: Answer | None = None
        self.is_reusable = False
        self._head: dict[bytes, bytes] = {}
        self._head_bytes = 0
        self._content: list[bytes] = []

    def on_message_begin(self) -> None:
        """Refuse what follows a complete answer: it belongs to no request."""
        if self._answer is not None:
            raise ValueError("an answer to nothing")

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take one header, of a head that is not endless."""
        self._head_bytes += len(name) + len(value)
        if self._head_bytes > HEAD_MAX_BYTES:
            raise ValueError("too many headers")
        self._head[name.lower()] = value

    def on_headers_complete(self) -> None:
        """Refuse an answer that would end with the connection: it could be half of one."""
        status = self._parser.get_status_code()
        has_length = b"content-length" in self._head or b"transfer-encoding" in self._head
        if status >= FINAL and status not in WITHOUT_CONTENT and not has_length:
            raise ValueError("an answer without a length")

    def on_body(self, piece: bytes) -> None:
        """Take a piece of the body."""
        self._content.append(piece)

    def on_message_complete(self) -> None:
        """Put the answer together."""
        status = self._parser.get_status_code()
        if status < FINAL:
            self._head.clear()
            return
        self.is_reusable = self._parser.should_keep_alive()
        self._answer = Answer(
            status,
            b"".join(self._content),
            self._text(b"retry-after"),
            self._text(b"content-type"),
        )

    def _text(self, name: bytes) -> str | None:
        value = self._head.get(name)
        return None if value is None else value.decode("latin-1")
