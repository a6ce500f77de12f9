"""What an anonymous visitor can call over HTTP, and the pages that carry the widget."""

from __future__ import annotations

from typing import Annotated, Any, cast

import msgspec
from litestar import Request, Response, asgi, delete, get, patch, post
from litestar.enums import ScopeType
from litestar.params import Parameter
from litestar.types import Receive, Scope, Send

from alongside.domains.answers import actions as answers
from alongside.domains.articles import queries as articles
from alongside.domains.articles.actions import count_reading
from alongside.domains.articles.logic import choose, counts_as_reader
from alongside.domains.articles.schemas import HelpFound, HelpIndex, HelpPage
from alongside.domains.channels import queries as channels
from alongside.domains.channels.schemas import Channel
from alongside.domains.contacts import actions as contacts
from alongside.domains.contacts.actions import NewVisitor
from alongside.domains.contacts.schemas import Claims as ContactClaims
from alongside.domains.contacts.tokens import SigningKey, read_token
from alongside.domains.conversations import actions as conversations
from alongside.domains.conversations import queries as conversation_queries
from alongside.domains.messages import actions as messages
from alongside.domains.messages.actions import Draft, Edit
from alongside.domains.widget import keeping, queries, views
from alongside.domains.widget.actions import WidgetDoor
from alongside.domains.widget.doorman import bearer
from alongside.domains.widget.frame_schemas import VisitorFrame
from alongside.domains.widget.keeping import Kept
from alongside.domains.widget.schemas import (
    CameBack,
    Claims,
    ComeBack,
    EditMessage,
    Identify,
    KeptSession,
    MarkSeen,
    Posted,
    PostMessage,
    ResumeVisitor,
    StartVisitor,
    VisitorBrief,
    VisitorSession,
    VisitorSnapshot,
)
from alongside.domains.widget.socket import VisitorGuest, decoder
from alongside.domains.workspace.queries import workspace
from alongside.platform.auth.actor import VisitorActor
from alongside.platform.db import Reading, Work
from alongside.platform.errors import NotFound, TooMany, Unauthorized
from alongside.platform.limits import Buckets, Budget, address_prefix, spend
from alongside.platform.realtime.socket import FromPeer, Socket, ToPeer, refuse_handshake
from alongside.platform.web import who
from alongside.platform.web.address import client_address, origin_allowed

AnyRequest = Request[Any, Any, Any]

RETURNS_PER_HOUR = 60

Seq = Annotated[int | None, Parameter(ge=0, le=queries.END)]

Languages = Annotated[str, Parameter(max_length=200)]
Typed = Annotated[str, Parameter(max_length=200)]

READ = who.public("the help centre is for everybody; it shows what was published")
MEET = who.public("a visitor begins without a token")
RETURN = who.public("who left comes back by a secret that we mailed; tries are counted")
RESUME = who.public("the panel's own page asks for the token that its cookie keeps; other pages are refused")


@post("/widget/visitors", opt={"who": MEET})
async def start_visitor(data: StartVisitor, request: AnyRequest, door: WidgetDoor) -> Response[VisitorSession]:
    """Begin as an anonymous visitor. The token is told once."""
    _may_keep(data, request, door)
    channel = await door.channel(data.channel)
    await _spend_visitor(request, door)
    async with door.database.work() as work:
        new = await _meet(work, channel, data.claims, data.visit.language)
        session = await _session(work, new)
    return _issued(session, channel, data.keep)


@post("/widget/visitors/resume", opt={"who": RESUME}, status_code=200)
async def resume_visitor(data: ResumeVisitor, request: AnyRequest, door: WidgetDoor) -> Response[KeptSession]:
    """Hand the panel the token that this site's cookie keeps, where the browser denies the panel its storage."""
    keeping.require_panel(door.config, request.headers)
    channel = await door.channel(data.channel)
    kept = keeping.kept(request.headers, channel.key)
    if kept is None:
        return Response(KeptSession(None, ""))
    async with door.database.reading() as reading:
        actor = await _holder(reading, kept.token, channel)
        name = await queries.visitor_name(reading, actor.contact_id) if actor else None
    if actor is None:
        return Response(KeptSession(None, ""), headers=keeping.forget(channel.key))
    session = VisitorSession(kept.token, VisitorBrief(name, actor.verified))
    return Response(KeptSession(session, kept.note), headers=keeping.keep(channel.key, kept))


