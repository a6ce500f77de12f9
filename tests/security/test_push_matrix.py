"""P18: what each kind of socket is pushed while everything happens. Notes leave no trace with a visitor."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from alongside.domains.console.schemas import ConsoleFrame
from alongside.domains.widget.frame_schemas import WidgetFrame
from alongside.kit.ids import new_client_id
from tests.harness.client import Client
from tests.harness.stage import Stage
from tests.world import COLLEAGUE

NOTE = "a note that no visitor may ever see"
OTHERS = "what the other visitor writes"
TICKET = "a ticket that tells of a conversation"

VISITOR_HEARS = {
    *("welcome", "reset", "message", "ack", "error", "heartbeat"),
    *("team_typing", "team_seen", "own_marks", "availability", "look_changed"),
}
TOKENLESS_HEARS = {"welcome", "error", "heartbeat", "availability", "look_changed"}


def heard(client: Client) -> list[dict[str, Any]]:
    return [frame for _, frame in client.frames]


def assert_fits(frames: list[dict[str, Any]], union: Any) -> None:
    """Each frame is of the door's own shapes, and holds nothing that its shape does not name."""
    for frame in frames:
        shaped = msgspec.convert(frame, union)
        assert _named(msgspec.to_builtins(shaped)) >= _named(frame), frame


def _named(value: Any) -> set[str]:
    if isinstance(value, dict):
        inner = [_named(each) for each in value.values()]
        return set(value).union(*inner) if inner else set(value)
    if isinstance(value, list):
        return set().union(*map(_named, value)) if value else set()
    return set()


async def test_what_each_socket_hears(deployed: Stage) -> None:
    cast = deployed.world
    here, there = deployed.urls[0], deployed.urls[-1]
    vera, walter = await deployed.newcomer(), await deployed.newcomer()
    async with (
        deployed.visitor(vera, here) as tab,
        deployed.visitor(walter, here) as other,
        deployed.visitor(None, here) as tokenless,
        deployed.agent(cast.ada, there) as ada,
        deployed.console(cast.ben, there) as ben,
        deployed.console(cast.sol, there) as sol,
    ):
        await tab.send("hello")
        conversation_id = await deployed.conversation_of(vera)
        await ada.open(conversation_id)
        path = f"/conversations/{conversation_id}"
        await ada.note(conversation_id, NOTE)
        for note in (True, False):
            await ada.say({"type": "typing", "conversation_id": str(conversation_id), "on": True, "note": note})
        await ada.say({"type": "looking", "conversation_id": str(conversation_id)})
        await ada.say({"type": "seen", "conversation_id": str(conversation_id), "seq": 2})
        team = (await sol.post("/teams", json={"name": f"T {new_client_id()}", "member_ids": []})).json()
        for agent_id, team_id in ((str(cast.ben.id), None), (None, team["id"])):
            await sol.put(f"{path}/assignment", json={"agent_id": agent_id, "team_id": team_id})
        await ben.put(f"{path}/status", json={"status": "done"})
        await ben.put("/me/online", json={"online": True})
        contact_id = ada.rows[str(conversation_id)]["contact"]["id"]
        await ben.patch(f"/contacts/{contact_id}", json={"name": "Vera", "email": "vera@example.com"})
        await ben.post(f"{path}/notes", json={"client_id": str(new_client_id()), "text": NOTE})
        await other.send(OTHERS)
        await tab.say({"type": "typing", "on": True})
        await ada.until(lambda: bool(ada.of_type("visitor_typing")))
        await ada.send(conversation_id, "goodbye")
        await tab.until(lambda: tab.log.last == 2)
        await tab.until(lambda: bool(tab.of_type("team_seen")))

    for visitor in (tab, other):
        assert_fits(heard(visitor), WidgetFrame)
        assert {frame["type"] for frame in heard(visitor)} <= VISITOR_HEARS
    assert_fits(heard(tokenless), WidgetFrame)
    assert {frame["type"] for frame in heard(tokenless)} <= TOKENLESS_HEARS
    assert_fits(heard(ada), ConsoleFrame)

    # Notes and assignments left no hole: three entries of the team's log lie between the visitor's two.
    assert [message["seq"] for message in tab.log.items] == [1, 2]
    assert len(tab.of_type("team_typing")) == 1, "typing a note is not typing a reply"
    secrets = [
        *(NOTE, "note", "vera@example.com", "@shop.test", team["id"], str(conversation_id), contact_id),
        *(str(who.id) for who in (cast.sol, cast.ada, cast.ben)),
        *("assign", "status", "episode", "public_seq"),
    ]
    for visitor in (tab, other, tokenless):
        said = json.dumps(heard(visitor))
        assert [secret for secret in secrets if secret in said] == []
    assert OTHERS not in json.dumps(heard(tab))
    assert "hello" not in json.dumps([each for each in heard(other) if each["type"] != "error"])
    assert NOTE in json.dumps(heard(ada)), "the canary is seen where it may be"


