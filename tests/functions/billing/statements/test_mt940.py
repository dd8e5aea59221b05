"""MT940: the dialects of :86:, marks, pages, and lines that cannot be read."""

from __future__ import annotations

import logging
from datetime import date

import pytest

from billing.statements.model import Item, Movement, Refusal, Statement
from billing.statements.mt940 import read
from kernel.errors import Problem

HEAD = ":20:STARTUMSE\n:25:{account}\n:28C:00001/001\n:60F:C261001{currency}100,00\n"
TAIL = ":62F:C261031{currency}1300,5\n-\n"
LINE = ":61:2610021003C1200,50NTRFNONREF//B-17\n"


def statement(*entries: str, account: str = "0800/2000145399", currency: str = "CZK") -> str:
    text = HEAD + "".join(f"{entry.rstrip()}\n" for entry in entries) + TAIL
    return text.format(account=account, currency=currency)


def items(*entries: str, currency: str = "CZK") -> list[Item]:
    return list(read(statement(*entries, currency=currency).encode()))


def only(*entries: str, currency: str = "CZK") -> Movement:
    found, header = items("".join(f"{entry.rstrip()}\n" for entry in entries), currency=currency)
    assert isinstance(found, Movement)
    assert isinstance(header, Statement)
    return found


def test_a_czech_statement() -> None:
    details = (
        ":86:010?00Příchozí platba?20VS:0002026001?21KS:0308?22SS:12\n"
        "?23za říjen?300800?3119-2000145399?32Nováková\n?33Jana"
    )
    assert items(f"{LINE}{details}") == [
        Movement(
            account="2000145399/0800",
            booked_on=date(2026, 10, 3),
            valued_on=date(2026, 10, 2),
            amount=120050,
            currency="CZK",
            variable_symbol="2026001",
            constant_symbol="308",
            specific_symbol="12",
            counterparty="Nováková Jana",
            counterparty_account="19-2000145399/0800",
            message="VS:0002026001 KS:0308 SS:12 za říjen",
        ),
        Statement(
            "mt940",
            "2000145399/0800",
            "CZK",
            date(2026, 10, 1),
            date(2026, 10, 31),
            10000,
            130050,
        ),
    ]


def test_a_german_statement() -> None:
    details = (
        ":86:166?00GUTSCHRIFT?109251?20EREF+RE-2026-0001-LONG-REFERE\n"
        "?21NCE-END?22SVWZ+Rechnung 2026001 Dan\n"
        "?23ke?30COBADEFFXXX?31DE89370400440532013000?32Max Muster?33mann"
    )
    found = only(LINE, details, currency="EUR")
    assert found.reference == "RE-2026-0001-LONG-REFERENCE-END"
    assert (found.message, found.counterparty) == ("Rechnung 2026001 Danke", "Max Mustermann")
    assert found.counterparty_account == "DE89370400440532013000"
    assert found.variable_symbol is None


@pytest.mark.parametrize(
    ("line", "details", "symbol", "message"),
    [
        (LINE, ":86:?20/VS2026001/SS/KS0308?21Masáž", "2026001", "/VS2026001/SS/KS0308 Masáž"),
        (LINE, ":86:Platba od Jany\nVS 2026001", "2026001", "Platba od Jany VS 2026001"),
        (LINE.replace("NONREF", "0002026001"), "", "2026001", None),
        (LINE, ":86:", None, None),
        (LINE + "Doplněk\n", "", None, "Doplněk"),
    ],
)
def test_other_dialects(line: str, details: str, symbol: str | None, message: str | None) -> None:
    found = only(line, details)
    assert (found.variable_symbol, found.message) == (symbol, message)


@pytest.mark.parametrize(
    ("mark", "amount", "is_reversal"),
    [("C", 1200, False), ("D", -1200, False), ("RC", -1200, True), ("RD", 1200, True)],
)
def test_marks(mark: str, amount: int, is_reversal: bool) -> None:  # noqa: FBT001
    found = only(f":61:261002{mark}12,NMSCNONREF\n")
    assert (found.amount, found.is_reversal) == (amount, is_reversal)


def test_the_year_of_the_booking_turns() -> None:
    found = only(":61:2612310102C12,NMSCNONREF\n")
    assert (found.valued_on, found.booked_on) == (date(2026, 12, 31), date(2027, 1, 2))


def test_decimals_of_the_currency() -> None:
    assert only(":61:261002C1200,NMSCX\n", currency="JPY").amount == 1200
    assert only(":61:261002C1,234NMSCX\n", currency="BHD").amount == 1234


def test_a_line_that_cannot_be_read_leaves_its_neighbours() -> None:
    found = items(
        f"{LINE}:86:?20VS:1",
        ":61:nonsense\n:86:?20VS:2",
        ":61:261332C1,00NMSCX\n:86:?20VS:3",
        ":61:2610020231C1,00NMSCX",
        ":61:261002C1,2,3NMSCX",
        ":61:261002C0,00NMSCX",
        f"{LINE}:86:?20VS:4",
    )
    assert [
        item.variable_symbol if isinstance(item, Movement) else getattr(item, "code", None)
        for item in found
    ] == ["1", "unreadable", "unreadable", "unreadable", "unreadable", "invalid_amount", "4", None]
    assert isinstance(found[-1], Statement)


def test_payments_do_not_get_into_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        assert isinstance(items(":61:secret\n:86:secret")[0], Refusal)
    assert not caplog.records


def test_pages_are_one_statement() -> None:
    pages = (
        statement(LINE).replace(":62F:", ":62M:")
        + statement(LINE).replace(":60F:", ":60M:")
        + statement(LINE)
    )
    kinds = [type(item).__name__ for item in read(pages.encode())]
    assert kinds == ["Movement", "Movement", "Statement", "Movement", "Statement"]


def test_information_about_the_statement_is_no_movement() -> None:
    text = statement(LINE).replace("-\n", ":86:Konto?20VS:9\n:64:C261031CZK5,\n-\n")
    found, _ = read(text.encode())
    assert isinstance(found, Movement)
    assert found.variable_symbol is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1250", "cp852", "iso8859-2"])
@pytest.mark.parametrize("wrap", ["{}", "{{1:F01GIBACZPX}}{{2:I940X}}{{4:\n{}-}}\n"])
def test_encodings_and_envelopes(encoding: str, wrap: str) -> None:
    text = wrap.format(statement(f"{LINE}:86:?20Žluťoučký kůň?32Řehoř Čáp")).replace("\n", "\r\n")
    found, _ = read(text.encode(encoding))
    assert isinstance(found, Movement)
    assert (found.message, found.counterparty) == ("Žluťoučký kůň", "Řehoř Čáp")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nothing",
        statement(LINE)[:-30],
        HEAD.format(account="1", currency="CZK"),
        statement(LINE) + ":20:X\n:25:1\n",
    ],
)
def test_files_that_are_refused_whole(text: str) -> None:
    with pytest.raises(Problem) as caught:
        list(read(text.encode()))
    assert caught.value.code == "invalid_argument"
