"""What browsers are told of action rules, and what they may ask for; counts of matches for agents and programs.

A visitor's browser learns no rule's name, no label, field or customer that a condition speaks of, and no text before it
is due: such conditions are asked for by a number (`{"kind": "asked", "asked": 3}`) and answered with yes or no.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from alongside.domains.conditions.schemas import AgentsNow

# Rules that one page tells of at once.
MOST_AT_ONCE = 100


Visible = Literal["show", "hide", "open"]


class PageRule(msgspec.Struct, frozen=True, kw_only=True):
    """An action rule as a browser judges it.

    `does` are its visible actions in order. `acts`: the server has something to do, which the browser asks for; `says`:
    part of it is a text for the visitor. `events` are told to the page's code; `titles` name the rule to it.
    """

    id: UUID
    level: Literal["page", "chat"]
    often: Literal["visit", "visitor", "always"]
    conditions: dict[str, Any]
    does: list[Visible]
    acts: bool
    says: bool
    events: list[str]
    titles: list[str]


class RuleSet(msgspec.Struct, frozen=True, kw_only=True):
    """The active rules of a channel in order. `tag` changes whenever they do."""

    tag: str
    rules: list[PageRule]


class HoursAhead(msgspec.Struct, frozen=True, kw_only=True):
    """Whether it is open, and the moments at which that changes next."""

    open: bool
    changes: list[datetime]


class RuleFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What only the server knows at `at`. `asked` answers the conditions that are asked for, in their order.

    `agents` are at most one each: that there is somebody, not how many. `hours` are by id, "" the company's. Both are
    told only where a rule asks for them.
    """

    tag: str
    at: datetime
    zone: str
    agents: AgentsNow | None
    hours: dict[str, HoursAhead]
    asked: list[bool | None]


class Speaker(msgspec.Struct, frozen=True):
    """The agent in whose name something is said."""

    display_name: str
    picture_url: str | None


class RuleText(msgspec.Struct, frozen=True):
    """A text of a rule by language; `person` is the agent whose words they are, None: the company's."""

    texts: dict[str, str]
    person: Speaker | None


class RuleTexts(msgspec.Struct, frozen=True):
    """What a rule says to somebody who has not written yet; it is written down once they have."""

    said: list[RuleText]


class AskDeed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of a rule's match. `occasion` is made once per visit, or per match of a rule that acts always."""

    occasion: UUID
    languages: Annotated[list[Annotated[str, Meta(max_length=35)]], Meta(max_length=10)] = []


class Deed(msgspec.Struct, frozen=True):
    """What became of it. `waits`: there is no conversation yet in which something could be said."""

    done: bool
    waits: bool


class Matched(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of a page's tally: rules that matched there, each named once."""

    rules: Annotated[list[UUID], Meta(min_length=1, max_length=MOST_AT_ONCE)]


class DayMatches(msgspec.Struct, frozen=True):
    """How often a rule matched on a day of the company's calendar."""

    day: date
    matches: int


class RuleMatches(msgspec.Struct, frozen=True, kw_only=True):
    """How often a rule matched: in all, and on the last days on which it did, the newest first."""

    rule_id: UUID
    name: str
    total: int
    today: int
    days: list[DayMatches]


class AllMatches(msgspec.Struct, frozen=True):
    """How often each rule matched, in the rules' order."""

    rules: list[RuleMatches]
