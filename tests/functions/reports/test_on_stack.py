"""Documents on the real stack: real files, from the announcement to the last attack on them."""

from __future__ import annotations

import base64
import hashlib
import json
import time
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
import pytest

from tests.functions.house import ABSENT, problem
from tests.functions.reports.files import (
    DOCX,
    DOCX_FILE,
    JPEG_FILE,
    ODT,
    ODT_FILE,
    PDF_FILE,
    PNG_FILE,
    TEXT_FILE,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.functions.house import House
    from tests.stack_fixture import TestStack

BUCKET = "/storage/v1/object/client-reports"
SIGNED_UPLOADS = "/storage/v1/object/upload/sign/client-reports"
PDF = "application/pdf"


@dataclass
class Desk:
    """A house whose practitioner has met its client, and short ways to its documents."""

    house: House
    stack: TestStack
    service: httpx.Client

    clients: dict[str | None, httpx.Client] = field(default_factory=dict)

    def api(self, role: str | None) -> httpx.Client:
        """The project's API, files included, as someone of the house or as nobody."""
        if role not in self.clients:
            headers = {"apikey": self.stack.publishable_key}
            if role is not None:
                headers["authorization"] = f"Bearer {self.house.users[role].token}"
            self.clients[role] = httpx.Client(
                base_url=self.stack.api_url, headers=headers, timeout=60
            )
        return self.clients[role]

    def rpc(self, role: str, name: str, **arguments: Any) -> httpx.Response:
        """Call an SQL function as someone."""
        return self.api(role).post(f"/rest/v1/rpc/{name}", json=arguments)

    def prepare(self, content: bytes = PDF_FILE, **changes: Any) -> dict[str, Any]:
        """Announce a document as the practitioner."""
        response = self.rpc(
            "practitioner",
            "prepare_client_report",
            **{
                "client_id": self.house.client_id,
                "title": "Report",
                "file_name": "report.pdf",
                "content_type": PDF,
                "size_bytes": len(content),
                **changes,
            },
        )
        assert response.status_code == 200, response.text
        report: dict[str, Any] = response.json()
        return report

    def sign_upload(self, role: str | None, path: str, **headers: str) -> httpx.Response:
        """Ask Storage for an address to upload to."""
        return self.api(role).post(f"{SIGNED_UPLOADS}/{path}", json={}, headers=headers)

    def upload(self, report: dict[str, Any], content: bytes, content_type: str = PDF) -> str:
        """Upload by a signed address; returns its token."""
        signed = self.sign_upload("practitioner", report["storage_path"])
        assert signed.status_code == 200, signed.text
        token = str(parse_qs(urlsplit(signed.json()["url"]).query)["token"][0])
        response = self.put(report["storage_path"], token, content, content_type)
        assert response.status_code == 200, response.text
        return token

    def put(self, path: str, token: str, content: bytes, content_type: str = PDF) -> httpx.Response:
        """Send a file to a signed address, as whoever has it."""
        return httpx.put(
            f"{self.stack.api_url}{SIGNED_UPLOADS}/{path}",
            params={"token": token},
            content=content,
            headers={"content-type": content_type, "apikey": self.stack.publishable_key},
        )

    def finish(self, report: dict[str, Any], role: str = "practitioner") -> httpx.Response:
        """Have the upload checked."""
        return self.house.as_(role).post(f"/reports/{report['id']}/finish")

    def stored(self, content: bytes = PDF_FILE, **changes: Any) -> dict[str, Any]:
        """Announce, upload and finish a document."""
        report = self.prepare(content, **changes)
        self.upload(report, content, report["content_type"])
        response = self.finish(report)
        assert response.status_code == 200, response.text
        found: dict[str, Any] = response.json()
        return found

    def download(self, report: dict[str, Any], role: str = "practitioner", **query: Any) -> Any:
        """Ask for a document's address."""
        return self.house.as_(role).get(f"/reports/{report['id']}/download", params=query)

    def is_there(self, path: str) -> bool:
        """Whether the file exists, asked with the secret key."""
        return self.service.get(f"{BUCKET}/{path}").status_code == 200


@pytest.fixture(scope="module")
def desk(house: House, stack: TestStack, service: httpx.Client) -> Iterator[Desk]:
    house.book()
    house.book(practitioner_id=house.practitioner_ids[1], client_id=house.other_client_id)
    made = Desk(house, stack, service)
    yield made
    for client in made.clients.values():
        client.close()


@pytest.mark.parametrize(
    ("content", "content_type", "file_name"),
    [
        (PDF_FILE, PDF, "a.pdf"),
        (PNG_FILE, "image/png", "a.png"),
        (JPEG_FILE, "image/jpeg", "a.jpg"),
        (DOCX_FILE, DOCX, "a.docx"),
        (ODT_FILE, ODT, "a.odt"),
        (TEXT_FILE, "text/plain", "a.txt"),
    ],
)
def test_a_document_of_each_kind_goes_in_and_comes_out(
    desk: Desk, content: bytes, content_type: str, file_name: str
) -> None:
    report = desk.stored(content, content_type=content_type, file_name=file_name)
    assert report["status"] == "stored"
    assert report["sha256"] == hashlib.sha256(content).hexdigest()
    answer = desk.download(report)
    assert answer.status_code == 200, answer.text
    fetched = httpx.get(answer.json()["url"])
    assert fetched.content == content
    assert fetched.headers["content-type"].startswith(content_type)
    assert fetched.headers["content-disposition"].startswith("attachment")
    # Once more is the same answer.
    assert desk.finish(report).json() == report


def test_a_file_from_a_form_is_the_same_file(desk: Desk) -> None:
    report = desk.prepare()
    token = (
        desk.sign_upload("practitioner", report["storage_path"]).json()["url"].split("token=")[1]
    )
    response = httpx.put(
        f"{desk.stack.api_url}{SIGNED_UPLOADS}/{report['storage_path']}",
        params={"token": token},
        files={"": ("report.pdf", PDF_FILE, PDF)},
        data={"cacheControl": "3600"},
        headers={"apikey": desk.stack.publishable_key},
    )
    assert response.status_code == 200, response.text
    assert desk.finish(report).json()["sha256"] == hashlib.sha256(PDF_FILE).hexdigest()


# Content that is not what it was announced as (attack 66) -----------------------------------------


@pytest.mark.parametrize(
    ("content", "announced"),
    [
        (b"<html><script>alert(1)</script></html>", PDF),
        (b"MZ\x90\x00" + bytes(60), PDF),
        (PNG_FILE, PDF),
        (PDF_FILE, "image/png"),
        (DOCX_FILE, ODT),
        (b"\x00\x01binary", "text/plain"),
        (b"PK\x03\x04not an archive", DOCX),
    ],
)
def test_another_content_than_announced_is_removed(
    desk: Desk, content: bytes, announced: str
) -> None:
    report = desk.prepare(content, content_type=announced)
    token = desk.upload(report, content, announced)
    problem(desk.finish(report), 415, "unsupported_media_type")
    assert not desk.is_there(report["storage_path"])
    # The address may still take a file, but the document takes none.
    desk.put(report["storage_path"], token, PDF_FILE if announced == PDF else content, announced)
    problem(desk.finish(report), 415, "unsupported_media_type")
    assert not desk.is_there(report["storage_path"])
    problem(desk.download(report), 409, "invalid_state")


def test_another_size_than_announced_is_removed(desk: Desk) -> None:
    report = desk.prepare(size_bytes=len(PDF_FILE) + 1)
    desk.upload(report, PDF_FILE)
    problem(desk.finish(report), 422, "invalid_argument")
    assert not desk.is_there(report["storage_path"])


def test_types_and_sizes_that_the_bucket_does_not_take(desk: Desk) -> None:
    report = desk.prepare()
    path = report["storage_path"]
    token = desk.sign_upload("practitioner", path).json()["url"].split("token=")[1]
    too_large = b"%PDF-" + bytes(26_214_400)
    for content, content_type, status in (
        (PDF_FILE, "text/html", 415),
        (PDF_FILE, "image/svg+xml", 415),
        (too_large, PDF, 413),
    ):
        response = desk.put(path, token, content, content_type)
        assert (response.status_code, response.json()["statusCode"]) in {
            (400, str(status)), (status, str(status)),
        }  # fmt: skip
        assert not desk.is_there(path)
    refused = desk.rpc(
        "practitioner", "prepare_client_report", client_id=desk.house.client_id, title="x",
        file_name="x.pdf", content_type=PDF, size_bytes=10**12,
    )  # fmt: skip
    assert (refused.status_code, refused.json()["message"]) == (422, "invalid_argument")


def test_nothing_is_finished_before_it_is_there(desk: Desk) -> None:
    report = desk.prepare()
    problem(desk.finish(report), 409, "invalid_state")
    problem(desk.download(report), 409, "invalid_state")
    assert desk.api("practitioner").get(
        "/rest/v1/client_reports", params={"id": f"eq.{report['id']}", "select": "status"}
    ).json() == [{"status": "pending"}]


# Names (attack 63) --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        lambda path: f"../{path}",
        lambda path: f"x/../{path}",
        lambda path: path.replace("/", "/../", 1),
        lambda path: path.replace("/", "%2F"),
        lambda path: path.replace("/", "%2F..%2F", 1),
        lambda path: f"%2e%2e/{path}",
        lambda path: f"%252e%252e%252f{path}",
        lambda path: path.replace("/", "\\", 1),
        lambda path: path.replace("/", "%5C", 1),
        lambda path: f"{path}%00.pdf",
        lambda path: f"{path}%00",
        lambda path: path.upper(),
        lambda path: f"{path}/",
        lambda path: f"{path}/x.pdf",
        lambda path: f"{path}%20",
        lambda path: f"{path}%E2%80%AE",
        lambda path: path.replace("v1", "v2"),
        lambda path: f"{uuid.uuid4()}/{path.partition('/')[2]}",
        lambda path: f"{path.partition('/')[0]}/{uuid.uuid4()}/{path.split('/', 2)[2]}",
        lambda path: path[:1] * 3000,
    ],
)
def test_a_file_goes_under_its_announced_name_only(desk: Desk, change: Any) -> None:
    report = desk.prepare()
    names = file_names(desk)
    for send in (ask_to_put, post_file, put_file):
        response = send(desk, change(report["storage_path"]))
        # Spellings that mean the announced name itself may be taken for it, and for nothing else.
        is_taken = response.status_code == 200 and report["storage_path"] in response.text
        assert is_taken or 400 <= response.status_code < 500, response.text
    assert file_names(desk) - names <= {report["storage_path"]}


