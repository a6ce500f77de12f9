"""A day of chats (bench/day.py) while processes die: nobody is given twice, nobody forgotten, nobody overtaken."""

from __future__ import annotations

import asyncio
import json
import random
import statistics
from collections import Counter
from contextlib import AsyncExitStack, suppress
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from alongside.platform.auth.tokens import csrf_of
from bench.day import DAY_SECONDS, LIMIT, TEAMS, Script, script
from tests.harness.nemesis import Nemesis
from tests.harness.nodes import ORIGIN
from tests.harness.stage import Stage
from tests.harness.until import until
from tests.reliability.test_kill9 import kill_one

# All are there the whole day; what happens when somebody goes is proven in tests/routing/test_reacting.py.
HIRE = """
WITH role AS (
    INSERT INTO role (name, permissions) VALUES ('Day', ARRAY['conversations.reply']) RETURNING id
), made AS (
    INSERT INTO agent (email, display_name, role_id, chat_limit, wants_online, lease_until, shown_online,
                       shown_logged_in)
    SELECT 'day' || n || '@shop.test', 'Day ' || n, role.id, %s, true, now() + interval '1 day', true, true
    FROM generate_series(1, %s) AS n, role RETURNING id, email
)
SELECT id::text FROM made ORDER BY length(email), email
"""

# Who has which chat since when, as far as it is not over.
HELD = """
SELECT c.id::text, m.text, extract(epoch FROM clock_timestamp() - d.at)::float8
FROM conversation c
JOIN routing_decision d ON d.conversation_id = c.id AND d.outcome = 'agent'
JOIN entry m ON m.conversation_id = c.id AND m.seq = 1
WHERE c.assignee_id IS NOT NULL AND c.status <> 'done' AND c.id <> ALL(%s::uuid[])
"""

UNDONE = """
SELECT (SELECT count(*) FROM conversation c JOIN entry m ON m.conversation_id = c.id AND m.seq = 1
        WHERE c.status <> 'done' AND m.text LIKE 'chat %%')
     + (SELECT count(*) FROM routing_pending) + (SELECT count(*) FROM routing_queue)
"""

# One decides at a time: in the order of these times it was. The last is when the customer wrote.
DECIDED = """
SELECT d.conversation_id, d.at, d.cause, d.outcome, d.agent_id, m.text, m.at
FROM routing_decision d JOIN entry m ON m.conversation_id = d.conversation_id AND m.seq = 1
WHERE m.text LIKE 'chat %%'
"""

GIVEN = """
SELECT e.conversation_id, count(*) FROM entry e
WHERE e.kind = 'assignment' AND e.author_kind = 'system' GROUP BY e.conversation_id
"""

OVER = """
SELECT e.conversation_id, e.at FROM entry e JOIN entry m ON m.conversation_id = e.conversation_id AND m.seq = 1
WHERE e.kind = 'status' AND e.status = 'done' AND m.text LIKE 'chat %%'
"""

MEMBERS = """
SELECT m.agent_id, array_agg(split_part(t.name, ' ', 2)::int) FROM team_member m JOIN team t ON t.id = m.team_id
WHERE t.name LIKE 'Team %%' GROUP BY m.agent_id
"""


def words(number: int, team: int, urgent: bool) -> str:
    return f"chat {number} for team {team}, {'urgent' if urgent else 'whenever'}"


def read(text: str) -> tuple[int, bool]:
    """The team, and whether it is urgent."""
    parts = text.replace(",", "").split()
    return int(parts[4]), parts[5] == "urgent"


async def make_rules(stage: Stage, played: Script) -> None:
    """Fifty agents in four teams; two rules for each, of which the first is for those in a hurry."""
    ids = [row[0] for row in await asyncio.to_thread(stage.sql, HIRE, LIMIT, len(played.people))]
    async with stage.console(stage.world.sol) as sol:
        for team in range(TEAMS):
            members = [each for each, person in zip(ids, played.people, strict=True) if team in person.teams]
            made = await sol.post("/teams", json={"name": f"Team {team}", "member_ids": members})
            assert made.status_code == 201, made.text
            for phrase, priority in ((f"team {team}, urgent", 5), (f"team {team},", 0)):
                answer = await sol.post("/rules/routing", json=_rule(phrase, priority, made.json()["id"]))
                assert answer.status_code == 201, answer.text


def _rule(phrase: str, priority: int, team_id: str) -> dict[str, Any]:
    condition = {"kind": "message", "negate": False, "compare": "contains", "value": phrase}
    queue = {"kind": "queue", "team_id": team_id, "minutes": 90, "priority": priority}
    return {
        "name": phrase,
        "state": "on",
        "conditions": {"kind": "group", "match": "all", "negate": False, "of": [condition]},
        "body": {"kind": "routing", "actions": [{"kind": "route", "team_id": team_id}, queue]},
    }


