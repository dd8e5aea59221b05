"""The attacks of the threat list, each made over HTTP with real tokens.

Most of them have been tested where the code is: attacks.csv names, for every number, the tests that
make that attack, here or elsewhere, or the issue that will bring what it is about. What stands here
is what no other file did over HTTP against the Data API, as an attacker would.
"""

from __future__ import annotations

import ast
import csv
import datetime as dt
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest

from tests.concurrency.practice import Practice, monday
from tests.conftest import ClientFor, Connection, User
from tests.functions.house import ABSENT, House, problem
from tests.stack_fixture import ROOT, TestStack

TABLE = Path(__file__).with_name("attacks.csv")
# 29 was never given out.
NUMBERS = [n for n in range(1, 72) if n != 29]
# What a stranger could look for, with a column that says something.
TABLES = {
    "appointments": "note",
    "clients": "given_name",
    "client_notes": "body",
    "credit_entries": "reason",
    "members": "display_name",
    "organization_settings": "default_locale",
    "practitioners": "display_name",
    "services": "name",
    "working_hours": "weekday",
    "time_off": "reason",
}


@dataclass
class Scene:
    """The house, full of things to steal, and somebody of another organization."""

    house: House
    rest: ClientFor
    appointment: dict[str, Any]
    foreign: Practice

    def as_(self, role: str | None) -> httpx.Client:
        """The Data API as someone of the house, as the stranger, or as nobody."""
        return self.rest(None if role is None else self.house.users[role])

    @property
    def organization_id(self) -> str:
        """The house's organization."""
        return self.house.practice.id

    def rows(self, table: str) -> list[Any]:
        """Return what the house has in a table."""
        statement = f"select to_json(t) as row from public.{table} as t where organization_id = %s"
        found = self.house.practice.sql.execute(statement.encode(), [self.organization_id])
        return sorted((row["row"] for row in found.fetchall()), key=json.dumps)


@pytest.fixture(scope="module")
def scene(house: House, rest: ClientFor) -> Scene:
    """Fill the house."""
    practice = house.practice
    practice.top_up(house.client, 500_000)
    appointment = house.book(note="between us")
    practice.sql.execute(
        "insert into public.client_notes (organization_id, client_id, body)"
        " values (%s, %s, 'not for clients')",
        [practice.id, house.client_id],
    )
    practice.sql.execute(
        "insert into public.time_off (organization_id, practitioner_id, during, reason)"
        " values (%s, %s, tstzrange(now() - interval '2 days', now() - interval '1 day'), 'ill')",
        [practice.id, house.practitioner_ids[0]],
    )
    row = practice.one(
        "select organization_id from public.members where user_id = %s",
        [house.users["stranger"].id],
    )
    foreign = object.__new__(Practice)
    foreign.sql, foreign.id = practice.sql, str(row["organization_id"])
    foreign.location_id = str(
        foreign.one("select id from public.locations where organization_id = %s", [foreign.id])[
            "id"
        ]
    )
    return Scene(house, rest, appointment, foreign)


# ------------------------------------------------------------------------------- tenant isolation


@pytest.mark.parametrize("who", ["stranger", None])
@pytest.mark.parametrize("table", TABLES)
def test_attack_01_foreign_rows_by_every_filter(scene: Scene, table: str, who: str | None) -> None:
    rows = scene.rows(table)
    assert rows
    column = TABLES[table]
    key = "id" if "id" in rows[0] else "organization_id"
    value = rows[0][key]
    filters: list[dict[str, str]] = [
        {key: f"eq.{value}"},
        {"or": f"({key}.eq.{value},{key}.is.null)"},
        {key: f"in.({value},{ABSENT})"},
        {"organization_id": f"eq.{scene.organization_id}"},
        {"organization_id": f"eq.{scene.organization_id}", "order": f"{column}.desc"},
        {"not.and": "(organization_id.is.null)", "organization_id": f"eq.{scene.organization_id}"},
    ]
    if isinstance(rows[0][column], str):
        filters.append({column: "like.*", "organization_id": f"eq.{scene.organization_id}"})
    for parameters in filters:
        response = scene.as_(who).get(
            f"/{table}", params=parameters, headers={"Range": "0-9", "Range-Unit": "items"}
        )
        seen = response.text if response.status_code < 300 else "[]"
        assert response.status_code < 500
        assert str(value) not in seen, (parameters, seen)
        if who is None:
            assert response.status_code in {401, 403}
        else:
            assert (response.status_code, response.json()) == (200, []), parameters


@pytest.mark.parametrize("table", TABLES)
def test_attack_02_counting_foreign_rows(scene: Scene, table: str) -> None:
    for method in ("HEAD", "GET"):
        response = scene.as_("stranger").request(
            method,
            f"/{table}",
            params={"organization_id": f"eq.{scene.organization_id}"},
            headers={"Prefer": "count=exact"},
        )
        assert response.status_code == 200
        assert response.headers["content-range"].endswith("/0")


