"""Writing over HTTP, for clients without a socket."""

from __future__ import annotations

from uuid import UUID

from litestar import post

from alongside.domains.messages import actions
from alongside.domains.messages.actions import Draft
from alongside.domains.messages.schemas import Posted, PostMessage, PostNote, SendArticles
from alongside.platform.auth.actor import AgentActor
from alongside.platform.config import Config
from alongside.platform.db import Database
from alongside.platform.web import who


@post("/conversations/{conversation_id:uuid}/messages", opt={"who": who.agent("conversations.reply")})
async def post_message(
    conversation_id: UUID, data: PostMessage, actor: AgentActor, database: Database, config: Config
) -> Posted:
    """Reply to the visitor. Repeating a `client_id` answers with the message written first."""
    draft = Draft(data.client_id, data.text, then_done=data.then_done, attachments=data.attachments)
    return Posted(await actions.post(database, actor, conversation_id, draft, config.max_message_chars))


@post("/conversations/{conversation_id:uuid}/notes", opt={"who": who.agent("conversations.reply")})
async def post_note(
    conversation_id: UUID, data: PostNote, actor: AgentActor, database: Database, config: Config
) -> Posted:
    """Write a note for the team."""
    draft = Draft(data.client_id, data.text, "note", attachments=data.attachments)
    return Posted(await actions.post(database, actor, conversation_id, draft, config.max_message_chars))


@post("/conversations/{conversation_id:uuid}/articles", opt={"who": who.agent("conversations.reply")})
async def post_articles(
    conversation_id: UUID, data: SendArticles, actor: AgentActor, database: Database, config: Config
) -> Posted:
    """Send published articles as cards. Repeating a `client_id` answers with the message written first."""
    return Posted(await actions.post_articles(database, actor, conversation_id, data, config.public_url))


ROUTES = [post_message, post_note, post_articles]
