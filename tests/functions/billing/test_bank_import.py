"""The import before a pretended API: batches, their keys, and what is never sent."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from billing.statements import importing
from tests.functions.billing.statements import test_gpc
from tests.functions.billing.statements.camt_file import Entry, File

if TYPE_CHECKING:
    from flask.testing import FlaskClient

ACCOUNT = {"id": "77777777-7777-4777-8777-777777777777", "currency": "CZK"}


class Api:
    """The Data API: takes batches, and loses the answer of one of them when told to."""

    def __init__(self) -> None:
        self.batches: list[dict[str, Any]] = []
        self.lose: int | None = None
        self.searches: list[dict[str, Any]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        if request.url.path.endswith("/rpc/find_bank_account"):
            self.searches.append(body)
            return httpx.Response(200, json=ACCOUNT)
        assert request.url.path.endswith("/rpc/import_bank_transactions")
        self.batches.append(body)
        if len(self.batches) == self.lose:
            raise httpx.ReadError("cut")
        count = len(body["transactions"])
        return httpx.Response(200, json={"new_count": count, "known_count": 0, "refused": []})


def send(
    client: FlaskClient, content: bytes, signed_in: dict[str, str], key: str | None = None
) -> Any:
    headers = signed_in | ({"Idempotency-Key": key} if key else {})
    return client.post("/bank/import", data=content, content_type="text/plain", headers=headers)


def test_batches_have_keys_of_their_own(
    pretend: Callable[..., None],
    client: Callable[[str], FlaskClient],
    signed_in: dict[str, str],
) -> None:
    content = test_gpc.text(
        test_gpc.header(), *(test_gpc.movement(amount=n) for n in range(1, 2501))
    )
    keys = []
    for key in (None, None, "mine", "mine"):
        api = Api()
        pretend(api)
        response = send(client("billing"), content, signed_in, key)
        assert response.status_code == 200, response.text
        assert response.get_json()["new_count"] == 2500
        assert [len(batch["transactions"]) for batch in api.batches] == [1000, 1000, 500]
        found = [batch["idempotency_key"] for batch in api.batches]
        assert len(set(found)) == 3
        keys.append(found)
    # Only a caller who gives the key means the same request.
    assert keys[0] != keys[1]
    assert keys[2] == keys[3]


def test_a_lost_answer_is_asked_for_again(
    pretend: Callable[..., None],
    client: Callable[[str], FlaskClient],
    signed_in: dict[str, str],
) -> None:
    api = Api()
    api.lose = 1
    pretend(api)
    response = send(client("billing"), File(entries=(Entry(),)).content(), signed_in)
    assert response.get_json()["new_count"] == 1
    first, again = api.batches
    assert first == again


def test_nothing_is_sent_before_the_file_is_read(
    pretend: Callable[..., None],
    client: Callable[[str], FlaskClient],
    signed_in: dict[str, str],
) -> None:
    api = Api()
    pretend(api)
    content = File(entries=(Entry(),) * 1500).content()
    assert send(client("billing"), content[:-10], signed_in).status_code == 422
    assert (api.batches, api.searches) == ([], [])


def test_each_statement_goes_into_its_account(
    pretend: Callable[..., None],
    client: Callable[[str], FlaskClient],
    signed_in: dict[str, str],
) -> None:
    api = Api()
    pretend(api)
    second = File(entries=(Entry(currency="EUR"),), iban="DE89370400440532013000", currency="EUR")
    content = File(entries=(Entry(), Entry(status="PDNG")), more=(second, File())).content()
    report = send(client("billing"), content, signed_in).get_json()
    assert [(s["account"], s["currency"]) for s in api.searches] == [
        ("CZ6508000000192000145399", "CZK"),
        ("DE89370400440532013000", "EUR"),
    ]
    assert [s["movement_count"] for s in report["statements"]] == [1, 1, 0]
    assert [s["adds_up"] for s in report["statements"]] == [True, True, False]
    assert len(api.batches) == 2


@pytest.mark.parametrize("limit", ["MOVEMENTS_MAX_COUNT", "STATEMENTS_MAX_COUNT"])
def test_endless_files_are_refused(
    pretend: Callable[..., None],
    client: Callable[[str], FlaskClient],
    signed_in: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    limit: str,
) -> None:
    monkeypatch.setattr(importing, limit, 3)
    pretend(Api())

    def status(count: int) -> int:
        files = (File(entries=(Entry(status="INFO"),)),) * (count - 1)
        content = File(entries=(Entry(),), more=files).content()
        found: int = send(client("billing"), content, signed_in).status_code
        return found

    assert (status(3), status(4)) == (200, 422)
