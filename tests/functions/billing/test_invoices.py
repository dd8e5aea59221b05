"""Routes of invoices before a pretended API: races, faults, and work that time runs out for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from billing import invoices
from tests.functions.billing.documents import sample

if TYPE_CHECKING:
    from collections.abc import Callable

    import respx
    from flask.testing import FlaskClient

DOCUMENT = sample.document()
INVOICE = DOCUMENT["id"]
PATH = f"/storage/v1/object/documents/{DOCUMENT['organization_id']}/invoices/{INVOICE}.pdf"
MISSING = httpx.Response(400, json={"statusCode": "404", "error": "not_found"})
TAKEN = httpx.Response(400, json={"statusCode": "409", "error": "Duplicate"})
OPERATION = "77777777-7777-4777-8777-777777777777"


@pytest.fixture
def billing(
    client: Callable[[str], FlaskClient], environment: Callable[..., None], api: respx.MockRouter
) -> FlaskClient:
    environment(SUPABASE_SECRET_KEY="sb_secret_test")
    assert api is not None
    return client("billing")


def pretend_document(api: respx.MockRouter, **changes: Any) -> respx.Route:
    answer = httpx.Response(200, json=sample.document(**changes))
    return api.post("/rest/v1/rpc/invoice_document").mock(return_value=answer)


def test_the_document_that_was_stored_first_counts(
    billing: FlaskClient, api: respx.MockRouter, signed_in: dict[str, str]
) -> None:
    pretend_document(api)
    theirs = httpx.Response(200, content=b"%PDF theirs")
    read = api.get(PATH).mock(side_effect=[MISSING, theirs])
    written = api.post(PATH).mock(return_value=TAKEN)
    response = billing.get(f"/invoices/{INVOICE}/document", headers=signed_in)
    assert (response.status_code, response.data) == (200, b"%PDF theirs")
    # The caller's token asks first; only the secret key writes.
    assert read.calls[0].request.headers["authorization"] == signed_in["Authorization"]
    assert written.calls.last.request.headers["apikey"] == "sb_secret_test"
    assert written.calls.last.request.content.startswith(b"%PDF-1")


@pytest.mark.parametrize("status", [404, 500, 503])
def test_without_a_place_to_store_it_there_is_no_document(
    billing: FlaskClient, api: respx.MockRouter, signed_in: dict[str, str], status: int
) -> None:
    pretend_document(api)
    api.get(PATH).mock(return_value=MISSING)
    api.post(PATH).mock(return_value=httpx.Response(status, json={}))
    response = billing.get(f"/invoices/{INVOICE}/document", headers=signed_in)
    assert (response.status_code, response.get_json()["code"]) == (503, "unavailable")


def test_without_the_secret_key_it_answers_unavailable(
    client: Callable[[str], FlaskClient], api: respx.MockRouter, signed_in: dict[str, str]
) -> None:
    pretend_document(api)
    response = client("billing").get(f"/invoices/{INVOICE}/document", headers=signed_in)
    assert response.status_code == 503


def test_a_document_of_another_shape_is_an_internal_error(
    billing: FlaskClient, api: respx.MockRouter, signed_in: dict[str, str]
) -> None:
    pretend_document(api, total_amount="many")
    response = billing.get(f"/invoices/{INVOICE}/document", headers=signed_in)
    assert (response.status_code, response.get_json()["code"]) == (500, "internal_error")


def test_a_logo_of_somebody_else_is_not_read(
    billing: FlaskClient, api: respx.MockRouter, signed_in: dict[str, str]
) -> None:
    for path in ("22222222-2222-4222-8222-222222222222/logo/a.png", "../secrets.png"):
        pretend_document(api, status="draft", supplier={**sample.SUPPLIER, "logo_path": path})
        response = billing.get(f"/invoices/{INVOICE}/document", headers=signed_in)
        assert response.status_code == 200
    assert not any("/logo/" in str(call.request.url) for call in api.calls)


def test_a_logo_that_cannot_be_read_is_left_out(
    billing: FlaskClient, api: respx.MockRouter, signed_in: dict[str, str]
) -> None:
    path = f"{DOCUMENT['organization_id']}/logo/a.png"
    pretend_document(api, status="draft", supplier={**sample.SUPPLIER, "logo_path": path})
    read = api.get(f"/storage/v1/object/documents/{path}").mock(return_value=MISSING)
    response = billing.get(f"/invoices/{INVOICE}/document", headers=signed_in)
    assert (response.status_code, read.call_count) == (200, 1)


class Sending:
    """A bulk operation behind the API: two pending invoices, stored already."""

    def __init__(self, api: respx.MockRouter) -> None:
        self.pending = [1, 2]
        pretend_document(api)
        self.stored = api.get(PATH).mock(return_value=httpx.Response(200, content=b"%PDF"))
        api.post("/rest/v1/rpc/start_sending_invoices").mock(
            return_value=httpx.Response(200, json=self.operation())
        )
        api.get("/rest/v1/bulk_operations").mock(
            side_effect=lambda _: httpx.Response(200, json=[self.operation()])
        )
        api.get("/rest/v1/bulk_operation_items").mock(side_effect=self.items)
        self.sent = api.post("/rest/v1/rpc/send_bulk_invoice").mock(side_effect=self.send)

    def operation(self) -> dict[str, Any]:
        return {"id": OPERATION, "status": "running" if self.pending else "completed"}

    def items(self, request: httpx.Request) -> httpx.Response:
        numbers = self.pending if "status=eq.pending" in str(request.url) else [1, 2]
        return httpx.Response(200, json=[{"number": n, "subject_id": INVOICE} for n in numbers])

    def send(self, request: httpx.Request) -> httpx.Response:
        self.pending.remove(json.loads(request.content)["number"])
        return httpx.Response(200, json={})


def test_sending_stops_when_the_time_is_over_and_goes_on_when_repeated(
    billing: FlaskClient,
    api: respx.MockRouter,
    signed_in: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sending = Sending(api)
    body = {"invoice_ids": [INVOICE]}
    with monkeypatch.context() as patched:
        patched.setattr(invoices, "BUDGET_SECONDS", -1.0)
        first = billing.post("/invoices/send-bulk", json=body, headers=signed_in)
    assert (first.get_json()["status"], sending.pending) == ("running", [1, 2])
    second = billing.post("/invoices/send-bulk", json=body, headers=signed_in)
    assert (second.get_json()["status"], sending.pending) == ("completed", [])


def test_sending_waits_where_the_store_is_out_of_order(
    billing: FlaskClient, api: respx.MockRouter, signed_in: dict[str, str]
) -> None:
    sending = Sending(api)
    sending.stored.mock(return_value=httpx.Response(503))
    body = {"invoice_ids": [INVOICE]}
    response = billing.post("/invoices/send-bulk", json=body, headers=signed_in)
    assert (response.status_code, sending.pending) == (503, [1, 2])


def test_an_operation_cancelled_meanwhile_is_answered_as_it_is(
    billing: FlaskClient,
    api: respx.MockRouter,
    signed_in: dict[str, str],
    refused: Callable[..., httpx.Response],
) -> None:
    sending = Sending(api)
    sending.sent.mock(return_value=refused(409, "PT409", "invalid_state"))
    body = {"invoice_ids": [INVOICE]}
    response = billing.post("/invoices/send-bulk", json=body, headers=signed_in)
    assert (response.status_code, sending.pending) == (200, [1, 2])


def test_reminders_wait_for_their_documents(
    billing: FlaskClient,
    api: respx.MockRouter,
    signed_in: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pretend_document(api)
    due = [{"invoice_id": INVOICE, "has_address": True, "has_document": False}]
    api.post("/rest/v1/rpc/list_due_reminders").mock(return_value=httpx.Response(200, json=due))
    sent = api.post("/rest/v1/rpc/send_overdue_reminders").mock(
        return_value=httpx.Response(200, json={"sent_count": 1, "results": []})
    )
    api.get(PATH).mock(return_value=MISSING)
    stored = api.post(PATH).mock(return_value=httpx.Response(200, json={}))
    with monkeypatch.context() as patched:
        patched.setattr(invoices, "BUDGET_SECONDS", -1.0)
        refused = billing.post("/invoices/send-overdue-reminders", headers=signed_in)
    assert (refused.status_code, sent.call_count, stored.call_count) == (503, 0, 0)
    done = billing.post("/invoices/send-overdue-reminders", headers=signed_in)
    assert (done.status_code, sent.call_count, stored.call_count) == (200, 1, 1)