def test_attack_03_writing_into_a_foreign_organization(scene: Scene) -> None:
    practitioner = scene.house.practitioner_ids[0]
    attempts: dict[str, dict[str, Any]] = {
        "clients": {"given_name": "Spy", "family_name": "Spy"},
        "services": {"name": "Free", "duration_minutes": 60},
        "locations": {"name": "Annexe", "timezone": "UTC"},
        "practitioners": {"display_name": "Dr Spy"},
        "client_notes": {"client_id": scene.house.client_id, "body": "spied"},
        "working_hours": {
            "practitioner_id": practitioner,
            "location_id": scene.house.practice.location_id,
            "weekday": 1,
            "start_time": "08:00",
            "end_time": "09:00",
        },
        "time_off": {"during": "[2030-01-01,2031-01-01)", "practitioner_id": practitioner},
    }
    for table, values in attempts.items():
        before = scene.rows(table)
        row = {"organization_id": scene.organization_id, **values}
        response = scene.as_("stranger").post(f"/{table}", json=row)
        assert (response.status_code, response.json()["code"]) == (403, "42501"), table
        assert scene.rows(table) == before


def test_attack_04_moving_rows_between_organizations(scene: Scene) -> None:
    own = scene.foreign.client(logins=False)
    for table, row_id in (("clients", own.id), ("locations", scene.foreign.location_id)):
        response = scene.as_("stranger").patch(
            f"/{table}",
            params={"id": f"eq.{row_id}"},
            json={"organization_id": scene.organization_id},
        )
        assert (response.status_code, response.json()["code"]) == (403, "42501")


def test_attack_05_changing_foreign_rows(scene: Scene) -> None:
    changes = {
        "clients": {"given_name": "Mallory"},
        "services": {"name": "Mallory"},
        "organization_settings": {"booking_horizon_days": 1},
        "working_hours": {"weekday": 7},
        "client_notes": {"body": "Mallory"},
    }
    for table, change in changes.items():
        before = scene.rows(table)
        where = {"organization_id": f"eq.{scene.organization_id}"}
        shown = {"Prefer": "return=representation"}
        stranger = scene.as_("stranger")
        patched = stranger.patch(f"/{table}", params=where, json=change, headers=shown)
        assert (patched.status_code, patched.json()) == (200, [])
        if table != "organization_settings":
            deleted = stranger.delete(f"/{table}", params=where, headers=shown)
            assert (deleted.status_code, deleted.json()) == (200, [])
        assert scene.rows(table) == before


def test_attack_06_own_rows_that_point_at_foreign_ones(scene: Scene) -> None:
    [mine] = scene.foreign.practitioners(1, always=False)
    base = {
        "organization_id": scene.foreign.id,
        "practitioner_id": mine,
        "location_id": scene.foreign.location_id,
        "weekday": 1,
        "start_time": "08:00",
        "end_time": "09:00",
    }
    foreign = {
        "practitioner_id": scene.house.practitioner_ids[0],
        "location_id": scene.house.practice.location_id,
    }
    for column, value in foreign.items():
        answers = [
            scene.as_("stranger").post("/working_hours", json={**base, column: tried})
            for tried in (value, ABSENT)
        ]
        statuses = {(r.status_code, r.json()["code"], r.json()["message"]) for r in answers}
        assert len(statuses) == 1
        assert answers[0].status_code == 409


def test_attack_07_embedding_foreign_rows(scene: Scene) -> None:
    """A client reads the service and, through it, everybody's appointments: only the own ones."""
    scene.house.book(client_id=scene.house.other_client_id)
    paths = {
        "/services": "id,appointments(client_id)",
        "/practitioners": "id,appointments(client_id)",
        "/rooms": "id,appointments(client_id)",
        "/organizations": "id,appointments(client_id),members(id),clients(id)",
    }
    for path, select in paths.items():
        response = scene.as_("client").get(path, params={"select": select})
        assert response.status_code < 500
        assert scene.house.other_client_id not in response.text, path
        if response.status_code == 200:
            assert all(not row.get("members") for row in response.json())
    response = scene.as_("stranger").get("/services", params={"select": "id,appointments(id)"})
    assert scene.appointment["id"] not in response.text


def test_attack_08_upserting_a_foreign_key(scene: Scene) -> None:
    before = scene.rows("clients")
    row = {
        "id": scene.house.client_id,
        "organization_id": scene.foreign.id,
        "given_name": "Mallory",
        "family_name": "Mallory",
    }
    for resolution in ("merge-duplicates", "ignore-duplicates"):
        response = scene.as_("stranger").post(
            "/clients",
            json=row,
            headers={"Prefer": f"resolution={resolution},return=representation"},
        )
        assert response.status_code in {403, 409}, response.text
        assert "Mallory" not in json.dumps(scene.rows("clients"))
    assert scene.rows("clients") == before


def test_attack_11_archived_clients_are_not_offered(scene: Scene) -> None:
    desk = scene.as_("receptionist")
    client = scene.house.practice.client(logins=False)
    scene.house.practice.sql.execute(
        "update public.clients set given_name = 'Zebulon' where id = %s", [client.id]
    )
    arguments = {"query": "zebulon", "organization_id": scene.organization_id}
    assert len(desk.post("/rpc/search_clients", json=arguments).json()) == 1
    archived = desk.post("/rpc/archive_client", json={"client_id": client.id})
    assert archived.status_code == 200
    assert desk.post("/rpc/search_clients", json=arguments).json() == []
    refused = desk.post("/rpc/book_appointment", json=scene.house.booking(client_id=client.id))
    assert (refused.status_code, refused.json()["message"]) == (409, "invalid_state")


