"""Routes of the imports function."""

from __future__ import annotations

import csv
import hashlib
import io
from typing import Any, Final

from imports.headings import HEADINGS
from imports.models import (
    PAGE_MAX_SIZE,
    Import,
    ImportQuery,
    ProgressQuery,
    StartedImport,
    Template,
    TemplateQuery,
)
from imports.reading import FILE_MAX_BYTES, Source
from imports.rows import Rows
from kernel.bodies import Raw
from kernel.errors import Problem
from kernel.routing import Call, Function, Reply, Route

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Which of these it is says nothing: browsers on Windows call a CSV file an Excel workbook.
FILES: Final = Raw(
    FILE_MAX_BYTES,
    ("text/csv", XLSX, "application/vnd.ms-excel", "text/plain", "application/octet-stream"),
)
DESK: Final = frozenset({"owner", "admin", "receptionist"})


def organization_of(call: Call, organization_id: str | None) -> dict[str, Any]:
    """The organization whose desk the caller is; what the file means depends on where it is."""
    named = {"organization_id": f"eq.{organization_id}"} if organization_id else {}
    rows = call.database.select(
        "members",
        select="organization_id,role,organizations!members_organization_id_fkey(timezone,locale)",
        user_id=f"eq.{call.user_id}",
        **named,
    )
    if len(rows) != 1 or rows[0]["role"] not in DESK:
        # The database says why not, as everywhere.
        call.database.rpc(
            "preview_client_import", {"rows": [], "organization_id": organization_id}, answers=list
        )
    return rows[0]


def import_clients(call: Call) -> Reply:
    """Read the file twice: how many rows it has, then the rows, batch by batch."""
    query: ImportQuery = call.query
    organization_id = str(query.organization_id) if query.organization_id else None
    member = organization_of(call, organization_id)
    place = member["organizations"]
    rows = Rows(Source(call.raw, place["locale"]), place["timezone"])
    total = rows.count()
    if query.dry_run:
        found = preview(call, rows, total, query.on_duplicate, member["organization_id"])
    else:
        operation = call.database.rpc(
            "start_client_import",
            {
                "row_count": total,
                "file_hash": hashlib.sha256(call.raw).hexdigest(),
                "on_duplicate": query.on_duplicate,
                "organization_id": member["organization_id"],
                "idempotency_key": call.key,
            },
        )
        if operation["status"] == "running":
            send(call, rows, operation["id"])
        found = progress(call, operation["id"], 0, PAGE_MAX_SIZE)
    return Reply({**found, "ignored_columns": rows.ignored})


def send(call: Call, rows: Rows, operation_id: str) -> None:
    """Bring the rows; each is done once, so that a batch may be sent again."""
    for batch in rows.batches():
        try:
            call.database.rpc(
                "import_clients", {"operation_id": operation_id, "rows": batch}, repeatable=True
            )
        except Problem as problem:
            # Somebody stopped it meanwhile: the answer says how far it came.
            if problem.code == "invalid_state":
                return
            raise


def preview(
    call: Call, rows: Rows, total: int, on_duplicate: str, organization_id: str
) -> dict[str, Any]:
    """Try every row, and find those that repeat an earlier one of the same list."""
    counts = dict.fromkeys(("created", "updated", "skipped", "failed"), 0)
    errors: list[dict[str, Any]] = []
    seen: dict[str, int] = {}
    for batch in rows.batches():
        outcomes = call.database.rpc(
            "preview_client_import",
            {"rows": batch, "on_duplicate": on_duplicate, "organization_id": organization_id},
            repeatable=True,
            answers=list,
        )
        for outcome in outcomes:
            keys = outcome.pop("keys")
            repeated = next((seen[key] for key in keys if key in seen), None)
            if outcome["outcome"] == "created" and repeated and on_duplicate != "create":
                outcome["outcome"] = "updated" if on_duplicate == "update" else "skipped"
                outcome["code"] = "already_exists"
                outcome["detail"] = f"Row {repeated} of the file is the same client."
            if outcome["outcome"] in {"created", "updated"}:
                seen |= {key: outcome["row"] for key in keys if key not in seen}
            elif len(errors) < PAGE_MAX_SIZE:
                errors.append(outcome)
            counts[outcome["outcome"]] += 1
    return {
        "operation_id": None,
        "status": "completed",
        "total": total,
        **counts,
        "errors": errors,
        "next_after": None,
    }


def progress(call: Call, operation_id: str, after: int, page_size: int) -> dict[str, Any]:
    """How far an import is."""
    found: dict[str, Any] = call.database.rpc(
        "client_import_progress",
        {"operation_id": operation_id, "after": after, "page_size": page_size},
        repeatable=True,
    )
    return found


def show_import(call: Call) -> Reply:
    """Progress, and the rows that were not taken."""
    query: ProgressQuery = call.query
    return Reply(progress(call, call.parameters["operation_id"], query.after, query.page_size))


def template(call: Call) -> Reply:
    """An empty list as a spreadsheet of that language opens it."""
    query: TemplateQuery = call.query
    text = io.StringIO()
    headings = [names.partition("|")[0] for names in HEADINGS[query.locale].values()]
    csv.writer(text, delimiter="," if query.locale == "en" else ";").writerow(headings)
    return Reply(
        content=text.getvalue().encode("utf-8-sig"),
        content_type="text/csv; charset=utf-8; header=present",
        headers={"Content-Disposition": 'attachment; filename="clients.csv"'},
    )


IMPORTS = Function(
    "imports",
    "Lists of clients from other programs, CSV or XLSX.",
    [
        Route(
            "POST",
            "/clients",
            import_clients,
            "Import a list of clients, or try it",
            StartedImport,
            query=ImportQuery,
            class_="export",
            raw=FILES,
            refusals=("idempotency_in_flight", "idempotency_mismatch"),
        ),
        Route(
            "GET",
            "/clients/template",
            template,
            "An empty list with the headings",
            Template,
            query=TemplateQuery,
            media_types={"text/csv": "UTF-8 with a byte order mark."},
        ),
        Route(
            "GET",
            "/{operation_id}",
            show_import,
            "Progress of an import, and the rows that were not taken",
            Import,
            query=ProgressQuery,
        ),
    ],
)
