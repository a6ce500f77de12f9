"""Everybody hears of a ticket and can catch up by its number; visitors hear nothing."""

from __future__ import annotations

from alongside.kit.ids import new_client_id
from tests.harness.stage import Stage


async def test_consoles_hear_of_each_change_and_visitors_of_none(deployed: Stage) -> None:
    cast, token = deployed.world, await deployed.newcomer()
    async with (
        deployed.visitor(token, deployed.urls[0]) as tab,
        deployed.agent(cast.ben, deployed.urls[-1]) as ben,
        deployed.console(cast.ada, deployed.urls[0]) as ada,
    ):
        await tab.send("my tent leaks")
        conversation_id = await deployed.conversation_of(token)
        body = {"client_id": str(new_client_id()), "conversation_id": str(conversation_id)}
        number = (await ada.post("/tickets", json=body)).json()["number"]
        path = f"/tickets/{number}"
        await ada.patch(path, json={"status": "pending"})
        await ada.post(f"{path}/comments", json={"client_id": str(new_client_id()), "text": "a secret comment"})
        await ben.until(lambda: len(ben.of_type("ticket")) == 3)
        rows = [frame["row"] for frame in ben.of_type("ticket")]
        assert [row["last_seq"] for row in rows] == [1, 2, 3], "in the order of the history"
        assert rows[-1] == (await ada.get(path)).json()["row"], "the last frame is what reading anew would give"
        contact_id = (await ada.get(path)).json()["contacts"][0]["id"]
        assert all(frame["contact_ids"] == [contact_id] for frame in ben.of_type("ticket"))
        view = {"name": f"view {new_client_id()}", "shared": True, "question": {"filter": {}}}
        assert (await ada.post("/ticket-views", json=view)).status_code == 201
        await ben.until(lambda: len(ben.of_type("ticket_views_changed")) == 1)
        async with deployed.agent(cast.ada) as answers:
            await answers.send(conversation_id, "We look into it.")
        await tab.until(lambda: tab.log.last == 2)
        told = " ".join(str(frame) for _, frame in tab.frames)
        assert "ticket" not in told
        assert "secret" not in told


async def test_a_visitor_reaches_no_ticket(one: Stage) -> None:
    token = await one.newcomer()
    async with one.visitor(token) as tab, one.console(one.world.ada) as ada:
        await tab.send("hello")
        body = {"client_id": str(new_client_id()), "conversation_id": str(await one.conversation_of(token))}
        number = (await ada.post("/tickets", json=body)).json()["number"]
    async with one.http() as http:
        for path in ("/tickets", f"/tickets/{number}", "/tickets/export", "/ticket-views"):
            answer = await http.get(path, headers={"Authorization": f"Bearer {token}"})
            assert answer.status_code == 401, path
