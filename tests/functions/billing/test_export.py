"""Billing exports: right bytes, harmless cells, flat memory, and no file that ends early."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import httpx
import openpyxl
import pytest

from billing.export import HEADINGS
from billing.sheets import is_formula

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

REPORT = {
    "id": "99999999-9999-4999-8999-999999999999",
    "organization_id": "11111111-1111-4111-8111-111111111111",
    "period_start": "2026-10-01",
    "period_end": "2026-11-01",
    "timezone": "Europe/Prague",
    "line_count": 0,
    "totals": [],
    "created_at": "2026-11-01T06:00:00+00:00",
}
PATH = f"/reports/{REPORT['id']}/export"
MEGABYTE = 1024 * 1024


def line(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "line_number": number,
        "appointment_id": f"00000000-0000-4000-8000-{number:012d}",
        "starts_at": "2026-10-05T07:00:00+00:00",
        "ends_at": "2026-10-05T07:50:00+00:00",
        "practitioner_id": "44444444-4444-4444-8444-444444444444",
        "practitioner_name": "Mgr. Řehoř Čáp",
        "service_id": "55555555-5555-4555-8555-555555555555",
        "service_name": 'Masáž "klasik", 50 min',
        "client_id": "33333333-3333-4333-8333-333333333333",
        "client_name": "Jana Nováková",
        "status": "completed",
        "payment_status": "unpaid",
        "price_amount": 120050,
        "currency": "CZK",
        **changes,
    }


class Api:
    """Reports behind PostgREST: honours the key and the limit, and knows no offset."""

    def __init__(self) -> None:
        self.count = 0
        self.announced: int | None = None
        self.cap = 1000
        self.line: Callable[[int], dict[str, Any]] = line
        self.fail_after: int | None = None
        self.is_known = True
        self.requests: list[dict[str, str]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/rest/v1/billing_reports":
            announced = self.count if self.announced is None else self.announced
            report = {**REPORT, "line_count": announced}
            return httpx.Response(200, json=[report] if self.is_known else [])
        assert request.url.path == "/rest/v1/billing_report_lines"
        query = dict(request.url.params)
        assert set(query) == {"select", "report_id", "line_number", "order", "limit"}
        assert query["report_id"] == f"eq.{REPORT['id']}"
        assert query["order"] == "line_number.asc"
        assert query["limit"] == "1000"
        after = int(query["line_number"].removeprefix("gt."))
        if self.fail_after is not None and after >= self.fail_after:
            return httpx.Response(503, json={"code": "57P01"})
        self.requests.append(query)
        return httpx.Response(200, content=self.page(after, query["select"].split(",")))

    def page(self, after: int, names: list[str]) -> bytes:
        last = min(self.count, after + self.cap)
        rows = [self.line(number) for number in range(after + 1, last + 1)]
        return json.dumps([{name: row[name] for name in names} for row in rows]).encode()


@pytest.fixture
def upstream(pretend: Callable[..., None]) -> Api:
    api = Api()
    pretend(api)
    return api


@pytest.fixture
def export(client: Callable[[str], FlaskClient], signed_in: dict[str, str]) -> Callable[[str], Any]:
    def send(query: str = "") -> Any:
        return client("billing").get(f"{PATH}?{query}", headers=signed_in)

    return send


def rows_of(content: bytes, encoding: str = "utf-8") -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(encoding), newline="")))


def cells_of(content: bytes) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    sheet: Any = book.active
    return list(sheet.iter_rows())


@pytest.mark.parametrize("count", [0, 1, 999, 1000, 1001, 2500])
@pytest.mark.parametrize("cap", [1000, 400])
def test_every_line_once_and_in_order(upstream: Api, export: Any, count: int, cap: int) -> None:
    upstream.count, upstream.cap = count, cap
    response = export("format=csv")
    assert response.status_code == 200
    rows = rows_of(response.data)
    assert rows[0] == list(HEADINGS)
    assert [row[0] for row in rows[1:]] == [str(number) for number in range(1, count + 1)]
    assert len(upstream.requests) <= count // cap + 2

    document = json.loads(export("format=json").data)
    assert [row["line_number"] for row in document["lines"]] == list(range(1, count + 1))
    assert document["report"] == {**REPORT, "line_count": count}

    cells = cells_of(export("format=xlsx").data)
    assert [row[0].value for row in cells[1:]] == list(range(1, count + 1))


def test_csv_is_rfc_4180_in_utf_8(upstream: Api, export: Any) -> None:
    upstream.count = 2
    response = export()
    assert response.content_type == "text/csv; charset=utf-8; header=present"
    assert response.headers["Content-Disposition"] == (
        'attachment; filename="billing-report-2026-10-01-2026-11-01.csv"'
    )
    text = response.data.decode("utf-8")
    assert not text.startswith("\ufeff")
    assert text.endswith("\r\n")
    assert text.count("\r\n") == text.count("\n") == 3
    assert '"Masáž ""klasik"", 50 min"' in text
    row = dict(zip(HEADINGS, rows_of(response.data)[1], strict=True))
    assert row["price_amount"] == "120050"
    assert row["price"] == "1200.50"
    assert row["currency"] == "CZK"
    assert row["starts_at"] == "2026-10-05T07:00:00+00:00"


@pytest.mark.parametrize(("query", "has_bom"), [("bom=true", True), ("bom=false", False)])
def test_byte_order_mark_on_demand(
    upstream: Api,
    export: Any,
    query: str,
    has_bom: bool,  # noqa: FBT001 - a case of the test
) -> None:
    upstream.count = 1
    assert export(query).data.startswith(b"\xef\xbb\xbf") == has_bom
    assert not export(f"{query}&format=json").data.startswith(b"\xef\xbb\xbf")
    assert export(f"{query}&format=xlsx").data.startswith(b"PK")


FORMULAS = [
    "=1+1",
    "+420 777 123 456",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "   +1",
    "\u00a0=1+1",
    "\u3000@x",
    "\uff1d1+1",
    "\uff0b1",
    "\uff0d1",
    "\uff20SUM(A1)",
    '=HYPERLINK("http://evil.test","x")',
    "=cmd|' /C calc'!A0",
]
HARMLESS = ["Jana", "a=b", "O'Brien", "'=1", "5 + 5", "e-mail@example.test", "", "\u2014", "100%"]


@pytest.mark.parametrize("text", FORMULAS)
def test_60_formulas_are_only_text(upstream: Api, export: Any, text: str) -> None:
    upstream.count = 1
    upstream.line = lambda number: line(
        number, client_name=text, practitioner_name=text, service_name=text
    )
    row = dict(zip(HEADINGS, rows_of(export("format=csv").data)[1], strict=True))
    for name in ("client_name", "practitioner_name", "service_name"):
        assert row[name] == f"'{text}"
    content = export("format=xlsx").data
    (_, cells) = cells_of(content)
    cell = cells[HEADINGS.index("client_name")]
    assert cell.data_type != "f"
    # ECMA-376 writes a carriage return as _x000D_, which this reader leaves as it is.
    assert cell.value.replace("_x000D_", "\n").strip() == text.replace("\r", "\n").strip()
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet: Any = book.active
    assert sheet["J2"].quotePrefix
    assert json.loads(export("format=json").data)["lines"][0]["client_name"] == text


@pytest.mark.parametrize("text", HARMLESS)
def test_60_other_texts_are_left_alone(upstream: Api, export: Any, text: str) -> None:
    upstream.count = 1
    upstream.line = lambda number: line(number, client_name=text)
    row = dict(zip(HEADINGS, rows_of(export("format=csv").data)[1], strict=True))
    assert row["client_name"] == text
    assert is_formula(text) is False


def test_negative_amounts_stay_numbers(upstream: Api, export: Any) -> None:
    upstream.count = 1
    upstream.line = lambda number: line(number, price_amount=-5)
    row = dict(zip(HEADINGS, rows_of(export().data)[1], strict=True))
    assert (row["price_amount"], row["price"]) == ("-5", "-0.05")


def test_xlsx_is_a_workbook_with_typed_cells(upstream: Api, export: Any) -> None:
    upstream.count = 3
    currencies = ["CZK", "JPY", "KWD"]
    upstream.line = lambda number: line(
        number, currency=currencies[number - 1], client_name="Jana & <Eva> \x07 _x0041_ 👋"
    )
    response = export("format=xlsx")
    assert response.content_type == (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    book = openpyxl.load_workbook(io.BytesIO(response.data))
    sheet: Any = book.active
    assert book.sheetnames == ["Report"]
    assert [cell.value for cell in sheet[1]] == list(HEADINGS)
    assert sheet["A1"].font.b
    prices = [sheet.cell(row, HEADINGS.index("price") + 1) for row in (2, 3, 4)]
    assert [Decimal(str(cell.value)) for cell in prices] == [
        Decimal("1200.5"),
        Decimal(120050),
        Decimal("120.05"),
    ]
    assert [cell.number_format for cell in prices] == ["0.00", "0", "0.000"]
    assert all(cell.data_type == "n" for cell in prices)
    assert sheet["M2"].value == 120050
    assert "Jana & <Eva>" in sheet["J2"].value
    assert "\x07" not in sheet["J2"].value
    assert "👋" in sheet["J2"].value


def test_the_same_report_gives_the_same_bytes(upstream: Api, export: Any) -> None:
    upstream.count = 10
    for form in ("csv", "xlsx", "json"):
        assert export(f"format={form}").data == export(f"format={form}").data


@pytest.mark.parametrize("query", ["format=pdf", "format=CSV", "bom=2", "format=", "sheet=1"])
def test_strange_queries(upstream: Api, export: Any, query: str) -> None:
    response = export(query)
    assert response.status_code == 422
    assert response.content_type == "application/problem+json"
    assert not upstream.requests


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_a_refusal_before_the_first_line_is_a_problem(
    upstream: Api, export: Any, form: str
) -> None:
    upstream.count, upstream.fail_after = 10, 0
    response = export(f"format={form}")
    assert response.status_code == 503
    assert response.content_type == "application/problem+json"
    assert "Content-Disposition" not in response.headers


def test_a_workbook_is_whole_or_a_problem(
    upstream: Api, client: Callable[[str], FlaskClient], signed_in: dict[str, str]
) -> None:
    upstream.count, upstream.fail_after = 5000, 2000
    response = client("billing").get(f"{PATH}?format=xlsx", headers=signed_in)
    assert response.status_code == 503
    assert response.content_type == "application/problem+json"


@pytest.mark.parametrize("form", ["csv", "json"])
def test_a_fault_after_the_first_line_breaks_the_answer_off(
    upstream: Api,
    client: Callable[[str], FlaskClient],
    signed_in: dict[str, str],
    form: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    upstream.count, upstream.fail_after = 5000, 2000
    response = client("billing").get(f"{PATH}?format={form}", headers=signed_in)
    assert response.status_code == 200
    chunks = response.iter_encoded()
    assert next(chunks)
    with pytest.raises(Exception, match="unavailable"):
        list(chunks)
    assert "export_broken_off" in capsys.readouterr().out


def test_missing_lines_break_the_answer_off(
    upstream: Api, client: Callable[[str], FlaskClient], signed_in: dict[str, str]
) -> None:
    upstream.count, upstream.announced = 1200, 1500
    response = client("billing").get(PATH, headers=signed_in)
    with pytest.raises(Exception, match="internal_error"):
        list(response.iter_encoded())


def test_unknown_report(
    upstream: Api, client: Callable[[str], FlaskClient], signed_in: dict[str, str]
) -> None:
    upstream.is_known = False
    for path in (PATH, f"/reports/{REPORT['id']}"):
        response = client("billing").get(path, headers=signed_in)
        assert response.status_code == 404
        assert json.loads(response.data)["code"] == "not_found"


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_100_000_lines_in_bounded_memory(
    upstream: Api,
    client: Callable[[str], FlaskClient],
    signed_in: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    form: str,
) -> None:
    upstream.count = 100_000
    template = json.dumps(line(0)).replace('"line_number": 0', '"line_number": %d')

    def page(after: int, _names: list[str]) -> bytes:
        rows = ",".join(template % number for number in range(after + 1, after + 1001))
        return f"[{rows}]".encode()

    monkeypatch.setattr(upstream, "page", page)
    response = client("billing").get(f"{PATH}?format={form}", headers=signed_in)
    assert response.status_code == 200
    chunks = response.iter_encoded()
    total = len(next(chunks))
    tracemalloc.start()
    try:
        total += sum(map(len, chunks))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(upstream.requests) == 100
    assert total > MEGABYTE // 2
    assert peak < 12 * MEGABYTE
