"""uvicorn's WebSocket protocol, which also lets go of a peer that takes nothing any more.

uvicorn closes such a peer by waiting for the buffer in front of it to empty, which never happens: the connection, its
tasks and its buffers would stay for as long as the peer's machine keeps the connection. We cut instead.
"""

from __future__ import annotations

from uvicorn._types import ASGISendEvent
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

# From our close frame until the peer must have answered it, and at the end of the process.
CLOSE_SECONDS = 10.0
LEAVE_SECONDS = 3.0


class WebSocketProtocol(WebSocketsSansIOProtocol):
    """Cuts what cannot be closed in order."""

    def keepalive_timeout(self) -> None:
        """The peer left a ping unanswered."""
        super().keepalive_timeout()
        self.transport.abort()

    def shutdown(self) -> None:
        """The process leaves."""
        super().shutdown()
        self.loop.call_later(LEAVE_SECONDS, self.transport.abort)

    async def send(self, message: ASGISendEvent) -> None:
        """A close frame that is not answered in time cuts."""
        await super().send(message)
        if message["type"] == "websocket.close" and self.close_timer is not None:
            self.close_timer.cancel()
            self.close_timer = self.loop.call_later(CLOSE_SECONDS, self.transport.abort)
