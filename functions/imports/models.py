"""What the imports function takes and answers. Names are those of the SQL functions."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from kernel.models import SAFE_INTEGER, Body, Row

PAGE_SIZE = 500
PAGE_MAX_SIZE = 1000

Language = Literal["cs", "en", "de", "da"]


class ImportQuery(Body):
    """What is done with the list."""

    dry_run: bool = Field(default=False, description="Check every row and change nothing.")
    on_duplicate: Literal["skip", "update", "create"] = Field(
        default="skip",
        description="A client with the same e-mail, phone, or name and birth date: leave it as it "
        "is, write the row's values over it, or create another one.",
    )
    organization_id: UUID | None = Field(
        default=None, description="None: the caller's only organization."
    )


class ProgressQuery(Body):
    """Which of the rows that were not taken."""

    after: int = Field(
        default=0, ge=0, le=SAFE_INTEGER, description="next_after of the previous page."
    )
    page_size: int = Field(default=PAGE_SIZE, ge=1, le=PAGE_MAX_SIZE)


class TemplateQuery(Body):
    """The language of the headings."""

    locale: Language = "en"


class RowProblem(Row):
    """A row that was not taken, and why."""

    number: int = Field(description="Place among the clients of the list, from 1.")
    row: int = Field(description="Place in the file, from 1, with the headings and empty lines.")
    outcome: Literal["failed", "skipped"]
    field: str | None = None
    code: str
    detail: str | None = None
    client_id: UUID | None = Field(default=None, description="The client that exists already.")


class Import(Row):
    """An import: what became of the rows so far."""

    operation_id: UUID | None = Field(description="None: nothing was imported, it was a dry run.")
    status: Literal["running", "completed", "cancelled"]
    total: int
    created: int
    updated: int
    skipped: int
    failed: int
    errors: list[RowProblem] = Field(description="Rows that were refused or skipped, in order.")
    next_after: int | None = Field(description="`after` of the next page of errors; None: no more.")


class StartedImport(Import):
    """The answer to a file: also which of its columns were not understood."""

    ignored_columns: list[str]


class Template(Row):
    """An empty list with headings, CSV."""
