"""The connection pool against a real socket that behaves, misbehaves and goes away."""

from __future__ import annotations

import queue
import socket
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from kernel import transport
from kernel.database import Upstream
from kernel.errors import Problem
from kernel.settings import Settings
from kernel.transport import CutError, NotSentError, Pool, TooSlowError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"
CLOSE = object()
SILENCE = object()


@dataclass
class Server:
    """Answers each request with the next script: pieces to send, CLOSE, or SILENCE."""

    port: int
    scripts: queue.Queue[list[object]] = field(default_factory=queue.Queue)
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0
    closed: threading.Event = field(default_factory=threading.Event)

    def then(self, *pieces: object) -> None:
        self.scripts.put(list(pieces))


def _read_request(reader: socket.SocketIO) -> bytes:
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = reader.read(1)
        if not byte:
            return b""
        head += byte
    _, _, length_line = head.lower().partition(b"content-length: ")
    length = int(length_line.split(b"\r\n")[0] or b"0")
    body = b""
    while len(body) < length:
        body += reader.read(length - len(body)) or b""
    return head + body


def _serve(server: Server, accepted: socket.socket) -> None:
    with accepted, accepted.makefile("rb", buffering=0) as reader:
        while request := _read_request(reader):
            server.requests.append(request)
            pieces = server.scripts.get(timeout=5)
            server.scripts.task_done()
            for piece in pieces:
                if isinstance(piece, bytes):
                    accepted.sendall(piece)
                elif piece is SILENCE:
                    reader.read(1)
                    return
                else:
                    accepted.shutdown(socket.SHUT_RDWR)
                    server.closed.set()
                    return


