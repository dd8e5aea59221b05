"""Links in messages: what a GET shows, what a POST does; all that do not work look alike."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import uuid
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from notifications import links, texts

if TYPE_CHECKING:
    from collections.abc import Callable

    import respx
    from flask.testing import FlaskClient

    from kernel.settings import Settings
    from tests.functions.house import House
    from tests.stack_fixture import TestStack

ID = "0b6d7c3e-52c4-4d3f-8f0e-0a4f7a1f2b10"
FACTS = {
    "purpose": "appointment_cancel",
    "organization_name": "Practice <b>",
    "contact_email": None,
    "locale": "cs",
    "starts_at": "2026-11-23T09:00:00+00:00",
    "timezone": "Europe/Prague",
    "service_name": "Talk & listen",
    "expires_at": "2026-11-23T09:00:00+00:00",
}
BROWSER = {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def page(client: Callable[[str], FlaskClient], config: Settings) -> FlaskClient:
    assert config.link_secret
    return client("notifications")


def mocked(api: respx.MockRouter, name: str, answer: Any) -> respx.Route:
    return api.post(f"/rest/v1/rpc/{name}").mock(return_value=httpx.Response(200, json=answer))


def test_a_secret_belongs_to_a_message_and_a_purpose(config: Settings) -> None:
    assert config.link_secret
    first = links.token(ID, "appointment_cancel")
    assert first == links.token(ID, "appointment_cancel")
    others = {links.token(ID, "appointment_confirm"), links.token(str(uuid.uuid4()), "x")}
    assert first not in others
    assert len(base64.urlsafe_b64decode(first + "=")) == 32
    assert links.token_hash(first) == hashlib.sha256(first.encode()).hexdigest()


def test_45_looking_asks_and_changes_nothing(page: FlaskClient, api: respx.MockRouter) -> None:
    look = mocked(api, "look_up_link", FACTS)
    use = mocked(api, "use_link", FACTS)
    for method in ("GET", "HEAD"):
        response = page.open("/links/secret", method=method, headers=BROWSER)
        assert (response.status_code, response.content_type) == (200, "text/html; charset=utf-8")
    assert json.loads(look.calls.last.request.content) == {"token": "secret"}
    text = page.get("/links/secret", headers=BROWSER).get_data(as_text=True)
    assert texts.LANGUAGES["cs"].asks["appointment_cancel"] in text
    assert '<form method="post">' in text
    assert "23. listopadu 2026" in text
    assert "10:00" in text
    assert "Practice &lt;b&gt;" in text
    assert "Talk &amp; listen" in text
    assert page.get("/links/secret").get_json() == FACTS
    assert not use.called
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]


def test_using_does_it(page: FlaskClient, api: respx.MockRouter) -> None:
    use = mocked(api, "use_link", FACTS)
    response = page.post("/links/secret", headers=BROWSER, content_type=FORM)
    assert response.status_code == 200
    assert texts.LANGUAGES["cs"].done["appointment_cancel"] in response.get_data(as_text=True)
    assert page.post("/links/secret", json={}).get_json() == FACTS
    assert use.call_count == 2
    assert page.post("/links/secret", data=b"x", content_type="text/plain").status_code == 415


def test_44_69_what_does_not_work_looks_alike(page: FlaskClient, api: respx.MockRouter) -> None:
    mocked(api, "look_up_link", None)
    mocked(api, "use_link", None)
    bodies = set()
    for secret in ("x", "x" * 500, secrets.token_urlsafe(32), "%00", "..%2f", "'--"):
        for method in ("GET", "POST"):
            response = page.open(f"/links/{secret}", method=method, content_type=FORM)
            assert response.status_code == 404
            body = json.loads(response.data)
            body.pop("instance")
            bodies.add(json.dumps(body))
    assert len(bodies) == 1
    text = page.get("/links/x", headers=BROWSER)
    assert text.status_code == 404
    for language in texts.LANGUAGES.values():
        assert language.unusable in text.get_data(as_text=True)


def test_a_refusal_is_told(
    page: FlaskClient, api: respx.MockRouter, refused: Callable[..., httpx.Response]
) -> None:
    api.post("/rest/v1/rpc/use_link").mock(
        return_value=refused(422, "PT422", "too_late", "It is too late.", "Ask.")
    )
    response = page.post("/links/secret", content_type=FORM)
    assert (response.status_code, json.loads(response.data)["code"]) == (422, "too_late")


def test_a_refusal_is_told_to_people_in_their_language(
    page: FlaskClient, api: respx.MockRouter, refused: Callable[..., httpx.Response]
) -> None:
    use = api.post("/rest/v1/rpc/use_link")
    use.mock(return_value=refused(422, "PT422", "too_late", "It is too late.", "Ask."))
    look = mocked(api, "look_up_link", FACTS | {"contact_email": "desk@example.test"})
    response = page.post("/links/secret", headers=BROWSER, content_type=FORM)
    assert (response.status_code, response.content_type) == (422, "text/html; charset=utf-8")
    text = response.get_data(as_text=True)
    assert texts.LANGUAGES["cs"].refused in text
    assert "mailto:desk@example.test" in text
    # Gone in between, and what is no refusal: as programs are told.
    look.mock(return_value=httpx.Response(200, json=None))
    assert page.post("/links/secret", headers=BROWSER, content_type=FORM).is_json
    use.mock(return_value=refused(429, "PT429", "rate_limited", "Too many.", "Wait."))
    response = page.post("/links/secret", headers=BROWSER, content_type=FORM)
    assert (response.status_code, response.is_json) == (429, True)


# Unsubscribing -----------------------------------------------------------------------------------

WISH = {
    "kind": "appointment_reminder",
    "channel": "email",
    "organization_name": "Practice",
    "locale": "en",
}


def test_one_click_unsubscribes(page: FlaskClient, api: respx.MockRouter) -> None:
    rpc = mocked(api, "unsubscribe", WISH)
    secret = links.unsubscribe_token(ID)
    response = page.post(
        f"/unsubscribe/{secret}", data="List-Unsubscribe=One-Click", content_type=FORM
    )
    assert response.status_code == 200
    assert json.loads(rpc.calls.last.request.content) == {"message_id": ID, "confirm": True}
    response = page.post(
        f"/unsubscribe/{secret}",
        data={"List-Unsubscribe": "One-Click"},
        content_type="multipart/form-data",
    )
    assert response.status_code == 200
    response = page.get(f"/unsubscribe/{secret}", headers=BROWSER)
    assert json.loads(rpc.calls.last.request.content) == {"message_id": ID, "confirm": False}
    assert texts.LANGUAGES["en"].asks["unsubscribe"] in response.get_data(as_text=True)


def test_44_an_unsubscribe_link_is_signed(
    page: FlaskClient, api: respx.MockRouter, environment: Callable[..., None]
) -> None:
    rpc = mocked(api, "unsubscribe", WISH)
    secret = links.unsubscribe_token(ID)
    other = uuid.uuid4().bytes
    forged = base64.urlsafe_b64encode(other + secrets.token_bytes(16)).rstrip(b"=").decode()
    swapped = base64.urlsafe_b64encode(other + base64.urlsafe_b64decode(secret + "=")[16:]).rstrip(
        b"="
    )
    for wrong in (
        secret[:-1],
        secret[:-1] + ("A" if secret[-1] != "A" else "B"),
        secret + "=",
        secret + "A",
        secret.swapcase(),
        forged,
        swapped.decode(),
        "x",
        "é",
    ):
        for method in ("GET", "POST"):
            response = page.open(f"/unsubscribe/{wrong}", method=method, content_type=FORM)
            assert response.status_code == 404, wrong
    assert not rpc.called
    environment(LINK_SECRET="another-link-secret-of-more-than-32-characters")
    assert page.post(f"/unsubscribe/{secret}", content_type=FORM).status_code == 404


def test_46_links_lead_to_the_configured_origin(config: Settings) -> None:
    assert config.link_secret
    url = links.address("links", "secret")
    assert url == "https://functions.example.test/notifications/links/secret"


# On the stack ------------------------------------------------------------------------------------


def test_70_guesses_on_the_stack(stack: TestStack, house: House) -> None:
    assert house.practice.id
    url = f"{stack.functions_url}/notifications/links"
    answers = set()
    with httpx.Client() as http:
        for n in range(20):
            response = http.get(
                f"{url}/{secrets.token_urlsafe(32)}", headers={"X-Forwarded-For": f"10.0.0.{n}"}
            )
            answers.add((response.status_code, response.json()["code"]))
    assert answers <= {(404, "not_found"), (429, "rate_limited")}
