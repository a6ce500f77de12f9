"""What every verb stands on: the conversation's row, held, and the next entry of its log.

An entry takes its number under the row's lock, so numbers have no gaps and follow the order of commits.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from alongside.domains.conversations import policy, queries
from alongside.domains.conversations.events import EntryAdded
from alongside.domains.conversations.rows import ENTRY_COLUMNS, entry_from
from alongside.domains.conversations.schemas import AuthorKind, ConversationRow, Status
from alongside.platform.auth.actor import AgentActor, VisitorActor
from alongside.platform.db import Row, Work
from alongside.platform.errors import NotFound

LOCK = "SELECT id, status, assignee_id, team_id, episode, last_seq FROM conversation WHERE id = $1 FOR UPDATE"

APPEND = f"""
WITH bumped AS (
    UPDATE conversation SET last_seq = last_seq + 1 WHERE id = $1 RETURNING id, last_seq, episode
)
INSERT INTO entry (conversation_id, seq, episode, kind, author_kind, author_id, status, data)
SELECT id, last_seq, episode, $2, $3, $4, $5, $6 FROM bumped
RETURNING {ENTRY_COLUMNS}
"""


async def lock(work: Work, conversation_id: UUID, actor: AgentActor | None = None) -> Row:
    row = await work.row(LOCK, conversation_id)
    if row is None or (actor and not policy.may_see(actor, row["assignee_id"], row["team_id"])):
        raise no_such_conversation()
    return row


async def append(
    work: Work,
    actor: AgentActor | VisitorActor | None,
    before: Row,
    kind: str,
    *,
    status: Status | None = None,
    data: dict[str, Any] | None = None,
) -> None:
    author = _author(actor)
    written = await work.row(APPEND, before["id"], kind, *author, status, data)
    assert written is not None
    work.announce(
        EntryAdded(
            row=await row_of(work, before["id"]),
            entry=entry_from(written),
            was_status=before["status"],
            was_assignee_id=before["assignee_id"],
            taken_from=policy.holder(before["assignee_id"], before["team_id"]) if kind == "assignment" else None,
            author_name=actor.display_name if isinstance(actor, AgentActor) else None,
        )
    )


def _author(actor: AgentActor | VisitorActor | None) -> tuple[AuthorKind, UUID | None]:
    if actor is None:
        return "system", None
    return ("agent", actor.id) if isinstance(actor, AgentActor) else ("visitor", actor.contact_id)


async def row_of(work: Work, conversation_id: UUID) -> ConversationRow:
    row = await queries.conversation(work, conversation_id)
    assert row is not None
    return row


async def write_status(work: Work, before: Row, status: Status) -> None:
    await work.run(
        """
        UPDATE conversation SET status = $2,
            unread_count = CASE WHEN $2 = 'unread' THEN unread_count ELSE 0 END,
            waiting_since = CASE WHEN $2 = 'unread' THEN waiting_since END
        WHERE id = $1
        """,
        before["id"],
        status,
    )
    await work.run(
        "UPDATE episode SET done_at = CASE WHEN $3 THEN now() END WHERE conversation_id = $1 AND number = $2",
        before["id"],
        before["episode"],
        status == "done",
    )


def no_such_conversation() -> NotFound:
    """The answer about a conversation that is not there, or not for this agent: the same."""
    return NotFound("no-such-conversation", "This conversation does not exist (any more).")
