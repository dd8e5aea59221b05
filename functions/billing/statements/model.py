"""What a bank statement says, whatever its format: movements, refusals, statement headers."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, astuple, dataclass
from datetime import date
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class Movement:
    """Money that came in or went out. Amounts are in minor units, outgoing ones negative."""

    account: str | None
    booked_on: date
    valued_on: date | None
    amount: int
    currency: str
    variable_symbol: str | None = None
    constant_symbol: str | None = None
    specific_symbol: str | None = None
    counterparty: str | None = None
    counterparty_account: str | None = None
    message: str | None = None
    reference: str | None = None
    bank_reference: str | None = None
    is_reversal: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """A movement that is not taken, and why."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Statement:
    """The header of a statement. It follows its movements: some formats end with the balance."""

    format: str
    account: str | None = None
    currency: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    opening_amount: int | None = None
    closing_amount: int | None = None


Item: TypeAlias = Movement | Refusal | Statement


class RefusedError(Exception):
    """Raised by a reader while it reads one movement; the others are read on."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail

    def refusal(self) -> Refusal:
        """What the report says about the movement."""
        return Refusal(self.code, self.detail)


@dataclass(frozen=True, slots=True)
class Numbered:
    """An item with its place: movements and refusals are counted from 1 through the whole file."""

    item: Item
    position: int
    ordinal: int = 0

    def document(self) -> dict[str, Any]:
        """The movement as the database takes it."""
        found = asdict(self.item)
        for name in ("booked_on", "valued_on"):
            found[name] = found[name] and found[name].isoformat()
        return found | {"ordinal": self.ordinal}


def numbered(items: Iterable[Item]) -> Iterator[Numbered]:
    """Count movements, and the equal ones among them within each statement.

    Two people may pay the same amount on the same day without any reference. The ordinal tells
    their payments apart, and comes out the same when the statement is read again.
    """
    position = 0
    # Digests, since the movements themselves would hold the whole file.
    seen: Counter[bytes] = Counter()
    for item in items:
        if isinstance(item, Statement):
            seen.clear()
            yield Numbered(item, position)
            continue
        position += 1
        if isinstance(item, Refusal):
            yield Numbered(item, position)
            continue
        digest = hashlib.blake2b(repr(_identity(item)).encode(), digest_size=16).digest()
        yield Numbered(item, position, seen[digest])
        seen[digest] += 1


def _identity(movement: Movement) -> tuple[object, ...]:
    # Banks that should not do so give a batch, or a payment and its reversal, one reference.
    if movement.bank_reference:
        return movement.bank_reference, movement.booked_on, movement.amount
    return astuple(movement)
