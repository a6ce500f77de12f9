"""Before and at signing in: set-up, invitations, the session itself."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, delete, get, post
from litestar.datastructures import Cookie

from alongside.domains.agents import actions, queries
from alongside.domains.agents.actions.sessions import Caller, NewSession, not_signed_in
from alongside.domains.agents.doorman import cookie_name, require_own_page, session_token
from alongside.domains.agents.schemas import (
    AcceptInvitation,
    Credentials,
    InvitationToken,
    Invited,
    SetUp,
    SetupState,
    SignedIn,
)
from alongside.domains.workspace.queries import workspace
from alongside.platform.auth.actor import AgentActor
from alongside.platform.auth.tokens import csrf_of
from alongside.platform.config import Config
from alongside.platform.db import Database
from alongside.platform.web import who
from alongside.platform.web.address import client_address

AnyRequest = Request[Any, Any, Any]


@post("/session", status_code=200, opt={"who": who.public("this is how agents sign in; tries are counted")})
async def sign_in(data: Credentials, request: AnyRequest, database: Database, config: Config) -> Response[SignedIn]:
    """Sign in with e-mail address and password. The session's cookie is set; an earlier one ends."""
    require_own_page(config, request.headers)
    session = await actions.sign_in(database, config, data, _caller(request, config))
    return await _welcome(database, config, session)


@get("/session", opt={"who": who.person()})
async def read_session(request: AnyRequest, actor: AgentActor, database: Database, config: Config) -> SignedIn:
    """Who is signed in. 401 `not-signed-in` when nobody is."""
    token = session_token(config, request.headers.get("cookie", ""))
    if token is None:
        raise not_signed_in()
    return await _signed_in(database, actor, csrf_of(token))


@delete("/session", status_code=204, opt={"who": who.person()})
async def sign_out(actor: AgentActor, database: Database, config: Config) -> Response[None]:
    """Sign out: the session ends, its sockets close."""
    await actions.sign_out(database, actor)
    return Response(None, status_code=204, cookies=[_cookie(config, "", seconds=0)])


@get("/setup", opt={"who": who.public("the set-up page is shown before anybody can sign in")})
async def setup_state(database: Database) -> SetupState:
    """Whether the first admin is still missing."""
    async with database.reading() as reading:
        return SetupState(needed=not await queries.any_agent(reading))


@post("/setup", opt={"who": who.public("the first admin proves the right by a one-time token")})
async def set_up(data: SetUp, request: AnyRequest, database: Database, config: Config) -> Response[SignedIn]:
    """Make the first admin, with the token that the server printed. Signs in."""
    require_own_page(config, request.headers)
    session = await actions.set_up(database, config, data, _caller(request, config))
    return await _welcome(database, config, session)


@post("/invitations/lookup", status_code=200, opt={"who": who.public("the invited person has no account yet")})
async def look_up_invitation(data: InvitationToken, request: AnyRequest, database: Database, config: Config) -> Invited:
    """Whom an invitation's link invites."""
    require_own_page(config, request.headers)
    return await actions.look_up_invitation(database, data.token, _caller(request, config))


@post("/invitations/accept", opt={"who": who.public("the invited person has no account yet")})
async def accept_invitation(
    data: AcceptInvitation, request: AnyRequest, database: Database, config: Config
) -> Response[SignedIn]:
    """Become an agent. Signs in."""
    require_own_page(config, request.headers)
    session = await actions.accept_invitation(database, config, data, _caller(request, config))
    return await _welcome(database, config, session)


def _caller(request: AnyRequest, config: Config) -> Caller:
    return Caller(
        address=client_address(request.scope, config.trusted_proxies),
        user_agent=request.headers.get("user-agent", ""),
        session_token=session_token(config, request.headers.get("cookie", "")),
    )


async def _welcome(database: Database, config: Config, session: NewSession) -> Response[SignedIn]:
    actor = await actions.authenticate(database, session.token)
    body = await _signed_in(database, actor, csrf_of(session.token))
    return Response(body, cookies=[_cookie(config, session.token, seconds=config.session_days * 86_400)])


async def _signed_in(database: Database, actor: AgentActor, csrf: str) -> SignedIn:
    async with database.reading() as reading:
        return SignedIn(me=await queries.me(reading, actor.id), csrf=csrf, workspace=await workspace(reading))


def _cookie(config: Config, token: str, seconds: int) -> Cookie:
    return Cookie(
        key=cookie_name(config),
        value=token,
        max_age=seconds,
        path="/",
        secure=not config.allow_insecure_http,
        httponly=True,
        samesite="lax",
    )


ROUTES = [sign_in, read_session, sign_out, setup_state, set_up, look_up_invitation, accept_invitation]
