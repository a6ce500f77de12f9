"""Articles over HTTP, for agents. Every agent may read them and find what to send; writing them needs a permission."""

from __future__ import annotations

import asyncio
from typing import Annotated
from uuid import UUID

from litestar import delete, get, patch, post, put
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body, Parameter

from alongside.domains.articles import actions, logic, markdown, queries
from alongside.domains.articles.actions.common import no_article
from alongside.domains.articles.policy import MANAGE
from alongside.domains.articles.schemas import (
    Article,
    ArticleBody,
    ArticleCategory,
    ArticleRow,
    ArticleText,
    EditArticle,
    EditCategory,
    HelpFound,
    NewArticle,
    NewCategory,
    OrderOf,
    PictureMade,
    PreviewBody,
    PublishText,
    SaveText,
)
from alongside.domains.workspace.queries import workspace
from alongside.platform.auth.actor import AgentActor
from alongside.platform.config import Config
from alongside.platform.db import Database
from alongside.platform.storage import Storage
from alongside.platform.web import who

# The outermost bound, before `max_picture_bytes` is looked at; the multipart frame needs a little.
MOST_UPLOAD_BYTES = 50_100_000

Picture = Annotated[
    UploadFile,
    Body(media_type=RequestEncodingType.MULTI_PART, description="Field `picture`: PNG, JPEG, WebP or GIF."),
]
Search = Annotated[str, Parameter(max_length=200)]
LanguageTag = Annotated[str, Parameter(pattern="^[a-z]{2,3}$")]


@get("/article-categories", opt={"who": who.agent()})
async def list_categories(database: Database) -> list[ArticleCategory]:
    """All categories in order."""
    async with database.reading() as reading:
        return await queries.categories(reading)


@post("/article-categories", opt={"who": who.agent(MANAGE)})
async def create_category(data: NewCategory, actor: AgentActor, database: Database) -> ArticleCategory:
    """Make a category, the last in order."""
    async with database.work() as work:
        return await actions.create_category(work, actor, data)


@patch("/article-categories/{category_id:uuid}", opt={"who": who.agent(MANAGE)})
async def edit_category(
    category_id: UUID, data: EditCategory, actor: AgentActor, database: Database
) -> ArticleCategory:
    """Name a category."""
    async with database.work() as work:
        return await actions.edit_category(work, actor, category_id, data)


@delete("/article-categories/{category_id:uuid}", status_code=204, opt={"who": who.agent(MANAGE)})
async def delete_category(category_id: UUID, actor: AgentActor, database: Database) -> None:
    """Take a category away; its articles stay."""
    async with database.work() as work:
        await actions.delete_category(work, actor, category_id)


@put("/article-categories/order", status_code=204, opt={"who": who.agent(MANAGE)})
async def order_categories(data: OrderOf, actor: AgentActor, database: Database) -> None:
    """Put categories in this order."""
    async with database.work() as work:
        await actions.order_categories(work, actor, data.ids)


@get("/articles", opt={"who": who.agent()})
async def list_articles(database: Database, search: Search = "") -> list[ArticleRow]:
    """All articles, drafts too, or those that have `search` anywhere in any language."""
    async with database.reading() as reading:
        return await queries.articles(reading, search.strip())


@get("/articles/published", opt={"who": who.agent()})
async def find_published(database: Database, search: Search = "", language: Search = "") -> HelpFound:
    """Published articles to send, in the first of the languages (comma-separated) that has any, best first."""
    async with database.reading() as reading:
        there = await queries.languages(reading)
        fallback = (await workspace(reading)).default_locale
        chosen = logic.choose(language.split(","), there, fallback)
        if search.strip():
            return HelpFound(chosen, there, await queries.search(reading, chosen, search))
        index = await queries.help_index(reading, chosen, there, fallback)
    return HelpFound(chosen, there, [page for topic in index.topics for page in topic.pages])


@post("/articles", opt={"who": who.agent(MANAGE)})
async def create_article(data: NewArticle, actor: AgentActor, database: Database) -> Article:
    """Begin an article as a draft."""
    async with database.work() as work:
        return await actions.create_article(work, actor, data)


@put("/articles/order", status_code=204, opt={"who": who.agent(MANAGE)})
async def order_articles(data: OrderOf, actor: AgentActor, database: Database) -> None:
    """Put articles of one category in this order."""
    async with database.work() as work:
        await actions.order_articles(work, actor, data.ids)


