"""A visitor and an agent talk, through one process and through two of three."""

from __future__ import annotations

from tests.harness.stage import Stage


async def test_what_one_writes_the_other_has(deployed: Stage) -> None:
    journal = deployed.begin()
    token = await deployed.newcomer()
    here, there = deployed.urls[0], deployed.urls[-1]
    async with deployed.visitor(token, here) as visitor, deployed.agent(deployed.world.ada, there) as ada:
        assert (await visitor.send("Is the green one in stock?"))["seq"] == 1
        conversation_id = await deployed.conversation_of(token)
        log = await ada.open(conversation_id)
        answer = await ada.send(conversation_id, "It is.")
        await ada.note(conversation_id, "Only two left.")
        assert (answer["seq"], answer["public_seq"]) == (2, 2)
        await visitor.until(lambda: visitor.log.last == 2)
        await visitor.send("Two please!")
        await ada.until(lambda: log.last == 4)
    assert [item["text"] for item in visitor.log.items] == ["Is the green one in stock?", "It is.", "Two please!"]
    assert [item["kind"] for item in log.items] == ["message", "message", "note", "message"]
    print(journal.check(deployed.database_url))
