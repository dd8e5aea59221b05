"""Amounts of money: whole minor units of ISO 4217 inside, decimals and words outside.

CLDR, and so Babel, has other digits for some currencies: how many people show (RSD 0), not what is
counted (RSD 2). What is billed is what is counted, so that is what is written, too.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from babel import Locale
from babel.numbers import format_currency, get_currency_symbol

# ISO 4217: currencies whose minor unit is not a hundredth.
_BY_MINOR_DIGITS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
MINOR_DIGITS: Final = {
    code: digits for digits, codes in _BY_MINOR_DIGITS.items() for code in codes.split()
}


def minor_digits(currency: str) -> int:
    """How many decimal places a currency has."""
    return MINOR_DIGITS.get(currency, 2)


def main_units(amount: int, currency: str) -> Decimal:
    """Minor units as a decimal number: 125000 CZK is 1250.00, 1250 JPY is 1250."""
    return Decimal(amount).scaleb(-minor_digits(currency))


def places(currency: str) -> str:
    """The decimal places of a number pattern: ".00", or nothing."""
    digits = minor_digits(currency)
    return f".{'0' * digits}" if digits else ""


def money(amount: int, currency: str, locale: Locale | str) -> str:
    """Minor units as people write them, with the currency."""
    locale = Locale.parse(locale)
    pattern = str(locale.currency_formats["standard"].pattern).split(";")[0]
    if get_currency_symbol(currency, locale)[-1:].isalpha():
        pattern = pattern.replace("¤#", "¤\N{NO-BREAK SPACE}#")
    return format_currency(
        main_units(amount, currency),
        currency,
        format=pattern.replace(".00", places(currency)),
        locale=locale,
        currency_digits=False,
    )
