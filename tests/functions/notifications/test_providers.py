"""Providers: what they are sent, and what is made of each of their answers."""

from __future__ import annotations

import base64
import dataclasses
import smtplib
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any, Self

import httpx
import jwt
import pytest

from notifications.providers import provider_for
from notifications.providers.model import Attachment, Outgoing
from notifications.providers.smtp import Smtp
from notifications.providers.twilio import e164

if TYPE_CHECKING:
    from collections.abc import Callable

    from kernel.settings import Settings
    from notifications.providers.fcm import Fcm
    from notifications.providers.resend import Resend
    from notifications.providers.twilio import Twilio
    from tests.functions.notifications.fakes import Answer, FakeGoogle, FakeResend, FakeTwilio
    from tests.stack_fixture import TestStack

MESSAGE = Outgoing(
    id="0b6d7c3e-52c4-4d3f-8f0e-0a4f7a1f2b10",
    key="0b6d7c3e-52c4-4d3f-8f0e-0a4f7a1f2b10",
    kind="appointment_reminder",
    sender_name='Přístav, "centrum"',
    reply_to="desk@praxis.test",
    address="eva@example.test",
    subject="Připomínáme",
    text="Těšíme se na vás.",
    html="<p>Těšíme se na vás.</p>",
    region="CZ",
    is_repeat=False,
    unsubscribe_url="https://functions.example.test/notifications/unsubscribe/x",
    queued_at="2026-11-20T09:00:00+00:00",
)
SMS = dataclasses.replace(MESSAGE, address="777 123 456")
PUSH = dataclasses.replace(MESSAGE, registrations=("device-one", "device-two"))


def but(message: Outgoing, **changes: Any) -> Outgoing:
    return dataclasses.replace(message, **changes)


# Resend ------------------------------------------------------------------------------------------


