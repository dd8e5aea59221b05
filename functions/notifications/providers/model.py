"""What goes to a provider and what comes back."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol

from kernel.transport import CutError, NotSentError, TooSlowError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kernel.transport import Answer, Pool

USER_AGENT: Final = "praxis/1.0"
WAIT_SECONDS: Final = 20.0
MOST_IDLE: Final = 8
TOO_MANY: Final = 429
# A wrong key (401, 403) is for people to mend: until then nothing is lost.
RETRIABLE: Final = frozenset({401, 403, 408, 425, 429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes along."""

    filename: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message, worded and addressed.

    key: what providers dedupe on: its id, and another one when it is queued again by hand.
    is_repeat: an attempt before this one may have reached the provider.
    """

    id: str
    key: str
    kind: str
    sender_name: str
    reply_to: str | None
    address: str
    subject: str
    text: str
    html: str
    region: str
    is_repeat: bool
    unsubscribe_url: str | None = None
    attachments: Sequence[Attachment] = ()
    registrations: Sequence[str] = ()
    data: Mapping[str, str] = field(default_factory=dict)
    queued_at: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of it: sent, to be tried again, or refused for good."""

    outcome: Literal["sent", "retry", "failed"]
    provider: str
    provider_id: str | None = None
    error: str | None = None
    retry_after_seconds: int | None = None
    # The address is dead: nothing more is to be sent there.
    dead: Literal["bounced", "stopped", "unreachable"] | None = None
    dead_registrations: tuple[str, ...] = ()


class Provider(Protocol):
    """Carries messages of one channel."""

    name: str

    def send(self, message: Outgoing) -> Result:
        """Send one message; never raises for what the provider or the network does."""


def seconds(retry_after: str | None) -> int | None:
    """A Retry-After in seconds; dates are not used by these providers."""
    text = (retry_after or "").strip()
    return min(int(text), 86_400) if text.isdecimal() else None


def exchange(
    pool: Pool, provider: str, method: str, target: str, headers: Mapping[str, str], content: bytes
) -> Answer | Result:
    """One request to a provider; a fault of the network is a result to try again."""
    try:
        return pool.exchange(method, target, {"user-agent": USER_AGENT, **headers}, content)
    except NotSentError:
        return Result("retry", provider, error="unreachable_provider")
    except (CutError, TooSlowError):
        return Result("retry", provider, error="no_answer")


def json_object(content: bytes) -> dict[str, Any]:
    """An answer's JSON object; empty when it is none."""
    try:
        found = json.loads(content)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def refused(provider: str, answer: Answer, detail: str = "") -> Result:
    """An answer that is no success: try again where that may help."""
    error = f"http_{answer.status}{': ' if detail else ''}{detail}"[:200]
    if answer.status in RETRIABLE:
        wait = seconds(answer.retry_after)
        return Result("retry", provider, error=error, retry_after_seconds=wait)
    return Result("failed", provider, error=error)
