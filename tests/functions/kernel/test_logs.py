"""Logs: one line of JSON a request, and nothing personal in it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest
    import respx
    from flask.testing import FlaskClient


def test_a_line_per_request_without_personal_data(
    client: Callable[[str], FlaskClient],
    api: respx.MockRouter,
    signed_in: dict[str, str],
    appointment: dict[str, Any],
    capsys: pytest.CaptureFixture[str],
) -> None:
    appointment["note"] = "Panic attacks since May"
    api.post("/rest/v1/rpc/book_appointment").mock(
        return_value=httpx.Response(200, json=appointment)
    )
    response = client("booking").post(
        "/?email=jana@example.org",
        json={
            "service_id": appointment["service_id"],
            "starts_at": appointment["starts_at"],
            "note": appointment["note"],
        },
        headers=signed_in,
    )
    assert response.status_code == 201
    out, err = capsys.readouterr()
    assert err == ""
    (line,) = out.splitlines()
    entry = json.loads(line)
    assert entry["severity"] == "INFO"
    assert entry["message"] == "request"
    assert (entry["function"], entry["method"], entry["status"]) == ("booking", "POST", 201)
    assert entry["request_id"] == response.headers["X-Request-Id"]
    for private in ("Panic", "jana", signed_in["Authorization"][7:], appointment["client_id"]):
        assert private not in line
