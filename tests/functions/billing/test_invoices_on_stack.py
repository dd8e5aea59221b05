"""Invoices over HTTP on the real stack: documents, lists, payers, and sending."""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
import socket
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import jwt
import openpyxl
import psycopg
import pytest
from lxml import etree  # type: ignore[import-untyped]
from PIL import Image
from pypdf import PdfReader

from tests.functions.house import ABSENT, problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.functions.house import House
    from tests.stack_fixture import TestStack

ROOT = Path(__file__).parents[3]
SCHEMAS = Path(os.environ.get("PRAXIS_SCHEMAS", ROOT.parent / "shared" / "data"))
SCHEMA = SCHEMAS / "isdoc-invoice-6.0.1.xsd"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HOSTILE = '=HYPERLINK("http://evil.test")'


def line(**changes: Any) -> dict[str, Any]:
    return {
        "description": "Individuální psychoterapie",
        "unit_price_amount": 145_000,
        "tax_rate": 21,
        "tax_category": "standard",
        **changes,
    }


@pytest.fixture(scope="module", autouse=True)
def _billing(house: House) -> Iterator[None]:
    """What invoices of the house say, an account to pay to, and the bucket."""
    sql, organization = house.practice.sql, house.practice.id
    sql.execute(
        "insert into storage.buckets (id, name, public) values ('documents', 'documents', false)"
        " on conflict do nothing"
    )
    sql.execute(
        "insert into public.billing_settings (organization_id, legal_name, registration_number,"
        " vat_number, is_vat_payer, street, city, postal_code, country, reminder_after_days)"
        " values (%s, 'Dům s.r.o.', '27074358', 'CZ27074358', true, 'Žitná 5', 'Praha', '120 00',"
        " 'CZ', '{7,14}') on conflict do nothing",
        [organization],
    )
    # Other tests have accounts of their own: this one is named on new invoices.
    mine = {"organization": organization, "iban": "CZ6508000000192000145399"}
    others = sql.execute(
        "update public.bank_accounts set is_default = false"
        " where organization_id = %(organization)s and is_default returning id",
        mine,
    ).fetchall()
    sql.execute(
        "insert into public.bank_accounts"
        " (organization_id, name, account_number, iban, currency, is_default)"
        " values (%(organization)s, 'Main', '19-2000145399/0800', %(iban)s, 'CZK', true)",
        mine,
    )
    yield
    sql.execute(
        "update public.bank_accounts set is_default = false, is_active = false"
        " where organization_id = %(organization)s and iban = %(iban)s",
        mine,
    )
    sql.execute(
        "update public.bank_accounts set is_default = true where id = any (%s)",
        [[row["id"] for row in others]],
    )


def rpc(house: House, role: str, name: str, **arguments: Any) -> Any:
    response = house.rest(house.users[role]).post(f"/rpc/{name}", json=arguments)
    assert response.status_code == 200, response.text
    return response.json()


def draft(house: House, *lines: dict[str, Any], **changes: Any) -> dict[str, Any]:
    arguments = {"client_id": house.client_id, "lines": list(lines or [line()]), **changes}
    found: dict[str, Any] = rpc(house, "receptionist", "create_invoice", **arguments)
    return found


def issue(house: House, *lines: dict[str, Any], **changes: Any) -> dict[str, Any]:
    made = draft(house, *lines, **changes)
    found: dict[str, Any] = rpc(house, "receptionist", "issue_invoice", invoice_id=made["id"])
    return found


def document(house: House, role: str | None, invoice_id: str, query: str = "") -> httpx.Response:
    return house.as_(role).get(f"/billing/invoices/{invoice_id}/document{query}")


def text_of(response: httpx.Response) -> str:
    assert response.status_code == 200, response.text
    reader = PdfReader(io.BytesIO(response.content))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def stored(house: House, invoice_id: str) -> int:
    found = house.practice.sql.execute(
        "select count(*) from storage.objects where bucket_id = 'documents' and name = %s",
        [f"{house.practice.id}/invoices/{invoice_id}.pdf"],
    ).fetchone()
    assert found is not None
    return int(found["count"])


