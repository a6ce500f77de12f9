"""P24: what an agent may see. Every door about a conversation or a contact, by every sight, for every holder."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID, uuid4

import httpx
from litestar import Litestar
from litestar.routes import HTTPRoute

from tests.harness.clients import AgentClient
from tests.harness.stage import Stage
from tests.security.roles import NAMES, begun, code_of, hire
from tests.security.test_doors import UNSAFE
from tests.world import COLLEAGUE

ABOUT_CONVERSATIONS = ("{conversation_id", "/conversations/")
BODIES: dict[str, dict[str, Any]] = {
    "status": {"status": "unresolved"},
    "seen": {"seq": 1},
    "messages": {"text": "by the matrix"},
    "notes": {"text": "by the matrix"},
    "articles": {"slugs": ["{slug}"]},
    "entries/{seq:int}": {"text": "by the matrix, edited"},
    "transcript/mail": {"address": "matrix@shop.test"},
    "uploads": {"name": "by the matrix.txt", "bytes": 3},
    "uploads/from-text-block": {"text_block_id": "{block_id}"},
    "fields/{field_id:uuid}": {"value": "by the matrix"},
}


async def written(http: httpx.AsyncClient, conversation_id: UUID) -> str:
    """The number of a note that the caller has just written, in a conversation that they see."""
    body = {"client_id": str(uuid4()), "text": "by the matrix, to be changed"}
    return str((await http.post(f"/conversations/{conversation_id}/notes", json=body)).json()["entry"]["seq"])


async def furnish(stage: Stage) -> dict[str, str]:
    """What doors about a conversation or a contact name besides it: a label, a field, an article, a text block."""
    async with stage.console(stage.world.sol) as sol:
        label = (await sol.post("/labels", json={"name": f"L {uuid4()}"})).json()
        field = (await sol.post("/fields", json={"kind": "text", "label": {"en": f"F {uuid4()}"}})).json()
        path = f"/articles/{(await sol.post('/articles', json={'language': 'en'})).json()['id']}/texts/en"
        text = (await sol.put(path, json={"revision": 1, "title": f"A {uuid4()}", "body": "Words"})).json()
        slug = (await sol.put(f"{path}/published", json={"revision": text["revision"]})).json()["published_slug"]
        block = (await sol.post("/text-blocks", json={"title": f"B {uuid4()}", "text": "Words"})).json()
    named = {"{label_id:uuid}": label["id"], "{field_id:uuid}": field["id"]}
    return named | {"{slug}": slug, "{block_id}": block["id"]}


def about(app: Litestar, what: str) -> list[tuple[str, str]]:
    """Method and the part behind the id of every agents' door about one conversation, or one contact."""
    found = []
    for route in app.routes:
        prefix = f"/api/v1/{what}/{{{what.removesuffix('s')}_id:uuid}}"
        if not isinstance(route, HTTPRoute) or not route.path.startswith(prefix):
            continue
        for handler in route.route_handlers:
            if getattr(handler.opt.get("who"), "kind", "") == "agent":
                methods = set(handler.http_methods) - {"OPTIONS", "HEAD"}
                found += [(str(method), route.path.removeprefix(prefix)) for method in methods]
    # Erasing comes last: nothing can be tried of who is gone.
    return sorted(found, key=lambda door: (door == ("DELETE", ""), door))


