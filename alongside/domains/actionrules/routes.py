"""How often action rules matched, for agents and other programs."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from litestar import get

from alongside.domains.actionrules import queries
from alongside.domains.actionrules.schemas import AllMatches, RuleMatches
from alongside.domains.rules.actions import no_such_rule
from alongside.domains.rules.policy import MANAGE
from alongside.platform.db import Database
from alongside.platform.web import who


@get("/rules/{kind:str}/matches", opt={"who": who.agent(MANAGE)})
async def list_matches(kind: Literal["action"], database: Database) -> AllMatches:
    """How often each action rule matched, in all and today. Only action rules are counted."""
    async with database.reading() as reading:
        return await queries.all_matches(reading, kind)


@get("/rules/{kind:str}/{rule_id:uuid}/matches", opt={"who": who.agent(MANAGE)})
async def read_matches(kind: Literal["action"], rule_id: UUID, database: Database) -> RuleMatches:
    """How often one action rule matched, with the last thirty days on which it did."""
    async with database.reading() as reading:
        found = await queries.matches(reading, kind, rule_id)
    if found is None:
        raise no_such_rule()
    return found


ROUTES = [list_matches, read_matches]
