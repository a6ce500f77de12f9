"""A forgotten password: asking for another, and choosing it by the link in the mail."""

from __future__ import annotations

from litestar import Response, post

from alongside.domains.agents import actions
from alongside.domains.agents.doorman import require_own_page
from alongside.domains.agents.schemas import SignedIn
from alongside.domains.agents.sign_in_schemas import ForgotPassword, NewPassword, NextStep, ResetFor, ResetToken
from alongside.domains.agents.welcome import AnyRequest, admitted, caller_of
from alongside.platform.config import Config
from alongside.platform.db import Database
from alongside.platform.web import who

FORGETFUL = who.public("who forgot the password cannot sign in; the link in the mail proves who it is")


@post("/password-reset", status_code=204, opt={"who": FORGETFUL})
async def ask(data: ForgotPassword, request: AnyRequest, database: Database, config: Config) -> None:
    """Mail a link to a new password to this address, if it is an agent's. The answer tells nothing of that."""
    require_own_page(config, request.headers)
    await actions.ask_password_reset(database, config, data.email, caller_of(request, config))


@post("/password-reset/lookup", status_code=200, opt={"who": FORGETFUL})
async def look_up(data: ResetToken, request: AnyRequest, database: Database, config: Config) -> ResetFor:
    """Whose password a link replaces."""
    require_own_page(config, request.headers)
    found = await actions.look_up_password_reset(database, data.token, caller_of(request, config))
    return ResetFor(email=found.email)


@post("/password-reset/password", status_code=200, opt={"who": FORGETFUL})
async def set_password(
    data: NewPassword, request: AnyRequest, database: Database, config: Config
) -> Response[SignedIn | NextStep]:
    """Choose the new password. All sessions of the agent end; this browser is signed in, or 202 and the next step."""
    require_own_page(config, request.headers)
    entry = await actions.set_forgotten_password(database, config, data, caller_of(request, config))
    return await admitted(database, config, entry)


ROUTES = [ask, look_up, set_password]
