"""The pages behind links in messages: small, without scripts, styles or anything from elsewhere."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, get_timezone_name
from markupsafe import Markup

from notifications import texts
from notifications.wording import written

if TYPE_CHECKING:
    from collections.abc import Mapping

_PAGE = Markup(
    "<!doctype html>\n"
    '<html lang="{locale}"><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width">'
    '<meta name="robots" content="noindex"><title>{title}</title>\n'
    "<h1>{title}</h1>\n{body}</html>\n"
)


def _page(locale: str, title: str, body: Markup) -> bytes:
    return _PAGE.format(locale=locale, title=title, body=body).encode()


def _what(facts: Mapping[str, Any], locale: str) -> Markup:
    starts_at = facts.get("starts_at")
    if not starts_at:
        return Markup("")
    local = datetime.fromisoformat(starts_at).astimezone(ZoneInfo(facts["timezone"]))
    locale = written(locale)
    # Whoever opens a link may be elsewhere, so the clock has its name.
    return Markup("<p>{}, {} ({})<br>{}</p>\n").format(
        format_date(local, "full", locale),
        format_time(local, "short", locale=locale),
        get_timezone_name(local, locale=locale),
        facts.get("service_name") or "",
    )


def asking(facts: Mapping[str, Any]) -> bytes:
    """What a link would do, with the button that does it."""
    locale = facts["locale"]
    language = texts.words(locale)
    form = Markup('{}<form method="post"><button>{}</button></form>\n').format(
        _what(facts, locale), language.button
    )
    heading = Markup("<p>{}</p>\n").format(facts["organization_name"])
    return _page(locale, language.asks[facts["purpose"]], heading + form)


def done(facts: Mapping[str, Any]) -> bytes:
    """That it is done."""
    locale = facts["locale"]
    words = texts.words(locale).done[facts["purpose"]]
    heading = Markup("<p>{}</p>\n").format(facts["organization_name"])
    return _page(locale, words, heading + _what(facts, locale))


def refused(facts: Mapping[str, Any]) -> bytes:
    """That it cannot be done any more, and whom to ask."""
    locale = facts["locale"]
    body = Markup("<p>{}</p>\n").format(facts["organization_name"]) + _what(facts, locale)
    if facts.get("contact_email"):
        body += Markup('<p><a href="mailto:{0}">{0}</a></p>\n').format(facts["contact_email"])
    return _page(locale, texts.words(locale).refused, body)


def unusable() -> bytes:
    """That a link does not work, in every language: we do not know whose it was."""
    body = Markup("\n").join(
        Markup('<p lang="{}">{}</p>').format(locale, language.unusable)
        for locale, language in texts.LANGUAGES.items()
    )
    return _page("en", "404", body)
