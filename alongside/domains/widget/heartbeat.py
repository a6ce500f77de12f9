"""Every ten seconds each widget hears where its log ends; what a lost frame left out is noticed by that.

The same round keeps visits alive and closes sockets whose token was revoked, or whose channel was switched off, while
the bus was away.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from uuid import UUID

from alongside.domains.channels import queries as channels
from alongside.domains.contacts import actions as contacts
from alongside.domains.contacts import queries as contact_queries
from alongside.domains.conversations import queries as conversation_queries
from alongside.domains.conversations.queries import Head
from alongside.domains.widget.actions import WidgetDoor
from alongside.domains.widget.frame_schemas import Heartbeat
from alongside.domains.widget.socket import VisitorGuest
from alongside.platform.errors import Unavailable
from alongside.platform.realtime.connection import Connection
from alongside.platform.realtime.hub import encode
from alongside.platform.realtime.socket import SIGNED_OUT, UNKNOWN_CHANNEL

# Widgets told in one go: few enough that a message is not kept waiting by thousands of heartbeats.
AT_ONCE = 25

SILENCE = encode(Heartbeat(head=0, team_seen=0))
NOTHING = Head(0, 0, 0)


Pause = Callable[[float], Awaitable[None]]


async def beat(door: WidgetDoor, *, recheck: bool, spread: float, pause: Pause) -> None:
    """One round over this process's widgets, spread over `spread` seconds by `pause(seconds)`.

    `recheck` asks whether tokens still hold and extends visits.
    """
    guests = [
        (connection, connection.data)
        for connection in door.hub.connections
        if isinstance(connection.data, VisitorGuest) and connection.data.greeted
    ]
    for at in range(0, len(guests), AT_ONCE):
        some = guests[at : at + AT_ONCE]
        await _tell_heads(door, some)
        if recheck:
            await _recheck(door, some)
        await pause(spread * len(some) / len(guests))


async def _tell_heads(door: WidgetDoor, guests: list[tuple[Connection, VisitorGuest]]) -> None:
    heads: dict[UUID, Head] = {}
    # Without the database there is nothing to catch up with; a heartbeat keeps widgets from storming back.
    with suppress(Unavailable):
        await _find_conversations(door, [guest for _, guest in guests])
        heads = await _heads(door, {guest.conversation_id for _, guest in guests if guest.conversation_id})
    for connection, guest in guests:
        if guest.conversation_id is None:
            connection.push(SILENCE)
            continue
        head = heads.get(guest.conversation_id, NOTHING)
        connection.push(encode(Heartbeat(head=head.public_seq, team_seen=head.team_seen)))


async def _find_conversations(door: WidgetDoor, guests: list[VisitorGuest]) -> None:
    """A conversation that another tab began belongs to this one too, even if the frame that told so was lost."""
    without = [(guest, guest.actor) for guest in guests if guest.actor and not guest.conversation_id]
    if not without:
        return
    visitors = list({(actor.contact_id, actor.channel_id) for _, actor in without})
    async with door.database.reading() as reading:
        found = await conversation_queries.conversations_of_visitors(reading, visitors)
    for guest, actor in without:
        guest.conversation_id = guest.conversation_id or found.get((actor.contact_id, actor.channel_id))


async def _heads(door: WidgetDoor, wanted: set[UUID]) -> dict[UUID, Head]:
    if not wanted:
        return {}
    async with door.database.reading() as reading:
        return await conversation_queries.heads(reading, list(wanted))


async def _recheck(door: WidgetDoor, guests: list[tuple[Connection, VisitorGuest]]) -> None:
    await _recheck_channels(door, guests)
    known = [(connection, guest.actor) for connection, guest in guests if guest.actor]
    if not known:
        return
    async with door.database.work() as work:
        live = await contact_queries.live_identities(work, [actor.identity_id for _, actor in known])
        await contacts.extend_visits(work, [guest.visit_id for _, guest in guests if guest.visit_id])
    for connection, actor in known:
        if actor.identity_id not in live:
            connection.close(SIGNED_OUT, "this visitor session has ended")


async def _recheck_channels(door: WidgetDoor, guests: list[tuple[Connection, VisitorGuest]]) -> None:
    """A channel that was switched off while the bus was away, or while a socket was being greeted."""
    async with door.database.reading() as reading:
        off = await channels.inactive(reading, {guest.channel_id for _, guest in guests if guest.channel_id})
    for connection, guest in guests:
        if guest.channel_id in off:
            connection.close(UNKNOWN_CHANNEL, "this chat is switched off")
