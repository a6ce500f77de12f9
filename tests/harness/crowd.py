"""Many people who write at once, and the comparison of what they saw with what is stored."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

from tests.harness.client import Client
from tests.harness.clients import AgentClient, VisitorClient
from tests.harness.log import Frame, Log
from tests.harness.stage import Stage
from tests.harness.until import PATIENCE

GIVE_UP_SECONDS = 1.0


@dataclass
class Crowd:
    """Visitors with a conversation each, and agents who have all of these open."""

    stage: Stage
    visitors: list[VisitorClient] = field(default_factory=list)
    agents: list[AgentClient] = field(default_factory=list)
    conversations: list[UUID] = field(default_factory=list)
    _calm: asyncio.Event = field(default_factory=asyncio.Event)
    _talking: list[asyncio.Task[None]] = field(default_factory=list)

    @property
    def everybody(self) -> list[Client]:
        return [*self.visitors, *self.agents]

    def talk(self) -> None:
        """Everybody writes, waiting for each answer. Every second one gives up after a second and never resends."""
        self._calm.clear()
        for place, visitor in enumerate(self.visitors):
            self._begin(visitor, visitor.send, patient=place % 2 == 0)
        for place, agent in enumerate(self.agents):
            self._begin(agent, self._as_agent(agent, place), patient=place % 2 == 0)

    def _as_agent(self, agent: AgentClient, place: int) -> Callable[[str], asyncio.Future[Frame]]:
        turn = place

        def send(text: str) -> asyncio.Future[Frame]:
            nonlocal turn
            turn += 1
            conversation_id = self.conversations[turn % len(self.conversations)]
            if turn % 5 == 0:
                return agent.note(conversation_id, text)
            return agent.send(conversation_id, text, then_done=turn % 7 == 0)

        return send

    def _begin(self, client: Client, send: Callable[[str], asyncio.Future[Frame]], *, patient: bool) -> None:
        self._talking.append(asyncio.create_task(self._talk(client, send, patient=patient)))

    async def _talk(self, client: Client, send: Callable[[str], asyncio.Future[Frame]], *, patient: bool) -> None:
        number = 0
        while not self._calm.is_set():
            number += 1
            answer = send(f"{client.name} says {number}")
            if patient:
                await answer
                continue
            await asyncio.wait({answer}, timeout=GIVE_UP_SECONDS)
            if not answer.done():
                client.give_up()

    async def hush(self, seconds: float = PATIENCE) -> None:
        """Nobody writes more; returns when the patient have their answers."""
        self._calm.set()
        async with asyncio.timeout(seconds):
            await asyncio.gather(*self._talking)
        self._talking.clear()

    async def agree(self, seconds: float = PATIENCE) -> int:
        """Everybody has come to see exactly what is stored. Returns how many entries were compared."""
        compared = 0
        for visitor, conversation_id in zip(self.visitors, self.conversations, strict=True):
            compared += await agrees(self.stage, visitor, visitor.log, conversation_id, seconds)
        for agent in self.agents:
            for conversation_id in self.conversations:
                log = agent.logs[str(conversation_id)]
                compared += await agrees(self.stage, agent, log, conversation_id, seconds)
        return compared


async def agrees(stage: Stage, client: Client, log: Log, conversation_id: UUID, seconds: float = PATIENCE) -> int:
    """The client's log comes to be the stored one, from its first entry to the last, in order and without a gap.

    What somebody sent and gave up may be stored only now: then both have grown, and are compared again.
    """
    until = time.monotonic() + seconds
    wanted: list[tuple[int, str]] = []
    while log.last != len(wanted) or not wanted:
        wanted = await _stored(stage, client, conversation_id)
        left = max(0.0, until - time.monotonic())
        has = f"{client.name} has {log.last} of {len(wanted)}"
        await client.until(partial(_reaches, log, len(wanted)), left, has)
        assert time.monotonic() < until or log.last == len(wanted), f"{has}: more than is stored"
    seen = [(item["seq"], item.get("text")) for item in log.items]
    assert seen == wanted[len(wanted) - len(seen) :], f"{client.name} sees another history"
    assert seen, f"{client.name} sees nothing"
    return len(seen)


def _reaches(log: Log, entries: int) -> bool:
    return log.last >= entries


async def _stored(stage: Stage, client: Client, conversation_id: UUID) -> list[tuple[int, str]]:
    """What is there now, in the numbers that this client sees."""
    stored = await asyncio.to_thread(stage.entries, conversation_id)
    if isinstance(client, VisitorClient):
        return [(public_seq, text) for _, public_seq, text in stored if public_seq is not None]
    return [(seq, text) for seq, _, text in stored]


@asynccontextmanager
async def crowd(stage: Stage, visitors: int, agents: int, seed: int = 0) -> AsyncIterator[Crowd]:
    """Everybody is there, and each visitor has said hello."""
    made = Crowd(stage)
    cast = stage.world
    async with AsyncExitStack() as stack:
        for place in range(visitors):
            token = await stage.newcomer()
            client = stage.visitor(token, name=f"visitor {place}", seed=seed)
            made.visitors.append(await stack.enter_async_context(client))
            await made.visitors[-1].send("hello")
            made.conversations.append(await stage.conversation_of(token))
        for place in range(agents):
            who = (cast.sol, cast.ada, cast.ben)[place % 3]
            console = stage.agent(who, name=f"agent {place}", seed=seed)
            made.agents.append(await stack.enter_async_context(console))
            for conversation_id in made.conversations:
                await made.agents[-1].open(conversation_id)
        yield made
