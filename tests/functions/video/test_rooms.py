"""Video tokens: signature and every claim, per provider."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

if TYPE_CHECKING:
    from collections.abc import Callable

    import respx
    from flask.testing import FlaskClient

ID = "0b6d7c3e-52c4-4d3f-8f0e-0a4f7a1f2b10"
USER_ID = "5d1f6b5e-6f5b-4a77-9c38-0d3a8b7a1c11"
ROOM = "9f86d081884c7d659a2feaa0c55ad015"
APP_ID = "vpaas-magic-cookie-0123456789abcdef"
JITSI_SECRET = "a-jitsi-secret-of-more-than-32-characters"
NOT_BEFORE = "2026-11-23T08:45:00+00:00"
EXPIRES_AT = "2026-11-23T10:50:00+00:00"

JITSI = {
    "VIDEO_PROVIDER": "jitsi",
    "JITSI_DOMAIN": "Meet.Example.org:8443",
    "JITSI_APP_ID": "praxis",
    "JITSI_APP_SECRET": JITSI_SECRET,
}
# The tokens of the tests begin and end in another year than that in which they run.
AT_ANY_TIME: Any = {"verify_exp": False, "verify_nbf": False, "verify_iat": False}


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@pytest.fixture
def jaas(key: rsa.RSAPrivateKey) -> dict[str, str]:
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return {
        "VIDEO_PROVIDER": "jaas",
        "JAAS_APP_ID": APP_ID,
        "JAAS_KEY_ID": "4f5e6d",
        "JAAS_PRIVATE_KEY": pem.decode().replace("\n", "\\n"),
    }


@pytest.fixture
def room() -> dict[str, Any]:
    return {
        "appointment_id": ID,
        "organization_id": "11111111-1111-4111-8111-111111111111",
        "room_name": ROOM,
        "user_id": USER_ID,
        "is_moderator": False,
        "display_name": "Jana Nováková",
        "subject": "Consultation",
        "not_before": NOT_BEFORE,
        "expires_at": EXPIRES_AT,
        "starts_at": "2026-11-23T09:00:00+00:00",
        "ends_at": "2026-11-23T09:50:00+00:00",
    }


@pytest.fixture
def enter(
    client: Callable[[str], FlaskClient], api: respx.MockRouter, signed_in: dict[str, str]
) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def send(room: dict[str, Any]) -> dict[str, Any]:
        route = api.post("/rest/v1/rpc/open_video_room").mock(
            return_value=httpx.Response(200, json=room)
        )
        response = client("video").post(
            "/rooms",
            json={"appointment_id": ID},
            headers={**signed_in, "Idempotency-Key": "one-room-anyway"},
        )
        assert response.status_code == 200, response.data
        assert json.loads(route.calls.last.request.content) == {"appointment_id": ID}
        found: dict[str, Any] = json.loads(response.data)
        assert set(found) == {"url", "room", "token", "expires_at", "moderator"}
        assert (found["room"], found["expires_at"]) == (ROOM, EXPIRES_AT)
        return found

    return send


@pytest.mark.parametrize("is_moderator", [True, False])
def test_jaas(
    environment: Callable[..., None],
    jaas: dict[str, str],
    key: rsa.RSAPrivateKey,
    enter: Any,
    room: dict[str, Any],
    is_moderator: bool,  # noqa: FBT001 - a case of the test
) -> None:
    environment(**jaas)
    found = enter({**room, "is_moderator": is_moderator})
    token = found["token"]
    assert found["moderator"] is is_moderator
    assert found["url"] == f"https://8x8.vc/{APP_ID}/{ROOM}?jwt={token}"
    assert jwt.get_unverified_header(token) == {
        "alg": "RS256",
        "kid": f"{APP_ID}/4f5e6d",
        "typ": "JWT",
    }
    claims = jwt.decode(
        token, key.public_key(), algorithms=["RS256"], audience="jitsi", options=AT_ANY_TIME
    )
    assert claims == {
        "aud": "jitsi",
        "iss": "chat",
        "sub": APP_ID,
        "room": ROOM,
        "nbf": int(datetime.fromisoformat(NOT_BEFORE).timestamp()),
        "exp": int(datetime.fromisoformat(EXPIRES_AT).timestamp()),
        "context": {
            "user": {
                "id": USER_ID,
                "name": "Jana Nováková",
                "email": "",
                "avatar": "",
                "moderator": "true" if is_moderator else "false",
                "hidden-from-recorder": "false",
            },
            "features": dict.fromkeys(
                [
                    "livestreaming",
                    "recording",
                    "transcription",
                    "sip-inbound-call",
                    "sip-outbound-call",
                    "inbound-call",
                    "outbound-call",
                    "file-upload",
                    "list-visitors",
                ],
                "false",
            ),
        },
    }


def test_jaas_with_the_whole_key_id(
    environment: Callable[..., None], jaas: dict[str, str], enter: Any, room: dict[str, Any]
) -> None:
    environment(**{**jaas, "JAAS_KEY_ID": f"{APP_ID}/4f5e6d"})
    assert jwt.get_unverified_header(enter(room)["token"])["kid"] == f"{APP_ID}/4f5e6d"


@pytest.mark.parametrize("is_moderator", [True, False])
def test_jitsi(
    environment: Callable[..., None],
    enter: Any,
    room: dict[str, Any],
    is_moderator: bool,  # noqa: FBT001 - a case of the test
) -> None:
    environment(**JITSI)
    found = enter({**room, "is_moderator": is_moderator})
    token = found["token"]
    assert found["url"] == f"https://Meet.Example.org:8443/{ROOM}?jwt={token}"
    assert jwt.get_unverified_header(token) == {"alg": "HS256", "typ": "JWT"}
    claims = jwt.decode(
        token, JITSI_SECRET, algorithms=["HS256"], audience="jitsi", options=AT_ANY_TIME
    )
    assert claims == {
        "aud": "jitsi",
        "iss": "praxis",
        "sub": "meet.example.org",
        "room": ROOM,
        "nbf": int(datetime.fromisoformat(NOT_BEFORE).timestamp()),
        "exp": int(datetime.fromisoformat(EXPIRES_AT).timestamp()),
        "context": {
            "user": {
                "id": USER_ID,
                "name": "Jana Nováková",
                "moderator": "true" if is_moderator else "false",
                "affiliation": "owner" if is_moderator else "member",
            }
        },
    }


def test_no_name_is_an_empty_name(
    environment: Callable[..., None], enter: Any, room: dict[str, Any]
) -> None:
    environment(**JITSI)
    token = enter({**room, "display_name": None})["token"]
    claims = jwt.decode(token, options={"verify_signature": False})
    assert claims["context"]["user"]["name"] == ""


@pytest.mark.parametrize("value", ["true", 1, None, "yes"])
def test_only_true_makes_a_moderator(
    environment: Callable[..., None], enter: Any, room: dict[str, Any], value: Any
) -> None:
    environment(**JITSI)
    found = enter({**room, "is_moderator": value})
    assert found["moderator"] is False
    claims = jwt.decode(found["token"], options={"verify_signature": False})
    assert claims["context"]["user"]["moderator"] == "false"


def test_a_public_server_when_configured(
    environment: Callable[..., None], enter: Any, room: dict[str, Any]
) -> None:
    environment(VIDEO_PROVIDER="public", JITSI_DOMAIN="meet.jit.si")
    found = enter(room)
    assert found["token"] is None
    assert found["url"] == f"https://meet.jit.si/{ROOM}"


def test_no_room_without_a_provider(
    client: Callable[[str], FlaskClient], api: respx.MockRouter, signed_in: dict[str, str]
) -> None:
    response = client("video").post("/rooms", json={"appointment_id": ID}, headers=signed_in)
    assert response.status_code == 503
    assert json.loads(response.data)["code"] == "unavailable"
    assert not api.calls


@pytest.mark.parametrize(
    ("status", "token"), [(409, "invalid_state"), (403, "forbidden"), (404, "not_found")]
)
def test_who_may_enter_is_decided_by_the_database(
    environment: Callable[..., None],
    client: Callable[[str], FlaskClient],
    api: respx.MockRouter,
    signed_in: dict[str, str],
    refused: Callable[..., httpx.Response],
    status: int,
    token: str,
) -> None:
    environment(**JITSI)
    api.post("/rest/v1/rpc/open_video_room").mock(
        return_value=refused(status, f"PT{status}", token)
    )
    response = client("video").post("/rooms", json={"appointment_id": ID}, headers=signed_in)
    assert (response.status_code, json.loads(response.data)["code"]) == (status, token)
