"""P33: guessing is hopeless, and does not lock out those who are guessed at."""

from __future__ import annotations

import asyncio
import statistics
import time
from pathlib import Path

import pytest
from litestar.types import Scope

from alongside.domains.agents import actions
from alongside.domains.agents.actions.half_sign_ins import HalfSignIn
from alongside.domains.agents.actions.sessions import Caller
from alongside.domains.agents.schemas import Credentials
from alongside.domains.agents.sign_in_schemas import ProveBoth
from alongside.kit.ids import new_secret
from alongside.platform.errors import Forbidden, NotFound, TooMany, Unauthorized
from alongside.platform.web.address import client_address
from tests.agents.authenticator import half_way, set_up
from tests.world import HOME, PASSWORD, Browser, Facts, World, make_config, open_database, serving, sign_in

ATTACKER = Caller("203.0.113.66")
ELSEWHERE = Caller("198.51.100.7")


async def guess(world: World, email: str, caller: Caller, password: str = "wrong") -> str:  # noqa: S107
    """How the door answers: `wrong`, `wait` or `in`."""
    try:
        await actions.sign_in(world.database, world.config, Credentials(email=email, password=password), caller)
    except Unauthorized:
        return "wrong"
    except TooMany as refusal:
        assert 0 < refusal.retry_after <= 900
        return "wait"
    return "in"


async def test_an_account_can_be_guessed_at_ten_times_from_one_place(world: World) -> None:
    answers = [await guess(world, "ada@shop.test", ATTACKER) for _ in range(15)]
    assert answers == ["wrong"] * 10 + ["wait"] * 5
    assert await guess(world, "ada@shop.test", ATTACKER, PASSWORD) == "wait"
    assert await guess(world, "ada@shop.test", ELSEWHERE, PASSWORD) == "in"


async def test_guesses_in_parallel_are_counted_too(world: World) -> None:
    answers = await asyncio.gather(*(guess(world, "ada@shop.test", ATTACKER) for _ in range(40)))
    assert answers.count("wrong") == 10
    assert answers.count("wait") == 30


async def test_spelling_the_address_otherwise_gains_nothing(world: World) -> None:
    spellings = ["ada@shop.test", " Ada@Shop.Test", "ADA@SHOP.TEST ", "ada@shop.test\n", "ada@shop.test\x07"] * 3
    answers = [await guess(world, spelling, ATTACKER) for spelling in spellings]
    assert answers.count("wrong") == 10


async def test_unknown_accounts_are_counted_alike(world: World) -> None:
    answers = [await guess(world, "nobody@shop.test", ATTACKER) for _ in range(12)]
    assert answers == ["wrong"] * 10 + ["wait"] * 2


async def test_one_place_cannot_try_one_password_on_everybody(world: World) -> None:
    answers = [await guess(world, f"agent{number}@shop.test", ATTACKER) for number in range(55)]
    assert answers == ["wrong"] * 50 + ["wait"] * 5
    assert await guess(world, "ada@shop.test", ELSEWHERE, PASSWORD) == "in"


async def test_a_household_of_ipv6_addresses_is_one_place(world: World) -> None:
    answers = [await guess(world, "ada@shop.test", Caller(f"2001:db8:1:2:{number:x}::1")) for number in range(1, 13)]
    assert answers == ["wrong"] * 10 + ["wait"] * 2


async def test_guesses_from_everywhere_do_not_hold_back_the_owner_at_home(world: World) -> None:
    answers = [await guess(world, "ada@shop.test", Caller(f"203.0.113.{number}")) for number in range(105)]
    assert answers == ["wrong"] * 100 + ["wait"] * 5
    assert await guess(world, "ada@shop.test", ELSEWHERE, PASSWORD) == "wait"
    await sign_in(world.config, world.database, "ada@shop.test")


async def test_who_knows_the_password_signs_in_as_often_as_they_like(world: World) -> None:
    assert [await guess(world, "ada@shop.test", ELSEWHERE, PASSWORD) for _ in range(20)] == ["in"] * 20


async def test_a_restart_forgets_nothing(world: World, fresh_database_url: str) -> None:
    for _ in range(10):
        await guess(world, "ada@shop.test", ATTACKER)
    async with open_database(fresh_database_url, Facts()) as reopened:
        credentials = Credentials(email="ada@shop.test", password=PASSWORD)
        with pytest.raises(TooMany):
            await actions.sign_in(reopened, world.config, credentials, ATTACKER)


async def test_known_and_unknown_accounts_take_the_same_time(world: World, tmp_path: Path) -> None:
    async def cost(email: str, number: int) -> float:
        began = time.process_time()  # almost all of it is the hash; on the wall others use this machine too
        await guess(world, email, Caller(f"198.51.100.{number}"))
        return time.process_time() - began

    await cost("warm@shop.test", 1)
    pairs = [(await cost("ada@shop.test", n), await cost("nobody@shop.test", n)) for n in range(2, 23)]
    known, unknown = (statistics.median(side) for side in zip(*pairs, strict=True))
    assert 0.7 < known / unknown < 1.4