def file_names(desk: Desk) -> set[str]:
    rows = desk.house.practice.sql.execute(
        "select name from storage.objects where bucket_id = 'client-reports'"
    )
    return {row["name"] for row in rows}


def ask_to_put(desk: Desk, path: str) -> httpx.Response:
    return raw(desk, "POST", f"{SIGNED_UPLOADS}/{path}", b"{}", "application/json")


def post_file(desk: Desk, path: str) -> httpx.Response:
    return raw(desk, "POST", f"{BUCKET}/{path}", PDF_FILE, PDF)


def put_file(desk: Desk, path: str) -> httpx.Response:
    return raw(desk, "PUT", f"{BUCKET}/{path}", PDF_FILE, PDF)


def raw(desk: Desk, method: str, target: str, content: bytes, content_type: str) -> httpx.Response:
    """Send a path exactly as spelled: clients would tidy it up."""
    client = desk.api("practitioner")
    url = httpx.URL(desk.stack.api_url).copy_with(raw_path=target.encode())
    return client.request(method, url, content=content, headers={"content-type": content_type})


# Other people's files (attack 64) -----------------------------------------------------------------


@pytest.mark.parametrize(
    "role", ["owner", "client", "receptionist", "other_client", "stranger", None]
)
def test_nobody_uploads_what_another_announced(desk: Desk, role: str | None) -> None:
    report = desk.prepare()
    path = report["storage_path"]
    client = desk.api(role)
    typed, upsert = {"content-type": PDF}, {"content-type": PDF, "x-upsert": "true"}
    for response in (
        desk.sign_upload(role, path),
        desk.sign_upload(role, path, **{"x-upsert": "true"}),
        client.post(f"{BUCKET}/{path}", content=PDF_FILE, headers=typed),
        client.post(f"{BUCKET}/{path}", content=PDF_FILE, headers=upsert),
        client.put(f"{BUCKET}/{path}", content=PDF_FILE, headers=typed),
    ):
        assert 400 <= response.status_code < 500, response.text
    assert not desk.is_there(path)
    if role is not None:
        problem(desk.finish(report, role), 404, "not_found")


