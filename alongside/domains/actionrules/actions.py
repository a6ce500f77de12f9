"""What an action rule does once it matched in a visitor's browser; and that it matched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from uuid import UUID, uuid5

import msgspec

from alongside.domains.actionrules import logic
from alongside.domains.actionrules.queries import TODAY
from alongside.domains.actionrules.schemas import Deed
from alongside.domains.conditions import queries as conditions
from alongside.domains.contacts import actions as contacts
from alongside.domains.contacts.actions.details import lock_person
from alongside.domains.conversations import actions as conversations
from alongside.domains.conversations import queries as conversation_queries
from alongside.domains.messages import actions as messages
from alongside.domains.rules.body_schemas import FieldAction, LabelAction, SayAction
from alongside.domains.rules.schemas import Rule
from alongside.domains.workspace.queries import workspace
from alongside.kit.time import now
from alongside.platform.auth.actor import VisitorActor
from alongside.platform.db import Database, Work
from alongside.platform.errors import Conflict

ONCE = UUID(int=0)

# Whoever comes second waits for the first and finds that it was done; nothing is kept of somebody who is erased.
CLAIM = """
INSERT INTO action_rule_deed AS d (contact_id, rule_id, occasion)
SELECT c.id, r.id, $3 FROM contact c, rule r WHERE c.id = $1 AND r.id = $2 FOR KEY SHARE
ON CONFLICT (contact_id, rule_id) DO UPDATE SET occasion = excluded.occasion, at = now()
WHERE d.occasion <> excluded.occasion
RETURNING true
"""

COUNT = f"""
INSERT INTO action_rule_day AS d (rule_id, day, matches)
SELECT r.id, {TODAY}, given.matches
FROM unnest($1::uuid[], $2::bigint[]) AS given (id, matches) JOIN rule r ON r.id = given.id ORDER BY r.id
ON CONFLICT (rule_id, day) DO UPDATE SET matches = d.matches + excluded.matches
"""


class Match(msgspec.Struct, frozen=True):
    """A rule that a browser says has matched, on which occasion, and what its visitor reads."""

    rule: Rule
    occasion: UUID
    languages: Sequence[str] = ()


async def act(database: Database, actor: VisitorActor, match: Match) -> Deed:
    """Do what a rule says to this visitor: once per visitor, visit or match, however often it is asked for.

    A rule that says something waits for a conversation. Raises `Conflict` where the rule cannot hold.
    """
    rule = match.rule
    body = logic.body_of(rule)
    async with database.work() as work:
        await lock_person(work, actor.contact_id)
        facts = await conditions.facts_of_visitor(work, actor.contact_id, actor.channel_id, now())
        if facts is None or not logic.may_hold(rule, facts):
            raise Conflict("rule-does-not-hold", "This rule does not hold for this visitor now.")
        conversation_id = await _begun(work, actor)
        if conversation_id is None and logic.texts_of(rule):
            return Deed(done=False, waits=True)
        occasion = ONCE if body.often == "visitor" else match.occasion
        if not await work.value(CLAIM, actor.contact_id, rule.id, occasion):
            return Deed(done=False, waits=False)
        await _mark(work, actor, rule)
        if conversation_id:
            await _say(work, conversation_id, match)
    return Deed(done=True, waits=False)


async def count(database: Database, matched: Iterable[UUID]) -> None:
    """Rules matched, each as often as it is named. Those that are not there any more are left out."""
    counted = Counter(matched)
    async with database.statement() as work:
        await work.run(COUNT, list(counted), list(counted.values()))


async def _begun(work: Work, actor: VisitorActor) -> UUID | None:
    """The visitor's conversation, if they have written in it."""
    found = await conversation_queries.conversation_of_visitor(work, actor.contact_id, actor.channel_id)
    row = await conversation_queries.conversation(work, found) if found else None
    return found if row and row.last_seq > 0 else None


async def _mark(work: Work, actor: VisitorActor, rule: Rule) -> None:
    changed = False
    for action in logic.on_server(rule):
        if isinstance(action, LabelAction):
            changed |= await contacts.label_by_rule(work, actor.contact_id, action.label_id)
        elif isinstance(action, FieldAction):
            changed |= await contacts.claim_by_rule(work, actor.contact_id, action.field_id, action.value)
    if changed:
        await conversations.refresh_rows(work, actor.contact_id)


async def _say(work: Work, conversation_id: UUID, match: Match) -> None:
    fallback = (await workspace(work)).default_locale
    for number, action in enumerate(logic.texts_of(match.rule)):
        text = logic.in_language(action.texts, match.languages, fallback)
        agent_id = action.agent_id if isinstance(action, SayAction) else None
        client_id = uuid5(match.rule.id, f"{conversation_id} {match.occasion} {number}")
        await messages.tell_within(work, conversation_id, text, client_id, agent_id)
