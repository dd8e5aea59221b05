"""Routes: the worker's entry point, the desk's messages, links in messages, providers' reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kernel.bodies import Raw
from kernel.errors import Problem, invalid_argument, not_found
from kernel.routing import Function, Reply, Route
from notifications import links, pages, samples, texts, webhooks
from notifications.models import (
    LinkAnswer,
    OperationAnswer,
    PreviewAnswer,
    PreviewBody,
    ReportAnswer,
    RunAnswer,
    RunBody,
    SendBody,
    TwilioQuery,
)
from notifications.rendering import Source, checked
from notifications.worker import Run

if TYPE_CHECKING:
    from collections.abc import Callable

    from kernel.routing import Call

FORM: Final = "application/x-www-form-urlencoded"
# A browser's form, a mail program's one click, or a program.
ANSWERED: Final = Raw(max_bytes=4096, media_types=(FORM, "multipart/form-data", "application/json"))
REPORT_MAX_BYTES: Final = 256 * 1024
PAGE_TYPE: Final = "text/html; charset=utf-8"
# The one answer to a link that is unknown, used, expired or for something else.
UNUSABLE: Final = "This link does not work, or no longer."
# What the rules of the practice, or of time, may answer to a link that works.
REFUSALS: Final = ("too_late", "invalid_state")


def run(call: Call) -> Reply:
    """Deliver what is due."""
    limits = call.body
    counts = Run(call.service, max_seconds=limits.max_seconds, batch_size=limits.batch_size).go()
    return Reply({"counts": counts})


def send(call: Call) -> Reply:
    """Write to clients, as the desk."""
    return Reply(call.rpc("send_message_to_clients"), status=202)


def preview(call: Call) -> Reply:
    """Show a template with made-up values."""
    wish = call.body
    built_in = texts.built_in(wish.kind, wish.channel, wish.locale)
    if built_in is None and wish.body is None:
        raise invalid_argument(f"There are no built-in words for {wish.kind}: give a body.")
    base = built_in or Source("", "")
    source = Source(
        base.subject if wish.subject is None else wish.subject,
        wish.body or base.body,
        wish.html,
    )
    found = checked(source, samples.values(wish.locale))
    return Reply({"subject": found.subject, "text": found.text, "html": found.html})


Facts = dict[str, Any] | None


def _link(call: Call, name: str) -> Facts:
    arguments = {"token": call.parameters["token"]}
    facts: Facts = call.service.rpc(name, arguments, answers=(dict, type(None)))
    return facts


def _answer(call: Call, facts: Facts, page: Callable[[dict[str, Any]], bytes]) -> Reply:
    if facts is None and call.wants_page:
        return Reply(status=404, content=pages.unusable(), content_type=PAGE_TYPE)
    if facts is None:
        raise not_found(UNUSABLE)
    if call.wants_page:
        return Reply(content=page(facts), content_type=PAGE_TYPE)
    return Reply(facts)


def look_up_link(call: Call) -> Reply:
    """Show what a link would do; changes nothing, for mail scanners follow links."""
    return _answer(call, _link(call, "look_up_link"), pages.asking)


def use_link(call: Call) -> Reply:
    """Do what a link is for."""
    try:
        facts = _link(call, "use_link")
    except Problem as problem:
        # A refusal leaves the link usable, so that it can say in which language.
        if not call.wants_page or problem.code not in REFUSALS:
            raise
        asked = _link(call, "look_up_link")
        if asked is None:
            raise
        return Reply(status=problem.status, content=pages.refused(asked), content_type=PAGE_TYPE)
    return _answer(call, facts, pages.done)


def _unsubscribe(call: Call, *, confirm: bool) -> Facts:
    message_id = links.unsubscribed_message(call.parameters["token"])
    if message_id is None:
        return None
    arguments = {"message_id": message_id, "confirm": confirm}
    facts: Facts = call.service.rpc(
        "unsubscribe", arguments, repeatable=True, answers=(dict, type(None))
    )
    return None if facts is None else {**facts, "purpose": "unsubscribe"}


def look_up_unsubscribe(call: Call) -> Reply:
    """Show what an unsubscribe link would turn off; changes nothing."""
    return _answer(call, _unsubscribe(call, confirm=False), pages.asking)


def unsubscribe(call: Call) -> Reply:
    """Turn a kind of message off, by one click (RFC 8058)."""
    return _answer(call, _unsubscribe(call, confirm=True), pages.done)


def resend_report(call: Call) -> Reply:
    """Take a report of Resend."""
    return Reply({"result": webhooks.resend(call)})


def twilio_report(call: Call) -> Reply:
    """Take a report of Twilio."""
    return Reply({"result": webhooks.twilio(call)})


_PAGES = {"application/json": "What the link is for.", "text/html": "The same as a page."}
_LINKS: dict[str, Any] = {"access": "public", "uses_secret": True, "media_types": _PAGES}

NOTIFICATIONS = Function(
    "notifications",
    "Messages: delivery by e-mail, SMS and push, the desk's own, links, reports of providers.",
    [
        Route(
            "POST",
            "/run",
            run,
            "Deliver what is due, for at most a bounded time",
            RunAnswer,
            body=RunBody,
            access="service:notifications:run",
            uses_secret=True,
        ),
        Route(
            "POST",
            "/send",
            send,
            "Write to clients",
            OperationAnswer,
            body=SendBody,
            status=202,
        ),
        Route("POST", "/preview", preview, "Try a template", PreviewAnswer, body=PreviewBody),
        Route("GET", "/links/{token}", look_up_link, "What a link would do", LinkAnswer, **_LINKS),
        Route(
            "POST",
            "/links/{token}",
            use_link,
            "Do what a link is for, once",
            LinkAnswer,
            raw=ANSWERED,
            refusals=REFUSALS,
            **_LINKS,
        ),
        Route(
            "GET",
            "/unsubscribe/{token}",
            look_up_unsubscribe,
            "What an unsubscribe link turns off",
            LinkAnswer,
            **_LINKS,
        ),
        Route(
            "POST",
            "/unsubscribe/{token}",
            unsubscribe,
            "Unsubscribe by one click",
            LinkAnswer,
            raw=ANSWERED,
            **_LINKS,
        ),
        Route(
            "POST",
            "/webhooks/resend",
            resend_report,
            "Reports of Resend, signed by it",
            ReportAnswer,
            raw=Raw(REPORT_MAX_BYTES, ("application/json",)),
            access="public",
            uses_secret=True,
        ),
        Route(
            "POST",
            "/webhooks/twilio",
            twilio_report,
            "Reports of Twilio, signed by it",
            ReportAnswer,
            raw=Raw(REPORT_MAX_BYTES, (FORM,)),
            query=TwilioQuery,
            access="public",
            uses_secret=True,
        ),
    ],
)
