"""The booking function's own part: which SQL function gets which arguments, and the links."""

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
BLOCK = "77777777-7777-4777-8777-777777777777"
STARTS_AT = "2026-11-23T09:00:00Z"


@pytest.mark.parametrize(
    ("path", "body", "function", "arguments"),
    [
        (f"/{ID}/confirm", None, "confirm_appointment", {}),
        (f"/{ID}/start", None, "start_appointment", {}),
        (f"/{ID}/complete", {}, "complete_appointment", {}),
        (f"/{ID}/no-show", None, "mark_no_show", {}),
        (f"/{ID}/cancel", None, "cancel_appointment", {}),
        (
            f"/{ID}/cancel",
            {"reason": "ill", "refund": True},
            "cancel_appointment",
            {"reason": "ill", "refund": True},
        ),
        (
            f"/{ID}/reschedule",
            {"starts_at": STARTS_AT, "room_id": None},
            "reschedule_appointment",
            {"starts_at": STARTS_AT, "room_id": None},
        ),
    ],
)
def test_one_request_is_one_sql_function(
    client: Callable[[str], FlaskClient],
    api: respx.MockRouter,
    signed_in: dict[str, str],
    appointment: dict[str, Any],
    path: str,
    body: Any,
    function: str,
    arguments: dict[str, Any],
) -> None:
    route = api.post(f"/rest/v1/rpc/{function}").mock(
        return_value=httpx.Response(200, json=appointment)
    )
    response = client("booking").post(
        path, json=body, headers={**signed_in, "Idempotency-Key": "k-1"}
    )
    assert response.status_code == 200, response.data
    assert json.loads(route.calls.last.request.content) == {
        "appointment_id": ID,
        "idempotency_key": "k-1",
        **arguments,
    }
    answer = json.loads(response.data)
    assert appointment.items() <= answer.items()
    assert len(api.calls) == 1


def test_the_address_wins_over_nothing_and_the_body_cannot_name_another(
    client: Callable[[str], FlaskClient], api: respx.MockRouter, signed_in: dict[str, str]
) -> None:
    response = client("booking").post(
        f"/{ID}/cancel", json={"appointment_id": BLOCK}, headers=signed_in
    )
    assert response.status_code == 422
    assert not api.calls


def test_a_booking_is_created(
    client: Callable[[str], FlaskClient],
    api: respx.MockRouter,
    signed_in: dict[str, str],
    appointment: dict[str, Any],
) -> None:
    route = api.post("/rest/v1/rpc/book_appointment").mock(
        return_value=httpx.Response(200, json=appointment)
    )
    body = {
        "service_id": appointment["service_id"],
        "starts_at": "2026-11-23T10:00:00.000+01:00",
        "practitioner_id": appointment["practitioner_id"],
        "allow_overlap": True,
        "overlap_reason": "agreed by telephone",
    }
    response = client("booking").post("/booking", json=body, headers=signed_in)
    assert response.status_code == 201
    sent = json.loads(route.calls.last.request.content)
    assert sent == {**body, "starts_at": "2026-11-23T10:00:00+01:00"}
    answer = json.loads(response.data)
    assert answer["join_url"] is None
    assert answer["calendar_url"].endswith(f"/functions/v1/booking/{ID}/calendar.ics")


def test_where_a_video_appointment_is_joined(
    client: Callable[[str], FlaskClient],
    api: respx.MockRouter,
    environment: Callable[..., None],
    signed_in: dict[str, str],
    appointment: dict[str, Any],
) -> None:
    appointment["mode"] = "video"
    api.post("/rest/v1/rpc/confirm_appointment").mock(
        return_value=httpx.Response(200, json=appointment)
    )

    def join_url() -> Any:
        response = client("booking").post(f"/{ID}/confirm", headers=signed_in)
        return json.loads(response.data)["join_url"]

    assert join_url() == "http://api.test/functions/v1/video/rooms"
    environment(FUNCTIONS_PUBLIC_URL="https://{name}-praxis.example.org/")
    assert join_url() == "https://video-praxis.example.org/video/rooms"
    environment(JOIN_URL_TEMPLATE="https://app.example.org/join/{appointment_id}")
    assert join_url() == f"https://app.example.org/join/{ID}"


@pytest.mark.parametrize(
    ("path", "function", "body", "status"),
    [
        (
            "/blocks",
            "book_block",
            {
                "service_id": ID,
                "practitioner_id": ID,
                "client_id": ID,
                "starts_at": STARTS_AT,
                "occurrences": 3,
                "skip_conflicts": True,
            },
            201,
        ),
        (f"/blocks/{ID}/cancel", "cancel_block", {"scope": "this_and_following"}, 200),
        (
            f"/blocks/{ID}/reschedule",
            "reschedule_block",
            {"scope": "all_future", "starts_at": STARTS_AT},
            200,
        ),
    ],
)
def test_series(
    client: Callable[[str], FlaskClient],
    api: respx.MockRouter,
    signed_in: dict[str, str],
    appointment: dict[str, Any],
    path: str,
    function: str,
    body: dict[str, Any],
    status: int,
) -> None:
    rows = [{**appointment, "block_id": BLOCK}] * 3
    route = api.post(f"/rest/v1/rpc/{function}").mock(return_value=httpx.Response(200, json=rows))
    response = client("booking").post(path, json=body, headers=signed_in)
    assert response.status_code == status
    answer = json.loads(response.data)
    assert answer["block_id"] == BLOCK
    assert len(answer["appointments"]) == 3
    assert all("calendar_url" in row for row in answer["appointments"])
    addressed = {} if path == "/blocks" else {"appointment_id": ID}
    assert json.loads(route.calls.last.request.content) == {**body, **addressed}


@pytest.mark.parametrize("scope", [None, "all", "THIS", "future", 1])
def test_scopes_are_named(
    client: Callable[[str], FlaskClient],
    api: respx.MockRouter,
    signed_in: dict[str, str],
    scope: Any,
) -> None:
    response = client("booking").post(
        f"/blocks/{ID}/cancel", json={"scope": scope}, headers=signed_in
    )
    assert response.status_code == 422
    assert not api.calls


@pytest.mark.parametrize("rows", [None, [], {}])
def test_no_calendar_entry_without_an_appointment(
    client: Callable[[str], FlaskClient],
    api: respx.MockRouter,
    signed_in: dict[str, str],
    rows: Any,
) -> None:
    api.post("/rest/v1/rpc/appointment_calendar").mock(return_value=httpx.Response(200, json=rows))
    response = client("booking").get(f"/{ID}/calendar.ics", headers=signed_in)
    assert response.status_code == 404
    assert response.content_type == "application/problem+json"
