"""The credits function's own part: shapes, pages, and who gets which answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    import respx
    from flask.testing import FlaskClient

CLIENT = "33333333-3333-4333-8333-333333333333"
ORGANIZATION = "11111111-1111-4111-8111-111111111111"
USER_ID = "5d1f6b5e-6f5b-4a77-9c38-0d3a8b7a1c11"


def balance(currency: str, amount: int) -> dict[str, Any]:
    return {
        "organization_id": ORGANIZATION,
        "currency": currency,
        "balance_amount": amount,
        "available_amount": amount - 1,
    }


@pytest.fixture
def get(
    client: Callable[[str], FlaskClient], signed_in: dict[str, str]
) -> Callable[[str], tuple[int, Any]]:
    def send(path: str) -> tuple[int, Any]:
        response = client("credits").get(path, headers=signed_in)
        return response.status_code, json.loads(response.data)

    return send


def answer(api: respx.MockRouter, path: str, rows: Any) -> respx.Route:
    return api.route(path=f"/rest/v1/{path}").mock(return_value=httpx.Response(200, json=rows))


def known_client(api: respx.MockRouter, *, user_id: str | None, roles: list[str]) -> None:
    found = {"organization_id": ORGANIZATION, "user_id": user_id}
    answer(api, "clients", [{**found, "organizations": {"currency": "CZK"}}])
    answer(api, "members", [{"role": role} for role in roles])


def test_balance_in_one_currency(api: respx.MockRouter, get: Any) -> None:
    route = answer(api, "credit_balances", [balance("CZK", 5000)])
    status, found = get(f"/{CLIENT}")
    assert status == 200
    amounts = {"currency": "CZK", "balance_amount": 5000, "available_amount": 4999}
    assert found == {
        "client_id": CLIENT,
        "organization_id": ORGANIZATION,
        **amounts,
        "balances": [amounts],
    }
    assert route.calls.last.request.url.params["client_id"] == f"eq.{CLIENT}"
    assert len(api.calls) == 1


def test_balance_in_several_currencies_leads_with_the_organizations_own(
    api: respx.MockRouter, get: Any
) -> None:
    answer(api, "credit_balances", [balance("AUD", 7), balance("CZK", 9)])
    known_client(api, user_id=USER_ID, roles=[])
    status, found = get(f"/{CLIENT}")
    assert status == 200
    assert (found["currency"], found["balance_amount"]) == ("CZK", 9)
    assert [row["currency"] for row in found["balances"]] == ["AUD", "CZK"]


@pytest.mark.parametrize(("user_id", "roles"), [(USER_ID, []), (None, ["receptionist"])])
def test_no_credits_yet(
    api: respx.MockRouter, get: Any, user_id: str | None, roles: list[str]
) -> None:
    answer(api, "credit_balances", [])
    known_client(api, user_id=user_id, roles=roles)
    status, found = get(f"/{CLIENT}")
    assert status == 200
    assert (found["currency"], found["balance_amount"], found["balances"]) == ("CZK", 0, [])


def test_nothing_is_not_zero_for_those_who_may_not_see(api: respx.MockRouter, get: Any) -> None:
    answer(api, "credit_balances", [])
    answer(api, "rpc/credit_statement", [])
    known_client(api, user_id=None, roles=[])
    for path in (f"/{CLIENT}", f"/{CLIENT}/statement"):
        status, found = get(path)
        assert (status, found["code"]) == (403, "forbidden")


def test_absent_and_foreign_clients_look_the_same(api: respx.MockRouter, get: Any) -> None:
    for path in ("credit_balances", "rpc/credit_statement", "clients"):
        answer(api, path, [])
    for path in (f"/{CLIENT}", f"/{CLIENT}/statement"):
        status, found = get(path)
        assert (status, found["code"]) == (404, "not_found")


def entries(*numbers: int, currency: str = "CZK") -> list[dict[str, Any]]:
    return [{"number": number, "currency": currency} for number in numbers]


def test_statement_pages(api: respx.MockRouter, get: Any) -> None:
    route = answer(api, "rpc/credit_statement", entries(9, 8, 7))
    status, found = get(f"/{CLIENT}/statement?page_size=2&currency=CZK&before=10")
    assert status == 200
    assert [row["number"] for row in found["entries"]] == [9, 8]
    assert found["next_before"] == 8
    assert json.loads(route.calls.last.request.content) == {
        "client_id": CLIENT,
        "currency": "CZK",
        "before": 10,
        "page_size": 3,
    }
    answer(api, "rpc/credit_statement", entries(7))
    assert get(f"/{CLIENT}/statement?page_size=2&before=8")[1]["next_before"] is None


def test_a_page_does_not_end_between_entries_of_one_number(api: respx.MockRouter, get: Any) -> None:
    mixed = [*entries(3), *entries(2), *entries(2, currency="EUR")]
    answer(api, "rpc/credit_statement", mixed)
    status, found = get(f"/{CLIENT}/statement?page_size=2")
    assert status == 200
    assert [row["number"] for row in found["entries"]] == [3]
    assert found["next_before"] == 3
    answer(api, "rpc/credit_statement", mixed[1:])
    status, found = get(f"/{CLIENT}/statement?page_size=1")
    assert (status, found["code"]) == (422, "invalid_argument")


def test_adjust(
    client: Callable[[str], FlaskClient], api: respx.MockRouter, signed_in: dict[str, str]
) -> None:
    route = answer(api, "rpc/adjust_credits", {"id": CLIENT, "amount": -500})
    body = {"amount": -500, "reason": "Oprava", "expires_at": None}
    response = client("credits").post(
        f"/{CLIENT}/adjust", json=body, headers={**signed_in, "Idempotency-Key": "k"}
    )
    assert response.status_code == 201
    assert json.loads(response.data) == {"id": CLIENT, "amount": -500}
    assert json.loads(route.calls.last.request.content) == {
        **body,
        "client_id": CLIENT,
        "idempotency_key": "k",
    }
