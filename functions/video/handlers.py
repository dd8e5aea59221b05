"""Routes of the video function."""

from __future__ import annotations

from datetime import datetime

from kernel.routing import Call, Function, Reply, Route
from kernel.settings import settings
from video.models import OpenRoom, Room
from video.providers import Meeting, join, require_provider


def open_room(call: Call) -> Reply:
    """Make or return the appointment's room, with a token for this caller."""
    config = settings()
    require_provider(config)
    # There is one room, however often it is asked for: the database needs no key to know.
    appointment_id = str(call.body.appointment_id)
    row = call.database.rpc("open_video_room", {"appointment_id": appointment_id}, repeatable=True)
    url, token = join(
        config,
        Meeting(
            room=row["room_name"],
            user_id=call.user_id,
            display_name=row.get("display_name") or "",
            is_moderator=row["is_moderator"] is True,
            not_before=datetime.fromisoformat(row["not_before"]),
            expires_at=datetime.fromisoformat(row["expires_at"]),
        ),
    )
    return Reply(
        {
            "url": url,
            "room": row["room_name"],
            "token": token,
            "expires_at": row["expires_at"],
            "moderator": row["is_moderator"] is True,
        }
    )


VIDEO = Function(
    "video",
    "Video rooms of appointments.",
    [
        Route(
            "POST",
            "/rooms",
            open_room,
            "Enter the video room of an appointment",
            Room,
            OpenRoom,
            refusals=("invalid_state",),
        )
    ],
)
