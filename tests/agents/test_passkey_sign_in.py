"""Passkeys: used once per question, in the browser that was asked, by whom they belong to."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest

from alongside.domains.agents import actions, letters, queries
from alongside.domains.agents.actions.sessions import NewSession
from alongside.domains.agents.passkey_schemas import (
    PasskeyRequest,
)
from alongside.domains.agents.schemas import ChangePassword
from alongside.platform.errors import Forbidden, Unauthorized
from tests.agents.authenticator import half_way, set_up
from tests.agents.passkeys import PRESENT, SECRET, Authenticator, add, bring, sign_in_with
from tests.world import HOME, PASSWORD, World


async def test_signing_in_with_it_asks_for_nothing_else(world: World) -> None:
    phone, _ = await add(world, world.ada)
    await set_up(world, world.ada)
    session = await sign_in_with(world, phone)
    assert (await actions.authenticate(world.database, session.token)).id == world.ada.id
    async with world.database.reading() as reading:
        (mine,) = await queries.passkeys(reading, world.ada.id)
    assert mine.last_used_at


async def test_what_does_not_hold_lets_nobody_in(world: World) -> None:
    phone, _ = await add(world, world.ada)

    async def refused(authenticator: Authenticator, **lies: Any) -> None:
        asked = await actions.begin_passkey_sign_in(world.database, world.config, SECRET, HOME)
        with pytest.raises(Forbidden, match="does not open"):
            await bring(world, authenticator.sign(asked, **lies))

    await refused(phone, origin="https://evil.test")
    await refused(phone, challenge="AAAA")
    await refused(phone, type="webauthn.create")
    await refused(Authenticator())  # nobody has it
    impostor = Authenticator()
    impostor.credential_id = phone.credential_id
    await refused(impostor)
    phone.flags = PRESENT
    await refused(phone)
    phone.flags, phone.host = 5, "evil.test"
    await refused(phone)
    phone.host = ""
    await sign_in_with(world, phone)
    asked = await actions.begin_passkey_sign_in(world.database, world.config, SECRET, HOME)
    for field in ("client_data", "authenticator_data", "signature"):
        broken = msgspec.structs.replace(phone.sign(asked), **{field: "AAAA"})
        with pytest.raises(Forbidden):
            await bring(world, broken)
        asked = await actions.begin_passkey_sign_in(world.database, world.config, SECRET, HOME)


async def test_an_answer_counts_once_and_in_the_browser_that_was_asked(world: World) -> None:
    phone, _ = await add(world, world.ada)
    asked = await actions.begin_passkey_sign_in(world.database, world.config, SECRET, HOME)
    answer = phone.sign(asked)
    for other in ("of another browser", None):
        with pytest.raises(Forbidden, match="Try again"):
            await bring(world, answer, other)
    tries = (bring(world, answer) for _ in range(4))
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(result, NewSession) for result in results) == 1, results
    newer = await actions.begin_passkey_sign_in(world.database, world.config, SECRET, HOME)
    with pytest.raises(Forbidden, match="does not open"):  # signed for the question before
        await bring(world, phone.sign(PasskeyRequest(challenge=asked.challenge, host=newer.host, allow=[])))
    await actions.begin_passkey_sign_in(world.database, world.config, SECRET, HOME)
    async with world.database.work() as work:
        await work.run("UPDATE passkey_challenge SET expires_at = now() - interval '1 second'")
        await actions.forget_expired_challenges(work)
        assert await work.value("SELECT count(*) FROM passkey_challenge") == 0


async def test_a_copy_is_noticed_refused_and_told(world: World) -> None:
    phone, _ = await add(world, world.ada)
    await sign_in_with(world, phone)
    await sign_in_with(world, phone)
    phone.count = 1
    with pytest.raises(Forbidden, match="does not open"):
        await sign_in_with(world, phone)
    assert await _last_deed(world, "PASSKEY_COPIED") == {
        "agent_id": str(world.ada.id),
        "agent": "Ada",
        "passkey": "Phone",
    }
    assert await _mailed(world) == [letters.PASSKEY_ADDED, letters.PASSKEY_COPIED]
    phone.count = 2
    await sign_in_with(world, phone)


async def test_as_the_second_step(world: World) -> None:
    phone, added = await add(world, world.ada)
    of_ben, _ = await add(world, world.ben)
    half = await half_way(world, world.ada)
    assert half.step == "code"
    ways = await actions.ways_on(world.database, half.token)
    assert (ways.app, ways.passkey) == (False, True)
    asked = await actions.begin_passkey_step(world.database, world.config, half.token)
    assert len(asked.allow) == 1
    with pytest.raises(Forbidden, match="does not open"):
        await actions.give_passkey(world.database, world.config, half.token, of_ben.sign(asked), HOME)
    asked = await actions.begin_passkey_step(world.database, world.config, half.token)
    answer = phone.sign(asked)
    session = await actions.give_passkey(world.database, world.config, half.token, answer, HOME)
    assert session.agent_id == world.ada.id
    with pytest.raises(Unauthorized):
        await actions.give_passkey(world.database, world.config, half.token, answer, HOME)
    half = await half_way(world, world.ada)
    with pytest.raises(Forbidden):  # there is no app whose code this could be
        await actions.give_code(world.database, world.config, half.token, "123456", HOME)
    await actions.give_code(world.database, world.config, half.token, added.recovery_codes[0], HOME)
    for nobody in (None, "x" * 43):
        with pytest.raises(Unauthorized):
            await actions.begin_passkey_step(world.database, world.config, nobody)


async def test_an_answer_of_one_door_opens_no_other(world: World) -> None:
    phone, _ = await add(world, world.ada)
    half = await half_way(world, world.ada)
    asked = await actions.begin_passkey_sign_in(world.database, world.config, half.token, HOME)
    with pytest.raises(Forbidden, match="Try again"):
        await actions.give_passkey(world.database, world.config, half.token, phone.sign(asked), HOME)


async def test_a_deactivated_agent_stays_out(world: World) -> None:
    phone, _ = await add(world, world.ada)
    await actions.deactivate(world.database, world.sol.actor, world.ada.id)
    with pytest.raises(Forbidden, match="deactivated"):
        await sign_in_with(world, phone)


async def test_it_outlives_a_new_password(world: World) -> None:
    phone, _ = await add(world, world.ada)
    change = ChangePassword(current=PASSWORD, new="a wholly different one")
    await actions.change_password(world.database, world.config, world.ada.actor, change)
    await sign_in_with(world, phone)


async def _last_deed(world: World, kind: str) -> object:
    async with world.database.reading() as reading:
        return await reading.value("SELECT data FROM audit_entry WHERE type = $1 ORDER BY at DESC LIMIT 1", kind)


async def _mailed(world: World) -> list[str]:
    async with world.database.reading() as reading:
        return [row["kind"] for row in await reading.rows("SELECT kind FROM mail ORDER BY created_at")]
