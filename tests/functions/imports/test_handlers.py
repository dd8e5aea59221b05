"""The imports function's own part: batches, repeats inside of a file, and an API that fails."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from imports.rows import BATCH_ROWS

if TYPE_CHECKING:
    from collections.abc import Callable

    import respx
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

ORGANIZATION = "11111111-1111-4111-8111-111111111111"
OPERATION = "22222222-2222-4222-8222-222222222222"
PROGRESS = {
    "operation_id": OPERATION,
    "status": "completed",
    "total": 1,
    "created": 1,
    "updated": 0,
    "skipped": 0,
    "failed": 0,
    "errors": [],
    "next_after": None,
}


@pytest.fixture
def post(
    client: Callable[[str], FlaskClient], signed_in: dict[str, str]
) -> Callable[..., TestResponse]:
    def send(text: str, **query: str) -> TestResponse:
        return client("imports").post(
            "/clients",
            data=text.encode(),
            query_string=query,
            headers={**signed_in, "Content-Type": "text/csv", "Idempotency-Key": "key"},
        )

    return send


def answer(api: respx.MockRouter, path: str, document: Any) -> respx.Route:
    return api.route(path=f"/rest/v1/{path}").mock(return_value=httpx.Response(200, json=document))


@pytest.fixture
def desk(api: respx.MockRouter) -> None:
    place = {"timezone": "Europe/Prague", "locale": "cs"}
    answer(
        api,
        "members",
        [{"organization_id": ORGANIZATION, "role": "receptionist", "organizations": place}],
    )


def sent(route: respx.Route, call: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(route.calls[call].request.content)
    return found


@pytest.mark.usefixtures("desk")
def test_rows_go_in_batches(api: respx.MockRouter, post: Callable[..., TestResponse]) -> None:
    start = answer(api, "rpc/start_client_import", {"id": OPERATION, "status": "running"})
    rows = answer(api, "rpc/import_clients", {})
    answer(api, "rpc/client_import_progress", PROGRESS)
    count = 2 * BATCH_ROWS + 1
    response = post("First name,Last name\n" + "A,B\n" * count)
    assert response.status_code == 200
    assert json.loads(response.data) == {**PROGRESS, "ignored_columns": []}
    assert sent(start)["row_count"] == count
    assert sent(start)["idempotency_key"] == "key"
    assert [len(sent(rows, call)["rows"]) for call in range(3)] == [BATCH_ROWS, BATCH_ROWS, 1]
    assert sent(rows, 2)["rows"][0]["number"] == count


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("status", ["completed", "cancelled"])
def test_what_has_ended_is_only_told(
    api: respx.MockRouter, post: Callable[..., TestResponse], status: str
) -> None:
    answer(api, "rpc/start_client_import", {"id": OPERATION, "status": status})
    rows = answer(api, "rpc/import_clients", {})
    answer(api, "rpc/client_import_progress", {**PROGRESS, "status": status})
    response = post("First name,Last name\nA,B\n")
    assert json.loads(response.data)["status"] == status
    assert not rows.called


@pytest.mark.usefixtures("desk")
def test_stopped_on_the_way(
    api: respx.MockRouter,
    post: Callable[..., TestResponse],
    refused: Callable[..., httpx.Response],
) -> None:
    answer(api, "rpc/start_client_import", {"id": OPERATION, "status": "running"})
    rows = api.route(path="/rest/v1/rpc/import_clients").mock(
        return_value=refused(409, "PT409", "invalid_state")
    )
    answer(api, "rpc/client_import_progress", {**PROGRESS, "status": "cancelled"})
    response = post("First name,Last name\n" + "A,B\n" * (BATCH_ROWS + 1))
    assert json.loads(response.data)["status"] == "cancelled"
    assert rows.call_count == 1


@pytest.mark.usefixtures("desk")
def test_an_api_that_is_gone_says_to_come_again(
    api: respx.MockRouter, post: Callable[..., TestResponse]
) -> None:
    answer(api, "rpc/start_client_import", {"id": OPERATION, "status": "running"})
    api.route(path="/rest/v1/rpc/import_clients").mock(side_effect=httpx.ReadError)
    response = post("First name,Last name\nA,B\n")
    assert response.status_code == 503
    assert response.headers["Retry-After"]
    assert json.loads(response.data)["code"] == "unavailable"


REPEATED = "First name,Last name\n" + "A,B\n" * 3


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(
    ("on_duplicate", "expected"),
    [("skip", (1, 0, 2)), ("update", (1, 2, 0)), ("create", (3, 0, 0))],
)
def test_rows_that_repeat_one_another(
    api: respx.MockRouter,
    post: Callable[..., TestResponse],
    on_duplicate: str,
    expected: tuple[int, ...],
) -> None:
    outcomes = [
        {"number": n, "row": n + 1, "outcome": "created", "keys": keys}
        for n, keys in enumerate((["email:a"], ["email:a", "phone:1"], ["email:a"]), 1)
    ]
    answer(api, "rpc/preview_client_import", outcomes)
    found = json.loads(post(REPEATED, dry_run="true", on_duplicate=on_duplicate).data)
    assert (found["created"], found["updated"], found["skipped"]) == expected
    if on_duplicate == "skip":
        assert [error["detail"] for error in found["errors"]] == [
            "Row 2 of the file is the same client."
        ] * 2


@pytest.mark.parametrize("rows", [[], [{"role": "practitioner"}], [{"role": "owner"}] * 2])
def test_who_is_not_of_one_desk_hears_it_from_the_database(
    api: respx.MockRouter,
    post: Callable[..., TestResponse],
    refused: Callable[..., httpx.Response],
    rows: list[dict[str, Any]],
) -> None:
    answer(api, "members", rows)
    api.route(path="/rest/v1/rpc/preview_client_import").mock(
        return_value=refused(403, "PT403", "forbidden")
    )
    assert post("not even a list").status_code == 403
