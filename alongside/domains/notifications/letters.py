"""The letter that gathers what an agent has not seen."""

from __future__ import annotations

from alongside.domains.mail.letters import Item, Kind, Parts, Unwanted, letter, words
from alongside.domains.notifications import logic, queries
from alongside.domains.notifications.actions import DIGEST, SETTLE
from alongside.domains.notifications.queries import About
from alongside.domains.workspace.queries import workspace
from alongside.platform.config import Config
from alongside.platform.db import Work
from alongside.platform.mail import Letter

MOST_LINES = 20

# What a letter speaks of bears its name until it has gone; what comes later is the next one's.
NAMED = "UPDATE notification SET reason = $2 WHERE id = ANY($1)"

GONE = """
UPDATE notification SET state = $3, reason = $4, done_at = now()
WHERE agent_id = $1 AND way = 'mail' AND state = 'waiting' AND reason = $2
"""


async def write_digest(work: Work, config: Config, item: Item) -> Letter | Unwanted:
    """Everything that waits to be mailed and still matters."""
    reader = await queries.agent(work, item.agent_id) if item.agent_id else None
    if reader is None:
        return Unwanted("deactivated")
    found = await queries.digest(work, item.agent_id)
    for each in found:
        if each.settled:
            await work.run(SETTLE, each.id, "dropped", each.settled)
    left = [each for each in found if not each.settled]
    if not left:
        return Unwanted("all-seen")
    await work.run(NAMED, [each.id for each in left], str(item.id))
    told, company = await queries.push_text(work), await workspace(work)
    said = words(reader[1])
    lines = [_line(each, said[f"digest.item.{each.event}"], told=told) for each in left[:MOST_LINES]]
    if len(left) > MOST_LINES:
        lines.append(said["digest.more"].format(count=len(left) - MOST_LINES))
    return letter(
        Parts(
            to=item.address,
            locale=reader[1],
            subject=said[f"digest.subject.{'one' if len(left) == 1 else 'other'}"].format(count=len(left)),
            lines=[said["digest.line"], *lines],
            link=(said["digest.link"], f"{config.public_url}/console/inbox"),
            footer=said["digest.footer"],
            footer_link=(said["digest.settings"], f"{config.public_url}/console/settings/notifications"),
            from_name=company.name or "Alongside",
        )
    )


async def has_gone(work: Work, item: Item, failed: str | None) -> None:
    """The log of the agent tells it."""
    await work.run(GONE, item.agent_id, str(item.id), "failed" if failed else "sent", failed or "")


def _line(about: About, text: str, *, told: bool) -> str:
    return text.format(who=logic.body_of(about.channel, about.name, about.preview, told=told))


KINDS = [Kind(DIGEST, write_digest, has_gone)]
