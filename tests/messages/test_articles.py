"""Articles as messages: cards in the log, the same for every repeat, and their words for whoever cannot show them."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest

from alongside.domains.articles import actions as articles
from alongside.domains.articles.schemas import SaveText
from alongside.domains.conversations import queries as conversations
from alongside.domains.conversations.events import EntryAdded
from alongside.domains.conversations.schemas import MessageEntry
from alongside.domains.messages import actions
from alongside.domains.messages.actions import Draft
from alongside.domains.messages.schemas import SendArticles
from alongside.kit.ids import new_client_id
from alongside.platform.auth.actor import AgentActor
from alongside.platform.errors import Conflict, Forbidden, NotFound
from tests.articles.desk import published, written
from tests.world import Browser, World

SITE = "https://chat.test"


async def send(world: World, *slugs: str, client_id=None, actor: AgentActor | None = None) -> MessageEntry:
    sending = SendArticles(client_id or new_client_id(), list(slugs))
    entry = await actions.post_articles(world.database, actor or world.ada.actor, world.conversation_id, sending, SITE)
    assert isinstance(entry, MessageEntry)
    return entry


async def log(world: World) -> list[MessageEntry]:
    async with world.database.reading() as reading:
        page = await conversations.entries_after(reading, world.conversation_id, 0, 50)
    return [entry for entry in page.entries if isinstance(entry, MessageEntry)]


async def test_articles_become_cards_in_the_order_chosen(world: World) -> None:
    await published(world, "Returns", summary="How to send it back")
    await published(world, "Sizes")
    entry = await send(world, "sizes", "returns")
    assert [(card.title, card.url) for card in entry.cards] == [("Sizes", "/help/sizes"), ("Returns", "/help/returns")]
    assert entry.cards[1].summary == "How to send it back"
    assert entry.text == "Sizes\nhttps://chat.test/help/sizes\nReturns\nhttps://chat.test/help/returns"
    assert (await log(world))[-1] == entry
    fact = world.facts.of(EntryAdded)[-1]
    assert fact.entry == entry
    assert fact.row.preview.startswith("Sizes https://chat.test/help/sizes")
    assert (fact.row.status, fact.was_status, fact.author_name) == ("unresolved", "unread", "Ada")


async def test_a_repeat_is_answered_with_what_was_sent_first(world: World) -> None:
    await published(world, "Returns")
    client_id = new_client_id()
    entries = await asyncio.gather(*(send(world, "returns", client_id=client_id) for _ in range(6)))
    assert all(entry == entries[0] for entry in entries)
    assert [each.seq for each in await log(world)] == [1, 2]


async def test_the_same_id_for_something_else_is_a_conflict(world: World) -> None:
    await published(world, "Returns")
    await published(world, "Sizes")
    client_id = new_client_id()
    await send(world, "returns", client_id=client_id)
    with pytest.raises(Conflict):
        await send(world, "sizes", client_id=client_id)
    with pytest.raises(Conflict):
        draft = Draft(client_id, "Returns")
        await actions.post(world.database, world.ada.actor, world.conversation_id, draft, 10_000)


async def test_what_was_sent_stays_as_it_was(world: World) -> None:
    article_id, text = await published(world, "Returns", summary="Then")
    await send(world, "returns")
    async with world.database.work() as work:
        save = SaveText(revision=text.revision, title="Changed", summary="Now", slug="returns")
        saved = await articles.save_text(work, world.sol.actor, article_id, "en", save)
        await articles.publish(work, world.sol.actor, article_id, "en", saved.revision)
        await articles.delete_article(work, world.sol.actor, article_id)
    assert [(card.title, card.summary) for card in (await log(world))[-1].cards] == [("Returns", "Then")]


async def test_only_what_is_published_can_be_sent_and_only_by_who_may_reply(world: World) -> None:
    await written(world, "Draft")
    await published(world, "Returns")
    for slugs in (["draft"], ["returns", "unknown"], ["\x00"]):
        with pytest.raises(NotFound, match="not published"):
            await send(world, *slugs)
    powerless = AgentActor(world.ada.id, uuid4(), "Ada", frozenset())
    with pytest.raises(Forbidden):
        await send(world, "returns", actor=powerless)
    assert len(await log(world)) == 1


async def test_by_the_door_and_at_the_visitors(world: World, browser: Browser) -> None:
    await published(world, "Returns")
    path = f"/conversations/{world.conversation_id}/articles"
    body = {"client_id": str(new_client_id()), "slugs": ["returns"]}
    sent = await browser.be(world.ada).post(path, body)
    assert (sent.status_code, sent.json()["entry"]["cards"][0]["url"]) == (201, "/help/returns")
    for wrong in ({"slugs": []}, {"slugs": ["returns"] * 11}, {"cards": []}, {"slugs": ["x" * 200]}):
        assert (await browser.post(path, body | wrong)).status_code == 422
    missing = await browser.post(f"/conversations/{uuid4()}/articles", body)
    assert missing.status_code == 404
    headers = {"authorization": f"Bearer {world.vera.token}"}
    seen = (await browser.call("GET", "/widget/conversation", headers=headers)).json()["messages"][-1]
    assert seen["cards"] == [{"title": "Returns", "summary": "", "picture_url": None, "url": "/help/returns"}]
    assert seen["text"].startswith("Returns\n")
    assert (await browser.call("POST", path, json=body, headers=headers | {"x-csrf-token": None})).status_code in (
        401,
        403,
    )
