"""Billing reports as files, written page by page: memory does not grow with the report.

The first page is read before the answer begins, so that a refusal is a problem document.
"""

from __future__ import annotations

import json
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from billing.sheets import csv_file, watched
from billing.workbook import Cell, workbook
from kernel.currencies import main_units
from kernel.errors import internal_error
from kernel.logs import log

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kernel.database import Database

    Line = Mapping[str, Any]

PAGE_ROWS: Final = 1000
COLUMNS: Final = (
    "line_number",
    "appointment_id",
    "starts_at",
    "ends_at",
    "practitioner_id",
    "practitioner_name",
    "service_id",
    "service_name",
    "client_id",
    "client_name",
    "status",
    "payment_status",
    "price_amount",
    "currency",
)
# `price` is written for people: price_amount in the currency's main unit, always with a dot.
HEADINGS: Final = (*COLUMNS[:-1], "price", "currency")


def write_report(
    format_name: str, report: Line, database: Database, *, with_bom: bool
) -> Iterator[bytes]:
    """Return the file as an iterator whose first page has been read already."""
    pages = report_pages(database, report)
    first = next(pages, [])
    rows = (map(_values, page) for page in chain([first], pages))
    if format_name == "csv":
        chunks = csv_file(HEADINGS, rows, with_bom=with_bom)
    elif format_name == "xlsx":
        chunks = workbook("Report", HEADINGS, rows)
    else:
        chunks = _json(report, chain([first], pages))
    return watched(chunks, database.request_id)


def report_pages(database: Database, report: Line) -> Iterator[list[dict[str, Any]]]:
    """Pages of lines in order, by key: an offset would read everything before it again."""
    after, seen = 0, 0
    while True:
        rows = database.select(
            "billing_report_lines",
            select=",".join(COLUMNS),
            report_id=f"eq.{report['id']}",
            line_number=f"gt.{after}",
            order="line_number.asc",
            limit=str(PAGE_ROWS),
        )
        # The API may cap pages below what was asked for, so a short page is not yet the last.
        if rows:
            yield rows
            after, seen = rows[-1]["line_number"], seen + len(rows)
        if seen >= report["line_count"]:
            return
        if not rows:
            log.error("report_incomplete", request_id=database.request_id, lines=seen)
            raise internal_error()


def _json(report: Line, pages: Iterable[list[dict[str, Any]]]) -> Iterator[bytes]:
    separator = f'{{"report":{_dump(report)},"lines":['
    for page in pages:
        if page:
            yield (separator + ",".join(map(_dump, page))).encode()
            separator = ","
    yield (("" if separator == "," else separator) + "]}").encode()


def _values(line: Line) -> list[Cell]:
    values: list[Cell] = [line[name] for name in COLUMNS]
    price = main_units(line["price_amount"], line["currency"])
    return [*values[:-1], price, values[-1]]


def _dump(value: Line) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
