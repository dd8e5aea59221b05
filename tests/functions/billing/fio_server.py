"""A server that answers as Fio's API does: its addresses, its pace, its errors."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PAUSE_SECONDS = 30
PERIOD = re.compile(r"/v1/rest/periods/([^/]+)/([^/]+)/([^/]+)/transactions\.json")


@dataclass
class Account:
    """What the bank knows of one account."""

    number: str
    currency: str = "CZK"
    rows: list[dict[str, Any]] = field(default_factory=list)
    asked_at: float | None = None

    def receive(self, movement_id: int, booked_on: date, amount: float, **columns: Any) -> None:
        """Book a movement; columns by their numbers, as column5=…"""
        values = {
            "column0": f"{booked_on.isoformat()}+0100",
            "column1": amount,
            "column14": self.currency,
            "column22": movement_id,
            **columns,
        }
        self.rows.append(
            {
                name: None if value is None else {"value": value, "name": "", "id": int(name[6:])}
                for name, value in values.items()
            }
        )

    def statement(self, from_date: date, to_date: date) -> dict[str, Any]:
        """The document of a period."""
        rows = [
            row
            for row in self.rows
            if from_date.isoformat() <= row["column0"]["value"][:10] <= to_date.isoformat()
        ]
        info = {
            "accountId": self.number.partition("/")[0],
            "bankId": "2010",
            "currency": self.currency,
            "iban": None,
            "dateStart": f"{from_date.isoformat()}+0100",
            "dateEnd": f"{to_date.isoformat()}+0100",
        }
        # Without movements the bank says null.
        return {
            "accountStatement": {
                "info": info,
                "transactionList": {"transaction": rows} if rows else None,
            }
        }


class FioServer:
    """The bank. `answer` replaces what it would say."""

    def __init__(self) -> None:
        self.accounts: dict[str, Account] = {}
        self.requests: list[str] = []
        self.answer: tuple[int, bytes] | None = None
        self.delay_seconds = 0.0
        self.headers: dict[str, str] = {}
        self.url = ""

    def respond(self, path: str) -> tuple[int, bytes]:
        """Status and body for one address."""
        self.requests.append(path)
        if self.answer is not None:
            return self.answer
        match = PERIOD.fullmatch(path)
        if match is None:
            return 404, b"<html>404</html>"
        account = self.accounts.get(match[1])
        if account is None:
            return 500, b"<response><errorCode>11</errorCode></response>"
        if account.asked_at and time.monotonic() < account.asked_at + PAUSE_SECONDS:
            return 409, b""
        account.asked_at = time.monotonic()
        try:
            from_date, to_date = date.fromisoformat(match[2]), date.fromisoformat(match[3])
        except ValueError:
            return 404, b""
        return 200, json.dumps(account.statement(from_date, to_date)).encode()


@contextmanager
def running() -> Iterator[FioServer]:
    """Serve on a free port."""
    bank = FioServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            time.sleep(bank.delay_seconds)
            status, body = bank.respond(self.path)
            self.send_response(status)
            for name, value in bank.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        bank.url = f"http://127.0.0.1:{server.server_address[1]}/v1/rest"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield bank
        server.shutdown()
