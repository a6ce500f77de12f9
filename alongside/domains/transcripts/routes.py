"""Where a conversation is exported."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from litestar import Response, get, post
from litestar.params import Parameter
from litestar.response import Stream

from alongside.domains.transcripts import actions, pages, papers, policy, queries, sheets
from alongside.domains.transcripts.actions import Parcel
from alongside.domains.transcripts.logic import Format, Head, Line, Wish, lines
from alongside.domains.transcripts.schemas import SendTranscript
from alongside.domains.workspace.schemas import Locale
from alongside.platform.auth.actor import AgentActor
from alongside.platform.config import Config
from alongside.platform.db import Database
from alongside.platform.errors import Invalid
from alongside.platform.web import who

MEDIA_TYPES: dict[Format, str] = {
    "csv": "text/csv",
    "html": "text/html",
    "pdf": "application/pdf",
}

Zone = Annotated[str, Parameter(max_length=60, description="An IANA time zone, such as Europe/Berlin.")]
Inside = Annotated[bool, Parameter(description="With notes, assignments and status changes, for the team alone.")]


DOOR = {"who": who.agent(policy.EXPORT), "gives": tuple(MEDIA_TYPES.values())}


@get("/conversations/{conversation_id:uuid}/transcript", opt=DOOR)
async def export_transcript(
    conversation_id: UUID,
    actor: AgentActor,
    database: Database,
    format: Format = "csv",
    inside: Inside = False,
    locale: Locale = "en",
    zone: Zone = "UTC",
) -> Response[Any]:
    """The conversation as a file: `csv`, `html` or `pdf`."""
    wish = Wish(format=format, inside=inside, locale=locale, zone=_zone(zone))
    async with database.work() as work:
        head = await queries.head(work, await actions.begin_export(work, actor, conversation_id, wish), wish)
    pieces = _pieces(database, conversation_id, head, wish)
    headers = {
        "Content-Disposition": f'attachment; filename="conversation-{head.number}.{format}"',
        "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'",
    }
    if format == "pdf":
        return Response(await papers.make(head, wish, pieces), media_type=MEDIA_TYPES[format], headers=headers)
    written = sheets.write(pieces) if format == "csv" else pages.write(head, wish, pieces)
    return Stream(written, media_type=MEDIA_TYPES[format], headers=headers)


@post("/conversations/{conversation_id:uuid}/transcript/mail", status_code=204, opt={"who": who.agent(policy.EXPORT)})
async def mail_transcript(
    conversation_id: UUID, data: SendTranscript, actor: AgentActor, database: Database, config: Config
) -> None:
    """Send the conversation by mail, as its customer saw it."""
    await actions.send_by_mail(database, config, actor, Parcel(conversation_id, data.address))


async def _pieces(database: Database, conversation_id: UUID, head: Head, wish: Wish) -> AsyncIterator[Iterable[Line]]:
    async for found in queries.entries(database, conversation_id, head.last_seq):
        yield lines(found, head.names, wish)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Invalid("no-such-zone", "This time zone is not known. Use a name such as Europe/Berlin.") from None


ROUTES = [export_transcript, mail_transcript]
