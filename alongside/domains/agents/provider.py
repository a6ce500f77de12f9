"""The company's own sign-in: an OpenID Connect provider, asked over HTTP; what it says of itself is kept a while."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import jwt
import msgspec
import structlog

from alongside.domains.agents import provider_claims
from alongside.domains.agents.provider_claims import Person, Trip
from alongside.platform.config import LOOPBACK_NAMES, Config
from alongside.platform.egress import Asked, Egress, NotSent
from alongside.platform.errors import NotFound, Unavailable

REMEMBERED_SECONDS = 3600.0
# A key that is not known makes us ask again, but whoever makes tokens up cannot make us ask all the time.
ASK_AGAIN_SECONDS = 30.0
MOST_BYTES = 1_000_000
LOOPBACK = ("127.0.0.0/8", "::1")
CALLBACK = "/api/v1/sign-in/provider/callback"

_log = structlog.get_logger()


class Metadata(msgspec.Struct, frozen=True):
    """What the provider says about itself (OpenID Connect Discovery 1.0)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)


def reachable(config: Config) -> tuple[str, ...]:
    """The private networks in which the provider may be: those that the operator named, and this machine if it is here.

    What the provider names further (where keys and tokens are) lies under the same rule.
    """
    host = urlsplit(config.oidc_issuer).hostname or ""
    is_here = host in LOOPBACK_NAMES or host == "::1" or host.startswith("127.")
    return (*config.egress_networks, *(LOOPBACK if is_here else ()))


class Provider:
    """One provider, as the settings name it. One object in each process."""

    def __init__(self, config: Config, clock: Callable[[], float] = time.monotonic) -> None:
        self._config = config
        self._door = Egress(reachable(config))
        self._clock = clock
        self._metadata: Metadata | None = None
        self._keys: list[jwt.PyJWK] = []
        self._asked_at = self._keys_at = float("-inf")

    @property
    def is_there(self) -> bool:
        """Whether the operator named one."""
        return bool(self._config.oidc_issuer)

    @property
    def issuer(self) -> str:
        """By which name its people are remembered."""
        return self._config.oidc_issuer

    async def departure(self, going: Trip) -> str:
        """Where the browser goes to sign in. Raises `NotFound` without a provider, `Unavailable` if it is silent."""
        metadata = await self._found()
        return provider_claims.departure(
            metadata.authorization_endpoint, self._config.oidc_client_id, self._redirect_uri, going
        )

    async def arrival(self, code: str, going: Trip) -> Person:
        """Whom the provider vouches for. Raises `Forbidden` for an answer that does not hold, else `Unavailable`."""
        metadata = await self._found()
        answer = await self._ask("POST", metadata.token_endpoint, *self._exchange(metadata, code, going))
        token = str(answer.get("id_token", ""))
        keys = await self._keys_for(metadata, provider_claims.key_id(token))
        claims = provider_claims.claims_of(token, keys, metadata.issuer, self._config.oidc_client_id, going.nonce)
        if "email" not in claims and metadata.userinfo_endpoint:
            headers = {"Authorization": f"Bearer {answer.get('access_token', '')}"}
            more = await self._ask("GET", metadata.userinfo_endpoint, None, headers)
            claims = {**more, **claims} if more.get("sub") == claims["sub"] else claims
        return provider_claims.person(claims)

    def _exchange(self, metadata: Metadata, code: str, going: Trip) -> tuple[dict[str, str], dict[str, str]]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect_uri,
            "client_id": self._config.oidc_client_id,
            "code_verifier": going.verifier,
        }
        secret = self._config.oidc_client_secret
        if secret is None:
            return form, {}
        if "client_secret_basic" not in metadata.token_endpoint_auth_methods_supported:
            return form | {"client_secret": secret.reveal()}, {}
        pair = f"{quote(self._config.oidc_client_id, safe='')}:{quote(secret.reveal(), safe='')}"
        return form, {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}

    async def _found(self) -> Metadata:
        if not self.is_there:
            raise NotFound("no-provider", "Signing in with the company's account is not set up here.")
        if self._metadata is None or self._clock() - self._asked_at > REMEMBERED_SECONDS:
            answer = await self._ask("GET", f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
            try:
                metadata = msgspec.convert(answer, Metadata)
            except msgspec.ValidationError as error:
                raise self._silent(str(error)) from None
            if metadata.issuer != self.issuer:
                raise self._silent(f"it calls itself {metadata.issuer}")
            self._metadata, self._asked_at = metadata, self._clock()
        return self._metadata

    async def _keys_for(self, metadata: Metadata, key_id: str | None) -> list[jwt.PyJWK]:
        """The keys that may have signed. One that is not known was perhaps added since: the provider is asked."""
        known = key_id is not None and self._named(key_id)
        age = self._clock() - self._keys_at
        if age > REMEMBERED_SECONDS or (not known and age > ASK_AGAIN_SECONDS):
            answer = await self._ask("GET", metadata.jwks_uri)
            try:
                self._keys = jwt.PyJWKSet.from_dict(answer).keys
            except (jwt.PyJWTError, ValueError, TypeError, AttributeError) as error:
                raise self._silent(f"its keys cannot be read ({type(error).__name__})") from None
            self._keys_at = self._clock()
        return self._named(key_id)

    def _named(self, key_id: str | None) -> list[jwt.PyJWK]:
        return [key for key in self._keys if key_id is None or key.key_id == key_id]

    async def _ask(
        self,
        method: str,
        url: str,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        given = dict(headers or {}) | {"Accept": "application/json"}
        if form is not None:
            given["Content-Type"] = "application/x-www-form-urlencoded"
        body = None if form is None else urlencode(form).encode()
        asked = Asked(method=method, url=url, headers=given, body=body, most_bytes=MOST_BYTES)
        place = url.partition("?")[0]
        try:
            answer = await self._door.send(asked)
            if answer.status != 200:
                raise self._silent(f"{place} answered {answer.status}")
            return msgspec.json.decode(answer.body, type=dict[str, Any])
        except NotSent as error:
            raise self._silent(f"{place}: {error.code}") from None
        except msgspec.DecodeError:
            raise self._silent(f"{place} answered with no JSON object of at most {MOST_BYTES} bytes") from None

    def _silent(self, why: str) -> Unavailable:
        _log.warning("the OpenID Connect provider gave no answer that helps", reason=why)
        return Unavailable("provider-silent", "The company's sign-in does not answer as it should. Try again later.")

    @property
    def _redirect_uri(self) -> str:
        return self._config.public_url + CALLBACK
