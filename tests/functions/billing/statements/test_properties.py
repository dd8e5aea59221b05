"""Whatever the bytes are, reading ends in movements or in a Problem; what is written is read."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from billing.statements import camt, fio_csv, fio_json, gpc, mt940
from billing.statements.detect import read
from billing.statements.model import Item, Movement, Refusal, Statement, numbered
from kernel.currencies import MINOR_DIGITS
from kernel.errors import Problem
from kernel.models import SAFE_INTEGER
from tests.functions.billing.statements.camt_file import VERSIONS, Detail, Entry, File
from tests.functions.billing.statements.test_detect import FILES, zipped

READERS = [read, camt.read, fio_csv.read, fio_json.read, gpc.read, mt940.read]
CODES = {"not_booked", "invalid_amount", "invalid_currency", "invalid_date", "unreadable"}
SAMPLES = [*FILES.values(), zipped(*FILES.values())]


def outcome(reader: Any, content: bytes) -> None:
    """Read to the end; anything but items and a Problem fails the test."""
    problem: Problem | None = None
    found: list[Item] = []
    try:
        found = list(reader(content))
    except Problem as raised:
        problem = raised
    assert problem is None or (problem.code == "invalid_argument" and problem.detail)
    for item in found:
        if isinstance(item, Movement):
            assert_sound(item)
        elif isinstance(item, Refusal):
            assert item.code in CODES
            assert item.detail
        else:
            assert isinstance(item, Statement)


def assert_sound(movement: Movement) -> None:
    """What the database may rely on."""
    assert 0 < abs(movement.amount) <= SAFE_INTEGER
    assert len(movement.currency) == 3
    assert movement.currency.isascii()
    assert movement.currency.isupper()
    assert 2000 <= movement.booked_on.year <= 2099
    for symbol in (
        movement.variable_symbol,
        movement.constant_symbol,
        movement.specific_symbol,
    ):
        assert symbol is None or (symbol.isdigit() and symbol[0] != "0" and len(symbol) <= 10)
    for text in (
        movement.counterparty,
        movement.counterparty_account,
        movement.message,
        movement.reference,
        movement.bank_reference,
        movement.account,
    ):
        if text is not None:
            assert text == text.strip()
            assert 0 < len(text) <= 500
            assert text.isprintable() or not any(ord(char) < 32 for char in text)
            text.encode()


@given(reader=st.sampled_from(READERS), content=st.binary(max_size=400))
def test_any_bytes(reader: Any, content: bytes) -> None:
    outcome(reader, content)


@given(reader=st.sampled_from(READERS), text=st.text(max_size=400))
def test_any_text(reader: Any, text: str) -> None:
    outcome(reader, text.encode(errors="surrogatepass"))


@given(data=st.data())
@settings(max_examples=1500)
def test_damaged_statements(data: st.DataObject) -> None:
    """Real statements with pieces cut out, repeated or overwritten."""
    content = bytearray(data.draw(st.sampled_from(SAMPLES)))
    chance = random.Random(data.draw(st.integers(0, 2**32)))
    for _ in range(data.draw(st.integers(1, 6))):
        start = chance.randrange(len(content) + 1)
        end = min(len(content), start + chance.randrange(1, 30))
        content[start:end] = chance.choice(
            [
                b"",
                content[start:end] * 2,
                bytes(chance.randrange(256) for _ in range(end - start)),
                chance.choice([b"0", b"-1", b"9" * 30, b"NaN", b"\n", b";", b":61:", b"<Ntry>"]),
            ]
        )
    outcome(read, bytes(content))


values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@given(
    info=values,
    rows=st.lists(
        values
        | st.dictionaries(
            st.integers(0, 28).map("column{}".format),
            values | values.map(lambda value: {"value": value, "name": "", "id": 0}),
        )
    )
    | values,
)
def test_any_json_in_the_place_of_a_statement(info: Any, rows: Any) -> None:
    document = {"accountStatement": {"info": info, "transactionList": {"transaction": rows}}}
    outcome(fio_json.read, json.dumps(document).encode())


currencies = st.sampled_from(["CZK", "EUR", "JPY", "BHD"])
texts = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=35
)
days = st.integers(0, 3650).map(lambda number: date(2020, 1, 1) + timedelta(days=number))


def spelled(amount: int, currency: str) -> str:
    return f"{Decimal(amount).scaleb(-MINOR_DIGITS.get(currency, 2)):f}"


@st.composite
def entries(draw: st.DrawFn, currency: str) -> tuple[Entry, list[tuple[Any, ...]]]:
    """An entry, and what it is to be read as."""
    shares = draw(st.lists(st.integers(1, 10**9), min_size=1, max_size=4))
    direction = draw(st.sampled_from([1, -1]))
    names = [draw(st.none() | texts) for _ in shares]
    symbols = [draw(st.none() | st.integers(1, 10**10 - 1)) for _ in shares]
    booked = draw(days)
    mark = "CRDT" if direction > 0 else "DBIT"
    details = tuple(
        Detail(
            amount=(spelled(share, currency), currency),
            direction=mark,
            references=(f"VS:{symbol:010}",) if symbol else (),
            debtor=name if direction > 0 else None,
            creditor=name if direction < 0 else None,
        )
        for share, name, symbol in zip(shares, names, symbols, strict=True)
    )
    entry = Entry(
        amount=spelled(sum(shares), currency),
        currency=currency,
        direction=mark,
        booked=booked.isoformat(),
        valued=None,
        details=details,
    )
    expected = [
        (booked, direction * share, currency, name, symbol and str(symbol))
        for share, name, symbol in zip(shares, names, symbols, strict=True)
    ]
    return entry, expected


@given(version=st.sampled_from(VERSIONS), currency=currencies, data=st.data())
def test_random_movements_are_read_back(version: str, currency: str, data: st.DataObject) -> None:
    drawn = data.draw(st.lists(entries(currency), max_size=6))
    content = File(version, tuple(entry for entry, _ in drawn), currency=currency).content()
    found = [item for item in read(content) if not isinstance(item, Statement)]
    assert [
        (m.booked_on, m.amount, m.currency, m.counterparty, m.variable_symbol)
        for m in found
        if isinstance(m, Movement)
    ] == [movement for _, expected in drawn for movement in expected]
    # Read again, each movement has the same place and number.
    assert list(numbered(read(content))) == list(numbered(read(content)))
    documents = [n.document() for n in numbered(found)]
    assert len({repr(document) for document in documents}) == len(found)
