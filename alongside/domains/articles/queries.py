"""Everything that is asked of articles. What the public is told comes from `article_page`, which holds no draft."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from alongside.domains.articles import logic, markdown
from alongside.domains.articles.logic import HIT_BEGINS, HIT_ENDS
from alongside.domains.articles.schemas import (
    MOST_ARTICLES,
    Article,
    ArticleCategory,
    ArticleRow,
    ArticleText,
    ArticleVersion,
    HelpIndex,
    HelpPage,
    HelpPageBrief,
    HelpTopic,
    HelpTranslation,
)
from alongside.platform.db import Reading, Row

FOUND_AT_MOST = 20

PICTURE_URL = "'/files/' || a.picture_file_id || '/picture.webp'"

CATEGORIES = "SELECT id, slug, names FROM article_category ORDER BY place, created_at, id"

ROWS = f"""
SELECT a.id, a.category_id, {PICTURE_URL} AS picture_url,
    ARRAY(SELECT (t.language, t.title, coalesce(p.slug, t.slug), p.revision IS NOT NULL,
                  p.revision IS NOT NULL AND p.revision <> t.revision, t.updated_at, t.updated_by,
                  coalesce(v.views, 0))
          FROM article_text t LEFT JOIN article_page p USING (article_id, language)
          LEFT JOIN article_views v USING (article_id, language)
          WHERE t.article_id = a.id ORDER BY t.language) AS versions
FROM article a LEFT JOIN article_category c ON c.id = a.category_id
WHERE $1 = '' OR EXISTS (
    SELECT FROM article_text t
    WHERE t.article_id = a.id AND concat_ws(' ', t.title, t.summary, t.body, t.slug) ILIKE $1)
ORDER BY c.place NULLS LAST, c.created_at, c.id, a.place, a.created_at, a.id
LIMIT {MOST_ARTICLES}
"""

ARTICLE = f"SELECT a.id, a.category_id, {PICTURE_URL} AS picture_url FROM article a WHERE a.id = $1"

TEXTS = """
SELECT t.language, t.slug, t.title, t.summary, t.body, t.revision, t.updated_at, t.updated_by,
       p.slug AS published_slug, p.revision AS published_revision, coalesce(v.views, 0) AS views
FROM article_text t LEFT JOIN article_page p USING (article_id, language)
LEFT JOIN article_views v USING (article_id, language)
WHERE t.article_id = $1 AND ($2::text IS NULL OR t.language = $2) ORDER BY t.language
"""

PAGES = """
FROM article_page p JOIN article a ON a.id = p.article_id LEFT JOIN article_category c ON c.id = a.category_id
"""
BRIEF = f"p.slug, p.language, p.title, p.summary, {PICTURE_URL} AS picture_url"

LANGUAGES = "SELECT language FROM article_page GROUP BY language ORDER BY count(*) DESC, language"

ANY_PAGE = "SELECT EXISTS (SELECT FROM article_page)"

INDEX = f"""
SELECT {BRIEF}, c.slug AS topic, c.names {PAGES}
WHERE p.language = $1 AND ($2::text IS NULL OR c.slug = $2)
ORDER BY c.place NULLS LAST, c.created_at, c.id, a.place, a.created_at, a.id
"""

PAGE = f"SELECT {BRIEF}, p.article_id, p.body, p.updated_at, c.slug AS topic {PAGES} WHERE p.slug = $1"

TRANSLATIONS = "SELECT language, slug FROM article_page WHERE article_id = $1 ORDER BY language"

MOVED = """
SELECT p.slug FROM article_slug s JOIN article_page p ON (p.article_id, p.language) = (s.article_id, s.language)
WHERE s.slug = $1
"""

BY_SLUGS = f"""
SELECT {BRIEF} {PAGES} JOIN unnest($1::text[]) WITH ORDINALITY AS wanted (slug, place) ON wanted.slug = p.slug
ORDER BY wanted.place
"""

# Pages that have every word come before those that have some; a piece of a title counts too, for languages that write
# words together. The last word may be the beginning of one that is still being typed.
SEARCH = f"""
WITH asked AS (
    SELECT article_words($1) AS words, to_tsquery(article_words($1), $2) AS every_word,
           to_tsquery(article_words($1), $3) AS any_word
), found AS (
    SELECT {BRIEF}, concat_ws(' ', p.summary, p.plain) AS plain, p.search @@ asked.every_word AS has_every,
           p.title ILIKE $4 AS in_title,
           ts_rank_cd('{{0.05, 0.2, 0.5, 1.0}}', p.search, asked.any_word, 1) AS rank, asked.words, asked.any_word
    {PAGES} CROSS JOIN asked
    WHERE p.language = $1 AND (p.search @@ asked.any_word OR p.title ILIKE $4)
    ORDER BY has_every DESC, in_title DESC, rank DESC, p.slug LIMIT {FOUND_AT_MOST}
)
SELECT slug, language, title, summary, picture_url,
       ts_headline(words, left(plain, 20000), any_word, $5) AS excerpt
