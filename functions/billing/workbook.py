"""The report as an XLSX file of one sheet, written row by row into a temporary file.

XlsxWriter keeps one row in memory. Texts are written as strings with the quote prefix set, so that
no spreadsheet takes one for a formula, today or after an edit.
"""

from __future__ import annotations

import tempfile
from decimal import Decimal
from typing import IO, TYPE_CHECKING, Final

from xlsxwriter import Workbook

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Cell = str | int | Decimal | None

CHUNK_BYTES: Final = 65_536
# Text is text: nothing is guessed from how it looks.
OPTIONS: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


def workbook(
    title: str, headings: Sequence[str], pages: Iterable[Iterable[Sequence[Cell]]]
) -> Iterator[bytes]:
    """Write the whole file, then return it in pieces; it is deleted once they are taken."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by whoever takes the pieces
    try:
        _write(file, title, headings, pages)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return _pieces(file)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(CHUNK_BYTES):
            yield piece


def _write(
    file: IO[bytes],
    title: str,
    headings: Sequence[str],
    pages: Iterable[Iterable[Sequence[Cell]]],
) -> None:
    with Workbook(file, OPTIONS) as book:
        sheet = book.add_worksheet(title)
        heading = book.add_format({"bold": True})
        text = book.add_format({"quote_prefix": True})
        prices = {
            digits: book.add_format({"num_format": f"0.{'0' * digits}" if digits else "0"})
            for digits in (0, 2, 3, 4)
        }
        sheet.freeze_panes(1, 0)
        for column, name in enumerate(headings):
            sheet.write_string(0, column, name, heading)
        row = 0
        for page in pages:
            for values in page:
                row += 1
                for column, value in enumerate(values):
                    if isinstance(value, str):
                        sheet.write_string(row, column, value, text)
                    elif isinstance(value, Decimal):
                        exponent = value.as_tuple().exponent
                        digits = -exponent if isinstance(exponent, int) else 0
                        sheet.write_number(row, column, value, prices.get(digits))
                    elif value is not None:
                        sheet.write_number(row, column, value)
