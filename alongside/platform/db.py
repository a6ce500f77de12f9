"""The database: units of work over asyncpg.

A `Work` is one transaction and the facts it will announce; a `Reading` only reads. Rows come back as asyncpg records
and are turned into structs by each domain's `queries.py`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Hashable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import asyncpg
import msgspec
import structlog

from alongside.platform import deeds
from alongside.platform.database_url import for_asyncpg
from alongside.platform.deeds import Deed
from alongside.platform.errors import Unavailable
from alongside.platform.events import Announcer, Fact
from alongside.platform.examine import explain
from alongside.platform.problem import OperatorError
from alongside.platform.together import Together, Told

ACQUIRE_SECONDS = 5.0
STATEMENT_SECONDS = 30.0

# What the driver raises when the server is away, full, starting or stopping. Programming errors are not among them.
OUTAGES: tuple[type[BaseException], ...] = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a connection whose end has been announced, and has not yet come
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.InsufficientResourcesError,
    asyncpg.ReadOnlySQLTransactionError,
)

ADVICE: dict[type[BaseException], str] = {
    asyncpg.DiskFullError: "The database's disk is full: make room.",
    asyncpg.TooManyConnectionsError: "Raise max_connections of the database, or lower database_pool_size or workers.",
    asyncpg.ReadOnlySQLTransactionError: "The database takes no writes: name the primary in database_url.",
}

Row = asyncpg.Record
log = structlog.get_logger()


class Outage:
    """Tells when the database goes and when it is back: once each, not once a request."""

    def __init__(self) -> None:
        self._since: float | None = None
        self._needs_write = False

    def failed(self, error: BaseException) -> None:
        """A use of the database failed."""
        if self._since is None:
            self._since = time.monotonic()
            # A full disk still lets us read: only a write proves that it is over.
            self._needs_write = isinstance(error, (asyncpg.DiskFullError, asyncpg.ReadOnlySQLTransactionError))
            advice = next((text for kind, text in ADVICE.items() if isinstance(error, kind)), "Check that it runs.")
            log.error("database.away", kind=type(error).__name__, advice=advice)

    def worked(self, *, wrote: bool) -> None:
        """A use of the database succeeded."""
        if self._since is not None and (wrote or not self._needs_write):
            log.warning("database.returned", seconds=round(time.monotonic() - self._since, 1))
            self._since = None


class Reading:
    """A connection to read with."""

    def __init__(self, connection: asyncpg.pool.PoolConnectionProxy[Row]) -> None:
        self._connection = connection

    async def rows(self, sql: str, *values: Any) -> list[Row]:
        """All rows."""
        return await self._connection.fetch(sql, *values)

    async def row(self, sql: str, *values: Any) -> Row | None:
        """The first row or None."""
        return await self._connection.fetchrow(sql, *values)

    async def value(self, sql: str, *values: Any) -> Any:
        """The first column of the first row, or None."""
        return await self._connection.fetchval(sql, *values)


class Work(Reading):
    """A unit of work: what it writes and what it announces happen together or not at all."""

    def __init__(self, connection: asyncpg.pool.PoolConnectionProxy[Row], *, in_transaction: bool = True) -> None:
        super().__init__(connection)
        self._in_transaction = in_transaction
        self.facts: list[Fact] = []
        self.deeds: list[Deed] = []

    async def run(self, sql: str, *values: Any) -> int:
        """Execute and return how many rows were touched."""
        status: str = await self._connection.execute(sql, *values)
        tail = status.rpartition(" ")[2]
        return int(tail) if tail.isdigit() else 0

    async def many(self, sql: str, values: Sequence[Sequence[Any]]) -> None:
        """Execute once per tuple of values, in one round trip."""
        await self._connection.executemany(sql, values)

    def announce(self, fact: Fact) -> None:
        """Tell the listeners, once this work is committed. A deed is kept by the audit log in the same transaction."""
        if isinstance(fact, Deed):
            if not self._in_transaction:
                raise RuntimeError("a deed is kept together with what was done: it needs `work`, not `statement`")
            self.deeds.append(fact)
        self.facts.append(fact)


class Database:
    """The pool, and the two ways to use it."""

    def __init__(self, pool: asyncpg.Pool[Row], announcer: Announcer) -> None:
        self._pool = pool
        self._announcer = announcer
        self._outage = Outage()
        self._lines: dict[str, Together] = {}

    @classmethod
    async def connect(cls, url: str, size: int, announcer: Announcer, name: str = "alongside") -> Database:
        """Open up to `size` connections, the first now; `name` is how the database's own lists show them.

        Raises `OperatorError` where the server refuses.
        """
        try:
            pool = await cls._pool_of(for_asyncpg(url, name), size)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise OperatorError(explain(str(error)), exit_code=1) from error
        return cls(pool, announcer)

    @staticmethod
    async def _pool_of(url: str, size: int) -> asyncpg.Pool[Row]:
        return await asyncpg.create_pool(
            url,
            min_size=1,
            max_size=size,
            max_inactive_connection_lifetime=300,
            command_timeout=STATEMENT_SECONDS,
            init=_prepare_connection,
            reset=_leave_as_is,
        )

    async def close(self) -> None:
        """Wait for running work, then close; after ten seconds close regardless."""
        try:
            await asyncio.wait_for(self._pool.close(), 10)
        except TimeoutError:
            self._pool.terminate()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Reading]:
        """Statements that each see the newest committed state."""
        async with self._connection() as connection:
            yield Reading(connection)

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Reading]:
        """Statements that all see the same instant."""
        async with (
            self._connection() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            yield Reading(connection)

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Work]:
        """One transaction. Facts go out after COMMIT; an exception rolls back and announces nothing."""
        async with self._connection(wrote=True) as connection:
            work = Work(connection)
            async with connection.transaction():
                yield work
                await deeds.keep(work, work.deeds)
        self._announcer.publish(work.facts)

    @asynccontextmanager
    async def statement(self, *, wrote: bool = True) -> AsyncIterator[Work]:
        """A unit of work whose only write is one statement, which commits by itself: a single round trip.

        More than one writing statement here would not be atomic. `wrote` is False where none writes.
        """
        async with self._connection(wrote=wrote) as connection:
            work = Work(connection, in_transaction=False)
            yield work
        self._announcer.publish(work.facts)

    async def together(
        self, sql: str, key: Hashable, values: Sequence[Any], tell: Callable[[Row], Told], eager: str | None = None
    ) -> Told | None:
        """As `statement`, for the hottest verb of all: callers who wait at the same time share one round trip.

        `platform/together.py` says what `sql` and `eager` must look like. Returns what `tell` made of the row, once it
        is committed and announced; None when the statement gave no row for this caller.
        """
        line = self._lines.get(sql)
        if line is None:
            line = self._lines[sql] = Together(sql, self.statement, eager)
        return await line.write(key, values, tell)

    async def look_up(self, sql: str, *values: Any) -> Row | None:
        """One row for one question that many ask at the same time: they share a round trip. `sql` as for `together`."""
        line = self._lines.get(sql)
        if line is None:
            line = self._lines[sql] = Together(sql, partial(self.statement, wrote=False))
        return await line.write(object(), values, _as_it_is)

    def tell(self, signal: Fact) -> None:
        """Announce what is not stored at all: typing and the like."""
        self._announcer.publish((signal,))

    @asynccontextmanager
    async def _connection(self, *, wrote: bool = False) -> AsyncIterator[asyncpg.pool.PoolConnectionProxy[Row]]:
        try:
            async with self._pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
                yield connection
            self._outage.worked(wrote=wrote)
        except OUTAGES as outage:
            self._outage.failed(outage)
            raise Unavailable(
                "database-away",
                "The database cannot be reached or is full. Try again in a moment; nothing is stored twice.",
            ) from outage


def _as_it_is(row: Row) -> Row:
    return row


async def _prepare_connection(connection: asyncpg.Connection[Row]) -> None:
    await connection.set_type_codec(
        "jsonb", schema="pg_catalog", encoder=_encode_json, decoder=msgspec.json.decode, format="text"
    )


def _encode_json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


async def _leave_as_is(connection: asyncpg.Connection[Row]) -> None:
    """The pool would spend a round trip on RESET after each use; no code here changes a session's state."""
