"""Writing in the open conversation, through the verb."""

from __future__ import annotations

from typing import Any

from alongside.domains.conversations.schemas import MessageEntry, NoteEntry
from alongside.domains.messages import actions as messages
from alongside.domains.messages.actions import Draft
from alongside.kit.ids import new_client_id
from alongside.platform.auth.actor import AgentActor, VisitorActor
from tests.world import World

LIMIT = 1_000


async def write(world: World, actor: AgentActor | VisitorActor, text: str, **more: Any) -> MessageEntry | NoteEntry:
    """Post a text. `more` is whatever else a draft may say."""
    draft = Draft(more.pop("client_id", None) or new_client_id(), text, **more)
    entry = await messages.post(world.database, actor, world.conversation_id, draft, LIMIT)
    assert isinstance(entry, MessageEntry | NoteEntry)
    return entry