@pytest.fixture
def server() -> Iterator[Server]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        found = Server(listener.getsockname()[1])

        def accept() -> None:
            while True:
                try:
                    accepted, _ = listener.accept()
                except OSError:
                    return
                found.connections += 1
                threading.Thread(target=_serve, args=(found, accepted), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield found
        listener.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def pool(server: Server) -> Callable[..., Pool]:
    def make(wait_seconds: float = 5) -> Pool:
        return Pool(f"http://127.0.0.1:{server.port}", most_idle=4, wait_seconds=wait_seconds)

    return make


def get(pool: Pool, content: bytes = b"") -> transport.Answer:
    return pool.exchange("POST", "/x?y=1", {"a": "b"}, content)


def test_what_is_sent(server: Server, pool: Callable[..., Pool]) -> None:
    server.then(OK)
    assert get(pool(), b"{}") == transport.Answer(200, b"ok")
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    assert lines[0] == b"post /x?y=1 http/1.1"
    assert {b"host: 127.0.0.1:%d" % server.port, b"a: b", b"content-length: 2"} <= set(lines)
    assert body == b"{}"


def test_connections_are_kept(server: Server, pool: Callable[..., Pool]) -> None:
    one = pool()
    for _ in range(5):
        server.then(OK)
        get(one)
    assert server.connections == 1


@pytest.mark.parametrize(
    ("pieces", "status", "content"),
    [
        ([b"HTTP/1.1 200 OK\r\nContent-Length:5\r\n\r\n", b"he", b"llo"], 200, b"hello"),
        (
            [
                b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
                b"5\r\nhello\r\n1",
                b"0;x=y\r\n0123456789abcdef\r\n0\r\ntrailer: x\r\n\r\n",
            ],
            200,
            b"hello0123456789abcdef",
        ),
        ([b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"], 200, b""),
        ([b"HTTP/1.1 204 No Content\r\n\r\n"], 204, b""),
        ([b"HTTP/1.1 409 X\r\nconnection: close\r\ncontent-length: 1\r\n\r\nx", CLOSE], 409, b"x"),
        ([OK.replace(b"\r\n\r\n", b"\r\nx: " + b"y" * 20_000 + b"\r\n\r\n")], 200, b"ok"),
    ],
)
def test_answers(
    server: Server,
    pool: Callable[..., Pool],
    pieces: list[object],
    status: int,
    content: bytes,
) -> None:
    one = pool()
    server.then(*pieces)
    answer = get(one)
    assert (answer.status, answer.content) == (status, content)
    server.then(OK)
    assert get(one).content == b"ok"


def test_a_large_answer(server: Server, pool: Callable[..., Pool]) -> None:
    content = b"x" * 3_000_000
    server.then(b"HTTP/1.1 200 OK\r\ncontent-length: 3000000\r\n\r\n", content)
    assert get(pool()).content == content


def test_when_to_come_back(server: Server, pool: Callable[..., Pool]) -> None:
    server.then(b"HTTP/1.1 503 X\r\nRetry-After: 7\r\ncontent-length: 0\r\n\r\n")
    assert get(pool()) == transport.Answer(503, b"", "7")


@pytest.mark.parametrize(
    "pieces",
    [
        [CLOSE],
        [b"HTTP/1.1 200", CLOSE],
        [b"HTTP/1.1 200 OK\r\ncontent-le", CLOSE],
        [b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n12345", CLOSE],
        [b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhel", CLOSE],
        [b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n", CLOSE],
        [b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhello\r\n0\r\n\r\n"],
        [b"HTTP/1.1 2x0 OK\r\n\r\n"],
        [b"SSH-2.0-OpenSSH_9.2\r\n"],
        [b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 300 + b"\r\n"],
        [b"HTTP/1.1 200 OK\r\na: " + b"b" * 70_000 + b"\r\n\r\n"],
    ],
)
def test_answers_that_are_none(
    server: Server, pool: Callable[..., Pool], pieces: list[object]
) -> None:
    one = pool()
    server.then(*pieces)
    with pytest.raises(CutError):
        get(one)
    # What is left of a broken answer is never read as the next one.
    server.then(OK)
    assert get(one).content == b"ok"
    assert server.connections == 2


def test_a_server_that_says_nothing(server: Server, pool: Callable[..., Pool]) -> None:
    one = pool(wait_seconds=1)
    for pieces in ([SILENCE], [b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n123", SILENCE]):
        server.then(*pieces)
        with pytest.raises(TooSlowError):
            get(one)
        # A server that is even slower must not take the next script for this request.
        server.scripts.join()
    server.then(OK)
    assert get(one).content == b"ok"


def test_a_server_that_is_not_there(server: Server) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    for address in (f"http://127.0.0.1:{port}", "http://no-such-host.invalid"):
        with pytest.raises(NotSentError):
            get(Pool(address, most_idle=1, wait_seconds=1))


def test_a_server_without_a_certificate_is_not_trusted(server: Server) -> None:
    secure = Pool(f"https://127.0.0.1:{server.port}", most_idle=1, wait_seconds=1)
    with pytest.raises((NotSentError, CutError, TooSlowError)):
        get(secure)
    assert server.requests == []


def test_a_connection_that_was_closed_meanwhile_is_not_used(
    server: Server, pool: Callable[..., Pool]
) -> None:
    one = pool()
    server.then(OK, CLOSE)
    get(one)
    server.closed.wait(5)
    server.then(OK)
    assert get(one).content == b"ok"
    assert server.connections == 2


def test_many_threads_share_a_pool(server: Server, pool: Callable[..., Pool]) -> None:
    one, count = pool(), 40
    for _ in range(count):
        server.then(OK)
    failed: list[BaseException] = []

    def work() -> None:
        try:
            for _ in range(5):
                assert get(one).content == b"ok"
        except BaseException as error:  # noqa: BLE001 - reported below
            failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed


def test_a_second_try_is_on_a_connection_of_its_own(
    server: Server, pool: Callable[..., Pool]
) -> None:
    one = pool()
    server.then(OK)
    get(one)
    server.then(OK)
    assert one.exchange("POST", "/", {}, b"", anew=True).content == b"ok"
    assert server.connections == 2
    server.then(OK)
    get(one)
    assert server.connections == 2


@pytest.mark.parametrize("repeatable", [True, False])
def test_a_server_that_drops_kept_connections(server: Server, *, repeatable: bool) -> None:
    """64 at once: what may be repeated always arrives, what may not is never sent twice."""
    upstream = Upstream(
        Settings(
            supabase_url=f"http://127.0.0.1:{server.port}",
            supabase_publishable_key="key",
            supabase_jwt_secret=SecretStr("s" * 32),
        )
    )
    callers, each = 64, 3
    for _ in range(2 * callers * each):
        server.then(OK, CLOSE)
    statuses: list[int] = []

    def work(caller: int) -> None:
        for number in range(each):
            try:
                answer = upstream.send(
                    "POST",
                    "/x",
                    credentials={},
                    request_id="request",
                    content=f"{caller}/{number}".encode(),
                    repeatable=repeatable,
                )
                statuses.append(answer.status)
            except Problem as problem:
                statuses.append(problem.status)

    threads = [threading.Thread(target=work, args=(caller,)) for caller in range(callers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(statuses) == callers * each
    assert set(statuses) <= ({200} if repeatable else {200, 503})
    sent = [request.rpartition(b"\r\n\r\n")[2] for request in server.requests]
    assert repeatable or len(sent) == len(set(sent))
