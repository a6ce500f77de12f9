"""The letter with the team's answers, and its links, which are made when it is sent."""

from __future__ import annotations

from uuid import UUID

import msgspec

from alongside.domains.answers import queries
from alongside.domains.answers.logic import gather
from alongside.domains.conversations.actions import record_mailed
from alongside.domains.mail.letters import Item, Kind, Parts, Quote, Unwanted, letter, words
from alongside.domains.workspace.queries import workspace
from alongside.kit.ids import digest, new_secret
from alongside.platform.config import Config
from alongside.platform.db import Work
from alongside.platform.mail import Letter

ANSWER = "answer"
LINK_DAYS = 14

NEW_LINK = """
INSERT INTO return_link (token_sha256, stop_sha256, conversation_id, expires_at)
VALUES ($1, $2, $3, now() + make_interval(days => $4))
"""

# What a letter holds is not put on its way again by the next round.
HOLDS = """
WITH noted AS (UPDATE mail SET seq = $3 WHERE id = $2)
UPDATE answer_mail SET queued_seq = greatest(queued_seq, $3) WHERE conversation_id = $1
"""

HAVE_GONE = """
UPDATE answer_mail a SET mailed_seq = greatest(a.mailed_seq, coalesce(m.seq, 0))
FROM mail m WHERE m.id = $2 AND a.conversation_id = $1
"""


class Links(msgspec.Struct, frozen=True):
    """Back into the conversation, and no more mail about it."""

    back: str
    stop: str


async def write_answers(work: Work, config: Config, item: Item) -> Letter | Unwanted:
    """Everything of the team's that the visitor has not seen: messages, never notes."""
    about = await queries.to_write(work, item.conversation_id)
    if about is None or not about.wanted:
        return Unwanted("switched-off")
    if about.stopped:
        return Unwanted("stopped")
    answers = await queries.answers(work, about.id, about.known)
    if not answers:
        return Unwanted("read")
    gathered = gather(answers)
    links = await _links(work, config, about.id)
    await work.run(HOLDS, about.id, item.id, answers[-1].seq)
    company = await workspace(work)
    locale, name = about.language or company.default_locale, company.name or "Alongside"
    said = words(locale)
    count = len(gathered.answers)
    return letter(
        Parts(
            to=item.address,
            locale=locale,
            subject=said["answer.subject"].format(company=name),
            lines=[said[f"answer.line.{'one' if count == 1 else 'other'}"].format(count=count, channel=about.channel)],
            quotes=[
                Quote(each.who or said["answer.team"], f"{each.at:%Y-%m-%d %H:%M} UTC", each.text)
                for each in gathered.answers
            ],
            link=(said["answer.link"], links.back),
            after=[
                *([said["answer.more"]] if gathered.more else []),
                said["answer.after"].format(days=LINK_DAYS),
            ],
            footer=said["answer.footer"].format(company=name),
            footer_link=(said["answer.stop"], links.stop),
            from_name=name,
            headers={"List-Unsubscribe": f"<{links.stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
        )
    )


async def have_gone(work: Work, item: Item, failed: str | None) -> None:
    """The log tells the team that the answers went out, or why they could not."""
    if item.conversation_id is None:
        return
    if failed is None:
        await work.run(HAVE_GONE, item.conversation_id, item.id)
    await record_mailed(work, item.conversation_id, item.address, failed)


async def _links(work: Work, config: Config, conversation_id: UUID) -> Links:
    token, stop = new_secret(), new_secret()
    await work.run(NEW_LINK, digest(token), digest(stop), conversation_id, LINK_DAYS)
    # Behind `#` the secret is sent to no server by whoever only looks at the link.
    return Links(f"{config.public_url}/continue#{token}", f"{config.public_url}/mail/stop/{stop}")


KINDS = [Kind(ANSWER, write_answers, have_gone)]
