"""What messages say: in the reader's language, by the right clock, and as people write it."""

from __future__ import annotations

from typing import Any

import pytest

from kernel.settings import Settings
from notifications import pages, texts, wording
from notifications.rendering import render
from notifications.wording import values

JOIN = "https://app.example.test/join/{appointment_id}"
MONDAY_NOON = "2026-11-23T11:00:00+00:00"


@pytest.fixture(autouse=True)
def configured(monkeypatch: pytest.MonkeyPatch) -> None:
    known = Settings.model_construct(join_url_template=JOIN)
    monkeypatch.setattr(wording, "settings", lambda: known)


def _prepared(*, data: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """One session in Prague at noon, told to a client in New York."""
    appointment = {
        "id": "an-id",
        "starts_at": MONDAY_NOON,
        "ends_at": "2026-11-23T11:50:00+00:00",
        "status": "confirmed",
        "mode": "in_person",
        "service_name": "Session",
        "practitioner_name": "Alex Morgan",
        "location_name": "Branch",
        "location_address": None,
        "timezone": "Europe/Prague",
    }
    is_client = changes.pop("is_client", True)
    count = changes.pop("count", 1)
    return {
        "recipient": {
            "name": "Sam",
            "timezone": "America/New_York",
            "is_client": is_client,
            "organization": {"name": "Practice", "contact_email": None},
        },
        "appointments": [appointment | changes] * count,
        "data": data or {},
    }


def _text(prepared: dict[str, Any], kind: str, locale: str) -> str:
    source = texts.built_in(kind, "email", locale)
    assert source is not None
    return render(source, values(prepared, locale, {})).text


@pytest.mark.parametrize(
    ("mode", "is_client", "time"),
    [
        ("in_person", True, "12:00"),
        ("in_person", False, "12:00"),
        ("video", True, "06:00"),
        ("video", False, "12:00"),
    ],
)
def test_a_place_has_its_clock_and_a_client_at_home_another(
    mode: str, time: str, *, is_client: bool
) -> None:
    found = values(_prepared(mode=mode, is_client=is_client), "en", {})["appointment"]
    assert found["time"] == time


def test_a_day_of_a_video_session_is_the_clients_too() -> None:
    late = "2026-11-23T02:00:00+00:00"
    found = values(_prepared(mode="video", starts_at=late), "en", {})["appointment"]
    assert (found["date"], found["time"]) == ("Sunday, 22 November 2026", "21:00")


@pytest.mark.parametrize("locale", sorted(texts.LANGUAGES))
@pytest.mark.parametrize(
    ("changes", "is_named"),
    [
        ({"mode": "video"}, True),
        ({"mode": "in_person"}, False),
        ({"mode": "video", "status": "cancelled"}, False),
        ({"mode": "video", "is_client": False}, False),
    ],
)
def test_a_client_finds_the_way_into_a_video_session(
    changes: dict[str, Any], locale: str, *, is_named: bool
) -> None:
    text = _text(_prepared(**changes), "appointment_reminder", locale)
    assert ("\nhttps://app.example.test/join/an-id\n" in text) == is_named


@pytest.mark.parametrize("locale", sorted(texts.LANGUAGES))
def test_what_waits_for_staff_is_not_called_booked(locale: str) -> None:
    confirmed = _text(_prepared(), "appointment_booked", locale)
    pending = _text(_prepared(status="pending"), "appointment_booked", locale)
    assert confirmed != pending
    assert pending.splitlines()[3:] == confirmed.splitlines()[3:]


@pytest.mark.parametrize("locale", sorted(texts.LANGUAGES))
@pytest.mark.parametrize("kind", ["invoice", "invoice_reminder"])
@pytest.mark.parametrize("currency", ["CZK", "DKK", "EUR", "GBP", "SEK"])
def test_an_amount_never_ends_in_two_full_stops(kind: str, locale: str, currency: str) -> None:
    data = {"number": "1", "total_amount": 9900, "open_amount": 9900, "currency": currency}
    data |= {"due_on": "2026-12-01", "account": "DK5000400440116243", "variable_symbol": "1"}
    assert ".." not in _text(_prepared(data=data), kind, locale)


def test_danish_says_the_article_of_a_day_once() -> None:
    prepared = _prepared()
    for kind in texts.KINDS:
        source = texts.built_in(kind, "email", "da")
        assert source is not None
        assert "den mandag" not in render(source, values(prepared, "da", {})).subject


@pytest.mark.parametrize(
    ("locale", "when"),
    [
        ("cs", "pondělí 23. listopadu 2026, 12:00 (středoevropský standardní čas)"),
        ("en", "Monday, 23 November 2026, 12:00 (Central European Standard Time)"),
    ],
)
def test_a_links_page_names_the_clock(locale: str, when: str) -> None:
    facts = {
        "purpose": "appointment_cancel",
        "locale": locale,
        "starts_at": MONDAY_NOON,
        "timezone": "Europe/Prague",
        "organization_name": "Practice",
        "service_name": "Session",
    }
    assert f"<p>{when}<br>Session</p>" in pages.asking(facts).decode()


@pytest.mark.parametrize("body", ["2026-11-20", "2026-02-30"])
def test_what_the_desk_writes_is_sent_as_it_is(body: str) -> None:
    prepared = _prepared(data={"subject": body, "body": body, "day": "2026-11-20"})
    found = values(prepared, "en", {})
    assert (found["data"]["body"], found["data"]["subject"]) == (body, body)
    assert found["day"] == "20 November 2026"