def test_resend_gets_the_whole_message(email: Resend, resend: FakeResend) -> None:
    file = Attachment("2026-1.pdf", "application/pdf", b"%PDF")
    result = email.send(but(MESSAGE, attachments=[file]))
    assert (result.outcome, result.provider) == ("sent", "resend")
    [asked] = resend.asked
    assert asked.headers["idempotency-key"] == MESSAGE.id
    assert asked.headers["user-agent"].startswith("praxis")
    sent = asked.json
    assert sent["to"] == ["eva@example.test"]
    assert sent["from"].endswith("<praxis@praxis.test>")
    assert sent["reply_to"] == "desk@praxis.test"
    assert sent["headers"]["List-Unsubscribe"] == f"<{MESSAGE.unsubscribe_url}>"
    assert sent["headers"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert sent["tags"] == [{"name": "message_id", "value": MESSAGE.id}]
    assert base64.b64decode(sent["attachments"][0]["content"]) == b"%PDF"


def test_resend_takes_a_repeat_for_the_same(email: Resend, resend: FakeResend) -> None:
    first = email.send(MESSAGE)
    again = email.send(but(MESSAGE, is_repeat=True))
    assert again == first
    reworded = email.send(but(MESSAGE, text="Other words."))
    assert reworded.outcome == "sent"
    assert len(resend.sent) == 1


def test_what_is_queued_again_by_hand_is_sent_again(email: Resend, resend: FakeResend) -> None:
    assert email.send(MESSAGE).outcome == "sent"
    again = but(MESSAGE, key=f"{MESSAGE.id}.1795165200", address="eva.new@example.test")
    assert email.send(again).outcome == "sent"
    assert len(resend.sent) == 2


def test_an_answer_that_is_lost_doubles_nothing(email: Resend, resend: FakeResend) -> None:
    resend.faults = [None]
    assert email.send(MESSAGE).outcome == "retry"
    assert email.send(MESSAGE).outcome == "sent"
    assert len(resend.sent) == 1


@pytest.mark.parametrize(
    ("status", "headers", "outcome", "wait"),
    [
        (429, {"retry-after": "17"}, "retry", 17),
        (429, {"retry-after": "soon"}, "retry", None),
        (429, {"retry-after": "999999999"}, "retry", 86_400),
        (500, {}, "retry", None),
        (503, {"retry-after": "3"}, "retry", 3),
        (422, {}, "failed", None),
        (401, {}, "retry", None),
        (403, {}, "retry", None),
        (302, {"location": "http://169.254.169.254/"}, "failed", None),
    ],
)
def test_resends_refusals(
    email: Resend,
    resend: FakeResend,
    status: int,
    headers: dict[str, str],
    outcome: str,
    wait: int | None,
) -> None:
    resend.faults = [(status, {"name": "some_error"}, headers)]
    result = email.send(MESSAGE)
    assert (result.outcome, result.retry_after_seconds) == (outcome, wait)
    assert str(status) in str(result.error)
    assert len(resend.asked) == 1


def test_nobody_there(config: Settings) -> None:
    from notifications.providers.resend import Resend  # noqa: PLC0415

    result = Resend(config, "http://127.0.0.1:9").send(MESSAGE)
    assert (result.outcome, result.error) == ("retry", "unreachable_provider")


# SMTP --------------------------------------------------------------------------------------------


class Server:
    """smtplib's server, with answers that a test orders."""

    error: Exception | None = None
    farewell: Exception | None = None
    documents: list[Any]

    def __init__(self, *_: Any, **__: Any) -> None:
        self.documents = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.farewell is not None:
            raise self.farewell

    def send_message(self, document: Any, *_: Any) -> None:
        if self.error is not None:
            raise self.error
        self.documents.append(document)


@pytest.fixture
def smtp(environment: Callable[..., None]) -> Smtp:
    from kernel.settings import settings  # noqa: PLC0415

    environment(
        EMAIL_PROVIDER="smtp",
        EMAIL_FROM="praxis@praxis.test",
        SMTP_HOST="127.0.0.1",
        SMTP_PORT="9",
        SMTP_SECURITY="none",
    )
    return Smtp(settings())


@pytest.mark.parametrize(
    ("error", "outcome", "dead"),
    [
        (None, "sent", None),
        (smtplib.SMTPRecipientsRefused({"eva@example.test": (550, b"no")}), "failed", "bounced"),
        (smtplib.SMTPRecipientsRefused({"eva@example.test": (554, b"spam")}), "failed", None),
        (smtplib.SMTPRecipientsRefused({"eva@example.test": (450, b"later")}), "retry", None),
        (smtplib.SMTPDataError(554, b"no"), "failed", None),
        (smtplib.SMTPDataError(451, b"later"), "retry", None),
        (smtplib.SMTPAuthenticationError(535, b"who?"), "retry", None),
        (smtplib.SMTPSenderRefused(550, b"not you", "praxis@praxis.test"), "failed", None),
        (smtplib.SMTPServerDisconnected("gone"), "retry", None),
        (TimeoutError(), "retry", None),
    ],
)
def test_what_a_mail_server_answers(
    smtp: Smtp,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception | None,
    outcome: str,
    dead: str | None,
) -> None:
    server = Server()
    server.error = error
    monkeypatch.setattr(smtplib, "SMTP", lambda *_, **__: server)
    result = smtp.send(MESSAGE)
    assert (result.outcome, result.dead) == (outcome, dead)


def test_what_a_mail_server_has_taken_is_sent(smtp: Smtp, monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server()
    server.farewell = smtplib.SMTPResponseException(421, b"shutting down")
    monkeypatch.setattr(smtplib, "SMTP", lambda *_, **__: server)
    assert smtp.send(MESSAGE).outcome == "sent"


def test_nobody_at_the_mail_server(smtp: Smtp) -> None:
    assert smtp.send(MESSAGE).outcome == "retry"


@pytest.mark.parametrize(
    "changes",
    [
        {"address": "eva@example.test\r\nBcc: all@example.test"},
        {"address": "no address"},
        {"address": "<eva@example.test>"},
        {"address": "eva@[1"},
    ],
)
def test_an_address_that_is_none_is_dead(smtp: Smtp, changes: dict[str, str]) -> None:
    result = smtp.send(but(MESSAGE, **changes))
    assert (result.outcome, result.error) == ("failed", "invalid_address")
    assert result.dead == "unreachable"


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": "a\r\nBcc: all@example.test"},
        {"reply_to": "a@b.test\nBcc: all@example.test"},
        {"sender_name": "A\r\nBcc: all@example.test"},
    ],
)
def test_61_no_header_is_smuggled_into_a_mail(
    smtp: Smtp, monkeypatch: pytest.MonkeyPatch, changes: dict[str, str]
) -> None:
    server = Server()
    monkeypatch.setattr(smtplib, "SMTP", lambda *_, **__: server)
    assert smtp.send(but(MESSAGE, **changes)).outcome == "sent"
    [document] = server.documents
    assert message_from_bytes(document.as_bytes(), policy=policy.default)["Bcc"] is None