def test_attack_12_bulk_changes_without_a_filter(scene: Scene) -> None:
    own = scene.foreign.client(logins=False)
    before = {table: scene.rows(table) for table in ("clients", "services")}
    stranger = scene.as_("stranger")
    shown = {"Prefer": "return=representation"}
    patched = stranger.patch("/clients", json={"phone": "+420000"}, headers=shown)
    if patched.status_code == 200:
        assert own.id in {row["id"] for row in patched.json()}
        assert {row["organization_id"] for row in patched.json()} == {scene.foreign.id}
    deleted = stranger.delete("/services", headers=shown)
    assert deleted.status_code < 500
    assert {table: scene.rows(table) for table in before} == before


def test_attack_13_naming_the_wrong_one_of_two_organizations(
    scene: Scene, fresh_user: Callable[[], User]
) -> None:
    """Somebody who owns one practice and is a client of the other mixes the two up."""
    user = fresh_user()
    own = Practice(scene.house.practice.sql, owner_id=user.id)
    people = own.practitioners()
    service = own.service(people)
    client = scene.house.practice.client(logins=False)
    scene.house.practice.sql.execute(
        "update public.clients set user_id = %s where id = %s", [user.id, client.id]
    )
    both = scene.rest(user)
    mixed = [
        {**scene.house.booking(client_id=None), "client_id": own.client().id},
        {**scene.house.booking(client_id=client.id), "practitioner_id": people[0]},
        {"service_id": service, "starts_at": monday().isoformat(), "client_id": client.id},
    ]
    for arguments in mixed:
        response = both.post("/rpc/book_appointment", json=arguments)
        assert (response.status_code, response.json()["message"]) == (404, "not_found")
    response = both.post(
        "/rpc/create_billing_report",
        json={
            "period_start": "2026-01-01",
            "period_end": "2026-02-01",
            "organization_id": scene.organization_id,
        },
    )
    assert response.status_code in {403, 404}
    absent = both.post(
        "/rpc/search_clients", json={"query": "client", "organization_id": ABSENT}
    ).json()
    foreign = both.post(
        "/rpc/search_clients", json={"query": "client", "organization_id": scene.foreign.id}
    ).json()
    assert absent == foreign


# --------------------------------------------------------------------------------------- escalation


def test_attack_14_signing_up_as_somebody_important(scene: Scene, stack: TestStack) -> None:
    wishes = {
        "role": "owner",
        "organization_id": scene.organization_id,
        "app_metadata": {"role": "service_role"},
        "is_super_admin": True,
    }
    with httpx.Client(
        base_url=f"{stack.api_url}/auth/v1", headers={"apikey": stack.publishable_key}, timeout=60
    ) as auth:
        made = auth.post(
            "/signup",
            json={
                "email": f"attack14-{dt.datetime.now(dt.UTC).timestamp()}@example.test",
                "password": "a-long-password-14",
                "data": wishes,
                **wishes,
            },
        )
        assert made.status_code == 200, made.text
        bearer = {"authorization": f"Bearer {made.json()['access_token']}"}
        changed = auth.put("/user", json={"data": wishes, **wishes}, headers=bearer)
        assert changed.status_code < 500
        claims = jwt.decode(made.json()["access_token"], options={"verify_signature": False})
        assert claims["role"] == "authenticated"
        rest = f"{stack.api_url}/rest/v1"
        for table in ("members", "clients", "appointments", "organization_settings"):
            assert auth.get(f"{rest}/{table}", headers=bearer).json() == []
        identity = auth.post(f"{rest}/rpc/current_identity", json={}, headers=bearer)
        assert scene.organization_id not in identity.text


@pytest.mark.parametrize("who", ["receptionist", "practitioner", "admin", "client", "stranger"])
def test_attack_15_changing_ones_own_role(scene: Scene, who: str) -> None:
    before = scene.rows("members")
    user = scene.house.users[who]
    response = scene.as_(who).patch(
        "/members", params={"user_id": f"eq.{user.id}"}, json={"role": "owner"}
    )
    assert (response.status_code, response.json()["code"]) == (403, "42501")
    for row in before:
        if row["user_id"] == user.id:
            raised = scene.as_(who).post(
                "/rpc/set_member_role", json={"member_id": row["id"], "role": "owner"}
            )
            assert raised.status_code in {403, 404}
    assert scene.rows("members") == before


@pytest.mark.parametrize("who", ["admin", "client", "stranger"])
def test_attack_16_making_oneself_an_owner(scene: Scene, who: str) -> None:
    before = scene.rows("members")
    response = scene.as_(who).post(
        "/members",
        json={
            "organization_id": scene.organization_id,
            "user_id": scene.house.users[who].id,
            "role": "owner",
            "display_name": "Me",
        },
    )
    assert (response.status_code, response.json()["code"]) == (403, "42501")
    assert scene.rows("members") == before


