"""Signing in with the company's own account: a real OpenID Connect provider, by the doors; tokens that do not hold."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qs, urlsplit

import httpx
import jwt
import oidc_provider_mock
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from alongside.domains.agents import actions, provider_claims
from alongside.domains.agents.provider import Provider
from alongside.domains.agents.provider_claims import Person
from alongside.domains.agents.sign_in_schemas import EditSignInRules
from alongside.platform.config import Config
from alongside.platform.errors import Forbidden, NotFound, Unavailable
from alongside.platform.secret import Secret
from tests.agents.authenticator import set_up
from tests.world import HOME, Browser, World, make_config, serving

BEGIN = "/sign-in/provider"
CLIENT = {"oidc_client_id": "alongside", "oidc_client_secret": Secret("known to both")}
OTHERS = "https://somewhere.else.test"


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """Address of a running provider."""
    with oidc_provider_mock.run_server_in_thread() as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def config(fresh_database_url: str, tmp_path: Path, provider: str) -> Config:
    """A server whose operator named the provider."""
    return make_config(
        fresh_database_url,
        tmp_path,
        oidc_issuer=provider,
        **CLIENT,
        oidc_domains=("shop.test",),
        oidc_label="Shop ID",
    )


@pytest.fixture
async def newcomers(config: Config) -> AsyncIterator[Browser]:
    """A browser where people without an account become agents."""
    url = config.database_url
    assert url is not None
    welcoming = {
        name: getattr(config, name) for name in ("oidc_issuer", "oidc_client_id", "oidc_client_secret", "oidc_domains")
    }
    open_house = make_config(url.reveal(), config.data_dir, oidc_newcomers_role="agent", **welcoming)
    async with serving(open_house) as client:
        yield Browser(client)


def knows(provider: str, subject: str, **claims: object) -> None:
    """The provider has this person."""
    httpx.put(f"{provider}/users/{subject}", json=claims).raise_for_status()


def consent(address: str, subject: str) -> SplitResult:
    """What somebody does at the provider's page; where it sends them back to."""
    answer = httpx.post(address, data={"sub": subject})
    assert answer.status_code == 302, answer.text
    return urlsplit(answer.headers["location"])


async def there_and_back(browser: Browser, subject: str) -> httpx.Response:
    """Follow the redirects as a browser does, and consent at the provider. The last answer is our own redirect."""
    leaving = await browser.client.get(f"/api/v1{BEGIN}", follow_redirects=False)
    assert leaving.status_code == 302, leaving.text
    back = consent(leaving.headers["location"], subject)
    assert f"{back.scheme}://{back.netloc}" == "https://chat.test"
    return await browser.client.get(f"{back.path}?{back.query}", follow_redirects=False)


async def signed_in_as(browser: Browser) -> str | None:
    answer = (await browser.get("/session")).json()
    return answer["me"]["email"] if "me" in answer else None


async def test_an_agent_signs_in_with_the_company_s_account(world: World, browser: Browser, provider: str) -> None:
    assert (await browser.get("/sign-in")).json()["provider"] == {"label": "Shop ID"}
    knows(provider, "u-1", email="Ada@Shop.test", email_verified=True, name="Ada at work")
    back = await there_and_back(browser, "u-1")
    assert back.headers["location"] == "/console/"
    assert "__Host-alongside-trip" not in browser.client.cookies
    assert await signed_in_as(browser) == "ada@shop.test"
    knows(provider, "u-1", email="ada.married@shop.test", email_verified=True)
    await there_and_back(browser, "u-1")  # by the subject from now on
    assert await signed_in_as(browser) == "ada@shop.test"
    csrf = (await browser.get("/session")).json()["csrf"]
    assert (await browser.call("DELETE", "/session", headers={"x-csrf-token": csrf})).status_code == 204
    assert await signed_in_as(browser) is None


@pytest.mark.parametrize(
    ("subject", "claims", "code"),
    [
        ("u-2", {"email": "ada@shop.test"}, "provider-email"),
        ("u-3", {"email": "ada@shop.test", "email_verified": False}, "provider-email"),
        ("u-4", {"email": "ada@shop.test", "email_verified": "true"}, "provider-email"),
        ("u-5", {}, "provider-email"),
        ("u-6", {"email": "ada@evil.test", "email_verified": True}, "provider-domain"),
        ("u-7", {"email": "ada@shop.test.evil.test", "email_verified": True}, "provider-domain"),
        ("u-8", {"email": "nobody@shop.test", "email_verified": True}, "provider-unknown"),
        ("u-9", {"email": "a b@shop.test", "email_verified": True}, "email-malformed"),
    ],
)
async def test_who_is_not_vouched_for_or_not_known_is_refused(
    world: World, browser: Browser, provider: str, subject: str, claims: dict[str, object], code: str
) -> None:
    knows(provider, subject, **claims)
    back = await there_and_back(browser, subject)
    assert back.headers["location"] == f"/console/?refused={code}"
    assert await signed_in_as(browser) is None


