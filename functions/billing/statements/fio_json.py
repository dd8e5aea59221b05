"""Fio JSON: the answer of the bank's API, which is also the file that its web bank saves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from billing.statements.fio import AGAIN, Dialect, Row
from billing.statements.model import Item, RefusedError
from billing.statements.values import iso_day
from kernel.errors import invalid_argument

DIALECT: Final = Dialect(
    "fio_json",
    {
        "day": ("column0",),
        "amount": ("column1",),
        "account": ("column2",),
        "bank": ("column3",),
        "constant_symbol": ("column4",),
        "variable_symbol": ("column5",),
        "specific_symbol": ("column6",),
        "name": ("column10", "column7"),
        "message": ("column16", "column7", "column25"),
        "type": ("column8",),
        "currency": ("column14",),
        "reference": ("column27",),
        "id": ("column22",),
    },
    iso_day,
    lambda text: text,
)


def read(content: bytes) -> Iterator[Item]:
    """Movements of the document, then its header."""
    try:
        # Numbers stay as they are written: a float would lose hellers, and NaN is no amount.
        document = json.loads(
            content.decode("utf-8-sig"),
            parse_float=str,
            parse_int=str,
            parse_constant=str,
            object_hook=_plain,
        )
    except (ValueError, RecursionError):
        raise invalid_argument("The JSON is cut off or not valid UTF-8.", hint=AGAIN) from None
    statement = _object(document).get("accountStatement")
    if not isinstance(statement, dict):
        raise invalid_argument(
            "The JSON is not a Fio statement: it has no accountStatement.",
            hint="Import transactions.json as the bank's API answers it.",
        )
    # A period without movements has null in place of either.
    rows = _object(statement.get("transactionList")).get("transaction") or []
    if not isinstance(rows, list):
        raise invalid_argument("The list of transactions is not a list.", hint=AGAIN)
    header = DIALECT.header(_object(statement.get("info")))
    for row in rows:
        try:
            yield DIALECT.movement(_object(row), header)
        except RefusedError as refused:
            yield refused.refusal()
    yield header


def _plain(found: dict[str, Any]) -> Any:
    """A column {value, name, id} is its value; the rest would only fill memory."""
    return found["value"] if found.keys() == {"value", "name", "id"} else found


def _object(value: Any) -> Row:
    return value if isinstance(value, dict) else {}
