"""Addresses, methods, CORS, request ids and headers, through the real framework."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client

if TYPE_CHECKING:
    from collections.abc import Callable

    import respx
    from flask.testing import FlaskClient

ID = "0b6d7c3e-52c4-4d3f-8f0e-0a4f7a1f2b10"
ORIGIN = "https://app.example.org"

pytestmark = pytest.mark.usefixtures("api")


@pytest.fixture
def confirmed(api: respx.MockRouter, appointment: dict[str, Any]) -> respx.Route:
    return api.post("/rest/v1/rpc/confirm_appointment").mock(
        return_value=httpx.Response(200, json=appointment)
    )


@pytest.mark.parametrize(
    "path",
    [f"/{ID}/confirm", f"/{ID}/confirm/", f"/booking/{ID}/confirm", f"/{ID.upper()}/confirm"],
)
def test_addresses_with_and_without_the_functions_name(
    client: Callable[[str], FlaskClient],
    confirmed: respx.Route,
    signed_in: dict[str, str],
    path: str,
) -> None:
    response = client("booking").post(path, headers=signed_in)
    assert response.status_code == 200
    assert json.loads(confirmed.calls.last.request.content) == {"appointment_id": ID}


def test_mounted_beside_the_others(
    applications: dict[str, Any], confirmed: respx.Route, signed_in: dict[str, str]
) -> None:
    mounted = DispatcherMiddleware(
        applications["booking"], {f"/{name}": app for name, app in applications.items()}
    )
    response = Client(mounted).post(f"/booking/{ID}/confirm", headers=signed_in)
    assert response.status_code == 200
    assert confirmed.called


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("booking", "/nothing"),
        ("booking", "/bookings"),
        ("booking", f"/{ID}"),
        ("booking", f"/{ID}/explode"),
        ("booking", f"/{ID}/confirm/now"),
        ("booking", "/1/confirm"),
        ("booking", "/blocks/1/cancel"),
        ("booking", f"/{ID}'--/confirm"),
        ("booking", f"/{ID}%00/confirm"),
        ("billing", "/invoices/%0A/send"),
        ("booking", f"/{ID[:-1]}\u0661/confirm"),
        ("booking", "/%2e%2e/credits"),
        ("booking", "/booking/booking/health"),
        ("credits", "/not-a-uuid"),
        ("credits", "/booking/health"),
        ("billing", "/reports/1"),
        ("video", "/"),
    ],
)
def test_unknown_addresses(
    client: Callable[[str], FlaskClient],
    api: respx.MockRouter,
    signed_in: dict[str, str],
    name: str,
    path: str,
) -> None:
    for method in ("GET", "POST", "PUT"):
        response = client(name).open(path, method=method, headers=signed_in)
        assert response.status_code == 404
        assert response.content_type == "application/problem+json"
        assert json.loads(response.data)["code"] == "not_found"
    assert not api.calls


def test_what_the_framework_itself_refuses_has_the_same_shape(
    client: Callable[[str], FlaskClient],
) -> None:
    response = client("booking").get(
        "/health", headers={"Connection": "Upgrade", "Upgrade": "websocket"}
    )
    assert response.status_code == 400
    assert response.content_type == "application/problem+json"
    assert json.loads(response.data)["code"] == "malformed_request"
    assert response.headers["x-request-id"]


@pytest.mark.parametrize(
    ("name", "path", "allowed"),
    [
        ("booking", "/", "OPTIONS, POST"),
        ("booking", f"/{ID}/cancel", "OPTIONS, POST"),
        ("booking", f"/{ID}/calendar.ics", "GET, HEAD, OPTIONS"),
        ("credits", f"/{ID}", "GET, HEAD, OPTIONS"),
        ("billing", "/reports", "OPTIONS, POST"),
        ("video", "/rooms", "OPTIONS, POST"),
        ("video", "/health", "GET, HEAD, OPTIONS"),
    ],
)
def test_other_methods(
    client: Callable[[str], FlaskClient],
    api: respx.MockRouter,
    signed_in: dict[str, str],
    name: str,
    path: str,
    allowed: str,
) -> None:
    for method in ({"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"}) - set(
        allowed.split(", ")
    ):
        response = client(name).open(path, method=method, headers=signed_in)
        assert response.status_code == 405
        assert response.headers["Allow"] == allowed
        assert json.loads(response.data)["code"] == "method_not_allowed"
    options = client(name).options(path)
    assert (options.status_code, options.headers["Allow"]) == (204, allowed)
    assert not api.calls


def test_head_is_get_without_a_body(
    client: Callable[[str], FlaskClient], api: respx.MockRouter, signed_in: dict[str, str]
) -> None:
    api.get("/rest/v1/credit_balances").mock(
        return_value=httpx.Response(
            200,
            json=[
                {
                    "organization_id": ID,
                    "currency": "CZK",
                    "balance_amount": 1,
                    "available_amount": 1,
                }
            ],
        )
    )
    response = client("credits").head(f"/{ID}", headers=signed_in)
    assert response.status_code == 200
    assert response.data == b""
    assert client("credits").head(f"/{ID}").status_code == 401


def test_the_caller_comes_before_the_body(client: Callable[[str], FlaskClient]) -> None:
    response = client("booking").post("/", data=b"{", content_type="text/plain")
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert json.loads(response.data)["code"] == "unauthenticated"


@pytest.mark.parametrize("place", ["access_token", "apikey", "jwt", "authorization"])
def test_39_a_token_in_the_address_is_no_token(
    client: Callable[[str], FlaskClient], mint: Callable[..., str], place: str
) -> None:
    response = client("credits").get(f"/{ID}?{place}={mint()}")
    assert response.status_code == 401


def test_every_answer_is_guarded(client: Callable[[str], FlaskClient]) -> None:
    for response in (
        client("booking").get("/openapi.json"),
        client("booking").get("/nothing"),
        client("booking").post("/"),
        client("booking").options("/"),
    ):
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert "Origin" in response.headers["Vary"]


def test_request_ids(
    client: Callable[[str], FlaskClient], confirmed: respx.Route, signed_in: dict[str, str]
) -> None:
    given = "trace-12345.abc_DEF"
    response = client("booking").post(
        f"/{ID}/confirm", headers={**signed_in, "X-Request-Id": given}
    )
    assert response.headers["X-Request-Id"] == given
    assert confirmed.calls.last.request.headers["x-request-id"] == given

    for strange in ("", "short", "x" * 129, "a b c d e f g", "abcdefgh<script>", "žluťoučký"):
        response = client("booking").post(
            f"/{ID}/confirm",
            headers={**signed_in, "X-Request-Id": strange.encode().decode("latin-1")},
        )
        assert re.fullmatch(r"[0-9a-f]{32}", response.headers["X-Request-Id"])

    response = client("booking").post("/", headers={"X-Request-Id": given})
    assert json.loads(response.data)["instance"] == f"urn:praxis:request:{given}"


def test_what_goes_on_to_the_api(
    client: Callable[[str], FlaskClient], confirmed: respx.Route, signed_in: dict[str, str]
) -> None:
    client("booking").post(
        f"/{ID}/confirm",
        headers={
            **signed_in,
            "apikey": "sb_secret_forged",
            "Cookie": "a=b",
            "X-Forwarded-For": "1.2.3.4",
            "Prefer": "return=minimal",
            "Accept-Profile": "private",
        },
    )
    sent = confirmed.calls.last.request.headers
    assert sent["authorization"] == signed_in["Authorization"]
    assert sent["apikey"] == "sb_publishable_test"
    assert sent["host"] == "api.test"
    assert not {"cookie", "prefer", "accept-profile", "x-forwarded-for"} & set(sent)


def test_68_cors_for_known_origins_only(client: Callable[[str], FlaskClient]) -> None:
    for origin in (ORIGIN, "http://localhost:3000"):
        response = client("booking").post("/", headers={"Origin": origin})
        assert response.status_code == 401
        assert response.headers["Access-Control-Allow-Origin"] == origin
        assert "Access-Control-Allow-Credentials" not in response.headers
    for origin in (
        "https://evil.example",
        "https://app.example.org.evil.example",
        "https://app.example.org:444",
        "http://app.example.org",
        "null",
        "*",
        "",
    ):
        for method in ("GET", "OPTIONS", "POST"):
            response = client("booking").open(
                "/",
                method=method,
                headers={"Origin": origin, "Access-Control-Request-Method": "POST"},
            )
            assert not [name for name in response.headers if name[0].startswith("Access-Control")]
            assert "Origin" in response.headers["Vary"]


def test_68_preflight(client: Callable[[str], FlaskClient]) -> None:
    response = client("booking").options(
        f"/{ID}/cancel",
        headers={
            "Origin": ORIGIN,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization,content-type,idempotency-key",
        },
    )
    assert response.status_code == 204
    assert response.data == b""
    assert response.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    allowed = response.headers["Access-Control-Allow-Headers"].split(", ")
    assert {"authorization", "content-type", "idempotency-key"} <= set(allowed)


def test_46_links_do_not_follow_the_host_header(
    client: Callable[[str], FlaskClient], confirmed: respx.Route, signed_in: dict[str, str]
) -> None:
    response = client("booking").post(
        f"/{ID}/confirm",
        headers={**signed_in, "Host": "evil.example", "X-Forwarded-Host": "evil.example"},
    )
    assert confirmed.called
    assert b"evil" not in response.data
    link = json.loads(response.data)["calendar_url"]
    assert link == f"http://api.test/functions/v1/booking/{ID}/calendar.ics"


def test_health(client: Callable[[str], FlaskClient], api: respx.MockRouter) -> None:
    route = api.get("/rest/v1/").mock(return_value=httpx.Response(200, json={}))
    response = client("video").get("/video/health")
    assert response.status_code == 200
    assert json.loads(response.data) == {"status": "ok", "function": "video"}
    for fault in (httpx.ConnectError("down"), httpx.Response(503)):
        if isinstance(fault, Exception):
            route.mock(side_effect=fault)
        else:
            route.mock(side_effect=None, return_value=fault)
        response = client("video").get("/health")
        assert response.status_code == 503
        assert json.loads(response.data)["code"] == "unavailable"


def test_without_configuration_everything_is_unavailable(
    client: Callable[[str], FlaskClient],
    environment: Callable[..., None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    environment(SUPABASE_URL=None, SUPABASE_JWT_SECRET="short")
    for path, method in (("/health", "GET"), ("/", "POST")):
        response = client("booking").open(path, method=method, headers={"Origin": ORIGIN})
        assert response.status_code == 503
        assert b"SUPABASE" not in response.data
    logged = capsys.readouterr().out
    assert "SUPABASE_URL" in logged
    assert "SUPABASE_JWT_SECRET" in logged
    assert '"short"' not in logged
