"""P10: while the database is away nothing is promised and nothing crashes; afterwards all goes on by itself."""

from __future__ import annotations

import asyncio
import os
import signal
from functools import partial

import pytest

from alongside.kit.ids import new_client_id
from alongside.platform.embedded.postgres import EmbeddedPostgres
from tests.harness.client import Client
from tests.harness.crowd import crowd
from tests.harness.stage import Stage
from tests.harness.until import until, within

RECOVERED_WITHIN = 10.0


def away(client: Client) -> int:
    """How often it was told that the database is away."""
    return sum(frame["code"] == "database-away" for frame in client.of_type("error"))


def is_refused_again(client: Client, earlier: int) -> bool:
    """It was told so more often than earlier."""
    return away(client) > earlier


async def outage(stage: Stage, server: EmbeddedPostgres, heartbeats: int) -> float:
    """Seconds from the return of the database to the first promise."""
    journal = stage.begin()
    async with crowd(stage, 4, 2) as people:
        people.talk()
        await until(lambda: len(journal.acknowledged) > 30)
        pid = server.pid()
        assert pid is not None
        os.kill(pid, signal.SIGINT)
        await until(lambda: server.pid() is None, what="the database is gone")
        # A socket's frames are answered in turn: whoever is refused now has every answer of before.
        earlier = {client.name: away(client) for client in people.everybody}
        for client in people.everybody:
            await client.until(partial(is_refused_again, client, earlier[client.name]))
        promised = len(journal.acknowledged)

        visitor = people.visitors[0]
        refusal = visitor.of_type("error")[-1]
        assert refusal["retry_after_ms"] > 0
        async with stage.http() as http, stage.widget(visitor.token or "") as widget:
            body = {"client_id": str(new_client_id()), "text": "by the other door"}
            answer = await widget.post("/conversation/messages", json=body)
            assert (answer.status_code, answer.json()["code"]) == (503, "database-away")
            assert "retry-after" in answer.headers
            root = str(http.base_url).replace("/api/v1/", "")
            assert (await http.get(f"{root}/healthz")).status_code == 200
            assert (await http.get(f"{root}/readyz")).status_code == 503
        beats = len(visitor.of_type("heartbeat")) + heartbeats
        await visitor.until(lambda: len(visitor.of_type("heartbeat")) >= beats, 25 * max(1, heartbeats))
        assert len(journal.acknowledged) == promised, "promised while the database was away"

        await asyncio.to_thread(server.start)
        took = await until(lambda: len(journal.acknowledged) > promised, what="it goes on")
        await people.hush()
        await people.agree()
        assert all(client.connections == 1 for client in people.everybody), "nobody had to reconnect"
    assert stage.node.alive
    print(f"goes on {took:.2f} s after the database is back; {journal.check(stage.database_url)}")
    return took


async def test_outage(enduring: Stage, durable: EmbeddedPostgres) -> None:
    await within(RECOVERED_WITHIN, lambda: outage(enduring, durable, heartbeats=1))


@pytest.mark.deep
async def test_outage_of_a_minute(enduring: Stage, durable: EmbeddedPostgres) -> None:
    await within(RECOVERED_WITHIN, lambda: outage(enduring, durable, heartbeats=6))
