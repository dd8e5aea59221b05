"""What every test may ask for: the stack, people who are signed in, SQL as any of them.

Tests run on a stack of their own, which starts with the first test that needs it and is gone after
the last. To run them against another one, name it: PRAXIS_TEST_STACK=path/to/stack.json, or
SUPABASE_URL, SUPABASE_PUBLISHABLE_KEY, SUPABASE_SECRET_KEY and DB_URL for `supabase start` or a
hosted project made for this (they write to it).
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

import httpx
import psycopg
import pytest
from hypothesis import HealthCheck, settings
from psycopg.rows import DictRow, dict_row

from tests.stack_fixture import TestStack, own_stack

DEMO_PASSWORD = "praxis-demo-2026"
HTTP_SECONDS = 60

# The same examples in every run, and as many on a machine that is busy.
settings.register_profile(
    "praxis",
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("praxis")

Connection = psycopg.Connection[DictRow]


@dataclass(frozen=True)
class User:
    """Someone made for one test, who can sign in."""

    id: str
    email: str
    password: str
    token: str


@dataclass(frozen=True)
class Organization:
    """An organization made for one test, with its owner and one location."""

    id: str
    slug: str
    owner: User
    location_id: str
    row: dict[str, Any] = field(repr=False)


# Whom a client acts as: a demo account's e-mail, a user made for the test, or nobody.
Account = str | User | None


class ClientFor(Protocol):
    """Returns an HTTP client that acts as someone."""

    def __call__(self, account: Account = None) -> httpx.Client: ...


class AsUser(Protocol):
    """Opens a transaction that acts as someone."""

    def __call__(
        self, user_id: str | None, role: str = "authenticated", **claims: object
    ) -> AbstractContextManager[Connection]: ...


_shared_stack = contextlib.ExitStack()


def pytest_configure(config: pytest.Config) -> None:
    """With pytest-xdist, start one stack that all workers share."""
    parallel = getattr(config.option, "numprocesses", None)
    if parallel and not hasattr(config, "workerinput") and TestStack.from_environment() is None:
        os.environ["PRAXIS_TEST_STACK"] = str(_shared_stack.enter_context(own_stack()))


def pytest_unconfigure() -> None:
    """End the stack that was started for the workers."""
    _shared_stack.close()


@pytest.fixture(scope="session")
def stack() -> Iterator[TestStack]:
    """The stack under test."""
    if given := TestStack.from_environment():
        yield given
        return
    with own_stack() as path:
        yield TestStack.from_file(path)


@pytest.fixture
def db(stack: TestStack) -> Iterator[Connection]:
    """SQL as the schema's owner, in a transaction that is rolled back."""
    with psycopg.connect(stack.db_url, row_factory=dict_row) as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def connect(stack: TestStack) -> Iterator[Callable[[], Connection]]:
    """Further connections as the schema's owner, autocommitting, for tests that need several."""
    with contextlib.ExitStack() as opened:

        def open_one() -> Connection:
            connection = psycopg.connect(stack.db_url, autocommit=True, row_factory=dict_row)
            return opened.enter_context(contextlib.closing(connection))

        yield open_one


@pytest.fixture
def as_user(stack: TestStack) -> AsUser:
    """SQL as a user: `with as_user(user_id) as sql: sql.execute(…)`; nothing of it stays."""

    @contextlib.contextmanager
    def act(
        user_id: str | None, role: str = "authenticated", **claims: object
    ) -> Iterator[Connection]:
        identity = {} if user_id is None else {"sub": str(user_id), "aud": "authenticated"}
        with psycopg.connect(stack.db_url, row_factory=dict_row) as connection:
            connection.execute(
                "select set_config('request.jwt.claims', %s, true), set_config('role', %s, true)",
                [json.dumps({**identity, "role": role, **claims}), role],
            )
            yield connection
            connection.rollback()

    return act


