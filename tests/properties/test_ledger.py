"""Random lives of a purse, in the database and in the model: they never differ."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, LiteralString

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.concurrency.practice import Client, Practice, monday
from tests.conftest import Connection
from tests.invariants import assert_invariants
from tests.properties.conftest import examples
from tests.properties.ledger_model import NEVER, Account, Entry, Spend

PRICES = (100, 250, 999)

# A lot's time is not for anybody to change. This is how the tests let it pass all the same: as the
# table's owner, who takes its protection off.
TIME_MACHINE = """
    create function pg_temp.pass_time(client uuid, lot bigint, until timestamptz) returns void
    language plpgsql as $$
    declare
      lot_id uuid;
    begin
      alter table public.credit_entries disable trigger credit_entries_append_only;
      update public.credit_entries as e set expires_at = until
      where e.client_id = client and e.number = lot
      returning e.id into lot_id;
      update public.credit_entries as e
      set lot_expiries[array_position(e.lot_ids, lot_id)] = until
      where e.client_id = client and lot_id = any (e.lot_ids);
      alter table public.credit_entries enable trigger credit_entries_append_only;
    end
    $$;
"""


@dataclass
class Purse:
    """A client's account in the database and in the model."""

    practice: Practice
    client: Client
    services: list[str]
    account: Account = field(default_factory=Account)
    # Appointments that hold a payment, and those that nothing was paid for yet.
    paid: dict[str, Spend] = field(default_factory=dict)
    unpaid: dict[str, int] = field(default_factory=dict)
    # Lots by the ledger entry that opened them.
    booked: int = 0

    def call(self, query: LiteralString, parameters: list[Any]) -> str:
        """Call as the owner; returns `ok`, or the error's token with nothing changed."""
        try:
            with self.practice.sql.transaction():
                self.practice.sql.execute(query, parameters)
                # What is checked at the end of a transaction is checked here.
                self.practice.sql.execute("set constraints all immediate")
                self.practice.sql.execute("set constraints all deferred")
        except psycopg.Error as error:
            if not str(error.sqlstate).startswith("PT"):
                raise
            return str(error.diag.message_primary)
        return "ok"

    def add(self, amount: int, days: int) -> None:
        """Top up, perhaps with credit that has expired already."""
        expires_at = None if days == NEVER else now() + dt.timedelta(days=days)
        if days > 0:
            answer = self.call(
                "select public.adjust_credits(%s, %s, 'top-up', %s)",
                [self.client.id, amount, expires_at],
            )
            assert answer == "ok"
        else:
            self.practice.top_up(self.client, amount, expires_at)
        self.account.add("top_up", amount, days)

    def take(self, amount: int) -> None:
        """Take credit by hand."""
        answer = self.call(
            "select public.adjust_credits(%s, %s, 'correction')", [self.client.id, -amount]
        )
        expected = self.account.take("adjustment", amount)
        assert answer == ("ok" if expected else "insufficient_credits")

    def book(self, choice: int) -> None:
        """Book; the booking is paid when the credits cover it."""
        self.booked += 1
        query: LiteralString = "select * from public.book_appointment(%s, %s, client_id => %s)"
        price = PRICES[choice]
        row = self.practice.one(
            query,
            [self.services[choice], monday() + dt.timedelta(hours=self.booked), self.client.id],
        )
        spend = self.account.take("spend", price)
        assert row["payment_status"] == ("paid" if spend else "unpaid")
        if spend:
            self.paid[str(row["id"])] = spend
        else:
            self.unpaid[str(row["id"])] = price

    def pay(self, choice: int) -> None:
        """Pay an appointment that was not paid."""
        if not self.unpaid:
            return
        appointment_id = sorted(self.unpaid)[choice % len(self.unpaid)]
        answer = self.call("select public.pay_appointment(%s)", [appointment_id])
        spend = self.account.take("spend", self.unpaid[appointment_id])
        assert answer == ("ok" if spend else "insufficient_credits")
        if spend:
            self.paid[appointment_id] = spend
            del self.unpaid[appointment_id]

    def cancel(self, choice: int, *, refund: bool) -> None:
        """Cancel an appointment, with its money or without."""
        everything = sorted([*self.paid, *self.unpaid])
        if not everything:
            return
        appointment_id = everything[choice % len(everything)]
        answer = self.call(
            "select public.cancel_appointment(%s, refund => %s)", [appointment_id, refund]
        )
        assert answer == "ok"
        self.unpaid.pop(appointment_id, None)
        spend = self.paid.pop(appointment_id, None)
        if spend and refund:
            self.account.refund(spend)

    def expire(self, choice: int) -> None:
        """Let the time of a lot come."""
        lots = self.account.lots
        if not lots:
            return
        lot = lots[choice % len(lots)]
        if lot.expires == NEVER or lot.is_expired:
            return
        # Expired ones keep their order.
        lot.expires = lot.expires - 1000
        self.practice.sql.execute(
            "select pg_temp.pass_time(%s, %s, %s)",
            [self.client.id, lot.number, now() + dt.timedelta(days=lot.expires)],
        )

    def sweep(self) -> None:
        """Run the job that tidies up."""
        self.practice.sql.execute("select private.expire_credits()")
        self.account.retire()

    def limit(self, amount: int) -> None:
        """Change how far below zero the account may go."""
        self.practice.set(credit_overdraft_amount=amount)
        self.account.overdraft = amount

    def check(self) -> None:
        """Compare everything that can be seen."""
        sql = self.practice.sql
        rows = sql.execute(
            "select kind, amount, balance_after_amount from public.credit_entries"
            " where client_id = %s order by number",
            [self.client.id],
        ).fetchall()
        assert [Entry(*row.values()) for row in rows] == self.account.entries
        lots = sql.execute(
            "select l.number, l.remaining_amount from public.credit_lots as l"
            " where l.client_id = %s and l.remaining_amount > 0 order by l.number",
            [self.client.id],
        ).fetchall()
        assert [(lot["number"], lot["remaining_amount"]) for lot in lots] == [
            (lot.number, lot.remaining)
            for lot in sorted(self.account.lots, key=lambda lot: lot.number)
            if lot.remaining
        ]
        row = sql.execute(
            "select balance_amount, available_amount from public.credit_balances"
            " where client_id = %s",
            [self.client.id],
        ).fetchone()
        balance = self.account.balance
        assert (row or {"balance_amount": 0, "available_amount": 0}) == {
            "balance_amount": balance,
            "available_amount": balance - self.account.expired,
        }


