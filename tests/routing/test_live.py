"""Over real sockets and processes: a rule gives a chat at once; who waits sees their place, and agents the queue."""

from __future__ import annotations

from typing import Any

from tests.harness.stage import Stage


async def test_from_a_rule_to_a_place_in_the_queue_to_an_agent(fragile: Stage) -> None:
    cast = fragile.world
    async with fragile.console(cast.sol, fragile.urls[-1]) as sol:
        made = await sol.post(
            "/rules/routing",
            json={
                "name": "Ada first",
                "state": "on",
                "conditions": {"kind": "group", "of": []},
                "body": {
                    "kind": "routing",
                    "actions": [
                        {"kind": "route", "agent_id": str(cast.ada.id)},
                        {"kind": "queue", "agent_id": str(cast.ada.id), "minutes": 30},
                    ],
                },
            },
        )
        assert made.status_code == 201, made.text
        limit = await sol.patch(f"/agents/{cast.ada.id}", json={"chat_limit": 1})
        assert limit.status_code == 200, limit.text
    first, second = await fragile.newcomer(), await fragile.newcomer()
    async with (
        fragile.visitor(first) as one,
        fragile.visitor(second) as other,
        fragile.agent(cast.ben) as ben,
        fragile.console(cast.ada) as ada_http,
    ):
        await one.send("I am first")
        await one.until(lambda: places(one)[-1:] == [1])
        await other.send("I am second")
        await other.until(lambda: places(other)[-1:] == [2])
        await ben.until(lambda: ben.of_type("queue_changed") != [])
        async with fragile.agent(cast.ada) as ada:
            assert (await ada_http.put("/me/online", json={"online": True})).status_code in (200, 204)
            await one.until(lambda: places(one)[-1:] == [None])
            await other.until(lambda: places(other)[-1:] == [1])
            await ada.until(lambda: ada.of_type("assigned") != [])
            # Whoever comes back is told where they stand.
            async with fragile.visitor(second) as again:
                await again.until(lambda: places(again)[-1:] == [1])
            conversation_id = await fragile.conversation_of(first)
            done = await ada_http.put(f"/conversations/{conversation_id}/status", json={"status": "done"})
            assert done.status_code == 200
            await other.until(lambda: places(other)[-1:] == [None])
    told = fragile.sql(
        "SELECT count(*), count(DISTINCT conversation_id) FROM entry WHERE kind = 'assignment' "
        "AND author_kind = 'system'"
    )
    assert told == [(2, 2)]


def places(visitor: Any) -> list[int | None]:
    """The places that a visitor was told, in order."""
    return [frame["place"] for frame in visitor.of_type("queue")]
