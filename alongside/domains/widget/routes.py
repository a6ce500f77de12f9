"""What an anonymous visitor can call over HTTP, and the pages that carry the widget."""

from __future__ import annotations

from typing import Annotated, Any, cast

import msgspec
from litestar import Request, Response, asgi, get, post
from litestar.enums import ScopeType
from litestar.params import Parameter
from litestar.types import Receive, Scope, Send

from alongside.domains.channels import queries as channels
from alongside.domains.channels.schemas import Channel
from alongside.domains.contacts import actions as contacts
from alongside.domains.contacts.actions import NewVisitor
from alongside.domains.contacts.schemas import Claims as ContactClaims
from alongside.domains.contacts.tokens import SigningKey, read_token
from alongside.domains.conversations import actions as conversations
from alongside.domains.conversations import queries as conversation_queries
from alongside.domains.messages import actions as messages
from alongside.domains.messages.actions import Draft
from alongside.domains.widget import queries, views
from alongside.domains.widget.actions import WidgetDoor
from alongside.domains.widget.doorman import bearer
from alongside.domains.widget.schemas import (
    ChannelLook,
    Claims,
    Identify,
    MarkSeen,
    Posted,
    PostMessage,
    StartVisitor,
    VisitorBrief,
    VisitorFrame,
    VisitorSession,
    VisitorSnapshot,
)
from alongside.domains.widget.socket import VisitorGuest, decoder
from alongside.platform.auth.actor import VisitorActor
from alongside.platform.db import Reading, Work
from alongside.platform.errors import NotFound, Refusal, Unauthorized
from alongside.platform.limits import Budget, address_prefix, spend
from alongside.platform.realtime.socket import FromPeer, Socket, ToPeer, refuse_handshake
from alongside.platform.web import who
from alongside.platform.web.address import client_address, origin_allowed
from alongside.platform.web.problems import Problem, refused

AnyRequest = Request[Any, Any, Any]

Seq = Annotated[int | None, Parameter(ge=0, le=queries.END)]

LOOK = who.public("the loader paints the button before anybody is known")
MEET = who.public("a visitor begins without a token")


def _refused_anywhere(request: AnyRequest, refusal: Refusal) -> Response[Problem]:
    """A refusal that the loader can read on its site's page, to warn the site's developer."""
    answer = refused(request, refusal)
    answer.headers["access-control-allow-origin"] = "*"
    return answer


@get("/widget/channels/{key:str}", opt={"who": LOOK}, exception_handlers={Refusal: _refused_anywhere})
async def channel_look(key: str, door: WidgetDoor) -> Response[ChannelLook]:
    """How a channel's widget looks and who would answer. Readable from any page."""
    channel = await door.channel(key)
    settings = channel.settings
    look = ChannelLook(
        key=channel.key,
        name=channel.name,
        accent=settings.accent,
        position=settings.position,
        title=settings.title,
        greeting=settings.greeting,
        away=settings.away,
        privacy_url=settings.privacy_url,
        sound=settings.sound,
        uploads=door.upload_rules(settings),
        availability=door.people.availability,
    )
    return Response(look, headers={"access-control-allow-origin": "*"})


@post("/widget/visitors", opt={"who": MEET})
async def start_visitor(data: StartVisitor, request: AnyRequest, door: WidgetDoor) -> VisitorSession:
    """Begin as an anonymous visitor. The token is told once."""
    channel = await door.channel(data.channel)
    await _spend_visitor(request, door)
    async with door.database.work() as work:
        new = await contacts.meet_visitor(work, channel.id, _claims(data.claims), data.visit.language)
        return await _session(work, new)


@post("/widget/identify", opt={"who": MEET})
async def identify(data: Identify, request: AnyRequest, door: WidgetDoor) -> VisitorSession:
    """Say who the visitor is. A signed token brings back that person's history; bare claims are only shown to agents.

    A visitor's token in `Authorization` says who they were until now.
    """
    channel = await door.channel(data.channel)
    async with door.database.reading() as reading:
        current = await _current(reading, request, channel)
        keys = [SigningKey(key.kid, key.secret) for key in await channels.identity_keys(reading, channel.id)]
    if data.token is None:
        return await _claim(data, request, door, channel, current)
    vouched = read_token(data.token, channel.key, keys)
    async with door.database.work() as work:
        new = await contacts.recognise_visitor(work, channel.id, vouched, current, data.visit.language)
        if current and not (current.verified and current.contact_id == new.actor.contact_id):
            await door.record_identified(work, current, new.actor, vouched.name)
        await conversations.refresh_rows(work, new.actor.contact_id)
        return await _session(work, new)


