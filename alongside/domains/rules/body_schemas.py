"""What rules do once they hold: one shape per kind of rule."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from alongside.domains.conditions.node_schemas import ConditionGroup
from alongside.domains.conditions.schemas import VALUE_CHARS

# A customer stays in a queue at most this long.
LONGEST_WAIT_MINUTES = 90
LONGEST_TARGET_SECONDS = 30 * 86_400
MOST_ACTIONS = 10
TEXT_CHARS = 2_000

RequiredState = Literal["available", "online", "any"]
Seconds = Annotated[int, Meta(ge=10, le=LONGEST_TARGET_SECONDS)]
Tag = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[^\x00]*$")]
EventName = Annotated[str, Meta(min_length=1, max_length=100)]
RuleTexts = Annotated[
    dict[
        Annotated[str, Meta(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$(?!\n)")],
        Annotated[str, Meta(max_length=TEXT_CHARS)],
    ],
    Meta(min_length=1, max_length=30),
]


class RouteAction(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="route"):
    """Give the conversation to an agent, to one of a team, or to one who has a tag: one of the three.

    `state` says who comes into question. Nobody gets more chats than their limit, whatever it says: for chats
    "available" and "online" come to the same. "any" takes who is offline as well. For calls the limit counts with
    "available" alone.
    """

    agent_id: UUID | None = None
    team_id: UUID | None = None
    tag: Tag | None = None
    state: RequiredState = "available"


class TellAction(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="tell"):
    """Tell the customer a system message."""

    system_message_id: UUID


class QueueAction(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="queue"):
    """Let the customer wait for whom `RouteAction` would name; with none of the three, for anybody.

    After `minutes` the fallback acts. A higher `priority` comes first.
    """

    agent_id: UUID | None = None
    team_id: UUID | None = None
    tag: Tag | None = None
    minutes: Annotated[int, Meta(ge=1, le=LONGEST_WAIT_MINUTES)] = LONGEST_WAIT_MINUTES
    priority: Annotated[int, Meta(ge=0, le=9)] = 0


RoutingAction = RouteAction | TellAction | QueueAction
RoutingActions = Annotated[list[RoutingAction], Meta(max_length=MOST_ACTIONS)]


class Fallback(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to do where the actions of a rule found nobody, if these conditions hold."""

    conditions: ConditionGroup
    actions: RoutingActions


class RoutingBody(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="routing"
):
    """Who gets a chat or a call. `react_seconds`: whoever was chosen and does not react is passed over; None: never."""

    medium: Literal["webchat", "calling"] = "webchat"
    actions: RoutingActions = []
    fallbacks: Annotated[list[Fallback], Meta(max_length=MOST_ACTIONS)] = []
    react_seconds: Annotated[int, Meta(ge=10, le=3_600)] | None = None


class SlaBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="sla"):
    """How soon there is an answer to the first message, to later ones, and an end; None: no target.

    With the clock "open" time counts in opening hours alone (`hours_id` None: the company's). When `warn_percent` of
    it is over, who is to answer is warned; when all is, `team_id` is told too.
    """

    first_seconds: Seconds | None = None
    second_seconds: Seconds | None = None
    resolution_seconds: Seconds | None = None
    clock: Literal["always", "open"] = "always"
    hours_id: UUID | None = None
    warn_percent: Annotated[int, Meta(ge=1, le=99)] | None = 80
    team_id: UUID | None = None


class ShowAction(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="show"):
    """Show the chat."""


class HideAction(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="hide"):
    """Hide the chat."""


class OpenAction(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="open"):
    """Open the chat."""


class MessageAction(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="message"
):
    """Say something in the name of the company."""

    texts: RuleTexts


class SayAction(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="say"):
    """Say something in the name of an agent."""

    agent_id: UUID
    texts: RuleTexts


class LabelAction(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="label"):
    """Put a label on the customer."""

    label_id: UUID


class FieldAction(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="field"):
    """Fill in a field of the customer."""

    field_id: UUID
    value: Annotated[str, Meta(max_length=VALUE_CHARS)]


class EventAction(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="event"):
    """Tell the page's own code."""

    name: EventName


PageAction = ShowAction | HideAction | OpenAction | MessageAction | SayAction | LabelAction | FieldAction | EventAction


class ActionBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="action"):
    """What the widget does. At `level` "page" it is judged on each page, at "chat" when the visitor opens the chat.

    The type "analytics" shows nothing: matches are counted and told. Without `channel_ids` it is for all channels.
    """

    type: Literal["webchat", "analytics"] = "webchat"
    level: Literal["page", "chat"] = "page"
    often: Literal["visit", "visitor", "always"] = "always"
    channel_ids: Annotated[list[UUID], Meta(max_length=100)] = []
    actions: Annotated[list[PageAction], Meta(max_length=MOST_ACTIONS)] = []


RuleBody = RoutingBody | SlaBody | ActionBody