@pytest.mark.parametrize(
    "role", ["practitioner", "owner", "client", "receptionist", "other_client", "stranger", None]
)
def test_a_stored_file_is_neither_listed_copied_signed_nor_changed(
    desk: Desk, role: str | None
) -> None:
    report = desk.stored(visible_to_client=True)
    path = report["storage_path"]
    folder, _, name = path.rpartition("/")
    client = desk.api(role)
    announced = desk.prepare()["storage_path"]
    moves = {"bucketId": "client-reports", "sourceKey": path, "destinationKey": announced}
    if role is not None:
        # Also right after a recorded opening, by those who may open it.
        desk.rpc(role, "view_client_report", report_id=report["id"])
    for prefix in ("", path.split("/")[0], folder, f"{folder}/"):
        listed = client.post("/storage/v1/object/list/client-reports", json={"prefix": prefix})
        assert listed.status_code >= 400 or listed.json() == [], listed.text
    signed = client.post(
        "/storage/v1/object/sign/client-reports", json={"paths": [path], "expiresIn": 60}
    )
    assert signed.status_code >= 400 or not any(
        entry.get("signedURL") for entry in signed.json()
    ), signed.text
    typed, upsert = {"content-type": PDF}, {"content-type": PDF, "x-upsert": "true"}
    for response in (
        client.post(f"/storage/v1/object/sign/client-reports/{path}", json={"expiresIn": 60}),
        client.post(f"/storage/v1/object/sign/client-reports/{path}", json={"expiresIn": 10**12}),
        client.post("/storage/v1/object/move", json=moves),
        client.post("/storage/v1/object/copy", json=moves),
        client.post(
            "/storage/v1/object/copy",
            json={**moves, "destinationBucket": "documents", "destinationKey": "x/logo/x.png"},
        ),
        client.post(f"{BUCKET}/{path}", content=b"%PDF-other", headers=typed),
        client.post(f"{BUCKET}/{path}", content=b"%PDF-other", headers=upsert),
        client.put(f"{BUCKET}/{path}", content=b"%PDF-other", headers=typed),
        desk.sign_upload(role, path, **{"x-upsert": "true"}),
    ):
        assert 400 <= response.status_code < 500, f"{response.request.url} {response.text}"
    removed = client.request(
        "DELETE", "/storage/v1/object/client-reports", json={"prefixes": [path, name]}
    )
    assert removed.status_code >= 400 or removed.json() == [], removed.text
    assert client.request("DELETE", f"{BUCKET}/{path}").status_code >= 400
    assert desk.service.get(f"{BUCKET}/{path}").content == PDF_FILE


