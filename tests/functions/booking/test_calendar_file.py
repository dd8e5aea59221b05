"""Calendar entries: read back by a parser, and checked as raw lines where injection would show."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from icalendar import Calendar

from booking.calendar_file import calendar_file
from kernel.settings import settings

if TYPE_CHECKING:
    from collections.abc import Callable

    import respx
    from flask.testing import FlaskClient

ID = "0b6d7c3e-52c4-4d3f-8f0e-0a4f7a1f2b10"


@pytest.fixture
def row() -> dict[str, Any]:
    return {
        "appointment_id": ID,
        "revision": 3,
        "status": "confirmed",
        "starts_at": "2026-03-30T07:00:00+00:00",
        "ends_at": "2026-03-30T07:50:00+00:00",
        "timezone": "America/New_York",
        "location_timezone": "Europe/Prague",
        "summary": "Fyzioterapie, první vyšetření",
        "description": "Přineste si zprávu; ručník, prosím.\nTěšíme se.",
        "location_name": "Přístav",
        "location_address": "Nábřežní 1, Praha",
        "organization_name": "Přístav, s.r.o.",
        "organizer_email": "recepce@pristav.test",
        "attendee_name": "Jana Nováková",
        "attendee_email": "jana@example.test",
        "cancelled_at": None,
        "updated_at": "2026-03-01T12:34:56.789012+00:00",
        "mode": "in_person",
    }


@pytest.fixture
def make(environment: Callable[..., None]) -> Callable[[dict[str, Any]], tuple[str, bytes, Any]]:
    """Write the file; returns method, raw file and the parsed event."""
    environment()

    def write(row: dict[str, Any]) -> tuple[str, bytes, Any]:
        method, content = calendar_file(row, settings())
        calendar = Calendar.from_ical(content)
        assert calendar["method"] == method
        (event,) = calendar.walk("VEVENT")
        assert not event.errors
        return method, content, event

    return write


def test_an_invitation(make: Any, row: dict[str, Any]) -> None:
    method, content, event = make(row)
    assert method == "REQUEST"
    assert event["uid"] == f"{ID}@praxis"
    assert event["sequence"] == 3
    assert event["status"] == "CONFIRMED"
    assert event["summary"] == row["summary"]
    assert event["description"] == row["description"]
    assert event["location"] == "Přístav, Nábřežní 1, Praha"
    assert event["organizer"] == "mailto:recepce@pristav.test"
    assert event["organizer"].params["cn"] == "Přístav, s.r.o."
    assert event["attendee"] == "mailto:jana@example.test"
    assert event["attendee"].params["cn"] == "Jana Nováková"
    assert event["attendee"].params["partstat"] == "NEEDS-ACTION"
    changed = datetime(2026, 3, 1, 12, 34, 56, tzinfo=UTC)
    assert event["last-modified"].dt == changed
    assert event["dtstamp"].dt == changed
    assert b"url" not in content.lower().replace(b"caladdress", b"")


@pytest.mark.parametrize(
    ("zone", "local", "offset"),
    [
        ("Europe/Prague", "20260330T090000", 2),
        ("America/New_York", "20260330T030000", -4),
        ("Asia/Kolkata", "20260330T123000", 5.5),
        ("Europe/London", "20260330T080000", 1),
    ],
)
def test_times_are_in_the_recipients_zone(
    make: Any, row: dict[str, Any], zone: str, local: str, offset: float
) -> None:
    _, content, event = make({**row, "timezone": zone})
    assert f"DTSTART;TZID={zone}:{local}".encode() in content
    assert event["dtstart"].dt == datetime(2026, 3, 30, 7, tzinfo=UTC)
    assert event["dtend"].dt - event["dtstart"].dt == timedelta(minutes=50)
    described: Any
    (described,) = Calendar.from_ical(content).walk("VTIMEZONE")
    assert described["tzid"] == zone
    # The zone as the file itself describes it, which is what calendars go by.
    moment = datetime(2026, 3, 30, 7, tzinfo=UTC).astimezone(described.to_tz())
    assert moment.utcoffset() == timedelta(hours=offset)


@pytest.mark.parametrize(
    "starts_at",
    [
        "2026-03-29T00:30:00+00:00",
        "2026-03-29T01:00:00+00:00",
        "2026-10-24T23:30:00+00:00",
        "2026-10-25T00:30:00+00:00",
        "2026-10-25T00:55:00+00:00",
        "2026-10-25T01:30:00+00:00",
        "2026-10-25T02:00:00+00:00",
    ],
)
def test_59_around_a_clock_change_the_instant_is_unambiguous(
    make: Any, row: dict[str, Any], starts_at: str
) -> None:
    start = datetime.fromisoformat(starts_at)
    end = start + timedelta(minutes=50)
    changed = {"starts_at": starts_at, "ends_at": end.isoformat(), "timezone": "Europe/Prague"}
    _, _, event = make({**row, **changed})
    # RFC 5545: a local time that occurs twice means its first occurrence.
    assert event["dtstart"].dt.astimezone(UTC) == start
    assert event["dtend"].dt.astimezone(UTC) == end


@pytest.mark.parametrize("zone", [None, "", "UTC", "Mars/Olympus", "../../etc/passwd"])
def test_an_unknown_zone_falls_back_to_utc(make: Any, row: dict[str, Any], zone: Any) -> None:
    _, content, _ = make({**row, "timezone": zone})
    assert b"DTSTART:20260330T070000Z" in content
    assert b"VTIMEZONE" not in content


def test_a_cancellation_keeps_uid_and_raises_sequence(make: Any, row: dict[str, Any]) -> None:
    _, _, before = make(row)
    method, _, event = make(
        {**row, "status": "cancelled", "revision": 4, "cancelled_at": "2026-03-02T00:00:00+00:00"}
    )
    assert method == "CANCEL"
    assert event["status"] == "CANCELLED"
    assert event["uid"] == before["uid"]
    assert event["sequence"] == before["sequence"] + 1


def test_states(make: Any, row: dict[str, Any]) -> None:
    assert make({**row, "status": "pending"})[2]["status"] == "TENTATIVE"
    for status in ("confirmed", "in_progress", "completed", "no_show"):
        assert make({**row, "status": status})[2]["status"] == "CONFIRMED"


def test_without_an_address_it_is_an_entry_and_no_invitation(
    make: Any, row: dict[str, Any], environment: Callable[..., None]
) -> None:
    for missing in ("organizer_email", "attendee_email"):
        for value in (None, "", "no address", "a@b\r\nX-EVIL:1", 'a"b@c'):
            method, content, event = make({**row, missing: value})
            assert method == "PUBLISH"
            assert b"EVIL" not in content
            assert event["uid"]
    environment(CALENDAR_ORGANIZER_EMAIL="kalendar@praxis.test")
    method, content = calendar_file({**row, "organizer_email": None}, settings())
    assert method == "REQUEST"
    assert b"mailto:kalendar@praxis.test" in content


EVIL = 'x"\r\nATTENDEE:mailto:evil@evil.test\r\nX-EVIL:1\n;BEGIN:VALARM\rEND:VEVENT\x00\x1b\u2028'


@pytest.mark.parametrize(
    "field",
    [
        "summary",
        "description",
        "location_name",
        "location_address",
        "organization_name",
        "attendee_name",
    ],
)
def test_61_names_cannot_add_properties(make: Any, row: dict[str, Any], field: str) -> None:
    _, content, event = make({**row, field: EVIL})
    unfolded = content.replace(b"\r\n ", b"").split(b"\r\n")
    names = [line.split(b":")[0].split(b";")[0] for line in unfolded if line]
    assert names.count(b"ATTENDEE") == 1
    assert b"X-EVIL" not in names
    assert names.count(b"BEGIN") == names.count(b"END")
    assert b"VALARM" not in [line.partition(b":")[2] for line in unfolded if b"BEGIN" in line[:5]]
    assert b"\x00" not in content
    assert b"\x1b" not in content
    assert not any(line.strip(b"\r") != line or b"\n" in line for line in unfolded)
    assert event["uid"] == f"{ID}@praxis"


def test_lines_are_folded_and_end_in_crlf(make: Any, row: dict[str, Any]) -> None:
    _, content, event = make(
        {**row, "summary": "ř" * 300, "attendee_name": "Ž" * 200, "description": "👋" * 500}
    )
    assert content.endswith(b"\r\n")
    lines = content.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert not any(b"\n" in line for line in lines)
    for line in lines:
        line.decode()
    assert event["summary"] == "ř" * 300


def test_a_video_appointment_has_its_link(
    row: dict[str, Any], environment: Callable[..., None]
) -> None:
    environment(JOIN_URL_TEMPLATE="https://app.example.org/join/{appointment_id}")
    link = f"https://app.example.org/join/{ID}"
    _, content = calendar_file({**row, "mode": "video"}, settings())
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    assert event["url"] == link
    assert event["conference"] == link
    assert event["location"] == link
    _, content = calendar_file({**row, "mode": "video", "status": "cancelled"}, settings())
    assert link.encode() not in content.replace(b"\r\n ", b"")


def test_over_http(
    client: Callable[[str], FlaskClient],
    api: respx.MockRouter,
    signed_in: dict[str, str],
    row: dict[str, Any],
) -> None:
    route = api.post("/rest/v1/rpc/appointment_calendar").mock(
        side_effect=[httpx.Response(200, json=row), httpx.Response(200, json=[row])]
    )
    first = client("booking").get(f"/{ID}/calendar.ics", headers=signed_in)
    second = client("booking").get(f"/booking/{ID}/calendar.ics", headers=signed_in)
    assert json.loads(route.calls.last.request.content) == {"appointment_id": ID}
    assert first.status_code == 200
    assert first.content_type == "text/calendar; charset=utf-8; method=REQUEST"
    assert first.headers["Content-Disposition"] == 'attachment; filename="appointment.ics"'
    assert first.data == second.data
