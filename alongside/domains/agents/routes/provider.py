"""To the company's own sign-in and back: OpenID Connect, by redirects of the browser."""

from __future__ import annotations

from typing import Annotated, Any

import structlog
from litestar import Request, get
from litestar.params import QueryParameter
from litestar.response import Redirect

from alongside.domains.agents import actions, provider_claims, welcome
from alongside.domains.agents.actions.half_sign_ins import HalfSignIn
from alongside.domains.agents.provider import Provider
from alongside.kit.ids import new_secret
from alongside.platform.auth.tokens import looks_like_token, same
from alongside.platform.config import Config
from alongside.platform.db import Database
from alongside.platform.errors import Forbidden, Refusal
from alongside.platform.web import who

Code = Annotated[str | None, QueryParameter(name="code", max_length=4_000)]
State = Annotated[str | None, QueryParameter(name="state", max_length=200)]

_log = structlog.get_logger()


@get("/sign-in/provider", status_code=302, opt={"who": who.public("this is how agents begin to sign in elsewhere")})
async def depart(oidc: Provider, config: Config) -> Redirect:
    """Send the browser to the company's sign-in. A secret in a cookie binds the trip to this browser."""
    secret = new_secret()
    try:
        address = await oidc.departure(provider_claims.trip(secret))
    except Refusal as refusal:
        return _back(refused=refusal.code)
    return Redirect(address, status_code=302, cookies=[welcome.trip_cookie(config, secret)])


@get(
    "/sign-in/provider/callback",
    status_code=302,
    opt={"who": who.public("the provider proves who it is; the browser that it began")},
)
async def arrive(
    request: Request[Any, Any, Any],
    database: Database,
    oidc: Provider,
    config: Config,
    code: Code = None,
    returned: State = None,
) -> Redirect:
    """Back from the company's sign-in: a session, the next step, or why not, told to the console's page."""
    try:
        secret = welcome.trip_secret(request, config)
        going = provider_claims.trip(secret) if secret and looks_like_token(secret) else None
        if going is None or code is None or not same(returned, going.state):
            raise Forbidden("provider-trip", "This sign-in was not begun in this browser, or was given up.")
        person = await oidc.arrival(code, going)
        entry = await actions.sign_in_by_provider(database, config, person, welcome.caller_of(request, config))
    except Refusal as refusal:
        _log.info("a sign-in by the provider was refused", code=refusal.code)
        return _back(refused=refusal.code)
    over = welcome.trip_cookie(config, "")
    if isinstance(entry, HalfSignIn):
        return Redirect(
            f"/console/?step={entry.step}", status_code=302, cookies=[welcome.step_cookie(config, entry), over]
        )
    return Redirect("/console/", status_code=302, cookies=[welcome.session_cookie(config, entry), over])


def _back(refused: str) -> Redirect:
    return Redirect(f"/console/?refused={refused}", status_code=302)


ROUTES = [depart, arrive]
