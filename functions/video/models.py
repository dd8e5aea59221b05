"""What the video function takes and answers."""

from uuid import UUID

from pydantic import Field

from kernel.models import KeyedBody, Row


class OpenRoom(KeyedBody):
    """The appointment whose room is wanted."""

    appointment_id: UUID


class Room(Row):
    """How to enter the one room of the appointment."""

    url: str = Field(description="Opens the meeting; holds the token, so do not pass it on.")
    room: str = Field(description="The room's unguessable name.")
    token: str | None = Field(
        description="JWT for this room only, for embedding. None on a public server."
    )
    expires_at: str = Field(
        description="When the token ends.", json_schema_extra={"format": "date-time"}
    )
    moderator: bool = Field(
        description="Whether the caller leads the meeting. A public server does not enforce it."
    )
