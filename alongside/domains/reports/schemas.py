"""Which episodes a report is about, and these one by one. Durations are whole seconds."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from alongside.domains.conversations.schemas import Status

ZONE_CHARS = 60

Zone = Annotated[str, Meta(max_length=ZONE_CHARS, pattern=r"^[^\x00]*$")]
Report = Literal["conversations", "gathered"]
Rating = Annotated[int, Meta(ge=1, le=5)]
Country = Annotated[str, Meta(pattern="^[A-Z]{2}$")]
Having = Literal["first_response", "waiting", "handling", "resolution", "rating"]
Moment = Annotated[datetime, Meta(tz=True)]


class ReportFilter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which episodes. `agent_id` answered in it, `team_id` held it, `label_id` is on it or its contact.

    `country`: where the visit in which it began was, by two letters (ISO 3166).
    `having`: only those that have this figure. `since`, `until`: opened at one moment or later, and before another.
    """

    status: Status | None = None
    channel_id: UUID | None = None
    agent_id: UUID | None = None
    team_id: UUID | None = None
    label_id: UUID | None = None
    country: Country | None = None
    rating: Rating | None = None
    having: Having | None = None
    since: Moment | None = None
    until: Moment | None = None


class ReportPeriod(msgspec.Struct, frozen=True, kw_only=True):
    """Whole days of a time zone, both included."""

    first: date
    last: date
    zone: str


class EpisodeRow(msgspec.Struct, frozen=True, kw_only=True):
    """An episode of a conversation with its figures. `link` is a path of the console."""

    conversation_id: UUID
    episode: int
    link: str
    customer: str | None
    customer_number: int
    channel_id: UUID
    status: Status
    opened_at: datetime
    first_response_at: datetime | None
    closed_at: datetime | None
    first_response_seconds: int | None
    waiting_seconds: int | None
    handling_seconds: int | None
    resolution_seconds: int | None
    agent_ids: list[UUID]
    assigned_ids: list[UUID]
    team_ids: list[UUID]
    label_ids: list[UUID]
    visitor_messages: int
    agent_messages: int
    notes: int
    rating: int | None
    rating_comment: str | None
    country: str | None
    city: str | None


class EpisodeList(msgspec.Struct, frozen=True):
    """A page of episodes, the first opened first. `next_cursor` is opaque; None at the end."""

    rows: list[EpisodeRow]
    next_cursor: str | None


class ReportColumns(msgspec.Struct, frozen=True):
    """The columns that a report can have, in order; additional fields are `field:` and their key."""

    conversations: list[str]
    gathered: list[str]


class ReportCountries(msgspec.Struct, frozen=True):
    """The countries that visitors were in, by two letters (ISO 3166), as far as their visits are kept."""

    countries: list[str]


class ReportZone(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The time zone in which reports count days: an IANA name."""

    zone: Zone
