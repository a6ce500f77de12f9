"""What reaches people who look elsewhere: an agent by push with the tab closed, a visitor who left by mail."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from playwright.async_api import Page, expect

from tests.e2e.api import Api
from tests.e2e.cast import Agent, Cast, frames_of, sign_in, told
from tests.harness.pushes import Device, PushService, push_service
from tests.harness.smtp import Mailbox, text_of
from tests.harness.until import until

pytest_plugins = ["tests.e2e.stage"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(180)]

# Without its maker's push service Chromium cannot subscribe: the test's own service stands in its place. Everything
# else is the browser's: the worker, its scope, the page's policy, what is shown.
SUBSCRIBE = """
([endpoint, keys]) => {
    const subscription = {
        toJSON: () => ({ endpoint, keys }), unsubscribe: async () => true, options: { applicationServerKey: null },
    };
    PushManager.prototype.subscribe = async () => subscription;
    PushManager.prototype.getSubscription = async () => null;
}
"""
A_ROUND = """
SELECT procrastinate_defer_jobs_v1(
    ARRAY[ROW('default', 'answers.queue', 0, NULL, NULL, '{}'::jsonb, NULL)::procrastinate_job_to_defer_v1])
"""
TWO_MINUTES_AGO = """
WITH rows AS (UPDATE conversation SET last_message_at = last_message_at - interval '2 minutes',
                  created_at = created_at - interval '2 minutes', waiting_since = waiting_since - interval '2 minutes'
              WHERE id = %(id)s RETURNING id)
UPDATE entry SET at = at - interval '2 minutes' WHERE conversation_id = %(id)s
"""


@pytest.fixture
def service() -> Iterator[PushService]:
    """Where the product's pushes go."""
    with push_service() as running:
        yield running


async def test_an_agent_chooses_tries_each_way_and_is_told_with_the_tab_closed(
    cast: Cast, api: Api, service: PushService, mailbox: Mailbox
) -> None:
    email = api.agent("Nora Elsewhere")
    nora, device = await cast.stranger(), service.device("nora")
    page, context = nora.page, nora.page.context
    await context.grant_permissions(["notifications"], origin=cast.product.url)
    await sign_in(page, email)
    await nora.go_online()
    await page.goto(f"{cast.product.url}/console/settings/notifications")
    await _choose_and_try(page, email, mailbox)
    await _take_push(page, device)
    tests = page.get_by_role("button", name="Test: Push")
    await tests.click()
    await expect(page.get_by_text("Sent to 1 browser.")).to_be_visible()
    assert device.pushes[-1]["title"] == "Test notification"
    await expect(page.get_by_role("list", name="Log").get_by_text("by push")).to_be_visible()

    # A page of ours that is not the console keeps the browser alive; no tab of the console is open.
    elsewhere = await context.new_page()
    await elsewhere.goto(f"{cast.product.url}/help")
    await page.close()
    visitor = await cast.visitor("Petra Push")
    await visitor.open()
    await visitor.say("Is anybody there?")
    await until(lambda: any(push["title"] == "New conversation" for push in device.pushes), seconds=60)
    push = next(push for push in device.pushes if push["title"] == "New conversation")
    assert "Petra" not in json.dumps(push), "no name and no text unless the company says so"
    await _deliver(elsewhere, cast.product.url, push)
    shown = await _shown(elsewhere)
    assert shown == [{"title": "New conversation", "body": push["body"], "url": push["url"]}]


async def _choose_and_try(page: Page, email: str, mailbox: Mailbox) -> None:
    """The matrix is kept by the server, and each way can be tried."""
    messages = page.get_by_role("group", name="New message", exact=True)
    mail = messages.get_by_role("checkbox", name="Mail", exact=True)
    await expect(mail).not_to_be_checked()
    async with page.expect_response(lambda answer: answer.request.method == "PUT" and answer.ok):
        await mail.check()
    minutes = page.get_by_label("A visitor waits too long after")
    await minutes.fill("0")
    await minutes.press("Tab")
    await expect(minutes).to_have_value("5")
    async with page.expect_response(lambda answer: answer.request.method == "PUT" and answer.ok):
        await page.get_by_role("switch", name="Repeat the sound until somebody reacts").click()
    await page.reload()
    await expect(mail).to_be_checked()
    await expect(page.get_by_role("switch", name="Repeat the sound until somebody reacts")).to_be_checked()

    async with told(page, "Hello, can I still change my order?"):
        await page.get_by_role("button", name="Test: Pop-up").click()
    await page.get_by_role("button", name="Test: Sound").click()
    await expect(page.get_by_text("You should have heard it.")).to_be_visible()
    await expect(page.get_by_role("button", name="Test: Push")).to_be_disabled()
    await page.get_by_role("button", name="Test: Mail").click()
    await expect(page.get_by_text("A test mail is on its way to you.")).to_be_visible()
    assert len(mailbox.to(email)) == 1


