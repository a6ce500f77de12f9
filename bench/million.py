"""What agents do all day, in a company with a million messages: p50 and p99 over the product's own HTTP doors."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

import asyncpg
import msgspec

from alongside.platform.auth.tokens import csrf_of
from bench import servers, wire, words
from bench.cluster import Cluster, Company
from bench.load import percentiles
from bench.seed import agent_token

FOLDERS = ("unread", "unresolved", "done", "all")


class Act(msgspec.Struct, frozen=True):
    """Milliseconds of one thing agents do, as their browser waits for it."""

    name: str
    times: int
    p50: float
    p99: float


class Agent:
    """One signed-in agent over a kept-alive connection."""

    def __init__(self, peer: wire.HttpPeer, port: int, chance: random.Random, company: Company) -> None:
        token = agent_token(0)
        self._headers = {"Cookie": f"__Host-alongside={token}", "X-CSRF-Token": csrf_of(token)}
        self._peer = peer
        self._host = f"localhost:{port}"
        self._chance = chance
        self._ids = company.conversation_ids

    async def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> tuple[float, Any]:
        """Milliseconds and the answer. Raises `RuntimeError` for anything but success."""
        content = json.dumps(body).encode() if body else b""
        data = wire.request(method, f"/api/v1{path}", self._host, self._headers, content)
        began = time.perf_counter()
        status, answer = await self._peer.ask(data)
        took = (time.perf_counter() - began) * 1000
        if not 200 <= status < 300:  # 0 where the server had hung up
            raise RuntimeError(f"{method} {path}: {status} {answer[:300]!r}")
        return took, json.loads(answer)

    async def open_inbox(self) -> float:
        """The list as it first appears, with its counts."""
        rows, _ = await self.call("GET", "/conversations?folder=unread")
        counts, _ = await self.call("GET", "/conversations/counts")
        return rows + counts

    async def switch_status(self) -> float:
        """Another folder, perhaps of one's own, perhaps of one provider."""
        folder = self._chance.choice(FOLDERS)
        mine = self._chance.choice(("", "&mine=true"))
        took, _ = await self.call("GET", f"/conversations?folder={folder}{mine}")
        return took

    async def scroll_inbox(self) -> float:
        """The page of the list after the first."""
        _, page = await self.call("GET", "/conversations?folder=all")
        took, _ = await self.call("GET", f"/conversations?folder=all&cursor={page['next_cursor']}")
        return took

    async def search_name(self) -> float:
        """Part of a name, from one letter to a whole name, in some folder."""
        name = words.name(self._chance)
        typed = self._chance.choice((name, name.split()[0], name[:3], name[:2], name[1:5], "zzz", str(4711)))
        took, _ = await self.call("GET", f"/conversations?folder={self._chance.choice(FOLDERS)}&search={quote(typed)}")
        return took

    async def open_conversation(self) -> float:
        """A conversation with its newest entries."""
        took, _ = await self.call("GET", f"/conversations/{self._chance.choice(self._ids)}")
        return took

    async def page_back(self) -> float:
        """The 50 entries before some number of a long conversation."""
        took, _ = await self.call(
            "GET", f"/conversations/{self._ids[-1]}/entries?before={self._chance.randint(60, 900)}"
        )
        return took


async def million(cluster: Cluster, company: Company, times: int) -> list[Act]:
    """Each act `times` times, after a few that warm caches as any agent's first minute does."""
    ids = await _longest_last(company)
    with servers.alongside(cluster.data_dir, company.url) as (port, _, _):
        agent = Agent(await wire.http(port), port, random.Random(7), Company(company.url, ids))  # noqa: S311
        acts: dict[str, Callable[[], Awaitable[float]]] = {
            "open the inbox (list and counts)": agent.open_inbox,
            "switch status": agent.switch_status,
            "scroll the list": agent.scroll_inbox,
            "search a name": agent.search_name,
            "open a conversation": agent.open_conversation,
            "page back": agent.page_back,
        }
        return [await measure(name, act, times) for name, act in acts.items()]


async def measure(name: str, act: Callable[[], Awaitable[float]], times: int) -> Act:
    """Do it `times` times, after a few that do not count."""
    for _ in range(min(20, times)):
        await act()
    took = [await act() for _ in range(times)]
    return Act(name, times, *percentiles(took))


async def _longest_last(company: Company) -> list[str]:
    connection = await asyncpg.connect(company.url)
    try:
        longest = await connection.fetchval("SELECT id FROM conversation ORDER BY last_seq DESC LIMIT 1")
    finally:
        await connection.close()
    return [*company.conversation_ids, str(longest)]
