"""Video rooms on the real stack: who gets in, with which token, and when no more."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

import jwt
import pytest

from tests.functions.house import ABSENT, problem

if TYPE_CHECKING:
    from tests.functions.house import House
    from tests.stack_fixture import TestStack


@pytest.fixture
def appointment(house: House) -> dict[str, Any]:
    return house.book(service_id=house.video_service_id)


def enter(house: House, role: str | None, appointment_id: str, **headers: str) -> Any:
    return house.as_(role).post(
        "/video/rooms", json={"appointment_id": appointment_id}, headers=headers
    )


def claims_of(stack: TestStack, token: str) -> dict[str, Any]:
    if not stack.video_secret:
        pytest.skip("this stack does not tell its video secret")
    claims: dict[str, Any] = jwt.decode(
        token,
        stack.video_secret,
        algorithms=["HS256"],
        audience="jitsi",
        options={"verify_nbf": False},
    )
    return claims


@pytest.mark.parametrize(
    ("role", "is_moderator"),
    [("client", False), ("practitioner", True), ("owner", True), ("admin", True)],
)
def test_who_enters_and_as_what(
    house: House,
    stack: TestStack,
    appointment: dict[str, Any],
    role: str,
    is_moderator: bool,  # noqa: FBT001 - a case of the test
) -> None:
    response = enter(house, role, appointment["id"])
    assert response.status_code == 200, response.text
    found = response.json()
    claims = claims_of(stack, found["token"])
    assert found["moderator"] is is_moderator
    assert claims["context"]["user"]["moderator"] == ("true" if is_moderator else "false")
    assert claims["context"]["user"]["id"] == house.users[role].id
    assert claims["room"] == found["room"]
    assert found["url"].endswith(f"/{found['room']}?jwt={found['token']}")
    start, end = (dt.datetime.fromisoformat(appointment[name]) for name in ("starts_at", "ends_at"))
    assert dt.datetime.fromtimestamp(claims["nbf"], dt.UTC) == start - dt.timedelta(minutes=15)
    assert dt.datetime.fromtimestamp(claims["exp"], dt.UTC) == end + dt.timedelta(minutes=60)
    assert dt.datetime.fromisoformat(found["expires_at"]).timestamp() == claims["exp"]


def test_one_room_for_all_and_another_for_another(
    house: House, appointment: dict[str, Any]
) -> None:
    rooms = {enter(house, role, appointment["id"]).json()["room"] for role in ("client", "owner")}
    assert len(rooms) == 1
    (room,) = rooms
    assert len(room) >= 32
    assert appointment["id"].replace("-", "") not in room
    other = house.book(service_id=house.video_service_id)
    assert enter(house, "client", other["id"]).json()["room"] != room


def test_who_does_not(house: House, appointment: dict[str, Any]) -> None:
    problem(enter(house, None, appointment["id"]), 401, "unauthenticated")
    problem(enter(house, "receptionist", appointment["id"]), 403, "forbidden")
    absent = problem(enter(house, "client", ABSENT), 404, "not_found")
    for role in ("other_client", "stranger"):
        foreign = problem(enter(house, role, appointment["id"]), 404, "not_found")
        assert foreign["detail"] == absent["detail"]


@pytest.mark.parametrize("step", ["cancel", "complete", "no-show"])
def test_a_session_that_is_over_has_no_room(
    house: House, appointment: dict[str, Any], step: str
) -> None:
    assert enter(house, "client", appointment["id"]).status_code == 200
    assert house.as_("owner").post(f"/booking/{appointment['id']}/{step}").status_code == 200
    for role in ("client", "practitioner", "owner"):
        problem(enter(house, role, appointment["id"]), 409, "invalid_state")


def test_replays(house: House, appointment: dict[str, Any]) -> None:
    key = {"Idempotency-Key": str(uuid.uuid4())}
    first = enter(house, "client", appointment["id"], **key)
    again = enter(house, "client", appointment["id"], **key)
    assert first.status_code == again.status_code == 200
    assert first.json()["room"] == again.json()["room"]


@pytest.mark.parametrize("body", [{}, {"appointment_id": "x"}, {"appointment_id": None}, []])
def test_bad_input(house: House, body: Any) -> None:
    problem(house.as_("client").post("/video/rooms", json=body), 422, "invalid_argument")