@pytest.mark.parametrize("who", ["owner", "receptionist", "client"])
def test_attack_17_writing_what_the_server_owns(scene: Scene, who: str) -> None:
    api = scene.as_(who)
    appointment_id = scene.appointment["id"]
    for change in (
        {"status": "completed"},
        {"payment_status": "paid"},
        {"price_amount": 0},
        {"client_id": scene.house.other_client_id},
        {"revision": 99},
        {"cancelled_at": None},
        {"created_at": "2000-01-01T00:00:00Z"},
        {"note": "fine", "price_amount": 0},
    ):
        response = api.patch("/appointments", params={"id": f"eq.{appointment_id}"}, json=change)
        assert (response.status_code, response.json()["code"]) == (403, "42501"), change
    entry = {
        "organization_id": scene.organization_id,
        "client_id": scene.house.client_id,
        "kind": "top_up",
        "amount": 1_000_000,
        "currency": "CZK",
    }
    for method, path, body in (
        ("POST", "/credit_entries", entry),
        ("PATCH", "/credit_entries?amount=gt.0", {"amount": 9}),
        ("DELETE", "/credit_entries?amount=gt.0", None),
        ("PATCH", "/credit_accounts?balance_amount=gte.0", {"balance_amount": 10**9}),
        ("POST", "/appointments", {"organization_id": scene.organization_id}),
        ("PATCH", "/organizations?id=not.is.null", {"currency": "EUR"}),
        ("PATCH", "/clients?id=not.is.null", {"user_id": scene.house.users[who].id}),
    ):
        response = api.request(method, path, json=body)
        assert (response.status_code, response.json()["code"]) == (403, "42501"), path
    assert scene.house.practice.balance(scene.house.client) < 1_000_000


def test_attack_18_unknown_columns(scene: Scene) -> None:
    owner = scene.as_("owner")
    for table in ("clients", "services", "organization_settings"):
        response = owner.patch(
            f"/{table}",
            params={"organization_id": f"eq.{scene.organization_id}"},
            json={"is_admin": True},
        )
        assert response.status_code == 400, table
    made = owner.post("/services", json={"organization_id": scene.organization_id, "x; drop": 1})
    assert made.status_code == 400


def test_attack_19_reading_secrets_in_every_way(scene: Scene) -> None:
    owner = scene.as_("owner")
    made = owner.post(
        "/rpc/create_invitation",
        json={
            "email": "attack19@example.test",
            "role": "receptionist",
            "organization_id": scene.organization_id,
        },
    )
    assert made.status_code == 200
    csv_wanted = {"Accept": "text/csv"}
    ways: list[tuple[str, str, dict[str, str]]] = [
        ("GET", "/invitations?select=token_hash", {}),
        ("GET", "/invitations?select=*", {}),
        ("GET", "/invitations?select=*", csv_wanted),
        ("GET", "/invitations?select=id&token_hash=not.is.null", {}),
        ("GET", "/invitations?select=id&order=token_hash", {}),
        ("GET", "/organizations?select=id,invitations(token_hash)", {}),
    ]
    for method, path, headers in ways:
        response = owner.request(method, path, headers=headers)
        assert response.status_code in {200, 400, 401, 403}, path
        assert "\\x" not in response.text, path
        if "token_hash" in path:
            assert response.status_code == 403, path
    for path in (
        "/client_notes?select=body",
        "/clients?select=id,client_notes(body)",
        "/client_notes?select=id&body=like.*clients*",
        "/client_notes?select=id&order=body",
    ):
        response = scene.as_("client").get(path)
        assert "not for clients" not in response.text
        assert response.status_code < 500
        if response.status_code == 200:
            assert all(row in ({}, []) or not row.get("client_notes") for row in response.json())


def test_attack_20_the_last_owner_stays(scene: Scene) -> None:
    [owner] = [row for row in scene.rows("members") if row["role"] == "owner"]
    api = scene.as_("owner")
    for path, body in (
        ("/rpc/remove_member", {"member_id": owner["id"]}),
        ("/rpc/set_member_role", {"member_id": owner["id"], "role": "admin"}),
    ):
        response = api.post(path, json=body)
        assert (response.status_code, response.json()["message"]) == (409, "last_owner")
    assert [row for row in scene.rows("members") if row["role"] == "owner"] == [owner]


def test_attack_21_invitations_are_for_one_person_and_once(
    scene: Scene, fresh_user: Callable[[], User]
) -> None:
    invited, other = fresh_user(), fresh_user()

    def invite(email: str) -> str:
        response = scene.as_("owner").post(
            "/rpc/create_invitation",
            json={
                "email": email,
                "role": "receptionist",
                "organization_id": scene.organization_id,
            },
        )
        assert response.status_code == 200, response.text
        return str(response.json()["token"])

    def accept(user: User, token: str) -> tuple[int, str]:
        response = scene.rest(user).post("/rpc/accept_invitation", json={"token": token})
        return response.status_code, "" if response.is_success else response.json()["message"]

    token = invite(invited.email)
    assert accept(other, token)[0] in {403, 410}
    assert accept(invited, token) == (200, "")
    assert accept(invited, token) == (410, "invitation_unusable")
    assert accept(other, token)[0] in {403, 410}
    expired = invite(other.email)
    scene.house.practice.sql.execute(
        "update public.invitations set created_at = created_at - interval '9 days',"
        " expires_at = expires_at - interval '8 days' where email = %s and organization_id = %s",
        [other.email, scene.organization_id],
    )
    assert accept(other, expired) == (410, "invitation_unusable")
    assert accept(other, "x" * 43) == (410, "invitation_unusable")
    # Over an account that is there already: the member keeps role and name.
    again = invite(invited.email)
    before = [row for row in scene.rows("members") if row["user_id"] == invited.id]
    assert accept(invited, again)[0] >= 400
    assert [row for row in scene.rows("members") if row["user_id"] == invited.id] == before


