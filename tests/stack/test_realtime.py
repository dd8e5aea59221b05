"""Realtime with supabase's Python client: who may join, and who hears what."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

import httpx
import jwt
import psycopg
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.conftest import ClientFor, Connection, User
from tests.stack.house import House, call, own_topic
from tests.stack.listening import Listener, connected, signed_in, websocket_url, wire
from tests.stack_fixture import TestStack

NOT_YOURS = "Unauthorized: You do not have permissions to read from this Channel topic"


# What the database tells --------------------------------------------------------------------------


def test_a_booking_its_move_and_its_end_are_heard_by_whom_they_concern(
    stack: TestStack, house: House, rest: ClientFor
) -> None:
    async def listen() -> None:
        async with (
            connected(stack, house.reception.token) as desk,
            connected(stack, house.client.token) as client,
            connected(stack, house.therapist.token) as therapist,
        ):
            listeners = [
                await Listener(desk, house.calendar).joined(),
                await Listener(client, own_topic(house.client)).joined(),
                await Listener(therapist, own_topic(house.therapist)).joined(),
            ]
            id_ = (await asyncio.to_thread(house.book, rest))["id"]
            new_start = house.next_start()
            move = {"appointment_id": id_, "starts_at": new_start}
            await asyncio.to_thread(call, rest(house.reception), "reschedule_appointment", **move)
            await asyncio.to_thread(
                call,
                rest(house.client),
                "cancel_appointment",
                appointment_id=id_,
                reason="private matters",
            )
            for listener in listeners:
                heard = [await listener.next() for _ in range(3)]
                assert [message["event"] for message in heard] == [
                    "appointment:created",
                    "appointment:updated",
                    "appointment:cancelled",
                ]
                created, updated, _ = (message["payload"] for message in heard)
                assert created["appointment_id"] == id_
                assert created["id"] == heard[0]["meta"]["id"]
                assert updated["previous_starts_at"] == created["starts_at"]
                assert updated["starts_at"] != created["starts_at"]
                told = json.dumps(heard)
                for secret in ("private matters", house.client_id, "Client"):
                    assert secret not in told
                assert await listener.hears_nothing()

    asyncio.run(listen())


def test_supabase_async_client_hears_with_its_own_session(
    stack: TestStack, house: House, rest: ClientFor
) -> None:
    async def listen() -> None:
        async with signed_in(stack, house.owner) as api:
            listener = await Listener(api.realtime, house.calendar).joined()
            await asyncio.to_thread(house.book, rest)
            assert await listener.events(1) == ["appointment:created"]
            await api.remove_all_channels()

    asyncio.run(listen())


def test_messages_come_once_in_the_order_of_their_commits(
    stack: TestStack, fresh_user: Callable[[], User], connect: Callable[[], Connection]
) -> None:
    user = fresh_user()
    sql = connect()

    def send(number: int) -> None:
        sql.execute(
            "select realtime.send(jsonb_build_object('number', %s::integer), 'count', %s, true)",
            [number, own_topic(user)],
        )

    async def listen() -> None:
        async with connected(stack, user.token) as client:
            listener = await Listener(client, own_topic(user)).joined()
            with psycopg.connect(stack.db_url) as other:
                other.execute(
                    "select realtime.send('{\"number\": 0}', 'count', %s, true)", [own_topic(user)]
                )
                for number in range(1, 100):
                    send(number)
                # What began first has committed last.
                other.commit()
                other.execute(
                    "select realtime.send('{\"number\": -1}', 'count', %s, true)", [own_topic(user)]
                )
                other.rollback()
            with sql.transaction():
                for number in range(100, 200):
                    send(number)
            heard = [(await listener.next())["payload"]["number"] for _ in range(200)]
            assert heard == [*range(1, 100), 0, *range(100, 200)]
            assert await listener.hears_nothing()

    asyncio.run(listen())


def test_a_public_channel_of_the_same_name_hears_nothing_private(
    stack: TestStack, house: House, rest: ClientFor
) -> None:
    async def listen() -> None:
        async with connected(stack) as anybody:
            listener = await Listener(anybody, house.calendar, private=False).joined()
            await asyncio.to_thread(house.book, rest)
            assert await listener.hears_nothing()

    asyncio.run(listen())


# Who may join -------------------------------------------------------------------------------------


def test_a_foreign_topic_is_refused(
    stack: TestStack, house: House, fresh_user: Callable[[], User]
) -> None:
    stranger = fresh_user()
    attempts = [
        (house.client, house.calendar),
        (house.therapist, house.calendar),
        (stranger, house.calendar),
        (None, house.calendar),
        (house.owner, own_topic(house.client)),
        (house.therapist, own_topic(house.client)),
        (stranger, own_topic(house.client)),
        (None, own_topic(house.client)),
        (house.owner, "organization:*:calendar"),
        (house.owner, f"{house.calendar}:x"),
        (house.owner, "anything"),
    ]

    async def listen() -> None:
        for user, topic in attempts:
            async with connected(stack, user.token if user else None) as client:
                state, reason = await Listener(client, topic).join()
                assert state == "CHANNEL_ERROR", (user, topic)
                assert json.loads(reason) == {"reason": f"{NOT_YOURS}: {topic}"}

    asyncio.run(listen())


def test_a_removed_member_is_out_at_the_next_join_and_at_the_next_token(
    stack: TestStack, house: House, rest: ClientFor, fresh_user: Callable[[], User]
) -> None:
    member = fresh_user()
    house.practice.member("receptionist", member.id)

    async def listen() -> None:
        async with signed_in(stack, member) as api:
            listener = await Listener(api.realtime, house.calendar).joined()
            await asyncio.to_thread(house.book, rest)
            assert await listener.events(1) == ["appointment:created"]
            house.practice.sql.execute("delete from public.members where user_id = %s", [member.id])
            async with connected(stack, member.token) as again:
                state, reason = await Listener(again, house.calendar).join()
                assert (state, NOT_YOURS in reason) == ("CHANNEL_ERROR", True)
            # Tokens of the same second are the same token.
            await asyncio.sleep(1.1)
            await api.auth.refresh_session()
            state, reason = await listener.next_state()
            assert (state, "permission" in reason) == ("CHANNEL_ERROR", True)
            await asyncio.to_thread(house.book, rest)
            assert await listener.hears_nothing()

    asyncio.run(listen())


def test_a_new_token_keeps_the_channel(stack: TestStack, house: House, rest: ClientFor) -> None:
    async def listen() -> None:
        async with signed_in(stack, house.owner) as api:
            listener = await Listener(api.realtime, house.calendar).joined()
            await asyncio.sleep(1.1)
            await api.auth.refresh_session()
            await asyncio.to_thread(house.book, rest)
            assert await listener.events(1) == ["appointment:created"]

    asyncio.run(listen())


def test_the_channel_ends_with_the_token(stack: TestStack, house: House) -> None:
    if not stack.jwt_secret:
        pytest.skip("tokens can be made with the secret only")

    async def listen() -> None:
        async with wire(stack) as caller:
            assert (await caller.join(house.calendar, house.owner.token))["status"] == "ok"
            # Its last moments, or over already where the machine is slow: the end is the same.
            token = signed(stack, house.owner, exp=int(time.time()) + 2)
            renewal = {"access_token": token}
            await caller.send(f"realtime:{house.calendar}", "access_token", renewal)
            ended = await caller.receive()
            assert (ended["event"], ended["payload"]["status"]) == ("system", "error")
            assert ended["payload"]["message"].startswith("Token has expired ")
            assert (await caller.receive())["event"] == "phx_close"
            assert await caller.call(f"realtime:{house.calendar}", "broadcast") == {
                "status": "error",
                "response": {"reason": "unmatched topic"},
            }

    asyncio.run(listen())


def test_bad_tokens_are_refused(stack: TestStack, house: House) -> None:
    if not stack.jwt_secret:
        pytest.skip("tokens can be made with the secret only")
    soon = int(time.time()) + 60
    attempts = {
        "nonsense": "MalformedJWT",
        "a.b.c": "MalformedJWT",
        house.owner.token[:-4] + "AAAA": "JwtSignatureError",
        jwt.encode({"role": "authenticated", "exp": soon}, "x" * 40): "JwtSignatureError",
        jwt.encode({"role": "service_role", "exp": soon}, "", "none"): "JwtSignatureError",
        signed(stack, house.owner, exp=int(time.time()) - 5): "InvalidJWTToken",
        signed(stack, house.owner, exp=None): "InvalidJWTToken",
        signed(stack, house.owner, role=None): "InvalidJWTToken",
        signed(stack, house.owner, role="postgres"): "Unauthorized",
        signed(stack, house.owner, role="supabase_admin"): "Unauthorized",
    }

    async def listen() -> None:
        async with wire(stack) as caller:
            for token, code in attempts.items():
                answer = await caller.join(house.calendar, token)
                assert answer["status"] == "error", token
                assert answer["response"]["reason"].startswith(f"{code}: "), answer

    asyncio.run(listen())


def signed(stack: TestStack, user: User, **claims: Any) -> str:
    """Make a token as Auth would, but for some claims; None leaves one out."""
    made = {
        "sub": user.id,
        "aud": "authenticated",
        "role": "authenticated",
        "exp": int(time.time()) + 60,
        **claims,
    }
    kept = {name: value for name, value in made.items() if value is not None}
    return jwt.encode(kept, stack.jwt_secret)


def test_connecting_needs_a_key_and_a_known_protocol(stack: TestStack) -> None:
    async def refused(**arguments: Any) -> int:
        with pytest.raises(InvalidStatus) as error:
            async with connect(websocket_url(stack, **arguments)):
                pass
        return error.value.response.status_code

    async def listen() -> None:
        assert await refused(key="sb_publishable_wrong") == 401
        assert await refused(key="a.b.c") == 401
        assert await refused(version="9.0.0") == 400
        assert await refused(path="elsewhere") == 404

    asyncio.run(listen())


# Presence and broadcasts of clients ---------------------------------------------------------------


def test_the_desk_sees_who_is_there(stack: TestStack, house: House) -> None:
    async def listen() -> None:
        async with connected(stack, house.owner.token) as first:
            watching = Listener(first, house.calendar, presence={"key": "owner", "enabled": True})
            joins: asyncio.Queue[str] = asyncio.Queue()
            leaves: asyncio.Queue[str] = asyncio.Queue()
            watching.channel.on_presence_join(lambda key, _before, _new: joins.put_nowait(key))
            watching.channel.on_presence_leave(lambda key, _now, _left: leaves.put_nowait(key))
            await watching.joined()
            await watching.channel.track({"view": "week"})
            assert await asyncio.wait_for(joins.get(), 10) == "owner"
            async with connected(stack, house.reception.token) as second:
                other = Listener(second, house.calendar, presence={"key": "desk", "enabled": True})
                seen: asyncio.Queue[str] = asyncio.Queue()
                other.channel.on_presence_join(lambda key, _before, _new: seen.put_nowait(key))
                await other.joined()
                await other.channel.track({"view": "day"})
                assert await asyncio.wait_for(joins.get(), 10) == "desk"
                # Each hears of it by a message of its own.
                while await asyncio.wait_for(seen.get(), 10) != "desk":
                    pass
                assert sorted(other.channel.presence_state()) == ["desk", "owner"]
                await other.channel.track({"view": "month"})
                assert await asyncio.wait_for(joins.get(), 10) == "desk"
                state: Any = watching.channel.presence_state()["desk"]
                assert [entry["view"] for entry in state] == ["month"]
                assert await asyncio.wait_for(leaves.get(), 10) == "desk"
            assert await asyncio.wait_for(leaves.get(), 10) == "desk"
            assert list(watching.channel.presence_state()) == ["owner"]

    asyncio.run(listen())


def test_nobody_shows_up_on_a_persons_topic(stack: TestStack, house: House) -> None:
    async def listen() -> None:
        async with wire(stack) as caller:
            topic = own_topic(house.client)
            assert (await caller.join(topic, house.client.token))["status"] == "ok"
            answer = await caller.call(
                f"realtime:{topic}", "presence", {"event": "track", "payload": {"a": 1}}
            )
            assert answer["status"] == "error"

    asyncio.run(listen())


def test_events_cannot_be_forged(stack: TestStack, house: House) -> None:
    forged = {"type": "broadcast", "event": "appointment:created", "payload": {"x": 1}}

    async def listen() -> None:
        async with (
            connected(stack, house.reception.token) as desk,
            connected(stack, house.owner.token) as owner,
        ):
            listener = await Listener(desk, house.calendar, broadcast={"self": True}).joined()
            sender = await Listener(owner, house.calendar, broadcast={"ack": True}).joined()
            await sender.channel.send_broadcast("appointment:created", {"x": 1})
            for topic in (house.calendar, own_topic(house.reception)):
                message = {**forged, "topic": topic, "private": True}
                answer = broadcast_over_http(stack, [message], house.owner.token)
                assert answer.status_code == 202
            assert await listener.hears_nothing()

    asyncio.run(listen())


def test_broadcasts_on_a_public_channel(stack: TestStack) -> None:
    async def listen() -> None:
        async with connected(stack) as first, connected(stack) as second, wire(stack) as third:
            sender = await Listener(first, "public-room", private=False).joined()
            hearer = await Listener(second, "public-room", private=False).joined()
            await sender.channel.send_broadcast("hello", {"n": 1})
            assert (await hearer.next())["payload"] == {"n": 1}
            assert await sender.hears_nothing()

            echo = {"ack": True, "self": True}
            answer = await third.join("public-room", private=False, broadcast=echo)
            assert answer["status"] == "ok"
            payload = {"type": "broadcast", "event": "hello", "payload": {"n": 2}}
            assert await third.call("realtime:public-room", "broadcast", payload) == payload
            assert (await third.receive())["payload"] == {"status": "ok", "response": {}}
            assert (await hearer.next())["payload"] == {"n": 2}

    asyncio.run(listen())


def test_broadcasting_over_http(stack: TestStack, house: House) -> None:
    def message(**fields: Any) -> dict[str, Any]:
        return {"topic": "http-room", "event": "hello", "payload": {"n": 1}, **fields}

    async def listen() -> None:
        async with connected(stack) as client, connected(stack, house.owner.token) as owner:
            listener = await Listener(client, "http-room", private=False).joined()
            private = await Listener(owner, own_topic(house.owner)).joined()
            assert broadcast_over_http(stack, [message()]).status_code == 202
            assert (await listener.next())["payload"] == {"n": 1}
            await listener.channel.http_send("one", {"n": 2})
            assert (await listener.next())["payload"] == {"n": 2}
            to_owner = message(topic=own_topic(house.owner), private=True)
            assert broadcast_over_http(stack, [to_owner], stack.secret_key).status_code == 202
            assert (await private.next())["payload"] == {"n": 1}

    asyncio.run(listen())
    assert broadcast_over_http(stack, [message()], "a.b.c").status_code == 401
    assert httpx.post(f"{stack.api_url}/realtime/v1/api/broadcast").status_code == 401
    wrong: list[Any] = [[], [{}], [message(event=None)], [message(payload="text")], ["x"], None, 7]
    for messages in wrong:
        assert broadcast_over_http(stack, messages).status_code == 422, messages
    one = f"{stack.api_url}/realtime/v1/api/broadcast/%zz/events/x"
    key = {"apikey": stack.publishable_key}
    assert httpx.post(one, headers=key, json={}).status_code == 422
    assert httpx.post(one, headers=key).status_code == 422
    assert httpx.post(one.replace("%zz", "a"), headers=key, content=b"{").status_code == 422
    assert httpx.post(one, headers=key, content=bytes(4_000_000)).status_code == 413


def broadcast_over_http(stack: TestStack, messages: Any, token: str = "") -> httpx.Response:
    """Post a batch of messages."""
    headers = {"apikey": token if token.startswith("sb_") else stack.publishable_key}
    if token and not token.startswith("sb_"):
        headers["authorization"] = f"Bearer {token}"
    return httpx.post(
        f"{stack.api_url}/realtime/v1/api/broadcast", headers=headers, json={"messages": messages}
    )
