"""The agents' socket."""

from __future__ import annotations

from typing import cast

from litestar import asgi
from litestar.enums import ScopeType
from litestar.types import Receive, Scope, Send

from alongside.domains.console.actions import ConsoleDoor
from alongside.domains.console.agent_schemas import AgentFrame
from alongside.domains.console.socket import AgentGuest, decoder
from alongside.platform.errors import NotFound
from alongside.platform.realtime.socket import FromPeer, Socket, ToPeer, refuse_handshake
from alongside.platform.web import who
from alongside.platform.web.address import origin_allowed


@asgi(
    "/console/socket",
    opt={"who": who.doorkeeper("the session's cookie comes with the handshake, its CSRF proof in the first frame")},
    copy_scope=False,
)
async def socket(scope: Scope, receive: Receive, send: Send) -> None:
    """The agents' live socket; its frames are in contract/events.md."""
    door: ConsoleDoor = scope["litestar_app"].state.console_door
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    if scope["type"] != ScopeType.WEBSOCKET:
        raise NotFound("websocket-only", "This address answers WebSocket handshakes only.")
    if not origin_allowed(headers, door.config.own_origins, absent=False):
        await refuse_handshake(cast(FromPeer, receive), cast(ToPeer, send))
        return
    rate = door.config.frames_per_second
    link: Socket[AgentFrame] = Socket(scope, cast(FromPeer, receive), cast(ToPeer, send), door.hub, decoder, rate)
    await link.run(AgentGuest(door, link.connection, headers.get("cookie", "")))


ROUTES = [socket]
