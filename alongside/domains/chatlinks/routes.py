"""Chat links over HTTP: made and revoked by agents and programs; one conversation for whoever has a link."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, delete, get, post, put
from litestar.params import Parameter
from litestar.response import Stream

from alongside.domains.chatlinks import actions, queries
from alongside.domains.chatlinks.logic import line
from alongside.domains.chatlinks.policy import MANAGE
from alongside.domains.chatlinks.schemas import (
    ChatLines,
    ChatLink,
    ChatLinkList,
    ChatLinkMade,
    ChatOpened,
    NewChatLink,
    PostedLine,
    PostLine,
)
from alongside.domains.conversations import actions as conversations
from alongside.domains.conversations.queries import END, SNAPSHOT_ENTRIES
from alongside.domains.conversations.schemas import ChangeStatus
from alongside.domains.files import serving
from alongside.domains.messages import actions as messages
from alongside.domains.messages.actions import Draft
from alongside.kit.paging import read_cursor
from alongside.platform.auth.actor import AgentActor, LinkActor
from alongside.platform.config import Config
from alongside.platform.db import Database
from alongside.platform.errors import Invalid
from alongside.platform.storage import Storage
from alongside.platform.web import who

SIGNED = who.public("pictures and players send no secret: the address is signed, for one file of one link that holds")

Seq = Annotated[int | None, Parameter(ge=0, le=END)]


@post("/contacts/{contact_id:uuid}/chat-links", opt={"who": who.agent(MANAGE)})
async def make_chat_link(
    contact_id: UUID, data: NewChatLink, actor: AgentActor, database: Database, config: Config
) -> ChatLinkMade:
    """Make an address by which another system shows this customer's conversation. Told now and never again."""
    async with database.work() as work:
        return await actions.make_link(work, actor, contact_id, data, config.public_url)


@get("/contacts/{contact_id:uuid}/chat-links", opt={"who": who.agent(MANAGE)})
async def list_chat_links(contact_id: UUID, actor: AgentActor, database: Database) -> list[ChatLink]:
    """The links to a customer's conversations that hold, the oldest first."""
    async with database.snapshot() as reading:
        return await actions.links_of(reading, actor, contact_id)


@get("/chat-links", opt={"who": who.agent(MANAGE)})
async def list_all_chat_links(
    actor: AgentActor,
    database: Database,
    cursor: Annotated[str | None, Parameter(max_length=200)] = None,
    limit: Annotated[int, Parameter(ge=1, le=200)] = 50,
) -> ChatLinkList:
    """The links that hold, to all conversations that the asker may see, the newest first."""
    try:
        after = read_cursor(cursor) if cursor else None
    except ValueError:
        raise Invalid("bad-cursor", "This cursor was not made by this server. Start again without one.") from None
    async with database.reading() as reading:
        return await actions.links_in_sight(reading, actor, after, limit)


@delete("/chat-links/{link_id:uuid}", status_code=204, opt={"who": who.agent(MANAGE)})
async def revoke_chat_link(link_id: UUID, actor: AgentActor, database: Database) -> None:
    """End a link at once."""
    async with database.work() as work:
        await actions.revoke_link(work, actor, link_id)


@get("/chat-link", opt={"who": who.link()})
async def open_chat(actor: LinkActor, database: Database, config: Config) -> ChatOpened:
    """The conversation of this link, with its newest lines."""
    async with database.snapshot() as reading:
        found = await queries.opened(reading, actor, config.max_message_chars, SNAPSHOT_ENTRIES)
    if found is None:
        raise actions.unknown_link()
    return found


@get("/chat-link/lines", opt={"who": who.link()})
async def read_chat(
    actor: LinkActor,
    database: Database,
    before: Seq = None,
    after: Seq = None,
    limit: Annotated[int, Parameter(ge=1, le=200)] = 50,
) -> ChatLines:
    """Lines before or after a number of the log; without either, the newest."""
    async with database.snapshot() as reading:
        if after is not None:
            return await queries.lines_after(reading, actor, after, limit)
        return await queries.lines_before(reading, actor, END if before is None else before, limit)


@get("/chat-link/files/{attachment_id:uuid}/{variant:str}", opt={"who": SIGNED, "gives": ("*/*",)})
async def read_chat_file(
    attachment_id: UUID,
    variant: str,
    link: UUID,
    proof: Annotated[str, Parameter(max_length=100)],
    request: Request[Any, Any, Any],
    database: Database,
    storage: Storage,
) -> Stream:
    """A file of a link's conversation (`content`), or the `thumbnail` of an image, by an address from its lines.

    Answers `Range`; `?download` makes it a download.
    """
    async with database.reading() as reading:
        found = await actions.file_of_link(reading, link, attachment_id, proof)
    if found is None:
        raise serving.gone()
    return await serving.serve(request, database, storage, found, serving.variant(variant))


@post("/chat-link/messages", opt={"who": who.link()})
async def post_chat_message(data: PostLine, actor: LinkActor, database: Database, config: Config) -> PostedLine:
    """Reply to the customer as the link's agent."""
    return await _posted(database, actor, Draft(data.client_id, data.text), config)


@post("/chat-link/notes", opt={"who": who.link()})
async def post_chat_note(data: PostLine, actor: LinkActor, database: Database, config: Config) -> PostedLine:
    """Write a note for the team as the link's agent."""
    return await _posted(database, actor, Draft(data.client_id, data.text, "note"), config)


@put("/chat-link/status", opt={"who": who.link()}, status_code=204)
async def change_chat_status(data: ChangeStatus, actor: LinkActor, database: Database) -> None:
    """Set the conversation's status as the link's agent."""
    async with database.work() as work:
        await conversations.set_status(work, actor.agent, actor.conversation_id, data.status)


async def _posted(database: Database, actor: LinkActor, draft: Draft, config: Config) -> PostedLine:
    agent = actor.agent
    entry = await messages.post(database, agent, actor.conversation_id, draft, config.max_message_chars)
    async with database.reading() as reading:
        signer = await queries.signer(reading, actor)
    told = line(entry, agent.id, {agent.id: agent.display_name}, signer)
    if told is None:
        raise LookupError("what was posted is a message or a note")
    return PostedLine(told)


ROUTES = [
    make_chat_link,
    list_chat_links,
    list_all_chat_links,
    revoke_chat_link,
    open_chat,
    read_chat,
    read_chat_file,
    post_chat_message,
    post_chat_note,
    change_chat_status,
]
