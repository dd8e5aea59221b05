"""From what the database prepared to a message in the recipient's language, zone and channel."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_time

from kernel.currencies import money
from kernel.settings import settings
from notifications import links, texts
from notifications.rendering import SMS_MAX_LENGTH, BadTemplateError, Source, plain, render

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notifications.rendering import Rendered

# Such kinds cannot be unsubscribed: they are owed.
OWED: Final = frozenset({"invoice", "invoice_reminder"})
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Worded:
    """A message in words, with what its channel needs beside them."""

    subject: str
    text: str
    html: str
    unsubscribe_url: str | None


def written(locale: str) -> str:
    """The locale in whose way days and times are written: English as in Europe."""
    return "en_GB" if locale == "en" else locale


def _day(moment: date, locale: str) -> str:
    return format_date(moment, "full", locale)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _appointment(
    row: Mapping[str, Any], recipient: Mapping[str, Any], locale: str
) -> dict[str, str]:
    # People go to a place by its clock. A client who joins by video sits before the own one.
    is_joined = row["mode"] == "video" and recipient["is_client"]
    takes_place = row["status"] != "cancelled"
    zone = ZoneInfo(recipient["timezone"] if is_joined else row["timezone"])
    starts, ends = _instant(row["starts_at"]), _instant(row["ends_at"])
    local = starts.astimezone(zone)
    place = [row["location_name"], row["location_address"]] if row["mode"] == "in_person" else []
    return {
        "date": _day(local.date(), locale),
        "day": format_date(local.date(), "short", locale),
        "time": format_time(starts, "short", zone, locale),
        "end": format_time(ends, "short", zone, locale),
        "service": row["service_name"],
        "practitioner": row["practitioner_name"],
        "place": ", ".join(filter(None, place)),
        "mode": row["mode"],
        "status": row["status"],
        "join_url": (is_joined and takes_place and settings().join_url(row["id"])) or "",
    }


def _data(data: Mapping[str, Any], locale: str, timezone: str) -> dict[str, Any]:
    """Plain values as they are; amounts, days and instants also as people write them."""
    found: dict[str, Any] = dict(data)
    zone = ZoneInfo(data["timezone"] if isinstance(data.get("timezone"), str) else timezone)
    for name, value in data.items():
        is_day = name == "day" or name.endswith("_on")
        if is_day and isinstance(value, str) and _DAY.fullmatch(value):
            found[name] = format_date(date.fromisoformat(value), "long", locale)
        elif isinstance(value, str) and name.endswith("_at") and _INSTANT.fullmatch(value):
            words = format_datetime(_instant(value), "short", zone, locale)
            found[name.removesuffix("_at")] = words
        elif name.endswith("_amount") and isinstance(value, int) and "currency" in data:
            found[name.removesuffix("_amount")] = money(value, data["currency"], locale)
    return found


def values(prepared: Mapping[str, Any], locale: str, urls: Mapping[str, str]) -> dict[str, Any]:
    """What a template may print."""
    locale = written(locale)
    recipient = prepared["recipient"]
    appointments = [_appointment(row, recipient, locale) for row in prepared["appointments"]]
    data = _data(prepared["data"], locale, recipient["timezone"])
    organization = recipient["organization"]
    return {
        "recipient": {"name": recipient["name"]},
        "organization": {
            "name": organization["name"],
            "contact_email": organization["contact_email"] or "",
        },
        "appointments": appointments,
        "appointment": appointments[0] if appointments else {},
        "day": data.get("day", ""),
        "data": data,
        "links": dict(urls),
    }


def source_of(prepared: Mapping[str, Any], kind: str, channel: str) -> tuple[Source, str] | None:
    """The organization's own template or the built-in one, with its language."""
    own = prepared.get("template")
    if own is not None:
        return Source(own["subject"], own["body"], own["html"]), own["locale"]
    locale = prepared["recipient"]["locale"]
    built_in = texts.built_in(kind, channel, locale)
    return None if built_in is None else (built_in, locale)


def link_urls(message_id: str, purposes: list[str]) -> dict[str, str]:
    """The links that a message carries, by purpose."""
    return {
        purpose: links.address("links", links.token(message_id, purpose)) for purpose in purposes
    }


def _rendered(
    source: Source, kind: str, channel: str, locale: str, found: dict[str, Any]
) -> Rendered:
    try:
        return render(source, found)
    except BadTemplateError:
        # An organization's broken words must not keep its people waiting: the built-in ones do.
        built_in = texts.built_in(kind, channel, locale)
        if built_in is None or built_in == source:
            raise
        return render(built_in, found)


def word(message: Mapping[str, Any], prepared: Mapping[str, Any]) -> Worded | None:
    """The message in words; None when nobody has words for its kind."""
    kind, channel, message_id = message["kind"], message["channel"], message["id"]
    found = source_of(prepared, kind, channel)
    if found is None:
        return None
    source, locale = found
    urls = link_urls(message_id, prepared["links"])
    rendered = _rendered(source, kind, channel, locale, values(prepared, locale, urls))
    text, html, url = rendered.text, rendered.html, None
    if channel == "email" and kind not in OWED:
        url = links.address("unsubscribe", links.unsubscribe_token(message_id))
        words = texts.words(locale).unsubscribe
        text = f"{text}\n\n-- \n{words} {url}"
        html = f'{html}\n<hr>\n<p><small><a href="{url}">{words}</a></small></p>'
    if channel == "sms":
        text = plain(text)[:SMS_MAX_LENGTH]
    return Worded(rendered.subject, text, html, url)
