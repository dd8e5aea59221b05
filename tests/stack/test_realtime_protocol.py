"""Realtime's protocol: frames that no library sends, endless joins, a database that goes away."""

from __future__ import annotations

import asyncio
from typing import Any

import psycopg
import pytest

from tests.stack.conftest import run_local
from tests.stack.house import House, own_topic
from tests.stack.listening import Listener, announce_frame, connected, join_payload, wire
from tests.stack_fixture import TestStack


@pytest.fixture(autouse=True)
def _embedded_only(stack: TestStack) -> None:
    if not stack.is_embedded:
        pytest.skip("limits and codes are the embedded stack's own")


MALFORMED: list[str | bytes] = [
    "",
    "{",
    "null",
    "[]",
    "7",
    "{}",
    '{"topic": 1, "event": "x"}',
    '{"topic": "x", "event": {"a": 1}, "ref": "1"}',
    '{"topic": "x", "event": "y", "ref": {}}',
    b"",
    b"\x03",
    b"\x03\xff\xff\xff\xff\xff\xff",
    b"\x03\x00\x00\x01\x01\x00\x01xy{",
    b"\xff" * 100,
]


@pytest.mark.parametrize("version", ["1.0.0", "2.0.0"])
def test_malformed_frames_end_their_own_connection_only(stack: TestStack, version: str) -> None:
    async def listen() -> None:
        async with wire(stack) as bystander:
            for frame in MALFORMED:
                async with wire(stack, version) as caller:
                    await caller.socket.send(frame)
                    assert await caller.closed() == 1007, frame
            assert await announce_frame(stack, 6 * 1024 * 1024) == 1009
            assert (await bystander.call("phoenix", "heartbeat"))["status"] == "ok"

    asyncio.run(listen())


ODD: list[tuple[str, str, Any]] = [
    ("realtime:", "phx_join", {}),
    ("other", "phx_join", {}),
    ("realtime:x", "broadcast", {}),
    ("realtime:x", "unheard-of", {}),
    ("realtime:x\x00y", "phx_join", {"config": {"private": True}}),
    ("realtime:x", "phx_join", {"access_token": "sb_", "config": {"private": True}}),
]

ODD_CONFIGS: list[Any] = [
    None,
    [],
    7,
    "x",
    {"presence": 7, "broadcast": [], "postgres_changes": 7},
]


def test_odd_messages_are_answered_with_an_error(stack: TestStack) -> None:
    async def listen() -> None:
        async with wire(stack) as caller:
            for topic, event, payload in ODD:
                answer = await caller.call(topic, event, payload)
                assert answer["status"] == "error", (topic, event)
                assert answer["response"]["reason"]
            for config in ODD_CONFIGS:
                answer = await caller.call("realtime:odd", "phx_join", {"config": config})
                assert answer["status"] == "ok", config
                await caller.call("realtime:odd", "phx_leave")
                while (await caller.receive())["event"] != "phx_close":
                    pass
            assert (await caller.call("phoenix", "heartbeat"))["status"] == "ok"

    asyncio.run(listen())


def test_many_joins_are_bounded_and_do_no_harm(stack: TestStack, house: House) -> None:
    async def listen() -> None:
        async with wire(stack) as caller:
            for number in range(150):
                is_private = number % 2 == 1
                topic = f"user:{number}" if is_private else f"crowd:{number}"
                payload = join_payload(house.client.token, private=is_private)
                await caller.send(f"realtime:{topic}", "phx_join", payload, ref=str(number))
            answers = [(await caller.receive())["payload"] for _ in range(150)]
            assert [answer["status"] for answer in answers] == ["ok", "error"] * 75
            for number in range(50):
                answer = await caller.join(f"crowd:again-{number}", private=False)
                assert answer["status"] == ("ok" if number < 25 else "error")
            assert answer["response"] == {"reason": "ChannelRateLimitReached: Too many channels"}
        async with connected(stack, house.owner.token) as client:
            await Listener(client, house.calendar).joined()

    asyncio.run(listen())


def test_a_second_join_replaces_the_first(stack: TestStack, house: House) -> None:
    async def listen() -> None:
        async with wire(stack) as caller:
            topic = own_topic(house.client)
            assert (await caller.join(topic, house.client.token))["status"] == "ok"
            payload = join_payload(house.client.token)
            await caller.send(f"realtime:{topic}", "phx_join", payload, ref="2")
            closed, joined = await caller.receive(), await caller.receive()
            assert (closed["event"], closed["join_ref"]) == ("phx_close", "1")
            assert (joined["event"], joined["join_ref"]) == ("phx_reply", "2")

    asyncio.run(listen())


def test_watching_rows_is_refused_as_where_no_table_is_published(stack: TestStack) -> None:
    async def listen() -> None:
        async with wire(stack) as caller:
            wish = [{"event": "*", "schema": "public", "table": "appointments"}]
            answer = await caller.join("rows", private=False, postgres_changes=wish)
            assert answer["response"]["postgres_changes"] == [{**wish[0], "id": 0}]
            said = await caller.receive()
            assert said["event"] == "system"
            assert said["payload"]["status"] == "error"
            assert said["payload"]["extension"] == "postgres_changes"

    asyncio.run(listen())


def test_a_database_that_is_rebuilt_is_heard_again(own: TestStack) -> None:
    def send(number: int) -> None:
        with psycopg.connect(own.db_url) as connection:
            connection.execute(
                "select realtime.send(jsonb_build_object('n', %s::integer), 'n', 'rebuilt', false)",
                [number],
            )

    async def listen() -> None:
        async with connected(own) as client:
            listener = await Listener(client, "rebuilt", private=False).joined()
            await asyncio.to_thread(send, 1)
            assert (await listener.next())["payload"]["n"] == 1
            done = await asyncio.to_thread(run_local, "reset", base=own.port_base)
            assert done.returncode == 0, done.stderr
            for number in range(2, 12):
                await asyncio.to_thread(send, number)
                await asyncio.sleep(1)
                if not listener.heard.empty():
                    return
            pytest.fail("nothing was heard again")

    asyncio.run(listen())
