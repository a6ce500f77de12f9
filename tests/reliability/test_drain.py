"""SIGTERM: everybody is told when to come back, closed with 1012, and nothing is lost."""

from __future__ import annotations

from tests.harness.crowd import crowd
from tests.harness.stage import Stage
from tests.harness.until import until

LEAVES_WITHIN = 25.0
RESTART = 1012


async def test_leaves_in_order(fragile: Stage, seed: int) -> None:
    journal = fragile.begin()
    async with crowd(fragile, 6, 3, seed=seed) as people:
        people.talk()
        await until(lambda: len(journal.acknowledged) > 50)
        took = [await node.terminate(LEAVES_WITHIN) for node in fragile.nodes]
        for client in people.everybody:
            assert client.closes, f"{client.name} was not closed"
            assert client.closes[0][0] == RESTART, f"{client.name} was closed with {client.closes}"
            waits = [frame["retry_in_ms"] for frame in client.of_type("going_away")]
            assert waits, f"{client.name} was not told when to come back"
            assert all(0 < wait <= 3_000 for wait in waits)
        assert len({client.of_type("going_away")[0]["retry_in_ms"] for client in people.everybody}) > 3, "not spread"
        for node in fragile.nodes:
            node.start()
        for node in fragile.nodes:
            await node.ready()
        await people.hush()
        await people.agree()
    print(f"left after {[round(each, 2) for each in took]} s; {journal.check(fragile.database_url)}")
