"""Invoices of any lines against Decimal, and random months of money against a model."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from typing import Any, LiteralString

import psycopg
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from psycopg.types.json import Jsonb

from tests.concurrency.practice import Client, Practice, monday
from tests.conftest import Connection
from tests.properties.conftest import examples
from tests.properties.money_model import (
    Books,
    Invoice,
    Line,
    Movement,
    Payment,
    Priced,
    Session,
    amounts,
    tax_of,
)

PRICE = 250
TOP_UP = 300
# Lines by hand, tax included: also one that is less than nothing, and what costs nothing at all.
BY_HAND = {"plain": [1000], "mixed": [700, -200, 90], "free": [100, -100], "split": [333, 333, 334]}


@pytest.fixture
def house(practice: Practice, draft: Connection) -> Practice:
    """A practice that charges VAT; its owner is signed in."""
    draft.execute(
        "insert into public.billing_settings"
        " (organization_id, is_vat_payer, default_tax_rate, default_tax_category)"
        " values (%s, true, 21, 'standard')",
        [practice.id],
    )
    claims = f'{{"sub": "{practice.owner_id}", "role": "authenticated"}}'
    draft.execute("select set_config('request.jwt.claims', %s, false)", [claims])
    return practice


def call(sql: Connection, query: LiteralString, parameters: list[Any]) -> str:
    """Call as the owner; returns `ok`, or the error's token with nothing changed."""
    try:
        with sql.transaction():
            sql.execute(query, parameters)
            # What is checked at the end of a transaction is checked here.
            sql.execute("set constraints all immediate")
            sql.execute("set constraints all deferred")
    except psycopg.Error as error:
        if not str(error.sqlstate).startswith("PT"):
            raise
        return str(error.diag.message_primary)
    return "ok"


# Rounding ----------------------------------------------------------------------------------------


def decimals(least: str, most: str, places: int) -> st.SearchStrategy[Decimal]:
    return st.decimals(Decimal(least), Decimal(most), allow_nan=False, places=places)


quantities = st.one_of(
    st.sampled_from([Decimal(1), Decimal(2), Decimal(-1), Decimal("0.5"), Decimal("0.333")]),
    decimals("-50", "50", 3).filter(bool),
)
prices = st.one_of(
    st.integers(-2000, 5000),
    st.integers(0, 200),
    # As much as a line may say: tenths of a minor unit are a small part of it.
    st.integers(10**10, 10**11),
)
discounts = st.one_of(st.just(Decimal(0)), decimals("0", "100", 2))
taxes = st.one_of(
    st.sampled_from(
        [
            (Decimal(0), "exempt"),
            (Decimal(0), "reverse_charge"),
            (Decimal(21), "standard"),
            (Decimal(12), "reduced"),
            (Decimal(20), "standard"),
            (Decimal("8.1"), "standard"),
        ]
    ),
    st.tuples(decimals("0.01", "100", 2), st.sampled_from(["standard", "reduced"])),
)
priced = st.builds(
    lambda quantity, price, discount, tax: Priced(quantity, price, discount, *tax),
    quantities,
    prices,
    discounts,
    taxes,
)


def as_json(line: Priced) -> dict[str, Any]:
    return {
        "description": "x",
        "quantity": f"{line.quantity:f}",
        "unit_price_amount": line.unit_price,
        "discount_percent": f"{line.discount:f}",
        "tax_rate": f"{line.rate:f}",
        "tax_category": line.category,
    }


def one(price: int | str, rate: str, quantity: str = "1", discount: str = "0") -> Priced:
    return Priced(Decimal(quantity), int(price), Decimal(discount), Decimal(rate), "standard")


def stored(sql: Connection, invoice_id: Any) -> list[tuple[int, int, int]]:
    rows = sql.execute(
        "select net_amount, tax_amount, gross_amount from public.invoice_lines"
        " where invoice_id = %s order by position",
        [invoice_id],
    ).fetchall()
    return [(row["net_amount"], row["tax_amount"], row["gross_amount"]) for row in rows]


def totals(row: Any) -> tuple[int, int, int]:
    return row["net_amount"], row["tax_amount"], row["total_amount"]


def columns(rows: list[tuple[int, int, int]]) -> tuple[int, int, int]:
    return sum(r[0] for r in rows), sum(r[1] for r in rows), sum(r[2] for r in rows)


