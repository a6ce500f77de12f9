"""The help centre as everybody meets it: pages, search, languages, caching, and no word of a draft."""

from __future__ import annotations

import gzip
import re
from collections.abc import AsyncIterator

import httpx
import pytest

from alongside.domains.articles import actions, queries
from alongside.domains.articles.schemas import EditArticle, NewCategory, SaveText
from tests.articles.desk import published, written
from tests.harness.standing import stop_refilling
from tests.security.payloads import HTML
from tests.world import Browser, World, serving

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0"


@pytest.fixture
async def reader(world: World) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody with a browser and no account."""
    async with serving(world.config) as client:
        client.headers["user-agent"] = FIREFOX
        yield client  # type: ignore[misc]


def words(answer: httpx.Response) -> str:
    """What stands on a page, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


async def test_the_first_page_shows_what_is_published_by_topic(world: World, reader: httpx.AsyncClient) -> None:
    empty = await reader.get("/help")
    assert (empty.status_code, "There are no articles yet" in empty.text) == (200, True)
    article_id, _ = await published(world)
    await written(world, "A secret draft")
    async with world.database.work() as work:
        topic = await actions.create_category(work, world.sol.actor, NewCategory({"en": "Returns & more"}))
        await actions.edit_article(work, world.sol.actor, article_id, EditArticle(category_id=topic.id))
    front = await reader.get("/help")
    assert "Returns &amp; more" in front.text
    assert 'href="/help/returning-a-parcel"' in front.text
    assert "secret" not in front.text
    shelf = await reader.get("/help/topics/returns-more")
    assert "Returning a parcel" in words(shelf)
    assert (await reader.get("/help/topics/nothing")).status_code == 404


async def test_an_article_is_a_page_without_scripts(world: World, reader: httpx.AsyncClient) -> None:
    await published(world, summary="How to send it back")
    page = await reader.get("/help/returning-a-parcel")
    assert page.status_code == 200
    assert "<strong>return label</strong>" in page.text
    assert "<h2>The label</h2>" in page.text
    assert '<meta name="description" content="How to send it back">' in page.text
    assert "<script" not in page.text
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'; img-src 'self'")
    assert "unsafe" not in policy
    assert "script" not in policy


async def test_a_draft_and_what_was_taken_back_are_nowhere(world: World, reader: httpx.AsyncClient) -> None:
    await written(world, "Secret plan")
    article_id, text = await published(world)
    async with world.database.work() as work:
        await actions.unpublish(work, world.sol.actor, article_id, "en")
    for path in ("/help/secret-plan", f"/help/{text.published_slug}", "/help/x%00y", "/help/a.b"):
        answer = await reader.get(path)
        assert answer.status_code == 404, path
        assert answer.headers["content-type"].startswith("text/html")
        assert "Secret plan" not in answer.text
    for path in ("/api/v1/widget/help/pages/secret-plan", f"/api/v1/widget/help/pages/{text.published_slug}"):
        assert (await reader.get(path)).status_code == 404
    assert "Secret" not in (await reader.get("/help?q=secret")).text.replace("“secret”", "")


async def test_changes_that_are_not_published_do_not_show(world: World, reader: httpx.AsyncClient) -> None:
    article_id, text = await published(world)
    async with world.database.work() as work:
        save = SaveText(revision=text.revision, title="HALF DONE", body="HALF DONE", slug=text.slug)
        await actions.save_text(work, world.sol.actor, article_id, "en", save)
    for path in ("/help", "/help/returning-a-parcel", "/help?q=half", "/api/v1/widget/help"):
        assert "HALF DONE" not in (await reader.get(path)).text


