"""What a browser is given when it has signed in, or has done half of it: the answer and the cookies."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response
from litestar.datastructures import Cookie

from alongside.domains.agents import actions, queries
from alongside.domains.agents.actions.half_sign_ins import VALID_SECONDS, HalfSignIn
from alongside.domains.agents.actions.sessions import Caller, NewSession
from alongside.domains.agents.doorman import cookie_name, cookie_of, session_token
from alongside.domains.agents.schemas import SignedIn
from alongside.domains.agents.sign_in_schemas import Enrolled, NextStep
from alongside.domains.workspace.queries import workspace
from alongside.platform.auth.actor import AgentActor
from alongside.platform.auth.tokens import csrf_of
from alongside.platform.config import Config
from alongside.platform.db import Database
from alongside.platform.web.address import client_address

AnyRequest = Request[Any, Any, Any]


def caller_of(request: AnyRequest, config: Config) -> Caller:
    """Where a request comes from, and whose session its browser held so far."""
    return Caller(
        address=client_address(request.scope, config.trusted_proxies),
        user_agent=request.headers.get("user-agent", ""),
        session_token=session_token(config, request.headers.get("cookie", "")),
    )


def half_token(request: AnyRequest, config: Config) -> str | None:
    """The secret of the half sign-in that a browser has done."""
    return cookie_of(request.headers.get("cookie", ""), step_cookie_name(config))


def trip_secret(request: AnyRequest, config: Config) -> str | None:
    """The secret of the trip to the company's sign-in that a browser is on."""
    return cookie_of(request.headers.get("cookie", ""), _trip_cookie_name(config))


def passkey_secret(request: AnyRequest, config: Config) -> str | None:
    """The secret of the browser that was asked for a passkey."""
    return cookie_of(request.headers.get("cookie", ""), _passkey_cookie_name(config))


def step_cookie_name(config: Config) -> str:
    """Under which name the secret of a half sign-in travels."""
    return f"{cookie_name(config)}-step"


async def admitted(database: Database, config: Config, entry: NewSession | HalfSignIn) -> Response[SignedIn | NextStep]:
    """200 and a session, or 202 and what is still missing."""
    if isinstance(entry, NewSession):
        return Response(await _first_look(database, entry), cookies=[session_cookie(config, entry)])
    return Response(NextStep(next_step=entry.step), status_code=202, cookies=[step_cookie(config, entry)])


async def welcome(database: Database, config: Config, session: NewSession) -> Response[SignedIn]:
    """A session."""
    return Response(await _first_look(database, session), cookies=[session_cookie(config, session)])


async def welcome_by_passkey(database: Database, config: Config, session: NewSession) -> Response[SignedIn]:
    """A session, for a passkey alone."""
    cookies = [*_cookies_after_step(config, session), passkey_cookie(config, "")]
    return Response(await _first_look(database, session), cookies=cookies)


async def welcome_after_step(database: Database, config: Config, session: NewSession) -> Response[SignedIn]:
    """A session, after its second step."""
    return Response(await _first_look(database, session), cookies=_cookies_after_step(config, session))


async def welcome_with_codes(
    database: Database, config: Config, session: NewSession, codes: list[str]
) -> Response[Enrolled]:
    """A session, and the recovery codes of the second factor that was set up on the way."""
    body = Enrolled(signed_in=await _first_look(database, session), recovery_codes=codes)
    return Response(body, cookies=_cookies_after_step(config, session))


def session_cookie(config: Config, session: NewSession) -> Cookie:
    """By which the browser holds its session."""
    return _cookie(config, cookie_name(config), session.token, config.session_days * 86_400)


def step_cookie(config: Config, half: HalfSignIn) -> Cookie:
    """By which the browser holds its half sign-in."""
    return _cookie(config, step_cookie_name(config), half.token, VALID_SECONDS)


def trip_cookie(config: Config, secret: str) -> Cookie:
    """By which the browser is known when it comes back from the company's sign-in; without a secret it goes."""
    return _cookie(config, _trip_cookie_name(config), secret, VALID_SECONDS if secret else 0)


def passkey_cookie(config: Config, secret: str) -> Cookie:
    """By which the browser is known that was asked for a passkey; without a secret it goes."""
    return _cookie(config, _passkey_cookie_name(config), secret, VALID_SECONDS if secret else 0)


def goodbye_cookie(config: Config) -> Cookie:
    """No session any more."""
    return _cookie(config, cookie_name(config), "", 0)


async def signed_in(database: Database, actor: AgentActor, csrf: str) -> SignedIn:
    """Who is signed in, as told to themselves."""
    async with database.reading() as reading:
        return SignedIn(me=await queries.me(reading, actor.id), csrf=csrf, workspace=await workspace(reading))


async def _first_look(database: Database, session: NewSession) -> SignedIn:
    actor = await actions.authenticate(database, session.token)
    return await signed_in(database, actor, csrf_of(session.token))


def _trip_cookie_name(config: Config) -> str:
    return f"{cookie_name(config)}-trip"


def _passkey_cookie_name(config: Config) -> str:
    return f"{cookie_name(config)}-passkey"


def _cookies_after_step(config: Config, session: NewSession) -> list[Cookie]:
    return [session_cookie(config, session), _cookie(config, step_cookie_name(config), "", 0)]


def _cookie(config: Config, name: str, token: str, seconds: int) -> Cookie:
    return Cookie(
        key=name,
        value=token,
        max_age=seconds,
        path="/",
        secure=not config.allow_insecure_http,
        httponly=True,
        samesite="lax",
    )
