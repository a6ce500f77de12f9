"""Take what visitors answer before their first message; refuse the message without it."""

from __future__ import annotations

from uuid import UUID

from alongside.domains.channels import queries as channels
from alongside.domains.channels.schemas import Channel
from alongside.domains.contacts import actions as contacts
from alongside.domains.contacts.actions.details import announce_change
from alongside.domains.fields.queries import fields
from alongside.domains.reception import logic, queries
from alongside.domains.reception.logic import OWN
from alongside.domains.reception.schemas import Answers
from alongside.kit.text import clean_line
from alongside.platform.auth.actor import VisitorActor
from alongside.platform.db import Reading, Work
from alongside.platform.errors import Conflict, Invalid

# The contact is held, so that nothing is kept of somebody who is erased just now.
AGREE = """
INSERT INTO consent (contact_id, channel_id, version, language)
SELECT id, $2, $3, $4 FROM contact WHERE id = $1 FOR KEY SHARE
ON CONFLICT (contact_id, channel_id, version) DO NOTHING
"""

CARRY = """
INSERT INTO consent (contact_id, channel_id, version, language, given_at)
SELECT p.id, c.channel_id, c.version, c.language, c.given_at
FROM consent c JOIN contact p ON p.id = $2 WHERE c.contact_id = $1
ON CONFLICT (contact_id, channel_id, version) DO NOTHING
"""

CARRY_ANSWERS = """
INSERT INTO contact_field (contact_id, field_id, claim)
SELECT p.id, v.field_id, v.claim
FROM contact_field v JOIN field f ON f.id = v.field_id JOIN contact p ON p.id = $2
WHERE v.contact_id = $1 AND v.claim IS NOT NULL AND f.set_by_page = 'unsigned' AND 'field:' || f.key = ANY($3)
ON CONFLICT (contact_id, field_id) DO NOTHING
"""


async def answer(work: Work, actor: VisitorActor, channel: Channel, answers: Answers) -> None:
    """Keep what a visitor says, as their claims, and what they agree to: who, when, which wording, in which language.

    All or nothing: raises `Invalid` with what is wrong by question ("required", "malformed"; "consent" for the tick),
    and `Conflict` where the text has changed while they read it. What is known meanwhile is not overwritten.
    """
    before = await queries.before(work, channel, actor)
    taken, problems = logic.checked(before, answers.values)
    wrong: dict[str, str] = dict(problems)
    if before.consent and before.consent.tick:
        if answers.consent is None:
            wrong["consent"] = "required"
        elif answers.consent != before.consent.version:
            raise Conflict("consent-changed", "The text has changed meanwhile. Read it again.")
    if wrong:
        raise Invalid("answers-incomplete", "Some of what is asked is missing or cannot be right.", problems=wrong)
    if before.consent and before.consent.tick:
        language = clean_line(answers.language, 35) or "en"
        await work.run(AGREE, actor.contact_id, actor.channel_id, before.consent.version, language)
    if taken:
        own = {what: str(value) for what, value in taken.items() if what in OWN}
        known = {f"field:{each.key}": each for each in await fields(work)}
        said = [(known[what], value) for what, value in taken.items() if what not in OWN]
        await contacts.tell(work, actor, own, said)
    elif before.consent:
        await announce_change(work, actor.contact_id)


async def require_answers(reading: Reading, actor: VisitorActor, channel: Channel) -> None:
    """Raises `Conflict` while something is missing without which nobody may write on this channel."""
    if logic.missing(await queries.before(reading, channel, actor)):
        raise Conflict("answers-needed", "First answer what is asked before the chat.")


async def carry_over(work: Work, before: VisitorActor, contact_id: UUID) -> None:
    """An anonymous visitor turned out to be this person: what they agreed to, this person agreed to.

    What they answered about fields stands as claims beside what is known of the person, and never in its place. Of
    themselves (name and addresses) nothing comes along: the site has just said who they are.
    """
    if before.verified or before.contact_id == contact_id:
        return
    await work.run(CARRY, before.contact_id, contact_id)
    channel = await channels.channel(work, before.channel_id)
    asked = [each.what for each in channel.settings.around.asked] if channel else []
    await work.run(CARRY_ANSWERS, before.contact_id, contact_id, asked)