FROM found ORDER BY has_every DESC, in_title DESC, rank DESC, slug
"""
EXCERPT = (
    f'StartSel="{HIT_BEGINS}", StopSel="{HIT_ENDS}", MaxFragments=2, MinWords=8, MaxWords=18, FragmentDelimiter=" … "'
)


class FoundPage(msgspec.Struct, frozen=True):
    """A published article and whose it is."""

    article_id: UUID
    page: HelpPage


async def categories(reading: Reading) -> list[ArticleCategory]:
    """All categories in order."""
    return [ArticleCategory(**dict(row)) for row in await reading.rows(CATEGORIES)]


async def articles(reading: Reading, search: str = "") -> list[ArticleRow]:
    """All articles in the order of their categories; with `search` those that have it anywhere in any language."""
    return [_article_row(row) for row in await reading.rows(ROWS, _pattern(search) if search else "")]


async def article(reading: Reading, article_id: UUID) -> Article | None:
    """One article with all its texts."""
    row = await reading.row(ARTICLE, article_id)
    return (
        Article(**dict(row), texts=[_text(each) for each in await reading.rows(TEXTS, article_id, None)])
        if row
        else None
    )


async def text(reading: Reading, article_id: UUID, language: str) -> ArticleText | None:
    """One article in one language."""
    row = await reading.row(TEXTS, article_id, language)
    return _text(row) if row else None


async def languages(reading: Reading) -> list[str]:
    """The languages in which anything is published, the one with most pages first."""
    return [row["language"] for row in await reading.rows(LANGUAGES)]


async def anything_published(reading: Reading) -> bool:
    """Whether there is a help centre at all."""
    return bool(await reading.value(ANY_PAGE))


async def help_index(
    reading: Reading, language: str, there: list[str], fallback: str, *, topic: str | None = None
) -> HelpIndex:
    """What is published in a language, by category; `fallback` is the company's language for names that lack one."""
    topics: list[HelpTopic] = []
    for row in await reading.rows(INDEX, language, topic):
        if not topics or topics[-1].slug != row["topic"]:
            name = logic.name_in(row["names"] or {}, language, fallback)
            topics.append(HelpTopic(slug=row["topic"], name=name, pages=[]))
        topics[-1].pages.append(_brief(row))
    return HelpIndex(language, there, topics)


async def page(reading: Reading, slug: str) -> FoundPage | None:
    """A published article by its present address."""
    row = await reading.row(PAGE, slug.replace("\x00", ""))
    if row is None:
        return None
    translations = [
        HelpTranslation(each["language"], each["slug"]) for each in await reading.rows(TRANSLATIONS, row["article_id"])
    ]
    shown = HelpPage(
        slug=row["slug"],
        language=row["language"],
        title=row["title"],
        summary=row["summary"],
        picture_url=row["picture_url"],
        url=path_of(row["slug"]),
        updated_at=row["updated_at"],
        body=list(markdown.tree(row["body"])),
        translations=translations,
        topic=row["topic"],
    )
    return FoundPage(row["article_id"], shown)


async def page_html(reading: Reading, slug: str) -> str:
    """The body of a published article as sanitized HTML."""
    body: str | None = await reading.value("SELECT body FROM article_page WHERE slug = $1", slug)
    return markdown.to_html(body or "")


async def moved_to(reading: Reading, slug: str) -> str | None:
    """Where an article is now that once had this address."""
    found: str | None = await reading.value(MOVED, slug.replace("\x00", ""))
    return found


async def pages_by_slugs(reading: Reading, slugs: Sequence[str]) -> list[HelpPageBrief]:
    """Published articles by their addresses, in the order asked for; what is not published is left out."""
    return [_brief(row) for row in await reading.rows(BY_SLUGS, [slug.replace("\x00", "") for slug in slugs])]


async def search(reading: Reading, language: str, typed: str) -> list[HelpPageBrief]:
    """Published articles in a language that have what was typed, best first, at most 20."""
    asked = logic.words(typed)
    if not asked:
        return []
    terms = [f"'{word}'" for word in asked[:-1]] + [f"'{asked[-1]}':*"]
    rows = await reading.rows(SEARCH, language, " & ".join(terms), " | ".join(terms), _pattern(typed.strip()), EXCERPT)
    return [_brief(row, row["excerpt"]) for row in rows]


def path_of(slug: str) -> str:
    """The public address of an article, without our host."""
    return f"/help/{slug}"


def _pattern(typed: str) -> str:
    escaped = typed.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_").replace("\x00", "")
    return f"%{escaped}%"


def _article_row(row: Row) -> ArticleRow:
    versions = [_version(*each) for each in row["versions"]]
    return ArticleRow(**{**dict(row), "versions": versions})


def _version(language: str, title: str, slug: str | None, published: bool, changed: bool, *rest: Any) -> ArticleVersion:
    updated_at, updated_by, views = rest
    assert isinstance(updated_at, datetime)
    return ArticleVersion(
        language=language,
        title=title,
        slug=slug,
        published=published,
        changed=changed,
        updated_at=updated_at,
        updated_by=updated_by,
        views=views,
    )


def _text(row: Row) -> ArticleText:
    return ArticleText(**dict(row))


def _brief(row: Row, excerpt: str | None = None) -> HelpPageBrief:
    return HelpPageBrief(
        slug=row["slug"],
        language=row["language"],
        title=row["title"],
        summary=row["summary"],
        picture_url=row["picture_url"],
        url=path_of(row["slug"]),
        excerpt=logic.excerpt(excerpt) if excerpt else None,
    )
