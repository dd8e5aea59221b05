"""Lists of invoices and of money received, as CSV or XLSX, page by page.

Pages go by key, not by offset: what is added meanwhile neither repeats nor hides a row.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, Literal

from billing.sheets import csv_file, watched
from billing.workbook import Cell, workbook
from kernel.currencies import main_units

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kernel.database import Database

PAGE_ROWS: Final = 1000


@dataclass(frozen=True, slots=True)
class List:
    """A table or view and how its rows become lines of a file."""

    name: str
    source: str
    # Heading and what is selected for it; amounts end in _amount or are called so.
    columns: Sequence[tuple[str, str]]
    # Day and id: the order of the file, and the key of its pages.
    key: tuple[str, str]

    @property
    def headings(self) -> list[str]:
        """The first line."""
        return [heading for heading, _ in self.columns]

    def line(self, row: Mapping[str, Any]) -> list[Cell]:
        """A row in the order of the headings, amounts in the currency's main unit."""
        return [
            main_units(row[heading], row["currency"])
            if isinstance(row[heading], int)
            else row[heading]
            for heading in self.headings
        ]


INVOICES: Final = List(
    "invoices",
    "invoices",
    (
        *((name, name) for name in ("number", "kind", "status")),
        *((name, name) for name in ("issued_on", "supplied_on", "due_on", "variable_symbol")),
        ("payer_name", "payer_name:payer->>name"),
        ("payer_registration_number", "payer_registration_number:payer->>registration_number"),
        ("payer_vat_number", "payer_vat_number:payer->>vat_number"),
        ("net", "net:net_amount"),
        ("tax", "tax:tax_amount"),
        ("total", "total:total_amount"),
        ("paid", "paid:paid_amount"),
        ("open", "open:open_amount"),
        *((name, name) for name in ("currency", "client_id", "id")),
    ),
    ("issued_on", "id"),
)
CASH_BOOK: Final = List(
    "cash-book",
    "cash_movements",
    (
        *((name, name) for name in ("paid_on", "method", "amount", "currency")),
        *((name, name) for name in ("invoice_number", "name", "note")),
        *((name, name) for name in ("payment_id", "reverses_payment_id")),
    ),
    ("paid_on", "payment_id"),
)


def write_list(
    list_: List,
    database: Database,
    filters: Sequence[Mapping[str, str]],
    format_name: Literal["csv", "xlsx"],
    *,
    with_bom: bool,
) -> Iterator[bytes]:
    """The file; its first page has been read already, so that a refusal is a problem document.

    Each of `filters` is read to its end before the next one.
    """
    pages = chain.from_iterable(_pages(list_, database, each) for each in filters)
    first = next(pages, [])
    lines = (map(list_.line, page) for page in chain([first], pages))
    if format_name == "csv":
        chunks = csv_file(list_.headings, lines, with_bom=with_bom)
    else:
        chunks = workbook(list_.name, list_.headings, lines)
    return watched(chunks, database.request_id)


def _pages(
    list_: List, database: Database, filters: Mapping[str, str]
) -> Iterator[list[dict[str, Any]]]:
    day, key = list_.key
    after: dict[str, str] = {}
    while rows := database.select(
        list_.source,
        select=",".join(selected for _, selected in list_.columns),
        order=f"{day}.asc,{key}.asc",
        limit=str(PAGE_ROWS),
        **filters,
        **after,
    ):
        yield rows
        last = rows[-1]
        if last[day] is None:
            after = {key: f"gt.{last[key]}"}
        else:
            following = f"{day}.gt.{last[day]},and({day}.eq.{last[day]},{key}.gt.{last[key]})"
            after = {"or": f"({following})"}