async def test_forged_forwarding_headers_do_not_help(world: World, browser: Browser) -> None:
    codes = []
    for number in range(60):
        forged = {"x-forwarded-for": f"10.1.{number}.1", "x-real-ip": f"10.2.{number}.1", "forwarded": "for=10.3.3.3"}
        body = {"email": "ada@shop.test", "password": f"guess number {number}"}
        answer = await browser.call("POST", "/session", json=body, headers=forged)
        codes.append(answer.status_code)
    assert codes == [401] * 10 + [429] * 50
    assert answer.json()["code"] == "too-many-tries"
    assert 0 < int(answer.headers["retry-after"]) <= 900


@pytest.mark.parametrize(
    ("peer", "headers", "trusted", "address"),
    [
        ("203.0.113.5", ["1.1.1.1"], (), "203.0.113.5"),
        ("203.0.113.5", ["1.1.1.1"], ("10.0.0.0/8",), "203.0.113.5"),
        ("10.0.0.2", ["203.0.113.5"], ("10.0.0.0/8",), "203.0.113.5"),
        ("10.0.0.2", ["1.1.1.1, 203.0.113.5"], ("10.0.0.0/8",), "203.0.113.5"),
        ("10.0.0.2", ["1.1.1.1", "203.0.113.5"], ("10.0.0.0/8",), "203.0.113.5"),
        ("10.0.0.2", ["203.0.113.5, 10.0.0.3"], ("10.0.0.0/8",), "203.0.113.5"),
        ("10.0.0.2", ["not an address"], ("10.0.0.2",), "not an address"),
        ("10.0.0.2", [" , "], ("10.0.0.2",), "10.0.0.2"),
        ("::1", ["2001:db8::5"], ("::1",), "2001:db8::5"),
    ],
)
def test_the_address_that_a_trusted_proxy_tells(
    peer: str, headers: list[str], trusted: tuple[str, ...], address: str
) -> None:
    lines = [(b"x-forwarded-for", line.encode()) for line in headers]
    scope: Scope = {"client": (peer, 1234), "headers": lines}  # type: ignore[typeddict-item,assignment]
    assert client_address(scope, trusted) == address


async def test_links_cannot_be_guessed_by_the_thousand(world: World) -> None:
    refusals = []
    for _ in range(60):
        try:
            await actions.look_up_invitation(world.database, new_secret(), ATTACKER)
        except (NotFound, TooMany) as refusal:
            refusals.append(type(refusal))
    assert refusals == [NotFound] * 50 + [TooMany] * 10


async def test_the_current_password_cannot_be_guessed_by_a_borrowed_session(world: World, browser: Browser) -> None:
    browser.be(world.ada)
    codes = [
        (await browser.put("/me/password", {"current": f"guess {number}", "new": "another fine one"})).status_code
        for number in range(12)
    ]
    assert codes == [403] * 10 + [429] * 2


async def test_new_visitors_have_a_budget(world: World, tmp_path: Path) -> None:
    url = world.config.database_url
    assert url is not None
    config = make_config(url.reveal(), tmp_path, visitors_per_hour_per_address=5)
    async with serving(config) as client:
        codes = [
            (await client.post("/api/v1/widget/visitors", json={"channel": world.site.key})).status_code
            for _ in range(8)
        ]
    assert codes == [201] * 5 + [429] * 3


async def test_codes_can_be_guessed_at_ten_times_from_one_place(world: World) -> None:
    app, _ = await set_up(world, world.ada)
    half = await half_way(world, world.ada, ATTACKER)
    answers = [await guess_code(world, half, app.wrong(), ATTACKER) for _ in range(12)]
    assert answers == ["wrong"] * 10 + ["wait"] * 2
    assert await guess_code(world, half, app.code(1), ATTACKER) == "wait"
    at_home = await half_way(world, world.ada)
    assert await guess_code(world, at_home, app.code(1), HOME) == "in"


async def test_codes_guessed_from_everywhere_are_counted_for_a_day_and_the_owner_s_place_is_free(world: World) -> None:
    """Who knows the password and has the addresses of a whole network: some hundred guesses a day, no more."""
    app, codes = await set_up(world, world.ada)
    answers = []
    for number in range(12):
        place = Caller(f"203.0.113.{number}")
        half = await half_way(world, world.ada, place)
        answers += [await guess_code(world, half, app.wrong(), place) for _ in range(9)]
    assert answers.count("wrong") == 100
    stranger = await half_way(world, world.ada, ELSEWHERE)
    assert await guess_code(world, stranger, codes[0], ELSEWHERE) == "wait"
    at_home = await half_way(world, world.ada)
    assert await guess_code(world, at_home, codes[0], HOME) == "in"


async def test_codes_are_counted_where_somebody_is_signed_in_too(world: World) -> None:
    app, _ = await set_up(world, world.ada)
    proof = ProveBoth(password=PASSWORD, code=app.wrong())
    for _ in range(10):
        with pytest.raises(Forbidden):
            await actions.turn_off_second_factor(world.database, world.config, world.ada.actor, proof)
    with pytest.raises(TooMany):
        await actions.turn_off_second_factor(world.database, world.config, world.ada.actor, proof)


async def guess_code(world: World, half: HalfSignIn, code: str, caller: Caller) -> str:
    """How the second step answers: `wrong`, `wait` or `in`."""
    try:
        await actions.give_code(world.database, world.config, half.token, code, caller)
    except Forbidden:
        return "wrong"
    except TooMany:
        return "wait"
    return "in"
