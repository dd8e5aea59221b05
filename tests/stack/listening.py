"""Callers on Realtime: supabase's own Python client, and a WebSocket for what that never sends."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any, cast
from urllib.parse import urlsplit

from realtime import AsyncRealtimeChannel, AsyncRealtimeClient, RealtimeSubscribeStates
from realtime.message import SuccessSystemPayload
from supabase import AsyncClient, acreate_client
from websockets.asyncio.client import ClientConnection, connect

from tests.conftest import User
from tests.stack_fixture import TestStack

SECONDS = 10.0
# Long enough for a message that should not come.
SILENCE_SECONDS = 0.5


class Listener:
    """One channel, with everything that it heard."""

    def __init__(self, client: AsyncRealtimeClient, topic: str, **config: Any) -> None:
        """Prepare the channel; `join` asks the server."""
        self.hears_database = config.get("private", True)
        broadcast = {
            "ack": False,
            "self": False,
            "replication_ready": self.hears_database,
            **config.pop("broadcast", {}),
        }
        presence = {"key": "", "enabled": False, **config.pop("presence", {})}
        settings = {"private": True, "broadcast": broadcast, "presence": presence, **config}
        options = cast("Any", {"config": settings})
        self.channel: AsyncRealtimeChannel = client.channel(topic, options)
        self.heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.states: asyncio.Queue[tuple[str, str]] = asyncio.Queue()
        self.ready = asyncio.Event()
        self.channel.on_system(self._note_system)
        self.channel.on_broadcast("*", lambda payload: self._note(cast("Any", payload)))

    def _note(self, message: dict[str, Any]) -> None:
        # What also goes to people's inboxes is for other tests.
        if not message["event"].startswith("notification:"):
            self.heard.put_nowait(message)

    def _note_system(self, said: SuccessSystemPayload) -> None:
        if said.message == "Replication connection established":
            self.ready.set()

    async def join(self) -> tuple[str, str]:
        """Return the state that the join led to, and the reason if it was refused."""

        def note(state: RealtimeSubscribeStates, error: Exception | None) -> None:
            self.states.put_nowait((state.value, str(error or "")))

        await self.channel.subscribe(note)
        # It would try again by itself.
        self.channel.rejoin_timer.reset()
        return await self.next_state()

    async def joined(self) -> Listener:
        """Join, and insist on it."""
        assert await self.join() == ("SUBSCRIBED", "")
        if self.hears_database:
            # The server does not wait long for it: what is sent before would not be heard.
            await asyncio.wait_for(self.ready.wait(), SECONDS)
        return self

    async def next_state(self) -> tuple[str, str]:
        """Wait for the next change of the channel's state."""
        return await asyncio.wait_for(self.states.get(), SECONDS)

    async def next(self) -> dict[str, Any]:
        """Wait for the next broadcast."""
        return await asyncio.wait_for(self.heard.get(), SECONDS)

    async def events(self, count: int) -> list[str]:
        """Return the names of the next broadcasts."""
        return [(await self.next())["event"] for _ in range(count)]

    async def hears_nothing(self) -> bool:
        """Say whether nothing comes for a while."""
        await asyncio.sleep(SILENCE_SECONDS)
        return self.heard.empty()


@contextlib.asynccontextmanager
async def connected(
    stack: TestStack, token: str | None = None
) -> AsyncIterator[AsyncRealtimeClient]:
    """Connect as someone, or with the publishable key alone."""
    client = AsyncRealtimeClient(
        f"{stack.api_url}/realtime/v1", stack.publishable_key, auto_reconnect=False
    )
    await client.set_auth(token)
    await client.connect()
    try:
        yield client
    finally:
        await client.close()


@contextlib.asynccontextmanager
async def signed_in(stack: TestStack, user: User) -> AsyncIterator[AsyncClient]:
    """Sign in with supabase's async client, which hands each new token to Realtime."""
    api = await acreate_client(stack.api_url, stack.publishable_key)
    await api.auth.sign_in_with_password({"email": user.email, "password": user.password})
    try:
        yield api
    finally:
        await api.realtime.close()
        await api.auth.sign_out()
        await api.auth.close()


class Wire:
    """A WebSocket that sends whatever it is told to."""

    def __init__(self, socket: ClientConnection) -> None:
        """Keep the socket."""
        self.socket = socket

    async def send(
        self, topic: str, event: str, payload: dict[str, Any] | None = None, *, ref: str = "1"
    ) -> None:
        """Send a message."""
        message = {"topic": topic, "event": event, "payload": payload or {}}
        await self.socket.send(json.dumps({**message, "ref": ref, "join_ref": ref}))

    async def call(self, topic: str, event: str, payload: dict[str, Any] | None = None) -> Any:
        """Send a message and return the payload of the next one that comes."""
        await self.send(topic, event, payload)
        return (await self.receive())["payload"]

    async def join(self, topic: str, token: str | None = None, **config: Any) -> Any:
        """Ask to join; returns status and response."""
        return await self.call(f"realtime:{topic}", "phx_join", join_payload(token, **config))

    async def receive(self) -> Any:
        """Wait for the next message."""
        return json.loads(await asyncio.wait_for(self.socket.recv(), SECONDS))

    async def closed(self) -> int | None:
        """Wait until the server closes; returns its code."""
        await asyncio.wait_for(self.socket.wait_closed(), SECONDS)
        return self.socket.close_code


def join_payload(token: str | None = None, **config: Any) -> dict[str, Any]:
    """Return what a client says when it joins."""
    settings = {"private": True, "presence": {"enabled": False}, **config}
    return {"config": settings, "access_token": token}


@contextlib.asynccontextmanager
async def wire(stack: TestStack, version: str = "1.0.0") -> AsyncIterator[Wire]:
    """Open a bare WebSocket with the publishable key."""
    async with connect(websocket_url(stack, version=version)) as socket:
        yield Wire(socket)


async def announce_frame(stack: TestStack, size: int) -> int:
    """Send no more than the head of a frame of this size; returns the code of the close frame."""
    address = urlsplit(websocket_url(stack))
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(
        f"GET {address.path}?{address.query} HTTP/1.1\r\nHost: {address.netloc}\r\n"
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n".encode()
    )
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"\x81\xff" + size.to_bytes(8, "big") + bytes(4))
    frame = await asyncio.wait_for(reader.readexactly(4), SECONDS)
    writer.close()
    await writer.wait_closed()
    return int.from_bytes(frame[2:], "big")


def websocket_url(
    stack: TestStack, *, key: str | None = None, version: str = "1.0.0", path: str = "websocket"
) -> str:
    """Return the address of Realtime."""
    base = stack.api_url.replace("http", "ws", 1)
    return f"{base}/realtime/v1/{path}?apikey={key or stack.publishable_key}&vsn={version}"
