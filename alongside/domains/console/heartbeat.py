"""Every ten seconds each console hears where the logs it follows end.

The same round makes up for what the bus may have lost: it closes sockets whose session was revoked or whose agent's
rights changed, and takes away what an agent may not see any more. Another one, every second, tells who is there.
"""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from alongside.domains.agents import actions as agents
from alongside.domains.agents import queries as agent_queries
from alongside.domains.console.actions import ConsoleDoor
from alongside.domains.console.schemas import Heartbeat, Refresh, RowGone
from alongside.domains.console.socket import AgentGuest
from alongside.domains.conversations import queries
from alongside.domains.conversations.queries import Head
from alongside.kit.time import now
from alongside.platform.errors import Unavailable
from alongside.platform.realtime.connection import Connection
from alongside.platform.realtime.hub import encode
from alongside.platform.realtime.socket import RECONNECT, SIGNED_OUT


async def beat(door: ConsoleDoor, *, recheck: bool) -> None:
    """One round over this process's consoles; `recheck` asks whether sessions still hold."""
    guests = [
        (connection, connection.data)
        for connection in door.hub.connections
        if isinstance(connection.data, AgentGuest) and connection.data.signed_in
    ]
    if not guests:
        return
    await _tell_heads(door, guests)
    if recheck:
        async with door.database.reading() as reading:
            live = await agent_queries.live_sessions(reading, [guest.agent.session_id for _, guest in guests])
        for connection, guest in guests:
            now_is = live.get(guest.agent.session_id)
            if now_is is None:
                connection.close(SIGNED_OUT, "signed out")
            elif (now_is.permissions, now_is.holders) != (guest.agent.permissions, guest.agent.holders):
                connection.close(RECONNECT, "your role or teams changed: reconnect")


async def attend(door: ConsoleDoor) -> None:
    """Who of the agents in this process was heard lately, and who has come and gone anywhere."""
    silent: dict[UUID, float] = {}
    for connection in door.hub.connections:
        guest = connection.data
        if isinstance(guest, AgentGuest) and guest.signed_in:
            silent[guest.agent.id] = min(silent.get(guest.agent.id, connection.silent), connection.silent)
    await agents.attend(door.database, silent)


def refresh_all(door: ConsoleDoor) -> None:
    """Frames of other processes may have been lost: consoles read their lists again."""
    frame = encode(Refresh())
    for connection in door.hub.connections:
        if isinstance(connection.data, AgentGuest) and connection.data.signed_in:
            connection.push(frame)


async def _tell_heads(door: ConsoleDoor, guests: list[tuple[Connection, AgentGuest]]) -> None:
    wanted = {conversation_id for _, guest in guests for conversation_id in guest.open}
    heads: dict[UUID, Head] = {}
    if wanted:
        # Without the database there is nothing to catch up with; a heartbeat keeps consoles from storming back.
        with suppress(Unavailable):
            async with door.database.reading() as reading:
                heads = await queries.heads(reading, list(wanted))
    for connection, guest in guests:
        for lost in [each for each in guest.open if each in heads and not guest.agent.sees(heads[each].holder_id)]:
            guest.lose(lost)
            connection.push(encode(RowGone(conversation_id=lost, last_seq=heads[lost].seq, was_status=None)))
        known = {str(each): heads[each].seq for each in guest.open if each in heads}
        connection.push(encode(Heartbeat(heads=known, server_time=now())))