# All of them are taken by the constraint on the practice's address.
@pytest.mark.parametrize("reply_to", ["desk.@praxis.test", "<desk@praxis.test>", "desk@[1"])
def test_a_practice_without_an_address_loses_no_clients(
    smtp: Smtp, monkeypatch: pytest.MonkeyPatch, reply_to: str
) -> None:
    server = Server()
    monkeypatch.setattr(smtplib, "SMTP", lambda *_, **__: server)
    result = smtp.send(but(MESSAGE, reply_to=reply_to))
    assert (result.outcome, result.dead) == ("sent", None)
    assert server.documents[0]["Reply-To"] is None


def test_a_mail_on_the_stack(
    environment: Callable[..., None], stack: TestStack, smtp: Smtp
) -> None:
    from kernel.settings import settings  # noqa: PLC0415

    if not stack.smtp_port:
        pytest.skip("this stack has no mail catcher")
    assert smtp.name == "smtp"
    environment(SMTP_PORT=str(stack.smtp_port))
    environment(EMAIL_PROVIDER="smtp")
    file = Attachment("účet.pdf", "application/pdf", b"%PDF")
    address = f"{MESSAGE.id[:8]}-smtp@example.test"
    result = Smtp(settings()).send(but(MESSAGE, address=address, attachments=[file]))
    assert result.outcome == "sent"
    mail = httpx.get(f"{stack.mail_url}/api/messages", params={"to": address}).json()[-1]
    assert "Připomínáme" in str(mail)


