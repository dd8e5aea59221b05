"""Reports of providers: signed, fresh, counted once, in any order."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.functions.notifications.conftest import TWILIO_TOKEN, WEBHOOK_SECRET
from tests.functions.notifications.fakes import svix_headers, twilio_signature

if TYPE_CHECKING:
    from collections.abc import Callable

    import respx
    from flask.testing import FlaskClient

    from kernel.settings import Settings

ID = "0b6d7c3e-52c4-4d3f-8f0e-0a4f7a1f2b10"
TWILIO_URL = f"https://functions.example.test/notifications/webhooks/twilio?message_id={ID}"


def event(kind: str = "email.delivered", **data: Any) -> bytes:
    content = {"email_id": "re-1", "to": ["eva@example.test"], "tags": {"message_id": ID}, **data}
    return json.dumps({"type": kind, "created_at": "x", "data": content}).encode()


@pytest.fixture
def recorded(api: respx.MockRouter, config: Settings) -> respx.Route:
    assert config.resend_webhook_secret
    return api.post("/rest/v1/rpc/record_delivery_event").mock(
        return_value=httpx.Response(200, json="recorded")
    )


@pytest.fixture
def report(client: Callable[[str], FlaskClient], recorded: respx.Route) -> Callable[..., Any]:
    assert recorded is not None

    def send(body: bytes, **changes: str) -> Any:
        headers = svix_headers(changes.pop("secret", WEBHOOK_SECRET), body, **changes)
        return client("notifications").post("/webhooks/resend", data=body, headers=headers)

    return send


def told(recorded: respx.Route) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(recorded.calls.last.request.content)
    return found


@pytest.mark.parametrize(
    ("kind", "data", "state"),
    [
        ("email.sent", {}, "sent"),
        ("email.delivered", {}, "delivered"),
        ("email.delivery_delayed", {}, "delayed"),
        ("email.complained", {}, "complained"),
        ("email.failed", {}, "failed"),
        ("email.bounced", {"bounce": {"type": "Permanent", "subType": "General"}}, "bounced"),
        ("email.bounced", {"bounce": {"type": "Transient"}}, "failed"),
        ("email.bounced", {}, "bounced"),
    ],
)
def test_what_resend_reports(
    report: Callable[..., Any], recorded: respx.Route, kind: str, data: Any, state: str
) -> None:
    response = report(event(kind, **data), id="msg_1")
    assert (response.status_code, response.get_json()) == (200, {"result": "recorded"})
    said = told(recorded)
    assert (said["provider"], said["event_id"], said["state"]) == ("resend", "msg_1", state)
    assert (said["message_id"], said["provider_id"]) == (ID, "re-1")
    assert said["address"] == "eva@example.test"


def test_an_address_that_a_report_does_not_tell(
    report: Callable[..., Any], recorded: respx.Route
) -> None:
    for to in (None, [], [7], {"email": "eva@example.test"}):
        assert report(event(to=to)).status_code == 200
        assert told(recorded)["address"] is None


def test_what_does_not_concern_us(report: Callable[..., Any], recorded: respx.Route) -> None:
    for kind in ("email.opened", "email.clicked", "contact.created"):
        assert report(event(kind)).get_json() == {"result": "ignored"}
    assert not recorded.called
    # A list of tags, as it was sent; and one that is no id of ours.
    report(event(tags=[{"name": "message_id", "value": ID}]))
    assert told(recorded)["message_id"] == ID
    for tags in ([], {}, None, [1], {"message_id": "x'; drop"}, {"message_id": 7}):
        report(event(tags=tags))
        assert told(recorded)["message_id"] is None


@pytest.mark.parametrize(
    "changes",
    [
        {"secret": "whsec_" + "YW5vdGhlciBzZWNyZXQ="},
        {"signature": "v1,AAAA"},
        {"signature": "v1,"},
        {"signature": "v2,x"},
        {"signature": ""},
        # Far off, because these are worked out long before the test runs.
        {"timestamp": str(int(time.time()) - 36_000)},
        {"timestamp": str(int(time.time()) + 36_000)},
        {"timestamp": "yesterday"},
        {"timestamp": ""},
        {"id": ""},
    ],
)
def test_54_reports_that_are_not_resends(
    report: Callable[..., Any], recorded: respx.Route, changes: dict[str, str]
) -> None:
    response = report(event(), **changes)
    assert (response.status_code, response.get_json()["code"]) == (401, "unauthenticated")
    assert not recorded.called


def test_a_signature_is_over_the_very_bytes(
    client: Callable[[str], FlaskClient], recorded: respx.Route
) -> None:
    headers = svix_headers(WEBHOOK_SECRET, event())
    changed = event().replace(b"delivered", b"complained")
    response = client("notifications").post("/webhooks/resend", data=changed, headers=headers)
    assert response.status_code == 401
    assert not recorded.called


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"null", b'{"type": "email.sent"}'])
def test_signed_nonsense(report: Callable[..., Any], recorded: respx.Route, body: bytes) -> None:
    assert report(body).status_code in {400, 401}
    assert not recorded.called


def test_without_a_secret_there_are_no_reports(
    report: Callable[..., Any], environment: Callable[..., None]
) -> None:
    environment(RESEND_WEBHOOK_SECRET=None)
    assert report(event()).status_code == 503


# Twilio ------------------------------------------------------------------------------------------


@pytest.fixture
def sms_report(client: Callable[[str], FlaskClient], recorded: respx.Route) -> Callable[..., Any]:
    assert recorded is not None

    def send(form: dict[str, str], *, url: str = TWILIO_URL, **changes: Any) -> Any:
        signature = twilio_signature(changes.get("token", TWILIO_TOKEN), url, form)
        headers = {"x-twilio-signature": changes.get("signature", signature)}
        headers |= changes.get("headers", {})
        path = changes.get("path", f"/webhooks/twilio?message_id={ID}")
        return client("notifications").post(path, data=form, headers=headers)

    return send


@pytest.mark.parametrize(
    ("status", "code", "state"),
    [
        ("sent", "", "sent"),
        ("delivered", "", "delivered"),
        ("undelivered", "30003", "failed"),
        ("undelivered", "30005", "unreachable"),
        ("undelivered", "30006", "unreachable"),
        ("failed", "21610", "stopped"),
        ("failed", "", "failed"),
    ],
)
def test_what_twilio_reports(
    sms_report: Callable[..., Any], recorded: respx.Route, status: str, code: str, state: str
) -> None:
    form = {"MessageSid": "SM1", "MessageStatus": status, "ErrorCode": code, "To": "+420777123456"}
    assert sms_report(form).status_code == 200
    said = told(recorded)
    assert (said["event_id"], said["state"], said["message_id"]) == (f"SM1:{status}", state, ID)
    assert said["address"] == "+420777123456"


def test_steps_of_twilio_that_say_nothing(
    sms_report: Callable[..., Any], recorded: respx.Route
) -> None:
    for status in ("queued", "sending", "accepted", "", "exploded"):
        form = {"MessageSid": "SM1", "MessageStatus": status}
        assert sms_report(form).get_json() == {"result": "ignored"}
    assert not recorded.called


def test_54_46_reports_that_are_not_twilios(
    sms_report: Callable[..., Any], recorded: respx.Route
) -> None:
    form = {"MessageSid": "SM1", "MessageStatus": "delivered"}
    other = "99999999-52c4-4d3f-8f0e-0a4f7a1f2b10"
    for changes in (
        {"token": "another token"},
        {"signature": ""},
        {"signature": "AAAA"},
        {"path": f"/webhooks/twilio?message_id={other}"},
        # Signed for another host, which the request claims to have come to.
        {
            "url": TWILIO_URL.replace("functions.example.test", "evil.test"),
            "headers": {"Host": "evil.test", "X-Forwarded-Host": "evil.test"},
        },
    ):
        assert sms_report(form, **changes).status_code == 401
    assert sms_report(form, path="/webhooks/twilio").status_code == 422
    assert sms_report(form, path="/webhooks/twilio?message_id=1").status_code == 422
    assert not recorded.called
