"""The letter that tells whoever is sent a report that it is ready: its key figures, and a link to the file.

The figures name nobody. The lines themselves stay here: a mail cannot be taken back when a customer is deleted, nor
when its reader may not see reports any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from alongside.domains.fields import queries as fields
from alongside.domains.mail.letters import Item, Kind, Parts, Unwanted, letter, words
from alongside.domains.reports import actions, logic, queries
from alongside.domains.reports.actions import LETTER
from alongside.domains.reports.queries import StoredExport
from alongside.domains.reports.queries.schedules import Reader
from alongside.domains.workspace.queries import workspace
from alongside.platform.config import Config
from alongside.platform.db import Work
from alongside.platform.mail import Letter

MOST_FIELDS = 10


async def write_report(work: Work, config: Config, item: Item) -> Letter | Unwanted:
    """What was made, of which days, what it comes to as things stand, and where it lies."""
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
    days = {"first": f"{told.period.first:{said['report.day']}}", "last": f"{told.period.last:{said['report.day']}}"}
    counted = _conversations if told.report == "conversations" else _gathered
    return letter(
        Parts(
            to=item.address,
            locale=reader.locale,
            subject=said["report.subject"].format(name=found[1], **days),
            lines=[said[f"report.line.{told.report}"].format(**days)],
            figures=[*await counted(work, stored, reader, said), (said["report.rows"], str(told.rows))],
            link=(said["report.link"], f"{config.public_url}/console/reports/files?file={told.id}"),
            after=[said["report.after"].format(until=f"{until:{said['report.day']} %H:%M} ({told.period.zone})")],
            footer=said["report.footer"],
            footer_link=(said["report.settings"], f"{config.public_url}/console/reports/scheduled"),
            from_name=company.name or "Alongside",
        )
    )


Figures = list[tuple[str, str]]


async def _conversations(work: Work, stored: StoredExport, _: Reader, said: Mapping[str, str]) -> Figures:
    """Those at the top of the dashboard."""
    wish = actions.wish_of(stored)
    told = await queries.figures_of(work, wish.period, wish.filter)
    figures = [(said["report.episodes"], str(told.episodes)), (said["report.closed"], str(told.closed))]
    for name, spread in (
        ("report.first_response", told.first_response),
        ("report.waiting", told.waiting),
        ("report.handling", told.handling),
    ):
        if spread.median is not None:
            figures.append((said[name], logic.duration(spread.median)))
    if told.rating_mean is not None:
        mean = f"{told.rating_mean:.1f}".replace(".", said["report.point"])
        figures.append((said["report.rating"], said["report.rated"].format(mean=mean, count=told.rated)))
    return figures


async def _gathered(work: Work, stored: StoredExport, reader: Reader, said: Mapping[str, str]) -> Figures:
    """Of how many customers each column was learned, as far as its reader may know it even now."""
    wish = actions.wish_of(stored)
    shown = [
        field
        for field in await fields.fields_for(work, reader.actor)
        if field.id in wish.fields and logic.FIELD + field.key in wish.columns
    ][:MOST_FIELDS]
    known = await queries.known_of(work, wish.period, shown)
    return [
        (_name(field.label, reader.locale), said["report.known"].format(count=known.get(field.id, 0)))
        for field in shown
    ]


def _name(label: Mapping[str, str], locale: str) -> str:
    return label.get(locale.partition("-")[0]) or label.get("en") or next(iter(label.values()), "")


KINDS = [Kind(LETTER, write_report)]
