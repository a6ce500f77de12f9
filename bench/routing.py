"""A day of chats (bench/day.py) by the product's own decision, in simulated time; decisions a second.

Agents come and go in shifts. Whatever changes drains the queue, as the product does it. Order is checked from outside:
who was served while somebody waited who comes before them and wants the same?
"""

from __future__ import annotations

import heapq
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID, uuid4

import asyncpg
import msgspec
from msgspec.structs import replace

from alongside.domains.contacts import actions as contacts
from alongside.domains.conversations import actions as conversations
from alongside.domains.messages import actions as messages
from alongside.domains.messages.actions import Draft
from alongside.domains.routing import queries
from alongside.domains.routing.logic.deciding import choose
from alongside.domains.routing.logic.queueing import in_order, keep_room, servable
from alongside.domains.routing.router import Router
from alongside.domains.routing.schemas import Candidate, Waiting, Wanted
from alongside.platform.db import Database
from alongside.platform.events import Announcer
from bench.day import LIMIT, SHIFT_SECONDS, Chat, Person, Script, script

SEED = 11
MORNING = datetime(2026, 3, 2, 8, tzinfo=UTC)
URGENT = 5
CHARS = 10_000


class Day(msgspec.Struct, frozen=True, kw_only=True):
    """What a day came to. Loads are chats per hour online, waits in seconds, of those who waited."""

    chats: int
    agents: int
    loads: tuple[float, float, float]
    waited: int
    wait_median: float
    wait_p95: float
    left: int
    order_violations: int
    limit_violations: int


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """Decisions a second: the function alone beside `min`; whole ones in the database beside a bare UPDATE each."""

    function: float
    least: float
    whole: float
    update: float
    decided: int


class _Office:
    """The people of a script, and who waits for them. Agents, teams and chats are called by their numbers in it."""

    def __init__(self, of: Script) -> None:
        self.script = of
        self.agents = {_id(number): _candidate(number, each) for number, each in enumerate(of.people)}
        self.queue: dict[UUID, Waiting] = {}
        self.given: dict[UUID, int] = dict.fromkeys(self.agents, 0)
        self.waits: list[float] = []
        self.order_violations = 0
        self.limit_violations = 0

    def comes(self, at: float, chat_id: UUID) -> UUID | None:
        """A new chat; who gets it at once."""
        chat = self.chat(chat_id)
        wanted = Wanted(team_id=_id(chat.team))
        agents = keep_room([*self.queue.values()], [*self.agents.values()])
        agent_id = choose(wanted, agents).agent_id
        if agent_id is None:
            moment = MORNING + timedelta(seconds=at)
            self.queue[chat_id] = Waiting(
                conversation_id=chat_id,
                episode=1,
                wanted=wanted,
                priority=URGENT if chat.urgent else 0,
                since=moment,
                until=moment + timedelta(minutes=90),
                rule_id=None,
                passed_over=[],
            )
        else:
            # Somebody with the same wish who has waited longer would have been overtaken.
            self.order_violations += any(each.wanted == wanted for each in self.queue.values())
            self._give(at, agent_id)
        return agent_id

    def chat(self, chat_id: UUID) -> Chat:
        return self.script.chats[chat_id.int]

    def drained(self, at: float) -> list[tuple[UUID, UUID]]:
        """Which chats the queue gives now, and to whom."""
        served = list(servable(self.queue.values(), [*self.agents.values()]))
        taken = []
        for entry, choice in served:
            assert choice.agent_id is not None
            before = [each for each in in_order(self.queue.values()) if each.wanted == entry.wanted]
            self.order_violations += before[0].conversation_id != entry.conversation_id
            del self.queue[entry.conversation_id]
            self.waits.append(at - (entry.since - MORNING).total_seconds())
            self._give(at, choice.agent_id)
            taken.append((entry.conversation_id, choice.agent_id))
        return taken

    def _give(self, at: float, agent_id: UUID) -> None:
        agent = self.agents[agent_id]
        self.limit_violations += agent.open >= agent.chat_limit or not agent.online
        self.agents[agent_id] = replace(agent, open=agent.open + 1, last_given_at=MORNING + timedelta(seconds=at))
        self.given[agent_id] += 1

    def closes(self, agent_id: UUID) -> None:
        """A chat of theirs is Done."""
        agent = self.agents[agent_id]
        self.agents[agent_id] = replace(agent, open=agent.open - 1)

    def turns(self, agent_id: UUID, *, online: bool) -> None:
        """They come, or go."""
        self.agents[agent_id] = replace(self.agents[agent_id], online=online)


def _id(number: int) -> UUID:
    return UUID(int=number)


