"""What the credits function takes and answers. Names are those of the SQL functions."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from kernel.models import SAFE_INTEGER, Body, Instant, KeyedBody, MinorUnits, Row

PAGE_SIZE = 50
PAGE_MAX_SIZE = 500

Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class AdjustCredits(KeyedBody):
    """Credits given (positive) or taken (negative) by staff."""

    amount: MinorUnits
    reason: str = Field(description="Why; the client sees it on the statement.")
    expires_at: Instant | None = Field(
        default=None, description="When these credits can no longer be spent. None: never."
    )
    currency: Currency | None = Field(
        default=None, description="ISO 4217 code. None: the organization's currency."
    )


class StatementQuery(Body):
    """Which part of the statement."""

    currency: Currency | None = Field(default=None, description="ISO 4217 code. None: all.")
    before: int | None = Field(
        default=None, ge=1, le=SAFE_INTEGER, description="next_before of the previous page."
    )
    page_size: int = Field(default=PAGE_SIZE, ge=1, le=PAGE_MAX_SIZE)


class Balance(Row):
    """Credits in one currency, in its minor units."""

    currency: str
    balance_amount: int = Field(description="Sum of the ledger.")
    available_amount: int = Field(description="What can be spent now: without expired credits.")


class Balances(Row):
    """A client's credits.

    The fields beside `balances` repeat the only one, or that in the organization's own currency.
    """

    client_id: UUID
    organization_id: UUID
    currency: str
    balance_amount: int
    available_amount: int
    balances: list[Balance]


class CreditEntry(Row):
    """A line of the append-only ledger."""

    id: UUID
    client_id: UUID
    number: int = Field(description="Order within one client and currency.")
    kind: Literal["top_up", "adjustment", "spend", "refund", "expiry"]
    amount: int = Field(description="Signed, in minor units of `currency`.")
    currency: str
    balance_after_amount: int
    reason: str | None = None
    appointment_id: UUID | None = None
    expires_at: str | None = Field(default=None, json_schema_extra={"format": "date-time"})
    created_at: str = Field(json_schema_extra={"format": "date-time"})


class Statement(Row):
    """Ledger entries, newest first."""

    client_id: UUID
    entries: list[CreditEntry]
    next_before: int | None = Field(description="`before` of the next page; None: no more.")
