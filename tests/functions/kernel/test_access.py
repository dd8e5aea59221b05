"""Routes that are not for users: machines with a scope, anybody, raw bodies, the secret key."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import httpx
import jwt
import pytest
from flask import Request
from werkzeug.test import EnvironBuilder

from kernel import machines
from kernel.bodies import Raw
from kernel.errors import Problem
from kernel.models import Row
from kernel.openapi import document
from kernel.routing import Call, Function, Reply, Route
from tests.functions.conftest import JWT_SECRET, PUBLISHABLE_KEY

if TYPE_CHECKING:
    from collections.abc import Callable

    import respx
    from flask import Response

SERVICE_SECRET = "another-secret-of-more-than-32-characters"
SECRET_KEY = "sb_secret_test"
TEXT = Raw(max_bytes=16, media_types=("text/plain", "text/csv"))


def echo(call: Call) -> Reply:
    said = {"machine": call.machine, "raw": call.raw.decode(), "type": call.media_type}
    return Reply({**said, **call.parameters, "key": call.key})


def act(call: Call) -> Reply:
    return Reply(call.service.rpc("claim", {}))


def route(path: str, handle: Callable[[Call], Reply] = echo, **more: Any) -> Route:
    return Route("POST", path, handle, "Tried by tests", Row, **more)


FUNCTION = Function(
    "tried",
    "A function for tests.",
    [
        route("/user"),
        route("/machine", access="service:tried:run"),
        route("/public", access="public"),
        route("/raw", access="public", raw=TEXT),
        route("/links/{token}", access="public"),
        route("/secret", act, access="service:tried:run", uses_secret=True),
        route("/no-secret", act, access="public"),
    ],
)


@pytest.fixture
def post(
    api: respx.MockRouter, environment: Callable[..., None]
) -> Callable[..., tuple[Response, Any]]:
    assert api is not None
    environment(SERVICE_TOKEN_SECRET=SERVICE_SECRET, SUPABASE_SECRET_KEY=SECRET_KEY)

    def send(path: str, token: str | None = None, **more: Any) -> tuple[Response, Any]:
        headers = more.pop("headers", {})
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        builder = EnvironBuilder(path, method="POST", headers=headers, **more)
        response = FUNCTION.serve(Request(builder.get_environ()))
        return response, json.loads(response.get_data())

    return send


def token(secret: str = SERVICE_SECRET, headers: Any = None, **overrides: Any) -> str:
    now = int(time.time())
    claims = {
        "aud": "praxis-functions",
        "sub": "scheduler",
        "scope": "tried:run",
        "iat": now,
        "exp": now + 300,
        **overrides,
    }
    kept = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(kept, secret, algorithm="HS256", headers=headers)


def test_a_machine_calls_what_its_scope_names(post: Callable[..., Any]) -> None:
    for scope in ("tried:run", "other:run tried:run"):
        response, body = post("/machine", token(scope=scope))
        assert (response.status_code, body["machine"]) == (200, "scheduler")
    assert post("/machine", machines.sign("scheduler", "tried:run"))[0].status_code == 200


@pytest.mark.parametrize(
    "scope",
    ["", "tried", "tried:", "tried:ru", "tried:runs", "TRIED:RUN", "tried:*", "*", "tried:run,x"],
)
def test_39_40_another_scope_is_forbidden(post: Callable[..., Any], scope: str) -> None:
    response, body = post("/machine", token(scope=scope))
    assert (response.status_code, body["code"]) == (403, "forbidden")


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "authenticated"},
        {"aud": ["praxis-functions", "other"]},
        {"aud": None},
        {"exp": None},
        {"iat": None},
        {"sub": None},
        {"scope": None},
        {"scope": ["tried:run"]},
        {"sub": "x" * 65},
        {"sub": "Robert'); drop"},
        {"exp": int(time.time()) - 60},
        {"exp": int(time.time()) + 90_000},
        {"exp": int(time.time()) + 10**9, "iat": int(time.time()) + 10**9 - 60},
        {"secret": "a-guessed-secret-with-more-than-32-characters"},
        {"secret": JWT_SECRET},
        {"headers": {"kid": "1", "jku": "http://evil.test"}},
        {"headers": {"typ": "at+jwt"}},
    ],
)
def test_39_tokens_that_are_none(post: Callable[..., Any], changes: dict[str, Any]) -> None:
    response, body = post("/machine", token(**changes))
    assert (response.status_code, body["code"]) == (401, "unauthenticated")


def test_30_39_no_token_another_kind_and_one_in_the_address(
    post: Callable[..., Any], mint: Callable[..., str]
) -> None:
    unsigned = jwt.encode({"aud": "praxis-functions", "scope": "tried:run"}, "", algorithm="none")
    for sent in (None, "", "x.y.z", unsigned, SECRET_KEY, PUBLISHABLE_KEY, mint()):
        assert post("/machine", sent)[0].status_code == 401
    assert post(f"/machine?token={token()}&access_token={token()}")[0].status_code == 401
    # A machine is no user.
    assert post("/user", token())[0].status_code == 401


def test_without_a_setting_a_route_is_unavailable(
    post: Callable[..., Any], environment: Callable[..., None]
) -> None:
    environment(SERVICE_TOKEN_SECRET=None)
    assert post("/machine", token())[1]["code"] == "unavailable"
    environment(SERVICE_TOKEN_SECRET=SERVICE_SECRET, SUPABASE_SECRET_KEY=None)
    assert post("/machine", token())[0].status_code == 200
    assert post("/secret", token())[1]["code"] == "unavailable"


def test_only_a_route_that_declares_it_uses_the_secret_key(
    post: Callable[..., Any], api: respx.MockRouter
) -> None:
    rpc = api.post("/rest/v1/rpc/claim").mock(return_value=httpx.Response(200, json={"ok": True}))
    assert post("/secret", token())[1] == {"ok": True}
    sent = rpc.calls.last.request.headers
    assert (sent["apikey"], sent["authorization"]) == (SECRET_KEY, f"Bearer {SECRET_KEY}")
    assert post("/no-secret")[0].status_code == 500
    assert rpc.call_count == 1


def test_anybody_calls_a_public_route(post: Callable[..., Any], api: respx.MockRouter) -> None:
    response, body = post("/public", "not.a.token", headers={"Idempotency-Key": "k1"})
    assert (response.status_code, body["machine"], body["key"]) == (200, None, "k1")
    assert post("/public", headers={"Idempotency-Key": "k 1"})[0].status_code == 422
    assert not api.calls


def test_a_raw_body_arrives_as_it_was_sent(post: Callable[..., Any]) -> None:
    said = post("/raw", data=b"a;b\r\n", content_type="Text/CSV; charset=utf-8")[1]
    assert (said["raw"], said["type"]) == ("a;b\r\n", "text/csv")
    for content_type in (None, "", "application/json", "text/plainer"):
        response, body = post("/raw", data=b"x", content_type=content_type)
        assert (response.status_code, body["code"]) == (415, "unsupported_media_type")
    assert post("/raw", data=b"x" * 16, content_type="text/plain")[0].status_code == 200
    for size in (17, 5_000_000):
        response, body = post("/raw", data=b"x" * size, content_type="text/plain")
        assert (response.status_code, body["code"]) == (413, "payload_too_large")


def test_44_the_secret_of_a_link_is_left_to_the_handler(post: Callable[..., Any]) -> None:
    for secret in ("x", "not-a-uuid", "x" * 512, "%2e%2e"):
        assert post(f"/links/{secret}")[0].status_code == 200
    assert post("/links/" + "x" * 513)[0].status_code == 404


def test_the_description_says_who_may_call(environment: Callable[..., None]) -> None:
    environment()
    paths = document([FUNCTION])["paths"]
    found = {path: item["post"]["security"] for path, item in paths.items() if "post" in item}
    assert found["/tried/user"] == [{"accessToken": []}]
    assert found["/tried/machine"] == [{"serviceToken": []}]
    assert found["/tried/public"] == []
    assert set(paths["/tried/raw"]["post"]["requestBody"]["content"]) == set(TEXT.media_types)


def test_a_machine_has_a_name_and_scopes(environment: Callable[..., None]) -> None:
    environment(SERVICE_TOKEN_SECRET=SERVICE_SECRET)
    for name, scope in (("", "a:b"), ("A b", "a:b"), ("a", ""), ("a", "a"), ("a", "a:*")):
        with pytest.raises(ValueError, match="a machine has"):
            machines.sign(name, scope)
    environment(SERVICE_TOKEN_SECRET=None)
    with pytest.raises(Problem):
        machines.sign("a", "a:b")
