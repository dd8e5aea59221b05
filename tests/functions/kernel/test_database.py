"""Errors and faults of the Data API, as callers see them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    import respx
    from flask.testing import FlaskClient

ID = "0b6d7c3e-52c4-4d3f-8f0e-0a4f7a1f2b10"
SECRET_TEXT = "insert into private.secrets values ('Jana Nováková')"


@pytest.fixture
def confirm(
    client: Callable[[str], FlaskClient], api: respx.MockRouter, signed_in: dict[str, str]
) -> Callable[..., Any]:
    """Answer POST /booking/{id}/confirm from the given answers of the API, in order."""

    def send(*answers: Any, **headers: str) -> Any:
        route = api.post("/rest/v1/rpc/confirm_appointment").mock(side_effect=list(answers))
        response = client("booking").post(f"/{ID}/confirm", headers={**signed_in, **headers})
        return response, route

    return send


@pytest.mark.parametrize(
    ("status", "token"),
    [
        (409, "slot_taken"),
        (409, "client_busy"),
        (422, "outside_working_hours"),
        (422, "not_activated"),
        (422, "too_late"),
        (409, "insufficient_credits"),
        (404, "not_found"),
        (403, "forbidden"),
        (401, "unauthenticated"),
        (409, "invalid_state"),
        (422, "invalid_argument"),
        (422, "idempotency_mismatch"),
        (409, "idempotency_in_flight"),
        (410, "invitation_unusable"),
        (429, "rate_limited"),
        (418, "a_token_of_tomorrow"),
    ],
)
def test_business_refusals_keep_status_token_and_words(
    confirm: Callable[..., Any], refused: Callable[..., httpx.Response], status: int, token: str
) -> None:
    response, _ = confirm(refused(status, f"PT{status}", token, "A sentence.", "A remedy."))
    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    body = json.loads(response.data)
    assert body["type"] == f"urn:praxis:problem:{token}"
    assert (body["status"], body["code"]) == (status, token)
    assert (body["detail"], body["hint"]) == ("A sentence.", "A remedy.")
    assert body["title"]
    assert "errors" not in body
    assert ("Retry-After" in response.headers) == (status == 429)


def test_a_refusal_without_words(
    confirm: Callable[..., Any], refused: Callable[..., httpx.Response]
) -> None:
    body = json.loads(confirm(refused(409, "PT409", "slot_taken", "", ""))[0].data)
    assert body["detail"] == "The slot is taken."
    assert "hint" not in body


def test_conflicts_of_a_series_become_errors(
    confirm: Callable[..., Any], refused: Callable[..., httpx.Response]
) -> None:
    conflicts = [
        {"occurrence": 2, "starts_at": "2026-11-30T09:00:00+00:00", "code": "slot_taken"},
        {"occurrence": 5, "starts_at": "2026-12-21T09:00:00+00:00", "code": "client_busy"},
    ]
    response, _ = confirm(refused(409, "PT409", "slot_taken", json.dumps(conflicts)))
    body = json.loads(response.data)
    assert body["errors"] == conflicts
    assert body["code"] == "slot_taken"
    assert not body["detail"].startswith("[")


@pytest.mark.parametrize(
    ("status", "sqlstate", "expected", "code"),
    [
        (403, "42501", 403, "forbidden"),
        (401, "PGRST301", 401, "unauthenticated"),
        (401, "PGRST303", 401, "unauthenticated"),
        (403, "28000", 401, "unauthenticated"),
        (400, "22P02", 422, "invalid_argument"),
        (400, "22003", 422, "invalid_argument"),
        (400, "22008", 422, "invalid_argument"),
        (409, "23505", 422, "invalid_argument"),
        (409, "23503", 422, "invalid_argument"),
        (400, "23514", 422, "invalid_argument"),
        (500, "23P01", 422, "invalid_argument"),
        (400, "P0001", 422, "invalid_argument"),
        (406, "PGRST116", 404, "not_found"),
        (500, "40001", 503, "unavailable"),
        (500, "40P01", 503, "unavailable"),
        (503, "53300", 503, "unavailable"),
        (500, "57014", 503, "unavailable"),
        (503, "57P01", 503, "unavailable"),
        (503, "PGRST000", 503, "unavailable"),
        (504, "PGRST003", 503, "unavailable"),
        (404, "PGRST202", 500, "internal_error"),
        (404, "42883", 500, "internal_error"),
        (500, "XX000", 500, "internal_error"),
        (500, "PT500", 500, "internal_error"),
        (409, "PT409 ", 500, "internal_error"),
    ],
)
def test_71_other_errors_say_nothing_of_their_cause(
    confirm: Callable[..., Any],
    refused: Callable[..., httpx.Response],
    status: int,
    sqlstate: str,
    expected: int,
    code: str,
) -> None:
    response, _ = confirm(refused(status, sqlstate, SECRET_TEXT, SECRET_TEXT, SECRET_TEXT))
    body = json.loads(response.data)
    assert (response.status_code, body["code"]) == (expected, code)
    assert "Jana" not in response.get_data(as_text=True)
    assert "private" not in response.get_data(as_text=True)
    assert sqlstate not in response.get_data(as_text=True)
    assert ("Retry-After" in response.headers) == (expected == 503)


def test_a_token_that_is_no_token_is_not_passed_on(
    confirm: Callable[..., Any], refused: Callable[..., httpx.Response]
) -> None:
    response, _ = confirm(refused(409, "PT409", SECRET_TEXT))
    assert response.status_code == 500
    assert "Jana" not in response.get_data(as_text=True)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (httpx.Response(502, content=b"<html>Bad gateway</html>"), 503),
        (httpx.Response(503), 503),
        (httpx.Response(504, json={"message": "upstream"}), 503),
        (httpx.Response(401, json={"message": "Invalid API key"}), 401),
        (httpx.Response(403, content=b"no"), 403),
        (httpx.Response(429, content=b"slow down"), 429),
        (httpx.Response(500, content=b"boom"), 500),
        (httpx.Response(404, content=b"<html>"), 500),
        (httpx.Response(302, headers={"location": "http://evil.test"}), 500),
        (httpx.Response(200, content=b"<html>"), 503),
        (httpx.Response(500, json=["x"]), 500),
        (httpx.Response(500, json={"code": 7, "message": None}), 500),
    ],
)
def test_gateways_before_the_api(
    confirm: Callable[..., Any], answer: httpx.Response, expected: int
) -> None:
    response, route = confirm(answer)
    assert response.status_code == expected
    assert response.content_type == "application/problem+json"
    assert route.call_count == 1


CUT = [httpx.ReadError("cut"), httpx.RemoteProtocolError("cut"), httpx.WriteError("cut")]


@pytest.mark.parametrize("fault", CUT)
def test_a_cut_connection_is_not_repeated_without_a_key(
    confirm: Callable[..., Any], appointment: dict[str, Any], fault: Exception
) -> None:
    response, route = confirm(fault, httpx.Response(200, json=appointment))
    assert response.status_code == 503
    assert response.headers["Retry-After"]
    assert "Idempotency-Key" in json.loads(response.data)["detail"]
    assert route.call_count == 1


@pytest.mark.parametrize("fault", CUT)
def test_a_cut_connection_is_repeated_once_with_a_key(
    confirm: Callable[..., Any], appointment: dict[str, Any], fault: Exception
) -> None:
    response, route = confirm(
        fault, httpx.Response(200, json=appointment), **{"Idempotency-Key": "key"}
    )
    assert response.status_code == 200
    assert route.call_count == 2
    bodies = {call.request.content for call in route.calls}
    assert bodies == {
        json.dumps({"appointment_id": ID, "idempotency_key": "key"}, separators=(",", ":")).encode()
    }

    response, route = confirm(fault, fault, fault, **{"Idempotency-Key": "key"})
    assert response.status_code == 503


@pytest.mark.parametrize("fault", [httpx.ConnectError("refused"), httpx.ConnectTimeout("slow")])
def test_what_was_never_sent_may_be_sent_again(
    confirm: Callable[..., Any], appointment: dict[str, Any], fault: Exception
) -> None:
    response, route = confirm(fault, httpx.Response(200, json=appointment))
    assert response.status_code == 200
    assert route.call_count == 2


@pytest.mark.parametrize("fault", [httpx.ReadTimeout("slow"), httpx.PoolTimeout("busy")])
def test_a_slow_answer_is_not_asked_for_twice(
    confirm: Callable[..., Any], appointment: dict[str, Any], fault: Exception
) -> None:
    response, route = confirm(
        fault, httpx.Response(200, json=appointment), **{"Idempotency-Key": "key"}
    )
    assert response.status_code == 503
    assert route.call_count == 1


def test_reads_are_repeated(
    client: Callable[[str], FlaskClient], api: respx.MockRouter, signed_in: dict[str, str]
) -> None:
    rows = [{"organization_id": ID, "currency": "CZK", "balance_amount": 5, "available_amount": 5}]
    route = api.get("/rest/v1/credit_balances").mock(
        side_effect=[httpx.ReadError("cut"), httpx.Response(200, json=rows)]
    )
    assert client("credits").get(f"/{ID}", headers=signed_in).status_code == 200
    assert route.call_count == 2


def test_a_fault_of_ours_is_logged_without_what_it_was_about(
    confirm: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    response, _ = confirm(RuntimeError(SECRET_TEXT))
    assert response.status_code == 500
    assert json.loads(response.data)["code"] == "internal_error"
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    fault = next(line for line in lines if line["message"] == "unhandled_error")
    assert fault["error"] == "RuntimeError"
    assert any("database.py" in frame for frame in fault["frames"])
    assert fault["request_id"] == response.headers["X-Request-Id"]
    assert "Jana" not in json.dumps(lines, ensure_ascii=False)
