"""Everything that is asked of rules."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from alongside.domains.conditions.node_schemas import ConditionGroup
from alongside.domains.rules.body_schemas import RuleBody
from alongside.domains.rules.schemas import Rule, RuleKind
from alongside.platform.db import Reading, Row

COLUMNS = "id, kind, name, state, position, conditions, body, version, updated_at, updated_by"

RULES = f"SELECT {COLUMNS} FROM rule WHERE kind = $1 ORDER BY position, id"

ACTIVE = f"SELECT {COLUMNS} FROM rule WHERE kind = $1 AND state = 'on' ORDER BY position, id"

RULE = f"SELECT {COLUMNS} FROM rule WHERE kind = $1 AND id = $2"

RULE_FOR_UPDATE = f"SELECT {COLUMNS} FROM rule WHERE kind = $1 AND id = $2 FOR UPDATE"

COUNT = "SELECT count(*) FROM rule WHERE kind = $1"

# A body or a condition names others by id.
RULES_NAMING = """
SELECT name FROM rule WHERE strpos(body::text, $1) > 0 OR strpos(conditions::text, $1) > 0 ORDER BY kind, position
"""


async def rules(reading: Reading, kind: RuleKind) -> list[Rule]:
    """All rules of a kind in order."""
    return [rule_from(row) for row in await reading.rows(RULES, kind)]


async def active(reading: Reading, kind: RuleKind) -> list[Rule]:
    """Those that act, in order."""
    return [rule_from(row) for row in await reading.rows(ACTIVE, kind)]


async def rule(reading: Reading, kind: RuleKind, rule_id: UUID) -> Rule | None:
    """One rule."""
    row = await reading.row(RULE, kind, rule_id)
    return rule_from(row) if row else None


async def rule_for_update(reading: Reading, kind: RuleKind, rule_id: UUID) -> Rule | None:
    """One rule, with its row locked."""
    row = await reading.row(RULE_FOR_UPDATE, kind, rule_id)
    return rule_from(row) if row else None


async def count(reading: Reading, kind: RuleKind) -> int:
    """How many there are of a kind."""
    found: int = await reading.value(COUNT, kind)
    return found


async def naming(reading: Reading, thing_id: UUID) -> Sequence[str]:
    """The names of the rules that speak of an agent, team, label, field, channel or system message."""
    return [row["name"] for row in await reading.rows(RULES_NAMING, str(thing_id))]


def rule_from(row: Row) -> Rule:
    """A rule from `COLUMNS`."""
    values = dict(row)
    values["conditions"] = msgspec.convert(values["conditions"], ConditionGroup)
    values["body"] = msgspec.convert(values["body"], RuleBody)
    return Rule(**values)
