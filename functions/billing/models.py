"""What the billing function takes and answers. Names are those of the SQL functions."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from kernel.models import Body, Day, KeyedBody, Row


class CreateReport(KeyedBody):
    """A snapshot of a period."""

    period_start: Day = Field(description="First local day of the organization.")
    period_end: Day = Field(description="Local day after the last: not included.")
    organization_id: UUID | None = Field(
        default=None, description="None: the caller's only organization."
    )


class MarkInvoiced(KeyedBody):
    """Appointments that an invoice outside now covers: all of them or none."""

    appointment_ids: list[UUID] = Field(
        min_length=1, max_length=10_000, description="Finished appointments, not yet invoiced."
    )


class ExportQuery(Body):
    """How the lines are written."""

    format: Literal["csv", "xlsx", "json"] = "csv"
    bom: bool = Field(
        default=False, description="CSV only: begin with a UTF-8 byte order mark, as Excel wants."
    )


class Sum(Row):
    """How many sessions of one kind, and what they cost together."""

    count: int
    amount: int = Field(description="In minor units.")


class Total(Row):
    """Totals in one currency."""

    currency: str
    completed_unpaid: Sum
    completed_paid: Sum
    completed_invoiced: Sum
    no_show: Sum


class Report(Row):
    """An immutable snapshot of what was done in a period."""

    id: UUID
    organization_id: UUID
    period_start: str = Field(json_schema_extra={"format": "date"})
    period_end: str = Field(json_schema_extra={"format": "date"})
    timezone: str
    line_count: int
    totals: list[Total]
    created_at: str = Field(json_schema_extra={"format": "date-time"})


class Summary(Row):
    """Sums of one practitioner, service, client and currency; amounts in minor units."""

    practitioner_id: UUID
    practitioner_name: str
    service_id: UUID
    service_name: str
    client_id: UUID
    client_name: str
    currency: str


class ReportWithSummaries(Report):
    """A report with its sums."""

    summaries: list[Summary]


class Line(Row):
    """A completed or missed appointment, as it was when the report was made."""

    line_number: int
    appointment_id: UUID
    starts_at: str = Field(json_schema_extra={"format": "date-time"})
    ends_at: str = Field(json_schema_extra={"format": "date-time"})
    practitioner_id: UUID
    practitioner_name: str
    service_id: UUID
    service_name: str
    client_id: UUID
    client_name: str
    status: Literal["completed", "no_show"]
    payment_status: Literal["unpaid", "paid", "invoiced", "refunded"]
    price_amount: int = Field(description="In minor units of `currency`.")
    currency: str


class Invoiced(Row):
    """How many appointments were marked."""

    invoiced_count: int


class ExportedReport(Row):
    """The JSON export."""

    report: Report
    lines: list[Line]
