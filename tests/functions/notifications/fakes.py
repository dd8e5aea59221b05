"""Providers as local servers that behave like the real ones: keys, limits, outages, odd answers."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import json
import threading
import time
import uuid
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

Answer = tuple[int, dict[str, Any], dict[str, str]]


@dataclass
class Asked:
    """One request as the provider got it."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, str]:
        """The body as a form."""
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}


@dataclass
class Fake:
    """What every fake has: what it was asked, and faults that a test orders."""

    asked: list[Asked] = field(default_factory=list)
    # Answers to give before the normal ones; None: cut the connection after taking the request.
    faults: list[Answer | None] = field(default_factory=list)
    is_down: bool = False
    address: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, asked: Asked) -> Answer:
        """Answer one request in good order."""
        raise NotImplementedError

    def handle(self, asked: Asked) -> Answer | None:
        """Take one request, with the faults ordered."""
        with self.lock:
            self.asked.append(asked)
            if self.is_down:
                return 503, {"message": "down"}, {}
            if self.faults:
                fault = self.faults.pop(0)
                if fault is None:
                    self.answer(asked)
                return fault
            return self.answer(asked)


@dataclass
class FakeResend(Fake):
    """Keeps idempotency keys; the same key with another payload is a conflict."""

    sent: dict[str, tuple[bytes, str]] = field(default_factory=dict)

    def answer(self, asked: Asked) -> Answer:
        if "user-agent" not in asked.headers:
            return 403, {"name": "missing_user_agent"}, {}
        if asked.headers.get("authorization") != "Bearer re_test":
            return 401, {"name": "missing_api_key"}, {}
        key = asked.headers["idempotency-key"]
        known = self.sent.get(key)
        if known is not None and known[0] != asked.body:
            return 409, {"name": "invalid_idempotent_request"}, {}
        if known is None:
            known = (asked.body, str(uuid.uuid4()))
            self.sent[key] = known
        return 200, {"id": known[1]}, {}

    def to(self, address: str) -> list[dict[str, Any]]:
        """The e-mails that went to an address."""
        found = [json.loads(body) for body, _ in self.sent.values()]
        return [document for document in found if document["to"] == [address]]


@dataclass
class FakeTwilio(Fake):
    """Takes every request for a new SMS, and lists what it has."""

    sent: list[dict[str, str]] = field(default_factory=list)

    def answer(self, asked: Asked) -> Answer:
        if asked.method == "GET":
            number = asked.query["To"][0]
            found = [entry for entry in self.sent if entry["to"] == number]
            return 200, {"messages": found}, {}
        form = asked.form
        if form["To"] == "+420700000000":
            return 400, {"code": 21211, "message": "not a number"}, {}
        if form["To"] == "+420700000001":
            return 400, {"code": 21610, "message": "unsubscribed"}, {}
        entry = {"to": form["To"], "body": form["Body"], "status": "queued"}
        entry["sid"] = f"SM{uuid.uuid4().hex}"
        self.sent.append(entry)
        return 201, entry, {}


@dataclass
class FakeGoogle(Fake):
    """FCM and the token server behind it, at one address."""

    tokens: int = 0
    gone: set[str] = field(default_factory=set)
    shown: dict[tuple[str, str], str] = field(default_factory=dict)

    def answer(self, asked: Asked) -> Answer:
        if asked.path == "/token":
            self.tokens += 1
            return 200, {"access_token": f"token-{self.tokens}", "expires_in": 3600}, {}
        if asked.headers.get("authorization") != f"Bearer token-{self.tokens}":
            return 401, {"error": {"status": "UNAUTHENTICATED"}}, {}
        message = asked.json["message"]
        if message["token"] in self.gone:
            details = [{"errorCode": "UNREGISTERED"}]
            return 404, {"error": {"status": "NOT_FOUND", "details": details}}, {}
        # A device shows a message with a tag in place of the one it shows already.
        tag = message["android"]["notification"]["tag"]
        self.shown[message["token"], tag] = message["notification"]["body"]
        return 200, {"name": f"projects/p/messages/{len(self.shown)}"}, {}


@contextlib.contextmanager
def served(fake: Fake) -> Iterator[None]:
    """Run a fake on a port of its own."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            body = self.rfile.read(length)
            address = urlsplit(self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = fake.handle(
                Asked(self.command, address.path, parse_qs(address.query), headers, body)
            )
            if answer is None:
                self.close_connection = True
                return
            status, document, more = answer
            content = json.dumps(document).encode()
            self.send_response(status)
            for name, value in {"content-length": str(len(content)), **more}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = _serve  # noqa: N815 - the names that the base class looks for

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    fake.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def svix_headers(secret: str, body: bytes, **changes: str) -> dict[str, str]:
    """Headers as Resend signs them."""
    identifier = changes.get("id", f"msg_{uuid.uuid4().hex}")
    stamp = changes.get("timestamp", str(int(time.time())))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{identifier}.{stamp}.".encode() + body
    signature = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    return {
        "svix-id": identifier,
        "svix-timestamp": stamp,
        "svix-signature": changes.get("signature", f"v1,{signature}"),
        "content-type": "application/json",
    }


def twilio_signature(token: str, url: str, form: dict[str, str]) -> str:
    """A signature as Twilio makes it."""
    text = url + "".join(f"{name}{form[name]}" for name in sorted(form))
    digest = hmac.digest(token.encode(), text.encode(), hashlib.sha1)
    return base64.b64encode(digest).decode()
