"""What became of the targets of rules, over HTTP."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated
from uuid import UUID

from litestar import get
from litestar.params import Parameter

from alongside.domains.conversations.schemas import TargetKind
from alongside.domains.sla import queries
from alongside.domains.sla.policy import STATISTICS
from alongside.domains.sla.queries import TargetPlace, TargetQuestion
from alongside.domains.sla.schemas import SlaStatistics, TargetList, TargetOutcome
from alongside.domains.workspace.queries import moments_of
from alongside.kit.paging import read_place
from alongside.kit.time import now
from alongside.platform.auth.actor import NOBODY, AgentActor
from alongside.platform.db import Database, Reading
from alongside.platform.errors import Invalid
from alongside.platform.web import who

DAYS = 30

First = Annotated[
    date | None, Parameter(description="The first day on which clocks began, as the company counts days; else 30 days.")
]
Last = Annotated[date | None, Parameter(description="The last day; without one, `first` alone.")]


@get("/sla/statistics", opt={"who": who.agent(STATISTICS)})
async def read_sla_statistics(database: Database, first: First = None, last: Last = None) -> SlaStatistics:
    """How many targets each SLA rule set, and how many of them were met and missed."""
    async with database.snapshot() as reading:
        return await queries.statistics(reading, *await _between(reading, first, last))


@get("/sla/rules/{rule_id:uuid}/targets", opt={"who": who.agent(STATISTICS)})
async def list_sla_targets(
    rule_id: UUID,
    actor: AgentActor,
    database: Database,
    outcome: TargetOutcome = "all",
    target: TargetKind | None = None,
    first: First = None,
    last: Last = None,
    cursor: Annotated[str | None, Parameter(max_length=200)] = None,
    limit: Annotated[int, Parameter(ge=1, le=200)] = 50,
) -> TargetList:
    """The targets behind a rule's statistics, with their conversations, as far as one may see these."""
    async with database.snapshot() as reading:
        between = await _between(reading, first, last)
        question = TargetQuestion(
            rule_id=rule_id,
            between=between,
            kind=target,
            outcome=outcome,
            holders=actor.holders,
            after=_cursor(cursor, between[1]),
            limit=limit,
        )
        return await queries.targets(reading, question)


async def _between(reading: Reading, first: date | None, last: date | None) -> tuple[datetime, datetime]:
    if between := await moments_of(reading, first, last):
        return between
    at = now()
    return at - timedelta(days=DAYS), at + timedelta(minutes=1)


def _cursor(text: str | None, end: datetime) -> TargetPlace:
    try:
        place = read_place(text, TargetPlace) if text else TargetPlace(end, NOBODY)
    except ValueError:
        place = None
    if place is None or place.at.tzinfo is None:
        raise Invalid("bad-cursor", "This cursor was not made by this server. Start again without one.")
    return place


ROUTES = [read_sla_statistics, list_sla_targets]
