"""Roles, what an agent with a narrow one sees, people from a file, and the log of who did what."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.e2e.api import Api
from tests.e2e.cast import ADMIN, PASSWORD, Cast, sign_in, told

pytest_plugins = ["tests.e2e.stage"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(180)]

NEW_PASSWORD = "a much longer fern"


async def settings(cast: Cast, page: Page, section: str) -> None:
    await page.goto(f"{cast.product.url}/console/settings/{section}")
    await expect(page.locator(".column h2")).to_be_visible()


async def test_a_role_is_made_given_and_holds_at_once(cast: Cast, api: Api) -> None:
    ines = await cast.agent(ADMIN)
    page = ines.page
    await settings(cast, page, "roles")
    admin = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Admin", exact=True))
    await expect(admin).to_contain_text("May do everything")
    await expect(admin.get_by_role("button")).to_have_count(0)

    await page.get_by_role("button", name="Create role").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Name", exact=True).fill("Early desk")
    await expect(dialog.get_by_role("checkbox", name="Answer", exact=True)).to_be_checked()
    await dialog.get_by_role("checkbox", name="Manage teams").check()
    await dialog.get_by_role("radio", name="Their own").check()
    await expect(dialog.get_by_role("checkbox", name="Manage teams")).to_be_disabled()
    await expect(dialog.get_by_role("checkbox", name="Manage teams")).not_to_be_checked()
    await dialog.get_by_role("checkbox", name="Correct details").uncheck()
    await dialog.get_by_role("button", name="Create role").click()
    await expect(dialog).to_have_count(0)
    card = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Early desk"))
    await expect(card).to_contain_text("0 agents · Their own")
    await expect(card).to_contain_text("Hand over")
    await expect(card).not_to_contain_text("Correct details")

    nadja_id, email = hire(api, "Nadja Early", role_named(api, "Early desk"))
    await expect(card).to_contain_text("1 agent ·")
    nadja = await cast.stranger()
    await sign_in(nadja.page, email)
    await nadja.list.get_by_role("link").first.click()
    await expect(nadja.field).to_be_visible()
    await card.get_by_role("button", name="Edit Early desk").click()
    await dialog.get_by_role("checkbox", name="Answer", exact=True).uncheck()
    await dialog.get_by_role("button", name="Save").click()
    await expect(nadja.page.get_by_text("Your role lets you read conversations, but not answer.")).to_be_visible()

    await delete(page, "Early desk")
    await expect(dialog.get_by_role("alert")).to_contain_text("Give them another one first")
    await dialog.get_by_role("button", name="Cancel").click()
    api("PATCH", f"/agents/{nadja_id}", {"role_id": role_named(api, "Agent")})
    await expect(nadja.field).to_be_visible()
    await delete(page, "Early desk")
    await expect(card).to_have_count(0)


async def delete(page: Page, role: str) -> None:
    await page.get_by_role("button", name=f"Edit {role}").click()
    await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await page.get_by_role("dialog").get_by_role("button", name="Really delete").click()


def role_named(api: Api, name: str) -> str:
    return next(str(role["id"]) for role in api("GET", "/roles") if role["name"] == name)


def hire(api: Api, name: str, role_id: str) -> tuple[str, str]:
    """A new agent's id and e-mail address."""
    email = f"{name.lower().replace(' ', '.')}@fernwood.example"
    new = {"email": email, "display_name": name, "password": PASSWORD, "role_id": role_id}
    return api("POST", "/agents", new)["id"], email


async def test_what_is_given_away_leaves_and_what_is_given_back_comes(cast: Cast, api: Api) -> None:
    own = api("POST", "/roles", {"name": "Own only", "permissions": ["conversations.reply"], "sees": "own"})
    olga_id, email = hire(api, "Olga Own", own["id"])
    olga, visitor = await cast.stranger(), await cast.visitor("Nell Sight")
    await sign_in(olga.page, email)
    await visitor.open()
    await visitor.say("Can Olga read this?")
    await olga.open("Nell Sight")
    conversation = olga.conversation_id
    await olga.reply("She can")
    await visitor.sees("Can Olga read this?", "She can")

    tom_id = next(one["id"] for one in api("GET", "/agents") if one["display_name"] == "Tom Okafor")
    api("PUT", f"/conversations/{conversation}/assignment", {"agent_id": tom_id, "team_id": None})
    await expect(olga.page.get_by_text("This conversation was given to somebody else")).to_be_visible()
    await olga.page.get_by_role("button", name="Back to the list").click()
    await olga.folder("All")
    await expect(olga.row("Nell Sight")).to_have_count(0)
    await olga.page.goto(f"{cast.product.url}/console/inbox/{conversation}?folder=all")
    await expect(olga.page.get_by_text("This conversation does not exist (any more).")).to_be_visible()
    api("PUT", f"/conversations/{conversation}/assignment", {"agent_id": olga_id, "team_id": None})
    await expect(olga.row("Nell Sight")).to_be_visible()
    await olga.open("Nell Sight")

    # Nobody tells an agent who is offline; the pointer rests on the list, which holds still otherwise.
    await olga.row("Nell Sight").hover()
    await olga.page.context.set_offline(True)
    api("PUT", f"/conversations/{conversation}/assignment", {"agent_id": tom_id, "team_id": None})
    await visitor.say("Said while Olga was away")
    await visitor.sees("Can Olga read this?", "She can", "Said while Olga was away")
    await olga.page.context.set_offline(False)
    await expect(olga.row("Nell Sight")).to_have_count(0, timeout=60_000)
    await expect(olga.page.get_by_text("This conversation cannot be opened")).to_be_visible()
    await expect(olga.page.get_by_text("Said while Olga was away")).to_have_count(0)
    await olga.page.goto(f"{cast.product.url}/console/tickets/1")
    await expect(olga.page.get_by_text("Not for your role")).to_be_visible()


