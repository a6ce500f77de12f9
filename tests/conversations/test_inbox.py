"""The list: folders, filters, pages, counts."""

from __future__ import annotations

from uuid import UUID

import pytest

from alongside.domains.channels import actions as channels
from alongside.domains.channels.schemas import NewChannel
from alongside.domains.contacts import actions as contacts
from alongside.domains.conversations import actions as conversations
from alongside.domains.messages import actions as messages
from alongside.domains.messages.actions import Draft
from alongside.kit.ids import new_client_id
from tests.world import Browser, World


@pytest.fixture
async def ada(world: World, browser: Browser) -> Browser:
    return browser.be(world.ada)


async def arrive(world: World, text: str, channel_id: UUID | None = None) -> UUID:
    """A new visitor writes."""
    async with world.database.work() as work:
        new = await contacts.meet_visitor(work, channel_id or world.site.id, None, "en")
        conversation_id = await conversations.begin(work, new.actor)
    await messages.post(world.database, new.actor, conversation_id, Draft(new_client_id(), text), 1_000)
    return conversation_id


async def ids(browser: Browser, query: str) -> list[str]:
    answer = await browser.get(f"/conversations?{query}")
    assert answer.status_code == 200, answer.text
    return [row["id"] for row in answer.json()["rows"]]


async def test_newest_message_first_and_notes_do_not_count(world: World, ada: Browser) -> None:
    second = await arrive(world, "second")
    third = await arrive(world, "third")
    assert await ids(ada, "folder=unread") == [str(third), str(second), str(world.conversation_id)]
    note = Draft(new_client_id(), "a note", "note")
    await messages.post(world.database, world.ada.actor, second, note, 1_000)
    assert (await ids(ada, "folder=all"))[0] == str(third)
    await messages.post(world.database, world.ada.actor, second, Draft(new_client_id(), "an answer"), 1_000)
    assert (await ids(ada, "folder=all"))[0] == str(second)


async def test_folders_and_counts_follow_the_status(world: World, ada: Browser) -> None:
    other = await arrive(world, "other")
    for status, expected in (("unresolved", (1, 1, 0)), ("done", (1, 0, 1)), ("unread", (2, 0, 0))):
        answer = await ada.put(f"/conversations/{other}/status", {"status": status})
        assert answer.json()["row"]["status"] == status
        counts = (await ada.get("/conversations/counts")).json()
        assert (counts["unread"], counts["unresolved"], counts["done"], counts["all"]) == (*expected, 2)
        assert str(other) in await ids(ada, f"folder={status}")


async def test_mine(world: World, ada: Browser) -> None:
    other = await arrive(world, "other")
    answer = await ada.put(f"/conversations/{other}/assignment", {"agent_id": str(world.ada.id), "team_id": None})
    assert answer.json()["row"]["assignee_id"] == str(world.ada.id)
    assert await ids(ada, "folder=all&mine=true") == [str(other)]
    assert (await ada.get("/conversations/counts?mine=true")).json()["all"] == 1
    assert await ids(ada.be(world.ben), "folder=all&mine=true") == []


async def test_providers(world: World, ada: Browser) -> None:
    async with world.database.work() as work:
        shop = await channels.create_channel(work, world.sol.actor, NewChannel(name="Red Shop"))
    there = await arrive(world, "from the red shop", shop.id)
    assert await ids(ada, f"folder=all&provider={shop.id}") == [str(there)]
    assert len(await ids(ada, "folder=all&provider=webchat")) == 2
    assert await ids(ada, "folder=all&provider=carrier-pigeon") == []
    assert (await ada.get(f"/conversations/counts?provider={shop.id}")).json()["all"] == 1


async def test_pages_leave_out_and_repeat_nothing(world: World, ada: Browser) -> None:
    made = [await arrive(world, f"number {number}") for number in range(7)]
    seen: list[str] = []
    cursor = ""
    while True:
        page = (await ada.get(f"/conversations?folder=all&limit=3{cursor}")).json()
        seen += [row["id"] for row in page["rows"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
        await arrive(world, "arrives while we read")
    assert seen == [str(each) for each in [*reversed(made), world.conversation_id]]


@pytest.mark.parametrize("query", ["folder=open", "limit=0", "limit=1000", "cursor=x", "mine=perhaps"])
async def test_a_wrong_question_is_refused(ada: Browser, query: str) -> None:
    answer = await ada.get(f"/conversations?{query}")
    assert answer.status_code == 422, answer.text
    assert answer.json()["code"] in ("invalid", "bad-cursor")


async def test_paging_through_a_log(world: World, ada: Browser) -> None:
    for number in range(9):
        draft = Draft(new_client_id(), f"number {number}")
        await messages.post(world.database, world.ada.actor, world.conversation_id, draft, 1_000)
    base = f"/conversations/{world.conversation_id}/entries?limit=4"

    async def page(query: str) -> tuple[list[int], bool]:
        body = (await ada.get(f"{base}{query}")).json()
        return [entry["seq"] for entry in body["entries"]], body["has_more"]

    assert await page("") == ([7, 8, 9, 10], True)
    assert await page("&before=7") == ([3, 4, 5, 6], True)
    assert await page("&before=3") == ([1, 2], False)
    assert await page("&after=7") == ([8, 9, 10], False)
    assert await page("&after=0") == ([1, 2, 3, 4], True)
    assert await page("&after=10") == ([], False)


async def test_what_is_not_there(ada: Browser) -> None:
    for path in ("", "/entries"):
        answer = await ada.get(f"/conversations/{new_client_id()}{path}")
        assert (answer.status_code, answer.json()["code"]) == (404, "no-such-conversation")
