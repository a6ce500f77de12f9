"""Many callers, one statement: what waits for the same write goes to the database in one round trip and one commit.

A commit costs a flush to disk and a walk through driver and executor, whatever it carries. While one is under way, the
callers who arrive line up; the next takes all of them. Alone, a caller waits for nobody.

Callers with the same key are written one after the other, in the order of arrival, so what a key's callers announce is
announced in the order of its commits.

Nobody waits for another key's row: where a statement can leave out rows that somebody else holds (`eager`), it goes
first, and whoever it left out waits alone, outside the line.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Hashable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Generic, Protocol, TypeVar

import asyncpg

from alongside.platform.events import Fact

Row = asyncpg.Record

# Statements under way at once: while one flushes to disk, the next is prepared.
STATEMENTS = 2
# Callers in one statement: enough to share its cost, few enough that nobody waits long for the others.
CALLERS = 64
# Callers who wait alone at once, each on a connection of its own; it leaves some of the pool to everybody else.
ALONE = 4

Told = TypeVar("Told")


class Writing(Protocol):
    """A unit of work of one statement (`platform/db.py` has it)."""

    async def rows(self, sql: str, *values: Any) -> list[Row]:
        """All rows."""

    def announce(self, fact: Fact) -> None:
        """Tell the listeners, once it is committed."""


class _Caller(Generic[Told]):
    __slots__ = ("answer", "key", "tell", "values")

    def __init__(self, key: Hashable, values: Sequence[Any], tell: Callable[[Row], Told]) -> None:
        self.key = key
        self.values = values
        self.tell = tell
        self.answer: asyncio.Future[Told | None] = asyncio.get_running_loop().create_future()


class Together:
    """The line before one statement.

    `sql` takes one array per value, all of the same length, and answers with at most one row for each place; the
    column `place` says which, from 1. It is a single statement, so it commits by itself, wholly or not at all.
    `eager` is the same statement, but gives no row for places whose row in the database somebody else holds just now.
    """

    def __init__(
        self, sql: str, statement: Callable[[], AbstractAsyncContextManager[Writing]], eager: str | None = None
    ) -> None:
        self._sql = sql
        self._eager = eager
        self._alone = asyncio.Semaphore(ALONE)
        self._statement = statement
        self._waiting: dict[Hashable, deque[_Caller[Any]]] = {}
        self._ready: deque[Hashable] = deque()
        self._writers: set[asyncio.Task[None]] = set()
        self._writing = 0

    async def write(self, key: Hashable, values: Sequence[Any], tell: Callable[[Row], Told]) -> Told | None:
        """Write, and return what `tell` makes of the row, once it is committed; None without a row.

        A fact is announced as well, even if the caller has meanwhile gone away. Raises what the statement raises for
        this caller.
        """
        caller = _Caller(key, values, tell)
        line = self._waiting.get(key)
        if line is None:
            self._waiting[key] = deque([caller])
            self._ready.append(key)
        else:
            line.append(caller)
        self._wake()
        return await caller.answer

    def _wake(self) -> None:
        if self._ready and self._writing < STATEMENTS:
            self._writing += 1
            self._run(self._write_all())

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work, name="together")
        self._writers.add(task)
        task.add_done_callback(self._writers.discard)

    async def _write_all(self) -> None:
        try:
            while self._ready:
                await self._write_some()
        finally:
            # In the same breath as the last look at `_ready`: who arrives now finds that a writer is missing.
            self._writing -= 1

    async def _write_some(self) -> None:
        keys = [self._ready.popleft() for _ in range(min(CALLERS, len(self._ready)))]
        callers = [self._waiting[key].popleft() for key in keys]
        try:
            await self._write(callers, self._eager or self._sql)
        finally:
            for caller in callers:
                if caller.answer.done():
                    self._next(caller.key)
                else:
                    self._run(self._write_alone(caller))

    async def _write_alone(self, caller: _Caller[Any]) -> None:
        """For who was left out: because somebody holds the row, or because there is nothing to write."""
        try:
            async with self._alone:
                await self._write([caller], self._sql)
        finally:
            self._next(caller.key)
            self._wake()

    def _next(self, key: Hashable) -> None:
        """The key's turn is over: its next caller lines up."""
        if self._waiting[key]:
            self._ready.append(key)
        else:
            del self._waiting[key]

    async def _write(self, callers: Sequence[_Caller[Any]], sql: str) -> None:
        try:
            async with self._statement() as work:
                rows = await work.rows(sql, *map(list, zip(*(each.values for each in callers), strict=True)))
                found = {row["place"]: row for row in rows}
                told = [_told(each, found.get(place)) for place, each in enumerate(callers, 1)]
                for fact in told:
                    if isinstance(fact, Fact):
                        work.announce(fact)
        except asyncpg.PostgresError as error:
            if len(callers) == 1:
                _refuse(callers, error)
                return
            # One of them is at fault, and nothing of the others was written: each fails or succeeds alone.
            for caller in callers:
                await self._write([caller], sql)
        except BaseException as error:
            _refuse(callers, error)
            if not isinstance(error, Exception):
                raise
        else:
            for caller, fact in zip(callers, told, strict=True):
                if not caller.answer.done() and (fact is not None or sql == self._sql):
                    caller.answer.set_result(fact)


def _told(caller: _Caller[Any], row: Row | None) -> Any:
    return None if row is None else caller.tell(row)


def _refuse(callers: Sequence[_Caller[Any]], error: BaseException) -> None:
    for caller in callers:
        if not caller.answer.done():
            caller.answer.set_exception(error if isinstance(error, Exception) else asyncio.CancelledError())
