"""The letter that tells whoever is sent a report that it is ready. Its link needs signing in and ends with the file."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from alongside.domains.mail.letters import Item, Kind, Parts, Unwanted, letter, words
from alongside.domains.reports import queries
from alongside.domains.reports.actions import LETTER
from alongside.domains.workspace.queries import workspace
from alongside.platform.config import Config
from alongside.platform.db import Work
from alongside.platform.mail import Letter


async def write_report(work: Work, config: Config, item: Item) -> Letter | Unwanted:
    """What was made, of which days, and where it lies; nothing of what stands in it."""
    found = await queries.of_letter(work, item.id)
    stored = await queries.export(work, found[0]) if found else None
    reader = (await queries.readers(work, [item.agent_id])).get(item.agent_id) if item.agent_id else None
    if found is None or stored is None or stored.told.state != "ready":
        return Unwanted("report-gone")
    if reader is None or not reader.may_view:
        return Unwanted("not-permitted")
    company = await workspace(work)
    said, told = words(reader.locale), stored.told
    until = told.expires_at.astimezone(ZoneInfo(told.period.zone))
    return letter(
        Parts(
            to=item.address,
            locale=reader.locale,
            subject=said["report.subject"].format(name=found[1], first=told.period.first, last=told.period.last),
            lines=[
                said[f"report.line.{told.report}"].format(first=told.period.first, last=told.period.last),
                said["report.rows"].format(count=told.rows),
            ],
            link=(said["report.link"], f"{config.public_url}/console/reports/files?file={told.id}"),
            after=[said["report.after"].format(until=f"{until:%Y-%m-%d %H:%M} ({told.period.zone})")],
            footer=said["report.footer"],
            footer_link=(said["report.settings"], f"{config.public_url}/console/reports/scheduled"),
            from_name=company.name or "Alongside",
        )
    )


KINDS = [Kind(LETTER, write_report)]
