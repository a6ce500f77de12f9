"""The help centre's pages as HTML, from templates that escape everything but the one body that was sanitized."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from alongside.domains.articles import logic
from alongside.domains.articles.schemas import HelpIndex, HelpPage, HelpPageBrief, HelpTopic

_HERE = Path(__file__).parent
_ENGLISH = "en"
# More articles of a category than this are behind a link on the first page.
SHOWN = 6

_templates = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

# What each language calls itself.
NATIVE = {
    "ar": "العربية", "cs": "Čeština", "da": "Dansk", "de": "Deutsch", "en": "English", "es": "Español", "fi": "Suomi",
    "fr": "Français", "he": "עברית", "hu": "Magyar", "it": "Italiano", "nb": "Norsk", "nl": "Nederlands",
    "pl": "Polski", "pt": "Português", "ro": "Română", "ru": "Русский", "sv": "Svenska", "tr": "Türkçe",
    "uk": "Українська",
}  # fmt: skip


class Centre(msgspec.Struct, frozen=True, kw_only=True):
    """The help centre in one language. `site` is our origin, `fallback` the company's language."""

    company: str
    site: str
    style: str
    language: str
    languages: list[str]
    fallback: str

    def index(self, index: HelpIndex) -> str:
        """The first page: categories with their articles."""
        return self._render("index.html", topics=index.topics, shown=SHOWN, path=self._front(self.language))

    def found(self, typed: str, pages: list[HelpPageBrief]) -> str:
        """What a search found."""
        return self._render("found.html", typed=typed, pages=pages, path=self._front(self.language, typed), hidden=True)

    def topic(self, topic: HelpTopic) -> str:
        """One category."""
        return self._render("topic.html", topic=topic, path=f"/help/topics/{topic.slug}?lang={self.language}")

    def article(self, page: HelpPage, body: str, topics: list[HelpTopic]) -> str:
        """An article, with its neighbours."""
        topic = next((each for each in topics if each.slug == page.topic), None)
        others = [each for each in (topic.pages if topic else []) if each.slug != page.slug]
        return self._render(
            "article.html",
            page=page,
            body=Markup(body),  # noqa: S704 - made and sanitized by markdown.to_html, and nowhere else
            topic=topic if topic and topic.slug else None,
            others=others[:SHOWN],
            updated=_day(page.updated_at, self.language),
            addresses={each.language: f"/help/{each.slug}" for each in page.translations},
            path=page.url,
        )

    def missing(self) -> str:
        """There is no such page."""
        return self._render("missing.html", path="/help", hidden=True)

    def _render(self, template: str, **values: Any) -> str:
        own = _texts(self.language)
        defaults: Mapping[str, Any] = {
            "typed": "",
            "hidden": False,
            "addresses": {each: self._front(each) for each in self.languages},
        }
        return _templates.get_template(template).render(
            {
                **defaults,
                "t": own,
                # Words of ours that we lack in this language are English, and say so.
                "words_language": self.language if self.language in _catalogues() else _ENGLISH,
                "company": self.company,
                "site": self.site,
                "style": self.style,
                "language": self.language,
                "direction": "rtl" if self.language in logic.RIGHT_TO_LEFT else "ltr",
                "native": NATIVE,
                "front": self._front(self.language),
                **values,
            }
        )

    @staticmethod
    def _front(language: str, typed: str = "") -> str:
        return "/help?" + urlencode({"lang": language, **({"q": typed} if typed else {})})


@lru_cache
def _catalogues() -> dict[str, dict[str, Any]]:
    files = sorted((_HERE / "texts").glob("*.json"))
    return {file.stem: msgspec.json.decode(file.read_bytes()) for file in files}


def _texts(language: str) -> dict[str, Any]:
    catalogues = _catalogues()
    return {**catalogues[_ENGLISH], **catalogues.get(language, {})}


def _day(at: datetime, language: str) -> str:
    """A date in words where we have them, else as everybody can read it."""
    texts = _catalogues().get(language)
    if texts is None:
        return f"{at:%Y-%m-%d}"
    day: str = texts["day"].format(day=at.day, month=texts["months"][at.month - 1], year=at.year)
    return day
