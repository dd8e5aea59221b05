"""Owners, invitations and registrations at the same moment."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import LiteralString

import pytest

from tests.concurrency.practice import Practice, monday, new_user
from tests.concurrency.race import Call, Crew, attempt, attempt_behind, rpc, tokens
from tests.conftest import Connection


def members(practice: Practice) -> dict[str, tuple[str, str]]:
    """Return user → (member, role)."""
    rows = practice.sql.execute(
        "select id, user_id, role from public.members where organization_id = %s", [practice.id]
    ).fetchall()
    return {str(row["user_id"]): (str(row["id"]), row["role"]) for row in rows}


def test_two_owners_remove_each_other(practice: Practice, crew: Crew) -> None:
    for _ in range(8):
        first = next(user for user, (_, role) in members(practice).items() if role == "owner")
        second = practice.member("owner")
        known = members(practice)
        outcomes = crew.race(
            [
                rpc(first, "remove_member", member_id=known[second][0]),
                rpc(second, "remove_member", member_id=known[first][0]),
            ]
        )
        assert sorted(tokens(outcomes)) in (["last_owner", "ok"], ["not_found", "ok"])
        assert len(members(practice)) == 1


def test_owners_leave_and_demote_each_other(practice: Practice, crew: Crew) -> None:
    owners = [practice.owner_id, *(practice.member("owner") for _ in range(7))]
    known = members(practice)
    calls: list[Call] = []
    for n, owner in enumerate(owners):
        other = known[owners[(n + 1) % 8]][0]
        calls += [
            rpc(owner, "remove_member", member_id=known[owner][0]),
            rpc(owner, "set_member_role", member_id=other, role="admin"),
            rpc(owner, "remove_member", member_id=other),
        ]
    outcomes = crew.race(calls)
    assert set(tokens(outcomes)) <= {"ok", "last_owner", "forbidden", "not_found"}
    assert "owner" in {role for _, role in members(practice).values()}


def test_deleting_the_logins_of_all_owners_keeps_one(practice: Practice, crew: Crew) -> None:
    owners = [practice.owner_id, *(practice.member("owner") for _ in range(5))]
    outcomes = crew.race(
        [Call(None, "delete from auth.users where id = %s", [owner]) for owner in owners]
    )
    assert tokens(outcomes) == {"ok": 5, "last_owner": 1}


def invite(practice: Practice, crew: Crew, email: str, **arguments: str) -> str:
    """Invite somebody; returns the secret."""
    [outcome] = crew.race([rpc(practice.owner_id, "create_invitation", email=email, **arguments)])
    return str(outcome.row["create_invitation"]["token"])


def test_an_invitation_is_accepted_once(practice: Practice, crew: Crew) -> None:
    name = secrets.token_hex(8)
    invited = new_user(practice.sql, f"{name}@example.test")
    # The same address in another spelling, and somebody who has only found the link.
    twin = new_user(practice.sql, f"{name.upper()}@example.test")
    stranger = new_user(practice.sql)
    for arguments in ({"role": "receptionist"}, {"client_id": practice.client(logins=False).id}):
        secret = invite(practice, crew, f"{name}@example.test", **arguments)
        outcomes = crew.race(
            [
                rpc(user, "accept_invitation", token=secret)
                for user in [invited, twin, stranger]
                for _ in range(8)
            ]
        )
        assert tokens(outcomes)["ok"] == 1
        assert set(tokens(outcomes)) <= {"ok", "invitation_unusable", "forbidden"}
        assert all(o.token != "ok" for o in outcomes if o.call.user_id == stranger)


def test_one_client_record_goes_to_one_login(practice: Practice, crew: Crew) -> None:
    client = practice.client(logins=False)
    names = [secrets.token_hex(8) for _ in range(6)]
    users = [new_user(practice.sql, f"{name}@example.test") for name in names]
    links = [invite(practice, crew, f"{name}@example.test", client_id=client.id) for name in names]
    outcomes = crew.race(
        [
            rpc(user, "accept_invitation", token=link)
            for user, link in zip(users, links, strict=True)
        ]
    )
    assert tokens(outcomes) == {"ok": 1, "invitation_unusable": 5}


def test_one_login_becomes_one_client(practice: Practice, crew: Crew) -> None:
    for _ in range(4):
        name = secrets.token_hex(8)
        user = new_user(practice.sql, f"{name}@example.test")
        links = [
            invite(practice, crew, f"{name}@example.test", client_id=client.id)
            for client in practice.clients(4, logins=False)
        ]
        calls = [rpc(user, "accept_invitation", token=link) for link in links]
        calls += [
            rpc(
                user,
                "register_client",
                organization_slug=practice.slug,
                given_name="A",
                family_name="B",
            )
        ] * 4
        outcomes = crew.race(calls)
        assert set(tokens(outcomes)) <= {"ok", "forbidden"}
        row = practice.one("select count(*) as n from public.clients where user_id = %s", [user])
        assert row["n"] == 1


def test_one_member_per_login_and_invitations(practice: Practice, crew: Crew) -> None:
    name = secrets.token_hex(8)
    user = new_user(practice.sql, f"{name}@example.test")
    links = [
        invite(practice, crew, f"{name}@example.test", role=role)
        for role in ("admin", "receptionist", "practitioner")
    ]
    outcomes = crew.race([rpc(user, "accept_invitation", token=link) for link in links])
    assert tokens(outcomes) == {"ok": 1, "forbidden": 2}


def test_revoking_while_accepting(practice: Practice, crew: Crew) -> None:
    for _ in range(6):
        name = secrets.token_hex(8)
        user = new_user(practice.sql, f"{name}@example.test")
        [made] = crew.race(
            [
                rpc(
                    practice.owner_id,
                    "create_invitation",
                    email=f"{name}@example.test",
                    role="receptionist",
                )
            ]
        )
        answer = made.row["create_invitation"]
        accepted, revoked = crew.race(
            [
                rpc(user, "accept_invitation", token=answer["token"]),
                rpc(
                    practice.owner_id,
                    "revoke_invitation",
                    invitation_id=answer["invitation_id"],
                ),
            ]
        )
        assert (accepted.token, revoked.token) in {
            ("ok", "invalid_state"),
            ("invitation_unusable", "ok"),
        }


@pytest.mark.parametrize(
    ("function", "arguments"),
    [("remove_member", {}), ("set_member_role", {"role": "receptionist"})],
)
def test_an_invitation_of_somebody_who_is_removed_meanwhile(
    practice: Practice,
    crew: Crew,
    owner_sql: Connection,
    function: LiteralString,
    arguments: dict[str, str],
) -> None:
    admin = practice.member("admin")
    member = members(practice)[admin][0]
    invitation = rpc(admin, "create_invitation", email="friend@example.test", role="admin")
    with crew.acting(admin) as inviter, crew.acting(practice.owner_id) as owner:
        assert attempt(inviter, invitation).token == "ok"
        ended = rpc(practice.owner_id, function, member_id=member, **arguments)
        assert attempt_behind(owner_sql, inviter, owner, ended).token == "ok"
    row = practice.one(
        "select count(*) as made, count(revoked_at) as revoked from public.invitations"
        " where organization_id = %s",
        [practice.id],
    )
    assert (row["made"], row["revoked"]) == (1, 1)


def test_an_invitation_behind_the_inviters_removal(
    practice: Practice, crew: Crew, owner_sql: Connection
) -> None:
    admin = practice.member("admin")
    member = members(practice)[admin][0]
    with crew.acting(practice.owner_id) as owner, crew.acting(admin) as inviter:
        gone = attempt(owner, rpc(practice.owner_id, "remove_member", member_id=member))
        assert gone.token == "ok"
        invitation = rpc(
            admin,
            "create_invitation",
            email="friend@example.test",
            role="admin",
            organization_id=practice.id,
        )
        assert attempt_behind(owner_sql, owner, inviter, invitation).token == "not_found"


def test_a_removed_receptionist_stops_at_once(practice: Practice, crew: Crew) -> None:
    people = practice.practitioners(20)
    service = practice.service(people)
    clients = practice.clients(20, logins=False)
    receptionist = practice.member()
    member = members(practice)[receptionist][0]
    calls = [
        rpc(
            receptionist,
            "book_appointment",
            service_id=service,
            practitioner_id=person,
            client_id=client.id,
            starts_at=monday(),
        )
        for person, client in zip(people, clients, strict=True)
    ]
    calls.insert(10, rpc(practice.owner_id, "remove_member", member_id=member))
    outcomes = crew.race(calls)
    assert set(tokens(outcomes)) <= {"ok", "not_found"}
    # From here on, the removal is known to be done.
    assert tokens(crew.race(calls[:5])) == {"not_found": 5}


def test_opening_days_from_both_ends(practice: Practice, crew: Crew) -> None:
    [person] = practice.practitioners()
    first = monday().date()
    outcomes = crew.race(
        [
            rpc(
                practice.owner_id,
                "set_booking_activation",
                practitioner_id=person,
                from_date=first.replace(day=1 + n % 5),
                to_date=first.replace(day=20 + n % 5),
                is_open=bool(n % 2),
            )
            for n in range(24)
        ]
    )
    assert set(tokens(outcomes)) == {"ok"}


def test_slugs_are_given_once(make_practice: Callable[..., Practice], crew: Crew) -> None:
    practice = make_practice()
    slug = f"test-{secrets.token_hex(6)}"
    outcomes = crew.race(
        [
            Call(
                None,
                "select * from public.create_organization('X', %s, %s, 'UTC', 'EUR')",
                [slug, practice.owner_id],
            )
        ]
        * 10
    )
    assert sorted(o.sqlstate for o in outcomes) == [""] + ["23505"] * 9