def test_attack_22_a_removed_member_sees_nothing_at_once(
    scene: Scene, fresh_user: Callable[[], User]
) -> None:
    user = fresh_user()
    scene.house.practice.member("admin", user.id)
    api = scene.rest(user)
    assert api.get("/clients").json() != []
    [member] = [row for row in scene.rows("members") if row["user_id"] == user.id]
    removed = scene.as_("owner").post("/rpc/remove_member", json={"member_id": member["id"]})
    assert removed.is_success
    for table in TABLES:
        assert api.get(f"/{table}").json() == [], table
    changed = api.patch(
        "/clients?id=not.is.null",
        json={"phone": "+1"},
        headers={"Prefer": "return=representation"},
    )
    assert changed.json() == []
    refused = api.post("/rpc/cancel_appointment", json={"appointment_id": scene.appointment["id"]})
    assert (refused.status_code, refused.json()["message"]) == (404, "not_found")


# ---------------------------------------------------------------------------------------------- RPC


def functions_of(sql: Connection, schema: str, volatility: str) -> list[str]:
    """Return the functions of a schema that are (in)stable enough."""
    rows = sql.execute(
        "select distinct p.proname::text as name from pg_catalog.pg_proc as p"
        " where p.pronamespace = %s::regnamespace and p.provolatile = any (%s)"
        " and p.prorettype <> 'trigger'::regtype order by 1",
        [schema, list(volatility)],
    ).fetchall()
    return [str(row["name"]) for row in rows]


def test_attack_24_foreign_arguments_of_definers(scene: Scene) -> None:
    stranger, appointment_id = scene.as_("stranger"), scene.appointment["id"]
    when = monday(3).isoformat()
    calls: list[tuple[str, str, dict[str, Any]]] = [
        ("cancel_appointment", "appointment_id", {}),
        ("reschedule_appointment", "appointment_id", {"starts_at": when}),
        ("cancel_block", "appointment_id", {"scope": "all_future"}),
        ("reschedule_block", "appointment_id", {"scope": "this", "starts_at": when}),
        ("confirm_appointment", "appointment_id", {}),
        ("complete_appointment", "appointment_id", {}),
        ("mark_no_show", "appointment_id", {}),
        ("pay_appointment", "appointment_id", {}),
        ("open_video_room", "appointment_id", {}),
        ("adjust_credits", "client_id", {"amount": 1, "reason": "mine"}),
        ("archive_client", "client_id", {}),
        ("find_slots", "service_id", {"from_date": "2026-01-01", "to_date": "2026-01-02"}),
        ("book_appointment", "service_id", {"starts_at": when}),
        (
            "set_booking_activation",
            "practitioner_id",
            {"from_date": "2026-01-01", "to_date": "2026-01-02", "is_open": True},
        ),
    ]
    values = {
        "appointment_id": appointment_id,
        "client_id": scene.house.client_id,
        "service_id": scene.house.service_id,
        "practitioner_id": scene.house.practitioner_ids[0],
    }
    for function, name, arguments in calls:
        answers = [
            stranger.post(f"/rpc/{function}", json={**arguments, name: value})
            for value in (values[name], ABSENT)
        ]
        assert [r.status_code for r in answers] == [404, 404], function
        # Absent and foreign are not told apart by a single letter.
        assert answers[0].json() == answers[1].json(), function


def test_attack_25_the_private_schema_is_not_there(scene: Scene) -> None:
    owner = scene.as_("owner")
    hidden = functions_of(scene.house.practice.sql, "private", "isv")
    assert len(hidden) > 20
    for name in hidden:
        assert owner.post(f"/rpc/{name}", json={}).status_code == 404, name
    for headers in ({"Content-Profile": "private"}, {"Accept-Profile": "private"}):
        method = "POST" if "Content-Profile" in headers else "GET"
        path = "/rpc/create_token" if method == "POST" else "/idempotency_keys"
        response = owner.request(
            method, path, headers=headers, json={} if method == "POST" else None
        )
        assert response.status_code in {404, 406}
    for path in ("/private.idempotency_keys", "/rpc/private.create_token", "/auth.users"):
        assert owner.get(path).status_code in {404, 405}


