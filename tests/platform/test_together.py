"""Callers who share one statement: each gets its own answer, order holds, and one at fault harms nobody else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from alongside.platform.db import Database
from alongside.platform.events import Announcer, Fact
from alongside.platform.together import CALLERS

TABLE = "CREATE TABLE noted (place serial PRIMARY KEY, who int NOT NULL CHECK (who <> 13), xact xid8 NOT NULL)"
NOTE = """
WITH given AS (SELECT * FROM unnest($1::int[]) WITH ORDINALITY AS g (who, place))
INSERT INTO noted (who, xact) SELECT who, pg_current_xact_id() FROM given WHERE who > 0 ORDER BY given.place
RETURNING who, (SELECT place FROM given WHERE given.who = noted.who) AS place
"""


class Noted(Fact, frozen=True, kw_only=True):
    """Somebody was noted."""

    who: int


@pytest.fixture
def announced() -> list[Fact]:
    return []


@pytest.fixture
async def database(empty_database_url: str, announced: list[Fact]) -> AsyncIterator[Database]:
    announcer = Announcer()
    announcer.listen(Noted, announced.append)
    opened = await Database.connect(empty_database_url, 4, announcer)
    async with opened.work() as work:
        await work.run(TABLE)
    yield opened
    await opened.close()


async def note(database: Database, who: int, key: object = None) -> Noted | None:
    return await database.together(NOTE, key or who, [who], lambda row: Noted(who=row["who"]))


async def column(database: Database, sql: str) -> list[Any]:
    async with database.reading() as reading:
        return [row[0] for row in await reading.rows(sql)]


async def test_each_caller_gets_its_own_answer_and_all_are_announced_once(
    database: Database, announced: list[Fact]
) -> None:
    told = await asyncio.gather(*(note(database, who) for who in range(100, 400)))
    assert told == [Noted(who=who) for who in range(100, 400)]
    assert sorted(fact.who for fact in announced if isinstance(fact, Noted)) == list(range(100, 400))


async def test_callers_of_one_moment_share_commits(database: Database) -> None:
    await asyncio.gather(*(note(database, who) for who in range(100, 400)))
    per_commit = await column(database, "SELECT count(*) FROM noted GROUP BY xact")
    assert max(per_commit) > CALLERS // 2
    assert max(per_commit) <= CALLERS


async def test_one_key_is_written_in_the_order_of_arrival_and_never_twice_in_a_statement(
    database: Database, announced: list[Fact]
) -> None:
    await asyncio.gather(*(note(database, who, "the same") for who in range(100, 150)))
    assert await column(database, "SELECT who FROM noted ORDER BY place") == list(range(100, 150))
    assert await column(database, "SELECT count(*) FROM noted GROUP BY xact HAVING count(*) > 1") == []
    assert [fact.who for fact in announced if isinstance(fact, Noted)] == list(range(100, 150))


async def test_no_row_is_no_answer_and_no_announcement(database: Database, announced: list[Fact]) -> None:
    told = await asyncio.gather(note(database, 0), note(database, 5))
    assert told == [None, Noted(who=5)]
    assert announced == [Noted(who=5)]


async def test_one_at_fault_fails_alone(database: Database, announced: list[Fact]) -> None:
    told = await asyncio.gather(*(note(database, who) for who in range(10, 20)), return_exceptions=True)
    assert isinstance(told.pop(3), asyncpg.CheckViolationError)
    others = [who for who in range(10, 20) if who != 13]
    assert told == [Noted(who=who) for who in others]
    assert await column(database, "SELECT who FROM noted ORDER BY who") == others
    assert len(announced) == len(others)


async def test_a_caller_who_goes_away_is_announced_all_the_same(database: Database, announced: list[Fact]) -> None:
    leaving = asyncio.create_task(note(database, 7))
    await asyncio.sleep(0)
    leaving.cancel()
    assert await note(database, 8, 7) == Noted(who=8)  # the same key: written after the first
    assert announced == [Noted(who=7), Noted(who=8)]
    assert leaving.cancelled()


ASK = """
SELECT who, g.place, statement_timestamp() AS moment
FROM unnest($1::int[]) WITH ORDINALITY AS g (wanted, place) JOIN noted ON who = wanted
"""


async def test_questions_of_one_moment_share_a_round_trip_and_each_gets_its_own_row(database: Database) -> None:
    for who in (1, 2):
        await note(database, who)
    rows = await asyncio.gather(*(database.look_up(ASK, who) for who in (2, 1, 3, 2)))
    assert [row and row["who"] for row in rows] == [2, 1, None, 2]
    assert len({row["moment"] for row in rows if row}) == 1


async def test_a_question_is_answered_from_what_is_committed_when_it_is_asked(database: Database) -> None:
    assert await database.look_up(ASK, 5) is None
    await note(database, 5)
    row = await database.look_up(ASK, 5)
    assert row is not None
