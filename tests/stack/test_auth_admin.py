"""Auth's admin interface through supabase-py, unmodified, as the functions use it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import jwt
import pytest
from supabase import Client, create_client
from supabase_auth.errors import AuthApiError

from tests.conftest import User
from tests.stack_fixture import TestStack

PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def admin(stack: TestStack) -> Client:
    return create_client(stack.api_url, stack.secret_key)


@pytest.fixture
def email(admin: Client) -> Iterator[str]:
    """An address whose user, if one was made, is gone after the test."""
    address = f"{secrets.token_hex(8)}@example.test"
    yield address
    for user in admin.auth.admin.list_users(page=1, per_page=1000):
        if user.email == address:
            admin.auth.admin.delete_user(user.id)


def visitor(stack: TestStack) -> Client:
    return create_client(stack.api_url, stack.publishable_key)


def test_created_user_signs_in_with_what_was_given(
    stack: TestStack, admin: Client, email: str
) -> None:
    created = admin.auth.admin.create_user(
        {
            "email": email.upper(),
            "password": PASSWORD,
            "email_confirm": True,
            "user_metadata": {"locale": "cs"},
            "app_metadata": {"source": "import"},
        }
    ).user
    assert created.email == email
    assert created.email_confirmed_at is not None
    session = visitor(stack).auth.sign_in_with_password({"email": email, "password": PASSWORD})
    assert session.user is not None
    assert session.user.id == created.id
    assert session.user.user_metadata["locale"] == "cs"
    assert session.user.app_metadata["source"] == "import"


def test_unconfirmed_user_cannot_sign_in(stack: TestStack, admin: Client, email: str) -> None:
    admin.auth.admin.create_user({"email": email, "password": PASSWORD})
    with pytest.raises(AuthApiError):
        visitor(stack).auth.sign_in_with_password({"email": email, "password": PASSWORD})


def test_an_address_is_taken_once(admin: Client, email: str) -> None:
    admin.auth.admin.create_user({"email": email, "password": PASSWORD})
    with pytest.raises(AuthApiError) as refused:
        admin.auth.admin.create_user({"email": email.upper(), "password": PASSWORD})
    assert refused.value.status == 422
    assert refused.value.code == "email_exists"


def test_changes_merge_metadata_and_replace_the_password(
    stack: TestStack, admin: Client, email: str
) -> None:
    user = admin.auth.admin.create_user(
        {
            "email": email,
            "password": PASSWORD,
            "email_confirm": True,
            "user_metadata": {"a": 1, "b": 2},
        }
    ).user
    changed = admin.auth.admin.update_user_by_id(
        user.id, {"password": PASSWORD + "!", "user_metadata": {"b": None, "c": 3}}
    ).user
    assert changed.user_metadata == {"a": 1, "c": 3, "email_verified": True}
    visitor(stack).auth.sign_in_with_password({"email": email, "password": PASSWORD + "!"})
    with pytest.raises(AuthApiError):
        visitor(stack).auth.sign_in_with_password({"email": email, "password": PASSWORD})


def test_users_are_listed_in_pages(admin: Client, email: str) -> None:
    admin.auth.admin.create_user({"email": email, "password": PASSWORD})
    first, second = (admin.auth.admin.list_users(page=page, per_page=1) for page in (1, 2))
    assert first[0].email == email
    assert first[0].id not in {user.id for user in second}


def test_deleted_user_is_gone(stack: TestStack, admin: Client, email: str) -> None:
    user = admin.auth.admin.create_user(
        {"email": email, "password": PASSWORD, "email_confirm": True}
    ).user
    admin.auth.admin.delete_user(user.id)
    with pytest.raises(AuthApiError) as refused:
        admin.auth.admin.get_user_by_id(user.id)
    assert refused.value.status == 404
    with pytest.raises(AuthApiError):
        visitor(stack).auth.sign_in_with_password({"email": email, "password": PASSWORD})


def test_invitation_arrives_and_signs_in(stack: TestStack, admin: Client, email: str) -> None:
    invited = admin.auth.admin.invite_user_by_email(email).user
    assert invited.invited_at is not None
    assert invited.email_confirmed_at is None
    if not stack.mail_url:
        pytest.skip("this stack delivers its mail elsewhere")
    (message,) = httpx.get(f"{stack.mail_url}/api/messages", params={"to": email}).json()
    link = next(word for word in message["text"].split() if word.startswith("http"))
    answer = httpx.get(link, headers={"apikey": stack.publishable_key})
    assert answer.status_code == 303
    assert "access_token=" in answer.headers["location"]
    again = httpx.get(link, headers={"apikey": stack.publishable_key})
    assert "access_token=" not in again.headers["location"]


def test_generated_link_signs_in_once(stack: TestStack, admin: Client, email: str) -> None:
    admin.auth.admin.create_user({"email": email, "password": PASSWORD, "email_confirm": True})
    link = admin.auth.admin.generate_link({"type": "magiclink", "email": email})
    token = link.properties.hashed_token
    session = visitor(stack).auth.verify_otp({"token_hash": token, "type": "magiclink"})
    assert session.user is not None
    assert session.user.email == email
    with pytest.raises(AuthApiError):
        visitor(stack).auth.verify_otp({"token_hash": token, "type": "magiclink"})


@pytest.mark.parametrize(
    "body",
    [{}, {"email": "nobody"}, {"email": ["a@b.cz"]}, {"email": "a@b.cz", "password": "short"}],
)
def test_bad_input_is_a_client_error(service: httpx.Client, body: dict[str, Any]) -> None:
    response = service.post("/auth/v1/admin/users", json=body)
    assert 400 <= response.status_code < 500
    assert response.json()["msg"]


def test_only_the_secret_key_administers(stack: TestStack, fresh_user: Callable[[], User]) -> None:
    url = f"{stack.api_url}/auth/v1/admin/users"
    user = fresh_user()
    assert httpx.get(url).status_code == 401
    for key, bearer in [
        (stack.publishable_key, stack.publishable_key),
        (stack.publishable_key, user.token),
        (stack.secret_key, user.token),
        (stack.publishable_key, "nonsense"),
        ("sb_secret_guess", "sb_secret_guess"),
    ]:
        headers = {"apikey": key, "authorization": f"Bearer {bearer}"}
        assert httpx.get(url, headers=headers).status_code in {401, 403}
    forged = jwt.encode({"role": "service_role", "exp": 2**33}, "x" * 48, algorithm="HS256")
    headers = {"apikey": stack.publishable_key, "authorization": f"Bearer {forged}"}
    assert httpx.get(url, headers=headers).status_code in {401, 403}
