"""What the notifications function takes and answers."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from kernel.models import Body, Day, KeyedBody, Row

Channel = Literal["email", "sms", "push", "in_app"]
Locale = Literal["cs", "en", "de", "da"]
Identifier = Annotated[UUID, Field(strict=False)]
Kind = Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,63}$")]


class RunBody(KeyedBody):
    """How long and how much."""

    max_seconds: int = Field(default=50, ge=1, le=240, description="Longest run, in seconds.")
    batch_size: int = Field(default=40, ge=1, le=200, description="Messages claimed at once.")


class RunAnswer(Row):
    """How many messages ended how, and how long it took."""

    counts: dict[str, int]


class SendBody(KeyedBody):
    """A message of the desk to clients: named, with a tag, of a day, or all of them."""

    channel: Channel
    body: str = Field(min_length=1, max_length=5000)
    subject: str | None = Field(default=None, min_length=1, max_length=200)
    client_ids: list[Identifier] | None = Field(default=None, min_length=1, max_length=5000)
    tag_id: Identifier | None = None
    day: Day | None = Field(default=None, description="Clients with an appointment on this day.")
    practitioner_id: Identifier | None = Field(
        default=None, description="With day: only of this practitioner."
    )
    all_clients: bool = False
    organization_id: Identifier | None = None


class OperationAnswer(Row):
    """The bulk operation whose items say what became of each recipient."""

    id: str
    status: str
    total_count: int


class PreviewBody(KeyedBody):
    """A template to try; what is left out comes from the built-in one."""

    kind: Kind
    channel: Literal["email", "sms", "push"] = "email"
    locale: Locale = "en"
    subject: str | None = Field(default=None, max_length=200)
    body: str | None = Field(default=None, min_length=1, max_length=10_000)
    html: str | None = Field(default=None, max_length=50_000)


class PreviewAnswer(Row):
    """The message as it would be sent, with made-up values."""

    subject: str
    text: str
    html: str


class LinkAnswer(Row):
    """What a link is for."""

    purpose: str
    organization_name: str


class ReportAnswer(Row):
    """What became of a provider's report."""

    result: str


class TwilioQuery(Body):
    """Our id of the message, in the address that we gave to Twilio."""

    message_id: Identifier
