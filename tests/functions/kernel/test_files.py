"""Stored files: read and written by name, never overwritten, faults in the kernel's own words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from kernel.database import Database
from kernel.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    import respx

    from tests.stack_fixture import TestStack

SECRET_KEY = "sb_secret_test"
OBJECTS = "/storage/v1/object"


@pytest.fixture
def files(api: respx.MockRouter, environment: Callable[..., None]) -> Database:
    assert api is not None
    environment(SUPABASE_SECRET_KEY=SECRET_KEY)
    return Database(None, "request-1", is_service=True)


def test_a_file_is_read_with_its_type(files: Database, api: respx.MockRouter) -> None:
    sent = api.get(f"{OBJECTS}/invoices/a/%C5%99%20%3F.pdf").mock(
        return_value=httpx.Response(200, content=b"%PDF", headers={"content-type": "a/pdf"})
    )
    assert files.download("invoices", "a/ř ?.pdf") == (b"%PDF", "a/pdf")
    assert sent.calls.last.request.headers["apikey"] == SECRET_KEY


def test_a_file_is_stored_once(files: Database, api: respx.MockRouter) -> None:
    sent = api.post(f"{OBJECTS}/invoices/a/1.pdf").mock(
        side_effect=[
            httpx.Response(200, json={"Key": "x"}),
            httpx.Response(400, json={"statusCode": "409", "error": "Duplicate"}),
        ]
    )
    files.upload("invoices", "a/1.pdf", b"%PDF", "application/pdf")
    request = sent.calls.last.request
    assert (request.content, request.headers["content-type"]) == (b"%PDF", "application/pdf")
    assert request.headers["x-upsert"] == "false"
    with pytest.raises(Problem) as refused:
        files.upload("invoices", "a/1.pdf", b"%PDF", "application/pdf")
    assert (refused.value.status, refused.value.code) == (409, "already_exists")


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (400, {"statusCode": "404", "error": "not_found"}, "not_found"),
        (404, {}, "not_found"),
        (403, {}, "forbidden"),
        (413, {}, "payload_too_large"),
        (415, {}, "unsupported_media_type"),
        (500, {"message": "stack at /srv"}, "unavailable"),
        (400, {"statusCode": "x"}, "unavailable"),
    ],
)
def test_faults_in_our_words(
    files: Database, api: respx.MockRouter, status: int, body: dict[str, Any], code: str
) -> None:
    api.get(f"{OBJECTS}/b/x").mock(return_value=httpx.Response(status, json=body))
    with pytest.raises(Problem) as refused:
        files.download("b", "x")
    assert refused.value.code == code
    assert "srv" not in str(refused.value.detail)


@pytest.mark.parametrize("path", ["", "/x", "x/", "a//b", "../x", "a/../b", ".", "a\\b", "a\0b"])
def test_63_names_that_leave_their_folder(files: Database, path: str) -> None:
    for attempt in (
        lambda: files.download("b", path),
        lambda: files.upload("b", path, b"", "a/b"),
    ):
        with pytest.raises(ValueError, match="not the name"):
            attempt()


def test_on_the_stack(
    stack: TestStack, environment: Callable[..., None], service: httpx.Client
) -> None:
    environment(
        SUPABASE_URL=stack.api_url,
        SUPABASE_PUBLISHABLE_KEY=stack.publishable_key,
        SUPABASE_SECRET_KEY=stack.secret_key,
    )
    bucket = "kernel-files"
    service.post("/storage/v1/bucket", json={"id": bucket, "name": bucket, "public": False})
    files = Database(None, "request-1", is_service=True)
    name = f"a/{stack.port_base}-ř.txt"
    service.request("DELETE", f"/storage/v1/object/{bucket}", json={"prefixes": [name]})
    files.upload(bucket, name, b"one", "text/plain")
    with pytest.raises(Problem) as refused:
        files.upload(bucket, name, b"two", "text/plain")
    assert refused.value.code == "already_exists"
    content, media_type = files.download(bucket, name)
    assert (content, media_type.partition(";")[0]) == (b"one", "text/plain")
    with pytest.raises(Problem) as refused:
        files.download(bucket, "a/absent.txt")
    assert refused.value.code == "not_found"
    with pytest.raises(Problem):
        Database(None, "request-1").download(bucket, name)
