"""GPC, also called ABO: the fixed-width statement of Czech and Slovak banks.

074 opens a statement, 075 is a movement, 076 to 079 add texts to the movement above them.
Amounts are in hellers, whatever the currency is called.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Final

from billing.statements.encodings import decoded
from billing.statements.model import Item, Movement, RefusedError, Statement
from billing.statements.values import (
    account_of,
    day,
    message_of,
    name_of,
    nonzero,
    symbol,
)
from kernel.errors import Problem, invalid_argument

FORMAT: Final = "gpc"
HEADER_LENGTH: Final = 108
MOVEMENT_LENGTH: Final = 128
# The extended format of some banks goes on with four lines of message.
MESSAGE_COLUMNS: Final = slice(128, 268)
TEXT_TYPES: Final = frozenset({"078", "079"})
PASSED_OVER_TYPES: Final = frozenset({"076", "077"})
# Debit, credit, and their reversals: a reversed debit comes back in.
DIRECTIONS: Final = {"1": -1, "2": 1, "4": 1, "5": -1}
REVERSALS: Final = frozenset("45")
DEFAULT_CURRENCY: Final = "CZK"
# ISO 4217 numbers of the currencies that Czech and Slovak banks keep accounts in.
CURRENCIES: Final = {
    "036": "AUD",
    "124": "CAD",
    "156": "CNY",
    "203": "CZK",
    "208": "DKK",
    "348": "HUF",
    "392": "JPY",
    "578": "NOK",
    "643": "RUB",
    "752": "SEK",
    "756": "CHF",
    "826": "GBP",
    "840": "USD",
    "946": "RON",
    "949": "TRY",
    "975": "BGN",
    "978": "EUR",
    "985": "PLN",
}

_DIGITS: Final = re.compile(r"[0-9]+")
_ACCOUNT: Final = re.compile(r"([0-9]{6})([0-9]{10})")


def read(content: bytes) -> Iterator[Item]:
    """Movements of every statement in the file, each statement followed by its header."""
    header: Statement | None = None
    for number, line, texts, is_last in _records(decoded(content)):
        if line.startswith("074") and len(line) >= HEADER_LENGTH:
            if header:
                yield header
            header = _header(line)
        elif line.startswith("075") and header:
            if is_last and len(line) < MOVEMENT_LENGTH:
                raise _cut_off(number)
            item = _item(line, texts, header)
            # The header does not say the currency.
            if isinstance(item, Movement) and not header.currency:
                header = replace(header, currency=item.currency)
            yield item
        else:
            raise _cut_off(number)
    if header is None:
        raise invalid_argument("The file has no statement in it.")
    yield header


def _records(content: str) -> Iterator[tuple[int, str, list[str], bool]]:
    """Lines with the texts that follow them: number, line, texts, whether it is the last line."""
    lines = content.splitlines()
    number, record = 0, ""
    texts: list[str] = []
    for at, padded in enumerate(lines, 1):
        line = padded.rstrip("\x1a")
        if record and line[:3] in TEXT_TYPES:
            texts.append(line[3:])
        elif line.strip() and not (record and line[:3] in PASSED_OVER_TYPES):
            if record:
                yield number, record, texts, False
            number, record, texts = at, line, []
    if record:
        yield number, record, texts, number == len(lines)


def _cut_off(number: int) -> Problem:
    return invalid_argument(
        f"Line {number} is not one of a GPC file, or is cut off.",
        hint="Download the statement from the bank again.",
    )


def _header(line: str) -> Statement:
    return Statement(
        FORMAT,
        account=_account(line[3:19]),
        starts_on=_day(line[39:45]),
        ends_on=_day(line[108:114]),
        opening_amount=_balance(line[45:60]),
        closing_amount=_balance(line[60:75]),
    )


def _item(line: str, texts: list[str], header: Statement) -> Item:
    try:
        return _movement(line, texts, header)
    except RefusedError as refused:
        return refused.refusal()


def _movement(line: str, texts: list[str], header: Statement) -> Movement:
    if len(line) < MOVEMENT_LENGTH:
        raise RefusedError("unreadable", "The line is shorter than a movement.")
    direction = DIRECTIONS.get(line[60])
    if direction is None:
        raise RefusedError("unreadable", f"The posting code {line[60]!r} is not known.")
    if not _DIGITS.fullmatch(line[48:60]):
        raise RefusedError("invalid_amount", "The amount is not made of digits.")
    valued_on = _day(line[91:97])
    booked_on = _day(line[122:128]) or valued_on
    if booked_on is None:
        raise RefusedError("invalid_date", "The movement has no readable date.")
    number = line[118:122].strip().lstrip("0").zfill(3)
    currency = DEFAULT_CURRENCY if number == "000" else CURRENCIES.get(number)
    if currency is None:
        raise RefusedError("invalid_currency", "The number of the currency is not known.")
    return Movement(
        account=header.account,
        booked_on=booked_on,
        valued_on=valued_on,
        amount=nonzero(int(line[48:60]) * direction),
        currency=currency,
        variable_symbol=symbol(line[61:71]),
        constant_symbol=symbol(line[77:81]),
        specific_symbol=symbol(line[81:91]),
        counterparty=name_of(line[97:117]),
        counterparty_account=_account(line[19:35], line[73:77]),
        message=message_of(" ".join([line[MESSAGE_COLUMNS], *texts])),
        is_reversal=line[60] in REVERSALS,
    )


def _account(digits: str, bank_code: str | None = None) -> str | None:
    """000019 2000145399 is 19-2000145399."""
    match = _ACCOUNT.fullmatch(digits)
    if match is None:
        return None
    prefix, number = match[1].lstrip("0"), match[2].lstrip("0")
    if not number:
        return None
    return account_of(f"{prefix}-{number}" if prefix else number, bank_code)


def _day(digits: str) -> date | None:
    """A day as 311226."""
    try:
        return day(f"20{digits[4:6]}", digits[2:4], digits[:2])
    except RefusedError:
        return None


def _balance(text: str) -> int | None:
    if not _DIGITS.fullmatch(text[:14]):
        return None
    return -int(text[:14]) if text[14] == "-" else int(text[:14])
