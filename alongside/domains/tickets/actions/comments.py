"""Comments for the team, written exactly once."""

from __future__ import annotations

from alongside.domains.tickets import logic, queries
from alongside.domains.tickets.actions.files import carry, choose
from alongside.domains.tickets.actions.writing import Line, announce, append, lock, require_manage
from alongside.domains.tickets.rows import entry_from
from alongside.domains.tickets.schemas import CommentEntry, NewComment
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Work
from alongside.platform.errors import Conflict


async def comment(work: Work, actor: AgentActor, number: int, new: NewComment) -> CommentEntry:
    """Add a comment, perhaps of files alone, to the history. A repeated `client_id` gets what was written first.

    Same client id, another text or other files: `Conflict`. The lock puts repeats in line, so that the first is seen.
    """
    require_manage(actor)
    text = logic.comment(new.text, may_be_empty=bool(new.attachments))
    await lock(work, number)
    earlier = await queries.comment_by_client_id(work, number, actor.id, new.client_id)
    if earlier:
        if (earlier.entry.text, earlier.attachments) != (text, new.attachments):
            raise Conflict("client-id-reused", "This client_id was used for another text. Make a new one.")
        return earlier.entry
    chosen = await choose(work, actor, number, new.attachments)
    data = {"attachments": new.attachments} if chosen else None
    row = await append(work, actor, number, Line(kind="comment", client_id=new.client_id, text=text, data=data))
    await carry(work, number, row["seq"], chosen)
    await announce(work, [number])
    entry = entry_from(row, {}, chosen)
    assert isinstance(entry, CommentEntry)
    return entry
