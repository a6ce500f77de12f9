"""What an OpenID Connect provider says of somebody, held against what it must say. Pure.

OpenID Connect Core 1.0, 3.1.3.7; the code flow with PKCE (RFC 7636).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import jwt
import msgspec

from alongside.platform.errors import Forbidden

# Asymmetric ones only: with the others, the client's secret would be a key that signs in anybody.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
LEEWAY_SECONDS = 60
SCOPE = "openid email profile"


class Trip(msgspec.Struct, frozen=True):
    """One way to the provider and back. All of it comes from a secret that only this browser holds."""

    state: str
    nonce: str
    verifier: str

    @property
    def challenge(self) -> str:
        """What the provider is told of `verifier` at first."""
        return base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Whom the provider vouches for."""

    subject: str
    email: str
    email_verified: bool
    name: str


def trip(secret: str) -> Trip:
    """The trip that a browser's secret stands for."""
    return Trip(*(_derived(secret, purpose) for purpose in ("state", "nonce", "verifier")))


def departure(endpoint: str, client_id: str, redirect_uri: str, going: Trip) -> str:
    """The provider's address to send the browser to."""
    question = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "scope": SCOPE,
        "state": going.state,
        "nonce": going.nonce,
        "code_challenge": going.challenge,
        "code_challenge_method": "S256",
    }
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(question)}"


def key_id(id_token: str) -> str | None:
    """Which key is said to have signed. Nothing of it is trusted yet."""
    try:
        found = jwt.get_unverified_header(id_token).get("kid")
    except jwt.PyJWTError:
        raise _refused() from None
    return found if isinstance(found, str) else None


def claims_of(id_token: str, keys: Sequence[jwt.PyJWK], issuer: str, client_id: str, nonce: str) -> Mapping[str, Any]:
    """What the token says, if it is the provider's, for us, of this trip, and of now. Raises `Forbidden`."""
    for key in keys:
        try:
            claims: dict[str, Any] = jwt.decode(
                id_token,
                key,
                algorithms=list(ALGORITHMS),
                audience=client_id,
                issuer=issuer,
                leeway=LEEWAY_SECONDS,
                options={"require": ["exp", "iat", "sub", "aud", "iss", "nonce"]},
            )
        except jwt.InvalidSignatureError:
            continue
        except (jwt.PyJWTError, ValueError, TypeError):
            raise _refused() from None
        others = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        mine = claims.get("azp", client_id) == client_id and not (others and "azp" not in claims)
        if not mine or not hmac.compare_digest(str(claims["nonce"]).encode(), nonce.encode()):
            break
        return claims
    raise _refused()


def person(claims: Mapping[str, Any]) -> Person:
    """Whom the claims are about. An address that is not plainly verified is not."""
    return Person(
        subject=str(claims["sub"]),
        email=str(claims.get("email") or ""),
        email_verified=claims.get("email_verified") is True,
        name=str(claims.get("name") or ""),
    )


def is_allowed(email: str, domains: Sequence[str]) -> bool:
    """Whether an address belongs to one of the domains; where none is named, every one does."""
    return not domains or email.rpartition("@")[2].lower() in {domain.lower().lstrip("@") for domain in domains}


def _derived(secret: str, purpose: str) -> str:
    found = hmac.new(secret.encode(), purpose.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(found).rstrip(b"=").decode()


def _refused() -> Forbidden:
    return Forbidden("provider-refused", "The company's sign-in gave an answer that does not hold. Try again.")