@given(lines=st.lists(priced, min_size=1, max_size=9), included=st.booleans())
@example(lines=[one(14, "12"), one(14, "12"), one(-14, "12")], included=True)
# Half a minor unit exactly, of a share that has no end: 36/136 of 17 is 4.5.
@example(lines=[one(17, "36"), one(-34, "36")], included=True)
# So close below a half that rounding twice would cross it.
@example(lines=[one(10**12, "25", "99.999", "99.97"), one(10**12, "0.01")], included=False)
@example(lines=[one(500_000_002_500, "0.03", "1.001", "0.01")], included=False)
@examples(100)
def test_amounts_are_those_of_the_one_rule(
    draft: Connection, house: Practice, lines: list[Priced], *, included: bool
) -> None:
    with draft.transaction(force_rollback=True):
        draft.execute(
            "update public.billing_settings set prices_include_tax = %s where organization_id = %s",
            [included, house.id],
        )
        invoice = house.one(
            "select * from public.create_invoice(%s, lines => %s)",
            [house.client(logins=False).id, Jsonb([as_json(line) for line in lines])],
        )
        expected = amounts(lines, included=included)
        assert stored(draft, invoice["id"]) == expected
        assert totals(invoice) == columns(expected)
        check_recap(draft, invoice, lines, included=included)

        answer = call(draft, "select public.issue_invoice(%s)", [invoice["id"]])
        if invoice["total_amount"] < 0:
            assert answer == "invalid_state"
            return
        assert answer == "ok"
        note = house.one("select * from public.create_credit_note(%s, 'x')", [invoice["id"]])
        assert stored(draft, note["id"]) == [(-net, -tax, -gross) for net, tax, gross in expected]
        assert totals(note) == tuple(-amount for amount in totals(invoice))
        check_violations(draft, house)


def check_recap(
    sql: Connection, invoice: dict[str, Any], lines: list[Priced], *, included: bool
) -> None:
    """The recap adds up to the totals; each rate's tax is the rounded tax of its sum."""
    rows = sql.execute(
        "select tax_rate, tax_category::text, net_amount, tax_amount, gross_amount"
        " from public.invoice_taxes where invoice_id = %s",
        [invoice["id"]],
    ).fetchall()
    found = [(row["net_amount"], row["tax_amount"], row["gross_amount"]) for row in rows]
    assert columns(found) == totals(invoice)
    assert len(rows) == len({(line.rate, line.category) for line in lines})
    for row, (net, tax, gross) in zip(rows, found, strict=True):
        with localcontext() as context:
            context.prec = 80
            base = gross if included else net
            assert tax == tax_of(base, row["tax_rate"], included=included)
        assert gross == net + tax


def check_violations(sql: Connection, practice: Practice) -> None:
    assert not sql.execute("select * from private.violations(%s)", [practice.id]).fetchall()


# Months of money ---------------------------------------------------------------------------------


