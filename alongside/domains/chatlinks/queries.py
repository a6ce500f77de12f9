"""Everything that is asked of chat links, and the lines that their pages show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

import msgspec

from alongside.domains.agents.queries import HOLDERS
from alongside.domains.chatlinks.logic import Signer, changed_seqs, line
from alongside.domains.chatlinks.schemas import ChatLines, ChatLink, ChatLinkList, ChatOpened
from alongside.domains.conversations import queries as conversations
from alongside.domains.conversations.policy import REPLY, may_reply
from alongside.domains.conversations.rows import ENTRY_COLUMNS, entry_from
from alongside.domains.conversations.schemas import Entry, EntryPage
from alongside.domains.files.queries import ATTACHMENT_COLUMNS, attachment_from
from alongside.domains.files.schemas import Attachment
from alongside.domains.workspace import queries as workspace
from alongside.kit.paging import Cursor, write_cursor
from alongside.platform.auth.actor import AgentActor, LinkActor
from alongside.platform.db import Reading, Row

COLUMNS = """
l.id, l.conversation_id, p.id AS contact_id, coalesce(p.name, p.claims ->> 'name') AS contact_name,
p.number AS contact_number, h.name AS channel_name, l.agent_id, l.origins, l.created_by, l.created_at, l.expires_at,
l.last_used_at
"""

LINKS = f"""
SELECT {COLUMNS} FROM chat_link l JOIN conversation c ON c.id = l.conversation_id
JOIN contact p ON p.id = c.contact_id JOIN channel h ON h.id = c.channel_id
WHERE l.revoked_at IS NULL AND l.expires_at > now()
"""

OF_CONVERSATIONS = f"{LINKS} AND l.conversation_id = ANY($1) ORDER BY l.created_at, l.id"

# $1: whose conversations the agent may see.
PAGE = f"""
{LINKS} AND ($1::uuid[] IS NULL OR c.holder_id = ANY($1))
  AND ($2::timestamptz IS NULL OR (l.created_at, l.id) < ($2, $3))
ORDER BY l.created_at DESC, l.id DESC LIMIT $4
"""

COUNT = """
SELECT count(*) FROM chat_link WHERE conversation_id = $1 AND revoked_at IS NULL AND expires_at > now()
"""

# Of links that are over too: the page says so in the frame it was made for.
ORIGINS = "SELECT origins FROM chat_link WHERE id = $1"

ABOUT = """
SELECT l.conversation_id, l.agent_id, a.display_name AS agent, p.id AS customer_id, p.number AS customer_number
FROM chat_link l JOIN agent a ON a.id = l.agent_id
JOIN conversation c ON c.id = l.conversation_id JOIN contact p ON p.id = c.contact_id
WHERE l.id = $1 AND l.revoked_at IS NULL AND l.expires_at > now()
"""

SPEAKER = f"""
SELECT a.id, a.id AS session_id, a.display_name, r.permissions, {HOLDERS}
FROM agent a JOIN role r ON r.id = a.role_id WHERE a.id = $1 AND a.kind = 'person' AND a.active
"""

# A program whose key was revoked leaves no links behind, nor does a colleague who left.
KNOWN = f"""
SELECT l.id AS session_id, l.conversation_id, l.expires_at, l.expires_at <= now() AS expired,
       l.revoked_at IS NOT NULL AS revoked, a.id, a.display_name, a.active, r.permissions, c.holder_id, {HOLDERS},
       CASE m.kind WHEN 'person' THEN m.active
       ELSE EXISTS (SELECT FROM api_key k WHERE k.agent_id = m.id AND k.revoked_at IS NULL) END AS made_by_ours,
       coalesce(l.last_used_at < now() - interval '1 minute', true) AS stale
FROM chat_link l JOIN conversation c ON c.id = l.conversation_id JOIN agent m ON m.id = l.created_by
JOIN agent a ON a.id = l.agent_id JOIN role r ON r.id = a.role_id
"""

BY_SECRET = f"{KNOWN} WHERE l.secret_sha256 = $1"

BY_ID = f"{KNOWN} WHERE l.id = $1"

# Messages and notes alike: the page shows both.
FILE = f"""
SELECT {ATTACHMENT_COLUMNS} FROM attachment a JOIN entry_attachment u ON u.attachment_id = a.id
WHERE a.id = $1 AND u.conversation_id = $2
"""

ENTRIES_AT = f"SELECT {ENTRY_COLUMNS} FROM entry WHERE conversation_id = $1 AND seq = ANY($2) ORDER BY seq"

NAMES = "SELECT id, display_name FROM agent WHERE id = ANY($1)"

End = Literal["expired", "revoked", "closed"]


class Recognised(msgspec.Struct, frozen=True):
    """Who comes by a link; `ended` says why it does not hold any more, `stale` that its use should be noted again."""

    actor: LinkActor
    ended: End | None
    stale: bool


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What the audit log is told of a link."""

    conversation_id: UUID
    agent_id: UUID
    agent: str
    customer_id: UUID
    customer_number: int


async def links(reading: Reading, conversation_ids: Sequence[UUID]) -> list[ChatLink]:
    """The links of these conversations that hold, the oldest first."""
    return [ChatLink(**dict(row)) for row in await reading.rows(OF_CONVERSATIONS, list(conversation_ids))]


