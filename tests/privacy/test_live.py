"""Who looks at a person who is erased is told at once, and the visitor's sockets close."""

from __future__ import annotations

from tests.harness.stage import Stage
from tests.world import COLLEAGUE


async def test_consoles_and_widgets_hear_of_it(deployed: Stage) -> None:
    token = await deployed.newcomer()
    async with deployed.visitor(token) as tab, deployed.agent(deployed.world.ada) as console:
        await tab.send("Please forget me")
        conversation_id = await deployed.conversation_of(token)
        await console.open(conversation_id)
        contact_id = console.rows[str(conversation_id)]["contact"]["id"]
        async with deployed.console(deployed.world.sol) as sol:
            assert (await sol.delete(f"/contacts/{contact_id}")).status_code == 204
        await console.until(lambda: bool(console.of_type("contact_erased")))
        frame = console.of_type("contact_erased")[0]
        assert (frame["contact_id"], frame["conversation_ids"]) == (contact_id, [str(conversation_id)])
        await tab.until(lambda: bool(tab.closes))
        assert tab.closes[0][0] == 4401
    async with deployed.widget(token) as http:
        assert (await http.get("/conversation")).status_code == 401
    deployed.journal = deployed.begin()


async def test_only_who_knew_the_person_hears_of_it(deployed: Stage) -> None:
    hidden, seen = await deployed.newcomer(), await deployed.newcomer()
    own = await deployed.hire(COLLEAGUE)
    deployed.sql("UPDATE role r SET sees = 'own' FROM agent a WHERE r.id = a.role_id AND a.id = %s", own.id)
    people = []
    for token in (hidden, seen):
        async with deployed.visitor(token) as tab:
            await tab.send("hello")
        conversation_id = await deployed.conversation_of(token)
        people.append(deployed.sql("SELECT contact_id FROM conversation WHERE id = %s", conversation_id)[0][0])
        if token == hidden:
            given = {"agent_id": str(deployed.world.ada.id), "team_id": None}
            async with deployed.console(deployed.world.sol) as sol:
                await sol.put(f"/conversations/{conversation_id}/assignment", json=given)
    async with deployed.agent(own) as console, deployed.console(deployed.world.sol) as sol:
        for contact_id in people:
            assert (await sol.delete(f"/contacts/{contact_id}")).status_code == 204
        await console.until(lambda: bool(console.of_type("contact_erased")))
        assert [each["contact_id"] for each in console.of_type("contact_erased")] == [str(people[1])]
    deployed.journal = deployed.begin()
