"""What conditions are judged by, and what is said about them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

MOST_CONDITIONS = 50
DEEPEST = 3
VALUE_CHARS = 500

TextCompare = Literal["equals", "contains", "starts_with", "pattern"]
NumberCompare = Literal["at_least", "at_most", "exactly"]
Place = Literal["browser", "server"]
ProblemCode = Literal[
    "bad-pattern", "empty-value", "not-known-here", "no-such-zone", "contradiction", "never-matches", "always-matches"
]
FieldFact = str | float | bool | list[str]
Value = Annotated[str, Meta(max_length=VALUE_CHARS, pattern=r"^[^\x00]*$")]
Zone = Annotated[str, Meta(max_length=60)]
Minute = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$(?!\n)")]


class AgentsNow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many agents are online, and how many of those have room for a chat."""

    online: int
    available: int


class Facts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is known at one moment. None: not known.

    `zone` is the company's. `hours` says for opening hours by id ("" the company's) whether they are open. `message` is
    the visitor's last text, "" before the first; `messages` counts theirs in the running episode. `fields` is by id of
    the field; one that is missing has no value. `scrolled` is in percent. Of `country` two letters, of `language` a tag
    such as de-AT. `waiting_seconds` is 0 while nobody waits.
    """

    at: Annotated[datetime, Meta(tz=True)] | None = None
    zone: str | None = None
    agents: AgentsNow | None = None
    hours: dict[str, bool] | None = None
    start_url: str | None = None
    page_url: str | None = None
    referrer: str | None = None
    seconds_on_page: float | None = None
    scrolled: float | None = None
    leaving: bool | None = None
    site_visits: int | None = None
    page_visits: int | None = None
    message: str | None = None
    messages: int | None = None
    waiting_seconds: float | None = None
    label_ids: list[UUID] | None = None
    external_ids: list[str] | None = None
    identified: bool | None = None
    country: str | None = None
    city: str | None = None
    language: str | None = None
    device: str | None = None
    fields: dict[str, FieldFact] | None = None
    events: list[str] | None = None
    channel_id: UUID | None = None


class Verdict(msgspec.Struct, frozen=True):
    """What a node came to: it holds, does not hold, or is not known (None). `of` are the nodes of a group, in order."""

    kind: str
    holds: bool | None
    of: list[Verdict] = []


class Problem(msgspec.Struct, frozen=True):
    """What is wrong with a node. `path` are the places on the way to it from the root, empty for the root itself."""

    path: list[int]
    code: ProblemCode
    detail: str = ""
