"""The reports function before a pretended project: what it asks, with which key, and its faults."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.functions.conftest import API_URL, PUBLISHABLE_KEY
from tests.functions.house import problem
from tests.functions.reports.files import PDF_FILE

if TYPE_CHECKING:
    from collections.abc import Callable

    import respx
    from flask.testing import FlaskClient

SECRET_KEY = "sb_secret_test"
USER_ID = "5d1f6b5e-6f5b-4a77-9c38-0d3a8b7a1c11"
REPORT_ID = "01a1f7e0-7f54-7802-8415-b3abdfdadfe3"
PATH = "o/c/r/v1.pdf"
ROW = {
    "id": REPORT_ID,
    "created_by": USER_ID,
    "status": "pending",
    "refusal": None,
    "storage_path": PATH,
    "file_name": "zpráva.pdf",
    "content_type": "application/pdf",
    "size_bytes": len(PDF_FILE),
    "sha256": None,
}
FILE = f"/storage/v1/object/client-reports/{PATH}"


@pytest.fixture
def reports(client: Callable[[str], FlaskClient], environment: Callable[..., None]) -> FlaskClient:
    environment(SUPABASE_SECRET_KEY=SECRET_KEY)
    return client("reports")


def keys_of(route: respx.Route) -> set[str]:
    return {call.request.headers["apikey"] for call in route.calls}


def answered(response: Any) -> httpx.Response:
    headers = dict(response.headers)
    return httpx.Response(response.status_code, headers=headers, content=response.data)


def test_the_caller_is_asked_before_the_secret_key_is_used(
    reports: FlaskClient, api: respx.MockRouter, signed_in: dict[str, str]
) -> None:
    rows = api.get("/rest/v1/client_reports").respond(json=[ROW])
    file = api.get(FILE).respond(content=PDF_FILE)
    settle = api.post("/rest/v1/rpc/settle_client_report").respond(json={**ROW, "status": "stored"})
    response = reports.post(f"/{REPORT_ID}/finish", headers=signed_in)
    assert response.status_code == 200
    assert keys_of(rows) == {PUBLISHABLE_KEY}
    assert keys_of(file) == keys_of(settle) == {SECRET_KEY}
    told = json.loads(settle.calls.last.request.content)
    assert (told["content_type"], told["size_bytes"]) == ("application/pdf", len(PDF_FILE))
    assert len(told["digest"]) == 64


@pytest.mark.parametrize("rows", [[], [{**ROW, "created_by": REPORT_ID}]])
def test_nobody_finishes_what_is_not_theirs(
    reports: FlaskClient,
    api: respx.MockRouter,
    signed_in: dict[str, str],
    rows: list[dict[str, Any]],
) -> None:
    api.get("/rest/v1/client_reports").respond(json=rows)
    problem(answered(reports.post(f"/{REPORT_ID}/finish", headers=signed_in)), 404, "not_found")


def test_a_refused_file_is_removed_also_when_that_failed_before(
    reports: FlaskClient, api: respx.MockRouter, signed_in: dict[str, str]
) -> None:
    refused = {**ROW, "status": "refused", "refusal": "content_type"}
    api.get("/rest/v1/client_reports").respond(json=[refused])
    remove = api.delete("/storage/v1/object/client-reports")
    remove.side_effect = [httpx.Response(500), httpx.Response(200, json=[])]
    response = reports.post(f"/{REPORT_ID}/finish", headers=signed_in)
    problem(answered(response), 503, "unavailable")
    response = reports.post(f"/{REPORT_ID}/finish", headers=signed_in)
    problem(answered(response), 415, "unsupported_media_type")
    assert json.loads(remove.calls.last.request.content) == {"prefixes": [PATH]}


def test_an_abandoned_document_is_not_finished(
    reports: FlaskClient, api: respx.MockRouter, signed_in: dict[str, str]
) -> None:
    abandoned = {**ROW, "status": "refused", "refusal": "abandoned"}
    api.get("/rest/v1/client_reports").respond(json=[abandoned])
    api.delete("/storage/v1/object/client-reports").respond(json=[])
    response = reports.post(f"/{REPORT_ID}/finish", headers=signed_in)
    problem(answered(response), 409, "invalid_state")


def test_the_address_is_the_project_s_own(
    reports: FlaskClient, api: respx.MockRouter, signed_in: dict[str, str]
) -> None:
    stored = {**ROW, "status": "stored", "sha256": "a" * 64}
    view = api.post("/rest/v1/rpc/view_client_report").respond(json=stored)
    sign = api.post(f"/storage/v1/object/sign/client-reports/{PATH}").respond(
        json={"signedURL": f"/object/sign/client-reports/{PATH}?token=t"}
    )
    response = reports.get(
        f"/{REPORT_ID}/download?expires_in=300",
        headers={**signed_in, "Host": "evil.example", "X-Forwarded-Host": "evil.example"},
    )
    assert response.status_code == 200
    assert response.get_json()["url"] == (
        f"{API_URL}/storage/v1/object/sign/client-reports/{PATH}?token=t&download=zpr%C3%A1va.pdf"
    )
    assert keys_of(view) == {PUBLISHABLE_KEY}
    assert json.loads(sign.calls.last.request.content) == {"expiresIn": 300}


@pytest.mark.parametrize("answer", [{}, {"signedURL": None}, [], "x"])
def test_a_store_that_gives_no_address(
    reports: FlaskClient, api: respx.MockRouter, signed_in: dict[str, str], answer: Any
) -> None:
    api.post("/rest/v1/rpc/view_client_report").respond(json={**ROW, "status": "stored"})
    api.post(f"/storage/v1/object/sign/client-reports/{PATH}").respond(json=answer)
    response = reports.get(f"/{REPORT_ID}/download", headers=signed_in)
    problem(answered(response), 503, "unavailable")


def test_without_the_secret_key_there_is_nothing_to_act_with(
    reports: FlaskClient, environment: Callable[..., None], signed_in: dict[str, str]
) -> None:
    environment(SUPABASE_SECRET_KEY=None)
    response = reports.get(f"/{REPORT_ID}/download", headers=signed_in)
    problem(answered(response), 503, "unavailable")
