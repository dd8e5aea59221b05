"""CSV and XLSX files as rows of text, whatever their encoding, separator and sender.

The kind of a file is told by its content, not by its name or media type. Rows are read one by one
and as often as they are asked for, so that a long list is never in memory as a whole. A file that
cannot be read is a refusal, and never more than the limits below is unpacked.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from typing import TYPE_CHECKING, Any, Final

import openpyxl

from imports.headings import field_of
from kernel.errors import Problem, invalid_argument

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE_MAX_BYTES: Final = 8 * 1024 * 1024
UNPACKED_MAX_BYTES: Final = 64 * 1024 * 1024
PARTS_MAX_COUNT: Final = 500
ROWS_MAX_COUNT: Final = 60_000
COLUMNS_MAX_COUNT: Final = 64
CELL_MAX_LENGTH: Final = 2_000

_ZIP: Final = b"PK\x03\x04"
_OLD_WORKBOOK: Final = b"\xd0\xcf\x11\xe0"
_WORKBOOK_PART: Final = "xl/workbook.xml"
_SEPARATORS: Final = ";,\t|"
# The first bytes in which spreadsheets say the encoding, longest first.
_MARKS: Final = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_PROBED_BYTES: Final = 4096
_ZEROS_SHARE: Final = 0.7

Record = list[str]


class Source:
    """A file that can be read from its beginning any number of times."""

    def __init__(self, content: bytes, locale: str) -> None:
        if not content.strip(b"\x00\t\r\n "):
            raise invalid_argument("The file is empty.")
        self._content = content
        self._is_workbook = content.startswith(_ZIP)
        self._text = ""
        self._separator = ""
        if self._is_workbook:
            _check_archive(content)
        elif content.startswith(_OLD_WORKBOOK):
            raise _unreadable("This is a workbook of an old kind: save it as XLSX or CSV.")
        else:
            self._text = _decode(content, locale)
            self._text, self._separator = _separate(self._text)

    def records(self) -> Iterator[tuple[int, Record]]:
        """Rows that are not empty, each with its place in the file, from 1."""
        rows = _workbook_rows(self._content) if self._is_workbook else self._csv_rows()
        for place, row in enumerate(rows, 1):
            if place > ROWS_MAX_COUNT:
                raise invalid_argument(f"A list has at most {ROWS_MAX_COUNT} lines.")
            record = [_clean(cell) for cell in row[:COLUMNS_MAX_COUNT]]
            if any(record):
                yield place, record

    def _csv_rows(self) -> Iterator[Record]:
        reader = csv.reader(io.StringIO(self._text, newline=""), delimiter=self._separator)
        try:
            yield from reader
        except csv.Error as error:
            line = reader.line_num
            raise invalid_argument(f"Line {line} of the file cannot be read.") from error


def _unreadable(detail: str) -> Problem:
    return Problem(415, "unsupported_media_type", detail)


def _clean(cell: Any) -> str:
    """A cell as text on one line, without what no name, address or number contains."""
    if cell is None:
        return ""
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    if isinstance(cell, dt.date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        # Spreadsheets keep telephone numbers as numbers.
        return str(int(cell))
    text = "".join(
        character if character.isprintable() else " " for character in str(cell)[:CELL_MAX_LENGTH]
    )
    return " ".join(text.split())


# CSV ----------------------------------------------------------------------------------------------


def _decode(content: bytes, locale: str) -> str:
    texts = []
    for encoding in _encodings(content, locale):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            texts.append(text)
    if not texts:
        raise _unreadable("The file is neither text in a known encoding nor XLSX.")
    # In the wrong encoding headings with accents are not known; the first of equals wins.
    return max(texts, key=lambda text: _known_headings(*_separate(text)))


def _encodings(content: bytes, locale: str) -> tuple[str, ...]:
    """What the text may be written in, likeliest first."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return (encoding,)
    probe = content[:_PROBED_BYTES]
    # Text of the Latin alphabet has a zero in every other byte of UTF-16.
    for offset, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        half = probe[offset::2]
        if half and half.count(0) > _ZEROS_SHARE * len(half):
            return (encoding,)
    try:
        content.decode()
    except UnicodeDecodeError:
        # What Windows writes, in Central and in Western Europe.
        return ("cp1250", "cp1252") if locale == "cs" else ("cp1252", "cp1250")
    return ("utf-8",)


def _separate(text: str) -> tuple[str, str]:
    """The text and what separates its columns: Excel's own line says so, else the headings."""
    first, _, rest = text.partition("\n")
    if first[:4].lower() == "sep=" and first[4:5] and first[4] in _SEPARATORS:
        return rest, first[4]
    heading = _heading(text)
    return text, max(
        _SEPARATORS,
        key=lambda separator: (_known_headings(text, separator), heading.count(separator)),
    )


def _heading(text: str) -> str:
    return next((line for line in text[:_PROBED_BYTES].splitlines() if line.strip()), "")


def _known_headings(text: str, separator: str) -> int:
    parts = _heading(text).split(separator)
    return sum(field_of(part) is not None for part in parts)


# XLSX ---------------------------------------------------------------------------------------------


def _check_archive(content: bytes) -> None:
    """Refuse what is no workbook, or would be enormous when unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise _unreadable("The workbook is damaged.") from None
    if _WORKBOOK_PART not in {part.filename for part in parts}:
        raise _unreadable("This archive is not an XLSX workbook.")
    # A part is never unpacked beyond the size that it declares.
    if len(parts) > PARTS_MAX_COUNT or sum(part.file_size for part in parts) > UNPACKED_MAX_BYTES:
        raise Problem(413, "payload_too_large", "The workbook is too large when unpacked.")


def _workbook_rows(content: bytes) -> Iterator[tuple[Any, ...]]:
    try:
        # The values that the author's program left; formulas are not evaluated.
        book = openpyxl.load_workbook(
            io.BytesIO(content), read_only=True, data_only=True, keep_links=False
        )
        if not book.worksheets:
            return
        # The limits are given to the reader too: it makes up rows and cells that are left out.
        yield from book.worksheets[0].iter_rows(
            max_row=ROWS_MAX_COUNT + 1, max_col=COLUMNS_MAX_COUNT, values_only=True
        )
    except Problem:
        raise
    except Exception:  # noqa: BLE001 - a broken workbook breaks its reader in any way
        raise _unreadable("The workbook cannot be read.") from None
