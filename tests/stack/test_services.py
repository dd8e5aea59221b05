"""What a newcomer finds at the printed addresses."""

from __future__ import annotations

import email.message
import smtplib
import stat

import httpx
import pytest
from supabase import create_client

from tests.stack.conftest import run_local
from tests.stack_fixture import ROOT, TestStack

FIELDS = {
    "api_url",
    "functions_url",
    "publishable_key",
    "secret_key",
    "jwt_secret",
    "db_url",
    "studio_url",
    "mail_url",
}


@pytest.fixture(autouse=True)
def _embedded_only(stack: TestStack) -> None:
    if not stack.is_embedded:
        pytest.skip("only the embedded stack promises these")


def test_stack_file_holds_what_callers_need(stack: TestStack) -> None:
    path = stack.state / "stack.json"
    assert httpx.Response(200, content=path.read_bytes()).json().keys() >= FIELDS
    for name in ("stack.json", "secrets.json"):
        assert stat.S_IMODE((stack.state / name).stat().st_mode) == 0o600


def test_functions_page_shows_the_joined_description(stack: TestStack) -> None:
    document = httpx.get(f"{stack.functions_url}/openapi.json").json()
    for path in ("/booking", "/credits/{client_id}", "/billing/reports", "/video/rooms"):
        assert path in document["paths"]
    page = httpx.get(f"{stack.functions_url}/")
    assert page.headers["content-type"].startswith("text/html")
    assert "/billing/reports" in page.text
    assert "http://" not in page.text.replace(stack.api_url, "")


def test_unknown_function_is_a_problem_document(stack: TestStack) -> None:
    response = httpx.get(f"{stack.functions_url}/nothing")
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"


def test_dashboard_is_served_with_its_files(stack: TestStack) -> None:
    page = httpx.get(stack.studio_url)
    assert page.status_code == 200
    script = page.text.split('<script type="module" src="')[1].split('"')[0]
    assert httpx.get(stack.studio_url + script).status_code == 200


def test_dashboard_and_mail_answer_no_other_site(stack: TestStack) -> None:
    table = "/rest/v1/organizations"
    assert httpx.get(stack.studio_url + table).status_code == 200
    for headers in ({"host": "evil.test"}, {"origin": "http://evil.test"}, {"origin": "null"}):
        assert httpx.get(stack.studio_url + table, headers=headers).status_code >= 400
        assert httpx.get(f"{stack.studio_url}/_system/info", headers=headers).status_code >= 400
    assert "supabase_admin" not in httpx.get(f"{stack.studio_url}/_system/info").text
    assert httpx.get(stack.mail_url, headers={"host": "evil.test"}).status_code == 403


def test_api_gives_nothing_to_keyless_callers(stack: TestStack) -> None:
    assert httpx.get(f"{stack.api_url}/rest/v1/organizations").status_code == 401


def test_mail_is_caught_and_shown(stack: TestStack) -> None:
    message = email.message.EmailMessage()
    message["From"] = "praxis@example.test"
    message["To"] = "reader@example.test"
    message["Subject"] = "Příští úterý <script>"
    message.set_content("Na shledanou")
    with smtplib.SMTP("127.0.0.1", stack.smtp_port) as smtp:
        smtp.send_message(message)
    messages = httpx.get(f"{stack.mail_url}/api/messages?to=reader@example.test").json()
    assert messages[0]["subject"] == "Příští úterý <script>"
    assert messages[0]["text"].strip() == "Na shledanou"
    page = httpx.get(f"{stack.mail_url}/messages/{messages[0]['id']}").text
    assert "Na shledanou" in page
    assert "&lt;script&gt;" in page


def test_storage_round_trip(stack: TestStack) -> None:
    storage = create_client(stack.api_url, stack.secret_key).storage
    storage.create_bucket("stack-test")
    try:
        bucket = storage.from_("stack-test")
        bucket.upload("folder/ý.txt", b"content", {"content-type": "text/plain"})
        assert bucket.download("folder/ý.txt") == b"content"
        signed = bucket.create_signed_url("folder/ý.txt", 60)["signedURL"]
        assert signed is not None
        assert httpx.get(signed).content == b"content"
        assert httpx.get(signed[:-3] + "abc").status_code >= 400
        assert [entry["name"] for entry in bucket.list("folder")] == ["ý.txt"]
        bucket.remove(["folder/ý.txt"])
        assert bucket.list("folder") == []
    finally:
        storage.empty_bucket("stack-test")
        storage.delete_bucket("stack-test")


def test_help_lists_the_commands() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for command in ("dev", "stop", "reset", "test", "lint", "migration", "types", "help"):
        assert f"\n{command}: " in makefile


def test_reset_gives_a_fresh_database_while_running(own: TestStack) -> None:
    admin = create_client(own.api_url, own.secret_key)
    admin.auth.admin.create_user({"email": "gone@example.test", "password": "long enough"})
    assert run_local("reset", base=own.port_base).returncode == 0
    left = admin.auth.admin.list_users(page=1, per_page=1000)
    assert "gone@example.test" not in {user.email for user in left}