def test_attack_26_writing_by_get(scene: Scene) -> None:
    owner = scene.as_("owner")
    before = scene.rows("appointments")
    found = functions_of(scene.house.practice.sql, "public", "v")
    assert len(found) > 15
    for name in found:
        response = owner.get(f"/rpc/{name}", params={"appointment_id": scene.appointment["id"]})
        assert response.status_code in {404, 405}, name
    cancelled = owner.get(
        "/rpc/cancel_appointment", params={"appointment_id": scene.appointment["id"]}
    )
    assert cancelled.status_code == 405
    assert scene.rows("appointments") == before


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"nonsense": 1},
        {"appointment_id": "not-a-uuid"},
        {"appointment_id": ["x"]},
        {"appointment_id": {"a": 1}},
        {"appointment_id": 1},
        {"appointment_id": True},
        {"appointment_id": ABSENT, "extra": 1},
        {"Appointment_Id": ABSENT},
        {"appointment_id; drop table x": 1},
    ],
)
def test_attack_27_wrong_arguments(scene: Scene, arguments: dict[str, Any]) -> None:
    for name in functions_of(scene.house.practice.sql, "public", "isv"):
        response = scene.as_("owner").post(f"/rpc/{name}", json=arguments)
        assert response.status_code < 500, (name, response.text)


@pytest.mark.parametrize("value", [0, 1.5, True, {}, {"a": [1]}, [], [[1]], 2**70])
def test_attack_27_numbers_and_lists_for_times(scene: Scene, value: Any) -> None:
    owner = scene.as_("owner")
    slots = {"service_id": scene.house.service_id, "from_date": value, "to_date": "2026-12-31"}
    tried = [
        owner.post("/rpc/find_slots", json=slots),
        owner.post("/rpc/book_appointment", json=scene.house.booking(starts_at=value)),
        owner.post("/rpc/set_quiet_hours", json={"start_time": value, "end_time": "07:00"}),
    ]
    for response in tried:
        assert 400 <= response.status_code < 500, response.text
    if not isinstance(value, list):
        changed = owner.patch(
            "/billing_settings",
            params={"organization_id": f"eq.{ABSENT}"},
            json={"reminder_after_days": value},
        )
        assert changed.status_code == 400, changed.text


@pytest.mark.parametrize(
    "query",
    [
        "order=id;drop table public.clients",
        "order=(select 1)",
        "id=eq.1;select pg_sleep(1)",
        "select=id,pg_sleep(1)",
        "select=*,(select 1)",
        "id=eq.' or 1=1 --",
        "or=(id.eq.1) or (1=1",
        "given_name=eq.$$;select 1",
        "limit=1;select 1",
        "offset=-1",
    ],
)
def test_attack_28_sql_in_the_address(scene: Scene, query: str) -> None:
    response = scene.as_("stranger").get(f"/clients?{query}")
    assert response.status_code in {200, 206, 400, 404, 416}, response.text
    assert scene.house.client_id not in response.text
    assert scene.rows("clients")


def test_attack_28_sql_in_arguments_is_text(scene: Scene) -> None:
    desk = scene.as_("receptionist")
    for text in ("' or ''='", "%'; select pg_sleep(1); --", "$$ || $$", "\\'; drop table x", "%_%"):
        response = desk.post(
            "/rpc/search_clients",
            json={"query": text, "organization_id": scene.organization_id},
        )
        assert response.status_code in {200, 422}, response.text
        if response.status_code == 200:
            assert response.json() == []


# ---------------------------------------------------------------------------------------- the rest


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:1", "a:b@c"])
def test_attack_46_links_have_a_fixed_origin(scene: Scene, stack: TestStack, host: str) -> None:
    response = scene.house.as_("receptionist").post(
        "/booking",
        json=scene.house.booking(),
        headers={
            "X-Forwarded-Host": host,
            "X-Forwarded-Proto": "gopher",
            "Forwarded": f"host={host}",
        },
    )
    assert response.status_code == 201
    assert host not in response.text
    assert response.json()["calendar_url"].startswith(stack.functions_url)


@pytest.mark.parametrize(
    "during",
    [
        "empty",
        "[2030-01-02,2030-01-01)",
        "[2030-01-01,2030-01-01)",
        "(,2030-01-01)",
        "[2030-01-01,)",
        "(,)",
        "[-infinity,2030-01-01)",
        "[2030-01-01,infinity)",
        "(2030-01-01,2030-01-02]",
        "nonsense",
        "[2030-02-30,2030-03-01)",
        None,
    ],
)
def test_attack_49_intervals_that_are_none(scene: Scene, during: str | None) -> None:
    before = scene.rows("time_off")
    for table, more in (
        ("time_off", {}),
        (
            "extra_hours",
            {
                "practitioner_id": scene.house.practitioner_ids[0],
                "location_id": scene.house.practice.location_id,
            },
        ),
    ):
        response = scene.as_("owner").post(
            f"/{table}",
            json={"organization_id": scene.organization_id, "during": during, **more},
        )
        assert 400 <= response.status_code < 500, response.text
    assert scene.rows("time_off") == before


