"""People from a CSV file: a preview that says what is wrong where, then all are invited, or nobody."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from alongside.domains.agents import actions, queries
from alongside.domains.agents.joining_schemas import ImportAgents
from alongside.domains.agents.schemas import NewTeam
from alongside.domains.agents.sheet import MOST_PEOPLE, people
from alongside.platform.errors import Conflict, Forbidden, Invalid
from tests.world import COLLEAGUE, PASSWORD, Browser, World, hire, make_role

HEADER = "email,display_name,role,teams,tags,description,area,chat_limit,locale\n"
EVA = "Eva@shop.test,Eva M.,Agent,Sales;Care,german; vip,Knows tents,both,3,de\n"
KIM = "kim@shop.test,,,,,,,,\n"


async def with_teams(world: World) -> None:
    async with world.database.work() as work:
        for name in ("Sales", "Care"):
            await actions.create_team(work, world.sol.actor, NewTeam(name=name))


async def agent_role(world: World) -> str:
    async with world.database.reading() as reading:
        return str(await reading.value("SELECT id FROM role WHERE name = 'Agent'"))


async def preview(browser: Browser, csv: str, **more: Any) -> dict[str, Any]:
    answer = await browser.post("/agents/import/preview", {"csv": csv, **more})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def test_from_the_file_to_an_agent_who_has_it_all(world: World, browser: Browser) -> None:
    await with_teams(world)
    browser.be(world.sol)
    body = {"csv": HEADER + EVA + KIM, "role_id": await agent_role(world)}
    told = await preview(browser, **body)
    assert told["problems"] == 0
    assert [(each["line"], each["email"], each["role_name"]) for each in told["lines"]] == [
        (2, "eva@shop.test", "Agent"),
        (3, "kim@shop.test", "Agent"),
    ]
    assert told["lines"][0]["team_names"] == ["Sales", "Care"]
    assert (await browser.get("/invitations")).json() == [], "a preview invites nobody"
    made = (await browser.post("/agents/import", body)).json()["invitations"]
    assert [each["invitation"]["email"] for each in made] == ["eva@shop.test", "kim@shop.test"]
    noted = (await browser.get("/audit?type=USERS_IMPORTED")).json()["entries"]
    assert [entry["data"] for entry in noted] == [{"invitations": 2}]
    token = made[0]["link"].partition("#token=")[2]
    browser.client.cookies.clear()
    browser.csrf = None
    invited = (await browser.post("/invitations/lookup", {"token": token})).json()
    assert invited["display_name"] == "Eva M."
    accepted = {"token": token, "display_name": "Eva", "password": PASSWORD}
    me = (await browser.post("/invitations/accept", accepted)).json()["me"]
    assert (me["display_name"], me["description"], me["area"]) == ("Eva", "Knows tents", "both")
    assert (me["chat_limit"], me["tags"], me["locale"]) == (3, ["german", "vip"], "de")
    assert (me["role"]["name"], len(me["team_ids"])) == ("Agent", 2)


@pytest.mark.parametrize(
    ("line", "column", "code"),
    [
        ("no address,,Agent,,,,,,", "email", "email-malformed"),
        (",Nobody,Agent,,,,,,", "email", "email-malformed"),
        ("ADA@shop.test,,Agent,,,,,,", "email", "email-taken"),
        ("kim@shop.test,,Pilot,,,,,,", "role", "no-such-role"),
        ("kim@shop.test,,,,,,,,", "role", "no-such-role"),
        ("kim@shop.test,,Agent,Pilots,,,,,", "teams", "no-such-team"),
        ("kim@shop.test,,Agent,,,,sea,,", "area", "area-unknown"),
        ("kim@shop.test,,Agent,,,,,0,", "chat_limit", "limit-malformed"),
        ("kim@shop.test,,Agent,,,,,1.5,", "chat_limit", "limit-malformed"),
        ("kim@shop.test,,Agent,,,,,,fr", "locale", "locale-unknown"),
        (f"kim@shop.test,{'x' * 81},Agent,,,,,,", "display_name", "display-name-too-long"),
        (f"kim@shop.test,,Agent,,,{'x' * 501},,,", "description", "description-too-long"),
    ],
)
async def test_a_line_with_a_problem_keeps_everybody_out(
    world: World, browser: Browser, line: str, column: str, code: str
) -> None:
    browser.be(world.sol)
    csv = HEADER + "eva@shop.test,,Agent,,,,,,\n" + line + "\n"
    told = await preview(browser, csv)
    assert told["problems"] == 1
    assert told["lines"][0]["problems"] == []
    problem = told["lines"][1]["problems"][0]
    assert (problem["column"], problem["code"]) == (column, code)
    assert len(problem["message"]) > 20
    answer = await browser.post("/agents/import", {"csv": csv})
    assert (answer.status_code, answer.json()["code"]) == (422, "import-has-problems")
    assert "line 3" in answer.json()["message"]
    assert (await browser.get("/invitations")).json() == []


@pytest.mark.parametrize(
    ("csv", "code"),
    [
        ("", "import-malformed"),
        ("name\nEva", "import-needs-email"),
        ("email\n", "import-empty"),
        ("email,e-mail\na@b.test,c@d.test", "import-column-twice"),
        ("email,password\na@b.test,secret", "import-has-passwords"),
        ("email,Passwort\na@b.test,secret", "import-has-passwords"),
        ('email\n"a@b.test', "import-malformed"),
        ("email\n" + "a@b.test\n" * (MOST_PEOPLE + 2), "import-malformed"),
    ],
)
async def test_what_is_no_such_file_is_refused_with_words(world: World, browser: Browser, csv: str, code: str) -> None:
    for path in ("/agents/import/preview", "/agents/import"):
        answer = await browser.be(world.sol).post(path, {"csv": csv})
        assert (answer.status_code, answer.json()["code"]) == (422, code)
        assert len(answer.json()["message"]) > 20
    assert (await browser.post("/agents/import", {"csv": "x" * 900_001})).status_code == 422


def test_files_as_spreadsheets_save_them() -> None:
    found, ignored = people('\ufeffName;E-Mail;Rolle;Shoe size\r\n"Müller; Eva";eva@shop.test;Agent;38\r\n;;;\r\n')
    assert ignored == ["Shoe size"]
    assert [(each.line, each.email, each.display_name, each.role) for each in found] == [
        (2, "eva@shop.test", "Müller; Eva", "Agent")
    ]
    found, _ = people("email\tteams\neva@shop.test\n")
    assert found[0].teams == [], "a short line lacks the rest"
    found, _ = people("email\na@b.test\nA@B.test\n")
    assert [each.problems[0].code if each.problems else None for each in found] == [None, "email-twice"]
    assert "line 2" in found[1].problems[0].message


async def test_nobody_invites_to_more_than_they_may(world: World) -> None:
    lead_role = await make_role(world.database, "Lead", [*COLLEAGUE, "agents.manage"])
    lead = await hire(world.config, world.database, "Lee", lead_role)
    csv = ImportAgents(csv="email,role\na@shop.test,Admin\nb@shop.test,lead\n")
    told = await actions.preview_import(world.database, lead.actor, csv)
    assert [[each.code for each in line.problems] for line in told.lines] == [["not-permitted"], []]
    with pytest.raises(Invalid):
        await actions.import_agents(world.database, world.config, lead.actor, csv)
    for call in (
        actions.preview_import(world.database, world.ada.actor, csv),
        actions.import_agents(world.database, world.config, world.ada.actor, csv),
    ):
        with pytest.raises(Forbidden):
            await call


async def test_imported_twice_at_once_each_is_invited_once(world: World) -> None:
    csv = ImportAgents(csv="email,role\n" + "".join(f"p{n}@shop.test,Agent\n" for n in range(20)))
    await asyncio.gather(*(actions.import_agents(world.database, world.config, world.sol.actor, csv) for _ in range(2)))
    async with world.database.reading() as reading:
        assert len(await queries.invitations(reading)) == 20


async def test_who_became_an_agent_meanwhile_stops_the_import(world: World) -> None:
    csv = ImportAgents(csv="email,role\neva@shop.test,Agent\n")
    assert (await actions.preview_import(world.database, world.sol.actor, csv)).problems == 0
    async with world.database.reading() as reading:
        role_id = await reading.value("SELECT id FROM role WHERE name = 'Agent'")
    await hire(world.config, world.database, "Eva", role_id)
    with pytest.raises((Invalid, Conflict), match="already an agent"):
        await actions.import_agents(world.database, world.config, world.sol.actor, csv)


async def test_a_team_that_is_gone_when_they_join_is_left_out(world: World, browser: Browser) -> None:
    await with_teams(world)
    body = {"csv": "email,role,teams\neva@shop.test,Agent,Sales;Care\n"}
    link = (await browser.be(world.sol).post("/agents/import", body)).json()["invitations"][0]["link"]
    teams = (await browser.get("/teams")).json()
    await browser.delete(f"/teams/{next(team['id'] for team in teams if team['name'] == 'Care')}")
    browser.client.cookies.clear()
    browser.csrf = None
    accepted = {"token": link.partition("#token=")[2], "display_name": "Eva", "password": PASSWORD}
    answer = await browser.post("/invitations/accept", accepted)
    assert answer.status_code == 201
    assert len(answer.json()["me"]["team_ids"]) == 1