async def page(reading: Reading, actor: AgentActor, cursor: Cursor | None, limit: int) -> ChatLinkList:
    """The links that hold, to conversations that the agent may see, the newest first."""
    at, last_id = (cursor.at, cursor.id) if cursor else (None, None)
    rows = await reading.rows(PAGE, actor.holders, at, last_id, limit + 1)
    found = [ChatLink(**dict(row)) for row in rows[:limit]]
    more = len(rows) > limit
    return ChatLinkList(found, write_cursor(Cursor(found[-1].created_at, found[-1].id)) if more else None)


async def count(reading: Reading, conversation_id: UUID) -> int:
    """How many links of a conversation hold."""
    return int(await reading.value(COUNT, conversation_id))


async def about(reading: Reading, link_id: UUID) -> About | None:
    """Whom a link that holds concerns."""
    row = await reading.row(ABOUT, link_id)
    return About(**dict(row)) if row else None


async def origins(reading: Reading, link_id: UUID) -> list[str]:
    """The sites that may show a link in a frame; none where there is no such link."""
    return list(await reading.value(ORIGINS, link_id) or [])


async def speaker(reading: Reading, agent_id: UUID) -> AgentActor | None:
    """An active agent as a link lets them act."""
    row = await reading.row(SPEAKER, agent_id)
    return _cut_down(row) if row else None


async def by_secret(reading: Reading, secret_sha256: bytes) -> Recognised | None:
    """Whose link this is, whether or not it still holds."""
    row = await reading.row(BY_SECRET, secret_sha256)
    return _recognised(row) if row else None


async def by_id(reading: Reading, link_id: UUID) -> Recognised | None:
    """What a link opens, whether or not it still holds."""
    row = await reading.row(BY_ID, link_id)
    return _recognised(row) if row else None


async def file(reading: Reading, actor: LinkActor, attachment_id: UUID) -> Attachment | None:
    """A file that an entry of the link's conversation carries."""
    row = await reading.row(FILE, attachment_id, actor.conversation_id)
    return attachment_from(row) if row else None


async def signer(reading: Reading, actor: LinkActor) -> Signer:
    """What signs the addresses of files for this link."""
    return Signer(await workspace.link_key(reading), actor.agent.session_id)


def _recognised(row: Row) -> Recognised:
    agent = _cut_down(row)
    ended: End | None = None
    if row["revoked"]:
        ended = "revoked"
    elif row["expired"]:
        ended = "expired"
    elif not (row["active"] and row["made_by_ours"] and agent.sees(row["holder_id"])):
        ended = "closed"
    return Recognised(LinkActor(row["conversation_id"], row["expires_at"], agent), ended, row["stale"])


async def opened(reading: Reading, actor: LinkActor, max_chars: int, limit: int) -> ChatOpened | None:
    """The conversation of a link; `reading` must be a snapshot for its parts to agree."""
    row = await conversations.conversation(reading, actor.conversation_id)
    if row is None:
        return None
    page = await conversations.entries_before(reading, actor.conversation_id, conversations.END, limit)
    return ChatOpened(
        customer_name=row.contact.name,
        customer_number=row.contact.number,
        channel_name=row.channel.name,
        agent_name=actor.agent.display_name,
        expires_at=actor.expires_at,
        max_chars=max_chars,
        newest=await _lines(reading, actor, page, row.last_seq),
    )


async def lines_after(reading: Reading, actor: LinkActor, seq: int, limit: int) -> ChatLines:
    """What follows `seq`."""
    page = await conversations.entries_after(reading, actor.conversation_id, seq, limit)
    return await _lines(reading, actor, page, page.entries[-1].seq if page.entries else seq)


async def lines_before(reading: Reading, actor: LinkActor, seq: int, limit: int) -> ChatLines:
    """The last lines before `seq`, in order."""
    page = await conversations.entries_before(reading, actor.conversation_id, seq, limit)
    return await _lines(reading, actor, page, page.entries[0].seq if page.entries else 0)


async def _lines(reading: Reading, actor: LinkActor, page: EntryPage, seq: int) -> ChatLines:
    entries = {entry.seq: entry for entry in page.entries}
    if changed := changed_seqs(page.entries):
        rows = await reading.rows(ENTRIES_AT, actor.conversation_id, changed)
        entries |= {row["seq"]: entry_from(row) for row in rows}
    row = await conversations.conversation(reading, actor.conversation_id)
    names = await _names(reading, list(entries.values()))
    signing = await signer(reading, actor)
    shown = (line(entries[each], actor.agent.id, names, signing) for each in sorted(entries))
    return ChatLines(
        lines=[each for each in shown if each is not None],
        seq=seq,
        has_more=page.has_more,
        status=row.status if row else "done",
        may_reply=may_reply(actor.agent),
    )


async def _names(reading: Reading, entries: Sequence[Entry]) -> dict[UUID, str]:
    ids = {entry.author.id for entry in entries if entry.author.kind == "agent" and entry.author.id}
    return {row["id"]: row["display_name"] for row in await reading.rows(NAMES, list(ids))} if ids else {}


def _cut_down(row: Row) -> AgentActor:
    """The agent with their sight, and of their permissions the one to reply."""
    permissions = frozenset(row["permissions"])
    holders = row["holders"]
    whole = AgentActor(row["id"], row["session_id"], row["display_name"], permissions)
    return AgentActor(
        id=whole.id,
        session_id=whole.session_id,
        display_name=whole.display_name,
        permissions=frozenset((REPLY,)) if may_reply(whole) else frozenset(),
        holders=None if holders is None else frozenset(holders),
    )