def messages(house: House, invoice_id: str) -> list[dict[str, Any]]:
    found = house.practice.sql.execute(
        "select kind, status, attachments, data from public.messages where subject_id = %s"
        " order by created_at, id",
        [invoice_id],
    )
    return found.fetchall()


def test_an_issued_invoice_is_drawn_once(house: House) -> None:
    invoice = issue(house)
    first = document(house, "receptionist", invoice["id"])
    assert first.headers["content-type"] == "application/pdf"
    name = f'attachment; filename="{invoice["number"]}.pdf"'
    assert first.headers["content-disposition"] == name
    text = text_of(first)
    for expected in (invoice["number"], "Dům s.r.o.", "CZK 1,450.00", "QR payment"):
        assert expected in text
    assert stored(house, invoice["id"]) == 1
    # Paid meanwhile: what was sent to somebody stays what it is.
    rpc(
        house, "receptionist", "record_payment",
        invoice_id=invoice["id"], amount=145_000, paid_on=str(dt.datetime.now(dt.UTC).date()),
    )  # fmt: skip
    for role in ("owner", "admin", "client"):
        assert document(house, role, invoice["id"]).content == first.content


def test_a_client_may_be_the_first_to_ask(house: House) -> None:
    invoice = issue(house)
    own = document(house, "client", invoice["id"])
    assert "CZK 1,450.00" in text_of(own)
    assert document(house, "owner", invoice["id"]).content == own.content
    assert rpc(house, "client", "invoice_document", invoice_id=invoice["id"]) == rpc(
        house, "owner", "invoice_document", invoice_id=invoice["id"]
    )


def test_a_draft_is_marked_and_not_kept(house: House) -> None:
    made = draft(house)
    response = document(house, "receptionist", made["id"])
    assert "DRAFT" in text_of(response)
    assert 'filename="draft.pdf"' in response.headers["content-disposition"]
    assert stored(house, made["id"]) == 0
    refused = document(house, "receptionist", made["id"], "?format=isdoc")
    problem(refused, 409, "invalid_state")


def test_a_void_invoice_says_so(house: House) -> None:
    invoice = issue(house)
    before = document(house, "owner", invoice["id"])
    rpc(house, "owner", "void_invoice", invoice_id=invoice["id"], reason="Omyl")
    after = document(house, "owner", invoice["id"])
    assert "VOID" not in text_of(before)
    assert "VOID" in text_of(after)


@pytest.mark.parametrize("role", ["practitioner", "other_client", "stranger"])
@pytest.mark.parametrize("query", ["", "?format=isdoc"])
def test_whoever_does_not_see_it_gets_nothing(house: House, role: str, query: str) -> None:
    invoice = issue(house)
    foreign = document(house, role, invoice["id"], query)
    absent = document(house, role, ABSENT, query)
    problem(foreign, 404, "not_found")
    problem(absent, 404, "not_found")
    assert stored(house, invoice["id"]) == 0


def test_a_client_sees_no_draft(house: House) -> None:
    assert document(house, "client", draft(house)["id"]).status_code == 404
    assert document(house, None, ABSENT).status_code == 401


@pytest.mark.parametrize("query", ["?format=html", "?format=pdf&format=isdoc", "?path=/etc"])
def test_other_formats_are_refused(house: House, query: str) -> None:
    assert document(house, "owner", ABSENT, query).status_code == 422


def test_isdoc_is_valid(house: House) -> None:
    invoice = issue(
        house,
        line(discount_percent=10),
        line(tax_rate=0, tax_category="exempt"),
        line(description=f"<b>{HOSTILE}</b>", quantity=1.5),
    )
    response = document(house, "client", invoice["id"], "?format=isdoc")
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/xml; charset=utf-8"
    root = etree.fromstring(response.content)
    if not SCHEMA.exists():
        pytest.skip(f"{SCHEMA} is missing: name its folder in PRAXIS_SCHEMAS")
    schema = etree.XMLSchema(etree.parse(str(SCHEMA)))
    assert schema.validate(root), schema.error_log