async def test_what_a_console_with_a_narrow_sight_hears(deployed: Stage) -> None:
    """P24: while everything happens in a conversation of somebody else, nothing of it reaches the agent."""
    cast, here, there = deployed.world, deployed.urls[0], deployed.urls[-1]
    consoles = {}
    for sees in ("team", "own"):
        consoles[sees] = await deployed.hire(COLLEAGUE)
        deployed.sql(
            "UPDATE role r SET sees = %s FROM agent a WHERE r.id = a.role_id AND a.id = %s", sees, consoles[sees].id
        )
    vera, walter = await deployed.newcomer(), await deployed.newcomer()
    async with deployed.visitor(vera, here) as tab, deployed.console(cast.sol, there) as sol:
        await tab.send("hello")
        conversation_id = str(await deployed.conversation_of(vera))
        path, given = f"/conversations/{conversation_id}", {"agent_id": str(cast.ada.id), "team_id": None}
        await sol.put(f"{path}/assignment", json=given)
        async with (
            deployed.agent(cast.ada, here) as ada,
            deployed.agent(consoles["team"], there) as team,
            deployed.agent(consoles["own"], there) as own,
            deployed.console(cast.ada, there) as http,
            deployed.visitor(walter, here) as other,
        ):
            mine = await deployed.conversation_of(vera)
            await ada.open(mine)
            contact_id = str(deployed.sql("SELECT contact_id FROM conversation WHERE id = %s", conversation_id)[0][0])
            await tab.send(OTHERS)
            await ada.note(mine, NOTE)
            await ada.send(mine, "an answer")
            await tab.say({"type": "typing", "on": True})
            await ada.say({"type": "typing", "conversation_id": conversation_id, "on": True, "note": True})
            await ada.say({"type": "looking", "conversation_id": conversation_id})
            await ada.say({"type": "seen", "conversation_id": conversation_id, "seq": 3})
            await tab.say({"type": "marks", "delivered": 3, "seen": 3})
            await http.patch(f"/contacts/{contact_id}", json={"name": "Vera", "email": "vera@example.com"})
            label = (await sol.post("/labels", json={"name": f"L {new_client_id()}"})).json()["id"]
            await http.put(f"/contacts/{contact_id}/labels/{label}")
            await http.put(f"{path}/labels/{label}")
            ticket = {"client_id": str(new_client_id()), "title": TICKET, "conversation_id": conversation_id}
            assert (await http.post("/tickets", json=ticket)).status_code == 201
            view = {"name": f"V {new_client_id()}", "shared": True, "question": {"filter": {}}}
            assert (await http.post("/ticket-views", json=view)).status_code == 201
            for status in ("done", "unread"):
                await http.put(f"{path}/status", json={"status": status})
            await sol.put(f"{path}/assignment", json={"agent_id": str(cast.ben.id), "team_id": None})
            await ada.until(lambda: ada.rows[conversation_id]["assignee_id"] == str(cast.ben.id))
            await other.send("what nobody has is for everybody")
            free = str(await deployed.conversation_of(walter))
            for console in (team, own):
                await console.until(lambda console=console: free in console.rows)
                assert_fits(heard(console), ConsoleFrame)
                said = json.dumps(heard(console))
                secrets = [conversation_id, contact_id, OTHERS, NOTE, TICKET, "an answer", "vera@example.com"]
                assert [secret for secret in secrets if secret in said] == []
                kinds = {"welcome", "row", "heartbeat", "directory_changed", "agent_presence", "refresh"}
                assert {frame["type"] for frame in heard(console)} <= kinds
            assert NOTE in json.dumps(heard(ada))
            assert TICKET in json.dumps(heard(ada))
