"""Shapes of routing: who comes into question, what was decided and why, who waits."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from alongside.domains.agents.schemas import Area
from alongside.domains.conditions.schemas import Facts
from alongside.domains.conversations.schemas import ConversationRow
from alongside.domains.rules.body_schemas import RequiredState, RoutingAction
from alongside.domains.rules.schemas import MOST_RULES, WriteRule

Medium = Literal["webchat", "calling"]

Reason = Literal[
    "not_named",
    "not_in_team",
    "lacks_tag",
    "inactive",
    "not_permitted",
    "wrong_area",
    "did_not_react",
    "offline",
    "full",
    "kept_for_queue",
]
"""Why somebody does not come into question. `kept_for_queue`: their last room is for those who wait already."""

Outcome = Literal["agent", "queue", "nobody", "no_rule", "kept"]
"""What came of it. `kept`: whoever had it keeps it, as there was nobody else."""

Cause = Literal["begun", "free", "waited", "silent", "gone", "rules"]
"""Why it was decided: the customer wrote; somebody became free; the longest wait is over; whoever was chosen did not
react, or went before they had answered; the rules changed while the customer waited."""

MOST_REPLAYED = 2_000
# How long all that a decision rested on is kept: these days before today can be run again.
REPLAYABLE_DAYS = 90


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """For whom it is: an agent, one of a team, one who has a tag; none of the three: anybody."""

    agent_id: UUID | None = None
    team_id: UUID | None = None
    tag: str | None = None
    state: RequiredState = "available"
    medium: Medium = "webchat"


class Candidate(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An agent at the moment of a decision. `open` counts conversations that they have and that are not Done.

    `tags` are their own and those of their teams. `kept`: how much of their room is for those who wait already.
    """

    id: UUID
    active: bool = True
    online: bool = False
    area: Area = "chat"
    chat_limit: int = 5
    open: int = 0
    may_reply: bool = True
    team_ids: list[UUID] = []
    tags: list[str] = []
    last_given_at: datetime | None = None
    kept: int = 0


class Considered(msgspec.Struct, frozen=True):
    """An agent who was looked at, how many conversations they had open, and the reason against them if there is one."""

    agent_id: UUID
    open: int
    reason: Reason | None = None


class Choice(msgspec.Struct, frozen=True):
    """Who gets it, if anybody, and everybody who was looked at."""

    agent_id: UUID | None
    considered: list[Considered]


class RoutingStep(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One action of a rule as it was taken; `fallback` says of which, from 0. Of a route: who was looked at."""

    action: RoutingAction
    fallback: int | None = None
    agent_id: UUID | None = None
    considered: list[Considered] = []


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation in the queue, as far as its order and its wish go. `rules`: by which all of them it waits."""

    conversation_id: UUID
    episode: int
    wanted: Wanted
    priority: int
    since: datetime
    until: datetime
    rule_id: UUID | None
    rules: str = ""
    passed_over: list[UUID]


class RoutingDecision(msgspec.Struct, frozen=True, kw_only=True):
    """What was decided about a conversation, when, why, by which rule as it was then, and what it rested on."""

    id: UUID
    episode: int
    at: datetime
    cause: Cause
    outcome: Outcome
    rule_id: UUID | None
    rule_name: str | None
    rule_version: int | None
    agent_id: UUID | None
    steps: list[RoutingStep]
    facts: Facts


class QueueEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation that waits. `place` is among those who wait for the same; `minutes` about how long still."""

    row: ConversationRow
    place: int
    minutes: int | None
    since: datetime
    until: datetime
    priority: int
    rule_id: UUID | None
    rule_name: str | None
    agent_id: UUID | None
    team_id: UUID | None
    tag: str | None


class Queue(msgspec.Struct, frozen=True):
    """Who waits, in the order in which they are served. `hidden` counts those that the asker may not see."""

    entries: list[QueueEntry]
    hidden: int


class RoutingHistory(msgspec.Struct, frozen=True, kw_only=True):
    """What was decided about a conversation, the newest first, and its place in the queue while it waits."""

    decisions: list[RoutingDecision]
    waiting: QueueEntry | None


class Simulate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which past decisions to replay, and by which rules.

    `rules`: these, in this order; without them those that are there, `with_drafts` the drafts too, as if they were on.
    `day` is counted in the company's time zone, at most 90 days before today. Without one: the `last` decisions.
    """

    rules: Annotated[list[WriteRule], Meta(max_length=MOST_RULES)] | None = None
    with_drafts: bool = False
    day: date | None = None
    last: Annotated[int, Meta(ge=1, le=MOST_REPLAYED)] = 200


class RoutingResult(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one conversation: who got it, or that it waits, or nothing."""

    outcome: Outcome
    agent_id: UUID | None = None
    rule_name: str | None = None


class ReplayedDecision(msgspec.Struct, frozen=True, kw_only=True):
    """A past decision, what it came to then, and what it would have come to."""

    conversation_id: UUID
    contact_number: int
    contact_name: str | None
    at: datetime
    was: RoutingResult
    now: RoutingResult


class AgentShare(msgspec.Struct, frozen=True, kw_only=True):
    """How many conversations an agent was given, and would have been given."""

    agent_id: UUID
    was: int
    now: int


class OutcomeShare(msgspec.Struct, frozen=True, kw_only=True):
    """How many conversations something came of, and would have come of."""

    outcome: Outcome
    was: int
    now: int


class Simulation(msgspec.Struct, frozen=True, kw_only=True):
    """A replay, the oldest first. `hidden` counts conversations that the asker may not see; the sums count them.

    `cut`: there were more than are replayed.
    """

    replayed: list[ReplayedDecision]
    shares: list[AgentShare]
    outcomes: list[OutcomeShare]
    changed: int
    hidden: int
    cut: bool
