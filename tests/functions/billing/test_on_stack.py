"""The billing function on the real stack."""

from __future__ import annotations

import csv
import datetime as dt
import io
import uuid
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from psycopg import connect

from tests.functions.house import ABSENT, problem

if TYPE_CHECKING:
    from tests.functions.house import House
    from tests.stack_fixture import TestStack

LINES = 2_345


@pytest.fixture(scope="module")
def period(house: House) -> dict[str, str]:
    """A day in the past with a completed, a missed and a cancelled session."""
    start = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
    for hour, status in enumerate(("completed", "no_show", "cancelled", "confirmed")):
        house.practice.appointment(
            house.service_id,
            house.practitioner_ids[0],
            house.client,
            start + dt.timedelta(hours=hour),
            status=status,
        )
    return {"period_start": "2026-03-02", "period_end": "2026-03-03"}


@pytest.fixture
def report(house: House, period: dict[str, str]) -> dict[str, Any]:
    response = house.as_("owner").post("/billing/reports", json=period)
    assert response.status_code == 201, response.text
    found: dict[str, Any] = response.json()
    return found


@pytest.fixture(scope="module")
def long_report(house: House, stack: TestStack) -> str:
    """A report of more lines than the API gives at once, some with hostile names."""
    report_id = str(uuid.uuid4())
    with connect(stack.db_url) as sql:
        sql.execute(
            "insert into public.billing_reports (id, organization_id, period_start, period_end,"
            " timezone, line_count, totals) values (%s, %s, '2026-01-01', '2026-02-01',"
            " 'Europe/Prague', %s, '[]')",
            [report_id, house.practice.id, LINES],
        )
        sql.execute(
            "insert into public.billing_report_lines (report_id, line_number, organization_id,"
            " appointment_id, starts_at, ends_at, practitioner_id, practitioner_name, service_id,"
            " service_name, client_id, client_name, status, payment_status, price_amount, currency)"
            " select %(report)s, n, %(organization)s, gen_random_uuid(),"
            " timestamptz '2026-01-01 08:00Z' + n * interval '15 minutes',"
            " timestamptz '2026-01-01 08:50Z' + n * interval '15 minutes', %(practitioner)s,"
            " 'Řehoř, \"Dr.\"', %(service)s, 'Session', %(client)s,"
            " case when n %% 100 = 0 then '=HYPERLINK(\"http://evil.test\")' else 'Jana ' || n end,"
            " 'completed', 'unpaid', n, 'CZK' from generate_series(1, %(count)s) as n",
            {
                "report": report_id,
                "organization": house.practice.id,
                "practitioner": house.practitioner_ids[0],
                "service": house.service_id,
                "client": house.client_id,
                "count": LINES,
            },
        )
    return report_id


def test_a_report(house: House, report: dict[str, Any]) -> None:
    assert report["line_count"] == 2
    (totals,) = report["totals"]
    assert totals["currency"] == "CZK"
    assert totals["completed_unpaid"] == {"count": 1, "amount": 50_000}
    assert totals["no_show"] == {"count": 1, "amount": 50_000}
    shown = house.as_("admin").get(f"/billing/reports/{report['id']}")
    assert shown.status_code == 200, shown.text
    (summary,) = shown.json()["summaries"]
    assert summary["client_id"] == house.client_id
    assert (summary["completed_unpaid_amount"], summary["no_show_count"]) == (50_000, 1)
    assert report.items() <= shown.json().items()


def test_who_may_not(house: House, report: dict[str, Any], period: dict[str, str]) -> None:
    before = house.count("billing_reports")
    path = f"/billing/reports/{report['id']}"
    for role in ("receptionist", "practitioner"):
        problem(house.as_(role).post("/billing/reports", json=period), 403, "forbidden")
    for role in ("receptionist", "practitioner", "client", "stranger"):
        problem(house.as_(role).get(path), 404, "not_found")
        problem(house.as_(role).get(f"{path}/export"), 404, "not_found")
        problem(house.as_(role).get(f"{path}/export?format=xlsx"), 404, "not_found")
    problem(house.as_(None).get(f"{path}/export"), 401, "unauthenticated")
    problem(house.as_("owner").get(f"/billing/reports/{ABSENT}"), 404, "not_found")
    foreign = {**period, "organization_id": house.practice.id}
    problem(house.as_("stranger").post("/billing/reports", json=foreign), 404, "not_found")
    assert house.count("billing_reports") == before