@post("/widget/reset", opt={"who": who.visitor()}, status_code=204)
async def reset(actor: VisitorActor, door: WidgetDoor) -> None:
    """Forget the visitor: the token ends, here and in every tab."""
    async with door.database.work() as work:
        await contacts.forget_visitor(work, actor)


@get("/widget/conversation", opt={"who": who.visitor()})
async def conversation(
    actor: VisitorActor,
    door: WidgetDoor,
    before: Seq = None,
    after: Seq = None,
) -> VisitorSnapshot:
    """The visitor's messages: the newest, or up to 50 before or after a number."""
    async with door.database.snapshot() as reading:
        snapshot = await views.snapshot(reading, actor, door.people)
        conversation_id = await conversation_queries.conversation_of_visitor(
            reading, actor.contact_id, actor.channel_id
        )
        if conversation_id is None or (before is None and after is None):
            return snapshot
        page = (
            await queries.messages_before(reading, conversation_id, before, views.SNAPSHOT_MESSAGES)
            if before is not None
            else await queries.messages_after(reading, conversation_id, after or 0, views.SNAPSHOT_MESSAGES)
        )
    found = views.public_messages(page.entries, door.people)
    return msgspec.structs.replace(snapshot, messages=found, has_more=page.has_more)


@post("/widget/conversation/messages", opt={"who": who.visitor()})
async def post_message(data: PostMessage, actor: VisitorActor, door: WidgetDoor) -> Posted:
    """Write a message. Repeating a `client_id` answers with the message written first."""
    messages.accept_text(data.text, door.config.max_message_chars, may_be_empty=bool(data.attachments))
    door.spend_message(actor)
    draft = Draft(data.client_id, data.text, attachments=data.attachments)
    return Posted(await door.post(actor, await door.conversation(actor), draft))


@post("/widget/conversation/seen", opt={"who": who.visitor()}, status_code=204)
async def mark_seen(data: MarkSeen, actor: VisitorActor, door: WidgetDoor) -> None:
    """The visitor has read up to a number."""
    async with door.database.work() as work:
        await conversations.mark_visitor(work, actor, data.seq, data.seq)


@asgi(
    "/widget/socket",
    opt={"who": who.doorkeeper("a visitor's token comes in the first frame, never in an address")},
    copy_scope=False,
)
async def socket(scope: Scope, receive: Receive, send: Send) -> None:
    """The visitors' live socket; its frames are in contract/events.md."""
    door: WidgetDoor = scope["litestar_app"].state.widget_door
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    if scope["type"] != ScopeType.WEBSOCKET:
        raise NotFound("websocket-only", "This address answers WebSocket handshakes only.")
    if not origin_allowed(headers, door.config.own_origins, absent=True):
        await refuse_handshake(cast(FromPeer, receive), cast(ToPeer, send))
        return
    rate = door.config.frames_per_second
    link: Socket[VisitorFrame] = Socket(scope, cast(FromPeer, receive), cast(ToPeer, send), door.hub, decoder, rate)
    await link.run(VisitorGuest(door, link.connection, headers.get("user-agent", "")))


async def _claim(
    data: Identify, request: AnyRequest, door: WidgetDoor, channel: Channel, current: VisitorActor | None
) -> VisitorSession:
    claims = _claims(data.claims) or ContactClaims()
    if current is None:
        await _spend_visitor(request, door)
        async with door.database.work() as work:
            return await _session(work, await contacts.meet_visitor(work, channel.id, claims, data.visit.language))
    async with door.database.work() as work:
        await contacts.claim(work, current, claims)
        await conversations.refresh_rows(work, current.contact_id)
        # The token stays as it is; the browser has it already.
        name = await queries.visitor_name(work, current.contact_id)
        return VisitorSession(bearer(request) or "", VisitorBrief(name, current.verified))


async def _session(work: Work, new: NewVisitor) -> VisitorSession:
    name = await queries.visitor_name(work, new.actor.contact_id)
    return VisitorSession(new.token, VisitorBrief(name, new.actor.verified))


async def _current(reading: Reading, request: AnyRequest, channel: Channel) -> VisitorActor | None:
    token = bearer(request)
    if token is None:
        return None
    try:
        return await contacts.authenticate_visitor(reading, channel.id, token)
    except Unauthorized:
        return None


async def _spend_visitor(request: AnyRequest, door: WidgetDoor) -> None:
    address = client_address(request.scope, door.config.trusted_proxies)
    budget = Budget("visitors", "", address_prefix(address), door.config.visitors_per_hour_per_address, 3600)
    await spend(door.database, [budget], "Too many new visitors come from this network. Try again later.")


def _claims(claims: Claims | None) -> ContactClaims | None:
    return msgspec.convert(claims, ContactClaims, from_attributes=True) if claims else None


ROUTES = [channel_look, start_visitor, identify, reset, conversation, post_message, mark_seen, socket]
