"""What the addresses of reports have in common."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from litestar.di import Provide
from litestar.params import Parameter

from alongside.domains.conversations.schemas import Status
from alongside.domains.reports.file_schemas import Span
from alongside.domains.reports.logic import Period, days_before, period_of, zone_of
from alongside.domains.reports.schemas import ZONE_CHARS, Having, ReportFilter
from alongside.domains.workspace.queries import workspace
from alongside.platform.db import Database
from alongside.platform.errors import Invalid

First = Annotated[date | None, Parameter(description="The first day.")]
Last = Annotated[date | None, Parameter(description="The last day; it belongs to the period.")]
Days = Annotated[
    Span | None,
    Parameter(
        description="In place of first and last: the day, the week (Monday to Sunday) or month of the calendar before "
        "today, or so many days before it, in the time zone."
    ),
]
Zone = Annotated[
    str | None,
    Parameter(max_length=ZONE_CHARS, description="An IANA time zone, such as Europe/Berlin; by default the company's."),
]
Agent = Annotated[UUID | None, Parameter(description="Who wrote at least one message to the visitor in it.")]
Team = Annotated[UUID | None, Parameter(description="Held it for some of its time.")]
Label = Annotated[UUID | None, Parameter(description="Carried by the conversation or its contact.")]
InCountry = Annotated[
    str | None, Parameter(pattern="^[A-Z]{2}$", description="Where the visit in which it began was (ISO 3166).")
]
Rated = Annotated[int | None, Parameter(ge=1, le=5, description="As its visitor rated it, from 1 to 5.")]
HavingFigure = Annotated[Having | None, Parameter(description="Only those that have this figure.")]
Since = Annotated[datetime | None, Parameter(description="Opened at this moment or later, with its offset.")]
Until = Annotated[datetime | None, Parameter(description="Opened before this moment, with its offset.")]


async def provide_period(
    database: Database, first: First = None, last: Last = None, span: Days = None, zone: Zone = None
) -> Period:
    """Which days the address asks for."""
    async with database.reading() as reading:
        zone = zone or (await workspace(reading)).time_zone
        now: datetime = await reading.value("SELECT now()")
    if span and not first and not last:
        return days_before(span, now, zone_of(zone))
    if first and last and not span:
        return period_of(first, last, zone)
    raise Invalid("which-days", "Say which days: first and last, such as 2026-11-01 and 2026-11-30, or span.")


async def provide_filter(
    status: Status | None = None,
    channel: UUID | None = None,
    agent: Agent = None,
    team: Team = None,
    label: Label = None,
    country: InCountry = None,
    rating: Rated = None,
    having: HavingFigure = None,
    since: Since = None,
    until: Until = None,
) -> ReportFilter:
    """Which episodes the address asks for."""
    return ReportFilter(
        status=status,
        channel_id=channel,
        agent_id=agent,
        team_id=team,
        label_id=label,
        country=country,
        rating=rating,
        having=having,
        since=_moment(since),
        until=_moment(until),
    )


def _moment(at: datetime | None) -> datetime | None:
    if at and at.tzinfo is None:
        raise Invalid("moment-without-zone", "A moment needs its offset, such as 2026-11-27T09:00:00Z.")
    return at


PERIOD = {"period": Provide(provide_period)}
QUESTION = {**PERIOD, "wanted": Provide(provide_filter)}
