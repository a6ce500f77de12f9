"""Before the first message and after the last: what visitors are asked, and what becomes of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from playwright.async_api import Locator, Route, expect

from tests.e2e.api import Api
from tests.e2e.axe.audit import violations
from tests.e2e.cast import ADMIN, Agent, Cast, Visitor, told
from tests.e2e.site import Site, snippet
from tests.harness.smtp import Mailbox, text_of
from tests.harness.until import until

pytest_plugins = ["tests.e2e.stage"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def _at(cast: Cast, site: Site, key: str, name: str) -> Visitor:
    return await cast.visitor(name, site.page(f"/{key}", snippet(cast.product.url, key)))


async def _finish(agent: Agent) -> None:
    await agent.page.get_by_role("button", name="Set to Done").click()
    await until(lambda: _is(agent, "done"))


async def _arrived(mailbox: Mailbox, address: str, count: int) -> bool:
    return len(mailbox.to(address)) == count


async def _is(agent: Agent, status: str) -> bool:
    return bool((await agent.ask(f"/conversations/{agent.conversation_id}"))["row"]["status"] == status)


async def test_a_rating_by_keyboard(cast: Cast, api: Api, site: Site) -> None:
    channel = api.channel("Shop that asks how it was")
    rita = await _at(cast, site, channel["key"], "Rita Rating")
    await rita.open()
    await rita.say("Thank you, that was all")
    tom = await cast.agent()
    await tom.open("Rita Rating")
    await _finish(tom)
    # Switched on while the chat is open.
    api("PATCH", f"/channels/{channel['id']}", {"settings": {"around": {"rating": True}}})
    stars = rita.panel.get_by_role("radio")
    await expect(stars).to_have_count(5)
    await expect(rita.panel.get_by_role("status").filter(has_text="You can rate it")).to_be_attached()
    await rita.panel.get_by_role("button", name="Send rating").click()
    await expect(rita.panel.get_by_role("alert")).to_have_text("Choose one of the five stars first.")
    await expect(stars.first).to_be_focused()
    for _ in range(3):
        await rita.page.keyboard.press("ArrowRight")
    await expect(stars.nth(3)).to_be_checked()
    await rita.panel.get_by_role("textbox", name="Would you like to tell us why?").fill("<b>Quick</b> and friendly")
    await rita.panel.get_by_role("button", name="Send rating").click()
    rated = rita.panel.get_by_text("Thank you! You rated this conversation 4 of 5.")
    await expect(rated).to_be_visible()
    await expect(tom.thread.get_by_text("Rita Rating rated this conversation 4 of 5")).to_be_visible()
    await expect(tom.thread.get_by_text("<b>Quick</b> and friendly")).to_be_visible()

    await rita.reload()
    await rita.panel.get_by_role("button", name="Change").click()
    await expect(stars.nth(3)).to_be_checked()
    await expect(stars.nth(3)).to_be_focused()
    await rita.page.keyboard.press("ArrowRight")
    await rita.panel.get_by_role("button", name="Send rating").click()
    await expect(tom.thread.get_by_text("Rita Rating rated this conversation 5 of 5")).to_be_visible()
    details = tom.page.get_by_role("region", name="Episodes").or_(tom.page.get_by_text("rated 5 of 5"))
    await expect(details.first).to_be_visible()

    await rita.say("One more thing")
    await expect(rita.panel.get_by_role("button", name="Change")).to_be_hidden()
    await tom.sees("Thank you, that was all", "One more thing")
    await _finish(tom)
    async with rita.page.expect_response("**/rating/declined"):
        await rita.panel.get_by_role("button", name="Not now").click()
    await expect(stars).to_have_count(0)
    await rita.reload()
    await rita.sees("Thank you, that was all", "One more thing")
    await expect(rita.panel.locator(".around")).to_have_count(0)


async def test_before_the_first_message_and_by_mail_after_the_last(
    cast: Cast, api: Api, site: Site, mailbox: Mailbox
) -> None:
    channel = api.channel("Shop that asks first", privacy_url="https://fernwood.example/privacy")
    around = {
        "consent": {"en": "I agree that this is kept.", "de": "Ich bin einverstanden."},
        "consent_tick": True,
        "asked": [
            {"what": "email", "required": True, "help": {"en": "For our answer."}},
            {"what": "phone", "label": {"en": "Where can we call you?"}},
            {"what": "name", "required": True},
        ],
    }
    api("PATCH", f"/channels/{channel['id']}", {"settings": {"around": around}})
    nora = await _at(cast, site, channel["key"], "Nora Newcomer")
    await nora.open()
    email = nora.panel.get_by_role("textbox", name="Your e-mail address (required)")
    await expect(email).to_have_accessible_description("For our answer.")
    await expect(nora.panel.get_by_role("textbox", name="Your name")).to_have_count(0)  # the page has told it
    await nora.write("Is this in stock?")
    await expect(email).to_be_focused()
    await expect(email).to_have_accessible_description("For our answer. This is needed before you can write.")
    await expect(nora.panel.get_by_text("Agree to this before you write")).to_be_visible()
    await expect(nora.field).to_have_value("Is this in stock?")
    await email.fill("nora at home")
    await nora.panel.get_by_role("checkbox", name="I agree that this is kept.").check()
    await nora.panel.get_by_role("button", name="Send", exact=True).click()
    await expect(nora.panel.get_by_text("This is not an e-mail address.")).to_be_visible()
    await expect(nora.field).to_have_value("Is this in stock?")
    rename = {"name": "Shop that asked first"}
    came = await _reads_again_while_it_answers(nora, lambda: api("PATCH", f"/channels/{channel['id']}", rename))
    await email.fill("nora@home.example")
    await email.press("Enter")
    await nora.sees("Is this in stock?")
    await came.wait()
    await expect(nora.panel.locator(".around")).to_have_count(0)
    tom = await cast.agent()
    await tom.open("Nora Newcomer")
    await expect(tom.page.get_by_text("nora@home.example")).to_be_visible()
    agreed = tom.page.get_by_role("region", name="Consent", exact=True)
    await expect(agreed.get_by_role("listitem")).to_have_count(1)

    # Another wording: asked anew, with what is being written kept, and whoever ticks one agrees to no other.
    _reword(api, channel["id"], "I agree to a little more.")
    await nora.panel.get_by_role("checkbox", name="I agree to a little more.").check()
    _reword(api, channel["id"], "I agree to more.")
    again = nora.panel.get_by_role("checkbox", name="I agree to more.")
    await expect(again).not_to_be_checked()
    await nora.write("And in green?")
    await expect(again).to_be_focused()
    await again.check()
    await nora.field.press("Enter")
    await nora.sees("Is this in stock?", "And in green?")
    await _reads_what_was_agreed_to(tom, agreed)

    # By mail: offered once somebody has answered, to the address that was given before.
    api("PATCH", f"/channels/{channel['id']}", {"settings": {"around": {"transcript": True}}})
    await tom.reply("In every colour")
    await _asks_for_it_by_mail(nora, tom)
    await until(lambda: _arrived(mailbox, "nora@home.example", 1))
    assert "In every colour" in text_of(mailbox.to("nora@home.example")[0])
    ines = await cast.agent(ADMIN)
    await ines.page.goto(f"{cast.product.url}/console/inbox/{tom.conversation_id}?folder=all")
    await _sends_it_by_mail(ines)
    await until(lambda: _arrived(mailbox, "nora@home.example", 2))


def _reword(api: Api, channel_id: str, text: str) -> None:
    api("PATCH", f"/channels/{channel_id}", {"settings": {"around": {"consent": {"en": text}}}})


async def _reads_again_while_it_answers(nora: Visitor, change: Callable[[], object]) -> asyncio.Event:
    """The channel changes while answers are on their way; what the questions were then comes after they are taken."""
    asked, taken, came = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def questions(route: Route) -> None:
        then = await route.fetch()
        asked.set()
        await taken.wait()
        await route.fulfill(response=then)
        came.set()

    async def answers(route: Route) -> None:
        await nora.page.route("**/widget/channels/*/before", questions, times=1)
        change()
        await asked.wait()
        await route.fulfill(response=await route.fetch())
        taken.set()

    await nora.page.route("**/widget/before", answers, times=1)
    return came


async def _reads_what_was_agreed_to(tom: Agent, agreed: Locator) -> None:
    await expect(agreed.get_by_role("listitem")).to_have_count(2)  # while Tom looks
    await agreed.locator("summary").first.click()
    await expect(agreed.get_by_text("I agree to more.")).to_be_visible()
    await expect(agreed.get_by_role("link", name="Privacy notice of that time")).to_have_attribute(
        "href", "https://fernwood.example/privacy"
    )
    await tom.page.emulate_media(color_scheme="light")
    assert await violations(tom.page.main_frame) == []
    await tom.page.emulate_media(color_scheme="dark")
    assert await violations(tom.page.main_frame, dark=True) == []


async def _asks_for_it_by_mail(nora: Visitor, tom: Agent) -> None:
    """First for when it is over, then not, then now."""
    await nora.panel.get_by_role("button", name="Send it to me when the chat is over").click()
    to = nora.panel.get_by_role("textbox", name="Your e-mail address")
    await expect(to).to_be_focused()
    await expect(to).to_have_value("nora@home.example")
    await to.fill("nora at home")
    await to.press("Enter")
    await expect(nora.panel.get_by_role("alert")).to_contain_text("This is not an e-mail address.")
    await expect(to).to_have_value("nora at home")
    await to.fill("nora@home.example")
    await to.press("Enter")
    await expect(nora.panel.get_by_text("When the chat is over, it is sent to n…@home.example.")).to_be_visible()
    await nora.panel.get_by_role("button", name="Do not send it").click()
    await expect(nora.panel.get_by_role("button", name="Send it to me when the chat is over")).to_be_visible()
    await _finish(tom)
    await nora.panel.get_by_role("button", name="Send me the conversation").click()
    await to.press("Enter")
    await expect(nora.panel.get_by_text("Sent to n…@home.example.")).to_be_visible()


async def _sends_it_by_mail(ines: Agent) -> None:
    await ines.page.get_by_role("button", name="Export transcript").click()
    await ines.page.get_by_role("menuitem", name="Send by mail…").click()
    dialog = ines.page.get_by_role("dialog", name="Send this conversation by mail")
    await expect(dialog.get_by_role("textbox", name="E-mail address")).to_have_value("nora@home.example")
    await dialog.get_by_role("button", name="Send", exact=True).click()
    await expect(dialog).to_be_hidden()


async def test_who_writes_what_somebody_else_stores_is_asked(cast: Cast, api: Api) -> None:
    channel_id = api.channel("Shop of two admins", around={"consent": {"en": "At first."}})["id"]
    ines = await cast.agent(ADMIN)
    await ines.page.goto(f"{cast.product.url}/console/settings/channels/{channel_id}?part=around")
    consent = _section(ines, "Consent")
    words, save = consent.get_by_role("textbox", name="Text"), consent.get_by_role("button", name="Save")
    warned = consent.get_by_text("Somebody else has changed this while you were changing it.")
    await expect(words).to_have_value("At first.")
    _reword(api, channel_id, "Followed.")
    await expect(words).to_have_value("Followed.")

    await words.fill("Mine.")
    _reword(api, channel_id, "Theirs.")
    await expect(warned).to_be_visible()
    await expect(save).to_be_disabled()
    await consent.get_by_role("button", name="Show theirs").click()
    await expect(words).to_have_value("Theirs.")

    await words.fill("Mine again.")
    _reword(api, channel_id, "Theirs again.")
    await consent.get_by_role("button", name="Keep mine").click()
    await expect(warned).to_be_hidden()
    await expect(words).to_have_value("Mine again.")
    async with told(ines.page, "Channel saved"):
        await save.click()
    stored = api("GET", f"/channels/{channel_id}")["settings"]["around"]
    assert stored["consent"] == {"en": "Mine again."}


async def test_the_channels_page_sets_it(cast: Cast, api: Api, site: Site) -> None:
    channel = api.channel("Shop to be set up")
    ines = await cast.agent(ADMIN)
    await ines.page.goto(f"{cast.product.url}/console/settings/channels/{channel['id']}?part=around")
    consent = _section(ines, "Consent")
    await consent.get_by_role("textbox", name="Text").fill("I agree.")
    await consent.get_by_role("switch", name="Visitors must agree before they write").click()
    async with told(ines.page, "Channel saved"):
        await consent.get_by_role("button", name="Save").click()
    asked = _section(ines, "Questions before the chat")
    for what in ("E-mail address", "Phone number", "Name"):
        await asked.get_by_role("group", name="Ask for something more").get_by_role("button", name=what).click()
    await asked.get_by_role("combobox", name="Name").select_option("Required")
    await asked.get_by_role("textbox", name="Question for: Name").fill("Who are you?")
    # The preview beside it shows what is not saved yet; the order is changed by keyboard, and by pulling.
    tried = ines.page.frame_locator("aside iframe").frame_locator("iframe")
    await expect(tried.get_by_role("textbox")).to_have_count(4)
    up = asked.get_by_role("button", name="Move Name up")
    await up.focus()
    await ines.page.keyboard.press("Enter")
    await expect(up, "the focus goes along").to_be_focused()
    await ines.page.keyboard.press("Enter")
    await expect(tried.get_by_role("textbox").first).to_have_accessible_name("Who are you? (required)")
    await _pull(ines, asked.get_by_role("listitem", name="E-mail address"), below=asked.get_by_role("listitem").nth(2))
    await expect(tried.get_by_role("textbox").nth(2)).to_have_accessible_name("Your e-mail address (optional)")
    await asked.get_by_role("button", name="Save").click()
    await until(lambda: _asks(api, channel["id"]))
    await ines.page.get_by_role("switch", name="Visitors may have their conversation sent to them").click()
    await until(lambda: _mails(api, channel["id"]))
    paul = await _at(cast, site, channel["key"], "")
    await paul.open()
    fields = paul.panel.locator("form.before").get_by_role("textbox")
    await expect(fields.first).to_have_accessible_name("Who are you? (required)")
    await expect(fields.nth(1)).to_have_accessible_name("Your phone number (optional)")
    await expect(fields.nth(2)).to_have_accessible_name("Your e-mail address (optional)")
    await expect(paul.panel.get_by_role("checkbox", name="I agree.")).to_be_visible()
    # All of it fits a narrow phone, and the form with its preview scrolls in its own place.
    await paul.page.set_viewport_size({"width": 320, "height": 640})
    await until(lambda: paul.panel.locator("body").evaluate("body => innerWidth === 320"))
    assert await paul.panel.locator("body").evaluate("body => body.scrollWidth") == 320
    assert await ines.page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    # And what comes after it, with a chat that nobody has.
    rating = ines.page.get_by_role("switch", name="Ask for a rating")
    await rating.click()
    await expect(rating).to_be_checked()  # saved: the preview is not drawn anew for it any more
    await ines.page.get_by_label("Moment of the chat").select_option("When the chat is over")
    # By keyboard: the preview is drawn smaller than it is, which Playwright's pointer does not know.
    await tried.get_by_role("radio", name="4 of 5, good").press("Space")
    await tried.get_by_role("button", name="Send rating").press("Enter")
    await expect(tried.get_by_text("You rated this conversation 4 of 5.")).to_be_visible()
    await expect(tried.get_by_role("button", name="Send me the conversation")).to_be_visible()


async def _pull(agent: Agent, item: Locator, *, below: Locator) -> None:
    """With the pointer, by the grip at its beginning."""
    await item.locator(".grip").hover()  # it is at rest, and nothing lies over it
    grip, there = await item.locator(".grip").bounding_box(), await below.bounding_box()
    assert grip
    assert there
    await agent.page.mouse.down()
    await agent.page.mouse.move(grip["x"] + grip["width"] / 2, there["y"] + there["height"] - 4, steps=10)
    await agent.page.mouse.up()


def _section(agent: Agent, name: str) -> Locator:
    return agent.page.locator("section", has=agent.page.get_by_role("heading", name=name, exact=True))


async def _asks(api: Api, channel_id: str) -> bool:
    around = api("GET", f"/channels/{channel_id}")["settings"]["around"]
    return bool(around["asked"] and around["consent_tick"])


async def _mails(api: Api, channel_id: str) -> bool:
    return bool(api("GET", f"/channels/{channel_id}")["settings"]["around"]["transcript"])
