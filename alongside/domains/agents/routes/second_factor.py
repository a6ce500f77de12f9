"""The second factor: one's own, the second step of signing in, and what the company requires."""

from __future__ import annotations

from uuid import UUID

from litestar import Response, get, patch, post

from alongside.domains.agents import actions, queries
from alongside.domains.agents.doorman import require_own_page
from alongside.domains.agents.passkeys import place_of
from alongside.domains.agents.policy import MANAGE_AGENTS, MANAGE_SIGN_IN
from alongside.domains.agents.schemas import SignedIn
from alongside.domains.agents.sign_in_schemas import (
    EditSignInRules,
    Enrolled,
    Enrolment,
    GivenCode,
    ProveBoth,
    ProvePassword,
    ProviderButton,
    RecoveryCodes,
    SecondFactor,
    SignInOptions,
    SignInRules,
)
from alongside.domains.agents.welcome import AnyRequest, caller_of, half_token, welcome_after_step, welcome_with_codes
from alongside.platform.auth.actor import AgentActor
from alongside.platform.config import Config
from alongside.platform.db import Database
from alongside.platform.web import who

HALF_SIGNED_IN = who.public("who has shown a password proves it by a secret in a cookie; tries are counted")


@get("/sign-in", opt={"who": who.public("a page must know it before anybody has signed in")})
async def sign_in_options(database: Database, config: Config) -> SignInOptions:
    """How one can sign in, and how long a new password must be."""
    async with database.reading() as reading:
        rules = await queries.sign_in_rules(reading)
    provider = ProviderButton(label=config.oidc_label) if config.oidc_issuer else None
    here = place_of(config.own_origins)
    return SignInOptions(
        password_chars=rules.password_chars,
        provider=provider,
        passkey_host=here.host if here else None,
        mail=config.mail_url is not None,
    )


@post("/session/code", status_code=200, opt={"who": HALF_SIGNED_IN})
async def give_code(data: GivenCode, request: AnyRequest, database: Database, config: Config) -> Response[SignedIn]:
    """The second step of signing in: a code of the app, or a recovery code. The session's cookie is set."""
    require_own_page(config, request.headers)
    token = half_token(request, config)
    session = await actions.give_code(database, config, token, data.code, caller_of(request, config))
    return await welcome_after_step(database, config, session)


@post("/session/second-factor", opt={"who": HALF_SIGNED_IN})
async def enrol_on_the_way(request: AnyRequest, database: Database, config: Config) -> Enrolment:
    """What an authenticator app needs, for who must set it up before going on."""
    require_own_page(config, request.headers)
    return await actions.enrol_on_the_way(database, half_token(request, config))


@post("/session/second-factor/confirm", status_code=200, opt={"who": HALF_SIGNED_IN})
async def confirm_on_the_way(
    data: GivenCode, request: AnyRequest, database: Database, config: Config
) -> Response[Enrolled]:
    """The first code of the app that was set up. The session's cookie is set; recovery codes are told once."""
    require_own_page(config, request.headers)
    token, caller = half_token(request, config), caller_of(request, config)
    session, codes = await actions.confirm_on_the_way(database, config, token, data.code, caller)
    return await welcome_with_codes(database, config, session, codes.codes)


@get("/me/second-factor", opt={"who": who.person()})
async def my_second_factor(actor: AgentActor, database: Database) -> SecondFactor:
    """Whether one has a second factor, and whether the company requires it."""
    async with database.reading() as reading:
        return await queries.second_factor(reading, actor.id)


@post("/me/second-factor", opt={"who": who.person()})
async def enrol(data: ProvePassword, actor: AgentActor, database: Database, config: Config) -> Enrolment:
    """What an authenticator app needs. Nothing changes before a first code confirms it."""
    return await actions.enrol_second_factor(database, config, actor, data.password)


@post("/me/second-factor/confirm", status_code=200, opt={"who": who.person()})
async def confirm(data: GivenCode, actor: AgentActor, database: Database, config: Config) -> RecoveryCodes:
    """From now on a code is asked. Recovery codes are told once. All one's other sessions end."""
    return await actions.confirm_second_factor(database, config, actor, data.code)


@post("/me/second-factor/off", status_code=204, opt={"who": who.person()})
async def turn_off(data: ProveBoth, actor: AgentActor, database: Database, config: Config) -> None:
    """Ask for no codes any more. All one's other sessions end; this one too where codes are required."""
    await actions.turn_off_second_factor(database, config, actor, data)


@post("/me/second-factor/recovery-codes", status_code=200, opt={"who": who.person()})
async def renew_recovery_codes(data: ProveBoth, actor: AgentActor, database: Database, config: Config) -> RecoveryCodes:
    """Other recovery codes; earlier ones stop working."""
    return await actions.renew_recovery_codes(database, config, actor, data)


@get("/second-factors", opt={"who": who.agent(MANAGE_AGENTS)})
async def list_second_factors(database: Database) -> list[UUID]:
    """The agents who have something that can be reset: an app, a passkey, an account at the company's provider."""
    async with database.reading() as reading:
        return await queries.with_second_factor(reading)


@post("/agents/{agent_id:uuid}/reset-second-factor", status_code=204, opt={"who": who.agent(MANAGE_AGENTS)})
async def reset_second_factor(agent_id: UUID, actor: AgentActor, database: Database) -> None:
    """Take away app, passkeys and recovery codes of somebody who lost them. All their sessions end."""
    await actions.reset_second_factor(database, actor, agent_id)


@get("/sign-in-rules", opt={"who": who.agent()})
async def read_sign_in_rules(database: Database) -> SignInRules:
    """What the company asks of everybody who signs in."""
    async with database.reading() as reading:
        return await queries.sign_in_rules(reading)


@patch("/sign-in-rules", opt={"who": who.agent(MANAGE_SIGN_IN)})
async def edit_sign_in_rules(data: EditSignInRules, actor: AgentActor, database: Database) -> SignInRules:
    """Ask for longer passwords, or for a second factor of everybody."""
    async with database.work() as work:
        return await actions.edit_sign_in_rules(work, actor, data)


ROUTES = [
    sign_in_options,
    give_code,
    enrol_on_the_way,
    confirm_on_the_way,
    my_second_factor,
    enrol,
    confirm,
    turn_off,
    renew_recovery_codes,
    list_second_factors,
    reset_second_factor,
    read_sign_in_rules,
    edit_sign_in_rules,
]
