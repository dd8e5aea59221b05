"""Meeting addresses and tokens of the supported servers.

The room, the time window and who leads come from the database. A token opens exactly that room.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import jwt

from kernel.errors import unavailable
from kernel.settings import rsa_private_key

if TYPE_CHECKING:
    from datetime import datetime

    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from pydantic import SecretStr

    from kernel.settings import Settings

JAAS_DOMAIN: Final = "8x8.vc"
JAAS_FEATURES: Final = (
    "livestreaming",
    "recording",
    "transcription",
    "sip-inbound-call",
    "sip-outbound-call",
    "inbound-call",
    "outbound-call",
    "file-upload",
    "list-visitors",
)


@dataclass(frozen=True, slots=True)
class Meeting:
    """One caller's entry to one room."""

    room: str
    user_id: str
    display_name: str
    is_moderator: bool
    not_before: datetime
    expires_at: datetime


def join(config: Settings, meeting: Meeting) -> tuple[str, str | None]:
    """Return the address that opens the meeting and its token."""
    if config.video_provider == "jaas":
        token = jaas_token(config, meeting)
        return f"https://{JAAS_DOMAIN}/{config.jaas_app_id}/{meeting.room}?jwt={token}", token
    address = f"https://{config.jitsi_domain}/{meeting.room}"
    if config.video_provider == "jitsi":
        token = jitsi_token(config, meeting)
        return f"{address}?jwt={token}", token
    return address, None


def require_provider(config: Settings) -> None:
    """Refuse before a room is opened that nobody could enter."""
    if config.video_provider is None:
        raise unavailable("Video rooms are not configured.", retry_after=3600)


def jaas_token(config: Settings, meeting: Meeting) -> str:
    """RS256, as 8x8 documents it: flags are the strings "true" and "false"."""
    secret, app_id, key_id = config.jaas_private_key, config.jaas_app_id, config.jaas_key_id
    if secret is None or app_id is None or key_id is None:
        raise unavailable("Video rooms are not configured.", retry_after=3600)
    claims = {
        "aud": "jitsi",
        "iss": "chat",
        "sub": app_id,
        "room": meeting.room,
        "nbf": int(meeting.not_before.timestamp()),
        "exp": int(meeting.expires_at.timestamp()),
        "context": {
            "user": {
                "id": meeting.user_id,
                "name": meeting.display_name,
                "email": "",
                "avatar": "",
                "moderator": _flag(meeting.is_moderator),
                "hidden-from-recorder": "false",
            },
            # Nothing leaves the room: health data is neither recorded nor streamed.
            "features": dict.fromkeys(JAAS_FEATURES, "false"),
        },
    }
    key_id = key_id if "/" in key_id else f"{app_id}/{key_id}"
    return jwt.encode(claims, _signing_key(secret), algorithm="RS256", headers={"kid": key_id})


def jitsi_token(config: Settings, meeting: Meeting) -> str:
    """HS256 for Prosody's token plugin; `affiliation` is what its moderation plugins read."""
    secret, domain = config.jitsi_app_secret, config.jitsi_domain
    if secret is None or domain is None:
        raise unavailable("Video rooms are not configured.", retry_after=3600)
    claims: dict[str, Any] = {
        "aud": config.jitsi_audience,
        "iss": config.jitsi_app_id,
        "sub": domain.split(":")[0].lower(),
        "room": meeting.room,
        "nbf": int(meeting.not_before.timestamp()),
        "exp": int(meeting.expires_at.timestamp()),
        "context": {
            "user": {
                "id": meeting.user_id,
                "name": meeting.display_name,
                "moderator": _flag(meeting.is_moderator),
                "affiliation": "owner" if meeting.is_moderator else "member",
            }
        },
    }
    return jwt.encode(claims, secret.get_secret_value(), algorithm="HS256")


def _flag(value: bool) -> str:  # noqa: FBT001 - it is the value itself
    return "true" if value else "false"


@cache
def _signing_key(secret: SecretStr) -> RSAPrivateKey:
    return rsa_private_key(secret)
