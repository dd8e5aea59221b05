"""Routes of the reports function: checking what was uploaded, handing it out, tidying up.

Rights are the database's: the first question of each route is asked with the caller's own token,
and only what it has allowed is done with the secret key.
"""

from __future__ import annotations

import hashlib
from typing import Any, Final

from kernel.errors import Problem, invalid_argument, not_found
from kernel.routing import Call, Function, Reply, Route
from reports.content import content_type_of
from reports.models import ClientReport, Download, DownloadQuery, Finish, Sweep, Swept

BUCKET: Final = "client-reports"
SWEEP_PAGE_SIZE: Final = 100


def finish(call: Call) -> Reply:
    """Check an uploaded file against what was announced; store it, or remove it."""
    rows = call.database.select(
        "client_reports", select="*", id=f"eq.{call.parameters['report_id']}"
    )
    # Whoever may read a document may not therefore finish somebody else's upload.
    if not rows or (rows[0]["status"] == "pending" and rows[0]["created_by"] != call.user_id):
        raise not_found("There is no such document.")
    report = rows[0]
    if report["status"] == "pending":
        report = settle(call, report)
    if report["status"] == "refused":
        call.service.remove(BUCKET, [report["storage_path"]])
        raise refusal(report)
    return Reply(report)


def settle(call: Call, report: dict[str, Any]) -> dict[str, Any]:
    """Read the file and tell the database what it is."""
    try:
        content, _ = call.service.download(BUCKET, report["storage_path"])
    except Problem as problem:
        if problem.code != "not_found":
            raise
        raise Problem(
            409,
            "invalid_state",
            "The file has not been uploaded.",
            hint="Upload it to storage_path first.",
        ) from None
    settled: dict[str, Any] = call.service.rpc(
        "settle_client_report",
        {
            "report_id": report["id"],
            "content_type": content_type_of(content),
            "size_bytes": len(content),
            "digest": hashlib.sha256(content).hexdigest(),
        },
        repeatable=True,
    )
    return settled


def refusal(report: dict[str, Any]) -> Problem:
    """Why a document was not taken."""
    hint = "Announce the document again, as what it is."
    match report["refusal"]:
        case "content_type":
            detail = "The content is not of the announced type; the file was removed."
            return Problem(415, "unsupported_media_type", detail, hint=hint)
        case "size":
            detail = "The file has another size than announced; it was removed."
            return invalid_argument(detail, hint=hint)
        case other:
            return Problem(409, "invalid_state", f"The document is refused: {other}.", hint=hint)


def download(call: Call) -> Reply:
    """Record that the caller opens the document, and answer where it is for a little while."""
    query: DownloadQuery = call.query
    report = call.database.rpc("view_client_report", {"report_id": call.parameters["report_id"]})
    url = call.service.signed_url(
        BUCKET, report["storage_path"], query.expires_in, report["file_name"]
    )
    told = ("file_name", "content_type", "size_bytes", "sha256")
    return Reply(
        {
            "url": url,
            "expires_in": query.expires_in,
            "report_id": report["id"],
            **{name: report[name] for name in told},
        }
    )


def sweep(call: Call) -> Reply:
    """Remove files that no document has any more; some at a time, so that it ends in time."""
    paths = call.service.rpc(
        "orphaned_report_files", {"page_size": SWEEP_PAGE_SIZE}, repeatable=True, answers=list
    )
    if paths:
        call.service.remove(BUCKET, paths)
    return Reply({"removed_count": len(paths)})


REPORTS = Function(
    "reports",
    "Documents of clients: checking uploads, handing out files.",
    [
        Route(
            "POST",
            "/{report_id}/finish",
            finish,
            "Check and store an uploaded document",
            ClientReport,
            Finish,
            refusals=("invalid_state", "unsupported_media_type"),
            uses_secret=True,
        ),
        Route(
            "GET",
            "/{report_id}/download",
            download,
            "A short-lived address of a document",
            Download,
            query=DownloadQuery,
            refusals=("invalid_state",),
            uses_secret=True,
        ),
        Route(
            "POST",
            "/sweep",
            sweep,
            "Remove files that belong to no document",
            Swept,
            Sweep,
            access="service:reports:sweep",
            uses_secret=True,
        ),
    ],
)
