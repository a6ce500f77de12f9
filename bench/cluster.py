"""The one PostgreSQL of a run: embedded, durable, with a database for each program and size of company."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from alongside.platform.embedded.postgres import EmbeddedPostgres
from bench import rest, seed, servers
from bench.machine import family


class Company(msgspec.Struct, frozen=True):
    """A seeded database and the ids of its conversations."""

    url: str
    conversation_ids: list[str]


class Cluster:
    """Makes databases in a running server."""

    def __init__(self, data_dir: Path, postgres: EmbeddedPostgres) -> None:
        self.data_dir = data_dir
        self._postgres = postgres

    async def empty(self, name: str) -> str:
        """The address of a new database."""
        return await servers.create_database(self._postgres, name)

    async def company(self, name: str, size: seed.Size) -> Company:
        """A new database with a company of this size."""
        url = await self.empty(name)
        return Company(url, await seed.seed(url, size))

    def processes(self) -> list[int]:
        """PostgreSQL's processes, as many as there are now."""
        pid = self._postgres.pid()
        return family(pid) if pid else []


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL in a folder of its own, gone afterwards."""
    with rest.folder() as data_dir:
        postgres = EmbeddedPostgres(data_dir)
        postgres.start()
        try:
            yield Cluster(data_dir, postgres)
        finally:
            postgres.stop()
