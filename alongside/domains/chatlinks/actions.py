"""What can be done with chat links: make, recognise, revoke, sweep."""

from __future__ import annotations

import hmac
from uuid import UUID

from alongside.domains.agents import queries as agents
from alongside.domains.channels.logic import origins
from alongside.domains.chatlinks import policy, queries
from alongside.domains.chatlinks.events import ChatLinkCreated, ChatLinkRevoked
from alongside.domains.chatlinks.schemas import ChatLink, ChatLinkList, ChatLinkMade, NewChatLink
from alongside.domains.contacts import queries as contacts
from alongside.domains.contacts.actions.details import no_such_contact
from alongside.domains.conversations import queries as conversations
from alongside.domains.conversations.actions import no_such_conversation
from alongside.domains.conversations.policy import holder, may_reply, may_see
from alongside.domains.conversations.schemas import ConversationRow
from alongside.domains.files.schemas import Attachment
from alongside.kit.ids import digest, new_secret
from alongside.kit.paging import Cursor
from alongside.platform.auth.actor import AgentActor, LinkActor
from alongside.platform.auth.tokens import looks_like_token
from alongside.platform.db import Database, Reading, Work
from alongside.platform.errors import Conflict, Forbidden, Invalid, NotFound, Unauthorized

# Of one conversation, at a time: a system that opens it anew each time it is looked at.
MOST_LINKS = 100

LOCK = "SELECT id FROM conversation WHERE id = $1 FOR NO KEY UPDATE"

KEEP = """
INSERT INTO chat_link (secret_sha256, conversation_id, agent_id, created_by, origins, expires_at)
VALUES ($1, $2, $3, $4, $5, now() + make_interval(hours => $6)) RETURNING id, expires_at
"""

REVOKE = "UPDATE chat_link SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL AND expires_at > now()"

NOTE_USE = """
UPDATE chat_link SET last_used_at = now()
WHERE id = $1 AND coalesce(last_used_at < now() - interval '1 minute', true)
"""

SWEEP = "DELETE FROM chat_link WHERE expires_at < now() - interval '7 days'"

ENDED = {
    "expired": "This link has expired. Open the conversation again in the system that you came from.",
    "revoked": "This link was revoked. Open the conversation again in the system that you came from.",
    "closed": "This link does not lead to a conversation any more. Ask a colleague who works in Alongside.",
}


async def make_link(work: Work, actor: AgentActor, contact_id: UUID, new: NewChatLink, site: str) -> ChatLinkMade:
    """Make a link to a customer's conversation, at `site`. It gives no more than its maker may do: see it and reply."""
    _require_manage(actor)
    row = _chosen(await _in_sight(work, actor, contact_id), new.conversation_id)
    if not may_reply(actor):
        raise Forbidden("not-permitted", "A link answers; to make one needs the permission conversations.reply too.")
    allowed = origins(new.origins)
    agent_id = policy.speaks_as(actor, new.agent_id)
    if agent_id is None:
        raise Invalid("agent-missing", "Name the agent (agent_id) as whom the link answers.")
    if not policy.may_speak_as(actor, agent_id):
        raise Forbidden("not-your-name", "Links that answer as another agent are made by programs, with an API key.")
    await agents.hold(work, [actor.id, agent_id])
    speaker = await _speaker(work, agent_id, row)
    await work.run(LOCK, row.id)
    if await queries.count(work, row.id) >= MOST_LINKS:
        raise Conflict("too-many-chat-links", f"A conversation has at most {MOST_LINKS} links. Revoke some first.")
    secret = new_secret()
    kept = await work.row(KEEP, digest(secret), row.id, agent_id, actor.id, allowed, new.hours)
    if kept is None:
        raise LookupError("written in this transaction")
    work.announce(
        ChatLinkCreated(
            actor_id=actor.id,
            link_id=kept["id"],
            customer_id=row.contact.id,
            customer_number=row.contact.number,
            agent_id=agent_id,
            agent=speaker.display_name,
            hours=new.hours,
            origins=allowed,
        )
    )
    return ChatLinkMade(
        id=kept["id"],
        url=f"{site}/chat/{kept['id']}#{secret}",
        conversation_id=row.id,
        agent_id=agent_id,
        expires_at=kept["expires_at"],
    )


