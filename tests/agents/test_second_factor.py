"""The second factor: set up, asked once per code, turned off, taken away."""

from __future__ import annotations

import asyncio
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from alongside.domains.agents import actions, queries, totp
from alongside.domains.agents.events import SessionRevoked
from alongside.domains.agents.joining_schemas import AcceptInvitation, NewInvitation
from alongside.domains.agents.schemas import ChangePassword
from alongside.domains.agents.sign_in_schemas import EditSignInRules, ProveBoth
from alongside.platform.errors import Conflict, Forbidden, NotFound, Unauthorized
from tests.agents.authenticator import App, forget_used_codes, half_way, set_up
from tests.world import HOME, PASSWORD, Browser, World, hire, make_role, sign_in

STEP = "__Host-alongside-step"


def test_a_code_belongs_to_its_half_minute_and_its_neighbours() -> None:
    """Values of RFC 6238, appendix B (SHA-1), cut to six digits."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    for now, code in ((1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")):
        assert totp.step_of(secret, code, now) == now // 30
        assert totp.step_of(secret, code, now + 30) == now // 30
        assert totp.step_of(secret, code, now - 30) == now // 30
        assert totp.step_of(secret, code, now + 60) is None
        assert totp.step_of(secret, code, now - 60) is None
    for nonsense in ("", "28708", "2870820", "２８７０８２", "é" * 6):
        assert totp.step_of(secret, nonsense, 59) is None


def test_a_recovery_code_is_long_and_typed_as_one_likes() -> None:
    codes = totp.new_recovery_codes()
    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"([a-z2-7]{4}-){5}[a-z2-7]{4}", code) for code in codes)
    assert totp.typed(f" {codes[0].upper().replace('-', ' ')}\n") == codes[0].replace("-", "")
    assert not totp.is_of_app(totp.typed(codes[0]))
    assert totp.is_of_app(totp.typed("123 456"))
    assert not totp.is_of_app("١٢٣٤٥٦")


async def test_setting_up_asks_the_password_and_a_first_code(world: World) -> None:
    with pytest.raises(Forbidden, match="password is wrong"):
        await actions.enrol_second_factor(world.database, world.config, world.ada.actor, "wrong")
    enrolment = await actions.enrol_second_factor(world.database, world.config, world.ada.actor, PASSWORD)
    address = urlsplit(enrolment.address)
    assert (address.scheme, address.netloc, address.path) == ("otpauth", "totp", "/Green%20Shop:ada%40shop.test")
    assert parse_qs(address.query) == {"secret": [enrolment.secret], "issuer": ["Green Shop"]}
    assert len(enrolment.picture) == len(enrolment.picture[0]) >= 33
    await sign_in(world.config, world.database, world.ada.email)
    app = App(enrolment.secret)
    with pytest.raises(Forbidden, match="code is wrong"):
        await actions.confirm_second_factor(world.database, world.config, world.ada.actor, app.wrong())
    await actions.confirm_second_factor(world.database, world.config, world.ada.actor, app.code())
    await half_way(world, world.ada)
    with pytest.raises(Conflict, match="already"):
        await actions.enrol_second_factor(world.database, world.config, world.ada.actor, PASSWORD)
    with pytest.raises(NotFound):
        await actions.confirm_second_factor(world.database, world.config, world.ada.actor, app.code(1))


async def test_setting_up_ends_the_sessions_that_began_without(world: World) -> None:
    other = await sign_in(world.config, world.database, world.ada.email)
    await set_up(world, world.ada)
    assert [fact.session_id for fact in world.facts.of(SessionRevoked)] == [other.actor.session_id]
    await actions.authenticate(world.database, world.ada.token)


async def test_a_code_is_accepted_once(world: World) -> None:
    app, _ = await set_up(world, world.ada)
    half = await half_way(world, world.ada)
    with pytest.raises(Forbidden):  # it confirmed the app
        await actions.give_code(world.database, world.config, half.token, app.code(), HOME)
    session = await actions.give_code(world.database, world.config, half.token, app.code(1), HOME)
    assert (await actions.authenticate(world.database, session.token)).id == world.ada.id
    with pytest.raises(Unauthorized, match="Begin again"):
        await actions.give_code(world.database, world.config, half.token, app.code(1), HOME)
    again = await half_way(world, world.ada)
    for late in (app.code(1), app.code()):
        with pytest.raises(Forbidden):
            await actions.give_code(world.database, world.config, again.token, late, HOME)


async def test_of_many_at_once_with_one_code_one_gets_in(world: World) -> None:
    app, codes = await set_up(world, world.ada)
    for code in (app.code(1), codes[0]):
        halves = [await half_way(world, world.ada) for _ in range(4)]
        tries = (actions.give_code(world.database, world.config, half.token, code, HOME) for half in halves)
        results = await asyncio.gather(*tries, return_exceptions=True)
        assert sum(isinstance(result, Forbidden) for result in results) == 3, results
    half = await half_way(world, world.ada)
    same = (actions.give_code(world.database, world.config, half.token, code, HOME) for code in codes[1:4])
    results = await asyncio.gather(*same, return_exceptions=True)
    assert sum(isinstance(result, Unauthorized) for result in results) == 2, results


async def test_recovery_codes_work_once_each_and_are_stored_hashed(world: World) -> None:
    _, codes = await set_up(world, world.ada)
    async with world.database.reading() as reading:
        dump = await reading.value("SELECT string_agg(c::text, '') FROM recovery_code c")
    assert not any(totp.typed(code) in dump or code in dump for code in codes)
    half = await half_way(world, world.ada)
    await actions.give_code(world.database, world.config, half.token, codes[3].upper(), HOME)
    again = await half_way(world, world.ada)
    with pytest.raises(Forbidden):
        await actions.give_code(world.database, world.config, again.token, codes[3], HOME)
    async with world.database.reading() as reading:
        assert (await queries.second_factor(reading, world.ada.id)).recovery_codes_left == 9
    _, of_ben = await set_up(world, world.ben)
    with pytest.raises(Forbidden):
        await actions.give_code(world.database, world.config, again.token, of_ben[0], HOME)


async def test_new_recovery_codes_replace_the_old(world: World) -> None:
    app, codes = await set_up(world, world.ada)
    with pytest.raises(Forbidden):
        await _renew(world, "wrong", app.code(1))
    fresh = await _renew(world, PASSWORD, app.code(1))
    assert not set(fresh) & set(codes)
    with pytest.raises(Forbidden):
        await _renew(world, PASSWORD, codes[0])
    await _renew(world, PASSWORD, fresh[0])


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE half_sign_in SET expires_at = now() - interval '1 second'",
        "UPDATE agent SET active = false WHERE email = 'ada@shop.test'",
    ],
)
async def test_a_half_sign_in_lasts_ten_minutes_and_while_the_agent_is_active(world: World, change: str) -> None:
    app, _ = await set_up(world, world.ada)
    half = await half_way(world, world.ada)
    async with world.database.work() as work:
        await work.run(change)
    with pytest.raises(Unauthorized):
        await actions.give_code(world.database, world.config, half.token, app.code(1), HOME)
    async with world.database.work() as work:
        await actions.forget_expired_halves(work)
        left = await work.value("SELECT count(*) FROM half_sign_in")
    assert left == (0 if "expires_at" in change else 1)


async def test_a_password_that_changed_ends_what_the_old_one_began(world: World) -> None:
    app, _ = await set_up(world, world.ada)
    half = await half_way(world, world.ada)
    change = ChangePassword(current=PASSWORD, new="another fine password")
    await actions.change_password(world.database, world.config, world.ada.actor, change)
    with pytest.raises(Unauthorized):
        await actions.give_code(world.database, world.config, half.token, app.code(1), HOME)
    half = await half_way(world, world.ada, password="another fine password")
    await actions.reset_password(world.database, world.ada.email, PASSWORD)
    with pytest.raises(Unauthorized):
        await actions.give_code(world.database, world.config, half.token, app.code(1), HOME)


@pytest.mark.parametrize("token", [None, "", "x" * 43, "é" * 43])
async def test_without_the_password_s_proof_no_code_helps(world: World, token: str | None) -> None:
    app, _ = await set_up(world, world.ada)
    with pytest.raises(Unauthorized):
        await actions.give_code(world.database, world.config, token, app.code(1), HOME)
    with pytest.raises(Unauthorized):  # nor is a session half of one
        await actions.give_code(world.database, world.config, world.ada.token, app.code(1), HOME)


async def test_turning_off_asks_both(world: World) -> None:
    app, codes = await set_up(world, world.ada)
    for password, code in (("wrong", app.code(1)), (PASSWORD, app.wrong())):
        with pytest.raises(Forbidden):
            await _turn_off(world, password, code)
    await half_way(world, world.ada)
    await _turn_off(world, PASSWORD, codes[0])
    await actions.authenticate(world.database, world.ada.token)
    await sign_in(world.config, world.database, world.ada.email)
    with pytest.raises(NotFound):
        await _turn_off(world, PASSWORD, codes[1])


async def test_where_it_is_required_turning_off_signs_out(world: World) -> None:
    app, _ = await set_up(world, world.ada)
    await _require(world)
    await _turn_off(world, PASSWORD, app.code(1))
    with pytest.raises(Unauthorized):
        await actions.authenticate(world.database, world.ada.token)
    assert (await half_way(world, world.ada)).step == "enrol"


async def test_who_has_none_where_it_is_required_sets_it_up_first(world: World) -> None:
    await _require(world)
    await actions.authenticate(world.database, world.ada.token)  # who is signed in stays so
    half = await half_way(world, world.ada)
    assert half.step == "enrol"
    enrolment = await actions.enrol_on_the_way(world.database, half.token)
    app = App(enrolment.secret)
    with pytest.raises(Unauthorized):
        await actions.give_code(world.database, world.config, half.token, app.code(), HOME)
    with pytest.raises(Forbidden):
        await actions.confirm_on_the_way(world.database, world.config, half.token, app.wrong(), HOME)
    session, codes = await actions.confirm_on_the_way(world.database, world.config, half.token, app.code(), HOME)
    assert (await actions.authenticate(world.database, session.token)).id == world.ada.id
    assert len(codes.codes) == 10
    with pytest.raises(Unauthorized):
        await actions.confirm_on_the_way(world.database, world.config, half.token, app.code(1), HOME)
    half = await half_way(world, world.ada)
    assert half.step == "code"
    for enrolling in (
        actions.enrol_on_the_way(world.database, half.token),
        actions.confirm_on_the_way(world.database, world.config, half.token, app.code(1), HOME),
    ):
        with pytest.raises(Unauthorized):
            await enrolling


async def test_a_newcomer_is_led_there_too(world: World) -> None:
    await _require(world)
    async with world.database.reading() as reading:
        role_id = await reading.value("SELECT role_id FROM agent WHERE id = $1", world.ada.id)
    new = NewInvitation(email="eva@shop.test", role_id=role_id)
    link = (await actions.invite(world.database, world.config, world.sol.actor, new)).link
    acceptance = AcceptInvitation(token=link.partition("token=")[2], display_name="Eva", password=PASSWORD)
    entry = await actions.accept_invitation(world.database, world.config, acceptance, HOME)
    assert entry.step == "enrol"


async def test_managers_take_it_away_from_whom_they_may_manage(world: World) -> None:
    await set_up(world, world.ada)
    await set_up(world, world.sol)
    manager = await hire(
        world.config, world.database, "Max", await make_role(world.database, "Manager", ["agents.manage"])
    )
    with pytest.raises(Forbidden):
        await actions.reset_second_factor(world.database, world.ben.actor, world.ada.id)
    with pytest.raises(Forbidden):
        await actions.reset_second_factor(world.database, manager.actor, world.sol.id)
    with pytest.raises(Forbidden):
        await actions.reset_second_factor(world.database, manager.actor, world.ada.id)  # Ada may answer, Max may not
    half = await half_way(world, world.ada)
    await actions.reset_second_factor(world.database, world.sol.actor, world.ada.id)
    with pytest.raises(Unauthorized):
        await actions.authenticate(world.database, world.ada.token)
    with pytest.raises(Unauthorized):
        await actions.give_code(world.database, world.config, half.token, "123456", HOME)
    await sign_in(world.config, world.database, world.ada.email)
    with pytest.raises(NotFound):
        await actions.reset_second_factor(world.database, world.sol.actor, world.ada.id)


async def test_by_the_doors(world: World, browser: Browser) -> None:
    await browser.sign_in("ada@shop.test")
    assert (await browser.get("/me/second-factor")).json() == {
        "since": None,
        "passkeys": 0,
        "recovery_codes_left": 0,
        "required": False,
    }
    assert (await browser.post("/me/second-factor/confirm", {"code": "123456"})).status_code == 404
    enrolment = (await browser.post("/me/second-factor", {"password": PASSWORD})).json()
    app = App(enrolment["secret"])
    spaced = f"{app.code()[:3]} {app.code()[3:]}"
    codes = (await browser.post("/me/second-factor/confirm", {"code": spaced})).json()["codes"]
    assert len(codes) == 10
    mine = (await browser.get("/me/second-factor")).json()
    assert mine["since"]
    assert mine["recovery_codes_left"] == 10
    assert (await browser.get("/second-factors")).status_code == 403
    await browser.delete("/session")

    answer = await browser.sign_in("ada@shop.test")
    assert (answer.status_code, answer.json()) == (202, {"next_step": "code"})
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith(STEP.lower())
    assert all(part in cookie for part in ("httponly", "secure", "path=/", "samesite=lax", "max-age=600"))
    for method, path in (("GET", "/session"), ("GET", "/me/second-factor"), ("GET", "/agents"), ("DELETE", "/session")):
        assert (await browser.call(method, path)).json()["code"] == "not-signed-in"
    assert (await browser.post("/session/second-factor")).json()["code"] == "sign-in-expired"
    foreign = await browser.call("POST", "/session/code", json={"code": "1"}, headers={"origin": "https://evil.test"})
    assert foreign.json()["code"] == "foreign-origin"
    assert (await browser.post("/session/code", {"code": app.wrong()})).json()["code"] == "wrong-code"
    done = await browser.post("/session/code", {"code": app.code(1)})
    assert done.status_code == 200
    assert done.json()["me"]["display_name"] == "Ada"
    browser.csrf = done.json()["csrf"]
    assert STEP not in browser.client.cookies
    assert (await browser.get("/session")).status_code == 200
    renewed = await browser.post("/me/second-factor/recovery-codes", {"password": PASSWORD, "code": codes[0]})
    assert len(renewed.json()["codes"]) == 10

    browser.be(world.ben)
    assert (await browser.post(f"/agents/{world.ada.id}/reset-second-factor")).status_code == 403
    browser.be(world.sol)
    assert (await browser.get("/second-factors")).json() == [str(world.ada.id)]
    assert (await browser.post(f"/agents/{world.ada.id}/reset-second-factor")).status_code == 204
    assert (await browser.post(f"/agents/{world.ada.id}/reset-second-factor")).status_code == 404


async def test_setting_up_on_the_way_by_the_doors(world: World, browser: Browser) -> None:
    browser.be(world.sol)
    await browser.patch("/sign-in-rules", {"second_factor_required": True})
    answer = await browser.sign_in("ben@shop.test")
    assert answer.json() == {"next_step": "enrol"}
    enrolment = (await browser.post("/session/second-factor")).json()
    done = await browser.post("/session/second-factor/confirm", {"code": App(enrolment["secret"]).code()})
    assert done.json()["signed_in"]["me"]["display_name"] == "Ben"
    assert len(done.json()["recovery_codes"]) == 10
    browser.csrf = done.json()["signed_in"]["csrf"]
    off = await browser.post("/me/second-factor/off", {"password": PASSWORD, "code": done.json()["recovery_codes"][0]})
    assert off.status_code == 204
    assert (await browser.get("/session")).json()["code"] == "not-signed-in"


async def test_what_is_used_up_is_forgotten_with_time(world: World) -> None:
    app, _ = await set_up(world, world.ada)
    await forget_used_codes(world)
    half = await half_way(world, world.ada)
    await actions.give_code(world.database, world.config, half.token, app.code(), HOME)


async def test_the_audit_log_tells_of_it(world: World) -> None:
    app, codes = await set_up(world, world.ada)
    half = await half_way(world, world.ada)
    with pytest.raises(Forbidden):
        await actions.give_code(world.database, world.config, half.token, app.wrong(), HOME)
    await actions.give_code(world.database, world.config, half.token, codes[0], HOME)
    await _renew(world, PASSWORD, app.code(1))
    await actions.reset_second_factor(world.database, world.sol.actor, world.ada.id)
    await _require(world)
    _, of_ben = await set_up(world, world.ben)
    proof = ProveBoth(password=PASSWORD, code=of_ben[0])
    await actions.turn_off_second_factor(world.database, world.config, world.ben.actor, proof)
    about_ada = {"agent_id": str(world.ada.id), "agent": "Ada"}
    assert await _last_deeds(world, 10) == [
        ("SECOND_FACTOR_ON", world.ada.id, {}),
        ("LOGIN_FAILED", None, about_ada),
        ("RECOVERY_CODE_USED", world.ada.id, {}),
        ("LOGGED_IN", world.ada.id, {}),
        ("RECOVERY_CODES_RENEWED", world.ada.id, {}),
        ("SECOND_FACTOR_RESET", world.sol.id, about_ada),
        ("SETTINGS_CHANGE", world.sol.id, {"area": "security", "values": {"second_factor_required": True}}),
        ("SECOND_FACTOR_ON", world.ben.id, {}),
        ("RECOVERY_CODE_USED", world.ben.id, {}),
        ("SECOND_FACTOR_OFF", world.ben.id, {}),
    ]


async def _last_deeds(world: World, count: int) -> list[tuple[str, object, object]]:
    async with world.database.reading() as reading:
        rows = await reading.rows(
            "SELECT type, actor_id, data FROM audit_entry ORDER BY at DESC, id DESC LIMIT $1", count
        )
    return [(row["type"], row["actor_id"], row["data"]) for row in reversed(rows)]


async def _require(world: World) -> None:
    async with world.database.work() as work:
        await actions.edit_sign_in_rules(work, world.sol.actor, EditSignInRules(second_factor_required=True))


async def _renew(world: World, password: str, code: str) -> list[str]:
    proof = ProveBoth(password=password, code=code)
    return (await actions.renew_recovery_codes(world.database, world.config, world.ada.actor, proof)).codes


async def _turn_off(world: World, password: str, code: str) -> None:
    proof = ProveBoth(password=password, code=code)
    await actions.turn_off_second_factor(world.database, world.config, world.ada.actor, proof)