def now() -> dt.datetime:
    """Return the present."""
    return dt.datetime.now(dt.UTC)


amounts = st.one_of(st.integers(1, 1200), st.sampled_from([100, 250, 999, 1000]))
steps = st.one_of(
    st.tuples(st.just("add"), amounts, st.sampled_from([-5, 1, 3, 30, 30, NEVER, NEVER])),
    st.tuples(st.just("take"), amounts),
    st.tuples(st.just("book"), st.integers(0, len(PRICES) - 1)),
    st.tuples(st.just("book"), st.integers(0, len(PRICES) - 1)),
    st.tuples(st.just("pay"), st.integers(0, 5)),
    st.tuples(st.just("refund"), st.integers(0, 5)),
    st.tuples(st.just("forfeit"), st.integers(0, 5)),
    st.tuples(st.just("expire"), st.integers(0, 5)),
    st.tuples(st.just("sweep")),
    st.tuples(st.just("limit"), st.sampled_from([0, 100, 700])),
)


@pytest.fixture
def services(practice: Practice, draft: Connection) -> list[str]:
    """Services at different prices."""
    draft.execute(TIME_MACHINE)
    people = practice.practitioners()
    claims = f'{{"sub": "{practice.owner_id}", "role": "authenticated"}}'
    draft.execute("select set_config('request.jwt.claims', %s, false)", [claims])
    return [practice.service(people, price_amount=price) for price in PRICES]


@given(life=st.lists(steps, min_size=1, max_size=25))
@examples(60)
def test_a_purse_follows_the_model(
    draft: Connection, practice: Practice, services: list[str], life: list[tuple[Any, ...]]
) -> None:
    with draft.transaction(force_rollback=True):
        purse = Purse(practice, practice.client(), services)
        for name, *arguments in life:
            if name in {"refund", "forfeit"}:
                purse.cancel(arguments[0], refund=name == "refund")
            else:
                getattr(purse, name)(*arguments)
            purse.check()
        assert_invariants(draft, practice.id)


def test_a_refund_of_an_expired_lot_stays_unspendable(
    practice: Practice, services: list[str]
) -> None:
    purse = Purse(practice, practice.client(), services)
    purse.add(100, 30)
    purse.book(0)
    purse.expire(0)
    purse.cancel(0, refund=True)
    purse.check()
    assert (purse.account.balance, purse.account.expired) == (100, 100)
    purse.book(0)
    purse.check()
    assert purse.unpaid


def test_earliest_expiry_is_spent_first_and_refunded_to_where_it_came_from(
    practice: Practice, services: list[str]
) -> None:
    purse = Purse(practice, practice.client(), services)
    purse.add(60, NEVER)
    purse.add(60, 30)
    purse.add(60, 3)
    purse.book(0)
    purse.check()
    assert [lot.remaining for lot in purse.account.lots] == [60, 20, 0]
    purse.cancel(0, refund=True)
    purse.check()
    assert [lot.remaining for lot in purse.account.lots] == [60, 60, 60]
