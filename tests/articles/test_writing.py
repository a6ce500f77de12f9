"""Articles as they are written: saved, collided with, published, moved, deleted; and who may."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest

from alongside.domains.articles import actions, queries
from alongside.domains.articles.events import ArticlesChanged
from alongside.domains.articles.schemas import EditArticle, NewArticle, NewCategory, SaveText
from alongside.platform.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from tests.articles.desk import published, written
from tests.world import Browser, World


async def save(world: World, article_id, language: str, **fields):
    async with world.database.work() as work:
        return await actions.save_text(work, world.sol.actor, article_id, language, SaveText(**fields))


async def test_a_draft_is_nobodys_business(world: World) -> None:
    await written(world)
    async with world.database.reading() as reading:
        assert await queries.page(reading, "returning-a-parcel") is None
        assert await queries.search(reading, "en", "parcel") == []
        assert await queries.languages(reading) == []
        assert not await queries.anything_published(reading)


async def test_what_is_saved_stays_private_until_it_is_published(world: World) -> None:
    article_id, text = await published(world)
    assert (text.published_slug, text.slug) == ("returning-a-parcel", "returning-a-parcel")
    later = await save(world, article_id, "en", revision=text.revision, title="Returns", body="New", slug=text.slug)
    assert (later.revision, later.published_revision) == (text.revision + 1, text.revision)
    async with world.database.reading() as reading:
        found = await queries.page(reading, "returning-a-parcel")
    assert found is not None
    assert found.page.title == "Returning a parcel"
    async with world.database.work() as work:
        await actions.publish(work, world.sol.actor, article_id, "en", later.revision)
        found = await queries.page(work, "returning-a-parcel")
    assert found is not None
    assert found.page.title == "Returns"


async def test_two_who_save_collide_and_neither_text_is_lost(world: World) -> None:
    article_id, text = await written(world)
    theirs = await save(world, article_id, "en", revision=text.revision, title="Theirs")
    with pytest.raises(Conflict) as refusal:
        await save(world, article_id, "en", revision=text.revision, title="Mine")
    assert refusal.value.code == "article-changed"
    assert refusal.value.details["revision"] == theirs.revision
    assert refusal.value.details["updated_by"] == world.sol.id
    mine = await save(world, article_id, "en", revision=theirs.revision, title="Mine")
    assert (mine.title, mine.revision) == ("Mine", theirs.revision + 1)


async def test_of_many_saves_at_once_one_wins(world: World) -> None:
    article_id, text = await written(world)
    tries = [save(world, article_id, "en", revision=text.revision, title=f"Try {n}") for n in range(6)]
    results = await asyncio.gather(*tries, return_exceptions=True)
    won = [each for each in results if not isinstance(each, BaseException)]
    lost = [each for each in results if isinstance(each, Conflict)]
    assert (len(won), len(lost)) == (1, 5)


async def test_a_repeat_after_a_lost_answer_is_no_conflict(world: World) -> None:
    article_id, text = await written(world)
    once = await save(world, article_id, "en", revision=text.revision, title="Once", body="x\r\ny  ")
    again = await save(world, article_id, "en", revision=text.revision, title="Once", body="x\ny")
    assert again == once


async def test_publishing_takes_what_was_seen(world: World) -> None:
    article_id, text = await written(world)
    await save(world, article_id, "en", revision=text.revision, title="Not seen")
    with pytest.raises(Conflict, match="Somebody else saved"):
        async with world.database.work() as work:
            await actions.publish(work, world.sol.actor, article_id, "en", text.revision)


async def test_an_article_without_a_title_is_kept_but_not_published(world: World) -> None:
    async with world.database.work() as work:
        article = await actions.create_article(work, world.sol.actor, NewArticle("de"))
        with pytest.raises(Invalid, match="title"):
            await actions.publish(work, world.sol.actor, article.id, "de", 1)


async def test_addresses_are_told_apart_and_never_handed_on(world: World) -> None:
    first, _ = await published(world, "Größe wählen", "de")
    _, second = await published(world, "Größe wählen", "de")
    assert second.published_slug == "groesse-waehlen-2"
    async with world.database.work() as work:
        await actions.unpublish(work, world.sol.actor, first, "de")
    _, third = await published(world, "Größe wählen", "de")
    assert third.published_slug == "groesse-waehlen-3"
    other, text = await written(world, "Other", "de")
    text = await save(world, other, "de", revision=text.revision, title="Other", slug="groesse-waehlen")
    with pytest.raises(Conflict, match="Another article"):
        async with world.database.work() as work:
            await actions.publish(work, world.sol.actor, other, "de", text.revision)


async def test_a_former_address_leads_to_the_article(world: World) -> None:
    article_id, text = await published(world)
    moved = await save(world, article_id, "en", revision=text.revision, title=text.title, slug="returns")
    async with world.database.work() as work:
        await actions.publish(work, world.sol.actor, article_id, "en", moved.revision)
        assert await queries.page(work, "returning-a-parcel") is None
        assert await queries.moved_to(work, "returning-a-parcel") == "returns"
        await actions.unpublish(work, world.sol.actor, article_id, "en")
        assert await queries.moved_to(work, "returning-a-parcel") is None


async def test_languages_stand_side_by_side(world: World) -> None:
    article_id, _ = await published(world)
    german = await save(world, article_id, "de", revision=0, title="Ein Paket zurücksenden")
    async with world.database.work() as work:
        await actions.publish(work, world.sol.actor, article_id, "de", german.revision)
        found = await queries.page(work, "ein-paket-zuruecksenden")
        assert found is not None
        assert [(each.language, each.slug) for each in found.page.translations] == [
            ("de", "ein-paket-zuruecksenden"),
            ("en", "returning-a-parcel"),
        ]
        await actions.delete_text(work, world.sol.actor, article_id, "de")
        assert await queries.page(work, "ein-paket-zuruecksenden") is None
        with pytest.raises(Conflict, match="only language"):
            await actions.delete_text(work, world.sol.actor, article_id, "en")


async def test_a_deleted_article_is_gone_everywhere(world: World) -> None:
    article_id, text = await published(world)
    async with world.database.work() as work:
        await actions.delete_article(work, world.sol.actor, article_id)
        assert await queries.page(work, str(text.published_slug)) is None
        assert await queries.articles(work) == []
        for table in ("article_text", "article_page", "article_slug", "article_views"):
            assert await work.value(f"SELECT count(*) FROM {table}") == 0
    with pytest.raises(NotFound):
        await save(world, article_id, "en", revision=text.revision, title="Too late")


async def test_categories_are_named_ordered_and_leave_their_articles(world: World) -> None:
    async with world.database.work() as work:
        orders = await actions.create_category(work, world.sol.actor, NewCategory({"en": "Orders", "de": "Aufträge"}))
        gear = await actions.create_category(work, world.sol.actor, NewCategory({"en": "Orders"}))
        assert (orders.slug, gear.slug) == ("orders", "orders-2")
        await actions.order_categories(work, world.sol.actor, [gear.id, uuid4()])
        assert [each.id for each in await queries.categories(work)] == [gear.id, orders.id]
        article = await actions.create_article(work, world.sol.actor, NewArticle("en", "One", gear.id))
        other = await actions.create_article(work, world.sol.actor, NewArticle("en", "Two", gear.id))
        await actions.order_articles(work, world.sol.actor, [other.id, article.id])
        assert [row.id for row in await queries.articles(work)] == [other.id, article.id]
        await actions.edit_article(work, world.sol.actor, other.id, EditArticle(category_id=orders.id))
        await actions.delete_category(work, world.sol.actor, gear.id)
        kept = await queries.article(work, article.id)
        assert kept is not None
        assert kept.category_id is None


async def test_the_verbs_ask_the_policy_themselves(world: World) -> None:
    article_id, text = await published(world)
    save = SaveText(revision=text.revision, title="Ada's")
    for attempt in (
        lambda work, ada: actions.create_article(work, ada, NewArticle("en")),
        lambda work, ada: actions.edit_article(work, ada, article_id, EditArticle(category_id=None)),
        lambda work, ada: actions.order_articles(work, ada, [article_id]),
        lambda work, ada: actions.delete_article(work, ada, article_id),
        lambda work, ada: actions.save_text(work, ada, article_id, "en", save),
        lambda work, ada: actions.delete_text(work, ada, article_id, "en"),
        lambda work, ada: actions.publish(work, ada, article_id, "en", text.revision),
        lambda work, ada: actions.unpublish(work, ada, article_id, "en"),
        lambda work, ada: actions.create_category(work, ada, NewCategory({"en": "X"})),
        lambda work, ada: actions.delete_category(work, ada, uuid4()),
        lambda work, ada: actions.order_categories(work, ada, []),
        lambda work, ada: actions.remove_cover(work, ada, article_id),
    ):
        with pytest.raises(Forbidden):
            async with world.database.work() as work:
                await attempt(work, world.ada.actor)


async def test_each_change_is_announced_with_its_author(world: World) -> None:
    article_id, _ = await published(world)
    facts = world.facts.of(ArticlesChanged)
    assert len(facts) >= 3
    assert {(fact.article_id, fact.agent_id) for fact in facts} == {(article_id, world.sol.id)}


async def test_by_the_door(world: World, browser: Browser) -> None:
    browser.be(world.sol)
    category = (await browser.post("/article-categories", {"names": {"en": "Returns"}})).json()
    made = await browser.post("/articles", {"language": "en", "title": "Hello", "category_id": category["id"]})
    assert made.status_code == 201
    path = f"/articles/{made.json()['id']}"
    body = {"revision": 1, "title": "Hello", "summary": "S", "body": "**b**"}
    saved = await browser.put(f"{path}/texts/en", body)
    assert (saved.status_code, saved.json()["revision"]) == (200, 2)
    stale = await browser.put(f"{path}/texts/en", body | {"title": "Other"})
    assert (stale.status_code, stale.json()["code"]) == (409, "article-changed")
    assert stale.json()["details"]["revision"] == 2
    shown = await browser.put(f"{path}/texts/en/published", {"revision": 2})
    assert shown.json()["published_slug"] == "hello"
    rows = (await browser.be(world.ada).get("/articles?search=hELL")).json()
    assert [row["versions"][0]["title"] for row in rows] == ["Hello"]
    assert (await browser.get("/articles?search=zzz")).json() == []
    assert (await browser.get(path)).json()["texts"][0]["body"] == "**b**"
    assert (await browser.put(f"{path}/texts/en", body)).status_code == 403
    assert (await browser.get(f"/articles/{uuid4()}")).status_code == 404
    browser.be(world.sol)
    preview = await browser.post("/articles/preview", {"body": "**b**<script>pwn()</script>"})
    assert preview.json()["body"] == [
        {"tag": "p", "children": [
            {"tag": "strong", "children": [{"tag": "text", "text": "b"}]},
            {"tag": "text", "text": "<script>pwn()</script>"},
        ]}
    ]  # fmt: skip
    assert (await browser.delete(f"{path}/texts/en/published")).json()["published_slug"] is None
    assert (await browser.delete(path)).status_code == 204
    assert (await browser.delete(path)).status_code == 404


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"title": "x" * 121}, "title-too-long"),
        ({"summary": "x" * 301}, "summary-too-long"),
        ({"body": "x" * 60_001}, "body-too-long"),
        ({"body": "x" * 70_000}, "invalid"),
        ({"slug": "Not an address!"}, "slug-malformed"),
        ({"slug": "a--b"}, "slug-malformed"),
        ({"html": "<b>"}, "invalid"),
        ({"revision": "one"}, "invalid"),
    ],
)
async def test_what_cannot_be_used_is_refused_with_words(
    world: World, browser: Browser, change: dict[str, object], code: str
) -> None:
    article_id, text = await written(world)
    body = {"revision": text.revision, "title": "T"} | change
    answer = await browser.be(world.sol).put(f"/articles/{article_id}/texts/en", body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    async with world.database.reading() as reading:
        assert await queries.text(reading, article_id, "en") == text


@pytest.mark.parametrize("names", [{}, {"en": "  "}, {"en": "x" * 61}, {"EN!": "x"}])
async def test_a_category_needs_a_name(world: World, browser: Browser, names: dict[str, str]) -> None:
    answer = await browser.be(world.sol).post("/article-categories", {"names": names})
    assert answer.status_code == 422


async def test_shelves_have_an_end(world: World) -> None:
    async with world.database.work() as work:
        await work.run("INSERT INTO article (place) SELECT generate_series(1, 1000)")
        with pytest.raises(Refusal, match="at most 1,000"):
            await actions.create_article(work, world.sol.actor, NewArticle("en"))
        for number in range(50):
            await actions.create_category(work, world.sol.actor, NewCategory({"en": f"C {number}"}))
        with pytest.raises(Refusal, match="at most 50"):
            await actions.create_category(work, world.sol.actor, NewCategory({"en": "One more"}))
