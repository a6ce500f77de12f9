"""How an agent's request or socket proves who sends it: a cookie, and for changes a proof that our own page asked."""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie

from alongside.domains.agents.actions.sessions import authenticate, not_signed_in
from alongside.platform.auth.actor import AgentActor
from alongside.platform.auth.tokens import csrf_of, same
from alongside.platform.config import Config
from alongside.platform.db import Database
from alongside.platform.errors import Forbidden
from alongside.platform.web.address import origin_allowed
from alongside.platform.web.who import SAFE_METHODS, Connection

SECURE_COOKIE = "__Host-alongside"
# Where the operator allowed plain http: browsers refuse the prefix without TLS.
INSECURE_COOKIE = "alongside"


class AgentDoorman:
    """Lets in agents."""

    def __init__(self, config: Config, database: Database) -> None:
        self._config = config
        self._database = database

    async def of_request(self, connection: Connection) -> AgentActor:
        """Who sends an HTTP request."""
        token = session_token(self._config, connection.headers.get("cookie", ""))
        actor = await authenticate(self._database, token)
        if connection.scope["method"] not in SAFE_METHODS:
            if not origin_allowed(connection.headers, self._config.own_origins, absent=True):
                raise Forbidden("foreign-origin", "This request comes from a page of another site.")
            _require_proof(token, connection.headers.get("x-csrf-token"))
        return actor

    async def of_socket(self, cookies: str, csrf: str) -> AgentActor:
        """Who opens a socket; its origin has been checked in the handshake."""
        token = session_token(self._config, cookies)
        actor = await authenticate(self._database, token)
        _require_proof(token, csrf)
        return actor


def cookie_name(config: Config) -> str:
    """Under which name the session's token travels."""
    return INSECURE_COOKIE if config.allow_insecure_http else SECURE_COOKIE


def session_token(config: Config, cookies: str) -> str | None:
    """The session's token from a `Cookie` header."""
    try:
        morsel = SimpleCookie(cookies).get(cookie_name(config))
    except CookieError:
        return None
    return morsel.value if morsel else None


def _require_proof(token: str | None, proof: str | None) -> None:
    if token is None:
        raise not_signed_in()
    if not same(proof, csrf_of(token)):
        raise Forbidden("csrf", "This request lacks the proof that our own page sent it. Reload the page.")
