"""A conversation was given to others: it comes into the sight of some agents and leaves that of others.

Asked in every process of its own sockets. Whoever sees all conversations is told by the row alone.
"""

from __future__ import annotations

from uuid import UUID

import msgspec

from alongside.domains.console import topics
from alongside.domains.console.schemas import RowChanged, RowGone
from alongside.domains.console.socket import AgentGuest
from alongside.domains.conversations.policy import holder
from alongside.platform.realtime.connection import Connection
from alongside.platform.realtime.hub import Hub, encode


class Moved(msgspec.Struct, frozen=True):
    """What the processes tell each other: the row as it is now, and who had it."""

    change: RowChanged
    taken_from: UUID


_decode = msgspec.json.Decoder(Moved).decode


def tell(hub: Hub, payload: str) -> None:
    """Tell this process's consoles of agents who do not see everything."""
    moved = _decode(payload)
    row = moved.change.row
    had = hub.listeners(topics.held(moved.taken_from))
    has = hub.listeners(topics.held(holder(row.assignee_id, row.team_id)))
    _push(had & has, moved.change)
    _push(has - had, msgspec.structs.replace(moved.change, was_status=None))
    gone = had - has
    _push(gone, RowGone(conversation_id=row.id, last_seq=row.last_seq, was_status=moved.change.was_status))
    for connection in gone:
        if isinstance(connection.data, AgentGuest):
            connection.data.lose(row.id)


def _push(connections: set[Connection], frame: RowChanged | RowGone) -> None:
    if connections:
        text = encode(frame)
        for connection in connections:
            connection.push(text)
