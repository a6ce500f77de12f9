"""The letter that holds a conversation as its customer saw it, written when it goes out."""

from __future__ import annotations

import msgspec

from alongside.domains.conversations import queries as conversations
from alongside.domains.mail.letters import Item, Kind, Parts, Quote, Unwanted, letter, words
from alongside.domains.transcripts import logic, queries
from alongside.domains.transcripts.logic import Wish
from alongside.domains.workspace.queries import workspace
from alongside.platform.config import Config
from alongside.platform.db import Work
from alongside.platform.mail import Letter

TRANSCRIPT = "transcript"


async def write_transcript(work: Work, config: Config, item: Item) -> Letter | Unwanted:  # noqa: ARG001 - it has no link
    """Messages and nothing else, as they are now: what was deleted meanwhile is not in it."""
    row = await conversations.conversation(work, item.conversation_id) if item.conversation_id else None
    entries = await queries.messages(work, row.id, item.episode) if row else []
    if row is None or not entries:
        return Unwanted("empty")
    language, zone = await queries.reader(work, row.contact.id)
    company = await workspace(work)
    locale, name = language or company.default_locale, company.name or "Alongside"
    said = words(locale)
    wish = Wish(format="html", inside=False, locale="de" if locale.partition("-")[0] == "de" else "en", zone=zone)
    head = await queries.head(work, row, wish)
    names = msgspec.structs.replace(head.names, contact=said["transcript.you"])
    found = list(logic.lines(entries, names, wish))
    shown = logic.fitting(found)
    return letter(
        Parts(
            to=item.address,
            locale=locale,
            subject=said["transcript.subject"].format(channel=row.channel.name),
            lines=[
                said["transcript.line"].format(company=name, channel=row.channel.name),
                *([said["transcript.more"]] if len(shown) < len(found) else []),
            ],
            quotes=[Quote(line.author, f"{line.at:%Y-%m-%d %H:%M}", line.text) for line in shown],
            after=[said["transcript.zone"].format(zone=zone.key)],
            footer=said["transcript.footer"].format(company=name),
            from_name=name,
        )
    )


KINDS = [Kind(TRANSCRIPT, write_transcript)]
