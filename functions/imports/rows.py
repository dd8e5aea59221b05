"""The clients of a list, with values as the database takes them.

A value that cannot be understood is passed on as it stands: the database refuses it, with the rest
of its rules, so that there is one place that decides about a row.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any, Final

import phonenumbers
from babel.core import get_global

from imports.headings import field_of
from kernel.errors import invalid_argument

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from imports.reading import Source

REQUIRED: Final = ("given_name", "family_name")
BATCH_ROWS: Final = 500
# More than the file's own limit would never be asked for.
LIST_MAX_ROWS: Final = 50_000

_DAY_FIRST: Final = re.compile(r"(\d{1,2})\s*[./-]\s*(\d{1,2})\s*[./-]\s*(\d{4})", re.ASCII)
_YEAR_FIRST: Final = re.compile(r"(\d{4})\s*[./-]\s*(\d{1,2})\s*[./-]\s*(\d{1,2})", re.ASCII)


class Rows:
    """The rows of a list of clients, read from the file as often as asked for."""

    def __init__(self, source: Source, timezone: str) -> None:
        self._source = source
        self._country: str | None = get_global("zone_territories").get(timezone)
        first = next(source.records(), None)
        headings = first[1] if first else []
        # Several columns of one kind, such as telephone and mobile: the first that is filled in.
        self._columns: dict[str, list[int]] = {}
        for position, heading in enumerate(headings):
            if field := field_of(heading):
                self._columns.setdefault(field, []).append(position)
        self.ignored = [heading for heading in headings if heading and field_of(heading) is None]
        missing = [field for field in REQUIRED if field not in self._columns]
        if missing:
            raise invalid_argument(
                "The first line does not name the columns that a list of clients needs.",
                hint="Take the headings from the template.",
                errors=[
                    {"field": field, "detail": "There is no such column."} for field in missing
                ],
            )

    def count(self) -> int:
        """How many clients the list has."""
        found = sum(1 for _ in self._source.records()) - 1
        if not 1 <= found <= LIST_MAX_ROWS:
            raise invalid_argument(f"A list has 1 to {LIST_MAX_ROWS} clients.", hint="Split it.")
        return found

    def batches(self) -> Iterator[list[dict[str, Any]]]:
        """All rows, a few hundred at a time, numbered from 1."""
        batch: list[dict[str, Any]] = []
        for number, (place, record) in enumerate(self._source.records()):
            if number == 0:
                continue
            batch.append(self._row(number, place, record))
            if len(batch) == BATCH_ROWS:
                yield batch
                batch = []
        if batch:
            yield batch

    def _row(self, number: int, place: int, record: Sequence[str]) -> dict[str, Any]:
        row: dict[str, Any] = {"number": number, "row": place}
        for field, positions in self._columns.items():
            values = (record[position] for position in positions if position < len(record))
            if value := next(filter(None, values), ""):
                row[field] = value
        if "phone" in row:
            row |= self._phone(row["phone"])
        if "birth_date" in row:
            row["birth_date"] = birth_date(row["birth_date"])
        return row

    def _phone(self, written: str) -> dict[str, Any]:
        """The number in E.164, and the digits that it may be stored as already."""
        try:
            number = phonenumbers.parse(written, self._country)
        except phonenumbers.NumberParseException:
            return {"phone": written}
        if not phonenumbers.is_valid_number(number):
            return {"phone": written}
        formats = phonenumbers.PhoneNumberFormat
        international = phonenumbers.format_number(number, formats.E164)
        national = phonenumbers.format_number(number, formats.NATIONAL)
        digits = {
            international[1:],
            f"00{international[1:]}",
            re.sub(r"\D", "", national),
            phonenumbers.national_significant_number(number),
        }
        return {"phone": international, "phone_forms": sorted(digits)}


def birth_date(written: str) -> str:
    """An ISO 8601 date where the text is a date, else the text. Days come before months."""
    if found := _YEAR_FIRST.fullmatch(written):
        year, month, day = map(int, found.groups())
    elif found := _DAY_FIRST.fullmatch(written):
        day, month, year = map(int, found.groups())
    else:
        return written
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:
        return written