async def test_an_address_that_was_given_to_somebody_else_opens_nothing(
    world: World, browser: Browser, provider: str
) -> None:
    knows(provider, "first-ada", email="ada@shop.test", email_verified=True)
    await there_and_back(browser, "first-ada")
    browser.client.cookies.clear()
    knows(provider, "second-ada", email="ada@shop.test", email_verified=True)
    back = await there_and_back(browser, "second-ada")
    assert back.headers["location"] == "/console/?refused=provider-other"
    assert await signed_in_as(browser) is None
    await actions.reset_second_factor(world.database, world.sol.actor, world.ada.id)
    await there_and_back(browser, "second-ada")
    assert await signed_in_as(browser) == "ada@shop.test"


async def test_a_deactivated_agent_stays_out(world: World, browser: Browser, provider: str) -> None:
    knows(provider, "u-ben", email="ben@shop.test", email_verified=True)
    await actions.deactivate(world.database, world.sol.actor, world.ben.id)
    for _ in range(2):
        back = await there_and_back(browser, "u-ben")
        assert back.headers["location"] == "/console/?refused=account-deactivated"


async def test_newcomers_become_agents_of_the_named_role(world: World, newcomers: Browser, provider: str) -> None:
    knows(provider, "u-eva", email="Eva@shop.test", email_verified=True, name="Eva Lund")
    await there_and_back(newcomers, "u-eva")
    me = (await newcomers.get("/session")).json()["me"]
    assert (me["email"], me["display_name"], me["role"]["name"]) == ("eva@shop.test", "Eva Lund", "Agent")
    assert (await newcomers.sign_in("eva@shop.test", "")).json()["code"] == "wrong-credentials"
    knows(provider, "u-noname", email="noname@shop.test", email_verified=True)
    await there_and_back(newcomers, "u-noname")
    assert (await newcomers.get("/session")).json()["me"]["display_name"] == "noname"


async def test_a_second_factor_is_asked_besides(world: World, browser: Browser, provider: str) -> None:
    knows(provider, "u-ada", email="ada@shop.test", email_verified=True)
    app, _ = await set_up(world, world.ada)
    back = await there_and_back(browser, "u-ada")
    assert back.headers["location"] == "/console/?step=code"
    assert await signed_in_as(browser) is None
    assert (await browser.post("/session/code", {"code": app.code(1)})).status_code == 200
    assert await signed_in_as(browser) == "ada@shop.test"


async def test_where_the_provider_asks_for_it_itself_it_is_not_asked_twice(world: World, tmp_path: Path) -> None:
    url = world.config.database_url
    assert url is not None
    trusting = make_config(
        url.reveal(), tmp_path, oidc_issuer=OTHERS, oidc_client_id="alongside", oidc_second_factor=True
    )
    async with world.database.work() as work:
        await actions.edit_sign_in_rules(work, world.sol.actor, EditSignInRules(second_factor_required=True))
    person = Person(subject="u-ada", email="ada@shop.test", email_verified=True, name="")
    session = await actions.sign_in_by_provider(world.database, trusting, person, HOME)
    assert (await actions.authenticate(world.database, session.token)).id == world.ada.id


@pytest.mark.parametrize("subject", ["", "x" * 256, "x\x00y"])
async def test_a_name_that_cannot_be_kept_is_refused(world: World, subject: str) -> None:
    person = Person(subject=subject, email="ada@shop.test", email_verified=True, name="")
    with pytest.raises(Forbidden):
        await actions.sign_in_by_provider(world.database, world.config, person, HOME)


async def test_a_trip_that_this_browser_did_not_begin_leads_nowhere(
    world: World, browser: Browser, provider: str
) -> None:
    knows(provider, "u-1", email="ada@shop.test", email_verified=True)
    leaving = await browser.client.get(f"/api/v1{BEGIN}", follow_redirects=False)
    question = parse_qs(urlsplit(leaving.headers["location"]).query)
    assert question["code_challenge_method"] == ["S256"]
    assert {"state", "nonce", "code_challenge"} <= set(question)
    cookie = leaving.headers["set-cookie"].lower()
    assert all(part in cookie for part in ("__host-alongside-trip=", "httponly", "secure", "samesite=lax"))
    back = consent(leaving.headers["location"], "u-1")
    mine = f"{back.path}?{back.query}"
    browser.client.cookies.clear()
    for path in (mine, back.path, f"{back.path}?error=access_denied&state=x"):
        answer = await browser.client.get(path, follow_redirects=False)
        assert answer.headers["location"] == "/console/?refused=provider-trip"
    await browser.client.get(f"/api/v1{BEGIN}", follow_redirects=False)  # a trip of its own, with another's answer
    answer = await browser.client.get(mine, follow_redirects=False)
    assert answer.headers["location"] == "/console/?refused=provider-trip"
    assert await signed_in_as(browser) is None