async def _take_push(page: Page, device: Device) -> None:
    """Press the button; the browser is in the list then."""
    keys = {name: device.subscription[name] for name in ("p256dh", "auth")}
    await page.evaluate(SUBSCRIBE, [device.endpoint, keys])
    await page.get_by_role("button", name="Take push in this browser").click()
    await expect(page.get_by_role("button", name=re.compile("^Remove: Chrom"))).to_be_visible()


async def _deliver(page: Page, origin: str, push: dict[str, object]) -> None:
    """Hand a push to the browser, as its push service would."""
    session = await page.context.new_cdp_session(page)
    found: list[str] = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(one["registrationId"] for one in event["registrations"]),
    )
    await session.send("ServiceWorker.enable")
    await until(lambda: bool(found))
    body = {"origin": origin, "registrationId": found[-1], "data": json.dumps(push)}
    await session.send("ServiceWorker.deliverPushMessage", body)


async def _shown(page: Page) -> list[dict[str, object]]:
    """What the browser shows of us, once it shows anything."""
    return await page.evaluate(
        """async () => {
            const worker = await navigator.serviceWorker.getRegistration("/console/");
            for (;;) {
                const shown = await worker.getNotifications();
                if (shown.length) return shown.map(({ title, body, data }) => ({ title, body, url: data.url }));
                await new Promise((resolve) => setTimeout(resolve, 50));
            }
        }"""
    )


async def test_a_visitor_who_left_reads_the_answer_by_mail_and_goes_on_from_there(
    cast: Cast, api: Api, mailbox: Mailbox
) -> None:
    tom = await cast.agent()
    visitor = await cast.visitor("Lena Leaves")
    await visitor.call("identify", {"name": "Lena Leaves", "email": "lena@home.test"})
    await visitor.open()
    await visitor.say("Do you repair tents?")
    await tom.open("Lena Leaves")
    admin = await cast.agent("ines@fernwood.example")
    await _switch_on(admin.page, cast.product.url)
    await visitor.page.context.close()
    await tom.reply("We do, in a week.")
    await tom.note("She came from the fair.")
    await until(lambda: _logged(tom, 3))
    contact = (await tom.ask(f"/conversations/{tom.conversation_id}"))["row"]["contact"]["id"]
    await until(lambda: _has_left(tom, contact))
    cast.product.execute(TWO_MINUTES_AGO, {"id": tom.conversation_id})
    cast.product.execute(A_ROUND, {})
    await until(lambda: bool(mailbox.to("lena@home.test")), seconds=60)
    (letter,) = mailbox.to("lena@home.test")
    assert "We do, in a week." in text_of(letter)
    assert "fair" not in text_of(letter)
    await expect(tom.thread.get_by_text("The answers went to lena@home.test by mail")).to_be_visible(timeout=30_000)

    link = re.search(r"http://localhost:\d+/continue#\S+", text_of(letter))
    assert link
    phone, _ = await cast.page(await cast.browser(viewport={"width": 390, "height": 780}))
    await phone.goto(link[0])
    chat = phone.frame_locator("iframe")
    await expect(chat.get_by_text("We do, in a week.")).to_be_visible()
    assert phone.url.endswith("/continue"), "the secret has left the address"
    await chat.locator("textarea").fill("Then I bring it on Monday.")
    await chat.locator("textarea").press("Enter")
    await expect(tom.thread.get_by_text("Then I bring it on Monday.")).to_be_visible()
    await phone.reload()
    await expect(chat.get_by_text("Then I bring it on Monday.")).to_be_visible()
    stranger, _ = await cast.page(await cast.browser())
    await stranger.goto(f"{cast.product.url}/continue#{'x' * 43}")
    await expect(stranger.get_by_text("This link has expired.")).to_be_visible()


async def _switch_on(page: Page, url: str) -> None:
    """The channel's switch, by hand; its mail goes out after a minute."""
    await page.goto(f"{url}/console/settings/channels")
    await (
        page.get_by_role("main")
        .get_by_role("link")
        .filter(has_text=re.compile("Fernwood", re.IGNORECASE))
        .first.click()
    )
    await page.get_by_role("tab", name="Files and mail").click()
    switch = page.get_by_role("switch", name="Mail answers to visitors who have left")
    await expect(switch).to_be_enabled()
    await switch.click()
    await expect(switch).to_be_checked()
    minutes = page.get_by_label("Wait before the mail goes out")
    async with page.expect_response(lambda answer: answer.request.method == "PATCH" and answer.ok):
        await minutes.fill("1")
        await minutes.press("Tab")


def _has_left(agent: Agent, contact: str) -> bool:
    """Whether the server has told that the visitor closed their last page."""
    pages = [page for page in frames_of(agent.heard, "visitor_page") if page["contact_id"] == contact]
    return bool(pages) and not pages[-1]["online"]


async def _logged(agent: Agent, count: int) -> bool:
    return len(await agent.logged_texts()) == count
