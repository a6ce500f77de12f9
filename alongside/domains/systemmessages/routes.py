"""System messages over HTTP, for those who manage rules."""

from __future__ import annotations

from uuid import UUID

from litestar import delete, get, post, put

from alongside.domains.systemmessages import actions, queries
from alongside.domains.systemmessages.policy import MANAGE
from alongside.domains.systemmessages.schemas import EditSystemMessage, NewSystemMessage, SystemMessage
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Database
from alongside.platform.web import who


@get("/system-messages", opt={"who": who.agent(MANAGE)})
async def list_system_messages(database: Database) -> list[SystemMessage]:
    """All system messages by name."""
    async with database.reading() as reading:
        return await queries.system_messages(reading)


@post("/system-messages", opt={"who": who.agent(MANAGE)})
async def create_system_message(data: NewSystemMessage, actor: AgentActor, database: Database) -> SystemMessage:
    """Make a system message."""
    async with database.work() as work:
        return await actions.create_system_message(work, actor, data)


@put("/system-messages/{message_id:uuid}", opt={"who": who.agent(MANAGE)})
async def edit_system_message(
    message_id: UUID, data: EditSystemMessage, actor: AgentActor, database: Database
) -> SystemMessage:
    """Change a system message."""
    async with database.work() as work:
        return await actions.edit_system_message(work, actor, message_id, data)


@delete("/system-messages/{message_id:uuid}", status_code=204, opt={"who": who.agent(MANAGE)})
async def delete_system_message(message_id: UUID, actor: AgentActor, database: Database) -> None:
    """Delete a system message that no rule tells."""
    async with database.work() as work:
        await actions.delete_system_message(work, actor, message_id)


ROUTES = [list_system_messages, create_system_message, edit_system_message, delete_system_message]