async def test_a_code_is_good_once(world: World, browser: Browser, provider: str) -> None:
    knows(provider, "u-1", email="ada@shop.test", email_verified=True)
    leaving = await browser.client.get(f"/api/v1{BEGIN}", follow_redirects=False)
    kept = browser.client.cookies["__Host-alongside-trip"]
    back = consent(leaving.headers["location"], "u-1")
    await browser.client.get(f"{back.path}?{back.query}", follow_redirects=False)
    browser.client.cookies.clear()
    browser.client.cookies.set("__Host-alongside-trip", kept, domain="chat.test", path="/")
    again = await browser.client.get(f"{back.path}?{back.query}", follow_redirects=False)
    assert again.headers["location"] == "/console/?refused=provider-silent"


async def test_without_a_provider_there_is_no_such_door(world: World, tmp_path: Path) -> None:
    url = world.config.database_url
    assert url is not None
    async with serving(make_config(url.reveal(), tmp_path)) as client:
        assert (await client.get("/api/v1/sign-in")).json()["provider"] is None
        away = await client.get(f"/api/v1{BEGIN}", follow_redirects=False)
        assert away.headers["location"] == "/console/?refused=no-provider"
    with pytest.raises(NotFound):
        await Provider(make_config(url.reveal(), tmp_path)).departure(provider_claims.trip("x"))


async def test_a_provider_that_does_not_answer_is_told(tmp_path: Path) -> None:
    config = make_config("postgresql://nowhere/", tmp_path, oidc_issuer="http://localhost:1", oidc_client_id="x")
    with pytest.raises(Unavailable):
        await Provider(config).departure(provider_claims.trip("x"))


async def test_keys_that_changed_are_asked_for_anew(tmp_path: Path) -> None:
    """The provider is started anew on the same port: same name, other keys."""
    now = 0.0
    with oidc_provider_mock.run_server_in_thread() as server:
        port = server.server_port
        issuer = f"http://localhost:{port}"
        config = make_config("postgresql://nowhere/", tmp_path, oidc_issuer=issuer, **CLIENT)
        client = Provider(config, clock=lambda: now)
        assert (await arrive(client, issuer)).subject == "u-1"
    with oidc_provider_mock.run_server_in_thread(port=port):
        with pytest.raises(Forbidden):
            await arrive(client, issuer)  # asked a moment ago: tokens that are made up must not make us ask again
        now = 31.0
        assert (await arrive(client, issuer)).subject == "u-1"


async def arrive(client: Provider, issuer: str) -> Person:
    """One trip, without our doors."""
    knows(issuer, "u-1", email="ada@shop.test", email_verified=True)
    going = provider_claims.trip("a secret")
    code = parse_qs(consent(await client.departure(going), "u-1").query)["code"][0]
    return await client.arrival(code, going)


KEY, FOREIGN = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
GOOD = {"iss": OTHERS, "aud": "alongside", "sub": "u", "nonce": "n", "email": "a@shop.test"}


def token(key: Any = KEY, alg: str = "ES256", **changes: object) -> str:
    claims = GOOD | {"iat": int(time.time()), "exp": int(time.time()) + 300} | changes
    return jwt.encode({name: value for name, value in claims.items() if value is not None}, key, alg)


def claims_of(text: str) -> object:
    keys = [jwt.PyJWK.from_dict(jwt.algorithms.ECAlgorithm.to_jwk(KEY.public_key(), as_dict=True), algorithm="ES256")]
    return provider_claims.claims_of(text, keys, OTHERS, "alongside", "n")


def test_a_token_that_holds() -> None:
    for good in (token(), token(aud=["alongside"]), token(aud=["alongside", "other"], azp="alongside")):
        claims = claims_of(good)
        assert claims["sub"] == "u"  # type: ignore[index]


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "a.b.c",
        token(FOREIGN),
        token("", "none"),
        token(b"the secret that both sides know.", "HS256"),
        token(iss="https://evil.test"),
        token(aud="another"),
        token(aud=["alongside", "other"]),
        token(azp="another"),
        token(nonce="another"),
        token(nonce=None),
        token(sub=None),
        token(exp=int(time.time()) - 100),
        token(exp=None),
        token(iat=None),
        token(iat=int(time.time()) + 1000),
    ],
)
def test_a_token_that_does_not(bad: str) -> None:
    with pytest.raises(Forbidden):
        claims_of(bad)


def test_the_verifier_fits_its_challenge_and_no_other_trip() -> None:
    """RFC 7636, appendix B."""
    going = provider_claims.Trip("", "", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
    assert going.challenge == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    one, other = provider_claims.trip("one"), provider_claims.trip("other")
    assert len({one.state, one.nonce, one.verifier, other.state, other.nonce, other.verifier}) == 6
    assert len(one.verifier) == 43
