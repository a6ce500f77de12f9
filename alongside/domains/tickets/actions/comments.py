"""Comments for the team, written exactly once."""

from __future__ import annotations

from alongside.domains.tickets import logic, queries
from alongside.domains.tickets.actions.writing import Line, announce, append, lock, require_manage
from alongside.domains.tickets.rows import entry_from
from alongside.domains.tickets.schemas import CommentEntry, NewComment
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Work
from alongside.platform.errors import Conflict


async def comment(work: Work, actor: AgentActor, number: int, new: NewComment) -> CommentEntry:
    """Add a comment to the history. Repeating a `client_id` answers with the comment written first.

    Same client id, another text: `Conflict`. The lock puts repeats in line, so that the first is always seen.
    """
    require_manage(actor)
    text = logic.comment(new.text)
    await lock(work, number)
    earlier = await queries.comment_by_client_id(work, number, actor.id, new.client_id)
    if earlier:
        if earlier.text != text:
            raise Conflict("client-id-reused", "This client_id was used for another text. Make a new one.")
        return earlier
    row = await append(work, actor, number, Line(kind="comment", client_id=new.client_id, text=text))
    await announce(work, [number])
    entry = entry_from(row, {})
    assert isinstance(entry, CommentEntry)
    return entry
