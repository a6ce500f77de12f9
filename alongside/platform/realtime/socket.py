"""The life of one socket, the same for both doors: accept, greet, obey frames one after the other, clean up."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any, Generic, Protocol, TypeVar

import msgspec
import structlog

from alongside.kit.ids import new_id
from alongside.platform.errors import Refusal, TooMany
from alongside.platform.limits import Bucket
from alongside.platform.realtime.connection import Connection
from alongside.platform.realtime.hub import Hub
from alongside.platform.realtime.protocol import LIFE, TEXTS

log = structlog.get_logger()

Message = MutableMapping[str, Any]
Scope = Mapping[str, Any]
FromPeer = Callable[[], Awaitable[Message]]
ToPeer = Callable[[Message], Awaitable[None]]

MALFORMED = 4400
SIGNED_OUT = 4401
RECONNECT = 1012
FOREIGN_ORIGIN = 4403
UNKNOWN_CHANNEL = 4409
FLOODING = 4429

GREETING_SECONDS = 10.0
# A second's frames may come this many times over at once: an outbox that was offline empties itself.
BURST = 4
# A peer that ignores this many refusals of its budget in a row is cut off.
PATIENCE = 100

Frame = TypeVar("Frame", bound=msgspec.Struct)
Heard = TypeVar("Heard", bound=msgspec.Struct, contravariant=True)


class Hangup(Exception):
    """Close the socket with this code; the reason says what to do and has at most 120 bytes."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Guest(Protocol[Heard]):
    """What a door knows of one socket."""

    async def greet(self, frame: Heard) -> None:
        """The first frame. Raises `Hangup` or `Refusal` to send the peer away."""

    async def obey(self, frame: Heard) -> None:
        """Every later frame. A `Refusal` is answered by `refuse`."""

    def refuse(self, frame: Heard, refusal: Refusal) -> None:
        """Tell the peer that a frame was refused."""

    async def gone(self) -> None:
        """The socket is closed."""


class Socket(Generic[Frame]):
    """Reads frames from one peer and hands them to its guest. `scope` is the ASGI server's."""

    def __init__(
        self,
        scope: Scope,
        receive: FromPeer,
        send: ToPeer,
        hub: Hub,
        decoder: msgspec.json.Decoder[Any],
        frames_per_second: float,
    ) -> None:
        self._receive = receive
        self._send = send
        self._hub = hub
        self._decoder = decoder
        self._bucket = Bucket(frames_per_second, frames_per_second * BURST)
        self._floods = 0
        extensions = scope.get("extensions") or {}
        self.connection = Connection(send, together=TEXTS in extensions, life=extensions.get(LIFE, {}).get(LIFE))

    async def run(self, guest: Guest[Frame]) -> None:
        """Until the peer or the server hangs up."""
        await self._receive()  # websocket.connect
        await self._send({"type": "websocket.accept"})
        self._hub.add(self.connection)
        try:
            # After its last message the server gives no other: whoever left before the greeting is not waited for.
            greeted = await self._greet(guest)
            while greeted and (text := await self._next()) is not None:
                await self._obey(guest, text)
        except Hangup as hangup:
            self.connection.close(hangup.code, hangup.reason)
            await self.connection.flushed()
        except Exception:
            log.exception("socket.failed", error_id=new_id().hex[:12])
            self.connection.close(1011, "a mistake of the server: reconnect")
            await self.connection.flushed()
        finally:
            self.connection.closed = True
            self._hub.remove(self.connection)
            await asyncio.shield(guest.gone())

    async def _greet(self, guest: Guest[Frame]) -> bool:
        """False when the peer left before the first frame."""
        try:
            async with asyncio.timeout(GREETING_SECONDS):
                text = await self._next()
        except TimeoutError:
            raise Hangup(MALFORMED, "no hello within 10 seconds") from None
        if text is None:
            return False
        frame = self._decode(text)
        try:
            await guest.greet(frame)
        except Refusal as refusal:
            raise _hangup(refusal) from refusal
        return True

    async def _obey(self, guest: Guest[Frame], text: str) -> None:
        frame = self._decode(text)
        try:
            if wait := self._bucket.take():
                self._floods += 1
                if self._floods > PATIENCE:
                    raise Hangup(FLOODING, "too many frames: slow down")
                raise TooMany("too-many-frames", "Too many frames at once. Slow down.", wait)
            self._floods = 0
            await guest.obey(frame)
        except Refusal as refusal:
            guest.refuse(frame, refusal)

    async def _next(self) -> str | None:
        message = await self._receive()
        if message["type"] == "websocket.disconnect":
            return None
        text = message.get("text")
        if text is None:
            raise Hangup(MALFORMED, "frames are JSON texts")
        return str(text)

    def _decode(self, text: str) -> Frame:
        try:
            frame: Frame = self._decoder.decode(text)
        except (msgspec.DecodeError, RecursionError) as error:
            raise Hangup(MALFORMED, str(error)[:110].encode("ascii", "replace").decode()) from error
        return frame


def _hangup(refusal: Refusal) -> Hangup:
    codes = {401: SIGNED_OUT, 403: FOREIGN_ORIGIN, 404: UNKNOWN_CHANNEL, 429: FLOODING, 503: 1013}
    return Hangup(codes.get(refusal.status, MALFORMED), refusal.message[:110].encode("ascii", "replace").decode())


async def refuse_handshake(receive: FromPeer, send: ToPeer) -> None:
    """Answer a handshake with 403, before anything is read."""
    await receive()
    await send({"type": "websocket.close"})
