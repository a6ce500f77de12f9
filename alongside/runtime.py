"""What runs behind the routes in one server process: database, hub, bus, doors, and the rounds that keep them true."""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import AsyncIterator

from litestar import Litestar
from litestar.datastructures import State

from alongside import __version__, contents
from alongside.domains.agents.doorman import AgentDoorman
from alongside.domains.chatlinks.doorman import LinkDoorman
from alongside.domains.console import heartbeat as console_heartbeat
from alongside.domains.console.actions import ConsoleDoor
from alongside.domains.console.listeners import AgentListeners
from alongside.domains.console.schemas import GoingAway
from alongside.domains.integrations.doorman import IntegrationDoorman
from alongside.domains.notifications.listeners import NotificationListeners
from alongside.domains.notifications.watch import Watch
from alongside.domains.routing.listeners import RoutingListeners
from alongside.domains.routing.router import Router
from alongside.domains.sla import actions as sla
from alongside.domains.sla.follower import Follower
from alongside.domains.sla.listeners import SlaListeners
from alongside.domains.webhooks.listeners import WebhookListeners
from alongside.domains.webhooks.sender import Sender
from alongside.domains.widget import heartbeat as widget_heartbeat
from alongside.domains.widget.actions import WidgetDoor
from alongside.domains.widget.doorman import VisitorDoorman
from alongside.domains.widget.listeners import VisitorListeners
from alongside.domains.widget.people import People
from alongside.platform import rounds
from alongside.platform.config import Config
from alongside.platform.db import Database
from alongside.platform.egress import Egress
from alongside.platform.errors import Unavailable
from alongside.platform.events import Announcer
from alongside.platform.examine import explain, server_name
from alongside.platform.jobs import Means, work_on
from alongside.platform.problem import OperatorError
from alongside.platform.realtime.hub import Hub, encode
from alongside.platform.realtime.nats import NatsBus
from alongside.platform.storage import Storage
from alongside.platform.web.who import Doormen

HEARTBEAT_SECONDS = 10.0
# Widgets are many; their heartbeats are spread over this part of a round, so that no message waits for all of them.
SPREAD_SECONDS = 5.0
# While the bus is away, heads are told more often: a message then arrives by its number.
HEARTBEAT_ALONE_SECONDS = 2.0
RECHECK_EVERY = 3
PRESENCE_SECONDS = 1.0
PEOPLE_SECONDS = 60.0
ALARM_SECONDS = 2.0
# Clients come back spread over this time, so that the next process is not stormed.
RETURN_MS = (200, 3_000)
FLUSH_SECONDS = 3.0


