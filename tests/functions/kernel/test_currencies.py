"""Amounts in minor units of ISO 4217, and how people write them."""

from __future__ import annotations

import re

import pytest
from babel.numbers import get_currency_precision, list_currencies

from kernel.currencies import MINOR_DIGITS, main_units, minor_digits, money


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (120050, "CZK", "1200.50"),
        (0, "CZK", "0.00"),
        (7, "GBP", "0.07"),
        (-120050, "EUR", "-1200.50"),
        (1500, "JPY", "1500"),
        (0, "JPY", "0"),
        (1500, "KWD", "1.500"),
        (15, "CLF", "0.0015"),
        (10**12, "DKK", "10000000000.00"),
        (2**63 - 1, "CZK", "92233720368547758.07"),
    ],
)
def test_prices_follow_the_currency_and_no_locale(amount: int, currency: str, text: str) -> None:
    assert f"{main_units(amount, currency):f}" == text


def test_currencies_are_iso_codes() -> None:
    assert all(len(code) == 3 and code.isupper() for code in MINOR_DIGITS)
    assert len(MINOR_DIGITS) == 26


@pytest.mark.parametrize("locale", ["cs", "da", "de", "en_GB"])
def test_amounts_are_written_with_the_digits_that_are_counted(locale: str) -> None:
    # Babel would write RSD without its hundredths, and take 1234.56 for 123456.
    odd = [c for c in list_currencies() if get_currency_precision(c) != minor_digits(c)]
    assert {"RSD", "IQD", "ALL"} <= set(odd)
    for currency in (*odd, "CZK", "JPY", "KWD"):
        text = money(123456, currency, locale)
        digits = re.sub(r"\D", "", text.replace(currency, ""))
        assert digits == "123456", currency
        if places := minor_digits(currency):
            assert re.search(rf"[.,]\d{{{places}}}\D*$", text), currency


@pytest.mark.parametrize(
    ("amount", "currency", "locale", "text"),
    [
        (123456, "RSD", "en_GB", "RSD 1,234.56"),
        (123456, "JPY", "de", "123.456 ¥"),
        (125000, "CZK", "cs", "1 250,00 Kč"),
        (9900, "EUR", "da", "99,00 €"),
    ],
)
def test_amounts_as_people_write_them(amount: int, currency: str, locale: str, text: str) -> None:
    assert money(amount, currency, locale).replace("\N{NO-BREAK SPACE}", " ") == text
