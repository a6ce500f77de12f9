"""What can be done to a conversation: begin, set the status, assign, mark how far it was read.

Each verb that writes to the log takes its number under the conversation's row lock, so numbers have no gaps and
follow the order of commits.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from alongside.domains.contacts import actions as contacts
from alongside.domains.contacts import policy as contact_policy
from alongside.domains.conversations import policy, queries
from alongside.domains.conversations.events import EntryAdded, RowRefreshed, TeamHasSeen, VisitorHasMarked
from alongside.domains.conversations.rows import ENTRY_COLUMNS, entry_from
from alongside.domains.conversations.schemas import AuthorKind, ConversationRow, Status
from alongside.domains.labels import queries as labels
from alongside.domains.labels.schemas import MOST_CARRIED
from alongside.platform.auth.actor import AgentActor, VisitorActor
from alongside.platform.db import Row, Work
from alongside.platform.errors import Conflict, Forbidden, Invalid, NotFound

LOCK = "SELECT id, status, assignee_id, team_id, episode, last_seq FROM conversation WHERE id = $1 FOR UPDATE"

APPEND = f"""
WITH bumped AS (
    UPDATE conversation SET last_seq = last_seq + 1 WHERE id = $1 RETURNING id, last_seq, episode
)
INSERT INTO entry (conversation_id, seq, episode, kind, author_kind, author_id, status, data)
SELECT id, last_seq, episode, $2, $3, $4, $5, $6 FROM bumped
RETURNING {ENTRY_COLUMNS}
"""

# The contact is held, so that neither they nor their conversation is erased between this statement and the next.
BEGIN = """
WITH held AS MATERIALIZED (SELECT id FROM contact WHERE id = $1 FOR KEY SHARE)
INSERT INTO conversation (contact_id, channel_id) SELECT id, $2 FROM held
ON CONFLICT (contact_id, channel_id) DO NOTHING
RETURNING id
"""

TEAM_SEEN = """
WITH mark AS (
    INSERT INTO conversation_seen (conversation_id, agent_id, seq)
    SELECT c.id, $2, least($3, c.last_seq) FROM conversation c WHERE c.id = $1 AND least($3, c.last_seq) > 0
    ON CONFLICT (conversation_id, agent_id) DO UPDATE SET seq = excluded.seq
    WHERE conversation_seen.seq < excluded.seq
    RETURNING seq
), step AS (
    INSERT INTO read_mark (conversation_id, agent_id, seq) SELECT $1, $2, seq FROM mark ON CONFLICT DO NOTHING
)
UPDATE conversation c
SET team_seen = greatest(c.team_seen, coalesce((
    SELECT e.public_seq FROM entry e
    WHERE e.conversation_id = $1 AND e.seq <= mark.seq AND e.public_seq IS NOT NULL
    ORDER BY e.seq DESC LIMIT 1), 0))