@post("/articles/preview", status_code=200, opt={"who": who.agent(MANAGE)})
async def preview_body(data: PreviewBody) -> ArticleBody:
    """How a body would be shown, by the rules of the help centre."""
    return ArticleBody(list(await asyncio.to_thread(markdown.parse, logic.body(data.body))))


@get("/articles/{article_id:uuid}", opt={"who": who.agent()})
async def read_article(article_id: UUID, database: Database) -> Article:
    """One article in all its languages."""
    async with database.reading() as reading:
        article = await queries.article(reading, article_id)
    if article is None:
        raise no_article()
    return article


@patch("/articles/{article_id:uuid}", opt={"who": who.agent(MANAGE)})
async def edit_article(article_id: UUID, data: EditArticle, actor: AgentActor, database: Database) -> Article:
    """Put an article into another category."""
    async with database.work() as work:
        return await actions.edit_article(work, actor, article_id, data)


@delete("/articles/{article_id:uuid}", status_code=204, opt={"who": who.agent(MANAGE)})
async def delete_article(article_id: UUID, actor: AgentActor, database: Database) -> None:
    """Delete an article in all languages."""
    async with database.work() as work:
        await actions.delete_article(work, actor, article_id)


@put("/articles/{article_id:uuid}/picture", opt={"who": who.agent(MANAGE)}, request_max_body_size=MOST_UPLOAD_BYTES)
async def set_cover(
    article_id: UUID, data: Picture, actor: AgentActor, database: Database, storage: Storage, config: Config
) -> Article:
    """Upload the picture of the article's card. It keeps its shape; its longer side becomes at most 1,200 pixels."""
    content = await data.read(config.max_picture_bytes + 1)
    return await actions.set_cover(database, storage, config, actor, article_id, content)


@delete("/articles/{article_id:uuid}/picture", status_code=200, opt={"who": who.agent(MANAGE)})
async def remove_cover(article_id: UUID, actor: AgentActor, database: Database) -> Article:
    """Show no picture on the card."""
    async with database.work() as work:
        return await actions.remove_cover(work, actor, article_id)


@post("/articles/{article_id:uuid}/pictures", opt={"who": who.agent(MANAGE)}, request_max_body_size=MOST_UPLOAD_BYTES)
async def add_picture(
    article_id: UUID, data: Picture, actor: AgentActor, database: Database, storage: Storage, config: Config
) -> PictureMade:
    """Upload a picture for the article's body, and learn the address to name in its Markdown."""
    content = await data.read(config.max_picture_bytes + 1)
    return await actions.add_picture(database, storage, config, actor, article_id, content)


@put("/articles/{article_id:uuid}/texts/{language:str}", opt={"who": who.agent(MANAGE)})
async def save_text(
    article_id: UUID, language: LanguageTag, data: SaveText, actor: AgentActor, database: Database
) -> ArticleText:
    """Keep the text of one language. 409 `article-changed`, with the present revision, if somebody else saved since."""
    async with database.work() as work:
        return await actions.save_text(work, actor, article_id, language, data)


@delete("/articles/{article_id:uuid}/texts/{language:str}", status_code=204, opt={"who": who.agent(MANAGE)})
async def delete_text(article_id: UUID, language: LanguageTag, actor: AgentActor, database: Database) -> None:
    """Delete an article in one language."""
    async with database.work() as work:
        await actions.delete_text(work, actor, article_id, language)


@put("/articles/{article_id:uuid}/texts/{language:str}/published", opt={"who": who.agent(MANAGE)})
async def publish(
    article_id: UUID, language: LanguageTag, data: PublishText, actor: AgentActor, database: Database
) -> ArticleText:
    """Show the text to everybody. 409 `article-changed` if it is not the revision that was seen."""
    async with database.work() as work:
        return await actions.publish(work, actor, article_id, language, data.revision)


@delete("/articles/{article_id:uuid}/texts/{language:str}/published", status_code=200, opt={"who": who.agent(MANAGE)})
async def unpublish(article_id: UUID, language: LanguageTag, actor: AgentActor, database: Database) -> ArticleText:
    """Take the article out of the help centre; the text stays as a draft."""
    async with database.work() as work:
        return await actions.unpublish(work, actor, article_id, language)


ROUTES = [
    list_categories,
    create_category,
    order_categories,
    edit_category,
    delete_category,
    list_articles,
    find_published,
    create_article,
    order_articles,
    preview_body,
    read_article,
    edit_article,
    delete_article,
    set_cover,
    remove_cover,
    add_picture,
    save_text,
    delete_text,
    publish,
    unpublish,
]
