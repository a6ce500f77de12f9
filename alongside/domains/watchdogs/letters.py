"""The letter of an alarm, and the one that says that it is over."""

from __future__ import annotations

from alongside.domains.mail.letters import Item, Kind, Parts, Unwanted, letter, words
from alongside.domains.watchdogs import queries
from alongside.domains.watchdogs.actions import CLEARED, RAISED
from alongside.domains.workspace.queries import workspace
from alongside.platform.config import Config
from alongside.platform.db import Work
from alongside.platform.mail import Letter


async def write_raised(work: Work, config: Config, item: Item) -> Letter | Unwanted:
    """What is wrong, unless it is over by now."""
    return await _write(work, config, item, over=False)


async def write_cleared(work: Work, config: Config, item: Item) -> Letter | Unwanted:
    """That it is over, unless it has begun again."""
    return await _write(work, config, item, over=True)


async def _write(work: Work, config: Config, item: Item, *, over: bool) -> Letter | Unwanted:
    dog = await queries.watchdog(work, item.watchdog_id)
    if dog is None or dog.raised_at is None:
        return Unwanted("watchdog-gone")
    if dog.raised == over:
        return Unwanted("alarm-again" if over else "alarm-over")
    reader = next((each for each in await queries.told(work, dog) if each.id == item.agent_id), None)
    if reader is None:
        return Unwanted("not-told-any-more")
    said, company = words(reader.locale), await workspace(work)
    cause = said[f"watchdog.cause.{dog.kind}"].format(threshold=dog.threshold, figure=dog.figure)
    minutes = int((dog.cleared_at - dog.raised_at).total_seconds() // 60) if dog.cleared_at else 0
    lines = [said["watchdog.over"].format(name=dog.name, minutes=minutes)] if over else [cause]
    return letter(
        Parts(
            to=item.address,
            locale=reader.locale,
            subject=said["watchdog.subject.over" if over else "watchdog.subject.raised"].format(name=dog.name),
            lines=lines,
            link=(said["watchdog.link"], f"{config.public_url}/console/inbox"),
            footer=said["watchdog.footer"].format(name=dog.name),
            from_name=company.name or "Alongside",
        )
    )


KINDS = [Kind(RAISED, write_raised), Kind(CLEARED, write_cleared)]
