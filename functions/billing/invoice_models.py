"""What the routes of invoices take and answer. Names are those of the SQL functions."""

from __future__ import annotations

from typing import Any, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from kernel.models import Body, Day, KeyedBody, Row

Status = Literal["draft", "issued", "sent", "paid", "overdue", "void"]


class DocumentQuery(Body):
    """Which document."""

    format: Literal["pdf", "isdoc"] = "pdf"


class ListQuery(Body):
    """How a list is written, and which part of it."""

    format: Literal["csv", "xlsx"] = "csv"
    bom: bool = Field(
        default=False, description="CSV only: begin with a UTF-8 byte order mark, as Excel wants."
    )
    from_date: Day | None = Field(default=None, alias="from", description="First day.")
    to_date: Day | None = Field(default=None, alias="to", description="Last day, included.")
    organization_id: UUID | None = Field(
        default=None, description="None: the caller's only organization."
    )

    @model_validator(mode="after")
    def _is_ordered(self) -> Self:
        if self.from_date and self.to_date and self.to_date < self.from_date:
            raise ValueError("to is not before from")
        return self


class InvoiceListQuery(ListQuery):
    """Which invoices; days are those of issue."""

    status: Status | None = Field(default=None, description="Drafts have no day of issue.")


class CreatePayer(KeyedBody):
    """Who pays for clients."""

    name: str = Field(min_length=1, max_length=200)
    registration_number: str | None = Field(
        default=None, max_length=30, description="Company number, such as IČO or CVR."
    )
    vat_number: str | None = Field(
        default=None, max_length=30, description="With its country's prefix, such as CZ12345678."
    )
    street: str | None = Field(default=None, max_length=200)
    city: str | None = Field(default=None, max_length=100)
    postal_code: str | None = Field(default=None, max_length=20)
    country: str | None = Field(
        default=None,
        pattern=r"^[A-Z]{2}$",
        description="ISO 3166-1 alpha-2. Default: that of the VAT number.",
    )
    email: str | None = Field(default=None, max_length=254)
    locale: Literal["cs", "en", "de", "da"] | None = None
    organization_id: UUID | None = Field(
        default=None, description="None: the caller's only organization."
    )


class Payer(Row):
    """A payer as it is stored."""

    id: UUID
    organization_id: UUID
    name: str
    registration_number: str | None
    vat_number: str | None


class SendInvoice(KeyedBody):
    """How an invoice is sent."""

    resend: bool = Field(default=False, description="Also when it was sent before.")


class SentInvoice(Row):
    """What became of an invoice."""

    invoice_id: UUID
    number: str
    status: Status
    sent_at: str | None = Field(json_schema_extra={"format": "date-time"})
    message_id: UUID | None = Field(description="Null: it was sent before.")
    was_sent: bool


class SendInvoices(KeyedBody):
    """Invoices to be sent, each by itself."""

    invoice_ids: list[UUID] = Field(min_length=1, max_length=1000)
    resend: bool = Field(default=False, description="Also those that were sent before.")
    organization_id: UUID | None = Field(
        default=None, description="None: the caller's only organization."
    )


class SendingResult(Row):
    """What became of one invoice."""

    number: int
    invoice_id: UUID
    status: Literal["pending", "done", "failed", "skipped"]
    code: str | None
    detail: str | None


class Sending(Row):
    """How far a bulk operation has come; while it is running, repeat the request with its key."""

    id: UUID
    status: Literal["running", "completed", "cancelled"]
    total_count: int
    done_count: int
    failed_count: int
    skipped_count: int
    results: list[SendingResult]


class SendReminders(KeyedBody):
    """Of which organization."""

    organization_id: UUID | None = Field(
        default=None, description="None: the caller's only organization."
    )


class SentReminders(Row):
    """What became of each invoice that a reminder was due for."""

    sent_count: int
    results: list[dict[str, Any]]
