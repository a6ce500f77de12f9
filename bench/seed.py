"""A believable company in the database: channels, agents, contacts, conversations of very different length.

Written by COPY, with PostgreSQL's own checks of foreign keys off for the session (the rows refer to each other by
construction). Everything follows from one seed: two runs make the same company, so their figures can be compared.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from alongside.kit.ids import digest
from alongside.platform import migrate
from bench import words

CHANNEL_KEY = "shop-1"
NOTE_SHARE = 0.03
NAMED_SHARE = 0.6
VERIFIED_SHARE = 0.2
YEAR = timedelta(days=400)

Row = tuple[Any, ...]


class Size(msgspec.Struct, frozen=True):
    """How large the company is."""

    conversations: int
    messages: int
    channels: int = 10
    agents: int = 50


class Conversation(msgspec.Struct):
    """What is decided of a conversation before its entries are written."""

    number: int
    id: UUID
    contact_id: UUID
    channel: int
    entries: int
    status: str
    assignee: int | None
    last: datetime


def visitor_token(number: int) -> str:
    """The token of the visitor of conversation `number`."""
    return f"benchmark-visitor-{number:025d}"


def agent_token(number: int) -> str:
    """The session token of an agent."""
    return f"benchmark-agent-{number:027d}"


async def seed(url: str, size: Size) -> list[str]:
    """Migrate the database at `url` and fill it. Returns the ids of the conversations, in order."""
    migrate.migrate(url)
    chance = random.Random(20)  # noqa: S311 - the same company every time
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("SET session_replication_role = replica")
        channels, agents = await _people(connection, chance, size)
        conversations = list(_conversations(chance, size))
        await _contacts(connection, chance, conversations, channels)
        await _log(connection, chance, conversations, channels, agents)
        # What the server's own housekeeping would have done to tables that grew over a year.
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()
    return [str(each.id) for each in conversations]


def _uuid(chance: random.Random) -> UUID:
    return UUID(int=chance.getrandbits(128), version=4)


async def _people(connection: Any, chance: random.Random, size: Size) -> tuple[list[UUID], list[UUID]]:
    channels = [_uuid(chance) for _ in range(size.channels)]
    await _copy(
        connection,
        "channel",
        ["id", "key", "name"],
        [(each, f"shop-{n + 1}", f"Shop {n + 1}") for n, each in enumerate(channels)],
    )
    role = await connection.fetchval("SELECT id FROM role WHERE name = 'Admin'")
    agents = [_uuid(chance) for _ in range(size.agents)]
    await _copy(
        connection,
        "agent",
        ["id", "email", "display_name", "role_id", "wants_online"],
        [(each, f"agent{n}@example.com", words.name(chance), role, True) for n, each in enumerate(agents)],
    )
    expires = datetime.now(UTC) + timedelta(days=30)
    await _copy(
        connection,
        "session",
        ["id", "token_sha256", "agent_id", "expires_at"],
        [(_uuid(chance), digest(agent_token(n)), each, expires) for n, each in enumerate(agents)],
    )
    return channels, agents


def _conversations(chance: random.Random, size: Size) -> Iterator[Conversation]:
    """Few long, many short, most of them done; the more recent, the denser."""
    weights = [chance.lognormvariate(0, 1.2) for _ in range(size.conversations)]
    spare = size.messages - 2 * size.conversations
    share = max(0, spare) / sum(weights)
    today = datetime.now(UTC)
    for number, weight in enumerate(weights):
        age = chance.random() ** 2
        recent = age < 0.01
        status = chance.choices(["unread", "unresolved", "done"], [30, 50, 20] if recent else [1, 5, 94])[0]
        yield Conversation(
            number=number,
            id=_uuid(chance),
            contact_id=_uuid(chance),
            channel=0 if number < 5000 else min(int(chance.expovariate(0.5)), size.channels - 1),
            entries=2 + int(weight * share),
            status=status,
            assignee=None if status == "unread" and chance.random() < 0.7 else chance.randrange(size.agents),
            last=today - YEAR * age - timedelta(seconds=chance.random() * 60),
        )


async def _contacts(
    connection: Any, chance: random.Random, conversations: list[Conversation], channels: list[UUID]
) -> None:
    contacts: list[Row] = []
    identities: list[Row] = []
    for each in conversations:
        name = words.name(chance) if chance.random() < NAMED_SHARE else None
        email = f"customer{each.number}@example.com" if name else None
        contacts.append((each.contact_id, name, email, "en"))
        channel = channels[each.channel]
        identities.append(
            (_uuid(chance), each.contact_id, channel, "token", None, digest(visitor_token(each.number)), False)
        )
        if name and chance.random() < VERIFIED_SHARE:
            identities.append((_uuid(chance), each.contact_id, channel, "verified", f"{each.number}", None, True))
    await _copy(connection, "contact", ["id", "name", "email", "language"], contacts)
    columns = ["id", "contact_id", "channel_id", "kind", "value", "secret_hash", "verified"]
    await _copy(connection, "identity", columns, identities)


async def _log(
    connection: Any,
    chance: random.Random,
    conversations: list[Conversation],
    channels: list[UUID],
    agents: list[UUID],
) -> None:
    heads: list[Row] = []
    episodes: list[Row] = []

    def entries() -> Iterator[Row]:
        for each in conversations:
            public = 0
            author, text, began = "visitor", "", each.last - timedelta(minutes=7 * each.entries)
            agent = agents[each.assignee if each.assignee is not None else 0]
            for seq in range(1, each.entries + 1):
                at = began + timedelta(minutes=7 * seq)
                note = 1 < seq < each.entries and chance.random() < NOTE_SHARE
                public += not note
                author = "agent" if note or (seq > 1 and chance.random() < 0.45) else "visitor"
                author_id = agent if author == "agent" else each.contact_id
                text = words.sentence(chance)
                kind, number = ("note", None) if note else ("message", public)
                status = "unread" if seq == 1 else None
                yield each.id, seq, number, 1, kind, author, author_id, _uuid(chance), status, text, at
            done = each.last if each.status == "done" else None
            episodes.append((each.id, 1, 1, began, done))
            heads.append(_head(each, public, author, text, began, channels, agents))

    columns = ["conversation_id", "seq", "public_seq", "episode", "kind", "author_kind", "author_id", "client_id"]
    await _copy(connection, "entry", [*columns, "status", "text", "at"], entries())
    await _copy(connection, "conversation", HEAD_COLUMNS, heads)
    columns = ["conversation_id", "number", "first_seq", "opened_at", "done_at"]
    await _copy(connection, "episode", columns, episodes)


HEAD_COLUMNS = [
    *("id", "contact_id", "channel_id", "status", "assignee_id", "last_seq", "last_public_seq", "preview"),
    *("preview_author", "last_message_at", "created_at", "unread_count", "waiting_since", "visitor_seen", "team_seen"),
]


def _head(
    each: Conversation,
    public: int,
    author: str,
    text: str,
    began: datetime,
    channels: list[UUID],
    agents: list[UUID],
) -> Row:
    unread = each.status == "unread"
    assignee = None if each.assignee is None else agents[each.assignee]
    return (
        *(each.id, each.contact_id, channels[each.channel], each.status, assignee, each.entries, public, text),
        *(author, each.last, began, int(unread), each.last if unread else None, public, public),
    )


async def _copy(connection: Any, table: str, columns: list[str], records: Any) -> None:
    await connection.copy_records_to_table(table, records=records, columns=columns)
