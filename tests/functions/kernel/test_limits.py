"""Rate limits: borrowed from the database, per caller and class, exact to within a lease."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any, cast

import httpx
import pytest

from kernel import limits
from kernel.auth import Caller
from kernel.limits import LEASE_SIZES

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from kernel.database import Database

APPOINTMENT_ID = "0b6d7c3e-52c4-4d3f-8f0e-0a4f7a1f2b10"
OTHER_USER_ID = "7d1f6b5e-6f5b-4a77-9c38-0d3a8b7a1c22"


class Api:
    """The Data API with buckets that a test fills."""

    def __init__(self, appointment: dict[str, Any]) -> None:
        self.granted = 1000
        self.asked: list[dict[str, Any]] = []
        self.appointment = appointment

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/rpc/lease_requests"):
            wanted = json.loads(request.content)
            self.asked.append(wanted)
            granted = min(self.granted, wanted["wanted"])
            self.granted -= granted
            return httpx.Response(
                200, json={"granted": granted, "retry_after": 0 if granted else 7}
            )
        return httpx.Response(200, json=self.appointment)


@pytest.fixture
def api_with_buckets(pretend: Callable[..., None], appointment: dict[str, Any]) -> Api:
    found = Api(appointment)
    pretend(found, answers_leases=True)
    return found


def post(client: FlaskClient, headers: dict[str, str]) -> Any:
    return client.post(f"/booking/{APPOINTMENT_ID}/complete", json={}, headers=headers)


def test_a_lease_serves_several_requests(
    api_with_buckets: Api, client: Callable[[str], FlaskClient], signed_in: dict[str, str]
) -> None:
    for _ in range(LEASE_SIZES["write"]):
        assert post(client("booking"), signed_in).status_code == 200
    assert api_with_buckets.asked == [{"class": "write", "wanted": LEASE_SIZES["write"]}]
    assert post(client("booking"), signed_in).status_code == 200
    assert len(api_with_buckets.asked) == 2


def test_requests_that_ask_at_the_same_moment_share_their_leases() -> None:
    together, asked = threading.Barrier(3), []

    class Asked:
        def rpc(self, name: str, arguments: dict[str, Any], **_: Any) -> dict[str, int]:
            asked.append(name)
            if len(asked) <= 3:
                together.wait(5)
            return {"granted": arguments["wanted"], "retry_after": 0}

    leases, database = limits.Leases(), cast("Database", Asked())
    caller = Caller(OTHER_USER_ID, "token")
    threads = [
        threading.Thread(target=leases.take, args=(database, caller, "write")) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for _ in range(3 * LEASE_SIZES["write"] - 3):
        leases.take(database, caller, "write")
    assert len(asked) == 3
    leases.take(database, caller, "write")
    assert len(asked) == 4


def test_what_is_left_of_a_lease_is_forgotten_in_time(
    api_with_buckets: Api,
    client: Callable[[str], FlaskClient],
    signed_in: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "LEASE_SECONDS", -1)
    for _ in range(3):
        assert post(client("booking"), signed_in).status_code == 200
    assert len(api_with_buckets.asked) == 3


def test_an_empty_bucket_answers_429_and_when_to_come_back(
    api_with_buckets: Api, client: Callable[[str], FlaskClient], signed_in: dict[str, str]
) -> None:
    api_with_buckets.granted = 3
    answers = [post(client("booking"), signed_in) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert answers[-1].headers["Retry-After"] == "7"
    assert answers[-1].get_json()["code"] == "rate_limited"


def test_70_headers_paths_and_case_do_not_open_another_bucket(
    api_with_buckets: Api, client: Callable[[str], FlaskClient], signed_in: dict[str, str]
) -> None:
    api_with_buckets.granted = 1
    assert post(client("booking"), signed_in).status_code == 200
    variants: list[tuple[str, dict[str, str]]] = [
        (f"/booking/{APPOINTMENT_ID}/complete", {"X-Forwarded-For": "10.1.2.3"}),
        (f"/{APPOINTMENT_ID}/complete", {"Forwarded": "for=10.1.2.3"}),
        (f"/booking/{APPOINTMENT_ID.upper()}/complete/", {"X-Real-IP": "10.1.2.3"}),
        (f"/booking/{APPOINTMENT_ID}/confirm", {"X-Request-Id": "another-request"}),
    ]
    for path, headers in variants:
        answer = client("booking").post(path, json={}, headers=signed_in | headers)
        assert answer.status_code == 429, path


def test_callers_and_classes_have_buckets_of_their_own(
    api_with_buckets: Api,
    client: Callable[[str], FlaskClient],
    signed_in: dict[str, str],
    mint: Callable[..., str],
) -> None:
    post(client("booking"), signed_in)
    other = {"Authorization": f"Bearer {mint(sub=OTHER_USER_ID)}"}
    post(client("booking"), other)
    client("credits").get(f"/credits/{APPOINTMENT_ID}", headers=signed_in)
    assert [asked["class"] for asked in api_with_buckets.asked] == ["write", "write", "read"]


def test_a_stranger_takes_nothing(
    api_with_buckets: Api, client: Callable[[str], FlaskClient]
) -> None:
    assert post(client("booking"), {}).status_code == 401
    assert api_with_buckets.asked == []


def test_the_memory_of_leases_is_bounded(
    api_with_buckets: Api,
    client: Callable[[str], FlaskClient],
    mint: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "LEASES_MAX_COUNT", 3)
    for number in range(6):
        user_id = f"7d1f6b5e-6f5b-4a77-9c38-0d3a8b7a1c{number:02}"
        post(client("booking"), {"Authorization": f"Bearer {mint(sub=user_id)}"})
    assert len(limits.leases()._left) == 3
    assert len(api_with_buckets.asked) == 6
