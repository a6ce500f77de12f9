"""Signing in and out, and everything an agent or an admin sets."""

from __future__ import annotations

import asyncio
import io
import re

import pytest
from PIL import Image
from playwright.async_api import Page, Route, expect

from tests.e2e.api import Api
from tests.e2e.cast import ADMIN, PASSWORD, Agent, Cast, sign_in, told

pytest_plugins = ["tests.e2e.stage"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

NEW_PASSWORD = "a much longer fern"


async def test_a_wrong_password_says_so_and_the_right_one_opens_the_inbox(cast: Cast, api: Api) -> None:
    email = api.agent("Wren Typo")
    page = (await cast.stranger()).page
    await _try(page, email, "not the password")
    await expect(page.get_by_role("alert")).to_have_text(
        "E-mail address or password is wrong. Check both and try again."
    )
    await expect(page.get_by_label("Password")).to_be_focused()
    await sign_in(page, email)
    await page.get_by_role("button", name="You: Wren Typo").click()
    async with page.expect_navigation():
        await page.get_by_role("menuitem", name="Sign out").click()
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    await page.goto(f"{cast.product.url}/console/inbox?folder=all")
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


async def test_too_many_tries_are_told_how_long_to_wait(cast: Cast) -> None:
    page = (await cast.stranger()).page
    alert = page.get_by_role("alert")
    for _ in range(5):
        await _try(page, "guessed@fernwood.example", "follow-the-guess")
        await expect(alert).to_contain_text("is wrong")
    await _try(page, "guessed@fernwood.example", "follow-the-guess")
    await expect(alert).to_contain_text("Too many tries. Wait")


async def test_a_session_that_is_ended_elsewhere_asks_to_sign_in_and_keeps_the_page(cast: Cast, api: Api) -> None:
    email = api.agent("Mira Twice")
    here, there = await cast.stranger(), await cast.stranger()
    await sign_in(here.page, email)
    await sign_in(there.page, email)
    await there.list.get_by_role("link").first.click()
    await there.field.fill("Half a sentence")
    await here.page.goto(f"{cast.product.url}/console/settings/sessions")
    await expect(here.page.get_by_text("This browser")).to_be_visible()
    await here.page.get_by_role("button", name="End all others").click()
    dialog = there.page.get_by_role("dialog", name="Sign in again")
    await expect(dialog).to_be_visible()
    await dialog.get_by_label("Password").fill(PASSWORD)
    await dialog.get_by_role("button", name="Sign in", exact=True).click()
    await expect(dialog).to_have_count(0)
    await expect(there.field).to_have_value("Half a sentence")
    await expect(here.page.get_by_text("This browser")).to_be_visible()


async def test_a_new_password_ends_the_other_sessions_and_the_old_one(cast: Cast, api: Api) -> None:
    email = api.agent("Nils Change")
    here, there = await cast.stranger(), await cast.stranger()
    await sign_in(here.page, email)
    await sign_in(there.page, email)
    await here.page.goto(f"{cast.product.url}/console/settings/profile")
    await _change_password(here.page, "not mine", NEW_PASSWORD)
    await expect(here.page.get_by_text("The current password is wrong.")).to_be_visible()
    await _change_password(here.page, PASSWORD, "short")
    await expect(here.page.get_by_text("Choose a password of at least 10 characters.")).to_be_visible()
    async with told(here.page, "Password changed. Your other sessions have ended."):
        await _change_password(here.page, PASSWORD, NEW_PASSWORD)
    dialog = there.page.get_by_role("dialog", name="Sign in again")
    await dialog.get_by_label("Password").fill(PASSWORD)
    await dialog.get_by_role("button", name="Sign in", exact=True).click()
    await expect(dialog.get_by_role("alert")).to_contain_text("is wrong")
    await dialog.get_by_label("Password").fill(NEW_PASSWORD)
    await dialog.get_by_role("button", name="Sign in", exact=True).click()
    await expect(dialog).to_have_count(0)


async def test_an_invited_colleague_joins_by_the_link_once(cast: Cast) -> None:
    ines = await cast.agent(ADMIN)
    await ines.page.goto(f"{cast.product.url}/console/settings/agents")
    await ines.page.get_by_role("button", name="Invite").click()
    dialog = ines.page.get_by_role("dialog")
    await dialog.get_by_label("E-mail").fill("newcomer@fernwood.example")
    await dialog.get_by_role("button", name="Invite").click()
    link = await dialog.get_by_label("Invitation link").input_value()
    await dialog.get_by_role("button", name="Done").click()
    await expect(ines.page.get_by_text("newcomer@fernwood.example")).to_be_visible()

    newcomer = (await cast.stranger()).page
    await newcomer.goto(link)
    await expect(newcomer.get_by_role("heading", name="Join Fernwood Outdoor")).to_be_visible()
    await newcomer.get_by_label("Display name").fill("Nora Newcomer")
    await newcomer.get_by_label("New password").fill(NEW_PASSWORD)
    await newcomer.get_by_role("button", name="Join").click()
    await expect(newcomer.get_by_role("button", name="You: Nora Newcomer")).to_be_visible()
    await expect(ines.page.get_by_role("listitem").filter(has_text="Nora Newcomer")).to_contain_text("Signed in")

    late = (await cast.stranger()).page
    await late.goto(link)
    await expect(late.get_by_role("alert")).to_contain_text("expired, was withdrawn or was accepted already")


async def test_an_agent_is_created_and_sent_away_again(cast: Cast) -> None:
    ines, email = await cast.agent(ADMIN), "otto.short@fernwood.example"
    page = ines.page
    await page.goto(f"{cast.product.url}/console/settings/agents")
    await page.get_by_role("button", name="Create agent").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Display name").fill("Otto Short")
    await dialog.get_by_label("E-mail").fill(email)
    await dialog.get_by_label("Password").fill(PASSWORD)
    await dialog.get_by_role("button", name="Create agent").click()
    await expect(dialog).to_have_count(0)
    otto = await cast.stranger()
    await sign_in(otto.page, email)
    await otto.list.get_by_role("link").first.click()
    await expect(otto.field).to_be_visible()

    await page.get_by_role("button", name="Edit Otto Short").click()
    await page.get_by_role("button", name="Deactivate").click()
    await expect(otto.page.get_by_role("dialog", name="Sign in again")).to_be_visible()
    await expect(page.get_by_text("Otto Short")).to_have_count(0)
    await page.get_by_role("switch", name=re.compile("Show .* deactivated")).click()
    await expect(page.get_by_role("listitem").filter(has_text="Otto Short")).to_contain_text("Deactivated")


async def test_who_is_quicker_than_the_directory_waits_for_the_roles(cast: Cast) -> None:
    ines, email, told = await cast.agent(ADMIN), "quick.quinn@fernwood.example", asyncio.Event()
    page = ines.page

    async def late(route: Route) -> None:
        await told.wait()
        await route.continue_()

    await page.route("**/api/v1/roles", late)
    await page.goto(f"{cast.product.url}/console/settings/agents")
    await page.get_by_role("button", name="Create agent").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Display name").fill("Quick Quinn")
    await dialog.get_by_label("E-mail").fill(email)
    await dialog.get_by_label("Password").fill(PASSWORD)
    create = dialog.get_by_role("button", name="Create agent")
    await expect(create).to_be_disabled()
    told.set()
    await expect(dialog.get_by_label("Role")).to_have_value(re.compile("."))
    await create.click()
    await expect(dialog).to_have_count(0)
    await expect(page.get_by_role("listitem").filter(has_text="Quick Quinn")).to_contain_text(email)


async def test_the_command_bar_reaches_what_stands_on_other_pages(cast: Cast) -> None:
    ines = await cast.agent(ADMIN)
    dialog, bar = ines.page.get_by_role("dialog"), ines.page.get_by_role("combobox", name="Command bar")
    for words, seen in (
        ("Contacts", ines.page.get_by_role("searchbox", name="Name, address or field")),
        ("Assigned to me", ines.page.get_by_role("button", name="Mine", pressed=True)),
        ("Invite", ines.page.get_by_role("heading", name="Agents")),
    ):
        await ines.page.keyboard.press("Control+k")
        await bar.fill(words)
        await expect(dialog.get_by_role("option").first).to_contain_text(words)
        await bar.press("Enter")
        await expect(seen).to_be_visible()


async def test_a_team_is_made_and_can_be_given_a_conversation(cast: Cast) -> None:
    ines, visitor = await cast.agent(ADMIN), await cast.visitor("Tess Team")
    await visitor.open()
    await visitor.say("For a team")
    await ines.page.goto(f"{cast.product.url}/console/settings/teams")
    await ines.page.get_by_role("button", name="Create team").click()
    dialog = ines.page.get_by_role("dialog")
    await dialog.get_by_label("Name").fill("Night watch")
    await dialog.get_by_label("Sam Whitfield").check()
    await dialog.get_by_role("button", name="Create team").click()
    await expect(ines.page.get_by_role("listitem").filter(has_text="Night watch")).to_contain_text("1 member")
    await ines.page.goto(f"{cast.product.url}/console/")
    await ines.open("Tess Team")
    await expect(ines.field).to_be_focused()
    await ines.page.evaluate("document.activeElement.blur()")
    await ines.page.keyboard.press("a")
    await expect(ines.page.get_by_role("combobox", name="Find a colleague or team")).to_be_focused()
    await ines.page.keyboard.type("night")
    await expect(ines.page.locator("#choices").get_by_role("option").first).to_contain_text("Night watch")
    await ines.page.keyboard.press("Enter")
    await expect(ines.thread).to_contain_text("You assigned this to the team Night watch")
    await expect(ines.row("Tess Team")).to_contain_text("Night watch")


async def test_a_picture_is_shown_to_visitors_and_taken_away_again(cast: Cast, api: Api) -> None:
    email = api.agent("Pia Portrait")
    pia = await cast.stranger()
    await sign_in(pia.page, email)
    await pia.go_online()
    await pia.page.goto(f"{cast.product.url}/console/settings/profile")
    choose = pia.page.locator("input[type=file]")
    await choose.set_input_files({"name": "notes.txt", "mimeType": "text/plain", "buffer": b"no picture"})
    await expect(pia.page.get_by_role("alert")).to_contain_text("This file is no picture.")
    await choose.set_input_files({"name": "me.png", "mimeType": "image/png", "buffer": b"not really a picture"})
    await pia.page.get_by_role("button", name="Use this picture").click()
    await expect(pia.page.get_by_text("This file is not a picture that can be read.")).to_be_visible()
    await choose.set_input_files({"name": "me.png", "mimeType": "image/png", "buffer": _picture()})
    await pia.page.get_by_role("button", name="Use this picture").click()
    await expect(pia.page.get_by_role("button", name="Remove")).to_be_visible()

    visitor = await cast.visitor()
    await visitor.open()
    face = visitor.panel.locator("header img")
    await expect(face).to_have_js_property("naturalWidth", 256)
    await pia.page.get_by_role("button", name="Remove").click()
    await expect(face).to_have_count(0)
    await expect(visitor.panel.locator("header .face")).to_have_text("PP")
    await pia.go_online(False)
    await expect(visitor.panel.get_by_text("We are away right now")).to_be_visible()


async def test_an_agent_without_the_right_may_look_at_settings_but_not_change_them(cast: Cast) -> None:
    tom: Agent = await cast.agent()
    for section in ("agents", "teams", "roles", "channels"):
        await tom.page.goto(f"{cast.product.url}/console/settings/{section}")
        await expect(tom.page.get_by_text("Changing it needs a role that allows it")).to_be_visible()
        await expect(tom.page.get_by_role("button", name=re.compile("^(Create|Invite|Import|Edit)"))).to_have_count(0)


async def _try(page: Page, email: str, password: str) -> None:
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_label("Password").fill(password)
    async with page.expect_response("**/api/v1/session"):
        await page.get_by_role("button", name="Sign in").click()


async def _change_password(page: Page, current: str, new: str) -> None:
    await page.get_by_label("Current password").fill(current)
    await page.get_by_label("New password").fill(new)
    await page.get_by_role("button", name="Change password").click()


def _picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (320, 320), "#1f5c46").save(out, "PNG")
    return out.getvalue()