@post("/widget/identify", opt={"who": MEET})
async def identify(data: Identify, request: AnyRequest, door: WidgetDoor) -> Response[VisitorSession]:
    """Say who the visitor is. A signed token brings back that person's history; bare claims are only shown to agents.

    A visitor's token in `Authorization` says who they were until now.
    """
    _may_keep(data, request, door)
    channel = await door.channel(data.channel)
    token = bearer(request)
    async with door.database.reading() as reading:
        current = await _holder(reading, token, channel) if token else None
        keys = [SigningKey(key.kid, key.secret) for key in await channels.identity_keys(reading, channel.id)]
    if data.token is None:
        return _issued(await _claim(data, request, door, channel, current), channel, data.keep)
    vouched = read_token(data.token, channel.key, keys)
    async with door.database.work() as work:
        new = await contacts.recognise_visitor(work, channel.id, vouched, current, data.visit.language)
        if current and not (current.verified and current.contact_id == new.actor.contact_id):
            await door.record_identified(work, current, new.actor, vouched.name)
        await conversations.refresh_rows(work, new.actor.contact_id)
        session = await _session(work, new)
    return _issued(session, channel, data.keep)


@post("/widget/reset", opt={"who": who.visitor()}, status_code=204)
async def reset(request: AnyRequest, actor: VisitorActor, door: WidgetDoor) -> Response[None]:
    """Forget the visitor: the token ends, here and in every tab."""
    async with door.database.work() as work:
        await contacts.forget_visitor(work, actor)
        channel = await channels.channel(work, actor.channel_id)
    kept = channel and keeping.kept(request.headers, channel.key)
    return Response(None, headers=keeping.forget(channel.key) if channel and kept else {})


@post("/widget/return", opt={"who": RETURN}, status_code=200)
async def come_back(data: ComeBack, request: AnyRequest, door: WidgetDoor) -> CameBack:
    """Go on with the conversation that a mailed link leads to. Our own page asks for it, not the link itself."""
    keeping.require_panel(door.config, request.headers)
    address = address_prefix(client_address(request.scope, door.config.trusted_proxies))
    tries = [Budget("return", "", address, RETURNS_PER_HOUR, 3600)]
    await spend(door.database, tries, "Too many tries from your network. Wait a while.")
    async with door.database.work() as work:
        returned = await answers.come_back(work, data.token)
        return CameBack(channel=returned.channel_key, session=await _session(work, returned.visitor))


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
    draft = Draft(data.client_id, data.text, attachments=data.attachments, quote=data.quote)
    return Posted(await door.post(actor, await door.conversation(actor), draft))


@patch("/widget/conversation/messages/{seq:int}", opt={"who": who.visitor()})
async def edit_message(seq: int, data: EditMessage, actor: VisitorActor, door: WidgetDoor) -> Posted:
    """Give one of one's own messages another text, within the time that the channel's look tells."""
    door.spend_message(actor)
    return Posted(await door.edit(actor, seq, Edit(data.client_id, data.text)))


@delete("/widget/conversation/messages/{seq:int}", opt={"who": who.visitor()}, status_code=200)
async def delete_message(seq: int, actor: VisitorActor, door: WidgetDoor) -> Posted:
    """Take one of one's own messages away, text and files. The answer is what is left of it."""
    door.spend_message(actor)
    return Posted(await door.delete(actor, seq))


@post("/widget/conversation/seen", opt={"who": who.visitor()}, status_code=204)
async def mark_seen(data: MarkSeen, actor: VisitorActor, door: WidgetDoor) -> None:
    """The visitor has read up to a number."""
    async with door.database.work() as work:
        await conversations.mark_visitor(work, actor, data.seq, data.seq)


@get("/widget/help", opt={"who": READ})
async def help_index(door: WidgetDoor, language: Languages = "") -> HelpIndex:
    """The help centre in the first of the languages (comma-separated) in which anything is published."""
    async with door.database.reading() as reading:
        chosen, there, fallback = await _help_language(reading, language)
        return await articles.help_index(reading, chosen, there, fallback)


