"""Which passwords may be chosen, and that every door where one is chosen asks the same."""

from __future__ import annotations

import pytest

from alongside.domains.agents import actions, password_rules
from alongside.domains.agents.joining_schemas import AcceptInvitation, NewInvitation
from alongside.domains.agents.schemas import ChangePassword, NewAgent
from alongside.domains.agents.sign_in_schemas import EditSignInRules
from alongside.platform.auth.actor import SystemActor
from alongside.platform.errors import Forbidden, Invalid
from tests.world import HOME, PASSWORD, Browser, World

EMAIL, NAME = "ada.lovelace@shop.test", "Ada Lovelace-Byron"


def refusal(password: str, shortest: int = 10, email: str = EMAIL, name: str = NAME) -> str | None:
    try:
        password_rules.check(password, shortest, email, name)
    except Invalid as refused:
        return refused.code
    return None


@pytest.mark.parametrize(
    "password", ["correct horse battery", "x9 k2 p7 q", "ééé über die brücke", "a" * 60 + "bcd", "a" * 125 + "bcd"]
)
def test_what_is_long_and_not_guessed_first_may_be_chosen(password: str) -> None:
    assert refusal(password) is None


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("", "password-too-short"),
        ("nine char", "password-too-short"),
        ("abcd" * 32 + "e", "password-too-long"),
        ("1029384756", "password-too-easy"),
        ("ZAQ1XSW2CDE3", "password-too-easy"),
        ("WonderWoman", "password-too-easy"),
        ("password and more", "password-too-easy"),
        ("Passwort2026!", "password-too-easy"),
        ("abababababab", "password-too-easy"),
        ("ada.lovelace@shop.test", "password-holds-name"),
        ("my ADA.LOVELACE 1815", "password-holds-name"),
        ("the lovelace engine", "password-holds-name"),
        ("ｂｙｒｏｎ the poet", "password-holds-name"),
    ],
)
def test_what_is_short_or_guessed_first_may_not(password: str, code: str) -> None:
    assert refusal(password) == code


def test_short_names_are_part_of_too_many_words() -> None:
    assert refusal("timberland fir", email="t@shop.test", name="Tim Fir") is None
    assert refusal("timfir12345", email="t@shop.test", name="Tim Fir") == "password-holds-name", "both together are not"
    assert refusal("canada is far away", email="ada@shop.test", name="Ada") is None
    assert refusal("correct horse battery", shortest=25) == "password-too-short"


async def test_every_door_holds_a_new_password_to_the_company_s_rules(world: World) -> None:
    database, config, sol = world.database, world.config, world.sol
    async with database.work() as work:
        await actions.edit_sign_in_rules(work, sol.actor, EditSignInRules(password_chars=30))
    new = NewAgent(email="eva@shop.test", display_name="Eva", password=PASSWORD, role_id=await role_of(world))
    with pytest.raises(Invalid, match="at least 30"):
        await actions.create_agent(database, SystemActor(), new)
    with pytest.raises(Invalid, match="at least 30"):
        await actions.create_admin(database, "eva@shop.test", "Eva", PASSWORD)
    with pytest.raises(Invalid, match="at least 30"):
        await actions.reset_password(database, world.ada.email, PASSWORD)
    with pytest.raises(Invalid, match="at least 30"):
        await actions.change_password(
            database, config, world.ada.actor, ChangePassword(current=PASSWORD, new="another fine password")
        )
    invited = await actions.invite(
        database, config, sol.actor, NewInvitation(email="eva@shop.test", role_id=new.role_id)
    )
    token = invited.link.partition("token=")[2]
    acceptance = AcceptInvitation(token=token, display_name="Eva", password=PASSWORD)
    with pytest.raises(Invalid, match="at least 30"):
        await actions.accept_invitation(database, config, acceptance, HOME)


async def test_the_name_is_looked_for_wherever_it_is_known(world: World) -> None:
    async with world.database.work() as work:
        await work.run("UPDATE agent SET display_name = 'Ada Lovelace' WHERE id = $1", world.ada.id)
    with pytest.raises(Invalid, match="contains your name"):
        await actions.reset_password(world.database, world.ada.email, "the lovelace engine")


async def test_the_rules_by_the_door(world: World, browser: Browser) -> None:
    assert (await browser.get("/sign-in")).json() == {
        "password_chars": 10,
        "provider": None,
        "passkey_host": "chat.test",
        "mail": False,
    }
    assert (await browser.get("/sign-in-rules")).status_code == 401
    browser.be(world.ada)
    rules = {"password_chars": 10, "second_factor_required": False}
    assert (await browser.get("/sign-in-rules")).json() == rules
    assert (await browser.patch("/sign-in-rules", {"password_chars": 12})).status_code == 403
    with pytest.raises(Forbidden):
        async with world.database.work() as work:
            await actions.edit_sign_in_rules(work, world.ada.actor, EditSignInRules(password_chars=12))
    browser.be(world.sol)
    for bad in ({"password_chars": 9}, {"password_chars": 41}, {"password_chars": None}, {"unknown": 1}):
        assert (await browser.patch("/sign-in-rules", bad)).status_code == 422
    assert (await browser.patch("/sign-in-rules", {"password_chars": 12})).json() == rules | {"password_chars": 12}
    assert (await browser.patch("/sign-in-rules", {})).json() == rules | {"password_chars": 12}
    assert (await browser.get("/sign-in")).json() == {
        "password_chars": 12,
        "provider": None,
        "passkey_host": "chat.test",
        "mail": False,
    }


async def role_of(world: World) -> object:
    async with world.database.reading() as reading:
        return await reading.value("SELECT role_id FROM agent WHERE id = $1", world.ada.id)
