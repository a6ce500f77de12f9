"""The log tells once that the database is away, and once that it is back; a start without it ends in a sentence."""

from __future__ import annotations

import asyncpg
import psycopg
import pytest
from structlog.testing import capture_logs

from alongside.platform.db import Database, Outage
from alongside.platform.events import Announcer
from alongside.platform.problem import OperatorError


def told(outage: Outage, *happened: BaseException | bool) -> list[str]:
    """What is logged of failures, and of successes (True: something was written)."""
    with capture_logs() as lines:
        for each in happened:
            outage.worked(wrote=each) if isinstance(each, bool) else outage.failed(each)
    return [line["event"] for line in lines]


def test_an_outage_is_two_lines() -> None:
    failures = [OSError("refused")] * 50
    assert told(Outage(), True, *failures, False, True, *failures) == [
        "database.away",
        "database.returned",
        "database.away",
    ]


def test_a_full_disk_is_over_when_something_could_be_written() -> None:
    full = asyncpg.DiskFullError("no space")
    assert told(Outage(), full, False, full, False, True) == ["database.away", "database.returned"]


def test_it_says_what_to_do() -> None:
    with capture_logs() as lines:
        Outage().failed(asyncpg.DiskFullError("no space"))
    assert "make room" in lines[0]["advice"]


async def test_a_database_without_a_connection_left_is_a_sentence(empty_database_url: str) -> None:
    with psycopg.connect(empty_database_url, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS unwelcome")
        connection.execute("CREATE ROLE unwelcome LOGIN CONNECTION LIMIT 0")
    with pytest.raises(OperatorError, match="no connection left"):
        await Database.connect(empty_database_url.replace("://alongside@", "://unwelcome@"), 2, Announcer())
