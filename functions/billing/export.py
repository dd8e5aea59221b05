"""Billing reports as files, written page by page: memory does not grow with the report.

The first page is read before the answer begins, so that a refusal is a problem document. A fault
after that breaks the connection off: a file that ends early must not look complete. A workbook is
written as a whole before its first byte is sent.
"""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from billing.workbook import Cell, workbook
from kernel.errors import internal_error
from kernel.logs import log

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kernel.database import Database

    Line = Mapping[str, Any]

PAGE_ROWS: Final = 1000
BOM: Final = "\ufeff"
MEDIA_TYPES: Final = {
    "csv": "text/csv; charset=utf-8; header=present",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
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
# ISO 4217: currencies whose minor unit is not a hundredth.
_BY_MINOR_DIGITS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
MINOR_DIGITS: Final = {
    code: digits for digits, codes in _BY_MINOR_DIGITS.items() for code in codes.split()
}
# Spreadsheets take these for formulas, also in their full-width forms and behind blanks.
_FORMULA_STARTS = frozenset("=+-@\t\r\n＝＋－＠")  # noqa: RUF001 - full-width on purpose


def write_report(
    format_name: str, report: Line, database: Database, *, with_bom: bool
) -> Iterator[bytes]:
    """Return the file as an iterator whose first page has been read already."""
    pages = report_pages(database, report)
    first = next(pages, [])
    writer = {"csv": _csv, "xlsx": _xlsx, "json": _json}[format_name]
    chunks = writer(report, chain([first], pages))
    if with_bom and format_name == "csv":
        chunks = chain([BOM.encode()], chunks)
    return _watched(chunks, database.request_id)


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


def decimal_price(amount: int, currency: str) -> str:
    """Minor units as a plain decimal number: 125000 CZK is 1250.00, 1250 JPY is 1250."""
    return f"{Decimal(amount).scaleb(-MINOR_DIGITS.get(currency, 2)):f}"


def is_formula(text: str) -> bool:
    """Whether a spreadsheet might take this text for a formula."""
    return text[:1] in _FORMULA_STARTS or text.lstrip()[:1] in _FORMULA_STARTS if text else False


def _csv(_report: Line, pages: Iterable[list[dict[str, Any]]]) -> Iterator[bytes]:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    for page in pages:
        writer.writerows([_csv_cell(value) for value in _values(line)] for line in page)
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()


def _csv_cell(value: Cell) -> Cell:
    return f"'{value}" if isinstance(value, str) and is_formula(value) else value


def _xlsx(_report: Line, pages: Iterable[list[dict[str, Any]]]) -> Iterator[bytes]:
    return workbook("Report", HEADINGS, (map(_values, page) for page in pages))


def _json(report: Line, pages: Iterable[list[dict[str, Any]]]) -> Iterator[bytes]:
    separator = f'{{"report":{_dump(report)},"lines":['
    for page in pages:
        if page:
            yield (separator + ",".join(map(_dump, page))).encode()
            separator = ","
    yield (("" if separator == "," else separator) + "]}").encode()


def _values(line: Line) -> list[Cell]:
    values: list[Cell] = [line[name] for name in COLUMNS]
    price = Decimal(decimal_price(line["price_amount"], line["currency"]))
    return [*values[:-1], price, values[-1]]


def _dump(value: Line) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _watched(chunks: Iterator[bytes], request_id: str) -> Iterator[bytes]:
    try:
        yield from chunks
    except Exception as error:
        # Raised on, so that the server cuts the connection instead of ending the file cleanly.
        log.error("export_broken_off", request_id=request_id, error=error)
        raise
