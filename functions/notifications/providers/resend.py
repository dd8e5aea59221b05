"""E-mail by Resend. The message's key is the idempotency key, which Resend keeps for a day."""

from __future__ import annotations

import base64
import json
from email.utils import formataddr
from typing import TYPE_CHECKING, Any, Final

from kernel.database import SUCCESS
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

ADDRESS: Final = "https://api.resend.com"
CONFLICT: Final = 409


class Resend:
    """The API of Resend."""

    name = "resend"

    def __init__(self, config: Settings, address: str = ADDRESS) -> None:
        if config.resend_api_key is None or config.email_from is None:
            raise ValueError("Resend is not configured")
        self._pool = Pool(address, most_idle=MOST_IDLE, wait_seconds=WAIT_SECONDS)
        self._from = config.email_from
        self._key = config.resend_api_key.get_secret_value()

    def send(self, message: Outgoing) -> Result:
        """Send one e-mail."""
        document: dict[str, Any] = {
            "from": formataddr((message.sender_name, self._from)),
            "to": [message.address],
            "subject": message.subject,
            "text": message.text,
            "html": message.html,
            # Comes back in every report about this message.
            "tags": [{"name": "message_id", "value": message.id}],
        }
        if message.reply_to:
            document["reply_to"] = message.reply_to
        if message.unsubscribe_url:
            document["headers"] = {
                "List-Unsubscribe": f"<{message.unsubscribe_url}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            }
        if message.attachments:
            document["attachments"] = [
                {
                    "filename": file.filename,
                    "content": base64.b64encode(file.content).decode(),
                    "content_type": file.content_type,
                }
                for file in message.attachments
            ]
        answer = exchange(
            self._pool,
            self.name,
            "POST",
            "/emails",
            {
                "authorization": f"Bearer {self._key}",
                "content-type": "application/json",
                "idempotency-key": message.key,
            },
            json.dumps(document, ensure_ascii=False).encode(),
        )
        if isinstance(answer, Result):
            return answer
        body = json_object(answer.content)
        if answer.status in SUCCESS:
            found = body.get("id")
            return Result("sent", self.name, found if isinstance(found, str) else None)
        word = str(body.get("name") or "")[:60]
        if answer.status == CONFLICT and word == "invalid_idempotent_request":
            # It has this message already, worded a little differently: once is enough.
            return Result("sent", self.name)
        if answer.status == CONFLICT:
            return Result("retry", self.name, error=f"http_409: {word}")
        return refused(self.name, answer, word)