@pytest.fixture(scope="session")
def token(stack: TestStack) -> Callable[[Account], str]:
    """The access token of an account; each signs in once."""
    tokens: dict[str, str] = {}

    def get(account: Account) -> str:
        if isinstance(account, User):
            return account.token
        assert account is not None
        if account not in tokens:
            tokens[account] = sign_in(stack, account, DEMO_PASSWORD)
        return tokens[account]

    return get


@pytest.fixture(scope="session")
def rest(stack: TestStack, token: Callable[[Account], str]) -> Iterator[ClientFor]:
    """The Data API as someone: `rest("client@pristav.test").post("/rpc/find_slots", json=…)`."""
    with clients(f"{stack.api_url}/rest/v1", stack.publishable_key, token) as client_for:
        yield client_for


@pytest.fixture(scope="session")
def functions(stack: TestStack, token: Callable[[Account], str]) -> Iterator[ClientFor]:
    """The functions as someone: `functions("client@pristav.test").post("/booking", json=…)`."""
    with clients(stack.functions_url, stack.publishable_key, token) as client_for:
        yield client_for


@pytest.fixture(scope="session")
def service(stack: TestStack) -> Iterator[httpx.Client]:
    """The whole API with the secret key, past RLS: for arranging tests, not for testing."""
    headers = {"apikey": stack.secret_key, "authorization": f"Bearer {stack.secret_key}"}
    with httpx.Client(base_url=stack.api_url, headers=headers, timeout=HTTP_SECONDS) as client:
        yield client


@pytest.fixture(scope="session")
def fresh_user(stack: TestStack, service: httpx.Client) -> Callable[[], User]:
    """Make a user with a confirmed e-mail address."""

    def make() -> User:
        email = f"{secrets.token_hex(8)}@example.test"
        password = secrets.token_urlsafe(16)
        response = service.post(
            "/auth/v1/admin/users",
            json={"email": email, "password": password, "email_confirm": True},
        )
        assert response.status_code == 200, response.text
        token = sign_in(stack, email, password)
        return User(response.json()["id"], email, password, token)

    return make


@pytest.fixture(scope="session")
def fresh_organization(
    service: httpx.Client, fresh_user: Callable[[], User]
) -> Callable[..., Organization]:
    """Make an organization that no other test knows."""

    def make(timezone: str = "Europe/Prague", currency: str = "CZK") -> Organization:
        owner = fresh_user()
        slug = f"test-{secrets.token_hex(6)}"
        arguments = {
            "name": f"Practice {slug}",
            "slug": slug,
            "owner_user_id": owner.id,
            "timezone": timezone,
            "currency": currency,
        }
        response = service.post("/rest/v1/rpc/create_organization", json=arguments)
        assert response.status_code == 200, response.text
        row = response.json()
        found = service.get(
            "/rest/v1/locations", params={"organization_id": f"eq.{row['id']}", "select": "id"}
        )
        assert found.status_code == 200, found.text
        return Organization(row["id"], slug, owner, found.json()[0]["id"], row)

    return make


def sign_in(stack: TestStack, email: str, password: str) -> str:
    """Sign in with a password."""
    response = httpx.post(
        f"{stack.api_url}/auth/v1/token",
        params={"grant_type": "password"},
        headers={"apikey": stack.publishable_key},
        json={"email": email, "password": password},
        timeout=HTTP_SECONDS,
    )
    assert response.status_code == 200, f"{email} cannot sign in: {response.text}"
    return str(response.json()["access_token"])


@contextlib.contextmanager
def clients(base_url: str, key: str, token: Callable[[Account], str]) -> Iterator[ClientFor]:
    """One HTTP client per account, kept open: a new one for each request would be slow."""
    opened: dict[Account, httpx.Client] = {}

    def client_for(account: Account = None) -> httpx.Client:
        if account not in opened:
            headers = {"apikey": key}
            if account is not None:
                headers["authorization"] = f"Bearer {token(account)}"
            opened[account] = httpx.Client(base_url=base_url, headers=headers, timeout=HTTP_SECONDS)
        return opened[account]

    try:
        yield client_for
    finally:
        for client in opened.values():
            client.close()
