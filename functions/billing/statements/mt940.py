"""MT940, the SWIFT statement, with the :86: dialects of Czech and German banks.

The library reads one movement at a time: given a whole file it would mix up the movements around
one that it cannot read.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from mt940.models import Transactions
from mt940.options import Options
from mt940.processors import (
    transaction_details_post_processor,
    transaction_details_post_processor_with_space,
)

from billing.statements.encodings import decoded
from billing.statements.model import Item, Movement, RefusedError, Statement
from billing.statements.values import (
    account_of,
    currency_code,
    day,
    message_of,
    minor_units,
    name_of,
    nonzero,
    reference_of,
    spelled_symbols,
    symbol,
)
from kernel.errors import invalid_argument

FORMAT: Final = "mt940"
AGAIN: Final = "Download the statement from the bank again."
# Many times what the standard allows, as some banks write more than that.
LINE_MAX_LENGTH: Final = 1000
DETAILS_MAX_LENGTH: Final = 10_000

# The library logs what it cannot read, which is people's payments.
logging.getLogger("mt940").setLevel(logging.CRITICAL + 1)

_TAG: Final = re.compile(r":(\d\d[A-Z]?|NS):(.*)", re.ASCII)
_END: Final = re.compile(r"-\}?|\{[1-5]:.*")
_BALANCE: Final = re.compile(r"([CD])(\d\d)(\d\d)(\d\d)([A-Z]{3})(\d[\d,]{0,15})", re.ASCII)
# SEPA keywords begin a subfield; their values go on in the next one without a space.
_SEPA: Final = re.compile(r"\?2\d[A-Z]{4}\+")
_SWAPPED_ACCOUNT: Final = re.compile(r"(\d{4})/([\d-]{2,17})", re.ASCII)
# Where the payer's words are, the best place first.
_TEXTS: Final = (
    "purpose",
    "additional_purpose",
    "transaction_details",
    "extra_details",
    "posting_text",
)
_OPENING: Final = frozenset({"60F", "60M"})
_CLOSING: Final = frozenset({"62F", "62M"})


@dataclass(slots=True)
class _Statement:
    """What has been read of a statement so far."""

    account: str | None = None
    currency: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    opening_amount: int | None = None
    closing_amount: int | None = None
    is_closed: bool = False
    # After a page that ends with an intermediate balance.
    goes_on: bool = False
    entry: dict[str, str] = field(default_factory=dict)


def read(content: bytes) -> Iterator[Item]:
    """Movements of every statement in the file, each statement followed by its header."""
    statement: _Statement | None = None
    for tag, text in _fields(decoded(content)):
        if tag == "20":
            if statement and statement.goes_on:
                statement.goes_on = False
                continue
            if statement:
                yield from _finished(statement)
            statement = _Statement()
        elif statement is None:
            continue
        elif tag == "86":
            # Behind the closing balance it is about the statement.
            if statement.entry:
                details = f"{statement.entry.get('86', '')}{text}"
                statement.entry["86"] = details[:DETAILS_MAX_LENGTH]
        else:
            yield from _flushed(statement)
            _note(statement, tag, text)
    if statement is None:
        raise invalid_argument("The file has no statement in it.", hint=AGAIN)
    yield from _finished(statement)


def _fields(text: str) -> Iterator[tuple[str, str]]:
    tag, lines = "", [""]
    for line in text.splitlines():
        match = _TAG.match(line)
        if match:
            if tag:
                yield tag, "\n".join(lines)
            tag, lines = match[1], [match[2]]
        elif not _END.fullmatch(line.strip()):
            lines.append(line.rstrip())
    if tag:
        yield tag, "\n".join(lines)


def _note(statement: _Statement, tag: str, text: str) -> None:
    if tag == "25":
        swapped = _SWAPPED_ACCOUNT.fullmatch(text.strip())
        statement.account = account_of(f"{swapped[2]}/{swapped[1]}" if swapped else text)
    elif tag == "61":
        statement.entry["61"] = text[:LINE_MAX_LENGTH]
    elif tag in _OPENING or tag in _CLOSING:
        _note_balance(statement, tag, text)


def _note_balance(statement: _Statement, tag: str, text: str) -> None:
    match = _BALANCE.match(text.strip())
    if match is None:
        return
    amount, on = None, None
    with suppress(RefusedError):
        amount = minor_units(match[6].replace(",", "."), match[5])
        amount = -amount if match[1] == "D" else amount
        on = day(f"20{match[2]}", match[3], match[4])
    statement.currency = statement.currency or match[5]
    if tag in _CLOSING:
        statement.is_closed = True
        statement.goes_on = tag == "62M"
        statement.closing_amount, statement.ends_on = amount, on
    elif statement.opening_amount is None:
        statement.opening_amount, statement.starts_on = amount, on


def _finished(statement: _Statement) -> Iterator[Item]:
    yield from _flushed(statement)
    if not statement.is_closed:
        raise invalid_argument("The file ends before the closing balance.", hint=AGAIN)
    yield Statement(
        FORMAT,
        statement.account,
        statement.currency,
        statement.starts_on,
        statement.ends_on,
        statement.opening_amount,
        statement.closing_amount,
    )


def _flushed(statement: _Statement) -> Iterator[Item]:
    entry, statement.entry = statement.entry, {}
    if entry:
        try:
            yield _movement(entry["61"], entry.get("86", ""), statement)
        except RefusedError as refused:
            yield refused.refusal()


def _movement(line: str, details: str, statement: _Statement) -> Movement:
    currency = currency_code(statement.currency)
    found = _parsed(line, details)
    amount: Decimal = found["amount"].amount
    valued_on = _day(found["date"])
    booked_on = found.get("entry_date")
    texts = [found.get(name) for name in _TEXTS]
    references = [found.get("end_to_end_reference"), found.get("customer_reference")]
    symbols = spelled_symbols([*references, *texts])
    if not symbols.get("variable_symbol"):
        # Where a field is for the reference, Czech banks put the bare number.
        symbols["variable_symbol"] = next(filter(None, map(symbol, references)), None)
    return Movement(
        account=statement.account,
        booked_on=valued_on if booked_on is None else _day(booked_on),
        valued_on=valued_on,
        amount=nonzero(minor_units(f"{amount:f}", currency)),
        currency=currency,
        counterparty=name_of(found.get("applicant_name")),
        counterparty_account=account_of(
            found.get("gvc_applicant_iban") or found.get("applicant_iban"),
            found.get("applicant_bin"),
        ),
        message=next(filter(None, map(message_of, texts)), None),
        reference=next(filter(None, map(reference_of, references)), None),
        is_reversal=str(found["status"]).upper().startswith("R"),
        **symbols,
    )


def _parsed(line: str, details: str) -> dict[str, Any]:
    if details.startswith("?"):
        # Some banks leave out the business code that tells the library of subfields.
        details = f"000{details}"
    read_details = (
        transaction_details_post_processor
        if _SEPA.search(details)
        else transaction_details_post_processor_with_space
    )
    entry = Transactions(
        processors={"post_transaction_details": [read_details]}, options=Options.all()
    )
    try:
        entry.parse(f":61:{line}\n:86:{details}")
        found = entry.transactions[0].data
    except (RuntimeError, ValueError, ArithmeticError, LookupError):
        raise RefusedError("unreadable", "The line of the movement cannot be read.") from None
    if not {"amount", "date", "status"} <= found.keys():
        raise RefusedError("unreadable", "The line of the movement cannot be read.")
    return found


def _day(found: date) -> date:
    return day(str(found.year), str(found.month), str(found.day))
