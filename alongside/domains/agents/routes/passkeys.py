"""Passkeys: one's own, and signing in with them."""

from __future__ import annotations

from uuid import UUID

from litestar import Response, get, patch, post

from alongside.domains.agents import actions, queries, welcome
from alongside.domains.agents.doorman import require_own_page
from alongside.domains.agents.passkey_schemas import (
    NewPasskey,
    Passkey,
    PasskeyAdded,
    PasskeyCreation,
    PasskeyRequest,
    Proof,
    RenamePasskey,
    SecondWays,
    SignedByPasskey,
)
from alongside.domains.agents.routes.second_factor import HALF_SIGNED_IN
from alongside.domains.agents.schemas import SignedIn
from alongside.domains.agents.welcome import AnyRequest, caller_of, half_token
from alongside.kit.ids import new_secret
from alongside.platform.auth.actor import AgentActor
from alongside.platform.config import Config
from alongside.platform.db import Database
from alongside.platform.web import who

BY_PASSKEY = who.public("this is how agents sign in; what a passkey signs is asked once, of one browser")


@post("/session/passkey/begin", status_code=200, opt={"who": BY_PASSKEY})
async def begin_sign_in(request: AnyRequest, database: Database, config: Config) -> Response[PasskeyRequest]:
    """What the browser needs to have a passkey sign. A secret in a cookie binds the answer to this browser."""
    require_own_page(config, request.headers)
    secret = new_secret()
    asked = await actions.begin_passkey_sign_in(database, config, secret, caller_of(request, config))
    return Response(asked, cookies=[welcome.passkey_cookie(config, secret)])


@post("/session/passkey", status_code=200, opt={"who": BY_PASSKEY})
async def sign_in(data: SignedByPasskey, request: AnyRequest, database: Database, config: Config) -> Response[SignedIn]:
    """Sign in with a passkey alone. The session's cookie is set; an earlier one ends."""
    require_own_page(config, request.headers)
    secret, caller = welcome.passkey_secret(request, config), caller_of(request, config)
    session = await actions.sign_in_by_passkey(database, config, secret, data, caller)
    return await welcome.welcome_by_passkey(database, config, session)


@post("/session/ways", status_code=200, opt={"who": HALF_SIGNED_IN})
async def ways_on(request: AnyRequest, database: Database, config: Config) -> SecondWays:
    """By what who has shown a password can go on."""
    require_own_page(config, request.headers)
    return await actions.ways_on(database, half_token(request, config))


@post("/session/passkey-step/begin", status_code=200, opt={"who": HALF_SIGNED_IN})
async def begin_step(request: AnyRequest, database: Database, config: Config) -> PasskeyRequest:
    """What the browser needs to have one of this agent's passkeys sign, as the second step."""
    require_own_page(config, request.headers)
    return await actions.begin_passkey_step(database, config, half_token(request, config))


@post("/session/passkey-step", status_code=200, opt={"who": HALF_SIGNED_IN})
async def give_passkey(
    data: SignedByPasskey, request: AnyRequest, database: Database, config: Config
) -> Response[SignedIn]:
    """The second step of signing in, by a passkey. The session's cookie is set."""
    require_own_page(config, request.headers)
    token, caller = half_token(request, config), caller_of(request, config)
    session = await actions.give_passkey(database, config, token, data, caller)
    return await welcome.welcome_after_step(database, config, session)


@get("/me/passkeys", opt={"who": who.person()})
async def my_passkeys(actor: AgentActor, database: Database) -> list[Passkey]:
    """One's passkeys, the oldest first."""
    async with database.reading() as reading:
        return await queries.passkeys(reading, actor.id)


@post("/me/passkeys/begin", status_code=200, opt={"who": who.person()})
async def begin(data: Proof, actor: AgentActor, database: Database, config: Config) -> PasskeyCreation:
    """What the browser needs to make a passkey, for who proves again who they are."""
    return await actions.begin_passkey(database, config, actor, data)


@post("/me/passkeys", opt={"who": who.person()})
async def add(data: NewPasskey, actor: AgentActor, database: Database, config: Config) -> PasskeyAdded:
    """Add what the authenticator made. The first second factor brings recovery codes and ends one's other sessions."""
    return await actions.add_passkey(database, config, actor, data)


@patch("/me/passkeys/{passkey_id:uuid}", opt={"who": who.person()})
async def rename(passkey_id: UUID, data: RenamePasskey, actor: AgentActor, database: Database) -> Passkey:
    """Call a passkey something else."""
    async with database.work() as work:
        return await actions.rename_passkey(work, actor, passkey_id, data)


@post("/me/passkeys/{passkey_id:uuid}/remove", status_code=204, opt={"who": who.person()})
async def remove(passkey_id: UUID, data: Proof, actor: AgentActor, database: Database, config: Config) -> None:
    """Remove a passkey. One's other sessions end; this one too if it was the last second factor and one is required."""
    await actions.remove_passkey(database, config, actor, passkey_id, data)


ROUTES = [
    begin_sign_in,
    sign_in,
    ways_on,
    begin_step,
    give_passkey,
    my_passkeys,
    begin,
    add,
    rename,
    remove,
]
