"""Articles as a whole: begun, put into a category and an order, deleted."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import asyncpg
from msgspec import UNSET

from alongside.domains.articles import logic, queries
from alongside.domains.articles.actions.common import Writer, lock_article, no_article, require_manage, tell
from alongside.domains.articles.schemas import MOST_ARTICLES, Article, EditArticle, NewArticle
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Work
from alongside.platform.errors import Conflict, NotFound

LAST = "(SELECT coalesce(max(place), 0) + 1 FROM article WHERE category_id IS NOT DISTINCT FROM $1)"

ORDER = """
UPDATE article a SET place = given.place FROM unnest($1::uuid[]) WITH ORDINALITY AS given (id, place)
WHERE given.id = a.id
"""


async def create_article(work: Work, actor: Writer, new: NewArticle) -> Article:
    """Begin an article in one language, as a draft and the last of its category."""
    require_manage(actor)
    if await work.value("SELECT count(*) FROM article") >= MOST_ARTICLES:
        raise Conflict("too-many-articles", f"There are at most {MOST_ARTICLES:,} articles. Delete one first.")
    try:
        article_id: UUID = await work.value(
            f"INSERT INTO article (category_id, place) VALUES ($1, {LAST}) RETURNING id", new.category_id
        )
    except asyncpg.ForeignKeyViolationError:
        raise _no_category() from None
    await work.run(
        "INSERT INTO article_text (article_id, language, title, updated_by) VALUES ($1, $2, $3, $4)",
        article_id,
        new.language,
        logic.title(new.title),
        actor.id if isinstance(actor, AgentActor) else None,
    )
    tell(work, actor, article_id)
    return await read_article(work, article_id)


async def edit_article(work: Work, actor: Writer, article_id: UUID, change: EditArticle) -> Article:
    """Put an article into another category, or into none."""
    require_manage(actor)
    await lock_article(work, article_id)
    if change.category_id is not UNSET:
        try:
            await work.run(
                f"UPDATE article SET category_id = $1, place = {LAST} "
                "WHERE id = $2 AND category_id IS DISTINCT FROM $1",
                change.category_id,
                article_id,
            )
        except asyncpg.ForeignKeyViolationError:
            raise _no_category() from None
    tell(work, actor, article_id)
    return await read_article(work, article_id)


async def order_articles(work: Work, actor: Writer, ids: Sequence[UUID]) -> None:
    """Put these articles in this order among themselves; their category's other articles keep their places."""
    require_manage(actor)
    await work.run(ORDER, list(dict.fromkeys(ids)))
    tell(work, actor)


async def delete_article(work: Work, actor: Writer, article_id: UUID) -> None:
    """Delete an article in all languages. Its addresses answer no more; cards already sent keep their words."""
    require_manage(actor)
    if not await work.run("DELETE FROM article WHERE id = $1", article_id):
        raise no_article()
    tell(work, actor, article_id)


async def read_article(work: Work, article_id: UUID) -> Article:
    """The article as it is now in this transaction."""
    found = await queries.article(work, article_id)
    if found is None:
        raise LookupError("written in this transaction")
    return found


def _no_category() -> NotFound:
    return NotFound("no-such-category", "This category does not exist (any more). Choose another.")
