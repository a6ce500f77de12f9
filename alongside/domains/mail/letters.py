"""A letter from its parts: the same words as text and as HTML, in the reader's language."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from uuid import UUID

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from alongside.platform.config import Config
from alongside.platform.db import Work
from alongside.platform.mail import Letter

_HERE = Path(__file__).parent
_pages = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


class Quote(msgspec.Struct, frozen=True):
    """What somebody wrote, and who and when."""

    who: str
    when: str
    text: str


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """What a letter is made of. `figures` are names and values; `link` is a label and an address; `footer` says why the
    reader gets it.
    """

    to: str
    locale: str
    subject: str
    lines: Sequence[str]
    figures: Sequence[tuple[str, str]] = ()
    quotes: Sequence[Quote] = ()
    link: tuple[str, str] | None = None
    after: Sequence[str] = ()
    footer: str
    footer_link: tuple[str, str] | None = None
    from_name: str = ""
    headers: Mapping[str, str] = {}


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """A letter that is due: what it is about, by id."""

    id: UUID
    kind: str
    address: str
    agent_id: UUID | None
    invitation_id: UUID | None
    contact_id: UUID | None
    conversation_id: UUID | None
    episode: int | None = None
    watchdog_id: UUID | None = None
    tries: int


class Unwanted(msgspec.Struct, frozen=True):
    """Why a letter is not to be sent any more, as a code: "read", "invitation-over"."""

    reason: str


Write = Callable[[Work, Config, Item], Awaitable[Letter | Unwanted]]
Settled = Callable[[Work, Item, str | None], Awaitable[None]]


async def _nothing(work: Work, item: Item, failed: str | None) -> None:  # noqa: ARG001 - most kinds need no more
    return


class Kind(msgspec.Struct, frozen=True):
    """A kind of letter: who writes it, and who hears how it ended (None, or why it failed for good)."""

    name: str
    write: Write
    settled: Settled = _nothing


def words(locale: str) -> Mapping[str, str]:
    """Our texts in a language; English where we lack it."""
    catalogues = _catalogues()
    return catalogues.get(locale.partition("-")[0], catalogues["en"])


def letter(parts: Parts) -> Letter:
    """Both faces of a letter."""
    html = _pages.get_template("letter.html").render(parts=parts, language=parts.locale)
    return Letter(
        to=parts.to,
        subject=parts.subject,
        text=_text(parts),
        html=html,
        from_name=parts.from_name,
        headers=parts.headers,
    )


def _text(parts: Parts) -> str:
    blocks = [*parts.lines]
    if parts.figures:
        blocks.append("\n".join(f"{name}: {value}" for name, value in parts.figures))
    for quote in parts.quotes:
        blocks.append(f"{quote.who}, {quote.when}\n" + "\n".join(f"> {line}" for line in quote.text.splitlines()))
    if parts.link:
        blocks.append(f"{parts.link[0]}:\n{parts.link[1]}")
    blocks += parts.after
    # A line of two hyphens and a blank: mail programs fold what follows away.
    blocks.append(f"-- \n{parts.footer}")
    if parts.footer_link:
        blocks.append(f"{parts.footer_link[0]}: {parts.footer_link[1]}")
    return "\n\n".join(blocks)


@lru_cache
def _catalogues() -> dict[str, dict[str, str]]:
    files = sorted((_HERE / "texts").glob("*.json"))
    return {file.stem: msgspec.json.decode(file.read_bytes(), type=dict[str, str]) for file in files}
