"""Before and at signing in: set-up, invitations, the session itself."""

from __future__ import annotations

from litestar import Response, delete, get, post

from alongside.domains.agents import actions, queries
from alongside.domains.agents.actions.sessions import not_signed_in
from alongside.domains.agents.doorman import require_own_page, session_token
from alongside.domains.agents.joining_schemas import AcceptInvitation, InvitationToken, Invited, SetUp, SetupState
from alongside.domains.agents.schemas import Credentials, SignedIn
from alongside.domains.agents.sign_in_schemas import NextStep
from alongside.domains.agents.welcome import (
    AnyRequest,
    admitted,
    caller_of,
    goodbye_cookie,
    signed_in,
    welcome,
)
from alongside.platform.auth.actor import AgentActor
from alongside.platform.auth.tokens import csrf_of
from alongside.platform.config import Config
from alongside.platform.db import Database
from alongside.platform.web import who


@post("/session", status_code=200, opt={"who": who.public("this is how agents sign in; tries are counted")})
async def sign_in(
    data: Credentials, request: AnyRequest, database: Database, config: Config
) -> Response[SignedIn | NextStep]:
    """Sign in with e-mail address and password. The session's cookie is set; an earlier one ends.

    202 and the next step where a second factor is asked: there is no session before it.
    """
    require_own_page(config, request.headers)
    entry = await actions.sign_in(database, config, data, caller_of(request, config))
    return await admitted(database, config, entry)


@get("/session", opt={"who": who.person()})
async def read_session(request: AnyRequest, actor: AgentActor, database: Database, config: Config) -> SignedIn:
    """Who is signed in. 401 `not-signed-in` when nobody is."""
    token = session_token(config, request.headers.get("cookie", ""))
    if token is None:
        raise not_signed_in()
    return await signed_in(database, actor, csrf_of(token))


@delete("/session", status_code=204, opt={"who": who.person()})
async def sign_out(actor: AgentActor, database: Database, config: Config) -> Response[None]:
    """Sign out: the session ends, its sockets close."""
    await actions.sign_out(database, actor)
    return Response(None, status_code=204, cookies=[goodbye_cookie(config)])


@get("/setup", opt={"who": who.public("the set-up page is shown before anybody can sign in")})
async def setup_state(database: Database) -> SetupState:
    """Whether the first admin is still missing."""
    async with database.reading() as reading:
        return SetupState(needed=not await queries.any_agent(reading))


@post("/setup", opt={"who": who.public("the first admin proves the right by a one-time token")})
async def set_up(data: SetUp, request: AnyRequest, database: Database, config: Config) -> Response[SignedIn]:
    """Make the first admin, with the token that the server printed. Signs in."""
    require_own_page(config, request.headers)
    session = await actions.set_up(database, config, data, caller_of(request, config))
    return await welcome(database, config, session)


@post("/invitations/lookup", status_code=200, opt={"who": who.public("the invited person has no account yet")})
async def look_up_invitation(data: InvitationToken, request: AnyRequest, database: Database, config: Config) -> Invited:
    """Whom an invitation's link invites."""
    require_own_page(config, request.headers)
    return await actions.look_up_invitation(database, data.token, caller_of(request, config))


@post("/invitations/accept", opt={"who": who.public("the invited person has no account yet")})
async def accept_invitation(
    data: AcceptInvitation, request: AnyRequest, database: Database, config: Config
) -> Response[SignedIn | NextStep]:
    """Become an agent. Signs in; 202 where the company requires a second factor, which is set up first."""
    require_own_page(config, request.headers)
    entry = await actions.accept_invitation(database, config, data, caller_of(request, config))
    return await admitted(database, config, entry)


ROUTES = [sign_in, read_session, sign_out, setup_state, set_up, look_up_invitation, accept_invitation]
