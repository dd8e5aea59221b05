"""The mail catcher: takes every message over SMTP, shows it on a page, delivers nothing."""

from __future__ import annotations

import argparse
import email
import email.policy
import html
import json
import signal
import threading
from collections import deque
from dataclasses import dataclass
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

KEPT_MESSAGES = 500
LOOPBACK = {"127.0.0.1", "localhost", "::1"}

STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;
color:#1c2430}
h1{font-size:1.4rem} table{border-collapse:collapse;width:100%}
td,th{text-align:left;padding:.4rem .6rem;border-bottom:1px solid #e3e7ee}
pre{white-space:pre-wrap;overflow-wrap:anywhere;background:#f5f7fa;padding:1rem;border-radius:.4rem}
iframe{width:100%;height:32rem;border:1px solid #e3e7ee;border-radius:.4rem} a{color:#0b57d0}
"""


@dataclass(frozen=True)
class Message:
    """One message as it was handed in."""

    number: int
    recipients: list[str]
    parsed: EmailMessage

    def body(self, kind: str) -> str:
        """Return the plain or the HTML body."""
        part = self.parsed.get_body((kind,))
        return str(part.get_content()) if part is not None else ""

    def as_json(self) -> dict[str, Any]:
        """Return what the JSON interface shows."""
        return {
            "id": self.number,
            "to": self.recipients,
            "from": str(self.parsed["from"] or ""),
            "subject": str(self.parsed["subject"] or ""),
            "date": str(self.parsed["date"] or ""),
            "text": self.body("plain"),
            "html": self.body("html"),
            "headers": {name: str(value) for name, value in self.parsed.items()},
            "attachments": [
                {"filename": part.get_filename(), "content_type": part.get_content_type()}
                for part in self.parsed.iter_attachments()
            ],
        }


class Mailbox:
    """The last messages, newest first."""

    def __init__(self) -> None:
        self._messages: deque[Message] = deque(maxlen=KEPT_MESSAGES)
        self._count = 0
        self._lock = threading.Lock()

    def add(self, recipients: list[str], content: bytes) -> None:
        """Keep a message."""
        parsed = email.message_from_bytes(content, policy=email.policy.default)
        with self._lock:
            self._count += 1
            self._messages.appendleft(Message(self._count, recipients, parsed))

    def find(self, recipient: str | None = None) -> list[Message]:
        """Return all messages, or those to one address."""
        with self._lock:
            return [m for m in self._messages if recipient is None or recipient in m.recipients]

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._messages.clear()


class Intake:
    """What aiosmtpd calls for each message."""

    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox

    async def handle_DATA(  # noqa: N802 - the library's name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Accept a message."""
        content = envelope.content
        raw = content if isinstance(content, bytes) else (content or "").encode()
        self.mailbox.add(list(envelope.rcpt_tos), raw)
        return "250 Kept for reading"


class Page(BaseHTTPRequestHandler):
    """The page for people and the JSON interface for tests."""

    mailbox: Mailbox

    def do_GET(self) -> None:
        """Show the list, one message, or either as JSON."""
        if urlsplit(f"//{self.headers['host']}").hostname not in LOOPBACK:
            # A name of another site that has been pointed at this machine reads no mail.
            self.answer(render("Forbidden", "<p>Open this page at 127.0.0.1.</p>"), status=403)
            return
        address = urlsplit(self.path)
        recipient = parse_qs(address.query).get("to", [None])[0]
        messages = self.mailbox.find(recipient)
        parts = [part for part in address.path.split("/") if part]
        match parts:
            case []:
                self.answer(render_list(messages))
            case ["api", "messages"]:
                self.answer_json([message.as_json() for message in messages])
            case ["messages", number, *rest]:
                found = next((m for m in messages if str(m.number) == number), None)
                if found is None:
                    self.answer(render("Not found", "<p>No such message.</p>"), status=404)
                elif rest == ["html"]:
                    self.answer(found.body("html"), policy="sandbox; default-src 'none'")
                else:
                    self.answer(render_message(found))
            case _:
                self.answer(render("Not found", "<p>No such page.</p>"), status=404)

    def do_DELETE(self) -> None:
        """Empty the mailbox."""
        self.mailbox.clear()
        self.answer_json([])

    def answer(self, text: str, *, status: int = 200, policy: str = "frame-src 'self'") -> None:
        """Send a page."""
        self.send(text.encode(), "text/html; charset=utf-8", status, policy)

    def answer_json(self, value: object) -> None:
        """Send JSON."""
        self.send(json.dumps(value).encode(), "application/json", 200, "default-src 'none'")

    def send(self, body: bytes, content_type: str, status: int, policy: str) -> None:
        """Send a body with its headers; a message's own scripts and pictures never load."""
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header(
            "Content-Security-Policy", f"script-src 'none'; style-src 'unsafe-inline'; {policy}"
        )
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Stay silent: addresses do not belong in logs."""


def render_list(messages: list[Message]) -> str:
    """Render the list of messages."""
    if not messages:
        return render("Mail", "<p>No mail yet. Whatever the stack sends shows up here.</p>")
    rows = "".join(
        f'<tr><td><a href="/messages/{m.number}">{escape(m.parsed["subject"])}</a></td>'
        f"<td>{escape(', '.join(m.recipients))}</td><td>{escape(m.parsed['date'])}</td></tr>"
        for m in messages
    )
    head = "<tr><th>Subject</th><th>To</th><th>Date</th></tr>"
    return render("Mail", f"<table>{head}{rows}</table>")


def render_message(message: Message) -> str:
    """Render one message; its HTML goes into a frame that can run nothing."""
    shown = "".join(
        f"<tr><th>{name}</th><td>{escape(message.parsed[name])}</td></tr>"
        for name in ("From", "To", "Subject", "Date")
    )
    frame = (
        f'<iframe sandbox src="/messages/{message.number}/html"></iframe>'
        if message.body("html")
        else ""
    )
    plain = f"<pre>{escape(message.body('plain'))}</pre>" if message.body("plain") else ""
    return render(
        escape(message.parsed["subject"]) or "No subject",
        f'<p><a href="/">All mail</a></p><table>{shown}</table>{plain}{frame}',
    )


def render(title: str, body: str) -> str:
    """Wrap a body into a page."""
    return (
        f"<!doctype html><meta charset=utf-8><title>{title}</title><style>{STYLE}</style>"
        f"<h1>{title}</h1>{body}"
    )


def escape(value: object) -> str:
    """Make any header value safe to show."""
    return html.escape(str(value or ""))


def main() -> None:
    """Serve SMTP and the page until told to stop."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--http-port", type=int, required=True)
    options.add_argument("--smtp-port", type=int, required=True)
    chosen = options.parse_args()

    mailbox = Mailbox()
    smtp = Controller(Intake(mailbox), hostname="127.0.0.1", port=chosen.smtp_port)
    smtp.start()
    page = type("BoundPage", (Page,), {"mailbox": mailbox})
    server = ThreadingHTTPServer(("127.0.0.1", chosen.http_port), page)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
    try:
        server.serve_forever()
    finally:
        smtp.stop()


if __name__ == "__main__":
    main()
