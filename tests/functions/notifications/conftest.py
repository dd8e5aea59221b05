"""Settings of providers, and the fakes behind them."""

from __future__ import annotations

import base64
import contextlib
import fcntl
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from kernel.settings import settings
from notifications.providers.fcm import Fcm
from notifications.providers.resend import Resend
from notifications.providers.twilio import Twilio
from tests.functions.notifications.fakes import FakeGoogle, FakeResend, FakeTwilio, served
from tests.stack_fixture import STATE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kernel.settings import Settings
    from tests.stack_fixture import TestStack

WEBHOOK_SECRET = "whsec_" + base64.b64encode(b"a webhook secret of some length").decode()
TWILIO_SID = "AC" + "0" * 32
TWILIO_TOKEN = "twilio-auth-token"
KEY = (
    rsa.generate_private_key(65537, 2048)
    .private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    .decode()
)
PROVIDERS = {
    "SUPABASE_SECRET_KEY": "sb_secret_test",
    "SERVICE_TOKEN_SECRET": "a-service-secret-of-more-than-32-characters",
    "LINK_SECRET": "a-link-secret-of-more-than-32-characters",
    "FUNCTIONS_PUBLIC_URL": "https://functions.example.test",
    "EMAIL_PROVIDER": "resend",
    "EMAIL_FROM": "praxis@praxis.test",
    "RESEND_API_KEY": "re_test",
    "RESEND_WEBHOOK_SECRET": WEBHOOK_SECRET,
    "SMS_PROVIDER": "twilio",
    "TWILIO_ACCOUNT_SID": TWILIO_SID,
    "TWILIO_AUTH_TOKEN": TWILIO_TOKEN,
    "TWILIO_FROM": "+420600000000",
    "PUSH_PROVIDER": "fcm",
    "FCM_PROJECT_ID": "praxis-test",
    "FCM_CLIENT_EMAIL": "praxis@praxis-test.iam.gserviceaccount.com",
    "FCM_PRIVATE_KEY": KEY,
}


@pytest.fixture
def config(environment: Callable[..., None]) -> Settings:
    environment(**PROVIDERS)
    return settings()


@pytest.fixture
def resend() -> Iterator[FakeResend]:
    fake = FakeResend()
    with served(fake):
        yield fake


@pytest.fixture
def twilio() -> Iterator[FakeTwilio]:
    fake = FakeTwilio()
    with served(fake):
        yield fake


@pytest.fixture
def google() -> Iterator[FakeGoogle]:
    fake = FakeGoogle()
    with served(fake):
        yield fake


@pytest.fixture
def email(config: Settings, resend: FakeResend) -> Resend:
    return Resend(config, resend.address)


@pytest.fixture
def sms(config: Settings, twilio: FakeTwilio) -> Twilio:
    return Twilio(config, twilio.address)


@pytest.fixture
def push(config: Settings, google: FakeGoogle) -> Fcm:
    return Fcm(config, google.address, google.address)


@pytest.fixture
def on_stack(
    config: Settings, environment: Callable[..., None], stack: TestStack
) -> Iterator[None]:
    """The functions' code in this process, on the real stack; one test at a time.

    Workers take whatever is due: two tests that deliver would take each other's messages.
    """
    assert config.link_secret
    environment(
        SUPABASE_URL=stack.api_url,
        SUPABASE_PUBLISHABLE_KEY=stack.publishable_key,
        SUPABASE_SECRET_KEY=stack.secret_key,
    )
    STATE.mkdir(exist_ok=True)
    with contextlib.ExitStack() as opened:
        lock = opened.enter_context((STATE / "outbox.lock").open("w"))
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
