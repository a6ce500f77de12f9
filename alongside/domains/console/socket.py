"""An agent's socket: what its frames do."""

from __future__ import annotations

from uuid import UUID

import msgspec

from alongside.domains.agents import actions as agents
from alongside.domains.agents import queries as agent_queries
from alongside.domains.chatlinks.policy import may_manage as may_manage_chat_links
from alongside.domains.console import topics
from alongside.domains.console.actions import ConsoleDoor
from alongside.domains.console.agent_schemas import (
    AgentFrame,
    Hello,
    Leave,
    Looking,
    Note,
    Open,
    Position,
    Seen,
    Send,
    Typing,
)
from alongside.domains.console.schemas import Ack, AgentLooking, Failed, Opened, Resumed, Welcome
from alongside.domains.conversations import actions as conversations
from alongside.domains.conversations import policy, queries
from alongside.domains.conversations.events import AgentTypes
from alongside.domains.conversations.schemas import ConversationRow
from alongside.domains.messages import actions as messages
from alongside.domains.messages.actions import Draft
from alongside.domains.tickets.policy import may_read as may_read_tickets
from alongside.kit.time import now
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Reading
from alongside.platform.errors import Invalid, Refusal, TooMany, Unauthorized
from alongside.platform.limits import Bucket
from alongside.platform.realtime.connection import Connection
from alongside.platform.realtime.hub import encode
from alongside.platform.realtime.socket import MALFORMED, Hangup

HEARTBEAT_SECONDS = 10
# Whether an agent is there is asked this often; a line that is dead for good is cut much later, for it may come back.
ASK_SECONDS = 1.5
WAIT_SECONDS = 20.0
SIGNALS_PER_SECOND = 5.0
# Conversations one socket may follow at once: a console shows one and keeps a few warm.
OPEN_AT_ONCE = 50

decoder = msgspec.json.Decoder(AgentFrame)