async def links_of(reading: Reading, actor: AgentActor, contact_id: UUID) -> list[ChatLink]:
    """The links to those of a customer's conversations that the actor may see."""
    _require_manage(actor)
    return await queries.links(reading, [row.id for row in await _in_sight(reading, actor, contact_id)])


async def links_in_sight(reading: Reading, actor: AgentActor, cursor: Cursor | None, limit: int) -> ChatLinkList:
    """A page of the links to all conversations that the actor may see."""
    _require_manage(actor)
    return await queries.page(reading, actor, cursor, limit)


async def file_of_link(reading: Reading, link_id: UUID, attachment_id: UUID, proof: str) -> Attachment | None:
    """A file by an address that we gave out, while its link holds and its conversation has it."""
    found = await queries.by_id(reading, link_id)
    if found is None or found.ended:
        return None
    signer = await queries.signer(reading, found.actor)
    if not hmac.compare_digest(proof.encode("utf-8", "replace"), signer.proof(attachment_id).encode()):
        return None
    return await queries.file(reading, found.actor, attachment_id)


async def revoke_link(work: Work, actor: AgentActor, link_id: UUID) -> None:
    """From now on the link shows and does nothing. What was written by it stays."""
    _require_manage(actor)
    about = await queries.about(work, link_id)
    if about is None or not await conversations.in_sight(work, actor, about.conversation_id):
        raise NotFound("no-such-chat-link", "This link does not exist (any more).")
    await agents.hold(work, [actor.id])
    if await work.run(REVOKE, link_id):
        work.announce(
            ChatLinkRevoked(
                actor_id=actor.id,
                link_id=link_id,
                customer_id=about.customer_id,
                customer_number=about.customer_number,
                agent_id=about.agent_id,
                agent=about.agent,
            )
        )


async def authenticate(database: Database, secret: str | None) -> LinkActor:
    """Who comes by this secret. Raises `Unauthorized` where its link is over, with the reason, or never was."""
    if secret is None or not looks_like_token(secret):
        raise unknown_link()
    async with database.reading() as reading:
        found = await queries.by_secret(reading, digest(secret))
    if found is None:
        raise unknown_link()
    if found.ended:
        raise Unauthorized("chat-link-over", ENDED[found.ended], reason=found.ended)
    if found.stale:
        async with database.statement() as work:
            await work.run(NOTE_USE, found.actor.agent.session_id)
    return found.actor


async def sweep(work: Work) -> int:
    """Forget links that are long over. Returns how many."""
    return await work.run(SWEEP)


def unknown_link() -> Unauthorized:
    """The answer to a secret that no link has (any more)."""
    return Unauthorized("no-such-chat-link", "This link does not hold: it was cut off, or its conversation is gone.")


async def _in_sight(reading: Reading, actor: AgentActor, contact_id: UUID) -> list[ConversationRow]:
    """What the actor may see of a customer's conversations, the newest message first."""
    person_id = await contacts.person(reading, contact_id)
    if person_id is None or not await contacts.in_sight(reading, actor, person_id):
        raise no_such_contact()
    rows = await conversations.conversations_of(reading, contact_id)
    seen = [row for row in rows if row.last_seq > 0 and may_see(actor, row.assignee_id, row.team_id)]
    return sorted(seen, key=lambda row: row.last_message_at, reverse=True)


def _chosen(rows: list[ConversationRow], conversation_id: UUID | None) -> ConversationRow:
    if conversation_id:
        for row in rows:
            if row.id == conversation_id:
                return row
        raise no_such_conversation()
    if not rows:
        raise Conflict("nothing-written", "This customer has not written yet: there is no conversation to link to.")
    return rows[0]


async def _speaker(work: Work, agent_id: UUID, row: ConversationRow) -> AgentActor:
    speaker = await queries.speaker(work, agent_id)
    if speaker is None:
        raise Invalid("no-such-agent", "This agent does not exist or was deactivated. Choose another.")
    if not speaker.sees(holder(row.assignee_id, row.team_id)):
        raise Invalid("agent-sees-not", "This agent may not see the conversation. Choose another, or assign it first.")
    return speaker


def _require_manage(actor: AgentActor) -> None:
    if not policy.may_manage(actor):
        raise Forbidden("not-permitted", "Your role does not allow making chat links. Ask an admin for it.")
