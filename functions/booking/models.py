"""What the booking function takes and answers. Names are those of the SQL functions."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from kernel.models import Instant, KeyedBody, Row

SCOPES = "this occurrence, this_and_following, or all_future of the series"


class BookAppointment(KeyedBody):
    """A new appointment."""

    service_id: UUID
    starts_at: Instant = Field(description="A start offered by find_slots, RFC 3339 with offset.")
    practitioner_id: UUID | None = Field(default=None, description="None: any free practitioner.")
    client_id: UUID | None = Field(default=None, description="None: the caller's own record.")
    room_id: UUID | None = Field(default=None, description="None: any free room of the service.")
    location_id: UUID | None = Field(default=None, description="None: any location.")
    note: str | None = Field(default=None, description="Seen by client and practice.")
    allow_overlap: bool = Field(
        default=False,
        description="Staff only: book over others; practitioners in the own calendar.",
    )
    overlap_reason: str | None = Field(default=None, description="Required with allow_overlap.")


class BookBlock(KeyedBody):
    """A new series of appointments at the same local time."""

    service_id: UUID
    practitioner_id: UUID
    client_id: UUID
    starts_at: Instant = Field(description="Start of the first occurrence, RFC 3339 with offset.")
    occurrences: int = Field(description="How many appointments.")
    interval_weeks: int = Field(default=1, description="Weeks from one to the next.")
    skip_conflicts: bool = Field(
        default=False, description="Leave out occurrences that conflict; otherwise none is booked."
    )
    room_id: UUID | None = None
    note: str | None = None


class Reschedule(KeyedBody):
    """A new time, and perhaps another practitioner or room."""

    starts_at: Instant = Field(description="The new start, RFC 3339 with offset.")
    practitioner_id: UUID | None = None
    room_id: UUID | None = None
    allow_overlap: bool = Field(
        default=False,
        description="Staff only: move over others; practitioners in the own calendar.",
    )
    overlap_reason: str | None = Field(default=None, description="Required with allow_overlap.")


class Cancel(KeyedBody):
    """Why, and whether what was paid is given back."""

    reason: str | None = Field(default=None, description="Seen by client and practice.")
    refund: bool | None = Field(
        default=None,
        description="False: no refund. Else staff refund, and for clients the policy decides.",
    )


class CancelBlock(Cancel):
    """Cancels part of a series."""

    scope: Literal["this", "this_and_following", "all_future"] = Field(description=SCOPES)


class RescheduleBlock(KeyedBody):
    """Moves part of a series by the same local time difference."""

    scope: Literal["this", "this_and_following", "all_future"] = Field(description=SCOPES)
    starts_at: Instant = Field(description="New start of the addressed occurrence.")
    practitioner_id: UUID | None = None
    room_id: UUID | None = None


class Transition(KeyedBody):
    """Confirm, pay, start, complete, no-show: the address says it all."""


class Appointment(Row):
    """An appointment as it is after the change."""

    id: UUID
    organization_id: UUID
    location_id: UUID
    client_id: UUID
    practitioner_id: UUID
    service_id: UUID
    room_id: UUID | None = None
    block_id: UUID | None = Field(default=None, description="The series it belongs to.")
    starts_at: str = Field(json_schema_extra={"format": "date-time"})
    ends_at: str = Field(json_schema_extra={"format": "date-time"})
    status: Literal["pending", "confirmed", "in_progress", "completed", "cancelled", "no_show"]
    payment_status: Literal["unpaid", "paid", "refunded", "invoiced"]
    price_amount: int = Field(description="In minor units of `currency`.")
    currency: str = Field(description="ISO 4217 code.")
    mode: Literal["in_person", "video"]
    revision: int = Field(description="Raised by every change; SEQUENCE of the calendar entry.")
    calendar_url: str = Field(description="The iCalendar file; needs the access token.")
    join_url: str | None = Field(
        description="Where a video appointment is joined: the frontend's page, else the function"
        " that makes rooms. None for appointments in person."
    )


class Appointments(Row):
    """The appointments of a series that a request booked, moved or cancelled."""

    block_id: UUID | None
    appointments: list[Appointment]
