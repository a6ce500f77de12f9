"""The first start: one link, one first admin."""

from __future__ import annotations

import asyncio

import pytest

from alongside.domains.agents import actions
from alongside.domains.agents.joining_schemas import SetUp
from alongside.domains.workspace import queries
from alongside.kit.ids import new_secret
from alongside.platform.config import Config
from alongside.platform.db import Database
from alongside.platform.errors import Conflict, Invalid, NotFound, TooMany
from tests.world import HOME, PASSWORD, Browser


def wishes(token: str, password: str = PASSWORD, name: str = "Green Shop") -> SetUp:
    return SetUp(token=token, workspace_name=name, email="sol@shop.test", display_name="Sol", password=password)


async def test_the_holder_of_the_link_becomes_admin(config: Config, database: Database) -> None:
    token = await actions.prepare_setup(database)
    assert token
    session = await actions.set_up(database, config, wishes(token), HOME)
    actor = await actions.authenticate(database, session.token)
    assert actor.may("anything at all")
    async with database.reading() as reading:
        assert (await queries.workspace(reading)).name == "Green Shop"
    assert await actions.prepare_setup(database) is None
    with pytest.raises(Conflict):
        await actions.set_up(database, config, wishes(token), HOME)


async def test_each_start_prints_a_new_link_and_kills_the_old(config: Config, database: Database) -> None:
    first, second = await actions.prepare_setup(database), await actions.prepare_setup(database)
    assert first and second
    with pytest.raises(NotFound):
        await actions.set_up(database, config, wishes(first), HOME)
    await actions.set_up(database, config, wishes(second), HOME)


@pytest.mark.parametrize("token", ["", "x", "\x00", "é" * 43, "A" * 43])
async def test_a_wrong_link_sets_nothing_up(config: Config, database: Database, token: str) -> None:
    await actions.prepare_setup(database)
    with pytest.raises(NotFound):
        await actions.set_up(database, config, wishes(token), HOME)


async def test_the_link_cannot_be_guessed_by_the_thousand(config: Config, database: Database) -> None:
    await actions.prepare_setup(database)
    refusals = []
    for _ in range(25):
        try:
            await actions.set_up(database, config, wishes(new_secret()), HOME)
        except (NotFound, TooMany) as refusal:
            refusals.append(type(refusal))
    assert refusals == [NotFound] * 20 + [TooMany] * 5


async def test_without_a_link_there_is_no_set_up(config: Config, database: Database) -> None:
    with pytest.raises(NotFound):
        await actions.set_up(database, config, wishes(new_secret()), HOME)


async def test_two_at_once_make_one_admin(config: Config, database: Database) -> None:
    token = await actions.prepare_setup(database)
    assert token
    results = await asyncio.gather(
        *(actions.set_up(database, config, wishes(token), HOME) for _ in range(5)), return_exceptions=True
    )
    assert sum(isinstance(result, Conflict) for result in results) == 4
    async with database.reading() as reading:
        assert await reading.value("SELECT count(*) FROM agent") == 1


async def test_a_mistake_does_not_use_up_the_link(config: Config, database: Database) -> None:
    token = await actions.prepare_setup(database)
    assert token
    for wrong in (wishes(token, password="short"), wishes(token, name=" ")):
        with pytest.raises(Invalid):
            await actions.set_up(database, config, wrong, HOME)
    await actions.set_up(database, config, wishes(token), HOME)


async def test_by_the_door(database: Database, browser: Browser) -> None:
    assert (await browser.get("/setup")).json() == {"needed": True}
    token = await actions.prepare_setup(database)
    body = {
        "token": token,
        "workspace_name": "Green Shop",
        "email": "sol@shop.test",
        "display_name": "Sol",
        "password": PASSWORD,
    }
    assert (await browser.post("/setup", body | {"role": "*"})).status_code == 422
    made = await browser.post("/setup", body)
    assert made.status_code == 201
    assert made.json()["me"]["permissions"] == ["*"]
    assert (await browser.get("/session")).json()["workspace"]["name"] == "Green Shop"
    assert (await browser.get("/setup")).json() == {"needed": False}
