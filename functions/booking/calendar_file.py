"""An appointment as an iCalendar invitation (RFC 5545, 5546), in the zone that the database tells.

One UID per appointment for ever and a SEQUENCE that follows its revision, so that calendars update
the entry they have instead of adding another.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from icalendar import Calendar, Event, Timezone, vCalAddress

if TYPE_CHECKING:
    from kernel.settings import Settings

PRODUCT: Final = "-//Praxis//Booking//EN"
TEXT_MAX_LENGTH: Final = 4000
STATUSES: Final = {"pending": "TENTATIVE", "cancelled": "CANCELLED"}

_EMAIL = re.compile(r"[^@\s\x00-\x1f\x7f,;:<>\"\\]+@[^@\s\x00-\x1f\x7f,;:<>\"\\]+")


def calendar_file(row: dict[str, Any], config: Settings) -> tuple[str, bytes]:
    """Return the METHOD and the file for one row of appointment_calendar."""
    zone = _zone(row["timezone"])
    starts_at, ends_at = (_instant(row[name]).astimezone(zone) for name in ("starts_at", "ends_at"))
    if starts_at.fold or ends_at.fold:
        # The hour that a clock change repeats cannot be told apart in local time (RFC 5545).
        zone = ZoneInfo("UTC")
        starts_at, ends_at = starts_at.astimezone(zone), ends_at.astimezone(zone)
    changed_at = _instant(row["updated_at"]).astimezone(UTC)
    organizer = _email(row.get("organizer_email")) or _email(config.calendar_organizer_email)
    attendee = _email(row.get("attendee_email"))
    method = "PUBLISH"
    if row["status"] == "cancelled":
        method = "CANCEL"
    elif organizer and attendee:
        # An invitation without both is not one (RFC 5546): then it is only an entry.
        method = "REQUEST"

    event = Event()
    event.add("uid", f"{row['appointment_id']}@{config.calendar_uid_domain}")
    event.add("sequence", int(row["revision"]))
    event.add("dtstamp", changed_at)
    event.add("last-modified", changed_at)
    event.add("dtstart", starts_at)
    event.add("dtend", ends_at)
    event.add("status", STATUSES.get(row["status"], "CONFIRMED"))
    event.add("transp", "TRANSPARENT" if row["status"] == "cancelled" else "OPAQUE")
    event.add("summary", _line(row.get("summary")) or "Appointment")
    if description := _text(row.get("description")):
        event.add("description", description)
    _add_place(event, row, config)
    if organizer:
        event.add("organizer", _person(organizer, row.get("organization_name")))
    if attendee:
        invited = _person(attendee, row.get("attendee_name"))
        invited.params["role"] = "REQ-PARTICIPANT"
        invited.params["partstat"] = "NEEDS-ACTION" if method == "REQUEST" else "ACCEPTED"
        invited.params["rsvp"] = "FALSE"
        event.add("attendee", invited)

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    if zone.key != "UTC":
        year = timedelta(days=366)
        calendar.add_component(
            Timezone.from_tzinfo(
                zone, first_date=(starts_at - year).date(), last_date=(ends_at + year).date()
            )
        )
    calendar.add_component(event)
    return method, calendar.to_ical()


def _add_place(event: Event, row: dict[str, Any], config: Settings) -> None:
    if row.get("mode") != "video":
        names = (_line(row.get("location_name")), _line(row.get("location_address")))
        if place := ", ".join(filter(None, names)):
            event.add("location", place)
    elif row["status"] != "cancelled" and (link := config.join_url(row["appointment_id"])):
        event.add("url", link)
        event.add(
            "conference", link, parameters={"VALUE": "URI", "FEATURE": "VIDEO", "LABEL": "Join"}
        )
        event.add("location", link)


def _person(email: str, name: str | None) -> vCalAddress:
    person = vCalAddress(f"mailto:{email}")
    if shown := _parameter(name):
        person.params["cn"] = shown
    return person


def _instant(value: str) -> datetime:
    return datetime.fromisoformat(value)


def _zone(name: str | None) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def _text(value: str | None) -> str:
    """Free text: its line breaks are kept (and escaped), other control characters are not."""
    text = (value or "").replace("\r\n", "\n").replace("\r", "\n")
    kept = (char for char in text if char == "\n" or unicodedata.category(char) != "Cc")
    return "".join(kept).strip()[:TEXT_MAX_LENGTH]


def _line(value: str | None) -> str:
    return " ".join(_text(value).split())


def _parameter(value: str | None) -> str:
    # Parameter values are quoted, and a quote inside cannot be escaped.
    return _line(value).replace('"', "'")


def _email(value: str | None) -> str | None:
    return value if value and _EMAIL.fullmatch(value) else None
