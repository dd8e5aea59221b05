"""The kernel on the real stack: other tokens, CORS, limits, description, through the proxy."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import httpx
import jwt
import pytest

from tests.functions.house import problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.functions.house import House
    from tests.stack_fixture import TestStack

FUNCTIONS = ("booking", "credits", "billing", "notifications", "video")


@pytest.mark.parametrize("name", FUNCTIONS)
def test_health_and_description(stack: TestStack, name: str) -> None:
    health = httpx.get(f"{stack.functions_url}/{name}/health")
    assert (health.status_code, health.json()) == (200, {"status": "ok", "function": name})
    document = httpx.get(f"{stack.functions_url}/{name}/openapi.json")
    assert document.status_code == 200
    assert document.json()["openapi"].startswith("3.1")
    assert document.json()["servers"] == [{"url": stack.functions_url}]


def test_35_keys_and_forged_tokens(house: House, stack: TestStack) -> None:
    now = int(time.time())
    claims = {
        "sub": house.users["owner"].id,
        "aud": "authenticated",
        "role": "authenticated",
        "iat": now,
        "exp": now + 600,
    }
    tokens = [
        stack.publishable_key,
        stack.secret_key,
        jwt.encode(claims, "a-guessed-secret-with-more-than-32-characters"),
        jwt.encode(claims, "", algorithm="none"),
        house.users["owner"].token[:-2],
        house.users["owner"].token + "A",
    ]
    if stack.jwt_secret:
        changes: tuple[dict[str, Any], ...] = (
            {"role": "service_role"},
            {"role": "anon"},
            {"aud": "other"},
            {"exp": now - 60},
            {"sub": "postgres"},
        )
        tokens += [jwt.encode({**claims, **change}, stack.jwt_secret) for change in changes]
    for token in tokens:
        response = httpx.post(
            f"{stack.functions_url}/booking",
            json=house.booking(),
            headers={"Authorization": f"Bearer {token}", "apikey": stack.publishable_key},
        )
        problem(response, 401, "unauthenticated")
        assert response.headers["www-authenticate"] == "Bearer"


def test_22_a_removed_member_has_no_rights_left(house: House, fresh_user: Any) -> None:
    user = fresh_user()
    house.practice.member("admin", user.id)
    client = house.functions(user)
    row = house.book()
    assert client.post(f"/booking/{row['id']}/start").status_code == 200
    house.practice.sql.execute("delete from public.members where user_id = %s", [user.id])
    problem(client.post(f"/booking/{row['id']}/complete"), 404, "not_found")


def test_68_cors(stack: TestStack) -> None:
    foreign = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    for method in ("OPTIONS", "POST", "GET"):
        response = httpx.request(method, f"{stack.functions_url}/booking", headers=foreign)
        assert not [name for name in response.headers if name.startswith("access-control")]
    known = {**foreign, "Origin": "http://localhost:3000"}
    response = httpx.options(f"{stack.functions_url}/booking", headers=known)
    assert response.status_code == 204
    assert response.headers["access-control-allow-origin"] == "http://localhost:3000"


def test_58_bodies_over_the_limit(house: House) -> None:
    client = house.as_("client")
    headers = {"Content-Type": "application/json"}
    announced = client.post("/booking", content=b"x" * (2 * 1024 * 1024), headers=headers)
    problem(announced, 413, "payload_too_large")

    def chunks() -> Iterator[bytes]:
        for _ in range(32):
            yield b"x" * 65_536

    problem(client.post("/booking", content=chunks(), headers=headers), 413, "payload_too_large")
    assert client.get("/booking/health").status_code == 200


def test_58_the_length_of_an_address(house: House) -> None:
    client = house.as_("client")
    problem(client.get(f"/booking/nothing?{'x' * 7_000}"), 404, "not_found")
    problem(client.get(f"/booking/nothing?{'x' * 9_000}"), 414, "uri_too_long")


@pytest.mark.parametrize(
    "content", [b"{", b'{"note":"\\ud800"}', b'{"a":1,"a":1}', b"[" * 60_000, b"\xff", b"NaN"]
)
def test_57_unreadable_bodies(house: House, content: bytes) -> None:
    response = house.as_("client").post(
        "/booking", content=content, headers={"Content-Type": "application/json"}
    )
    problem(response, 400, "malformed_request")


def test_unknown_functions_and_methods(house: House) -> None:
    client = house.as_("client")
    problem(client.get("/booking/nothing"), 404, "not_found")
    response = client.put("/booking")
    assert "POST" in response.headers["allow"]
    problem(response, 405, "method_not_allowed")


def test_request_ids_pass_the_proxy(house: House) -> None:
    response = house.as_("client").get("/video/nothing", headers={"X-Request-Id": "trace-0001"})
    assert response.headers["x-request-id"] == "trace-0001"
    assert json.loads(response.content)["instance"] == "urn:praxis:request:trace-0001"
