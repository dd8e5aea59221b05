"""Payment codes: exactly the format, whatever the texts are, and none where none belongs."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any
from urllib.parse import unquote

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st
from segno import helpers
from stdnum import iban as ibans

from billing.documents.payment_codes import (
    EPC_MAX_BYTES,
    PaymentCode,
    epc,
    iban_of_domestic,
    payment_code,
    spayd,
    spayd_text,
)
from tests.functions.billing.documents import sample

IBAN = "CZ6508000000192000145399"
GERMAN = {
    "account_number": None,
    "iban": "DE75512108001245126199",
    "bic": "SOLADES1XXX",
    "currency": "EUR",
}


def spayd_fields(payload: str) -> dict[str, str]:
    head, version, *fields = payload.split("*")
    assert (head, version) == ("SPD", "1.0")
    return dict(field.split(":", 1) for field in fields)


def code_of(**changes: Any) -> PaymentCode | None:
    return payment_code(sample.invoice(**changes), "Faktura 20260042")


def test_a_czech_invoice_is_paid_by_spayd() -> None:
    code = code_of(paid_amount=45_000)
    assert code is not None
    assert code.payload == (
        "SPD*1.0*ACC:CZ6508000000192000145399+GIBACZPX*AM:1000.00*CC:CZK*DT:20261119"
        "*X-VS:20260042*MSG:Faktura 20260042"
    )


def test_what_is_not_known_is_left_out() -> None:
    assert spayd(IBAN, Decimal(5)) == f"SPD*1.0*ACC:{IBAN}*AM:5.00*CC:CZK"


@pytest.mark.parametrize("symbol", ["12345678901", "2026/42", "", "１２", "A1"])  # noqa: RUF001
def test_a_variable_symbol_has_ten_digits_at_most(symbol: str) -> None:
    assert "X-VS" not in spayd(IBAN, Decimal(5), variable_symbol=symbol)


def test_characters_of_the_syntax_are_escaped() -> None:
    assert spayd_text("1*2 + 50 % ž", 60) == "1%2A2 %2B 50 %25 %C5%BE"


@given(st.text(), st.text(), st.integers(1, 10**12 - 1), st.sampled_from(["", "20260042", "*"]))
def test_any_text_leaves_the_fields_apart(
    message: str, number: str, amount: int, symbol: str
) -> None:
    payload = spayd(
        IBAN,
        Decimal(amount).scaleb(-2),
        bic="GIBACZPX",
        variable_symbol=symbol,
        message=message + number,
    )
    fields = spayd_fields(payload)
    assert set(fields) <= {"ACC", "AM", "CC", "X-VS", "MSG"}
    assert re.fullmatch(r"[0-9]{1,10}\.[0-9]{2}", fields["AM"])
    assert Decimal(fields["AM"]).scaleb(2) == amount
    assert payload.isascii()
    assert payload.isprintable()
    text = fields.get("MSG", "")
    assert len(text) <= 60
    # No escape is cut in two, so that the text can always be read.
    unquote(text, errors="strict")


@given(st.text(max_size=500))
def test_a_text_is_escaped_and_read_again(text: str) -> None:
    plain = " ".join(unquote(spayd_text(text, 10_000), errors="strict").split())
    assert spayd_text(plain, 10_000) == spayd_text(text, 10_000)


def test_the_account_may_be_domestic_only() -> None:
    account = {**sample.ACCOUNT, "iban": None, "bic": None}
    code = code_of(bank_account=account)
    assert code is not None
    assert spayd_fields(code.payload)["ACC"] == IBAN


@pytest.mark.parametrize(
    ("number", "iban"),
    [
        ("19-2000145399/0800", IBAN),
        (" 000019-2000145399 / 0800 ", IBAN),
        ("2000145399/0800", "CZ7908000000002000145399"),
        ("19-2000145398/0800", None),  # check digit
        ("18-2000145399/0800", None),  # check digit of the prefix
        ("19-2000145399/0000", None),  # no such bank
        ("19-2000145399/0800 and more", None),
        ("", None),
        ("19-2000145399", None),
    ],
)
def test_a_domestic_number_becomes_an_iban(number: str, iban: str | None) -> None:
    found = iban_of_domestic(number)
    assert found == iban
    assert found is None or ibans.is_valid(found)


def test_euros_are_paid_by_epc() -> None:
    code = payment_code(sample.invoice(currency="EUR", bank_account=GERMAN), "Rechnung 20260042")
    assert code is not None
    assert code.payload.split("\n") == [
        "BCD",
        "002",
        "1",
        "SCT",
        "SOLADES1XXX",
        "Centrum duševního zdraví Přístav, s.r.o.",
        "DE75512108001245126199",
        "EUR1450.00",
        "",
        "",
        "Rechnung 20260042",
    ]
    # Another program writes the same code from the same payment.
    theirs = helpers.make_epc_qr(
        name="Centrum duševního zdraví Přístav, s.r.o.",
        iban="DE75512108001245126199",
        bic="SOLADES1XXX",
        amount=Decimal("1450.55"),
        text="Rechnung 20260042",
        encoding="utf-8",
    )
    ours = epc(
        "DE75512108001245126199",
        Decimal("1450.55"),
        name="Centrum duševního zdraví Přístav, s.r.o.",
        bic="SOLADES1XXX",
        remittance="Rechnung 20260042",
    )
    made = segno.make_qr(ours, error="m", encoding="utf-8", boost_error=False)
    assert made.matrix == theirs.matrix


def test_a_creditor_reference_is_structured() -> None:
    lines = epc("DE75512108001245126199", Decimal(1), name="A", remittance="RF18 5390 0754 7034")
    assert lines.split("\n")[9:] == ["RF18539007547034"]
    wrong = epc("DE75512108001245126199", Decimal(1), name="A", remittance="RF19539007547034")
    assert wrong.split("\n")[9:] == ["", "RF19539007547034"]


@given(st.text(), st.text(), st.integers(1, 10**11 - 1))
def test_any_text_keeps_the_lines_apart(name: str, remittance: str, amount: int) -> None:
    payload = epc(
        GERMAN["iban"] or "", Decimal(amount).scaleb(-2), name=name, remittance=remittance
    )
    lines = payload.split("\n")
    assert 8 <= len(lines) <= 11
    assert len(payload.encode()) <= EPC_MAX_BYTES
    assert len(lines[5]) <= 70
    assert re.fullmatch(r"EUR[0-9]{1,9}\.[0-9]{2}", lines[7])
    assert len("".join(lines[10:])) <= 140
    code = segno.make_qr(payload, error="m", encoding="utf-8", boost_error=False)
    assert int(code.version) <= 13


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "void"},
        {"status": "draft"},
        {"status": "paid"},
        {"paid_amount": 145_000},
        {"bank_account": None},
        {"bank_account": {**sample.ACCOUNT, "currency": "EUR"}},
        {"bank_account": {**sample.ACCOUNT, "iban": "CZ6508000000192000145398"}},
        {"bank_account": {**sample.ACCOUNT, "iban": None, "account_number": "1/1"}},
        {"currency": "GBP", "bank_account": {**GERMAN, "currency": "GBP"}},
    ],
)
def test_no_code_where_nothing_can_be_paid_so(changes: dict[str, Any]) -> None:
    assert code_of(**changes) is None


def test_a_credit_note_has_no_code() -> None:
    assert payment_code(sample.credit_note(), "") is None


def test_an_amount_beyond_the_format_has_no_code() -> None:
    row = sample.line(unit_price_amount=10**12)
    assert payment_code(sample.invoice([row]), "") is None
    assert payment_code(sample.invoice([row], currency="EUR", bank_account=GERMAN), "") is None
