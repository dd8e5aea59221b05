"""SMS by Twilio. It takes no idempotency key: before a repeat we ask what it has already."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import urlencode

import phonenumbers

from kernel.database import SUCCESS
from kernel.settings import settings
from kernel.transport import Pool
from notifications.providers.model import (
    MOST_IDLE,
    WAIT_SECONDS,
    Result,
    exchange,
    json_object,
    refused,
)

if TYPE_CHECKING:
    from kernel.settings import Settings
    from notifications.providers.model import Outgoing

ADDRESS: Final = "https://api.twilio.com"
# The number is none, cannot get SMS, or its owner said stop.
_DEAD: Final[dict[int, Literal["unreachable", "stopped"]]] = {
    21211: "unreachable",
    21614: "unreachable",
    21610: "stopped",
}
CLOCKS_DIFFER: Final = timedelta(minutes=5)
_UNDELIVERED: Final = frozenset({"failed", "undelivered", "canceled"})


def e164(number: str, region: str) -> str | None:
    """The number as the network wants it; None if it is none."""
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


class Twilio:
    """The API of Twilio."""

    name = "twilio"

    def __init__(self, config: Settings, address: str = ADDRESS) -> None:
        sid, secret = config.twilio_account_sid, config.twilio_auth_token
        if sid is None or secret is None or config.twilio_from is None:
            raise ValueError("Twilio is not configured")
        self._pool = Pool(address, most_idle=MOST_IDLE, wait_seconds=WAIT_SECONDS)
        self._target = f"/2010-04-01/Accounts/{sid}/Messages.json"
        self._from = config.twilio_from
        credentials = base64.b64encode(f"{sid}:{secret.get_secret_value()}".encode()).decode()
        self._headers = {"authorization": f"Basic {credentials}"}

    def send(self, message: Outgoing) -> Result:
        """Send one SMS."""
        number = e164(message.address, message.region)
        if number is None:
            return Result("failed", self.name, error="invalid_number", dead="unreachable")
        if message.is_repeat:
            known = self._known(message, number)
            if known is not None:
                return known
        sender = "MessagingServiceSid" if self._from.startswith("MG") else "From"
        form = {
            "To": number,
            sender: self._from,
            "Body": message.text,
            "StatusCallback": callback_address(message.id),
        }
        answer = exchange(
            self._pool,
            self.name,
            "POST",
            self._target,
            {**self._headers, "content-type": "application/x-www-form-urlencoded"},
            urlencode(form).encode(),
        )
        if isinstance(answer, Result):
            return answer
        body = json_object(answer.content)
        if answer.status in SUCCESS:
            return Result("sent", self.name, str(body.get("sid") or "") or None)
        code = body.get("code")
        dead = _DEAD.get(code) if isinstance(code, int) else None
        if dead is not None:
            return Result("failed", self.name, error=f"twilio_{code}", dead=dead)
        return refused(self.name, answer, f"twilio_{code}" if isinstance(code, int) else "")

    def _known(self, message: Outgoing, number: str) -> Result | None:
        """The message as Twilio has it already, from an attempt that was cut off."""
        queued_at = datetime.fromisoformat(message.queued_at) - CLOCKS_DIFFER
        since = queued_at.date().isoformat()
        query = urlencode({"To": number, "DateSent>": since, "PageSize": "50"})
        answer = exchange(
            self._pool, self.name, "GET", f"{self._target}?{query}", self._headers, b""
        )
        if isinstance(answer, Result):
            return answer
        if answer.status not in SUCCESS:
            return refused(self.name, answer)
        found = json_object(answer.content).get("messages")
        for entry in found if isinstance(found, list) else []:
            if (
                isinstance(entry, dict)
                and entry.get("body") == message.text
                and entry.get("status") not in _UNDELIVERED
                and not _is_older(entry.get("date_created"), queued_at)
            ):
                return Result("sent", self.name, str(entry.get("sid") or "") or None)
        return None


def _is_older(written: object, instant: datetime) -> bool:
    """Whether it was there before: the same words may be meant to go out twice on one day."""
    try:
        return parsedate_to_datetime(str(written)) < instant
    except (TypeError, ValueError):
        return False


def callback_address(message_id: str) -> str:
    """Where Twilio reports: with our id, for a report may come before its answer."""
    base = settings().server_url("notifications")
    return f"{base}/notifications/webhooks/twilio?message_id={message_id}"
