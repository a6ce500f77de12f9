"""What can be done to rules. Any of it announces that the rules of the kind changed."""

from __future__ import annotations

from uuid import UUID

from alongside.domains.rules import logic, policy, queries
from alongside.domains.rules.events import RuleDeleted, RulesChanged, RulesOrdered, RulesTaken, RuleWritten
from alongside.domains.rules.schemas import MOST_RULES, Rule, RuleFile, RuleKind, RuleState, WriteRule
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Work
from alongside.platform.errors import Conflict, Forbidden, Invalid, NotFound

# Whoever writes rules of a kind waits for who does already: their order is one thing.
ALONE = "SELECT pg_advisory_xact_lock(hashtext('rules ' || $1))"

INSERT = f"""
INSERT INTO rule (kind, name, state, position, conditions, body, updated_by)
SELECT $1, $2, $3, coalesce(max(position), 0) + 1, $4, $5, $6 FROM rule WHERE kind = $1
RETURNING {queries.COLUMNS}
"""

UPDATE = f"""
UPDATE rule SET name = $2, state = $3, conditions = $4, body = $5, version = version + 1, updated_at = now(),
    updated_by = $6
WHERE id = $1 RETURNING {queries.COLUMNS}
"""

ORDER = """
UPDATE rule r SET position = wanted.position
FROM unnest($2::uuid[]) WITH ORDINALITY AS wanted (id, position) WHERE r.id = wanted.id AND r.kind = $1
"""

# By the table, what of the given ids is there.
THERE = {
    "agent": "SELECT count(*) FROM agent WHERE id = ANY($1) AND active",
    "team": "SELECT count(*) FROM team WHERE id = ANY($1)",
    "label": "SELECT count(*) FROM label WHERE id = ANY($1)",
    "field": "SELECT count(*) FROM field WHERE id = ANY($1)",
    "channel": "SELECT count(*) FROM channel WHERE id = ANY($1)",
    "opening_hours": "SELECT count(*) FROM opening_hours WHERE id = ANY($1)",
}


async def create_rule(work: Work, actor: AgentActor, kind: RuleKind, new: WriteRule) -> Rule:
    """Make a rule, the last of its kind. Raises `Invalid` for one that could not act and is no draft."""
    _require_manage(actor)
    await _accept(work, kind, new)
    await work.run(ALONE, kind)
    if await queries.count(work, kind) >= MOST_RULES:
        raise Conflict("too-many-rules", f"There are {MOST_RULES} rules already. Delete one that is not used.")
    return await _insert(work, actor, kind, new)


async def edit_rule(work: Work, actor: AgentActor, kind: RuleKind, rule_id: UUID, wanted: WriteRule) -> Rule:
    """Write a rule anew. Raises `Conflict` where it is not the version any more that was changed."""
    _require_manage(actor)
    before = await _locked(work, kind, rule_id)
    if wanted.version != before.version:
        raise Conflict("rule-changed", "A colleague has changed this rule meanwhile. Look at theirs, then save yours.")
    await _accept(work, kind, wanted)
    return await _update(work, actor, rule_id, wanted)


async def switch_rule(work: Work, actor: AgentActor, kind: RuleKind, rule_id: UUID, state: RuleState) -> Rule:
    """Switch a rule on or off, or make it a draft again. The same again: nothing happens."""
    _require_manage(actor)
    before = await _locked(work, kind, rule_id)
    if before.state == state:
        return before
    wanted = WriteRule(name=before.name, state=state, conditions=before.conditions, body=before.body)
    await _accept(work, kind, wanted)
    return await _update(work, actor, rule_id, wanted)


async def delete_rule(work: Work, actor: AgentActor, kind: RuleKind, rule_id: UUID) -> None:
    """Delete a rule."""
    _require_manage(actor)
    before = await _locked(work, kind, rule_id)
    await work.run("DELETE FROM rule WHERE id = $1", rule_id)
    work.announce(RulesChanged(kind=kind))
    work.announce(RuleDeleted(actor_id=actor.id, rule_id=rule_id, rule=before.name, kind=kind))


