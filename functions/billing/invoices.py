"""Routes of invoices: their documents, lists of them, and sending.

An issued invoice is drawn once and kept: everybody gets the same bytes from then on, and the mail
refers to them. The secret key stores them and reads the logo; who may see an invoice is decided by
the caller's own token before.
"""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from billing.documents.isdoc import MEDIA_TYPE as ISDOC_TYPE
from billing.documents.isdoc import render_isdoc
from billing.documents.lists import CASH_BOOK, INVOICES, List, write_list
from billing.documents.model import Invoice
from billing.documents.pdf import render_pdf
from billing.identifiers import checked_registration_number, checked_vat_number
from billing.invoice_models import (
    CreatePayer,
    DocumentQuery,
    InvoiceListQuery,
    ListQuery,
    Payer,
    Sending,
    SendInvoice,
    SendInvoices,
    SendReminders,
    SentInvoice,
    SentReminders,
)
from billing.sheets import MEDIA_TYPES
from kernel.errors import Problem, internal_error, invalid_argument, unavailable
from kernel.logs import log
from kernel.models import Row
from kernel.routing import Call, Reply, Route

if TYPE_CHECKING:
    from collections.abc import Mapping

BUCKET: Final = "documents"
PDF_TYPE: Final = "application/pdf"
# How long a request goes on with work that the next one can take up.
BUDGET_SECONDS: Final = 20.0
# Drafts may still change, and a void invoice must say so.
UNSTORED: Final = frozenset({"draft", "void"})

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def show_document(call: Call) -> Reply:
    """The PDF or ISDOC of an invoice that the caller sees."""
    query: DocumentQuery = call.query
    invoice = read_invoice(call, call.parameters["invoice_id"])
    if query.format == "isdoc":
        if invoice.status == "draft":
            raise Problem(409, "invalid_state", "A draft is no invoice yet.", hint="Issue it.")
        return _file(render_isdoc(invoice), ISDOC_TYPE, invoice, "isdoc")
    content = draw(call, invoice) if invoice.status in UNSTORED else stored_pdf(call, invoice)
    return _file(content, PDF_TYPE, invoice, "pdf")


def read_invoice(call: Call, invoice_id: str) -> Invoice:
    """What the invoice says, if the caller may see it."""
    document = call.database.rpc("invoice_document", {"invoice_id": invoice_id}, repeatable=True)
    try:
        return Invoice.model_validate(document)
    except ValidationError as error:
        log.error("invoice_unreadable", request_id=call.database.request_id, error=error)
        raise internal_error() from None


def stored_pdf(call: Call, invoice: Invoice) -> bytes:
    """The kept document; the first to ask for it has it drawn."""
    path = f"{invoice.organization_id}/invoices/{invoice.id}.pdf"
    try:
        return call.database.download(BUCKET, path)[0]
    except Problem as problem:
        if problem.code not in {"not_found", "forbidden"}:
            raise
    content = draw(call, invoice)
    try:
        call.service.upload(BUCKET, path, content, PDF_TYPE)
    except Problem as problem:
        # Somebody else was first; theirs is the one that counts.
        if problem.code == "already_exists":
            return call.service.download(BUCKET, path)[0]
        raise unavailable("The document could not be stored.") from problem
    return content


def draw(call: Call, invoice: Invoice) -> bytes:
    """The document, with the organization's logo if that can be read."""
    logo, path = None, invoice.supplier.logo_path
    if path and path.startswith(f"{invoice.organization_id}/logo/"):
        try:
            logo = call.service.download(BUCKET, path)[0]
        except (Problem, ValueError) as error:
            log.warning("logo_left_out", request_id=call.database.request_id, error=error)
    return render_pdf(invoice, logo)


