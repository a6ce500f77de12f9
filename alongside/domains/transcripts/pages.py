"""The HTML of a transcript: one file without scripts, readable for years, good on paper."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from alongside.domains.transcripts.logic import Head, Line, Wish
from alongside.domains.transcripts.words import WORDS

_TEMPLATES = Environment(
    loader=PackageLoader("alongside.domains.transcripts"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def facts(head: Head, wish: Wish) -> dict[str, Any]:
    """What stands above the lines, in the reader's words."""
    words = WORDS[wish.locale]
    at = f"{datetime.now(UTC).astimezone(wish.zone):%Y-%m-%d %H:%M}"
    return {
        "language": wish.locale,
        "title": head.title,
        "about": words["made"].format(channel=head.channel, at=at),
        "zone": words["zone"].format(zone=wish.zone.key),
        "warning": words["inside"] if wish.inside else "",
        "note": words["note"],
        "episode": words["episode"],
    }


async def write(head: Head, wish: Wish, pieces: AsyncIterator[Iterable[Line]]) -> AsyncIterator[str]:
    """The page, piece by piece."""
    about = facts(head, wish)
    yield _TEMPLATES.get_template("begin.html").render(about)
    template, episode, day = _TEMPLATES.get_template("lines.html"), 0, ""
    async for piece in pieces:
        for line in piece:
            yield template.render(about, line=line, new_episode=line.episode != episode, new_day=_day(line) != day)
            episode, day = line.episode, _day(line)
    yield "</main>\n</html>\n"


def _day(line: Line) -> str:
    return f"{line.at:%Y-%m-%d}"