def test_47_replays(house: House, period: dict[str, str]) -> None:
    key = {"Idempotency-Key": str(uuid.uuid4())}
    first = house.as_("owner").post("/billing/reports", json=period, headers=key)
    again = house.as_("owner").post("/billing/reports", json=period, headers=key)
    assert first.json() == again.json()
    longer = {**period, "period_end": "2026-03-04"}
    problem(
        house.as_("owner").post("/billing/reports", json=longer, headers=key),
        422,
        "idempotency_mismatch",
    )


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"period_start": "2026-03-01"},
        {"period_start": "2026-03-02", "period_end": "2026-03-02"},
        {"period_start": "2026-03-02", "period_end": "2026-03-01"},
        {"period_start": "2020-01-01", "period_end": "2026-01-01"},
        {"period_start": "2026-02-29", "period_end": "2026-03-10"},
        {"period_start": "2026-03-02T00:00:00Z", "period_end": "2026-03-10"},
        {"period_start": 20260302, "period_end": 20260303},
        {"period_start": "infinity", "period_end": "infinity"},
    ],
)
def test_periods_that_are_none(house: House, body: dict[str, Any]) -> None:
    problem(house.as_("owner").post("/billing/reports", json=body), 422, "invalid_argument")


def test_exports_of_many_lines_agree(house: House, long_report: str) -> None:
    client, path = house.as_("owner"), f"/billing/reports/{long_report}/export"
    plain = client.get(path, params={"format": "csv", "bom": "true"})
    assert plain.status_code == 200
    assert plain.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(plain.content.decode("utf-8-sig"), newline="")))
    assert [row["line_number"] for row in rows] == [str(n) for n in range(1, LINES + 1)]
    assert sum(int(row["price_amount"]) for row in rows) == LINES * (LINES + 1) // 2
    assert rows[0]["price"] == "0.01"
    assert rows[99]["client_name"] == '\'=HYPERLINK("http://evil.test")'
    assert rows[0]["practitioner_name"] == 'Řehoř, "Dr."'

    document = client.get(path, params={"format": "json"}).json()
    assert document["report"]["id"] == long_report
    assert len(document["lines"]) == LINES
    for row, line in zip(rows, document["lines"], strict=True):
        assert row["appointment_id"] == line["appointment_id"]
        assert row["starts_at"] == line["starts_at"]

    content = client.get(path, params={"format": "xlsx"}).content
    sheet: Any = openpyxl.load_workbook(io.BytesIO(content), read_only=True).active
    values = list(sheet.iter_rows(values_only=True))
    assert len(values) == LINES + 1
    assert values[100][values[0].index("client_name")] == '=HYPERLINK("http://evil.test")'
    assert [row[1] for row in values[1:]] == [row["appointment_id"] for row in rows]


def test_reports_do_not_change(house: House, report: dict[str, Any]) -> None:
    path = f"/billing/reports/{report['id']}/export"
    first = house.as_("owner").get(path).content
    house.practice.sql.execute(
        "update public.clients set given_name = 'Renamed' where id = %s", [house.client_id]
    )
    assert house.as_("owner").get(path).content == first


def test_mark_invoiced_is_all_or_nothing(house: House) -> None:
    start = dt.datetime(2026, 4, 6, 9, tzinfo=dt.UTC)
    done, missed, planned = (
        house.practice.appointment(
            house.service_id,
            house.practitioner_ids[1],
            house.client,
            start + dt.timedelta(hours=hour),
            status=status,
        )
        for hour, status in enumerate(("completed", "no_show", "confirmed"))
    )
    path, owner = "/billing/mark-invoiced", house.as_("owner")
    problem(owner.post(path, json={"appointment_ids": [done, planned]}), 409, "invalid_state")
    problem(owner.post(path, json={"appointment_ids": [done, ABSENT]}), 404, "not_found")
    problem(owner.post(path, json={"appointment_ids": []}), 422, "invalid_argument")
    problem(owner.post(path, json={"appointment_ids": ["x"]}), 422, "invalid_argument")
    body = {"appointment_ids": [done, missed]}
    problem(house.as_("receptionist").post(path, json=body), 403, "forbidden")
    problem(house.as_("stranger").post(path, json=body), 404, "not_found")
    key = {"Idempotency-Key": str(uuid.uuid4())}
    marked = owner.post(path, json=body, headers=key)
    assert (marked.status_code, marked.json()) == (200, {"invoiced_count": 2})
    assert owner.post(path, json=body, headers=key).json() == {"invoiced_count": 2}
    problem(owner.post(path, json=body), 409, "invalid_state")
