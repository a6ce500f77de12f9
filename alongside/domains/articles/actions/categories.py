"""Categories: made, named, ordered, taken away."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from alongside.domains.articles import logic, queries
from alongside.domains.articles.actions.common import Writer, require_manage, tell
from alongside.domains.articles.schemas import MOST_CATEGORIES, ArticleCategory, EditCategory, NewCategory
from alongside.platform.db import Work
from alongside.platform.errors import Conflict, NotFound

ORDER = """
UPDATE article_category c SET place = wanted.place
FROM (SELECT id, row_number() OVER (ORDER BY given.place NULLS LAST, c.place, c.created_at, c.id) AS place
      FROM article_category c LEFT JOIN unnest($1::uuid[]) WITH ORDINALITY AS given (id, place) USING (id)) AS wanted
WHERE wanted.id = c.id
"""
LOCK_ALL = "SELECT pg_advisory_xact_lock(hashtext('article_category'))"


async def create_category(work: Work, actor: Writer, new: NewCategory) -> ArticleCategory:
    """Make a category, the last in order. Its address comes from its first name and stays."""
    require_manage(actor)
    names = logic.names({}, new.names)
    await work.value(LOCK_ALL)
    known = await queries.categories(work)
    if len(known) >= MOST_CATEGORIES:
        raise Conflict("too-many-categories", f"There are at most {MOST_CATEGORIES} categories. Delete one first.")
    slug = _free(logic.slug_from(next(iter(names.values()))), {each.slug for each in known})
    row = await work.row(
        """
        INSERT INTO article_category (slug, names, place)
        VALUES ($1, $2, (SELECT coalesce(max(place), 0) + 1 FROM article_category)) RETURNING id, slug, names
        """,
        slug,
        names,
    )
    assert row is not None
    tell(work, actor)
    return ArticleCategory(**dict(row))


async def edit_category(work: Work, actor: Writer, category_id: UUID, change: EditCategory) -> ArticleCategory:
    """Name a category in some languages."""
    require_manage(actor)
    current = await work.row("SELECT names FROM article_category WHERE id = $1 FOR UPDATE", category_id)
    if current is None:
        raise _no_category()
    row = await work.row(
        "UPDATE article_category SET names = $2 WHERE id = $1 RETURNING id, slug, names",
        category_id,
        logic.names(current["names"], change.names),
    )
    assert row is not None
    tell(work, actor)
    return ArticleCategory(**dict(row))


async def delete_category(work: Work, actor: Writer, category_id: UUID) -> None:
    """Take a category away. Its articles stay, without one."""
    require_manage(actor)
    if not await work.run("DELETE FROM article_category WHERE id = $1", category_id):
        raise _no_category()
    tell(work, actor)


async def order_categories(work: Work, actor: Writer, ids: Sequence[UUID]) -> None:
    """Put categories in this order; those not named follow."""
    require_manage(actor)
    await work.value(LOCK_ALL)
    await work.run(ORDER, list(dict.fromkeys(ids)))
    tell(work, actor)


def _free(slug: str, taken: set[str]) -> str:
    if slug not in taken:
        return slug
    return next(f"{slug}-{number}" for number in range(2, MOST_CATEGORIES + 3) if f"{slug}-{number}" not in taken)


def _no_category() -> NotFound:
    return NotFound("no-such-category", "This category does not exist (any more).")