FROM mark WHERE c.id = $1
RETURNING c.contact_id, c.channel_id, c.team_seen, mark.seq
"""

VISITOR_MARKS = """
WITH given AS (
    SELECT id, least(greatest($3::bigint, $4::bigint), last_public_seq) AS delivered,
           least($4::bigint, last_public_seq) AS seen, visitor_seen AS before
    FROM conversation WHERE contact_id = $1 AND channel_id = $2
), moved AS (
    UPDATE conversation c
    SET visitor_delivered = greatest(c.visitor_delivered, given.delivered),
        visitor_seen = greatest(c.visitor_seen, given.seen)
    FROM given
    WHERE c.id = given.id AND (c.visitor_delivered < given.delivered OR c.visitor_seen < given.seen)
    RETURNING c.id, c.visitor_delivered, c.visitor_seen, given.before
), step AS (
    INSERT INTO read_mark (conversation_id, seq) SELECT id, visitor_seen FROM moved WHERE visitor_seen > before
    ON CONFLICT DO NOTHING
)
SELECT id, visitor_delivered, visitor_seen FROM moved
"""


# Counts once, however often it is changed: an episode has one rating.
RATE = """
UPDATE episode SET rating = $3, rating_comment = $4, rated_at = now() WHERE conversation_id = $1 AND number = $2
"""

DECLINE_RATING = """
UPDATE episode e SET rating_declined = true FROM conversation c
WHERE c.contact_id = $1 AND c.channel_id = $2 AND e.conversation_id = c.id AND e.number = $3
"""

PUT_ON = """
UPDATE conversation SET label_ids = array_append(label_ids, $2::uuid)
WHERE id = $1 AND NOT label_ids @> ARRAY[$2::uuid]
"""
TAKE_OFF = "UPDATE conversation SET label_ids = array_remove(label_ids, $2::uuid) WHERE id = $1"


async def begin(work: Work, actor: VisitorActor) -> UUID:
    """The visitor's conversation on their channel, begun now unless it exists. Its first entry comes with a message.

    Raises `NotFound` when the visitor was erased meanwhile.
    """
    conversation_id: UUID | None = await work.value(BEGIN, actor.contact_id, actor.channel_id)
    if conversation_id is None:
        found = await queries.conversation_of_visitor(work, actor.contact_id, actor.channel_id)
        if found is None:
            raise NotFound("no-such-conversation", "This conversation does not exist (any more).")
        return found
    await work.run(
        "INSERT INTO episode (conversation_id, number, first_seq, opened_at) VALUES ($1, 1, 1, now())",
        conversation_id,
    )
    return conversation_id


async def set_status(work: Work, actor: AgentActor, conversation_id: UUID, status: Status) -> ConversationRow:
    """A person sets the status. To the status it has already: nothing happens."""
    _require_reply(actor)
    before = await _lock(work, conversation_id, actor)
    if before["status"] != status:
        await _write_status(work, before, status)
        await _append(work, actor, before, "status", status=status)
    return await _row(work, conversation_id)


async def assign(
    work: Work, actor: AgentActor, conversation_id: UUID, agent_id: UUID | None, team_id: UUID | None
) -> ConversationRow:
    """Give the conversation to an agent, to a team, or to nobody. To whom has it already: nothing happens."""
    if not policy.may_assign(actor, agent_id):
        raise Forbidden(
            "not-permitted",
            "Your role does not allow assigning conversations to others. Ask an admin for it.",
        )
    if agent_id and team_id:
        raise Invalid("agent-or-team", "Assign to an agent or to a team, not to both.")
    before = await _lock(work, conversation_id, actor)
    if (before["assignee_id"], before["team_id"]) != (agent_id, team_id):
        await require_assignable(work, agent_id, team_id)
        await _give(work, actor, before, agent_id, team_id)
    return await _row(work, conversation_id)


async def assign_customer(
    work: Work, actor: AgentActor, contact_id: UUID, agent_id: UUID | None, team_id: UUID | None
) -> UUID:
    """Give a customer to an agent, to a team, or to nobody: what is not done now, and what they write first elsewhere.

    Returns who stands for the customer.
    """
    if not actor.may(policy.ASSIGN):
        raise Forbidden("not-permitted", "Your role does not allow giving away customers. Ask an admin for it.")
    if agent_id and team_id:
        raise Invalid("agent-or-team", "Assign to an agent or to a team, not to both.")
    await require_assignable(work, agent_id, team_id)
    person_id = await contacts.give_contact(work, actor, contact_id, agent_id, team_id)
    for row in sorted(await queries.conversations_of(work, person_id), key=lambda each: each.id):
        if row.last_seq > 0 and row.status != "done" and policy.may_see(actor, row.assignee_id, row.team_id):
            await assign(work, actor, row.id, agent_id, team_id)
    return person_id


async def give_to_owner(work: Work, conversation_id: UUID) -> None:
    """What a customer wrote first goes to the agent or team they belong to, unless somebody has it by now."""
    if await queries.owner(work, conversation_id) is None:
        return
    before = await _lock(work, conversation_id)
    owner = await queries.owner(work, conversation_id)
    if owner and before["last_seq"] > 0:
        await _give(work, None, before, *owner)


async def _give(work: Work, actor: AgentActor | None, before: Row, agent_id: UUID | None, team_id: UUID | None) -> None:
    await work.run(
        "UPDATE conversation SET assignee_id = $2, team_id = $3 WHERE id = $1", before["id"], agent_id, team_id
    )
    await _append(work, actor, before, "assignment", data={"agent_id": agent_id, "team_id": team_id})


class Identified(msgspec.Struct, frozen=True, kw_only=True):
    """Who a visitor turned out to be, and where they go on if that is elsewhere; `settled`: nothing waits here."""

    contact_id: UUID
    name: str | None
    conversation_id: UUID | None = None
    settled: bool = False


async def record_identified(work: Work, conversation_id: UUID, identified: Identified) -> None:
    """Note in the log that the site vouched for the visitor. A log begins with a message."""
    before = await _lock(work, conversation_id)
    if before["last_seq"] == 0:
        return
    done = identified.settled and before["status"] != "done"
    if done:
        await _write_status(work, before, "done")
    data = {
        "contact_id": identified.contact_id,
        "name": identified.name,
        "conversation_id": identified.conversation_id,
    }
    await _append(work, None, before, "identified", status="done" if done else None, data=data)


async def record_mailed(work: Work, conversation_id: UUID, to: str, failed: str | None) -> None:
    """Note in the log that the team's answers went out by mail, or why they could not."""
    before = await _lock(work, conversation_id)
    await _append(work, None, before, "mailed", data={"to": to, "failed": failed})


class Rating(msgspec.Struct, frozen=True):
    """What a visitor thinks of an episode: 1 (worst) to 5 stars, and a few words if they like."""

    episode: int
    stars: int
    comment: str | None


