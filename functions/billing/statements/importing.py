"""From a file to the database: the whole file is read once to check it, and once to send it.

So a file that is cut off changes nothing, and memory holds a batch of it at a time.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, Final

from billing.statements.model import Item, Movement, Refusal, Statement, numbered
from kernel.database import Database
from kernel.errors import invalid_argument

BATCH_ROWS: Final = 1000
# All are counted; so many are listed.
REFUSED_MAX_LISTED: Final = 1000
# A year of a large practice; more would outlast the request.
MOVEMENTS_MAX_COUNT: Final = 100_000
STATEMENTS_MAX_COUNT: Final = 1000


@dataclass(frozen=True, slots=True)
class Surveyed:
    """A statement of the file, and what its movements come to."""

    header: Statement
    movement_count: int
    amount: int

    @property
    def adds_up(self) -> bool | None:
        """Whether the movements lead from one balance to the other, if it names both."""
        opening, closing = self.header.opening_amount, self.header.closing_amount
        if opening is None or closing is None:
            return None
        return opening + self.amount == closing


def survey(items: Iterable[Item]) -> list[Surveyed]:
    """Read a file to its end without keeping it; raises what is wrong with the whole of it."""
    found: list[Surveyed] = []
    count = amount = 0
    for number, item in enumerate(items, 1):
        if isinstance(item, Statement):
            found.append(Surveyed(item, count, amount))
            count = amount = 0
        elif isinstance(item, Movement):
            count, amount = count + 1, amount + item.amount
        if len(found) > STATEMENTS_MAX_COUNT or number - len(found) > MOVEMENTS_MAX_COUNT:
            raise invalid_argument(
                f"A file has at most {MOVEMENTS_MAX_COUNT} movements and {STATEMENTS_MAX_COUNT}"
                " statements.",
                hint="Import the periods one by one.",
            )
    return found


class Import:
    """Sends movements to the database, and adds up its answers."""

    def __init__(self, database: Database, key: str | None) -> None:
        self._database = database
        # With a key of its own, a batch whose answer was lost is asked about, not sent anew.
        self._key = key or uuid.uuid4().hex
        self._sent = 0
        self.new_count = 0
        self.known_count = 0
        self.refused_count = 0
        self.refused: list[dict[str, Any]] = []
        self.statements: list[dict[str, Any]] = []

    def run(
        self,
        surveyed: list[Surveyed],
        items: Iterable[Item],
        account_of: Callable[[Statement], str],
    ) -> None:
        """Import every statement into the account that it is of."""
        # All accounts first: a file with a foreign statement changes nothing.
        accounts = list(map(_remembered(account_of), (each.header for each in surveyed)))
        remaining: Iterator[tuple[str, Surveyed]] = zip(accounts, surveyed, strict=True)
        account, current = next(remaining, ("", None))
        rows: list[dict[str, Any]] = []
        positions: list[int] = []
        for each in numbered(items):
            if isinstance(each.item, Refusal):
                self._refuse(each.position, each.item.code, each.item.detail)
            elif isinstance(each.item, Movement):
                rows.append(each.document())
                positions.append(each.position)
            is_end = isinstance(each.item, Statement)
            if current and rows and (is_end or len(rows) == BATCH_ROWS):
                self._send(account, current.header.format, rows, positions)
                rows, positions = [], []
            if current and is_end:
                self.statements.append(_document(account, current))
                account, current = next(remaining, ("", None))

    def report(self) -> dict[str, Any]:
        """What became of the file."""
        return {
            "new_count": self.new_count,
            "known_count": self.known_count,
            "refused_count": self.refused_count,
            "refused": self.refused,
            "statements": self.statements,
        }

    def _send(
        self, account: str, source: str, rows: list[dict[str, Any]], positions: list[int]
    ) -> None:
        self._sent += 1
        key = hashlib.sha256(f"{self._key}|{self._sent}".encode()).hexdigest()
        answer = self._database.rpc(
            "import_bank_transactions",
            {
                "bank_account_id": account,
                "transactions": rows,
                "source": source,
                "idempotency_key": key,
            },
        )
        self.new_count += answer["new_count"]
        self.known_count += answer["known_count"]
        for refused in answer["refused"]:
            self._refuse(positions[refused["position"]], refused["code"], refused["detail"])

    def _refuse(self, position: int, code: str, detail: str) -> None:
        self.refused_count += 1
        if len(self.refused) < REFUSED_MAX_LISTED:
            self.refused.append({"position": position, "code": code, "detail": detail})


def _remembered(account_of: Callable[[Statement], str]) -> Callable[[Statement], str]:
    """Ask for each account once, however many statements of it there are."""
    known: dict[tuple[str | None, str | None], str] = {}

    def find(header: Statement) -> str:
        key = (header.account, header.currency)
        if key not in known:
            known[key] = account_of(header)
        return known[key]

    return find


def _document(account: str, found: Surveyed) -> dict[str, Any]:
    header = asdict(found.header)
    for name in ("starts_on", "ends_on"):
        header[name] = header[name] and header[name].isoformat()
    return {
        "bank_account_id": account,
        **header,
        "movement_count": found.movement_count,
        "adds_up": found.adds_up,
    }