def export_invoices(call: Call) -> Reply:
    """The invoices that the caller sees, drafts first."""
    query: InvoiceListQuery = call.query
    filters = {**_organization(call, query), **_period(query, "issued_on")}
    if query.status:
        filters["status"] = f"eq.{query.status}"
    if "issued_on" in filters or "and" in filters:
        return _list(call, INVOICES, [filters])
    drafts, issued = {"issued_on": "is.null"}, {"issued_on": "not.is.null"}
    return _list(call, INVOICES, [{**filters, **drafts}, {**filters, **issued}])


def export_cash_book(call: Call) -> Reply:
    """Money received and paid out, in order."""
    query: ListQuery = call.query
    filters = {**_organization(call, query), **_period(query, "paid_on")}
    return _list(call, CASH_BOOK, [filters])


def create_payer(call: Call) -> Reply:
    """Check the numbers, then store."""
    body: CreatePayer = call.body
    arguments = body.arguments()
    if body.vat_number:
        number, country = checked_vat_number(body.vat_number, body.country)
        arguments |= {"vat_number": number, "country": body.country or country}
    if body.registration_number:
        arguments["registration_number"] = checked_registration_number(
            body.registration_number, arguments.get("country")
        )
    if call.key is not None:
        arguments["idempotency_key"] = call.key
    return Reply(call.database.rpc("create_payer", arguments), 201)


def send_invoice(call: Call) -> Reply:
    """Store the document, then put it into the outbox."""
    invoice_id = call.parameters["invoice_id"]
    store(call, invoice_id)
    return Reply(call.rpc("send_invoice", invoice_id=invoice_id))


def store(call: Call, invoice_id: str) -> None:
    """Have the document of an issued invoice stored; what cannot have one is left to the sender."""
    invoice = read_invoice(call, invoice_id)
    if invoice.status not in UNSTORED:
        stored_pdf(call, invoice)


def send_invoices(call: Call) -> Reply:
    """Send as many as the time allows; the same key goes on with the rest."""
    deadline = time.monotonic() + BUDGET_SECONDS
    started = call.rpc("start_sending_invoices")
    while items := call.database.select(
        "bulk_operation_items",
        select="number,subject_id",
        operation_id=f"eq.{started['id']}",
        status="eq.pending",
        order="number",
        limit="20",
    ):
        operation = _operation(call, started["id"])
        if operation["status"] != "running" or not _send_items(
            call, started["id"], items, deadline
        ):
            break
    return Reply(_sending(call, started["id"]))


def send_overdue_reminders(call: Call) -> Reply:
    """Store the documents that are missing, then put the reminders into the outbox."""
    deadline = time.monotonic() + BUDGET_SECONDS
    due = call.database.rpc(
        "list_due_reminders",
        {name: value for name, value in call.body.arguments().items() if name == "organization_id"},
        repeatable=True,
        answers=list,
    )
    for reminder in due:
        if reminder["has_address"] and not reminder["has_document"]:
            if time.monotonic() > deadline:
                # Nothing is enqueued yet, and what is stored stays.
                raise unavailable("There are many documents to draw. Repeat the request.")
            store(call, reminder["invoice_id"])
    return Reply(call.rpc("send_overdue_reminders"))


def _send_items(
    call: Call, operation_id: str, items: list[dict[str, Any]], deadline: float
) -> bool:
    """Send these; whether there was time for all."""
    for item in items:
        if time.monotonic() > deadline:
            return False
        try:
            store(call, item["subject_id"])
        except Problem as problem:
            # Out of order: the rest has to wait. Anything else becomes the item's result.
            if problem.status >= 500:  # noqa: PLR2004
                raise
        try:
            call.database.rpc(
                "send_bulk_invoice",
                {"operation_id": operation_id, "number": item["number"]},
                repeatable=True,
            )
        except Problem as problem:
            # Cancelled meanwhile: the operation says so itself.
            if problem.code != "invalid_state":
                raise
            return False
    return True


def _operation(call: Call, operation_id: str) -> dict[str, Any]:
    return call.database.select("bulk_operations", id=f"eq.{operation_id}")[0]