def test_a_credit_note_is_drawn_and_exported(house: House) -> None:
    invoice = issue(house)
    note = rpc(house, "owner", "create_credit_note", invoice_id=invoice["id"], reason="Storno")
    issued = note if note["number"] else rpc(house, "owner", "issue_invoice", invoice_id=note["id"])
    text = text_of(document(house, "client", issued["id"]))
    assert "VAT credit note" in text
    assert invoice["number"] in text
    response = document(house, "owner", issued["id"], "?format=isdoc")
    assert b"<DocumentType>2</DocumentType>" in response.content


def test_the_logo_is_on_the_document(house: House) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (300, 100), (10, 120, 90)).save(picture, "PNG")
    path = f"{house.practice.id}/logo/{uuid.uuid4().hex}.png"
    owner = house.rest(house.users["owner"])
    api = str(owner.base_url).split("/rest/v1", maxsplit=1)[0]
    uploaded = owner.post(
        f"{api}/storage/v1/object/documents/{path}",
        content=picture.getvalue(),
        headers={"content-type": "image/png"},
    )
    assert uploaded.status_code == 200, uploaded.text
    sql = house.practice.sql
    set_logo = "update public.billing_settings set logo_path = %s where organization_id = %s"
    sql.execute(set_logo, [path, house.practice.id])
    with_logo = issue(house)
    sql.execute(set_logo, [f"{house.practice.id}/logo/gone.png", house.practice.id])
    without = issue(house)
    sql.execute(set_logo, [None, house.practice.id])
    counts = [
        len(PdfReader(io.BytesIO(document(house, "client", made["id"]).content)).pages[0].images)
        for made in (with_logo, without)
    ]
    assert counts == [2, 1]


# Lists


def exported(house: House, role: str, path: str) -> list[dict[str, str]]:
    response = house.as_(role).get(f"/billing/{path}")
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(response.text)))


def test_invoices_are_listed_for_the_books(house: House) -> None:
    payer = house.as_("owner").post("/billing/payers", json={"name": HOSTILE}).json()
    first = issue(house, payer_id=payer["id"])
    second = draft(house)
    rows = exported(house, "receptionist", "invoices/export")
    by_id = {row["id"]: row for row in rows}
    assert by_id[first["id"]]["payer_name"] == f"'{HOSTILE}"
    assert by_id[first["id"]]["total"] == "1450.00"
    assert by_id[first["id"]]["number"] == first["number"]
    assert by_id[second["id"]]["status"] == "draft"
    assert len(by_id) == len(rows) == house.count("invoices")
    numbers = [row["number"] for row in rows]
    assert numbers == [""] * numbers.count("") + [number for number in numbers if number]

    today = first["issued_on"]
    listed = exported(house, "owner", f"invoices/export?from={today}&to={today}&status=issued")
    assert {row["status"] for row in listed} == {"issued"}
    assert first["id"] in {row["id"] for row in listed}
    assert exported(house, "owner", "invoices/export?to=2020-01-01") == []
    own = exported(house, "client", "invoices/export")
    assert first["id"] in {row["id"] for row in own}
    assert second["id"] not in {row["id"] for row in own}
    assert exported(house, "practitioner", "invoices/export") == []
    assert exported(house, "stranger", "invoices/export") == []
    foreign = f"invoices/export?organization_id={house.practice.id}"
    assert exported(house, "stranger", foreign) == []


def test_a_list_of_many_pages_is_whole(house: House) -> None:
    sql = house.practice.sql
    sql.execute(
        "insert into public.invoices (organization_id, client_id, currency)"
        " select %s, %s, 'CZK' from generate_series(1, 2100)",
        [house.practice.id, house.client_id],
    )
    rows = exported(house, "owner", "invoices/export")
    assert len({row["id"] for row in rows}) == len(rows) == house.count("invoices")
    sql.execute(
        "delete from public.invoices where organization_id = %s and total_amount = 0"
        " and status = 'draft'",
        [house.practice.id],
    )