def test_the_document_of_a_mail(smtp: Smtp) -> None:
    file = Attachment("účet.pdf", "application/pdf", b"%PDF")
    to = Address(addr_spec=MESSAGE.address)
    content = smtp._document(but(MESSAGE, attachments=[file]), to).as_bytes()
    document = message_from_bytes(content, policy=policy.default)
    assert document["Message-ID"] == f"<{MESSAGE.id}@praxis.test>"
    assert document["Auto-Submitted"] == "auto-generated"
    assert document["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert str(document["From"]).endswith("<praxis@praxis.test>")
    types = [part.get_content_type() for part in document.walk()]
    assert types[-3:] == ["text/plain", "text/html", "application/pdf"]
    # The same message makes the same document, but for the boundary.
    assert document["Date"] == "Fri, 20 Nov 2026 09:00:00 +0000"


# Twilio ------------------------------------------------------------------------------------------


def test_twilio_gets_a_number_and_our_address(sms: Twilio, twilio: FakeTwilio) -> None:
    result = sms.send(SMS)
    assert result.outcome == "sent"
    [asked] = twilio.asked
    assert asked.form["To"] == "+420777123456"
    assert asked.form["Body"] == SMS.text
    assert asked.form["StatusCallback"] == (
        f"https://functions.example.test/notifications/webhooks/twilio?message_id={SMS.id}"
    )
    assert asked.headers["authorization"].startswith("Basic ")


def test_before_a_repeat_twilio_is_asked_what_it_has(sms: Twilio, twilio: FakeTwilio) -> None:
    twilio.faults = [None]
    assert sms.send(SMS).outcome == "retry"
    again = sms.send(but(SMS, is_repeat=True))
    assert (again.outcome, len(twilio.sent)) == ("sent", 1)
    assert again.provider_id == twilio.sent[0]["sid"]
    twilio.sent[0]["status"] = "failed"
    assert sms.send(but(SMS, is_repeat=True)).outcome == "sent"
    assert len(twilio.sent) == 2


def test_the_same_words_again_are_no_repeat(sms: Twilio, twilio: FakeTwilio) -> None:
    assert sms.send(SMS).outcome == "sent"
    earlier = datetime.fromisoformat(SMS.queued_at) - timedelta(hours=5)
    twilio.sent[0]["date_created"] = format_datetime(earlier)
    # Refused for now, so it asks before it tries again: what it finds is another message.
    twilio.faults = [(429, {"code": 20429}, {})]
    again = but(SMS, id="1" + SMS.id[1:])
    assert sms.send(again).outcome == "retry"
    assert sms.send(but(again, is_repeat=True)).outcome == "sent"
    assert len(twilio.sent) == 2


@pytest.mark.parametrize(
    ("number", "dead"),
    [
        ("+420 700 000 000", "unreachable"),
        ("+420 700 000 001", "stopped"),
        ("12", "unreachable"),
    ],
)
def test_dead_numbers(sms: Twilio, number: str, dead: str) -> None:
    result = sms.send(but(SMS, address=number))
    assert (result.outcome, result.dead) == ("failed", dead)


def test_twilio_is_busy(sms: Twilio, twilio: FakeTwilio) -> None:
    twilio.faults = [(429, {"code": 20429}, {"retry-after": "5"})]
    result = sms.send(SMS)
    assert (result.outcome, result.retry_after_seconds) == ("retry", 5)


@pytest.mark.parametrize(
    ("number", "region", "expected"),
    [
        ("+44 20 7946 0018", "CZ", "+442079460018"),
        ("777 123 456", "CZ", "+420777123456"),
        ("20 12 34 56", "DK", "+4520123456"),
        ("0151 23456789", "DE", "+4915123456789"),
        ("hello", "CZ", None),
        ("", "CZ", None),
        ("1" * 300, "CZ", None),
    ],
)
def test_numbers_as_the_network_wants_them(number: str, region: str, expected: str | None) -> None:
    assert e164(number, region) == expected


# FCM ---------------------------------------------------------------------------------------------


def test_push_goes_to_every_device_with_one_token(push: Fcm, google: FakeGoogle) -> None:
    assert push.send(PUSH).outcome == "sent"
    assert push.send(PUSH).outcome == "sent"
    assert google.tokens == 1
    # Shown once on each device, although it was sent twice.
    assert len(google.shown) == 2
    assertion = next(a for a in google.asked if a.path == "/token").form["assertion"]
    claims = jwt.decode(assertion, options={"verify_signature": False})
    assert claims["scope"].endswith("firebase.messaging")
    assert claims["exp"] - claims["iat"] <= 3600
    sent = next(a for a in google.asked if a.path != "/token").json["message"]
    assert all(isinstance(value, str) for value in sent["data"].values())


def test_a_device_that_is_gone_is_dropped(push: Fcm, google: FakeGoogle) -> None:
    google.gone = {"device-one"}
    result = push.send(PUSH)
    assert (result.outcome, result.dead_registrations) == ("sent", ("device-one",))
    google.gone = {"device-one", "device-two"}
    result = push.send(PUSH)
    assert (result.outcome, len(result.dead_registrations)) == ("failed", 2)


def test_a_project_that_is_not_found_drops_no_device(push: Fcm, google: FakeGoogle) -> None:
    unknown: Answer = (404, {"error": {"status": "NOT_FOUND"}}, {})
    google.faults = [(200, {"access_token": "token-0", "expires_in": 3600}, {}), unknown, unknown]
    result = push.send(PUSH)
    assert (result.outcome, result.dead_registrations) == ("failed", ())


def test_a_device_of_another_project_is_not_tried_for_hours(push: Fcm, google: FakeGoogle) -> None:
    assert push.send(PUSH).outcome == "sent"
    other: Answer = (403, {"error": {"details": [{"errorCode": "SENDER_ID_MISMATCH"}]}}, {})
    google.faults = [other, other]
    result = push.send(PUSH)
    assert (result.outcome, result.error) == ("failed", "sender_id_mismatch")


def test_a_token_that_ended_is_renewed(push: Fcm, google: FakeGoogle) -> None:
    assert push.send(PUSH).outcome == "sent"
    google.tokens += 1
    assert push.send(but(PUSH, id="1" + PUSH.id[1:])).outcome == "sent"
    assert len(google.shown) == 4


def test_google_is_down(push: Fcm, google: FakeGoogle) -> None:
    google.is_down = True
    assert push.send(PUSH).outcome == "retry"
    google.is_down = False
    assert push.send(PUSH).outcome == "sent"


def test_which_provider_a_channel_has(config: Settings, environment: Callable[..., None]) -> None:
    assert config.email_provider == "resend"
    names = {channel: provider_for(channel) for channel in ("email", "sms", "push")}
    assert {c: p.name for c, p in names.items() if p} == {
        "email": "resend",
        "sms": "twilio",
        "push": "fcm",
    }
    environment(EMAIL_PROVIDER=None, SMS_PROVIDER=None, PUSH_PROVIDER=None)
    assert [provider_for(channel) for channel in names] == [None, None, None]
