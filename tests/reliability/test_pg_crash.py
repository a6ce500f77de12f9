"""P02: an acknowledged message survives a crash of PostgreSQL, and a database that may forget is refused."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from alongside.platform.embedded.postgres import EmbeddedPostgres
from tests.harness.crowd import crowd
from tests.harness.nodes import SETTINGS
from tests.harness.ports import free_port
from tests.harness.stage import Stage
from tests.harness.until import until

DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}


async def crash(server: EmbeddedPostgres) -> None:
    """`pg_ctl -m immediate stop`, and up again: it recovers from its log."""
    pid = server.pid()
    assert pid is not None
    os.kill(pid, signal.SIGQUIT)
    await until(lambda: server.pid() is None, what="the database is gone")
    await asyncio.to_thread(server.start)


async def crash_and_check(stage: Stage, server: EmbeddedPostgres, crashes: int) -> None:
    journal = stage.begin()

    async def more(count: int) -> None:
        enough = len(journal.acknowledged) + count
        await until(lambda: len(journal.acknowledged) >= enough, what=f"{count} more are acknowledged")

    async with crowd(stage, 6, 2) as people:
        people.talk()
        for _ in range(crashes):
            await more(40)
            await crash(server)
        await more(20)
        await people.hush()
        await people.agree()
        assert all(client.connections == 1 for client in people.everybody), "nobody's socket had to close"
    print(f"{crashes} crashes; {journal.check(stage.database_url)}")


async def test_acknowledged_survives(enduring: Stage, durable: EmbeddedPostgres) -> None:
    await crash_and_check(enduring, durable, 2)


@pytest.mark.deep
@pytest.mark.timeout(600)
async def test_acknowledged_survives_many(enduring: Stage, durable: EmbeddedPostgres) -> None:
    await crash_and_check(enduring, durable, 12)


def test_the_embedded_database_keeps_its_word(durable: EmbeddedPostgres) -> None:
    with psycopg.connect(durable.url) as connection:
        for name, wanted in DURABLE.items():
            assert connection.execute(f"SHOW {name}".encode()).fetchone() == (wanted,)


def test_a_database_that_may_forget_is_refused(fresh_database_url: str, tmp_path: Path) -> None:
    """The server of the tests has fsync off; without the explicit permission nothing is served from it."""
    own = SETTINGS | {"ALLOW_WEAK_DURABILITY": "false", "DATABASE_URL": fresh_database_url, "DATA_DIR": str(tmp_path)}
    environment = os.environ | {f"ALONGSIDE_{name}": value for name, value in own.items()}
    done = subprocess.run(
        [sys.executable, "-m", "alongside.cli", "serve", "--port", str(free_port())],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "fsync" in done.stderr
