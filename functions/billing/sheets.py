"""Rows as CSV or XLSX, written page by page, with cells that no spreadsheet runs as a formula.

A fault after the first page breaks the connection off: a file that ends early must not look
complete. A workbook is written as a whole before its first byte is sent.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

from kernel.logs import log

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from billing.workbook import Cell

BOM: Final = "\ufeff"
MEDIA_TYPES: Final = {
    "csv": "text/csv; charset=utf-8; header=present",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
# Spreadsheets take these for formulas, also in their full-width forms and behind blanks.
_FORMULA_STARTS = frozenset("=+-@\t\r\n＝＋－＠")  # noqa: RUF001 - full-width on purpose


def is_formula(text: str) -> bool:
    """Whether a spreadsheet might take this text for a formula."""
    return text[:1] in _FORMULA_STARTS or text.lstrip()[:1] in _FORMULA_STARTS if text else False


def csv_file(
    headings: Sequence[str], pages: Iterable[Iterable[Sequence[Cell]]], *, with_bom: bool
) -> Iterator[bytes]:
    """RFC 4180, one piece a page."""
    buffer = io.StringIO(newline="")
    if with_bom:
        buffer.write(BOM)
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(headings)
    for page in pages:
        writer.writerows([_csv_cell(value) for value in values] for values in page)
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()
    if buffer.tell():
        yield buffer.getvalue().encode()


def watched(chunks: Iterator[bytes], request_id: str) -> Iterator[bytes]:
    """The same pieces, with a line in the log if they end in a fault."""
    try:
        yield from chunks
    except Exception as error:
        # Raised on, so that the server cuts the connection instead of ending the file cleanly.
        log.error("export_broken_off", request_id=request_id, error=error)
        raise


def _csv_cell(value: Cell) -> Cell:
    return f"'{value}" if isinstance(value, str) and is_formula(value) else value
