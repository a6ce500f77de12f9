"""Pictures of articles: the one on its card, and those in its body."""

from __future__ import annotations

from uuid import UUID

from alongside.domains.articles.actions.articles import read_article
from alongside.domains.articles.actions.common import lock_article, require_manage, tell
from alongside.domains.articles.schemas import MOST_PICTURES, Article, PictureMade
from alongside.domains.files.actions import store_picture
from alongside.platform import limits
from alongside.platform.auth.actor import AgentActor
from alongside.platform.config import Config
from alongside.platform.db import Database, Work
from alongside.platform.errors import Conflict
from alongside.platform.limits import Budget
from alongside.platform.storage import Storage

PICTURES_PER_HOUR = 120


async def set_cover(
    database: Database, storage: Storage, config: Config, actor: AgentActor, article_id: UUID, content: bytes
) -> Article:
    """Show this picture on the article's card and above its text.

    Raises `Invalid` or `TooLarge` for what is no picture or too large a one.
    """
    file_id = await _store(database, storage, config, actor, content)
    async with database.work() as work:
        await _keep(work, article_id, file_id)
        await work.run("UPDATE article SET picture_file_id = $2 WHERE id = $1", article_id, file_id)
        tell(work, actor, article_id)
        return await read_article(work, article_id)


async def remove_cover(work: Work, actor: AgentActor, article_id: UUID) -> Article:
    """Show no picture on the card. Cards that were sent with it keep it."""
    require_manage(actor)
    await lock_article(work, article_id)
    await work.run("UPDATE article SET picture_file_id = NULL WHERE id = $1", article_id)
    tell(work, actor, article_id)
    return await read_article(work, article_id)


async def add_picture(
    database: Database, storage: Storage, config: Config, actor: AgentActor, article_id: UUID, content: bytes
) -> PictureMade:
    """Keep a picture for the article's body. It is shown where the Markdown names its address."""
    file_id = await _store(database, storage, config, actor, content)
    async with database.work() as work:
        await _keep(work, article_id, file_id)
    return PictureMade(f"/files/{file_id}/picture.webp")


async def _store(database: Database, storage: Storage, config: Config, actor: AgentActor, content: bytes) -> UUID:
    require_manage(actor)
    uploads = [Budget("article-picture", str(actor.id), "", PICTURES_PER_HOUR, 3600)]
    await limits.spend(database, uploads, "Too many pictures in one hour. Try again later.")
    return await store_picture(database, storage, actor, content, config.max_picture_bytes)


async def _keep(work: Work, article_id: UUID, file_id: UUID) -> None:
    await lock_article(work, article_id)
    if await work.value("SELECT count(*) FROM article_picture WHERE article_id = $1", article_id) >= MOST_PICTURES:
        raise Conflict("too-many-pictures", f"An article has at most {MOST_PICTURES} pictures.")
    await work.run("INSERT INTO article_picture (file_id, article_id) VALUES ($1, $2)", file_id, article_id)
