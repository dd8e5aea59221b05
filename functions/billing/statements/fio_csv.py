"""Fio CSV: a table with the account above it, from the API or from the web bank."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from billing.statements.encodings import decoded
from billing.statements.fio import AGAIN, Dialect
from billing.statements.model import Item, Refusal, RefusedError
from billing.statements.values import day, local_number
from kernel.errors import invalid_argument

ID_HEADINGS: Final = ("ID pohybu", "ID operace")

_DAY: Final = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)


def local_day(text: str | None) -> date:
    """A day as 31.12.2026."""
    match = _DAY.fullmatch((text or "").strip())
    if match is None:
        raise RefusedError("invalid_date", "The movement has no readable date.")
    return day(match[3], match[2], match[1])


DIALECT: Final = Dialect(
    "fio_csv",
    {
        "day": ("Datum",),
        "amount": ("Objem", "Částka"),
        "account": ("Protiúčet",),
        "bank": ("Kód banky",),
        "constant_symbol": ("KS",),
        "variable_symbol": ("VS",),
        "specific_symbol": ("SS",),
        "name": ("Název protiúčtu", "Uživatelská identifikace", "Poznámka"),
        "message": (
            "Zpráva pro příjemce",
            "Uživatelská identifikace",
            "Poznámka",
            "Komentář",
        ),
        "type": ("Typ", "Typ pohybu"),
        "currency": ("Měna",),
        "reference": ("Reference plátce",),
        "id": ID_HEADINGS,
    },
    local_day,
    local_number,
)


def read(content: bytes) -> Iterator[Item]:
    """Movements of the table, then the header that stands above it."""
    lines = csv.reader(io.StringIO(decoded(content), newline=""), delimiter=";", strict=True)
    try:
        yield from _table(lines)
    except csv.Error:
        raise invalid_argument("The CSV is cut off or damaged.", hint=AGAIN) from None


def _table(lines: Iterator[list[str]]) -> Iterator[Item]:
    info: dict[str, str] = {}
    headings: list[str] = []
    for cells in lines:
        headings = [cell.strip() for cell in cells]
        if any(heading in ID_HEADINGS for heading in headings):
            break
        if len(cells) > 1:
            info[cells[0].strip()] = cells[1]
    else:
        raise invalid_argument("The CSV has no line of headings.", hint=AGAIN)
    header = DIALECT.header(info)
    # Some exports end each line with the separator, and then the headings too.
    width = len(headings) if headings[-1] else len(headings) - 1
    is_short = False
    for cells in filter(None, lines):
        if is_short:
            yield Refusal("unreadable", "The line has fewer columns than the table.")
        is_short = len(cells) < width
        if is_short:
            continue
        try:
            yield DIALECT.movement(dict(zip(headings, cells, strict=False)), header)
        except RefusedError as refused:
            yield refused.refusal()
    if is_short:
        raise invalid_argument("The CSV ends in the middle of a line.", hint=AGAIN)
    yield header
