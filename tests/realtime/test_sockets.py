"""Both doors' sockets: what comes first, what is followed, what ends with the page."""

from __future__ import annotations

import asyncio
from functools import partial
from uuid import uuid4

from tests.harness.clients import AgentClient, VisitorClient
from tests.harness.stage import Stage


def has_all(client: VisitorClient, last: int) -> bool:
    """Its log goes up to this entry."""
    return client.log.last == last


async def test_nothing_comes_before_the_welcome(deployed: Stage) -> None:
    """Sockets are opened while messages fly: each first frame is the welcome, and none is missed after it."""
    token = await deployed.newcomer()
    async with deployed.visitor(token) as visitor, deployed.agent(deployed.world.ada) as ada:
        await visitor.send("hello")
        conversation_id = await deployed.conversation_of(token)
        await ada.open(conversation_id)
        calm = asyncio.Event()

        async def talk() -> None:
            while not calm.is_set():
                await visitor.send("a message")
                await ada.send(conversation_id, "an answer")

        talking = asyncio.create_task(talk())
        late: list[VisitorClient | AgentClient] = []
        for _ in range(12):
            tab, console = deployed.visitor(token), deployed.agent(deployed.world.ben)
            late += [tab, console]
            tab.start()
            console.start()
            await tab.until(lambda tab=tab: tab.settled)  # type: ignore[misc]
            await console.until(lambda console=console: len(console.of_type("row")) > 0)  # type: ignore[misc]
        calm.set()
        await talking
        last = (await visitor.send("the last"))["seq"]
        for client in late:
            assert client.frames[0][1]["type"] == "welcome"
            if isinstance(client, VisitorClient):
                await client.until(partial(has_all, client, last))
            await client.stop()


async def test_a_stale_position_gets_everything_anew(one: Stage) -> None:
    """Another epoch, a number beyond the log, and one too far behind are answered from scratch; others by the rest."""
    token = await one.newcomer()
    async with one.visitor(token) as visitor:
        for number in range(5):
            await visitor.send(f"message {number}")
        epoch = visitor.log.epoch
        for position, answer in (
            ({"epoch": epoch, "seq": 2}, "resumed"),
            ({"epoch": epoch, "seq": 5}, "resumed"),
            ({"epoch": epoch, "seq": 6}, "reset"),
            ({"epoch": str(uuid4()), "seq": 2}, "reset"),
        ):
            told = len(visitor.of_type(answer))
            await visitor.say({"type": "resume", "position": position})
            await visitor.until(lambda: len(visitor.of_type(answer)) > told)  # noqa: B023
        assert [message["seq"] for message in visitor.of_type("resumed")[-2]["messages"]] == [3, 4, 5]
        assert visitor.of_type("resumed")[-1]["messages"] == []


async def test_more_than_five_hundred_behind(one: Stage) -> None:
    """P55 small: the answer is bounded whatever was missed; the rest is paged."""
    token = await one.newcomer()
    async with one.visitor(token) as visitor, one.agent(one.world.ada) as ada, one.agent(one.world.ben) as ben:
        await visitor.send("first")
        conversation_id = await one.conversation_of(token)
        await ada.open(conversation_id)
        position = ada.logs[str(conversation_id)].position
        await visitor.stop()
        for number in range(510):
            await ada.send(conversation_id, f"message {number}")
        visitor.start()
        await visitor.until(lambda: visitor.log.last == 511 and visitor.log.resets == 2)
        snapshot = visitor.of_type("reset")[-1]["snapshot"]
        assert (len(snapshot["messages"]), snapshot["has_more"]) == (50, True)
        await ben.say({"type": "open", "conversation_id": str(conversation_id), "resume": position})
        await ben.until(lambda: bool(ben.of_type("opened")))
        assert len(ben.of_type("opened")[-1]["snapshot"]["entries"]) == 50


async def test_leaving_ends_the_entries_and_keeps_the_rows(one: Stage) -> None:
    token = await one.newcomer()
    async with one.visitor(token) as visitor, one.agent(one.world.ada) as ada:
        await visitor.send("hello")
        await ada.say({"type": "open", "conversation_id": str(uuid4())})
        await ada.until(lambda: bool(ada.of_type("error")))
        assert ada.of_type("error")[-1]["code"] == "no-such-conversation"
        log = await ada.open(await one.conversation_of(token))
        await ada.say({"type": "leave", "conversation_id": str(await one.conversation_of(token))})
        await ada.say({"type": "hello", "csrf": "x"})  # answered in turn: the leave is done
        await ada.until(lambda: ada.of_type("error")[-1]["code"] == "already-greeted")
        entries = len(ada.of_type("entry"))
        await visitor.send("nobody has this open")
        await ada.until(lambda: any(row["row"]["last_seq"] == 2 for row in ada.of_type("row")))
        assert (len(ada.of_type("entry")), log.last) == (entries, 1)


async def test_a_page_that_closes_is_a_visit_that_ends(deployed: Stage) -> None:
    """However the page went: in order, or without a word."""
    token = await deployed.newcomer()
    async with deployed.visitor(token, deployed.urls[0]) as visitor:
        await visitor.send("hello")
        conversation_id = await deployed.conversation_of(token)
        async with deployed.agent(deployed.world.ada, deployed.urls[-1]) as ada:
            await ada.open(conversation_id)
            await visitor.stop()
            # That they came may be told late, over the bus.
            await ada.until(lambda: told_online(ada)[-1:] == [False])
            visitor.start()
            await ada.until(lambda: told_online(ada)[-1])
            await visitor.until(lambda: visitor.settled)
            visitor.cut()
            await ada.until(lambda: not told_online(ada)[-1])


def told_online(console: AgentClient) -> list[bool]:
    """Whether the visitor is there, as a console was told."""
    return [page["online"] for page in console.of_type("visitor_page")]
