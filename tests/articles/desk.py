"""What tests about articles do again and again."""

from __future__ import annotations

from uuid import UUID

from alongside.domains.articles import actions
from alongside.domains.articles.schemas import Article, ArticleText, NewArticle, SaveText
from tests.world import World

BODY = "Pack it well.\n\n## The label\n\nPrint the **return label** and stick it on the parcel."


async def written(
    world: World, title: str = "Returning a parcel", language: str = "en", *, body: str = BODY, summary: str = ""
) -> tuple[UUID, ArticleText]:
    """An article of Sol's as a draft."""
    async with world.database.work() as work:
        article: Article = await actions.create_article(work, world.sol.actor, NewArticle(language))
        save = SaveText(revision=1, title=title, summary=summary, body=body)
        return article.id, await actions.save_text(work, world.sol.actor, article.id, language, save)


async def published(
    world: World, title: str = "Returning a parcel", language: str = "en", *, body: str = BODY, summary: str = ""
) -> tuple[UUID, ArticleText]:
    """An article of Sol's that everybody may read."""
    article_id, text = await written(world, title, language, body=body, summary=summary)
    async with world.database.work() as work:
        return article_id, await actions.publish(work, world.sol.actor, article_id, language, text.revision)
