"""What can be done with transcripts."""

from __future__ import annotations

from uuid import UUID

from alongside.domains.conversations import queries as conversations
from alongside.domains.conversations.actions import no_such_conversation
from alongside.domains.conversations.policy import may_see
from alongside.domains.conversations.schemas import ConversationRow
from alongside.domains.transcripts.events import ConversationExported
from alongside.domains.transcripts.logic import Wish
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Work


async def begin_export(work: Work, actor: AgentActor, conversation_id: UUID, wish: Wish) -> ConversationRow:
    """The conversation that is taken away as a file, and a note of who takes it. Raises `NotFound`."""
    row = await conversations.conversation(work, conversation_id)
    if row is None or not may_see(actor, row.assignee_id, row.team_id):
        raise no_such_conversation()
    work.announce(
        ConversationExported(
            actor_id=actor.id,
            customer_id=row.contact.id,
            customer_number=row.contact.number,
            conversation_id=row.id,
            format=wish.format,
            inside=wish.inside,
        )
    )
    return row
