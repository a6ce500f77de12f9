"""P50: races have one winner."""

from __future__ import annotations

import asyncio
from uuid import UUID

import httpx

from alongside.kit.ids import new_client_id
from tests.harness.stage import Stage

MANY = 50


async def test_fifty_first_messages_begin_one_conversation(deployed: Stage) -> None:
    journal = deployed.begin()
    token = await deployed.newcomer()
    tabs = [deployed.visitor(token, name=f"tab {place}") for place in range(5)]
    for tab in tabs:
        tab.start()
        await tab.until(lambda tab=tab: tab.settled)  # type: ignore[misc]

    async def by_http(place: int, client: httpx.AsyncClient) -> int:
        client_id, text = new_client_id(), f"number {place}"
        journal.sent(f"http {place}", client_id, text)
        answer = await client.post("/conversation/messages", json={"client_id": str(client_id), "text": text})
        assert answer.status_code == 201, answer.text
        message = answer.json()["message"]
        journal.acked(client_id, message["seq"], message["text"])
        return int(message["seq"])

    async def by_socket(place: int) -> int:
        return int((await tabs[place % 5].send(f"number {place}"))["seq"])

    doors = [deployed.widget(token, url) for url in deployed.urls]
    work = [by_socket(n) if n % 2 else by_http(n, doors[n % len(doors)]) for n in range(MANY)]
    numbers = await asyncio.gather(*work)
    for each in (*doors, *tabs):
        await (each.aclose() if isinstance(each, httpx.AsyncClient) else each.stop())
    assert sorted(numbers) == list(range(1, MANY + 1))
    found = deployed.sql(
        "SELECT count(*) FROM conversation c JOIN identity i USING (contact_id) "
        "WHERE i.secret_hash = sha256(convert_to(%s, 'UTF8'))",
        token,
    )
    assert found == [(1,)]
    journal.check(deployed.database_url)


async def test_closing_against_writing(deployed: Stage) -> None:
    """However an agent's Done and a visitor's message meet, status, episodes and counts are what the log says."""
    journal = deployed.begin()
    token = await deployed.newcomer()
    async with deployed.visitor(token) as visitor, deployed.agent(deployed.world.ada) as ada:
        await visitor.send("hello")
        conversation_id = await deployed.conversation_of(token)
        async with deployed.console(deployed.world.ben, deployed.urls[-1]) as ben:
            for turn in range(25):
                closing = ben.put(f"/conversations/{conversation_id}/status", json={"status": "done"})
                answers = await asyncio.gather(
                    visitor.send(f"visitor {turn}"),
                    closing,
                    ada.send(conversation_id, f"ada {turn}", then_done=turn % 2 == 0),
                )
                assert answers[1].status_code == 200
    journal.check(deployed.database_url)


async def test_fifty_assignments_have_one_winner(deployed: Stage) -> None:
    cast = deployed.world
    token = await deployed.newcomer()
    async with deployed.visitor(token) as visitor:
        await visitor.send("hello")
    conversation_id = await deployed.conversation_of(token)
    doors = {who.id: deployed.console(who, deployed.urls[-1]) for who in (cast.ada, cast.ben)}
    agents = [cast.ada.id, cast.ben.id]

    async def take(agent_id: UUID) -> None:
        body = {"agent_id": str(agent_id), "team_id": None}
        answer = await doors[agent_id].put(f"/conversations/{conversation_id}/assignment", json=body)
        assert answer.status_code == 200, answer.text

    await asyncio.gather(*(take(agents[n % 2]) for n in range(MANY)))
    for door in doors.values():
        await door.aclose()
    last = deployed.sql(
        "SELECT data ->> 'agent_id' FROM entry WHERE conversation_id = %s AND kind = 'assignment' "
        "ORDER BY seq DESC LIMIT 1",
        conversation_id,
    )
    stored = deployed.sql("SELECT assignee_id::text FROM conversation WHERE id = %s", conversation_id)
    assert last == stored


async def test_two_agents_take_the_same_chat_and_the_other_is_told_who_has_it(deployed: Stage) -> None:
    """ "Assign to me" of both at once, as the console asks: what nobody has. Round after round one of them wins."""
    cast = deployed.world
    doors = {
        who.actor.display_name: (who.id, deployed.console(who, url))
        for who, url in ((cast.ada, deployed.urls[0]), (cast.ben, deployed.urls[-1]))
    }

    async def take(name: str, conversation_id: UUID) -> httpx.Response:
        agent_id, door = doors[name]
        body = {"agent_id": str(agent_id), "team_id": None, "held_by": None}
        return await door.put(f"/conversations/{conversation_id}/assignment", json=body)

    for turn in range(20):
        token = await deployed.newcomer()
        async with deployed.visitor(token) as visitor:
            await visitor.send(f"hello {turn}")
        conversation_id = await deployed.conversation_of(token)
        names = ["Ada", "Ben"] if turn % 2 else ["Ben", "Ada"]
        answers = dict(zip(names, await asyncio.gather(*(take(name, conversation_id) for name in names)), strict=True))
        winner, loser = sorted(names, key=lambda name: answers[name].status_code)
        assert (answers[winner].status_code, answers[loser].status_code) == (200, 409)
        told = answers[loser].json()
        assert (told["code"], told["message"]) == ("taken", f"{winner} has this conversation by now.")
        # Who has it may press again; who has not may take it from them knowingly.
        assert (await take(winner, conversation_id)).status_code == 200
        stored = deployed.sql("SELECT assignee_id FROM conversation WHERE id = %s", conversation_id)
        assert stored == [(doors[winner][0],)]
    for _, door in doors.values():
        await door.aclose()
