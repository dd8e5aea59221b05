"""Lists: whole whatever the pages are, harmless cells, and no file that ends early."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import httpx
import openpyxl
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

CAP = 3


def row(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "number": f"26100{number:04d}",
        "kind": "invoice",
        "status": "issued",
        "issued_on": f"2026-11-{1 + number // 4:02d}",
        "supplied_on": "2026-11-01",
        "due_on": "2026-11-30",
        "variable_symbol": f"26100{number:04d}",
        "payer_name": "Jana Nováková",
        "payer_registration_number": None,
        "payer_vat_number": None,
        "net": 100_050,
        "tax": 21_010,
        "total": 121_060,
        "paid": 0,
        "open": 121_060,
        "currency": "CZK",
        "client_id": None,
        "id": f"00000000-0000-4000-8000-{number:012d}",
        **changes,
    }


class Api:
    """Invoices behind PostgREST, which gives fewer rows than were asked for."""

    def __init__(self, rows: list[dict[str, Any]], fails_after: int | None = None) -> None:
        self.rows = rows
        self.fails_after = fails_after
        self.requests: list[httpx.QueryParams] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/members"):
            return httpx.Response(200, json=[])
        query = request.url.params
        self.requests.append(query)
        if self.fails_after is not None and len(self.requests) > self.fails_after:
            return httpx.Response(503)
        if query.get("issued_on") == "is.null":
            return httpx.Response(200, json=[])
        rows = self.rows
        if "or" in query:
            # (issued_on.gt.D,and(issued_on.eq.D,id.gt.I))
            parts = query["or"].strip("()").split(",")
            last = parts[0].removeprefix("issued_on.gt."), parts[2].removeprefix("id.gt.")
            rows = [each for each in rows if (each["issued_on"], each["id"]) > last]
        return httpx.Response(200, json=rows[:CAP])


@pytest.fixture
def export(
    client: Callable[[str], FlaskClient], pretend: Callable[..., None], signed_in: dict[str, str]
) -> Callable[..., Any]:
    def get(api: Api, query: str = "") -> Any:
        pretend(api)
        return client("billing").get(f"/invoices/export{query}", headers=signed_in)

    return get


@pytest.mark.parametrize("count", [0, 1, CAP, CAP + 1, 10 * CAP + 2])
def test_pages_of_any_size_give_the_whole_list(export: Callable[..., Any], count: int) -> None:
    rows = [row(number) for number in range(count)]
    found = list(csv.DictReader(io.StringIO(export(Api(rows)).text)))
    assert [each["number"] for each in found] == [each["number"] for each in rows]


def test_amounts_and_texts_are_what_they_are(export: Callable[..., Any]) -> None:
    names = [
        "=1+1",
        "+420",
        "-1",
        "@x",
        "\t=1",
        "\uff1d1",
        "Běžné jméno",
        'S "uvozovkami", a čárkou',
    ]
    rows = [row(number, payer_name=name) for number, name in enumerate(names)]
    rows.append(row(90, currency="JPY", total=1250))
    found = list(csv.DictReader(io.StringIO(export(Api(rows), "?bom=true").text.lstrip("\ufeff"))))
    assert [each["payer_name"] for each in found[:6]] == [f"'{name}" for name in names[:6]]
    assert [each["payer_name"] for each in found[6:8]] == names[6:]
    assert (found[0]["total"], found[8]["total"]) == ("1210.60", "1250")

    book = openpyxl.load_workbook(io.BytesIO(export(Api(rows), "?format=xlsx").data))
    lines = list(book.active.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert [line[7] for line in lines[1:9]] == names
    assert {cell.data_type for line in book.active.iter_rows() for cell in line} <= {"s", "n"}  # type: ignore[union-attr]


def test_a_fault_on_the_first_page_is_a_problem(export: Callable[..., Any]) -> None:
    response = export(Api([row(1)], fails_after=0))
    assert (response.status_code, response.get_json()["code"]) == (503, "unavailable")


def test_a_fault_later_on_breaks_the_file_off(
    export: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [row(number) for number in range(10)]
    with pytest.raises(Exception, match="unavailable"):
        export(Api(rows, fails_after=2)).get_data()
    assert "export_broken_off" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?from=2026-11-01", {"issued_on": "gte.2026-11-01"}),
        ("?to=2026-11-30", {"issued_on": "lte.2026-11-30"}),
        (
            "?from=2026-11-01&to=2026-11-30",
            {"and": "(issued_on.gte.2026-11-01,issued_on.lte.2026-11-30)"},
        ),
        ("?status=paid&from=2026-11-01", {"status": "eq.paid"}),
    ],
)
def test_filters_are_the_databases(
    export: Callable[..., Any], query: str, expected: dict[str, str]
) -> None:
    api = Api([row(1)])
    assert export(api, query).status_code == 200
    assert expected.items() <= dict(api.requests[0]).items()


def test_whoever_works_in_several_organizations_says_which(
    client: Callable[[str], FlaskClient], pretend: Callable[..., None], signed_in: dict[str, str]
) -> None:
    one, two = ({"organization_id": f"{n}1111111-1111-4111-8111-111111111111"} for n in "12")
    asked: list[httpx.URL] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url)
        is_members = request.url.path.endswith("/members")
        return httpx.Response(200, json=[one, two] if is_members else [])

    pretend(answer)
    billing = client("billing")
    refused = billing.get("/invoices/export", headers=signed_in)
    assert (refused.status_code, refused.get_json()["code"]) == (422, "invalid_argument")
    organization = one["organization_id"]
    path = f"/cash-book?organization_id={organization}"
    assert billing.get(path, headers=signed_in).status_code == 200
    assert asked[-1].params["organization_id"] == f"eq.{organization}"
