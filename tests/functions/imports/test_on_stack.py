"""The imports function on the real stack: roles, trials, long lists, going on."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import uuid
from typing import TYPE_CHECKING, Any

import pytest

from tests.functions.house import ABSENT, problem

if TYPE_CHECKING:
    import httpx

    from tests.functions.house import House

ROWS = 10_000


def send(house: House, role: str | None, text: str | bytes, **query: Any) -> httpx.Response:
    key = query.pop("key", None)
    content_type = query.pop("content_type", "text/csv")
    return house.as_(role).post(
        "/imports/clients",
        content=text.encode() if isinstance(text, str) else text,
        params={"organization_id": house.practice.id, **query},
        headers={
            "Content-Type": content_type,
            **({} if key is None else {"Idempotency-Key": key}),
        },
    )


def imported(house: House, text: str | bytes, **query: Any) -> dict[str, Any]:
    response = send(house, "receptionist", text, **query)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def known(house: House, family_name: str) -> list[dict[str, Any]]:
    return house.practice.sql.execute(
        "select given_name, email, phone, birth_date::text, locale from public.clients"
        " where organization_id = %s and family_name = %s order by given_name",
        [house.practice.id, family_name],
    ).fetchall()


LIST = (
    "Jméno;Příjmení;E-mail;Telefon;Datum narození;Jazyk;Pojišťovna\r\n"
    "Žofie;{name};zofie.{name}@x.test;{phone};1.2.1990;cs;111\r\n"
    ";{name};nobody.{name}@x.test;;;;\r\n"
    "Žofka;{name};ZOFIE.{name}@x.test;;;;\r\n"
    "Adam;{name};no address;;;;\r\n"
    "\r\n"
    "Eva;{name};;call me;;;\r\n"
    "Jan;{name};jan.{name}@x.test;;31.2.1990;;\r\n"
    "Petr;{name};petr.{name}@x.test;;;fr;\r\n"
)


@pytest.fixture
def name() -> str:
    return "N" + uuid.uuid4().hex[:12]


@pytest.fixture
def phone() -> str:
    number = uuid.uuid4().int
    return f"{601 + number % 8}{number // 8 % 1_000_000:06}"


def test_a_list_is_tried_and_then_imported(house: House, name: str, phone: str) -> None:
    text = LIST.format(name=name, phone=phone).encode("cp1250")
    tried = imported(house, text, dry_run="true")
    assert known(house, name) == []
    assert tried.pop("operation_id") is None
    done = imported(house, text)
    errors = [(error["row"], error["outcome"], error["field"]) for error in done["errors"]]
    assert errors == [
        (3, "failed", "given_name"),
        (4, "skipped", "email"),
        (5, "failed", "email"),
        (7, "failed", "phone"),
        (8, "failed", "birth_date"),
        (9, "failed", "locale"),
    ]
    # Rows of the file find one another by other means in a trial, with the same end.
    compared = ("status", "total", "created", "updated", "skipped", "failed", "ignored_columns")
    assert {key: tried[key] for key in compared} == {key: done[key] for key in compared}
    assert [e["row"] for e in tried["errors"]] == [e["row"] for e in done["errors"]]
    assert done["ignored_columns"] == ["Pojišťovna"]
    assert (done["total"], done["created"], done["skipped"], done["failed"]) == (7, 1, 1, 5)
    assert known(house, name) == [
        {
            "given_name": "Žofie",
            "email": f"zofie.{name}@x.test",
            "phone": f"+420{phone}",
            "birth_date": "1990-02-01",
            "locale": "cs",
        }
    ]
    shown = house.as_("owner").get(f"/imports/{done['operation_id']}")
    assert shown.status_code == 200
    assert shown.json() == {key: value for key, value in done.items() if key != "ignored_columns"}
    page = house.as_("owner").get(f"/imports/{done['operation_id']}?after=3&page_size=1").json()
    assert [(error["number"], page["next_after"]) for error in page["errors"]] == [(4, 4)]


@pytest.mark.parametrize(
    ("on_duplicate", "counts", "names"),
    [
        ("skip", (0, 0, 1), ["Old"]),
        ("update", (0, 1, 0), ["New"]),
        ("create", (1, 0, 0), ["New", "Old"]),
    ],
)
def test_duplicates(
    house: House, name: str, on_duplicate: str, counts: tuple[int, ...], names: list[str]
) -> None:
    imported(house, f"First name,Last name,E-mail\nOld,{name},{name}@x.test\n")
    text = f"First name,Last name,E-mail\nNew,{name},{name.upper()}@X.test\n"
    tried = imported(house, text, dry_run="true", on_duplicate=on_duplicate)
    done = imported(house, text, on_duplicate=on_duplicate)
    for found in (tried, done):
        assert (found["created"], found["updated"], found["skipped"]) == counts
    assert [client["given_name"] for client in known(house, name)] == names


def test_a_phone_is_found_in_any_spelling(house: House, name: str, phone: str) -> None:
    house.practice.sql.execute(
        "insert into public.clients (organization_id, given_name, family_name, phone)"
        " values (%s, 'Old', %s, %s)",
        [house.practice.id, name, f"{phone[:3]} {phone[3:6]} {phone[6:]}"],
    )
    done = imported(house, f"First name,Last name,Phone\nNew,{name},+420 {phone}\n")
    assert [error["field"] for error in done["errors"]] == ["phone"]


@pytest.mark.parametrize(
    ("role", "status", "code"),
    [
        ("owner", 200, None),
        ("receptionist", 200, None),
        ("practitioner", 403, "forbidden"),
        ("client", 403, "forbidden"),
        ("stranger", 404, "not_found"),
        (None, 401, "unauthenticated"),
    ],
)
@pytest.mark.parametrize("dry_run", ["true", "false"])
def test_who(
    house: House, name: str, role: str | None, status: int, code: str | None, dry_run: str
) -> None:
    before = house.count("clients")
    response = send(house, role, f"First name,Last name\nA,{name}\n", dry_run=dry_run)
    assert response.status_code == status, response.text
    if code is not None:
        problem(response, status, code)
        assert house.count("clients") == before
        # A file that cannot be read says no more to them.
        assert send(house, role, b"%PDF").status_code == status


@pytest.mark.parametrize(
    ("role", "status"),
    [("owner", 200), ("practitioner", 404), ("client", 404), ("stranger", 404), (None, 401)],
)
def test_who_follows_it(house: House, name: str, role: str | None, status: int) -> None:
    done = imported(house, f"First name,Last name\nA,{name}\n")
    assert house.as_(role).get(f"/imports/{done['operation_id']}").status_code == status
    assert house.as_("owner").get(f"/imports/{ABSENT}").status_code == 404


def test_ten_thousand_rows(house: House, name: str) -> None:
    # One birth date for all, as old programs have it when they know none.
    lines = [f"Given {n},{name},{name}.{n}@x.test,1.1.1970" for n in range(ROWS)]
    lines[777] = ",,nobody@x.test,"
    text = "\n".join(["First name,Last name,E-mail,Date of birth", *lines])
    tried = imported(house, text, dry_run="true")
    done = imported(house, text)
    for found in (tried, done):
        assert (found["created"], found["failed"], found["total"]) == (ROWS - 1, 1, ROWS)
        assert [error["row"] for error in found["errors"]] == [779]
    assert len(known(house, name)) == ROWS - 1
    broken = house.practice.sql.execute(
        "select * from private.violations(%s)", [house.practice.id]
    ).fetchall()
    assert broken == []


def test_the_same_key_goes_on(house: House, name: str) -> None:
    text = "First name,Last name\n" + "".join(f"G{n},{name}\n" for n in range(3))
    key = uuid.uuid4().hex
    # What a process did that was killed after its first batch.
    rest = house.rest(house.users["receptionist"])
    operation = rest.post(
        "/rpc/start_client_import",
        json={
            "row_count": 3,
            "file_hash": hashlib.sha256(text.encode()).hexdigest(),
            "organization_id": house.practice.id,
            "idempotency_key": key,
        },
    ).json()
    batch = [{"number": 1, "row": 2, "given_name": "G0", "family_name": name}]
    rest.post(
        "/rpc/import_clients", json={"operation_id": operation["id"], "rows": batch}
    ).raise_for_status()
    before = house.as_("receptionist").get(f"/imports/{operation['id']}").json()
    assert (before["status"], before["created"]) == ("running", 1)
    done = imported(house, text, key=key)
    assert done["operation_id"] == operation["id"]
    assert (done["status"], done["created"]) == ("completed", 3)
    assert imported(house, text, key=key) == done
    assert len(known(house, name)) == 3
    other = send(house, "receptionist", text.replace("G0", "H0"), key=key)
    problem(other, 422, "idempotency_mismatch")


def test_a_stopped_import_takes_no_more(house: House, name: str) -> None:
    text = f"First name,Last name\nA,{name}\n"
    rest = house.rest(house.users["receptionist"])
    key = uuid.uuid4().hex
    operation = rest.post(
        "/rpc/start_client_import",
        json={
            "row_count": 1,
            "file_hash": hashlib.sha256(text.encode()).hexdigest(),
            "organization_id": house.practice.id,
            "idempotency_key": key,
        },
    ).json()
    rest.post(
        "/rpc/cancel_bulk_operation", json={"operation_id": operation["id"]}
    ).raise_for_status()
    assert imported(house, text, key=key)["status"] == "cancelled"
    assert known(house, name) == []


def test_names_that_are_formulas_stay_names(house: House, name: str) -> None:
    """They are kept as they were written, and neutralised where a spreadsheet would read them."""
    given = '=HYPERLINK("http://evil.test")'
    quoted = given.replace('"', '""')
    imported(house, f'First name;Last name\n"{quoted}";{name}\n')
    assert [client["given_name"] for client in known(house, name)] == [given]
    row = house.practice.sql.execute(
        "select id from public.clients where organization_id = %s and family_name = %s",
        [house.practice.id, name],
    ).fetchone()
    assert row is not None
    appointment = house.book(client_id=str(row["id"]))
    house.practice.sql.execute(
        "update public.appointments set status = 'completed' where id = %s", [appointment["id"]]
    )
    owner = house.as_("owner")
    first = dt.date.fromisoformat(appointment["starts_at"][:10]).replace(day=1)
    report = owner.post(
        "/billing/reports",
        json={
            "period_start": first.isoformat(),
            "period_end": (first + dt.timedelta(days=40)).isoformat(),
            "organization_id": house.practice.id,
        },
    ).json()
    exported = owner.get(f"/billing/reports/{report['id']}/export?format=csv").text
    cells = [line["client_name"] for line in csv.DictReader(io.StringIO(exported))]
    assert f"'{given} {name}" in cells


@pytest.mark.parametrize("locale", ["cs", "en", "de", "da"])
def test_the_template_is_a_list_without_clients(house: House, locale: str) -> None:
    template = house.as_("receptionist").get(f"/imports/clients/template?locale={locale}")
    assert template.status_code == 200
    assert template.headers["content-type"].startswith("text/csv")
    assert template.content.startswith(b"\xef\xbb\xbf")
    refused = send(house, "receptionist", template.content)
    problem(refused, 422, "invalid_argument")
    separator = "," if locale == "en" else ";"
    text = template.text + separator.join(["A", "T" + uuid.uuid4().hex[:8], "", "", "", locale])
    done = imported(house, text)
    assert (done["created"], done["ignored_columns"]) == (1, [])


@pytest.mark.parametrize(
    ("query", "content_type", "content", "status", "code"),
    [
        ({}, "application/json", b"{}", 415, "unsupported_media_type"),
        ({}, "text/csv", b"%PDF-1.7 \x81\x8d", 415, "unsupported_media_type"),
        ({}, "text/csv", b"", 422, "invalid_argument"),
        ({}, "text/csv", b"Column\nA\n", 422, "invalid_argument"),
        ({}, "text/csv", b"x" * (8 * 1024 * 1024 + 1), 413, "payload_too_large"),
        ({"dry_run": "maybe"}, "text/csv", b"", 422, "invalid_argument"),
        ({"on_duplicate": "replace"}, "text/csv", b"", 422, "invalid_argument"),
        ({"organization_id": "x"}, "text/csv", b"", 422, "invalid_argument"),
        ({"organization_id": ABSENT}, "text/csv", b"", 404, "not_found"),
        ({"key": "no key"}, "text/csv", b"", 422, "invalid_argument"),
    ],
)
def test_what_is_refused(
    house: House, query: dict[str, str], content_type: str, content: bytes, status: int, code: str
) -> None:
    response = send(house, "receptionist", content, content_type=content_type, **query)
    problem(response, status, code)


def test_70_rows_are_counted_for_the_organization(house: House, name: str) -> None:
    """Whoever of it sends them, with whatever headers: one bucket."""
    bucket = f"import:{house.practice.id}"
    sql = house.practice.sql
    text = f"First name,Last name\nA,{name}\n"
    imported(house, text, dry_run="true")
    sql.execute(
        "update private.rate_limits set tokens = 0, refilled_at = now() + interval '1 hour'"
        " where bucket = %s",
        [bucket],
    )
    try:
        for role in ("receptionist", "owner"):
            for dry_run in ("true", "false"):
                response = house.as_(role).post(
                    "/imports/clients",
                    content=text,
                    params={"organization_id": house.practice.id, "dry_run": dry_run},
                    headers={"Content-Type": "text/csv", "X-Forwarded-For": "203.0.113.7"},
                )
                problem(response, 429, "rate_limited")
                assert int(response.headers["retry-after"]) > 0
    finally:
        sql.execute("delete from private.rate_limits where bucket = %s", [bucket])
    assert known(house, name) == []
