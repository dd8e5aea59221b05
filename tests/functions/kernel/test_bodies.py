"""Bodies, queries and keys: odd input is a clear 4xx and never reaches the database."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from kernel.bodies import BODY_MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable

    import respx
    from flask.testing import FlaskClient

BOOKING = {
    "service_id": "55555555-5555-4555-8555-555555555555",
    "starts_at": "2026-11-23T10:00:00+01:00",
}
CREDITS = "/33333333-3333-4333-8333-333333333333/adjust"


@pytest.fixture
def book(
    client: Callable[[str], FlaskClient],
    api: respx.MockRouter,
    signed_in: dict[str, str],
    appointment: dict[str, Any],
) -> Callable[..., Any]:
    """Send a raw body to POST /booking; it gives (response, the API's route)."""
    route = api.post("/rest/v1/rpc/book_appointment").mock(
        return_value=httpx.Response(200, json=appointment)
    )

    def send(data: Any, content_type: str | None = "application/json", **headers: str) -> Any:
        response = client("booking").post(
            "/", data=data, content_type=content_type, headers={**signed_in, **headers}
        )
        return response, route

    return send


def refuse(answer: Any, status: int, code: str) -> dict[str, Any]:
    response, route = answer
    assert response.status_code == status, response.get_data(as_text=True)
    assert response.content_type == "application/problem+json"
    body: dict[str, Any] = json.loads(response.data)
    assert body["code"] == code
    assert not route.called
    return body


def test_a_sound_body_goes_on_as_it_is(book: Callable[..., Any]) -> None:
    response, route = book(json.dumps({**BOOKING, "note": 'Ahoj „světe“ 👋 \\ "'}))
    assert response.status_code == 201
    sent = json.loads(route.calls.last.request.content)
    assert sent == {**BOOKING, "note": 'Ahoj „světe“ 👋 \\ "'}


@pytest.mark.parametrize(
    "data",
    [
        b"{",
        b"nothing",
        b'{"service_id": "x"} {}',
        b'{"service_id": 1, "service_id": 2}',
        b'{"note": {"a": 1, "a": 1}}',
        b'{"note": NaN}',
        b'{"note": Infinity}',
        b'{"note": -Infinity}',
        b'{"note": "\x00"}',
        b'{"note": "\\u0000"}',
        b'{"\\u0000": 1}',
        b'{"note": "\\ud800"}',
        b'{"note": "\\udc00\\ud800"}',
        b'{"note": "\xff\xfe"}',
        b'{"note": "\xed\xa0\x80"}',
        b"\xef\xbb\xbf{}",
        b"\x00",
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b"1" * 10_000,
        b"{'note': 1}",
        b'{"note": "a\nb"}',
        b'{"note": 01}',
        b'{"note": 1,}',
    ],
)
def test_57_unreadable_bodies(book: Callable[..., Any], data: bytes) -> None:
    refuse(book(data), 400, "malformed_request")


def test_an_escaped_backslash_before_u0000_is_text(book: Callable[..., Any]) -> None:
    response, route = book(json.dumps(BOOKING)[:-1] + r', "note": "\\u0000 \u00e9 \ud83d\udc4b"}')
    assert response.status_code == 201
    assert json.loads(route.calls.last.request.content)["note"] == r"\u0000 é 👋"


@pytest.mark.parametrize("data", [b"null", b"[]", b'"text"', b"1", b"true", b"[{}]", b"{}", b""])
def test_readable_but_no_booking(book: Callable[..., Any], data: bytes) -> None:
    refuse(book(data), 422, "invalid_argument")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("starts_at", "2026-11-23T10:00:00"),
        ("starts_at", "2026-11-23"),
        ("starts_at", "tomorrow"),
        ("starts_at", 1795000000),
        ("starts_at", "1795000000"),
        ("starts_at", "2026-02-30T10:00:00Z"),
        ("starts_at", "2026-11-23T25:00:00Z"),
        ("starts_at", "0001-01-01T00:00:00+01:00"),
        ("starts_at", "9999-12-31T23:59:59-01:00"),
        ("starts_at", "infinity"),
        ("starts_at", None),
        ("starts_at", ""),
        ("service_id", "1"),
        ("service_id", 7),
        ("service_id", ["55555555-5555-4555-8555-555555555555"]),
        ("service_id", None),
        ("note", 7),
        ("note", ["x"]),
        ("allow_overlap", "true"),
        ("allow_overlap", 1),
        ("organization_id", "11111111-1111-4111-8111-111111111111"),
        ("price_amount", 0),
        ("status", "confirmed"),
    ],
)
def test_fields_of_a_wrong_kind_or_name(book: Callable[..., Any], field: str, value: Any) -> None:
    body = refuse(book(json.dumps({**BOOKING, field: value})), 422, "invalid_argument")
    assert [error["field"] for error in body["errors"]] == [field]
    assert {"field", "code", "detail"} == set(body["errors"][0])


