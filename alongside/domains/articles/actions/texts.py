"""An article in one language: saved as it is written, published as it was seen."""

from __future__ import annotations

from uuid import UUID, uuid4

from alongside.domains.articles import logic, markdown, queries
from alongside.domains.articles.actions.common import Writer, lock_article, no_article, require_manage, tell
from alongside.domains.articles.schemas import ArticleText, SaveText
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Work
from alongside.platform.errors import Conflict, Invalid, NotFound

# Articles of one title are told apart by a number up to this, then by chance.
NUMBERED = 50

SAVE = """
INSERT INTO article_text (article_id, language, slug, title, summary, body, updated_by)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (article_id, language) DO UPDATE SET
    slug = excluded.slug, title = excluded.title, summary = excluded.summary, body = excluded.body,
    updated_by = excluded.updated_by, updated_at = now(), revision = article_text.revision + 1
"""

PUBLISH = """
INSERT INTO article_page (article_id, language, slug, title, summary, body, plain, revision)
SELECT article_id, language, $3, title, summary, body, $4, revision FROM article_text
WHERE article_id = $1 AND language = $2
ON CONFLICT (article_id, language) DO UPDATE SET
    slug = excluded.slug, title = excluded.title, summary = excluded.summary, body = excluded.body,
    plain = excluded.plain, revision = excluded.revision, updated_at = now()
"""


async def save_text(work: Work, actor: Writer, article_id: UUID, language: str, save: SaveText) -> ArticleText:
    """Keep the text as it stands in the editor; what is published stays as it is.

    Raises `Conflict` when somebody saved since the revision that the text was made from. To save what is stored
    already changes nothing, so that a repeat after a lost answer is no conflict.
    """
    require_manage(actor)
    await lock_article(work, article_id)
    values = (
        None if save.slug is None else logic.given_slug(save.slug),
        logic.title(save.title),
        logic.summary(save.summary),
        logic.body(save.body),
    )
    current = await queries.text(work, article_id, language)
    if current and (current.slug, current.title, current.summary, current.body) == values:
        return current
    _require_newest(current, save.revision)
    await work.run(SAVE, article_id, language, *values, actor.id if isinstance(actor, AgentActor) else None)
    tell(work, actor, article_id)
    return await _read(work, article_id, language)


async def publish(work: Work, actor: Writer, article_id: UUID, language: str, revision: int) -> ArticleText:
    """Show the text to everybody, as it was at `revision`. Raises `Conflict` when it has changed since."""
    require_manage(actor)
    await lock_article(work, article_id)
    text = await _read(work, article_id, language)
    _require_newest(text, revision)
    if not text.title:
        raise Invalid("title-empty", "Give the article a title before you publish it.")
    slug = await _reserve(work, article_id, text)
    await work.run(
        "UPDATE article_text SET slug = $3 WHERE article_id = $1 AND language = $2", article_id, language, slug
    )
    await work.run(PUBLISH, article_id, language, slug, markdown.to_words(text.body))
    tell(work, actor, article_id)
    return await _read(work, article_id, language)


async def unpublish(work: Work, actor: Writer, article_id: UUID, language: str) -> ArticleText:
    """Make it a draft again. Its address stays its own, and answers as if there were nothing."""
    require_manage(actor)
    await lock_article(work, article_id)
    await work.run("DELETE FROM article_page WHERE article_id = $1 AND language = $2", article_id, language)
    tell(work, actor, article_id)
    return await _read(work, article_id, language)


async def delete_text(work: Work, actor: Writer, article_id: UUID, language: str) -> None:
    """Delete an article in one language. The last one is deleted with the article."""
    require_manage(actor)
    await lock_article(work, article_id)
    if await work.value("SELECT count(*) FROM article_text WHERE article_id = $1", article_id) == 1:
        raise Conflict("last-language", "This is the article's only language. Delete the whole article instead.")
    deleted = await work.run("DELETE FROM article_text WHERE article_id = $1 AND language = $2", article_id, language)
    if not deleted:
        raise _no_text()
    tell(work, actor, article_id)


async def _reserve(work: Work, article_id: UUID, text: ArticleText) -> str:
    """An address that is this article's for ever; other articles' addresses, former ones too, are not to be had."""
    if text.slug is not None:
        if await _take(work, text.slug, article_id, text.language):
            return text.slug
        raise Conflict("slug-taken", "Another article has or had this address. Choose a different one.", slug=text.slug)
    wish = logic.slug_from(text.title)
    numbered = [wish, *(f"{wish}-{number}" for number in range(2, NUMBERED)), f"{wish}-{uuid4().hex[:8]}"]
    for slug in numbered:
        if await _take(work, slug, article_id, text.language):
            return slug
    raise LookupError("eight letters by chance were taken")


async def _take(work: Work, slug: str, article_id: UUID, language: str) -> bool:
    taken = await work.run(
        "INSERT INTO article_slug (slug, article_id, language) VALUES ($1, $2, $3) ON CONFLICT (slug) DO NOTHING",
        slug,
        article_id,
        language,
    )
    owner = "SELECT true FROM article_slug WHERE slug = $1 AND article_id = $2 AND language = $3"
    return bool(taken) or bool(await work.value(owner, slug, article_id, language))


async def _read(work: Work, article_id: UUID, language: str) -> ArticleText:
    text = await queries.text(work, article_id, language)
    if text is None:
        raise _no_text()
    return text


def _require_newest(current: ArticleText | None, revision: int) -> None:
    if current is None and revision > 0:
        raise no_article()
    if current is not None and current.revision != revision:
        raise Conflict(
            "article-changed",
            "Somebody else saved this article meanwhile. Look at their text, then take it or save yours over it.",
            revision=current.revision,
            updated_by=current.updated_by,
            updated_at=current.updated_at,
        )


def _no_text() -> NotFound:
    return NotFound("no-such-language", "This article does not exist in this language (any more).")