class Runtime:
    """The parts, in the order in which they come to life."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.hub = Hub()
        self.announcer = Announcer()
        self.bus: NatsBus | None = None
        self.draining = False
        self.trouble = ""  # why it could not start, where the operator can mend that
        self._hurry = asyncio.Event()
        self._rounds: list[asyncio.Task[None]] = []

    @contextlib.asynccontextmanager
    async def lifespan(self, app: Litestar) -> AsyncIterator[None]:
        """Everything is up inside, and down afterwards."""
        try:
            await self._start(app.state)
        except OperatorError as problem:
            self.trouble = problem.message
            raise
        except Unavailable as refusal:
            self.trouble = explain(str(refusal.__cause__))
            raise
        try:
            yield
        finally:
            await self._stop()

    async def drain(self) -> None:
        """No longer ready; tell every client when to come back, and let what is queued go out."""
        self.draining = True
        connections = tuple(self.hub.connections)
        for connection in connections:
            connection.push(encode(GoingAway(retry_in_ms=random.randint(*RETURN_MS))))  # noqa: S311
        flushing = [asyncio.create_task(connection.flushed()) for connection in connections]
        if flushing:
            _, late = await asyncio.wait(flushing, timeout=FLUSH_SECONDS)
            for task in late:
                task.cancel()

    async def _start(self, state: State) -> None:
        url = self.config.database_url
        if url is None:
            raise RuntimeError("the server needs a database_url; `alongside serve` provides the embedded one")
        self.database = await Database.connect(
            url.reveal(), self.config.database_pool_size, self.announcer, server_name(self.config)
        )
        self.people = People(self.database, self.hub)
        agent_doorman = AgentDoorman(self.config, self.database)
        self.widget_door = WidgetDoor(self.config, self.database, self.hub, self.people, __version__)
        self.console_door = ConsoleDoor(self.config, self.database, self.hub, agent_doorman.of_socket, __version__)
        egress = Egress(self.config.egress_networks)
        sender = Sender(self.database, egress, f"{self.config.public_url}/console", __version__)
        watch = Watch(self.database)
        router = Router(self.database)
        follower = Follower(self.database)
        contents.listen(
            self.announcer,
            AgentListeners(self.hub),
            VisitorListeners(self.hub, self.people, self.widget_door.around),
            WebhookListeners(sender.wake, sender.look_again),
            NotificationListeners(watch),
            RoutingListeners(router),
            SlaListeners(follower),
        )
        state.egress = egress
        state.database = self.database
        state.hub = self.hub
        state.storage = Storage.of(self.config)
        state.widget_door = self.widget_door
        state.console_door = self.console_door
        programs = IntegrationDoorman(self.database, agent_doorman.of_request)
        visitors, links = VisitorDoorman(self.database), LinkDoorman(self.database, self.config.trusted_proxies)
        state.doormen = Doormen(programs.of_request, visitors.of_request, links.of_request)
        if self.config.nats_url:
            await self._join_bus(self.config.nats_url.reveal())
        await self.people.refresh()
        await self.widget_door.around.refresh()
        self._rounds = [
            asyncio.create_task(self._beat(), name="heartbeat"),
            asyncio.create_task(rounds.repeat(PRESENCE_SECONDS, self._presence), name="presence"),
            asyncio.create_task(rounds.repeat(PEOPLE_SECONDS, self.people.refresh), name="people"),
            asyncio.create_task(rounds.repeat(PEOPLE_SECONDS, self.widget_door.around.refresh), name="around"),
            asyncio.create_task(sender.run(), name="webhooks"),
            asyncio.create_task(watch.run(), name="notifications"),
            asyncio.create_task(router.run(), name="routing"),
            asyncio.create_task(follower.run(), name="sla"),
            asyncio.create_task(rounds.repeat(ALARM_SECONDS, self._alarms), name="sla-alarms"),
            asyncio.create_task(
                work_on(url.reveal(), contents.JOBS, Means(self.database, state.storage, self.config)), name="jobs"
            ),
        ]

    async def _stop(self) -> None:
        for task in self._rounds:
            task.cancel()
        await asyncio.gather(*self._rounds, return_exceptions=True)
        if self.bus:
            await self.bus.stop()
        await self.database.close()

    async def _join_bus(self, url: str) -> None:
        self.bus = NatsBus(self.hub, self._bus_changed)
        self.hub.bus = self.bus
        await self.bus.start(url)

    def _bus_changed(self) -> None:
        """The bus came or went: what it did not carry is told by a round at once."""
        self._hurry.set()
        if self.bus and self.bus.connected:
            console_heartbeat.refresh_all(self.console_door)
            self.people.stale()
            self.widget_door.around.stale()

    async def _presence(self) -> None:
        await console_heartbeat.attend(self.console_door)

    async def _alarms(self) -> None:
        await sla.sound_alarms(self.database)

    async def _beat(self) -> None:
        turn, began = 0, time.monotonic()
        while True:
            alone = self.bus is not None and not self.bus.connected
            due = began + (HEARTBEAT_ALONE_SECONDS if alone else HEARTBEAT_SECONDS)
            await self._pause(due - time.monotonic())
            self._hurry.clear()
            began = time.monotonic()
            alone = self.bus is not None and not self.bus.connected
            turn += 1
            recheck = turn % RECHECK_EVERY == 0 or alone
            if alone:
                console_heartbeat.refresh_all(self.console_door)
            await rounds.endure(lambda: console_heartbeat.beat(self.console_door, recheck=recheck))  # noqa: B023
            widgets = widget_heartbeat.beat(
                self.widget_door, recheck=recheck, spread=0 if alone else SPREAD_SECONDS, pause=self._pause
            )
            await rounds.endure(lambda: widgets)  # noqa: B023

    async def _pause(self, seconds: float) -> None:
        """Until `seconds` have passed, or a round is wanted at once."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._hurry.wait()