async def test_every_door_about_a_conversation_asks_who_may_see_it(app: Litestar, one: Stage) -> None:
    doors = {what: about(app, what) for what in ("conversations", "contacts")}
    assert len(doors["conversations"]) >= 10
    assert len(doors["contacts"]) >= 7
    named = await furnish(one)
    for sees in ("team", "own"):
        stranger = await hire(one, NAMES, sees)
        hidden, seen = await begun(one), await begun(one)
        async with one.console(one.world.sol) as sol:
            given = {"agent_id": str(one.world.ada.id), "team_id": None}
            assert (await sol.put(f"/conversations/{hidden}/assignment", json=given)).status_code == 200
        async with one.console(stranger) as http:
            for what, tried in doors.items():
                for method, rest in tried:
                    at = await ids(one, what, hidden), await ids(one, what, seen)
                    body = filled(BODIES.get(rest.strip("/"), {}), named)
                    if {"text", "slugs"} & set(body):
                        body = body | {"client_id": str(uuid4())}
                    if rest == "/merge":
                        body = {"contact_id": await ids(one, "contacts", await begun(one))}
                    if "{seq:int}" in rest:
                        named["{seq:int}"] = await written(http, seen)
                    behind = filled(rest, named)
                    options: dict[str, Any] = {"json": body} if method in UNSAFE else {}
                    no, yes = [await http.request(method, f"/{what}/{each}{behind}", **options) for each in at]
                    assert no.status_code == 404, f"{method} {what}{rest} as {sees}: {no.status_code} {no.text}"
                    unknown = await http.request(method, f"/{what}/{uuid4()}{behind}", **options)
                    assert no.json() == unknown.json(), f"{method} {what}{rest}: told apart from what is not there"
                    # Behind who may see it: there is no mail server here.
                    served = yes.status_code < 300 or code_of(yes) == "no-mail-server"
                    assert served, f"{method} {what}{rest} as {sees}: {yes.text}"


def filled(what: Any, named: dict[str, str]) -> Any:
    """The same with what it names."""
    text = json.dumps(what)
    for name, value in named.items():
        text = text.replace(name, value)
    return json.loads(text)


async def test_a_file_is_there_for_who_may_see_a_conversation_that_carries_it(one: Stage) -> None:
    stranger, conversation_id = await hire(one, NAMES, "own"), await begun(one)
    async with one.console(stranger) as http, one.console(one.world.sol) as sol:
        new = {"name": "a.txt", "bytes": 3}
        upload = (await http.post(f"/conversations/{conversation_id}/uploads", json=new)).json()
        path = f"/attachments/{upload['id']}/content"
        sent = await http.patch(f"/uploads/{upload['id']}", params={"offset": 0}, content=b"abc")
        assert sent.json()["attachment"] is not None
        assert ((await http.get(path)).status_code, (await sol.get(path)).status_code) == (200, 404)
        message = {"client_id": str(uuid4()), "text": "see", "attachments": [upload["id"]]}
        assert (await http.post(f"/conversations/{conversation_id}/messages", json=message)).status_code < 300
        assert ((await http.get(path)).status_code, (await sol.get(path)).status_code) == (200, 200)
        given = {"agent_id": str(one.world.ada.id), "team_id": None}
        await sol.put(f"/conversations/{conversation_id}/assignment", json=given)
        assert ((await http.get(path)).status_code, (await sol.get(path)).status_code) == (404, 200)


async def test_a_contact_in_sight_is_not_merged_with_one_that_is_not(one: Stage) -> None:
    stranger = await hire(one, NAMES, "own")
    hidden, seen = await begun(one), await begun(one)
    async with one.console(one.world.sol) as sol:
        await sol.put(f"/conversations/{hidden}/assignment", json={"agent_id": str(one.world.ada.id), "team_id": None})
    at = await ids(one, "contacts", hidden), await ids(one, "contacts", seen)
    async with one.console(stranger) as http:
        for kept, gone in (at, at[::-1]):
            refused = await http.post(f"/contacts/{kept}/merge", json={"contact_id": gone})
            assert (refused.status_code, refused.json()["code"]) == (404, "no-such-contact")
        async with one.console(one.world.sol) as sol:
            merged = (await sol.post(f"/contacts/{at[1]}/merge", json={"contact_id": at[0]})).json()
            # One person now: known by the conversation that is seen, and of the other nothing is told.
            details = (await http.get(f"/contacts/{at[0]}")).json()
            assert details["contact"]["id"] == at[1]
            assert {each["conversation_id"] for each in details["episodes"]} == {str(seen)}
            await sol.post(f"/contacts/merges/{merged['merges'][0]['id']}/undo")
        assert (await http.get(f"/contacts/{at[0]}")).status_code == 404
        assert (await http.post(f"/contacts/merges/{merged['merges'][0]['id']}/undo")).status_code == 404


