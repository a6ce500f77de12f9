"""Editing and deleting over HTTP, by both doors, and what of it a visitor is told."""

from __future__ import annotations

from typing import Any

from alongside.domains.messages import actions as messages
from alongside.domains.messages.actions import Draft, Edit, Kind
from alongside.kit.ids import new_client_id
from alongside.kit.text import clean_text
from tests.security.payloads import PAYLOADS
from tests.widget.test_doors import read, send, visitor
from tests.world import Browser, World


async def call(browser: Browser, world: World, method: str, seq: int, text: str | None = None) -> tuple[int, Any]:
    body = None if text is None else {"client_id": str(new_client_id()), "text": text}
    path = f"/widget/conversation/messages/{seq}"
    answer = await browser.call(method, path, json=body, headers=visitor(world.vera.token))
    return answer.status_code, answer.json()


async def test_a_visitor_edits_and_deletes(world: World, browser: Browser) -> None:
    await send(browser, world.vera.token, "It is bleu.")
    status, answer = await call(browser, world, "PATCH", 2, "It is blue.")
    assert (status, answer["message"]["text"], answer["message"]["edited"]) == (200, "It is blue.", True)
    snapshot = await read(browser, world.vera.token)
    message, change = snapshot["messages"][1:]
    assert (message["seq"], message["text"], message["change"]) == (2, "It is blue.", None)
    assert (change["seq"], change["change"]) == (3, {"of": 2, "deleted": False, "text": "It is blue."})
    status, answer = await call(browser, world, "DELETE", 2)
    assert (status, answer["message"]["text"], answer["message"]["deleted"]) == (200, "", True)
    page = await read(browser, world.vera.token, "?after=2")
    assert [each["change"] for each in page["messages"]] == [
        {"of": 2, "deleted": False, "text": None},
        {"of": 2, "deleted": True, "text": None},
    ]
    assert page["head"] == 4


async def test_a_visitor_learns_nothing_of_notes(world: World, browser: Browser) -> None:
    drafts: list[tuple[str, Kind]] = [("secret", "note"), ("open", "message")]
    for text, kind in drafts:
        draft = Draft(new_client_id(), text, kind)
        await messages.post(world.database, world.ada.actor, world.conversation_id, draft, 100)
    before = await read(browser, world.vera.token)
    async with world.database.work() as work:
        edit = Edit(new_client_id(), "more secret")
        await messages.edit(work, world.ada.actor, world.conversation_id, 2, edit, 100)
        await messages.delete(work, world.ada.actor, world.conversation_id, 2)
    assert await read(browser, world.vera.token) == before
    # Number 2 of the log is the note; number 2 of the visitor's is the answer, which is not theirs.
    assert (await call(browser, world, "DELETE", 2))[1]["code"] == "not-yours"
    assert (await call(browser, world, "DELETE", 3))[1]["code"] == "no-such-message"


async def test_what_is_refused_changes_nothing(world: World, browser: Browser) -> None:
    status, answer = await call(browser, world, "PATCH", 1, "too late")
    assert (status, answer["code"]) == (403, "edit-time-over")
    assert (await call(browser, world, "DELETE", 1))[1]["code"] == "edit-time-over"
    await send(browser, world.vera.token, "new")
    assert (await call(browser, world, "PATCH", 2, " "))[1]["code"] == "empty-text"
    body = {"client_id": "no uuid", "text": "x"}
    path = "/widget/conversation/messages/2"
    answer = await browser.call("PATCH", path, json=body, headers=visitor(world.vera.token))
    assert answer.status_code == 422
    assert (await browser.call("PATCH", path, json=body)).status_code == 401
    assert [each["text"] for each in (await read(browser, world.vera.token))["messages"]][1:] == ["new"]


async def test_a_hostile_edit_is_a_text_and_nothing_else(world: World, browser: Browser) -> None:
    await send(browser, world.vera.token, "harmless")
    async with world.database.work() as work:
        for payload in PAYLOADS:
            change = Edit(new_client_id(), payload)
            edited = await messages.edit(work, world.vera.actor, world.conversation_id, 2, change, 10_000)
            assert edited.text == clean_text(payload)


async def test_an_agent_does_the_same_at_the_console(world: World, browser: Browser) -> None:
    browser.be(world.ada)
    path = f"/conversations/{world.conversation_id}"
    body = {"client_id": str(new_client_id()), "text": "an asnwer"}
    seq = (await browser.post(f"{path}/messages", body)).json()["entry"]["seq"]
    edit = {"client_id": str(new_client_id()), "text": "an answer"}
    for _ in range(2):  # a repeat is answered
        answer = await browser.patch(f"{path}/entries/{seq}", edit)
        assert (answer.status_code, answer.json()["entry"]["text"]) == (200, "an answer")
    look = (await browser.get(f"/widget/channels/{world.site.key}")).json()
    assert look["edit_minutes"] == 15
    assert (await browser.put("/settings/edit-time", {"minutes": 0})).status_code == 403
    browser.be(world.sol)
    for minutes in (-1, 10_081, "x"):
        assert (await browser.put("/settings/edit-time", {"minutes": minutes})).status_code == 422
    assert (await browser.put("/settings/edit-time", {"minutes": 0})).json() == {"minutes": 0}
    assert (await browser.get("/settings/edit-time")).json() == {"minutes": 0}
    browser.be(world.ada)
    answer = await browser.call("DELETE", f"{path}/entries/{seq}")
    assert (answer.status_code, answer.json()["code"]) == (403, "edit-time-over")