async def test_people_are_imported_from_a_file(cast: Cast, tmp_path: Path) -> None:
    ines = await cast.agent(ADMIN)
    page = ines.page
    await settings(cast, page, "agents")
    await page.get_by_role("button", name="Import").click()
    dialog = page.get_by_role("dialog")
    wrong = "email;display_name;teams\nfile.one@fernwood.example;Fay Ile;No such team\nnot an address;;\n"
    await choose(page, wrong)
    await expect(dialog).to_contain_text("2 lines have a problem.")
    await expect(dialog.get_by_role("region", name="What would be imported")).to_contain_text("not an address")
    await expect(dialog).to_contain_text("teams:")
    await expect(dialog.get_by_role("button", name="Invite 2 people")).to_be_disabled()
    await choose(page, "email;display_name;tags\nfile.one@fernwood.example;Fay Ile;tents; maps\n")
    await expect(dialog).to_contain_text("1 person is ready to be invited.")
    await dialog.get_by_role("button", name="Invite 1 person").click()
    link = await dialog.get_by_label("file.one@fernwood.example").input_value()
    async with page.expect_download() as downloading:
        await dialog.get_by_role("button", name="Download links").click()
    saved = tmp_path / "links.csv"
    await (await downloading.value).save_as(saved)
    assert list(csv.reader(io.StringIO(saved.read_text("utf-8-sig")))) == [
        ["email", "link"],
        ["file.one@fernwood.example", link],
    ]
    await dialog.get_by_role("button", name="Done").click()
    await expect(page.get_by_text("file.one@fernwood.example")).to_be_visible()

    newcomer = (await cast.stranger()).page
    await newcomer.goto(link)
    await expect(newcomer.get_by_label("Display name")).to_have_value("Fay Ile")
    await newcomer.get_by_label("New password").fill(NEW_PASSWORD)
    await newcomer.get_by_role("button", name="Join").click()
    await expect(newcomer.get_by_role("button", name="You: Fay Ile")).to_be_visible()


async def choose(page: Page, text: str) -> None:
    await page.locator("dialog input[type=file]").set_input_files(
        {"name": "people.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )


async def test_the_log_tells_who_did_what(cast: Cast, api: Api, tmp_path: Path) -> None:
    api("POST", "/teams", {"name": "Traceable", "tags": ["maps"]})
    visitor, tom = await cast.visitor("Lola Log"), await cast.agent()
    await visitor.open()
    await visitor.say("Is this noted?")
    await tom.open("Lola Log")
    await tom.reply("Only that I answered")
    await visitor.sees("Is this noted?", "Only that I answered")

    ines = await cast.agent(ADMIN)
    page = ines.page
    await settings(cast, page, "audit")
    entries = page.locator("section ul > li")
    await page.get_by_label("Type", exact=True).select_option(label="Message sent")
    await expect(entries.first).to_contain_text("Tom Okafor · Message sent")
    await expect(entries.first.get_by_role("link", name="Lola Log")).to_be_visible()
    await expect(page.get_by_text("Only that I answered")).to_have_count(0)
    await page.get_by_label("Type", exact=True).select_option(label="Team created")
    await expect(entries.first).to_contain_text(re.compile("Ines Albrecht · Team created.*Traceable", re.DOTALL))
    async with page.expect_download() as downloading:
        await page.get_by_role("link", name="Export CSV").click()
    saved = tmp_path / "audit.csv"
    await (await downloading.value).save_as(saved)
    text = saved.read_text("utf-8-sig")
    assert "Traceable" in text
    assert "MESSENGER_SEND" not in text, "the file holds what the filters leave"
    await page.get_by_label("Type", exact=True).select_option(label="All types")
    await page.get_by_label("To", exact=True).fill("2001-01-01")
    await expect(page.get_by_text("Choose another type, person or period.")).to_be_visible()
    await page.get_by_label("To", exact=True).fill("")
    await page.get_by_label("Days", exact=True).fill("365")
    async with told(page, "Kept for 365 days"):
        await page.get_by_role("button", name="Save").click()
    await page.get_by_role("button", name="Refresh").click()
    await expect(entries.first).to_contain_text(re.compile("Settings changed.*Days kept: 365", re.DOTALL))

    await settings(cast, tom.page, "audit")
    await expect(tom.page.get_by_text("Not for your role")).to_be_visible()


async def test_a_team_has_skills_and_an_agent_a_description(cast: Cast, api: Api) -> None:
    email = api.agent("Dora Described")
    ines = await cast.agent(ADMIN)
    page = ines.page
    await settings(cast, page, "agents")
    await page.get_by_role("button", name="Edit Dora Described").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Description").fill("Knows every tent")
    await dialog.get_by_role("button", name="Save").click()
    line = page.get_by_role("listitem").filter(has_text=email)
    await expect(line).to_contain_text("Knows every tent")
    await settings(cast, page, "teams")
    await page.get_by_role("button", name="Create team").click()
    await dialog.get_by_label("Name", exact=True).fill("Skilled")
    await dialog.get_by_label("Skills").fill("tents, maps")
    await dialog.get_by_role("button", name="Create team").click()
    await expect(page.get_by_role("listitem").filter(has_text="Skilled")).to_contain_text("tents, maps")