async def order_rules(work: Work, actor: AgentActor, kind: RuleKind, ids: list[UUID]) -> None:
    """Put the rules of a kind into an order. Raises `Conflict` where these are not all of them."""
    _require_manage(actor)
    await work.run(ALONE, kind)
    before = [each.id for each in await queries.rules(work, kind)]
    if sorted(before) != sorted(ids):
        raise Conflict("rules-changed", "A rule was added or deleted meanwhile. Look at the list, then order it.")
    if before != ids:
        await work.run(ORDER, kind, ids)
        work.announce(RulesChanged(kind=kind))
        work.announce(RulesOrdered(actor_id=actor.id, kind=kind))


async def import_rules(work: Work, actor: AgentActor, kind: RuleKind, file: RuleFile) -> int:
    """Add the rules of a file behind those that there are, as drafts: what they name may be called otherwise here."""
    _require_manage(actor)
    if file.kind != kind:
        raise Invalid("other-kind", f"This file holds {file.kind} rules. Import it among those.")
    drafts = [WriteRule(name=each.name, conditions=each.conditions, body=each.body) for each in file.rules]
    for each in drafts:
        logic.refuse(kind, each)
    await work.run(ALONE, kind)
    if await queries.count(work, kind) + len(drafts) > MOST_RULES:
        raise Conflict("too-many-rules", f"There would be more than {MOST_RULES} rules. Delete some, or import fewer.")
    for each in drafts:
        await work.row(INSERT, *_values(actor, kind, each))
    if drafts:
        work.announce(RulesChanged(kind=kind))
        work.announce(RulesTaken(actor_id=actor.id, kind=kind, added=len(drafts)))
    return len(drafts)


async def _accept(work: Work, kind: RuleKind, wanted: WriteRule) -> None:
    logic.refuse(kind, wanted)
    if wanted.state != "on":
        return
    for name, ids in logic.named(wanted).items():
        if ids and await work.value(THERE[name], list(ids)) != len(ids):
            what = name.replace("_", " ")
            raise Invalid(
                "rule-names-nothing",
                f"The rule speaks of a {what} that does not exist (any more). Choose another.",
                field="body",
            )


def _values(actor: AgentActor, kind: RuleKind, rule: WriteRule) -> tuple[object, ...]:
    return kind, logic.name_of(rule.name), rule.state, rule.conditions, rule.body, actor.id


async def _insert(work: Work, actor: AgentActor, kind: RuleKind, new: WriteRule) -> Rule:
    row = await work.row(INSERT, *_values(actor, kind, new))
    assert row is not None
    return _told(work, actor, queries.rule_from(row))


async def _update(work: Work, actor: AgentActor, rule_id: UUID, wanted: WriteRule) -> Rule:
    name = logic.name_of(wanted.name)
    row = await work.row(UPDATE, rule_id, name, wanted.state, wanted.conditions, wanted.body, actor.id)
    assert row is not None
    return _told(work, actor, queries.rule_from(row))


def _told(work: Work, actor: AgentActor, rule: Rule) -> Rule:
    work.announce(RulesChanged(kind=rule.kind))
    work.announce(RuleWritten(actor_id=actor.id, rule_id=rule.id, rule=rule.name, kind=rule.kind, state=rule.state))
    return rule


async def _locked(work: Work, kind: RuleKind, rule_id: UUID) -> Rule:
    rule = await queries.rule_for_update(work, kind, rule_id)
    if rule is None:
        raise no_such_rule()
    return rule


def no_such_rule() -> NotFound:
    """The answer about a rule that is not there."""
    return NotFound("no-such-rule", "This rule does not exist (any more).")


def _require_manage(actor: AgentActor) -> None:
    if not policy.may_manage(actor):
        raise Forbidden("not-permitted", "Your role does not allow managing rules. Ask an admin for it.")
