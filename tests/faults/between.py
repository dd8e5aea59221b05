"""What can go wrong on the way to Supabase: a small HTTP proxy that does it on demand.

It stands between a function and the real API, passes everything on, and spoils the calls that it is
told to, in one way, as often as it is told to.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

# Long enough for any client here to have given up; nothing ever waits for its end.
HOLD_SECONDS = 30
# Ways in which a call is spoiled before the API has seen it, and after it has served it.
BEFORE = ("503 before", "cut before", "silence before", "html before")
AFTER = (
    "503 after",
    "cut after",
    "silence after",
    "half an answer",
    "half a chunk",
    "garbage",
    "nothing",
    "null",
    "another type",
)


@dataclass
class Between:
    """The proxy's orders, and what it has seen."""

    target: str
    fault: str = ""
    # The last part of the path that is spoiled, such as a function's name.
    victim: str = ""
    left: int = 0
    spoiled: int = 0
    # Of these, how many the API has served, or will never see.
    settled: int = 0
    port: int = 0
    released: threading.Event = field(default_factory=threading.Event)
    changed: threading.Condition = field(default_factory=threading.Condition)

    @property
    def url(self) -> str:
        """Where the function finds what it takes for Supabase."""
        return f"http://127.0.0.1:{self.port}"

    def spoil(self, fault: str, victim: str, *, times: int = 1_000) -> None:
        """From now on, spoil calls to this address."""
        with self.changed:
            self.fault, self.victim, self.left = fault, victim, times
            self.spoiled = self.settled = 0
            self.released = threading.Event()

    def heal(self) -> None:
        """Pass everything on again, and let go of those who were kept waiting."""
        with self.changed:
            self.left = 0
            self.released.set()

    def settle(self) -> None:
        """Note that a spoiled call has had its effect, if it is to have one."""
        with self.changed:
            self.settled += 1
            self.changed.notify_all()

    def wait_until_settled(self) -> None:
        """Return once nothing that was spoiled can still have an effect: who asked may be gone."""
        with self.changed:
            assert self.changed.wait_for(lambda: 0 < self.spoiled == self.settled, HOLD_SECONDS)

    def fault_for(self, path: str) -> str:
        """Return what is to be done to a call, and count it."""
        with self.changed:
            if self.left <= 0 or path.partition("?")[0].rpartition("/")[2] != self.victim:
                return ""
            self.left -= 1
            self.spoiled += 1
            return self.fault


class Connection(socketserver.StreamRequestHandler):
    """One kept-open connection of a function."""

    between: Between

    def handle(self) -> None:
        """Serve calls until one of them breaks the connection."""
        with contextlib.suppress(OSError):
            while self.serve():
                pass

    def serve(self) -> bool:
        """Serve one call; says whether the connection is still good."""
        line = self.rfile.readline().decode("latin-1")
        if not line:
            return False
        method, path, _ = line.split(" ", 2)
        headers = http.client.parse_headers(self.rfile)
        body = self.rfile.read(int(headers.get("content-length") or 0))
        fault = self.between.fault_for(path)
        if fault in BEFORE:
            self.between.settle()
            return self.refuse(fault)
        api = urlsplit(self.between.target)
        upstream = http.client.HTTPConnection(str(api.hostname), api.port or 80, timeout=60)
        with contextlib.closing(upstream):
            kept = {
                name: value
                for name, value in headers.items()
                if name.lower() not in {"host", "connection", "content-length"}
            }
            upstream.request(method, path, body or None, kept)
            answer = upstream.getresponse()
            content = answer.read()
        if fault:
            self.between.settle()
            return self.spoil(fault, content)
        more = "".join(
            f"{name}: {value}\r\n"
            for name, value in answer.getheaders()
            if name.lower() in {"content-type", "retry-after", "content-range"}
        )
        self.answer(answer.status, content, more)
        return True

    def refuse(self, fault: str) -> bool:
        """Do it before the API has seen anything."""
        if fault == "503 before":
            self.answer(503, b"upstream connect error", "content-type: text/plain\r\n")
            return True
        if fault == "html before":
            self.answer(502, b"<html><h1>Bad gateway</h1></html>", "content-type: text/html\r\n")
            return True
        if fault == "silence before":
            self.between.released.wait(HOLD_SECONDS)
        self.hang_up()
        return False

    def spoil(self, fault: str, content: bytes) -> bool:
        """Do it after the API has served the call."""
        kind = "content-type: application/json\r\n"
        whole = {
            "503 after": (503, b"upstream reset"),
            "garbage": (200, b'{"id": "0b6d7c3e-52c4-4d3f-8f0e-0a4f7a1f2b10", "starts_at": \xff'),
            "nothing": (200, b""),
            "null": (200, b"null"),
            "another type": (200, b'"a text where a row should be"'),
        }
        if fault in whole:
            status, spoiled = whole[fault]
            self.answer(status, spoiled, kind)
            return True
        if fault == "half an answer":
            head = f"HTTP/1.1 200 OK\r\n{kind}content-length: {len(content)}\r\n\r\n"
            self.wfile.write(head.encode() + content[: len(content) // 2])
        elif fault == "half a chunk":
            head = (
                f"HTTP/1.1 200 OK\r\n{kind}transfer-encoding: chunked\r\n\r\n{len(content):x}\r\n"
            )
            self.wfile.write(head.encode() + content[: len(content) // 2])
        elif fault == "silence after":
            self.between.released.wait(HOLD_SECONDS)
        self.hang_up()
        return False

    def answer(self, status: int, content: bytes, headers: str) -> None:
        """Send a whole answer."""
        head = f"HTTP/1.1 {status} Answer\r\n{headers}content-length: {len(content)}\r\n\r\n"
        self.wfile.write(head.encode("latin-1") + content)

    def hang_up(self) -> None:
        """End the connection at once."""
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def stand_between(target: str) -> Iterator[Between]:
    """Run the proxy."""
    between = Between(target)

    class Bound(Connection):
        """A connection of this proxy."""

    Bound.between = between

    class Server(socketserver.ThreadingTCPServer):
        """Threads that do not keep the tests from ending."""

        daemon_threads = True
        allow_reuse_address = True

    with Server(("127.0.0.1", 0), Bound) as server:
        between.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield between
        finally:
            between.heal()
            server.shutdown()
            thread.join()
