"""Rules over HTTP, all kinds by the same doors."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from litestar import delete, get, post, put
from litestar.response import Response

from alongside.domains.conditions import logic as conditions
from alongside.domains.conditions import queries as condition_queries
from alongside.domains.conditions.schemas import Facts
from alongside.domains.conversations.queries import in_sight
from alongside.domains.rules import actions, logic, queries
from alongside.domains.rules.policy import MANAGE
from alongside.domains.rules.schemas import (
    ConditionsTried,
    OrderRules,
    Rule,
    RuleFile,
    RuleInFile,
    RuleKind,
    RuleList,
    RulesImported,
    SwitchRule,
    TryConditions,
    WriteRule,
)
from alongside.kit.time import now
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Database
from alongside.platform.errors import NotFound
from alongside.platform.web import who


@get("/rules/{kind:str}", opt={"who": who.agent(MANAGE)})
async def list_rules(kind: RuleKind, database: Database) -> RuleList:
    """The rules of a kind in order."""
    async with database.reading() as reading:
        found = await queries.rules(reading, kind)
    place = logic.place_of(kind)
    problems = {str(each.id): conditions.problems(each.conditions, place) for each in found}
    return RuleList(found, {rule_id: said for rule_id, said in problems.items() if said})


@get("/rules/{kind:str}/{rule_id:uuid}", opt={"who": who.agent(MANAGE)})
async def read_rule(kind: RuleKind, rule_id: UUID, database: Database) -> Rule:
    """One rule."""
    async with database.reading() as reading:
        found = await queries.rule(reading, kind, rule_id)
    if found is None:
        raise actions.no_such_rule()
    return found


@post("/rules/{kind:str}", opt={"who": who.agent(MANAGE)})
async def create_rule(kind: RuleKind, data: WriteRule, actor: AgentActor, database: Database) -> Rule:
    """Make a rule, the last of its kind."""
    async with database.work() as work:
        return await actions.create_rule(work, actor, kind, data)


@put("/rules/{kind:str}/{rule_id:uuid}", opt={"who": who.agent(MANAGE)})
async def edit_rule(kind: RuleKind, rule_id: UUID, data: WriteRule, actor: AgentActor, database: Database) -> Rule:
    """Write a rule anew; 409 where a colleague has changed it meanwhile."""
    async with database.work() as work:
        return await actions.edit_rule(work, actor, kind, rule_id, data)


@put("/rules/{kind:str}/{rule_id:uuid}/state", opt={"who": who.agent(MANAGE)})
async def switch_rule(kind: RuleKind, rule_id: UUID, data: SwitchRule, actor: AgentActor, database: Database) -> Rule:
    """Switch a rule on or off, or make it a draft again."""
    async with database.work() as work:
        return await actions.switch_rule(work, actor, kind, rule_id, data.state)


@delete("/rules/{kind:str}/{rule_id:uuid}", status_code=204, opt={"who": who.agent(MANAGE)})
async def delete_rule(kind: RuleKind, rule_id: UUID, actor: AgentActor, database: Database) -> None:
    """Delete a rule."""
    async with database.work() as work:
        await actions.delete_rule(work, actor, kind, rule_id)


@put("/rules/{kind:str}/order", status_code=204, opt={"who": who.agent(MANAGE)})
async def order_rules(kind: RuleKind, data: OrderRules, actor: AgentActor, database: Database) -> None:
    """Put the rules of a kind into an order."""
    async with database.work() as work:
        await actions.order_rules(work, actor, kind, data.ids)


@get("/rules/{kind:str}/file", opt={"who": who.agent(MANAGE)})
async def export_rules(kind: RuleKind, database: Database) -> Response[RuleFile]:
    """All rules of a kind as a file."""
    async with database.reading() as reading:
        found = await queries.rules(reading, kind)
    rules = [RuleInFile(name=each.name, state=each.state, conditions=each.conditions, body=each.body) for each in found]
    headers = {"Content-Disposition": f'attachment; filename="{kind}-rules.json"', "X-Content-Type-Options": "nosniff"}
    return Response(RuleFile(kind=kind, rules=rules), headers=headers)


@post("/rules/{kind:str}/file", status_code=200, opt={"who": who.agent(MANAGE)})
async def import_rules(kind: RuleKind, data: RuleFile, actor: AgentActor, database: Database) -> RulesImported:
    """Add the rules of a file, as drafts."""
    async with database.work() as work:
        return RulesImported(await actions.import_rules(work, actor, kind, data))


@post("/rules/try", status_code=200, opt={"who": who.agent(MANAGE)})
async def try_conditions(data: TryConditions, actor: AgentActor, database: Database) -> ConditionsTried:
    """Look at conditions: what is wrong with them, and which of them hold by given facts or for a conversation."""
    conditions.refuse(data.conditions)
    facts = data.facts or Facts()
    if data.conversation_id:
        async with database.reading() as reading:
            if not await in_sight(reading, actor, data.conversation_id):
                raise NotFound("no-such-conversation", "This conversation does not exist (any more).")
            known = (await condition_queries.facts_of(reading, [data.conversation_id], now()))[data.conversation_id]
        facts = msgspec.structs.replace(known, **_given(facts))
    return ConditionsTried(
        problems=conditions.problems(data.conditions, data.place),
        verdict=conditions.explain(data.conditions, facts),
        facts=facts,
    )


def _given(facts: Facts) -> dict[str, Any]:
    return {name: value for name, value in msgspec.structs.asdict(facts).items() if value is not None}


ROUTES = [
    try_conditions,
    list_rules,
    export_rules,
    import_rules,
    order_rules,
    read_rule,
    create_rule,
    edit_rule,
    switch_rule,
    delete_rule,
]
