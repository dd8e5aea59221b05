"""The ledger, kept by hand: lots, expiry, overdraft and refunds in plain Python.

Time does not pass here; lots are made to expire instead. The model shares nothing with the SQL but
the rules: earliest expiry is spent first, expired credit is retired before anything else happens, a
refund goes back to the lots that it came from, and what repays an overdraft is gone.
"""

from __future__ import annotations

from dataclasses import dataclass, field

NEVER = 10**9


@dataclass
class Lot:
    """Credit that was added, and what is left of it."""

    number: int
    remaining: int
    # In days from now; negative is over, NEVER is never.
    expires: int

    @property
    def is_expired(self) -> bool:
        """Has its time come?"""
        return self.expires <= 0


@dataclass(frozen=True)
class Entry:
    """One line of the statement."""

    kind: str
    amount: int
    balance: int


@dataclass
class Spend:
    """What an appointment was paid with."""

    amount: int
    taken: list[tuple[Lot, int]]


@dataclass
class Account:
    """One client's purse in one currency."""

    overdraft: int = 0
    balance: int = 0
    entries: list[Entry] = field(default_factory=list)
    lots: list[Lot] = field(default_factory=list)

    def record(self, kind: str, amount: int) -> int:
        """Write a line; returns its number."""
        self.balance += amount
        self.entries.append(Entry(kind, amount, self.balance))
        return len(self.entries)

    @property
    def expired(self) -> int:
        """Credit that is still in the account and cannot be spent."""
        return sum(lot.remaining for lot in self.lots if lot.is_expired)

    def retire(self) -> None:
        """Write off what has expired: before every other movement."""
        if gone := self.expired:
            for lot in self.lots:
                if lot.is_expired:
                    lot.remaining = 0
            self.record("expiry", -gone)

    def add(self, kind: str, amount: int, expires: int = NEVER) -> Lot:
        """Add credit; what repays a debt is gone at once."""
        self.retire()
        kept = max(0, min(amount, self.balance + amount))
        number = self.record(kind, amount)
        lot = Lot(number, kept, expires)
        self.lots.append(lot)
        return lot

    def can_take(self, amount: int) -> bool:
        """Do the unexpired credits and the overdraft cover this?"""
        return self.balance - self.expired - amount >= -self.overdraft

    def take(self, kind: str, amount: int) -> Spend | None:
        """Take credit, earliest expiry first; None when there is not enough."""
        if not self.can_take(amount):
            return None
        self.retire()
        self.record(kind, -amount)
        open_amount = amount
        taken = []
        for lot in sorted(self.lots, key=lambda lot: (lot.expires, lot.number)):
            part = min(open_amount, lot.remaining)
            if part:
                lot.remaining -= part
                taken.append((lot, part))
                open_amount -= part
        return Spend(amount, taken)

    def refund(self, spend: Spend) -> None:
        """Give back what was spent, to the lots that last longest first."""
        self.retire()
        before = self.balance
        number = self.record("refund", spend.amount)
        open_amount = max(self.balance, 0) - max(before, 0)
        for lot, part in sorted(
            spend.taken, key=lambda pair: (pair[0].expires, pair[0].number), reverse=True
        ):
            back = min(open_amount, part)
            lot.remaining += back
            open_amount -= back
        if open_amount:
            self.lots.append(Lot(number, open_amount, NEVER))
