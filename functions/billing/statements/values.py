"""Amounts, dates, symbols and texts, as statements spell them. All formats read through here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Final, Literal, TypedDict

from billing.statements.model import RefusedError
from kernel.currencies import minor_digits
from kernel.models import SAFE_INTEGER

FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2099
NAME_MAX_LENGTH: Final = 140
MESSAGE_MAX_LENGTH: Final = 500
REFERENCE_MAX_LENGTH: Final = 140
ACCOUNT_MAX_LENGTH: Final = 64

_AMOUNT: Final = re.compile(r"[+-]?(\d{1,18}(\.\d{0,9})?|\.\d{1,9})", re.ASCII)
_CURRENCY: Final = re.compile(r"[A-Z]{3}", re.ASCII)
_ISO_DAY: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)([T+Z-].*)?", re.ASCII | re.DOTALL)
_SYMBOL: Final = re.compile(r"0*(\d{1,10})", re.ASCII)
_BLANK: Final = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")
# VS:2026001, /VS2026001/SS/KS0308 (Slovak), VS 2026001 in a message.
_SPELLED_SYMBOL: Final = re.compile(
    r"(?<![A-Za-z0-9])(VS|SS|KS)[:/.]?[ ]?(\d{1,10})(?!\d)", re.ASCII | re.IGNORECASE
)
_NUMBER: Final = re.compile(r"[0-9-]{2,17}")
_BANK_CODE: Final = re.compile(r"[0-9]{4}")
# What banks write where the payer gave no reference.
_NO_REFERENCE: Final = frozenset({"NOTPROVIDED", "NONREF", "NOREF", "NOTAVAILABLE", "NONE"})

Symbol = Literal["variable_symbol", "constant_symbol", "specific_symbol"]
_SYMBOL_NAMES: Final[dict[str, Symbol]] = {
    "VS": "variable_symbol",
    "KS": "constant_symbol",
    "SS": "specific_symbol",
}


class Symbols(TypedDict, total=False):
    """The payment symbols of Czech and Slovak payments."""

    variable_symbol: str | None
    constant_symbol: str | None
    specific_symbol: str | None


def currency_code(text: str | None) -> str:
    """An ISO 4217 code, by its form."""
    if text is None or not _CURRENCY.fullmatch(text.strip()):
        raise RefusedError("invalid_currency", "The movement has no readable currency.")
    return text.strip()


def minor_units(text: str | None, currency: str) -> int:
    """A decimal number with a dot, in minor units of the currency; never through a float."""
    if text is None or not _AMOUNT.fullmatch(text.strip()):
        raise RefusedError("invalid_amount", "The amount is not a plain decimal number.")
    scaled = Decimal(text.strip()).scaleb(minor_digits(currency))
    if scaled != scaled.to_integral_value():
        raise RefusedError("invalid_amount", "The amount has more decimals than its currency.")
    if abs(scaled) > SAFE_INTEGER:
        raise RefusedError("invalid_amount", "The amount is too large.")
    return int(scaled)


def nonzero(amount: int) -> int:
    """An amount that moved something."""
    if amount == 0:
        raise RefusedError("invalid_amount", "The amount is zero.")
    return amount


def local_number(text: str | None) -> str | None:
    """A number with a decimal comma and spaces between thousands, spelled with a dot."""
    return None if text is None else _BLANK.sub("", text).replace(",", ".")


def day(year: str, month: str, of_month: str) -> date:
    """A calendar day from its digits."""
    try:
        found = date(int(year), int(month), int(of_month))
    except ValueError:
        found = date.min
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise RefusedError("invalid_date", "The movement has no readable date.")
    return found


def iso_day(text: str | None) -> date:
    """The day as written: a time or an offset behind it never shifts it."""
    match = _ISO_DAY.fullmatch((text or "").strip())
    if match is None:
        raise RefusedError("invalid_date", "The movement has no readable date.")
    return day(match[1], match[2], match[3])


def text_of(value: object, length: int) -> str | None:
    """A text on one line, without what a database or a terminal stumbles over."""
    if not isinstance(value, str):
        return None
    # Cut first: a text of megabytes is not worth cleaning.
    plain = _SURROGATE.sub("\ufffd", _BLANK.sub(" ", value[: 4 * length])).strip()
    return plain[:length].strip() or None


def name_of(value: object) -> str | None:
    """Who paid, or was paid."""
    return text_of(value, NAME_MAX_LENGTH)


def message_of(value: object) -> str | None:
    """What the payer wrote."""
    return text_of(value, MESSAGE_MAX_LENGTH)


def reference_of(value: object) -> str | None:
    """A reference, unless it is one of the words for none."""
    found = text_of(value, REFERENCE_MAX_LENGTH)
    return None if found is None or found.upper() in _NO_REFERENCE else found


def account_of(number: object, bank_code: object = None) -> str | None:
    """An IBAN, or a domestic number with its bank's code: 19-2000145399/0800."""
    found = text_of(number, ACCOUNT_MAX_LENGTH)
    bank = text_of(bank_code, ACCOUNT_MAX_LENGTH)
    if found and bank and _NUMBER.fullmatch(found) and _BANK_CODE.fullmatch(bank):
        return f"{found}/{bank}"
    return found


def symbol(value: object) -> str | None:
    """A symbol is a number: leading zeros mean nothing, and all zeros mean none."""
    match = _SYMBOL.fullmatch(value.strip()) if isinstance(value, str) else None
    return None if match is None else match[1].lstrip("0") or None


def spelled_symbols(texts: Iterable[str | None]) -> Symbols:
    """Symbols that a text spells out; the first of each kind counts."""
    found: Symbols = {}
    for text in texts:
        for kind, digits in _SPELLED_SYMBOL.findall(text or ""):
            name = _SYMBOL_NAMES[kind.upper()]
            if found.get(name) is None:
                found[name] = symbol(digits)
    return found
