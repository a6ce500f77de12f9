"""Passkeys: added after proof, used once per question, in the browser that was asked, by whom they belong to."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest

from alongside.domains.agents import actions, letters, queries
from alongside.domains.agents.actions.sessions import NewSession
from alongside.domains.agents.events import SessionRevoked
from alongside.domains.agents.letters import KINDS
from alongside.domains.agents.passkey_schemas import (
    PasskeyCreation,
    PasskeyRequest,
    Proof,
    RenamePasskey,
    SignedByPasskey,
)
from alongside.domains.agents.passkeys import place_of
from alongside.domains.agents.schemas import ChangePassword
from alongside.domains.agents.sign_in_schemas import EditSignInRules, ProveBoth
from alongside.domains.mail.letters import Item
from alongside.platform.errors import Conflict, Forbidden, Invalid, NotFound, Unauthorized
from alongside.platform.mail import Letter
from tests.agents.authenticator import half_way, set_up
from tests.agents.passkeys import PRESENT, Authenticator, add
from tests.world import HOME, PASSWORD, Browser, World, sign_in

SECRET = "of this browser"


def test_passkeys_are_bound_to_a_name() -> None:
    there = place_of(["https://chat.shop.test:8443"])
    assert there is not None
    assert (there.host, there.origins) == ("chat.shop.test", ["https://chat.shop.test:8443"])
    here = place_of([f"http://{each}:8400" for each in ("localhost", "127.0.0.1", "[::1]")])
    assert here is not None
    assert (here.host, here.origins) == ("localhost", ["http://localhost:8400"])
    assert place_of(["https://192.0.2.7"]) is None
    assert place_of(["https://[2001:db8::1]"]) is None


async def test_adding_asks_for_proof_and_brings_recovery_codes_once(world: World) -> None:
    other = await sign_in(world.config, world.database, world.ada.email)
    for proof, match in (
        (Proof(password="wrong"), "password is wrong"),
        (Proof(), "Enter your password"),
    ):
        with pytest.raises(Forbidden, match=match):
            await actions.begin_passkey(world.database, world.config, world.ada.actor, proof)
    with pytest.raises(NotFound):  # a code of what?
        await actions.begin_passkey(world.database, world.config, world.ada.actor, Proof(code="123456"))
    _, first = await add(world, world.ada)
    assert first.passkey.name == "Phone"
    assert len(first.recovery_codes) == 10
    assert [fact.session_id for fact in world.facts.of(SessionRevoked)] == [other.actor.session_id]
    wanted = await actions.begin_passkey(
        world.database, world.config, world.ada.actor, Proof(code=first.recovery_codes[0])
    )
    assert len(wanted.exclude) == 1
    second = await actions.add_passkey(
        world.database, world.config, world.ada.actor, Authenticator().make(wanted, name="Key ring")
    )
    assert second.recovery_codes == []
    async with world.database.reading() as reading:
        assert [each.name for each in await queries.passkeys(reading, world.ada.id)] == ["Phone", "Key ring"]
        mine = await queries.second_factor(reading, world.ada.id)
    assert (mine.since, mine.passkeys, mine.recovery_codes_left) == (None, 2, 9)


async def test_who_has_no_password_proves_it_by_having_signed_in_just_now(world: World) -> None:
    fresh = await sign_in(world.config, world.database, world.ada.email)
    with pytest.raises(Forbidden, match="Enter your password"):
        await actions.begin_passkey(world.database, world.config, fresh.actor, Proof())
    async with world.database.work() as work:
        await work.run("UPDATE agent SET password_hash = NULL WHERE id = $1", world.ada.id)
    await actions.begin_passkey(world.database, world.config, fresh.actor, Proof())
    with pytest.raises(Forbidden):  # signed in an hour ago
        await actions.begin_passkey(world.database, world.config, world.ada.actor, Proof())


async def test_a_forged_new_passkey_is_refused(world: World) -> None:
    async def refused(authenticator: Authenticator, **lies: Any) -> None:
        wanted = await actions.begin_passkey(world.database, world.config, world.ada.actor, Proof(password=PASSWORD))
        with pytest.raises(Invalid, match="could not be taken"):
            await actions.add_passkey(world.database, world.config, world.ada.actor, authenticator.make(wanted, **lies))

    await refused(Authenticator(), origin="https://chat.test.evil.test")
    await refused(Authenticator(), challenge="AAAA")
    await refused(Authenticator(), type="webauthn.get")
    careless, elsewhere = Authenticator(), Authenticator()
    careless.flags, elsewhere.host = PRESENT, "evil.test"
    await refused(careless)
    await refused(elsewhere)
    for nonsense in ("", "AAAA", "gQ" * 40):
        wanted = await actions.begin_passkey(world.database, world.config, world.ada.actor, Proof(password=PASSWORD))
        new = msgspec.structs.replace(Authenticator().make(wanted), attestation=nonsense)
        with pytest.raises(Invalid):
            await actions.add_passkey(world.database, world.config, world.ada.actor, new)
    async with world.database.reading() as reading:
        assert await queries.passkeys(reading, world.ada.id) == []


async def test_a_question_is_answered_once_in_its_session_and_in_time(world: World) -> None:
    wanted = await actions.begin_passkey(world.database, world.config, world.ada.actor, Proof(password=PASSWORD))
    new = Authenticator().make(wanted)
    with pytest.raises(Forbidden, match="Try again"):
        await actions.add_passkey(world.database, world.config, world.ben.actor, new)
    await actions.add_passkey(world.database, world.config, world.ada.actor, new)
    with pytest.raises(Forbidden, match="Try again"):
        await actions.add_passkey(world.database, world.config, world.ada.actor, new)
    late = await actions.begin_passkey(world.database, world.config, world.ada.actor, Proof(password=PASSWORD))
    async with world.database.work() as work:
        await work.run("UPDATE passkey_challenge SET expires_at = now() - interval '1 second'")
    with pytest.raises(Forbidden, match="Try again"):
        await actions.add_passkey(world.database, world.config, world.ada.actor, Authenticator().make(late))
    again = await actions.begin_passkey(world.database, world.config, world.ben.actor, Proof(password=PASSWORD))
    copied = Authenticator()
    copied.credential_id = await _credential(world)
    with pytest.raises(Conflict, match="in use"):
        await actions.add_passkey(world.database, world.config, world.ben.actor, copied.make(again))


async def test_signing_in_with_it_asks_for_nothing_else(world: World) -> None:
    phone, _ = await add(world, world.ada)
    await set_up(world, world.ada)
    session = await _sign_in(world, phone)
    assert (await actions.authenticate(world.database, session.token)).id == world.ada.id
    async with world.database.reading() as reading:
        (mine,) = await queries.passkeys(reading, world.ada.id)
    assert mine.last_used_at


async def test_what_does_not_hold_lets_nobody_in(world: World) -> None:
    phone, _ = await add(world, world.ada)

    async def refused(authenticator: Authenticator, **lies: Any) -> None:
        asked = await actions.begin_passkey_sign_in(world.database, world.config, SECRET, HOME)
        with pytest.raises(Forbidden, match="does not open"):
            await _answer(world, authenticator.sign(asked, **lies))

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
    await _sign_in(world, phone)
    asked = await actions.begin_passkey_sign_in(world.database, world.config, SECRET, HOME)
    for field in ("client_data", "authenticator_data", "signature"):
        broken = msgspec.structs.replace(phone.sign(asked), **{field: "AAAA"})
        with pytest.raises(Forbidden):
            await _answer(world, broken)
        asked = await actions.begin_passkey_sign_in(world.database, world.config, SECRET, HOME)


async def test_an_answer_counts_once_and_in_the_browser_that_was_asked(world: World) -> None:
    phone, _ = await add(world, world.ada)
    asked = await actions.begin_passkey_sign_in(world.database, world.config, SECRET, HOME)
    answer = phone.sign(asked)
    for other in ("of another browser", None):
        with pytest.raises(Forbidden, match="Try again"):
            await _answer(world, answer, other)
    tries = (_answer(world, answer) for _ in range(4))
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(result, NewSession) for result in results) == 1, results
    newer = await actions.begin_passkey_sign_in(world.database, world.config, SECRET, HOME)
    with pytest.raises(Forbidden, match="does not open"):  # signed for the question before
        await _answer(world, phone.sign(PasskeyRequest(challenge=asked.challenge, host=newer.host, allow=[])))
    await actions.begin_passkey_sign_in(world.database, world.config, SECRET, HOME)
    async with world.database.work() as work:
        await work.run("UPDATE passkey_challenge SET expires_at = now() - interval '1 second'")
        await actions.forget_expired_challenges(work)
        assert await work.value("SELECT count(*) FROM passkey_challenge") == 0


async def test_a_copy_is_noticed_refused_and_told(world: World) -> None:
    phone, _ = await add(world, world.ada)
    await _sign_in(world, phone)
    await _sign_in(world, phone)
    phone.count = 1
    with pytest.raises(Forbidden, match="does not open"):
        await _sign_in(world, phone)
    assert await _last_deed(world, "PASSKEY_COPIED") == {
        "agent_id": str(world.ada.id),
        "agent": "Ada",
        "passkey": "Phone",
    }
    assert await _mailed(world) == [letters.PASSKEY_ADDED, letters.PASSKEY_COPIED]
    phone.count = 2
    await _sign_in(world, phone)


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
        await _sign_in(world, phone)


async def test_it_outlives_a_new_password(world: World) -> None:
    phone, _ = await add(world, world.ada)
    change = ChangePassword(current=PASSWORD, new="a wholly different one")
    await actions.change_password(world.database, world.config, world.ada.actor, change)
    await _sign_in(world, phone)


async def test_removing_ends_other_sessions_and_leaves_what_else_there_is(world: World) -> None:
    phone, added = await add(world, world.ada)
    by_phone = await _sign_in(world, phone)
    await set_up(world, world.ada)
    with pytest.raises(Forbidden):
        await _remove(world, added.passkey.id, "wrong")
    with pytest.raises(NotFound):
        await actions.remove_passkey(
            world.database, world.config, world.ben.actor, added.passkey.id, Proof(password=PASSWORD)
        )
    await _remove(world, added.passkey.id)
    with pytest.raises(Unauthorized):
        await actions.authenticate(world.database, by_phone.token)
    with pytest.raises(Forbidden, match="does not open"):
        await _sign_in(world, phone)
    async with world.database.reading() as reading:
        assert (await queries.second_factor(reading, world.ada.id)).recovery_codes_left == 10  # the app's
    assert (await half_way(world, world.ada)).step == "code"


async def test_recovery_codes_go_with_the_last_factor(world: World) -> None:
    app, codes = await set_up(world, world.ada)
    _, added = await add(world, world.ada)
    proof = ProveBoth(password=PASSWORD, code=codes[0])
    await actions.turn_off_second_factor(world.database, world.config, world.ada.actor, proof)
    half = await half_way(world, world.ada)
    with pytest.raises(Forbidden):
        await actions.give_code(world.database, world.config, half.token, app.code(1), HOME)
    await actions.give_code(world.database, world.config, half.token, codes[1], HOME)
    await _remove(world, added.passkey.id)
    async with world.database.reading() as reading:
        assert (await queries.second_factor(reading, world.ada.id)).recovery_codes_left == 0
    await sign_in(world.config, world.database, world.ada.email)


async def test_it_fulfils_what_the_company_requires(world: World) -> None:
    _, first = await add(world, world.ada)
    async with world.database.work() as work:
        await actions.edit_sign_in_rules(work, world.sol.actor, EditSignInRules(second_factor_required=True))
    assert (await half_way(world, world.ada)).step == "code"
    await _remove(world, first.passkey.id)
    with pytest.raises(Unauthorized):  # the last one went: another is set up at the next sign-in
        await actions.authenticate(world.database, world.ada.token)
    assert (await half_way(world, world.ada)).step == "enrol"


async def test_managers_take_them_away(world: World) -> None:
    phone, _ = await add(world, world.ada)
    async with world.database.reading() as reading:
        assert await queries.with_second_factor(reading) == [world.ada.id]
    await actions.reset_second_factor(world.database, world.sol.actor, world.ada.id)
    with pytest.raises(Forbidden):
        await _sign_in(world, phone)
    await sign_in(world.config, world.database, world.ada.email)


async def test_names(world: World) -> None:
    _, added = await add(world, world.ada, name=" Blue\nkey ")
    assert added.passkey.name == "Blue key"
    async with world.database.work() as work:
        renamed = await actions.rename_passkey(work, world.ada.actor, added.passkey.id, RenamePasskey(name="Red"))
        assert renamed.name == "Red"
        with pytest.raises(Invalid):
            await actions.rename_passkey(work, world.ada.actor, added.passkey.id, RenamePasskey(name="  "))
        with pytest.raises(NotFound):
            await actions.rename_passkey(work, world.ben.actor, added.passkey.id, RenamePasskey(name="Mine"))


async def test_nobody_has_more_than_twenty(world: World) -> None:
    await add(world, world.ada)
    async with world.database.work() as work:
        await work.run(
            """
            INSERT INTO passkey (agent_id, credential_id, public_key, sign_count, name, synced)
            SELECT agent_id, int4send(n), public_key, 0, 'n', false FROM passkey, generate_series(1, 19) n
            """
        )
    with pytest.raises(Conflict, match="20"):
        await actions.begin_passkey(world.database, world.config, world.ada.actor, Proof(password=PASSWORD))


async def test_the_letters_say_what_happened(world: World) -> None:
    _, _ = await add(world, world.ada)
    async with world.database.work() as work:
        await work.run("UPDATE agent SET locale = 'de' WHERE id = $1", world.ada.id)
        row = await work.row(
            "SELECT id, kind, address, agent_id, invitation_id, contact_id, conversation_id, tries FROM mail"
        )
        assert row is not None
        (kind,) = (each for each in KINDS if each.name == row["kind"])
        letter = await kind.write(work, world.config, Item(**dict(row)))
    assert isinstance(letter, Letter)
    assert letter.to == world.ada.email
    assert "Neuer Passkey" in letter.subject
    assert "https://chat.test/console/settings/profile" in letter.text


async def test_by_the_doors(world: World, browser: Browser) -> None:
    phone = Authenticator()
    await browser.sign_in("ada@shop.test")
    options = (await browser.get("/sign-in")).json()
    assert options["passkey_host"] == "chat.test"
    assert (await browser.post("/me/passkeys/begin", {"password": "wrong"})).json()["code"] == "wrong-password"
    wanted = (await browser.post("/me/passkeys/begin", {"password": PASSWORD})).json()
    added = await browser.post("/me/passkeys", _sent(phone.make(msgspec.convert(wanted, PasskeyCreation))))
    assert added.status_code == 201
    passkey = added.json()["passkey"]
    assert len(added.json()["recovery_codes"]) == 10
    renamed = await browser.patch(f"/me/passkeys/{passkey['id']}", {"name": "Pocket"})
    assert renamed.json()["name"] == "Pocket"
    await browser.delete("/session")
    browser.csrf = None

    foreign = await browser.call("POST", "/session/passkey/begin", headers={"origin": "https://evil.test"})
    assert foreign.json()["code"] == "foreign-origin"
    begun = await browser.post("/session/passkey/begin")
    cookie = begun.headers["set-cookie"].lower()
    assert cookie.startswith("__host-alongside-passkey=")
    assert all(part in cookie for part in ("httponly", "secure", "path=/", "samesite=lax", "max-age=600"))
    asked = msgspec.convert(begun.json(), PasskeyRequest)
    assert "passkey-refused" in (await browser.post("/session/passkey", _sent(Authenticator().sign(asked)))).text
    asked = msgspec.convert((await browser.post("/session/passkey/begin")).json(), PasskeyRequest)
    done = await browser.post("/session/passkey", _sent(phone.sign(asked)))
    assert done.json()["me"]["display_name"] == "Ada"
    browser.csrf = done.json()["csrf"]
    assert "__Host-alongside-passkey" not in browser.client.cookies
    await browser.delete("/session")
    browser.csrf = None

    assert (await browser.post("/session/passkey-step/begin")).json()["code"] == "sign-in-expired"
    assert (await browser.sign_in("ada@shop.test")).json() == {"next_step": "code"}
    assert (await browser.post("/session/ways")).json() == {"app": False, "passkey": True}
    asked = msgspec.convert((await browser.post("/session/passkey-step/begin")).json(), PasskeyRequest)
    done = await browser.post("/session/passkey-step", _sent(phone.sign(asked)))
    assert done.json()["me"]["display_name"] == "Ada"
    browser.csrf = done.json()["csrf"]
    assert len((await browser.get("/me/passkeys")).json()) == 1
    removed = await browser.post(f"/me/passkeys/{passkey['id']}/remove", {"password": PASSWORD})
    assert removed.status_code == 204
    assert (await browser.get("/me/passkeys")).json() == []


async def _sign_in(world: World, authenticator: Authenticator) -> NewSession:
    asked = await actions.begin_passkey_sign_in(world.database, world.config, SECRET, HOME)
    return await _answer(world, authenticator.sign(asked))


async def _answer(world: World, answer: SignedByPasskey, secret: str | None = SECRET) -> NewSession:
    return await actions.sign_in_by_passkey(world.database, world.config, secret, answer, HOME)


async def _remove(world: World, passkey_id: Any, password: str = PASSWORD) -> None:
    await actions.remove_passkey(world.database, world.config, world.ada.actor, passkey_id, Proof(password=password))


async def _credential(world: World) -> bytes:
    async with world.database.reading() as reading:
        found: bytes = await reading.value("SELECT credential_id FROM passkey")
        return found


async def _last_deed(world: World, kind: str) -> object:
    async with world.database.reading() as reading:
        return await reading.value("SELECT data FROM audit_entry WHERE type = $1 ORDER BY at DESC LIMIT 1", kind)


async def _mailed(world: World) -> list[str]:
    async with world.database.reading() as reading:
        return [row["kind"] for row in await reading.rows("SELECT kind FROM mail ORDER BY created_at")]


def _sent(body: msgspec.Struct) -> Any:
    return msgspec.to_builtins(body)