@get("/widget/help/search", opt={"who": READ})
async def search_help(
    request: AnyRequest, door: WidgetDoor, searches: Buckets, q: Typed, language: Languages = ""
) -> HelpFound:
    """Published articles that have what was typed, best first."""
    if wait := searches.take(address_prefix(client_address(request.scope, door.config.trusted_proxies))):
        raise TooMany("too-many-searches", "Too many searches at once. Wait a moment and search again.", wait)
    async with door.database.reading() as reading:
        chosen, there, _ = await _help_language(reading, language)
        return HelpFound(chosen, there, await articles.search(reading, chosen, q))


@get("/widget/help/pages/{slug:str}", opt={"who": READ})
async def read_help(request: AnyRequest, door: WidgetDoor, slug: Typed) -> HelpPage:
    """A published article. One that has moved is found by its former address too."""
    async with door.database.reading() as reading:
        found = await articles.page(reading, slug)
        if found is None and (moved := await articles.moved_to(reading, slug)):
            found = await articles.page(reading, moved)
    if found is None:
        raise NotFound("no-such-article", "This article does not exist (any more).")
    if counts_as_reader(request.headers.get("user-agent", ""), ""):
        await count_reading(door.database, found.article_id, found.page.language)
    return found.page


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
    address = client_address(scope, door.config.trusted_proxies)
    await link.run(VisitorGuest(door, link.connection, headers.get("user-agent", ""), address))


async def _claim(
    data: Identify, request: AnyRequest, door: WidgetDoor, channel: Channel, current: VisitorActor | None
) -> VisitorSession:
    said = data.claims or Claims()
    if current is None:
        await _spend_visitor(request, door)
        async with door.database.work() as work:
            return await _session(work, await _meet(work, channel, said, data.visit.language))
    async with door.database.work() as work:
        left_out = await contacts.claim(work, current, _claims(said), said.fields)
        await conversations.refresh_rows(work, current.contact_id)
        # The token stays as it is; the browser has it already.
        name = await queries.visitor_name(work, current.contact_id)
        return VisitorSession(bearer(request) or "", VisitorBrief(name, current.verified), left_out)


async def _meet(work: Work, channel: Channel, said: Claims | None, language: str) -> NewVisitor:
    new = await contacts.meet_visitor(work, channel.id, None, language)
    if said is None:
        return new
    return msgspec.structs.replace(new, left_out=await contacts.claim(work, new.actor, _claims(said), said.fields))


async def _session(work: Work, new: NewVisitor) -> VisitorSession:
    name = await queries.visitor_name(work, new.actor.contact_id)
    return VisitorSession(new.token, VisitorBrief(name, new.actor.verified), new.left_out)


def _may_keep(data: StartVisitor | Identify, request: AnyRequest, door: WidgetDoor) -> None:
    if data.keep is not None:
        keeping.require_panel(door.config, request.headers)


def _issued(session: VisitorSession, channel: Channel, note: str | None) -> Response[VisitorSession]:
    headers = {} if note is None else keeping.keep(channel.key, Kept(session.token, note))
    return Response(session, headers=headers)


async def _holder(reading: Reading, token: str, channel: Channel) -> VisitorActor | None:
    try:
        return await contacts.authenticate_visitor(reading, channel.id, token)
    except Unauthorized:
        return None


async def _spend_visitor(request: AnyRequest, door: WidgetDoor) -> None:
    address = client_address(request.scope, door.config.trusted_proxies)
    budget = Budget("visitors", "", address_prefix(address), door.config.visitors_per_hour_per_address, 3600)
    await spend(door.database, [budget], "Too many new visitors come from this network. Try again later.")


def _claims(claims: Claims) -> ContactClaims:
    return msgspec.convert(claims, ContactClaims, from_attributes=True)


async def _help_language(reading: Reading, wanted: str) -> tuple[str, list[str], str]:
    """The language to show, all there are, and the company's own."""
    there = await articles.languages(reading)
    fallback = (await workspace(reading)).default_locale
    return choose(wanted.split(","), there, fallback), there, fallback


ROUTES = [
    start_visitor,
    resume_visitor,
    identify,
    reset,
    come_back,
    conversation,
    post_message,
    edit_message,
    delete_message,
    mark_seen,
    help_index,
    search_help,
    read_help,
    socket,
]
