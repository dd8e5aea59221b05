"""Links in messages: secrets that only this deployment can make, and where they lead.

A secret is derived from the message, so that a message sent again after a fault carries the same
links. The database keeps its hash and decides whether it is still good.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import uuid
from typing import Final

from kernel.errors import unavailable
from kernel.settings import settings

FUNCTION: Final = "notifications"
SIGNATURE_BYTES: Final = 16


def require_secret() -> bytes:
    """The secret of all links."""
    secret = settings().link_secret
    if secret is None:
        raise unavailable("This function has no secret for links.", retry_after=60)
    return secret.get_secret_value().encode()


def _sign(text: str) -> bytes:
    return hmac.digest(require_secret(), text.encode(), hashlib.sha256)


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def token(message_id: str, purpose: str) -> str:
    """The secret of one link: 256 bits that nobody can guess."""
    return _text(_sign(f"link:{purpose}:{message_id}"))


def token_hash(secret: str) -> str:
    """What the database keeps of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def address(kind: str, secret: str) -> str:
    """Where a link leads: always to the configured origin, whatever a request says."""
    return f"{settings().server_url(FUNCTION)}/{FUNCTION}/{kind}/{secret}"


def unsubscribe_token(message_id: str) -> str:
    """Names the message and proves that we did; it never expires, as RFC 8058 wants it."""
    identifier = uuid.UUID(message_id)
    signature = _sign(f"unsubscribe:{identifier}")[:SIGNATURE_BYTES]
    return _text(identifier.bytes + signature)


def unsubscribed_message(secret: str) -> str | None:
    """The message that an unsubscribe link names, if it is one of ours."""
    try:
        content = base64.urlsafe_b64decode(secret + "=" * (-len(secret) % 4))
    except ValueError:
        return None
    if len(content) != 2 * SIGNATURE_BYTES:
        return None
    message_id = str(uuid.UUID(bytes=content[:SIGNATURE_BYTES]))
    # The one spelling that we wrote: base64 has several for the same bytes.
    return message_id if hmac.compare_digest(unsubscribe_token(message_id), secret) else None