def _sending(call: Call, operation_id: str) -> dict[str, Any]:
    items = call.database.select(
        "bulk_operation_items",
        select="number,invoice_id:subject_id,status,code,detail,result",
        operation_id=f"eq.{operation_id}",
        order="number",
        limit="1000",
    )
    return {**_operation(call, operation_id), "results": items}


def _list(call: Call, list_: List, filters: list[dict[str, str]]) -> Reply:
    query: ListQuery = call.query
    content = write_list(list_, call.database, filters, query.format, with_bom=query.bom)
    days = "".join(f"-{day}" for day in (query.from_date, query.to_date) if day)
    return Reply(
        content=content,
        content_type=MEDIA_TYPES[query.format],
        headers=_attachment(f"{list_.name}{days}.{query.format}"),
    )


def _organization(call: Call, query: ListQuery) -> dict[str, str]:
    """Books are kept by organization: whoever works in several says which."""
    if query.organization_id:
        return {"organization_id": f"eq.{query.organization_id}"}
    rows = call.database.select(
        "members", select="organization_id", user_id=f"eq.{call.user_id}", limit="2"
    )
    if len(rows) > 1:
        raise invalid_argument(
            "You work in several organizations.", hint="Say which by organization_id."
        )
    return {"organization_id": f"eq.{rows[0]['organization_id']}"} if rows else {}


def _period(query: ListQuery, column: str) -> dict[str, str]:
    if query.from_date and query.to_date:
        return {"and": f"({column}.gte.{query.from_date},{column}.lte.{query.to_date})"}
    if query.from_date:
        return {column: f"gte.{query.from_date}"}
    return {column: f"lte.{query.to_date}"} if query.to_date else {}


def _file(content: bytes, content_type: str, invoice: Invoice, ending: str) -> Reply:
    name = _UNSAFE.sub("-", invoice.number or invoice.status).strip("-")
    return Reply(
        content=content, content_type=content_type, headers=_attachment(f"{name}.{ending}")
    )


def _attachment(name: str) -> Mapping[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}


_LIST_TYPES: Final = {
    "text/csv": "RFC 4180, UTF-8.",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "XLSX.",
}

ROUTES: Final = [
    Route(
        "GET",
        "/invoices/{invoice_id}/document",
        show_document,
        "An invoice as PDF or ISDOC",
        Row,
        query=DocumentQuery,
        class_="export",
        media_types={PDF_TYPE: "A4.", "application/xml": "ISDOC 6.0.1."},
        refusals=("invalid_state",),
        uses_secret=True,
    ),
    Route(
        "GET",
        "/invoices/export",
        export_invoices,
        "A list of invoices as CSV or XLSX",
        Row,
        query=InvoiceListQuery,
        class_="export",
        media_types=_LIST_TYPES,
    ),
    Route(
        "GET",
        "/cash-book",
        export_cash_book,
        "Money received and paid out as CSV or XLSX",
        Row,
        query=ListQuery,
        class_="export",
        media_types=_LIST_TYPES,
    ),
    Route(
        "POST",
        "/payers",
        create_payer,
        "Enter who pays for clients",
        Payer,
        CreatePayer,
        status=201,
    ),
    Route(
        "POST",
        "/invoices/{invoice_id}/send",
        send_invoice,
        "Send an invoice by e-mail",
        SentInvoice,
        SendInvoice,
        refusals=("invalid_state",),
        uses_secret=True,
    ),
    Route(
        "POST",
        "/invoices/send-bulk",
        send_invoices,
        "Send many invoices, with a result for each",
        Sending,
        SendInvoices,
        uses_secret=True,
    ),
    Route(
        "POST",
        "/invoices/send-overdue-reminders",
        send_overdue_reminders,
        "Remind of overdue invoices",
        SentReminders,
        SendReminders,
        uses_secret=True,
    ),
]
