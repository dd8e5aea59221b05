"""The credits function on the real stack."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

from tests.functions.house import ABSENT, problem

if TYPE_CHECKING:
    from tests.functions.house import House


@pytest.fixture
def purse(house: House) -> str:
    """A client of the house without any credits yet."""
    return house.practice.client(logins=False).id


def adjust(house: House, role: str | None, client_id: str, **body: Any) -> Any:
    return house.as_(role).post(
        f"/credits/{client_id}/adjust", json={"amount": 1000, "reason": "Top-up", **body}
    )


def test_balance_from_nothing(house: House, purse: str) -> None:
    for role in ("owner", "admin", "receptionist"):
        response = house.as_(role).get(f"/credits/{purse}")
        assert response.status_code == 200, response.text
        assert response.json() == {
            "client_id": purse,
            "organization_id": house.practice.id,
            "currency": "CZK",
            "balance_amount": 0,
            "available_amount": 0,
            "balances": [],
        }


@pytest.mark.parametrize("role", ["owner", "admin", "receptionist"])
def test_staff_adjust(house: House, purse: str, role: str) -> None:
    response = adjust(house, role, purse, amount=120_050, reason="  Voucher ")
    assert response.status_code == 201, response.text
    entry = response.json()
    assert (entry["amount"], entry["kind"], entry["reason"]) == (120_050, "top_up", "Voucher")
    assert entry["created_by"] == house.users[role].id
    assert adjust(house, role, purse, amount=-50).json()["balance_after_amount"] == 120_000
    balance = house.as_(role).get(f"/credits/{purse}").json()
    assert (balance["balance_amount"], balance["available_amount"]) == (120_000, 120_000)
    assert balance["balances"] == [
        {"currency": "CZK", "balance_amount": 120_000, "available_amount": 120_000}
    ]


def test_who_may_not(house: House, purse: str) -> None:
    adjust(house, "owner", purse)
    before = house.count("credit_entries")
    problem(adjust(house, None, purse), 401, "unauthenticated")
    problem(adjust(house, "practitioner", purse), 403, "forbidden")
    problem(adjust(house, "stranger", purse), 404, "not_found")
    assert adjust(house, "client", purse).status_code in {403, 404}
    for role in ("stranger", "client"):
        problem(house.as_(role).get(f"/credits/{purse}"), 404, "not_found")
        problem(house.as_(role).get(f"/credits/{purse}/statement"), 404, "not_found")
    problem(adjust(house, "client", house.client_id), 403, "forbidden")
    problem(house.as_(None).get(f"/credits/{purse}"), 401, "unauthenticated")
    problem(house.as_("owner").get(f"/credits/{ABSENT}"), 404, "not_found")
    problem(house.as_("practitioner").get(f"/credits/{ABSENT}"), 404, "not_found")
    assert house.as_("practitioner").get(f"/credits/{purse}").status_code in {403, 404}
    assert house.count("credit_entries") == before


def test_a_client_sees_their_own(house: House) -> None:
    adjust(house, "owner", house.other_client_id, amount=700)
    balance = house.as_("other_client").get(f"/credits/{house.other_client_id}")
    assert balance.status_code == 200
    assert balance.json()["balance_amount"] >= 700
    statement = house.as_("other_client").get(f"/credits/{house.other_client_id}/statement")
    assert statement.json()["entries"][0]["amount"] == 700


def test_47_replays(house: House, purse: str) -> None:
    key = {"Idempotency-Key": str(uuid.uuid4())}
    path, body = f"/credits/{purse}/adjust", {"amount": 300, "reason": "Top-up"}
    first = house.as_("owner").post(path, json=body, headers=key)
    again = house.as_("owner").post(path, json=body, headers=key)
    assert first.json() == again.json()
    problem(
        house.as_("owner").post(path, json={**body, "amount": 301}, headers=key),
        422,
        "idempotency_mismatch",
    )
    assert house.as_("owner").get(f"/credits/{purse}").json()["balance_amount"] == 300


@pytest.mark.parametrize(
    "body",
    [
        {"amount": 0},
        {"amount": 10**15},
        {"amount": -(2**63)},
        {"amount": 10.5},
        {"amount": "100"},
        {"reason": ""},
        {"reason": "   "},
        {"reason": "x" * 501},
        {"expires_at": "2001-01-01T00:00:00Z"},
        {"expires_at": "2030-01-01"},
        {"currency": "czk"},
        {"organization_id": ABSENT},
    ],
)
def test_bad_input_changes_nothing(house: House, purse: str, body: dict[str, Any]) -> None:
    problem(adjust(house, "owner", purse, **body), 422, "invalid_argument")
    assert house.as_("owner").get(f"/credits/{purse}").json()["balance_amount"] == 0


def test_no_overdraft(house: House, purse: str) -> None:
    adjust(house, "owner", purse, amount=100)
    problem(adjust(house, "owner", purse, amount=-101), 409, "insufficient_credits")


def test_the_statement_in_pages(house: House, purse: str) -> None:
    for amount in range(1, 8):
        adjust(house, "owner", purse, amount=amount)
    client, path = house.as_("receptionist"), f"/credits/{purse}/statement"
    seen: list[int] = []
    before: int | None = None
    while True:
        query = {"page_size": "3", **({} if before is None else {"before": str(before)})}
        page = client.get(path, params=query).json()
        seen += [entry["amount"] for entry in page["entries"]]
        before = page["next_before"]
        if before is None:
            break
    assert seen == [7, 6, 5, 4, 3, 2, 1]
    newest = client.get(path).json()["entries"][0]
    assert newest["balance_after_amount"] == sum(range(1, 8))
    assert client.get(path, params={"currency": "EUR"}).json()["entries"] == []
    adjust(house, "owner", purse, amount=9, currency="EUR")
    mixed = client.get(path).json()
    assert len(mixed["entries"]) == 8
    balance = client.get(f"/credits/{purse}").json()
    assert (balance["currency"], balance["balance_amount"]) == ("CZK", 28)
    assert {row["currency"]: row["balance_amount"] for row in balance["balances"]} == {
        "CZK": 28,
        "EUR": 9,
    }
