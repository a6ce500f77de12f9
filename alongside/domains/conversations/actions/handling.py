"""How a conversation stands and who has it: status, assignment, labels."""

from __future__ import annotations

from collections.abc import Set
from uuid import UUID

from alongside.domains.contacts import actions as contacts
from alongside.domains.contacts import policy as contact_policy
from alongside.domains.conversations import policy, queries
from alongside.domains.conversations.actions.appending import append, lock, row_of, write_status
from alongside.domains.conversations.events import RowRefreshed
from alongside.domains.conversations.schemas import ConversationRow, Status
from alongside.domains.labels import queries as labels
from alongside.domains.labels.schemas import MOST_CARRIED
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Row, Work
from alongside.platform.errors import Conflict, Forbidden, Invalid, NotFound

PUT_ON = """
UPDATE conversation SET label_ids = array_append(label_ids, $2::uuid)
WHERE id = $1 AND NOT label_ids @> ARRAY[$2::uuid]
"""

NAME = """
SELECT display_name FROM agent WHERE id = $1 UNION ALL SELECT name FROM team WHERE id = $1
"""

TAKE_OFF = "UPDATE conversation SET label_ids = array_remove(label_ids, $2::uuid) WHERE id = $1"


async def set_status(work: Work, actor: AgentActor, conversation_id: UUID, status: Status) -> ConversationRow:
    """A person sets the status. To the status it has already: nothing happens."""
    _require_reply(actor)
    before = await lock(work, conversation_id, actor)
    if before["status"] != status:
        await write_status(work, before, status)
        await append(work, actor, before, "status", status=status)
    return await row_of(work, conversation_id)


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
    before = await lock(work, conversation_id, actor)
    if (before["assignee_id"], before["team_id"]) != (agent_id, team_id):
        await require_assignable(work, agent_id, team_id)
        await _give(work, actor, before, agent_id, team_id)
    return await row_of(work, conversation_id)


async def require_held_by(work: Work, actor: AgentActor, conversation_id: UUID, holders: Set[UUID | None]) -> None:
    """Raises `Conflict`, which names who has it, where none of these has the conversation (None: nobody)."""
    before = await lock(work, conversation_id, actor)
    holder = before["assignee_id"] or before["team_id"]
    if holder in holders:
        return
    if holder is None:
        raise Conflict("held-by-nobody", "Nobody has this conversation any more. Look at it, then try again.")
    name = await work.value(NAME, holder)
    raise Conflict("taken", f"{name} has this conversation by now.", holder_id=str(holder), name=name)


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
    before = await lock(work, conversation_id)
    owner = await queries.owner(work, conversation_id)
    if owner and before["last_seq"] > 0:
        await _give(work, None, before, *owner)


async def give(
    work: Work, conversation_id: UUID, agent_id: UUID | None, team_id: UUID | None = None
) -> ConversationRow:
    """Alongside itself gives a conversation to an agent, to a team, or to nobody. To whom has it: nothing happens."""
    before = await lock(work, conversation_id)
    if (before["assignee_id"], before["team_id"]) != (agent_id, team_id):
        await require_assignable(work, agent_id, team_id)
        await _give(work, None, before, agent_id, team_id)
    return await row_of(work, conversation_id)


async def _give(work: Work, actor: AgentActor | None, before: Row, agent_id: UUID | None, team_id: UUID | None) -> None:
    await work.run(
        "UPDATE conversation SET assignee_id = $2, team_id = $3 WHERE id = $1", before["id"], agent_id, team_id
    )
    await append(work, actor, before, "assignment", data={"agent_id": agent_id, "team_id": team_id})


async def label_conversation(
    work: Work, actor: AgentActor, conversation_id: UUID, label_id: UUID, *, on: bool
) -> ConversationRow:
    """Put a label on a conversation, or take it off. A mark of the team's, not an event: the log says nothing of it."""
    if not actor.may(contact_policy.EDIT):
        raise Forbidden("not-permitted", "Your role does not allow labels. Ask an admin for it.")
    if on and not await labels.hold(work, label_id):
        raise NotFound("no-such-label", "This label does not exist (any more).")
    await lock(work, conversation_id, actor)
    if on and await queries.labels_carried(work, conversation_id) >= MOST_CARRIED:
        raise Conflict("too-many-carried", f"A conversation carries at most {MOST_CARRIED} labels. Take one off first.")
    await work.run(PUT_ON if on else TAKE_OFF, conversation_id, label_id)
    row = await row_of(work, conversation_id)
    work.announce(RowRefreshed(row=row))
    return row


async def require_assignable(work: Work, agent_id: UUID | None, team_id: UUID | None) -> None:
    """Raises `Invalid` for an agent who left or a team that is gone. Both stay as they are until this work ends."""
    if agent_id and not await work.value("SELECT true FROM agent WHERE id = $1 AND active FOR KEY SHARE", agent_id):
        raise Invalid("no-such-agent", "This agent does not exist or was deactivated. Choose another.")
    if team_id and not await work.value("SELECT true FROM team WHERE id = $1 FOR KEY SHARE", team_id):
        raise Invalid("no-such-team", "This team does not exist (any more). Choose another.")


def _require_reply(actor: AgentActor) -> None:
    if not policy.may_reply(actor):
        raise Forbidden("not-permitted", "Your role does not allow answering conversations. Ask an admin for it.")
