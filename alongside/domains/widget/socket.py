"""A visitor's socket: what its frames do."""

from __future__ import annotations

from uuid import UUID

import msgspec

from alongside.domains.channels.schemas import Channel
from alongside.domains.contacts import actions as contacts
from alongside.domains.contacts import queries as contact_queries
from alongside.domains.contacts.actions import PageSeen
from alongside.domains.conversations import actions as conversations
from alongside.domains.conversations import queries as conversation_queries
from alongside.domains.messages import actions as messages
from alongside.domains.messages.actions import Draft
from alongside.domains.routing import queries as routing
from alongside.domains.widget import people as people_module
from alongside.domains.widget import queries, topics, views
from alongside.domains.widget.actions import WidgetDoor
from alongside.domains.widget.frame_schemas import (
    Ack,
    Failed,
    Hello,
    Marks,
    Page,
    QueuePlace,
    Reset,
    Resume,
    Resumed,
    Send,
    Typing,
    VisitorFrame,
    Welcome,
)
from alongside.domains.widget.schemas import PageView, Position, VisitorBrief
from alongside.kit.time import now
from alongside.platform.auth.actor import VisitorActor
from alongside.platform.errors import Invalid, Refusal, TooMany, Unauthorized
from alongside.platform.limits import Bucket
from alongside.platform.realtime.connection import Connection
from alongside.platform.realtime.hub import encode
from alongside.platform.realtime.socket import MALFORMED, Hangup

HEARTBEAT_SECONDS = 10
TYPING_PER_SECOND = 2.0
# Agents look at whether somebody who writes to them is still there: within 10 s it is known. Of the many who only look
# around nothing depends on it.
ASK_SECONDS = 3.0
WAIT_SECONDS = 6.0

decoder = msgspec.json.Decoder(VisitorFrame)


