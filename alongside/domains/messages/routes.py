"""Writing over HTTP, for clients without a socket."""

from __future__ import annotations

from uuid import UUID

from litestar import delete, get, patch, post, put

from alongside.domains.channels.policy import MANAGE
from alongside.domains.conversations.actions import no_such_conversation
from alongside.domains.conversations.queries import END, in_sight
from alongside.domains.messages import actions
from alongside.domains.messages.actions import Draft, Edit
from alongside.domains.messages.queries import mentionable, seen_by
from alongside.domains.messages.schemas import (
    EditMessage,
    EditTime,
    Mentionable,
    Posted,
    PostMessage,
    PostNote,
    SeenMessage,
    SendArticles,
)
from alongside.domains.workspace.actions import set_edit_minutes
from alongside.domains.workspace.queries import workspace
from alongside.platform.auth.actor import AgentActor
from alongside.platform.config import Config
from alongside.platform.db import Database
from alongside.platform.errors import NotFound
from alongside.platform.web import who


@post("/conversations/{conversation_id:uuid}/messages", opt={"who": who.agent("conversations.reply")})
async def post_message(
    conversation_id: UUID, data: PostMessage, actor: AgentActor, database: Database, config: Config
) -> Posted:
    """Reply to the visitor. Repeating a `client_id` answers with the message written first."""
    draft = Draft(data.client_id, data.text, then_done=data.then_done, attachments=data.attachments, quote=data.quote)
    return Posted(await actions.post(database, actor, conversation_id, draft, config.max_message_chars))


@post("/conversations/{conversation_id:uuid}/notes", opt={"who": who.agent("conversations.reply")})
async def post_note(
    conversation_id: UUID, data: PostNote, actor: AgentActor, database: Database, config: Config
) -> Posted:
    """Write a note for the team."""
    draft = Draft(
        data.client_id, data.text, "note", attachments=data.attachments, mentions=data.mentions, quote=data.quote
    )
    return Posted(await actions.post(database, actor, conversation_id, draft, config.max_message_chars))


@post("/conversations/{conversation_id:uuid}/articles", opt={"who": who.agent("conversations.reply")})
async def post_articles(
    conversation_id: UUID, data: SendArticles, actor: AgentActor, database: Database, config: Config
) -> Posted:
    """Send published articles as cards. Repeating a `client_id` answers with the message written first."""
    return Posted(await actions.post_articles(database, actor, conversation_id, data, config.public_url))


@patch("/conversations/{conversation_id:uuid}/entries/{seq:int}", opt={"who": who.agent("conversations.reply")})
async def edit_message(
    conversation_id: UUID, seq: int, data: EditMessage, actor: AgentActor, database: Database, config: Config
) -> Posted:
    """Give a message or note of one's own another text, within the time that the company sets."""
    change = Edit(data.client_id, data.text, data.mentions)
    async with database.work() as work:
        return Posted(await actions.edit(work, actor, conversation_id, seq, change, config.max_message_chars))


@delete(
    "/conversations/{conversation_id:uuid}/entries/{seq:int}",
    opt={"who": who.agent("conversations.reply")},
    status_code=200,
)
async def delete_message(conversation_id: UUID, seq: int, actor: AgentActor, database: Database) -> Posted:
    """Take a message or note of one's own away: text, cards and files. The answer is what is left of it."""
    async with database.work() as work:
        return Posted(await actions.delete(work, actor, conversation_id, seq))


@get("/conversations/{conversation_id:uuid}/mentionable", opt={"who": who.agent("conversations.reply")})
async def list_mentionable(conversation_id: UUID, actor: AgentActor, database: Database) -> list[Mentionable]:
    """Whom a note of this conversation can name, agents before teams, and who of them may see it."""
    async with database.reading() as reading:
        if not await in_sight(reading, actor, conversation_id):
            raise no_such_conversation()
        return await mentionable(reading, conversation_id)


@get("/conversations/{conversation_id:uuid}/entries/{seq:int}/seen", opt={"who": who.agent()})
async def read_seen(conversation_id: UUID, seq: int, actor: AgentActor, database: Database) -> SeenMessage:
    """Who has read a message or note, and when."""
    async with database.snapshot() as reading:
        if not await in_sight(reading, actor, conversation_id):
            raise no_such_conversation()
        seen = await seen_by(reading, conversation_id, min(seq, END))
    if seen is None:
        raise NotFound("no-such-message", "There is no message or note of this number.")
    return seen


@get("/settings/edit-time", opt={"who": who.agent()})
async def read_edit_time(database: Database) -> EditTime:
    """For how long people may edit and delete what they wrote."""
    async with database.reading() as reading:
        return EditTime((await workspace(reading)).edit_minutes)


@put("/settings/edit-time", opt={"who": who.agent(MANAGE)})
async def change_edit_time(data: EditTime, actor: AgentActor, database: Database) -> EditTime:
    """Let people edit and delete what they wrote for so long; 0 is never."""
    async with database.work() as work:
        await set_edit_minutes(work, data.minutes, by=actor.id)
    return data


ROUTES = [
    post_message,
    post_note,
    post_articles,
    edit_message,
    delete_message,
    list_mentionable,
    read_seen,
    read_edit_time,
    change_edit_time,
]