async def rate(work: Work, actor: VisitorActor, rating: Rating) -> None:
    """The visitor rates their own latest episode once it is Done; a later rating of it takes the place of the first.

    The same again: nothing happens. Raises `Conflict` where it runs and was never Done, or another has begun.
    """
    conversation_id = await queries.conversation_of_visitor(work, actor.contact_id, actor.channel_id)
    if conversation_id is None:
        raise no_such_conversation()
    before = await _lock(work, conversation_id)
    standing = await queries.rating(work, conversation_id, rating.episode)
    if before["episode"] != rating.episode or standing is None or not standing.open:
        raise Conflict("rating-closed", "This conversation goes on. It can be rated when it is over.")
    if (standing.stars, standing.comment) == (rating.stars, rating.comment):
        return
    await work.run(RATE, conversation_id, rating.episode, rating.stars, rating.comment)
    await _append(work, actor, before, "rating", data={"stars": rating.stars, "comment": rating.comment})


async def decline_rating(work: Work, actor: VisitorActor, episode: int) -> None:
    """The visitor does not want to be asked about this episode again. They may still rate it; nobody else is told."""
    await work.run(DECLINE_RATING, actor.contact_id, actor.channel_id, episode)


async def mark_seen(work: Work, actor: AgentActor, conversation_id: UUID, seq: int) -> None:
    """The agent has read up to `seq`; marks only move forward."""
    if actor.holders is not None and not await queries.in_sight(work, actor, conversation_id):
        raise no_such_conversation()
    row = await work.row(TEAM_SEEN, conversation_id, actor.id, _sane(seq))
    if row:
        work.announce(TeamHasSeen(conversation_id=conversation_id, agent_id=actor.id, **dict(row)))


async def mark_visitor(work: Work, actor: VisitorActor, delivered: int, seen: int) -> None:
    """The visitor's devices received up to `delivered`, the visitor read up to `seen`, in the visitor's numbering."""
    row = await work.row(VISITOR_MARKS, actor.contact_id, actor.channel_id, _sane(delivered), _sane(seen))
    if row:
        work.announce(
            VisitorHasMarked(
                conversation_id=row["id"],
                contact_id=actor.contact_id,
                channel_id=actor.channel_id,
                delivered=row["visitor_delivered"],
                seen=row["visitor_seen"],
            )
        )


async def label_conversation(
    work: Work, actor: AgentActor, conversation_id: UUID, label_id: UUID, *, on: bool
) -> ConversationRow:
    """Put a label on a conversation, or take it off. A mark of the team's, not an event: the log says nothing of it."""
    if not actor.may(contact_policy.EDIT):
        raise Forbidden("not-permitted", "Your role does not allow labels. Ask an admin for it.")
    if on and not await labels.hold(work, label_id):
        raise NotFound("no-such-label", "This label does not exist (any more).")
    await _lock(work, conversation_id, actor)
    if on and await queries.labels_carried(work, conversation_id) >= MOST_CARRIED:
        raise Conflict("too-many-carried", f"A conversation carries at most {MOST_CARRIED} labels. Take one off first.")
    await work.run(PUT_ON if on else TAKE_OFF, conversation_id, label_id)
    row = await _row(work, conversation_id)
    work.announce(RowRefreshed(row=row))
    return row


async def refresh_rows(work: Work, contact_id: UUID) -> None:
    """The contact looks different: announce their rows anew, and those of whoever is merged with them."""
    for row in await queries.conversations_of(work, contact_id):
        if row.last_seq > 0:
            work.announce(RowRefreshed(row=row))


async def require_assignable(work: Work, agent_id: UUID | None, team_id: UUID | None) -> None:
    """Raises `Invalid` for an agent who left or a team that is gone. Both stay as they are until this work ends."""
    if agent_id and not await work.value("SELECT true FROM agent WHERE id = $1 AND active FOR KEY SHARE", agent_id):
        raise Invalid("no-such-agent", "This agent does not exist or was deactivated. Choose another.")
    if team_id and not await work.value("SELECT true FROM team WHERE id = $1 FOR KEY SHARE", team_id):
        raise Invalid("no-such-team", "This team does not exist (any more). Choose another.")


async def _write_status(work: Work, before: Row, status: Status) -> None:
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


async def _append(
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
            row=await _row(work, before["id"]),
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


def no_such_conversation() -> NotFound:
    """The answer about a conversation that is not there, or not for this agent: the same."""
    return NotFound("no-such-conversation", "This conversation does not exist (any more).")


async def _lock(work: Work, conversation_id: UUID, actor: AgentActor | None = None) -> Row:
    row = await work.row(LOCK, conversation_id)
    if row is None or (actor and not policy.may_see(actor, row["assignee_id"], row["team_id"])):
        raise no_such_conversation()
    return row


async def _row(work: Work, conversation_id: UUID) -> ConversationRow:
    row = await queries.conversation(work, conversation_id)
    assert row is not None
    return row


def _require_reply(actor: AgentActor) -> None:
    if not policy.may_reply(actor):
        raise Forbidden("not-permitted", "Your role does not allow answering conversations. Ask an admin for it.")


def _sane(number: int) -> int:
    return max(0, min(number, queries.END))
