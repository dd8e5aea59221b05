"""The same races through the real API, with real tokens: what a frontend would see."""

from __future__ import annotations

import secrets
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import httpx

from tests.concurrency.practice import Practice, monday
from tests.concurrency.race import run_together
from tests.conftest import ClientFor, User
from tests.stack_fixture import TestStack

CALLERS = 40


def post_together(
    stack: TestStack, requests: list[tuple[User, str, dict[str, Any]]]
) -> list[httpx.Response]:
    """Send all requests at the same moment, each over a connection of its own."""
    responses: list[httpx.Response | None] = [None] * len(requests)
    start = threading.Barrier(len(requests))

    def work(index: int) -> None:
        user, function, arguments = requests[index]
        headers = {"apikey": stack.publishable_key, "authorization": f"Bearer {user.token}"}
        with httpx.Client(base_url=stack.api_url, headers=headers, timeout=60) as client:
            start.wait()
            responses[index] = client.post(f"/rest/v1/rpc/{function}", json=arguments)

    run_together([lambda index=index: work(index) for index in range(len(requests))])
    return [response for response in responses if response is not None]


def outcome(response: httpx.Response) -> tuple[int, str]:
    """Return the status and the error's token."""
    body = response.json()
    return response.status_code, "" if response.is_success else body["message"]


def test_one_slot_over_http(
    make_practice: Callable[..., Practice], fresh_user: Callable[[], User], stack: TestStack
) -> None:
    owner = fresh_user()
    practice = make_practice(owner_id=owner.id)
    people = practice.practitioners(2)
    service = practice.service(people, practice.rooms(2), price_amount=100)
    clients = practice.clients(CALLERS, logins=False, credit=100)
    arguments = {"service_id": service, "starts_at": monday().isoformat()}
    responses = post_together(
        stack,
        [(owner, "book_appointment", {**arguments, "client_id": client.id}) for client in clients],
    )
    assert Counter(map(outcome, responses)) == {(200, ""): 2, (409, "slot_taken"): CALLERS - 2}
    refused = next(r for r in responses if r.status_code == 409).json()
    assert refused["code"] == "PT409"
    assert set(refused) == {"code", "message", "details", "hint"}


def test_clients_with_their_own_tokens(
    make_practice: Callable[..., Practice], fresh_user: Callable[[], User], stack: TestStack
) -> None:
    practice = make_practice()
    service = practice.service(practice.practitioners(3))
    users = [fresh_user() for _ in range(8)]
    joined = post_together(
        stack,
        [
            (
                user,
                "register_client",
                {"organization_slug": practice.slug, "given_name": "A", "family_name": "B"},
            )
            for user in users
            for _ in range(2)
        ],
    )
    assert {r.status_code for r in joined} == {200}
    assert len({r.json()["id"] for r in joined}) == 8
    responses = post_together(
        stack,
        [
            (
                user,
                "book_appointment",
                {
                    "service_id": service,
                    "starts_at": monday().isoformat(),
                    "idempotency_key": "tap",
                },
            )
            for user in users
            # An impatient finger.
            for _ in range(3)
        ],
    )
    counted = Counter(map(outcome, responses))
    assert set(counted) <= {(200, ""), (409, "slot_taken"), (409, "idempotency_in_flight")}
    assert len({r.json()["id"] for r in responses if r.is_success}) == 3
    assert len(practice.appointments()) == 3


def test_cancelling_twice_over_http(
    make_practice: Callable[..., Practice], fresh_user: Callable[[], User], stack: TestStack
) -> None:
    owner = fresh_user()
    practice = make_practice(owner_id=owner.id)
    [person] = practice.practitioners()
    service = practice.service([person], price_amount=100)
    client = practice.client(credit=100)
    [booked] = post_together(
        stack,
        [
            (
                owner,
                "book_appointment",
                {
                    "service_id": service,
                    "starts_at": monday().isoformat(),
                    "client_id": client.id,
                },
            )
        ],
    )
    assert booked.json()["payment_status"] == "paid"
    responses = post_together(
        stack,
        [(owner, "cancel_appointment", {"appointment_id": booked.json()["id"]})] * 16,
    )
    assert Counter(map(outcome, responses)) == {(200, ""): 1, (409, "invalid_state"): 15}
    assert practice.balance(client) == 100


def test_the_booking_function_books_once_per_key(
    make_practice: Callable[..., Practice],
    fresh_user: Callable[[], User],
    functions: ClientFor,
) -> None:
    owner = fresh_user()
    practice = make_practice(owner_id=owner.id)
    service = practice.service(practice.practitioners(3), price_amount=100)
    client = practice.client(logins=False, credit=500)
    key = secrets.token_hex(8)
    responses: list[httpx.Response] = []
    http = functions(owner)
    start = threading.Barrier(12)

    def tap() -> None:
        start.wait()
        responses.append(
            http.post(
                "/booking",
                headers={"idempotency-key": key},
                json={
                    "service_id": service,
                    "starts_at": monday().isoformat(),
                    "client_id": client.id,
                },
            )
        )

    run_together([tap] * 12)
    statuses = Counter(r.status_code for r in responses)
    assert set(statuses) <= {200, 201, 409}
    assert {r.json()["code"] for r in responses if r.status_code == 409} <= {
        "idempotency_in_flight"
    }
    assert len({r.json()["id"] for r in responses if r.is_success}) == 1
    assert len(practice.appointments()) == 1
    assert practice.balance(client) == 400
