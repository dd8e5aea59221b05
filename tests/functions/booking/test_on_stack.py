"""The booking function on the real stack: every route, every role, replays and conflicts."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from icalendar import Calendar

from tests.functions.house import ABSENT, problem

if TYPE_CHECKING:
    from tests.functions.house import House


def test_a_client_books_for_themselves(house: House) -> None:
    arguments = house.booking()
    del arguments["client_id"]
    response = house.as_("client").post("/booking", json=arguments)
    assert response.status_code == 201, response.text
    row = response.json()
    assert row["client_id"] == house.client_id
    assert row["organization_id"] == house.practice.id
    assert dt.datetime.fromisoformat(row["starts_at"]) == dt.datetime.fromisoformat(
        arguments["starts_at"]
    )
    assert (row["status"], row["payment_status"]) == ("confirmed", "unpaid")
    assert (row["price_amount"], row["currency"]) == (50_000, "CZK")
    assert row["mode"] == "in_person"
    assert row["join_url"] is None
    assert row["calendar_url"].endswith(f"/booking/{row['id']}/calendar.ics")


@pytest.mark.parametrize("role", ["owner", "admin", "receptionist", "practitioner"])
def test_staff_book_for_clients(house: House, role: str) -> None:
    response = house.as_(role).post("/booking", json=house.booking(practitioner_id=None))
    assert response.status_code == 201, response.text
    assert response.json()["practitioner_id"] in house.practitioner_ids


def test_a_client_cannot_book_for_another(house: House) -> None:
    arguments = house.booking(client_id=house.other_client_id)
    problem(house.as_("client").post("/booking", json=arguments), 404, "not_found")


def test_a_stranger_and_nobody_see_nothing(house: House) -> None:
    before = house.count("appointments")
    foreign = house.as_("stranger").post("/booking", json=house.booking())
    absent = house.as_("stranger").post("/booking", json=house.booking(service_id=ABSENT))
    assert (
        problem(foreign, 404, "not_found")["detail"] == problem(absent, 404, "not_found")["detail"]
    )
    problem(house.as_(None).post("/booking", json=house.booking()), 401, "unauthenticated")
    assert house.count("appointments") == before


def test_one_place_is_booked_once(house: House) -> None:
    row = house.book()
    body = house.booking(starts_at=row["starts_at"], client_id=house.other_client_id)
    problem(house.as_("receptionist").post("/booking", json=body), 409, "slot_taken")
    body = house.booking(starts_at=row["starts_at"], practitioner_id=house.practitioner_ids[1])
    problem(house.as_("receptionist").post("/booking", json=body), 409, "client_busy")


def test_an_overlap_is_an_explicit_decision_of_staff(house: House) -> None:
    row = house.book()
    body = house.booking(
        starts_at=row["starts_at"],
        client_id=house.other_client_id,
        allow_overlap=True,
        overlap_reason="couple in one session",
    )
    problem(house.as_("other_client").post("/booking", json=body), 403, "forbidden")
    assert house.as_("receptionist").post("/booking", json=body).status_code == 201


def test_47_replays(house: House) -> None:
    body, key = house.booking(), str(uuid.uuid4())
    client, before = house.as_("receptionist"), house.count("appointments")
    first = client.post("/booking", json=body, headers={"Idempotency-Key": key})
    again = client.post("/booking", json=body, headers={"Idempotency-Key": key})
    inside = client.post("/booking", json={**body, "idempotency_key": key})
    assert first.status_code == again.status_code == inside.status_code == 201
    assert first.json() == again.json() == inside.json()
    assert house.count("appointments") == before + 1
    other = client.post(
        "/booking", json={**body, "note": "another"}, headers={"Idempotency-Key": key}
    )
    problem(other, 422, "idempotency_mismatch")
    differing = client.post(
        "/booking", json={**body, "idempotency_key": "x"}, headers={"Idempotency-Key": key}
    )
    problem(differing, 422, "invalid_argument")
    # Another caller's key is another key.
    elsewhere = house.as_("owner").post(
        "/booking", json=house.booking(), headers={"Idempotency-Key": key}
    )
    assert elsewhere.status_code == 201


def test_reschedule(house: House) -> None:
    row, taken = house.book(), house.book()
    path, key = f"/booking/{row['id']}/reschedule", {"Idempotency-Key": str(uuid.uuid4())}
    start = house.next_start()
    moved = house.as_("client").post(path, json={"starts_at": start}, headers=key)
    assert moved.status_code == 200, moved.text
    assert moved.json()["revision"] > row["revision"]
    assert (
        moved.json()
        == house.as_("client").post(path, json={"starts_at": start}, headers=key).json()
    )
    assert dt.datetime.fromisoformat(moved.json()["starts_at"]) == dt.datetime.fromisoformat(start)
    to_taken = house.as_("receptionist").post(path, json={"starts_at": taken["starts_at"]})
    assert to_taken.status_code == 409
    problem(house.as_("stranger").post(path, json={"starts_at": start}), 404, "not_found")
    problem(house.as_("other_client").post(path, json={"starts_at": start}), 404, "not_found")
    problem(
        house.as_("receptionist").post(f"/booking/{ABSENT}/reschedule", json={"starts_at": start}),
        404,
        "not_found",
    )


def test_cancel_refunds_once(house: House) -> None:
    house.practice.top_up(house.client, 50_000)
    row = house.book()
    assert row["payment_status"] == "paid"
    path, key = f"/booking/{row['id']}/cancel", {"Idempotency-Key": str(uuid.uuid4())}
    problem(house.as_("other_client").post(path), 404, "not_found")
    cancelled = house.as_("client").post(path, json={"reason": "ill"}, headers=key)
    assert cancelled.status_code == 200, cancelled.text
    assert (cancelled.json()["status"], cancelled.json()["payment_status"]) == (
        "cancelled",
        "refunded",
    )
    entries = house.count("credit_entries")
    replay = house.as_("client").post(path, json={"reason": "ill"}, headers=key)
    assert replay.json() == cancelled.json()
    problem(house.as_("client").post(path), 409, "invalid_state")
    assert house.count("credit_entries") == entries
    house.as_("owner").post(
        f"/credits/{house.client_id}/adjust", json={"amount": -50_000, "reason": "reset"}
    )


def test_pay_with_credits(house: House) -> None:
    row = house.book()
    path = f"/booking/{row['id']}/pay"
    problem(house.as_("client").post(path), 409, "insufficient_credits")
    house.practice.top_up(house.client, 50_000)
    paid = house.as_("client").post(path)
    assert (paid.status_code, paid.json()["payment_status"]) == (200, "paid")


@pytest.mark.parametrize(
    ("steps", "status"),
    [
        (["start", "complete"], "completed"),
        (["complete"], "completed"),
        (["no-show"], "no_show"),
    ],
)
def test_the_life_of_an_appointment(house: House, steps: list[str], status: str) -> None:
    row = house.book()
    for step in steps:
        path = f"/booking/{row['id']}/{step}"
        problem(house.as_("client").post(path), 403, "forbidden")
        problem(house.as_("stranger").post(path), 404, "not_found")
        response = house.as_("practitioner").post(path)
        assert response.status_code == 200, response.text
    assert response.json()["status"] == status
    problem(house.as_("practitioner").post(f"/booking/{row['id']}/confirm"), 409, "invalid_state")


def test_confirm_what_is_pending(house: House) -> None:
    house.practice.set(auto_confirm=False)
    try:
        arguments = house.booking()
        del arguments["client_id"]
        row = house.as_("client").post("/booking", json=arguments).json()
    finally:
        house.practice.set(auto_confirm=True)
    assert row["status"] == "pending"
    problem(house.as_("client").post(f"/booking/{row['id']}/confirm"), 403, "forbidden")
    confirmed = house.as_("receptionist").post(f"/booking/{row['id']}/confirm")
    assert confirmed.json()["status"] == "confirmed"


def _series(house: House, **changes: Any) -> dict[str, Any]:
    return house.booking(occurrences=3, interval_weeks=1, **changes)


def test_a_series_is_booked_moved_and_cancelled(house: House) -> None:
    key = {"Idempotency-Key": str(uuid.uuid4())}
    body = _series(house)
    booked = house.as_("receptionist").post("/booking/blocks", json=body, headers=key)
    assert booked.status_code == 201, booked.text
    rows = booked.json()["appointments"]
    assert len(rows) == 3
    assert {row["block_id"] for row in rows} == {booked.json()["block_id"]}
    replay = house.as_("receptionist").post("/booking/blocks", json=body, headers=key)
    assert replay.json() == booked.json()

    second = rows[1]["id"]
    start = dt.datetime.fromisoformat(rows[1]["starts_at"]) + dt.timedelta(days=1, hours=1)
    moved = house.as_("receptionist").post(
        f"/booking/blocks/{second}/reschedule",
        json={"scope": "this_and_following", "starts_at": start.isoformat()},
    )
    assert moved.status_code == 200, moved.text
    assert [row["id"] for row in moved.json()["appointments"]] == [row["id"] for row in rows[1:]]

    cancelled = house.as_("client").post(
        f"/booking/blocks/{rows[0]['id']}/cancel", json={"scope": "all_future"}
    )
    assert cancelled.status_code == 200, cancelled.text
    assert {row["status"] for row in cancelled.json()["appointments"]} == {"cancelled"}
    assert len(cancelled.json()["appointments"]) == 3


def test_a_series_with_conflicts_books_nothing_and_lists_them(house: House) -> None:
    body = _series(house)
    first = dt.datetime.fromisoformat(body["starts_at"])
    house.book(
        starts_at=(first + dt.timedelta(weeks=1)).isoformat(), client_id=house.other_client_id
    )
    before = house.count("appointments")
    refused = house.as_("receptionist").post("/booking/blocks", json=body)
    found = problem(refused, 409, "slot_taken")
    assert house.count("appointments") == before
    (conflict,) = found["errors"]
    assert (conflict["occurrence"], conflict["code"]) == (2, "slot_taken")
    assert dt.datetime.fromisoformat(conflict["starts_at"]) == first + dt.timedelta(weeks=1)

    skipping = house.as_("receptionist").post(
        "/booking/blocks", json={**body, "skip_conflicts": True}
    )
    assert skipping.status_code == 201, skipping.text
    assert len(skipping.json()["appointments"]) == 2


def test_the_calendar_entry(house: House) -> None:
    row = house.book(note="Bring a towel")
    path = f"/booking/{row['id']}/calendar.ics"
    house.practice.sql.execute(
        "update public.clients set timezone = 'America/New_York' where id = %s", [house.client_id]
    )

    def event(role: str) -> Any:
        response = house.as_(role).get(path)
        assert response.status_code == 200, response.text
        assert response.headers["content-type"].startswith("text/calendar")
        (found,) = Calendar.from_ical(response.content).walk("VEVENT")
        return found, response.content

    before, raw = event("client")
    assert b"DTSTART;TZID=America/New_York:" in raw
    assert before["uid"] == f"{row['id']}@praxis"
    assert before["dtstart"].dt == dt.datetime.fromisoformat(row["starts_at"])
    assert before["organizer"] == "mailto:desk@house.test"
    assert before["attendee"] == f"mailto:{house.users['client'].email}"
    assert b"DTSTART;TZID=Europe/Prague:" in event("receptionist")[1]

    house.as_("receptionist").post(
        f"/booking/{row['id']}/reschedule", json={"starts_at": house.next_start()}
    )
    moved, _ = event("client")
    assert moved["uid"] == before["uid"]
    assert moved["sequence"] > before["sequence"]
    house.as_("receptionist").post(f"/booking/{row['id']}/cancel")
    cancelled, raw = event("client")
    assert b"METHOD:CANCEL" in raw
    assert cancelled["uid"] == before["uid"]
    assert cancelled["sequence"] > moved["sequence"]

    for role in ("stranger", "other_client"):
        problem(house.as_(role).get(path), 404, "not_found")
    problem(house.as_(None).get(path), 401, "unauthenticated")
    problem(house.as_("owner").get(f"/booking/{ABSENT}/calendar.ics"), 404, "not_found")


@pytest.mark.parametrize(
    "changes",
    [
        {"starts_at": "2026-11-23T10:00:00"},
        {"starts_at": "2999-01-01T10:00:00Z"},
        {"service_id": "x"},
        {"occurrences": 2},
        {"note": "x" * 3000},
    ],
)
def test_bad_input_changes_nothing(house: House, changes: dict[str, Any]) -> None:
    before = house.count("appointments")
    response = house.as_("receptionist").post("/booking", json=house.booking(**changes))
    assert response.status_code == 422, response.text
    assert response.json()["code"] in {"invalid_argument", "outside_working_hours"}
    assert house.count("appointments") == before