@dataclass
class Month:
    """The books in the database and in the model."""

    practice: Practice
    client: Client
    person: str
    service: str
    account: str
    books: Books = field(default_factory=Books)
    # By what the model calls them: the database's identifiers.
    ids: dict[int, str] = field(default_factory=dict)
    payment_ids: set[str] = field(default_factory=set)
    sessions: list[Session] = field(default_factory=list)
    sent: list[dict[str, Any]] = field(default_factory=list)

    @property
    def sql(self) -> Connection:
        return self.practice.sql

    def known(self, thing: object) -> str:
        return self.ids[id(thing)]

    def chosen(self, things: list[Any], choice: int) -> Any:
        """Return one of them, late ones first, or None."""
        return things[-1 - choice % len(things)] if things else None

    def do(self, expected: str, query: LiteralString, *parameters: Any) -> None:
        """Call, and compare with what the model answered."""
        assert call(self.sql, query, list(parameters)) == expected
        # What the operation paid, in the order of the model: offsets, surplus and splits differ.
        rows = self.sql.execute(
            "select id, amount, invoice_id, reverses_payment_id from public.payments"
            " where organization_id = %s and not id = any (%s)",
            [self.practice.id, list(self.payment_ids)],
        ).fetchall()
        self.payment_ids |= {str(row["id"]) for row in rows}
        given = {
            (row["invoice_id"] and str(row["invoice_id"]), row["amount"]): str(row["id"])
            for row in rows
            if row["reverses_payment_id"] is None
        }
        for payment in self.books.payments:
            if id(payment) not in self.ids:
                key = (payment.invoice and self.known(payment.invoice), payment.amount)
                self.ids[id(payment)] = given.pop(key)
        assert not given

    # Invoices

    def session(self, used: list[Session]) -> Session:
        """Return a finished session that nobody has paid, or a new one."""
        for session in self.sessions:
            if (session.payment_status, session.invoice) == ("unpaid", None) and all(
                session is not other for other in used
            ):
                return session
        made = Session()
        self.ids[id(made)] = self.practice.appointment(
            self.service,
            self.person,
            self.client,
            monday() + dt.timedelta(hours=len(self.sessions)),
            status="completed",
        )
        self.sessions.append(made)
        return made

    def invoice(self, kind: str, *, is_late: bool = False) -> None:
        """Make and issue an invoice, ten days ago."""
        today = dt.datetime.now(dt.UTC).date()
        due_on = today - dt.timedelta(days=5) if is_late else None
        by_hand = BY_HAND.get(kind, [])
        lines = []
        if kind.startswith("sessions"):
            used: list[Session] = []
            for _ in range(2):
                used.append(self.session(used))
            used.sort(key=self.starts_at)
            lines = [Line(PRICE, session) for session in used]
            by_hand = [80] if kind == "sessions and more" else []
        row = (
            self.top_up(lines, due_on, by_hand=[-TOP_UP] if kind == "free top-up" else [])
            if "top-up" in kind
            else self.practice.one(
                "select * from public.create_invoice(%s, %s::uuid[], %s, %s)",
                [
                    self.client.id,
                    [self.known(line.session) for line in lines] or None,
                    self.json(by_hand) if by_hand else None,
                    due_on,
                ],
            )
        )
        lines.extend(Line(amount) for amount in by_hand)
        row = self.practice.one(
            "select * from public.issue_invoice(%s, %s)",
            [row["id"], today - dt.timedelta(days=10)],
        )
        invoice = Invoice(row["variable_symbol"], lines, is_late=is_late)
        self.know(invoice, str(row["id"]))
        self.books.issue(invoice)

    def starts_at(self, session: Session) -> int:
        return next(n for n, other in enumerate(self.sessions) if other is session)

    def top_up(self, lines: list[Line], due_on: dt.date | None, *, by_hand: list[int]) -> Any:
        """Make the draft of a top-up, perhaps with a rebate of all of it."""
        row = self.practice.one(
            "select * from public.create_top_up_invoice(%s, %s, %s)",
            [self.client.id, TOP_UP, due_on],
        )
        lines.append(Line(TOP_UP, credit=TOP_UP))
        if by_hand:
            row = self.practice.one(
                "select * from public.update_invoice(%s, %s)", [row["id"], self.json(by_hand)]
            )
            lines.extend(Line(amount) for amount in by_hand)
        return row

    def json(self, prices: list[int]) -> Jsonb:
        return Jsonb([{"description": "x", "unit_price_amount": price} for price in prices])

    def know(self, invoice: Invoice, invoice_id: str) -> None:
        """Remember what the database calls an invoice and its lines."""
        self.ids[id(invoice)] = invoice_id
        rows = self.sql.execute(
            "select id, gross_amount from public.invoice_lines where invoice_id = %s"
            " order by position",
            [invoice_id],
        ).fetchall()
        assert [row["gross_amount"] for row in rows] == [line.amount for line in invoice.lines]
        for line, row in zip(invoice.lines, rows, strict=True):
            self.ids[id(line)] = str(row["id"])

    def void(self, choice: int) -> None:
        if invoice := self.chosen(self.books.invoices, choice):
            answer = self.books.void(invoice)
            self.do(answer, "select public.void_invoice(%s, 'x')", self.known(invoice))

    def correct(self, choice: int, part: int | None) -> None:
        """Take back all lines, or one of them."""
        invoice = self.chosen(self.books.invoices, choice)
        if invoice is None:
            return
        named = None if part is None else [invoice.lines[part % len(invoice.lines)]]
        chosen = [line for line in invoice.lines if not line.is_credited]
        count = len(self.books.invoices)
        payments = len(self.books.payments)
        answer = self.books.correct(invoice, chosen if named is None else named)
        made = call(
            self.sql,
            "select public.create_credit_note(%s, 'x', %s::uuid[])",
            [self.known(invoice), None if named is None else [self.known(line) for line in named]],
        )
        assert made == answer
        if len(self.books.invoices) > count:
            note = self.books.invoices[-1]
            row = self.practice.one(
                "select id, variable_symbol from public.invoices"
                " where corrects_invoice_id = %s order by sequence desc limit 1",
                [self.known(invoice)],
            )
            note.symbol = row["variable_symbol"]
            self.know(note, str(row["id"]))
        assert len(self.books.payments) - payments in {0, 2}
        self.do("ok", "select 1")

    # Money

    def pay(self, choice: int, amount: int | None) -> None:
        """Pay by hand: all that is open, more, less, or the wrong way round."""
        if invoice := self.chosen(self.books.invoices, choice):
            paid = (invoice.open if amount is None else amount) or 100
            answer = self.books.pay(invoice, paid)
            self.do(answer, "select public.record_payment(%s, %s)", self.known(invoice), paid)

    def reverse(self, choice: int) -> None:
        payment: Payment | None = self.chosen(self.books.payments, choice)
        if payment:
            answer = self.books.reverse(payment)
            self.do(answer, "select public.reverse_payment(%s, 'x')", self.known(payment))

    def spend(self, amount: int) -> None:
        answer = self.books.spend(amount)
        self.do(answer, "select public.adjust_credits(%s, %s, 'x')", self.client.id, -amount)

    # The bank

    def movement(self, choice: int, difference: int, written: str) -> None:
        """Let a statement come with a payment of an invoice, right or wrong."""
        invoice = self.chosen(self.books.invoices, choice)
        amount = (invoice.open if invoice else 0) + difference or 500
        symbol = invoice.symbol if invoice and written != "nowhere" else None
        line = {
            "booked_on": "2026-11-01",
            "amount": amount,
            "currency": "CZK",
            "variable_symbol": symbol and f"00{symbol}" if written == "symbol" else None,
            "message": f" {symbol} " if symbol and written == "message" else "Thanks!",
            "bank_reference": f"B{len(self.sent)}",
        }
        self.sent.append(line)
        movement = Movement(amount, symbol)
        self.books.movements.append(movement)
        report = self.import_statement()
        assert (report["new_count"], report["known_count"]) == (1, len(self.sent) - 1)
        row = self.practice.one(
            "select id from public.bank_transactions"
            " where bank_account_id = %s and bank_reference = %s",
            [self.account, line["bank_reference"]],
        )
        self.ids[id(movement)] = str(row["id"])

    def import_statement(self) -> Any:
        """Import everything that the bank has ever said."""
        row = self.practice.one(
            "select public.import_bank_transactions(%s, %s, 'test') as report",
            [self.account, Jsonb(self.sent)],
        )
        return row["report"]

    def match(self, choice: int) -> None:
        if movement := self.chosen(self.books.movements, choice):
            answer = self.books.match(movement)
            self.do(answer, "select public.match_bank_transaction(%s)", self.known(movement))

    def match_all(self) -> None:
        for movement in sorted(self.books.movements, key=self.known):
            if not movement.is_decided:
                self.books.match(movement)
        self.do("ok", "select public.match_bank_transactions(%s)", self.practice.id)

    def split(self, choice: int, other: int, amount: int | None) -> None:
        movement = self.chosen(self.books.movements, choice)
        invoice = self.chosen(self.books.invoices, other)
        if movement and invoice:
            answer = self.books.split(movement, invoice, amount)
            self.do(
                answer,
                "select public.match_bank_transaction(%s, %s, %s)",
                self.known(movement),
                self.known(invoice),
                amount,
            )

    def unmatch(self, choice: int) -> None:
        if movement := self.chosen(self.books.movements, choice):
            answer = self.books.unmatch(movement)
            self.do(answer, "select public.unmatch_bank_transaction(%s, 'x')", self.known(movement))

    def credit(self, choice: int, amount: int | None) -> None:
        if movement := self.chosen(self.books.movements, choice):
            answer = self.books.credit(movement, amount)
            self.do(
                answer,
                "select public.credit_bank_transaction(%s, %s, %s)",
                self.known(movement),
                self.client.id,
                amount,
            )

    def ignore(self, choice: int, *, is_ignored: bool) -> None:
        if movement := self.chosen(self.books.movements, choice):
            answer = self.books.ignore(movement, is_ignored=is_ignored)
            self.do(
                answer,
                "select public.ignore_bank_transaction(%s, 'x', %s)",
                self.known(movement),
                is_ignored,
            )

    def check(self) -> None:
        """Compare everything that can be seen."""
        rows = self.sql.execute(
            "select id, status::text, total_amount, paid_amount, open_amount"
            " from public.invoices where organization_id = %s",
            [self.practice.id],
        ).fetchall()
        assert {tuple(map(str, row.values())) for row in rows} == {
            tuple(map(str, (self.known(i), i.status, i.total, i.paid, i.open)))
            for i in self.books.invoices
        }
        rows = self.sql.execute(
            "select id, payment_status::text, invoice_id from public.appointments"
            " where organization_id = %s",
            [self.practice.id],
        ).fetchall()
        assert {tuple(map(str, row.values())) for row in rows} == {
            (self.known(s), s.payment_status, str(s.invoice and self.known(s.invoice)))
            for s in self.sessions
        }
        rows = self.sql.execute(
            "select id, status::text, matched_amount from public.bank_transactions"
            " where organization_id = %s",
            [self.practice.id],
        ).fetchall()
        found = {str(row["id"]): row for row in rows}
        assert len(found) == len(self.books.movements)
        for movement in self.books.movements:
            row = found[self.known(movement)]
            assert row["matched_amount"] == movement.matched
            assert row["status"] in movement.statuses
        assert self.practice.balance(self.client) == self.books.credits
        check_violations(self.sql, self.practice)