def _candidate(number: int, person: Person) -> Candidate:
    return Candidate(id=_id(number), chat_limit=LIMIT, team_ids=[_id(team) for team in person.teams])


def day(chats: int, people: int) -> Day:
    """Run one."""
    played = script(chats, people, SEED)
    office, order = _Office(played), count()
    events: list[tuple[float, int, str, UUID]] = []

    def put(at: float, kind: str, who: UUID) -> None:
        heapq.heappush(events, (at, next(order), kind, who))

    for number, person in enumerate(played.people):
        put(person.begins, "comes online", _id(number))
        put(person.begins + SHIFT_SECONDS, "goes", _id(number))
    for number, chat in enumerate(played.chats):
        put(chat.at, "chat", _id(number))
    while events:
        at, _, kind, who = heapq.heappop(events)
        taken = []
        match kind:
            case "chat":
                found = office.comes(at, who)
                taken = [(who, found)] if found else []
            case "closed":
                office.closes(who)
            case _:
                office.turns(who, online=kind == "comes online")
        for chat_id, agent_id in [*taken, *office.drained(at)]:
            put(at + office.chat(chat_id).seconds, "closed", agent_id)
    hours = SHIFT_SECONDS / 3_600
    loads = sorted(given / hours for given in office.given.values())
    waits = sorted(office.waits) or [0.0]
    return Day(
        chats=chats,
        agents=people,
        loads=(round(loads[0], 1), round(statistics.median(loads), 1), round(loads[-1], 1)),
        waited=len(office.waits),
        wait_median=round(statistics.median(waits), 1),
        wait_p95=round(waits[int(len(waits) * 0.95)], 1),
        left=len(office.queue),
        order_violations=office.order_violations,
        limit_violations=office.limit_violations,
    )


async def pace(url: str, times: int, people: int) -> Pace:
    """Decisions a second, alone and whole, each beside the smallest thing that could be meant by it."""
    agents = [Candidate(id=UUID(int=n), online=True, open=n % 5, chat_limit=5) for n in range(people)]
    function = _rate(times * 10, lambda: choose(Wanted(), agents))
    least = _rate(times * 10, lambda: min(agents, key=lambda each: each.open))
    database = await Database.connect(url, 5, Announcer())
    try:
        await _prepare(url, people)
        begun = [await _begin(database) for _ in range(times)]
        router = Router(database)
        began = time.perf_counter()
        while await _left(database):
            await router.see_to_all()
        whole = times / (time.perf_counter() - began)
        async with database.reading() as reading:
            decided = await reading.value("SELECT count(*) FROM routing_decision WHERE outcome = 'agent'")
        began = time.perf_counter()
        for each in begun:
            async with database.statement() as work:
                await work.run("UPDATE conversation SET team_id = NULL WHERE id = $1", each)
        update = times / (time.perf_counter() - began)
    finally:
        await database.close()
    return Pace(function=function, least=least, whole=whole, update=update, decided=decided)


def _rate(times: int, act: Callable[[], object]) -> float:
    began = time.perf_counter()
    for _ in range(times):
        act()
    return times / (time.perf_counter() - began)


async def _left(database: Database) -> bool:
    async with database.reading() as reading:
        return bool(await queries.pending(reading))


async def _prepare(url: str, people: int) -> None:
    """Fifty more agents who are there, and a rule that gives them everything."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(
            """
            WITH made AS (
                INSERT INTO agent (email, display_name, role_id, chat_limit, wants_online, lease_until, tags)
                SELECT 'router' || n || '@bench.test', 'Router ' || n, (SELECT id FROM role ORDER BY id LIMIT 1), 1000,
                       true, now() + interval '1 day', ARRAY['bench'] FROM generate_series(1, $1) AS n
                RETURNING id
            )
            INSERT INTO rule (kind, name, state, position, conditions, body)
            SELECT 'routing', 'Bench', 'on', 1, '{"kind": "group", "of": []}',
                   '{"kind": "routing", "actions": [{"kind": "route", "tag": "bench"}]}'
            """,
            people,
        )
        await connection.execute("UPDATE role SET permissions = ARRAY['*']")
    finally:
        await connection.close()


async def _begin(database: Database) -> UUID:
    async with database.reading() as reading:
        channel_id = await reading.value("SELECT id FROM channel ORDER BY id LIMIT 1")
    async with database.work() as work:
        new = await contacts.meet_visitor(work, channel_id, None, "en")
        conversation_id = await conversations.begin(work, new.actor)
    await messages.post(database, new.actor, conversation_id, Draft(uuid4(), "Hello"), CHARS)
    return conversation_id
