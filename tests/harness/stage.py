"""A whole deployment for proofs: a database, one or several server processes, the cast of tests/world.py."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import psycopg

from alongside.platform.auth.tokens import csrf_of
from alongside.platform.embedded.nats import EmbeddedNats
from tests import world as cast
from tests.harness import invariants
from tests.harness.clients import AgentClient, VisitorClient
from tests.harness.journal import Journal
from tests.harness.nodes import ORIGIN, Node


class Stage:
    """Nodes on one database, and everybody who acts. Clients come back to any of the nodes."""

    def __init__(self, database_url: str, nodes: Sequence[Node], world: cast.World) -> None:
        self.database_url = database_url
        self.nodes = list(nodes)
        self.world = world
        self.journal = self.begin()
        self._doomed: cast.Colleague | None = None

    def begin(self) -> Journal:
        """A new history: from now on every client writes into it."""
        earlier = self.sql("SELECT client_id FROM entry WHERE client_id IS NOT NULL")
        self.journal = Journal(frozenset(client_id for (client_id,) in earlier))
        return self.journal

    @property
    def urls(self) -> list[str]:
        return [node.url for node in self.nodes]

    @property
    def node(self) -> Node:
        return self.nodes[0]

    def http(self, url: str | None = None) -> httpx.AsyncClient:
        """Plain HTTP to a node, below /api/v1."""
        return httpx.AsyncClient(base_url=f"{url or self.node.url}/api/v1", timeout=30)

    def console(self, who: cast.Colleague, url: str | None = None) -> httpx.AsyncClient:
        """HTTP with the session of a colleague."""
        headers = {
            "Cookie": f"__Host-alongside={who.token}",
            "X-CSRF-Token": csrf_of(who.token),
            "Origin": ORIGIN,
        }
        return httpx.AsyncClient(base_url=f"{url or self.node.url}/api/v1", headers=headers, timeout=30)

    def widget(self, token: str, url: str | None = None) -> httpx.AsyncClient:
        """HTTP with a visitor's token."""
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.AsyncClient(base_url=f"{url or self.node.url}/api/v1/widget", headers=headers, timeout=30)

    def agent(self, who: cast.Colleague, *urls: str, **options: Any) -> AgentClient:
        """A console."""
        options.setdefault("journal", self.journal)
        return AgentClient(*(urls or self.urls), token=who.token, csrf=csrf_of(who.token), **options)

    def visitor(self, token: str | None, *urls: str, **options: Any) -> VisitorClient:
        """A tab with the widget."""
        options.setdefault("journal", self.journal)
        return VisitorClient(*(urls or self.urls), channel=self.world.site.key, token=token, **options)

    async def hire(self, permissions: Sequence[str]) -> cast.Colleague:
        """One more agent, whose role grants just these."""
        name = f"Temp{random.getrandbits(48):x}"
        async with cast.open_database(self.database_url, cast.Facts()) as database:
            role_id = await cast.make_role(database, name, list(permissions))
            return await cast.hire(self.world.config, database, name, role_id)

    async def doomed(self) -> cast.Colleague:
        """An agent whose sessions tests may end; everybody else's are shared."""
        if self._doomed is None:
            self._doomed = await self.hire(["conversations.reply"])
        return self._doomed

    async def newcomer(self) -> str:
        """A new anonymous visitor; their token."""
        async with self.http(random.choice(self.urls)) as http:
            answer = await http.post("/widget/visitors", json={"channel": self.world.site.key})
        assert answer.status_code == 201, answer.text
        token: str = answer.json()["token"]
        return token

    async def conversation_of(self, token: str) -> UUID:
        """The conversation of a visitor who has written."""
        found = await asyncio.to_thread(
            self.sql,
            "SELECT c.id FROM conversation c JOIN identity i USING (contact_id, channel_id) "
            "WHERE i.secret_hash = sha256(convert_to(%s, 'UTF8'))",
            token,
        )
        conversation_id: UUID = found[0][0]
        return conversation_id

    def sql(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Look into the database, or change it behind the server's back."""
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            cursor = connection.execute(statement.encode(), values)
            return cursor.fetchall() if cursor.description else []

    def entries(self, conversation_id: UUID) -> list[tuple[int, int | None, str]]:
        """The log as stored: number, the visitor's number, text."""
        found = self.sql(
            "SELECT seq, public_seq, text FROM entry WHERE conversation_id = %s ORDER BY seq", conversation_id
        )
        return [(seq, public_seq, text) for seq, public_seq, text in found]


@contextmanager
def stage(
    database_url: str, folder: Path, count: int = 1, nats: EmbeddedNats | None = None, **settings: str
) -> Iterator[Stage]:
    """Start everything; at the end nothing remains, and every log has been replayed."""
    nodes = [Node(database_url, nats.url.reveal() if nats else None, **settings) for _ in range(count)]
    try:
        for node in nodes:
            node.start()
        world = asyncio.run(_cast(database_url, folder))
        for node in nodes:
            node.wait_ready()
        yield Stage(database_url, nodes, world)
        invariants.check(database_url)
    finally:
        for node in nodes:
            node.end()


async def _cast(database_url: str, folder: Path) -> cast.World:
    config = cast.make_config(database_url, folder, public_url=ORIGIN)
    facts = cast.Facts()
    async with cast.open_database(database_url, facts) as database:
        return await cast.build(config, database, facts)