def test_the_cash_book_is_a_workbook_too(house: House) -> None:
    invoice = issue(house)
    today = invoice["issued_on"]
    rpc(house, "receptionist", "record_payment", invoice_id=invoice["id"], amount=45_000,
        paid_on=today, note=HOSTILE)  # fmt: skip
    rows = exported(house, "owner", f"cash-book?from={today}")
    (row,) = [row for row in rows if row["invoice_number"] == invoice["number"]]
    assert (row["amount"], row["currency"], row["note"]) == ("450.00", "CZK", f"'{HOSTILE}")
    response = house.as_("owner").get("/billing/cash-book?format=xlsx")
    assert response.headers["content-type"] == XLSX
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    assert sheet is not None
    lines = list(sheet.iter_rows(values_only=True))
    assert lines[0][:4] == ("paid_on", "method", "amount", "currency")
    found = [values for values in lines if invoice["number"] in values]
    assert [(values[2], values[6]) for values in found] == [(450, HOSTILE)]


@pytest.mark.parametrize(
    "query", ["from=2026-13-01", "from=2026-02-01&to=2026-01-01", "format=pdf", "status=open"]
)
def test_what_no_list_has_is_refused(house: House, query: str) -> None:
    assert house.as_("owner").get(f"/billing/invoices/export?{query}").status_code == 422


# Payers


def test_a_payers_numbers_are_checked(house: House) -> None:
    body = {
        "name": "Pojišťovna a.s.",
        "registration_number": "451 93 410",
        "vat_number": "cz 45193410",
        "city": "Praha",
        "locale": "cs",
    }
    desk = house.as_("receptionist")
    headers = {"Idempotency-Key": uuid.uuid4().hex}
    first = desk.post("/billing/payers", json=body, headers=headers)
    assert first.status_code == 201, first.text
    payer = first.json()
    assert (payer["vat_number"], payer["registration_number"]) == ("CZ45193410", "45193410")
    assert payer["country"] == "CZ"
    assert desk.post("/billing/payers", json=body, headers=headers).json()["id"] == payer["id"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"vat_number": "CZ45193411"}, "vat_number"),
        ({"vat_number": "45193410"}, "vat_number"),
        ({"vat_number": "DE136695976", "country": "CZ"}, "vat_number"),
        ({"vat_number": "XX12345678"}, "vat_number"),
        ({"registration_number": "45193411", "country": "CZ"}, "registration_number"),
        ({"registration_number": "1", "country": "DK"}, "registration_number"),
    ],
)
def test_wrong_numbers_are_refused(house: House, changes: dict[str, str], field: str) -> None:
    before = house.count("payers")
    refused = house.as_("owner").post("/billing/payers", json={"name": "X", **changes})
    assert problem(refused, 422, "invalid_argument")["errors"][0]["field"] == field
    assert house.count("payers") == before


@pytest.mark.parametrize(
    "body",
    [{}, {"name": " "}, {"name": "X", "email": "nobody"}, {"name": "X", "id": ABSENT},
     {"name": "X", "country": "cz"}, {"name": "X", "registration_number": "<script>"}],
)  # fmt: skip
def test_what_is_no_payer_is_refused(house: House, body: dict[str, Any]) -> None:
    refused = house.as_("owner").post("/billing/payers", json=body)
    problem(refused, 422, "invalid_argument")


@pytest.mark.parametrize(("role", "status"), [("practitioner", 403), ("client", 403)])
def test_only_the_desk_enters_payers(house: House, role: str, status: int) -> None:
    body = {"name": "X", "organization_id": house.practice.id}
    assert house.as_(role).post("/billing/payers", json=body).status_code in {status, 404}


# Sending


def test_an_invoice_is_sent_once_with_its_document(house: House) -> None:
    invoice = issue(house)
    path = f"/billing/invoices/{invoice['id']}/send"
    first = house.as_("receptionist").post(path)
    assert first.status_code == 200, first.text
    assert (first.json()["status"], first.json()["was_sent"]) == ("sent", False)
    again = house.as_("owner").post(path, json={})
    assert (again.json()["message_id"], again.json()["was_sent"]) == (None, True)
    (message,) = messages(house, invoice["id"])
    (attachment,) = message["attachments"]
    assert attachment["bucket"] == "documents"
    assert attachment["path"] == f"{house.practice.id}/invoices/{invoice['id']}.pdf"
    assert attachment["filename"] == f"{invoice['number']}.pdf"
    assert stored(house, invoice["id"]) == 1
    assert house.as_("owner").post(path, json={"resend": True}).json()["message_id"]
    assert len(messages(house, invoice["id"])) == 2


