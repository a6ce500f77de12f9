"""The demo's rules: of half a day the inbox shows what is left; a routing and an action rule lie ready as drafts."""

from __future__ import annotations

from uuid import UUID

from alongside.domains.conditions.kinds.event import EventCondition
from alongside.domains.conditions.kinds.message import MessageCondition
from alongside.domains.conditions.kinds.opening_hours import OpeningHoursCondition
from alongside.domains.conditions.node_schemas import ConditionGroup
from alongside.domains.rules import actions, queries
from alongside.domains.rules.body_schemas import (
    ActionBody,
    MessageAction,
    QueueAction,
    RouteAction,
    RoutingBody,
    SlaBody,
    TellAction,
)
from alongside.domains.rules.schemas import WriteRule
from alongside.domains.systemmessages import actions as system_messages
from alongside.domains.systemmessages.schemas import NewSystemMessage
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Database, Work

COMING = {
    "en": "Thank you, {name|and welcome}. Somebody who knows orders and returns will be with you soon.",
    "de": "Danke, {name|und willkommen}. Gleich ist jemand da, der sich mit Bestellungen und Rückgaben auskennt.",
}
BASKET = {
    "en": "Not sure about the size? Ask us; what does not fit comes back for free.",
    "de": "Bei der Größe unsicher? Fragen Sie uns; was nicht passt, geht kostenlos zurück.",
}


async def write_rules(database: Database, actor: AgentActor, team_id: UUID) -> None:
    """One of each kind or, where there are any of SLA, none."""
    async with database.work() as work:
        if await queries.count(work, "sla"):
            return
        await actions.create_rule(work, actor, "sla", _half_a_day(team_id))
        await actions.create_rule(work, actor, "routing", await _returns(work, actor, team_id))
        await actions.create_rule(work, actor, "action", _in_the_basket())


def _half_a_day(team_id: UUID) -> WriteRule:
    body = SlaBody(
        first_seconds=43_200, second_seconds=43_200, resolution_seconds=259_200, warn_percent=None, team_id=team_id
    )
    return WriteRule(name="Answers within half a day", state="on", conditions=ConditionGroup(), body=body)


async def _returns(work: Work, actor: AgentActor, team_id: UUID) -> WriteRule:
    coming = await system_messages.create_system_message(
        work, actor, NewSystemMessage(name="Somebody is coming", texts=COMING)
    )
    body = RoutingBody(
        actions=[
            TellAction(system_message_id=coming.id),
            RouteAction(team_id=team_id),
            QueueAction(team_id=team_id, minutes=30),
        ],
        react_seconds=120,
    )
    asked = ConditionGroup(of=[OpeningHoursCondition(), MessageCondition(compare="contains", value="return")])
    return WriteRule(name="Returns to their team", state="draft", conditions=asked, body=body)


def _in_the_basket() -> WriteRule:
    body = ActionBody(often="visit", actions=[MessageAction(texts=BASKET)])
    filled = ConditionGroup(of=[EventCondition(name="basket-filled")])
    return WriteRule(name="Help with the size", state="draft", conditions=filled, body=body)
