"""Fixtures for the functions: alone before a pretended API, and together on the real stack."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import functions_framework
import httpx
import jwt
import psycopg
import pytest
import respx
from psycopg.rows import dict_row

import main
from kernel import auth, database, limits, openapi
from kernel import settings as configuration
from kernel.transport import Answer, CutError, NotSentError, Pool, TooSlowError
from notifications.providers import provider_for
from tests.functions.house import House, open_house

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask.testing import FlaskClient

    from tests.conftest import ClientFor, User
    from tests.stack_fixture import TestStack

API_URL = "http://api.test"
JWT_SECRET = "a-shared-secret-of-more-than-32-characters"
PUBLISHABLE_KEY = "sb_publishable_test"
USER_ID = "5d1f6b5e-6f5b-4a77-9c38-0d3a8b7a1c11"


def forget_process_state() -> None:
    """Clear what a process keeps, so that each test starts like a new one."""
    for kept in (
        configuration.settings,
        auth.verifier,
        database.upstream,
        limits.leases,
        openapi.document_bytes,
        provider_for,
    ):
        kept.cache_clear()


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """The functions' environment; call it to change variables (None removes one)."""

    def change(**variables: str | None) -> None:
        for name, value in variables.items():
            if value is None:
                monkeypatch.delenv(name, raising=False)
            else:
                monkeypatch.setenv(name, value)
        forget_process_state()

    for field in configuration.Settings.model_fields:
        monkeypatch.delenv(field.upper(), raising=False)
    change(
        SUPABASE_URL=API_URL,
        SUPABASE_PUBLISHABLE_KEY=PUBLISHABLE_KEY,
        SUPABASE_JWT_SECRET=JWT_SECRET,
        CORS_ALLOWED_ORIGINS="https://app.example.org, http://localhost:3000",
    )
    yield change
    forget_process_state()


@pytest.fixture
def pretend(
    environment: object, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Callable[[httpx.Request], httpx.Response]], None]:
    """Have a function answer for the Data API; nothing else can be reached."""
    assert environment

    def install(
        answer: Callable[[httpx.Request], httpx.Response], *, answers_leases: bool = False
    ) -> None:
        def exchange(
            _pool: Pool,
            method: str,
            target: str,
            headers: dict[str, str],
            content: bytes,
            **_options: bool,
        ) -> Answer:
            if target.endswith("/rpc/lease_requests") and not answers_leases:
                return Answer(200, b'{"granted": 50, "retry_after": 0}')
            request = httpx.Request(
                method, API_URL + target, headers=headers, content=content or None
            )
            try:
                response = answer(request)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                raise NotSentError from error
            except httpx.TimeoutException as error:
                raise TooSlowError from error
            except httpx.TransportError as error:
                raise CutError from error
            found = response.headers
            return Answer(
                response.status_code,
                response.read(),
                found.get("retry-after"),
                found.get("content-type"),
            )

        monkeypatch.setattr(Pool, "exchange", exchange)

    return install


@pytest.fixture
def api(pretend: Callable[..., None]) -> respx.MockRouter:
    """The Data API, pretended route by route."""
    router = respx.MockRouter(base_url=API_URL, assert_all_called=False)
    pretend(router.handler)
    return router


@pytest.fixture(scope="session")
def applications() -> dict[str, Any]:
    """Each function as functions-framework serves it when deployed."""
    source = str(Path(main.__file__))
    create_app: Any = functions_framework.create_app
    return {
        name: create_app(target=name, source=source, signature_type="http") for name in main.TARGETS
    }


@pytest.fixture
def client(applications: dict[str, Any]) -> Callable[[str], FlaskClient]:
    """A test client for one function."""
    return lambda name: applications[name].test_client()


@pytest.fixture
def mint() -> Callable[..., str]:
    """Sign access tokens as the project does; overrides change or (None) remove claims."""

    def sign(
        key: Any = JWT_SECRET,
        algorithm: str = "HS256",
        headers: dict[str, Any] | None = None,
        **overrides: Any,
    ) -> str:
        now = int(time.time())
        claims = {
            "sub": USER_ID,
            "aud": "authenticated",
            "role": "authenticated",
            "iat": now,
            "exp": now + 3600,
            **overrides,
        }
        kept = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(kept, key, algorithm=algorithm, headers=headers)

    return sign


@pytest.fixture
def signed_in(mint: Callable[..., str]) -> dict[str, str]:
    """Headers of a signed-in user."""
    return {"Authorization": f"Bearer {mint()}"}


@pytest.fixture
def refused() -> Callable[..., httpx.Response]:
    """An error of the Data API, as PostgREST words it."""

    def make(
        status: int, code: str, message: str = "", details: Any = None, hint: str | None = None
    ) -> httpx.Response:
        body = {"code": code, "message": message, "details": details, "hint": hint}
        return httpx.Response(status, content=json.dumps(body))

    return make


@pytest.fixture
def appointment() -> dict[str, Any]:
    """An appointments row as the API returns it."""
    return {
        "id": "0b6d7c3e-52c4-4d3f-8f0e-0a4f7a1f2b10",
        "organization_id": "11111111-1111-4111-8111-111111111111",
        "location_id": "22222222-2222-4222-8222-222222222222",
        "client_id": "33333333-3333-4333-8333-333333333333",
        "practitioner_id": "44444444-4444-4444-8444-444444444444",
        "service_id": "55555555-5555-4555-8555-555555555555",
        "room_id": None,
        "block_id": None,
        "starts_at": "2026-11-23T09:00:00+00:00",
        "ends_at": "2026-11-23T09:50:00+00:00",
        "status": "confirmed",
        "payment_status": "paid",
        "price_amount": 120000,
        "currency": "CZK",
        "mode": "in_person",
        "revision": 0,
    }


@pytest.fixture(scope="session")
def house(
    stack: TestStack, fresh_user: Callable[[], User], functions: ClientFor, rest: ClientFor
) -> Iterator[House]:
    """A practice on the real stack with someone in every role."""
    with psycopg.connect(stack.db_url, autocommit=True, row_factory=dict_row) as sql:
        yield open_house(sql, fresh_user, functions, rest)
