"""Supabase fails in every way on the way to it: the answer is clear, and a retry does not double.

The functions run here as functions-framework serves them, with the real stack behind a proxy that
spoils calls. Whatever happens to a call, the caller is told in a problem document to come back
later; the same request with the same key, once the fault is over, has exactly one effect.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import functions_framework
import pytest

import main
from kernel import limits
from kernel import settings as configuration
from tests.faults.between import AFTER, BEFORE, Between, stand_between
from tests.functions.conftest import forget_process_state
from tests.functions.house import PRICE, House
from tests.invariants import assert_invariants
from tests.stack_fixture import TestStack

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

SILENCES = ("silence before", "silence after")
OPERATIONS = ("book", "cancel", "adjust", "report")
FUNCTIONS = {
    "book": "book_appointment",
    "cancel": "cancel_appointment",
    "adjust": "adjust_credits",
    "report": "create_billing_report",
}


@pytest.fixture(scope="module")
def between(stack: TestStack) -> Iterator[Between]:
    """The way to Supabase."""
    with stand_between(stack.api_url) as proxy:
        yield proxy


@pytest.fixture
def client(
    stack: TestStack, between: Between, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], FlaskClient]]:
    """A test client for one function that reaches Supabase through the proxy."""
    for field in configuration.Settings.model_fields:
        monkeypatch.delenv(field.upper(), raising=False)
    monkeypatch.setenv("SUPABASE_URL", between.url)
    monkeypatch.setenv("SUPABASE_PUBLISHABLE_KEY", stack.publishable_key)
    monkeypatch.setenv("SUPABASE_JWT_SECRET", stack.jwt_secret)
    # Of an API that answers, however slowly, no test here may hear that it did not.
    monkeypatch.setenv("UPSTREAM_TIMEOUT_SECONDS", "60")
    forget_process_state()
    source = str(Path(main.__file__))
    create_app: Any = functions_framework.create_app

    def make(name: str) -> FlaskClient:
        app = create_app(target=name, source=source, signature_type="http")
        found: FlaskClient = app.test_client()
        return found

    yield make
    between.heal()
    forget_process_state()


@contextlib.contextmanager
def spoiled(between: Between, fault: str, victim: str, *, times: int = 1_000) -> Iterator[None]:
    """Spoil calls to this address; afterwards none of them is still on its way."""
    between.spoil(fault, victim, times=times)
    with pytest.MonkeyPatch.context() as changed:
        if fault in SILENCES:
            # Nobody waits long for what never comes. The spoiled call is the only one that is made.
            changed.setenv("UPSTREAM_TIMEOUT_SECONDS", "0.5")
            changed.setattr(limits.Leases, "take", lambda *_: None)
            forget_process_state()
        yield
    between.wait_until_settled()
    between.heal()
    forget_process_state()


class Work:
    """One operation on the house, prepared, and how often it has taken effect."""

    def __init__(self, house: House, client: Callable[[str], FlaskClient], name: str) -> None:
        """Arrange what the operation is about."""
        self.house, self.name = house, name
        practice = house.practice
        self.before = self.effects_raw()
        self.body: dict[str, Any] = {}
        role = "owner"
        if name == "book":
            function, path = "booking", ""
            self.body = house.booking()
        elif name == "cancel":
            practice.top_up(house.client, PRICE)
            self.appointment_id = house.book()["id"]
            function, path = "booking", f"/{self.appointment_id}/cancel"
        elif name == "adjust":
            function, path = "credits", f"/{house.client_id}/adjust"
            self.body = {"amount": 7, "reason": "fault"}
        else:
            function, path = "billing", "/reports"
            self.body = {
                "period_start": "2026-01-01",
                "period_end": "2026-02-01",
                "organization_id": practice.id,
            }
        self.before = self.effects_raw()
        self.path = path or "/"
        self.client = client(function)
        self.headers = {
            "Authorization": f"Bearer {house.users[role].token}",
            "Idempotency-Key": secrets.token_hex(16),
        }

    def send(self, *, key: bool = True) -> TestResponse:
        """Make the request; always the same one."""
        headers = dict(self.headers)
        if not key:
            del headers["Idempotency-Key"]
        return self.client.post(self.path, json=self.body, headers=headers)

    def effects_raw(self) -> int:
        """Count what operations of this kind leave behind."""
        queries: dict[str, Any] = {
            "book": "select count(*) as n from public.appointments where organization_id = %s",
            "cancel": "select count(*) as n from public.credit_entries"
            " where kind = 'refund' and organization_id = %s",
            "adjust": "select count(*) as n from public.credit_entries"
            " where kind = 'top_up' and reason = 'fault' and organization_id = %s",
            "report": "select count(*) as n from public.billing_reports where organization_id = %s",
        }
        practice = self.house.practice
        return int(practice.one(queries[self.name], [practice.id])["n"])

    def effects(self) -> int:
        """How often it has taken effect."""
        return self.effects_raw() - self.before


def assert_clear(response: TestResponse) -> None:
    """The caller is told to come back, and nothing of the inside."""
    text = response.get_data(as_text=True)
    assert response.status_code == 503, text
    assert response.content_type == "application/problem+json"
    assert int(response.headers["Retry-After"]) > 0
    document = response.get_json()
    assert (document["status"], document["code"]) == (503, "unavailable")
    assert document["detail"]
    assert "Traceback" not in text
    assert "upstream" not in text


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("fault", [*BEFORE, *AFTER])
def test_a_fault_that_lasts(
    house: House,
    between: Between,
    client: Callable[[str], FlaskClient],
    fault: str,
    operation: str,
) -> None:
    work = Work(house, client, operation)
    with spoiled(between, fault, FUNCTIONS[operation]):
        assert_clear(work.send())
    assert work.effects() == (fault in AFTER)
    again = work.send()
    assert again.status_code in {200, 201}, again.get_data(as_text=True)
    assert work.send().get_json() == again.get_json()
    assert work.effects() == 1
    assert_invariants(house.practice.sql, house.practice.id)


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("fault", [*BEFORE, *AFTER])
def test_a_fault_that_happens_once(
    house: House,
    between: Between,
    client: Callable[[str], FlaskClient],
    fault: str,
    operation: str,
) -> None:
    """The function may repeat the call by itself, since it has a key; once is enough for all."""
    work = Work(house, client, operation)
    with spoiled(between, fault, FUNCTIONS[operation], times=1):
        first = work.send()
    if first.status_code not in {200, 201}:
        assert_clear(first)
    again = work.send()
    assert again.status_code in {200, 201}, again.get_data(as_text=True)
    if first.status_code in {200, 201}:
        assert first.get_json() == again.get_json()
    assert work.effects() == 1


@pytest.mark.parametrize("fault", [*BEFORE, *AFTER])
def test_without_a_key_nothing_is_repeated(
    house: House, between: Between, client: Callable[[str], FlaskClient], fault: str
) -> None:
    work = Work(house, client, "adjust")
    with spoiled(between, fault, FUNCTIONS["adjust"]):
        assert_clear(work.send(key=False))
    assert between.spoiled == 1
    assert work.effects() == (fault in AFTER)


@pytest.mark.parametrize("fault", [*BEFORE, "503 after", "cut after", "half an answer", "garbage"])
def test_reading(
    house: House, between: Between, client: Callable[[str], FlaskClient], fault: str
) -> None:
    headers = {"Authorization": f"Bearer {house.users['owner'].token}"}
    reader = client("credits")
    with spoiled(between, fault, "credit_balances"):
        assert_clear(reader.get(f"/{house.client_id}", headers=headers))
    assert reader.get(f"/{house.client_id}", headers=headers).status_code == 200


def test_a_refusal_is_no_fault(
    house: House, between: Between, client: Callable[[str], FlaskClient]
) -> None:
    """What the database refuses stays refused, also when the refusal was lost on the way."""
    work = Work(house, client, "cancel")
    assert work.send().status_code == 200
    work.headers["Idempotency-Key"] = secrets.token_hex(16)
    with spoiled(between, "cut after", FUNCTIONS["cancel"], times=1):
        refused = work.send()
    assert (refused.status_code, refused.get_json()["code"]) == (409, "invalid_state")
    assert work.effects() == 1


def test_an_api_that_is_not_there(
    house: House, between: Between, client: Callable[[str], FlaskClient], stack: TestStack
) -> None:
    work = Work(house, client, "book")
    between.target = "http://127.0.0.1:1"
    try:
        assert_clear(work.send())
    finally:
        between.target = stack.api_url
    assert work.effects() == 0
    assert work.send().status_code == 201
    assert work.effects() == 1
