"""Routes of the booking function: validate, call one SQL function, add links, answer."""

from __future__ import annotations

from functools import partial
from types import NoneType
from typing import Any

from booking.models import (
    Appointment,
    Appointments,
    BookAppointment,
    BookBlock,
    Cancel,
    CancelBlock,
    Reschedule,
    RescheduleBlock,
    Transition,
)
from kernel.errors import not_found
from kernel.models import Row
from kernel.routing import Call, Function, Reply, Route
from kernel.settings import settings


def with_links(appointment: dict[str, Any]) -> dict[str, Any]:
    """Add where the calendar entry and the video room are."""
    config, appointment_id = settings(), appointment["id"]
    address = f"{config.server_url('booking')}/booking/{appointment_id}/calendar.ics"
    join = None
    if appointment.get("mode") == "video":
        join = config.join_url(appointment_id) or f"{config.server_url('video')}/video/rooms"
    return {**appointment, "calendar_url": address, "join_url": join}


def change_one(function: str, status: int, call: Call) -> Reply:
    """Run a SQL function that returns one appointment."""
    return Reply(with_links(call.rpc(function, **call.parameters)), status)


def change_block(function: str, status: int, call: Call) -> Reply:
    """Run a SQL function that returns appointments of one series."""
    rows = [with_links(row) for row in call.rpc(function, list, **call.parameters)]
    block_id = rows[0]["block_id"] if rows else None
    return Reply({"block_id": block_id, "appointments": rows}, status)


def calendar(call: Call) -> Reply:
    """The appointment as an iCalendar file, for the caller as recipient."""
    # A cold start that only books need not wait for the calendar library.
    from booking.calendar_file import calendar_file  # noqa: PLC0415

    row = call.database.rpc(
        "appointment_calendar", call.parameters, repeatable=True, answers=(dict, list, NoneType)
    )
    if isinstance(row, list):
        row = row[0] if row else None
    if not row:
        raise not_found()
    method, content = calendar_file(row, settings())
    return Reply(
        content=content,
        content_type=f"text/calendar; charset=utf-8; method={method}",
        headers={"Content-Disposition": 'attachment; filename="appointment.ics"'},
    )


def _change(path: str, function: str, summary: str, body: type, *refusals: str) -> Route:
    return Route(
        "POST",
        path,
        partial(change_one, function, 200),
        summary,
        Appointment,
        body,
        refusals=refusals,
    )


SLOT_REFUSALS = (
    "slot_taken",
    "client_busy",
    "outside_working_hours",
    "not_activated",
    "too_late",
    "invalid_state",
)

BOOKING = Function(
    "booking",
    "Appointments: book, move, cancel, run, and their calendar entries.",
    [
        Route(
            "POST",
            "",
            partial(change_one, "book_appointment", 201),
            "Book an appointment",
            Appointment,
            BookAppointment,
            status=201,
            refusals=SLOT_REFUSALS,
        ),
        Route(
            "POST",
            "/blocks",
            partial(change_block, "book_block", 201),
            "Book a series",
            Appointments,
            BookBlock,
            status=201,
            refusals=SLOT_REFUSALS,
        ),
        Route(
            "POST",
            "/blocks/{appointment_id}/cancel",
            partial(change_block, "cancel_block", 200),
            "Cancel an occurrence, this and following, or all future ones",
            Appointments,
            CancelBlock,
            refusals=("too_late", "invalid_state"),
        ),
        Route(
            "POST",
            "/blocks/{appointment_id}/reschedule",
            partial(change_block, "reschedule_block", 200),
            "Move an occurrence, this and following, or all future ones",
            Appointments,
            RescheduleBlock,
            refusals=SLOT_REFUSALS,
        ),
        _change(
            "/{appointment_id}/reschedule",
            "reschedule_appointment",
            "Move an appointment",
            Reschedule,
            *SLOT_REFUSALS,
        ),
        _change(
            "/{appointment_id}/cancel",
            "cancel_appointment",
            "Cancel an appointment",
            Cancel,
            "too_late",
            "invalid_state",
        ),
        _change(
            "/{appointment_id}/confirm",
            "confirm_appointment",
            "Confirm a pending appointment",
            Transition,
            "invalid_state",
            "slot_taken",
            "client_busy",
        ),
        _change(
            "/{appointment_id}/pay",
            "pay_appointment",
            "Pay an appointment with credits",
            Transition,
            "insufficient_credits",
            "invalid_state",
        ),
        _change(
            "/{appointment_id}/start",
            "start_appointment",
            "Mark an appointment as begun",
            Transition,
            "invalid_state",
        ),
        _change(
            "/{appointment_id}/complete",
            "complete_appointment",
            "Mark an appointment as done",
            Transition,
            "invalid_state",
        ),
        _change(
            "/{appointment_id}/no-show",
            "mark_no_show",
            "Mark that the client did not come",
            Transition,
            "invalid_state",
        ),
        Route(
            "GET",
            "/{appointment_id}/calendar.ics",
            calendar,
            "The appointment as an iCalendar file",
            Row,
            media_types={"text/calendar": "RFC 5545, METHOD REQUEST, PUBLISH or CANCEL."},
        ),
    ],
)
