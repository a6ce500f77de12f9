"""What can be done to system messages."""

from __future__ import annotations

from uuid import UUID

import asyncpg

from alongside.domains.systemmessages import policy, queries
from alongside.domains.systemmessages.events import SystemMessagesChanged
from alongside.domains.systemmessages.logic import name_of, texts_of
from alongside.domains.systemmessages.schemas import (
    MOST_MESSAGES,
    EditSystemMessage,
    NewSystemMessage,
    SystemMessage,
)
from alongside.domains.workspace.events import SettingsChanged
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Work
from alongside.platform.errors import Conflict, Forbidden, Invalid, NotFound

INSERT = f"INSERT INTO system_message (name, texts) VALUES ($1, $2) RETURNING {queries.COLUMNS}"

UPDATE = f"""
UPDATE system_message SET name = $2, texts = $3, version = version + 1, updated_at = now()
WHERE id = $1 RETURNING {queries.COLUMNS}
"""


async def create_system_message(work: Work, actor: AgentActor, new: NewSystemMessage) -> SystemMessage:
    """Make a system message. Raises `Invalid` for a name that is taken and a text that cannot be."""
    _require_manage(actor)
    name, texts = name_of(new.name), texts_of(new.texts)
    if await queries.count(work) >= MOST_MESSAGES:
        raise Conflict(
            "too-many-system-messages", f"There are {MOST_MESSAGES} system messages. Delete one that no rule tells."
        )
    return await _written(work, actor, "created", (INSERT, name, texts))


async def edit_system_message(
    work: Work, actor: AgentActor, message_id: UUID, change: EditSystemMessage
) -> SystemMessage:
    """Change a system message. Raises `Conflict` when somebody else has changed it meanwhile."""
    _require_manage(actor)
    name, texts = name_of(change.name), texts_of(change.texts)
    current = await _locked(work, message_id)
    if current.version != change.version:
        raise Conflict(
            "changed-meanwhile",
            "Somebody else has changed this message meanwhile. Look at theirs, and change it again.",
        )
    return await _written(work, actor, "edited", (UPDATE, message_id, name, texts))


async def delete_system_message(work: Work, actor: AgentActor, message_id: UUID) -> None:
    """Delete a system message that no rule tells. What was told stays as it was told."""
    _require_manage(actor)
    current = await _locked(work, message_id)
    if names := await queries.rules_telling(work, message_id):
        raise Conflict(
            "system-message-in-use",
            f"Rules tell this message: {', '.join(names)[:300]}. Let them tell another one first.",
            rules=names,
        )
    await work.run("DELETE FROM system_message WHERE id = $1", message_id)
    work.announce(SystemMessagesChanged())
    work.announce(SettingsChanged(actor_id=actor.id, area="system-messages", values={"deleted": current.name}))


async def _written(work: Work, actor: AgentActor, change: str, statement: tuple[object, ...]) -> SystemMessage:
    sql, *values = statement
    try:
        row = await work.row(str(sql), *values)
    except asyncpg.UniqueViolationError:
        raise Invalid(
            "system-message-name-taken", "There is a system message with this name already.", field="name"
        ) from None
    if row is None:
        raise LookupError("locked in this transaction")
    written = SystemMessage(**dict(row))
    work.announce(SystemMessagesChanged())
    values_now = {change: written.name, "texts": written.texts}
    work.announce(SettingsChanged(actor_id=actor.id, area="system-messages", values=values_now))
    return written


async def _locked(work: Work, message_id: UUID) -> SystemMessage:
    found = await queries.system_message_for_update(work, message_id)
    if found is None:
        raise NotFound("no-such-system-message", "This system message does not exist (any more).")
    return found


def _require_manage(actor: AgentActor) -> None:
    if not policy.may_manage(actor):
        raise Forbidden("not-permitted", "Your role does not allow managing rules. Ask an admin for it.")