def test_who_downloads_and_that_it_is_on_record(desk: Desk) -> None:
    report = desk.stored()
    path = report["storage_path"]
    expected = {
        "owner": (200, None),
        "admin": (200, None),
        "practitioner": (200, None),
        "receptionist": (403, "forbidden"),
        "client": (404, "not_found"),
        "other_client": (404, "not_found"),
        "stranger": (404, "not_found"),
    }
    for role, (status, code) in expected.items():
        assert desk.api(role).get(f"{BUCKET}/{path}").status_code >= 400, role
        response = desk.download(report, role)
        assert response.status_code == status, role
        if code:
            problem(response, status, code)
            assert desk.api(role).get(f"{BUCKET}/{path}").status_code >= 400, role
        else:
            # The opening is on record, so supabase-js may download it as well.
            assert desk.api(role).get(f"{BUCKET}/{path}").content == PDF_FILE, role
    assert desk.rpc(
        "owner", "set_report_visibility", report_id=report["id"], visible_to_client=True
    )
    assert desk.download(report, "client").status_code == 200
    rows = desk.api("owner").get(
        "/rest/v1/report_views",
        params={"report_id": f"eq.{report['id']}", "select": "role,viewed_by", "order": "role"},
    )
    assert [row["role"] for row in rows.json()] == ["admin", "client", "owner", "practitioner"]
    assert desk.house.users["client"].id in {row["viewed_by"] for row in rows.json()}
    problem(desk.house.as_("owner").get(f"/reports/{ABSENT}/download"), 404, "not_found")
    problem(desk.house.as_(None).get(f"/reports/{report['id']}/download"), 401, "unauthenticated")


# Signed addresses (attack 65) ---------------------------------------------------------------------


def test_an_address_is_good_for_its_file_and_its_time(desk: Desk) -> None:
    report, other = desk.stored(), desk.stored(TEXT_FILE, content_type="text/plain")
    url = desk.download(report, expires_in=60).json()["url"]
    token = parse_qs(urlsplit(url).query)["token"][0]
    assert httpx.get(url).content == PDF_FILE
    lifetime = jwt.decode(token, options={"verify_signature": False})
    assert lifetime["exp"] - lifetime["iat"] == 60
    header, claims, signature = token.split(".")
    forged_claims = {**lifetime, "exp": int(time.time()) + 10**9}
    forged = base64.urlsafe_b64encode(json.dumps(forged_claims).encode()).decode().rstrip("=")
    unsigned = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').decode().rstrip("=")
    expired = sign(desk, {**lifetime, "exp": int(time.time()) - 60})
    for wrong in (
        url.replace(token, f"{header}.{forged}.{signature}"),
        url.replace(token, f"{unsigned}.{forged}."),
        url.replace(token, f"{header}.{claims}.{signature[:-4]}AAAA"),
        url.replace(token, f"{header}.{claims}."),
        url.replace(token, ""),
        url.replace(token, desk.house.users["practitioner"].token),
        url.replace(token, expired),
        url.replace(report["storage_path"], other["storage_path"]),
        url.replace("/object/sign/", "/object/upload/sign/"),
    ):
        assert 400 <= httpx.get(wrong).status_code < 500, wrong
    upload = desk.put(report["storage_path"], token, PDF_FILE)
    assert 400 <= upload.status_code < 500