async def test_a_former_address_redirects(world: World, reader: httpx.AsyncClient) -> None:
    article_id, text = await published(world)
    async with world.database.work() as work:
        save = SaveText(revision=text.revision, title=text.title, slug="returns")
        saved = await actions.save_text(work, world.sol.actor, article_id, "en", save)
        await actions.publish(work, world.sol.actor, article_id, "en", saved.revision)
    answer = await reader.get("/help/returning-a-parcel", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (302, "/help/returns")
    assert (await reader.get("/api/v1/widget/help/pages/returning-a-parcel")).json()["slug"] == "returns"


async def test_the_language_is_the_readers(world: World, reader: httpx.AsyncClient) -> None:
    article_id, _ = await published(world)
    async with world.database.work() as work:
        save = SaveText(revision=0, title="Ein Paket zurücksenden", body="Kleben Sie das Etikett auf.")
        german = await actions.save_text(work, world.sol.actor, article_id, "de", save)
        await actions.publish(work, world.sol.actor, article_id, "de", german.revision)
    for headers, language in (({"accept-language": "de-AT, en;q=0.5"}, "de"), ({"accept-language": "fr"}, "en")):
        front = await reader.get("/help", headers=headers)
        assert f'<html lang="{language}"' in front.text
    assert "Wie können wir helfen?" in (await reader.get("/help?lang=de")).text
    page = await reader.get("/help/ein-paket-zuruecksenden", headers={"accept-language": "en"})
    assert '<html lang="de"' in page.text
    assert 'hreflang="en" href="https://chat.test/help/returning-a-parcel"' in page.text
    assert "Aktualisiert am" in page.text


async def test_the_search_finds_the_best_first_with_an_excerpt(world: World, reader: httpx.AsyncClient) -> None:
    await published(world, "Shipping costs", body="We ship everywhere. A parcel takes three days.")
    await published(world, "Sending a parcel back", body="Returned parcels are refunded within a week.")
    await published(world, "Washing wool", body="Cold water only.")
    async with world.database.reading() as reading:
        assert [page.title for page in await queries.search(reading, "en", "parcels")] == [
            "Sending a parcel back",
            "Shipping costs",
        ]
        assert [page.title for page in await queries.search(reading, "en", "wash")] == ["Washing wool"]
        assert (await queries.search(reading, "en", "returned refund"))[0].title == "Sending a parcel back"
        assert [page.title for page in await queries.search(reading, "en", "shipp")] == ["Shipping costs"]
        for typed in ("the", "???", "", "' | !", "a & b:*", "%", "\x00", "zzzz", "(((", "wool'); DROP TABLE entry"):
            await queries.search(reading, "en", typed)
    found = await reader.get("/help?q=refunded")
    assert "<mark>refunded</mark>" in found.text
    none = await reader.get("/help?q=zeppelin")
    assert "Nothing was found for “zeppelin”" in words(none)


async def test_german_words_are_found_in_their_forms(world: World) -> None:
    await published(world, "Rücksendungen", "de", body="Kleben Sie die Etiketten auf die Pakete.")
    async with world.database.reading() as reading:
        for typed in ("Rücksendung", "paket", "etikett", "sendung"):
            assert [page.slug for page in await queries.search(reading, "de", typed)] == ["ruecksendungen"], typed
        assert await queries.search(reading, "en", "paket") == []


async def test_a_browser_that_has_the_page_is_told_so(world: World, reader: httpx.AsyncClient) -> None:
    await published(world)
    first = await reader.get("/help/returning-a-parcel")
    again = await reader.get("/help/returning-a-parcel", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    packed = await reader.get("/help/returning-a-parcel", headers={"accept-encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.text == first.text
    assert len(gzip.compress(first.content)) < len(first.content) / 2


async def test_readings_are_counted_and_nothing_else(world: World, reader: httpx.AsyncClient) -> None:
    article_id, _ = await published(world)
    await reader.get("/help/returning-a-parcel")
    await reader.get("/api/v1/widget/help/pages/returning-a-parcel")
    await reader.get("/help/returning-a-parcel", headers={"user-agent": "Googlebot/2.1"})
    await reader.get("/help/returning-a-parcel", headers={"sec-purpose": "prefetch"})
    await reader.head("/help/returning-a-parcel")
    async with world.database.reading() as reading:
        text = await queries.text(reading, article_id, "en")
        row = await reading.row("SELECT * FROM article_views")
    assert text is not None
    assert text.views == 2
    assert row is not None
    assert set(dict(row)) == {"article_id", "language", "views"}


async def test_nothing_that_is_written_or_searched_becomes_markup(world: World, reader: httpx.AsyncClient) -> None:
    for number, payload in enumerate(HTML):
        await published(world, f"{number} {payload}"[:120], summary=payload[:300], body=payload)
        page = await reader.get("/help", params={"q": payload})
        assert payload not in page.text.replace("&lt;", "")
    async with world.database.reading() as reading:
        slugs = [row["slug"] for row in await reading.rows("SELECT slug FROM article_page")]
    own = {
        *("html", "head", "meta", "title", "link", "body", "a", "header", "div", "strong", "span", "nav", "form"),
        *("input", "label", "button", "main", "article", "h1", "h2", "p", "footer", "ul", "li", "mark", "img", "hr"),
        *("em", "code", "pre", "section"),
    }
    for path in ["/help", *(f"/help/{slug}" for slug in slugs)]:
        text = (await reader.get(path)).text
        assert {tag.lower() for tag in re.findall(r"<([a-zA-Z][\w-]*)", text)} <= own, path
        assert not re.search(r"<[^>]*\son\w+\s*=", re.sub(r'"[^"]*"', '""', text)), path


async def test_searching_without_end_is_slowed_down(
    world: World, reader: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_refilling(monkeypatch)
    answers = [await reader.get(f"/help?q=word{number}") for number in range(60)]
    assert [each.status_code for each in answers[:40]] == [200] * 40
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert (await reader.get("/help")).status_code == 200
    assert (await reader.get("/api/v1/widget/help/search?q=x")).status_code == 429


async def test_the_widget_asks_for_the_same(world: World, browser: Browser) -> None:
    assert (await browser.get(f"/widget/channels/{world.site.key}")).json()["help"] is False
    await published(world, body="A **label** and [more](/help/other).")
    assert (await browser.get(f"/widget/channels/{world.site.key}")).json()["help"] is True
    index = (await browser.get("/widget/help?language=fr-FR,en")).json()
    assert (index["language"], index["languages"]) == ("en", ["en"])
    assert index["topics"][0]["pages"][0]["url"] == "/help/returning-a-parcel"
    found = (await browser.get("/widget/help/search?q=label&language=en")).json()
    assert {"text": "label", "hit": True} in found["pages"][0]["excerpt"]
    page = (await browser.get("/widget/help/pages/returning-a-parcel")).json()
    assert page["body"][0]["children"][1] == {"tag": "strong", "children": [{"tag": "text", "text": "label"}]}
    assert set(page) == {
        "slug", "language", "title", "summary", "picture_url", "url", "updated_at", "body", "translations", "topic",
    }  # fmt: skip
