"""The bus over NATS: a bell, never a store. When it is away, clients catch up from the database."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from urllib.parse import urlsplit

import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError

from alongside.kit.ids import new_id
from alongside.platform.realtime.hub import Hub, Weight

log = structlog.get_logger()

# Frames waiting to be handed to the server. More than this means the bus is away: the log is the truth anyway.
OUTGOING_FRAMES = 10_000
# A server that leaves two pings unanswered, a second apart, is away; heartbeats then tell the heads instead.
PING_SECONDS = 1
JOIN_SECONDS = 5.0
LEAVE_SECONDS = 3.0
ADVICE = "Check the NATS server and nats_url. Until then messages of other processes arrive a few seconds later."
# A subject may not hold these; topics are made of ids and colons, so nothing is lost.
_SUBJECT = "alongside.{node}.{weight}.{topic}"


class NatsBus:
    """Sends this process's frames to the others and delivers theirs to the local hub."""

    def __init__(self, hub: Hub, on_change: Callable[[], None]) -> None:
        self._hub = hub
        self._on_change = on_change
        self._joined = asyncio.Event()
        self._node = new_id().hex
        self._client = Client()
        self._outgoing: asyncio.Queue[tuple[str, bytes]] = asyncio.Queue(OUTGOING_FRAMES)
        self._told = False
        self._address = ""
        self._pump: asyncio.Task[None] | None = None

    @property
    def connected(self) -> bool:
        """Whether frames cross between processes right now."""
        return self._joined.is_set() and self._client.is_connected

    async def start(self, url: str) -> None:
        """Connect, and reconnect for ever. A server that is away delays the start by some seconds and no more."""
        parts = urlsplit(url)
        self._address = f"{parts.hostname}:{parts.port or 4222}"
        self._pump = asyncio.create_task(self._run(url), name="bus")
        joining = asyncio.create_task(self._joined.wait())
        done, _ = await asyncio.wait({self._pump, joining}, timeout=JOIN_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        joining.cancel()
        if self._pump in done:
            self._pump.result()

    async def _join(self, url: str) -> None:
        await self._client.connect(
            url,
            max_reconnect_attempts=-1,
            reconnect_time_wait=1,
            connect_timeout=5,
            ping_interval=PING_SECONDS,
            max_outstanding_pings=2,
            allow_reconnect=True,
            disconnected_cb=self._lost,
            reconnected_cb=self._returned,
            error_cb=self._failed,
            pending_size=8 * 1024 * 1024,
        )
        await self._client.subscribe("alongside.>", cb=self._received)
        await self._be_heard()
        self._joined.set()
        if self._told:
            log.info("bus.returned")
        self._told = False
        self._on_change()

    async def stop(self) -> None:
        """Send what is queued, then leave."""
        if self._pump is not None:
            self._pump.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._pump
        while self.connected and not self._outgoing.empty():
            with contextlib.suppress(NatsError, OSError):
                await self._client.publish(*self._outgoing.get_nowait())
        if self.connected:
            # A line that is closed takes along what the server has not read from it.
            with contextlib.suppress(NatsError, TimeoutError, OSError):
                await asyncio.wait_for(self._be_heard(), LEAVE_SECONDS)
        with contextlib.suppress(NatsError, TimeoutError, OSError):
            await asyncio.wait_for(self._client.close(), LEAVE_SECONDS)

    async def _be_heard(self) -> None:
        """Wait until the server has read all that was said so far.

        The library writes a ping past what waits to be written, so that only the second answer tells it.
        """
        for _ in range(2):
            await self._client.flush()

    def send(self, topic: str, weight: Weight, payload: str) -> None:
        """Queue a frame for the others; when the queue is full it is dropped, and their clients catch up."""
        with contextlib.suppress(asyncio.QueueFull):
            self._outgoing.put_nowait(
                (_SUBJECT.format(node=self._node, weight=weight.value, topic=topic), payload.encode())
            )

    async def _run(self, url: str) -> None:
        await self._join(url)
        while True:
            subject, payload = await self._outgoing.get()
            with contextlib.suppress(NatsError, OSError):
                await self._client.publish(subject, payload)

    async def _received(self, message: Msg) -> None:
        _, node, weight, topic = message.subject.split(".", 3)
        if node != self._node:
            self._hub.deliver(topic, Weight(weight), message.data.decode())

    async def _lost(self) -> None:
        if self._client.is_closed:  # by ourselves: we are leaving
            return
        if not self._told:
            log.warning("bus.lost", address=self._address, advice=ADVICE)
        self._told = True
        self._on_change()

    async def _returned(self) -> None:
        log.info("bus.returned")
        self._told = False
        self._on_change()

    async def _failed(self, error: Exception) -> None:
        """Told once until the bus is there; each try of the client is an error of its own."""
        if self._told or self._client.is_closed:
            return
        self._told = not self._client.is_connected
        advice = ADVICE if self._told else "Correct it if it comes again."
        log.warning("bus.error", kind=type(error).__name__, address=self._address, advice=advice)
