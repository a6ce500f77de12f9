"""Customers through the API: made, found by any field, given to an agent or a team, seen while they are here."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from alongside.domains.agents import actions as agents
from alongside.domains.agents.schemas import NewTeam
from alongside.domains.contacts import actions as contacts
from alongside.domains.contacts.actions import PageSeen
from alongside.domains.contacts.tokens import Vouched
from alongside.platform.auth.actor import VisitorActor
from tests.integrations.program import Program, made
from tests.world import Browser, World


@pytest.fixture
async def program(browser: Browser, world: World) -> Program:
    return (await made(browser, world, "read", "contacts.edit", "conversations.assign"))[0]


async def found(program: Program, query: str) -> list[str]:
    answer = await program.get(f"/contacts?{query}")
    assert answer.status_code == 200, answer.text
    return [row["name"] for row in answer.json()["rows"]]


async def post(browser: Browser, token: str, text: str) -> dict[str, Any]:
    body = {"client_id": "0199c0de-0000-7000-8000-0000000000bb", "text": text}
    answer = await browser.call(
        "POST", "/widget/conversation/messages", json=body, headers={"authorization": f"Bearer {token}"}
    )
    assert answer.status_code == 201, answer.text
    message: dict[str, Any] = answer.json()
    return message


async def test_a_customer_is_made_with_all_that_is_known_and_found_by_each_of_it(
    browser: Browser, world: World
) -> None:
    sol = browser.be(world.sol)
    label = (await sol.post("/labels", {"name": "VIP"})).json()["id"]
    options = [{"value": "gold", "label": "Gold plan"}, {"value": "green", "label": "Green"}]
    for field in ({"kind": "number", "key": "size"}, {"kind": "choices", "key": "plans", "options": options}):
        assert (await sol.post("/fields", {**field, "label": {"en": field["key"]}})).status_code == 201
    program, key = await made(browser, world, "read", "contacts.edit")
    new = {
        "name": "Walter",
        "email": "Walter@example.com",
        "phone": "030 42",
        "verified_id": "customer 42",
        "channel_id": str(world.site.id),
        "label_ids": [label, label],
        "fields": {"size": 38, "plans": ["gold"]},
    }
    answer = await program.call("POST", "/contacts", new)
    assert answer.status_code == 201, answer.text
    details = answer.json()
    assert (details["contact"]["verified_id"], details["contact"]["label_ids"]) == ("customer 42", [label])
    assert {(each["value"] if isinstance(each["value"], float | int) else tuple(each["value"]), each["set_by"])
            for each in details["fields"]} == {(38, key["agent_id"]), (("gold",), key["agent_id"])}  # fmt: skip
    for query in (
        "email=walter@EXAMPLE.com", "verified_id=customer%2042", f"label={label}", "field=size&value=38",
        "field=plans&value=gold", "search=030",
    ):  # fmt: skip
        assert await found(program, query) == ["Walter"], query
    for query in ("email=walter@example", "verified_id=customer", "field=size&value=3", "field=plans&value=green"):
        assert await found(program, query) == [], query
    refused = await program.get("/contacts?field=shoe&value=1")
    assert (refused.status_code, refused.json()["code"]) == (422, "no-such-field")

    again = await program.call("POST", "/contacts", new)
    assert (again.status_code, again.json()["details"]) == (409, {"contact_id": details["contact"]["id"]})


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"email": "nobody"}, "email-malformed"),
        ({"verified_id": "x"}, "channel-missing"),
        ({"verified_id": " ", "channel_id": "site"}, "verified-id-malformed"),
        ({"verified_id": "x", "channel_id": "00000000-0000-4000-8000-000000000001"}, "no-such-channel"),
        ({"fields": {"shoe": "38"}}, "no-such-field"),
        ({"label_ids": ["00000000-0000-4000-8000-000000000001"]}, "no-such-label"),
        ({"agent_id": "00000000-0000-4000-8000-000000000001"}, "no-such-agent"),
        ({"agent_id": "ada", "team_id": "00000000-0000-4000-8000-000000000001"}, "agent-or-team"),
    ],
)
async def test_what_makes_no_customer(program: Program, world: World, body: dict[str, Any], code: str) -> None:
    names = {"site": str(world.site.id), "ada": str(world.ada.id)}
    sent = {key: names.get(value, value) if isinstance(value, str) else value for key, value in body.items()}
    answer = await program.call("POST", "/contacts", {"name": "Walter", **sent})
    assert answer.json()["code"] == code
    assert await found(program, "search=Walter") == []


async def test_whose_customer_it_is(program: Program, browser: Browser, world: World) -> None:
    """What is open goes to the agent at once, and so does what the customer begins later elsewhere."""
    vera = f"/contacts/{world.vera.actor.contact_id}"
    given = await program.call("PUT", f"{vera}/assignment", {"agent_id": str(world.ada.id)})
    assert given.json()["contact"]["agent_id"] == str(world.ada.id)
    row = (await program.get(f"/conversations/{world.conversation_id}")).json()["row"]
    assert row["assignee_id"] == str(world.ada.id)
    async with world.database.work() as work:
        team = await agents.create_team(work, world.sol.actor, NewTeam(name="Shop", member_ids=[]))
    given = await program.call("PUT", f"{vera}/assignment", {"team_id": str(team.id)})
    assert (given.json()["contact"]["agent_id"], given.json()["contact"]["team_id"]) == (None, str(team.id))
    both = {"agent_id": str(world.ada.id), "team_id": str(team.id)}
    assert (await program.call("PUT", f"{vera}/assignment", both)).json()["code"] == "agent-or-team"
    row = (await program.get(f"/conversations/{world.conversation_id}")).json()["row"]
    assert (row["assignee_id"], row["team_id"]) == (None, str(team.id))


async def test_a_customer_who_is_known_before_writes_to_their_agent(
    program: Program, browser: Browser, world: World
) -> None:
    new = {"verified_id": "42", "channel_id": str(world.site.id), "agent_id": str(world.ada.id)}
    contact = (await program.call("POST", "/contacts", new)).json()["contact"]["id"]
    visitor, token = await vouched(world, "42")
    assert str(visitor.contact_id) == contact
    await post(browser, token, "It is me")
    page = (await program.get("/conversations?folder=all")).json()["rows"]
    row = next(each for each in page if each["contact"]["id"] == contact)
    assert (row["assignee_id"], row["last_seq"]) == (str(world.ada.id), 2)
    # A repeat after a lost answer gives nothing away that was taken back meanwhile.
    await program.call("PUT", f"/conversations/{row['id']}/assignment", {})
    await post(browser, token, "It is me")
    assert (await program.get(f"/conversations/{row['id']}")).json()["row"]["assignee_id"] is None


async def test_who_left_gets_nothing(program: Program, browser: Browser, world: World) -> None:
    new = {"verified_id": "42", "channel_id": str(world.site.id), "agent_id": str(world.ben.id)}
    await program.call("POST", "/contacts", new)
    await agents.deactivate(world.database, world.sol.actor, world.ben.id)
    _, token = await vouched(world, "42")
    await post(browser, token, "Is anybody there?")
    rows = (await program.get("/conversations")).json()["rows"]
    assert [row["assignee_id"] for row in rows] == [None, None]


async def vouched(world: World, subject: str) -> tuple[VisitorActor, str]:
    async with world.database.work() as work:
        new = await contacts.recognise_visitor(
            work, world.site.id, Vouched(subject=subject, name=None, email=None, phone=None), None, "en"
        )
    return new.actor, new.token


async def test_giving_customers_away_needs_the_right_to(browser: Browser, world: World) -> None:
    program, _ = await made(browser, world, "read", "contacts.edit")
    path = f"/contacts/{world.vera.actor.contact_id}/assignment"
    assert (await program.call("PUT", path, {"agent_id": str(world.ada.id)})).status_code == 403
    assert (await program.call("POST", "/contacts", {"agent_id": str(world.ada.id)})).status_code == 403
    reader, _ = await made(browser, world, "read")
    assert (await reader.call("POST", "/contacts", {"name": "Walter"})).status_code == 403


async def test_who_is_here(program: Program, browser: Browser, world: World) -> None:
    assert (await program.get("/contacts/active")).json() == []
    async with world.database.work() as work:
        page = PageSeen(url="https://shop.test/green", title="Green")
        visit_id = await contacts.start_visit(work, world.vera.actor, page, "Firefox")
    [here] = (await program.get("/contacts/active")).json()
    assert (here["contact"]["id"], here["visit"]["url"]) == (str(world.vera.actor.contact_id), page.url)
    ada = f"/contacts/active?given_to={world.ada.id}"
    assert (await program.get(ada)).json() == []
    personal, _ = await made(browser, world, "read", only_of=str(world.ada.id))
    assert (await personal.get("/contacts/active")).json() == []
    given = {"agent_id": str(world.ada.id)}
    await program.call("PUT", f"/contacts/{world.vera.actor.contact_id}/assignment", given)
    for each, path in ((program, ada), (personal, "/contacts/active"), (personal, f"{ada[:-36]}{UUID(int=1)}")):
        assert [row["visit"]["id"] for row in (await each.get(path)).json()] == [str(visit_id)]
    async with world.database.work() as work:
        await contacts.leave(work, world.vera.actor, visit_id)
        await work.run("UPDATE visit SET online_until = now() - interval '1 second'")
    assert (await program.get("/contacts/active")).json() == []