def test_the_mail_arrives_with_the_document(house: House, stack: TestStack) -> None:
    if not stack.mail_url:
        pytest.skip("this stack delivers its mail elsewhere")
    invoice = issue(house)
    path = f"/billing/invoices/{invoice['id']}/send"
    assert house.as_("receptionist").post(path).status_code == 200
    to = {"to": house.users["client"].email}
    mails: list[dict[str, Any]] = []
    deadline = time.monotonic() + 20
    # The stack's own scheduler may be delivering it at this moment.
    while not mails and time.monotonic() < deadline:
        deliver(stack)
        found = httpx.get(f"{stack.mail_url}/api/messages", params=to).json()
        mails = [each for each in found if invoice["number"] in each["subject"]]
    (mail,) = mails
    assert [part["filename"] for part in mail["attachments"]] == [f"{invoice['number']}.pdf"]
    (row,) = messages(house, invoice["id"])
    assert row["status"] in {"sent", "delivered"}


def deliver(stack: TestStack) -> None:
    """Have the outbox worked off, as the scheduler does."""
    now = int(time.time())
    claims = {
        "aud": "praxis-functions",
        "sub": "tests",
        "scope": "notifications:run",
        "iat": now,
        "exp": now + 300,
    }
    token = jwt.encode(claims, stack.service_token_secret, algorithm="HS256")
    response = httpx.post(
        f"{stack.functions_url}/notifications/run",
        json={},
        headers={"authorization": f"Bearer {token}", "apikey": stack.publishable_key},
        timeout=60,
    )
    assert response.status_code == 200, response.text


@pytest.mark.parametrize(
    ("role", "status"), [("practitioner", 404), ("client", 404), ("stranger", 404), (None, 401)]
)
def test_only_the_desk_sends(house: House, role: str | None, status: int) -> None:
    invoice = issue(house)
    response = house.as_(role).post(f"/billing/invoices/{invoice['id']}/send")
    assert response.status_code in {status, 403 if role == "client" else status}
    assert messages(house, invoice["id"]) == []


def test_a_draft_is_not_sent(house: House) -> None:
    made = draft(house)
    refused = house.as_("owner").post(f"/billing/invoices/{made['id']}/send")
    problem(refused, 409, "invalid_state")
    assert stored(house, made["id"]) == 0


def test_many_are_sent_each_by_itself(house: House) -> None:
    good, sent, made = issue(house), issue(house), draft(house)
    assert house.as_("owner").post(f"/billing/invoices/{sent['id']}/send").status_code == 200
    ids = [good["id"], made["id"], ABSENT, sent["id"], good["id"]]
    headers = {"Idempotency-Key": uuid.uuid4().hex}
    send = {"invoice_ids": ids, "organization_id": house.practice.id}
    desk = house.as_("receptionist")
    first = desk.post("/billing/invoices/send-bulk", json=send, headers=headers)
    assert first.status_code == 200, first.text
    found = first.json()
    assert found["status"] == "completed"
    results = {row["invoice_id"]: (row["status"], row["code"]) for row in found["results"]}
    assert results == {
        good["id"]: ("done", None),
        made["id"]: ("failed", "invalid_state"),
        ABSENT: ("failed", "not_found"),
        sent["id"]: ("skipped", None),
    }
    again = desk.post("/billing/invoices/send-bulk", json=send, headers=headers).json()
    assert (again["id"], again["results"]) == (found["id"], found["results"])
    assert len(messages(house, good["id"])) == 1
    other = {**send, "invoice_ids": [sent["id"]]}
    refused = desk.post("/billing/invoices/send-bulk", json=other, headers=headers)
    problem(refused, 422, "idempotency_mismatch")