async def test_contacts_out_of_sight_are_not_listed_found_or_exported(one: Stage) -> None:
    stranger = await hire(one, NAMES, "own")
    hidden, seen = await begun(one), await begun(one)
    name = f"Twin {uuid4().hex[:8]}"
    async with one.console(one.world.sol) as sol:
        label = (await furnish(one))["{label_id:uuid}"]
        for each in (hidden, seen):
            contact_id = await ids(one, "contacts", each)
            await sol.patch(f"/contacts/{contact_id}", json={"name": name})
            await sol.put(f"/contacts/{contact_id}/labels/{label}")
            await sol.put(f"/conversations/{each}/labels/{label}")
        await sol.put(f"/conversations/{hidden}/assignment", json={"agent_id": str(one.world.ada.id), "team_id": None})
        assert len((await sol.get("/contacts", params={"search": name})).json()["rows"]) == 2
        assert (await sol.get("/conversations/counts", params={"label": label})).json()["all"] == 2
    here = await ids(one, "contacts", seen)
    async with one.console(stranger) as http:
        for question in ({"search": name}, {"label": label}, {"search": name, "sort": "name"}):
            rows = (await http.get("/contacts", params=question)).json()["rows"]
            assert [row["id"] for row in rows] == [here], question
        assert (await http.get("/contacts/export", params={"search": name})).text.count(name) == 1
        rows = (await http.get("/conversations", params={"label": label, "folder": "all"})).json()["rows"]
        assert [row["id"] for row in rows] == [str(seen)]
        assert (await http.get("/conversations/counts", params={"label": label})).json()["all"] == 1


async def ids(stage: Stage, what: str, conversation_id: UUID) -> str:
    if what == "conversations":
        return str(conversation_id)
    return str(stage.sql("SELECT contact_id FROM conversation WHERE id = %s", conversation_id)[0][0])


async def test_every_frame_about_a_conversation_asks_who_may_see_it(one: Stage) -> None:
    stranger = await hire(one, COLLEAGUE, "own")
    hidden = await begun(one)
    async with one.console(one.world.sol) as sol:
        given = {"agent_id": str(one.world.ada.id), "team_id": None}
        await sol.put(f"/conversations/{hidden}/assignment", json=given)
    before = one.sql("SELECT last_seq FROM conversation WHERE id = %s", hidden)
    async with one.agent(stranger) as console, one.agent(one.world.ben) as ben:
        await ben.open(hidden)
        key = {"conversation_id": str(hidden)}
        frames: list[dict[str, Any]] = [
            {"type": "open", **key},
            {"type": "open", **key, "resume": {"epoch": epoch(one), "seq": 1}},
            {"type": "send", **key, "client_id": str(uuid4()), "text": "x"},
            {"type": "note", **key, "client_id": str(uuid4()), "text": "x"},
            {"type": "seen", **key, "seq": 1},
        ]
        for frame in frames:
            told = len(errors(console))
            await console.say(frame)
            await console.until(lambda told=told: len(errors(console)) > told)
            assert errors(console)[-1]["code"] == "no-such-conversation", frame
        for silent in ({"type": "typing", **key, "on": True}, {"type": "looking", **key}, {"type": "leave", **key}):
            await console.say(silent)
        await console.say({"type": "send", "conversation_id": str(uuid4()), "client_id": str(uuid4()), "text": "x"})
        await console.until(lambda: len(errors(console)) > len(frames))
        signals = [*ben.of_type("agent_typing"), *ben.of_type("agent_looking")]
        assert [each for each in signals if each["agent_id"] == str(stranger.id)] == []
        about_it = [frame for _, frame in console.frames if frame["type"] not in ("error", "welcome", "heartbeat")]
        assert str(hidden) not in str(about_it)
    assert one.sql("SELECT last_seq FROM conversation WHERE id = %s", hidden) == before


def errors(client: AgentClient) -> list[dict[str, Any]]:
    return client.of_type("error")


def epoch(stage: Stage) -> str:
    return str(stage.sql("SELECT epoch FROM workspace")[0][0])
