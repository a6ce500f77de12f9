"""What an author does with a message or note afterwards: edit it, delete it.

Both happen under the conversation's row lock, so two at once stand one behind the other in the log, and the last wins.
Whether there is still time, the database's clock decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from alongside.domains.conversations import policy
from alongside.domains.conversations.actions import no_such_conversation
from alongside.domains.conversations.events import EntryAdded
from alongside.domains.conversations.queries import conversation
from alongside.domains.conversations.rows import Carried, carried_from, entry_from
from alongside.domains.conversations.schemas import Entry, Mention, MessageEntry, NoteEntry
from alongside.domains.messages import queries
from alongside.domains.messages.actions.posting import accept_mentions, accept_text, may_not_reply
from alongside.domains.messages.schemas import Named
from alongside.kit.text import preview
from alongside.platform.auth.actor import AgentActor, VisitorActor
from alongside.platform.db import Reading, Row, Work
from alongside.platform.errors import Conflict, Forbidden, NotFound


class Edit(msgspec.Struct, frozen=True):
    """A new text for a message or note. `client_id` is made once per user action: a repeat changes nothing.

    `mentions` are all whom the note names then; None leaves them as they are.
    """

    client_id: UUID
    text: str
    mentions: Sequence[Named] | None = None


async def edit(
    work: Work, actor: AgentActor | VisitorActor, conversation_id: UUID, seq: int, change: Edit, max_chars: int
) -> MessageEntry | NoteEntry:
    """Give one's own message or note another text. Returns it as it is then.

    `seq` counts in the actor's own log. Raises `Forbidden` for what others wrote and once the time is over, `Conflict`
    for what was deleted or shows cards. What it says already, and names already: nothing happens.
    """
    held = await _hold(work, actor, conversation_id)
    found = await _find(work, actor, conversation_id, seq)
    if repeated := await work.value(queries.CHANGE_BY_CLIENT_ID, conversation_id, _id_of(actor), change.client_id):
        if repeated != found["seq"]:
            raise Conflict("client-id-reused", "This client_id was used for something else. Make a new one.")
        return _target(found)
    _require_open(found, "edited")
    text = accept_text(change.text, max_chars, may_be_empty=bool((found["data"] or {}).get("attachments")))
    carried = carried_from(found["data"])
    before, now = carried.mentions, await _named(work, found, change)
    if (text, now) == (found["text"], before):
        return _target(found)
    carried = msgspec.structs.replace(carried, mentions=now)
    await work.run(queries.REPLACE, conversation_id, found["seq"], text, None if carried == Carried() else carried)
    names = {"mentions": now, "before": before} if now or before else {}
    return await _record(work, actor, held, found, Change("edited", change.client_id, text, names))


async def delete(
    work: Work, actor: AgentActor | VisitorActor, conversation_id: UUID, seq: int
) -> MessageEntry | NoteEntry:
    """Take the text, cards and files of one's own message or note away. Returns what is left of it.

    As `edit`; what is deleted already stays so.
    """
    held = await _hold(work, actor, conversation_id)
    found = await _find(work, actor, conversation_id, seq)
    if found["deleted_at"]:
        return _target(found)
    _require_open(found, "deleted")
    # Files first: the entry that carries them is their way to the conversation.
    await work.run(queries.DELETE_FILES, conversation_id, found["seq"])
    await work.run(queries.EMPTY, conversation_id, found["seq"])
    return await _record(work, actor, held, found, Change("deleted", None, None))


class Change(msgspec.Struct, frozen=True):
    """What is put into the log."""

    kind: str
    client_id: UUID | None
    text: str | None
    names: dict[str, list[Mention]] = {}


async def _hold(work: Work, actor: AgentActor | VisitorActor, conversation_id: UUID) -> Row:
    """The conversation's row, held until the end of this work."""
    if isinstance(actor, AgentActor) and not policy.may_reply(actor):
        raise may_not_reply()
    row = await work.row(queries.HOLD, conversation_id)
    unseen = row and isinstance(actor, AgentActor) and not policy.may_see(actor, row["assignee_id"], row["team_id"])
    if row is None or unseen:
        raise no_such_conversation()
    return row


async def _find(work: Work, actor: AgentActor | VisitorActor, conversation_id: UUID, seq: int) -> Row:
    """The actor's own message or note."""
    ours = isinstance(actor, AgentActor)
    found = await work.row(queries.TO_CHANGE if ours else queries.TO_CHANGE_BY_VISITOR, conversation_id, seq)
    if found is None:
        raise NotFound("no-such-message", "This message does not exist (any more).")
    if (found["author_kind"], found["author_id"]) != ("agent" if ours else "visitor", _id_of(actor)):
        raise Forbidden("not-yours", "Only who wrote a message can change it.")
    return found


async def _named(reading: Reading, found: Row, change: Edit) -> list[Mention]:
    """Whom it names from now on. Who was named before may have left since: they stay, by the name of then."""
    before = carried_from(found["data"]).mentions
    if change.mentions is None:
        return before
    known = {each.agent_id or each.team_id: each for each in before}
    fresh = [each for each in change.mentions if (each.agent_id or each.team_id) not in known]
    known |= {each.agent_id or each.team_id: each for each in await accept_mentions(reading, found["kind"], fresh)}
    return list({each: known[each] for each in (named.agent_id or named.team_id for named in change.mentions)}.values())


def _require_open(found: Row, verb: str) -> None:
    """Raises unless it can still be edited or deleted."""
    if found["deleted_at"]:
        raise Conflict("message-deleted", "This message was deleted. Write a new one.")
    if found["cards"] and verb == "edited":
        raise Conflict("message-not-editable", "What shows articles cannot be edited. Delete it and send others.")
    if not found["in_time"]:
        raise Forbidden(
            "edit-time-over", f"This message can no longer be {verb}: the time for it is over. Write a new one."
        )


async def _record(
    work: Work, actor: AgentActor | VisitorActor, held: Row, found: Row, change: Change
) -> MessageEntry | NoteEntry:
    """Number the change, let the list follow, tell everybody."""
    now_shown = preview(change.text or "")
    written = await work.row(
        queries.RECORD,
        held["id"],
        found["seq"],
        change.kind,
        "agent" if isinstance(actor, AgentActor) else "visitor",
        _id_of(actor),
        change.client_id,
        change.text,
        now_shown,
        change.names,
    )
    row = await conversation(work, held["id"])
    changed = await work.row(queries.TO_CHANGE, held["id"], found["seq"])
    assert written is not None and row is not None and changed is not None
    work.announce(
        EntryAdded(
            row=row,
            entry=entry_from(written),
            was_status=row.status,
            was_assignee_id=row.assignee_id,
            author_name=actor.display_name if isinstance(actor, AgentActor) else None,
        )
    )
    return _target(changed)


def _target(row: Row) -> MessageEntry | NoteEntry:
    entry: Entry = entry_from(row)
    assert isinstance(entry, MessageEntry | NoteEntry)
    return entry


def _id_of(actor: AgentActor | VisitorActor) -> UUID:
    return actor.id if isinstance(actor, AgentActor) else actor.contact_id
