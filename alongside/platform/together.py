"""Many callers, one statement: what waits for the same write goes to the database in one round trip and one commit.

A commit costs a flush to disk and a walk through driver and executor, whatever it carries. While one is under way, the
callers who arrive line up; the next takes all of them. Alone, a caller waits for nobody.

Callers with the same key are written one after the other, in the order of arrival, so what a key's callers announce is
announced in the order of its commits.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Generic, Protocol, TypeVar

import asyncpg

from alongside.platform.events import Fact

Row = asyncpg.Record

# Statements under way at once: while one flushes to disk, the next is prepared.
STATEMENTS = 2
# Callers in one statement: enough to share its cost, few enough that nobody waits long for the others.
CALLERS = 64

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
    """

    def __init__(self, sql: str, statement: Callable[[], AbstractAsyncContextManager[Writing]]) -> None:
        self._sql = sql
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
        if self._ready and self._writing < STATEMENTS:
            self._writing += 1
            writer = asyncio.get_running_loop().create_task(self._write_all(), name="together")
            self._writers.add(writer)
            writer.add_done_callback(self._writers.discard)
        return await caller.answer

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
            await self._write(callers)
        finally:
            for key in keys:
                if self._waiting[key]:
                    self._ready.append(key)
                else:
                    del self._waiting[key]

    async def _write(self, callers: Sequence[_Caller[Any]]) -> None:
        try:
            async with self._statement() as work:
                rows = await work.rows(self._sql, *map(list, zip(*(each.values for each in callers), strict=True)))
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
                await self._write([caller])
        except BaseException as error:
            _refuse(callers, error)
            if not isinstance(error, Exception):
                raise
        else:
            for caller, fact in zip(callers, told, strict=True):
                if not caller.answer.done():
                    caller.answer.set_result(fact)


def _told(caller: _Caller[Any], row: Row | None) -> Any:
    return None if row is None else caller.tell(row)


def _refuse(callers: Sequence[_Caller[Any]], error: BaseException) -> None:
    for caller in callers:
        if not caller.answer.done():
            caller.answer.set_exception(error if isinstance(error, Exception) else asyncio.CancelledError())