@pytest.mark.parametrize(
    "amount",
    [
        "NaN",
        "Infinity",
        "1e400",
        "1e3",
        "0.001",
        "100.0",
        '"100"',
        "true",
        "null",
        "[100]",
        str(2**63),
        "9" * 5000,
    ],
)
def test_56_amounts_are_whole_numbers(
    client: Callable[[str], FlaskClient],
    api: respx.MockRouter,
    signed_in: dict[str, str],
    amount: str,
) -> None:
    response = client("credits").post(
        CREDITS,
        data=f'{{"amount": {amount}, "reason": "test"}}',
        content_type="application/json",
        headers=signed_in,
    )
    assert response.status_code in {400, 422}
    assert not api.calls


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=utf-16",
        "application/json; charset=latin-1",
        "application/jsonp",
        "application/merge-patch+json",
    ],
)
def test_other_media_types(book: Callable[..., Any], content_type: str | None) -> None:
    refuse(book(json.dumps(BOOKING), content_type), 415, "unsupported_media_type")


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "application/json; charset=utf-8", 'APPLICATION/JSON;charset="UTF-8"'],
)
def test_spellings_of_json(book: Callable[..., Any], content_type: str) -> None:
    response, _ = book(json.dumps(BOOKING), content_type)
    assert response.status_code == 201


def test_58_a_body_over_the_limit(book: Callable[..., Any]) -> None:
    note = "x" * BODY_MAX_BYTES
    refuse(book(json.dumps({**BOOKING, "note": note})), 413, "payload_too_large")


def test_58_a_body_over_the_limit_that_announces_no_length(
    client: Callable[[str], FlaskClient], api: respx.MockRouter, signed_in: dict[str, str]
) -> None:
    class Endless:
        """A body that never ends; reading far past the limit would be the fault."""

        given = 0

        def read(self, size: int = -1) -> bytes:
            assert size >= 0, "reads without a bound"
            self.given += size
            assert self.given < 8 * BODY_MAX_BYTES, "reads on after the limit"
            return b"x" * size

        def readline(self, size: int = -1) -> bytes:
            return self.read(size)

    response = client("booking").post(
        "/",
        content_type="application/json",
        headers=signed_in,
        environ_overrides={"wsgi.input": Endless(), "wsgi.input_terminated": True},
    )
    assert response.status_code == 413
    assert json.loads(response.data)["code"] == "payload_too_large"
    assert not api.calls


@pytest.mark.parametrize(
    ("name", "path", "content_type", "given", "status"),
    [
        ("booking", "/", "application/json", 0, 400),
        ("booking", "/", "application/json", BODY_MAX_BYTES + 1, 413),
        # A file is read after the caller is known, and what is refused before is thrown away.
        ("imports", "/clients", "text/csv", 0, 401),
    ],
)
def test_57_a_body_that_breaks_off(
    client: Callable[[str], FlaskClient],
    api: respx.MockRouter,
    name: str,
    path: str,
    content_type: str,
    given: int,
    status: int,
) -> None:
    class Broken:
        """So much of a body, and then what the server raises when its parts make no sense."""

        left = given

        def read(self, size: int = -1) -> bytes:
            if not self.left:
                raise RuntimeError("Invalid chunk size")
            part = min(size, self.left)
            self.left -= part
            return b"x" * part

    response = client(name).post(
        path,
        content_type=content_type,
        environ_overrides={"wsgi.input": Broken(), "wsgi.input_terminated": True},
    )
    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    assert not api.calls


def test_58_a_body_of_exactly_the_limit(book: Callable[..., Any]) -> None:
    frame = len(json.dumps({**BOOKING, "note": ""}))
    response, _ = book(json.dumps({**BOOKING, "note": "x" * (BODY_MAX_BYTES - frame)}))
    assert response.status_code == 201


def test_58_a_huge_address(
    client: Callable[[str], FlaskClient], api: respx.MockRouter, signed_in: dict[str, str]
) -> None:
    response = client("credits").get(f"/?{'x' * 9000}", headers=signed_in)
    assert response.status_code == 414
    assert json.loads(response.data)["code"] == "uri_too_long"
    assert not api.calls


@pytest.mark.parametrize("key", ["k", "x" * 255, "a b".replace(" ", "~"), "550e8400-e29b"])
def test_idempotency_key_goes_to_the_function(book: Callable[..., Any], key: str) -> None:
    response, route = book(json.dumps(BOOKING), **{"Idempotency-Key": key})
    assert response.status_code == 201
    assert json.loads(route.calls.last.request.content)["idempotency_key"] == key


@pytest.mark.parametrize("key", ["", "x" * 256, "a b", "caf\u00e9", "\t", "a\x7f"])
def test_strange_idempotency_keys(book: Callable[..., Any], key: str) -> None:
    refuse(book(json.dumps(BOOKING), **{"Idempotency-Key": key}), 422, "invalid_argument")


def test_idempotency_key_in_header_and_body_agree(book: Callable[..., Any]) -> None:
    both = json.dumps({**BOOKING, "idempotency_key": "one"})
    response, route = book(both, **{"Idempotency-Key": "one"})
    assert response.status_code == 201
    response, route = book(both)
    assert json.loads(route.calls.last.request.content)["idempotency_key"] == "one"
    calls = route.call_count
    response, route = book(both, **{"Idempotency-Key": "two"})
    assert response.status_code == 422
    assert route.call_count == calls


@pytest.mark.parametrize(
    "query",
    [
        "page_size=0",
        "page_size=501",
        "page_size=ten",
        "page_size=1e1",
        "before=-1",
        "before=" + "9" * 40,
        "currency=czk",
        "currency=CZKK",
        "unknown=1",
        "page_size=1&page_size=2",
        "currency=%00",
    ],
)
def test_queries_are_checked(
    client: Callable[[str], FlaskClient],
    api: respx.MockRouter,
    signed_in: dict[str, str],
    query: str,
) -> None:
    path = f"/33333333-3333-4333-8333-333333333333/statement?{query}"
    response = client("credits").get(path, headers=signed_in)
    assert response.status_code == 422, response.data
    assert json.loads(response.data)["errors"]
    assert not api.calls
