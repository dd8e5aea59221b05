"""What Fio's JSON and CSV have in common: the same columns, under other names."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from billing.statements.model import Movement, RefusedError, Statement
from billing.statements.values import (
    account_of,
    currency_code,
    message_of,
    minor_units,
    name_of,
    nonzero,
    reference_of,
    symbol,
)

AGAIN: Final = "Download the statement from the bank again."

_REVERSAL: Final = re.compile(r"storno|opravný pohyb", re.IGNORECASE)

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Dialect:
    """Where one of the formats keeps what; of several columns the first with a value counts."""

    format: str
    columns: Mapping[str, tuple[str, ...]]
    day: Callable[[str | None], date]
    number: Callable[[str | None], str | None]

    def value(self, row: Row, name: str) -> str | None:
        """A column's text."""
        found = (row.get(column) for column in self.columns[name])
        return next((text for text in found if isinstance(text, str) and text.strip()), None)

    def movement(self, row: Row, header: Statement) -> Movement:
        """One line of the statement."""
        currency = currency_code(self.value(row, "currency") or header.currency)
        booked_on = self.day(self.value(row, "day"))
        return Movement(
            account=header.account,
            booked_on=booked_on,
            valued_on=None,
            amount=nonzero(minor_units(self.number(self.value(row, "amount")), currency)),
            currency=currency,
            variable_symbol=symbol(self.value(row, "variable_symbol")),
            constant_symbol=symbol(self.value(row, "constant_symbol")),
            specific_symbol=symbol(self.value(row, "specific_symbol")),
            counterparty=name_of(self.value(row, "name")),
            counterparty_account=account_of(self.value(row, "account"), self.value(row, "bank")),
            message=message_of(self.value(row, "message")),
            reference=reference_of(self.value(row, "reference")),
            bank_reference=reference_of(self.value(row, "id")),
            is_reversal=bool(_REVERSAL.search(self.value(row, "type") or "")),
        )

    def header(self, info: Row) -> Statement:
        """The statement's header; what it says unreadably it does not say."""
        found: dict[str, Any] = {}
        text = {name: value for name, value in info.items() if isinstance(value, str)}
        with suppress(RefusedError):
            found["currency"] = currency_code(text.get("currency"))
        for name, key in (("starts_on", "dateStart"), ("ends_on", "dateEnd")):
            with suppress(RefusedError):
                found[name] = self.day(text.get(key))
        for name in ("opening", "closing"):
            with suppress(RefusedError, KeyError):
                found[f"{name}_amount"] = minor_units(
                    self.number(text.get(f"{name}Balance")), found["currency"]
                )
        account = account_of(text.get("iban")) or account_of(
            text.get("accountId"), text.get("bankId")
        )
        return Statement(self.format, account, **found)