@pytest.mark.parametrize(
    "amount",
    ["NaN", "Infinity", "-Infinity", "1e400", "0.001", '"100"', "true", "9223372036854775808", "0"],
)
def test_attack_56_amounts_that_are_none(scene: Scene, amount: str) -> None:
    before = scene.rows("credit_entries")
    body = f'{{"client_id": "{scene.house.client_id}", "amount": {amount}, "reason": "attack"}}'
    headers = {"Content-Type": "application/json"}
    by_function = scene.house.as_("owner").post(
        f"/credits/{scene.house.client_id}/adjust",
        content=f'{{"amount": {amount}, "reason": "attack"}}',
        headers=headers,
    )
    assert by_function.status_code in {400, 422}, by_function.text
    assert scene.rows("credit_entries") == before
    if amount != '"100"':
        # The Data API casts what is in quotes, as PostgREST does; the rest is refused there too.
        by_rpc = scene.as_("owner").post("/rpc/adjust_credits", content=body, headers=headers)
        assert 400 <= by_rpc.status_code < 500, by_rpc.text
        assert scene.rows("credit_entries") == before


@pytest.mark.parametrize("wrong", [1, True, ["a@b.test"], {"a": 1}, "a@b.test\0", "\ud800"])
def test_attack_57_texts_that_are_none_in_auth_and_storage(
    scene: Scene, stack: TestStack, wrong: Any
) -> None:
    user = scene.house.users["client"]
    headers = {
        "apikey": stack.publishable_key,
        "authorization": f"Bearer {user.token}",
        "content-type": "application/json",
    }
    good = {"email": user.email, "password": "a-long-password-57"}
    attempts: list[tuple[str, str, Any]] = [
        *(
            ("POST", f"/auth/v1/{path}", {**good, name: wrong})
            for path in ("signup", "token?grant_type=password", "recover", "otp")
            for name in good
        ),
        ("POST", "/auth/v1/token?grant_type=refresh_token", {"refresh_token": wrong}),
        ("POST", "/auth/v1/verify", {"type": "email", "email": wrong, "token": "000000"}),
        ("PUT", "/auth/v1/user", {"email": wrong}),
        ("POST", "/auth/v1/signup", None),
        ("POST", "/storage/v1/object/list/client-reports", {"prefix": wrong}),
        ("DELETE", "/storage/v1/object/client-reports", {"prefixes": [wrong]}),
        ("POST", "/storage/v1/object/move", {"bucketId": wrong, "sourceKey": wrong}),
    ]
    with httpx.Client(base_url=stack.api_url, headers=headers, timeout=60) as api:
        for method, path, body in attempts:
            response = api.request(method, path, content=json.dumps(body))
            assert response.status_code < 500, (path, response.text)
            assert "access_token" not in response.text


def test_attack_58_uploads_over_the_limit_are_not_kept_in_memory(
    scene: Scene, stack: TestStack
) -> None:
    user = scene.house.users["practitioner"]
    headers = {"apikey": stack.publishable_key, "authorization": f"Bearer {user.token}"}
    path = f"/storage/v1/object/client-reports/{scene.organization_id}/much.pdf"
    sent = 0

    def much() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(500):
            sent += 1
            yield bytes(1_000_000)

    with httpx.Client(base_url=stack.api_url, headers=headers, timeout=60) as api:
        try:
            response = api.post(path, content=much(), headers={"content-type": "application/pdf"})
        except httpx.TransportError:
            # The connection ended while the rest was still on its way.
            assert sent < 500
        else:
            assert response.status_code in {400, 413}, response.text
    with httpx.Client(base_url=stack.api_url, headers=headers, timeout=60) as api:
        wish = api.post("/auth/v1/recover", json={"email": "x" * 2_000_000})
        assert wish.status_code in {400, 413}, wish.text


def test_attack_58_pages_have_a_limit(scene: Scene) -> None:
    client_id = scene.house.client_id
    desk = scene.as_("receptionist")
    for size in (0, -1, 100_000, 2**31):
        response = desk.post(
            "/rpc/credit_statement", json={"client_id": client_id, "page_size": size}
        )
        assert response.status_code in {400, 422}, (size, response.text)
    for size in (-1, 100_000):
        response = desk.post(
            "/rpc/search_clients",
            json={"query": "client", "organization_id": scene.organization_id, "page_size": size},
        )
        assert response.status_code in {400, 422}, (size, response.text)


def test_attack_69_accounts_cannot_be_guessed_by_the_answer(
    stack: TestStack, fresh_user: Callable[[], User]
) -> None:
    known, unknown = fresh_user().email, "nobody-at-all@example.test"
    key = {"apikey": stack.publishable_key}
    for path, params, extra in (
        ("/token", {"grant_type": "password"}, {"password": "wrong-password-69"}),
        ("/recover", {}, {}),
    ):
        answers = [
            httpx.post(
                f"{stack.api_url}/auth/v1{path}",
                params=params,
                headers=key,
                json={"email": email, **extra},
                timeout=60,
            )
            for email in (known, unknown)
        ]
        assert answers[0].status_code == answers[1].status_code, path
        assert answers[0].json() == answers[1].json(), path


def test_attack_69_foreign_and_absent_look_the_same_in_functions(scene: Scene) -> None:
    stranger = scene.house.as_("stranger")
    for path, body in (
        ("/booking/{}/cancel", {}),
        ("/booking/{}/reschedule", {"starts_at": monday(3).isoformat()}),
        ("/booking/{}/complete", {}),
    ):
        answers = []
        for appointment_id in (scene.appointment["id"], ABSENT):
            response = stranger.post(path.format(appointment_id), json=body)
            document = problem(response, 404, "not_found")
            del document["instance"]
            answers.append(document)
        assert answers[0] == answers[1]