choices = st.integers(0, 3)
invoice_kinds = st.sampled_from(
    ["sessions", "sessions", "sessions and more", "top-up", "top-up", "free top-up", *BY_HAND]
)
parts = st.one_of(st.none(), st.none(), st.sampled_from([1, 100, 250, 600, 2000, -100]))
invoices = st.tuples(st.sampled_from(["invoice", "late"]), invoice_kinds)
movements = st.tuples(
    st.just("movement"),
    choices,
    st.sampled_from([0, 0, 0, 250, -30]),
    st.sampled_from(["symbol", "symbol", "message", "nowhere"]),
)
steps = st.one_of(
    invoices,
    movements,
    movements,
    st.tuples(st.just("pay"), choices, parts),
    st.tuples(st.just("pay"), choices, st.none()),
    st.tuples(st.just("reverse"), choices),
    st.tuples(st.just("reverse"), choices),
    st.tuples(st.just("correct"), choices, st.one_of(st.none(), st.integers(0, 2))),
    st.tuples(st.just("void"), choices),
    st.tuples(st.just("spend"), st.sampled_from([50, 300])),
    st.tuples(st.just("match"), choices),
    st.tuples(st.just("match_all")),
    st.tuples(st.just("split"), choices, choices, parts),
    st.tuples(st.just("split"), choices, choices, st.none()),
    st.tuples(st.just("unmatch"), choices),
    st.tuples(st.just("unmatch"), choices),
    st.tuples(st.just("credit"), choices, parts),
    st.tuples(st.just("ignore"), choices),
    st.tuples(st.just("notice"), choices),
)
# Nothing comes of nothing: every month begins with something owed, and something in the bank.
lives = st.builds(
    lambda first, rest: [*first, *rest],
    st.tuples(invoices, invoices, movements, invoices, movements),
    st.lists(steps, min_size=8, max_size=20),
)


