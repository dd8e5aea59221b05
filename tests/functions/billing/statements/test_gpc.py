"""GPC/ABO: columns, posting codes, encodings, texts in further lines."""

from __future__ import annotations

from datetime import date

import pytest

from billing.statements.gpc import read
from billing.statements.model import Item, Movement, Refusal, Statement
from kernel.errors import Problem


def header(account: str = "0000192000145399", opening: str = "+", closing: str = "+") -> str:
    return (
        f"074{account}{'Ordinace Přístav':<20}300926{10000:014}{opening}{130000:014}{closing}"
        f"{0:014}+{120000:014}+010311026{'':14}"
    )


def movement(
    *,
    amount: int = 120000,
    code: str = "2",
    symbol: str = "0002026001",
    constant: str = "0308",
    bank: str = "0800",
    account: str = "0000002000145399",
    name: str = "Nováková Jana",
    valued: str = "011026",
    booked: str = "021026",
    currency: str = "00203",
) -> str:
    found = (
        f"0750000192000145399{account}{'0000000000123'}{amount:012}{code}{symbol}00{bank}{constant}"
        f"0000000012{valued}{name:<20}{currency}{booked}"
    )
    assert len(found) == 128
    return found


def text(*lines: str, encoding: str = "cp1250", ending: str = "\r\n") -> bytes:
    return "".join(f"{line}{ending}" for line in lines).encode(encoding)


def movements(*lines: str) -> list[Item]:
    return list(read(text(header(), *lines)))[:-1]


@pytest.mark.parametrize("encoding", ["cp1250", "cp852", "iso8859-2", "utf-8", "utf-8-sig"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_movement_and_its_header(encoding: str, ending: str) -> None:
    lines = [header(), movement(), f"078{'Platba za říjen':<35}", f"079{'žluťoučký kůň':<35}"]
    assert list(read(text(*lines, encoding=encoding, ending=ending))) == [
        Movement(
            account="19-2000145399",
            booked_on=date(2026, 10, 2),
            valued_on=date(2026, 10, 1),
            amount=120000,
            currency="CZK",
            variable_symbol="2026001",
            constant_symbol="308",
            specific_symbol="12",
            counterparty="Nováková Jana",
            counterparty_account="2000145399/0800",
            message="Platba za říjen žluťoučký kůň",
        ),
        Statement(
            "gpc", "19-2000145399", "CZK", date(2026, 9, 30), date(2026, 10, 31), 10000, 130000
        ),
    ]


@pytest.mark.parametrize(
    ("code", "amount", "is_reversal"),
    [("1", -120000, False), ("2", 120000, False), ("4", 120000, True), ("5", -120000, True)],
)
def test_posting_codes(code: str, amount: int, is_reversal: bool) -> None:  # noqa: FBT001
    (found,) = movements(movement(code=code))
    assert isinstance(found, Movement)
    assert (found.amount, found.is_reversal) == (amount, is_reversal)


def test_zeros_mean_nothing() -> None:
    (found,) = movements(
        movement(symbol="0" * 10, constant="0000", account="0" * 16, bank="0000", name="")
    )
    assert isinstance(found, Movement)
    assert (found.variable_symbol, found.constant_symbol) == (None, None)
    assert (found.counterparty, found.counterparty_account) == (None, None)


@pytest.mark.parametrize(
    ("currency", "expected"), [("00978", "EUR"), ("00000", "CZK"), ("0    ", "CZK"), ("01203", "x")]
)
def test_currencies(currency: str, expected: str) -> None:
    (found,) = movements(movement(currency=currency))
    code = found.currency if isinstance(found, Movement) else "x"
    assert code == expected


def test_the_value_date_stands_in() -> None:
    (found,) = movements(movement(booked="000000"))
    assert isinstance(found, Movement)
    assert found.booked_on == found.valued_on == date(2026, 10, 1)


def test_messages_in_extended_lines() -> None:
    (found,) = movements(movement() + f"{'Platba':<35}{'za masáž':<35}" + " " * 1500)
    assert isinstance(found, Movement)
    assert found.message == "Platba za masáž"


def test_movements_that_are_refused() -> None:
    found = movements(
        movement(code="3"),
        movement().replace("000000120000", "00000012000x"),
        movement(amount=0),
        movement(valued="320126", booked="310226"),
        movement(currency="00999"),
        movement()[:100],
        "078a text for what was refused",
        "076 passed over",
        movement(),
    )
    assert [item.code if isinstance(item, Refusal) else "taken" for item in found] == [
        "unreadable",
        "invalid_amount",
        "invalid_amount",
        "invalid_date",
        "invalid_currency",
        "unreadable",
        "taken",
    ]


def test_several_statements_and_signs() -> None:
    found = list(
        read(text(header(opening="-"), movement(), header("0000000000000019"), movement(), "\x1a"))
    )
    statements = [item for item in found if isinstance(item, Statement)]
    assert [item.opening_amount for item in statements] == [-10000, 10000]
    accounts = [item.account for item in found if not isinstance(item, Refusal)]
    assert accounts == ["19-2000145399"] * 2 + ["19"] * 2


@pytest.mark.parametrize(
    "content",
    [
        b"",
        text(movement()),
        text(header()[:60]),
        text(header(), "999 something else"),
        text(header(), movement(), movement()[:80]),
        text(header(), movement(), "07"),
        text(header(), movement()).replace(b"\r\n", b"\0\r\n"),
        text(header(), movement()).replace(b"Jana", b"\xb2\xb4\xb2\xb4"),
    ],
)
def test_files_that_are_refused_whole(content: bytes) -> None:
    with pytest.raises(Problem) as caught:
        list(read(content))
    assert caught.value.code == "invalid_argument"
