"""What the visitors' door can do, shared by its routes and its socket."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from alongside.domains.channels import queries as channels
from alongside.domains.channels.around_schemas import AroundChat
from alongside.domains.channels.schemas import Channel, ChannelSettings
from alongside.domains.contacts import actions as contacts
from alongside.domains.conversations import actions as conversations
from alongside.domains.conversations import queries as conversation_queries
from alongside.domains.conversations.actions import Identified
from alongside.domains.conversations.events import VisitorTypes
from alongside.domains.conversations.schemas import MessageEntry
from alongside.domains.files.policy import Allowance
from alongside.domains.messages import actions as messages
from alongside.domains.messages.actions import Draft, Edit
from alongside.domains.reception import actions as reception
from alongside.domains.routing import actions as routing
from alongside.domains.transcripts import actions as transcripts
from alongside.domains.widget import topics
from alongside.domains.widget.around import Around
from alongside.domains.widget.gate import Gatekeeper
from alongside.domains.widget.look_schemas import UploadRules
from alongside.domains.widget.people import People
from alongside.domains.widget.ruled import Ruled
from alongside.domains.widget.schemas import PublicMessage
from alongside.domains.widget.views import public_message
from alongside.domains.workspace import queries as workspace_queries
from alongside.kit.text import clean_text
from alongside.platform.auth.actor import VisitorActor
from alongside.platform.config import Config
from alongside.platform.db import Database, Work
from alongside.platform.errors import Forbidden, NotFound, TooMany, Unavailable
from alongside.platform.limits import Bucket
from alongside.platform.places import Places
from alongside.platform.realtime.connection import Connection
from alongside.platform.realtime.hub import Hub

# The end of what is being written that agents may see.
PREVIEW_CHARS = 1_000
# Visitors who write and are remembered; the longest known is forgotten first.
BUCKETS = 10_000


class WidgetDoor:
    """The parts that every visitor's request needs."""

    def __init__(self, config: Config, database: Database, hub: Hub, people: People, version: str) -> None:
        self.config = config
        self.places = Places(config.geo_database)
        self.database = database
        self.hub = hub
        self.people = people
        self.version = version
        self.gatekeeper = Gatekeeper()
        self._buckets: dict[UUID, Bucket] = {}
        self._conversations: dict[tuple[UUID, UUID], UUID] = {}
        self._link_key: str | None = None
        self.around = Around(database, hub)
        self.ruled = Ruled(database, hub)
        self._admitted: dict[tuple[UUID, UUID], AroundChat] = {}

    async def channel(self, key: str) -> Channel:
        """The channel with this key. Raises `NotFound` in words for the site's developer."""
        async with self.database.reading() as reading:
            channel = await channels.channel_by_key(reading, key[:100])
        if channel is None or not channel.active:
            raise NotFound(
                "unknown-channel", "No channel has this key. Copy the snippet again from Settings, Channels."
            )
        return channel

    async def conversation(self, actor: VisitorActor) -> UUID:
        """The visitor's conversation on their channel, begun now unless it exists.

        Remembered: it is the same for ever. Should it be gone one day, posting to it says so.
        """
        await self.admit(actor)
        key = actor.contact_id, actor.channel_id
        found = self._conversations.get(key)
        if found is None:
            while len(self._conversations) >= BUCKETS:
                self._conversations.pop(next(iter(self._conversations)))
            found = self._conversations[key] = await self._conversation(actor)
        return found

    async def _conversation(self, actor: VisitorActor) -> UUID:
        async with self.database.reading() as reading:
            found = await conversation_queries.conversation_of_visitor(reading, actor.contact_id, actor.channel_id)
        if found is not None:
            return found
        async with self.database.work() as work:
            return await conversations.begin(work, actor)

    async def post(self, actor: VisitorActor, conversation_id: UUID, draft: Draft) -> PublicMessage:
        """Write a visitor's message; returns once it is committed."""
        await self.admit(actor)
        entry = await messages.post(self.database, actor, conversation_id, draft, self.config.max_message_chars)
        assert isinstance(entry, MessageEntry)
        if entry.seq == 1:
            async with self.database.work() as work:
                await conversations.give_to_owner(work, conversation_id)
        return public_message(entry, self.people)

    async def edit(self, actor: VisitorActor, seq: int, change: Edit) -> PublicMessage:
        """Give one of the visitor's own messages another text."""
        async with self.database.work() as work:
            conversation_id = await self._own(work, actor)
            most = self.config.max_message_chars
            entry = await messages.edit(work, actor, conversation_id, seq, change, most)
        assert isinstance(entry, MessageEntry)
        return public_message(entry, self.people)

    async def delete(self, actor: VisitorActor, seq: int) -> PublicMessage:
        """Take one of the visitor's own messages away."""
        async with self.database.work() as work:
            entry = await messages.delete(work, actor, await self._own(work, actor), seq)
        assert isinstance(entry, MessageEntry)
        return public_message(entry, self.people)

    async def _own(self, work: Work, actor: VisitorActor) -> UUID:
        found = await conversation_queries.conversation_of_visitor(work, actor.contact_id, actor.channel_id)
        if found is None:
            raise conversations.no_such_conversation()
        return found

    async def admit(self, actor: VisitorActor) -> None:
        """Raises `Conflict` while the visitor owes an answer without which nobody may write on their channel.

        Remembered until the channel asks for something else.
        """
        around = await self.around.now(actor.channel_id)
        key = actor.contact_id, actor.channel_id
        if not around.gates or self._admitted.get(key) == around:
            return
        async with self.database.reading() as reading:
            channel = await channels.channel(reading, actor.channel_id)
            if channel is not None:
                await reception.require_answers(reading, actor, channel)
        while len(self._admitted) >= BUCKETS:
            self._admitted.pop(next(iter(self._admitted)))
        self._admitted[key] = around

    async def record_identified(self, work: Work, before: VisitorActor, now: VisitorActor, name: str | None) -> None:
        """The visitor `before` turned out to be `now`: their log tells it, and what was not answered comes along.

        Only what an anonymous visitor wrote comes along: another customer's texts are not this one's.
        """
        await reception.carry_over(work, before, now.contact_id)
        old = await conversation_queries.conversation_of_visitor(work, before.contact_id, before.channel_id)
        if old is None:
            return
        identified = Identified(contact_id=now.contact_id, name=name)
        if now.contact_id != before.contact_id and not before.verified:
            new = await conversations.begin(work, now)
            settled = await messages.carry_over(work, now, old, new)
            await transcripts.carry_over(work, old, new)
            await conversations.give_to_owner(work, new)
            if settled:
                await routing.wait_on(work, old, new)
            identified = Identified(contact_id=now.contact_id, name=name, conversation_id=new, settled=settled)
        await conversations.record_identified(work, old, identified)

    def spend_message(self, actor: VisitorActor) -> None:
        """Take one message from the visitor's budget in this process, whichever tab or way it comes by."""
        bucket = self._buckets.get(actor.contact_id)
        if bucket is None:
            while len(self._buckets) >= BUCKETS:
                self._buckets.pop(next(iter(self._buckets)))
            # A third of a minute's at once.
            per_minute = self.config.visitor_messages_per_minute
            bucket = self._buckets[actor.contact_id] = Bucket(per_minute / 60, max(5.0, per_minute / 3))
        if wait := bucket.take():
            raise TooMany("too-many-messages", "Too many messages at once; the next goes out in a moment.", wait)

    def upload_rules(self, settings: ChannelSettings) -> UploadRules | None:
        """What a channel's visitors may send; None: no files."""
        if not settings.uploads or not settings.upload_kinds:
            return None
        most = min(self.config.max_upload_bytes, settings.upload_megabytes * 1_000_000)
        return UploadRules(max_bytes=most, kinds=settings.upload_kinds)

    async def allowance(self, actor: VisitorActor) -> Allowance:
        """What the visitor may upload now. Raises `Forbidden` where files are switched off."""
        async with self.database.reading() as reading:
            channel = await channels.channel(reading, actor.channel_id)
        rules = self.upload_rules(channel.settings) if channel and channel.active else None
        if rules is None:
            raise Forbidden("uploads-off", "Files cannot be sent in this chat.")
        return Allowance(
            max_bytes=rules.max_bytes, kinds=rules.kinds, bytes_per_day=self.config.visitor_upload_bytes_per_day
        )

    async def link_key(self) -> str:
        """What signs addresses of files. It changes only while no server runs."""
        if self._link_key is None:
            async with self.database.reading() as reading:
                self._link_key = await workspace_queries.link_key(reading)
        return self._link_key

    def type(self, conversation_id: UUID, on: bool, preview: str | None = None) -> None:
        """The visitor types, or stopped; `preview` is what they have written so far, where that may be shown."""
        text = None if preview is None else clean_text(preview[-PREVIEW_CHARS:])
        self.database.tell(VisitorTypes(conversation_id=conversation_id, on=on, text=text))

    async def leave(self, actor: VisitorActor, visit_id: UUID, connection: Connection) -> None:
        """A page closed. When no other page of the visit is open here, the visitor has left.

        A page of the same visit that another process serves corrects this when it next extends the visit.
        """
        others = self.hub.listeners(topics.visitor(actor.contact_id, actor.channel_id)) - {connection}
        if not any(other.data.visit_id == visit_id for other in others):
            with suppress(Unavailable):
                async with self.database.work() as work:
                    await contacts.leave(work, actor, visit_id)
