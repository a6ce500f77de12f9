"""Passkeys: added after proof, named, removed, and what goes and stays with them."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from alongside.domains.agents import actions, queries
from alongside.domains.agents.events import SessionRevoked
from alongside.domains.agents.letters import KINDS
from alongside.domains.agents.passkey_schemas import (
    PasskeyCreation,
    PasskeyRequest,
    Proof,
    RenamePasskey,
)
from alongside.domains.agents.passkeys import place_of
from alongside.domains.agents.sign_in_schemas import EditSignInRules, ProveBoth
from alongside.domains.mail.letters import Item
from alongside.platform.errors import Conflict, Forbidden, Invalid, NotFound, Unauthorized
from alongside.platform.mail import Letter
from tests.agents.authenticator import half_way, set_up
from tests.agents.passkeys import PRESENT, Authenticator, add, sign_in_with
from tests.world import HOME, PASSWORD, Browser, World, sign_in


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


async def test_removing_ends_other_sessions_and_leaves_what_else_there_is(world: World) -> None:
    phone, added = await add(world, world.ada)
    by_phone = await sign_in_with(world, phone)
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
        await sign_in_with(world, phone)
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
        await sign_in_with(world, phone)
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


async def _remove(world: World, passkey_id: Any, password: str = PASSWORD) -> None:
    await actions.remove_passkey(world.database, world.config, world.ada.actor, passkey_id, Proof(password=password))


async def _credential(world: World) -> bytes:
    async with world.database.reading() as reading:
        found: bytes = await reading.value("SELECT credential_id FROM passkey")
        return found


def _sent(body: msgspec.Struct) -> Any:
    return msgspec.to_builtins(body)