def test_attack_70_no_header_and_no_spelling_evades_the_limit(
    scene: Scene, fresh_user: Callable[[], User]
) -> None:
    """The bucket is the caller's: once it is empty, no way of asking finds another one."""
    user, sql = fresh_user(), scene.house.practice.sql
    scene.house.practice.member("admin", user.id)
    api = scene.house.functions(user)
    report = api.post(
        "/billing/reports",
        json={
            "period_start": "2026-01-01",
            "period_end": "2026-02-01",
            "organization_id": scene.organization_id,
        },
    )
    assert report.status_code == 201, report.text
    path = f"/billing/reports/{report.json()['id']}/export"
    assert api.get(path, params={"format": "csv"}).status_code == 200

    def empty() -> None:
        # It fills by itself, so it is emptied for each attempt.
        emptied = sql.execute(
            "update private.rate_limits set tokens = 0, refilled_at = now() + interval '1 hour'"
            " where bucket like %s returning bucket",
            [f"%{user.id}%export%"],
        ).fetchall()
        assert len(emptied) == 1

    empty()
    refused = api.get(path, params={"format": "csv"})
    problem(refused, 429, "rate_limited")
    assert int(refused.headers["retry-after"]) > 0
    for headers in (
        {"X-Forwarded-For": "203.0.113.7"},
        {"X-Forwarded-For": "203.0.113.8, 127.0.0.1"},
        {"X-Real-IP": "203.0.113.9"},
        {"Forwarded": "for=203.0.113.10"},
        {"CF-Connecting-IP": "203.0.113.11"},
        {"User-Agent": "another"},
        {"X-Request-Id": "another-request"},
        {"Idempotency-Key": "another"},
        {"Authorization": f"bearer  {user.token}"},
    ):
        empty()
        assert api.get(path, params={"format": "csv"}, headers=headers).status_code == 429, headers
    for spelling in (
        f"{path}/",
        f"{path}?format=json",
        f"{path}?format=xlsx&bom=true",
        path.replace("reports", "REPORTS"),
        path.replace("/billing", "/Billing"),
        path.replace("/reports/", "//reports/"),
        path.replace("reports", "%72eports"),
        path.replace("/reports", "/./reports"),
        path.upper(),
    ):
        empty()
        assert api.get(spelling).status_code in {404, 429}, spelling


def test_attack_71_errors_say_nothing_of_the_inside(scene: Scene) -> None:
    inside = re.compile(
        r"traceback|\bselect\b.+\bfrom\b|psycopg|sqlstate|\.py\b|\.mjs\b|node_modules|relation \"",
        re.IGNORECASE,
    )
    owner, key = scene.house.as_("owner"), "k" * 40
    other_name = "Client"
    answers = [
        owner.post("/booking", json=scene.house.booking(service_id=ABSENT)),
        owner.post("/booking", json=scene.house.booking(starts_at="9999-01-01T00:00:00Z")),
        owner.post("/booking", json=scene.house.booking(note="x" * 3000)),
        owner.post("/booking", content=b"\x00", headers={"Content-Type": "application/json"}),
        owner.post("/booking", json=scene.house.booking(), headers={"Idempotency-Key": key * 9}),
        owner.post("/billing/mark-invoiced", json={"appointment_ids": [scene.appointment["id"]]}),
        owner.get(f"/credits/{ABSENT}"),
        owner.get("/billing/reports/x'/export"),
        scene.house.as_("stranger").post(f"/booking/{scene.appointment['id']}/cancel", json={}),
    ]
    for response in answers:
        assert 400 <= response.status_code < 500
        assert response.headers["content-type"] == "application/problem+json"
        assert not inside.search(response.text), response.text
    assert other_name not in answers[-1].text


# ---------------------------------------------------------------------------------------- the list


def attacks() -> list[dict[str, str]]:
    """Return the table of attacks."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def functions_in(path: Path) -> set[str]:
    """Return the names of a file's tests."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def test_every_attack_has_a_line() -> None:
    assert [int(row["number"]) for row in attacks()] == NUMBERS
    for row in attacks():
        # Either it is made by tests, or an issue brings what it is about.
        assert row["attack"]
        assert bool(row["tests"]) != bool(row["issue"]), row
        assert not row["issue"] or re.fullmatch(r"[0-9]+|later", row["issue"]), row


def test_every_named_test_exists() -> None:
    for row in attacks():
        for node in filter(None, row["tests"].split("; ")):
            name, _, function = node.partition("::")
            path = ROOT / name
            assert path.is_file(), node
            if path.suffix == ".py":
                assert function in functions_in(path), node


def test_every_attack_made_here_is_in_the_list() -> None:
    listed = {row["number"]: row["tests"] for row in attacks()}
    here = f"{Path(__file__).relative_to(ROOT)}::"
    for name in functions_in(Path(__file__)):
        if found := re.match(r"test_attack_([0-9]{2})_", name):
            assert f"{here}{name}" in listed[str(int(found[1]))].split("; "), name