@given(life=lives)
@example(life=[("invoice", "free top-up"), ("void", 0), ("correct", 0, None)])
@example(life=[("invoice", "top-up"), ("pay", 0, None), ("spend", 50), ("reverse", 0)])
@example(life=[("invoice", "top-up"), ("pay", 0, None), ("correct", 0, None), ("pay", 0, None)])
# A bank line that paid for credits, which are spent when it turns out wrong.
@example(
    life=[
        ("invoice", "top-up"),
        ("movement", 0, 0, "symbol"),
        ("match", 0),
        ("spend", 50),
        ("unmatch", 0),
        ("correct", 0, None),
    ]
)
# A part is paid, a part credited; what was paid comes back, the rest is credited too.
@example(
    life=[
        ("late", "sessions and more"),
        ("pay", 0, 100),
        ("correct", 0, 0),
        ("pay", 1, None),
        ("reverse", 0),
        ("reverse", 3),
        ("correct", 1, 1),
        ("correct", 2, 2),
    ]
)
@examples(35)
def test_a_month_of_money_follows_the_model(
    draft: Connection, house: Practice, life: list[tuple[Any, ...]]
) -> None:
    with draft.transaction(force_rollback=True):
        [person] = house.practitioners()
        account = house.one(
            "insert into public.bank_accounts (organization_id, name, account_number, currency)"
            " values (%s, 'main', '19/0800', 'CZK') returning id",
            [house.id],
        )
        month = Month(
            house,
            house.client(logins=False),
            person,
            house.service([person], price_amount=PRICE),
            str(account["id"]),
        )
        for name, *arguments in life:
            if name in {"ignore", "notice"}:
                month.ignore(arguments[0], is_ignored=name == "ignore")
            elif name == "late":
                month.invoice(arguments[0], is_late=True)
            else:
                getattr(month, name)(*arguments)
            month.check()