def test_what_time_did_not_allow_is_done_by_the_same_request(house: House) -> None:
    """An operation that was begun and left goes on where it stopped."""
    invoices = [issue(house) for _ in range(3)]
    key = uuid.uuid4().hex
    ids = [invoice["id"] for invoice in invoices]
    operation = rpc(house, "owner", "start_sending_invoices", invoice_ids=ids, idempotency_key=key)
    assert document(house, "owner", ids[0]).status_code == 200
    item = rpc(house, "owner", "send_bulk_invoice", operation_id=operation["id"], number=1)
    assert item["status"] == "done"
    response = house.as_("owner").post(
        "/billing/invoices/send-bulk",
        json={"invoice_ids": ids},
        headers={"Idempotency-Key": key},
    )
    assert response.json()["id"] == operation["id"]
    assert (response.json()["status"], response.json()["done_count"]) == ("completed", 3)
    assert [len(messages(house, each)) for each in ids] == [1, 1, 1]


@pytest.mark.parametrize("ids", [[], [ABSENT] * 1001, ["x"], None])
def test_a_bulk_has_a_size(house: House, ids: Any) -> None:
    refused = house.as_("owner").post("/billing/invoices/send-bulk", json={"invoice_ids": ids})
    problem(refused, 422, "invalid_argument")


@pytest.mark.parametrize("role", ["practitioner", "client"])
def test_only_the_desk_sends_many(house: House, role: str) -> None:
    invoice = issue(house)
    response = house.as_(role).post(
        "/billing/invoices/send-bulk",
        json={"invoice_ids": [invoice["id"]], "organization_id": house.practice.id},
    )
    assert response.status_code in {403, 404}
    assert messages(house, invoice["id"]) == []


def test_debtors_are_reminded_once_per_level(house: House) -> None:
    # A series of its own, since numbers follow the days of issue.
    house.practice.sql.execute(
        "insert into public.invoice_series (organization_id, code, digit) values (%s, 'late', 7)",
        [house.practice.id],
    )
    today = dt.datetime.now(dt.UTC).date()
    made = draft(house, series="late", due_on=str(today - dt.timedelta(days=8)))
    long_ago = str(today - dt.timedelta(days=30))
    invoice = rpc(house, "receptionist", "issue_invoice", invoice_id=made["id"], issued_on=long_ago)
    remind = "/billing/invoices/send-overdue-reminders"
    first = house.as_("receptionist").post(remind)
    assert first.status_code == 200, first.text
    assert [row["level"] for row in first.json()["results"]] == [1]
    assert first.json()["sent_count"] == 1
    assert stored(house, invoice["id"]) == 1
    assert house.as_("owner").post(remind).json() == {"sent_count": 0, "results": []}
    (message,) = messages(house, invoice["id"])
    assert message["kind"] == "invoice_reminder"
    assert message["attachments"][0]["path"].endswith(f"{invoice['id']}.pdf")
    refused = house.as_("client").post(remind, json={"organization_id": house.practice.id})
    assert refused.status_code in {403, 404}


def test_62_no_field_makes_the_server_call(house: House) -> None:
    with socket.create_server(("127.0.0.1", 0)) as trap:
        trap.settimeout(0)
        url = f"http://127.0.0.1:{trap.getsockname()[1]}/logo.png"
        sql, mine = house.practice.sql, {"organization": house.practice.id, "url": url}
        sql.execute(
            "update public.billing_settings set website = %(url)s, footer = %(url)s"
            " where organization_id = %(organization)s",
            mine,
        )
        with pytest.raises(psycopg.errors.CheckViolation):
            sql.execute(
                "update public.billing_settings set logo_path = %(url)s"
                " where organization_id = %(organization)s",
                mine,
            )
        described = line(description=f'<img src="{url}"> {url}')
        invoice = issue(house, described, note=f"{url} file:///etc/passwd")
        assert document(house, "owner", invoice["id"]).status_code == 200
        assert document(house, "owner", invoice["id"], "?format=isdoc").status_code == 200
        with pytest.raises(BlockingIOError):
            trap.accept()
        sql.execute(
            "update public.billing_settings set website = null, footer = null"
            " where organization_id = %(organization)s",
            mine,
        )
