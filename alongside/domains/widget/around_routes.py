"""Before and after the chat over HTTP: what a visitor reads and does there."""

from __future__ import annotations

from typing import Any

from litestar import Request, delete, get, post, put

from alongside.domains.channels import queries as channels
from alongside.domains.channels.around_schemas import AroundChat
from alongside.domains.contacts import queries as contact_queries
from alongside.domains.conversations import actions as conversations
from alongside.domains.conversations.actions import Rating
from alongside.domains.reception import actions as reception
from alongside.domains.reception import queries as reception_queries
from alongside.domains.reception.schemas import Answers, Before
from alongside.domains.transcripts import actions as transcripts
from alongside.domains.transcripts import queries as transcript_queries
from alongside.domains.transcripts.actions import Asked
from alongside.domains.transcripts.schemas import AskTranscript
from alongside.domains.widget import queries
from alongside.domains.widget.actions import WidgetDoor
from alongside.domains.widget.around_schemas import COMMENT_CHARS, AroundNow, Decline, Rate
from alongside.domains.widget.doorman import bearer
from alongside.kit.ids import digest
from alongside.kit.text import clean_text
from alongside.platform.auth.actor import VisitorActor
from alongside.platform.db import Reading
from alongside.platform.errors import Forbidden, NotFound, TooLarge
from alongside.platform.limits import address_prefix
from alongside.platform.web import who
from alongside.platform.web.address import client_address

AnyRequest = Request[Any, Any, Any]

ASKED = who.public(
    "somebody new is asked before they have a token; it tells of its holder only what is not asked again"
)


@get("/widget/around", opt={"who": who.visitor()})
async def around_now(actor: VisitorActor, door: WidgetDoor) -> AroundNow:
    """What the visitor can do now that their chat is over."""
    async with door.database.reading() as reading:
        settings = await _around(reading, actor)
        return AroundNow(
            over=await queries.over(reading, actor) if settings.rating else None,
            transcript=await transcript_queries.transcript_now(reading, actor)
            if settings.transcript and door.config.mail_url is not None
            else None,
        )


@get("/widget/channels/{key:str}/before", opt={"who": ASKED})
async def before_chat(key: str, request: AnyRequest, door: WidgetDoor) -> Before:
    """What is asked before the first message: of the holder of the token in `Authorization`, or of somebody new."""
    channel = await door.channel(key)
    token = bearer(request)
    async with door.database.reading() as reading:
        actor = await contact_queries.visitor_by_secret(reading, digest(token[:200]), channel.id) if token else None
        return await reception_queries.before(reading, channel, actor)


@put("/widget/before", opt={"who": who.visitor()}, status_code=204)
async def answer(data: Answers, actor: VisitorActor, door: WidgetDoor) -> None:
    """Answer what is asked before the first message; all of it at once."""
    door.spend_message(actor)
    async with door.database.work() as work:
        channel = await channels.channel(work, actor.channel_id)
        if channel is None or not channel.active:
            raise NotFound("unknown-channel", "This chat does not exist any more.")
        await reception.answer(work, actor, channel, data)
        await conversations.refresh_rows(work, actor.contact_id)


@put("/widget/rating", opt={"who": who.visitor()}, status_code=204)
async def rate(data: Rate, actor: VisitorActor, door: WidgetDoor) -> None:
    """Rate the episode that is over. Until the next one begins the rating can be changed."""
    comment = clean_text(data.comment)
    if len(comment) > COMMENT_CHARS:
        raise TooLarge("comment-too-long", f"A comment has at most {COMMENT_CHARS:,} characters. Shorten it.")
    door.spend_message(actor)
    async with door.database.work() as work:
        if not (await _around(work, actor)).rating:
            raise Forbidden("rating-off", "Conversations cannot be rated here.")
        await conversations.rate(work, actor, Rating(data.episode, data.stars, comment or None))


@post("/widget/rating/declined", opt={"who": who.visitor()}, status_code=204)
async def decline_rating(data: Decline, actor: VisitorActor, door: WidgetDoor) -> None:
    """Not to be asked about this episode again, on no device."""
    async with door.database.work() as work:
        await conversations.decline_rating(work, actor, data.episode)


@put("/widget/transcript", opt={"who": who.visitor()}, status_code=204)
async def ask_transcript(data: AskTranscript, request: AnyRequest, actor: VisitorActor, door: WidgetDoor) -> None:
    """Have the latest episode sent by mail: at once if it is over, else when it is."""
    door.spend_message(actor)
    async with door.database.reading() as reading:
        if not (await _around(reading, actor)).transcript:
            raise Forbidden("transcript-off", "Conversations are not sent by mail here.")
    place = address_prefix(client_address(request.scope, door.config.trusted_proxies))
    await transcripts.ask_by_mail(door.database, door.config, actor, Asked(data.episode, data.address, place))


@delete("/widget/transcript", opt={"who": who.visitor()})
async def forget_transcript(actor: VisitorActor, door: WidgetDoor) -> None:
    """Do not send it when it is over after all."""
    async with door.database.work() as work:
        await transcripts.forget_wish(work, actor)


async def _around(reading: Reading, actor: VisitorActor) -> AroundChat:
    channel = await channels.channel(reading, actor.channel_id)
    return channel.settings.around if channel and channel.active else AroundChat()


ROUTES = [before_chat, answer, around_now, rate, decline_rating, ask_transcript, forget_transcript]
