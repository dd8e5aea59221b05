"""Those who carry messages: each takes one message and says what became of it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from kernel.settings import settings
from notifications.providers.fcm import Fcm
from notifications.providers.resend import Resend
from notifications.providers.smtp import Smtp
from notifications.providers.twilio import Twilio

if TYPE_CHECKING:
    from notifications.providers.model import Provider


@cache
def provider_for(channel: str) -> Provider | None:
    """The configured provider of a channel, made once; None where there is none."""
    config = settings()
    if channel == "email" and config.email_provider == "resend":
        return Resend(config)
    if channel == "email" and config.email_provider == "smtp":
        return Smtp(config)
    if channel == "sms" and config.sms_provider == "twilio":
        return Twilio(config)
    if channel == "push" and config.push_provider == "fcm":
        return Fcm(config)
    return None
