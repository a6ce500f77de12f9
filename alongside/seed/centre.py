"""Writing the demo's help centre, through the product's own verbs. Safe to run again."""

from __future__ import annotations

import re
from uuid import UUID

from alongside.domains.articles import actions, logic, queries
from alongside.domains.articles.schemas import EditCategory, NewArticle, NewCategory, SaveText
from alongside.platform.auth.actor import AgentActor
from alongside.platform.config import Config
from alongside.platform.db import Database, Work
from alongside.platform.storage import Storage
from alongside.seed.articles import ARTICLES, CATEGORIES, DRAFT, Story, Words, landscape

SOFT_BREAK = re.compile(r"(?<!\n)\n *(?![\n|>#]|- |\d\. |$)")
KNOWN = """
SELECT a.id, a.picture_file_id FROM article_text t JOIN article a ON a.id = t.article_id
WHERE t.language = 'en' AND t.title = $1
"""


async def write_help_centre(database: Database, storage: Storage, config: Config, author: AgentActor) -> None:
    """Every category and article that is not there yet; each article in one transaction, its picture afterwards."""
    async with database.work() as work:
        shelves = [await _category(work, author, names) for names in CATEGORIES]
    for story in ARTICLES:
        async with database.work() as work:
            known = await work.row(KNOWN, story.english.title)
            article_id = known["id"] if known else await _article(work, author, story, shelves[story.category])
        if story.colours and not (known and known["picture_file_id"]):
            await actions.set_cover(database, storage, config, author, article_id, landscape(story.colours))
    async with database.work() as work:
        if await work.row(KNOWN, DRAFT.title) is None:
            article = await actions.create_article(work, author, NewArticle("en", DRAFT.title, shelves[2]))
            await actions.save_text(work, author, article.id, "en", _save(DRAFT, 1))


async def _category(work: Work, author: AgentActor, names: dict[str, str]) -> UUID:
    slug = logic.slug_from(names["en"])
    for known in await queries.categories(work):
        if known.slug == slug:
            return known.id
    made = await actions.create_category(work, author, NewCategory({"en": names["en"]}))
    return (await actions.edit_category(work, author, made.id, EditCategory(names))).id


async def _article(work: Work, author: AgentActor, story: Story, category_id: UUID) -> UUID:
    article = await actions.create_article(work, author, NewArticle("en", "", category_id))
    for language, words, revision in (("en", story.english, 1), ("de", story.german, 0)):
        saved = await actions.save_text(work, author, article.id, language, _save(words, revision))
        await actions.publish(work, author, article.id, language, saved.revision)
    return article.id


def _save(words: Words, revision: int) -> SaveText:
    # Lines are broken here for who reads the source, not for who edits the article.
    body = SOFT_BREAK.sub(" ", words.body)
    return SaveText(revision=revision, title=words.title, summary=words.summary, body=body)
