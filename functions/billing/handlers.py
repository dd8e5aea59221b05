"""Routes of the billing function."""

from __future__ import annotations

from typing import Any

from billing.bank import ROUTES as BANK_ROUTES
from billing.export import PAGE_ROWS, write_report
from billing.invoices import ROUTES as INVOICE_ROUTES
from billing.models import (
    CreateReport,
    ExportedReport,
    ExportQuery,
    Invoiced,
    MarkInvoiced,
    Report,
    ReportWithSummaries,
)
from billing.sheets import MEDIA_TYPES
from kernel.errors import not_found
from kernel.routing import Call, Function, Reply, Route


def report_of(call: Call) -> dict[str, Any]:
    """The addressed report, if the caller may see it."""
    rows = call.database.select("billing_reports", id=f"eq.{call.parameters['report_id']}")
    if not rows:
        raise not_found("There is no such report.")
    return rows[0]


def create_report(call: Call) -> Reply:
    """Take the snapshot."""
    return Reply(call.rpc("create_billing_report"), 201)


def show_report(call: Call) -> Reply:
    """Report with its totals, and the sums behind them."""
    report = report_of(call)
    summaries: list[dict[str, Any]] = []
    # A report never changes, so that pages by offset fit together.
    while page := call.database.select(
        "billing_report_summaries",
        report_id=f"eq.{report['id']}",
        order="practitioner_name,practitioner_id,service_id,client_id,currency",
        limit=str(PAGE_ROWS),
        offset=str(len(summaries)),
    ):
        summaries += page
    return Reply({**report, "summaries": summaries})


def export_report(call: Call) -> Reply:
    """Stream the lines; memory stays flat however many there are."""
    query: ExportQuery = call.query
    report = report_of(call)
    content = write_report(query.format, report, call.database, with_bom=query.bom)
    name = f"billing-report-{report['period_start']}-{report['period_end']}.{query.format}"
    return Reply(
        content=content,
        content_type=MEDIA_TYPES[query.format],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def mark_invoiced(call: Call) -> Reply:
    """Mark appointments as invoiced elsewhere: all or none."""
    return Reply({"invoiced_count": call.rpc("mark_invoiced", int)})


BILLING = Function(
    "billing",
    "Billing reports, invoices and their documents, bank statements.",
    [
        Route(
            "POST",
            "/reports",
            create_report,
            "Snapshot a period",
            Report,
            CreateReport,
            status=201,
        ),
        Route(
            "GET",
            "/reports/{report_id}",
            show_report,
            "A report with its sums",
            ReportWithSummaries,
        ),
        Route(
            "GET",
            "/reports/{report_id}/export",
            export_report,
            "The lines of a report as CSV, XLSX or JSON",
            ExportedReport,
            query=ExportQuery,
            class_="export",
            media_types={
                "text/csv": "RFC 4180, UTF-8.",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "XLSX.",
                "application/json": "{report, lines}.",
            },
        ),
        Route(
            "POST",
            "/mark-invoiced",
            mark_invoiced,
            "Mark appointments as invoiced elsewhere",
            Invoiced,
            MarkInvoiced,
            refusals=("invalid_state",),
        ),
        *BANK_ROUTES,
        *INVOICE_ROUTES,
    ],
)