class Town:
    """Those who write and those who answer, by whichever process lives; each asks again until it is answered."""

    def __init__(self, stage: Stage, played: Script, seconds: float, doors: list[httpx.AsyncClient]) -> None:
        self.stage = stage
        self.script = played
        self.pace = DAY_SECONDS / seconds
        self._doors = doors
        self._dice = random.Random(1)

    async def chats(self) -> None:
        """Everybody comes when it is their time."""
        await asyncio.gather(*(self._chat(number) for number in range(len(self.script.chats))))

    async def _chat(self, number: int) -> None:
        chat = self.script.chats[number]
        await asyncio.sleep(chat.at / self.pace)
        met = await self._ask("POST", "/widget/visitors", {}, {"channel": self.stage.world.site.key})
        message = {"client_id": str(uuid4()), "text": words(number, chat.team, chat.urgent)}
        headers = {"Authorization": f"Bearer {met['token']}"}
        await self._ask("POST", "/widget/conversation/messages", headers, message)

    async def closes(self) -> None:
        """Whatever an agent has had for as long as it takes is Done."""
        token = self.stage.world.sol.token
        headers = {"Cookie": f"__Host-alongside={token}", "X-CSRF-Token": csrf_of(token), "Origin": ORIGIN}
        closing: dict[str, asyncio.Task[Any]] = {}
        while True:
            for conversation_id, text, had in await asyncio.to_thread(self.stage.sql, HELD, list(closing)):
                if had >= self.script.chats[int(text.split()[1])].seconds / self.pace:
                    path = f"/conversations/{conversation_id}/status"
                    closing[conversation_id] = asyncio.create_task(
                        self._ask("PUT", path, headers, {"status": "done"}), name=path
                    )
            for each in [each for each, task in closing.items() if task.done()]:
                closing.pop(each).result()
            # No waiting for a fact: agents work on, and look this often whether one of their chats is over.
            await asyncio.sleep(0.1)

    async def _ask(self, method: str, path: str, headers: dict[str, str], body: object) -> Any:
        answers: list[httpx.Response] = []

        async def answered() -> bool:
            with suppress(httpx.TransportError):
                answers.append(await self._dice.choice(self._doors).request(method, path, headers=headers, json=body))
            return bool(answers) and answers[-1].status_code < 500

        await until(answered, what=f"{method} {path}")
        assert answers[-1].is_success, answers[-1].text
        return json.loads(answers[-1].content or b"null")


async def day(stage: Stage, played: Script, seconds: float, nemesis: Nemesis, pause: tuple[float, float]) -> None:
    """The whole of it in so many seconds, while a process is killed after each pause."""
    await make_rules(stage, played)
    async with AsyncExitStack() as stack:
        doors = [await stack.enter_async_context(stage.http(url)) for url in stage.urls]
        town = Town(stage, played, seconds, doors)
        agents = asyncio.create_task(town.closes())
        coming = asyncio.create_task(town.chats())
        await nemesis.strike(lambda dice: kill_one(stage, dice), pause, seconds, 2)
        await coming
        await until(lambda: stage.sql(UNDONE) == [(0,)] or agents.done(), what="every chat is done")
        agents.cancel()
        with suppress(asyncio.CancelledError):
            await agents
    await asyncio.to_thread(check, stage, played, len(nemesis.blows))


def check(stage: Stage, played: Script, kills: int) -> None:
    """Whom it was given to, and in which order."""
    given = stage.sql(GIVEN)
    assert len(given) == len(played.chats), "somebody was forgotten"
    assert {count for _, count in given} == {1}, "somebody was given twice"
    office = Office({agent_id: set(teams) for agent_id, teams in stage.sql(MEMBERS)})
    decided = [(row[1], office.decided, row) for row in stage.sql(DECIDED)]
    closed = [(at, office.closed, (conversation_id,)) for conversation_id, at in stage.sql(OVER)]
    for _, happened, values in sorted([*decided, *closed], key=lambda each: each[0]):
        happened(*values)
    assert not office.queue
    loads, waits = sorted(office.given.values()), sorted(office.waits) or [0.0]
    print(
        f"{len(given)} chats, {kills} kills, {loads[0]} / {statistics.median(loads):g} / {loads[-1]} for an agent; "
        f"{len(office.waits)} waited, half of them {statistics.median(waits):.1f} s, at most {waits[-1]:.1f} s"
    )


class Office:
    """What was decided, played again in its order: who has how many, and who waits where."""

    def __init__(self, teams: dict[UUID, set[int]]) -> None:
        self.teams = teams
        self.queue: dict[UUID, tuple[int, tuple[bool, datetime]]] = {}
        self.waits: list[float] = []
        self.given: Counter[UUID] = Counter()
        self._holders: dict[UUID, UUID] = {}
        self._loads: Counter[UUID] = Counter()

    def decided(
        self, chat: UUID, at: datetime, cause: str, outcome: str, agent_id: UUID, text: str, since: datetime
    ) -> None:
        """`since` is when the customer wrote."""
        team, urgent = read(text)
        place = (not urgent, since)
        if outcome == "queue":
            self.queue[chat] = (team, place)
            return
        assert outcome == "agent", (text, cause, outcome)
        self.queue.pop(chat, None)
        same = [other for wanted, other in self.queue.values() if wanted == team]
        if cause == "free":
            self.waits.append((at - since).total_seconds())
            assert not [other for other in same if other < place], f"{text!r} came before its turn"
        else:
            # Who comes takes only what is left by those who wait, even in a hurry.
            assert len(same) < self._room(team), f"{text!r} overtook one of {len(same)}"
        self._holders[chat] = agent_id
        self._loads[agent_id] += 1
        self.given[agent_id] += 1
        assert self._loads[agent_id] <= LIMIT, f"above the limit at {at}"

    def closed(self, chat: UUID) -> None:
        self._loads[self._holders[chat]] -= 1

    def _room(self, team: int) -> int:
        return sum(LIMIT - self._loads[agent_id] for agent_id, teams in self.teams.items() if team in teams)


async def test_a_short_day(fragile: Stage, seed: int) -> None:
    await day(fragile, script(160, 4, seed), 8, Nemesis(seed), (2, 4))


@pytest.mark.deep
@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("fragile", [3], ids=["three processes"], indirect=True)
async def test_a_long_day(fragile: Stage, seed: int) -> None:
    """The day of 10,000 chats of `bin/bench routing`, in twenty minutes: one of three processes killed each minute."""
    await day(fragile, script(10_000, 50, seed), 1_200, Nemesis(seed), (58, 62))
