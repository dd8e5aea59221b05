"""Invoices, payments and bank lines, kept by hand in plain Python.

The model shares nothing with the SQL but the rules of docs/architecture.md: how amounts are
rounded, what a payment, a credit note and a bank line do to what is open, and how appointments and
credits follow.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, localcontext

REFUSED = "invalid_state"
WRONG = "invalid_argument"
POOR = "insufficient_credits"


# Rounding ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Priced:
    """What a line says before anything is computed."""

    quantity: Decimal
    unit_price: int
    discount: Decimal
    rate: Decimal
    category: str


def whole(value: Decimal) -> int:
    """Round half away from zero."""
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))


def tax_of(amount: int, rate: Decimal, *, included: bool) -> int:
    """Return the rounded tax in, or on, an amount."""
    return whole(amount * rate / (100 + rate if included else Decimal(100)))


def amounts(lines: Iterable[Priced], *, included: bool) -> list[tuple[int, int, int]]:
    """Return net, tax and gross of each line."""
    sums: dict[tuple[str, Decimal], int] = {}
    found = []
    with localcontext() as context:
        context.prec = 80
        for line in lines:
            amount = whole(line.quantity * line.unit_price * (100 - line.discount) / 100)
            before = sums.get((line.category, line.rate), 0)
            after = sums[line.category, line.rate] = before + amount
            tax = tax_of(after, line.rate, included=included)
            tax -= tax_of(before, line.rate, included=included)
            net = amount - tax if included else amount
            found.append((net, tax, net + tax))
    return found


# Money -------------------------------------------------------------------------------------------


def sign(amount: int) -> int:
    """Return 1, 0 or -1."""
    return (amount > 0) - (amount < 0)


@dataclass
class Session:
    """An appointment, as far as money goes."""

    payment_status: str = "unpaid"
    invoice: Invoice | None = None


@dataclass
class Line:
    """A line of an invoice."""

    amount: int
    session: Session | None = None
    credit: int = 0
    is_credited: bool = False


@dataclass(eq=False)
class Invoice:
    """An issued invoice or credit note."""

    symbol: str
    lines: list[Line]
    is_note: bool = False
    is_late: bool = False
    paid: int = 0
    is_void: bool = False
    is_corrected: bool = False

    @property
    def total(self) -> int:
        """Sum of the lines."""
        return sum(line.amount for line in self.lines)

    @property
    def open(self) -> int:
        """What is not paid."""
        return self.total - self.paid

    @property
    def status(self) -> str:
        """Say how it stands. Nothing is sent here."""
        if self.is_void:
            return "void"
        if not self.open:
            return "paid"
        return "overdue" if self.is_late else "issued"

    @property
    def is_open(self) -> bool:
        """Can it be paid?"""
        return self.status in {"issued", "overdue"}


@dataclass(eq=False)
class Movement:
    """A line of a bank statement."""

    amount: int
    symbol: str | None
    is_ignored: bool = False
    payments: list[Payment] = field(default_factory=list)

    @property
    def matched(self) -> int:
        """Sum of what it paid."""
        return sum(payment.amount for payment in self.payments if not payment.is_reversed)

    @property
    def left(self) -> int:
        """What is not matched."""
        return self.amount - self.matched

    @property
    def statuses(self) -> set[str]:
        """Say how it may stand: what is suggested is not predicted here."""
        if self.is_ignored:
            return {"ignored"}
        if not self.left:
            return {"matched"}
        return {"suggested"} if self.matched else {"suggested", "unmatched"}

    @property
    def is_decided(self) -> bool:
        """Is nothing left to do?"""
        return self.is_ignored or not self.left


@dataclass(eq=False)
class Payment:
    """Money that went to an invoice, or into credits when there is none."""

    amount: int
    invoice: Invoice | None = None
    movement: Movement | None = None
    is_offset: bool = False
    is_reversed: bool = False


@dataclass
class Books:
    """The money of one client. Each operation returns `ok`, or a token with nothing changed."""

    credits: int = 0
    invoices: list[Invoice] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    movements: list[Movement] = field(default_factory=list)

    def issue(self, invoice: Invoice) -> None:
        """Let an invoice count from now on."""
        self.invoices.append(invoice)
        for line in invoice.lines:
            if line.session:
                line.session.invoice = invoice
                line.session.payment_status = "invoiced"
        if invoice.status == "paid":
            self.settle(invoice)

    def settle(self, invoice: Invoice) -> None:
        """Do what follows from being paid."""
        for line in invoice.lines:
            if line.is_credited:
                continue
            self.credits += line.credit
            if line.session and line.session.payment_status == "invoiced":
                line.session.payment_status = "paid"

    def unsettle(self, invoice: Invoice) -> None:
        """Take back what followed from being paid."""
        for line in invoice.lines:
            if line.is_credited:
                continue
            self.credits -= line.credit
            if line.session and line.session.payment_status == "paid":
                line.session.payment_status = "invoiced"

    def put(self, payment: Payment) -> None:
        """Record a payment with everything that follows."""
        self.payments.append(payment)
        if payment.movement:
            payment.movement.payments.append(payment)
        if payment.invoice is None:
            self.credits += payment.amount
            return
        payment.invoice.paid += payment.amount
        if payment.invoice.status == "paid":
            self.settle(payment.invoice)

    def pay(self, invoice: Invoice, amount: int) -> str:
        """Record money by hand; a surplus becomes credits."""
        if not invoice.is_open:
            return REFUSED
        surplus = max(0, abs(amount) - abs(invoice.open))
        if sign(amount) != sign(invoice.open) or (surplus and invoice.is_note):
            return WRONG
        self.put(Payment(sign(amount) * (abs(amount) - surplus), invoice))
        if surplus:
            self.put(Payment(surplus))
        return "ok"

    def withdrawn(self, payments: Iterable[Payment]) -> int:
        """Return the credits that go when these payments are taken back."""
        gone = 0
        reopened = []
        for payment in payments:
            if payment.invoice is None:
                gone += payment.amount
            elif payment.invoice.status == "paid" and payment.invoice not in reopened:
                reopened.append(payment.invoice)
        return gone + sum(
            line.credit for invoice in reopened for line in invoice.lines if not line.is_credited
        )

    def take_back(self, payments: list[Payment]) -> str:
        """Reverse payments, all or none."""
        if self.withdrawn(payments) > self.credits:
            return POOR
        for payment in payments:
            payment.is_reversed = True
            if payment.invoice is None:
                self.credits -= payment.amount
                continue
            if payment.invoice.status == "paid":
                self.unsettle(payment.invoice)
            payment.invoice.paid -= payment.amount
        return "ok"

    def reverse(self, payment: Payment) -> str:
        """Take one payment back."""
        if payment.movement or payment.is_offset or payment.is_reversed:
            return REFUSED
        return self.take_back([payment])

    def void(self, invoice: Invoice) -> str:
        """Withdraw an invoice that nothing has happened to."""
        if not invoice.is_open or invoice.paid or invoice.is_corrected or invoice.is_note:
            return REFUSED
        invoice.is_void = True
        for line in invoice.lines:
            if line.session:
                line.session.payment_status = "unpaid"
                line.session.invoice = None
        return "ok"

    def correct(self, invoice: Invoice, chosen: list[Line], symbol: str = "") -> str:
        """Take lines back by a credit note."""
        if invoice.is_note or invoice.is_void or not chosen:
            return REFUSED
        if any(line.is_credited for line in chosen):
            return REFUSED
        note = Invoice(symbol, [Line(-line.amount) for line in chosen], is_note=True)
        if note.total > 0:
            return REFUSED
        was_paid = invoice.status == "paid"
        if was_paid and sum(line.credit for line in chosen) > self.credits:
            return POOR
        for line in chosen:
            line.is_credited = True
            if was_paid:
                self.credits -= line.credit
            if line.session and line.session.payment_status == "paid":
                line.session.payment_status = "refunded"
            elif line.session:
                line.session.payment_status = "unpaid"
                line.session.invoice = None
        invoice.is_corrected = True
        self.invoices.append(note)
        if offset := min(invoice.open, -note.total):
            self.put(Payment(offset, invoice, is_offset=True))
            self.put(Payment(-offset, note, is_offset=True))
        return "ok"

    def match(self, movement: Movement) -> str:
        """Let a bank line find its invoice."""
        if movement.is_decided:
            return REFUSED
        for invoice in self.invoices:
            if (
                invoice.symbol == movement.symbol
                and invoice.is_open
                and invoice.open == movement.left
                and not any(p.is_reversed and p.invoice is invoice for p in movement.payments)
            ):
                self.put(Payment(movement.left, invoice, movement))
                return "ok"
        movement.is_ignored = movement.amount < 0 and not movement.matched
        return "ok"

    def split(self, movement: Movement, invoice: Invoice, amount: int | None) -> str:
        """Pay an invoice from a bank line, as a person decided."""
        if movement.is_decided or not invoice.is_open:
            return REFUSED
        left, open_amount = movement.left, invoice.open
        if sign(left) != sign(open_amount) or (amount is not None and sign(amount) != sign(left)):
            return WRONG
        most = min(abs(left), abs(open_amount))
        if amount is not None and abs(amount) > most:
            return REFUSED
        self.put(Payment(sign(left) * most if amount is None else amount, invoice, movement))
        return "ok"

    def unmatch(self, movement: Movement) -> str:
        """Take back what a bank line paid."""
        if not movement.matched:
            return REFUSED
        return self.take_back([p for p in movement.payments if not p.is_reversed])

    def credit(self, movement: Movement, amount: int | None) -> str:
        """Turn what is left of a bank line into credits."""
        if movement.is_decided or movement.left < 0:
            return REFUSED
        if amount is not None and not 1 <= amount <= movement.left:
            return WRONG
        self.put(Payment(movement.left if amount is None else amount, None, movement))
        return "ok"

    def ignore(self, movement: Movement, *, is_ignored: bool) -> str:
        """Set a bank line aside, or take it back."""
        if movement.matched:
            return REFUSED
        movement.is_ignored = is_ignored
        return "ok"

    def spend(self, amount: int) -> str:
        """Take credits by hand."""
        if amount > self.credits:
            return POOR
        self.credits -= amount
        return "ok"