def sign(desk: Desk, claims: dict[str, Any]) -> str:
    """Sign as Storage does, which only the stack itself can."""
    if not desk.stack.jwt_secret:
        pytest.skip("this stack does not tell its secret")
    return jwt.encode(claims, desk.stack.jwt_secret, algorithm="HS256")


@pytest.mark.parametrize("wish", ["0", "59", "301", "-1", "1e12", "999999999999", "x", "60.5", ""])
def test_no_address_is_good_for_long(desk: Desk, wish: str) -> None:
    report = desk.stored()
    problem(desk.download(report, expires_in=wish), 422, "invalid_argument")


def test_a_token_for_uploading_is_good_for_one_file(desk: Desk) -> None:
    report, other = desk.prepare(), desk.prepare()
    token = desk.upload(report, PDF_FILE)
    for path in (report["storage_path"], other["storage_path"], "free.pdf"):
        response = desk.put(path, token, b"%PDF-again")
        assert 400 <= response.status_code < 500, response.text
    header, _, signature = token.split(".")
    upsert = base64.urlsafe_b64encode(
        json.dumps({"sub": report["storage_path"], "bucket": "client-reports", "upsert": True,
                    "intent": "upload", "exp": int(time.time()) + 999}).encode()
    ).decode().rstrip("=")  # fmt: skip
    forged = desk.put(report["storage_path"], f"{header}.{upsert}.{signature}", b"%PDF-again")
    assert 400 <= forged.status_code < 500
    assert desk.service.get(f"{BUCKET}/{report['storage_path']}").content == PDF_FILE


# Tidying up ---------------------------------------------------------------------------------------


def machine_token(desk: Desk, scope: str) -> dict[str, str]:
    if not desk.stack.service_token_secret:
        pytest.skip("this stack does not tell the machines' secret")
    now = int(time.time())
    token = jwt.encode(
        {"sub": "test", "aud": "praxis-functions", "scope": scope, "iat": now, "exp": now + 60},
        desk.stack.service_token_secret,
        algorithm="HS256",
    )
    return {"authorization": f"Bearer {token}"}


def sweep(desk: Desk, headers: dict[str, str]) -> httpx.Response:
    return httpx.post(f"{desk.stack.functions_url}/reports/sweep", headers=headers)


def test_orphans_are_swept_and_nothing_else(desk: Desk) -> None:
    kept, fresh = desk.stored(), desk.prepare()
    desk.upload(fresh, PDF_FILE)
    orphan = f"{desk.house.practice.id}/{uuid.uuid4()}.pdf"
    stored = desk.service.post(
        f"{BUCKET}/{orphan}", content=PDF_FILE, headers={"content-type": PDF}
    )
    assert stored.status_code == 200, stored.text
    headers = machine_token(desk, "reports:sweep")
    assert sweep(desk, headers).status_code == 200
    assert desk.is_there(orphan), "an upload on its way is no orphan"
    desk.house.practice.sql.execute(
        "update storage.objects set created_at = now() - interval '2 hours' where name = any (%s)",
        [[orphan, kept["storage_path"], fresh["storage_path"]]],
    )
    assert sweep(desk, headers).json()["removed_count"] >= 1
    assert not desk.is_there(orphan)
    assert desk.is_there(kept["storage_path"])
    assert desk.is_there(fresh["storage_path"])
    assert sweep(desk, headers).json() == {"removed_count": 0}


def test_only_the_machine_for_it_sweeps(desk: Desk) -> None:
    problem(sweep(desk, {}), 401, "unauthenticated")
    problem(sweep(desk, machine_token(desk, "notifications:run")), 403, "forbidden")
    problem(desk.house.as_("owner").post("/reports/sweep"), 401, "unauthenticated")


def test_rows_and_files_agree_after_all_this(desk: Desk) -> None:
    found = desk.house.practice.sql.execute(
        "select * from private.client_reports_violations(%s)", [desk.house.practice.id]
    ).fetchall()
    assert found == []