class AgentGuest:
    """One open console."""

    def __init__(self, door: ConsoleDoor, connection: Connection, cookies: str) -> None:
        self._door = door
        self._connection = connection
        self._cookies = cookies
        per_minute = door.config.agent_messages_per_minute
        self._budget = Bucket(per_minute / 60, max(5.0, per_minute / 3))
        self._signals = Bucket(SIGNALS_PER_SECOND, 20)
        self._agent: AgentActor | None = None
        self.open: dict[UUID, ConversationRow] = {}
        self.looking: UUID | None = None
        connection.data = self

    async def greet(self, frame: AgentFrame) -> None:
        """Check cookie and CSRF proof, and go live."""
        if not isinstance(frame, Hello):
            raise Hangup(MALFORMED, "the first frame must be hello")
        agent = await self._door.sign_in(self._cookies, frame.csrf)
        hub, connection = self._door.hub, self._connection
        hub.subscribe(connection, topics.session(agent.session_id))
        hub.subscribe(connection, topics.standing(agent.id))
        connection.watch(ASK_SECONDS, WAIT_SECONDS)
        await agents.extend_lease(self._door.database, agent.id)
        async with self._door.database.reading() as reading:
            epoch = await queries.epoch(reading)
            teams = await agent_queries.teams_of(reading, agent.id)
            # Asked again after the subscriptions: what was changed or ended in between was heard by nobody.
            live = (await agent_queries.live_sessions(reading, [agent.session_id])).get(agent.session_id)
        if live is None:
            raise Unauthorized("not-signed-in", "Your session has ended. Sign in again.")
        self._push(
            Welcome(
                epoch=epoch,
                agent_id=live.id,
                server_time=now(),
                heartbeat_seconds=HEARTBEAT_SECONDS,
                version=self._door.version,
            )
        )
        # Nothing is heard before the welcome, and nothing is missed after it.
        self._agent = live
        rows = [topics.ALL_ROWS] if live.holders is None else [topics.held(each) for each in live.holders]
        if may_read_tickets(live):
            rows.append(topics.TICKETS)
        if may_manage_chat_links(live):
            rows.append(topics.CHAT_LINKS)
        for topic in (topics.EVERYBODY, topics.agent(live.id), *map(topics.team, teams), *rows):
            hub.subscribe(connection, topic)

    @property
    def signed_in(self) -> bool:
        """Whether the greeting succeeded."""
        return self._agent is not None

    @property
    def agent(self) -> AgentActor:
        """Who it is; only after the greeting."""
        if self._agent is None:
            raise Unauthorized("not-signed-in", "Sign in first.")
        return self._agent

    async def obey(self, frame: AgentFrame) -> None:
        """Do what a frame asks."""
        match frame:
            case Send():
                draft = Draft(
                    frame.client_id,
                    frame.text,
                    then_done=frame.then_done,
                    attachments=frame.attachments,
                    quote=frame.quote,
                )
                await self._post(frame.conversation_id, draft)
            case Note():
                draft = Draft(
                    frame.client_id,
                    frame.text,
                    "note",
                    attachments=frame.attachments,
                    mentions=frame.mentions,
                    quote=frame.quote,
                )
                await self._post(frame.conversation_id, draft)
            case Open(conversation_id=conversation_id, resume=resume):
                await self._open(conversation_id, resume)
            case Leave(conversation_id=conversation_id):
                self._leave(conversation_id)
            case Typing():
                self._type(frame)
            case Seen(conversation_id=conversation_id, seq=seq):
                async with self._door.database.work() as work:
                    await conversations.mark_seen(work, self.agent, conversation_id, seq)
            case Looking(conversation_id=conversation_id):
                self._look(conversation_id)
            case Hello():
                raise Invalid("already-greeted", "This socket has been greeted.")

    def refuse(self, frame: AgentFrame, refusal: Refusal) -> None:
        """Say no, naming what was refused."""
        self._push(
            Failed(
                code=refusal.code,
                message=refusal.message,
                client_id=getattr(frame, "client_id", None),
                conversation_id=getattr(frame, "conversation_id", None),
                retry_after_ms=_retry_after(refusal),
            )
        )

    async def gone(self) -> None:
        """The console closed: colleagues no longer see it looking. Its lease runs out, or goes on elsewhere."""
        if self._agent and self.looking:
            self._look(None)

    async def _post(self, conversation_id: UUID, draft: Draft) -> None:
        if wait := self._budget.take():
            raise TooMany("too-many-messages", "Too many messages at once; the next goes out in a moment.", wait)
        entry = await messages.post(
            self._door.database, self.agent, conversation_id, draft, self._door.config.max_message_chars
        )
        self._push(Ack(conversation_id=conversation_id, client_id=draft.client_id, entry=entry))

    async def _open(self, conversation_id: UUID, position: Position | None) -> None:
        if len(self.open) >= OPEN_AT_ONCE and conversation_id not in self.open:
            raise Invalid("too-many-open", f"At most {OPEN_AT_ONCE} conversations can be followed at once.")
        # Listen first and read the log afterwards: what is committed in between arrives twice, never not at all.
        self._door.hub.subscribe(self._connection, topics.conversation(conversation_id))
        async with self._door.database.snapshot() as reading:
            row = await queries.conversation(reading, conversation_id)
            if row is None or not self._may_follow(row):
                self._leave(conversation_id)
                raise conversations.no_such_conversation()
            self.open[conversation_id] = row
            self._door.hub.subscribe(self._connection, topics.contact(row.contact.id))
            if self.agent.holders is not None:
                self._door.hub.subscribe(self._connection, topics.narrow(conversation_id))
            self._push(await self._opened(reading, row, position))

    async def _opened(self, reading: Reading, row: ConversationRow, position: Position | None) -> Opened | Resumed:
        near = position is not None and 0 <= row.last_seq - position.seq <= queries.RESUME_ENTRIES
        if position and near and position.epoch == await queries.epoch(reading):
            page = await queries.entries_after(reading, row.id, position.seq, queries.RESUME_ENTRIES)
            return Resumed(row=row, entries=page.entries, seen=await queries.seen(reading, row.id))
        snapshot = await queries.snapshot(reading, row.id)
        assert snapshot is not None
        return Opened(snapshot=snapshot)

    def _may_follow(self, row: ConversationRow) -> bool:
        """In sight, and not taken away while it was being read."""
        followed = topics.conversation(row.id) in self._connection.topics
        return followed and policy.may_see(self.agent, row.assignee_id, row.team_id)

    def lose(self, conversation_id: UUID) -> None:
        """The conversation is not for this agent's eyes any more."""
        if self.looking == conversation_id:
            self._look(None)
        self._leave(conversation_id)

    def _leave(self, conversation_id: UUID) -> None:
        row = self.open.pop(conversation_id, None)
        self._door.hub.unsubscribe(self._connection, topics.conversation(conversation_id))
        self._door.hub.unsubscribe(self._connection, topics.narrow(conversation_id))
        if row and all(other.contact.id != row.contact.id for other in self.open.values()):
            self._door.hub.unsubscribe(self._connection, topics.contact(row.contact.id))

    def _type(self, frame: Typing) -> None:
        row = self.open.get(frame.conversation_id)
        if row is None or self._signals.take() or not policy.may_reply(self.agent):
            return
        self._door.database.tell(
            AgentTypes(
                conversation_id=row.id,
                contact_id=row.contact.id,
                channel_id=row.channel.id,
                agent_id=self.agent.id,
                on=frame.on,
                note=frame.note,
            )
        )

    def _look(self, conversation_id: UUID | None) -> None:
        if conversation_id and self.agent.holders is not None and conversation_id not in self.open:
            return
        left, self.looking = self.looking, conversation_id
        if self._signals.take():
            return
        if left and left != conversation_id:
            # Who sees all learns it from the next frame, whatever it names; others know only of this conversation.
            away = AgentLooking(agent_id=self.agent.id, conversation_id=None)
            self._door.hub.publish(topics.narrow(left), away, signal=True)
        to = topics.signals(conversation_id) if conversation_id else topics.ALL_ROWS
        frame = AgentLooking(agent_id=self.agent.id, conversation_id=conversation_id)
        self._door.hub.publish(to, frame, signal=True)

    def _push(self, frame: msgspec.Struct) -> None:
        self._connection.push(encode(frame))


def _retry_after(refusal: Refusal) -> int | None:
    if isinstance(refusal, TooMany):
        return int(refusal.retry_after * 1000) + 1
    return 2_000 if refusal.status == 503 else None