class VisitorGuest:
    """One open widget. Without a token it only hears who is available."""

    def __init__(self, door: WidgetDoor, connection: Connection, user_agent: str, address: str) -> None:
        self._door = door
        self._connection = connection
        self._user_agent = user_agent
        self._address = address
        self._typing = Bucket(TYPING_PER_SECOND, 10)
        self.actor: VisitorActor | None = None
        self._conversation_id: UUID | None = None
        self.visit_id: UUID | None = None
        self.channel_id: UUID | None = None
        self.greeted = False
        connection.data = self

    @property
    def conversation_id(self) -> UUID | None:
        """The visitor's conversation, once it has begun."""
        return self._conversation_id

    @conversation_id.setter
    def conversation_id(self, found: UUID | None) -> None:
        if found and not self._conversation_id:
            self._connection.watch(ASK_SECONDS, WAIT_SECONDS)
        self._conversation_id = found

    async def greet(self, frame: VisitorFrame) -> None:
        """Check the token, say what is true now, and go live."""
        if not isinstance(frame, Hello):
            raise Hangup(MALFORMED, "the first frame must be hello")
        channel = await self._door.channel(frame.channel)
        brief = await self._sign_in(channel, frame) if frame.token else None
        async with self._door.database.reading() as reading:
            epoch = await conversation_queries.epoch(reading)
            # Asked again after the subscription: a revocation in between was heard by nobody.
            if self.actor and not await contact_queries.live_identities(reading, [self.actor.identity_id]):
                raise Unauthorized("visitor-token-refused", "This visitor session has ended. Start a new one.")
        self._push(
            Welcome(
                epoch=epoch,
                visitor=brief,
                availability=self._door.people.availability,
                server_time=now(),
                heartbeat_seconds=HEARTBEAT_SECONDS,
                version=self._door.version,
            )
        )
        self._listen(channel)
        if self.actor:
            await self._catch_up(frame.resume)
            await self._arrive(frame.visit)

    def _listen(self, channel: Channel) -> None:
        """Nothing is heard before the welcome; the log is read afterwards, so nothing is missed either."""
        self.greeted = True
        self.channel_id = channel.id
        heard = [people_module.TOPIC, topics.channel(channel.id)]
        if self.actor:
            heard.append(topics.visitor(self.actor.contact_id, self.actor.channel_id))
        for topic in heard:
            self._door.hub.subscribe(self._connection, topic)

    async def obey(self, frame: VisitorFrame) -> None:
        """Do what a frame asks."""
        actor = self._known()
        match frame:
            case Send():
                await self._send(actor, frame)
            case Typing():
                await self._type(actor, frame)
            case Marks(delivered=delivered, seen=seen):
                async with self._door.database.work() as work:
                    await conversations.mark_visitor(work, actor, delivered, seen)
            case Resume(position=position):
                await self._catch_up(position)
            case Page(visit=visit):
                await self._move(actor, visit)
            case Hello():
                raise Invalid("already-greeted", "This socket has been greeted; open another for another visitor.")

    def refuse(self, frame: VisitorFrame, refusal: Refusal) -> None:
        """Say no, with the client id of a send."""
        self._push(
            Failed(
                code=refusal.code,
                message=refusal.message,
                client_id=frame.client_id if isinstance(frame, Send) else None,
                retry_after_ms=_retry_after(refusal),
            )
        )

    async def gone(self) -> None:
        """The page closed; when it was the visit's last, the visitor has left."""
        if self.actor and self.visit_id:
            await self._door.leave(self.actor, self.visit_id, self._connection)

    async def _sign_in(self, channel: Channel, frame: Hello) -> VisitorBrief:
        async with self._door.database.reading() as reading:
            actor = await contacts.authenticate_visitor(reading, channel.id, frame.token or "")
            name = await queries.visitor_name(reading, actor.contact_id)
        self.actor = actor
        self._door.hub.subscribe(self._connection, topics.identity(actor.identity_id))
        return VisitorBrief(name, actor.verified)

    async def _catch_up(self, position: Position | None) -> None:
        actor = self._known()
        async with self._door.database.snapshot() as reading:
            standing = await queries.standing(reading, actor)
            self.conversation_id = standing.conversation_id
            behind = standing.head - position.seq if position and position.epoch == standing.epoch else -1
            if position and 0 <= behind <= views.RESUME_MESSAGES:
                missed = (
                    await views.missed(reading, standing.conversation_id, position.seq, self._door.people)
                    if standing.conversation_id
                    else []
                )
                self._push(Resumed(messages=missed, team_seen=standing.team_seen, seen=standing.seen))
            else:
                self._push(Reset(snapshot=await views.snapshot(reading, actor, self._door.people)))
            waits = await routing.place(reading, standing.conversation_id) if standing.conversation_id else None
        if waits:
            self._push(QueuePlace(place=waits[0], minutes=waits[1]))

    async def _send(self, actor: VisitorActor, frame: Send) -> None:
        self._door.spend_message(actor)
        if self.conversation_id is None:
            most = self._door.config.max_message_chars
            messages.accept_text(frame.text, most, may_be_empty=bool(frame.attachments))
            self.conversation_id = await self._door.conversation(actor)
        message = await self._door.post(
            actor,
            self.conversation_id,
            Draft(frame.client_id, frame.text, attachments=frame.attachments, quote=frame.quote),
        )
        self._push(Ack(client_id=frame.client_id, message=message))

    async def _type(self, actor: VisitorActor, frame: Typing) -> None:
        if self._typing.take():
            return
        if self.conversation_id is None:  # perhaps begun since, over HTTP or in another tab
            async with self._door.database.reading() as reading:
                self.conversation_id = await conversation_queries.conversation_of_visitor(
                    reading, actor.contact_id, actor.channel_id
                )
        if self.conversation_id:
            shown = frame.text is not None and (await self._door.around.now(actor.channel_id)).typing_preview
            self._door.type(self.conversation_id, frame.on, frame.text if shown else None)

    async def _arrive(self, page: PageView) -> None:
        actor = self._known()
        place = self._door.places.find(self._address, page.timezone)
        async with self._door.database.work() as work:
            self.visit_id = await contacts.start_visit(work, actor, _seen(page), self._user_agent, place)

    async def _move(self, actor: VisitorActor, page: PageView) -> None:
        if self.visit_id is None:
            return
        async with self._door.database.work() as work:
            await contacts.see_page(work, actor, self.visit_id, _seen(page))

    def _known(self) -> VisitorActor:
        if self.actor is None:
            raise Unauthorized("visitor-token-needed", "Start a visitor session first, then say hello with its token.")
        return self.actor

    def _push(self, frame: msgspec.Struct) -> None:
        self._connection.push(encode(frame))


def _seen(page: PageView) -> PageSeen:
    return msgspec.convert(page, PageSeen, from_attributes=True)


def _retry_after(refusal: Refusal) -> int | None:
    if isinstance(refusal, TooMany):
        return int(refusal.retry_after * 1000) + 1
    return 2_000 if refusal.status == 503 else None
