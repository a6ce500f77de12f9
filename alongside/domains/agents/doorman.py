"""How an agent's request or socket proves who sends it: a cookie, and for changes the proof of our page."""

from __future__ import annotations

from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

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
CROSS_SITE = ("cross-site", "same-site")


class AgentDoorman:
    """Lets in agents."""

    def __init__(self, config: Config, database: Database) -> None:
        self._config = config
        self._database = database

    async def of_request(self, connection: Connection) -> AgentActor:
        """Who sends an HTTP request."""
        token = session_token(self._config, connection.headers.get("cookie", ""))
        actor = await authenticate(self._database, token)
        if connection.scope.get("method") not in SAFE_METHODS:
            if not origin_allowed(connection.headers, self._config.own_origins, absent=True):
                raise foreign_origin()
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
    return cookie_of(cookies, cookie_name(config))


def cookie_of(cookies: str, name: str) -> str | None:
    """The value of one cookie from a `Cookie` header."""
    try:
        morsel = SimpleCookie(cookies).get(name)
    except CookieError:
        return None
    return morsel.value if morsel else None


def _require_proof(token: str | None, proof: str | None) -> None:
    if token is None:
        raise not_signed_in()
    if not same(proof, csrf_of(token)):
        raise Forbidden("csrf", "This request lacks the proof that our own page sent it. Reload the page.")


def require_own_page(config: Config, headers: Mapping[str, str]) -> None:
    """Refuse to sign in whom a page of another site sends, or a page whose connection anybody can read.

    Programs that are no browsers send no `Origin`; they carry no cookie that could be misused either.
    """
    origin = headers.get("origin")
    if origin and not config.allow_insecure_http and _is_readable_by_all(origin):
        raise Forbidden(
            "https-needed",
            "Signing in needs an encrypted connection: open this page by https, or on the machine itself by "
            "http://localhost. The operator's guide says how to put a proxy with https in front.",
        )
    if not origin_allowed(headers, config.own_origins, absent=headers.get("sec-fetch-site") not in CROSS_SITE):
        raise foreign_origin()


def foreign_origin() -> Forbidden:
    """The refusal of a request that another site's page sent."""
    return Forbidden("foreign-origin", "This request comes from a page of another site.")


def _is_readable_by_all(origin: str) -> bool:
    parts = urlsplit(origin)
    return parts.scheme == "http" and parts.hostname not in ("localhost", "127.0.0.1", "::1")
