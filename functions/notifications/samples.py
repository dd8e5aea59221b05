"""Made-up values for previews: one of everything that a template may print."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from notifications.wording import values as values_of


def values(locale: str) -> dict[str, Any]:
    """What a template would be given, for nobody in particular."""
    starts = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0)
    starts += timedelta(days=2)
    appointment = {
        "id": "019a0000-0000-7000-8000-000000000000",
        "starts_at": starts.isoformat(),
        "ends_at": (starts + timedelta(minutes=50)).isoformat(),
        "status": "confirmed",
        "mode": "in_person",
        "service_name": "Individual session",
        "practitioner_name": "Alex Morgan",
        "location_name": "Main branch",
        "location_address": "12 Example Street",
        "timezone": "Europe/Prague",
    }
    prepared = {
        "recipient": {
            "name": "Sam Example",
            "timezone": "Europe/Prague",
            "is_client": True,
            "organization": {"name": "Example Practice", "contact_email": "desk@example.test"},
        },
        "appointments": [appointment],
        "data": {
            "subject": "A few words",
            "body": "The practice is closed on Friday.",
            "day": starts.date().isoformat(),
            "kind": "invoice",
            "number": "2026-0042",
            "total_amount": 120_000,
            "open_amount": 120_000,
            "currency": "CZK",
            "due_on": (starts + timedelta(days=12)).date().isoformat(),
            "account": "19-2000145399/0800",
            "variable_symbol": "20260042",
            "service_name": "Individual session",
            "practitioner_name": "Alex Morgan",
            "starts_at": starts.isoformat(),
            "expires_at": (starts - timedelta(days=1)).isoformat(),
        },
    }
    purposes = ("appointment_confirm", "appointment_cancel", "waitlist_accept", "waitlist_decline")
    urls = {purpose: f"https://example.test/{purpose}" for purpose in purposes}
    return values_of(prepared, locale, urls)
