"""Reports of providers: signed over the very bytes that came, fresh, each taken once."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

from standardwebhooks import Webhook, WebhookVerificationError

from kernel.auth import is_uuid
from kernel.errors import malformed, unauthenticated, unavailable
from kernel.settings import settings
from notifications.providers.twilio import callback_address

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kernel.routing import Call

_RESEND: Final = {
    "email.sent": "sent",
    "email.delivery_delayed": "delayed",
    "email.delivered": "delivered",
    "email.complained": "complained",
    "email.failed": "failed",
    "email.suppressed": "unreachable",
}
_TWILIO: Final = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "delivered",
    "undelivered": "failed",
    "failed": "failed",
}
# Unknown or dead numbers, landlines, and stop.
_TWILIO_DEAD: Final = {
    "30003": "failed",
    "30005": "unreachable",
    "30006": "unreachable",
    "21610": "stopped",
}


def _not_signed() -> Exception:
    return unauthenticated("The signature is not the provider's, or too old.")


def resend(call: Call) -> str:
    """Take one report of Resend; what became of it."""
    secret = settings().resend_webhook_secret
    if secret is None:
        raise unavailable("This function takes no reports of Resend.", retry_after=60)
    headers = {
        f"webhook-{name}": call.headers.get(f"svix-{name}", "")
        for name in ("id", "timestamp", "signature")
    }
    try:
        Webhook(secret.get_secret_value()).verify(call.raw, headers)
    except (WebhookVerificationError, ValueError):
        raise _not_signed() from None
    try:
        event = json.loads(call.raw)
        kind, data = str(event["type"]), event["data"]
        identifier = data.get("email_id")
    except (ValueError, KeyError, TypeError, AttributeError):
        raise malformed("The report cannot be read.") from None
    state = _RESEND.get(kind)
    if kind == "email.bounced":
        # A full mailbox is not a dead one.
        bounce = data.get("bounce")
        is_dead = not isinstance(bounce, dict) or bounce.get("type") != "Transient"
        state = "bounced" if is_dead else "failed"
    if state is None:
        return "ignored"
    return _record(
        call,
        "resend",
        headers["webhook-id"],
        state,
        _tag(data),
        identifier,
        _detail(data),
        _address(data),
    )


def _address(data: Mapping[str, Any]) -> str | None:
    """Where the message went; each has one recipient."""
    match data.get("to"):
        case [str(address)] | str(address):
            return address
    return None


def _tag(data: Mapping[str, Any]) -> str | None:
    """Our id of the message: Resend gives tags back as an object or as a list."""
    tags = data.get("tags")
    if isinstance(tags, list):
        tags = {entry.get("name"): entry.get("value") for entry in tags if isinstance(entry, dict)}
    found = tags.get("message_id") if isinstance(tags, dict) else None
    return found if isinstance(found, str) and is_uuid(found) else None


def _detail(data: Mapping[str, Any]) -> str | None:
    bounce = data.get("bounce")
    kind = bounce.get("subType") if isinstance(bounce, dict) else None
    return kind[:60] if isinstance(kind, str) else None


def twilio(call: Call) -> str:
    """Take one report of Twilio; what became of it."""
    secret = settings().twilio_auth_token
    if secret is None:
        raise unavailable("This function takes no reports of Twilio.", retry_after=60)
    try:
        pairs = parse_qsl(call.raw.decode(), keep_blank_values=True, max_num_fields=100)
    except ValueError:
        raise malformed("The report cannot be read.") from None
    form = dict(pairs)
    message_id = str(call.query.message_id)
    # The address that we gave, never the one that the request claims to have come to.
    signed = callback_address(message_id) + "".join(
        f"{name}{value}" for name, value in sorted(set(pairs))
    )
    expected = base64.b64encode(
        hmac.digest(secret.get_secret_value().encode(), signed.encode(), hashlib.sha1)
    )
    given = call.headers.get("x-twilio-signature", "").encode()
    if not hmac.compare_digest(expected, given):
        raise _not_signed()
    status, code = form.get("MessageStatus", ""), form.get("ErrorCode", "")
    state = _TWILIO.get(status)
    if state is None:
        return "ignored"
    if state == "failed":
        state = _TWILIO_DEAD.get(code, "failed")
    sid = form.get("MessageSid", "")
    detail = f"twilio_{code}" if code.isdecimal() else None
    to = form.get("To")
    return _record(call, "twilio", f"{sid}:{status}", state, message_id, sid, detail, to)


def _record(
    call: Call,
    provider: str,
    event_id: str,
    state: str,
    message_id: str | None,
    provider_id: object,
    detail: str | None,
    address: str | None,
) -> str:
    taken: str = call.service.rpc(
        "record_delivery_event",
        {
            "provider": provider,
            "event_id": event_id[:255],
            "state": state,
            "message_id": message_id,
            "provider_id": provider_id if isinstance(provider_id, str) else None,
            "detail": detail,
            "address": address,
        },
        repeatable=True,
        answers=str,
    )
    return taken
