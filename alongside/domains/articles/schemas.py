"""Shapes of articles: for those who write them, and for everybody who reads them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

TITLE_CHARS = 120
SUMMARY_CHARS = 300
BODY_CHARS = 60_000
SLUG_CHARS = 80
NAME_CHARS = 60
# More of either is a library, which needs other shelves than these.
MOST_ARTICLES = 1_000
MOST_CATEGORIES = 50
MOST_PICTURES = 50

Language = Annotated[str, Meta(pattern="^[a-z]{2,3}$")]
Title = Annotated[str, Meta(max_length=TITLE_CHARS * 2)]
Summary = Annotated[str, Meta(max_length=SUMMARY_CHARS * 2)]
Body = Annotated[str, Meta(max_length=BODY_CHARS + 1_000)]
Slug = Annotated[str, Meta(max_length=SLUG_CHARS * 2)]
Name = Annotated[str, Meta(max_length=NAME_CHARS * 2)]
Names = Annotated[dict[Language, Name], Meta(max_length=40)]

BodyTag = Literal[
    "p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "pre", "hr", "table", "thead", "tbody", "tr", "th", "td",
    "text", "strong", "em", "s", "code", "a", "img", "br",
]  # fmt: skip


class BodyNode(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A piece of an article's body: an element of a closed list with its children, or a `text`.

    `href` is http(s), mailto, tel, or an address of the same site; `src` is a picture of ours. `start` numbers an `ol`.
    """

    tag: BodyTag
    text: str | None = None
    href: str | None = None
    src: str | None = None
    start: int | None = None
    children: list[BodyNode] | None = None


# ---- for everybody


class ExcerptPiece(msgspec.Struct, frozen=True):
    """A part of an excerpt; `hit` where it is what was searched for."""

    text: str
    hit: bool


class HelpPageBrief(msgspec.Struct, frozen=True, kw_only=True):
    """A published article as far as a list needs it. `excerpt` is set by a search. `url` is its public address."""

    slug: str
    language: str
    title: str
    summary: str
    picture_url: str | None
    url: str
    excerpt: list[ExcerptPiece] | None = None


class HelpTranslation(msgspec.Struct, frozen=True):
    """Another language in which a published article can be read."""

    language: str
    slug: str


class HelpPage(msgspec.Struct, frozen=True, kw_only=True):
    """A published article. `body` is a tree of elements, never HTML."""

    slug: str
    language: str
    title: str
    summary: str
    picture_url: str | None
    url: str
    updated_at: datetime
    body: list[BodyNode]
    translations: list[HelpTranslation]
    topic: str | None


class HelpTopic(msgspec.Struct, frozen=True, kw_only=True):
    """A category with its published articles, in order. `slug` is None for articles without a category."""

    slug: str | None
    name: str
    pages: list[HelpPageBrief]


class HelpIndex(msgspec.Struct, frozen=True):
    """The help centre in one language. `languages` are all in which there is something to read."""

    language: str
    languages: list[str]
    topics: list[HelpTopic]


class HelpFound(msgspec.Struct, frozen=True):
    """What a search of the help centre found in a language, best first. `languages` are all that can be searched."""

    language: str
    languages: list[str]
    pages: list[HelpPageBrief]


# ---- for those who write


class ArticleCategory(msgspec.Struct, frozen=True, kw_only=True):
    """A shelf of the help centre; names by language."""

    id: UUID
    slug: str
    names: dict[str, str]


class ArticleVersion(msgspec.Struct, frozen=True, kw_only=True):
    """How an article stands in one language, without its body.

    `changed` says that the text has changes that are not published.
    """

    language: str
    title: str
    slug: str | None
    published: bool
    changed: bool
    updated_at: datetime
    updated_by: UUID | None
    views: int


class ArticleRow(msgspec.Struct, frozen=True, kw_only=True):
    """An article as a list shows it."""

    id: UUID
    category_id: UUID | None
    picture_url: str | None
    versions: list[ArticleVersion]


class ArticleText(msgspec.Struct, frozen=True, kw_only=True):
    """An article in one language as it is being written. `slug` None is made from the title when it is published.

    `published_slug` is its public address now, None while it is a draft. `views` counts readings of the page.
    """

    language: str
    slug: str | None
    title: str
    summary: str
    body: str
    revision: int
    updated_at: datetime
    updated_by: UUID | None
    published_slug: str | None
    published_revision: int | None
    views: int


class Article(msgspec.Struct, frozen=True, kw_only=True):
    """An article with all it is written in."""

    id: UUID
    category_id: UUID | None
    picture_url: str | None
    texts: list[ArticleText]


class ArticleBody(msgspec.Struct, frozen=True):
    """How a body would be shown."""

    body: list[BodyNode]


class PictureMade(msgspec.Struct, frozen=True):
    """Where a stored picture is found: what stands in the Markdown."""

    url: str


# ---- what is asked


class NewCategory(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of a new category: its name in at least one language."""

    names: Names


class EditCategory(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """New names; languages left out stay, an empty name takes its language away."""

    names: Names


class OrderOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Ids in the order wanted; those not named follow."""

    ids: Annotated[list[UUID], Meta(max_length=MOST_ARTICLES)]


class NewArticle(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of a new article: its first language and, if there is one yet, its title."""

    language: Language
    title: Title = ""
    category_id: UUID | None = None


class EditArticle(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A change that concerns all languages."""

    category_id: UUID | UnsetType | None = UNSET


class SaveText(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The text as it stands in the editor. `revision` is the one it was made from; 0 begins a language."""

    revision: int
    title: Title
    summary: Summary = ""
    body: Body = ""
    slug: Slug | None = None


class PublishText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which revision is to be published: the one that was seen."""

    revision: int


class PreviewBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A body to be shown as it would look."""

    body: Body
