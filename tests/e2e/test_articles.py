"""Articles from the first word to the visitor: written, collided over, published, found, read, sent."""

from __future__ import annotations

import asyncio
import re
import uuid

import pytest
from playwright.async_api import Page, Route, expect

from tests.e2e.api import Api
from tests.e2e.cast import ADMIN, Cast
from tests.e2e.late import late
from tests.security.payloads import HTML, LINKS, SVG_AND_MATHML

pytest_plugins = ["tests.e2e.stage"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SAVED = re.compile("^Saved$")


def once(words: str) -> str:
    """A title that no other run has used."""
    return f"{words} {uuid.uuid4().hex[:6]}"


def write(api: Api, title: str, body: str, *, publish: bool = True, language: str = "en") -> tuple[str, str]:
    """An article past the editor; its id and address."""
    article = api("POST", "/articles", {"language": language, "title": title})
    path = f"/articles/{article['id']}/texts/{language}"
    text = api("PUT", path, {"revision": 1, "title": title, "summary": f"About {title}", "body": body})
    if not publish:
        return article["id"], ""
    return article["id"], api("PUT", f"{path}/published", {"revision": text["revision"]})["published_slug"]


async def saved(page: Page) -> None:
    await expect(page.locator("header [role=status]").filter(has_text=SAVED)).to_be_visible()


async def test_written_published_and_read(cast: Cast) -> None:
    title = once("Folding the Birchlight")
    ines = await cast.agent(ADMIN)
    page = ines.page
    await page.get_by_role("link", name="Articles", exact=True).click()
    await page.get_by_role("button", name="New article").click()
    await page.get_by_label("Title").fill(title)
    await page.get_by_label("Summary").fill("It fits, honestly.")
    body = page.get_by_role("textbox", name="Text", exact=True)
    await body.click()
    await expect(body).to_be_focused()
    await page.keyboard.type("Before you begin")
    await page.get_by_role("button", name="Heading", exact=True).click()
    await expect(body).to_be_focused()
    await page.keyboard.press("End")
    await page.keyboard.type("\n\n- dry\n")
    await page.keyboard.type("clean")
    await page.keyboard.press("Shift+Home")
    await page.keyboard.press("ControlOrMeta+b")
    preview = page.get_by_role("region", name="Preview")
    await expect(preview.get_by_role("heading", name="Before you begin")).to_be_visible()
    await expect(preview.locator("li strong")).to_have_text("clean")
    await saved(page)
    await _types_while_it_is_published(page)
    look = page.locator("header").get_by_role("link", name="Look at the page")
    await expect(look).to_be_visible()
    await saved(page)
    await page.reload()
    await expect(page.get_by_label("Summary")).to_have_value("It fits, and it takes a minute.")
    address = await look.get_attribute("href")
    reader = await (await cast.browser(java_script_enabled=False)).new_page()
    await reader.goto(f"{cast.product.url}{address}")
    await expect(reader.get_by_role("heading", name=title)).to_be_visible()
    await expect(reader.locator(".body strong")).to_have_text("clean")
    await page.get_by_label("Title").fill(f"{title}, changed")
    await saved(page)
    await reader.reload()
    await expect(reader.get_by_role("heading", name=title, exact=True)).to_be_visible()
    async with page.expect_response(lambda answer: answer.url.endswith("/published") and answer.ok):
        await page.get_by_role("button", name="Publish changes").click()
    await expect(page.get_by_role("button", name="Publish changes")).to_be_disabled()
    await reader.reload()
    await expect(reader.get_by_role("heading", name=f"{title}, changed")).to_be_visible()
    await page.get_by_role("button", name="Unpublish").click()
    await expect(look).to_be_hidden()
    answer = await reader.reload()
    assert answer is not None
    assert answer.status == 404


async def _types_while_it_is_published(page: Page) -> None:
    """Whoever does loses nothing."""
    typed = asyncio.Event()

    async def once_typed(route: Route) -> None:
        await typed.wait()
        await route.continue_()

    await page.route("**/texts/en/published", once_typed, times=1)
    await page.get_by_role("button", name="Publish", exact=True).click()
    await page.get_by_label("Summary").fill("It fits, and it takes a minute.")
    typed.set()


async def test_undo_takes_back_what_a_button_did(cast: Cast, api: Api) -> None:
    article_id, _ = write(api, once("Undo"), "plain words", publish=False)
    page = (await cast.agent(ADMIN)).page
    await page.goto(f"{cast.product.url}/console/articles/{article_id}/en")
    body = page.get_by_role("textbox", name="Text", exact=True)
    await expect(body).to_have_value("plain words")
    await body.click()
    await expect(body).to_be_focused()
    await page.keyboard.press("ControlOrMeta+a")
    await page.get_by_role("button", name="Bold").click()
    await expect(body).to_have_value("**plain words**")
    await expect(body).to_be_focused()
    await page.keyboard.press("ControlOrMeta+z")
    await expect(body).to_have_value("plain words")


async def test_two_editors_meet_and_both_texts_survive(cast: Cast, api: Api) -> None:
    title = once("Two pens")
    article_id, _ = write(api, title, "The first text.", publish=False)
    page = (await cast.agent(ADMIN)).page
    await page.goto(f"{cast.product.url}/console/articles/{article_id}/en")
    body = page.get_by_role("textbox", name="Text", exact=True)
    await expect(body).to_have_value("The first text.")
    other = cast.product.url
    lena = Api(other, ADMIN)
    path = f"/articles/{article_id}/texts/en"
    await page.route("**/texts/en", lambda route: route.abort())
    await body.fill("Written while the network was away.")
    await expect(page.get_by_text("Not saved", exact=True)).to_be_visible()
    lena("PUT", path, {"revision": 2, "title": title, "body": "Saved by somebody else."})
    await expect(page.get_by_text("saved this article at")).to_be_visible()
    await page.unroute("**/texts/en")
    await page.reload()  # what was not saved is kept in the browser
    await expect(body).to_have_value("Written while the network was away.")
    await page.get_by_role("button", name="Compare both texts").click()
    dialog = page.get_by_role("dialog")
    theirs = dialog.get_by_role("textbox", name=re.compile("’s text$"))
    await expect(theirs).to_have_value("Saved by somebody else.")
    await dialog.get_by_role("button", name=re.compile("^Take")).click()
    await expect(body).to_have_value("Saved by somebody else.")
    await page.get_by_role("button", name="Undo").click()
    await expect(body).to_have_value("Written while the network was away.")
    await saved(page)
    texts = api("GET", f"/articles/{article_id}")["texts"]
    assert texts[0]["body"] == "Written while the network was away."
    lena.close()


async def test_what_another_saves_appears_where_nothing_is_unsaved(cast: Cast, api: Api) -> None:
    title = once("Live")
    article_id, _ = write(api, title, "Before.", publish=False)
    page = (await cast.agent(ADMIN)).page
    await page.goto(f"{cast.product.url}/console/articles/{article_id}/en")
    body = page.get_by_role("textbox", name="Text", exact=True)
    await expect(body).to_have_value("Before.")
    api("PUT", f"/articles/{article_id}/texts/en", {"revision": 2, "title": title, "body": "After."})
    await expect(body).to_have_value("After.")
    # An older reading that comes after what was saved since takes nothing back.
    async with late(page, f"**/api/v1/articles/{article_id}") as read:
        category = api("POST", "/article-categories", {"names": {"en": once("Makes them read")}})
        await read.wait()
        await body.fill("Since.")
        await saved(page)
    await page.get_by_role("button", name="Publish", exact=True).click()
    await expect(page.get_by_role("button", name="Unpublish")).to_be_visible()
    api("DELETE", f"/article-categories/{category['id']}")
    await page.get_by_role("link", name="Back to all articles").click()
    await expect(page.get_by_role("link", name=title)).to_be_visible()
    api("DELETE", f"/articles/{article_id}")
    await expect(page.get_by_role("link", name=title)).to_be_hidden()


async def test_found_in_the_widget_and_sent_in_the_chat(cast: Cast, api: Api) -> None:
    word = f"zephyr{uuid.uuid4().hex[:6]}"
    write(api, f"First {word}", f"Everything about {word}.\n\n## More\n\n[Elsewhere](https://example.com/)")
    _, second = write(api, f"Second {word}", "Less about it.")
    visitor = await cast.visitor(f"Reader {word}")
    await visitor.open()
    panel = visitor.panel
    await panel.get_by_role("button", name="Search our help centre").click()
    await panel.get_by_role("searchbox").fill(word)
    await expect(panel.locator(".help mark").first).to_have_text(word)
    await panel.get_by_role("button", name=re.compile(f"^First {word}")).click()
    await expect(panel.get_by_role("heading", name=f"First {word}")).to_be_visible()
    await expect(panel.locator(".help article a")).to_have_attribute("rel", "noopener noreferrer nofollow")
    await panel.get_by_role("button", name="Back", exact=True).click()
    await expect(panel.get_by_role("searchbox")).to_have_value(word)
    await visitor.page.keyboard.press("Escape")
    await expect(visitor.field).to_be_visible()
    await visitor.say("I found it, what about the second?")
    tom = await cast.agent()
    await tom.open(f"Reader {word}")
    await tom.page.get_by_role("button", name="Articles", exact=True).click()
    picker = tom.page.get_by_role("dialog", name="Send articles")
    await picker.get_by_role("searchbox").fill(word)
    # What was found before goes from under the pointer.
    await expect(picker.get_by_role("checkbox")).to_have_count(2)
    await picker.get_by_role("checkbox", name=re.compile("^Second")).check()
    await picker.get_by_role("checkbox", name=re.compile("^First")).check()
    await picker.get_by_role("button", name="Send", exact=True).click()
    await expect(picker).to_be_hidden()
    for strip in (tom.thread.locator(".cards"), panel.locator(".cards")):
        await expect(strip.locator("a")).to_have_count(2)
        await expect(strip.locator("a").first).to_contain_text(f"Second {word}")
    await panel.get_by_role("button", name="Next article").click()
    await expect(panel.get_by_role("button", name="Next article")).to_have_attribute("aria-disabled", "true")
    await panel.locator(".cards a").first.click()
    await expect(panel.get_by_role("heading", name=f"Second {word}")).to_be_visible()
    await panel.get_by_role("button", name="Back to the chat").click()
    await expect(panel.locator(".cards")).to_be_visible()
    await visitor.reload()
    await expect(panel.locator(".cards a")).to_have_count(2)
    await tom.page.reload()
    link = tom.thread.locator(".cards a").first
    await expect(link).to_have_attribute("href", f"/help/{second}")


async def test_nothing_an_article_holds_runs_anywhere(cast: Cast, api: Api) -> None:
    """The body in the preview, the page, the search and the widget; titles and summaries on cards, too."""
    achieved: list[str] = []

    async def watch(page: Page) -> None:
        await page.context.expose_binding("pwned", lambda _, what: achieved.append(what))
        await page.context.add_init_script(
            "window.pwn = () => pwned('ran');"
            "addEventListener('securitypolicyviolation', (one) => pwned(`${one.violatedDirective} ${one.blockedURI}`))"
        )
        page.context.on("dialog", lambda dialog: achieved.append(dialog.message))
        page.context.on("request", lambda one: "xss.invalid" in one.url and achieved.append(one.url))

    word = f"mallory{uuid.uuid4().hex[:6]}"
    payloads = [*HTML, *SVG_AND_MATHML, *LINKS]
    body = "\n\n".join([word, *payloads, *(f"[{word}]({one})" for one in LINKS), *(f"![x]({one})" for one in LINKS)])
    nasty = f'{word}"><img src=x onerror=pwn()>'
    article = api("POST", "/articles", {"language": "en", "title": nasty})
    path = f"/articles/{article['id']}/texts/en"
    text = api("PUT", path, {"revision": 1, "title": nasty, "summary": f"<svg onload=pwn()>{word}", "body": body})
    slug = api("PUT", f"{path}/published", {"revision": text["revision"]})["published_slug"]

    ines = await cast.agent(ADMIN)
    await watch(ines.page)
    await ines.page.goto(f"{cast.product.url}/console/articles/{article['id']}/en")
    await expect(ines.page.get_by_role("region", name="Preview").get_by_text(word).first).to_be_visible()
    reader, _ = await cast.page(await cast.browser())
    await watch(reader)
    for address in (f"/help/{slug}", f"/help?q={word}", "/help"):
        await reader.goto(f"{cast.product.url}{address}")
        await expect(reader.get_by_text(word).first).to_be_visible()
    visitor = await cast.visitor(f"Victim {word}")
    await watch(visitor.page)
    await visitor.page.reload()
    await visitor.call("identify", {"name": f"Victim {word}"})
    await visitor.open()
    await visitor.panel.get_by_role("button", name="Search our help centre").click()
    await visitor.panel.get_by_role("searchbox").fill(word)
    await visitor.panel.get_by_role("button", name=re.compile(f"^{word}")).click()
    await expect(visitor.panel.locator(".help article").get_by_text(word).first).to_be_visible()
    await visitor.page.keyboard.press("Escape")
    await expect(visitor.panel.get_by_role("searchbox")).to_be_visible()
    await visitor.page.keyboard.press("Escape")
    await expect(visitor.panel.get_by_role("searchbox")).to_have_count(0)
    await visitor.say("Hello")
    await ines.page.goto(f"{cast.product.url}/console/inbox?folder=all")
    await ines.open(f"Victim {word}")
    api("POST", f"/conversations/{ines.conversation_id}/articles", {"client_id": str(uuid.uuid4()), "slugs": [slug]})
    await expect(ines.thread.locator(".cards a")).to_contain_text(nasty)
    await expect(visitor.panel.locator(".cards a")).to_contain_text(nasty)
    for page in (ines.page, reader, visitor.page):
        for frame in page.frames:
            links = await frame.evaluate("[...document.querySelectorAll('a[href]')].map((it) => it.protocol)")
            assert set(links) <= {"http:", "https:", "mailto:", "tel:"}
    assert achieved == []
    api("DELETE", f"/articles/{article['id']}")
