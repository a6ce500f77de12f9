"""What agents change about themselves."""

from __future__ import annotations

from uuid import UUID

from msgspec import UNSET

from alongside.domains.agents import logic
from alongside.domains.agents.events import DirectoryChanged
from alongside.domains.agents.schemas import EditMe
from alongside.domains.files.actions import store_portrait
from alongside.platform import limits
from alongside.platform.auth.actor import AgentActor
from alongside.platform.config import Config
from alongside.platform.db import Database, Work
from alongside.platform.limits import Budget
from alongside.platform.storage import Storage

PICTURES_PER_HOUR = 30


async def edit_me(work: Work, actor: AgentActor, change: EditMe) -> None:
    """Change one's display name or language."""
    if change.display_name is not UNSET:
        name = logic.display_name(change.display_name)
        await work.run("UPDATE agent SET display_name = $2 WHERE id = $1", actor.id, name)
    if change.locale is not UNSET:
        await work.run("UPDATE agent SET locale = $2 WHERE id = $1", actor.id, change.locale)
    work.announce(DirectoryChanged())


async def set_picture(database: Database, storage: Storage, config: Config, actor: AgentActor, content: bytes) -> None:
    """Show this picture to colleagues and visitors. The one shown before is swept later.

    Raises `Invalid` or `TooLarge` for what is no picture or too large a one.
    """
    uploads = [Budget("picture", str(actor.id), "", PICTURES_PER_HOUR, 3600)]
    await limits.spend(database, uploads, "Too many pictures in one hour. Try again later.")
    file_id = await store_portrait(database, storage, actor, content, config.max_picture_bytes)
    async with database.work() as work:
        await _show(work, actor, file_id)


async def remove_picture(work: Work, actor: AgentActor) -> None:
    """Show no picture."""
    await _show(work, actor, None)


async def _show(work: Work, actor: AgentActor, file_id: UUID | None) -> None:
    await work.run("UPDATE agent SET picture_file_id = $2 WHERE id = $1", actor.id, file_id)
    work.announce(DirectoryChanged())
